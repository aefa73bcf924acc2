/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-faults.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "relais-error.h"

/* Switches for everything that is known to go wrong with the service, and for the forms
 * that nobody is sure of. Of those, an account does this unless a switch says otherwise:
 *
 *  1. An accepted import says "success" with a small s, a refused one "failureReasons",
 *     both as seen with real accounts (success-capital: as the documentation has it).
 *  2. With excluded addresses in it, an import says success 5, as the only sample does
 *     (partial-success).
 *  3. exclude_automations counts at the top level, where working integrations put it
 *     (automations-inside).
 *  4. Over their limit, imports get 400 (imports-429).
 *  5. Imports are not counted among the requests of a second (imports-count).
 *  6. Positions of refused contacts count from 1 (reasons-from-zero).
 *  7. An address without @ refuses the import, other wrong ones fail in it
 *     (bad-addresses-refuse, bad-addresses-fail); one with an apostrophe fails (apostrophes-pass).
 *  8. The success of an import names contacts created and updated (success-created-only).
 *  9. Who unsubscribed from a list and would be put on it again fails whole (unsubscribed-updated).
 * 10. Who has no room in the plan fails in the batch (contact-limit says how much room there is; limit-refuses).
 *     An account calls its status active, and works whatever it calls it (account-status).
 * 11. Imports are remembered for ever; one that is not known gets 404 (info-forgets, info-400, info/bare-json).
 * 12. Fields come by 20, as all else, unless a limit is given (fields-by-100).
 * 13. Statuses of created things are the recorded ones: 201; 200 where it existed (documented-statuses).
 * 14. A wrong key gets 403 without a body or Content-Type, as a revoked one does (key-…).
 * 15. Status 3 on a list is bounced, 0 unconfirmed (three-unconfirmed).
 * 16. Field values are kept as they were sent, with or without || (choices-in-bars).
 * 17. A page has 100 at the most (any-limit).
 * 18. Nobody is mailed anything, so send_last_broadcast is only kept.
 * 19. Refusals for lack of rights are called text where the documentation does so: for lists (refusals-as-text).
 * 20. Pages of contacts tell of lists and of the values of fields when that is asked for (bare-pages).
 *
 * An empty value in an import clears what was there, as in a sync (import-keeps-empty). A
 * batch that failed or was interrupted has its two arrays (ends-without-results). An import is
 * done after three seconds; six were seen once (import-delay). Callbacks are never called. */

typedef enum
{
  PLAIN,    /* on or off */
  TIMES,    /* =N: every Nth time, 1 when left out; =@N: the Nth time alone; =N%: that share */
  NUMBER,   /* =N */
  SECONDS,  /* =N, which may have a minus */
  PERIOD,   /* =N: milliseconds, or =Ns */
  TEXT,     /* =TEXT */
} Takes;

static const char *const values[] = {
  "", "[=N|@N|N%]", "=N", "=N",
  /* Translators: stands for a time in the help of a command, behind the name of a fault: latency=TIME. */
  N_("=TIME"),
  /* Translators: stands for a text in the help of a command, behind the name of a fault: refuse=TEXT. */
  N_("=TEXT"),
};

static const struct
{
  const char *name;
  Takes       takes;
  const char *description;
} table[RELAIS_N_FAULTS] = {
  [RELAIS_FAULT_KEY_HTML] = { "key-html", PLAIN, N_("A wrong key gets the login page, with status 200") },
  [RELAIS_FAULT_KEY_MESSAGE] = { "key-message", PLAIN, N_("A wrong key gets 403 with a message") },
  [RELAIS_FAULT_KEY_PERMISSION] = { "key-permission", PLAIN, N_("A wrong key gets 403 with a message about permission") },
  [RELAIS_FAULT_KEY_ERRORS] = { "key-errors", PLAIN, N_("A wrong key gets 403 with a list of errors") },
  [RELAIS_FAULT_KEY_TEXT] = { "key-text", PLAIN, N_("A wrong key gets 403 with JSON that is called text") },
  [RELAIS_FAULT_KEY_401] = { "key-401", PLAIN, N_("A wrong key gets 401, as from a proxy") },
  [RELAIS_FAULT_KEY_REDIRECT] = { "key-redirect", PLAIN, N_("A wrong key is sent to a login page elsewhere") },
  [RELAIS_FAULT_KEY_REVOKED] = { "key-revoked", PLAIN, N_("The key is not accepted any more") },
  [RELAIS_FAULT_SPURIOUS_403] = { "spurious-403", TIMES, N_("Requests get 403 although nothing is wrong") },
  [RELAIS_FAULT_SPURIOUS_401] = { "spurious-401", TIMES, N_("Requests get 401 although nothing is wrong") },
  [RELAIS_FAULT_UNPAID] = { "unpaid", PLAIN, N_("Every request gets 402: the account is not paid") },
  [RELAIS_FAULT_NOT_ALLOWED] = { "not-allowed", TEXT, N_("The key’s user may not use what begins with this path") },
  [RELAIS_FAULT_SETTINGS_403] = { "settings-403", PLAIN, N_("The key’s user is no administrator of the account") },
  [RELAIS_FAULT_REDIRECT] = { "redirect", TIMES, N_("Requests are sent to a login page elsewhere, as for a wrong account name") },
  [RELAIS_FAULT_REDIRECT_308] = { "redirect-308", TIMES, N_("Requests are sent elsewhere, to be asked there once more as they are") },
  [RELAIS_FAULT_LOGIN_AT] = { "login-at", TEXT, N_("This is the address elsewhere, not one that does not exist") },
  [RELAIS_FAULT_MISSING_404] = { "missing-404", TIMES, N_("Requests get 404 with a message: there is no such thing") },
  [RELAIS_FAULT_INVALID_422] = { "invalid-422", TIMES, N_("Requests get 422 with a list of errors") },
  [RELAIS_FAULT_BAD_REQUEST_400] = { "bad-request-400", TIMES, N_("Requests get 400 with a list of errors") },
  [RELAIS_FAULT_TEXT_422] = { "text-422", TIMES, N_("Requests get 422 with a text for the errors") },
  [RELAIS_FAULT_REFUSALS_AS_TEXT] = { "refusals-as-text", PLAIN, N_("Every refusal with 403 is called text, not only those about lists") },
  [RELAIS_FAULT_THROTTLE_429] = { "throttle-429", TIMES, N_("Requests get 429 with a time to wait") },
  [RELAIS_FAULT_THROTTLE_BARE] = { "throttle-bare", TIMES, N_("Requests get 429 without a time to wait") },
  [RELAIS_FAULT_THROTTLE_400] = { "throttle-400", TIMES, N_("Imports get 400: the rate limit is exceeded") },
  [RELAIS_FAULT_THROTTLE_503] = { "throttle-503", TIMES, N_("Requests get 503 with a time to wait") },
  [RELAIS_FAULT_RETRY_AFTER] = { "retry-after", NUMBER, N_("The time to wait is this many seconds, not 1") },
  [RELAIS_FAULT_RETRY_AFTER_DATE] = { "retry-after-date", PLAIN, N_("The time to wait is told as the date when it is over") },
  [RELAIS_FAULT_IMPORTS_COUNT] = { "imports-count", PLAIN, N_("Imports count among the requests of a second too") },
  [RELAIS_FAULT_IMPORTS_429] = { "imports-429", PLAIN, N_("Over their limit imports get 429, not 400") },
  [RELAIS_FAULT_NO_RATE_HEADERS] = { "no-rate-headers", PLAIN, N_("Answers do not tell how many requests are left") },
  [RELAIS_FAULT_HTML_200] = { "html-200", TIMES, N_("Requests get a page of HTML with status 200") },
  [RELAIS_FAULT_EMPTY_200] = { "empty-200", TIMES, N_("Requests get status 200 and nothing else") },
  [RELAIS_FAULT_HTML_500] = { "html-500", TIMES, N_("Requests get a 500 page of HTML") },
  [RELAIS_FAULT_HTML_502] = { "html-502", TIMES, N_("Requests get a 502 page of HTML") },
  [RELAIS_FAULT_HTML_503] = { "html-503", TIMES, N_("Requests get a 503 page of HTML") },
  [RELAIS_FAULT_HTML_504] = { "html-504", TIMES, N_("Requests get a 504 page of HTML") },
  [RELAIS_FAULT_EMPTY_502] = { "empty-502", TIMES, N_("Requests get 502 without a body") },
  [RELAIS_FAULT_WRONG_JSON] = { "wrong-json", TIMES, N_("Answers are not readable, though all was done") },
  [RELAIS_FAULT_LIST_JSON] = { "list-json", TIMES, N_("Answers are a list without anything in it, though all was done") },
  [RELAIS_FAULT_BARE_JSON] = { "bare-json", TIMES, N_("Answers are an object without anything in it, though all was done") },
  [RELAIS_FAULT_MARKED_JSON] = { "marked-json", TIMES, N_("Answers begin with a byte order mark") },
  [RELAIS_FAULT_TYPE] = { "type", TEXT, N_("Answers are called this and not JSON; nothing at all with none") },
  [RELAIS_FAULT_CUT_ANSWER] = { "cut-answer", TIMES, N_("Answers break off in the middle, though all was done") },
  [RELAIS_FAULT_CUT_HEAD] = { "cut-head", TIMES, N_("Answers break off in their head, though all was done") },
  [RELAIS_FAULT_RESET_EARLY] = { "reset-early", TIMES, N_("Connections break before the request was read") },
  [RELAIS_FAULT_RESET_BEFORE] = { "reset-before", TIMES, N_("Connections break after the request was read, before anything was done") },
  [RELAIS_FAULT_RESET_AFTER] = { "reset-after", TIMES, N_("Connections break after all was done") },
  [RELAIS_FAULT_SILENT_BEFORE] = { "silent-before", TIMES, N_("Requests are never answered, and nothing was done") },
  [RELAIS_FAULT_SILENT_AFTER] = { "silent-after", TIMES, N_("Requests are never answered, though all was done") },
  [RELAIS_FAULT_TWICE] = { "twice", TIMES, N_("Requests are carried out twice, and the second answer is told") },
  [RELAIS_FAULT_SLOW] = { "slow", PERIOD, N_("Every answer comes this much later") },
  [RELAIS_FAULT_DRIP] = { "drip", PERIOD, N_("Every answer comes in small pieces, this long apart") },
  [RELAIS_FAULT_GZIP] = { "gzip", PLAIN, N_("Answers are packed for who takes that") },
  [RELAIS_FAULT_CHUNKED] = { "chunked", PLAIN, N_("Answers come in chunks, without a length") },
  [RELAIS_FAULT_NO_DATE] = { "no-date", PLAIN, N_("Answers do not tell the date and time") },
  [RELAIS_FAULT_SUCCESS_CAPITAL] = { "success-capital", PLAIN, N_("An import says Success and failure Reasons, as documented, instead of success and failureReasons") },
  [RELAIS_FAULT_PARTIAL_SUCCESS] = { "partial-success", NUMBER, N_("With excluded addresses in it, an import says this number for success, not 5") },
  [RELAIS_FAULT_NO_BATCH_ID] = { "no-batch-id", TIMES, N_("An import that is taken does not say under which number") },
  [RELAIS_FAULT_LEAVE_OUT] = { "leave-out", TEXT, N_("Contacts whose address contains this text are not imported: queued_contacts is less, and nothing names them") },
  [RELAIS_FAULT_REASONS_FROM_ZERO] = { "reasons-from-zero", PLAIN, N_("Positions of refused contacts are counted from 0, not 1") },
  [RELAIS_FAULT_REFUSE_WHOLE] = { "refuse-whole", TIMES, N_("Imports are refused with a text for the reason, which names nobody") },
  [RELAIS_FAULT_REFUSE] = { "refuse", TEXT, N_("Imports with an address that contains this text are refused whole") },
  [RELAIS_FAULT_BAD_ADDRESSES_REFUSE] = { "bad-addresses-refuse", PLAIN, N_("Any wrong address refuses its import whole, not only one without @") },
  [RELAIS_FAULT_BAD_ADDRESSES_FAIL] = { "bad-addresses-fail", PLAIN, N_("No wrong address refuses its import: it fails in it") },
  [RELAIS_FAULT_APOSTROPHES_PASS] = { "apostrophes-pass", PLAIN, N_("An address with an apostrophe is taken") },
  [RELAIS_FAULT_AUTOMATIONS_INSIDE] = { "automations-inside", PLAIN, N_("exclude_automations counts in each contact, not for the whole import") },
  [RELAIS_FAULT_IMPORT_KEEPS_EMPTY] = { "import-keeps-empty", PLAIN, N_("An empty value in an import leaves what is there, and does not clear it") },
  [RELAIS_FAULT_UNSUBSCRIBED_UPDATED] = { "unsubscribed-updated", PLAIN, N_("Who unsubscribed from the list is updated but not subscribed, instead of failing whole") },
  [RELAIS_FAULT_SUCCESS_CREATED_ONLY] = { "success-created-only", PLAIN, N_("The success of an import names new contacts only, not updated ones") },
  [RELAIS_FAULT_LOSE] = { "lose", TIMES, N_("Contacts of an import get lost, though its success names them") },
  [RELAIS_FAULT_CHANGE] = { "change", TIMES, N_("The first name of contacts of an import is kept without its first letter") },
  [RELAIS_FAULT_IMPORT_DELAY] = { "import-delay", PERIOD, N_("An import is done after this time, not three seconds") },
  [RELAIS_FAULT_IMPORT_NEVER_ENDS] = { "import-never-ends", TIMES, N_("Imports stay active for ever") },
  [RELAIS_FAULT_IMPORT_FAILED] = { "import-failed", TIMES, N_("Imports end as failed") },
  [RELAIS_FAULT_IMPORT_INTERRUPTED] = { "import-interrupted", TIMES, N_("Imports end as interrupted, half done") },
  [RELAIS_FAULT_IMPORT_UNKNOWN_STATE] = { "import-unknown-state", TIMES, N_("Imports are in a state that nobody knows before they end") },
  [RELAIS_FAULT_ENDS_WITHOUT_RESULTS] = { "ends-without-results", PLAIN, N_("Failed and interrupted imports do not tell of any contact") },
  [RELAIS_FAULT_FAILURES_NUMBERED] = { "failures-numbered", PLAIN, N_("The failure of an import is an object with numbers for names, not a list") },
  [RELAIS_FAULT_INFO_FALSE] = { "info-false", PERIOD, N_("The state of an import is false for this time, not one second") },
  [RELAIS_FAULT_INFO_STATUS] = { "info-status", TEXT, N_("The state of an import is said to be this, whatever it is") },
  [RELAIS_FAULT_INFO_WITHOUT_STATUS] = { "info-without-status", TIMES, N_("An import is told of without its state") },
  [RELAIS_FAULT_INFO_FORGETS] = { "info-forgets", TIMES, N_("Questions about an import get 404") },
  [RELAIS_FAULT_INFO_400] = { "info-400", TIMES, N_("Questions about an import get 400, as for one that is not known") },
  [RELAIS_FAULT_IDS_AS_NUMBERS] = { "ids-as-numbers", PLAIN, N_("Ids and totals are numbers instead of texts") },
  [RELAIS_FAULT_NO_TOTALS] = { "no-totals", PLAIN, N_("Pages do not tell how many there are in all") },
  [RELAIS_FAULT_FIELDS_BY_100] = { "fields-by-100", PLAIN, N_("Fields come by 100 unless a limit is given, not by 20") },
  [RELAIS_FAULT_ANY_LIMIT] = { "any-limit", PLAIN, N_("A page may have more than 100") },
  [RELAIS_FAULT_PAGES_REPEAT] = { "pages-repeat", TIMES, N_("Pages of contacts begin with the first one, whatever they are to go on after") },
  [RELAIS_FAULT_DOCUMENTED_STATUSES] = { "documented-statuses", PLAIN, N_("What is created gets the documented status: lists and values 200, whoever is synced 201") },
  [RELAIS_FAULT_CHOICES_IN_BARS] = { "choices-in-bars", PLAIN, N_("Values of fields with one choice are told between double bars") },
  [RELAIS_FAULT_STATUS_UNHEEDED] = { "status-unheeded", PLAIN, N_("Pages of contacts name everybody on the list, whatever status is asked for") },
  [RELAIS_FAULT_BARE_PAGES] = { "bare-pages", PLAIN, N_("Pages of contacts tell nothing of lists and of the values of fields") },
  [RELAIS_FAULT_THREE_UNCONFIRMED] = { "three-unconfirmed", PLAIN, N_("Status 3 on a list is unconfirmed, not bounced, so that an import takes who has it") },
  [RELAIS_FAULT_LAG] = { "lag", PERIOD, N_("Contacts are shown on pages only this long after they were written, in whole seconds") },
  [RELAIS_FAULT_CLOCK] = { "clock", SECONDS, N_("The account’s clock is this many seconds ahead; with a minus it is behind") },
  [RELAIS_FAULT_LISTS] = { "lists", NUMBER, N_("The account has this many lists") },
  [RELAIS_FAULT_CONTACT_LIMIT] = { "contact-limit", NUMBER, N_("The plan has room for this many active contacts") },
  [RELAIS_FAULT_ACCOUNT_STATUS] = { "account-status", TEXT, N_("The account’s settings call its status this, not active") },
  [RELAIS_FAULT_LIMIT_REFUSES] = { "limit-refuses", PLAIN, N_("Who has no room in the plan refuses the whole import, instead of failing in it") },
};

/**
 * relais_faults_name:
 * @fault: a fault
 *
 * Returns: (transfer none): its name
 */
const char *
relais_faults_name (RelaisFault fault)
{
  return table[fault].name;
}

/**
 * relais_faults_describe:
 * @fault: a fault
 * @value: (out) (transfer none): what may stand after its name, in the person's language
 *
 * Returns: (transfer none): a sentence in the person's language
 */
const char *
relais_faults_describe (RelaisFault   fault,
                        const char  **value)
{
  const char *form = values[table[fault].takes];

  /* An empty text would be translated into the head of the translations. */
  *value = *form != '\0' ? _(form) : form;

  return _(table[fault].description);
}

/**
 * relais_faults_clear:
 * @faults: switches
 *
 * Puts them all off.
 */
void
relais_faults_clear (RelaisFaults *faults)
{
  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    {
      g_free (faults->at[i].aimed);
      g_free (faults->at[i].text);
    }
  memset (faults, 0, sizeof *faults);
}

static gboolean
read_number (const char *text,
             gsize       length,
             gint64      least,
             gint64     *number)
{
  g_autofree char *digits = g_strndup (text, length);

  return g_ascii_string_to_signed (digits, 10, least, G_MAXINT, number, NULL);
}

static gboolean
read_times (const char   *value,
            RelaisSwitch *into)
{
  gsize length;

  if (value == NULL)
    return TRUE;
  length = strlen (value);
  if (value[0] == '@')
    {
      into->rhythm = RELAIS_RHYTHM_ONCE;
      return read_number (value + 1, length - 1, 1, &into->number);
    }
  if (length > 0 && value[length - 1] == '%')
    {
      into->rhythm = RELAIS_RHYTHM_SHARE;
      return read_number (value, length - 1, 1, &into->number) && into->number <= 100;
    }

  return read_number (value, length, 1, &into->number);
}

static gboolean
read_period (const char   *value,
             RelaisSwitch *into)
{
  gsize length = strlen (value);
  gint64 unit = 1;

  if (g_str_has_suffix (value, "ms"))
    length -= 2;
  else if (g_str_has_suffix (value, "s"))
    {
      length--;
      unit = 1000;
    }
  if (!read_number (value, length, 0, &into->number) || into->number > G_MAXINT / unit)
    return FALSE;
  into->number *= unit;

  return TRUE;
}

static gboolean
read_value (Takes         takes,
            const char   *value,
            RelaisSwitch *into)
{
  switch (takes)
    {
    case PLAIN:
      return value == NULL;
    case TIMES:
      return read_times (value, into);
    case NUMBER:
      return value != NULL && read_number (value, strlen (value), 0, &into->number);
    case SECONDS:
      return value != NULL && read_number (value, strlen (value), -G_MAXINT, &into->number);
    case PERIOD:
      return value != NULL && read_period (value, into);
    case TEXT:
    default:
      return value != NULL;
    }
}

/* What the account is does not change from one request to the next. */
static gboolean
is_of_the_account (RelaisFault fault)
{
  return fault == RELAIS_FAULT_IMPORT_DELAY || fault == RELAIS_FAULT_LISTS;
}

static gboolean
read_aim (RelaisFault   fault,
          const char   *aim,
          RelaisSwitch *given,
          GError      **error)
{
  relais_aim_at_all (&given->aim);
  if (aim == NULL)
    return TRUE;
  if (is_of_the_account (fault))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                 /* Translators: %s is the name of a fault of the practice account, which stays as it is. */
                 _("The fault “%s” is one of the whole account: nothing can stand before its name."), table[fault].name);
  else if (!relais_aim_read (&given->aim, aim))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                 /* Translators: both %s are what someone typed; import, import:2 and relais practice --help stay as they are. */
                 _("“%s” before the fault “%s” names no requests. There are some like import, and import:2 for the second one; relais practice --help tells them all."),
                 aim, table[fault].name);
  else
    return TRUE;

  return FALSE;
}

/* Returns: (transfer full): what may stand behind the name of a fault */
static char *
explain_value (RelaisFault fault)
{
  const char *name = table[fault].name;

  switch (table[fault].takes)
    {
    case TIMES:
      /* Translators: %s is the name of a fault of the practice account; it stays as it is, as do =N, =@N and =N%%. */
      return g_strdup_printf (_("The fault “%s” comes each time when it stands alone, every Nth time with =N, the Nth time alone with =@N, and in that share of cases with =N%%. N is a whole number from 1 on."), name);
    case NUMBER:
      /* Translators: both %s are the name of a fault of the practice account; it stays as it is. */
      return g_strdup_printf (_("The fault “%s” takes a whole number, as in %s=3."), name, name);
    case SECONDS:
      /* Translators: all %s are the name of a fault of the practice account; it stays as it is. */
      return g_strdup_printf (_("The fault “%s” takes a whole number of seconds, which may be below zero, as in %s=90 or %s=-90."), name, name, name);
    case PERIOD:
      /* Translators: all %s are the name of a fault of the practice account; it stays as it is. */
      return g_strdup_printf (_("The fault “%s” takes a time in milliseconds, or in seconds with s, as in %s=500 or %s=2s."), name, name, name);
    case TEXT:
      /* Translators: both %s are the name of a fault of the practice account; it stays as it is. */
      return g_strdup_printf (_("The fault “%s” takes a text behind an equals sign, as in “%s=…”."), name, name);
    case PLAIN:
    default:
      /* Translators: %s is the name of a fault of the practice account; it stays as it is. */
      return g_strdup_printf (_("The fault “%s” takes no value: it stands alone."), name);
    }
}

static gboolean
read_switch (RelaisFault    fault,
             const char    *aim,
             const char    *value,
             RelaisSwitch  *given,
             GError       **error)
{
  if (!read_aim (fault, aim, given, error))
    return FALSE;
  given->set = g_strcmp0 (value, "off") != 0;
  if (given->set && !read_value (table[fault].takes, value, given))
    {
      g_autofree char *sentence = explain_value (fault);

      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, sentence);
      return FALSE;
    }
  given->aimed = g_strdup (aim);
  given->text = g_strdup (value);
  given->on = given->set && aim == NULL;

  return TRUE;
}

/**
 * relais_faults_set:
 * @faults: switches
 * @name: of a fault; what stands before a slash are the requests it is for, see relais_aim_read(): import:2/cut-answer
 * @value: (nullable): what stands after its equals sign; off puts it off again
 * @error: RELAIS_ERROR_DEFINITION, with what it takes
 *
 * Returns: whether there is such a fault, and may have such a value
 */
gboolean
relais_faults_set (RelaisFaults  *faults,
                   const char    *name,
                   const char    *value,
                   GError       **error)
{
  const char *slash = strrchr (name, '/');
  g_autofree char *aim = slash != NULL ? g_strndup (name, slash - name) : NULL;
  const char *fault = slash != NULL ? slash + 1 : name;

  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    {
      RelaisSwitch given = { .number = 1 };

      if (strcmp (table[i].name, fault) != 0)
        continue;
      if (!read_switch (i, aim, value, &given, error))
        return FALSE;
      g_free (faults->at[i].aimed);
      g_free (faults->at[i].text);
      faults->at[i] = given;

      return TRUE;
    }
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: %s is what someone typed; relais practice --help is a command and stays as it is. */
               _("There is no fault “%s”. relais practice --help tells them all."), fault);

  return FALSE;
}

/**
 * relais_faults_tell:
 * @faults: switches
 * @fault: one that was put on
 *
 * Returns: (transfer full): its name, as relais_faults_set() was given it
 */
char *
relais_faults_tell (RelaisFaults *faults,
                    RelaisFault   fault)
{
  const char *aimed = faults->at[fault].aimed;

  return aimed != NULL ? g_strconcat (aimed, "/", table[fault].name, NULL) : g_strdup (table[fault].name);
}

/**
 * relais_faults_now:
 * @faults: switches
 *
 * Returns: what time it is for the account, in seconds since 1970
 */
gint64
relais_faults_now (const RelaisFaults *faults)
{
  const RelaisSwitch *clock = &faults->at[RELAIS_FAULT_CLOCK];

  return g_get_real_time () / G_USEC_PER_SEC + (clock->on ? clock->number : 0);
}

/**
 * relais_faults_count:
 * @faults: switches
 * @what: a request asks for that has just come
 *
 * Returns: its place, for relais_faults_turn_to()
 */
RelaisPlace
relais_faults_count (RelaisFaults *faults,
                     RelaisAsked   what)
{
  RelaisPlace place = { .what = what };

  place.nth = ++faults->n_asked[what];
  place.of_all = ++faults->n_asked[RELAIS_ASKED_ANY];

  return place;
}

/**
 * relais_faults_turn_to:
 * @faults: switches
 * @place: of the request that is answered now, or whose import is carried out
 *
 * From now on those faults are on that are for this request.
 */
void
relais_faults_turn_to (RelaisFaults *faults,
                       RelaisPlace   place)
{
  faults->place = place;
  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    faults->at[i].on = faults->at[i].set && relais_aim_meets (&faults->at[i].aim, &place);
}

/**
 * relais_faults_strike:
 * @faults: switches
 * @fault: a fault that comes at certain times
 *
 * Returns: whether it comes this time
 */
gboolean
relais_faults_strike (RelaisFaults *faults,
                      RelaisFault   fault)
{
  RelaisSwitch *at = &faults->at[fault];

  if (!at->on)
    return FALSE;
  at->counter++;
  switch (at->rhythm)
    {
    case RELAIS_RHYTHM_ONCE:
      return at->counter == at->number;
    case RELAIS_RHYTHM_SHARE:
      return at->counter * at->number / 100 > (at->counter - 1) * at->number / 100;
    case RELAIS_RHYTHM_EVERY:
    default:
      return at->counter % at->number == 0;
    }
}
