/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses leave the journal: rows, differences and leavers of older runs, and all that an export remembers. SQLite overwrites what
 * it deletes, but copies of rows that it once moved from page to page stay in the gaps of those pages, and older states of
 * pages in the log beside the file. So the file is written anew and the log emptied; that this is still to be done stands
 * in the file, for the case that it cannot be done at once. */

#include "relais-journal-ageing.h"

#include "relais-error.h"
#include "relais-journal-private.h"

#include <glib/gi18n-lib.h>

#define KEEP_DAYS  "keep-days"
#define TO_WIPE    "to-wipe"

/* What a call brings with it */
typedef struct
{
  char     *export_id;  /* (owned) (nullable) */
  gboolean  elsewhere;
  guint     days;
  gint64    now;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->export_id);
  g_free (call);
}

/* Settings */

static gboolean
read_setting (sqlite3     *db,
              const char  *name,
              gint64      *value,
              GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT value FROM settings WHERE name = ?1", error);

  if (statement != NULL)
    relais_sql_bind_text (statement, 1, name);

  return relais_sql_number (db, statement, value, error);
}

static gboolean
write_setting (sqlite3     *db,
               const char  *name,
               gint64       value,
               GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, name);
  sqlite3_bind_int64 (statement, 2, value);

  return relais_sql_run (db, statement, error);
}

static gboolean
set_keep_days (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Call *call = data;

  return write_setting (db, KEEP_DAYS, call->days, error);
}

/**
 * relais_journal_set_keep_days_async:
 * @self: the journal
 * @days: how long rows that were not delivered are kept after the end of a run; 0 keeps none
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Deletes nothing yet: relais_journal_age_async() does.
 */
void
relais_journal_set_keep_days_async (RelaisJournal       *self,
                                    guint                days,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  Call *call = g_new0 (Call, 1);

  call->days = MIN (days, RELAIS_MOST_KEEP_DAYS);
  relais_journal_ask (self, relais_journal_set_keep_days_async, TRUE, set_keep_days, call, call_free, NULL,
                      cancellable, callback, user_data);
}

static gboolean
read_keep_days (sqlite3  *db,
                gint64   *days,
                GError  **error)
{
  *days = RELAIS_KEEP_DAYS;
  if (!read_setting (db, KEEP_DAYS, days, error))
    return FALSE;
  *days = CLAMP (*days, 0, RELAIS_MOST_KEEP_DAYS);

  return TRUE;
}

static gboolean
get_keep_days (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  gint64 days;

  if (!read_keep_days (db, &days, error))
    return FALSE;
  *result = g_memdup2 (&days, sizeof days);

  return TRUE;
}

/**
 * relais_journal_get_keep_days_async:
 * @self: the journal
 * @cancellable: (nullable):
 * @callback: called with the setting
 * @user_data: for @callback
 */
void
relais_journal_get_keep_days_async (RelaisJournal       *self,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_get_keep_days_async, FALSE, get_keep_days, NULL, NULL, g_free,
                      cancellable, callback, user_data);
}

static gboolean
take_number (RelaisJournal  *self,
             GAsyncResult   *result,
             guint          *number,
             GError        **error)
{
  g_autofree gint64 *answer = relais_journal_answer (self, result, error);

  if (answer == NULL)
    return FALSE;
  *number = (guint) *answer;

  return TRUE;
}

/**
 * relais_journal_get_keep_days_finish:
 * @self: the journal
 * @result: of relais_journal_get_keep_days_async()
 * @days: (out): how long rows that were not delivered are kept
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it is known
 */
gboolean
relais_journal_get_keep_days_finish (RelaisJournal  *self,
                                     GAsyncResult   *result,
                                     guint          *days,
                                     GError        **error)
{
  return take_number (self, result, days, error);
}

/* Deleting for good */

/**
 * relais_journal_wipe:
 * @db: the database, in no transaction
 * @error: in RELAIS_ERROR
 *
 * Overwrites whatever is left of what was deleted, if there is anything.
 *
 * Returns: whether nothing is left
 */
gboolean
relais_journal_wipe (sqlite3  *db,
                     GError  **error)
{
  gint64 to_wipe = 0;
  int status;

  if (!read_setting (db, TO_WIPE, &to_wipe, error))
    return FALSE;
  if (to_wipe == 0)
    return TRUE;
  if (!relais_sql_execute (db, "VACUUM", error))
    return FALSE;
  status = sqlite3_wal_checkpoint_v2 (db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  if (status != SQLITE_OK)
    {
      relais_sql_set_error (db, status, error);
      return FALSE;
    }

  return write_setting (db, TO_WIPE, 0, error);
}

/**
 * relais_journal_delete_for_good:
 * @db: the database, in no transaction
 * @work: what deletes
 * @data: for @work
 * @result: (out) (optional): for @work
 * @error: in RELAIS_ERROR
 *
 * Carries out @work whole or not at all. What is left of it in the file then is for relais_journal_wipe().
 *
 * Returns: whether it was carried out
 */
gboolean
relais_journal_delete_for_good (sqlite3            *db,
                                RelaisJournalWork   work,
                                gpointer            data,
                                gpointer           *result,
                                GError            **error)
{
  if (relais_sql_execute (db, "BEGIN IMMEDIATE", error) &&
      work (db, data, result, error) &&
      write_setting (db, TO_WIPE, 1, error) &&
      relais_sql_execute (db, "COMMIT", error))
    return TRUE;
  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}

/* Rows of older runs */

/* Nobody works on a run whose last attempt is in the log. One that never ended counts from its beginning. */
#define AGED \
  "SELECT id FROM runs WHERE attempts = attempts_logged AND max (started_at, begun_at, ended_at) <= ?1" \
  " AND (EXISTS (SELECT 1 FROM rejections WHERE run_id = runs.id) OR EXISTS (SELECT 1 FROM differences WHERE run_id = runs.id)" \
  " OR EXISTS (SELECT 1 FROM leavers WHERE run_id = runs.id) OR EXISTS (SELECT 1 FROM corrections WHERE run_id = runs.id))"

static gboolean
count_aged (sqlite3  *db,
            gint64    until,
            gint64   *n_runs,
            GError  **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT count (*) FROM (" AGED ")", error);

  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, until);

  return relais_sql_number (db, statement, n_runs, error);
}

static gboolean
find_until (sqlite3  *db,
            gint64    now,
            gint64   *until,
            GError  **error)
{
  gint64 days;

  if (!read_keep_days (db, &days, error))
    return FALSE;
  *until = now - days * 24 * 60 * 60 * G_USEC_PER_SEC;

  return TRUE;
}

static gboolean
delete_rows (sqlite3     *db,
             const char  *sql,
             gint64       until,
             GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);

  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, until);

  return relais_sql_run (db, statement, error);
}

/* Whose rejections are gone still is aged while it has differences. */
static gboolean
delete_aged (sqlite3   *db,
             gpointer   data,
             gpointer  *result,
             GError   **error)
{
  const Call *call = data;
  sqlite3_stmt *statement;
  gint64 until;

  if (!find_until (db, call->now, &until, error))
    return FALSE;
  statement = relais_sql_prepare (db, "UPDATE runs SET rows_deleted_at = ?2 WHERE id IN (" AGED ")", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, until);
  sqlite3_bind_int64 (statement, 2, call->now);
  if (!relais_sql_run (db, statement, error))
    return FALSE;

  return delete_rows (db, "DELETE FROM rejections WHERE run_id IN (" AGED ")", until, error) &&
         delete_rows (db, "DELETE FROM differences WHERE run_id IN (" AGED ")", until, error) &&
         delete_rows (db, "DELETE FROM leavers WHERE run_id IN (" AGED ")", until, error) &&
         delete_rows (db, "DELETE FROM corrections WHERE run_id IN (" AGED ")", until, error) &&
         relais_journal_delete_aged_removals (db, call->now, error);
}

static gboolean
age (sqlite3   *db,
     gpointer   data,
     gpointer  *result,
     GError   **error)
{
  const Call *call = data;
  gint64 n_runs = 0, n_removals = 0;
  gint64 until;

  if (!find_until (db, call->now, &until, error) || !count_aged (db, until, &n_runs, error) ||
      !relais_journal_count_aged_removals (db, call->now, &n_removals, error))
    return FALSE;
  if ((n_runs > 0 || n_removals > 0) && !relais_journal_delete_for_good (db, delete_aged, data, NULL, error))
    return FALSE;
  if (!relais_journal_wipe (db, error))
    return FALSE;
  *result = g_memdup2 (&n_runs, sizeof n_runs);

  return TRUE;
}

/**
 * relais_journal_age_async:
 * @self: the journal
 * @now: the time, in microseconds since 1970
 * @cancellable: (nullable): before it begins
 * @callback: (nullable): called when it is done
 * @user_data: for @callback
 *
 * Deletes the rows that were not delivered of runs that ended too long ago, with whoever is named there, and people who were taken off a list too long ago; and
 * wipes away what is left of anything that was deleted.
 */
void
relais_journal_age_async (RelaisJournal       *self,
                          gint64               now,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Call *call = g_new0 (Call, 1);

  call->now = now;
  relais_journal_ask_alone (self, relais_journal_age_async, age, call, call_free, g_free, cancellable, callback, user_data);
}

/**
 * relais_journal_age_finish:
 * @self: the journal
 * @result: of relais_journal_age_async()
 * @n_runs: (out): of how many runs rows were deleted
 * @error: in RELAIS_ERROR: what was deleted may still be left in the file; the next call wipes it away
 *
 * Returns: whether nothing is left of what is too old
 */
gboolean
relais_journal_age_finish (RelaisJournal  *self,
                           GAsyncResult   *result,
                           guint          *n_runs,
                           GError        **error)
{
  return take_number (self, result, n_runs, error);
}

/* All that an export remembers */

static gboolean
delete_of_export (sqlite3     *db,
                  const char  *sql,
                  const char  *export_id,
                  GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);

  if (statement != NULL)
    relais_sql_bind_text (statement, 1, export_id);

  return relais_sql_run (db, statement, error);
}

static gboolean
delete_memory (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Call *call = data;
  g_autofree char *running = NULL;

  if (call->elsewhere && !relais_journal_find_unfinished (db, call->export_id, &running, error))
    return FALSE;
  if (running != NULL)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE,
                   /* Translators: %s is the name of an export. */
                   _("Another Relais is running “%s” at the moment. Wait until it has ended, or stop it there, before erasing what is remembered of the export."),
                   running);
      return FALSE;
    }

  /* What broke off has to be answered for as well. */
  return relais_journal_log_broken (db, call->export_id, error) &&
         delete_of_export (db, "DELETE FROM runs WHERE export_id = ?1", call->export_id, error) &&
         delete_of_export (db, "DELETE FROM fingerprint_pages WHERE export_id = ?1", call->export_id, error) &&
         delete_of_export (db, "DELETE FROM places WHERE export_id = ?1", call->export_id, error) &&
         delete_of_export (db, "DELETE FROM corrected WHERE export_id = ?1", call->export_id, error) &&
         delete_of_export (db, "DELETE FROM removals WHERE export_id = ?1", call->export_id, error);
}

static gboolean
erase_export (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  return relais_journal_delete_for_good (db, delete_memory, data, NULL, error) && relais_journal_wipe (db, error);
}

/**
 * relais_journal_erase_export_async:
 * @self: the journal
 * @id: of the export
 * @elsewhere: whether another process may be working on a run: then one whose last run has no end is left alone
 * @cancellable: (nullable): before it begins
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Deletes runs, batches, rejected rows, people who left, fingerprints and removals of an export, so that nothing of them is left in the file. The
 * export itself stays, and so do the lines of the log. Fails with RELAIS_ERROR_IN_USE while another process runs it; after any
 * other error it can be called again.
 */
void
relais_journal_erase_export_async (RelaisJournal       *self,
                                   const char          *id,
                                   gboolean             elsewhere,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  Call *call = g_new0 (Call, 1);

  call->export_id = g_strdup (id);
  call->elsewhere = elsewhere;
  relais_journal_ask_alone (self, relais_journal_erase_export_async, erase_export, call, call_free, NULL,
                            cancellable, callback, user_data);
}
