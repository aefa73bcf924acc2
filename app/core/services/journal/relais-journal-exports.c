/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Exports in the journal. */

#include "relais-journal-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char     *id;         /* (owned) */
  gboolean  elsewhere;
} Removing;

static void
free_removing (gpointer data)
{
  Removing *removing = data;

  g_free (removing->id);
  g_free (removing);
}

static gpointer
read_export (sqlite3_stmt *statement)
{
  RelaisExportRecord *record = relais_export_record_new ();

  record->id = relais_sql_dup_text (statement, 0);
  record->name = relais_sql_dup_text (statement, 1);
  record->connection_id = relais_sql_dup_text (statement, 2);
  record->definition = relais_sql_dup_text (statement, 3);
  record->created_at = sqlite3_column_int64 (statement, 4);
  record->changed_at = sqlite3_column_int64 (statement, 5);

  return record;
}

static gboolean
list_exports (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT id, name, connection_id, definition, created_at, changed_at FROM exports ORDER BY folded_name", error);

  if (statement == NULL)
    return FALSE;

  return relais_sql_list (db, statement, read_export, (GDestroyNotify) relais_export_record_free, result, error);
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
  g_autofree char *folded = relais_sql_fold_name (record->name);
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

  return relais_sql_run_named (db, statement, record->name, error);
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
disconnect_export (sqlite3   *db,
                   gpointer   data,
                   gpointer  *result,
                   GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "UPDATE exports SET connection_id = NULL, changed_at = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);
  sqlite3_bind_int64 (statement, 2, g_get_real_time ());

  return relais_sql_run (db, statement, error);
}

/**
 * relais_journal_disconnect_export_async:
 * @self: the journal
 * @id: of the export
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * It has no connection from now on; its definition stays as it is, whether this version can read it or not.
 */
void
relais_journal_disconnect_export_async (RelaisJournal       *self,
                                        const char          *id,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_disconnect_export_async, TRUE, disconnect_export, g_strdup (id), g_free,
                      NULL, cancellable, callback, user_data);
}

/**
 * relais_journal_find_unfinished:
 * @db: the database
 * @export_id: of an export
 * @name: (out) (transfer full) (nullable): its name, when the end of its last run has not been written down
 * @error: in RELAIS_ERROR
 *
 * Returns: whether that could be looked up
 */
gboolean
relais_journal_find_unfinished (sqlite3     *db,
                                const char  *export_id,
                                char       **name,
                                GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT exports.name, runs.status FROM exports JOIN runs ON runs.export_id = exports.id"
    " WHERE exports.id = ?1 ORDER BY runs.number DESC LIMIT 1", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, export_id);
  if (relais_sql_step (db, statement, &local_error) && sqlite3_column_int (statement, 1) == RELAIS_RUN_PROCESSING)
    *name = relais_sql_dup_text (statement, 0);
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
delete_export (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Removing *removing = data;
  g_autofree char *running = NULL;
  sqlite3_stmt *statement;

  if (removing->elsewhere && !relais_journal_find_unfinished (db, removing->id, &running, error))
    return FALSE;
  if (running != NULL)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE,
                   /* Translators: %s is the name of an export. */
                   _("Another Relais is sending at the moment, perhaps “%s”. Wait until it has ended, or stop it there, before removing the export."),
                   running);
      return FALSE;
    }
  /* What broke off has to be answered for as well. */
  if (!relais_journal_log_broken (db, removing->id, error))
    return FALSE;
  statement = relais_sql_prepare (db, "DELETE FROM exports WHERE id = ?1", error);
  if (statement != NULL)
    relais_sql_bind_text (statement, 1, removing->id);

  return relais_sql_run (db, statement, error);
}

/* What cannot be wiped away now is when the journal is opened next: the export is gone all the same. */
static gboolean
remove_export (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  g_autoptr (GError) wipe_error = NULL;

  if (!relais_journal_delete_for_good (db, delete_export, data, NULL, error))
    return FALSE;
  if (!relais_journal_wipe (db, &wipe_error))
    g_info ("What was deleted cannot be wiped away yet: %s", wipe_error->message);

  return TRUE;
}

/**
 * relais_journal_remove_export_async:
 * @self: the journal
 * @id: of the export
 * @elsewhere: whether another process may be working on a run: then one whose last run
 *   has no end stays
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Its runs, rejected rows, fingerprints and removals go with it; the lines of the log stay. Fails with RELAIS_ERROR_IN_USE
 * while another process runs it.
 */
void
relais_journal_remove_export_async (RelaisJournal       *self,
                                    const char          *id,
                                    gboolean             elsewhere,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  Removing *removing = g_new0 (Removing, 1);

  removing->id = g_strdup (id);
  removing->elsewhere = elsewhere;
  relais_journal_ask_alone (self, relais_journal_remove_export_async, remove_export, removing, free_removing, NULL,
                            cancellable, callback, user_data);
}
