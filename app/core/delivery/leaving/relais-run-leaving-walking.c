/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who left the segment are looked for on the pages of the list, or, once their addresses are known and they are fewer
 * than its pages, one by one. */

#include "relais-run-leaving-private.h"

#include "relais-error.h"

#define MAX_NOT_UNDERSTOOD 3  /* answers in a row */
#define MAX_UNEVEN         3  /* rounds of questions in a row, of which some were answered and nobody was found */
#define MAX_ASKING         4  /* questions under way; they share the pace with other runs */
#define A_PAGE             100

/* A run that has delivered everybody does not fail because the list cannot be gone through, nor is it held up by an answer
 * that stays the same however often it is asked for. */
static gboolean
is_in_vain (GTask        *task,
            const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  gint64 now = g_get_monotonic_time ();

  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REPLY))
    return ++self->n_not_understood >= MAX_NOT_UNDERSTOOD;

  return relais_run_job_is_fatal (task, error, now) ||
         (job->trouble_since != 0 && now - job->trouble_since > job->times.verify_patience * G_USEC_PER_SEC);
}

/* @error: (nullable): what kept it from coming to its end
 * @go_on: goes on then */
static void
end_walk (GTask         *task,
          const GError  *error,
          RelaisRunStep  go_on)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  /* Whatever comes now, who was seen off the list is not asked about again. */
  if (job->stopping || error != NULL)
    relais_run_leaving_keep_fresh (task);
  if (job->stopping)
    relais_run_job_end_if_done (task);
  else if (error != NULL && !is_in_vain (task, error))
    relais_run_job_try_later (task, error, go_on);
  else
    {
      g_clear_error (&self->trouble);
      self->trouble = error != NULL ? g_error_copy (error) : NULL;
      g_clear_pointer (&self->walk, relais_list_walk_free);
      relais_run_job_report_leaving (task);
      self->walked (task);
    }
}

/*
 * relais_run_leaving_take_page:
 * @contacts: (element-type RelaisRemoteContact): people of the list
 * @take: what is done with each of them who left the segment
 *
 * Returns: whether more people are worth asking for
 */
gboolean
relais_run_leaving_take_page (GTask           *task,
                              GPtrArray       *contacts,
                              RelaisTakeLeaver take)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  relais_run_job_succeeded (task);
  self->n_not_understood = 0;
  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);
      RelaisLeaver *leaver = relais_leaving_find (self, job, contact->email);

      if (leaver != NULL)
        take (job, leaver, contact);
    }
  relais_run_job_report_leaving (task);

  return self->n_found < self->n_sought && !job->stopping;
}

/* By pages */

static void go_on_walking (GTask *task);

static void
walked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  relais_run_job_get (task)->n_asking--;
  relais_list_walk_finish (result, &error);
  end_walk (task, error, go_on_walking);
}

static void
go_on_walking (GTask *task)
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
  go_on_walking (task);
}

/* One by one */

/* Somebody who is asked about */
typedef struct
{
  GTask        *task;    /* (owned): of the run */
  RelaisLeaver *leaver;
} Question;

static void ask_on (GTask *task);

/* Whoever the answer is about is known by the address, as on a page. */
static const RelaisRemoteContact *
find_contact (RelaisRunJob       *job,
              const RelaisLeaver *leaver,
              GPtrArray          *contacts)
{
  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);

      if (relais_leaving_find (job->leaving, job, contact->email) == leaver)
        return contact;
    }

  return NULL;
}

/* Returns: whether it says of this person how they are on the list, or that they are not in the account */
static gboolean
take_answer (Question  *question,
             GPtrArray *contacts)
{
  RelaisRunJob *job = relais_run_job_get (question->task);
  RelaisLeaving *self = job->leaving;
  const RelaisRemoteContact *contact = find_contact (job, question->leaver, contacts);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  if (contacts->len > 0 && (contact == NULL || contact->memberships == NULL))
    return FALSE;
  if (contact != NULL && contact->list_status == RELAIS_LIST_STATUS_UNSUBSCRIBED)
    g_ptr_array_add (found, (gpointer) contact);
  self->take_page (found, question->task);

  return TRUE;
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (GTask) task = question->task;
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (RELAIS_CLIENT (object), result, &error);

  job->n_asking--;
  self->n_singly--;
  if (page != NULL)
    {
      self->n_answered++;
      self->by_pages |= !take_answer (question, page->contacts);
    }
  else
    {
      self->by_pages |= g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
      if (self->error == NULL)
        self->error = g_steal_pointer (&error);
    }
  ask_on (task);
}

/* Returns: (transfer none) (nullable): somebody who was not seen off the list yet */
static RelaisLeaver *
choose_next (RelaisLeaving *self)
{
  while (self->next < self->people->len)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, self->next++);

      if (relais_leaver_is_looked_for (leaver))
        return leaver;
    }

  return NULL;
}

static void
go_on_asking (GTask *task)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  self->next = 0;
  self->n_answered = 0;
  self->n_found_before = self->n_found;
  ask_on (task);
}

/* Where an account has answers about some and never about others, neither its patience nor that of the run is ever at an end. */
static void
judge_round (RelaisLeaving *self)
{
  if (self->error == NULL || self->n_found > self->n_found_before)
    self->n_uneven = 0;
  else if (self->n_answered > 0)
    self->by_pages |= ++self->n_uneven >= MAX_UNEVEN;
}

/* Asks about those who are left, and goes on when all have been answered. What the answers do not tell the pages may. */
static void
ask_on (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  RelaisLeaver *leaver;

  while (!job->stopping && self->error == NULL && !self->by_pages && self->n_singly < MAX_ASKING && (leaver = choose_next (self)) != NULL)
    {
      Question *question = g_new (Question, 1);

      *question = (Question) { g_object_ref (task), leaver };
      self->n_singly++;
      job->n_asking++;
      relais_client_find_contact_async (job->client, leaver->email, job->record->list_id, job->abort, found_cb, question);
    }
  if (self->n_singly > 0)
    return;
  judge_round (self);
  if (self->by_pages && !job->stopping)
    {
      g_clear_error (&self->error);
      self->n_sought -= self->n_found;
      relais_run_leaving_walk (task, RELAIS_LIST_STATUS_UNSUBSCRIBED, self->take_page, self->walked);
    }
  else
    {
      g_autoptr (GError) error = g_steal_pointer (&self->error);

      end_walk (task, error, go_on_asking);
    }
}

/*
 * relais_run_leaving_look_for:
 * @take_page: called with people who are off the list, and with @task
 * @walked: what comes then; with a trouble when not everyone could be told
 *
 * Looks for those who were taken off, in the way that takes fewer requests: a page is one, and so is a person. Where it is not
 * told how many pages there are, or answers about one person tell too little, it goes through the pages.
 */
void
relais_run_leaving_look_for (GTask          *task,
                             RelaisListPage  take_page,
                             RelaisRunStep   walked)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  gint64 n_pages = relais_guard_get_n_unsubscribed (job->guard) / A_PAGE;

  if (self->by_pages || self->n_sought > n_pages)
    {
      relais_run_leaving_walk (task, RELAIS_LIST_STATUS_UNSUBSCRIBED, take_page, walked);
      return;
    }
  self->take_page = take_page;
  self->walked = walked;
  self->n_found = 0;
  self->n_uneven = 0;
  go_on_asking (task);
}
