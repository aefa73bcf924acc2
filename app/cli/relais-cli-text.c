/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "relais-format.h"

#define COUNT_WIDTH 12

/* Takes @text from a file or from the service. Returns (transfer full) it as a terminal
 * may be given it: controls (C0, C1, and marks that turn the direction) are
 * written out, what is no UTF-8 is replaced. */
char *
relais_plain (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);
  GString *plain = g_string_new (NULL);

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
        g_string_append_printf (plain, "\\u%04x", c);
      else
        g_string_append_unichar (plain, c);
    }

  return g_string_free (plain, FALSE);
}

/* Takes microseconds since 1970. Returns (transfer full) the local time, or a dash for 0. */
char *
relais_plain_time (gint64 microseconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc && microseconds > 0 ? g_date_time_to_local (utc) : NULL;

  return local ? g_date_time_format (local, "%F %R") : g_strdup ("–");
}

/* Returns how @status is called for scripts. */
const char *
relais_export_status_to_id (RelaisExportStatus status)
{
  switch (status)
    {
    case RELAIS_EXPORT_QUEUED: return "queued";
    case RELAIS_EXPORT_PROCESSING: return "processing";
    case RELAIS_EXPORT_SUCCESSFUL: return "successful";
    case RELAIS_EXPORT_COMPLETED_WITH_ERRORS: return "completed-with-errors";
    case RELAIS_EXPORT_FAILURE: return "failure";
    case RELAIS_EXPORT_CANCELED: return "canceled";
    case RELAIS_EXPORT_SKIPPED: return "skipped";
    case RELAIS_EXPORT_INTERRUPTED:
    case RELAIS_EXPORT_ASKING: return "interrupted";
    case RELAIS_EXPORT_NO_CONNECTION: return "no-connection";
    case RELAIS_EXPORT_NOT_STARTED:
    default: return "not-started";
    }
}

/* Returns how @status is called for people. */
const char *
relais_plain_export_status (RelaisExportStatus status)
{
  switch (status)
    {
    case RELAIS_EXPORT_QUEUED: return _("Queued");
    case RELAIS_EXPORT_PROCESSING: return _("Processing");
    case RELAIS_EXPORT_SUCCESSFUL: return _("Successful");
    case RELAIS_EXPORT_COMPLETED_WITH_ERRORS: return _("Completed with errors");
    case RELAIS_EXPORT_FAILURE: return _("Failure");
    case RELAIS_EXPORT_CANCELED: return C_("status of an export", "Canceled");
    case RELAIS_EXPORT_SKIPPED: return _("Skipped");
    case RELAIS_EXPORT_INTERRUPTED: return _("Interrupted");
    /* Translators: the status of an export, of which a person has to say how it goes on. */
    case RELAIS_EXPORT_ASKING: return _("Waiting for your answer");
    case RELAIS_EXPORT_NO_CONNECTION: return _("No connection");
    case RELAIS_EXPORT_NOT_STARTED:
    default: return _("Not started");
    }
}

/* Returns how @status is called for people. */
const char *
relais_plain_run_status (RelaisRunStatus status)
{
  switch (status)
    {
    case RELAIS_RUN_PROCESSING: return relais_plain_export_status (RELAIS_EXPORT_PROCESSING);
    case RELAIS_RUN_SUCCESSFUL: return relais_plain_export_status (RELAIS_EXPORT_SUCCESSFUL);
    case RELAIS_RUN_COMPLETED_WITH_ERRORS: return relais_plain_export_status (RELAIS_EXPORT_COMPLETED_WITH_ERRORS);
    case RELAIS_RUN_FAILURE: return relais_plain_export_status (RELAIS_EXPORT_FAILURE);
    case RELAIS_RUN_CANCELED: return relais_plain_export_status (RELAIS_EXPORT_CANCELED);
    case RELAIS_RUN_SKIPPED: return relais_plain_export_status (RELAIS_EXPORT_SKIPPED);
    case RELAIS_RUN_INTERRUPTED:
    default: return relais_plain_export_status (RELAIS_EXPORT_INTERRUPTED);
    }
}

/* Appends a line: how many, as wide as the numbers above and below, and what they are. */
void
relais_append_count (GString    *text,
                     guint64     n,
                     const char *words)
{
  g_autofree char *count = relais_format_count (n);

  for (glong width = g_utf8_strlen (count, -1); width < COUNT_WIDTH; width++)
    g_string_append_c (text, ' ');
  g_string_append_printf (text, "%s  %s\n", count, words);
}

/* Why people are barred, in the order in which that is told. */
static const RelaisReason barring[] = { RELAIS_REASON_UNSUBSCRIBED, RELAIS_REASON_BOUNCED, RELAIS_REASON_EXCLUDED };

/* Why they are barred, for a run and for a preview */
static const char *
describe_barred (RelaisReason reason,
                 guint64      n,
                 gboolean     preview)
{
  /* Translators: the number of rows stands before each of these. */
  switch ((int) reason)
    {
    case RELAIS_REASON_UNSUBSCRIBED:
      return preview ? ngettext ("would not be sent: is unsubscribed from the list", "would not be sent: are unsubscribed from the list", n)
                     : ngettext ("not sent: is unsubscribed from the list", "not sent: are unsubscribed from the list", n);
    case RELAIS_REASON_BOUNCED:
      return preview ? ngettext ("would not be sent: mail has come back undelivered", "would not be sent: mail has come back undelivered", n)
                     : ngettext ("not sent: mail has come back undelivered", "not sent: mail has come back undelivered", n);
    default:
      return preview ? ngettext ("would not be sent: is on the account’s exclusion list", "would not be sent: are on the account’s exclusion list", n)
                     : ngettext ("not sent: is on the account’s exclusion list", "not sent: are on the account’s exclusion list", n);
    }
}

static void
explain_barred (GString               *text,
                const RelaisRowCounts *counts,
                gboolean               preview)
{
  for (guint i = 0; i < G_N_ELEMENTS (barring); i++)
    {
      guint64 n = counts->by_reason[barring[i]];

      if (n > 0)
        relais_append_count (text, n, describe_barred (barring[i], n, preview));
    }
}

/* The service never said what became of some whom it did not confirm: that is no refusal. */
static void
explain_refused (GString               *text,
                 const RelaisRowCounts *counts)
{
  guint64 n_unknown = counts->by_reason[RELAIS_REASON_UNKNOWN_OUTCOME];
  guint64 n_refused = counts->by_state[RELAIS_ROW_REFUSED] - MIN (n_unknown, counts->by_state[RELAIS_ROW_REFUSED]);

  if (n_refused > 0)
    /* Translators: the number of rows stands before it. */
    relais_append_count (text, n_refused, ngettext ("refused by the service", "refused by the service", n_refused));
  if (n_unknown > 0)
    /* Translators: the number of rows stands before it. */
    relais_append_count (text, n_unknown, ngettext ("unknown: sent, but the service never said what became of it",
                                                    "unknown: sent, but the service never said what became of them", n_unknown));
}

static gboolean
tells_reasons (const RelaisRowCounts *counts)
{
  guint64 n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (barring); i++)
    n += counts->by_reason[barring[i]];

  return n == counts->by_state[RELAIS_ROW_BARRED];
}

static const char *
describe_note (RelaisReason note,
               guint64      n)
{
  /* Translators: the number of rows stands before each of these, below the number of rows that were read. */
  if (note == RELAIS_REASON_PHONE_LEFT_OUT)
    return ngettext ("of them has text instead of a phone number: that text is left out",
                     "of them have text instead of a phone number: that text is left out", n);

  /* Translators: the number of rows stands before this, below the number of rows that were read. */
  return ngettext ("of them has a phone number without an international form: it stays as it is written",
                   "of them have a phone number without an international form: it stays as it is written", n);
}

static void
explain_notes (GString               *text,
               const RelaisRowCounts *counts)
{
  for (RelaisReason note = RELAIS_FIRST_NOTE; note < RELAIS_N_REASONS; note++)
    if (counts->by_reason[note] > 0)
      relais_append_count (text, counts->by_reason[note], describe_note (note, counts->by_reason[note]));
}

/* Whether a run ended before its file did: the rows it read are not all there are. */
gboolean
relais_was_cut_short (RelaisRunStatus status)
{
  return status == RELAIS_RUN_CANCELED || status == RELAIS_RUN_INTERRUPTED;
}

/* Returns (transfer full) the counts in plain words, a line each, adding up to the rows read,
 * and below them what was noted about rows.
 * @cut_short: the file may have more */
char *
relais_explain_counts (const RelaisRowCounts *counts,
                       gboolean               preview,
                       gboolean               cut_short)
{
  const guint64 *n = counts->by_state;
  /* Translators: the number of rows stands before each of these. */
  const char *words[RELAIS_N_ROW_STATES] = {
    [RELAIS_ROW_DELIVERED] = preview ? ngettext ("would be sent", "would be sent", n[RELAIS_ROW_DELIVERED])
                                     : ngettext ("delivered", "delivered", n[RELAIS_ROW_DELIVERED]),
    [RELAIS_ROW_UNCHANGED] = ngettext ("unchanged since an earlier run", "unchanged since an earlier run",
                                       n[RELAIS_ROW_UNCHANGED]),
    [RELAIS_ROW_DUPLICATE] = ngettext ("repeats the address of an earlier row", "repeat the address of an earlier row",
                                       n[RELAIS_ROW_DUPLICATE]),
    [RELAIS_ROW_INVALID] = ngettext ("cannot be sent as it is", "cannot be sent as they are", n[RELAIS_ROW_INVALID]),
    [RELAIS_ROW_BARRED] = ngettext ("may not be mailed: unsubscribed, bounced or excluded",
                                    "may not be mailed: unsubscribed, bounced or excluded", n[RELAIS_ROW_BARRED]),
    [RELAIS_ROW_NOT_SENT] = ngettext ("not sent", "not sent", n[RELAIS_ROW_NOT_SENT]),
  };
  GString *text = g_string_new (NULL);

  for (int i = 0; i < RELAIS_N_ROW_STATES; i++)
    if (i == RELAIS_ROW_BARRED && tells_reasons (counts))
      explain_barred (text, counts, preview);
    else if (i == RELAIS_ROW_REFUSED)
      explain_refused (text, counts);
    else if (counts->by_state[i] > 0 || i == RELAIS_ROW_DELIVERED)
      relais_append_count (text, n[i], words[i]);
  relais_append_count (text, counts->read, cut_short ? ngettext ("row read so far", "rows read so far", counts->read)
                                                     : ngettext ("row read", "rows read", counts->read));
  explain_notes (text, counts);
  return g_string_free (text, FALSE);
}
