/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is told of a run is made from numbers when it is shown, and a question only as long as there is something to answer. */

#include "relais-error.h"
#include "relais-run-words.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#define THIN "\u202f"

static gboolean
is_french (void)
{
  return g_strcmp0 (g_getenv ("LANGUAGE"), "fr") == 0;
}

static void
assert_says (char       *said,
             const char *english,
             const char *french)
{
  const char *words = is_french () ? french : english;

  g_assert_nonnull (said);
  if (strstr (said, words) == NULL)
    g_error ("“%s” does not say “%s”", said, words);
  g_free (said);
}

static RelaisExport *
make_export (const RelaisRunRecord *last)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();
  g_autoptr (RelaisRun) run = relais_run_new (last);
  RelaisExport *export = NULL;

  definition->name = g_strdup ("Newsletter");
  definition->leavers = RELAIS_LEAVERS_REMOVE;
  export = relais_export_new ("e", definition, NULL);
  relais_export_set_last_run (export, run);

  return export;
}

static RelaisRunRecord *
make_asking (const char *id)
{
  RelaisRunRecord *run = relais_run_record_new ();

  run->id = g_strdup (id);
  run->status = RELAIS_RUN_INTERRUPTED;
  run->error_code = RELAIS_ERROR_QUESTION;
  run->message = g_strdup ("The account is full.");
  run->leavers = (RelaisLeaversCounts) { .departed = 12000, .asked = 12000, .delivered = 40000, .share = 20, .number = 10000 };

  return run;
}

static void
test_a_question_names_all_its_limits_and_what_else_there_is_to_say (void)
{
  g_autoptr (RelaisRunRecord) run = make_asking ("r");
  RelaisQuestionState open = RELAIS_QUESTION_OPEN;

  assert_says (relais_run_explain (run, open), "12,000 of the 40,000 people whom this export had put on the list before this run (30%) are not",
               "12" THIN "000 des 40" THIN "000 personnes");
  assert_says (relais_run_explain (run, open), "more than 20% have left at once, if these are 10 people or more, or all of them; and when more than 10,000 people have.",
               "10 personnes ou plus");
  assert_says (relais_run_explain (run, open), "and when more than 10,000 people have.", "10" THIN "000");
  assert_says (relais_run_explain (run, open), "--allow-leavers", "--allow-leavers");
  assert_says (relais_run_explain (run, open), "(--keep-leavers). The account is full.", "(--keep-leavers). The account is full.");
  run->leavers.share = 0;
  assert_says (relais_run_explain (run, open), "asks whenever somebody has left.", "dès que");
}

static void
test_a_question_is_over_when_a_later_run_has_begun (void)
{
  g_autoptr (RelaisRunRecord) run = make_asking ("r");
  g_autoptr (RelaisRunRecord) later = relais_run_record_new ();
  g_autoptr (RelaisExport) export = make_export (run);
  g_autoptr (RelaisRun) last = NULL;
  g_autofree char *said = NULL;

  g_assert_cmpint (relais_run_get_question (run, export), ==, RELAIS_QUESTION_OPEN);
  g_assert_cmpint (relais_run_get_question (run, NULL), ==, RELAIS_QUESTION_OVER);
  later->id = g_strdup ("later");
  last = relais_run_new (later);
  relais_export_set_last_run (export, last);
  g_assert_cmpint (relais_run_get_question (run, export), ==, RELAIS_QUESTION_OVER);
  g_assert_cmpint (relais_run_get_question (later, export), ==, RELAIS_QUESTION_NONE);
  said = relais_run_explain (run, RELAIS_QUESTION_OVER);
  g_assert_null (strstr (said, "--"));
  g_assert_nonnull (strstr (said, "The account is full."));
  assert_says (g_steal_pointer (&said), "Nobody answered, so this run left them there.", "Personne n’a répondu");
}

static void
test_a_question_is_over_when_nobody_is_taken_off_any_more (void)
{
  g_autoptr (RelaisRunRecord) run = make_asking ("r");
  g_autoptr (RelaisExport) export = make_export (run);
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_copy (relais_export_get_definition (export));

  definition->leavers = RELAIS_LEAVERS_KEEP;
  relais_export_set_definition (export, definition, NULL);
  g_assert_cmpint (relais_run_get_question (run, export), ==, RELAIS_QUESTION_OVER);
}

static void
test_repeats_are_asked_about_in_the_words_of_the_run (void)
{
  g_autoptr (RelaisRunRecord) run = make_asking ("r");
  g_autoptr (RelaisExport) export = make_export (run);

  run->leavers = (RelaisLeaversCounts) { 0 };
  g_free (run->message);
  run->message = g_strdup ("Allow repeats (--allow-repeats).");
  g_assert_cmpint (relais_run_get_question (run, export), ==, RELAIS_QUESTION_OPEN);
  assert_says (relais_run_explain (run, RELAIS_QUESTION_OPEN), run->message, run->message);
  assert_says (relais_run_explain (run, RELAIS_QUESTION_OVER), "Nobody answered, so this run did not.", "Personne n’a répondu");
}

/* How many they are is kept, and the words are made when they are read. */
static void
test_repeats_are_asked_about_in_the_language_of_the_reader (void)
{
  g_autoptr (RelaisRunRecord) run = make_asking ("r");
  g_autoptr (RelaisExport) export = make_export (run);

  run->leavers = (RelaisLeaversCounts) { 0 };
  g_clear_pointer (&run->message, g_free);
  run->notes.repeats_asked = 3;
  assert_says (relais_run_explain (run, RELAIS_QUESTION_OPEN), "3 batches of the run before were sent", "3 lots");
  run->notes.repeats_own = TRUE;
  assert_says (relais_run_explain (run, RELAIS_QUESTION_OPEN), "3 batches of this run were sent but never answered.", "3 lots");
  assert_says (relais_run_explain (run, RELAIS_QUESTION_OVER), "asked whether 3 batches that were sent earlier", "3 lots");
  /* Somebody did answer. */
  run->error_code = -1;
  run->notes = (RelaisRunNotes) { .repeats_allowed = 3 };
  g_assert_cmpint (relais_run_get_question (run, export), ==, RELAIS_QUESTION_ANSWERED);
  g_assert_null (relais_run_explain (run, RELAIS_QUESTION_ANSWERED));
  assert_says (relais_run_tell_answer (run), "Of 3 batches that were sent earlier it was not known whether they arrived, and Relais was told to send them again", "3 lots");
}

static void
test_an_answer_is_told (void)
{
  g_autoptr (RelaisRunRecord) run = relais_run_record_new ();
  g_autoptr (RelaisExport) export = make_export (run);

  run->status = RELAIS_RUN_SUCCESSFUL;
  g_assert_null (relais_run_tell_answer (run));
  g_assert_null (relais_run_explain (run, RELAIS_QUESTION_NONE));
  run->leavers = (RelaisLeaversCounts) { .departed = 2000, .taken_off = 2000, .answered = 2000, .answer = RELAIS_ANSWER_TAKE_OFF };
  g_assert_cmpint (relais_run_get_question (run, export), ==, RELAIS_QUESTION_ANSWERED);
  assert_says (relais_run_tell_answer (run), "had asked about 2,000 people who left the segment, and was told to take them off", "2" THIN "000");
  g_assert_null (relais_run_explain (run, RELAIS_QUESTION_ANSWERED));
  run->leavers = (RelaisLeaversCounts) { .departed = 2000, .kept = 2000, .answered = 2000, .answer = RELAIS_ANSWER_KEEP };
  g_assert_null (relais_run_tell_answer (run));
  assert_says (relais_run_explain (run, RELAIS_QUESTION_ANSWERED), "2,000 people who left the segment stay on the list this time", "2" THIN "000");
}

/* Whoever reads it may speak another language than whoever ran it. */
static void
test_numbers_of_people_are_told_in_the_language_of_the_reader (void)
{
  const RelaisRunRecord run = { .status = RELAIS_RUN_COMPLETED_WITH_ERRORS, .error_code = -1, .message = (char *) "Said then.",
                                .leavers = { .departed = 9, .kept = 5, .in_doubt = 1, .joined = 2, .undated = 3, .no_way_back = 4, .unreadable = 6 } };
  RelaisRunRecord stopped = run;
  g_autofree char *said = NULL;

  assert_says (relais_run_explain (&run, RELAIS_QUESTION_NONE), "Said then. People who left the segment stay on the list for now: the addresses in 6 rows", "6 lignes");
  assert_says (relais_run_explain (&run, RELAIS_QUESTION_NONE), "1 person was to be taken off the list", "1 personne devait");
  assert_says (relais_run_explain (&run, RELAIS_QUESTION_NONE), "2 people who left the segment stay on the list, because they joined it without Relais.", "2 personnes");
  assert_says (relais_run_explain (&run, RELAIS_QUESTION_NONE), "3 people who left the segment stay on the list, because ActiveCampaign does not tell", "3 personnes");
  assert_says (relais_run_explain (&run, RELAIS_QUESTION_NONE), "4 people were taken off the list, but it is not certain", "4 personnes");
  /* One that was stopped did not come so far. */
  stopped.status = RELAIS_RUN_CANCELED;
  said = relais_run_explain (&stopped, RELAIS_QUESTION_NONE);
  g_assert_cmpstr (said, ==, "Said then.");
}

static void
assert_notes_say (RelaisRunNotes  notes,
                  const char     *english,
                  const char     *french)
{
  const RelaisRunRecord run = { .status = RELAIS_RUN_COMPLETED_WITH_ERRORS, .error_code = -1, .notes = notes };

  assert_says (relais_run_explain (&run, RELAIS_QUESTION_NONE), english, french);
}

/* So is what stood in its way; only what the service said itself stays as it was said. */
static void
test_what_a_run_met_is_told_in_the_language_of_the_reader (void)
{
  static const struct
  {
    RelaisRunNotes  notes;
    const char     *english;
    const char     *french;
  } cases[] = {
    { { .obstacle = (char *) "Loyal" }, "“Loyal” sends to the same list, and it is not known yet", "Loyal" },
    { { .obstacle = (char *) "Loyal", .through_another = TRUE }, "through another connection", "une autre connexion" },
    { { .n_postponed = 3, .unanswered = TRUE }, "3 people who left the segment stay on the list for now. ActiveCampaign could not be asked", "3 personnes" },
    { { .n_not_taken_off = 2, .refusal = (char *) "No such list." }, "ActiveCampaign refused to take them off it. The next run tries it again. No such list.", "No such list." },
    { { .n_not_taken_off = 2 }, "2 people who left the segment stay on the list, because ActiveCampaign refused", "2 personnes" },
    { { .contacts_limit = 1000, .contacts_total = 250, .n_new = 751 }, "had room for 750 more contacts", "750" },
    { { .contacts_limit = 1000, .contacts_total = 1000, .n_new = 1 }, "The account was full before this run: 1,000 of 1,000 contacts", "1" THIN "000" },
    { { .account_status = (char *) "suspended" }, "gives the status of this account as “suspended”", "suspended" },
    { { .gaps = RELAIS_GAP_EXCLUSIONS }, "exclusion list could not be read", "liste" },
  };
  const RelaisRunRecord none = { .status = RELAIS_RUN_SUCCESSFUL, .error_code = -1 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_notes_say (cases[i].notes, cases[i].english, cases[i].french);
  g_assert_null (relais_run_explain (&none, RELAIS_QUESTION_NONE));
}

static void
test_who_is_not_told_of_was_gone (void)
{
  const RelaisRunRecord nobody = { .status = RELAIS_RUN_SUCCESSFUL };
  const RelaisRunRecord some = { .status = RELAIS_RUN_COMPLETED_WITH_ERRORS,
                                 .leavers = { .departed = 100, .taken_off = 40, .in_doubt = 3, .kept = 20, .asked = 30, .put_back = 50 } };
  const RelaisRunRecord wrong = { .status = RELAIS_RUN_SUCCESSFUL, .leavers = { .departed = 1, .taken_off = 40 } };
  const RelaisRunRecord canceled = { .status = RELAIS_RUN_CANCELED, .leavers = { .departed = 100 } };

  g_assert_cmpuint (relais_run_count_gone (&nobody), ==, 0);
  g_assert_cmpuint (relais_run_count_gone (&some), ==, 7);
  g_assert_cmpuint (relais_run_count_gone (&wrong), ==, 0);
  g_assert_cmpuint (relais_run_count_gone (&canceled), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("RELAIS_TEST_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/run-words/a-question-names-all-its-limits-and-what-else-there-is-to-say", test_a_question_names_all_its_limits_and_what_else_there_is_to_say);
  g_test_add_func ("/run-words/a-question-is-over-when-a-later-run-has-begun", test_a_question_is_over_when_a_later_run_has_begun);
  g_test_add_func ("/run-words/a-question-is-over-when-nobody-is-taken-off-any-more", test_a_question_is_over_when_nobody_is_taken_off_any_more);
  g_test_add_func ("/run-words/repeats-are-asked-about-in-the-words-of-the-run", test_repeats_are_asked_about_in_the_words_of_the_run);
  g_test_add_func ("/run-words/repeats-are-asked-about-in-the-language-of-the-reader", test_repeats_are_asked_about_in_the_language_of_the_reader);
  g_test_add_func ("/run-words/an-answer-is-told", test_an_answer_is_told);
  g_test_add_func ("/run-words/numbers-of-people-are-told-in-the-language-of-the-reader", test_numbers_of_people_are_told_in_the_language_of_the_reader);
  g_test_add_func ("/run-words/what-a-run-met-is-told-in-the-language-of-the-reader", test_what_a_run_met_is_told_in_the_language_of_the_reader);
  g_test_add_func ("/run-words/who-is-not-told-of-was-gone", test_who_is_not_told_of_was_gone);

  return g_test_run ();
}
