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

/* Of four imports, each after a question about lists: with which of these eight requests the fault comes. */
static char *
hits (const char *name)
{
  RelaisFaults faults = { 0 };
  GString *text = g_string_new (NULL);

  g_assert_true (relais_faults_set (&faults, name, NULL, NULL));
  for (guint i = 0; i < 8; i++)
    {
      relais_faults_turn_to (&faults, relais_faults_count (&faults, i % 2 == 0 ? RELAIS_ASKED_LISTS : RELAIS_ASKED_IMPORT));
      g_string_append_c (text, relais_faults_strike (&faults, RELAIS_FAULT_CUT_ANSWER) ? 'x' : '-');
    }
  relais_faults_clear (&faults);

  return g_string_free (text, FALSE);
}

static void
test_a_fault_can_be_for_some_requests (void)
{
  static const char *const rows[][2] = {
    { "cut-answer", "xxxxxxxx" }, { "any/cut-answer", "xxxxxxxx" }, { "any:3/cut-answer", "--x-----" }, { "import/cut-answer", "-x-x-x-x" },
    { "import:2/cut-answer", "---x----" }, { "import:2-3/cut-answer", "---x-x--" }, { "import:3+/cut-answer", "-----x-x" },
    { "import:3++/cut-answer", "-----xxx" }, { "lists:4++/cut-answer", "------xx" }, { "info/cut-answer", "--------" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *found = hits (rows[i][0]);

      g_test_message ("%s", rows[i][0]);
      g_assert_cmpstr (found, ==, rows[i][1]);
    }
}

/* An import is carried out when other requests have come. */
static void
test_a_fault_can_be_turned_back_to_an_earlier_request (void)
{
  RelaisFaults faults = { 0 };
  RelaisPlace first, second;

  g_assert_true (relais_faults_set (&faults, "import:2++/apostrophes-pass", NULL, NULL));
  first = relais_faults_count (&faults, RELAIS_ASKED_IMPORT);
  relais_faults_turn_to (&faults, first);
  second = relais_faults_count (&faults, RELAIS_ASKED_IMPORT);
  relais_faults_turn_to (&faults, second);
  g_assert_true (faults.at[RELAIS_FAULT_APOSTROPHES_PASS].on);
  relais_faults_turn_to (&faults, first);
  g_assert_false (faults.at[RELAIS_FAULT_APOSTROPHES_PASS].on);
  relais_faults_turn_to (&faults, second);
  g_assert_true (faults.at[RELAIS_FAULT_APOSTROPHES_PASS].on);
  relais_faults_clear (&faults);
}

static void
test_every_kind_of_request_can_be_aimed_at (void)
{
  for (guint i = 0; i < RELAIS_N_ASKED; i++)
    {
      RelaisAim aim;

      g_assert_true (relais_aim_read (&aim, relais_asked_name (i)));
      g_assert_cmpint (aim.what, ==, i);
    }
}

static void
test_requests_are_told_apart (void)
{
  static const struct
  {
    const char  *method;
    const char  *path;
    const char  *query;
    RelaisAsked  what;
  } rows[] = {
    { "POST", "import/bulk_import", NULL, RELAIS_ASKED_IMPORT }, { "GET", "import/bulk_import", NULL, RELAIS_ASKED_OTHER },
    { "GET", "import/info", "batchId", RELAIS_ASKED_INFO },      { "GET", "lists", "limit", RELAIS_ASKED_LISTS },
    { "POST", "lists", NULL, RELAIS_ASKED_OTHER },               { "GET", "lists/exclusions", NULL, RELAIS_ASKED_EXCLUSIONS },
    { "GET", "fields", NULL, RELAIS_ASKED_FIELDS },              { "GET", "contacts", NULL, RELAIS_ASKED_PAGES },
    { "GET", "contacts", "listid", RELAIS_ASKED_PAGES },         { "GET", "contacts", "email", RELAIS_ASKED_PEOPLE },
    { "GET", "contacts/7", NULL, RELAIS_ASKED_PEOPLE },          { "POST", "contact/sync", NULL, RELAIS_ASKED_SYNC },
    { "GET", "users/me", NULL, RELAIS_ASKED_OTHER },             { "GET", "", NULL, RELAIS_ASKED_OTHER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GHashTable) query = g_hash_table_new (g_str_hash, g_str_equal);

      if (rows[i].query != NULL)
        g_hash_table_insert (query, (gpointer) rows[i].query, (gpointer) "1");
      g_assert_cmpint (relais_asked_of (rows[i].method, rows[i].path, rows[i].query != NULL ? query : NULL), ==, rows[i].what);
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
test_a_clock_is_ahead_or_behind (void)
{
  static const int rows[] = { 0, 5, -5, 86400, -86400 };
  RelaisFaults faults = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *value = g_strdup_printf ("%d", rows[i]);
      gint64 least = g_get_real_time () / G_USEC_PER_SEC + rows[i], now;

      g_assert_true (relais_faults_set (&faults, "clock", value, NULL));
      now = relais_faults_now (&faults);
      g_assert_cmpint (now, >=, least);
      g_assert_cmpint (now, <=, g_get_real_time () / G_USEC_PER_SEC + rows[i]);
    }
  relais_faults_clear (&faults);
}

static void
test_what_is_no_fault_is_refused_and_changes_nothing (void)
{
  static const char *const rows[][2] = {
    { "no-such-fault", NULL }, { "unpaid", "1" }, { "cut-answer", "0" }, { "cut-answer", "@0" }, { "cut-answer", "101%" }, { "cut-answer", "" },
    { "cut-answer", "x" }, { "slow", NULL }, { "slow", "s" }, { "slow", "-1" }, { "slow", "9999999999s" }, { "refuse", NULL }, { "lists", "many" },
    { "clock", NULL }, { "clock", "x" }, { "clock", "1.5" }, { "clock", "--1" },
    { "import:0/cut-answer", NULL }, { "import:/cut-answer", NULL }, { "import:3-2/cut-answer", NULL }, { "import:2+++/cut-answer", NULL },
    { "nothing/cut-answer", NULL }, { "/cut-answer", NULL }, { "imports/cut-answer", NULL }, { "import:x/cut-answer", NULL },
    { "import/lists", "30" }, { "import/import-delay", "1s" },
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
  g_test_add_func ("/practice/faults/aims", test_a_fault_can_be_for_some_requests);
  g_test_add_func ("/practice/faults/turned back", test_a_fault_can_be_turned_back_to_an_earlier_request);
  g_test_add_func ("/practice/faults/kinds", test_every_kind_of_request_can_be_aimed_at);
  g_test_add_func ("/practice/faults/requests", test_requests_are_told_apart);
  g_test_add_func ("/practice/faults/times", test_a_time_has_a_unit);
  g_test_add_func ("/practice/faults/clock", test_a_clock_is_ahead_or_behind);
  g_test_add_func ("/practice/faults/refused", test_what_is_no_fault_is_refused_and_changes_nothing);
  g_test_add_func ("/practice/faults/described", test_every_fault_has_a_name_of_its_own_and_a_sentence);
  g_test_add_func ("/practice/limits/proportion", test_limits_are_those_of_the_service_and_change_in_proportion);

  return g_test_run ();
}
