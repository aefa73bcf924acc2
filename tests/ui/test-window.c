/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-window.h"

#include "relais-connection-dialog.h"
#include "relais-export-dialog.h"
#include "relais-preferences.h"
#include "ui-fixture.h"

#define NARROW 360
#define WIDE 900

/* Dots an inch, in 1024ths */
#define PLAIN_TEXT (96 * 1024)
#define LARGE_TEXT (PLAIN_TEXT * 5 / 4)

/* A frame may be drawn inside of what was asked for. */
#define FRAME 20

static GtkWidget *
show_window (UiFixture *fixture,
             int        width)
{
  GtkWidget *window = GTK_WIDGET (relais_window_new (NULL));

  relais_window_set_delivery (RELAIS_WINDOW (window), fixture->delivery);
  gtk_window_set_default_size (GTK_WINDOW (window), width, 640);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

static gboolean
has_bar (gpointer window)
{
  return gtk_widget_get_height (ui_child (window, "switcher_bar")) > 0;
}

static gboolean
lacks_bar (gpointer window)
{
  return !has_bar (window);
}

static gboolean
has_no_bar (gpointer window)
{
  return gtk_widget_get_width (window) >= WIDE - FRAME && !has_bar (window);
}

static const char *
get_page (GtkWidget *window)
{
  return adw_view_stack_get_visible_child_name (ADW_VIEW_STACK (ui_child (window, "pages")));
}

/* Nothing else happens in the window after it was shown: the bar comes by itself. */
static void
test_a_narrow_window_has_both_pages_below (UiFixture     *fixture,
                                           gconstpointer  data)
{
  GtkWidget *window = show_window (fixture, NARROW);

  ui_wait ("the bar", has_bar, window);
  ui_destroy (window);
}

static void
test_without_pages_there_is_nothing_to_switch (UiFixture     *fixture,
                                               gconstpointer  data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "It is damaged.");
  GtkWidget *window = show_window (fixture, NARROW);

  ui_wait ("the bar", has_bar, window);
  relais_window_show_failure (RELAIS_WINDOW (window), error);
  ui_wait ("the bar to go", lacks_bar, window);
  g_assert_false (adw_view_switcher_title_get_view_switcher_enabled (ADW_VIEW_SWITCHER_TITLE (ui_child (window, "switcher_title"))));
  relais_window_set_delivery (RELAIS_WINDOW (window), fixture->delivery);
  ui_wait ("the bar", has_bar, window);
  ui_destroy (window);
}

static void
test_the_bar_follows_the_width (UiFixture     *fixture,
                                gconstpointer  data)
{
  GtkWidget *window = show_window (fixture, WIDE);

  ui_wait ("a wide window", has_no_bar, window);
  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 640);
  ui_wait ("the bar", has_bar, window);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDE, 640);
  ui_wait ("the bar to go", has_no_bar, window);
  ui_destroy (window);
}

static void
test_pages_change_by_their_keys (UiFixture     *fixture,
                                 gconstpointer  data)
{
  GtkWidget *window = show_window (fixture, NARROW);

  g_assert_cmpstr (get_page (window), ==, "exports");
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  g_assert_cmpstr (get_page (window), ==, "connections");
  gtk_widget_activate_action (window, "win.show-exports", NULL);
  g_assert_cmpstr (get_page (window), ==, "exports");
  ui_destroy (window);
}

static void
assert_is_narrow_enough (GtkWidget *content)
{
  int narrowest;

  gtk_widget_measure (content, GTK_ORIENTATION_HORIZONTAL, -1, &narrowest, NULL, NULL, NULL);
  g_assert_cmpint (narrowest, <=, NARROW);
}

static void
assert_pages_are_narrow_enough (GtkWidget *window)
{
  GtkWidget *content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));

  gtk_widget_activate_action (window, "win.show-exports", NULL);
  ui_settle ();
  assert_is_narrow_enough (content);
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  ui_settle ();
  assert_is_narrow_enough (content);
}

static GtkLabel *
find_title (GtkWidget *dialog)
{
  GtkWidget *bar = ui_find (dialog, ADW_TYPE_HEADER_BAR, NULL);

  return GTK_LABEL (ui_find (adw_header_bar_get_title_widget (ADW_HEADER_BAR (bar)), GTK_TYPE_LABEL, NULL));
}

static gboolean
is_narrow (gpointer widget)
{
  return gtk_widget_get_width (widget) > 1 && gtk_widget_get_width (widget) <= NARROW;
}

static void
assert_dialog_is_narrow_enough (GtkWidget *dialog)
{
  GtkLabel *title = find_title (dialog);

  gtk_window_set_default_size (GTK_WINDOW (dialog), NARROW, 640);
  gtk_window_present (GTK_WINDOW (dialog));
  assert_is_narrow_enough (adw_window_get_content (ADW_WINDOW (dialog)));
  ui_wait ("a narrow dialog", is_narrow, dialog);
  ui_wait ("its title", is_narrow, title);
  g_assert_cmpstr (gtk_label_get_label (title), ==, gtk_window_get_title (GTK_WINDOW (dialog)));
  g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (title)));
  ui_destroy (dialog);
}

static void
test_everything_fits_on_a_telephone (UiFixture     *fixture,
                                     gconstpointer  data)
{
  GtkWidget *window = show_window (fixture, NARROW);
  RelaisConnection *connection;
  RelaisExport *export;
  GtkWidget *dialog;

  assert_pages_are_narrow_enough (window);
  connection = ui_add_connection (fixture, "Shop");
  assert_pages_are_narrow_enough (window);
  export = ui_add_export (fixture, "Spring", "/nowhere.csv");
  assert_pages_are_narrow_enough (window);
  assert_dialog_is_narrow_enough (relais_connection_dialog_new (NULL, fixture->workspace, NULL));
  assert_dialog_is_narrow_enough (relais_connection_dialog_new (NULL, fixture->workspace, connection));
  assert_dialog_is_narrow_enough (relais_export_dialog_new (NULL, fixture->workspace, NULL));
  assert_dialog_is_narrow_enough (relais_export_dialog_new (NULL, fixture->workspace, export));
  dialog = relais_export_dialog_new (NULL, fixture->workspace, export);
  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_child (dialog, "leavers_row")), 1);
  assert_dialog_is_narrow_enough (dialog);
  ui_destroy (window);
}

static void
assert_no_clash (GtkWidget  *widget,
                 GHashTable *words)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget))
    {
      guint key = gtk_label_get_mnemonic_keyval (GTK_LABEL (widget));
      const char *word = gtk_label_get_text (GTK_LABEL (widget));
      const char *other = g_hash_table_lookup (words, GUINT_TO_POINTER (key));

      /* What stands in every row does the same in each of them. */
      if (other != NULL && key != GDK_KEY_VoidSymbol)
        g_assert_cmpstr (word, ==, other);
      g_hash_table_insert (words, GUINT_TO_POINTER (key), g_strdup (word));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    assert_no_clash (child, words);
}

static void
assert_mnemonics_are_unique (GtkWidget *root,
                             guint      at_least)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  ui_settle ();
  assert_no_clash (root, words);
  g_assert_cmpuint (g_hash_table_size (words), >=, at_least);
}

static void
assert_dialog_has_unique_mnemonics (GtkWidget *dialog)
{
  gtk_window_present (GTK_WINDOW (dialog));
  assert_mnemonics_are_unique (dialog, 4);
  ui_destroy (dialog);
}

/* Its button says something else then. */
static void
let_wait_for_an_answer (RelaisExport     *export,
                        RelaisConnection *connection)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_copy (relais_export_get_definition (export));
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (RelaisRun) run = NULL;

  definition->leavers = RELAIS_LEAVERS_REMOVE;
  relais_export_set_definition (export, definition, connection);
  record->id = g_strdup ("r");
  record->status = RELAIS_RUN_INTERRUPTED;
  record->leavers = (RelaisLeaversCounts) { .departed = 300, .asked = 300, .delivered = 1000 };
  run = relais_run_new (record);
  relais_export_set_last_run (export, run);
}

static void
test_a_letter_with_alt_does_one_thing (UiFixture     *fixture,
                                       gconstpointer  data)
{
  GtkWidget *window = show_window (fixture, WIDE);
  RelaisConnection *connection;
  RelaisExport *export;
  GtkWidget *dialog;

  ui_wait ("a wide window", has_no_bar, window);
  assert_mnemonics_are_unique (window, 4);
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  assert_mnemonics_are_unique (window, 4);
  connection = ui_add_connection (fixture, "Shop");
  gtk_widget_activate_action (window, "win.show-exports", NULL);
  assert_mnemonics_are_unique (window, 3);
  export = ui_add_export (fixture, "Spring", "/nowhere.csv");
  assert_mnemonics_are_unique (window, 3);
  let_wait_for_an_answer (export, connection);
  assert_mnemonics_are_unique (window, 3);
  assert_dialog_has_unique_mnemonics (relais_export_dialog_new (NULL, fixture->workspace, NULL));
  assert_dialog_has_unique_mnemonics (relais_connection_dialog_new (NULL, fixture->workspace, NULL));

  dialog = relais_connection_dialog_new (NULL, fixture->workspace, NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (ui_child (ui_child (dialog, "connect_group"), "stack")), "busy");
  assert_dialog_has_unique_mnemonics (dialog);
  ui_destroy (window);
}

/* As large as Large Text of GNOME */
static void
test_pages_have_room_for_large_text (UiFixture     *fixture,
                                     gconstpointer  data)
{
  GtkWidget *window = show_window (fixture, NARROW);

  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", LARGE_TEXT, NULL);
  assert_pages_are_narrow_enough (window);
  ui_add_connection (fixture, "Shop");
  assert_pages_are_narrow_enough (window);
  ui_add_export (fixture, "Spring", "/nowhere.csv");
  assert_pages_are_narrow_enough (window);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", PLAIN_TEXT, NULL);
  ui_destroy (window);
}

/* What is said about a role takes room above the page. */
static void
test_what_a_role_is_told_fits_on_a_telephone (UiFixture     *fixture,
                                              gconstpointer  data)
{
  static const RelaisRole roles[] = { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ROLE_VIEWER };
  GtkWidget *window = show_window (fixture, NARROW);
  GtkWidget *preferences = relais_preferences_new (GTK_WINDOW (window), fixture->workspace);
  GtkWidget *content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));

  gtk_window_present (GTK_WINDOW (preferences));
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      int lowest;

      relais_workspace_set_role (fixture->workspace, roles[i]);
      ui_settle ();
      assert_is_narrow_enough (content);
      assert_is_narrow_enough (gtk_window_get_child (GTK_WINDOW (preferences)));
      gtk_widget_measure (content, GTK_ORIENTATION_VERTICAL, NARROW, &lowest, NULL, NULL, NULL);
      g_assert_cmpint (lowest, <=, NARROW);
    }
  ui_destroy (preferences);
  ui_destroy (window);
}

#define ADD(name, function) g_test_add ("/window/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("a-narrow-window-has-both-pages-below", test_a_narrow_window_has_both_pages_below);
  ADD ("without-pages-there-is-nothing-to-switch", test_without_pages_there_is_nothing_to_switch);
  ADD ("the-bar-follows-the-width", test_the_bar_follows_the_width);
  ADD ("everything-fits-on-a-telephone", test_everything_fits_on_a_telephone);
  ADD ("pages-have-room-for-large-text", test_pages_have_room_for_large_text);
  ADD ("a-letter-with-alt-does-one-thing", test_a_letter_with_alt_does_one_thing);
  ADD ("what-a-role-is-told-fits-on-a-telephone", test_what_a_role_is_told_fits_on_a_telephone);
  ADD ("pages-change-by-their-keys", test_pages_change_by_their_keys);

  return g_test_run ();
}
