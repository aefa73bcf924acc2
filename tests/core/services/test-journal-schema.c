/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a journal's file may be when it is opened, and how tables get from one version to the next. */

#include "relais-journal-private.h"

#include "relais-error.h"
#include "relais-test-journal.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Helpers */

static sqlite3 *
open_raw (const char *path)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);

  return db;
}

static void
execute_raw (const char *path,
             const char *sql)
{
  sqlite3 *db = open_raw (path);

  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static gint64
ask_raw (const char *path,
         const char *sql)
{
  sqlite3 *db = open_raw (path);
  sqlite3_stmt *statement;
  gint64 answer;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  answer = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return answer;
}

static guint
get_mode (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);

  return status.st_mode & 07777;
}

static void
make_folder (RelaisTestJournal *fixture)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
}

static void
write_file (const char *path,
            const void *content,
            gsize       length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
}

/* Opening fails with @code and words, twice, and leaves the bytes as they are. */
static void
assert_refused (RelaisTestJournal *fixture,
                RelaisError        code)
{
  g_autoptr (GBytes) before = relais_test_journal_read_files (fixture);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) after = NULL;

      g_assert_null (relais_test_journal_open (fixture->path, &error));
      g_assert_error (error, RELAIS_ERROR, (int) code);
      g_assert_nonnull (strstr (error->message, "journal.sqlite"));
      g_assert_true (g_str_has_suffix (error->message, "."));
      after = relais_test_journal_read_files (fixture);
      g_assert_true (g_bytes_equal (before, after));
    }
}

/* A new journal */

static void
test_a_new_journal_is_its_owners_alone (RelaisTestJournal *fixture,
                                        gconstpointer      user_data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *shared = g_strconcat (fixture->path, "-shm", NULL);
  mode_t before = umask (0);

  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  g_assert_cmphex (get_mode (folder), ==, 0700);
  g_assert_cmphex (get_mode (fixture->path), ==, 0600);
  g_assert_cmphex (get_mode (log), ==, 0600);
  g_assert_cmphex (get_mode (shared), ==, 0600);

  /* Rights that were given away are taken back. */
  relais_test_journal_close (fixture);
  g_chmod (fixture->path, 0644);
  relais_test_journal_reopen (fixture);
  g_assert_cmphex (get_mode (fixture->path), ==, 0600);
  umask (before);
}

static void
test_a_new_journal_says_what_it_is (RelaisTestJournal *fixture,
                                    gconstpointer      user_data)
{
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  g_assert_cmpint (ask_raw (fixture->path, "PRAGMA user_version"), ==, 5);
  g_assert_cmphex (ask_raw (fixture->path, "PRAGMA application_id"), ==, 0x52656c61);
}

static void
test_an_empty_file_becomes_a_journal (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  make_folder (fixture);
  write_file (fixture->path, "", 0);
  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
}

static void
test_a_journal_keeps_what_was_written (RelaisTestJournal *fixture,
                                       gconstpointer      user_data)
{
  g_autoptr (GPtrArray) exports = NULL;

  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  relais_test_journal_reopen (fixture);
  exports = relais_test_journal_list_exports (fixture, NULL);
  g_assert_cmpuint (exports->len, ==, 1);
}

static void
test_a_home_behind_a_link_is_a_home (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autofree char *real = g_build_filename (fixture->folder, "real", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "data", NULL);

  g_assert_cmpint (g_mkdir (real, 0700), ==, 0);
  g_assert_cmpint (symlink ("real", link), ==, 0);
  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
}

static void
test_a_path_may_be_any_bytes (RelaisTestJournal *fixture,
                              gconstpointer      user_data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "caf\351 \"'%s?#&mode=ro", NULL);
  g_autofree char *path = g_build_filename (folder, "journal.sqlite", NULL);
  g_autoptr (GError) error = NULL;

  g_free (g_steal_pointer (&fixture->path));
  fixture->path = g_strdup (path);
  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  relais_test_journal_close (fixture);

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (relais_test_journal_open (path, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* Files that are something else */

static void
test_a_newer_journal_is_left_as_it_is (RelaisTestJournal *fixture,
                                       gconstpointer      user_data)
{
  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  relais_test_journal_close (fixture);
  execute_raw (fixture->path, "PRAGMA user_version = 6");
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_NEWER);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM exports"), ==, 1);
}

static void
test_a_version_below_the_first_is_damage (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  execute_raw (fixture->path, user_data);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
}

static void
test_a_database_of_another_program_is_left_as_it_is (RelaisTestJournal *fixture,
                                                     gconstpointer      user_data)
{
  make_folder (fixture);
  execute_raw (fixture->path, user_data);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
}

static void
test_a_file_that_is_no_database_is_left_as_it_is (RelaisTestJournal *fixture,
                                                  gconstpointer      user_data)
{
  g_autofree char *random = g_malloc (20000);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);

  make_folder (fixture);
  write_file (fixture->path, "Dear diary,\n", 12);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
  /* SQLite takes a single byte for none. */
  write_file (fixture->path, "xy", 2);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
  for (guint i = 0; i < 20000; i++)
    random[i] = g_rand_int_range (rand, 0, 256);
  write_file (fixture->path, random, 20000);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
}

static void
make_old_journal (RelaisTestJournal *fixture)
{
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, 500, "someone@example.com");
  g_autoptr (GError) error = NULL;

  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  relais_test_journal_add_rejections (fixture, "r", rejections, &error);
  g_assert_no_error (error);
  relais_test_journal_close (fixture);
}

static void
test_a_cut_journal_is_left_as_it_is (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autofree char *content = NULL;
  gsize length;

  make_old_journal (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  for (gsize cut = 2; cut < length; cut += cut < 200 ? 37 : 1333)
    {
      write_file (fixture->path, content, cut);
      assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
    }
  write_file (fixture->path, content, length);
  relais_test_journal_reopen (fixture);
}

/* Every page in turn, the first included. */
static void
test_a_journal_with_a_bad_page_is_left_as_it_is (RelaisTestJournal *fixture,
                                                 gconstpointer      user_data)
{
  guint8 filling = GPOINTER_TO_UINT (user_data);
  g_autofree char *content = NULL;
  gsize length;

  make_old_journal (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  g_assert_cmpuint (length / 4096, >, 12);
  for (gsize at = 0; at < length; at += 4096)
    {
      g_autofree char *bad = g_memdup2 (content, length);

      memset (bad + at, filling, 4096);
      write_file (fixture->path, bad, length);
      assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
    }
}

static void
test_a_journal_without_its_tables_is_damaged (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  execute_raw (fixture->path, "DROP TABLE batches");
  relais_test_journal_reopen (fixture);
  g_assert_null (relais_test_journal_list_batches (fixture, "r", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_DAMAGED);
}

static void
test_what_acts_when_it_is_used_is_damage (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  execute_raw (fixture->path, user_data);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
}

/* The first step from there on fits, a later one does not. */
static void
test_tables_of_another_version_are_left_as_they_are (RelaisTestJournal *fixture,
                                                     gconstpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  make_old_journal (fixture);
  execute_raw (fixture->path, user_data);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_DAMAGED);
  g_assert_null (relais_test_journal_open (fixture->path, &error));
  g_assert_nonnull (strstr (error->message, "It was left as it is: move it elsewhere"));
}

/* Places */

static void
test_a_folder_in_its_place_is_left (RelaisTestJournal *fixture,
                                    gconstpointer      user_data)
{
  g_autofree char *inside = g_build_filename (fixture->path, "inside", NULL);

  g_assert_cmpint (g_mkdir_with_parents (inside, 0700), ==, 0);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_true (g_file_test (inside, G_FILE_TEST_IS_DIR));
}

static void
test_a_file_in_the_folders_place_is_left (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  g_autofree char *place = g_build_filename (fixture->folder, "data", NULL);
  g_autofree char *content = NULL;

  write_file (place, "mine", 4);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_true (g_file_get_contents (place, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "mine");
}

static void
test_a_link_in_its_place_is_left (RelaisTestJournal *fixture,
                                  gconstpointer      user_data)
{
  make_folder (fixture);
  g_assert_cmpint (symlink ("/etc/passwd", fixture->path), ==, 0);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_UNWRITABLE);
}

/* Rights mean nothing to root: for these tests root becomes nobody. */
#define NOBODY 65534

static void
become_nobody (RelaisTestJournal *fixture)
{
  const char * const parts[] = { "", "data", "data/relais", "data/relais/journal.sqlite" };

  if (geteuid () != 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, parts[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        g_assert_cmpint (chown (path, NOBODY, NOBODY), ==, 0);
    }
  g_assert_cmpint (seteuid (NOBODY), ==, 0);
}

static void
become_oneself (void)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

typedef struct
{
  const char *part;
  guint       mode;
} Rights;

static void
test_rights_that_are_missing_are_named (RelaisTestJournal *fixture,
                                        gconstpointer      user_data)
{
  const Rights *rights = user_data;
  g_autofree char *path = g_build_filename (fixture->folder, rights->part, NULL);

  make_old_journal (fixture);
  become_nobody (fixture);
  g_assert_cmpint (g_chmod (path, rights->mode), ==, 0);
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (relais_test_journal_open (fixture->path, &error));
    g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
    g_assert_nonnull (strstr (error->message, "journal.sqlite"));
  }
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  become_oneself ();
  relais_test_journal_reopen (fixture);
}

static void
test_a_folder_that_cannot_be_made_is_named (RelaisTestJournal *fixture,
                                            gconstpointer      user_data)
{
  become_nobody (fixture);
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  assert_refused (fixture, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
  become_oneself ();
}

/* What a crash leaves */

static void
copy_file (const char *from,
           const char *to,
           const char *end)
{
  g_autofree char *one = g_strconcat (from, end, NULL);
  g_autofree char *other = g_strconcat (to, end, NULL);
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (one, &content, &length, NULL));
  write_file (other, content, length);
}

/* The files as a process that was killed leaves them: the log not yet put into the file. */
static char *
copy_as_killed (RelaisTestJournal *fixture,
                gboolean           with_log)
{
  char *path = g_build_filename (fixture->folder, "killed.sqlite", NULL);

  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  copy_file (fixture->path, path, "");
  if (with_log)
    copy_file (fixture->path, path, "-wal");

  return path;
}

static void
test_the_log_of_a_killed_process_is_read (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  g_autofree char *path = copy_as_killed (fixture, TRUE);
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_journal_close (fixture);
  g_free (g_steal_pointer (&fixture->path));
  fixture->path = g_steal_pointer (&path);
  relais_test_journal_reopen (fixture);
  runs = relais_test_journal_list_runs (fixture, "e", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (runs->len, ==, 1);
}

/* What stood in it is lost, what stands in the file is not. */
static void
test_a_missing_log_is_survived (RelaisTestJournal *fixture,
                                gconstpointer      user_data)
{
  g_autofree char *path = copy_as_killed (fixture, FALSE);
  g_autoptr (GPtrArray) runs = NULL;

  relais_test_journal_close (fixture);
  g_free (g_steal_pointer (&fixture->path));
  fixture->path = g_steal_pointer (&path);
  relais_test_journal_reopen (fixture);
  runs = relais_test_journal_list_runs (fixture, "e", NULL);
  g_assert_cmpuint (runs->len, ==, 0);
  relais_test_journal_fill (fixture);
}

static void
test_a_log_that_is_cut_counts_up_to_there (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  g_autofree char *path = copy_as_killed (fixture, TRUE);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *content = NULL;
  gsize length;

  relais_test_journal_close (fixture);
  g_free (g_steal_pointer (&fixture->path));
  fixture->path = g_strdup (path);
  g_assert_true (g_file_get_contents (log, &content, &length, NULL));
  write_file (log, content, length - 1);
  relais_test_journal_reopen (fixture);
  /* The last commit, the run, is gone as a whole. */
  {
    g_autoptr (GPtrArray) exports = relais_test_journal_list_exports (fixture, NULL);
    g_autoptr (GPtrArray) runs = relais_test_journal_list_runs (fixture, NULL, NULL);

    g_assert_cmpuint (exports->len, ==, 1);
    g_assert_cmpuint (runs->len, ==, 0);
  }
}

/* From one version to the next */

static const char * const made_up_steps[] = {
  "CREATE TABLE one (x INTEGER) STRICT; INSERT INTO one VALUES (1);",
  "CREATE TABLE two (x INTEGER) STRICT; INSERT INTO two SELECT x + 1 FROM one; SELECT die ();",
  "ALTER TABLE two ADD COLUMN y TEXT; UPDATE two SET y = 'three';",
};

static void
live_cb (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  sqlite3_result_null (context);
}

static void
die_cb (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  kill (getpid (), SIGKILL);
}

static void
fail_cb (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  sqlite3_result_error_code (context, SQLITE_FULL);
}

static gboolean
migrate_made_up (const char  *path,
                 guint        n_steps,
                 void      (* die) (sqlite3_context *, int, sqlite3_value **),
                 GError     **error)
{
  sqlite3 *db = open_raw (path);
  gboolean migrated;

  sqlite3_create_function (db, "die", 0, SQLITE_UTF8, NULL, die, NULL, NULL);
  migrated = relais_journal_migrate_through (db, path, made_up_steps, n_steps, error);
  g_assert_true (sqlite3_get_autocommit (db));
  sqlite3_close (db);

  return migrated;
}

static void
test_every_version_gets_to_the_last (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  make_folder (fixture);
  for (guint from = 0; from <= G_N_ELEMENTS (made_up_steps); from++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (migrate_made_up (fixture->path, from, live_cb, &error));
      g_assert_cmpint (ask_raw (fixture->path, "PRAGMA user_version"), ==, from);
      g_assert_true (migrate_made_up (fixture->path, G_N_ELEMENTS (made_up_steps), live_cb, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ask_raw (fixture->path, "PRAGMA user_version"), ==, 3);
      g_assert_cmpint (ask_raw (fixture->path, "SELECT x FROM two WHERE y = 'three'"), ==, 2);
      g_remove (fixture->path);
    }
}

static void
test_a_step_that_fails_changes_nothing (RelaisTestJournal *fixture,
                                        gconstpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  make_folder (fixture);
  /* Nor do those before it. */
  g_assert_false (migrate_made_up (fixture->path, 3, fail_cb, NULL));
  g_assert_cmpint (ask_raw (fixture->path, "PRAGMA user_version"), ==, 0);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM sqlite_schema"), ==, 0);

  g_assert_true (migrate_made_up (fixture->path, 1, live_cb, NULL));
  g_assert_false (migrate_made_up (fixture->path, 3, fail_cb, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_cmpint (ask_raw (fixture->path, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM sqlite_schema"), ==, 1);
  g_assert_true (migrate_made_up (fixture->path, 3, live_cb, NULL));
}

static void
test_a_step_that_is_killed_is_not_half_done (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  int status;
  pid_t child;

  make_folder (fixture);
  g_assert_true (migrate_made_up (fixture->path, 1, live_cb, NULL));
  child = fork ();
  if (child == 0)
    {
      migrate_made_up (fixture->path, 3, die_cb, NULL);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

  g_assert_cmpint (ask_raw (fixture->path, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM sqlite_schema"), ==, 1);
  g_assert_true (migrate_made_up (fixture->path, 3, live_cb, NULL));
  g_assert_cmpint (ask_raw (fixture->path, "SELECT x FROM two WHERE y = 'three'"), ==, 2);
}

/* A version that people have is never changed: this is what they have. */
static void
write_version (RelaisTestJournal *fixture,
               const char        *name)
{
  g_autofree char *written = g_test_build_filename (G_TEST_DIST, "fixtures", "journal", name, NULL);
  g_autofree char *sql = NULL;

  g_assert_true (g_file_get_contents (written, &sql, NULL, NULL));
  make_folder (fixture);
  execute_raw (fixture->path, sql);
}

static void
test_a_journal_of_before_is_what_it_was (RelaisTestJournal *fixture,
                                         gconstpointer      user_data)
{
  g_autofree char *count = NULL;
  g_autoptr (GPtrArray) rejections = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GBytes) fingerprints = NULL;
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (GError) error = NULL;

  write_version (fixture, user_data);
  relais_test_journal_reopen (fixture);
  run = relais_test_journal_get_run (fixture, "run-1");
  g_assert_no_error (error);
  g_assert_cmpuint (run->counts.read, ==, 10);
  g_assert_cmpuint (run->counts.by_state[RELAIS_ROW_DELIVERED], ==, 8);
  g_assert_cmpuint (run->counts.by_reason[RELAIS_REASON_BAD_DOMAIN], ==, 2);
  rejections = relais_test_journal_list_rejections (fixture, "run-1", 0, 10, &error);
  g_assert_cmpuint (rejections->len, ==, 2);
  /* What was not written down then is not known now. */
  batches = relais_test_journal_list_batches (fixture, "run-1", &error);
  g_assert_cmpuint (batches->len, ==, g_str_equal (user_data, "version-1.sql") ? 1 : 2);
  g_assert_null (((RelaisBatchRecord *) g_ptr_array_index (batches, 0))->rows);
  g_assert_cmpint (((RelaisBatchRecord *) g_ptr_array_index (batches, 0))->queued, ==, -1);
  g_assert_false (run->is_open);
  g_assert_cmpint (run->rows_deleted_at, ==, 0);
  fingerprints = relais_test_journal_read_fingerprints (fixture, "export-1", &error);
  g_assert_cmpuint (g_bytes_get_size (fingerprints), ==, 2 * sizeof (RelaisFingerprint));
  /* Of what was confirmed then it is not known where: nobody is taken off for it. */
  g_assert_cmpstr (run->connection_id, ==, "connection-1");
  g_assert_cmpuint (run->leavers.departed, ==, 0);
  relais_test_journal_close (fixture);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM fingerprint_pages WHERE place = 0"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM places"), ==, 0);

  /* A new one has the very same tables. */
  count = g_strdup_printf ("ATTACH '%s' AS new", fixture->path);
  g_free (g_steal_pointer (&fixture->path));
  fixture->path = g_build_filename (fixture->folder, "data", "relais", "new.sqlite", NULL);
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  {
    sqlite3 *db = open_raw (fixture->path);
    sqlite3_stmt *statement;

    g_assert_cmpint (sqlite3_exec (db, count, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT name, sql FROM main.sqlite_schema EXCEPT SELECT name, sql FROM new.sqlite_schema",
                                         -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
    sqlite3_finalize (statement);
    sqlite3_close (db);
  }
}

/* Fingerprints of before are of the one list that their export has sent to, if it was one: so that an unchanged segment
 * is not sent again, and whoever leaves it is known. */
static void
test_what_was_confirmed_before_is_of_one_place_or_of_none (RelaisTestJournal *fixture,
                                                           gconstpointer      user_data)
{
  write_version (fixture, "version-4.sql");
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM places"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM places WHERE export_id = 'export-1' AND place = 1"
                                           " AND connection_id = 'connection-1' AND list_id = 12 AND key_check = 0"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM fingerprint_pages WHERE place = 1 AND export_id = 'export-1'"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM fingerprint_pages WHERE place = 0"), ==, 2);
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM runs WHERE connection_id = 'connection-1'"), ==, 6);
}

/* Of an attempt of before nothing is made up: a run that went on days later was not sending all that time, and of one that broke off,
 * or was refused to go on since, it is known when it began. */
static void
test_attempts_of_before_are_what_is_known_of_them (RelaisTestJournal *fixture,
                                                   gconstpointer      user_data)
{
  write_version (fixture, "version-4.sql");
  execute_raw (fixture->path,
               "UPDATE runs SET started_at = number * 1000, begun_at = number * 1000 + 1, ended_at = number * 1000 + 50;"
               "UPDATE runs SET attempts = 3, begun_at = number * 1000 + 500, ended_at = number * 1000 + 550 WHERE id = 'run-2';"
               "UPDATE runs SET status = 3 WHERE id = 'run-3';"
               "UPDATE runs SET status = 0, ended_at = 0 WHERE id = 'run-4';"
               "INSERT INTO batches SELECT id, 1, 3, 1, 2, 2, 0, 'import', 1, 2, 0, '1-2', 2 FROM runs WHERE id IN ('run-1', 'run-2', 'run-3', 'run-4');"
               "INSERT INTO batches VALUES ('run-5', 1, 0, 1, 2, 2, 0, NULL, 0, 0, 0, '1-2', -1)");
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
#define ATTEMPTS "SELECT group_concat (number || ':' || first_at || '-' || last_at || iif (lead_least IS NULL AND lead_most IS NULL, '', '!'), ' ') = "
  g_assert_cmpint (ask_raw (fixture->path, ATTEMPTS "'0:1000-1000 1:1001-1050' FROM attempts WHERE run_id = 'run-1'"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, ATTEMPTS "'0:2000-2000 3:2500-2550' FROM attempts WHERE run_id = 'run-2'"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, ATTEMPTS "'0:4000-4000 1:4001-4001' FROM attempts WHERE run_id = 'run-3'"), ==, 1);
  g_assert_cmpint (ask_raw (fixture->path, ATTEMPTS "'0:5000-5000 1:5001-5001' FROM attempts WHERE run_id = 'run-4'"), ==, 1);
#undef ATTEMPTS
  /* Nobody was sent. */
  g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM attempts WHERE run_id IN ('run-5', 'refused')"), ==, 0);
}

/* The process is killed after so many steps of SQLite's machine in which something may be written. */
typedef struct
{
  sqlite3 *db;
  guint    n_left;
} Kill;

static int
kill_cb (gpointer user_data)
{
  Kill *self = user_data;

  if (sqlite3_txn_state (self->db, "main") == SQLITE_TXN_WRITE && self->n_left-- == 0)
    kill (getpid (), SIGKILL);

  return 0;
}

/* Returns: whether it was killed */
static gboolean
migrate_until_killed (const char *path,
                      guint       n_steps)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      Kill end = { open_raw (path), n_steps };

      sqlite3_progress_handler (end.db, 1, kill_cb, &end);
      _exit (relais_journal_migrate (end.db, path, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);

  return WIFSIGNALED (status);
}

static void
test_a_journal_of_before_survives_kills (RelaisTestJournal *fixture,
                                         gconstpointer      user_data)
{
  gint64 before = g_str_equal (user_data, "version-1.sql") ? 1 : 2;
  gboolean killed = TRUE;
  guint n_killed = 0;

  for (guint n_steps = 0; killed; n_steps += 97)
    {
      g_autoptr (GPtrArray) rejections = NULL;
      g_autoptr (RelaisRunRecord) run = NULL;
      gint64 version;

      write_version (fixture, user_data);
      killed = migrate_until_killed (fixture->path, n_steps);
      n_killed += killed;
      version = ask_raw (fixture->path, "PRAGMA user_version");
      g_assert_cmpint (version, ==, killed ? before : 5);
      g_assert_cmpint (ask_raw (fixture->path, "SELECT count (*) FROM sqlite_schema WHERE name IN ('log', 'log_head', 'settings')"),
                       ==, version >= 3 ? 3 : 0);
      relais_test_journal_reopen (fixture);
      run = relais_test_journal_get_run (fixture, "run-1");
      rejections = relais_test_journal_list_rejections (fixture, "run-1", 0, 10, NULL);
      g_assert_cmpuint (run->counts.read, ==, 10);
      g_assert_cmpuint (rejections->len, ==, 2);
      relais_test_journal_close (fixture);
      g_assert_cmpint (ask_raw (fixture->path, "SELECT lines FROM log_head"), ==, 0);
      g_remove (fixture->path);
    }
  g_assert_cmpuint (n_killed, >, 10);
}

#define ADD(name, data, function) \
  g_test_add ("/journal-schema/" name, RelaisTestJournal, data, relais_test_journal_set_up_closed, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  static const Rights unreadable = { "data/relais/journal.sqlite", 0 };
  static const Rights read_only = { "data/relais/journal.sqlite", 0400 };
  static const Rights read_only_folder = { "data/relais", 0500 };
  static const Rights closed_folder = { "data/relais", 0 };

  g_test_init (&argc, &argv, NULL);
  ADD ("a-new-journal-is-its-owners-alone", NULL, test_a_new_journal_is_its_owners_alone);
  ADD ("a-new-journal-says-what-it-is", NULL, test_a_new_journal_says_what_it_is);
  ADD ("an-empty-file-becomes-a-journal", NULL, test_an_empty_file_becomes_a_journal);
  ADD ("a-journal-keeps-what-was-written", NULL, test_a_journal_keeps_what_was_written);
  ADD ("a-home-behind-a-link-is-a-home", NULL, test_a_home_behind_a_link_is_a_home);
  ADD ("a-path-may-be-any-bytes", NULL, test_a_path_may_be_any_bytes);
  ADD ("a-newer-journal-is-left-as-it-is", NULL, test_a_newer_journal_is_left_as_it_is);
  ADD ("a-version-below-zero-is-damage", "PRAGMA user_version = -1", test_a_version_below_the_first_is_damage);
  /* With tables of another program in it, which no step is in the way of. */
  ADD ("version-zero-of-relais-is-damage",
       "PRAGMA user_version = 0; PRAGMA writable_schema = ON; DELETE FROM sqlite_schema; VACUUM; CREATE TABLE songs (title TEXT)",
       test_a_version_below_the_first_is_damage);
  ADD ("tables-of-another-program-are-left", "CREATE TABLE songs (title TEXT)", test_a_database_of_another_program_is_left_as_it_is);
  ADD ("another-program-with-a-version-is-left", "PRAGMA user_version = 1", test_a_database_of_another_program_is_left_as_it_is);
  ADD ("another-program-with-an-id-is-left", "PRAGMA application_id = 7; CREATE TABLE songs (title TEXT)",
       test_a_database_of_another_program_is_left_as_it_is);
  ADD ("a-file-that-is-no-database-is-left-as-it-is", NULL, test_a_file_that_is_no_database_is_left_as_it_is);
  ADD ("a-cut-journal-is-left-as-it-is", NULL, test_a_cut_journal_is_left_as_it_is);
  ADD ("a-journal-with-a-zeroed-page-is-left-as-it-is", GUINT_TO_POINTER (0), test_a_journal_with_a_bad_page_is_left_as_it_is);
  ADD ("a-journal-with-an-overwritten-page-is-left-as-it-is", GUINT_TO_POINTER (0xa5), test_a_journal_with_a_bad_page_is_left_as_it_is);
  ADD ("a-journal-without-its-tables-is-damaged", NULL, test_a_journal_without_its_tables_is_damaged);
  ADD ("tables-after-version-1-are-left-as-they-are",
       "ALTER TABLE batches DROP COLUMN rows; ALTER TABLE batches DROP COLUMN queued; PRAGMA user_version = 1",
       test_tables_of_another_version_are_left_as_they_are);
  ADD ("tables-after-version-3-are-left-as-they-are",
       "ALTER TABLE runs DROP COLUMN verified; DROP TABLE differences; PRAGMA user_version = 3",
       test_tables_of_another_version_are_left_as_they_are);
  ADD ("a-view-is-damage",
       "DROP TABLE log; CREATE VIEW log AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
       " SELECT n AS number, n AS line, n AS previous, n AS hash FROM c", test_what_acts_when_it_is_used_is_damage);
  ADD ("a-trigger-is-damage", "CREATE TRIGGER again AFTER INSERT ON batches BEGIN DELETE FROM batches; END",
       test_what_acts_when_it_is_used_is_damage);
  ADD ("a-virtual-table-is-damage", "CREATE VIRTUAL TABLE more USING fts5 (text)", test_what_acts_when_it_is_used_is_damage);
  ADD ("a-folder-in-its-place-is-left", NULL, test_a_folder_in_its_place_is_left);
  ADD ("a-file-in-the-folders-place-is-left", NULL, test_a_file_in_the_folders_place_is_left);
  ADD ("a-link-in-its-place-is-left", NULL, test_a_link_in_its_place_is_left);
  ADD ("an-unreadable-file-is-named", &unreadable, test_rights_that_are_missing_are_named);
  ADD ("a-read-only-file-is-named", &read_only, test_rights_that_are_missing_are_named);
  ADD ("a-read-only-folder-is-named", &read_only_folder, test_rights_that_are_missing_are_named);
  ADD ("a-closed-folder-is-named", &closed_folder, test_rights_that_are_missing_are_named);
  ADD ("a-folder-that-cannot-be-made-is-named", NULL, test_a_folder_that_cannot_be_made_is_named);
  ADD ("the-log-of-a-killed-process-is-read", NULL, test_the_log_of_a_killed_process_is_read);
  ADD ("a-missing-log-is-survived", NULL, test_a_missing_log_is_survived);
  ADD ("a-log-that-is-cut-counts-up-to-there", NULL, test_a_log_that_is_cut_counts_up_to_there);
  ADD ("every-version-gets-to-the-last", NULL, test_every_version_gets_to_the_last);
  ADD ("a-step-that-fails-changes-nothing", NULL, test_a_step_that_fails_changes_nothing);
  ADD ("a-step-that-is-killed-is-not-half-done", NULL, test_a_step_that_is_killed_is_not_half_done);
  ADD ("a-journal-of-version-1-is-what-it-was", "version-1.sql", test_a_journal_of_before_is_what_it_was);
  ADD ("a-journal-of-version-2-is-what-it-was", "version-2.sql", test_a_journal_of_before_is_what_it_was);
  ADD ("a-journal-of-version-1-survives-kills", "version-1.sql", test_a_journal_of_before_survives_kills);
  ADD ("a-journal-of-version-2-survives-kills", "version-2.sql", test_a_journal_of_before_survives_kills);
  ADD ("what-was-confirmed-before-is-of-one-place-or-of-none", NULL, test_what_was_confirmed_before_is_of_one_place_or_of_none);
  ADD ("attempts-of-before-are-what-is-known-of-them", NULL, test_attempts_of_before_are_what_is_known_of_them);

  return g_test_run ();
}
