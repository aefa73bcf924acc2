/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The importer names who failed and never says why. Asked about somebody on
 * their own, the service does. The question creates a contact where there is none, with nothing but
 * its address, and puts nobody on a list; so only so many are asked about in a run. */

#include "relais-run-job-private.h"

#include "relais-error.h"

static void ask_next (RelaisParcel *parcel);

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
      relais_run_job_account (parcel);
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
      relais_run_job_account (parcel);
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
  parcel->asking_about = 0;
  ask_next (parcel);
}
