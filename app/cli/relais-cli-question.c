/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run asks, or was told, in the forms that a run, its report and the history can be asked for in. */

#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

#include "relais-format.h"

/**
 * relais_command_find_question:
 * @self: a command
 * @run: a run
 *
 * Returns: whether it asks something, and whether that is answered
 */
RelaisQuestionState
relais_command_find_question (RelaisCommand         *self,
                              const RelaisRunRecord *run)
{
  return relais_run_get_question (run, run->export_id != NULL ? relais_workspace_find_export (self->workspace, run->export_id) : NULL);
}

/**
 * relais_plain_question:
 * @run: a run
 * @question: what relais_command_find_question() says of it
 *
 * Returns: (transfer full): that it waits for an answer or had one, and which, in a few words behind those about its rows and
 *   people; empty where there is nothing to say
 */
char *
relais_plain_question (const RelaisRunRecord *run,
                       RelaisQuestionState    question)
{
  g_autofree char *asked = relais_format_count (run->leavers.asked);
  g_autofree char *answered = relais_format_count (run->leavers.answered);

  if (question == RELAIS_QUESTION_OPEN && run->leavers.asked == 0)
    /* Translators: of a run, which asks whether what it sent earlier may be sent again. Two spaces stand before it. */
    return g_strdup (_("  waits for an answer: send again?"));
  if (question == RELAIS_QUESTION_OPEN)
    /* Translators: of a run, which asks whether %s people who left the segment are to be taken off the list. Two spaces stand before it. */
    return g_strdup_printf (_("  waits for an answer: take %s off the list?"), asked);
  if (question == RELAIS_QUESTION_OVER)
    /* Translators: of a run that asked something. Two spaces stand before it. */
    return g_strdup (_("  asked, and was not answered"));
  if (question == RELAIS_QUESTION_ANSWERED && run->leavers.answered == 0)
    /* Translators: of a run, which was told to send again what it had sent earlier. Two spaces stand before it. */
    return g_strdup (_("  answered: send again"));
  if (question == RELAIS_QUESTION_ANSWERED && run->leavers.answer == RELAIS_ANSWER_KEEP)
    /* Translators: of a run, which was told to leave %s people on the list who left the segment. Two spaces stand before it. */
    return g_strdup_printf (_("  answered: keep %s on the list"), answered);
  if (question == RELAIS_QUESTION_ANSWERED)
    /* Translators: of a run, which was told to take %s people off the list who left the segment. Two spaces stand before it. */
    return g_strdup_printf (_("  answered: take %s off the list"), answered);

  return g_strdup ("");
}
