/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service does not subscribe again those who left a list, and says so of
 * them only in passing, or not at all: whether its results name everyone who was
 * updated is not documented. So they are asked for first, and left out.
 *
 * What can be asked side by side is: an answer that is slow to come would otherwise
 * leave most of the pace unused. */

#include "relais-guard-private.h"

#include "relais-error.h"

G_DEFINE_FINAL_TYPE (RelaisGuard, relais_guard, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_N_READ,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
relais_guard_finalize (GObject *object)
{
  RelaisGuard *self = RELAIS_GUARD (object);

  g_clear_error (&self->denial);
  g_clear_error (&self->exclusions_error);
  g_clear_error (&self->error);
  g_hash_table_unref (self->exclusions);
  g_ptr_array_unref (self->tracks);
  g_clear_pointer (&self->settings, relais_account_settings_free);
  relais_barred_unref (self->barred);
  g_clear_pointer (&self->returning, relais_returning_unref);
  g_object_unref (self->client);
  G_OBJECT_CLASS (relais_guard_parent_class)->finalize (object);
}

static void
relais_guard_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  RelaisGuard *self = RELAIS_GUARD (object);

  switch (prop_id)
    {
    case PROP_N_READ:
      g_value_set_uint64 (value, self->n_read);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_guard_class_init (RelaisGuardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = relais_guard_finalize;
  object_class->get_property = relais_guard_get_property;

  properties[PROP_N_READ] = g_param_spec_uint64 ("n-read", NULL, NULL, 0, G_MAXUINT64, 0,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
relais_guard_init (RelaisGuard *self)
{
  self->tracks = g_ptr_array_new_with_free_func (g_free);
  self->exclusions = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->n_exclusions = -1;
}

/**
 * relais_guard_new_of_exclusions:
 * @client: of the account
 * @list_id: of a list
 * @key: of the connection's fingerprints
 *
 * Returns: (transfer full): one that asks for nothing but what the account excludes, and has not asked yet
 */
RelaisGuard *
relais_guard_new_of_exclusions (RelaisClient        *client,
                                guint32              list_id,
                                const RelaisHashKey *key)
{
  RelaisGuard *self = g_object_new (RELAIS_TYPE_GUARD, NULL);

  self->client = g_object_ref (client);
  self->list_id = list_id;
  self->barred = relais_barred_new (key);

  return self;
}

/**
 * relais_guard_new:
 * @client: of the account
 * @list_id: of a list
 * @key: of the connection's fingerprints
 *
 * Returns: (transfer full): one that has not asked yet
 */
RelaisGuard *
relais_guard_new (RelaisClient        *client,
                  guint32              list_id,
                  const RelaisHashKey *key)
{
  RelaisGuard *self = relais_guard_new_of_exclusions (client, list_id, key);

  relais_guard_add_people (self);

  return self;
}

/**
 * relais_guard_set_returning:
 * @self: a guard that has not asked yet
 * @returning: people who may be put back on the list: who is named as exactly as Relais left them is told there, and
 *   may be mailed unless something else keeps them from it
 */
void
relais_guard_set_returning (RelaisGuard     *self,
                            RelaisReturning *returning)
{
  g_return_if_fail (self->returning == NULL);

  if (!relais_returning_is_empty (returning))
    self->returning = relais_returning_ref (returning);
}

/**
 * relais_guard_get_n_unsubscribed:
 * @self: a guard that has been asked
 *
 * Returns: how many people have unsubscribed from the list, those whom Relais took off it among them; -1 when that was not told
 */
gint64
relais_guard_get_n_unsubscribed (RelaisGuard *self)
{
  gint64 n = -1;

  for (guint i = 0; i < self->tracks->len; i++)
    {
      const RelaisTrack *track = g_ptr_array_index (self->tracks, i);

      if (track->status == RELAIS_LIST_STATUS_UNSUBSCRIBED)
        n = MAX (n, track->total);
    }

  return n;
}

/**
 * relais_guard_get_n_read:
 * @self: a guard
 *
 * Returns: how many people and exclusions were told so far
 */
guint64
relais_guard_get_n_read (RelaisGuard *self)
{
  return self->n_read;
}

/**
 * relais_guard_get_n_expected:
 * @self: a guard
 *
 * Returns: how many there are in all, 0 while that is not known
 */
guint64
relais_guard_get_n_expected (RelaisGuard *self)
{
  guint64 n_expected = MAX (self->n_exclusions, (gint64) g_hash_table_size (self->exclusions));

  for (guint i = 0; i < self->tracks->len; i++)
    {
      const RelaisTrack *track = g_ptr_array_index (self->tracks, i);

      if (track->total < 0)
        return 0;
      n_expected += track->total;
    }

  return MAX (n_expected, self->n_read);
}

/* Answers */

/*
 * relais_guard_add_read:
 * @n: so many more were told
 */
void
relais_guard_add_read (RelaisGuard *self,
                       guint        n)
{
  if (n == 0)
    return;

  self->n_read += n;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_READ]);
}

/*
 * relais_guard_fail:
 * @error: (transfer full): why a question had no answer
 *
 * Nothing more is asked this time. One that waiting does not help against is told rather than one that it does.
 */
void
relais_guard_fail (RelaisGuard *self,
                   GError      *error)
{
  if (self->error != NULL && !relais_error_is_temporary (self->error) && !relais_error_is_in_doubt (self->error))
    {
      g_error_free (error);
      return;
    }
  g_clear_error (&self->error);
  self->error = error;
}

static void
close_thread (GTask        *thread_task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  relais_barred_close (task_data);
  g_task_return_boolean (thread_task, TRUE);
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisGuard *self = RELAIS_GUARD (object);

  g_task_return_pointer (task, relais_barred_ref (self->barred), (GDestroyNotify) relais_barred_unref);
}

/* The service refuses whom it excludes when they are sent, and not when they are put back: nobody is whom it may exclude. */
static void
hold_back (RelaisGuard *self)
{
  gboolean lacks = relais_barred_has_gaps (self->barred, RELAIS_GAP_EXCLUSIONS) ||
                   relais_barred_has_gaps (self->barred, RELAIS_GAP_SOME_EXCLUSIONS);

  if (lacks && relais_returning_hold_back (self->returning, self->barred))
    relais_barred_add_gaps (self->barred, RELAIS_GAP_HELD_BACK);
}

/* Every question of this time has been answered, or has failed. */
static void
conclude (RelaisGuard *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) thread_task = NULL;

  /* A key that may look at people may do so to the end: this is not one that may not. */
  if (self->error == NULL && self->denial != NULL && self->n_pages > 0)
    self->error = g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_INVALID, self->denial->message);
  self->lacks_exclusions = self->error == NULL && self->exclusions_error != NULL;
  if (self->lacks_exclusions)
    self->error = g_steal_pointer (&self->exclusions_error);
  if (self->error == NULL && relais_guard_ask_room_again (self))
    return;
  task = g_steal_pointer (&self->task);
  if (self->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->error));
      return;
    }
  if (self->denial != NULL)
    relais_barred_add_gaps (self->barred, RELAIS_GAP_PEOPLE);
  if (self->returning != NULL && relais_returning_has_untold (self->returning))
    relais_barred_add_gaps (self->barred, RELAIS_GAP_RETURNING);
  if (self->returning != NULL)
    hold_back (self);
  thread_task = g_task_new (self, NULL, closed_cb, g_steal_pointer (&task));
  g_task_set_source_tag (thread_task, conclude);
  g_task_set_task_data (thread_task, relais_barred_ref (self->barred), (GDestroyNotify) relais_barred_unref);
  g_task_run_in_thread (thread_task, close_thread);
}

/*
 * relais_guard_begin_question:
 *
 * To be called before the account is asked something.
 *
 * Returns: (transfer none) (nullable): what ends it
 */
GCancellable *
relais_guard_begin_question (RelaisGuard *self)
{
  self->n_asking++;

  return g_task_get_cancellable (self->task);
}

/*
 * relais_guard_end_question:
 *
 * To be called when its answer has been dealt with and what follows from it has been asked.
 */
void
relais_guard_end_question (RelaisGuard *self)
{
  if (--self->n_asking == 0)
    conclude (self);
}

/**
 * relais_guard_ask_async:
 * @self: a guard that is not being asked, and has not told everyone
 * @cancellable: (nullable):
 * @callback: called when everyone is known
 * @user_data: for @callback
 */
void
relais_guard_ask_async (RelaisGuard         *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, relais_guard_ask_async);
  g_clear_error (&self->denial);
  g_clear_error (&self->exclusions_error);
  relais_guard_begin_question (self);
  relais_guard_ask_people (self);
  relais_guard_ask_exclusions (self);
  relais_guard_ask_room (self);
  relais_guard_end_question (self);
}

/**
 * relais_guard_ask_finish:
 * @self: a guard
 * @result: of relais_guard_ask_async()
 * @error: when not everyone could be told: then it can be asked again, and goes on
 *
 * Returns: (transfer full) (nullable): who may not be mailed. A key that may look at nobody, and
 *   exclusions that cannot be read, leave a gap in it
 */
RelaisBarred *
relais_guard_ask_finish (RelaisGuard   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
