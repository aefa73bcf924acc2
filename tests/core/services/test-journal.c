/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the journal works: in a thread of its own, in order, together, and on disk before it says so.
 * The other process is this program again. */

#include "relais-error.h"
#include "relais-fault-disk.h"
#include "relais-test-journal.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static const char *program;

/* Someone else's transaction: writes wait until it ends. */
static sqlite3 *
hold_up (RelaisTestJournal *fixture)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);

  return db;
}

static void
let_go (sqlite3 *taken)
{
  g_assert_cmpint (sqlite3_exec (taken, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (taken);
}

static void
ask_for_run (RelaisTestJournal  *fixture,
             guint               number,
             GAsyncResult      **result)
{
  g_autofree char *id = g_strdup_printf ("run-%u", number);
  g_autoptr (RelaisRunRecord) run = relais_test_run (id, "e");

  relais_journal_put_run_async (fixture->journal, run, NULL, relais_test_journal_keep_result_cb, result);
}

static void
assert_run_written (RelaisTestJournal *fixture,
                    GAsyncResult      *result)
{
  g_autoptr (RelaisRunRecord) run = relais_run_record_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_journal_put_run_finish (fixture->journal, result, run, &error));
  g_assert_no_error (error);
  g_assert_cmpint (run->number, >, 0);
}

static guint
count_runs (RelaisTestJournal *fixture)
{
  g_autoptr (GPtrArray) runs = relais_test_journal_list_runs (fixture, NULL, NULL);

  return runs->len;
}

/* On disk */

/* Nothing that was written waits for the disk when a call has ended. */
static void
test_a_call_ends_when_it_is_on_disk (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  RelaisFingerprint fingerprint = relais_test_fingerprint (1, 1);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (i, RELAIS_BATCH_INTENT);

      relais_fault_disk_set (NULL);
      g_assert_true (relais_test_journal_put_batch (fixture, "r", batch, NULL));
      g_assert_cmpuint (relais_fault_disk_count (RELAIS_DISK_WRITE), >, 0);
      g_assert_cmpuint (relais_fault_disk_count (RELAIS_DISK_SYNC), >, 0);
      g_assert_cmpuint (relais_fault_disk_unsynced (), ==, 0);
      g_assert_true (relais_test_journal_settle_batch (fixture, "r", batch, none, &fingerprint, 1, NULL));
      g_assert_cmpuint (relais_fault_disk_unsynced (), ==, 0);
    }
}

/* Writes intents one after the other, and each one's number to its output once it is written. */
static int
be_a_writer (const char *path)
{
  RelaisTestJournal fixture = { NULL, (char *) path, relais_test_journal_open (path, NULL) };

  for (guint i = 0; ; i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (i, RELAIS_BATCH_INTENT);
      guint32 number = i;

      if (!relais_test_journal_put_batch (&fixture, "r", batch, NULL) ||
          write (STDOUT_FILENO, &number, sizeof number) != sizeof number)
        return 1;
    }
}

static void
test_a_killed_process_kept_its_word (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  relais_test_journal_fill (fixture);
  relais_test_journal_close (fixture);
  for (guint attempt = 0; attempt < 8; attempt++)
    {
      g_autoptr (GSubprocess) writer = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, program, "--write", fixture->path, NULL);
      GInputStream *said = g_subprocess_get_stdout_pipe (writer);
      g_autoptr (GPtrArray) batches = NULL;
      guint32 number = 0;
      guint32 last = 0;

      for (guint i = 0; i <= 3 + 5 * attempt; i++)
        g_assert_true (g_input_stream_read_all (said, &last, sizeof last, NULL, NULL, NULL));
      g_subprocess_send_signal (writer, SIGKILL);
      while (g_input_stream_read (said, &number, sizeof number, NULL, NULL) == sizeof number)
        last = number;
      g_subprocess_wait (writer, NULL, NULL);

      relais_test_journal_reopen (fixture);
      batches = relais_test_journal_list_batches (fixture, "r", NULL);
      g_assert_cmpuint (batches->len, >, last);
      relais_test_journal_close (fixture);
    }
}

/* Two processes */

static int
be_another (const char *path)
{
  RelaisTestJournal fixture = { NULL, (char *) path, relais_test_journal_open (path, NULL) };

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("theirs-%u", i);
      g_autoptr (RelaisRunRecord) run = relais_test_run (id, "e");

      if (!relais_test_journal_put_run (&fixture, run, NULL))
        return 1;
    }
  relais_test_journal_close (&fixture);

  return 0;
}

static void
test_two_processes_write_side_by_side (RelaisTestJournal *fixture,
                                       gconstpointer      user_data)
{
  g_autoptr (GSubprocess) other = NULL;

  relais_test_journal_fill (fixture);
  other = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, program, "--runs", fixture->path, NULL);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      ask_for_run (fixture, i, &result);
      assert_run_written (fixture, relais_test_journal_wait_for (&result));
    }
  g_assert_true (g_subprocess_wait_check (other, NULL, NULL));
  g_assert_cmpuint (count_runs (fixture), ==, 201);
}

/* Both may find a new file at the same time. */
static void
test_two_journals_are_made_at_once (RelaisTestJournal *fixture,
                                    gconstpointer      user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "both", "journal.sqlite", NULL);
  GAsyncResult *results[4] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    relais_journal_open_async (path, NULL, relais_test_journal_keep_result_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RelaisJournal) journal = relais_journal_open_finish (relais_test_journal_wait_for (&results[i]), &error);

      g_assert_no_error (error);
      g_assert_nonnull (journal);
      g_clear_object (&results[i]);
    }
}

/* Waits for as long as the journal does, 10 s. */
static void
test_a_journal_that_stays_locked_is_named (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "locked.sqlite", NULL);
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) written = NULL;
  g_autoptr (GError) open_error = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisRunRecord) run = relais_run_record_new ();
  sqlite3 *holder, *locker;

  relais_test_journal_fill (fixture);
  holder = hold_up (fixture);
  g_assert_cmpint (sqlite3_open (path, &locker), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (locker, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  ask_for_run (fixture, 1, &written);
  relais_journal_open_async (path, NULL, relais_test_journal_keep_result_cb, &opened);

  g_assert_false (relais_journal_put_run_finish (fixture->journal, relais_test_journal_wait_for (&written), run, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "journal.sqlite"));
  g_assert_cmpint (run->number, ==, 0);
  g_assert_null (relais_journal_open_finish (relais_test_journal_wait_for (&opened), &open_error));
  g_assert_error (open_error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  let_go (holder);
  let_go (locker);

  /* It goes on when the other is done. */
  g_clear_object (&written);
  ask_for_run (fixture, 1, &written);
  assert_run_written (fixture, relais_test_journal_wait_for (&written));
}

/* The loop */

static gboolean
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;

  return G_SOURCE_CONTINUE;
}

static void
test_the_loop_turns_while_a_call_waits (RelaisTestJournal *fixture,
                                        gconstpointer      user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint n_turns = 0;
  guint source;
  sqlite3 *holder;

  relais_test_journal_fill (fixture);
  holder = hold_up (fixture);
  source = g_timeout_add (1, count_cb, &n_turns);
  ask_for_run (fixture, 1, &result);
  while (n_turns < 50)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (result);
  let_go (holder);
  assert_run_written (fixture, relais_test_journal_wait_for (&result));
  g_source_remove (source);
}

/* Every call there is: none touches the disk in the thread of the loop. */
static void
test_no_call_works_in_the_loops_thread (RelaisTestJournal *fixture,
                                        gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, 3, "a@example.com");
  RelaisFingerprint fingerprint = relais_test_fingerprint (1, 1);
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (GBytes) fingerprints = NULL;

  relais_test_journal_close (fixture);
  relais_fault_disk_set (NULL);
  relais_test_journal_reopen (fixture);
  relais_test_journal_fill (fixture);
  g_ptr_array_add (parts, batch);
  relais_test_journal_put_batch (fixture, "r", batch, NULL);
  relais_test_journal_replace_batch (fixture, "r", 0, parts, NULL);
  relais_test_journal_settle_batch (fixture, "r", batch, rejections, &fingerprint, 1, NULL);
  relais_test_journal_add_rejections (fixture, "r", rejections, NULL);
  relais_test_journal_forget_rejections (fixture, "r", NULL);
  g_ptr_array_add (lists, relais_test_journal_list_connections (fixture, NULL));
  g_ptr_array_add (lists, relais_test_journal_list_exports (fixture, NULL));
  g_ptr_array_add (lists, relais_test_journal_list_runs (fixture, "e", NULL));
  g_ptr_array_add (lists, relais_test_journal_list_batches (fixture, "r", NULL));
  g_ptr_array_add (lists, relais_test_journal_list_rejections (fixture, "r", 0, 10, NULL));
  run = relais_test_journal_get_run (fixture, "r");
  relais_test_journal_finish_run (fixture, run, NULL);
  fingerprints = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  relais_test_journal_remove_export (fixture, "e", NULL);
  relais_test_journal_remove_connection (fixture, "c", NULL);
  g_assert_cmpuint (relais_fault_disk_count (RELAIS_DISK_WRITE), >, 0);
  g_assert_cmpuint (relais_fault_disk_count (RELAIS_DISK_READ), >, 0);
  g_assert_cmpuint (relais_fault_disk_here (), ==, 0);
}

static gpointer
open_in_a_thread (gpointer data)
{
  RelaisTestJournal *fixture = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_main_context_push_thread_default (context);
  ask_for_run (fixture, 77, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  assert_run_written (fixture, result);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_an_answer_comes_where_it_was_asked (RelaisTestJournal *fixture,
                                         gconstpointer      user_data)
{
  relais_test_journal_fill (fixture);
  g_thread_join (g_thread_new ("asks", open_in_a_thread, fixture));
  g_assert_cmpuint (count_runs (fixture), ==, 2);
}

/* Together */

static void
test_what_waits_is_written_together (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  GAsyncResult *results[200] = { NULL };
  sqlite3 *holder;

  relais_test_journal_fill (fixture);
  holder = hold_up (fixture);
  relais_fault_disk_set (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    ask_for_run (fixture, i, &results[i]);
  let_go (holder);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      assert_run_written (fixture, relais_test_journal_wait_for (&results[i]));
      g_clear_object (&results[i]);
    }
  g_assert_cmpuint (relais_fault_disk_count (RELAIS_DISK_SYNC), <, 20);
  g_assert_cmpuint (relais_fault_disk_unsynced (), ==, 0);
  g_assert_cmpuint (count_runs (fixture), ==, G_N_ELEMENTS (results) + 1);
}

static void
test_one_that_fails_takes_no_other_along (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) taken = relais_test_connection ("d", "MAIN ACCOUNT");
  g_autoptr (GAsyncResult) before = NULL;
  g_autoptr (GAsyncResult) wrong = NULL;
  g_autoptr (GAsyncResult) after = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *holder;

  relais_test_journal_fill (fixture);
  holder = hold_up (fixture);
  ask_for_run (fixture, 1, &before);
  relais_journal_put_connection_async (fixture->journal, taken, NULL, relais_test_journal_keep_result_cb, &wrong);
  ask_for_run (fixture, 2, &after);
  let_go (holder);
  assert_run_written (fixture, relais_test_journal_wait_for (&before));
  g_assert_false (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&wrong), &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN);
  assert_run_written (fixture, relais_test_journal_wait_for (&after));
  g_assert_cmpuint (count_runs (fixture), ==, 3);
}

/* A read among writes sees those before it, and never what was not kept. */
static void
test_a_read_waits_its_turn (RelaisTestJournal *fixture,
                            gconstpointer      user_data)
{
  const RelaisDiskFault fault = { .work = RELAIS_DISK_SYNC, .times = 1, .status = SQLITE_IOERR_FSYNC };
  g_autoptr (RelaisRunRecord) run = relais_run_record_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *holder;

  relais_test_journal_fill (fixture);
  holder = hold_up (fixture);
  relais_fault_disk_set (&fault);
  ask_for_run (fixture, 1, &first);
  relais_journal_list_runs_async (fixture->journal, NULL, NULL, relais_test_journal_keep_result_cb, &read);
  ask_for_run (fixture, 2, &second);
  let_go (holder);
  g_assert_false (relais_journal_put_run_finish (fixture->journal, relais_test_journal_wait_for (&first), run, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  runs = relais_journal_list_runs_finish (fixture->journal, relais_test_journal_wait_for (&read), NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  assert_run_written (fixture, relais_test_journal_wait_for (&second));
}

/* Cancelling and closing */

static void
test_a_call_that_was_cancelled_in_time_writes_nothing (RelaisTestJournal *fixture,
                                                       gconstpointer      user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RelaisRunRecord) run = relais_test_run ("cancelled", "e");
  g_autoptr (GAsyncResult) before = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GAsyncResult) after = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *holder;

  relais_test_journal_fill (fixture);
  holder = hold_up (fixture);
  ask_for_run (fixture, 1, &before);
  relais_journal_put_run_async (fixture->journal, run, cancellable, relais_test_journal_keep_result_cb, &cancelled);
  ask_for_run (fixture, 2, &after);
  g_cancellable_cancel (cancellable);
  let_go (holder);
  assert_run_written (fixture, relais_test_journal_wait_for (&before));
  g_assert_false (relais_journal_put_run_finish (fixture->journal, relais_test_journal_wait_for (&cancelled), run, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_run_written (fixture, relais_test_journal_wait_for (&after));
  g_assert_cmpuint (count_runs (fixture), ==, 3);
}

static void
test_a_call_that_was_cancelled_too_late_says_what_it_wrote (RelaisTestJournal *fixture,
                                                            gconstpointer      user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RelaisRunRecord) run = relais_test_run ("late", "e");
  g_autoptr (GAsyncResult) result = NULL;

  relais_test_journal_fill (fixture);
  relais_fault_disk_set (NULL);
  relais_journal_put_run_async (fixture->journal, run, cancellable, relais_test_journal_keep_result_cb, &result);
  while (relais_fault_disk_count (RELAIS_DISK_SYNC) == 0)
    g_usleep (1000);
  g_cancellable_cancel (cancellable);
  assert_run_written (fixture, relais_test_journal_wait_for (&result));
}

static void
test_opening_can_be_cancelled (RelaisTestJournal *fixture,
                               gconstpointer      user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  relais_journal_open_async (fixture->path, cancellable, relais_test_journal_keep_result_cb, &result);
  g_assert_null (relais_journal_open_finish (relais_test_journal_wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_closing_finishes_what_was_asked_for (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  GAsyncResult *results[300] = { NULL };
  g_autoptr (GAsyncResult) too_late = NULL;
  g_autoptr (RelaisRunRecord) run = relais_run_record_new ();
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    ask_for_run (fixture, i, &results[i]);
  relais_journal_close (fixture->journal);
  relais_journal_close (fixture->journal);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      assert_run_written (fixture, relais_test_journal_wait_for (&results[i]));
      g_clear_object (&results[i]);
    }

  ask_for_run (fixture, 1000, &too_late);
  g_assert_false (relais_journal_put_run_finish (fixture->journal, relais_test_journal_wait_for (&too_late), run, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_clear_object (&too_late);
  relais_test_journal_reopen (fixture);
  g_assert_cmpuint (count_runs (fixture), ==, G_N_ELEMENTS (results) + 1);
}

static void
test_a_journal_that_is_let_go_of_finishes_too (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  GAsyncResult *results[50] = { NULL };
  gpointer watched = fixture->journal;

  relais_test_journal_fill (fixture);
  g_object_add_weak_pointer (watched, &watched);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    ask_for_run (fixture, i, &results[i]);
  g_clear_object (&fixture->journal);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_assert_nonnull (relais_test_journal_wait_for (&results[i]));
      g_clear_object (&results[i]);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (watched);
  relais_test_journal_reopen (fixture);
  g_assert_cmpuint (count_runs (fixture), ==, G_N_ELEMENTS (results) + 1);
}

#define ADD(name, function) \
  g_test_add ("/journal/" name, RelaisTestJournal, NULL, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--write"))
    return be_a_writer (argv[2]);
  if (argc == 3 && g_str_equal (argv[1], "--runs"))
    return be_another (argv[2]);

  g_test_init (&argc, &argv, NULL);
  relais_fault_disk_install ();
  ADD ("a-call-ends-when-it-is-on-disk", test_a_call_ends_when_it_is_on_disk);
  ADD ("a-killed-process-kept-its-word", test_a_killed_process_kept_its_word);
  ADD ("two-processes-write-side-by-side", test_two_processes_write_side_by_side);
  ADD ("two-journals-are-made-at-once", test_two_journals_are_made_at_once);
  ADD ("a-journal-that-stays-locked-is-named", test_a_journal_that_stays_locked_is_named);
  ADD ("the-loop-turns-while-a-call-waits", test_the_loop_turns_while_a_call_waits);
  ADD ("no-call-works-in-the-loops-thread", test_no_call_works_in_the_loops_thread);
  ADD ("an-answer-comes-where-it-was-asked", test_an_answer_comes_where_it_was_asked);
  ADD ("what-waits-is-written-together", test_what_waits_is_written_together);
  ADD ("one-that-fails-takes-no-other-along", test_one_that_fails_takes_no_other_along);
  ADD ("a-read-waits-its-turn", test_a_read_waits_its_turn);
  ADD ("a-call-that-was-cancelled-in-time-writes-nothing", test_a_call_that_was_cancelled_in_time_writes_nothing);
  ADD ("a-call-that-was-cancelled-too-late-says-what-it-wrote", test_a_call_that_was_cancelled_too_late_says_what_it_wrote);
  ADD ("opening-can-be-cancelled", test_opening_can_be_cancelled);
  ADD ("closing-finishes-what-was-asked-for", test_closing_finishes_what_was_asked_for);
  ADD ("a-journal-that-is-let-go-of-finishes-too", test_a_journal_that_is_let_go_of_finishes_too);

  return g_test_run ();
}
