/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-dialog.h"

#include "relais-destination-group.h"
#include "relais-segment-group.h"
#include "ui-fixture.h"

static gboolean
has_all (gpointer dialog)
{
  RelaisDestinationGroup *destination = RELAIS_DESTINATION_GROUP (ui_child (dialog, "destination_group"));
  RelaisSegmentGroup *segment = RELAIS_SEGMENT_GROUP (ui_child (dialog, "segment_group"));

  return relais_destination_group_get_fields (destination) != NULL && relais_segment_group_get_description (segment) != NULL;
}

/* When the account and the file have told what they have, it can be saved. */
static GtkWidget *
open_dialog (UiFixture    *fixture,
             RelaisExport *export)
{
  GtkWidget *dialog = relais_export_dialog_new (NULL, fixture->workspace, export);

  gtk_window_present (GTK_WINDOW (dialog));
  ui_wait ("what account and file have", has_all, dialog);

  return dialog;
}

static RelaisExport *
add_export (UiFixture *fixture)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");

  ui_add_connection (fixture, "Shop");

  return ui_add_export (fixture, "Spring", path);
}

static AdwComboRow *
get_combo (GtkWidget  *dialog,
           const char *id)
{
  return ADW_COMBO_ROW (ui_child (dialog, id));
}

static gboolean
is_gone (gpointer dialog)
{
  return *(gpointer *) dialog == NULL;
}

/* It closes when it has saved. */
static void
save (GtkWidget *dialog)
{
  gpointer left = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &left);
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the dialog to go", is_gone, &left);
}

/* Whom to check afterwards: a sample unless something else is chosen. */
static void
test_whom_to_check_can_be_chosen (UiFixture     *fixture,
                                  gconstpointer  data)
{
  static const RelaisVerify choices[] = { RELAIS_VERIFY_OFF, RELAIS_VERIFY_SAMPLE, RELAIS_VERIFY_ALL };
  RelaisExport *export = add_export (fixture);
  guint chosen = 1;

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      GtkWidget *dialog = open_dialog (fixture, export);

      g_assert_cmpuint (adw_combo_row_get_selected (get_combo (dialog, "verify_row")), ==, chosen);
      adw_combo_row_set_selected (get_combo (dialog, "verify_row"), i);
      save (dialog);
      g_assert_cmpint (relais_export_get_definition (export)->verify, ==, choices[i]);
      chosen = i;
    }
}

static GtkSpinButton *
get_spin (GtkWidget  *dialog,
          const char *id)
{
  return GTK_SPIN_BUTTON (ui_child (dialog, id));
}

/* What there is to know and to set where people are taken off, and only there */
static void
assert_brake_shows (GtkWidget *dialog,
                    gboolean   wanted)
{
  static const char * const titles[] = {
    "When they are in the segment again", "Ask when more than this percentage would be taken off", "Ask when more people than this would be taken off"
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      GtkWidget *label = ui_find_label (dialog, titles[i]);

      g_assert_nonnull (label);
      g_assert_cmpint (gtk_widget_is_visible (label), ==, wanted);
    }
}

static void
assert_brake_is (GtkWidget *dialog,
                 int        share,
                 int        number)
{
  g_assert_cmpint (gtk_spin_button_get_value_as_int (get_spin (dialog, "leavers_share")), ==, share);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (get_spin (dialog, "leavers_number")), ==, number);
}

/* Nobody is taken off unless it is chosen; then the brake is there to see, and what was written counts at once. */
static void
test_what_becomes_of_leavers_can_be_chosen (UiFixture     *fixture,
                                            gconstpointer  data)
{
  RelaisExport *export = add_export (fixture);
  GtkWidget *dialog = open_dialog (fixture, export);

  g_assert_cmpuint (adw_combo_row_get_selected (get_combo (dialog, "leavers_row")), ==, 0);
  assert_brake_shows (dialog, FALSE);
  assert_brake_is (dialog, 20, 10000);
  adw_combo_row_set_selected (get_combo (dialog, "leavers_row"), 1);
  assert_brake_shows (dialog, TRUE);
  ui_write (dialog, "leavers_share", "35");
  ui_write (dialog, "leavers_number", "250");
  save (dialog);
  g_assert_cmpint (relais_export_get_definition (export)->leavers, ==, RELAIS_LEAVERS_REMOVE);
  g_assert_cmpuint (relais_export_get_definition (export)->leavers_share, ==, 35);
  g_assert_cmpuint (relais_export_get_definition (export)->leavers_number, ==, 250);

  dialog = open_dialog (fixture, export);
  g_assert_cmpuint (adw_combo_row_get_selected (get_combo (dialog, "leavers_row")), ==, 1);
  assert_brake_shows (dialog, TRUE);
  assert_brake_is (dialog, 35, 250);
  adw_combo_row_set_selected (get_combo (dialog, "leavers_row"), 0);
  assert_brake_shows (dialog, FALSE);
  save (dialog);
  g_assert_cmpint (relais_export_get_definition (export)->leavers, ==, RELAIS_LEAVERS_KEEP);
  g_assert_cmpuint (relais_export_get_definition (export)->leavers_share, ==, 35);
}

/* A new export has the brake of every other. */
static void
test_a_new_export_has_the_ordinary_brake (UiFixture     *fixture,
                                          gconstpointer  data)
{
  GtkWidget *dialog;

  ui_add_connection (fixture, "Shop");
  dialog = relais_export_dialog_new (NULL, fixture->workspace, NULL);
  assert_brake_is (dialog, RELAIS_LEAVERS_SHARE, RELAIS_LEAVERS_NUMBER);
  ui_destroy (dialog);
}

static guint
count_scroll_controllers (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      n += GTK_IS_EVENT_CONTROLLER_SCROLL (controller);
    }

  return n;
}

/* Whoever scrolls through the dialog does not move the brake on the way. */
static void
test_the_wheel_changes_no_number (UiFixture     *fixture,
                                  gconstpointer  data)
{
  GtkWidget *ordinary = g_object_ref_sink (gtk_spin_button_new_with_range (0, 1, 1));
  GtkWidget *dialog;

  ui_add_connection (fixture, "Shop");
  dialog = relais_export_dialog_new (NULL, fixture->workspace, NULL);
  g_assert_cmpuint (count_scroll_controllers (ordinary), ==, 1);
  g_assert_cmpuint (count_scroll_controllers (GTK_WIDGET (get_spin (dialog, "leavers_share"))), ==, 0);
  g_assert_cmpuint (count_scroll_controllers (GTK_WIDGET (get_spin (dialog, "leavers_number"))), ==, 0);
  g_object_unref (ordinary);
  ui_destroy (dialog);
}

/* Of what is chosen nothing is cut, however narrow the window is and however long the title. */
static void
test_what_is_chosen_is_shown_whole (UiFixture     *fixture,
                                    gconstpointer  data)
{
  static const char *texts[] = { "Keep it", "Take off", "Everybody" };
  static const char *rows[] = { "empty_values_row", "leavers_row", "verify_row" };
  GtkWidget *dialog = open_dialog (fixture, add_export (fixture));

  adw_combo_row_set_selected (get_combo (dialog, "leavers_row"), 1);
  adw_combo_row_set_selected (get_combo (dialog, "verify_row"), 2);
  gtk_window_set_default_size (GTK_WINDOW (dialog), 360, 640);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkWidget *label;
      int least, natural;

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (get_combo (dialog, rows[i])), "People who left the segment, and what becomes of all of them");
      ui_settle ();
      label = ui_find_label (GTK_WIDGET (get_combo (dialog, rows[i])), texts[i]);
      g_assert_nonnull (label);
      gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL, NULL);
      g_assert_cmpint (least, ==, natural);
      g_assert_cmpint (gtk_widget_get_allocated_width (label), >=, natural);
    }
  ui_destroy (dialog);
}

#define ADD(name, function) g_test_add ("/export-options/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("whom-to-check-can-be-chosen", test_whom_to_check_can_be_chosen);
  ADD ("what-becomes-of-leavers-can-be-chosen", test_what_becomes_of_leavers_can_be_chosen);
  ADD ("a-new-export-has-the-ordinary-brake", test_a_new_export_has_the_ordinary_brake);
  ADD ("what-is-chosen-is-shown-whole", test_what_is_chosen_is_shown_whole);
  ADD ("the-wheel-changes-no-number", test_the_wheel_changes_no_number);

  return g_test_run ();
}
