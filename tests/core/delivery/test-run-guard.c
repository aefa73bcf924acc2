/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Before anything is sent, the account is asked who may not be mailed: all of them, or nothing is sent. */

#include "relais-error.h"
#include "relais-practice-server-private.h"
#include "relais-practice-content.h"
#include "relais-run-fixture.h"

#include <string.h>

static void
prepare (RelaisRunFixture *self,
         guint             n_people)
{
  relais_run_fixture_write_people (self, n_people);
  relais_run_fixture_define (self, NULL);
}

static guint
count_targets (RelaisRunFixture *self,
               const char       *part,
               const char       *other)
{
  guint n = 0;

  for (guint i = 0; i < self->account->targets->len; i++)
    n += strstr (g_ptr_array_index (self->account->targets, i), part) != NULL &&
         strstr (g_ptr_array_index (self->account->targets, i), other) != NULL;

  return n;
}

static void
add_exclusion (RelaisRunFixture *self,
               const char       *phrase,
               const char       *type)
{
  g_ptr_array_add (self->account->exclusions,
                   g_strdup_printf ("{\"id\":\"%u\",\"matchPhrase\":\"%s\",\"matchType\":\"%s\",\"channel\":\"all\",\"hidden\":false,\"lists\":[]}",
                                    self->account->exclusions->len + 1, phrase, type));
}

static const char *
get_message (RelaisRunFixture *self)
{
  return relais_run_fixture_get_told (self);
}

static guint64
count_reason (RelaisRunFixture *self,
              RelaisReason      reason)
{
  return relais_run_get_record (self->run)->counts.by_reason[reason];
}

static void
assert_nothing_sent (RelaisRunFixture *self)
{
  g_assert_cmpuint (self->account->n_imports, ==, 0);
  g_assert_cmpuint (self->account->written->len, ==, 0);
}

/* Exclusions */

static void
test_who_is_excluded_is_barred (RelaisRunFixture *self,
                                gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  prepare (self, 400);
  /* More than a page of them */
  for (guint i = 0; i < 250; i++)
    {
      g_autofree char *other = g_strdup_printf ("other%u@example.com", i);

      add_exclusion (self, other, "exact");
    }
  add_exclusion (self, "Person7@example.com", "exact");
  add_exclusion (self, "person39", "begin");
  add_exclusion (self, "00@example.com", "end");
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 100, 101);

  g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (self->message);
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_BARRED], ==, 1 + 11 + 4 + 1);
  g_assert_cmpuint (counts.by_reason[RELAIS_REASON_EXCLUDED], ==, 1 + 11 + 3);
  g_assert_cmpuint (counts.by_reason[RELAIS_REASON_UNSUBSCRIBED], ==, 2);
  assert_nothing_sent (self);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=400 delivered=383 barred=17");
  g_assert_cmpuint (count_reason (self, RELAIS_REASON_EXCLUDED), ==, 15);
  g_assert_null (get_message (self));
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person7@example.com"), ==, 0);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person390@example.com"), ==, 0);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person300@example.com"), ==, 0);
}

static void
test_exclusions_out_of_reach_are_told (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  static const char * const words[] = { "no-right", "404", "html", "unreadable", "403", "410" };
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  prepare (self, 10);
  add_exclusion (self, "person3@example.com", "exact");
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 4, 4);
  /* The service refuses them itself. */
  g_hash_table_add (self->account->failing, (gpointer) "person3@example.com");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i]);
      self->options.again = TRUE;
      self->account->every_exclusions = words[i];
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
      relais_run_fixture_assert_counts (self, "read=10 delivered=8 refused=1 barred=1");
      g_assert_nonnull (strstr (get_message (self), "exclusion list could not be read"));
      g_assert_null (strstr (get_message (self), "may not look at people"));

      g_clear_error (&error);
      g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
      g_assert_nonnull (strstr (self->message, "exclusion list could not be read"));
    }

  self->account->every_exclusions = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=8 barred=2");
  g_assert_null (get_message (self));
}

static void
test_exclusions_of_another_kind_are_told (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  prepare (self, 10);
  add_exclusion (self, "person3@example.com", "exact");
  add_exclusion (self, "rson4", "contains");
  g_hash_table_add (self->account->failing, (gpointer) "person4@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=10 delivered=8 refused=1 barred=1");
  g_assert_nonnull (strstr (get_message (self), "Part of the account’s exclusion list"));
}

static void
delete_first (RelaisScriptedAccount *account,
              const char            *what,
              guint                  nth,
              gpointer               user_data)
{
  const char *target = g_ptr_array_index (account->targets, account->targets->len - 1);

  if (strstr (target, "/lists/exclusions") != NULL && strstr (target, "offset=100") != NULL && account->exclusions->len == 102)
    g_ptr_array_remove_index (account->exclusions, 0);
}

/* The next one moves up to the page that was read already, and nobody is told of it. */
static void
test_one_that_is_deleted_meanwhile_is_told (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  prepare (self, 10);
  for (guint i = 0; i < 100; i++)
    add_exclusion (self, "person3@example.com", "exact");
  add_exclusion (self, "person4@example.com", "exact");
  add_exclusion (self, "person5@example.com", "exact");
  self->account->hook = delete_first;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=8 barred=2");
  g_assert_nonnull (strstr (get_message (self), "Part of the account’s exclusion list"));
}

static void
come_back (RelaisScriptedAccount *account,
           const char            *what,
           guint                  nth,
           gpointer               user_data)
{
  if (g_str_equal (what, "other") && nth > 8)
    account->every_exclusions = NULL;
}

static void
test_a_passing_fault_of_exclusions_is_waited_out (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  prepare (self, 10);
  add_exclusion (self, "person3@example.com", "exact");
  self->account->every_exclusions = "502";
  self->account->hook = come_back;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=9 barred=1");
  g_assert_null (get_message (self));
}

static void
fail_second_page (RelaisScriptedAccount *account,
                  const char            *what,
                  guint                  nth,
                  gpointer               user_data)
{
  const char *target = g_ptr_array_index (account->targets, account->targets->len - 1);

  account->every_exclusions = strstr (target, "offset=100") != NULL ? "502" : NULL;
}

/* The service refuses them itself, so nobody waits an hour for them. */
static void
test_exclusions_without_an_answer_are_done_without (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  const char *expected = user_data != NULL ? "Part of the account’s exclusion list" : "exclusion list could not be read";
  guint n_pages = user_data != NULL ? 1 : 0;
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  prepare (self, 10);
  for (guint i = 0; i < 100; i++)
    add_exclusion (self, "person3@example.com", "exact");
  add_exclusion (self, "person5@example.com", "exact");
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 4, 4);
  self->account->every_exclusions = "502";
  self->account->hook = user_data != NULL ? fail_second_page : NULL;

  g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (self->message, expected));
  g_assert_cmpuint (counts.by_reason[RELAIS_REASON_UNSUBSCRIBED], ==, 1);
  g_assert_cmpuint (counts.by_reason[RELAIS_REASON_EXCLUDED], ==, n_pages);
  g_assert_cmpuint (count_targets (self, "/lists/exclusions", ""), ==, n_pages + 1);
  assert_nothing_sent (self);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (count_reason (self, RELAIS_REASON_UNSUBSCRIBED), ==, 1);
  g_assert_cmpuint (count_reason (self, RELAIS_REASON_EXCLUDED), ==, n_pages);
  g_assert_nonnull (strstr (get_message (self), expected));
  /* Once for the preview, and eight times for the run, which asked for the list once more before it went on. */
  g_assert_cmpuint (count_targets (self, "/lists/exclusions", ""), ==, 2 * n_pages + 1 + 8);
  g_assert_cmpuint (count_targets (self, "/api/3/lists?", ""), ==, 1 + 2);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person4@example.com"), ==, 0);
}

static void
fail_with_lists (RelaisScriptedAccount *account,
                 const char            *what,
                 guint                  nth,
                 gpointer               user_data)
{
  RelaisRunFixture *self = user_data;
  const char *target = g_ptr_array_index (account->targets, account->targets->len - 1);

  account->every_other = NULL;
  if (strstr (target, "/api/3/lists?") == NULL || count_targets (self, "/lists/exclusions", "") < 8)
    return;
  account->every_other = "502";
  if (self->n_pauses++ == 3)
    {
      account->every_other = account->every_exclusions = NULL;
      account->hook = NULL;
    }
}

/* Nothing else is answered either: that is no reason to do without them. */
static void
test_an_account_that_does_not_answer_is_waited_for (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  prepare (self, 10);
  add_exclusion (self, "person3@example.com", "exact");
  self->account->every_exclusions = "502";
  self->account->hook = fail_with_lists;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (self->n_pauses, ==, 4);
  relais_run_fixture_assert_counts (self, "read=10 delivered=9 barred=1");
  g_assert_null (get_message (self));
}

/* The status */

static void
test_a_status_that_is_not_heeded_bars_nobody (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  prepare (self, 300);
  relais_scripted_account_put_people (self->account, self->account->active, 1, 250);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 251, 252);
  self->account->any_status = TRUE;
  self->account->no_sideload = user_data != NULL;

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, RELAIS_ERROR_INVALID);
  g_assert_nonnull (strstr (get_message (self), "cannot tell who has to be left out"));
  assert_nothing_sent (self);
  g_assert_false (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_INVALID);

  /* It can go on when that is mended. */
  self->account->any_status = FALSE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=300 delivered=298 barred=2");
}

/* Everybody has left: that is no reason to doubt. */
static void
test_a_status_is_believed_when_it_is_told (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  prepare (self, 300);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 1, 300);
  self->account->no_sideload = user_data != NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=300 barred=300");
  g_assert_cmpuint (count_targets (self, "/contactLists", ""), ==, user_data != NULL ? 2 : 0);
  assert_nothing_sent (self);
}

static void
forget_witnesses (RelaisScriptedAccount *account,
                  const char            *what,
                  guint                  nth,
                  gpointer               user_data)
{
  const char *target = g_ptr_array_index (account->targets, account->targets->len - 1);

  account->every_other = strstr (target, "/contactLists") != NULL ? "404" : NULL;
}

static void
test_without_a_witness_nothing_is_sent (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  prepare (self, 10);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 1, 3);
  self->account->no_sideload = TRUE;
  self->account->hook = forget_witnesses;
  self->times.patience = 0.2;
  relais_delivery_set_times (self->delivery, &self->times);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  assert_nothing_sent (self);
}

static void
test_the_practice_account_may_not_heed_it_either (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  g_autoptr (GError) error = NULL;

  relais_content_add_person (self->practice->account.store, "person1@example.com", 1, 1);
  relais_practice_add_fault (self->practice, "status-unheeded", NULL, &error);
  g_assert_no_error (error);
  prepare (self, 3);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_nonnull (strstr (get_message (self), "cannot tell who has to be left out"));
  g_assert_cmpuint (self->practice->account.n_imports, ==, 0);

  relais_practice_add_fault (self->practice, "status-unheeded", "off", &error);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=3 delivered=3");
}

/* Page after page */

static void
fail_once (RelaisScriptedAccount *account,
           const char            *what,
           guint                  nth,
           gpointer               user_data)
{
  RelaisRunFixture *self = user_data;
  const char *target = g_ptr_array_index (account->targets, account->targets->len - 1);
  gboolean fails = strstr (target, "status=2") != NULL && strstr (target, "id_greater=300") != NULL && self->n_pauses++ < 2;

  account->every_other = fails ? "502" : NULL;
}

static void
test_after_a_fault_it_goes_on_where_it_was (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  prepare (self, 1000);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 1, 600);
  relais_scripted_account_put_people (self->account, self->account->bounced, 601, 620);
  self->account->hook = fail_once;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=380 barred=620");
  g_assert_cmpuint (count_reason (self, RELAIS_REASON_UNSUBSCRIBED), ==, 600);
  g_assert_cmpuint (count_reason (self, RELAIS_REASON_BOUNCED), ==, 20);
  g_assert_cmpuint (self->n_pauses, ==, 3);
  /* Six pages and the empty one after them; one of them was asked for three times, the others once. */
  g_assert_cmpuint (count_targets (self, "/contacts?", "status=2"), ==, 7 + 2);
  g_assert_cmpuint (count_targets (self, "/contacts?", "status=3"), ==, 2);
  g_assert_cmpuint (count_targets (self, "/lists/exclusions", ""), ==, 1);
}

static void
test_whoever_cannot_be_read_stops_the_run (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  static const char * const answers[] = {
    "{\"contacts\":[{\"email\":\"person3@example.com\"}]}",
    "{\"contacts\":[{\"id\":\"7\"}]}",
    "{\"contacts\":[{\"id\":\"7\",\"email\":\"person3@example.com\"},{\"id\":\"6\",\"email\":\"person4@example.com\"}],"
    "\"contactLists\":[]}",
    "{\"contacts\":[17]}",
  };

  prepare (self, 10);
  self->times.patience = 0.1;
  relais_delivery_set_times (self->delivery, &self->times);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_test_message ("%s", answers[i]);
      self->account->contacts_answer = answers[i];
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
      g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, RELAIS_ERROR_REPLY);
      assert_nothing_sent (self);
    }
}

static void
test_people_without_an_address_are_nobody_here (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  g_autoptr (GError) error = NULL;

  /* As the service has them: known by telephone alone. */
  relais_content_add_person (self->practice->account.store, "", 1, 2);
  relais_content_add_person (self->practice->account.store, "person2@example.com", 1, 2);
  relais_practice_add_fault (self->practice, "no-totals", NULL, &error);
  g_assert_no_error (error);
  prepare (self, 3);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=3 delivered=2 barred=1");
}

static void
test_many_are_listed_in_parts (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  prepare (self, 6100);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 1, 2000);
  relais_scripted_account_put_people (self->account, self->account->active, 2001, 3000);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 3001, 6000);
  relais_scripted_account_put_people (self->account, self->account->bounced, 6001, 6001);
  self->account->no_bounds = user_data != NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=6100 delivered=1099 barred=5001");
  g_assert_cmpuint (count_reason (self, RELAIS_REASON_UNSUBSCRIBED), ==, 5000);
  g_assert_cmpuint (count_targets (self, "status=2", "orders%5Bid%5D=DESC") + count_targets (self, "status=2", "orders[id]=DESC"), ==, 1);
  g_assert_cmpuint (count_targets (self, "status=2", "id_less="), >, 20);
  g_assert_cmpuint (count_targets (self, "status=2", ""), <=, 50 + 10);
}

/* How far it is */

typedef struct
{
  guint64 most;
  guint64 total;
  guint   n_told;
  guint   n_other;
} Told;

static void
told_cb (RelaisRun  *run,
         GParamSpec *pspec,
         gpointer    user_data)
{
  Told *told = user_data;

  if (relais_run_get_phase (run) != RELAIS_PHASE_GUARDING)
    {
      told->n_other += relais_run_get_total (run) > 100;
      return;
    }
  told->n_told++;
  told->most = MAX (told->most, relais_run_get_done (run));
  told->total = MAX (told->total, relais_run_get_total (run));
}

static void
wait_a_moment (RelaisScriptedAccount *account,
               const char            *what,
               guint                  nth,
               gpointer               user_data)
{
  /* Longer than it takes until progress is told. */
  if (g_str_equal (what, "other") && nth % 10 == 0)
    g_usleep (150 * 1000);
}

static void
test_it_tells_how_far_it_is (RelaisRunFixture *self,
                             gconstpointer     user_data)
{
  Told told = { 0 };

  prepare (self, 100);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 1, 1900);
  relais_scripted_account_put_people (self->account, self->account->bounced, 1901, 2000);
  self->account->hook = wait_a_moment;
  relais_run_fixture_start (self);
  g_signal_connect (self->live, "notify::done", G_CALLBACK (told_cb), &told);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=100 barred=100");
  g_assert_cmpuint (told.n_told, >, 1);
  g_assert_cmpuint (told.most, >=, 100);
  g_assert_cmpuint (told.most, <=, 2000);
  g_assert_cmpuint (told.total, ==, 2000);
  /* And then it counts rows. */
  g_assert_cmpuint (told.n_other, ==, 0);
  g_assert_cmpuint (relais_run_get_total (self->run), ==, 100);
}

static void
cancel_midway (RelaisScriptedAccount *account,
               const char            *what,
               guint                  nth,
               gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "other") && nth == 10)
    relais_run_cancel (self->live);
}

static void
test_it_is_cancelled_without_delay (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  prepare (self, 10);
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 1, 1900);
  self->account->hook = cancel_midway;
  self->account->hook_data = self;
  self->times.grace = 300;
  relais_delivery_set_times (self->delivery, &self->times);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_CANCELED);
  assert_nothing_sent (self);
  g_assert_cmpuint (self->account->n_others, <, 16);
  g_assert_cmpuint (relais_run_get_done (self->run), ==, 0);
}

#define ADD(name, data, test) \
  g_test_add ("/run/guard/" name, RelaisRunFixture, data, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)
#define ADD_PRACTICE(name, test) \
  g_test_add ("/run/guard/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up_practice, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("who is excluded is barred", NULL, test_who_is_excluded_is_barred);
  ADD ("exclusions out of reach are told", NULL, test_exclusions_out_of_reach_are_told);
  ADD ("exclusions of another kind are told", NULL, test_exclusions_of_another_kind_are_told);
  ADD ("one that is deleted meanwhile is told", NULL, test_one_that_is_deleted_meanwhile_is_told);
  ADD ("a passing fault of exclusions is waited out", NULL, test_a_passing_fault_of_exclusions_is_waited_out);
  ADD ("exclusions without an answer are done without", NULL, test_exclusions_without_an_answer_are_done_without);
  ADD ("exclusions without an answer are done without, when part of them has one", "", test_exclusions_without_an_answer_are_done_without);
  ADD ("an account that does not answer is waited for", NULL, test_an_account_that_does_not_answer_is_waited_for);
  ADD ("a status that is not heeded bars nobody", NULL, test_a_status_that_is_not_heeded_bars_nobody);
  ADD ("a status that is not heeded bars nobody, nor when pages do not tell", "", test_a_status_that_is_not_heeded_bars_nobody);
  ADD ("a status is believed when it is told", NULL, test_a_status_is_believed_when_it_is_told);
  ADD ("a status is believed when it is told by each alone", "", test_a_status_is_believed_when_it_is_told);
  ADD ("without a witness nothing is sent", NULL, test_without_a_witness_nothing_is_sent);
  ADD_PRACTICE ("the practice account may not heed it either", test_the_practice_account_may_not_heed_it_either);
  ADD ("after a fault it goes on where it was", NULL, test_after_a_fault_it_goes_on_where_it_was);
  ADD ("whoever cannot be read stops the run", NULL, test_whoever_cannot_be_read_stops_the_run);
  ADD_PRACTICE ("people without an address are nobody here", test_people_without_an_address_are_nobody_here);
  ADD ("many are listed in parts", NULL, test_many_are_listed_in_parts);
  ADD ("many are listed in parts, be they heeded or not", "", test_many_are_listed_in_parts);
  ADD ("it tells how far it is", NULL, test_it_tells_how_far_it_is);
  ADD ("it is cancelled without delay", NULL, test_it_is_cancelled_without_delay);

  return g_test_run ();
}
