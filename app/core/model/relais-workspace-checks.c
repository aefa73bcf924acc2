/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections are checked: who we are in the account, or why it cannot be told. */

#include "relais-workspace-private.h"

#include "relais-error.h"

typedef struct
{
  RelaisConnection *connection;  /* (owned) */
  char             *host;        /* (owned) (nullable): that is asked */
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
  g_free (checking->host);
  g_free (checking);
}

/* The outcome tells nothing about a connection that has been removed, or that
 * leads elsewhere, since the account was asked. */
static gboolean
is_still_meant (RelaisWorkspace *self,
                const Checking  *checking)
{
  return g_list_store_find (self->connections, checking->connection, NULL) &&
         !g_hash_table_contains (self->leaving, checking->connection) &&
         g_strcmp0 (checking->host, relais_connection_get_record (checking->connection)->host) == 0;
}

static void
return_outcome (GTask    *task,
                Checking *checking)
{
  if (checking->error != NULL)
    g_task_return_error (task, g_steal_pointer (&checking->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&checking->account), (GDestroyNotify) relais_account_free);
}

static void
outcome_written_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* That the outcome could not be written down matters less than the outcome. */
  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    g_info ("The outcome of a check was not written down");
  return_outcome (task, g_task_get_task_data (task));
}

static void
keep_outcome (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Checking *checking = g_task_get_task_data (task);
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_copy (relais_connection_get_record (checking->connection));

  if (g_error_matches (checking->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !is_still_meant (self, checking))
    {
      return_outcome (task, checking);
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
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Checking *checking = g_new0 (Checking, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_check_connection_async);
  g_task_set_task_data (task, checking, free_checking);
  checking->connection = g_object_ref (connection);
  checking->host = g_strdup (relais_connection_get_record (connection)->host);
  if (relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL, &error))
    relais_workspace_open_client_async (self, connection, cancellable, client_opened_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
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
