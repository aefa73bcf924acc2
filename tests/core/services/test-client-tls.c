/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts are only asked over a connection whose certificate is theirs. */

#include "relais-client-fixture.h"
#include "relais-test-certificates.h"

#include "relais-error.h"

#include <string.h>

#define QUEUED "{\"success\":1,\"queued_contacts\":1,\"batchId\":\"1\",\"message\":\"Contact import queued\"}"

static RelaisTestCertificates *authority;

typedef struct
{
  RelaisClientFixture base;  /* as a practice account; set_account() makes a real one of it */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  relais_client_fixture_set_up (&fixture->base, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  relais_client_fixture_tear_down (&fixture->base, NULL);
}

/* An account on a server that shows @certificate. The authority of the test is known
 * when @trusted; what is known besides stays what it is in the program. */
static void
set_account (Fixture         *fixture,
             GTlsCertificate *certificate,
             gboolean         trusted)
{
  relais_test_server_free (fixture->base.server);
  fixture->base.server = relais_test_server_new (certificate);
  if (trusted)
    soup_session_set_tls_database (fixture->base.session, relais_test_certificates_get_database (authority));
  relais_client_fixture_set_client (&fixture->base, relais_governor_new (G_MAXUINT, 1), fixture->base.server->address, FALSE);
}

static void
test_a_certificate_of_the_account_is_good (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (authority, "DNS:localhost", 2);

  set_account (fixture, certificate, TRUE);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (RelaisReceipt) receipt = NULL;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->base.server, 200, NULL, QUEUED);
      receipt = relais_client_fixture_import (&fixture->base, "{}", 250, TRUE, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (relais_test_server_get (fixture->base.server, i)->token, ==, RELAIS_TEST_KEY);
    }
  g_assert_cmpuint (fixture->base.server->n_connections, ==, 1);
}

static void
assert_refused (Fixture    *fixture,
                const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) import_error = NULL;

  g_assert_null (relais_client_fixture_lists (&fixture->base, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_null (strstr (error->message, "localhost"));
  g_assert_null (relais_client_fixture_import (&fixture->base, "{}", 250, TRUE, &import_error));
  g_assert_error (import_error, RELAIS_ERROR, RELAIS_ERROR_TLS);
  g_assert_false (relais_error_is_temporary (import_error));
  g_assert_false (relais_error_is_in_doubt (import_error));
  /* Nothing arrived there, least of all the key. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->base.server->requests->len, ==, 0);
}

static void
test_an_authority_that_is_not_known_is_refused (Fixture       *fixture,
                                                gconstpointer  user_data)
{
  g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (authority, "DNS:localhost", 2);

  set_account (fixture, certificate, FALSE);
  assert_refused (fixture, "not trusted");
}

static void
test_another_authority_is_refused (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr (RelaisTestCertificates) other = relais_test_certificates_new ();
  g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (other, "DNS:localhost", 2);

  set_account (fixture, certificate, TRUE);
  assert_refused (fixture, "not trusted");
}

static void
test_another_name_is_refused (Fixture       *fixture,
                              gconstpointer  user_data)
{
  static const char * const names[] = { "DNS:name.api-us1.com", "DNS:localhost.example", "DNS:*.localhost", "IP:127.0.0.1" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (authority, names[i], 2);

      set_account (fixture, certificate, TRUE);
      assert_refused (fixture, "belongs to another host");
    }
}

static void
test_a_certificate_of_yesterday_is_refused (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (authority, "DNS:localhost", -1);

  set_account (fixture, certificate, TRUE);
  assert_refused (fixture, "not valid today");
}

/* The errors of a broken connection are in the domain of TLS then, and yet say nothing of the certificate. */
static void
test_a_connection_that_breaks_is_no_matter_of_certificates (Fixture       *fixture,
                                                            gconstpointer  user_data)
{
  static const RelaisTestFault faults[] = {
    RELAIS_TEST_FAULT_RESET, RELAIS_TEST_FAULT_HANG_UP, RELAIS_TEST_FAULT_CUT_HEAD, RELAIS_TEST_FAULT_CUT_BODY,
  };
  g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (authority, "DNS:localhost", 2);

  set_account (fixture, certificate, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%u", i);
      relais_test_server_fault (fixture->base.server, faults[i]);
      g_assert_null (relais_client_fixture_import (&fixture->base, "{}", 250, TRUE, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_CUT);
      g_assert_cmpuint (fixture->base.server->requests->len, ==, i + 1);
    }
}

/* From a good account to a place in the clear, or under another name */
static void
test_redirects_are_not_followed (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  static const guint statuses[] = { 301, 302, 307, 308 };
  g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (authority, "DNS:localhost,IP:127.0.0.1", 2);
  g_autoptr (RelaisTestServer) plain = relais_test_server_new (NULL);
  g_autoptr (RelaisTestServer) other = relais_test_server_new (certificate);
  g_autofree char *to_plain = g_strdup_printf ("Location: http://%s/api/3/lists", plain->address);
  g_autofree char *to_other = g_strdup_printf ("Location: https://%s/api/3/lists", other->address);
  const char *locations[] = { to_plain, to_other };

  set_account (fixture, certificate, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (guint j = 0; j < G_N_ELEMENTS (locations); j++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GError) import_error = NULL;

        relais_test_server_answer (fixture->base.server, statuses[i], locations[j], "");
        g_assert_null (relais_client_fixture_lists (&fixture->base, &error));
        g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_WRONG_HOST);
        relais_test_server_answer (fixture->base.server, statuses[i], locations[j], "");
        g_assert_null (relais_client_fixture_import (&fixture->base, "{}", 250, TRUE, &import_error));
        g_assert_error (import_error, RELAIS_ERROR, RELAIS_ERROR_WRONG_HOST);
      }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->base.server->requests->len, ==, 16);
  g_assert_cmpuint (plain->requests->len, ==, 0);
  g_assert_cmpuint (other->requests->len, ==, 0);
}

/* Starts a server of HTTP/2 that sends back what it is sent, on a free port. Returns: (nullable): none is installed */
static GSubprocess *
start_http_2 (RelaisTestCertificates *certificates,
              guint16                *port)
{
  g_autofree char *program = g_find_program_in_path ("nghttpd");
  g_autoptr (GTlsCertificate) certificate = relais_test_certificates_issue (certificates, "DNS:localhost", 2);
  g_autofree char *certificate_path = relais_test_certificates_get_path (certificates, "1.pem");
  g_autofree char *key_path = relais_test_certificates_get_path (certificates, "1.key");
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autofree char *port_text = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  if (program == NULL)
    return NULL;
  *port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_assert_no_error (error);
  g_socket_listener_close (listener);
  port_text = g_strdup_printf ("%u", *port);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, program, "--echo-upload", "-a", "127.0.0.1",
                              port_text, key_path, certificate_path, NULL);
  g_assert_no_error (error);
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1", *port, NULL, NULL);

      if (connection != NULL)
        break;
      g_usleep (20 * G_TIME_SPAN_MILLISECOND);
    }

  return process;
}

/* The real service speaks HTTP/2, and imports are larger than its first window of 64 KiB. What
 * comes back is what was sent, with the batch at its end. */
static void
test_a_large_import_goes_through_http_2 (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  g_autoptr (RelaisTestCertificates) certificates = relais_test_certificates_new ();
  g_autofree char *padding = g_strnfill (399900, 'x');
  g_autofree char *payload = g_strdup_printf ("{\"contacts\":\"%s\",\"batchId\":\"1\"}", padding);
  g_autofree char *host = NULL;
  g_autoptr (GSubprocess) server = NULL;
  guint16 port;

  server = start_http_2 (certificates, &port);
  if (server == NULL)
    {
      g_test_skip ("nghttpd is not installed");
      return;
    }
  soup_session_set_tls_database (fixture->base.session, relais_test_certificates_get_database (certificates));
  host = g_strdup_printf ("localhost:%u", port);
  relais_client_fixture_set_client (&fixture->base, relais_governor_new (G_MAXUINT, 1), host, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RelaisReceipt) receipt = relais_client_fixture_import (&fixture->base, payload, 250, i % 2 == 0, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (receipt->batch_id, ==, "1");
      g_assert_false (receipt->repeated);
    }
  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, NULL);
}

#define ADD(name, function) g_test_add ("/client-tls/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  authority = relais_test_certificates_new ();
  ADD ("a-certificate-of-the-account-is-good", test_a_certificate_of_the_account_is_good);
  ADD ("an-authority-that-is-not-known-is-refused", test_an_authority_that_is_not_known_is_refused);
  ADD ("another-authority-is-refused", test_another_authority_is_refused);
  ADD ("another-name-is-refused", test_another_name_is_refused);
  ADD ("a-certificate-of-yesterday-is-refused", test_a_certificate_of_yesterday_is_refused);
  ADD ("a-connection-that-breaks-is-no-matter-of-certificates", test_a_connection_that_breaks_is_no_matter_of_certificates);
  ADD ("redirects-are-not-followed", test_redirects_are_not_followed);
  ADD ("a-large-import-goes-through-http-2", test_a_large_import_goes_through_http_2);
  status = g_test_run ();
  relais_test_certificates_free (authority);

  return status;
}
