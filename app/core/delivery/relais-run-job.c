/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run under way: it goes on until nothing is left to do or something stops it.
 *
 * Many things are under way at once, so the task is not handed from step to
 * step: one reference, made in relais_run_job_async() and given up where the task
 * returns, stands for the life of the run. A callback in which the run may
 * end holds one more while it works. */

#include "relais-run-job-private.h"

#define MAX_SENDING_FREELY  8
#define MAX_AWAITING        512
#define MAX_AWAITING_BYTES  (24 * 1024 * 1024)
#define MAX_WRITING         4

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

/**
 * relais_run_job_get_lead:
 * @job: of a run that has a client
 *
 * Returns: (transfer none): of the account's clock over this computer's in this attempt, as far as it is known now
 */
const RelaisLead *
relais_run_job_get_lead (RelaisRunJob *job)
{
  gint64 least = 0, most = 0;
  gboolean told = relais_account_clock_tell_lead (relais_client_get_clock (job->client), &least, &most);

  relais_lead_learn (&job->lead, told, least, most);

  return &job->lead;
}

static void
free_job (gpointer data)
{
  RelaisRunJob *job = data;

  relais_run_job_leave_list (job);
  g_clear_pointer (&job->leaving, relais_leaving_free);
  g_clear_pointer (&job->in_segment, relais_profile_table_free);
  g_clear_pointer (&job->verifying, relais_verifying_free);
  g_clear_pointer (&job->awaiting, g_ptr_array_unref);
  g_clear_object (&job->preparation);
  g_clear_object (&job->client);
  g_clear_object (&job->previous);
  g_clear_object (&job->run);
  g_clear_object (&job->connection);
  g_clear_object (&job->export);
  g_clear_object (&job->journal);
  g_clear_object (&job->workspace);
  g_clear_object (&job->abort);
  g_clear_pointer (&job->definition, relais_export_definition_free);
  g_clear_pointer (&job->fields, g_ptr_array_unref);
  g_clear_object (&job->guard);
  g_clear_pointer (&job->barred, relais_barred_unref);
  g_clear_pointer (&job->returning, relais_returning_unref);
  g_clear_pointer (&job->excluded, relais_excluded_free);
  g_clear_pointer (&job->plan, relais_plan_unref);
  g_clear_pointer (&job->digests, g_strfreev);
  g_clear_pointer (&job->fingerprints, g_bytes_unref);
  g_clear_pointer (&job->corrections, relais_corrections_unref);
  g_clear_pointer (&job->corrected, g_bytes_unref);
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
  g_clear_pointer (&parcel->outcomes, g_array_unref);
  g_object_unref (parcel->task);
  g_free (parcel);
}

/**
 * relais_parcel_may_repeat:
 * @parcel: a parcel
 *
 * Returns: whether it does no harm when it arrives twice: automations could run again
 */
gboolean
relais_parcel_may_repeat (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  return parcel->leaving || !job->definition->automations || job->options.allow_repeats;
}

static guint
get_wanted (RelaisRunJob *job)
{
  if (job->unlimited)
    return MAX_SENDING_FREELY;

  return MAX (1, relais_governor_get_wanted (relais_client_get_governor (job->client)));
}

/* A run that was stopped still writes down what became of the rows it has read. */
static void
take_what_is_left (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  while (job->preparation != NULL && !job->prepared)
    {
      g_autoptr (RelaisPreparedItem) item = relais_preparation_pop (job->preparation);

      if (item == NULL)
        break;
      relais_run_job_take_item (task, item);
    }
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
      if (relais_run_job_fill_leaving (task))
        continue;
      item = relais_preparation_pop (job->preparation);
      if (item == NULL)
        break;
      relais_run_job_take_item (task, item);
    }
  if (job->stopping)
    take_what_is_left (task);
  relais_run_job_report (task);
  relais_run_job_end_if_done (task);
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
 * @turns: of the lists; outlives the run
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
                      RelaisListTurns        *turns,
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
  job->run = g_object_ref (run);
  job->previous = previous != NULL ? g_object_ref (previous) : NULL;
  job->options = *options;
  job->corrections = options->corrections != NULL ? relais_corrections_ref (options->corrections) : NULL;
  job->options.corrections = NULL;
  job->times = *times;
  job->turns = turns;
  job->record = relais_run_record_copy (relais_run_get_record (run));
  job->abort = g_cancellable_new ();
  job->awaiting = g_ptr_array_new ();
  job->next_number = 1;
  job->cancelled_handler = g_signal_connect (relais_run_get_cancellable (run), "cancelled", G_CALLBACK (cancelled_cb), task);
  relais_run_job_begin (task);

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
