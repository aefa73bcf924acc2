/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An import that was done says nothing of how people are on the list now. They are looked for among those who are off it, as
 * often as reading back does: what the account shows lags behind its imports now and then. How somebody is left is written
 * down, so that they can be told later from somebody who left by themselves. */

#include "relais-run-leaving-private.h"

#include <glib/gi18n-lib.h>

#define MAX_ROUNDS  4
#define MANY_FRESH  500  /* people: some pages are read again after a crash, not all */
#define PAUSE_GROWS 3  /* from one round to the next */

/*
 * relais_leaver_is_looked_for:
 * @leaver: somebody who left the segment
 *
 * Returns: whether they were in an import, and it is not known yet whether they are off the list
 */
gboolean
relais_leaver_is_looked_for (const RelaisLeaver *leaver)
{
  return leaver->state == RELAIS_LEAVER_SENT || leaver->state == RELAIS_LEAVER_UNSURE;
}

/* Whoever is not seen as off the list: it may be shown yet, or the next run tries it again. */
static void
doubt (RelaisRunJob *job,
       GPtrArray    *removals,
       GArray       *held)
{
  RelaisLeaving *self = job->leaving;

  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);
      RelaisFingerprint fingerprint = relais_fingerprint_of (leaver->profile, RELAIS_CONTENT_UNKNOWN);

      if (!relais_leaver_is_looked_for (leaver))
        continue;
      relais_leaver_settle (self, leaver, RELAIS_LEAVER_DOUBTED);
      g_ptr_array_add (removals, relais_removal_new (job->record->list_id, leaver->profile, RELAIS_REMOVAL_DOUBT, NULL));
      g_array_append_val (held, fingerprint);
    }
}

static void
fresh_written (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  double pause = job->times.first_recheck;

  if (self->n_found == self->n_sought)
    relais_run_leaving_end (task);
  else if (self->trouble != NULL || self->n_rounds >= MAX_ROUNDS)
    relais_run_leaving_work (task, doubt, relais_run_leaving_end);
  else
    {
      for (guint i = 1; i < self->n_rounds; i++)
        pause *= PAUSE_GROWS;
      relais_run_job_wait (task, pause, _("ActiveCampaign does not show everybody yet as taken off the list. Relais looks again in a moment."), relais_run_leaving_look);
    }
}

/* Only whom Relais certainly took off, and of whom it is known how, can be put back one day. */
static void
write_fresh (GTask         *task,
             RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  g_autoptr (GArray) forgotten = g_array_new (FALSE, FALSE, sizeof (RelaisFingerprint));

  for (guint i = 0; i < self->fresh->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->fresh, i);
      RelaisFingerprint fingerprint = relais_fingerprint_of (leaver->profile, 0);

      g_ptr_array_add (removals, relais_removal_new (job->record->list_id, leaver->profile,
                                                     leaver->left_as != NULL ? RELAIS_REMOVAL_DONE : RELAIS_REMOVAL_DOUBT, leaver->left_as));
      g_array_append_val (forgotten, fingerprint);
    }
  g_ptr_array_set_size (self->fresh, 0);
  relais_run_leaving_write (task, removals, forgotten, step);
}

static void
all_looked_at (GTask *task)
{
  write_fresh (task, fresh_written);
}

/* The walk goes on by itself; where it has come to its end meanwhile, this may be what the end waits for. */
static void
go_on_looking (GTask *task)
{
  relais_run_job_end_if_done (task);
}

/*
 * relais_run_leaving_keep_fresh:
 * @task: of a run that goes through the list
 *
 * Writes down who is off it by now, while the walk goes on, waits or comes to its end.
 */
void
relais_run_leaving_keep_fresh (GTask *task)
{
  write_fresh (task, go_on_looking);
}

/* The account states whole seconds of its own clock. An opt-out of the second in which the import left may have been before it,
 * so that second does not count. The one in which the import was seen to be done does: the account may well have done it in
 * that one, and who opts out in the rest of it does so while the import is being carried out, as far as anybody can tell.
 *
 * Returns: whether @changed is certainly after the import had left, and not after it was seen to be done; when it is not known
 *   what time it was for the account nothing is certain */
static gboolean
is_while_carried_out (const RelaisAccountClock *clock,
                      const RelaisLeaver       *leaver,
                      gint64                    changed)
{
  gint64 earliest, left;

  return leaver->left_at != 0 && relais_account_clock_tell (clock, leaver->left_at, &earliest, &left) &&
         changed * G_USEC_PER_SEC >= left && changed <= leaver->done_at / G_USEC_PER_SEC;
}

/* Whether nothing but the import can have changed how this person is on any list since they were seen on this one. An opt-out
 * of these minutes looks the same but for its moment, or for what else it ended. */
static gboolean
is_certain (RelaisRunJob       *job,
            const RelaisLeaver *leaver,
            GPtrArray          *memberships,
            const char         *now)
{
  guint32 list_id = job->record->list_id;
  gint64 since, changed;

  relais_memberships_read_moments (memberships, list_id, &since, &changed);

  return leaver->state == RELAIS_LEAVER_SENT && leaver->before != NULL && since == leaver->since && changed != 0 &&
         is_while_carried_out (relais_client_get_clock (job->client), leaver, changed) &&
         relais_left_as_adds_none (now, list_id, leaver->before);
}

/* A reason or a campaign that is named for it is none of Relais. */
static void
take_one (RelaisRunJob              *job,
          RelaisLeaver              *leaver,
          const RelaisRemoteContact *contact)
{
  RelaisLeaving *self = job->leaving;
  guint32 list_id = job->record->list_id;
  gboolean own_will = contact->memberships != NULL && relais_memberships_tell_why (contact->memberships, list_id);
  g_autofree char *now = NULL;

  if (!relais_leaver_is_looked_for (leaver))
    return;
  now = contact->memberships != NULL ? relais_memberships_settle (contact->memberships) : NULL;
  if (now != NULL && !own_will && is_certain (job, leaver, contact->memberships, now))
    leaver->left_as = g_steal_pointer (&now);
  leaver->no_way_back = !own_will && leaver->left_as == NULL;
  self->n_no_way_back += leaver->no_way_back;
  relais_leaver_settle (self, leaver, own_will ? RELAIS_LEAVER_OWN_WILL : RELAIS_LEAVER_OFF);
  g_ptr_array_add (self->fresh, leaver);
  self->n_found++;
}

static gboolean
take_unsubscribed (GPtrArray *contacts,
                   gpointer   user_data)
{
  RelaisLeaving *self = relais_run_job_get (user_data)->leaving;
  gboolean more = relais_run_leaving_take_page (user_data, contacts, take_one);

  if (self->fresh->len >= MANY_FRESH)
    relais_run_leaving_keep_fresh (user_data);

  return more;
}

/*
 * relais_run_leaving_look:
 * @task: of a run whose imports have come to their end
 *
 * Looks who is seen as taken off.
 */
void
relais_run_leaving_look (GTask *task)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  self->n_rounds++;
  self->n_sought = relais_leaving_count (self, RELAIS_LEAVER_SENT, RELAIS_LEAVER_UNSURE);
  if (self->n_sought == 0)
    {
      relais_run_leaving_end (task);
      return;
    }
  g_clear_error (&self->trouble);
  relais_run_leaving_look_for (task, take_unsubscribed, all_looked_at);
}
