/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When runs were sending to a list: whoever joined it at another time was not put there by Relais. */

#include "relais-journal-spans.h"

#include "relais-journal-private.h"

static gpointer
read_span (sqlite3_stmt *statement)
{
  RelaisSpan span = { sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1) };

  return g_memdup2 (&span, sizeof span);
}

/* One that was killed has no end: nothing is known of it after its last attempt had begun. */
static gboolean
read_spans (sqlite3   *db,
            gpointer   data,
            gpointer  *result,
            GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT other.started_at, max (other.started_at, other.begun_at, other.ended_at) FROM runs JOIN runs other"
    " ON other.connection_id = runs.connection_id AND other.list_id = runs.list_id WHERE runs.id = ?1 ORDER BY other.started_at", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);

  return relais_sql_list (db, statement, read_span, g_free, result, error);
}

/**
 * relais_journal_read_spans_async:
 * @self: the journal
 * @run_id: of a run that has begun: it says which list of which connection this is about
 * @cancellable: (nullable):
 * @callback: called with the spans
 * @user_data: for @callback
 */
void
relais_journal_read_spans_async (RelaisJournal       *self,
                                 const char          *run_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_read_spans_async, FALSE, read_spans, g_strdup (run_id), g_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_read_spans_finish:
 * @self: the journal
 * @result: of relais_journal_read_spans_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (element-type RelaisSpan) (nullable): when runs of any export were under way to that list, by when
 *   they began
 */
GPtrArray *
relais_journal_read_spans_finish (RelaisJournal  *self,
                                  GAsyncResult   *result,
                                  GError        **error)
{
  return relais_journal_answer (self, result, error);
}
