/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When an export has sent anything last before a run. */

#include "relais-journal-last-sent.h"
#include "relais-test-journal.h"

#include <sqlite3.h>

static void
assert_last_sent (RelaisTestJournal *fixture,
                  const char        *run_id,
                  gint64             at,
                  gint64             put_back_at)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  RelaisLastSent last_sent = { -1, -1 };

  relais_journal_read_last_sent_async (fixture->journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_read_last_sent_finish (fixture->journal, relais_test_journal_wait_for (&result), &last_sent, &error));
  g_assert_no_error (error);
  g_assert_cmpint (last_sent.at, ==, at);
  g_assert_cmpint (last_sent.put_back_at, ==, put_back_at);
}

static void
put_run (RelaisTestJournal *fixture,
         const char        *id,
         const char        *export_id,
         guint32            list_id)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run (id, export_id);

  g_free (run->connection_id);
  run->connection_id = g_strdup ("c");
  run->list_id = list_id;
  run->status = RELAIS_RUN_SUCCESSFUL;
  run->started_at = 1;
  run->ended_at = 1000000;
  g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
}

/* @sql: what runs left behind them */
static void
execute (RelaisTestJournal *fixture,
         const char        *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* Runs that sent nothing, later ones, and what other exports sent, or this one to other lists, do not count. */
static void
test_it_is_what_earlier_runs_sent_to_the_list (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) other = relais_test_export ("f", "Other", "c");

  g_assert_true (relais_test_journal_put_export (fixture, other, NULL));
  put_run (fixture, "p", "e", 12);
  put_run (fixture, "q", "e", 12);
  put_run (fixture, "idle", "e", 12);
  put_run (fixture, "elsewhere", "e", 13);
  put_run (fixture, "other", "f", 12);
  put_run (fixture, "now", "e", 12);
  put_run (fixture, "later", "e", 12);
  execute (fixture, "INSERT INTO attempts (run_id, number, first_at, last_at) VALUES ('p', 1, 100, 200), ('q', 1, 300, 400), ('q', 2, 500, 600),"
                    " ('elsewhere', 1, 700, 800), ('other', 1, 700, 900), ('now', 1, 1000, 1100), ('later', 1, 1200, 1300)");
  assert_last_sent (fixture, "now", 600, 0);
  assert_last_sent (fixture, "idle", 600, 0);
  assert_last_sent (fixture, "q", 200, 0);
  assert_last_sent (fixture, "p", 0, 0);
  assert_last_sent (fixture, "other", 0, 0);
}

/* Not only the last run can have. */
static void
test_who_was_put_back_is_told_from_who_was_sent (RelaisTestJournal *fixture,
                                                 gconstpointer      user_data)
{
  put_run (fixture, "p", "e", 12);
  put_run (fixture, "q", "e", 12);
  put_run (fixture, "now", "e", 12);
  execute (fixture, "INSERT INTO attempts (run_id, number, first_at, last_at) VALUES ('p', 1, 100, 200), ('q', 1, 300, 400);"
                    "UPDATE runs SET put_back = 1 WHERE id = 'p'");
  assert_last_sent (fixture, "now", 400, 200);
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

#define ADD(name, function) g_test_add ("/journal-last-sent/" name, RelaisTestJournal, NULL, set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("it-is-what-earlier-runs-sent-to-the-list", test_it_is_what_earlier_runs_sent_to_the_list);
  ADD ("who-was-put-back-is-told-from-who-was-sent", test_who_was_put_back_is_told_from_who_was_sent);

  return g_test_run ();
}
