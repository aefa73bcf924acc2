/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Of whoever left the segment nothing is known but what stands for the address, so the list is gone through for them. */

#include "relais-run-leaving-private.h"

#include "relais-error.h"
#include "relais-journal-last-sent.h"
#include "relais-profile.h"
#include "relais-steady-time.h"

#include <string.h>

static int
compare_removals (gconstpointer a,
                  gconstpointer b)
{
  const RelaisRemoval *one = *(const RelaisRemoval * const *) a, *other = *(const RelaisRemoval * const *) b;

  return relais_profile_compare (one->profile, other->profile);
}

/* Returns: (transfer none) (nullable): how somebody stood before */
static const RelaisRemoval *
find_removal (RelaisLeaving *self,
              const guint32  profile[3])
{
  RelaisRemoval wanted, *key = &wanted;
  gpointer *found;

  memcpy (wanted.profile, profile, sizeof wanted.profile);
  if (self->removals->len == 0)
    return NULL;
  found = bsearch (&key, self->removals->pdata, self->removals->len, sizeof (gpointer), compare_removals);

  return found != NULL ? *found : NULL;
}

/* Whoever is not on the list left by their own will, or is gone. If an earlier attempt may have taken them off, nobody can tell
 * which it was. For whom another export has put there too that one answers from now on: each would wait for the other
 * otherwise, when they leave both segments. Whoever joined the list without Relais is not looked for again. */
static void
let_go (RelaisRunJob *job,
        GPtrArray    *removals,
        GArray       *forgotten)
{
  RelaisLeaving *self = job->leaving;

  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);
      RelaisFingerprint fingerprint = relais_fingerprint_of (leaver->profile, 0);

      if (leaver->shared || leaver->joined)
        g_array_append_val (forgotten, fingerprint);
      if (leaver->state != RELAIS_LEAVER_SOUGHT)
        continue;
      relais_leaver_settle (self, leaver, RELAIS_LEAVER_GONE);
      g_array_append_val (forgotten, fingerprint);
      if (find_removal (self, leaver->profile) != NULL)
        {
          g_ptr_array_add (removals, relais_removal_new (job->record->list_id, leaver->profile, RELAIS_REMOVAL_DOUBT, NULL));
          leaver->no_way_back = TRUE;
          self->n_no_way_back++;
        }
    }
}

/* Whether the account named this person among those who are off the list, when the guard asked for them. */
static gboolean
is_seen_off (RelaisRunJob *job,
             RelaisLeaver *leaver)
{
  RelaisReason reason = relais_barred_find (job->barred, leaver->profile, "", 0);
  const RelaisReturner *returner = relais_returning_find (job->returning, leaver->profile);

  return reason == RELAIS_REASON_UNSUBSCRIBED || reason == RELAIS_REASON_BOUNCED ||
         (returner != NULL && returner->standing != RELAIS_RETURNER_UNSEEN);
}

static void
settle_unshown (RelaisRunJob *job,
                gboolean      may_be_back)
{
  RelaisLeaving *self = job->leaving;

  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);

      if (leaver->state == RELAIS_LEAVER_SOUGHT && (may_be_back || !is_seen_off (job, leaver)))
        relais_leaver_settle (self, leaver, RELAIS_LEAVER_UNSHOWN);
    }
}

/* What the account shows lags behind its imports. Whoever is nowhere to be seen may have been put on the list by what the export
 * sent last, when that is not long ago: that tells nothing of where they are, and the next run looks again. */
static void
let_go_of_shown (RelaisRunJob *job,
                 GPtrArray    *removals,
                 GArray       *forgotten)
{
  settle_unshown (job, FALSE);
  let_go (job, removals, forgotten);
}

/* Where somebody was put back just now, even that people are shown as off the list may be how they were before. */
static void
let_go_of_found (RelaisRunJob *job,
                 GPtrArray    *removals,
                 GArray       *forgotten)
{
  settle_unshown (job, TRUE);
  let_go (job, removals, forgotten);
}

/* The list was looked at a while ago, if going through it took its time: what counts is whether it could be shown then. What was done in
 * the time to come was done while this computer's clock was ahead: nobody knows when. Where it counted, it would until then.
 *
 * Returns: whether that may not have been shown yet */
static gboolean
is_fresh (RelaisRunJob *job,
          gint64        at)
{
  gint64 now = g_get_real_time ();
  gint64 looked_at = now - (relais_steady_time () - job->leaving->sought_at);

  return at > 0 && at <= now && looked_at - at < job->times.unshown * G_USEC_PER_SEC;
}

static void
last_sent_read_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  RelaisLastSent last_sent = { 0 };
  RelaisLeavingWork work = let_go;

  relais_journal_read_last_sent_finish (RELAIS_JOURNAL (object), result, &last_sent, &error);
  if (!relais_run_leaving_take_answer (task, error))
    return;
  if (is_fresh (job, last_sent.put_back_at))
    work = let_go_of_found;
  else if (is_fresh (job, last_sent.at))
    work = let_go_of_shown;
  relais_run_leaving_work (task, work, relais_run_leaving_send);
}

static void
sought (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  if (self->trouble != NULL)
    {
      self->n_postponed = relais_leaving_count (self, RELAIS_LEAVER_SOUGHT, RELAIS_LEAVER_ACTIVE);
      relais_run_leaving_postpone (task);
    }
  else if (self->n_found == self->n_sought)
    relais_run_leaving_work (task, let_go, relais_run_leaving_send);
  else
    {
      job->n_asking++;
      relais_journal_read_last_sent_async (job->journal, job->record->id, NULL, last_sent_read_cb, g_object_ref (task));
    }
}

/* Whoever is not on the list any more although their import failed is off it, by that or by their own will. */
static void
doubt_failed (RelaisRunJob *job,
              GPtrArray    *removals,
              GArray       *fingerprints)
{
  RelaisLeaving *self = job->leaving;

  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);

      if (leaver->state == RELAIS_LEAVER_FAILED)
        relais_leaver_settle (self, leaver, RELAIS_LEAVER_UNSURE);
    }
}

static void
sought_again (GTask *task)
{
  relais_run_leaving_work (task, doubt_failed, relais_run_leaving_send);
}

static RelaisLeaverState
get_sought_state (const RelaisLeaving *self)
{
  return self->tried_again ? RELAIS_LEAVER_FAILED : RELAIS_LEAVER_SOUGHT;
}

/* An attempt of this run that broke off may have sent them. */
static gboolean
was_sent (RelaisLeaving      *self,
          const RelaisLeaver *leaver)
{
  const RelaisRemoval *removal = find_removal (self, leaver->profile);

  return removal != NULL && removal->own && removal->state == RELAIS_REMOVAL_INTENT;
}

static void
take_one (RelaisRunJob              *job,
          RelaisLeaver              *leaver,
          const RelaisRemoteContact *contact)
{
  RelaisLeaving *self = job->leaving;

  /* The report names whoever stays, too. */
  if (leaver->email == NULL)
    leaver->email = g_strdup (contact->email);
  if (leaver->state != get_sought_state (self))
    return;
  self->n_found++;
  if (!relais_leaving_take_joined (self, job, leaver, contact))
    return;
  g_free (leaver->email);
  leaver->email = g_strdup (contact->email);
  leaver->left_at = leaver->done_at = 0;
  leaver->sent_before = leaver->sent_before || was_sent (self, leaver);
  relais_leaver_settle (self, leaver, RELAIS_LEAVER_ACTIVE);
  self->n_active++;
}

static gboolean
take_active (GPtrArray *contacts,
             gpointer   user_data)
{
  return relais_run_leaving_take_page (user_data, contacts, take_one);
}

/*
 * relais_run_leaving_seek:
 * @task: of a run that knows who left the segment, or whose imports of some of them have failed
 *
 * Looks who of them is on the list.
 */
void
relais_run_leaving_seek (GTask *task)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  self->n_sought = relais_leaving_count (self, get_sought_state (self), get_sought_state (self));
  if (self->n_sought == 0)
    {
      relais_run_leaving_work (task, let_go, relais_run_leaving_send);
      return;
    }
  self->sought_at = relais_steady_time ();
  relais_run_leaving_walk (task, RELAIS_LIST_STATUS_ACTIVE, take_active, self->tried_again ? sought_again : sought);
}
