/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run leaves in the accountability log, however it ends, and what becomes of its rows. */

#include "relais-journal-ageing.h"
#include "relais-journal-log.h"
#include "relais-run-fixture.h"

#include <string.h>

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static GPtrArray *
list_log (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) checked = NULL;
  g_autoptr (RelaisLogCheck) check = NULL;

  relais_journal_check_log_async (journal, NULL, keep_result_cb, &checked);
  check = relais_journal_check_log_finish (journal, wait_for (&checked), NULL);
  g_assert_cmpint (check->state, ==, RELAIS_LOG_WHOLE);
  g_assert_cmpuint (check->n_open, ==, 0);
  relais_journal_list_log_async (journal, NULL, keep_result_cb, &listed);

  return relais_journal_list_log_finish (journal, wait_for (&listed), NULL);
}

static void
assert_says (GPtrArray  *lines,
             guint       number,
             const char *words)
{
  const char *line = ((RelaisLogLine *) g_ptr_array_index (lines, number - 1))->line;

  if (strstr (line, words) == NULL)
    g_error ("“%s” is not in %s", words, line);
}

static void
keep_days (RelaisRunFixture *self,
           guint             days)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_set_keep_days_async (journal, days, NULL, keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (journal, wait_for (&result), NULL));
}

static void
test_a_run_says_who_answers_for_it (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  g_autofree char *who = g_strdup_printf ("\"who\":\"%s\"", g_get_user_name ());
  g_autofree char *list = NULL;
  g_autofree char *host = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  relais_run_fixture_write (self, "EMail,FirstName\na@example.com,A\nno-at,C\n");
  relais_run_fixture_define (self, NULL);
  self->options.trigger = RELAIS_TRIGGER_SCHEDULED;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  lines = list_log (self);
  g_assert_cmpuint (lines->len, ==, 1);
  list = g_strdup_printf ("\"list\":\"%u\"", relais_export_get_definition (self->export)->list_id);
  host = g_strdup_printf ("\"host\":\"%s\"", relais_connection_get_record (relais_export_get_connection (self->export))->host);
  assert_says (lines, 1, who);
  assert_says (lines, 1, "\"how\":\"scheduled\"");
  assert_says (lines, 1, list);
  assert_says (lines, 1, host);
  assert_says (lines, 1, "\"consent\":{\"version\":1,");
  assert_says (lines, 1, "\"rows\":{\"read\":2,\"delivered\":1,\"unchanged\":0,\"duplicate\":0,\"invalid\":1,");
  assert_says (lines, 1, "\"batches\":1,\"repeats\":0,\"repeats_allowed\":0,\"outcome\":\"completed-with-errors\"");
}

static void
test_a_run_that_goes_on_leaves_two_lines (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  g_autoptr (GPtrArray) lines = NULL;

  relais_run_fixture_write_people (self, 600);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "active";
  relais_run_fixture_start (self);
  relais_run_fixture_wait_accepted (self, 3);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  relais_run_fixture_reopen (self);
  self->account->every_info = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  lines = list_log (self);
  g_assert_cmpuint (lines->len, ==, 2);
  assert_says (lines, 1, "\"attempt\":1,");
  assert_says (lines, 1, "\"outcome\":\"interrupted\"");
  assert_says (lines, 2, "\"attempt\":2,");
  assert_says (lines, 2, "\"delivered\":600,");
  assert_says (lines, 2, "\"outcome\":\"successful\"");
}

static void
test_a_canceled_run_leaves_a_line (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  g_autoptr (GPtrArray) lines = NULL;

  relais_run_fixture_write_people (self, 600);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "active";
  relais_run_fixture_start (self);
  relais_run_fixture_wait_accepted (self, 3);
  relais_run_cancel (self->live);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_CANCELED);
  lines = list_log (self);
  g_assert_cmpuint (lines->len, ==, 1);
  assert_says (lines, 1, "\"outcome\":\"canceled\"");
}

static void
test_rows_that_are_not_kept_are_gone_when_the_run_ends (RelaisRunFixture *self,
                                                        gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  relais_run_fixture_write (self, "EMail,FirstName\na@example.com,A\nno-at,C\n");
  relais_run_fixture_define (self, NULL);
  keep_days (self, 0);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 0);
  /* Whoever shows the run can say so. */
  g_assert_cmpint (relais_run_get_record (self->run)->rows_deleted_at, >=, relais_run_get_record (self->run)->ended_at);
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.by_state[RELAIS_ROW_INVALID], ==, 1);
}

#define ADD(name, test) \
  g_test_add ("/run/log/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a run says who answers for it", test_a_run_says_who_answers_for_it);
  ADD ("a run that goes on leaves two lines", test_a_run_that_goes_on_leaves_two_lines);
  ADD ("a canceled run leaves a line", test_a_canceled_run_leaves_a_line);
  ADD ("rows that are not kept are gone when the run ends", test_rows_that_are_not_kept_are_gone_when_the_run_ends);

  return g_test_run ();
}
