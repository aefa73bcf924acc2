/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ActiveCampaign has no single form for its errors. What is told apart here
 * was documented at developers.activecampaign.com/reference, recorded from real accounts, or
 * reported by other integrations; each form has a row in the tests. */

#include "relais-answer.h"

#include "relais-error.h"
#include "relais-json-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_DEPTH   32
#define MAX_DETAIL  300

/* Text of the service in a sentence of ours: one line, and not endless. */
static char *
tidy (const char *text)
{
  g_autoptr (GString) tidied = g_string_new (NULL);

  for (const char *at = text; *at != '\0' && tidied->len < MAX_DETAIL; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          if (tidied->len > 0 && tidied->str[tidied->len - 1] != ' ')
            g_string_append_c (tidied, ' ');
        }
      else
        g_string_append_unichar (tidied, c);
    }

  return g_strchomp (g_string_free (g_steal_pointer (&tidied), FALSE));
}

/* JSON, in whatever spelling */

static JsonNode *
get_member (JsonObject *object,
            const char *name)
{
  JsonObjectIter iter;
  const char *found;
  JsonNode *node;

  if (json_object_has_member (object, name))
    return json_object_get_member (object, name);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &found, &node))
    if (g_ascii_strcasecmp (found, name) == 0)
      return node;

  return NULL;
}

static const char *
get_text (JsonObject *object,
          const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* Returns: (nullable): the JSON object that the body is */
static JsonNode *
parse (GBytes *body)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  JsonNode *root;

  if (length == 0 || !g_utf8_validate (text, length, NULL) ||
      relais_json_check (text, length, MAX_DEPTH, NULL) != RELAIS_JSON_SOUND ||
      !json_parser_load_from_data (parser, text, length, NULL))
    return NULL;
  root = json_parser_get_root (parser);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_ref (root) : NULL;
}

static gboolean
is_html (GBytes *body)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  gsize at = 0;

  while (at < length && g_ascii_isspace (text[at]))
    at++;

  return at < length && text[at] == '<';
}

/* What the service says is wrong, in its own words */

static void
collect_errors (JsonArray *errors,
                GString   *into)
{
  for (guint i = 0; i < json_array_get_length (errors); i++)
    {
      JsonNode *node = json_array_get_element (errors, i);
      const char *title = NULL, *detail = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          JsonObject *error = json_node_get_object (node);

          detail = get_text (error, "detail");
          title = detail != NULL && *detail != '\0' ? detail : get_text (error, "title");
        }
      else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        title = json_node_get_string (node);
      if (title != NULL && *title != '\0')
        g_string_append_printf (into, "%s%s", into->len > 0 ? "; " : "", title);
    }
}

static void
collect_reasons (JsonArray *reasons,
                 GString   *into,
                 GArray    *bad_contacts)
{
  for (guint i = 0; i < json_array_get_length (reasons); i++)
    {
      JsonNode *node = json_array_get_element (reasons, i);
      const char *reason = NULL;

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        reason = json_node_get_string (node);
      else if (JSON_NODE_HOLDS_OBJECT (node))
        {
          JsonNode *contact = get_member (json_node_get_object (node), "contact");

          reason = get_text (json_node_get_object (node), "failureReason");
          if (contact != NULL && JSON_NODE_HOLDS_VALUE (contact))
            {
              gint64 position = json_node_get_value_type (contact) == G_TYPE_STRING
                                ? g_ascii_strtoll (json_node_get_string (contact), NULL, 10) : json_node_get_int (contact);

              if (position >= 0 && position <= G_MAXUINT)
                {
                  guint value = (guint) position;

                  g_array_append_val (bad_contacts, value);
                }
            }
        }
      /* More is not shown, and looking for repetitions in all of it would take longer and longer. */
      if (reason != NULL && into->len < MAX_DETAIL && strstr (into->str, reason) == NULL)
        g_string_append_printf (into, "%s%s", into->len > 0 ? "; " : "", reason);
    }
}

/* Returns: (transfer full): the service's words; "" when it has none */
static char *
collect_words (JsonNode *root,
               GArray   *bad_contacts)
{
  g_autoptr (GString) words = g_string_new (NULL);
  JsonObject *object;
  JsonArray *reasons, *errors;
  const char *text;

  if (root == NULL)
    return g_strdup ("");
  object = json_node_get_object (root);
  reasons = get_array (object, "failureReasons");
  errors = get_array (object, "errors");
  if (reasons != NULL)
    collect_reasons (reasons, words, bad_contacts);
  if (words->len == 0 && errors != NULL)
    collect_errors (errors, words);
  if (words->len == 0 && (text = get_text (object, "errors")) != NULL)
    g_string_append (words, text);
  if (words->len == 0 && (text = get_text (object, "message")) != NULL)
    g_string_append (words, text);

  return tidy (words->str);
}

/* Headers */

static int
read_seconds (const char *value)
{
  guint64 seconds;
  g_autoptr (GDateTime) date = NULL;

  if (value == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (value, 10, 0, 24 * 60 * 60, &seconds, NULL))
    return (int) seconds;
  date = soup_date_time_new_from_http_string (value);
  if (date != NULL)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
      gint64 difference = g_date_time_difference (date, now) / G_USEC_PER_SEC;

      return (int) CLAMP (difference, 0, 24 * 60 * 60);
    }

  return -1;
}

static void
read_hint (SoupMessageHeaders *headers,
           RelaisPaceHint     *hint)
{
  guint64 remaining;
  const char *value = headers != NULL ? soup_message_headers_get_one (headers, "RateLimit-Remaining") : NULL;

  hint->throttled = FALSE;
  hint->retry_after = headers != NULL ? read_seconds (soup_message_headers_get_one (headers, "Retry-After")) : -1;
  hint->remaining = value != NULL && g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &remaining, NULL) ? (int) remaining : -1;
}

/* Judgement */

static void
set_error (RelaisAnswer *answer,
           RelaisError   code,
           const char   *sentence)
{
  g_set_error_literal (&answer->error, RELAIS_ERROR, code, sentence);
}

/* Adds the service's own words, which are English whatever the person's language. */
static void
set_error_with_words (RelaisAnswer *answer,
                      RelaisError   code,
                      const char   *sentence,
                      const char   *words)
{
  g_autofree char *message = NULL;

  if (words[0] != '\0')
    {
      /* Translators: the first %s is a sentence, the second what ActiveCampaign wrote, which is in English. */
      message = g_strdup_printf (_("%s ActiveCampaign says: “%s”"), sentence, words);
      sentence = message;
    }
  set_error (answer, code, sentence);
}

static void
throttled (RelaisAnswer *answer)
{
  answer->hint.throttled = TRUE;
  set_error (answer, RELAIS_ERROR_THROTTLED,
             _("The account receives too many requests at the moment. Relais waits and tries again by itself."));
}

static void
key_refused (RelaisAnswer *answer)
{
  set_error (answer, RELAIS_ERROR_REFUSED,
             _("ActiveCampaign does not accept the API key. Copy it again from Settings, Developer in the account, and check that the host name belongs to the same account."));
}

static void
judge_forbidden (RelaisAnswer *answer,
                 JsonNode     *root,
                 const char   *words)
{
  JsonArray *errors = root != NULL ? get_array (json_node_get_object (root), "errors") : NULL;

  /* "You do not have permission to …" comes as a list of errors, or as a
   * message; "Forbidden" alone, or nothing, is what a wrong key gets. */
  if ((errors != NULL && json_array_get_length (errors) > 0) || strstr (words, "permission") != NULL)
    set_error_with_words (answer, RELAIS_ERROR_NOT_ALLOWED,
                          _("The user this API key belongs to may not do this in ActiveCampaign. Ask an administrator of the account for the right, or use another user’s key."),
                          words);
  else
    key_refused (answer);
}

static gboolean
is_rate_limit (const char *words)
{
  g_autofree char *folded = g_ascii_strdown (words, -1);

  return strstr (folded, "rate limit") != NULL || strstr (folded, "may be requested per minute") != NULL;
}

static void
judge_failure (RelaisAnswer      *answer,
               JsonNode          *root,
               const char        *words,
               RelaisRequestKind  kind)
{
  if (answer->status == 429 || (answer->status == 503 && answer->hint.retry_after >= 0) ||
      (answer->status == 400 && root != NULL && (is_rate_limit (words) || is_rate_limit (get_text (json_node_get_object (root), "message") != NULL
                                                                                         ? get_text (json_node_get_object (root), "message") : ""))))
    throttled (answer);
  else if (answer->status >= 300 && answer->status < 400)
    set_error (answer, RELAIS_ERROR_WRONG_HOST,
               _("This host sends visitors elsewhere, so it is not the account’s REST endpoint. Check the host name under Settings, Developer in the account. The API key was not sent on."));
  else if (answer->status == 401)
    key_refused (answer);
  else if (answer->status == 402)
    set_error (answer, RELAIS_ERROR_UNPAID,
               _("ActiveCampaign has closed the account because of a payment issue. Once that is settled there, try again."));
  else if (answer->status == 403)
    judge_forbidden (answer, root, words);
  else if (answer->status == 404 && root == NULL)
    set_error (answer, RELAIS_ERROR_WRONG_HOST, _("This host is not an ActiveCampaign account. Check the host name under Settings, Developer in the account."));
  else if (answer->status == 404)
    set_error_with_words (answer, RELAIS_ERROR_NOT_FOUND, _("ActiveCampaign does not know what was asked for."), words);
  else if (answer->status == 408 || answer->status == 425)
    set_error (answer, RELAIS_ERROR_UNAVAILABLE, _("ActiveCampaign took too long to answer. Relais tries again by itself."));
  else if (answer->status >= 500)
    set_error (answer, RELAIS_ERROR_UNAVAILABLE, _("ActiveCampaign has a fault of its own at the moment. Relais tries again by itself."));
  else
    set_error_with_words (answer, RELAIS_ERROR_INVALID, _("ActiveCampaign refused what was sent."), words);
}

/* A success that is one: a JSON object, and for an import one that names its batch. */
static void
judge_success (RelaisAnswer      *answer,
               JsonNode          *root,
               GBytes            *body,
               const char        *words,
               RelaisRequestKind  kind)
{
  if (root == NULL && is_html (body))
    {
      /* A key that is not accepted gets the login page, with status 200. */
      key_refused (answer);
      return;
    }
  if (root == NULL)
    {
      set_error (answer, RELAIS_ERROR_REPLY, _("The answer of ActiveCampaign was cut short or is not readable."));
      return;
    }
  if (kind != RELAIS_REQUEST_ORDINARY && get_text (json_node_get_object (root), "batchId") == NULL)
    {
      if (get_array (json_node_get_object (root), "failureReasons") != NULL)
        set_error_with_words (answer, is_rate_limit (words) ? RELAIS_ERROR_THROTTLED : RELAIS_ERROR_INVALID,
                              _("ActiveCampaign refused what was sent."), words);
      else
        set_error (answer, RELAIS_ERROR_REPLY, _("ActiveCampaign answered, but did not say whether it took the contacts."));
      return;
    }
  answer->root = json_node_ref (root);
}

/**
 * relais_answer_judge:
 * @status: HTTP status
 * @headers: (nullable): of the answer
 * @body: its content
 * @kind: of the request
 *
 * Returns: (transfer full): what it means
 */
RelaisAnswer *
relais_answer_judge (guint               status,
                     SoupMessageHeaders *headers,
                     GBytes             *body,
                     RelaisRequestKind   kind)
{
  RelaisAnswer *answer = g_new0 (RelaisAnswer, 1);
  g_autoptr (JsonNode) root = parse (body);
  g_autofree char *words = NULL;

  answer->status = status;
  answer->bad_contacts = g_array_new (FALSE, FALSE, sizeof (guint));
  read_hint (headers, &answer->hint);
  words = collect_words (root, answer->bad_contacts);
  if (status >= 200 && status < 300)
    judge_success (answer, root, body, words, kind);
  else
    judge_failure (answer, root, words, kind);
  answer->hint.throttled = g_error_matches (answer->error, RELAIS_ERROR, RELAIS_ERROR_THROTTLED);

  return answer;
}

static gboolean
is_not_connected (const GError *transport)
{
  return g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED);
}

/**
 * relais_answer_transport:
 * @transport: why no answer came
 * @tls_errors: what is wrong with the host's certificate
 * @was_sent: whether the request may have reached the service
 *
 * Returns: (transfer full): what that means
 */
RelaisAnswer *
relais_answer_transport (const GError         *transport,
                         GTlsCertificateFlags  tls_errors,
                         gboolean              was_sent)
{
  RelaisAnswer *answer = g_new0 (RelaisAnswer, 1);

  answer->hint = (RelaisPaceHint) { FALSE, -1, -1 };
  if (g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    answer->error = g_error_copy (transport);
  else if (transport->domain == G_TLS_ERROR || tls_errors != 0)
    set_error (answer, RELAIS_ERROR_TLS,
               _("The connection to this host is not secure: its certificate is not trusted. Nothing was sent. Check the host name, and ask your IT colleague whether a proxy stands in between."));
  else if (transport->domain == G_RESOLVER_ERROR)
    set_error (answer, RELAIS_ERROR_NAME_NOT_FOUND,
               _("There is no host of this name, or the network does not tell names at the moment. Check the host name and the network."));
  else if (g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    set_error (answer, RELAIS_ERROR_OFFLINE, _("There is no network at the moment. Relais goes on when it is back."));
  else if (is_not_connected (transport) || !was_sent)
    set_error (answer, RELAIS_ERROR_UNREACHABLE, _("The host cannot be reached at the moment. Check the host name and the network."));
  else
    set_error (answer, RELAIS_ERROR_CUT, _("The connection to ActiveCampaign broke before it answered."));

  return answer;
}

/**
 * relais_answer_free:
 * @answer: (transfer full) (nullable):
 */
void
relais_answer_free (RelaisAnswer *answer)
{
  if (answer == NULL)
    return;

  g_clear_pointer (&answer->root, json_node_unref);
  g_clear_pointer (&answer->bad_contacts, g_array_unref);
  g_clear_error (&answer->error);
  g_free (answer);
}
