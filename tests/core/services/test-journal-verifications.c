/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What reading back after a run came to is kept with the run, ages, and leaves nothing behind. */

#include "relais-journal-ageing.h"
#include "relais-journal-verifications.h"
#include "relais-test-journal.h"

#include <string.h>

#define DAY   (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC)
#define START G_GINT64_CONSTANT (1700000000000000)

static void
put (RelaisTestJournal       *fixture,
     const char              *run_id,
     RelaisVerification      *verification,
     guint                    n_different,
     const RelaisFingerprint *forgotten,
     gsize                    n_forgotten)
{
  g_autoptr (GPtrArray) differences = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_difference_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = n_different; i > 0; i--)
    {
      g_autofree char *email = g_strdup_printf ("differing-%u@example.com", i);
      RelaisDifference *difference = relais_difference_new (i, email, i % 2 == 0 ? RELAIS_DIFFERENCE_VALUE : RELAIS_DIFFERENCE_NOT_FOUND);

      if (i % 2 == 0)
        {
          difference->field = g_strdup ("4");
          difference->title = g_strdup ("City");
          difference->sent = g_strdup ("Sète");
          difference->held = g_strdup ("");
        }
      g_ptr_array_add (differences, difference);
    }
  relais_journal_put_verification_async (fixture->journal, run_id, verification, differences, forgotten, n_forgotten, NULL,
                                         relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), &error));
  g_assert_no_error (error);
}

static GPtrArray *
list (RelaisTestJournal *fixture,
      const char        *run_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *differences;

  relais_journal_list_differences_async (fixture->journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);
  differences = relais_journal_list_differences_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return differences;
}

static void
set_up (RelaisTestJournal *fixture,
        gconstpointer      user_data)
{
  relais_test_journal_set_up (fixture, user_data);
  relais_test_journal_fill (fixture);
}

static void
test_it_is_kept_with_the_run (RelaisTestJournal *fixture,
                              gconstpointer      user_data)
{
  RelaisVerification verification = { .state = RELAIS_VERIFICATION_DONE, .delivered = 100, .asked = 50, .same = 47, .different = 3 };
  g_autoptr (GPtrArray) differences = NULL;
  g_autoptr (RelaisRunRecord) run = NULL;
  const RelaisDifference *first, *second;

  put (fixture, "r", &verification, 3, NULL, 0);
  relais_test_journal_reopen (fixture);
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpint (run->verified.state, ==, RELAIS_VERIFICATION_DONE);
  g_assert_cmpuint (run->verified.same, ==, 47);
  g_assert_cmpuint (run->verified.different, ==, 3);
  differences = list (fixture, "r");
  g_assert_cmpuint (differences->len, ==, 3);
  first = g_ptr_array_index (differences, 0);
  second = g_ptr_array_index (differences, 1);
  g_assert_cmpuint (first->row, ==, 1);
  g_assert_cmpstr (first->email, ==, "differing-1@example.com");
  g_assert_cmpint (first->kind, ==, RELAIS_DIFFERENCE_NOT_FOUND);
  g_assert_null (first->field);
  g_assert_null (first->sent);
  g_assert_cmpint (second->kind, ==, RELAIS_DIFFERENCE_VALUE);
  g_assert_cmpstr (second->field, ==, "4");
  g_assert_cmpstr (second->title, ==, "City");
  g_assert_cmpstr (second->sent, ==, "Sète");
  g_assert_cmpstr (second->held, ==, "");

  /* Another attempt writes it anew, and so does the end of the run not. */
  verification.different = 1;
  put (fixture, "r", &verification, 1, NULL, 0);
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  g_clear_pointer (&run, relais_run_record_free);
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpuint (run->verified.different, ==, 1);
  g_clear_pointer (&differences, g_ptr_array_unref);
  differences = list (fixture, "r");
  g_assert_cmpuint (differences->len, ==, 1);
}

static void
test_a_run_that_goes_on_has_not_been_verified (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  RelaisVerification verification = { .state = RELAIS_VERIFICATION_DONE, .different = 2 };
  g_autoptr (GPtrArray) differences = NULL;
  g_autoptr (RelaisRunRecord) run = NULL;

  put (fixture, "r", &verification, 2, NULL, 0);
  g_assert_true (relais_test_journal_forget_rejections (fixture, "r", NULL));
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpint (run->verified.state, ==, RELAIS_VERIFICATION_NONE);
  differences = list (fixture, "r");
  g_assert_cmpuint (differences->len, ==, 0);
}

static void
test_whoever_is_forgotten_is_so (RelaisTestJournal *fixture,
                                 gconstpointer      user_data)
{
  RelaisVerification verification = { .state = RELAIS_VERIFICATION_DONE, .different = 1 };
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  RelaisFingerprint confirmed[] = { relais_test_fingerprint (1, 11), relais_test_fingerprint (2, 12) };
  RelaisFingerprint forgotten = { 0 };
  g_autoptr (GBytes) kept = NULL;
  const RelaisFingerprint *entries;

  memcpy (forgotten.profile, confirmed[1].profile, sizeof forgotten.profile);
  g_assert_true (relais_test_journal_settle_batch (fixture, "r", batch, none, confirmed, 2, NULL));
  put (fixture, "r", &verification, 1, &forgotten, 1);
  kept = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  entries = g_bytes_get_data (kept, NULL);
  g_assert_cmpuint (g_bytes_get_size (kept) / sizeof *entries, ==, 3);
  /* What is last counts. */
  g_assert_cmpmem (entries[2].profile, sizeof forgotten.profile, confirmed[1].profile, sizeof forgotten.profile);
  g_assert_cmpuint (entries[2].content[0] | entries[2].content[1], ==, 0);
}

static void
end_run (RelaisTestJournal *fixture)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, "r");

  run->started_at = run->begun_at = START - 1000;
  run->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  run->ended_at = START;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
}

static void
test_differences_age_without_a_trace (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  RelaisVerification verification = { .state = RELAIS_VERIFICATION_DONE, .different = 9 };
  g_autoptr (GPtrArray) differences = NULL;
  g_autoptr (RelaisRunRecord) run = NULL;

  put (fixture, "r", &verification, 9, NULL, 0);
  end_run (fixture);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      guint n_runs = 0;

      relais_journal_age_async (fixture->journal, START + 90 * DAY - 1 + i, NULL, relais_test_journal_keep_result_cb, &result);
      g_assert_true (relais_journal_age_finish (fixture->journal, relais_test_journal_wait_for (&result), &n_runs, NULL));
      g_assert_cmpuint (n_runs, ==, i);
      g_assert_cmpint (relais_test_journal_files_hold (fixture, "differing-"), ==, i == 0);
    }
  differences = list (fixture, "r");
  g_assert_cmpuint (differences->len, ==, 0);
  /* How many there were is no secret. */
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpuint (run->verified.different, ==, 9);
  g_assert_cmpint (run->rows_deleted_at, ==, START + 90 * DAY);
}

static void
test_differences_are_erased_with_their_export (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  RelaisVerification verification = { .state = RELAIS_VERIFICATION_DONE, .different = 9 };
  g_autoptr (GAsyncResult) result = NULL;

  put (fixture, "r", &verification, 9, NULL, 0);
  end_run (fixture);
  g_assert_true (relais_test_journal_files_hold (fixture, "differing-"));
  relais_journal_erase_export_async (fixture->journal, "e", FALSE, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
  g_assert_false (relais_test_journal_files_hold (fixture, "differing-"));
}

#define ADD(name, function) \
  g_test_add ("/journal-verifications/" name, RelaisTestJournal, NULL, set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("it-is-kept-with-the-run", test_it_is_kept_with_the_run);
  ADD ("a-run-that-goes-on-has-not-been-verified", test_a_run_that_goes_on_has_not_been_verified);
  ADD ("whoever-is-forgotten-is-so", test_whoever_is_forgotten_is_so);
  ADD ("differences-age-without-a-trace", test_differences_age_without_a_trace);
  ADD ("differences-are-erased-with-their-export", test_differences_are_erased_with_their_export);

  return g_test_run ();
}
