/* SPDX-License-Identifier: GPL-3.0-or-later */

/* So many people left the segment at once that its file may have been cut off, or is another one: a person is asked first. */

#include "relais-error.h"
#include "relais-leaving-fixture.h"
#include "relais-practice-server-private.h"

#include <string.h>

static void
assert_asks (RelaisRunFixture *self)
{
  const RelaisRunRecord *record = relais_run_get_record (self->run);

  g_assert_cmpint (record->error_code, ==, RELAIS_ERROR_QUESTION);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "--allow-leavers"));
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "--keep-leavers"));
  g_assert_cmpuint (record->leavers.asked, ==, record->leavers.departed);
  g_assert_cmpuint (record->leavers.delivered, ==, 100);
  g_assert_cmpint (relais_export_get_status (self->export), ==, RELAIS_EXPORT_ASKING);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 0);
}

static void
test_a_cut_file_stops_the_run_and_asks (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  g_autofree char *id = NULL;
  guint64 n_imports;

  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_write_range (self, 22, 101);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  relais_run_fixture_assert_counts (self, "read=80 delivered=1 unchanged=79");
  relais_leaving_assert_counts (self, "departed=21 taken_off=0 in_doubt=0 kept=0");
  assert_asks (self);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "21 of the 100 people"));
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "(21%)"));
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "more than 20% have left at once, if these are 10 people or more, or all of them; and when more than 10,000 people have."));
  id = g_strdup (relais_run_get_id (self->run));

  /* Asked again it asks again, and sends nothing. */
  n_imports = self->practice->account.n_imports;
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  assert_asks (self);
  g_assert_cmpuint (self->practice->account.n_imports, ==, n_imports);
  g_assert_cmpstr (relais_run_get_id (self->run), ==, id);

  /* With the answer it goes on. */
  self->options.leavers = RELAIS_ANSWER_TAKE_OFF;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpstr (relais_run_get_id (self->run), ==, id);
  relais_run_fixture_assert_counts (self, "read=80 delivered=1 unchanged=79");
  relais_leaving_assert_counts (self, "departed=21 taken_off=21 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.asked, ==, 0);
  g_assert_cmpuint (self->practice->account.n_imports, ==, n_imports + 1);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 21);
}

/* Whoever answers has been told of so many people, of one segment. */
static void
test_an_answer_holds_for_those_who_were_told_of (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_write_range (self, 31, 100);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.asked, ==, 30);

  /* Of fewer */
  self->options.leavers = RELAIS_ANSWER_TAKE_OFF;
  self->options.leavers_told = 29;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 0);

  /* Of as many, but the file is another one by now */
  self->options.leavers_told = 30;
  relais_leaving_write_range (self, 1, 70);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 0);

  /* Of these */
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=30 taken_off=30 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person71@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person70@example.com"), ==, 1);
}

static void
test_just_below_the_brake_nobody_is_asked (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_deliver (self, 21, 100);
  relais_leaving_assert_counts (self, "departed=20 taken_off=20 in_doubt=0 kept=0");
}

static void
test_a_number_brakes_too (RelaisRunFixture *self,
                          gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"leavers_brake\":{\"share\":100,\"number\":3}");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_deliver (self, 4, 100);
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  relais_leaving_write_range (self, 8, 100);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, RELAIS_ERROR_QUESTION);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 3);
}

/* However many the wrong file has: whoever was on the list before is gone from it. */
static void
test_a_wrong_file_asks_however_long_it_is (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 21, 220);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
      relais_run_fixture_assert_counts (self, "read=200 delivered=200");
      g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "20 of the 20 people"));
      g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "(100%)"));
      g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 0);
      relais_run_fixture_reopen (self);
    }
}

/* Nobody wonders why 20 percent are asked about when that is the limit. */
static void
test_a_share_just_above_the_limit_is_told_apart_from_it (RelaisRunFixture *self,
                                                         gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 249);
  relais_leaving_write_range (self, 51, 249);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "50 of the 249 people"));
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "(20.1%)"));
}

static void
test_they_can_be_kept_this_time (RelaisRunFixture *self,
                                 gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_write_range (self, 1, 10);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  self->options.leavers = RELAIS_ANSWER_KEEP;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=90 taken_off=0 in_doubt=0 kept=90");
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "90 people"));
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 100);
  /* The whole file is back, and all is as if nothing had been. */
  self->options.leavers = RELAIS_ANSWER_ASK;
  relais_leaving_deliver (self, 1, 100);
  relais_run_fixture_assert_counts (self, "read=100 unchanged=100");
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

#define ADD(name, data, function) \
  g_test_add ("/run-leaving-brake/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-cut-file-stops-the-run-and-asks", NULL, test_a_cut_file_stops_the_run_and_asks);
  ADD ("an-answer-holds-for-those-who-were-told-of", NULL, test_an_answer_holds_for_those_who_were_told_of);
  ADD ("just-below-the-brake-nobody-is-asked", NULL, test_just_below_the_brake_nobody_is_asked);
  ADD ("a-number-brakes-too", NULL, test_a_number_brakes_too);
  ADD ("a-wrong-file-asks-however-long-it-is", NULL, test_a_wrong_file_asks_however_long_it_is);
  ADD ("a-share-just-above-the-limit-is-told-apart-from-it", NULL, test_a_share_just_above_the_limit_is_told_apart_from_it);
  ADD ("they-can-be-kept-this-time", NULL, test_they_can_be_kept_this_time);

  return g_test_run ();
}
