/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The life of a run: what it needs is opened, it goes on until nothing is
 * left to do or something stops it, and it is accounted for.
 *
 * Many things are under way at once, so the task is not handed from step to
 * step: one reference, made in relais_run_job_async() and given up where the task
 * returns, stands for the life of the run. A callback in which the run may
 * end holds one more while it works. */

#include "relais-run-job-private.h"

#include "relais-error.h"
#include "relais-segment-reader.h"

#include <glib/gi18n-lib.h>

#define TURN_INTERVAL_MS    500
#define MAX_SENDING_FREELY  8
#define MAX_AWAITING        512
#define MAX_AWAITING_BYTES  (24 * 1024 * 1024)
#define MAX_WRITING         4
#define MAX_KEY_REFUSALS    3   /* authentication is refused now and then although nothing is wrong */

/**
 * relais_run_job_get:
 * @task: of a run
 *
 * Returns: (transfer none): its data
 */
RelaisRunJob *
relais_run_job_get (GTask *task)
{
  return g_task_get_task_data (task);
}

static void
clear_sources (RelaisRunJob *job)
{
  g_clear_handle_id (&job->turn_source, g_source_remove);
  g_clear_handle_id (&job->pause_source, g_source_remove);
  g_clear_handle_id (&job->look_source, g_source_remove);
  g_clear_handle_id (&job->grace_source, g_source_remove);
}

static void
free_job (gpointer data)
{
  RelaisRunJob *job = data;

  g_clear_pointer (&job->awaiting, g_ptr_array_unref);
  g_clear_object (&job->preparation);
  g_clear_object (&job->client);
  g_clear_object (&job->previous);
  g_clear_object (&job->run);
  g_clear_object (&job->export);
  g_clear_object (&job->journal);
  g_clear_object (&job->workspace);
  g_clear_object (&job->abort);
  g_clear_pointer (&job->definition, relais_export_definition_free);
  g_clear_pointer (&job->fields, g_ptr_array_unref);
  g_clear_pointer (&job->plan, g_ptr_array_unref);
  g_clear_pointer (&job->fingerprints, g_bytes_unref);
  g_clear_pointer (&job->record, relais_run_record_free);
  g_clear_pointer (&job->digest, g_free);
  g_clear_error (&job->stop_error);
  explicit_bzero (&job->hash_key, sizeof job->hash_key);
  g_free (job);
}

/**
 * relais_parcel_new:
 * @task: of the run
 * @batch: (transfer full): a closed batch
 *
 * Returns: (transfer full):
 */
RelaisParcel *
relais_parcel_new (GTask               *task,
                   RelaisPreparedBatch *batch)
{
  RelaisParcel *parcel = g_new0 (RelaisParcel, 1);

  parcel->task = g_object_ref (task);
  parcel->batch = batch;

  return parcel;
}

/**
 * relais_parcel_free:
 * @parcel: (transfer full): its batch stays in the journal as it is
 */
void
relais_parcel_free (RelaisParcel *parcel)
{
  relais_prepared_batch_free (parcel->batch);
  g_object_unref (parcel->task);
  g_free (parcel);
}

/* Accounting */

static void
count_states (RelaisRunJob    *job,
              RelaisRowCounts *counts,
              guint64         *expected)
{
  guint64 accounted;

  *expected = 0;
  *counts = (RelaisRowCounts) { 0 };
  if (job->preparation != NULL)
    relais_preparation_get_progress (job->preparation, counts, expected);
  counts->by_state[RELAIS_ROW_DELIVERED] = job->n_delivered;
  counts->by_state[RELAIS_ROW_REFUSED] = job->n_refused;

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

  count_states (job, &counts, &expected);
  if (job->prepared && !job->stopping)
    relais_run_set_phase (job->run, RELAIS_PHASE_CONFIRMING);
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
  if (job->client != NULL)
    g_clear_signal_handler (&job->governor_handler, relais_client_get_governor (job->client));
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

/* Nothing was begun: the export is as it was before. */
static void
return_error (GTask  *task,
              GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);

  leave (job);
  relais_run_set_phase (job->run, RELAIS_PHASE_ENDED);
  relais_run_set_live (job->run, FALSE);
  if (job->run != job->previous)
    relais_export_set_last_run (job->export, job->previous);
  g_task_return_error (task, error);
  g_object_unref (task);
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
    }
  return_run (task);
}

static RelaisRunStatus
judge_outcome (const RelaisRowCounts *counts)
{
  if (counts->by_state[RELAIS_ROW_INVALID] > 0 || counts->by_state[RELAIS_ROW_REFUSED] > 0)
    return RELAIS_RUN_COMPLETED_WITH_ERRORS;

  return RELAIS_RUN_SUCCESSFUL;
}

static void
end (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisRunRecord *record = job->record;
  guint64 expected;

  job->ended = TRUE;
  clear_sources (job);
  count_states (job, &record->counts, &expected);
  record->status = job->stopping ? job->stop_status : judge_outcome (&record->counts);
  record->ended_at = g_get_real_time ();
  record->error_code = -1;
  g_clear_pointer (&record->message, g_free);
  if (job->stop_error != NULL)
    {
      record->error_code = job->stop_error->domain == RELAIS_ERROR ? job->stop_error->code : -1;
      record->message = g_strdup (job->stop_error->message);
    }
  relais_journal_finish_run_async (job->journal, record, NULL, finished_cb, task);
}

static void
drop_waiting_parcels (RelaisRunJob *job)
{
  RelaisParcel *parcel;

  while ((parcel = g_queue_pop_head (&job->again)) != NULL)
    relais_parcel_free (parcel);
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
      relais_parcel_free (parcel);
    }
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

  if (job->ended || !job->begun || job->n_sending > 0 || job->n_looking > 0 || job->n_settling > 0 || job->n_writing > 0)
    return;
  if (job->stopping && g_cancellable_is_cancelled (job->abort))
    drop_awaiting_parcels (job);
  if (job->awaiting->len > 0 || job->again.length > 0 || (!job->prepared && !job->stopping))
    return;

  end (task);
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
 * Nothing more is sent. What is under way has a moment to come to its
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

  if (!job->stopping)
    {
      job->stopping = TRUE;
      job->stop_status = status;
      job->stop_error = error != NULL ? g_error_copy (error) : NULL;
      relais_run_set_waiting (job->run, 0, NULL);
      if (job->preparation != NULL)
        relais_preparation_stop (job->preparation);
      g_clear_handle_id (&job->pause_source, g_source_remove);
      job->paused_until = 0;
      drop_waiting_parcels (job);
      if (journal_failed || status == RELAIS_RUN_FAILURE)
        g_cancellable_cancel (job->abort);
      else
        job->grace_source = g_timeout_add_once (job->times.grace * 1000, grace_over_cb, task);
    }
  relais_run_job_end_if_done (task);
}

/* Trouble */

/**
 * relais_run_job_succeeded:
 * @task: of the run
 *
 * Something got through: whatever trouble there was is over.
 */
void
relais_run_job_succeeded (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->trouble_since = 0;
  job->n_failures = 0;
  job->n_refusals = 0;
}

/**
 * relais_run_job_is_fatal:
 * @task: of the run
 * @error: of a request
 *
 * Returns: whether waiting does not help
 */
gboolean
relais_run_job_is_fatal (GTask        *task,
                         const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (relais_error_is_temporary (error) || relais_error_is_in_doubt (error))
    return FALSE;
  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REFUSED))
    return ++job->n_refusals >= MAX_KEY_REFUSALS;

  return TRUE;
}

static void
end_pause (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  g_clear_handle_id (&job->pause_source, g_source_remove);
  job->paused_until = 0;
  relais_run_set_waiting (job->run, 0, NULL);
  relais_run_job_pump (task);
  relais_run_job_look (task);
}

static void
pause_over_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  relais_run_job_get (task)->pause_source = 0;
  end_pause (task);
}

static void
skip_wait_cb (RelaisRun *run,
              gpointer   user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->client != NULL)
    relais_governor_skip_wait (relais_client_get_governor (job->client));
  if (job->pause_source != 0)
    end_pause (task);
}

/**
 * relais_run_job_pause:
 * @task: of the run
 * @error: a failure that may be over after a while
 *
 * Waits, longer with every failure in a row, before anything more is sent or
 * asked; stops the run when nothing got through for too long.
 */
void
relais_run_job_pause (GTask        *task,
                      const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);
  gint64 now = g_get_monotonic_time ();
  double pause;

  if (job->trouble_since == 0)
    job->trouble_since = now;
  if (job->stopping)
    {
      drop_waiting_parcels (job);
      relais_run_job_end_if_done (task);
      return;
    }
  if (now - job->trouble_since > job->times.patience * G_USEC_PER_SEC)
    {
      relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  if (job->pause_source != 0)
    return;

  pause = MIN (job->times.first_pause * (1u << MIN (job->n_failures, 10)), job->times.longest_pause);
  job->n_failures++;
  job->paused_until = now + (gint64) (pause * G_USEC_PER_SEC);
  job->pause_source = g_timeout_add_once ((guint) (pause * 1000), pause_over_cb, task);
  relais_run_set_waiting (job->run, job->paused_until, error->message);
}

static void
governor_waits_cb (RelaisGovernor *governor,
                   GParamSpec     *pspec,
                   gpointer        user_data)
{
  RelaisRunJob *job = relais_run_job_get (user_data);
  gint64 until = relais_governor_get_waiting_until (governor);

  if (job->pause_source == 0)
    relais_run_set_waiting (job->run, until,
                            until > 0 ? _("ActiveCampaign asked for a pause, because the account receives too many requests at the moment.") : NULL);
}

/* Going on */

static guint
get_wanted (RelaisRunJob *job)
{
  if (job->unlimited)
    return MAX_SENDING_FREELY;

  return MAX (1, relais_governor_get_wanted (relais_client_get_governor (job->client)));
}

static gboolean
may_send (RelaisRunJob *job)
{
  return !job->stopping && job->paused_until == 0 && job->n_writing < MAX_WRITING &&
         job->n_sending < get_wanted (job) &&
         job->awaiting->len < MAX_AWAITING && job->awaiting_bytes < MAX_AWAITING_BYTES;
}

/**
 * relais_run_job_pump:
 * @task: of the run
 *
 * Takes up as much work as may be under way at once.
 */
void
relais_run_job_pump (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  while (may_send (job))
    {
      g_autoptr (RelaisPreparedItem) item = NULL;

      if (job->again.length > 0)
        {
          relais_run_job_send (g_queue_pop_head (&job->again));
          continue;
        }
      item = relais_preparation_pop (job->preparation);
      if (item == NULL)
        break;
      relais_run_job_take_item (task, item);
    }
  relais_run_job_report (task);
  relais_run_job_end_if_done (task);
}

static void
ready_cb (RelaisPreparation *preparation,
          gpointer           user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  relais_run_job_pump (task);
}

/* The beginning, in the order the steps happen */

static void
begun_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;
  RelaisPreparationSettings settings = {
    .definition = job->definition,
    .fields = job->fields,
    .hash_key = job->hash_key,
    .fingerprints = job->fingerprints,
    .plan = job->plan,
  };

  if (!relais_journal_put_run_finish (job->journal, result, job->record, &error))
    {
      return_error (task, error);
      return;
    }
  job->begun = TRUE;
  relais_run_set_record (job->run, job->record);
  if (g_cancellable_is_cancelled (relais_run_get_cancellable (job->run)))
    {
      relais_run_job_stop (task, RELAIS_RUN_CANCELED, NULL);
      return;
    }
  relais_run_set_phase (job->run, RELAIS_PHASE_SENDING);
  job->preparation = relais_preparation_new (&settings);
  g_clear_pointer (&job->fingerprints, g_bytes_unref);
  relais_preparation_start (job->preparation, ready_cb, task);
}

static void
begin (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->record->status = RELAIS_RUN_PROCESSING;
  job->record->ended_at = 0;
  job->record->error_code = -1;
  g_clear_pointer (&job->record->message, g_free);
  relais_journal_put_run_async (job->journal, job->record, NULL, begun_cb, task);
}

static void
fingerprints_read_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  job->fingerprints = relais_journal_read_fingerprints_finish (job->journal, result, &error);
  if (error != NULL)
    return_error (task, error);
  else
    begin (task);
}

static void
read_fingerprints (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->record->again)
    begin (task);
  else
    relais_journal_read_fingerprints_async (job->journal, relais_export_get_id (job->export), NULL,
                                            fingerprints_read_cb, task);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const RelaisBatchRecord *one = *(RelaisBatchRecord * const *) a;
  const RelaisBatchRecord *other = *(RelaisBatchRecord * const *) b;

  return one->first_row < other->first_row ? -1 : one->first_row > other->first_row;
}

static gboolean
take_plan (RelaisRunJob  *job,
           GPtrArray     *batches,
           GError       **error)
{
  guint n_in_doubt = 0;

  g_ptr_array_sort (batches, compare_rows);
  job->record->batches_accepted = 0;
  job->record->batches_repeated = 0;
  for (guint i = 0; i < batches->len; i++)
    {
      const RelaisBatchRecord *batch = g_ptr_array_index (batches, i);

      job->next_number = MAX (job->next_number, batch->number + 1);
      job->record->batches_accepted += batch->remote_id != NULL;
      job->record->batches_repeated += batch->sendings > 1;
      n_in_doubt += batch->state == RELAIS_BATCH_INTENT && batch->sendings > 0;
      job->n_delivered += batch->delivered;
      job->n_refused += batch->refused;
    }
  if (n_in_doubt > 0 && job->definition->automations && !job->options.allow_repeats)
    {
      /* Translators: %u counts batches (requests with up to 250 contacts); --allow-repeats is an option of the command line and stays as it is. */
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_QUESTION,
                   ngettext ("%u batch of this run was sent but never answered. Sending it again could start its automations twice. Allow repeats to go on (--allow-repeats).",
                             "%u batches of this run were sent but never answered. Sending them again could start their automations twice. Allow repeats to go on (--allow-repeats).",
                             n_in_doubt), n_in_doubt);
      return FALSE;
    }
  job->plan = g_ptr_array_ref (batches);

  return TRUE;
}

static void
batches_listed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) batches = relais_journal_list_batches_finish (job->journal, result, &error);

  if (batches == NULL || !take_plan (job, batches, &error))
    return_error (task, error);
  else
    read_fingerprints (task);
}

static void
start_anew (RelaisRunJob *job)
{
  RelaisRunRecord *record = relais_run_record_new ();

  record->id = g_uuid_string_random ();
  record->export_id = g_strdup (relais_export_get_id (job->export));
  record->export_name = g_strdup (relais_export_get_name (job->export));
  record->trigger = job->options.trigger;
  record->started_at = g_get_real_time ();
  record->segment_digest = g_strdup (job->digest);
  record->again = job->options.again;
  g_clear_pointer (&job->record, relais_run_record_free);
  job->record = record;
}

static void
digest_thread (GTask        *thread_task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  const RelaisExportDefinition *definition = task_data;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *json = relais_export_definition_to_json (definition);
  GError *error = NULL;

  g_checksum_update (checksum, (const guchar *) json, -1);
  for (guint i = 0; i < definition->segments->len; i++)
    {
      const RelaisSegment *segment = g_ptr_array_index (definition->segments, i);
      g_autoptr (GFile) file = g_file_new_for_path (segment->path);
      g_autofree char *digest = relais_segment_file_digest (file, cancellable, &error);

      if (digest == NULL)
        {
          g_task_return_error (thread_task, error);
          return;
        }
      g_checksum_update (checksum, (const guchar *) digest, -1);
    }
  g_task_return_pointer (thread_task, g_strdup (g_checksum_get_string (checksum)), g_free);
}

static void
digested_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  job->digest = g_task_propagate_pointer (G_TASK (result), &error);
  if (job->digest == NULL)
    {
      return_error (task, error);
      return;
    }
  /* A run goes on only with the very same segment and settings. Otherwise a new
   * one begins, and fingerprints keep it from sending anything twice. */
  if (job->previous != NULL && job->run == job->previous &&
      g_strcmp0 (job->record->segment_digest, job->digest) == 0)
    {
      relais_journal_list_batches_async (job->journal, job->record->id, NULL, batches_listed_cb, task);
      return;
    }
  start_anew (job);
  read_fingerprints (task);
}

static void
take_digest (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GTask) thread_task = g_task_new (NULL, relais_run_get_cancellable (job->run), digested_cb, task);

  g_task_set_source_tag (thread_task, take_digest);
  g_task_set_task_data (thread_task, relais_export_definition_copy (job->definition),
                        (GDestroyNotify) relais_export_definition_free);
  g_task_run_in_thread (thread_task, digest_thread);
}

static void
fields_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  job->fields = relais_client_list_fields_finish (RELAIS_CLIENT (object), result, &error);
  if (job->fields == NULL)
    return_error (task, error);
  else
    take_digest (task);
}

static void
hash_key_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  if (!relais_workspace_get_hash_key_finish (job->workspace, result, &job->hash_key, &error))
    return_error (task, error);
  else if (job->definition->matching->fields->len > 0)
    relais_client_list_fields_async (job->client, relais_run_get_cancellable (job->run), fields_listed_cb, task);
  else
    take_digest (task);
}

static void
client_opened_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisConnection *connection = relais_export_get_connection (job->export);
  GError *error = NULL;

  job->client = relais_workspace_open_client_finish (job->workspace, result, &error);
  if (job->client == NULL)
    {
      return_error (task, error);
      return;
    }
  job->governor_handler = g_signal_connect (relais_client_get_governor (job->client), "notify::waiting-until",
                                            G_CALLBACK (governor_waits_cb), task);
  job->unlimited = relais_connection_get_record (connection)->limit_requests == G_MAXUINT;
  relais_workspace_get_hash_key_async (job->workspace, connection, relais_run_get_cancellable (job->run), hash_key_got_cb, task);
}

static void
open_what_is_needed (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisConnection *connection = relais_export_get_connection (job->export);

  relais_run_set_phase (job->run, RELAIS_PHASE_PREPARING);
  if (connection == NULL)
    {
      return_error (task, g_error_new (RELAIS_ERROR, RELAIS_ERROR_NO_CONNECTION,
                                       /* Translators: %s is the name of an export. */
                                       _("“%s” has no connection. Choose one in its settings before running it."),
                                       relais_export_get_name (job->export)));
      return;
    }
  relais_workspace_open_client_async (job->workspace, connection, relais_run_get_cancellable (job->run),
                                      client_opened_cb, task);
}

static gboolean
take_turn_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (relais_run_get_cancellable (job->run), &error))
    {
      job->turn_source = 0;
      return_error (task, error);
      return G_SOURCE_REMOVE;
    }
  job->locked = relais_work_lock_take (relais_workspace_get_work_lock (job->workspace), &error);
  if (!job->locked && g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_BUSY))
    {
      g_error_free (error);
      relais_run_set_phase (job->run, RELAIS_PHASE_WAITING_FOR_TURN);
      return G_SOURCE_CONTINUE;
    }

  job->turn_source = 0;
  if (job->locked)
    open_what_is_needed (task);
  else
    return_error (task, error);

  return G_SOURCE_REMOVE;
}

static gboolean
take_first_turn_cb (gpointer user_data)
{
  RelaisRunJob *job = relais_run_job_get (user_data);

  job->turn_source = 0;
  if (take_turn_cb (user_data) == G_SOURCE_CONTINUE)
    job->turn_source = g_timeout_add (TURN_INTERVAL_MS, take_turn_cb, user_data);

  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  /* Before the run has begun, the step under way fails as cancelled. */
  if (relais_run_job_get (task)->begun)
    relais_run_job_stop (task, RELAIS_RUN_CANCELED, NULL);
}

/**
 * relais_run_job_async:
 * @delivery: source of the task
 * @workspace: where everything is
 * @export: what to run
 * @run: live; the export's last run
 * @previous: (nullable): the export's last run before; the same as @run to go on with it
 * @options: of the run
 * @times: how patient to be
 * @callback: called when the run has ended
 * @user_data: for @callback
 *
 * Returns: (transfer none): the task of the run, which lives until it has ended
 */
GTask *
relais_run_job_async (RelaisDelivery         *delivery,
                      RelaisWorkspace        *workspace,
                      RelaisExport           *export,
                      RelaisRun              *run,
                      RelaisRun              *previous,
                      const RelaisRunOptions *options,
                      const RelaisRunTimes   *times,
                      GAsyncReadyCallback     callback,
                      gpointer                user_data)
{
  GTask *task = g_task_new (delivery, NULL, callback, user_data);
  RelaisRunJob *job = g_new0 (RelaisRunJob, 1);

  g_task_set_source_tag (task, relais_run_job_async);
  g_task_set_task_data (task, job, free_job);
  job->workspace = g_object_ref (workspace);
  job->journal = g_object_ref (relais_workspace_get_journal (workspace));
  job->export = g_object_ref (export);
  job->definition = relais_export_definition_copy (relais_export_get_definition (export));
  job->run = g_object_ref (run);
  job->previous = previous != NULL ? g_object_ref (previous) : NULL;
  job->options = *options;
  job->times = *times;
  job->record = relais_run_record_copy (relais_run_get_record (run));
  job->abort = g_cancellable_new ();
  job->awaiting = g_ptr_array_new ();
  job->next_number = 1;
  job->cancelled_handler = g_signal_connect (relais_run_get_cancellable (run), "cancelled", G_CALLBACK (cancelled_cb), task);
  job->skip_handler = g_signal_connect (run, "skip-wait", G_CALLBACK (skip_wait_cb), task);
  job->turn_source = g_idle_add_full (G_PRIORITY_DEFAULT, take_first_turn_cb, task, NULL);

  return task;
}

/**
 * relais_run_job_interrupt:
 * @task: of the run
 *
 * Stops the run as one that can go on.
 */
void
relais_run_job_interrupt (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->begun)
    relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, NULL);
  else
    relais_run_cancel (job->run);
}

/**
 * relais_run_job_finish:
 * @delivery: source of the task
 * @result: of relais_run_job_async()
 * @error: when no run came about
 *
 * Returns: (transfer full) (nullable): the run, which has ended
 */
RelaisRun *
relais_run_job_finish (RelaisDelivery  *delivery,
                       GAsyncResult    *result,
                       GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, delivery), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
