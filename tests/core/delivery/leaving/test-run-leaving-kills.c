/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a kill must not lose: how many an export held when its run began, who was put back, and when the run was sending. */

#include "relais-error.h"
#include "relais-leaving-fixture.h"
#include "relais-practice-server-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define HOUR (60 * 60)
#define DAY  (24 * HOUR)

/* The journal as it is at a moment, and what it is after a kill at that moment */

static char *
build_path (RelaisRunFixture *self,
            const char       *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
execute (const char *path,
         const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
keep_journal (RelaisRunFixture *self)
{
  g_autofree char *path = build_path (self, "journal.sqlite");
  g_autofree char *kept = build_path (self, "kept.sqlite");
  g_autofree char *sql = g_strdup_printf ("VACUUM INTO '%s'", kept);

  execute (path, sql);
}

/* @sql: (nullable): changes the journal meanwhile */
static void
kill_run (RelaisRunFixture *self,
          const char       *sql)
{
  g_autofree char *path = build_path (self, "journal.sqlite");
  g_autofree char *kept = build_path (self, "kept.sqlite");

  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  relais_run_fixture_close (self);
  g_assert_cmpint (g_rename (kept, path), ==, 0);
  relais_run_fixture_misbehave (self, "html-502", "off");
  if (sql != NULL)
    execute (path, sql);
  relais_run_fixture_open (self);
}

/* Starts a run that does not come to its end, and keeps the journal of a moment when so many batches are about to leave or have left, and
 * one is confirmed. */
static void
start_and_keep (RelaisRunFixture *self,
                guint             n_batches)
{
  guint n_confirmed = 0, n_written = 0;

  relais_run_fixture_start (self);
  while (n_confirmed == 0 || n_written < n_batches)
    {
      g_autoptr (GPtrArray) batches = relais_run_fixture_batches (self, relais_run_get_id (self->live));

      n_written = batches->len;
      n_confirmed = 0;
      for (guint i = 0; i < batches->len; i++)
        n_confirmed += ((RelaisBatchRecord *) g_ptr_array_index (batches, i))->state == RELAIS_BATCH_CONFIRMED;
      g_assert_false (self->ended);
      g_main_context_iteration (NULL, FALSE);
    }
  keep_journal (self);
  g_assert_cmpint (relais_run_get_status (self->live), ==, RELAIS_RUN_PROCESSING);
}

/* Of the next run one batch gets through, and no other. */
static void
let_one_through (RelaisRunFixture *self)
{
  g_autofree char *fault = g_strdup_printf ("import:%u+/html-502", (guint) self->practice->account.n_imports + 2);

  relais_run_fixture_misbehave (self, fault, NULL);
}

/* How many it held */

static void
test_a_killed_run_asks_with_the_numbers_it_began_with (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  guint first = GPOINTER_TO_UINT (user_data);

  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_write_range (self, first, 400);
  let_one_through (self);
  start_and_keep (self, 2);
  kill_run (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, first > 21 ? RELAIS_RUN_INTERRUPTED : RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.delivered, ==, 100);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, first > 21 ? 0 : 20);
  if (first > 21)
    g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "21 of the 100 people"));
}

/* Who was put back */

static void
test_a_killed_run_knows_whom_it_put_back (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  g_autoptr (GPtrArray) history = NULL;

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_deliver (self, 4, 20);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
  relais_leaving_write_range (self, 1, 320);
  let_one_through (self);
  start_and_keep (self, 2);
  kill_run (self, NULL);
  history = relais_run_fixture_history (self);
  g_assert_cmpuint (((const RelaisRunRecord *) g_ptr_array_index (history, 0))->leavers.put_back, ==, 3);
  g_assert_cmpuint (((const RelaisRunRecord *) g_ptr_array_index (history, 0))->batches_accepted, ==, 1);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.put_back, ==, 3);
}

/* How often it has asked */

static guint64
get_repeated (RelaisRunFixture *self)
{
  g_autoptr (GPtrArray) history = relais_run_fixture_history (self);

  return ((const RelaisRunRecord *) g_ptr_array_index (history, 0))->leavers.repeated;
}

/* An import that takes them off has left, or may have, and nobody heard of it; and so has the next one, where there are some. */
static void
test_a_killed_run_counts_what_it_repeats (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  guint n = GPOINTER_TO_UINT (user_data);
  g_autofree char *fault = NULL;

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  fault = g_strdup_printf ("import:%u+/html-502", (guint) self->practice->account.n_imports + 1);
  relais_leaving_write_range (self, 4, 20);
  relais_run_fixture_misbehave (self, fault, NULL);
  relais_run_fixture_start (self);
  while (get_repeated (self) < n || relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT) < 3)
    g_main_context_iteration (NULL, FALSE);
  keep_journal (self);
  kill_run (self, NULL);
  n = (guint) get_repeated (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.repeated, ==, n + 1);
  g_assert_cmpuint (get_repeated (self), ==, n + 1);
}

/* One that is stopped before any of it leaves repeats nothing. */
static void
test_a_stopped_run_counts_nothing_that_did_not_leave (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  g_autofree char *fault = NULL;

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  fault = g_strdup_printf ("import:%u+/throttle-bare", (guint) self->practice->account.n_imports + 1);
  relais_leaving_write_range (self, 4, 20);
  relais_run_fixture_misbehave (self, fault, NULL);
  relais_run_fixture_start (self);
  while (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT) < 3)
    g_main_context_iteration (NULL, FALSE);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT), ==, 0);
  relais_run_fixture_misbehave (self, "throttle-bare", "off");
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.repeated, ==, 0);
}

/* When it was sending */

static void
join_at (RelaisRunFixture *self,
         const char       *email,
         gint64            moment)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE memberships SET since = %" G_GINT64_FORMAT " WHERE list = 1 AND contact = (SELECT id FROM contacts"
                                          " WHERE email = '%s')", moment, email);

  relais_leaving_execute (self, g_intern_string (sql));
}

/* It was sending for an hour when it was killed, three days ago. Whoever joined while it did was put there by it, and nobody who joined
 * since was: not when it never went on, and not when it did, today. */
static void
test_a_killed_run_was_sending_until_the_last_that_is_known_of_it (RelaisRunFixture *self,
                                                                  gconstpointer     user_data)
{
  gboolean goes_on = user_data != NULL;
  gint64 killed = g_get_real_time () / G_USEC_PER_SEC - 3 * DAY;
  g_autofree char *sql = g_strdup_printf ("UPDATE runs SET started_at = %1$" G_GINT64_FORMAT "000000, begun_at = %1$" G_GINT64_FORMAT "000000;"
                                          "UPDATE attempts SET first_at = %1$" G_GINT64_FORMAT "000000, last_at = %2$" G_GINT64_FORMAT "000000",
                                          killed - HOUR, killed);

  self->times.verify_patience = 600;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_run_fixture_define (self, ",\"leavers\":\"remove\",\"leavers_brake\":{\"share\":100}");
  relais_leaving_write_range (self, 1, 20);
  relais_run_fixture_misbehave (self, "people/html-502", NULL);
  start_and_keep (self, 1);
  kill_run (self, sql);
  relais_leaving_execute (self, "UPDATE memberships SET since = since - 3 * 86400");
  join_at (self, "person1@example.com", killed - HOUR / 2);
  join_at (self, "person2@example.com", killed + DAY);
  join_at (self, "person3@example.com", killed + HOUR);
  if (goes_on)
    {
      g_autofree char *id = g_strdup (relais_run_get_id (relais_export_get_last_run (self->export)));

      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
      g_assert_cmpstr (relais_run_get_id (self->run), ==, id);
    }
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=3 taken_off=1 in_doubt=0 kept=2");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, 1);
}

/* What became of people */

/* Two are seen as taken off, and written down so, when it is killed. The next attempt does not find them any more. */
static void
test_a_killed_run_names_people_as_what_became_of_them (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  self->times.first_recheck = 600;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_leaving_execute (self, "CREATE TRIGGER stays AFTER UPDATE OF status ON memberships WHEN NEW.status = 2 AND NEW.contact ="
                                " (SELECT id FROM contacts WHERE email = 'person3@example.com') BEGIN UPDATE memberships SET status = 1"
                                " WHERE contact = NEW.contact AND list = NEW.list; END");
  relais_leaving_write_range (self, 4, 20);
  relais_run_fixture_start (self);
  while (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE) < 2)
    g_main_context_iteration (NULL, FALSE);
  keep_journal (self);
  kill_run (self, NULL);
  relais_leaving_execute (self, "DROP TRIGGER stays");
  self->times.first_recheck = 0.001;
  relais_delivery_set_times (self->delivery, &self->times);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_named (self, "person1 taken-off, person2 taken-off, person3 taken-off");
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
}

#define ADD(name, data, function) \
  g_test_add ("/run-leaving-kills/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-killed-run-asks-with-the-numbers-it-began-with/too-many", GUINT_TO_POINTER (22), test_a_killed_run_asks_with_the_numbers_it_began_with);
  ADD ("a-killed-run-asks-with-the-numbers-it-began-with/not-too-many", GUINT_TO_POINTER (21), test_a_killed_run_asks_with_the_numbers_it_began_with);
  ADD ("a-killed-run-knows-whom-it-put-back", NULL, test_a_killed_run_knows_whom_it_put_back);
  ADD ("a-killed-run-counts-what-it-repeats/once", GUINT_TO_POINTER (0), test_a_killed_run_counts_what_it_repeats);
  ADD ("a-killed-run-counts-what-it-repeats/more-than-once", GUINT_TO_POINTER (1), test_a_killed_run_counts_what_it_repeats);
  ADD ("a-stopped-run-counts-nothing-that-did-not-leave", NULL, test_a_stopped_run_counts_nothing_that_did_not_leave);
  ADD ("a-killed-run-was-sending-until-the-last-that-is-known-of-it/and-never-went-on", NULL,
       test_a_killed_run_was_sending_until_the_last_that_is_known_of_it);
  ADD ("a-killed-run-was-sending-until-the-last-that-is-known-of-it/and-went-on", "", test_a_killed_run_was_sending_until_the_last_that_is_known_of_it);
  ADD ("a-killed-run-names-people-as-what-became-of-them", NULL, test_a_killed_run_names_people_as_what_became_of_them);

  return g_test_run ();
}
