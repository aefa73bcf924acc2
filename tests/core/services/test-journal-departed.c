/* SPDX-License-Identifier: GPL-3.0-or-later */

/* For whom an export answers on its list. */

#include "relais-removals-fixture.h"

#include <string.h>

#define LIST RELAIS_REMOVALS_LIST
#define KEY  RELAIS_REMOVALS_KEY

static void
assert_obstacle (RelaisTestJournal *fixture,
                 const char        *run_id,
                 const char        *obstacle,
                 gboolean           through_another)
{
  g_autoptr (RelaisDeparted) departed = relais_removals_read_departed (fixture, run_id);

  g_assert_cmpstr (departed->obstacle, ==, obstacle);
  g_assert_cmpint (departed->through_another, ==, through_another);
}

static void
assert_n_shared (RelaisTestJournal *fixture,
                 const char        *run_id,
                 guint              n)
{
  g_autoptr (RelaisDeparted) departed = relais_removals_read_departed (fixture, run_id);

  g_assert_cmpuint (g_bytes_get_size (departed->shared), ==, n * 12);
}

static void
test_an_export_answers_for_whom_it_put_there (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  relais_removals_assert_held (fixture, "r", 0, 0, 0);
  relais_removals_confirm (fixture, "r", 1, 0, 100, 7);
  relais_removals_confirm (fixture, "r", 2, 100, 50, 8);
  /* The last one of each counts: forgotten, changed, and not known as sent. */
  relais_removals_confirm (fixture, "r", 3, 140, 10, 0);
  relais_removals_confirm (fixture, "r", 4, 0, 10, 9);
  relais_removals_confirm (fixture, "r", 5, 10, 10, RELAIS_CONTENT_UNKNOWN);
  relais_removals_assert_held (fixture, "r", 140, 0, 140);
  relais_test_journal_reopen (fixture);
  relais_removals_assert_held (fixture, "r", 140, 0, 140);
}

static void
test_whom_others_hold_too_is_not_its_own (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  relais_removals_confirm (fixture, "r", 1, 0, 100, 7);
  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  relais_removals_confirm (fixture, "s", 1, 60, 100, 8);
  relais_removals_assert_held (fixture, "r", 100, 0, 60);
  relais_removals_assert_held (fixture, "s", 100, 100, 60);
  {
    g_autoptr (RelaisDeparted) departed = relais_removals_read_departed (fixture, "r");

    g_assert_cmpuint (g_bytes_get_size (departed->shared), ==, 40 * 12);
  }
  /* Forgotten by the other, they are its own again. */
  relais_removals_confirm (fixture, "s", 2, 60, 20, 0);
  relais_removals_assert_held (fixture, "r", 100, 0, 80);
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
  relais_removals_confirm (fixture, "r", 1, 0, 100, 7);
  relais_removals_begin (fixture, "other-list", "f", "c", LIST + 1, KEY);
  relais_removals_confirm (fixture, "other-list", 1, 0, 100, 7);
  relais_removals_assert_held (fixture, "r", 100, 0, 100);

  /* What was confirmed elsewhere says nothing of people here. */
  relais_removals_begin (fixture, "moved", "e", "c", LIST + 1, KEY);
  relais_removals_assert_held (fixture, "moved", 0, 0, 0);
  relais_removals_begin (fixture, "led-away", "e", "d", LIST, KEY);
  relais_removals_assert_held (fixture, "led-away", 0, 0, 0);
  relais_removals_begin (fixture, "new-key", "e", "c", LIST, KEY + 1);
  relais_removals_assert_held (fixture, "new-key", 0, 0, 0);

  /* Back without having sent anything there, everything is as it was. */
  relais_removals_begin (fixture, "back", "e", "c", LIST, KEY);
  relais_removals_assert_held (fixture, "back", 100, 0, 100);

  /* What is confirmed there is of there, and the rest stays what it is, through tidying up too. */
  relais_removals_begin (fixture, "there", "e", "d", LIST, KEY);
  relais_removals_confirm (fixture, "there", 1, 50, 500, 7);
  relais_removals_assert_held (fixture, "there", 500, 50, 500);
  relais_removals_begin (fixture, "back-again", "e", "c", LIST, KEY);
  relais_removals_assert_held (fixture, "back-again", 100, 0, 100);
  relais_removals_confirm (fixture, "back-again", 1, 0, 400, 8);
  relais_removals_confirm (fixture, "back-again", 2, 0, 400, 9);
  run = relais_test_journal_get_run (fixture, "back-again");
  run->counts.by_state[RELAIS_ROW_DELIVERED] = 800;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  left = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  g_assert_cmpuint (g_bytes_get_size (left), ==, 900 * sizeof (RelaisFingerprint));
  relais_removals_assert_held (fixture, "back-again", 400, 0, 400);
  relais_removals_assert_held (fixture, "there", 500, 50, 500);
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

  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  relais_removals_confirm (fixture, "s", 1, 9, 1, 7);
  first = relais_removals_read_departed (fixture, "r");
  same = relais_removals_read_again (fixture, "r", first);
  g_assert_true (same->profiles == first->profiles);
  g_assert_true (same->shared == first->shared);
  g_assert_cmpuint (same->n_delivered, ==, 10);
  g_assert_null (same->obstacle);
  g_assert_true (relais_test_journal_put_batch (fixture, "s", batch, NULL));
  obstructed = relais_removals_read_again (fixture, "r", same);
  g_assert_cmpstr (obstructed->obstacle, ==, "Export f");
  relais_removals_confirm (fixture, "s", 9, 4, 2, 7);
  fresh = relais_removals_read_again (fixture, "r", obstructed);
  g_assert_null (fresh->obstacle);
  g_assert_cmpuint (g_bytes_get_size (fresh->profiles), ==, 7 * 12);
  g_assert_cmpuint (g_bytes_get_size (fresh->shared), ==, 3 * 12);
}

/* A place of an older version does not say its key: the next one that sends there is taken for it. */
static void
test_a_place_of_before_takes_the_key_that_comes (RelaisTestJournal *fixture,
                                                 gconstpointer      user_data)
{
  relais_removals_begin (fixture, "before", "e", "c", LIST, 0);
  relais_removals_confirm (fixture, "before", 1, 0, 100, 7);
  relais_removals_begin (fixture, "now", "e", "c", LIST, KEY);
  relais_removals_assert_held (fixture, "now", 100, 0, 100);
  relais_removals_confirm (fixture, "now", 1, 100, 5, 7);
  relais_removals_assert_held (fixture, "now", 105, 0, 105);
  relais_removals_begin (fixture, "new-key", "e", "c", LIST, KEY + 1);
  relais_removals_assert_held (fixture, "new-key", 0, 0, 0);
}

static void
test_compacting_keeps_whom_it_holds (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = NULL;
  g_autoptr (GBytes) left = NULL;

  relais_removals_confirm (fixture, "r", 1, 0, 100, 7);
  relais_removals_confirm (fixture, "r", 2, 0, 50, 0);
  relais_removals_confirm (fixture, "r", 3, 50, 10, RELAIS_CONTENT_UNKNOWN);
  run = relais_test_journal_get_run (fixture, "r");
  run->status = RELAIS_RUN_SUCCESSFUL;
  run->leavers.departed = run->leavers.taken_off = 50;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  left = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  g_assert_cmpuint (g_bytes_get_size (left), ==, 50 * sizeof (RelaisFingerprint));
  relais_removals_assert_held (fixture, "r", 50, 50, 50);
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

  relais_removals_begin (fixture, "unknown", "e", NULL, LIST, 0);
  relais_removals_confirm (fixture, "unknown", 1, 0, 100, 7);
  relais_removals_begin (fixture, "known", "e", "c", LIST, KEY);
  relais_removals_confirm (fixture, "known", 1, 0, 10, 0);
  relais_removals_confirm (fixture, "known", 2, 10, 30, 8);
  run = relais_test_journal_get_run (fixture, "known");
  run->counts.by_state[RELAIS_ROW_DELIVERED] = 30;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
  left = relais_test_journal_read_fingerprints (fixture, "e", NULL);
  entries = g_bytes_get_data (left, NULL);
  g_assert_cmpuint (g_bytes_get_size (left), ==, 90 * sizeof (RelaisFingerprint));
  for (guint i = 0; i < 90; i++)
    g_assert_cmpint (memcmp (entries[i].profile, forgotten.profile, sizeof forgotten.profile), !=, 0);
  relais_removals_assert_held (fixture, "known", 30, 10, 30);
}

static void
test_what_is_open_elsewhere_is_an_obstacle (RelaisTestJournal *fixture,
                                            gconstpointer      user_data)
{
  static const struct { RelaisBatchState state; guint sendings; const char *remote_id; gboolean obstacle; } cases[] = {
    { RELAIS_BATCH_INTENT, 0, NULL, FALSE }, { RELAIS_BATCH_INTENT, 1, NULL, TRUE }, { RELAIS_BATCH_ACCEPTED, 1, "a", TRUE },
    { RELAIS_BATCH_CONFIRMED, 1, "a", FALSE }, { RELAIS_BATCH_REFUSED, 1, NULL, FALSE }, { RELAIS_BATCH_REFUSED, 2, NULL, FALSE },
    { RELAIS_BATCH_REFUSED, 1, "a", FALSE }, { RELAIS_BATCH_UNKNOWN, 1, "a", FALSE },
  };

  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, cases[i].state);
      g_autoptr (RelaisDeparted) departed = NULL;
      g_autoptr (RelaisDeparted) own = NULL;

      batch->sendings = cases[i].sendings;
      g_free (batch->remote_id);
      batch->remote_id = g_strdup (cases[i].remote_id);
      g_assert_true (relais_test_journal_put_batch (fixture, "s", batch, NULL));
      departed = relais_removals_read_departed (fixture, "r");
      g_assert_cmpstr (departed->obstacle, ==, cases[i].obstacle ? "Export f" : NULL);
      g_assert_cmpuint (departed->n_delivered, ==, 10);
      if (cases[i].obstacle)
        g_assert_false (departed->through_another);
      /* Its own batches are for the run itself to settle. */
      own = relais_removals_read_departed (fixture, "s");
      g_assert_null (own->obstacle);
    }

  /* To another list it is none. */
  relais_removals_begin (fixture, "t", "e", "c", LIST + 1, KEY);
  {
    g_autoptr (RelaisDeparted) departed = relais_removals_read_departed (fixture, "t");

    g_assert_null (departed->obstacle);
  }

  /* A run that came to its end sent everything again. */
  relais_removals_begin (fixture, "u", "f", "c", LIST, KEY);
  relais_removals_end (fixture, "u");
  assert_obstacle (fixture, "r", NULL, FALSE);
}

/* Of runs of before it was not noted whom such a batch may have put there. */
static void
test_what_may_have_arrived_before_is_an_obstacle (RelaisTestJournal *fixture,
                                                  gconstpointer      user_data)
{
  static const struct { RelaisBatchState state; guint sendings; const char *remote_id; gboolean obstacle; } cases[] = {
    { RELAIS_BATCH_REFUSED, 1, NULL, FALSE }, { RELAIS_BATCH_REFUSED, 2, NULL, TRUE }, { RELAIS_BATCH_REFUSED, 1, "a", TRUE },
    { RELAIS_BATCH_UNKNOWN, 1, "a", TRUE },
  };

  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin (fixture, "s", "f", "c", LIST, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, cases[i].state);

      batch->sendings = cases[i].sendings;
      g_free (batch->remote_id);
      batch->remote_id = g_strdup (cases[i].remote_id);
      g_assert_true (relais_test_journal_put_batch (fixture, "s", batch, NULL));
      relais_removals_end (fixture, "s");
      assert_obstacle (fixture, "r", cases[i].obstacle ? "Export f" : NULL, FALSE);
    }
  relais_removals_begin (fixture, "t", "f", "c", LIST, KEY);
  relais_removals_end (fixture, "t");
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

  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisBatchRecord) batch = relais_test_batch (1, RELAIS_BATCH_ACCEPTED);
      g_autofree char *run_id = g_strdup_printf ("s%u", i);

      relais_removals_begin_at (fixture, run_id, "f", "gone", cases[i].host, LIST, KEY + 5, FALSE);
      assert_obstacle (fixture, "r", NULL, FALSE);
      g_assert_true (relais_test_journal_put_batch (fixture, run_id, batch, NULL));
      assert_obstacle (fixture, "r", cases[i].obstacle ? "Export f" : NULL, FALSE);
      relais_removals_begin_at (fixture, "end", "f", "gone", cases[i].host, LIST, KEY + 5, FALSE);
      relais_removals_end (fixture, "end");
      assert_obstacle (fixture, "r", NULL, FALSE);
      g_assert_true (relais_test_journal_remove_export (fixture, "f", NULL));
      relais_removals_add_export (fixture, "f", "c");
    }
}

static void
test_whom_it_holds_in_the_account_is_an_obstacle (RelaisTestJournal *fixture,
                                                  gconstpointer      user_data)
{
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin_at (fixture, "s", "f", "gone", user_data, LIST, KEY + 5, FALSE);
  relais_removals_confirm (fixture, "s", 1, 5, 1, 7);
  relais_removals_end (fixture, "s");
  assert_obstacle (fixture, "r", "Export f", TRUE);

  /* Until it has sent everything through the one connection. */
  relais_removals_begin (fixture, "t", "f", "c", LIST, KEY);
  relais_removals_confirm (fixture, "t", 1, 5, 1, 7);
  assert_obstacle (fixture, "r", "Export f", TRUE);
  relais_removals_end (fixture, "t");
  assert_obstacle (fixture, "r", NULL, FALSE);
}

/* Whom an export holds under another key nobody can tell. */
static void
test_another_key_is_an_obstacle_until_everything_is_sent (RelaisTestJournal *fixture,
                                                          gconstpointer      user_data)
{
  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  relais_removals_confirm (fixture, "s", 1, 0, 10, 7);
  relais_removals_end (fixture, "s");
  relais_removals_begin (fixture, "new", "e", "c", LIST, KEY + 1);
  relais_removals_confirm (fixture, "new", 1, 0, 10, 7);
  assert_obstacle (fixture, "new", "Export f", FALSE);
  relais_removals_begin (fixture, "t", "f", "c", LIST, KEY + 1);
  relais_removals_confirm (fixture, "t", 1, 9, 1, 7);
  assert_obstacle (fixture, "new", "Export f", FALSE);
  relais_removals_end (fixture, "t");
  assert_obstacle (fixture, "new", NULL, FALSE);
  relais_removals_assert_held (fixture, "new", 10, 0, 9);
}

/* Whom another export was known to hold somewhere it may hold here. */
static void
test_an_unknown_place_may_be_any (RelaisTestJournal *fixture,
                                  gconstpointer      user_data)
{
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin_at (fixture, "s", "f", NULL, NULL, LIST + 7, 0, FALSE);
  relais_removals_confirm (fixture, "s", 1, 6, 10, 7);
  assert_obstacle (fixture, "r", NULL, FALSE);
  relais_removals_assert_held (fixture, "r", 10, 0, 6);
  assert_n_shared (fixture, "r", 0);
  /* It says itself whom it has forgotten since. */
  relais_removals_begin (fixture, "t", "f", "c", LIST, KEY);
  relais_removals_confirm (fixture, "t", 1, 6, 2, 0);
  relais_removals_assert_held (fixture, "r", 10, 0, 8);
}

/* An export that was led to another list holds nobody here once everything is there. */
static void
test_who_moved_away_holds_nobody (RelaisTestJournal *fixture,
                                  gconstpointer      user_data)
{
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin (fixture, "s", "f", "c", LIST, KEY);
  relais_removals_confirm (fixture, "s", 1, 6, 10, 7);
  relais_removals_end (fixture, "s");
  relais_removals_assert_held (fixture, "r", 10, 0, 6);
  relais_removals_begin (fixture, "t", "f", "c", LIST + 1, KEY);
  relais_removals_confirm (fixture, "t", 1, 6, 10, 7);
  relais_removals_assert_held (fixture, "r", 10, 0, 6);
  relais_removals_end (fixture, "t");
  relais_removals_assert_held (fixture, "r", 10, 0, 10);
  assert_n_shared (fixture, "r", 0);
  /* Back, it holds them again as soon as it has begun to send. */
  relais_removals_begin (fixture, "u", "f", "c", LIST, KEY);
  relais_removals_assert_held (fixture, "r", 10, 0, 6);
}

/* Whom an export holds that takes nobody off stays this one's too: nobody else will take them off. */
static void
test_an_export_that_keeps_answers_for_nobody (RelaisTestJournal *fixture,
                                              gconstpointer      user_data)
{
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin_at (fixture, "s", "f", "c", "account.api-us1.com", LIST, KEY, FALSE);
  relais_removals_confirm (fixture, "s", 1, 6, 10, 7);
  relais_removals_assert_held (fixture, "r", 10, 0, 6);
  assert_n_shared (fixture, "r", 0);
  relais_removals_add_export (fixture, "g", "c");
  relais_removals_begin (fixture, "t", "g", "c", LIST, KEY);
  relais_removals_confirm (fixture, "t", 1, 8, 1, 7);
  relais_removals_assert_held (fixture, "r", 10, 0, 6);
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
  relais_removals_add_export (fixture, "g", "d");
  relais_removals_confirm (fixture, "r", 1, 0, 10, 7);
  relais_removals_begin (fixture, "s", "g", "d", LIST, KEY + 5);
  before = relais_removals_read_departed (fixture, "r");
  g_assert_null (before->obstacle);
  relais_removals_confirm (fixture, "s", 1, 5, 1, 7);
  after = relais_removals_read_departed (fixture, "r");
  g_assert_cmpstr (after->obstacle, ==, "Export g");
  g_assert_true (after->through_another);
}

#define ADD(name, data, function) \
  g_test_add ("/journal-departed/" name, RelaisTestJournal, data, relais_removals_set_up, function, relais_test_journal_tear_down)

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
  ADD ("what-may-have-arrived-before-is-an-obstacle", NULL, test_what_may_have_arrived_before_is_an_obstacle);
  ADD ("what-is-open-in-the-account-is-an-obstacle", NULL, test_what_is_open_in_the_account_is_an_obstacle);
  ADD ("whom-it-holds-in-the-account-is-an-obstacle", "account.api-us1.com", test_whom_it_holds_in_the_account_is_an_obstacle);
  ADD ("whom-it-holds-by-another-name-of-the-host-is-an-obstacle", "account.activehosted.com", test_whom_it_holds_in_the_account_is_an_obstacle);
  ADD ("another-key-is-an-obstacle-until-everything-is-sent", NULL, test_another_key_is_an_obstacle_until_everything_is_sent);
  ADD ("an-unknown-place-may-be-any", NULL, test_an_unknown_place_may_be_any);
  ADD ("who-moved-away-holds-nobody", NULL, test_who_moved_away_holds_nobody);
  ADD ("an-export-that-keeps-answers-for-nobody", NULL, test_an_export_that_keeps_answers_for_nobody);
  ADD ("another-connection-to-the-account-is-an-obstacle", NULL, test_another_connection_to_the_account_is_an_obstacle);

  return g_test_run ();
}
