/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows that were not delivered, in the journal. */

#include "relais-journal-private.h"

/* What a call brings with it */
typedef struct
{
  char      *run_id;      /* (owned) */
  GPtrArray *rejections;  /* (owned) (nullable): to write */
  guint64    after_row;   /* of the page to read */
  guint      limit;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->run_id);
  g_clear_pointer (&call->rejections, g_ptr_array_unref);
  g_free (call);
}

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
  const Call *call = data;

  return relais_journal_write_rejections (db, call->run_id, call->rejections, error);
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
  Call *call = g_new0 (Call, 1);

  call->run_id = g_strdup (run_id);
  call->rejections = g_ptr_array_ref (rejections);
  relais_journal_ask (self, relais_journal_add_rejections_async, TRUE, add_rejections, call, call_free, NULL,
                      cancellable, callback, user_data);
}

/* Why an address cannot be read; an empty one is nobody's. */
static const RelaisReason unreadable[] = {
  RELAIS_REASON_NO_AT, RELAIS_REASON_SEVERAL_AT, RELAIS_REASON_BAD_LOCAL_PART, RELAIS_REASON_BAD_DOMAIN,
  RELAIS_REASON_ADDRESS_TOO_LONG, RELAIS_REASON_BAD_CHARACTERS,
};

/* Returns: (transfer full): their codes, as SQL has them */
static char *
list_unreadable (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++)
    g_string_append_printf (text, "%s'%s'", i > 0 ? ", " : "", relais_reason_to_code (unreadable[i]));

  return g_string_free (text, FALSE);
}

/* The runs since are those that came to their end: their rows are all there. */
static gboolean
count_unreadable (sqlite3   *db,
                  gpointer   data,
                  gpointer  *result,
                  GError   **error)
{
  g_autofree char *codes = list_unreadable ();
  g_autofree char *sql = g_strdup_printf (
    "WITH this AS (SELECT * FROM runs WHERE id = ?1),"
    " alike AS (SELECT runs.id, runs.number, instr (' ' || runs.leavers || ' ', ' told-apart=1 ') > 0 AS told_apart FROM runs, this"
    " WHERE runs.export_id = this.export_id AND runs.number < this.number AND runs.status IN (%d, %d)"
    " AND runs.connection_id IS this.connection_id AND runs.list_id = this.list_id AND runs.key_check = this.key_check),"
    " since AS (SELECT id FROM alike WHERE number >= (SELECT max (number) FROM alike WHERE told_apart)),"
    " cells AS (SELECT run_id, email, count (*) AS n FROM rejections WHERE state = '%s' AND reason IN (%s)"
    " AND run_id IN (SELECT id FROM since UNION ALL SELECT ?1) GROUP BY run_id, email),"
    " before AS (SELECT email, min (n) AS n FROM cells WHERE run_id <> ?1 GROUP BY email HAVING count (*) = (SELECT count (*) FROM since))"
    " SELECT coalesce (sum (min (cells.n, before.n)), 0) FROM cells JOIN before ON before.email = cells.email WHERE cells.run_id = ?1",
    RELAIS_RUN_SUCCESSFUL, RELAIS_RUN_COMPLETED_WITH_ERRORS, relais_row_state_to_id (RELAIS_ROW_INVALID), codes);
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  gint64 n;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);
  if (!relais_sql_number (db, statement, &n, error))
    return FALSE;
  *result = g_memdup2 (&n, sizeof n);

  return TRUE;
}

/**
 * relais_journal_count_unreadable_async:
 * @self: the journal
 * @run_id: of a run whose rows are all read
 * @cancellable: (nullable):
 * @callback: called with the number
 * @user_data: for @callback
 *
 * Counts its rows whose address cannot be read, and of which it is known whose they are not: the very same text stood, as often, in
 * rows of the last run to the same place after which they were told apart from those whom the export holds, and in those of each
 * run since that came to its end. When rows of that one have been deleted, there are none.
 */
void
relais_journal_count_unreadable_async (RelaisJournal       *self,
                                       const char          *run_id,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_count_unreadable_async, FALSE, count_unreadable, g_strdup (run_id), g_free, g_free,
                      cancellable, callback, user_data);
}

/**
 * relais_journal_count_unreadable_finish:
 * @self: the journal
 * @result: of relais_journal_count_unreadable_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: how many they are, 0 on error
 */
guint64
relais_journal_count_unreadable_finish (RelaisJournal  *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  g_autofree gint64 *n = relais_journal_answer (self, result, error);

  return n != NULL ? (guint64) *n : 0;
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
  const Call *call = data;
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
  Call *call = g_new0 (Call, 1);

  call->run_id = g_strdup (run_id);
  call->after_row = after_row;
  call->limit = limit;
  relais_journal_ask (self, relais_journal_list_rejections_async, FALSE, list_rejections, call, call_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
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
