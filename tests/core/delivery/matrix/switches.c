/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "switches.h"

#include "relais-error.h"

#include <string.h>

#define ANY     -1

/* The only moments at which it makes sense */
#define IMPORTS     "first middle last"
#define UNTIL_SENT  "lists guard first middle last"
#define UNTIL_ASKED "lists guard first middle last polling"

/* The table has little room. */
#define ONCE        RELAIS_REACH_ONCE
#define THRICE      RELAIS_REACH_THRICE
#define LASTING     RELAIS_REACH_LASTING
#define ACCOUNT     RELAIS_REACH_ACCOUNT
#define WELL        RELAIS_END_WELL
#define STOPPED     RELAIS_END_STOPPED
#define UNKNOWN     RELAIS_END_UNKNOWN
#define EITHER      RELAIS_END_EITHER
#define UNPACED     RELAIS_MATRIX_UNPACED
#define CROWDED     RELAIS_MATRIX_CROWDED
#define LIES        RELAIS_MATRIX_LIES
#define UNGUARDED   RELAIS_MATRIX_UNGUARDED
#define AUTOMATIONS RELAIS_MATRIX_AUTOMATIONS
#define TWICE       RELAIS_MATRIX_TWICE
#define LATE        RELAIS_MATRIX_LATE
#define LEAVER      RELAIS_MATRIX_LEAVER
#define TLS         RELAIS_MATRIX_TLS
#define GONE        RELAIS_MATRIX_GONE

/* Numbers are those of what nobody is sure of, in the list at the head of relais-practice-faults.c; 18 is nothing that a run asks for. */
static const RelaisMatrixSwitch switches[] = {
  /* What a key gets that is not accepted any more: 14 */
  { "key revoked",             "*key-revoked", LASTING, STOPPED, RELAIS_ERROR_REFUSED },
  { "key-html",                "*key-revoked key-html", LASTING, STOPPED, RELAIS_ERROR_REFUSED },
  { "key-message",             "*key-revoked key-message", LASTING, STOPPED, RELAIS_ERROR_REFUSED },
  { "key-permission",          "*key-revoked key-permission", LASTING, STOPPED, RELAIS_ERROR_NOT_ALLOWED },
  { "key-errors",              "*key-revoked key-errors", LASTING, STOPPED, RELAIS_ERROR_NOT_ALLOWED },
  { "key-text",                "*key-revoked key-text", LASTING, STOPPED, RELAIS_ERROR_REFUSED },
  { "key-401",                 "*key-revoked key-401", LASTING, STOPPED, RELAIS_ERROR_REFUSED },
  { "key-redirect",            "*key-revoked key-redirect login-at=ELSEWHERE", LASTING, STOPPED, RELAIS_ERROR_WRONG_HOST },
  /* What a right key gets: 19, and every shape of a refusal */
  { "spurious-403",            "*spurious-403", ONCE, WELL, ANY },
  { "spurious-401",            "*spurious-401", ONCE, WELL, ANY },
  { "unpaid",                  "*unpaid", LASTING, STOPPED, RELAIS_ERROR_UNPAID },
  { "not-allowed import",      "*not-allowed=import", LASTING, STOPPED, RELAIS_ERROR_REFUSED, 0, UNTIL_ASKED },
  { "not-allowed lists",       "*not-allowed=lists", LASTING, EITHER, ANY, UNGUARDED },
  { "not-allowed contact",     "*not-allowed=contact", LASTING, EITHER, ANY, UNGUARDED },
  { "refusals-as-text",        "*refusals-as-text *not-allowed=import", LASTING, STOPPED, RELAIS_ERROR_REFUSED, 0, UNTIL_ASKED },
  { "settings-403",            "*settings-403", LASTING, WELL, ANY, 0, "lists first" },
  { "redirect",                "*redirect login-at=ELSEWHERE", ONCE, STOPPED, RELAIS_ERROR_WRONG_HOST },
  { "redirect-308",            "*redirect-308 login-at=ELSEWHERE", ONCE, STOPPED, RELAIS_ERROR_WRONG_HOST },
  { "missing-404",             "*missing-404", ONCE, EITHER, ANY },
  { "invalid-422",             "*invalid-422", ONCE, EITHER, ANY },
  { "bad-request-400",         "*bad-request-400", ONCE, EITHER, ANY },
  { "text-422",                "*text-422", ONCE, EITHER, ANY },
  /* Limits: 4 and 5 */
  { "throttle-429",            "*throttle-429", THRICE, WELL, ANY },
  { "throttle-429 for 2 s",    "*throttle-429 retry-after=2", ONCE, WELL, ANY },
  { "throttle-429 for 0 s",    "*throttle-429 retry-after=0", ONCE, WELL, ANY },
  { "throttle-bare",           "*throttle-bare", ONCE, WELL, ANY },
  { "throttle-429 as a date",  "*throttle-429 retry-after=2 retry-after-date", ONCE, WELL, ANY },
  { "throttle-400",            "*throttle-400", ONCE, WELL, ANY, 0, IMPORTS },
  { "throttle-503",            "*throttle-503", ONCE, WELL, ANY },
  { "imports-count",           "*imports-count", LASTING, WELL, ANY },
  { "crowded, 400",            "no-rate-headers", ACCOUNT, WELL, ANY, CROWDED, "first" },
  { "crowded, 429",            "imports-429", ACCOUNT, WELL, ANY, CROWDED, "first" },
  { "no-rate-headers",         "*no-rate-headers", LASTING, WELL, ANY },
  /* On the way: pages of HTML, what is no JSON, what is cut, late, or twice */
  { "html-200",                "*html-200", ONCE, WELL, ANY },
  { "html-500",                "*html-500", ONCE, WELL, ANY },
  { "html-502",                "*html-502", ONCE, WELL, ANY },
  { "html-503",                "*html-503", ONCE, WELL, ANY },
  { "html-504",                "*html-504", ONCE, WELL, ANY },
  { "empty-502",               "*empty-502", ONCE, WELL, ANY },
  { "empty-200",               "*empty-200", ONCE, WELL, ANY },
  { "html-502 thrice",         "*html-502", THRICE, WELL, ANY },
  { "html-502 for ever",       "*html-502", LASTING, STOPPED, RELAIS_ERROR_UNAVAILABLE },
  { "html-200 for ever",       "*html-200", LASTING, STOPPED, RELAIS_ERROR_REFUSED },
  { "wrong-json",              "*wrong-json", ONCE, WELL, ANY },
  { "list-json",               "*list-json", ONCE, WELL, ANY },
  { "bare-json",               "*bare-json", ONCE, WELL, ANY },
  { "marked-json",             "*marked-json", ONCE, WELL, ANY },
  { "type text/plain",         "*type=text/plain", LASTING, WELL, ANY },
  { "type text/html",          "*type=text/html", LASTING, WELL, ANY },
  { "type none",               "*type=none", LASTING, WELL, ANY },
  { "cut-answer",              "*cut-answer", ONCE, WELL, ANY },
  { "cut-head",                "*cut-head", ONCE, WELL, ANY },
  { "reset-early",             "*reset-early", ONCE, WELL, ANY },
  { "reset-before",            "*reset-before", ONCE, WELL, ANY },
  { "reset-after",             "*reset-after", ONCE, WELL, ANY },
  { "reset-after thrice",      "*reset-after", THRICE, WELL, ANY },
  { "reset-early for ever",    "*reset-early", LASTING, STOPPED, ANY },
  { "reset-before for ever",   "*reset-before", LASTING, STOPPED, RELAIS_ERROR_CUT },
  { "silent-before",           "*silent-before", ONCE, WELL, ANY },
  { "silent-after",            "*silent-after", ONCE, WELL, ANY },
  { "gone",                    "", LASTING, STOPPED, RELAIS_ERROR_UNREACHABLE, GONE },
  { "slow",                    "*slow=300", THRICE, WELL, ANY },
  { "drip",                    "*drip=20", THRICE, WELL, ANY },
  { "gzip",                    "*gzip", LASTING, WELL, ANY },
  { "chunked",                 "*chunked", LASTING, WELL, ANY },
  { "no-date",                 "*no-date", LASTING, WELL, ANY },
  { "twice",                   "*twice", ONCE, WELL, ANY, TWICE },
  { "everything twice",        "*twice", LASTING, WELL, ANY, TWICE },
  /* Another host in its place */
  { "TLS: unknown authority",  "unknown-authority", LASTING, STOPPED, RELAIS_ERROR_TLS, TLS },
  { "TLS: other name",         "other-name", LASTING, STOPPED, RELAIS_ERROR_TLS, TLS },
  { "TLS: expired",            "expired", LASTING, STOPPED, RELAIS_ERROR_TLS, TLS },
  /* What an import says, and what it takes: 1 to 3, and 6 to 10 */
  { "success-capital",         "*success-capital", LASTING, WELL, ANY },
  { "partial-success",         "*partial-success=3 not-allowed=lists/exclusions", LASTING, WELL, ANY, UNGUARDED, NULL, 1 },
  { "no-batch-id",             "*no-batch-id", ONCE, WELL, ANY, 0, IMPORTS },
  { "leave-out",               "*leave-out=unlucky@", LASTING, WELL, ANY, UNPACED, UNTIL_ASKED, 1 },
  { "refuse",                  "*refuse=unlucky@", LASTING, WELL, ANY, UNPACED, UNTIL_SENT, 1 },
  { "reasons-from-zero",       "*refuse=unlucky@ *reasons-from-zero", LASTING, WELL, ANY, UNPACED, UNTIL_SENT, 1 },
  { "refuse-whole",            "*refuse-whole", ONCE, WELL, ANY, UNPACED, IMPORTS },
  { "refuse-whole for ever",   "*refuse-whole", LASTING, EITHER, ANY, UNPACED, UNTIL_SENT },
  { "bad-addresses-refuse",    "*bad-addresses-refuse", LASTING, WELL, ANY, UNPACED, UNTIL_SENT },
  { "bad-addresses-fail",      "*bad-addresses-fail", LASTING, WELL, ANY },
  { "apostrophes-pass",        "*apostrophes-pass", LASTING, WELL, ANY },
  { "automations-inside",      "*automations-inside", LASTING, WELL, ANY, AUTOMATIONS },
  { "import-keeps-empty",      "*import-keeps-empty", LASTING, WELL, ANY },
  { "somebody leaves",         "no-rate-headers", ACCOUNT, WELL, ANY, LEAVER, "lists first middle last" },
  { "unsubscribed-updated",    "*unsubscribed-updated", LASTING, EITHER, ANY, LEAVER | LIES | UNPACED, "lists guard first" },
  { "success-created-only",    "*success-created-only", LASTING, WELL, ANY },
  { "lose",                    "*lose=@3", LASTING, EITHER, ANY, LIES | UNPACED, UNTIL_SENT },
  { "change",                  "*change=@3", LASTING, EITHER, ANY, LIES | UNPACED, UNTIL_SENT },
  { "contact-limit",           "*contact-limit=6", LASTING, EITHER, ANY, 0, UNTIL_SENT },
  { "account-status",          "*account-status=closed", LASTING, WELL, ANY, 0, UNTIL_SENT },
  { "limit-refuses",           "*contact-limit=6 *limit-refuses", LASTING, EITHER, ANY, UNPACED, UNTIL_SENT },
  /* How an import goes on: 11, and states that never end */
  { "import-delay",            "import-delay=400", ACCOUNT, WELL, ANY, 0, "first checking" },
  { "import-never-ends",       "*import-never-ends", ONCE, UNKNOWN, ANY, 0, IMPORTS },
  { "import-failed",           "*import-failed", ONCE, WELL, ANY, 0, IMPORTS },
  { "import-failed for ever",  "*import-failed", LASTING, UNKNOWN, ANY, 0, UNTIL_SENT },
  { "import-interrupted",      "*import-interrupted", ONCE, WELL, ANY, 0, IMPORTS },
  { "import-unknown-state",    "*import-unknown-state", ONCE, WELL, ANY, 0, IMPORTS },
  { "ends-without-results",    "*import-failed *ends-without-results", ONCE, WELL, ANY, 0, IMPORTS },
  { "failures-numbered",       "*failures-numbered", LASTING, WELL, ANY },
  { "info-false",              "*info-false=400", LASTING, WELL, ANY },
  { "info-status waiting",     "*info-status=waiting", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-status claimed",     "*info-status=claimed", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-status active",      "*info-status=active", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-status pondering",   "*info-status=pondering", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-status failed",      "*info-status=failed", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-status interrupted", "*info-status=interrupted", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-false for ever",     "*info-false=600s", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-without-status",     "*info-without-status", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "bare-json about imports", "info/bare-json", ACCOUNT, UNKNOWN, ANY, 0, "lists first" },
  { "info-forgets",            "*info-forgets", THRICE, WELL, ANY, 0, "polling" },
  { "info-forgets for ever",   "*info-forgets", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  { "info-400",                "*info-400", LASTING, UNKNOWN, ANY, 0, UNTIL_ASKED },
  /* Forms of answers: 12, 13, and 15 to 17 */
  { "ids-as-numbers",          "*ids-as-numbers", LASTING, WELL, ANY },
  { "no-totals",               "*no-totals", LASTING, WELL, ANY },
  { "fields-by-100",           "*fields-by-100", LASTING, WELL, ANY },
  { "any-limit",               "*any-limit", LASTING, WELL, ANY },
  { "documented-statuses",     "*documented-statuses", LASTING, WELL, ANY },
  { "choices-in-bars",         "*choices-in-bars", LASTING, WELL, ANY },
  { "three-unconfirmed",       "*three-unconfirmed", LASTING, WELL, ANY },
  { "pages-repeat",            "*pages-repeat", LASTING, EITHER, ANY },
  { "status-unheeded",         "*status-unheeded", LASTING, EITHER, ANY },
  { "bare-pages",              "*bare-pages", LASTING, WELL, ANY },
  { "lag",                     "*lag=1s", LASTING, EITHER, ANY, LATE },
  { "clock ahead",             "*clock=100", LASTING, WELL, ANY },
  { "clock behind",            "*clock=-100", LASTING, WELL, ANY },
  { "lists",                   "lists=150", ACCOUNT, WELL, ANY, 0, "lists first" },
};

/*
 * relais_matrix_switch_at:
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): a switch; %NULL after the last
 */
const RelaisMatrixSwitch *
relais_matrix_switch_at (guint index)
{
  return index < G_N_ELEMENTS (switches) ? &switches[index] : NULL;
}

/*
 * relais_matrix_switch_find:
 *
 * Returns: (transfer none) (nullable): the switch of this name
 */
const RelaisMatrixSwitch *
relais_matrix_switch_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    if (strcmp (switches[i].name, name) == 0)
      return &switches[i];

  return NULL;
}

/*
 * relais_matrix_switch_suits:
 *
 * Returns: whether it can come at @moment
 */
gboolean
relais_matrix_switch_suits (const RelaisMatrixSwitch *self,
                            const RelaisMatrixMoment *moment)
{
  g_auto (GStrv) names = g_strsplit (self->moments != NULL ? self->moments : moment->name, " ", -1);

  return g_strv_contains ((const char * const *) names, moment->name);
}
