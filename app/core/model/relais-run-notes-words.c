/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run met, in whole sentences, for whoever reads them: they may speak another language than whoever ran it. */

#include "relais-run-notes-words.h"

#include "relais-account-status.h"
#include "relais-format.h"
#include "relais-room.h"

#include <glib/gi18n-lib.h>

/* The account */

/**
 * relais_gaps_describe:
 * @gaps: what the account did not tell
 *
 * Returns: (transfer full) (nullable): what a person should know of who is not among those that may not be mailed, in whole sentences
 */
char *
relais_gaps_describe (RelaisGaps gaps)
{
  GString *text = g_string_new (NULL);

  if (gaps & RELAIS_GAP_PEOPLE)
    relais_append_sentence (text, g_strdup (_("The user this API key belongs to may not look at people in ActiveCampaign, so Relais could not leave out those who unsubscribed from the list or whose mail bounced. ActiveCampaign does not subscribe them again, but they may be counted as delivered.")));
  if (gaps & RELAIS_GAP_EXCLUSIONS)
    relais_append_sentence (text, g_strdup (_("The account’s exclusion list could not be read, so Relais could not leave out the addresses on it. ActiveCampaign refuses them itself, and they are counted as refused.")));
  else if (gaps & RELAIS_GAP_SOME_EXCLUSIONS)
    relais_append_sentence (text, g_strdup (_("Part of the account’s exclusion list could not be read, or is of a kind that Relais does not know, so Relais may not have left out all addresses on it. ActiveCampaign refuses the others itself, and they are counted as refused.")));
  if (gaps & RELAIS_GAP_HELD_BACK)
    relais_append_sentence (text, g_strdup (_("Nobody whom Relais had taken off the list was put back on it, because the account may exclude them.")));
  if (gaps & RELAIS_GAP_HELD_BACK_LATER)
    relais_append_sentence (text, g_strdup (_("Not everybody whom Relais had taken off the list and who is in the segment again was put back on it, because the account’s exclusion list could not be read once more. The next run tries it again.")));
  if (gaps & RELAIS_GAP_NO_ANSWER)
    relais_append_sentence (text, g_strdup (_("Not everybody whom Relais had taken off the list and who is in the segment again was put back on it, because ActiveCampaign answered too slowly or not at all when it was asked about them. The next run tries it again.")));
  if (gaps & RELAIS_GAP_RETURNING)
    relais_append_sentence (text, g_strdup (_("ActiveCampaign did not say on which lists people are and since when, so Relais could not tell those whom it had taken off the list from those who unsubscribed. Nobody of them was put back on it.")));
  if (gaps & RELAIS_GAP_PUTTING_BACK)
    relais_append_sentence (text, g_strdup (_("The user this API key belongs to may not subscribe people again in ActiveCampaign, so Relais could not put back on the list those whom it had taken off and who are in the segment again. Ask an administrator of the account for the right, or use another user’s key.")));

  return g_string_free (text, text->len == 0);
}

static void
explain_account (GString              *text,
                 const RelaisRunNotes *notes)
{
  const RelaisAccountSettings settings = { .contacts_limit = notes->contacts_limit, .contacts_total = notes->contacts_total };

  relais_append_sentence (text, relais_account_status_warn (notes->account_status));
  relais_append_sentence (text, relais_room_explain (&settings, notes->n_new));
  relais_append_sentence (text, relais_gaps_describe (notes->gaps));
}

/* People who left the segment */

/**
 * relais_leavers_describe_obstacle:
 * @export_name: of another export to the same list, of which it is not known whom it holds there
 * @through_another: whether it sends through another connection; otherwise it has not come to its end since
 *
 * Returns: (transfer full): why nobody can be taken off now, and how that is got over
 */
char *
relais_leavers_describe_obstacle (const char *export_name,
                                  gboolean    through_another)
{
  if (through_another)
    /* Translators: %s is the name of an export. */
    return g_strdup_printf (_("People who left the segment stay on the list for now: “%s” sends to the same list through another connection, so Relais cannot tell whom it has put there. Let both exports use one connection, and run the other one to its end once."),
                            export_name);

  /* Translators: %s is the name of an export. */
  return g_strdup_printf (_("People who left the segment stay on the list for now: “%s” sends to the same list, and it is not known yet whom its last run has put there. Run it to its end; the next run of this export takes them off then."),
                          export_name);
}

/* Why they stay for now */
static void
explain_postponed (GString              *text,
                   const RelaisRunNotes *notes)
{
  if (notes->obstacle != NULL)
    relais_append_sentence (text, relais_leavers_describe_obstacle (notes->obstacle, notes->through_another));
  if (notes->n_postponed > 0)
    /* Translators: %s counts people who are not in the segment any more. The reason stands behind it in a sentence of its own. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment stays on the list for now.",
                                              "%s people who left the segment stay on the list for now.", notes->n_postponed), notes->n_postponed));
  if (notes->unanswered)
    relais_append_sentence (text, g_strdup (_("ActiveCampaign could not be asked who is on the list, because it did not answer or had a fault of its own. The next run asks again.")));
  relais_append_sentence (text, g_strdup (notes->trouble));
}

static void
explain_refusals (GString              *text,
                  const RelaisRunNotes *notes)
{
  if (notes->n_not_taken_off == 0)
    return;
  /* Translators: %s counts people who left the segment. What the service says to it may stand behind it. */
  relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment stays on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                            "%s people who left the segment stay on the list, because ActiveCampaign refused to take them off it. The next run tries it again.",
                                            notes->n_not_taken_off), notes->n_not_taken_off));
  relais_append_sentence (text, g_strdup (notes->refusal));
}

/**
 * relais_run_notes_explain:
 * @notes: of a run
 *
 * Returns: (transfer full) (nullable): how the account stood, and what kept people on the list, in whole sentences
 */
char *
relais_run_notes_explain (const RelaisRunNotes *notes)
{
  GString *text = g_string_new (NULL);

  explain_account (text, notes);
  explain_postponed (text, notes);
  explain_refusals (text, notes);

  return g_string_free (text, text->len == 0);
}
