/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accountability log is read, and held against what it should be: each line's hash against the line, the
 * chain against the hashes, its end against what is kept beside it and in the runs. Whoever can write the file and
 * makes all of these anew is not found out; a hash that was noted elsewhere finds that out as well. */

#include "relais-journal-log.h"

#include "relais-journal-private.h"

#include <string.h>

#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

/**
 * relais_log_check_free:
 * @check: (transfer full) (nullable):
 */
void
relais_log_check_free (RelaisLogCheck *check)
{
  if (check == NULL)
    return;

  g_free (check->hash);
  g_free (check);
}

/**
 * relais_log_state_to_id:
 * @state: what was found
 *
 * Returns: (transfer none): how that is called for scripts
 */
const char *
relais_log_state_to_id (RelaisLogState state)
{
  switch (state)
    {
    case RELAIS_LOG_CHANGED: return "changed";
    case RELAIS_LOG_MISSING: return "missing";
    case RELAIS_LOG_MOVED: return "moved";
    case RELAIS_LOG_ADDED: return "added";
    case RELAIS_LOG_WHOLE:
    default: return "whole";
    }
}

/* Listing */

/* What goes on after its end is nothing that was written. */
static char *
dup_line (sqlite3_stmt *statement,
          int           column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL && strlen (text) == (gsize) sqlite3_column_bytes (statement, column) ? relais_sql_dup_text (statement, column) : g_strdup ("");
}

static gpointer
read_line (sqlite3_stmt *statement)
{
  RelaisLogLine *line = g_new0 (RelaisLogLine, 1);

  line->number = sqlite3_column_int64 (statement, 0);
  line->line = dup_line (statement, 1);
  line->previous = relais_sql_dup_text (statement, 2);
  line->hash = relais_sql_dup_text (statement, 3);

  return line;
}

static gboolean
list_log (sqlite3   *db,
          gpointer   data,
          gpointer  *result,
          GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT number, line, previous, hash FROM log ORDER BY number", error);

  return statement != NULL &&
         relais_sql_list (db, statement, read_line, (GDestroyNotify) relais_log_line_free, result, error);
}

/**
 * relais_journal_list_log_async:
 * @self: the journal
 * @cancellable: (nullable):
 * @callback: called with the log
 * @user_data: for @callback
 */
void
relais_journal_list_log_async (RelaisJournal       *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_list_log_async, FALSE, list_log, NULL, NULL, (GDestroyNotify) g_ptr_array_unref,
                      cancellable, callback, user_data);
}

/* Which page is asked for */
typedef struct
{
  guint64 before;
  guint   limit;
} Page;

static gboolean
list_log_back (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Page *page = data;
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT number, line, previous, hash FROM log WHERE ?1 = 0 OR number < ?1 ORDER BY number DESC LIMIT ?2", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, page->before);
  sqlite3_bind_int64 (statement, 2, page->limit);

  return relais_sql_list (db, statement, read_line, (GDestroyNotify) relais_log_line_free, result, error);
}

/**
 * relais_journal_list_log_back_async:
 * @self: the journal
 * @before: only lines before this one, 0 for the newest
 * @limit: how many at the most
 * @cancellable: (nullable):
 * @callback: for relais_journal_list_log_finish()
 * @user_data: for @callback
 *
 * Lists a page of the log, the newest line first.
 */
void
relais_journal_list_log_back_async (RelaisJournal       *self,
                                    guint64              before,
                                    guint                limit,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  Page *page = g_new0 (Page, 1);

  page->before = before;
  page->limit = limit;
  relais_journal_ask (self, relais_journal_list_log_back_async, FALSE, list_log_back, page, g_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_list_log_finish:
 * @self: the journal
 * @result: of relais_journal_list_log_async() or relais_journal_list_log_back_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisLogLine) (nullable): all lines, the oldest first; or a page, the newest first,
 *   which is short at the end
 */
GPtrArray *
relais_journal_list_log_finish (RelaisJournal  *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  return relais_journal_answer (self, result, error);
}

/* Checking the lines */

/* What a line says its number is, 0 when it says none. */
static guint64
read_number (const RelaisLogLine *line)
{
  static const char start[] = "{\"line\":";

  return g_str_has_prefix (line->line, start) ? g_ascii_strtoull (line->line + strlen (start), NULL, 10) : 0;
}

static guint
count_claims (GPtrArray *lines,
              guint64    number)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++)
    n += read_number (g_ptr_array_index (lines, i)) == number;

  return n;
}

static void
find (RelaisLogCheck *check,
      RelaisLogState  state,
      guint64         line)
{
  if (check->state != RELAIS_LOG_WHOLE && check->line <= line)
    return;

  check->state = state;
  check->line = line;
}

/* A line stands where another belongs. */
static RelaisLogState
judge_stranger (GPtrArray           *lines,
                const RelaisLogLine *line,
                guint64              number,
                guint64              n_expected)
{
  guint64 said = read_number (line);

  if (number > n_expected)
    return RELAIS_LOG_ADDED;
  if (count_claims (lines, number) > 0)
    return RELAIS_LOG_MOVED;
  if (said > number && said <= n_expected && count_claims (lines, said) == 1)
    return RELAIS_LOG_MISSING;

  return RELAIS_LOG_CHANGED;
}

/* Returns: whether @line is the one that belongs there, as far as it tells itself */
static gboolean
check_line (RelaisLogCheck      *check,
            GPtrArray           *lines,
            const RelaisLogLine *line,
            guint64              number,
            guint64              n_expected)
{
  g_autofree char *hash = relais_log_hash (line->previous, line->line);

  if (line->number != number)
    find (check, line->number > number ? RELAIS_LOG_MISSING : RELAIS_LOG_ADDED, number);
  else if (read_number (line) != number)
    find (check, judge_stranger (lines, line, number, n_expected), number);
  else if (g_strcmp0 (hash, line->hash) != 0)
    find (check, number > n_expected ? RELAIS_LOG_ADDED : RELAIS_LOG_CHANGED, number);
  else
    return TRUE;

  return FALSE;
}

static void
check_chain (RelaisLogCheck *check,
             GPtrArray      *lines,
             guint64         n_expected)
{
  const char *previous = NO_HASH;

  for (guint i = 0; i < lines->len; i++)
    {
      const RelaisLogLine *line = g_ptr_array_index (lines, i);

      if (!check_line (check, lines, line, i + 1, n_expected))
        return;
      /* A line whose own hash is right says which hash the one before it had. */
      if (g_strcmp0 (line->previous, previous) != 0)
        {
          find (check, RELAIS_LOG_CHANGED, MAX (i, 1));
          return;
        }
      previous = line->hash;
    }
}

/* Checking the end, and the runs */

/* Where the chain ends, as it is kept beside it */
static gboolean
read_end (sqlite3   *db,
          gint64    *n_lines,
          char     **hash,
          GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT lines, hash FROM log_head", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  *n_lines = -1;
  if (relais_sql_step (db, statement, &local_error))
    {
      *n_lines = sqlite3_column_int64 (statement, 0);
      *hash = relais_sql_dup_text (statement, 1);
    }
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* @n_expected: -1 when nothing tells any more: then more may have been there */
static void
check_end (RelaisLogCheck *check,
           gint64          n_expected,
           const char     *hash)
{
  gint64 n_lines = check->n_lines;

  if (n_lines < n_expected || n_expected < 0)
    find (check, RELAIS_LOG_MISSING, n_lines + 1);
  else if (n_lines > n_expected)
    find (check, RELAIS_LOG_ADDED, n_expected + 1);
  else if (g_strcmp0 (hash, check->hash) != 0)
    find (check, RELAIS_LOG_CHANGED, MAX (n_lines, 1));
}

/* What is known of the log in a run */
static void
check_run (RelaisLogCheck *check,
           GPtrArray      *lines,
           sqlite3_stmt   *statement)
{
  gboolean ended = sqlite3_column_int (statement, 0) != RELAIS_RUN_PROCESSING;
  gint64 attempts = sqlite3_column_int64 (statement, 1);
  gint64 attempts_logged = sqlite3_column_int64 (statement, 2);
  guint64 number = sqlite3_column_int64 (statement, 3);

  check->n_before += ended && attempts == 0;
  check->n_open += attempts > attempts_logged;
  if (number == 0)
    return;
  if (number > lines->len)
    find (check, RELAIS_LOG_MISSING, lines->len + 1);
  else
    {
      const RelaisLogLine *line = g_ptr_array_index (lines, number - 1);

      if (g_strcmp0 (line->hash, (const char *) sqlite3_column_text (statement, 4)) != 0)
        find (check, RELAIS_LOG_CHANGED, number);
    }
}

static gboolean
check_runs (sqlite3         *db,
            RelaisLogCheck  *check,
            GPtrArray       *lines,
            GError         **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT status, attempts, attempts_logged, log_line, log_hash FROM runs", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  while (relais_sql_step (db, statement, &local_error))
    check_run (check, lines, statement);
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
check_log (sqlite3   *db,
           gpointer   data,
           gpointer  *result,
           GError   **error)
{
  g_autoptr (RelaisLogCheck) check = g_new0 (RelaisLogCheck, 1);
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *hash = NULL;
  gpointer listed = NULL;
  gint64 n_expected;

  if (!list_log (db, NULL, &listed, error))
    return FALSE;
  lines = listed;
  check->n_lines = lines->len;
  check->hash = g_strdup (lines->len > 0 ? ((RelaisLogLine *) g_ptr_array_index (lines, lines->len - 1))->hash : NO_HASH);
  if (!read_end (db, &n_expected, &hash, error))
    return FALSE;
  check_chain (check, lines, n_expected < 0 ? check->n_lines : (guint64) n_expected);
  check_end (check, n_expected, hash);
  if (!check_runs (db, check, lines, error))
    return FALSE;
  *result = g_steal_pointer (&check);

  return TRUE;
}

/**
 * relais_journal_check_log_async:
 * @self: the journal
 * @cancellable: (nullable):
 * @callback: called when the log is checked
 * @user_data: for @callback
 */
void
relais_journal_check_log_async (RelaisJournal       *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_check_log_async, FALSE, check_log, NULL, NULL, (GDestroyNotify) relais_log_check_free,
                      cancellable, callback, user_data);
}

/**
 * relais_journal_check_log_finish:
 * @self: the journal
 * @result: of relais_journal_check_log_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): what was found
 */
RelaisLogCheck *
relais_journal_check_log_finish (RelaisJournal  *self,
                                 GAsyncResult   *result,
                                 GError        **error)
{
  return relais_journal_answer (self, result, error);
}
