/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What time it is for an account is told by its answers, and by nothing else. */

#include "relais-account-clock.h"
#include "relais-client-fixture.h"
#include "relais-client-private.h"
#include "relais-steady-time.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* The account's clock begins here when the steady time is 0. */
#define BEGINNING G_GINT64_CONSTANT (1600000000)

/* An answer that was made at a moment of the account's clock, in microseconds after the beginning. */
static void
learn (RelaisAccountClock *clock,
       gint64              made_at,
       gint64              sent_at,
       gint64              received_at,
       const char         *age)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (BEGINNING + made_at / SECOND);
  g_autofree char *text = soup_date_time_to_string (date, SOUP_DATE_HTTP);
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  soup_message_headers_append (headers, "Date", text);
  if (age != NULL)
    soup_message_headers_append (headers, "Age", age);
  relais_account_clock_learn (clock, headers, sent_at, received_at);
  soup_message_headers_unref (headers);
}

static void
learn_text (RelaisAccountClock *clock,
            const char         *text)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  if (text != NULL)
    soup_message_headers_append (headers, "Date", text);
  relais_account_clock_learn (clock, headers, 0, 1000);
  soup_message_headers_unref (headers);
}

/* @earliest: in microseconds after the beginning, as @latest */
static void
assert_tells (RelaisAccountClock *clock,
              gint64              moment,
              gint64              earliest,
              gint64              latest)
{
  gint64 least, most;

  g_assert_true (relais_account_clock_tell (clock, moment, &least, &most));
  g_assert_cmpint (least - BEGINNING * SECOND, ==, earliest);
  g_assert_cmpint (most - BEGINNING * SECOND, ==, latest);
}

static void
assert_tells_nothing (RelaisAccountClock *clock)
{
  gint64 least, most;

  g_assert_false (relais_account_clock_tell (clock, 0, &least, &most));
  g_assert_false (relais_account_clock_tell_lead (clock, &least, &most));
}

static void
test_one_answer_tells_a_second (void)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();

  assert_tells_nothing (clock);
  /* Made in second 7, between 0.1 s and 0.3 s; the date may be half a second old */
  learn (clock, 7 * SECOND, SECOND / 10, 3 * SECOND / 10, NULL);
  assert_tells (clock, 3 * SECOND / 10, 7 * SECOND, 8 * SECOND + SECOND / 2 + SECOND / 5);
  assert_tells (clock, 13 * SECOND / 10, 8 * SECOND - 1000, 9 * SECOND + SECOND / 2 + SECOND / 5 + 1000);
}

/* Answers come at every part of a second. What they say together holds the true time, and little else. */
static void
test_several_answers_narrow_it_down (void)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();
  gint64 lead = 123456789, earliest, latest;

  for (gint64 at = 0; at < 10 * SECOND; at += 370000)
    {
      learn (clock, at + lead + 20000, at, at + 40000, NULL);
      g_assert_true (relais_account_clock_tell (clock, at, &earliest, &latest));
      g_assert_cmpint (earliest, <=, BEGINNING * SECOND + at + lead);
      g_assert_cmpint (latest, >=, BEGINNING * SECOND + at + lead);
    }
  g_assert_cmpint (latest - earliest, <, SECOND / 2 + 150000);
}

/* A date that is half a second old is none that contradicts. */
static void
test_old_dates_do_no_harm (void)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();
  gint64 earliest, latest;

  for (gint64 at = 0; at < 10 * SECOND; at += 170000)
    learn (clock, 5 * SECOND + at - (at / 10) % 500000, at, at + 1000, NULL);
  g_assert_true (relais_account_clock_tell (clock, 0, &earliest, &latest));
  g_assert_cmpint (earliest, <=, (BEGINNING + 5) * SECOND);
  g_assert_cmpint (latest, >=, (BEGINNING + 5) * SECOND);
}

/* Neither clock is perfect: after hours of a run nothing contradicts. */
static void
test_clocks_may_drift (void)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();
  gint64 earliest, latest, at = 0;

  for (; at < 4 * 3600 * SECOND; at += 777777)
    learn (clock, at + at / 2000, at, at + 1000, NULL);
  g_assert_true (relais_account_clock_tell (clock, at, &earliest, &latest));
  g_assert_cmpint (earliest, <=, BEGINNING * SECOND + at + at / 2000);
  g_assert_cmpint (latest, >=, BEGINNING * SECOND + at + at / 2000);
}

static void
test_one_that_jumps_tells_nothing_any_more (gconstpointer data)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();
  gint64 by = GPOINTER_TO_INT (data) * SECOND;

  learn (clock, 60 * SECOND, 0, 1000, NULL);
  assert_tells (clock, 1000, 60 * SECOND, 61 * SECOND + SECOND / 2 + 1000);
  learn (clock, 61 * SECOND + by, SECOND, SECOND + 1000, NULL);
  assert_tells_nothing (clock);
  /* Nobody knows which of them was right. */
  learn (clock, 62 * SECOND, 2 * SECOND, 2 * SECOND + 1000, NULL);
  assert_tells_nothing (clock);
}

static void
test_what_was_kept_on_the_way_tells_nothing (void)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();

  learn (clock, 60 * SECOND, 0, 1000, "0");
  assert_tells_nothing (clock);
  learn (clock, 60 * SECOND, 0, 1000, NULL);
  learn (clock, 10 * SECOND, 0, 1000, "50");
  assert_tells (clock, 1000, 60 * SECOND, 61 * SECOND + SECOND / 2 + 1000);
}

static void
test_what_is_no_date_tells_nothing (void)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();

  learn_text (clock, NULL);
  learn_text (clock, "");
  learn_text (clock, "yesterday");
  learn_text (clock, "Tue, 99 Foo 2026 25:61:61 GMT");
  assert_tells_nothing (clock);
}

/* This computer's clock */

static void
test_by_how_much_this_computer_is_off (void)
{
  g_autoptr (RelaisAccountClock) clock = relais_account_clock_new ();
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (g_get_real_time () / SECOND - 3600);
  g_autofree char *text = soup_date_time_to_string (date, SOUP_DATE_HTTP);
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  gint64 now = relais_steady_time (), least, most;

  soup_message_headers_append (headers, "Date", text);
  relais_account_clock_learn (clock, headers, now, now);
  soup_message_headers_unref (headers);
  g_assert_true (relais_account_clock_tell_lead (clock, &least, &most));
  g_assert_cmpint (least, <=, -3600 * SECOND);
  g_assert_cmpint (least, >=, -3602 * SECOND);
  g_assert_cmpint (most, >=, -3600 * SECOND);
  g_assert_cmpint (most, <=, -3598 * SECOND);
}

/* Of a client */

static void
ask (RelaisClientFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lists = relais_client_fixture_lists (fixture, &error);
}

static void
test_a_client_learns_it (RelaisClientFixture *fixture,
                         gconstpointer        user_data)
{
  gint64 before = relais_steady_time (), earliest, latest;

  /* Somebody in between says so, or nobody knows who. */
  relais_test_server_answer (fixture->server, 502, "Date: Tue, 15 Sep 2020 12:00:00 GMT", "<html>");
  relais_test_server_answer (fixture->server, 403, "Date: Tue, 15 Sep 2020 12:00:00 GMT", "{\"message\":\"Forbidden\"}");
  relais_test_server_answer (fixture->server, 200, "Date: Tue, 15 Sep 2020 12:00:00 GMT", "<html>");
  for (guint i = 0; i < 3; i++)
    {
      ask (fixture);
      g_assert_false (relais_account_clock_tell (relais_client_get_clock (fixture->client), before, &earliest, &latest));
    }
  relais_test_server_answer (fixture->server, 200, "Date: Tue, 15 Sep 2020 12:00:00 GMT", "{\"lists\":[],\"meta\":{\"total\":\"0\"}}");
  before = relais_steady_time ();
  ask (fixture);
  g_assert_true (relais_account_clock_tell (relais_client_get_clock (fixture->client), relais_steady_time (), &earliest, &latest));
  g_assert_cmpint (earliest, >=, G_GINT64_CONSTANT (1600171200) * SECOND);
  g_assert_cmpint (latest, <=, G_GINT64_CONSTANT (1600171202) * SECOND + relais_steady_time () - before);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-clock/one answer tells a second", test_one_answer_tells_a_second);
  g_test_add_func ("/account-clock/several answers narrow it down", test_several_answers_narrow_it_down);
  g_test_add_func ("/account-clock/old dates do no harm", test_old_dates_do_no_harm);
  g_test_add_func ("/account-clock/clocks may drift", test_clocks_may_drift);
  g_test_add_data_func ("/account-clock/one that jumps tells nothing any more: ahead", GINT_TO_POINTER (3), test_one_that_jumps_tells_nothing_any_more);
  g_test_add_data_func ("/account-clock/one that jumps tells nothing any more: back", GINT_TO_POINTER (-3), test_one_that_jumps_tells_nothing_any_more);
  g_test_add_func ("/account-clock/what was kept on the way tells nothing", test_what_was_kept_on_the_way_tells_nothing);
  g_test_add_func ("/account-clock/what is no date tells nothing", test_what_is_no_date_tells_nothing);
  g_test_add_func ("/account-clock/by how much this computer is off", test_by_how_much_this_computer_is_off);
  g_test_add ("/account-clock/a client learns it", RelaisClientFixture, NULL, relais_client_fixture_set_up, test_a_client_learns_it,
              relais_client_fixture_tear_down);

  return g_test_run ();
}
