/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Members of an answer, which come as strings or as numbers. */

#include "relais-json-private.h"

static gint64
get_number (JsonObject *object,
            const char *name,
            gint64      missing)
{
  JsonNode *node = json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;
  gint64 number;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return missing;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return missing;
  if (!g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, &number, NULL))
    return missing;

  return number;
}

/**
 * relais_json_get_id:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: an id, whether it is written as a string or as a number; 0 when there is none
 */
guint64
relais_json_get_id (JsonObject *object,
                    const char *name)
{
  return MAX (0, get_number (object, name, 0));
}

/**
 * relais_json_get_count:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: a count, whether it is written as a string or as a number; -1 when there is none
 */
gint64
relais_json_get_count (JsonObject *object,
                       const char *name)
{
  return MAX (-1, get_number (object, name, -1));
}

/**
 * relais_json_get_status:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: a #RelaisListStatus, or another number that the service has for it; -1 when there is none. One
 *   beyond all bounds is none that is known, and never becomes one by being cut.
 */
int
relais_json_get_status (JsonObject *object,
                        const char *name)
{
  return (int) MIN (relais_json_get_count (object, name), G_MAXINT);
}

/**
 * relais_json_get_text:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: (transfer none): a text, "" when there is none
 */
const char *
relais_json_get_text (JsonObject *object,
                      const char *name)
{
  JsonNode *node = json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return "";

  return json_node_get_string (node);
}

/**
 * relais_json_dup_value:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: (transfer full) (nullable): what stands there as a text, whatever it is written as; %NULL when it is
 *   absent or null
 */
char *
relais_json_dup_value (JsonObject *object,
                       const char *name)
{
  JsonNode *node = json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));

  return json_to_string (node, FALSE);
}

/**
 * relais_json_get_array:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: (transfer none) (nullable): an array
 */
JsonArray *
relais_json_get_array (JsonObject *object,
                       const char *name)
{
  JsonNode *node = json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * relais_json_get_object:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: (transfer none) (nullable): an object
 */
JsonObject *
relais_json_get_object (JsonObject *object,
                        const char *name)
{
  JsonNode *node = json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}
