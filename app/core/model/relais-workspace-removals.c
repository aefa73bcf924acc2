/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections are removed. Their secrets go first: a removal that is cut short
 * leaves a connection without a key, which is seen and can be removed again, and
 * never a key that nothing leads to. When something refuses, what was taken
 * out of the keyring is put back. */

#include "relais-workspace-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

/* More exports are counted but not named. */
#define MAX_NAMED 10

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

/**
 * relais_workspace_new_in_use_error:
 * @names: (element-type utf8): what the exports are called that use a connection; used up
 *
 * Returns: (transfer full): the error that says so
 */
GError *
relais_workspace_new_in_use_error (GPtrArray *names)
{
  guint n = names->len;
  g_autofree char *list = NULL;

  if (n == 1)
    return g_error_new (RELAIS_ERROR, RELAIS_ERROR_IN_USE,
                        /* Translators: %s is the name of an export. */
                        _("The export “%s” uses this connection. First remove that export or choose another connection for it."),
                        (const char *) g_ptr_array_index (names, 0));
  g_ptr_array_set_size (names, MIN (n, MAX_NAMED));
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = g_steal_pointer (&names->pdata[i]);

      /* Translators: one of several names in a list; %s is the name of an export. */
      names->pdata[i] = g_strdup_printf (_("“%s”"), name);
    }
  g_ptr_array_add (names, NULL);
  list = g_strjoinv (", ", (char **) names->pdata);
  if (n <= MAX_NAMED)
    return g_error_new (RELAIS_ERROR, RELAIS_ERROR_IN_USE,
                        /* Translators: %s lists the names of exports. */
                        _("These exports use this connection: %s. First remove them or choose another connection for them."), list);

  return g_error_new (RELAIS_ERROR, RELAIS_ERROR_IN_USE,
                      /* Translators: %u counts exports, %s lists the names of some of them. */
                      ngettext ("%u export uses this connection, among them: %s. First remove them or choose another connection for them.",
                                "%u exports use this connection, among them: %s. First remove them or choose another connection for them.",
                                n), n, list);
}

/* The journal is asked, because another process may have set one up. */
static void
exports_listed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Removing *removing = g_task_get_task_data (task);
  g_autoptr (GPtrArray) exports = relais_journal_list_exports_finish (RELAIS_JOURNAL (object), result, &removing->error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; exports != NULL && i < exports->len; i++)
    {
      const RelaisExportRecord *record = g_ptr_array_index (exports, i);

      if (g_strcmp0 (record->connection_id, relais_connection_get_id (removing->connection)) == 0)
        g_ptr_array_add (names, g_strdup (record->name));
    }
  if (names->len > 0)
    removing->error = relais_workspace_new_in_use_error (names);
  if (removing->error != NULL)
    return_outcome (task);
  else
    remove_next_secret (g_steal_pointer (&task));
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
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_remove_connection_async);
  /* What has been removed is told as removed. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, removing, free_removing);
  removing->connection = g_object_ref (connection);
  if (!relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL, &error))
    g_task_return_error (task, error);
  else if (g_hash_table_contains (self->leaving, connection) ||
           !(g_list_store_find (self->connections, connection, NULL) || relais_workspace_is_set_aside (self, connection)))
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("This connection has been removed in the meantime."));
  else
    {
      g_hash_table_add (self->leaving, connection);
      relais_journal_list_exports_async (self->journal, cancellable, exports_listed_cb, g_object_ref (task));
    }
}

/**
 * relais_workspace_remove_connection_finish:
 * @self: the workspace
 * @result: of relais_workspace_remove_connection_async()
 * @error: RELAIS_ERROR_ROLE, RELAIS_ERROR_IN_USE while exports use it, _UNKNOWN when it is gone already, _KEYRING_* or
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
