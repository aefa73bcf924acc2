/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Taking people off goes wrong, or is stopped. Whatever happens: nothing is called done that was not seen, and the next run
 * goes on. */

#include "relais-error.h"
#include "relais-leaving-fixture.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"
#include "relais-report-json.h"

#include <sqlite3.h>
#include <string.h>

static void
set_times (RelaisRunFixture *self)
{
  relais_delivery_set_times (self->delivery, &self->times);
}

/* Twenty people, of whom three have left the segment */
static void
prepare (RelaisRunFixture *self)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
}

static void
assert_taken_off (RelaisRunFixture *self)
{
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 3);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 17);
}

/* Imports that do not go well */

static void
test_an_import_that_fails_is_tried_once_more (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, user_data, "@1");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_taken_off (self);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  /* Whom an import did that was not done to its end nobody knows: one of three, and an import of one is none of several. */
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, g_str_equal (user_data, "import-failed") ? 3 : 2);
  g_assert_cmpuint (self->practice->account.n_imports, ==, 3);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_accepted, ==, 0);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 0);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.repeated, ==, 1);
}

static void
test_one_that_fails_twice_leaves_them_in_doubt (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-failed", NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=17 unchanged=17");
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=3 kept=0");
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "3 people"));
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 3);
  g_assert_cmpuint (self->practice->account.n_imports, ==, 3);
  /* They are the export's still: the next run tries it again. */
  relais_run_fixture_misbehave (self, "import-failed", "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
  assert_taken_off (self);
}

/* Whoever is in doubt and comes back into the segment is sent again, whatever was sent of them before. */
static void
test_whoever_is_in_doubt_and_comes_back_is_sent (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-failed", NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_misbehave (self, "import-failed", "off");
  relais_leaving_deliver (self, 1, 20);
  relais_run_fixture_assert_counts (self, "read=20 delivered=3 unchanged=17");
}

static void
test_an_import_without_an_end_leaves_them_in_doubt (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  prepare (self);
  self->times.import_deadline = 0.05;
  set_times (self);
  relais_run_fixture_misbehave (self, "import-never-ends", NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=3 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 3);
}

/* Its end is not told, and they are seen off the list: they are, but whose doing that was is not certain. */
static void
test_an_import_that_is_forgotten_is_nobodys_doing (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "2");
  relais_run_fixture_misbehave (self, "info-forgets", NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_taken_off (self);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 3);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "3 people"));
}

static void
test_an_answer_that_is_lost_is_asked_for_again (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, user_data, "5");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_misbehave (self, user_data, "off");
  assert_taken_off (self);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
}

/* What is repeated */
static const struct
{
  const char *fault;
  guint       times;
  guint       n_repeated;
} repetitions[] = {
  { "html-502", 1, 1 },
  { "html-502", 3, 3 },
  { "wrong-json", 1, 1 },
  /* The client has sent it once more by itself. */
  { "reset-after", 1, 1 },
  /* Certainly nothing came of these. */
  { "throttle-bare", 2, 0 },
  { "refuse-whole", 1, 0 },
};

static guint64
get_logged_repeats (RelaisRunFixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "journal.sqlite", NULL);
  sqlite3_stmt *statement;
  sqlite3 *db;
  guint64 n;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT line ->> '$.leavers.repeats' FROM log ORDER BY number DESC LIMIT 1", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return n;
}

static void
test_every_repetition_is_counted (RelaisRunFixture *self,
                                  gconstpointer     user_data)
{
  guint i = GPOINTER_TO_UINT (user_data);
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autofree char *count = g_strdup_printf ("\"repeated\": %u}", repetitions[i].n_repeated);
  g_autofree char *fault = NULL;
  guint n;

  prepare (self);
  n = (guint) self->practice->account.n_imports;
  fault = g_strdup_printf ("import:%u-%u/%s", n + 1, n + repetitions[i].times, repetitions[i].fault);
  relais_run_fixture_misbehave (self, fault, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_taken_off (self);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.repeated, ==, repetitions[i].n_repeated);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 0);
  history = relais_run_fixture_history (self);
  g_assert_cmpuint (((const RelaisRunRecord *) g_ptr_array_index (history, 0))->leavers.repeated, ==, repetitions[i].n_repeated);
  g_assert_cmpuint (get_logged_repeats (self), ==, repetitions[i].n_repeated);
  relais_json_leavers (json, g_ptr_array_index (history, 0));
  g_assert_nonnull (strstr (json->str, count));
}

/* One address that is refused does not keep the others. */
static void
test_whoever_is_refused_stays_and_the_others_go (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "refuse", "person2@");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  g_assert_true (g_str_has_prefix (relais_run_fixture_get_told (self),
                                   "1 person who left the segment stays on the list, because ActiveCampaign refused to take them off it. The next run tries it again. "));
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT), ==, 0);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 0);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 2);
}

/* The account refuses one import after the other: that is none of a few bad addresses, and not the end of the run. */
static void
test_when_everybody_is_refused_they_stay (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  guint64 n_before;

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 310);
  n_before = self->practice->account.n_requests;
  relais_run_fixture_misbehave (self, "refuse", "person");
  relais_leaving_write_range (self, 301, 310);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=10 unchanged=10");
  relais_leaving_assert_counts (self, "departed=300 taken_off=0 in_doubt=0 kept=300");
  g_assert_true (g_str_has_prefix (relais_run_fixture_get_told (self),
                                   "300 people who left the segment stay on the list, because ActiveCampaign refused to take them off it. The next run tries it again. "));
  g_assert_cmpuint (self->practice->account.n_requests - n_before, <, 150);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT), ==, 0);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 310);
  relais_run_fixture_misbehave (self, "refuse", "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=300 taken_off=300 in_doubt=0 kept=0");
}

/* Pages */

/* Whatever is written from now on shows only after this time. */
static void
lag (RelaisRunFixture *self,
     const char       *time)
{
  relais_leaving_execute (self, "UPDATE contacts SET updated = updated - 10000");
  relais_run_fixture_misbehave (self, "lag", time);
}

static void
test_a_list_that_lags_is_looked_at_again (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  self->times.first_recheck = 0.5;
  set_times (self);
  prepare (self);
  lag (self, "1s");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
}

static void
test_a_list_that_lags_too_long_leaves_them_in_doubt (RelaisRunFixture *self,
                                                     gconstpointer     user_data)
{
  prepare (self);
  lag (self, "600s");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_taken_off (self);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=3 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 3);
  relais_run_fixture_misbehave (self, "lag", "off");
  /* Off the list they are found to be; that it was Relais cannot be known any more. */
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 3);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

static void
let_no_status_be_heeded (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "status-unheeded", NULL);
}

/* Where pages tell how everybody is on the list, that counts. */
static void
test_a_status_that_is_not_heeded_takes_nobody_off_wrongly (RelaisRunFixture *self,
                                                           gconstpointer     user_data)
{
  prepare (self);
  relais_leaving_opt_out (self, "person1@example.com", NULL);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, let_no_status_be_heeded), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 2);
}

static void
tell_nothing (RelaisRunFixture *self)
{
  relais_leaving_execute (self, "UPDATE memberships SET status = 2 WHERE list = 1 AND contact < (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  let_no_status_be_heeded (self);
  relais_run_fixture_misbehave (self, "bare-pages", NULL);
}

/* Where they do not, somebody is asked; and who cannot be believed is not. */
static void
test_pages_that_cannot_be_believed_take_nobody_off (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, tell_nothing), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "proxy"));
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 20);
}

static void
forbid (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "not-allowed", "contacts");
}

/* Everybody who was to be put on the list is there: the run has done that, and says what it has not. */
static void
test_a_key_that_is_refused_meanwhile_takes_nobody_off (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, forbid), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  g_assert_true (g_str_has_prefix (relais_run_fixture_get_told (self), "3 people who left the segment stay on the list for now. "));
  relais_run_fixture_misbehave (self, "not-allowed", "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
}

static void
answer_nonsense (RelaisRunFixture *self)
{
  self->account->contacts_answer = "{\"contacts\":[{\"id\":\"1\"}]}";
}

/* Waiting does not make it better: the run comes to its end, and says so. */
static void
test_a_page_that_cannot_be_read_takes_nobody_off (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  prepare (self);
  relais_scripted_account_put_people (self->account, self->account->active, 1, 20);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, answer_nonsense), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  g_assert_true (g_str_has_prefix (relais_run_fixture_get_told (self), "3 people who left the segment stay on the list for now. "));
}

static const char *fault;
static guint n_pages_left;

static void
break_down (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, fault, NULL);
}

/* Everybody who was to be put on the list is there, whatever becomes of its pages: the account may be down, or one of them too
 * much for it. */
static void
test_pages_that_cannot_be_had_put_it_off (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  prepare (self);
  fault = user_data;
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, break_down), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=17 unchanged=17");
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  g_assert_cmpstr (relais_run_fixture_get_told (self), ==,
                   "3 people who left the segment stay on the list for now. ActiveCampaign could not be asked who is on the list, because it did not answer or had a fault of its own. The next run asks again.");
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, -1);
  relais_run_fixture_misbehave (self, fault, "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
}

static void
fail_second_page_cb (SoupServer        *server,
                     SoupServerMessage *message,
                     gpointer           user_data)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  if (query != NULL && strstr (query, "status=1&") != NULL && --n_pages_left == 0)
    relais_run_fixture_misbehave (user_data, "pages/html-500", NULL);
}

static void
watch_pages (RelaisRunFixture *self)
{
  n_pages_left = 2;
  g_signal_connect (self->practice->server, "request-read", G_CALLBACK (fail_second_page_cb), self);
}

/* Of whom it was seen on the first page why they stay, that alone is said. */
static void
test_who_was_seen_before_that_is_not_counted_among_them (RelaisRunFixture *self,
                                                         gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 120);
  relais_leaving_execute (self, "UPDATE memberships SET since = since - 86400 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  relais_leaving_write_range (self, 3, 118);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, watch_pages), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=4 taken_off=0 in_doubt=0 kept=4");
  g_assert_cmpstr (relais_run_fixture_get_told (self), ==,
                   "3 people who left the segment stay on the list for now. ActiveCampaign could not be asked who is on the list, because it did not answer or had a fault of its own. The next run asks again."
                   " 1 person who left the segment stays on the list, because they joined it without Relais.");
}

/* Whether they are off the list cannot be seen. */
static void
test_pages_that_cannot_be_had_afterwards_leave_doubt (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "200");
  fault = user_data;
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (self, break_down), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=3 kept=0");
}

/* Stopped */

static void
cancel (RelaisRunFixture *self)
{
  relais_run_cancel (self->live);
}

static void
test_a_run_that_is_stopped_before_goes_on (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, cancel), ==, RELAIS_RUN_CANCELED);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 20);
  relais_run_fixture_reopen (self);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  assert_taken_off (self);
}

/* What is under way is written down as that, and the import is carried out after the run has ended: whose doing it was cannot
 * be known then. */
static void
test_a_run_that_is_stopped_meanwhile_leaves_them_in_doubt (RelaisRunFixture *self,
                                                           gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "800");
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (self, cancel), ==, RELAIS_RUN_CANCELED);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=3 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT), ==, 3);
  while (relais_leaving_count_status (self, 1, 2) < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 3);
  assert_taken_off (self);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "3 people were taken off the list, but it is not certain"));
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

/* The import that was under way never happened: they are taken off again, and known to be. */
static void
test_what_was_under_way_and_lost_is_done_again (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-never-ends", "@1");
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (self, cancel), ==, RELAIS_RUN_CANCELED);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT), ==, 3);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
  assert_taken_off (self);
}

/* The second page of those who are off the list is asked for. */
static void
cancel_on_second_page_cb (RelaisScriptedAccount *account,
                          const char            *what,
                          guint                  nth,
                          gpointer               user_data)
{
  const char *target = account->targets->len > 0 ? g_ptr_array_index (account->targets, account->targets->len - 1) : "";

  if (g_str_equal (what, "info") && account->n_imports == 2)
    relais_scripted_account_put_people (account, account->unsubscribed, 1, 1);
  if (account->n_imports == 2 && strstr (target, "status=2") != NULL && strstr (target, "id_greater=0&") == NULL)
    relais_run_cancel (((RelaisRunFixture *) user_data)->live);
}

static void
test_whoever_was_seen_off_the_list_is_not_lost (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 9);
  relais_scripted_account_put_people (self->account, self->account->active, 1, 9);
  self->account->hook = cancel_on_second_page_cb;
  self->account->hook_data = self;
  relais_leaving_write_range (self, 3, 9);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_CANCELED);
  relais_leaving_assert_counts (self, "departed=2 taken_off=1 in_doubt=1 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_INTENT), ==, 1);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 1);
}

static void
interrupt (RelaisRunFixture *self)
{
  relais_delivery_interrupt (self->delivery);
}

static void
test_quitting_interrupts_it (RelaisRunFixture *self,
                             gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, interrupt), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_taken_off (self);
}

#define ADD(name, data, function) \
  g_test_add ("/run-leaving-faults/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (repetitions); i++)
    {
      g_autofree char *name = g_strdup_printf ("/run-leaving-faults/every-repetition-is-counted/%s-%u", repetitions[i].fault, repetitions[i].times);

      g_test_add (name, RelaisRunFixture, GUINT_TO_POINTER (i), relais_run_fixture_set_up_practice, test_every_repetition_is_counted,
                  relais_run_fixture_tear_down);
    }
  ADD ("an-import-that-fails-is-tried-once-more", "import-failed", test_an_import_that_fails_is_tried_once_more);
  ADD ("an-import-that-is-interrupted-is-tried-once-more", "import-interrupted", test_an_import_that_fails_is_tried_once_more);
  ADD ("one-that-fails-twice-leaves-them-in-doubt", NULL, test_one_that_fails_twice_leaves_them_in_doubt);
  ADD ("whoever-is-in-doubt-and-comes-back-is-sent", NULL, test_whoever_is_in_doubt_and_comes_back_is_sent);
  ADD ("an-import-without-an-end-leaves-them-in-doubt", NULL, test_an_import_without_an_end_leaves_them_in_doubt);
  ADD ("an-import-that-is-forgotten-is-nobodys-doing", NULL, test_an_import_that_is_forgotten_is_nobodys_doing);
  ADD ("an-answer-that-is-lost/reset", "reset-after", test_an_answer_that_is_lost_is_asked_for_again);
  ADD ("an-answer-that-is-lost/cut", "cut-answer", test_an_answer_that_is_lost_is_asked_for_again);
  ADD ("an-answer-that-is-lost/502", "html-502", test_an_answer_that_is_lost_is_asked_for_again);
  ADD ("whoever-is-refused-stays-and-the-others-go", NULL, test_whoever_is_refused_stays_and_the_others_go);
  ADD ("when-everybody-is-refused-they-stay", NULL, test_when_everybody_is_refused_they_stay);
  ADD ("a-list-that-lags-is-looked-at-again", NULL, test_a_list_that_lags_is_looked_at_again);
  ADD ("a-list-that-lags-too-long-leaves-them-in-doubt", NULL, test_a_list_that_lags_too_long_leaves_them_in_doubt);
  ADD ("a-status-that-is-not-heeded-takes-nobody-off-wrongly", NULL, test_a_status_that_is_not_heeded_takes_nobody_off_wrongly);
  ADD ("pages-that-cannot-be-believed-take-nobody-off", NULL, test_pages_that_cannot_be_believed_take_nobody_off);
  ADD ("a-key-that-is-refused-meanwhile-takes-nobody-off", NULL, test_a_key_that_is_refused_meanwhile_takes_nobody_off);
  g_test_add ("/run-leaving-faults/a-page-that-cannot-be-read-takes-nobody-off", RelaisRunFixture, NULL, relais_run_fixture_set_up,
              test_a_page_that_cannot_be_read_takes_nobody_off, relais_run_fixture_tear_down);
  ADD ("pages-that-cannot-be-had-put-it-off/one", "pages/html-500", test_pages_that_cannot_be_had_put_it_off);
  ADD ("pages-that-cannot-be-had-put-it-off/all", "html-502", test_pages_that_cannot_be_had_put_it_off);
  ADD ("who-was-seen-before-that-is-not-counted-among-them", NULL, test_who_was_seen_before_that_is_not_counted_among_them);
  ADD ("pages-that-cannot-be-had-afterwards-leave-doubt", "pages/html-500", test_pages_that_cannot_be_had_afterwards_leave_doubt);
  ADD ("a-run-that-is-stopped-before-goes-on", NULL, test_a_run_that_is_stopped_before_goes_on);
  ADD ("a-run-that-is-stopped-meanwhile-leaves-them-in-doubt", NULL, test_a_run_that_is_stopped_meanwhile_leaves_them_in_doubt);
  ADD ("what-was-under-way-and-lost-is-done-again", NULL, test_what_was_under_way_and_lost_is_done_again);
  g_test_add ("/run-leaving-faults/whoever-was-seen-off-the-list-is-not-lost", RelaisRunFixture, NULL, relais_run_fixture_set_up,
              test_whoever_was_seen_off_the_list_is_not_lost, relais_run_fixture_tear_down);
  ADD ("quitting-interrupts-it", NULL, test_quitting_interrupts_it);

  return g_test_run ();
}
