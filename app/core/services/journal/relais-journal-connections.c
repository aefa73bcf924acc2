/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections in the journal. */

#include "relais-journal-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

static gpointer
read_connection (sqlite3_stmt *statement)
{
  RelaisConnectionRecord *record;

  if (!relais_sql_is_among (statement, 1, RELAIS_CONNECTION_PRACTICE) || !relais_sql_is_among (statement, 4, RELAIS_ACCESS_CONTRIBUTORS) ||
      !relais_sql_is_among (statement, 15, RELAIS_CHECK_KEYRING))
    return NULL;

  record = relais_connection_record_new ();
  record->id = relais_sql_dup_text (statement, 0);
  record->kind = sqlite3_column_int (statement, 1);
  record->name = relais_sql_dup_text (statement, 2);
  record->host = relais_sql_dup_text (statement, 3);
  record->access = sqlite3_column_int (statement, 4);
  record->limit_requests = sqlite3_column_int64 (statement, 5);
  record->limit_seconds = sqlite3_column_int64 (statement, 6);
  record->account = relais_sql_dup_text (statement, 7);
  record->user = relais_sql_dup_text (statement, 8);
  record->consent_version = sqlite3_column_int (statement, 9);
  record->consent_language = relais_sql_dup_text (statement, 10);
  record->consent_by = relais_sql_dup_text (statement, 11);
  record->consent_at = sqlite3_column_int64 (statement, 12);
  record->created_at = sqlite3_column_int64 (statement, 13);
  record->checked_at = sqlite3_column_int64 (statement, 14);
  record->check = sqlite3_column_int (statement, 15);

  return record;
}

static gboolean
list_connections (sqlite3   *db,
                  gpointer   data,
                  gpointer  *result,
                  GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT id, kind, name, host, access, limit_requests, limit_seconds, account, user, consent_version, consent_language,"
    " consent_by, consent_at, created_at, checked_at, check_state FROM connections ORDER BY folded_name", error);

  if (statement == NULL)
    return FALSE;

  return relais_sql_list (db, statement, read_connection, (GDestroyNotify) relais_connection_record_free, result, error);
}

/**
 * relais_journal_list_connections_async:
 * @self: the journal
 * @cancellable: (nullable):
 * @callback: called with the connections
 * @user_data: for @callback
 */
void
relais_journal_list_connections_async (RelaisJournal       *self,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_list_connections_async, FALSE, list_connections, NULL, NULL,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_list_connections_finish:
 * @self: the journal
 * @result: of relais_journal_list_connections_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisConnectionRecord) (nullable): by name
 */
GPtrArray *
relais_journal_list_connections_finish (RelaisJournal  *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  return relais_journal_answer (self, result, error);
}

static gboolean
put_connection (sqlite3   *db,
                gpointer   data,
                gpointer  *result,
                GError   **error)
{
  const RelaisConnectionRecord *record = data;
  g_autofree char *folded = relais_sql_fold_name (record->name);
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "INSERT INTO connections (id, kind, name, folded_name, host, access, limit_requests, limit_seconds, account, user,"
    " consent_version, consent_language, consent_by, consent_at, created_at, checked_at, check_state)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    " ON CONFLICT (id) DO UPDATE SET kind = ?2, name = ?3, folded_name = ?4, host = ?5, access = ?6, limit_requests = ?7,"
    " limit_seconds = ?8, account = ?9, user = ?10, consent_version = ?11, consent_language = ?12, consent_by = ?13,"
    " consent_at = ?14, created_at = ?15, checked_at = ?16, check_state = ?17", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, record->id);
  sqlite3_bind_int (statement, 2, record->kind);
  relais_sql_bind_text (statement, 3, record->name);
  relais_sql_bind_text (statement, 4, folded);
  relais_sql_bind_text (statement, 5, record->host);
  sqlite3_bind_int (statement, 6, record->access);
  sqlite3_bind_int64 (statement, 7, record->limit_requests);
  sqlite3_bind_int64 (statement, 8, record->limit_seconds);
  relais_sql_bind_text (statement, 9, record->account);
  relais_sql_bind_text (statement, 10, record->user);
  sqlite3_bind_int (statement, 11, record->consent_version);
  relais_sql_bind_text (statement, 12, record->consent_language);
  relais_sql_bind_text (statement, 13, record->consent_by);
  sqlite3_bind_int64 (statement, 14, record->consent_at);
  sqlite3_bind_int64 (statement, 15, record->created_at);
  sqlite3_bind_int64 (statement, 16, record->checked_at);
  sqlite3_bind_int (statement, 17, record->check);

  return relais_sql_run_named (db, statement, record->name, error);
}

/**
 * relais_journal_put_connection_async:
 * @self: the journal
 * @connection: what to write; inserted, or updated when its id is known
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Fails with RELAIS_ERROR_NAME_TAKEN when another connection has the name, in whatever case.
 */
void
relais_journal_put_connection_async (RelaisJournal                *self,
                                     const RelaisConnectionRecord *connection,
                                     GCancellable                 *cancellable,
                                     GAsyncReadyCallback           callback,
                                     gpointer                      user_data)
{
  relais_journal_ask (self, relais_journal_put_connection_async, TRUE, put_connection,
                      relais_connection_record_copy (connection), (GDestroyNotify) relais_connection_record_free,
                      NULL, cancellable, callback, user_data);
}

static gboolean
remove_connection (sqlite3   *db,
                   gpointer   data,
                   gpointer  *result,
                   GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "DELETE FROM connections WHERE id = ?1", error);
  int status;

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, data);
  status = sqlite3_step (statement);
  sqlite3_finalize (statement);
  if (status == SQLITE_DONE)
    return TRUE;

  if (sqlite3_extended_errcode (db) == SQLITE_CONSTRAINT_FOREIGNKEY)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE,
                         _("Exports use this connection. Remove them or choose another connection for them first."));
  else
    relais_sql_set_error (db, sqlite3_extended_errcode (db), error);

  return FALSE;
}

/**
 * relais_journal_remove_connection_async:
 * @self: the journal
 * @id: of the connection
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Fails with RELAIS_ERROR_IN_USE while exports use it.
 */
void
relais_journal_remove_connection_async (RelaisJournal       *self,
                                        const char          *id,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_remove_connection_async, TRUE, remove_connection, g_strdup (id), g_free,
                      NULL, cancellable, callback, user_data);
}
