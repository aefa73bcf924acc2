/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Others who send to the same list: nobody is taken off whom another export holds there, and nobody as long as that is not known. */

#include "relais-leaving-fixture.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"

#include <string.h>

static void
set_times (RelaisRunFixture *self)
{
  relais_delivery_set_times (self->delivery, &self->times);
}

/* Twenty people, of whom three have left the segment */
static void
prepare (RelaisRunFixture *self)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
}

static void
test_whom_another_export_delivers_stays (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=2 taken_off=2 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 2);
  /* The other keeps them. */
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 30, 30, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
}

/* Whom another export holds that keeps everybody is not looked for, and may have become a row that cannot be read: once the other is
 * gone, it must not be taken for one that was nobody's. */
static void
test_no_row_is_known_as_nobodys_while_another_export_holds_people_too (RelaisRunFixture *self,
                                                                        gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 2);
  g_assert_true (relais_run_get_record (self->run)->leavers.told_apart);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_write (self, "EMail,FirstName\nperson1@example.com,Name1\nperson2#example.com,Name2\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  g_assert_false (relais_run_get_record (self->run)->leavers.told_apart);
}

/* Whom another export holds stays in any case: nobody was asked about them. */
static void
test_an_answer_is_about_nobody_whom_another_export_delivers (RelaisRunFixture *self,
                                                             gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  self->options.leavers = RELAIS_ANSWER_KEEP;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=2 taken_off=0 in_doubt=0 kept=2");
  g_assert_cmpstr (relais_run_fixture_get_told (self), ==, "2 people who left the segment stay on the list this time, as was asked.");
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Everybody whom this export has put on the list is put there by the other one. */
static void
deliver_through_other (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  const RelaisRunRecord *other = relais_run_get_record (relais_export_get_last_run (relais_workspace_find_export (self->workspace, "Other")));
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GAsyncResult) reading = NULL;
  g_autoptr (GAsyncResult) writing = NULL;
  g_autoptr (GBytes) fingerprints = NULL;

  relais_journal_read_fingerprints_async (journal, relais_export_get_id (self->export), NULL, keep_result_cb, &reading);
  while (reading == NULL)
    g_main_context_iteration (NULL, TRUE);
  fingerprints = relais_journal_read_fingerprints_finish (journal, reading, NULL);
  relais_journal_put_removals_async (journal, other->id, &(RelaisLead) { 0 }, other->connection_id, none, NULL, NULL, g_bytes_get_data (fingerprints, NULL),
                                     g_bytes_get_size (fingerprints) / sizeof (RelaisFingerprint), NULL, keep_result_cb, &writing);
  while (writing == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (relais_journal_write_finish (journal, writing, NULL));
}

/* No run of this process can do so, and another process does not run beside it. It is asked all the same before an import leaves. */
static void
test_whom_another_export_delivers_meanwhile_stays (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  guint64 n_imports;

  prepare (self);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 30, 30, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  n_imports = self->practice->account.n_imports;
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, deliver_through_other), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  g_assert_cmpuint (self->practice->account.n_imports, ==, n_imports);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT), ==, 0);
}

/* Two exports do not wait for each other. */
static void
test_whoever_leaves_both_segments_is_taken_off (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  static const char remove[] = ",\"leavers\":\"remove\",\"leavers_brake\":{\"share\":100}";

  prepare (self);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, remove), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 30, 30, remove), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 2);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
}

/* It comes to its end each time, and never gets through: whom it may have put there stays, and is nobody's obstacle. */
static void
test_whom_another_export_may_have_put_there_stays (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  prepare (self);
  self->times.import_deadline = 0.05;
  set_times (self);
  for (guint i = 0; i < 2; i++)
    {
      relais_run_fixture_misbehave (self, user_data, NULL);
      g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
      relais_run_fixture_misbehave (self, user_data, "off");
    }
  self->times.import_deadline = 120;
  set_times (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=2 taken_off=2 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
  /* The other sends them again, and answers for them from now on. */
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.by_state[RELAIS_ROW_DELIVERED], ==, 1);
}

static void
test_while_another_export_is_in_doubt_nobody_is_taken_off (RelaisRunFixture *self,
                                                           gconstpointer     user_data)
{
  prepare (self);
  self->times.patience = 0.05;
  set_times (self);
  relais_run_fixture_misbehave (self, "info/html-502", NULL);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_INTERRUPTED);
  relais_run_fixture_misbehave (self, "info/html-502", "off");
  self->times.patience = 120;
  set_times (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "“Other”"));
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 0);
  /* When it has come to its end, they are. */
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=2 taken_off=2 in_doubt=0 kept=0");
}

static void
test_another_connection_to_the_account_takes_nobody_off (RelaisRunFixture *self,
                                                         gconstpointer     user_data)
{
  prepare (self);
  self->connection_name = "The same account";
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  self->connection_name = "Account";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "another connection"));
}

/* People of another list are nobody to be taken off this one. */
static void
test_an_export_that_moves_answers_for_nobody_there (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  prepare (self);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      relais_content_add_person (self->practice->account.store, email, 2, 1);
    }
  self->list_id = 2;
  relais_leaving_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=17 delivered=17");
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_status (self, 2, 1), ==, 20);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 20);
}

typedef struct
{
  RelaisRunFixture *self;
  RelaisExport     *other;      /* (owned) */
  RelaisRun        *run;        /* (owned) (nullable) */
  gboolean          started;
  gboolean          ended;
} Rival;

static void
rival_ended_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Rival *rival = user_data;
  g_autoptr (GError) error = NULL;

  rival->run = relais_delivery_run_finish (RELAIS_DELIVERY (object), result, &error);
  g_assert_no_error (error);
  rival->ended = TRUE;
}

static void
start_rival (Rival *rival)
{
  g_autoptr (RelaisRun) run = NULL;

  rival->started = TRUE;
  run = relais_delivery_run_async (rival->self->delivery, rival->other, &rival->self->options, NULL, rival_ended_cb, rival);
  g_assert_nonnull (run);
}

static void
phase_changed_cb (RelaisRun  *run,
                  GParamSpec *pspec,
                  gpointer    user_data)
{
  Rival *rival = user_data;

  if (relais_run_get_phase (run) == RELAIS_PHASE_TAKING_OFF && !rival->started)
    start_rival (rival);
}

/* The fixture's run, and the rival's, which begins with the first one's taking people off if it has not before */
static void
run_both (Rival *rival)
{
  gulong handler;

  relais_run_fixture_start (rival->self);
  handler = g_signal_connect (rival->self->live, "notify::phase", G_CALLBACK (phase_changed_cb), rival);
  while (!rival->self->ended || !rival->ended)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (rival->self->live, handler);
  g_assert_true (rival->started);
}

/* Both have person 2, who left the one segment and came into the other: whichever is first, they are on the list in the end, or
 * can be put back. */
static void
test_two_runs_to_one_list_take_turns (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  gboolean before = g_str_equal (user_data, "before");
  Rival rival = { .self = self };

  prepare (self);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 30, 30, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  rival.other = g_object_ref (relais_workspace_find_export (self->workspace, "Other"));
  {
    g_autofree char *path = g_strconcat (self->segment, ".other", NULL);

    g_assert_true (g_file_set_contents (path, "EMail,FirstName\nperson2@example.com,Name2\nperson30@example.com,Name30\n", -1, NULL));
  }
  relais_run_fixture_misbehave (self, "import-delay", "200");
  /* Its guard has asked who may not be mailed before the other takes anybody off, or asks it after that. */
  if (before)
    start_rival (&rival);
  run_both (&rival);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_run_get_status (rival.run), ==, RELAIS_RUN_SUCCESSFUL);
  if (before)
    {
      relais_leaving_assert_counts (self, "departed=2 taken_off=2 in_doubt=0 kept=0");
      g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
      g_assert_cmpuint (relais_run_get_record (rival.run)->counts.by_state[RELAIS_ROW_DELIVERED], ==, 1);
    }
  else
    {
      relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
      /* Nothing was sent of them while they were being taken off. */
      g_assert_cmpuint (relais_run_get_record (rival.run)->counts.by_state[RELAIS_ROW_REFUSED], ==, 0);
    }
  g_clear_object (&rival.run);
  g_clear_object (&rival.other);
}

/* Whom both take off at once can come back to both: neither sees what the other did in between. */
static void
test_whoever_is_taken_off_two_lists_at_once_comes_back_to_both (RelaisRunFixture *self,
                                                                gconstpointer     user_data)
{
  static const char remove[] = ",\"leavers\":\"remove\",\"leavers_brake\":{\"share\":100}";
  Rival rival = { .self = self };

  prepare (self);
  self->list_id = 2;
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 1, 20, remove), ==, RELAIS_RUN_SUCCESSFUL);
  self->list_id = 1;
  rival.other = g_object_ref (relais_workspace_find_export (self->workspace, "Other"));
  {
    g_autofree char *path = g_strconcat (self->segment, ".other", NULL);

    g_assert_true (g_file_set_contents (path, "EMail,FirstName\nperson20@example.com,Name20\n", -1, NULL));
  }
  relais_run_fixture_misbehave (self, "import-delay", "1500");
  run_both (&rival);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_run_get_record (rival.run)->leavers.taken_off, ==, 19);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
  self->list_id = 2;
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 19);
  self->list_id = 1;
  g_clear_object (&rival.run);
  g_clear_object (&rival.other);
  relais_run_fixture_misbehave (self, "import-delay", "10");
  /* One opts out of the other list: that keeps them away from both. */
  relais_leaving_execute (self, "UPDATE memberships SET updated = updated + 100 WHERE list = 2 AND contact = (SELECT id FROM contacts WHERE email = 'person3@example.com')");
  relais_leaving_write_range (self, 1, 20);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.put_back, ==, 2);
  self->list_id = 2;
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 1, 20, remove), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.put_back, ==, 18);
  self->list_id = 1;
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, 2);
}

/* Nobody is waiting for the account but who takes people off, not even to send to the same list. */
static void
test_whoever_only_sends_does_not_wait_for_the_account (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  static const char remove[] = ",\"leavers\":\"remove\",\"leavers_brake\":{\"share\":100}";
  g_autofree char *path = g_strconcat (self->segment, ".other", NULL);
  Rival rival = { .self = self }, sender = { .self = self };
  guint64 n_imports;
  gulong handler;

  prepare (self);
  self->list_id = 2;
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 40, 49, remove), ==, RELAIS_RUN_SUCCESSFUL);
  rival.other = g_object_ref (relais_workspace_find_export (self->workspace, "Other"));
  g_assert_cmpint (relais_leaving_run_other (self, "Keeper", 48, 48, remove), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_leaving_run_other (self, "Sender", 60, 60, NULL), ==, RELAIS_RUN_SUCCESSFUL);
  sender.other = g_object_ref (relais_workspace_find_export (self->workspace, "Sender"));
  self->list_id = 1;
  g_assert_true (g_file_set_contents (path, "EMail,FirstName\nperson49@example.com,Name49\n", -1, NULL));
  n_imports = self->practice->account.n_imports;
  relais_run_fixture_misbehave (self, "import-delay", "5s");
  relais_run_fixture_start (self);
  handler = g_signal_connect (self->live, "notify::phase", G_CALLBACK (phase_changed_cb), &rival);
  while (!rival.started || relais_run_get_phase (relais_export_get_last_run (rival.other)) != RELAIS_PHASE_WAITING_FOR_TURN)
    g_main_context_iteration (NULL, TRUE);
  while (self->practice->account.n_imports == n_imports)
    g_main_context_iteration (NULL, FALSE);
  relais_run_fixture_misbehave (self, "import-delay", "10");
  /* Its segment is the same file: everybody in it is new to it. */
  start_rival (&sender);
  /* The account does imports in their order, so that this one is done after the other. It has left before. */
  while (relais_run_get_phase (relais_export_get_last_run (sender.other)) < RELAIS_PHASE_CONFIRMING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (self->ended);
  g_assert_cmpint (relais_run_get_phase (relais_export_get_last_run (rival.other)), ==, RELAIS_PHASE_WAITING_FOR_TURN);
  while (!self->ended || !rival.ended || !sender.ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (relais_run_get_status (sender.run), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (sender.run)->counts.by_state[RELAIS_ROW_DELIVERED], ==, 1);
  g_signal_handler_disconnect (self->live, handler);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpint (relais_run_get_status (rival.run), ==, RELAIS_RUN_SUCCESSFUL);
  /* What was found out before it waited is not counted once more. */
  g_assert_cmpuint (relais_run_get_record (rival.run)->leavers.taken_off, ==, 8);
  g_assert_cmpuint (relais_run_get_record (rival.run)->leavers.kept, ==, 1);
  g_assert_cmpuint (relais_run_get_record (rival.run)->leavers.shared, ==, 1);
  g_clear_object (&rival.run);
  g_clear_object (&rival.other);
  g_clear_object (&sender.run);
  g_clear_object (&sender.other);
}

#define ADD(name, data, function) \
  g_test_add ("/run-leaving-others/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whom-another-export-delivers-stays", NULL, test_whom_another_export_delivers_stays);
  ADD ("no-row-is-known-as-nobodys-while-another-export-holds-people-too", NULL, test_no_row_is_known_as_nobodys_while_another_export_holds_people_too);
  ADD ("an-answer-is-about-nobody-whom-another-export-delivers", NULL, test_an_answer_is_about_nobody_whom_another_export_delivers);
  ADD ("whom-another-export-delivers-meanwhile-stays", NULL, test_whom_another_export_delivers_meanwhile_stays);
  ADD ("whoever-leaves-both-segments-is-taken-off", NULL, test_whoever_leaves_both_segments_is_taken_off);
  ADD ("whom-another-export-may-have-put-there-stays/failed", "import-failed", test_whom_another_export_may_have_put_there_stays);
  ADD ("whom-another-export-may-have-put-there-stays/unknown", "import-never-ends", test_whom_another_export_may_have_put_there_stays);
  ADD ("while-another-export-is-in-doubt-nobody-is-taken-off", NULL, test_while_another_export_is_in_doubt_nobody_is_taken_off);
  ADD ("another-connection-to-the-account-takes-nobody-off", NULL, test_another_connection_to_the_account_takes_nobody_off);
  ADD ("an-export-that-moves-answers-for-nobody-there", NULL, test_an_export_that_moves_answers_for_nobody_there);
  ADD ("whoever-is-taken-off-two-lists-at-once-comes-back-to-both", NULL, test_whoever_is_taken_off_two_lists_at_once_comes_back_to_both);
  ADD ("whoever-only-sends-does-not-wait-for-the-account", NULL, test_whoever_only_sends_does_not_wait_for_the_account);
  ADD ("two-runs-to-one-list/before", "before", test_two_runs_to_one_list_take_turns);
  ADD ("two-runs-to-one-list/meanwhile", "meanwhile", test_two_runs_to_one_list_take_turns);

  return g_test_run ();
}
