/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run that could not begin is in the history, with its reason. */

#include "relais-error.h"
#include "relais-run-fixture.h"
#include "relais-run-words.h"

#include <glib/gstdio.h>

typedef enum
{
  NO_FILE,
  NO_KEY,
  KEYRING_LOCKED,
} Obstacle;

static void
put_in_the_way (RelaisRunFixture *self,
                Obstacle          obstacle,
                gboolean          there)
{
  const char *id = relais_connection_get_id (relais_export_get_connection (self->export));

  if (obstacle == NO_FILE && there)
    g_assert_cmpint (g_remove (self->segment), ==, 0);
  else if (obstacle == NO_FILE)
    relais_run_fixture_write_people (self, 300);
  else if (obstacle == NO_KEY)
    relais_memory_secrets_set (self->secrets, RELAIS_SECRET_API_KEY, id, there ? NULL : "key");
  else
    relais_memory_secrets_set_locked (self->secrets, there);
}

static void
fail_to_run (RelaisRunFixture *self,
             int               code)
{
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, code);
  g_assert_null (self->run);
}

/* The last run is what is in the journal, also for whoever opens it next. */
static void
assert_last (RelaisRunFixture *self,
             guint             n_runs,
             RelaisRunStatus   status,
             int               code,
             guint64           n_delivered)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) history = relais_run_fixture_history (self);
      RelaisRun *last = relais_export_get_last_run (self->export);
      const RelaisRunRecord *record = relais_run_get_record (last);
      g_autofree char *told = relais_run_explain (record, RELAIS_QUESTION_OPEN);

      g_assert_cmpuint (history->len, ==, n_runs);
      g_assert_cmpstr (((RelaisRunRecord *) g_ptr_array_index (history, 0))->id, ==, record->id);
      g_assert_cmpint (relais_run_get_status (last), ==, status);
      g_assert_cmpint (record->error_code, ==, code);
      g_assert_nonnull (told);
      g_assert_cmpint (record->ended_at, >, 0);
      g_assert_cmpuint (record->counts.by_state[RELAIS_ROW_DELIVERED], ==, n_delivered);
      if (n_delivered == 0)
        g_assert_cmpuint (record->counts.read, ==, 0);
      relais_run_fixture_reopen (self);
    }
}

static void
test_it_is_in_the_history (RelaisRunFixture *self,
                           gconstpointer     user_data)
{
  static const int codes[] = { RELAIS_ERROR_FILE, RELAIS_ERROR_KEY_MISSING, RELAIS_ERROR_KEYRING_LOCKED };
  Obstacle obstacle = GPOINTER_TO_UINT (user_data);

  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);

  put_in_the_way (self, obstacle, TRUE);
  fail_to_run (self, codes[obstacle]);
  g_assert_cmpint (relais_export_get_status (self->export), ==, RELAIS_EXPORT_FAILURE);
  assert_last (self, 2, RELAIS_RUN_FAILURE, codes[obstacle], 0);
  fail_to_run (self, codes[obstacle]);
  assert_last (self, 3, RELAIS_RUN_FAILURE, codes[obstacle], 0);

  put_in_the_way (self, obstacle, FALSE);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=300 unchanged=300");
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
disconnect_export (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) put = NULL;
  g_autoptr (GPtrArray) exports = NULL;
  RelaisExportRecord *record;

  relais_journal_list_exports_async (journal, NULL, keep_result_cb, &listed);
  wait_for (&listed);
  exports = relais_journal_list_exports_finish (journal, listed, NULL);
  record = g_ptr_array_index (exports, 0);
  g_clear_pointer (&record->connection_id, g_free);
  relais_journal_put_export_async (journal, record, NULL, keep_result_cb, &put);
  wait_for (&put);
  g_assert_true (relais_journal_write_finish (journal, put, NULL));
  relais_run_fixture_reopen (self);
}

static void
test_without_a_connection_too (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  disconnect_export (self);
  fail_to_run (self, RELAIS_ERROR_NO_CONNECTION);
  assert_last (self, 1, RELAIS_RUN_FAILURE, RELAIS_ERROR_NO_CONNECTION, 0);
}

/* A run that waits to go on is not hidden behind one that could not begin. */
static void
test_what_can_go_on_still_can (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  g_autofree char *id = NULL;
  guint64 n_delivered;

  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, NULL);
  relais_scripted_account_imports (self->account, "accept accept 402 402");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  n_delivered = relais_run_fixture_count (self, RELAIS_ROW_DELIVERED);
  id = g_strdup (relais_run_get_id (self->run));

  put_in_the_way (self, KEYRING_LOCKED, TRUE);
  fail_to_run (self, RELAIS_ERROR_KEYRING_LOCKED);
  assert_last (self, 1, RELAIS_RUN_FAILURE, RELAIS_ERROR_KEYRING_LOCKED, n_delivered);
  put_in_the_way (self, KEYRING_LOCKED, FALSE);
  g_queue_clear_full (&self->account->imports, g_free);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpstr (relais_run_get_id (self->run), ==, id);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=1000");
}

/* What a run left in doubt is asked about, also when one that could not begin lies between. */
static void
test_what_is_in_doubt_is_still_asked_about (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, ",\"automations\":true");
  self->account->every_info = "404";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);

  put_in_the_way (self, KEYRING_LOCKED, TRUE);
  fail_to_run (self, RELAIS_ERROR_KEYRING_LOCKED);
  put_in_the_way (self, KEYRING_LOCKED, FALSE);
  self->options.trigger = RELAIS_TRIGGER_SCHEDULED;
  for (guint i = 0; i < 2; i++)
    {
      fail_to_run (self, RELAIS_ERROR_QUESTION);
      assert_last (self, 3 + i, RELAIS_RUN_SKIPPED, RELAIS_ERROR_QUESTION, 0);
    }
  self->options.trigger = RELAIS_TRIGGER_ON_DEMAND;
  fail_to_run (self, RELAIS_ERROR_QUESTION);
  assert_last (self, 4, RELAIS_RUN_SKIPPED, RELAIS_ERROR_QUESTION, 0);
}

#define ADD(name, obstacle, test) \
  g_test_add ("/run/beginning/" name, RelaisRunFixture, GUINT_TO_POINTER (obstacle), relais_run_fixture_set_up, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("without its file it is in the history", NO_FILE, test_it_is_in_the_history);
  ADD ("without its key it is in the history", NO_KEY, test_it_is_in_the_history);
  ADD ("with the keyring locked it is in the history", KEYRING_LOCKED, test_it_is_in_the_history);
  ADD ("without a connection it is in the history", 0, test_without_a_connection_too);
  ADD ("what can go on still can", 0, test_what_can_go_on_still_can);
  ADD ("what is in doubt is still asked about", 0, test_what_is_in_doubt_is_still_asked_about);

  return g_test_run ();
}
