/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection.h"

#include "relais-test-notify.h"

static RelaisConnectionRecord *
make_record (void)
{
  RelaisConnectionRecord *record = relais_connection_record_new ();

  record->id = g_strdup ("c1");
  record->kind = RELAIS_CONNECTION_ACTIVECAMPAIGN;
  record->name = g_strdup ("Compte");
  record->host = g_strdup ("compte.api-us1.com");
  record->access = RELAIS_ACCESS_CONTRIBUTORS;
  record->account = g_strdup ("Toiles");
  record->check = RELAIS_CHECK_CONNECTED;
  record->checked_at = 5000;

  return record;
}

static void
test_properties_are_the_record (void)
{
  g_autoptr (RelaisConnectionRecord) record = make_record ();
  RelaisConnection *connection = relais_connection_new (record);
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autofree char *host = NULL;
  g_autofree char *account = NULL;
  int kind, access, check;
  gint64 checked_at;
  guint n_exports;
  gboolean practice;

  g_object_get (connection, "id", &id, "name", &name, "kind", &kind, "host", &host, "access", &access, "account", &account,
                "check", &check, "checked-at", &checked_at, "n-exports", &n_exports, "practice", &practice, NULL);
  g_assert_cmpstr (id, ==, "c1");
  g_assert_cmpstr (name, ==, "Compte");
  g_assert_cmpint (kind, ==, RELAIS_CONNECTION_ACTIVECAMPAIGN);
  g_assert_cmpstr (host, ==, "compte.api-us1.com");
  g_assert_cmpint (access, ==, RELAIS_ACCESS_CONTRIBUTORS);
  g_assert_cmpstr (account, ==, "Toiles");
  g_assert_cmpint (check, ==, RELAIS_CHECK_CONNECTED);
  g_assert_cmpint (checked_at, ==, 5000);
  g_assert_cmpuint (n_exports, ==, 0);
  g_assert_false (practice);
  g_assert_finalize_object (connection);
}

static void
test_only_what_changed_is_told (void)
{
  g_autoptr (RelaisConnectionRecord) record = make_record ();
  RelaisConnection *connection = relais_connection_new (record);
  GString *told = relais_test_listen (connection);

  relais_connection_set_record (connection, record);
  relais_test_assert_notified (told, "");

  g_free (record->name);
  record->name = g_strdup ("Compte principal");
  relais_connection_set_record (connection, record);
  relais_test_assert_notified (told, "name");
  g_assert_cmpstr (relais_connection_get_name (connection), ==, "Compte principal");

  record->check = RELAIS_CHECK_KEY_REFUSED;
  record->checked_at = 6000;
  relais_connection_set_record (connection, record);
  relais_test_assert_notified (told, "check checked-at");

  record->access = RELAIS_ACCESS_ADMINISTRATORS;
  g_clear_pointer (&record->account, g_free);
  relais_connection_set_record (connection, record);
  relais_test_assert_notified (told, "access account");

  record->kind = RELAIS_CONNECTION_PRACTICE;
  g_clear_pointer (&record->host, g_free);
  relais_connection_set_record (connection, record);
  relais_test_assert_notified (told, "kind practice host");
  g_assert_true (relais_connection_is_practice (connection));

  relais_connection_set_n_exports (connection, 3);
  relais_connection_set_n_exports (connection, 3);
  relais_test_assert_notified (told, "n-exports");
  g_assert_finalize_object (connection);
}

/* The record that is shown is not the caller's, and setting it to itself is safe. */
static void
test_the_record_is_a_copy (void)
{
  g_autoptr (RelaisConnectionRecord) record = make_record ();
  RelaisConnection *connection = relais_connection_new (record);

  record->name[0] = 'X';
  g_assert_cmpstr (relais_connection_get_name (connection), ==, "Compte");
  relais_connection_set_record (connection, relais_connection_get_record (connection));
  g_assert_cmpstr (relais_connection_get_name (connection), ==, "Compte");
  g_assert_finalize_object (connection);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection/properties-are-the-record", test_properties_are_the_record);
  g_test_add_func ("/connection/only-what-changed-is-told", test_only_what_changed_is_told);
  g_test_add_func ("/connection/the-record-is-a-copy", test_the_record_is_a_copy);

  return g_test_run ();
}
