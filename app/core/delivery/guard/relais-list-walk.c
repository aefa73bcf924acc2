/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-list-walk.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

#define MANY    2000  /* people */
#define N_PARTS 4     /* answers that take a second still fill the pace then */

/* A part of the list, by the contacts' numbers */
typedef struct
{
  RelaisListWalk *walk;       /* (unowned): owns it */
  guint64         after_id;   /* the last one that was told */
  guint64         before_id;  /* the first one that is another stretch's, 0 = none */
  gboolean        asking;
  gboolean        failed;     /* it is asked for again when the walk goes on */
  gboolean        done;
} Stretch;

struct _RelaisListWalk
{
  RelaisClient    *client;       /* (owned) */
  guint32          list_id;
  RelaisListStatus status;
  RelaisListPage   take_page;
  gpointer         user_data;
  GPtrArray       *stretches;    /* (owned) (element-type Stretch) */
  guint64          witnesses[2]; /* contacts that have to say how they are on the list */
  guint            n_witnesses;  /* still to be asked */
  guint            n_heard;
  gboolean         believed;     /* the status is heeded, or pages tell it */
  gboolean         begun;        /* the first page has been read */
  gboolean         to_cut;       /* into parts, before it is gone on with */
  gboolean         enough;
  guint64          n_read;
  gint64           total;        /* -1 = not told */

  /* While it is under way */
  GTask           *task;         /* (owned) (nullable) */
  guint            n_asking;
  GError          *error;        /* (owned) (nullable) */
};

static void ask_on (RelaisListWalk *self);

static Stretch *
add_stretch (RelaisListWalk *self,
             guint64         after_id,
             guint64         before_id)
{
  Stretch *stretch = g_new0 (Stretch, 1);

  stretch->walk = self;
  stretch->after_id = after_id;
  stretch->before_id = before_id;
  g_ptr_array_add (self->stretches, stretch);

  return stretch;
}

/**
 * relais_list_walk_new:
 * @client: of the account
 * @list_id: of a list
 * @status: how people are on it
 * @take_page: called with those of each page
 * @user_data: for @take_page
 *
 * Returns: (transfer full): one that has not asked yet
 */
RelaisListWalk *
relais_list_walk_new (RelaisClient     *client,
                      guint32           list_id,
                      RelaisListStatus  status,
                      RelaisListPage    take_page,
                      gpointer          user_data)
{
  RelaisListWalk *self = g_new0 (RelaisListWalk, 1);

  self->client = g_object_ref (client);
  self->list_id = list_id;
  self->status = status;
  self->take_page = take_page;
  self->user_data = user_data;
  self->total = -1;
  self->stretches = g_ptr_array_new_with_free_func (g_free);
  add_stretch (self, 0, 0);

  return self;
}

/**
 * relais_list_walk_free:
 * @self: (transfer full): a walk that is not under way
 */
void
relais_list_walk_free (RelaisListWalk *self)
{
  g_assert (self->task == NULL);
  g_ptr_array_unref (self->stretches);
  g_object_unref (self->client);
  g_free (self);
}

/**
 * relais_list_walk_get_n_read:
 * @self: a walk
 *
 * Returns: how many people were told so far
 */
guint64
relais_list_walk_get_n_read (RelaisListWalk *self)
{
  return self->n_read;
}

/**
 * relais_list_walk_get_total:
 * @self: a walk
 *
 * Returns: how many people there are, -1 when that is not told
 */
gint64
relais_list_walk_get_total (RelaisListWalk *self)
{
  return self->total;
}

/* Answers */

static gboolean
may_pass (const GError *error)
{
  return relais_error_is_temporary (error) || relais_error_is_in_doubt (error);
}

/* One that waiting does not help against is told rather than one that it does. */
static void
fail (RelaisListWalk *self,
      GError         *taken)
{
  if (self->error != NULL && !may_pass (self->error))
    {
      g_error_free (taken);
      return;
    }
  g_clear_error (&self->error);
  self->error = taken;
}

static void
fail_not_understood (RelaisListWalk *self)
{
  fail (self, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_REPLY, _("ActiveCampaign answered something that Relais does not understand.")));
}

/* Whether the page goes on where the last one ended, and tells of everybody how they are on the list, or of nobody: one that tells
 * it of some leaves open what the others are. */
static gboolean
is_sound (const Stretch *stretch,
          GPtrArray     *contacts)
{
  guint64 after_id = stretch->after_id;

  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);

      if (contact->id <= after_id || (contact->memberships != NULL && contact->list_status < 0))
        return FALSE;
      after_id = contact->id;
    }

  return TRUE;
}

/* Whether this person is on the list in the way that was asked for, as far as the page tells. */
static gboolean
is_one (RelaisListWalk            *self,
        const RelaisRemoteContact *contact)
{
  return contact->list_status < 0 || contact->list_status == (int) self->status;
}

/* Returns: (transfer container): the people of a page who are this stretch's */
static GPtrArray *
choose_people (Stretch   *stretch,
               GPtrArray *contacts)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  stretch->done = contacts->len == 0;
  for (guint i = 0; i < contacts->len; i++)
    {
      RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);

      if (stretch->before_id != 0 && contact->id >= stretch->before_id)
        {
          stretch->done = TRUE;
          break;
        }
      stretch->after_id = contact->id;
      stretch->walk->n_read++;
      if (is_one (stretch->walk, contact))
        g_ptr_array_add (chosen, contact);
    }

  return g_steal_pointer (&chosen);
}

/* Where the first page does not tell how people are on the list, its first and its last one are asked. */
static void
choose_witnesses (RelaisListWalk *self,
                  GPtrArray      *contacts)
{
  const RelaisRemoteContact *first = contacts->len > 0 ? g_ptr_array_index (contacts, 0) : NULL;
  const RelaisRemoteContact *last = contacts->len > 0 ? g_ptr_array_index (contacts, contacts->len - 1) : NULL;

  self->believed = first == NULL || first->list_status >= 0;
  if (self->believed)
    return;
  self->n_heard = 0;
  self->witnesses[self->n_witnesses++] = first->id;
  if (last != first)
    self->witnesses[self->n_witnesses++] = last->id;
}

static void
take_contacts (Stretch           *stretch,
               RelaisContactPage *page)
{
  RelaisListWalk *self = stretch->walk;
  gboolean is_first = !self->begun;
  g_autoptr (GPtrArray) chosen = NULL;

  stretch->failed = !is_sound (stretch, page->contacts);
  if (stretch->failed)
    {
      fail_not_understood (self);
      return;
    }
  if (!self->believed)
    choose_witnesses (self, page->contacts);
  /* They come first: the page is asked for again, when they have said that it can be believed. */
  if (self->n_witnesses > 0)
    return;
  chosen = choose_people (stretch, page->contacts);
  if (is_first)
    {
      self->begun = TRUE;
      self->total = page->total;
      self->to_cut = page->total > MANY;
    }
  if (!self->enough && !self->take_page (chosen, self->user_data))
    self->enough = TRUE;
}

static void
end_question (RelaisListWalk *self)
{
  self->n_asking--;
  ask_on (self);
}

static void
page_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Stretch *stretch = user_data;
  RelaisListWalk *self = stretch->walk;
  GError *error = NULL;
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (RELAIS_CLIENT (object), result, &error);

  stretch->asking = FALSE;
  stretch->failed = page == NULL;
  if (stretch->failed)
    fail (self, error);
  else
    take_contacts (stretch, page);
  end_question (self);
}

static void
last_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisListWalk *self = user_data;
  Stretch *stretch = g_ptr_array_index (self->stretches, 0);
  GError *error = NULL;
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (RELAIS_CLIENT (object), result, &error);

  if (page == NULL)
    fail (self, error);
  else
    {
      guint64 last = page->contacts->len > 0 ? ((RelaisRemoteContact *) g_ptr_array_index (page->contacts, 0))->id : 0;
      guint64 from = stretch->after_id;
      guint64 length = last > from ? (last - from) / N_PARTS : 0;

      self->to_cut = FALSE;
      for (guint i = 1; length > 0 && i < N_PARTS; i++)
        add_stretch (self, from + i * length, i < N_PARTS - 1 ? from + (i + 1) * length + 1 : 0);
      if (length > 0)
        stretch->before_id = from + length + 1;
    }
  end_question (self);
}

static void
witness_heard_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  RelaisListWalk *self = user_data;
  GError *error = NULL;
  int status;
  gboolean heard = relais_client_get_list_status_finish (RELAIS_CLIENT (object), result, &status, &error);

  /* Whoever is gone by now says nothing. */
  if (!heard && !g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND))
    fail (self, error);
  else if (heard && status != (int) self->status)
    fail (self, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_INVALID,
                                     _("ActiveCampaign was asked for the people of a list who have one status there, and named others too, so Relais cannot tell who is on the list. If a proxy or a gateway stands between this computer and ActiveCampaign, have it checked.")));
  else
    {
      g_clear_error (&error);
      self->n_heard += heard;
      self->n_witnesses--;
      self->believed = self->n_heard > 0;
      if (self->n_witnesses == 0 && !self->believed)
        fail_not_understood (self);
    }
  end_question (self);
}

/* Questions */

static void
ask_page (Stretch *stretch)
{
  RelaisListWalk *self = stretch->walk;
  RelaisContactQuery query = {
    .list_id = self->list_id, .status = self->status, .after_id = stretch->after_id, .before_id = stretch->before_id, .with_status = TRUE,
  };

  stretch->asking = TRUE;
  self->n_asking++;
  relais_client_list_contacts_async (self->client, &query, g_task_get_cancellable (self->task), page_got_cb, stretch);
}

static void
ask_last (RelaisListWalk *self)
{
  RelaisContactQuery query = { .list_id = self->list_id, .status = self->status, .last = TRUE };

  self->n_asking++;
  relais_client_list_contacts_async (self->client, &query, g_task_get_cancellable (self->task), last_got_cb, self);
}

static void
ask_next (RelaisListWalk *self)
{
  if (self->n_witnesses > 0)
    {
      self->n_asking++;
      relais_client_get_list_status_async (self->client, self->witnesses[self->n_witnesses - 1], self->list_id,
                                           g_task_get_cancellable (self->task), witness_heard_cb, self);
      return;
    }
  if (self->to_cut)
    {
      ask_last (self);
      return;
    }
  for (guint i = 0; i < self->stretches->len; i++)
    {
      Stretch *stretch = g_ptr_array_index (self->stretches, i);

      if (!stretch->done && !stretch->asking && !stretch->failed)
        ask_page (stretch);
    }
}

/* One page that cannot be had for now keeps its own stretch, and no other. */
static gboolean
may_ask (RelaisListWalk *self)
{
  gboolean alone = self->n_witnesses > 0 || self->to_cut;

  if (self->enough || (self->error != NULL && (alone || !self->believed || !may_pass (self->error))))
    return FALSE;

  return self->n_asking == 0 || !alone;
}

/* What has to come before the rest is asked alone; then every stretch goes on by itself. */
static void
ask_on (RelaisListWalk *self)
{
  g_autoptr (GTask) task = NULL;

  if (may_ask (self))
    ask_next (self);
  if (self->n_asking > 0)
    return;
  task = g_steal_pointer (&self->task);
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * relais_list_walk_async:
 * @self: a walk that is not under way
 * @cancellable: (nullable):
 * @callback: called when everyone was told, or enough of them
 * @user_data: for @callback
 *
 * Begins it, or goes on after an error where it was.
 */
void
relais_list_walk_async (RelaisListWalk      *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (self->task == NULL);

  for (guint i = 0; i < self->stretches->len; i++)
    ((Stretch *) g_ptr_array_index (self->stretches, i))->failed = FALSE;
  self->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, relais_list_walk_async);
  g_task_set_check_cancellable (self->task, FALSE);
  ask_on (self);
}

/**
 * relais_list_walk_finish:
 * @result: of relais_list_walk_async()
 * @error: in RELAIS_ERROR: RELAIS_ERROR_NOT_ALLOWED when the key may not look at people, RELAIS_ERROR_INVALID when the
 *   status was not heeded
 *
 * Returns: whether everyone was told, or enough of them
 */
gboolean
relais_list_walk_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
