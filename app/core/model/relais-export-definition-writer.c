/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-definition.h"

#include "relais-definition-place-private.h"

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
    add_text (builder, "date_order", relais_word_find (relais_date_order_words, match->style.date_order));
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

/* It says something only where people are taken off, or where it was chosen. */
static void
add_leavers_brake (JsonBuilder                  *builder,
                   const RelaisExportDefinition *definition)
{
  if (definition->leavers == RELAIS_LEAVERS_KEEP && definition->leavers_share == RELAIS_LEAVERS_SHARE &&
      definition->leavers_number == RELAIS_LEAVERS_NUMBER)
    return;

  json_builder_set_member_name (builder, "leavers_brake");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "share");
  json_builder_add_int_value (builder, definition->leavers_share);
  json_builder_set_member_name (builder, "number");
  json_builder_add_int_value (builder, definition->leavers_number);
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
  add_text (builder, "empty_values", relais_word_find (relais_empty_values_words, definition->empty_values));
  add_text (builder, "leavers", relais_word_find (relais_leavers_words, definition->leavers));
  add_leavers_brake (builder, definition);
  add_text (builder, "verify", relais_word_find (relais_verify_words, definition->verify));
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
