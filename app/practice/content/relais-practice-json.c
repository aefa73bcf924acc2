/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-json.h"

#include <string.h>

/* A million contacts pass through here, so a text becomes one array of nodes
 * that point into one copy of it. The grammar is that of RFC 8259, strictly. */

#define MAX_DEPTH 32

struct _RelaisTree
{
  char   *buffer;  /* (owned): strings are unescaped in place */
  GArray *nodes;   /* (owned) (element-type RelaisNode) */
};

typedef struct
{
  GArray *nodes;
  char   *at;
  char   *end;
  guint   depth;
} Parser;

static gboolean parse_value (Parser *parser);

static void
skip_blanks (Parser *parser)
{
  while (*parser->at == ' ' || *parser->at == '\n' || *parser->at == '\r' || *parser->at == '\t')
    parser->at++;
}

/* Returns: (transfer none): the new node, until the next one is added */
static RelaisNode *
add_node (Parser         *parser,
          RelaisNodeType  type)
{
  RelaisNode node = { .type = type, .span = 1 };

  g_array_append_val (parser->nodes, node);

  return &g_array_index (parser->nodes, RelaisNode, parser->nodes->len - 1);
}

static gboolean
read_hex (const char *at,
          guint      *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return FALSE;
      *unit = *unit << 4 | (guint) digit;
    }

  return TRUE;
}

/* @from stands after "\u"; surrogates come in pairs. Zero would end the text early. */
static gboolean
unescape_unit (char **from,
               char **to)
{
  guint unit, low;

  if (!read_hex (*from, &unit))
    return FALSE;
  *from += 4;

  if (unit >= 0xd800 && unit < 0xdc00)
    {
      if ((*from)[0] != '\\' || (*from)[1] != 'u' || !read_hex (*from + 2, &low) || low < 0xdc00 || low > 0xdfff)
        return FALSE;
      *from += 6;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
  else if (unit == 0 || (unit >= 0xdc00 && unit < 0xe000))
    {
      return FALSE;
    }

  *to += g_unichar_to_utf8 (unit, *to);

  return TRUE;
}

static gboolean
unescape (char **from,
          char **to)
{
  static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  char letter = *(*from)++;
  const char *found;

  if (letter == 'u')
    return unescape_unit (from, to);
  if (letter == '\0' || (found = strchr (letters, letter)) == NULL)
    return FALSE;
  *(*to)++ = values[found - letters];

  return TRUE;
}

static gboolean
parse_string (Parser *parser)
{
  char *from = parser->at + 1, *to = from;
  RelaisNode *node = add_node (parser, RELAIS_NODE_STRING);

  node->text = from;
  while (*from != '"')
    {
      if ((guchar) *from < 0x20)  /* the end of the text too */
        return FALSE;
      if (*from != '\\')
        *to++ = *from++;
      else if (from++, !unescape (&from, &to))
        return FALSE;
    }
  node->length = to - node->text;
  *to = '\0';
  parser->at = from + 1;

  return TRUE;
}

static gboolean
skip_digits (Parser *parser)
{
  const char *start = parser->at;

  while (g_ascii_isdigit (*parser->at))
    parser->at++;

  return parser->at > start;
}

static gboolean
parse_number (Parser *parser)
{
  RelaisNode *node = add_node (parser, RELAIS_NODE_NUMBER);

  node->text = parser->at;
  if (*parser->at == '-')
    parser->at++;
  if (*parser->at == '0')
    parser->at++;
  else if (!skip_digits (parser))
    return FALSE;
  if (*parser->at == '.' && (parser->at++, !skip_digits (parser)))
    return FALSE;
  if (*parser->at == 'e' || *parser->at == 'E')
    {
      parser->at++;
      if (*parser->at == '+' || *parser->at == '-')
        parser->at++;
      if (!skip_digits (parser))
        return FALSE;
    }
  node->length = parser->at - node->text;

  return TRUE;
}

static gboolean
parse_word (Parser         *parser,
            const char     *word,
            RelaisNodeType  type)
{
  if (strncmp (parser->at, word, strlen (word)) != 0)
    return FALSE;
  parser->at += strlen (word);
  add_node (parser, type);

  return TRUE;
}

static gboolean
parse_member_name (Parser *parser)
{
  skip_blanks (parser);
  if (*parser->at != '"' || !parse_string (parser))
    return FALSE;
  skip_blanks (parser);
  if (*parser->at != ':')  /* the end of the text too */
    return FALSE;
  parser->at++;

  return TRUE;
}

static gboolean
parse_container (Parser *parser,
                 char    close)
{
  gboolean is_object = close == '}';
  guint index = parser->nodes->len, count = 0;

  add_node (parser, is_object ? RELAIS_NODE_OBJECT : RELAIS_NODE_ARRAY);
  if (++parser->depth > MAX_DEPTH)
    return FALSE;
  parser->at++;
  skip_blanks (parser);
  if (*parser->at == close)
    parser->at++;
  else
    do
      {
        if (is_object && !parse_member_name (parser))
          return FALSE;
        if (!parse_value (parser))
          return FALSE;
        count++;
        if (*parser->at != ',' && *parser->at != close)
          return FALSE;
      }
    while (*parser->at++ == ',');

  parser->depth--;
  g_array_index (parser->nodes, RelaisNode, index).count = count;
  g_array_index (parser->nodes, RelaisNode, index).span = parser->nodes->len - index;

  return TRUE;
}

static gboolean
parse_value (Parser *parser)
{
  gboolean good;

  skip_blanks (parser);
  switch (*parser->at)
    {
    case '{':
      good = parse_container (parser, '}');
      break;
    case '[':
      good = parse_container (parser, ']');
      break;
    case '"':
      good = parse_string (parser);
      break;
    case 't':
      good = parse_word (parser, "true", RELAIS_NODE_TRUE);
      break;
    case 'f':
      good = parse_word (parser, "false", RELAIS_NODE_FALSE);
      break;
    case 'n':
      good = parse_word (parser, "null", RELAIS_NODE_NULL);
      break;
    default:
      good = parse_number (parser);
      break;
    }
  skip_blanks (parser);

  return good;
}

/**
 * relais_tree_parse:
 * @data: (array length=length): a JSON text
 * @length: in bytes
 *
 * Returns: (transfer full) (nullable): %NULL when @data is not strictly one
 *   JSON text in UTF-8
 */
RelaisTree *
relais_tree_parse (const char *data,
                   gsize       length)
{
  g_autoptr (RelaisTree) tree = g_new0 (RelaisTree, 1);
  Parser parser = { 0 };

  if (!g_utf8_validate_len (data, length, NULL))
    return NULL;

  tree->buffer = g_strndup (data, length);
  tree->nodes = g_array_sized_new (FALSE, FALSE, sizeof (RelaisNode), 16 + length / 24);
  parser = (Parser) { .nodes = tree->nodes, .at = tree->buffer, .end = tree->buffer + length };
  if (!parse_value (&parser) || parser.at != parser.end)
    return NULL;

  return g_steal_pointer (&tree);
}

/**
 * relais_tree_free:
 * @tree: (transfer full): a parsed text
 */
void
relais_tree_free (RelaisTree *tree)
{
  g_clear_pointer (&tree->nodes, g_array_unref);
  g_free (tree->buffer);
  g_free (tree);
}

/**
 * relais_tree_root:
 * @tree: a parsed text
 *
 * Returns: (transfer none): its value
 */
const RelaisNode *
relais_tree_root (RelaisTree *tree)
{
  return &g_array_index (tree->nodes, RelaisNode, 0);
}

/**
 * relais_node_member:
 * @object: (nullable): any node
 * @name: of a member
 *
 * Returns: (nullable): the value of that member; of several the last, as the
 *   service's language has it
 */
const RelaisNode *
relais_node_member (const RelaisNode *object,
                    const char       *name)
{
  const RelaisNode *at, *found = NULL;
  gsize length = strlen (name);

  if (object == NULL || object->type != RELAIS_NODE_OBJECT)
    return NULL;

  at = object + 1;
  for (guint i = 0; i < object->count; i++)
    {
      if (at->length == length && memcmp (at->text, name, length) == 0)
        found = at + 1;
      at += 1 + at[1].span;
    }

  return found;
}

/**
 * relais_node_member_text:
 * @object: (nullable): any node
 * @name: of a member
 *
 * Returns: (nullable): the member's text when it is a string
 */
const char *
relais_node_member_text (const RelaisNode *object,
                         const char       *name)
{
  const RelaisNode *member = relais_node_member (object, name);

  return member != NULL && member->type == RELAIS_NODE_STRING ? member->text : NULL;
}

/**
 * relais_node_to_text:
 * @node: (nullable): any node
 *
 * Returns: (transfer full) (nullable): what a string or a number says
 */
char *
relais_node_to_text (const RelaisNode *node)
{
  if (node == NULL || (node->type != RELAIS_NODE_STRING && node->type != RELAIS_NODE_NUMBER))
    return NULL;

  return g_strndup (node->text, node->length);
}

/**
 * relais_node_to_id:
 * @node: (nullable): any node
 *
 * Returns: the positive number that it is or, being a string, says; else 0
 */
guint64
relais_node_to_id (const RelaisNode *node)
{
  guint64 id = 0;

  if (node == NULL || (node->type != RELAIS_NODE_STRING && node->type != RELAIS_NODE_NUMBER) || node->length > 18)
    return 0;
  for (gsize i = 0; i < node->length; i++)
    {
      if (!g_ascii_isdigit (node->text[i]))
        return 0;
      id = id * 10 + (guint64) (node->text[i] - '0');
    }

  return id;
}

/**
 * relais_node_is_true:
 * @node: (nullable): any node
 *
 * Returns: whether it is true, 1, "1" or "true"
 */
gboolean
relais_node_is_true (const RelaisNode *node)
{
  return node != NULL && (node->type == RELAIS_NODE_TRUE || relais_node_to_id (node) == 1 ||
                          (node->type == RELAIS_NODE_STRING && g_str_equal (node->text, "true")));
}
