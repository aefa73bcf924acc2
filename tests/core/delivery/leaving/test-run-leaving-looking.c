/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whoever was taken off is looked for in the way that takes fewer requests, and found either way. */

#include "relais-leaving-fixture.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"

#include <string.h>

/* What the account was asked for once people were in an import: pages of those who are off the list, and single people */
typedef struct
{
  RelaisRunFixture run;
  guint            n_pages;
  guint            n_people;
} Fixture;

static void
request_read_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  Fixture *self = user_data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  if (self->run.practice->account.n_imports < 2 || query == NULL)
    return;
  self->n_pages += strstr (query, "status=2&") != NULL;
  self->n_people += g_str_has_prefix (query, "email=");
}

/* Forty people are on the list, and a thousand others are off it: ten pages. */
static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  relais_run_fixture_set_up_practice (&self->run, NULL);
  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *email = g_strdup_printf ("other%u@example.com", i);

      relais_content_add_person (self->run.practice->account.store, email, 1, 2);
    }
  g_signal_connect (self->run.practice->server, "request-read", G_CALLBACK (request_read_cb), self);
  relais_leaving_define (&self->run, NULL);
  relais_leaving_deliver (&self->run, 1, 40);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  relais_run_fixture_tear_down (&self->run, NULL);
}

static void
test_few_are_asked_about_one_by_one (Fixture       *self,
                                     gconstpointer  user_data)
{
  relais_leaving_deliver (&self->run, 4, 40);
  relais_leaving_assert_counts (&self->run, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (&self->run, RELAIS_REMOVAL_DONE), ==, 3);
  g_assert_cmpuint (self->n_people, ==, 3);
  g_assert_cmpuint (self->n_pages, ==, 0);
}

static void
test_many_are_looked_for_on_the_pages (Fixture       *self,
                                       gconstpointer  user_data)
{
  relais_leaving_deliver (&self->run, 12, 40);
  relais_leaving_assert_counts (&self->run, "departed=11 taken_off=11 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (&self->run, RELAIS_REMOVAL_DONE), ==, 11);
  g_assert_cmpuint (self->n_people, ==, 0);
  /* They are the newest contacts, and so on the last one. */
  g_assert_cmpuint (self->n_pages, ==, 11);
}

static void
test_whoever_is_not_shown_yet_is_asked_about_again (Fixture       *self,
                                                    gconstpointer  user_data)
{
  self->run.times.first_recheck = 0.5;
  relais_delivery_set_times (self->run.delivery, &self->run.times);
  relais_leaving_execute (&self->run, "UPDATE contacts SET updated = updated - 10000");
  relais_run_fixture_misbehave (&self->run, "lag", "1s");
  relais_leaving_deliver (&self->run, 4, 40);
  relais_leaving_assert_counts (&self->run, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (self->n_people, >, 3);
  g_assert_cmpuint (self->n_pages, ==, 0);
}

/* Whoever was seen is not asked about again because of somebody else. */
static void
test_a_question_without_an_answer_is_asked_again (Fixture       *self,
                                                  gconstpointer  user_data)
{
  relais_run_fixture_misbehave (&self->run, "people/html-502", "@2");
  relais_leaving_deliver (&self->run, 4, 40);
  relais_leaving_assert_counts (&self->run, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (&self->run, RELAIS_REMOVAL_DONE), ==, 3);
  g_assert_cmpuint (self->n_people, ==, 4);
}

static void
test_questions_that_are_never_answered_leave_doubt (Fixture       *self,
                                                    gconstpointer  user_data)
{
  relais_run_fixture_misbehave (&self->run, "people/html-500", NULL);
  relais_leaving_write_range (&self->run, 4, 40);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (&self->run, "departed=3 taken_off=0 in_doubt=3 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (&self->run, RELAIS_REMOVAL_DOUBT), ==, 3);
}

static void
tell_nothing (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "bare-pages", NULL);
}

/* That they are off the list can be seen there; how they were left cannot. */
static void
test_where_answers_tell_nothing_the_pages_are_gone_through (Fixture       *self,
                                                            gconstpointer  user_data)
{
  relais_run_fixture_misbehave (&self->run, "import-delay", "2s");
  relais_leaving_write_range (&self->run, 4, 40);
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (&self->run, tell_nothing), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (&self->run, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (&self->run, RELAIS_REMOVAL_DOUBT), ==, 3);
  g_assert_cmpuint (self->n_people, <=, 3);
  g_assert_cmpuint (self->n_pages, >, 10);
}

static gboolean
never_ends_cb (gpointer user_data)
{
  g_error ("It goes on asking for ever");

  return G_SOURCE_REMOVE;
}

static void
garble_every_other (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "people/list-json", "2");
}

static void
refuse_every_other (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "people/html-502", "2");
}

/* Every second question fails, always or for now, so that each is followed by one with an answer; and nobody is shown as off the list. */
static void
test_where_some_are_never_answered_the_pages_are_gone_through (Fixture       *self,
                                                               gconstpointer  user_data)
{
  guint source = g_timeout_add_seconds (300, never_ends_cb, NULL);   /* under sanitizers, on a busy machine, too */

  relais_leaving_execute (&self->run, "UPDATE contacts SET updated = updated - 100000");
  relais_run_fixture_misbehave (&self->run, "lag", "3600s");
  relais_run_fixture_misbehave (&self->run, "import-delay", "300");
  relais_leaving_write_range (&self->run, 4, 40);
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (&self->run, user_data != NULL ? garble_every_other : refuse_every_other), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_source_remove (source);
  relais_leaving_assert_counts (&self->run, "departed=3 taken_off=0 in_doubt=3 kept=0");
  g_assert_cmpuint (self->n_people, <=, 12);
  g_assert_cmpuint (self->n_pages, >, 10);
}

/* Their own will is seen in the same way. */
static void
opt_out (RelaisRunFixture *self)
{
  relais_leaving_opt_out (self, "person2@example.com", "Too many");
}

static void
test_whoever_opts_out_meanwhile_is_told_from_the_others (Fixture       *self,
                                                         gconstpointer  user_data)
{
  relais_run_fixture_misbehave (&self->run, "import-delay", "2s");
  relais_leaving_write_range (&self->run, 4, 40);
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (&self->run, opt_out), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (&self->run, "departed=3 taken_off=2 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (&self->run, RELAIS_REMOVAL_DONE), ==, 2);
  g_assert_cmpuint (self->n_people, ==, 3);
}

#define ADD_WITH(name, data, function) g_test_add ("/run-leaving-looking/" name, Fixture, data, set_up, function, tear_down)
#define ADD(name, function) ADD_WITH (name, NULL, function)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("few-are-asked-about-one-by-one", test_few_are_asked_about_one_by_one);
  ADD ("many-are-looked-for-on-the-pages", test_many_are_looked_for_on_the_pages);
  ADD ("whoever-is-not-shown-yet-is-asked-about-again", test_whoever_is_not_shown_yet_is_asked_about_again);
  ADD ("a-question-without-an-answer-is-asked-again", test_a_question_without_an_answer_is_asked_again);
  ADD ("questions-that-are-never-answered-leave-doubt", test_questions_that_are_never_answered_leave_doubt);
  ADD ("where-answers-tell-nothing-the-pages-are-gone-through", test_where_answers_tell_nothing_the_pages_are_gone_through);
  ADD_WITH ("where-some-are-never-answered-the-pages-are-gone-through/not-understood", "not-understood",
            test_where_some_are_never_answered_the_pages_are_gone_through);
  ADD ("where-some-are-never-answered-the-pages-are-gone-through/failing", test_where_some_are_never_answered_the_pages_are_gone_through);
  ADD ("whoever-opts-out-meanwhile-is-told-from-the-others", test_whoever_opts_out_meanwhile_is_told_from_the_others);

  return g_test_run ();
}
