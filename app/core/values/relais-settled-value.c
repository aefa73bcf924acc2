/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The account gives back what it was sent, but not always to the letter: dates come with a time or in
 * the account's own time zone, a choice with bars around it or without, the ends of lines and blanks at the ends
 * of a text as the database has them. Two values are the same when what is written here is. */

#include "relais-settled-value.h"

#include <string.h>

#include "relais-moment-private.h"

static void
append_text (GString    *into,
             RelaisText  value)
{
  RelaisText trimmed = relais_text_trim (value);

  for (gsize i = 0; i < trimmed.length; i++)
    {
      gboolean pair = trimmed.data[i] == '\r' && i + 1 < trimmed.length && trimmed.data[i + 1] == '\n';

      if (!pair)
        g_string_append_c (into, trimmed.data[i] == '\r' ? '\n' : trimmed.data[i]);
    }
}

/* What can be read as a date and time is that moment; anything else stays text. */
static void
append_moment (GString    *into,
               RelaisText  value,
               gboolean    with_time)
{
  RelaisText trimmed = relais_text_trim (value);
  g_autofree char *text = g_strndup (trimmed.data != NULL ? trimmed.data : "", trimmed.length);
  RelaisMoment moment;

  if (*text == '\0' || relais_moment_read (text, RELAIS_DATE_ORDER_UNCHOSEN, &moment) != RELAIS_REASON_NONE)
    append_text (into, trimmed);
  else if (!with_time)
    g_string_append_printf (into, "%04u-%02u-%02u", moment.year, moment.month, moment.day);
  else
    {
      int minutes = moment.has_offset ? moment.offset_minutes : relais_moment_get_local_offset (&moment);
      g_autoptr (GDateTime) utc = g_date_time_new_utc (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second);

      g_string_append_printf (into, "%" G_GINT64_FORMAT, utc != NULL ? g_date_time_to_unix (utc) - (gint64) minutes * 60 : 0);
    }
}

/* 12, 12.0 and 012 are one number. Digits beyond what a machine's numbers hold stay text. */
static void
append_number (GString    *into,
               RelaisText  value)
{
  RelaisText trimmed = relais_text_trim (value);
  g_autofree char *text = g_strndup (trimmed.data != NULL ? trimmed.data : "", trimmed.length);
  const char *digits = text + (*text == '-' || *text == '+');
  const char *point = strchr (digits, '.');
  gsize whole = point != NULL ? (gsize) (point - digits) : strlen (digits);
  gsize length = strlen (digits);

  if (length == 0 || strspn (digits, "0123456789.") != length || (point != NULL && strchr (point + 1, '.') != NULL))
    {
      append_text (into, trimmed);
      return;
    }
  while (whole > 1 && *digits == '0')
    {
      digits++;
      whole--;
    }
  length = strlen (digits);
  while (length > whole && (digits[length - 1] == '0' || digits[length - 1] == '.'))
    {
      length--;
      if (digits[length] == '.')
        break;
    }
  if (*text == '-' && strspn (digits, "0.") < length)
    g_string_append_c (into, '-');
  if (whole == 0)
    g_string_append_c (into, '0');
  g_string_append_len (into, digits, length);
}

static int
compare_options (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* The options in any order, with bars around them or without. */
static void
append_choices (GString    *into,
                RelaisText  value)
{
  g_autofree char *text = g_strndup (value.data != NULL ? value.data : "", value.length);
  g_auto (GStrv) pieces = g_strsplit (text, "||", -1);
  g_autoptr (GPtrArray) options = g_ptr_array_new ();

  for (guint i = 0; pieces[i] != NULL; i++)
    if (*g_strstrip (pieces[i]) != '\0')
      g_ptr_array_add (options, pieces[i]);
  g_ptr_array_sort (options, compare_options);
  for (guint i = 0; i < options->len; i++)
    {
      if (i > 0)
        g_string_append (into, "||");
      append_text (into, (RelaisText) { g_ptr_array_index (options, i), strlen (g_ptr_array_index (options, i)) });
    }
}

/**
 * relais_settled_value_append:
 * @into: the settled value is appended here
 * @type: of the field; %RELAIS_FIELD_TEXT for names
 * @value: as it was sent, or as the account gives it; valid UTF-8
 *
 * Writes one value in the form that all its spellings have in common. An empty one writes nothing.
 */
void
relais_settled_value_append (GString         *into,
                             RelaisFieldType  type,
                             RelaisText       value)
{
  switch (type)
    {
    case RELAIS_FIELD_DATE:
      append_moment (into, value, FALSE);
      break;

    case RELAIS_FIELD_DATETIME:
      append_moment (into, value, TRUE);
      break;

    case RELAIS_FIELD_NUMBER:
      append_number (into, value);
      break;

    case RELAIS_FIELD_CHOICE:
    case RELAIS_FIELD_CHOICES:
      append_choices (into, value);
      break;

    case RELAIS_FIELD_TEXT:
    default:
      append_text (into, value);
      break;
    }
}

/**
 * relais_settled_phone_append:
 * @into: the settled number is appended here
 * @phone: as it was sent, or as the account gives it; valid UTF-8
 *
 * Writes a telephone number without what groups its digits.
 */
void
relais_settled_phone_append (GString    *into,
                             RelaisText  phone)
{
  for (gsize i = 0; i < phone.length; i++)
    if (strchr (" \t\r\n.-/()", phone.data[i]) == NULL)
      g_string_append_c (into, g_ascii_tolower (phone.data[i]));
}
