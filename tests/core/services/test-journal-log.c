/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accountability log: a line for each attempt of a run, and whatever is done to them is found. */

#include "relais-error.h"
#include "relais-journal-log.h"
#include "relais-test-journal.h"

#include <sqlite3.h>
#include <string.h>

#define N_LINES 6

/* Helpers */

static RelaisLogCheck *
check_log (RelaisTestJournal *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  RelaisLogCheck *check;

  relais_journal_check_log_async (fixture->journal, NULL, relais_test_journal_keep_result_cb, &result);
  check = relais_journal_check_log_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return check;
}

static GPtrArray *
list_log (RelaisTestJournal *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *lines;

  relais_journal_list_log_async (fixture->journal, NULL, relais_test_journal_keep_result_cb, &result);
  lines = relais_journal_list_log_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return lines;
}

static const char *
get_line (GPtrArray *lines,
          guint      number)
{
  return ((RelaisLogLine *) g_ptr_array_index (lines, number - 1))->line;
}

static void
assert_found (RelaisTestJournal *fixture,
              RelaisLogState     state,
              guint64            line)
{
  g_autoptr (RelaisLogCheck) check = check_log (fixture);

  g_assert_cmpstr (relais_log_state_to_id (check->state), ==, relais_log_state_to_id (state));
  g_assert_cmpuint (check->line, ==, line);
}

static void
execute (RelaisTestJournal *fixture,
         const char        *sql)
{
  sqlite3 *db;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (db);
}

static RelaisRunRecord *
make_run (const char *id,
          const char *export_id)
{
  RelaisRunRecord *run = relais_test_run (id, export_id);

  run->trigger = RELAIS_TRIGGER_COMMAND_LINE;
  run->begun_at = run->started_at + 1;
  run->who = g_strdup ("zo\303\251");
  run->connection_name = g_strdup ("Main \"account\"");
  run->host = g_strdup ("account.api-us1.com");
  run->list_id = 12;
  run->list_name = g_strdup ("Clients \360\237\230\200");
  run->consent_version = 1;
  run->consent_language = g_strdup ("fr");

  return run;
}

static void
begin (RelaisTestJournal *fixture,
       RelaisRunRecord   *run)
{
  g_autoptr (GError) error = NULL;

  run->status = RELAIS_RUN_PROCESSING;
  run->ended_at = 0;
  relais_test_journal_put_run (fixture, run, &error);
  g_assert_no_error (error);
}

static void
end (RelaisTestJournal *fixture,
     RelaisRunRecord   *run,
     RelaisRunStatus    status)
{
  g_autoptr (GError) error = NULL;

  run->status = status;
  run->ended_at = run->started_at + 2500000;
  relais_test_journal_finish_run (fixture, run, &error);
  g_assert_no_error (error);
}

static void
write_lines (RelaisTestJournal *fixture)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("c", "Main account");
  g_autoptr (RelaisExportRecord) record = relais_test_export ("e", "Newsletter", "c");

  relais_test_journal_put_connection (fixture, connection, NULL);
  relais_test_journal_put_export (fixture, record, NULL);
  for (guint i = 1; i <= N_LINES; i++)
    {
      g_autofree char *id = g_strdup_printf ("run-%u", i);
      g_autoptr (RelaisRunRecord) run = make_run (id, "e");

      begin (fixture, run);
      run->counts.read = 10;
      run->counts.by_state[RELAIS_ROW_DELIVERED] = 7;
      run->counts.by_state[RELAIS_ROW_INVALID] = 3;
      run->leavers = (RelaisLeaversCounts) { 9, 4, 3, 2, 1, 5 };
      run->batches_accepted = 2;
      run->batches_repeated = 1;
      end (fixture, run, RELAIS_RUN_COMPLETED_WITH_ERRORS);
    }
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

/* What is written */

static void
test_a_line_says_what_there_is_to_answer_for (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *chained = NULL;
  g_autofree char *hash = NULL;
  const RelaisLogLine *first, *second;

  write_lines (fixture);
  lines = list_log (fixture);
  g_assert_cmpuint (lines->len, ==, N_LINES);
  first = g_ptr_array_index (lines, 0);
  g_assert_cmpstr (first->line, ==,
                   "{\"line\":1,\"run\":\"run-1\",\"attempt\":1,\"who\":\"zo\\u00e9\",\"how\":\"command-line\","
                   "\"started\":\"2023-11-14T22:13:20.000000Z\",\"attempt_started\":\"2023-11-14T22:13:20.000001Z\","
                   "\"ended\":\"2023-11-14T22:13:22.500000Z\",\"connection\":\"Main \\\"account\\\"\",\"host\":\"account.api-us1.com\","
                   "\"list\":\"12\",\"list_name\":\"Clients \\ud83d\\ude00\",\"consent\":{\"version\":1,\"language\":\"fr\"},"
                   "\"rows\":{\"read\":10,\"delivered\":7,\"unchanged\":0,\"duplicate\":0,\"invalid\":3,\"refused\":0,\"barred\":0,\"not_sent\":0},"
                   "\"leavers\":{\"departed\":9,\"taken_off\":4,\"in_doubt\":3,\"kept\":2,\"put_back\":1,\"repeats\":5},"
                   "\"batches\":2,\"repeats\":1,\"repeats_allowed\":0,\"outcome\":\"completed-with-errors\"}");
  /* Anybody can calculate it. */
  second = g_ptr_array_index (lines, 1);
  g_assert_cmpstr (second->previous, ==, first->hash);
  chained = g_strconcat (first->hash, "\n", second->line, NULL);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, chained, -1);
  g_assert_cmpstr (second->hash, ==, hash);
}

static void
test_every_end_is_written (RelaisTestJournal *fixture,
                           gconstpointer      user_data)
{
  static const RelaisRunStatus ends[] = {
    RELAIS_RUN_SUCCESSFUL, RELAIS_RUN_COMPLETED_WITH_ERRORS, RELAIS_RUN_FAILURE, RELAIS_RUN_CANCELED, RELAIS_RUN_INTERRUPTED,
  };
  g_autoptr (GPtrArray) lines = NULL;

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *id = g_strdup_printf ("end-%u", i);
      g_autoptr (RelaisRunRecord) run = make_run (id, "e");

      begin (fixture, run);
      end (fixture, run, ends[i]);
    }
  lines = list_log (fixture);
  /* The first is of the run that the journal was filled with, which broke off. */
  g_assert_cmpuint (lines->len, ==, 1 + G_N_ELEMENTS (ends));
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *outcome = g_strdup_printf ("\"outcome\":\"%s\"}", relais_run_status_to_id (ends[i]));

      g_assert_true (g_str_has_suffix (get_line (lines, 2 + i), outcome));
    }
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

static void
test_a_run_that_goes_on_adds_a_line (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = make_run ("goes-on", "e");
  g_autoptr (GPtrArray) lines = NULL;

  relais_test_journal_fill (fixture);
  begin (fixture, run);
  end (fixture, run, RELAIS_RUN_CANCELED);
  run->begun_at += 60000000;
  g_free (run->who);
  run->who = g_strdup ("max");
  begin (fixture, run);
  end (fixture, run, RELAIS_RUN_SUCCESSFUL);
  lines = list_log (fixture);
  g_assert_cmpuint (lines->len, ==, 3);
  g_assert_nonnull (strstr (get_line (lines, 2), "\"run\":\"goes-on\",\"attempt\":1,\"who\":\"zo\\u00e9\""));
  g_assert_nonnull (strstr (get_line (lines, 2), "\"outcome\":\"canceled\""));
  g_assert_nonnull (strstr (get_line (lines, 3), "\"run\":\"goes-on\",\"attempt\":2,\"who\":\"max\""));
  g_assert_nonnull (strstr (get_line (lines, 3), "\"started\":\"2023-11-14T22:13:20.000000Z\",\"attempt_started\":\"2023-11-14T22:14:20.000001Z\""));
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

/* A killed process writes no end: whoever comes next writes that it broke off. */
static void
test_a_run_that_broke_off_is_answered_for (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) lines = NULL;

  relais_test_journal_fill (fixture);
  batch->delivered = 249;
  batch->refused = 1;
  batch->sendings = 2;
  relais_test_journal_put_batch (fixture, "r", batch, NULL);
  {
    g_autoptr (RelaisLogCheck) check = check_log (fixture);

    g_assert_cmpint (check->state, ==, RELAIS_LOG_WHOLE);
    g_assert_cmpuint (check->n_open, ==, 1);
  }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      relais_journal_log_broken_runs_async (fixture->journal, NULL, relais_test_journal_keep_result_cb, &result);
      g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
    }
  lines = list_log (fixture);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_nonnull (strstr (get_line (lines, 1), "\"ended\":null"));
  g_assert_nonnull (strstr (get_line (lines, 1), "\"rows\":{\"read\":250,\"delivered\":249,"));
  g_assert_nonnull (strstr (get_line (lines, 1), "\"refused\":1,"));
  g_assert_nonnull (strstr (get_line (lines, 1), "\"batches\":1,\"repeats\":1,\"repeats_allowed\":0,\"outcome\":\"interrupted\"}"));
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

static void
test_removing_an_export_leaves_its_lines (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) broken = make_run ("broken", "e");
  g_autoptr (GPtrArray) lines = NULL;

  write_lines (fixture);
  begin (fixture, broken);
  g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
  g_assert_true (relais_test_journal_remove_connection (fixture, "c", NULL));
  lines = list_log (fixture);
  g_assert_cmpuint (lines->len, ==, N_LINES + 1);
  g_assert_nonnull (strstr (get_line (lines, N_LINES + 1), "\"run\":\"broken\""));
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

static void
test_no_customer_is_in_the_log (RelaisTestJournal *fixture,
                                gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = make_run ("planted", "e");
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, 20, "someone@example.com");
  g_autoptr (GPtrArray) lines = NULL;

  relais_test_journal_fill (fixture);
  begin (fixture, run);
  relais_test_journal_add_rejections (fixture, "planted", rejections, NULL);
  run->message = g_strdup ("ActiveCampaign says: someone@example.com");
  g_free (run->export_name);
  run->export_name = g_strdup ("For someone@example.com");
  end (fixture, run, RELAIS_RUN_FAILURE);
  lines = list_log (fixture);
  for (guint i = 1; i <= lines->len; i++)
    g_assert_null (strchr (get_line (lines, i), '@'));
}

static void
test_runs_of_before_are_counted (RelaisTestJournal *fixture,
                                 gconstpointer      user_data)
{
  g_autoptr (RelaisLogCheck) check = NULL;

  write_lines (fixture);
  execute (fixture, "INSERT INTO runs (id, export_id, export_name, trigger, status, started_at, ended_at, again, counts, batches_accepted,"
                    " batches_repeated, error_code) VALUES ('old', 'e', 'Newsletter', 0, 1, 1, 2, 0, '', 0, 0, -1)");
  check = check_log (fixture);
  g_assert_cmpint (check->state, ==, RELAIS_LOG_WHOLE);
  g_assert_cmpuint (check->n_before, ==, 1);
  g_assert_cmpuint (check->n_open, ==, 0);
  g_assert_cmpuint (check->n_lines, ==, N_LINES);
}

static void
test_an_empty_log_is_whole (RelaisTestJournal *fixture,
                            gconstpointer      user_data)
{
  g_autoptr (RelaisLogCheck) check = check_log (fixture);

  g_assert_cmpint (check->state, ==, RELAIS_LOG_WHOLE);
  g_assert_cmpuint (check->n_lines, ==, 0);
}

/* What is done to it. The file is put back for each deed. */

static void
assert_deed_found (RelaisTestJournal *fixture,
                   const char        *sql,
                   RelaisLogState     state,
                   guint64            line)
{
  g_autofree char *content = NULL;
  gsize length;

  relais_test_journal_close (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  execute (fixture, sql);
  relais_test_journal_reopen (fixture);
  assert_found (fixture, state, line);
  relais_test_journal_close (fixture);
  g_assert_true (g_file_set_contents (fixture->path, content, length, NULL));
  relais_test_journal_reopen (fixture);
}

/* One byte after the other of a whole line: each field is among them, and what stands between them. */
static void
test_a_changed_byte_is_found (RelaisTestJournal *fixture,
                              gconstpointer      user_data)
{
  g_autoptr (GPtrArray) lines = NULL;
  gsize length;

  write_lines (fixture);
  lines = list_log (fixture);
  length = strlen (get_line (lines, 4));
  for (gsize at = 0; at < length; at++)
    {
      char new_byte = get_line (lines, 4)[at] == '7' ? '8' : '7';
      g_autofree char *change = g_strdup_printf ("UPDATE log SET line = substr (line, 1, %u) || '%c' || substr (line, %u) WHERE number = 4",
                                                 (guint) at, new_byte, (guint) at + 2);
      g_autofree char *back = NULL;

      execute (fixture, change);
      assert_found (fixture, RELAIS_LOG_CHANGED, 4);
      back = g_strdup_printf ("UPDATE log SET line = substr (line, 1, %u) || '%c' || substr (line, %u) WHERE number = 4",
                              (guint) at, get_line (lines, 4)[at], (guint) at + 2);
      execute (fixture, back);
    }
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

/* As a sly hand does it: the line's hash is made anew. */
static void
test_a_line_with_a_new_hash_is_found (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  write_lines (fixture);
  /* The runs know the hash; when the export is removed nothing but the chain does. */
  for (guint removed = 0; removed < 2; removed++)
    {
      for (guint n = 1; n <= N_LINES; n++)
        {
          g_autoptr (GPtrArray) lines = list_log (fixture);
          g_autofree char *line = g_strdup (get_line (lines, n));
          g_autofree char *chained = NULL;
          g_autofree char *hash = NULL;
          char *sql;

          *strchr (line, '7') = '9';
          chained = g_strconcat (((RelaisLogLine *) g_ptr_array_index (lines, n - 1))->previous, "\n", line, NULL);
          hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, chained, -1);
          sql = sqlite3_mprintf ("UPDATE log SET line = %Q, hash = %Q WHERE number = %u", line, hash, n);
          assert_deed_found (fixture, sql, RELAIS_LOG_CHANGED, n);
          sqlite3_free (sql);
        }
      g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
    }
}

static void
test_deeds_are_found (RelaisTestJournal *fixture,
                      gconstpointer      user_data)
{
  static const struct
  {
    const char     *sql;
    RelaisLogState  state;
    guint64         line;
  } deeds[] = {
    /* A line is removed: at the beginning, in the middle, at the end; the others move up, or do not. */
    { "DELETE FROM log WHERE number = 1", RELAIS_LOG_MISSING, 1 },
    { "DELETE FROM log WHERE number = 3", RELAIS_LOG_MISSING, 3 },
    { "DELETE FROM log WHERE number = 6", RELAIS_LOG_MISSING, 6 },
    { "DELETE FROM log WHERE number > 4", RELAIS_LOG_MISSING, 5 },
    { "DELETE FROM log", RELAIS_LOG_MISSING, 1 },
    { "DELETE FROM log WHERE number = 1; UPDATE log SET number = number - 1", RELAIS_LOG_MISSING, 1 },
    { "DELETE FROM log WHERE number = 3; UPDATE log SET number = number - 1 WHERE number > 3", RELAIS_LOG_MISSING, 3 },
    /* With the head put back, the runs know. */
    { "DELETE FROM log WHERE number > 4; UPDATE log_head SET lines = 4, hash = (SELECT hash FROM log WHERE number = 4)", RELAIS_LOG_MISSING, 5 },
    { "DELETE FROM log; UPDATE log_head SET lines = 0, hash = printf ('%064d', 0)", RELAIS_LOG_MISSING, 1 },
    /* With the runs removed, the head knows. */
    { "DELETE FROM log WHERE number = 6; DELETE FROM runs", RELAIS_LOG_MISSING, 6 },
    { "DELETE FROM log_head; DELETE FROM runs", RELAIS_LOG_MISSING, 7 },
    /* Two lines change places. */
    { "UPDATE log SET number = 99 WHERE number = 2; UPDATE log SET number = 2 WHERE number = 5; UPDATE log SET number = 5 WHERE number = 99",
      RELAIS_LOG_MOVED, 2 },
    { "UPDATE log SET number = 99 WHERE number = 1; UPDATE log SET number = 1 WHERE number = 2; UPDATE log SET number = 2 WHERE number = 99",
      RELAIS_LOG_MOVED, 1 },
    /* A line is added by hand. */
    { "INSERT INTO log SELECT 7, line, previous, hash FROM log WHERE number = 6", RELAIS_LOG_ADDED, 7 },
    { "INSERT INTO log VALUES (7, '{\"line\":7}', (SELECT hash FROM log WHERE number = 6), 'made up')", RELAIS_LOG_ADDED, 7 },
    { "INSERT INTO log VALUES (0, '{\"line\":0}', '', '')", RELAIS_LOG_ADDED, 1 },
    { "UPDATE log SET number = -number WHERE number > 2; UPDATE log SET number = 1 - number WHERE number < 0;"
      " INSERT INTO log SELECT 3, line, previous, hash FROM log WHERE number = 2", RELAIS_LOG_MOVED, 3 },
    /* What stands beside a line is changed. */
    { "UPDATE log SET hash = upper (hash) WHERE number = 2", RELAIS_LOG_CHANGED, 2 },
    { "UPDATE log SET previous = hash WHERE number = 5", RELAIS_LOG_CHANGED, 5 },
    { "UPDATE log SET line = line || ' ' WHERE number = 5", RELAIS_LOG_CHANGED, 5 },
    { "UPDATE log SET line = CAST (CAST (line AS BLOB) || x'0078' AS TEXT) WHERE number = 5", RELAIS_LOG_CHANGED, 5 },
    { "UPDATE log SET line = '' WHERE number = 1", RELAIS_LOG_CHANGED, 1 },
    { "UPDATE log_head SET hash = lower (hex (zeroblob (32)))", RELAIS_LOG_CHANGED, 6 },
    { "UPDATE runs SET log_hash = 'other' WHERE id = 'run-3'", RELAIS_LOG_CHANGED, 3 },
  };

  write_lines (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_test_message ("%s", deeds[i].sql);
      assert_deed_found (fixture, deeds[i].sql, deeds[i].state, deeds[i].line);
    }
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

/* A line that fits into the chain is not one that a run wrote. */
static void
test_a_fitting_line_that_was_added_is_found (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  g_autoptr (RelaisLogCheck) check = NULL;
  g_autofree char *chained = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *sql = NULL;

  write_lines (fixture);
  check = check_log (fixture);
  chained = g_strconcat (check->hash, "\n{\"line\":7}", NULL);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, chained, -1);
  sql = g_strdup_printf ("INSERT INTO log VALUES (7, '{\"line\":7}', '%s', '%s')", check->hash, hash);
  assert_deed_found (fixture, sql, RELAIS_LOG_ADDED, 7);
}

/* Runs end all the same, and do not cover what was done. */
static void
test_a_run_does_not_cover_what_was_done (RelaisTestJournal *fixture,
                                         gconstpointer      user_data)
{
  static const struct
  {
    const char     *sql;
    RelaisLogState  state;
    guint64         line;
  } deeds[] = {
    { "DELETE FROM log WHERE number > 4", RELAIS_LOG_MISSING, 5 },
    { "INSERT INTO log VALUES (7, '{\"line\":7}', 'made up', 'made up')", RELAIS_LOG_CHANGED, 7 },
    { "DELETE FROM log WHERE number > 4; DELETE FROM log_head", RELAIS_LOG_CHANGED, 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (RelaisRunRecord) run = make_run ("later", "e");

      write_lines (fixture);
      execute (fixture, deeds[i].sql);
      begin (fixture, run);
      end (fixture, run, RELAIS_RUN_SUCCESSFUL);
      assert_found (fixture, deeds[i].state, deeds[i].line);
      relais_test_journal_tear_down (fixture, NULL);
      relais_test_journal_set_up (fixture, NULL);
    }
}

/* While the file is locked neither end nor line is written; afterwards both are. */
static void
test_a_locked_file_gets_neither_end_nor_line (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = make_run ("locked", "e");
  g_autoptr (RelaisRunRecord) read = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  write_lines (fixture);
  begin (fixture, run);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  run->status = RELAIS_RUN_SUCCESSFUL;
  run->ended_at = 5;
  g_assert_false (relais_test_journal_finish_run (fixture, run, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  sqlite3_close (db);

  read = relais_test_journal_get_run (fixture, "locked");
  lines = list_log (fixture);
  g_assert_cmpint (read->status, ==, RELAIS_RUN_PROCESSING);
  g_assert_cmpuint (lines->len, ==, N_LINES);
  end (fixture, run, RELAIS_RUN_SUCCESSFUL);
  g_clear_pointer (&lines, g_ptr_array_unref);
  lines = list_log (fixture);
  g_assert_cmpuint (lines->len, ==, N_LINES + 1);
  assert_found (fixture, RELAIS_LOG_WHOLE, 0);
}

#define ADD(name, function) \
  g_test_add ("/journal-log/" name, RelaisTestJournal, NULL, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-line-says-what-there-is-to-answer-for", test_a_line_says_what_there_is_to_answer_for);
  ADD ("every-end-is-written", test_every_end_is_written);
  ADD ("a-run-that-goes-on-adds-a-line", test_a_run_that_goes_on_adds_a_line);
  ADD ("a-run-that-broke-off-is-answered-for", test_a_run_that_broke_off_is_answered_for);
  ADD ("removing-an-export-leaves-its-lines", test_removing_an_export_leaves_its_lines);
  ADD ("no-customer-is-in-the-log", test_no_customer_is_in_the_log);
  ADD ("runs-of-before-are-counted", test_runs_of_before_are_counted);
  ADD ("an-empty-log-is-whole", test_an_empty_log_is_whole);
  ADD ("a-changed-byte-is-found", test_a_changed_byte_is_found);
  ADD ("a-line-with-a-new-hash-is-found", test_a_line_with_a_new_hash_is_found);
  ADD ("deeds-are-found", test_deeds_are_found);
  ADD ("a-fitting-line-that-was-added-is-found", test_a_fitting_line_that_was_added_is_found);
  ADD ("a-run-does-not-cover-what-was-done", test_a_run_does_not_cover_what_was_done);
  ADD ("a-locked-file-gets-neither-end-nor-line", test_a_locked_file_gets_neither_end_nor_line);

  return g_test_run ();
}
