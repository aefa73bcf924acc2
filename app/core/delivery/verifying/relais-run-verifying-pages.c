/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everybody is looked up on the pages of the list, a hundred at a time, unless there are fewer people than
 * pages. Whoever stands there as they were sent is done with; the others are asked about one by one afterwards, which
 * tells what it is that differs. */

#include "relais-run-verifying-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

#define A_PAGE     100
#define MAX_WALKS  4
#define MANY       2000  /* people on the list */
#define N_PARTS    4     /* answers that take a second still fill the pace then */
#define PAUSE_GROWS 3

/* Of each mark */
#define SEEN 1  /* on the list */
#define SAME 2  /* as they were sent */

/* A part of the list, by the contacts' numbers */
typedef struct
{
  GTask    *task;       /* (owned) while there is a question about it: of the run */
  guint64   after_id;
  guint64   before_id;  /* 0 = there is no end */
  gboolean  done;
} RelaisStretch;

static void walk (GTask *task);

static RelaisVerifying *
get_verifying (GTask *task)
{
  return relais_run_job_get (task)->verifying;
}

static void
people_read (GTask *task)
{
  RelaisVerifying *self = get_verifying (task);

  if (self->marks == NULL)
    self->result.asked = relais_delivered_get_people (self->delivered)->len;
  relais_run_job_ask_people (task);
}

static void
ask_singly (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisDelivered *everybody = relais_delivered_new (job->definition, job->fields, &job->hash_key);

  relais_delivered_keep_sample (everybody, G_MAXUINT);
  relais_run_job_read_delivered (task, everybody, people_read);
}

/* Who was not seen as they were sent */

/* One person is many: they are counted, and not listed one by one. Whoever was not seen may be on the list all the same. */
static void
give_up_mark (RelaisRunJob *job,
              gsize         index)
{
  RelaisVerifying *self = job->verifying;

  self->result.different++;
  if ((self->seen[index] & SEEN) == 0 || !job->definition->automations)
    relais_run_job_forget (job, relais_delivered_get_mark (self->marks, index)->profile, TRUE);
}

static void
ask_about_the_rest (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  RelaisDelivered *rest = relais_delivered_new (job->definition, job->fields, &job->hash_key);
  gsize n = relais_delivered_get_n_marks (self->marks);

  for (gsize i = 0; i < n; i++)
    {
      if ((self->seen[i] & SAME) != 0)
        continue;
      if (rows->len < RELAIS_VERIFY_MOST_SINGLY)
        g_array_append_val (rows, relais_delivered_get_mark (self->marks, i)->row);
      else
        give_up_mark (job, i);
    }
  relais_delivered_keep_rows (rest, rows);
  relais_run_job_read_delivered (task, rest, people_read);
}

static void begin_walk (GTask *task);

static void
end_walk (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;
  gsize n_left = relais_delivered_get_n_marks (self->marks) - self->n_same;
  double pause = job->times.first_recheck;

  if (n_left == 0)
    relais_run_job_end_verifying (task);
  else if (n_left <= RELAIS_VERIFY_MOST_SINGLY || ++self->n_rounds >= MAX_WALKS)
    {
      self->n_rounds = 0;
      ask_about_the_rest (task);
    }
  else
    {
      for (guint i = 1; i < self->n_rounds; i++)
        pause *= PAUSE_GROWS;
      relais_run_job_wait (task, pause, _("ActiveCampaign does not show everybody yet as they were sent. Relais looks again in a moment."), begin_walk);
    }
}

/* Pages */

static void
look_up (RelaisVerifying         *self,
         const RelaisHeldContact *contact,
         const RelaisHeldPage    *page)
{
  g_autoptr (GPtrArray) held = NULL;
  gsize index;

  /* Only those who are active were asked for; where the page tells how they are, that counts. */
  if (page->tells_lists && contact->list_status != RELAIS_LIST_STATUS_ACTIVE)
    return;
  if (!relais_delivered_find_mark (self->marks, contact->email, &index) || (self->seen[index] & SAME) != 0)
    return;
  self->seen[index] |= SEEN;
  held = relais_held_values (relais_delivered_get_values (self->marks), contact, page->tells_values);
  if (!relais_delivered_fits_mark (self->marks, index, held))
    return;
  self->seen[index] |= SAME;
  self->n_same++;
  self->result.same++;
}

/* Who has a number from another stretch is looked up there. Returns: whether the page goes on where the last one ended */
static gboolean
take_page (RelaisStretch        *stretch,
           const RelaisHeldPage *page)
{
  RelaisVerifying *self = get_verifying (stretch->task);

  stretch->done = page->contacts->len == 0;
  for (guint i = 0; i < page->contacts->len; i++)
    {
      const RelaisHeldContact *contact = g_ptr_array_index (page->contacts, i);

      if (contact->id <= stretch->after_id)
        return FALSE;
      if (stretch->before_id != 0 && contact->id >= stretch->before_id)
        {
          stretch->done = TRUE;
          return TRUE;
        }
      stretch->after_id = contact->id;
      self->n_listed++;
      look_up (self, contact, page);
    }

  return TRUE;
}

static void
report (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  if (self->n_on_list > 0)
    relais_run_set_progress (job->run, MIN (self->n_listed, (guint64) self->n_on_list), self->n_on_list);
  else
    relais_run_set_progress (job->run, self->n_same, self->result.asked);
}

static void
fail (RelaisVerifying *self,
      GError          *taken)
{
  if (self->error == NULL || relais_error_is_temporary (self->error))
    {
      g_clear_error (&self->error);
      self->error = taken;
    }
  else
    g_error_free (taken);
}

static void
page_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisStretch *stretch = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&stretch->task);
  RelaisVerifying *self = get_verifying (task);
  GError *error = NULL;
  g_autoptr (RelaisHeldPage) page = relais_client_held_finish (RELAIS_CLIENT (object), result, &error);

  self->n_asking--;
  if (page == NULL)
    fail (self, error);
  else
    {
      relais_run_job_succeeded (task);
      stretch->task = task;
      if (!take_page (stretch, page))
        fail (self, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_INVALID,
                                         _("ActiveCampaign answered something that Relais does not understand.")));
      stretch->task = NULL;
      report (task);
    }
  walk (task);
}

/* Asks about every stretch at once, and goes on when all have been walked. */
static void
walk (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  for (guint i = 0; i < self->stretches->len && !self->over && self->error == NULL; i++)
    {
      RelaisStretch *stretch = g_ptr_array_index (self->stretches, i);

      if (stretch->done || stretch->task != NULL)
        continue;
      stretch->task = g_object_ref (task);
      self->n_asking++;
      relais_client_list_held_async (job->client, job->definition->list_id, stretch->after_id, self->cancellable, page_got_cb, stretch);
    }
  if (self->n_asking > 0)
    return;
  if (self->over)
    relais_run_job_end_verifying (task);
  else if (self->error != NULL)
    relais_run_job_fail_question (task, walk);
  else
    end_walk (task);
}

static void
add_stretch (RelaisVerifying *self,
             guint64          after_id,
             guint64          before_id)
{
  RelaisStretch *stretch = g_new0 (RelaisStretch, 1);

  stretch->after_id = after_id;
  stretch->before_id = before_id;
  g_ptr_array_add (self->stretches, stretch);
}

static void
last_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisVerifying *self = get_verifying (task);
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (RELAIS_CLIENT (object), result, &self->error);
  guint64 last = page != NULL && page->contacts->len > 0 ? ((RelaisRemoteContact *) g_ptr_array_index (page->contacts, 0))->id : 0;
  guint64 length = last / N_PARTS;

  self->n_asking--;
  if (page == NULL && !self->over)
    {
      relais_run_job_fail_question (task, begin_walk);
      return;
    }
  for (guint i = 0; length > 0 && i < N_PARTS; i++)
    add_stretch (self, i * length, i < N_PARTS - 1 ? (i + 1) * length + 1 : 0);
  if (length == 0)
    add_stretch (self, 0, 0);
  walk (task);
}

static void
begin_walk (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;
  RelaisContactQuery query = { .list_id = job->definition->list_id, .status = RELAIS_LIST_STATUS_ACTIVE, .last = TRUE };

  self->n_listed = 0;
  g_clear_pointer (&self->stretches, g_ptr_array_unref);
  self->stretches = g_ptr_array_new_with_free_func (g_free);
  if (self->n_on_list >= 0 && self->n_on_list <= MANY)
    {
      add_stretch (self, 0, 0);
      walk (task);
      return;
    }
  self->n_asking++;
  relais_client_list_contacts_async (job->client, &query, self->cancellable, last_got_cb, g_object_ref (task));
}

static void
marks_read (GTask *task)
{
  RelaisVerifying *self = get_verifying (task);

  self->marks = relais_delivered_ref (self->delivered);
  self->result.asked = relais_delivered_get_n_marks (self->marks);
  self->seen = g_malloc0 (self->result.asked + 1);
  report (task);
  begin_walk (task);
}

/* How the account answers decides how it is asked. */
static void
first_page_got_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;
  g_autoptr (RelaisHeldPage) page = relais_client_held_finish (RELAIS_CLIENT (object), result, &self->error);
  RelaisDelivered *marks;

  self->n_asking--;
  if (page != NULL)
    relais_run_job_succeeded (task);
  if (self->over)
    relais_run_job_end_verifying (task);
  else if (page == NULL)
    relais_run_job_fail_question (task, relais_run_job_ask_pages);
  else if (page->total >= 0 && self->result.delivered <= MIN ((guint64) page->total / A_PAGE + 1, RELAIS_VERIFY_MOST_SINGLY))
    ask_singly (task);
  else
    {
      self->n_on_list = page->total;
      self->result.values_untold = !page->tells_values && job->definition->matching->fields->len > 0;
      marks = relais_delivered_new (job->definition, job->fields, &job->hash_key);
      relais_delivered_keep_marks (marks, page->tells_values);
      relais_run_job_read_delivered (task, marks, marks_read);
    }
}

/*
 * relais_run_job_ask_pages:
 * @task: of a run that has delivered somebody
 *
 * Verifies everybody.
 */
void
relais_run_job_ask_pages (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->verifying->n_asking++;
  relais_client_list_held_async (job->client, job->definition->list_id, 0, job->verifying->cancellable,
                                 first_page_got_cb, g_object_ref (task));
}
