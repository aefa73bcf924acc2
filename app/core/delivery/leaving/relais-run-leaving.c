/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When everything is sent and settled, people whom the export has put on the list and who are not in the segment any more are
 * taken off, if it is to. Nobody else is: not whom another export holds there, and nobody as long as that is not known. In the
 * order the steps happen, from the bottom up. */

#include "relais-run-leaving-private.h"

#include "relais-departure.h"
#include "relais-error.h"

#include <string.h>

static void
leaver_free (gpointer data)
{
  RelaisLeaver *leaver = data;

  g_free (leaver->email);
  g_free (leaver->before);
  g_free (leaver->left_as);
  g_free (leaver);
}

/*
 * relais_leaving_free:
 * @self: (transfer full): nothing of it is under way
 */
void
relais_leaving_free (RelaisLeaving *self)
{
  g_clear_pointer (&self->turn, relais_list_turn_leave);
  g_clear_pointer (&self->seen, relais_profile_table_free);
  g_clear_pointer (&self->departed, relais_departed_free);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->removals, g_ptr_array_unref);
  g_clear_pointer (&self->spans, g_ptr_array_unref);
  g_ptr_array_unref (self->fresh);
  g_clear_pointer (&self->walk, relais_list_walk_free);
  g_free (self->trouble);
  g_free (self->refusal);
  g_free (self->postponed);
  g_free (self);
}

static int
compare_leavers (gconstpointer a,
                 gconstpointer b)
{
  const RelaisLeaver *one = *(const RelaisLeaver * const *) a, *other = *(const RelaisLeaver * const *) b;

  return memcmp (one->profile, other->profile, sizeof one->profile);
}

/*
 * relais_leaving_find:
 * @email: an address of the list
 *
 * Returns: (transfer none) (nullable): who this is, if they left the segment
 */
RelaisLeaver *
relais_leaving_find (RelaisLeaving *self,
                     RelaisRunJob  *job,
                     const char    *email)
{
  gsize length = strlen (email);
  RelaisLeaver wanted, *key = &wanted;
  gpointer *found;

  if (length == 0 || length >= RELAIS_ADDRESS_SIZE)
    return NULL;
  relais_profile_hash (&job->hash_key, email, length, wanted.profile);
  found = bsearch (&key, self->people->pdata, self->people->len, sizeof (gpointer), compare_leavers);

  return found != NULL ? *found : NULL;
}

/*
 * relais_leaver_settle:
 * @state: what became of @leaver
 */
void
relais_leaver_settle (RelaisLeaving     *self,
                      RelaisLeaver      *leaver,
                      RelaisLeaverState  state)
{
  self->n_settled += leaver->state < RELAIS_LEAVER_KEPT;
  leaver->state = state;
}

/*
 * relais_leaving_count:
 *
 * Returns: how many people are in states from @first to @last
 */
guint
relais_leaving_count (const RelaisLeaving *self,
                      RelaisLeaverState    first,
                      RelaisLeaverState    last)
{
  guint n = 0;

  for (guint i = 0; i < self->people->len; i++)
    {
      const RelaisLeaver *leaver = g_ptr_array_index (self->people, i);

      n += leaver->state >= first && leaver->state <= last;
    }

  return n;
}

/**
 * relais_run_job_report_leaving:
 * @task: of a run that takes people off
 *
 * Tells the run how far it is.
 */
void
relais_run_job_report_leaving (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  /* Until they have been looked up, what is gone through is the list. */
  if (self->walk != NULL && self->n_rounds == 0 && !self->tried_again)
    {
      guint64 n_read = relais_list_walk_get_n_read (self->walk);

      relais_run_set_progress (job->run, n_read, MAX ((gint64) n_read, relais_list_walk_get_total (self->walk)));
    }
  else if (self->people != NULL)
    relais_run_set_progress (job->run, self->n_settled, self->people->len);
}

/**
 * relais_run_job_count_leavers:
 * @job: of a run that ends
 *
 * Puts into its record what became of people who left the segment, as far as it came.
 */
void
relais_run_job_count_leavers (RelaisRunJob *job)
{
  RelaisLeaversCounts *counts = &job->record->leavers;
  const RelaisLeaving *self = job->leaving;

  if (self == NULL || self->people == NULL)
    return;
  counts->departed = self->n_before + self->people->len;
  counts->taken_off = self->n_before + relais_leaving_count (self, RELAIS_LEAVER_OFF, RELAIS_LEAVER_OFF);
  counts->in_doubt = relais_leaving_count (self, RELAIS_LEAVER_UNDER_WAY, RELAIS_LEAVER_UNSURE) +
                     relais_leaving_count (self, RELAIS_LEAVER_DOUBTED, RELAIS_LEAVER_DOUBTED);
  counts->kept = relais_leaving_count (self, RELAIS_LEAVER_KEPT, RELAIS_LEAVER_REFUSED);
}

/**
 * relais_run_job_describe_leavers:
 * @job: of a run that ends, and whose leavers are counted
 *
 * Returns: (transfer full) (nullable): what a person should know of them, in whole sentences
 */
char *
relais_run_job_describe_leavers (RelaisRunJob *job)
{
  return job->leaving != NULL ? relais_leaving_describe (job->leaving, &job->record->leavers) : NULL;
}

/* The end */

/*
 * relais_run_leaving_end:
 * @task: of a run that has nobody left to take off
 */
void
relais_run_leaving_end (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  self->over = TRUE;
  g_clear_pointer (&self->turn, relais_list_turn_leave);
  g_clear_pointer (&self->walk, relais_list_walk_free);
  relais_run_set_phase (job->run, RELAIS_PHASE_CONFIRMING);
  relais_run_job_report (task);
  relais_run_job_end_if_done (task);
}

/*
 * relais_run_leaving_postpone:
 * @taken_reason: (transfer full): a sentence
 *
 * Whoever has not been taken off yet stays on the list in this run.
 */
void
relais_run_leaving_postpone (GTask *task,
                             char  *taken_reason)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  g_free (self->postponed);
  self->postponed = taken_reason;
  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);

      if (leaver->state <= RELAIS_LEAVER_ACTIVE)
        relais_leaver_settle (self, leaver, RELAIS_LEAVER_KEPT);
    }
  relais_run_leaving_end (task);
}

/* The journal */

/*
 * relais_run_leaving_take_answer:
 * @task: of a run that has asked the journal
 * @error: (nullable): of the answer
 *
 * Returns: whether the run goes on with it
 */
gboolean
relais_run_leaving_take_answer (GTask        *task,
                                const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_asking--;
  if (error != NULL)
    relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
  else if (job->stopping)
    relais_run_job_end_if_done (task);

  return error == NULL && !job->stopping;
}

typedef struct
{
  GTask         *task;  /* (owned): of the run */
  RelaisRunStep  step;
} Writing;

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Writing *writing = user_data;
  g_autoptr (GTask) task = writing->task;
  g_autoptr (GError) error = NULL;

  relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error);
  if (relais_run_leaving_take_answer (task, error))
    writing->step (task);
}

/*
 * relais_run_leaving_write:
 * @removals: (element-type RelaisRemoval): of people of the list
 * @fingerprints: (element-type RelaisFingerprint): for whom the export answers otherwise from now on
 * @step: what comes when they are on disk
 */
void
relais_run_leaving_write (GTask         *task,
                          GPtrArray     *removals,
                          GArray        *fingerprints,
                          RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);
  Writing *writing;

  if (removals->len == 0 && fingerprints->len == 0)
    {
      step (task);
      return;
    }
  writing = g_new0 (Writing, 1);
  writing->task = g_object_ref (task);
  writing->step = step;
  job->n_asking++;
  relais_journal_put_removals_async (job->journal, job->record->id, job->record->connection_id, removals,
                                     (const RelaisFingerprint *) (gpointer) fingerprints->data, fingerprints->len, NULL,
                                     written_cb, writing);
}

/* Who has departed */

/* Whoever answered was told of so many people, and of a segment that has not changed since. */
static RelaisLeaversAnswer
get_answer (RelaisRunJob *job,
            guint64       n)
{
  guint64 told = job->options.leavers_told;

  return told == 0 || (job->goes_on && n <= told) ? job->options.leavers : RELAIS_ANSWER_ASK;
}

static void
ask (GTask *task,
     guint  n)
{
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) question = relais_leaving_make_question (job->definition, n, job->record->leavers.delivered);

  job->record->leavers.asked = n;
  relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, question);
}

static void
decide (GTask                *task,
        const RelaisDeparted *departed)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  guint n = self->people->len;
  guint n_sought = relais_leaving_count (self, RELAIS_LEAVER_SOUGHT, RELAIS_LEAVER_SOUGHT);
  RelaisDepartureCounts counts = { .n = n, .n_shared = n - n_sought, .n_unreadable = job->n_unreadable };

  /* Whom this run has put there says nothing of how many leave. */
  counts.n_held = job->record->leavers.delivered = MAX (job->record->leavers.delivered, n);
  switch (relais_departure_decide (job->definition, departed, &counts, get_answer (job, n)))
    {
    case RELAIS_DEPARTURE_KEEP:
      relais_run_leaving_postpone (task, relais_leaving_describe_answer (n_sought));
      break;
    case RELAIS_DEPARTURE_OBSTACLE:
      relais_run_leaving_postpone (task, relais_leaving_describe_obstacle (departed));
      break;
    case RELAIS_DEPARTURE_UNREADABLE:
      relais_run_leaving_postpone (task, relais_leaving_describe_unreadable (job->n_unreadable));
      break;
    case RELAIS_DEPARTURE_ASK:
      ask (task, n);
      break;
    case RELAIS_DEPARTURE_TAKE_OFF:
      relais_run_set_phase (job->run, RELAIS_PHASE_TAKING_OFF);
      relais_run_leaving_learn (task);
      break;
    case RELAIS_DEPARTURE_NOBODY:
    default:
      relais_run_leaving_end (task);
      break;
    }
}

static void
add_people (RelaisLeaving *self,
            GBytes        *profiles,
            gboolean       shared)
{
  RelaisLeaver leaver = { .state = shared ? RELAIS_LEAVER_KEPT : RELAIS_LEAVER_SOUGHT, .shared = shared };
  gsize at = 0;

  while (relais_departure_next (profiles, self->seen, &at, leaver.profile))
    {
      g_ptr_array_add (self->people, g_memdup2 (&leaver, sizeof leaver));
      self->n_settled += shared;
    }
}

static void
keep_departed (RelaisLeaving        *self,
               const RelaisDeparted *departed)
{
  self->people = g_ptr_array_new_with_free_func (leaver_free);
  add_people (self, departed->profiles, FALSE);
  add_people (self, departed->shared, TRUE);
  g_ptr_array_sort (self->people, compare_leavers);
  g_clear_pointer (&self->seen, relais_profile_table_free);
}

static void
departed_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisDeparted) departed = relais_journal_read_departed_finish (RELAIS_JOURNAL (object), result, &error);

  if (!relais_run_leaving_take_answer (task, error))
    return;
  keep_departed (job->leaving, departed);
  job->leaving->departed = g_steal_pointer (&departed);
  decide (task, job->leaving->departed);
}

static void
read_departed (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_asking++;
  relais_journal_read_departed_async (job->journal, job->record->id, NULL, NULL, departed_read_cb, g_object_ref (task));
}

/* The turn */

static void
turn_came_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  if (!job->stopping && !job->ended)
    read_departed (task);
}

static void
begin (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving = g_new0 (RelaisLeaving, 1);

  self->fresh = g_ptr_array_new ();
  self->n_before = job->goes_on ? job->record->leavers.taken_off : 0;
  self->seen = g_steal_pointer (&job->in_segment);
  /* Others who send to the list are waited for, and must not wait for this one. */
  g_clear_pointer (&job->turn, relais_list_turn_leave);
  if (job->definition->leavers == RELAIS_LEAVERS_KEEP || self->seen == NULL)
    {
      self->over = TRUE;
      return;
    }
  self->turn = relais_list_turns_take (job->turns, job->record->host, job->record->list_id, TRUE, turn_came_cb, task);
  if (relais_list_turn_has_come (self->turn))
    read_departed (task);
  else
    relais_run_set_phase (job->run, RELAIS_PHASE_WAITING_FOR_TURN);
}

/**
 * relais_run_job_leave:
 * @task: of a run of which everything is sent and settled
 *
 * Takes off whoever left the segment, if the run came so far without having been stopped.
 *
 * Returns: whether nothing of that is left to do
 */
gboolean
relais_run_job_leave (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->stopping || job->stop_error != NULL)
    return TRUE;
  if (job->leaving == NULL)
    begin (task);
  else if (job->leaving->sending && job->leaving->n_active == 0)
    {
      job->leaving->sending = FALSE;
      relais_run_leaving_sent (task);
      return FALSE;
    }

  return job->leaving->over;
}

/**
 * relais_run_job_is_leaving:
 * @job: of a run
 *
 * Returns: whether it is busy with people who left the segment
 */
gboolean
relais_run_job_is_leaving (RelaisRunJob *job)
{
  return job->leaving != NULL && !job->leaving->over;
}

/**
 * relais_run_job_leave_list:
 * @job: of a run that ends
 *
 * Others who wait for the list come next.
 */
void
relais_run_job_leave_list (RelaisRunJob *job)
{
  g_clear_pointer (&job->turn, relais_list_turn_leave);
  if (job->leaving != NULL)
    g_clear_pointer (&job->leaving->turn, relais_list_turn_leave);
}
