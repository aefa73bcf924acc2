/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-server-private.h"

#include <string.h>
#include <sys/socket.h>

#include "relais-practice-call.h"

/* From a request to its answer: who may come in, how much, to whom it goes, and how the answer
 * leaves. Headers and the forms of refusals are those recorded from real accounts. */

#define LOGIN_PAGE "<html><head><title>Login</title></head><body><form action=\"/admin/login.php\"></form></body></html>"
#define ERROR_PAGE "<!DOCTYPE html><html><head><title>practice.example | error</title></head><body>error</body></html>"
#define LOGIN_URL  "https://www.example.com/login"
#define N_DRIPS    16

/* Coming in */

/**
 * relais_practice_has_key:
 * @self: an account
 * @message: a request
 *
 * Returns: whether it brings the account's key
 */
gboolean
relais_practice_has_key (RelaisPractice    *self,
                         SoupServerMessage *message)
{
  const char *given = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Api-Token");

  return given != NULL && strcmp (given, self->key) == 0;
}

static void
answer_empty (RelaisCall *call,
              guint       status)
{
  call->status = status;
  call->type = NULL;
}

static void
answer_html (RelaisCall *call,
             guint       status,
             const char *page)
{
  call->status = status;
  call->type = "text/html; charset=UTF-8";
  g_string_assign (call->answer, page);
}

static void
redirect (RelaisCall *call)
{
  answer_empty (call, 302);
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), "Location", LOGIN_URL);
}

static void
refuse_key (RelaisCall *call)
{
  const RelaisSwitch *at = call->account->faults.at;

  answer_empty (call, 403);
  if (at[RELAIS_FAULT_KEY_HTML].on)
    answer_html (call, 200, LOGIN_PAGE);
  else if (at[RELAIS_FAULT_KEY_REDIRECT].on)
    redirect (call);
  else if (at[RELAIS_FAULT_KEY_401].on)
    answer_empty (call, 401);
  else if (at[RELAIS_FAULT_KEY_ERRORS].on)
    {
      call->type = "application/json";
      g_string_assign (call->answer, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view lists.\"}]}");
    }
  else if (at[RELAIS_FAULT_KEY_PERMISSION].on)
    {
      call->type = "application/json";
      g_string_assign (call->answer, "{\"message\":\"You don't have permission to access this resource\"}");
    }
  else if (at[RELAIS_FAULT_KEY_MESSAGE].on || at[RELAIS_FAULT_KEY_TEXT].on)
    {
      call->type = at[RELAIS_FAULT_KEY_TEXT].on ? "text/plain" : "application/json";
      g_string_assign (call->answer, "{\"message\":\"Forbidden\"}");
    }
}

static gboolean
is_forbidden (RelaisCall *call)
{
  const RelaisSwitch *forbidden = &call->account->faults.at[RELAIS_FAULT_NOT_ALLOWED];

  return forbidden->on && call->parts[0] != NULL && g_str_has_prefix (call->parts[0], forbidden->text);
}

static gboolean
strike_html (RelaisCall *call)
{
  static const struct
  {
    RelaisFault fault;
    guint       status;
  } pages[] = {
    { RELAIS_FAULT_HTML_200, 200 }, { RELAIS_FAULT_HTML_500, 500 }, { RELAIS_FAULT_HTML_502, 502 },
    { RELAIS_FAULT_HTML_503, 503 }, { RELAIS_FAULT_HTML_504, 504 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (relais_faults_strike (&call->account->faults, pages[i].fault))
      {
        answer_html (call, pages[i].status, ERROR_PAGE);
        return TRUE;
      }

  return FALSE;
}

/* Returns: whether a fault answered before anything was done */
static gboolean
strike_before (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;

  if (faults->at[RELAIS_FAULT_UNPAID].on)
    answer_empty (call, 402);
  else if (relais_faults_strike (faults, RELAIS_FAULT_REDIRECT))
    redirect (call);
  else if (relais_faults_strike (faults, RELAIS_FAULT_SPURIOUS_403))
    answer_empty (call, 403);
  else if (is_forbidden (call))
    relais_call_forbid (call);
  else if (relais_faults_strike (faults, RELAIS_FAULT_THROTTLE_429))
    relais_call_throttle (call, 429, 1);
  else if (relais_faults_strike (faults, RELAIS_FAULT_THROTTLE_503))
    relais_call_throttle (call, 503, 1);
  else if (relais_faults_strike (faults, RELAIS_FAULT_EMPTY_502))
    answer_empty (call, 502);
  else
    return strike_html (call);

  return TRUE;
}

static void
route (RelaisCall *call)
{
  RelaisPracticeAccount *account = call->account;
  /* Exclusions are found below lists, and are none. */
  static gboolean (* const answers[]) (RelaisCall *) = {
    relais_practice_answer_imports,     relais_practice_answer_pages,      relais_practice_answer_contacts,
    relais_practice_answer_memberships, relais_practice_answer_exclusions, relais_practice_answer_lists,
    relais_practice_answer_fields,      relais_practice_answer_tags,       relais_practice_answer_field_values,
    relais_practice_answer_users,
  };

  /* Whether imports count among the requests of a second is not documented; field notes say no. */
  if ((!relais_call_is (call, "POST", "import/bulk_import") || account->faults.at[RELAIS_FAULT_IMPORTS_COUNT].on) &&
      !relais_limits_take (&account->limits, RELAIS_LIMIT_ORDINARY))
    {
      relais_call_throttle (call, 429, 1);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (answers[i] (call))
      return;
  relais_call_not_found (call, "Not Found");
}

/* Going out */

static void
set_rate (RelaisCall         *call,
          SoupMessageHeaders *headers)
{
  RelaisLimits *limits = &call->account->limits;
  g_autofree char *most = g_strdup_printf ("%u", limits->most[RELAIS_LIMIT_ORDINARY]);
  g_autofree char *left = g_strdup_printf ("%u", relais_limits_left (limits, RELAIS_LIMIT_ORDINARY));

  if (limits->unlimited || call->account->faults.at[RELAIS_FAULT_NO_RATE_HEADERS].on)
    return;
  soup_message_headers_replace (headers, "RateLimit-Limit", most);
  soup_message_headers_replace (headers, "RateLimit-Remaining", left);
}

static void
set_headers (RelaisCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *session = g_strdup_printf ("PHPSESSID=%.8s%.4s%.4s; path=/; secure; HttpOnly", id, id + 9, id + 24);
  g_autofree char *ray = g_strdup_printf ("%.8s%.4s%.4s-CDG", id, id + 14, id + 28);

  soup_message_headers_replace (headers, "Cache-Control", call->is_private ? "private" : "no-store, no-cache, must-revalidate");
  if (!call->is_private)
    {
      soup_message_headers_replace (headers, "Pragma", "no-cache");
      soup_message_headers_replace (headers, "Expires", "Thu, 19 Nov 1981 08:52:00 GMT");
    }
  soup_message_headers_append (headers, "Set-Cookie", session);
  soup_message_headers_append (headers, "Set-Cookie", "em_acp_globalauth_cookie=practice; path=/; secure; HttpOnly");
  soup_message_headers_replace (headers, "X-Request-Id", id);
  soup_message_headers_replace (headers, "X-Envoy-Upstream-Service-Time", "7");
  soup_message_headers_replace (headers, "CF-RAY", ray);
  set_rate (call, headers);
}

/* With a reset, not a goodbye: what was sent before may never be read. */
static void
break_connection (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);
  struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  g_autoptr (GIOStream) stream = NULL;

  if (socket != NULL)
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  stream = soup_server_message_steal_connection (message);
  g_io_stream_close (stream, NULL, NULL);
}

static char *
write_head (RelaisCall *call)
{
  return g_strdup_printf ("HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", call->status,
                          soup_status_get_phrase (call->status), call->type, call->answer->len);
}

static void
cut (RelaisCall *call)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (call->message);
  g_autofree char *head = write_head (call);
  GOutputStream *out = g_io_stream_get_output_stream (stream);

  g_output_stream_write_all (out, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (out, call->answer->str, call->answer->len / 2, NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

typedef struct
{
  GIOStream *stream;  /* (owned) */
  char      *text;    /* (owned) */
  gsize      length;
  gsize      at;
} Drip;

static void
free_drip (gpointer data)
{
  Drip *drip = data;

  g_io_stream_close (drip->stream, NULL, NULL);
  g_object_unref (drip->stream);
  g_free (drip->text);
  g_free (drip);
}

static gboolean
drip_cb (gpointer user_data)
{
  Drip *drip = user_data;
  gsize n = MIN (drip->length / N_DRIPS + 1, drip->length - drip->at);

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (drip->stream), drip->text + drip->at, n, NULL, NULL, NULL))
    return G_SOURCE_REMOVE;
  drip->at += n;

  return drip->at < drip->length ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
drip (RelaisCall *call)
{
  g_autoptr (GSource) source = g_timeout_source_new ((guint) call->account->faults.at[RELAIS_FAULT_DRIP].number);
  g_autofree char *head = write_head (call);
  Drip *state = g_new0 (Drip, 1);

  state->stream = soup_server_message_steal_connection (call->message);
  state->text = g_strconcat (head, call->answer->str, NULL);
  state->length = strlen (state->text);
  g_source_set_callback (source, drip_cb, state, free_drip);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static GBytes *
pack (GString *text)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) out = g_converter_output_stream_new (memory, G_CONVERTER (compressor));

  g_output_stream_write_all (out, text->str, text->len, NULL, NULL, NULL);
  g_output_stream_close (out, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static gboolean
takes_gzip (RelaisCall *call)
{
  const char *takes = soup_message_headers_get_list (soup_server_message_get_request_headers (call->message), "Accept-Encoding");

  return call->account->faults.at[RELAIS_FAULT_GZIP].on && takes != NULL && strstr (takes, "gzip") != NULL;
}

static void
set_body (RelaisCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);
  SoupMessageBody *body = soup_server_message_get_response_body (call->message);
  g_autoptr (GBytes) bytes = NULL;

  if (call->type == NULL)
    return;
  if (takes_gzip (call))
    {
      soup_message_headers_replace (headers, "Content-Encoding", "gzip");
      bytes = pack (call->answer);
    }
  else
    bytes = g_bytes_new (call->answer->str, call->answer->len);
  soup_message_headers_set_content_type (headers, call->type, NULL);
  if (call->account->faults.at[RELAIS_FAULT_CHUNKED].on)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_append_bytes (body, bytes);
  soup_message_body_complete (body);
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

  if (!call->account->faults.at[RELAIS_FAULT_SLOW].on)
    return;
  source = g_timeout_source_new ((guint) call->account->faults.at[RELAIS_FAULT_SLOW].number);
  soup_server_message_pause (call->message);
  g_source_set_callback (source, slow_cb, g_object_ref (call->message), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
send_answer (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;

  if (relais_faults_strike (faults, RELAIS_FAULT_WRONG_JSON) && call->type != NULL)
    g_string_assign (call->answer, "{\"success\":1,\"queued_con");
  if (relais_faults_strike (faults, RELAIS_FAULT_RESET_AFTER))
    break_connection (call->message);
  else if (call->type != NULL && relais_faults_strike (faults, RELAIS_FAULT_CUT_ANSWER))
    cut (call);
  else if (call->type != NULL && faults->at[RELAIS_FAULT_DRIP].on)
    drip (call);
  else
    {
      set_headers (call);
      soup_server_message_set_status (call->message, call->status, NULL);
      set_body (call);
      wait_a_while (call);
    }
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
  RelaisCall call = { .account = &self->account, .message = message, .method = soup_server_message_get_method (message), .query = query,
                      .status = 200, .type = "application/json" };

  self->account.n_requests++;
  if (relais_faults_strike (&self->account.faults, RELAIS_FAULT_RESET_BEFORE))
    {
      break_connection (message);
      return;
    }
  call.parts = g_strsplit (g_str_has_prefix (path, "/api/3/") ? path + strlen ("/api/3/") : "", "/", -1);
  call.answer = g_string_new (NULL);
  if (body != NULL && body->length > 0)
    call.body = relais_tree_parse (body->data, body->length);
  call.root = call.body != NULL ? relais_tree_root (call.body) : NULL;
  if (!relais_practice_has_key (self, message))
    refuse_key (&call);
  else if (!strike_before (&call))
    route (&call);
  send_answer (&call);
  g_clear_pointer (&call.body, relais_tree_free);
  g_string_free (call.answer, TRUE);
  g_strfreev (call.parts);
}

/* The headers have come, the body has not. */
static void
early_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  RelaisPractice *self = user_data;

  if (relais_faults_strike (&self->account.faults, RELAIS_FAULT_RESET_EARLY))
    break_connection (message);
}

/**
 * relais_practice_add_server:
 * @self: an account whose server begins
 *
 * Adds what the service has.
 */
void
relais_practice_add_server (RelaisPractice *self)
{
  soup_server_add_early_handler (self->server, "/api", early_cb, self, NULL);
  soup_server_add_handler (self->server, "/api", api_cb, self, NULL);
}
