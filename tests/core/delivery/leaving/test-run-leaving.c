/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who left the segment is taken off the list: whoever the export put there, nobody else, and only when that is certain. */

#include "relais-error.h"
#include "relais-leaving-fixture.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"

#include <string.h>

/* All is well */

static void
test_whoever_left_the_segment_is_taken_off (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GPtrArray) removals = NULL;
  gint64 n_contacts;

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  n_contacts = relais_leaving_number (self, "SELECT count (*) FROM contacts");

  relais_leaving_write_range (self, 4, 22);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=19 delivered=2 unchanged=17");
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_null (relais_run_fixture_get_told (self));
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, 3);
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 19);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person4@example.com"), ==, 1);
  /* They stay contacts, with all that is known of them, and no automation runs for them. */
  g_assert_cmpint (relais_leaving_number (self, "SELECT count (*) FROM contacts"), ==, n_contacts + 2);
  g_assert_cmpint (relais_leaving_number (self, "SELECT count (*) FROM contacts WHERE email = 'person3@example.com' AND first = 'Name3'"), ==, 1);
  g_assert_cmpuint (self->practice->account.n_automations, ==, 0);
  /* Batches are of rows: what takes people off is none. */
  batches = relais_run_fixture_batches (self, relais_run_get_id (self->run));
  g_assert_cmpuint (batches->len, ==, 1);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_accepted, ==, 1);
  removals = relais_leaving_removals (self);
  g_assert_cmpuint (removals->len, ==, 3);
  for (guint i = 0; i < removals->len; i++)
    {
      const RelaisRemoval *removal = g_ptr_array_index (removals, i);

      g_assert_cmpint (removal->state, ==, RELAIS_REMOVAL_DONE);
      g_assert_true (g_str_has_prefix (removal->left_as, "1=2@"));
    }

  /* The next run has nothing to do. */
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpuint (self->practice->account.n_imports, ==, 3);
}

static void
test_whoever_stays_in_another_row_stays (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 9);
  relais_leaving_opt_out (self, "person4@example.com", "mine");
  /* Not sent, but there: repeated in another case, without a value that can be sent, with too many cells, who has opted out. */
  relais_run_fixture_write (self, "EMail,FirstName\nPERSON1@example.com,Name1\n person1@EXAMPLE.com,x\nperson2@example.com,Name2\n"
                                  "person3@example.com,Name3,surplus\nperson4@example.com,Name4\nperson5@example.com,Name5\n"
                                  ",Name6\nperson7@example.com,Name7\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=8 delivered=1 unchanged=3 duplicate=1 invalid=2 barred=1");
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person6@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person8@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person9@example.com"), ==, 2);
  /* Who opted out is in the segment: nothing was done about them. */
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 3);
}

/* With a cell too many the address may stand in any of them. */
static void
test_whoever_stays_in_a_row_that_slipped_stays (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 9);
  relais_run_fixture_write (self, "EMail,FirstName\nParis,person1@example.com,Name1\nperson2@example.com,Name2\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=7 taken_off=7 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 1);
}

/* Whose row that is nobody knows: an empty one is nobody's. */
static void
test_an_address_that_cannot_be_read_takes_nobody_off (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  static const char * const rows[] = { "nobody@,Name1", "Paris,Name1,surplus", "person1@example.com;person2@example.com,Name1" };

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 9);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("EMail,FirstName\n%s\nperson9@example.com,Name9\n", rows[i]);

      relais_run_fixture_write (self, text);
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
      relais_leaving_assert_counts (self, "departed=8 taken_off=0 in_doubt=0 kept=8");
      g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "the address in 1 row cannot be read"));
    }
  relais_run_fixture_write (self, "EMail,FirstName\n,Name1\nperson9@example.com,Name9\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=8 taken_off=8 in_doubt=0 kept=0");
}

/* The segment has rows of which nobody knows whose they are, and person5@example.com to person9@example.com, if these are @first and @last. */
static void
run_with_rows (RelaisRunFixture *self,
               const char       *rows,
               guint             first,
               guint             last,
               const char       *expected)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");

  g_string_append (text, rows);
  for (guint i = first; i <= last; i++)
    g_string_append_printf (text, "person%u@example.com,Name%u\n", i, i);
  relais_run_fixture_write (self, text->str);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, expected);
}

/* Those that could not be read when everybody who is on the list had a row of their own are nobody's of them. */
static void
test_rows_that_could_not_be_read_before_keep_nobody (RelaisRunFixture *self,
                                                     gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  run_with_rows (self, "nobody@,A\nx,B\nx,C\n", 1, 20, "departed=0 taken_off=0 in_doubt=0 kept=0");
  run_with_rows (self, "x,A\nnobody@,B\nx,C\n", 3, 20, "departed=2 taken_off=2 in_doubt=0 kept=0");
  /* One of them less is none more. */
  run_with_rows (self, "x,A\nnobody@,B\n", 4, 20, "departed=1 taken_off=1 in_doubt=0 kept=0");
  /* The same text once more is. */
  run_with_rows (self, "x,A\nnobody@,B\nx,C\n", 5, 20, "departed=1 taken_off=0 in_doubt=0 kept=1");
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.unreadable, ==, 1);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "the address in 1 row cannot be read"));
}

/* A run that kept people because of such a row does not make it known: it may be one of theirs still. */
static void
test_a_row_that_kept_people_keeps_them_until_it_is_read (RelaisRunFixture *self,
                                                         gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  run_with_rows (self, "nobody@,A\n", 1, 20, "departed=0 taken_off=0 in_doubt=0 kept=0");
  for (guint i = 0; i < 3; i++)
    run_with_rows (self, "nobody@,A\nperson1#example.com,Name1\n", 2, 20, "departed=1 taken_off=0 in_doubt=0 kept=1");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 1);
  /* Corrected, it is seen to be theirs. */
  run_with_rows (self, "nobody@,A\n", 1, 20, "departed=0 taken_off=0 in_doubt=0 kept=0");
  run_with_rows (self, "nobody@,A\n", 2, 20, "departed=1 taken_off=1 in_doubt=0 kept=0");
}

/* Nor does an answer to keep them, which says nothing of rows. */
static void
test_an_answer_makes_no_row_known (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  self->options.leavers = RELAIS_ANSWER_KEEP;
  run_with_rows (self, "person1#example.com,Name1\n", 2, 20, "departed=1 taken_off=0 in_doubt=0 kept=1");
  self->options.leavers = RELAIS_ANSWER_ASK;
  run_with_rows (self, "person1#example.com,Name1\n", 2, 20, "departed=1 taken_off=0 in_doubt=0 kept=1");
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.unreadable, ==, 1);
}

static void
test_whoever_cannot_be_sent_for_a_value_stays (RelaisRunFixture *self,
                                               gconstpointer     user_data)
{
  g_autofree char *long_value = g_strnfill (400000, 'x');
  g_autofree char *text = g_strdup_printf ("EMail,FirstName\nperson1@example.com,Name1\nperson2@example.com,%s\n", long_value);

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 2);
  relais_run_fixture_write (self, text);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=2 unchanged=1 invalid=1");
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

static void
test_by_default_they_stay (RelaisRunFixture *self,
                           gconstpointer     user_data)
{
  relais_run_fixture_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_deliver (self, 1, 2);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 20);
}

static void
test_people_whom_others_put_there_stay (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_content_add_person (self->practice->account.store, "signed-up@example.com", 1, 1);
  relais_leaving_deliver (self, 1, 19);
  g_assert_cmpint (relais_leaving_status (self, "signed-up@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person20@example.com"), ==, 2);
}

/* Sending everything again is no reason to forget whom the export has put there. */
static void
test_again_takes_them_off_too (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  self->options.again = TRUE;
  relais_leaving_deliver (self, 1, 17);
  relais_run_fixture_assert_counts (self, "read=17 delivered=17");
  relais_leaving_assert_counts (self, "departed=3 taken_off=3 in_doubt=0 kept=0");
}

static void
test_many_are_taken_off_in_batches (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  /* No batch has one person alone: those are limited more strictly. */
  static const struct { guint n; guint batches; } cases[] = { { 250, 1 }, { 251, 2 }, { 501, 3 }, { 1, 1 } };
  guint first = 1;

  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 1010);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 n_before = self->practice->account.n_imports;
      g_autofree char *expected = g_strdup_printf ("departed=%u taken_off=%u in_doubt=0 kept=0", cases[i].n, cases[i].n);

      first += cases[i].n;
      relais_leaving_deliver (self, first, 1010);
      relais_leaving_assert_counts (self, expected);
      g_assert_cmpuint (self->practice->account.n_imports - n_before, ==, cases[i].batches);
      g_assert_cmpint (relais_leaving_number (self, "SELECT min (contacts) FROM imports WHERE number > (SELECT max (number) FROM imports) - 2"), >=,
                       cases[i].n > 1 ? 2 : 1);
    }
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 2), ==, first - 1);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, first - 1);
}

/* The list has more people than one can go through one page after the other. */
static void
test_they_are_found_on_a_long_list (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 100);
  for (guint i = 1; i <= 2000; i++)
    {
      g_autofree char *email = g_strdup_printf ("other%u@example.com", i);

      relais_content_add_person (self->practice->account.store, email, 1, i % 100 == 0 ? 2 : 1);
    }
  relais_leaving_write_range (self, 1, 200);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_write_range (self, 50, 150);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=99 taken_off=99 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person1@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person200@example.com"), ==, 2);
}

/* Whoever differs from what was sent and leaves then has been put on the list all the same. */
static void
test_whoever_was_found_to_differ_is_taken_off (RelaisRunFixture *self,
                                               gconstpointer     user_data)
{
  g_autofree char *options = g_strdup_printf (",\"leavers\":\"remove\",\"leavers_brake\":{\"share\":100},\"verify\":\"%s\"", (const char *) user_data);

  relais_run_fixture_define (self, options);
  relais_run_fixture_misbehave (self, "change", "@2");
  relais_run_fixture_misbehave (self, "lose", "@5");
  relais_leaving_write_range (self, 1, 10);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_assert_cmpuint (relais_run_get_record (self->run)->verified.different, ==, 2);
  relais_run_fixture_misbehave (self, "change", "off");
  relais_run_fixture_misbehave (self, "lose", "off");

  relais_leaving_write_range (self, 6, 10);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  /* The one who was lost was never there. */
  relais_leaving_assert_counts (self, "departed=4 taken_off=4 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person5@example.com"), ==, -1);
}

/* A run that does not read its segment to the end knows nothing of who left. */
static void
test_a_segment_that_breaks_off_takes_nobody_off (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  self->options.leavers = RELAIS_ANSWER_TAKE_OFF;
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 100);
  relais_run_fixture_write (self, "EMail,FirstName\nperson1@example.com,Name1\nperson2@example.com,\"never ends\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_status (self, 1, 1), ==, 100);
}

/* Their own will */

static void
test_whoever_is_off_the_list_already_is_left_alone (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_opt_out (self, "person1@example.com", NULL);
  relais_leaving_execute (self, "UPDATE memberships SET status = 3 WHERE contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')");
  relais_leaving_execute (self, "DELETE FROM memberships WHERE contact = (SELECT id FROM contacts WHERE email = 'person3@example.com')");
  /* Some time after the last run whoever is nowhere to be seen is gone. */
  self->times.unshown = 0;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_leaving_deliver (self, 5, 20);
  relais_leaving_assert_counts (self, "departed=4 taken_off=1 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 3);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, -1);
  g_assert_cmpint (relais_leaving_status (self, "person4@example.com"), ==, 2);
  /* Only who was taken off may come back. */
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 1);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 0);
  relais_leaving_deliver (self, 5, 20);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

static void
opt_out (RelaisRunFixture *self)
{
  relais_leaving_opt_out (self, "person2@example.com", "Too many");
}

static void
test_whoever_opts_out_meanwhile_never_comes_back (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_run_fixture_misbehave (self, "import-delay", "2s");
  relais_leaving_write_range (self, 4, 20);
  g_assert_cmpint (relais_leaving_run_surprised_when_queued (self, opt_out), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=0");
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DONE), ==, 2);
  g_assert_cmpuint (relais_leaving_count_removals (self, RELAIS_REMOVAL_DOUBT), ==, 1);
  relais_leaving_deliver (self, 4, 20);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
}

/* What is asked of the account */

/* Whom an import takes off is off. */
static void
unsubscribe_cb (RelaisScriptedAccount *account,
                const char            *what,
                guint                  nth,
                gpointer               user_data)
{
  const char *body = account->bodies->len > 0 ? g_bytes_get_data (g_ptr_array_index (account->bodies, account->bodies->len - 1), NULL) : "";
  g_auto (GStrv) emails = NULL;

  if (!g_str_equal (what, "info") || strstr (body, "unsubscribe") == NULL)
    return;
  emails = relais_scripted_emails (body);
  for (guint i = 0; emails[i] != NULL; i++)
    {
      guint number = (guint) atoi (emails[i] + strlen ("person"));

      g_hash_table_remove (account->active, emails[i]);
      relais_scripted_account_put_people (account, account->unsubscribed, number, number);
    }
}

static void
prepare_scripted (RelaisRunFixture *self)
{
  relais_leaving_define (self, ",\"automations\":true,\"tags\":[\"VIP\"],\"leavers_brake\":{\"share\":100}");
  relais_leaving_deliver (self, 1, 9);
  relais_scripted_account_put_people (self->account, self->account->active, 1, 9);
  self->account->hook = unsubscribe_cb;
  relais_leaving_write_range (self, 3, 9);
}

static void
test_an_import_says_nothing_but_that_they_are_off (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  GBytes *body;

  prepare_scripted (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (self->account->bodies->len, ==, 2);
  body = g_ptr_array_index (self->account->bodies, 1);
  /* Neither names nor tags, and never an automation: they are for those who come. */
  g_assert_true (g_str_has_prefix (g_bytes_get_data (body, NULL), "{\"exclude_automations\":true,\"contacts\":[{\"email\":\"person"));
  g_assert_cmpuint (g_bytes_get_size (body), ==,
                    strlen ("{\"exclude_automations\":true,\"contacts\":[{\"email\":\"person1@example.com\",\"unsubscribe\":[{\"listid\":1}]},"
                            "{\"email\":\"person2@example.com\",\"unsubscribe\":[{\"listid\":1}]}]}"));
  relais_leaving_assert_counts (self, "departed=2 taken_off=2 in_doubt=0 kept=0");
  /* Nothing else is written, and nobody is asked about in a way that makes contacts. */
  g_assert_cmpuint (self->account->written->len, ==, 2);
}

static guint
count_questions (RelaisRunFixture *self,
                 const char       *text)
{
  guint n = 0;

  for (guint i = 0; i < self->account->targets->len; i++)
    n += strstr (g_ptr_array_index (self->account->targets, i), text) != NULL;

  return n;
}

static void
test_whoever_failed_is_not_asked_about_singly (RelaisRunFixture *self,
                                               gconstpointer     user_data)
{
  guint n_before;

  prepare_scripted (self);
  n_before = count_questions (self, "status=2");
  self->account->hook = NULL;
  relais_scripted_account_put_people (self->account, self->account->failing, 1, 2);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=2 taken_off=0 in_doubt=0 kept=2");
  g_assert_cmpuint (self->account->synced->len, ==, 0);
  /* Nor looked for among those who are off the list: the guard alone asks for these. */
  g_assert_cmpuint (count_questions (self, "status=2"), ==, 2 * n_before);
}

static void
allow_no_more_cb (RelaisRun  *run,
                  GParamSpec *pspec,
                  gpointer    user_data)
{
  RelaisRunFixture *self = user_data;

  if (relais_run_get_phase (run) == RELAIS_PHASE_TAKING_OFF)
    self->account->every_other = "no-right";
}

static void
test_a_key_that_may_not_look_takes_nobody_off (RelaisRunFixture *self,
                                               gconstpointer     user_data)
{
  gulong handler;

  prepare_scripted (self);
  relais_run_fixture_start (self);
  handler = g_signal_connect (self->live, "notify::phase", G_CALLBACK (allow_no_more_cb), self);
  relais_run_fixture_wait (self);
  g_signal_handler_disconnect (self->live, handler);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=2 taken_off=0 in_doubt=0 kept=2");
  g_assert_true (g_str_has_prefix (relais_run_fixture_get_told (self), "2 people who left the segment stay on the list for now. The "));
  g_assert_cmpuint (self->account->written->len, ==, 1);
}

#define ADD_SCRIPTED(name, function) \
  g_test_add ("/run-leaving/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, function, relais_run_fixture_tear_down)
#define ADD(name, data, function) \
  g_test_add ("/run-leaving/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whoever-left-the-segment-is-taken-off", NULL, test_whoever_left_the_segment_is_taken_off);
  ADD ("whoever-stays-in-another-row-stays", NULL, test_whoever_stays_in_another_row_stays);
  ADD ("whoever-stays-in-a-row-that-slipped-stays", NULL, test_whoever_stays_in_a_row_that_slipped_stays);
  ADD ("an-address-that-cannot-be-read-takes-nobody-off", NULL, test_an_address_that_cannot_be_read_takes_nobody_off);
  ADD ("rows-that-could-not-be-read-before-keep-nobody", NULL, test_rows_that_could_not_be_read_before_keep_nobody);
  ADD ("a-row-that-kept-people-keeps-them-until-it-is-read", NULL, test_a_row_that_kept_people_keeps_them_until_it_is_read);
  ADD ("an-answer-makes-no-row-known", NULL, test_an_answer_makes_no_row_known);
  ADD ("whoever-cannot-be-sent-for-a-value-stays", NULL, test_whoever_cannot_be_sent_for_a_value_stays);
  ADD ("by-default-they-stay", NULL, test_by_default_they_stay);
  ADD ("people-whom-others-put-there-stay", NULL, test_people_whom_others_put_there_stay);
  ADD ("again-takes-them-off-too", NULL, test_again_takes_them_off_too);
  ADD ("many-are-taken-off-in-batches", NULL, test_many_are_taken_off_in_batches);
  ADD ("they-are-found-on-a-long-list", NULL, test_they_are_found_on_a_long_list);
  ADD ("whoever-was-found-to-differ-is-taken-off/sample", "sample", test_whoever_was_found_to_differ_is_taken_off);
  ADD ("whoever-was-found-to-differ-is-taken-off/all", "all", test_whoever_was_found_to_differ_is_taken_off);
  ADD ("a-segment-that-breaks-off-takes-nobody-off", NULL, test_a_segment_that_breaks_off_takes_nobody_off);
  ADD ("whoever-is-off-the-list-already-is-left-alone", NULL, test_whoever_is_off_the_list_already_is_left_alone);
  ADD ("whoever-opts-out-meanwhile-never-comes-back", NULL, test_whoever_opts_out_meanwhile_never_comes_back);
  ADD_SCRIPTED ("an-import-says-nothing-but-that-they-are-off", test_an_import_says_nothing_but_that_they_are_off);
  ADD_SCRIPTED ("whoever-failed-is-not-asked-about-singly", test_whoever_failed_is_not_asked_about_singly);
  ADD_SCRIPTED ("a-key-that-may-not-look-takes-nobody-off", test_a_key_that_may_not_look_takes_nobody_off);

  return g_test_run ();
}
