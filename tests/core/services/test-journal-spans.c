/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When attempts at runs were sending, and what of a run is on disk before its end. */

#include "relais-error.h"
#include "relais-journal-ageing.h"
#include "relais-journal-log.h"
#include "relais-journal-spans.h"
#include "relais-removals-fixture.h"

#include <sqlite3.h>
#include <string.h>

#define LIST RELAIS_REMOVALS_LIST
#define KEY  RELAIS_REMOVALS_KEY

/* Helpers */

static GPtrArray *
read_spans (RelaisTestJournal *fixture,
            const char        *run_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *spans;

  relais_journal_read_spans_async (fixture->journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);
  spans = relais_journal_read_spans_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return spans;
}

static void
assert_n_spans (RelaisTestJournal *fixture,
                const char        *run_id,
                guint              n)
{
  g_autoptr (GPtrArray) spans = read_spans (fixture, run_id);

  g_assert_cmpuint (spans->len, ==, n);
}

static RelaisSpan
get_span (RelaisTestJournal *fixture,
          guint              index)
{
  g_autoptr (GPtrArray) spans = read_spans (fixture, "r");

  g_assert_cmpuint (spans->len, >, index);

  return *(const RelaisSpan *) g_ptr_array_index (spans, index);
}

static void
change_raw (RelaisTestJournal *fixture,
            const char        *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* Returns: a moment after all that was */
static gint64
let_time_pass (void)
{
  g_usleep (2000);

  return g_get_real_time ();
}

static void
put_batch (RelaisTestJournal *fixture,
           const char        *run_id,
           RelaisBatchState   state,
           guint              sendings)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, state);

  batch->sendings = sendings;
  g_assert_true (relais_test_journal_put_batch (fixture, run_id, batch, NULL));
}

static void
put_led_batch (RelaisTestJournal *fixture,
               RelaisBatchState   state,
               const RelaisLead  *lead)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, state);
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_put_batch_async (fixture->journal, "r", lead, batch, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
}

static void
assert_lead (RelaisTestJournal *fixture,
             guint              index,
             RelaisLeadState    state,
             gint64             least,
             gint64             most)
{
  RelaisSpan span = get_span (fixture, index);

  g_assert_cmpint (span.lead.state, ==, state);
  g_assert_cmpint (span.lead.least, ==, least);
  g_assert_cmpint (span.lead.most, ==, most);
}

/* The run goes on: another attempt begins. */
static void
go_on (RelaisTestJournal *fixture)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, "r");

  g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
}

static void
put_removal (RelaisTestJournal  *fixture,
             RelaisRemovalState  state)
{
  RelaisFingerprint fingerprint = relais_test_fingerprint (3, RELAIS_CONTENT_UNKNOWN);
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  g_autoptr (GAsyncResult) result = NULL;

  g_ptr_array_add (removals, relais_removal_new (LIST, fingerprint.profile, state, NULL));
  relais_journal_put_removals_async (fixture->journal, "r", &(RelaisLead) { 0 }, "c", removals, NULL, NULL, &fingerprint, 1, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
}

/* @content: that they are known to be on the list with, 0 when they are not on it */
static void
forget_removal (RelaisTestJournal  *fixture,
                RelaisRemovalState  state,
                guint32             content)
{
  RelaisFingerprint fingerprint = relais_test_fingerprint (3, content);
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  g_autoptr (GAsyncResult) result = NULL;

  g_ptr_array_add (removals, relais_removal_new (LIST, fingerprint.profile, state, NULL));
  relais_journal_forget_removals_async (fixture->journal, "r", &(RelaisLead) { 0 }, "c", removals, &fingerprint, 1, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
}

static RelaisLeaversCounts
get_leavers (RelaisTestJournal *fixture,
             const char        *run_id)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, run_id);

  return run->leavers;
}

/* When attempts were sending */

static void
test_an_attempt_is_as_long_as_anything_is_heard_of_it (RelaisTestJournal *fixture,
                                                       gconstpointer      user_data)
{
  gint64 began, left, accepted;

  began = let_time_pass ();
  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  g_assert_cmpint (get_span (fixture, 0).from, >=, began);
  g_assert_cmpint (get_span (fixture, 0).until, ==, get_span (fixture, 0).from);
  left = let_time_pass ();
  g_assert_cmpint (get_span (fixture, 0).until, <, left);
  put_batch (fixture, "r", RELAIS_BATCH_ACCEPTED, 1);
  g_assert_cmpint (get_span (fixture, 0).until, >=, left);
  accepted = let_time_pass ();
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  g_assert_cmpint (get_span (fixture, 0).until, >=, accepted);
  g_assert_cmpint (get_span (fixture, 0).from, <, left);
  assert_n_spans (fixture, "r", 1);

  /* A kill takes nothing of it, and nor does the end of a run add to it. */
  {
    RelaisSpan before = get_span (fixture, 0), after;

    relais_test_journal_reopen (fixture);
    let_time_pass ();
    relais_removals_end (fixture, "r");
    after = get_span (fixture, 0);
    g_assert_cmpmem (&after, sizeof after, &before, sizeof before);
  }
}

static void
test_an_attempt_that_sent_nothing_is_none (RelaisTestJournal *fixture,
                                           gconstpointer      user_data)
{
  assert_n_spans (fixture, "r", 0);
  /* About to leave, and taken back; and what an earlier attempt had sent is heard of. */
  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 0);
  put_batch (fixture, "r", RELAIS_BATCH_ACCEPTED, 1);
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  put_removal (fixture, RELAIS_REMOVAL_INTENT);
  put_removal (fixture, RELAIS_REMOVAL_DONE);
  relais_removals_end (fixture, "r");
  assert_n_spans (fixture, "r", 0);
}

static void
test_a_run_that_goes_on_is_another_attempt (RelaisTestJournal *fixture,
                                            gconstpointer      user_data)
{
  RelaisSpan first, same;
  gint64 between;

  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  put_batch (fixture, "r", RELAIS_BATCH_ACCEPTED, 1);
  first = get_span (fixture, 0);
  between = let_time_pass ();
  go_on (fixture);
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  assert_n_spans (fixture, "r", 1);
  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  assert_n_spans (fixture, "r", 2);
  g_assert_cmpint (get_span (fixture, 1).from, >=, between);
  same = get_span (fixture, 0);
  g_assert_cmpmem (&same, sizeof same, &first, sizeof first);
}

/* The computer sleeps from Friday to Monday, and the same attempt goes on. */
static void
test_an_attempt_that_is_silent_for_long_is_two (RelaisTestJournal *fixture,
                                                gconstpointer      user_data)
{
  RelaisSpan friday, same;
  gint64 monday;

  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  put_batch (fixture, "r", RELAIS_BATCH_ACCEPTED, 1);
  change_raw (fixture, "UPDATE attempts SET first_at = first_at - 200000000000, last_at = last_at - 200000000000");
  friday = get_span (fixture, 0);
  monday = g_get_real_time ();
  /* What is heard then of what left before does not make it longer: it was done when nobody was listening. */
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  assert_n_spans (fixture, "r", 1);
  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  put_batch (fixture, "r", RELAIS_BATCH_ACCEPTED, 1);
  assert_n_spans (fixture, "r", 2);
  g_assert_cmpint (get_span (fixture, 1).from, >=, monday);
  same = get_span (fixture, 0);
  g_assert_cmpmem (&same, sizeof same, &friday, sizeof friday);
}

static void
test_they_are_of_one_list (RelaisTestJournal *fixture,
                           gconstpointer      user_data)
{
  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  relais_removals_begin (fixture, "other-list", "f", "c", LIST + 1, KEY);
  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  put_batch (fixture, "other-list", RELAIS_BATCH_INTENT, 1);
  put_batch (fixture, "s", RELAIS_BATCH_INTENT, 1);
  assert_n_spans (fixture, "r", 2);
  assert_n_spans (fixture, "s", 2);
  assert_n_spans (fixture, "other-list", 1);
}

/* Whoever is put back joins the list then, before their batch leaves. */
static void
test_putting_back_is_sending (RelaisTestJournal *fixture,
                              gconstpointer      user_data)
{
  gint64 before, asked;

  before = let_time_pass ();
  put_removal (fixture, RELAIS_REMOVAL_RETURNING);
  g_assert_cmpint (get_span (fixture, 0).from, >=, before);
  asked = let_time_pass ();
  forget_removal (fixture, RELAIS_REMOVAL_RETURNING, RELAIS_CONTENT_UNKNOWN);
  g_assert_cmpint (get_span (fixture, 0).from, <, asked);
  g_assert_cmpint (get_span (fixture, 0).until, >=, asked);
  assert_n_spans (fixture, "r", 1);
}

static void
test_they_go_with_their_export (RelaisTestJournal *fixture,
                                gconstpointer      user_data)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  put_batch (fixture, "s", RELAIS_BATCH_INTENT, 1);
  assert_n_spans (fixture, "s", 2);
  if (g_str_equal (user_data, "erase"))
    {
      relais_journal_erase_export_async (fixture->journal, "e", FALSE, NULL, relais_test_journal_keep_result_cb, &result);
      g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
    }
  else
    g_assert_true (relais_test_journal_remove_export (fixture, "e", NULL));
  assert_n_spans (fixture, "s", 1);
}

/* Rows of older runs go; when they were sending says nothing of anybody, and is needed as long as somebody they put there may leave. */
static void
test_age_does_not_take_them (RelaisTestJournal *fixture,
                             gconstpointer      user_data)
{
  gint64 later = g_get_real_time () + G_GINT64_CONSTANT (4000) * 24 * 60 * 60 * G_USEC_PER_SEC;
  g_autoptr (GAsyncResult) result = NULL;
  guint n_runs;

  put_batch (fixture, "r", RELAIS_BATCH_INTENT, 1);
  relais_removals_end (fixture, "r");
  relais_journal_age_async (fixture->journal, later, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_age_finish (fixture->journal, relais_test_journal_wait_for (&result), &n_runs, NULL));
  assert_n_spans (fixture, "r", 1);
}

/* How the clocks differed */

static void
test_an_attempt_keeps_how_the_clocks_differed (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  RelaisLead lead = { 0 };

  put_led_batch (fixture, RELAIS_BATCH_INTENT, &lead);
  assert_lead (fixture, 0, RELAIS_LEAD_UNKNOWN, 0, 0);
  lead = (RelaisLead) { RELAIS_LEAD_KNOWN, -5000, 7000 };
  put_led_batch (fixture, RELAIS_BATCH_ACCEPTED, &lead);
  assert_lead (fixture, 0, RELAIS_LEAD_KNOWN, -5000, 7000);
  lead.most = -1000;
  put_led_batch (fixture, RELAIS_BATCH_INTENT, &lead);
  relais_test_journal_reopen (fixture);
  assert_lead (fixture, 0, RELAIS_LEAD_KNOWN, -5000, -1000);

  /* Another attempt knows of its own alone, and of none that is no one lead any more. */
  go_on (fixture);
  put_led_batch (fixture, RELAIS_BATCH_INTENT, &(RelaisLead) { RELAIS_LEAD_KNOWN, 1, 2 });
  assert_lead (fixture, 1, RELAIS_LEAD_KNOWN, 1, 2);
  put_led_batch (fixture, RELAIS_BATCH_ACCEPTED, &(RelaisLead) { RELAIS_LEAD_NONE, 1, 2 });
  assert_lead (fixture, 1, RELAIS_LEAD_UNKNOWN, 0, 0);
  assert_lead (fixture, 0, RELAIS_LEAD_KNOWN, -5000, -1000);
}

/* Whatever writes down that something is heard of the attempt says so. */
static void
test_each_write_keeps_how_the_clocks_differed (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  RelaisFingerprint fingerprint = relais_test_fingerprint (3, RELAIS_CONTENT_UNKNOWN);
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  g_autoptr (GAsyncResult) put = NULL, settled = NULL, forgotten = NULL;
  RelaisLead lead = { RELAIS_LEAD_KNOWN, 1, 9 };

  g_ptr_array_add (removals, relais_removal_new (LIST, fingerprint.profile, RELAIS_REMOVAL_RETURNING, NULL));
  relais_journal_put_removals_async (fixture->journal, "r", &lead, "c", removals, NULL, NULL, NULL, 0, NULL, relais_test_journal_keep_result_cb, &put);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&put), NULL));
  assert_lead (fixture, 0, RELAIS_LEAD_KNOWN, 1, 9);
  lead.least = 2;
  relais_journal_settle_batch_async (fixture->journal, "r", &lead, batch, none, NULL, 0, NULL, relais_test_journal_keep_result_cb, &settled);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&settled), NULL));
  assert_lead (fixture, 0, RELAIS_LEAD_KNOWN, 2, 9);
  lead.least = 3;
  relais_journal_forget_removals_async (fixture->journal, "r", &lead, "c", removals, &fingerprint, 1, NULL,
                                        relais_test_journal_keep_result_cb, &forgotten);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&forgotten), NULL));
  assert_lead (fixture, 0, RELAIS_LEAD_KNOWN, 3, 9);
}

static void
test_what_cannot_be_a_lead_is_none (RelaisTestJournal *fixture,
                                    gconstpointer      user_data)
{
  static const char * const wrong[] = { "lead_least = 3, lead_most = 2", "lead_least = 1, lead_most = NULL", "lead_most = 1, lead_least = NULL",
                                        "lead_least = -9223372036854775807, lead_most = 0", "lead_least = 0, lead_most = 9223372036854775807" };

  put_led_batch (fixture, RELAIS_BATCH_INTENT, &(RelaisLead) { RELAIS_LEAD_KNOWN, 1, 2 });
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *sql = g_strdup_printf ("UPDATE attempts SET %s", wrong[i]);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) spans = NULL;
      g_autoptr (GError) error = NULL;

      change_raw (fixture, sql);
      relais_journal_read_spans_async (fixture->journal, "r", NULL, relais_test_journal_keep_result_cb, &result);
      spans = relais_journal_read_spans_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
      g_assert_null (spans);
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_DAMAGED);
    }
}

/* What of a run is on disk before its end */

/* Returns: whether a line of the log says so of people */
static gboolean
log_says (RelaisTestJournal *fixture,
          const char        *words)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  relais_journal_list_log_async (fixture->journal, NULL, relais_test_journal_keep_result_cb, &result);
  lines = relais_journal_list_log_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL);
  for (guint i = 0; i < lines->len; i++)
    if (strstr (((const RelaisLogLine *) g_ptr_array_index (lines, i))->line, words) != NULL)
      return TRUE;

  return FALSE;
}

static void
test_who_was_put_back_is_known_after_a_kill (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  put_removal (fixture, RELAIS_REMOVAL_RETURNING);
  g_assert_cmpuint (get_leavers (fixture, "r").put_back, ==, 0);
  forget_removal (fixture, RELAIS_REMOVAL_RETURNING, RELAIS_CONTENT_UNKNOWN);
  relais_test_journal_reopen (fixture);
  g_assert_cmpuint (get_leavers (fixture, "r").put_back, ==, 1);
  /* Whoever had opted out was not, nor was anybody who was on the list without having been put back. */
  forget_removal (fixture, RELAIS_REMOVAL_RETURNING, 0);
  forget_removal (fixture, RELAIS_REMOVAL_DONE, RELAIS_CONTENT_UNKNOWN);
  g_assert_cmpuint (get_leavers (fixture, "r").put_back, ==, 1);
  go_on (fixture);
  g_assert_true (log_says (fixture, "\"put_back\":1"));
  g_assert_cmpuint (get_leavers (fixture, "r").put_back, ==, 1);
  forget_removal (fixture, RELAIS_REMOVAL_RETURNING, RELAIS_CONTENT_UNKNOWN);
  g_assert_cmpuint (get_leavers (fixture, "r").put_back, ==, 2);
}

static void
test_who_was_held_is_known_after_a_kill (RelaisTestJournal *fixture,
                                         gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) keeps = NULL;

  relais_removals_confirm (fixture, "r", 1, 0, 100, 7);
  relais_removals_confirm (fixture, "r", 2, 0, 40, 0);
  relais_removals_end (fixture, "r");
  relais_removals_begin (fixture, "next", "e", "c", LIST, KEY);
  g_assert_cmpuint (get_leavers (fixture, "next").delivered, ==, 60);
  relais_removals_confirm (fixture, "next", 1, 100, 50, 7);
  relais_test_journal_reopen (fixture);
  g_assert_cmpuint (get_leavers (fixture, "next").delivered, ==, 60);

  /* The run that goes on is told what was before it began. */
  {
    g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, "next");

    g_assert_true (relais_test_journal_put_run (fixture, run, NULL));
    g_assert_cmpuint (run->leavers.delivered, ==, 60);
  }

  /* Elsewhere it holds nobody, and one that keeps everybody does not ask. */
  relais_removals_begin (fixture, "elsewhere", "e", "c", LIST + 1, KEY);
  g_assert_cmpuint (get_leavers (fixture, "elsewhere").delivered, ==, 0);
  relais_removals_begin_at (fixture, "keeps", "e", "c", "account.api-us1.com", LIST, KEY, FALSE);
  g_assert_cmpuint (get_leavers (fixture, "keeps").delivered, ==, 0);
}

#define ADD(name, data, function) \
  g_test_add ("/journal-spans/" name, RelaisTestJournal, data, relais_removals_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("an-attempt-is-as-long-as-anything-is-heard-of-it", NULL, test_an_attempt_is_as_long_as_anything_is_heard_of_it);
  ADD ("an-attempt-that-sent-nothing-is-none", NULL, test_an_attempt_that_sent_nothing_is_none);
  ADD ("a-run-that-goes-on-is-another-attempt", NULL, test_a_run_that_goes_on_is_another_attempt);
  ADD ("an-attempt-that-is-silent-for-long-is-two", NULL, test_an_attempt_that_is_silent_for_long_is_two);
  ADD ("they-are-of-one-list", NULL, test_they_are_of_one_list);
  ADD ("putting-back-is-sending", NULL, test_putting_back_is_sending);
  ADD ("they-go-with-their-export/erase", "erase", test_they_go_with_their_export);
  ADD ("they-go-with-their-export/remove", "remove", test_they_go_with_their_export);
  ADD ("age-does-not-take-them", NULL, test_age_does_not_take_them);
  ADD ("an-attempt-keeps-how-the-clocks-differed", NULL, test_an_attempt_keeps_how_the_clocks_differed);
  ADD ("each-write-keeps-how-the-clocks-differed", NULL, test_each_write_keeps_how_the_clocks_differed);
  ADD ("what-cannot-be-a-lead-is-none", NULL, test_what_cannot_be_a_lead_is_none);
  ADD ("who-was-put-back-is-known-after-a-kill", NULL, test_who_was_put_back_is_known_after_a_kill);
  ADD ("who-was-held-is-known-after-a-kill", NULL, test_who_was_held_is_known_after_a_kill);

  return g_test_run ();
}
