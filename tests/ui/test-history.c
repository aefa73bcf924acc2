/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-history-dialog.h"

#include "relais-log-dialog.h"
#include "relais-result-dialog.h"
#include "relais-run-bar.h"
#include "relais-run-plot.h"
#include "ui-fixture.h"

#include <sqlite3.h>
#include <string.h>

static RelaisJournal *
get_journal (UiFixture *fixture)
{
  return relais_workspace_get_journal (fixture->workspace);
}

static GtkWidget *
find_dialog (GType type)
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
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static gboolean
is_there (gpointer place)
{
  return *(gpointer *) place != NULL;
}

/* A run that ended, as the engine writes it: of its rows some were delivered, some unchanged, some invalid. */
static void
put_run (UiFixture    *fixture,
         RelaisExport *export,
         guint         number,
         guint64       delivered,
         guint64       unchanged,
         guint64       invalid)
{
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (GAsyncResult) put = NULL;
  g_autoptr (GAsyncResult) finished = NULL;
  g_autoptr (GError) error = NULL;

  record->id = g_strdup_printf ("run-%u", number);
  record->export_id = g_strdup (relais_export_get_id (export));
  record->export_name = g_strdup (relais_export_get_name (export));
  record->started_at = record->begun_at = (gint64) number * 24 * 60 * 60 * G_USEC_PER_SEC;
  record->error_code = -1;
  record->trigger = RELAIS_TRIGGER_COMMAND_LINE;
  relais_journal_put_run_async (get_journal (fixture), record, NULL, keep_result_cb, &put);
  ui_wait ("the run to be written", is_there, &put);
  g_assert_true (relais_journal_put_run_finish (get_journal (fixture), put, record, &error));
  record->status = invalid > 0 ? RELAIS_RUN_COMPLETED_WITH_ERRORS : RELAIS_RUN_SUCCESSFUL;
  record->ended_at = record->started_at + G_USEC_PER_SEC;
  record->counts.by_state[RELAIS_ROW_DELIVERED] = delivered;
  record->counts.by_state[RELAIS_ROW_UNCHANGED] = unchanged;
  record->counts.by_state[RELAIS_ROW_INVALID] = invalid;
  record->counts.read = delivered + unchanged + invalid;
  relais_journal_finish_run_async (get_journal (fixture), record, NULL, keep_result_cb, &finished);
  ui_wait ("the end to be written", is_there, &finished);
  g_assert_true (relais_journal_write_finish (get_journal (fixture), finished, &error));
  g_assert_no_error (error);
}

static RelaisExport *
add_export (UiFixture *fixture)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");

  ui_add_connection (fixture, "Shop");

  return ui_add_export (fixture, "Spring <b>", path);
}

static gboolean
has_loaded (gpointer dialog)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (ui_child (dialog, "states"))), "loading") != 0;
}

static GtkWidget *
open_history (UiFixture    *fixture,
              RelaisExport *export)
{
  GtkWidget *dialog = relais_history_dialog_new (NULL, get_journal (fixture), export);

  gtk_window_present (GTK_WINDOW (dialog));
  ui_wait ("the history", has_loaded, dialog);
  ui_settle ();

  return dialog;
}

static const char *
get_state (GtkWidget *dialog)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_child (dialog, "states")));
}

static guint
count_rows (GtkWidget *dialog)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "list")), (int) n) != NULL)
    n++;

  return n;
}

static GtkWidget *
get_row (GtkWidget *dialog,
         int        index)
{
  return GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "list")), index));
}

static guint
count_bars (GtkWidget *dialog)
{
  guint n = 0;

  for (GtkWidget *bar = gtk_widget_get_first_child (ui_child (dialog, "plot")); bar != NULL; bar = gtk_widget_get_next_sibling (bar))
    n++;

  return n;
}

static void
test_without_a_run_it_says_so (UiFixture     *fixture,
                               gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *dialog = open_history (fixture, export);

  g_assert_cmpstr (get_state (dialog), ==, "empty");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "History of “Spring <b>”");
  ui_destroy (dialog);
}

static void
test_every_run_is_told_the_newest_first (UiFixture     *fixture,
                                         gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *dialog;
  GtkWidget *plot;
  GtkWidget *row;

  put_run (fixture, export, 1, 234, 0, 3);
  put_run (fixture, export, 2, 0, 234, 0);
  dialog = open_history (fixture, export);
  g_assert_cmpstr (get_state (dialog), ==, "runs");
  g_assert_cmpuint (count_rows (dialog), ==, 2);
  row = get_row (dialog, 0);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "Successful · From the command line\nDelivered: 0 · Unchanged: 234 · Not delivered: 0");
  row = get_row (dialog, 1);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "Completed with errors · From the command line\nDelivered: 234 · Unchanged: 0 · Not delivered: 3");

  /* The plot tells the same, the oldest first. */
  plot = ui_child (dialog, "plot");
  g_assert_cmpuint (count_bars (dialog), ==, 2);
  g_assert_true (g_str_has_suffix (gtk_widget_get_tooltip_text (gtk_widget_get_first_child (plot)),
                                   " · Completed with errors\nDelivered: 234 · Unchanged: 0 · Not delivered: 3"));
  g_assert_true (g_str_has_suffix (gtk_widget_get_tooltip_text (gtk_widget_get_last_child (plot)),
                                   " · Successful\nDelivered: 0 · Unchanged: 234 · Not delivered: 0"));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "scale"))), ==, "Up to 237 rows");
  ui_destroy (dialog);
}

typedef struct
{
  GtkWidget *dialog;
  guint      n;
} Rows;

static gboolean
has_rows (gpointer data)
{
  Rows *rows = data;

  return count_rows (rows->dialog) == rows->n;
}

static void
test_very_many_runs_come_in_pages (UiFixture     *fixture,
                                   gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  Rows rows = { NULL, 100 };
  GtkWidget *more;

  for (guint i = 1; i <= 110; i++)
    put_run (fixture, export, i, i, 0, 0);
  rows.dialog = open_history (fixture, export);
  more = ui_child (rows.dialog, "more_button");
  g_assert_cmpuint (count_rows (rows.dialog), ==, 50);
  g_assert_cmpuint (count_bars (rows.dialog), ==, RELAIS_RUN_PLOT_MOST);
  g_assert_true (gtk_widget_get_visible (more));
  g_signal_emit_by_name (more, "clicked");
  ui_wait ("the second page", has_rows, &rows);
  g_signal_emit_by_name (more, "clicked");
  rows.n = 110;
  ui_wait ("the last page", has_rows, &rows);
  ui_settle ();
  g_assert_false (gtk_widget_get_visible (more));
  g_assert_cmpuint (count_bars (rows.dialog), ==, RELAIS_RUN_PLOT_MOST);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (get_row (rows.dialog, 0))), "Delivered: 110 "));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (get_row (rows.dialog, 50))), "Delivered: 60 "));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (get_row (rows.dialog, 109))), "Delivered: 1 "));
  ui_destroy (rows.dialog);
}

static void
test_a_run_opens_to_its_own_report (UiFixture     *fixture,
                                    gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *dialog;
  GtkWidget *result;

  put_run (fixture, export, 1, 7, 0, 0);
  put_run (fixture, export, 2, 0, 7, 0);
  dialog = open_history (fixture, export);
  g_signal_emit_by_name (gtk_widget_get_first_child (ui_child (dialog, "plot")), "clicked");
  result = find_dialog (RELAIS_TYPE_RESULT_DIALOG);
  g_assert_nonnull (result);
  ui_settle ();
  g_assert_nonnull (ui_find_label (ui_child (result, "counts"), "Delivered"));
  g_assert_null (ui_find_label (ui_child (result, "counts"), "Unchanged"));
  ui_destroy (result);

  gtk_widget_activate (get_row (dialog, 0));
  result = find_dialog (RELAIS_TYPE_RESULT_DIALOG);
  g_assert_nonnull (result);
  g_assert_nonnull (ui_find_label (ui_child (result, "counts"), "Unchanged"));
  ui_destroy (result);
  ui_destroy (dialog);
}

static gboolean
has_room (gpointer widget)
{
  return gtk_widget_get_width (widget) > 100;
}

static void
test_arrow_keys_walk_the_bars (UiFixture     *fixture,
                               gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *dialog;
  GtkWidget *plot;
  GtkWidget *first;
  GtkWidget *last;
  graphene_rect_t left, right;

  for (guint i = 1; i <= 3; i++)
    put_run (fixture, export, i, i, 0, 0);
  dialog = open_history (fixture, export);
  plot = ui_child (dialog, "plot");
  first = gtk_widget_get_first_child (plot);
  last = gtk_widget_get_last_child (plot);
  ui_wait ("the plot to have room", has_room, plot);
  g_assert_true (gtk_widget_child_focus (plot, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == last);
  g_assert_true (gtk_widget_child_focus (plot, GTK_DIR_LEFT));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == gtk_widget_get_next_sibling (first));
  g_assert_true (gtk_widget_child_focus (plot, GTK_DIR_LEFT));
  g_assert_true (gtk_widget_child_focus (plot, GTK_DIR_LEFT));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == first);
  /* The next Tab leaves it. */
  g_assert_false (gtk_widget_child_focus (plot, GTK_DIR_TAB_FORWARD));

  g_assert_true (gtk_widget_compute_bounds (first, plot, &left) && gtk_widget_compute_bounds (last, plot, &right));
  g_assert_cmpfloat (left.origin.x, <, right.origin.x);
  gtk_widget_set_direction (plot, GTK_TEXT_DIR_RTL);
  gtk_widget_allocate (plot, gtk_widget_get_width (plot), gtk_widget_get_height (plot), -1, NULL);
  g_assert_true (gtk_widget_compute_bounds (first, plot, &left) && gtk_widget_compute_bounds (last, plot, &right));
  g_assert_cmpfloat (left.origin.x, >, right.origin.x);
  g_assert_true (gtk_widget_child_focus (plot, GTK_DIR_LEFT));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == gtk_widget_get_next_sibling (first));
  ui_destroy (dialog);
}

static void
test_one_row_in_a_million_is_seen (UiFixture     *fixture,
                                   gconstpointer  data)
{
  const guint64 parts[] = { 999998, 1, 1 };
  GtkWidget *bar = g_object_ref_sink (relais_run_bar_new (parts, 1000000, "A run"));
  float heights[RELAIS_N_RUN_PARTS];

  relais_run_bar_get_heights (RELAIS_RUN_BAR (bar), 140, heights);
  g_assert_cmpfloat (heights[RELAIS_RUN_UNCHANGED], >=, 3);
  g_assert_cmpfloat (heights[RELAIS_RUN_REJECTED], >=, 3);
  g_assert_cmpfloat (heights[0] + heights[1] + heights[2], <=, 140.01);
  g_assert_finalize_object (bar);
}

static void
note_end (gpointer ended)
{
  *(gboolean *) ended = TRUE;
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *) flag;
}

/* Weak pointers are told when a window is closed. What is set on it goes only with its last reference. */
static void
close_wholly (GtkWidget *dialog)
{
  gboolean ended = FALSE;

  g_object_set_data_full (G_OBJECT (dialog), "end", &ended, note_end);
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_wait ("the dialog to be finalized", is_true, &ended);
}

static void
test_closing_while_it_loads_leaves_nothing (UiFixture     *fixture,
                                            gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *shown;

  put_run (fixture, export, 1, 7, 0, 0);
  close_wholly (relais_history_dialog_new (NULL, get_journal (fixture), export));
  close_wholly (relais_log_dialog_new (NULL, get_journal (fixture)));
  shown = open_history (fixture, export);
  gtk_widget_activate (get_row (shown, 0));
  close_wholly (find_dialog (RELAIS_TYPE_RESULT_DIALOG));
  close_wholly (shown);
}

/* Saving */

static gboolean
says_saved (gpointer result)
{
  return ui_find_label (result, "Saved") != NULL;
}

static gboolean
chooser_shows (gpointer data)
{
  return find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL;
}

static gboolean
chooser_has_folder (gpointer chooser)
{
  g_autoptr (GFile) folder = gtk_file_chooser_get_current_folder (chooser);

  return folder != NULL;
}

/* It opens a folder in its own time. */
static gboolean
chooser_points_there (gpointer path)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG));
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);
  const char *chosen = file != NULL ? g_file_peek_path (file) : NULL;

  return g_strcmp0 (chosen, path) == 0;
}

static gboolean
rows_can_be_saved (gpointer result)
{
  return gtk_widget_get_visible (ui_child (result, "rejected_group")) && ui_may (result, "result.save-rows");
}

static void
add_rejection (UiFixture  *fixture,
               const char *run_id,
               const char *email)
{
  g_autoptr (GPtrArray) rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  g_autoptr (GAsyncResult) added = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (rejections, relais_rejection_new (1, email, -1, RELAIS_ROW_INVALID, RELAIS_REASON_NO_AT, NULL));
  relais_journal_add_rejections_async (get_journal (fixture), run_id, rejections, NULL, keep_result_cb, &added);
  ui_wait ("the row to be written", is_there, &added);
  g_assert_true (relais_journal_write_finish (get_journal (fixture), added, &error));
}

static void
test_rejected_rows_can_be_saved (UiFixture     *fixture,
                                 gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  g_autofree char *path = g_build_filename (fixture->folder, "rows.csv", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autofree char *text = NULL;
  GtkWidget *dialog;
  GtkWidget *result;
  GtkWidget *chooser;

  put_run (fixture, export, 1, 7, 0, 1);
  add_rejection (fixture, "run-1", "=1+1");
  dialog = open_history (fixture, export);
  gtk_widget_activate (get_row (dialog, 0));
  result = find_dialog (RELAIS_TYPE_RESULT_DIALOG);
  ui_wait ("the row", rows_can_be_saved, result);
  gtk_widget_activate_action (result, "result.save-rows", NULL);
  ui_wait ("the chooser", chooser_shows, NULL);
  chooser = find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG);
  ui_wait ("its own folder", chooser_has_folder, chooser);
  ui_settle ();
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "rows.csv");
  ui_wait ("its folder", chooser_points_there, path);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  ui_wait ("the toast", says_saved, result);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "row,email,state,code,reason,column,value,run\r\n1,\"'=1+1\",invalid,no-at,\"The address has no @ sign.\",\"\",\"\",\"run-1\"\r\n");
  ui_destroy (result);
  ui_destroy (dialog);
}

/* The log */

static gboolean
has_finding (gpointer dialog)
{
  return gtk_widget_get_visible (ui_child (dialog, "finding")) && ui_may (dialog, "log.check");
}

static const char *
check_log (GtkWidget *dialog)
{
  gtk_widget_set_visible (ui_child (dialog, "finding"), FALSE);
  gtk_widget_activate_action (dialog, "log.check", NULL);
  ui_wait ("what the check found", has_finding, dialog);

  return gtk_label_get_label (GTK_LABEL (ui_child (dialog, "finding_label")));
}

static void
change_log (UiFixture  *fixture,
            const char *sql)
{
  g_autofree char *path = g_build_filename (fixture->folder, "journal.sqlite", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_the_log_says_whether_it_is_whole (UiFixture     *fixture,
                                       gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *dialog;

  for (guint i = 1; i <= 3; i++)
    put_run (fixture, export, i, i, 0, 0);
  dialog = relais_log_dialog_new (NULL, get_journal (fixture));
  gtk_window_present (GTK_WINDOW (dialog));
  ui_wait ("the log", has_loaded, dialog);
  g_assert_cmpuint (count_rows (dialog), ==, 3);
  g_assert_true (g_str_has_prefix (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (get_row (dialog, 0))), "Line 3 · "));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (get_row (dialog, 0))),
                            "Successful · From the command line\nDelivered: 3 · Unchanged: 0 · Not delivered: 0\n"));
  g_assert_true (g_str_has_prefix (check_log (dialog), "The accountability log is whole: 3 lines;"));

  change_log (fixture, "UPDATE log SET line = replace (line, '\"delivered\":2', '\"delivered\":9') WHERE number = 2");
  g_assert_cmpstr (check_log (dialog), ==, "The accountability log is not whole: line 2 has been changed.");
  change_log (fixture, "UPDATE log SET line = replace (line, '\"delivered\":9', '\"delivered\":2') WHERE number = 2; DELETE FROM log WHERE number = 3");
  g_assert_cmpstr (check_log (dialog), ==, "The accountability log is not whole: line 3 is missing.");
  ui_destroy (dialog);

  /* What nobody of us wrote is shown as it stands there. */
  change_log (fixture, "UPDATE log SET line = '{\"run\":<b>' WHERE number = 2");
  dialog = relais_log_dialog_new (NULL, get_journal (fixture));
  gtk_window_present (GTK_WINDOW (dialog));
  ui_wait ("the log", has_loaded, dialog);
  g_assert_true (g_str_has_prefix (adw_action_row_get_subtitle (ADW_ACTION_ROW (get_row (dialog, 0))), "{\"run\":<b>\n"));
  ui_destroy (dialog);
}

static void
test_an_emptied_log_is_found_out (UiFixture     *fixture,
                                  gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *dialog;

  put_run (fixture, export, 1, 1, 0, 0);
  change_log (fixture, "DELETE FROM log");
  dialog = relais_log_dialog_new (NULL, get_journal (fixture));
  gtk_window_present (GTK_WINDOW (dialog));
  ui_wait ("the log", has_loaded, dialog);
  g_assert_cmpstr (get_state (dialog), ==, "empty");
  g_assert_cmpstr (check_log (dialog), ==, "The accountability log is not whole: line 1 is missing.");
  g_assert_true (gtk_widget_get_mapped (ui_child (dialog, "finding_label")));
  ui_destroy (dialog);
}

#define ADD(name, function) g_test_add ("/history/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("without-a-run-it-says-so", test_without_a_run_it_says_so);
  ADD ("every-run-is-told-the-newest-first", test_every_run_is_told_the_newest_first);
  ADD ("very-many-runs-come-in-pages", test_very_many_runs_come_in_pages);
  ADD ("a-run-opens-to-its-own-report", test_a_run_opens_to_its_own_report);
  ADD ("arrow-keys-walk-the-bars", test_arrow_keys_walk_the_bars);
  ADD ("one-row-in-a-million-is-seen", test_one_row_in_a_million_is_seen);
  ADD ("closing-while-it-loads-leaves-nothing", test_closing_while_it_loads_leaves_nothing);
  ADD ("rejected-rows-can-be-saved", test_rejected_rows_can_be_saved);
  ADD ("the-log-says-whether-it-is-whole", test_the_log_says_whether_it_is_whole);
  ADD ("an-emptied-log-is-found-out", test_an_emptied_log_is_found_out);

  return g_test_run ();
}
