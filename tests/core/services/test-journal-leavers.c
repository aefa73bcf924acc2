/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who left the segment are named with the run, age, and leave nothing behind. */

#include "relais-journal-ageing.h"
#include "relais-journal-leavers.h"
#include "relais-test-journal.h"

#include <string.h>

#define DAY   (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC)
#define START G_GINT64_CONSTANT (1700000000000000)

/* From person @first on; without their addresses when they are not @named */
static void
name (RelaisTestJournal *fixture,
      guint              first,
      guint              n,
      RelaisFate         fate,
      gboolean           named)
{
  g_autoptr (GPtrArray) leavers = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_leaver_record_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = first + n; i > first; i--)
    {
      g_autofree char *email = g_strdup_printf ("Leaver-%05u@example.com", i - 1);
      RelaisFingerprint fingerprint = relais_test_fingerprint (i - 1, 0);

      g_ptr_array_add (leavers, relais_leaver_record_new (fingerprint.profile, named ? email : NULL, fate));
    }
  relais_journal_name_leavers_async (fixture->journal, "r", leavers, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), &error));
  g_assert_no_error (error);
}

static GPtrArray *
list (RelaisTestJournal *fixture,
      const char        *after,
      guint              limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *leavers;

  relais_journal_list_leavers_async (fixture->journal, "r", after, limit, NULL, relais_test_journal_keep_result_cb, &result);
  leavers = relais_journal_list_leavers_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return leavers;
}

static void
assert_fate (RelaisTestJournal *fixture,
             guint              person,
             RelaisFate         fate)
{
  g_autoptr (GPtrArray) leavers = list (fixture, NULL, G_MAXUINT);
  const RelaisLeaverRecord *leaver = g_ptr_array_index (leavers, person);
  RelaisFingerprint fingerprint = relais_test_fingerprint (person, 0);
  g_autofree char *email = g_strdup_printf ("Leaver-%05u@example.com", person);

  g_assert_cmpstr (leaver->email, ==, email);
  g_assert_cmpint (leaver->fate, ==, fate);
  g_assert_cmpmem (leaver->profile, sizeof leaver->profile, fingerprint.profile, sizeof fingerprint.profile);
}

static void
set_up (RelaisTestJournal *fixture,
        gconstpointer      user_data)
{
  relais_test_journal_set_up (fixture, user_data);
  relais_test_journal_fill (fixture);
}

static void
test_they_are_kept_with_the_run (RelaisTestJournal *fixture,
                                 gconstpointer      user_data)
{
  g_autoptr (GPtrArray) leavers = NULL;

  name (fixture, 0, 3, RELAIS_FATE_IN_DOUBT, TRUE);
  relais_test_journal_reopen (fixture);
  assert_fate (fixture, 0, RELAIS_FATE_IN_DOUBT);
  /* What became of them since counts, whether their address was seen again or not. */
  name (fixture, 1, 1, RELAIS_FATE_TAKEN_OFF, TRUE);
  name (fixture, 2, 2, RELAIS_FATE_OFF_UNCLEAR, FALSE);
  assert_fate (fixture, 0, RELAIS_FATE_IN_DOUBT);
  assert_fate (fixture, 1, RELAIS_FATE_TAKEN_OFF);
  assert_fate (fixture, 2, RELAIS_FATE_OFF_UNCLEAR);
  /* Nobody is named whose address was never seen. */
  leavers = list (fixture, NULL, G_MAXUINT);
  g_assert_cmpuint (leavers->len, ==, 3);
}

static void
test_they_are_read_page_by_page (RelaisTestJournal *fixture,
                                 gconstpointer      user_data)
{
  g_autofree char *after = NULL;
  guint n = 0, n_pages = 0;

  name (fixture, 0, 2500, RELAIS_FATE_TAKEN_OFF, TRUE);
  for (gboolean more = TRUE; more; n_pages++)
    {
      g_autoptr (GPtrArray) page = list (fixture, after, 1000);

      for (guint i = 0; i < page->len; i++)
        {
          const RelaisLeaverRecord *leaver = g_ptr_array_index (page, i);

          g_assert_cmpstr (leaver->email, >, after != NULL ? after : "");
          g_free (after);
          after = g_strdup (leaver->email);
          n++;
        }
      more = page->len == 1000;
    }
  g_assert_cmpuint (n, ==, 2500);
  g_assert_cmpuint (n_pages, ==, 3);
}

static void
end_run (RelaisTestJournal *fixture)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, "r");

  run->started_at = run->begun_at = START - 1000;
  run->status = RELAIS_RUN_SUCCESSFUL;
  run->ended_at = START;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
}

/* As long as rows that were not delivered, where there are none of these too. */
static void
test_they_age_without_a_trace (RelaisTestJournal *fixture,
                               gconstpointer      user_data)
{
  g_autoptr (GPtrArray) leavers = NULL;
  g_autoptr (RelaisRunRecord) run = NULL;

  name (fixture, 0, 9, RELAIS_FATE_TAKEN_OFF, TRUE);
  end_run (fixture);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      guint n_runs = 0;

      relais_journal_age_async (fixture->journal, START + 90 * DAY - 1 + i, NULL, relais_test_journal_keep_result_cb, &result);
      g_assert_true (relais_journal_age_finish (fixture->journal, relais_test_journal_wait_for (&result), &n_runs, NULL));
      g_assert_cmpuint (n_runs, ==, i);
      g_assert_cmpint (relais_test_journal_files_hold (fixture, "Leaver-"), ==, i == 0);
    }
  leavers = list (fixture, NULL, G_MAXUINT);
  g_assert_cmpuint (leavers->len, ==, 0);
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpint (run->rows_deleted_at, ==, START + 90 * DAY);
}

static void
test_they_are_erased_with_their_export (RelaisTestJournal *fixture,
                                        gconstpointer      user_data)
{
  g_autoptr (GAsyncResult) result = NULL;

  name (fixture, 0, 9, RELAIS_FATE_TAKEN_OFF, TRUE);
  end_run (fixture);
  g_assert_true (relais_test_journal_files_hold (fixture, "Leaver-"));
  relais_journal_erase_export_async (fixture->journal, "e", FALSE, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
  g_assert_false (relais_test_journal_files_hold (fixture, "Leaver-"));
}

#define ADD(name, function) \
  g_test_add ("/journal-leavers/" name, RelaisTestJournal, NULL, set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("they-are-kept-with-the-run", test_they_are_kept_with_the_run);
  ADD ("they-are-read-page-by-page", test_they_are_read_page_by_page);
  ADD ("they-age-without-a-trace", test_they_age_without_a_trace);
  ADD ("they-are-erased-with-their-export", test_they_are_erased_with_their_export);

  return g_test_run ();
}
