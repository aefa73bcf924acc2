/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Switches for everything that is known to go wrong with the service. */

#include "relais-practice-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum
{
  PLAIN,    /* on or off */
  EVERY,    /* =N: every Nth time, 1 when left out */
  NUMBER,   /* =N */
  TEXT,     /* =TEXT */
} Takes;

static const struct
{
  const char *name;
  Takes       takes;
  const char *description;
} table[RELAIS_N_FAULTS] = {
  [RELAIS_FAULT_KEY_HTML] = { "key-html", PLAIN, N_("A wrong key gets the login page, with status 200") },
  [RELAIS_FAULT_KEY_MESSAGE] = { "key-message", PLAIN, N_("A wrong key gets 403 with a message") },
  [RELAIS_FAULT_KEY_TEXT] = { "key-text", PLAIN, N_("A wrong key gets 403 with JSON that is called text") },
  [RELAIS_FAULT_KEY_REDIRECT] = { "key-redirect", PLAIN, N_("A wrong key is sent to a login page elsewhere") },
  [RELAIS_FAULT_SPURIOUS_403] = { "spurious-403", EVERY, N_("Every Nth request gets 403 although nothing is wrong") },
  [RELAIS_FAULT_UNPAID] = { "unpaid", PLAIN, N_("Every request gets 402: the account is not paid") },
  [RELAIS_FAULT_NOT_ALLOWED] = { "not-allowed", TEXT, N_("The key’s user may not use what begins with this path") },
  [RELAIS_FAULT_SETTINGS_403] = { "settings-403", PLAIN, N_("The key’s user is no administrator of the account") },
  [RELAIS_FAULT_THROTTLE_429] = { "throttle-429", EVERY, N_("Every Nth request gets 429 with a second to wait") },
  [RELAIS_FAULT_THROTTLE_400] = { "throttle-400", EVERY, N_("Every Nth import gets 400: the rate limit is exceeded") },
  [RELAIS_FAULT_THROTTLE_503] = { "throttle-503", EVERY, N_("Every Nth request gets 503 with a second to wait") },
  [RELAIS_FAULT_SUCCESS_CAPITAL] = { "success-capital", PLAIN, N_("An accepted import says Success instead of success") },
  [RELAIS_FAULT_REASONS_FROM_ZERO] = { "reasons-from-zero", PLAIN, N_("Positions of refused contacts are counted from 0") },
  [RELAIS_FAULT_REFUSE] = { "refuse", TEXT, N_("Imports with an address that contains this text are refused whole") },
  [RELAIS_FAULT_HTML_200] = { "html-200", EVERY, N_("Every Nth request gets a page of HTML with status 200") },
  [RELAIS_FAULT_HTML_504] = { "html-504", EVERY, N_("Every Nth request gets a 504 page of HTML") },
  [RELAIS_FAULT_EMPTY_502] = { "empty-502", EVERY, N_("Every Nth request gets 502 without a body") },
  [RELAIS_FAULT_WRONG_JSON] = { "wrong-json", EVERY, N_("Every Nth answer is not readable, though all was done") },
  [RELAIS_FAULT_CUT_ANSWER] = { "cut-answer", EVERY, N_("Every Nth answer breaks off in the middle, though all was done") },
  [RELAIS_FAULT_RESET_BEFORE] = { "reset-before", EVERY, N_("Every Nth connection breaks before anything was done") },
  [RELAIS_FAULT_RESET_AFTER] = { "reset-after", EVERY, N_("Every Nth connection breaks after all was done") },
  [RELAIS_FAULT_SLOW] = { "slow", NUMBER, N_("Every answer takes this many milliseconds") },
  [RELAIS_FAULT_IMPORT_DELAY] = { "import-delay", NUMBER, N_("An import is done after this many milliseconds") },
  [RELAIS_FAULT_IMPORT_NEVER_ENDS] = { "import-never-ends", EVERY, N_("Every Nth import stays active for ever") },
  [RELAIS_FAULT_IMPORT_FAILED] = { "import-failed", EVERY, N_("Every Nth import ends as failed") },
  [RELAIS_FAULT_IMPORT_INTERRUPTED] = { "import-interrupted", EVERY, N_("Every Nth import ends as interrupted, half done") },
  [RELAIS_FAULT_IMPORT_UNKNOWN_STATE] = { "import-unknown-state", EVERY, N_("Every Nth import is in a state that nobody knows before it ends") },
  [RELAIS_FAULT_INFO_FALSE] = { "info-false", NUMBER, N_("The state of an import is false for this many milliseconds") },
  [RELAIS_FAULT_INFO_FORGETS] = { "info-forgets", EVERY, N_("Every Nth question about an import gets 404") },
  [RELAIS_FAULT_IDS_AS_NUMBERS] = { "ids-as-numbers", PLAIN, N_("Ids and totals are numbers instead of texts") },
  [RELAIS_FAULT_NO_TOTALS] = { "no-totals", PLAIN, N_("Pages do not tell how many there are in all") },
  [RELAIS_FAULT_LISTS] = { "lists", NUMBER, N_("The account has this many lists") },
  [RELAIS_FAULT_CONTACT_LIMIT] = { "contact-limit", NUMBER, N_("The plan has room for this many active contacts") },
  [RELAIS_FAULT_IMPORTS_COUNT] = { "imports-count", PLAIN, N_("Imports count among the requests of a second too") },
};

/**
 * relais_practice_describe_fault:
 * @index: from 0
 * @description: (out) (transfer none): a sentence in the person's language
 *
 * Returns: (transfer none) (nullable): its name, with `=…` when it takes a value; %NULL after the last
 */
const char *
relais_practice_describe_fault (guint        index,
                                const char **description)
{
  if (index >= RELAIS_N_FAULTS)
    return NULL;
  *description = _(table[index].description);

  return table[index].name;
}

/**
 * relais_faults_clear:
 * @faults: switches
 */
void
relais_faults_clear (RelaisFaults *faults)
{
  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    g_free (faults->text[i]);
}

/**
 * relais_faults_set:
 * @faults: switches
 * @name: of a fault
 * @value: (nullable): what stands after its equals sign
 * @error: RELAIS_ERROR_DEFINITION
 *
 * Returns: whether there is such a fault
 */
gboolean
relais_faults_set (RelaisFaults  *faults,
                   const char    *name,
                   const char    *value,
                   GError       **error)
{
  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    {
      gint64 number = 1;

      if (strcmp (table[i].name, name) != 0)
        continue;
      if ((table[i].takes == NUMBER || table[i].takes == TEXT) ? value == NULL : (table[i].takes == PLAIN && value != NULL))
        break;
      if ((table[i].takes == NUMBER || table[i].takes == EVERY) && value != NULL &&
          !g_ascii_string_to_signed (value, 10, table[i].takes == EVERY, G_MAXINT, &number, NULL))
        break;
      faults->on[i] = TRUE;
      faults->number[i] = number;
      g_free (faults->text[i]);
      faults->text[i] = g_strdup (value);

      return TRUE;
    }
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: %s is what someone typed; relais practice --help is a command and stays as it is. */
               _("There is no fault “%s” of this form. See relais practice --help."), name);

  return FALSE;
}

/**
 * relais_faults_strike:
 * @faults: switches
 * @fault: a fault that comes every so many times
 *
 * Returns: whether it comes this time
 */
gboolean
relais_faults_strike (RelaisFaults *faults,
                      RelaisFault   fault)
{
  return faults->on[fault] && ++faults->counter[fault] % faults->number[fault] == 0;
}
