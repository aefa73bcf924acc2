/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether people who left the segment are taken off the list: not before a person has said so when they are very many, nor while it is
 * not known who they are. In the order the steps happen, from the bottom up. */

#include "relais-run-leaving-private.h"

#include "relais-departure.h"
#include "relais-error.h"
#include "relais-journal-unreadable.h"

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
  RelaisLeaversCounts *counts = &job->record->leavers;
  /* The words are made where it is shown. */
  g_autoptr (GError) question = g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_QUESTION, "people left the segment");

  counts->asked = n;
  counts->answered = 0;
  counts->share = job->definition->leavers_share;
  counts->number = job->definition->leavers_number;
  relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, question);
}

static void
keep_answer (RelaisRunJob        *job,
             guint                n,
             RelaisLeaversAnswer  answer)
{
  job->record->leavers.answered = n;
  job->record->leavers.answer = answer;
}

/* Whom an export holds too that takes nobody off is not among those who are looked at here: such a row may be theirs. */
static void
note_told_apart (RelaisRunJob *job)
{
  const RelaisDeparted *departed = job->leaving->departed;
  gsize n = (g_bytes_get_size (departed->profiles) + g_bytes_get_size (departed->shared)) / sizeof ((RelaisLeaver *) NULL)->profile;

  job->record->leavers.told_apart = n == departed->n_delivered;
}

/* Nobody asks about fewer people. */
static void
take_off (GTask                       *task,
          const RelaisDepartureCounts *counts,
          RelaisLeaversAnswer          answer)
{
  RelaisRunJob *job = relais_run_job_get (task);

  note_told_apart (job);
  if (relais_export_definition_brakes (job->definition, counts->n, counts->n_held))
    keep_answer (job, counts->n, answer);
  relais_run_leaving_learn (task);
}

static void
decide (GTask *task,
        guint  n_unreadable)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  guint n = self->people->len;
  guint n_sought = relais_leaving_count (self, RELAIS_LEAVER_SOUGHT, RELAIS_LEAVER_SOUGHT);
  RelaisLeaversAnswer answer = get_answer (job, n);
  RelaisDepartureCounts counts = { .n = n, .n_shared = n - n_sought, .n_unreadable = n_unreadable };

  /* Whom this run has put there says nothing of how many leave. */
  counts.n_held = job->record->leavers.delivered = MAX (job->record->leavers.delivered, n);
  switch (relais_departure_decide (job->definition, self->departed, &counts, answer))
    {
    case RELAIS_DEPARTURE_KEEP:
      keep_answer (job, n_sought, answer);
      self->as_asked = TRUE;
      relais_run_leaving_postpone (task);
      break;
    case RELAIS_DEPARTURE_OBSTACLE:
      relais_leaving_note_obstacle (self);
      relais_run_leaving_postpone (task);
      break;
    case RELAIS_DEPARTURE_UNREADABLE:
      job->record->leavers.unreadable = n_unreadable;
      relais_run_leaving_postpone (task);
      break;
    case RELAIS_DEPARTURE_ASK:
      ask (task, n);
      break;
    case RELAIS_DEPARTURE_TAKE_OFF:
      take_off (task, &counts, answer);
      break;
    case RELAIS_DEPARTURE_NOBODY:
    default:
      note_told_apart (job);
      relais_run_leaving_end (task);
      break;
    }
}

static void
unreadable_counted_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  guint64 n_known = relais_journal_count_unreadable_finish (RELAIS_JOURNAL (object), result, &error);

  if (relais_run_leaving_take_answer (task, error))
    decide (task, job->n_unreadable - (guint) MIN (job->n_unreadable, n_known));
}

/* A row whose address cannot be read may be that of somebody who is on the list, unless it was there already when they had one of their own. */
static void
tell_apart (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->n_unreadable == 0)
    {
      decide (task, 0);
      return;
    }
  job->n_asking++;
  relais_journal_count_unreadable_async (job->journal, job->record->id, NULL, unreadable_counted_cb, g_object_ref (task));
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
  g_clear_pointer (&job->leaving->departed, relais_departed_free);
  job->leaving->departed = g_steal_pointer (&departed);
  relais_run_leaving_work (task, relais_leaving_sort_out, tell_apart);
}

/*
 * relais_run_leaving_decide:
 * @task: of a run whose turn it is to take people off the list
 *
 * Finds out who has departed, and whether they are taken off. Whatever was found out before is forgotten.
 */
void
relais_run_leaving_decide (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_asking++;
  relais_journal_read_departed_async (job->journal, job->record->id, NULL, NULL, departed_read_cb, g_object_ref (task));
}
