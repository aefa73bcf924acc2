/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a run ends: because nothing is left to do, or because something stops
 * it. Either way it is accounted for. */

#include "relais-run-job-private.h"

#include "relais-error.h"
#include "relais-format.h"
#include "relais-journal-ageing.h"

#include <string.h>

static void
clear_sources (RelaisRunJob *job)
{
  g_clear_handle_id (&job->turn_source, g_source_remove);
  g_clear_handle_id (&job->pause_source, g_source_remove);
  g_clear_handle_id (&job->look_source, g_source_remove);
  g_clear_handle_id (&job->grace_source, g_source_remove);
}

/* Accounting */

/* What became of the rows that were read, as far as the journal has it: the preparation is ahead of that. */
static void
count_read (RelaisRunJob    *job,
            RelaisRowCounts *counts,
            guint64         *expected)
{
  gsize notes = RELAIS_FIRST_NOTE * sizeof counts->by_reason[0];

  relais_preparation_get_progress (job->preparation, counts, expected);
  /* Notes are no rejections. */
  memcpy (counts->by_reason, job->rejected.by_reason, notes);
  counts->by_state[RELAIS_ROW_DUPLICATE] = job->rejected.by_state[RELAIS_ROW_DUPLICATE];
  counts->by_state[RELAIS_ROW_INVALID] = job->rejected.by_state[RELAIS_ROW_INVALID];
  counts->by_state[RELAIS_ROW_BARRED] = job->rejected.by_state[RELAIS_ROW_BARRED];
}

static void
count_states (RelaisRunJob    *job,
              RelaisRowCounts *counts,
              guint64         *expected)
{
  guint64 accounted;

  *expected = 0;
  /* One that goes on and has not read anything yet is as it was left. */
  *counts = job->record->counts;
  counts->by_state[RELAIS_ROW_NOT_SENT] = 0;
  if (job->preparation != NULL)
    count_read (job, counts, expected);
  counts->by_state[RELAIS_ROW_DELIVERED] = job->n_delivered;
  counts->by_state[RELAIS_ROW_REFUSED] = job->n_refused;
  counts->by_reason[RELAIS_REASON_UNKNOWN_OUTCOME] = job->n_unknown;

  /* A run that goes on and is stopped before it has read as far as before
   * still knows what was delivered there. */
  accounted = relais_row_counts_sum (counts);
  counts->read = MAX (counts->read, accounted);
  counts->by_state[RELAIS_ROW_NOT_SENT] = counts->read - accounted;
}

/**
 * relais_run_job_report:
 * @task: of the run
 *
 * Tells the run how far it is.
 */
void
relais_run_job_report (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisRowCounts counts;
  guint64 expected;

  if (relais_run_job_is_leaving (job) && !job->stopping)
    {
      relais_run_job_report_leaving (task);
      return;
    }
  count_states (job, &counts, &expected);
  if (job->prepared && !job->stopping && relais_run_get_phase (job->run) != RELAIS_PHASE_VERIFYING)
    relais_run_set_phase (job->run, RELAIS_PHASE_CONFIRMING);
  relais_run_set_counts (job->run, &counts);
  relais_run_set_progress (job->run, counts.read - counts.by_state[RELAIS_ROW_NOT_SENT], MAX (expected, counts.read));
}

/* The end */

static void
leave (RelaisRunJob *job)
{
  job->ended = TRUE;
  clear_sources (job);
  g_clear_signal_handler (&job->cancelled_handler, relais_run_get_cancellable (job->run));
  g_clear_signal_handler (&job->skip_handler, job->run);
  /* A call of ready may still be on its way from the thread. */
  if (job->preparation != NULL)
    relais_preparation_stop (job->preparation);
  if (job->client != NULL)
    g_clear_signal_handler (&job->governor_handler, relais_client_get_governor (job->client));
  relais_run_job_leave_list (job);
  if (job->locked)
    relais_work_lock_release (relais_workspace_get_work_lock (job->workspace));
  job->locked = FALSE;
  relais_run_set_waiting (job->run, 0, NULL);
}

static void
return_run (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  leave (job);
  relais_run_set_record (job->run, job->record);
  relais_run_set_phase (job->run, RELAIS_PHASE_ENDED);
  relais_run_set_live (job->run, FALSE);
  g_task_return_pointer (task, g_object_ref (job->run), g_object_unref);
  g_object_unref (task);
}

/* Rows of this run may be among them, when none are kept. */
static void
deletions_listed_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, NULL);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const RelaisRunRecord *run = g_ptr_array_index (runs, i);

      if (g_str_equal (run->id, job->record->id))
        job->record->rows_deleted_at = run->rows_deleted_at;
    }
  return_run (task);
}

static void
aged_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  guint n_runs = 0;

  /* What could not be deleted now is when the journal is opened next. */
  if (!relais_journal_age_finish (RELAIS_JOURNAL (object), result, &n_runs, &error))
    g_info ("Rows of older runs cannot be deleted yet: %s", error->message);
  if (n_runs > 0)
    relais_journal_list_runs_async (job->journal, job->record->export_id, NULL, deletions_listed_cb, task);
  else
    return_run (task);
}

static void
finished_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    {
      /* The end could not be written down: when the journal works again the run is found unfinished and can go on. */
      job->record->status = RELAIS_RUN_INTERRUPTED;
      job->record->error_code = error->code;
      g_free (job->record->message);
      job->record->message = g_strdup (error->message);
      return_run (task);
      return;
    }
  relais_journal_age_async (RELAIS_JOURNAL (object), g_get_real_time (), NULL, aged_cb, task);
}

static RelaisRunStatus
judge_outcome (RelaisRunJob *job)
{
  const RelaisRunRecord *record = job->record;

  if (record->counts.by_state[RELAIS_ROW_INVALID] > 0 || record->counts.by_state[RELAIS_ROW_REFUSED] > 0 ||
      record->leavers.in_doubt > 0 || relais_run_job_failed_leavers (job) || record->verified.different > 0)
    return RELAIS_RUN_COMPLETED_WITH_ERRORS;

  return RELAIS_RUN_SUCCESSFUL;
}

/* How the account stands, and what it had no room for */
static void
note_account (RelaisRunJob *job)
{
  RelaisRunRecord *record = job->record;

  if (job->barred == NULL || job->preparation == NULL)
    return;
  relais_guard_note (job->guard, relais_preparation_get_n_new (job->preparation),
                     record->counts.by_state[RELAIS_ROW_REFUSED] > 0 || record->verified.different > 0, &record->notes);
}

static void
write_end (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  relais_journal_finish_run_async (job->journal, job->record, NULL, finished_cb, task);
}

/**
 * relais_run_job_end:
 * @task: of a run of which nothing is left to do, or that was stopped
 *
 * Writes its end down, and returns it.
 */
void
relais_run_job_end (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisRunRecord *record = job->record;
  guint64 expected;

  job->ended = TRUE;
  clear_sources (job);
  count_states (job, &record->counts, &expected);
  relais_run_job_count_leavers (job);
  record->status = job->stopping || job->stop_error != NULL ? job->stop_status : judge_outcome (job);
  record->ended_at = g_get_real_time ();
  record->error_code = -1;
  g_clear_pointer (&record->message, g_free);
  if (job->stop_error != NULL)
    {
      record->error_code = job->stop_error->domain == RELAIS_ERROR ? job->stop_error->code : -1;
      /* Everybody was sent before it asked. What it asks stands in the counts. */
      if (record->leavers.asked > 0)
        note_account (job);
      else
        record->message = g_strdup (job->stop_error->message);
    }
  else if (!job->stopping)
    {
      note_account (job);
      relais_run_job_note_leavers (job);
    }

  relais_run_job_name_leavers (task, write_end, finished_cb);
}

static void
drop_waiting_parcels (RelaisRunJob *job)
{
  RelaisParcel *parcel;

  while ((parcel = g_queue_pop_head (&job->again)) != NULL)
    relais_run_job_put_back (parcel);
}

static void
drop_awaiting_parcels (RelaisRunJob *job)
{
  for (guint i = job->awaiting->len; i > 0; i--)
    {
      RelaisParcel *parcel = g_ptr_array_index (job->awaiting, i - 1);

      if (parcel->looking)
        continue;
      g_ptr_array_remove_index (job->awaiting, i - 1);
      job->awaiting_bytes -= relais_prepared_batch_get_memory (parcel->batch);
      relais_parcel_free (parcel);
    }
}

/* A run that was stopped waits for what became of the rows it has read, but not for a file that does not answer. */
static gboolean
is_reading (RelaisRunJob *job)
{
  if (job->stopping && (job->preparation == NULL || g_cancellable_is_cancelled (job->abort)))
    return FALSE;

  return !job->prepared;
}

/**
 * relais_run_job_end_if_done:
 * @task: of the run
 *
 * Ends the run when nothing is left to do, or, when it was stopped, nothing
 * is under way any more.
 */
void
relais_run_job_end_if_done (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->ended || !job->begun || job->n_asking > 0 || job->n_sending > 0 || job->n_looking > 0 || job->n_inquiring > 0 || job->n_settling > 0 || job->n_writing > 0)
    return;
  if (job->stopping)
    drop_waiting_parcels (job);
  if (job->stopping && g_cancellable_is_cancelled (job->abort))
    drop_awaiting_parcels (job);
  if (job->n_writing > 0 || job->awaiting->len > 0 || job->again.length > 0 || is_reading (job))
    return;

  if (relais_run_job_leave (task))
    relais_run_job_verify (task);
}

static void
grace_over_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  job->grace_source = 0;
  g_cancellable_cancel (job->abort);
  relais_run_job_end_if_done (task);
}

/**
 * relais_run_job_stop:
 * @task: of the run
 * @status: what the run ends as
 * @error: (nullable): why, in words
 *
 * Nothing more is sent, or asked in verifying. What is under way has a moment to come to its
 * end; what has not by then stays in the journal for the day the run goes on.
 */
void
relais_run_job_stop (GTask           *task,
                     RelaisRunStatus  status,
                     const GError    *error)
{
  RelaisRunJob *job = relais_run_job_get (task);
  gboolean journal_failed = error != NULL && error->domain == RELAIS_ERROR &&
                            error->code >= RELAIS_ERROR_JOURNAL_NEWER && error->code <= RELAIS_ERROR_BUSY;

  if (relais_run_job_stop_verifying (task, error))
    return;
  if (!job->stopping)
    {
      job->stopping = TRUE;
      if (job->stop_error == NULL)
        {
          job->stop_status = status;
          job->stop_error = error != NULL ? g_error_copy (error) : NULL;
        }
      relais_run_set_waiting (job->run, 0, NULL);
      if (job->preparation != NULL)
        relais_preparation_cut_short (job->preparation);
      g_clear_handle_id (&job->pause_source, g_source_remove);
      job->paused_until = 0;
      if (journal_failed)
        g_cancellable_cancel (job->abort);
      else
        job->grace_source = g_timeout_add_once (job->times.grace * 1000, grace_over_cb, task);
      relais_run_job_pump (task);
      return;
    }
  relais_run_job_end_if_done (task);
}

/* A run that could not begin */

static void
return_error (GTask    *task,
              gboolean  recorded)
{
  RelaisRunJob *job = relais_run_job_get (task);

  leave (job);
  if (recorded)
    relais_run_set_record (job->run, job->record);
  relais_run_set_phase (job->run, RELAIS_PHASE_ENDED);
  relais_run_set_live (job->run, FALSE);
  if (!recorded && job->run != job->previous)
    relais_export_set_last_run (job->export, job->previous);
  g_task_return_error (task, g_steal_pointer (&job->stop_error));
  g_object_unref (task);
}

static void
refusal_written_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  /* That it could not be written down matters less than why the run could not begin. */
  return_error (user_data, relais_journal_put_run_finish (RELAIS_JOURNAL (object), result, relais_run_job_get (user_data)->record, NULL));
}

/* One that was to go on still can, and is not hidden behind a run without rows. */
static void
take_up_previous (RelaisRunJob *job)
{
  RelaisRunStatus asked;

  g_clear_pointer (&job->record, relais_run_record_free);
  job->record = relais_run_record_copy (relais_run_get_record (job->previous));
  asked = job->record->status == RELAIS_RUN_PROCESSING ? RELAIS_RUN_INTERRUPTED : job->record->status;
  job->record->status = g_error_matches (job->stop_error, RELAIS_ERROR, RELAIS_ERROR_QUESTION) ? asked : RELAIS_RUN_FAILURE;
  if (job->record->ended_at == 0)
    job->record->ended_at = g_get_real_time ();
}

static void
write_refusal (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->run == job->previous && relais_run_get_record (job->previous)->segment_digest != NULL)
    take_up_previous (job);
  else
    {
      relais_run_job_make_record (job);
      /* It is told from one that began by having read nothing. */
      g_clear_pointer (&job->record->segment_digest, g_free);
      job->record->status = g_error_matches (job->stop_error, RELAIS_ERROR, RELAIS_ERROR_QUESTION) ? RELAIS_RUN_SKIPPED : RELAIS_RUN_FAILURE;
      job->record->ended_at = g_get_real_time ();
    }
  job->record->error_code = job->stop_error->domain == RELAIS_ERROR ? job->stop_error->code : -1;
  relais_run_notes_begin (&job->record->notes);
  job->record->notes.repeats_asked = job->n_repeats_asked;
  job->record->notes.repeats_own = job->repeats_own;
  g_free (job->record->message);
  /* What it asks is told from the notes. */
  job->record->message = job->n_repeats_asked > 0 ? NULL : g_strdup (job->stop_error->message);
  relais_journal_put_run_async (job->journal, job->record, NULL, refusal_written_cb, task);
}

/**
 * relais_run_job_give_up:
 * @task: of a run that has not begun
 * @error: (transfer full): why it cannot
 *
 * Writes down that it could not begin, and why. What was cancelled leaves the export as
 * it was, and so does a question that a person is there to answer. So do corrected rows that cannot be sent: the report that they are
 * of stays the last one.
 */
void
relais_run_job_give_up (GTask  *task,
                        GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->ended = TRUE;
  clear_sources (job);
  job->stop_error = error;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || (job->corrections != NULL && job->run != job->previous) ||
      (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_QUESTION) && job->options.trigger == RELAIS_TRIGGER_ON_DEMAND))
    return_error (task, FALSE);
  else
    write_refusal (task);
}
