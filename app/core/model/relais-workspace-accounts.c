/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How an account is reached: host, key and pace of a connection. */

#include "relais-workspace-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * relais_connection_record_label_key:
 * @record: a connection
 *
 * Returns: (transfer full): what its API key is called in the keyring
 */
char *
relais_connection_record_label_key (const RelaisConnectionRecord *record)
{
  /* Translators: shown in the keyring; %s is the name of a connection. */
  return g_strdup_printf (_("Relais: API key of “%s”"), record->name);
}

/**
 * relais_connection_record_label_fingerprints:
 * @record: a connection
 *
 * Returns: (transfer full): what the key of its fingerprints is called in the keyring
 */
char *
relais_connection_record_label_fingerprints (const RelaisConnectionRecord *record)
{
  /* Translators: shown in the keyring; %s is the name of a connection. */
  return g_strdup_printf (_("Relais: what “%s” remembers"), record->name);
}

/**
 * relais_workspace_make_client:
 * @self: the workspace
 * @record: a connection, stored or not; its host is used as it is
 * @key: its API key
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): a client of the account
 */
RelaisClient *
relais_workspace_make_client (RelaisWorkspace               *self,
                              const RelaisConnectionRecord  *record,
                              RelaisKey                     *key,
                              GError                       **error)
{
  g_autoptr (RelaisKey) practice_key = NULL;
  g_autofree char *address = g_strdup (record->host);
  g_autofree char *fingerprint_key = NULL;
  gboolean practice = record->kind == RELAIS_CONNECTION_PRACTICE;
  RelaisGovernor *governor;

  if (address == NULL)
    {
      if (self->practice == NULL)
        {
          g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_UNREACHABLE, _("The practice account is not available here."));
          return NULL;
        }
      if (!self->practice (&address, &practice_key, &fingerprint_key, self->practice_data, error))
        return NULL;
      key = practice_key;
    }
  governor = relais_governors_get (self->governors, address, record->limit_requests, record->limit_seconds);

  return relais_client_new (self->session, governor, address, practice, key);
}

static void
key_looked_up_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  RelaisConnection *connection = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (RelaisKey) key = relais_secret_store_lookup_finish (self->secrets, result, &error);
  g_autoptr (RelaisClient) client = NULL;

  if (key != NULL)
    client = relais_workspace_make_client (self, relais_connection_get_record (connection), key, &error);
  if (client != NULL)
    g_task_return_pointer (task, g_steal_pointer (&client), g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * relais_workspace_open_client_async:
 * @self: the workspace
 * @connection: a stored connection
 * @cancellable: (nullable):
 * @callback: called with the client
 * @user_data: for @callback
 */
void
relais_workspace_open_client_async (RelaisWorkspace     *self,
                                    RelaisConnection    *connection,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  const RelaisConnectionRecord *record = relais_connection_get_record (connection);

  g_task_set_source_tag (task, relais_workspace_open_client_async);
  g_task_set_task_data (task, g_object_ref (connection), g_object_unref);
  if (record->host == NULL)
    {
      GError *error = NULL;
      RelaisClient *client = relais_workspace_make_client (self, record, NULL, &error);

      if (client != NULL)
        g_task_return_pointer (task, client, g_object_unref);
      else
        g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  relais_secret_store_lookup_async (self->secrets, RELAIS_SECRET_API_KEY, record->id, cancellable, key_looked_up_cb, task);
}

/**
 * relais_workspace_open_client_finish:
 * @self: the workspace
 * @result: of relais_workspace_open_client_async()
 * @error: RELAIS_ERROR_KEYRING_*, _KEYRING or _KEY_MISSING
 *
 * Returns: (transfer full) (nullable): the client
 */
RelaisClient *
relais_workspace_open_client_finish (RelaisWorkspace  *self,
                                     GAsyncResult     *result,
                                     GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The key of fingerprints */

/* Kept as "<digits>@<host>", because what was confirmed in one account says nothing of another. One that an older
 * version kept does not name its host; it goes when the connection is led elsewhere.
 *
 * Returns: whether it is a key for @host, or for any when that is %NULL */
static gboolean
read_hash_key (const char    *text,
               const char    *host,
               RelaisHashKey *hash_key)
{
  gsize length = strcspn (text, "@");

  if (length != 2 * sizeof hash_key->bytes)
    return FALSE;
  if (text[length] == '@' && g_strcmp0 (text + length + 1, host) != 0)
    return FALSE;
  for (guint i = 0; i < sizeof hash_key->bytes; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      hash_key->bytes[i] = high << 4 | low;
    }

  return TRUE;
}

static RelaisKey *
write_hash_key (const RelaisHashKey *hash_key,
                const char          *host)
{
  GString *text = g_string_sized_new (2 * sizeof hash_key->bytes + 1);

  for (guint i = 0; i < sizeof hash_key->bytes; i++)
    g_string_append_printf (text, "%02x", hash_key->bytes[i]);

  g_string_append_printf (text, "@%s", host);

  return relais_key_new_take (g_string_free (text, FALSE));
}

typedef struct
{
  RelaisConnection *connection;  /* (owned) */
  char             *host;        /* (owned) (nullable): of the account that the key is for */
  gboolean          only_find;   /* none is made */
  RelaisHashKey     hash_key;
} GettingHashKey;

static void
free_getting (gpointer data)
{
  GettingHashKey *getting = data;

  g_object_unref (getting->connection);
  g_free (getting->host);
  explicit_bzero (&getting->hash_key, sizeof getting->hash_key);
  g_free (getting);
}

static void
hash_key_stored_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (relais_secret_store_store_finish (self->secrets, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
make_hash_key (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  RelaisWorkspace *self = g_task_get_source_object (task);
  GettingHashKey *getting = g_task_get_task_data (task);
  g_autoptr (RelaisKey) key = NULL;
  g_autofree char *label = relais_connection_record_label_fingerprints (relais_connection_get_record (getting->connection));

  if (!relais_hash_key_random (&getting->hash_key))
    {
      g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_KEYRING, _("The system has no random numbers to give."));
      return;
    }
  key = write_hash_key (&getting->hash_key, getting->host);
  relais_secret_store_store_async (self->secrets, RELAIS_SECRET_FINGERPRINT_KEY, relais_connection_get_id (getting->connection), label, key,
                                   g_task_get_cancellable (task), hash_key_stored_cb, g_object_ref (task));
}

static void
hash_key_looked_up_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  GettingHashKey *getting = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisKey) key = relais_secret_store_lookup_finish (self->secrets, result, &error);

  if (key != NULL && read_hash_key (relais_key_peek (key), getting->host, &getting->hash_key))
    g_task_return_boolean (task, TRUE);
  else if (key != NULL && getting->only_find)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING, "There is no key for this account");
  else if (!getting->only_find && (key != NULL || g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING)))
    make_hash_key (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
get_practice_hash_key (RelaisWorkspace *self,
                       GTask           *task,
                       RelaisHashKey   *hash_key)
{
  g_autofree char *address = NULL;
  g_autofree char *text = NULL;
  g_autoptr (RelaisKey) key = NULL;
  GError *error = NULL;

  if (self->practice == NULL)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_UNREACHABLE, _("The practice account is not available here."));
  else if (!self->practice (&address, &key, &text, self->practice_data, &error))
    g_task_return_error (task, error);
  else
    {
      /* What is in the practice account is there to be read: its fingerprints need no keyring. */
      if (!read_hash_key (text, NULL, hash_key))
        memset (hash_key, 0, sizeof *hash_key);
      g_task_return_boolean (task, TRUE);
    }
}

static void
get_hash_key (RelaisWorkspace     *self,
              gpointer             tag,
              RelaisConnection    *connection,
              const char          *host,
              gboolean             only_find,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GettingHashKey *getting = g_new0 (GettingHashKey, 1);

  getting->connection = g_object_ref (connection);
  getting->host = g_strdup (host);
  getting->only_find = only_find;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, getting, free_getting);
  if (relais_connection_get_record (connection)->host == NULL)
    {
      get_practice_hash_key (self, task, &getting->hash_key);
      return;
    }
  relais_secret_store_lookup_async (self->secrets, RELAIS_SECRET_FINGERPRINT_KEY, relais_connection_get_id (connection),
                                    cancellable, hash_key_looked_up_cb, g_object_ref (task));
}

/**
 * relais_workspace_get_hash_key_async:
 * @self: the workspace
 * @connection: a stored connection
 * @client: that was opened for it, which it may have been led away from since
 * @cancellable: (nullable):
 * @callback: called with the key
 * @user_data: for @callback
 *
 * Finds the key of the connection's fingerprints in the client's account. When there is none yet, one is made and stored.
 */
void
relais_workspace_get_hash_key_async (RelaisWorkspace     *self,
                                     RelaisConnection    *connection,
                                     RelaisClient        *client,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  get_hash_key (self, relais_workspace_get_hash_key_async, connection, relais_client_get_host (client), FALSE, cancellable,
                callback, user_data);
}

/**
 * relais_workspace_find_hash_key_async:
 * @self: the workspace
 * @connection: a stored connection
 * @cancellable: (nullable):
 * @callback: for relais_workspace_get_hash_key_finish()
 * @user_data: for @callback
 *
 * Finds the key of the connection's fingerprints without asking its account. When there is none, nobody was delivered there yet: that
 * fails with %RELAIS_ERROR_KEY_MISSING.
 */
void
relais_workspace_find_hash_key_async (RelaisWorkspace     *self,
                                      RelaisConnection    *connection,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  get_hash_key (self, relais_workspace_find_hash_key_async, connection, relais_connection_get_record (connection)->host, TRUE,
                cancellable, callback, user_data);
}

/**
 * relais_workspace_get_hash_key_finish:
 * @self: the workspace
 * @result: of relais_workspace_get_hash_key_async() or relais_workspace_find_hash_key_async()
 * @hash_key: (out): the key
 * @error: RELAIS_ERROR_KEYRING_*, _KEYRING or, where none is made, _KEY_MISSING
 *
 * Returns: whether there is one
 */
gboolean
relais_workspace_get_hash_key_finish (RelaisWorkspace  *self,
                                      GAsyncResult     *result,
                                      RelaisHashKey    *hash_key,
                                      GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *hash_key = ((GettingHashKey *) g_task_get_task_data (G_TASK (result)))->hash_key;

  return TRUE;
}
