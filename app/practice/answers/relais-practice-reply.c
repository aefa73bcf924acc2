/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-call.h"

#include <string.h>

/* What those who answer share: the forms that all resources of the service have in common,
 * which are ids as texts, pages, dates, links and refusals. */

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
 * relais_call_rows:
 * @call: a request whose answer is in an object
 * @name: of the member that is an array
 * @row: a statement, not stepped yet
 * @write: writes one row
 */
void
relais_call_rows (RelaisCall      *call,
                  const char      *name,
                  sqlite3_stmt    *row,
                  RelaisRowWriter  write)
{
  relais_write_member (call->answer, name, "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    write (call, row);
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

/**
 * relais_call_row:
 * @call: a request whose answer has not begun
 * @name: of the one member of the answer
 * @row: a statement, not stepped yet
 * @write: writes one row
 *
 * Returns: whether there was one; else nothing was answered
 */
gboolean
relais_call_row (RelaisCall      *call,
                 const char      *name,
                 sqlite3_stmt    *row,
                 RelaisRowWriter  write)
{
  gboolean found = sqlite3_step (row) == SQLITE_ROW;

  if (found)
    {
      relais_write_raw (call->answer, "{");
      relais_write_key (call->answer, name);
      write (call, row);
      g_string_append_c (call->answer, '}');
    }
  sqlite3_reset (row);

  return found;
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
 * relais_call_write_http_date:
 * @call: a request
 * @seconds: from now on
 *
 * Returns: (transfer full): a moment of the account's clock, as heads of answers have it
 */
char *
relais_call_write_http_date (RelaisCall *call,
                             gint64      seconds)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_utc (relais_faults_now (&call->account->faults) + seconds);

  return soup_date_time_to_string (then, SOUP_DATE_HTTP);
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
  const RelaisSwitch *at = call->account->faults.at;
  gint64 length = at[RELAIS_FAULT_RETRY_AFTER].on ? at[RELAIS_FAULT_RETRY_AFTER].number : (gint64) seconds;
  g_autofree char *wait = at[RELAIS_FAULT_RETRY_AFTER_DATE].on ? relais_call_write_http_date (call, length) : g_strdup_printf ("%" G_GINT64_FORMAT, length);

  call->account->n_throttled++;
  call->status = status;
  call->type = NULL;
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), "Retry-After", wait);
}
