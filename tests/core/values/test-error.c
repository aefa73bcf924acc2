/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"

/* Every code, so that one that is added has to be thought about here. */
static const struct
{
  RelaisError code;
  gboolean    temporary;  /* sending the same later may help */
  gboolean    in_doubt;   /* it may have been done */
} rows[] = {
  { RELAIS_ERROR_REFUSED, FALSE, FALSE },
  { RELAIS_ERROR_NOT_ALLOWED, FALSE, FALSE },
  { RELAIS_ERROR_UNPAID, FALSE, FALSE },
  { RELAIS_ERROR_WRONG_HOST, FALSE, FALSE },
  { RELAIS_ERROR_NOT_FOUND, FALSE, FALSE },
  { RELAIS_ERROR_INVALID, FALSE, FALSE },
  { RELAIS_ERROR_REPLY, FALSE, TRUE },
  { RELAIS_ERROR_THROTTLED, TRUE, FALSE },
  { RELAIS_ERROR_UNAVAILABLE, TRUE, TRUE },
  { RELAIS_ERROR_OFFLINE, TRUE, FALSE },
  { RELAIS_ERROR_NAME_NOT_FOUND, TRUE, FALSE },
  { RELAIS_ERROR_UNREACHABLE, TRUE, FALSE },
  { RELAIS_ERROR_CUT, TRUE, TRUE },
  { RELAIS_ERROR_TLS, FALSE, FALSE },
  { RELAIS_ERROR_KEYRING_LOCKED, FALSE, FALSE },
  { RELAIS_ERROR_KEYRING_MISSING, FALSE, FALSE },
  { RELAIS_ERROR_KEYRING, FALSE, FALSE },
  { RELAIS_ERROR_KEY_MISSING, FALSE, FALSE },
  { RELAIS_ERROR_JOURNAL_NEWER, FALSE, FALSE },
  { RELAIS_ERROR_JOURNAL_DAMAGED, FALSE, FALSE },
  { RELAIS_ERROR_JOURNAL_UNWRITABLE, FALSE, FALSE },
  { RELAIS_ERROR_BUSY, FALSE, FALSE },
  { RELAIS_ERROR_FILE, FALSE, FALSE },
  { RELAIS_ERROR_FORMAT, FALSE, FALSE },
  { RELAIS_ERROR_DEFINITION, FALSE, FALSE },
  { RELAIS_ERROR_NAME_TAKEN, FALSE, FALSE },
  { RELAIS_ERROR_IN_USE, FALSE, FALSE },
  { RELAIS_ERROR_UNKNOWN, FALSE, FALSE },
  { RELAIS_ERROR_CONSENT, FALSE, FALSE },
  { RELAIS_ERROR_NO_CONNECTION, FALSE, FALSE },
  { RELAIS_ERROR_TOO_MANY, FALSE, FALSE },
  { RELAIS_ERROR_QUESTION, FALSE, FALSE },
  { RELAIS_ERROR_ROLE, FALSE, FALSE },
};

static void
test_each_code_says_what_to_do (void)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (rows) == RELAIS_ERROR_ROLE + 1);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (RELAIS_ERROR, (int) rows[i].code, "x");

      g_assert_cmpuint (rows[i].code, ==, i);
      g_assert_cmpint (relais_error_is_temporary (error), ==, rows[i].temporary);
      g_assert_cmpint (relais_error_is_in_doubt (error), ==, rows[i].in_doubt);
    }
}

/* The same numbers of another domain mean other things. */
static void
test_other_errors_say_nothing (void)
{
  g_assert_false (relais_error_is_temporary (NULL));
  g_assert_false (relais_error_is_in_doubt (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, (int) i, "x");

      g_assert_false (relais_error_is_temporary (error));
      g_assert_false (relais_error_is_in_doubt (error));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/each-code-says-what-to-do", test_each_code_says_what_to_do);
  g_test_add_func ("/error/other-errors-say-nothing", test_other_errors_say_nothing);

  return g_test_run ();
}
