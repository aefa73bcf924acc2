/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-row-ranges.h"

static void
test_what_was_written_is_read (void)
{
  static const guint64 ranges[][2] = { { 1, 250 }, { 252, 252 }, { 254, 255 }, { 1000000, G_GUINT64_CONSTANT (5000000000) } };
  g_autoptr (GString) text = g_string_new (NULL);
  const char *at;
  guint64 first, last;

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    relais_row_ranges_append (text, ranges[i][0], ranges[i][1]);
  g_assert_cmpstr (text->str, ==, "1-250 252 254-255 1000000-5000000000");

  at = text->str;
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_assert_true (relais_row_ranges_next (&at, &first, &last));
      g_assert_cmpuint (first, ==, ranges[i][0]);
      g_assert_cmpuint (last, ==, ranges[i][1]);
    }
  g_assert_false (relais_row_ranges_next (&at, &first, &last));
}

static void
test_what_is_no_range_ends_them (void)
{
  static const char * const texts[] = { "", " ", "x", "-", "-5", "7-", "7-x", "9-3", "  3" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *at = texts[i];
      guint64 first, last;

      g_test_message ("“%s”", texts[i]);
      g_assert_false (relais_row_ranges_next (&at, &first, &last));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row-ranges/what-was-written-is-read", test_what_was_written_is_read);
  g_test_add_func ("/row-ranges/what-is-no-range-ends-them", test_what_is_no_range_ends_them);

  return g_test_run ();
}
