/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-json-check.h"

#include <string.h>

/* Returns: the number that the \uXXXX at @at stands for, -1 when it is none */
static int
read_unit (const char *at,
           const char *end)
{
  int unit = 0;

  if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
    return -1;
  for (guint i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      unit = unit << 4 | digit;
    }

  return unit;
}

/* Returns: how long the escape at @at is, 0 when it is none, or half of a pair */
static gsize
measure_escape (const char *at,
                const char *end)
{
  int unit;

  if (end - at < 2 || at[1] == '\0' || strchr ("\"\\/bfnrtu", at[1]) == NULL)
    return 0;
  if (at[1] != 'u')
    return 2;

  unit = read_unit (at, end);
  if (unit < 0 || (unit & 0xfc00) == 0xdc00)
    return 0;
  if ((unit & 0xfc00) != 0xd800)
    return 6;

  return (read_unit (at + 6, end) & ~0x3ff) == 0xdc00 ? 12 : 0;
}

/* @at stands behind the opening quote.
 *
 * Returns: what follows the closing one, or %NULL with @bad where it is wrong */
static const char *
skip_string (const char  *at,
             const char  *end,
             const char **bad)
{
  while (at < end && *at != '"')
    {
      gsize n = *at == '\\' ? measure_escape (at, end) : 1;

      if (n == 0)
        break;
      at += n;
    }
  if (at < end && *at == '"')
    return at + 1;
  *bad = at;

  return NULL;
}

/* @at stands at something outside of strings.
 *
 * Returns: whether it may stand there */
static gboolean
is_sign (const char *at,
         guint       depth)
{
  if (*at == '\0')
    return FALSE;
  /* Nothing follows the object. */
  if (depth == 0)
    return strchr (" \t\r\n", *at) != NULL;

  return strchr (" \t\r\n,:{}[]+-.0123456789eEtrufalsn", *at) != NULL;
}

/**
 * relais_json_check:
 * @json: (array length=length): what may be a JSON object, in valid UTF-8
 * @length: in bytes
 * @max_depth: how many brackets may be open at once
 * @where: (out) (optional): where it is not sound
 *
 * json-glib reads recursively and without a limit, and it reads more than JSON: comments,
 * single quotes, escapes that are cut or half of a pair, several values. What it would take for a
 * bracket and what it would not can only be told of text that has none of these, so all
 * of them are refused. Whether values and commas come in order is left to it.
 *
 * Returns: whether @json can be handed to a parser that recurses
 */
RelaisJsonSoundness
relais_json_check (const char *json,
                   gsize       length,
                   guint       max_depth,
                   gsize      *where)
{
  const char *at = json, *end = json + length, *bad = NULL;
  RelaisJsonSoundness soundness = RELAIS_JSON_UNSOUND;
  guint depth = 1;

  while (at < end && is_sign (at, 0))
    at++;
  if (at == end || *at != '{')
    {
      bad = at;
      soundness = RELAIS_JSON_NO_OBJECT;
    }
  else
    at++;

  while (at < end && bad == NULL)
    {
      if (*at == '"' && depth > 0)
        {
          at = skip_string (at + 1, end, &bad);
          continue;
        }
      if (!is_sign (at, depth))
        bad = at;
      else if ((*at == '{' || *at == '[') && ++depth > max_depth)
        {
          soundness = RELAIS_JSON_TOO_DEEP;
          bad = at;
        }
      else if (*at == '}' || *at == ']')
        depth--;
      at++;
    }
  if (bad == NULL)
    return RELAIS_JSON_SOUND;
  if (where != NULL)
    *where = bad - json;

  return soundness;
}
