/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-profile-table.h"

#include "relais-hash.h"

#include <string.h>

static const RelaisHashKey key = { { 1, 2, 3 } };

static void
fill_profile (guint32 profile[3],
              guint   person)
{
  RelaisHash hash = relais_hash (&key, &person, sizeof person);

  profile[0] = (guint32) hash.low;
  profile[1] = (guint32) (hash.low >> 32);
  profile[2] = (guint32) hash.high;
}

static void
test_the_first_row_wins_however_much_it_grows (void)
{
  g_autoptr (RelaisProfileTable) table = relais_profile_table_new ();
  guint32 profile[3], confirmed[2];
  const guint n = 100000;

  for (guint person = 0; person < n; person++)
    {
      fill_profile (profile, person);
      g_assert_cmpuint (relais_profile_table_see (table, profile, person + 1, confirmed), ==, 0);
      g_assert_cmpuint (confirmed[0] | confirmed[1], ==, 0);
    }
  g_assert_cmpuint (relais_profile_table_get_size (table), ==, n);
  for (guint person = 0; person < n; person += 7)
    {
      fill_profile (profile, person);
      g_assert_cmpuint (relais_profile_table_see (table, profile, n + 1, confirmed), ==, person + 1);
    }
  g_assert_cmpuint (relais_profile_table_get_size (table), ==, n);
  for (guint person = 0; person < 2 * n; person += 1001)
    {
      fill_profile (profile, person);
      g_assert_cmpint (relais_profile_table_has_row (table, profile), ==, person < n);
    }
}

static void
test_fingerprints_are_found_and_later_ones_count (void)
{
  g_autoptr (RelaisProfileTable) table = relais_profile_table_new ();
  g_autofree RelaisFingerprint *fingerprints = g_new0 (RelaisFingerprint, 5002);
  guint32 profile[3], confirmed[2];

  for (guint i = 0; i < 5000; i++)
    {
      fill_profile (fingerprints[i].profile, i);
      fingerprints[i].content[0] = i;
      fingerprints[i].content[1] = 77;
    }
  fill_profile (fingerprints[5000].profile, 12);
  fingerprints[5000].content[0] = 4242;
  fill_profile (fingerprints[5001].profile, 13);   /* content zero: forgotten */
  relais_profile_table_add_fingerprints (table, fingerprints, 5002);

  fill_profile (profile, 11);
  g_assert_cmpuint (relais_profile_table_see (table, profile, 1, confirmed), ==, 0);
  g_assert_cmpuint (confirmed[0], ==, 11);
  g_assert_cmpuint (confirmed[1], ==, 77);
  fill_profile (profile, 12);
  g_assert_cmpuint (relais_profile_table_see (table, profile, 2, confirmed), ==, 0);
  g_assert_cmpuint (confirmed[0], ==, 4242);
  g_assert_cmpuint (confirmed[1], ==, 0);
  fill_profile (profile, 13);
  g_assert_cmpuint (relais_profile_table_see (table, profile, 3, confirmed), ==, 0);
  g_assert_cmpuint (confirmed[0] | confirmed[1], ==, 0);
  fill_profile (profile, 999999);
  g_assert_cmpuint (relais_profile_table_see (table, profile, 4, confirmed), ==, 0);
  g_assert_cmpuint (confirmed[0] | confirmed[1], ==, 0);
}

static void
test_it_still_knows_fingerprints_after_growing (void)
{
  g_autoptr (RelaisProfileTable) table = relais_profile_table_new ();
  RelaisFingerprint fingerprint = { .content = { 5, 6 } };
  guint32 profile[3], confirmed[2];

  fill_profile (fingerprint.profile, 1);
  relais_profile_table_add_fingerprints (table, &fingerprint, 1);
  for (guint person = 2; person < 50000; person++)
    {
      fill_profile (profile, person);
      relais_profile_table_see (table, profile, person, confirmed);
    }
  fill_profile (profile, 1);
  g_assert_cmpuint (relais_profile_table_see (table, profile, 1, confirmed), ==, 0);
  g_assert_cmpuint (confirmed[0], ==, 5);
  g_assert_cmpuint (confirmed[1], ==, 6);
}

/* Growing holds the table twice. */
static void
test_what_is_known_needs_no_more_room (void)
{
  g_autoptr (RelaisProfileTable) table = relais_profile_table_new ();
  g_autofree RelaisFingerprint *fingerprints = g_new0 (RelaisFingerprint, 50000);
  guint32 confirmed[2];
  gsize bytes;

  for (guint person = 0; person < 50000; person++)
    fill_profile (fingerprints[person].profile, person + 1);
  relais_profile_table_add_fingerprints (table, fingerprints, 50000);
  bytes = relais_profile_table_get_bytes (table);
  g_assert_cmpuint (bytes, <=, 50000 * 35);
  for (guint person = 0; person < 50000; person++)
    relais_profile_table_see (table, fingerprints[person].profile, person + 1, confirmed);
  g_assert_cmpuint (relais_profile_table_get_size (table), ==, 50000);
  g_assert_cmpuint (relais_profile_table_get_bytes (table), ==, bytes);
}

static void
test_a_hash_of_zeros_is_a_profile_too (void)
{
  g_autoptr (RelaisProfileTable) table = relais_profile_table_new ();
  guint32 profile[3] = { 0, 0, 0 }, confirmed[2];

  g_assert_cmpuint (relais_profile_table_see (table, profile, 9, confirmed), ==, 0);
  g_assert_cmpuint (relais_profile_table_see (table, profile, 10, confirmed), ==, 9);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/profile-table/the-first-row-wins-however-much-it-grows", test_the_first_row_wins_however_much_it_grows);
  g_test_add_func ("/profile-table/fingerprints-are-found-and-later-ones-count", test_fingerprints_are_found_and_later_ones_count);
  g_test_add_func ("/profile-table/it-still-knows-fingerprints-after-growing", test_it_still_knows_fingerprints_after_growing);
  g_test_add_func ("/profile-table/what-is-known-needs-no-more-room", test_what_is_known_needs_no_more_room);
  g_test_add_func ("/profile-table/a-hash-of-zeros-is-a-profile-too", test_a_hash_of_zeros_is_a_profile_too);

  return g_test_run ();
}
