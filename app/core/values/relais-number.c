/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-number-private.h"

#include <string.h>

/* A number taken apart: signs of grouping are kept in @body as ' ' (blanks and
 * apostrophes), ',' and '.'. */
typedef struct
{
  gboolean negative;
  GString *body; /* (owned) */
} Parts;

static gboolean
is_group_blank (gunichar c)
{
  return c == ' ' || c == '\'' || c == 0x2019 || g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR;
}

static gboolean
is_currency (gunichar c)
{
  return g_unichar_type (c) == G_UNICODE_CURRENCY_SYMBOL;
}

/* Takes sign, currency and blanks from the ends; FALSE when something else is there. */
static gboolean
take_apart (const char *text,
            Parts      *parts)
{
  gboolean has_currency = FALSE;
  gboolean has_sign = FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_ascii_isdigit (*at) || c == ',' || c == '.')
        g_string_append_c (parts->body, *at);
      else if (is_group_blank (c))
        {
          if (parts->body->len > 0)
            g_string_append_c (parts->body, ' ');
        }
      else if ((c == '-' || c == '+' || c == 0x2212) && !has_sign && parts->body->len == 0)
        {
          has_sign = TRUE;
          parts->negative = c != '+';
        }
      else if (is_currency (c) && !has_currency)
        {
          const char *rest = g_utf8_next_char (at);

          while (*rest != '\0' && is_group_blank (g_utf8_get_char (rest)))
            rest = g_utf8_next_char (rest);
          if (parts->body->len > 0 && *rest != '\0')
            return FALSE;
          has_currency = TRUE;
        }
      else
        return FALSE;
    }
  while (parts->body->len > 0 && parts->body->str[parts->body->len - 1] == ' ')
    g_string_truncate (parts->body, parts->body->len - 1);

  return parts->body->len > 0;
}

/* Whether @body, up to @end, is digits, or groups of three after one to three
 * that one and the same sign holds apart. Nobody groups what begins with a zero: "0,125"
 * has a decimal sign, whatever was chosen. */
static gboolean
is_whole_part (const char *body,
               gsize       end)
{
  gsize first = strspn (body, "0123456789");
  char sign;

  if (first >= end)
    return first == end;
  sign = body[first];
  if (first == 0 || first > 3 || body[0] == '0')
    return FALSE;

  for (gsize at = first; at < end; at += 4)
    if (body[at] != sign || end - at < 4 || strspn (body + at + 1, "0123456789") < 3 ||
        (at + 4 < end && g_ascii_isdigit (body[at + 4])))
      return FALSE;

  return TRUE;
}

static guint
count_sign (const GString *body,
            char           sign)
{
  guint n = 0;

  for (gsize i = 0; i < body->len; i++)
    n += body->str[i] == sign;

  return n;
}

/* Whether the only comma or point of @body, at @at, can be nothing but the
 * decimal sign: "1,234" can be read two ways, "0,125", "12,5", "1 234,567" one. */
static gboolean
is_clearly_decimal (const GString *body,
                    gsize          at)
{
  return body->len - at - 1 != 3 || at == 0 || at > 3 || body->str[0] == '0' || count_sign (body, ' ') > 0;
}

/* Finds the decimal sign: sets @decimal to its place, or to the end when there
 * is none. FALSE when it is not clear. */
static gboolean
find_decimal (const GString *body,
              char           chosen,
              gsize         *decimal)
{
  const char *comma = strrchr (body->str, ',');
  const char *point = strrchr (body->str, '.');
  const char *last = MAX (comma, point);

  *decimal = body->len;
  if (last == NULL)
    return TRUE;

  if (chosen != 0)
    {
      const char *sign = strchr (body->str, chosen);

      if (sign != NULL)
        *decimal = sign - body->str;
      return TRUE;
    }

  if (count_sign (body, *last) > 1)
    return comma == NULL || point == NULL;
  if ((comma != NULL && point != NULL) || is_clearly_decimal (body, last - body->str))
    {
      *decimal = last - body->str;
      return TRUE;
    }

  return FALSE;
}

static void
append_number (const Parts *parts,
               gsize        decimal,
               GString     *into)
{
  gsize start = into->len;
  gboolean zero = strcspn (parts->body->str, "123456789") == parts->body->len;

  if (parts->negative && !zero)
    g_string_append_c (into, '-');
  start = into->len;
  for (gsize i = 0; i < decimal; i++)
    if (g_ascii_isdigit (parts->body->str[i]) && (parts->body->str[i] != '0' || into->len > start))
      g_string_append_c (into, parts->body->str[i]);
  if (into->len == start)
    g_string_append_c (into, '0');
  if (decimal + 1 < parts->body->len)
    g_string_append_printf (into, ".%s", parts->body->str + decimal + 1);
}

/**
 * relais_number_write:
 * @text: a cleaned cell, not empty
 * @decimal: chosen decimal sign, '.' or ',', or 0
 * @into: the number is appended here with a point and without groups
 *
 * Groups of three may be held apart by blanks, apostrophes, or by the comma or
 * point that is not the decimal sign; one currency sign at either end is dropped.
 *
 * Returns: RELAIS_REASON_NONE or RELAIS_REASON_BAD_NUMBER; nothing has been appended then
 */
RelaisReason
relais_number_write (const char *text,
                     char        decimal,
                     GString    *into)
{
  g_autoptr (GString) body = g_string_new (NULL);
  Parts parts = { FALSE, body };
  gsize at;
  gsize decimals;

  if (!take_apart (text, &parts) || !find_decimal (body, decimal, &at) || !is_whole_part (body->str, at))
    return RELAIS_REASON_BAD_NUMBER;

  /* After the decimal sign there are digits only, and there is a digit somewhere. */
  decimals = at < body->len ? body->len - at - 1 : 0;
  if (at < body->len && strspn (body->str + at + 1, "0123456789") != decimals)
    return RELAIS_REASON_BAD_NUMBER;
  if (at + decimals == 0)
    return RELAIS_REASON_BAD_NUMBER;
  append_number (&parts, at, into);

  return RELAIS_REASON_NONE;
}
