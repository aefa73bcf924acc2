/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who would be taken off the list is told before, as the run tells it afterwards. */

#include "relais-error.h"
#include "relais-leaving-fixture.h"
#include "relais-practice-server-private.h"

#include <string.h>

/* Whether the account is asked or not; nothing is sent. */
static void
assert_foreseen (RelaisRunFixture *self,
                 const char       *expected,
                 const char       *message)
{
  guint64 n_imports = self->practice->account.n_imports;

  for (guint i = 0; i < 2; i++)
    {
      gboolean offline = i == 1;
      RelaisRowCounts counts;
      g_autofree char *found = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (relais_run_fixture_preview (self, offline, &counts, NULL, &error));
      g_assert_no_error (error);
      g_assert_true (self->leavers_known);
      found = g_strdup_printf ("departed=%u taken_off=%u asked=%u kept=%u delivered=%u", (guint) self->leavers.departed,
                               (guint) self->leavers.taken_off, (guint) self->leavers.asked, (guint) self->leavers.kept,
                               (guint) self->leavers.delivered);
      g_assert_cmpstr (found, ==, expected);
      g_assert_cmpstr (self->message, ==, message);
    }
  g_assert_cmpuint (self->practice->account.n_imports, ==, n_imports);
}

/* The run does what was said. */
static void
assert_run (RelaisRunFixture *self,
            RelaisRunStatus   status,
            const char       *expected,
            const char       *message)
{
  g_assert_cmpint (relais_run_fixture_run (self), ==, status);
  relais_leaving_assert_counts (self, expected);
  if (message != NULL)
    g_assert_cmpstr (relais_run_fixture_get_told (self), ==, message);
}

static void
test_it_says_who_would_be_taken_off (RelaisRunFixture *self,
                                     gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_write_range (self, 1, 100);
  assert_foreseen (self, "departed=0 taken_off=0 asked=0 kept=0 delivered=0", NULL);
  relais_leaving_deliver (self, 1, 100);
  assert_foreseen (self, "departed=0 taken_off=0 asked=0 kept=0 delivered=100", NULL);
  relais_leaving_write_range (self, 6, 103);
  assert_foreseen (self, "departed=5 taken_off=5 asked=0 kept=0 delivered=100", NULL);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 0);
  assert_run (self, RELAIS_RUN_SUCCESSFUL, "departed=5 taken_off=5 in_doubt=0 kept=0", NULL);
  assert_foreseen (self, "departed=0 taken_off=0 asked=0 kept=0 delivered=98", NULL);
}

/* Whoever has a row that cannot be sent is in the segment all the same. */
static void
test_who_has_a_bad_row_has_not_left (RelaisRunFixture *self,
                                     gconstpointer     user_data)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\nperson1@example.com,Too,many,cells\n");

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  for (guint i = 4; i <= 20; i++)
    g_string_append_printf (text, "person%u@example.com,Name%u\n", i, i);
  relais_run_fixture_write (self, text->str);
  assert_foreseen (self, "departed=2 taken_off=2 asked=0 kept=0 delivered=20", NULL);
  assert_run (self, RELAIS_RUN_COMPLETED_WITH_ERRORS, "departed=2 taken_off=2 in_doubt=0 kept=0", NULL);
}

static void
test_an_export_that_keeps_everybody_says_nothing (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  relais_run_fixture_define (self, ",\"verify\":\"off\"");
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 11, 20);
  assert_foreseen (self, "departed=0 taken_off=0 asked=0 kept=0 delivered=0", NULL);
}

static void
test_it_says_that_the_run_would_ask (RelaisRunFixture *self,
                                     gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_write_range (self, 22, 101);
  assert_foreseen (self, "departed=21 taken_off=0 asked=21 kept=0 delivered=100",
                   "21 of the 100 people whom this export has put on the list (21%) are not in the segment any more. Relais asks when more than 20% have left at"
                   " once, if these are 10 people or more, or all of them; and when more than 10,000 people have. The run would stop before it takes anybody off the list, and ask. A segment file that was cut off looks just like that, so check the segment first.");
  assert_run (self, RELAIS_RUN_INTERRUPTED, "departed=21 taken_off=0 in_doubt=0 kept=0", NULL);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.asked, ==, 21);
}

static void
test_just_below_the_brake_it_would_not_ask (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  relais_leaving_define (self, ",\"tags\":[]");
  relais_leaving_deliver (self, 1, 100);
  relais_leaving_write_range (self, 21, 100);
  assert_foreseen (self, "departed=20 taken_off=20 asked=0 kept=0 delivered=100", NULL);
  assert_run (self, RELAIS_RUN_SUCCESSFUL, "departed=20 taken_off=20 in_doubt=0 kept=0", NULL);
}

#define ONE_ROW "People who left the segment stay on the list for now: the address in 1 row cannot be read, which is new since Relais last compared" \
  " the segment with the list, so this may be the row of one of them. Correct it, or take it out of the file, and run the export again."
#define TWO_ROWS "People who left the segment stay on the list for now: the addresses in 2 rows cannot be read, which is new since Relais last compared" \
  " the segment with the list, so these may be the rows of some of them. Correct them, or take them out of the file, and run the export again."

/* The segment has rows of which nobody knows whose they are, and person5@example.com to person20@example.com, if @first is 5. */
static void
write_with_rows (RelaisRunFixture *self,
                 const char       *rows,
                 guint             first)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");

  g_string_append (text, rows);
  for (guint i = first; i <= 20; i++)
    g_string_append_printf (text, "person%u@example.com,Name%u\n", i, i);
  relais_run_fixture_write (self, text->str);
}

static void
foresee_and_run (RelaisRunFixture *self,
                 const char       *rows,
                 guint             first,
                 const char       *foreseen,
                 const char       *counts,
                 const char       *message)
{
  guint64 n_unreadable;

  write_with_rows (self, rows, first);
  assert_foreseen (self, foreseen, message);
  n_unreadable = self->leavers.unreadable;
  assert_run (self, RELAIS_RUN_COMPLETED_WITH_ERRORS, counts, NULL);
  g_assert_cmpstr (relais_run_fixture_get_told (self), ==, message);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.unreadable, ==, n_unreadable);
}

static void
test_rows_that_cannot_be_read_keep_everybody (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  foresee_and_run (self, "person1 at example,One\n", 4, "departed=3 taken_off=0 asked=0 kept=3 delivered=20",
                   "departed=3 taken_off=0 in_doubt=0 kept=3", ONE_ROW);
  g_assert_cmpuint (self->leavers.shared, ==, 0);
  g_assert_cmpuint (self->leavers.unreadable, ==, 1);
}

/* Those that could not be read when everybody who is on the list had a row of their own keep nobody, and those beside them do. */
static void
test_rows_that_could_not_be_read_before_keep_nobody (RelaisRunFixture *self,
                                                     gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  foresee_and_run (self, "nobody@,A\nx,B\nx,C\n", 1, "departed=0 taken_off=0 asked=0 kept=0 delivered=0",
                   "departed=0 taken_off=0 in_doubt=0 kept=0", NULL);
  foresee_and_run (self, "x,A\nnobody@,B\nx,C\n", 3, "departed=2 taken_off=2 asked=0 kept=0 delivered=20",
                   "departed=2 taken_off=2 in_doubt=0 kept=0", NULL);
  /* Some known, one new; the same text once more; one that is known no more, since the run between had it less often */
  foresee_and_run (self, "x,A\nnobody@,B\nx,C\nperson3#example.com,D\n", 4, "departed=1 taken_off=0 asked=0 kept=1 delivered=18",
                   "departed=1 taken_off=0 in_doubt=0 kept=1", ONE_ROW);
  foresee_and_run (self, "x,A\nx,B\nx,C\nnobody@,D\nnobody@,E\n", 4, "departed=1 taken_off=0 asked=0 kept=1 delivered=18",
                   "departed=1 taken_off=0 in_doubt=0 kept=1", TWO_ROWS);
  foresee_and_run (self, "nobody@,A\n", 4, "departed=1 taken_off=1 asked=0 kept=0 delivered=18",
                   "departed=1 taken_off=1 in_doubt=0 kept=0", NULL);
  foresee_and_run (self, "nobody@,A\nx,B\n", 5, "departed=1 taken_off=0 asked=0 kept=1 delivered=17",
                   "departed=1 taken_off=0 in_doubt=0 kept=1", ONE_ROW);
  /* Where more cells than columns leave open which is which it is not known of any text. */
  foresee_and_run (self, "nobody@,A,surplus\n", 5, "departed=1 taken_off=0 asked=0 kept=1 delivered=17",
                   "departed=1 taken_off=0 in_doubt=0 kept=1", ONE_ROW);
}

/* What a run left undone, or sent elsewhere, says nothing. */
static void
test_rows_are_known_where_they_were_told_apart (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  foresee_and_run (self, "nobody@,A\n", 1, "departed=0 taken_off=0 asked=0 kept=0 delivered=0", "departed=0 taken_off=0 in_doubt=0 kept=0", NULL);
  self->times.patience = 0.05;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_run_fixture_misbehave (self, "import/html-502", NULL);
  write_with_rows (self, "x,A\n", 1);
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  self->options.again = FALSE;
  relais_run_fixture_misbehave (self, "import/html-502", "off");
  self->times.patience = 120;
  relais_delivery_set_times (self->delivery, &self->times);
  foresee_and_run (self, "x,A\nnobody@,B\n", 2, "departed=1 taken_off=0 asked=0 kept=1 delivered=20",
                   "departed=1 taken_off=0 in_doubt=0 kept=1", ONE_ROW);
}

/* All of them count, those that the preview does not list too. */
static void
test_rows_that_are_not_listed_are_known (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  g_autoptr (GString) rows = g_string_new (NULL);

  for (guint i = 0; i < 10500; i++)
    g_string_append_printf (rows, "nobody%u@,A\n", i);
  relais_leaving_define (self, NULL);
  foresee_and_run (self, rows->str, 1, "departed=0 taken_off=0 asked=0 kept=0 delivered=0", "departed=0 taken_off=0 in_doubt=0 kept=0", NULL);
  foresee_and_run (self, rows->str, 3, "departed=2 taken_off=2 asked=0 kept=0 delivered=20", "departed=2 taken_off=2 in_doubt=0 kept=0", NULL);
  g_string_append (rows, "x,A\n");
  foresee_and_run (self, rows->str, 4, "departed=1 taken_off=0 asked=0 kept=1 delivered=18", "departed=1 taken_off=0 in_doubt=0 kept=1", ONE_ROW);
}

static void
test_another_export_keeps_whom_it_put_there (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, ",\"leavers\":\"remove\""), ==, RELAIS_RUN_SUCCESSFUL);
  assert_foreseen (self, "departed=3 taken_off=2 asked=0 kept=1 delivered=20",
                   "1 person who left the segment stays on the list, because another export has put them there too.");
  g_assert_cmpuint (self->leavers.shared, ==, 1);
  g_assert_cmpuint (self->leavers.unreadable, ==, 0);
  assert_run (self, RELAIS_RUN_SUCCESSFUL, "departed=3 taken_off=2 in_doubt=0 kept=1", NULL);
}

/* Of a run that has not come to its end nobody knows whom it has put on the list. */
static void
test_an_export_in_doubt_keeps_everybody (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  static const char message[] = "People who left the segment stay on the list for now: “Other” sends to the same list, and it is not known yet whom its last"
                                " run has put there. Run it to its end; the next run of this export takes them off then.";

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
  self->times.patience = 0.05;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_run_fixture_misbehave (self, "info/html-502", NULL);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 30, 31, NULL), ==, RELAIS_RUN_INTERRUPTED);
  relais_run_fixture_misbehave (self, "info/html-502", "off");
  self->times.patience = 120;
  relais_delivery_set_times (self->delivery, &self->times);
  assert_foreseen (self, "departed=3 taken_off=0 asked=0 kept=3 delivered=20", message);
  assert_run (self, RELAIS_RUN_SUCCESSFUL, "departed=3 taken_off=0 in_doubt=0 kept=3", message);
}

/* The keyring is asked for nothing but what tells them apart; without it everything else is told all the same. */
static void
test_offline_without_the_keyring_it_is_not_known (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  RelaisRowCounts counts;

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
  relais_memory_secrets_set_locked (self->secrets, TRUE);
  g_assert_true (relais_run_fixture_preview (self, TRUE, &counts, NULL, NULL));
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_DELIVERED], ==, 17);
  g_assert_false (self->leavers_known);
  g_assert_true (g_str_has_prefix (self->message, "How many people would be taken off the list cannot be told now. "));

  /* One that keeps everybody does not even ask. */
  relais_memory_secrets_set_locked (self->secrets, FALSE);
  relais_run_fixture_define (self, ",\"verify\":\"off\"");
  relais_memory_secrets_set_locked (self->secrets, TRUE);
  g_assert_true (relais_run_fixture_preview (self, TRUE, &counts, NULL, NULL));
  g_assert_true (self->leavers_known);
  g_assert_null (self->message);
}

/* Offline no key is made: that is for the first run. */
static void
test_offline_nobody_was_delivered_without_a_key (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  RelaisRowCounts counts;
  guint n_secrets;

  relais_leaving_define (self, NULL);
  relais_leaving_write_range (self, 1, 20);
  n_secrets = relais_memory_secrets_get_n_secrets (self->secrets);
  g_assert_true (relais_run_fixture_preview (self, TRUE, &counts, NULL, NULL));
  g_assert_true (self->leavers_known);
  g_assert_cmpuint (self->leavers.departed, ==, 0);
  g_assert_null (self->message);
  g_assert_cmpuint (relais_memory_secrets_get_n_secrets (self->secrets), ==, n_secrets);
}

#define ADD(name, function) \
  g_test_add ("/preview-leaving/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("it-says-who-would-be-taken-off", test_it_says_who_would_be_taken_off);
  ADD ("who-has-a-bad-row-has-not-left", test_who_has_a_bad_row_has_not_left);
  ADD ("an-export-that-keeps-everybody-says-nothing", test_an_export_that_keeps_everybody_says_nothing);
  ADD ("it-says-that-the-run-would-ask", test_it_says_that_the_run_would_ask);
  ADD ("just-below-the-brake-it-would-not-ask", test_just_below_the_brake_it_would_not_ask);
  ADD ("rows-that-cannot-be-read-keep-everybody", test_rows_that_cannot_be_read_keep_everybody);
  ADD ("rows-that-could-not-be-read-before-keep-nobody", test_rows_that_could_not_be_read_before_keep_nobody);
  ADD ("rows-are-known-where-they-were-told-apart", test_rows_are_known_where_they_were_told_apart);
  ADD ("rows-that-are-not-listed-are-known", test_rows_that_are_not_listed_are_known);
  ADD ("another-export-keeps-whom-it-put-there", test_another_export_keeps_whom_it_put_there);
  ADD ("an-export-in-doubt-keeps-everybody", test_an_export_in_doubt_keeps_everybody);
  ADD ("offline-without-the-keyring-it-is-not-known", test_offline_without_the_keyring_it_is_not_known);
  ADD ("offline-nobody-was-delivered-without-a-key", test_offline_nobody_was_delivered_without_a_key);

  return g_test_run ();
}
