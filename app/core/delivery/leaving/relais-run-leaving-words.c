/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person should know of people who left the segment, as far as their counts do not tell it. */

#include "relais-run-leaving-private.h"

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
 *
 * Returns: (transfer full) (nullable): what is not as it should be, and cannot be told by numbers alone, in whole sentences
 */
char *
relais_leaving_describe (const RelaisLeaving *self)
{
  GString *text = g_string_new (NULL);
  guint n_refused = self->people != NULL ? relais_leaving_count (self, RELAIS_LEAVER_REFUSED, RELAIS_LEAVER_REFUSED) : 0;

  if (self->postponed != NULL)
    add_sentence (text, g_strdup (self->postponed));
  if (self->trouble != NULL)
    add_sentence (text, g_strdup (self->trouble));
  if (n_refused > 0)
    /* Translators: %s counts people who left the segment. What the service says to it may stand behind it. */
    add_sentence (text, count_into (ngettext ("%s person who left the segment stays on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                              "%s people who left the segment stay on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                              n_refused), n_refused));
  if (n_refused > 0 && self->refusal != NULL)
    add_sentence (text, g_strdup (self->refusal));

  return g_string_free (text, text->len == 0);
}
