/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person should know of people who left the segment. */

#include "relais-run-leaving-private.h"

#include "relais-error.h"
#include "relais-format.h"

#include <glib/gi18n-lib.h>

/* @sentence: with %s where the number belongs */
static char *
count_into (const char *sentence,
            guint64     n)
{
  g_autofree char *figure = relais_format_count (n);
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", -1);

  return g_strjoinv (figure, parts);
}

/*
 * relais_leaving_make_question:
 * @definition: of the export
 * @n_departed: people who are not in the segment any more
 * @n_held: people whom the export had put on the list when the run began
 *
 * Returns: (transfer full): why nobody is taken off before a person has answered
 */
GError *
relais_leaving_make_question (const RelaisExportDefinition *definition,
                              guint64                       n_departed,
                              guint64                       n_held)
{
  g_autofree char *departed = relais_format_count (n_departed);
  g_autofree char *held = relais_format_count (n_held);
  g_autofree char *number = relais_format_count (definition->leavers_number);
  g_autofree char *share = relais_format_share (n_departed, n_held);
  g_autofree char *limit = relais_format_share (definition->leavers_share, 100);

  return g_error_new (RELAIS_ERROR, RELAIS_ERROR_QUESTION,
                      /* Translators: the first %s counts people who are not in the segment any more, the second one all whom the export has put on the list, the
                       * third one is the share, as in "30%". The fourth %s is the share from which on Relais asks, and the last one a number of people.
                       * --allow-leavers and --keep-leavers are options of the command line and stay as they are. */
                      ngettext ("%s of the %s people whom this export had put on the list before this run (%s) is not in the segment any more. Relais asks above %s or %s people. A segment file that was cut off looks just like that, so nobody has been taken off the list. Check the segment, then run the export again and take them off (--allow-leavers), or keep them on the list this time (--keep-leavers).",
                                "%s of the %s people whom this export had put on the list before this run (%s) are not in the segment any more. Relais asks above %s or %s people. A segment file that was cut off looks just like that, so nobody has been taken off the list. Check the segment, then run the export again and take them off (--allow-leavers), or keep them on the list this time (--keep-leavers).",
                                n_departed), departed, held, share, limit, number);
}

/*
 * relais_leaving_describe_obstacle:
 * @departed: with an obstacle
 *
 * Returns: (transfer full): why nobody can be taken off now, and how that is got over
 */
char *
relais_leaving_describe_obstacle (const RelaisDeparted *departed)
{
  if (departed->through_another)
    /* Translators: %s is the name of an export. */
    return g_strdup_printf (_("People who left the segment stay on the list for now: “%s” sends to the same list through another connection, so Relais cannot tell whom it has put there. Let both exports use one connection, and run the other one to its end once."),
                            departed->obstacle);

  /* Translators: %s is the name of an export. */
  return g_strdup_printf (_("People who left the segment stay on the list for now: “%s” sends to the same list, and it is not known yet whom its last run has put there. Run it to its end; the next run of this export takes them off then."),
                          departed->obstacle);
}

/*
 * relais_leaving_describe_unreadable:
 * @n: how many rows there are of which it is not known whose they are
 *
 * Returns: (transfer full): why nobody can be taken off now, and how that is got over
 */
char *
relais_leaving_describe_unreadable (guint n)
{
  /* Translators: %s counts rows of a file. */
  return count_into (ngettext ("People who left the segment stay on the list for now: the address in %s row cannot be read, so this may be the row of one of them. Correct it, or take it out of the file, and run the export again.",
                               "People who left the segment stay on the list for now: the addresses in %s rows cannot be read, so these may be the rows of some of them. Correct them, or take them out of the file, and run the export again.",
                               n), n);
}

/*
 * relais_leaving_describe_answer:
 * @n: how many people left the segment, and stay because somebody said so
 *
 * Returns: (transfer full): that they do
 */
char *
relais_leaving_describe_answer (guint n)
{
  /* Translators: %s counts people who are not in the segment any more. */
  return count_into (ngettext ("%s person who left the segment stays on the list this time, as was asked.",
                               "%s people who left the segment stay on the list this time, as was asked.", n), n);
}

/*
 * relais_leaving_describe_kept:
 * @n: how many people left the segment
 *
 * Returns: (transfer full): that they stay, to stand before the reason
 */
char *
relais_leaving_describe_kept (guint n)
{
  /* Translators: %s counts people who are not in the segment any more. The reason stands behind it in a sentence of its own. */
  return count_into (ngettext ("%s person who left the segment stays on the list for now.",
                               "%s people who left the segment stay on the list for now.", n), n);
}

static void
add_sentence (GString *text,
              char    *taken_sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, taken_sentence);
  g_free (taken_sentence);
}

/*
 * relais_leaving_describe:
 * @counts: what became of them
 *
 * Returns: (transfer full) (nullable): what is not as it should be, in whole sentences
 */
char *
relais_leaving_describe (const RelaisLeaving       *self,
                         const RelaisLeaversCounts *counts)
{
  GString *text = g_string_new (NULL);
  guint n_refused = self->people != NULL ? relais_leaving_count (self, RELAIS_LEAVER_REFUSED, RELAIS_LEAVER_REFUSED) : 0;

  if (self->postponed != NULL)
    add_sentence (text, g_strdup (self->postponed));
  if (self->trouble != NULL)
    add_sentence (text, g_strdup (self->trouble));
  if (counts->in_doubt > 0)
    /* Translators: %s counts people who left the segment. */
    add_sentence (text, count_into (ngettext ("%s person was to be taken off the list, and ActiveCampaign does not show so yet. The next run tries it again.",
                                              "%s people were to be taken off the list, and ActiveCampaign does not show so yet. The next run tries it again.",
                                              counts->in_doubt), counts->in_doubt));
  if (n_refused > 0)
    /* Translators: %s counts people who left the segment. What the service says to it may stand behind it. */
    add_sentence (text, count_into (ngettext ("%s person who left the segment stays on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                              "%s people who left the segment stay on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                              n_refused), n_refused));
  if (n_refused > 0 && self->refusal != NULL)
    add_sentence (text, g_strdup (self->refusal));
  if (self->n_joined > 0)
    /* Translators: %s counts people who left the segment. */
    add_sentence (text, count_into (ngettext ("%s person who left the segment stays on the list, because they joined it without Relais.",
                                              "%s people who left the segment stay on the list, because they joined it without Relais.",
                                              self->n_joined), self->n_joined));
  if (self->n_undated > 0)
    /* Translators: %s counts people who left the segment. */
    add_sentence (text, count_into (ngettext ("%s person who left the segment stays on the list, because ActiveCampaign does not tell when they joined it, so Relais may not have put them there.",
                                              "%s people who left the segment stay on the list, because ActiveCampaign does not tell when they joined it, so Relais may not have put them there.",
                                              self->n_undated), self->n_undated));
  if (self->n_no_way_back > 0)
    /* Translators: %s counts people who left the segment. */
    add_sentence (text, count_into (ngettext ("%s person was taken off the list, but it is not certain that nothing but Relais did so: they will not be put back when they re-enter the segment.",
                                              "%s people were taken off the list, but it is not certain that nothing but Relais did so: they will not be put back when they re-enter the segment.",
                                              self->n_no_way_back), self->n_no_way_back));

  return g_string_free (text, text->len == 0);
}
