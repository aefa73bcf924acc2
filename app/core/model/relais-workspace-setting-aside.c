/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is removed can be brought back for a while. Until then it is set aside: in no list, found by no name, and not run,
 * but with its secrets and in the journal, so that a program that breaks off removes nothing. */

#include "relais-workspace-private.h"

#include "relais-error.h"
#include "relais-export-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  gpointer thing;   /* (owned): a RelaisConnection or a RelaisExport */
  gboolean is_due;  /* it shall be gone for good */
  gboolean goes;    /* that is under way, and too late to be taken back */
} SetAside;

/* Whoever waits until what is due is gone */
typedef struct
{
  gpointer  thing;  /* (owned) (nullable): %NULL for everything */
  GError   *error;  /* (owned) (nullable): why it is back */
} Clearing;

static void clear_next (RelaisWorkspace *self);

static void
free_set_aside (gpointer data)
{
  SetAside *entry = data;

  g_object_unref (entry->thing);
  g_free (entry);
}

static void
free_clearing (gpointer data)
{
  Clearing *clearing = data;

  g_clear_object (&clearing->thing);
  g_clear_error (&clearing->error);
  g_free (clearing);
}

void
relais_workspace_begin_set_aside (RelaisWorkspace *self)
{
  self->set_aside = g_ptr_array_new_with_free_func (free_set_aside);
  self->clearers = g_ptr_array_new_with_free_func (g_object_unref);
}

void
relais_workspace_end_set_aside (RelaisWorkspace *self)
{
  g_ptr_array_unref (self->set_aside);
  g_ptr_array_unref (self->clearers);
}

static SetAside *
find (RelaisWorkspace *self,
      gpointer         thing)
{
  for (guint i = 0; i < self->set_aside->len; i++)
    {
      SetAside *entry = g_ptr_array_index (self->set_aside, i);

      if (entry->thing == thing)
        return entry;
    }

  return NULL;
}

static const char *
get_name (gpointer thing)
{
  return RELAIS_IS_EXPORT (thing) ? relais_export_get_name (thing) : relais_connection_get_name (thing);
}

/**
 * relais_workspace_find_set_aside:
 * @self: the workspace
 * @type: of what is looked for
 * @name: its name, in any case
 *
 * Returns: (transfer none) (nullable): what has been removed and can be brought back
 */
gpointer
relais_workspace_find_set_aside (RelaisWorkspace *self,
                                 GType            type,
                                 const char      *name)
{
  for (guint i = 0; i < self->set_aside->len; i++)
    {
      SetAside *entry = g_ptr_array_index (self->set_aside, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (entry->thing, type) && relais_workspace_has_same_name (get_name (entry->thing), name))
        return entry->thing;
    }

  return NULL;
}

/**
 * relais_workspace_is_set_aside:
 * @self: the workspace
 * @thing: a connection or an export
 *
 * Returns: whether it has been removed and is not gone for good
 */
gboolean
relais_workspace_is_set_aside (RelaisWorkspace *self,
                               gpointer         thing)
{
  return find (self, thing) != NULL;
}

/* Setting aside */

static GListStore *
get_store (RelaisWorkspace *self,
           gpointer         thing)
{
  return RELAIS_IS_EXPORT (thing) ? self->exports : self->connections;
}

static void
take_out (RelaisWorkspace *self,
          gpointer         thing)
{
  GListStore *store = get_store (self, thing);
  SetAside *entry = g_new0 (SetAside, 1);
  guint position;

  entry->thing = g_object_ref (thing);
  g_ptr_array_add (self->set_aside, entry);
  if (g_list_store_find (store, thing, &position))
    g_list_store_remove (store, position);
  relais_workspace_count_exports (self);
}

static void
run_stopped_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = RELAIS_WORKSPACE (object);
  gpointer export = g_task_get_task_data (task);
  GError *error = NULL;

  if (relais_workspace_stop_run_finish (self, result, &error) && relais_workspace_check_there (self, export, &error))
    {
      take_out (self, export);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

static gboolean
check_unused (RelaisWorkspace   *self,
              RelaisConnection  *connection,
              GError           **error)
{
  GListModel *exports = G_LIST_MODEL (self->exports);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);

      if (relais_export_get_connection (export) == connection)
        g_ptr_array_add (names, g_strdup (relais_export_get_name (export)));
    }
  if (names->len == 0)
    return TRUE;
  g_propagate_error (error, relais_workspace_new_in_use_error (names));

  return FALSE;
}

/* Whoever may not remove it does not hide it either. */
static gboolean
check_may_remove (RelaisWorkspace  *self,
                  gpointer          thing,
                  GError          **error)
{
  if (RELAIS_IS_EXPORT (thing))
    return relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_EXPORTS, relais_export_get_connection (thing), error);

  return relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL, error);
}

/**
 * relais_workspace_set_aside_async:
 * @self: the workspace
 * @thing: a RelaisConnection or a RelaisExport that a person removes
 * @callback: called when it is in no list any more
 * @user_data: for @callback
 *
 * Removes it so that it can be brought back with relais_workspace_bring_back(), until relais_workspace_clear_async() is
 * called. A run of an export is stopped first, at the edge of a batch.
 */
void
relais_workspace_set_aside_async (RelaisWorkspace     *self,
                                  gpointer             thing,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_set_aside_async);
  g_task_set_task_data (task, g_object_ref (thing), g_object_unref);
  if (!check_may_remove (self, thing, &error))
    g_task_return_error (task, error);
  else if (RELAIS_IS_EXPORT (thing))
    relais_workspace_stop_run_async (self, thing, run_stopped_cb, g_object_ref (task));
  else if (g_hash_table_contains (self->leaving, thing) || !g_list_store_find (self->connections, thing, NULL))
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("This connection has been removed in the meantime."));
  else if (!check_unused (self, thing, &error))
    g_task_return_error (task, error);
  else
    {
      take_out (self, thing);
      g_task_return_boolean (task, TRUE);
    }
}

/**
 * relais_workspace_set_aside_finish:
 * @self: the workspace
 * @result: of relais_workspace_set_aside_async()
 * @error: RELAIS_ERROR_ROLE, RELAIS_ERROR_IN_USE while exports use it or another process runs it, _UNKNOWN when it is gone already
 *
 * Returns: whether it is set aside
 */
gboolean
relais_workspace_set_aside_finish (RelaisWorkspace  *self,
                                   GAsyncResult     *result,
                                   GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Bringing back */

static void
drop (RelaisWorkspace *self,
      SetAside        *entry)
{
  g_autoptr (GObject) thing = g_object_ref (entry->thing);

  g_ptr_array_remove (self->set_aside, entry);
  relais_workspace_tell_removal_ended (self, thing);
}

static void
put_back (RelaisWorkspace *self,
          SetAside        *entry)
{
  if (RELAIS_IS_EXPORT (entry->thing))
    {
      RelaisConnection *connection = relais_export_get_connection (entry->thing);
      SetAside *other = connection != NULL ? find (self, connection) : NULL;

      /* Without its connection it would not be what it was. */
      if (other != NULL)
        put_back (self, other);
      if (connection != NULL)
        relais_export_set_connection_name (entry->thing, relais_connection_get_name (connection));
      relais_workspace_place_export (self, entry->thing);
    }
  else
    relais_workspace_place_connection (self, entry->thing);
  relais_workspace_count_exports (self);
  drop (self, entry);
}

/**
 * relais_workspace_bring_back:
 * @self: the workspace
 * @thing: a connection or an export that is set aside
 *
 * It is as it was. With an export comes its connection, when that has been removed after it.
 *
 * Returns: whether it is back; otherwise it came too late
 */
gboolean
relais_workspace_bring_back (RelaisWorkspace *self,
                             gpointer         thing)
{
  SetAside *entry = find (self, thing);

  if (entry == NULL || entry->goes)
    return FALSE;
  put_back (self, entry);

  return TRUE;
}

/* Clearing: one after the other, and exports before the connections that they use */

static void
return_clearers (RelaisWorkspace *self)
{
  g_autoptr (GPtrArray) tasks = self->clearers;

  self->clearers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < tasks->len; i++)
    {
      GTask *task = g_ptr_array_index (tasks, i);
      Clearing *clearing = g_task_get_task_data (task);

      if (clearing->error != NULL)
        g_task_return_error (task, g_steal_pointer (&clearing->error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static void
tell_clearers (RelaisWorkspace *self,
               gpointer         thing,
               const GError    *error)
{
  for (guint i = 0; i < self->clearers->len; i++)
    {
      Clearing *clearing = g_task_get_task_data (g_ptr_array_index (self->clearers, i));

      if (clearing->error == NULL && (clearing->thing == NULL || clearing->thing == thing))
        clearing->error = g_error_copy (error);
    }
}

/* What cannot be removed is there again, whole. */
static void
end_clearing (RelaisWorkspace *self,
              gpointer         thing,
              const GError    *error)
{
  SetAside *entry = find (self, thing);

  if (error == NULL)
    drop (self, entry);
  else
    {
      tell_clearers (self, thing, error);
      /* It comes back with its connection, which then is not gone either. */
      if (RELAIS_IS_EXPORT (thing) && relais_export_get_connection (thing) != NULL)
        tell_clearers (self, relais_export_get_connection (thing), error);
      put_back (self, entry);
    }
  clear_next (self);
}

static void
export_removed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (RelaisExport) export = user_data;
  g_autoptr (GError) error = NULL;

  relais_workspace_remove_export_finish (RELAIS_WORKSPACE (object), result, &error);
  end_clearing (RELAIS_WORKSPACE (object), export, error);
}

static void
connection_removed_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (RelaisConnection) connection = user_data;
  g_autoptr (GError) error = NULL;

  relais_workspace_remove_connection_finish (RELAIS_WORKSPACE (object), result, &error);
  end_clearing (RELAIS_WORKSPACE (object), connection, error);
}

static SetAside *
find_due (RelaisWorkspace *self,
          GType            type)
{
  for (guint i = 0; i < self->set_aside->len; i++)
    {
      SetAside *entry = g_ptr_array_index (self->set_aside, i);

      if (entry->is_due && G_TYPE_CHECK_INSTANCE_TYPE (entry->thing, type))
        return entry;
    }

  return NULL;
}

static void
clear_next (RelaisWorkspace *self)
{
  SetAside *entry = find_due (self, RELAIS_TYPE_EXPORT);

  if (entry == NULL)
    entry = find_due (self, RELAIS_TYPE_CONNECTION);
  self->is_clearing = entry != NULL;
  if (entry == NULL)
    {
      return_clearers (self);
      return;
    }
  entry->goes = TRUE;
  if (RELAIS_IS_EXPORT (entry->thing))
    relais_workspace_remove_export_async (self, entry->thing, NULL, export_removed_cb, g_object_ref (entry->thing));
  else
    relais_workspace_remove_connection_async (self, entry->thing, NULL, connection_removed_cb, g_object_ref (entry->thing));
}

/* An export that was removed before its connection goes before it. */
static void
make_due (RelaisWorkspace *self,
          gpointer         thing)
{
  for (guint i = 0; i < self->set_aside->len; i++)
    {
      SetAside *entry = g_ptr_array_index (self->set_aside, i);

      if (thing == NULL || entry->thing == thing ||
          (RELAIS_IS_EXPORT (entry->thing) && (gpointer) relais_export_get_connection (entry->thing) == thing))
        entry->is_due = TRUE;
    }
}

/**
 * relais_workspace_clear_async:
 * @self: the workspace
 * @thing: (nullable): a connection or an export that is set aside, %NULL for all of them
 * @callback: called when it is gone for good, with its secrets
 * @user_data: for @callback
 *
 * It cannot be brought back any more.
 */
void
relais_workspace_clear_async (RelaisWorkspace     *self,
                              gpointer             thing,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Clearing *clearing = g_new0 (Clearing, 1);

  g_task_set_source_tag (task, relais_workspace_clear_async);
  clearing->thing = thing != NULL ? g_object_ref (thing) : NULL;
  g_task_set_task_data (task, clearing, free_clearing);
  g_ptr_array_add (self->clearers, task);
  make_due (self, thing);
  if (!self->is_clearing)
    clear_next (self);
}

/**
 * relais_workspace_clear_finish:
 * @self: the workspace
 * @result: of relais_workspace_clear_async()
 * @error: as of relais_workspace_remove_connection_finish() and relais_workspace_remove_export_finish(): what could not
 *   be removed is in its list again, whole
 *
 * Returns: whether it is gone for good
 */
gboolean
relais_workspace_clear_finish (RelaisWorkspace  *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
