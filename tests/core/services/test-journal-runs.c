/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs, their batches and rows that were not delivered, in the order an export writes them. */

#include "relais-error.h"
#include "relais-test-journal.h"

#include <sqlite3.h>
#include <string.h>

/* Runs */

static void
assert_same_notes (const RelaisRunNotes *one,
                   const RelaisRunNotes *other)
{
  g_assert_cmpuint (one->repeats_asked, ==, other->repeats_asked);
  g_assert_cmpint (one->repeats_own, ==, other->repeats_own);
  g_assert_cmpuint (one->repeats_allowed, ==, other->repeats_allowed);
  g_assert_cmpstr (one->account_status, ==, other->account_status);
  g_assert_cmpint (one->contacts_limit, ==, other->contacts_limit);
  g_assert_cmpint (one->contacts_total, ==, other->contacts_total);
  g_assert_cmpuint (one->n_new, ==, other->n_new);
  g_assert_cmpint (one->gaps, ==, other->gaps);
  g_assert_cmpstr (one->obstacle, ==, other->obstacle);
  g_assert_cmpint (one->through_another, ==, other->through_another);
  g_assert_cmpuint (one->n_postponed, ==, other->n_postponed);
  g_assert_cmpint (one->unanswered, ==, other->unanswered);
  g_assert_cmpstr (one->trouble, ==, other->trouble);
  g_assert_cmpuint (one->n_not_taken_off, ==, other->n_not_taken_off);
  g_assert_cmpstr (one->refusal, ==, other->refusal);
}

static void
assert_same_run (const RelaisRunRecord *one,
                 const RelaisRunRecord *other)
{
  g_assert_cmpstr (one->id, ==, other->id);
  g_assert_cmpint (one->number, ==, other->number);
  g_assert_cmpstr (one->export_id, ==, other->export_id);
  g_assert_cmpstr (one->export_name, ==, other->export_name);
  g_assert_cmpint (one->trigger, ==, other->trigger);
  g_assert_cmpint (one->status, ==, other->status);
  g_assert_cmpint (one->started_at, ==, other->started_at);
  g_assert_cmpint (one->ended_at, ==, other->ended_at);
  g_assert_cmpstr (one->segment_digest, ==, other->segment_digest);
  g_assert_cmpint (one->again, ==, other->again);
  g_assert_cmpmem (&one->counts, sizeof one->counts, &other->counts, sizeof other->counts);
  g_assert_cmpuint (one->batches_accepted, ==, other->batches_accepted);
  g_assert_cmpuint (one->batches_repeated, ==, other->batches_repeated);
  g_assert_cmpint (one->error_code, ==, other->error_code);
  g_assert_cmpstr (one->message, ==, other->message);
  assert_same_notes (&one->notes, &other->notes);
}

static void
test_a_run_comes_back_whole (RelaisTestJournal *fixture,
                             gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = relais_test_run ("r2", "e");
  g_autoptr (RelaisRunRecord) got = NULL;
  g_autoptr (RelaisRunRecord) changed = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  run->trigger = RELAIS_TRIGGER_COMMAND_LINE;
  run->again = TRUE;
  g_assert_true (relais_test_journal_put_run (fixture, run, &error));
  g_assert_cmpint (run->number, ==, 2);
  got = relais_test_journal_get_run (fixture, "r2");
  assert_same_run (got, run);

  run->status = RELAIS_RUN_INTERRUPTED;
  run->ended_at = 1700000000000009;
  run->batches_accepted = 4000;
  run->batches_repeated = G_MAXINT;
  run->error_code = RELAIS_ERROR_OFFLINE;
  run->message = g_strdup ("« Réseau » n’est pas là; 'x' \"y\"");
  run->notes = (RelaisRunNotes) { .repeats_asked = G_MAXUINT, .repeats_own = TRUE, .repeats_allowed = 3, .contacts_limit = G_MAXINT64, .contacts_total = 5,
                                  .n_new = G_MAXINT64, .gaps = 255, .through_another = TRUE, .n_postponed = 7, .unanswered = TRUE, .n_not_taken_off = 8 };
  run->notes.account_status = g_strdup ("past due=1");
  run->notes.obstacle = g_strdup ("« Été » = 100 %");
  run->notes.trouble = g_strdup ("refusal=other new=2");
  run->notes.refusal = g_strdup ("%41 & \"more\"\n");
  run->counts.read = G_MAXINT64;
  run->counts.cleaned = 1;
  run->counts.noted = 2;
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    run->counts.by_state[i] = 100 + i;
  for (guint i = RELAIS_REASON_NONE + 1; i < RELAIS_N_REASONS; i++)
    run->counts.by_reason[i] = 200 + i;
  g_assert_true (relais_test_journal_put_run (fixture, run, &error));
  g_assert_no_error (error);
  relais_test_journal_reopen (fixture);
  changed = relais_test_journal_get_run (fixture, "r2");
  assert_same_run (changed, run);
}

static void
test_runs_are_listed_newest_first (RelaisTestJournal *fixture,
                                   gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) other = relais_test_export ("f", "Other", NULL);
  g_autoptr (RelaisRunRecord) second = relais_test_run ("s", "e");
  g_autoptr (RelaisRunRecord) third = relais_test_run ("t", "f");
  g_autoptr (GPtrArray) of_one = NULL;
  g_autoptr (GPtrArray) all = NULL;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_put_export (fixture, other, NULL));
  g_assert_true (relais_test_journal_put_run (fixture, second, NULL));
  g_assert_true (relais_test_journal_put_run (fixture, third, NULL));
  of_one = relais_test_journal_list_runs (fixture, "e", NULL);
  g_assert_cmpuint (of_one->len, ==, 2);
  g_assert_cmpstr (((RelaisRunRecord *) g_ptr_array_index (of_one, 0))->id, ==, "s");
  g_assert_cmpstr (((RelaisRunRecord *) g_ptr_array_index (of_one, 1))->id, ==, "r");
  all = relais_test_journal_list_runs (fixture, NULL, NULL);
  g_assert_cmpuint (all->len, ==, 3);
  g_assert_cmpstr (((RelaisRunRecord *) g_ptr_array_index (all, 0))->id, ==, "t");
}

/* The number of a run that was removed is not given to another. */
static void
test_numbers_only_rise (RelaisTestJournal *fixture,
                        gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) again = relais_test_export ("e2", "Other", NULL);
  g_autoptr (RelaisRunRecord) run = relais_test_run ("s", "e2");

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
  g_assert_true (relais_test_journal_put_export (fixture, again, NULL));
  g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
  g_assert_cmpint (run->number, ==, 2);
}

static void
test_a_run_that_is_not_there_is_named_so (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) orphan = relais_test_run ("r", "no export");
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_INTENT);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, 1, "a@example.com");
  g_autoptr (GError) run_error = NULL;
  g_autoptr (GError) batch_error = NULL;
  g_autoptr (GError) rejection_error = NULL;

  g_assert_false (relais_test_journal_put_run (fixture, orphan, &run_error));
  g_assert_error (run_error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_assert_cmpint (orphan->number, ==, 0);
  g_assert_false (relais_test_journal_put_batch (fixture, "r", batch, &batch_error));
  g_assert_error (batch_error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
  g_assert_false (relais_test_journal_add_rejections (fixture, "r", rejections, &rejection_error));
  g_assert_error (rejection_error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
}

/* What another version of Relais counted besides does no harm. */
static void
test_counts_that_are_not_known_are_left_out (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  RelaisRowCounts expected = { .read = 5 };
  g_autoptr (RelaisRunRecord) run = NULL;
  sqlite3 *db;

  relais_test_journal_fill (fixture);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "UPDATE runs SET status = 1, counts = 'read=5 delivered=4 someday=7 reason:new=3 reason:=1 =1 x  invalid=one reason:no-at=1'",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  expected.by_state[RELAIS_ROW_DELIVERED] = 4;
  expected.by_reason[RELAIS_REASON_NO_AT] = 1;
  run = relais_test_journal_get_run (fixture, "r");
  g_assert_cmpmem (&run->counts, sizeof run->counts, &expected, sizeof expected);
}

static void
test_a_finished_run_is_found_finished (RelaisTestJournal *fixture,
                                       gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (RelaisRunRecord) got = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  run = relais_test_journal_get_run (fixture, "r");
  run->status = RELAIS_RUN_SUCCESSFUL;
  run->ended_at = 1700000000000001;
  run->counts.read = run->counts.by_state[RELAIS_ROW_DELIVERED] = 250;
  g_assert_true (relais_test_journal_finish_run (fixture, run, &error));
  relais_test_journal_reopen (fixture);
  got = relais_test_journal_get_run (fixture, "r");
  g_assert_no_error (error);
  assert_same_run (got, run);
}

/* Batches */

static void
assert_same_batch (const RelaisBatchRecord *one,
                   const RelaisBatchRecord *other)
{
  g_assert_cmpuint (one->number, ==, other->number);
  g_assert_cmpint (one->state, ==, other->state);
  g_assert_cmpuint (one->first_row, ==, other->first_row);
  g_assert_cmpuint (one->last_row, ==, other->last_row);
  g_assert_cmpuint (one->contacts, ==, other->contacts);
  g_assert_cmphex (one->hash, ==, other->hash);
  g_assert_cmpstr (one->remote_id, ==, other->remote_id);
  g_assert_cmpuint (one->sendings, ==, other->sendings);
  g_assert_cmpuint (one->delivered, ==, other->delivered);
  g_assert_cmpuint (one->refused, ==, other->refused);
  g_assert_cmpstr (one->rows, ==, other->rows);
  g_assert_cmpint (one->queued, ==, other->queued);
}

static void
assert_only_batch (RelaisTestJournal       *fixture,
                   const RelaisBatchRecord *batch)
{
  g_autoptr (GPtrArray) batches = relais_test_journal_list_batches (fixture, "r", NULL);

  g_assert_cmpuint (batches->len, ==, 1);
  assert_same_batch (g_ptr_array_index (batches, 0), batch);
}

static guint
count_fingerprints (RelaisTestJournal *fixture)
{
  g_autoptr (GBytes) bytes = relais_test_journal_read_fingerprints (fixture, "e", NULL);

  return g_bytes_get_size (bytes) / sizeof (RelaisFingerprint);
}

static guint
count_rejections (RelaisTestJournal *fixture)
{
  g_autoptr (GPtrArray) rejections = relais_test_journal_list_rejections (fixture, "r", 0, 1000, NULL);

  return rejections->len;
}

static void
test_a_batch_goes_its_way (RelaisTestJournal *fixture,
                           gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_INTENT);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (7, 2, "a@example.com");
  RelaisFingerprint fingerprints[2] = { relais_test_fingerprint (1, 1), relais_test_fingerprint (2, 1) };
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  batch->sendings = 0;
  g_assert_true (relais_test_journal_put_batch (fixture, "r", batch, &error));
  assert_only_batch (fixture, batch);
  batch->sendings = 1;
  batch->state = RELAIS_BATCH_ACCEPTED;
  batch->remote_id = g_strdup ("4711");
  g_assert_true (relais_test_journal_put_batch (fixture, "r", batch, &error));
  relais_test_journal_reopen (fixture);
  assert_only_batch (fixture, batch);

  batch->state = RELAIS_BATCH_CONFIRMED;
  batch->delivered = 2;
  batch->refused = 2;
  g_assert_true (relais_test_journal_settle_batch (fixture, "r", batch, rejections, fingerprints, 2, &error));
  g_assert_no_error (error);
  relais_test_journal_reopen (fixture);
  assert_only_batch (fixture, batch);
  g_assert_cmpuint (count_rejections (fixture), ==, 2);
  g_assert_cmpuint (count_fingerprints (fixture), ==, 2);
}

/* Told once more, for one because the first answer was lost: nothing is counted twice. */
static void
test_settling_again_changes_nothing (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (7, 2, "a@example.com");
  g_autoptr (RelaisRunRecord) run = NULL;
  RelaisFingerprint fingerprint = relais_test_fingerprint (1, 1);
  g_autoptr (GBytes) read = NULL;

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < 5; i++)
    g_assert_true (relais_test_journal_settle_batch (fixture, "r", batch, rejections, &fingerprint, 1, NULL));
  assert_only_batch (fixture, batch);
  g_assert_cmpuint (count_rejections (fixture), ==, 2);

  run = relais_test_journal_get_run (fixture, "r");
  run->counts.by_state[RELAIS_ROW_DELIVERED] = 1;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  read = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), &fingerprint, sizeof fingerprint);
}

static void
test_settling_is_all_or_nothing (RelaisTestJournal *fixture,
                                 gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) intent = relais_test_batch (0, RELAIS_BATCH_INTENT);
  g_autoptr (RelaisBatchRecord) settled = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (7, 3, "a@example.com");
  RelaisFingerprint fingerprint = relais_test_fingerprint (1, 1);
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_put_batch (fixture, "r", intent, NULL));
  /* The last rejection cannot be written. */
  g_clear_pointer (&((RelaisRejection *) g_ptr_array_index (rejections, 2))->email, g_free);
  g_assert_false (relais_test_journal_settle_batch (fixture, "r", settled, rejections, &fingerprint, 1, &error));
  g_assert_nonnull (error);
  assert_only_batch (fixture, intent);
  g_assert_cmpuint (count_rejections (fixture), ==, 0);
  g_assert_cmpuint (count_fingerprints (fixture), ==, 0);
}

static void
test_a_refused_batch_is_replaced_by_its_parts (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) whole = relais_test_batch (0, RELAIS_BATCH_INTENT);
  g_autoptr (RelaisBatchRecord) first = relais_test_batch (5, RELAIS_BATCH_INTENT);
  g_autoptr (RelaisBatchRecord) second = relais_test_batch (6, RELAIS_BATCH_INTENT);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autoptr (GPtrArray) batches = NULL;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_put_batch (fixture, "r", whole, NULL));
  g_ptr_array_add (parts, second);
  g_ptr_array_add (parts, first);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (relais_test_journal_replace_batch (fixture, "r", 0, parts, NULL));
      g_clear_pointer (&batches, g_ptr_array_unref);
      batches = relais_test_journal_list_batches (fixture, "r", NULL);
      g_assert_cmpuint (batches->len, ==, 2);
      assert_same_batch (g_ptr_array_index (batches, 0), first);
      assert_same_batch (g_ptr_array_index (batches, 1), second);
    }
}

/* After a kill the run is there with its plan: what left, what was told, what is in doubt. */
static void
test_an_unfinished_run_is_found_with_its_plan (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  static const RelaisBatchState states[] = {
    RELAIS_BATCH_CONFIRMED, RELAIS_BATCH_REFUSED, RELAIS_BATCH_UNKNOWN, RELAIS_BATCH_ACCEPTED, RELAIS_BATCH_INTENT,
  };
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  const RelaisRunRecord *run;

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (i, states[i]);

      g_assert_true (relais_test_journal_put_batch (fixture, "r", batch, NULL));
    }
  relais_test_journal_reopen (fixture);

  runs = relais_test_journal_list_runs (fixture, "e", NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_cmpint (run->status, ==, RELAIS_RUN_PROCESSING);
  g_assert_cmpint (run->ended_at, ==, 0);
  g_assert_cmpstr (run->segment_digest, ==, "digest");
  batches = relais_test_journal_list_batches (fixture, "r", NULL);
  g_assert_cmpuint (batches->len, ==, G_N_ELEMENTS (states));
  for (guint i = 0; i < batches->len; i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (i, states[i]);

      assert_same_batch (g_ptr_array_index (batches, i), batch);
    }
}

/* Rejections */

static void
test_a_rejection_comes_back_whole (RelaisTestJournal *fixture,
                                   gconstpointer      user_data)
{
  static const char * const emails[] = {
    "zoe@example.com", "", "'\"; DROP TABLE runs; --", "caf\303\251@ex\303\244mple.fr", "a\nb", "\360\237\230\200", "NULL", "\302\240",
  };
  g_autoptr (GPtrArray) rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  g_autoptr (GPtrArray) listed = NULL;
  g_autofree char *long_text = g_strnfill (65536, 'x');

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (emails) + RELAIS_N_REASONS; i++)
    {
      const char *email = i < G_N_ELEMENTS (emails) ? emails[i] : long_text;
      RelaisRejection *rejection = relais_rejection_new (i + 1, email, -1, i % RELAIS_N_ROW_STATES, i % RELAIS_N_REASONS,
                                                         i % 2 == 0 ? email : NULL);

      rejection->other_row = i % 3 == 0 ? G_MAXINT64 : 0;
      g_ptr_array_add (rejections, rejection);
    }
  g_assert_true (relais_test_journal_add_rejections (fixture, "r", rejections, NULL));
  relais_test_journal_reopen (fixture);
  listed = relais_test_journal_list_rejections (fixture, "r", 0, 1000, NULL);
  g_assert_cmpuint (listed->len, ==, rejections->len);
  for (guint i = 0; i < listed->len; i++)
    {
      const RelaisRejection *one = g_ptr_array_index (listed, i);
      const RelaisRejection *other = g_ptr_array_index (rejections, i);

      g_assert_cmpuint (one->row, ==, other->row);
      g_assert_cmpstr (one->email, ==, other->email);
      g_assert_cmpint (one->state, ==, other->state);
      g_assert_cmpint (one->reason, ==, other->reason);
      g_assert_cmpstr (one->detail, ==, other->detail);
      g_assert_cmpuint (one->other_row, ==, other->other_row);
    }
}

static void
test_rejections_come_by_pages (RelaisTestJournal *fixture,
                               gconstpointer      user_data)
{
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, 1001, "a@example.com");
  guint64 row = 0;
  guint n_pages = 0;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_add_rejections (fixture, "r", rejections, NULL));
  while (TRUE)
    {
      g_autoptr (GPtrArray) page = relais_test_journal_list_rejections (fixture, "r", row, 100, NULL);

      for (guint i = 0; i < page->len; i++)
        g_assert_cmpuint (((RelaisRejection *) g_ptr_array_index (page, i))->row, ==, ++row);
      n_pages++;
      if (page->len < 100)
        break;
    }
  g_assert_cmpuint (row, ==, 1001);
  g_assert_cmpuint (n_pages, ==, 11);
}

static void
test_what_was_not_sent_can_be_forgotten (RelaisTestJournal *fixture,
                                         gconstpointer      user_data)
{
  static const RelaisRowState states[] = { RELAIS_ROW_INVALID, RELAIS_ROW_REFUSED, RELAIS_ROW_DUPLICATE, RELAIS_ROW_BARRED };
  g_autoptr (GPtrArray) rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  g_autoptr (GPtrArray) left = NULL;

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_ptr_array_add (rejections, relais_rejection_new (i + 1, "x@example.com", -1, states[i], RELAIS_REASON_REFUSED, NULL));
  g_assert_true (relais_test_journal_add_rejections (fixture, "r", rejections, NULL));

  g_assert_true (relais_test_journal_forget_rejections (fixture, "other", NULL));
  g_assert_cmpuint (count_rejections (fixture), ==, 4);
  g_assert_true (relais_test_journal_forget_rejections (fixture, "r", NULL));
  left = relais_test_journal_list_rejections (fixture, "r", 0, 10, NULL);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpint (((RelaisRejection *) g_ptr_array_index (left, 0))->state, ==, RELAIS_ROW_REFUSED);
}

/* Removing */

static void
test_an_export_takes_all_that_is_its_own_along (RelaisTestJournal *fixture,
                                                gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (0, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) rejections = relais_test_rejections (7, 2, "planted@example.com");
  RelaisFingerprint fingerprint = relais_test_fingerprint (1, 1);
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_settle_batch (fixture, "r", batch, rejections, &fingerprint, 1, NULL));
  g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
  g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
  runs = relais_test_journal_list_runs (fixture, NULL, NULL);
  batches = relais_test_journal_list_batches (fixture, "r", NULL);
  g_assert_cmpuint (runs->len, ==, 0);
  g_assert_cmpuint (batches->len, ==, 0);
  g_assert_cmpuint (count_rejections (fixture), ==, 0);
  g_assert_cmpuint (count_fingerprints (fixture), ==, 0);

  /* Not in what the file no longer uses either. */
  relais_test_journal_close (fixture);
  g_assert_false (relais_test_journal_files_hold (fixture, "planted@"));
}

static gboolean
remove_while_others_work (RelaisTestJournal  *fixture,
                          GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_remove_export_async (fixture->journal, "e", TRUE, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), error);
}

/* The last run counts: one that broke off and was followed by another is over. */
static void
test_an_export_that_others_run_stays (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) last = relais_test_run ("s", "e");
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (fixture);
  last->status = RELAIS_RUN_PROCESSING;
  g_assert_true (relais_test_journal_put_run (fixture, last, NULL));
  g_assert_false (remove_while_others_work (fixture, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Newsletter”"));
  g_clear_error (&error);
  runs = relais_test_journal_list_runs (fixture, "e", NULL);
  g_assert_cmpuint (runs->len, ==, 2);

  last->status = RELAIS_RUN_SUCCESSFUL;
  g_assert_true (relais_test_journal_put_run (fixture, last, NULL));
  g_assert_true (remove_while_others_work (fixture, &error));
  g_assert_true (remove_while_others_work (fixture, &error));
  g_assert_no_error (error);
}

#define ADD(name, function) \
  g_test_add ("/journal-runs/" name, RelaisTestJournal, NULL, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-run-comes-back-whole", test_a_run_comes_back_whole);
  ADD ("runs-are-listed-newest-first", test_runs_are_listed_newest_first);
  ADD ("numbers-only-rise", test_numbers_only_rise);
  ADD ("a-run-that-is-not-there-is-named-so", test_a_run_that_is_not_there_is_named_so);
  ADD ("counts-that-are-not-known-are-left-out", test_counts_that_are_not_known_are_left_out);
  ADD ("a-finished-run-is-found-finished", test_a_finished_run_is_found_finished);
  ADD ("a-batch-goes-its-way", test_a_batch_goes_its_way);
  ADD ("settling-again-changes-nothing", test_settling_again_changes_nothing);
  ADD ("settling-is-all-or-nothing", test_settling_is_all_or_nothing);
  ADD ("a-refused-batch-is-replaced-by-its-parts", test_a_refused_batch_is_replaced_by_its_parts);
  ADD ("an-unfinished-run-is-found-with-its-plan", test_an_unfinished_run_is_found_with_its_plan);
  ADD ("a-rejection-comes-back-whole", test_a_rejection_comes_back_whole);
  ADD ("rejections-come-by-pages", test_rejections_come_by_pages);
  ADD ("what-was-not-sent-can-be-forgotten", test_what_was_not_sent_can_be_forgotten);
  ADD ("an-export-takes-all-that-is-its-own-along", test_an_export_takes_all_that_is_its_own_along);
  ADD ("an-export-that-others-run-stays", test_an_export_that_others_run_stays);

  return g_test_run ();
}
