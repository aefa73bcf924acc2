/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The body of an import: what is in it, what is not, and that it is JSON. How
 * many contacts fit is the matter of test-prepared-batch.c. */

#include "relais-payload.h"

#include <json-glib/json-glib.h>
#include <string.h>


static char *
write_string (RelaisText text)
{
  GString *json = g_string_new (NULL);

  relais_json_append_string (json, text);

  return g_string_free (json, FALSE);
}

/* A whole payload */
static char *
write_payload (const RelaisPayloadSettings *settings,
               const RelaisContact         *contacts,
               guint                        n)
{
  GString *json = g_string_new (NULL);

  relais_payload_open (json, settings);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      relais_payload_append_contact (json, settings, &contacts[i]);
    }
  relais_payload_close (json, settings);

  return g_string_free (json, FALSE);
}

static JsonNode *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (json, &error);

  g_assert_no_error (error);
  g_assert_nonnull (root);

  return root;
}

/* Writing texts */

static void
test_texts_are_written_as_json_wants_them (void)
{
  static const struct
  {
    RelaisText  text;
    const char *json;
  } rows[] = {
    { { "", 0 }, "\"\"" },
    { { NULL, 0 }, "\"\"" },
    { { "plain", 5 }, "\"plain\"" },
    { { "of more than it", 4 }, "\"of m\"" },
    { { "\"", 1 }, "\"\\\"\"" },
    { { "\\", 1 }, "\"\\\\\"" },
    { { "a\"b\\c", 5 }, "\"a\\\"b\\\\c\"" },
    { { "\\u0041", 6 }, "\"\\\\u0041\"" },
    { { "/", 1 }, "\"/\"" },
    { { "</script>", 9 }, "\"</script>\"" },
    { { "\b\f\n\r\t", 5 }, "\"\\b\\f\\n\\r\\t\"" },
    { { "a\0b", 3 }, "\"a\\u0000b\"" },
    { { "\001\013\037\177", 4 }, "\"\\u0001\\u000b\\u001f\\u007f\"" },
    { { "é", 2 }, "\"é\"" },
    { { "\u2028\u2029", 6 }, "\"\u2028\u2029\"" },
    { { "\xc2\x85" "\u00ad\ufeff", 7 }, "\"\xc2\x85" "\u00ad\ufeff\"" },
    { { "😀", 4 }, "\"😀\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = write_string (rows[i].text);

      g_test_message ("%u", i);
      g_assert_cmpstr (json, ==, rows[i].json);
    }
}

static void
test_every_character_comes_back_as_it_was (void)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) node = NULL;

  for (gunichar c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 97)
    if (g_unichar_validate (c))
      g_string_append_unichar (all, c);
  json = write_string ((RelaisText) { all->str, all->len });
  node = parse (json);
  g_assert_cmpstr (json_node_get_string (node), ==, all->str);
  for (const char *at = json; *at != '\0'; at++)
    g_assert_cmpint ((guchar) *at, >=, 0x20);
}

/* What it is made of */

static void
test_a_contact_has_what_is_matched (void)
{
  static const char * const tags[] = { "one", "quote \" and comma ,", NULL };
  static const RelaisFieldText fields[] = {
    { 1, { "foo", 3 } },
    { 4294967295, { "||a||b||", 8 } },
  };
  static const RelaisPayloadSettings settings = { .list_id = 12, .tags = tags };
  static const RelaisContact contact = {
    .email = { "anaïs@example.com", 18 }, .first_name = { "Anaïs", 6 }, .last_name = { "O\"Neil", 6 }, .phone = { "+33 1", 5 },
    .fields = fields, .n_fields = 2,
  };
  g_autofree char *json = write_payload (&settings, &contact, 1);
  g_autoptr (JsonNode) root = parse (json);

  g_assert_cmpstr (json, ==,
                   "{\"exclude_automations\":true,\"contacts\":[{\"email\":\"anaïs@example.com\",\"first_name\":\"Anaïs\",\"last_name\":\"O\\\"Neil\",\"phone\":\"+33 1\","
                   "\"fields\":[{\"id\":1,\"value\":\"foo\"},{\"id\":4294967295,\"value\":\"||a||b||\"}],"
                   "\"tags\":[\"one\",\"quote \\\" and comma ,\"],\"subscribe\":[{\"listid\":12}]}]}");
}

static void
test_automations_run_when_they_are_asked_for_alone (void)
{
  static const RelaisContact contact = { .email = { "a@b.example", 11 } };

  for (guint automations = 0; automations < 2; automations++)
    {
      RelaisPayloadSettings settings = { .list_id = 1, .automations = automations };
      g_autofree char *json = write_payload (&settings, &contact, 1);
      g_autoptr (JsonNode) root = parse (json);
      JsonObject *object = json_node_get_object (root);

      /* At the top, where those who use it send it */
      g_assert_true (json_object_has_member (object, "exclude_automations"));
      g_assert_cmpint (json_object_get_boolean_member (object, "exclude_automations"), ==, !automations);
      g_assert_false (json_object_has_member (json_array_get_object_element (json_object_get_array_member (object, "contacts"), 0), "exclude_automations"));
    }
}

/* Absent: the service keeps what it has. Empty: it forgets. */
static void
test_what_is_empty_is_absent_unless_it_clears (void)
{
  static const RelaisFieldText fields[] = { { 1, { "", 0 } }, { 2, { "x", 1 } }, { 3, { NULL, 0 } }, { 4, { "", 0 } } };
  static const RelaisFieldText nothing[] = { { 1, { "", 0 } }, { 3, { NULL, 0 } } };
  static const RelaisContact contacts[] = {
    { .email = { "a@b.example", 11 }, .first_name = { "", 0 }, .phone = { "1", 1 }, .fields = fields, .n_fields = 4 },
    { .email = { "c@d.example", 11 }, .last_name = { "", 0 }, .fields = nothing, .n_fields = 2 },
    { .email = { "e@f.example", 11 } },
  };
  static const RelaisPayloadSettings keep = { .list_id = 7 };
  static const RelaisPayloadSettings clear = { .list_id = 7, .clear_empty = TRUE };
  g_autofree char *kept = write_payload (&keep, contacts, 3);
  g_autofree char *cleared = write_payload (&clear, contacts, 3);

  g_assert_cmpstr (kept, ==,
                   "{\"exclude_automations\":true,\"contacts\":["
                   "{\"email\":\"a@b.example\",\"phone\":\"1\",\"fields\":[{\"id\":2,\"value\":\"x\"}],\"subscribe\":[{\"listid\":7}]},"
                   "{\"email\":\"c@d.example\",\"subscribe\":[{\"listid\":7}]},"
                   "{\"email\":\"e@f.example\",\"subscribe\":[{\"listid\":7}]}]}");
  /* What is not matched stays absent. */
  g_assert_cmpstr (cleared, ==,
                   "{\"exclude_automations\":true,\"contacts\":["
                   "{\"email\":\"a@b.example\",\"first_name\":\"\",\"phone\":\"1\",\"fields\":[{\"id\":1,\"value\":\"\"},{\"id\":2,\"value\":\"x\"},{\"id\":4,\"value\":\"\"}],\"subscribe\":[{\"listid\":7}]},"
                   "{\"email\":\"c@d.example\",\"last_name\":\"\",\"fields\":[{\"id\":1,\"value\":\"\"}],\"subscribe\":[{\"listid\":7}]},"
                   "{\"email\":\"e@f.example\",\"subscribe\":[{\"listid\":7}]}]}");
}

static void
test_no_tags_are_no_key (void)
{
  static const char * const none[] = { NULL };
  static const RelaisPayloadSettings settings = { .list_id = 4294967295, .tags = none };
  static const RelaisContact contact = { .email = { "a@b.example", 11 } };
  g_autofree char *json = write_payload (&settings, &contact, 1);

  g_assert_cmpstr (json, ==, "{\"exclude_automations\":true,\"contacts\":[{\"email\":\"a@b.example\",\"subscribe\":[{\"listid\":4294967295}]}]}");
}

static void
test_the_envelope_is_as_large_as_it_says (void)
{
  for (guint automations = 0; automations < 2; automations++)
    {
      RelaisPayloadSettings settings = { .list_id = 1, .automations = automations };
      g_autofree char *json = write_payload (&settings, NULL, 0);

      g_assert_cmpuint (strlen (json), ==, relais_payload_envelope_size (&settings));
    }
}

/* Against the service's own description of an import: its OpenAPI file, named by RELAIS_OPENAPI */

static JsonObject *
find_schema (JsonNode *root)
{
  static const char * const way[] = { "paths", "/import/bulk_import", "post", "requestBody", "content", "application/json", "schema" };
  JsonObject *object = json_node_get_object (root);

  for (guint i = 0; i < G_N_ELEMENTS (way); i++)
    {
      g_assert_true (json_object_has_member (object, way[i]));
      object = json_object_get_object_member (object, way[i]);
    }

  return object;
}

/* Where the file is known to be wrong: a list's number is taken as a number too, and exclude_automations
 * stands in its sample alone, inside a contact. */
static gboolean
is_known_better (const char *name)
{
  return strcmp (name, "listid") == 0 || strcmp (name, "exclude_automations") == 0;
}

static void
assert_fits (JsonNode   *node,
             JsonObject *schema,
             const char *name)
{
  const char *type = json_object_get_string_member_with_default (schema, "type", "object");

  g_test_message ("%s: %s", name, type);
  if (strcmp (type, "string") == 0)
    g_assert_cmpint (json_node_get_value_type (node), ==, G_TYPE_STRING);
  else if (strcmp (type, "integer") == 0)
    g_assert_cmpint (json_node_get_value_type (node), ==, G_TYPE_INT64);
  else if (strcmp (type, "array") == 0)
    {
      g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        assert_fits (json_array_get_element (json_node_get_array (node), i), json_object_get_object_member (schema, "items"), name);
    }
  else
    {
      JsonObject *properties = json_object_get_object_member (schema, "properties");
      JsonArray *required = json_object_has_member (schema, "required") ? json_object_get_array_member (schema, "required") : NULL;
      JsonObjectIter iter;
      const char *member;
      JsonNode *value;

      g_assert_cmpstr (type, ==, "object");
      g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &member, &value))
        if (!is_known_better (member))
          {
            g_assert_true (json_object_has_member (properties, member));
            assert_fits (value, json_object_get_object_member (properties, member), member);
          }
      for (guint i = 0; required != NULL && i < json_array_get_length (required); i++)
        g_assert_true (json_object_has_member (json_node_get_object (node), json_array_get_string_element (required, i)));
    }
}

static void
test_it_is_what_the_service_describes (void)
{
  static const char * const tags[] = { "one", NULL };
  static const RelaisFieldText fields[] = { { 1, { "foo", 3 } }, { 2, { "||a||b||", 8 } } };
  static const RelaisPayloadSettings settings = { .list_id = 12, .tags = tags };
  static const RelaisContact contacts[] = {
    { .email = { "a@b.example", 11 }, .first_name = { "A", 1 }, .last_name = { "B", 1 }, .phone = { "1", 1 }, .fields = fields, .n_fields = 2 },
    { .email = { "c@d.example", 11 } },
  };
  const char *path = g_getenv ("RELAIS_OPENAPI");
  g_autofree char *json = write_payload (&settings, contacts, 2);
  g_autoptr (JsonNode) root = parse (json);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (path == NULL || *path == '\0')
    {
      g_test_skip ("RELAIS_OPENAPI does not name ActiveCampaign’s OpenAPI file");
      return;
    }
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  assert_fits (root, find_schema (json_parser_get_root (parser)), "payload");
}

static void
test_whoever_is_taken_off_is_named_and_nothing_else (void)
{
  RelaisPayloadSettings settings = { .list_id = 4294967295u };
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) root = NULL;

  relais_payload_open (json, &settings);
  relais_payload_append_leaver (json, settings.list_id, "o\"neil@example.com");
  relais_payload_close (json, &settings);
  g_assert_cmpstr (json->str, ==, "{\"exclude_automations\":true,\"contacts\":[{\"email\":\"o\\\"neil@example.com\","
                                  "\"unsubscribe\":[{\"listid\":4294967295}]}]}");
  root = parse (json->str);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/texts-are-written-as-json-wants-them", test_texts_are_written_as_json_wants_them);
  g_test_add_func ("/payload/every-character-comes-back-as-it-was", test_every_character_comes_back_as_it_was);
  g_test_add_func ("/payload/a-contact-has-what-is-matched", test_a_contact_has_what_is_matched);
  g_test_add_func ("/payload/automations-run-when-they-are-asked-for-alone", test_automations_run_when_they_are_asked_for_alone);
  g_test_add_func ("/payload/what-is-empty-is-absent-unless-it-clears", test_what_is_empty_is_absent_unless_it_clears);
  g_test_add_func ("/payload/no-tags-are-no-key", test_no_tags_are_no_key);
  g_test_add_func ("/payload/the-envelope-is-as-large-as-it-says", test_the_envelope_is_as_large_as_it_says);
  g_test_add_func ("/payload/it-is-what-the-service-describes", test_it_is_what_the_service_describes);
  g_test_add_func ("/payload/whoever-is-taken-off-is-named-and-nothing-else", test_whoever_is_taken_off_is_named_and_nothing_else);

  return g_test_run ();
}
