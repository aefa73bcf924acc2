/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-verification.h"

#include <string.h>

static const char * const state_codes[RELAIS_N_VERIFICATION_STATES] = {
  [RELAIS_VERIFICATION_NONE] = "none",
  [RELAIS_VERIFICATION_NOTHING] = "nothing",
  [RELAIS_VERIFICATION_DONE] = "done",
  [RELAIS_VERIFICATION_STOPPED] = "stopped",
  [RELAIS_VERIFICATION_FAILED] = "failed",
};

static const char * const kind_codes[RELAIS_N_DIFFERENCE_KINDS] = {
  [RELAIS_DIFFERENCE_NOT_FOUND] = "not-found",
  [RELAIS_DIFFERENCE_NOT_ON_LIST] = "not-on-list",
  [RELAIS_DIFFERENCE_UNCONFIRMED] = "unconfirmed",
  [RELAIS_DIFFERENCE_UNSUBSCRIBED] = "unsubscribed",
  [RELAIS_DIFFERENCE_BOUNCED] = "bounced",
  [RELAIS_DIFFERENCE_STATUS] = "other-status",
  [RELAIS_DIFFERENCE_VALUE] = "other-value",
};

static int
find_code (const char * const *codes,
           guint               n_codes,
           const char         *code)
{
  for (guint i = 0; i < n_codes; i++)
    if (g_strcmp0 (codes[i], code) == 0)
      return (int) i;

  return -1;
}

/**
 * relais_verification_copy:
 * @into: is filled, whatever it holds
 * @from: what to copy
 */
void
relais_verification_copy (RelaisVerification       *into,
                          const RelaisVerification *from)
{
  *into = *from;
  into->message = g_strdup (from->message);
}

/**
 * relais_verification_clear:
 * @verification: becomes one that nobody asked for
 */
void
relais_verification_clear (RelaisVerification *verification)
{
  g_free (verification->message);
  *verification = (RelaisVerification) { 0 };
}

/**
 * relais_verification_state_to_code:
 * @state: a state
 *
 * Returns: (transfer none): its stable code
 */
const char *
relais_verification_state_to_code (RelaisVerificationState state)
{
  g_return_val_if_fail ((guint) state < RELAIS_N_VERIFICATION_STATES, state_codes[RELAIS_VERIFICATION_NONE]);

  return state_codes[state];
}

/**
 * relais_verification_to_text:
 * @verification: what reading back came to
 *
 * Returns: (transfer full): "state=done all=1 delivered=4 …", and the message last; for relais_verification_from_text()
 */
char *
relais_verification_to_text (const RelaisVerification *verification)
{
  return g_strdup_printf ("state=%s all=%d delivered=%" G_GUINT64_FORMAT " asked=%" G_GUINT64_FORMAT " same=%" G_GUINT64_FORMAT
                          " different=%" G_GUINT64_FORMAT " untold=%d message=%s",
                          relais_verification_state_to_code (verification->state), verification->all, verification->delivered,
                          verification->asked, verification->same, verification->different, verification->values_untold,
                          verification->message != NULL ? verification->message : "");
}

static void
read_part (RelaisVerification *verification,
           const char         *name,
           const char         *value)
{
  guint64 number = g_ascii_strtoull (value, NULL, 10);

  if (strcmp (name, "state") == 0)
    verification->state = (RelaisVerificationState) MAX (0, find_code (state_codes, G_N_ELEMENTS (state_codes), value));
  else if (strcmp (name, "all") == 0)
    verification->all = number != 0;
  else if (strcmp (name, "delivered") == 0)
    verification->delivered = number;
  else if (strcmp (name, "asked") == 0)
    verification->asked = number;
  else if (strcmp (name, "same") == 0)
    verification->same = number;
  else if (strcmp (name, "different") == 0)
    verification->different = number;
  else if (strcmp (name, "untold") == 0)
    verification->values_untold = number != 0;
}

/**
 * relais_verification_from_text:
 * @text: (nullable): from relais_verification_to_text(); what another version wrote besides is passed over
 * @verification: is filled, whatever it holds
 */
void
relais_verification_from_text (const char         *text,
                               RelaisVerification *verification)
{
  static const char message_name[] = "message=";
  const char *message = text != NULL ? strstr (text, message_name) : NULL;
  g_autofree char *head = message != NULL ? g_strndup (text, message - text) : g_strdup (text);
  g_auto (GStrv) parts = g_strsplit (head != NULL ? head : "", " ", -1);

  *verification = (RelaisVerification) { 0 };
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals == NULL)
        continue;
      *equals = '\0';
      read_part (verification, parts[i], equals + 1);
    }
  if (message != NULL && message[strlen (message_name)] != '\0')
    verification->message = g_strdup (message + strlen (message_name));
}

/**
 * relais_difference_new:
 * @row: of the segment
 * @email: the address
 * @kind: in what way it differs
 *
 * Returns: (transfer full):
 */
RelaisDifference *
relais_difference_new (guint64               row,
                       const char           *email,
                       RelaisDifferenceKind  kind)
{
  RelaisDifference *difference = g_new0 (RelaisDifference, 1);

  difference->row = row;
  difference->email = g_strdup (email);
  difference->kind = kind;

  return difference;
}

/**
 * relais_difference_free:
 * @difference: (transfer full) (nullable):
 */
void
relais_difference_free (RelaisDifference *difference)
{
  if (difference == NULL)
    return;

  g_free (difference->email);
  g_free (difference->field);
  g_free (difference->title);
  g_free (difference->sent);
  g_free (difference->held);
  g_free (difference);
}

/**
 * relais_difference_kind_to_code:
 * @kind: in what way somebody differs
 *
 * Returns: (transfer none): its stable code
 */
const char *
relais_difference_kind_to_code (RelaisDifferenceKind kind)
{
  g_return_val_if_fail ((guint) kind < RELAIS_N_DIFFERENCE_KINDS, kind_codes[RELAIS_DIFFERENCE_STATUS]);

  return kind_codes[kind];
}

/**
 * relais_difference_kind_from_code:
 * @code: (nullable): a stable code
 *
 * Returns: the kind; %RELAIS_DIFFERENCE_STATUS for a code that is not known
 */
RelaisDifferenceKind
relais_difference_kind_from_code (const char *code)
{
  int found = find_code (kind_codes, G_N_ELEMENTS (kind_codes), code);

  return found < 0 ? RELAIS_DIFFERENCE_STATUS : (RelaisDifferenceKind) found;
}
