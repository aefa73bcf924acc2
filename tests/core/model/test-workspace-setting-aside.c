/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is removed can be brought back for a while, and is gone with its secrets after that; exports are disconnected. */

#include "relais-workspace.h"

#include "relais-error.h"
#include "relais-test-workspace.h"

#define HOST "compte.api-us1.com"

static gboolean
set_aside (RelaisTestWorkspace  *fixture,
           gpointer              thing,
           GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_set_aside_async (fixture->workspace, thing, relais_test_keep_result, &result);

  return relais_workspace_set_aside_finish (fixture->workspace, relais_test_wait (&result), error);
}

static gboolean
clear (RelaisTestWorkspace  *fixture,
       gpointer              thing,
       GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_clear_async (fixture->workspace, thing, relais_test_keep_result, &result);

  return relais_workspace_clear_finish (fixture->workspace, relais_test_wait (&result), error);
}

static guint
count_connections (RelaisTestWorkspace *fixture)
{
  return g_list_model_get_n_items (relais_workspace_get_connections (fixture->workspace));
}

static guint
count_exports (RelaisTestWorkspace *fixture)
{
  return g_list_model_get_n_items (relais_workspace_get_exports (fixture->workspace));
}

static guint
count_uses (RelaisConnection *connection)
{
  guint n;

  g_object_get (connection, "n-exports", &n, NULL);

  return n;
}

static void
test_what_is_set_aside_is_nowhere_and_comes_back_whole (RelaisTestWorkspace *fixture,
                                                        gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (GError) error = NULL;

  g_assert_true (set_aside (fixture, export, &error));
  g_assert_cmpuint (count_exports (fixture), ==, 0);
  g_assert_cmpuint (count_uses (connection), ==, 0);
  g_assert_null (relais_workspace_find_export (fixture->workspace, "Lettre"));
  g_assert_false (relais_workspace_check_there (fixture->workspace, export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_false (set_aside (fixture, export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_true (set_aside (fixture, connection, &error));
  g_assert_cmpuint (count_connections (fixture), ==, 0);
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);

  /* With the export comes its connection. */
  g_assert_true (relais_workspace_bring_back (fixture->workspace, export));
  g_assert_false (relais_workspace_bring_back (fixture->workspace, export));
  g_assert_true (relais_workspace_find_export (fixture->workspace, "Lettre") == export);
  g_assert_true (relais_workspace_find_connection (fixture->workspace, "Compte") == connection);
  g_assert_false (relais_workspace_is_set_aside (fixture->workspace, connection));
  g_assert_cmpuint (count_uses (connection), ==, 1);
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection)), ==, "k1");
}

static void
test_a_program_that_breaks_off_removes_nothing (RelaisTestWorkspace *fixture,
                                                gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");

  g_assert_true (set_aside (fixture, export, NULL));
  g_assert_true (set_aside (fixture, connection, NULL));
  relais_test_workspace_reopen (fixture);
  g_assert_nonnull (relais_workspace_find_connection (fixture->workspace, "Compte"));
  g_assert_nonnull (relais_workspace_find_export (fixture->workspace, "Lettre"));
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);
}

static void
test_everything_is_gone_when_the_program_ends (RelaisTestWorkspace *fixture,
                                               gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisConnection *kept = relais_test_workspace_add (fixture, "Autre", HOST, "k2");
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (GError) error = NULL;

  g_assert_true (set_aside (fixture, export, NULL));
  g_assert_true (set_aside (fixture, connection, NULL));
  g_assert_true (clear (fixture, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (clear (fixture, NULL, NULL));
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (kept)), ==, "k2");
  relais_test_workspace_reopen (fixture);
  g_assert_cmpuint (count_connections (fixture), ==, 1);
  g_assert_cmpuint (count_exports (fixture), ==, 0);
}

/* The export that used it was removed before, and goes before it. */
static void
test_a_connection_takes_along_what_was_removed_before_it (RelaisTestWorkspace *fixture,
                                                          gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (set_aside (fixture, export, NULL));
  g_assert_true (set_aside (fixture, connection, NULL));
  relais_workspace_clear_async (fixture->workspace, connection, relais_test_keep_result, &result);
  g_assert_false (relais_workspace_bring_back (fixture->workspace, export));
  g_assert_true (relais_workspace_clear_finish (fixture->workspace, relais_test_wait (&result), &error));
  g_assert_no_error (error);
  g_assert_false (relais_workspace_is_set_aside (fixture->workspace, export));
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 0);
}

static void
test_one_in_use_is_not_set_aside (RelaisTestWorkspace *fixture,
                                  gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  g_autoptr (GError) error = NULL;

  relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_assert_false (set_aside (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_cmpuint (count_connections (fixture), ==, 1);
}

static void
test_a_keyring_that_is_locked_brings_it_back_whole (RelaisTestWorkspace *fixture,
                                                    gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  g_autoptr (GError) error = NULL;

  g_assert_true (set_aside (fixture, connection, NULL));
  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  g_assert_false (clear (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_LOCKED);
  g_assert_true (relais_workspace_find_connection (fixture->workspace, "Compte") == connection);
  g_assert_false (relais_workspace_is_set_aside (fixture->workspace, connection));
  relais_memory_secrets_set_locked (fixture->secrets, FALSE);
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection)), ==, "k1");

  g_assert_true (set_aside (fixture, connection, NULL));
  g_assert_true (clear (fixture, connection, NULL));
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 0);
}

static void
test_a_name_that_is_given_away_is_not_there_twice (RelaisTestWorkspace *fixture,
                                                   gconstpointer        user_data)
{
  RelaisConnection *old = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisConnection *other = relais_test_workspace_add (fixture, "Autre", HOST, "k2");
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record ("COMPTE", HOST);
  g_autoptr (RelaisExport) letter = NULL;
  g_autoptr (RelaisConnection) fresh = NULL;
  g_autoptr (GError) error = NULL;

  g_object_ref (old);
  letter = g_object_ref (relais_test_workspace_add_export (fixture, "Lettre", "Autre"));
  g_assert_true (set_aside (fixture, letter, NULL));
  g_assert_true (relais_test_workspace_add_export (fixture, "lettre", "Autre") != letter);
  g_assert_false (relais_workspace_bring_back (fixture->workspace, letter));
  g_assert_cmpuint (count_exports (fixture), ==, 1);

  g_assert_true (set_aside (fixture, old, NULL));
  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  g_assert_null (relais_test_workspace_save (fixture, record, "k3", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_LOCKED);
  relais_memory_secrets_set_locked (fixture->secrets, FALSE);
  g_assert_true (relais_workspace_find_connection (fixture->workspace, "Compte") == old);

  g_assert_true (set_aside (fixture, old, NULL));
  fresh = relais_test_workspace_save (fixture, record, "k3", NULL);
  g_assert_nonnull (fresh);
  g_assert_false (relais_workspace_bring_back (fixture->workspace, old));
  g_assert_null (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (old)));
  g_assert_cmpuint (count_connections (fixture), ==, 2);
  g_assert_cmpuint (count_uses (other), ==, 1);
  g_object_unref (old);
}

static void
test_a_disconnected_export_keeps_its_settings (RelaisTestWorkspace *fixture,
                                               gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisExport *one = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  RelaisExport *two = relais_test_workspace_add_export (fixture, "Rappel", "Compte");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relais_workspace_disconnect_exports_async (fixture->workspace, connection, relais_test_keep_result, &result);
  g_assert_true (relais_workspace_disconnect_exports_finish (fixture->workspace, relais_test_wait (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_uses (connection), ==, 0);
  g_assert_cmpint (relais_export_get_status (one), ==, RELAIS_EXPORT_NO_CONNECTION);
  g_assert_cmpint (relais_export_get_status (two), ==, RELAIS_EXPORT_NO_CONNECTION);
  g_assert_true (set_aside (fixture, connection, NULL));
  g_assert_true (clear (fixture, connection, &error));
  g_assert_no_error (error);

  g_clear_object (&result);
  relais_test_workspace_reopen (fixture);
  one = relais_workspace_find_export (fixture->workspace, "Lettre");
  g_assert_cmpint (relais_export_get_status (one), ==, RELAIS_EXPORT_NO_CONNECTION);
  g_assert_true (relais_export_check_readable (one, NULL));
  g_assert_cmpuint (relais_export_get_definition (one)->segments->len, >, 0);
}

static void
test_a_run_ends_before_its_export_goes (RelaisTestWorkspace *fixture,
                                        gconstpointer        user_data)
{
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (RelaisRun) run = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  RelaisExport *export;

  relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  record->id = g_strdup ("run");
  record->status = RELAIS_RUN_CANCELED;
  run = relais_run_new (record);
  relais_run_set_live (run, TRUE);
  relais_export_set_last_run (export, run);
  relais_workspace_set_aside_async (fixture->workspace, export, relais_test_keep_result, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* At the edge of a batch, which is the engine's to find */
  g_assert_true (g_cancellable_is_cancelled (relais_run_get_cancellable (run)));
  g_assert_null (result);
  g_assert_cmpuint (count_exports (fixture), ==, 1);
  relais_run_set_live (run, FALSE);
  g_assert_true (relais_workspace_set_aside_finish (fixture->workspace, relais_test_wait (&result), NULL));
  g_assert_cmpuint (count_exports (fixture), ==, 0);
}

/* What a role does not allow to remove it does not hide, and no run ends for it. */
static void
test_a_role_that_may_not_remove_hides_nothing (RelaisTestWorkspace *fixture,
                                               gconstpointer        user_data)
{
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record ("Partagé", HOST);
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisExport *hidden = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (RelaisConnection) shared = NULL;
  g_autoptr (RelaisRunRecord) run_record = relais_run_record_new ();
  g_autoptr (RelaisRun) run = NULL;
  g_autoptr (GError) error = NULL;
  RelaisExport *open;

  record->access = RELAIS_ACCESS_CONTRIBUTORS;
  shared = relais_test_workspace_save (fixture, record, "k2", NULL);
  open = relais_test_workspace_add_export (fixture, "Rappel", "Partagé");
  run_record->id = g_strdup ("run");
  run = relais_run_new (run_record);
  relais_run_set_live (run, TRUE);
  relais_export_set_last_run (hidden, run);

  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  g_assert_false (set_aside (fixture, hidden, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE);
  g_clear_error (&error);
  g_assert_false (g_cancellable_is_cancelled (relais_run_get_cancellable (run)));
  g_assert_false (relais_workspace_is_set_aside (fixture->workspace, hidden));
  g_assert_true (set_aside (fixture, open, &error));
  g_assert_no_error (error);
  g_assert_true (clear (fixture, open, NULL));
  /* Nothing uses it any more, and it is shared: it is an administrator's all the same. */
  g_assert_false (set_aside (fixture, shared, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE);
  g_assert_cmpuint (count_connections (fixture), ==, 2);
  g_assert_cmpuint (count_exports (fixture), ==, 1);
  g_assert_cmpuint (count_uses (connection), ==, 1);
  relais_run_set_live (run, FALSE);
}

/* Whoever lost their role meanwhile does not remove for good what they hid. */
static void
test_a_role_that_changes_brings_it_back_whole (RelaisTestWorkspace *fixture,
                                               gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (GError) error = NULL;

  g_assert_true (set_aside (fixture, export, NULL));
  g_assert_true (set_aside (fixture, connection, NULL));
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  g_assert_false (clear (fixture, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE);
  g_assert_true (relais_workspace_find_export (fixture->workspace, "Lettre") == export);
  g_assert_true (relais_workspace_find_connection (fixture->workspace, "Compte") == connection);
  g_assert_cmpuint (count_uses (connection), ==, 1);
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);
}

static void
test_only_an_administrator_disconnects (RelaisTestWorkspace *fixture,
                                        gconstpointer        user_data)
{
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record ("Partagé", HOST);
  g_autoptr (RelaisConnection) shared = NULL;
  RelaisExport *export;

  record->access = RELAIS_ACCESS_CONTRIBUTORS;
  shared = relais_test_workspace_save (fixture, record, "k1", NULL);
  export = relais_test_workspace_add_export (fixture, "Lettre", "Partagé");
  for (RelaisRole role = RELAIS_ROLE_CONTRIBUTOR; role <= RELAIS_ROLE_VIEWER; role++)
    {
      g_autoptr (GAsyncResult) of_one = NULL;
      g_autoptr (GAsyncResult) of_all = NULL;
      g_autoptr (GError) error = NULL;

      relais_workspace_set_role (fixture->workspace, role);
      relais_workspace_disconnect_export_async (fixture->workspace, export, NULL, relais_test_keep_result, &of_one);
      g_assert_false (relais_workspace_disconnect_export_finish (fixture->workspace, relais_test_wait (&of_one), &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE);
      g_clear_error (&error);
      relais_workspace_disconnect_exports_async (fixture->workspace, shared, relais_test_keep_result, &of_all);
      g_assert_false (relais_workspace_disconnect_exports_finish (fixture->workspace, relais_test_wait (&of_all), &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE);
      g_assert_true (relais_export_get_connection (export) == shared);
    }
}

#define ADD(name, function) g_test_add ("/workspace-setting-aside/" name, RelaisTestWorkspace, NULL, relais_test_workspace_set_up, function, relais_test_workspace_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("what-is-set-aside-is-nowhere-and-comes-back-whole", test_what_is_set_aside_is_nowhere_and_comes_back_whole);
  ADD ("a-program-that-breaks-off-removes-nothing", test_a_program_that_breaks_off_removes_nothing);
  ADD ("everything-is-gone-when-the-program-ends", test_everything_is_gone_when_the_program_ends);
  ADD ("a-connection-takes-along-what-was-removed-before-it", test_a_connection_takes_along_what_was_removed_before_it);
  ADD ("one-in-use-is-not-set-aside", test_one_in_use_is_not_set_aside);
  ADD ("a-keyring-that-is-locked-brings-it-back-whole", test_a_keyring_that_is_locked_brings_it_back_whole);
  ADD ("a-name-that-is-given-away-is-not-there-twice", test_a_name_that_is_given_away_is_not_there_twice);
  ADD ("a-disconnected-export-keeps-its-settings", test_a_disconnected_export_keeps_its_settings);
  ADD ("a-run-ends-before-its-export-goes", test_a_run_ends_before_its_export_goes);
  ADD ("a-role-that-may-not-remove-hides-nothing", test_a_role_that_may_not_remove_hides_nothing);
  ADD ("a-role-that-changes-brings-it-back-whole", test_a_role_that_changes_brings_it_back_whole);
  ADD ("only-an-administrator-disconnects", test_only_an_administrator_disconnects);

  return g_test_run ();
}
