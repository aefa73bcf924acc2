/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in the body of an answer. Nothing in it is trusted: it may be
 * cut, endless, nested without end or no JSON at all. */

#include "relais-answer-private.h"

#include "relais-answer.h"
#include "relais-json-check.h"

#include <string.h>

#define MAX_DEPTH  32
#define MAX_WORDS  300
#define MAX_HEX    24    /* keys are longer runs of hexadecimal digits than any id */

/* The text of @body without a byte-order mark, which some servers put before it. */
static const char *
get_text (GBytes *body,
          gsize  *length)
{
  const char *text = g_bytes_get_data (body, length);

  if (*length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      *length -= 3;
      text += 3;
    }

  return text;
}

/*
 * relais_answer_parse:
 * @body: of an answer
 *
 * Returns: (transfer full) (nullable): the JSON object that the body is
 */
JsonNode *
relais_answer_parse (GBytes *body)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length;
  const char *text = get_text (body, &length);
  JsonNode *root;

  if (length == 0 || !g_utf8_validate (text, length, NULL) ||
      relais_json_check (text, length, MAX_DEPTH, NULL) != RELAIS_JSON_SOUND ||
      !json_parser_load_from_data (parser, text, length, NULL))
    return NULL;
  root = json_parser_get_root (parser);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_ref (root) : NULL;
}

/*
 * relais_answer_is_page:
 * @body: of an answer
 *
 * Returns: whether it is made for a browser: HTML, or XML of some kind
 */
gboolean
relais_answer_is_page (GBytes *body)
{
  gsize length;
  const char *text = get_text (body, &length);
  gsize at = 0;

  while (at < length && g_ascii_isspace (text[at]))
    at++;

  return at < length && text[at] == '<';
}

/*
 * relais_answer_get_member:
 * @object: of an answer
 * @name: of a member: `success` is also written `Success`
 *
 * Returns: (transfer none) (nullable): the member
 */
JsonNode *
relais_answer_get_member (JsonObject *object,
                          const char *name)
{
  JsonObjectIter iter;
  const char *found;
  JsonNode *node;

  if (json_object_has_member (object, name))
    return json_object_get_member (object, name);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &found, &node))
    if (g_ascii_strcasecmp (found, name) == 0)
      return node;

  return NULL;
}

/*
 * relais_answer_get_string:
 * @node: (nullable): of an answer
 *
 * Returns: (transfer none) (nullable): the text that it is
 */
const char *
relais_answer_get_string (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}

/* The service's own words */

/* Enough for what is shown, however much the service has to say. */
static void
add_words (GString    *into,
           const char *words)
{
  if (words == NULL || *words == '\0' || into->len > MAX_WORDS)
    return;
  /* Most reasons are the same for many contacts. */
  if (strstr (into->str, words) != NULL)
    return;
  if (into->len > 0)
    g_string_append (into, "; ");
  g_string_append (into, words);
}

/* One of `errors` or of `failureReasons`: a text, or an object in which it is
 * named one way or the other. The position that a reason may name is not
 * taken over: whether it counts from 0 or from 1 is not known. */
static void
add_reason (GString  *into,
            JsonNode *node)
{
  static const char * const names[] = { "failureReason", "detail", "title", "message" };
  const char *words = relais_answer_get_string (node);

  for (guint i = 0; i < G_N_ELEMENTS (names) && words == NULL && JSON_NODE_HOLDS_OBJECT (node); i++)
    {
      words = relais_answer_get_string (relais_answer_get_member (json_node_get_object (node), names[i]));
      if (words != NULL && *words == '\0')
        words = NULL;
    }
  add_words (into, words);
}

static void
add_reasons (GString  *into,
             JsonNode *node)
{
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      add_reason (into, json_array_get_element (json_node_get_array (node), i));
  else if (node != NULL)
    add_reason (into, node);
}

/* Whose address it is, and whatever looks like a key, is nobody's business
 * but the account's: words go to reports and screenshots. */
static gboolean
is_private (const char *word,
            gsize       length)
{
  gsize n_hex = 0;

  for (gsize i = 0; i < length; i++)
    {
      n_hex = g_ascii_isxdigit (word[i]) ? n_hex + 1 : 0;
      if (word[i] == '@' || n_hex > MAX_HEX)
        return TRUE;
    }

  return FALSE;
}

static void
append_word (GString    *into,
             const char *word,
             gsize       length)
{
  if (length == 0)
    return;
  if (into->len > 0)
    g_string_append_c (into, ' ');
  if (is_private (word, length))
    g_string_append (into, "…");
  else
    g_string_append_len (into, word, length);
}

static gboolean
is_gap (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT;
}

/* One line, not endless, and without marks that turn the writing around. */
static char *
tidy (const char *text)
{
  g_autoptr (GString) tidied = g_string_new (NULL);
  const char *word = text;
  const char *at = text;

  for (; *at != '\0' && tidied->len + (at - word) < MAX_WORDS; at = g_utf8_next_char (at))
    if (is_gap (g_utf8_get_char (at)))
      {
        append_word (tidied, word, at - word);
        word = g_utf8_next_char (at);
      }
  /* A word that is cut could be an address without its @. */
  if (*at == '\0' || tidied->len == 0)
    append_word (tidied, word, at - word);
  if (*at != '\0')
    g_string_append (tidied, "…");

  return g_string_free (g_steal_pointer (&tidied), FALSE);
}

/*
 * relais_answer_get_words:
 * @root: (nullable): a JSON object
 *
 * Returns: (transfer full): what the service says is wrong, in its own words and
 *   without anybody's address; "" when it says nothing
 */
char *
relais_answer_get_words (JsonNode *root)
{
  g_autoptr (GString) words = g_string_new (NULL);
  static const char * const names[] = { "failureReasons", "errors", "message" };

  for (guint i = 0; root != NULL && i < G_N_ELEMENTS (names) && words->len == 0; i++)
    add_reasons (words, relais_answer_get_member (json_node_get_object (root), names[i]));

  return tidy (words->str);
}

/*
 * relais_answer_is_zero:
 * @node: of an answer
 *
 * Returns: whether it says 0, in one of the ways in which that is written
 */
gboolean
relais_answer_is_zero (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (relais_answer_get_string (node) != NULL)
    return strcmp (json_node_get_string (node), "0") == 0;

  return json_node_get_double (node) == 0;
}

/**
 * relais_answer_get_batch_id:
 * @root: a JSON object: what an import was answered
 *
 * Returns: (transfer full) (nullable): the id of the batch; without one the import was not accepted
 */
char *
relais_answer_get_batch_id (JsonNode *root)
{
  JsonNode *node = relais_answer_get_member (json_node_get_object (root), "batchId");
  const char *text = relais_answer_get_string (node);

  if (text != NULL && *text != '\0')
    return g_strdup (text);
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

  return NULL;
}
