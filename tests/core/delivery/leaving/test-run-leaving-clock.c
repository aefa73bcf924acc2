/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When people were taken off, and when they joined, the account states by its own clock. This computer's may be ahead of it or
 * behind: nobody is put back for that who opted out, and nobody is lost for it. */

#include "relais-leaving-fixture.h"
#include "relais-practice-server-private.h"

#include <string.h>

static void
assert_says (RelaisRunFixture *self,
             const char       *words)
{
  const char *message = relais_run_fixture_get_told (self);

  g_assert_nonnull (message);
  g_assert_nonnull (strstr (message, words));
}

/* Twenty people, of whom three have left the segment */
static void
prepare (RelaisRunFixture *self)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
}

/* What somebody does, and the account with them, when their import has been asked for so many times */
typedef struct
{
  RelaisRunFixture *self;
  guint             nth;
  const char       *sql;    /* (nullable) */
  const char       *fault;  /* (nullable) */
  const char       *value;
} Meanwhile;

static gboolean
happen_cb (gpointer user_data)
{
  const Meanwhile *meanwhile = user_data;

  if (meanwhile->self->practice->account.faults.n_asked[RELAIS_ASKED_IMPORT] < meanwhile->nth)
    return G_SOURCE_CONTINUE;
  if (meanwhile->sql != NULL)
    relais_leaving_execute (meanwhile->self, meanwhile->sql);
  if (meanwhile->fault != NULL)
    relais_run_fixture_misbehave (meanwhile->self, meanwhile->fault, meanwhile->value);

  return G_SOURCE_REMOVE;
}

/* The import leaves when a second has just begun: what is compared by whole seconds alone would take all of it for later. */
static void
wait_for_a_second (RelaisRunFixture *self)
{
  while (g_get_real_time () % G_USEC_PER_SEC > G_USEC_PER_SEC / 10)
    g_usleep (1000);
}

static void
run_and_meanwhile (RelaisRunFixture *self,
                   Meanwhile        *meanwhile)
{
  meanwhile->self = self;
  g_timeout_add_full (G_PRIORITY_HIGH, 1, happen_cb, meanwhile, NULL);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, wait_for_a_second), ==, RELAIS_RUN_SUCCESSFUL);
}

static void
assert_certain (RelaisRunFixture *self,
                guint             n_done,
                guint             n_doubted)
{
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, n_done);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, n_doubted);
}

/* Everybody is in the segment again. */
static void
assert_come_back (RelaisRunFixture *self,
                  guint             n)
{
  relais_leaving_deliver (self, 1, 20);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.put_back, ==, n);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 17 + n);
}

/* Opting out just before the import leaves */

static const struct
{
  const char *clock;
  guint       before;   /* seconds, by the account's clock; 0: in the same one */
} opt_outs[] = { { "0", 0 }, { "0", 1 }, { "2", 1 }, { "2", 2 }, { "5", 4 }, { "-2", 0 }, { "-2", 1 }, { "3600", 1 } };

static void
test_whoever_opts_out_just_before_never_comes_back (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  guint at = GPOINTER_TO_UINT (user_data);
  g_autofree char *sql = g_strdup_printf ("UPDATE memberships SET status = 2, updated = unixepoch () + %s - %u WHERE list = 1"
                                          " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')",
                                          opt_outs[at].clock, opt_outs[at].before);
  Meanwhile meanwhile = { .nth = 2, .sql = g_intern_string (sql) };

  relais_run_fixture_misbehave (self, "clock", opt_outs[at].clock);
  prepare (self);
  run_and_meanwhile (self, &meanwhile);
  assert_certain (self, 2, 1);
  assert_come_back (self, 2);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 2);
}

/* The first sending certainly was not carried out, so that it is not what took anybody off who opted out after it: whether the run
 * sends it again, or the request by itself. */
static void
test_a_sending_that_did_not_arrive_counts_for_nothing (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  Meanwhile meanwhile = { .nth = 2, .sql = "UPDATE memberships SET status = 2, updated = unixepoch () + 2 WHERE list = 1"
                                           " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')" };

  self->times.first_pause = self->times.longest_pause = 3;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self);
  relais_run_fixture_misbehave (self, "retry-after", "3");
  relais_run_fixture_misbehave (self, user_data, NULL);
  run_and_meanwhile (self, &meanwhile);
  g_assert_cmpuint (self->practice->account.faults.n_asked[RELAIS_ASKED_IMPORT], ==, 3);
  assert_certain (self, 2, 1);
}

/* The first sending may have arrived, and has not: whoever opts out before the second one leaves was taken off by neither. */
static void
test_whoever_opts_out_between_two_sendings_never_comes_back (RelaisRunFixture *self,
                                                             gconstpointer     user_data)
{
  Meanwhile meanwhile = { .nth = 2, .sql = "UPDATE memberships SET status = 2, updated = unixepoch () + 2 WHERE list = 1"
                                           " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')" };

  self->times.first_pause = self->times.longest_pause = 4;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self);
  relais_run_fixture_misbehave (self, user_data, NULL);
  run_and_meanwhile (self, &meanwhile);
  g_assert_cmpuint (self->practice->account.faults.n_asked[RELAIS_ASKED_IMPORT], ==, 3);
  assert_certain (self, 2, 1);
  assert_come_back (self, 2);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 2);
}

/* The import is done at once, and is seen to be only later, because nothing gets through meanwhile. */

#define DARK 5  /* seconds */

typedef struct
{
  RelaisRunFixture *self;
  gint64            since;     /* monotonic: when the import was done; 0 = not yet */
  gboolean          opts_out;
} Dark;

static gboolean
end_dark_cb (gpointer user_data)
{
  Dark *dark = user_data;
  gint64 now = g_get_monotonic_time ();

  if (dark->since == 0 && relais_leaving_count_status (dark->self, 1, 2) == 3)
    dark->since = now;
  if (dark->since == 0 || now - dark->since < DARK * G_USEC_PER_SEC)
    return G_SOURCE_CONTINUE;
  if (dark->opts_out)
    relais_leaving_execute (dark->self, "UPDATE memberships SET status = 2, updated = unixepoch () - 1 WHERE list = 1"
                                        " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')");
  relais_run_fixture_misbehave (dark->self, "info/html-502", "off");

  return G_SOURCE_REMOVE;
}

static void
go_dark (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "info/html-502", NULL);
}

static void
test_whoever_opts_out_before_it_is_seen_done_never_comes_back (RelaisRunFixture *self,
                                                               gconstpointer     user_data)
{
  Dark dark = { .self = self, .opts_out = user_data != NULL };

  self->times.freshness = DARK / 2;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self);
  g_timeout_add_full (G_PRIORITY_HIGH, 5, end_dark_cb, &dark, NULL);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, go_dark), ==, RELAIS_RUN_SUCCESSFUL);
  assert_certain (self, 0, 3);
  assert_come_back (self, 0);
}

/* It is asked about all the time: however long it takes, it is seen when it is done. */
static void
test_an_import_that_takes_long_is_seen_done (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  self->times.freshness = DARK / 2;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "5s");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_certain (self, 3, 0);
  relais_run_fixture_misbehave (self, "import-delay", "off");
  assert_come_back (self, 3);
}

/* Nobody opts out */

static void
test_people_come_back_whatever_the_clocks_show (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  relais_run_fixture_misbehave (self, "clock", user_data);
  prepare (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_certain (self, 3, 0);
  g_assert_null (relais_run_fixture_get_told (self));
  assert_come_back (self, 3);
}

/* While it is not known what time it is for the account nobody is taken off, and nobody is let go. */
static void
test_without_a_date_nothing_is_concluded (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "no-date", NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  assert_says (self, "3 people who left the segment stay on the list for now, because this computer’s clock");
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 20);
  relais_run_fixture_misbehave (self, "no-date", "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_certain (self, 3, 0);
}

/* It is set while they are being taken off: whoever opted out before the import left seems to have done so after it. */
static void
test_a_clock_that_jumps_puts_nobody_back (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  Meanwhile meanwhile = { .nth = 2, .fault = "clock", .value = "5",
                          .sql = "UPDATE memberships SET status = 2, updated = unixepoch () + 5 - 2 WHERE list = 1"
                                 " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')" };

  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "4s");
  run_and_meanwhile (self, &meanwhile);
  assert_certain (self, 0, 3);
  assert_come_back (self, 0);
}

/* Joining */

/* How the account's clock differed when they were sent, and how it does when they have left: one of the clocks was set between */
static const struct
{
  const char *name;
  const char *then;
  const char *now;
} settings[] = {
  { "wrong-then/behind", "3600", "off" },
  { "wrong-then/ahead", "-3600", "off" },
  { "wrong-now/behind", "off", "3600" },
  { "wrong-now/ahead", "off", "-3600" },
  { "wrong-both-ways", "-3600", "3600" },
};

static void
deliver_by_another_clock (RelaisRunFixture *self,
                          guint             at)
{
  relais_run_fixture_misbehave (self, "clock", settings[at].then);
  prepare (self);
  relais_run_fixture_misbehave (self, "clock", settings[at].now);
}

static void
test_a_clock_that_was_set_between_changes_nothing (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  deliver_by_another_clock (self, GPOINTER_TO_UINT (user_data));
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_certain (self, 3, 0);
  g_assert_null (relais_run_fixture_get_told (self));
}

/* Read as clocks are today, they joined while the run was sending. */
static void
test_whoever_joined_by_another_clock_stays (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  guint at = GPOINTER_TO_UINT (user_data);
  g_autofree char *sql = g_strdup_printf ("UPDATE memberships SET since = since - (%s) + (%s) WHERE list = 1"
                                          " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')",
                                          g_str_equal (settings[at].then, "off") ? "0" : settings[at].then,
                                          g_str_equal (settings[at].now, "off") ? "0" : settings[at].now);

  deliver_by_another_clock (self, at);
  relais_leaving_execute (self, sql);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  assert_says (self, "1 person who left the segment stays on the list, because they joined it without Relais.");
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
}

/* The account did not tell the time while they were sent, or a clock was set then. They stay, and are not let go. */
static void
test_whom_an_attempt_without_the_time_may_have_sent_stays (RelaisRunFixture *self,
                                                           gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  if (user_data == NULL)
    {
      relais_run_fixture_misbehave (self, "no-date", NULL);
      relais_leaving_deliver (self, 1, 20);
      relais_run_fixture_misbehave (self, "no-date", "off");
    }
  else
    {
      Meanwhile meanwhile = { .self = self, .nth = 1, .fault = "clock", .value = user_data };

      relais_run_fixture_misbehave (self, "import-delay", "2s");
      g_timeout_add_full (G_PRIORITY_HIGH, 1, happen_cb, &meanwhile, NULL);
      relais_leaving_deliver (self, 1, 20);
      relais_run_fixture_misbehave (self, "import-delay", "off");
      relais_run_fixture_misbehave (self, "clock", "off");
    }
  relais_leaving_write_range (self, 4, 20);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
      relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
      assert_says (self, "3 people who left the segment stay on the list for now, because this computer’s clock");
    }
  /* Whom another attempt certainly put there is none of them. */
  relais_leaving_execute (self, "UPDATE memberships SET since = since - 86400");
  relais_leaving_deliver (self, 4, 23);
  relais_leaving_write_range (self, 4, 20);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=6 taken_off=3 in_doubt=0 kept=3");
}

/* No run was sending. */
static void
test_whoever_joined_at_another_time_stays (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  relais_run_fixture_misbehave (self, "clock", user_data);
  prepare (self);
  relais_leaving_execute (self, "UPDATE memberships SET since = since - 86400 WHERE list = 1"
                                " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  assert_says (self, "1 person who left the segment stays on the list, because they joined it without Relais.");
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

static void
add (const char    *name,
     gconstpointer  data,
     void         (*test) (RelaisRunFixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/run-leaving-clock/", name, NULL);

  g_test_add (path, RelaisRunFixture, data, relais_run_fixture_set_up_practice, test, relais_run_fixture_tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (opt_outs); i++)
    {
      g_autofree char *name = g_strdup_printf ("just-before/%s-%u", opt_outs[i].clock, opt_outs[i].before);

      add (name, GUINT_TO_POINTER (i), test_whoever_opts_out_just_before_never_comes_back);
    }
  add ("a-sending-that-did-not-arrive-counts-for-nothing/401", "import:2/spurious-401", test_a_sending_that_did_not_arrive_counts_for_nothing);
  add ("a-sending-that-did-not-arrive-counts-for-nothing/429", "import:2/throttle-429", test_a_sending_that_did_not_arrive_counts_for_nothing);
  add ("between-two-sendings/reset", "import:2/reset-before", test_whoever_opts_out_between_two_sendings_never_comes_back);
  add ("between-two-sendings/502", "import:2/html-502", test_whoever_opts_out_between_two_sendings_never_comes_back);
  add ("before-it-is-seen-done/opted-out", "", test_whoever_opts_out_before_it_is_seen_done_never_comes_back);
  add ("before-it-is-seen-done/nobody-did", NULL, test_whoever_opts_out_before_it_is_seen_done_never_comes_back);
  add ("an-import-that-takes-long-is-seen-done", NULL, test_an_import_that_takes_long_is_seen_done);
  add ("people-come-back/right", "0", test_people_come_back_whatever_the_clocks_show);
  add ("people-come-back/behind", "30", test_people_come_back_whatever_the_clocks_show);
  add ("people-come-back/ahead", "-30", test_people_come_back_whatever_the_clocks_show);
  add ("people-come-back/an-hour-behind", "3600", test_people_come_back_whatever_the_clocks_show);
  add ("people-come-back/an-hour-ahead", "-3600", test_people_come_back_whatever_the_clocks_show);
  add ("without-a-date-nothing-is-concluded", NULL, test_without_a_date_nothing_is_concluded);
  add ("a-clock-that-jumps-puts-nobody-back", NULL, test_a_clock_that_jumps_puts_nobody_back);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *sent = g_strconcat ("a-clock-that-was-set-between-changes-nothing/", settings[i].name, NULL);
      g_autofree char *joined = g_strconcat ("whoever-joined-by-another-clock-stays/", settings[i].name, NULL);

      add (sent, GUINT_TO_POINTER (i), test_a_clock_that_was_set_between_changes_nothing);
      add (joined, GUINT_TO_POINTER (i), test_whoever_joined_by_another_clock_stays);
    }
  add ("whom-an-attempt-without-the-time-may-have-sent-stays/no-date", NULL, test_whom_an_attempt_without_the_time_may_have_sent_stays);
  add ("whom-an-attempt-without-the-time-may-have-sent-stays/set-ahead", "3600", test_whom_an_attempt_without_the_time_may_have_sent_stays);
  add ("whom-an-attempt-without-the-time-may-have-sent-stays/set-back", "-3600", test_whom_an_attempt_without_the_time_may_have_sent_stays);
  add ("whoever-joined-at-another-time-stays/behind", "3600", test_whoever_joined_at_another_time_stays);
  add ("whoever-joined-at-another-time-stays/ahead", "-3600", test_whoever_joined_at_another_time_stays);

  return g_test_run ();
}
