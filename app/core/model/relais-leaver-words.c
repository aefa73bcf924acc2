/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-leaver-words.h"

#include "relais-format.h"

#include <glib/gi18n-lib.h>

/**
 * relais_leaver_record_explain:
 * @leaver: somebody who left the segment
 *
 * Returns: (transfer none): what became of them, in a sentence about them
 */
const char *
relais_leaver_record_explain (const RelaisLeaverRecord *leaver)
{
  switch (leaver->fate)
    {
    /* Translators: each of these is about one person who left the segment, whose address stands before it. */
    case RELAIS_FATE_TAKEN_OFF:
      return _("Was taken off the list, and comes back to it when they are in the segment again.");
    case RELAIS_FATE_TAKEN_OFF_FOR_GOOD:
      return _("Was taken off the list, but it is not certain that nothing but Relais did so: they will not be put back when they are in the segment again.");
    case RELAIS_FATE_LEFT_THEMSELVES:
      return _("Is off the list for a reason of their own, which ActiveCampaign names: they will not be put back.");
    case RELAIS_FATE_OFF_UNCLEAR:
      return _("Is off the list, but it is not certain that Relais did it: they will not be put back when they are in the segment again.");
    case RELAIS_FATE_IN_DOUBT:
      return _("Was to be taken off the list, and ActiveCampaign does not show so yet. The next run tries it again.");
    case RELAIS_FATE_REFUSED:
      return _("Stays on the list, because ActiveCampaign refused to take them off it. The next run tries it again.");
    case RELAIS_FATE_SHARED:
      return _("Stays on the list, because another export has put them there too.");
    case RELAIS_FATE_JOINED:
      return _("Stays on the list, because they joined it without Relais.");
    case RELAIS_FATE_UNDATED:
      return _("Stays on the list, because ActiveCampaign does not tell when they joined it, so Relais may not have put them there.");
    case RELAIS_FATE_UNTIMED:
      return _("Stays on the list for now, because this computer’s clock and ActiveCampaign’s cannot be compared reliably, so it cannot be told whether they joined it without Relais.");
    case RELAIS_FATE_ASKED:
      return _("Stays on the list this time, as was asked.");
    case RELAIS_FATE_KEPT:
    case RELAIS_N_FATES:
    default:
      return _("Stays on the list for now. What the run says above tells why.");
    }
}

/**
 * relais_leavers_explain_rest:
 * @run: a run
 * @n_named: how many people who left the segment its report has named
 *
 * Returns: (transfer full) (nullable): that others left it too, and why they are not named; %NULL when there are none, or the names
 *   were deleted
 */
char *
relais_leavers_explain_rest (const RelaisRunRecord *run,
                             guint64                n_named)
{
  guint64 n = run->leavers.departed > n_named ? run->leavers.departed - n_named : 0;
  g_autofree char *figure = relais_format_count (n);

  if (n == 0 || run->rows_deleted_at != 0)
    return NULL;

  /* Translators: %s counts people who left the segment. */
  return g_strdup_printf (ngettext ("%s person who left the segment is not named: this run did not see them on the list.",
                                    "%s people who left the segment are not named: this run did not see them on the list.", n), figure);
}
