/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A proxy is used for accounts, sees nothing of them, and never hears of practice. */

#include "relais-client-fixture.h"

#include "relais-client-private.h"
#include "relais-error.h"
#include "relais-proxy-private.h"

#include <string.h>

#define QUEUED "{\"success\":1,\"queued_contacts\":1,\"batchId\":\"1\",\"message\":\"Contact import queued\"}"

static GProxyResolver *
make_resolver (const char *proxy)
{
  g_autoptr (GProxyResolver) system = g_simple_proxy_resolver_new (proxy, NULL);

  return relais_proxy_resolver_new (system);
}

static void
assert_proxy (GProxyResolver *resolver,
              const char     *uri,
              const char     *proxy)
{
  g_auto (GStrv) proxies = NULL;
  g_autoptr (GError) error = NULL;

  proxies = g_proxy_resolver_lookup (resolver, uri, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (proxies), ==, 1);
  g_assert_cmpstr (proxies[0], ==, proxy);
}

static void
test_plain_http_has_no_proxy (void)
{
  g_autoptr (GProxyResolver) resolver = make_resolver ("http://192.0.2.1:3128");

  g_assert_true (g_proxy_resolver_is_supported (resolver));
  assert_proxy (resolver, "http://127.0.0.1:8080", "direct://");
  assert_proxy (resolver, "HTTP://localhost:8080", "direct://");
  assert_proxy (resolver, "http://name.example", "direct://");
  assert_proxy (resolver, "https://name.api-us1.com", "http://192.0.2.1:3128");
}

static void
test_the_session_of_the_program_uses_it (void)
{
  g_autoptr (SoupSession) session = relais_client_session_new ();

  g_assert_true (RELAIS_IS_PROXY_RESOLVER (soup_session_get_proxy_resolver (session)));
}

/* Nor does it keep cookies, answer challenges or write a log. */
static void
test_the_session_of_the_program_has_nothing_else (void)
{
  g_autoptr (SoupSession) session = relais_client_session_new ();

  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_AUTH_MANAGER));
  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_COOKIE_JAR));
  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_LOGGER));
  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_CACHE));
  g_assert_true (soup_session_has_feature (session, SOUP_TYPE_CONTENT_DECODER));
  g_assert_cmpstr (soup_session_get_user_agent (session), ==, "Relais/" RELAIS_VERSION);
  g_assert_null (soup_session_get_accept_language (session));
}

static void
test_practice_does_not_go_through_a_proxy (RelaisClientFixture *fixture,
                                           gconstpointer        user_data)
{
  g_autoptr (RelaisTestServer) proxy = relais_test_server_new (NULL);
  g_autofree char *address = g_strdup_printf ("http://%s", proxy->address);
  g_autoptr (GProxyResolver) resolver = make_resolver (address);
  g_autoptr (RelaisReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  soup_session_set_proxy_resolver (fixture->session, resolver);
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  receipt = relais_client_fixture_import (fixture, "{}", 2, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (proxy->requests->len, ==, 0);
}

/* The proxy is asked for a way to the host, and told nothing else. */
static void
test_an_account_goes_through_a_proxy_unseen (RelaisClientFixture *fixture,
                                             gconstpointer        user_data)
{
  static const guint statuses[] = { 407, 403, 502, 200 };
  g_autofree char *address = g_strdup_printf ("http://%s", fixture->server->address);
  g_autoptr (GProxyResolver) resolver = make_resolver (address);

  soup_session_set_proxy_resolver (fixture->session, resolver);
  relais_client_fixture_set_client (fixture, relais_governor_new (G_MAXUINT, 1), "name.invalid", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (GError) error = NULL;
      RelaisTestRequest *request;

      /* Behind the last one nobody speaks TLS. */
      if (statuses[i] == 200)
        fixture->client->deadline = 1000;
      relais_test_server_answer (fixture->server, statuses[i], "", "<html>no</html>");
      g_assert_null (relais_client_fixture_import (fixture, "{}", 2, TRUE, &error));
      g_test_message ("%u", statuses[i]);
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNREACHABLE);
      if (statuses[i] != 200)
        g_assert_nonnull (strstr (error->message, "proxy"));
      request = relais_test_server_get (fixture->server, i);
      g_assert_cmpstr (request->method, ==, "CONNECT");
      g_assert_null (request->token);
      g_assert_cmpuint (g_bytes_get_size (request->body), ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proxy/plain-http-has-no-proxy", test_plain_http_has_no_proxy);
  g_test_add_func ("/proxy/the-session-of-the-program-uses-it", test_the_session_of_the_program_uses_it);
  g_test_add_func ("/proxy/the-session-of-the-program-has-nothing-else", test_the_session_of_the_program_has_nothing_else);
  g_test_add ("/proxy/practice-does-not-go-through-a-proxy", RelaisClientFixture, NULL,
              relais_client_fixture_set_up, test_practice_does_not_go_through_a_proxy, relais_client_fixture_tear_down);
  g_test_add ("/proxy/an-account-goes-through-a-proxy-unseen", RelaisClientFixture, NULL,
              relais_client_fixture_set_up, test_an_account_goes_through_a_proxy_unseen, relais_client_fixture_tear_down);

  return g_test_run ();
}
