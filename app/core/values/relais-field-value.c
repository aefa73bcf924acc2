/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-field-value.h"

#include <string.h>

#include "relais-moment-private.h"
#include "relais-number-private.h"

/* What stands between the values of a cell, the surest first. */
static const char * const separators[] = { "||", ";", "|", "," };

static char *
fold_option (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  return normal != NULL ? g_utf8_casefold (normal, -1) : g_strdup (text);
}

/* The account's own spelling of @text, or NULL: the same text, or the only
 * option that differs from it in nothing but case. */
static const char *
find_option (const RelaisField *field,
             const char        *text)
{
  g_autofree char *folded = NULL;
  const char *found = NULL;

  if (field->options == NULL)
    return text;
  if (g_strv_contains ((const char * const *) field->options, text))
    return text;

  folded = fold_option (text);
  for (guint i = 0; field->options[i] != NULL; i++)
    {
      g_autofree char *option = fold_option (field->options[i]);

      if (strcmp (option, folded) != 0)
        continue;
      if (found != NULL)
        return NULL;
      found = field->options[i];
    }

  return found;
}

static RelaisReason
write_choice (const RelaisField *field,
              const char        *text,
              GString           *into)
{
  gsize length = strlen (text);
  g_autofree char *bare = NULL;
  const char *option = find_option (field, text);

  /* ||a||, as the service shows it. */
  if (length > 4 && g_str_has_prefix (text, "||") && g_str_has_suffix (text, "||"))
    {
      bare = g_strstrip (g_strndup (text + 2, length - 4));
      if (strstr (bare, "||") == NULL)
        option = find_option (field, bare);
    }
  if (option == NULL)
    return RELAIS_REASON_NOT_AN_OPTION;
  g_string_append (into, option);

  return RELAIS_REASON_NONE;
}

/* The options a cell holds when it is cut at @separator, each once, in their
 * order; NULL when one of the pieces is no option. */
static GPtrArray *
split_options (const RelaisField *field,
               const char        *text,
               const char        *separator)
{
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) pieces = g_strsplit (text, separator, -1);

  for (guint i = 0; pieces[i] != NULL; i++)
    {
      const char *option;

      g_strstrip (pieces[i]);
      if (*pieces[i] == '\0')
        continue;
      option = find_option (field, pieces[i]);
      if (option == NULL)
        return NULL;
      if (!g_ptr_array_find_with_equal_func (options, option, g_str_equal, NULL))
        g_ptr_array_add (options, g_strdup (option));
    }

  return g_steal_pointer (&options);
}

static RelaisReason
write_choices (const RelaisField *field,
               const char        *text,
               GString           *into)
{
  const char *whole = field->options != NULL ? find_option (field, text) : NULL;
  g_autoptr (GPtrArray) options = NULL;

  if (whole != NULL)
    {
      g_string_append_printf (into, "||%s||", whole);
      return RELAIS_REASON_NONE;
    }

  for (guint i = 0; options == NULL && i < G_N_ELEMENTS (separators); i++)
    if (strstr (text, separators[i]) != NULL)
      options = split_options (field, text, separators[i]);
  if (options == NULL)
    options = split_options (field, text, "||");
  if (options == NULL)
    return RELAIS_REASON_NOT_AN_OPTION;
  if (options->len == 0)
    return RELAIS_REASON_NONE;

  for (guint i = 0; i < options->len; i++)
    g_string_append_printf (into, "||%s", (const char *) g_ptr_array_index (options, i));
  g_string_append (into, "||");

  return RELAIS_REASON_NONE;
}

static RelaisReason
write_date (const RelaisValueStyle *style,
            const char             *text,
            GString                *into)
{
  RelaisMoment moment;
  RelaisReason reason = relais_moment_read (text, style->date_order, &moment);

  if (reason == RELAIS_REASON_NONE)
    g_string_append_printf (into, "%04u-%02u-%02u", moment.year, moment.month, moment.day);

  return reason;
}

static RelaisReason
write_datetime (const RelaisValueStyle *style,
                const char             *text,
                GString                *into)
{
  RelaisMoment moment;
  RelaisReason reason = relais_moment_read (text, style->date_order, &moment);
  int minutes;

  if (reason != RELAIS_REASON_NONE)
    return reason;

  minutes = moment.has_offset ? moment.offset_minutes : relais_moment_get_local_offset (&moment);
  g_string_append_printf (into, "%04u-%02u-%02uT%02u:%02u:%02u%c%02u:%02u", moment.year, moment.month, moment.day,
                          moment.hour, moment.minute, moment.second, minutes < 0 ? '-' : '+',
                          (guint) ABS (minutes) / 60, (guint) ABS (minutes) % 60);

  return RELAIS_REASON_NONE;
}

/**
 * relais_field_value_write:
 * @field: which field of the account the value is for
 * @style: (nullable): how the column writes dates and numbers
 * @written: a cell, valid UTF-8
 * @into: the value is appended here, as the field's type wants it
 *
 * Writes one value. Text goes as relais_text_clean() leaves it. A date becomes
 * YYYY-MM-DD; a time after it is dropped, and the day stays the one that is
 * written. A date and time becomes ISO 8601 with an offset: the one that is
 * written, else the one this computer's time zone had at that time; a date
 * without a time is the beginning of that day. A number gets a point and no groups.
 * A choice becomes the account's own spelling of an option; several are
 * written ||a||b||. A field whose options are not known takes any text.
 *
 * An empty cell writes nothing.
 *
 * Returns: RELAIS_REASON_NONE, or why @written can not be sent; nothing has
 *   been appended then
 */
RelaisReason
relais_field_value_write (const RelaisField      *field,
                          const RelaisValueStyle *style,
                          RelaisText              written,
                          GString                *into)
{
  static const RelaisValueStyle unchosen = { RELAIS_DATE_ORDER_UNCHOSEN, 0 };
  g_autoptr (GString) text = NULL;

  if (field->type == RELAIS_FIELD_TEXT)
    {
      relais_text_clean (written, into);
      return RELAIS_REASON_NONE;
    }

  if (style == NULL)
    style = &unchosen;
  text = g_string_sized_new (written.length);
  relais_text_clean (written, text);
  if (text->len == 0)
    return RELAIS_REASON_NONE;

  switch (field->type)
    {
    case RELAIS_FIELD_DATE:
      return write_date (style, text->str, into);
    case RELAIS_FIELD_DATETIME:
      return write_datetime (style, text->str, into);
    case RELAIS_FIELD_NUMBER:
      return relais_number_write (text->str, style->decimal, into);
    case RELAIS_FIELD_CHOICE:
      return write_choice (field, text->str, into);
    case RELAIS_FIELD_CHOICES:
      return write_choices (field, text->str, into);
    case RELAIS_FIELD_TEXT:
    default:
      g_return_val_if_reached (RELAIS_REASON_NONE);
    }
}
