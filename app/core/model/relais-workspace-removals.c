/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections are removed. Their secrets go first: a removal that is cut short
 * leaves a connection without a key, which is seen and can be removed again, and
 * never a key that nothing leads to. When something refuses, what was taken
 * out of the keyring is put back. */

#include "relais-workspace-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RelaisConnection *connection;  /* (owned) */
  RelaisKey        *keys[2];     /* (owned) (nullable): by RelaisSecretKind; what was taken out of the keyring */
  guint             next;        /* kind that is looked at */
  GError           *error;       /* (owned) (nullable): why it stays */
} Removing;

static const RelaisSecretKind kinds[] = { RELAIS_SECRET_API_KEY, RELAIS_SECRET_FINGERPRINT_KEY };

static void remove_next_secret (GTask *task);
static void put_secrets_back   (GTask *task);

static void
free_removing (gpointer data)
{
  Removing *removing = data;

  g_clear_object (&removing->connection);
  for (guint i = 0; i < G_N_ELEMENTS (removing->keys); i++)
    g_clear_pointer (&removing->keys[i], relais_key_unref);
  g_clear_error (&removing->error);
  g_free (removing);
}

static void
return_outcome (GTask *task)
{
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);

  g_hash_table_remove (self->leaving, removing->connection);
  if (removing->error != NULL)
    g_task_return_error (task, g_steal_pointer (&removing->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
secret_put_back_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!relais_secret_store_store_finish (self->secrets, result, &error))
    g_info ("A secret could not be put back into the keyring");
  put_secrets_back (g_steal_pointer (&task));
}

/* Takes the task over. The last secret that was taken out is the first to go back. */
static void
put_secrets_back (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);
  const RelaisConnectionRecord *record = relais_connection_get_record (removing->connection);
  g_autofree char *label = NULL;

  while (removing->next > 0 && removing->keys[removing->next - 1] == NULL)
    removing->next--;
  if (removing->next == 0)
    {
      return_outcome (task);
      return;
    }
  removing->next--;
  label = kinds[removing->next] == RELAIS_SECRET_API_KEY ? relais_connection_record_label_key (record)
                                                         : relais_connection_record_label_fingerprints (record);
  relais_secret_store_store_async (self->secrets, kinds[removing->next], record->id, label, removing->keys[removing->next],
                                   NULL, secret_put_back_cb, g_object_ref (task));
}

static void
record_removed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);
  guint position;

  if (!relais_journal_write_finish (self->journal, result, &removing->error))
    {
      put_secrets_back (g_steal_pointer (&task));
      return;
    }
  if (g_list_store_find (self->connections, removing->connection, &position))
    g_list_store_remove (self->connections, position);
  return_outcome (task);
}

static void
secret_removed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);

  removing->next++;
  if (relais_secret_store_remove_finish (self->secrets, result, &removing->error))
    remove_next_secret (g_steal_pointer (&task));
  else
    put_secrets_back (g_steal_pointer (&task));
}

static void
secret_looked_up_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);
  GError *error = NULL;

  removing->keys[removing->next] = relais_secret_store_lookup_finish (self->secrets, result, &error);
  if (removing->keys[removing->next] != NULL)
    relais_secret_store_remove_async (self->secrets, kinds[removing->next], relais_connection_get_id (removing->connection),
                                      NULL, secret_removed_cb, g_object_ref (task));
  else if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING))
    {
      g_error_free (error);
      removing->next++;
      remove_next_secret (g_steal_pointer (&task));
    }
  else
    {
      removing->error = error;
      put_secrets_back (g_steal_pointer (&task));
    }
}

/* Takes the task over. When no secret is left, the record goes. */
static void
remove_next_secret (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);
  const char *id = relais_connection_get_id (removing->connection);

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &removing->error))
    put_secrets_back (g_steal_pointer (&task));
  else if (removing->next < G_N_ELEMENTS (kinds) && relais_connection_get_record (removing->connection)->host != NULL)
    relais_secret_store_lookup_async (self->secrets, kinds[removing->next], id, g_task_get_cancellable (task),
                                      secret_looked_up_cb, g_object_ref (task));
  else
    relais_journal_remove_connection_async (self->journal, id, NULL, record_removed_cb, g_object_ref (task));
}

/* Whether an export uses @connection. */
static gboolean
is_in_use (RelaisWorkspace  *self,
           RelaisConnection *connection)
{
  GListModel *exports = G_LIST_MODEL (self->exports);

  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);

      if (relais_export_get_connection (export) == connection)
        return TRUE;
    }

  return FALSE;
}

/**
 * relais_workspace_remove_connection_async:
 * @self: the workspace
 * @connection: what to remove
 * @cancellable: (nullable): until its record is removed
 * @callback: called when it is gone, from the keyring too
 * @user_data: for @callback
 */
void
relais_workspace_remove_connection_async (RelaisWorkspace     *self,
                                          RelaisConnection    *connection,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Removing *removing = g_new0 (Removing, 1);

  g_task_set_source_tag (task, relais_workspace_remove_connection_async);
  /* What has been removed is told as removed. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, removing, free_removing);
  removing->connection = g_object_ref (connection);
  if (g_hash_table_contains (self->leaving, connection) || !g_list_store_find (self->connections, connection, NULL))
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("This connection has been removed in the meantime."));
  else if (is_in_use (self, connection))
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_IN_USE,
                             _("Exports use this connection. Remove them or choose another connection for them first."));
  else
    {
      g_hash_table_add (self->leaving, connection);
      remove_next_secret (g_steal_pointer (&task));
    }
}

/**
 * relais_workspace_remove_connection_finish:
 * @self: the workspace
 * @result: of relais_workspace_remove_connection_async()
 * @error: RELAIS_ERROR_IN_USE while exports use it, _UNKNOWN when it is gone already, _KEYRING_* or
 *   _JOURNAL_*, G_IO_ERROR_CANCELLED: the connection is still there, with its secrets
 *
 * Returns: whether connection and secrets are gone
 */
gboolean
relais_workspace_remove_connection_finish (RelaisWorkspace  *self,
                                           GAsyncResult     *result,
                                           GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
