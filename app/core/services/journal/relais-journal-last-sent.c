/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When an export has sent anything last before a run: that may not be shown yet. A run that found nothing to send did nothing
 * that could be, and what another export sent says nothing of the people of this one. */

#include "relais-journal-last-sent.h"

#include "relais-journal-private.h"

static gboolean
read_last_sent (sqlite3   *db,
                gpointer   data,
                gpointer  *result,
                GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT coalesce (max (last_at), 0), coalesce (max (last_at) FILTER (WHERE earlier.put_back > 0), 0)"
    " FROM runs JOIN runs earlier ON earlier.export_id = runs.export_id AND earlier.number < runs.number"
    " AND earlier.connection_id = runs.connection_id AND earlier.list_id = runs.list_id"
    " JOIN attempts ON attempts.run_id = earlier.id WHERE runs.id = ?1", error);
  gboolean read;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);

  read = relais_sql_step (db, statement, error);
  if (read)
    {
      RelaisLastSent last_sent = { sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1) };

      *result = g_memdup2 (&last_sent, sizeof last_sent);
    }
  sqlite3_finalize (statement);

  return read;
}

/**
 * relais_journal_read_last_sent_async:
 * @self: the journal
 * @run_id: of a run that has begun
 * @cancellable: (nullable):
 * @callback: called when it is known
 * @user_data: for @callback
 */
void
relais_journal_read_last_sent_async (RelaisJournal       *self,
                                     const char          *run_id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_read_last_sent_async, FALSE, read_last_sent, g_strdup (run_id), g_free, g_free,
                      cancellable, callback, user_data);
}

/**
 * relais_journal_read_last_sent_finish:
 * @self: the journal
 * @result: of relais_journal_read_last_sent_async()
 * @last_sent: (out): what earlier runs of its export did to the same list
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it was looked up
 */
gboolean
relais_journal_read_last_sent_finish (RelaisJournal   *self,
                                      GAsyncResult    *result,
                                      RelaisLastSent  *last_sent,
                                      GError         **error)
{
  g_autofree RelaisLastSent *found = relais_journal_answer (self, result, error);

  if (found == NULL)
    return FALSE;
  *last_sent = *found;

  return TRUE;
}
