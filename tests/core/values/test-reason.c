/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-reason.h"

/* Codes stand in journals and reports that people keep: none of them may ever change. */
static const struct
{
  RelaisReason  reason;
  const char   *code;
} rows[] = {
  { RELAIS_REASON_NONE, "none" },
  { RELAIS_REASON_EMPTY_ADDRESS, "empty-address" },
  { RELAIS_REASON_NO_AT, "no-at" },
  { RELAIS_REASON_SEVERAL_AT, "several-at" },
  { RELAIS_REASON_BAD_LOCAL_PART, "bad-local-part" },
  { RELAIS_REASON_BAD_DOMAIN, "bad-domain" },
  { RELAIS_REASON_ADDRESS_TOO_LONG, "address-too-long" },
  { RELAIS_REASON_BAD_CHARACTERS, "bad-characters" },
  { RELAIS_REASON_UNCLEAR_DATE, "unclear-date" },
  { RELAIS_REASON_BAD_DATE, "bad-date" },
  { RELAIS_REASON_BAD_NUMBER, "bad-number" },
  { RELAIS_REASON_SCIENTIFIC_NUMBER, "scientific-number" },
  { RELAIS_REASON_NOT_AN_OPTION, "not-an-option" },
  { RELAIS_REASON_TOO_LARGE, "too-large" },
  { RELAIS_REASON_BAD_TEXT, "bad-text" },
  { RELAIS_REASON_TOO_MANY_CELLS, "too-many-cells" },
  { RELAIS_REASON_REPEATED_ADDRESS, "repeated-address" },
  { RELAIS_REASON_REFUSED, "refused" },
  { RELAIS_REASON_REFUSED_BECAUSE, "refused-because" },
  { RELAIS_REASON_NOT_ON_LIST, "not-on-list" },
  { RELAIS_REASON_PROBABLY_FULL, "probably-full" },
  { RELAIS_REASON_IMPORT_FAILED, "import-failed" },
  { RELAIS_REASON_UNKNOWN_OUTCOME, "unknown-outcome" },
  { RELAIS_REASON_UNSUBSCRIBED, "unsubscribed" },
  { RELAIS_REASON_BOUNCED, "bounced" },
  { RELAIS_REASON_EXCLUDED, "excluded" },
  { RELAIS_REASON_PHONE_AS_WRITTEN, "phone-as-written" },
  { RELAIS_REASON_PHONE_LEFT_OUT, "phone-left-out" },
};

static void
test_codes_stay (void)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (rows) == RELAIS_N_REASONS);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpstr (relais_reason_to_code (rows[i].reason), ==, rows[i].code);
      g_assert_cmpuint (relais_reason_from_code (rows[i].code), ==, rows[i].reason);
    }
}

static void
test_other_codes_are_none (void)
{
  static const char * const codes[] = { NULL, "", "No-At", "no-at ", "no_at", "\303\251", "0" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    g_assert_cmpuint (relais_reason_from_code (codes[i]), ==, RELAIS_REASON_NONE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reason/codes-stay", test_codes_stay);
  g_test_add_func ("/reason/other-codes-are-none", test_other_codes_are_none);

  return g_test_run ();
}
