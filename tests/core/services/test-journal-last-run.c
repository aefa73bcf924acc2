/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When an export was under way last before a run. */

#include "relais-journal-last-run.h"
#include "relais-test-journal.h"

static gint64
read_last_run (RelaisTestJournal *fixture,
               const char        *run_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 ended_at = -1;

  relais_journal_read_last_run_async (fixture->journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_read_last_run_finish (fixture->journal, relais_test_journal_wait_for (&result), &ended_at, &error));
  g_assert_no_error (error);

  return ended_at;
}

/* A run of an export, as it was left */
static void
put_run (RelaisTestJournal *fixture,
         const char        *id,
         const char        *export_id,
         RelaisRunStatus    status,
         gint64             started_at,
         gint64             ended_at)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run (id, export_id);

  run->status = status;
  run->started_at = started_at;
  run->ended_at = ended_at;
  g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
}

static void
test_it_is_the_end_of_the_one_before (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) other = relais_test_export ("f", "Other", "c");
  g_autoptr (RelaisRunRecord) refused = relais_test_run ("t", "e");

  g_assert_true (relais_test_journal_put_export (fixture, other, NULL));
  put_run (fixture, "p", "e", RELAIS_RUN_SUCCESSFUL, 100, 300);
  put_run (fixture, "q", "e", RELAIS_RUN_INTERRUPTED, 400, 500);
  put_run (fixture, "s", "f", RELAIS_RUN_SUCCESSFUL, 600, 700);
  /* One that could not begin did nothing. */
  g_clear_pointer (&refused->segment_digest, g_free);
  refused->status = RELAIS_RUN_FAILURE;
  refused->started_at = refused->ended_at = 800;
  g_assert_true (relais_test_journal_put_run (fixture, refused, NULL));
  put_run (fixture, "u", "e", RELAIS_RUN_PROCESSING, 900, 0);
  g_assert_cmpint (read_last_run (fixture, "u"), ==, 500);
  g_assert_cmpint (read_last_run (fixture, "q"), ==, 300);
  g_assert_cmpint (read_last_run (fixture, "s"), ==, 0);
}

static void
test_one_that_was_killed_was_over_when_the_next_began (RelaisTestJournal *fixture,
                                                       gconstpointer      user_data)
{
  put_run (fixture, "p", "e", RELAIS_RUN_PROCESSING, 100, 0);
  put_run (fixture, "q", "e", RELAIS_RUN_SUCCESSFUL, 400, 500);
  put_run (fixture, "s", "e", RELAIS_RUN_PROCESSING, 600, 0);
  put_run (fixture, "t", "e", RELAIS_RUN_PROCESSING, 900, 0);
  g_assert_cmpint (read_last_run (fixture, "q"), ==, 400);
  g_assert_cmpint (read_last_run (fixture, "s"), ==, 500);
  g_assert_cmpint (read_last_run (fixture, "t"), ==, 900);
}

static void
set_up (RelaisTestJournal *fixture,
        gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("c", "Account");
  g_autoptr (RelaisExportRecord) record = relais_test_export ("e", "Export", "c");

  relais_test_journal_set_up (fixture, user_data);
  g_assert_true (relais_test_journal_put_connection (fixture, connection, NULL));
  g_assert_true (relais_test_journal_put_export (fixture, record, NULL));
}

#define ADD(name, function) g_test_add ("/journal-last-run/" name, RelaisTestJournal, NULL, set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("it-is-the-end-of-the-one-before", test_it_is_the_end_of_the_one_before);
  ADD ("one-that-was-killed-was-over-when-the-next-began", test_one_that_was_killed_was_over_when_the_next_began);

  return g_test_run ();
}
