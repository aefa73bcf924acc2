/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the account's plan has room for, and how the account stands: told, and never an obstacle. */

#include "relais-error.h"
#include "relais-practice-server-private.h"
#include "relais-run-fixture.h"

#include <string.h>

#define ROOM_FOR_400 "{\"account\":\"name\",\"status\":\"active\",\"subscriber_limit\":1000,\"subscriber_total\":600}"
#define FULL         "{\"account\":\"name\",\"status\":\"active\",\"subscriber_limit\":1000,\"subscriber_total\":1000}"

static void
prepare (RelaisRunFixture *self,
         guint             n_people)
{
  relais_run_fixture_write_people (self, n_people);
  relais_run_fixture_define (self, NULL);
}

static const char *
get_message (RelaisRunFixture *self)
{
  return relais_run_fixture_get_told (self);
}

static guint
count_questions (RelaisRunFixture *self)
{
  guint n = 0;

  for (guint i = 0; i < self->account->targets->len; i++)
    n += strstr (g_ptr_array_index (self->account->targets, i), "settings/account") != NULL;
  g_ptr_array_set_size (self->account->targets, 0);

  return n;
}

static guint
count_rejections (RelaisRunFixture *self,
                  RelaisReason      reason)
{
  g_autoptr (GPtrArray) rejections = relais_run_fixture_rejections (self);
  guint n = 0;

  for (guint i = 0; i < rejections->len; i++)
    n += ((const RelaisRejection *) g_ptr_array_index (rejections, i))->reason == reason;

  return n;
}

static RelaisReason
find_reason (RelaisRunFixture *self,
             const char       *email)
{
  g_autoptr (GPtrArray) rejections = relais_run_fixture_rejections (self);

  for (guint i = 0; i < rejections->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (rejections, i);

      if (g_str_equal (rejection->email, email))
        return rejection->reason;
    }

  return RELAIS_REASON_NONE;
}

/* What a preview says besides its counts */
static const char *
preview (RelaisRunFixture *self)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_no_error (error);

  return self->message;
}

static void
test_a_preview_tells_that_there_may_be_too_little_room (RelaisRunFixture *self,
                                                        gconstpointer     user_data)
{
  prepare (self, 401);
  self->account->settings = ROOM_FOR_400;
  g_assert_nonnull (strstr (preview (self), "has room for 400 more contacts, and this segment has up to 401 people"));
  g_assert_cmpuint (count_questions (self), ==, 1);
  self->account->settings = FULL;
  g_assert_nonnull (strstr (preview (self), "The account is full: 1,000 of 1,000 contacts"));

  /* Who may not be mailed needs no room. */
  self->account->settings = ROOM_FOR_400;
  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 7, 7);
  g_assert_null (preview (self));
}

static void
test_who_was_delivered_before_needs_no_room (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  prepare (self, 401);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  self->account->settings = FULL;
  g_assert_null (preview (self));
  relais_run_fixture_write_people (self, 402);
  g_assert_nonnull (strstr (preview (self), "up to 1 person of this segment"));
}

/* Everybody may have been in the account for long, so nobody is kept back. */
static void
test_a_run_never_ends_for_it (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  prepare (self, 1000);
  self->account->settings = FULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=1000");
  g_assert_cmpuint (count_questions (self), ==, 1);
  /* There was room, then. */
  g_assert_null (get_message (self));
}

static void
test_who_is_refused_for_it_has_that_for_a_reason (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  prepare (self, 1000);
  self->account->settings = ROOM_FOR_400;
  /* One is refused while there is room, for whatever reason. */
  relais_scripted_account_put_people (self->account, self->account->failing, 3, 3);
  relais_scripted_account_put_people (self->account, self->account->failing, 402, 1000);
  relais_scripted_account_put_people (self->account, self->account->unfit, 999, 999);
  self->times.most_questions = 20000;
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=400 refused=600");
  g_assert_nonnull (strstr (get_message (self), "had room for 400 more contacts, and up to 1,000 people"));
  g_assert_cmpint (find_reason (self, "person3@example.com"), ==, RELAIS_REASON_NOT_ON_LIST);
  g_assert_cmpint (find_reason (self, "person1000@example.com"), ==, RELAIS_REASON_PROBABLY_FULL);
  /* One batch may have its result before another that left earlier has its answer. */
  g_assert_cmpuint (count_rejections (self, RELAIS_REASON_PROBABLY_FULL), >=, 400);
  g_assert_cmpuint (count_rejections (self, RELAIS_REASON_PROBABLY_FULL) + count_rejections (self, RELAIS_REASON_NOT_ON_LIST), ==, 599);
  /* The service's own word comes first. */
  g_assert_cmpuint (count_rejections (self, RELAIS_REASON_REFUSED_BECAUSE), ==, 1);
}

static void
test_where_there_was_room_it_is_no_reason (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  prepare (self, 400);
  self->account->settings = ROOM_FOR_400;
  relais_scripted_account_put_people (self->account, self->account->failing, 399, 400);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_assert_cmpuint (count_rejections (self, RELAIS_REASON_NOT_ON_LIST), ==, 2);
  g_assert_null (get_message (self));
}

/* Almost everybody is refused, so that the plan still has room for those behind. */
static void
test_who_is_refused_while_there_is_room_is_not_refused_for_it (RelaisRunFixture *self,
                                                               gconstpointer     user_data)
{
  prepare (self, 500);
  self->account->settings = "{\"subscriber_limit\":1000,\"subscriber_total\":700}";
  relais_scripted_account_put_people (self->account, self->account->failing, 1, 250);
  relais_scripted_account_put_people (self->account, self->account->failing, 261, 500);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=500 delivered=10 refused=490");
  g_assert_cmpuint (count_rejections (self, RELAIS_REASON_PROBABLY_FULL), ==, 0);
}

/* Whoever is there already needs no room, however many they are. */
static void
test_who_is_not_new_is_not_refused_for_it (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  g_autoptr (GString) changed = g_string_new ("EMail,FirstName\n");

  prepare (self, 1000);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  for (guint i = 1; i <= 1000; i++)
    g_string_append_printf (changed, "person%u@example.com,Somebody else\n", i);
  relais_run_fixture_write (self, changed->str);
  self->account->settings = ROOM_FOR_400;
  relais_scripted_account_put_people (self->account, self->account->failing, 1000, 1000);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=999 refused=1");
  g_assert_cmpint (find_reason (self, "person1000@example.com"), ==, RELAIS_REASON_NOT_ON_LIST);
  g_assert_null (get_message (self));
}

static void
test_the_practice_account_is_full (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, self->practice->account.n_active + 400);

  relais_practice_add_fault (self->practice, "contact-limit", limit, &error);
  g_assert_no_error (error);
  prepare (self, 1000);
  g_assert_nonnull (strstr (preview (self), "has room for 400 more contacts, and this segment has up to 1,000 people"));
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=400 refused=600");
  /* Batches leave side by side, and which of them took the last room is not told. */
  g_assert_cmpuint (count_rejections (self, RELAIS_REASON_PROBABLY_FULL), >=, 200);

  g_assert_nonnull (strstr (preview (self), "The account is full"));
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 unchanged=400 refused=600");
  g_assert_nonnull (strstr (get_message (self), "The account was full before this run"));
  g_assert_cmpuint (count_rejections (self, RELAIS_REASON_PROBABLY_FULL), ==, 600);
}

static void
test_an_account_that_does_not_say_holds_nothing_up (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  static const struct
  {
    const char *word;
    guint       n_questions;   /* at the most */
  } cases[] = { { "no-right", 1 }, { "404", 1 }, { "403", 2 }, { "402", 2 }, { "html", 2 }, { "unreadable", 2 }, { "500", 2 }, { "410", 2 } };

  prepare (self, 1000);
  self->options.again = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].word);
      self->account->every_settings = cases[i].word;
      g_assert_null (preview (self));
      g_assert_cmpuint (count_questions (self), ==, cases[i].n_questions);
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
      g_assert_null (get_message (self));
      g_assert_cmpuint (count_questions (self), ==, cases[i].n_questions);
      g_assert_cmpuint (self->n_pauses, ==, 0);
    }
}

static void
come_back_cb (RelaisScriptedAccount *account,
              const char            *what,
              guint                  nth,
              gpointer               user_data)
{
  const char *target = g_ptr_array_index (account->targets, account->targets->len - 1);

  account->every_other = nth < 20 && strstr (target, "/lists?") == NULL ? "500" : NULL;
}

static void
test_it_is_asked_again_with_all_else (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  prepare (self, 1000);
  self->account->settings = ROOM_FOR_400;
  relais_scripted_account_put_people (self->account, self->account->failing, 402, 1000);
  self->account->hook = come_back_cb;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_assert_nonnull (strstr (get_message (self), "had room for 400"));
}

static void
test_an_account_that_is_held_up_is_told_and_used (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  prepare (self, 10);
  self->account->settings = "{\"status\":\"Under review\",\"subscriber_limit\":1000,\"subscriber_total\":999}";
  g_assert_nonnull (strstr (preview (self), "“Under review”"));
  g_assert_nonnull (strstr (self->message, "room for 1 more contact,"));
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=10");
  g_assert_nonnull (strstr (get_message (self), "“Under review”"));

  self->account->settings = "{\"status\":\"active\"}";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_null (get_message (self));
}

static void
test_it_is_told_beside_what_else_is_missing (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  prepare (self, 10);
  self->account->settings = FULL;
  self->account->every_exclusions = "no-right";
  g_assert_nonnull (strstr (preview (self), "The account is full"));
  g_assert_nonnull (strstr (self->message, ". The account’s exclusion list could not be read"));
}

static void
cancel_cb (RelaisScriptedAccount *account,
           const char            *what,
           guint                  nth,
           gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (strstr (g_ptr_array_index (account->targets, account->targets->len - 1), "settings/account") != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
test_cancelled_while_it_is_asked (RelaisRunFixture *self,
                                  gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  prepare (self, 10);
  self->account->every_settings = "hang";
  self->account->hook = cancel_cb;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_CANCELED);
  g_assert_cmpuint (self->account->n_imports, ==, 0);
  g_cancellable_reset (self->cancellable);
  g_assert_false (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, test) \
  g_test_add ("/run/room/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)
#define ADD_PRACTICE(name, test) \
  g_test_add ("/run/room/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up_practice, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a preview tells that there may be too little room", test_a_preview_tells_that_there_may_be_too_little_room);
  ADD ("who was delivered before needs no room", test_who_was_delivered_before_needs_no_room);
  ADD ("a run never ends for it", test_a_run_never_ends_for_it);
  ADD ("who is refused for it has that for a reason", test_who_is_refused_for_it_has_that_for_a_reason);
  ADD ("where there was room it is no reason", test_where_there_was_room_it_is_no_reason);
  ADD ("who is refused while there is room is not refused for it", test_who_is_refused_while_there_is_room_is_not_refused_for_it);
  ADD ("who is not new is not refused for it", test_who_is_not_new_is_not_refused_for_it);
  ADD_PRACTICE ("the practice account is full", test_the_practice_account_is_full);
  ADD ("an account that does not say holds nothing up", test_an_account_that_does_not_say_holds_nothing_up);
  ADD ("it is asked again with all else", test_it_is_asked_again_with_all_else);
  ADD ("an account that is held up is told and used", test_an_account_that_is_held_up_is_told_and_used);
  ADD ("it is told beside what else is missing", test_it_is_told_beside_what_else_is_missing);
  ADD ("cancelled while it is asked", test_cancelled_while_it_is_asked);

  return g_test_run ();
}
