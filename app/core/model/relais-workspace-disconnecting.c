/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Exports are disconnected: they keep their settings, and do not run. A run under way ends first. */

#include "relais-workspace-private.h"

/* Stopping */

typedef struct
{
  RelaisExport *export;   /* (owned) */
  RelaisRun    *run;      /* (owned) (nullable): that is being stopped */
  gulong        handler;
} Stopping;

static void
free_stopping (gpointer data)
{
  Stopping *stopping = data;

  if (stopping->run != NULL)
    g_clear_signal_handler (&stopping->handler, stopping->run);
  g_clear_object (&stopping->run);
  g_object_unref (stopping->export);
  g_free (stopping);
}

static gboolean
stopped_cb (gpointer user_data)
{
  GTask *task = user_data;
  Stopping *stopping = g_task_get_task_data (task);
  GError *error = NULL;

  if (relais_workspace_check_idle (g_task_get_source_object (task), stopping->export, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);

  return G_SOURCE_REMOVE;
}

/* The engine has yet to let go of the run that has just ended. */
static void
live_changed_cb (GTask *task)
{
  Stopping *stopping = g_task_get_task_data (task);

  g_clear_signal_handler (&stopping->handler, stopping->run);
  g_idle_add_full (G_PRIORITY_DEFAULT, stopped_cb, task, g_object_unref);
}

/**
 * relais_workspace_stop_run_async:
 * @self: the workspace
 * @export: that is to be removed or disconnected
 * @callback: called when nobody runs it
 * @user_data: for @callback
 *
 * A run of this process is canceled, and ends at the edge of a batch.
 */
void
relais_workspace_stop_run_async (RelaisWorkspace     *self,
                                 RelaisExport        *export,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Stopping *stopping = g_new0 (Stopping, 1);
  RelaisRun *run = relais_export_get_last_run (export);

  g_task_set_source_tag (task, relais_workspace_stop_run_async);
  g_task_set_task_data (task, stopping, free_stopping);
  stopping->export = g_object_ref (export);
  if (run == NULL || !relais_run_is_live (run))
    {
      stopped_cb (task);
      g_object_unref (task);
      return;
    }
  stopping->run = g_object_ref (run);
  stopping->handler = g_signal_connect_swapped (run, "notify::live", G_CALLBACK (live_changed_cb), task);
  relais_run_cancel (run);
}

/**
 * relais_workspace_stop_run_finish:
 * @self: the workspace
 * @result: of relais_workspace_stop_run_async()
 * @error: RELAIS_ERROR_IN_USE while another process runs it
 *
 * Returns: whether nobody runs it
 */
gboolean
relais_workspace_stop_run_finish (RelaisWorkspace  *self,
                                  GAsyncResult     *result,
                                  GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* One export */

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  RelaisExport *export = g_task_get_task_data (task);
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_copy (relais_export_get_definition (export));
  GError *error = NULL;

  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_pointer (&definition->connection, g_free);
  relais_export_set_definition (export, definition, NULL);
  relais_workspace_count_exports (self);
  g_task_return_boolean (task, TRUE);
}

static void
run_stopped_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = RELAIS_WORKSPACE (object);
  RelaisExport *export = g_task_get_task_data (task);
  GError *error = NULL;

  if (relais_workspace_stop_run_finish (self, result, &error) && relais_workspace_check_there (self, export, &error))
    relais_journal_disconnect_export_async (self->journal, relais_export_get_id (export), g_task_get_cancellable (task),
                                            disconnected_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/**
 * relais_workspace_disconnect_export_async:
 * @self: the workspace
 * @export: what shall not run any more
 * @cancellable: (nullable): until it is written
 * @callback: called when it has no connection
 * @user_data: for @callback
 *
 * It keeps its settings, its history and what it remembers, and does not run before a connection is chosen
 * for it again. A run of it is stopped first, at the edge of a batch. Nothing changes in the account.
 */
void
relais_workspace_disconnect_export_async (RelaisWorkspace     *self,
                                          RelaisExport        *export,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_disconnect_export_async);
  /* What has been written is told as written. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_object_ref (export), g_object_unref);
  if (relais_workspace_check_right (self, RELAIS_ACTION_DISCONNECT_EXPORTS, relais_export_get_connection (export), &error))
    relais_workspace_stop_run_async (self, export, run_stopped_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * relais_workspace_disconnect_export_finish:
 * @self: the workspace
 * @result: of relais_workspace_disconnect_export_async()
 * @error: RELAIS_ERROR_ROLE, RELAIS_ERROR_IN_USE while another process runs it, RELAIS_ERROR_UNKNOWN when it is gone, or
 *   RELAIS_ERROR_JOURNAL_*: it is as it was
 *
 * Returns: whether it has no connection
 */
gboolean
relais_workspace_disconnect_export_finish (RelaisWorkspace  *self,
                                           GAsyncResult     *result,
                                           GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* All exports of a connection */

typedef struct
{
  guint   n_left;
  GError *error;   /* (owned) (nullable): the first one */
} Disconnecting;

static void
free_disconnecting (gpointer data)
{
  Disconnecting *disconnecting = data;

  g_clear_error (&disconnecting->error);
  g_free (disconnecting);
}

static void
end_one (GTask *task)
{
  Disconnecting *disconnecting = g_task_get_task_data (task);

  if (--disconnecting->n_left > 0)
    return;
  if (disconnecting->error != NULL)
    g_task_return_error (task, g_steal_pointer (&disconnecting->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
one_disconnected_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Disconnecting *disconnecting = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_disconnect_export_finish (RELAIS_WORKSPACE (object), result, &error) && disconnecting->error == NULL)
    disconnecting->error = g_steal_pointer (&error);
  end_one (task);
}

/**
 * relais_workspace_disconnect_exports_async:
 * @self: the workspace
 * @connection: whose exports shall not run any more
 * @callback: called when none uses it
 * @user_data: for @callback
 *
 * As relais_workspace_disconnect_export_async(), all of them at once.
 */
void
relais_workspace_disconnect_exports_async (RelaisWorkspace     *self,
                                           RelaisConnection    *connection,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Disconnecting *disconnecting = g_new0 (Disconnecting, 1);
  GListModel *exports = G_LIST_MODEL (self->exports);
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_disconnect_exports_async);
  g_task_set_task_data (task, disconnecting, free_disconnecting);
  if (!relais_workspace_check_right (self, RELAIS_ACTION_DISCONNECT_EXPORTS, connection, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  disconnecting->n_left = 1;
  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);

      if (relais_export_get_connection (export) != connection)
        continue;
      disconnecting->n_left++;
      relais_workspace_disconnect_export_async (self, export, NULL, one_disconnected_cb, g_object_ref (task));
    }
  end_one (task);
}

/**
 * relais_workspace_disconnect_exports_finish:
 * @self: the workspace
 * @result: of relais_workspace_disconnect_exports_async()
 * @error: why one of them still uses it; as of relais_workspace_disconnect_export_finish()
 *
 * Returns: whether none uses it
 */
gboolean
relais_workspace_disconnect_exports_finish (RelaisWorkspace  *self,
                                            GAsyncResult     *result,
                                            GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
