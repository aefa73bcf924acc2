/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person should know of people who left the segment, as far as their counts do not tell it. */

#include "relais-run-leaving-private.h"

#include "relais-error.h"
#include "relais-format.h"

#include <glib/gi18n-lib.h>

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
  return relais_format_count_into (ngettext ("%s person who left the segment stays on the list for now.",
                               "%s people who left the segment stay on the list for now.", n), n);
}

/*
 * relais_leaving_describe_trouble:
 * @error: why the list could not be looked at, and is not any more by this run
 *
 * Returns: (transfer full): that, in a sentence: what is said while a run waits is not true any more
 */
char *
relais_leaving_describe_trouble (const GError *error)
{
  if (!relais_error_is_temporary (error))
    return g_strdup (error->message);

  return g_strdup (_("ActiveCampaign could not be asked who is on the list, because it did not answer or had a fault of its own. The next run asks again."));
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
    relais_append_sentence (text, g_strdup (self->postponed));
  if (self->trouble != NULL)
    relais_append_sentence (text, g_strdup (self->trouble));
  if (n_refused > 0)
    /* Translators: %s counts people who left the segment. What the service says to it may stand behind it. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment stays on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                              "%s people who left the segment stay on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                              n_refused), n_refused));
  if (n_refused > 0 && self->refusal != NULL)
    relais_append_sentence (text, g_strdup (self->refusal));

  return g_string_free (text, text->len == 0);
}
