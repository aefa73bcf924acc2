/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-words.h"

#include "relais-format.h"
#include "relais-phase-words.h"

#include <glib/gi18n-lib.h>

#define DAY (24 * 60 * 60)

/**
 * relais_describe_status:
 * @object: (nullable): unused
 * @status: a RelaisExportStatus
 *
 * Returns: (transfer full): what the status column says
 */
char *
relais_describe_status (GObject *object,
                        int      status)
{
  switch ((RelaisExportStatus) status)
    {
    case RELAIS_EXPORT_NOT_STARTED: return g_strdup (_("Not started"));
    case RELAIS_EXPORT_QUEUED: return g_strdup (_("Queued"));
    case RELAIS_EXPORT_PROCESSING: return g_strdup (_("Processing"));
    case RELAIS_EXPORT_SUCCESSFUL: return g_strdup (_("Successful"));
    case RELAIS_EXPORT_COMPLETED_WITH_ERRORS: return g_strdup (_("Completed with errors"));
    case RELAIS_EXPORT_FAILURE: return g_strdup (_("Failure"));
    case RELAIS_EXPORT_CANCELED: return g_strdup (C_("status of an export", "Canceled"));
    case RELAIS_EXPORT_SKIPPED: return g_strdup (_("Skipped"));
    case RELAIS_EXPORT_INTERRUPTED: return g_strdup (_("Interrupted"));
    case RELAIS_EXPORT_NO_CONNECTION: return g_strdup (_("No connection"));
    /* Translators: the status of an export, of which a person has to say how it goes on. */
    case RELAIS_EXPORT_ASKING: return g_strdup (_("Waiting for your answer"));
    default: return g_strdup ("");
    }
}

/**
 * relais_status_icon:
 * @object: (nullable): unused
 * @status: a RelaisExportStatus
 *
 * Returns: (transfer full): the name of its icon
 */
char *
relais_status_icon (GObject *object,
                    int      status)
{
  switch ((RelaisExportStatus) status)
    {
    case RELAIS_EXPORT_SUCCESSFUL: return g_strdup ("emblem-ok-symbolic");
    case RELAIS_EXPORT_QUEUED:
    case RELAIS_EXPORT_PROCESSING: return g_strdup ("emblem-synchronizing-symbolic");
    case RELAIS_EXPORT_NOT_STARTED: return g_strdup ("content-loading-symbolic");
    case RELAIS_EXPORT_FAILURE: return g_strdup ("dialog-error-symbolic");
    case RELAIS_EXPORT_ASKING: return g_strdup ("dialog-question-symbolic");
    case RELAIS_EXPORT_COMPLETED_WITH_ERRORS:
    case RELAIS_EXPORT_CANCELED:
    case RELAIS_EXPORT_SKIPPED:
    case RELAIS_EXPORT_INTERRUPTED:
    case RELAIS_EXPORT_NO_CONNECTION:
    default: return g_strdup ("dialog-warning-symbolic");
    }
}

/**
 * relais_status_classes:
 * @object: (nullable): unused
 * @status: a RelaisExportStatus
 *
 * Returns: (transfer full): the style classes of its icon
 */
char **
relais_status_classes (GObject *object,
                       int      status)
{
  const char *classes[] = { NULL, NULL };

  switch ((RelaisExportStatus) status)
    {
    case RELAIS_EXPORT_SUCCESSFUL:
      classes[0] = "success";
      break;

    case RELAIS_EXPORT_QUEUED:
    case RELAIS_EXPORT_PROCESSING:
      classes[0] = "accent";
      break;

    case RELAIS_EXPORT_NOT_STARTED:
      classes[0] = "dim-label";
      break;

    case RELAIS_EXPORT_FAILURE:
      classes[0] = "error";
      break;

    case RELAIS_EXPORT_COMPLETED_WITH_ERRORS:
    case RELAIS_EXPORT_CANCELED:
    case RELAIS_EXPORT_SKIPPED:
    case RELAIS_EXPORT_INTERRUPTED:
    case RELAIS_EXPORT_NO_CONNECTION:
    case RELAIS_EXPORT_ASKING:
    default:
      classes[0] = "warning";
    }

  return g_strdupv ((char **) classes);
}

/**
 * relais_describe_target:
 * @object: (nullable): unused
 * @list_id: of the list
 * @list_name: (nullable): of the list
 * @connection: (nullable): display name
 * @practice: whether that is a practice account
 *
 * Returns: (transfer full): the second line of an export's row
 */
char *
relais_describe_target (GObject    *object,
                        guint       list_id,
                        const char *list_name,
                        const char *connection,
                        gboolean    practice)
{
  /* Translators: %u is the number of a list. */
  g_autofree char *number = g_strdup_printf (_("List %u"), list_id);
  const char *list = list_name != NULL && *list_name != '\0' ? list_name : number;

  if (connection == NULL)
    return g_strdup_printf ("%s · %s", list, _("No connection"));
  if (practice)
    return g_strdup_printf ("%s · %s · %s", list, connection, _("Practice"));

  return g_strdup_printf ("%s · %s", list, connection);
}

static char *
describe_ago (gint64 then,
              gint64 now)
{
  gint64 ago = (now - then) / G_USEC_PER_SEC;

  if (ago < 60)
    return g_strdup (_("Just now"));
  if (ago < 60 * 60)
    return g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", ago / 60), (guint) (ago / 60));
  if (ago < DAY)
    return g_strdup_printf (ngettext ("%u hour ago", "%u hours ago", ago / 3600), (guint) (ago / 3600));
  if (ago < 14 * DAY)
    return g_strdup_printf (ngettext ("%u day ago", "%u days ago", ago / DAY), (guint) (ago / DAY));

  return relais_format_day (then);
}

/**
 * relais_describe_refreshed:
 * @object: (nullable): unused
 * @status: a RelaisExportStatus
 * @refreshed_at: microseconds since 1970, 0 = never
 * @now: the same, of a RelaisClock
 *
 * Returns: (transfer full): how an export stands, and since when
 */
char *
relais_describe_refreshed (GObject *object,
                           int      status,
                           gint64   refreshed_at,
                           gint64   now)
{
  g_autofree char *name = relais_describe_status (NULL, status);
  g_autofree char *ago = NULL;

  if (refreshed_at == 0 || status == RELAIS_EXPORT_QUEUED || status == RELAIS_EXPORT_PROCESSING)
    return g_steal_pointer (&name);
  ago = describe_ago (refreshed_at, now);

  return g_strdup_printf ("%s · %s", name, ago);
}

/**
 * relais_describe_time:
 * @object: (nullable): unused
 * @time: microseconds since 1970, 0 = never
 *
 * Returns: (transfer full) (nullable): day and time of day, as the person's country writes them
 */
char *
relais_describe_time (GObject *object,
                      gint64   time)
{
  return time > 0 ? relais_format_moment (time) : NULL;
}

/**
 * relais_shows_message:
 * @object: (nullable): unused
 * @live: whether the run is under way
 * @message: (nullable): why it did not go well
 *
 * Returns: whether there is something to show
 */
gboolean
relais_shows_message (GObject    *object,
                      gboolean    live,
                      const char *message)
{
  return !live && message != NULL && *message != '\0';
}

/**
 * relais_is_waiting:
 * @object: (nullable): unused
 * @waiting_until: of a run
 *
 * Returns: whether it waits for a moment that can be skipped
 */
gboolean
relais_is_waiting (GObject *object,
                   gint64   waiting_until)
{
  return waiting_until > 0;
}

static char *
describe_remaining (gint64 remaining)
{
  gint64 seconds = remaining / G_USEC_PER_SEC;

  if (remaining < 0)
    return g_strdup ("");
  if (seconds < 60)
    return g_strdup (_("less than a minute left"));

  return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", (seconds + 30) / 60), (guint) ((seconds + 30) / 60));
}

/**
 * relais_describe_progress:
 * @object: (nullable): unused
 * @phase: a RelaisPhase
 * @done: rows in a final state, or people that were told
 * @total: of them expected, 0 = not known
 * @rate: of them a second
 * @remaining: microseconds, -1 = not known
 * @waiting_for: (nullable): a whole sentence
 *
 * Returns: (transfer full): one line
 */
char *
relais_describe_progress (GObject    *object,
                          int         phase,
                          guint64     done,
                          guint64     total,
                          double      rate,
                          gint64      remaining,
                          const char *waiting_for)
{
  g_autofree char *left = describe_remaining (remaining);
  g_autofree char *n_done = relais_format_count (done);
  g_autofree char *n_total = relais_format_count (total);

  if (waiting_for != NULL)
    return g_strdup (waiting_for);
  if (total == 0 && done == 0)
    return g_strdup (relais_phase_describe (phase));
  if (total == 0)
    /* Translators: what a run is busy with, then how many are done; how many there are is not known. */
    return g_strdup_printf (_("%s: %s"), relais_phase_describe (phase), n_done);
  if (*left == '\0')
    /* Translators: what a run is busy with, then rows that are done and rows in all. */
    return g_strdup_printf (_("%s: %s of %s"), relais_phase_describe (phase), n_done, n_total);

  /* Translators: what a run is busy with, rows that are done, rows in all, and "about 3 minutes left". */
  return g_strdup_printf (_("%s: %s of %s, %s"), relais_phase_describe (phase), n_done, n_total, left);
}

/**
 * relais_progress_fraction:
 * @object: (nullable): unused
 * @done: rows in a final state
 * @total: rows expected
 *
 * Returns: from 0 to 1
 */
double
relais_progress_fraction (GObject *object,
                          guint64  done,
                          guint64  total)
{
  return total > 0 ? MIN (1.0, (double) done / (double) total) : 0;
}

/**
 * relais_describe_run_action:
 * @object: (nullable): unused
 * @status: a RelaisExportStatus
 *
 * Returns: (transfer full): what the button that runs an export says
 */
char *
relais_describe_run_action (GObject *object,
                            int      status)
{
  if (status == RELAIS_EXPORT_INTERRUPTED || status == RELAIS_EXPORT_CANCELED || status == RELAIS_EXPORT_FAILURE)
    /* Translators: a verb: takes an interrupted run up again */
    return g_strdup (_("_Go On"));
  if (status == RELAIS_EXPORT_ASKING)
    /* Translators: a verb: answers what a run asks before it goes on */
    return g_strdup (_("_Answer…"));

  /* Translators: a verb: runs an export */
  return g_strdup (_("_Run"));
}

/**
 * relais_describe_state:
 * @state: of rows
 *
 * Returns: (transfer full): its name, to stand beside a number
 */
char *
relais_describe_state (RelaisRowState state)
{
  switch (state)
    {
    case RELAIS_ROW_DELIVERED: return g_strdup (_("Delivered"));
    case RELAIS_ROW_UNCHANGED: return g_strdup (_("Unchanged"));
    case RELAIS_ROW_DUPLICATE: return g_strdup (_("Duplicates"));
    case RELAIS_ROW_INVALID: return g_strdup (_("Invalid"));
    case RELAIS_ROW_REFUSED: return g_strdup (_("Refused"));
    case RELAIS_ROW_BARRED: return g_strdup (_("Barred"));
    case RELAIS_ROW_NOT_SENT: return g_strdup (_("Not sent"));
    default: return g_strdup ("");
    }
}

/**
 * relais_explain_state:
 * @state: of rows
 *
 * Returns: (transfer full): what its name does not say, "" when it says all
 */
char *
relais_explain_state (RelaisRowState state)
{
  switch (state)
    {
    case RELAIS_ROW_UNCHANGED: return g_strdup (_("Already there from an earlier run"));
    case RELAIS_ROW_DUPLICATE: return g_strdup (_("The same address as in an earlier row"));
    case RELAIS_ROW_INVALID: return g_strdup (_("Cannot be sent as they are"));
    case RELAIS_ROW_REFUSED: return g_strdup (_("Not accepted by ActiveCampaign"));
    case RELAIS_ROW_BARRED: return g_strdup (_("Unsubscribed, bounced or excluded"));
    case RELAIS_ROW_NOT_SENT: return g_strdup (_("The run ended before their turn"));
    case RELAIS_ROW_DELIVERED:
    default: return g_strdup ("");
    }
}

/**
 * relais_describe_note:
 * @note: RELAIS_FIRST_NOTE or one behind it
 *
 * Returns: (transfer none): what was noted about rows that can be sent, to stand beside a number
 */
const char *
relais_describe_note (RelaisReason note)
{
  return note == RELAIS_REASON_PHONE_LEFT_OUT ? _("Without a phone number") : _("Phone number as written");
}

/**
 * relais_explain_note:
 * @note: RELAIS_FIRST_NOTE or one behind it
 *
 * Returns: (transfer none): what its name does not say
 */
const char *
relais_explain_note (RelaisReason note)
{
  return note == RELAIS_REASON_PHONE_LEFT_OUT ? _("There is other text in its place, which is left out")
                                              : _("It has no international form");
}
