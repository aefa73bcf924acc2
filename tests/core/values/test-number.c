/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-number-private.h"

#include <string.h>

typedef struct
{
  const char *text;
  char        decimal;   /* chosen for the column, or 0 */
  const char *expected;  /* NULL: not a number that can be read one way */
} Row;

static const Row rows[] = {
  /* as programs write them */
  { "0", 0, "0" },
  { "7", 0, "7" },
  { "0.5", 0, "0.5" },
  { "123456789012345678901234567890", 0, "123456789012345678901234567890" },
  { "0.000000000000000000000000000001", 0, "0.000000000000000000000000000001" },
  { "00012", 0, "12" },
  { "-00012,50", 0, "-12.50" },
  /* signs */
  { "-1", 0, "-1" },
  { "+1", 0, "1" },
  { "\342\210\2221,5", 0, "-1.5" },
  { "- 1", 0, "-1" },
  { "--1", 0, NULL },
  { "+-1", 0, NULL },
  { "1-", 0, NULL },
  { "(1)", 0, NULL },
  { "-", 0, NULL },
  { "+", 0, NULL },
  { "-0", 0, "0" },
  { "-0.0", 0, "0.0" },
  /* groups */
  { "1 000", 0, "1000" },
  { "1\302\240000\302\240000", 0, "1000000" },
  { "1\342\200\257000,25", 0, "1000.25" },
  { "1'000.25", 0, "1000.25" },
  { "1\342\200\231000.25", 0, "1000.25" },
  { "12 34", 0, NULL },
  { "1 0000", 0, NULL },
  { "1  000", 0, NULL },
  { "1000 000", 0, NULL },
  { "1,000 000", 0, NULL },
  { "1.000,000.00", 0, NULL },
  { "1,00,000", 0, NULL },
  { "1 000'000", 0, "1000000" },
  /* what can be read two ways is not guessed */
  { "1,234", 0, NULL },
  { "1.234", 0, NULL },
  { "-12.345", 0, NULL },
  { "123,456", 0, NULL },
  { "1,234", '.', "1234" },
  { "1,234", ',', "1.234" },
  { "1.234", '.', "1.234" },
  { "1.234", ',', "1234" },
  { "1234,567", 0, "1234.567" },
  { "0,125", 0, "0.125" },
  /* what contradicts the chosen sign is wrong, not read the other way */
  { "12,5", '.', NULL },
  { "12.5", ',', NULL },
  { "1,234,567.8", ',', NULL },
  { "1.234.567,8", '.', NULL },
  { "1,5,5", ',', NULL },
  /* ends */
  { ".5", 0, "0.5" },
  { ",5", 0, "0.5" },
  { "5.", 0, "5" },
  { ".", 0, NULL },
  { ",", 0, NULL },
  { "..", 0, NULL },
  { "1..5", 0, NULL },
  /* money */
  { "5 \342\202\254", 0, "5" },
  { "\342\202\2545", 0, "5" },
  { "$1,234.50", 0, "1234.50" },
  { "\302\2431.50", 0, "1.50" },
  { "1 234,50\302\240\342\202\254", 0, "1234.50" },
  { "-5 \342\202\254", 0, "-5" },
  { "\342\202\254 5 \342\202\254", 0, NULL },
  { "5 \342\202\254 5", 0, NULL },
  { "5 EUR", 0, NULL },
  { "\342\202\254", 0, NULL },
  /* no numbers */
  { " ", 0, NULL },
  { "1e3", 0, NULL },
  { "1,2E+05", 0, NULL },
  { "0x10", 0, NULL },
  { "NaN", 0, NULL },
  { "inf", 0, NULL },
  { "12%", 0, NULL },
  { "1/2", 0, NULL },
  { "\302\275", 0, NULL },
  { "\331\241\331\242", 0, NULL },
  { "\357\274\221", 0, NULL },
  { "1\tx", 0, NULL },
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) into = g_string_new ("before ");
      g_autofree char *expected = g_strconcat ("before ", rows[i].expected, NULL);
      RelaisReason reason = relais_number_write (rows[i].text, rows[i].decimal, into);

      g_test_message ("%u: %s", i, rows[i].text);
      g_assert_cmpuint (reason, ==, rows[i].expected != NULL ? RELAIS_REASON_NONE : RELAIS_REASON_BAD_NUMBER);
      g_assert_cmpstr (into->str, ==, expected);
    }
}

/* What was written is read again as what it is. */
static void
test_what_was_written_is_a_number (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) again = g_string_new (NULL);

      if (rows[i].expected == NULL)
        continue;
      g_assert_cmpuint (relais_number_write (rows[i].expected, '.', again), ==, RELAIS_REASON_NONE);
      g_assert_cmpstr (again->str, ==, rows[i].expected);
    }
}

static void
test_a_long_cell_is_read_as_far_as_it_goes (void)
{
  g_autofree char *digits = g_strnfill (65536, '9');
  g_autofree char *points = g_strnfill (65536, '.');
  g_autoptr (GString) into = g_string_new (NULL);

  g_assert_cmpuint (relais_number_write (digits, 0, into), ==, RELAIS_REASON_NONE);
  g_assert_cmpstr (into->str, ==, digits);
  g_assert_cmpuint (relais_number_write (points, 0, into), ==, RELAIS_REASON_BAD_NUMBER);
  g_assert_cmpuint (into->len, ==, 65536);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/numbers", test_numbers);
  g_test_add_func ("/number/what-was-written-is-a-number", test_what_was_written_is_a_number);
  g_test_add_func ("/number/a-long-cell-is-read-as-far-as-it-goes", test_a_long_cell_is_read_as_far_as_it_goes);

  return g_test_run ();
}
