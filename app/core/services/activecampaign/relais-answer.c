/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ActiveCampaign has no single form for its errors. What is told apart here
 * was documented at developers.activecampaign.com/reference, recorded from real accounts, or
 * reported by other integrations; each form has a row in the tests. */

#include "relais-answer.h"

#include "relais-answer-private.h"
#include "relais-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SECONDS  (24 * 60 * 60)

/* A moment stands in an answer beside what time it is there: this computer's clock may be wrong. */
static int
read_seconds (SoupMessageHeaders *headers)
{
  const char *value = soup_message_headers_get_one (headers, "Retry-After");
  const char *told = soup_message_headers_get_one (headers, "Date");
  guint64 seconds;
  g_autoptr (GDateTime) date = NULL;

  if (value == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &seconds, NULL))
    return (int) MIN (seconds, MAX_SECONDS);
  date = soup_date_time_new_from_http_string (value);
  if (date != NULL)
    {
      g_autoptr (GDateTime) there = told != NULL ? soup_date_time_new_from_http_string (told) : NULL;
      g_autoptr (GDateTime) now = there != NULL ? g_steal_pointer (&there) : g_date_time_new_now_utc ();
      /* Rather a second late than early */
      gint64 difference = g_date_time_difference (date, now) / G_USEC_PER_SEC + 1;

      return (int) CLAMP (difference, 0, MAX_SECONDS);
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
  hint->retry_after = headers != NULL ? read_seconds (headers) : -1;
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

static gboolean
mentions (const char *words,
          const char *needle)
{
  g_autofree char *folded = g_ascii_strdown (words, -1);

  return strstr (folded, needle) != NULL;
}

static gboolean
has_errors (JsonNode *root)
{
  JsonNode *errors = root != NULL ? relais_answer_get_member (json_node_get_object (root), "errors") : NULL;

  return errors != NULL && JSON_NODE_HOLDS_ARRAY (errors) && json_array_get_length (json_node_get_array (errors)) > 0;
}

static void
judge_forbidden (RelaisAnswer *answer,
                 JsonNode     *root,
                 const char   *words)
{
  /* "You do not have permission to …" comes as a list of errors, or as a
   * message; "Forbidden" alone, or nothing, is what a wrong key gets. */
  if (has_errors (root) || mentions (words, "permission"))
    set_error_with_words (answer, RELAIS_ERROR_NOT_ALLOWED,
                          _("The user this API key belongs to may not do this in ActiveCampaign. Ask an administrator of the account for the right, or use another user’s key."),
                          words);
  else
    key_refused (answer);
}

/* The importer refuses for the rate with status 400. Its message says so, and its reasons say which rate. */
static gboolean
is_rate_limit (JsonNode   *root,
               const char *words)
{
  JsonNode *message = root != NULL ? relais_answer_get_member (json_node_get_object (root), "message") : NULL;
  const char *text = relais_answer_get_string (message);

  return mentions (words, "rate limit") || mentions (words, "may be requested per minute") ||
         (text != NULL && mentions (text, "rate limit"));
}

static void
unavailable (RelaisAnswer *answer)
{
  set_error (answer, RELAIS_ERROR_UNAVAILABLE, _("ActiveCampaign has a fault of its own at the moment. Relais tries again by itself."));
}

/* The limit used to answer so, but what stands in front of the service does too, whatever became
 * of the request behind it. Either way the time to wait holds; an import may have been queued. */
static void
judge_busy (RelaisAnswer      *answer,
            RelaisRequestKind  kind)
{
  if (kind == RELAIS_REQUEST_ORDINARY)
    throttled (answer);
  else
    {
      answer->hint.throttled = TRUE;
      unavailable (answer);
    }
}

static void
judge_failure (RelaisAnswer      *answer,
               JsonNode          *root,
               const char        *words,
               RelaisRequestKind  kind)
{
  if (answer->status == 429 || (answer->status == 400 && is_rate_limit (root, words)))
    throttled (answer);
  else if (answer->status == 503 && answer->hint.retry_after >= 0)
    judge_busy (answer, kind);
  else if (answer->status >= 300 && answer->status < 400)
    set_error (answer, RELAIS_ERROR_WRONG_HOST,
               _("This host sends visitors elsewhere, so it is not the account’s REST endpoint. Check the host name under Settings, Developer in the account. The API key was not sent on."));
  else if (answer->status == 401)
    key_refused (answer);
  else if (answer->status == 402)
    set_error (answer, RELAIS_ERROR_UNPAID,
               _("ActiveCampaign refuses what this account asks for because of a payment issue. Once that is settled there, try again."));
  else if (answer->status == 403)
    judge_forbidden (answer, root, words);
  else if (answer->status == 404 && root == NULL)
    set_error (answer, RELAIS_ERROR_WRONG_HOST, _("This host is not an ActiveCampaign account. Check the host name under Settings, Developer in the account."));
  else if (answer->status == 404)
    set_error_with_words (answer, RELAIS_ERROR_NOT_FOUND, _("ActiveCampaign does not know what was asked for."), words);
  else if (answer->status == 407)
    set_error (answer, RELAIS_ERROR_UNREACHABLE, relais_answer_get_proxy_sentence ());
  else if (answer->status == 408 || answer->status == 425)
    set_error (answer, RELAIS_ERROR_UNAVAILABLE, _("ActiveCampaign took too long to answer. Relais tries again by itself."));
  else if (answer->status >= 500)
    unavailable (answer);
  else
    set_error_with_words (answer, RELAIS_ERROR_INVALID, _("ActiveCampaign refused what was sent."), words);
}

/* Whether the importer took the contacts: it did when it names a batch. Its
 * `success` is no count, but 0 when it refuses. */
static void
judge_import (RelaisAnswer *answer,
              JsonNode     *root,
              const char   *words)
{
  g_autofree char *batch_id = relais_answer_get_batch_id (root);
  JsonNode *success;

  if (batch_id != NULL)
    {
      answer->root = json_node_ref (root);
      return;
    }
  success = relais_answer_get_member (json_node_get_object (root), "success");
  if (is_rate_limit (root, words))
    throttled (answer);
  else if (relais_answer_get_member (json_node_get_object (root), "failureReasons") != NULL ||
           (success != NULL && relais_answer_is_zero (success)))
    set_error_with_words (answer, RELAIS_ERROR_INVALID, _("ActiveCampaign refused what was sent."), words);
  else
    set_error (answer, RELAIS_ERROR_REPLY, _("ActiveCampaign answered, but did not say whether it took the contacts."));
}

/* A success that is one: a JSON object, and for an import one that names its batch. */
static void
judge_success (RelaisAnswer      *answer,
               JsonNode          *root,
               GBytes            *body,
               const char        *words,
               RelaisRequestKind  kind)
{
  /* A key that is not accepted gets the login page, with status 200. */
  if (root == NULL && relais_answer_is_page (body))
    key_refused (answer);
  else if (root == NULL)
    set_error (answer, RELAIS_ERROR_REPLY, _("The answer of ActiveCampaign was cut short or is not readable."));
  else if (kind != RELAIS_REQUEST_ORDINARY)
    judge_import (answer, root, words);
  else
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
  g_autoptr (JsonNode) root = relais_answer_parse (body);
  g_autofree char *words = relais_answer_get_words (root);

  answer->status = status;
  read_hint (headers, &answer->hint);
  if (status >= 200 && status < 300)
    judge_success (answer, root, body, words, kind);
  else
    judge_failure (answer, root, words, kind);

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
  g_clear_error (&answer->error);
  g_free (answer);
}
