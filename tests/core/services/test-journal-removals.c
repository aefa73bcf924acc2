/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who were taken off a list. */

#define _GNU_SOURCE /* memmem */
#include "relais-journal-ageing.h"
#include "relais-removals-fixture.h"

#include <string.h>

#define LIST RELAIS_REMOVALS_LIST
#define KEY  RELAIS_REMOVALS_KEY

/* Helpers */

static void
put (RelaisTestJournal  *fixture,
     const char         *run_id,
     const char         *connection_id,
     guint32             list_id,
     guint32             person,
     RelaisRemovalState  state,
     const char         *left_as,
     guint32             content)
{
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  RelaisFingerprint fingerprint = relais_test_fingerprint (person, content);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (removals, relais_removal_new (list_id, fingerprint.profile, state, left_as));
  relais_journal_put_removals_async (fixture->journal, run_id, &(RelaisLead) { 0 }, connection_id, removals, NULL, NULL, &fingerprint, content != 1,
                                     NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), &error));
  g_assert_no_error (error);
}

static GPtrArray *
list (RelaisTestJournal *fixture,
      const char        *connection_id,
      guint32            list_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *removals;

  relais_journal_read_removals_async (fixture->journal, connection_id, list_id, NULL, NULL, relais_test_journal_keep_result_cb, &result);
  removals = relais_journal_read_removals_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return removals;
}

static void
assert_n_removals (RelaisTestJournal *fixture,
                   const char        *connection_id,
                   guint              n)
{
  g_autoptr (GPtrArray) removals = list (fixture, connection_id, 0);

  g_assert_cmpuint (removals->len, ==, n);
}

/* People who were taken off */

static void
test_they_are_kept_by_connection_and_list (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) one_list = NULL;
  g_autoptr (GPtrArray) elsewhere = NULL;
  RelaisFingerprint first = relais_test_fingerprint (1, 0);
  const RelaisRemoval *removal;

  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_INTENT, NULL, 1);
  put (fixture, "r", "c", LIST, 2, RELAIS_REMOVAL_DOUBT, NULL, 1);
  put (fixture, "r", "c", LIST + 1, 1, RELAIS_REMOVAL_RETURNING, "13=2@1/2", 1);
  /* Known already, it is written anew. */
  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_DONE, "12=2@1700000000/1700000001", 1);
  relais_test_journal_reopen (fixture);

  all = list (fixture, "c", 0);
  g_assert_cmpuint (all->len, ==, 3);
  one_list = list (fixture, "c", LIST + 1);
  g_assert_cmpuint (one_list->len, ==, 1);
  removal = g_ptr_array_index (one_list, 0);
  g_assert_cmpuint (removal->list_id, ==, LIST + 1);
  g_assert_cmpint (removal->state, ==, RELAIS_REMOVAL_RETURNING);
  elsewhere = list (fixture, "d", 0);
  g_assert_cmpuint (elsewhere->len, ==, 0);
  for (guint i = 0; i < all->len; i++)
    {
      removal = g_ptr_array_index (all, i);
      if (removal->list_id != LIST || memcmp (removal->profile, first.profile, sizeof first.profile) != 0)
        continue;
      g_assert_cmpint (removal->state, ==, RELAIS_REMOVAL_DONE);
      g_assert_cmpstr (removal->left_as, ==, "12=2@1700000000/1700000001");
      return;
    }
  g_assert_not_reached ();
}

static void
test_removal_and_fingerprint_are_one (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  g_autoptr (GPtrArray) removals = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  RelaisFingerprint back = relais_test_fingerprint (3, RELAIS_CONTENT_UNKNOWN);

  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  put (fixture, "r", "c", LIST, 3, RELAIS_REMOVAL_DONE, "12=2@1/1", 0);
  {
    g_autoptr (RelaisDeparted) departed = relais_removals_read_departed (fixture, "r");

    g_assert_cmpuint (departed->n_delivered, ==, 9);
  }
  removals = list (fixture, "c", LIST);
  relais_journal_forget_removals_async (fixture->journal, "r", &(RelaisLead) { 0 }, "c", removals, &back, 1, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
  assert_n_removals (fixture, "c", 0);
  relais_removals_assert_held (fixture, "r", 10, 0, 10);
}

/* Without the connection nothing of it is written, the fingerprint neither. */
static void
test_what_cannot_be_written_whole_is_not (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  RelaisFingerprint fingerprint = relais_test_fingerprint (3, 0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  g_ptr_array_add (removals, relais_removal_new (LIST, fingerprint.profile, RELAIS_REMOVAL_DONE, NULL));
  relais_journal_put_removals_async (fixture->journal, "r", &(RelaisLead) { 0 }, "nowhere", removals, NULL, NULL, &fingerprint, 1, NULL,
                                     relais_test_journal_keep_result_cb, &result);
  g_assert_false (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), &error));
  g_assert_nonnull (error);
  relais_removals_assert_held (fixture, "r", 10, 0, 10);
}

static void
test_counts_are_kept_with_the_run (RelaisTestJournal *fixture,
                                   gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (RelaisRunRecord) open = NULL;

  /* Until its end a run is what its removals say. */
  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_DONE, NULL, 1);
  put (fixture, "r", "c", LIST, 2, RELAIS_REMOVAL_DONE, NULL, 1);
  put (fixture, "r", "c", LIST, 3, RELAIS_REMOVAL_INTENT, NULL, 1);
  put (fixture, "r", "c", LIST, 4, RELAIS_REMOVAL_DOUBT, NULL, 1);
  put (fixture, "r", "c", LIST, 5, RELAIS_REMOVAL_RETURNING, NULL, 1);
  open = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpuint (open->leavers.taken_off, ==, 2);
  g_assert_cmpuint (open->leavers.in_doubt, ==, 2);
  g_assert_cmpuint (open->leavers.departed, ==, 4);
  g_assert_cmpstr (open->connection_id, ==, "c");
  g_assert_cmpuint (open->key_check, ==, KEY);

  open->status = RELAIS_RUN_SUCCESSFUL;
  open->leavers = (RelaisLeaversCounts) { 500, 300, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, RELAIS_ANSWER_KEEP, TRUE };
  g_assert_true (relais_test_journal_finish_run (fixture, open, NULL));
  relais_test_journal_reopen (fixture);
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpmem (&run->leavers, sizeof run->leavers, &open->leavers, sizeof open->leavers);
}

static void
test_they_go_with_export_and_connection (RelaisTestJournal *fixture,
                                         gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) record = relais_test_export ("e", "Newsletter", NULL);
  g_autoptr (RelaisExportRecord) other = relais_test_export ("f", "Other", NULL);

  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_DONE, NULL, 1);
  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  put (fixture, "s", "c", LIST, 2, RELAIS_REMOVAL_DONE, NULL, 1);
  assert_n_removals (fixture, "c", 2);
  g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
  assert_n_removals (fixture, "c", 1);
  g_assert_true (relais_test_journal_put_export (fixture, record, NULL));
  g_assert_true (relais_test_journal_put_export (fixture, other, NULL));
  assert_n_removals (fixture, "c", 1);
  g_assert_true (relais_test_journal_remove_connection (fixture, "c", NULL));
  assert_n_removals (fixture, "c", 0);
}

static void
age (RelaisTestJournal *fixture,
     gint64             days)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time () + days * 24 * 60 * 60 * G_USEC_PER_SEC;
  guint n_runs;

  relais_journal_age_async (fixture->journal, now, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_age_finish (fixture->journal, relais_test_journal_wait_for (&result), &n_runs, &error));
  g_assert_no_error (error);
}

static void
test_they_are_not_known_for_ever (RelaisTestJournal *fixture,
                                  gconstpointer      user_data)
{
  static const char left_as[] = "12=2@1234567891/1234567892 mark";

  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_DONE, left_as, 1);
  age (fixture, RELAIS_REMOVAL_DAYS - 1);
  assert_n_removals (fixture, "c", 1);
  age (fixture, RELAIS_REMOVAL_DAYS + 1);
  assert_n_removals (fixture, "c", 0);
  g_assert_false (relais_test_journal_files_hold (fixture, left_as));
}

/* What is in doubt is until the next run that comes to its end; who was taken off stays known. */
static void
test_what_is_in_doubt_is_for_the_next_run (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_DONE, "12=2@1/1", 1);
  put (fixture, "r", "c", LIST, 2, RELAIS_REMOVAL_INTENT, NULL, 1);
  put (fixture, "r", "c", LIST, 3, RELAIS_REMOVAL_DOUBT, NULL, 1);
  put (fixture, "r", "c", LIST, 4, RELAIS_REMOVAL_RETURNING, "12=2@1/1", 1);
  relais_removals_end (fixture, "r");
  relais_removals_begin (fixture, "open", "e", "c", LIST, KEY);
  relais_removals_begin (fixture, "other", "f", "c", LIST, KEY);
  relais_removals_end (fixture, "other");
  age (fixture, 0);
  assert_n_removals (fixture, "c", 4);
  relais_removals_end (fixture, "open");
  age (fixture, 0);
  assert_n_removals (fixture, "c", 2);
}

/* Under another key they name nobody. */
static void
test_another_key_knows_nobody_of_them (RelaisTestJournal *fixture,
                                       gconstpointer      user_data)
{
  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_DONE, "12=2@1/1", 1);
  relais_removals_begin_at (fixture, "elsewhere", "f", "d", "other.api-us1.com", LIST, KEY + 1, TRUE);
  relais_removals_begin (fixture, "before", "f", NULL, LIST, KEY + 2);
  age (fixture, 0);
  assert_n_removals (fixture, "c", 1);
  relais_removals_begin (fixture, "new", "f", "c", LIST + 1, KEY + 1);
  put (fixture, "new", "c", LIST + 1, 1, RELAIS_REMOVAL_DONE, "13=2@1/1", 1);
  age (fixture, 0);
  assert_n_removals (fixture, "c", 1);
}

static void
test_nothing_of_them_is_left_in_the_files (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  static const char left_as[] = "12=2@1234567891/1234567892 mark";
  RelaisFingerprint fingerprint = relais_test_fingerprint (987654, 0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  put (fixture, "r", "c", LIST, 987654, RELAIS_REMOVAL_DONE, left_as, 0);
  g_assert_true (relais_test_journal_files_hold (fixture, left_as));
  if (g_str_equal (user_data, "erase"))
    {
      relais_journal_erase_export_async (fixture->journal, "e", FALSE, NULL, relais_test_journal_keep_result_cb, &result);
      g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), &error));
    }
  else
    g_assert_true (relais_test_journal_remove_export (fixture, "e", &error));
  g_assert_no_error (error);
  g_assert_false (relais_test_journal_files_hold (fixture, left_as));
  bytes = relais_test_journal_read_files (fixture);
  g_assert_null (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), fingerprint.profile, sizeof fingerprint.profile));
}

#define ADD(name, data, function) \
  g_test_add ("/journal-removals/" name, RelaisTestJournal, data, relais_removals_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("they-are-kept-by-connection-and-list", NULL, test_they_are_kept_by_connection_and_list);
  ADD ("removal-and-fingerprint-are-one", NULL, test_removal_and_fingerprint_are_one);
  ADD ("what-cannot-be-written-whole-is-not", NULL, test_what_cannot_be_written_whole_is_not);
  ADD ("counts-are-kept-with-the-run", NULL, test_counts_are_kept_with_the_run);
  ADD ("they-go-with-export-and-connection", NULL, test_they_go_with_export_and_connection);
  ADD ("they-are-not-known-for-ever", NULL, test_they_are_not_known_for_ever);
  ADD ("what-is-in-doubt-is-for-the-next-run", NULL, test_what_is_in_doubt_is_for_the_next_run);
  ADD ("another-key-knows-nobody-of-them", NULL, test_another_key_knows_nobody_of_them);
  ADD ("nothing-is-left-in-the-files-when-erased", "erase", test_nothing_of_them_is_left_in_the_files);
  ADD ("nothing-is-left-in-the-files-when-removed", "remove", test_nothing_of_them_is_left_in_the_files);

  return g_test_run ();
}
