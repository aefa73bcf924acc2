/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accepted is not done: the service only queues an import. Its result is
 * asked for until it is known. */

#include "relais-run-job-private.h"

#include "relais-error.h"
#include "relais-steady-time.h"

#define MAX_LOOKING         2   /* questions under way; they share the pace with the imports */
#define MAX_LOOKING_FREELY  8   /* where the account has no limit */
#define MAX_NOT_FOUND       5

static void schedule_look (GTask *task);

static void
look_cb (gpointer user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);

  job->look_source = 0;
  relais_run_job_look (task);
}

static void
schedule_look (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  gint64 next = G_MAXINT64;
  gint64 now = g_get_monotonic_time ();

  if (job->ended || g_cancellable_is_cancelled (job->abort))
    return;
  for (guint i = 0; i < job->awaiting->len; i++)
    {
      const RelaisParcel *parcel = g_ptr_array_index (job->awaiting, i);

      if (!parcel->looking)
        next = MIN (next, parcel->look_at);
    }
  g_clear_handle_id (&job->look_source, g_source_remove);
  if (next == G_MAXINT64)
    return;
  next = MAX (next, MAX (now, job->paused_until));
  job->look_source = g_timeout_add_once ((next - now) / 1000 + 1, look_cb, task);
}

/* The import was not done at @told_at, and is asked about next in @gap microseconds: later than that, and a little, it may have
 * been done for long when it is seen to be. */
static void
note_not_done (RelaisParcel *parcel,
               gint64        told_at,
               gint64        gap)
{
  parcel->known_until = told_at + gap + relais_run_job_get (parcel->task)->times.freshness * G_USEC_PER_SEC;
}

/**
 * relais_run_job_await:
 * @parcel: (transfer full): a parcel that the service has accepted
 */
void
relais_run_job_await (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  gint64 first = MAX (job->look_latency, (gint64) (job->times.first_look * G_USEC_PER_SEC));

  parcel->accepted_at = g_get_monotonic_time ();
  parcel->look_gap = MAX (first / 4, (gint64) (job->times.first_look * G_USEC_PER_SEC));
  parcel->look_at = parcel->accepted_at + first;
  note_not_done (parcel, parcel->left_at, first);
  parcel->looking = FALSE;
  g_ptr_array_add (job->awaiting, parcel);
  job->awaiting_bytes += relais_prepared_batch_get_memory (parcel->batch);
  schedule_look (parcel->task);
}

static void
leave_awaiting (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  if (g_ptr_array_remove_fast (job->awaiting, parcel))
    job->awaiting_bytes -= relais_prepared_batch_get_memory (parcel->batch);
}

static void
put_off (RelaisParcel *parcel)
{
  gint64 longest = relais_run_job_get (parcel->task)->times.longest_look * G_USEC_PER_SEC;

  parcel->look_at = g_get_monotonic_time () + parcel->look_gap;
  parcel->look_gap = MIN (parcel->look_gap + parcel->look_gap / 2, longest);
}

static void
look_later (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  gint64 now = g_get_monotonic_time ();

  if (now - parcel->accepted_at > job->times.import_deadline * G_USEC_PER_SEC)
    {
      leave_awaiting (parcel);
      relais_run_job_settle (parcel, RELAIS_BATCH_UNKNOWN, RELAIS_REASON_UNKNOWN_OUTCOME, NULL);
      return;
    }
  put_off (parcel);
}

/* The service gave up on its side. Sending it once more is generally safe
 * (so its staff say), unless automations could run twice. A run that is stopped
 * leaves it for the day it goes on. Of people who are taken off it is asked first who is on the list still. */
static void
import_failed (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  leave_awaiting (parcel);
  if (job->stopping)
    {
      relais_parcel_free (parcel);
      return;
    }
  if (parcel->leaving || parcel->was_failed || !relais_parcel_may_repeat (parcel))
    {
      relais_run_job_settle (parcel, RELAIS_BATCH_REFUSED, RELAIS_REASON_IMPORT_FAILED, NULL);
      return;
    }
  parcel->was_failed = TRUE;
  job->record->batches_accepted--;
  relais_run_job_send (parcel);
}

static void
look_failed (RelaisParcel *parcel,
             const GError *error)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);

  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND) ||
      g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_INVALID))
    {
      if (++parcel->n_not_found >= MAX_NOT_FOUND)
        {
          leave_awaiting (parcel);
          relais_run_job_settle (parcel, RELAIS_BATCH_UNKNOWN, RELAIS_REASON_UNKNOWN_OUTCOME, NULL);
          return;
        }
      look_later (parcel);
    }
  else if (relais_run_job_get (task)->stopping)
    put_off (parcel);   /* there is no pause any more */
  else if (relais_run_job_is_fatal (task, error, parcel->asked_at))
    {
      put_off (parcel);
      relais_run_job_stop (task, RELAIS_RUN_FAILURE, error);
    }
  else
    relais_run_job_pause (task, error);
}

static void
learn_latency (RelaisRunJob       *job,
               const RelaisParcel *parcel)
{
  gint64 latency = g_get_monotonic_time () - parcel->accepted_at;
  gint64 longest = job->times.longest_look * G_USEC_PER_SEC;

  /* What was waited for while nothing got through tells nothing of how long imports take. */
  if (parcel->accepted_at < job->resumed_at)
    return;
  /* A little less each time, so that it is noticed when imports get quicker. */
  job->look_latency = MIN ((job->look_latency * 3 + latency * 9 / 10) / 4, longest);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  g_autoptr (GError) error = NULL;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (RelaisImportInfo) info = relais_client_import_info_finish (RELAIS_CLIENT (object), result, &error);

  job->n_looking--;
  parcel->looking = FALSE;
  if (info != NULL)
    relais_run_job_succeeded (task);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    look_failed (parcel, error);

  switch (info != NULL ? (int) info->state : -1)
    {
    case RELAIS_IMPORT_COMPLETED:
      learn_latency (job, parcel);
      leave_awaiting (parcel);
      relais_run_job_conclude (parcel, info);
      break;

    case RELAIS_IMPORT_FAILED:
    case RELAIS_IMPORT_INTERRUPTED:
      import_failed (parcel);
      break;

    case RELAIS_IMPORT_PENDING:
      note_not_done (parcel, parcel->looked_at, parcel->look_gap);
      look_later (parcel);
      break;

    default:
      break;
    }
  relais_run_job_look (task);
  relais_run_job_end_if_done (task);
}

static RelaisParcel *
find_due (RelaisRunJob *job,
          gint64        now)
{
  RelaisParcel *due = NULL;

  for (guint i = 0; i < job->awaiting->len; i++)
    {
      RelaisParcel *parcel = g_ptr_array_index (job->awaiting, i);

      if (!parcel->looking && parcel->look_at <= now && (due == NULL || parcel->look_at < due->look_at))
        due = parcel;
    }

  return due;
}

/**
 * relais_run_job_look:
 * @task: of the run
 *
 * Asks for the results that are due.
 */
void
relais_run_job_look (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  guint most = job->unlimited ? MAX_LOOKING_FREELY : MAX_LOOKING;
  gint64 now = g_get_monotonic_time ();

  while (!job->ended && !g_cancellable_is_cancelled (job->abort) && now >= job->paused_until && job->n_looking < most)
    {
      RelaisParcel *parcel = find_due (job, now);

      if (parcel == NULL)
        break;
      parcel->looking = TRUE;
      parcel->asked_at = now;
      parcel->looked_at = relais_steady_time ();
      job->n_looking++;
      relais_client_import_info_async (job->client, relais_prepared_batch_get_record (parcel->batch)->remote_id,
                                       job->abort, looked_cb, parcel);
    }
  if (job->n_looking < most)
    schedule_look (task);
}
