/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-workspace.h"

#include <string.h>

#include "relais-error.h"
#include "relais-test-notify.h"
#include "relais-test-workspace.h"

#define HOST "compte.api-us1.com"

static char *
join_names (GListModel *model)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);
      g_autofree char *name = NULL;

      g_object_get (item, "name", &name, NULL);
      g_string_append_printf (names, "%s%s", i > 0 ? "|" : "", name);
    }

  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_names (GListModel *model,
              const char *expected)
{
  g_autofree char *names = join_names (model);

  g_assert_cmpstr (names, ==, expected);
}

static void
test_a_fresh_one_is_empty (RelaisTestWorkspace *fixture,
                           gconstpointer        user_data)
{
  g_autoptr (GListModel) connections = NULL;
  g_autoptr (GListModel) exports = NULL;

  g_object_get (fixture->workspace, "connections", &connections, "exports", &exports, NULL);
  g_assert_true (connections == relais_workspace_get_connections (fixture->workspace));
  g_assert_true (exports == relais_workspace_get_exports (fixture->workspace));
  g_assert_cmpuint (g_list_model_get_n_items (connections), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (exports), ==, 0);
  g_assert_null (relais_workspace_find_connection (fixture->workspace, ""));
  g_assert_null (relais_workspace_find_export (fixture->workspace, "x"));
}

static void
test_names_are_found_in_any_case_and_spelling (RelaisTestWorkspace *fixture,
                                               gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Été", NULL, NULL);
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre d’Été", "ÉTÉ");

  g_assert_true (relais_workspace_find_connection (fixture->workspace, "été") == connection);
  g_assert_true (relais_workspace_find_connection (fixture->workspace, "E\314\201te\314\201") == connection);
  g_assert_true (relais_workspace_find_connection (fixture->workspace, relais_connection_get_id (connection)) == connection);
  g_assert_true (relais_workspace_find_export (fixture->workspace, "LETTRE D’ÉTÉ") == export);
  g_assert_true (relais_workspace_find_export (fixture->workspace, relais_export_get_id (export)) == export);
  g_assert_null (relais_workspace_find_export (fixture->workspace, "Lettre"));
}

static void
test_lists_are_in_order_and_change_as_little_as_can_be (RelaisTestWorkspace *fixture,
                                                        gconstpointer        user_data)
{
  GListModel *connections = relais_workspace_get_connections (fixture->workspace);
  GString *told = relais_test_listen_model (connections);
  RelaisConnection *middle;
  g_autoptr (RelaisConnectionRecord) record = NULL;
  g_autoptr (RelaisConnection) same = NULL;
  g_autoptr (RelaisConnection) again = NULL;

  relais_test_workspace_add (fixture, "zoo", NULL, NULL);
  relais_test_assert_changed (told, "0-0+1");
  relais_test_workspace_add (fixture, "Abri", NULL, NULL);
  relais_test_assert_changed (told, "0-0+1");
  middle = relais_test_workspace_add (fixture, "Midi", NULL, NULL);
  relais_test_assert_changed (told, "1-0+1");
  assert_names (connections, "Abri|Midi|zoo");

  /* Another name in the same place: nothing moves. */
  record = relais_connection_record_copy (relais_connection_get_record (middle));
  g_free (record->name);
  record->name = g_strdup ("Minuit");
  same = relais_test_workspace_save (fixture, record, NULL, NULL);
  g_assert_true (same == middle);
  relais_test_assert_changed (told, "");
  assert_names (connections, "Abri|Minuit|zoo");

  g_free (record->name);
  record->name = g_strdup ("Zut");
  again = relais_test_workspace_save (fixture, record, NULL, NULL);
  relais_test_assert_changed (told, "1-1+0 2-0+1");
  assert_names (connections, "Abri|zoo|Zut");
}

static void
test_the_next_start_shows_the_same (RelaisTestWorkspace *fixture,
                                    gconstpointer        user_data)
{
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record ("Compte", HOST);
  g_autoptr (RelaisConnectionRecord) before = NULL;
  g_autoptr (RelaisConnection) connection = NULL;
  g_autoptr (RelaisExportDefinition) definition = relais_test_export_definition ("Lettre", "Compte");
  g_autoptr (RelaisExport) saved = NULL;
  g_autofree char *json = NULL;
  g_autofree char *json_again = NULL;
  RelaisConnection *found;
  RelaisExport *export;
  const RelaisConnectionRecord *after;

  record->access = RELAIS_ACCESS_CONTRIBUTORS;
  record->account = g_strdup ("Toiles");
  record->user = g_strdup ("zoe");
  record->check = RELAIS_CHECK_CONNECTED;
  record->checked_at = 6000;
  connection = relais_test_workspace_save (fixture, record, "k1", NULL);
  before = relais_connection_record_copy (relais_connection_get_record (connection));
  definition->automations = TRUE;
  definition->phone_country = g_strdup ("FR");
  saved = relais_test_workspace_save_export (fixture, NULL, definition, NULL);
  json = relais_export_definition_to_json (relais_export_get_definition (saved));
  g_clear_object (&connection);
  g_clear_object (&saved);

  relais_test_workspace_reopen (fixture);
  found = relais_workspace_find_connection (fixture->workspace, "Compte");
  after = relais_connection_get_record (found);
  g_assert_cmpstr (after->id, ==, before->id);
  g_assert_cmpstr (after->host, ==, HOST);
  g_assert_cmpint (after->kind, ==, RELAIS_CONNECTION_ACTIVECAMPAIGN);
  g_assert_cmpint (after->access, ==, RELAIS_ACCESS_CONTRIBUTORS);
  g_assert_cmpstr (after->account, ==, "Toiles");
  g_assert_cmpstr (after->user, ==, "zoe");
  g_assert_cmpuint (after->consent_version, ==, RELAIS_CONSENT_VERSION);
  g_assert_cmpstr (after->consent_language, ==, "fr");
  g_assert_cmpstr (after->consent_by, ==, "zoe");
  g_assert_cmpint (after->consent_at, ==, 1000);
  g_assert_cmpint (after->created_at, ==, before->created_at);
  g_assert_cmpint (after->created_at, >, 0);
  g_assert_cmpint (after->checked_at, ==, 6000);
  g_assert_cmpint (after->check, ==, RELAIS_CHECK_CONNECTED);

  export = relais_workspace_find_export (fixture->workspace, "Lettre");
  g_assert_true (relais_export_get_connection (export) == found);
  json_again = relais_export_definition_to_json (relais_export_get_definition (export));
  g_assert_cmpstr (json_again, ==, json);
}

static void
assert_status (RelaisTestWorkspace *fixture,
               const char          *name,
               RelaisExportStatus   status,
               gint64               refreshed_at)
{
  RelaisExport *export = relais_workspace_find_export (fixture->workspace, name);
  gint64 at;

  g_test_message ("%s", name);
  g_object_get (export, "refreshed-at", &at, NULL);
  g_assert_cmpint (relais_export_get_status (export), ==, status);
  g_assert_cmpint (at, ==, refreshed_at);
}

static void
test_statuses_come_from_the_journal (RelaisTestWorkspace *fixture,
                                     gconstpointer        user_data)
{
  static const struct
  {
    RelaisRunStatus    run;
    RelaisExportStatus export;
    gint64             refreshed_at;
  } rows[] = {
    { RELAIS_RUN_SUCCESSFUL, RELAIS_EXPORT_SUCCESSFUL, 5000 },
    { RELAIS_RUN_COMPLETED_WITH_ERRORS, RELAIS_EXPORT_COMPLETED_WITH_ERRORS, 5000 },
    { RELAIS_RUN_FAILURE, RELAIS_EXPORT_FAILURE, 3000 },
    { RELAIS_RUN_CANCELED, RELAIS_EXPORT_CANCELED, 3000 },
    { RELAIS_RUN_SKIPPED, RELAIS_EXPORT_SKIPPED, 3000 },
    { RELAIS_RUN_INTERRUPTED, RELAIS_EXPORT_INTERRUPTED, 3000 },
    { RELAIS_RUN_PROCESSING, RELAIS_EXPORT_INTERRUPTED, 3000 },   /* killed */
  };

  relais_test_workspace_add (fixture, "Compte", NULL, NULL);
  relais_test_workspace_add_export (fixture, "never run", "Compte");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *name = relais_run_status_to_id (rows[i].run);
      RelaisExport *export = relais_test_workspace_add_export (fixture, name, "Compte");
      g_autofree char *earlier = g_strconcat (name, " earlier", NULL);
      gboolean brought = rows[i].refreshed_at == 5000;

      /* The run before brought something: that is when the list was refreshed last. */
      relais_test_workspace_put_run (fixture, earlier, export, RELAIS_RUN_SUCCESSFUL, 10, 3000);
      relais_test_workspace_put_run (fixture, name, export, rows[i].run, brought ? 10 : 0, 5000);
    }

  relais_test_workspace_reopen (fixture);
  assert_status (fixture, "never run", RELAIS_EXPORT_NOT_STARTED, 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *name = relais_run_status_to_id (rows[i].run);
      RelaisRun *run = relais_export_get_last_run (relais_workspace_find_export (fixture->workspace, name));

      assert_status (fixture, name, rows[i].export, rows[i].refreshed_at);
      g_assert_cmpstr (relais_run_get_id (run), ==, name);
    }
}

/* A lock on another file description is what another process would have. */
static void
test_a_run_of_another_process_is_watched (RelaisTestWorkspace *fixture,
                                          gconstpointer        user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "work.lock", NULL);
  g_autoptr (RelaisWorkLock) other = relais_work_lock_new (path);
  g_autoptr (GError) error = NULL;
  RelaisExport *export;

  relais_test_workspace_add (fixture, "Compte", NULL, NULL);
  export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_PROCESSING, 0, 0);
  g_assert_true (relais_work_lock_take (other, &error));
  relais_test_workspace_reopen (fixture);
  export = relais_workspace_find_export (fixture->workspace, "Lettre");
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_PROCESSING);

  /* It cannot be taken away under the other's hands. */
  g_assert_false (relais_test_workspace_remove_export (fixture, export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_clear_error (&error);

  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_SUCCESSFUL, 10, 7000);
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_PROCESSING);
  relais_work_lock_release (other);
  while (relais_export_get_status (export) == RELAIS_EXPORT_PROCESSING)
    g_main_context_iteration (NULL, TRUE);
  assert_status (fixture, "Lettre", RELAIS_EXPORT_SUCCESSFUL, 7000);
}

static void
test_another_process_that_dies_leaves_an_interrupted_run (RelaisTestWorkspace *fixture,
                                                          gconstpointer        user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "work.lock", NULL);
  g_autoptr (RelaisWorkLock) other = relais_work_lock_new (path);
  RelaisExport *export;

  relais_test_workspace_add (fixture, "Compte", NULL, NULL);
  export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  relais_test_workspace_put_run (fixture, "r1", export, RELAIS_RUN_PROCESSING, 0, 0);
  g_assert_true (relais_work_lock_take (other, NULL));
  relais_test_workspace_reopen (fixture);
  export = relais_workspace_find_export (fixture->workspace, "Lettre");
  g_clear_object (&other);
  while (relais_export_get_status (export) == RELAIS_EXPORT_PROCESSING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_INTERRUPTED);

  /* Closed while it still watches: no timer outlives the workspace. */
  other = relais_work_lock_new (path);
  g_assert_true (relais_work_lock_take (other, NULL));
  relais_test_workspace_reopen (fixture);
  relais_test_workspace_close (fixture);
}

static RelaisExportRecord *
make_export_record (const char *connection_id,
                    const char *definition)
{
  RelaisExportRecord *record = relais_export_record_new ();

  record->id = g_strdup ("e-future");
  record->name = g_strdup ("Futur");
  record->connection_id = g_strdup (connection_id);
  record->definition = g_strdup (definition);

  return record;
}

static void
test_a_definition_of_another_version_is_kept_as_it_is (RelaisTestWorkspace *fixture,
                                                       gconstpointer        user_data)
{
  const char *written = "{\"list\": \"12\", \"segments\": [{\"hologram\": \"x\"}], \"matching\": {\"email\": \"E\"}}";
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", NULL, NULL);
  g_autoptr (RelaisExportRecord) record = make_export_record (relais_connection_get_id (connection), written);
  g_autoptr (RelaisExportDefinition) definition = relais_test_export_definition ("Futur", "Compte");
  RelaisJournal *journal = relais_workspace_get_journal (fixture->workspace);
  g_autoptr (GAsyncResult) put = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;
  RelaisExport *export;

  relais_journal_put_export_async (journal, record, NULL, relais_test_keep_result, &put);
  g_assert_true (relais_journal_write_finish (journal, relais_test_wait (&put), &error));
  relais_test_workspace_reopen (fixture);

  export = relais_workspace_find_export (fixture->workspace, "Futur");
  g_assert_nonnull (export);
  g_assert_nonnull (relais_export_get_connection (export));
  g_assert_false (relais_export_check_readable (export, NULL));
  g_assert_null (relais_test_workspace_save_export (fixture, export, definition, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);

  journal = relais_workspace_get_journal (fixture->workspace);
  relais_journal_list_exports_async (journal, NULL, relais_test_keep_result, &listed);
  records = relais_journal_list_exports_finish (journal, relais_test_wait (&listed), NULL);
  g_assert_cmpstr (((RelaisExportRecord *) g_ptr_array_index (records, 0))->definition, ==, written);
  g_assert_true (relais_test_workspace_remove_export (fixture, export, NULL));
}

/* What stands where the journal should be. */
static char *
find_journal (RelaisTestWorkspace *fixture)
{
  return g_build_filename (fixture->folder, "journal.sqlite", NULL);
}

static void
assert_does_not_open (RelaisTestWorkspace *fixture,
                      RelaisError          code,
                      const char          *named)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_test_workspace_open (fixture, &error));
  g_assert_error (error, RELAIS_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, named));
}

static void
test_a_damaged_journal_is_left_as_it_is (RelaisTestWorkspace *fixture,
                                         gconstpointer        user_data)
{
  g_autofree char *path = find_journal (fixture);
  g_autofree char *text = NULL;

  relais_test_workspace_close (fixture);
  g_assert_true (g_file_set_contents (path, "This is no database, but somebody’s letter, and it is longer than a header of SQLite would be.", -1, NULL));
  assert_does_not_open (fixture, RELAIS_ERROR_JOURNAL_DAMAGED, "");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "This is no database"));
}

static void
test_a_newer_journal_is_left_as_it_is (RelaisTestWorkspace *fixture,
                                       gconstpointer        user_data)
{
  g_autofree char *path = find_journal (fixture);
  g_autofree char *contents = NULL;
  g_autofree char *after = NULL;
  gsize length, length_after;

  relais_test_workspace_add (fixture, "Compte", NULL, NULL);
  relais_test_workspace_close (fixture);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  /* The version that SQLite keeps for its users stands at byte 60, most significant byte first. */
  contents[62] = 1;
  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  assert_does_not_open (fixture, RELAIS_ERROR_JOURNAL_NEWER, "journal.sqlite");
  g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
  g_assert_cmpmem (after, length_after, contents, length);
}

/* A folder in the way is unwritable for the superuser too. */
static void
test_an_unwritable_folder_is_named (RelaisTestWorkspace *fixture,
                                    gconstpointer        user_data)
{
  g_autofree char *folder = NULL;

  relais_test_workspace_close (fixture);
  folder = g_steal_pointer (&fixture->folder);
  fixture->folder = g_build_filename (folder, "journal.sqlite", NULL);
  assert_does_not_open (fixture, RELAIS_ERROR_JOURNAL_UNWRITABLE, "journal.sqlite");
  g_free (fixture->folder);
  fixture->folder = g_steal_pointer (&folder);
}

static void
test_opening_can_be_cancelled (RelaisTestWorkspace *fixture,
                               gconstpointer        user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_workspace_close (fixture);
  relais_workspace_open_async (fixture->folder, RELAIS_SECRET_STORE (fixture->secrets), fixture->session, cancellable,
                               relais_test_keep_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (relais_workspace_open_finish (relais_test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, function)                                                                            \
  g_test_add ("/workspace/" path, RelaisTestWorkspace, NULL, relais_test_workspace_set_up, function, relais_test_workspace_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-fresh-one-is-empty", test_a_fresh_one_is_empty);
  ADD ("names-are-found-in-any-case-and-spelling", test_names_are_found_in_any_case_and_spelling);
  ADD ("lists-are-in-order-and-change-as-little-as-can-be", test_lists_are_in_order_and_change_as_little_as_can_be);
  ADD ("the-next-start-shows-the-same", test_the_next_start_shows_the_same);
  ADD ("statuses-come-from-the-journal", test_statuses_come_from_the_journal);
  ADD ("a-run-of-another-process-is-watched", test_a_run_of_another_process_is_watched);
  ADD ("another-process-that-dies-leaves-an-interrupted-run", test_another_process_that_dies_leaves_an_interrupted_run);
  ADD ("a-definition-of-another-version-is-kept-as-it-is", test_a_definition_of_another_version_is_kept_as_it_is);
  ADD ("a-damaged-journal-is-left-as-it-is", test_a_damaged_journal_is_left_as_it_is);
  ADD ("a-newer-journal-is-left-as-it-is", test_a_newer_journal_is_left_as_it_is);
  ADD ("an-unwritable-folder-is-named", test_an_unwritable_folder_is_named);
  ADD ("opening-can-be-cancelled", test_opening_can_be_cancelled);

  return g_test_run ();
}
