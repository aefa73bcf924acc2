/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an export did just now may not be shown yet: until it is, whoever is nowhere to be seen is not taken for gone. */

#include "relais-leaving-fixture.h"

#include "relais-practice-server-private.h"

#include <sqlite3.h>
#include <string.h>

static void
prepare (RelaisRunFixture *self)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
}

/* They were put on the list a moment ago, and are not shown yet: that they are nowhere to be seen says nothing. Who is shown as
 * off the list is gone all the same. */
static void
test_whoever_is_not_shown_yet_is_not_taken_for_gone (RelaisRunFixture *self,
                                                     gconstpointer     user_data)
{
  prepare (self);
  relais_leaving_opt_out (self, "person1@example.com", NULL);
  relais_leaving_execute (self, "UPDATE contacts SET updated = updated - 10000 WHERE email NOT IN ('person2@example.com', 'person3@example.com')");
  relais_run_fixture_misbehave (self, "lag", "90s");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=2 kept=0");
  g_assert_cmpstr (relais_run_fixture_get_told (self), ==,
                   "2 people who left the segment are shown neither on the list nor as off it: this export ran only a moment ago, and ActiveCampaign may not show yet what it did. The next run looks again.");
  relais_run_fixture_misbehave (self, "lag", "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=2 taken_off=2 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 3);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 2);
}

/* The first question about the list takes longer to be answered than the account may lag behind. */
static void
request_read_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  RelaisRunFixture *self = user_data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  gboolean is_first = query != NULL && strstr (query, "status=1") != NULL;

  relais_run_fixture_misbehave (self, "slow", is_first ? "4500" : "off");
  if (is_first)
    g_signal_handlers_disconnect_by_func (server, request_read_cb, self);
}

static void
answer_quickly_cb (gpointer user_data)
{
  relais_run_fixture_misbehave (user_data, "slow", "off");
}

/* However long it takes to go through the list: what counts is what it could show when it was looked at. */
static void
test_a_long_look_makes_nobody_gone (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  prepare (self);
  relais_leaving_execute (self, "UPDATE contacts SET updated = updated - 10000 WHERE email NOT IN ('person2@example.com', 'person3@example.com')");
  relais_run_fixture_misbehave (self, "lag", "90s");
  self->times.unshown = 4;
  relais_delivery_set_times (self->delivery, &self->times);
  g_signal_connect (self->practice->server, "request-read", G_CALLBACK (request_read_cb), self);
  g_timeout_add_once (4000, answer_quickly_cb, self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.unshown, ==, 2);
}

/* The last run put them back on the list, and the account shows still that they are off it. */
static void
test_whoever_was_put_back_is_not_taken_for_gone (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_deliver (self, 1, 20);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.put_back, ==, 3);
  relais_leaving_execute (self, "UPDATE memberships SET status = 2 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  relais_leaving_write_range (self, 4, 20);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=1 kept=0");
  relais_leaving_execute (self, "UPDATE memberships SET status = 1 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=1 taken_off=1 in_doubt=0 kept=0");
}

/* Nor is it over with that when a run has been there meanwhile. */
static void
test_whoever_was_put_back_a_while_ago_is_not_taken_for_gone (RelaisRunFixture *self,
                                                             gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_deliver (self, 1, 20);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.put_back, ==, 3);
  relais_leaving_deliver (self, 1, 21);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.put_back, ==, 0);
  relais_leaving_execute (self, "UPDATE memberships SET status = 2 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  relais_leaving_write_range (self, 4, 21);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=1 kept=0");
}

static void
change_journal (RelaisRunFixture *self,
                const char       *sql)
{
  g_autofree char *path = g_build_filename (self->folder, "journal.sqlite", NULL);
  sqlite3 *db;

  relais_run_fixture_close (self);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  relais_run_fixture_open (self);
}

/* However often the export runs: a run that sends nothing says nothing of whether they are shown by now. */
static void
test_runs_that_send_nothing_do_not_keep_people_waiting (RelaisRunFixture *self,
                                                        gconstpointer     user_data)
{
  prepare (self);
  relais_leaving_execute (self, "DELETE FROM contacts WHERE email = 'person1@example.com'");
  relais_leaving_execute (self, "DELETE FROM memberships WHERE contact NOT IN (SELECT id FROM contacts)");
  relais_leaving_write_range (self, 2, 20);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
      relais_leaving_assert_counts (self, "departed=1 taken_off=0 in_doubt=1 kept=0");
    }
  change_journal (self, user_data);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=1 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

#define ADD(name, data, function) \
  g_test_add ("/run-leaving-shown/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whoever-is-not-shown-yet-is-not-taken-for-gone", NULL, test_whoever_is_not_shown_yet_is_not_taken_for_gone);
  ADD ("a-long-look-makes-nobody-gone", NULL, test_a_long_look_makes_nobody_gone);
  ADD ("whoever-was-put-back-is-not-taken-for-gone", NULL, test_whoever_was_put_back_is_not_taken_for_gone);
  ADD ("whoever-was-put-back-a-while-ago-is-not-taken-for-gone", NULL, test_whoever_was_put_back_a_while_ago_is_not_taken_for_gone);
  ADD ("runs-that-send-nothing-do-not-keep-people-waiting/long-ago", "UPDATE attempts SET first_at = first_at - 601000000, last_at = last_at - 601000000",
       test_runs_that_send_nothing_do_not_keep_people_waiting);
  ADD ("runs-that-send-nothing-do-not-keep-people-waiting/clock-was-ahead", "UPDATE attempts SET last_at = last_at + 3600000000",
       test_runs_that_send_nothing_do_not_keep_people_waiting);

  return g_test_run ();
}
