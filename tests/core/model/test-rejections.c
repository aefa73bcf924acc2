/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-rejections.h"

#include <string.h>

static char *
explain (RelaisRowState  state,
         RelaisReason    reason,
         const char     *detail)
{
  g_autoptr (RelaisRejection) rejection = relais_rejection_new (12, "zoe@example.com", -1, state, reason, detail);

  rejection->other_row = reason == RELAIS_REASON_REPEATED_ADDRESS ? 3 : 0;

  return relais_rejection_explain (rejection);
}

static void
assert_whole_sentence (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_unichar_isupper (g_utf8_get_char (text)));
  g_assert_true (g_str_has_suffix (text, ".") || g_str_has_suffix (text, "”"));
}

static void
test_every_reason_has_a_sentence_of_its_own (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint reason = RELAIS_REASON_NONE + 1; reason < RELAIS_N_REASONS; reason++)
    {
      char *text = explain (RELAIS_ROW_INVALID, reason, "Détail");

      assert_whole_sentence (text);
      g_assert_true (g_hash_table_add (seen, text));
    }
}

static void
test_every_state_without_a_reason_has_a_sentence (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint state = 0; state < RELAIS_N_ROW_STATES; state++)
    {
      char *text = explain (state, RELAIS_REASON_NONE, NULL);

      assert_whole_sentence (text);
      g_assert_true (g_hash_table_add (seen, text));
    }
}

static void
test_sentences_name_what_they_are_about (void)
{
  static const RelaisReason about_cells[] = {
    RELAIS_REASON_UNCLEAR_DATE, RELAIS_REASON_BAD_DATE, RELAIS_REASON_BAD_NUMBER, RELAIS_REASON_SCIENTIFIC_NUMBER,
    RELAIS_REASON_NOT_AN_OPTION, RELAIS_REASON_BAD_TEXT, RELAIS_REASON_PHONE_AS_WRITTEN, RELAIS_REASON_PHONE_LEFT_OUT,
    RELAIS_REASON_REFUSED_BECAUSE,
  };
  g_autofree char *repeated = explain (RELAIS_ROW_DUPLICATE, RELAIS_REASON_REPEATED_ADDRESS, NULL);
  g_autofree char *no_at = explain (RELAIS_ROW_INVALID, RELAIS_REASON_NO_AT, NULL);

  g_assert_cmpstr (repeated, ==, "Row 12 repeats the address of row 3.");
  g_assert_cmpstr (no_at, ==, "The address has no @ sign.");

  for (guint i = 0; i < G_N_ELEMENTS (about_cells); i++)
    {
      g_autofree char *named = explain (RELAIS_ROW_INVALID, about_cells[i], "Né le %s");
      g_autofree char *unnamed = explain (RELAIS_ROW_INVALID, about_cells[i], "");

      assert_whole_sentence (named);
      g_assert_nonnull (strstr (named, "“Né le %s”"));
      assert_whole_sentence (unnamed);
      g_assert_null (strstr (unnamed, "“"));
    }
}

static void
test_a_repetition_without_its_other_row_names_none (void)
{
  g_autoptr (RelaisRejection) rejection = relais_rejection_new (12, "zoe@example.com", -1, RELAIS_ROW_DUPLICATE,
                                                                RELAIS_REASON_REPEATED_ADDRESS, NULL);
  g_autofree char *text = relais_rejection_explain (rejection);

  g_assert_null (strstr (text, "row 0"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rejections/every-reason-has-a-sentence-of-its-own", test_every_reason_has_a_sentence_of_its_own);
  g_test_add_func ("/rejections/every-state-without-a-reason-has-a-sentence",
                   test_every_state_without_a_reason_has_a_sentence);
  g_test_add_func ("/rejections/sentences-name-what-they-are-about", test_sentences_name_what_they_are_about);
  g_test_add_func ("/rejections/a-repetition-without-its-other-row-names-none",
                   test_a_repetition_without_its_other_row_names_none);

  return g_test_run ();
}
