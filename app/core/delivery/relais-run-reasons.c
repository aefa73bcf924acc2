/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The importer names who failed and never says why. Asked about somebody on
 * their own, the service does. The question creates a contact where there is none, with nothing but
 * its address, and puts nobody on a list; so only so many are asked about in a run. */

#include "relais-run-job-private.h"

#include "relais-error.h"

static void ask_next (RelaisParcel *parcel);

/* Contacts of batches that left before this one, and whose result is still to come: the service has taken them first. */
static guint64
count_ahead (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  guint number = relais_prepared_batch_get_record (parcel->batch)->number;
  guint64 n = 0;

  for (guint i = 0; i < job->awaiting->len; i++)
    {
      const RelaisParcel *other = g_ptr_array_index (job->awaiting, i);

      if (relais_prepared_batch_get_record (other->batch)->number < number)
        n += relais_prepared_batch_get_n_contacts (other->batch);
    }

  return n;
}

/* The plan had room for fewer than were new, and as many have arrived since: so says arithmetic, not the service. */
static gboolean
is_probably_full (RelaisParcel *parcel,
                  guint64       left)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  return relais_preparation_get_n_new (job->preparation) > left && job->n_arrived + count_ahead (parcel) >= left;
}

/* Whoever was refused without a reason that is known, and stands behind as many rows as there was room for */
static void
suspect_plan (RelaisParcel *parcel)
{
  guint64 left = relais_guard_get_room_left (relais_run_job_get (parcel->task)->guard);

  if (!is_probably_full (parcel, left))
    return;
  for (guint i = 0; i < parcel->outcomes->len; i++)
    {
      RelaisReason *reason = &g_array_index (parcel->outcomes, RelaisOutcome, i).reason;

      if (relais_prepared_batch_get_contact (parcel->batch, i)->row <= left)
        continue;
      if (*reason == RELAIS_REASON_REFUSED || *reason == RELAIS_REASON_NOT_ON_LIST)
        *reason = RELAIS_REASON_PROBABLY_FULL;
    }
}

static void
account (RelaisParcel *parcel)
{
  suspect_plan (parcel);
  relais_run_job_account (parcel);
}

/* Returns: whether the next one is worth asking about too */
static gboolean
take_answer (RelaisOutcome *outcome,
             const GError  *error)
{
  if (error == NULL)
    outcome->reason = RELAIS_REASON_NOT_ON_LIST;
  else if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_INVALID))
    {
      outcome->reason = RELAIS_REASON_REFUSED_BECAUSE;
      g_free (outcome->detail);
      outcome->detail = g_strdup (error->message);
    }
  else
    return FALSE;

  return TRUE;
}

static void
synced_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  g_autoptr (GError) error = NULL;

  job->n_inquiring--;
  relais_client_sync_contact_finish (RELAIS_CLIENT (object), result, NULL, &error);
  /* The row is accounted for without a reason too: trouble is no reason to hold it up. */
  if (take_answer (&g_array_index (parcel->outcomes, RelaisOutcome, parcel->asking_about), error))
    {
      parcel->asking_about++;
      ask_next (parcel);
    }
  else
    {
      if (!relais_error_is_temporary (error))
        job->n_questions = job->times.most_questions;
      account (parcel);
    }
}

static void
ask_next (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  guint *at = &parcel->asking_about;

  while (*at < parcel->outcomes->len && g_array_index (parcel->outcomes, RelaisOutcome, *at).reason != RELAIS_REASON_REFUSED)
    (*at)++;
  if (*at == parcel->outcomes->len || job->stopping || job->n_questions >= job->times.most_questions)
    {
      account (parcel);
      return;
    }
  job->n_questions++;
  job->n_inquiring++;
  relais_client_sync_contact_async (job->client, relais_prepared_batch_get_email (parcel->batch, *at), job->abort,
                                    synced_cb, parcel);
}

/**
 * relais_run_job_ask_why:
 * @parcel: (transfer full): a parcel whose outcomes are known
 *
 * Asks about those that were refused without a reason, and accounts for all of them then.
 */
void
relais_run_job_ask_why (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  for (guint i = 0; i < parcel->outcomes->len; i++)
    job->n_arrived += g_array_index (parcel->outcomes, RelaisOutcome, i).reason == RELAIS_REASON_NONE;
  parcel->asking_about = 0;
  ask_next (parcel);
}
