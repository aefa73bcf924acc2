/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-leavers-words.h"

#include "relais-format.h"
#include "relais-run-words.h"

#include <glib/gi18n-lib.h>

static char *
say_how_many (const RelaisLeaversCounts *leavers)
{
  g_autofree char *asked = relais_format_count (leavers->asked);
  g_autofree char *delivered = relais_format_count (leavers->delivered);
  g_autofree char *share = relais_format_share (leavers->asked, leavers->delivered);

  /* Translators: people who left, all of them, and the share as in "30%". The first number is the one that is counted. */
  return g_strdup_printf (ngettext ("%s of %s people whom this export put on the list left the segment: %s.",
                                    "%s of %s people whom this export put on the list left the segment: %s.", leavers->asked),
                          asked, delivered, share);
}

/**
 * relais_leavers_describe_question:
 * @leavers: of a run that waits for an answer
 *
 * Returns: (transfer full): what stands in the way of the run, for where nothing can be answered
 */
char *
relais_leavers_describe_question (const RelaisLeaversCounts *leavers)
{
  g_autofree char *how_many = say_how_many (leavers);

  return g_strconcat (how_many, " ", _("A file that was cut short looks just like that, so nobody has been taken off the list yet."), NULL);
}

/**
 * relais_leavers_explain_question:
 * @leavers: of a run that waits for an answer
 *
 * Returns: (transfer full): all there is to know before it is answered
 */
char *
relais_leavers_explain_question (const RelaisLeaversCounts *leavers)
{
  g_autofree char *how_many = say_how_many (leavers);

  return g_strconcat (how_many, "\n\n",
                      _("A file that was cut short looks just like that. If you are not sure, look at the file first, or keep them on the list: the next run asks again."),
                      "\n\n",
                      _("Whoever is taken off gets no more mail through this list, until they are in the segment again."), NULL);
}

/**
 * relais_leavers_title_question:
 * @leavers: of a run that waits for an answer
 *
 * Returns: (transfer full): the heading of the question
 */
char *
relais_leavers_title_question (const RelaisLeaversCounts *leavers)
{
  g_autofree char *asked = relais_format_count (leavers->asked);

  /* Translators: a heading with room for some 25 letters in a line; of a list. */
  return g_strdup_printf (ngettext ("Take %s Person Off?", "Take %s People Off?", leavers->asked), asked);
}

/**
 * relais_leavers_describe_answer:
 * @leavers: of a run that waits for an answer
 *
 * Returns: (transfer full): what the button says that takes them off
 */
char *
relais_leavers_describe_answer (const RelaisLeaversCounts *leavers)
{
  g_autofree char *asked = relais_format_count (leavers->asked);

  /* Translators: a verb, on a button. */
  return g_strdup_printf (ngettext ("_Take %s Person Off the List", "_Take %s People Off the List", leavers->asked), asked);
}

/**
 * relais_describe_message:
 * @object: (nullable): unused
 * @run: (nullable): an export's last run
 * @message: (nullable): its message, so that whoever binds this hears of a new one
 *
 * What a run asks is told to the terminal with the options that answer it. Here there are buttons for that.
 *
 * Returns: (transfer full) (nullable): why the run did not go well
 */
char *
relais_describe_message (GObject    *object,
                         RelaisRun  *run,
                         const char *message)
{
  const RelaisRunRecord *record = run != NULL ? relais_run_get_record (run) : NULL;
  g_autofree char *question = NULL;
  g_autofree char *rest = NULL;

  if (record == NULL)
    return g_strdup (message);
  if (record->leavers.asked == 0)
    return relais_run_explain (record, RELAIS_QUESTION_OPEN);
  question = relais_leavers_describe_question (&record->leavers);
  rest = relais_run_explain_rest (record);

  return rest != NULL ? g_strconcat (question, " ", rest, NULL) : g_steal_pointer (&question);
}
