/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When everything is sent and settled, people whom the export has put on the list and who are not in the segment any more are
 * taken off, if it is to. Nobody else is: not whom another export holds there, and nobody as long as that is not known. In the
 * order the steps happen, from the bottom up. */

#include "relais-run-leaving-private.h"

#include "relais-error.h"

/* Others who wait for them come next. */
static void
leave_turns (RelaisLeaving *self)
{
  g_clear_pointer (&self->account_turn, relais_list_turn_leave);
  g_clear_pointer (&self->turn, relais_list_turn_leave);
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

  if (self->working)
    return;
  /* Until they have been looked up, what is gone through is the list. */
  if (self->walk != NULL && self->n_rounds == 0 && !self->tried_again)
    {
      guint64 n_read = relais_list_walk_get_n_read (self->walk);

      relais_run_set_progress (job->run, n_read, MAX ((gint64) n_read, relais_list_walk_get_total (self->walk)));
    }
  else if (self->people != NULL)
    relais_run_set_progress (job->run, relais_leaving_count (self, RELAIS_LEAVER_KEPT, RELAIS_LEAVER_DOUBTED), self->people->len);
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
  counts->departed = self->before.settled + self->people->len;
  counts->taken_off = self->before.settled_off + relais_leaving_count (self, RELAIS_LEAVER_OFF, RELAIS_LEAVER_OFF);
  counts->in_doubt = relais_leaving_count (self, RELAIS_LEAVER_UNDER_WAY, RELAIS_LEAVER_UNSURE) +
                     relais_leaving_count (self, RELAIS_LEAVER_DOUBTED, RELAIS_LEAVER_UNSHOWN);
  counts->kept = self->before.settled_shared + self->before.settled_joined +
                 relais_leaving_count (self, RELAIS_LEAVER_KEPT, RELAIS_LEAVER_REFUSED);
  counts->shared = self->before.settled_shared + self->n_shared;
  counts->joined = self->before.settled_joined + self->n_joined;
  counts->undated = self->n_undated;
  counts->untimed = self->n_untimed;
  counts->unshown = relais_leaving_count (self, RELAIS_LEAVER_UNSHOWN, RELAIS_LEAVER_UNSHOWN);
  counts->no_way_back = self->before.settled_no_way_back + self->n_no_way_back;
}

/**
 * relais_run_job_failed_leavers:
 * @job: of a run that ends
 *
 * Returns: whether people stay on the list, or may, because the account did not answer, or refused to take them off
 */
gboolean
relais_run_job_failed_leavers (RelaisRunJob *job)
{
  const RelaisLeaving *self = job->leaving;

  return self != NULL && self->people != NULL &&
         (self->trouble != NULL || relais_leaving_count (self, RELAIS_LEAVER_REFUSED, RELAIS_LEAVER_REFUSED) > 0);
}

/**
 * relais_run_job_note_leavers:
 * @job: of a run that ends
 *
 * Puts into its record what a person should know of them that their counts do not tell.
 */
void
relais_run_job_note_leavers (RelaisRunJob *job)
{
  RelaisRunNotes *notes = &job->record->notes;
  RelaisLeaving *self = job->leaving;

  if (self == NULL)
    return;
  notes->obstacle = g_steal_pointer (&self->obstacle);
  notes->through_another = self->through_another;
  notes->n_postponed = self->n_postponed;
  /* What is said while a run waits is not true any more. */
  notes->unanswered = self->trouble != NULL && relais_error_is_temporary (self->trouble);
  notes->trouble = self->trouble != NULL && !notes->unanswered ? g_strdup (self->trouble->message) : NULL;
  notes->n_not_taken_off = self->people != NULL ? relais_leaving_count (self, RELAIS_LEAVER_REFUSED, RELAIS_LEAVER_REFUSED) : 0;
  notes->refusal = notes->n_not_taken_off > 0 ? g_steal_pointer (&self->refusal) : NULL;
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
  leave_turns (self);
  g_clear_pointer (&self->walk, relais_list_walk_free);
  relais_run_set_phase (job->run, RELAIS_PHASE_CONFIRMING);
  relais_run_job_report (task);
  relais_run_job_end_if_done (task);
}

static void
keep_who_is_left (RelaisRunJob *job,
                  GPtrArray    *removals,
                  GArray       *fingerprints)
{
  RelaisLeaving *self = job->leaving;

  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);

      if (leaver->state <= RELAIS_LEAVER_ACTIVE)
        relais_leaver_settle (self, leaver, RELAIS_LEAVER_KEPT);
    }
}

/*
 * relais_leaving_note_obstacle:
 *
 * Another export is in the way of taking people off.
 */
void
relais_leaving_note_obstacle (RelaisLeaving *self)
{
  g_free (self->obstacle);
  self->obstacle = g_strdup (self->departed->obstacle);
  self->through_another = self->departed->through_another;
}

/*
 * relais_run_leaving_postpone:
 *
 * Whoever has not been taken off yet stays on the list in this run.
 */
void
relais_run_leaving_postpone (GTask *task)
{
  relais_run_leaving_work (task, keep_who_is_left, relais_run_leaving_end);
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

#define MAX_AT_ONCE 20000  /* people, of a million: what is written is copied, and nobody else writes meanwhile */

typedef struct
{
  GTask         *task;          /* (owned): of the run */
  GPtrArray     *removals;      /* (owned) */
  GArray        *fingerprints;  /* (owned) */
  guint          next;          /* of either: the first that is not on disk */
  RelaisRunStep  step;
} Writing;

static void write_next (Writing *writing);

/* Those that are left are written also when the run is stopped: what is on disk of people is what became of them. */
static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Writing *writing = user_data;
  g_autoptr (GTask) task = g_object_ref (writing->task);
  g_autoptr (GError) error = NULL;
  RelaisRunStep step = writing->step;

  if (relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error) &&
      writing->next < MAX (writing->removals->len, writing->fingerprints->len))
    {
      write_next (writing);
      return;
    }
  relais_leaving_free_array (writing->removals);
  g_array_unref (writing->fingerprints);
  g_object_unref (writing->task);
  g_free (writing);
  if (relais_run_leaving_take_answer (task, error))
    step (task);
}

static guint
count_at_once (const Writing *writing,
               guint          length)
{
  return writing->next < length ? MIN (length - writing->next, MAX_AT_ONCE) : 0;
}

/* The next attempt does not find them any more, and is to count them all the same. */
static void
settle (RelaisRunJob *job,
        RelaisLeaver *leaver)
{
  RelaisLeaversCounts *counts = &job->record->leavers;

  if (leaver->settled)
    return;
  leaver->settled = TRUE;
  counts->settled++;
  counts->settled_off += leaver->state == RELAIS_LEAVER_OFF;
  counts->settled_shared += leaver->shared;
  counts->settled_joined += leaver->joined;
  counts->settled_no_way_back += leaver->no_way_back;
}

/* Should the run be killed, nobody else could name whoever is settled.
 * Returns: (transfer full): those of the people to name with it */
static GPtrArray *
make_names (RelaisRunJob            *job,
            const RelaisFingerprint *fingerprints,
            guint                    n)
{
  GPtrArray *names = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_leaver_record_free);

  for (guint i = 0; i < n; i++)
    {
      RelaisLeaver *leaver = relais_leaving_find_profile (job->leaving, fingerprints[i].profile);
      RelaisLeaverRecord *name = leaver != NULL ? relais_run_leaving_make_name (job, leaver) : NULL;

      if (name != NULL)
        g_ptr_array_add (names, name);
      if (leaver != NULL && !relais_fingerprint_is_held (&fingerprints[i]))
        settle (job, leaver);
    }
  relais_run_job_count_leavers (job);

  return names;
}

static void
write_next (Writing *writing)
{
  RelaisRunJob *job = relais_run_job_get (writing->task);
  g_autoptr (GPtrArray) removals = g_ptr_array_new ();
  guint n_removals = count_at_once (writing, writing->removals->len);
  guint n_fingerprints = count_at_once (writing, writing->fingerprints->len);
  const RelaisFingerprint *fingerprints = n_fingerprints > 0 ? &g_array_index (writing->fingerprints, RelaisFingerprint, writing->next) : NULL;
  g_autoptr (GPtrArray) names = make_names (job, fingerprints, n_fingerprints);

  for (guint i = 0; i < n_removals; i++)
    g_ptr_array_add (removals, g_ptr_array_index (writing->removals, writing->next + i));
  writing->next += MAX (n_removals, n_fingerprints);
  relais_journal_put_removals_async (job->journal, job->record->id, relais_run_job_get_lead (job), job->record->connection_id, removals, names,
                                     &job->record->leavers, fingerprints, n_fingerprints, NULL, written_cb, writing);
}

/*
 * relais_run_leaving_write:
 * @removals: (element-type RelaisRemoval): of people of the list
 * @fingerprints: (element-type RelaisFingerprint): for whom the export answers otherwise from now on
 * @step: what comes when they are on disk
 *
 * Both are referenced until then, and not to be changed meanwhile.
 */
void
relais_run_leaving_write (GTask         *task,
                          GPtrArray     *removals,
                          GArray        *fingerprints,
                          RelaisRunStep  step)
{
  Writing *writing;

  if (removals->len == 0 && fingerprints->len == 0)
    {
      step (task);
      return;
    }
  writing = g_new0 (Writing, 1);
  writing->task = g_object_ref (task);
  writing->removals = g_ptr_array_ref (removals);
  writing->fingerprints = g_array_ref (fingerprints);
  writing->step = step;
  relais_run_job_get (task)->n_asking++;
  write_next (writing);
}

/* The turn */

static void
turn_came_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  if (!job->stopping && !job->ended)
    relais_run_leaving_decide (task);
}

/*
 * relais_run_leaving_take_turn:
 * @task: of a run that does not have the list
 *
 * Decides about those who left as soon as nobody else does anything with the list.
 */
void
relais_run_leaving_take_turn (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  self->turn = relais_list_turns_take (job->turns, job->record->host, job->record->list_id, TRUE, turn_came_cb, task);
  if (relais_list_turn_has_come (self->turn))
    relais_run_leaving_decide (task);
  else
    relais_run_set_phase (job->run, RELAIS_PHASE_WAITING_FOR_TURN);
}

static void
begin (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving = g_new0 (RelaisLeaving, 1);

  self->fresh = g_ptr_array_new ();
  self->before = job->record->leavers;
  self->seen = g_steal_pointer (&job->in_segment);
  /* Others who send to the list are waited for, and must not wait for this one. */
  g_clear_pointer (&job->turn, relais_list_turn_leave);
  if (job->definition->leavers == RELAIS_LEAVERS_KEEP || self->seen == NULL)
    {
      self->over = TRUE;
      return;
    }
  relais_run_leaving_take_turn (task);
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
    leave_turns (job->leaving);
}
