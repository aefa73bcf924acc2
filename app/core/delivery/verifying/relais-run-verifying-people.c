/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People are asked about one by one. What the account shows lags behind its imports now and then, so whoever
 * is not seen as they were sent is asked about again after a pause, a few times. */

#include "relais-run-verifying-private.h"

#include "relais-address.h"
#include "relais-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ASKING  4  /* questions under way; they share the pace with other runs */
#define MAX_ROUNDS  4
#define PAUSE_GROWS 3  /* from one round to the next */

/* Somebody who has not been seen as they were sent */
typedef struct
{
  GTask                       *task;         /* (owned) while there is a question about them: of the run */
  const RelaisDeliveredPerson *person;
  GPtrArray                   *differences;  /* (owned) (nullable) (element-type RelaisDifference): when they were asked about last */
} RelaisInquiry;

static void ask_on (GTask *task);

static void
inquiry_free (gpointer data)
{
  RelaisInquiry *inquiry = data;

  g_clear_pointer (&inquiry->differences, g_ptr_array_unref);
  g_free (inquiry);
}

static RelaisVerifying *
get_verifying (GTask *task)
{
  return relais_run_job_get (task)->verifying;
}

/* Rounds */

static void
conclude (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  for (guint i = 0; i < self->left->len; i++)
    {
      RelaisInquiry *inquiry = g_ptr_array_index (self->left, i);

      self->result.different++;
      if (relais_is_to_be_sent_again (inquiry->differences, job->definition->automations))
        relais_run_job_forget (job, inquiry->person->profile, !relais_is_off_the_list (inquiry->differences));
      g_ptr_array_extend_and_steal (self->differences, g_steal_pointer (&inquiry->differences));
    }
  relais_run_job_end_verifying (task);
}

static void
begin_round (GTask *task)
{
  RelaisVerifying *self = get_verifying (task);

  for (guint i = 0; i < self->left->len; i++)
    g_clear_pointer (&((RelaisInquiry *) g_ptr_array_index (self->left, i))->differences, g_ptr_array_unref);
  self->next = 0;
  ask_on (task);
}

static void
end_round (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;
  double pause = job->times.first_recheck;

  /* Whoever was seen as they were sent is nobody to ask about any more. */
  for (guint i = self->left->len; i > 0; i--)
    if (((RelaisInquiry *) g_ptr_array_index (self->left, i - 1))->differences->len == 0)
      g_ptr_array_remove_index (self->left, i - 1);
  if (self->left->len == 0 || ++self->n_rounds >= MAX_ROUNDS)
    {
      conclude (task);
      return;
    }
  for (guint i = 1; i < self->n_rounds; i++)
    pause *= PAUSE_GROWS;
  relais_run_job_wait (task, pause, _("ActiveCampaign does not show everybody yet as they were sent. Relais looks again in a moment."), begin_round);
}

static void
report (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  if (self->marks == NULL)
    relais_run_set_progress (job->run, self->result.same, self->result.asked);
}

/* Answers */

/* Returns: (transfer none) (nullable): the one with the person's address */
static const RelaisHeldContact *
find_contact (GPtrArray  *contacts,
              const char *email)
{
  char wanted[RELAIS_ADDRESS_SIZE];
  gsize length = relais_address_fold (email, MIN (strlen (email), RELAIS_ADDRESS_SIZE - 1), wanted);

  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisHeldContact *contact = g_ptr_array_index (contacts, i);
      char folded[RELAIS_ADDRESS_SIZE];
      gsize n = strlen (contact->email);

      if (n < RELAIS_ADDRESS_SIZE && relais_address_fold (contact->email, n, folded) == length && memcmp (folded, wanted, length) == 0)
        return contact;
    }

  return NULL;
}

static gboolean
needs_values (RelaisVerifying *self)
{
  GPtrArray *values = relais_delivered_get_values (self->delivered);

  return values->len > 0 && ((const RelaisCheckedValue *) g_ptr_array_index (values, values->len - 1))->id != 0;
}

static void
judge (RelaisInquiry           *inquiry,
       const RelaisHeldContact *contact,
       gboolean                 tells_values)
{
  RelaisVerifying *self = get_verifying (inquiry->task);

  g_clear_pointer (&inquiry->differences, g_ptr_array_unref);
  inquiry->differences = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_difference_free);
  relais_compare_held (relais_delivered_get_values (self->delivered), inquiry->person, contact, tells_values, inquiry->differences);
  if (contact != NULL && !tells_values && needs_values (self))
    self->result.values_untold = TRUE;
  if (inquiry->differences->len == 0)
    self->result.same++;
  report (inquiry->task);
}

static void
set_not_understood (RelaisVerifying *self)
{
  g_clear_error (&self->error);
  self->error = g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_INVALID,
                                     _("ActiveCampaign answered something that Relais does not understand."));
}

/* Returns: the answer, when anything is to be done with it */
static RelaisHeldPage *
take_answer (RelaisInquiry *inquiry,
             GObject       *object,
             GAsyncResult  *result,
             GError       **error)
{
  RelaisVerifying *self = get_verifying (inquiry->task);
  RelaisHeldPage *page = relais_client_held_finish (RELAIS_CLIENT (object), result, error);

  self->n_asking--;
  if (page != NULL)
    relais_run_job_succeeded (inquiry->task);

  return page;
}

/* Nobody is seen as anything because of it: they are asked about again. */
static void
put_back (RelaisInquiry *inquiry,
          const GError  *error)
{
  RelaisVerifying *self = get_verifying (inquiry->task);

  if (self->error == NULL || (relais_error_is_temporary (self->error) && !relais_error_is_temporary (error)))
    {
      g_clear_error (&self->error);
      self->error = g_error_copy (error);
    }
}

static void
got_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  RelaisInquiry *inquiry = user_data;
  g_autoptr (GTask) task = inquiry->task;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisHeldPage) page = take_answer (inquiry, object, result, &error);

  if (page != NULL && (page->contacts->len != 1 || !page->tells_lists))
    set_not_understood (get_verifying (task));
  else if (page != NULL)
    judge (inquiry, g_ptr_array_index (page->contacts, 0), page->tells_values);
  else if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND))
    judge (inquiry, NULL, FALSE);
  else
    put_back (inquiry, error);
  ask_on (task);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  RelaisInquiry *inquiry = user_data;
  g_autoptr (GTask) task = inquiry->task;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisHeldPage) page = take_answer (inquiry, object, result, &error);
  const RelaisHeldContact *contact = page != NULL ? find_contact (page->contacts, inquiry->person->email) : NULL;

  if (page == NULL)
    put_back (inquiry, error);
  else if (contact == NULL && page->contacts->len > 0)
    set_not_understood (job->verifying);   /* the address was not heeded */
  else if (contact != NULL && (!page->tells_lists || (!page->tells_values && needs_values (job->verifying))) && !job->verifying->over)
    {
      job->verifying->n_asking++;
      relais_client_get_held_async (job->client, contact->id, job->definition->list_id, job->verifying->cancellable, got_cb, inquiry);
      g_steal_pointer (&task);
      return;
    }
  else
    judge (inquiry, contact, page->tells_values);
  ask_on (task);
}

/* Asks about those who are left, and goes on when all have answered. Whoever a fault kept from it is asked about
 * again: what is known of the others stays. */
static void
ask_on (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  while (!self->over && self->error == NULL && self->n_asking < MAX_ASKING && self->next < self->left->len)
    {
      RelaisInquiry *inquiry = g_ptr_array_index (self->left, self->next++);

      inquiry->task = g_object_ref (task);
      self->n_asking++;
      relais_client_find_held_async (job->client, inquiry->person->email, job->definition->list_id, self->cancellable, found_cb, inquiry);
    }
  if (self->n_asking > 0)
    return;
  if (self->over)
    relais_run_job_end_verifying (task);
  else if (self->error != NULL)
    relais_run_job_fail_question (task, relais_run_job_ask_people);
  else
    end_round (task);
}

static void
keep_everybody (RelaisVerifying *self)
{
  GPtrArray *people = relais_delivered_get_people (self->delivered);

  self->left = g_ptr_array_new_with_free_func (inquiry_free);
  for (guint i = 0; i < people->len; i++)
    {
      RelaisInquiry *inquiry = g_new0 (RelaisInquiry, 1);

      inquiry->person = g_ptr_array_index (people, i);
      g_ptr_array_add (self->left, inquiry);
    }
}

static gboolean
is_answered (const RelaisInquiry *inquiry)
{
  return inquiry->differences != NULL;
}

static int
compare_answered (gconstpointer a,
                  gconstpointer b)
{
  return is_answered (*(RelaisInquiry * const *) b) - is_answered (*(RelaisInquiry * const *) a);
}

/*
 * relais_run_job_ask_people:
 * @task: of a run whose people have been read
 *
 * Asks the account about each of them, or goes on with it after a pause.
 */
void
relais_run_job_ask_people (GTask *task)
{
  RelaisVerifying *self = get_verifying (task);

  if (self->left == NULL)
    keep_everybody (self);
  /* Those who have been asked about in this round come first, and are passed over. */
  g_ptr_array_sort (self->left, compare_answered);
  self->next = 0;
  while (self->next < self->left->len && is_answered (g_ptr_array_index (self->left, self->next)))
    self->next++;
  report (task);
  ask_on (task);
}
