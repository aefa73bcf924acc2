/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was confirmed in one account counts in no other. */

#include "relais-run-fixture.h"

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
save_connection (RelaisRunFixture       *self,
                 RelaisConnectionRecord *record,
                 const char             *key_text)
{
  g_autoptr (RelaisKey) key = key_text != NULL ? relais_key_new_copy (key_text, -1) : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisConnection) saved = NULL;
  g_autoptr (GError) error = NULL;

  record->consent_version = RELAIS_CONSENT_VERSION;
  record->consent_at = g_get_real_time () + 1;
  relais_workspace_save_connection_async (self->workspace, record, key, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  saved = relais_workspace_save_connection_finish (self->workspace, result, &error);
  g_assert_no_error (error);
}

/* Leads the connection to another host, or to the one it has with another key. */
static void
lead_to (RelaisRunFixture *self,
         const char       *host,
         const char       *key)
{
  g_autoptr (RelaisConnectionRecord) record =
    relais_connection_record_copy (relais_connection_get_record (relais_export_get_connection (self->export)));

  g_free (record->host);
  record->host = g_strdup (host);
  save_connection (self, record, key);
}

static void
assert_preview_sends (RelaisRunFixture *self,
                      guint             n)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_DELIVERED], ==, n);
}

static void
assert_run_sends (RelaisRunFixture *self,
                  const char       *counts)
{
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, counts);
}

static void
test_another_host_is_another_account (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  RelaisScriptedAccount *other = relais_scripted_account_new ();

  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  assert_run_sends (self, "read=300 unchanged=300");

  lead_to (self, other->address, NULL);
  assert_preview_sends (self, 300);
  assert_run_sends (self, "read=300 delivered=300");
  g_assert_cmpuint (relais_scripted_account_times (other, "person300@example.com"), ==, 1);
  assert_run_sends (self, "read=300 unchanged=300");

  /* Back again, and nothing that was confirmed in the other one counts here. */
  lead_to (self, self->account->address, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person300@example.com"), ==, 2);
  relais_scripted_account_free (other);
}

static void
test_another_key_may_be_of_another_account (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  lead_to (self, self->account->address, "another key");
  assert_run_sends (self, "read=300 delivered=300");
}

static void
test_a_new_name_changes_nothing (RelaisRunFixture *self,
                                 gconstpointer     user_data)
{
  g_autoptr (RelaisConnectionRecord) record = NULL;

  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  record = relais_connection_record_copy (relais_connection_get_record (relais_export_get_connection (self->export)));
  g_free (record->name);
  record->name = g_strdup ("Renamed");
  save_connection (self, record, NULL);
  assert_run_sends (self, "read=300 unchanged=300");
}

/* Of an export: the other one has the very same lists. */
static void
test_another_connection_is_another_account (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  RelaisScriptedAccount *first = self->account;
  RelaisScriptedAccount *other = relais_scripted_account_new ();

  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  self->account = other;
  self->connection_name = "Other account";
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  g_assert_cmpuint (relais_scripted_account_times (other, "person300@example.com"), ==, 1);
  self->account = first;
  relais_scripted_account_free (other);
}

static void
test_another_list_has_other_people (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  guint first = self->list_id;

  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  self->list_id = first + 1;
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
  self->list_id = first;
  relais_run_fixture_define (self, NULL);
  assert_run_sends (self, "read=300 delivered=300");
}

/* Some of its batches have arrived in the account it began with, and it is not gone on with in another. */
static void
test_an_interrupted_run_stays_in_its_account (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  RelaisScriptedAccount *other = relais_scripted_account_new ();
  g_autofree char *id = NULL;

  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, NULL);
  relais_scripted_account_imports (self->account, "accept accept 402 402");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), >, 0);
  id = g_strdup (relais_run_get_id (self->run));

  lead_to (self, other->address, NULL);
  assert_run_sends (self, "read=1000 delivered=1000");
  g_assert_cmpstr (relais_run_get_id (self->run), !=, id);
  g_assert_cmpuint (g_hash_table_size (other->people), ==, 1000);
  relais_scripted_account_free (other);
}

/* A key of today's form says which host it is for; one of an older version did not. */
static void
test_a_key_for_another_host_is_not_taken (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  g_autofree char *id = NULL;

  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  id = g_strdup (relais_connection_get_id (relais_export_get_connection (self->export)));
  relais_memory_secrets_set (self->secrets, RELAIS_SECRET_FINGERPRINT_KEY, id, "0123456789abcdef0123456789abcdef");
  assert_run_sends (self, "read=300 delivered=300");
  relais_run_fixture_reopen (self);
  assert_run_sends (self, "read=300 unchanged=300");

  relais_memory_secrets_set (self->secrets, RELAIS_SECRET_FINGERPRINT_KEY, id, "0123456789abcdef0123456789abcdef@127.0.0.1:1");
  assert_run_sends (self, "read=300 delivered=300");
}

#define ADD(name, test) \
  g_test_add ("/run/account/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("another host is another account", test_another_host_is_another_account);
  ADD ("another key may be of another account", test_another_key_may_be_of_another_account);
  ADD ("a new name changes nothing", test_a_new_name_changes_nothing);
  ADD ("another connection is another account", test_another_connection_is_another_account);
  ADD ("another list has other people", test_another_list_has_other_people);
  ADD ("an interrupted run stays in its account", test_an_interrupted_run_stays_in_its_account);
  ADD ("a key for another host is not taken", test_a_key_for_another_host_is_not_taken);

  return g_test_run ();
}
