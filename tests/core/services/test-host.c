/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-host.h"

#include "relais-error.h"

#include <string.h>

typedef struct
{
  const char *written;
  const char *host;      /* NULL: refused */
  gboolean    reduced;
} Row;

static void
test_what_is_pasted_is_reduced_to_the_host (void)
{
  static const Row rows[] = {
    { "name.api-us1.com", "name.api-us1.com", FALSE },
    { "https://name.api-us1.com", "name.api-us1.com", TRUE },
    { "https://name.api-us1.com/", "name.api-us1.com", TRUE },
    { "HTTPS://Name.Api-US1.Com/", "name.api-us1.com", TRUE },
    { "http://name.api-us1.com", "name.api-us1.com", TRUE },
    { "name.api-us1.com/", "name.api-us1.com", TRUE },
    { "name.api-us1.com/api", "name.api-us1.com", TRUE },
    { "https://name.api-us1.com/api/3", "name.api-us1.com", TRUE },
    { "https://name.api-us1.com/api/3/", "name.api-us1.com", TRUE },
    { "  name.api-us1.com\r\n", "name.api-us1.com", FALSE },
    { "\u00a0name.api-us1.com\u200b", "name.api-us1.com", FALSE },
    { "\ufeffhttps://name.api-us1.com/\u2060", "name.api-us1.com", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean reduced = !rows[i].reduced;
      g_autoptr (GError) error = NULL;
      g_autofree char *host = relais_host_read (rows[i].written, &reduced, &error);

      g_test_message ("%s", rows[i].written);
      g_assert_no_error (error);
      g_assert_cmpstr (host, ==, rows[i].host);
      g_assert_cmpint (reduced, ==, rows[i].reduced);
    }
}

static void
test_names_are_read_as_the_network_knows_them (void)
{
  static const Row rows[] = {
    { "NAME.API-US1.COM", "name.api-us1.com" },
    { "my_name.api-us1.com", "my_name.api-us1.com" },
    { "a.b", "a.b" },
    { "1and1.example", "1and1.example" },
    { "bücher.example", "xn--bcher-kva.example" },
    { "BÜCHER.example", "xn--bcher-kva.example" },
    { "xn--bcher-kva.example", "xn--bcher-kva.example" },
    { "na\u200bme.api-us1.com", "name.api-us1.com" },
    { "name。api-us1。com", "name.api-us1.com" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean reduced;
      g_autoptr (GError) error = NULL;
      g_autofree char *host = relais_host_read (rows[i].written, &reduced, &error);

      g_test_message ("%s", rows[i].written);
      g_assert_no_error (error);
      g_assert_cmpstr (host, ==, rows[i].host);
    }
}

/* Each refusal with a word of the sentence that says why. */
static void
test_what_is_no_host_is_refused_and_told_why (void)
{
  static const struct
  {
    const char *written;
    const char *word;
  } rows[] = {
    { NULL, "Settings, Developer" },
    { "", "Settings, Developer" },
    { " \u00a0\u200b", "Settings, Developer" },
    { "https://", "whole host name" },
    { "name", "whole host name" },
    { "localhost", "whole host name" },
    { "na me.api-us1.com", "spaces" },
    { "name.api-us1.com other", "spaces" },
    { "user@name.api-us1.com", "@" },
    { "https://user:word@name.api-us1.com/", "@" },
    { "name.api-us1.com:443", "port" },
    { "https://name.api-us1.com:8443/", "port" },
    { "name.api-us1.com:", "port" },
    { "https://name.api-us1.com/app/contacts", "slash" },
    { "name.api-us1.com/api/3/users/me", "slash" },
    { "name.api-us1.com/api/33", "slash" },
    { "name.api-us1.com?x=1", "slash" },
    { "name.api-us1.com#top", "slash" },
    { "ftp://name.api-us1.com", "slash" },
    { "192.0.2.7", "IP address" },
    { "https://192.0.2.7/", "IP address" },
    { "127.1", "IP address" },
    { "0x7f.1", "IP address" },
    { "1.0x7F000001", "IP address" },
    { "name.api-us1.1", "IP address" },
    { "１２７.０.０.１", "IP address" },
    { "[2001:db8::1]", "IP address" },
    { "https://[2001:db8::1]/", "IP address" },
    { "2001:db8::1", "IP address" },
    { "2001:db8::0.0.0.1", "IP address" },
    { "name..api-us1.com", "dot too many" },
    { ".name.api-us1.com", "dot too many" },
    { "name.api-us1.com.", "dot too many" },
    { ".", "dot too many" },
    { "-name.api-us1.com", "not a host name" },
    { "name-.api-us1.com", "not a host name" },
    { "na!me.api-us1.com", "not a host name" },
    { "na%6de.api-us1.com", "not a host name" },
    { "name.api-us1.com\\x", "not a host name" },
    { "na\001me.api-us1.com", "not a host name" },
    { "na\u202eme.api-us1.com", "not a host name" },
    { "name.\xff.com", "not a host name" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean reduced;
      g_autoptr (GError) error = NULL;
      g_autofree char *host = relais_host_read (rows[i].written, &reduced, &error);

      g_test_message ("%u", i);
      g_assert_null (host);
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
      g_assert_nonnull (strstr (error->message, rows[i].word));
    }
}

static void
test_names_are_as_long_as_names_may_be (void)
{
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *long_label = g_strnfill (64, 'a');
  /* 3 × 64 + 57 + 4 = 253 */
  g_autofree char *longest = g_strdup_printf ("%s.%s.%s.%.57s.com", label, label, label, label);
  g_autofree char *too_long = g_strdup_printf ("%s.%s.%s.%.58s.com", label, label, label, label);
  g_autofree char *with_long_label = g_strdup_printf ("%s.com", long_label);
  gboolean reduced;
  g_autofree char *read = relais_host_read (longest, &reduced, NULL);

  g_assert_cmpuint (strlen (longest), ==, 253);
  g_assert_cmpstr (read, ==, longest);
  g_assert_null (relais_host_read (too_long, &reduced, NULL));
  g_assert_null (relais_host_read (with_long_label, &reduced, NULL));
}

static void
test_known_endings_are_those_of_activecampaign (void)
{
  static const char * const known[] = { "name.api-us1.com", "a.b.api-us1.com", "name.activehosted.com" };
  static const char * const unknown[] = {
    "api-us1.com", "nameapi-us1.com", "name.api-us1.com.example", "name.api-us2.com", "name.activehosted.com.", "activehosted.com",
    "name.xn--pi-us1-2ve.com",
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_true (relais_host_is_known (known[i]));
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_false (relais_host_is_known (unknown[i]));
}

static void
test_practice_accounts_are_on_this_computer (void)
{
  static const Row rows[] = {
    { "127.0.0.1:8080", "127.0.0.1:8080" },
    { "http://127.0.0.1:8080", "127.0.0.1:8080" },
    { "HTTP://127.0.0.1:8080/api/3", "127.0.0.1:8080" },
    { " localhost:1 ", "localhost:1" },
    { "LocalHost:65535", "localhost:65535" },
    { "[::1]:8080", "[::1]:8080" },
    { NULL, NULL },
    { "", NULL },
    { "127.0.0.1", NULL },
    { "127.0.0.1:", NULL },
    { "127.0.0.1:0", NULL },
    { "127.0.0.1:65536", NULL },
    { "127.0.0.1:+80", NULL },
    { "127.0.0.1:80x", NULL },
    { "127.0.0.2:80", NULL },
    { "0.0.0.0:80", NULL },
    { "::1:80", NULL },
    { "192.0.2.7:80", NULL },
    { "name.api-us1.com:80", NULL },
    { "localhost.example:80", NULL },
    { "127.0.0.1.example:80", NULL },
    { "user@127.0.0.1:80", NULL },
    { "https://127.0.0.1:80", NULL },
    { "127.0.0.1@192.0.2.7:80", NULL },
    { "127.0.0.1:80?x", NULL },
    { "127.0.0.1:80\xff", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = relais_host_read_practice (rows[i].written, &error);

      g_test_message ("%u", i);
      g_assert_cmpstr (address, ==, rows[i].host);
      if (rows[i].host == NULL)
        g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host/what-is-pasted-is-reduced-to-the-host", test_what_is_pasted_is_reduced_to_the_host);
  g_test_add_func ("/host/names-are-read-as-the-network-knows-them", test_names_are_read_as_the_network_knows_them);
  g_test_add_func ("/host/what-is-no-host-is-refused-and-told-why", test_what_is_no_host_is_refused_and_told_why);
  g_test_add_func ("/host/names-are-as-long-as-names-may-be", test_names_are_as_long_as_names_may_be);
  g_test_add_func ("/host/known-endings-are-those-of-activecampaign", test_known_endings_are_those_of_activecampaign);
  g_test_add_func ("/host/practice-accounts-are-on-this-computer", test_practice_accounts_are_on_this_computer);

  return g_test_run ();
}
