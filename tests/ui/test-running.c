/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run under way, seen from close by, and the offer to go on with one that was interrupted. */

#include "relais-running-dialog.h"

#include "relais-export-row.h"
#include "relais-exports-page.h"
#include "relais-go-on-bar.h"
#include "relais-result-dialog.h"
#include "ui-fixture.h"

#include <string.h>

static GtkWidget *
find_window (GType type)
{
  g_autoptr (GList) tops = gtk_window_list_toplevels ();

  for (GList *top = tops; top != NULL; top = top->next)
    if (g_type_is_a (G_OBJECT_TYPE (top->data), type))
      return top->data;

  return NULL;
}

static const char *
get_text (GtkWidget  *dialog,
          const char *id)
{
  return gtk_label_get_label (GTK_LABEL (ui_child (dialog, id)));
}

static gboolean
shows (GtkWidget  *dialog,
       const char *id)
{
  return gtk_widget_get_visible (ui_child (dialog, id));
}

/* An export with a run that the test itself moves on */
static RelaisExport *
add_run (UiFixture       *fixture,
         const char      *name,
         RelaisRunStatus  status)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  RelaisExport *export = ui_add_export (fixture, name, path);
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (RelaisRun) run = NULL;

  record->id = g_strdup (name);
  record->export_id = g_strdup (relais_export_get_id (export));
  record->export_name = g_strdup (name);
  record->status = status;
  record->started_at = g_get_real_time ();
  run = relais_run_new (record);
  relais_export_set_last_run (export, run);

  return export;
}

static RelaisExport *
add_running (UiFixture *fixture)
{
  RelaisExport *export;
  RelaisRun *run;

  ui_add_connection (fixture, "Shop");
  export = add_run (fixture, "Spring", RELAIS_RUN_PROCESSING);
  run = relais_export_get_last_run (export);
  relais_run_set_live (run, TRUE);
  relais_run_set_phase (run, RELAIS_PHASE_SENDING);

  return export;
}

static void
move_on (RelaisRun *run,
         guint64    done)
{
  RelaisRowCounts counts = { .read = 1000 };

  counts.by_state[RELAIS_ROW_DELIVERED] = done;
  counts.by_state[RELAIS_ROW_NOT_SENT] = 1000 - done;
  relais_run_set_counts (run, &counts);
  relais_run_set_progress (run, done, 1000);
}

static void
end (RelaisRun *run)
{
  g_autoptr (RelaisRunRecord) record = relais_run_record_copy (relais_run_get_record (run));

  record->status = RELAIS_RUN_CANCELED;
  record->ended_at = g_get_real_time ();
  record->counts.read = 1000;
  record->counts.by_state[RELAIS_ROW_DELIVERED] = 300;
  record->counts.by_state[RELAIS_ROW_NOT_SENT] = 700;
  relais_run_set_record (run, record);
  relais_run_set_phase (run, RELAIS_PHASE_ENDED);
  relais_run_set_live (run, FALSE);
}

static GtkWidget *
open_view (UiFixture    *fixture,
           RelaisExport *export)
{
  GtkWidget *dialog = relais_running_dialog_new (NULL, fixture->workspace, export);

  gtk_window_present (GTK_WINDOW (dialog));
  ui_settle ();

  return dialog;
}

static gboolean
tells_done (gpointer dialog)
{
  return g_str_equal (get_text (dialog, "done"), "300 of 1,000 rows");
}

static GtkWidget *
find_state (GtkWidget  *dialog,
            const char *name)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "counts")), i)) != NULL; i++)
    if (g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), name))
      return GTK_WIDGET (row);

  g_assert_not_reached ();
}

static void
test_it_tells_how_far_it_is_and_how_it_ended (UiFixture     *fixture,
                                              gconstpointer  data)
{
  RelaisExport *export = add_running (fixture);
  RelaisRun *run = relais_export_get_last_run (export);
  GtkWidget *dialog = open_view (fixture, export);

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "Spring");
  g_assert_cmpstr (get_text (dialog, "stage"), ==, "Sending");
  g_assert_cmpstr (get_text (dialog, "rate"), ==, "Not known yet");
  g_assert_false (shows (dialog, "waiting_group"));
  move_on (run, 300);
  ui_wait ("the numbers", tells_done, dialog);
  g_assert_cmpstr (get_text (dialog, "stage"), ==, "Sending: a quarter is done");
  g_assert_cmpfloat_with_epsilon (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (ui_child (dialog, "progress"))), 0.3, 0.001);
  g_assert_nonnull (ui_find_label (find_state (dialog, "Delivered"), "300"));
  /* Its turn may still come. */
  g_assert_false (gtk_widget_get_visible (find_state (dialog, "Not sent")));

  end (run);
  g_assert_cmpstr (get_text (dialog, "stage"), ==, "Canceled");
  g_assert_nonnull (ui_find_label (find_state (dialog, "Not sent"), "700"));
  g_assert_true (gtk_widget_get_visible (find_state (dialog, "Not sent")));
  g_assert_false (shows (dialog, "progress_box"));
  g_assert_false (shows (dialog, "facts_group"));
  g_assert_false (shows (dialog, "cancel_button"));
  g_assert_true (shows (dialog, "result_button"));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == ui_child (dialog, "result_button"));
  gtk_widget_activate_action (dialog, "running.result", NULL);
  ui_settle ();
  g_assert_null (find_window (RELAIS_TYPE_RUNNING_DIALOG));
  g_assert_nonnull (find_window (RELAIS_TYPE_RESULT_DIALOG));
  ui_destroy (find_window (RELAIS_TYPE_RESULT_DIALOG));
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static gboolean
is_nearly_done (gpointer dialog)
{
  return g_str_equal (get_text (dialog, "stage"), "Sending: nearly done");
}

/* What a screen reader reads out by itself changes with quarters, not with batches. */
static void
test_a_screen_reader_is_not_flooded (UiFixture     *fixture,
                                     gconstpointer  data)
{
  RelaisExport *export = add_running (fixture);
  RelaisRun *run = relais_export_get_last_run (export);
  GtkWidget *dialog = open_view (fixture, export);
  guint n_stages = 0, n_explanations = 0, n_numbers = 0;

  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (ui_child (dialog, "stage"))), ==, GTK_ACCESSIBLE_ROLE_STATUS);
  g_signal_connect_swapped (ui_child (dialog, "stage"), "notify::label", G_CALLBACK (count_cb), &n_stages);
  g_signal_connect_swapped (ui_child (dialog, "explanation"), "notify::label", G_CALLBACK (count_cb), &n_explanations);
  g_signal_connect_swapped (ui_child (dialog, "done"), "notify::label", G_CALLBACK (count_cb), &n_numbers);
  for (guint64 done = 0; done <= 1000; done += 40)
    {
      gint64 until = g_get_monotonic_time () + 150 * 1000;

      move_on (run, done);
      while (g_get_monotonic_time () < until)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (5000);
    }
  ui_wait ("the last quarter", is_nearly_done, dialog);
  g_assert_cmpuint (n_stages, ==, 4);
  g_assert_cmpuint (n_explanations, ==, 0);
  g_assert_cmpuint (n_numbers, >, 10);
  end (run);
  ui_destroy (dialog);
}

static gboolean
counts_down (gpointer dialog)
{
  return g_str_equal (get_text (dialog, "countdown"), "Relais tries again in 28 seconds.");
}

static void
test_waiting_is_counted_down_and_can_be_skipped (UiFixture     *fixture,
                                                 gconstpointer  data)
{
  RelaisExport *export = add_running (fixture);
  RelaisRun *run = relais_export_get_last_run (export);
  GtkWidget *dialog = open_view (fixture, export);
  guint n_skips = 0;

  g_signal_connect_swapped (run, "skip-wait", G_CALLBACK (count_cb), &n_skips);
  relais_run_set_waiting (run, g_get_monotonic_time () + 30 * G_USEC_PER_SEC, "The network is away.");
  g_assert_true (shows (dialog, "waiting_group"));
  g_assert_true (shows (dialog, "skip_button"));
  g_assert_cmpstr (get_text (dialog, "waiting_for"), ==, "The network is away.");
  g_assert_cmpstr (get_text (dialog, "countdown"), ==, "Relais tries again in 30 seconds.");
  g_assert_cmpstr (get_text (dialog, "remaining"), ==, "Not known while it waits");
  ui_wait ("the seconds to go by", counts_down, dialog);
  gtk_widget_activate_action (dialog, "running.skip-wait", NULL);
  g_assert_cmpuint (n_skips, ==, 1);

  /* What has no time that it ends at cannot be skipped. */
  relais_run_set_waiting (run, 0, "No answer for a while.");
  g_assert_true (shows (dialog, "waiting_group"));
  g_assert_false (shows (dialog, "skip_button"));
  g_assert_false (shows (dialog, "countdown"));
  relais_run_set_waiting (run, 0, NULL);
  g_assert_false (shows (dialog, "waiting_group"));
  end (run);
  ui_destroy (dialog);
}

static void
test_cancel_can_be_pressed_once_and_by_whoever_may_run (UiFixture     *fixture,
                                                        gconstpointer  data)
{
  RelaisExport *export = add_running (fixture);
  RelaisRun *run = relais_export_get_last_run (export);
  GtkWidget *dialog = open_view (fixture, export);

  g_assert_true (ui_may (dialog, "running.cancel"));
  g_object_set (fixture->workspace, "role", RELAIS_ROLE_VIEWER, NULL);
  g_assert_false (ui_may (dialog, "running.cancel"));
  g_assert_false (ui_may (dialog, "running.skip-wait"));
  g_object_set (fixture->workspace, "role", RELAIS_ROLE_ADMINISTRATOR, NULL);
  gtk_widget_activate_action (dialog, "running.cancel", NULL);
  g_assert_true (g_cancellable_is_cancelled (relais_run_get_cancellable (run)));
  g_assert_false (ui_may (dialog, "running.cancel"));
  g_assert_cmpstr (get_text (dialog, "stage"), ==, "Stopping");
  end (run);
  ui_destroy (dialog);
}

static void
test_the_row_leads_there_while_it_runs (UiFixture     *fixture,
                                        gconstpointer  data)
{
  GtkWidget *page = g_object_new (RELAIS_TYPE_EXPORTS_PAGE, NULL);
  RelaisExport *export = add_running (fixture);
  GtkWidget *window, *row, *view;

  relais_exports_page_set_delivery (RELAIS_EXPORTS_PAGE (page), fixture->delivery);
  window = ui_show (page);
  row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);
  g_assert_true (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row)));
  gtk_widget_activate (row);
  view = find_window (RELAIS_TYPE_RUNNING_DIALOG);
  g_assert_nonnull (view);
  gtk_widget_activate_action (row, "row.progress", NULL);
  ui_destroy (view);
  g_assert_null (find_window (RELAIS_TYPE_RUNNING_DIALOG));

  end (relais_export_get_last_run (export));
  gtk_widget_activate_action (row, "row.progress", NULL);
  g_assert_null (find_window (RELAIS_TYPE_RUNNING_DIALOG));
  g_assert_false (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row)));
  ui_destroy (window);
}

/* Going on with what was interrupted */

static GtkWidget *
show_page (UiFixture  *fixture,
           GtkWidget **bar)
{
  GtkWidget *page = g_object_new (RELAIS_TYPE_EXPORTS_PAGE, NULL);
  GtkWidget *window;

  relais_exports_page_set_delivery (RELAIS_EXPORTS_PAGE (page), fixture->delivery);
  window = ui_show (page);
  *bar = ui_find (page, RELAIS_TYPE_GO_ON_BAR, NULL);

  return window;
}

static gboolean
offers (GtkWidget *bar)
{
  return gtk_widget_get_visible (ui_child (bar, "offer"));
}

static gboolean
nothing_runs (gpointer delivery)
{
  return relais_delivery_get_n_running (delivery) == 0;
}

static void
test_an_interrupted_run_is_offered_and_goes_on (UiFixture     *fixture,
                                                gconstpointer  data)
{
  RelaisExport *export;
  RelaisRun *run;
  GtkWidget *window, *bar;

  ui_add_connection (fixture, "Shop");
  export = add_run (fixture, "Spring", RELAIS_RUN_INTERRUPTED);
  run = g_object_ref (relais_export_get_last_run (export));
  window = show_page (fixture, &bar);
  g_assert_true (offers (bar));
  g_assert_cmpstr (get_text (bar, "sentence"), ==, "The run of “Spring” was interrupted. It can go on where it was.");
  gtk_widget_activate_action (bar, "bar.go-on", NULL);
  g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 1);
  g_assert_true (relais_run_is_live (run));
  g_assert_false (offers (bar));
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_true (relais_export_get_last_run (export) == run);
  g_assert_cmpint (relais_run_get_status (run), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_false (offers (bar));
  g_object_unref (run);
  ui_destroy (window);
}

static void
test_nothing_is_offered_that_nobody_wants_or_may (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  RelaisExport *export;
  GtkWidget *window, *bar;

  ui_add_connection (fixture, "Shop");
  add_run (fixture, "Spring", RELAIS_RUN_CANCELED);
  window = show_page (fixture, &bar);
  g_assert_false (offers (bar));
  /* What is interrupted while somebody looks says so in its row. */
  export = add_run (fixture, "Summer", RELAIS_RUN_INTERRUPTED);
  g_assert_false (offers (bar));
  ui_destroy (window);

  window = show_page (fixture, &bar);
  g_assert_true (offers (bar));
  g_object_set (fixture->workspace, "role", RELAIS_ROLE_VIEWER, NULL);
  g_assert_false (offers (bar));
  ui_settle ();
  g_object_set (fixture->workspace, "role", RELAIS_ROLE_ADMINISTRATOR, NULL);
  g_assert_true (offers (bar));
  ui_settle ();
  gtk_widget_activate_action (bar, "bar.dismiss", NULL);
  g_assert_false (offers (bar));
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_INTERRUPTED);
  ui_destroy (window);
}

#define ADD(name, function) g_test_add ("/running/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("it-tells-how-far-it-is-and-how-it-ended", test_it_tells_how_far_it_is_and_how_it_ended);
  ADD ("a-screen-reader-is-not-flooded", test_a_screen_reader_is_not_flooded);
  ADD ("waiting-is-counted-down-and-can-be-skipped", test_waiting_is_counted_down_and_can_be_skipped);
  ADD ("cancel-can-be-pressed-once-and-by-whoever-may-run", test_cancel_can_be_pressed_once_and_by_whoever_may_run);
  ADD ("the-row-leads-there-while-it-runs", test_the_row_leads_there_while_it_runs);
  ADD ("an-interrupted-run-is-offered-and-goes-on", test_an_interrupted_run_is_offered_and_goes_on);
  ADD ("nothing-is-offered-that-nobody-wants-or-may", test_nothing_is_offered_that_nobody_wants_or_may);

  return g_test_run ();
}
