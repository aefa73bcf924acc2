/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who left the segment, by name: the report of a run lists them. They go when its rows that were not delivered do. */

#include "relais-journal-leavers.h"

#include "relais-journal-private.h"

#include <string.h>

/* Writing */

/* Whose address is not given was named before, or is not named. */
static gboolean
write_leaver (sqlite3                   *db,
              sqlite3_stmt              *naming,
              sqlite3_stmt              *changing,
              const char                *run_id,
              const RelaisLeaverRecord  *leaver,
              GError                   **error)
{
  sqlite3_stmt *statement = leaver->email != NULL ? naming : changing;

  sqlite3_reset (statement);
  relais_sql_bind_text (statement, 1, run_id);
  sqlite3_bind_blob (statement, 2, leaver->profile, sizeof leaver->profile, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, leaver->fate);
  if (leaver->email != NULL)
    relais_sql_bind_text (statement, 4, leaver->email);
  if (sqlite3_step (statement) == SQLITE_DONE)
    return TRUE;
  relais_sql_set_error (db, sqlite3_extended_errcode (db), error);

  return FALSE;
}

/*
 * relais_journal_write_names:
 * @db: the database
 * @run_id: of the run
 * @leavers: (element-type RelaisLeaverRecord): as for relais_journal_name_leavers_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: whether they are named
 */
gboolean
relais_journal_write_names (sqlite3    *db,
                            const char *run_id,
                            GPtrArray  *leavers,
                            GError    **error)
{
  sqlite3_stmt *naming = relais_sql_prepare (db, "INSERT OR REPLACE INTO leavers (run_id, profile, fate, email) VALUES (?1, ?2, ?3, ?4)", error);
  sqlite3_stmt *changing = naming != NULL ? relais_sql_prepare (db, "UPDATE leavers SET fate = ?3 WHERE run_id = ?1 AND profile = ?2", error) : NULL;
  gboolean written = changing != NULL;

  for (guint i = 0; written && i < leavers->len; i++)
    written = write_leaver (db, naming, changing, run_id, g_ptr_array_index (leavers, i), error);
  sqlite3_finalize (naming);
  sqlite3_finalize (changing);

  return written;
}

static gboolean
name_leavers (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  const RelaisReportCall *call = data;

  return relais_journal_write_names (db, call->run_id, call->items, error);
}

/**
 * relais_journal_name_leavers_async:
 * @self: the journal
 * @run_id: of the run
 * @leavers: (element-type RelaisLeaverRecord): people who left its segment; referenced until they are written, and not to be changed
 *   meanwhile. Whoever is named already has a new fate from now on
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 */
void
relais_journal_name_leavers_async (RelaisJournal       *self,
                                   const char          *run_id,
                                   GPtrArray           *leavers,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  relais_journal_write_report (self, relais_journal_name_leavers_async, name_leavers, run_id, leavers, cancellable, callback, user_data);
}

/* Reading */

static gpointer
read_leaver (sqlite3_stmt *statement)
{
  guint32 profile[3] = { 0 };
  int length = sqlite3_column_bytes (statement, 0);
  RelaisFate fate = (RelaisFate) sqlite3_column_int (statement, 2);

  if (length > 0)
    memcpy (profile, sqlite3_column_blob (statement, 0), MIN ((gsize) length, sizeof profile));

  return relais_leaver_record_new (profile, (const char *) sqlite3_column_text (statement, 1),
                                   (guint) fate < RELAIS_N_FATES ? fate : RELAIS_FATE_KEPT);
}

static gboolean
list_leavers (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  const RelaisReportCall *call = data;
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT profile, email, fate FROM leavers WHERE run_id = ?1 AND email > ?2 ORDER BY email LIMIT ?3", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, call->run_id);
  relais_sql_bind_text (statement, 2, call->after != NULL ? call->after : "");
  sqlite3_bind_int64 (statement, 3, call->limit);

  return relais_sql_list (db, statement, read_leaver, (GDestroyNotify) relais_leaver_record_free, result, error);
}

/**
 * relais_journal_list_leavers_async:
 * @self: the journal
 * @run_id: of the run
 * @after: (nullable): only people whose address comes after this one, %NULL for the first page
 * @limit: how many at the most
 * @cancellable: (nullable):
 * @callback: called with the page
 * @user_data: for @callback
 */
void
relais_journal_list_leavers_async (RelaisJournal       *self,
                                   const char          *run_id,
                                   const char          *after,
                                   guint                limit,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  RelaisReportCall page = { .run_id = (char *) run_id, .after = (char *) after, .limit = limit };

  relais_journal_list_report (self, relais_journal_list_leavers_async, list_leavers, &page, cancellable, callback, user_data);
}

/**
 * relais_journal_list_leavers_finish:
 * @self: the journal
 * @result: of relais_journal_list_leavers_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisLeaverRecord) (nullable): by address; fewer than asked for at the end
 */
GPtrArray *
relais_journal_list_leavers_finish (RelaisJournal  *self,
                                    GAsyncResult   *result,
                                    GError        **error)
{
  return relais_journal_answer (self, result, error);
}
