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
  g_assert_cmpint (relais_rate_get_remaining (rate, 5 * SECOND, 1000), ==, -1);
  relais_rate_add (rate, 6 * SECOND, 300);
  assert_about (relais_rate_get (rate), 200);
}

/* What is done in the same moment says nothing of how fast it goes. */
static void
test_a_moment_is_no_measure (void)
{
  g_autoptr (RelaisRate) rate = relais_rate_new ();

  relais_rate_add (rate, 0, 0);
  relais_rate_add (rate, 10 * SECOND, 250);
  relais_rate_add (rate, 10 * SECOND + 1000, 500);
  assert_about (relais_rate_get (rate), 0);
  relais_rate_add (rate, 12 * SECOND, 750);
  assert_about (relais_rate_get (rate), 250);
}

/* The first answers take a while, and the others come while more is sent. */
static void
test_the_way_to_the_first_answer_comes_once (void)
{
  g_autoptr (RelaisRate) rate = relais_rate_new ();

  for (guint second = 0; second < 20; second++)
    relais_rate_add (rate, second * SECOND, 0);
  for (guint second = 20; second < 30; second++)
    relais_rate_add (rate, second * SECOND, 100 * (second - 19));
  assert_about (relais_rate_get (rate), 100);
  g_assert_cmpint (relais_rate_get_remaining (rate, 29 * SECOND, 3000), ==, 20 * SECOND);
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
  assert_about (relais_rate_get (rate), 0);
  relais_rate_add (rate, 104 * SECOND, 50);
  assert_about (relais_rate_get (rate), 10);
}

/* Between two batches time goes by, and is not waited for twice. */
static void
test_what_remains_goes_down_until_the_next_batch_is_late (void)
{
  g_autoptr (RelaisRate) rate = relais_rate_new ();

  for (guint n = 0; n <= 10; n++)
    relais_rate_add (rate, 5 * n * SECOND, 250 * n);
  g_assert_cmpint (relais_rate_get_remaining (rate, 50 * SECOND, 5000), ==, 50 * SECOND);
  g_assert_cmpint (relais_rate_get_remaining (rate, 53 * SECOND, 5000), ==, 47 * SECOND);
  g_assert_cmpint (relais_rate_get_remaining (rate, 54 * SECOND, 2500), ==, 0);
  g_assert_cmpint (relais_rate_get_remaining (rate, 90 * SECOND, 5000), ==, 45 * SECOND);
  relais_rate_add (rate, 90 * SECOND, 2500);
  g_assert_cmpint (relais_rate_get_remaining (rate, 90 * SECOND, 5000), >, 60 * SECOND);
}

/* A run of 100 batches: how long each of them takes to be sent, and then to be confirmed */
typedef struct
{
  const char *name;
  double      first;   /* seconds until anything is sent */
  double      gap;     /* between two batches */
  double      jitter;  /* of the way back, as a share of @way */
  double      way;     /* until a batch is confirmed */
  double      look;    /* what is confirmed is only seen so often */
} Course;

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const gint64 *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

/* Returns: when batches are seen to be done, the first first */
static GArray *
simulate (const Course *course)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (20260101);
  GArray *ends = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint n = 0; n < 100; n++)
    {
      double way = course->way * (1 + course->jitter * g_rand_double_range (chance, -1, 1));
      double end = course->first + n * course->gap + way;
      gint64 look = (gint64) (course->look * SECOND);
      gint64 seen = ((gint64) (end * SECOND) + look - 1) / look * look;

      g_array_append_val (ends, seen);
    }
  g_array_sort (ends, compare_times);

  return ends;
}

/* Within a fifth as soon as a tenth is done, whenever it is looked at, but for a batch or two at the end. */
static void
test_what_remains_is_believable_after_a_tenth (void)
{
  static const Course courses[] = {
    { "at the service's pace", 2, 0.6, 0.2, 3, 0.1 },
    { "slow to be confirmed", 5, 0.6, 0.05, 20, 0.5 },
    { "looked at now and then", 2, 0.6, 0.3, 4, 3 },
    { "at a slow account", 10, 8, 0.2, 15, 1 },
    { "behind a long question", 120, 0.6, 0.2, 3, 0.1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (courses); i++)
    {
      g_autoptr (RelaisRate) rate = relais_rate_new ();
      g_autoptr (GArray) ends = simulate (&courses[i]);
      gint64 end = g_array_index (ends, gint64, 99);
      gint64 slack = (gint64) ((courses[i].look + MAX (2, courses[i].gap)) * SECOND);
      guint done = 0;

      for (gint64 now = 0; now < end; now += SECOND / 10)
        {
          gint64 remaining;

          while (done < 100 && g_array_index (ends, gint64, done) <= now)
            done++;
          relais_rate_add (rate, now, 250 * done);
          remaining = relais_rate_get_remaining (rate, now, 25000);
          if (done < 10)
            continue;
          g_test_message ("%s, %u of 100: %.1f s told, %.1f s left", courses[i].name, done, (double) remaining / SECOND, (double) (end - now) / SECOND);
          g_assert_cmpint (remaining, >=, 0);
          g_assert_cmpint (ABS (remaining - (end - now)), <=, (end - now) / 5 + slack);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate/nothing-is-known-before-two-samples", test_nothing_is_known_before_two_samples);
  g_test_add_func ("/rate/a-moment-is-no-measure", test_a_moment_is_no_measure);
  g_test_add_func ("/rate/the-way-to-the-first-answer-comes-once", test_the_way_to_the_first_answer_comes_once);
  g_test_add_func ("/rate/an-even-pace-is-told-however-often-it-is-sampled", test_an_even_pace_is_told_however_often_it_is_sampled);
  g_test_add_func ("/rate/what-was-a-minute-ago-does-not-count", test_what_was_a_minute_ago_does_not_count);
  g_test_add_func ("/rate/standing-still-and-going-back-are-no-rate", test_standing_still_and_going_back_are_no_rate);
  g_test_add_func ("/rate/it-begins-anew", test_it_begins_anew);
  g_test_add_func ("/rate/what-remains-goes-down-until-the-next-batch-is-late", test_what_remains_goes_down_until_the_next_batch_is_late);
  g_test_add_func ("/rate/what-remains-is-believable-after-a-tenth", test_what_remains_is_believable_after_a_tenth);

  return g_test_run ();
}
