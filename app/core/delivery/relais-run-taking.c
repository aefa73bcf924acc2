/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the preparation has ready is taken: batches, new ones and those of an earlier attempt, and rows that are not sent. */

#include "relais-run-job-private.h"

/* A batch of the plan is here again: what the journal knows of it goes with it. */
static void
take_planned (RelaisParcel            *parcel,
              const RelaisBatchRecord *planned)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisBatchRecord *record = relais_prepared_batch_get_record (parcel->batch);

  record->number = planned->number;
  record->sendings = planned->sendings;
  record->remote_id = g_strdup (planned->remote_id);
  record->queued = planned->queued;
  if (planned->state == RELAIS_BATCH_ACCEPTED && planned->hash == record->hash)
    {
      record->state = RELAIS_BATCH_ACCEPTED;
      relais_run_job_await (parcel);
      return;
    }

  /* What the service says of the import would be about contacts that are not these. */
  if (planned->state == RELAIS_BATCH_ACCEPTED)
    {
      if (job->definition->automations && !job->options.allow_repeats)
        {
          relais_run_job_settle (parcel, RELAIS_BATCH_UNKNOWN, RELAIS_REASON_UNKNOWN_OUTCOME, NULL);
          return;
        }
      job->record->batches_accepted--;
    }
  /* In doubt: nobody knows whether it arrived. The service keys contacts by
   * address, so that sending it again does no harm. */
  relais_run_job_send (parcel);
}

/* Rows on their way into the journal */
typedef struct
{
  GTask     *task;        /* (owned): of the run */
  GPtrArray *rejections;  /* (owned) (element-type RelaisRejection) */
} Rejecting;

static void
rejections_written_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autofree Rejecting *rejecting = user_data;
  g_autoptr (GPtrArray) rejections = rejecting->rejections;
  RelaisRunJob *job = relais_run_job_get (rejecting->task);
  gboolean written = !g_task_had_error (G_TASK (result));

  /* Only what the report lists is counted. */
  for (guint i = 0; written && i < rejections->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (rejections, i);

      job->rejected.by_state[rejection->state]++;
      job->rejected.by_reason[rejection->reason]++;
    }
  relais_run_job_written_cb (object, result, rejecting->task);
}

/**
 * relais_run_job_reject:
 * @task: of the run
 * @rejections: (element-type RelaisRejection): rows that are not sent; referenced until they are written
 *
 * Writes them down, and counts them then.
 */
void
relais_run_job_reject (GTask     *task,
                       GPtrArray *rejections)
{
  RelaisRunJob *job = relais_run_job_get (task);
  Rejecting *rejecting = g_new0 (Rejecting, 1);

  rejecting->task = g_object_ref (task);
  rejecting->rejections = g_ptr_array_ref (rejections);
  job->n_writing++;
  relais_journal_add_rejections_async (job->journal, job->record->id, rejections, NULL, rejections_written_cb, rejecting);
}

/**
 * relais_run_job_close_batch:
 * @task: of the run
 * @record: of a batch
 *
 * Nobody is sent any more who was in it. It is settled without contacts, and answers for no row.
 */
void
relais_run_job_close_batch (GTask             *task,
                            RelaisBatchRecord *record)
{
  RelaisRunJob *job = relais_run_job_get (task);

  record->state = RELAIS_BATCH_CONFIRMED;
  record->contacts = 0;
  g_free (record->rows);
  record->rows = g_strdup ("");
  job->n_writing++;
  relais_journal_put_batch_async (job->journal, job->record->id, relais_run_job_get_lead (job), record, NULL, relais_run_job_written_cb, g_object_ref (task));
}

/**
 * relais_run_job_take_item:
 * @task: of the run
 * @item: what the preparation has ready; its content is taken over
 *
 * A run that was stopped sends nothing more, and writes down what became of the rows it has read.
 */
void
relais_run_job_take_item (GTask              *task,
                          RelaisPreparedItem *item)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (item->corrected != NULL)
    relais_run_job_note_corrected (task, item->corrected);
  if (item->rejections != NULL)
    relais_run_job_reject (task, item->rejections);
  if (item->batch != NULL && !job->stopping)
    {
      RelaisParcel *parcel = relais_parcel_new (task, g_steal_pointer (&item->batch));

      if (item->planned != NULL)
        take_planned (parcel, item->planned);
      else
        {
          relais_prepared_batch_get_record (parcel->batch)->number = job->next_number++;
          relais_run_job_send (parcel);
        }
    }
  /* One whose rows were not read to the end may have people yet. */
  else if (item->batch == NULL && item->planned != NULL && !job->stopping)
    relais_run_job_close_batch (task, item->planned);
  if (item->end)
    {
      job->prepared = TRUE;
      job->in_segment = g_steal_pointer (&item->profiles);
      job->n_unreadable = item->n_unreadable;
      /* What was ready before still leaves and comes to its end: this may be the last that is heard of it. */
      if (item->error != NULL && !job->stopping)
        {
          job->stop_status = RELAIS_RUN_FAILURE;
          job->stop_error = g_steal_pointer (&item->error);
        }
    }
}
