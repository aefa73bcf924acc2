/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A batch whose fate is known is accounted for, contact by contact. */

#include "relais-run-job-private.h"

#include "relais-address.h"

#include <string.h>

/* Of batches of which the service queued less than it was sent, and does not say for sure whom. */
#define MAX_SPLITS 100

static void
clear_outcome (gpointer data)
{
  g_free (((RelaisOutcome *) data)->detail);
}

/**
 * relais_run_job_set_outcomes:
 * @parcel: a parcel
 * @reason: until something else is known, how everyone of it fared
 * @detail: (nullable): the service's own text
 */
void
relais_run_job_set_outcomes (RelaisParcel *parcel,
                             RelaisReason  reason,
                             const char   *detail)
{
  guint n = relais_prepared_batch_get_n_contacts (parcel->batch);

  g_clear_pointer (&parcel->outcomes, g_array_unref);
  parcel->outcomes = g_array_sized_new (FALSE, TRUE, sizeof (RelaisOutcome), n);
  g_array_set_clear_func (parcel->outcomes, clear_outcome);
  for (guint i = 0; i < n; i++)
    {
      RelaisOutcome outcome = { reason, g_strdup (detail) };

      g_array_append_val (parcel->outcomes, outcome);
    }
}

static guint
count_unknown (const RelaisParcel *parcel)
{
  guint n = 0;

  for (guint i = 0; i < parcel->outcomes->len; i++)
    n += g_array_index (parcel->outcomes, RelaisOutcome, i).reason == RELAIS_REASON_UNKNOWN_OUTCOME;

  return n;
}

/* Whether somebody who was not delivered for sure may be on the list all the same: the service accepted the batch and failed
 * then, or an earlier sending of it may have arrived. */
static gboolean
may_have_arrived (const RelaisBatchRecord *record)
{
  return record->state == RELAIS_BATCH_UNKNOWN ||
         (record->state == RELAIS_BATCH_REFUSED && (record->remote_id != NULL || record->sendings > 1));
}

/* Writing it down */

static void
settled_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  g_autoptr (GError) error = NULL;
  RelaisRunJob *job = relais_run_job_get (task);
  const RelaisBatchRecord *record = relais_prepared_batch_get_record (parcel->batch);

  job->n_settling--;
  if (relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    {
      job->n_delivered += record->delivered;
      job->n_refused += record->refused;
      job->n_unknown += count_unknown (parcel);
      relais_run_job_report (task);
    }
  relais_parcel_free (parcel);
  if (error != NULL)
    relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
  else
    relais_run_job_pump (task);
}

/**
 * relais_run_job_account:
 * @parcel: (transfer full): a parcel whose outcomes are known
 *
 * Writes down what became of each contact and remembers those that arrived, or may have: the export answers for these too,
 * and sends them again.
 */
void
relais_run_job_account (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisBatchRecord *record = relais_prepared_batch_get_record (parcel->batch);
  guint n = relais_prepared_batch_get_n_contacts (parcel->batch);
  g_autofree RelaisFingerprint *fingerprints = NULL;
  gsize n_held = 0;
  g_autoptr (GPtrArray) rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);

  if (parcel->leaving)
    {
      relais_run_job_account_leaving (parcel);
      return;
    }
  fingerprints = g_new (RelaisFingerprint, n);
  record->delivered = 0;
  for (guint i = 0; i < n; i++)
    {
      const RelaisPreparedContact *contact = relais_prepared_batch_get_contact (parcel->batch, i);
      const RelaisOutcome *outcome = &g_array_index (parcel->outcomes, RelaisOutcome, i);

      if (outcome->reason == RELAIS_REASON_NONE)
        {
          fingerprints[n_held++] = contact->fingerprint;
          record->delivered++;
          continue;
        }
      if (may_have_arrived (record))
        fingerprints[n_held++] = relais_fingerprint_of (contact->fingerprint.profile, RELAIS_CONTENT_UNKNOWN);
      g_ptr_array_add (rejections, relais_rejection_new (contact->row, relais_prepared_batch_get_email (parcel->batch, i), -1,
                                                         RELAIS_ROW_REFUSED, outcome->reason, outcome->detail));
    }
  record->refused = n - record->delivered;

  job->n_settling++;
  relais_journal_settle_batch_async (job->journal, job->record->id, relais_run_job_get_lead (job), record, rejections,
                                     fingerprints, n_held, NULL, settled_cb, parcel);
}

/**
 * relais_run_job_settle:
 * @parcel: (transfer full): a parcel of which nobody arrived for sure
 * @state: refused or unknown
 * @reason: for all of its contacts
 * @detail: (nullable): the service's own text
 */
void
relais_run_job_settle (RelaisParcel     *parcel,
                       RelaisBatchState  state,
                       RelaisReason      reason,
                       const char       *detail)
{
  relais_prepared_batch_get_record (parcel->batch)->state = state;
  relais_run_job_set_outcomes (parcel, reason, detail);
  relais_run_job_account (parcel);
}

/* What the service says of the import, applied to its contacts */

static char *
dup_folded (const char *email)
{
  char folded[RELAIS_ADDRESS_SIZE];
  gsize length = relais_address_fold (email, MIN (strlen (email), RELAIS_ADDRESS_SIZE - 1), folded);

  return g_strndup (folded, length);
}

static GHashTable *
collect_failures (char **failures)
{
  GHashTable *set;

  if (failures == NULL || failures[0] == NULL)
    return NULL;

  set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; failures[i] != NULL; i++)
    g_hash_table_add (set, dup_folded (failures[i]));

  return set;
}

/* Returns: whether everyone who failed is one of ours: a failure that is nobody
 * leaves open who it was, and then nobody can be said to have arrived */
static gboolean
mark_failures (RelaisParcel  *parcel,
               char         **failures,
               guint         *n_failed)
{
  g_autoptr (GHashTable) left = collect_failures (failures);

  *n_failed = 0;
  for (guint i = 0; left != NULL && i < parcel->outcomes->len; i++)
    {
      g_autofree char *folded = dup_folded (relais_prepared_batch_get_email (parcel->batch, i));

      if (!g_hash_table_remove (left, folded))
        continue;
      g_array_index (parcel->outcomes, RelaisOutcome, i).reason = RELAIS_REASON_REFUSED;
      (*n_failed)++;
    }

  return left == NULL || g_hash_table_size (left) == 0;
}

/* Everyone who is not named as failed. */
static void
mark_others (RelaisParcel *parcel,
             RelaisReason  reason)
{
  for (guint i = 0; i < parcel->outcomes->len; i++)
    {
      RelaisOutcome *outcome = &g_array_index (parcel->outcomes, RelaisOutcome, i);

      if (outcome->reason == RELAIS_REASON_NONE)
        outcome->reason = reason;
    }
}

/* What became of those who are not named as failed */
typedef enum
{
  ALL_ARRIVED,
  SOME_MISSING,  /* or perhaps so, and nobody knows who */
  NONE_ARRIVED,
} Others;

/* The service may queue fewer than it was sent, and is documented to name the others as failed then. But
 * somebody whom it queued can fail too, and for each of those somebody else is missing who is named nowhere.
 * Its list of successes may leave out who was there before: when it and the failures name fewer than were
 * queued it is such a list, and the documentation is taken at its word. Otherwise it may be complete,
 * and some of those who failed were queued. */
static Others
judge_others (RelaisParcel           *parcel,
              const RelaisImportInfo *info,
              guint                   n_failed)
{
  int queued = relais_prepared_batch_get_record (parcel->batch)->queued;
  guint n = parcel->outcomes->len;
  guint n_named = info->n_success + n_failed;

  if (queued < 0 || (guint) queued >= n || n_named >= n)
    return ALL_ARRIVED;
  if (queued == 0)
    return NONE_ARRIVED;

  return queued + n_failed == n && n_named < (guint) queued ? ALL_ARRIVED : SOME_MISSING;
}

static gboolean
may_split (RelaisParcel *parcel)
{
  return relais_run_job_get (parcel->task)->n_splits < MAX_SPLITS && relais_parcel_may_repeat (parcel);
}

/* Some may not have arrived and nobody knows who, so the batch is sent once more in halves, as one that is refused
 * for somebody in it: who was not queued stands alone in the end, and the others arrive. */
static void
split (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  job->n_splits++;
  job->record->batches_accepted -= !parcel->leaving;
  relais_run_job_halve (parcel);
}

/**
 * relais_run_job_conclude:
 * @parcel: (transfer full): a parcel whose import is done
 * @info: what the service says of it
 *
 * Finds out who arrived. Where the service's numbers leave open who was queued, nobody is taken for
 * delivered for that.
 */
void
relais_run_job_conclude (RelaisParcel           *parcel,
                         const RelaisImportInfo *info)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  Others others;
  gboolean certain;
  guint n_failed;

  relais_run_job_set_outcomes (parcel, RELAIS_REASON_NONE, NULL);
  certain = mark_failures (parcel, info->failures, &n_failed);
  others = certain ? judge_others (parcel, info, n_failed) : ALL_ARRIVED;
  if (others == SOME_MISSING && job->stopping)
    {
      /* The day the run goes on its result is asked for again. */
      relais_parcel_free (parcel);
      return;
    }
  if (others == SOME_MISSING && may_split (parcel))
    {
      split (parcel);
      return;
    }

  certain = certain && others != SOME_MISSING;
  if (!certain)
    mark_others (parcel, RELAIS_REASON_UNKNOWN_OUTCOME);
  else if (others == NONE_ARRIVED)
    mark_others (parcel, RELAIS_REASON_REFUSED);
  relais_prepared_batch_get_record (parcel->batch)->state = certain ? RELAIS_BATCH_CONFIRMED : RELAIS_BATCH_UNKNOWN;
  /* Nobody is made a contact for having been taken off. */
  if (parcel->leaving)
    relais_run_job_account (parcel);
  else
    relais_run_job_ask_why (parcel);
}
