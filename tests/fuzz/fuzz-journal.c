/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes at all as the journal's file, and what becomes of a sound journal by changes that no Relais makes: it is
 * opened, everything in it is listed, its log is checked, and a run is written. Each call returns something that can
 * be shown, or an error with a sentence; a file that is not opened is left as it is; and what was written can be
 * opened again.
 *
 * The first byte says what the others are: the file itself, what is written over a sound journal's bytes, into
 * its columns or its label, or what lies beside it. */

#include "relais-error.h"
#include "relais-journal-ageing.h"
#include "relais-journal-log.h"
#include "relais-journal-spans.h"
#include "relais-journal-verifications.h"
#include "relais-test-journal.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* What the others are */
typedef enum
{
  THE_FILE,   /* the file, whole */
  BYTES,      /* where, how many, and these: over the bytes of a sound journal */
  VALUES,     /* which column of which table and row, of what type, and how long: into a sound journal */
  TABLES,     /* versions, application ids, and tables and columns that are dropped */
  WAL,        /* of a sound journal: its write-ahead log */
  ROLLBACK,   /* of a sound journal: its rollback journal */
  N_KINDS,
} Kind;

/* The input, read from its beginning on */
typedef struct
{
  const uint8_t *at;
  gsize          left;
} Input;

static guint
take_byte (Input *input)
{
  if (input->left == 0)
    return 0;
  input->left--;

  return *input->at++;
}

static guint
take_two (Input *input)
{
  guint high = take_byte (input);

  return high << 8 | take_byte (input);
}

/* Returns: as many as there are, @length at the most */
static const uint8_t *
take_bytes (Input *input,
            gsize *length)
{
  const uint8_t *bytes = input->at;

  *length = MIN (*length, input->left);
  input->at += *length;
  input->left -= *length;

  return bytes;
}

/* A sound journal */

static RelaisTestJournal fixture;
static GBytes *sound;

static void
remove_folder (void)
{
  static const char * const ends[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (fixture.path, ends[i], NULL);

      g_remove (path);
    }
  relais_test_journal_tear_down (&fixture, NULL);
}

static void
settle_batches (void)
{
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, 3, "someone@example.com");
  RelaisFingerprint fingerprints[40];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (i, i < 2 ? RELAIS_BATCH_CONFIRMED : RELAIS_BATCH_INTENT);

      for (guint k = 0; k < G_N_ELEMENTS (fingerprints); k++)
        fingerprints[k] = relais_test_fingerprint (k, i);
      if (i < 2)
        relais_test_journal_settle_batch (&fixture, "r", batch, rejections, fingerprints, G_N_ELEMENTS (fingerprints), &error);
      else
        relais_test_journal_put_batch (&fixture, "r", batch, &error);   /* an attempt that is sending */
      g_assert_no_error (error);
    }
}

static GPtrArray *
make_differences (void)
{
  GPtrArray *differences = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_difference_free);
  RelaisDifference *difference = relais_difference_new (7, "someone@example.com", RELAIS_DIFFERENCE_VALUE);

  difference->field = g_strdup ("phone");
  difference->sent = g_strdup ("+33639981234");
  g_ptr_array_add (differences, difference);

  return differences;
}

static gboolean
put_verification (GError **error)
{
  RelaisVerification verification = { .state = RELAIS_VERIFICATION_DONE, .delivered = 80, .asked = 50, .same = 49, .different = 1 };
  g_autoptr (GPtrArray) differences = make_differences ();
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_put_verification_async (fixture.journal, "r", &verification, differences, NULL, 0, NULL,
                                         relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (fixture.journal, relais_test_journal_wait_for (&result), error);
}

static gboolean
set_keep_days (GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_set_keep_days_async (fixture.journal, 30, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (fixture.journal, relais_test_journal_wait_for (&result), error);
}

static RelaisRunRecord *
make_ended_run (const char *id)
{
  RelaisRunRecord *run = relais_test_run (id, "e");

  run->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  run->ended_at = run->started_at + 1;
  run->counts.read = 83;
  run->counts.by_state[RELAIS_ROW_DELIVERED] = 80;
  run->counts.by_state[RELAIS_ROW_REFUSED] = 3;
  run->who = g_strdup ("Zoé");
  run->connection_id = g_strdup ("c");
  run->list_id = 12;
  run->list_name = g_strdup ("Newsletter");

  return run;
}

static void
make_sound_journal (void)
{
  g_autoptr (RelaisRunRecord) ended = make_ended_run ("r");
  g_autoptr (RelaisRunRecord) next = relais_test_run ("next", "e");
  g_autoptr (GError) error = NULL;
  char *content;
  gsize length;

  /* None ends for having nothing to do: what GLib keeps for each thread looks lost to the fuzzer while one does. */
  g_thread_pool_set_max_idle_time (0);
  relais_test_journal_set_up (&fixture, NULL);
  atexit (remove_folder);
  relais_test_journal_fill (&fixture);
  settle_batches ();
  g_assert_true (put_verification (&error));
  g_assert_true (set_keep_days (&error));
  g_assert_true (relais_test_journal_finish_run (&fixture, ended, &error));
  /* One that was not finished. */
  g_assert_true (relais_test_journal_put_run (&fixture, next, &error));
  relais_test_journal_close (&fixture);
  g_assert_true (g_file_get_contents (fixture.path, &content, &length, &error));
  g_assert_no_error (error);
  sound = g_bytes_new_take (content, length);
}

/* What becomes of it */

static void
write_beside (const char *end,
              const void *bytes,
              gsize       length)
{
  g_autofree char *path = g_strconcat (fixture.path, end, NULL);
  g_autoptr (GError) error = NULL;

  if (length == 0 && *end != '\0')
    g_remove (path);
  else
    g_file_set_contents_full (path, bytes, length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static void
write_over (Input *input)
{
  gsize size;
  g_autofree uint8_t *bytes = g_bytes_unref_to_data (g_bytes_new (g_bytes_get_data (sound, NULL), g_bytes_get_size (sound)), &size);

  while (input->left > 0)
    {
      gsize page = take_byte (input), at = take_two (input), length = take_byte (input);
      const uint8_t *these = take_bytes (input, &length);

      at = (page * 4096 + at % 4096) % size;
      memcpy (bytes + at, these, MIN (length, size - at));
    }
  write_beside ("", bytes, size);
}

/* Names of a sound journal, by numbers, in the order they were made in: a table that comes later takes no number of
 * another. */
static char *
dup_name (sqlite3    *db,
          const char *sql,
          const char *table,
          guint       n)
{
  sqlite3_stmt *statement;
  char *name = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  sqlite3_bind_int (statement, 1, (int) n);
  if (table != NULL)
    sqlite3_bind_text (statement, 2, table, -1, SQLITE_TRANSIENT);
  if (sqlite3_step (statement) == SQLITE_ROW)
    name = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);

  return name;
}

static char *
dup_table (sqlite3 *db,
           guint    n)
{
  return dup_name (db,
                   "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid LIMIT 1 OFFSET"
                   " ?1 % (SELECT count (*) FROM sqlite_schema WHERE type = 'table')", NULL, n);
}

static char *
dup_column (sqlite3    *db,
            const char *table,
            guint       n)
{
  return dup_name (db, "SELECT name FROM pragma_table_info (?2) LIMIT 1 OFFSET ?1 % (SELECT count (*) FROM pragma_table_info (?2))", table, n);
}

static void
bind_value (sqlite3_stmt  *statement,
            guint          type,
            const uint8_t *bytes,
            gsize          length)
{
  gint64 number = 0;

  switch (type % 4)
    {
    case 0:
      memcpy (&number, bytes, MIN (length, sizeof number));
      sqlite3_bind_int64 (statement, 1, GINT64_FROM_LE (number));
      break;

    case 1:
      sqlite3_bind_text (statement, 1, (const char *) bytes, (int) length, SQLITE_TRANSIENT);
      break;

    case 2:
      sqlite3_bind_blob (statement, 1, bytes, (int) length, SQLITE_TRANSIENT);
      break;

    default:
      sqlite3_bind_null (statement, 1);
      break;
    }
}

/* What a table does not take stays as it is. */
static void
change_values (sqlite3 *db,
               Input   *input)
{
  while (input->left > 0)
    {
      g_autofree char *table = dup_table (db, take_byte (input));
      g_autofree char *column = dup_column (db, table, take_byte (input));
      guint row = take_byte (input), type = take_byte (input);
      gsize length = take_byte (input);
      const uint8_t *bytes = take_bytes (input, &length);
      g_autofree char *sql = g_strdup_printf ("UPDATE \"%s\" SET \"%s\" = ?1 WHERE \"%s\" IS (SELECT \"%s\" FROM \"%s\" LIMIT 1 OFFSET ?2)",
                                              table, column, column, column, table);
      sqlite3_stmt *statement;

      if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
        continue;
      bind_value (statement, type, bytes, length);
      sqlite3_bind_int (statement, 2, row % 8);
      sqlite3_step (statement);
      sqlite3_finalize (statement);
    }
}

static void
change_tables (sqlite3 *db,
               Input   *input)
{
  while (input->left > 0)
    {
      guint what = take_byte (input);
      g_autofree char *table = dup_table (db, take_byte (input));
      g_autofree char *column = table != NULL ? dup_column (db, table, take_byte (input)) : NULL;
      g_autofree char *sql = NULL;

      switch (what % 5)
        {
        case 0: sql = g_strdup_printf ("PRAGMA user_version = %d", (gint16) take_two (input)); break;
        case 1: sql = g_strdup_printf ("PRAGMA application_id = %u", take_two (input)); break;
        case 2: sql = g_strdup_printf ("DROP TABLE \"%s\"", table); break;
        case 3: sql = g_strdup_printf ("ALTER TABLE \"%s\" DROP COLUMN \"%s\"", table, column); break;
        default: sql = g_strdup_printf ("DELETE FROM \"%s\"", table); break;
        }
      sqlite3_exec (db, sql, NULL, NULL, NULL);
    }
}

static void
change_with_sql (void  (* change) (sqlite3 *db, Input *input),
                 Input *input)
{
  sqlite3 *db;

  write_beside ("", g_bytes_get_data (sound, NULL), g_bytes_get_size (sound));
  g_assert_cmpint (sqlite3_open (fixture.path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
  change (db, input);
  sqlite3_close (db);
}

static void
write_files (Kind   kind,
             Input *input)
{
  write_beside ("-wal", NULL, 0);
  write_beside ("-shm", NULL, 0);
  write_beside ("-journal", NULL, 0);
  switch (kind)
    {
    case BYTES: write_over (input); break;
    case VALUES: change_with_sql (change_values, input); break;
    case TABLES: change_with_sql (change_tables, input); break;

    case WAL:
    case ROLLBACK:
      write_beside ("", g_bytes_get_data (sound, NULL), g_bytes_get_size (sound));
      write_beside (kind == WAL ? "-wal" : "-journal", input->at, input->left);
      break;

    case THE_FILE:
    case N_KINDS:
    default:
      write_beside ("", input->at, input->left);
      break;
    }
}

/* What comes of it */

static void
check_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

/* @done: whether something came of a call, and no error */
static void
check_call (gboolean  done,
            GError   *taken)
{
  g_autoptr (GError) error = taken;

  g_assert_cmpint (done, ==, error == NULL);
  if (error == NULL)
    return;
  g_assert_cmpuint (error->domain, ==, RELAIS_ERROR);
  g_assert_true ((error->code >= RELAIS_ERROR_JOURNAL_NEWER && error->code <= RELAIS_ERROR_BUSY) ||
                 error->code == RELAIS_ERROR_UNKNOWN || error->code == RELAIS_ERROR_NAME_TAKEN || error->code == RELAIS_ERROR_IN_USE);
  check_text (error->message);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
check_connection (const RelaisConnectionRecord *connection)
{
  const char * const texts[] = { connection->id, connection->name, connection->host, connection->account, connection->user,
                                 connection->consent_language, connection->consent_by };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check_text (texts[i]);
  g_assert_true (connection->id != NULL && connection->name != NULL);
  g_assert_cmpint (connection->kind, <=, RELAIS_CONNECTION_PRACTICE);
  g_assert_cmpint (connection->access, <=, RELAIS_ACCESS_CONTRIBUTORS);
  g_assert_cmpint (connection->check, <=, RELAIS_CHECK_KEYRING);
}

static void
check_export (const RelaisExportRecord *record)
{
  check_text (record->id);
  check_text (record->name);
  check_text (record->connection_id);
  check_text (record->definition);
  g_assert_true (record->id != NULL && record->name != NULL && record->definition != NULL);
}

static void
check_run (const RelaisRunRecord *run)
{
  const char * const texts[] = { run->id, run->export_id, run->export_name, run->segment_digest, run->message, run->who,
                                 run->connection_name, run->host, run->list_name, run->consent_language, run->verified.message };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check_text (texts[i]);
  g_assert_true (run->id != NULL && run->export_id != NULL && run->export_name != NULL);
  g_assert_cmpint (run->status, <=, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpint (run->trigger, <=, RELAIS_TRIGGER_SCHEDULED);
  g_assert_cmpint (run->verified.state, <, RELAIS_N_VERIFICATION_STATES);
}

static void
check_batch (const RelaisBatchRecord *batch)
{
  check_text (batch->rows);
  check_text (batch->remote_id);
  g_assert_cmpint (batch->state, <=, RELAIS_BATCH_UNKNOWN);
}

static void
check_rejection (const RelaisRejection *rejection)
{
  check_text (rejection->email);
  check_text (rejection->detail);
  g_assert_nonnull (rejection->email);
  g_assert_cmpint (rejection->state, <, RELAIS_N_ROW_STATES);
  g_assert_cmpint (rejection->reason, <, RELAIS_N_REASONS);
}

static void
check_difference (const RelaisDifference *difference)
{
  check_text (difference->email);
  check_text (difference->field);
  check_text (difference->title);
  check_text (difference->sent);
  check_text (difference->held);
  g_assert_cmpint (difference->kind, <, RELAIS_N_DIFFERENCE_KINDS);
}

static void
check_span (const RelaisSpan *span)
{
  g_assert_cmpint (span->from, >=, 0);
  g_assert_cmpint (span->until, >=, span->from);
}

static void
check_log_line (const RelaisLogLine *line)
{
  check_text (line->line);
  check_text (line->previous);
  check_text (line->hash);
  g_assert_true (line->line != NULL && line->previous != NULL && line->hash != NULL);
}

static void
check_items (GPtrArray *items,
             GFunc      check,
             GError    *taken)
{
  check_call (items != NULL, taken);
  if (items != NULL)
    g_ptr_array_foreach (items, check, NULL);
}

#define CHECK_LIST(list, check) G_STMT_START { \
  GError *list_error = NULL; \
  g_autoptr (GPtrArray) list_items = (list); \
  check_items (list_items, (GFunc) (void (*) (void)) (check), list_error); \
  } G_STMT_END

static GPtrArray *
list_left_batches (const char  *export_id,
                   GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_left_batches_async (fixture.journal, export_id, "none", NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_batches_finish (fixture.journal, relais_test_journal_wait_for (&result), error);
}

static GPtrArray *
list_differences (const char  *run_id,
                  GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_differences_async (fixture.journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_differences_finish (fixture.journal, relais_test_journal_wait_for (&result), error);
}

static GPtrArray *
read_spans (const char  *run_id,
            GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_read_spans_async (fixture.journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_read_spans_finish (fixture.journal, relais_test_journal_wait_for (&result), error);
}

static GPtrArray *
list_log (GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_log_async (fixture.journal, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_log_finish (fixture.journal, relais_test_journal_wait_for (&result), error);
}

static void
list_export (const char *export_id)
{
  g_autoptr (GBytes) fingerprints = NULL;
  GError *error = NULL;

  CHECK_LIST (list_left_batches (export_id, &list_error), check_batch);
  fingerprints = relais_test_journal_read_fingerprints (&fixture, export_id, &error);
  check_call (fingerprints != NULL, error);
  if (fingerprints != NULL)
    g_assert_cmpuint (g_bytes_get_size (fingerprints) % sizeof (RelaisFingerprint), ==, 0);
}

static void
list_run (RelaisRunRecord *run)
{
  check_run (run);
  CHECK_LIST (relais_test_journal_list_batches (&fixture, run->id, &list_error), check_batch);
  CHECK_LIST (relais_test_journal_list_rejections (&fixture, run->id, 0, 100, &list_error), check_rejection);
  CHECK_LIST (list_differences (run->id, &list_error), check_difference);
  CHECK_LIST (read_spans (run->id, &list_error), check_span);
  list_export (run->export_id);
}

static void
check_log (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisLogCheck) check = NULL;
  GError *error = NULL;

  relais_journal_check_log_async (fixture.journal, NULL, relais_test_journal_keep_result_cb, &result);
  check = relais_journal_check_log_finish (fixture.journal, relais_test_journal_wait_for (&result), &error);
  check_call (check != NULL, error);
  if (check != NULL)
    g_assert_cmpint (check->state == RELAIS_LOG_WHOLE, ==, check->line == 0);
}

static void
get_keep_days (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  guint days = 0;
  gboolean read;

  relais_journal_get_keep_days_async (fixture.journal, NULL, relais_test_journal_keep_result_cb, &result);
  read = relais_journal_get_keep_days_finish (fixture.journal, relais_test_journal_wait_for (&result), &days, &error);
  check_call (read, error);
  g_assert_cmpuint (days, <=, RELAIS_MOST_KEEP_DAYS);
}

static void
list_everything (void)
{
  CHECK_LIST (relais_test_journal_list_connections (&fixture, &list_error), check_connection);
  CHECK_LIST (relais_test_journal_list_exports (&fixture, &list_error), check_export);
  CHECK_LIST (relais_test_journal_list_runs (&fixture, NULL, &list_error), list_run);
  CHECK_LIST (list_log (&list_error), check_log_line);
  check_log ();
  get_keep_days ();
}

/* Writing */

static gboolean
log_broken_runs (GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_log_broken_runs_async (fixture.journal, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (fixture.journal, relais_test_journal_wait_for (&result), error);
}

static gboolean
age (GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint n_runs;

  relais_journal_age_async (fixture.journal, G_GINT64_CONSTANT (1800000000000000), NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_age_finish (fixture.journal, relais_test_journal_wait_for (&result), &n_runs, error);
}

static void
check_run_is_there (const char *id)
{
  g_autoptr (GPtrArray) runs = relais_test_journal_list_runs (&fixture, "e", NULL);
  gboolean found = runs == NULL;

  for (guint i = 0; !found && i < runs->len; i++)
    found = g_strcmp0 (((RelaisRunRecord *) g_ptr_array_index (runs, i))->id, id) == 0;
  g_assert_true (found);
}

static void
write_a_run (void)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("c", "Renamed");
  g_autoptr (RelaisExportRecord) record = relais_test_export ("e", "Renamed", "c");
  g_autoptr (RelaisRunRecord) run = relais_test_run ("new", "e");
  g_autoptr (RelaisRunRecord) ended = make_ended_run ("new");
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_INTENT);
  g_autoptr (RelaisBatchRecord) settled = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (5, 2, "someone@example.com");
  RelaisFingerprint fingerprints[] = { relais_test_fingerprint (1, 9), relais_test_fingerprint (99, 9) };
  gboolean written;
  GError *error = NULL;

#define WRITE(call) G_STMT_START { \
    error = NULL; \
    written = (call); \
    check_call (written, error); \
  } G_STMT_END

  WRITE (log_broken_runs (&error));
  WRITE (relais_test_journal_put_connection (&fixture, connection, &error));
  WRITE (relais_test_journal_put_export (&fixture, record, &error));
  WRITE (relais_test_journal_put_batch (&fixture, "next", batch, &error));
  WRITE (relais_test_journal_put_run (&fixture, run, &error));
  if (written)
    check_run_is_there ("new");
  WRITE (relais_test_journal_put_batch (&fixture, "new", batch, &error));
  WRITE (relais_test_journal_settle_batch (&fixture, "new", settled, rejections, fingerprints, G_N_ELEMENTS (fingerprints), &error));
  WRITE (put_verification (&error));
  WRITE (relais_test_journal_finish_run (&fixture, ended, &error));
  if (written)
    check_run_is_there ("new");
  WRITE (set_keep_days (&error));
  WRITE (age (&error));

#undef WRITE
}

/* What lies beside the file may have been what it was to be made whole with. */
static void
check_untouched (Kind        kind,
                 const char *before,
                 gsize       before_length)
{
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (kind == WAL || kind == ROLLBACK)
    return;
  g_file_get_contents (fixture.path, &after, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (after, length, before, before_length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  Input input = { data, size };
  g_autofree char *before = NULL;
  GError *error = NULL;
  gsize length;
  Kind kind;

  if (sound == NULL)
    make_sound_journal ();
  kind = take_byte (&input) % N_KINDS;
  write_files (kind, &input);
  g_assert_true (g_file_get_contents (fixture.path, &before, &length, NULL));

  fixture.journal = relais_test_journal_open (fixture.path, &error);
  check_call (fixture.journal != NULL, error);
  if (fixture.journal == NULL)
    {
      check_untouched (kind, before, length);
      return 0;
    }
  list_everything ();
  write_a_run ();
  list_everything ();
  relais_test_journal_close (&fixture);

  error = NULL;
  fixture.journal = relais_test_journal_open (fixture.path, &error);
  check_call (fixture.journal != NULL, error);
  relais_test_journal_close (&fixture);

  return 0;
}
