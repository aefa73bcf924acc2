/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may do something with a list at a time. */

#include "relais-list-turns.h"

static void
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_many_send_at_a_time (void)
{
  RelaisListTurns *turns = relais_list_turns_new ();
  guint n = 0;
  RelaisListTurn *one = relais_list_turns_take (turns, "c", 1, FALSE, count_cb, &n);
  RelaisListTurn *other = relais_list_turns_take (turns, "c", 1, FALSE, count_cb, &n);

  g_assert_true (relais_list_turn_has_come (one));
  g_assert_true (relais_list_turn_has_come (other));
  relais_list_turn_leave (one);
  relais_list_turn_leave (other);
  settle ();
  g_assert_cmpuint (n, ==, 0);
  relais_list_turns_free (turns);
}

static void
test_whoever_wants_to_be_alone_waits_and_is (void)
{
  RelaisListTurns *turns = relais_list_turns_new ();
  guint n_alone = 0, n_later = 0;
  RelaisListTurn *one = relais_list_turns_take (turns, "c", 1, FALSE, NULL, NULL);
  RelaisListTurn *two = relais_list_turns_take (turns, "c", 1, FALSE, NULL, NULL);
  RelaisListTurn *alone = relais_list_turns_take (turns, "c", 1, TRUE, count_cb, &n_alone);
  RelaisListTurn *later;

  g_assert_false (relais_list_turn_has_come (alone));
  relais_list_turn_leave (one);
  settle ();
  g_assert_cmpuint (n_alone, ==, 0);
  relais_list_turn_leave (two);
  g_assert_true (relais_list_turn_has_come (alone));
  settle ();
  g_assert_cmpuint (n_alone, ==, 1);

  later = relais_list_turns_take (turns, "c", 1, FALSE, count_cb, &n_later);
  g_assert_false (relais_list_turn_has_come (later));
  settle ();
  g_assert_cmpuint (n_later, ==, 0);
  relais_list_turn_leave (alone);
  settle ();
  g_assert_cmpuint (n_later, ==, 1);
  relais_list_turn_leave (later);
  relais_list_turns_free (turns);
}

/* Whoever only waits is in nobody's way. */
static void
test_sending_does_not_wait_for_who_waits (void)
{
  RelaisListTurns *turns = relais_list_turns_new ();
  guint n = 0;
  RelaisListTurn *one = relais_list_turns_take (turns, "c", 1, FALSE, NULL, NULL);
  RelaisListTurn *alone = relais_list_turns_take (turns, "c", 1, TRUE, count_cb, &n);
  RelaisListTurn *two = relais_list_turns_take (turns, "c", 1, FALSE, NULL, NULL);

  g_assert_true (relais_list_turn_has_come (two));
  relais_list_turn_leave (one);
  settle ();
  g_assert_cmpuint (n, ==, 0);
  relais_list_turn_leave (two);
  settle ();
  g_assert_cmpuint (n, ==, 1);
  relais_list_turn_leave (alone);
  relais_list_turns_free (turns);
}

static void
test_other_lists_are_others (void)
{
  RelaisListTurns *turns = relais_list_turns_new ();
  RelaisListTurn *alone = relais_list_turns_take (turns, "c", 1, TRUE, NULL, NULL);
  RelaisListTurn *list = relais_list_turns_take (turns, "c", 2, TRUE, NULL, NULL);
  RelaisListTurn *account = relais_list_turns_take (turns, "d", 1, FALSE, NULL, NULL);
  RelaisListTurn *waiting = relais_list_turns_take (turns, "c", 1, TRUE, NULL, NULL);

  g_assert_true (relais_list_turn_has_come (list));
  g_assert_true (relais_list_turn_has_come (account));
  g_assert_false (relais_list_turn_has_come (waiting));
  relais_list_turn_leave (list);
  relais_list_turn_leave (account);
  relais_list_turn_leave (waiting);
  relais_list_turn_leave (alone);
  relais_list_turns_free (turns);
}

/* One after the other, and who gives up before is not called. */
static void
test_two_who_want_to_be_alone_take_turns (void)
{
  RelaisListTurns *turns = relais_list_turns_new ();
  guint n_second = 0, n_third = 0;
  RelaisListTurn *first = relais_list_turns_take (turns, "c", 1, TRUE, NULL, NULL);
  RelaisListTurn *second = relais_list_turns_take (turns, "c", 1, TRUE, count_cb, &n_second);
  RelaisListTurn *third = relais_list_turns_take (turns, "c", 1, TRUE, count_cb, &n_third);

  relais_list_turn_leave (first);
  g_assert_true (relais_list_turn_has_come (second));
  g_assert_false (relais_list_turn_has_come (third));
  relais_list_turn_leave (second);
  settle ();
  g_assert_cmpuint (n_second, ==, 0);
  g_assert_cmpuint (n_third, ==, 1);
  relais_list_turn_leave (third);
  relais_list_turns_free (turns);
}

/* Two connections, and two names of one host, lead to the same list. */
static void
test_one_account_is_one (void)
{
  static const struct { const char *host, *other; gboolean same; } cases[] = {
    { "x.api-us1.com", "x.api-us1.com", TRUE }, { "x.api-us1.com", "x.activehosted.com", TRUE },
    { "x.activehosted.com", "x.api-eu2.com", TRUE }, { "x.api-us1.com", "y.activehosted.com", FALSE },
    { "x.api-us1.com", "xy.activehosted.com", FALSE }, { "x.example.com", "x.activehosted.com", FALSE },
    { "127.0.0.1:8080", "127.0.0.1:8080", TRUE }, { "127.0.0.1:8080", "127.0.0.1:8081", FALSE },
    { NULL, NULL, TRUE }, { NULL, "x.api-us1.com", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RelaisListTurns *turns = relais_list_turns_new ();
      RelaisListTurn *alone = relais_list_turns_take (turns, cases[i].host, 1, TRUE, NULL, NULL);
      RelaisListTurn *other = relais_list_turns_take (turns, cases[i].other, 1, FALSE, NULL, NULL);

      g_test_message ("case %u", i);
      g_assert_cmpint (relais_list_turn_has_come (other), ==, !cases[i].same);
      relais_list_turn_leave (other);
      relais_list_turn_leave (alone);
      relais_list_turns_free (turns);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-turns/many-send-at-a-time", test_many_send_at_a_time);
  g_test_add_func ("/list-turns/whoever-wants-to-be-alone-waits-and-is", test_whoever_wants_to_be_alone_waits_and_is);
  g_test_add_func ("/list-turns/sending-does-not-wait-for-who-waits", test_sending_does_not_wait_for_who_waits);
  g_test_add_func ("/list-turns/other-lists-are-others", test_other_lists_are_others);
  g_test_add_func ("/list-turns/one-account-is-one", test_one_account_is_one);
  g_test_add_func ("/list-turns/two-who-want-to-be-alone-take-turns", test_two_who_want_to_be_alone_take_turns);

  return g_test_run ();
}
