/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who left the segment: they may be a million. How many are how far is counted as it changes, and whatever is done with all of
 * them at once is done in a thread. */

#include "relais-run-leaving-private.h"

#include "relais-departure.h"
#include "relais-profile.h"

#include <string.h>

static void
leaver_free (gpointer data)
{
  RelaisLeaver *leaver = data;

  g_free (leaver->email);
  g_free (leaver->before);
  g_free (leaver->left_as);
  g_free (leaver);
}

static int
compare_leavers (gconstpointer a,
                 gconstpointer b)
{
  const RelaisLeaver *one = *(const RelaisLeaver * const *) a, *other = *(const RelaisLeaver * const *) b;

  return relais_profile_compare (one->profile, other->profile);
}

/*
 * relais_leaving_find_profile:
 * @profile: what stands for an address
 *
 * Returns: (transfer none) (nullable): who this is, if they left the segment
 */
RelaisLeaver *
relais_leaving_find_profile (RelaisLeaving *self,
                             const guint32  profile[3])
{
  RelaisLeaver wanted, *key = &wanted;
  gpointer *found;

  memcpy (wanted.profile, profile, sizeof wanted.profile);
  found = bsearch (&key, self->people->pdata, self->people->len, sizeof (gpointer), compare_leavers);

  return found != NULL ? *found : NULL;
}

/*
 * relais_leaving_find:
 * @email: an address of the list
 *
 * Returns: (transfer none) (nullable): who this is, if they left the segment
 */
RelaisLeaver *
relais_leaving_find (RelaisLeaving *self,
                     RelaisRunJob  *job,
                     const char    *email)
{
  gsize length = strlen (email);
  guint32 profile[3];

  if (length == 0 || length >= RELAIS_ADDRESS_SIZE)
    return NULL;
  relais_profile_hash (&job->hash_key, email, length, profile);

  return relais_leaving_find_profile (self, profile);
}

/*
 * relais_leaver_settle:
 * @state: how far it is with @leaver now
 */
void
relais_leaver_settle (RelaisLeaving     *self,
                      RelaisLeaver      *leaver,
                      RelaisLeaverState  state)
{
  self->n_in[leaver->state]--;
  self->n_in[state]++;
  leaver->state = state;
}

/*
 * relais_leaving_count:
 *
 * Returns: how many people are in states from @first to @last
 */
guint
relais_leaving_count (const RelaisLeaving *self,
                      RelaisLeaverState    first,
                      RelaisLeaverState    last)
{
  guint n = 0;

  for (guint state = first; state <= last; state++)
    n += self->n_in[state];

  return n;
}

/* All of them at once */

/* What is done, and what comes of it */
typedef struct
{
  RelaisRunJob      *job;           /* (unowned): of the run, which waits */
  RelaisLeavingWork  work;
  GPtrArray         *removals;      /* (owned) (element-type RelaisRemoval) */
  GArray            *fingerprints;  /* (owned) (element-type RelaisFingerprint) */
  GTask             *task;          /* (owned): of the run */
  RelaisRunStep      step;
} Working;

static void
work_thread (GTask        *thread_task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Working *working = task_data;

  working->work (working->job, working->removals, working->fingerprints);
  g_task_return_boolean (thread_task, TRUE);
}

static void
worked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Working *working = user_data;
  g_autoptr (GTask) task = working->task;
  g_autoptr (GPtrArray) removals = working->removals;
  g_autoptr (GArray) fingerprints = working->fingerprints;
  RelaisRunJob *job = working->job;

  job->n_asking--;
  job->leaving->working = FALSE;
  if (job->stopping && removals->len == 0 && fingerprints->len == 0)
    relais_run_job_end_if_done (task);
  else
    relais_run_leaving_write (task, removals, fingerprints, working->step);
}

/*
 * relais_run_leaving_work:
 * @work: what is done with all of the people; called in a thread, while nobody else touches anything of them
 * @step: what comes when that is done, and what came of it is on disk
 */
void
relais_run_leaving_work (GTask             *task,
                         RelaisLeavingWork  work,
                         RelaisRunStep      step)
{
  RelaisRunJob *job = relais_run_job_get (task);
  Working *working = g_new0 (Working, 1);
  g_autoptr (GTask) thread_task = g_task_new (NULL, NULL, worked_cb, working);

  working->job = job;
  working->work = work;
  working->removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  working->fingerprints = g_array_new (FALSE, FALSE, sizeof (RelaisFingerprint));
  working->task = g_object_ref (task);
  working->step = step;
  job->leaving->working = TRUE;
  job->n_asking++;
  g_task_set_source_tag (thread_task, relais_run_leaving_work);
  g_task_set_task_data (thread_task, working, NULL);
  g_task_run_in_thread (thread_task, work_thread);
}

static void
add_people (RelaisLeaving *self,
            GBytes        *profiles,
            gboolean       shared)
{
  RelaisLeaver leaver = { .state = shared ? RELAIS_LEAVER_KEPT : RELAIS_LEAVER_SOUGHT, .shared = shared };
  gsize at = 0;

  while (relais_departure_next (profiles, self->seen, &at, leaver.profile))
    {
      g_ptr_array_add (self->people, g_memdup2 (&leaver, sizeof leaver));
      self->n_in[leaver.state]++;
      self->n_shared += shared;
    }
}

/*
 * relais_leaving_sort_out:
 *
 * A #RelaisLeavingWork: finds out who of those whom the export answers for is not in the segment any more.
 */
void
relais_leaving_sort_out (RelaisRunJob *job,
                         GPtrArray    *removals,
                         GArray       *fingerprints)
{
  RelaisLeaving *self = job->leaving;

  g_clear_pointer (&self->people, g_ptr_array_unref);
  memset (self->n_in, 0, sizeof self->n_in);
  self->n_shared = 0;
  self->people = g_ptr_array_new_with_free_func (leaver_free);
  add_people (self, self->departed->profiles, FALSE);
  add_people (self, self->departed->shared, TRUE);
  g_ptr_array_sort (self->people, compare_leavers);
}

/* The end of them */

static void
free_thread (GTask        *thread_task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_ptr_array_unref (task_data);
}

/*
 * relais_leaving_free_array:
 * @taken: (transfer full): of very many
 *
 * Gives it up. Each of them is freed by itself, which takes its time too.
 */
void
relais_leaving_free_array (GPtrArray *taken)
{
  g_autoptr (GTask) thread_task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_source_tag (thread_task, relais_leaving_free_array);
  g_task_set_task_data (thread_task, taken, NULL);
  g_task_run_in_thread (thread_task, free_thread);
}

/*
 * relais_leaving_free:
 * @self: (transfer full): nothing of it is under way
 */
void
relais_leaving_free (RelaisLeaving *self)
{
  g_clear_pointer (&self->account_turn, relais_list_turn_leave);
  g_clear_pointer (&self->turn, relais_list_turn_leave);
  g_clear_pointer (&self->seen, relais_profile_table_free);
  g_clear_pointer (&self->departed, relais_departed_free);
  g_clear_pointer (&self->people, relais_leaving_free_array);
  g_clear_pointer (&self->removals, relais_leaving_free_array);
  g_clear_pointer (&self->spans, g_ptr_array_unref);
  g_clear_pointer (&self->line, g_array_unref);
  g_ptr_array_unref (self->fresh);
  g_clear_pointer (&self->walk, relais_list_walk_free);
  g_clear_error (&self->error);
  g_clear_error (&self->trouble);
  g_free (self->refusal);
  g_free (self->obstacle);
  g_free (self);
}
