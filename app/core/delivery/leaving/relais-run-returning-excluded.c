/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service refuses whom the account excludes when they are sent, and not when they are put back on a list; and the guard has
 * asked whom that is when the run began. So it is asked once more before anybody is put back: for all of them, because
 * they come in an order that is not documented, and one may have been changed without being new. Most accounts have so few
 * that this is a single question. What it brings holds for everybody for a short while, which counts from when it was asked: whom the
 * account has excluded since may be on none of the answers. Where they are so many that asking takes longer than that, it
 * holds for a moment all the same, so that it is not asked once for everybody. */

#include "relais-run-returning-private.h"

#include "relais-steady-time.h"

#include <string.h>

typedef struct
{
  RelaisParcel         *parcel;
  RelaisExcludedAnswer  answered;
} Waiting;

struct _RelaisExcluded
{
  RelaisGuard  *guard;        /* (owned) (nullable): while it asks */
  RelaisBarred *barred;       /* (owned) (nullable): whom it was told last */
  gint64        began_at;     /* of relais_steady_time(), as the next one */
  gint64        fresh_until;
  GArray       *waiting;      /* (owned) (element-type Waiting) */
};

/*
 * relais_excluded_free:
 * @self: (transfer full): nobody waits for it
 */
void
relais_excluded_free (RelaisExcluded *self)
{
  g_clear_object (&self->guard);
  g_clear_pointer (&self->barred, relais_barred_unref);
  g_array_unref (self->waiting);
  g_free (self);
}

static RelaisExcluded *
get_excluded (RelaisRunJob *job)
{
  if (job->excluded == NULL)
    {
      job->excluded = g_new0 (RelaisExcluded, 1);
      job->excluded->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
    }

  return job->excluded;
}

static void
told_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisExcluded *self = job->excluded;
  gint64 fresh = job->times.freshness * G_USEC_PER_SEC;
  g_autoptr (GArray) waiting = g_steal_pointer (&self->waiting);
  g_autoptr (GError) error = NULL;

  self->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  self->barred = relais_guard_ask_finish (RELAIS_GUARD (object), result, &error);
  self->fresh_until = MAX (self->began_at + fresh, relais_steady_time () + fresh / 2);
  g_clear_object (&self->guard);
  for (guint i = 0; i < waiting->len; i++)
    {
      const Waiting *one = &g_array_index (waiting, Waiting, i);

      one->answered (one->parcel, error);
    }
}

/*
 * relais_run_returning_ask_excluded:
 * @parcel: (transfer full): a parcel
 * @answered: called with it when the account has answered, or with why it has not
 *
 * Asks whom the account excludes by now; once for all who want to know that at the same time.
 */
void
relais_run_returning_ask_excluded (RelaisParcel         *parcel,
                                   RelaisExcludedAnswer  answered)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisExcluded *self = get_excluded (job);
  Waiting waiting = { parcel, answered };

  parcel->asked_at = g_get_monotonic_time ();
  g_array_append_val (self->waiting, waiting);
  if (self->guard != NULL)
    return;
  g_clear_pointer (&self->barred, relais_barred_unref);
  self->guard = relais_guard_new_of_exclusions (job->client, job->definition->list_id, &job->hash_key);
  self->began_at = relais_steady_time ();
  relais_guard_ask_async (self->guard, job->abort, told_cb, g_object_ref (parcel->task));
}

/*
 * relais_run_returning_knows_excluded:
 * @job: of a run
 *
 * Returns: whether it was told a short while ago whom the account excludes, or that this is not told
 */
gboolean
relais_run_returning_knows_excluded (RelaisRunJob *job)
{
  const RelaisExcluded *self = job->excluded;

  return self != NULL && self->barred != NULL && relais_steady_time () <= self->fresh_until;
}

/*
 * relais_run_returning_judge_excluded:
 * @parcel: of a run that knows it
 *
 * Returns: why whoever of it would be put back may not be, RELAIS_REASON_NONE when the account does not exclude them. Where it cannot be told for
 *   certain, nobody may
 */
RelaisReason
relais_run_returning_judge_excluded (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  const RelaisPreparedContact *contact = relais_prepared_batch_get_contact (parcel->batch, parcel->returning);
  const char *email = relais_prepared_batch_get_email (parcel->batch, parcel->returning);
  RelaisBarred *barred = job->excluded->barred;
  char folded[RELAIS_ADDRESS_SIZE];
  gsize length = relais_address_fold (email, strlen (email), folded);

  if (relais_barred_has_gaps (barred, RELAIS_GAP_EXCLUSIONS) || relais_barred_has_gaps (barred, RELAIS_GAP_SOME_EXCLUSIONS))
    {
      relais_barred_add_gaps (job->barred, RELAIS_GAP_HELD_BACK_LATER);
      return RELAIS_REASON_UNSUBSCRIBED;
    }

  return relais_barred_find (barred, contact->fingerprint.profile, folded, length);
}
