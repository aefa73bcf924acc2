/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of older runs, and all that an export remembers, leave the journal, and nothing of them stays in its files. */

#include "relais-error.h"
#include "relais-fault-disk.h"
#include "relais-journal-ageing.h"
#include "relais-journal-log.h"
#include "relais-test-journal.h"

#include <sqlite3.h>
#include <string.h>

#define DAY   (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC)
#define START G_GINT64_CONSTANT (1700000000000000)

/* Helpers. No clock is looked at: the time is what is said. */

static gboolean
age (RelaisTestJournal  *fixture,
     gint64              now,
     guint              *n_runs,
     GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_age_async (fixture->journal, now, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_age_finish (fixture->journal, relais_test_journal_wait_for (&result), n_runs, error);
}

static void
assert_aged (RelaisTestJournal *fixture,
             gint64             now,
             guint              n_expected)
{
  g_autoptr (GError) error = NULL;
  guint n_runs = G_MAXUINT;

  age (fixture, now, &n_runs, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_runs, ==, n_expected);
}

static gboolean
erase (RelaisTestJournal  *fixture,
       const char         *id,
       gboolean            elsewhere,
       GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_erase_export_async (fixture->journal, id, elsewhere, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), error);
}

static void
set_days (RelaisTestJournal *fixture,
          guint              days)
{
  g_autoptr (GAsyncResult) set = NULL;
  g_autoptr (GAsyncResult) got = NULL;
  guint kept = G_MAXUINT;

  relais_journal_set_keep_days_async (fixture->journal, days, NULL, relais_test_journal_keep_result_cb, &set);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&set), NULL));
  relais_journal_get_keep_days_async (fixture->journal, NULL, relais_test_journal_keep_result_cb, &got);
  g_assert_true (relais_journal_get_keep_days_finish (fixture->journal, relais_test_journal_wait_for (&got), &kept, NULL));
  g_assert_cmpuint (kept, ==, days);
}

static guint
count_rows (RelaisTestJournal *fixture,
            const char        *run_id)
{
  g_autoptr (GPtrArray) rows = relais_test_journal_list_rejections (fixture, run_id, 0, G_MAXINT, NULL);

  return rows->len;
}

/* Rows as a run leaves them: batch by batch, and of very different lengths. */
static void
add_rows (RelaisTestJournal *fixture,
          const char        *run_id,
          const char        *who,
          guint              n_rows)
{
  static const guint lengths[] = { 12, 12, 12, 360, 7200 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (run_id));

  for (guint first = 0; first < n_rows; first += 250)
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
      g_autoptr (GError) error = NULL;

      for (guint i = first; i < MIN (first + 250, n_rows); i++)
        {
          g_autofree char *padding = g_strnfill (g_rand_int_range (rand, 0, 41), 'x');
          g_autofree char *email = g_strdup_printf ("%s-%u-%s@example.com", who, i, padding);
          g_autofree char *filling = g_strnfill (lengths[g_rand_int_range (rand, 0, G_N_ELEMENTS (lengths))], 'y');
          g_autofree char *detail = i % 7 == 0 ? g_strdup_printf ("%s says %s %s", who, filling, who) : NULL;

          g_ptr_array_add (rows, relais_rejection_new (i + 1, email, -1, RELAIS_ROW_REFUSED, RELAIS_REASON_REFUSED, detail));
        }
      relais_test_journal_add_rejections (fixture, run_id, rows, &error);
      g_assert_no_error (error);
    }
}

static void
add_run (RelaisTestJournal *fixture,
         const char        *id,
         const char        *export_id,
         gint64             ended_at,
         const char        *who,
         guint              n_rows)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run (id, export_id);
  g_autoptr (GError) error = NULL;

  run->started_at = run->begun_at = ended_at - 1000;
  relais_test_journal_put_run (fixture, run, &error);
  g_assert_no_error (error);
  add_rows (fixture, id, who, n_rows);
  run->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  run->ended_at = ended_at;
  relais_test_journal_finish_run (fixture, run, &error);
  g_assert_no_error (error);
}

static void
add_export (RelaisTestJournal *fixture,
            const char        *id,
            const char        *name)
{
  g_autoptr (RelaisExportRecord) record = relais_test_export (id, name, "c");

  g_assert_true (relais_test_journal_put_export (fixture, record, NULL));
}

static void
set_up (RelaisTestJournal *fixture,
        gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("c", "Main account");

  relais_test_journal_set_up (fixture, user_data);
  g_assert_true (relais_test_journal_put_connection (fixture, connection, NULL));
  add_export (fixture, "e", "Newsletter");
}

/* The age */

static void
test_rows_stay_90_days (RelaisTestJournal *fixture,
                        gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) old = NULL;
  g_autoptr (RelaisRunRecord) young = NULL;

  add_run (fixture, "old", "e", START, "gone", 3);
  add_run (fixture, "young", "e", START + DAY, "kept", 3);
  assert_aged (fixture, START + 90 * DAY - 1, 0);
  g_assert_cmpuint (count_rows (fixture, "old"), ==, 3);
  assert_aged (fixture, START + 90 * DAY, 1);
  assert_aged (fixture, START + 90 * DAY + 5, 0);
  g_assert_cmpuint (count_rows (fixture, "old"), ==, 0);
  g_assert_cmpuint (count_rows (fixture, "young"), ==, 3);

  old = relais_test_journal_get_run (fixture, "old");
  young = relais_test_journal_get_run (fixture, "young");
  g_assert_cmpint (old->rows_deleted_at, ==, START + 90 * DAY);
  g_assert_cmpint (young->rows_deleted_at, ==, 0);
}

static void
test_the_age_can_be_set (RelaisTestJournal *fixture,
                         gconstpointer      user_data)
{
  add_run (fixture, "a", "e", START, "a", 1);
  set_days (fixture, RELAIS_MOST_KEEP_DAYS);
  assert_aged (fixture, START + 3650 * DAY, 0);
  set_days (fixture, 7);
  relais_test_journal_reopen (fixture);
  assert_aged (fixture, START + 7 * DAY - 1, 0);
  assert_aged (fixture, START + 7 * DAY, 1);
  /* None is kept once the run has ended. */
  set_days (fixture, 0);
  add_run (fixture, "b", "e", START + 8 * DAY, "b", 1);
  assert_aged (fixture, START + 8 * DAY, 1);
}

static void
test_a_clock_that_went_back_deletes_nothing (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  add_run (fixture, "a", "e", START, "a", 1);
  assert_aged (fixture, 0, 0);
  assert_aged (fixture, START - 400 * DAY, 0);
  g_assert_cmpuint (count_rows (fixture, "a"), ==, 1);
}

static void
test_a_run_under_way_keeps_its_rows (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run ("live", "e");
  g_autoptr (GAsyncResult) result = NULL;

  set_days (fixture, 0);
  g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
  add_rows (fixture, "live", "live", 2);
  assert_aged (fixture, START + 1000 * DAY, 0);
  g_assert_cmpuint (count_rows (fixture, "live"), ==, 2);

  /* One that broke off is not under way any more. */
  relais_journal_log_broken_runs_async (fixture->journal, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
  assert_aged (fixture, START + 1000 * DAY, 1);
}

/* A run that goes on is young again, and what it deleted before is still told. */
static void
test_a_run_that_goes_on_is_young_again (RelaisTestJournal *fixture,
                                        gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run ("r", "e");
  g_autoptr (RelaisRunRecord) read = NULL;

  add_run (fixture, "r", "e", START, "a", 2);
  assert_aged (fixture, START + 100 * DAY, 1);
  run->begun_at = START + 101 * DAY;
  g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
  add_rows (fixture, "r", "b", 1);
  run->status = RELAIS_RUN_SUCCESSFUL;
  run->ended_at = START + 101 * DAY;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  assert_aged (fixture, START + 102 * DAY, 0);
  read = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpint (read->rows_deleted_at, ==, START + 100 * DAY);
  g_assert_cmpuint (count_rows (fixture, "r"), ==, 1);
}

/* What stays behind */

/* Pages that rows once stood on keep copies of them in their gaps: deleting alone does not find those. */
static void
test_aged_addresses_are_nowhere_in_the_files (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (GPOINTER_TO_UINT (user_data));

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *id = g_strdup_printf ("%08x", g_rand_int (rand));

      add_run (fixture, id, "e", i < 3 ? START : START + 50 * DAY, i < 3 ? "gone" : "kept", 3000);
    }
  g_assert_true (relais_test_journal_files_hold (fixture, "gone-"));
  assert_aged (fixture, START + 91 * DAY, 3);
  /* The journal is open: this is the file with its log beside it. */
  g_assert_false (relais_test_journal_files_hold (fixture, "gone"));
  g_assert_true (relais_test_journal_files_hold (fixture, "kept-"));
  relais_test_journal_close (fixture);
  g_assert_false (relais_test_journal_files_hold (fixture, "gone"));
  relais_test_journal_reopen (fixture);
}

static RelaisLogCheck *
check_log (RelaisTestJournal *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_check_log_async (fixture->journal, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_check_log_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL);
}

static void
test_an_erased_export_is_nowhere_in_the_files (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  RelaisFingerprint fingerprint = { { 0x656e6f67, 0x656e6f67, 0x656e6f67 }, { 1, 1 } };
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) exports = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GBytes) fingerprints = NULL;
  g_autoptr (RelaisLogCheck) check = NULL;
  g_autoptr (GError) error = NULL;

  add_export (fixture, "f", "Other");
  add_run (fixture, "a", "e", START, "gone", 800);
  add_run (fixture, "b", "f", START, "kept", 800);
  add_run (fixture, "c", "e", START, "gone", 800);
  g_free (batch->remote_id);
  batch->remote_id = g_strdup ("gone-import");
  g_assert_true (relais_test_journal_settle_batch (fixture, "c", batch, none, &fingerprint, 1, NULL));
  g_assert_true (erase (fixture, "e", FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (relais_test_journal_files_hold (fixture, "gone"));
  g_assert_true (relais_test_journal_files_hold (fixture, "kept-"));

  exports = relais_test_journal_list_exports (fixture, NULL);
  runs = relais_test_journal_list_runs (fixture, NULL, NULL);
  batches = relais_test_journal_list_batches (fixture, "c", NULL);
  fingerprints = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  g_assert_cmpuint (exports->len, ==, 2);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpuint (batches->len, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (fingerprints), ==, 0);
  check = check_log (fixture);
  g_assert_cmpint (check->state, ==, RELAIS_LOG_WHOLE);
  g_assert_cmpuint (check->n_lines, ==, 3);
}

static void
test_a_removed_export_is_nowhere_in_the_files (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  add_export (fixture, "f", "Other");
  add_run (fixture, "a", "e", START, "gone", 800);
  add_run (fixture, "b", "f", START, "kept", 800);
  g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
  g_assert_false (relais_test_journal_files_hold (fixture, "gone"));
  g_assert_true (relais_test_journal_files_hold (fixture, "kept-"));
}

static void
test_an_export_that_others_run_is_not_erased (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run ("live", "e");
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
  add_rows (fixture, "live", "live", 2);
  g_assert_false (erase (fixture, "e", TRUE, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Newsletter”"));
  g_assert_cmpuint (count_rows (fixture, "live"), ==, 2);
  {
    g_autoptr (RelaisLogCheck) check = check_log (fixture);

    g_assert_cmpuint (check->n_lines, ==, 0);
    g_assert_cmpuint (check->n_open, ==, 1);
  }
  g_assert_true (erase (fixture, "e", FALSE, NULL));
}

/* When it cannot be wiped away */

/* Somebody reads the file: what they read cannot be taken away from them. It is said, and the next call does it. */
static void
test_what_a_reader_holds_is_wiped_away_later (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  add_run (fixture, "a", "e", START, "gone", 300);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN; SELECT count (*) FROM rejections", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (erase (fixture, "e", FALSE, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  sqlite3_close (db);

  g_assert_cmpuint (count_rows (fixture, "a"), ==, 0);
  g_assert_true (relais_test_journal_files_hold (fixture, "gone"));
  /* Also after a kill at this moment. */
  relais_test_journal_reopen (fixture);
  assert_aged (fixture, START, 0);
  g_assert_false (relais_test_journal_files_hold (fixture, "gone"));
}

/* A disk that fails at each piece of work in turn: the rows are there whole, or they are deleted; and once the disk
 * works again nothing is left of them. */
static void
test_a_failing_disk_leaves_nothing_for_good (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  RelaisDiskFault fault = { .work = RELAIS_DISK_WRITE | RELAIS_DISK_SYNC, .times = 1, .status = SQLITE_FULL };
  gboolean met = TRUE;
  guint n_failed = 0;

  for (guint after = 0; met; after++)
    {
      g_autofree char *id = g_strdup_printf ("run-%u", after);
      g_autoptr (GError) error = NULL;
      guint n_runs;

      g_assert_cmpuint (after, <, 500);
      add_run (fixture, id, "e", START, "gone", 60);
      fault.after = after;
      relais_fault_disk_set (&fault);
      n_failed += !age (fixture, START + 91 * DAY, &n_runs, &error);
      met = relais_fault_disk_failures () > 0;
      relais_fault_disk_set (NULL);
      if (error != NULL)
        g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
      g_assert_true (count_rows (fixture, id) == 60 || count_rows (fixture, id) == 0);
      g_assert_true (age (fixture, START + 91 * DAY, &n_runs, NULL));
      g_assert_cmpuint (count_rows (fixture, id), ==, 0);
      g_assert_false (relais_test_journal_files_hold (fixture, "gone"));
    }
  g_assert_cmpuint (n_failed, >, 5);
}

#define ADD(name, function) \
  g_test_add ("/journal-ageing/" name, RelaisTestJournal, NULL, set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  relais_fault_disk_install ();
  g_test_init (&argc, &argv, NULL);
  ADD ("rows-stay-90-days", test_rows_stay_90_days);
  ADD ("the-age-can-be-set", test_the_age_can_be_set);
  ADD ("a-clock-that-went-back-deletes-nothing", test_a_clock_that_went_back_deletes_nothing);
  ADD ("a-run-under-way-keeps-its-rows", test_a_run_under_way_keeps_its_rows);
  ADD ("a-run-that-goes-on-is-young-again", test_a_run_that_goes_on_is_young_again);
  /* With these numbers deleting alone leaves some: found by trying. */
  g_test_add ("/journal-ageing/aged-addresses-are-nowhere-in-the-files", RelaisTestJournal, GUINT_TO_POINTER (2), set_up,
              test_aged_addresses_are_nowhere_in_the_files, relais_test_journal_tear_down);
  g_test_add ("/journal-ageing/aged-addresses-are-nowhere-in-the-files-again", RelaisTestJournal, GUINT_TO_POINTER (7), set_up,
              test_aged_addresses_are_nowhere_in_the_files, relais_test_journal_tear_down);
  ADD ("an-erased-export-is-nowhere-in-the-files", test_an_erased_export_is_nowhere_in_the_files);
  ADD ("a-removed-export-is-nowhere-in-the-files", test_a_removed_export_is_nowhere_in_the_files);
  ADD ("an-export-that-others-run-is-not-erased", test_an_export_that_others_run_is_not_erased);
  ADD ("what-a-reader-holds-is-wiped-away-later", test_what_a_reader_holds_is_wiped_away_later);
  ADD ("a-failing-disk-leaves-nothing-for-good", test_a_failing_disk_leaves_nothing_for_good);

  return g_test_run ();
}
