/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-server-private.h"

#include <string.h>
#include <sys/socket.h>

/* How an answer leaves. Headers are those recorded from real accounts. */

#define N_DRIPS 16

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

/* The server has written one when the request came. */
static void
set_date (RelaisCall         *call,
          SoupMessageHeaders *headers)
{
  g_autofree char *date = relais_call_write_http_date (call, 0);

  soup_message_headers_remove (headers, "Date");
  if (!call->account->faults.at[RELAIS_FAULT_NO_DATE].on)
    soup_message_headers_append (headers, "Date", date);
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
  set_date (call, headers);
  set_rate (call, headers);
}

/**
 * relais_practice_break:
 * @message: a request
 *
 * Ends its connection with a reset, not a goodbye: what was sent before may never be read.
 */
void
relais_practice_break (SoupServerMessage *message)
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
cut (RelaisCall *call,
     gboolean    in_head)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (call->message);
  g_autofree char *head = write_head (call);
  GOutputStream *out = g_io_stream_get_output_stream (stream);

  g_output_stream_write_all (out, head, in_head ? strlen (head) / 2 : strlen (head), NULL, NULL, NULL);
  if (!in_head)
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
  if (strcmp (call->type, "none") != 0)
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

/* Whoever asked has gone meanwhile: there is nobody to answer. */
static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  g_source_destroy (user_data);
}

static void
unref_source (gpointer  data,
              GClosure *closure)
{
  g_source_unref (data);
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
  g_signal_connect_data (call->message, "finished", G_CALLBACK (finished_cb), g_source_ref (source), unref_source, 0);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
garble (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;
  const RelaisSwitch *type = &faults->at[RELAIS_FAULT_TYPE];

  if (call->type == NULL)
    return;
  if (relais_faults_strike (faults, RELAIS_FAULT_WRONG_JSON))
    g_string_assign (call->answer, "{\"success\":1,\"queued_con");
  if (relais_faults_strike (faults, RELAIS_FAULT_LIST_JSON))
    g_string_assign (call->answer, "[]");
  if (relais_faults_strike (faults, RELAIS_FAULT_BARE_JSON))
    g_string_assign (call->answer, "{}");
  if (relais_faults_strike (faults, RELAIS_FAULT_MARKED_JSON))
    g_string_prepend (call->answer, "\xef\xbb\xbf");
  if (call->status == 403 && faults->at[RELAIS_FAULT_REFUSALS_AS_TEXT].on)
    call->type = "text/plain";
  if (type->on)
    call->type = type->text;
}

/**
 * relais_practice_send:
 * @call: a request that was answered
 *
 * Sends the answer, or what a fault makes of it.
 */
void
relais_practice_send (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;

  garble (call);
  if (relais_faults_strike (faults, RELAIS_FAULT_RESET_AFTER))
    relais_practice_break (call->message);
  else if (relais_faults_strike (faults, RELAIS_FAULT_SILENT_AFTER))
    soup_server_message_pause (call->message);
  else if (call->type != NULL && relais_faults_strike (faults, RELAIS_FAULT_CUT_HEAD))
    cut (call, TRUE);
  else if (call->type != NULL && relais_faults_strike (faults, RELAIS_FAULT_CUT_ANSWER))
    cut (call, FALSE);
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
