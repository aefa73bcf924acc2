/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the client asks, and how it reads the answers. Lists, fields and tags
 * have a test of their own: test-client-collections.c. */

#include "relais-client-fixture.h"

#include "relais-error.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define Fixture RelaisClientFixture

#define QUEUED   "{\"success\":1,\"queued_contacts\":1,\"batchId\":\"0641fbdd-f62f-4c2c-ba02-3a83d5d11ac9\",\"message\":\"Contact import queued\"}"
#define LIMITED  "{\"success\":0,\"message\":\"Rate limit exceeded.\",\"failureReasons\":[\"Up to 100 imports may be requested per minute.\"]}"
#define USER     "{\"user\":{\"username\":\"jdoe\",\"firstName\":\"John\",\"lastName\":\"Doe\",\"email\":\"johndoe@example.com\",\"phone\":\"\",\"signature\":null,\"id\":\"1\"}}"
#define SETTINGS "{\"account\":\"name.activehosted.com\",\"cname\":\"\",\"subscriber_limit\":1000,\"subscriber_total\":250,\"trial\":false}"
#define NO_RIGHT "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view settings.\"}]}"

/* Calls, each to its end */

static RelaisAccount *
get_account (Fixture  *fixture,
             GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_get_account_async (fixture->client, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_get_account_finish (fixture->client, result, error);
}

static RelaisImportInfo *
get_info (Fixture     *fixture,
          const char  *batch_id,
          GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_import_info_async (fixture->client, batch_id, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_import_info_finish (fixture->client, result, error);
}

static gboolean
sync_contact (Fixture  *fixture,
              guint64  *id,
              GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_sync_contact_async (fixture->client, "x@example.com", fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_sync_contact_finish (fixture->client, result, id, error);
}

static GPtrArray *
list_contacts (Fixture  *fixture,
               int       status,
               guint64   after,
               GError  **error)
{
  RelaisContactQuery query = { .list_id = 12, .status = status, .after_id = after };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisContactPage) page = NULL;

  relais_client_list_contacts_async (fixture->client, &query, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);
  page = relais_client_list_contacts_finish (fixture->client, result, error);

  return page != NULL ? g_ptr_array_ref (page->contacts) : NULL;
}

static void
assert_request (Fixture    *fixture,
                guint       at,
                const char *method,
                const char *target,
                const char *body)
{
  RelaisTestRequest *request = relais_test_server_get (fixture->server, at);
  gsize length;
  const char *data = g_bytes_get_data (request->body, &length);
  g_autofree char *text = g_strndup (data != NULL ? data : "", length);

  g_assert_cmpstr (request->method, ==, method);
  g_assert_cmpstr (request->target, ==, target);
  g_assert_cmpstr (request->token, ==, RELAIS_TEST_KEY);
  g_assert_cmpstr (request->agent, ==, "Relais/" RELAIS_VERSION);
  g_assert_null (request->cookie);
  g_assert_cmpstr (request->type, ==, body != NULL ? "application/json" : NULL);
  g_assert_cmpstr (text, ==, body != NULL ? body : "");
}

/* Requests */

static void
test_every_request_is_as_the_service_wants_it (Fixture       *fixture,
                                               gconstpointer  user_data)
{
  static const char cookies[] = "Content-Type: application/json\nSet-Cookie: PHPSESSID=1; path=/\nSet-Cookie: em_acp_globalauth_cookie=2; path=/";
  g_autoptr (RelaisAccount) account = NULL;
  g_autoptr (RelaisReceipt) receipt = NULL;
  g_autoptr (RelaisImportInfo) info = NULL;
  g_autoptr (GPtrArray) contacts = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, cookies, USER);
  relais_test_server_answer (fixture->server, 200, cookies, SETTINGS);
  relais_test_server_answer (fixture->server, 200, cookies, QUEUED);
  relais_test_server_answer (fixture->server, 200, cookies, "{\"status\":\"completed\",\"success\":[],\"failure\":[]}");
  relais_test_server_answer (fixture->server, 200, cookies, "{\"contact\":{\"id\":\"7\"}}");
  relais_test_server_answer (fixture->server, 200, cookies, "{\"contacts\":[]}");
  account = get_account (fixture, &error);
  g_assert_no_error (error);
  receipt = relais_client_fixture_import (fixture, "{\"contacts\":[1,2]}", 2, TRUE, &error);
  g_assert_no_error (error);
  info = get_info (fixture, "0641 &?=é", &error);
  g_assert_no_error (error);
  g_assert_true (sync_contact (fixture, NULL, &error));
  contacts = list_contacts (fixture, RELAIS_LIST_STATUS_UNSUBSCRIBED, G_MAXINT64, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (fixture->server->requests->len, ==, 6);
  assert_request (fixture, 0, "GET", "/api/3/users/me", NULL);
  assert_request (fixture, 1, "GET", "/api/3/settings/account", NULL);
  assert_request (fixture, 2, "POST", "/api/3/import/bulk_import", "{\"contacts\":[1,2]}");
  assert_request (fixture, 3, "GET", "/api/3/import/info?batchId=0641%20%26%3F%3D%C3%A9", NULL);
  assert_request (fixture, 4, "POST", "/api/3/contact/sync", "{\"contact\":{\"email\":\"x@example.com\"}}");
  assert_request (fixture, 5, "GET", "/api/3/contacts?listid=12&status=2&limit=100&orders%5Bid%5D=ASC&id_greater=9223372036854775807", NULL);
}

/* The account */

static void
test_an_account_is_told_by_its_user_and_settings (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  g_autoptr (RelaisAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, USER);
  relais_test_server_answer (fixture->server, 200, NULL, SETTINGS);
  account = get_account (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->user_name, ==, "John Doe");
  g_assert_cmpstr (account->email, ==, "johndoe@example.com");
  g_assert_cmpstr (account->account_name, ==, "name.activehosted.com");
  g_assert_cmpint (account->contacts_limit, ==, 1000);
  g_assert_cmpint (account->contacts_total, ==, 250);
}

static void
test_a_key_that_may_not_see_the_settings_is_good (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  static const struct
  {
    guint       status;
    const char *body;
  } refusals[] = { { 403, NO_RIGHT }, { 403, "" }, { 404, "{}" }, { 500, "" }, { 200, "[]" } };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (RelaisAccount) account = NULL;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, USER);
      relais_test_server_answer (fixture->server, refusals[i].status, NULL, refusals[i].body);
      account = get_account (fixture, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (account->user_name, ==, "John Doe");
      g_assert_null (account->account_name);
      g_assert_cmpint (account->contacts_limit, ==, -1);
      g_assert_cmpint (account->contacts_total, ==, -1);
    }
}

static void
test_users_come_in_every_form (Fixture       *fixture,
                               gconstpointer  user_data)
{
  static const struct
  {
    const char *body;
    const char *name;
  } users[] = {
    { "{\"user\":{\"id\":1,\"username\":\"jdoe\",\"firstName\":\"\",\"lastName\":\"\"}}", "jdoe" },
    { "{\"user\":{\"id\":\"1\",\"username\":\"jdoe\",\"firstName\":null,\"lastName\":\"Doe\"}}", "Doe" },
    { "{\"user\":{\"id\":\"1\",\"firstName\":\"Zoé\"}}", "Zoé" },
    { "{\"user\":{\"id\":\"1\"}}", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autoptr (RelaisAccount) account = NULL;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, users[i].body);
      relais_test_server_answer (fixture->server, 200, NULL, "{\"subscriber_limit\":\"1000\",\"subscriber_total\":null}");
      account = get_account (fixture, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (account->user_name, ==, users[i].name);
      g_assert_cmpint (account->contacts_limit, ==, 1000);
      g_assert_cmpint (account->contacts_total, ==, -1);
    }
}

static void
test_what_is_no_account_is_told_so (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  static const struct
  {
    guint       status;
    const char *body;
    RelaisError code;
  } answers[] = {
    { 200, "{}", RELAIS_ERROR_WRONG_HOST },
    { 200, "{\"user\":null}", RELAIS_ERROR_WRONG_HOST },
    { 200, "{\"user\":{}}", RELAIS_ERROR_WRONG_HOST },
    { 200, "{\"user\":{\"id\":true}}", RELAIS_ERROR_WRONG_HOST },
    { 200, "{\"user\":{\"id\":\"one\"}}", RELAIS_ERROR_WRONG_HOST },
    { 200, "{\"user\":[1]}", RELAIS_ERROR_WRONG_HOST },
    { 404, "{\"error\":\"not found\"}", RELAIS_ERROR_WRONG_HOST },
    { 404, "<html>", RELAIS_ERROR_WRONG_HOST },
    { 302, "", RELAIS_ERROR_WRONG_HOST },
    { 200, "<html>", RELAIS_ERROR_REFUSED },
    { 403, "", RELAIS_ERROR_REFUSED },
    { 403, NO_RIGHT, RELAIS_ERROR_NOT_ALLOWED },
    { 402, "", RELAIS_ERROR_UNPAID },
    { 200, "", RELAIS_ERROR_REPLY },
    { 500, "", RELAIS_ERROR_UNAVAILABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (RelaisAccount) account = NULL;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, answers[i].status, NULL, answers[i].body);
      account = get_account (fixture, &error);
      g_assert_null (account);
      g_assert_error (error, RELAIS_ERROR, (int) answers[i].code);
      /* Nothing more is asked of it. */
      g_assert_cmpuint (fixture->server->requests->len, ==, i + 1);
    }
}

/* Imports */

static void
test_receipts_come_in_every_form (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  static const struct
  {
    const char *body;
    const char *batch_id;
    int         queued;
  } receipts[] = {
    { "{\"Success\":1,\"queued_contacts\":1,\"batchId\":\"0641fbdd-f62f-4c2c-ba02-3a83d5d11ac9\",\"message\":\"Contact import queued\"}", "0641fbdd-f62f-4c2c-ba02-3a83d5d11ac9", 1 },
    { "{\"success\":5,\"queued_contacts\":2,\"batchId\":\"59f14dbe\"}", "59f14dbe", 2 },
    { "{\"success\":1,\"queued_contacts\":\"250\",\"batchid\":\"a\"}", "a", 250 },
    { "{\"success\":1,\"batchId\":17}", "17", -1 },
    { "{\"success\":1,\"queued_contacts\":0,\"batchId\":\"a\"}", "a", 0 },
    { "{\"success\":1,\"queued_contacts\":-3,\"batchId\":\"a\"}", "a", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (receipts); i++)
    {
      g_autoptr (RelaisReceipt) receipt = NULL;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, receipts[i].body);
      receipt = relais_client_fixture_import (fixture, "{}", 250, TRUE, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (receipt->batch_id, ==, receipts[i].batch_id);
      g_assert_cmpint (receipt->queued, ==, receipts[i].queued);
      g_assert_false (receipt->repeated);
    }
}

static void
test_refusals_of_an_import_are_told (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 400, NULL,
                             "{\"success\":0,\"message\":\"JSON payload did not pass validation.\",\"failureReasons\":[{\"contact\":2,\"failureReason\":\"Field 'email' not found\"}]}");
  g_assert_null (relais_client_fixture_import (fixture, "{}", 3, TRUE, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Field 'email' not found"));
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);
}

/* The service allows a fifth as many imports of a single contact. Here that is one a second, and the others one in 200 ms. */
static void
test_an_import_of_one_contact_keeps_to_its_own_limit (Fixture       *fixture,
                                                      gconstpointer  user_data)
{
  gint64 begun = g_get_monotonic_time ();

  relais_client_fixture_set_client (fixture, relais_governor_new (5, 1), fixture->server->address, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (RelaisReceipt) receipt = NULL;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
      receipt = relais_client_fixture_import (fixture, "{}", 1, TRUE, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (relais_test_server_get (fixture->server, 1)->time - begun, >=, G_TIME_SPAN_SECOND);
}

static void
test_results_come_in_every_form (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  static const struct
  {
    const char        *body;
    RelaisImportState  state;
    guint              n_success;
    const char        *failures;   /* with commas between them */
  } results[] = {
    { "{\"status\":\"completed\",\"success\":[\"123\",\"124\"],\"failure\":[\"a@b\",\"c'd@e.com\"]}", RELAIS_IMPORT_COMPLETED, 2, "a@b,c'd@e.com" },
    { "{\"status\":\"completed\",\"success\":[\"5232\"],\"failure\":[]}", RELAIS_IMPORT_COMPLETED, 1, "" },
    { "{\"status\":\"Completed\",\"success\":[1,2,3]}", RELAIS_IMPORT_COMPLETED, 3, "" },
    { "{\"status\":\"completed\",\"success\":null,\"failure\":null}", RELAIS_IMPORT_COMPLETED, 0, "" },
    { "{\"status\":\"completed\",\"success\":{\"0\":\"1\",\"2\":\"3\"},\"failure\":{\"1\":\"a@b\"}}", RELAIS_IMPORT_COMPLETED, 2, "a@b" },
    { "{\"status\":\"completed\",\"failure\":[{\"email\":\"a@b\",\"reason\":\"bounced\"}]}", RELAIS_IMPORT_COMPLETED, 0, "a@b" },
    { "{\"status\":\"failed\",\"success\":[],\"failure\":[]}", RELAIS_IMPORT_FAILED, 0, "" },
    { "{\"status\":\"failed\"}", RELAIS_IMPORT_FAILED, 0, "" },
    { "{\"status\":\"interrupted\",\"success\":[\"1\"],\"failure\":[\"a@b\"]}", RELAIS_IMPORT_INTERRUPTED, 1, "a@b" },
    { "{\"status\":\"waiting\",\"success\":[],\"failure\":[]}", RELAIS_IMPORT_PENDING, 0, "" },
    { "{\"status\":\"claimed\"}", RELAIS_IMPORT_PENDING, 0, "" },
    { "{\"status\":\"active\",\"success\":[\"1\"]}", RELAIS_IMPORT_PENDING, 1, "" },
    { "{\"status\":false}", RELAIS_IMPORT_PENDING, 0, "" },
    { "{\"status\":null}", RELAIS_IMPORT_PENDING, 0, "" },
    { "{\"status\":\"resting\"}", RELAIS_IMPORT_PENDING, 0, "" },
    { "{\"status\":[\"completed\"]}", RELAIS_IMPORT_PENDING, 0, "" },
    { "{}", RELAIS_IMPORT_PENDING, 0, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (RelaisImportInfo) info = NULL;
      g_autofree char *failures = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", results[i].body);
      relais_test_server_answer (fixture->server, 200, NULL, results[i].body);
      info = get_info (fixture, "a", &error);
      g_assert_no_error (error);
      failures = g_strjoinv (",", info->failures);
      g_assert_cmpint (info->state, ==, results[i].state);
      g_assert_cmpuint (info->n_success, ==, results[i].n_success);
      g_assert_cmpstr (failures, ==, results[i].failures);
    }
}

/* Whoever it names would be taken for delivered. */
static void
test_a_failure_that_cannot_be_read_is_no_success (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  static const char * const answers[] = {
    "{\"status\":\"completed\",\"failure\":[\"a@b\",17]}",
    "{\"status\":\"completed\",\"failure\":[null]}",
    "{\"status\":\"completed\",\"failure\":[[\"a@b\"]]}",
    "{\"status\":\"completed\",\"failure\":[{\"contact\":1}]}",
    "{\"status\":\"completed\",\"failure\":\"a@b\"}",
    "{\"status\":\"completed\",\"failure\":1}",
    "{\"status\":\"completed\",\"failure\":true}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, answers[i]);
      g_assert_null (get_info (fixture, "a", &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
    }
}

static void
test_a_batch_that_is_not_known_is_told (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 404, NULL, "{\"message\":\"No Result found\"}");
  g_assert_null (get_info (fixture, "a", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND);
}

/* Contacts */

static void
test_a_contact_is_there_whether_it_was_or_not (Fixture       *fixture,
                                               gconstpointer  user_data)
{
  static const struct
  {
    guint       status;
    const char *body;
    guint64     id;
  } answers[] = {
    { 200, "{\"fieldValues\":[],\"contact\":{\"email\":\"x@example.com\",\"id\":\"113\"}}", 113 },
    { 201, "{\"contact\":{\"id\":114}}", 114 },
    { 201, "{\"contact\":{\"id\":\"5000000000\"}}", 5000000000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      guint64 id = 0;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, answers[i].status, NULL, answers[i].body);
      g_assert_true (sync_contact (fixture, &id, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (id, ==, answers[i].id);
    }
}

static void
test_a_contact_that_is_refused_is_told_why (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 422, NULL,
                             "{\"errors\":[{\"title\":\"Contact Email Address is not valid.\",\"detail\":\"\",\"code\":\"email_invalid\",\"error\":\"must_be_valid_email_address\"}]}");
  g_assert_false (sync_contact (fixture, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "“Contact Email Address is not valid.”"));
}

static void
test_a_contact_without_a_number_may_be_none (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  static const char * const answers[] = { "{}", "{\"contact\":null}", "{\"contact\":{}}", "{\"contact\":{\"id\":\"0\"}}" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, answers[i]);
      g_assert_false (sync_contact (fixture, NULL, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
    }
}

static void
test_who_is_on_a_list_is_read_by_number (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  g_autoptr (GPtrArray) contacts = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GError) error = NULL;
  const RelaisRemoteContact *contact;

  relais_test_server_answer (fixture->server, 200, NULL,
                             "{\"scoreValues\":[],\"contacts\":["
                             "{\"email\":\"a@example.com\",\"firstName\":\"Anaïs\",\"lastName\":\"Dupont\",\"phone\":\"+33 1\",\"id\":\"3\"},"
                             "{\"email\":null,\"firstName\":7,\"id\":9000000000}],\"meta\":{\"total\":\"2\"}}");
  relais_test_server_answer (fixture->server, 200, NULL, "{\"contacts\":[]}");
  contacts = list_contacts (fixture, RELAIS_LIST_STATUS_ACTIVE, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (contacts->len, ==, 2);
  contact = contacts->pdata[0];
  g_assert_cmpuint (contact->id, ==, 3);
  g_assert_cmpstr (contact->email, ==, "a@example.com");
  g_assert_cmpstr (contact->first_name, ==, "Anaïs");
  g_assert_cmpstr (contact->last_name, ==, "Dupont");
  g_assert_cmpstr (contact->phone, ==, "+33 1");
  contact = contacts->pdata[1];
  g_assert_cmpuint (contact->id, ==, 9000000000);
  g_assert_cmpstr (contact->email, ==, "");
  g_assert_cmpstr (contact->first_name, ==, "");

  rest = list_contacts (fixture, -1, contact->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rest->len, ==, 0);
  assert_request (fixture, 0, "GET", "/api/3/contacts?listid=12&status=1&limit=100&orders%5Bid%5D=ASC&id_greater=0", NULL);
  assert_request (fixture, 1, "GET", "/api/3/contacts?listid=12&status=-1&limit=100&orders%5Bid%5D=ASC&id_greater=9000000000", NULL);
}

static void
test_contacts_that_are_none_are_not_an_empty_list (Fixture       *fixture,
                                                   gconstpointer  user_data)
{
  static const char * const answers[] = { "{}", "{\"contacts\":null}", "{\"contacts\":\"none\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, answers[i]);
      g_assert_null (list_contacts (fixture, 1, 0, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
    }
}

/* Limits */

static void
test_what_is_refused_for_its_rate_is_sent_again_after_the_wait (Fixture       *fixture,
                                                                gconstpointer  user_data)
{
  static const struct
  {
    guint       status;
    const char *headers;
    const char *body;
    double      wait;
  } refusals[] = {
    { 429, "Retry-After: 70", "", 70 },
    { 400, NULL, LIMITED, 60 },
    { 429, "Retry-After: 40", "", 40 },
    { 200, NULL, LIMITED, 60 },
  };

  relais_client_fixture_set_client (fixture, relais_governor_new (3000, 60), fixture->server->address, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (RelaisReceipt) receipt = NULL;
      g_autoptr (GError) error = NULL;

      fixture->n_waits = 0;
      relais_test_server_answer (fixture->server, refusals[i].status, refusals[i].headers, refusals[i].body);
      relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
      receipt = relais_client_fixture_import (fixture, "{\"contacts\":[]}", 250, TRUE, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (fixture->n_waits, ==, 1);
      g_assert_cmpfloat (fixture->wait, <=, refusals[i].wait);
      g_assert_cmpfloat (fixture->wait, >, refusals[i].wait - 10);
      /* It was not done the first time, so it is no repeat. */
      g_assert_false (receipt->repeated);
      g_assert_cmpuint (fixture->server->requests->len, ==, 2 * (i + 1));
      assert_request (fixture, 2 * i + 1, "POST", "/api/3/import/bulk_import", "{\"contacts\":[]}");
    }
}

/* What stands in front of the service says so too, and the import behind it may have been queued. */
static void
test_a_busy_host_is_waited_for_and_the_import_in_doubt (Fixture       *fixture,
                                                        gconstpointer  user_data)
{
  g_autoptr (GPtrArray) lists = NULL;
  g_autoptr (RelaisReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 503, "Retry-After: 40", "");
  g_assert_null (relais_client_fixture_import (fixture, "{}", 250, TRUE, &error));
  g_assert_true (relais_error_is_in_doubt (error));
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);
  g_clear_error (&error);

  /* Whoever comes next waits as long as it said. */
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  receipt = relais_client_fixture_import (fixture, "{}", 250, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_waits, ==, 1);
  g_assert_cmpfloat (fixture->wait, >, 30);

  /* A question does no harm twice, so it is put again. */
  relais_test_server_answer (fixture->server, 503, "Retry-After: 40", "");
  relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[]}");
  lists = relais_client_fixture_lists (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->server->requests->len, ==, 4);
}

static void
test_reading_goes_on_where_it_was_refused_for_its_rate (Fixture       *fixture,
                                                        gconstpointer  user_data)
{
  g_autoptr (RelaisAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 429, "Retry-After: 60", "");
  relais_test_server_answer (fixture->server, 200, NULL, USER);
  relais_test_server_answer (fixture->server, 429, "Retry-After: 60", "");
  relais_test_server_answer (fixture->server, 429, "Retry-After: 60", "");
  relais_test_server_answer (fixture->server, 200, NULL, SETTINGS);
  account = get_account (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (account->contacts_limit, ==, 1000);
  g_assert_cmpuint (fixture->n_waits, ==, 3);
  g_assert_cmpuint (fixture->server->requests->len, ==, 5);
}

static void
test_refusals_without_an_end_are_told (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    relais_test_server_answer (fixture->server, 429, "Retry-After: 60", "");
  g_assert_null (relais_client_fixture_import (fixture, "{}", 250, TRUE, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_THROTTLED);
  g_assert_cmpuint (fixture->server->requests->len, ==, 20);
}

/* Cancelling */

/* Ends the call under way as cancelled. */
static void
assert_cancelled (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = relais_client_fixture_wait (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_null (relais_client_list_lists_finish (fixture->client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
begin (Fixture *fixture)
{
  relais_client_list_lists_async (fixture->client, fixture->cancellable, relais_client_fixture_done_cb, fixture);
}

static void
wait_for_requests (Fixture *fixture,
                   guint    n)
{
  while (fixture->server->requests->len < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_cancelled_before_it_began (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_cancellable_cancel (fixture->cancellable);
  begin (fixture);
  assert_cancelled (fixture);
  g_assert_cmpuint (fixture->server->requests->len, ==, 0);
}

static void
test_cancelled_at_once (Fixture       *fixture,
                        gconstpointer  user_data)
{
  begin (fixture);
  g_cancellable_cancel (fixture->cancellable);
  assert_cancelled (fixture);
}

static void
test_cancelled_while_it_waits_for_its_turn (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  fixture->waits = TRUE;
  relais_test_server_answer (fixture->server, 429, "Retry-After: 3600", "");
  begin (fixture);
  while (fixture->n_waits == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (fixture->cancellable);
  assert_cancelled (fixture);
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);
}

static void
test_cancelled_while_there_is_no_answer (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_SILENCE);
  begin (fixture);
  wait_for_requests (fixture, 1);
  g_cancellable_cancel (fixture->cancellable);
  assert_cancelled (fixture);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));

  return G_SOURCE_REMOVE;
}

static void
test_cancelled_in_the_middle_of_an_answer (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_DRIP);
  begin (fixture);
  wait_for_requests (fixture, 1);
  /* The head and some of the body are there by then. */
  g_timeout_add (250, cancel_cb, fixture->cancellable);
  assert_cancelled (fixture);
}

static void
test_cancelled_between_two_pages (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[{\"id\":\"1\",\"name\":\"One\"}]}");
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_SILENCE);
  begin (fixture);
  wait_for_requests (fixture, 2);
  g_cancellable_cancel (fixture->cancellable);
  assert_cancelled (fixture);
}

static void
test_cancelled_between_user_and_settings (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, USER);
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_SILENCE);
  relais_client_get_account_async (fixture->client, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  wait_for_requests (fixture, 2);
  g_cancellable_cancel (fixture->cancellable);
  result = relais_client_fixture_wait (fixture);
  g_assert_null (relais_client_get_account_finish (fixture->client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Cancels an import, which ends so. Returns: whether it may have arrived */
static gboolean
cancel_import (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean has_left;

  g_cancellable_cancel (fixture->cancellable);
  result = relais_client_fixture_wait (fixture);
  g_assert_null (relais_client_import_finish (fixture->client, result, &has_left, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_cancellable_reset (fixture->cancellable);

  return has_left;
}

static void
test_a_cancelled_import_says_whether_it_left (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  g_autoptr (GBytes) payload = g_bytes_new_static ("{}", 2);

  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_SILENCE);
  relais_client_import_async (fixture->client, payload, 2, TRUE, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  wait_for_requests (fixture, 1);
  g_assert_true (cancel_import (fixture));

  /* Refused for its rate it was not queued, and it has not left again. */
  fixture->waits = TRUE;
  relais_test_server_answer (fixture->server, 429, "Retry-After: 3600", "");
  relais_client_import_async (fixture->client, payload, 2, TRUE, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  while (fixture->n_waits == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (cancel_import (fixture));

  /* The next one waits from the beginning. */
  relais_client_import_async (fixture->client, payload, 2, TRUE, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  g_assert_false (cancel_import (fixture));
  g_assert_cmpuint (fixture->server->requests->len, ==, 2);
}

/* An answer that came is told, or nobody would know of the import. */
static void
test_cancelled_when_it_was_answered (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  g_autoptr (GBytes) payload = g_bytes_new_static ("{}", 2);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  relais_client_import_async (fixture->client, payload, 2, TRUE, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);
  g_cancellable_cancel (fixture->cancellable);
  receipt = relais_client_import_finish (fixture->client, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (receipt->batch_id, ==, "0641fbdd-f62f-4c2c-ba02-3a83d5d11ac9");
}

#define ADD(name, function) \
  g_test_add ("/client/" name, Fixture, NULL, relais_client_fixture_set_up, function, relais_client_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-request-is-as-the-service-wants-it", test_every_request_is_as_the_service_wants_it);
  ADD ("an-account-is-told-by-its-user-and-settings", test_an_account_is_told_by_its_user_and_settings);
  ADD ("a-key-that-may-not-see-the-settings-is-good", test_a_key_that_may_not_see_the_settings_is_good);
  ADD ("users-come-in-every-form", test_users_come_in_every_form);
  ADD ("what-is-no-account-is-told-so", test_what_is_no_account_is_told_so);
  ADD ("receipts-come-in-every-form", test_receipts_come_in_every_form);
  ADD ("refusals-of-an-import-are-told", test_refusals_of_an_import_are_told);
  ADD ("an-import-of-one-contact-keeps-to-its-own-limit", test_an_import_of_one_contact_keeps_to_its_own_limit);
  ADD ("results-come-in-every-form", test_results_come_in_every_form);
  ADD ("a-failure-that-cannot-be-read-is-no-success", test_a_failure_that_cannot_be_read_is_no_success);
  ADD ("a-batch-that-is-not-known-is-told", test_a_batch_that_is_not_known_is_told);
  ADD ("a-contact-is-there-whether-it-was-or-not", test_a_contact_is_there_whether_it_was_or_not);
  ADD ("a-contact-that-is-refused-is-told-why", test_a_contact_that_is_refused_is_told_why);
  ADD ("a-contact-without-a-number-may-be-none", test_a_contact_without_a_number_may_be_none);
  ADD ("who-is-on-a-list-is-read-by-number", test_who_is_on_a_list_is_read_by_number);
  ADD ("contacts-that-are-none-are-not-an-empty-list", test_contacts_that_are_none_are_not_an_empty_list);
  ADD ("what-is-refused-for-its-rate-is-sent-again-after-the-wait", test_what_is_refused_for_its_rate_is_sent_again_after_the_wait);
  ADD ("a-busy-host-is-waited-for-and-the-import-in-doubt", test_a_busy_host_is_waited_for_and_the_import_in_doubt);
  ADD ("reading-goes-on-where-it-was-refused-for-its-rate", test_reading_goes_on_where_it_was_refused_for_its_rate);
  ADD ("refusals-without-an-end-are-told", test_refusals_without_an_end_are_told);
  ADD ("cancelled-before-it-began", test_cancelled_before_it_began);
  ADD ("cancelled-at-once", test_cancelled_at_once);
  ADD ("cancelled-while-it-waits-for-its-turn", test_cancelled_while_it_waits_for_its_turn);
  ADD ("cancelled-while-there-is-no-answer", test_cancelled_while_there_is_no_answer);
  ADD ("cancelled-in-the-middle-of-an-answer", test_cancelled_in_the_middle_of_an_answer);
  ADD ("a-cancelled-import-says-whether-it-left", test_a_cancelled_import_says_whether_it_left);
  ADD ("cancelled-between-two-pages", test_cancelled_between_two_pages);
  ADD ("cancelled-between-user-and-settings", test_cancelled_between_user_and_settings);
  ADD ("cancelled-when-it-was-answered", test_cancelled_when_it_was_answered);

  return g_test_run ();
}
