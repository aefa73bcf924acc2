/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tables, version by version. A version that people have is never
 * changed: what comes later is one more step. */

#include "relais-journal-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

/* "Rela" */
#define APPLICATION_ID 0x52656c61

#define READ_SIZE 65536

/* Step n leads from version n to version n + 1. */
static const char * const steps[] = {
  "CREATE TABLE connections ("
  "  id TEXT PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE,"
  "  host TEXT, access INTEGER NOT NULL, limit_requests INTEGER NOT NULL, limit_seconds INTEGER NOT NULL,"
  "  account TEXT, user TEXT, consent_version INTEGER NOT NULL, consent_language TEXT, consent_by TEXT,"
  "  consent_at INTEGER NOT NULL, created_at INTEGER NOT NULL, checked_at INTEGER NOT NULL, check_state INTEGER NOT NULL"
  ") STRICT;"
  "CREATE TABLE exports ("
  "  id TEXT PRIMARY KEY, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE,"
  "  connection_id TEXT REFERENCES connections (id), definition TEXT NOT NULL,"
  "  created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX exports_by_connection ON exports (connection_id);"
  "CREATE TABLE runs ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
  "  export_id TEXT NOT NULL REFERENCES exports (id) ON DELETE CASCADE, export_name TEXT NOT NULL,"
  "  trigger INTEGER NOT NULL, status INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,"
  "  segment_digest TEXT, again INTEGER NOT NULL, counts TEXT NOT NULL,"
  "  batches_accepted INTEGER NOT NULL, batches_repeated INTEGER NOT NULL, error_code INTEGER NOT NULL, message TEXT"
  ") STRICT;"
  "CREATE INDEX runs_by_export ON runs (export_id, number);"
  "CREATE TABLE batches ("
  "  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL, state INTEGER NOT NULL,"
  "  first_row INTEGER NOT NULL, last_row INTEGER NOT NULL, contacts INTEGER NOT NULL, hash INTEGER NOT NULL,"
  "  remote_id TEXT, sendings INTEGER NOT NULL, delivered INTEGER NOT NULL, refused INTEGER NOT NULL,"
  "  PRIMARY KEY (run_id, number)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE rejections ("
  "  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, row INTEGER NOT NULL, email TEXT NOT NULL,"
  "  state TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT, other_row INTEGER NOT NULL,"
  "  PRIMARY KEY (run_id, row)"
  ") STRICT, WITHOUT ROWID;"
  /* Fingerprints are appended a batch at a time, in the order they are confirmed, and
   * read in one piece: a row for each would be written all over a tree. */
  "CREATE TABLE fingerprint_pages ("
  "  seq INTEGER PRIMARY KEY, export_id TEXT NOT NULL REFERENCES exports (id) ON DELETE CASCADE, entries BLOB NOT NULL"
  ") STRICT;"
  "CREATE INDEX fingerprint_pages_by_export ON fingerprint_pages (export_id, seq);",

  /* Which rows a batch holds, and how many of them the service queued: neither can be found out afterwards. */
  "ALTER TABLE batches ADD COLUMN rows TEXT;"
  "ALTER TABLE batches ADD COLUMN queued INTEGER NOT NULL DEFAULT -1;",

  /* What each attempt of a run has to answer for, and the log of it: lines that are chained by their hashes, and
   * where the chain ends. They belong to no export, and stay. Runs of before have no attempt that is counted. */
  "ALTER TABLE runs ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN who TEXT;"
  "ALTER TABLE runs ADD COLUMN connection_name TEXT;"
  "ALTER TABLE runs ADD COLUMN host TEXT;"
  "ALTER TABLE runs ADD COLUMN list_id INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN list_name TEXT;"
  "ALTER TABLE runs ADD COLUMN consent_version INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN consent_language TEXT;"
  "ALTER TABLE runs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN attempts_logged INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN log_line INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN log_hash TEXT;"
  "ALTER TABLE runs ADD COLUMN rows_deleted_at INTEGER NOT NULL DEFAULT 0;"
  "CREATE TABLE log (number INTEGER PRIMARY KEY, line TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;"
  "CREATE TABLE log_head (one INTEGER PRIMARY KEY CHECK (one = 1), lines INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;"
  "INSERT INTO log_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');"
  "CREATE TABLE settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

  /* What reading back from the account came to, and in what the account differs from what was sent. */
  "ALTER TABLE runs ADD COLUMN verified TEXT;"
  "CREATE TABLE differences ("
  "  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, row INTEGER NOT NULL, field TEXT NOT NULL, code TEXT NOT NULL,"
  "  title TEXT, email TEXT NOT NULL, sent TEXT, held TEXT, PRIMARY KEY (run_id, row, field)"
  ") STRICT, WITHOUT ROWID;",

  /* People who left the segment and were taken off the list. Where a run sends to, and which place fingerprints are of: a
   * list of a connection, seen through one key. Of runs of before, the connection is the one that their export has now; and
   * of fingerprints of before the place is known where the export has sent to one list of one host only. Their key is not. */
  "ALTER TABLE runs ADD COLUMN leavers TEXT;"
  "ALTER TABLE runs ADD COLUMN connection_id TEXT;"
  "ALTER TABLE runs ADD COLUMN key_check INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN takes_off INTEGER NOT NULL DEFAULT 0;"
  "UPDATE runs SET connection_id = (SELECT connection_id FROM exports WHERE id = export_id);"
  "CREATE TABLE places ("
  "  export_id TEXT NOT NULL REFERENCES exports (id) ON DELETE CASCADE, place INTEGER NOT NULL, connection_id TEXT NOT NULL,"
  "  host TEXT, list_id INTEGER NOT NULL, key_check INTEGER NOT NULL, PRIMARY KEY (export_id, place)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX places_by_list ON places (list_id);"
  "ALTER TABLE fingerprint_pages ADD COLUMN place INTEGER NOT NULL DEFAULT 0;"
  "INSERT INTO places SELECT exports.id, 1, exports.connection_id, connections.host, max (runs.list_id), 0"
  "  FROM exports JOIN connections ON connections.id = exports.connection_id JOIN runs ON runs.export_id = exports.id"
  "  WHERE runs.segment_digest IS NOT NULL GROUP BY exports.id"
  "  HAVING min (runs.list_id) = max (runs.list_id) AND min (runs.list_id) > 0 AND count (DISTINCT coalesce (runs.host, '')) = 1"
  "  AND max (coalesce (runs.host, '')) = coalesce (connections.host, '');"
  "UPDATE fingerprint_pages SET place = 1 WHERE export_id IN (SELECT export_id FROM places);"
  "CREATE TABLE leavers ("
  "  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, profile BLOB NOT NULL, email TEXT NOT NULL, fate INTEGER NOT NULL,"
  "  PRIMARY KEY (run_id, profile)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX leavers_by_email ON leavers (run_id, email);"
  "CREATE TABLE removals ("
  "  connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE, list_id INTEGER NOT NULL, profile BLOB NOT NULL,"
  "  export_id TEXT NOT NULL REFERENCES exports (id) ON DELETE CASCADE, run_id TEXT NOT NULL, key_check INTEGER NOT NULL,"
  "  state INTEGER NOT NULL, left_as TEXT, at INTEGER NOT NULL, PRIMARY KEY (connection_id, list_id, profile)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX removals_by_export ON removals (export_id, run_id);"
  /* When attempts at runs were sending. Of runs of before it is known when the first attempt began, when the last one did, and, of
   * those that came to their end or were canceled (1, 2, 4), when that was: nothing is made up of what was in between. */
  "ALTER TABLE runs ADD COLUMN put_back INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE runs ADD COLUMN notes TEXT;"
  "CREATE TABLE attempts ("
  "  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL, first_at INTEGER NOT NULL,"
  "  last_at INTEGER NOT NULL, lead_least INTEGER, lead_most INTEGER, PRIMARY KEY (run_id, number, first_at)"
  ") STRICT, WITHOUT ROWID;"
  "INSERT INTO attempts SELECT id, 0, started_at, started_at, NULL, NULL FROM runs"
  "  WHERE EXISTS (SELECT 1 FROM batches WHERE batches.run_id = runs.id AND batches.sendings > 0);"
  "INSERT INTO attempts SELECT id, attempts, begun_at, max (begun_at, iif (status IN (1, 2, 4), ended_at, 0)), NULL, NULL FROM runs"
  "  WHERE begun_at > 0 AND attempts > 0 AND EXISTS (SELECT 1 FROM batches WHERE batches.run_id = runs.id AND batches.sendings > 0);"
  /* Rows that are sent once more as a person has corrected them, and who was sent in place of which address: neither of these
   * can be read. */
  "ALTER TABLE runs ADD COLUMN corrects TEXT;"
  "CREATE TABLE corrections ("
  "  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, row INTEGER NOT NULL, column_name TEXT NOT NULL, value TEXT NOT NULL,"
  "  PRIMARY KEY (run_id, row, column_name)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE corrected ("
  "  export_id TEXT NOT NULL REFERENCES exports (id) ON DELETE CASCADE, key_check INTEGER NOT NULL, written BLOB NOT NULL,"
  "  profile BLOB NOT NULL, PRIMARY KEY (export_id, key_check, written, profile)"
  ") STRICT, WITHOUT ROWID;",
};

static gboolean
read_number (sqlite3     *db,
             const char  *sql,
             gint64      *number,
             GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  gboolean is_row;

  if (statement == NULL)
    return FALSE;
  is_row = relais_sql_step (db, statement, error);
  if (is_row)
    *number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return is_row;
}

/* What a file says of itself, all of it at one moment: another process may be making its tables. */
typedef struct
{
  gint64 application_id;
  gint64 version;
  gint64 n_tables;
} Label;

static gboolean
read_label (sqlite3  *db,
            Label    *label,
            GError  **error)
{
  gboolean read;

  if (!relais_sql_execute (db, "BEGIN", error))
    return FALSE;
  read = read_number (db, "PRAGMA application_id", &label->application_id, error) &&
         read_number (db, "PRAGMA user_version", &label->version, error) &&
         read_number (db, "SELECT count(*) FROM sqlite_schema", &label->n_tables, error);
  sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return read;
}

static gboolean
check_owner (sqlite3      *db,
             const char   *path,
             const Label  *label,
             guint         n_steps,
             GError      **error)
{
  g_autofree char *name = g_filename_display_name (path);

  if (label->version > n_steps && label->application_id == APPLICATION_ID)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_NEWER,
                   /* Translators: %s is the path of a file. */
                   _("“%s” was written by a newer version of Relais. Install that version again; nothing was changed."), name);
      return FALSE;
    }
  /* The id is written with the first version, never before it. */
  if (label->version < 1 && label->application_id == APPLICATION_ID)
    {
      relais_sql_set_error (db, SQLITE_CORRUPT, error);
      return FALSE;
    }
  if (label->application_id != APPLICATION_ID && (label->n_tables > 0 || label->application_id != 0 || label->version != 0))
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_DAMAGED,
                   /* Translators: %s is the path of a file. */
                   _("“%s” belongs to another program. It was left as it is: move it elsewhere and try again."), name);
      return FALSE;
    }

  return TRUE;
}

/* Views, triggers and virtual tables, which have no pages, do what their maker wants when they are read or written, and
 * for as long as they want. No version has any. */
static gboolean
check_kinds (sqlite3  *db,
             GError  **error)
{
  gint64 n_others;

  if (!read_number (db, "SELECT count (*) FROM sqlite_schema WHERE ifnull (rootpage, 0) < 1", &n_others, error))
    return FALSE;
  if (n_others > 0)
    relais_sql_set_error (db, SQLITE_CORRUPT, error);

  return n_others == 0;
}

static gboolean
are_pages_sound (sqlite3   *db,
                 gboolean  *sound,
                 GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "PRAGMA quick_check (1)", error);
  gboolean is_row;

  if (statement == NULL)
    return FALSE;
  is_row = relais_sql_step (db, statement, error);
  *sound = is_row && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
  sqlite3_finalize (statement);

  return is_row;
}

/* Returns: what SQLite is told when it reads the file from one end to the other */
static int
read_through (sqlite3 *db)
{
  g_autofree char *buffer = g_malloc (READ_SIZE);
  sqlite3_file *file = NULL;
  sqlite3_int64 size = 0;
  int status = sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

  if (status == SQLITE_OK)
    status = file->pMethods->xFileSize (file, &size);
  for (sqlite3_int64 at = 0; status == SQLITE_OK && at < size; at += READ_SIZE)
    status = file->pMethods->xRead (file, buffer, MIN (READ_SIZE, size - at), at);

  return status;
}

/* Pages that make no sense would otherwise be found in the middle of a run,
 * after others have been written. The check reads the whole file once. A page that the disk
 * did not give counts for it as one that makes no sense: the two are told apart. */
static gboolean
check_pages (sqlite3  *db,
             GError  **error)
{
  for (guint attempt = 0; attempt < 2; attempt++)
    {
      gboolean sound;
      int status;

      if (!are_pages_sound (db, &sound, error))
        return FALSE;
      if (sound)
        return TRUE;
      status = read_through (db);
      if (status != SQLITE_OK)
        {
          relais_sql_set_error (db, status, error);
          return FALSE;
        }
    }
  relais_sql_set_error (db, SQLITE_CORRUPT, error);

  return FALSE;
}

/* Tables that a step does not fit are not those of the version that the file says. */
static gboolean
take_step (sqlite3     *db,
           const char  *step,
           GError     **error)
{
  int status = sqlite3_exec (db, step, NULL, NULL, NULL);

  if (status != SQLITE_OK)
    relais_sql_set_error (db, status == SQLITE_ERROR ? SQLITE_CORRUPT : sqlite3_extended_errcode (db), error);

  return status == SQLITE_OK;
}

static gboolean
take_steps (sqlite3             *db,
            const char * const  *through,
            guint                n_steps,
            GError             **error)
{
  g_autofree char *numbered = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %u", APPLICATION_ID, n_steps);
  gint64 version;

  if (!read_number (db, "PRAGMA user_version", &version, error))
    return FALSE;
  /* Another process may have been quicker. */
  if (version >= n_steps)
    return TRUE;
  for (; version < n_steps; version++)
    if (!take_step (db, through[version], error))
      return FALSE;

  return relais_sql_execute (db, numbered, error);
}

/**
 * relais_journal_migrate_through:
 * @db: a database that was just opened
 * @path: of its file
 * @through: (array length=n_steps): the statements that lead from each version to the next
 * @n_steps: how many there are, which is the version they lead to
 * @error: RELAIS_ERROR_JOURNAL_NEWER, _DAMAGED or _UNWRITABLE
 *
 * Brings the tables to the last version, all steps in one transaction: where a later one does not fit, none was taken.
 *
 * Returns: whether they are; otherwise nothing was overwritten
 */
gboolean
relais_journal_migrate_through (sqlite3             *db,
                                const char          *path,
                                const char * const  *through,
                                guint                n_steps,
                                GError             **error)
{
  Label label;

  if (!read_label (db, &label, error) || !check_owner (db, path, &label, n_steps, error) || !check_kinds (db, error) ||
      !check_pages (db, error))
    return FALSE;
  if (label.version >= n_steps)
    return TRUE;

  if (!relais_sql_execute (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (take_steps (db, through, n_steps, error) && relais_sql_execute (db, "COMMIT", error))
    return TRUE;
  sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}

/**
 * relais_journal_migrate:
 * @db: a database that was just opened
 * @path: of its file
 * @error: RELAIS_ERROR_JOURNAL_NEWER, _DAMAGED or _UNWRITABLE
 *
 * Brings the tables to this version.
 *
 * Returns: whether they are; otherwise nothing was overwritten
 */
gboolean
relais_journal_migrate (sqlite3     *db,
                        const char  *path,
                        GError     **error)
{
  return relais_journal_migrate_through (db, path, steps, G_N_ELEMENTS (steps), error);
}
