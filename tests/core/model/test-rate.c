/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-rate-private.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static void
assert_about (double rate,
              double expected)
{
  g_assert_cmpfloat_with_epsilon (rate, expected, expected / 100 + 0.001);
}

static void
test_nothing_is_known_before_two_samples (void)
{
  g_autoptr (RelaisRate) rate = relais_rate_new ();

  assert_about (relais_rate_get (rate), 0);
  relais_rate_add (rate, 5 * SECOND, 0);
  assert_about (relais_rate_get (rate), 0);
  relais_rate_add (rate, 5 * SECOND, 100);
  assert_about (relais_rate_get (rate), 0);
  relais_rate_add (rate, 6 * SECOND, 300);
  assert_about (relais_rate_get (rate), 300);
}

static void
test_an_even_pace_is_told_however_often_it_is_sampled (void)
{
  static const guint per_second[] = { 1, 2, 10, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (per_second); i++)
    {
      g_autoptr (RelaisRate) rate = relais_rate_new ();

      for (guint n = 0; n <= 300 * per_second[i]; n++)
        {
          relais_rate_add (rate, n * SECOND / per_second[i], 50 * (guint64) n / per_second[i]);
          if (n > 2 * per_second[i])
            g_assert_cmpfloat_with_epsilon (relais_rate_get (rate), 50, 25);
        }
      assert_about (relais_rate_get (rate), 50);
    }
}

static void
test_what_was_a_minute_ago_does_not_count (void)
{
  g_autoptr (RelaisRate) rate = relais_rate_new ();
  guint64 done = 0;

  for (guint second = 0; second < 600; second++)
    relais_rate_add (rate, second * SECOND, done += 1000);
  assert_about (relais_rate_get (rate), 1000);
  for (guint second = 600; second < 663; second++)
    relais_rate_add (rate, second * SECOND, done += 10);
  assert_about (relais_rate_get (rate), 10);
}

static void
test_standing_still_and_going_back_are_no_rate (void)
{
  g_autoptr (RelaisRate) rate = relais_rate_new ();

  for (guint second = 0; second < 100; second++)
    relais_rate_add (rate, second * SECOND, 700);
  assert_about (relais_rate_get (rate), 0);
  relais_rate_add (rate, 101 * SECOND, 0);
  assert_about (relais_rate_get (rate), 0);
}

static void
test_it_begins_anew (void)
{
  g_autoptr (RelaisRate) rate = relais_rate_new ();

  relais_rate_add (rate, 0, 0);
  relais_rate_add (rate, SECOND, 1000000);
  relais_rate_reset (rate);
  assert_about (relais_rate_get (rate), 0);
  relais_rate_add (rate, 100 * SECOND, 10);
  relais_rate_add (rate, 102 * SECOND, 30);
  assert_about (relais_rate_get (rate), 10);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate/nothing-is-known-before-two-samples", test_nothing_is_known_before_two_samples);
  g_test_add_func ("/rate/an-even-pace-is-told-however-often-it-is-sampled", test_an_even_pace_is_told_however_often_it_is_sampled);
  g_test_add_func ("/rate/what-was-a-minute-ago-does-not-count", test_what_was_a_minute_ago_does_not_count);
  g_test_add_func ("/rate/standing-still-and-going-back-are-no-rate", test_standing_still_and_going_back_are_no_rate);
  g_test_add_func ("/rate/it-begins-anew", test_it_begins_anew);

  return g_test_run ();
}
