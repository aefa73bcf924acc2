/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-format.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#define THIN "\u202f"

/* 2026-03-05 12:34 UTC */
#define NOW (G_GINT64_CONSTANT (1772714040) * G_USEC_PER_SEC)

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
  g_assert_cmpstr (said, ==, is_french () ? french : english);
  g_free (said);
}

static void
test_thousands_stand_apart (void)
{
  assert_says (relais_format_count (0), "0", "0");
  assert_says (relais_format_count (999), "999", "999");
  assert_says (relais_format_count (1000), "1,000", "1" THIN "000");
  assert_says (relais_format_count (25000), "25,000", "25" THIN "000");
  assert_says (relais_format_count (999999), "999,999", "999" THIN "999");
  assert_says (relais_format_count (1000000), "1,000,000", "1" THIN "000" THIN "000");
  assert_says (relais_format_count (G_MAXUINT64), "18,446,744,073,709,551,615",
               "18" THIN "446" THIN "744" THIN "073" THIN "709" THIN "551" THIN "615");
}

static void
test_shares_are_in_percent (void)
{
  assert_says (relais_format_share (300, 1000), "30%", "30\u00a0%");
  assert_says (relais_format_share (201, 1000), "20.1%", "20,1\u00a0%");
  assert_says (relais_format_share (200001, 1000000), "20.1%", "20,1\u00a0%");
  assert_says (relais_format_share (1, 3), "33.4%", "33,4\u00a0%");
  assert_says (relais_format_share (7, 7), "100%", "100\u00a0%");
  assert_says (relais_format_share (0, 7), "0%", "0\u00a0%");
  assert_says (relais_format_share (0, 0), "0%", "0\u00a0%");
}

static void
test_days_are_in_numbers_of_the_language (void)
{
  assert_says (relais_format_day (NOW), "2026-03-05", "05/03/2026");
  assert_says (relais_format_moment (NOW), "2026-03-05, 12:34", "05/03/2026 à 12:34");
}

/* Where the system has the country's locale, that decides. */
static void
test_a_locale_that_is_there_decides (void)
{
  if (setlocale (LC_ALL, "fr_FR.UTF-8") == NULL)
    {
      g_test_skip ("the system has no French locale");
      return;
    }
  assert_says (relais_format_count (25000), "25" THIN "000", "25" THIN "000");
  assert_says (relais_format_day (NOW), "05/03/2026", "05/03/2026");
  setlocale (LC_ALL, "");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("RELAIS_TEST_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/thousands-stand-apart", test_thousands_stand_apart);
  g_test_add_func ("/format/shares-are-in-percent", test_shares_are_in_percent);
  g_test_add_func ("/format/days-are-in-numbers-of-the-language", test_days_are_in_numbers_of_the_language);
  g_test_add_func ("/format/a-locale-that-is-there-decides", test_a_locale_that_is_there_decides);

  return g_test_run ();
}
