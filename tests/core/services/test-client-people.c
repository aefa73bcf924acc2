/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How people are on a list, and whom the account excludes: nothing is taken for less than it says. */

#include "relais-client-fixture.h"

#include "relais-error.h"

#define Fixture RelaisClientFixture

static RelaisContactPage *
list_contacts (Fixture            *fixture,
               RelaisContactQuery  query,
               GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_list_contacts_async (fixture->client, &query, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_list_contacts_finish (fixture->client, result, error);
}

static RelaisExclusionPage *
list_exclusions (Fixture  *fixture,
                 guint     offset,
                 GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_list_exclusions_async (fixture->client, offset, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_list_exclusions_finish (fixture->client, result, error);
}

static gboolean
get_list_status (Fixture  *fixture,
                 int      *status,
                 GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_get_list_status_async (fixture->client, 19, 12, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_get_list_status_finish (fixture->client, result, status, error);
}

static void
test_a_page_tells_how_each_is_on_the_list (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  static const int expected[] = { 2, 3, -1, -1 };
  RelaisContactQuery query = { .list_id = 12, .status = RELAIS_LIST_STATUS_UNSUBSCRIBED, .after_id = 7, .before_id = 90, .with_status = TRUE };
  g_autoptr (RelaisContactPage) page = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL,
                             "{\"contacts\":[{\"id\":\"8\",\"email\":\"a@example.com\"},{\"id\":9,\"email\":\"b@example.com\"},"
                             "{\"id\":\"10\",\"email\":\"c@example.com\"},{\"id\":\"11\",\"email\":null}],"
                             "\"contactLists\":[{\"contact\":\"8\",\"list\":\"1\",\"status\":\"1\"},{\"contact\":\"8\",\"list\":\"12\",\"status\":\"2\"},"
                             "{\"contact\":9,\"list\":12,\"status\":3},{\"contact\":\"10\",\"list\":\"1\",\"status\":\"2\"},17,"
                             "{\"contact\":\"11\",\"list\":\"12\",\"status\":null}],\"meta\":{\"total\":\"4321\"}}");
  page = list_contacts (fixture, query, &error);
  g_assert_no_error (error);
  g_assert_cmpint (page->total, ==, 4321);
  g_assert_cmpuint (page->contacts->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (((RelaisRemoteContact *) page->contacts->pdata[i])->list_status, ==, expected[i]);
  g_assert_cmpstr (relais_test_server_get (fixture->server, 0)->target, ==,
                   "/api/3/contacts?listid=12&status=2&limit=100&orders%5Bid%5D=ASC&id_greater=7&id_less=90&include=contactLists");
}

static void
test_the_last_one_can_be_asked_for (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  RelaisContactQuery query = { .list_id = 12, .status = RELAIS_LIST_STATUS_BOUNCED, .last = TRUE };
  g_autoptr (RelaisContactPage) page = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, "{\"contacts\":[]}");
  page = list_contacts (fixture, query, &error);
  g_assert_no_error (error);
  g_assert_cmpint (page->total, ==, -1);
  g_assert_cmpstr (relais_test_server_get (fixture->server, 0)->target, ==,
                   "/api/3/contacts?listid=12&status=3&limit=1&orders%5Bid%5D=DESC&id_greater=0");
}

static void
test_nobody_on_a_page_is_passed_over (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  static const char * const answers[] = {
    "{\"contacts\":[{\"email\":\"a@example.com\"}]}",
    "{\"contacts\":[{\"id\":\"0\",\"email\":\"a@example.com\"}]}",
    "{\"contacts\":[{\"id\":\"abc\",\"email\":\"a@example.com\"}]}",
    "{\"contacts\":[{\"id\":\"1\",\"email\":\"a@example.com\"},17]}",
    "{\"contacts\":[{\"id\":\"1\",\"email\":\"a@example.com\"},null]}",
    "{\"contacts\":[{\"id\":\"1\"}]}",
    "{\"contacts\":[{\"id\":\"1\",\"email\":17}]}",
    "{\"contacts\":[{\"id\":\"1\",\"email\":{}}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      RelaisContactQuery query = { .list_id = 12 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", answers[i]);
      relais_test_server_answer (fixture->server, 200, NULL, answers[i]);
      g_assert_null (list_contacts (fixture, query, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
    }
}

static void
test_one_can_be_asked_for_their_status (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  static const struct
  {
    const char *answer;
    int         status;
  } cases[] = {
    { "{\"contactLists\":[{\"contact\":\"19\",\"list\":\"1\",\"status\":\"1\"},{\"contact\":\"19\",\"list\":\"12\",\"status\":\"3\"}]}", 3 },
    { "{\"contactLists\":[{\"contact\":19,\"list\":12,\"status\":1}]}", 1 },
    { "{\"contactLists\":[{\"contact\":\"18\",\"list\":\"12\",\"status\":\"2\"}]}", -1 },
    { "{\"contactLists\":[]}", -1 },
    /* 2³² + 1 is not 1: nobody is on a list because a number was cut. */
    { "{\"contactLists\":[{\"contact\":19,\"list\":12,\"status\":4294967297}]}", G_MAXINT },
  };
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) other = NULL;
  int status;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, cases[i].answer);
      g_assert_true (get_list_status (fixture, &status, &error));
      g_assert_no_error (error);
      g_assert_cmpint (status, ==, cases[i].status);
    }
  g_assert_cmpstr (relais_test_server_get (fixture->server, 0)->target, ==, "/api/3/contacts/19/contactLists");

  relais_test_server_answer (fixture->server, 404, NULL, "{\"message\":\"No Result found for Subscriber with id 19\"}");
  g_assert_false (get_list_status (fixture, &status, &missing));
  g_assert_error (missing, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND);
  relais_test_server_answer (fixture->server, 200, NULL, "{}");
  g_assert_false (get_list_status (fixture, &status, &other));
  g_assert_error (other, RELAIS_ERROR, RELAIS_ERROR_REPLY);
}

static void
test_exclusions_are_read_as_documented (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  static const RelaisExclusionMatch expected[] = {
    RELAIS_EXCLUSION_END, RELAIS_EXCLUSION_EXACT, RELAIS_EXCLUSION_BEGIN, RELAIS_EXCLUSION_OTHER, RELAIS_EXCLUSION_OTHER, RELAIS_EXCLUSION_OTHER
  };
  g_autoptr (RelaisExclusionPage) page = NULL;
  g_autoptr (GError) error = NULL;
  const RelaisExclusion *exclusion;

  relais_test_server_answer (fixture->server, 200, NULL,
                             "{\"exclusions\":[{\"id\":\"1\",\"matchPhrase\":\"example@domain.pl\",\"matchType\":\"end\",\"channel\":\"allSms\",\"hidden\":false,\"lists\":[]},"
                             "{\"id\":2,\"matchPhrase\":\"example@domain.com\",\"matchType\":\"exact\",\"channel\":\"several\",\"hidden\":false,\"lists\":[\"2\",1]},"
                             "{\"id\":\"3\",\"matchPhrase\":\"info@\",\"matchType\":\"begin\",\"channel\":\"all\"},"
                             "{\"id\":\"4\",\"matchPhrase\":\"x\",\"matchType\":\"contains\",\"channel\":\"all\",\"lists\":[]},"
                             "{\"id\":\"5\",\"matchPhrase\":\"\",\"matchType\":\"begin\",\"channel\":\"all\",\"lists\":[]},null],\"meta\":{\"total\":6}}");
  page = list_exclusions (fixture, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpint (page->total, ==, 6);
  g_assert_cmpuint (page->exclusions->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (((RelaisExclusion *) page->exclusions->pdata[i])->match, ==, expected[i]);
  exclusion = page->exclusions->pdata[1];
  g_assert_cmpuint (exclusion->id, ==, 2);
  g_assert_cmpstr (exclusion->phrase, ==, "example@domain.com");
  g_assert_cmpstr (exclusion->channel, ==, "several");
  g_assert_cmpuint (exclusion->lists->len, ==, 2);
  g_assert_cmpuint (g_array_index (exclusion->lists, guint64, 0), ==, 2);
  g_assert_cmpuint (g_array_index (exclusion->lists, guint64, 1), ==, 1);
  g_assert_cmpstr (relais_test_server_get (fixture->server, 0)->target, ==, "/api/3/lists/exclusions?limit=100&offset=100");
}

static void
test_exclusions_that_are_none_are_not_an_empty_list (Fixture       *fixture,
                                                     gconstpointer  user_data)
{
  static const char * const answers[] = { "{}", "{\"exclusions\":null}", "{\"list\":{\"id\":\"exclusions\"}}" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, answers[i]);
      g_assert_null (list_exclusions (fixture, 0, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
    }
}

#define ADD(name, test) \
  g_test_add ("/client/people/" name, Fixture, NULL, relais_client_fixture_set_up, test, relais_client_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a page tells how each is on the list", test_a_page_tells_how_each_is_on_the_list);
  ADD ("the last one can be asked for", test_the_last_one_can_be_asked_for);
  ADD ("nobody on a page is passed over", test_nobody_on_a_page_is_passed_over);
  ADD ("one can be asked for their status", test_one_can_be_asked_for_their_status);
  ADD ("exclusions are read as documented", test_exclusions_are_read_as_documented);
  ADD ("exclusions that are none are not an empty list", test_exclusions_that_are_none_are_not_an_empty_list);

  return g_test_run ();
}
