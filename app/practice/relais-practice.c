/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stand-in account: who may come in, how much, and to whom a request goes.
 * Headers and the forms of refusals are those recorded from real accounts. */

#include "relais-practice-private.h"

#include "relais-practice-content.h"
#include "relais-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_DELAY (2 * G_USEC_PER_SEC)
#define QUICK_DELAY   (G_USEC_PER_SEC / 5)
#define LOGIN_PAGE    "<html><head><title>Login</title></head><body><form action=\"/admin/login.php\"></form></body></html>"

G_DEFINE_FINAL_TYPE (RelaisPractice, relais_practice, G_TYPE_OBJECT)

static void
relais_practice_finalize (GObject *object)
{
  RelaisPractice *self = RELAIS_PRACTICE (object);

  relais_practice_stop (self);
  relais_faults_clear (&self->faults);
  relais_limits_clear (&self->limits);
  g_free (self->state_path);
  g_free (self->key);
  g_free (self->account_id);
  g_free (self->address);
  G_OBJECT_CLASS (relais_practice_parent_class)->finalize (object);
}

static void
relais_practice_class_init (RelaisPracticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_practice_finalize;
}

static void
relais_practice_init (RelaisPractice *self)
{
  relais_limits_init (&self->limits);
  g_queue_init (&self->imports);
  self->import_delay = DEFAULT_DELAY;
}

/* What those who answer share */

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
  *limit = CLAMP (relais_call_number (call, "limit", 20), 1, 100);
  *offset = MAX (0, relais_call_number (call, "offset", 0));
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
  if (call->practice->faults.on[RELAIS_FAULT_NO_TOTALS])
    return;
  relais_call_id (call, "total", total);
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
  if (call->practice->faults.on[RELAIS_FAULT_IDS_AS_NUMBERS])
    relais_write_number (call->answer, name, (gint64) id);
  else
    relais_write_id (call->answer, name, id);
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
 * relais_practice_date:
 * @seconds: since 1970
 *
 * Returns: (transfer full): as the service writes it, in the account's time zone
 */
char *
relais_practice_date (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (date, "%Y-%m-%dT%H:%M:%S%:z");
}

/* Coming in */

static void
refuse_key (RelaisCall *call)
{
  RelaisFaults *faults = &call->practice->faults;

  if (faults->on[RELAIS_FAULT_KEY_HTML])
    {
      call->type = "text/html; charset=utf-8";
      g_string_assign (call->answer, LOGIN_PAGE);
      return;
    }
  if (faults->on[RELAIS_FAULT_KEY_REDIRECT])
    {
      call->status = 302;
      call->type = NULL;
      soup_message_headers_replace (soup_server_message_get_response_headers (call->message), "Location", "https://www.example.com/login");
      return;
    }
  call->status = 403;
  call->type = NULL;
  if (faults->on[RELAIS_FAULT_KEY_MESSAGE] || faults->on[RELAIS_FAULT_KEY_TEXT])
    {
      call->type = faults->on[RELAIS_FAULT_KEY_TEXT] ? "text/plain" : "application/json";
      g_string_assign (call->answer, "{\"message\":\"Forbidden\"}");
    }
}

static gboolean
has_key (RelaisCall *call)
{
  const char *given = soup_message_headers_get_one (soup_server_message_get_request_headers (call->message), "Api-Token");

  return given != NULL && strcmp (given, call->practice->key) == 0;
}

static void
throttle (RelaisCall *call,
          guint       status)
{
  call->practice->n_throttled++;
  call->status = status;
  call->type = NULL;
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), "Retry-After", "1");
}

static void
answer_html (RelaisCall *call,
             guint       status)
{
  call->status = status;
  call->type = "text/html; charset=UTF-8";
  g_string_assign (call->answer, "<!DOCTYPE html><html><head><title>practice.example | error</title></head><body>error</body></html>");
}

/* Returns: whether a fault answered before anything was done */
static gboolean
strike_before (RelaisCall *call)
{
  RelaisFaults *faults = &call->practice->faults;
  const char *forbidden = faults->on[RELAIS_FAULT_NOT_ALLOWED] ? faults->text[RELAIS_FAULT_NOT_ALLOWED] : NULL;

  if (faults->on[RELAIS_FAULT_UNPAID])
    {
      call->status = 402;
      call->type = NULL;
    }
  else if (relais_faults_strike (faults, RELAIS_FAULT_SPURIOUS_403))
    {
      call->status = 403;
      call->type = NULL;
    }
  else if (forbidden != NULL && call->parts[0] != NULL && g_str_has_prefix (call->parts[0], forbidden))
    {
      call->status = 403;
      call->type = "text/plain";
      g_string_printf (call->answer, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view %s.\"}]}", forbidden);
    }
  else if (relais_faults_strike (faults, RELAIS_FAULT_THROTTLE_429))
    throttle (call, 429);
  else if (relais_faults_strike (faults, RELAIS_FAULT_THROTTLE_503))
    throttle (call, 503);
  else if (relais_faults_strike (faults, RELAIS_FAULT_HTML_200))
    answer_html (call, 200);
  else if (relais_faults_strike (faults, RELAIS_FAULT_HTML_504))
    answer_html (call, 504);
  else if (relais_faults_strike (faults, RELAIS_FAULT_EMPTY_502))
    {
      call->status = 502;
      call->type = NULL;
    }
  else
    return FALSE;

  return TRUE;
}

static gboolean
is_import (RelaisCall *call)
{
  return relais_call_is (call, "POST", "import/bulk_import");
}

static void
route (RelaisCall *call)
{
  /* Whether imports count among the requests of a second is not documented; field notes say no. */
  if ((!is_import (call) || call->practice->faults.on[RELAIS_FAULT_IMPORTS_COUNT]) &&
      !relais_limits_take (&call->practice->limits, RELAIS_LIMIT_ORDINARY))
    {
      throttle (call, 429);
      return;
    }
  if (relais_practice_answer_imports (call) || relais_practice_answer_contacts (call) || relais_practice_answer_things (call))
    return;
  call->status = 404;
  g_string_assign (call->answer, "{\"message\":\"No matching route\"}");
}

/* Going out */

static void
set_headers (RelaisCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *cookie = g_strdup_printf ("PHPSESSID=%.26s; path=/; secure; HttpOnly", id);
  g_autofree char *left = g_strdup_printf ("%u", relais_limits_left (&call->practice->limits, RELAIS_LIMIT_ORDINARY));

  soup_message_headers_replace (headers, "Cache-Control", "no-store, no-cache, must-revalidate");
  soup_message_headers_replace (headers, "Pragma", "no-cache");
  soup_message_headers_replace (headers, "Expires", "Thu, 19 Nov 1981 08:52:00 GMT");
  soup_message_headers_replace (headers, "Set-Cookie", cookie);
  soup_message_headers_replace (headers, "X-Request-Id", id);
  soup_message_headers_replace (headers, "RateLimit-Limit", "5");
  soup_message_headers_replace (headers, "RateLimit-Remaining", left);
}

static void
cut (RelaisCall *call)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (call->message);
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%.*s",
                                           call->answer->len, (int) call->answer->len / 2, call->answer->str);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), head, strlen (head), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
break_connection (SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_io_stream_close (stream, NULL, NULL);
}

static void
send_answer (RelaisCall *call)
{
  RelaisFaults *faults = &call->practice->faults;

  if (relais_faults_strike (faults, RELAIS_FAULT_RESET_AFTER))
    break_connection (call->message);
  else if (relais_faults_strike (faults, RELAIS_FAULT_CUT_ANSWER))
    cut (call);
  else
    {
      if (relais_faults_strike (faults, RELAIS_FAULT_WRONG_JSON) && call->type != NULL)
        g_string_assign (call->answer, "{\"success\":1,\"queued_con");
      set_headers (call);
      soup_server_message_set_status (call->message, call->status, NULL);
      if (call->type != NULL)
        soup_server_message_set_response (call->message, call->type, SOUP_MEMORY_COPY, call->answer->str, call->answer->len);
    }
}

static gboolean
slow_cb (gpointer user_data)
{
  soup_server_message_unpause (SOUP_SERVER_MESSAGE (user_data));

  return G_SOURCE_REMOVE;
}

static void
wait_a_while (RelaisCall *call)
{
  g_autoptr (GSource) source = NULL;

  if (!call->practice->faults.on[RELAIS_FAULT_SLOW])
    return;
  source = g_timeout_source_new ((guint) call->practice->faults.number[RELAIS_FAULT_SLOW]);
  soup_server_message_pause (call->message);
  g_source_set_callback (source, slow_cb, g_object_ref (call->message), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
api_cb (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  RelaisPractice *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  RelaisCall call = { .practice = self, .message = message, .method = soup_server_message_get_method (message), .query = query,
                      .status = 200, .type = "application/json" };

  self->n_requests++;
  if (relais_faults_strike (&self->faults, RELAIS_FAULT_RESET_BEFORE))
    {
      break_connection (message);
      return;
    }
  call.parts = g_strsplit (g_str_has_prefix (path, "/api/3/") ? path + strlen ("/api/3/") : "", "/", -1);
  call.answer = g_string_new (NULL);
  if (body != NULL && body->length > 0)
    call.body = relais_tree_parse (body->data, body->length);
  call.root = call.body != NULL ? relais_tree_root (call.body) : NULL;
  if (!has_key (&call))
    refuse_key (&call);
  else if (!strike_before (&call))
    route (&call);
  wait_a_while (&call);
  send_answer (&call);
  g_clear_pointer (&call.body, relais_tree_free);
  g_string_free (call.answer, TRUE);
  g_strfreev (call.parts);
}

/* What a test wants to know and the real service does not tell. */
static void
state_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  RelaisPractice *self = user_data;
  g_autoptr (GString) answer = g_string_new ("{");

  relais_write_number (answer, "requests", (gint64) self->n_requests);
  relais_write_number (answer, "bulk_requests", (gint64) self->n_imports);
  relais_write_number (answer, "throttled", (gint64) self->n_throttled);
  relais_write_number (answer, "automations", (gint64) self->n_automations);
  relais_write_number (answer, "waiting_imports", self->imports.length);
  relais_write_number (answer, "contacts", relais_store_number (self->store, "SELECT count (*) FROM contacts", ""));
  g_string_append_c (answer, '}');
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer->str, answer->len);
}

/**
 * relais_practice_new:
 * @key: (nullable): the key it accepts; %NULL for the one it had, or a new one
 * @state_path: (nullable): the file that keeps its state; %NULL for memory
 *
 * Returns: (transfer full): an account that has not started
 */
RelaisPractice *
relais_practice_new (const char *key,
                     const char *state_path)
{
  RelaisPractice *self = g_object_new (RELAIS_TYPE_PRACTICE, NULL);

  self->key = g_strdup (key);
  self->state_path = g_strdup (state_path);

  return self;
}

/**
 * relais_practice_set_limits:
 * @self: an account
 * @requests: imports in @seconds; 0 or G_MAXUINT: no limit at all
 * @seconds: the window
 */
void
relais_practice_set_limits (RelaisPractice *self,
                            guint           requests,
                            guint           seconds)
{
  relais_limits_set (&self->limits, requests, seconds);
  /* Who wants an hour in a minute does not want to wait for imports either. */
  if (self->limits.unlimited || requests / seconds > 2)
    self->import_delay = QUICK_DELAY;
}

/**
 * relais_practice_add_fault:
 * @self: an account
 * @name: of a fault, see relais_practice_describe_fault()
 * @value: (nullable): what stands after its equals sign
 * @error: RELAIS_ERROR_DEFINITION when there is no such fault
 *
 * Returns: whether it misbehaves so from now on
 */
gboolean
relais_practice_add_fault (RelaisPractice  *self,
                           const char      *name,
                           const char      *value,
                           GError         **error)
{
  if (!relais_faults_set (&self->faults, name, value, error))
    return FALSE;
  if (self->faults.on[RELAIS_FAULT_IMPORT_DELAY])
    self->import_delay = self->faults.number[RELAIS_FAULT_IMPORT_DELAY] * 1000;
  if (self->faults.on[RELAIS_FAULT_LISTS] && self->store != NULL)
    relais_content_add_lists (self->store, (guint) self->faults.number[RELAIS_FAULT_LISTS]);

  return TRUE;
}

static gboolean
listen (RelaisPractice  *self,
        guint            port,
        GError         **error)
{
  GSList *uris;
  g_autoptr (GError) cause = NULL;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, "/api", api_cb, self, NULL);
  soup_server_add_handler (self->server, "/practice/state", state_cb, self, NULL);
  if (!soup_server_listen_local (self->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &cause))
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY,
                   /* Translators: %u is a port number. */
                   _("The practice account cannot use port %u: another program has it. Choose another port, or none."), port);
      return FALSE;
    }
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return TRUE;
}

/**
 * relais_practice_start:
 * @self: an account
 * @port: to listen on, 0 for any that is free
 * @error: RELAIS_ERROR_BUSY when port or state file are in use, RELAIS_ERROR_FILE
 *
 * Returns: whether it answers from now on
 */
gboolean
relais_practice_start (RelaisPractice  *self,
                       guint            port,
                       GError         **error)
{
  g_autofree char *given = g_steal_pointer (&self->key);

  self->store = relais_store_open (self->state_path, error);
  if (self->store == NULL)
    {
      self->key = g_steal_pointer (&given);
      return FALSE;
    }
  self->key = relais_content_key (self->store, given);
  g_free (self->account_id);
  self->account_id = relais_content_account_id (self->store);
  if (self->faults.on[RELAIS_FAULT_LISTS])
    relais_content_add_lists (self->store, (guint) self->faults.number[RELAIS_FAULT_LISTS]);
  relais_practice_count_active (self);
  if (listen (self, port, error))
    return TRUE;
  relais_practice_stop (self);

  return FALSE;
}

/**
 * relais_practice_stop:
 * @self: an account
 */
void
relais_practice_stop (RelaisPractice *self)
{
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->address, g_free);
  if (self->store != NULL)
    relais_practice_stop_imports (self);
  g_clear_pointer (&self->store, relais_store_close);
}

/**
 * relais_practice_get_address:
 * @self: an account that has started
 *
 * Returns: (transfer none) (nullable): host:port
 */
const char *
relais_practice_get_address (RelaisPractice *self)
{
  return self->address;
}

/**
 * relais_practice_get_key:
 * @self: an account that has started
 *
 * Returns: (transfer none) (nullable): the key it accepts
 */
const char *
relais_practice_get_key (RelaisPractice *self)
{
  return self->key;
}

/**
 * relais_practice_get_account_id:
 * @self: an account that has started
 *
 * Returns: (transfer none) (nullable): 32 hexadecimal digits; another account has others
 */
const char *
relais_practice_get_account_id (RelaisPractice *self)
{
  return self->account_id;
}
