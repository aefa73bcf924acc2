/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-row-mapper.h"

#include "relais-error.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define N_COLUMNS 6

static const char * const columns[] = { "Mail", "First", "Last", "Phone", "Born", "Town", NULL };

typedef struct
{
  RelaisRowMapper *mapper;
  RelaisText       cells[N_COLUMNS];
  RelaisMappedRow  mapped;
} Fixture;

static RelaisRowMapper *
make_mapper (gboolean    clear,
             const char *country)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_field_free);
  RelaisRowMapper *mapper;

  definition->list_id = 3;
  g_free (definition->phone_country);
  definition->phone_country = g_strdup (country);
  definition->empty_values = clear ? RELAIS_EMPTY_VALUES_CLEAR : RELAIS_EMPTY_VALUES_KEEP;
  definition->matching->email = g_strdup ("Mail");
  definition->matching->first_name = g_strdup ("First");
  definition->matching->phone = g_strdup ("Phone");
  relais_matching_add_field (definition->matching, 7, "Born", (RelaisValueStyle) { 0 });
  relais_matching_add_field (definition->matching, 8, "Town", (RelaisValueStyle) { 0 });
  g_ptr_array_add (fields, relais_field_new (7, "Birth date", "date"));
  mapper = relais_row_mapper_new (definition, fields);
  g_assert_true (relais_row_mapper_set_columns (mapper, columns, "clients.csv", NULL));

  return mapper;
}

static void
map_row (Fixture    *fixture,
         const char *mail,
         const char *first,
         const char *last,
         const char *phone,
         const char *born,
         const char *town,
         gboolean    bad_text)
{
  const char *values[N_COLUMNS] = { mail, first, last, phone, born, town };
  RelaisSegmentRow row = { .number = 1, .line = 2, .cells = fixture->cells, .n_cells = N_COLUMNS, .bad_text = bad_text };

  for (guint i = 0; i < N_COLUMNS; i++)
    fixture->cells[i] = (RelaisText) { values[i], strlen (values[i]) };
  relais_row_mapper_map (fixture->mapper, &row, &fixture->mapped);
}

static JsonNode *
parse_piece (Fixture *fixture)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_true (json_parser_load_from_data (parser, fixture->mapped.piece.data, fixture->mapped.piece.length, NULL));

  return json_node_copy (json_parser_get_root (parser));
}

static void
test_what_is_matched_and_only_that_is_sent (void)
{
  Fixture fixture = { make_mapper (FALSE, "FR") };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *contact;
  JsonArray *fields;

  map_row (&fixture, " Zoé <Zoe@Example.COM> ", "\xc2\xa0Zoé ", "Secret", "06 39 98 12 34", "1980-02-29", "Sète", FALSE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_NONE);
  g_assert_true (fixture.mapped.cleaned);
  root = parse_piece (&fixture);
  contact = json_node_get_object (root);
  g_assert_cmpstr (json_object_get_string_member (contact, "email"), ==, "Zoe@example.com");
  g_assert_cmpstr (json_object_get_string_member (contact, "first_name"), ==, "Zoé");
  g_assert_cmpstr (json_object_get_string_member (contact, "phone"), ==, "+33639981234");
  g_assert_false (json_object_has_member (contact, "last_name"));
  g_assert_null (g_strstr_len (fixture.mapped.piece.data, fixture.mapped.piece.length, "Secret"));
  fields = json_object_get_array_member (contact, "fields");
  g_assert_cmpuint (json_array_get_length (fields), ==, 2);
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (fields, 0), "id"), ==, 7);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (fields, 0), "value"), ==, "1980-02-29");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (fields, 1), "value"), ==, "Sète");
  relais_row_mapper_free (fixture.mapper);
}

static void
test_a_row_with_a_value_too_many_is_refused (void)
{
  Fixture fixture = { make_mapper (FALSE, NULL) };
  RelaisText cells[N_COLUMNS + 2] = { { "zoe@example.com", 15 } };
  RelaisSegmentRow row = { .number = 1, .line = 2, .cells = cells, .n_cells = N_COLUMNS + 2 };

  for (guint i = 1; i < G_N_ELEMENTS (cells); i++)
    cells[i] = (RelaisText) { "", 0 };
  /* Delimiters at the end of every row are what some programs write. */
  cells[N_COLUMNS] = (RelaisText) { "\xc2\xa0 ", 3 };
  relais_row_mapper_map (fixture.mapper, &row, &fixture.mapped);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_NONE);
  cells[N_COLUMNS + 1] = (RelaisText) { "x", 1 };
  relais_row_mapper_map (fixture.mapper, &row, &fixture.mapped);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_TOO_MANY_CELLS);
  relais_row_mapper_free (fixture.mapper);
}

static void
test_an_empty_value_leaves_what_is_stored (void)
{
  Fixture fixture = { make_mapper (FALSE, NULL) };
  g_autoptr (JsonNode) root = NULL;

  map_row (&fixture, "zoe@example.com", "", "", "  ", "", "", FALSE);
  root = parse_piece (&fixture);
  g_assert_false (json_object_has_member (json_node_get_object (root), "first_name"));
  g_assert_false (json_object_has_member (json_node_get_object (root), "phone"));
  g_assert_false (json_object_has_member (json_node_get_object (root), "fields"));
  relais_row_mapper_free (fixture.mapper);
}

static void
test_an_empty_value_clears_when_asked_for (void)
{
  Fixture fixture = { make_mapper (TRUE, NULL) };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *contact;

  map_row (&fixture, "zoe@example.com", "", "", "", "", "Sète", FALSE);
  root = parse_piece (&fixture);
  contact = json_node_get_object (root);
  g_assert_cmpstr (json_object_get_string_member (contact, "first_name"), ==, "");
  g_assert_false (json_object_has_member (contact, "last_name"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (contact, "fields")), ==, 2);
  relais_row_mapper_free (fixture.mapper);
}

static void
test_what_cannot_be_sent_names_its_column (void)
{
  Fixture fixture = { make_mapper (FALSE, "FR") };

  map_row (&fixture, "zoe@example.com", "", "", "3,36E+10", "", "", FALSE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_SCIENTIFIC_NUMBER);
  g_assert_cmpstr (fixture.mapped.column, ==, "Phone");
  map_row (&fixture, "zoe@example.com", "", "", "", "03/04/1980", "", FALSE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_UNCLEAR_DATE);
  g_assert_cmpstr (fixture.mapped.column, ==, "Born");
  map_row (&fixture, "", "", "", "", "", "", FALSE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_EMPTY_ADDRESS);
  map_row (&fixture, "zoe@example.com", "Zo\xef\xbf\xbd", "", "", "", "", TRUE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_BAD_TEXT);
  g_assert_cmpstr (fixture.mapped.column, ==, "First");
  relais_row_mapper_free (fixture.mapper);
}

static void
test_bad_text_in_a_column_that_is_not_sent_does_not_matter (void)
{
  Fixture fixture = { make_mapper (FALSE, NULL) };

  map_row (&fixture, "zoe@example.com", "Zoé", "\xef\xbf\xbd", "", "", "", TRUE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_NONE);
  relais_row_mapper_free (fixture.mapper);
}

static void
test_a_telephone_that_stays_as_written_is_noted (void)
{
  Fixture fixture = { make_mapper (FALSE, "FR") };
  g_autoptr (JsonNode) root = NULL;

  map_row (&fixture, "zoe@example.com", "", "", "08 36 65 65 65", "", "", FALSE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_NONE);
  g_assert_cmpint (fixture.mapped.note, ==, RELAIS_REASON_PHONE_AS_WRITTEN);
  root = parse_piece (&fixture);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (root), "phone"), ==, "08 36 65 65 65");
  relais_row_mapper_free (fixture.mapper);
}

/* Also where empty cells clear what is stored: this one is not empty. */
static void
test_text_that_is_no_telephone_is_left_out_and_noted (void)
{
  for (int clear = 0; clear <= 1; clear++)
    {
      Fixture fixture = { make_mapper (clear, NULL) };
      g_autoptr (JsonNode) root = NULL;

      map_row (&fixture, "zoe@example.com", "Zoé", "", "see file", "", "", FALSE);
      g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_NONE);
      g_assert_cmpint (fixture.mapped.note, ==, RELAIS_REASON_PHONE_LEFT_OUT);
      root = parse_piece (&fixture);
      g_assert_false (json_object_has_member (json_node_get_object (root), "phone"));
      g_assert_cmpstr (json_object_get_string_member (json_node_get_object (root), "first_name"), ==, "Zoé");

      map_row (&fixture, "max@example.com", "Max", "", "", "", "", FALSE);
      g_assert_cmpint (fixture.mapped.note, ==, RELAIS_REASON_NONE);
      relais_row_mapper_free (fixture.mapper);
    }
}

static void
test_a_contact_larger_than_a_request_is_refused (void)
{
  Fixture fixture = { make_mapper (FALSE, NULL) };
  g_autofree char *huge = g_strnfill (RELAIS_PAYLOAD_MAX_BYTES, 'x');

  map_row (&fixture, "zoe@example.com", "", "", "", "", huge, FALSE);
  g_assert_cmpint (fixture.mapped.reason, ==, RELAIS_REASON_TOO_LARGE);
  relais_row_mapper_free (fixture.mapper);
}

static void
test_a_column_that_is_gone_is_named (void)
{
  RelaisRowMapper *mapper = make_mapper (FALSE, NULL);
  const char * const others[] = { "Mail", "First", "Last", "Phone", "Born", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_row_mapper_set_columns (mapper, others, "été.csv", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
  g_assert_nonnull (strstr (error->message, "“Town”"));
  g_assert_nonnull (strstr (error->message, "“été.csv”"));
  relais_row_mapper_free (mapper);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row-mapper/a-row-with-a-value-too-many-is-refused", test_a_row_with_a_value_too_many_is_refused);
  g_test_add_func ("/row-mapper/what-is-matched-and-only-that-is-sent", test_what_is_matched_and_only_that_is_sent);
  g_test_add_func ("/row-mapper/an-empty-value-leaves-what-is-stored", test_an_empty_value_leaves_what_is_stored);
  g_test_add_func ("/row-mapper/an-empty-value-clears-when-asked-for", test_an_empty_value_clears_when_asked_for);
  g_test_add_func ("/row-mapper/what-cannot-be-sent-names-its-column", test_what_cannot_be_sent_names_its_column);
  g_test_add_func ("/row-mapper/bad-text-in-a-column-that-is-not-sent-does-not-matter", test_bad_text_in_a_column_that_is_not_sent_does_not_matter);
  g_test_add_func ("/row-mapper/a-telephone-that-stays-as-written-is-noted", test_a_telephone_that_stays_as_written_is_noted);
  g_test_add_func ("/row-mapper/text-that-is-no-telephone-is-left-out-and-noted", test_text_that_is_no_telephone_is_left_out_and_noted);
  g_test_add_func ("/row-mapper/a-contact-larger-than-a-request-is-refused", test_a_contact_larger_than_a_request_is_refused);
  g_test_add_func ("/row-mapper/a-column-that-is-gone-is-named", test_a_column_that_is_gone_is_named);

  return g_test_run ();
}
