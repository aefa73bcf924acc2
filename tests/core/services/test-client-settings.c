/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an account says of itself. */

#include "relais-client-fixture.h"

#include "relais-error.h"

#define Fixture RelaisClientFixture

/* As documented */
#define SETTINGS "{\"account\":\"name.activehosted.com\",\"email\":\"a@example.com\",\"first_name\":\"A\",\"last_name\":\"B\",\"cname\":\"\"," \
                 "\"status\":\"active\",\"subscriber_limit\":1000,\"subscriber_total\":250,\"trial\":false,\"credits\":null,\"branding\":true}"

static RelaisAccountSettings *
get_settings (Fixture  *fixture,
              GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_get_settings_async (fixture->client, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);

  return relais_client_get_settings_finish (fixture->client, result, error);
}

static void
test_settings_are_read_as_documented (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autoptr (RelaisAccountSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  const RelaisTestRequest *request;

  relais_test_server_answer (fixture->server, 200, NULL, SETTINGS);
  settings = get_settings (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (settings->name, ==, "name.activehosted.com");
  g_assert_cmpstr (settings->status, ==, "active");
  g_assert_cmpint (settings->contacts_limit, ==, 1000);
  g_assert_cmpint (settings->contacts_total, ==, 250);
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);
  request = relais_test_server_get (fixture->server, 0);
  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpstr (request->target, ==, "/api/3/settings/account");
}

static void
test_settings_come_in_every_form (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  static const struct
  {
    const char *body;
    const char *status;
    gint64      limit;
    gint64      total;
  } forms[] = {
    { "{\"status\":\"\",\"subscriber_limit\":\"1000\",\"subscriber_total\":\"250\"}", "", 1000, 250 },
    { "{\"status\":null,\"subscriber_limit\":null,\"subscriber_total\":0}", "", -1, 0 },
    { "{\"status\":1,\"subscriber_limit\":-5,\"subscriber_total\":\"many\"}", "", -1, -1 },
    { "{\"status\":{\"a\":1},\"subscriber_limit\":[],\"subscriber_total\":true}", "", -1, -1 },
    { "{\"status\":\"suspended\",\"subscriber_limit\":9223372036854775807,\"subscriber_total\":\"9223372036854775808\"}", "suspended",
      G_MAXINT64, -1 },
    { "{}", "", -1, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (RelaisAccountSettings) settings = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", forms[i].body);
      relais_test_server_answer (fixture->server, 200, NULL, forms[i].body);
      settings = get_settings (fixture, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (settings->name, ==, "");
      g_assert_cmpstr (settings->status, ==, forms[i].status);
      g_assert_cmpint (settings->contacts_limit, ==, forms[i].limit);
      g_assert_cmpint (settings->contacts_total, ==, forms[i].total);
    }
}

static void
test_refusals_are_told (Fixture       *fixture,
                        gconstpointer  user_data)
{
  static const struct
  {
    guint       status;
    const char *body;
    RelaisError code;
  } refusals[] = {
    { 403, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission.\"}]}", RELAIS_ERROR_NOT_ALLOWED },
    { 403, "{\"message\":\"Forbidden\"}", RELAIS_ERROR_REFUSED },
    { 403, "", RELAIS_ERROR_REFUSED },
    { 402, "", RELAIS_ERROR_UNPAID },
    { 404, "{\"message\":\"No route\"}", RELAIS_ERROR_NOT_FOUND },
    { 200, "[]", RELAIS_ERROR_REPLY },
    { 500, "", RELAIS_ERROR_UNAVAILABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, refusals[i].status, NULL, refusals[i].body);
      g_assert_null (get_settings (fixture, &error));
      g_assert_error (error, RELAIS_ERROR, (int) refusals[i].code);
    }
}

static void
test_a_check_hands_on_how_the_account_stands (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, "{\"user\":{\"id\":\"1\",\"username\":\"jdoe\"}}");
  relais_test_server_answer (fixture->server, 200, NULL, "{\"status\":\"under review\"}");
  relais_client_get_account_async (fixture->client, fixture->cancellable, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);
  account = relais_client_get_account_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->status, ==, "under review");
}

#define ADD(name, test) \
  g_test_add ("/client/settings/" name, Fixture, NULL, relais_client_fixture_set_up, test, relais_client_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("settings are read as documented", test_settings_are_read_as_documented);
  ADD ("settings come in every form", test_settings_come_in_every_form);
  ADD ("refusals are told", test_refusals_are_told);
  ADD ("a check hands on how the account stands", test_a_check_hands_on_how_the_account_stands);

  return g_test_run ();
}
