/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-exports-page.h"

#include "relais-about.h"
#include "relais-export-row.h"
#include "relais-result-dialog.h"
#include "relais-run-job-private.h"
#include "ui-fixture.h"

#include <string.h>

static GtkWidget *
show_page (UiFixture  *fixture,
           GtkWidget **page)
{
  *page = g_object_new (RELAIS_TYPE_EXPORTS_PAGE, NULL);
  relais_exports_page_set_delivery (RELAIS_EXPORTS_PAGE (*page), fixture->delivery);

  return ui_show (*page);
}

static const char *
get_state (GtkWidget *page)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_child (page, "states")));
}

static RelaisExport *
add_three_people (UiFixture *fixture)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\nanais@example.com\nnobody\n");

  return ui_add_export (fixture, "Spring", path);
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

static void
test_the_page_says_what_comes_first (UiFixture     *fixture,
                                     gconstpointer  data)
{
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);

  g_assert_cmpstr (get_state (page), ==, "unconnected");
  ui_add_connection (fixture, "Shop");
  g_assert_cmpstr (get_state (page), ==, "empty");
  add_three_people (fixture);
  g_assert_cmpstr (get_state (page), ==, "list");
  ui_destroy (window);
}

static void
test_a_run_shows_and_what_is_allowed_follows (UiFixture     *fixture,
                                              gconstpointer  data)
{
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row;

  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);
  g_assert_true (ui_may (row, "row.run"));
  g_assert_false (gtk_widget_get_visible (ui_child (row, "cancel_button")));

  gtk_widget_activate_action (row, "row.run", NULL);
  g_assert_true (gtk_widget_get_visible (ui_child (row, "cancel_button")));
  g_assert_true (ui_may (row, "row.cancel"));
  g_assert_false (ui_may (row, "row.run"));
  ui_wait ("the run to end", has_ended, export);
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_COMPLETED_WITH_ERRORS);
  g_assert_false (gtk_widget_get_visible (ui_child (row, "cancel_button")));
  g_assert_true (ui_may (row, "row.run"));
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  ui_destroy (window);
}

static void
test_focus_goes_to_the_button_that_takes_the_place (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row;
  GtkWidget *run;
  GtkWidget *cancel;

  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);
  run = ui_child (row, "run_button");
  cancel = ui_child (row, "cancel_button");
  g_assert_true (gtk_widget_grab_focus (run));
  gtk_widget_activate_action (row, "row.run", NULL);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == cancel);
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == run);

  gtk_widget_activate_action (row, "row.run", NULL);
  g_assert_true (gtk_widget_grab_focus (ui_find (row, GTK_TYPE_MENU_BUTTON, NULL)));
  ui_wait ("the second run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_false (gtk_window_get_focus (GTK_WINDOW (window)) == run);
  ui_destroy (window);
}

static gboolean
shows_rejected (gpointer dialog)
{
  return gtk_widget_get_visible (ui_child (dialog, "rejected_group"));
}

static void
test_the_result_accounts_for_every_row (UiFixture     *fixture,
                                        gconstpointer  data)
{
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row;
  GtkWidget *dialog;
  const RelaisRunRecord *record;

  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);
  gtk_widget_activate_action (row, "row.result", NULL);
  g_assert_null (find_dialog (RELAIS_TYPE_RESULT_DIALOG));
  gtk_widget_activate_action (row, "row.run", NULL);
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);

  record = relais_run_get_record (relais_export_get_last_run (export));
  g_assert_cmpuint (record->counts.read, ==, 3);
  g_assert_cmpuint (record->counts.by_state[RELAIS_ROW_DELIVERED], ==, 2);
  gtk_widget_activate_action (row, "row.result", NULL);
  dialog = find_dialog (RELAIS_TYPE_RESULT_DIALOG);
  g_assert_nonnull (dialog);
  ui_wait ("the rejected row", shows_rejected, dialog);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "rejected")), 0))), ==,
                   "Row 3 · nobody");
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "rejected")), 1));
  ui_destroy (dialog);
  ui_destroy (window);
}

static gboolean
has_no_history (gpointer export)
{
  return relais_export_get_last_run (export) == NULL;
}

static gboolean
says_that_it_is_erased (gpointer page)
{
  return ui_find_label (page, "History erased") != NULL;
}

static void
test_the_history_can_be_erased_after_a_question (UiFixture     *fixture,
                                                 gconstpointer  data)
{
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row;

  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);
  gtk_widget_activate_action (row, "row.run", NULL);
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);

  gtk_widget_activate_action (row, "row.erase", NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog (ADW_TYPE_MESSAGE_DIALOG)), "cancel");
  ui_settle ();
  g_assert_nonnull (relais_export_get_last_run (export));

  gtk_widget_activate_action (row, "row.erase", NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog (ADW_TYPE_MESSAGE_DIALOG)), "erase");
  ui_wait ("the history to go", has_no_history, export);
  ui_wait ("the toast", says_that_it_is_erased, page);
  g_assert_cmpuint (g_list_model_get_n_items (relais_workspace_get_exports (fixture->workspace)), ==, 1);
  ui_destroy (window);
}

static gboolean
shows_different (gpointer dialog)
{
  return gtk_widget_get_visible (ui_child (dialog, "different_group"));
}

static GtkWidget *
open_result (UiFixture    *fixture,
             GtkWidget    *page,
             RelaisExport *export)
{
  GtkWidget *row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);

  gtk_widget_activate_action (row, "row.run", NULL);
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  gtk_widget_activate_action (row, "row.result", NULL);

  return find_dialog (RELAIS_TYPE_RESULT_DIALOG);
}

/* Somebody is lost on the way: their row is delivered, and the result says what the account shows. */
static void
test_the_result_tells_who_is_not_there (UiFixture     *fixture,
                                        gconstpointer  data)
{
  static const RelaisRunTimes times = {
    .first_pause = 0.01, .longest_pause = 0.05, .patience = 120, .first_look = 0.01, .longest_look = 0.1, .import_deadline = 120,
    .grace = 1, .most_questions = 50, .first_recheck = 0.001, .freshness = 60, .verify_patience = 120,
  };
  g_autoptr (GError) error = NULL;
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *dialog;
  GtkListBox *different;

  relais_delivery_set_times (fixture->delivery, &times);
  relais_practice_add_fault (fixture->practice, "lose", "@2", &error);
  g_assert_no_error (error);
  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  dialog = open_result (fixture, page, export);
  ui_wait ("who is not there", shows_different, dialog);
  different = GTK_LIST_BOX (ui_child (dialog, "different"));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (gtk_list_box_get_row_at_index (different, 0))), ==, "Row 2 · anais@example.com");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (gtk_list_box_get_row_at_index (different, 0))), "does not have it"));
  g_assert_null (gtk_list_box_get_row_at_index (different, 1));
  g_assert_false (gtk_widget_get_visible (ui_child (dialog, "more_different_button")));
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "message"))), "Verified 1 of 2. 1 person is not in ActiveCampaign"));
  ui_destroy (dialog);

  /* Sent again, she is there. */
  dialog = open_result (fixture, page, export);
  ui_settle ();
  g_assert_false (gtk_widget_get_visible (ui_child (dialog, "different_group")));
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "message"))), "Verified 1 of 1: everybody"));
  ui_destroy (dialog);
  ui_destroy (window);
}

static gboolean
shows_message (gpointer dialog)
{
  return *gtk_label_get_label (GTK_LABEL (ui_child (dialog, "message"))) != '\0';
}

static void
test_the_result_tells_that_the_account_is_full (UiFixture     *fixture,
                                                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *dialog;

  /* There is one person on a list. */
  relais_practice_add_fault (fixture->practice, "contact-limit", "1", &error);
  g_assert_no_error (error);
  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  dialog = open_result (fixture, page, export);
  ui_wait ("what there is to say", shows_message, dialog);
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "message"))), "The account was full before this run"));
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "message"))), "1 of 1 contacts"));
  ui_destroy (dialog);
  ui_destroy (window);
}

static void
test_a_run_goes_on_when_the_window_is_closed (UiFixture     *fixture,
                                              gconstpointer  data)
{
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);

  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL), "row.run", NULL);
  ui_destroy (window);
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  g_assert_cmpuint (relais_run_get_record (relais_export_get_last_run (export))->counts.by_state[RELAIS_ROW_DELIVERED], ==, 2);

  window = show_page (fixture, &page);
  g_assert_true (ui_may (ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL), "row.run"));
  ui_destroy (window);
}

static void
test_cancel_can_be_pressed_once (UiFixture     *fixture,
                                 gconstpointer  data)
{
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row;

  ui_add_connection (fixture, "Shop");
  export = add_three_people (fixture);
  ui_settle ();
  row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);
  gtk_widget_activate_action (row, "row.run", NULL);
  gtk_widget_activate_action (row, "row.cancel", NULL);
  g_assert_false (ui_may (row, "row.cancel"));
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  ui_settle ();
  g_assert_cmpint (relais_export_get_status (export), !=, RELAIS_EXPORT_PROCESSING);
  g_assert_false (gtk_widget_get_visible (ui_child (row, "cancel_button")));
  g_assert_true (ui_may (row, "row.run"));
  ui_destroy (window);
}

static gboolean
is_narrow (gpointer widget)
{
  return gtk_widget_get_width (widget) > 1 && gtk_widget_get_width (widget) <= 360;
}

/* However narrow the window is */
static void
test_how_a_run_ended_is_told_to_its_last_letter (UiFixture     *fixture,
                                                 gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\nanais@example.com\n");
  GtkWidget *page = g_object_new (RELAIS_TYPE_EXPORTS_PAGE, NULL);
  GtkWidget *window = adw_window_new ();
  RelaisExport *export;
  GtkWidget *label;

  ui_add_connection (fixture, "Shop");
  export = ui_add_export (fixture, "Everyone who bought in spring", path);
  relais_exports_page_set_delivery (RELAIS_EXPORTS_PAGE (page), fixture->delivery);
  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 600);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait ("a narrow window", is_narrow, window);
  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL), "row.run", NULL);
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
  ui_settle ();
  label = ui_find_label (page, "2 contacts delivered");
  g_assert_nonnull (label);
  ui_wait ("the toast", is_narrow, label);
  g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))));
  ui_destroy (window);
}

/* What may be pasted into a public report names nobody. */
static void
test_about_tells_no_names (UiFixture     *fixture,
                           gconstpointer  data)
{
  g_autofree char *nothing = relais_about_describe (NULL);
  g_autofree char *text = NULL;

  ui_add_connection (fixture, "Shop in Nîmes");
  add_three_people (fixture);
  text = relais_about_describe (fixture->workspace);
  g_assert_true (g_str_has_prefix (text, nothing));
  g_assert_nonnull (strstr (text, "Connections: 1"));
  g_assert_nonnull (strstr (text, "Exports: 1"));
  g_assert_null (strstr (text, "Shop"));
  g_assert_null (strstr (text, "Spring"));
  g_assert_null (strstr (text, "127.0.0.1"));
  g_assert_null (strstr (text, UI_KEY));
  g_assert_null (strstr (text, fixture->folder));
}

#define ADD(name, function) g_test_add ("/exports-page/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("the-page-says-what-comes-first", test_the_page_says_what_comes_first);
  ADD ("a-run-shows-and-what-is-allowed-follows", test_a_run_shows_and_what_is_allowed_follows);
  ADD ("focus-goes-to-the-button-that-takes-the-place", test_focus_goes_to_the_button_that_takes_the_place);
  ADD ("the-result-accounts-for-every-row", test_the_result_accounts_for_every_row);
  ADD ("the-history-can-be-erased-after-a-question", test_the_history_can_be_erased_after_a_question);
  ADD ("the-result-tells-who-is-not-there", test_the_result_tells_who_is_not_there);
  ADD ("the-result-tells-that-the-account-is-full", test_the_result_tells_that_the_account_is_full);
  ADD ("a-run-goes-on-when-the-window-is-closed", test_a_run_goes_on_when_the_window_is_closed);
  ADD ("cancel-can-be-pressed-once", test_cancel_can_be_pressed_once);
  ADD ("how-a-run-ended-is-told-to-its-last-letter", test_how_a_run_ended_is_told_to_its_last_letter);
  ADD ("about-tells-no-names", test_about_tells_no_names);

  return g_test_run ();
}
