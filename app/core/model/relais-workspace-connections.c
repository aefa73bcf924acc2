/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections are saved. A key goes to the keyring first and the record into the
 * journal after: a connection that cannot be saved leaves neither behind. */

#include "relais-workspace-private.h"

#include "relais-error.h"
#include "relais-export-private.h"
#include "relais-host.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RelaisConnectionRecord *record;      /* (owned) */
  RelaisConnection       *connection;  /* (owned) (nullable): the one that is changed */
  RelaisKey              *key;         /* (owned) (nullable): a new one */
  RelaisKey              *old_key;     /* (owned) (nullable): what the keyring had before */
  GError                 *error;       /* (owned) (nullable): why it could not be saved */
} Saving;

static void
free_saving (gpointer data)
{
  Saving *saving = data;

  relais_connection_record_free (saving->record);
  g_clear_object (&saving->connection);
  g_clear_pointer (&saving->key, relais_key_unref);
  g_clear_pointer (&saving->old_key, relais_key_unref);
  g_clear_error (&saving->error);
  g_free (saving);
}

static gboolean
check_host (RelaisConnectionRecord  *record,
            GError                 **error)
{
  g_autofree char *host = NULL;
  gboolean reduced;

  if (record->kind == RELAIS_CONNECTION_PRACTICE && record->host == NULL)
    return TRUE;
  host = record->kind == RELAIS_CONNECTION_PRACTICE ? relais_host_read_practice (record->host, error)
                                                    : relais_host_read (record->host, &reduced, error);
  if (host == NULL)
    return FALSE;
  g_free (record->host);
  record->host = g_steal_pointer (&host);

  return TRUE;
}

static gboolean
check_consent (const Saving  *saving,
               GError       **error)
{
  const RelaisConnectionRecord *before = saving->connection != NULL ? relais_connection_get_record (saving->connection) : NULL;
  gboolean elsewhere = before != NULL && (saving->key != NULL || g_strcmp0 (before->host, saving->record->host) != 0);

  if (saving->record->consent_version > 0 && !(elsewhere && saving->record->consent_at <= before->consent_at))
    return TRUE;
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_CONSENT,
                       _("Data may be sent to this account only after someone has agreed to the section on data privacy and compliance."));

  return FALSE;
}

static gboolean
check_name (RelaisWorkspace  *self,
            Saving           *saving,
            GError          **error)
{
  char *name = saving->record->name;
  RelaisConnection *other = name != NULL ? relais_workspace_find_connection (self, g_strstrip (name)) : NULL;
  /* Translators: %s is the name of a connection. */
  g_autofree char *taken = g_strdup_printf (_("Another connection is called “%s”. Choose another name."), name != NULL ? name : "");

  return relais_workspace_check_name (name, other != NULL && other != saving->connection,
                                      _("The connection needs a display name."), taken, error);
}

static gboolean
check_key (const Saving  *saving,
           GError       **error)
{
  if (saving->key != NULL || saving->connection != NULL || saving->record->host == NULL)
    return TRUE;
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING, _("The connection needs an API key."));

  return FALSE;
}

static gboolean
check_is_there (RelaisWorkspace  *self,
                const Saving     *saving,
                GError          **error)
{
  if (saving->connection != NULL && !g_hash_table_contains (self->leaving, saving->connection))
    return TRUE;
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("This connection has been removed in the meantime."));

  return FALSE;
}

static void
undone_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Saving *saving = g_task_get_task_data (task);

  g_task_return_error (task, g_steal_pointer (&saving->error));
}

/* It cannot be saved: the keyring is put back as it was. */
static void
undo_key (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  g_autofree char *label = relais_connection_record_label_key (saving->connection != NULL ?
                                                               relais_connection_get_record (saving->connection) : saving->record);

  if (saving->old_key != NULL)
    relais_secret_store_store_async (self->secrets, RELAIS_SECRET_API_KEY, saving->record->id, label,
                                     saving->old_key, NULL, undone_cb, g_object_ref (task));
  else
    relais_secret_store_remove_async (self->secrets, RELAIS_SECRET_API_KEY, saving->record->id, NULL,
                                      undone_cb, g_object_ref (task));
}

/* The definitions of exports name their connection. */
static void
rename_in_exports (RelaisWorkspace  *self,
                   RelaisConnection *connection)
{
  GListModel *exports = G_LIST_MODEL (self->exports);

  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);

      if (relais_export_get_connection (export) == connection)
        relais_export_set_connection_name (export, relais_connection_get_name (connection));
    }
}

static void
record_written_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  if (!relais_journal_write_finish (self->journal, result, &saving->error))
    {
      if (saving->key != NULL)
        undo_key (g_steal_pointer (&task));
      else
        g_task_return_error (task, g_steal_pointer (&saving->error));
      return;
    }
  if (saving->connection != NULL)
    {
      relais_connection_set_record (saving->connection, saving->record);
      rename_in_exports (self, saving->connection);
    }
  else
    saving->connection = relais_connection_new (saving->record);
  relais_workspace_place_connection (self, saving->connection);
  g_task_return_pointer (task, g_object_ref (saving->connection), g_object_unref);
}

static void
write_record (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  relais_journal_put_connection_async (self->journal, saving->record, NULL, record_written_cb, g_object_ref (task));
}

static void
key_stored_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  gboolean stored = relais_secret_store_store_finish (self->secrets, result, &saving->error);

  /* What was cancelled may have reached the keyring all the same. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      if (saving->error == NULL)
        g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &saving->error);
      undo_key (g_steal_pointer (&task));
    }
  else if (stored)
    write_record (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&saving->error));
}

static void
store_key (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  g_autofree char *label = relais_connection_record_label_key (saving->record);

  relais_secret_store_store_async (self->secrets, RELAIS_SECRET_API_KEY, saving->record->id, label, saving->key,
                                   g_task_get_cancellable (task), key_stored_cb, g_object_ref (task));
}

static void
old_key_looked_up_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  GError *error = NULL;

  saving->old_key = relais_secret_store_lookup_finish (self->secrets, result, &error);
  if (error != NULL && !g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  store_key (g_steal_pointer (&task));
}

static void
keep_secrets (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  if (saving->key == NULL)
    write_record (g_steal_pointer (&task));
  else if (saving->connection == NULL)
    store_key (g_steal_pointer (&task));
  else
    relais_secret_store_lookup_async (self->secrets, RELAIS_SECRET_API_KEY, saving->record->id, g_task_get_cancellable (task),
                                      old_key_looked_up_cb, g_object_ref (task));
}

static void
forgotten_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (relais_secret_store_remove_finish (self->secrets, result, &error))
    keep_secrets (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/* Whether it may be another account from now on. A host has one account, and the service says which it is to
 * keys of administrators; other keys are known by their users. Any practice account calls itself the same. */
static gboolean
may_be_another_account (const Saving *saving)
{
  const RelaisConnectionRecord *before = relais_connection_get_record (saving->connection);
  const RelaisConnectionRecord *after = saving->record;

  if (g_strcmp0 (before->host, after->host) != 0)
    return TRUE;
  if (saving->key == NULL)
    return FALSE;
  if (after->kind == RELAIS_CONNECTION_PRACTICE)
    return TRUE;
  if (before->account != NULL && *before->account && after->account != NULL && *after->account)
    return !g_str_equal (before->account, after->account);

  return before->user == NULL || g_strcmp0 (before->user, after->user) != 0;
}

static void
begin_saving (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  /* What was confirmed in another account counts in this one no more: without their key, fingerprints say nothing.
   * That comes first: sent once too often is better than never. */
  if (saving->connection != NULL && may_be_another_account (saving))
    relais_secret_store_remove_async (self->secrets, RELAIS_SECRET_FINGERPRINT_KEY, saving->record->id, g_task_get_cancellable (task),
                                      forgotten_cb, g_object_ref (task));
  else
    keep_secrets (g_steal_pointer (&task));
}

static void
name_cleared_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (relais_workspace_clear_finish (RELAIS_WORKSPACE (object), result, &error))
    begin_saving (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * relais_workspace_save_connection_async:
 * @self: the workspace
 * @record: the connection as it shall be; without an id for a new one
 * @key: (nullable): its API key, %NULL to keep the stored one
 * @cancellable: (nullable): until the key is stored
 * @callback: called when it is saved
 * @user_data: for @callback
 *
 * One of that name that could still be brought back is gone for good before.
 */
void
relais_workspace_save_connection_async (RelaisWorkspace              *self,
                                        const RelaisConnectionRecord *record,
                                        RelaisKey                    *key,
                                        GCancellable                 *cancellable,
                                        GAsyncReadyCallback           callback,
                                        gpointer                      user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Saving *saving = g_new0 (Saving, 1);
  gpointer namesake;
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_save_connection_async);
  /* What has been saved is told as saved. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, saving, free_saving);
  saving->record = relais_connection_record_copy (record);
  saving->key = key != NULL ? relais_key_ref (key) : NULL;
  if (!relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (record->id != NULL)
    {
      g_set_object (&saving->connection, relais_workspace_find_connection (self, record->id));
      if (!check_is_there (self, saving, &error))
        {
          g_task_return_error (task, error);
          return;
        }
    }
  else
    {
      saving->record->id = g_uuid_string_random ();
      saving->record->created_at = g_get_real_time ();
    }

  if (!check_name (self, saving, &error) || !check_host (saving->record, &error) || !check_consent (saving, &error) ||
      !check_key (saving, &error))
    g_task_return_error (task, error);
  /* Whoever gives away the name of what was removed does not want that back. */
  else if ((namesake = relais_workspace_find_set_aside (self, RELAIS_TYPE_CONNECTION, saving->record->name)) != NULL)
    relais_workspace_clear_async (self, namesake, name_cleared_cb, g_object_ref (task));
  else
    begin_saving (g_steal_pointer (&task));
}

/**
 * relais_workspace_save_connection_finish:
 * @self: the workspace
 * @result: of relais_workspace_save_connection_async()
 * @error: RELAIS_ERROR_NAME_TAKEN, _CONSENT, _DEFINITION, _UNKNOWN, _KEY_MISSING, _KEYRING_*, _JOURNAL_* or
 *   G_IO_ERROR_CANCELLED: nothing was saved
 *
 * Returns: (transfer full) (nullable): the connection
 */
RelaisConnection *
relais_workspace_save_connection_finish (RelaisWorkspace  *self,
                                         GAsyncResult     *result,
                                         GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
