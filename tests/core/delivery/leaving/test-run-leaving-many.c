/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Very many people leave at once. With -m perf it is a million, and the figures are told. */

#include "relais-leaving-fixture.h"
#include "relais-practice-server-private.h"

#include <time.h>

/* Seconds of the main thread: a busy machine has its share of it. It was 70 ms, and 280 for a million. */
#ifdef __SANITIZE_ADDRESS__
#define LONGEST_TURN 1.0
#else
#define LONGEST_TURN 0.03
#endif

static guint
get_n_people (void)
{
  return g_test_perf () ? 1000000 : 300000;
}

static double
get_cpu (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent);

  return spent.tv_sec + spent.tv_nsec / 1e9;
}

/* Returns: the longest turn of the main loop until @done, in seconds of processor time */
static double
turn_until (const gboolean *done)
{
  double longest = 0;

  while (!*done)
    {
      double before = get_cpu ();

      g_main_context_iteration (NULL, TRUE);
      longest = MAX (longest, get_cpu () - before);
    }

  return longest;
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_assert_true (relais_journal_write_finish (RELAIS_JOURNAL (object), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* The export has put them on the list, as far as it knows: none of them is in the account. */
static void
make_people (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  guint n = get_n_people ();
  g_autofree RelaisFingerprint *fingerprints = g_new (RelaisFingerprint, n);
  g_autoptr (RelaisBatchRecord) batch = relais_batch_record_new ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (20261130);
  gboolean written = FALSE;

  for (guint i = 0; i < n; i++)
    {
      guint32 profile[3] = { g_rand_int (random), g_rand_int (random), i };

      fingerprints[i] = relais_fingerprint_of (profile, 7);
    }
  batch->number = 1000;
  batch->state = RELAIS_BATCH_CONFIRMED;
  batch->rows = g_strdup ("");
  relais_journal_settle_batch_async (journal, relais_run_get_id (self->run), &(RelaisLead) { 0 }, batch, none, fingerprints, n, NULL, written_cb, &written);
  turn_until (&written);
}

static void
test_the_main_loop_is_not_held_up (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  gboolean stay = user_data != NULL;
  double longest;

  /* They are nowhere to be seen, and nobody waits for them to be shown. */
  self->times.unshown = 0;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  make_people (self);
  self->options.leavers = stay ? RELAIS_ANSWER_KEEP : RELAIS_ANSWER_TAKE_OFF;
  relais_run_fixture_start (self);
  longest = turn_until (&self->ended);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.departed, ==, get_n_people ());
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.kept, ==, stay ? get_n_people () : 0);
  g_test_minimized_result (longest * 1000, "longest turn: %.1f ms", longest * 1000);
  g_test_message ("longest turn: %.1f ms", longest * 1000);
  g_assert_cmpfloat (longest, <, LONGEST_TURN);
}

#define ADD(name, data, function) \
  g_test_add ("/run-leaving-many/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-main-loop-is-not-held-up/they-are-gone", NULL, test_the_main_loop_is_not_held_up);
  ADD ("the-main-loop-is-not-held-up/they-stay", "", test_the_main_loop_is_not_held_up);

  return g_test_run ();
}
