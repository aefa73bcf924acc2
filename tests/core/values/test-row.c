/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-row.h"

static void
test_codes_are_distinct_and_come_back (void)
{
  for (guint i = 0; i < RELAIS_N_REASONS; i++)
    g_assert_cmpuint (relais_reason_from_code (relais_reason_to_code (i)), ==, i);
  g_assert_cmpuint (relais_reason_from_code ("no such code"), ==, RELAIS_REASON_NONE);
  g_assert_cmpuint (relais_reason_from_code (NULL), ==, RELAIS_REASON_NONE);

  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    {
      RelaisRowState state;

      g_assert_true (relais_row_state_from_id (relais_row_state_to_id (i), &state));
      g_assert_cmpuint (state, ==, i);
    }
}

static void
test_counts_add_up (void)
{
  RelaisRowCounts counts = { .read = 7 };

  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    counts.by_state[i] = 1;
  g_assert_cmpuint (relais_row_counts_sum (&counts), ==, counts.read);
}

static void
test_a_copy_of_a_rejection_is_whole (void)
{
  g_autoptr (RelaisRejection) rejection = relais_rejection_new (12, "zoe@@example.com", 4, RELAIS_ROW_DUPLICATE,
                                                                RELAIS_REASON_REPEATED_ADDRESS, "x");
  g_autoptr (RelaisRejection) copy = NULL;

  rejection->other_row = 3;
  copy = relais_rejection_copy (rejection);
  g_assert_cmpuint (copy->row, ==, 12);
  g_assert_cmpuint (copy->other_row, ==, 3);
  g_assert_cmpstr (copy->email, ==, "zoe@");
  g_assert_cmpstr (copy->detail, ==, "x");
  g_assert_cmpuint (copy->state, ==, RELAIS_ROW_DUPLICATE);
  g_assert_cmpuint (copy->reason, ==, RELAIS_REASON_REPEATED_ADDRESS);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row/codes-are-distinct-and-come-back", test_codes_are_distinct_and_come_back);
  g_test_add_func ("/row/counts-add-up", test_counts_add_up);
  g_test_add_func ("/row/a-copy-of-a-rejection-is-whole", test_a_copy_of_a_rejection_is_whole);

  return g_test_run ();
}
