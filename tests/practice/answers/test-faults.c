/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-faults.h"

#include <string.h>

#include "relais-error.h"
#include "relais-practice-limits.h"

static char *
strikes (RelaisFaults *faults,
         guint         n_times)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_times; i++)
    g_string_append_c (text, relais_faults_strike (faults, RELAIS_FAULT_CUT_ANSWER) ? 'x' : '-');

  return g_string_free (text, FALSE);
}

static void
test_a_fault_comes_every_nth_time_the_nth_time_or_in_a_share (void)
{
  static const struct
  {
    const char *value;
    const char *expected;
  } rows[] = {
    { NULL, "xxxxxxxxxx" }, { "3", "--x--x--x-" }, { "@3", "--x-------" }, { "40%", "--x-x--x-x" }, { "100%", "xxxxxxxxxx" }, { "off", "----------" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      RelaisFaults faults = { 0 };
      g_autofree char *found = NULL;

      g_assert_true (relais_faults_set (&faults, "cut-answer", rows[i].value, NULL));
      found = strikes (&faults, 10);
      g_assert_cmpstr (found, ==, rows[i].expected);
      relais_faults_clear (&faults);
    }
}

static void
test_a_time_has_a_unit (void)
{
  static const struct
  {
    const char *value;
    gint64      milliseconds;
  } rows[] = { { "0", 0 }, { "250", 250 }, { "250ms", 250 }, { "2s", 2000 } };
  RelaisFaults faults = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_true (relais_faults_set (&faults, "slow", rows[i].value, NULL));
      g_assert_cmpint (faults.at[RELAIS_FAULT_SLOW].number, ==, rows[i].milliseconds);
    }
  relais_faults_clear (&faults);
}

static void
test_what_is_no_fault_is_refused_and_changes_nothing (void)
{
  static const char *const rows[][2] = {
    { "no-such-fault", NULL }, { "unpaid", "1" }, { "cut-answer", "0" }, { "cut-answer", "@0" }, { "cut-answer", "101%" }, { "cut-answer", "" },
    { "cut-answer", "x" }, { "slow", NULL }, { "slow", "s" }, { "slow", "-1" }, { "slow", "9999999999s" }, { "refuse", NULL }, { "lists", "many" },
  };
  RelaisFaults faults = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (relais_faults_set (&faults, rows[i][0], rows[i][1], &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
    }
  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    g_assert_false (faults.at[i].on);
}

static void
test_every_fault_has_a_name_of_its_own_and_a_sentence (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    {
      const char *value = NULL;

      g_assert_nonnull (relais_faults_name (i));
      g_assert_true (g_hash_table_add (names, (gpointer) relais_faults_name (i)));
      g_assert_cmpuint (strlen (relais_faults_describe (i, &value)), >, 10);
      g_assert_nonnull (value);
    }
}

static void
test_limits_are_those_of_the_service_and_change_in_proportion (void)
{
  RelaisLimits limits = { 0 };

  relais_limits_init (&limits);
  g_assert_cmpuint (limits.most[RELAIS_LIMIT_ORDINARY], ==, 5);
  g_assert_cmpuint (limits.most[RELAIS_LIMIT_IMPORTS], ==, 100);
  g_assert_cmpuint (limits.most[RELAIS_LIMIT_SINGLES], ==, 20);
  for (guint i = 0; i < 20; i++)
    g_assert_true (relais_limits_take (&limits, RELAIS_LIMIT_SINGLES));
  g_assert_false (relais_limits_take (&limits, RELAIS_LIMIT_SINGLES));
  g_assert_cmpuint (relais_limits_left (&limits, RELAIS_LIMIT_SINGLES), ==, 0);
  g_assert_cmpuint (relais_limits_left (&limits, RELAIS_LIMIT_IMPORTS), ==, 100);
  g_assert_cmpuint (relais_limits_wait (&limits, RELAIS_LIMIT_SINGLES), >, 30);
  g_assert_cmpuint (relais_limits_wait (&limits, RELAIS_LIMIT_SINGLES), <=, 60);
  g_assert_cmpuint (relais_limits_wait (&limits, RELAIS_LIMIT_IMPORTS), ==, 1);
  relais_limits_set (&limits, 6000, 60);
  g_assert_cmpuint (limits.most[RELAIS_LIMIT_ORDINARY], ==, 300);
  g_assert_cmpuint (limits.most[RELAIS_LIMIT_SINGLES], ==, 1200);
  relais_limits_set (&limits, 0, 60);
  g_assert_true (relais_limits_take (&limits, RELAIS_LIMIT_SINGLES));
  g_assert_cmpuint (relais_limits_left (&limits, RELAIS_LIMIT_SINGLES), ==, G_MAXUINT);
  relais_limits_clear (&limits);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/faults/rhythms", test_a_fault_comes_every_nth_time_the_nth_time_or_in_a_share);
  g_test_add_func ("/practice/faults/times", test_a_time_has_a_unit);
  g_test_add_func ("/practice/faults/refused", test_what_is_no_fault_is_refused_and_changes_nothing);
  g_test_add_func ("/practice/faults/described", test_every_fault_has_a_name_of_its_own_and_a_sentence);
  g_test_add_func ("/practice/limits/proportion", test_limits_are_those_of_the_service_and_change_in_proportion);

  return g_test_run ();
}
