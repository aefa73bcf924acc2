/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-definition.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "relais-error.h"
#include "relais-phone.h"

/* A definition is a page of text. What is much larger or deeper is something
 * else, and the JSON parser recurses without a limit of its own. */
#define MAX_LENGTH (1024 * 1024)
#define MAX_DEPTH 16
#define MAX_SHOWN 60

/* An object of the definition that is being read. */
typedef struct
{
  JsonObject *object; /* (unowned) */
  const char *path;   /* what goes before the names of its keys, "" at the top */
} Place;

/* Words that stand for values in the JSON. */
typedef struct
{
  const char *word;
  int         value;
} Word;

static const Word empty_values_words[] = {
  { "keep", RELAIS_EMPTY_VALUES_KEEP }, { "clear", RELAIS_EMPTY_VALUES_CLEAR }, { NULL }
};
static const Word verify_words[] = {
  { "off", RELAIS_VERIFY_OFF }, { "sample", RELAIS_VERIFY_SAMPLE }, { "all", RELAIS_VERIFY_ALL }, { NULL }
};
static const Word date_order_words[] = {
  { "auto", RELAIS_DATE_ORDER_UNCHOSEN }, { "day-first", RELAIS_DATE_ORDER_DAY_FIRST },
  { "month-first", RELAIS_DATE_ORDER_MONTH_FIRST }, { NULL }
};

/* Errors */

static char *
name_key (const Place *place,
          const char  *key)
{
  return g_strconcat (place->path, key, NULL);
}

/* What was found at @key, as JSON, not longer than a line. */
static char *
show_value (const Place *place,
            const char  *key)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;

  json_generator_set_root (generator, json_object_get_member (place->object, key));
  text = json_generator_to_data (generator, NULL);
  if (g_utf8_strlen (text, -1) > MAX_SHOWN)
    {
      g_autofree char *head = g_utf8_substring (text, 0, MAX_SHOWN);

      return g_strconcat (head, "…", NULL);
    }

  return g_steal_pointer (&text);
}

/* @sentence is translated and names the key, then what was found. Returns FALSE. */
static gboolean
refuse_value (const Place  *place,
              const char   *key,
              const char   *sentence,
              GError      **error)
{
  g_autofree char *name = name_key (place, key);
  g_autofree char *found = show_value (place, key);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, sentence, name, found);
#pragma GCC diagnostic pop

  return FALSE;
}

static gboolean
refuse_missing (const Place  *place,
                const char   *key,
                GError      **error)
{
  g_autofree char *name = name_key (place, key);

  /* Translators: %s is the name of a key in the JSON file that defines an export. */
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("The definition lacks “%s”, which is required."), name);

  return FALSE;
}

/* Reading single values. A key that is missing or null is absent. */

static gboolean
check_keys (const Place         *place,
            const char * const  *known,
            GError             **error)
{
  g_autoptr (GList) keys = json_object_get_members (place->object);

  for (GList *at = keys; at != NULL; at = at->next)
    if (!g_strv_contains (known, at->data))
      {
        g_autofree char *name = name_key (place, at->data);
        g_autofree char *expected = g_strjoinv (", ", (char **) known);

        g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                     /* Translators: the first %s is a key in the JSON file that defines an export, the second one a list of keys. */
                     _("The definition has an unknown key “%s”. Known there are: %s."), name, expected);
        return FALSE;
      }

  return TRUE;
}

static gboolean
is_absent (const Place *place,
           const char  *key)
{
  return !json_object_has_member (place->object, key) || json_object_get_null_member (place->object, key);
}

static gboolean
has_type (const Place *place,
          const char  *key,
          GType        type)
{
  JsonNode *node = json_object_get_member (place->object, key);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* A text that is not empty. @text stays as it is when the key is absent. */
static gboolean
read_text (const Place  *place,
           const char   *key,
           gboolean      required,
           char        **text,
           GError      **error)
{
  const char *value;

  if (is_absent (place, key))
    return required ? refuse_missing (place, key, error) : TRUE;

  value = has_type (place, key, G_TYPE_STRING) ? json_object_get_string_member (place->object, key) : NULL;
  if (value == NULL || *value == '\0' || !g_utf8_validate (value, -1, NULL))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return refuse_value (place, key, _("In the definition, “%s” is %s; a text in quotes that is not empty is expected."), error);
  g_free (*text);
  *text = g_strdup (value);

  return TRUE;
}

static gboolean
read_boolean (const Place  *place,
              const char   *key,
              gboolean     *value,
              GError      **error)
{
  if (is_absent (place, key))
    return TRUE;
  if (!has_type (place, key, G_TYPE_BOOLEAN))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate true and false. */
    return refuse_value (place, key, _("In the definition, “%s” is %s; true or false is expected, without quotes."), error);
  *value = json_object_get_boolean_member (place->object, key);

  return TRUE;
}

static gboolean
read_word (const Place  *place,
           const char   *key,
           const Word   *words,
           int          *value,
           GError      **error)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);

  if (!read_text (place, key, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  for (guint i = 0; words[i].word != NULL; i++)
    {
      if (strcmp (words[i].word, text) == 0)
        {
          *value = words[i].value;
          return TRUE;
        }
      g_string_append_printf (expected, "%s%s", i > 0 ? ", " : "", words[i].word);
    }

  name = name_key (place, key);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: a key in the JSON file that defines an export, what stands there, and the list of words that may. */
               _("In the definition, “%s” is “%s”; one of these is expected: %s."), name, text, expected->str);

  return FALSE;
}

static gboolean
get_object (const Place  *place,
            const char   *key,
            JsonObject  **object,
            GError      **error)
{
  JsonNode *node;

  if (is_absent (place, key))
    return refuse_missing (place, key, error);
  node = json_object_get_member (place->object, key);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return refuse_value (place, key, _("In the definition, “%s” is %s; an object in braces is expected."), error);
  *object = json_node_get_object (node);

  return TRUE;
}

/* %NULL in @array for an absent key. */
static gboolean
get_array (const Place  *place,
           const char   *key,
           JsonArray   **array,
           GError      **error)
{
  JsonNode *node;

  *array = NULL;
  if (is_absent (place, key))
    return TRUE;
  node = json_object_get_member (place->object, key);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return refuse_value (place, key, _("In the definition, “%s” is %s; a list in square brackets is expected."), error);
  *array = json_node_get_array (node);

  return TRUE;
}

/* Reading the parts */

static gboolean
read_id (const char *text,
         guint32    *id)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &value, NULL))
    return FALSE;
  *id = (guint32) value;

  return TRUE;
}

static gboolean
read_list (const Place             *place,
           RelaisExportDefinition  *definition,
           GError                 **error)
{
  if (is_absent (place, "list"))
    return refuse_missing (place, "list", error);

  if (has_type (place, "list", G_TYPE_INT64))
    {
      gint64 value = json_object_get_int_member (place->object, "list");

      if (value >= 1 && value <= G_MAXUINT32)
        {
          definition->list_id = (guint32) value;
          return TRUE;
        }
    }
  else if (has_type (place, "list", G_TYPE_STRING) &&
           read_id (json_object_get_string_member (place->object, "list"), &definition->list_id))
    return TRUE;

  /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
  return refuse_value (place, "list", _("In the definition, “%s” is %s; the number of an ActiveCampaign list is expected."), error);
}

static gboolean
read_encoding (const Place          *place,
               RelaisSegmentFormat  *format,
               GError              **error)
{
  g_autofree char *name = NULL;
  GIConv conversion;

  if (!read_text (place, "encoding", FALSE, &name, error))
    return FALSE;
  if (name == NULL || strcmp (name, "auto") == 0)
    return TRUE;

  conversion = strchr (name, '/') == NULL ? g_iconv_open ("UTF-8", name) : (GIConv) -1;
  if (conversion == (GIConv) -1)
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return refuse_value (place, "encoding", _("In the definition, “%s” is %s; “auto” or the name of an encoding such as UTF-8 or windows-1252 is expected."), error);
  g_iconv_close (conversion);
  format->encoding = g_steal_pointer (&name);

  return TRUE;
}

/* A key whose value is one ASCII sign, or a word. */
static gboolean
read_sign (const Place  *place,
           const char   *key,
           const Word   *words,
           char         *sign,
           gboolean     *understood,
           GError      **error)
{
  g_autofree char *text = NULL;

  *understood = TRUE;
  if (!read_text (place, key, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  for (guint i = 0; words[i].word != NULL; i++)
    if (strcmp (words[i].word, text) == 0)
      {
        *sign = (char) words[i].value;
        return TRUE;
      }
  *understood = text[1] == '\0' && (g_ascii_ispunct (text[0]) || text[0] == '\t');
  if (*understood)
    *sign = text[0];

  return TRUE;
}

static gboolean
read_delimiter (const Place          *place,
                RelaisSegmentFormat  *format,
                GError              **error)
{
  static const Word delimiters[] = { { "auto", 0 }, { "tab", '\t' }, { NULL } };
  static const Word quotes[] = { { "auto", 0 }, { "none", RELAIS_QUOTE_NONE }, { NULL } };
  gboolean understood;

  if (!read_sign (place, "delimiter", delimiters, &format->delimiter, &understood, error))
    return FALSE;
  if (!understood || format->delimiter == '"')
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate auto and tab. */
    return refuse_value (place, "delimiter", _("In the definition, “%s” is %s; “auto”, “tab” or a single sign such as ; is expected."), error);

  if (!read_sign (place, "quote", quotes, &format->quote, &understood, error))
    return FALSE;
  if (!understood || format->quote == '\t')
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate auto and none. */
    return refuse_value (place, "quote", _("In the definition, “%s” is %s; “auto”, “none” or a single quotation mark is expected."), error);

  return TRUE;
}

static gboolean
read_header (const Place          *place,
             RelaisSegmentFormat  *format,
             GError              **error)
{
  if (is_absent (place, "header"))
    return TRUE;
  if (has_type (place, "header", G_TYPE_BOOLEAN))
    {
      format->header = json_object_get_boolean_member (place->object, "header") ? RELAIS_HEADER_YES : RELAIS_HEADER_NO;
      return TRUE;
    }
  if (has_type (place, "header", G_TYPE_STRING) &&
      strcmp (json_object_get_string_member (place->object, "header"), "auto") == 0)
    return TRUE;

  /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate auto, true and false. */
  return refuse_value (place, "header", _("In the definition, “%s” is %s; “auto”, true or false is expected."), error);
}

/* What DESIGN promises and this version cannot do yet is told, not ignored. */
static gboolean
check_segment_kind (const Place  *place,
                    GError      **error)
{
  if (!is_absent (place, "folder"))
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("This version of Relais cannot read a folder of files yet. Name a single file in “segments”."));
      return FALSE;
    }
  if (!is_absent (place, "customer_insights"))
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("This version of Relais cannot read segments from Customer Insights yet. Save the segment as a file and name that in “segments”."));
      return FALSE;
    }

  return TRUE;
}

static char *
find_path (const char *file,
           const char *folder)
{
  g_autofree char *name = NULL;

  if (g_str_has_prefix (file, "file://"))
    name = g_filename_from_uri (file, NULL, NULL);
  if (name == NULL)
    name = g_strdup (file);

  return g_canonicalize_filename (name, folder);
}

static RelaisSegment *
read_segment (const Place  *place,
              const char   *folder,
              GError      **error)
{
  static const char * const known[] = {
    "file", "folder", "customer_insights", "encoding", "delimiter", "quote", "header", NULL
  };
  g_autoptr (RelaisSegment) segment = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  if (!check_keys (place, known, error) || !check_segment_kind (place, error) ||
      !read_text (place, "file", TRUE, &file, error))
    return NULL;

  path = find_path (file, folder);
  segment = relais_segment_new (path);
  if (!read_encoding (place, segment->format, error) || !read_delimiter (place, segment->format, error) ||
      !read_header (place, segment->format, error))
    return NULL;

  return g_steal_pointer (&segment);
}

static gboolean
read_segments (const Place             *place,
               const char              *folder,
               RelaisExportDefinition  *definition,
               GError                 **error)
{
  JsonArray *array;

  if (!get_array (place, "segments", &array, error))
    return FALSE;
  if (array == NULL)
    return refuse_missing (place, "segments", error);
  if (json_array_get_length (array) == 0)
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("The definition names no segment. Name at least one file in “segments”."));
      return FALSE;
    }

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      g_autofree char *path = g_strdup_printf ("segments[%u].", i);
      Place segment_place = { NULL, path };
      RelaisSegment *segment;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
        return refuse_value (place, "segments", _("In the definition, “%s” is %s; a list of objects in braces, each with a “file”, is expected."), error);
      segment_place.object = json_node_get_object (node);
      segment = read_segment (&segment_place, folder, error);
      if (segment == NULL)
        return FALSE;
      g_ptr_array_add (definition->segments, segment);
    }

  return TRUE;
}

/* "7": {"column": "BirthDate", "date_order": "day-first", "decimal": ","} */
static gboolean
read_styled_column (const Place       *place,
                    char             **column,
                    RelaisValueStyle  *style,
                    GError           **error)
{
  static const char * const known[] = { "column", "date_order", "decimal", NULL };
  static const Word decimals[] = { { "auto", 0 }, { NULL } };
  int order = RELAIS_DATE_ORDER_UNCHOSEN;
  gboolean understood;

  if (!check_keys (place, known, error) || !read_text (place, "column", TRUE, column, error) ||
      !read_word (place, "date_order", date_order_words, &order, error) ||
      !read_sign (place, "decimal", decimals, &style->decimal, &understood, error))
    return FALSE;
  if (!understood || (style->decimal != 0 && style->decimal != '.' && style->decimal != ','))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return refuse_value (place, "decimal", _("In the definition, “%s” is %s; a comma or a full stop in quotes is expected."), error);
  style->date_order = (RelaisDateOrder) order;

  return TRUE;
}

static gboolean
read_field (const Place     *place,
            const char      *key,
            RelaisMatching  *matching,
            GError         **error)
{
  g_autofree char *column = NULL;
  RelaisValueStyle style = { RELAIS_DATE_ORDER_UNCHOSEN, 0 };
  guint32 id;

  if (!read_id (key, &id))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return refuse_value (place, key, _("In the definition, “%s” (which is %s) is not named after a custom field: the number of one of the account’s fields is expected, such as \"7\"."), error);
  if (JSON_NODE_HOLDS_OBJECT (json_object_get_member (place->object, key)))
    {
      g_autofree char *path = g_strdup_printf ("%s%s.", place->path, key);
      Place styled = { json_object_get_object_member (place->object, key), path };

      if (!read_styled_column (&styled, &column, &style, error))
        return FALSE;
    }
  else if (!read_text (place, key, FALSE, &column, error))
    return FALSE;
  if (column != NULL)
    relais_matching_add_field (matching, id, column, style);

  return TRUE;
}

static gboolean
read_matching (const Place     *top,
               RelaisMatching  *matching,
               GError         **error)
{
  static const char * const known[] = { "email", "first_name", "last_name", "phone", "fields", NULL };
  Place place = { NULL, "matching." };
  Place fields = { NULL, "matching.fields." };
  g_autoptr (GList) keys = NULL;

  if (!get_object (top, "matching", &place.object, error) || !check_keys (&place, known, error) ||
      !read_text (&place, "email", TRUE, &matching->email, error) ||
      !read_text (&place, "first_name", FALSE, &matching->first_name, error) ||
      !read_text (&place, "last_name", FALSE, &matching->last_name, error) ||
      !read_text (&place, "phone", FALSE, &matching->phone, error))
    return FALSE;
  if (is_absent (&place, "fields"))
    return TRUE;
  if (!get_object (&place, "fields", &fields.object, error))
    return FALSE;

  keys = json_object_get_members (fields.object);
  for (GList *at = keys; at != NULL; at = at->next)
    if (!read_field (&fields, at->data, matching, error))
      return FALSE;

  return TRUE;
}

static gboolean
read_tags (const Place             *place,
           RelaisExportDefinition  *definition,
           GError                 **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!get_array (place, "tags", &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *tag = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ?
                        json_node_get_string (node) : NULL;

      if (tag == NULL || *tag == '\0' || !g_utf8_validate (tag, -1, NULL))
        /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
        return refuse_value (place, "tags", _("In the definition, “%s” is %s; a list of tags in quotes, none of them empty, is expected."), error);
      g_strv_builder_add (builder, tag);
    }
  g_strfreev (definition->tags);
  definition->tags = g_strv_builder_end (builder);

  return TRUE;
}

static gboolean
read_phone_country (const Place             *place,
                    RelaisExportDefinition  *definition,
                    GError                 **error)
{
  g_autofree char *country = NULL;

  if (!read_text (place, "phone_country", FALSE, &country, error))
    return FALSE;
  if (country == NULL)
    return TRUE;
  if (!relais_phone_knows_country (country))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return refuse_value (place, "phone_country", _("In the definition, “%s” is %s; the two letters of a country whose phone numbers Relais knows are expected, such as FR."), error);
  definition->phone_country = g_ascii_strup (country, -1);

  return TRUE;
}

static gboolean
read_options (const Place             *place,
              RelaisExportDefinition  *definition,
              GError                 **error)
{
  static const Word leavers_words[] = { { "keep", 0 }, { "remove", 1 }, { NULL } };
  int empty_values = definition->empty_values;
  int verify = definition->verify;
  int leavers = 0;

  if (!read_phone_country (place, definition, error) ||
      !read_boolean (place, "automations", &definition->automations, error) || !read_tags (place, definition, error) ||
      !read_word (place, "empty_values", empty_values_words, &empty_values, error) ||
      !read_word (place, "leavers", leavers_words, &leavers, error) ||
      !read_word (place, "verify", verify_words, &verify, error))
    return FALSE;
  if (leavers != 0)
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("This version of Relais cannot take people who left the segment off the list yet. Set “leavers” to “keep”."));
      return FALSE;
    }
  definition->empty_values = (RelaisEmptyValues) empty_values;
  definition->verify = (RelaisVerify) verify;

  return TRUE;
}

static RelaisExportDefinition *
read_definition (JsonObject  *object,
                 const char  *folder,
                 GError     **error)
{
  static const char * const known[] = {
    "name", "connection", "list", "list_name", "segments", "matching", "phone_country", "automations", "tags",
    "empty_values", "leavers", "verify", NULL
  };
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();
  Place place = { object, "" };

  if (!check_keys (&place, known, error) || !read_text (&place, "name", FALSE, &definition->name, error) ||
      !read_text (&place, "connection", FALSE, &definition->connection, error) ||
      !read_list (&place, definition, error) ||
      !read_text (&place, "list_name", FALSE, &definition->list_name, error) ||
      !read_segments (&place, folder, definition, error) || !read_matching (&place, definition->matching, error) ||
      !read_options (&place, definition, error))
    return NULL;

  return g_steal_pointer (&definition);
}

/* Parsing */

/* Whether brackets are nested deeper than any definition. Errors of any other
 * kind are left to the parser. */
static gboolean
is_too_deep (const char *json,
             gsize       length)
{
  gboolean in_text = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (in_text)
        {
          if (json[i] == '\\')
            i++;
          else if (json[i] == '"')
            in_text = FALSE;
        }
      else if (json[i] == '"')
        in_text = TRUE;
      else if (json[i] == '{' || json[i] == '[')
        {
          if (++depth > MAX_DEPTH)
            return TRUE;
        }
      else if ((json[i] == '}' || json[i] == ']') && depth > 0)
        depth--;
    }

  return FALSE;
}

/* What the parser tells only while it is at work: where it is, and each key, of
 * which it keeps the last when one comes twice. */
typedef struct
{
  GHashTable *seen;   /* (owned) (element-type utf8): object and key */
  char       *repeat; /* (owned) (nullable): the first key that came twice */
  guint       line;   /* where the parser gave up */
} Parsing;

static void
member_parsed_cb (JsonParser *parser,
                  JsonObject *object,
                  const char *name,
                  gpointer    user_data)
{
  Parsing *parsing = user_data;

  if (!g_hash_table_add (parsing->seen, g_strdup_printf ("%p %s", (void *) object, name)) && parsing->repeat == NULL)
    parsing->repeat = g_strdup (name);
}

static void
error_found_cb (JsonParser *parser,
                GError     *error,
                gpointer    user_data)
{
  Parsing *parsing = user_data;

  parsing->line = json_parser_get_current_line (parser);
}

static gboolean
parse (JsonParser  *parser,
       const char  *json,
       gsize        length,
       GError     **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *repeat = NULL;
  g_autoptr (GError) parse_error = NULL;
  Parsing parsing = { seen, NULL, 1 };
  gulong member_handler = g_signal_connect (parser, "object-member", G_CALLBACK (member_parsed_cb), &parsing);
  gulong error_handler = g_signal_connect (parser, "error", G_CALLBACK (error_found_cb), &parsing);
  gboolean parsed = json_parser_load_from_data (parser, json, length, &parse_error);

  g_signal_handler_disconnect (parser, member_handler);
  g_signal_handler_disconnect (parser, error_handler);
  repeat = parsing.repeat;
  if (!parsed)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                   /* Translators: %u is the number of a line. JSON is the format of the file. */
                   _("The definition is not valid JSON: something is wrong at or before line %u. Look for a missing comma, quote or bracket there."),
                   MAX (1, parsing.line));
      return FALSE;
    }
  if (repeat != NULL)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                   /* Translators: %s is a key in the JSON file that defines an export. */
                   _("The definition has the key “%s” twice in one place. Keep one of the two."), repeat);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_text (const char  *json,
            gsize        length,
            GError     **error)
{
  if (length > MAX_LENGTH)
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("This is too large to be the definition of an export."));
      return FALSE;
    }
  if (!g_utf8_validate (json, length, NULL))
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("The definition is not text in UTF-8. Save it with that encoding."));
      return FALSE;
    }
  if (is_too_deep (json, length))
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("The definition has more brackets inside one another than the definition of an export can have."));
      return FALSE;
    }

  return TRUE;
}

/**
 * relais_export_definition_from_json:
 * @json: a definition as `relais export add` takes it
 * @length: of @json in bytes, -1 when zero-terminated
 * @folder: (nullable): what relative file names begin at, %NULL = the current folder
 *
 * Reads a definition. What is left out has its default; name and connection
 * may be left out, because the journal keeps them elsewhere: whoever needs them
 * checks. Nothing is ignored: an unknown key, a repeated one, a wrong type or a
 * value this version cannot act on is an error that names the key, what was
 * found and what is expected. Whether the columns exist is not looked at, see
 * relais_matching_check().
 *
 * Returns: (transfer full): the definition, or %NULL with RELAIS_ERROR_DEFINITION
 */
RelaisExportDefinition *
relais_export_definition_from_json (const char  *json,
                                    gssize       length,
                                    const char  *folder,
                                    GError     **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize size = length < 0 ? strlen (json) : (gsize) length;
  JsonNode *root;

  /* Some editors put a byte-order mark first. */
  if (size >= 3 && memcmp (json, "\357\273\277", 3) == 0)
    {
      json += 3;
      size -= 3;
    }
  if (size == 0)
    json = "";
  if (!check_text (json, size, error) || !parse (parser, json, size, error))
    return NULL;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("The definition of an export is expected to be one JSON object in braces."));
      return NULL;
    }

  return read_definition (json_node_get_object (root), folder, error);
}

/* Writing */

static const char *
find_word (const Word *words,
           int         value)
{
  for (guint i = 0; words[i].word != NULL; i++)
    if (words[i].value == value)
      return words[i].word;

  g_return_val_if_reached (words[0].word);
}

static void
add_text (JsonBuilder *builder,
          const char  *key,
          const char  *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, text);
}

static void
add_sign (JsonBuilder *builder,
          const char  *key,
          char         sign)
{
  const char text[] = { sign, '\0' };

  add_text (builder, key, text);
}

static void
add_segment (JsonBuilder         *builder,
             const RelaisSegment *segment)
{
  const RelaisSegmentFormat *format = segment->format;

  json_builder_begin_object (builder);
  if (g_utf8_validate (segment->path, -1, NULL))
    add_text (builder, "file", segment->path);
  else
    {
      /* A name of bytes that are no text travels as an address. */
      g_autofree char *uri = g_filename_to_uri (segment->path, NULL, NULL);

      add_text (builder, "file", uri);
    }
  add_text (builder, "encoding", format->encoding != NULL ? format->encoding : "auto");
  if (format->delimiter == 0)
    add_text (builder, "delimiter", "auto");
  else if (format->delimiter == '\t')
    add_text (builder, "delimiter", "tab");
  else
    add_sign (builder, "delimiter", format->delimiter);
  if (format->quote == RELAIS_QUOTE_NONE)
    add_text (builder, "quote", "none");
  else if (format->quote != 0)
    add_sign (builder, "quote", format->quote);
  json_builder_set_member_name (builder, "header");
  if (format->header == RELAIS_HEADER_AUTO)
    json_builder_add_string_value (builder, "auto");
  else
    json_builder_add_boolean_value (builder, format->header == RELAIS_HEADER_YES);
  json_builder_end_object (builder);
}

static void
add_field (JsonBuilder            *builder,
           const RelaisFieldMatch *match)
{
  g_autofree char *id = g_strdup_printf ("%u", match->field_id);

  if (match->style.date_order == RELAIS_DATE_ORDER_UNCHOSEN && match->style.decimal == 0)
    {
      add_text (builder, id, match->column);
      return;
    }

  json_builder_set_member_name (builder, id);
  json_builder_begin_object (builder);
  add_text (builder, "column", match->column);
  if (match->style.date_order != RELAIS_DATE_ORDER_UNCHOSEN)
    add_text (builder, "date_order", find_word (date_order_words, match->style.date_order));
  if (match->style.decimal != 0)
    add_sign (builder, "decimal", match->style.decimal);
  json_builder_end_object (builder);
}

static void
add_matching (JsonBuilder          *builder,
              const RelaisMatching *matching)
{
  json_builder_set_member_name (builder, "matching");
  json_builder_begin_object (builder);
  add_text (builder, "email", matching->email);
  add_text (builder, "first_name", matching->first_name);
  add_text (builder, "last_name", matching->last_name);
  add_text (builder, "phone", matching->phone);
  if (matching->fields->len > 0)
    {
      json_builder_set_member_name (builder, "fields");
      json_builder_begin_object (builder);
      for (guint i = 0; i < matching->fields->len; i++)
        add_field (builder, g_ptr_array_index (matching->fields, i));
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
add_options (JsonBuilder                  *builder,
             const RelaisExportDefinition *definition)
{
  json_builder_set_member_name (builder, "phone_country");
  if (definition->phone_country != NULL)
    json_builder_add_string_value (builder, definition->phone_country);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "automations");
  json_builder_add_boolean_value (builder, definition->automations);
  json_builder_set_member_name (builder, "tags");
  json_builder_begin_array (builder);
  for (guint i = 0; definition->tags[i] != NULL; i++)
    json_builder_add_string_value (builder, definition->tags[i]);
  json_builder_end_array (builder);
  add_text (builder, "empty_values", find_word (empty_values_words, definition->empty_values));
  add_text (builder, "leavers", "keep");
  add_text (builder, "verify", find_word (verify_words, definition->verify));
}

/**
 * relais_export_definition_to_json:
 * @definition: a definition
 *
 * Returns: (transfer full): JSON that relais_export_definition_from_json()
 *   reads as the same definition; a name or connection that is %NULL is left out
 */
char *
relais_export_definition_to_json (const RelaisExportDefinition *definition)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "name", definition->name);
  add_text (builder, "connection", definition->connection);
  if (definition->list_id != 0)
    {
      g_autofree char *list = g_strdup_printf ("%u", definition->list_id);

      add_text (builder, "list", list);
    }
  add_text (builder, "list_name", definition->list_name);
  json_builder_set_member_name (builder, "segments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < definition->segments->len; i++)
    add_segment (builder, g_ptr_array_index (definition->segments, i));
  json_builder_end_array (builder);
  add_matching (builder, definition->matching);
  add_options (builder, definition);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);

  return json_generator_to_data (generator, NULL);
}
