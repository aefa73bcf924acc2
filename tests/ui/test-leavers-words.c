/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-leavers-words.h"

#include <locale.h>
#include <string.h>

#define CUT " A file that was cut short looks just like that, so nobody has been taken off the list yet."

static void
assert_says (char       *said,
             const char *wanted)
{
  g_assert_cmpstr (said, ==, wanted);
  g_free (said);
}

static void
test_a_question_names_its_numbers (void)
{
  const RelaisLeaversCounts many = { .departed = 12000, .asked = 12000, .delivered = 40000 };
  const RelaisLeaversCounts one = { .departed = 1, .asked = 1, .delivered = 3 };
  g_autofree char *all = relais_leavers_explain_question (&many);

  assert_says (relais_leavers_describe_question (&many), "12,000 of 40,000 people whom this export put on the list left the segment: 30%." CUT);
  assert_says (relais_leavers_describe_question (&one), "1 of 3 people whom this export put on the list left the segment: 33.4%." CUT);
  g_assert_true (g_str_has_prefix (all, "12,000 of 40,000 people"));
  g_assert_nonnull (strstr (all, "A file that was cut short looks just like that."));
  assert_says (relais_leavers_title_question (&many), "Take 12,000 People Off?");
  assert_says (relais_leavers_title_question (&one), "Take 1 Person Off?");
  assert_says (relais_leavers_describe_answer (&many), "_Take 12,000 People Off the List");
  assert_says (relais_leavers_describe_answer (&one), "_Take 1 Person Off the List");
}

/* The sentence for the terminal names its options; a window has buttons. */
static void
test_a_run_that_asks_says_so_without_options (void)
{
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (RelaisRun) run = NULL;

  record->id = g_strdup ("r");
  record->message = g_strdup ("Answer with --allow-leavers.");
  run = relais_run_new (record);
  assert_says (relais_describe_message (NULL, run, record->message), "Answer with --allow-leavers.");
  g_assert_null (relais_describe_message (NULL, NULL, NULL));

  /* Neither is what the account has no room for forgotten. */
  g_free (record->message);
  record->message = g_strdup ("The account is full.");
  record->leavers = (RelaisLeaversCounts) { .departed = 1, .asked = 1, .delivered = 3 };
  relais_run_set_record (run, record);
  assert_says (relais_describe_message (NULL, run, record->message), "1 of 3 people whom this export put on the list left the segment: 33.4%." CUT
                                                                     " The account is full.");
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/leavers-words/a-question-names-its-numbers", test_a_question_names_its_numbers);
  g_test_add_func ("/leavers-words/a-run-that-asks-says-so-without-options", test_a_run_that_asks_says_so_without_options);

  return g_test_run ();
}
