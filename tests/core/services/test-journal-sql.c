/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables that are sound hold what no Relais wrote: a bit has turned over on the disk, or somebody wrote into the file. */

#include "relais-error.h"
#include "relais-test-journal.h"

#include <sqlite3.h>
#include <string.h>

static void
change (RelaisTestJournal *fixture,
        const char        *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  sqlite3_close (db);
}

static void
fill (RelaisTestJournal *fixture)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_INTENT);
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_put_batch (fixture, "r", batch, &error));
  g_assert_no_error (error);
}

/* Lists, waited for */

static GPtrArray *
list_connections (RelaisTestJournal *fixture, GError **error)
{
  return relais_test_journal_list_connections (fixture, error);
}

static GPtrArray *
list_runs (RelaisTestJournal *fixture, GError **error)
{
  return relais_test_journal_list_runs (fixture, "e", error);
}

static GPtrArray *
list_batches (RelaisTestJournal *fixture, GError **error)
{
  return relais_test_journal_list_batches (fixture, "r", error);
}

static const struct
{
  const char *name;
  const char *value;  /* changed to one that no version has */
  const char *back;
  GPtrArray *(* list) (RelaisTestJournal *fixture, GError **error);
} values[] = {
  { "kind", "UPDATE connections SET kind = 2", "UPDATE connections SET kind = 0", list_connections },
  { "access", "UPDATE connections SET access = -1", "UPDATE connections SET access = 0", list_connections },
  { "check", "UPDATE connections SET check_state = 64", "UPDATE connections SET check_state = 0", list_connections },
  { "trigger", "UPDATE runs SET trigger = 4294967296", "UPDATE runs SET trigger = 0", list_runs },
  { "status", "UPDATE runs SET status = 7", "UPDATE runs SET status = 0", list_runs },
  { "state", "UPDATE batches SET state = 5", "UPDATE batches SET state = 0", list_batches },
};

static void
test_a_value_of_no_version_is_damage (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  guint i = GPOINTER_TO_UINT (user_data);
  g_autoptr (GPtrArray) listed = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;

  fill (fixture);
  change (fixture, values[i].value);
  listed = values[i].list (fixture, &error);
  g_assert_null (listed);
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_DAMAGED);
  g_assert_nonnull (strstr (error->message, "is damaged"));

  g_clear_error (&error);
  change (fixture, values[i].back);
  again = values[i].list (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, 1);
}

static void
test_text_that_is_none_can_be_shown (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autoptr (GPtrArray) connections = NULL;
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (GError) error = NULL;

  fill (fixture);
  change (fixture, "UPDATE connections SET name = CAST (x'436166e9' AS TEXT)");
  change (fixture, "UPDATE runs SET verified = CAST (x'73746174653d646f6e65206d6573736167653d61ff' AS TEXT)");
  connections = relais_test_journal_list_connections (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((RelaisConnectionRecord *) g_ptr_array_index (connections, 0))->name, ==, "Caf\xef\xbf\xbd");
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpint (run->verified.state, ==, RELAIS_VERIFICATION_DONE);
  g_assert_cmpstr (run->verified.message, ==, "a\xef\xbf\xbd");
}

#define ADD(name, data, function) \
  g_test_add (name, RelaisTestJournal, data, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *name = g_strdup_printf ("/journal-sql/a-value-of-no-version-is-damage/%s", values[i].name);

      ADD (name, GUINT_TO_POINTER (i), test_a_value_of_no_version_is_damage);
    }
  ADD ("/journal-sql/text-that-is-none-can-be-shown", NULL, test_text_that_is_none_can_be_shown);

  return g_test_run ();
}
