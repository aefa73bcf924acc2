/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-request.h"

#include "relais-answer.h"
#include "relais-client-private.h"
#include "relais-error.h"
#include "relais-steady-time.h"

#include <glib/gi18n-lib.h>

#define MAX_BODY           (16 * 1024 * 1024)
#define READ_SIZE          (64 * 1024)
#define MAX_THROTTLES      20

/* A request on its way, as the data of its task */
typedef struct
{
  char              *method;       /* (owned) */
  char              *path;         /* (owned): below /api/3/, with its query */
  GBytes            *body;         /* (owned) (nullable) */
  RelaisRequestKind  kind;
  guint              ticket;       /* of the governor, 0 = none */
  SoupMessage       *message;      /* (owned) (nullable) */
  GByteArray        *answer;       /* (owned) */
  GCancellable      *abort;        /* (owned): by the caller or by the deadline */
  gulong             cancelled_handler;
  gulong             starting_handler;
  gulong             began_handler;
  gulong             wrote_handler;
  gulong             restarted_handler;
  guint              deadline;
  gboolean           is_late;
  gboolean           was_begun;    /* its head left for the host */
  gboolean           was_sent;     /* all of it */
  gboolean           may_repeat;
  gboolean           repeated;
  gboolean           is_stale;
  gint64             until;        /* steady time, as the next two: when it is right no more; 0 = it always is */
  gint64             sent_at;      /* before anything of it left, when it was sent last; 0 = not yet */
  gint64             received_at;  /* after the head of its answer came */
  guint              n_throttles;
} Request;

static void enter (GTask *taken);

static void
clear_message (Request *request)
{
  g_clear_handle_id (&request->deadline, g_source_remove);
  if (request->message != NULL)
    {
      g_clear_signal_handler (&request->starting_handler, request->message);
      g_clear_signal_handler (&request->began_handler, request->message);
      g_clear_signal_handler (&request->wrote_handler, request->message);
      g_clear_signal_handler (&request->restarted_handler, request->message);
    }
  g_clear_object (&request->message);
  g_byte_array_set_size (request->answer, 0);
}

static void
free_request (gpointer data)
{
  Request *request = data;

  clear_message (request);
  g_free (request->method);
  g_free (request->path);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_byte_array_unref (request->answer);
  g_object_unref (request->abort);
  g_free (request);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

static void
late_cb (gpointer user_data)
{
  Request *request = user_data;

  request->deadline = 0;
  request->is_late = TRUE;
  g_cancellable_cancel (request->abort);
}

static gboolean
is_stale (const Request *request)
{
  return request->until != 0 && relais_steady_time () > request->until;
}

/* There is a connection now, which may have taken long: nothing has left yet. Where libsoup sends it once more by itself that
 * counts: the answer is to it, and the first one may not have arrived. */
static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  Request *request = user_data;

  if (is_stale (request))
    {
      request->is_stale = TRUE;
      g_cancellable_cancel (request->abort);
      return;
    }
  request->sent_at = relais_steady_time ();
}

static void
wrote_headers_cb (SoupMessage *message,
                  gpointer     user_data)
{
  Request *request = user_data;

  request->was_begun = TRUE;
}

static void
wrote_body_cb (SoupMessage *message,
               gpointer     user_data)
{
  Request *request = user_data;

  request->was_sent = TRUE;
}

/* libsoup sends it once more by itself, because a kept connection was dead. If
 * the first one arrived all the same, the service counts both. */
static void
restarted_cb (SoupMessage *message,
              gpointer     user_data)
{
  GTask *task = user_data;
  RelaisClient *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);

  if (!request->was_sent)
    return;
  request->repeated = TRUE;
  relais_governor_count_repeat (self->governor, request->kind);
}

static void
finish (GTask        *taken,
        RelaisAnswer *answer)
{
  g_autoptr (GTask) task = taken;
  RelaisClient *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  clear_message (request);
  relais_governor_leave (self->governor, request->ticket, answer->status != 0 ? &answer->hint : NULL);
  request->ticket = 0;
  /* What was refused for its rate was not done: it is sent again when the governor says so. */
  if (g_error_matches (answer->error, RELAIS_ERROR, RELAIS_ERROR_THROTTLED) && !request->is_late &&
      request->until == 0 && ++request->n_throttles < MAX_THROTTLES)
    {
      enter (g_steal_pointer (&task));
      return;
    }
  if (cancellable != NULL)
    g_clear_signal_handler (&request->cancelled_handler, cancellable);
  if (answer->error != NULL)
    g_task_return_error (task, g_steal_pointer (&answer->error));
  else
    g_task_return_pointer (task, json_node_ref (answer->root), (GDestroyNotify) json_node_unref);
}

static void
fail (GTask        *taken,
      const GError *transport)
{
  Request *request = g_task_get_task_data (taken);
  g_autoptr (GError) late = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
  g_autoptr (RelaisAnswer) answer =
    relais_answer_transport (request->is_late ? late : transport,
                             request->message != NULL ? soup_message_get_tls_peer_certificate_errors (request->message) : 0,
                             request->was_sent);

  finish (taken, answer);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  RelaisClient *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (RelaisAnswer) answer = NULL;

  if (piece == NULL)
    {
      fail (task, error);
      return;
    }
  if (g_bytes_get_size (piece) > 0 && request->answer->len < MAX_BODY)
    {
      g_byte_array_append (request->answer, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
      g_input_stream_read_bytes_async (G_INPUT_STREAM (object), READ_SIZE, G_PRIORITY_DEFAULT, request->abort, read_cb, task);
      return;
    }
  body = g_bytes_new (request->answer->data, request->answer->len);
  answer = relais_answer_judge (soup_message_get_status (request->message),
                                soup_message_get_response_headers (request->message), body, request->kind);
  /* What is no success may be by somebody in between. */
  if (answer->root != NULL)
    relais_account_clock_learn (self->clock, soup_message_get_response_headers (request->message), request->sent_at, request->received_at);
  finish (task, answer);
}

/* libsoup hands on what a proxy says instead of letting through as if the host had said it. */
static void
fail_at_proxy (GTask *taken)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, "");

  fail (taken, error);
}

/* Nobody let it in in time, or no connection came about: that is what a refusal for the rate comes to. */
static void
fail_as_stale (GTask *taken)
{
  Request *request = g_task_get_task_data (taken);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (RelaisAnswer) answer = relais_answer_judge (429, NULL, nothing, request->kind);

  answer->status = 0;
  finish (taken, answer);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);

  request->received_at = relais_steady_time ();
  if (request->is_stale)
    fail_as_stale (task);
  else if (stream == NULL)
    fail (task, error);
  else if (!request->was_begun)
    fail_at_proxy (task);
  else
    g_input_stream_read_bytes_async (stream, READ_SIZE, G_PRIORITY_DEFAULT, request->abort, read_cb, task);
}

/* Returns: (transfer full) (nullable): nothing when the host is none: hosts are read
 * before they are stored, but a database can be damaged */
static SoupMessage *
make_message (RelaisClient *self,
              Request      *request)
{
  g_autofree char *address = g_strdup_printf ("%s://%s/api/3/%s", self->practice ? "http" : "https", self->host, request->path);
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  SoupMessage *message;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  message = soup_message_new_from_uri (request->method, uri);
  /* Without the second flag a POST opens a connection for itself each time, with it it
   * shares one, and may be sent once more when that turns out dead. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | (request->may_repeat ? SOUP_MESSAGE_IDEMPOTENT : 0));
  soup_message_headers_replace (soup_message_get_request_headers (message), "Api-Token", relais_key_peek (self->key));
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "application/json");
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", request->body);

  return message;
}

static void
entered_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  RelaisClient *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  request->ticket = relais_governor_enter_finish (self->governor, result, &error);
  if (request->ticket == 0)
    {
      if (cancellable != NULL)
        g_clear_signal_handler (&request->cancelled_handler, cancellable);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (is_stale (request))
    {
      fail_as_stale (task);
      return;
    }
  request->message = make_message (self, request);
  if (request->message == NULL)
    {
      g_autoptr (GError) no_host = g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "");

      fail (task, no_host);
      return;
    }
  request->starting_handler = g_signal_connect (request->message, "starting", G_CALLBACK (starting_cb), request);
  request->began_handler = g_signal_connect (request->message, "wrote-headers", G_CALLBACK (wrote_headers_cb), request);
  request->wrote_handler = g_signal_connect (request->message, "wrote-body", G_CALLBACK (wrote_body_cb), request);
  request->restarted_handler = g_signal_connect (request->message, "restarted", G_CALLBACK (restarted_cb), task);
  request->deadline = g_timeout_add_once (self->deadline, late_cb, request);
  soup_session_send_async (self->session, request->message, G_PRIORITY_DEFAULT, request->abort, sent_cb, task);
}

static void
enter (GTask *taken)
{
  RelaisClient *self = g_task_get_source_object (taken);
  Request *request = g_task_get_task_data (taken);

  request->was_begun = FALSE;
  request->was_sent = FALSE;
  request->sent_at = 0;
  relais_governor_enter_async (self->governor, request->kind, request->abort, entered_cb, taken);
}

/**
 * relais_client_ask_async:
 * @self: the client
 * @method: HTTP method
 * @path: below /api/3/, with its query
 * @body: (nullable): JSON
 * @kind: for the pace
 * @may_repeat: whether it may be sent once more when nobody knows whether it arrived the first time
 * @until: how long it is right, of relais_steady_time(): it does not leave later, and is not sent again after a refusal for its
 *   rate either, which is what waiting longer comes to; 0 where it always is
 * @cancellable: (nullable):
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
relais_client_ask_async (RelaisClient        *self,
                         const char          *method,
                         const char          *path,
                         GBytes              *body,
                         RelaisRequestKind    kind,
                         gboolean             may_repeat,
                         gint64               until,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, relais_client_ask_async);
  /* An answer that came is told, also when nobody waits for it any more: an import that was accepted was accepted. */
  g_task_set_check_cancellable (task, FALSE);
  request->method = g_strdup (method);
  request->path = g_strdup (path);
  request->body = body != NULL ? g_bytes_ref (body) : NULL;
  request->kind = kind;
  request->may_repeat = may_repeat;
  request->until = until;
  request->answer = g_byte_array_new ();
  request->abort = g_cancellable_new ();
  g_task_set_task_data (task, request, free_request);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  if (cancellable != NULL)
    request->cancelled_handler = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), request->abort);
  enter (task);
}

/**
 * relais_client_ask_finish:
 * @self: the client
 * @result: of relais_client_ask_async()
 * @repeated: (out) (optional): whether it was sent once more without an answer to the first time
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the JSON object of a success
 */
JsonNode *
relais_client_ask_finish (RelaisClient  *self,
                          GAsyncResult  *result,
                          gboolean      *repeated,
                          GError       **error)
{
  Request *request;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  request = g_task_get_task_data (G_TASK (result));
  if (repeated != NULL)
    *repeated = request->repeated;

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * relais_client_ask_has_left:
 * @result: of relais_client_ask_async()
 *
 * Returns: whether anything of the request that ended so left this computer; one that was
 *   cancelled while it waited for its turn has not, nor has one whose last try was refused for its rate
 */
gboolean
relais_client_ask_has_left (GAsyncResult *result)
{
  const Request *request = g_task_get_task_data (G_TASK (result));

  return request->was_begun;
}

/**
 * relais_client_ask_get_sent_at:
 * @result: of relais_client_ask_async()
 *
 * Returns: a moment of relais_steady_time() before which nothing of the request had left when it was sent last; 0 when it has not
 *   left. What libsoup sends once more by itself counts from then on
 */
gint64
relais_client_ask_get_sent_at (GAsyncResult *result)
{
  const Request *request = g_task_get_task_data (G_TASK (result));

  return request->sent_at;
}

/**
 * relais_client_return_not_understood:
 * @task: of a call
 *
 * Ends a call whose answer is a success, but not the one that is documented.
 */
void
relais_client_return_not_understood (GTask *task)
{
  g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_REPLY,
                           _("ActiveCampaign answered something that Relais does not understand."));
}
