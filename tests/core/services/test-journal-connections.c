/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections and the exports that use them. */

#include "relais-error.h"
#include "relais-test-journal.h"

#include <string.h>

/* What a person may call something, and what a file or a service may hold */
static const char * const odd_texts[] = {
  "'", "\"", "'; DROP TABLE exports; --", "%s%n%d", "?1", "\\", "a\nb\r\tc", "\x01\x1f\x7f",
  "Caf\303\251", "Cafe\314\201 ", "\342\200\256drawkcab", "\360\237\221\251\342\200\215\360\237\232\200", "\357\273\277mark",
  "\357\277\277", "\364\217\277\277", "\355\225\234\352\265\255\354\226\264", "NULL", "null", "0", "1e3", " ", "",
};

static char *
make_long_text (void)
{
  GString *text = g_string_new (NULL);

  while (text->len < 65536)
    g_string_append (text, "é'\"\\ \n");

  return g_string_free (text, FALSE);
}

static void
assert_same_connection (const RelaisConnectionRecord *one,
                        const RelaisConnectionRecord *other)
{
  g_assert_cmpstr (one->id, ==, other->id);
  g_assert_cmpint (one->kind, ==, other->kind);
  g_assert_cmpstr (one->name, ==, other->name);
  g_assert_cmpstr (one->host, ==, other->host);
  g_assert_cmpint (one->access, ==, other->access);
  g_assert_cmpuint (one->limit_requests, ==, other->limit_requests);
  g_assert_cmpuint (one->limit_seconds, ==, other->limit_seconds);
  g_assert_cmpstr (one->account, ==, other->account);
  g_assert_cmpstr (one->user, ==, other->user);
  g_assert_cmpuint (one->consent_version, ==, other->consent_version);
  g_assert_cmpstr (one->consent_language, ==, other->consent_language);
  g_assert_cmpstr (one->consent_by, ==, other->consent_by);
  g_assert_cmpint (one->consent_at, ==, other->consent_at);
  g_assert_cmpint (one->created_at, ==, other->created_at);
  g_assert_cmpint (one->checked_at, ==, other->checked_at);
  g_assert_cmpint (one->check, ==, other->check);
}

static void
assert_comes_back (RelaisTestJournal            *fixture,
                   const RelaisConnectionRecord *record)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_test_journal_put_connection (fixture, record, &error));
  g_assert_no_error (error);
  before = relais_test_journal_list_connections (fixture, &error);
  g_assert_cmpuint (before->len, ==, 1);
  assert_same_connection (g_ptr_array_index (before, 0), record);
  relais_test_journal_reopen (fixture);
  after = relais_test_journal_list_connections (fixture, &error);
  g_assert_cmpuint (after->len, ==, 1);
  assert_same_connection (g_ptr_array_index (after, 0), record);
}

static RelaisConnectionRecord *
make_whole_connection (void)
{
  RelaisConnectionRecord *record = relais_test_connection ("c", "Main account");

  record->kind = RELAIS_CONNECTION_PRACTICE;
  record->access = RELAIS_ACCESS_CONTRIBUTORS;
  record->limit_requests = G_MAXUINT;
  record->limit_seconds = 60;
  record->account = g_strdup ("account");
  record->user = g_strdup ("Zoé");
  record->consent_version = 3;
  record->consent_language = g_strdup ("fr");
  record->consent_by = g_strdup ("zoe");
  record->consent_at = G_MAXINT64;
  record->created_at = 1700000000000001;
  record->checked_at = -1;
  record->check = RELAIS_CHECK_KEYRING;

  return record;
}

static void
test_a_connection_comes_back_whole (RelaisTestJournal *fixture,
                                    gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) whole = make_whole_connection ();
  g_autoptr (RelaisConnectionRecord) bare = relais_test_connection ("c", "Main account");

  assert_comes_back (fixture, whole);
  g_clear_pointer (&bare->host, g_free);
  assert_comes_back (fixture, bare);
}

static void
test_odd_texts_come_back (RelaisTestJournal *fixture,
                          gconstpointer      user_data)
{
  g_autofree char *long_text = make_long_text ();

  for (guint i = 0; i <= G_N_ELEMENTS (odd_texts); i++)
    {
      const char *text = i < G_N_ELEMENTS (odd_texts) ? odd_texts[i] : long_text;
      g_autoptr (RelaisConnectionRecord) record = relais_test_connection ("c", text);
      g_autoptr (RelaisExportRecord) put = relais_test_export ("e", text, "c");
      g_autoptr (GPtrArray) exports = NULL;
      g_autoptr (GError) error = NULL;
      const RelaisExportRecord *export;

      record->account = g_strdup (text);
      record->user = g_strdup (text);
      assert_comes_back (fixture, record);
      g_free (put->definition);
      put->definition = g_strdup (text);
      g_assert_true (relais_test_journal_put_export (fixture, put, &error));
      exports = relais_test_journal_list_exports (fixture, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (exports->len, ==, 1);
      export = g_ptr_array_index (exports, 0);
      g_assert_cmpstr (export->name, ==, text);
      g_assert_cmpstr (export->definition, ==, text);
    }
}

static void
test_names_are_listed_as_people_sort_them (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  static const char * const names[] = { "beta", "Alpha", "GAMMA", "delta" };
  static const char * const sorted[] = { "Alpha", "beta", "delta", "GAMMA" };
  g_autoptr (GPtrArray) listed = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (RelaisConnectionRecord) record = relais_test_connection (names[i], names[i]);

      g_assert_true (relais_test_journal_put_connection (fixture, record, NULL));
    }
  listed = relais_test_journal_list_connections (fixture, NULL);
  g_assert_cmpuint (listed->len, ==, G_N_ELEMENTS (sorted));
  for (guint i = 0; i < listed->len; i++)
    g_assert_cmpstr (((RelaisConnectionRecord *) g_ptr_array_index (listed, i))->name, ==, sorted[i]);
}

/* Names that a person cannot tell apart are one. */
static void
test_a_name_can_be_had_once (RelaisTestJournal *fixture,
                             gconstpointer      user_data)
{
  static const struct { const char *one, *other; } pairs[] = {
    { "Newsletter", "Newsletter" }, { "Newsletter", "NEWSLETTER" }, { "\303\211t\303\251", "e\314\201te\314\201" },
    { "Stra\303\237e", "STRASSE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (RelaisConnectionRecord) one = relais_test_connection ("1", pairs[i].one);
      g_autoptr (RelaisConnectionRecord) other = relais_test_connection ("2", pairs[i].other);
      g_autoptr (RelaisExportRecord) export = relais_test_export ("1", pairs[i].one, NULL);
      g_autoptr (RelaisExportRecord) other_export = relais_test_export ("2", pairs[i].other, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) export_error = NULL;

      g_assert_true (relais_test_journal_put_connection (fixture, one, &error));
      g_assert_true (relais_test_journal_put_connection (fixture, one, &error));
      g_assert_false (relais_test_journal_put_connection (fixture, other, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN);
      g_assert_nonnull (strstr (error->message, pairs[i].other));

      g_assert_true (relais_test_journal_put_export (fixture, export, &export_error));
      g_assert_false (relais_test_journal_put_export (fixture, other_export, &export_error));
      g_assert_error (export_error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN);
    }
}

static void
test_a_connection_in_use_stays (RelaisTestJournal *fixture,
                                gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) disconnected = relais_test_export ("e", "Newsletter", NULL);
  g_autoptr (GPtrArray) connections = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  g_assert_false (relais_test_journal_remove_connection (fixture, "c", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_clear_error (&error);

  /* A disconnected export keeps its runs. */
  g_assert_true (relais_test_journal_put_export (fixture, disconnected, &error));
  g_assert_true (relais_test_journal_remove_connection (fixture, "c", &error));
  g_assert_true (relais_test_journal_remove_connection (fixture, "c", &error));
  g_assert_no_error (error);
  connections = relais_test_journal_list_connections (fixture, &error);
  g_assert_cmpuint (connections->len, ==, 0);
  runs = relais_test_journal_list_runs (fixture, "e", &error);
  g_assert_cmpuint (runs->len, ==, 1);
}

static void
test_an_export_needs_its_connection (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) record = relais_test_export ("e", "Newsletter", "gone");
  g_autoptr (GPtrArray) exports = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_test_journal_put_export (fixture, record, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  exports = relais_test_journal_list_exports (fixture, NULL);
  g_assert_cmpuint (exports->len, ==, 0);
}

static void
test_a_removed_connection_is_not_in_the_file (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection ("c", "Planted Company");

  record->user = g_strdup ("Planted Person");
  g_assert_true (relais_test_journal_put_connection (fixture, record, NULL));
  g_assert_true (relais_test_journal_files_hold (fixture, "Planted"));
  g_assert_true (relais_test_journal_remove_connection (fixture, "c", NULL));
  relais_test_journal_close (fixture);
  g_assert_false (relais_test_journal_files_hold (fixture, "Planted"));
  g_assert_false (relais_test_journal_files_hold (fixture, "planted"));
}

#define ADD(name, function) \
  g_test_add ("/journal-connections/" name, RelaisTestJournal, NULL, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-connection-comes-back-whole", test_a_connection_comes_back_whole);
  ADD ("odd-texts-come-back", test_odd_texts_come_back);
  ADD ("names-are-listed-as-people-sort-them", test_names_are_listed_as_people_sort_them);
  ADD ("a-name-can-be-had-once", test_a_name_can_be_had_once);
  ADD ("a-connection-in-use-stays", test_a_connection_in_use_stays);
  ADD ("an-export-needs-its-connection", test_an_export_needs_its_connection);
  ADD ("a-removed-connection-is-not-in-the-file", test_a_removed_connection_is_not_in_the_file);

  return g_test_run ();
}
