/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an export remembers of the profiles that arrived. */

#define _GNU_SOURCE /* memmem */
#include "relais-hash.h"
#include "relais-test-journal.h"

#include <glib/gstdio.h>
#include <string.h>

static void
settle (RelaisTestJournal       *fixture,
        guint                    number,
        const RelaisFingerprint *fingerprints,
        gsize                    n_fingerprints)
{
  g_autoptr (RelaisBatchRecord) batch = relais_test_batch (number, RELAIS_BATCH_CONFIRMED);
  g_autoptr (GPtrArray) rejections = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_test_journal_settle_batch (fixture, "r", batch, rejections, fingerprints, n_fingerprints, &error));
  g_assert_no_error (error);
}

static void
finish (RelaisTestJournal *fixture,
        guint64            n_delivered)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, "r");
  g_autoptr (GError) error = NULL;

  run->counts.by_state[RELAIS_ROW_DELIVERED] = n_delivered;
  g_assert_true (relais_test_journal_finish_run (fixture, run, &error));
  g_assert_no_error (error);
}

static void
assert_fingerprints (RelaisTestJournal       *fixture,
                     const RelaisFingerprint *fingerprints,
                     gsize                    n_fingerprints)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) read = relais_test_journal_read_fingerprints (fixture, "e", &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read),
                   fingerprints, n_fingerprints * sizeof *fingerprints);
}

static void
test_they_come_back_in_order (RelaisTestJournal *fixture,
                              gconstpointer      user_data)
{
  RelaisFingerprint all[500];

  relais_test_journal_fill (fixture);
  assert_fingerprints (fixture, NULL, 0);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    all[i] = relais_test_fingerprint (i, 7);
  settle (fixture, 0, all, 250);
  settle (fixture, 1, all + 250, 250);
  settle (fixture, 2, NULL, 0);
  relais_test_journal_reopen (fixture);
  assert_fingerprints (fixture, all, G_N_ELEMENTS (all));
}

static void
test_each_export_has_its_own (RelaisTestJournal *fixture,
                              gconstpointer      user_data)
{
  g_autoptr (RelaisExportRecord) other = relais_test_export ("f", "Other", NULL);
  g_autoptr (GBytes) read = NULL;
  RelaisFingerprint one = relais_test_fingerprint (1, 1);

  relais_test_journal_fill (fixture);
  g_assert_true (relais_test_journal_put_export (fixture, other, NULL));
  settle (fixture, 0, &one, 1);
  read = relais_test_journal_read_fingerprints (fixture, "f", NULL);
  g_assert_cmpuint (g_bytes_get_size (read), ==, 0);
  g_assert_true (relais_test_journal_remove_export (fixture, "f", NULL));
  assert_fingerprints (fixture, &one, 1);
}

/* Two runs and what is left of them: the last word on each profile. */
static void
test_what_is_superseded_is_tidied_up (RelaisTestJournal *fixture,
                                      gconstpointer      user_data)
{
  RelaisFingerprint first[6], second[6], expected[5];

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < 6; i++)
    {
      first[i] = relais_test_fingerprint (i, 1);
      second[i] = relais_test_fingerprint (i, 2 + i);
    }
  /* A profile that was taken off the list has the content 0. */
  second[3] = relais_test_fingerprint (3, 0);
  for (guint i = 0, n = 0; i < 6; i++)
    if (i != 3)
      expected[n++] = second[i];

  settle (fixture, 0, first, 6);
  settle (fixture, 1, second, 6);
  finish (fixture, 6);
  assert_fingerprints (fixture, expected, G_N_ELEMENTS (expected));
}

static void
test_what_is_mostly_new_is_left_as_it_is (RelaisTestJournal *fixture,
                                          gconstpointer      user_data)
{
  RelaisFingerprint all[7];

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < 6; i++)
    all[i] = relais_test_fingerprint (i, 1);
  all[6] = relais_test_fingerprint (0, 2);
  settle (fixture, 0, all, 6);
  settle (fixture, 1, all + 6, 1);
  finish (fixture, 7);
  assert_fingerprints (fixture, all, 7);
}

static void
test_a_run_that_delivered_nothing_leaves_them (RelaisTestJournal *fixture,
                                               gconstpointer      user_data)
{
  RelaisFingerprint twice[4];

  relais_test_journal_fill (fixture);
  for (guint i = 0; i < 4; i++)
    twice[i] = relais_test_fingerprint (1, 1);
  settle (fixture, 0, twice, 2);
  settle (fixture, 1, twice + 2, 2);
  finish (fixture, 0);
  assert_fingerprints (fixture, twice, 4);
  finish (fixture, 4);
  assert_fingerprints (fixture, twice, 1);
}

/* No address and no key stands in the file for them. */
static void
test_they_tell_nobody_who_it_was (RelaisTestJournal *fixture,
                                  gconstpointer      user_data)
{
  static const char address[] = "planted.person@example.com";
  RelaisHashKey key;
  RelaisHash hash;
  RelaisFingerprint fingerprint;
  g_autoptr (GBytes) bytes = NULL;

  relais_test_journal_fill (fixture);
  g_assert_true (relais_hash_key_random (&key));
  hash = relais_hash (&key, address, strlen (address));
  memcpy (fingerprint.profile, &hash, sizeof fingerprint.profile);
  memcpy (fingerprint.content, &hash, sizeof fingerprint.content);
  settle (fixture, 0, &fingerprint, 1);

  bytes = relais_test_journal_read_files (fixture);
  g_assert_nonnull (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &fingerprint, sizeof fingerprint));
  g_assert_null (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), key.bytes, sizeof key.bytes));
  g_assert_false (relais_test_journal_files_hold (fixture, "planted"));
}

static gint64
get_size (RelaisTestJournal *fixture)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);

  return status.st_size;
}

static double
seconds_since (gint64 began)
{
  return (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC;
}

/* With -m slow a million of them. */
static void
test_they_take_little_room (RelaisTestJournal *fixture,
                            gconstpointer      user_data)
{
  guint n_profiles = g_test_slow () ? 1000000 : 100000;
  g_autofree RelaisFingerprint *all = g_new (RelaisFingerprint, n_profiles);
  const guint shares[] = { 100, 25, 100, 90, 60 };
  guint number = 0;
  gint64 before, began;

  relais_test_journal_fill (fixture);
  relais_test_journal_close (fixture);
  before = get_size (fixture);
  for (guint i = 0; i < n_profiles; i++)
    all[i] = relais_test_fingerprint (i, 1 + i);

  /* Run after run a share of the profiles has changed, in the worst order for the file. */
  for (guint run = 0; run < G_N_ELEMENTS (shares); run++)
    {
      guint n_changed = n_profiles / 100 * shares[run];
      g_autoptr (GBytes) read = NULL;

      began = g_get_monotonic_time ();
      relais_test_journal_reopen (fixture);
      g_test_message ("run %u: opened in %.3f s", run + 1, seconds_since (began));
      for (guint i = 0; i < n_changed; i += 250)
        settle (fixture, number++, all + i, MIN (250, n_changed - i));
      relais_test_journal_close (fixture);
      g_test_message ("run %u: %.1f B a profile, batches included", run + 1, (double) (get_size (fixture) - before) / n_profiles);
      g_assert_cmpint (get_size (fixture) - before, <=, (gint64) n_profiles * 48);

      relais_test_journal_reopen (fixture);
      began = g_get_monotonic_time ();
      finish (fixture, n_changed);
      g_test_message ("run %u: tidied up in %.3f s", run + 1, seconds_since (began));
      began = g_get_monotonic_time ();
      read = relais_test_journal_read_fingerprints (fixture, "e", NULL);
      g_test_message ("run %u: %u read in %.3f s", run + 1, (guint) (g_bytes_get_size (read) / sizeof (RelaisFingerprint)), seconds_since (began));
      g_assert_cmpuint (g_bytes_get_size (read), >=, n_profiles * sizeof (RelaisFingerprint));
      g_assert_cmpuint (g_bytes_get_size (read), <=, n_profiles * sizeof (RelaisFingerprint) * 5 / 4);
    }
}

#define ADD(name, function) \
  g_test_add ("/journal-fingerprints/" name, RelaisTestJournal, NULL, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("they-come-back-in-order", test_they_come_back_in_order);
  ADD ("each-export-has-its-own", test_each_export_has_its_own);
  ADD ("what-is-superseded-is-tidied-up", test_what_is_superseded_is_tidied_up);
  ADD ("what-is-mostly-new-is-left-as-it-is", test_what_is_mostly_new_is_left_as_it_is);
  ADD ("a-run-that-delivered-nothing-leaves-them", test_a_run_that_delivered_nothing_leaves_them);
  ADD ("they-tell-nobody-who-it-was", test_they_tell_nobody_who_it_was);
  ADD ("they-take-little-room", test_they_take_little_room);

  return g_test_run ();
}
