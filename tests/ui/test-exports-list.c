/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several exports: found, sorted, selected, run, disconnected and copied. */

#include "relais-exports-list.h"

#include "relais-destination-group.h"
#include "relais-export-dialog.h"
#include "relais-export-row.h"
#include "relais-exports-page.h"
#include "relais-exports-sorting.h"
#include "ui-fixture.h"

#include <string.h>

typedef struct
{
  GtkWidget *window;
  GtkWidget *page;
  GtkWidget *list;
} Shown;

/* Three exports, of which one has no connection */
static Shown
show_three (UiFixture *fixture)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  Shown shown;

  ui_add_connection (fixture, "Shop");
  ui_add_export (fixture, "Spring in Nîmes", path);
  ui_add_export (fixture, "Autumn", path);
  ui_add_export (fixture, "Winter", path);
  shown.page = g_object_new (RELAIS_TYPE_EXPORTS_PAGE, NULL);
  relais_exports_page_set_delivery (RELAIS_EXPORTS_PAGE (shown.page), fixture->delivery);
  shown.window = ui_show (shown.page);
  shown.list = ui_child (shown.page, "list");

  return shown;
}

static RelaisExportRow *
find_row (const Shown *shown,
          const char  *name)
{
  GtkListBox *rows = GTK_LIST_BOX (ui_child (shown->list, "rows"));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (rows, i)) != NULL; i++)
    if (g_str_equal (relais_export_get_name (relais_export_row_get_export (RELAIS_EXPORT_ROW (row))), name))
      return RELAIS_EXPORT_ROW (row);

  return NULL;
}

/* The names that are seen, in their order; those that are selected with a star */
static char *
describe_rows (const Shown *shown)
{
  GtkListBox *rows = GTK_LIST_BOX (ui_child (shown->list, "rows"));
  GString *text = g_string_new (NULL);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (rows, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      g_string_append_printf (text, "%s%s%s", text->len > 0 ? ", " : "", relais_export_row_is_selected (RELAIS_EXPORT_ROW (row)) ? "*" : "",
                              relais_export_get_name (relais_export_row_get_export (RELAIS_EXPORT_ROW (row))));

  return g_string_free (text, FALSE);
}

static void
assert_rows (const Shown *shown,
             const char  *expected)
{
  g_autofree char *text = describe_rows (shown);

  g_assert_cmpstr (text, ==, expected);
}

static void
search_for (const Shown *shown,
            const char  *words)
{
  ui_write (shown->list, "search_entry", words);
  g_signal_emit_by_name (ui_child (shown->list, "search_entry"), "search-changed");
}

static const char *
get_state (const Shown *shown)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_child (shown->list, "states")));
}

/* A key as the widget that it belongs to gets it, when nothing between takes it */
static gboolean
press (GtkWidget       *widget,
       guint            keyval,
       GdkModifierType  modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (controller)); j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval &&
              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers &&
              gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), GTK_SHORTCUT_ACTION_EXCLUSIVE, widget, NULL))
            return TRUE;
        }
    }

  return FALSE;
}

static void
test_they_are_found_by_what_is_written_of_them (UiFixture     *fixture,
                                                gconstpointer  data)
{
  Shown shown = show_three (fixture);

  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  relais_exports_page_search (RELAIS_EXPORTS_PAGE (shown.page));
  g_assert_true (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (ui_child (shown.list, "search_bar"))));
  search_for (&shown, "nimes");
  assert_rows (&shown, "Spring in Nîmes");
  search_for (&shown, "spr sho");
  assert_rows (&shown, "Spring in Nîmes");
  search_for (&shown, "practice");
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  g_assert_cmpstr (get_state (&shown), ==, "rows");
  search_for (&shown, "summer");
  assert_rows (&shown, "");
  g_assert_cmpstr (get_state (&shown), ==, "nothing");

  /* What the search hid is back without it. */
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (ui_child (shown.list, "search_bar")), FALSE);
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  g_assert_cmpstr (get_state (&shown), ==, "rows");
  ui_destroy (shown.window);
}

static gboolean
has_ended (gpointer export)
{
  return relais_export_get_last_run (export) != NULL && !relais_run_is_live (relais_export_get_last_run (export));
}

static gboolean
nothing_runs (gpointer delivery)
{
  return relais_delivery_get_n_running (delivery) == 0;
}

static gboolean
has_no_connection (gpointer export)
{
  return relais_export_get_status (export) == RELAIS_EXPORT_NO_CONNECTION;
}

static void
disconnect_winter (UiFixture   *fixture,
                   const Shown *shown)
{
  gtk_widget_activate_action (GTK_WIDGET (find_row (shown, "Winter")), "row.disconnect", NULL);
  ui_wait ("it to be disconnected", has_no_connection, relais_workspace_find_export (fixture->workspace, "Winter"));
}

static void
test_they_stand_in_the_order_that_is_chosen (UiFixture     *fixture,
                                             gconstpointer  data)
{
  Shown shown = show_three (fixture);
  RelaisExport *spring = relais_workspace_find_export (fixture->workspace, "Spring in Nîmes");
  GtkWidget *row = GTK_WIDGET (find_row (&shown, "Winter"));

  disconnect_winter (fixture, &shown);
  gtk_widget_activate_action (shown.list, "list.order", "s", "status");
  assert_rows (&shown, "Winter, Autumn, Spring in Nîmes");
  gtk_widget_activate_action (shown.list, "list.order", "s", "connection");
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  gtk_widget_activate_action (shown.list, "list.order", "s", "refreshed");
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  gtk_widget_grab_focus (row);

  /* It moves by itself, and nobody loses their place. */
  gtk_widget_activate_action (GTK_WIDGET (find_row (&shown, "Spring in Nîmes")), "row.run", NULL);
  ui_wait ("the run to end", has_ended, spring);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  assert_rows (&shown, "Spring in Nîmes, Autumn, Winter");
  g_assert_true (find_row (&shown, "Winter") == RELAIS_EXPORT_ROW (row));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (shown.window)) == row);
  gtk_widget_activate_action (shown.list, "list.order", "s", "name");
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  ui_destroy (shown.window);
}

static void
test_lists_are_in_the_order_of_names_then_numbers (void)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();
  g_autoptr (RelaisExport) nine = NULL;
  g_autoptr (RelaisExport) ten = NULL;
  g_autoptr (RelaisExport) named = NULL;

  definition->name = g_strdup ("Same");
  definition->list_id = 9;
  nine = relais_export_new ("1", definition, NULL);
  definition->list_id = 10;
  ten = relais_export_new ("2", definition, NULL);
  definition->list_name = g_strdup ("Newsletter");
  named = relais_export_new ("3", definition, NULL);
  g_assert_cmpint (relais_exports_compare (nine, ten, "list"), <, 0);
  g_assert_cmpint (relais_exports_compare (named, nine, "list"), <, 0);
  g_assert_cmpint (relais_exports_compare (nine, named, "list"), >, 0);
  g_assert_cmpint (relais_exports_compare (nine, nine, "list"), ==, 0);
  g_assert_true (relais_export_is_meant (named, "news"));
  g_assert_true (relais_export_is_meant (nine, "9"));
  g_assert_false (relais_export_is_meant (ten, "9"));
}

static void
test_several_are_selected_and_counted (UiFixture     *fixture,
                                       gconstpointer  data)
{
  Shown shown = show_three (fixture);
  GtkWidget *count = ui_child (shown.list, "count");
  GtkWidget *row = GTK_WIDGET (find_row (&shown, "Winter"));

  g_assert_false (press (shown.list, GDK_KEY_Escape, 0));
  gtk_widget_grab_focus (ui_child (row, "run_button"));
  gtk_widget_activate_action (shown.list, "list.selecting", NULL);
  g_assert_true (gtk_widget_get_mapped (ui_child (row, "check")));
  g_assert_false (gtk_widget_get_mapped (ui_child (row, "run_button")));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (shown.window)) == row);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (count)), ==, "None selected");
  g_assert_false (ui_may (shown.list, "list.run"));

  g_signal_emit_by_name (ui_child (shown.list, "rows"), "row-activated", row);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (ui_child (GTK_WIDGET (find_row (&shown, "Autumn")), "check")), TRUE);
  assert_rows (&shown, "*Autumn, Spring in Nîmes, *Winter");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (count)), ==, "2 selected");
  g_assert_true (ui_may (shown.list, "list.run"));
  g_assert_true (ui_may (shown.list, "list.remove"));

  /* What is not seen is not selected. */
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (ui_child (shown.list, "search_bar")), TRUE);
  search_for (&shown, "win");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (count)), ==, "1 selected");
  search_for (&shown, "");
  assert_rows (&shown, "Autumn, Spring in Nîmes, *Winter");
  search_for (&shown, "t");
  g_assert_true (press (shown.list, GDK_KEY_Escape, 0));
  search_for (&shown, "");
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  ui_destroy (shown.window);
}

static void
test_all_are_selected_with_one_key (UiFixture     *fixture,
                                    gconstpointer  data)
{
  Shown shown = show_three (fixture);

  g_assert_true (press (shown.list, GDK_KEY_a, GDK_CONTROL_MASK));
  assert_rows (&shown, "*Autumn, *Spring in Nîmes, *Winter");
  g_assert_true (press (shown.list, GDK_KEY_Escape, 0));
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  /* The list itself takes the key when the focus is in it. */
  g_signal_emit_by_name (ui_child (shown.list, "rows"), "select-all");
  assert_rows (&shown, "*Autumn, *Spring in Nîmes, *Winter");
  ui_destroy (shown.window);
}

static GtkWidget *
find_window (GType type)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (tops, i);

      if (g_type_is_a (G_OBJECT_TYPE (top), type))
        return top;
    }

  return NULL;
}

static void
test_all_that_can_run_do_and_the_others_are_named (UiFixture     *fixture,
                                                   gconstpointer  data)
{
  Shown shown = show_three (fixture);
  GtkWidget *dialog;

  disconnect_winter (fixture, &shown);
  gtk_widget_activate_action (shown.page, "exports.run-all", NULL);
  g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 2);
  dialog = find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, "Some Exports Do Not Run");
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "2 exports are running.\n\nWithout a connection: “Winter”. Choose one in the settings.");
  ui_destroy (dialog);

  /* Pressed twice, nothing runs twice. */
  gtk_widget_activate_action (shown.page, "exports.run-all", NULL);
  g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 2);
  dialog = find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, "No Export Runs");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "Already running: “Autumn”, “Spring in Nîmes”."));
  ui_destroy (dialog);
  ui_wait ("one", has_ended, relais_workspace_find_export (fixture->workspace, "Autumn"));
  ui_wait ("the other", has_ended, relais_workspace_find_export (fixture->workspace, "Spring in Nîmes"));
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_null (relais_export_get_last_run (relais_workspace_find_export (fixture->workspace, "Winter")));
  ui_destroy (shown.window);
}

static void
test_those_that_are_selected_run (UiFixture     *fixture,
                                  gconstpointer  data)
{
  Shown shown = show_three (fixture);

  gtk_widget_activate_action (shown.list, "list.selecting", NULL);
  relais_export_row_set_selected (find_row (&shown, "Autumn"), TRUE);
  relais_export_row_set_selected (find_row (&shown, "Winter"), TRUE);
  gtk_widget_activate_action (shown.list, "list.run", NULL);
  assert_rows (&shown, "Autumn, Spring in Nîmes, Winter");
  g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 2);
  g_assert_null (find_window (ADW_TYPE_MESSAGE_DIALOG));
  g_assert_nonnull (ui_find_label (shown.page, "2 exports are running."));
  ui_wait ("one", has_ended, relais_workspace_find_export (fixture->workspace, "Autumn"));
  ui_wait ("the other", has_ended, relais_workspace_find_export (fixture->workspace, "Winter"));
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_null (relais_export_get_last_run (relais_workspace_find_export (fixture->workspace, "Spring in Nîmes")));
  ui_destroy (shown.window);
}

static void
test_those_that_are_selected_are_disconnected (UiFixture     *fixture,
                                               gconstpointer  data)
{
  Shown shown = show_three (fixture);
  RelaisExport *winter = relais_workspace_find_export (fixture->workspace, "Winter");
  GtkWidget *row = GTK_WIDGET (find_row (&shown, "Winter"));

  gtk_widget_activate_action (shown.list, "list.selecting", NULL);
  relais_export_row_set_selected (RELAIS_EXPORT_ROW (row), TRUE);
  relais_export_row_set_selected (find_row (&shown, "Autumn"), TRUE);
  gtk_widget_activate_action (shown.list, "list.disconnect", NULL);
  ui_wait ("one", has_no_connection, winter);
  ui_wait ("the other", has_no_connection, relais_workspace_find_export (fixture->workspace, "Autumn"));
  g_assert_nonnull (relais_export_get_connection (relais_workspace_find_export (fixture->workspace, "Spring in Nîmes")));
  g_assert_cmpuint (relais_export_get_definition (winter)->list_id, ==, 1);
  g_assert_false (ui_may (row, "row.run"));
  g_assert_nonnull (ui_find_label (row, "No connection"));
  ui_destroy (shown.window);
}

/* Each can be brought back, as by its own menu. */
static void
test_those_that_are_selected_are_removed (UiFixture     *fixture,
                                          gconstpointer  data)
{
  Shown shown = show_three (fixture);
  RelaisExport *winter = relais_workspace_find_export (fixture->workspace, "Winter");
  RelaisExport *autumn = relais_workspace_find_export (fixture->workspace, "Autumn");

  gtk_widget_activate_action (shown.list, "list.selecting", NULL);
  relais_export_row_set_selected (find_row (&shown, "Winter"), TRUE);
  relais_export_row_set_selected (find_row (&shown, "Autumn"), TRUE);
  gtk_widget_activate_action (shown.list, "list.remove", NULL);
  ui_settle ();
  assert_rows (&shown, "Spring in Nîmes");
  g_assert_true (relais_workspace_is_set_aside (fixture->workspace, autumn));
  g_assert_true (relais_workspace_bring_back (fixture->workspace, winter));
  assert_rows (&shown, "Spring in Nîmes, Winter");
  ui_destroy (shown.window);
}

/* In a narrow window with large text too */
static void
test_it_has_room_in_a_narrow_window (UiFixture     *fixture,
                                     gconstpointer  data)
{
  Shown shown = show_three (fixture);
  GtkSettings *settings = gtk_settings_get_default ();
  int dpi;
  int least;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", 144 * PANGO_SCALE, NULL);
  ui_settle ();
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_measure (shown.page, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      g_assert_cmpint (least, <=, 360);
      gtk_widget_activate_action (shown.list, "list.selecting", NULL);
      ui_settle ();
    }
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
  ui_destroy (shown.window);
}

static gboolean
has_four (gpointer workspace)
{
  return g_list_model_get_n_items (relais_workspace_get_exports (workspace)) == 4;
}

static gboolean
has_fields (gpointer group)
{
  return relais_destination_group_get_fields (group) != NULL;
}

static void
test_a_copy_is_a_new_export (UiFixture     *fixture,
                             gconstpointer  data)
{
  Shown shown = show_three (fixture);
  RelaisExport *winter = relais_workspace_find_export (fixture->workspace, "Winter");
  const RelaisExportDefinition *definition;
  GtkWidget *dialog;
  RelaisExport *copy;

  gtk_widget_activate_action (GTK_WIDGET (find_row (&shown, "Winter")), "row.run", NULL);
  ui_wait ("the run to end", has_ended, winter);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  gtk_widget_activate_action (GTK_WIDGET (find_row (&shown, "Winter")), "row.duplicate", NULL);
  dialog = find_window (RELAIS_TYPE_EXPORT_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "Set Up Export");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_child (dialog, "name_row"))), ==, "Winter (copy)");
  ui_wait ("the account's fields", has_fields, ui_child (dialog, "destination_group"));
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the copy", has_four, fixture->workspace);
  copy = relais_workspace_find_export (fixture->workspace, "Winter (copy)");
  definition = relais_export_get_definition (copy);
  g_assert_cmpuint (definition->list_id, ==, 1);
  g_assert_cmpstr (definition->matching->email, ==, "EMail");
  g_assert_cmpuint (definition->segments->len, ==, 1);
  g_assert_null (relais_export_get_last_run (copy));
  g_assert_cmpint (relais_export_get_status (copy), ==, RELAIS_EXPORT_NOT_STARTED);
  g_assert_cmpint (relais_export_get_status (winter), ==, RELAIS_EXPORT_SUCCESSFUL);
  ui_settle ();

  /* The next one has a name of its own too. */
  gtk_widget_activate_action (GTK_WIDGET (find_row (&shown, "Winter")), "row.duplicate", NULL);
  dialog = find_window (RELAIS_TYPE_EXPORT_DIALOG);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_child (dialog, "name_row"))), ==, "Winter (copy 2)");
  ui_destroy (dialog);
  ui_destroy (shown.window);
}

#define ADD(name, function) g_test_add ("/exports-list/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("they-are-found-by-what-is-written-of-them", test_they_are_found_by_what_is_written_of_them);
  ADD ("they-stand-in-the-order-that-is-chosen", test_they_stand_in_the_order_that_is_chosen);
  g_test_add_func ("/exports-list/lists-are-in-the-order-of-names-then-numbers", test_lists_are_in_the_order_of_names_then_numbers);
  ADD ("several-are-selected-and-counted", test_several_are_selected_and_counted);
  ADD ("all-are-selected-with-one-key", test_all_are_selected_with_one_key);
  ADD ("all-that-can-run-do-and-the-others-are-named", test_all_that_can_run_do_and_the_others_are_named);
  ADD ("those-that-are-selected-run", test_those_that_are_selected_run);
  ADD ("those-that-are-selected-are-disconnected", test_those_that_are_selected_are_disconnected);
  ADD ("those-that-are-selected-are-removed", test_those_that_are_selected_are_removed);
  ADD ("it-has-room-in-a-narrow-window", test_it_has_room_in_a_narrow_window);
  ADD ("a-copy-is-a-new-export", test_a_copy_is_a_new_export);

  return g_test_run ();
}
