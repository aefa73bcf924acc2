/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-test-server.h"

#include <string.h>
#include <sys/socket.h>

#define JSON_HEADER "Content-Type: application/json"

typedef struct
{
  guint            status;
  char            *headers;  /* (owned) (nullable): one a line */
  GBytes          *body;     /* (owned) */
  RelaisTestFault  fault;
} Answer;

/* An answer that is held back for a while */
typedef struct
{
  RelaisTestServer  *server;
  SoupServerMessage *message;  /* (owned) */
  Answer            *answer;   /* (owned) */
} Held;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->headers);
  g_bytes_unref (answer->body);
  g_free (answer);
}

static void
request_free (gpointer data)
{
  RelaisTestRequest *request = data;

  g_free ((char *) request->method);
  g_free (request->target);
  g_free (request->token);
  g_free (request->cookie);
  g_free (request->agent);
  g_free (request->type);
  g_bytes_unref (request->body);
  g_free (request);
}

static gboolean
drip_cb (gpointer user_data)
{
  return g_output_stream_write (g_io_stream_get_output_stream (user_data), " ", 1, NULL, NULL) == 1;
}

static void
write_raw (GIOStream  *stream,
           const char *text)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL, NULL, NULL);
}

typedef struct
{
  RelaisTestServer *server;
  GIOStream        *stream;  /* (owned) */
} Endless;

static void
endless_free (gpointer data)
{
  Endless *endless = data;

  g_object_unref (endless->stream);
  g_free (endless);
}

static gboolean
endless_cb (GObject  *pollable,
            gpointer  user_data)
{
  static const char blanks[64 * 1024] = { ' ' };
  Endless *endless = user_data;
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (pollable), blanks, sizeof blanks, NULL, &error);

  if (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      endless->server->endless_ended = TRUE;
      return G_SOURCE_REMOVE;
    }
  endless->server->n_endless += MAX (n, 0);

  return G_SOURCE_CONTINUE;
}

static void
begin_endless (RelaisTestServer *self,
               GIOStream        *stream)
{
  GPollableOutputStream *output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  g_autoptr (GSource) source = g_pollable_output_stream_create_source (output, NULL);
  Endless endless = { self, g_object_ref (stream) };

  g_source_set_callback (source, G_SOURCE_FUNC (endless_cb), g_memdup2 (&endless, sizeof endless), endless_free);
  g_source_attach (source, NULL);
}

static void
misbehave (RelaisTestServer  *self,
           SoupServerMessage *message,
           RelaisTestFault    fault)
{
  GSocket *socket = soup_server_message_get_socket (message);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  struct linger at_once = { 1, 0 };

  switch (fault)
    {
    case RELAIS_TEST_FAULT_CUT_HEAD:
      write_raw (stream, "HTTP/1.1 200 OK\r\nContent-Ty");
      break;

    case RELAIS_TEST_FAULT_CUT_BODY:
      write_raw (stream, "HTTP/1.1 200 OK\r\n" JSON_HEADER "\r\nContent-Length: 100\r\n\r\n{\"success\":1,\"batch");
      break;

    case RELAIS_TEST_FAULT_GARBAGE:
      write_raw (stream, "220 mail.example ESMTP\r\n\r\n");
      break;

    case RELAIS_TEST_FAULT_RESET:
      setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      /* Under TLS too, without its goodbye */
      g_socket_close (socket, NULL);
      break;

    case RELAIS_TEST_FAULT_DRIP:
      write_raw (stream, "HTTP/1.1 200 OK\r\n" JSON_HEADER "\r\nContent-Length: 100000\r\n\r\n{");
      g_timeout_add_full (G_PRIORITY_DEFAULT, 100, drip_cb, g_object_ref (stream), g_object_unref);
      g_ptr_array_add (self->stolen, g_steal_pointer (&stream));
      return;

    case RELAIS_TEST_FAULT_ENDLESS:
      write_raw (stream, "HTTP/1.1 200 OK\r\n" JSON_HEADER "\r\nConnection: close\r\n\r\n{");
      begin_endless (self, stream);
      g_ptr_array_add (self->stolen, g_steal_pointer (&stream));
      return;

    case RELAIS_TEST_FAULT_SILENCE:
      g_ptr_array_add (self->stolen, g_steal_pointer (&stream));
      return;

    case RELAIS_TEST_FAULT_NONE:
    case RELAIS_TEST_FAULT_HANG_UP:
    default:
      break;
    }
  g_io_stream_close (stream, NULL, NULL);
}

static void
set_headers (SoupServerMessage *message,
             const char        *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      g_assert_nonnull (colon);
      *colon = '\0';
      soup_message_headers_append (headers, lines[i], g_strstrip (colon + 1));
    }
}

static void
give (RelaisTestServer  *self,
      SoupServerMessage *message,
      const Answer      *answer)
{
  gsize length;
  const char *body = g_bytes_get_data (answer->body, &length);

  self->n_open--;
  if (answer->fault != RELAIS_TEST_FAULT_NONE)
    {
      misbehave (self, message, answer->fault);
      return;
    }
  soup_server_message_set_status (message, answer->status, NULL);
  set_headers (message, answer->headers != NULL ? answer->headers : JSON_HEADER);
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY, body, length);
}

static gboolean
held_cb (gpointer user_data)
{
  Held *held = user_data;

  give (held->server, held->message, held->answer);
  soup_server_message_unpause (held->message);
  g_object_unref (held->message);
  answer_free (held->answer);
  g_free (held);

  return G_SOURCE_REMOVE;
}

static void
note (RelaisTestServer  *self,
      SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);
  RelaisTestRequest *request = g_new0 (RelaisTestRequest, 1);
  gpointer connection = soup_server_message_get_socket (message);

  request->method = g_strdup (soup_server_message_get_method (message));
  request->target = g_uri_get_query (uri) != NULL ? g_strconcat (g_uri_get_path (uri), "?", g_uri_get_query (uri), NULL)
                                                  : g_strdup (g_uri_get_path (uri));
  request->token = g_strdup (soup_message_headers_get_one (headers, "Api-Token"));
  request->cookie = g_strdup (soup_message_headers_get_one (headers, "Cookie"));
  request->agent = g_strdup (soup_message_headers_get_one (headers, "User-Agent"));
  request->type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  request->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  request->time = g_get_monotonic_time ();
  g_ptr_array_add (self->requests, request);

  if (g_hash_table_add (self->connections, connection != NULL ? g_object_ref (connection) : NULL))
    self->n_connections++;
}

static Answer *
ask_handler (RelaisTestServer *self)
{
  char *body = self->handler (relais_test_server_get (self, self->requests->len - 1), self->handler_data);
  Answer *answer;

  if (body == NULL)
    return NULL;
  answer = g_new0 (Answer, 1);
  answer->status = SOUP_STATUS_OK;
  answer->body = g_bytes_new_take (body, strlen (body));

  return answer;
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  RelaisTestServer *self = user_data;
  Answer *answer = g_queue_pop_head (&self->answers);

  note (self, message);
  if (answer == NULL && self->handler != NULL)
    answer = ask_handler (self);
  self->n_open++;
  self->max_open = MAX (self->max_open, self->n_open);
  if (answer == NULL)
    {
      self->n_open--;
      soup_server_message_set_status (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL);
    }
  else if (self->delay > 0)
    {
      Held held = { self, g_object_ref (message), answer };

      soup_server_message_pause (message);
      g_timeout_add (self->delay, held_cb, g_memdup2 (&held, sizeof held));
    }
  else
    {
      give (self, message, answer);
      answer_free (answer);
    }
}

/*
 * relais_test_server_new:
 * @certificate: (nullable): to speak TLS with
 *
 * Starts a server on a free port of the loopback interface.
 */
RelaisTestServer *
relais_test_server_new (GTlsCertificate *certificate)
{
  RelaisTestServer *self = g_new0 (RelaisTestServer, 1);
  SoupServerListenOptions options = SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->stolen = g_ptr_array_new_with_free_func (g_object_unref);
  self->connections = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_queue_init (&self->answers);
  self->server = soup_server_new (certificate != NULL ? "tls-certificate" : NULL, certificate, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, 0, options, &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("%s:%d", certificate != NULL ? "localhost" : "127.0.0.1", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return self;
}

/*
 * relais_test_server_free:
 * @self: (transfer full): a server
 */
void
relais_test_server_free (RelaisTestServer *self)
{
  for (guint i = 0; i < self->stolen->len; i++)
    g_io_stream_close (self->stolen->pdata[i], NULL, NULL);
  while (self->n_open > 0)
    g_main_context_iteration (NULL, TRUE);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->stolen);
  g_hash_table_unref (self->connections);
  g_queue_clear_full (&self->answers, answer_free);
  g_free (self->address);
  g_free (self);
}

static Answer *
add_answer (RelaisTestServer *self,
            guint             status,
            const char       *headers,
            GBytes           *body)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->status = status;
  answer->headers = g_strdup (headers);
  answer->body = g_bytes_ref (body);
  g_queue_push_tail (&self->answers, answer);

  return answer;
}

/*
 * relais_test_server_answer:
 * @status: of the answer
 * @headers: (nullable): of the answer, one a line; NULL: JSON
 * @body: of the answer
 *
 * Says what to answer to the next request that has no answer yet.
 */
void
relais_test_server_answer (RelaisTestServer *self,
                           guint             status,
                           const char       *headers,
                           const char       *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  add_answer (self, status, headers, bytes);
}

/*
 * relais_test_server_answer_bytes:
 *
 * As relais_test_server_answer(), for a body that is no text.
 */
void
relais_test_server_answer_bytes (RelaisTestServer *self,
                                 guint             status,
                                 const char       *headers,
                                 GBytes           *body)
{
  add_answer (self, status, headers, body);
}

/*
 * relais_test_server_fault:
 * @fault: what goes wrong
 *
 * As relais_test_server_answer(), but there is no answer worth the name.
 */
void
relais_test_server_fault (RelaisTestServer *self,
                          RelaisTestFault   fault)
{
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);

  add_answer (self, 200, NULL, empty)->fault = fault;
}

/*
 * relais_test_server_set_handler:
 * @handler: (nullable): makes the answers when no other is left
 * @user_data: for @handler
 */
void
relais_test_server_set_handler (RelaisTestServer  *self,
                                RelaisTestHandler  handler,
                                gpointer           user_data)
{
  self->handler = handler;
  self->handler_data = user_data;
}

/*
 * relais_test_server_get:
 * @at: counted from 0
 *
 * Returns: (transfer none): a request, which must have been made
 */
RelaisTestRequest *
relais_test_server_get (RelaisTestServer *self,
                        guint             at)
{
  g_assert_cmpuint (at, <, self->requests->len);

  return g_ptr_array_index (self->requests, at);
}
