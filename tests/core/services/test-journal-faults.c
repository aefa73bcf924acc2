/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk that is full or broken, at every single piece of work that a call gives it: the call
 * says so in words, nothing is half written, and the journal goes on when the disk does. */

#include "relais-error.h"
#include "relais-fault-disk.h"
#include "relais-test-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#define FULL   "The disk is full"
#define BROKEN "The disk reported an error"

/* What stands in the journal, as one checksum: read past the journal, from the file. */

static void
add_table (GChecksum  *checksum,
           sqlite3    *db,
           const char *name)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", name);
  sqlite3_stmt *statement;
  int status;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_checksum_update (checksum, (const guchar *) name, -1);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    for (int column = 0; column < sqlite3_column_count (statement); column++)
      {
        const void *value = sqlite3_column_blob (statement, column);
        int length = sqlite3_column_bytes (statement, column);

        g_checksum_update (checksum, (const guchar *) &length, sizeof length);
        if (length > 0)
          g_checksum_update (checksum, value, length);
      }
  g_assert_cmpint (status, ==, SQLITE_DONE);
  sqlite3_finalize (statement);
}

static int
assert_ok_cb (void  *data,
              int    n_columns,
              char **values,
              char **names)
{
  g_assert_cmpstr (values[0], ==, "ok");

  return 0;
}

static char *
read_state (RelaisTestJournal *fixture)
{
  static const char * const tables[] = { "connections", "exports", "runs", "batches", "rejections", "fingerprint_pages", "log",
    "log_head", "settings", "differences", "places", "leavers", "removals", "attempts" };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA integrity_check", assert_ok_cb, NULL, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    add_table (checksum, db, tables[i]);
  sqlite3_close (db);

  return g_strdup (g_checksum_get_string (checksum));
}

/* The calls. Each changes something whenever it succeeds. */

typedef gboolean (* Call) (RelaisTestJournal  *fixture,
                           guint               n,
                           GError            **error);

static gboolean
put_connection (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autofree char *name = g_strdup_printf ("Account %u", n);
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection (name, name);

  return relais_test_journal_put_connection (fixture, record, error);
}

static gboolean
remove_connection (RelaisTestJournal *fixture, guint n, GError **error)
{
  return relais_test_journal_remove_connection (fixture, "unused", error);
}

static gboolean
put_export (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autofree char *name = g_strdup_printf ("Export %u", n);
  g_autoptr (RelaisExportRecord) record = relais_test_export ("e", name, "c");

  return relais_test_journal_put_export (fixture, record, error);
}

static gboolean
remove_export (RelaisTestJournal *fixture, guint n, GError **error)
{
  return relais_test_journal_remove_export (fixture, "e", error);
}

static gboolean
put_run (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autofree char *id = g_strdup_printf ("run-%u", n);
  g_autoptr (RelaisRunRecord) run = relais_test_run (id, "e");
  gboolean written = relais_test_journal_put_run (fixture, run, error);

  g_assert_cmpint (run->number > 0, ==, written);

  return written;
}

static gboolean
finish_run (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run ("r", "e");

  run->status = RELAIS_RUN_SUCCESSFUL;
  run->ended_at = n + 1;
  run->counts.by_state[RELAIS_ROW_DELIVERED] = 1;

  return relais_test_journal_finish_run (fixture, run, error);
}

static gboolean
put_batch (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (100 + n, RELAIS_BATCH_INTENT);

  return relais_test_journal_put_batch (fixture, "r", batch, error);
}

static gboolean
replace_batch (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_batch_record_free);

  g_ptr_array_add (parts, relais_test_batch (1000 + 2 * n, RELAIS_BATCH_INTENT));
  g_ptr_array_add (parts, relais_test_batch (1001 + 2 * n, RELAIS_BATCH_INTENT));

  return relais_test_journal_replace_batch (fixture, "r", 1, parts, error);
}

static gboolean
settle_batch (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (n * 40, 40, "someone@example.com");
  RelaisFingerprint fingerprints[250];

  for (guint i = 0; i < G_N_ELEMENTS (fingerprints); i++)
    fingerprints[i] = relais_test_fingerprint (i, n);

  return relais_test_journal_settle_batch (fixture, "r", batch, rejections, fingerprints, G_N_ELEMENTS (fingerprints), error);
}

static gboolean
add_rejections (RelaisTestJournal *fixture, guint n, GError **error)
{
  g_autoptr (GPtrArray) rejections = relais_test_rejections (100000 + n * 200, 200, "someone@example.com");

  return relais_test_journal_add_rejections (fixture, "r", rejections, error);
}

static const struct
{
  const char *name;
  Call        call;
} calls[] = {
  { "put-connection", put_connection },
  { "remove-connection", remove_connection },
  { "put-export", put_export },
  { "remove-export", remove_export },
  { "put-run", put_run },
  { "finish-run", finish_run },
  { "put-batch", put_batch },
  { "replace-batch", replace_batch },
  { "settle-batch", settle_batch },
  { "add-rejections", add_rejections },
};

/* The faults */
static const struct
{
  const char      *name;
  RelaisDiskFault  fault;
} faults[] = {
  { "full", { .work = RELAIS_DISK_WRITE, .times = 1, .status = SQLITE_FULL } },
  { "full-from-then-on", { .work = RELAIS_DISK_WRITE, .times = G_MAXUINT, .status = SQLITE_FULL, .torn = TRUE } },
  { "no-quota", { .work = RELAIS_DISK_WRITE, .times = 1, .status = SQLITE_IOERR_WRITE, .cause = EDQUOT } },
  { "made-read-only", { .work = RELAIS_DISK_WRITE | RELAIS_DISK_SYNC, .times = G_MAXUINT, .status = SQLITE_IOERR_WRITE, .cause = EROFS } },
  { "torn-write", { .work = RELAIS_DISK_WRITE, .times = 1, .status = SQLITE_IOERR_WRITE, .torn = TRUE } },
  { "failed-sync", { .work = RELAIS_DISK_SYNC, .times = 1, .status = SQLITE_IOERR_FSYNC } },
  { "unreadable", { .work = RELAIS_DISK_READ, .times = 1, .status = SQLITE_IOERR_READ } },
  { "broken", { .work = RELAIS_DISK_READ | RELAIS_DISK_WRITE | RELAIS_DISK_SYNC, .times = G_MAXUINT, .status = SQLITE_IOERR } },
};

/* Another process changes the file: what is in memory no longer holds and is read anew. */
static void
touch (RelaisTestJournal *fixture)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "UPDATE runs SET again = again + 1", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
fill (RelaisTestJournal *fixture)
{
  g_autoptr (RelaisConnectionRecord) unused = relais_test_connection ("unused", "Unused");
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, RELAIS_BATCH_INTENT);
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_put_connection (fixture, unused, &error));
  g_assert_true (relais_test_journal_put_batch (fixture, "r", batch, &error));
  for (guint i = 0; i < 4; i++)
    g_assert_true (settle_batch (fixture, i, &error));
  g_assert_no_error (error);
}

/* A journal that is filled and open, as it lies on the disk: to fill it anew for each of a thousand faults took most of the time. */
static const char * const pieces[] = { "", "-wal" };

typedef struct
{
  char  *bytes[G_N_ELEMENTS (pieces)];   /* (owned) */
  gsize  lengths[G_N_ELEMENTS (pieces)];
} Filled;

static void
keep_filled (RelaisTestJournal *fixture,
             Filled            *filled)
{
  g_autoptr (GError) error = NULL;

  fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, pieces[i], NULL);

      g_file_get_contents (path, &filled->bytes[i], &filled->lengths[i], &error);
      g_assert_no_error (error);
    }
}

static void
open_filled (RelaisTestJournal *fixture,
             const Filled      *filled)
{
  g_autoptr (GError) error = NULL;

  relais_test_journal_close (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, pieces[i], NULL);

      g_file_set_contents_full (path, filled->bytes[i], (gssize) filled->lengths[i], G_FILE_SET_CONTENTS_NONE, 0600, &error);
      g_assert_no_error (error);
    }
  relais_test_journal_reopen (fixture);
}

static void
filled_clear (Filled *filled)
{
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    g_free (filled->bytes[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filled, filled_clear)

static void
assert_in_words (const GError *error,
                 const char   *words)
{
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_nonnull (strstr (error->message, "journal.sqlite"));
  g_assert_nonnull (strstr (error->message, words));
}

static const char *
get_words (const RelaisDiskFault *fault)
{
  if (fault->status == SQLITE_FULL || fault->cause == EDQUOT)
    return FULL;

  return fault->cause == EROFS ? "cannot be written" : BROKEN;
}

/* @before: (inout) (nullable): what the filled journal holds, once that was read
 *
 * Returns: whether the fault was met */
static gboolean
try_call (RelaisTestJournal  *fixture,
          guint               call,
          guint               kind,
          guint               after,
          char              **before)
{
  RelaisDiskFault fault = faults[kind].fault;
  g_autofree char *between = NULL;
  g_autofree char *later = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again_error = NULL;
  gboolean succeeded, met;

  touch (fixture);
  if (*before == NULL)
    *before = read_state (fixture);
  fault.after = after;
  relais_fault_disk_set (&fault);
  succeeded = calls[call].call (fixture, 10 + after, &error);
  met = relais_fault_disk_failures () > 0;
  relais_fault_disk_set (NULL);

  between = read_state (fixture);
  if (succeeded)
    g_assert_cmpstr (between, !=, *before);
  else
    {
      g_assert_true (met);
      assert_in_words (error, get_words (&fault));
      g_assert_cmpstr (between, ==, *before);
      g_assert_true (calls[call].call (fixture, 10 + after, &again_error));
      g_assert_no_error (again_error);
      later = read_state (fixture);
      g_assert_cmpstr (later, !=, *before);
    }

  return met;
}

static void
test_a_call_fails_whole_and_can_be_repeated (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  guint call = GPOINTER_TO_UINT (user_data) / G_N_ELEMENTS (faults);
  guint kind = GPOINTER_TO_UINT (user_data) % G_N_ELEMENTS (faults);
  g_auto (Filled) filled = { 0 };
  g_autofree char *before = NULL;
  gboolean met = TRUE;
  guint n_met = 0;

  keep_filled (fixture, &filled);
  for (guint after = 0; met; after++)
    {
      g_assert_cmpuint (after, <, 500);
      open_filled (fixture, &filled);
      met = try_call (fixture, call, kind, after, &before);
      n_met += met;
    }
  g_assert_cmpuint (n_met, >, 0);
  g_test_message ("%u faults", n_met);
}

/* Opening */

static void
test_opening_fails_whole_and_can_be_repeated (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  guint kind = GPOINTER_TO_UINT (user_data) / 2;
  gboolean is_new = GPOINTER_TO_UINT (user_data) % 2;
  gboolean met = TRUE;

  if (!is_new)
    fill (fixture);
  for (guint after = 0; met; after++)
    {
      RelaisDiskFault fault = faults[kind].fault;
      g_autoptr (GPtrArray) runs = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (after, <, 500);
      relais_test_journal_close (fixture);
      if (is_new)
        g_remove (fixture->path);
      fault.after = after;
      relais_fault_disk_set (&fault);
      fixture->journal = relais_test_journal_open (fixture->path, &error);
      met = relais_fault_disk_failures () > 0;
      if (fixture->journal == NULL)
        assert_in_words (error, get_words (&fault));
      relais_test_journal_close (fixture);
      met = met || relais_fault_disk_failures () > 0;
      relais_fault_disk_set (NULL);

      relais_test_journal_reopen (fixture);
      runs = relais_test_journal_list_runs (fixture, NULL, NULL);
      g_assert_cmpuint (runs->len, ==, is_new ? 0 : 1);
    }
}

/* Reading */

static void
test_a_list_that_cannot_be_read_is_no_empty_list (RelaisTestJournal *fixture,
                                                  gconstpointer      user_data)
{
  const RelaisDiskFault fault = { .work = RELAIS_DISK_READ, .times = G_MAXUINT, .status = SQLITE_IOERR_READ };
  g_autoptr (GBytes) fingerprints = NULL;

  fill (fixture);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GError) error = NULL;
      gpointer answer = NULL;

      touch (fixture);
      relais_fault_disk_set (&fault);
      switch (i)
        {
        case 0: answer = relais_test_journal_list_connections (fixture, &error); break;
        case 1: answer = relais_test_journal_list_exports (fixture, &error); break;
        case 2: answer = relais_test_journal_list_runs (fixture, NULL, &error); break;
        case 3: answer = relais_test_journal_list_batches (fixture, "r", &error); break;
        case 4: answer = relais_test_journal_list_rejections (fixture, "r", 0, 100, &error); break;
        default: answer = relais_test_journal_read_fingerprints (fixture, "e", &error); break;
        }
      relais_fault_disk_set (NULL);
      g_assert_null (answer);
      assert_in_words (error, BROKEN);
    }
  fingerprints = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  g_assert_cmpuint (g_bytes_get_size (fingerprints), ==, 1000 * sizeof (RelaisFingerprint));
}

/* The real thing */

static guint
settle_until_it_fails (RelaisTestJournal  *fixture,
                       GError            **error)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  guint n = 0;

  while (TRUE)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (n, RELAIS_BATCH_CONFIRMED);
      g_autoptr (GPtrArray) rejections = relais_test_rejections (1 + n * 250, 250, "someone@example.com");

      g_assert_cmpuint (n, <, 1000);
      if (!relais_test_journal_settle_batch (fixture, "r", batch, rejections, NULL, 0, error))
        return n;
      n++;
    }
}

static void
assert_settled (RelaisTestJournal *fixture,
                guint              n_batches)
{
  g_autoptr (GPtrArray) batches = relais_test_journal_list_batches (fixture, "r", NULL);
  g_autoptr (GPtrArray) rejections = relais_test_journal_list_rejections (fixture, "r", 0, 1000000, NULL);

  g_assert_cmpuint (batches->len, ==, n_batches);
  g_assert_cmpuint (rejections->len, ==, n_batches * 250);
}

static void
test_a_full_disk_keeps_what_was_told (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  g_autofree char *place = g_build_filename (fixture->folder, "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again_error = NULL;
  guint n;

  relais_test_journal_close (fixture);
  if (mount ("tmpfs", place, "tmpfs", 0, "size=1m,mode=0700") != 0)
    {
      relais_test_journal_reopen (fixture);
      g_test_skip ("a small disk cannot be mounted here");
      return;
    }
  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  n = settle_until_it_fails (fixture, &error);
  g_assert_cmpuint (n, >, 0);
  assert_in_words (error, FULL);
  assert_settled (fixture, n);
  relais_test_journal_close (fixture);

  /* Room is made. */
  g_assert_cmpint (mount ("tmpfs", place, "tmpfs", MS_REMOUNT, "size=16m,mode=0700"), ==, 0);
  relais_test_journal_reopen (fixture);
  assert_settled (fixture, n);
  g_assert_true (add_rejections (fixture, n, &again_error));
  relais_test_journal_close (fixture);
  g_assert_cmpint (umount (place), ==, 0);
  relais_test_journal_reopen (fixture);
}

/* Not even what SQLite keeps beside the file has room. */
static void
test_a_full_disk_is_called_so_at_once (RelaisTestJournal *fixture,
                                       gconstpointer      user_data)
{
  g_autofree char *place = g_build_filename (fixture->folder, "data", NULL);
  g_autofree char *ballast = g_build_filename (place, "ballast", NULL);
  g_autofree char *zeros = g_malloc0 (1 << 20);
  g_autoptr (GError) error = NULL;
  int fd;

  relais_test_journal_close (fixture);
  if (mount ("tmpfs", place, "tmpfs", 0, "size=1m,mode=0700") != 0)
    {
      relais_test_journal_reopen (fixture);
      g_test_skip ("a small disk cannot be mounted here");
      return;
    }
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  fd = g_open (ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  while (write (fd, zeros, 1 << 20) > 0)
    ;
  close (fd);
  fixture->journal = relais_test_journal_open (fixture->path, &error);
  g_assert_null (fixture->journal);
  assert_in_words (error, FULL);

  g_remove (ballast);
  relais_test_journal_reopen (fixture);
  relais_test_journal_close (fixture);
  g_assert_cmpint (umount (place), ==, 0);
  relais_test_journal_reopen (fixture);
}

static void
test_a_disk_without_room_for_a_file_is_called_full (RelaisTestJournal *fixture,
                                                    gconstpointer      user_data)
{
  g_autofree char *place = g_build_filename (fixture->folder, "data", NULL);
  g_autoptr (GError) error = NULL;

  relais_test_journal_close (fixture);
  /* The folder itself is all it can hold. */
  if (mount ("tmpfs", place, "tmpfs", 0, "nr_inodes=1,mode=0700") != 0)
    {
      relais_test_journal_reopen (fixture);
      g_test_skip ("a small disk cannot be mounted here");
      return;
    }
  fixture->journal = relais_test_journal_open (fixture->path, &error);
  g_assert_cmpint (umount (place), ==, 0);
  g_assert_null (fixture->journal);
  assert_in_words (error, FULL);
  relais_test_journal_reopen (fixture);
}

/* Without root: the system refuses to let the files grow. */
static void
test_files_that_may_not_grow_keep_what_was_told (RelaisTestJournal *fixture,
                                                 gconstpointer      user_data)
{
  struct rlimit before, small;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again_error = NULL;
  void (* handler) (int) = signal (SIGXFSZ, SIG_IGN);
  guint n;

  relais_test_journal_fill (fixture);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 300000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  n = settle_until_it_fails (fixture, &error);
  g_assert_cmpuint (n, >, 0);
  assert_in_words (error, BROKEN);
  assert_settled (fixture, n);
  relais_test_journal_reopen (fixture);
  assert_settled (fixture, n);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, handler);
  g_assert_true (add_rejections (fixture, n, &again_error));
}

#define ADD(name, data, function) \
  g_test_add (name, RelaisTestJournal, data, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  relais_fault_disk_install ();
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    for (guint j = 0; j < G_N_ELEMENTS (faults); j++)
      {
        g_autofree char *name = g_strdup_printf ("/journal-faults/%s/%s", calls[i].name, faults[j].name);

        ADD (name, GUINT_TO_POINTER (i * G_N_ELEMENTS (faults) + j), test_a_call_fails_whole_and_can_be_repeated);
      }
  for (guint j = 0; j < G_N_ELEMENTS (faults); j++)
    {
      g_autofree char *name = g_strdup_printf ("/journal-faults/open/%s", faults[j].name);
      g_autofree char *new_name = g_strdup_printf ("/journal-faults/open-new/%s", faults[j].name);

      ADD (name, GUINT_TO_POINTER (j * 2), test_opening_fails_whole_and_can_be_repeated);
      ADD (new_name, GUINT_TO_POINTER (j * 2 + 1), test_opening_fails_whole_and_can_be_repeated);
    }
  ADD ("/journal-faults/a-list-that-cannot-be-read-is-no-empty-list", NULL, test_a_list_that_cannot_be_read_is_no_empty_list);
  ADD ("/journal-faults/a-full-disk-keeps-what-was-told", NULL, test_a_full_disk_keeps_what_was_told);
  ADD ("/journal-faults/a-full-disk-is-called-so-at-once", NULL, test_a_full_disk_is_called_so_at_once);
  ADD ("/journal-faults/a-disk-without-room-for-a-file-is-called-full", NULL, test_a_disk_without_room_for_a_file_is_called_full);
  ADD ("/journal-faults/files-that-may-not-grow-keep-what-was-told", NULL, test_files_that_may_not_grow_keep_what_was_told);

  return g_test_run ();
}
