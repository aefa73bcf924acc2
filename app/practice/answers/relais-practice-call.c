/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-call.h"

#include <string.h>

/* What those who answer share: what a request asks for. */

#define MOST_A_PAGE 100

/**
 * relais_call_is:
 * @call: a request
 * @method: HTTP method
 * @pattern: a path below /api/3; a star stands for any one part
 *
 * Returns: whether it asks for that
 */
gboolean
relais_call_is (RelaisCall *call,
                const char *method,
                const char *pattern)
{
  g_auto (GStrv) wanted = NULL;
  guint n;

  if (strcmp (call->method, method) != 0)
    return FALSE;
  wanted = g_strsplit (pattern, "/", -1);
  n = g_strv_length (wanted);
  if (g_strv_length (call->parts) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (strcmp (wanted[i], "*") != 0 && strcmp (wanted[i], call->parts[i]) != 0)
      return FALSE;

  return TRUE;
}

/**
 * relais_call_route:
 * @call: a request
 * @routes: (array length=n_routes): the first that fits answers
 * @n_routes: how many
 *
 * Returns: whether one did
 */
gboolean
relais_call_route (RelaisCall        *call,
                   const RelaisRoute *routes,
                   guint              n_routes)
{
  for (guint i = 0; i < n_routes; i++)
    if (relais_call_is (call, routes[i].method, routes[i].pattern))
      {
        routes[i].answer (call);
        return TRUE;
      }

  return FALSE;
}

/**
 * relais_call_query:
 * @call: a request
 * @name: of a value in its query
 *
 * Returns: (transfer none) (nullable): the value
 */
const char *
relais_call_query (RelaisCall *call,
                   const char *name)
{
  return call->query != NULL ? g_hash_table_lookup (call->query, name) : NULL;
}

/**
 * relais_call_number:
 * @call: a request
 * @name: of a value in its query
 * @missing: when it is not there
 *
 * Returns: the value
 */
gint64
relais_call_number (RelaisCall *call,
                    const char *name,
                    gint64      missing)
{
  const char *value = relais_call_query (call, name);

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : missing;
}

/**
 * relais_call_values:
 * @call: a request
 * @name: of a value that may be there several times, brackets and all
 *
 * Returns: (transfer full) (element-type utf8): the values in their order
 */
GPtrArray *
relais_call_values (RelaisCall *call,
                    const char *name)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  const char *query = g_uri_get_query (soup_server_message_get_uri (call->message));
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (g_strdelimit (pairs[i], "+", ' '), "=", 2);
      g_autofree char *key = pair[0] != NULL ? g_uri_unescape_string (pair[0], NULL) : NULL;
      char *value = pair[0] != NULL && pair[1] != NULL ? g_uri_unescape_string (pair[1], NULL) : NULL;

      if (g_strcmp0 (key, name) == 0 && value != NULL)
        g_ptr_array_add (values, value);
      else
        g_free (value);
    }

  return values;
}

/**
 * relais_call_path_id:
 * @call: a request
 * @part: which part of its path, from 0
 *
 * Returns: the id that stands there, 0 for none
 */
gint64
relais_call_path_id (RelaisCall *call,
                     guint       part)
{
  return g_ascii_strtoll (call->parts[part], NULL, 10);
}

/**
 * relais_call_page:
 * @call: a request
 * @limit: (out): 20 unless told, 100 at the most
 * @offset: (out): from 0
 */
void
relais_call_page (RelaisCall *call,
                  gint64     *limit,
                  gint64     *offset)
{
  gint64 most = call->account->faults.at[RELAIS_FAULT_ANY_LIMIT].on ? G_MAXINT : MOST_A_PAGE;

  *limit = CLAMP (relais_call_number (call, "limit", 20), 1, most);
  *offset = MAX (0, relais_call_number (call, "offset", 0));
}

/**
 * relais_call_filter:
 * @call: a request
 * @bare: (nullable): the name of a filter without operator, which contains
 * @operators: what stands before the operator in brackets
 * @column: of the table that is asked
 * @operand: (out) (nullable): to be bound as ?1
 *
 * Returns: (transfer none): a condition in SQL that begins with AND, or nothing; it stays
 */
const char *
relais_call_filter (RelaisCall  *call,
                    const char  *bare,
                    const char  *operators,
                    const char  *column,
                    const char **operand)
{
  static const struct
  {
    const char *name;
    const char *condition;
  } known[] = {
    { "eq", "lower (%s) = lower (?1)" },  { "neq", "lower (%s) <> lower (?1)" },
    { "lt", "lower (%s) < lower (?1)" },  { "lte", "lower (%s) <= lower (?1)" },
    { "gt", "lower (%s) > lower (?1)" },  { "gte", "lower (%s) >= lower (?1)" },
    { "contains", "instr (lower (%s), lower (?1)) > 0" }, { "starts_with", "instr (lower (%s), lower (?1)) = 1" },
  };
  const char *condition = NULL;
  g_auto (GStrv) halves = NULL;
  g_autofree char *sql = NULL;

  *operand = bare != NULL ? relais_call_query (call, bare) : NULL;
  if (*operand != NULL)
    condition = known[6].condition;
  for (guint i = 0; *operand == NULL && i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s[%s]", operators, known[i].name);

      *operand = relais_call_query (call, name);
      condition = known[i].condition;
    }
  if (*operand == NULL)
    return "";
  halves = g_strsplit (condition, "%s", 2);
  sql = g_strconcat (" AND ", halves[0], column, halves[1], NULL);

  return g_intern_string (sql);
}

/**
 * relais_call_order:
 * @call: a request
 * @name: of the value that says the order: asc, desc or weight
 * @column: of the table that is asked
 *
 * By weight what equals the filter's operand comes first, then what begins with it.
 *
 * Returns: (transfer none): the order in SQL; it stays
 */
const char *
relais_call_order (RelaisCall *call,
                   const char *name,
                   const char *column)
{
  const char *order = relais_call_query (call, name);
  g_autofree char *sql = NULL;

  if (order == NULL)
    return " ORDER BY id";
  if (g_ascii_strcasecmp (order, "weight") == 0)
    sql = g_strdup_printf (" ORDER BY lower (%s) = lower (?1) DESC, instr (lower (%s), lower (?1)) = 1 DESC, lower (%s), id", column, column, column);
  else
    sql = g_strdup_printf (" ORDER BY lower (%s) %s, id", column, g_ascii_strcasecmp (order, "desc") == 0 ? "DESC" : "ASC");

  return g_intern_string (sql);
}

/**
 * relais_call_malformed:
 * @call: a request that has to have a body
 *
 * Returns: whether it is no JSON object; then that was answered
 */
gboolean
relais_call_malformed (RelaisCall *call)
{
  if (call->root != NULL && call->root->type == RELAIS_NODE_OBJECT)
    return FALSE;
  call->status = 400;
  g_string_assign (call->answer, "{}");

  return TRUE;
}
