/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows that were not delivered, in the journal. */

#include "relais-journal-private.h"

/**
 * relais_journal_write_rejections:
 * @db: the database
 * @run_id: of the run
 * @rejections: (element-type RelaisRejection): a row that is there already is replaced
 * @error: in RELAIS_ERROR
 *
 * Returns: whether they were written
 */
gboolean
relais_journal_write_rejections (sqlite3     *db,
                                 const char  *run_id,
                                 GPtrArray   *rejections,
                                 GError     **error)
{
  sqlite3_stmt *statement;
  gboolean written = TRUE;

  if (rejections->len == 0)
    return TRUE;
  statement = relais_sql_prepare (db,
    "INSERT OR REPLACE INTO rejections (run_id, row, email, state, reason, detail, other_row) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; written && i < rejections->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (rejections, i);
      int status;

      sqlite3_reset (statement);
      relais_sql_bind_text (statement, 1, run_id);
      sqlite3_bind_int64 (statement, 2, rejection->row);
      relais_sql_bind_text (statement, 3, rejection->email);
      relais_sql_bind_text (statement, 4, relais_row_state_to_id (rejection->state));
      relais_sql_bind_text (statement, 5, relais_reason_to_code (rejection->reason));
      relais_sql_bind_text (statement, 6, rejection->detail);
      sqlite3_bind_int64 (statement, 7, rejection->other_row);
      status = sqlite3_step (statement);
      written = status == SQLITE_DONE;
      if (!written)
        relais_sql_set_error (db, sqlite3_extended_errcode (db), error);
    }
  sqlite3_finalize (statement);

  return written;
}

static gboolean
add_rejections (sqlite3   *db,
                gpointer   data,
                gpointer  *result,
                GError   **error)
{
  const RelaisReportCall *call = data;

  return relais_journal_write_rejections (db, call->run_id, call->items, error);
}

/**
 * relais_journal_add_rejections_async:
 * @self: the journal
 * @run_id: of the run
 * @rejections: (element-type RelaisRejection): rows that are not delivered; referenced until they
 *   are written, and not to be changed meanwhile. A row that is there already is replaced.
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 */
void
relais_journal_add_rejections_async (RelaisJournal       *self,
                                     const char          *run_id,
                                     GPtrArray           *rejections,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  relais_journal_write_report (self, relais_journal_add_rejections_async, add_rejections, run_id, rejections, cancellable, callback, user_data);
}

static gboolean
forget_rejections (sqlite3   *db,
                   gpointer   data,
                   gpointer  *result,
                   GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "DELETE FROM rejections WHERE run_id = ?1 AND state <> ?2", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, data);
  relais_sql_bind_text (statement, 2, relais_row_state_to_id (RELAIS_ROW_REFUSED));

  return relais_sql_run (db, statement, error) && relais_journal_forget_verification (db, data, error);
}

/**
 * relais_journal_forget_rejections_async:
 * @self: the journal
 * @run_id: of a run that goes on
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Forgets the rows that were not sent, which may fare otherwise this time, and what reading back came to, and
 * keeps those rows that the service refused.
 */
void
relais_journal_forget_rejections_async (RelaisJournal       *self,
                                        const char          *run_id,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_forget_rejections_async, TRUE, forget_rejections, g_strdup (run_id), g_free, NULL,
                      cancellable, callback, user_data);
}

static gpointer
read_rejection (sqlite3_stmt *statement)
{
  RelaisRejection *rejection = g_new0 (RelaisRejection, 1);

  rejection->row = sqlite3_column_int64 (statement, 0);
  rejection->email = relais_sql_dup_text (statement, 1);
  if (!relais_row_state_from_id ((const char *) sqlite3_column_text (statement, 2), &rejection->state))
    rejection->state = RELAIS_ROW_REFUSED;
  rejection->reason = relais_reason_from_code ((const char *) sqlite3_column_text (statement, 3));
  rejection->detail = relais_sql_dup_text (statement, 4);
  rejection->other_row = sqlite3_column_int64 (statement, 5);

  return rejection;
}

static gboolean
list_rejections (sqlite3   *db,
                 gpointer   data,
                 gpointer  *result,
                 GError   **error)
{
  const RelaisReportCall *call = data;
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT row, email, state, reason, detail, other_row FROM rejections WHERE run_id = ?1 AND row > ?2 ORDER BY row LIMIT ?3", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, call->run_id);
  sqlite3_bind_int64 (statement, 2, call->after_row);
  sqlite3_bind_int64 (statement, 3, call->limit);

  return relais_sql_list (db, statement, read_rejection, (GDestroyNotify) relais_rejection_free, result, error);
}

/**
 * relais_journal_list_rejections_async:
 * @self: the journal
 * @run_id: of the run
 * @after_row: only rows after this one, 0 for the first page
 * @limit: how many at the most
 * @cancellable: (nullable):
 * @callback: called with the page
 * @user_data: for @callback
 */
void
relais_journal_list_rejections_async (RelaisJournal       *self,
                                      const char          *run_id,
                                      guint64              after_row,
                                      guint                limit,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  RelaisReportCall page = { .run_id = (char *) run_id, .after_row = after_row, .limit = limit };

  relais_journal_list_report (self, relais_journal_list_rejections_async, list_rejections, &page, cancellable, callback, user_data);
}

/**
 * relais_journal_list_rejections_finish:
 * @self: the journal
 * @result: of relais_journal_list_rejections_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisRejection) (nullable): by row; fewer than asked for at the end
 */
GPtrArray *
relais_journal_list_rejections_finish (RelaisJournal  *self,
                                       GAsyncResult   *result,
                                       GError        **error)
{
  return relais_journal_answer (self, result, error);
}
