/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of an export: several, dropped anywhere, counted, taken out again. */

#include "relais-export-dialog.h"

#include "relais-destination-group.h"
#include "relais-segment-file-row.h"
#include "relais-segment-group.h"
#include "relais-window.h"
#include "ui-fixture.h"

#include <string.h>

static char *
write_file (UiFixture  *fixture,
            const char *name,
            const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

/* The rows of files below a widget, in their order */
static void
collect_rows (GtkWidget *widget,
              GPtrArray *rows)
{
  if (RELAIS_IS_SEGMENT_FILE_ROW (widget))
    g_ptr_array_add (rows, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_rows (child, rows);
}

static GPtrArray *
get_rows (GtkWidget *dialog)
{
  GPtrArray *rows = g_ptr_array_new ();

  collect_rows (ui_child (dialog, "segment_group"), rows);

  return rows;
}

static gboolean
is_counted (gpointer row)
{
  return relais_segment_file_row_get_n_rows (row) > 0;
}

static gboolean
has_failed (gpointer row)
{
  return gtk_widget_has_css_class (row, "error");
}

static const char *
get_subtitle (gpointer row)
{
  return adw_expander_row_get_subtitle (row);
}

static GtkWidget *
find_dialog (void)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (tops, i);

      if (RELAIS_IS_EXPORT_DIALOG (top))
        return top;
    }

  return NULL;
}

static gboolean
has_fields (gpointer group)
{
  return relais_destination_group_get_fields (group) != NULL;
}

static gboolean
has_export (gpointer workspace)
{
  return g_list_model_get_n_items (relais_workspace_get_exports (workspace)) == 1;
}

static gboolean
has_note (gpointer dialog)
{
  return gtk_widget_get_visible (ui_child (dialog, "note_group"));
}

static GtkWidget *
open_with (UiFixture  *fixture,
           const char *first,
           const char *second)
{
  GtkWidget *dialog = relais_export_dialog_new (NULL, fixture->workspace, NULL);
  g_autoptr (GFile) one = g_file_new_for_path (first);
  g_autoptr (GFile) other = g_file_new_for_path (second);

  gtk_window_present (GTK_WINDOW (dialog));
  ui_wait ("the account's fields", has_fields, ui_child (dialog, "destination_group"));
  g_assert_true (ui_drop (dialog, (GFile *[]) { one, other }, 2));

  return dialog;
}

static void
test_each_says_what_it_holds_and_can_be_taken_out (UiFixture     *fixture,
                                                   gconstpointer  data)
{
  g_autofree char *first = write_file (fixture, "north.csv", "EMail;City\nzoe@example.com;Lille\n\"anais\"@example.com;\"Arras\nCentre\"\n");
  g_autofree char *second = write_file (fixture, "south.csv", "City,EMail\nNice,loic@example.com\n");
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) left = NULL;
  const RelaisExportDefinition *definition;
  g_autoptr (RelaisExport) export = NULL;
  GtkWidget *dialog;

  ui_add_connection (fixture, "Shop");
  dialog = open_with (fixture, first, second);
  rows = get_rows (dialog);
  g_assert_cmpuint (rows->len, ==, 2);
  for (guint i = 0; i < rows->len; i++)
    ui_wait ("its rows", is_counted, g_ptr_array_index (rows, i));
  g_assert_cmpstr (get_subtitle (g_ptr_array_index (rows, 0)), ==, "2 rows · 2 columns, UTF-8, separated by “;”");
  g_assert_cmpstr (get_subtitle (g_ptr_array_index (rows, 1)), ==, "1 row · 2 columns, UTF-8, separated by “,”");

  /* One that is there already is not there twice. */
  relais_segment_group_add_path (RELAIS_SEGMENT_GROUP (ui_child (dialog, "segment_group")), first);
  left = get_rows (dialog);
  g_assert_cmpuint (left->len, ==, 2);

  gtk_widget_activate_action (g_ptr_array_index (rows, 0), "file.remove", NULL);
  ui_write (dialog, "name_row", "South");
  ui_write (ui_child (dialog, "destination_group"), "list_id_row", "1");
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the export", has_export, fixture->workspace);
  export = g_list_model_get_item (relais_workspace_get_exports (fixture->workspace), 0);
  definition = relais_export_get_definition (export);
  g_assert_cmpuint (definition->segments->len, ==, 1);
  g_assert_cmpstr (((RelaisSegment *) g_ptr_array_index (definition->segments, 0))->path, ==, second);
}

static void
test_a_column_that_another_file_lacks_is_told (UiFixture     *fixture,
                                               gconstpointer  data)
{
  g_autofree char *first = write_file (fixture, "north.csv", "EMail,First name\nzoe@example.com,Zoé\n");
  g_autofree char *second = write_file (fixture, "south.csv", "EMail,City\nloic@example.com,Nice\n");
  g_autoptr (GPtrArray) rows = NULL;
  GtkWidget *dialog;
  const char *note;

  ui_add_connection (fixture, "Shop");
  dialog = open_with (fixture, first, second);
  rows = get_rows (dialog);
  for (guint i = 0; i < rows->len; i++)
    ui_wait ("its rows", is_counted, g_ptr_array_index (rows, i));
  ui_write (dialog, "name_row", "All");
  ui_write (ui_child (dialog, "destination_group"), "list_id_row", "1");
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("what is wrong", has_note, dialog);
  note = gtk_label_get_label (GTK_LABEL (ui_child (dialog, "note")));
  g_assert_nonnull (strstr (note, "First name"));
  g_assert_nonnull (strstr (note, "south.csv"));
  g_assert_cmpuint (g_list_model_get_n_items (relais_workspace_get_exports (fixture->workspace)), ==, 0);
  ui_destroy (dialog);
}

/* Both are saved, in their order, and stand there again when the export is edited. */
static void
test_several_are_saved_and_shown_again (UiFixture     *fixture,
                                        gconstpointer  data)
{
  g_autofree char *first = write_file (fixture, "north.csv", "EMail\nzoe@example.com\n");
  g_autofree char *second = write_file (fixture, "south.csv", "EMail\nloic@example.com\n");
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (RelaisExport) export = NULL;
  GtkWidget *dialog;

  ui_add_connection (fixture, "Shop");
  dialog = open_with (fixture, first, second);
  rows = get_rows (dialog);
  for (guint i = 0; i < rows->len; i++)
    ui_wait ("its rows", is_counted, g_ptr_array_index (rows, i));
  ui_write (dialog, "name_row", "All");
  ui_write (ui_child (dialog, "destination_group"), "list_id_row", "1");
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the export", has_export, fixture->workspace);
  export = g_list_model_get_item (relais_workspace_get_exports (fixture->workspace), 0);
  g_assert_cmpuint (relais_export_get_definition (export)->segments->len, ==, 2);

  ui_settle ();
  dialog = relais_export_dialog_new (NULL, fixture->workspace, export);
  gtk_window_present (GTK_WINDOW (dialog));
  again = get_rows (dialog);
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_cmpstr (relais_segment_file_row_get_path (g_ptr_array_index (again, 0)), ==, first);
  g_assert_cmpstr (relais_segment_file_row_get_path (g_ptr_array_index (again, 1)), ==, second);
  ui_destroy (dialog);
}

static void
test_more_than_one_export_takes_is_warned_of (UiFixture     *fixture,
                                              gconstpointer  data)
{
  g_autoptr (GString) text = g_string_new ("EMail\n");
  g_autofree char *first = NULL;
  g_autofree char *second = write_file (fixture, "one.csv", "EMail\nzoe@example.com\n");
  g_autoptr (GPtrArray) rows = NULL;
  GtkWidget *dialog;
  GtkWidget *note;

  for (guint i = 0; i < RELAIS_MAX_PROFILES; i++)
    g_string_append (text, "a@b.fr\n");
  first = write_file (fixture, "million.csv", text->str);
  ui_add_connection (fixture, "Shop");
  dialog = open_with (fixture, first, second);
  rows = get_rows (dialog);
  for (guint i = 0; i < rows->len; i++)
    ui_wait ("its rows", is_counted, g_ptr_array_index (rows, i));
  note = ui_child (ui_child (dialog, "segment_group"), "note");
  g_assert_true (gtk_widget_get_visible (note));
  g_assert_true (g_str_has_prefix (gtk_label_get_label (GTK_LABEL (note)), "These segments hold "));
  g_assert_cmpuint (relais_segment_file_row_get_n_rows (g_ptr_array_index (rows, 0)), ==, RELAIS_MAX_PROFILES);
  gtk_widget_activate_action (g_ptr_array_index (rows, 1), "file.remove", NULL);
  g_assert_false (gtk_widget_get_visible (note));
  ui_destroy (dialog);
}

static GtkApplication *
start_application (void)
{
  GtkApplication *application = GTK_APPLICATION (adw_application_new (NULL, G_APPLICATION_NON_UNIQUE));

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));

  return application;
}

static gboolean
has_dialog (gpointer data)
{
  return find_dialog () != NULL;
}

static void
test_files_dropped_on_the_window_open_the_editor (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  g_autofree char *first = write_file (fixture, "north.csv", "EMail\nzoe@example.com\n");
  g_autoptr (GtkApplication) application = start_application ();
  GtkWidget *window = GTK_WIDGET (relais_window_new (application));
  g_autoptr (GFile) file = g_file_new_for_path (first);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GPtrArray) rows = NULL;
  GtkWidget *dialog;

  gtk_window_present (GTK_WINDOW (window));
  g_assert_false (ui_drop (window, &file, 1));
  relais_window_set_delivery (RELAIS_WINDOW (window), fixture->delivery);
  /* What comes first is told. */
  g_assert_false (ui_drop (window, &file, 1));
  g_assert_null (find_dialog ());
  ui_add_connection (fixture, "Shop");
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  g_assert_true (ui_drop (window, (GFile *[]) { file, folder }, 2));
  ui_wait ("the editor", has_dialog, NULL);
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "Set Up Export");
  rows = get_rows (dialog);
  g_assert_cmpuint (rows->len, ==, 2);
  ui_wait ("its rows", is_counted, g_ptr_array_index (rows, 0));
  ui_wait ("why a folder is none", has_failed, g_ptr_array_index (rows, 1));
  g_assert_nonnull (strstr (get_subtitle (g_ptr_array_index (rows, 1)), "is a folder. Choose a file in it."));
  ui_destroy (dialog);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_settle ();
}

#define ADD(name, function) g_test_add ("/segments/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("each-says-what-it-holds-and-can-be-taken-out", test_each_says_what_it_holds_and_can_be_taken_out);
  ADD ("a-column-that-another-file-lacks-is-told", test_a_column_that_another_file_lacks_is_told);
  ADD ("several-are-saved-and-shown-again", test_several_are_saved_and_shown_again);
  ADD ("more-than-one-export-takes-is-warned-of", test_more_than_one_export_takes_is_warned_of);
  ADD ("files-dropped-on-the-window-open-the-editor", test_files_dropped_on_the_window_open_the_editor);

  return g_test_run ();
}
