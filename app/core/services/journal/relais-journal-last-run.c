/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When an export was under way last before a run: what it did then may not be shown yet. */

#include "relais-journal-last-run.h"

#include "relais-journal-private.h"

/* One that was killed has no end: it was over when the next one began, at the latest. */
static gboolean
read_last_run (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT coalesce (max (CASE WHEN earlier.status != ?2 THEN earlier.ended_at ELSE (SELECT min (later.started_at) FROM runs later"
    " WHERE later.export_id = earlier.export_id AND later.number > earlier.number) END), 0)"
    " FROM runs JOIN runs earlier ON earlier.export_id = runs.export_id AND earlier.number < runs.number"
    " WHERE runs.id = ?1 AND earlier.segment_digest IS NOT NULL", error);
  gint64 ended_at;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);
  sqlite3_bind_int (statement, 2, RELAIS_RUN_PROCESSING);
  if (!relais_sql_number (db, statement, &ended_at, error))
    return FALSE;
  *result = g_memdup2 (&ended_at, sizeof ended_at);

  return TRUE;
}

/**
 * relais_journal_read_last_run_async:
 * @self: the journal
 * @run_id: of a run that has begun
 * @cancellable: (nullable):
 * @callback: called when it is known
 * @user_data: for @callback
 */
void
relais_journal_read_last_run_async (RelaisJournal       *self,
                                    const char          *run_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_read_last_run_async, FALSE, read_last_run, g_strdup (run_id), g_free, g_free,
                      cancellable, callback, user_data);
}

/**
 * relais_journal_read_last_run_finish:
 * @self: the journal
 * @result: of relais_journal_read_last_run_async()
 * @ended_at: (out): when the last run of its export before that one was over at the latest, in microseconds since 1970; 0
 *   when there was none that had begun
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it was looked up
 */
gboolean
relais_journal_read_last_run_finish (RelaisJournal  *self,
                                     GAsyncResult   *result,
                                     gint64         *ended_at,
                                     GError        **error)
{
  g_autofree gint64 *found = relais_journal_answer (self, result, error);

  if (found == NULL)
    return FALSE;
  *ended_at = *found;

  return TRUE;
}
