/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk that breaks while something is read: at whichever piece of work, what is told is whole or an error. */

#include "relais-fault-disk.h"
#include "relais-test-journal.h"

#include <sqlite3.h>
#include <string.h>

#define N_REJECTED 2000   /* more than stands on a page */

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
test_an_unfinished_run_is_counted_whole_or_not_at_all (RelaisTestJournal *fixture,
                                                       gconstpointer      user_data)
{
  RelaisDiskFault fault = { .work = RELAIS_DISK_READ, .times = 1, .status = SQLITE_IOERR_READ };
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, N_REJECTED, "zoe@example.com");
  g_autoptr (RelaisRunRecord) whole = NULL;
  g_autoptr (GError) error = NULL;
  guint n_failed = 0;
  gboolean fails;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_put_batch (fixture, "r", batch, &error));
  g_assert_true (relais_test_journal_add_rejections (fixture, "r", rejections, &error));
  relais_test_journal_reopen (fixture);
  whole = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpint (whole->status, ==, RELAIS_RUN_PROCESSING);
  g_assert_cmpuint (whole->counts.by_state[RELAIS_ROW_REFUSED], ==, N_REJECTED);

  do
    {
      g_autoptr (GPtrArray) runs = NULL;

      touch (fixture);
      relais_fault_disk_set (&fault);
      runs = relais_test_journal_list_runs (fixture, NULL, &error);
      fails = relais_fault_disk_failures () > 0;
      relais_fault_disk_set (NULL);
      if (runs == NULL)
        {
          g_assert_nonnull (strstr (error->message, "The disk reported an error"));
          g_clear_error (&error);
          n_failed++;
        }
      else
        {
          const RelaisRunRecord *run = g_ptr_array_index (runs, 0);

          g_assert_cmpmem (&run->counts, sizeof run->counts, &whole->counts, sizeof whole->counts);
        }
      fault.after++;
    }
  while (fails);
  g_assert_cmpuint (n_failed, >, 10);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  relais_fault_disk_install ();
  g_test_add ("/journal-reading/an-unfinished-run-is-counted-whole-or-not-at-all", RelaisTestJournal, NULL, relais_test_journal_set_up,
              test_an_unfinished_run_is_counted_whole_or_not_at_all, relais_test_journal_tear_down);

  return g_test_run ();
}
