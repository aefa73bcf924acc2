/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Of whoever left the segment nothing is known but what stands for the address, so the list is gone through for them. */

#include "relais-run-leaving-private.h"

#include "relais-error.h"

#include <string.h>

#define MAX_NOT_UNDERSTOOD 3  /* answers in a row */

static void go_on (GTask *task);

/* A run that has delivered everybody does not fail because the list cannot be gone through, nor is it held up by an answer
 * that stays the same however often it is asked for. */
static gboolean
is_in_vain (GTask        *task,
            const GError *error)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REPLY))
    return ++self->n_not_understood >= MAX_NOT_UNDERSTOOD;

  return relais_run_job_is_fatal (task, error, g_get_monotonic_time ());
}

static void
walked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  g_autoptr (GError) error = NULL;

  job->n_asking--;
  relais_list_walk_finish (result, &error);
  /* Whatever comes now, who was seen off the list is not asked about again. */
  if (job->stopping || error != NULL)
    relais_run_leaving_keep_fresh (task);
  if (job->stopping)
    relais_run_job_end_if_done (task);
  else if (error != NULL && !is_in_vain (task, error))
    relais_run_job_try_later (task, error, go_on);
  else
    {
      self->trouble = error != NULL ? g_strdup (error->message) : NULL;
      g_clear_pointer (&self->walk, relais_list_walk_free);
      relais_run_job_report_leaving (task);
      self->walked (task);
    }
}

static void
go_on (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_asking++;
  relais_list_walk_async (job->leaving->walk, job->abort, walked_cb, g_object_ref (task));
}

/*
 * relais_run_leaving_walk:
 * @status: of people on the list
 * @take_page: called with them, and with @task
 * @walked: what comes then; with a trouble when not everyone could be told
 *
 * Goes through the list.
 */
void
relais_run_leaving_walk (GTask            *task,
                         RelaisListStatus  status,
                         RelaisListPage    take_page,
                         RelaisRunStep     walked)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  self->walk = relais_list_walk_new (job->client, job->record->list_id, status, take_page, task);
  self->walked = walked;
  self->n_found = 0;
  self->n_not_understood = 0;
  go_on (task);
}

/* Who is on the list */

static int
compare_removals (gconstpointer a,
                  gconstpointer b)
{
  const RelaisRemoval *one = *(const RelaisRemoval * const *) a, *other = *(const RelaisRemoval * const *) b;

  return memcmp (one->profile, other->profile, sizeof one->profile);
}

static gboolean
has_removal (RelaisLeaving *self,
             const guint32  profile[3])
{
  RelaisRemoval wanted, *key = &wanted;

  memcpy (wanted.profile, profile, sizeof wanted.profile);

  return self->removals->len > 0 &&
         bsearch (&key, self->removals->pdata, self->removals->len, sizeof (gpointer), compare_removals) != NULL;
}

/* Whoever is not on the list left by their own will, or is gone. If an earlier attempt may have taken them off, nobody can tell
 * which it was. For whom another export has put there too that one answers from now on: each would wait for the other
 * otherwise, when they leave both segments. Whoever joined the list without Relais is not looked for again. */
static void
let_go (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  g_autoptr (GArray) forgotten = g_array_new (FALSE, FALSE, sizeof (RelaisFingerprint));

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
      if (has_removal (self, leaver->profile))
        {
          g_ptr_array_add (removals, relais_removal_new (job->record->list_id, leaver->profile, RELAIS_REMOVAL_DOUBT, NULL));
          self->n_no_way_back++;
        }
    }
  relais_run_leaving_write (task, removals, forgotten, relais_run_leaving_send);
}

static void
sought (GTask *task)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  if (self->trouble != NULL)
    relais_run_leaving_postpone (task, relais_leaving_describe_kept (self->n_sought));
  else
    let_go (task);
}

/* Whoever is not on the list any more although their import failed is off it, by that or by their own will. */
static void
sought_again (GTask *task)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);

      if (leaver->state == RELAIS_LEAVER_FAILED)
        leaver->state = RELAIS_LEAVER_UNSURE;
    }
  relais_run_leaving_send (task);
}

static RelaisLeaverState
get_sought_state (const RelaisLeaving *self)
{
  return self->tried_again ? RELAIS_LEAVER_FAILED : RELAIS_LEAVER_SOUGHT;
}

static gboolean
take_active (GPtrArray *contacts,
             gpointer   user_data)
{
  RelaisRunJob *job = relais_run_job_get (user_data);
  RelaisLeaving *self = job->leaving;

  relais_run_job_succeeded (user_data);
  self->n_not_understood = 0;
  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);
      RelaisLeaver *leaver = relais_leaving_find (self, job, contact->email);

      if (leaver != NULL && leaver->email == NULL)
        leaver->email = g_strdup (contact->email);
      if (leaver == NULL || leaver->state != get_sought_state (self))
        continue;
      self->n_found++;
      if (!relais_leaving_take_joined (self, job->record->list_id, leaver, contact))
        continue;
      g_free (leaver->email);
      leaver->email = g_strdup (contact->email);
      leaver->left_at = leaver->done_at = 0;
      leaver->state = RELAIS_LEAVER_ACTIVE;
      self->n_active++;
    }
  relais_run_job_report_leaving (user_data);

  return self->n_found < self->n_sought && !job->stopping;
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
      let_go (task);
      return;
    }
  relais_run_leaving_walk (task, RELAIS_LIST_STATUS_ACTIVE, take_active, self->tried_again ? sought_again : sought);
}
