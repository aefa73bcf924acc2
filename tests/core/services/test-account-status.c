/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-account-status.h"

#include <string.h>

/* In the words that an account might use: which it does is documented nowhere. */
static void
test_what_is_wrong_is_told_in_the_account_s_own_word (void)
{
  static const char * const words[] = {
    "suspended", "SUSPENDED", "Suspension", "under review", "Under_Review", "underReview", "in-review", "pending review", "cancelled", "canceled",
    "cancel_requested", "closed", "disabled", "inactive", "expired", "trial expired", "blocked", "locked", "terminated", "delinquent", "unpaid",
    "past_due", "Past due", "pastDue", "overdue", "frozen", "paused", "on hold", "banned", "deactivated",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *quoted = g_strdup_printf ("“%s”", words[i]);
      g_autofree char *warning = relais_account_status_warn (words[i]);

      g_test_message ("%s", words[i]);
      g_assert_nonnull (warning);
      g_assert_nonnull (strstr (warning, quoted));
    }
}

static void
test_all_else_passes (void)
{
  static const char * const words[] = {
    "", "active", "ACTIVE", "trial", "ok", "good", "enabled", "paid", "live", "reviewed", "unlocked", "unblocked", "1", "é", "in good standing",
    "a word of tomorrow",
  };

  g_assert_null (relais_account_status_warn (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i]);
      g_assert_null (relais_account_status_warn (words[i]));
    }
}

static void
test_a_text_without_an_end_is_cut (void)
{
  g_autoptr (GString) status = g_string_new ("suspended");
  g_autofree char *warning = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (status, "é");
  warning = relais_account_status_warn (status->str);
  g_assert_nonnull (strstr (warning, "“suspendedé"));
  g_assert_true (g_utf8_validate (warning, -1, NULL));
  g_assert_cmpuint (strlen (warning), <, 400);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/account-status/what is wrong is told in the account's own word", test_what_is_wrong_is_told_in_the_account_s_own_word);
  g_test_add_func ("/account-status/all else passes", test_all_else_passes);
  g_test_add_func ("/account-status/a text without an end is cut", test_a_text_without_an_end_is_cut);

  return g_test_run ();
}
