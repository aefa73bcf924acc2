/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long a run says it will take, against how long it takes. */

#include "relais-run-fixture.h"

#define N_PEOPLE 25000
#define LOOK_MS  50

/* What a person saw at a time */
typedef struct
{
  gint64  at;
  gint64  remaining;
  guint64 done;
  guint64 total;
} Seen;

typedef struct
{
  RelaisRunFixture *fixture;
  GArray           *seen;  /* (owned) (element-type Seen) */
} Watch;

static gboolean
look_cb (gpointer user_data)
{
  Watch *watch = user_data;
  RelaisRun *run = watch->fixture->live;
  Seen seen = { g_get_monotonic_time (), relais_run_get_remaining (run), relais_run_get_done (run), relais_run_get_total (run) };
  RelaisPhase phase = relais_run_get_phase (run);

  if (phase == RELAIS_PHASE_SENDING || phase == RELAIS_PHASE_CONFIRMING)
    g_array_append_val (watch->seen, seen);

  return G_SOURCE_CONTINUE;
}

/* @slack: microseconds that do not count: nobody plans with them */
static void
assert_believable (GArray *seen,
                   gint64  slack)
{
  const Seen *last = &g_array_index (seen, Seen, seen->len - 1);
  guint n_told = 0;

  for (guint i = 0; i < seen->len; i++)
    {
      const Seen *one = &g_array_index (seen, Seen, i);
      gint64 left = last->at - one->at;

      if (one->total == 0 || one->done * 10 < one->total)
        continue;
      g_test_message ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ": %.2f s told, %.2f s left", one->done, one->total,
                      one->remaining / 1e6, left / 1e6);
      g_assert_cmpint (one->remaining, >=, 0);
      g_assert_cmpint (ABS (one->remaining - left), <=, left / 5 + slack);
      n_told++;
    }
  g_assert_cmpuint (n_told, >, seen->len / 2);
}

static void
test_it_is_believable_under_limits (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  Watch watch = { self, g_array_new (FALSE, FALSE, sizeof (Seen)) };
  guint source;

  /* As the service is, twelve times as fast */
  relais_practice_set_limits (self->practice, 20, 2);
  self->limit_requests = 20;
  self->limit_seconds = 2;
  relais_run_fixture_misbehave (self, "import-delay", "700");
  self->times.first_look = 0.2;
  self->times.longest_look = 5;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_run_fixture_write_people (self, N_PEOPLE);
  relais_run_fixture_define (self, ",\"verify\":\"off\"");
  source = g_timeout_add (LOOK_MS, look_cb, &watch);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_source_remove (source);
  g_assert_no_error (self->error);
  relais_run_fixture_assert_counts (self, "read=25000 delivered=25000");
  assert_believable (watch.seen, G_USEC_PER_SEC / 2);
  g_array_unref (watch.seen);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/run/remaining/it is believable under limits", RelaisRunFixture, NULL, relais_run_fixture_set_up_practice,
              test_it_is_believable_under_limits, relais_run_fixture_tear_down);

  return g_test_run ();
}
