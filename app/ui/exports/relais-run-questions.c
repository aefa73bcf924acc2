/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run asks before it goes on. An answer to one question is kept while the other is asked. */

#include "relais-run-questions.h"

#include "relais-leavers-words.h"
#include "relais-question.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RelaisExport     *export;     /* (owned) */
  RelaisRunOptions  options;
  RelaisCorrections *corrections; /* (owned) (nullable): of @options */
  guint64           n_leavers;  /* people of whom the person is told, or was before */
  RelaisAnswered    answered;
} Question;

static void
free_question (gpointer data)
{
  Question *question = data;

  g_object_unref (question->export);
  g_clear_pointer (&question->corrections, relais_corrections_unref);
  g_free (question);
}

static void
responded_cb (AdwMessageDialog *dialog,
              const char       *response,
              gpointer          owner)
{
  const Question *question = g_object_get_data (G_OBJECT (dialog), "question");
  RelaisRunOptions options = question->options;

  options.leavers_told = question->n_leavers;
  if (g_str_equal (response, "repeat"))
    options.allow_repeats = TRUE;
  else if (g_str_equal (response, "take-off"))
    options.leavers = RELAIS_ANSWER_TAKE_OFF;
  else if (g_str_equal (response, "keep"))
    options.leavers = RELAIS_ANSWER_KEEP;
  else
    return;
  question->answered (owner, question->export, &options);
}

static void
ask (AdwMessageDialog       *dialog,
     RelaisExport           *export,
     const RelaisRunOptions *options,
     guint64                 n_leavers,
     RelaisAnswered          answered,
     gpointer                owner)
{
  Question *question = g_new0 (Question, 1);

  question->export = g_object_ref (export);
  question->options = *options;
  question->corrections = options->corrections != NULL ? relais_corrections_ref (options->corrections) : NULL;
  question->n_leavers = n_leavers;
  question->answered = answered;
  g_object_set_data_full (G_OBJECT (dialog), "question", question, free_question);
  g_signal_connect_object (dialog, "response", G_CALLBACK (responded_cb), owner, 0);
  relais_question_present (dialog);
}

/**
 * relais_describe_repeats_question:
 * @n: how many batches are in doubt
 *
 * Of this run or of one before it. How the command line is told an answer is not said here.
 *
 * Returns: (transfer full): what is asked when batches in doubt may not be sent again without an answer
 */
char *
relais_describe_repeats_question (guint n)
{
  /* Translators: %u counts batches; 250 is how many people there are in a batch at most. */
  return g_strdup_printf (ngettext ("%u batch of up to 250 people was sent earlier, and was never answered or came to an unknown end. It may have arrived: sending it again could start its automations twice for the same people.",
                                    "%u batches of up to 250 people each were sent earlier, and were never answered or came to an unknown end. They may have arrived: sending them again could start their automations twice for the same people.",
                                    n), n);
}

/**
 * relais_ask_about_repeats:
 * @parent: over which it is asked
 * @export: whose run asks
 * @n: how many batches are in doubt
 * @options: of that run; copied
 * @answered: called with the answer
 * @owner: a GObject, for @answered; when it is gone nothing is called
 *
 * Asks whether batches in doubt may be sent again although automations are on.
 */
void
relais_ask_about_repeats (GtkWindow              *parent,
                          RelaisExport           *export,
                          guint                   n,
                          const RelaisRunOptions *options,
                          RelaisAnswered          answered,
                          gpointer                owner)
{
  g_autofree char *body = relais_describe_repeats_question (n);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, _("Send Again What Was Never Answered?"), body));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "repeat", _("Send _Again"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "repeat", ADW_RESPONSE_DESTRUCTIVE);
  ask (dialog, export, options, options->leavers_told, answered, owner);
}

/**
 * relais_ask_about_leavers:
 * @parent: over which it is asked
 * @export: %RELAIS_EXPORT_ASKING
 * @options: of its run; copied
 * @answered: called with the answer
 * @owner: a GObject, for @answered; when it is gone nothing is called
 *
 * Asks what is to become of the people who left the segment. When the person does not say, the export waits on.
 */
void
relais_ask_about_leavers (GtkWindow              *parent,
                          RelaisExport           *export,
                          const RelaisRunOptions *options,
                          RelaisAnswered          answered,
                          gpointer                owner)
{
  const RelaisLeaversCounts *leavers = &relais_run_get_record (relais_export_get_last_run (export))->leavers;
  g_autofree char *heading = relais_leavers_title_question (leavers);
  g_autofree char *body = relais_leavers_explain_question (leavers);
  g_autofree char *answer = relais_leavers_describe_answer (leavers);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "keep", _("_Keep Them on the List"), "take-off", answer, NULL);
  adw_message_dialog_set_response_appearance (dialog, "take-off", ADW_RESPONSE_DESTRUCTIVE);
  ask (dialog, export, options, leavers->asked, answered, owner);
}
