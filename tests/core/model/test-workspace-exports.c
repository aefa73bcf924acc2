/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-workspace.h"

#include <string.h>

#include "relais-error.h"
#include "relais-journal-log.h"
#include "relais-test-notify.h"
#include "relais-test-workspace.h"

static void
set_up (RelaisTestWorkspace *fixture,
        gconstpointer        user_data)
{
  relais_test_workspace_set_up (fixture, user_data);
  relais_test_workspace_add (fixture, "Compte", NULL, NULL);
}

static guint
count_exports_of (RelaisTestWorkspace *fixture,
                  const char          *connection)
{
  guint n_exports;

  g_object_get (relais_workspace_find_connection (fixture->workspace, connection), "n-exports", &n_exports, NULL);

  return n_exports;
}

static void
assert_not_saved (RelaisTestWorkspace          *fixture,
                  RelaisExport                 *existing,
                  const RelaisExportDefinition *definition,
                  RelaisError                   code)
{
  GListModel *exports = relais_workspace_get_exports (fixture->workspace);
  guint n = g_list_model_get_n_items (exports);
  g_autoptr (GError) error = NULL;

  g_assert_null (relais_test_workspace_save_export (fixture, existing, definition, &error));
  g_assert_error (error, RELAIS_ERROR, (int) code);
  g_assert_cmpuint (g_list_model_get_n_items (exports), ==, n);
}

static void
test_a_new_one_is_listed_and_counted (RelaisTestWorkspace *fixture,
                                      gconstpointer        user_data)
{
  GString *told = relais_test_listen_model (relais_workspace_get_exports (fixture->workspace));
  GString *connection_told = relais_test_listen (relais_workspace_find_connection (fixture->workspace, "Compte"));
  RelaisExport *export = relais_test_workspace_add_export (fixture, " Lettre ", "compte");

  relais_test_assert_changed (told, "0-0+1");
  relais_test_assert_notified (connection_told, "n-exports");
  g_assert_cmpstr (relais_export_get_name (export), ==, "Lettre");
  g_assert_cmpstr (relais_export_get_definition (export)->connection, ==, "Compte");
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_NOT_STARTED);
  g_assert_cmpuint (count_exports_of (fixture, "Compte"), ==, 1);
}

static void
test_what_is_missing_is_told (RelaisTestWorkspace *fixture,
                              gconstpointer        user_data)
{
  g_autoptr (RelaisExportDefinition) nameless = relais_test_export_definition (NULL, "Compte");
  g_autoptr (RelaisExportDefinition) blank = relais_test_export_definition (" \t", "Compte");
  g_autoptr (RelaisExportDefinition) unconnected = relais_test_export_definition ("Lettre", NULL);
  g_autoptr (RelaisExportDefinition) unknown = relais_test_export_definition ("Lettre", "Autre");
  g_autoptr (RelaisExportDefinition) listless = relais_test_export_definition ("Lettre", "Compte");
  g_autoptr (RelaisExportDefinition) fileless = relais_test_export_definition ("Lettre", "Compte");
  g_autoptr (RelaisExportDefinition) unmatched = relais_test_export_definition ("Lettre", "Compte");

  listless->list_id = 0;
  g_ptr_array_set_size (fileless->segments, 0);
  g_clear_pointer (&unmatched->matching->email, g_free);
  assert_not_saved (fixture, NULL, nameless, RELAIS_ERROR_DEFINITION);
  assert_not_saved (fixture, NULL, blank, RELAIS_ERROR_DEFINITION);
  assert_not_saved (fixture, NULL, unconnected, RELAIS_ERROR_DEFINITION);
  assert_not_saved (fixture, NULL, unknown, RELAIS_ERROR_UNKNOWN);
  assert_not_saved (fixture, NULL, listless, RELAIS_ERROR_DEFINITION);
  assert_not_saved (fixture, NULL, fileless, RELAIS_ERROR_DEFINITION);
  assert_not_saved (fixture, NULL, unmatched, RELAIS_ERROR_DEFINITION);
  g_assert_cmpuint (count_exports_of (fixture, "Compte"), ==, 0);
}

static void
test_two_exports_may_not_have_one_name (RelaisTestWorkspace *fixture,
                                        gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Été", "Compte");
  RelaisExport *other = relais_test_workspace_add_export (fixture, "Hiver", "Compte");
  g_autoptr (RelaisExportDefinition) clash = relais_test_export_definition ("e\314\201TE\314\201", "Compte");
  g_autoptr (RelaisExportDefinition) itself = relais_test_export_definition ("HIVER", "Compte");
  g_autoptr (RelaisExport) saved = NULL;

  assert_not_saved (fixture, NULL, clash, RELAIS_ERROR_NAME_TAKEN);
  assert_not_saved (fixture, other, clash, RELAIS_ERROR_NAME_TAKEN);
  g_assert_cmpstr (relais_export_get_name (other), ==, "Hiver");
  saved = relais_test_workspace_save_export (fixture, other, itself, NULL);
  g_assert_true (saved == other);
  g_assert_cmpstr (relais_export_get_name (other), ==, "HIVER");
  g_assert_cmpstr (relais_export_get_name (export), ==, "Été");
}

static void
test_a_changed_one_is_the_same_object_in_its_place (RelaisTestWorkspace *fixture,
                                                    gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  GString *told = relais_test_listen_model (relais_workspace_get_exports (fixture->workspace));
  g_autoptr (RelaisExportDefinition) definition = relais_test_export_definition ("Lettre", "Autre");
  g_autoptr (RelaisExport) saved = NULL;
  GString *export_told;

  relais_test_workspace_add (fixture, "Autre", NULL, NULL);
  export_told = relais_test_listen (export);
  definition->list_id = 13;
  saved = relais_test_workspace_save_export (fixture, export, definition, NULL);
  g_assert_true (saved == export);
  relais_test_assert_changed (told, "");
  relais_test_assert_notified (export_told, "list-id connection");
  g_assert_cmpuint (count_exports_of (fixture, "Compte"), ==, 0);
  g_assert_cmpuint (count_exports_of (fixture, "Autre"), ==, 1);

  /* The same object may be given back as it is. */
  g_clear_object (&saved);
  saved = relais_test_workspace_save_export (fixture, export, relais_export_get_definition (export), NULL);
  g_assert_true (saved == export);
  relais_test_assert_notified (export_told, "");
}

static void
test_a_removed_one_is_gone_with_its_history (RelaisTestWorkspace *fixture,
                                             gconstpointer        user_data)
{
  g_autoptr (RelaisExport) export = g_object_ref (relais_test_workspace_add_export (fixture, "Lettre", "Compte"));
  GString *told = relais_test_listen_model (relais_workspace_get_exports (fixture->workspace));
  RelaisJournal *journal = relais_workspace_get_journal (fixture->workspace);
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_SUCCESSFUL, 10, 1000);
  g_assert_true (relais_test_workspace_remove_export (fixture, export, NULL));
  relais_test_assert_changed (told, "0-1+0");
  g_assert_cmpuint (count_exports_of (fixture, "Compte"), ==, 0);
  relais_journal_list_runs_async (journal, NULL, NULL, relais_test_keep_result, &listed);
  runs = relais_journal_list_runs_finish (journal, relais_test_wait (&listed), NULL);
  g_assert_cmpuint (runs->len, ==, 0);

  /* A dialog that was still open does not bring it back. */
  assert_not_saved (fixture, export, relais_export_get_definition (export), RELAIS_ERROR_UNKNOWN);
  g_clear_object (&export);
  g_clear_object (&listed);
  relais_test_workspace_reopen (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (relais_workspace_get_exports (fixture->workspace)), ==, 0);
}

static gboolean
erase (RelaisTestWorkspace  *fixture,
       RelaisExport         *export,
       GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_erase_export_async (fixture->workspace, export, NULL, relais_test_keep_result, &result);

  return relais_workspace_erase_export_finish (fixture->workspace, relais_test_wait (&result), error);
}

static void
test_one_that_is_erased_stands_as_if_it_had_never_run (RelaisTestWorkspace *fixture,
                                                       gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;
  gint64 refreshed_at = -1;

  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_SUCCESSFUL, 10, 1000);
  relais_test_workspace_reopen (fixture);
  export = relais_workspace_find_export (fixture->workspace, "Lettre");
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_SUCCESSFUL);
  relais_run_set_live (relais_export_get_last_run (export), TRUE);
  g_assert_false (erase (fixture, export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Lettre”"));
  relais_run_set_live (relais_export_get_last_run (export), FALSE);

  g_assert_true (erase (fixture, export, NULL));
  g_assert_true (relais_workspace_find_export (fixture->workspace, "Lettre") == export);
  g_assert_null (relais_export_get_last_run (export));
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_NOT_STARTED);
  g_object_get (export, "refreshed-at", &refreshed_at, NULL);
  g_assert_cmpint (refreshed_at, ==, 0);
  relais_journal_list_runs_async (relais_workspace_get_journal (fixture->workspace), NULL, NULL, relais_test_keep_result, &listed);
  runs = relais_journal_list_runs_finish (relais_workspace_get_journal (fixture->workspace), relais_test_wait (&listed), NULL);
  g_assert_cmpuint (runs->len, ==, 0);
  g_assert_false (relais_work_lock_is_taken_elsewhere (relais_workspace_get_work_lock (fixture->workspace)));
}

static guint64
count_lines (RelaisTestWorkspace *fixture)
{
  RelaisJournal *journal = relais_workspace_get_journal (fixture->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisLogCheck) log = NULL;

  relais_journal_check_log_async (journal, NULL, relais_test_keep_result, &result);
  log = relais_journal_check_log_finish (journal, relais_test_wait (&result), NULL);
  g_assert_cmpint (log->state, ==, RELAIS_LOG_WHOLE);

  return log->n_lines;
}

/* Only one who can tell that nobody is working on it says that it broke off. */
static void
test_one_that_broke_off_gets_its_line_on_opening (RelaisTestWorkspace *fixture,
                                                  gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autofree char *path = g_build_filename (fixture->folder, "work.lock", NULL);
  g_autoptr (RelaisWorkLock) other = relais_work_lock_new (path);

  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_PROCESSING, 0, 0);
  g_assert_true (relais_work_lock_take (other, NULL));
  relais_test_workspace_reopen (fixture);
  g_assert_cmpuint (count_lines (fixture), ==, 0);
  relais_work_lock_release (other);
  for (guint i = 0; i < 2; i++)
    {
      relais_test_workspace_reopen (fixture);
      g_assert_cmpuint (count_lines (fixture), ==, 1);
      /* The lock is free again. */
      g_assert_true (relais_work_lock_take (other, NULL));
      relais_work_lock_release (other);
    }
}

static void
test_one_that_runs_stays (RelaisTestWorkspace *fixture,
                          gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  RelaisRun *run;
  g_autoptr (GError) error = NULL;

  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_PROCESSING, 0, 0);
  relais_test_workspace_reopen (fixture);
  export = relais_workspace_find_export (fixture->workspace, "Lettre");
  run = relais_export_get_last_run (export);
  relais_run_set_live (run, TRUE);
  g_assert_false (relais_test_workspace_remove_export (fixture, export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Lettre”"));
  relais_run_set_live (run, FALSE);
  g_assert_true (relais_test_workspace_remove_export (fixture, export, NULL));
}

static gboolean
disconnect (RelaisTestWorkspace  *fixture,
            RelaisExport         *export,
            GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_disconnect_export_async (fixture->workspace, export, NULL, relais_test_keep_result, &result);

  return relais_workspace_disconnect_export_finish (fixture->workspace, relais_test_wait (&result), error);
}

static void
assert_disconnected (RelaisTestWorkspace *fixture)
{
  RelaisExport *export = relais_workspace_find_export (fixture->workspace, "Lettre");
  const RelaisExportDefinition *definition = relais_export_get_definition (export);

  g_assert_null (relais_export_get_connection (export));
  g_assert_null (definition->connection);
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_NO_CONNECTION);
  g_assert_cmpuint (definition->list_id, !=, 0);
  g_assert_cmpuint (definition->segments->len, ==, 1);
  g_assert_nonnull (definition->matching->email);
  g_assert_nonnull (relais_export_get_last_run (export));
  g_assert_cmpuint (count_exports_of (fixture, "Compte"), ==, 0);
}

static void
test_a_disconnected_one_keeps_its_settings (RelaisTestWorkspace *fixture,
                                            gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  GString *told;

  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_SUCCESSFUL, 10, 1000);
  relais_test_workspace_reopen (fixture);
  export = relais_workspace_find_export (fixture->workspace, "Lettre");
  told = relais_test_listen (export);
  g_assert_true (disconnect (fixture, export, NULL));
  relais_test_assert_notified (told, "connection status");
  assert_disconnected (fixture);
  relais_test_workspace_reopen (fixture);
  assert_disconnected (fixture);
  /* Its connection can go now. */
  g_assert_true (relais_test_workspace_remove (fixture, relais_workspace_find_connection (fixture->workspace, "Compte"), NULL));
}

/* Another process began after this one had read what there is. */
static void
test_one_that_another_process_runs_stays (RelaisTestWorkspace *fixture,
                                          gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  RelaisExport *other_export = relais_test_workspace_add_export (fixture, "Autre", "Compte");
  g_autofree char *path = g_build_filename (fixture->folder, "work.lock", NULL);
  g_autoptr (RelaisWorkLock) other = relais_work_lock_new (path);
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_work_lock_take (other, NULL));
  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_PROCESSING, 0, 0);
  g_assert_null (relais_export_get_last_run (export));
  g_assert_false (relais_test_workspace_remove_export (fixture, export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Lettre”"));
  g_assert_true (relais_workspace_find_export (fixture->workspace, "Lettre") == export);

  /* What it is not busy with can go, and its connection stays with the one it is busy with. */
  g_assert_true (relais_test_workspace_remove_export (fixture, other_export, NULL));
  g_clear_error (&error);
  g_assert_false (relais_test_workspace_remove (fixture, relais_workspace_find_connection (fixture->workspace, "Compte"), &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);

  /* The other died: its run can go on, and be removed. Nobody is kept from sending afterwards. */
  relais_work_lock_release (other);
  g_assert_true (relais_test_workspace_remove_export (fixture, export, NULL));
  g_assert_true (relais_work_lock_take (other, NULL));
  relais_work_lock_release (other);
}

/* No run begins in another process while an export is taken away. */
static void
test_others_wait_until_one_is_removed (RelaisTestWorkspace *fixture,
                                       gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autofree char *path = g_build_filename (fixture->folder, "work.lock", NULL);
  g_autoptr (RelaisWorkLock) other = relais_work_lock_new (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relais_workspace_remove_export_async (fixture->workspace, export, NULL, relais_test_keep_result, &result);
  g_assert_false (relais_work_lock_take (other, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  g_assert_true (relais_workspace_remove_export_finish (fixture->workspace, relais_test_wait (&result), NULL));
  g_assert_true (relais_work_lock_take (other, NULL));
  relais_work_lock_release (other);
}

static void
test_a_journal_that_fails_changes_nothing (RelaisTestWorkspace *fixture,
                                           gconstpointer        user_data)
{
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (RelaisExportDefinition) changed = relais_test_export_definition ("Renommée", "Compte");
  g_autoptr (RelaisExportDefinition) fresh = relais_test_export_definition ("Autre", "Compte");
  g_autoptr (GError) error = NULL;

  relais_test_workspace_break_journal (fixture);
  assert_not_saved (fixture, export, changed, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  assert_not_saved (fixture, NULL, fresh, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_cmpstr (relais_export_get_name (export), ==, "Lettre");
  g_assert_false (relais_test_workspace_remove_export (fixture, export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_true (relais_workspace_find_export (fixture->workspace, "Lettre") == export);
}

#define ADD(path, function) \
  g_test_add ("/workspace-exports/" path, RelaisTestWorkspace, NULL, set_up, function, relais_test_workspace_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-new-one-is-listed-and-counted", test_a_new_one_is_listed_and_counted);
  ADD ("what-is-missing-is-told", test_what_is_missing_is_told);
  ADD ("two-exports-may-not-have-one-name", test_two_exports_may_not_have_one_name);
  ADD ("a-changed-one-is-the-same-object-in-its-place", test_a_changed_one_is_the_same_object_in_its_place);
  ADD ("a-removed-one-is-gone-with-its-history", test_a_removed_one_is_gone_with_its_history);
  ADD ("one-that-is-erased-stands-as-if-it-had-never-run", test_one_that_is_erased_stands_as_if_it_had_never_run);
  ADD ("one-that-broke-off-gets-its-line-on-opening", test_one_that_broke_off_gets_its_line_on_opening);
  ADD ("one-that-runs-stays", test_one_that_runs_stays);
  ADD ("a-disconnected-one-keeps-its-settings", test_a_disconnected_one_keeps_its_settings);
  ADD ("one-that-another-process-runs-stays", test_one_that_another_process_runs_stays);
  ADD ("others-wait-until-one-is-removed", test_others_wait_until_one_is_removed);
  ADD ("a-journal-that-fails-changes-nothing", test_a_journal_that_fails_changes_nothing);

  return g_test_run ();
}
