/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "witness.h"

#include <string.h>

/* Stands in a column of the segment that is not matched. */
#define UNMATCHED "secret"

#define BEAT 20  /* milliseconds */

static gboolean
beat_cb (gpointer user_data)
{
  RelaisMatrixWitness *self = user_data;
  gint64 now = g_get_monotonic_time ();

  self->longest_lag = MAX (self->longest_lag, now - self->beat_due);
  self->beat_due = now + BEAT * 1000;

  return G_SOURCE_CONTINUE;
}

/* The other host */

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  RelaisMatrixWitness *self = user_data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return;
  g_string_append_len (self->elsewhere, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_input_stream_read_bytes_async (G_INPUT_STREAM (object), 4096, G_PRIORITY_DEFAULT, NULL, read_cb, self);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  RelaisMatrixWitness *self = user_data;

  self->n_elsewhere++;
  g_ptr_array_add (self->connections, g_object_ref (connection));
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 4096, G_PRIORITY_DEFAULT, NULL, read_cb, self);

  return TRUE;
}

/* The account */

static RelaisMatrixRequest *
get_request (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), "relais-matrix-request");
}

/* A connection that was there before the certificate changed goes on. */
static void
note_connection (RelaisMatrixWitness *self,
                 SoupServerMessage   *message)
{
  GSocketAddress *other = soup_server_message_get_remote_address (message);
  gpointer port = GUINT_TO_POINTER (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (other)));

  if (g_hash_table_contains (self->ports, port))
    return;
  g_hash_table_add (self->ports, port);
  self->n_distrusted += self->distrusts;
}

static void
got_headers_cb (SoupServerMessage *message,
                gpointer           user_data)
{
  RelaisMatrixWitness *self = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  const char *path = g_uri_get_path (uri);
  g_autoptr (GHashTable) query = g_uri_get_query (uri) != NULL ? soup_form_decode (g_uri_get_query (uri)) : NULL;
  RelaisMatrixRequest *request = g_new0 (RelaisMatrixRequest, 1);

  request->time = g_get_monotonic_time ();
  request->what = relais_asked_of (soup_server_message_get_method (message),
                                   g_str_has_prefix (path, "/api/3/") ? path + strlen ("/api/3/") : path, query);
  g_ptr_array_add (self->requests, request);
  g_object_set_data (G_OBJECT (message), "relais-matrix-request", request);
  note_connection (self, message);
  self->n_asked[request->what]++;
  if (self->hook != NULL)
    self->hook (message, request->what, self->n_asked[request->what], self->hook_data);
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;

  return n;
}

static void
request_read_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  RelaisMatrixWitness *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  get_request (message)->n_contacts = count (text, "\"email\":");
  if (self->leaked == NULL && strstr (text, UNMATCHED) != NULL)
    self->leaked = g_steal_pointer (&text);
}

/* An answer that means too many, without saying for how long: limits are for a second here. */
static gboolean
is_refused_for_rate (SoupServerMessage *message)
{
  guint status = soup_server_message_get_status (message);
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_response_body (message));
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));

  return status == 429 || (status == 400 && strstr (text, "Rate limit") != NULL);
}

static void
request_finished_cb (SoupServer        *server,
                     SoupServerMessage *message,
                     gpointer           user_data)
{
  RelaisMatrixWitness *self = user_data;
  const char *wait = soup_message_headers_get_one (soup_server_message_get_response_headers (message), "Retry-After");
  RelaisMatrixRequest *request = get_request (message);
  gint64 now = g_get_monotonic_time ();
  RelaisMatrixPause pause = { .from = now };
  guint64 seconds = 0;

  if (request == NULL)
    return;
  request->answered = soup_server_message_get_status (message) != 0;
  if (wait != NULL)
    g_ascii_string_to_unsigned (wait, 10, 0, 3600, &seconds, NULL);
  else if (is_refused_for_rate (message))
    {
      seconds = 1;
      pause.imports = request->what == RELAIS_ASKED_IMPORT;
    }
  pause.until = now + (gint64) seconds * G_USEC_PER_SEC;
  if (seconds > 0)
    g_array_append_val (self->pauses, pause);
}

static void
request_started_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    gpointer           user_data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers_cb), user_data);
}

/*
 * relais_matrix_witness_watch:
 * @server: of the account
 *
 * Sees from now on what reaches it.
 */
void
relais_matrix_witness_watch (RelaisMatrixWitness *self,
                             SoupServer          *server)
{
  g_signal_connect (server, "request-started", G_CALLBACK (request_started_cb), self);
  g_signal_connect (server, "request-read", G_CALLBACK (request_read_cb), self);
  g_signal_connect (server, "request-finished", G_CALLBACK (request_finished_cb), self);
}

/*
 * relais_matrix_witness_new:
 *
 * Returns: (transfer full): a witness at another host, to which nobody has any reason to come
 */
RelaisMatrixWitness *
relais_matrix_witness_new (void)
{
  RelaisMatrixWitness *self = g_new0 (RelaisMatrixWitness, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->beat_due = g_get_monotonic_time () + BEAT * 1000;
  self->beat = g_timeout_add (BEAT, beat_cb, self);
  self->ports = g_hash_table_new (NULL, NULL);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->pauses = g_array_new (FALSE, FALSE, sizeof (RelaisMatrixPause));
  self->elsewhere = g_string_new (NULL);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->other_host = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->other_host), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &bound, &error);
  g_assert_no_error (error);
  self->address = g_strdup_printf ("http://127.0.0.1:%u/login", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_signal_connect (self->other_host, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_service_start (self->other_host);

  return self;
}

/*
 * relais_matrix_witness_free:
 * @self: (transfer full): whose account is gone
 */
void
relais_matrix_witness_free (RelaisMatrixWitness *self)
{
  g_source_remove (self->beat);
  g_socket_service_stop (self->other_host);
  g_object_unref (self->other_host);
  g_ptr_array_unref (self->connections);
  g_hash_table_unref (self->ports);
  g_ptr_array_unref (self->requests);
  g_array_unref (self->pauses);
  g_string_free (self->elsewhere, TRUE);
  g_free (self->leaked);
  g_free (self->address);
  g_free (self);
}
