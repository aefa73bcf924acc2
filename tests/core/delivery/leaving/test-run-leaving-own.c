/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nobody is taken off whom Relais has not put on the list, and nobody is put back who may have left by themselves meanwhile. */

#include "relais-leaving-fixture.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"

#include <string.h>

/* A membership of list 1 is changed behind everybody's back. */
static void
change (RelaisRunFixture *self,
        const char       *email,
        const char       *what)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE memberships SET %s WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = '%s')",
                                          what, email);

  relais_leaving_execute (self, g_intern_string (sql));
}

static void
assert_says (RelaisRunFixture *self,
             const char       *words)
{
  const char *message = relais_run_fixture_get_told (self);

  g_assert_nonnull (message);
  g_assert_nonnull (strstr (message, words));
}

/* Who joined it */

static void
test_whoever_was_on_the_list_before_stays (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  relais_content_add_person (self->practice->account.store, "person1@example.com", 1, 1);
  change (self, "person1@example.com", "since = since - 86400");
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 2);
  assert_says (self, "1 person who left the segment stays on the list, because they joined it without Relais.");
  /* They are not looked for again. */
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

/* They opted out, and came back by a form. */
static void
test_whoever_joined_between_two_runs_stays (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  change (self, "person1@example.com", "since = since + 3600");
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 1);
}

/* A form is named, within the time of a run and without any time; and none is. */
static void
test_whoever_joined_by_a_form_stays (RelaisRunFixture *self,
                                     gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  change (self, "person1@example.com", "form = 7");
  change (self, "person2@example.com", "form = 7, since = 0");
  change (self, "person3@example.com", "form = 0");
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=3 taken_off=1 in_doubt=0 kept=2");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, 2);
  assert_says (self, "2 people who left the segment stay on the list, because they joined it without Relais.");
}

/* A form by which somebody came to another list says nothing of this one; and one by which they came long ago may still be named when it
 * was Relais that put them there now: nobody can tell, and they stay. */
static void
test_a_form_is_of_one_list_and_may_be_of_before (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  relais_content_add_person (self->practice->account.store, "person1@example.com", 2, 1);
  relais_leaving_execute (self, "UPDATE memberships SET form = 7 WHERE list = 2");
  relais_content_add_person (self->practice->account.store, "person2@example.com", 1, 0);
  change (self, "person2@example.com", "form = 7");
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
  relais_leaving_deliver (self, 3, 20);
  relais_leaving_assert_counts (self, "departed=2 taken_off=1 in_doubt=0 kept=1");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 1);
}

/* That may be told another time. */
static void
test_whoever_joined_at_an_unknown_time_stays_for_now (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  change (self, "person1@example.com", "since = 0");
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  assert_says (self, "1 person who left the segment stays on the list, because ActiveCampaign does not tell when they joined it");
  change (self, "person1@example.com", "since = unixepoch ()");
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=1 taken_off=1 in_doubt=0 kept=0");
}

static void
test_pages_that_tell_nothing_take_nobody_off (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_run_fixture_misbehave (self, "bare-pages", NULL);
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  assert_says (self, "3 people");
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 20);
  g_assert_cmpuint (self->practice->account.n_imports, ==, 1);
}

/* Who left it */

static const char *change_sql;

static void
change_somebody (RelaisRunFixture *self)
{
  relais_leaving_execute (self, change_sql);
}

#define OF_PERSON_2 " AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')"

static const struct
{
  const char *name;
  const char *sql;
} changes[] = {
  { "left-before", "UPDATE memberships SET status = 2, updated = unixepoch () - 60 WHERE list = 1" OF_PERSON_2 },
  { "left-after", "UPDATE memberships SET status = 2, updated = unixepoch () + 60 WHERE list = 1" OF_PERSON_2 },
  { "left-at-an-unknown-time", "UPDATE memberships SET status = 2, updated = 0 WHERE list = 1" OF_PERSON_2 },
  { "left-another-list", "UPDATE memberships SET status = 2, updated = unixepoch () WHERE list = 2" OF_PERSON_2 },
  { "joined-again", "UPDATE memberships SET since = since + 5 WHERE list = 1" OF_PERSON_2 },
};

/* Somebody does something by themselves, with no reason named, between being seen on the list and being taken off. */
static void
test_whoever_may_have_left_by_themselves_has_no_way_back (RelaisRunFixture *self,
                                                          gconstpointer     user_data)
{
  guint index = GPOINTER_TO_UINT (user_data);

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      relais_content_add_person (self->practice->account.store, email, 2, i == 1 ? 2 : 1);
    }
  relais_run_fixture_misbehave (self, "import-delay", "2s");
  relais_leaving_write_range (self, 4, 20);
  change_sql = changes[index].sql;
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (self, change_somebody), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 2);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 1);
  assert_says (self, "1 person was taken off the list, but it is not certain that nothing but Relais did so");
}

#define ADD(name, data, function) \
  g_test_add ("/run-leaving-own/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whoever-was-on-the-list-before-stays", NULL, test_whoever_was_on_the_list_before_stays);
  ADD ("whoever-joined-between-two-runs-stays", NULL, test_whoever_joined_between_two_runs_stays);
  ADD ("whoever-joined-by-a-form-stays", NULL, test_whoever_joined_by_a_form_stays);
  ADD ("a-form-is-of-one-list-and-may-be-of-before", NULL, test_a_form_is_of_one_list_and_may_be_of_before);
  ADD ("whoever-joined-at-an-unknown-time-stays-for-now", NULL, test_whoever_joined_at_an_unknown_time_stays_for_now);
  ADD ("pages-that-tell-nothing-take-nobody-off", NULL, test_pages_that_tell_nothing_take_nobody_off);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strconcat ("/run-leaving-own/no-way-back/", changes[i].name, NULL);

      g_test_add (path, RelaisRunFixture, GUINT_TO_POINTER (i), relais_run_fixture_set_up_practice,
                  test_whoever_may_have_left_by_themselves_has_no_way_back, relais_run_fixture_tear_down);
    }

  return g_test_run ();
}
