/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How an account stands, in its own word. Which words there are is not documented, nor what the
 * API still does for an account that is under review: so whatever does not clearly say that something is wrong
 * passes, and what does is told and nothing more. */

#include "relais-account-status.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More is no word. */
#define MAX_CHARACTERS 60

/* Without blanks and marks: "past_due", "Past due" and "pastDue" are one word. */
static const char * const worrying[] = {
  "banned", "blocked", "cancel", "closed", "deactivat", "delinquent", "disabled", "expired", "frozen", "inactive", "locked",
  "onhold", "overdue", "pastdue", "paused", "review", "suspen", "terminat", "unpaid",
};
/* Words that hold one of those and say that all is well */
static const char * const harmless[] = { "reviewed", "unblocked", "unlocked" };

static char *
fold (const char *status)
{
  GString *letters = g_string_new (NULL);

  for (const char *at = status; *at != '\0'; at++)
    if (g_ascii_isalpha (*at))
      g_string_append_c (letters, g_ascii_tolower (*at));

  return g_string_free (letters, FALSE);
}

static gboolean
holds_any (const char         *word,
           const char * const *parts,
           gsize               n_parts)
{
  for (gsize i = 0; i < n_parts; i++)
    if (strstr (word, parts[i]) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * relais_account_status_warn:
 * @status: (nullable): how an account stands, in its own word
 *
 * Returns: (transfer full) (nullable): what a person should know of it, in whole sentences; %NULL when nothing is known to
 *   be wrong
 */
char *
relais_account_status_warn (const char *status)
{
  g_autofree char *folded = fold (status != NULL ? status : "");
  g_autofree char *word = NULL;

  if (!holds_any (folded, worrying, G_N_ELEMENTS (worrying)) || holds_any (folded, harmless, G_N_ELEMENTS (harmless)))
    return NULL;
  word = g_utf8_strlen (status, -1) > MAX_CHARACTERS ? g_utf8_substring (status, 0, MAX_CHARACTERS) : g_strdup (status);

  /* Translators: %s is ActiveCampaign's own English word for how the account stands, such as suspended. */
  return g_strdup_printf (_("ActiveCampaign gives the status of this account as “%s”. Imports and campaigns may be held back until that is settled there: ask an administrator of the account."), word);
}
