/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who were taken off a list, and for whom an export answers there. */

#define _GNU_SOURCE /* memmem */
#include "relais-journal-ageing.h"
#include "relais-journal-removals.h"
#include "relais-test-journal.h"

#include <string.h>

#define LIST 12
#define KEY  77

/* Helpers */

static void
begin_at (RelaisTestJournal *fixture,
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

static void
begin (RelaisTestJournal *fixture,
       const char        *run_id,
       const char        *export_id,
       const char        *connection_id,
       guint              list_id,
       guint64            key_check)
{
  begin_at (fixture, run_id, export_id, connection_id, "account.api-us1.com", list_id, key_check, TRUE);
}

/* Runs that came to their end sent everything. */
static void
end (RelaisTestJournal *fixture,
     const char        *run_id)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, run_id);

  run->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
}

static void
add_export (RelaisTestJournal *fixture,
            const char        *id,
            const char        *connection_id)
{
  g_autofree char *name = g_strdup_printf ("Export %s", id);
  g_autoptr (RelaisExportRecord) record = relais_test_export (id, name, connection_id);

  g_assert_true (relais_test_journal_put_export (fixture, record, NULL));
}

/* Batch @number of a run confirms people, from @first on, with @content. */
static void
confirm (RelaisTestJournal *fixture,
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

static RelaisDeparted *
read_again (RelaisTestJournal    *fixture,
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

static RelaisDeparted *
read_departed (RelaisTestJournal *fixture,
               const char        *run_id)
{
  return read_again (fixture, run_id, NULL);
}

static void
assert_obstacle (RelaisTestJournal *fixture,
                 const char        *run_id,
                 const char        *obstacle,
                 gboolean           through_another)
{
  g_autoptr (RelaisDeparted) departed = read_departed (fixture, run_id);

  g_assert_cmpstr (departed->obstacle, ==, obstacle);
  g_assert_cmpint (departed->through_another, ==, through_another);
}

static void
assert_n_shared (RelaisTestJournal *fixture,
                 const char        *run_id,
                 guint              n)
{
  g_autoptr (RelaisDeparted) departed = read_departed (fixture, run_id);

  g_assert_cmpuint (g_bytes_get_size (departed->shared), ==, n * 12);
}

/* Exactly these people are answered for. */
static void
assert_held (RelaisTestJournal *fixture,
             const char        *run_id,
             guint64            n_delivered,
             guint32            first,
             guint              n)
{
  g_autoptr (RelaisDeparted) departed = read_departed (fixture, run_id);
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
  relais_journal_put_removals_async (fixture->journal, run_id, connection_id, removals, &fingerprint, content != 1,
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

  relais_journal_read_removals_async (fixture->journal, connection_id, list_id, NULL, relais_test_journal_keep_result_cb, &result);
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

/* Connection "c" and its export "e", and another export "f" of it */
static void
set_up (RelaisTestJournal *fixture,
        gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("c", "Main account");

  relais_test_journal_set_up (fixture, user_data);
  g_assert_true (relais_test_journal_put_connection (fixture, connection, NULL));
  add_export (fixture, "e", "c");
  add_export (fixture, "f", "c");
  begin (fixture, "r", "e", "c", LIST, KEY);
}

/* For whom an export answers */

static void
test_an_export_answers_for_whom_it_put_there (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  assert_held (fixture, "r", 0, 0, 0);
  confirm (fixture, "r", 1, 0, 100, 7);
  confirm (fixture, "r", 2, 100, 50, 8);
  /* The last one of each counts: forgotten, changed, and not known as sent. */
  confirm (fixture, "r", 3, 140, 10, 0);
  confirm (fixture, "r", 4, 0, 10, 9);
  confirm (fixture, "r", 5, 10, 10, RELAIS_CONTENT_UNKNOWN);
  assert_held (fixture, "r", 140, 0, 140);
  relais_test_journal_reopen (fixture);
  assert_held (fixture, "r", 140, 0, 140);
}

static void
test_whom_others_hold_too_is_not_its_own (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  confirm (fixture, "r", 1, 0, 100, 7);
  begin (fixture, "s", "f", "c", LIST, KEY);
  confirm (fixture, "s", 1, 60, 100, 8);
  assert_held (fixture, "r", 100, 0, 60);
  assert_held (fixture, "s", 100, 100, 60);
  {
    g_autoptr (RelaisDeparted) departed = read_departed (fixture, "r");

    g_assert_cmpuint (g_bytes_get_size (departed->shared), ==, 40 * 12);
  }
  /* Forgotten by the other, they are its own again. */
  confirm (fixture, "s", 2, 60, 20, 0);
  assert_held (fixture, "r", 100, 0, 80);
}

static void
test_another_list_key_or_connection_is_another_place (RelaisTestJournal *fixture,
                                                      gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("d", "Other account");
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (GBytes) left = NULL;

  g_free (connection->host);
  connection->host = g_strdup ("other.api-us1.com");
  g_assert_true (relais_test_journal_put_connection (fixture, connection, NULL));
  confirm (fixture, "r", 1, 0, 100, 7);
  begin (fixture, "other-list", "f", "c", LIST + 1, KEY);
  confirm (fixture, "other-list", 1, 0, 100, 7);
  assert_held (fixture, "r", 100, 0, 100);

  /* What was confirmed elsewhere says nothing of people here. */
  begin (fixture, "moved", "e", "c", LIST + 1, KEY);
  assert_held (fixture, "moved", 0, 0, 0);
  begin (fixture, "led-away", "e", "d", LIST, KEY);
  assert_held (fixture, "led-away", 0, 0, 0);
  begin (fixture, "new-key", "e", "c", LIST, KEY + 1);
  assert_held (fixture, "new-key", 0, 0, 0);

  /* Back without having sent anything there, everything is as it was. */
  begin (fixture, "back", "e", "c", LIST, KEY);
  assert_held (fixture, "back", 100, 0, 100);

  /* What is confirmed there is of there, and the rest stays what it is, through tidying up too. */
  begin (fixture, "there", "e", "d", LIST, KEY);
  confirm (fixture, "there", 1, 50, 500, 7);
  assert_held (fixture, "there", 500, 50, 500);
  begin (fixture, "back-again", "e", "c", LIST, KEY);
  assert_held (fixture, "back-again", 100, 0, 100);
  confirm (fixture, "back-again", 1, 0, 400, 8);
  confirm (fixture, "back-again", 2, 0, 400, 9);
  run = relais_test_journal_get_run (fixture, "back-again");
  run->counts.by_state[RELAIS_ROW_DELIVERED] = 800;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  left = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  g_assert_cmpuint (g_bytes_get_size (left), ==, 900 * sizeof (RelaisFingerprint));
  assert_held (fixture, "back-again", 400, 0, 400);
  assert_held (fixture, "there", 500, 50, 500);
}

/* Before each import of many it is asked anew, and read anew when others have written only. */
static void
test_what_has_not_changed_is_not_read_again (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (9, RELAIS_BATCH_ACCEPTED);
  g_autoptr (RelaisDeparted) first = NULL;
  g_autoptr (RelaisDeparted) same = NULL;
  g_autoptr (RelaisDeparted) obstructed = NULL;
  g_autoptr (RelaisDeparted) fresh = NULL;

  confirm (fixture, "r", 1, 0, 10, 7);
  begin (fixture, "s", "f", "c", LIST, KEY);
  confirm (fixture, "s", 1, 9, 1, 7);
  first = read_departed (fixture, "r");
  same = read_again (fixture, "r", first);
  g_assert_true (same->profiles == first->profiles);
  g_assert_true (same->shared == first->shared);
  g_assert_cmpuint (same->n_delivered, ==, 10);
  g_assert_null (same->obstacle);
  g_assert_true (relais_test_journal_put_batch (fixture, "s", batch, NULL));
  obstructed = read_again (fixture, "r", same);
  g_assert_cmpstr (obstructed->obstacle, ==, "Export f");
  confirm (fixture, "s", 9, 4, 2, 7);
  fresh = read_again (fixture, "r", obstructed);
  g_assert_null (fresh->obstacle);
  g_assert_cmpuint (g_bytes_get_size (fresh->profiles), ==, 7 * 12);
  g_assert_cmpuint (g_bytes_get_size (fresh->shared), ==, 3 * 12);
}

/* A place of an older version does not say its key: the next one that sends there is taken for it. */
static void
test_a_place_of_before_takes_the_key_that_comes (RelaisTestJournal *fixture,
                                                 gconstpointer      user_data)
{
  begin (fixture, "before", "e", "c", LIST, 0);
  confirm (fixture, "before", 1, 0, 100, 7);
  begin (fixture, "now", "e", "c", LIST, KEY);
  assert_held (fixture, "now", 100, 0, 100);
  confirm (fixture, "now", 1, 100, 5, 7);
  assert_held (fixture, "now", 105, 0, 105);
  begin (fixture, "new-key", "e", "c", LIST, KEY + 1);
  assert_held (fixture, "new-key", 0, 0, 0);
}

static void
test_compacting_keeps_whom_it_holds (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (GBytes) left = NULL;

  confirm (fixture, "r", 1, 0, 100, 7);
  confirm (fixture, "r", 2, 0, 50, 0);
  confirm (fixture, "r", 3, 50, 10, RELAIS_CONTENT_UNKNOWN);
  run = relais_test_journal_get_run (fixture, "r");
  run->status = RELAIS_RUN_SUCCESSFUL;
  run->leavers.departed = run->leavers.taken_off = 50;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  left = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  g_assert_cmpuint (g_bytes_get_size (left), ==, 50 * sizeof (RelaisFingerprint));
  assert_held (fixture, "r", 50, 50, 50);
}

/* Somebody of an unknown place who was forgotten, or was sent anew, is not what was known of them there. */
static void
test_compacting_brings_nobody_back (RelaisTestJournal *fixture,
                                    gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (GBytes) left = NULL;
  const RelaisFingerprint *entries;
  RelaisFingerprint forgotten = relais_test_fingerprint (5, 0);

  begin (fixture, "unknown", "e", NULL, LIST, 0);
  confirm (fixture, "unknown", 1, 0, 100, 7);
  begin (fixture, "known", "e", "c", LIST, KEY);
  confirm (fixture, "known", 1, 0, 10, 0);
  confirm (fixture, "known", 2, 10, 30, 8);
  run = relais_test_journal_get_run (fixture, "known");
  run->counts.by_state[RELAIS_ROW_DELIVERED] = 30;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  left = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  entries = g_bytes_get_data (left, NULL);
  g_assert_cmpuint (g_bytes_get_size (left), ==, 90 * sizeof (RelaisFingerprint));
  for (guint i = 0; i < 90; i++)
    g_assert_cmpint (memcmp (entries[i].profile, forgotten.profile, sizeof forgotten.profile), !=, 0);
  assert_held (fixture, "known", 30, 10, 30);
}

static void
test_what_is_open_elsewhere_is_an_obstacle (RelaisTestJournal *fixture,
                                            gconstpointer      user_data)
{
  static const struct { RelaisBatchState state; guint sendings; const char *remote_id; gboolean obstacle; } cases[] = {
    { RELAIS_BATCH_INTENT, 0, NULL, FALSE }, { RELAIS_BATCH_INTENT, 1, NULL, TRUE }, { RELAIS_BATCH_ACCEPTED, 1, "a", TRUE },
    { RELAIS_BATCH_CONFIRMED, 1, "a", FALSE }, { RELAIS_BATCH_REFUSED, 1, NULL, FALSE }, { RELAIS_BATCH_REFUSED, 2, NULL, TRUE },
    { RELAIS_BATCH_REFUSED, 1, "a", TRUE }, { RELAIS_BATCH_UNKNOWN, 1, "a", TRUE },
  };

  confirm (fixture, "r", 1, 0, 10, 7);
  begin (fixture, "s", "f", "c", LIST, KEY);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, cases[i].state);
      g_autoptr (RelaisDeparted) departed = NULL;
      g_autoptr (RelaisDeparted) own = NULL;

      batch->sendings = cases[i].sendings;
      g_free (batch->remote_id);
      batch->remote_id = g_strdup (cases[i].remote_id);
      g_assert_true (relais_test_journal_put_batch (fixture, "s", batch, NULL));
      departed = read_departed (fixture, "r");
      g_assert_cmpstr (departed->obstacle, ==, cases[i].obstacle ? "Export f" : NULL);
      g_assert_cmpuint (departed->n_delivered, ==, 10);
      if (cases[i].obstacle)
        g_assert_false (departed->through_another);
      /* Its own batches are for the run itself to settle. */
      own = read_departed (fixture, "s");
      g_assert_null (own->obstacle);
    }

  /* To another list it is none. */
  begin (fixture, "t", "e", "c", LIST + 1, KEY);
  {
    g_autoptr (RelaisDeparted) departed = read_departed (fixture, "t");

    g_assert_null (departed->obstacle);
  }

  /* A run that came to its end sent everything again. */
  begin (fixture, "u", "f", "c", LIST, KEY);
  end (fixture, "u");
  assert_obstacle (fixture, "r", NULL, FALSE);
}

/* The same account by another connection, by another name of its host, or by a connection that is gone since */
static void
test_what_is_open_in_the_account_is_an_obstacle (RelaisTestJournal *fixture,
                                                 gconstpointer      user_data)
{
  static const struct { const char *host; gboolean obstacle; } cases[] = {
    { "account.api-us1.com", TRUE }, { "account.activehosted.com", TRUE }, { "other.api-us1.com", FALSE }, { NULL, FALSE },
  };

  confirm (fixture, "r", 1, 0, 10, 7);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, RELAIS_BATCH_ACCEPTED);
      g_autofree char *run_id = g_strdup_printf ("s%u", i);

      begin_at (fixture, run_id, "f", "gone", cases[i].host, LIST, KEY + 5, FALSE);
      assert_obstacle (fixture, "r", NULL, FALSE);
      g_assert_true (relais_test_journal_put_batch (fixture, run_id, batch, NULL));
      assert_obstacle (fixture, "r", cases[i].obstacle ? "Export f" : NULL, FALSE);
      begin_at (fixture, "end", "f", "gone", cases[i].host, LIST, KEY + 5, FALSE);
      end (fixture, "end");
      assert_obstacle (fixture, "r", NULL, FALSE);
      g_assert_true (relais_test_journal_remove_export (fixture, "f", NULL));
      add_export (fixture, "f", "c");
    }
}

static void
test_whom_it_holds_in_the_account_is_an_obstacle (RelaisTestJournal *fixture,
                                                  gconstpointer      user_data)
{
  confirm (fixture, "r", 1, 0, 10, 7);
  begin_at (fixture, "s", "f", "gone", user_data, LIST, KEY + 5, FALSE);
  confirm (fixture, "s", 1, 5, 1, 7);
  end (fixture, "s");
  assert_obstacle (fixture, "r", "Export f", TRUE);

  /* Until it has sent everything through the one connection. */
  begin (fixture, "t", "f", "c", LIST, KEY);
  confirm (fixture, "t", 1, 5, 1, 7);
  assert_obstacle (fixture, "r", "Export f", TRUE);
  end (fixture, "t");
  assert_obstacle (fixture, "r", NULL, FALSE);
}

/* Whom an export holds under another key nobody can tell. */
static void
test_another_key_is_an_obstacle_until_everything_is_sent (RelaisTestJournal *fixture,
                                                          gconstpointer      user_data)
{
  begin (fixture, "s", "f", "c", LIST, KEY);
  confirm (fixture, "s", 1, 0, 10, 7);
  end (fixture, "s");
  begin (fixture, "new", "e", "c", LIST, KEY + 1);
  confirm (fixture, "new", 1, 0, 10, 7);
  assert_obstacle (fixture, "new", "Export f", FALSE);
  begin (fixture, "t", "f", "c", LIST, KEY + 1);
  confirm (fixture, "t", 1, 9, 1, 7);
  assert_obstacle (fixture, "new", "Export f", FALSE);
  end (fixture, "t");
  assert_obstacle (fixture, "new", NULL, FALSE);
  assert_held (fixture, "new", 10, 0, 9);
}

/* Whom another export was known to hold somewhere it may hold here. */
static void
test_an_unknown_place_may_be_any (RelaisTestJournal *fixture,
                                  gconstpointer      user_data)
{
  confirm (fixture, "r", 1, 0, 10, 7);
  begin_at (fixture, "s", "f", NULL, NULL, LIST + 7, 0, FALSE);
  confirm (fixture, "s", 1, 6, 10, 7);
  assert_obstacle (fixture, "r", NULL, FALSE);
  assert_held (fixture, "r", 10, 0, 6);
  assert_n_shared (fixture, "r", 0);
  /* It says itself whom it has forgotten since. */
  begin (fixture, "t", "f", "c", LIST, KEY);
  confirm (fixture, "t", 1, 6, 2, 0);
  assert_held (fixture, "r", 10, 0, 8);
}

/* An export that was led to another list holds nobody here once everything is there. */
static void
test_who_moved_away_holds_nobody (RelaisTestJournal *fixture,
                                  gconstpointer      user_data)
{
  confirm (fixture, "r", 1, 0, 10, 7);
  begin (fixture, "s", "f", "c", LIST, KEY);
  confirm (fixture, "s", 1, 6, 10, 7);
  end (fixture, "s");
  assert_held (fixture, "r", 10, 0, 6);
  begin (fixture, "t", "f", "c", LIST + 1, KEY);
  confirm (fixture, "t", 1, 6, 10, 7);
  assert_held (fixture, "r", 10, 0, 6);
  end (fixture, "t");
  assert_held (fixture, "r", 10, 0, 10);
  assert_n_shared (fixture, "r", 0);
  /* Back, it holds them again as soon as it has begun to send. */
  begin (fixture, "u", "f", "c", LIST, KEY);
  assert_held (fixture, "r", 10, 0, 6);
}

/* Whom an export holds that takes nobody off stays this one's too: nobody else will take them off. */
static void
test_an_export_that_keeps_answers_for_nobody (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  confirm (fixture, "r", 1, 0, 10, 7);
  begin_at (fixture, "s", "f", "c", "account.api-us1.com", LIST, KEY, FALSE);
  confirm (fixture, "s", 1, 6, 10, 7);
  assert_held (fixture, "r", 10, 0, 6);
  assert_n_shared (fixture, "r", 0);
  add_export (fixture, "g", "c");
  begin (fixture, "t", "g", "c", LIST, KEY);
  confirm (fixture, "t", 1, 8, 1, 7);
  assert_held (fixture, "r", 10, 0, 6);
  assert_n_shared (fixture, "r", 1);
}

static void
test_another_connection_to_the_account_is_an_obstacle (RelaisTestJournal *fixture,
                                                       gconstpointer      user_data)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("d", "Main account, once more");
  g_autoptr (RelaisDeparted) before = NULL;
  g_autoptr (RelaisDeparted) after = NULL;

  g_assert_true (relais_test_journal_put_connection (fixture, connection, NULL));
  add_export (fixture, "g", "d");
  confirm (fixture, "r", 1, 0, 10, 7);
  begin (fixture, "s", "g", "d", LIST, KEY + 5);
  before = read_departed (fixture, "r");
  g_assert_null (before->obstacle);
  confirm (fixture, "s", 1, 5, 1, 7);
  after = read_departed (fixture, "r");
  g_assert_cmpstr (after->obstacle, ==, "Export g");
  g_assert_true (after->through_another);
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

  confirm (fixture, "r", 1, 0, 10, 7);
  put (fixture, "r", "c", LIST, 3, RELAIS_REMOVAL_DONE, "12=2@1/1", 0);
  {
    g_autoptr (RelaisDeparted) departed = read_departed (fixture, "r");

    g_assert_cmpuint (departed->n_delivered, ==, 9);
  }
  removals = list (fixture, "c", LIST);
  relais_journal_forget_removals_async (fixture->journal, "r", "c", removals, &back, 1, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
  assert_n_removals (fixture, "c", 0);
  assert_held (fixture, "r", 10, 0, 10);
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

  confirm (fixture, "r", 1, 0, 10, 7);
  g_ptr_array_add (removals, relais_removal_new (LIST, fingerprint.profile, RELAIS_REMOVAL_DONE, NULL));
  relais_journal_put_removals_async (fixture->journal, "r", "nowhere", removals, &fingerprint, 1, NULL,
                                     relais_test_journal_keep_result_cb, &result);
  g_assert_false (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), &error));
  g_assert_nonnull (error);
  assert_held (fixture, "r", 10, 0, 10);
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
  open->leavers = (RelaisLeaversCounts) { 500, 300, 4, 5, 6, 7, 8 };
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
  begin (fixture, "s", "f", "c", LIST, KEY);
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
  guint n_runs;

  relais_journal_age_async (fixture->journal, g_get_real_time () + days * 24 * 60 * 60 * G_USEC_PER_SEC, NULL, relais_test_journal_keep_result_cb, &result);
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
  end (fixture, "r");
  begin (fixture, "open", "e", "c", LIST, KEY);
  begin (fixture, "other", "f", "c", LIST, KEY);
  end (fixture, "other");
  age (fixture, 0);
  assert_n_removals (fixture, "c", 4);
  end (fixture, "open");
  age (fixture, 0);
  assert_n_removals (fixture, "c", 2);
}

/* Under another key they name nobody. */
static void
test_another_key_knows_nobody_of_them (RelaisTestJournal *fixture,
                                       gconstpointer      user_data)
{
  put (fixture, "r", "c", LIST, 1, RELAIS_REMOVAL_DONE, "12=2@1/1", 1);
  begin_at (fixture, "elsewhere", "f", "d", "other.api-us1.com", LIST, KEY + 1, TRUE);
  begin (fixture, "before", "f", NULL, LIST, KEY + 2);
  age (fixture, 0);
  assert_n_removals (fixture, "c", 1);
  begin (fixture, "new", "f", "c", LIST + 1, KEY + 1);
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

#define ADD(name, data, function) g_test_add ("/journal-removals/" name, RelaisTestJournal, data, set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("an-export-answers-for-whom-it-put-there", NULL, test_an_export_answers_for_whom_it_put_there);
  ADD ("whom-others-hold-too-is-not-its-own", NULL, test_whom_others_hold_too_is_not_its_own);
  ADD ("another-list-key-or-connection-is-another-place", NULL, test_another_list_key_or_connection_is_another_place);
  ADD ("what-has-not-changed-is-not-read-again", NULL, test_what_has_not_changed_is_not_read_again);
  ADD ("a-place-of-before-takes-the-key-that-comes", NULL, test_a_place_of_before_takes_the_key_that_comes);
  ADD ("compacting-keeps-whom-it-holds", NULL, test_compacting_keeps_whom_it_holds);
  ADD ("compacting-brings-nobody-back", NULL, test_compacting_brings_nobody_back);
  ADD ("what-is-open-elsewhere-is-an-obstacle", NULL, test_what_is_open_elsewhere_is_an_obstacle);
  ADD ("what-is-open-in-the-account-is-an-obstacle", NULL, test_what_is_open_in_the_account_is_an_obstacle);
  ADD ("whom-it-holds-in-the-account-is-an-obstacle", "account.api-us1.com", test_whom_it_holds_in_the_account_is_an_obstacle);
  ADD ("whom-it-holds-by-another-name-of-the-host-is-an-obstacle", "account.activehosted.com", test_whom_it_holds_in_the_account_is_an_obstacle);
  ADD ("another-key-is-an-obstacle-until-everything-is-sent", NULL, test_another_key_is_an_obstacle_until_everything_is_sent);
  ADD ("an-unknown-place-may-be-any", NULL, test_an_unknown_place_may_be_any);
  ADD ("who-moved-away-holds-nobody", NULL, test_who_moved_away_holds_nobody);
  ADD ("an-export-that-keeps-answers-for-nobody", NULL, test_an_export_that_keeps_answers_for_nobody);
  ADD ("another-connection-to-the-account-is-an-obstacle", NULL, test_another_connection_to_the_account_is_an_obstacle);
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
