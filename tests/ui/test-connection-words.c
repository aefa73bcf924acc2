/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection-words.h"

#include "relais-error.h"

static void
assert_says (char       *said,
             const char *wanted)
{
  g_assert_cmpstr (said, ==, wanted);
  g_free (said);
}

static void
test_every_check_has_words_icon_and_colour (void)
{
  static const struct
  {
    RelaisCheck  check;
    const char  *words;
    const char  *icon;
    const char  *style;
  } table[] = {
    { RELAIS_CHECK_NEVER, "Never checked", "dialog-question-symbolic", "dim-label" },
    { RELAIS_CHECK_CONNECTED, "Connected", "emblem-ok-symbolic", "success" },
    { RELAIS_CHECK_KEY_REFUSED, "Key refused", "dialog-warning-symbolic", "warning" },
    { RELAIS_CHECK_NOT_ALLOWED, "Not enough rights", "dialog-warning-symbolic", "warning" },
    { RELAIS_CHECK_UNREACHABLE, "Unreachable", "dialog-warning-symbolic", "warning" },
    { RELAIS_CHECK_CERTIFICATE, "Certificate refused", "dialog-warning-symbolic", "warning" },
    { RELAIS_CHECK_WRONG_HOST, "Not an ActiveCampaign server", "dialog-warning-symbolic", "warning" },
    { RELAIS_CHECK_UNPAID, "Payment issue", "dialog-warning-symbolic", "warning" },
    { RELAIS_CHECK_TROUBLE, "Trouble at ActiveCampaign", "dialog-warning-symbolic", "warning" },
    { RELAIS_CHECK_KEYRING, "Keyring locked or missing", "dialog-warning-symbolic", "warning" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (GStrv) classes = relais_check_classes (NULL, table[i].check);

      assert_says (relais_describe_check (NULL, table[i].check, -1), table[i].words);
      assert_says (relais_check_icon (NULL, table[i].check), table[i].icon);
      g_assert_cmpuint (g_strv_length (classes), ==, 1);
      g_assert_cmpstr (classes[0], ==, table[i].style);
    }
}

static void
test_a_keyring_can_be_in_the_way_in_several_ways (void)
{
  assert_says (relais_describe_check (NULL, RELAIS_CHECK_KEYRING, RELAIS_ERROR_KEYRING_LOCKED), "Keyring locked");
  assert_says (relais_describe_check (NULL, RELAIS_CHECK_KEYRING, RELAIS_ERROR_KEYRING_MISSING), "No keyring");
  assert_says (relais_describe_check (NULL, RELAIS_CHECK_KEYRING, RELAIS_ERROR_KEYRING), "Keyring not working");
  assert_says (relais_describe_check (NULL, RELAIS_CHECK_KEYRING, RELAIS_ERROR_KEY_MISSING), "No key in the keyring");
  assert_says (relais_describe_check (NULL, RELAIS_CHECK_CONNECTED, RELAIS_ERROR_KEYRING_LOCKED), "Connected");
}

static void
test_where_a_connection_leads (void)
{
  assert_says (relais_describe_account (NULL, FALSE, "shop.api-us1.com", 0, RELAIS_ACCESS_ADMINISTRATORS),
               "shop.api-us1.com · 0 exports · Administrators");
  assert_says (relais_describe_account (NULL, FALSE, "shop.api-us1.com", 1, RELAIS_ACCESS_CONTRIBUTORS),
               "shop.api-us1.com · 1 export · Administrators and contributors");
  assert_says (relais_describe_account (NULL, TRUE, NULL, 2, RELAIS_ACCESS_ADMINISTRATORS), "Practice account · 2 exports · Administrators");
  assert_says (relais_describe_checked (NULL, 0), "");
}

static void
test_what_is_missing_is_told_in_the_order_of_the_fields (void)
{
  assert_says (relais_describe_missing (FALSE, FALSE, FALSE), "To save, enter a display name.");
  assert_says (relais_describe_missing (TRUE, FALSE, FALSE), "To save, agree to the section on data privacy and compliance.");
  assert_says (relais_describe_missing (TRUE, TRUE, FALSE), "To save, connect to the account first.");
  assert_says (relais_describe_missing (TRUE, TRUE, TRUE), "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/connection-words/every-check-has-words-icon-and-colour", test_every_check_has_words_icon_and_colour);
  g_test_add_func ("/connection-words/a-keyring-can-be-in-the-way-in-several-ways", test_a_keyring_can_be_in_the_way_in_several_ways);
  g_test_add_func ("/connection-words/where-a-connection-leads", test_where_a_connection_leads);
  g_test_add_func ("/connection-words/what-is-missing-is-told-in-the-order-of-the-fields", test_what_is_missing_is_told_in_the_order_of_the_fields);

  return g_test_run ();
}
