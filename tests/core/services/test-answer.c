/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-answer.h"

#include "relais-error.h"

#include <string.h>

/* Where an answer carries on with JSON, text without a type, or nothing */
#define JSON "Content-Type: application/json\n"
#define TEXT "Content-Type: text/plain\n"
#define HTML "Content-Type: text/html; charset=UTF-8\n"

#define KEY   "52c2943d3b02a8a2ed0f4f4f9a2d1c6a7b8e9f0011223344556677889900aabbccddeeff"
#define LOGIN "<!DOCTYPE html>\n<html><head><title>Login</title></head><body><form></form></body></html>"

static const RelaisRequestKind ASK = RELAIS_REQUEST_ORDINARY;
static const RelaisRequestKind PUT = RELAIS_REQUEST_IMPORT;
static const RelaisRequestKind ONE = RELAIS_REQUEST_IMPORT_SINGLE;

enum { FINE = -1 };

typedef struct
{
  const char               *name;
  const RelaisRequestKind  *kind;
  guint                     status;
  const char               *headers;   /* one a line */
  const char               *body;
  int                       code;      /* FINE, or a RelaisError */
  const char               *words;     /* (nullable): of the service, that the person is told */
} Row;

static RelaisAnswer *
judge_bytes (RelaisRequestKind  kind,
             guint              status,
             const char        *headers,
             const char        *body,
             gsize              length)
{
  SoupMessageHeaders *parsed = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_auto (GStrv) lines = g_strsplit (headers, "\n", -1);
  g_autoptr (GBytes) bytes = g_bytes_new (body, length);
  RelaisAnswer *answer;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      soup_message_headers_append (parsed, lines[i], colon[1] == ' ' ? colon + 2 : colon + 1);
    }
  answer = relais_answer_judge (status, parsed, bytes, kind);
  soup_message_headers_unref (parsed);

  return answer;
}

static RelaisAnswer *
judge (RelaisRequestKind  kind,
       guint              status,
       const char        *headers,
       const char        *body)
{
  return judge_bytes (kind, status, headers, body, strlen (body));
}

/* What a person reads is a sentence of ours: no key, no address, no name of an error domain in it. */
static void
assert_readable (const char *message)
{
  static const char * const never[] = { KEY, "52c2943d", "someone", "@", "quark", "GError", "g-io", "g-tls", "soup", "<html", "\n" };

  g_assert_true (g_utf8_validate (message, -1, NULL));
  g_assert_cmpuint (strlen (message), <, 700);
  g_assert_true (g_unichar_isupper (g_utf8_get_char (message)));
  for (guint i = 0; i < G_N_ELEMENTS (never); i++)
    if (strstr (message, never[i]) != NULL)
      g_error ("“%s” in: %s", never[i], message);
}

static void
assert_means (RelaisAnswer *answer,
              int           code,
              const char   *words)
{
  if (code == FINE)
    {
      g_assert_no_error (answer->error);
      g_assert_nonnull (answer->root);
      return;
    }
  g_assert_error (answer->error, RELAIS_ERROR, code);
  g_assert_null (answer->root);
  /* What is in doubt may still have said when to come back. */
  g_assert_cmpint (answer->hint.throttled, ==, code == RELAIS_ERROR_THROTTLED ||
                                               (answer->status == 503 && answer->hint.retry_after >= 0));
  assert_readable (answer->error->message);
  if (words != NULL && strstr (answer->error->message, words) == NULL)
    g_error ("no “%s” in: %s", words, answer->error->message);
  if (words == NULL)
    g_assert_null (strstr (answer->error->message, "ActiveCampaign says"));
}

static void
test_rows (const Row *rows,
           guint      n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RelaisAnswer) answer = judge (*rows[i].kind, rows[i].status, rows[i].headers, rows[i].body);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
      assert_means (answer, rows[i].code, rows[i].words);
    }
}

static void
test_every_form_of_error_is_read (void)
{
  static const Row rows[] = {
    { "message", &ASK, 404, JSON, "{\"message\":\"No Result found for Subscriber with id 121\"}", RELAIS_ERROR_NOT_FOUND, "No Result found for Subscriber" },
    { "errors of a validation", &ASK, 422, JSON,
      "{\"errors\":[{\"title\":\"Email address already exists in the system\",\"detail\":\"\",\"code\":\"duplicate\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/email\"}}]}",
      RELAIS_ERROR_INVALID, "Email address already exists in the system" },
    { "errors with a detail", &ASK, 422, JSON,
      "{\"errors\":[{\"title\":\"There is already a field with this title\",\"detail\":\"There is already a field named 'Test Title' -- choose another name\",\"code\":\"duplicate\"}]}",
      RELAIS_ERROR_INVALID, "a field named 'Test Title'" },
    { "errors, one without words", &ASK, 422, JSON,
      "{\"errors\":[{\"status\":422,\"title\":\"Missing attribute\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/contact\"}},{\"code\":\"x\"}]}",
      RELAIS_ERROR_INVALID, "“Missing attribute”" },
    { "several errors", &ASK, 422, JSON, "{\"errors\":[{\"title\":\"One\"},{\"title\":\"Two\"},{\"title\":\"One\"}]}", RELAIS_ERROR_INVALID, "“One; Two”" },
    { "errors with a status", &ASK, 403, JSON,
      "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view lists.\"}]}",
      RELAIS_ERROR_NOT_ALLOWED, "You do not have permission to view lists." },
    { "errors with status 404", &ASK, 404, JSON, "{\"errors\":[{\"status\":404,\"title\":\"Not Found\",\"detail\":\"Contact not found\"}]}",
      RELAIS_ERROR_NOT_FOUND, "Contact not found" },
    { "errors with status 400", &ASK, 400, JSON, "{\"errors\":[{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"Contact email must be provided for sync\"}]}",
      RELAIS_ERROR_INVALID, "Contact email must be provided for sync" },
    { "errors that are a text", &ASK, 422, JSON, "{\"errors\":\"Bulk operation failed. Request must contain an array of fieldOption objects.\"}",
      RELAIS_ERROR_INVALID, "Bulk operation failed." },
    { "errors that are texts", &ASK, 422, JSON, "{\"errors\":[\"Field id not valid\"]}", RELAIS_ERROR_INVALID, "Field id not valid" },
    { "importer", &ASK, 400, JSON, "{\"success\":0,\"message\":\"'batchId' is a required field.\"}", RELAIS_ERROR_INVALID, "'batchId' is a required field." },
    { "nothing in it", &ASK, 400, JSON, "{}", RELAIS_ERROR_INVALID, NULL },
    { "no body at all", &ASK, 400, "", "", RELAIS_ERROR_INVALID, NULL },
    { "HTML", &ASK, 400, HTML, "<html><h1>400 Bad Request</h1></html>", RELAIS_ERROR_INVALID, NULL },
    { "errors of no known form", &ASK, 422, JSON, "{\"errors\":{\"a\":[1,null,true]},\"message\":17}", RELAIS_ERROR_INVALID, NULL },
    { "too large", &PUT, 413, HTML, "<html>", RELAIS_ERROR_INVALID, NULL },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_a_key_that_is_not_accepted_is_known_in_every_disguise (void)
{
  static const Row rows[] = {
    { "403 without body and type", &ASK, 403, "", "", RELAIS_ERROR_REFUSED },
    { "403 without body and type, import", &PUT, 403, "", "", RELAIS_ERROR_REFUSED },
    { "403 JSON", &ASK, 403, JSON, "{\"message\":\"Forbidden\"}", RELAIS_ERROR_REFUSED },
    { "403 JSON that calls itself text", &ASK, 403, TEXT, "{\"message\":\"Forbidden\"}", RELAIS_ERROR_REFUSED },
    { "403 JSON without a type", &ASK, 403, "", "{\"message\":\"Forbidden\"}", RELAIS_ERROR_REFUSED },
    { "403 text", &ASK, 403, TEXT, "Forbidden", RELAIS_ERROR_REFUSED },
    { "403 HTML", &ASK, 403, HTML, "<html>no</html>", RELAIS_ERROR_REFUSED },
    { "403 with the key in it", &ASK, 403, JSON, "{\"message\":\"Forbidden: " KEY "\"}", RELAIS_ERROR_REFUSED },
    { "401", &ASK, 401, "", "", RELAIS_ERROR_REFUSED },
    { "401 JSON", &PUT, 401, JSON, "{\"message\":\"Unauthorized\"}", RELAIS_ERROR_REFUSED },
    { "login page with status 200", &ASK, 200, HTML, LOGIN, RELAIS_ERROR_REFUSED },
    { "login page with status 200, import", &PUT, 200, HTML, LOGIN, RELAIS_ERROR_REFUSED },
    { "login page with status 200, one contact", &ONE, 200, HTML, LOGIN, RELAIS_ERROR_REFUSED },
    { "login page that calls itself JSON", &ASK, 200, JSON, " \r\n" LOGIN, RELAIS_ERROR_REFUSED },
    { "login page with a byte-order mark", &ASK, 200, HTML, "\xef\xbb\xbf" LOGIN, RELAIS_ERROR_REFUSED },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_a_missing_right_is_no_wrong_key (void)
{
  static const Row rows[] = {
    { "errors", &ASK, 403, JSON, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view lists.\"}]}", RELAIS_ERROR_NOT_ALLOWED, "to view lists" },
    { "errors as text/plain", &ASK, 403, TEXT, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view lists.\"}]}", RELAIS_ERROR_NOT_ALLOWED, "to view lists" },
    { "errors without a type", &PUT, 403, "", "{\"errors\":[{\"title\":\"Forbidden\"}]}", RELAIS_ERROR_NOT_ALLOWED, "“Forbidden”" },
    { "message", &ASK, 403, JSON, "{\"message\":\"You don't have permission to access this resource\"}", RELAIS_ERROR_NOT_ALLOWED, "access this resource" },
    { "message in other letters", &ASK, 403, JSON, "{\"Message\":\"Permission denied\"}", RELAIS_ERROR_NOT_ALLOWED, "Permission denied" },
    { "no errors in the list of errors", &ASK, 403, JSON, "{\"errors\":[]}", RELAIS_ERROR_REFUSED, NULL },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_other_statuses_have_words_of_their_own (void)
{
  static const Row rows[] = {
    { "payment", &ASK, 402, JSON, "{\"message\":\"Payment required\"}", RELAIS_ERROR_UNPAID },
    { "payment, nothing else", &PUT, 402, "", "", RELAIS_ERROR_UNPAID },
    { "301", &ASK, 301, "Location: https://name.example/", "", RELAIS_ERROR_WRONG_HOST },
    { "302 to a login page", &ASK, 302, "Location: https://www.example/login?someone@example.com", LOGIN, RELAIS_ERROR_WRONG_HOST },
    { "303", &PUT, 303, "Location: /", "", RELAIS_ERROR_WRONG_HOST },
    { "307", &PUT, 307, "Location: https://elsewhere.example/", "{\"success\":1,\"batchId\":\"1\"}", RELAIS_ERROR_WRONG_HOST },
    { "308", &PUT, 308, "", "", RELAIS_ERROR_WRONG_HOST },
    { "304", &ASK, 304, "", "", RELAIS_ERROR_WRONG_HOST },
    { "404 HTML", &ASK, 404, HTML, "<html>404 Not Found</html>", RELAIS_ERROR_WRONG_HOST },
    { "404 empty", &PUT, 404, "", "", RELAIS_ERROR_WRONG_HOST },
    { "404 text", &ASK, 404, TEXT, "404 page not found\n", RELAIS_ERROR_WRONG_HOST },
    { "404 JSON", &ASK, 404, JSON, "{\"message\":\"No Result found for _List with id 7\"}", RELAIS_ERROR_NOT_FOUND, "_List with id 7" },
    { "407", &ASK, 407, "Proxy-Authenticate: Basic", "", RELAIS_ERROR_UNREACHABLE },
    { "408", &PUT, 408, "", "", RELAIS_ERROR_UNAVAILABLE },
    { "425", &PUT, 425, "", "", RELAIS_ERROR_UNAVAILABLE },
    { "500", &PUT, 500, JSON, "{\"message\":\"Internal error\"}", RELAIS_ERROR_UNAVAILABLE },
    { "500 empty", &ASK, 500, "", "", RELAIS_ERROR_UNAVAILABLE },
    { "502", &PUT, 502, HTML, "<html><center>cloudflare</center></html>", RELAIS_ERROR_UNAVAILABLE },
    { "503", &PUT, 503, HTML, "<html></html>", RELAIS_ERROR_UNAVAILABLE },
    { "503 with a time", &PUT, 503, "Retry-After: 1", "", RELAIS_ERROR_UNAVAILABLE },
    { "503 with a time, of one contact", &ONE, 503, "Retry-After: 1", "", RELAIS_ERROR_UNAVAILABLE },
    { "503 with a time that cannot be read", &PUT, 503, "Retry-After: soon", "", RELAIS_ERROR_UNAVAILABLE },
    { "504", &ASK, 504, HTML, "<html>Gateway time-out</html>", RELAIS_ERROR_UNAVAILABLE },
    { "520", &ASK, 520, HTML, "<html></html>", RELAIS_ERROR_UNAVAILABLE },
    { "a fault whose text is one of a limit", &PUT, 500, JSON, "{\"message\":\"Rate limit exceeded.\"}", RELAIS_ERROR_UNAVAILABLE },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_a_limit_is_known_in_every_disguise (void)
{
  static const Row rows[] = {
    { "429", &ASK, 429, "Retry-After: 30", "", RELAIS_ERROR_THROTTLED },
    { "429 without a time", &PUT, 429, HTML, "<html></html>", RELAIS_ERROR_THROTTLED },
    { "503 with a time", &ASK, 503, "Retry-After: 1", "", RELAIS_ERROR_THROTTLED },
    { "the importer's 400", &PUT, 400, JSON,
      "{\"success\":0,\"message\":\"Rate limit exceeded.\",\"failureReasons\":[\"Up to 100 imports may be requested per minute.Please batch contacts into larger requests, or retry this request in a minute.\"]}",
      RELAIS_ERROR_THROTTLED },
    { "without a message", &ONE, 400, JSON, "{\"failureReasons\":[\"Up to 20 imports may be requested per minute.\"]}", RELAIS_ERROR_THROTTLED },
    { "without reasons", &PUT, 400, JSON, "{\"Success\":0,\"Message\":\"RATE LIMIT exceeded\"}", RELAIS_ERROR_THROTTLED },
    { "reasons that are a text", &PUT, 400, JSON, "{\"success\":0,\"failureReasons\":\"Rate limit exceeded.\"}", RELAIS_ERROR_THROTTLED },
    { "with status 200", &PUT, 200, JSON, "{\"success\":0,\"message\":\"Rate limit exceeded.\",\"failureReasons\":[\"Up to 100 imports may be requested per minute.\"]}",
      RELAIS_ERROR_THROTTLED },
    { "with status 200 and no reasons", &PUT, 200, JSON, "{\"success\":0,\"message\":\"Rate limit exceeded.\"}", RELAIS_ERROR_THROTTLED },
    { "another 400", &PUT, 400, JSON, "{\"success\":0,\"message\":\"Rates are limited\",\"failureReasons\":[\"Invalid or unparsable json\"]}", RELAIS_ERROR_INVALID, "unparsable json" },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_an_import_is_accepted_when_it_names_a_batch (void)
{
  static const Row rows[] = {
    { "as documented", &PUT, 200, JSON, "{\"Success\":1,\"queued_contacts\":1,\"batchId\":\"0641fbdd-f62f-4c2c-ba02-3a83d5d11ac9\",\"message\":\"Contact import queued\"}", FINE },
    { "as seen", &PUT, 200, JSON, "{\"success\":1,\"queued_contacts\":1,\"batchId\":\"37fbcf9a-02a7-4f8e-a9ea-6f50b1085e81\",\"message\":\"Contact import queued\"}", FINE },
    { "some are excluded", &PUT, 200, JSON, "{\"success\":5,\"queued_contacts\":2,\"batchId\":\"59f14dbe-a54f-4d84-a3f6-a13849Aa3eb\",\"message\":\"Contact import queued\"}", FINE },
    { "one contact", &ONE, 200, JSON, "{\"success\":1,\"batchId\":\"1\"}", FINE },
    { "created", &PUT, 201, JSON, "{\"success\":1,\"batchId\":\"1\"}", FINE },
    { "in other letters", &PUT, 200, JSON, "{\"SUCCESS\":1,\"BatchID\":\"1\"}", FINE },
    { "a number", &PUT, 200, JSON, "{\"success\":1,\"batchId\":17}", FINE },
    { "with a byte-order mark", &PUT, 200, JSON, "\xef\xbb\xbf{\"success\":1,\"batchId\":\"1\"}", FINE },
    { "with a type of text", &PUT, 200, TEXT, "{\"success\":1,\"batchId\":\"1\"}", FINE },
    { "no batch", &PUT, 200, JSON, "{\"success\":1,\"queued_contacts\":1}", RELAIS_ERROR_REPLY },
    { "an empty batch", &PUT, 200, JSON, "{\"success\":1,\"batchId\":\"\"}", RELAIS_ERROR_REPLY },
    { "a batch that is none", &PUT, 200, JSON, "{\"success\":1,\"batchId\":null}", RELAIS_ERROR_REPLY },
    { "nothing in it", &PUT, 200, JSON, "{}", RELAIS_ERROR_REPLY },
    { "no success", &PUT, 200, JSON, "{\"success\":0,\"message\":\"The import was not queued\"}", RELAIS_ERROR_INVALID, "was not queued" },
    { "no success, written as text", &PUT, 200, JSON, "{\"Success\":\"0\",\"message\":\"The import was not queued\"}", RELAIS_ERROR_INVALID, "was not queued" },
    { "no success, written as a word", &PUT, 200, JSON, "{\"success\":false}", RELAIS_ERROR_INVALID, NULL },
    { "reasons with status 200", &PUT, 200, JSON, "{\"message\":\"no\",\"failureReasons\":[\"Invalid or unparsable json\"]}", RELAIS_ERROR_INVALID, "unparsable json" },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

/* Whether positions count from 0 or from 1 is not known, so they change nothing. */
static void
test_an_importers_reasons_are_read_in_every_form (void)
{
#define REFUSED "{\"success\":0,\"message\":\"JSON payload did not pass validation. Please fix failure Reasons and retry. The import was not queued for processing.\",\"failureReasons\":"
  static const Row rows[] = {
    { "as documented", &PUT, 400, JSON, REFUSED "[{\"contact\":230,\"failureReason\":\"Field‘ email’ incorrect format\"}]}", RELAIS_ERROR_INVALID, "“Field‘ email’ incorrect format”" },
    { "as seen", &PUT, 400, JSON, REFUSED "[{\"contact\":1,\"failureReason\":\"Field 'email' not found\"}]}", RELAIS_ERROR_INVALID, "“Field 'email' not found”" },
    { "from 0", &ONE, 400, JSON, REFUSED "[{\"contact\":0,\"failureReason\":\"Field 'email' not found\"}]}", RELAIS_ERROR_INVALID, "“Field 'email' not found”" },
    { "written as text", &PUT, 400, JSON, REFUSED "[{\"contact\":\"3\",\"failureReason\":\"Field 'email' not found\"}]}", RELAIS_ERROR_INVALID, "“Field 'email' not found”" },
    { "an address in its place", &PUT, 400, JSON, REFUSED "[{\"contact\":\"someone@example.com\",\"failureReason\":\"Not someone@example.com again\"}]}", RELAIS_ERROR_INVALID, "“Not … again”" },
    { "no position", &PUT, 400, JSON, REFUSED "[{\"contact\":null,\"failureReason\":\"One\"},{\"failureReason\":\"Two\"},{\"contact\":[]}]}", RELAIS_ERROR_INVALID, "“One; Two”" },
    { "the same for many", &PUT, 400, JSON, REFUSED "[{\"contact\":1,\"failureReason\":\"One\"},{\"contact\":2,\"failureReason\":\"One\"}]}", RELAIS_ERROR_INVALID, "“One”" },
    { "texts", &PUT, 400, JSON, REFUSED "[\"Invalid or unparsable json\"]}", RELAIS_ERROR_INVALID, "“Invalid or unparsable json”" },
    { "a text", &PUT, 400, JSON, REFUSED "\"Invalid or unparsable json\"}", RELAIS_ERROR_INVALID, "“Invalid or unparsable json”" },
    { "texts and objects", &PUT, 400, JSON, REFUSED "[\"One\",{\"contact\":1,\"failureReason\":\"Two\"},7]}", RELAIS_ERROR_INVALID, "“One; Two”" },
    { "no reasons", &PUT, 400, JSON, REFUSED "[]}", RELAIS_ERROR_INVALID, "JSON payload did not pass validation." },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

/* What is not readable says nothing about whether an import was taken. */
static void
test_an_answer_that_is_not_readable_leaves_it_in_doubt (void)
{
  static const Row rows[] = {
    { "empty", &ASK, 200, JSON, "", RELAIS_ERROR_REPLY },
    { "empty without a type", &PUT, 200, "", "", RELAIS_ERROR_REPLY },
    { "no content", &PUT, 204, "", "", RELAIS_ERROR_REPLY },
    { "blank", &PUT, 200, JSON, " \n", RELAIS_ERROR_REPLY },
    { "a byte-order mark", &PUT, 200, JSON, "\xef\xbb\xbf", RELAIS_ERROR_REPLY },
    { "cut", &PUT, 200, JSON, "{\"success\":1,\"batchId\":\"0641fbdd-f6", RELAIS_ERROR_REPLY },
    { "cut in a string", &ASK, 200, JSON, "{\"lists\":[{\"name\":\"One\\", RELAIS_ERROR_REPLY },
    { "an array", &PUT, 200, JSON, "[{\"success\":1,\"batchId\":\"1\"}]", RELAIS_ERROR_REPLY },
    { "a text", &ASK, 200, JSON, "\"ok\"", RELAIS_ERROR_REPLY },
    { "a number", &ASK, 200, JSON, "1", RELAIS_ERROR_REPLY },
    { "null", &ASK, 200, JSON, "null", RELAIS_ERROR_REPLY },
    { "a word", &PUT, 200, TEXT, "OK", RELAIS_ERROR_REPLY },
    { "two objects", &PUT, 200, JSON, "{\"success\":1,\"batchId\":\"1\"}{\"success\":1}}", RELAIS_ERROR_REPLY },
    { "no UTF-8", &PUT, 200, JSON, "{\"success\":1,\"batchId\":\"1\",\"message\":\"caf\xe9\"}", RELAIS_ERROR_REPLY },
  };

  test_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_bytes_that_no_text_has_are_not_read (void)
{
  static const char body[] = "{\"success\":1,\0\"batchId\":\"1\"}";
  g_autoptr (RelaisAnswer) answer = judge_bytes (RELAIS_REQUEST_IMPORT, 200, JSON, body, sizeof body - 1);

  assert_means (answer, RELAIS_ERROR_REPLY, NULL);
}

static void
test_what_is_nested_without_end_is_not_read (void)
{
  static const char * const openings[] = { "[", "{\"a\":", "[{\"a\":" };

  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autoptr (GString) body = g_string_new ("{\"batchId\":\"1\",\"a\":");
      g_autoptr (RelaisAnswer) answer = NULL;

      for (guint depth = 0; depth < 200000; depth++)
        g_string_append (body, openings[i]);
      answer = judge (RELAIS_REQUEST_IMPORT, 200, JSON, body->str);
      assert_means (answer, RELAIS_ERROR_REPLY, NULL);
    }
}

static void
test_brackets_inside_a_text_are_no_nesting (void)
{
  g_autofree char *brackets = g_strnfill (1000, '[');
  g_autofree char *body = g_strdup_printf ("{\"batchId\":\"1\",\"message\":\"\\\"%s\\\\\"}", brackets);
  g_autoptr (RelaisAnswer) answer = judge (RELAIS_REQUEST_IMPORT, 200, JSON, body);

  assert_means (answer, FINE, NULL);
}

static void
test_an_answer_as_deep_as_answers_are_is_read (void)
{
  g_autoptr (RelaisAnswer) answer =
    judge (RELAIS_REQUEST_ORDINARY, 200, JSON, "{\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]],\"b\":{\"c\":{\"d\":{}}}}");

  assert_means (answer, FINE, NULL);
}

static void
test_the_services_words_are_cut_to_a_sentence (void)
{
  g_autofree char *word = g_strnfill (4 * 1024 * 1024, 'x');
  g_autoptr (GString) sentence = g_string_new (NULL);
  g_autoptr (GString) body = g_string_new (NULL);

  g_string_printf (body, "{\"message\":\"%s\"}", word);
  {
    g_autoptr (RelaisAnswer) answer = judge (RELAIS_REQUEST_ORDINARY, 422, JSON, body->str);

    assert_means (answer, RELAIS_ERROR_INVALID, "xxx…”");
  }
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (sentence, "%s ", i % 2 ? "Größe" : "kœur");
  g_string_printf (body, "{\"message\":\"%s\"}", sentence->str);
  {
    g_autoptr (RelaisAnswer) answer = judge (RELAIS_REQUEST_ORDINARY, 422, JSON, body->str);

    assert_means (answer, RELAIS_ERROR_INVALID, "…”");
  }
}

/* Each different: a search for what was said already must not take forever. */
static void
test_reasons_without_end_are_read_quickly (void)
{
  g_autoptr (GString) body = g_string_new ("{\"success\":0,\"failureReasons\":[");
  g_autoptr (RelaisAnswer) answer = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (body, "%s{\"contact\":%u,\"failureReason\":\"Reason %u\"}", i > 0 ? "," : "", i, i);
  g_string_append (body, "]}");
  answer = judge (RELAIS_REQUEST_IMPORT, 400, JSON, body->str);
  assert_means (answer, RELAIS_ERROR_INVALID, "“Reason 0; Reason 1; ");
}

static void
test_the_services_words_come_without_what_is_private (void)
{
  static const struct
  {
    const char *message;
    const char *told;
  } rows[] = {
    { "The address someone@example.com is taken", "“The address … is taken”" },
    { "<someone@example.com>", "“…”" },
    { "Token " KEY " is unknown", "“Token … is unknown”" },
    { "batch 0641fbdd-f62f-4c2c-ba02-3a83d5d11ac9 is unknown", "“batch 0641fbdd-f62f-4c2c-ba02-3a83d5d11ac9 is unknown”" },
    { " One\\r\\n\\ttwo\\u0000 three ", "“One two”" },
    { "One\\n\\n\\ttwo\\u0085three\\u2028four\\u00a0five", "“One two three four five”" },
    { "dlrow \\u202eolleh\\u202c", "“dlrow olleh”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"message\":\"%s\"}", rows[i].message);
      g_autoptr (RelaisAnswer) answer = judge (RELAIS_REQUEST_ORDINARY, 422, JSON, body);

      g_test_message ("%u", i);
      assert_means (answer, RELAIS_ERROR_INVALID, rows[i].told);
    }
}

static void
test_what_it_says_of_the_pace_is_read (void)
{
  static const struct
  {
    const char *headers;
    int         retry_after;
    int         remaining;
  } rows[] = {
    { "", -1, -1 },
    { "Retry-After: 30", 30, -1 },
    { "retry-after: 1", 1, -1 },
    { "Retry-After: 0", 0, -1 },
    { "Retry-After: -5", -1, -1 },
    { "Retry-After: 1.5", -1, -1 },
    { "Retry-After: soon", -1, -1 },
    { "Retry-After: ", -1, -1 },
    { "Retry-After: 99999999", 24 * 60 * 60, -1 },
    { "Retry-After: 99999999999999999999999", -1, -1 },
    { "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", 0, -1 },
    { "Retry-After: Fri, 31 Dec 2199 23:59:59 GMT", 24 * 60 * 60, -1 },
    /* As of what time it is there */
    { "Date: Wed, 21 Oct 2015 07:28:00 GMT\nRetry-After: Wed, 21 Oct 2015 07:28:30 GMT", 31, -1 },
    { "Date: Fri, 31 Dec 2199 23:59:59 GMT\nRetry-After: Fri, 31 Dec 2199 23:59:57 GMT", 0, -1 },
    { "Date: yesterday\nRetry-After: Fri, 31 Dec 2199 23:59:59 GMT", 24 * 60 * 60, -1 },
    { "RateLimit-Limit: 5\nRateLimit-Remaining: 3", -1, 3 },
    { "ratelimit-remaining: 0", -1, 0 },
    { "RateLimit-Remaining: -1", -1, -1 },
    { "RateLimit-Remaining: many", -1, -1 },
    { "RateLimit-Remaining: 3, 3", -1, -1 },
    { "RateLimit-Remaining: ", -1, -1 },
    { "RateLimit-Remaining: 99999999999", -1, -1 },
    { "Retry-After: 2\nRateLimit-Remaining: 0", 2, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisAnswer) answer = judge (RELAIS_REQUEST_ORDINARY, 200, rows[i].headers, "{}");

      g_test_message ("%s", rows[i].headers);
      assert_means (answer, FINE, NULL);
      g_assert_cmpint (answer->hint.retry_after, ==, rows[i].retry_after);
      g_assert_cmpint (answer->hint.remaining, ==, rows[i].remaining);
      g_assert_false (answer->hint.throttled);
    }
}

static void
test_a_date_says_how_long_to_wait (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_seconds (now, 100);
  g_autofree char *date = soup_date_time_to_string (then, SOUP_DATE_HTTP);
  g_autofree char *headers = g_strconcat ("Retry-After: ", date, NULL);
  g_autoptr (RelaisAnswer) answer = judge (RELAIS_REQUEST_IMPORT, 429, headers, "");

  assert_means (answer, RELAIS_ERROR_THROTTLED, NULL);
  /* Never too early; a minute is for the slowest of machines. */
  g_assert_cmpint (answer->hint.retry_after, <=, 101);
  g_assert_cmpint (answer->hint.retry_after, >, 40);
}

static void
test_an_answer_without_headers_is_judged (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (RelaisAnswer) answer = relais_answer_judge (200, NULL, body, RELAIS_REQUEST_ORDINARY);

  assert_means (answer, FINE, NULL);
  g_assert_cmpint (answer->hint.retry_after, ==, -1);
  g_assert_cmpint (answer->hint.remaining, ==, -1);
}

/* What may be tried again, and what may have been done without our knowing it. */
static void
test_errors_are_temporary_or_in_doubt_as_they_should (void)
{
  static const struct
  {
    guint       status;
    const char *headers;
    const char *body;
    gboolean    temporary;
    gboolean    in_doubt;
  } rows[] = {
    { 200, "", "", FALSE, TRUE },
    { 200, "", "{}", FALSE, TRUE },
    { 200, "", LOGIN, FALSE, FALSE },
    { 302, "", "", FALSE, FALSE },
    { 400, "", "{\"failureReasons\":[\"no\"]}", FALSE, FALSE },
    { 400, "", "{\"message\":\"Rate limit exceeded.\"}", TRUE, FALSE },
    { 401, "", "", FALSE, FALSE },
    { 402, "", "", FALSE, FALSE },
    { 403, "", "", FALSE, FALSE },
    { 403, "", "{\"errors\":[{}]}", FALSE, FALSE },
    { 404, "", "", FALSE, FALSE },
    { 404, "", "{}", FALSE, FALSE },
    { 407, "", "", TRUE, FALSE },
    { 408, "", "", TRUE, TRUE },
    { 422, "", "{}", FALSE, FALSE },
    { 429, "", "", TRUE, FALSE },
    { 500, "", "", TRUE, TRUE },
    { 502, "", "", TRUE, TRUE },
    { 503, "", "", TRUE, TRUE },
    { 503, "Retry-After: 1", "", TRUE, TRUE },
    { 429, "Retry-After: 1", "", TRUE, FALSE },
    { 504, "", "", TRUE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisAnswer) answer = judge (RELAIS_REQUEST_IMPORT, rows[i].status, rows[i].headers, rows[i].body);

      g_test_message ("%u %s", rows[i].status, rows[i].body);
      g_assert_nonnull (answer->error);
      g_assert_cmpint (relais_error_is_temporary (answer->error), ==, rows[i].temporary);
      g_assert_cmpint (relais_error_is_in_doubt (answer->error), ==, rows[i].in_doubt);
    }
}

/* No answer at all */

typedef struct
{
  const char           *name;
  GQuark              (* domain) (void);
  int                   code;
  GTlsCertificateFlags  tls;
  RelaisError           unsent;
  const char           *word;     /* that only this sentence has */
} Failure;

static const Failure failures[] = {
  { "no such name", g_resolver_error_quark, G_RESOLVER_ERROR_NOT_FOUND, 0, RELAIS_ERROR_NAME_NOT_FOUND, "No host of this name was found" },
  { "no names at the moment", g_resolver_error_quark, G_RESOLVER_ERROR_TEMPORARY_FAILURE, 0, RELAIS_ERROR_NAME_NOT_FOUND, "No host of this name was found" },
  { "no network", g_io_error_quark, G_IO_ERROR_NETWORK_UNREACHABLE, 0, RELAIS_ERROR_OFFLINE, "There is no network" },
  { "refused", g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, 0, RELAIS_ERROR_UNREACHABLE, "cannot be reached" },
  { "no way", g_io_error_quark, G_IO_ERROR_HOST_UNREACHABLE, 0, RELAIS_ERROR_UNREACHABLE, "cannot be reached" },
  { "reset", g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, 0, RELAIS_ERROR_UNREACHABLE, "cannot be reached" },
  { "time-out", g_io_error_quark, G_IO_ERROR_TIMED_OUT, 0, RELAIS_ERROR_UNREACHABLE, "cannot be reached" },
  { "cut", g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, 0, RELAIS_ERROR_UNREACHABLE, "cannot be reached" },
  { "no HTTP", soup_session_error_quark, SOUP_SESSION_ERROR_PARSING, 0, RELAIS_ERROR_UNREACHABLE, "cannot be reached" },
  { "proxy", g_io_error_quark, G_IO_ERROR_PROXY_FAILED, 0, RELAIS_ERROR_UNREACHABLE, "proxy" },
  { "proxy wants to know who", g_io_error_quark, G_IO_ERROR_PROXY_NEED_AUTH, 0, RELAIS_ERROR_UNREACHABLE, "proxy" },
  { "proxy knows who", g_io_error_quark, G_IO_ERROR_PROXY_AUTH_FAILED, 0, RELAIS_ERROR_UNREACHABLE, "proxy" },
  { "proxy refuses", g_io_error_quark, G_IO_ERROR_PROXY_NOT_ALLOWED, 0, RELAIS_ERROR_UNREACHABLE, "proxy" },
  { "not trusted", g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_UNKNOWN_CA, RELAIS_ERROR_TLS, "not trusted" },
  { "not trusted, and another name", g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_BAD_IDENTITY, RELAIS_ERROR_TLS, "not trusted" },
  { "another name", g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_BAD_IDENTITY, RELAIS_ERROR_TLS, "another host" },
  { "expired", g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_EXPIRED, RELAIS_ERROR_TLS, "today" },
  { "not valid yet", g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_NOT_ACTIVATED, RELAIS_ERROR_TLS, "today" },
  { "revoked", g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_REVOKED, RELAIS_ERROR_TLS, "not good" },
  { "bad for no reason", g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, 0, RELAIS_ERROR_TLS, "not good" },
  { "bad, told in another way", g_io_error_quark, G_IO_ERROR_FAILED, G_TLS_CERTIFICATE_UNKNOWN_CA, RELAIS_ERROR_TLS, "not trusted" },
  { "no TLS", g_tls_error_quark, G_TLS_ERROR_NOT_TLS, 0, RELAIS_ERROR_UNREACHABLE, "No secure connection" },
  { "cut while it is made secure", g_tls_error_quark, G_TLS_ERROR_EOF, 0, RELAIS_ERROR_UNREACHABLE, "No secure connection" },
  { "trouble of TLS", g_tls_error_quark, G_TLS_ERROR_MISC, 0, RELAIS_ERROR_UNREACHABLE, "No secure connection" },
};

static RelaisAnswer *
fail (const Failure *failure,
      gboolean       was_sent)
{
  g_autoptr (GError) error = g_error_new_literal (failure->domain (), failure->code, "someone@example.com " KEY " (g-io-error-quark)");

  return relais_answer_transport (error, failure->tls, was_sent);
}

static void
test_every_failure_of_the_network_has_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (RelaisAnswer) answer = fail (&failures[i], FALSE);

      g_test_message ("%s", failures[i].name);
      assert_means (answer, failures[i].unsent, NULL);
      g_assert_nonnull (strstr (answer->error->message, failures[i].word));
      g_assert_false (relais_error_is_in_doubt (answer->error));
      g_assert_cmpint (relais_error_is_temporary (answer->error), ==, failures[i].unsent != RELAIS_ERROR_TLS);
      g_assert_cmpuint (answer->status, ==, 0);
      g_assert_false (answer->hint.throttled);
    }
}

/* Also when it was sent once more by itself, and that failed in another way. */
static void
test_what_was_sent_is_in_doubt_however_it_failed (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (RelaisAnswer) answer = fail (&failures[i], TRUE);

      g_test_message ("%s", failures[i].name);
      assert_means (answer, RELAIS_ERROR_CUT, NULL);
      g_assert_true (relais_error_is_in_doubt (answer->error));
      g_assert_true (relais_error_is_temporary (answer->error));
    }
}

static void
test_cancelling_is_no_failure (void)
{
  for (guint was_sent = 0; was_sent < 2; was_sent++)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      g_autoptr (RelaisAnswer) answer = relais_answer_transport (error, 0, was_sent);

      g_assert_error (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answer/every-form-of-error-is-read", test_every_form_of_error_is_read);
  g_test_add_func ("/answer/a-key-that-is-not-accepted-is-known-in-every-disguise", test_a_key_that_is_not_accepted_is_known_in_every_disguise);
  g_test_add_func ("/answer/a-missing-right-is-no-wrong-key", test_a_missing_right_is_no_wrong_key);
  g_test_add_func ("/answer/other-statuses-have-words-of-their-own", test_other_statuses_have_words_of_their_own);
  g_test_add_func ("/answer/a-limit-is-known-in-every-disguise", test_a_limit_is_known_in_every_disguise);
  g_test_add_func ("/answer/an-import-is-accepted-when-it-names-a-batch", test_an_import_is_accepted_when_it_names_a_batch);
  g_test_add_func ("/answer/an-importers-reasons-are-read-in-every-form", test_an_importers_reasons_are_read_in_every_form);
  g_test_add_func ("/answer/an-answer-that-is-not-readable-leaves-it-in-doubt", test_an_answer_that_is_not_readable_leaves_it_in_doubt);
  g_test_add_func ("/answer/bytes-that-no-text-has-are-not-read", test_bytes_that_no_text_has_are_not_read);
  g_test_add_func ("/answer/what-is-nested-without-end-is-not-read", test_what_is_nested_without_end_is_not_read);
  g_test_add_func ("/answer/brackets-inside-a-text-are-no-nesting", test_brackets_inside_a_text_are_no_nesting);
  g_test_add_func ("/answer/an-answer-as-deep-as-answers-are-is-read", test_an_answer_as_deep_as_answers_are_is_read);
  g_test_add_func ("/answer/the-services-words-are-cut-to-a-sentence", test_the_services_words_are_cut_to_a_sentence);
  g_test_add_func ("/answer/reasons-without-end-are-read-quickly", test_reasons_without_end_are_read_quickly);
  g_test_add_func ("/answer/the-services-words-come-without-what-is-private", test_the_services_words_come_without_what_is_private);
  g_test_add_func ("/answer/what-it-says-of-the-pace-is-read", test_what_it_says_of_the_pace_is_read);
  g_test_add_func ("/answer/a-date-says-how-long-to-wait", test_a_date_says_how_long_to_wait);
  g_test_add_func ("/answer/an-answer-without-headers-is-judged", test_an_answer_without_headers_is_judged);
  g_test_add_func ("/answer/errors-are-temporary-or-in-doubt-as-they-should", test_errors_are_temporary_or_in_doubt_as_they_should);
  g_test_add_func ("/answer/every-failure-of-the-network-has-words", test_every_failure_of_the_network_has_words);
  g_test_add_func ("/answer/what-was-sent-is-in-doubt-however-it-failed", test_what_was_sent_is_in_doubt_however_it_failed);
  g_test_add_func ("/answer/cancelling-is-no-failure", test_cancelling_is_no_failure);

  return g_test_run ();
}
