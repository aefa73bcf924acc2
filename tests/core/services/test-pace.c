/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pace against every way a service could count, on a virtual clock. */

#include "relais-pace.h"

#define MS          G_TIME_SPAN_MILLISECOND
#define SECOND      G_TIME_SPAN_SECOND
#define N_REQUESTS  4000
#define MAX_FLYING  256

/* How the service counts */

typedef enum
{
  SLIDING_WINDOW,
  FIXED_WINDOW,
  BUCKET,
} Policy;

typedef struct
{
  Policy  policy;
  guint   most;       /* in span; how much a bucket holds, for a bucket */
  gint64  span;
  gint64  phase;      /* of a fixed window */
  double  rate;       /* of a bucket, in a microsecond */

  GArray *accepted;   /* (owned) (element-type gint64) */
  double  level;
  gint64  level_at;
  guint   n_refused;
} Counter;

static gboolean
counter_accept (Counter *counter,
                gint64   now)
{
  guint n = 0;

  switch (counter->policy)
    {
    case SLIDING_WINDOW:
      for (guint i = counter->accepted->len; i > 0 && g_array_index (counter->accepted, gint64, i - 1) > now - counter->span; i--)
        n++;
      break;

    case FIXED_WINDOW:
      for (guint i = counter->accepted->len;
           i > 0 && (g_array_index (counter->accepted, gint64, i - 1) + counter->phase) / counter->span ==
                    (now + counter->phase) / counter->span; i--)
        n++;
      break;

    case BUCKET:
    default:
      counter->level = MIN (counter->most, counter->level + (now - counter->level_at) * counter->rate);
      counter->level_at = now;
      n = counter->level >= 1 ? 0 : counter->most;
      counter->level -= counter->level >= 1 ? 1 : 0;
      break;
    }
  if (n >= counter->most)
    {
      counter->n_refused++;
      return FALSE;
    }
  g_array_append_val (counter->accepted, now);

  return TRUE;
}

static Counter
counter_make (Policy policy,
              guint  most,
              gint64 span,
              gint64 phase)
{
  return (Counter) { policy, most, span, phase, 100.0 / (60 * SECOND), g_array_new (FALSE, FALSE, sizeof (gint64)), most, 0, 0 };
}

/* The network, and the runs that share a pace */

typedef struct
{
  RelaisRequestKind kind;
  guint             ticket;
  gint64            sent;
  gint64            arrives;
  gint64            answered;
  gboolean          arrived;
  gboolean          refused;
} Flight;

typedef struct
{
  RelaisPace *pace;
  GRand      *random;
  Counter    *imports;     /* (nullable) */
  Counter    *all;         /* (nullable) */
  gint64      answer_time;
  gint64      jitter;
  gboolean    thinks;      /* what varies is the service's time to answer, not the way there */
  guint       n_runs;
  guint       n_to_send;
  gint64      poll_after;  /* an import is asked about so long after its answer; 0 = never */
  gint64      start;

  Flight      flights[MAX_FLYING];
  guint       n_flying;
  guint       n_importing;
  guint       n_sent;
  guint       n_polled;
  GQueue      polls;       /* of GINT_TO_POINTER: due, in ms after start */
  gint64      first;
  gint64      last;
  gint64      last_poll;
} World;

static gint64
vary (World *world)
{
  return world->jitter > 0 ? (gint64) g_rand_double_range (world->random, 0, world->jitter) : 0;
}

static void
fly (World             *world,
     RelaisRequestKind  kind,
     gint64             now)
{
  Flight *flight = &world->flights[world->n_flying++];
  gint64 there = world->answer_time / 2, back = world->answer_time - there;

  g_assert_cmpuint (world->n_flying, <, MAX_FLYING);
  /* What varies does so on either way. */
  if (!world->thinks && g_rand_boolean (world->random))
    there += vary (world);
  else
    back += vary (world);
  *flight = (Flight) { kind, relais_pace_begin (world->pace, kind, now), now, now + there, now + there + back, FALSE, FALSE };
  g_assert_cmpuint (flight->ticket, !=, 0);
}

static void
arrive (World  *world,
        Flight *flight)
{
  flight->arrived = TRUE;
  flight->refused = world->all != NULL && !counter_accept (world->all, flight->arrives);
  if (!flight->refused && world->imports != NULL && flight->kind != RELAIS_REQUEST_ORDINARY)
    flight->refused = !counter_accept (world->imports, flight->arrives);
}

static void
land (World *world,
      guint  at)
{
  Flight flight = world->flights[at];
  RelaisPaceHint hint = { flight.refused, flight.refused && world->all != NULL ? 1 : -1, -1 };

  world->flights[at] = world->flights[--world->n_flying];
  relais_pace_end (world->pace, flight.ticket, flight.answered, &hint);
  if (flight.kind == RELAIS_REQUEST_ORDINARY)
    {
      if (!flight.refused)
        world->n_polled++;
      world->last_poll = flight.answered;
      return;
    }
  world->n_importing--;
  if (flight.refused)
    world->n_sent--;
  else if (world->poll_after > 0)
    g_queue_push_tail (&world->polls, GINT_TO_POINTER ((flight.answered - world->start + world->poll_after) / MS));
}

/* Returns: when something happens next */
static gint64
get_next_event (World  *world,
                gint64  now,
                guint  *index)
{
  gint64 next = G_MAXINT64;

  *index = MAX_FLYING;
  for (guint i = 0; i < world->n_flying; i++)
    {
      gint64 time = world->flights[i].arrived ? world->flights[i].answered : world->flights[i].arrives;

      if (time < next)
        {
          next = time;
          *index = i;
        }
    }

  return next;
}

static gboolean
wants_import (World *world)
{
  return world->n_sent < world->n_to_send &&
         world->n_importing < MIN (world->n_runs * relais_pace_get_wanted (world->pace), MAX_FLYING / 2);
}

static gint64
get_next_poll (World  *world,
               gint64  now)
{
  gint64 due;

  if (g_queue_is_empty (&world->polls) || world->n_flying - world->n_importing >= 16)
    return G_MAXINT64;
  due = world->start + GPOINTER_TO_INT (g_queue_peek_head (&world->polls)) * MS;

  return due > now ? due : relais_pace_get_next (world->pace, RELAIS_REQUEST_ORDINARY, now);
}

static void
run (World *world)
{
  gint64 now = world->start;

  for (;;)
    {
      gint64 import = wants_import (world) ? relais_pace_get_next (world->pace, RELAIS_REQUEST_IMPORT, now) : G_MAXINT64;
      gint64 poll = get_next_poll (world, now);
      guint index;
      gint64 event = get_next_event (world, now, &index);

      g_assert_cmpint (import, >=, now);
      if (import <= now)
        {
          if (world->n_sent == 0)
            world->first = now;
          world->last = now;
          world->n_sent++;
          world->n_importing++;
          fly (world, RELAIS_REQUEST_IMPORT, now);
          continue;
        }
      if (poll <= now)
        {
          g_queue_pop_head (&world->polls);
          fly (world, RELAIS_REQUEST_ORDINARY, now);
          continue;
        }
      if (event == G_MAXINT64 && import == G_MAXINT64 && poll == G_MAXINT64)
        break;
      now = MIN (event, MIN (import, poll));
      if (now != event)
        continue;
      if (world->flights[index].arrived)
        land (world, index);
      else
        arrive (world, &world->flights[index]);
    }
}

static double
get_share (const World *world)
{
  return (world->n_to_send - 1) * 0.6 * SECOND / (world->last - world->first);
}

/* Against every policy */

typedef struct
{
  const char *name;
  Policy      policy;
  guint       most;
} PolicyCase;

static const PolicyCase policies[] = {
  { "a window that slides", SLIDING_WINDOW, 100 },
  { "a window that stands", FIXED_WINDOW, 100 },
  { "a bucket of 100", BUCKET, 100 },
  { "a bucket of 10", BUCKET, 10 },
};

typedef struct
{
  const char *name;
  gint64      answer_time;
  double      share;
} NetworkCase;

static const NetworkCase networks[] = {
  { "on loopback", 2 * MS, 0.995 },
  { "with answers after 200 ms", 200 * MS, 0.985 },
  { "with answers after 1.7 s", 1700 * MS, 0.95 },
};

typedef struct
{
  const PolicyCase  *policy;
  const NetworkCase *network;
  gint64             jitter;
  guint              n_runs;
} Case;

static void
test_no_refusal (gconstpointer user_data)
{
  const Case *test = user_data;
  guint n_phases = test->policy->policy == FIXED_WINDOW ? 12 : 1;

  for (guint phase = 0; phase < n_phases; phase++)
    {
      Counter counter = counter_make (test->policy->policy, test->policy->most, 60 * SECOND, phase * 5 * SECOND);
      g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
      g_autoptr (GRand) random = g_rand_new_with_seed (20 + phase);
      World world = { pace, random, &counter, NULL, test->network->answer_time, test->jitter, FALSE, test->n_runs,
                      N_REQUESTS, 0, 1000 * SECOND };

      counter.level_at = world.start;
      run (&world);
      g_test_message ("phase %u: %.2f %% of the allowance, %u refused", phase, 100 * get_share (&world), counter.n_refused);
      g_assert_cmpuint (counter.n_refused, ==, 0);
      g_assert_cmpuint (counter.accepted->len, ==, N_REQUESTS);
      /* A request counts until a minute after its answer: no pace could do more. */
      g_assert_cmpfloat (get_share (&world), >=,
                         test->jitter == 0 ? test->network->share
                                           : 0.985 * 60 * SECOND / (60 * SECOND + test->network->answer_time + test->jitter / 2));
      g_assert_cmpfloat (get_share (&world), <=, 1.002);
      g_array_unref (counter.accepted);
    }
}

/* Five a second for everything */

typedef struct
{
  const char        *name;
  const NetworkCase *network;
  gint64             jitter;
  gboolean           thinks;
  double             refused;  /* bearable share */
} MixedCase;

static const MixedCase mixed[] = {
  { "on loopback", &networks[0], 0, FALSE, 0 },
  { "on loopback, the way varies by 100 ms", &networks[0], 100 * MS, FALSE, 0 },
  { "on loopback, the service thinks for up to 1.5 s", &networks[0], 1500 * MS, TRUE, 0 },
  { "with answers after 200 ms", &networks[1], 0, FALSE, 0 },
  { "with answers after 200 ms, the way varies by 100 ms", &networks[1], 100 * MS, FALSE, 0 },
  { "with answers after 200 ms, the service thinks for up to 1.5 s", &networks[1], 1500 * MS, TRUE, 0 },
  { "with answers after 1.7 s", &networks[2], 0, FALSE, 0 },
  { "with answers after 1.7 s, the way varies by 100 ms", &networks[2], 100 * MS, FALSE, 0 },
  { "with answers after 1.7 s, the service thinks for up to 1.5 s", &networks[2], 1500 * MS, TRUE, 0 },
  /* Five requests that left in four seconds can arrive in the same one. */
  { "mostly, when the way varies by 1.5 s", &networks[1], 1500 * MS, FALSE, 0.07 },
};

static void
test_mixed (gconstpointer user_data)
{
  const MixedCase *test = user_data;
  Counter minute = counter_make (SLIDING_WINDOW, 100, 60 * SECOND, 0);
  Counter second = counter_make (SLIDING_WINDOW, 5, SECOND, 0);
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  World world = { pace, random, &minute, &second, test->network->answer_time, test->jitter, test->thinks, 1,
                  N_REQUESTS, 6 * SECOND, 1000 * SECOND };

  run (&world);
  g_test_message ("%.2f %% of the allowance, %u refused, all answered %.1f s after the last import",
                  100 * get_share (&world), second.n_refused, (double) (world.last_poll - world.last) / SECOND);
  g_assert_cmpuint (minute.n_refused, ==, 0);
  g_assert_cmpfloat (second.n_refused, <=, test->refused * 2 * N_REQUESTS);
  g_assert_cmpuint (minute.accepted->len, ==, N_REQUESTS);
  if (test->refused == 0)
    {
      g_assert_cmpuint (world.n_polled, ==, N_REQUESTS);
      g_assert_cmpfloat (get_share (&world), >=, test->network->share - (test->jitter > 0 ? 0.015 : 0));
      /* What was imported is known soon: asking keeps up with sending. */
      g_assert_cmpint (world.last_poll - world.last, <, 90 * SECOND);
    }
  g_array_unref (minute.accepted);
  g_array_unref (second.accepted);
}

/* What answers say */

static guint
begin (RelaisPace        *pace,
       RelaisRequestKind  kind,
       gint64             now)
{
  g_assert_cmpint (relais_pace_get_next (pace, kind, now), ==, now);

  return relais_pace_begin (pace, kind, now);
}

static void
end (RelaisPace *pace,
     guint       ticket,
     gint64      now,
     gboolean    throttled,
     int         retry_after,
     int         remaining)
{
  RelaisPaceHint hint = { throttled, retry_after, remaining };

  relais_pace_end (pace, ticket, now, &hint);
}

static void
test_the_importers_refusal_is_waited_out_for_a_minute (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now + SECOND, TRUE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now + SECOND), ==, now + 61 * SECOND);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT_SINGLE, now + SECOND), >=, now + 61 * SECOND);
  g_assert_cmpint (relais_pace_get_pause (pace, RELAIS_REQUEST_IMPORT, now + SECOND), ==, now + 61 * SECOND);
  /* It says nothing about other requests. */
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now + SECOND), ==, now + SECOND);
  g_assert_cmpint (relais_pace_get_pause (pace, RELAIS_REQUEST_ORDINARY, now + SECOND), ==, 0);
}

static void
test_a_refusal_after_waiting_makes_it_wait_longer (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;
  gint64 pauses[] = { 60, 120, 240, 300, 300 };

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      gint64 next;

      end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now, TRUE, -1, -1);
      next = relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now);
      g_assert_cmpint (next, ==, now + pauses[i] * SECOND);
      now = next;
    }
  /* One that goes through ends the row. */
  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now, FALSE, -1, -1);
  now = relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now);
  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now, TRUE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 60 * SECOND);
}

static void
test_what_was_under_way_is_one_refusal (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;
  guint tickets[3];

  for (guint i = 0; i < 3; i++, now += 600 * MS)
    tickets[i] = begin (pace, RELAIS_REQUEST_IMPORT, now);
  for (guint i = 0; i < 3; i++)
    end (pace, tickets[i], now + i * MS, TRUE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now + 5 * MS), ==, now + 60 * SECOND);
}

static void
test_retry_after_holds_for_everything (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_ORDINARY, now), now, TRUE, 30, 0);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now), ==, now + 30 * SECOND);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 30 * SECOND);
  g_assert_cmpint (relais_pace_get_pause (pace, RELAIS_REQUEST_ORDINARY, now), ==, now + 30 * SECOND);
}

/* Each answer says for itself how long to wait: the longest of those that were under way together holds. */
static void
test_retry_after_of_what_was_under_way_holds (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;
  guint tickets[3];

  for (guint i = 0; i < 3; i++)
    tickets[i] = begin (pace, RELAIS_REQUEST_ORDINARY, now);
  end (pace, tickets[0], now + 50 * MS, TRUE, 2, 0);
  end (pace, tickets[1], now + 100 * MS, TRUE, 30, 0);
  end (pace, tickets[2], now + 200 * MS, TRUE, 1, 0);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now + 200 * MS), ==, now + 100 * MS + 30 * SECOND);
}

static void
test_retry_after_zero_waits_a_second (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_ORDINARY, now), now, TRUE, 0, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now), ==, now + SECOND);
}

static void
test_a_second_without_seats_is_left_to_others (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_ORDINARY, now), now, FALSE, -1, 0);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now), ==, now + SECOND);
  g_assert_cmpint (relais_pace_get_pause (pace, RELAIS_REQUEST_ORDINARY, now), ==, 0);
}

static void
test_a_skipped_pause_lets_one_try (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;
  guint probe;

  end (pace, begin (pace, RELAIS_REQUEST_ORDINARY, now), now, TRUE, 30, -1);
  relais_pace_skip_pause (pace, now + SECOND);
  g_assert_cmpint (relais_pace_get_pause (pace, RELAIS_REQUEST_ORDINARY, now + SECOND), ==, 0);
  probe = begin (pace, RELAIS_REQUEST_ORDINARY, now + SECOND);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now + SECOND), ==, G_MAXINT64);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now + SECOND), ==, G_MAXINT64);

  /* Refused: the pause begins anew. */
  end (pace, probe, now + 2 * SECOND, TRUE, 30, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now + 2 * SECOND), ==, now + 32 * SECOND);
  relais_pace_skip_pause (pace, now + 3 * SECOND);
  probe = begin (pace, RELAIS_REQUEST_IMPORT, now + 3 * SECOND);

  /* Gone through: it is over. */
  end (pace, probe, now + 4 * SECOND, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now + 4 * SECOND), ==, now + 4 * SECOND);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now + 4 * SECOND), ==, now + 4 * SECOND);
}

static void
test_a_lost_try_does_not_end_the_pause (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_ORDINARY, now), now, TRUE, 30, -1);
  relais_pace_skip_pause (pace, now + SECOND);
  relais_pace_end (pace, begin (pace, RELAIS_REQUEST_ORDINARY, now + SECOND), now + 2 * SECOND, NULL);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now + 2 * SECOND), ==, now + 30 * SECOND);
}

static void
test_the_pace_itself_is_not_skipped (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now, FALSE, -1, -1);
  relais_pace_skip_pause (pace, now);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 600 * MS);
}

/* Limits */

static void
test_single_imports_are_three_seconds_apart (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_IMPORT_SINGLE, now), now, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT_SINGLE, now), ==, now + 3 * SECOND);
  /* They are imports too, but do not hold up the others for longer. */
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 600 * MS);
}

/* The service may have counted both. */
static void
test_a_repeat_takes_a_seat_of_its_own (void)
{
  g_autoptr (RelaisPace) imports = relais_pace_new (0, 0);
  g_autoptr (RelaisPace) singles = relais_pace_new (0, 0);
  g_autoptr (RelaisPace) others = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;
  guint ticket = begin (imports, RELAIS_REQUEST_IMPORT, now);

  relais_pace_repeat (imports, RELAIS_REQUEST_IMPORT, now + 100 * MS);
  end (imports, ticket, now + 200 * MS, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (imports, RELAIS_REQUEST_IMPORT, now + 200 * MS), ==, now + 1200 * MS);

  ticket = begin (singles, RELAIS_REQUEST_IMPORT_SINGLE, now);
  relais_pace_repeat (singles, RELAIS_REQUEST_IMPORT_SINGLE, now);
  end (singles, ticket, now, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (singles, RELAIS_REQUEST_IMPORT_SINGLE, now), ==, now + 6 * SECOND);

  for (guint i = 0; i < 3; i++)
    end (others, begin (others, RELAIS_REQUEST_ORDINARY, now), now, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (others, RELAIS_REQUEST_ORDINARY, now), ==, now);
  relais_pace_repeat (others, RELAIS_REQUEST_ORDINARY, now);
  g_assert_cmpint (relais_pace_get_next (others, RELAIS_REQUEST_ORDINARY, now), >, now + 500 * MS);
}

static void
test_no_limit_is_no_wait (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (G_MAXUINT, 60);

  for (guint i = 0; i < 1000; i++)
    {
      begin (pace, RELAIS_REQUEST_IMPORT, 1000 * SECOND);
      begin (pace, RELAIS_REQUEST_ORDINARY, 1000 * SECOND);
    }
  g_assert_cmpuint (relais_pace_get_wanted (pace), ==, 8);
}

static void
test_told_limits_scale_everything (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (6000, 60);
  gint64 now = 1000 * SECOND;

  for (guint i = 0; i < 240; i++)
    end (pace, begin (pace, RELAIS_REQUEST_ORDINARY, now), now, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_ORDINARY, now), >=, now + SECOND);

  now += 10 * SECOND;
  end (pace, begin (pace, RELAIS_REQUEST_IMPORT_SINGLE, now), now, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 10 * MS);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT_SINGLE, now), ==, now + 50 * MS);
}

static void
test_low_limits_are_kept_too (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (2, 60);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_IMPORT_SINGLE, now), now, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 30 * SECOND);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT_SINGLE, now), >=, now + 150 * SECOND);
}

static void
test_an_idle_hour_is_not_made_up_for (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now, FALSE, -1, -1);
  now += 3600 * SECOND;
  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 600 * MS);
}

static void
test_a_small_delay_is_made_up_for (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now, FALSE, -1, -1);
  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now + 700 * MS), now + 700 * MS, FALSE, -1, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now + 700 * MS), ==, now + 1200 * MS);
}

static void
test_slow_answers_want_more_under_way (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;

  g_assert_cmpuint (relais_pace_get_wanted (pace), ==, 1);
  end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now + 10 * MS, FALSE, -1, -1);
  g_assert_cmpuint (relais_pace_get_wanted (pace), ==, 2);
  for (guint i = 0; i < 60; i++)
    {
      now += 10 * SECOND;
      end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now + 1700 * MS, FALSE, -1, -1);
    }
  g_assert_cmpuint (relais_pace_get_wanted (pace), ==, 4);
  for (guint i = 0; i < 60; i++)
    {
      now += 100 * SECOND;
      end (pace, begin (pace, RELAIS_REQUEST_IMPORT, now), now + 90 * SECOND, FALSE, -1, -1);
    }
  g_assert_cmpuint (relais_pace_get_wanted (pace), ==, 16);
}

static void
test_unknown_tickets_are_nothing (void)
{
  g_autoptr (RelaisPace) pace = relais_pace_new (0, 0);
  gint64 now = 1000 * SECOND;
  guint ticket = begin (pace, RELAIS_REQUEST_IMPORT, now);

  end (pace, ticket, now, FALSE, -1, -1);
  end (pace, ticket, now, TRUE, 30, -1);
  end (pace, 4711, now, TRUE, 30, -1);
  g_assert_cmpint (relais_pace_get_next (pace, RELAIS_REQUEST_IMPORT, now), ==, now + 600 * MS);
}

int
main (int   argc,
      char *argv[])
{
  static const gint64 jitters[] = { 0, 100 * MS, 1500 * MS };
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (g_free);

  g_test_init (&argc, &argv, NULL);

  for (guint p = 0; p < G_N_ELEMENTS (policies); p++)
    for (guint n = 0; n < G_N_ELEMENTS (networks); n++)
      for (guint j = 0; j < G_N_ELEMENTS (jitters); j++)
        for (guint runs = 1; runs <= 3; runs += 2)
          {
            Case test = { &policies[p], &networks[n], jitters[j], runs };
            g_autofree char *path = g_strdup_printf ("/pace/never refused by %s, %s, jitter %d ms, %u run(s)", policies[p].name,
                                                     networks[n].name, (int) (jitters[j] / MS), runs);

            g_ptr_array_add (cases, g_memdup2 (&test, sizeof test));
            g_test_add_data_func (path, cases->pdata[cases->len - 1], test_no_refusal);
          }
  for (guint i = 0; i < G_N_ELEMENTS (mixed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/pace/five a second hold for imports and questions together, %s", mixed[i].name);

      g_test_add_data_func (path, &mixed[i], test_mixed);
    }
  g_test_add_func ("/pace/the importer’s refusal is waited out for a minute", test_the_importers_refusal_is_waited_out_for_a_minute);
  g_test_add_func ("/pace/a refusal after waiting makes it wait longer", test_a_refusal_after_waiting_makes_it_wait_longer);
  g_test_add_func ("/pace/what was under way is one refusal", test_what_was_under_way_is_one_refusal);
  g_test_add_func ("/pace/Retry-After holds for everything", test_retry_after_holds_for_everything);
  g_test_add_func ("/pace/Retry-After of what was under way holds", test_retry_after_of_what_was_under_way_holds);
  g_test_add_func ("/pace/Retry-After 0 waits a second", test_retry_after_zero_waits_a_second);
  g_test_add_func ("/pace/a second without seats is left to others", test_a_second_without_seats_is_left_to_others);
  g_test_add_func ("/pace/a skipped pause lets one try", test_a_skipped_pause_lets_one_try);
  g_test_add_func ("/pace/a lost try does not end the pause", test_a_lost_try_does_not_end_the_pause);
  g_test_add_func ("/pace/the pace itself is not skipped", test_the_pace_itself_is_not_skipped);
  g_test_add_func ("/pace/single imports are three seconds apart", test_single_imports_are_three_seconds_apart);
  g_test_add_func ("/pace/a repeat takes a seat of its own", test_a_repeat_takes_a_seat_of_its_own);
  g_test_add_func ("/pace/no limit is no wait", test_no_limit_is_no_wait);
  g_test_add_func ("/pace/told limits scale everything", test_told_limits_scale_everything);
  g_test_add_func ("/pace/low limits are kept too", test_low_limits_are_kept_too);
  g_test_add_func ("/pace/an idle hour is not made up for", test_an_idle_hour_is_not_made_up_for);
  g_test_add_func ("/pace/a small delay is made up for", test_a_small_delay_is_made_up_for);
  g_test_add_func ("/pace/slow answers want more under way", test_slow_answers_want_more_under_way);
  g_test_add_func ("/pace/unknown tickets are nothing", test_unknown_tickets_are_nothing);

  return g_test_run ();
}
