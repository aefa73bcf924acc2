/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-dialog.h"

#include "relais-destination-group.h"
#include "relais-matching-group.h"
#include "relais-matching-row.h"
#include "relais-segment-file-row.h"
#include "relais-segment-group.h"
#include "ui-fixture.h"

#include <string.h>

static const char french[] =
  "N° client;Prénom;Nom;Adresse électronique;City\r\n"
  "1;Zoé;Lefèvre;zoe@example.com;Sète\r\n"
  "2;Anaïs;Noël;anais@example.com;Nîmes\r\n";

typedef struct
{
  GtkWidget              *dialog;
  RelaisDestinationGroup *destination;
  RelaisSegmentGroup     *segment;
  RelaisMatchingGroup    *matching;
} Parts;

static Parts
open_dialog (UiFixture    *fixture,
             RelaisExport *export)
{
  Parts parts = { .dialog = relais_export_dialog_new (NULL, fixture->workspace, export) };

  parts.destination = RELAIS_DESTINATION_GROUP (ui_child (parts.dialog, "destination_group"));
  parts.segment = RELAIS_SEGMENT_GROUP (ui_child (parts.dialog, "segment_group"));
  parts.matching = RELAIS_MATCHING_GROUP (ui_child (parts.dialog, "matching_group"));
  gtk_window_present (GTK_WINDOW (parts.dialog));
  ui_settle ();

  return parts;
}

static gboolean
has_fields (gpointer group)
{
  return relais_destination_group_get_fields (group) != NULL;
}

static gboolean
is_described (gpointer group)
{
  return relais_segment_group_get_description (group) != NULL;
}

static void
wait_for_both (const Parts *parts)
{
  ui_wait ("the account's fields", has_fields, parts->destination);
  ui_wait ("the file's description", is_described, parts->segment);
}

static const char *
get_column (const Parts *parts,
            const char  *row)
{
  return relais_matching_row_get_column (RELAIS_MATCHING_ROW (ui_child (GTK_WIDGET (parts->matching), row)));
}

static RelaisMatchingRow *
find_field_row (GtkWidget  *widget,
                const char *title)
{
  if (RELAIS_IS_MATCHING_ROW (widget))
    return g_ascii_strcasecmp (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0 ? RELAIS_MATCHING_ROW (widget) : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      RelaisMatchingRow *found = find_field_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
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

static void
save_and_expect_note (const Parts *parts,
                      const char  *words)
{
  gtk_widget_activate_action (parts->dialog, "dialog.save", NULL);
  ui_wait ("what is wrong", has_note, parts->dialog);
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (ui_child (parts->dialog, "note"))), words));
}

static void
test_columns_are_suggested_with_a_sample_and_saved (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, french);
  g_autoptr (RelaisExport) export = NULL;
  const RelaisExportDefinition *definition;
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  relais_segment_group_add_path (parts.segment, path);
  wait_for_both (&parts);
  g_assert_cmpstr (get_column (&parts, "email_row"), ==, "Adresse électronique");
  g_assert_cmpstr (get_column (&parts, "first_name_row"), ==, "Prénom");
  g_assert_cmpstr (get_column (&parts, "last_name_row"), ==, "Nom");
  g_assert_null (get_column (&parts, "phone_row"));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (ui_child (GTK_WIDGET (parts.matching), "email_row"))), ==, "zoe@example.com");
  g_assert_cmpstr (relais_matching_row_get_column (find_field_row (GTK_WIDGET (parts.matching), "City")), ==, "City");

  ui_write (parts.dialog, "name_row", "Spring");
  ui_write (GTK_WIDGET (parts.destination), "list_id_row", "1");
  gtk_widget_activate_action (parts.dialog, "dialog.save", NULL);
  ui_wait ("the export", has_export, fixture->workspace);
  export = g_list_model_get_item (relais_workspace_get_exports (fixture->workspace), 0);
  definition = relais_export_get_definition (export);
  g_assert_cmpstr (definition->name, ==, "Spring");
  g_assert_cmpuint (definition->list_id, ==, 1);
  g_assert_cmpstr (definition->list_name, ==, "Newsletter");
  g_assert_cmpstr (definition->matching->email, ==, "Adresse électronique");
  g_assert_cmpuint (definition->matching->fields->len, ==, 1);
  g_assert_cmpstr (((RelaisSegment *) g_ptr_array_index (definition->segments, 0))->path, ==, path);
  g_assert_null (((RelaisSegment *) g_ptr_array_index (definition->segments, 0))->format->encoding);
}

static void
test_what_is_missing_or_wrong_is_told (UiFixture     *fixture,
                                       gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, french);
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  ui_wait ("the account's fields", has_fields, parts.destination);
  save_and_expect_note (&parts, "display name");
  g_assert_true (gtk_widget_has_css_class (ui_child (parts.dialog, "name_row"), "error"));
  ui_write (parts.dialog, "name_row", "Spring");
  g_assert_false (gtk_widget_has_css_class (ui_child (parts.dialog, "name_row"), "error"));
  save_and_expect_note (&parts, "Choose the ActiveCampaign list");
  ui_write (GTK_WIDGET (parts.destination), "list_id_row", "4711");
  save_and_expect_note (&parts, "no list with this ID");
  g_assert_true (gtk_widget_has_css_class (ui_child (GTK_WIDGET (parts.destination), "list_id_row"), "error"));
  ui_write (GTK_WIDGET (parts.destination), "list_id_row", " 1 ");
  save_and_expect_note (&parts, "segment");
  relais_segment_group_add_path (parts.segment, path);
  ui_wait ("the file's description", is_described, parts.segment);
  ui_write (parts.dialog, "country_row", "Atlantis");
  save_and_expect_note (&parts, "country of two letters");
  relais_matching_row_set_column (RELAIS_MATCHING_ROW (ui_child (GTK_WIDGET (parts.matching), "email_row")), NULL);
  save_and_expect_note (&parts, "No column is matched to Email");
  g_assert_cmpuint (g_list_model_get_n_items (relais_workspace_get_exports (fixture->workspace)), ==, 0);
  ui_destroy (parts.dialog);
}

static gboolean
has_marked_name (gpointer dialog)
{
  return has_note (dialog) && gtk_widget_has_css_class (ui_child (dialog, "name_row"), "error");
}

static void
test_a_name_that_is_taken_is_told_beside_its_field (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, french);
  Parts parts;

  ui_add_connection (fixture, "Shop");
  ui_add_export (fixture, "Spring", path);
  parts = open_dialog (fixture, NULL);
  relais_segment_group_add_path (parts.segment, path);
  wait_for_both (&parts);
  ui_write (parts.dialog, "name_row", "Spring");
  ui_write (GTK_WIDGET (parts.destination), "list_id_row", "1");
  gtk_widget_activate_action (parts.dialog, "dialog.save", NULL);
  ui_wait ("what is wrong", has_marked_name, parts.dialog);
  ui_destroy (parts.dialog);
}

static void
test_list_and_its_number_follow_each_other (UiFixture     *fixture,
                                            gconstpointer  data)
{
  GtkDropDown *list;
  GtkEditable *id;
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  list = GTK_DROP_DOWN (ui_child (GTK_WIDGET (parts.destination), "list_button"));
  id = GTK_EDITABLE (ui_child (GTK_WIDGET (parts.destination), "list_id_row"));
  ui_wait ("the account's fields", has_fields, parts.destination);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (list)));
  g_assert_cmpuint (gtk_drop_down_get_selected (list), ==, GTK_INVALID_LIST_POSITION);
  g_assert_cmpstr (gtk_editable_get_text (id), ==, "");
  gtk_drop_down_set_selected (list, 0);
  g_assert_cmpstr (gtk_editable_get_text (id), ==, "1");
  gtk_editable_set_text (id, "99999");
  g_assert_cmpuint (gtk_drop_down_get_selected (list), ==, GTK_INVALID_LIST_POSITION);
  gtk_editable_set_text (id, "1");
  g_assert_cmpuint (gtk_drop_down_get_selected (list), ==, 0);
  ui_destroy (parts.dialog);
}

static void
test_another_choice_of_the_person_is_not_suggested_away (UiFixture     *fixture,
                                                         gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, french);
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  relais_segment_group_add_path (parts.segment, path);
  wait_for_both (&parts);
  relais_matching_row_set_column (RELAIS_MATCHING_ROW (ui_child (GTK_WIDGET (parts.matching), "last_name_row")), NULL);
  relais_matching_group_set_fields (parts.matching, relais_destination_group_get_fields (parts.destination));
  g_assert_null (get_column (&parts, "last_name_row"));
  g_assert_cmpstr (get_column (&parts, "first_name_row"), ==, "Prénom");
  relais_matching_group_set_description (parts.matching, relais_segment_group_get_description (parts.segment));
  g_assert_null (get_column (&parts, "last_name_row"));
  ui_destroy (parts.dialog);
}

static void
test_a_column_that_is_gone_is_told_at_once (UiFixture     *fixture,
                                            gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, french);
  g_autoptr (RelaisMatching) matching = relais_matching_new ();
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  matching->email = g_strdup ("Adresse électronique");
  matching->phone = g_strdup ("Mobile");
  relais_matching_group_set_matching (parts.matching, matching);
  relais_segment_group_add_path (parts.segment, path);
  ui_wait ("the file's description", is_described, parts.segment);
  g_assert_true (gtk_widget_get_visible (ui_child (GTK_WIDGET (parts.matching), "note")));
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (ui_child (GTK_WIDGET (parts.matching), "note"))), "Mobile"));
  g_assert_true (relais_matching_group_check (parts.matching, NULL));
  ui_destroy (parts.dialog);
}

static gboolean
is_renamed (gpointer export)
{
  return g_strcmp0 (relais_export_get_name (export), "Summer") == 0;
}

/* What a definition has and the dialog can not show, or not now, is not lost by saving it. */
static void
test_editing_loses_nothing_of_what_it_cannot_show (UiFixture     *fixture,
                                                   gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail,Signed up\nzoe@example.com,03/04/2026\n");
  RelaisExportDefinition *before;
  const RelaisExportDefinition *after;
  RelaisExport *export;
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  RelaisSegment *segment;
  Parts parts;

  export = ui_add_export (fixture, "Spring", path);
  before = relais_export_definition_copy (relais_export_get_definition (export));
  before->list_name = g_strdup ("A list that was there");
  before->list_id = 77;
  before->verify = RELAIS_VERIFY_ALL;
  segment = g_ptr_array_index (before->segments, 0);
  segment->format->encoding = g_strdup ("ISO-8859-15");
  segment->format->quote = '\'';
  g_ptr_array_add (before->segments, relais_segment_new ("/nowhere/second.csv"));
  relais_matching_add_field (before->matching, 3, "Signed up", (RelaisValueStyle) { .date_order = RELAIS_DATE_ORDER_DAY_FIRST });
  relais_export_set_definition (export, before, connection);

  /* The account can not be asked */
  relais_practice_stop (fixture->practice);
  parts = open_dialog (fixture, export);
  ui_wait ("the file's description", is_described, parts.segment);
  ui_write (parts.dialog, "name_row", "Summer");
  gtk_widget_activate_action (parts.dialog, "dialog.save", NULL);
  ui_wait ("the new name", is_renamed, export);

  after = relais_export_get_definition (export);
  g_assert_cmpuint (after->list_id, ==, 77);
  g_assert_cmpint (after->verify, ==, RELAIS_VERIFY_ALL);
  g_assert_cmpstr (after->list_name, ==, "A list that was there");
  g_assert_cmpuint (after->segments->len, ==, 2);
  segment = g_ptr_array_index (after->segments, 0);
  g_assert_cmpstr (segment->format->encoding, ==, "ISO-8859-15");
  g_assert_cmpint (segment->format->quote, ==, '\'');
  g_assert_cmpuint (after->matching->fields->len, ==, 1);
  g_assert_cmpstr (((RelaisFieldMatch *) g_ptr_array_index (after->matching->fields, 0))->column, ==, "Signed up");
  g_assert_cmpint (((RelaisFieldMatch *) g_ptr_array_index (after->matching->fields, 0))->style.date_order, ==, RELAIS_DATE_ORDER_DAY_FIRST);
  relais_export_definition_free (before);
}

static gboolean
has_failed (gpointer group)
{
  return gtk_widget_get_visible (ui_child (group, "again_button"));
}

static void
test_an_account_that_cannot_be_asked_can_be_asked_again (UiFixture     *fixture,
                                                         gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  guint port;
  Parts parts;

  ui_add_connection (fixture, "Shop");
  port = (guint) g_ascii_strtoull (strrchr (relais_practice_get_address (fixture->practice), ':') + 1, NULL, 10);
  relais_practice_stop (fixture->practice);
  parts = open_dialog (fixture, NULL);
  ui_wait ("the failure", has_failed, parts.destination);
  g_assert_true (relais_practice_start (fixture->practice, port, &error));
  gtk_widget_activate_action (GTK_WIDGET (parts.destination), "destination.ask-again", NULL);
  ui_wait ("the account's fields", has_fields, parts.destination);
  g_assert_false (gtk_widget_get_visible (ui_child (GTK_WIDGET (parts.destination), "note_box")));
  ui_destroy (parts.dialog);
}

static gboolean
has_problem (gpointer group)
{
  return gtk_widget_has_css_class (ui_find (group, RELAIS_TYPE_SEGMENT_FILE_ROW, NULL), "error");
}

static void
test_a_file_that_is_no_segment_is_told (UiFixture     *fixture,
                                        gconstpointer  data)
{
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  relais_segment_group_add_path (parts.segment, "/nowhere/customers.csv");
  ui_wait ("what is wrong", has_problem, parts.segment);
  g_assert_null (relais_segment_group_get_description (parts.segment));
  g_assert_nonnull (strstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (ui_find (GTK_WIDGET (parts.segment), RELAIS_TYPE_SEGMENT_FILE_ROW, NULL))),
                            "customers.csv"));
  ui_destroy (parts.dialog);
}

static gboolean
has_two_columns (gpointer group)
{
  RelaisSegmentDescription *description = relais_segment_group_get_description (group);

  return description != NULL && g_strv_length (description->columns) == 2;
}

static void
test_what_a_file_was_taken_for_can_be_corrected (UiFixture     *fixture,
                                                 gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail;City, country\nzoe@example.com;Sète, France\n");
  g_autoptr (GPtrArray) segments = NULL;
  const RelaisSegment *segment;
  GtkWidget *row;
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  relais_segment_group_add_path (parts.segment, path);
  ui_wait ("the file's description", has_two_columns, parts.segment);
  row = ui_find (GTK_WIDGET (parts.segment), RELAIS_TYPE_SEGMENT_FILE_ROW, NULL);
  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_child (row, "delimiter_row")), 2);
  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_child (row, "header_row")), 2);
  segments = relais_segment_group_dup_segments (parts.segment);
  segment = g_ptr_array_index (segments, 0);
  g_assert_cmpint (segment->format->delimiter, ==, ',');
  g_assert_cmpint (segment->format->header, ==, RELAIS_HEADER_NO);
  ui_destroy (parts.dialog);
}

static gboolean
drop (const Parts *parts,
      const char  *uri)
{
  g_autoptr (GFile) file = g_file_new_for_uri (uri);

  return ui_drop (parts->dialog, &file, 1);
}

static void
test_a_file_can_be_dropped (UiFixture     *fixture,
                            gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, french);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GtkWidget *note;
  Parts parts;

  ui_add_connection (fixture, "Shop");
  parts = open_dialog (fixture, NULL);
  note = ui_child (GTK_WIDGET (parts.segment), "note");
  g_assert_false (drop (&parts, "https://example.com/customers.csv"));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (note)), ==, "Choose a file on this computer.");
  g_assert_true (gtk_widget_get_visible (note));

  g_assert_true (drop (&parts, uri));
  wait_for_both (&parts);
  g_assert_false (gtk_widget_get_visible (note));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (ui_find (GTK_WIDGET (parts.segment), RELAIS_TYPE_SEGMENT_FILE_ROW, NULL))), ==,
                   "customers.csv");
  g_assert_cmpstr (get_column (&parts, "email_row"), ==, "Adresse électronique");
  ui_destroy (parts.dialog);
}

static void
test_closing_at_once_leaves_nothing_behind (UiFixture     *fixture,
                                            gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, french);

  ui_add_connection (fixture, "Shop");
  for (guint i = 0; i < 20; i++)
    {
      Parts parts = open_dialog (fixture, NULL);

      relais_segment_group_add_path (parts.segment, path);
      for (guint j = 0; j < i * 3; j++)
        g_main_context_iteration (NULL, FALSE);
      ui_destroy (parts.dialog);
    }
}

#define ADD(name, function) g_test_add ("/export-dialog/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("columns-are-suggested-with-a-sample-and-saved", test_columns_are_suggested_with_a_sample_and_saved);
  ADD ("what-is-missing-or-wrong-is-told", test_what_is_missing_or_wrong_is_told);
  ADD ("a-name-that-is-taken-is-told-beside-its-field", test_a_name_that_is_taken_is_told_beside_its_field);
  ADD ("list-and-its-number-follow-each-other", test_list_and_its_number_follow_each_other);
  ADD ("another-choice-of-the-person-is-not-suggested-away", test_another_choice_of_the_person_is_not_suggested_away);
  ADD ("a-column-that-is-gone-is-told-at-once", test_a_column_that_is_gone_is_told_at_once);
  ADD ("editing-loses-nothing-of-what-it-cannot-show", test_editing_loses_nothing_of_what_it_cannot_show);
  ADD ("an-account-that-cannot-be-asked-can-be-asked-again", test_an_account_that_cannot_be_asked_can_be_asked_again);
  ADD ("a-file-that-is-no-segment-is-told", test_a_file_that_is_no_segment_is_told);
  ADD ("what-a-file-was-taken-for-can-be-corrected", test_what_a_file_was_taken_for_can_be_corrected);
  ADD ("a-file-can-be-dropped", test_a_file_can_be_dropped);
  ADD ("closing-at-once-leaves-nothing-behind", test_closing_at_once_leaves_nothing_behind);

  return g_test_run ();
}
