/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-definition.h"

#include <string.h>

#include "relais-error.h"

static const char whole[] =
  "{\"name\": \"Newsletter\", \"connection\": \"Main account\", \"list\": \"12\", \"list_name\": \"Clients\",\n"
  " \"segments\": [{\"file\": \"clients.csv\", \"encoding\": \"windows-1252\", \"delimiter\": \";\", \"quote\": \"'\", \"header\": true},\n"
  "              {\"file\": \"/srv/a b.tsv\", \"encoding\": \"auto\", \"delimiter\": \"tab\", \"header\": false}],\n"
  " \"matching\": {\"email\": \"EMail\", \"first_name\": \"FirstName\", \"last_name\": \"LastName\", \"phone\": \"Telephone\",\n"
  "               \"fields\": {\"7\": \"LoyaltyTier\", \"8\": {\"column\": \"Né le\", \"date_order\": \"day-first\"},\n"
  "                          \"9\": {\"column\": \"Points\", \"decimal\": \",\"}, \"10\": {\"column\": \"Ville\"}}},\n"
  " \"phone_country\": \"fr\", \"automations\": true, \"tags\": [\"été\", \"VIP\"], \"empty_values\": \"clear\",\n"
  " \"leavers\": \"remove\", \"leavers_brake\": {\"share\": 35, \"number\": 0}, \"verify\": \"all\"}";

static const char least[] =
  "{\"list\": 12, \"segments\": [{\"file\": \"clients.csv\"}], \"matching\": {\"email\": \"EMail\"}}";

static RelaisExportDefinition *
read_json (const char *json)
{
  g_autoptr (GError) error = NULL;
  RelaisExportDefinition *definition = relais_export_definition_from_json (json, -1, "/home/zoe", &error);

  g_assert_no_error (error);
  g_assert_nonnull (definition);

  return definition;
}

static void
assert_match (const RelaisMatching *matching,
              guint                 index,
              guint32               id,
              const char           *column,
              RelaisDateOrder       order,
              char                  decimal)
{
  const RelaisFieldMatch *match = g_ptr_array_index (matching->fields, index);

  g_assert_cmpuint (match->field_id, ==, id);
  g_assert_cmpstr (match->column, ==, column);
  g_assert_cmpint (match->style.date_order, ==, order);
  g_assert_cmpint (match->style.decimal, ==, decimal);
}

static void
assert_is_the_whole (const RelaisExportDefinition *definition)
{
  const RelaisSegment *segment;

  g_assert_cmpstr (definition->name, ==, "Newsletter");
  g_assert_cmpstr (definition->connection, ==, "Main account");
  g_assert_cmpuint (definition->list_id, ==, 12);
  g_assert_cmpstr (definition->list_name, ==, "Clients");
  g_assert_cmpuint (definition->segments->len, ==, 2);
  segment = g_ptr_array_index (definition->segments, 0);
  g_assert_cmpstr (segment->path, ==, "/home/zoe/clients.csv");
  g_assert_cmpstr (segment->format->encoding, ==, "windows-1252");
  g_assert_cmpint (segment->format->delimiter, ==, ';');
  g_assert_cmpint (segment->format->quote, ==, '\'');
  g_assert_cmpint (segment->format->header, ==, RELAIS_HEADER_YES);
  segment = g_ptr_array_index (definition->segments, 1);
  g_assert_cmpstr (segment->path, ==, "/srv/a b.tsv");
  g_assert_null (segment->format->encoding);
  g_assert_cmpint (segment->format->delimiter, ==, '\t');
  g_assert_cmpint (segment->format->header, ==, RELAIS_HEADER_NO);
  g_assert_cmpstr (definition->matching->email, ==, "EMail");
  g_assert_cmpstr (definition->matching->first_name, ==, "FirstName");
  g_assert_cmpstr (definition->matching->last_name, ==, "LastName");
  g_assert_cmpstr (definition->matching->phone, ==, "Telephone");
  g_assert_cmpuint (definition->matching->fields->len, ==, 4);
  assert_match (definition->matching, 0, 7, "LoyaltyTier", RELAIS_DATE_ORDER_UNCHOSEN, 0);
  assert_match (definition->matching, 1, 8, "Né le", RELAIS_DATE_ORDER_DAY_FIRST, 0);
  assert_match (definition->matching, 2, 9, "Points", RELAIS_DATE_ORDER_UNCHOSEN, ',');
  assert_match (definition->matching, 3, 10, "Ville", RELAIS_DATE_ORDER_UNCHOSEN, 0);
  g_assert_cmpstr (definition->phone_country, ==, "FR");
  g_assert_true (definition->automations);
  g_assert_cmpstr (definition->tags[0], ==, "été");
  g_assert_cmpstr (definition->tags[1], ==, "VIP");
  g_assert_null (definition->tags[2]);
  g_assert_cmpint (definition->empty_values, ==, RELAIS_EMPTY_VALUES_CLEAR);
  g_assert_cmpint (definition->leavers, ==, RELAIS_LEAVERS_REMOVE);
  g_assert_cmpuint (definition->leavers_share, ==, 35);
  g_assert_cmpuint (definition->leavers_number, ==, 0);
  g_assert_cmpint (definition->verify, ==, RELAIS_VERIFY_ALL);
}

static void
test_everything_is_read_written_and_copied (void)
{
  g_autoptr (RelaisExportDefinition) definition = read_json (whole);
  g_autofree char *json = relais_export_definition_to_json (definition);
  g_autoptr (RelaisExportDefinition) again = read_json (json);
  g_autofree char *json_again = relais_export_definition_to_json (again);
  g_autoptr (RelaisExportDefinition) copy = relais_export_definition_copy (again);

  g_clear_pointer (&again, relais_export_definition_free);
  assert_is_the_whole (definition);
  assert_is_the_whole (copy);
  g_assert_cmpstr (json, ==, json_again);
  /* The short form where nothing is chosen for the column. */
  g_assert_nonnull (strstr (json, "\"10\" : \"Ville\""));
}

static void
test_what_is_left_out_has_its_default (void)
{
  g_autoptr (RelaisExportDefinition) definition = read_json (least);
  g_autofree char *json = relais_export_definition_to_json (definition);
  g_autoptr (RelaisExportDefinition) again = read_json (json);
  g_autofree char *json_again = relais_export_definition_to_json (again);
  const RelaisSegment *segment = g_ptr_array_index (again->segments, 0);

  g_assert_cmpstr (json, ==, json_again);
  g_assert_null (again->name);
  g_assert_null (again->connection);
  g_assert_cmpuint (again->list_id, ==, 12);
  g_assert_null (again->matching->phone);
  g_assert_null (again->phone_country);
  g_assert_false (again->automations);
  g_assert_nonnull (again->tags);
  g_assert_null (again->tags[0]);
  g_assert_cmpint (again->empty_values, ==, RELAIS_EMPTY_VALUES_KEEP);
  g_assert_cmpint (again->leavers, ==, RELAIS_LEAVERS_KEEP);
  g_assert_cmpuint (again->leavers_share, ==, 20);
  g_assert_cmpuint (again->leavers_number, ==, 10000);
  /* The brake is nobody's business where nobody is taken off. */
  g_assert_null (strstr (json, "leavers_brake"));
  g_assert_cmpint (again->verify, ==, RELAIS_VERIFY_SAMPLE);
  g_assert_null (segment->format->encoding);
  g_assert_cmpint (segment->format->delimiter, ==, 0);
  g_assert_cmpint (segment->format->quote, ==, 0);
  g_assert_cmpint (segment->format->header, ==, RELAIS_HEADER_AUTO);
}

static void
test_paths_begin_at_the_folder (void)
{
  static const struct
  {
    const char *file;
    const char *path;
  } rows[] = {
    { "clients.csv", "/home/zoe/clients.csv" },
    { "./a/../clients.csv", "/home/zoe/clients.csv" },
    { "../clients.csv", "/home/clients.csv" },
    { "/srv/clients.csv", "/srv/clients.csv" },
    { "file:///srv/a%20b.csv", "/srv/a b.csv" },
    { "file:///srv/caf%E9.csv", "/srv/caf\351.csv" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"list\": 1, \"segments\": [{\"file\": \"%s\"}], \"matching\": {\"email\": \"E\"}}",
                                               rows[i].file);
      g_autoptr (RelaisExportDefinition) definition = read_json (json);
      g_autofree char *written = relais_export_definition_to_json (definition);
      g_autoptr (RelaisExportDefinition) again = read_json (written);

      g_assert_cmpstr (((RelaisSegment *) g_ptr_array_index (again->segments, 0))->path, ==, rows[i].path);
    }
}

/* What stands in the place of one part of the least definition, and what the error has to name. */
static const struct
{
  const char *json;
  const char *named;
} refused[] = {
  { "", "JSON object" },
  { " ", "JSON object" },
  { "null", "JSON object" },
  { "[]", "JSON object" },
  { "\"x\"", "JSON object" },
  { "12", "JSON object" },
  { "{", "line" },
  { "{\"list\": 12,\n \"segments\" [}", "line 2" },
  { "\377\376{}", "UTF-8" },
  { "{}", "“list”" },
  { "{\"list\": 12}", "“segments”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}]}", "“matching”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {}}", "“matching.email”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": null}}", "“matching.email”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": 7}}", "“matching.email” is 7" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"\"}}", "“matching.email”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": [\"E\"]}}", "“matching.email”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": \"E\"}", "“matching”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"mail\": \"E\"}}", "“matching.mail”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": []}}", "“matching.fields”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"x\": \"y\"}}}", "“matching.fields.x”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"0\": \"y\"}}}", "“matching.fields.0”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"7\": 8}}}", "“matching.fields.7” is 8" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"7\": {}}}}", "“matching.fields.7.column”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"7\": {\"column\": \"y\", \"decimal\": \";\"}}}}",
    "“matching.fields.7.decimal”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"7\": {\"column\": \"y\", \"date_order\": \"dmy\"}}}}",
    "“matching.fields.7.date_order” is “dmy”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"7\": {\"column\": \"y\", \"order\": \"dmy\"}}}}",
    "“matching.fields.7.order”" },
  { "{\"list\": 0, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list” is 0" },
  { "{\"list\": -1, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list”" },
  { "{\"list\": 4294967296, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list”" },
  { "{\"list\": 12.5, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list”" },
  { "{\"list\": \"12 \", \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list”" },
  { "{\"list\": \"Clients\", \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list” is \"Clients\"" },
  { "{\"list\": {\"id\": 12}, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list”" },
  { "{\"list\": 12, \"segments\": [], \"matching\": {\"email\": \"E\"}}", "“segments”" },
  { "{\"list\": 12, \"segments\": {\"file\": \"a\"}, \"matching\": {\"email\": \"E\"}}", "“segments”" },
  { "{\"list\": 12, \"segments\": [\"a\"], \"matching\": {\"email\": \"E\"}}", "“segments”" },
  { "{\"list\": 12, \"segments\": [{}], \"matching\": {\"email\": \"E\"}}", "“segments[0].file”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}, {\"file\": 7}], \"matching\": {\"email\": \"E\"}}", "“segments[1].file” is 7" },
  { "{\"list\": 12, \"segments\": [{\"folder\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "folder" },
  { "{\"list\": 12, \"segments\": [{\"customer_insights\": {\"connection\": \"a\", \"segment\": \"b\"}}], \"matching\": {\"email\": \"E\"}}",
    "Customer Insights" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"encodings\": \"UTF-8\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].encodings”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"encoding\": \"klingon\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].encoding”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"encoding\": \"UTF-8//IGNORE\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].encoding”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"delimiter\": \";;\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].delimiter”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"delimiter\": \"x\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].delimiter”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"delimiter\": \"\\\"\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].delimiter”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"delimiter\": \"é\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].delimiter”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"quote\": \"tab\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].quote”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"header\": \"yes\"}], \"matching\": {\"email\": \"E\"}}", "“segments[0].header” is \"yes\"" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\", \"header\": 1}], \"matching\": {\"email\": \"E\"}}", "“segments[0].header”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"automation\": true}", "“automation”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"automations\": \"true\"}", "“automations”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"automations\": 1}", "“automations”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"tags\": \"VIP\"}", "“tags”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"tags\": [\"VIP\", \"\"]}", "“tags”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"tags\": [null]}", "“tags”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"phone_country\": \"ZZ\"}", "“phone_country”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"empty_values\": \"erase\"}", "“empty_values”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers\": \"drop\"}", "keep, remove" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers_brake\": 20}", "“leavers_brake” is 20" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers_brake\": {\"share\": 101}}", "“leavers_brake.share” is 101; a whole number from 0 to 100" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers_brake\": {\"share\": -1}}", "“leavers_brake.share” is -1" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers_brake\": {\"share\": 2.5}}", "“leavers_brake.share” is 2.5" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers_brake\": {\"number\": \"9\"}}", "“leavers_brake.number” is \"9\"" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers_brake\": {\"number\": 1000001}}", "from 0 to 1000000" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"leavers_brake\": {\"numbers\": 1}}", "“leavers_brake.numbers”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}, \"verify\": \"none\"}", "off, sample, all" },
  { "{\"name\": 7, \"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“name” is 7" },
  { "{\"list\": 12, \"list\": 13, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}", "“list” twice" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"email\": \"F\"}}", "“email” twice" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\", \"fields\": {\"7\": \"a\", \"7\": \"b\"}}}", "“7” twice" },
  { "{\"list\": 99999999999999999999999999, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“list”" },
  { "{\"list\": 1e3, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“list”" },
  { "{\"list\": 12.0, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“list”" },
  { "{\"list\": 0x0c, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line" },
  { "{\"list\": NaN, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line" },
  { "{\"list\": true, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“list” is true" },
  { "{\"list\": \"99999999999999999999\", \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“list”" },
  { "{\"list\": \"+12\", \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“list”" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"},}",
    "line" },
  { "{'list': 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line" },
  { "{list: 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line" },
  { "{\"list\": 12, // a comment\n \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line" },
  { "{\"list\": 12, /* a comment */ \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line" },
  { "{\"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}} {}",
    "line" },
  { "{\"list\": 12, \"l\\u0069st\": 13, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“list” twice" },
  { "{\"list\": 12, \"LIST\": 13, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“LIST”" },
  { "{\"list\": 12, \"\": 13, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“”" },
  { "{\"name\": \"a\\u0000b\", \"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line 1" },
  { "{\"name\": \"a\\ud800b\", \"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "line 1" },
  { "{\"name\": {\"a\": [1]}, \"list\": 12, \"segments\": [{\"file\": \"a\"}], \"matching\": {\"email\": \"E\"}}",
    "“name”" },
};

static void
test_what_is_wrong_is_named (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_utf8_make_valid (refused[i].json, -1);

      g_test_message ("%s", shown);
      g_assert_null (relais_export_definition_from_json (refused[i].json, -1, "/", &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_test_message ("→ %s", error->message);
      g_assert_nonnull (strstr (error->message, refused[i].named));
    }
}

static void
assert_refused (const char *json,
                gssize      length)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (relais_export_definition_from_json (json, length, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
}

static void
test_deep_huge_and_cut_text_is_refused (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) huge = g_string_new ("{\"name\": \"");
  const char zero[] = "{\"list\": 12\0}";

  for (guint i = 0; i < 500000; i++)
    g_string_append_c (deep, i % 2 == 0 ? '[' : '{');
  assert_refused (deep->str, deep->len);
  g_string_assign (deep, "");
  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, "{\"a\":");
  assert_refused (deep->str, deep->len);
  for (guint i = 0; i < 2000000; i++)
    g_string_append_c (huge, 'x');
  assert_refused (huge->str, huge->len);
  assert_refused (zero, sizeof zero - 1);
  for (gsize length = 0; length < sizeof whole - 1; length++)
    {
      /* Nothing behind the end, so that reading past it is seen. */
      g_autofree char *cut = g_memdup2 (whole, length);

      assert_refused (cut, length);
    }
}

/* What the JSON library takes and JSON does not know hides brackets from whoever counts them. */
static void
test_brackets_that_hide_are_refused (void)
{
  static const char * const before[] = {
    "{'\"': ", "{/* \" */", "{// \"\n", "{\"\\u1\"\",", "{\"\\ud800\"\",", "{} ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autoptr (GString) deep = g_string_new (before[i]);

      for (guint k = 0; k < 500000; k++)
        g_string_append_c (deep, '[');
      assert_refused (deep->str, deep->len);
    }
}

/* Changes a valid text at random: whatever comes of it is read without a
 * warning, or refused with the one kind of error, and what is read can be
 * written and read again. */
static void
test_random_changes_are_read_or_refused (void)
{
  static const char pieces[] = "{}[]\":,\\0123456789.-+eEtfnu \n\001\177\303\251\377";

  for (guint round = 0; round < 20000; round++)
    {
      gsize length = sizeof whole - 1;
      g_autofree char *text = g_memdup2 (whole, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (RelaisExportDefinition) definition = NULL;
      int n_changes = g_test_rand_int_range (1, 4);

      for (int i = 0; i < n_changes; i++)
        {
          gsize at = g_test_rand_int_range (0, length);
          gsize most = MIN (12, length - at);
          gsize n = g_test_rand_int_range (1, most + 1);

          switch (g_test_rand_int_range (0, 3))
            {
            case 0:
              text[at] = pieces[g_test_rand_int_range (0, sizeof pieces - 1)];
              break;
            case 1:
              memmove (text + at, text + at + n, length - at - n);
              length -= n;
              break;
            default:
              memmove (text + at, text + g_test_rand_int_range (0, length - n), n);
              break;
            }
        }

      definition = relais_export_definition_from_json (text, length, "/home/zoe", &error);
      if (definition == NULL)
        g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
      else
        {
          g_autofree char *json = relais_export_definition_to_json (definition);
          g_autoptr (RelaisExportDefinition) again = read_json (json);
          g_autofree char *json_again = relais_export_definition_to_json (again);

          g_assert_cmpstr (json, ==, json_again);
        }
    }
}

static void
test_a_byte_order_mark_is_no_error (void)
{
  g_autofree char *json = g_strconcat ("\357\273\277", least, NULL);
  g_autoptr (RelaisExportDefinition) definition = read_json (json);

  g_assert_cmpuint (definition->list_id, ==, 12);
}

static void
test_so_many_who_leave_are_asked_about (void)
{
  static const struct
  {
    RelaisLeavers leavers;
    guint         share;
    guint         number;
    guint64       departed;
    guint64       delivered;
    gboolean      brakes;
  } rows[] = {
    { RELAIS_LEAVERS_REMOVE, 20, 10000, 0, 0, FALSE },
    { RELAIS_LEAVERS_REMOVE, 20, 10000, 200, 1000, FALSE },
    { RELAIS_LEAVERS_REMOVE, 20, 10000, 201, 1000, TRUE },
    { RELAIS_LEAVERS_REMOVE, 20, 200, 200, 1000, FALSE },
    { RELAIS_LEAVERS_REMOVE, 100, 200, 201, 1000, TRUE },
    { RELAIS_LEAVERS_REMOVE, 100, 1000000, 1000000, 1000000, FALSE },
    { RELAIS_LEAVERS_REMOVE, 0, 10000, 1, 1000000, TRUE },
    { RELAIS_LEAVERS_REMOVE, 0, 0, 0, 1000, FALSE },
    { RELAIS_LEAVERS_REMOVE, 20, 0, 1, 1000, TRUE },
    { RELAIS_LEAVERS_REMOVE, 20, 10000, 9, 10, FALSE },
    { RELAIS_LEAVERS_REMOVE, 20, 10000, 10, 49, TRUE },
    { RELAIS_LEAVERS_REMOVE, 20, 10000, 4, 4, TRUE },
    { RELAIS_LEAVERS_KEEP, 20, 10000, 1000, 1000, FALSE },
  };
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();

  g_assert_cmpuint (definition->leavers_share, ==, 20);
  g_assert_cmpuint (definition->leavers_number, ==, 10000);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      definition->leavers = rows[i].leavers;
      definition->leavers_share = rows[i].share;
      definition->leavers_number = rows[i].number;
      g_assert_cmpint (relais_export_definition_brakes (definition, rows[i].departed, rows[i].delivered), ==, rows[i].brakes);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export-definition/everything-is-read-written-and-copied", test_everything_is_read_written_and_copied);
  g_test_add_func ("/export-definition/what-is-left-out-has-its-default", test_what_is_left_out_has_its_default);
  g_test_add_func ("/export-definition/paths-begin-at-the-folder", test_paths_begin_at_the_folder);
  g_test_add_func ("/export-definition/what-is-wrong-is-named", test_what_is_wrong_is_named);
  g_test_add_func ("/export-definition/deep-huge-and-cut-text-is-refused", test_deep_huge_and_cut_text_is_refused);
  g_test_add_func ("/export-definition/brackets-that-hide-are-refused", test_brackets_that_hide_are_refused);
  g_test_add_func ("/export-definition/random-changes-are-read-or-refused", test_random_changes_are_read_or_refused);
  g_test_add_func ("/export-definition/so-many-who-leave-are-asked-about", test_so_many_who_leave_are_asked_about);
  g_test_add_func ("/export-definition/a-byte-order-mark-is-no-error", test_a_byte_order_mark_is_no_error);

  return g_test_run ();
}
