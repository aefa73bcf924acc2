/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-definition.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "relais-definition-parser-private.h"
#include "relais-definition-place-private.h"
#include "relais-error.h"
#include "relais-phone.h"

/* More than an account can take in one run. */
#define MOST_LEAVERS 1000000

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
read_list (const RelaisPlace       *place,
           RelaisExportDefinition  *definition,
           GError                 **error)
{
  if (relais_place_is_absent (place, "list"))
    return relais_place_refuse_missing (place, "list", error);

  if (relais_place_has_type (place, "list", G_TYPE_INT64))
    {
      gint64 value = json_object_get_int_member (place->object, "list");

      if (value >= 1 && value <= G_MAXUINT32)
        {
          definition->list_id = (guint32) value;
          return TRUE;
        }
    }
  else if (relais_place_has_type (place, "list", G_TYPE_STRING) &&
           read_id (json_object_get_string_member (place->object, "list"), &definition->list_id))
    return TRUE;

  /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
  return relais_place_refuse_value (place, "list", _("In the definition, “%s” is %s; the number of an ActiveCampaign list is expected."), error);
}

static gboolean
read_encoding (const RelaisPlace    *place,
               RelaisSegmentFormat  *format,
               GError              **error)
{
  g_autofree char *name = NULL;
  GIConv conversion;

  if (!relais_place_read_text (place, "encoding", FALSE, &name, error))
    return FALSE;
  if (name == NULL || strcmp (name, "auto") == 0)
    return TRUE;

  conversion = strchr (name, '/') == NULL ? g_iconv_open ("UTF-8", name) : (GIConv) -1;
  if (conversion == (GIConv) -1)
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return relais_place_refuse_value (place, "encoding", _("In the definition, “%s” is %s; “auto” or the name of an encoding such as UTF-8 or windows-1252 is expected."), error);
  g_iconv_close (conversion);
  format->encoding = g_steal_pointer (&name);

  return TRUE;
}

static gboolean
read_delimiter (const RelaisPlace    *place,
                RelaisSegmentFormat  *format,
                GError              **error)
{
  static const RelaisWord delimiters[] = { { "auto", 0 }, { "tab", '\t' }, { NULL } };
  static const RelaisWord quotes[] = { { "auto", 0 }, { "none", RELAIS_QUOTE_NONE }, { NULL } };
  gboolean understood;

  if (!relais_place_read_sign (place, "delimiter", delimiters, &format->delimiter, &understood, error))
    return FALSE;
  if (!understood || format->delimiter == '"')
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate auto and tab. */
    return relais_place_refuse_value (place, "delimiter", _("In the definition, “%s” is %s; “auto”, “tab” or a single sign such as ; is expected."), error);

  if (!relais_place_read_sign (place, "quote", quotes, &format->quote, &understood, error))
    return FALSE;
  if (!understood || format->quote == '\t')
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate auto and none. */
    return relais_place_refuse_value (place, "quote", _("In the definition, “%s” is %s; “auto”, “none” or a single quotation mark is expected."), error);

  return TRUE;
}

static gboolean
read_header (const RelaisPlace    *place,
             RelaisSegmentFormat  *format,
             GError              **error)
{
  if (relais_place_is_absent (place, "header"))
    return TRUE;
  if (relais_place_has_type (place, "header", G_TYPE_BOOLEAN))
    {
      format->header = json_object_get_boolean_member (place->object, "header") ? RELAIS_HEADER_YES : RELAIS_HEADER_NO;
      return TRUE;
    }
  if (relais_place_has_type (place, "header", G_TYPE_STRING) &&
      strcmp (json_object_get_string_member (place->object, "header"), "auto") == 0)
    return TRUE;

  /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate auto, true and false. */
  return relais_place_refuse_value (place, "header", _("In the definition, “%s” is %s; “auto”, true or false is expected."), error);
}

/* What a definition can name and this version cannot do yet is told, not ignored. */
static gboolean
check_segment_kind (const RelaisPlace  *place,
                    GError            **error)
{
  if (!relais_place_is_absent (place, "folder"))
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("This version of Relais cannot read a folder of files yet. Name a single file in “segments”."));
      return FALSE;
    }
  if (!relais_place_is_absent (place, "customer_insights"))
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
read_segment (const RelaisPlace  *place,
              const char         *folder,
              GError            **error)
{
  static const char * const known[] = {
    "file", "folder", "customer_insights", "encoding", "delimiter", "quote", "header", NULL
  };
  g_autoptr (RelaisSegment) segment = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  if (!relais_place_check_keys (place, known, error) || !check_segment_kind (place, error) ||
      !relais_place_read_text (place, "file", TRUE, &file, error))
    return NULL;

  path = find_path (file, folder);
  segment = relais_segment_new (path);
  if (!read_encoding (place, segment->format, error) || !read_delimiter (place, segment->format, error) ||
      !read_header (place, segment->format, error))
    return NULL;

  return g_steal_pointer (&segment);
}

static gboolean
read_segments (const RelaisPlace       *place,
               const char              *folder,
               RelaisExportDefinition  *definition,
               GError                 **error)
{
  JsonArray *array;

  if (!relais_place_get_array (place, "segments", &array, error))
    return FALSE;
  if (array == NULL)
    return relais_place_refuse_missing (place, "segments", error);
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
      RelaisPlace segment_place = { NULL, path };
      RelaisSegment *segment;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
        return relais_place_refuse_value (place, "segments", _("In the definition, “%s” is %s; a list of objects in braces, each with a “file”, is expected."), error);
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
read_styled_column (const RelaisPlace  *place,
                    char              **column,
                    RelaisValueStyle   *style,
                    GError            **error)
{
  static const char * const known[] = { "column", "date_order", "decimal", NULL };
  static const RelaisWord decimals[] = { { "auto", 0 }, { NULL } };
  int order = RELAIS_DATE_ORDER_UNCHOSEN;
  gboolean understood;

  if (!relais_place_check_keys (place, known, error) || !relais_place_read_text (place, "column", TRUE, column, error) ||
      !relais_place_read_word (place, "date_order", relais_date_order_words, &order, error) ||
      !relais_place_read_sign (place, "decimal", decimals, &style->decimal, &understood, error))
    return FALSE;
  if (!understood || (style->decimal != 0 && style->decimal != '.' && style->decimal != ','))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return relais_place_refuse_value (place, "decimal", _("In the definition, “%s” is %s; a comma or a full stop in quotes is expected."), error);
  style->date_order = (RelaisDateOrder) order;

  return TRUE;
}

static gboolean
read_field (const RelaisPlace  *place,
            const char         *key,
            RelaisMatching     *matching,
            GError            **error)
{
  g_autofree char *column = NULL;
  RelaisValueStyle style = { RELAIS_DATE_ORDER_UNCHOSEN, 0 };
  guint32 id;

  if (!read_id (key, &id))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return relais_place_refuse_value (place, key, _("In the definition, “%s” (which is %s) is not named after a custom field: the number of one of the account’s fields is expected, such as \"7\"."), error);
  if (JSON_NODE_HOLDS_OBJECT (json_object_get_member (place->object, key)))
    {
      g_autofree char *path = g_strdup_printf ("%s%s.", place->path, key);
      RelaisPlace styled = { json_object_get_object_member (place->object, key), path };

      if (!read_styled_column (&styled, &column, &style, error))
        return FALSE;
    }
  else if (!relais_place_read_text (place, key, FALSE, &column, error))
    return FALSE;
  if (column != NULL)
    relais_matching_add_field (matching, id, column, style);

  return TRUE;
}

static gboolean
read_matching (const RelaisPlace  *top,
               RelaisMatching     *matching,
               GError            **error)
{
  static const char * const known[] = { "email", "first_name", "last_name", "phone", "fields", NULL };
  RelaisPlace place = { NULL, "matching." };
  RelaisPlace fields = { NULL, "matching.fields." };
  g_autoptr (GList) keys = NULL;

  if (!relais_place_get_object (top, "matching", &place.object, error) || !relais_place_check_keys (&place, known, error) ||
      !relais_place_read_text (&place, "email", TRUE, &matching->email, error) ||
      !relais_place_read_text (&place, "first_name", FALSE, &matching->first_name, error) ||
      !relais_place_read_text (&place, "last_name", FALSE, &matching->last_name, error) ||
      !relais_place_read_text (&place, "phone", FALSE, &matching->phone, error))
    return FALSE;
  if (relais_place_is_absent (&place, "fields"))
    return TRUE;
  if (!relais_place_get_object (&place, "fields", &fields.object, error))
    return FALSE;

  keys = json_object_get_members (fields.object);
  for (GList *at = keys; at != NULL; at = at->next)
    if (!read_field (&fields, at->data, matching, error))
      return FALSE;

  return TRUE;
}

static gboolean
read_tags (const RelaisPlace       *place,
           RelaisExportDefinition  *definition,
           GError                 **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!relais_place_get_array (place, "tags", &array, error))
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
        return relais_place_refuse_value (place, "tags", _("In the definition, “%s” is %s; a list of tags in quotes, none of them empty, is expected."), error);
      g_strv_builder_add (builder, tag);
    }
  g_strfreev (definition->tags);
  definition->tags = g_strv_builder_end (builder);

  return TRUE;
}

static gboolean
read_phone_country (const RelaisPlace       *place,
                    RelaisExportDefinition  *definition,
                    GError                 **error)
{
  g_autofree char *country = NULL;

  if (!relais_place_read_text (place, "phone_country", FALSE, &country, error))
    return FALSE;
  if (country == NULL)
    return TRUE;
  if (!relais_phone_knows_country (country))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return relais_place_refuse_value (place, "phone_country", _("In the definition, “%s” is %s; the two letters of a country whose phone numbers Relais knows are expected, such as FR."), error);
  definition->phone_country = g_ascii_strup (country, -1);

  return TRUE;
}

/* "leavers_brake": {"share": 20, "number": 10000} */
static gboolean
read_leavers_brake (const RelaisPlace       *top,
                    RelaisExportDefinition  *definition,
                    GError                 **error)
{
  static const char * const known[] = { "share", "number", NULL };
  RelaisPlace place = { NULL, "leavers_brake." };

  if (relais_place_is_absent (top, "leavers_brake"))
    return TRUE;

  return relais_place_get_object (top, "leavers_brake", &place.object, error) && relais_place_check_keys (&place, known, error) &&
         relais_place_read_number (&place, "share", 100, &definition->leavers_share, error) &&
         relais_place_read_number (&place, "number", MOST_LEAVERS, &definition->leavers_number, error);
}

static gboolean
read_options (const RelaisPlace       *place,
              RelaisExportDefinition  *definition,
              GError                 **error)
{
  int empty_values = definition->empty_values;
  int verify = definition->verify;
  int leavers = definition->leavers;

  if (!read_phone_country (place, definition, error) ||
      !relais_place_read_boolean (place, "automations", &definition->automations, error) || !read_tags (place, definition, error) ||
      !relais_place_read_word (place, "empty_values", relais_empty_values_words, &empty_values, error) ||
      !relais_place_read_word (place, "leavers", relais_leavers_words, &leavers, error) ||
      !read_leavers_brake (place, definition, error) ||
      !relais_place_read_word (place, "verify", relais_verify_words, &verify, error))
    return FALSE;
  definition->empty_values = (RelaisEmptyValues) empty_values;
  definition->leavers = (RelaisLeavers) leavers;
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
    "empty_values", "leavers", "leavers_brake", "verify", NULL
  };
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();
  RelaisPlace place = { object, "" };

  if (!relais_place_check_keys (&place, known, error) || !relais_place_read_text (&place, "name", FALSE, &definition->name, error) ||
      !relais_place_read_text (&place, "connection", FALSE, &definition->connection, error) ||
      !read_list (&place, definition, error) ||
      !relais_place_read_text (&place, "list_name", FALSE, &definition->list_name, error) ||
      !read_segments (&place, folder, definition, error) || !read_matching (&place, definition->matching, error) ||
      !read_options (&place, definition, error))
    return NULL;

  return g_steal_pointer (&definition);
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

  /* Some editors put a byte-order mark first. */
  if (size >= 3 && memcmp (json, "\357\273\277", 3) == 0)
    {
      json += 3;
      size -= 3;
    }
  if (!relais_definition_parse (parser, json, size, error))
    return NULL;

  return read_definition (json_node_get_object (json_parser_get_root (parser)), folder, error);
}
