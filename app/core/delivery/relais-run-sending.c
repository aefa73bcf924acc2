/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A batch leaves: its intent is on disk, then it is sent, then the service's
 * id for it is on disk. */

#include "relais-run-job-private.h"

#include "relais-error.h"

/* A batch whose contacts are refused one by one is none of a few bad rows. */
#define MAX_REFUSED_BATCHES 100

static void accepted_written_cb (GObject      *object,
                                 GAsyncResult *result,
                                 gpointer      user_data);

static void
write_batch (RelaisParcel        *parcel,
             GAsyncReadyCallback  callback)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  relais_journal_put_batch_async (job->journal, job->record->id, relais_run_job_get_lead (job), relais_prepared_batch_get_record (parcel->batch),
                                  NULL, callback, parcel);
}

/* The parcel was being sent and is not any more. */
static void
leave_sending (RelaisRunJob *job)
{
  g_assert (job->n_sending > 0);
  job->n_sending--;
}

/* It certainly did not arrive, so it was not sent. */
static void
unsend (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisBatchRecord *record = relais_prepared_batch_get_record (parcel->batch);

  if (record->sendings == 2 && !parcel->leaving)
    job->record->batches_repeated--;
  record->sendings--;
  parcel->overstated = TRUE;
  relais_run_job_uncount_repetition (parcel);
}

static void
put_back_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  /* Where this fails, the batch is taken for one in doubt, which does no harm. */
  relais_journal_write_finish (RELAIS_JOURNAL (object), result, NULL);
  relais_run_job_get (task)->n_writing--;
  relais_run_job_end_if_done (task);
}

/**
 * relais_run_job_put_back:
 * @parcel: (transfer full): a parcel that is not sent by this run any more
 *
 * It waits in the journal for the day the run goes on. That it was about to
 * leave is taken back when it certainly did not.
 */
void
relais_run_job_put_back (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  if (parcel->leaving)
    relais_run_job_take_back_leaving (parcel);
  else if (parcel->overstated)
    {
      job->n_writing++;
      relais_journal_put_batch_async (job->journal, job->record->id, relais_run_job_get_lead (job), relais_prepared_batch_get_record (parcel->batch),
                                      NULL, put_back_cb, g_object_ref (parcel->task));
    }
  relais_parcel_free (parcel);
}

/**
 * relais_run_job_withdraw:
 * @parcel: (transfer full): a parcel whose contacts need not be sent after all
 */
void
relais_run_job_withdraw (RelaisParcel *parcel)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);

  leave_sending (relais_run_job_get (task));
  relais_parcel_free (parcel);
  relais_run_job_pump (task);
}

/* Gives up a parcel for the day the run goes on. */
static void
drop (RelaisParcel *parcel)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);

  leave_sending (relais_run_job_get (task));
  relais_run_job_put_back (parcel);
  relais_run_job_end_if_done (task);
}

static void
send_again_later (RelaisParcel *parcel,
                  const GError *error)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  RelaisRunJob *job = relais_run_job_get (task);

  leave_sending (job);
  if (relais_error_is_in_doubt (error) && !relais_parcel_may_repeat (parcel))
    {
      relais_parcel_free (parcel);
      relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  if (!relais_error_is_in_doubt (error))
    unsend (parcel);
  g_queue_push_tail (&job->again, parcel);
  relais_run_job_pause (task, error);
}

/**
 * relais_run_job_written_cb:
 * @object: the journal
 * @result: of a write that nothing waits for, and that is counted in `n_writing`
 * @user_data: (transfer full): the task of the run
 *
 * Without it the run cannot go on.
 */
void
relais_run_job_written_cb (GObject      *object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_writing--;
  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    {
      relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  relais_run_job_pump (task);
}

/**
 * relais_run_job_halve:
 * @parcel: (transfer full): a parcel of several contacts, one of which does not go through
 *
 * It is sent in halves, until whoever it is stands alone. The
 * service names positions, but whether from 0 or from 1 is not known, so its
 * word is not taken for it. The halves go first: few parts are open at once.
 */
void
relais_run_job_halve (RelaisParcel *parcel)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  guint n = relais_prepared_batch_get_n_contacts (parcel->batch);
  guint cuts[] = { 0, n / 2, n };
  const RelaisBatchRecord *whole = relais_prepared_batch_get_record (parcel->batch);
  guint number = whole->number;
  /* What the whole was sent its people were; a sending that was refused has been taken back. */
  guint sendings = whole->sendings;
  gboolean leaving = parcel->leaving;

  if (sendings > 1 && !leaving)
    job->record->batches_repeated++;   /* there are two of it now */
  for (int i = 1; i >= 0; i--)
    {
      RelaisPreparedBatch *part = relais_prepared_batch_take_part (parcel->batch, cuts[i], cuts[i + 1]);
      RelaisParcel *half = relais_parcel_new (task, part);
      RelaisBatchRecord *record;

      relais_prepared_batch_close (part, &job->hash_key);
      record = relais_prepared_batch_get_record (part);
      record->number = leaving ? 0 : job->next_number++;
      record->state = RELAIS_BATCH_INTENT;
      record->sendings = sendings;
      half->leaving = leaving;
      half->overstated = leaving;
      g_ptr_array_add (records, record);
      g_queue_push_head (&job->again, half);
    }
  relais_parcel_free (parcel);
  if (leaving)
    {
      relais_run_job_pump (task);
      return;
    }

  job->n_writing++;
  relais_journal_replace_batch_async (job->journal, job->record->id, number, records, NULL,
                                      relais_run_job_written_cb, g_object_ref (task));
}

static void
refuse (RelaisParcel *parcel,
        const GError *error)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  RelaisRunJob *job = relais_run_job_get (task);
  gboolean leaving = parcel->leaving;

  relais_run_job_succeeded (task);
  leave_sending (job);
  if (relais_prepared_batch_get_n_contacts (parcel->batch) > 1)
    {
      unsend (parcel);
      relais_run_job_halve (parcel);
    }
  else
    relais_run_job_settle (parcel, RELAIS_BATCH_REFUSED, RELAIS_REASON_REFUSED_BECAUSE, error->message);
  if (++job->n_refused_batches < MAX_REFUSED_BATCHES)
    return;
  if (leaving)
    relais_run_job_give_up_leaving (task, error);
  else
    relais_run_job_stop (task, RELAIS_RUN_FAILURE, error);
}

static void
accept (RelaisParcel *parcel)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);

  leave_sending (relais_run_job_get (task));
  relais_run_job_await (parcel);
  relais_run_job_pump (task);
}

/* Of people who are taken off nothing more is to be written down than that an import may have left. */
static void
take_receipt (RelaisParcel        *parcel,
              const RelaisReceipt *receipt)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisBatchRecord *record = relais_prepared_batch_get_record (parcel->batch);

  if (receipt->repeated && parcel->leaving)
    job->record->leavers.repeated++;
  if (receipt->repeated && record->sendings == 1)
    {
      record->sendings++;
      job->record->batches_repeated += !parcel->leaving;
    }
  record->state = RELAIS_BATCH_ACCEPTED;
  g_free (record->remote_id);
  record->remote_id = g_strdup (receipt->batch_id);
  record->queued = receipt->queued;
  if (parcel->leaving)
    {
      accept (parcel);
      return;
    }
  job->record->batches_accepted++;
  write_batch (parcel, accepted_written_cb);
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  gboolean has_left;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisReceipt) receipt = relais_client_import_finish (RELAIS_CLIENT (object), result, &has_left, &error);

  parcel->left_at = relais_client_import_get_sent_at (result);
  if (parcel->leaving)
    relais_run_job_note_leaving (parcel);
  if (receipt != NULL)
    {
      relais_run_job_succeeded (parcel->task);
      job->n_refused_batches = 0;
      take_receipt (parcel, receipt);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (!has_left)
        unsend (parcel);
      drop (parcel);
    }
  else if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_INVALID))
    refuse (parcel, error);
  else if (relais_run_job_is_fatal (parcel->task, error, parcel->asked_at))
    {
      g_autoptr (GTask) task = g_object_ref (parcel->task);

      leave_sending (job);
      unsend (parcel);
      relais_run_job_put_back (parcel);
      relais_run_job_stop (task, RELAIS_RUN_FAILURE, error);
    }
  else
    send_again_later (parcel, error);
}

/**
 * relais_run_job_import:
 * @parcel: (transfer full): a parcel that is about to leave
 * @error: (nullable): why that could not be written down
 */
void
relais_run_job_import (RelaisParcel *parcel,
                       const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  if (error != NULL)
    {
      g_autoptr (GTask) task = g_object_ref (parcel->task);

      leave_sending (job);
      relais_parcel_free (parcel);
      relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  if (job->stopping)
    {
      unsend (parcel);
      drop (parcel);
      return;
    }
  parcel->asked_at = g_get_monotonic_time ();
  /* Automations could run twice for a batch that arrives twice, so that is asked before. */
  relais_client_import_async (job->client, relais_prepared_batch_get_payload (parcel->batch),
                              relais_prepared_batch_get_n_contacts (parcel->batch),
                              relais_parcel_may_repeat (parcel), job->abort, imported_cb, parcel);
}

static void
intent_written_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error);
  relais_run_job_import (user_data, error);
}

static void
accepted_written_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  g_autoptr (GError) error = NULL;

  if (relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    {
      accept (parcel);
      return;
    }
  leave_sending (relais_run_job_get (task));
  relais_parcel_free (parcel);
  relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
}

/**
 * relais_run_job_send:
 * @parcel: (transfer full): a parcel whose batch is closed and numbered
 *
 * Sends it, and sees to it until it is accepted, refused or given up. Before that it puts back on the list whoever of it
 * may be.
 */
void
relais_run_job_send (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisBatchRecord *record = relais_prepared_batch_get_record (parcel->batch);

  if (!parcel->leaving && relais_run_job_return_people (parcel))
    return;
  record->state = RELAIS_BATCH_INTENT;
  g_clear_pointer (&record->remote_id, g_free);
  record->queued = -1;
  record->sendings++;
  parcel->overstated = FALSE;
  job->n_sending++;
  if (parcel->leaving)
    {
      relais_run_job_intend_leaving (parcel);
      return;
    }
  if (record->sendings == 2)
    job->record->batches_repeated++;
  write_batch (parcel, intent_written_cb);
}
