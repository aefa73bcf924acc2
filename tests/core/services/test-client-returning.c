/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How somebody is on every list, and the one request that puts somebody back on one. */

#include "relais-client-fixture.h"

#include "relais-client-private.h"
#include "relais-error.h"
#include "relais-steady-time.h"

#include <string.h>

#define Fixture RelaisClientFixture

#define BODY "{\"contactList\":{\"list\":12,\"contact\":7,\"status\":1,\"sourceid\":4}}"

static RelaisContactPage *
find_contact (Fixture     *fixture,
              const char  *answer,
              GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, answer);
  relais_client_find_contact_async (fixture->client, "zoé+1@example.com", 12, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_list_contacts_finish (fixture->client, result, error);
}

/* The only contact, and how they are on all lists */
static char *
settle_only (Fixture    *fixture,
             const char *memberships)
{
  g_autofree char *answer = g_strdup_printf ("{\"contacts\":[{\"id\":\"7\",\"email\":\"a@example.com\"}]%s}", memberships);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisContactPage) page = find_contact (fixture, answer, &error);
  const RelaisRemoteContact *contact;

  g_assert_no_error (error);
  contact = page->contacts->pdata[0];

  return contact->memberships != NULL ? relais_memberships_settle (contact->memberships) : NULL;
}

static void
test_memberships_of_all_lists_are_told (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  static const struct
  {
    const char *memberships;
    const char *settled;
  } cases[] = {
    { ",\"contactLists\":[]", "" },
    { ",\"contactLists\":[{\"contact\":\"8\",\"list\":\"12\",\"status\":\"2\"}]", "" },
    { ",\"contactLists\":[{\"contact\":\"7\",\"list\":\"12\",\"status\":\"2\",\"sdate\":\"1970-01-01T00:00:10Z\",\"udate\":\"1970-01-01T01:01:00+01:00\","
      "\"unsubreason\":null,\"campaign\":null,\"message\":null,\"unsubscribeAutomation\":null},"
      "{\"contact\":\"7\",\"list\":\"3\",\"status\":\"1\",\"sdate\":\"2020-01-01T00:00:00Z\"}]", "12=2@10/60" },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2,\"sdate\":0,\"udate\":\"0000-00-00 00:00:00\","
      "\"unsubreason\":\"\",\"campaign\":0,\"message\":\"0\",\"unsubscribeAutomation\":false,\"ip4Unsub\":\"0.0.0.0\"}]", "12=2@/" },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2,\"ip4Unsub\":\"203.0.113.7\"}]", "12=2@/!" },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2,\"unsubreason\":\"Too many\"}]", "12=2@/!" },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2,\"campaign\":\"31\"}]", "12=2@/!" },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2,\"message\":31}]", "12=2@/!" },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2,\"unsubscribeAutomation\":{\"id\":\"4\"}}]", "12=2@/!" },
    { ",\"contactLists\":[{\"contact\":7,\"list\":3,\"status\":\"0\"},{\"contact\":7,\"list\":12,\"status\":3,\"udate\":\"soon\"}]", "3=0@/ 12=3@/soon" },
    /* Not told, or not all of it, or not for certain whose */
    { "", NULL },
    { ",\"contactLists\":null", NULL },
    { ",\"contactLists\":{}", NULL },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2},17]", NULL },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":2},{\"list\":5,\"status\":2}]", NULL },
    { ",\"contactLists\":[{\"contact\":7,\"list\":12,\"status\":null}]", NULL },
    { ",\"contactLists\":[{\"contact\":7,\"list\":null,\"status\":2}]", NULL },
    { ",\"contactLists\":[{\"contact\":7,\"list\":4294967308,\"status\":2}]", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *settled = settle_only (fixture, cases[i].memberships);

      g_test_message ("%s", cases[i].memberships);
      g_assert_cmpstr (settled, ==, cases[i].settled);
    }
  g_assert_cmpstr (relais_test_server_get (fixture->server, 0)->target, ==,
                   "/api/3/contacts?email=zo%C3%A9%2B1%40example.com&status=-1&limit=100&include=contactLists");
}

static void
test_a_person_is_found_as_a_page_tells_them (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;
  g_autoptr (RelaisContactPage) page = NULL;
  const RelaisRemoteContact *contact;

  page = find_contact (fixture, "{\"contacts\":[{\"id\":\"7\",\"email\":\"a@example.com\"}],"
                                "\"contactLists\":[{\"contact\":\"7\",\"list\":\"3\",\"status\":\"1\"},{\"contact\":\"7\",\"list\":\"12\",\"status\":\"2\"}]}", &error);
  g_assert_no_error (error);
  contact = page->contacts->pdata[0];
  g_assert_cmpuint (contact->id, ==, 7);
  g_assert_cmpint (contact->list_status, ==, RELAIS_LIST_STATUS_UNSUBSCRIBED);
  g_assert_cmpuint (contact->memberships->len, ==, 2);
  g_assert_null (find_contact (fixture, "{\"contacts\":[{\"id\":null,\"email\":\"a@example.com\"}]}", &other));
  g_assert_error (other, RELAIS_ERROR, RELAIS_ERROR_REPLY);
}

static void
test_a_form_is_one_that_is_named (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  static const struct
  {
    const char *form;
    gboolean    named;
  } cases[] = {
    { "", FALSE }, { ",\"form\":null", FALSE }, { ",\"form\":\"\"", FALSE }, { ",\"form\":0", FALSE }, { ",\"form\":\"0\"", FALSE },
    { ",\"form\":\"7\"", TRUE }, { ",\"form\":7", TRUE }, { ",\"form\":{\"id\":\"7\"}", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"contacts\":[{\"id\":\"7\",\"email\":\"a@example.com\"}],"
                                               "\"contactLists\":[{\"contact\":\"7\",\"list\":\"12\",\"status\":\"1\"%s}]}", cases[i].form);
      g_autoptr (RelaisContactPage) page = find_contact (fixture, body, NULL);

      g_test_message ("%s", cases[i].form);
      g_assert_cmpint (relais_memberships_name_form (((const RelaisRemoteContact *) page->contacts->pdata[0])->memberships, 12), ==, cases[i].named);
    }
}

/* Putting back */

static gboolean
resubscribe_within (Fixture  *fixture,
                    guint     milliseconds,
                    GError  **error)
{
  gint64 until = relais_steady_time () + (gint64) milliseconds * 1000;
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_resubscribe_async (fixture->client, 7, 12, until, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_resubscribe_finish (fixture->client, result, error);
}

static gboolean
resubscribe (Fixture  *fixture,
             GError  **error)
{
  return resubscribe_within (fixture, 600 * 1000, error);
}

static void
test_one_person_is_put_back_on_one_list (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  static const char * const answers[] = {
    "{\"contacts\":[{\"id\":\"7\"}],\"contactList\":{\"contact\":7,\"list\":12,\"status\":1}}",
    "{\"contactList\":{\"contact\":\"7\",\"list\":\"12\",\"status\":\"1\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;
      const RelaisTestRequest *request;

      relais_test_server_answer (fixture->server, i == 0 ? 200 : 201, NULL, answers[i]);
      g_assert_true (resubscribe (fixture, &error));
      g_assert_no_error (error);
      request = relais_test_server_get (fixture->server, i);
      g_assert_cmpstr (request->method, ==, "POST");
      g_assert_cmpstr (request->target, ==, "/api/3/contactLists");
      g_assert_cmpmem (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body), BODY, strlen (BODY));
    }
}

static void
test_nobody_is_taken_for_put_back_who_is_not_said_to_be (Fixture       *fixture,
                                                         gconstpointer  user_data)
{
  static const struct
  {
    guint       status;
    const char *answer;
    int         code;
  } cases[] = {
    { 200, "{}", RELAIS_ERROR_REPLY },
    { 200, "{\"contactList\":null}", RELAIS_ERROR_REPLY },
    { 200, "{\"contactList\":{\"contact\":7,\"list\":12}}", RELAIS_ERROR_REPLY },
    { 200, "{\"contactList\":{\"contact\":7,\"list\":12,\"status\":2}}", RELAIS_ERROR_REPLY },
    { 200, "{\"contactList\":{\"contact\":7,\"list\":12,\"status\":4294967297}}", RELAIS_ERROR_REPLY },
    { 200, "{\"contactList\":{\"contact\":7,\"list\":13,\"status\":1}}", RELAIS_ERROR_REPLY },
    { 200, "{\"contactList\":{\"contact\":8,\"list\":12,\"status\":1}}", RELAIS_ERROR_REPLY },
    { 200, "{\"contactList\":{\"contact\":7,\"list\":12,", RELAIS_ERROR_REPLY },
    { 200, "<html><body>Log in</body></html>", RELAIS_ERROR_REFUSED },
    { 301, "", RELAIS_ERROR_WRONG_HOST },
    { 400, "{\"message\":\"no\"}", RELAIS_ERROR_INVALID },
    { 402, "", RELAIS_ERROR_UNPAID },
    { 403, "", RELAIS_ERROR_REFUSED },
    { 403, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to edit lists.\"}]}", RELAIS_ERROR_NOT_ALLOWED },
    { 404, "{\"message\":\"No Result found for Subscriber with id 7\"}", RELAIS_ERROR_NOT_FOUND },
    { 422, "{\"errors\":[{\"title\":\"The value you selected is not a valid choice.\"}]}", RELAIS_ERROR_INVALID },
    { 429, "", RELAIS_ERROR_THROTTLED },
    { 500, "", RELAIS_ERROR_UNAVAILABLE },
    { 504, "<html>", RELAIS_ERROR_UNAVAILABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%u %s", cases[i].status, cases[i].answer);
      relais_test_server_answer (fixture->server, cases[i].status, NULL, cases[i].answer);
      g_assert_false (resubscribe (fixture, &error));
      g_assert_error (error, RELAIS_ERROR, cases[i].code);
    }
  g_assert_cmpuint (fixture->server->requests->len, ==, G_N_ELEMENTS (cases));
}

/* When it may leave again the person may have left: whoever asked looks first. */
static void
test_it_is_never_sent_again_by_itself (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  g_autoptr (GError) throttled = NULL;
  g_autoptr (GError) busy = NULL;

  relais_test_server_answer (fixture->server, 429, "Retry-After: 1", "");
  g_assert_false (resubscribe (fixture, &throttled));
  g_assert_error (throttled, RELAIS_ERROR, RELAIS_ERROR_THROTTLED);
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);

  relais_test_server_answer (fixture->server, 503, "Retry-After: 1", "");
  g_assert_false (resubscribe (fixture, &busy));
  g_assert_error (busy, RELAIS_ERROR, RELAIS_ERROR_THROTTLED);
  g_assert_cmpuint (fixture->server->requests->len, ==, 2);
}

/* While it waited for its turn the person may have left. */
static void
test_it_does_not_leave_late (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr (GError) throttled = NULL;
  g_autoptr (GError) late = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 429, "Retry-After: 1", "");
  g_assert_false (resubscribe (fixture, &throttled));
  fixture->waits = TRUE;
  g_assert_false (resubscribe_within (fixture, 500, &late));
  g_assert_error (late, RELAIS_ERROR, RELAIS_ERROR_THROTTLED);
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);

  relais_test_server_answer (fixture->server, 200, NULL, "{\"contactList\":{\"contact\":7,\"list\":12,\"status\":1}}");
  g_assert_true (resubscribe (fixture, &error));
  g_assert_no_error (error);
}

static void
be_slow_cb (SoupMessage        *message,
            GSocketClientEvent  event,
            GIOStream          *connection,
            gpointer            user_data)
{
  if (event == G_SOCKET_CLIENT_CONNECTING)
    g_usleep (GPOINTER_TO_UINT (user_data) * 1000);
}

static void
queued_cb (SoupSession *session,
           SoupMessage *message,
           gpointer     user_data)
{
  g_signal_connect (message, "network-event", G_CALLBACK (be_slow_cb), user_data);
}

/* While the connection was made the person may have left, too. */
static void
test_it_does_not_leave_by_a_connection_that_took_long (Fixture       *fixture,
                                                       gconstpointer  user_data)
{
  gulong handler = g_signal_connect (fixture->client->session, "request-queued", G_CALLBACK (queued_cb), GUINT_TO_POINTER (300));
  g_autoptr (GError) late = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (resubscribe_within (fixture, 200, &late));
  g_assert_error (late, RELAIS_ERROR, RELAIS_ERROR_THROTTLED);
  g_assert_cmpuint (fixture->server->requests->len, ==, 0);

  relais_test_server_answer (fixture->server, 200, NULL, "{\"contactList\":{\"contact\":7,\"list\":12,\"status\":1}}");
  g_assert_true (resubscribe (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);
  g_signal_handler_disconnect (fixture->client->session, handler);
}

static void
test_a_connection_that_breaks_leaves_it_in_doubt (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  static const RelaisTestFault faults[] = {
    RELAIS_TEST_FAULT_HANG_UP, RELAIS_TEST_FAULT_CUT_HEAD, RELAIS_TEST_FAULT_CUT_BODY, RELAIS_TEST_FAULT_RESET, RELAIS_TEST_FAULT_GARBAGE
  };

  /* A connection that is kept, and could turn out dead */
  relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[]}");
  g_ptr_array_unref (relais_client_fixture_lists (fixture, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_fault (fixture->server, faults[i]);
      g_assert_false (resubscribe (fixture, &error));
      g_assert_true (relais_error_is_in_doubt (error));
      g_assert_cmpuint (fixture->server->requests->len, ==, i + 2);
    }
}

#define ADD(name, test) \
  g_test_add ("/client/returning/" name, Fixture, NULL, relais_client_fixture_set_up, test, relais_client_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("memberships of all lists are told", test_memberships_of_all_lists_are_told);
  ADD ("a person is found as a page tells them", test_a_person_is_found_as_a_page_tells_them);
  ADD ("a form is one that is named", test_a_form_is_one_that_is_named);
  ADD ("one person is put back on one list", test_one_person_is_put_back_on_one_list);
  ADD ("nobody is taken for put back who is not said to be", test_nobody_is_taken_for_put_back_who_is_not_said_to_be);
  ADD ("it is never sent again by itself", test_it_is_never_sent_again_by_itself);
  ADD ("it does not leave late", test_it_does_not_leave_late);
  ADD ("it does not leave by a connection that took long", test_it_does_not_leave_by_a_connection_that_took_long);
  ADD ("a connection that breaks leaves it in doubt", test_a_connection_that_breaks_leaves_it_in_doubt);

  return g_test_run ();
}
