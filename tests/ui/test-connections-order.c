/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connections-order.h"

static RelaisConnection *
make (RelaisConnectionKind kind,
      const char          *name,
      RelaisCheck          check,
      gint64               checked_at,
      guint                n_exports)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_new ();
  RelaisConnection *connection;

  record->id = g_uuid_string_random ();
  record->kind = kind;
  record->name = g_strdup (name);
  record->host = g_strdup ("shop.api-us1.com");
  record->account = g_strdup ("Toiles & Été");
  record->check = check;
  record->checked_at = checked_at;
  connection = relais_connection_new (record);
  relais_connection_set_n_exports (connection, n_exports);

  return connection;
}

static void
test_name_host_and_account_are_searched (void)
{
  static const struct
  {
    const char *search;
    gboolean    matches;
  } rows[] = {
    { "", TRUE },
    { "   ", TRUE },
    { "BOUTIQUE", TRUE },
    { "ete", TRUE },
    { "ÉTÉ", TRUE },
    { "e\314\201te", TRUE },
    { "api-us1", TRUE },
    { "bout api", TRUE },
    { "bout nowhere", FALSE },
    { "practice", FALSE },
  };
  g_autoptr (RelaisConnection) connection = make (RELAIS_CONNECTION_ACTIVECAMPAIGN, "Boutique en ligne", RELAIS_CHECK_NEVER, 0, 0);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("“%s”", rows[i].search);
      g_assert_cmpint (relais_connection_matches (connection, rows[i].search), ==, rows[i].matches);
    }
}

static void
assert_before (RelaisConnection       *one,
               RelaisConnection       *other,
               RelaisConnectionsOrder  order)
{
  g_assert_cmpint (relais_connection_compare (one, other, order), <, 0);
  g_assert_cmpint (relais_connection_compare (other, one, order), >, 0);
  g_assert_cmpint (relais_connection_compare (one, one, order), ==, 0);
}

static void
test_the_order_is_the_one_that_was_asked_for (void)
{
  g_autoptr (RelaisConnection) a = make (RELAIS_CONNECTION_ACTIVECAMPAIGN, "atelier", RELAIS_CHECK_CONNECTED, 20, 1);
  g_autoptr (RelaisConnection) b = make (RELAIS_CONNECTION_ACTIVECAMPAIGN, "Boutique", RELAIS_CHECK_KEY_REFUSED, 30, 1);
  g_autoptr (RelaisConnection) c = make (RELAIS_CONNECTION_ACTIVECAMPAIGN, "Café", RELAIS_CHECK_NEVER, 0, 3);
  g_autoptr (RelaisConnection) practice = make (RELAIS_CONNECTION_PRACTICE, "A practice account", RELAIS_CHECK_KEY_REFUSED, 90, 9);

  assert_before (a, b, RELAIS_CONNECTIONS_BY_NAME);
  assert_before (b, c, RELAIS_CONNECTIONS_BY_STATE);
  assert_before (c, a, RELAIS_CONNECTIONS_BY_STATE);
  assert_before (b, a, RELAIS_CONNECTIONS_BY_CHECKED);
  assert_before (a, c, RELAIS_CONNECTIONS_BY_CHECKED);
  assert_before (c, a, RELAIS_CONNECTIONS_BY_EXPORTS);
  assert_before (a, b, RELAIS_CONNECTIONS_BY_EXPORTS);
  for (RelaisConnectionsOrder order = RELAIS_CONNECTIONS_BY_NAME; order <= RELAIS_CONNECTIONS_BY_EXPORTS; order++)
    assert_before (c, practice, order);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/connections-order/name-host-and-account-are-searched", test_name_host_and_account_are_searched);
  g_test_add_func ("/connections-order/the-order-is-the-one-that-was-asked-for", test_the_order_is_the_one_that_was_asked_for);

  return g_test_run ();
}
