/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-run-questions.h"

#include "relais-export-row.h"
#include "relais-exports-page.h"
#include "relais-result-dialog.h"
#include "relais-run-job-private.h"
#include "ui-fixture.h"

#include <string.h>

static const RelaisRunOptions ordinary = { .trigger = RELAIS_TRIGGER_ON_DEMAND };

/* What somebody who asks was answered */
typedef struct
{
  GObject           parent_instance;
  guint             n_answers;
  RelaisExport     *export;
  RelaisRunOptions  options;
} Asker;

typedef GObjectClass AskerClass;
GType asker_get_type (void);
G_DEFINE_TYPE (Asker, asker, G_TYPE_OBJECT)

static void
asker_class_init (AskerClass *klass)
{
}

static void
asker_init (Asker *self)
{
}

static void
answered (gpointer                owner,
          RelaisExport           *export,
          const RelaisRunOptions *options)
{
  Asker *self = owner;

  self->n_answers++;
  self->export = export;
  self->options = *options;
}

static GtkWidget *
find_question (void)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (tops, i);

      if (ADW_IS_MESSAGE_DIALOG (top))
        return top;
    }

  return NULL;
}

static void
answer (const char *response)
{
  GtkWidget *dialog = find_question ();

  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  ui_destroy (dialog);
  g_assert_null (find_question ());
}

/* An export whose run stopped to ask about 300 of 1,000 people, as the journal has it */
static RelaisExport *
add_asking (UiFixture *fixture)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  RelaisExport *export = ui_add_export (fixture, "Spring", path);
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_copy (relais_export_get_definition (export));
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (RelaisRun) run = NULL;

  definition->leavers = RELAIS_LEAVERS_REMOVE;
  relais_export_set_definition (export, definition, connection);
  record->id = g_strdup ("r");
  record->export_id = g_strdup (relais_export_get_id (export));
  record->export_name = g_strdup ("Spring");
  record->status = RELAIS_RUN_INTERRUPTED;
  record->started_at = record->ended_at = g_get_real_time ();
  record->segment_digest = g_strdup ("what it was then");
  record->leavers = (RelaisLeaversCounts) { .departed = 300, .asked = 300, .delivered = 1000 };
  run = relais_run_new (record);
  relais_export_set_last_run (export, run);

  return export;
}

static void
test_leavers_are_asked_about_with_an_answer_each (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  static const struct { const char *response; RelaisLeaversAnswer answer; } rows[] = {
    { "keep", RELAIS_ANSWER_KEEP },
    { "take-off", RELAIS_ANSWER_TAKE_OFF },
  };
  const RelaisRunOptions options = { .trigger = RELAIS_TRIGGER_ON_DEMAND, .allow_repeats = TRUE };
  RelaisExport *export = add_asking (fixture);
  Asker *asker = g_object_new (asker_get_type (), NULL);
  AdwMessageDialog *dialog;

  relais_ask_about_leavers (NULL, export, &options, answered, asker);
  dialog = ADW_MESSAGE_DIALOG (find_question ());
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Take 300 People Off?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), "300 of 1,000 people whom this export put on the list left the segment: 30%"));
  g_assert_cmpstr (adw_message_dialog_get_response_label (dialog, "take-off"), ==, "_Take 300 People Off the List");
  g_assert_cmpint (adw_message_dialog_get_response_appearance (dialog, "take-off"), ==, ADW_RESPONSE_DESTRUCTIVE);
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "cancel");
  g_assert_cmpstr (adw_message_dialog_get_close_response (dialog), ==, "cancel");
  answer ("cancel");
  g_assert_cmpuint (asker->n_answers, ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      relais_ask_about_leavers (NULL, export, &options, answered, asker);
      answer (rows[i].response);
      g_assert_cmpuint (asker->n_answers, ==, i + 1);
      g_assert_true (asker->export == export);
      g_assert_cmpint (asker->options.leavers, ==, rows[i].answer);
      g_assert_cmpuint (asker->options.leavers_told, ==, 300);
      g_assert_true (asker->options.allow_repeats);
    }
  g_assert_finalize_object (asker);
}

static gboolean
has_room (gpointer dialog)
{
  GtkWidget *button = gtk_window_get_default_widget (dialog);

  return button != NULL && gtk_widget_get_height (button) > 0;
}

/* However the answers stand, and they stand below each other here, nobody takes people off by pressing Enter or the space bar. */
static void
test_keys_without_reading_cancel (UiFixture     *fixture,
                                  gconstpointer  data)
{
  RelaisExport *export = add_asking (fixture);
  Asker *asker = g_object_new (asker_get_type (), NULL);
  GtkWindow *dialog;

  relais_ask_about_leavers (NULL, export, &ordinary, answered, asker);
  dialog = GTK_WINDOW (find_question ());
  ui_wait ("the dialog to be laid out", has_room, dialog);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (gtk_window_get_default_widget (dialog))), ==, "_Cancel");
  g_assert_true (gtk_window_get_focus (dialog) == gtk_window_get_default_widget (dialog));
  answer ("cancel");
  g_assert_finalize_object (asker);
}

/* More people than the person was told of: the answer is to the new number. */
static void
test_another_number_is_another_answer (UiFixture     *fixture,
                                       gconstpointer  data)
{
  const RelaisRunOptions options = { .leavers = RELAIS_ANSWER_TAKE_OFF, .leavers_told = 200 };
  RelaisExport *export = add_asking (fixture);
  Asker *asker = g_object_new (asker_get_type (), NULL);

  relais_ask_about_leavers (NULL, export, &options, answered, asker);
  answer ("take-off");
  g_assert_cmpint (asker->options.leavers, ==, RELAIS_ANSWER_TAKE_OFF);
  g_assert_cmpuint (asker->options.leavers_told, ==, 300);
  g_assert_finalize_object (asker);
}

static void
test_one_answer_is_kept_while_the_other_is_asked (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  const RelaisRunOptions options = { .leavers = RELAIS_ANSWER_KEEP, .leavers_told = 300 };
  RelaisExport *export = add_asking (fixture);
  Asker *asker = g_object_new (asker_get_type (), NULL);

  relais_ask_about_repeats (NULL, export, 3, &options, answered, asker);
  g_assert_true (g_str_has_prefix (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_question ())), "3 batches of up to 250 people each were sent earlier"));
  answer ("cancel");
  g_assert_cmpuint (asker->n_answers, ==, 0);
  relais_ask_about_repeats (NULL, export, 3, &options, answered, asker);
  answer ("repeat");
  g_assert_cmpuint (asker->n_answers, ==, 1);
  g_assert_true (asker->options.allow_repeats);
  g_assert_cmpint (asker->options.leavers, ==, RELAIS_ANSWER_KEEP);
  g_assert_cmpuint (asker->options.leavers_told, ==, 300);
  relais_ask_about_repeats (NULL, export, 3, &ordinary, answered, asker);
  answer ("repeat");
  g_assert_cmpint (asker->options.leavers, ==, RELAIS_ANSWER_ASK);

  /* Whoever asked may be gone by then. */
  relais_ask_about_repeats (NULL, export, 3, &ordinary, answered, asker);
  g_assert_finalize_object (asker);
  answer ("repeat");
}

static GtkWidget *
show_page (UiFixture  *fixture,
           GtkWidget **row)
{
  GtkWidget *page = g_object_new (RELAIS_TYPE_EXPORTS_PAGE, NULL);
  GtkWidget *window;

  relais_exports_page_set_delivery (RELAIS_EXPORTS_PAGE (page), fixture->delivery);
  window = ui_show (page);
  *row = ui_find (page, RELAIS_TYPE_EXPORT_ROW, NULL);

  return window;
}

static void
test_the_row_waits_and_run_asks_again (UiFixture     *fixture,
                                       gconstpointer  data)
{
  RelaisExport *export = add_asking (fixture);
  RelaisRun *run = relais_export_get_last_run (export);
  GtkWidget *row;
  GtkWidget *window = show_page (fixture, &row);

  g_assert_nonnull (ui_find_label (row, "Waiting for your answer"));
  g_assert_nonnull (ui_find_label (row, "300 of 1,000 people whom this export put on the list left the segment: 30%. A file that was cut short looks just like that,"
                                   " so nobody has been taken off the list yet."));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (ui_child (row, "run_button"))), ==, "_Answer…");
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_activate_action (row, "row.run", NULL);
      answer ("cancel");
      g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 0);
      g_assert_true (relais_export_get_last_run (export) == run);
      g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_ASKING);
    }
  ui_destroy (window);
}

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(gboolean *) user_data = relais_workspace_remove_export_finish (RELAIS_WORKSPACE (object), result, NULL);
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_an_answer_about_what_is_gone_does_nothing (UiFixture     *fixture,
                                                gconstpointer  data)
{
  RelaisExport *export = add_asking (fixture);
  gboolean removed = FALSE;
  GtkWidget *row;
  GtkWidget *window = show_page (fixture, &row);

  gtk_widget_activate_action (row, "row.run", NULL);
  relais_workspace_remove_export_async (fixture->workspace, export, NULL, removed_cb, &removed);
  ui_wait ("the export to go", is_true, &removed);
  answer ("take-off");
  g_assert_cmpuint (relais_delivery_get_n_running (fixture->delivery), ==, 0);
  ui_destroy (window);
}

/* What stands at the end of a row */
static const char *
find_number (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "numeric"))
    return gtk_label_get_label (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      const char *found = find_number (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static const char *
get_count (GtkWidget  *list,
           const char *name)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i)) != NULL; i++)
    if (g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), name))
      return find_number (GTK_WIDGET (row));

  return NULL;
}

static GtkWidget *
open_result (UiFixture    *fixture,
             RelaisExport *export)
{
  GtkWidget *dialog = relais_result_dialog_new (NULL, relais_workspace_get_journal (fixture->workspace), export, NULL);

  gtk_window_present (GTK_WINDOW (dialog));
  ui_settle ();

  return dialog;
}

static void
test_the_result_tells_what_became_of_them (UiFixture     *fixture,
                                           gconstpointer  data)
{
  RelaisExport *export = add_asking (fixture);
  RelaisRun *run = relais_export_get_last_run (export);
  g_autoptr (RelaisRunRecord) record = relais_run_record_copy (relais_run_get_record (run));
  GtkWidget *dialog = open_result (fixture, export);

  g_assert_true (g_str_has_prefix (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "message"))), "300 of 1,000 people"));
  g_assert_cmpstr (get_count (ui_child (dialog, "leavers"), "Waiting for your answer"), ==, "300");
  g_assert_null (get_count (ui_child (dialog, "leavers"), "Taken off the list"));
  ui_destroy (dialog);

  record->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  record->leavers = (RelaisLeaversCounts) { .departed = 1400, .taken_off = 1300, .in_doubt = 3, .kept = 20, .put_back = 5 };
  relais_run_set_record (run, record);
  dialog = open_result (fixture, export);
  g_assert_cmpstr (get_count (ui_child (dialog, "leavers"), "Taken off the list"), ==, "1,300");
  g_assert_cmpstr (get_count (ui_child (dialog, "leavers"), "In doubt"), ==, "3");
  g_assert_cmpstr (get_count (ui_child (dialog, "leavers"), "Kept on the list"), ==, "20");
  g_assert_cmpstr (get_count (ui_child (dialog, "leavers"), "Off the list already"), ==, "77");
  g_assert_null (get_count (ui_child (dialog, "leavers"), "Waiting for your answer"));
  g_assert_cmpstr (get_count (ui_child (dialog, "counts"), "Put back on the list"), ==, "5");
  g_assert_true (gtk_widget_get_visible (ui_child (dialog, "leavers_group")));
  ui_destroy (dialog);

  record->leavers = (RelaisLeaversCounts) { 0 };
  relais_run_set_record (run, record);
  dialog = open_result (fixture, export);
  g_assert_false (gtk_widget_get_visible (ui_child (dialog, "leavers_group")));
  g_assert_null (get_count (ui_child (dialog, "counts"), "Put back on the list"));
  ui_destroy (dialog);
}

/* With the engine: of ten people whom an export delivered, so many stay in the file. */

static void
write_people (UiFixture *fixture,
              guint      n)
{
  g_autoptr (GString) text = g_string_new ("EMail\n");
  g_autofree char *path = NULL;

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (text, "person%u@example.com\n", i);
  path = ui_write_segment (fixture, text->str);
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
wait_for_end (UiFixture    *fixture,
              RelaisExport *export)
{
  ui_wait ("the run to end", has_ended, export);
  ui_wait ("the engine", nothing_runs, fixture->delivery);
}

static RelaisExport *
deliver_ten (UiFixture  *fixture,
             GtkWidget **window,
             GtkWidget **row)
{
  static const RelaisRunTimes times = {
    .first_pause = 0.01, .longest_pause = 0.05, .patience = 120, .first_look = 0.01, .longest_look = 0.1, .import_deadline = 120,
    .grace = 1, .most_questions = 50, .first_recheck = 0.001, .freshness = 60, .verify_patience = 120,
  };
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  g_autofree char *path = g_build_filename (fixture->folder, "customers.csv", NULL);
  RelaisExport *export = ui_add_export (fixture, "Spring", path);
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_copy (relais_export_get_definition (export));

  definition->leavers = RELAIS_LEAVERS_REMOVE;
  definition->leavers_share = 0;
  relais_export_set_definition (export, definition, connection);
  relais_delivery_set_times (fixture->delivery, &times);
  write_people (fixture, 10);
  *window = show_page (fixture, row);
  gtk_widget_activate_action (*row, "row.run", NULL);
  wait_for_end (fixture, export);
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_SUCCESSFUL);

  return export;
}

static void
run_and_be_asked (UiFixture    *fixture,
                  RelaisExport *export,
                  GtkWidget    *row)
{
  gtk_widget_activate_action (row, "row.run", NULL);
  g_assert_null (find_question ());
  wait_for_end (fixture, export);
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_ASKING);
}

static void
assert_leavers (RelaisExport *export,
                guint64       taken_off,
                guint64       kept)
{
  const RelaisRunRecord *record = relais_run_get_record (relais_export_get_last_run (export));

  g_assert_cmpint (record->status, ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (record->leavers.departed, ==, taken_off + kept);
  g_assert_cmpuint (record->leavers.taken_off, ==, taken_off);
  g_assert_cmpuint (record->leavers.kept, ==, kept);
}

static void
test_a_run_asks_and_goes_on_with_the_answer (UiFixture     *fixture,
                                             gconstpointer  data)
{
  g_autofree char *id = NULL;
  GtkWidget *window, *row;
  RelaisExport *export = deliver_ten (fixture, &window, &row);

  write_people (fixture, 6);
  run_and_be_asked (fixture, export, row);
  answer ("cancel");
  id = g_strdup (relais_run_get_id (relais_export_get_last_run (export)));
  g_assert_true (nothing_runs (fixture->delivery));

  gtk_widget_activate_action (row, "row.run", NULL);
  answer ("keep");
  wait_for_end (fixture, export);
  assert_leavers (export, 0, 4);
  g_assert_cmpstr (relais_run_get_id (relais_export_get_last_run (export)), ==, id);

  /* The next run finds them again. */
  run_and_be_asked (fixture, export, row);
  g_assert_cmpstr (relais_run_get_id (relais_export_get_last_run (export)), !=, id);
  answer ("take-off");
  wait_for_end (fixture, export);
  assert_leavers (export, 4, 0);
  g_assert_null (find_question ());
  ui_destroy (window);
}

/* While the question stood there the file became another one: it is asked again, with its numbers. */
static void
test_an_old_answer_does_not_hold_for_another_file (UiFixture     *fixture,
                                                   gconstpointer  data)
{
  GtkWidget *window, *row;
  RelaisExport *export = deliver_ten (fixture, &window, &row);

  write_people (fixture, 6);
  run_and_be_asked (fixture, export, row);
  write_people (fixture, 2);
  answer ("take-off");
  wait_for_end (fixture, export);
  g_assert_cmpint (relais_export_get_status (export), ==, RELAIS_EXPORT_ASKING);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (find_question ())), ==, "Take 8 People Off?");
  answer ("take-off");
  wait_for_end (fixture, export);
  assert_leavers (export, 8, 0);
  ui_destroy (window);
}

static void
test_without_a_window_the_question_waits (UiFixture     *fixture,
                                          gconstpointer  data)
{
  GtkWidget *window, *row;
  RelaisExport *export = deliver_ten (fixture, &window, &row);

  write_people (fixture, 6);
  gtk_widget_activate_action (row, "row.run", NULL);
  ui_destroy (window);
  wait_for_end (fixture, export);
  g_assert_null (find_question ());
  window = show_page (fixture, &row);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (ui_child (row, "run_button"))), ==, "_Answer…");
  gtk_widget_activate_action (row, "row.run", NULL);
  answer ("take-off");
  wait_for_end (fixture, export);
  assert_leavers (export, 4, 0);
  ui_settle ();
  g_assert_nonnull (ui_find_label (window, "0 delivered, 4 taken off"));
  ui_destroy (window);
}

static gboolean
is_visible (gpointer widget)
{
  return gtk_widget_get_visible (widget);
}

static void
test_the_result_names_whom_it_took_off (UiFixture     *fixture,
                                        gconstpointer  data)
{
  GtkWidget *window, *row, *dialog;
  RelaisExport *export = deliver_ten (fixture, &window, &row);
  AdwActionRow *last;

  dialog = open_result (fixture, export);
  g_assert_false (gtk_widget_get_visible (ui_child (dialog, "left_group")));
  ui_destroy (dialog);

  write_people (fixture, 6);
  run_and_be_asked (fixture, export, row);
  answer ("take-off");
  wait_for_end (fixture, export);
  dialog = open_result (fixture, export);
  ui_wait ("the names", is_visible, ui_child (dialog, "left_group"));
  last = ADW_ACTION_ROW (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "left")), 3));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (last)), ==, "person9@example.com");
  g_assert_true (g_str_has_prefix (adw_action_row_get_subtitle (last), "Was taken off the list"));
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (dialog, "left")), 4));
  g_assert_false (gtk_widget_get_visible (ui_child (dialog, "more_left_button")));
  ui_destroy (dialog);
  ui_destroy (window);
}

#define ADD(name, function) g_test_add ("/run-questions/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("leavers-are-asked-about-with-an-answer-each", test_leavers_are_asked_about_with_an_answer_each);
  ADD ("keys-without-reading-cancel", test_keys_without_reading_cancel);
  ADD ("another-number-is-another-answer", test_another_number_is_another_answer);
  ADD ("one-answer-is-kept-while-the-other-is-asked", test_one_answer_is_kept_while_the_other_is_asked);
  ADD ("the-row-waits-and-run-asks-again", test_the_row_waits_and_run_asks_again);
  ADD ("an-answer-about-what-is-gone-does-nothing", test_an_answer_about_what_is_gone_does_nothing);
  ADD ("a-run-asks-and-goes-on-with-the-answer", test_a_run_asks_and_goes_on_with_the_answer);
  ADD ("an-old-answer-does-not-hold-for-another-file", test_an_old_answer_does_not_hold_for_another_file);
  ADD ("without-a-window-the-question-waits", test_without_a_window_the_question_waits);
  ADD ("the-result-names-whom-it-took-off", test_the_result_names_whom_it_took_off);
  ADD ("the-result-tells-what-became-of-them", test_the_result_tells_what_became_of_them);

  return g_test_run ();
}
