/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes at all as the body of a request to the stand-in: they are refused, or they are
 * JSON that another reader takes too, and what was read can be written and read again to the same. */

#include "relais-practice-json.h"

#include <json-glib/json-glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static const RelaisNode *write_node (const RelaisNode *node,
                                     GString          *into);

static const RelaisNode *
write_all (const RelaisNode *node,
           GString          *into)
{
  gboolean is_object = node->type == RELAIS_NODE_OBJECT;
  const RelaisNode *at = node + 1;

  relais_write_raw (into, is_object ? "{" : "[");
  for (guint i = 0; i < node->count; i++)
    {
      if (is_object)
        {
          g_autofree char *name = relais_node_to_text (at);

          g_assert_nonnull (relais_node_member (node, name));
          relais_write_key (into, name);
          at++;
        }
      at = write_node (at, into);
    }
  g_string_append_c (into, is_object ? '}' : ']');

  return at;
}

/* Returns: what follows @node */
static const RelaisNode *
write_node (const RelaisNode *node,
            GString          *into)
{
  static const char * const words[] = { "null", "false", "true" };
  g_autofree char *text = relais_node_to_text (node);
  const RelaisNode *after = node + 1;

  relais_node_to_id (node);
  relais_node_is_true (node);
  if (node->type == RELAIS_NODE_OBJECT || node->type == RELAIS_NODE_ARRAY)
    after = write_all (node, into);
  else if (node->type == RELAIS_NODE_STRING)
    relais_write_value (into, node->text);
  else
    relais_write_raw (into, node->type == RELAIS_NODE_NUMBER ? text : words[node->type]);
  g_assert_true (after == node + node->span);

  return after;
}

static char *
write_tree (RelaisTree *tree)
{
  g_autoptr (GString) into = g_string_new (NULL);

  write_node (relais_tree_root (tree), into);
  g_assert_true (g_utf8_validate (into->str, into->len, NULL));

  return g_string_free (g_steal_pointer (&into), FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (RelaisTree) tree = relais_tree_parse ((const char *) data, size);
  g_autoptr (RelaisTree) again = NULL;
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *written = NULL;
  g_autofree char *written_again = NULL;

  if (tree == NULL)
    return 0;

  parser = json_parser_new ();
  json_parser_load_from_data (parser, (const char *) data, size, &error);
  g_assert_no_error (error);

  written = write_tree (tree);
  again = relais_tree_parse (written, strlen (written));
  g_assert_nonnull (again);
  written_again = write_tree (again);
  g_assert_cmpstr (written, ==, written_again);

  return 0;
}
