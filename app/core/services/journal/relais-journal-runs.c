/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs in the journal. */

#include "relais-journal-private.h"

#include "relais-removal.h"

#include <string.h>

#define RUN_COLUMNS "id, number, export_id, export_name, trigger, status, started_at, ended_at, segment_digest, again, counts," \
                    " batches_accepted, batches_repeated, error_code, message, begun_at, who, connection_name, host, list_id, list_name," \
                    " consent_version, consent_language, leavers, connection_id, key_check, takes_off, notes, corrects"
#define READ_COLUMNS RUN_COLUMNS ", attempts > attempts_logged, rows_deleted_at, verified"

static gpointer
read_run (sqlite3_stmt *statement)
{
  RelaisRunRecord *run;
  g_autofree char *verified = NULL;
  g_autofree char *notes = NULL;

  if (!relais_sql_is_among (statement, 4, RELAIS_TRIGGER_SCHEDULED) || !relais_sql_is_among (statement, 5, RELAIS_RUN_INTERRUPTED))
    return NULL;

  run = relais_run_record_new ();
  run->id = relais_sql_dup_text (statement, 0);
  run->number = sqlite3_column_int64 (statement, 1);
  run->export_id = relais_sql_dup_text (statement, 2);
  run->export_name = relais_sql_dup_text (statement, 3);
  run->trigger = sqlite3_column_int (statement, 4);
  run->status = sqlite3_column_int (statement, 5);
  run->started_at = sqlite3_column_int64 (statement, 6);
  run->ended_at = sqlite3_column_int64 (statement, 7);
  run->segment_digest = relais_sql_dup_text (statement, 8);
  run->again = sqlite3_column_int (statement, 9);
  relais_journal_read_counts ((const char *) sqlite3_column_text (statement, 10), &run->counts);
  run->batches_accepted = sqlite3_column_int64 (statement, 11);
  run->batches_repeated = sqlite3_column_int64 (statement, 12);
  run->error_code = sqlite3_column_int (statement, 13);
  run->message = relais_sql_dup_text (statement, 14);
  run->begun_at = sqlite3_column_int64 (statement, 15);
  run->who = relais_sql_dup_text (statement, 16);
  run->connection_name = relais_sql_dup_text (statement, 17);
  run->host = relais_sql_dup_text (statement, 18);
  run->list_id = sqlite3_column_int64 (statement, 19);
  run->list_name = relais_sql_dup_text (statement, 20);
  run->consent_version = sqlite3_column_int64 (statement, 21);
  run->consent_language = relais_sql_dup_text (statement, 22);
  relais_journal_read_leavers ((const char *) sqlite3_column_text (statement, 23), &run->leavers);
  run->connection_id = relais_sql_dup_text (statement, 24);
  run->key_check = (guint64) sqlite3_column_int64 (statement, 25);
  run->takes_off = sqlite3_column_int (statement, 26);
  notes = relais_sql_dup_text (statement, 27);
  relais_run_notes_from_text (notes, &run->notes);
  run->corrects = relais_sql_dup_text (statement, 28);
  run->is_open = sqlite3_column_int (statement, 29);
  run->rows_deleted_at = sqlite3_column_int64 (statement, 30);
  verified = relais_sql_dup_text (statement, 31);
  relais_verification_from_text (verified, &run->verified);

  return run;
}

/* A run without an end has not written its counts down: it goes on, or was killed. What became of its rows so
 * far stands in the journal all the same. */

/* What the batches tell: the run itself would have said so at its end. */
static gboolean
count_batches (sqlite3          *db,
                 RelaisRunRecord  *run,
                 GError          **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT coalesce (sum (delivered), 0), count (remote_id), coalesce (sum (sendings > 1), 0) FROM batches WHERE run_id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, run->id);
  if (relais_sql_step (db, statement, &local_error))
    {
      run->counts.by_state[RELAIS_ROW_DELIVERED] = sqlite3_column_int64 (statement, 0);
      run->batches_accepted = sqlite3_column_int64 (statement, 1);
      run->batches_repeated = sqlite3_column_int64 (statement, 2);
    }
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
count_rejected (sqlite3          *db,
                RelaisRunRecord  *run,
                GError          **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT state, reason, COUNT (*) FROM rejections WHERE run_id = ?1 GROUP BY state, reason", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, run->id);
  while (relais_sql_step (db, statement, &local_error))
    {
      RelaisReason reason = relais_reason_from_code ((const char *) sqlite3_column_text (statement, 1));
      guint64 count = sqlite3_column_int64 (statement, 2);
      RelaisRowState state;

      if (!relais_row_state_from_id ((const char *) sqlite3_column_text (statement, 0), &state))
        continue;
      run->counts.by_state[state] += count;
      if (reason != RELAIS_REASON_NONE && (state != RELAIS_ROW_REFUSED || reason == RELAIS_REASON_UNKNOWN_OUTCOME))
        run->counts.by_reason[reason] += count;
    }
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * relais_journal_count_removed:
 * @db: the database
 * @run: one without an end: is given what is known of people whom it took off the list, and put back
 * @error: in RELAIS_ERROR
 *
 * Returns: whether they could be counted
 */
gboolean
relais_journal_count_removed (sqlite3          *db,
                              RelaisRunRecord  *run,
                              GError          **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT coalesce (sum (state = ?2), 0), coalesce (sum (state IN (?3, ?4)), 0), (SELECT put_back FROM runs WHERE id = ?1)"
    " FROM removals WHERE export_id = ?5 AND run_id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, run->id);
  sqlite3_bind_int (statement, 2, RELAIS_REMOVAL_DONE);
  sqlite3_bind_int (statement, 3, RELAIS_REMOVAL_INTENT);
  sqlite3_bind_int (statement, 4, RELAIS_REMOVAL_DOUBT);
  relais_sql_bind_text (statement, 5, run->export_id);
  if (relais_sql_step (db, statement, &local_error))
    {
      run->leavers.taken_off = sqlite3_column_int64 (statement, 0);
      run->leavers.in_doubt = sqlite3_column_int64 (statement, 1);
      run->leavers.departed = run->leavers.taken_off + run->leavers.in_doubt;
      run->leavers.put_back = sqlite3_column_int64 (statement, 2);
    }
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
count_unfinished (sqlite3    *db,
                  GPtrArray  *runs,
                  GError    **error)
{
  for (guint i = 0; i < runs->len; i++)
    {
      RelaisRunRecord *run = g_ptr_array_index (runs, i);

      if (run->status != RELAIS_RUN_PROCESSING)
        continue;
      run->counts = (RelaisRowCounts) { 0 };
      if (!count_batches (db, run, error) || !count_rejected (db, run, error) || !relais_journal_count_removed (db, run, error))
        return FALSE;
      run->counts.read = relais_row_counts_sum (&run->counts);
    }

  return TRUE;
}

static gboolean
list_runs (sqlite3   *db,
           gpointer   data,
           gpointer  *result,
           GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    data != NULL ? "SELECT " READ_COLUMNS " FROM runs WHERE export_id = ?1 ORDER BY number DESC"
                 : "SELECT " READ_COLUMNS " FROM runs ORDER BY number DESC", error);

  if (statement == NULL)
    return FALSE;

  if (data != NULL)
    relais_sql_bind_text (statement, 1, data);

  return relais_sql_list (db, statement, read_run, (GDestroyNotify) relais_run_record_free, result, error) &&
         count_unfinished (db, *result, error);
}

/**
 * relais_journal_list_runs_async:
 * @self: the journal
 * @export_id: (nullable): of the export, %NULL for all
 * @cancellable: (nullable):
 * @callback: called with the runs
 * @user_data: for @callback
 */
void
relais_journal_list_runs_async (RelaisJournal       *self,
                                const char          *export_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_list_runs_async, FALSE, list_runs, g_strdup (export_id), g_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/* Which page is asked for */
typedef struct
{
  char   *export_id;  /* (owned) */
  gint64  before;
  guint   limit;
} Page;

static void
free_page (gpointer data)
{
  Page *page = data;

  g_free (page->export_id);
  g_free (page);
}

static gboolean
list_runs_back (sqlite3   *db,
                gpointer   data,
                gpointer  *result,
                GError   **error)
{
  const Page *page = data;
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT " READ_COLUMNS " FROM runs WHERE export_id = ?1 AND (?2 = 0 OR number < ?2) ORDER BY number DESC LIMIT ?3", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, page->export_id);
  sqlite3_bind_int64 (statement, 2, page->before);
  sqlite3_bind_int64 (statement, 3, page->limit);

  return relais_sql_list (db, statement, read_run, (GDestroyNotify) relais_run_record_free, result, error) &&
         count_unfinished (db, *result, error);
}

/**
 * relais_journal_list_runs_back_async:
 * @self: the journal
 * @export_id: of the export
 * @before: only runs whose number is lower, 0 for the newest
 * @limit: how many at the most
 * @cancellable: (nullable):
 * @callback: for relais_journal_list_runs_finish()
 * @user_data: for @callback
 *
 * Lists a page of its runs, the newest first; it is short at the end.
 */
void
relais_journal_list_runs_back_async (RelaisJournal       *self,
                                     const char          *export_id,
                                     gint64               before,
                                     guint                limit,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  Page *page = g_new0 (Page, 1);

  page->export_id = g_strdup (export_id);
  page->before = before;
  page->limit = limit;
  relais_journal_ask (self, relais_journal_list_runs_back_async, FALSE, list_runs_back, page, free_page,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_list_runs_finish:
 * @self: the journal
 * @result: of relais_journal_list_runs_async() or relais_journal_list_runs_back_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisRunRecord) (nullable): the newest first
 */
GPtrArray *
relais_journal_list_runs_finish (RelaisJournal  *self,
                                 GAsyncResult   *result,
                                 GError        **error)
{
  return relais_journal_answer (self, result, error);
}

/**
 * relais_journal_list_open_runs:
 * @db: the database
 * @export_id: (nullable): of the export, %NULL for all
 * @runs: (out) (transfer container) (element-type RelaisRunRecord): those without an end whose last attempt is not in
 *   the log, the oldest first
 * @error: in RELAIS_ERROR
 *
 * Returns: whether they were listed
 */
gboolean
relais_journal_list_open_runs (sqlite3     *db,
                               const char  *export_id,
                               GPtrArray  **runs,
                               GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT " READ_COLUMNS " FROM runs WHERE status = ?1 AND attempts > attempts_logged AND (?2 IS NULL OR export_id = ?2)"
    " ORDER BY number", error);
  gpointer listed = NULL;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, RELAIS_RUN_PROCESSING);
  relais_sql_bind_text (statement, 2, export_id);
  if (!relais_sql_list (db, statement, read_run, (GDestroyNotify) relais_run_record_free, &listed, error))
    return FALSE;
  *runs = listed;

  return TRUE;
}

static void
bind_run (sqlite3_stmt          *statement,
          const RelaisRunRecord *run,
          const char            *counts,
          const char            *leavers,
          const char            *notes)
{
  relais_sql_bind_text (statement, 1, run->id);
  if (run->number > 0)
    sqlite3_bind_int64 (statement, 2, run->number);
  relais_sql_bind_text (statement, 3, run->export_id);
  relais_sql_bind_text (statement, 4, run->export_name);
  sqlite3_bind_int (statement, 5, run->trigger);
  sqlite3_bind_int (statement, 6, run->status);
  sqlite3_bind_int64 (statement, 7, run->started_at);
  sqlite3_bind_int64 (statement, 8, run->ended_at);
  relais_sql_bind_text (statement, 9, run->segment_digest);
  sqlite3_bind_int (statement, 10, run->again);
  relais_sql_bind_text (statement, 11, counts);
  sqlite3_bind_int64 (statement, 12, run->batches_accepted);
  sqlite3_bind_int64 (statement, 13, run->batches_repeated);
  sqlite3_bind_int (statement, 14, run->error_code);
  relais_sql_bind_text (statement, 15, run->message);
  sqlite3_bind_int64 (statement, 16, run->begun_at);
  relais_sql_bind_text (statement, 17, run->who);
  relais_sql_bind_text (statement, 18, run->connection_name);
  relais_sql_bind_text (statement, 19, run->host);
  sqlite3_bind_int64 (statement, 20, run->list_id);
  relais_sql_bind_text (statement, 21, run->list_name);
  sqlite3_bind_int64 (statement, 22, run->consent_version);
  relais_sql_bind_text (statement, 23, run->consent_language);
  relais_sql_bind_text (statement, 24, leavers);
  relais_sql_bind_text (statement, 25, run->connection_id);
  sqlite3_bind_int64 (statement, 26, (gint64) run->key_check);
  sqlite3_bind_int (statement, 27, run->takes_off);
  relais_sql_bind_text (statement, 28, notes);
  relais_sql_bind_text (statement, 29, run->corrects);
}

/* @begins: whether an attempt begins; otherwise the one that began is written down further
 * @number: (out): of the run */
static gboolean
write_run (sqlite3                *db,
           const RelaisRunRecord  *run,
           gboolean                begins,
           gint64                 *number,
           GError                **error)
{
  g_autofree char *counts = relais_journal_write_counts (&run->counts);
  g_autofree char *leavers = relais_journal_write_leavers (&run->leavers);
  g_autofree char *notes = relais_run_notes_to_text (&run->notes);
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "INSERT INTO runs (" RUN_COLUMNS ", attempts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
    " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, 1)"
    " ON CONFLICT (id) DO UPDATE SET trigger = ?5, status = ?6, started_at = ?7, ended_at = ?8, segment_digest = ?9, counts = ?11,"
    " batches_accepted = ?12, batches_repeated = ?13, error_code = ?14, message = ?15, begun_at = ?16, who = ?17,"
    " connection_name = ?18, host = ?19, list_id = ?20, list_name = ?21, consent_version = ?22, consent_language = ?23, leavers = ?24,"
    " connection_id = ?25, key_check = ?26, takes_off = ?27, notes = ?28, corrects = ?29, attempts = attempts + ?30 RETURNING number", error);

  if (statement == NULL)
    return FALSE;
  bind_run (statement, run, counts, leavers, notes);
  sqlite3_bind_int (statement, 30, begins);

  return relais_sql_number (db, statement, number, error);
}

/* What the journal knows of a run when it begins */
typedef struct
{
  gint64  number;
  guint64 delivered;  /* people whom its export had put on the list */
} Beginning;

/*
 * relais_journal_write_run_leavers:
 * @db: the database
 * @run_id: of a run
 * @leavers: what became of people who left the segment, by now
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it is written
 */
gboolean
relais_journal_write_run_leavers (sqlite3                   *db,
                                  const char                *run_id,
                                  const RelaisLeaversCounts *leavers,
                                  GError                   **error)
{
  g_autofree char *text = relais_journal_write_leavers (leavers);
  sqlite3_stmt *statement = relais_sql_prepare (db, "UPDATE runs SET leavers = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, run_id);
  relais_sql_bind_text (statement, 2, text);

  return relais_sql_run (db, statement, error);
}

/* How many of those whom the export has put on the list leave is what tells a wrong file. Once the run has sent anything that is not
 * known any more, so it is on disk before. */
static gboolean
count_held (sqlite3                *db,
            const RelaisRunRecord  *run,
            guint64                *n_held,
            GError                **error)
{
  g_autofree RelaisFingerprint *held = NULL;
  RelaisLeaversCounts leavers = run->leavers;
  gint64 place;
  gsize n = 0;

  if (!relais_journal_find_place (db, run->id, &place, error))
    return FALSE;
  if (place != 0)
    {
      held = relais_journal_read_held_fingerprints (db, run->export_id, place, &n, error);
      if (held == NULL)
        return FALSE;
    }
  *n_held = leavers.delivered = n;

  return relais_journal_write_run_leavers (db, run->id, &leavers, error);
}

/* Two attempts of one export never run at a time: an earlier one that has no end broke off. */
static gboolean
put_run (sqlite3   *db,
         gpointer   data,
         gpointer  *result,
         GError   **error)
{
  const RelaisRunRecord *run = data;
  Beginning beginning = { 0, run->leavers.delivered };

  if (!relais_journal_log_broken (db, run->export_id, error) || !write_run (db, run, TRUE, &beginning.number, error))
    return FALSE;
  if (run->number == 0 && run->takes_off && !count_held (db, run, &beginning.delivered, error))
    return FALSE;
  if (run->corrections != NULL && !relais_journal_write_corrections (db, run, error))
    return FALSE;
  *result = g_memdup2 (&beginning, sizeof beginning);

  return TRUE;
}

/**
 * relais_journal_put_run_async:
 * @self: the journal
 * @run: an attempt that begins; inserted, or updated when its id is known; copied
 * @cancellable: (nullable):
 * @callback: for relais_journal_put_run_finish()
 * @user_data: for @callback
 *
 * An earlier attempt of the same export that has no end broke off, and gets its line in the log. Of a new run that takes people
 * off it is counted how many its export has put on the list. What was corrected is on disk with the run, or neither is.
 */
void
relais_journal_put_run_async (RelaisJournal         *self,
                              const RelaisRunRecord *run,
                              GCancellable          *cancellable,
                              GAsyncReadyCallback    callback,
                              gpointer               user_data)
{
  relais_journal_ask (self, relais_journal_put_run_async, TRUE, put_run, relais_run_record_copy (run),
                      (GDestroyNotify) relais_run_record_free, g_free, cancellable, callback, user_data);
}

/**
 * relais_journal_put_run_finish:
 * @self: the journal
 * @result: of relais_journal_put_run_async()
 * @run: is given its number, and how many people its export has put on the list, once these are on disk
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: whether the run is on disk
 */
gboolean
relais_journal_put_run_finish (RelaisJournal    *self,
                               GAsyncResult     *result,
                               RelaisRunRecord  *run,
                               GError          **error)
{
  g_autofree Beginning *beginning = relais_journal_answer (self, result, error);

  if (beginning == NULL)
    return FALSE;
  run->number = beginning->number;
  run->leavers.delivered = beginning->delivered;

  return TRUE;
}

static gboolean
finish_run (sqlite3   *db,
            gpointer   data,
            gpointer  *result,
            GError   **error)
{
  const RelaisRunRecord *run = data;
  gint64 number = 0;

  if (!write_run (db, run, FALSE, &number, error) || !relais_journal_log_run (db, run, error) ||
      !relais_journal_forget_corrections (db, run, error))
    return FALSE;

  /* A run that delivered nothing, and took nobody off, superseded nothing. */
  return (run->counts.by_state[RELAIS_ROW_DELIVERED] == 0 && run->leavers.departed == 0) ||
         relais_journal_compact_fingerprints (db, run->export_id, error);
}

/**
 * relais_journal_finish_run_async:
 * @self: the journal
 * @run: as it ended; copied
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Writes the run down, and its line into the log, and, when much of what the export remembers has been
 * superseded, tidies that up.
 */
void
relais_journal_finish_run_async (RelaisJournal         *self,
                                 const RelaisRunRecord *run,
                                 GCancellable          *cancellable,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data)
{
  relais_journal_ask (self, relais_journal_finish_run_async, TRUE, finish_run, relais_run_record_copy (run),
                      (GDestroyNotify) relais_run_record_free, NULL, cancellable, callback, user_data);
}
