/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person should know of a run that ended. Where the journal keeps numbers the sentences are made when they are shown, in
 * the language of whoever reads them. */

#include "relais-run-words.h"

#include "relais-error.h"
#include "relais-format.h"
#include "relais-run-notes-words.h"

#include <glib/gi18n-lib.h>

/**
 * relais_trigger_describe:
 * @trigger: of a run
 *
 * Returns: (transfer none): what began it
 */
const char *
relais_trigger_describe (RelaisTrigger trigger)
{
  switch (trigger)
    {
    /* Translators: what began a run of an export. */
    case RELAIS_TRIGGER_COMMAND_LINE: return _("From the command line");
    /* Translators: what began a run of an export. */
    case RELAIS_TRIGGER_SCHEDULED: return _("By schedule");
    case RELAIS_TRIGGER_ON_DEMAND:
    default:
      /* Translators: what began a run of an export: somebody pressed a button. */
      return _("By hand");
    }
}

/**
 * relais_run_find_status:
 * @run: a run, as it is in the journal
 * @export: (nullable): its export
 *
 * Returns: how it stands at this moment: one without an end may be under way
 */
RelaisRunStatus
relais_run_find_status (const RelaisRunRecord *run,
                        RelaisExport          *export)
{
  RelaisRun *last = export != NULL ? relais_export_get_last_run (export) : NULL;

  if (run->status != RELAIS_RUN_PROCESSING)
    return run->status;

  return last != NULL && g_strcmp0 (relais_run_get_id (last), run->id) == 0 ? relais_run_get_status (last) : RELAIS_RUN_INTERRUPTED;
}

/* Questions */

/**
 * relais_run_asks:
 * @run: a run
 *
 * Returns: whether it ended with a question
 */
gboolean
relais_run_asks (const RelaisRunRecord *run)
{
  return run->leavers.asked > 0 || run->error_code == RELAIS_ERROR_QUESTION;
}

/**
 * relais_run_get_question:
 * @run: a run that nobody works on
 * @export: (nullable): its export
 *
 * A question can be answered as long as no later run has begun, and as the definition still has it asked.
 *
 * Returns: whether it asks something, and whether that is answered
 */
RelaisQuestionState
relais_run_get_question (const RelaisRunRecord *run,
                         RelaisExport          *export)
{
  RelaisRun *last = export != NULL ? relais_export_get_last_run (export) : NULL;

  if (!relais_run_asks (run))
    return run->leavers.answered > 0 || run->notes.repeats_allowed > 0 ? RELAIS_QUESTION_ANSWERED : RELAIS_QUESTION_NONE;
  if (last == NULL || g_strcmp0 (relais_run_get_id (last), run->id) != 0)
    return RELAIS_QUESTION_OVER;

  return run->leavers.asked == 0 ||
         relais_export_definition_brakes (relais_export_get_definition (export), run->leavers.asked, run->leavers.delivered)
         ? RELAIS_QUESTION_OPEN : RELAIS_QUESTION_OVER;
}

/**
 * relais_leavers_describe_brake:
 * @share: in percent: of more of the people whom the export has put on its list it is asked
 * @number: of more people it is asked in any case
 *
 * Returns: (transfer full): when it is asked whether people who left the segment are taken off, in a sentence
 */
char *
relais_leavers_describe_brake (guint64 share,
                               guint64 number)
{
  g_autofree char *limit = relais_format_share (share, 100);
  g_autofree char *few = relais_format_count (RELAIS_LEAVERS_FEW);
  g_autofree char *most = relais_format_count (number);

  if (share == 0)
    return g_strdup (_("Relais asks whenever somebody has left."));

  /* Translators: a share, as in "20%", and two numbers of people who have left a segment, each more than one. */
  return g_strdup_printf (_("Relais asks when more than %s have left at once, if these are %s people or more, or all of them; and when more than %s people have."),
                          limit, few, most);
}

static char *
describe_leavers_question (const RelaisLeaversCounts *leavers)
{
  g_autofree char *asked = relais_format_count (leavers->asked);
  g_autofree char *delivered = relais_format_count (leavers->delivered);
  g_autofree char *share = relais_format_share (leavers->asked, leavers->delivered);
  GString *text = g_string_new (NULL);

  relais_append_sentence (text, g_strdup_printf (
    /* Translators: the first %s counts people who are not in the segment any more, which the plural is for, the second one all whom
     * the export has put on the list, and the third one is the share, as in "30%". */
    ngettext ("%s of the %s people whom this export had put on the list before this run (%s) is not in the segment any more.",
              "%s of the %s people whom this export had put on the list before this run (%s) are not in the segment any more.",
              leavers->asked), asked, delivered, share));
  relais_append_sentence (text, relais_leavers_describe_brake (leavers->share, leavers->number));
  /* Translators: --allow-leavers and --keep-leavers are options of the command line and stay as they are. */
  relais_append_sentence (text, g_strdup (_("A segment file that was cut off looks just like that, so nobody has been taken off the list. Check the segment, then run the export again and take them off (--allow-leavers), or keep them on the list this time (--keep-leavers).")));

  return g_string_free (text, FALSE);
}

static char *
describe_leavers_over (const RelaisLeaversCounts *leavers)
{
  g_autofree char *asked = relais_format_count (leavers->asked);
  g_autofree char *delivered = relais_format_count (leavers->delivered);

  /* Translators: the first %s counts people who had left the segment, which the plural is for, the second one all whom the export had put on the list. */
  return g_strdup_printf (ngettext ("Relais asked whether %s of the %s people whom this export had put on the list was to be taken off it. Nobody answered, so this run left them there. There is nothing to answer any more.",
                                    "Relais asked whether %s of the %s people whom this export had put on the list were to be taken off it. Nobody answered, so this run left them there. There is nothing to answer any more.",
                                    leavers->asked), asked, delivered);
}

/**
 * relais_repeats_describe_question:
 * @n: batches that were sent, and of which it is not known whether they arrived
 * @own: whether the run that sent them is the one that asks
 *
 * Returns: (transfer full): what a person is asked before they are sent once more, when that may start automations twice
 */
char *
relais_repeats_describe_question (guint    n,
                                  gboolean own)
{
  if (own)
    /* Translators: %u counts batches (requests with up to 250 contacts); --allow-repeats is an option of the command line and stays as it is. */
    return g_strdup_printf (ngettext ("%u batch of this run was sent but never answered. Sending it again could start its automations twice. Allow repeats to go on (--allow-repeats).",
                                      "%u batches of this run were sent but never answered. Sending them again could start their automations twice. Allow repeats to go on (--allow-repeats).",
                                      n), n);

  /* Translators: %u counts batches (requests with up to 250 contacts); --allow-repeats is an option of the command line and stays as it is. */
  return g_strdup_printf (ngettext ("%u batch of the run before was sent, and its result is not known. This run sends those people again, which could start their automations twice. Allow repeats to go on (--allow-repeats).",
                                    "%u batches of the run before were sent, and their results are not known. This run sends those people again, which could start their automations twice. Allow repeats to go on (--allow-repeats).",
                                    n), n);
}

static char *
describe_repeats_over (guint n)
{
  if (n == 0)
    return g_strdup (_("Relais asked whether what was sent earlier and never answered was to be sent again. Nobody answered, so this run did not. There is nothing to answer any more."));

  /* Translators: %s counts batches (requests with up to 250 contacts). */
  return relais_format_count_into (ngettext ("Relais asked whether %s batch that was sent earlier, and of which it is not known whether it arrived, was to be sent again. Nobody answered, so this run did not. There is nothing to answer any more.",
                                             "Relais asked whether %s batches that were sent earlier, and of which it is not known whether they arrived, were to be sent again. Nobody answered, so this run did not. There is nothing to answer any more.",
                                             n), n);
}

/* Returns: (transfer full): what it asks, or asked */
static char *
describe_question (const RelaisRunRecord *run,
                   RelaisQuestionState    question)
{
  if (run->leavers.asked > 0)
    return question == RELAIS_QUESTION_OPEN ? describe_leavers_question (&run->leavers) : describe_leavers_over (&run->leavers);
  if (question != RELAIS_QUESTION_OPEN)
    return describe_repeats_over (run->notes.repeats_asked);

  /* An older version kept the sentence alone. */
  return run->notes.repeats_asked > 0 ? relais_repeats_describe_question (run->notes.repeats_asked, run->notes.repeats_own) : g_strdup (run->message);
}

/**
 * relais_run_tell_answer:
 * @run: a run
 *
 * Returns: (transfer full) (nullable): what a person said to what was to be sent once more, and to how many people were to be taken off
 *   the list; that they were to stay relais_run_explain() tells
 */
char *
relais_run_tell_answer (const RelaisRunRecord *run)
{
  GString *text = g_string_new (NULL);

  if (run->notes.repeats_allowed > 0)
    /* Translators: %s counts batches (requests with up to 250 contacts). */
    relais_append_sentence (text, relais_format_count_into (ngettext ("Of %s batch that was sent earlier it was not known whether it arrived, and Relais was told to send it again, although that could start its automations twice.",
                                              "Of %s batches that were sent earlier it was not known whether they arrived, and Relais was told to send them again, although that could start their automations twice.",
                                              run->notes.repeats_allowed), run->notes.repeats_allowed));
  if (run->leavers.answered > 0 && run->leavers.answer == RELAIS_ANSWER_TAKE_OFF)
    /* Translators: %s counts people who left the segment. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("Relais had asked about %s person who left the segment, and was told to take them off the list.",
                                              "Relais had asked about %s people who left the segment, and was told to take them off the list.",
                                              run->leavers.answered), run->leavers.answered));

  return g_string_free (text, text->len == 0);
}

/* People who left the segment */

/**
 * relais_run_count_gone:
 * @run: a run
 *
 * Returns: how many of those who left the segment were off the list without this run; 0 where it did not come far enough to know
 */
guint64
relais_run_count_gone (const RelaisRunRecord *run)
{
  const RelaisLeaversCounts *leavers = &run->leavers;
  guint64 told = leavers->taken_off + leavers->in_doubt + leavers->kept + leavers->asked;

  if (run->status != RELAIS_RUN_SUCCESSFUL && run->status != RELAIS_RUN_COMPLETED_WITH_ERRORS)
    return 0;

  return leavers->departed > told ? leavers->departed - told : 0;
}

/**
 * relais_run_explain_unreadable:
 * @n: rows whose address cannot be read, and which may be anybody's
 *
 * Returns: (transfer full): that people stay on the list because of them, as a run says it and a preview foresees it
 */
char *
relais_run_explain_unreadable (guint64 n)
{
  /* Translators: %s counts rows of a file. */
  return relais_format_count_into (ngettext ("People who left the segment stay on the list for now: the address in %s row cannot be read, which is new since Relais last compared the segment with the list, so this may be the row of one of them. Correct it, or take it out of the file, and run the export again.",
                                             "People who left the segment stay on the list for now: the addresses in %s rows cannot be read, which is new since Relais last compared the segment with the list, so these may be the rows of some of them. Correct them, or take them out of the file, and run the export again.",
                                             n), n);
}

/* Why they stay: somebody said so, or it is not known who they are */
static void
explain_postponed (GString                   *text,
                   const RelaisLeaversCounts *leavers)
{
  if (leavers->answered > 0 && leavers->answer == RELAIS_ANSWER_KEEP)
    /* Translators: %s counts people who are not in the segment any more. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment stays on the list this time, as was asked.",
                                              "%s people who left the segment stay on the list this time, as was asked.",
                                              leavers->answered), leavers->answered));
  if (leavers->unreadable > 0)
    relais_append_sentence (text, relais_run_explain_unreadable (leavers->unreadable));
}

static void
explain_leavers (GString                   *text,
                 const RelaisLeaversCounts *leavers)
{
  explain_postponed (text, leavers);
  if (leavers->unshown > 0)
    /* Translators: %s counts people who left the segment. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment is shown neither on the list nor as off it: this export ran only a moment ago, and ActiveCampaign may not show yet what it did. The next run looks again.",
                                              "%s people who left the segment are shown neither on the list nor as off it: this export ran only a moment ago, and ActiveCampaign may not show yet what it did. The next run looks again.",
                                              leavers->unshown), leavers->unshown));
  if (leavers->in_doubt > leavers->unshown)
    /* Translators: %s counts people who left the segment. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person was to be taken off the list, and ActiveCampaign does not show so yet. The next run tries it again.",
                                              "%s people were to be taken off the list, and ActiveCampaign does not show so yet. The next run tries it again.",
                                              leavers->in_doubt - leavers->unshown), leavers->in_doubt - leavers->unshown));
  if (leavers->joined > 0)
    /* Translators: %s counts people who left the segment. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment stays on the list, because they joined it without Relais.",
                                              "%s people who left the segment stay on the list, because they joined it without Relais.",
                                              leavers->joined), leavers->joined));
  if (leavers->undated > 0)
    /* Translators: %s counts people who left the segment. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment stays on the list, because ActiveCampaign does not tell when they joined it, so Relais may not have put them there.",
                                              "%s people who left the segment stay on the list, because ActiveCampaign does not tell when they joined it, so Relais may not have put them there.",
                                              leavers->undated), leavers->undated));
  if (leavers->untimed > 0)
    /* Translators: %s counts people who left the segment. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person who left the segment stays on the list for now, because this computer’s clock and ActiveCampaign’s cannot be compared reliably, or could not when people were sent, so Relais cannot tell whether it has put them there. Check that the date and time of this computer are set automatically; a later run tries it again.",
                                              "%s people who left the segment stay on the list for now, because this computer’s clock and ActiveCampaign’s cannot be compared reliably, or could not when people were sent, so Relais cannot tell whether it has put them there. Check that the date and time of this computer are set automatically; a later run tries it again.",
                                              leavers->untimed), leavers->untimed));
  if (leavers->no_way_back > 0)
    /* Translators: %s counts people who left the segment. */
    relais_append_sentence (text, relais_format_count_into (ngettext ("%s person was taken off the list, but it is not certain that nothing but Relais did so: they will not be put back when they re-enter the segment.",
                                              "%s people were taken off the list, but it is not certain that nothing but Relais did so: they will not be put back when they re-enter the segment.",
                                              leavers->no_way_back), leavers->no_way_back));
}

/**
 * relais_run_explain_rest:
 * @run: a run
 *
 * Returns: (transfer full) (nullable): why it was stopped, and what it met, in whole sentences: what there is to say besides what it asks
 */
char *
relais_run_explain_rest (const RelaisRunRecord *run)
{
  GString *text = g_string_new (NULL);

  if (!relais_run_asks (run) || run->leavers.asked > 0)
    relais_append_sentence (text, g_strdup (run->message));
  relais_append_sentence (text, relais_run_notes_explain (&run->notes));

  return g_string_free (text, text->len == 0);
}

/**
 * relais_run_explain:
 * @run: a run
 * @question: whether what it asks can still be answered
 *
 * Returns: (transfer full) (nullable): what a person should know of it besides the counts, in whole sentences
 */
char *
relais_run_explain (const RelaisRunRecord *run,
                    RelaisQuestionState    question)
{
  GString *text = g_string_new (NULL);

  if (relais_run_asks (run))
    relais_append_sentence (text, describe_question (run, question));
  relais_append_sentence (text, relais_run_explain_rest (run));
  if (run->status == RELAIS_RUN_SUCCESSFUL || run->status == RELAIS_RUN_COMPLETED_WITH_ERRORS)
    explain_leavers (text, &run->leavers);

  return g_string_free (text, text->len == 0);
}

/**
 * relais_run_explain_corrected:
 * @run: a run
 *
 * Returns: (transfer none) (nullable): a whole sentence that says that it sent corrected rows and no others; %NULL when it did not
 */
const char *
relais_run_explain_corrected (const RelaisRunRecord *run)
{
  return run->corrects != NULL ? _("Only rows that an earlier run had not delivered were read, as they were corrected.") : NULL;
}
