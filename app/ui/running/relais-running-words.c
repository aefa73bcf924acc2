/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-running-words.h"

#include "relais-format.h"
#include "relais-phase-words.h"

#include <glib/gi18n-lib.h>

#define MINUTE 60
#define HOUR   (60 * MINUTE)

/* Some steps go through people instead of rows. */
static gboolean
counts_people (RelaisPhase phase)
{
  return phase == RELAIS_PHASE_GUARDING || phase == RELAIS_PHASE_TAKING_OFF || phase == RELAIS_PHASE_VERIFYING;
}

/**
 * relais_running_describe_stage:
 * @phase: of a run
 * @done: rows in a final state, or people that were told
 * @total: of them expected, 0 = not known
 *
 * It changes a few times in a run and not with every batch, so that a screen reader can read it out each time.
 *
 * Returns: (transfer full): what the run is busy with, and how many quarters of that are done
 */
char *
relais_running_describe_stage (RelaisPhase phase,
                               guint64     done,
                               guint64     total)
{
  const char *name = relais_phase_describe (phase);

  switch (total > 0 ? (guint) (4.0 * (double) done / (double) total) : 0)
    {
    case 0: return g_strdup (name);
    /* Translators: in each of these, %s is what a run is busy with, as in "Sending". */
    case 1: return g_strdup_printf (_("%s: a quarter is done"), name);
    case 2: return g_strdup_printf (_("%s: half is done"), name);
    case 3: return g_strdup_printf (_("%s: three quarters are done"), name);
    default: return g_strdup_printf (_("%s: nearly done"), name);
    }
}

/**
 * relais_running_explain_phase:
 * @phase: of a run
 *
 * Returns: (transfer none): what happens in it, in a sentence; empty when it has ended
 */
const char *
relais_running_explain_phase (RelaisPhase phase)
{
  switch (phase)
    {
    case RELAIS_PHASE_WAITING_FOR_TURN: return _("Another run is at work on the same list or in another program. This one begins by itself when that has ended.");
    case RELAIS_PHASE_PREPARING: return _("The settings, the account and the segment are looked at before anything is sent.");
    case RELAIS_PHASE_GUARDING: return _("ActiveCampaign is asked who has unsubscribed or cannot be reached. They are not sent.");
    case RELAIS_PHASE_SENDING: return _("The segment is read and sent in batches, at the pace that the account allows. Rows are done when ActiveCampaign has confirmed them.");
    case RELAIS_PHASE_CONFIRMING: return _("Everything has been sent. ActiveCampaign still works on the last batches.");
    case RELAIS_PHASE_TAKING_OFF: return _("People who left the segment are taken off the list.");
    case RELAIS_PHASE_VERIFYING: return _("Relais reads back from the account what has arrived.");
    case RELAIS_PHASE_ENDED:
    default: return "";
    }
}

/**
 * relais_running_describe_done:
 * @phase: of a run
 * @done: rows in a final state, or people that were told
 * @total: of them expected, 0 = not known
 *
 * Returns: (transfer full): how far it is, in numbers
 */
char *
relais_running_describe_done (RelaisPhase phase,
                              guint64     done,
                              guint64     total)
{
  g_autofree char *n_done = relais_format_count (done);
  g_autofree char *n_total = relais_format_count (total);

  if (total == 0 && done == 0)
    return g_strdup (_("Not counted yet"));
  if (total == 0)
    return g_strdup_printf (counts_people (phase) ? ngettext ("%s person done", "%s people done", done)
                                                  : ngettext ("%s row done", "%s rows done", done), n_done);

  /* Translators: the first %s counts those that are done, the second one, which the plural is for, all of them. */
  return g_strdup_printf (counts_people (phase) ? ngettext ("%s of %s person", "%s of %s people", total)
                                                : ngettext ("%s of %s row", "%s of %s rows", total), n_done, n_total);
}

/* To two digits: the others change all the time and mean nothing. */
static guint64
round_off (double number)
{
  guint64 whole = (guint64) (number + 0.5);
  guint64 unit = 1;

  while (whole / unit >= 100)
    unit *= 10;

  return (whole + unit / 2) / unit * unit;
}

/**
 * relais_running_describe_rate:
 * @phase: of a run
 * @rate: rows or people a second, 0 = not known yet
 *
 * Returns: (transfer full): how fast it goes
 */
char *
relais_running_describe_rate (RelaisPhase phase,
                              double      rate)
{
  guint64 a_minute = round_off (rate * MINUTE);
  g_autofree char *number = relais_format_count (a_minute);

  if (rate <= 0)
    return g_strdup (_("Not known yet"));
  if (a_minute == 0)
    return g_strdup (_("Less than one a minute"));

  return g_strdup_printf (counts_people (phase) ? ngettext ("About %s person a minute", "About %s people a minute", a_minute)
                                                : ngettext ("About %s row a minute", "About %s rows a minute", a_minute), number);
}

/**
 * relais_running_describe_remaining:
 * @remaining: microseconds, -1 = not known
 *
 * Returns: (transfer full): how long it will take, no more exactly than it is known
 */
char *
relais_running_describe_remaining (gint64 remaining)
{
  guint seconds = (guint) MAX (0, remaining / G_USEC_PER_SEC);
  guint minutes = (seconds + MINUTE / 2) / MINUTE;

  if (remaining < 0)
    return g_strdup (_("Not known yet"));
  if (seconds < 10)
    return g_strdup (_("A few seconds"));
  if (seconds < MINUTE - 5)
    /* Translators: %u is 10, 20, 30, 40 or 50. */
    return g_strdup_printf (_("About %u seconds"), (seconds + 5) / 10 * 10);
  if (seconds < HOUR - MINUTE / 2)
    return g_strdup_printf (ngettext ("About %u minute", "About %u minutes", minutes), minutes);

  minutes = (minutes + 2) / 5 * 5;

  /* Translators: hours and minutes, as in "About 2 h 35 min". */
  return g_strdup_printf (_("About %u h %02u min"), minutes / 60, minutes % 60);
}

/**
 * relais_running_describe_countdown:
 * @left: microseconds until the run goes on by itself
 *
 * Returns: (transfer full): when that is
 */
char *
relais_running_describe_countdown (gint64 left)
{
  guint seconds = (guint) ((MAX (0, left) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  guint minutes = (seconds + MINUTE - 1) / MINUTE;

  if (seconds == 0)
    return g_strdup (_("Relais tries it now."));
  if (seconds < 2 * MINUTE)
    return g_strdup_printf (ngettext ("Relais tries again in %u second.", "Relais tries again in %u seconds.", seconds), seconds);

  return g_strdup_printf (ngettext ("Relais tries again in %u minute.", "Relais tries again in %u minutes.", minutes), minutes);
}

/* Returns: (transfer full): what they are called, in their order */
static char *
name_exports (GPtrArray *exports)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < exports->len; i++)
    {
      if (i > 0)
        /* Translators: stands between the names in a list. */
        g_string_append (names, C_("list of names", ", "));
      /* Translators: %s is the name of an export. */
      g_string_append_printf (names, C_("list of names", "“%s”"), relais_export_get_name (g_ptr_array_index (exports, i)));
    }

  return g_string_free (g_steal_pointer (&names), FALSE);
}

/**
 * relais_running_describe_interrupted:
 * @exports: (element-type RelaisExport): whose run can go on
 *
 * Returns: (transfer full): that it was interrupted
 */
char *
relais_running_describe_interrupted (GPtrArray *exports)
{
  g_autofree char *names = name_exports (exports);

  /* Translators: %s is the name of an export, or the names of several, in quotation marks. */
  return g_strdup_printf (ngettext ("The run of %s was interrupted. It can go on where it was.",
                                    "The runs of %s were interrupted. They can go on where they were.",
                                    exports->len), names);
}

/**
 * relais_running_describe_quitting:
 * @exports: (element-type RelaisExport): some of which run
 *
 * Returns: (transfer full): which run, and what becomes of that when the program ends
 */
char *
relais_running_describe_quitting (GListModel *exports)
{
  g_autoptr (GPtrArray) running = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *names = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);
      RelaisRun *run = relais_export_get_last_run (export);

      if (run != NULL && relais_run_is_live (run))
        g_ptr_array_add (running, g_steal_pointer (&export));
    }
  /* One that was removed meanwhile is being stopped. */
  if (running->len == 0)
    return g_strdup (_("An export is running. What has been sent stays sent, and the run can go on another day."));
  names = name_exports (running);

  /* Translators: %s is the name of an export, or the names of several, in quotation marks. */
  return g_strdup_printf (ngettext ("%s is running. What has been sent stays sent, and the run can go on another day.",
                                    "%s are running. What has been sent stays sent, and the runs can go on another day.",
                                    running->len), names);
}
