/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows that were not delivered are corrected: in the result, where they stand, and in a file that is dropped on the window. */

#include "relais-exports-page.h"
#include "relais-history-dialog.h"
#include "relais-rejected-row.h"
#include "relais-report.h"
#include "relais-result-dialog.h"
#include "relais-window.h"
#include "ui-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static GtkWidget *
find_top (GType type)
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
asks (gpointer data)
{
  return find_top (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

static gboolean
has_corrected (gpointer export)
{
  return has_ended (export) && relais_run_get_record (relais_export_get_last_run (export))->corrects != NULL;
}

static gboolean
shows_rejected (gpointer dialog)
{
  return gtk_widget_get_visible (ui_child (dialog, "rejected_group"));
}

static gboolean
is_gone (gpointer left)
{
  return *(gpointer *) left == NULL;
}

static GtkWidget *
show_window (UiFixture *fixture)
{
  GtkWidget *window = GTK_WIDGET (relais_window_new (NULL));

  relais_window_set_delivery (RELAIS_WINDOW (window), fixture->delivery);
  relais_window_show_exports (RELAIS_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
  ui_settle ();

  return window;
}

static void
close_window (GtkWidget *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  ui_settle ();
}

/* Rows 2 and 3 are not delivered: one has no @, the other repeats the first. */
static RelaisExport *
run_once (UiFixture *fixture,
          GtkWidget *window)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\nanais.example.com\nzoe@example.com\n");
  RelaisExport *export;

  ui_add_connection (fixture, "Shop");
  export = ui_add_export (fixture, "Spring", path);
  gtk_widget_activate_action (ui_child (window, "exports_page"), "exports.run", "s", relais_export_get_id (export));
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);

  return export;
}

static GtkWidget *
open_result (GtkWidget    *window,
             RelaisExport *export)
{
  GtkWidget *dialog;

  gtk_widget_activate_action (ui_child (window, "exports_page"), "exports.result", "s", relais_export_get_id (export));
  dialog = find_top (RELAIS_TYPE_RESULT_DIALOG);
  ui_wait ("the rejected rows", shows_rejected, dialog);

  return dialog;
}

static GtkWidget *
get_entry (GtkWidget *dialog,
           int        index)
{
  GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "rejected")), index));

  g_assert_true (RELAIS_IS_REJECTED_ROW (row));

  return ui_find (row, ADW_TYPE_ENTRY_ROW, NULL);
}

static void
test_rows_are_corrected_where_they_stand (UiFixture     *fixture,
                                          gconstpointer  data)
{
  GtkWidget *window = show_window (fixture);
  RelaisExport *export = run_once (fixture, window);
  g_autofree char *run_id = g_strdup (relais_run_get_id (relais_export_get_last_run (export)));
  GtkWidget *dialog = open_result (window, export);
  GtkWidget *entry = get_entry (dialog, 0);
  GtkWidget *button = ui_child (dialog, "send_button");
  gpointer left = dialog;
  const RelaisRunRecord *record;

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "anais.example.com");
  g_assert_false (ui_may (dialog, "result.send-corrected"));
  /* What is no address is none to send, and what is as it was neither. */
  gtk_editable_set_text (GTK_EDITABLE (entry), "anais@");
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  g_assert_false (ui_may (dialog, "result.send-corrected"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "anais@example.com");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  g_assert_true (ui_may (dialog, "result.send-corrected"));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "_Send 1 Corrected Row");
  gtk_editable_set_text (GTK_EDITABLE (entry), "anais.example.com");
  g_assert_false (ui_may (dialog, "result.send-corrected"));

  gtk_editable_set_text (GTK_EDITABLE (entry), "anais@example.com");
  gtk_editable_set_text (GTK_EDITABLE (get_entry (dialog, 1)), "zoe.2@example.com");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "_Send 2 Corrected Rows");
  g_object_add_weak_pointer (G_OBJECT (dialog), &left);
  gtk_widget_activate_action (dialog, "result.send-corrected", NULL);
  ui_wait ("the result to close", is_gone, &left);
  ui_wait ("the corrected rows", has_corrected, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  record = relais_run_get_record (relais_export_get_last_run (export));
  g_assert_cmpstr (record->corrects, ==, run_id);
  g_assert_cmpuint (record->counts.read, ==, 2);
  g_assert_cmpuint (record->counts.by_state[RELAIS_ROW_DELIVERED], ==, 2);
  close_window (window);
}

/* Who may not run it corrects nothing, and reads the same. */
static void
test_who_may_not_run_it_may_not_correct (UiFixture     *fixture,
                                         gconstpointer  data)
{
  GtkWidget *window = show_window (fixture);
  RelaisExport *export = run_once (fixture, window);
  GtkWidget *dialog;

  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  dialog = open_result (window, export);
  g_assert_false (RELAIS_IS_REJECTED_ROW (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "rejected")), 0)));
  g_assert_false (gtk_action_bar_get_revealed (GTK_ACTION_BAR (ui_child (dialog, "send_bar"))));
  ui_destroy (dialog);
  close_window (window);
}

/* A file that comes back */

typedef struct
{
  gboolean done;
  GError  *error;
} Saved;

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Saved *saved = user_data;

  relais_report_save_finish (result, &saved->error);
  saved->done = TRUE;
}

static gboolean
is_saved (gpointer saved)
{
  return ((Saved *) saved)->done;
}

/* Returns: (transfer full): the rows of the last run, with one text in the place of another, as a French spreadsheet may have written them */
static GFile *
save_and_change (UiFixture    *fixture,
                 RelaisExport *export,
                 const char   *from,
                 const char   *to)
{
  g_autofree char *path = g_build_filename (fixture->folder, "rejected.csv", NULL);
  GFile *file = g_file_new_for_path (path);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  Saved saved = { 0 };

  relais_report_save_async (relais_workspace_get_journal (fixture->workspace), relais_run_get_record (relais_export_get_last_run (export)),
                            export, RELAIS_REPORT_ROWS, file, NULL, saved_cb, &saved);
  ui_wait ("the file", is_saved, &saved);
  g_assert_no_error (saved.error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_string_replace (changed, ",", ";", 0);
  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));

  return file;
}

static GtkWidget *
drop_and_wait (GtkWidget  *window,
               GFile      *file,
               const char *heading)
{
  GtkWidget *dialog;

  g_assert_true (ui_drop (window, &file, 1));
  ui_wait ("what is said of it", asks, NULL);
  dialog = find_top (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, heading);

  return dialog;
}

static void
test_a_corrected_file_is_dropped_and_asked_about (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  GtkWidget *window = show_window (fixture);
  RelaisExport *export = run_once (fixture, window);
  g_autoptr (GFile) file = save_and_change (fixture, export, "anais.example.com", "anais@example.com");
  GtkWidget *dialog = drop_and_wait (window, file, "Send the Corrected Rows of “Spring”?");
  const char *body = adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog));
  guint64 n_imports = relais_run_get_record (relais_export_get_last_run (export))->batches_accepted;

  g_assert_nonnull (strstr (body, "1 row has been corrected."));
  g_assert_nonnull (strstr (body, "1 row is as it was, and stays out."));
  g_assert_cmpuint (n_imports, ==, 1);
  g_assert_null (relais_run_get_record (relais_export_get_last_run (export))->corrects);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "send");
  ui_wait ("the corrected rows", has_corrected, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_cmpuint (relais_run_get_record (relais_export_get_last_run (export))->counts.read, ==, 1);
  g_assert_cmpuint (relais_run_get_record (relais_export_get_last_run (export))->counts.by_state[RELAIS_ROW_DELIVERED], ==, 1);
  close_window (window);
}

static void
test_what_cannot_be_sent_is_told_why (UiFixture     *fixture,
                                      gconstpointer  data)
{
  GtkWidget *window = show_window (fixture);
  RelaisExport *export = run_once (fixture, window);
  const char *run_id = relais_run_get_id (relais_export_get_last_run (export));
  g_autofree char *unknown = g_strdup ("00000000-0000-0000-0000-000000000000");
  g_autoptr (GFile) same = save_and_change (fixture, export, "anais", "anais");
  g_autoptr (GFile) foreign = NULL;

  ui_destroy (drop_and_wait (window, same, "There Is Nothing to Send"));
  foreign = save_and_change (fixture, export, run_id, unknown);
  ui_destroy (drop_and_wait (window, foreign, "The Corrected Rows Were Not Sent"));
  g_assert_true (has_ended (export));
  g_assert_null (relais_run_get_record (relais_export_get_last_run (export))->corrects);
  close_window (window);
}

/* The segment has changed: the run says so, and nothing is sent. */
static void
test_a_segment_that_changed_is_told (UiFixture     *fixture,
                                     gconstpointer  data)
{
  GtkWidget *window = show_window (fixture);
  RelaisExport *export = run_once (fixture, window);
  g_autofree char *run_id = g_strdup (relais_run_get_id (relais_export_get_last_run (export)));
  GtkWidget *dialog = open_result (window, export);
  g_autofree char *path = NULL;

  gtk_editable_set_text (GTK_EDITABLE (get_entry (dialog, 0)), "anais@example.com");
  path = ui_write_segment (fixture, "EMail\nmarc@example.com\nluc.example.com\nzoe@example.com\n");
  gtk_widget_activate_action (dialog, "result.send-corrected", NULL);
  ui_wait ("why nothing is sent", asks, NULL);
  dialog = find_top (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, "The Corrected Rows Were Not Sent");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "have changed since the run"));
  ui_destroy (dialog);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_cmpstr (relais_run_get_id (relais_export_get_last_run (export)), ==, run_id);
  close_window (window);
}

#define ADD(name, function) g_test_add ("/corrected/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("rows-are-corrected-where-they-stand", test_rows_are_corrected_where_they_stand);
  ADD ("who-may-not-run-it-may-not-correct", test_who_may_not_run_it_may_not_correct);
  ADD ("a-corrected-file-is-dropped-and-asked-about", test_a_corrected_file_is_dropped_and_asked_about);
  ADD ("what-cannot-be-sent-is-told-why", test_what_cannot_be_sent_is_told_why);
  ADD ("a-segment-that-changed-is-told", test_a_segment_that_changed_is_told);

  return g_test_run ();
}
