/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections that break, answers without an end, and where requests must never go. */

#include "relais-client-fixture.h"

#include "relais-client-private.h"
#include "relais-error.h"

#include <string.h>

#define Fixture RelaisClientFixture

#define QUEUED "{\"success\":1,\"queued_contacts\":1,\"batchId\":\"1\",\"message\":\"Contact import queued\"}"

static void
assert_imported (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisReceipt) receipt = relais_client_fixture_import (fixture, "{}", 250, TRUE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (receipt->batch_id, ==, "1");
  g_assert_false (receipt->repeated);
}

static void
assert_fails (Fixture     *fixture,
              gboolean     may_repeat,
              RelaisError  code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (relais_client_fixture_import (fixture, "{}", 250, may_repeat, &error));
  g_assert_error (error, RELAIS_ERROR, (int) code);
  g_assert_null (strstr (error->message, RELAIS_TEST_KEY));
  g_assert_null (strstr (error->message, fixture->server->address));
}

static void
test_a_broken_connection_leaves_it_in_doubt (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  static const RelaisTestFault faults[] = {
    RELAIS_TEST_FAULT_HANG_UP, RELAIS_TEST_FAULT_CUT_HEAD, RELAIS_TEST_FAULT_CUT_BODY,
    RELAIS_TEST_FAULT_RESET, RELAIS_TEST_FAULT_GARBAGE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_test_message ("%u", i);
      relais_test_server_fault (fixture->server, faults[i]);
      assert_fails (fixture, TRUE, RELAIS_ERROR_CUT);
      /* A connection that was new is not tried again. */
      g_assert_cmpuint (fixture->server->requests->len, ==, i + 1);
    }
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  assert_imported (fixture);
}

static void
test_a_request_has_a_deadline_as_a_whole (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  static const RelaisTestFault faults[] = { RELAIS_TEST_FAULT_DRIP, RELAIS_TEST_FAULT_SILENCE };

  g_assert_cmpuint (fixture->client->deadline, ==, 120000);
  fixture->client->deadline = 1500;
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      gint64 begun = g_get_monotonic_time ();

      relais_test_server_fault (fixture->server, faults[i]);
      assert_fails (fixture, TRUE, RELAIS_ERROR_CUT);
      g_assert_cmpint (g_get_monotonic_time () - begun, >=, 1500 * G_TIME_SPAN_MILLISECOND);
    }
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  fixture->client->deadline = 60000;
  assert_imported (fixture);
}

/* A port that is taken, and on which nobody listens */
static void
test_nobody_at_home_leaves_no_doubt (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) taken = NULL;
  g_autofree char *host = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_socket_bind (socket, any, FALSE, &error));
  taken = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  host = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (taken)));
  relais_client_fixture_set_client (fixture, relais_governor_new (G_MAXUINT, 1), host, TRUE);
  assert_fails (fixture, TRUE, RELAIS_ERROR_UNREACHABLE);
}

static void
test_a_body_without_an_end_is_not_taken_in (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_ENDLESS);
  assert_fails (fixture, TRUE, RELAIS_ERROR_REPLY);
  /* The service is hung up on, and did not get rid of much more than the limit. */
  while (!fixture->server->endless_ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->server->n_endless, <, 48 * 1024 * 1024);
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  assert_imported (fixture);
}

static GBytes *
compress (const char *text,
          gsize       length)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GInputStream) plain = g_memory_input_stream_new_from_data (text, length, NULL);
  g_autoptr (GInputStream) packed = g_converter_input_stream_new (plain, compressor);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (memory, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
test_a_packed_answer_is_read (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autoptr (GBytes) packed = compress (QUEUED, strlen (QUEUED));

  relais_test_server_answer_bytes (fixture->server, 200, "Content-Type: application/json\nContent-Encoding: gzip", packed);
  assert_imported (fixture);
}

/* 64 MiB in as many KiB */
static void
test_a_packed_answer_is_not_unpacked_without_an_end (Fixture       *fixture,
                                                     gconstpointer  user_data)
{
  gsize length = 64 * 1024 * 1024;
  g_autofree char *blanks = g_strnfill (length, ' ');
  g_autoptr (GBytes) packed = compress (blanks, length);

  g_assert_cmpuint (g_bytes_get_size (packed), <, 128 * 1024);
  relais_test_server_answer_bytes (fixture->server, 200, "Content-Type: application/json\nContent-Encoding: gzip", packed);
  assert_fails (fixture, TRUE, RELAIS_ERROR_REPLY);
}

static void
test_a_packed_answer_that_is_cut_leaves_it_in_doubt (Fixture       *fixture,
                                                     gconstpointer  user_data)
{
  g_autoptr (GBytes) packed = compress (QUEUED, strlen (QUEUED));
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (packed, 0, g_bytes_get_size (packed) / 2);
  g_autoptr (GError) error = NULL;

  relais_test_server_answer_bytes (fixture->server, 200, "Content-Type: application/json\nContent-Encoding: gzip", cut);
  g_assert_null (relais_client_fixture_import (fixture, "{}", 250, TRUE, &error));
  g_assert_true (relais_error_is_in_doubt (error));
}

/* Hosts are read before they are stored; this one comes from a damaged database. */
static void
test_a_host_that_is_none_is_not_found (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  static const char * const hosts[] = { "name with.spaces", "name.example:port", "[name.example", "" };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      relais_client_fixture_set_client (fixture, relais_governor_new (G_MAXUINT, 1), hosts[i], FALSE);
      assert_fails (fixture, TRUE, RELAIS_ERROR_NAME_NOT_FOUND);
    }
}

/* Connections */

static void
test_requests_share_a_connection (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GPtrArray) lists = NULL;
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
      assert_imported (fixture);
      relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[]}");
      lists = relais_client_fixture_lists (fixture, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (fixture->server->requests->len, ==, 40);
  g_assert_cmpuint (fixture->server->n_connections, ==, 1);
}

static void
count_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  guint *n_left = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisReceipt) receipt = relais_client_import_finish (RELAIS_CLIENT (object), result, NULL, &error);

  g_assert_no_error (error);
  (*n_left)--;
}

static void
test_as_many_connections_as_are_under_way (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  g_autoptr (GBytes) payload = g_bytes_new_static ("{}", 2);

  /* So that all of them are there before the first is answered */
  fixture->server->delay = 300;
  for (guint round = 0; round < 3; round++)
    {
      guint n_left = 8;

      for (guint i = 0; i < 8; i++)
        {
          relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
          relais_client_import_async (fixture->client, payload, 250, TRUE, NULL, count_cb, &n_left);
        }
      while (n_left > 0)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (fixture->server->requests->len, ==, 24);
  g_assert_cmpuint (fixture->server->max_open, <=, 8);
  g_assert_cmpuint (fixture->server->n_connections, <=, 8);
}

static void
assert_empty_lists (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lists = relais_client_fixture_lists (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lists->len, ==, 0);
}

/* libsoup 3.2 does so for GET alone, and others may for whatever may be repeated. The
 * service may have had an import the first time: either it is told, or it is in doubt. */
static void
test_a_kept_connection_that_is_dead_leaves_nothing_untold (Fixture       *fixture,
                                                           gconstpointer  user_data)
{
  g_autoptr (RelaisReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[]}");
  assert_empty_lists (fixture);
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_HANG_UP);
  relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[]}");
  assert_empty_lists (fixture);
  g_assert_cmpuint (fixture->server->requests->len, ==, 3);

  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_HANG_UP);
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  receipt = relais_client_fixture_import (fixture, "{\"contacts\":[]}", 250, TRUE, &error);
  if (receipt != NULL)
    g_assert_true (receipt->repeated);
  else
    g_assert_true (relais_error_is_in_doubt (error));
  g_assert_cmpuint (fixture->server->requests->len, ==, receipt != NULL ? 5 : 4);
}

/* Four in a second: the one that was repeated had two of them. */
static void
test_a_repeat_on_its_own_counts_for_the_pace (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  gint64 begun = g_get_monotonic_time ();

  relais_client_fixture_set_client (fixture, relais_governor_new (0, 0), fixture->server->address, TRUE);
  for (guint i = 0; i < 4; i++)
    {
      if (i == 1)
        relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_HANG_UP);
      relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[]}");
      assert_empty_lists (fixture);
    }
  g_assert_cmpuint (fixture->server->requests->len, ==, 5);
  g_assert_cmpint (relais_test_server_get (fixture->server, 4)->time - begun, >=, G_TIME_SPAN_SECOND);
}

/* With automations on, who is sent twice could get their mails twice. Such an import
 * does not go where a connection may just have died. */
static void
test_what_must_not_be_repeated_is_not (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  g_autoptr (RelaisReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  assert_imported (fixture);
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_HANG_UP);
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  assert_fails (fixture, FALSE, RELAIS_ERROR_CUT);
  g_assert_cmpuint (fixture->server->requests->len, ==, 2);
  g_assert_cmpuint (fixture->server->n_connections, ==, 2);
  receipt = relais_client_fixture_import (fixture, "{}", 250, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->server->n_connections, ==, 3);
}

/* The first one may have arrived, whatever became of the second. */
static void
test_a_repeat_that_finds_nobody_leaves_it_in_doubt (Fixture       *fixture,
                                                    gconstpointer  user_data)
{
  GSList *listeners = soup_server_get_listeners (fixture->server->server);
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[]}");
  assert_empty_lists (fixture);
  for (GSList *at = listeners; at != NULL; at = at->next)
    g_socket_close (at->data, NULL);
  g_slist_free (listeners);
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_HANG_UP);
  g_assert_null (relais_client_fixture_lists (fixture, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_CUT);
  g_assert_cmpuint (fixture->server->requests->len, ==, 2);
}

/* What broke says nothing about the pace, and a pause that is on stays on. */
static void
test_a_broken_connection_ends_no_pause (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  relais_test_server_answer (fixture->server, 429, "Retry-After: 3600", "");
  relais_test_server_fault (fixture->server, RELAIS_TEST_FAULT_HANG_UP);
  relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
  assert_fails (fixture, FALSE, RELAIS_ERROR_CUT);
  g_assert_cmpuint (fixture->n_waits, ==, 1);
  /* The next one waits too. */
  assert_imported (fixture);
  g_assert_cmpuint (fixture->n_waits, ==, 2);
  g_assert_cmpfloat (fixture->wait, >, 3000);
}

/* Redirects: the key is for the account's host alone. */

static void
test_redirects_are_not_followed (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  static const guint statuses[] = { 300, 301, 302, 303, 307, 308 };
  g_autoptr (RelaisTestServer) other = relais_test_server_new (NULL);
  g_autofree char *elsewhere = g_strdup_printf ("Location: http://%s/api/3/import/bulk_import", other->address);
  g_autofree char *same_port = g_strdup_printf ("Location: http://localhost:%s/api/3/lists", strchr (fixture->server->address, ':') + 1);
  const char *locations[] = { elsewhere, same_port, "Location: /api/3/users/me", "Location: https://www.example/login", "Location: ", "" };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (guint j = 0; j < G_N_ELEMENTS (locations); j++)
      {
        g_autoptr (GError) error = NULL;

        relais_test_server_answer (fixture->server, statuses[i], locations[j], "");
        g_assert_null (relais_client_fixture_lists (fixture, &error));
        g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_WRONG_HOST);
        relais_test_server_answer (fixture->server, statuses[i], locations[j], "");
        assert_fails (fixture, TRUE, RELAIS_ERROR_WRONG_HOST);
        n += 2;
      }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->server->requests->len, ==, n);
  g_assert_cmpuint (other->requests->len, ==, 0);
}

static void
test_challenges_are_not_answered (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  relais_test_server_answer (fixture->server, 401, "WWW-Authenticate: Basic realm=\"x\"", "");
  assert_fails (fixture, TRUE, RELAIS_ERROR_REFUSED);
  relais_test_server_answer (fixture->server, 407, "Proxy-Authenticate: Basic realm=\"x\"", "");
  assert_fails (fixture, TRUE, RELAIS_ERROR_UNREACHABLE);
  g_assert_cmpuint (fixture->server->requests->len, ==, 2);
}

/* Plain HTTP is for practice, on this computer. */

static void
test_no_account_is_asked_in_the_clear (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  g_autofree char *port = g_strdup (strchr (fixture->server->address, ':') + 1);
  const struct
  {
    const char *host;
    gboolean    practice;
  } accounts[] = { { "127.0.0.1", FALSE }, { "localhost", FALSE }, { "127.0.0.2", TRUE }, { "0.0.0.0", TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    {
      g_autofree char *host = g_strdup_printf ("%s:%s", accounts[i].host, port);
      g_autoptr (GError) error = NULL;

      relais_client_fixture_set_client (fixture, relais_governor_new (G_MAXUINT, 1), host, accounts[i].practice);
      /* A server that does not speak TLS may not say so. */
      fixture->client->deadline = 500;
      g_assert_null (relais_client_fixture_import (fixture, "{}", 2, TRUE, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNREACHABLE);
    }
  g_assert_cmpuint (fixture->server->requests->len, ==, 0);
}

static void
test_practice_is_found_however_its_address_is_written (Fixture       *fixture,
                                                       gconstpointer  user_data)
{
  g_autofree char *port = g_strdup (strchr (fixture->server->address, ':') + 1);
  static const char * const forms[] = { "127.0.0.1:%s", "http://127.0.0.1:%s/", "localhost:%s" };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_auto (GStrv) parts = g_strsplit (forms[i], "%s", 2);
      g_autofree char *address = g_strjoinv (port, parts);

      relais_client_fixture_set_client (fixture, relais_governor_new (G_MAXUINT, 1), address, TRUE);
      relais_test_server_answer (fixture->server, 200, NULL, QUEUED);
      assert_imported (fixture);
    }
}

#define ADD(name, function) \
  g_test_add ("/client-faults/" name, Fixture, NULL, relais_client_fixture_set_up, function, relais_client_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-broken-connection-leaves-it-in-doubt", test_a_broken_connection_leaves_it_in_doubt);
  ADD ("a-request-has-a-deadline-as-a-whole", test_a_request_has_a_deadline_as_a_whole);
  ADD ("nobody-at-home-leaves-no-doubt", test_nobody_at_home_leaves_no_doubt);
  ADD ("a-body-without-an-end-is-not-taken-in", test_a_body_without_an_end_is_not_taken_in);
  ADD ("a-packed-answer-is-read", test_a_packed_answer_is_read);
  ADD ("a-packed-answer-is-not-unpacked-without-an-end", test_a_packed_answer_is_not_unpacked_without_an_end);
  ADD ("a-packed-answer-that-is-cut-leaves-it-in-doubt", test_a_packed_answer_that_is_cut_leaves_it_in_doubt);
  ADD ("a-host-that-is-none-is-not-found", test_a_host_that_is_none_is_not_found);
  ADD ("requests-share-a-connection", test_requests_share_a_connection);
  ADD ("as-many-connections-as-are-under-way", test_as_many_connections_as_are_under_way);
  ADD ("a-kept-connection-that-is-dead-leaves-nothing-untold", test_a_kept_connection_that_is_dead_leaves_nothing_untold);
  ADD ("a-repeat-on-its-own-counts-for-the-pace", test_a_repeat_on_its_own_counts_for_the_pace);
  ADD ("what-must-not-be-repeated-is-not", test_what_must_not_be_repeated_is_not);
  ADD ("a-repeat-that-finds-nobody-leaves-it-in-doubt", test_a_repeat_that_finds_nobody_leaves_it_in_doubt);
  ADD ("a-broken-connection-ends-no-pause", test_a_broken_connection_ends_no_pause);
  ADD ("redirects-are-not-followed", test_redirects_are_not_followed);
  ADD ("challenges-are-not-answered", test_challenges_are_not_answered);
  ADD ("no-account-is-asked-in-the-clear", test_no_account_is_asked_in_the_clear);
  ADD ("practice-is-found-however-its-address-is-written", test_practice_is_found_however_its_address_is_written);

  return g_test_run ();
}
