/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-call.h"

#include <string.h>

/* What those who answer share: reading a request, and the forms that all resources
 * of the service have in common (ids as texts, pages, dates, links, refusals). */

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
 * relais_call_total:
 * @call: a request whose answer is in its meta object
 * @total: how many there are in all
 */
void
relais_call_total (RelaisCall *call,
                   gint64      total)
{
  if (!call->account->faults.at[RELAIS_FAULT_NO_TOTALS].on)
    relais_call_id (call, "total", total);
}

/**
 * relais_call_meta:
 * @call: a request whose answer is in its outermost object
 * @total: how many there are in all
 *
 * Ends the answer with nothing but the total.
 */
void
relais_call_meta (RelaisCall *call,
                  gint64      total)
{
  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, total);
  g_string_append (call->answer, "}}");
}

/**
 * relais_call_id:
 * @call: a request whose answer is in an object
 * @name: of the member
 * @id: a text, as the service writes ids, unless a fault wants a number
 */
void
relais_call_id (RelaisCall *call,
                const char *name,
                guint64     id)
{
  relais_write_key (call->answer, name);
  relais_call_id_value (call, id);
}

/**
 * relais_call_id_value:
 * @call: a request whose answer is in an array, or after a name
 * @id: as of relais_call_id()
 */
void
relais_call_id_value (RelaisCall *call,
                      guint64     id)
{
  const char *format = call->account->faults.at[RELAIS_FAULT_IDS_AS_NUMBERS].on ? "" : "\"";
  g_autofree char *text = g_strdup_printf ("%s%" G_GUINT64_FORMAT "%s", format, id, format);

  relais_write_raw (call->answer, text);
}

/**
 * relais_call_echo:
 * @call: a request whose answer is in an object
 * @name: of the member
 * @posted: (nullable): a text or a number, written as what it was
 */
void
relais_call_echo (RelaisCall       *call,
                  const char       *name,
                  const RelaisNode *posted)
{
  g_autofree char *text = relais_node_to_text (posted);

  if (text != NULL && posted->type == RELAIS_NODE_NUMBER)
    relais_write_member (call->answer, name, text);
  else
    relais_write_string (call->answer, name, text);
}

static void
remember_date (RelaisCall *call,
               gint64      seconds)
{
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *iso = NULL;
  g_autofree char *plain = NULL;

  if (call->account->last.seconds == seconds)
    return;
  date = g_date_time_new_from_unix_local (seconds);
  iso = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S%:z");
  plain = g_date_time_format (date, "%Y-%m-%d %H:%M:%S");
  call->account->last.seconds = seconds;
  g_strlcpy (call->account->last.date, iso, sizeof call->account->last.date);
  g_strlcpy (call->account->last.timestamp, plain, sizeof call->account->last.timestamp);
}

/**
 * relais_call_date:
 * @call: a request whose answer is in an object
 * @name: of the member
 * @seconds: since 1970; 0 for never, which is null
 *
 * Writes a date in the account's time zone, with its offset.
 */
void
relais_call_date (RelaisCall *call,
                  const char *name,
                  gint64      seconds)
{
  remember_date (call, seconds);
  relais_write_string (call->answer, name, seconds != 0 ? call->account->last.date : NULL);
}

/**
 * relais_call_timestamp:
 * @call: a request whose answer is in an object
 * @name: of the member, one that ends in _timestamp
 * @seconds: since 1970
 *
 * Those members have a form of their own, and the account's time zone too, even where they say UTC.
 */
void
relais_call_timestamp (RelaisCall *call,
                       const char *name,
                       gint64      seconds)
{
  remember_date (call, seconds);
  relais_write_string (call->answer, name, call->account->last.timestamp);
}

/**
 * relais_call_links:
 * @call: a request whose answer is in an object
 * @resource: the collection it belongs to
 * @id: its id there
 * @names: (array zero-terminated=1): what the object links to
 */
void
relais_call_links (RelaisCall        *call,
                   const char        *resource,
                   gint64             id,
                   const char *const *names)
{
  char link[256];

  relais_write_member (call->answer, "links", "{");
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_snprintf (link, sizeof link, "https://practice.example/api/3/%s/%" G_GINT64_FORMAT "/%s", resource, id, names[i]);
      relais_write_string (call->answer, names[i], link);
    }
  g_string_append_c (call->answer, '}');
}

/**
 * relais_call_missing:
 * @call: a request
 * @what: the service's own name of the thing
 * @id: that was asked for
 *
 * Answers that there is none.
 */
void
relais_call_missing (RelaisCall *call,
                     const char *what,
                     const char *id)
{
  g_autofree char *message = g_strdup_printf ("No Result found for %s with id %s", what, id);

  call->status = 404;
  g_string_assign (call->answer, "{");
  relais_write_string (call->answer, "message", message);
  g_string_append_c (call->answer, '}');
}

static void
refuse (RelaisCall *call,
        guint       status,
        const char *title,
        const char *detail)
{
  call->status = status;
  g_string_assign (call->answer, "{\"errors\":[{");
  relais_write_number (call->answer, "status", status);
  relais_write_string (call->answer, "title", title);
  relais_write_string (call->answer, "detail", detail);
  g_string_append (call->answer, "}]}");
}

/**
 * relais_call_not_found:
 * @call: a request
 * @detail: what was not found
 *
 * Answers so, in the other form the service has for it.
 */
void
relais_call_not_found (RelaisCall *call,
                       const char *detail)
{
  refuse (call, 404, "Not Found", detail);
}

/**
 * relais_call_invalid:
 * @call: a request
 * @title: what is wrong
 * @code: the service's word for it
 * @pointer: where
 *
 * Answers that a value is not taken.
 */
void
relais_call_invalid (RelaisCall *call,
                     const char *title,
                     const char *code,
                     const char *pointer)
{
  call->status = 422;
  g_string_assign (call->answer, "{\"errors\":[{");
  relais_write_string (call->answer, "title", title);
  relais_write_string (call->answer, "detail", "");
  relais_write_string (call->answer, "code", code);
  relais_write_member (call->answer, "source", "{");
  relais_write_string (call->answer, "pointer", pointer);
  g_string_append (call->answer, "}}]}");
}

/**
 * relais_call_lacks:
 * @call: a request
 * @attribute: what was not posted
 *
 * Answers that it has to be.
 */
void
relais_call_lacks (RelaisCall *call,
                   const char *attribute)
{
  g_autofree char *pointer = g_strconcat ("/data/attributes/", attribute, NULL);

  call->status = 422;
  g_string_assign (call->answer, "{\"errors\":[{\"status\":422,\"title\":\"Missing attribute\"");
  relais_write_member (call->answer, "source", "{");
  relais_write_string (call->answer, "pointer", pointer);
  g_string_append (call->answer, "}}]}");
}

/**
 * relais_call_forbid:
 * @call: a request
 *
 * Answers that the key's user may not. Lists, exclusions and all else have a form of their
 * own for it, and for lists the service calls it text.
 */
void
relais_call_forbid (RelaisCall *call)
{
  gboolean views = strcmp (call->method, "GET") == 0;

  if (g_strcmp0 (call->parts[0], "lists") == 0 && g_strcmp0 (call->parts[1], "exclusions") == 0)
    {
      call->status = 403;
      g_string_assign (call->answer, "{\"message\":\"You don't have permission to access this resource\"}");
    }
  else if (g_strcmp0 (call->parts[0], "lists") == 0)
    {
      refuse (call, 403, "Forbidden", views ? "You do not have permission to view lists." : "You do not have permission to create lists.");
      call->type = call->parts[1] == NULL ? "text/plain" : "application/json";
    }
  else
    {
      call->status = 403;
      g_string_assign (call->answer, "{\"message\":\"Forbidden\"}");
    }
}

/**
 * relais_call_throttle:
 * @call: a request
 * @status: 429, or 503
 * @seconds: to wait, unless a switch says otherwise
 *
 * Answers that there were too many. The body is not documented: there is none.
 */
void
relais_call_throttle (RelaisCall *call,
                      guint       status,
                      guint       seconds)
{
  const RelaisSwitch *told = &call->account->faults.at[RELAIS_FAULT_RETRY_AFTER];
  g_autofree char *wait = g_strdup_printf ("%" G_GINT64_FORMAT, told->on ? told->number : (gint64) seconds);

  call->account->n_throttled++;
  call->status = status;
  call->type = NULL;
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), "Retry-After", wait);
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
