/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-governor-private.h"

#define SECOND G_TIME_SPAN_SECOND

typedef struct
{
  RelaisGovernor *governor;  /* (owned) */
  GString        *order;     /* (owned): a letter for each that was let through */
  GArray         *tickets;   /* (owned) */
  guint           n_cancelled;
  guint           n_again;
} Fixture;

/* Imports 20 ms apart */
static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->governor = relais_governor_new (3000, 60);
  fixture->order = g_string_new (NULL);
  fixture->tickets = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->governor);
  g_string_free (fixture->order, TRUE);
  g_array_unref (fixture->tickets);
}

typedef struct
{
  Fixture *fixture;
  char     letter;
} Visitor;

static void
entered_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Visitor *visitor = user_data;
  g_autoptr (GError) error = NULL;
  guint ticket = relais_governor_enter_finish (RELAIS_GOVERNOR (object), result, &error);

  if (ticket == 0)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      visitor->fixture->n_cancelled++;
      return;
    }
  g_assert_no_error (error);
  g_string_append_c (visitor->fixture->order, visitor->letter);
  g_array_append_val (visitor->fixture->tickets, ticket);
}

static void
enter (Fixture           *fixture,
       RelaisRequestKind  kind,
       char               letter,
       GCancellable      *cancellable)
{
  Visitor visitor = { fixture, letter };

  relais_governor_enter_async (fixture->governor, kind, cancellable, entered_cb, g_memdup2 (&visitor, sizeof visitor));
}

static void
leave (Fixture  *fixture,
       guint     at,
       gboolean  throttled,
       int       retry_after)
{
  RelaisPaceHint hint = { throttled, retry_after, -1 };

  relais_governor_leave (fixture->governor, g_array_index (fixture->tickets, guint, at), &hint);
}

static void
wait_for (Fixture *fixture,
          guint    n)
{
  while (fixture->tickets->len + fixture->n_cancelled < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_first_come_is_first_served (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  for (char letter = 'a'; letter <= 'j'; letter++)
    enter (fixture, RELAIS_REQUEST_IMPORT, letter, NULL);
  wait_for (fixture, 10);
  g_assert_cmpstr (fixture->order->str, ==, "abcdefghij");
}

static void
test_the_gap_is_kept_on_the_real_clock (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  gint64 start = g_get_monotonic_time ();
  gint64 time;

  for (guint i = 0; i < 51; i++)
    enter (fixture, RELAIS_REQUEST_IMPORT, 'i', NULL);
  wait_for (fixture, 51);
  time = g_get_monotonic_time () - start;
  g_assert_cmpint (time, >=, SECOND);
  /* Late turns of the loop do not add up. */
  g_assert_cmpint (time, <, SECOND * 13 / 10);
}

static void
test_questions_pass_by_imports_that_wait (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  for (guint i = 0; i < 10; i++)
    enter (fixture, RELAIS_REQUEST_IMPORT, 'i', NULL);
  enter (fixture, RELAIS_REQUEST_ORDINARY, 'o', NULL);
  wait_for (fixture, 2);
  g_assert_cmpstr (fixture->order->str, ==, "io");
  wait_for (fixture, 11);
}

static void
test_who_is_cancelled_waits_no_longer (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  enter (fixture, RELAIS_REQUEST_IMPORT, 'a', NULL);
  enter (fixture, RELAIS_REQUEST_IMPORT, 'b', cancellable);
  enter (fixture, RELAIS_REQUEST_IMPORT, 'c', NULL);
  g_cancellable_cancel (cancellable);
  enter (fixture, RELAIS_REQUEST_IMPORT, 'd', cancellable);
  wait_for (fixture, 4);
  g_assert_cmpstr (fixture->order->str, ==, "ac");
  g_assert_cmpuint (fixture->n_cancelled, ==, 2);
}

static void
test_all_who_wait_can_be_cancelled_at_once (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  for (guint i = 0; i < 100; i++)
    enter (fixture, i % 3, 'x', cancellable);
  g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  wait_for (fixture, 100);
  /* How many had a ticket by then is a matter of how fast this computer is. */
  g_assert_cmpuint (fixture->n_cancelled, >, 0);
  g_assert_cmpuint (fixture->n_cancelled + fixture->order->len, ==, 100);
}

static void
test_a_ticket_that_was_given_arrives (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  enter (fixture, RELAIS_REQUEST_IMPORT, 'a', cancellable);
  g_cancellable_cancel (cancellable);
  wait_for (fixture, 1);
  g_assert_cmpstr (fixture->order->str, ==, "a");
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  ++*(guint *) user_data;
}

static void
test_a_pause_shows_while_someone_waits (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  gint64 start = g_get_monotonic_time ();
  guint n_notified = 0;

  g_signal_connect (fixture->governor, "notify::waiting-until", G_CALLBACK (count_cb), &n_notified);
  enter (fixture, RELAIS_REQUEST_ORDINARY, 'a', NULL);
  wait_for (fixture, 1);
  leave (fixture, 0, TRUE, 1);
  g_assert_cmpint (relais_governor_get_waiting_until (fixture->governor), ==, 0);

  enter (fixture, RELAIS_REQUEST_ORDINARY, 'b', NULL);
  g_assert_cmpint (relais_governor_get_waiting_until (fixture->governor), >=, start + SECOND);
  g_assert_cmpuint (n_notified, ==, 1);
  wait_for (fixture, 2);
  g_assert_cmpint (g_get_monotonic_time (), >=, start + SECOND);
  g_assert_cmpint (relais_governor_get_waiting_until (fixture->governor), ==, 0);
  g_assert_cmpuint (n_notified, ==, 2);
}

static void
test_a_pause_can_be_skipped (Fixture       *fixture,
                             gconstpointer  user_data)
{
  enter (fixture, RELAIS_REQUEST_ORDINARY, 'a', NULL);
  wait_for (fixture, 1);
  leave (fixture, 0, TRUE, 1000);
  enter (fixture, RELAIS_REQUEST_ORDINARY, 'b', NULL);
  enter (fixture, RELAIS_REQUEST_ORDINARY, 'c', NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->order->str, ==, "a");

  relais_governor_skip_wait (fixture->governor);
  wait_for (fixture, 2);
  g_assert_cmpstr (fixture->order->str, ==, "ab");
  leave (fixture, 1, FALSE, -1);
  wait_for (fixture, 3);
  g_assert_cmpstr (fixture->order->str, ==, "abc");
}

/* Each that is let through sends the next one in from its callback. */
static void
again_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *fixture = user_data;
  guint ticket = relais_governor_enter_finish (fixture->governor, result, NULL);

  g_array_append_val (fixture->tickets, ticket);
  relais_governor_leave (fixture->governor, ticket, NULL);
  if (++fixture->n_again < 40)
    relais_governor_enter_async (fixture->governor, fixture->n_again % 3, NULL, again_cb, fixture);
}

static void
wait_for_silence (Fixture  *fixture,
                  gboolean  silent)
{
  while (relais_governor_is_silent (fixture->governor) != silent)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_an_answer_that_does_not_come_is_silence (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  gint64 start = g_get_monotonic_time ();
  guint n_notified = 0;

  relais_governor_set_patience (fixture->governor, 200);
  g_signal_connect (fixture->governor, "notify::silent", G_CALLBACK (count_cb), &n_notified);
  enter (fixture, RELAIS_REQUEST_IMPORT, 'a', NULL);
  enter (fixture, RELAIS_REQUEST_ORDINARY, 'b', NULL);
  enter (fixture, RELAIS_REQUEST_ORDINARY, 'c', NULL);
  wait_for (fixture, 3);
  wait_for_silence (fixture, TRUE);
  g_assert_cmpint (g_get_monotonic_time (), >=, start + SECOND / 5);

  /* One that was given up is no answer; one that is answered ends it, and it begins anew for the last. */
  relais_governor_leave (fixture->governor, g_array_index (fixture->tickets, guint, 0), NULL);
  g_assert_true (relais_governor_is_silent (fixture->governor));
  start = g_get_monotonic_time ();
  leave (fixture, 1, FALSE, -1);
  g_assert_false (relais_governor_is_silent (fixture->governor));
  wait_for_silence (fixture, TRUE);
  g_assert_cmpint (g_get_monotonic_time (), >=, start + SECOND / 5);

  /* Where nothing is under way nobody is waited for. */
  relais_governor_leave (fixture->governor, g_array_index (fixture->tickets, guint, 2), NULL);
  g_assert_false (relais_governor_is_silent (fixture->governor));
  g_assert_cmpuint (n_notified, ==, 4);
}

static void
test_nobody_is_forgotten_when_one_brings_the_next (Fixture       *fixture,
                                                   gconstpointer  user_data)
{
  for (guint i = 0; i < 5; i++)
    enter (fixture, RELAIS_REQUEST_IMPORT, 'i', NULL);
  relais_governor_enter_async (fixture->governor, RELAIS_REQUEST_IMPORT, NULL, again_cb, fixture);
  wait_for (fixture, 45);
}

static void
test_a_governor_that_is_waited_for_stays (void)
{
  RelaisGovernor *governor = relais_governor_new (3000, 60);
  Fixture fixture = { governor, g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (guint)) };

  enter (&fixture, RELAIS_REQUEST_IMPORT, 'a', NULL);
  enter (&fixture, RELAIS_REQUEST_IMPORT, 'b', NULL);
  g_object_add_weak_pointer (G_OBJECT (governor), (gpointer *) &fixture.governor);
  g_object_unref (governor);
  wait_for (&fixture, 2);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (fixture.governor);
  g_string_free (fixture.order, TRUE);
  g_array_unref (fixture.tickets);
}

static void
test_a_host_has_one_governor (void)
{
  RelaisGovernors *governors = relais_governors_new ();
  RelaisGovernor *one = relais_governors_get (governors, "one.api-us1.com", 0, 0);

  g_assert_true (relais_governors_get (governors, "one.api-us1.com", 0, 0) == one);
  g_assert_true (relais_governors_get (governors, "ONE.api-us1.com", 0, 0) == one);
  g_assert_true (relais_governors_get (governors, "other.api-us1.com", 0, 0) != one);
  g_assert_finalize_object (governors);
}

static void
test_other_limits_hold_for_whoever_has_it_already (void)
{
  RelaisGovernors *governors = relais_governors_new ();
  RelaisGovernor *one = relais_governors_get (governors, "127.0.0.1:8080", 1, 3600);
  Fixture fixture = { one, g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (guint)) };

  enter (&fixture, RELAIS_REQUEST_IMPORT, 'a', NULL);
  enter (&fixture, RELAIS_REQUEST_IMPORT, 'b', NULL);
  wait_for (&fixture, 1);
  leave (&fixture, 0, FALSE, -1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture.order->str, ==, "a");

  g_assert_true (relais_governors_get (governors, "127.0.0.1:8080", G_MAXUINT, 60) == one);
  wait_for (&fixture, 2);
  g_string_free (fixture.order, TRUE);
  g_array_unref (fixture.tickets);
  g_assert_finalize_object (governors);
}

#define ADD(name, function) g_test_add ("/governor/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("first come is first served", test_first_come_is_first_served);
  ADD ("the gap is kept on the real clock", test_the_gap_is_kept_on_the_real_clock);
  ADD ("questions pass by imports that wait", test_questions_pass_by_imports_that_wait);
  ADD ("who is cancelled waits no longer", test_who_is_cancelled_waits_no_longer);
  ADD ("all who wait can be cancelled at once", test_all_who_wait_can_be_cancelled_at_once);
  ADD ("a ticket that was given arrives", test_a_ticket_that_was_given_arrives);
  ADD ("a pause shows while someone waits", test_a_pause_shows_while_someone_waits);
  ADD ("a pause can be skipped", test_a_pause_can_be_skipped);
  ADD ("an answer that does not come is silence", test_an_answer_that_does_not_come_is_silence);
  ADD ("nobody is forgotten when one brings the next", test_nobody_is_forgotten_when_one_brings_the_next);
  g_test_add_func ("/governor/a governor that is waited for stays", test_a_governor_that_is_waited_for_stays);
  g_test_add_func ("/governors/a host has one governor", test_a_host_has_one_governor);
  g_test_add_func ("/governors/other limits hold for whoever has it already", test_other_limits_hold_for_whoever_has_it_already);

  return g_test_run ();
}
