/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-definition-parser-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "relais-error.h"
#include "relais-json-check.h"

/* A definition is a page of text. What is much larger or deeper is something
 * else. */
#define MAX_LENGTH (1024 * 1024)
#define MAX_DEPTH 16

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
refuse_line (guint    line,
             GError **error)
{
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: %u is the number of a line. JSON is the format of the file. */
               _("The definition is not valid JSON: something is wrong at or before line %u. Look for a missing comma, quote or bracket there."),
               line);

  return FALSE;
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
    return refuse_line (MAX (1, parsing.line), error);
  if (repeat != NULL)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                   /* Translators: %s is a key in the JSON file that defines an export. */
                   _("The definition has the key “%s” twice in one place. Keep one of the two."), repeat);
      return FALSE;
    }

  return TRUE;
}

static guint
count_lines (const char *json,
             gsize       length)
{
  guint n_lines = 1;

  for (gsize i = 0; i < length; i++)
    n_lines += json[i] == '\n';

  return n_lines;
}

/* A zero is JSON, but the parser would cut the text off there.
 *
 * Returns: (nullable): where one stands in @json, whose escapes are whole */
static const char *
find_zero (const char *json,
           gsize       length)
{
  const char *end = json + length;

  for (const char *at = json; (at = memchr (at, '\\', end - at)) != NULL; at += 2)
    if (strncmp (at, "\\u0000", 6) == 0)
      return at;

  return NULL;
}

static gboolean
check_text (const char  *json,
            gsize        length,
            GError     **error)
{
  RelaisJsonSoundness soundness;
  const char *zero;
  gsize where = 0;

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
  soundness = relais_json_check (json, length, MAX_DEPTH, &where);
  if (soundness == RELAIS_JSON_NO_OBJECT)
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("The definition of an export is expected to be one JSON object in braces."));
      return FALSE;
    }
  if (soundness == RELAIS_JSON_UNSOUND)
    return refuse_line (count_lines (json, where), error);
  if (soundness == RELAIS_JSON_TOO_DEEP)
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("The definition has more brackets inside one another than the definition of an export can have."));
      return FALSE;
    }
  zero = find_zero (json, length);
  if (zero != NULL)
    return refuse_line (count_lines (json, zero - json), error);

  return TRUE;
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
  if (length == 0)
    json = "";

  return check_text (json, length, error) && parse (parser, json, length, error);
}
