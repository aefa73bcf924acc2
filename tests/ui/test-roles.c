/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people see whose role does not allow everything. */

#include "relais-connection-row.h"
#include "relais-export-dialog.h"
#include "relais-export-row.h"
#include "relais-window.h"
#include "ui-fixture.h"

static GtkWidget *
show_window (UiFixture *fixture)
{
  GtkWidget *window = GTK_WIDGET (relais_window_new (NULL));

  relais_window_set_delivery (RELAIS_WINDOW (window), fixture->delivery);
  gtk_window_present (GTK_WINDOW (window));
  ui_settle ();

  return window;
}

static const char *
get_state (GtkWidget *window)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_child (ui_child (window, "exports_page"), "states")));
}

static gboolean
shows_connections (GtkWidget *window)
{
  return gtk_widget_get_child_visible (ui_child (window, "connections_page"));
}

static GtkWidget *
find_row (GtkWidget  *window,
          const char *name)
{
  GtkWidget *label = ui_find_label (window, name);

  g_assert_nonnull (label);

  return gtk_widget_get_ancestor (label, RELAIS_TYPE_EXPORT_ROW);
}

static gboolean
is_enabled (GtkWidget  *widget,
            const char *action)
{
  GtkWidget *button = gtk_button_new ();
  gboolean enabled;

  /* A button learns from the widgets around it what can be done. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_insert_before (button, widget, NULL);
  enabled = gtk_widget_get_sensitive (button);
  gtk_widget_unparent (button);

  return enabled;
}

static GtkWidget *
find_dialog (void)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (tops, i);

      if (gtk_window_get_modal (GTK_WINDOW (top)))
        return top;
    }

  return NULL;
}

static void
share (UiFixture        *fixture,
       RelaisConnection *connection)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_copy (relais_connection_get_record (connection));

  record->access = RELAIS_ACCESS_CONTRIBUTORS;
  relais_connection_set_record (connection, record);
}

static void
test_a_viewer_looks (UiFixture     *fixture,
                     gconstpointer  data)
{
  GtkWidget *window, *row;

  ui_add_connection (fixture, "Shop");
  ui_add_export (fixture, "Spring", "/nowhere.csv");
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  window = show_window (fixture);
  row = find_row (window, "Spring");

  g_assert_true (gtk_widget_get_visible (ui_child (window, "role_box")));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (ui_child (window, "role_label"))), ==, relais_role_explain (RELAIS_ROLE_VIEWER));
  g_assert_false (ui_may (window, "win.add"));
  g_assert_false (ui_may (row, "row.run"));
  g_assert_nonnull (gtk_widget_get_tooltip_text (ui_child (row, "run_button")));
  g_assert_true (is_enabled (row, "row.view"));
  g_assert_false (is_enabled (row, "row.edit"));
  g_assert_false (is_enabled (row, "row.remove"));
  g_assert_false (is_enabled (row, "row.erase"));
  g_assert_false (is_enabled (row, "row.duplicate"));
  g_assert_false (is_enabled (row, "row.disconnect"));
  g_assert_true (is_enabled (row, "row.history"));
  g_assert_false (is_enabled (row, "exports.run-all"));
  g_assert_false (is_enabled (window, "win.show-log"));
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  g_assert_false (shows_connections (window));
  g_assert_cmpuint (adw_view_switcher_title_get_view_switcher_enabled (ADW_VIEW_SWITCHER_TITLE (ui_child (window, "switcher_title"))), ==, FALSE);
  ui_destroy (window);
}

static void
test_a_contributor_works_with_what_is_shared (UiFixture     *fixture,
                                              gconstpointer  data)
{
  RelaisConnection *shop = ui_add_connection (fixture, "Shop");
  GtkWidget *window, *row;

  ui_add_export (fixture, "Spring", "/nowhere.csv");
  share (fixture, shop);
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  window = show_window (fixture);
  row = find_row (window, "Spring");

  g_assert_true (gtk_widget_get_visible (ui_child (window, "role_box")));
  g_assert_true (ui_may (window, "win.add"));
  g_assert_true (ui_may (row, "row.run"));
  g_assert_null (gtk_widget_get_tooltip_text (ui_child (row, "run_button")));
  g_assert_true (is_enabled (row, "row.edit"));
  g_assert_false (is_enabled (row, "row.view"));
  g_assert_true (is_enabled (row, "row.remove"));
  g_assert_true (is_enabled (row, "row.duplicate"));
  g_assert_true (is_enabled (row, "row.history"));
  g_assert_true (is_enabled (row, "exports.run-all"));
  /* To take a connection away is an administrator's. */
  g_assert_false (is_enabled (row, "row.disconnect"));
  g_assert_false (is_enabled (window, "win.show-log"));
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  g_assert_false (shows_connections (window));
  ui_destroy (window);
}

static void
test_a_contributor_looks_at_what_is_not_shared (UiFixture     *fixture,
                                                gconstpointer  data)
{
  GtkWidget *window, *row;

  ui_add_connection (fixture, "Shop");
  ui_add_export (fixture, "Spring", "/nowhere.csv");
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  window = show_window (fixture);
  row = find_row (window, "Spring");

  g_assert_false (ui_may (row, "row.run"));
  g_assert_true (is_enabled (row, "row.view"));
  g_assert_false (is_enabled (row, "row.edit"));
  g_assert_false (is_enabled (row, "row.remove"));
  g_assert_false (is_enabled (row, "row.duplicate"));
  g_assert_true (is_enabled (row, "row.history"));
  ui_destroy (window);
}

/* Nobody has to start Relais anew. */
static void
test_another_role_counts_at_once (UiFixture     *fixture,
                                  gconstpointer  data)
{
  GtkWidget *window, *row;

  ui_add_connection (fixture, "Shop");
  ui_add_export (fixture, "Spring", "/nowhere.csv");
  window = show_window (fixture);
  row = find_row (window, "Spring");
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  g_assert_true (shows_connections (window));
  g_assert_false (gtk_widget_get_visible (ui_child (window, "role_box")));
  g_assert_true (ui_may (row, "row.run"));

  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  g_assert_false (shows_connections (window));
  g_assert_true (gtk_widget_get_visible (ui_child (window, "role_box")));
  g_assert_false (ui_may (row, "row.run"));

  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_ADMINISTRATOR);
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  g_assert_true (shows_connections (window));
  g_assert_false (gtk_widget_get_visible (ui_child (window, "role_box")));
  g_assert_true (ui_may (row, "row.run"));
  g_assert_true (is_enabled (row, "row.disconnect"));
  g_assert_true (is_enabled (row, "exports.run-all"));
  g_assert_true (is_enabled (window, "win.show-log"));
  g_assert_true (ui_may (window, "win.add"));
  ui_destroy (window);
}

static void
test_an_empty_page_tells_what_the_role_can_wait_for (UiFixture     *fixture,
                                                     gconstpointer  data)
{
  GtkWidget *window = show_window (fixture);
  g_autofree char *to_viewers = NULL;
  AdwStatusPage *waiting = ADW_STATUS_PAGE (ui_child (ui_child (window, "exports_page"), "waiting"));
  RelaisConnection *shop;
  GtkWidget *dialog;

  g_assert_cmpstr (get_state (window), ==, "unconnected");
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  g_assert_cmpstr (get_state (window), ==, "waiting");
  to_viewers = g_strdup (adw_status_page_get_description (waiting));
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  g_assert_cmpstr (get_state (window), ==, "waiting");
  g_assert_cmpstr (adw_status_page_get_description (waiting), !=, to_viewers);
  gtk_widget_activate_action (window, "win.add", NULL);
  dialog = find_dialog ();
  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==, adw_status_page_get_description (waiting));
  gtk_window_destroy (GTK_WINDOW (dialog));

  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_ADMINISTRATOR);
  shop = ui_add_connection (fixture, "Shop");
  share (fixture, shop);
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  g_assert_cmpstr (get_state (window), ==, "empty");
  ui_destroy (window);
}

static void
test_an_export_that_is_looked_at_cannot_be_changed (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  RelaisConnection *shop = ui_add_connection (fixture, "Shop");
  RelaisExport *export = ui_add_export (fixture, "Spring", "/nowhere.csv");
  GtkWidget *dialog, *destination;

  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  dialog = relais_export_dialog_new (NULL, fixture->workspace, export);
  destination = ui_child (dialog, "destination_group");
  gtk_window_present (GTK_WINDOW (dialog));
  ui_settle ();
  g_assert_false (gtk_widget_get_visible (ui_child (dialog, "save_button")));
  g_assert_false (is_enabled (dialog, "dialog.save"));
  g_assert_false (gtk_widget_is_sensitive (ui_child (dialog, "name_row")));
  g_assert_false (gtk_widget_is_sensitive (ui_child (dialog, "automations_switch")));
  g_assert_false (gtk_widget_is_sensitive (ui_child (destination, "connection_row")));
  g_assert_true (adw_combo_row_get_selected_item (ADW_COMBO_ROW (ui_child (destination, "connection_row"))) == shop);
  g_assert_false (gtk_widget_get_visible (ui_child (destination, "note_box")));
  g_assert_true (gtk_widget_get_visible (ui_child (dialog, "note_group")));
  g_assert_nonnull (g_strstr_len (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "note"))), -1, "“Shop”"));
  ui_destroy (dialog);
}

/* Only connections that are shared stand in the drop-down, by name. */
static void
test_a_contributor_chooses_among_what_is_shared (UiFixture     *fixture,
                                                 gconstpointer  data)
{
  RelaisConnection *shop;
  GtkWidget *dialog;
  AdwComboRow *connections;

  ui_add_connection (fixture, "Hidden");
  shop = ui_add_connection (fixture, "Shop");
  dialog = relais_export_dialog_new (NULL, fixture->workspace, NULL);
  connections = ADW_COMBO_ROW (ui_child (ui_child (dialog, "destination_group"), "connection_row"));
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (connections)), ==, 2);
  ui_destroy (dialog);

  share (fixture, shop);
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  dialog = relais_export_dialog_new (NULL, fixture->workspace, NULL);
  connections = ADW_COMBO_ROW (ui_child (ui_child (dialog, "destination_group"), "connection_row"));
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (connections)), ==, 1);
  g_assert_true (adw_combo_row_get_selected_item (connections) == shop);
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (connections)));
  ui_destroy (dialog);
}

/* Two exports, of which a contributor may change one */
static GtkWidget *
show_shared_and_not (UiFixture *fixture)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  GtkWidget *window;

  share (fixture, ui_add_connection (fixture, "Open"));
  ui_add_export (fixture, "Spring", path);
  ui_add_connection (fixture, "Closed");
  ui_add_export (fixture, "Winter", path);
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  window = show_window (fixture);

  return window;
}

static gboolean
nothing_runs (gpointer delivery)
{
  return relais_delivery_get_n_running (delivery) == 0;
}

static void
assert_told (const char *expected)
{
  GtkWidget *dialog = find_dialog ();

  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==, expected);
  ui_destroy (dialog);
}

static void
test_of_all_exports_those_run_that_the_role_allows (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  GtkWidget *window = show_shared_and_not (fixture);

  gtk_widget_activate_action (ui_child (window, "exports_page"), "exports.run-all", NULL);
  g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 1);
  assert_told ("1 export is running.\n\nOnly to look at in your role: “Winter”. An administrator can change that.");
  ui_wait ("the run to end", nothing_runs, fixture->delivery);
  g_assert_null (relais_export_get_last_run (relais_workspace_find_export (fixture->workspace, "Winter")));
  ui_destroy (window);
}

static void
test_the_selected_are_what_the_role_lets_them_be (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  GtkWidget *window = show_shared_and_not (fixture);
  GtkWidget *list = ui_child (ui_child (window, "exports_page"), "list");
  GtkLabel *count = GTK_LABEL (ui_child (list, "count"));

  gtk_widget_activate_action (list, "list.selecting", NULL);
  relais_export_row_set_selected (RELAIS_EXPORT_ROW (find_row (window, "Spring")), TRUE);
  g_assert_cmpstr (gtk_label_get_label (count), ==, "1 selected");
  g_assert_true (is_enabled (list, "list.run"));
  g_assert_true (is_enabled (list, "list.remove"));
  g_assert_false (is_enabled (list, "list.disconnect"));
  relais_export_row_set_selected (RELAIS_EXPORT_ROW (find_row (window, "Winter")), TRUE);
  g_assert_cmpstr (gtk_label_get_label (count), ==, "2 selected, 1 of them only to look at");
  g_assert_false (is_enabled (list, "list.remove"));

  /* Another role counts at once. */
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  g_assert_cmpstr (gtk_label_get_label (count), ==, "2 selected, 2 of them only to look at");
  g_assert_false (is_enabled (list, "list.run"));
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_ADMINISTRATOR);
  g_assert_cmpstr (gtk_label_get_label (count), ==, "2 selected");
  g_assert_true (is_enabled (list, "list.disconnect"));
  g_assert_true (is_enabled (list, "list.remove"));
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  gtk_widget_activate_action (list, "list.run", NULL);
  g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 1);
  assert_told ("1 export is running.\n\nOnly to look at in your role: “Winter”. An administrator can change that.");
  ui_wait ("the run to end", nothing_runs, fixture->delivery);
  ui_destroy (window);
}

/* An export that comes while the page is shown has a row as the role has it. */
static void
test_a_row_that_comes_later_is_as_the_role_has_it (UiFixture     *fixture,
                                                   gconstpointer  data)
{
  GtkWidget *window = show_window (fixture);

  ui_add_connection (fixture, "Shop");
  ui_add_export (fixture, "Spring", "/nowhere.csv");
  ui_settle ();
  g_assert_true (ui_may (find_row (window, "Spring"), "row.run"));
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  g_assert_false (ui_may (find_row (window, "Spring"), "row.run"));
  ui_destroy (window);
}

static gboolean
has_dialog (gpointer data)
{
  return find_dialog () != NULL;
}

static void
test_files_are_dropped_where_the_role_allows_an_export (UiFixture     *fixture,
                                                        gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  RelaisConnection *shop = ui_add_connection (fixture, "Shop");
  RelaisExport *export = ui_add_export (fixture, "Spring", path);
  GtkWidget *window = show_window (fixture);
  g_autoptr (GError) error = NULL;
  GtkWidget *dialog;

  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  relais_workspace_check_right (fixture->workspace, RELAIS_ACTION_USE_CONNECTION, NULL, &error);
  g_assert_false (ui_drop (window, &file, 1));
  assert_told (error->message);
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  g_assert_false (ui_drop (window, &file, 1));
  dialog = find_dialog ();
  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, "There Is No Connection to Use");
  ui_destroy (dialog);
  dialog = relais_export_dialog_new (NULL, fixture->workspace, export);
  g_assert_false (ui_drop (dialog, &file, 1));
  ui_destroy (dialog);

  share (fixture, shop);
  g_assert_true (ui_drop (window, &file, 1));
  ui_wait ("the editor", has_dialog, NULL);
  dialog = find_dialog ();
  g_assert_true (RELAIS_IS_EXPORT_DIALOG (dialog));
  ui_destroy (dialog);
  ui_destroy (window);
}

#define ADD(name, function) g_test_add ("/roles/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("a-viewer-looks", test_a_viewer_looks);
  ADD ("a-contributor-works-with-what-is-shared", test_a_contributor_works_with_what_is_shared);
  ADD ("a-contributor-looks-at-what-is-not-shared", test_a_contributor_looks_at_what_is_not_shared);
  ADD ("another-role-counts-at-once", test_another_role_counts_at_once);
  ADD ("an-empty-page-tells-what-the-role-can-wait-for", test_an_empty_page_tells_what_the_role_can_wait_for);
  ADD ("an-export-that-is-looked-at-cannot-be-changed", test_an_export_that_is_looked_at_cannot_be_changed);
  ADD ("a-contributor-chooses-among-what-is-shared", test_a_contributor_chooses_among_what_is_shared);
  ADD ("of-all-exports-those-run-that-the-role-allows", test_of_all_exports_those_run_that_the_role_allows);
  ADD ("the-selected-are-what-the-role-lets-them-be", test_the_selected_are_what_the_role_lets_them_be);
  ADD ("a-row-that-comes-later-is-as-the-role-has-it", test_a_row_that_comes_later_is_as_the_role_has_it);
  ADD ("files-are-dropped-where-the-role-allows-an-export", test_files_are_dropped_where_the_role_allows_an_export);

  return g_test_run ();
}
