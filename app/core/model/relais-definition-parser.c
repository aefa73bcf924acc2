/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-definition-parser-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "relais-error.h"

/* A definition is a page of text. What is much larger or deeper is something
 * else, and the JSON parser recurses without a limit of its own. */
#define MAX_LENGTH (1024 * 1024)
#define MAX_DEPTH 16

typedef enum
{
  SCAN_FINE,
  SCAN_TOO_DEEP,
  SCAN_WRONG,
} Scan;

/* Returns the length of a number as JSON writes it, 0 when there is none. */
static gsize
measure_number (const char *text,
                gsize       length)
{
  g_autofree char *start = g_strndup (text, length);
  const char *at = start + (*start == '-');
  gsize whole = strspn (at, "0123456789");

  if (whole == 0 || (whole > 1 && *at == '0'))
    return 0;
  at += whole;
  if (*at == '.')
    {
      gsize part = strspn (at + 1, "0123456789");

      if (part == 0)
        return 0;
      at += 1 + part;
    }
  if (*at == 'e' || *at == 'E')
    {
      gsize sign = at[1] == '+' || at[1] == '-';
      gsize part = strspn (at + 1 + sign, "0123456789");

      if (part == 0)
        return 0;
      at += 1 + sign + part;
    }

  return at - start;
}

/* Whether @text is a number, true, false or null. */
static gboolean
is_plain_value (const char *text,
                gsize       length)
{
  static const char * const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == length && memcmp (words[i], text, length) == 0)
      return TRUE;

  return measure_number (text, length) == length;
}

/* Returns where the text in quotes at @start ends, %NULL when it holds a zero
 * that would cut it off. One without an end is left to the parser. */
static const char *
skip_text (const char *start,
           const char *end)
{
  for (const char *at = start + 1; at < end; at++)
    {
      if (*at == '"')
        return at;
      if (*at != '\\')
        continue;
      if (end - at > 5 && strncmp (at, "\\u0000", 6) == 0)
        return NULL;
      at++;
    }

  return end;
}

static const char *
skip_value (const char *start,
            const char *end)
{
  const char *at = start;

  if (*start == '"')
    return skip_text (start, end);
  while (at < end && !g_ascii_isspace (*at) && (*at == '\0' || strchr ("{}[],:\"", *at) == NULL))
    at++;

  return is_plain_value (start, at - start) ? at - 1 : NULL;
}

/* Looks for what the parser lets pass although it is not JSON (comments, quotes of
 * other kinds, hexadecimal numbers, more after the end), and for brackets nested
 * deeper than any definition. The rest is left to the parser. */
static Scan
scan (const char *json,
      gsize       length,
      guint      *line)
{
  const char *end = json + length;
  gboolean has_ended = FALSE;
  guint depth = 0;

  *line = 1;
  for (const char *at = json; at < end; at++)
    {
      *line += *at == '\n';
      if (g_ascii_isspace (*at))
        continue;
      if (has_ended)
        return SCAN_WRONG;
      if (*at == ',' || *at == ':')
        continue;
      if (*at == '{' || *at == '[')
        {
          if (++depth > MAX_DEPTH)
            return SCAN_TOO_DEEP;
          continue;
        }
      if (*at == '}' || *at == ']')
        depth -= depth > 0;
      else if ((at = skip_value (at, end)) == NULL)
        return SCAN_WRONG;
      has_ended = depth == 0;
    }

  return SCAN_FINE;
}

static void
set_syntax_error (guint    line,
                  GError **error)
{
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: %u is the number of a line. JSON is the format of the file. */
               _("The definition is not valid JSON: something is wrong at or before line %u. Look for a missing comma, quote or bracket there."),
               MAX (1, line));
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
      set_syntax_error (parsing.line, error);
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
  guint line;

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
  switch (scan (json, length, &line))
    {
    case SCAN_TOO_DEEP:
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("The definition has more brackets inside one another than the definition of an export can have."));
      return FALSE;

    case SCAN_WRONG:
      set_syntax_error (line, error);
      return FALSE;

    case SCAN_FINE:
    default:
      return TRUE;
    }
}

/**
 * relais_definition_parse:
 * @parser: a parser that has not been used
 * @json: what may be a definition
 * @length: of @json in bytes
 *
 * Parses JSON and makes sure that it is one object, of reasonable size and
 * depth, in which no key comes twice.
 *
 * Returns: %TRUE, or %FALSE with RELAIS_ERROR_DEFINITION
 */
gboolean
relais_definition_parse (JsonParser  *parser,
                         const char  *json,
                         gsize        length,
                         GError     **error)
{
  JsonNode *root;

  if (length == 0)
    json = "";
  if (!check_text (json, length, error) || !parse (parser, json, length, error))
    return FALSE;

  root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return TRUE;
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                       _("The definition of an export is expected to be one JSON object in braces."));

  return FALSE;
}
