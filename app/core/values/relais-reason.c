/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-reason.h"

static const char * const codes[RELAIS_N_REASONS] = {
  [RELAIS_REASON_NONE] = "none",
  [RELAIS_REASON_EMPTY_ADDRESS] = "empty-address",
  [RELAIS_REASON_NO_AT] = "no-at",
  [RELAIS_REASON_SEVERAL_AT] = "several-at",
  [RELAIS_REASON_BAD_LOCAL_PART] = "bad-local-part",
  [RELAIS_REASON_BAD_DOMAIN] = "bad-domain",
  [RELAIS_REASON_ADDRESS_TOO_LONG] = "address-too-long",
  [RELAIS_REASON_BAD_CHARACTERS] = "bad-characters",
  [RELAIS_REASON_UNCLEAR_DATE] = "unclear-date",
  [RELAIS_REASON_BAD_DATE] = "bad-date",
  [RELAIS_REASON_BAD_NUMBER] = "bad-number",
  [RELAIS_REASON_SCIENTIFIC_NUMBER] = "scientific-number",
  [RELAIS_REASON_NOT_AN_OPTION] = "not-an-option",
  [RELAIS_REASON_TOO_LARGE] = "too-large",
  [RELAIS_REASON_BAD_TEXT] = "bad-text",
  [RELAIS_REASON_TOO_MANY_CELLS] = "too-many-cells",
  [RELAIS_REASON_REPEATED_ADDRESS] = "repeated-address",
  [RELAIS_REASON_REFUSED] = "refused",
  [RELAIS_REASON_REFUSED_BECAUSE] = "refused-because",
  [RELAIS_REASON_NOT_ON_LIST] = "not-on-list",
  [RELAIS_REASON_PROBABLY_FULL] = "probably-full",
  [RELAIS_REASON_IMPORT_FAILED] = "import-failed",
  [RELAIS_REASON_UNKNOWN_OUTCOME] = "unknown-outcome",
  [RELAIS_REASON_UNSUBSCRIBED] = "unsubscribed",
  [RELAIS_REASON_BOUNCED] = "bounced",
  [RELAIS_REASON_EXCLUDED] = "excluded",
  [RELAIS_REASON_PHONE_AS_WRITTEN] = "phone-as-written",
  [RELAIS_REASON_PHONE_LEFT_OUT] = "phone-left-out",
};

/**
 * relais_reason_to_code:
 * @reason: a reason
 *
 * Returns: (transfer none): its stable code
 */
const char *
relais_reason_to_code (RelaisReason reason)
{
  g_return_val_if_fail ((guint) reason < RELAIS_N_REASONS, codes[RELAIS_REASON_NONE]);

  return codes[reason];
}

/**
 * relais_reason_from_code:
 * @code: (nullable): a stable code
 *
 * Returns: the reason, RELAIS_REASON_NONE for a code that is not known
 */
RelaisReason
relais_reason_from_code (const char *code)
{
  for (guint i = 0; i < RELAIS_N_REASONS; i++)
    if (g_strcmp0 (codes[i], code) == 0)
      return i;

  return RELAIS_REASON_NONE;
}
