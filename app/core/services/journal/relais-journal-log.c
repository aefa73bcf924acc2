/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accountability log: a line for each attempt of a run, written in one transaction with its end. An attempt
 * that broke off gets its line when it is seen next. A run that goes on gets one more line, because what was
 * written is never changed: its counts are those of the whole run. */

#include "relais-journal-log.h"

#include "relais-json-text.h"
#include "relais-journal-private.h"

/* Where the chain ends */
typedef struct
{
  guint64  n_lines;
  char    *hash;  /* (owned) */
} Head;

/**
 * relais_log_line_free:
 * @line: (transfer full) (nullable):
 */
void
relais_log_line_free (RelaisLogLine *line)
{
  if (line == NULL)
    return;

  g_free (line->line);
  g_free (line->previous);
  g_free (line->hash);
  g_free (line);
}

/**
 * relais_log_hash:
 * @previous: the hash of the line before
 * @line: a line
 *
 * Returns: (transfer full): the hash of @line
 */
char *
relais_log_hash (const char *previous,
                 const char *line)
{
  g_autofree char *chained = g_strconcat (previous, "\n", line, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, chained, -1);
}

/* Serialising */

static void
append_time (GString    *json,
             const char *name,
             gint64      microseconds)
{
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);
  g_autofree char *text = second != NULL && microseconds > 0 ? g_date_time_format (second, "%Y-%m-%dT%H:%M:%S") : NULL;

  if (text == NULL)
    g_string_append_printf (json, ",\"%s\":null", name);
  else
    g_string_append_printf (json, ",\"%s\":\"%s.%06dZ\"", name, text, (int) (microseconds % G_USEC_PER_SEC));
}

static void
append_text (GString    *json,
             const char *name,
             const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  relais_json_string (json, text);
}

static void
append_counts (GString               *json,
               const RelaisRowCounts *counts)
{
  g_string_append_printf (json, ",\"rows\":{\"read\":%" G_GUINT64_FORMAT, counts->read);
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    g_string_append_printf (json, ",\"%s\":%" G_GUINT64_FORMAT, relais_row_state_to_id (i), counts->by_state[i]);
  g_string_append_c (json, '}');
}

/* People whom the run took off the list, and put back. */
static void
append_leavers (GString                   *json,
                const RelaisLeaversCounts *leavers)
{
  g_string_append_printf (json, ",\"leavers\":{\"departed\":%" G_GUINT64_FORMAT ",\"taken_off\":%" G_GUINT64_FORMAT ",\"in_doubt\":%" G_GUINT64_FORMAT
                          ",\"kept\":%" G_GUINT64_FORMAT ",\"put_back\":%" G_GUINT64_FORMAT ",\"repeats\":%" G_GUINT64_FORMAT "}",
                          leavers->departed, leavers->taken_off, leavers->in_doubt, leavers->kept, leavers->put_back, leavers->repeated);
}

/* Neither the name of the export nor what was said at the end is in it: both may hold anything. */
static char *
write_line (guint64                number,
            gint64                 attempt,
            const RelaisRunRecord *run)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"line\":%" G_GUINT64_FORMAT, number);
  append_text (json, "run", run->id);
  g_string_append_printf (json, ",\"attempt\":%" G_GINT64_FORMAT, attempt);
  append_text (json, "who", run->who);
  append_text (json, "how", relais_trigger_to_id (run->trigger));
  append_time (json, "started", run->started_at);
  append_time (json, "attempt_started", run->begun_at);
  append_time (json, "ended", run->ended_at);
  append_text (json, "connection", run->connection_name);
  append_text (json, "host", run->host);
  g_string_append_printf (json, ",\"list\":\"%u\"", run->list_id);
  append_text (json, "list_name", run->list_name);
  g_string_append_printf (json, ",\"consent\":{\"version\":%u", run->consent_version);
  append_text (json, "language", run->consent_language);
  g_string_append_c (json, '}');
  append_counts (json, &run->counts);
  append_leavers (json, &run->leavers);
  g_string_append_printf (json, ",\"batches\":%u,\"repeats\":%u,\"repeats_allowed\":%u", run->batches_accepted, run->batches_repeated,
                          run->notes.repeats_allowed);
  append_text (json, "outcome", relais_run_status_to_id (run->status));
  g_string_append_c (json, '}');

  return g_string_free (json, FALSE);
}

/* Writing */

/* Where the next line goes. What was cut off stays missing, and what was added by hand stays in the way: neither
 * keeps a run from ending. */
static gboolean
read_head (sqlite3  *db,
           Head     *head,
           GError  **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT max (coalesce ((SELECT lines FROM log_head), 0), coalesce ((SELECT max (number) FROM log), 0)),"
    " coalesce ((SELECT hash FROM log_head), (SELECT hash FROM log ORDER BY number DESC LIMIT 1), printf ('%064d', 0))", error);
  gboolean is_row;

  if (statement == NULL)
    return FALSE;
  is_row = relais_sql_step (db, statement, error);
  if (is_row)
    {
      head->n_lines = sqlite3_column_int64 (statement, 0);
      head->hash = relais_sql_dup_text (statement, 1);
    }
  sqlite3_finalize (statement);

  return is_row;
}

static gboolean
insert_line (sqlite3     *db,
             guint64      number,
             const char  *line,
             const char  *previous,
             const char  *hash,
             GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "INSERT INTO log (number, line, previous, hash) VALUES (?1, ?2, ?3, ?4)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  relais_sql_bind_text (statement, 2, line);
  relais_sql_bind_text (statement, 3, previous);
  relais_sql_bind_text (statement, 4, hash);
  if (!relais_sql_run (db, statement, error))
    return FALSE;

  statement = relais_sql_prepare (db, "INSERT OR REPLACE INTO log_head (one, lines, hash) VALUES (1, ?1, ?2)", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  relais_sql_bind_text (statement, 2, hash);

  return relais_sql_run (db, statement, error);
}

static gboolean
mark_logged (sqlite3     *db,
             const char  *run_id,
             guint64      number,
             const char  *hash,
             GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "UPDATE runs SET attempts_logged = attempts, log_line = ?2, log_hash = ?3 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, run_id);
  sqlite3_bind_int64 (statement, 2, number);
  relais_sql_bind_text (statement, 3, hash);

  return relais_sql_run (db, statement, error);
}

static gboolean
read_attempts (sqlite3     *db,
               const char  *run_id,
               gint64      *attempts,
               GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT attempts FROM runs WHERE id = ?1", error);

  if (statement != NULL)
    relais_sql_bind_text (statement, 1, run_id);

  return relais_sql_number (db, statement, attempts, error);
}

/**
 * relais_journal_log_run:
 * @db: the database, in a transaction
 * @run: a run that is in the journal, as it ended
 * @error: in RELAIS_ERROR
 *
 * Adds the line of its last attempt to the log.
 *
 * Returns: whether it was added
 */
gboolean
relais_journal_log_run (sqlite3                *db,
                        const RelaisRunRecord  *run,
                        GError                **error)
{
  Head head = { 0 };
  g_autofree char *line = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *previous = NULL;
  gint64 attempts = 0;

  if (!read_head (db, &head, error))
    return FALSE;
  previous = head.hash;
  if (!read_attempts (db, run->id, &attempts, error))
    return FALSE;
  line = write_line (head.n_lines + 1, attempts, run);
  hash = relais_log_hash (previous, line);

  return insert_line (db, head.n_lines + 1, line, previous, hash, error) &&
         mark_logged (db, run->id, head.n_lines + 1, hash, error);
}

/* What broke off */

/* Nobody counted its rows: what its batches tell is certain. */
static gboolean
count_batches (sqlite3          *db,
               RelaisRunRecord  *run,
               GError          **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT coalesce (sum (delivered), 0), coalesce (sum (refused), 0), count (remote_id), coalesce (sum (sendings > 1), 0)"
    " FROM batches WHERE run_id = ?1", error);
  gboolean is_row;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, run->id);
  is_row = relais_sql_step (db, statement, error);
  if (is_row)
    {
      run->counts = (RelaisRowCounts) { 0 };
      run->counts.by_state[RELAIS_ROW_DELIVERED] = sqlite3_column_int64 (statement, 0);
      run->counts.by_state[RELAIS_ROW_REFUSED] = sqlite3_column_int64 (statement, 1);
      run->counts.read = relais_row_counts_sum (&run->counts);
      run->batches_accepted = sqlite3_column_int64 (statement, 2);
      run->batches_repeated = sqlite3_column_int64 (statement, 3);
    }
  sqlite3_finalize (statement);

  return is_row;
}

/**
 * relais_journal_log_broken:
 * @db: the database, in a transaction
 * @export_id: (nullable): of the export whose runs are looked at, %NULL for all
 * @error: in RELAIS_ERROR
 *
 * Adds a line for every attempt that has no end, when nobody is working on one: it broke off. The line has no end either,
 * and counts what the batches tell.
 *
 * Returns: whether they were added
 */
gboolean
relais_journal_log_broken (sqlite3     *db,
                           const char  *export_id,
                           GError     **error)
{
  g_autoptr (GPtrArray) runs = NULL;

  if (!relais_journal_list_open_runs (db, export_id, &runs, error))
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    {
      RelaisRunRecord *run = g_ptr_array_index (runs, i);

      run->status = RELAIS_RUN_INTERRUPTED;
      run->ended_at = 0;
      if (!count_batches (db, run, error) || !relais_journal_count_removed (db, run, error) || !relais_journal_log_run (db, run, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
log_broken_runs (sqlite3   *db,
                 gpointer   data,
                 gpointer  *result,
                 GError   **error)
{
  return relais_journal_log_broken (db, NULL, error);
}

/**
 * relais_journal_log_broken_runs_async:
 * @self: the journal
 * @cancellable: (nullable):
 * @callback: (nullable): for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Adds a line to the log for every run that broke off. For one who has the work lock and has not begun a run.
 */
void
relais_journal_log_broken_runs_async (RelaisJournal       *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_log_broken_runs_async, TRUE, log_broken_runs, NULL, NULL, NULL,
                      cancellable, callback, user_data);
}
