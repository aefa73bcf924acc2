/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections are saved, checked and removed. A key goes to the keyring first
 * and the record into the journal after: a connection that cannot be saved
 * leaves neither behind. */

#include "relais-workspace-private.h"

#include "relais-error.h"
#include "relais-host.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  RelaisConnectionRecord *record;      /* (owned) */
  RelaisConnection       *connection;  /* (owned) (nullable): the one that is changed */
  RelaisKey              *key;         /* (owned) (nullable): a new one */
  RelaisKey              *old_key;     /* (owned) (nullable): what the keyring had before */
  GError                 *error;       /* (owned) (nullable): why the record could not be written */
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
  RelaisConnection *other;

  if (saving->record->name == NULL || g_strstrip (saving->record->name)[0] == '\0')
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("The connection needs a display name."));
      return FALSE;
    }
  other = relais_workspace_find_connection (self, saving->record->name);
  if (other == NULL || other == saving->connection)
    return TRUE;
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN,
               /* Translators: %s is the name of a connection. */
               _("Another connection is called “%s”. Choose another name."), saving->record->name);

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

/* The record could not be written: the keyring is put back as it was. */
static void
undo_key (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  if (saving->old_key != NULL)
    relais_secret_store_store_async (self->secrets, RELAIS_SECRET_API_KEY, saving->record->id, saving->record->name,
                                     saving->old_key, NULL, undone_cb, g_object_ref (task));
  else
    relais_secret_store_remove_async (self->secrets, RELAIS_SECRET_API_KEY, saving->record->id, NULL,
                                      undone_cb, g_object_ref (task));
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
    relais_connection_set_record (saving->connection, saving->record);
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
  GError *error = NULL;

  if (relais_secret_store_store_finish (self->secrets, result, &error))
    write_record (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
store_key (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  /* Translators: shown in the keyring; %s is the name of a connection. */
  g_autofree char *label = g_strdup_printf (_("Relais: API key of “%s”"), saving->record->name);

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

/**
 * relais_workspace_save_connection_async:
 * @self: the workspace
 * @record: the connection as it shall be; without an id for a new one
 * @key: (nullable): its API key, %NULL to keep the stored one
 * @cancellable: (nullable): until the record is written
 * @callback: called when it is saved
 * @user_data: for @callback
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
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_save_connection_async);
  g_task_set_task_data (task, saving, free_saving);
  saving->record = relais_connection_record_copy (record);
  saving->key = key != NULL ? relais_key_ref (key) : NULL;
  if (record->id != NULL)
    {
      RelaisConnection *connection = relais_workspace_find_connection (self, record->id);

      saving->connection = connection != NULL ? g_object_ref (connection) : NULL;
    }
  else
    {
      saving->record->id = g_uuid_string_random ();
      saving->record->created_at = g_get_real_time ();
    }

  if (!check_name (self, saving, &error) || !check_host (saving->record, &error) || !check_consent (saving, &error))
    g_task_return_error (task, error);
  else if (saving->key == NULL && saving->connection == NULL && saving->record->host != NULL)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING, _("The connection needs an API key."));
  else if (saving->key == NULL)
    write_record (g_steal_pointer (&task));
  else if (saving->connection == NULL)
    store_key (g_steal_pointer (&task));
  else
    relais_secret_store_lookup_async (self->secrets, RELAIS_SECRET_API_KEY, saving->record->id, cancellable,
                                      old_key_looked_up_cb, g_object_ref (task));
}

/**
 * relais_workspace_save_connection_finish:
 * @self: the workspace
 * @result: of relais_workspace_save_connection_async()
 * @error: RELAIS_ERROR_NAME_TAKEN, _CONSENT, _DEFINITION, _KEYRING_*, _JOURNAL_*: nothing was saved
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

/* Removing */

static void
hash_key_removed_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (relais_secret_store_remove_finish (self->secrets, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
key_removed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  RelaisConnection *connection = g_task_get_task_data (task);
  GError *error = NULL;

  if (!relais_secret_store_remove_finish (self->secrets, result, &error))
    g_task_return_error (task, error);
  else
    relais_secret_store_remove_async (self->secrets, RELAIS_SECRET_FINGERPRINT_KEY, relais_connection_get_id (connection),
                                      NULL, hash_key_removed_cb, g_object_ref (task));
}

static void
record_removed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  RelaisConnection *connection = g_task_get_task_data (task);
  GError *error = NULL;
  guint position;

  if (!relais_journal_write_finish (self->journal, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_list_store_find (self->connections, connection, &position))
    g_list_store_remove (self->connections, position);
  if (relais_connection_get_record (connection)->host == NULL)
    g_task_return_boolean (task, TRUE);
  else
    relais_secret_store_remove_async (self->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection),
                                      NULL, key_removed_cb, g_object_ref (task));
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
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, relais_workspace_remove_connection_async);
  g_task_set_task_data (task, g_object_ref (connection), g_object_unref);
  relais_journal_remove_connection_async (self->journal, relais_connection_get_id (connection), cancellable,
                                          record_removed_cb, task);
}

/**
 * relais_workspace_remove_connection_finish:
 * @self: the workspace
 * @result: of relais_workspace_remove_connection_async()
 * @error: RELAIS_ERROR_IN_USE while exports use it; RELAIS_ERROR_KEYRING_* when the
 *   connection is gone but its key could not be taken out of the keyring
 *
 * Returns: whether connection and keys are gone
 */
gboolean
relais_workspace_remove_connection_finish (RelaisWorkspace  *self,
                                           GAsyncResult     *result,
                                           GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Checking */

typedef struct
{
  RelaisConnection *connection;  /* (owned) */
  RelaisAccount    *account;     /* (owned) (nullable) */
  GError           *error;       /* (owned) (nullable) */
} Checking;

static void
free_checking (gpointer data)
{
  Checking *checking = data;

  g_clear_object (&checking->connection);
  g_clear_pointer (&checking->account, relais_account_free);
  g_clear_error (&checking->error);
  g_free (checking);
}

static void
outcome_written_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Checking *checking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  /* That the outcome could not be written down matters less than the outcome. */
  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    g_info ("The outcome of a check was not written down");
  if (checking->error != NULL)
    g_task_return_error (task, g_steal_pointer (&checking->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&checking->account), (GDestroyNotify) relais_account_free);
}

static void
keep_outcome (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Checking *checking = g_task_get_task_data (task);
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_copy (relais_connection_get_record (checking->connection));

  if (g_error_matches (checking->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&checking->error));
      return;
    }
  record->check = checking->error != NULL ? relais_check_from_error (checking->error) : RELAIS_CHECK_CONNECTED;
  record->checked_at = g_get_real_time ();
  if (checking->account != NULL)
    {
      g_free (record->user);
      record->user = g_strdup (checking->account->user_name);
      g_free (record->account);
      record->account = g_strdup (checking->account->account_name);
    }
  relais_connection_set_record (checking->connection, record);
  relais_journal_put_connection_async (self->journal, record, NULL, outcome_written_cb, g_object_ref (task));
}

static void
account_got_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Checking *checking = g_task_get_task_data (task);

  checking->account = relais_client_get_account_finish (RELAIS_CLIENT (object), result, &checking->error);
  keep_outcome (g_steal_pointer (&task));
}

static void
client_opened_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Checking *checking = g_task_get_task_data (task);
  g_autoptr (RelaisClient) client = relais_workspace_open_client_finish (RELAIS_WORKSPACE (object), result, &checking->error);

  if (client == NULL)
    keep_outcome (g_steal_pointer (&task));
  else
    relais_client_get_account_async (client, g_task_get_cancellable (task), account_got_cb, g_object_ref (task));
}

/**
 * relais_workspace_check_connection_async:
 * @self: the workspace
 * @connection: a stored connection
 * @cancellable: (nullable):
 * @callback: called when the account has answered, or could not
 * @user_data: for @callback
 */
void
relais_workspace_check_connection_async (RelaisWorkspace     *self,
                                         RelaisConnection    *connection,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Checking *checking = g_new0 (Checking, 1);

  g_task_set_source_tag (task, relais_workspace_check_connection_async);
  g_task_set_task_data (task, checking, free_checking);
  checking->connection = g_object_ref (connection);
  relais_workspace_open_client_async (self, connection, cancellable, client_opened_cb, task);
}

/**
 * relais_workspace_check_connection_finish:
 * @self: the workspace
 * @result: of relais_workspace_check_connection_async()
 * @error: why the account could not be reached; the connection shows it too
 *
 * Returns: (transfer full) (nullable): who we are there
 */
RelaisAccount *
relais_workspace_check_connection_finish (RelaisWorkspace  *self,
                                          GAsyncResult     *result,
                                          GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * relais_check_from_error:
 * @error: of a check
 *
 * Returns: the state that a connection shows for it
 */
RelaisCheck
relais_check_from_error (const GError *error)
{
  if (error->domain != RELAIS_ERROR)
    return RELAIS_CHECK_TROUBLE;

  switch ((int) error->code)
    {
    case RELAIS_ERROR_REFUSED:
      return RELAIS_CHECK_KEY_REFUSED;

    case RELAIS_ERROR_NOT_ALLOWED:
      return RELAIS_CHECK_NOT_ALLOWED;

    case RELAIS_ERROR_UNPAID:
      return RELAIS_CHECK_UNPAID;

    case RELAIS_ERROR_WRONG_HOST:
    case RELAIS_ERROR_REPLY:
      return RELAIS_CHECK_WRONG_HOST;

    case RELAIS_ERROR_TLS:
      return RELAIS_CHECK_CERTIFICATE;

    case RELAIS_ERROR_OFFLINE:
    case RELAIS_ERROR_NAME_NOT_FOUND:
    case RELAIS_ERROR_UNREACHABLE:
    case RELAIS_ERROR_CUT:
      return RELAIS_CHECK_UNREACHABLE;

    case RELAIS_ERROR_KEYRING_LOCKED:
    case RELAIS_ERROR_KEYRING_MISSING:
    case RELAIS_ERROR_KEYRING:
    case RELAIS_ERROR_KEY_MISSING:
      return RELAIS_CHECK_KEYRING;

    default:
      return RELAIS_CHECK_TROUBLE;
    }
}
