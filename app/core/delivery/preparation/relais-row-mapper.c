/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-row-mapper.h"

#include "relais-field-value.h"
#include "relais-phone.h"

#include <string.h>

#define UNMATCHED (-1)

/* One matched custom field. */
typedef struct
{
  RelaisField      *field;   /* (owned) */
  const char       *column;  /* of the definition */
  RelaisValueStyle  style;
  int               index;   /* of the column in the file at hand */
} MatchedField;

/* Where a value stands in the scratch text, which moves while it grows. */
typedef struct
{
  gsize start;
  gsize length;
} Span;

struct _RelaisRowMapper
{
  RelaisExportDefinition *definition;   /* (owned) */
  RelaisPayloadSettings   settings;     /* points into @definition */
  GArray                 *fields;       /* (owned) (element-type MatchedField) */
  Span                   *spans;        /* (owned): one a field */
  RelaisFieldText        *texts;        /* (owned): one a field */
  guint                   n_columns;    /* of the file at hand */
  int                     email;
  int                     first_name;
  int                     last_name;
  int                     phone;
  GString                *scratch;      /* (owned): the values of the row at hand */
  GString                *piece;        /* (owned): its JSON */
};

static void
clear_field (gpointer data)
{
  MatchedField *matched = data;

  relais_field_free (matched->field);
}

static RelaisField *
dup_field (GPtrArray *fields,
           guint32    id)
{
  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (fields, i);

      if (field->id == id)
        return relais_field_copy (field);
    }

  return relais_field_new (id, NULL, NULL);
}

/**
 * relais_row_mapper_new:
 * @definition: the export; copied
 * @fields: (nullable) (element-type RelaisField): the account's custom fields; values of a
 *   field that is not among them are taken as text
 *
 * Returns: (transfer full): a mapper that does not know any columns yet
 */
RelaisRowMapper *
relais_row_mapper_new (const RelaisExportDefinition *definition,
                       GPtrArray                    *fields)
{
  RelaisRowMapper *mapper = g_new0 (RelaisRowMapper, 1);
  GPtrArray *matches;

  mapper->definition = relais_export_definition_copy (definition);
  mapper->settings.list_id = definition->list_id;
  mapper->settings.tags = (const char * const *) mapper->definition->tags;
  mapper->settings.automations = definition->automations;
  mapper->settings.clear_empty = definition->empty_values == RELAIS_EMPTY_VALUES_CLEAR;

  matches = mapper->definition->matching->fields;
  mapper->fields = g_array_sized_new (FALSE, FALSE, sizeof (MatchedField), matches->len);
  g_array_set_clear_func (mapper->fields, clear_field);
  for (guint i = 0; i < matches->len; i++)
    {
      const RelaisFieldMatch *match = g_ptr_array_index (matches, i);
      MatchedField matched = { dup_field (fields, match->field_id), match->column, match->style, UNMATCHED };

      g_array_append_val (mapper->fields, matched);
    }
  mapper->spans = g_new0 (Span, matches->len);
  mapper->texts = g_new0 (RelaisFieldText, matches->len);
  mapper->scratch = g_string_new (NULL);
  mapper->piece = g_string_new (NULL);

  return mapper;
}

/**
 * relais_row_mapper_free:
 * @mapper: (transfer full) (nullable):
 */
void
relais_row_mapper_free (RelaisRowMapper *mapper)
{
  if (mapper == NULL)
    return;

  relais_export_definition_free (mapper->definition);
  g_array_unref (mapper->fields);
  g_free (mapper->spans);
  g_free (mapper->texts);
  g_string_free (mapper->scratch, TRUE);
  g_string_free (mapper->piece, TRUE);
  g_free (mapper);
}

static int
find_column (const char * const *columns,
             const char         *name)
{
  if (name == NULL)
    return UNMATCHED;

  for (int i = 0; columns[i] != NULL; i++)
    if (strcmp (columns[i], name) == 0)
      return i;

  return UNMATCHED;
}

/**
 * relais_row_mapper_set_columns:
 * @mapper: a mapper
 * @columns: of the file that is read next
 * @file: its name
 * @error: RELAIS_ERROR_DEFINITION when a matched column is not among them
 *
 * Returns: whether every matched column is there
 */
gboolean
relais_row_mapper_set_columns (RelaisRowMapper     *mapper,
                               const char * const  *columns,
                               const char          *file,
                               GError             **error)
{
  const RelaisMatching *matching = mapper->definition->matching;

  if (!relais_matching_check_file (matching, columns, file, error))
    return FALSE;

  mapper->n_columns = g_strv_length ((char **) columns);
  mapper->email = find_column (columns, matching->email);
  mapper->first_name = find_column (columns, matching->first_name);
  mapper->last_name = find_column (columns, matching->last_name);
  mapper->phone = find_column (columns, matching->phone);
  for (guint i = 0; i < mapper->fields->len; i++)
    {
      MatchedField *matched = &g_array_index (mapper->fields, MatchedField, i);

      matched->index = find_column (columns, matched->column);
    }

  return TRUE;
}

static RelaisText
get_cell (const RelaisSegmentRow *row,
          int                     index)
{
  if (index == UNMATCHED || (guint) index >= row->n_cells)
    return (RelaisText) { NULL, 0 };

  return row->cells[index];
}

/* A value with the delimiter in it and no quotes around moves those behind it into the
 * columns of others. Delimiters alone at the end do no harm. */
static gboolean
has_surplus (const RelaisRowMapper  *mapper,
             const RelaisSegmentRow *row)
{
  for (guint i = mapper->n_columns; i < row->n_cells; i++)
    if (relais_text_trim (row->cells[i]).length > 0)
      return TRUE;

  return FALSE;
}

static gboolean
has_bad_text (RelaisText text)
{
  return text.length >= 3 && g_strstr_len (text.data, text.length, "\xef\xbf\xbd") != NULL;
}

static Span
add_clean (RelaisRowMapper *mapper,
           RelaisText       cell)
{
  gsize start = mapper->scratch->len;

  relais_text_clean (cell, mapper->scratch);

  return (Span) { start, mapper->scratch->len - start };
}

static RelaisReason
add_phone (RelaisRowMapper *mapper,
           RelaisText       cell,
           Span            *span,
           RelaisReason    *note)
{
  char phone[RELAIS_PHONE_SIZE];
  gsize length = 0;
  RelaisReason reason = relais_phone_read (cell, mapper->definition->phone_country, phone, &length);

  if (reason >= RELAIS_FIRST_NOTE)
    *note = reason;
  else if (reason != RELAIS_REASON_NONE)
    return reason;

  *span = (Span) { mapper->scratch->len, length };
  g_string_append_len (mapper->scratch, phone, length);

  return RELAIS_REASON_NONE;
}

static RelaisText
get_text (RelaisRowMapper *mapper,
          int              index,
          Span             span)
{
  /* A text without data is not matched at all, which is not the same as empty. */
  if (index == UNMATCHED)
    return (RelaisText) { NULL, 0 };

  return (RelaisText) { mapper->scratch->str + span.start, span.length };
}

static gboolean
refuse (RelaisMappedRow *mapped,
        RelaisReason     reason,
        const char      *column)
{
  mapped->reason = reason;
  mapped->column = column;

  return FALSE;
}

static gboolean
map_fields (RelaisRowMapper        *mapper,
            const RelaisSegmentRow *row,
            RelaisMappedRow        *mapped)
{
  for (guint i = 0; i < mapper->fields->len; i++)
    {
      MatchedField *matched = &g_array_index (mapper->fields, MatchedField, i);
      RelaisText cell = get_cell (row, matched->index);
      gsize start = mapper->scratch->len;
      RelaisReason reason;

      if (row->bad_text && has_bad_text (cell))
        return refuse (mapped, RELAIS_REASON_BAD_TEXT, matched->column);
      reason = relais_field_value_write (matched->field, &matched->style, cell, mapper->scratch);
      if (reason != RELAIS_REASON_NONE)
        return refuse (mapped, reason, matched->column);
      mapper->spans[i] = (Span) { start, mapper->scratch->len - start };
    }

  return TRUE;
}

static gboolean
check_text (const RelaisSegmentRow *row,
            int                     index,
            const char             *column,
            RelaisMappedRow        *mapped)
{
  return !has_bad_text (get_cell (row, index)) || refuse (mapped, RELAIS_REASON_BAD_TEXT, column);
}

static gboolean
map_values (RelaisRowMapper        *mapper,
            const RelaisSegmentRow *row,
            RelaisMappedRow        *mapped)
{
  const RelaisMatching *matching = mapper->definition->matching;
  RelaisContact *contact = &mapped->contact;
  Span first_name = { 0 }, last_name = { 0 }, phone = { 0 };

  g_string_truncate (mapper->scratch, 0);
  if (row->bad_text &&
      !(check_text (row, mapper->first_name, matching->first_name, mapped) &&
        check_text (row, mapper->last_name, matching->last_name, mapped) &&
        check_text (row, mapper->phone, matching->phone, mapped)))
    return FALSE;
  if (mapper->first_name != UNMATCHED)
    first_name = add_clean (mapper, get_cell (row, mapper->first_name));
  if (mapper->last_name != UNMATCHED)
    last_name = add_clean (mapper, get_cell (row, mapper->last_name));
  if (mapper->phone != UNMATCHED)
    {
      RelaisReason reason = add_phone (mapper, get_cell (row, mapper->phone), &phone, &mapped->note);

      if (reason != RELAIS_REASON_NONE)
        return refuse (mapped, reason, matching->phone);
    }
  if (!map_fields (mapper, row, mapped))
    return FALSE;

  /* From here on the scratch text stays where it is. */
  contact->first_name = get_text (mapper, mapper->first_name, first_name);
  contact->last_name = get_text (mapper, mapper->last_name, last_name);
  /* A telephone that was left out is not cleared in the account either: the cell is not empty. */
  contact->phone = get_text (mapper, mapped->note == RELAIS_REASON_PHONE_LEFT_OUT ? UNMATCHED : mapper->phone, phone);
  for (guint i = 0; i < mapper->fields->len; i++)
    {
      MatchedField *matched = &g_array_index (mapper->fields, MatchedField, i);

      mapper->texts[i].id = matched->field->id;
      mapper->texts[i].value = get_text (mapper, matched->index, mapper->spans[i]);
    }
  contact->fields = mapper->texts;
  contact->n_fields = mapper->fields->len;

  return TRUE;
}

/**
 * relais_row_mapper_map:
 * @mapper: a mapper that knows the columns
 * @row: a row of that file
 * @mapped: (out): what became of it
 */
void
relais_row_mapper_map (RelaisRowMapper        *mapper,
                       const RelaisSegmentRow *row,
                       RelaisMappedRow        *mapped)
{
  mapped->column = NULL;
  mapped->note = RELAIS_REASON_NONE;
  mapped->piece = (RelaisText) { NULL, 0 };
  mapped->reason = has_surplus (mapper, row) ? RELAIS_REASON_TOO_MANY_CELLS
                                             : relais_address_read (get_cell (row, mapper->email), &mapped->address);
  mapped->has_address = mapped->reason == RELAIS_REASON_NONE;
  mapped->cleaned = mapped->has_address && mapped->address.cleaned;
  if (mapped->reason != RELAIS_REASON_NONE || !map_values (mapper, row, mapped))
    return;

  mapped->contact.email = (RelaisText) { mapped->address.text, mapped->address.length };
  g_string_truncate (mapper->piece, 0);
  relais_payload_append_contact (mapper->piece, &mapper->settings, &mapped->contact);
  mapped->piece = (RelaisText) { mapper->piece->str, mapper->piece->len };
  if (mapped->piece.length + relais_payload_envelope_size (&mapper->settings) > RELAIS_PAYLOAD_MAX_BYTES)
    refuse (mapped, RELAIS_REASON_TOO_LARGE, NULL);
}

/**
 * relais_row_mapper_get_email:
 * @mapper: a mapper that knows the columns
 * @row: a row of that file
 *
 * Returns: the address as it is written there
 */
RelaisText
relais_row_mapper_get_email (RelaisRowMapper        *mapper,
                             const RelaisSegmentRow *row)
{
  return get_cell (row, mapper->email);
}

/**
 * relais_row_mapper_get_settings:
 * @mapper: a mapper
 *
 * Returns: (transfer none): what is the same for every contact
 */
const RelaisPayloadSettings *
relais_row_mapper_get_settings (RelaisRowMapper *mapper)
{
  return &mapper->settings;
}
