/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections and exports in the journal. */

#include "relais-journal-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

static char *
fold_name (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name != NULL ? name : "", -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : "", -1);
}

/* Says in words what a constraint stands for. */
static gboolean
run_named (sqlite3       *db,
           sqlite3_stmt  *taken,
           const char    *name,
           GError       **error)
{
  int status;

  if (taken == NULL)
    return FALSE;

  status = sqlite3_step (taken);
  sqlite3_finalize (taken);
  if (status == SQLITE_DONE)
    return TRUE;

  if (sqlite3_extended_errcode (db) == SQLITE_CONSTRAINT_UNIQUE)
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN,
                 /* Translators: %s is the name of a connection or an export. */
                 _("The name “%s” is taken. Choose another one."), name);
  else if (sqlite3_extended_errcode (db) == SQLITE_CONSTRAINT_FOREIGNKEY)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("This connection is not there any more. Choose another one."));
  else
    relais_sql_set_error (db, sqlite3_extended_errcode (db), error);

  return FALSE;
}

static gboolean
list_connections (sqlite3   *db,
                  gpointer   data,
                  gpointer  *result,
                  GError   **error)
{
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_connection_record_free);
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT id, kind, name, host, access, limit_requests, limit_seconds, account, user, consent_version, consent_language,"
    " consent_by, consent_at, created_at, checked_at, check_state FROM connections ORDER BY folded_name", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;

  while (relais_sql_step (db, statement, &local_error))
    {
      RelaisConnectionRecord *record = relais_connection_record_new ();

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
      g_ptr_array_add (connections, record);
    }
  sqlite3_finalize (statement);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *result = g_steal_pointer (&connections);

  return TRUE;
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
  g_autofree char *folded = fold_name (record->name);
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

  return run_named (db, statement, record->name, error);
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

static gboolean
list_exports (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  g_autoptr (GPtrArray) exports = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_export_record_free);
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT id, name, connection_id, definition, created_at, changed_at FROM exports ORDER BY folded_name", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;

  while (relais_sql_step (db, statement, &local_error))
    {
      RelaisExportRecord *record = relais_export_record_new ();

      record->id = relais_sql_dup_text (statement, 0);
      record->name = relais_sql_dup_text (statement, 1);
      record->connection_id = relais_sql_dup_text (statement, 2);
      record->definition = relais_sql_dup_text (statement, 3);
      record->created_at = sqlite3_column_int64 (statement, 4);
      record->changed_at = sqlite3_column_int64 (statement, 5);
      g_ptr_array_add (exports, record);
    }
  sqlite3_finalize (statement);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *result = g_steal_pointer (&exports);

  return TRUE;
}

/**
 * relais_journal_list_exports_async:
 * @self: the journal
 * @cancellable: (nullable):
 * @callback: called with the exports
 * @user_data: for @callback
 */
void
relais_journal_list_exports_async (RelaisJournal       *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_list_exports_async, FALSE, list_exports, NULL, NULL,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_list_exports_finish:
 * @self: the journal
 * @result: of relais_journal_list_exports_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisExportRecord) (nullable): by name
 */
GPtrArray *
relais_journal_list_exports_finish (RelaisJournal  *self,
                                    GAsyncResult   *result,
                                    GError        **error)
{
  return relais_journal_answer (self, result, error);
}

static gboolean
put_export (sqlite3   *db,
            gpointer   data,
            gpointer  *result,
            GError   **error)
{
  const RelaisExportRecord *record = data;
  g_autofree char *folded = fold_name (record->name);
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "INSERT INTO exports (id, name, folded_name, connection_id, definition, created_at, changed_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT (id) DO UPDATE SET name = ?2, folded_name = ?3, connection_id = ?4, definition = ?5, changed_at = ?7", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, record->id);
  relais_sql_bind_text (statement, 2, record->name);
  relais_sql_bind_text (statement, 3, folded);
  relais_sql_bind_text (statement, 4, record->connection_id);
  relais_sql_bind_text (statement, 5, record->definition);
  sqlite3_bind_int64 (statement, 6, record->created_at);
  sqlite3_bind_int64 (statement, 7, record->changed_at);

  return run_named (db, statement, record->name, error);
}

/**
 * relais_journal_put_export_async:
 * @self: the journal
 * @record: what to write; inserted, or updated when its id is known
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Fails with RELAIS_ERROR_NAME_TAKEN when another export has the name, in
 * whatever case, and with RELAIS_ERROR_UNKNOWN when its connection is not there.
 */
void
relais_journal_put_export_async (RelaisJournal            *self,
                                 const RelaisExportRecord *record,
                                 GCancellable             *cancellable,
                                 GAsyncReadyCallback       callback,
                                 gpointer                  user_data)
{
  relais_journal_ask (self, relais_journal_put_export_async, TRUE, put_export, relais_export_record_copy (record),
                      (GDestroyNotify) relais_export_record_free, NULL, cancellable, callback, user_data);
}

static gboolean
remove_export (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "DELETE FROM exports WHERE id = ?1", error);

  if (statement != NULL)
    relais_sql_bind_text (statement, 1, data);

  return relais_sql_run (db, statement, error);
}

/**
 * relais_journal_remove_export_async:
 * @self: the journal
 * @id: of the export
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Its runs, rejected rows and fingerprints go with it.
 */
void
relais_journal_remove_export_async (RelaisJournal       *self,
                                    const char          *id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_remove_export_async, TRUE, remove_export, g_strdup (id), g_free,
                      NULL, cancellable, callback, user_data);
}
