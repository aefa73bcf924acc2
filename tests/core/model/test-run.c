/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-run.h"

#include <string.h>

#include "relais-run-private.h"
#include "relais-test-notify.h"

typedef struct
{
  RelaisRun *run;   /* (owned) */
  GString   *told;  /* what it notified */
} Fixture;

static RelaisRunRecord *
make_record (RelaisRunStatus status)
{
  RelaisRunRecord *record = relais_run_record_new ();

  record->id = g_strdup ("2f6c0001");
  record->number = 7;
  record->export_id = g_strdup ("export");
  record->status = status;
  record->started_at = 1000;
  record->ended_at = status == RELAIS_RUN_PROCESSING ? 0 : 2000;

  return record;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (RelaisRunRecord) record = make_record (GPOINTER_TO_INT (user_data));

  fixture->run = relais_run_new (record);
  fixture->told = relais_test_listen (fixture->run);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->run);
}

/* What the journal says, who works on it, and what is shown for it. */
static const struct
{
  RelaisRunStatus stored;
  gboolean        live;
  gboolean        elsewhere;
  RelaisRunStatus shown;
  gboolean        can_go_on;
} states[] = {
  { RELAIS_RUN_PROCESSING, FALSE, FALSE, RELAIS_RUN_INTERRUPTED, TRUE },
  { RELAIS_RUN_PROCESSING, TRUE, FALSE, RELAIS_RUN_PROCESSING, FALSE },
  { RELAIS_RUN_PROCESSING, FALSE, TRUE, RELAIS_RUN_PROCESSING, TRUE },
  { RELAIS_RUN_INTERRUPTED, FALSE, FALSE, RELAIS_RUN_INTERRUPTED, TRUE },
  { RELAIS_RUN_INTERRUPTED, TRUE, FALSE, RELAIS_RUN_PROCESSING, FALSE },
  { RELAIS_RUN_CANCELED, FALSE, FALSE, RELAIS_RUN_CANCELED, TRUE },
  { RELAIS_RUN_CANCELED, TRUE, FALSE, RELAIS_RUN_PROCESSING, FALSE },
  { RELAIS_RUN_FAILURE, FALSE, FALSE, RELAIS_RUN_FAILURE, TRUE },
  { RELAIS_RUN_SUCCESSFUL, FALSE, FALSE, RELAIS_RUN_SUCCESSFUL, FALSE },
  { RELAIS_RUN_SUCCESSFUL, FALSE, TRUE, RELAIS_RUN_SUCCESSFUL, FALSE },
  { RELAIS_RUN_COMPLETED_WITH_ERRORS, FALSE, FALSE, RELAIS_RUN_COMPLETED_WITH_ERRORS, FALSE },
  { RELAIS_RUN_SKIPPED, FALSE, FALSE, RELAIS_RUN_SKIPPED, FALSE },
};

static void
test_a_status_is_what_the_journal_and_the_processes_amount_to (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (RelaisRunRecord) record = make_record (states[i].stored);
      g_autoptr (RelaisRun) run = relais_run_new (record);

      g_test_message ("%s, live %d, elsewhere %d", relais_run_status_to_id (states[i].stored), states[i].live, states[i].elsewhere);
      relais_run_set_live (run, states[i].live);
      relais_run_set_elsewhere (run, states[i].elsewhere);
      g_assert_cmpint (relais_run_get_status (run), ==, states[i].shown);
      g_assert_cmpint (relais_run_can_go_on (run), ==, states[i].can_go_on);
      g_assert_finalize_object (g_steal_pointer (&run));
    }
}

static void
test_a_life_is_told_once_each (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_autoptr (RelaisRunRecord) record = make_record (RELAIS_RUN_SUCCESSFUL);

  g_assert_cmpint (relais_run_get_status (fixture->run), ==, RELAIS_RUN_INTERRUPTED);
  relais_run_set_live (fixture->run, TRUE);
  relais_test_assert_notified (fixture->told, "live status");
  relais_run_set_live (fixture->run, TRUE);
  relais_test_assert_notified (fixture->told, "");

  relais_run_set_phase (fixture->run, RELAIS_PHASE_SENDING);
  relais_run_set_phase (fixture->run, RELAIS_PHASE_SENDING);
  relais_test_assert_notified (fixture->told, "phase");

  /* While it is live it is processing, whatever the record says. */
  record->message = g_strdup ("…");
  relais_run_set_record (fixture->run, record);
  relais_test_assert_notified (fixture->told, "message ended-at");
  relais_run_set_record (fixture->run, record);
  relais_test_assert_notified (fixture->told, "");
  relais_run_set_live (fixture->run, FALSE);
  relais_test_assert_notified (fixture->told, "live status");
  g_assert_cmpint (relais_run_get_status (fixture->run), ==, RELAIS_RUN_SUCCESSFUL);
}

static void
test_another_process_is_told_of (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  relais_run_set_elsewhere (fixture->run, TRUE);
  relais_test_assert_notified (fixture->told, "status");
  relais_run_set_elsewhere (fixture->run, TRUE);
  relais_test_assert_notified (fixture->told, "");
  relais_run_set_elsewhere (fixture->run, FALSE);
  relais_test_assert_notified (fixture->told, "status");
}

static void
wait_for_told (Fixture *fixture)
{
  while (fixture->told->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_progress_is_told_in_one_piece (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  relais_run_set_live (fixture->run, TRUE);
  g_string_truncate (fixture->told, 0);

  for (guint i = 1; i <= 1000; i++)
    relais_run_set_progress (fixture->run, i, 2000);
  relais_test_assert_notified (fixture->told, "");
  g_assert_cmpuint (relais_run_get_done (fixture->run), ==, 1000);
  g_assert_cmpuint (relais_run_get_total (fixture->run), ==, 2000);
  wait_for_told (fixture);
  g_assert_nonnull (strstr (fixture->told->str, "done"));
  g_assert_nonnull (strstr (fixture->told->str, "total"));
  g_string_truncate (fixture->told, 0);

  /* Nothing new, nothing to tell. */
  relais_run_set_progress (fixture->run, 1000, 2000);
  relais_run_set_progress (fixture->run, 1001, 2000);
  wait_for_told (fixture);
  g_assert_nonnull (strstr (fixture->told->str, "done"));
  g_assert_null (strstr (fixture->told->str, "total"));
}

static void
test_rows_are_counted_after_people (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  relais_run_set_live (fixture->run, TRUE);
  relais_run_set_phase (fixture->run, RELAIS_PHASE_GUARDING);
  g_string_truncate (fixture->told, 0);
  relais_run_set_progress (fixture->run, 5000, 90000);
  wait_for_told (fixture);
  g_string_truncate (fixture->told, 0);

  /* Rows are few, and what was counted before says nothing of their pace. */
  relais_run_set_phase (fixture->run, RELAIS_PHASE_PREPARING);
  relais_test_assert_notified (fixture->told, "phase done total");
  g_assert_cmpuint (relais_run_get_done (fixture->run), ==, 0);
  g_assert_cmpuint (relais_run_get_total (fixture->run), ==, 0);
  g_assert_cmpfloat (relais_run_get_rate (fixture->run), <=, 0);
  relais_run_set_phase (fixture->run, RELAIS_PHASE_SENDING);
  relais_run_set_progress (fixture->run, 3, 10);
  relais_run_set_phase (fixture->run, RELAIS_PHASE_CONFIRMING);
  g_assert_cmpuint (relais_run_get_done (fixture->run), ==, 3);
}

static void
test_the_end_tells_the_last_progress_at_once (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  relais_run_set_live (fixture->run, TRUE);
  g_string_truncate (fixture->told, 0);
  relais_run_set_progress (fixture->run, 2000, 2000);
  relais_run_set_live (fixture->run, FALSE);
  g_assert_nonnull (strstr (fixture->told->str, "done"));
  g_assert_nonnull (strstr (fixture->told->str, "total"));
  g_assert_cmpfloat (relais_run_get_rate (fixture->run), <=, 0);
  g_assert_cmpint (relais_run_get_remaining (fixture->run), ==, -1);

  /* No timer is left that could tell it again, or a run that is gone. */
  g_string_truncate (fixture->told, 0);
  g_assert_false (g_main_context_pending (NULL));
}

static void
test_what_it_waits_for_is_told (Fixture       *fixture,
                                gconstpointer  user_data)
{
  gint64 until = 0;
  g_autofree char *what_for = NULL;

  relais_run_set_waiting (fixture->run, 5000, "The network is gone.");
  relais_test_assert_notified (fixture->told, "waiting-until waiting-for");
  relais_run_set_waiting (fixture->run, 6000, "The network is gone.");
  relais_test_assert_notified (fixture->told, "waiting-until");
  g_object_get (fixture->run, "waiting-until", &until, "waiting-for", &what_for, NULL);
  g_assert_cmpint (until, ==, 6000);
  g_assert_cmpstr (what_for, ==, "The network is gone.");
  relais_run_set_waiting (fixture->run, 0, NULL);
  relais_test_assert_notified (fixture->told, "waiting-until waiting-for");
  relais_run_set_waiting (fixture->run, 0, NULL);
  relais_test_assert_notified (fixture->told, "");
}

static void
count_cb (RelaisRun *run,
          gpointer   user_data)
{
  ++*(guint *) user_data;
}

static void
test_only_a_live_run_is_cancelled_or_hurried (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  g_autoptr (GCancellable) first = NULL;
  guint n_skips = 0;

  g_signal_connect (fixture->run, "skip-wait", G_CALLBACK (count_cb), &n_skips);
  relais_run_cancel (fixture->run);
  relais_run_skip_wait (fixture->run);
  g_assert_false (g_cancellable_is_cancelled (relais_run_get_cancellable (fixture->run)));
  g_assert_cmpuint (n_skips, ==, 0);

  relais_run_set_live (fixture->run, TRUE);
  first = g_object_ref (relais_run_get_cancellable (fixture->run));
  relais_run_skip_wait (fixture->run);
  relais_run_cancel (fixture->run);
  g_assert_cmpuint (n_skips, ==, 1);
  g_assert_true (g_cancellable_is_cancelled (first));

  /* The next time it is live it is not cancelled already. */
  relais_run_set_live (fixture->run, FALSE);
  relais_run_set_live (fixture->run, TRUE);
  g_assert_false (g_cancellable_is_cancelled (relais_run_get_cancellable (fixture->run)));
}

static void
test_properties_say_what_the_functions_do (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  g_autofree char *id = NULL;
  g_autofree char *message = NULL;
  gint64 number, remaining, started_at, ended_at;
  guint64 done, total;
  double rate;
  gboolean live;
  int status, phase;

  g_object_get (fixture->run, "id", &id, "number", &number, "status", &status, "phase", &phase, "live", &live, "done", &done,
                "total", &total, "rate", &rate, "remaining", &remaining, "message", &message, "started-at", &started_at,
                "ended-at", &ended_at, NULL);
  g_assert_cmpstr (id, ==, "2f6c0001");
  g_assert_cmpint (number, ==, 7);
  g_assert_cmpint (status, ==, relais_run_get_status (fixture->run));
  g_assert_cmpint (phase, ==, RELAIS_PHASE_ENDED);
  g_assert_false (live);
  g_assert_cmpuint (done, ==, 0);
  g_assert_cmpuint (total, ==, 0);
  g_assert_cmpfloat (rate, <=, 0);
  g_assert_cmpint (remaining, ==, -1);
  g_assert_null (message);
  g_assert_cmpint (started_at, ==, 1000);
  g_assert_cmpint (ended_at, ==, 0);
}

#define ADD(path, function) \
  g_test_add ("/run/" path, Fixture, GINT_TO_POINTER (RELAIS_RUN_PROCESSING), set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/a-status-is-what-the-journal-and-the-processes-amount-to",
                   test_a_status_is_what_the_journal_and_the_processes_amount_to);
  ADD ("a-life-is-told-once-each", test_a_life_is_told_once_each);
  ADD ("another-process-is-told-of", test_another_process_is_told_of);
  ADD ("progress-is-told-in-one-piece", test_progress_is_told_in_one_piece);
  ADD ("rows-are-counted-after-people", test_rows_are_counted_after_people);
  ADD ("the-end-tells-the-last-progress-at-once", test_the_end_tells_the_last_progress_at_once);
  ADD ("what-it-waits-for-is-told", test_what_it_waits_for_is_told);
  ADD ("only-a-live-run-is-cancelled-or-hurried", test_only_a_live_run_is_cancelled_or_hurried);
  ADD ("properties-say-what-the-functions-do", test_properties_say_what_the_functions_do);

  return g_test_run ();
}
