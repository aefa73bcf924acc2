/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-removals-fixture.h"

#include <string.h>

void
relais_removals_begin_at (RelaisTestJournal *fixture,
                          const char        *run_id,
                          const char        *export_id,
                          const char        *connection_id,
                          const char        *host,
                          guint              list_id,
                          guint64            key_check,
                          gboolean           takes_off)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run (run_id, export_id);
  g_autoptr (GError) error = NULL;

  run->connection_id = g_strdup (connection_id);
  run->host = g_strdup (host);
  run->takes_off = takes_off;
  run->list_id = list_id;
  run->key_check = key_check;
  g_assert_true (relais_test_journal_put_run (fixture, run, &error));
  g_assert_no_error (error);
}

void
relais_removals_begin (RelaisTestJournal *fixture,
                       const char        *run_id,
                       const char        *export_id,
                       const char        *connection_id,
                       guint              list_id,
                       guint64            key_check)
{
  relais_removals_begin_at (fixture, run_id, export_id, connection_id, "account.api-us1.com", list_id, key_check, TRUE);
}

/* Runs that came to their end sent everything. */
void
relais_removals_end (RelaisTestJournal *fixture,
                     const char        *run_id)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, run_id);

  run->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
}

void
relais_removals_add_export (RelaisTestJournal *fixture,
                            const char        *id,
                            const char        *connection_id)
{
  g_autofree char *name = g_strdup_printf ("Export %s", id);
  g_autoptr (RelaisExportRecord) record = relais_test_export (id, name, connection_id);

  g_assert_true (relais_test_journal_put_export (fixture, record, NULL));
}

/* Batch @number of a run confirms people, from @first on, with @content. */
void
relais_removals_confirm (RelaisTestJournal *fixture,
                         const char        *run_id,
                         guint              number,
                         guint32            first,
                         guint              n,
                         guint32            content)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (number, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autofree RelaisFingerprint *fingerprints = g_new (RelaisFingerprint, n);

  for (guint i = 0; i < n; i++)
    fingerprints[i] = relais_test_fingerprint (first + i, content);
  g_assert_true (relais_test_journal_settle_batch (fixture, run_id, batch, none, fingerprints, n, NULL));
}

RelaisDeparted *
relais_removals_read_again (RelaisTestJournal    *fixture,
                            const char           *run_id,
                            const RelaisDeparted *before)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  RelaisDeparted *departed;

  relais_journal_read_departed_async (fixture->journal, run_id, before, NULL, relais_test_journal_keep_result_cb, &result);
  departed = relais_journal_read_departed_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return departed;
}

RelaisDeparted *
relais_removals_read_departed (RelaisTestJournal *fixture,
                               const char        *run_id)
{
  return relais_removals_read_again (fixture, run_id, NULL);
}

/* Exactly these people are answered for. */
void
relais_removals_assert_held (RelaisTestJournal *fixture,
                             const char        *run_id,
                             guint64            n_delivered,
                             guint32            first,
                             guint              n)
{
  g_autoptr (RelaisDeparted) departed = relais_removals_read_departed (fixture, run_id);
  const guint8 *profiles = g_bytes_get_data (departed->profiles, NULL);
  gsize size = g_bytes_get_size (departed->profiles);

  g_assert_cmpuint (departed->n_delivered, ==, n_delivered);
  g_assert_cmpuint (size, ==, n * 12);
  for (guint i = 0; i < n; i++)
    {
      RelaisFingerprint one = relais_test_fingerprint (first + i, 0);
      gboolean found = FALSE;

      for (gsize at = 0; at < size; at += 12)
        found = found || memcmp (profiles + at, one.profile, 12) == 0;
      g_assert_true (found);
    }
  for (gsize at = 12; at < size; at += 12)
    g_assert_cmpint (memcmp (profiles + at - 12, profiles + at, 12), <, 0);
}

/* Connection "c" and its export "e", and another export "f" of it */
void
relais_removals_set_up (RelaisTestJournal *fixture,
                        gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("c", "Main account");

  relais_test_journal_set_up (fixture, user_data);
  g_assert_true (relais_test_journal_put_connection (fixture, connection, NULL));
  relais_removals_add_export (fixture, "e", "c");
  relais_removals_add_export (fixture, "f", "c");
  relais_removals_begin (fixture, "r", "e", "c", RELAIS_REMOVALS_LIST, RELAIS_REMOVALS_KEY);
}
