/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections are saved, checked and removed, and nothing is left in the keyring of what is not kept. */

#include "relais-workspace.h"

#include <string.h>

#include "relais-error.h"
#include "relais-test-notify.h"
#include "relais-test-server.h"
#include "relais-test-workspace.h"

#define HOST "compte.api-us1.com"

static const char *
peek_key (RelaisTestWorkspace *fixture,
          RelaisConnection    *connection)
{
  return relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection));
}

static guint
count_connections (RelaisTestWorkspace *fixture)
{
  return g_list_model_get_n_items (relais_workspace_get_connections (fixture->workspace));
}

/* Saves what cannot be saved, and makes sure that nothing is left of it. */
static void
assert_not_saved (RelaisTestWorkspace          *fixture,
                  const RelaisConnectionRecord *record,
                  const char                   *key,
                  GQuark                        domain,
                  int                           code)
{
  g_autoptr (GError) error = NULL;
  guint n = count_connections (fixture);

  g_assert_null (relais_test_workspace_save (fixture, record, key, &error));
  g_assert_error (error, domain, code);
  g_assert_cmpuint (count_connections (fixture), ==, n);
}

static void
test_the_key_is_in_the_keyring_and_nowhere_else (RelaisTestWorkspace *fixture,
                                                 gconstpointer        user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "journal.sqlite", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  RelaisConnection *connection = relais_test_workspace_add (fixture, "  Compte ", "https://" HOST "/", "a-very-secret-key");
  const RelaisConnectionRecord *record = relais_connection_get_record (connection);

  g_assert_cmpstr (record->name, ==, "Compte");
  g_assert_cmpstr (record->host, ==, HOST);
  g_assert_true (g_uuid_string_is_valid (record->id));
  g_assert_cmpstr (peek_key (fixture, connection), ==, "a-very-secret-key");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *contents = NULL;
      gsize length = 0;

      if (g_file_get_contents (i == 0 ? path : wal, &contents, &length, NULL))
        g_assert_null (g_strstr_len (contents, length, "a-very-secret-key"));
    }
}

static void
test_what_is_missing_is_told_before_anything_is_kept (RelaisTestWorkspace *fixture,
                                                      gconstpointer        user_data)
{
  static const struct
  {
    const char *name;
    const char *host;
    const char *key;
    guint       consent;
    RelaisError code;
  } rows[] = {
    { NULL, HOST, "k", 1, RELAIS_ERROR_DEFINITION },
    { "", HOST, "k", 1, RELAIS_ERROR_DEFINITION },
    { " \t ", HOST, "k", 1, RELAIS_ERROR_DEFINITION },
    { "A", "", "k", 1, RELAIS_ERROR_DEFINITION },
    { "A", "no-dot", "k", 1, RELAIS_ERROR_DEFINITION },
    { "A", "user@compte.api-us1.com", "k", 1, RELAIS_ERROR_DEFINITION },
    { "A", "192.0.2.7", "k", 1, RELAIS_ERROR_DEFINITION },
    { "A", "127.0.0.1", "k", 1, RELAIS_ERROR_DEFINITION },           /* a practice account without its port */
    { "A", HOST, "k", 0, RELAIS_ERROR_CONSENT },
    { "A", HOST, NULL, 1, RELAIS_ERROR_KEY_MISSING },
    { "A", "127.0.0.1:8080", NULL, 1, RELAIS_ERROR_KEY_MISSING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record (rows[i].name, rows[i].host);

      g_test_message ("%s at %s", rows[i].name, rows[i].host);
      record->consent_version = rows[i].consent;
      assert_not_saved (fixture, record, rows[i].key, RELAIS_ERROR, rows[i].code);
    }
  g_assert_cmpuint (relais_memory_secrets_get_calls (fixture->secrets), ==, 0);
}

static void
test_two_connections_may_not_have_one_name (RelaisTestWorkspace *fixture,
                                            gconstpointer        user_data)
{
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record ("ÉTÉ", HOST);
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Été", HOST, "k1");
  RelaisConnection *other = relais_test_workspace_add (fixture, "Hiver", HOST, "k2");
  g_autoptr (RelaisConnectionRecord) renamed = relais_connection_record_copy (relais_connection_get_record (other));
  g_autoptr (RelaisConnection) same = NULL;
  guint n_calls = relais_memory_secrets_get_calls (fixture->secrets);

  assert_not_saved (fixture, record, "k3", RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN);
  g_free (renamed->name);
  renamed->name = g_strdup (" e\314\201te\314\201");
  assert_not_saved (fixture, renamed, NULL, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN);
  g_assert_cmpstr (relais_connection_get_name (other), ==, "Hiver");
  g_assert_cmpuint (relais_memory_secrets_get_calls (fixture->secrets), ==, n_calls);

  /* Its own name in another case is no clash. */
  g_free (renamed->name);
  renamed->name = g_strdup ("HIVER");
  same = relais_test_workspace_save (fixture, renamed, NULL, NULL);
  g_assert_true (same == other);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "k1");
  g_assert_cmpstr (peek_key (fixture, other), ==, "k2");
}

/* Both were free when they were asked for: the journal decides, and the loser leaves no key. */
static void
test_two_at_the_same_time_are_one (RelaisTestWorkspace *fixture,
                                   gconstpointer        user_data)
{
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record ("Compte", HOST);
  g_autoptr (RelaisKey) key = relais_key_new_copy ("k1", -1);
  g_autoptr (RelaisKey) other_key = relais_key_new_copy ("k2", -1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) other_result = NULL;
  g_autoptr (RelaisConnection) connection = NULL;
  g_autoptr (RelaisConnection) other = NULL;
  g_autoptr (GError) error = NULL;

  relais_workspace_save_connection_async (fixture->workspace, record, key, NULL, relais_test_keep_result, &result);
  relais_workspace_save_connection_async (fixture->workspace, record, other_key, NULL, relais_test_keep_result, &other_result);
  connection = relais_workspace_save_connection_finish (fixture->workspace, relais_test_wait (&result), NULL);
  other = relais_workspace_save_connection_finish (fixture->workspace, relais_test_wait (&other_result), &error);
  g_assert_nonnull (connection);
  g_assert_null (other);
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN);
  g_assert_cmpuint (count_connections (fixture), ==, 1);
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "k1");
}

static void
test_a_journal_that_fails_takes_the_key_back (RelaisTestWorkspace *fixture,
                                              gconstpointer        user_data)
{
  g_autoptr (RelaisConnectionRecord) fresh = relais_test_connection_record ("Autre", HOST);
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "old");
  g_autoptr (RelaisConnectionRecord) changed = relais_connection_record_copy (relais_connection_get_record (connection));

  relais_test_workspace_break_journal (fixture);
  assert_not_saved (fixture, fresh, "new", RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);

  g_free (changed->name);
  changed->name = g_strdup ("Renommé");
  changed->consent_at = 2000;
  assert_not_saved (fixture, changed, "new", RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "old");
  g_assert_cmpstr (relais_connection_get_name (connection), ==, "Compte");
  g_assert_cmpstr (relais_memory_secrets_peek_label (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection)),
                   ==, "Relais: API key of “Compte”");
}

static void
test_a_keyring_that_refuses_leaves_nothing_behind (RelaisTestWorkspace *fixture,
                                                   gconstpointer        user_data)
{
  static const RelaisError codes[] = { RELAIS_ERROR_KEYRING_LOCKED, RELAIS_ERROR_KEYRING_MISSING, RELAIS_ERROR_KEYRING };
  g_autoptr (RelaisConnectionRecord) fresh = relais_test_connection_record ("Autre", HOST);
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "old");
  g_autoptr (RelaisConnectionRecord) changed = relais_connection_record_copy (relais_connection_get_record (connection));
  g_autoptr (RelaisConnection) renamed = NULL;

  changed->consent_at = 2000;
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (RELAIS_ERROR, codes[i], "The keyring does not want to.");

      relais_memory_secrets_fail (fixture->secrets, error);
      assert_not_saved (fixture, fresh, "new", RELAIS_ERROR, codes[i]);
      assert_not_saved (fixture, changed, "new", RELAIS_ERROR, codes[i]);
    }

  /* What needs no key needs no keyring. */
  g_free (changed->name);
  changed->name = g_strdup ("Renommé");
  renamed = relais_test_workspace_save (fixture, changed, NULL, NULL);
  g_assert_true (renamed == connection);
  relais_memory_secrets_fail (fixture->secrets, NULL);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "old");
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);

  g_clear_object (&renamed);
  relais_test_workspace_reopen (fixture);
  g_assert_cmpuint (count_connections (fixture), ==, 1);
  g_assert_nonnull (relais_workspace_find_connection (fixture->workspace, "Renommé"));
}

static void
test_cancelling_leaves_nothing_behind (RelaisTestWorkspace *fixture,
                                       gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "old");
  g_autoptr (RelaisConnectionRecord) fresh = relais_test_connection_record ("Autre", HOST);
  g_autoptr (RelaisConnectionRecord) changed = relais_connection_record_copy (relais_connection_get_record (connection));
  g_autoptr (RelaisKey) key = relais_key_new_copy ("new", -1);

  changed->consent_at = 2000;
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      /* The keyring does it all the same in the second half, as one that had the message already. */
      relais_memory_secrets_set_heedless (fixture->secrets, i >= 2);
      relais_workspace_save_connection_async (fixture->workspace, i % 2 == 0 ? fresh : changed, key, cancellable,
                                              relais_test_keep_result, &result);
      g_cancellable_cancel (cancellable);
      g_assert_null (relais_workspace_save_connection_finish (fixture->workspace, relais_test_wait (&result), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (count_connections (fixture), ==, 1);
      g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);
      g_assert_cmpstr (peek_key (fixture, connection), ==, "old");
    }
}

static void
test_another_host_or_key_asks_for_consent_again (RelaisTestWorkspace *fixture,
                                                 gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "old");
  g_autoptr (RelaisConnectionRecord) changed = relais_connection_record_copy (relais_connection_get_record (connection));
  g_autoptr (RelaisConnection) saved = NULL;

  assert_not_saved (fixture, changed, "new", RELAIS_ERROR, RELAIS_ERROR_CONSENT);
  g_free (changed->host);
  changed->host = g_strdup ("autre.api-us1.com");
  assert_not_saved (fixture, changed, NULL, RELAIS_ERROR, RELAIS_ERROR_CONSENT);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "old");

  changed->consent_at = 2000;
  saved = relais_test_workspace_save (fixture, changed, "new", NULL);
  g_assert_true (saved == connection);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "new");
  g_assert_cmpstr (relais_connection_get_record (connection)->host, ==, "autre.api-us1.com");
}

static void
set_who (RelaisConnectionRecord *record,
         const char             *host,
         const char             *account,
         const char             *user)
{
  g_free (record->host);
  record->host = g_strdup (host);
  g_free (record->account);
  record->account = g_strdup (account);
  g_free (record->user);
  record->user = g_strdup (user);
}

/* Saved with the key given, does the connection still know what it confirmed? */
static void
test_what_may_be_another_account_remembers_nothing (RelaisTestWorkspace *fixture,
                                                    gconstpointer        user_data)
{
  static const struct
  {
    const char *host;
    const char *key;
    const char *account;
    const char *user;
    gboolean    remembers;
  } rows[] = {
    { HOST, NULL, "compte", "Camille", TRUE },
    { HOST, NULL, NULL, NULL, TRUE },
    { "autre.api-us1.com", NULL, "compte", "Camille", FALSE },
    { HOST, "new", "compte", "Dominique", TRUE },
    { HOST, "new", "autre", "Camille", FALSE },
    { HOST, "new", NULL, "Camille", TRUE },
    { HOST, "new", "", "Camille", TRUE },
    { HOST, "new", NULL, "Dominique", FALSE },
    { HOST, "new", NULL, NULL, FALSE },
  };
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "old");
  g_autofree char *id = g_strdup (relais_connection_get_id (connection));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisConnectionRecord) record = relais_connection_record_copy (relais_connection_get_record (connection));
      g_autoptr (RelaisConnection) before = NULL;
      g_autoptr (RelaisConnection) saved = NULL;

      record->consent_at += 10;
      set_who (record, HOST, "compte", "Camille");
      before = relais_test_workspace_save (fixture, record, NULL, NULL);
      relais_memory_secrets_set (fixture->secrets, RELAIS_SECRET_FINGERPRINT_KEY, id, "0123456789abcdef0123456789abcdef");
      record->consent_at += 10;
      set_who (record, rows[i].host, rows[i].account, rows[i].user);
      saved = relais_test_workspace_save (fixture, record, rows[i].key, NULL);
      g_assert_true (saved == connection);
      g_test_message ("row %u", i);
      g_assert_cmpint (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_FINGERPRINT_KEY, id) != NULL, ==, rows[i].remembers);
    }
}

static void
test_a_new_name_reaches_the_exports (RelaisTestWorkspace *fixture,
                                     gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", NULL, NULL);
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_copy (relais_connection_get_record (connection));
  g_autoptr (RelaisConnection) saved = NULL;
  g_autoptr (RelaisExport) again = NULL;

  g_free (record->name);
  record->name = g_strdup ("Principal");
  saved = relais_test_workspace_save (fixture, record, NULL, NULL);
  g_assert_cmpstr (relais_export_get_definition (export)->connection, ==, "Principal");
  again = relais_test_workspace_save_export (fixture, export, relais_export_get_definition (export), NULL);
  g_assert_true (again == export);
}

static void
test_removing_takes_both_secrets_along (RelaisTestWorkspace *fixture,
                                        gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  GString *told = relais_test_listen_model (relais_workspace_get_connections (fixture->workspace));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisClient) client = NULL;
  RelaisHashKey hash_key;

  relais_test_workspace_add (fixture, "Autre", HOST, "k2");
  relais_workspace_open_client_async (fixture->workspace, connection, NULL, relais_test_keep_result, &result);
  client = relais_workspace_open_client_finish (fixture->workspace, relais_test_wait (&result), NULL);
  g_clear_object (&result);
  relais_workspace_get_hash_key_async (fixture->workspace, connection, client, NULL, relais_test_keep_result, &result);
  g_assert_true (relais_workspace_get_hash_key_finish (fixture->workspace, relais_test_wait (&result), &hash_key, NULL));
  g_clear_object (&result);
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 3);

  relais_test_assert_changed (told, "0-0+1");
  g_assert_true (relais_test_workspace_remove (fixture, connection, NULL));
  relais_test_assert_changed (told, "1-1+0");
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 1);
  relais_test_workspace_reopen (fixture);
  g_assert_cmpuint (count_connections (fixture), ==, 1);
}

static void
test_one_without_a_key_can_be_removed (RelaisTestWorkspace *fixture,
                                       gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisConnection *built_in = relais_test_workspace_add (fixture, "Entraînement", NULL, NULL);
  guint n_calls;

  relais_memory_secrets_set (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection), NULL);
  g_assert_true (relais_test_workspace_remove (fixture, connection, NULL));

  /* The built-in practice account has nothing in the keyring. */
  n_calls = relais_memory_secrets_get_calls (fixture->secrets);
  g_assert_true (relais_test_workspace_remove (fixture, built_in, NULL));
  g_assert_cmpuint (relais_memory_secrets_get_calls (fixture->secrets), ==, n_calls);
}

static void
test_one_in_use_stays (RelaisTestWorkspace *fixture,
                       gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  RelaisExport *export = relais_test_workspace_add_export (fixture, "Lettre", "Compte");
  g_autoptr (GError) error = NULL;
  guint n_exports;

  g_object_get (connection, "n-exports", &n_exports, NULL);
  g_assert_cmpuint (n_exports, ==, 1);
  g_assert_false (relais_test_workspace_remove (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Lettre”"));
  g_assert_cmpstr (peek_key (fixture, connection), ==, "k1");
  g_assert_cmpuint (count_connections (fixture), ==, 1);

  g_assert_true (relais_test_workspace_remove_export (fixture, export, NULL));
  g_assert_true (relais_test_workspace_remove (fixture, connection, NULL));
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 0);
}

static void
test_those_that_use_one_are_named (RelaisTestWorkspace *fixture,
                                   gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  g_autoptr (GError) error = NULL;

  relais_test_workspace_add (fixture, "Autre", HOST, "k2");
  relais_test_workspace_add_export (fixture, "Ailleurs", "Autre");
  for (guint i = 1; i <= 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("Lettre %02u", i);

      relais_test_workspace_add_export (fixture, name, "Compte");
      g_clear_error (&error);
      g_assert_false (relais_test_workspace_remove (fixture, connection, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
      g_assert_null (strstr (error->message, "Ailleurs"));
      g_assert_true ((strstr (error->message, name) != NULL) == (i <= 10));
      if (i == 2)
        g_assert_nonnull (strstr (error->message, ": “Lettre 01”, “Lettre 02”."));
    }
  g_assert_true (g_str_has_prefix (error->message, "12 exports"));
  g_assert_nonnull (strstr (error->message, ", “Lettre 10”."));
}

/* By another process, after this one had read what there is: its secrets are not touched at all. */
static void
test_one_that_came_into_use_elsewhere_stays (RelaisTestWorkspace *fixture,
                                             gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  g_autoptr (RelaisExportRecord) record = relais_export_record_new ();
  g_autoptr (GAsyncResult) put = NULL;
  g_autoptr (GError) error = NULL;
  guint n_calls;

  record->id = g_strdup ("e");
  record->name = g_strdup ("Ailleurs");
  record->connection_id = g_strdup (relais_connection_get_id (connection));
  record->definition = g_strdup ("{}");
  relais_journal_put_export_async (relais_workspace_get_journal (fixture->workspace), record, NULL, relais_test_keep_result, &put);
  g_assert_true (relais_journal_write_finish (relais_workspace_get_journal (fixture->workspace), relais_test_wait (&put), NULL));
  n_calls = relais_memory_secrets_get_calls (fixture->secrets);
  g_assert_false (relais_test_workspace_remove (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Ailleurs”"));
  g_assert_cmpuint (relais_memory_secrets_get_calls (fixture->secrets), ==, n_calls);
}

static void
test_a_locked_keyring_keeps_the_connection (RelaisTestWorkspace *fixture,
                                            gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  g_autoptr (GError) error = NULL;

  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  g_assert_false (relais_test_workspace_remove (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (count_connections (fixture), ==, 1);
  relais_memory_secrets_set_locked (fixture->secrets, FALSE);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "k1");
  g_assert_true (relais_test_workspace_remove (fixture, connection, NULL));
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 0);
}

static void
test_a_journal_that_fails_keeps_connection_and_secrets (RelaisTestWorkspace *fixture,
                                                        gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", HOST, "k1");
  const char *id = relais_connection_get_id (connection);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relais_memory_secrets_set (fixture->secrets, RELAIS_SECRET_FINGERPRINT_KEY, id, "0123456789abcdef0123456789abcdef");
  relais_workspace_remove_connection_async (fixture->workspace, connection, NULL, relais_test_keep_result, &result);
  while (peek_key (fixture, connection) != NULL)
    g_main_context_iteration (NULL, TRUE);
  relais_test_workspace_break_journal (fixture);
  g_assert_false (relais_workspace_remove_connection_finish (fixture->workspace, relais_test_wait (&result), &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_cmpuint (count_connections (fixture), ==, 1);
  g_assert_cmpstr (peek_key (fixture, connection), ==, "k1");
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_FINGERPRINT_KEY, id), ==, "0123456789abcdef0123456789abcdef");
}

static void
test_what_is_gone_does_not_come_back (RelaisTestWorkspace *fixture,
                                      gconstpointer        user_data)
{
  g_autoptr (RelaisConnection) connection = g_object_ref (relais_test_workspace_add (fixture, "Compte", HOST, "k1"));
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_copy (relais_connection_get_record (connection));
  g_autoptr (RelaisExportDefinition) definition = relais_test_export_definition ("Lettre", "Compte");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) again = NULL;
  g_autoptr (GError) error = NULL;

  relais_workspace_remove_connection_async (fixture->workspace, connection, NULL, relais_test_keep_result, &result);
  /* While it goes: not removed twice, not saved, not chosen for an export. */
  relais_workspace_remove_connection_async (fixture->workspace, connection, NULL, relais_test_keep_result, &again);
  g_assert_false (relais_workspace_remove_connection_finish (fixture->workspace, relais_test_wait (&again), &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_clear_error (&error);
  record->consent_at = 2000;
  g_assert_null (relais_test_workspace_save (fixture, record, "k2", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_null (relais_test_workspace_save_export (fixture, NULL, definition, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_true (relais_workspace_remove_connection_finish (fixture->workspace, relais_test_wait (&result), NULL));

  /* After it has gone. */
  g_assert_false (relais_test_workspace_remove (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  assert_not_saved (fixture, record, "k2", RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (fixture->secrets), ==, 0);
  g_clear_object (&result);
  g_clear_object (&again);
  relais_test_workspace_reopen (fixture);
  g_assert_cmpuint (count_connections (fixture), ==, 0);
}

/* Checks */

static RelaisAccount *
check (RelaisTestWorkspace  *fixture,
       RelaisConnection     *connection,
       GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_check_connection_async (fixture->workspace, connection, NULL, relais_test_keep_result, &result);

  return relais_workspace_check_connection_finish (fixture->workspace, relais_test_wait (&result), error);
}

/* The client hangs up first: a server forgets no connection that is open. */
static void
stop_server (RelaisTestWorkspace *fixture,
             RelaisTestServer    *server)
{
  soup_session_abort (fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  relais_test_server_free (server);
}

static void
answer_as_account (RelaisTestServer *server)
{
  relais_test_server_answer (server, 200, NULL, "{\"user\": {\"id\": \"1\", \"username\": \"zoe\", \"email\": \"zoe@example.com\"}}");
  relais_test_server_answer (server, 200, NULL, "{\"account\": {\"name\": \"Toiles\"}}");
}

static void
test_a_check_is_kept_whatever_its_outcome (RelaisTestWorkspace *fixture,
                                           gconstpointer        user_data)
{
  RelaisTestServer *server = relais_test_server_new (NULL);
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", server->address, "k1");
  GString *told = relais_test_listen (connection);
  g_autoptr (RelaisAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  const RelaisConnectionRecord *record;

  answer_as_account (server);
  account = check (fixture, connection, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->user_name, ==, "zoe");
  g_assert_cmpstr (relais_test_server_get (server, 0)->token, ==, "k1");
  record = relais_connection_get_record (connection);
  g_assert_cmpint (record->check, ==, RELAIS_CHECK_CONNECTED);
  g_assert_cmpstr (record->user, ==, "zoe");
  g_assert_nonnull (account->account_name);
  relais_test_assert_notified (told, "check checked-at account");

  relais_test_server_answer (server, 403, NULL, "");
  g_assert_null (check (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REFUSED);
  g_clear_error (&error);
  record = relais_connection_get_record (connection);
  g_assert_cmpint (record->check, ==, RELAIS_CHECK_KEY_REFUSED);
  /* Who it was is still worth knowing. */
  g_assert_cmpstr (record->user, ==, "zoe");

  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  g_assert_null (check (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_LOCKED);
  relais_test_workspace_reopen (fixture);
  record = relais_connection_get_record (relais_workspace_find_connection (fixture->workspace, "Compte"));
  g_assert_cmpint (record->check, ==, RELAIS_CHECK_KEYRING);
  g_assert_cmpint (record->checked_at, >, 0);
  stop_server (fixture, server);
}

static void
test_a_check_in_vain_is_not_kept (RelaisTestWorkspace *fixture,
                                  gconstpointer        user_data)
{
  RelaisTestServer *server = relais_test_server_new (NULL);
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Compte", server->address, "k1");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  relais_workspace_check_connection_async (fixture->workspace, connection, cancellable, relais_test_keep_result, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_null (relais_workspace_check_connection_finish (fixture->workspace, relais_test_wait (&cancelled), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (relais_connection_get_record (connection)->check, ==, RELAIS_CHECK_NEVER);

  /* Removed while the account was asked: the answer does not bring it back. */
  answer_as_account (server);
  relais_workspace_check_connection_async (fixture->workspace, connection, NULL, relais_test_keep_result, &result);
  while (server->requests->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (relais_test_workspace_remove (fixture, connection, NULL));
  account = relais_workspace_check_connection_finish (fixture->workspace, relais_test_wait (&result), NULL);
  g_assert_nonnull (account);
  g_clear_object (&cancelled);
  g_clear_object (&result);
  relais_test_workspace_reopen (fixture);
  g_assert_cmpuint (count_connections (fixture), ==, 0);
  stop_server (fixture, server);
}

static void
test_every_failure_has_its_state (void)
{
  static const struct
  {
    RelaisError code;
    RelaisCheck check;
  } rows[] = {
    { RELAIS_ERROR_REFUSED, RELAIS_CHECK_KEY_REFUSED }, { RELAIS_ERROR_NOT_ALLOWED, RELAIS_CHECK_NOT_ALLOWED },
    { RELAIS_ERROR_UNPAID, RELAIS_CHECK_UNPAID }, { RELAIS_ERROR_WRONG_HOST, RELAIS_CHECK_WRONG_HOST },
    { RELAIS_ERROR_REPLY, RELAIS_CHECK_WRONG_HOST }, { RELAIS_ERROR_THROTTLED, RELAIS_CHECK_TROUBLE },
    { RELAIS_ERROR_UNAVAILABLE, RELAIS_CHECK_TROUBLE }, { RELAIS_ERROR_OFFLINE, RELAIS_CHECK_UNREACHABLE },
    { RELAIS_ERROR_NAME_NOT_FOUND, RELAIS_CHECK_UNREACHABLE }, { RELAIS_ERROR_UNREACHABLE, RELAIS_CHECK_UNREACHABLE },
    { RELAIS_ERROR_CUT, RELAIS_CHECK_UNREACHABLE }, { RELAIS_ERROR_TLS, RELAIS_CHECK_CERTIFICATE },
    { RELAIS_ERROR_KEYRING_LOCKED, RELAIS_CHECK_KEYRING }, { RELAIS_ERROR_KEYRING_MISSING, RELAIS_CHECK_KEYRING },
    { RELAIS_ERROR_KEYRING, RELAIS_CHECK_KEYRING }, { RELAIS_ERROR_KEY_MISSING, RELAIS_CHECK_KEYRING },
  };
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (RELAIS_ERROR, rows[i].code, "x");

      g_assert_cmpint (relais_check_from_error (error), ==, rows[i].check);
    }
  g_assert_cmpint (relais_check_from_error (foreign), ==, RELAIS_CHECK_TROUBLE);
}

static void
test_the_built_in_practice_account_needs_somebody_who_knows_it (RelaisTestWorkspace *fixture,
                                                                gconstpointer        user_data)
{
  RelaisConnection *connection = relais_test_workspace_add (fixture, "Entraînement", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (check (fixture, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNREACHABLE);
  g_assert_cmpint (relais_connection_get_record (connection)->check, ==, RELAIS_CHECK_UNREACHABLE);
}

#define ADD(path, function)                                                                            \
  g_test_add ("/workspace-connections/" path, RelaisTestWorkspace, NULL, relais_test_workspace_set_up, function, \
              relais_test_workspace_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-key-is-in-the-keyring-and-nowhere-else", test_the_key_is_in_the_keyring_and_nowhere_else);
  ADD ("what-is-missing-is-told-before-anything-is-kept", test_what_is_missing_is_told_before_anything_is_kept);
  ADD ("two-connections-may-not-have-one-name", test_two_connections_may_not_have_one_name);
  ADD ("two-at-the-same-time-are-one", test_two_at_the_same_time_are_one);
  ADD ("a-journal-that-fails-takes-the-key-back", test_a_journal_that_fails_takes_the_key_back);
  ADD ("a-keyring-that-refuses-leaves-nothing-behind", test_a_keyring_that_refuses_leaves_nothing_behind);
  ADD ("cancelling-leaves-nothing-behind", test_cancelling_leaves_nothing_behind);
  ADD ("another-host-or-key-asks-for-consent-again", test_another_host_or_key_asks_for_consent_again);
  ADD ("what-may-be-another-account-remembers-nothing", test_what_may_be_another_account_remembers_nothing);
  ADD ("a-new-name-reaches-the-exports", test_a_new_name_reaches_the_exports);
  ADD ("removing-takes-both-secrets-along", test_removing_takes_both_secrets_along);
  ADD ("one-without-a-key-can-be-removed", test_one_without_a_key_can_be_removed);
  ADD ("one-in-use-stays", test_one_in_use_stays);
  ADD ("those-that-use-one-are-named", test_those_that_use_one_are_named);
  ADD ("one-that-came-into-use-elsewhere-stays", test_one_that_came_into_use_elsewhere_stays);
  ADD ("a-locked-keyring-keeps-the-connection", test_a_locked_keyring_keeps_the_connection);
  ADD ("a-journal-that-fails-keeps-connection-and-secrets", test_a_journal_that_fails_keeps_connection_and_secrets);
  ADD ("what-is-gone-does-not-come-back", test_what_is_gone_does_not_come_back);
  ADD ("a-check-is-kept-whatever-its-outcome", test_a_check_is_kept_whatever_its_outcome);
  ADD ("a-check-in-vain-is-not-kept", test_a_check_in_vain_is_not_kept);
  g_test_add_func ("/workspace-connections/every-failure-has-its-state", test_every_failure_has_its_state);
  ADD ("the-built-in-practice-account-needs-somebody-who-knows-it", test_the_built_in_practice_account_needs_somebody_who_knows_it);

  return g_test_run ();
}
