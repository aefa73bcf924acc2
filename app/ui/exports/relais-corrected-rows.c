/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files were dropped on the window: a saved report with corrected rows is told from segments, and asked about with its numbers before
 * anything of it is sent. */

#include "relais-corrected-rows.h"

#include "relais-corrected-file.h"
#include "relais-format.h"
#include "relais-problem.h"
#include "relais-question.h"

#include <glib/gi18n-lib.h>

/* Files that were dropped */
typedef struct
{
  GtkWidget             *owner;      /* (owned) */
  RelaisWorkspace       *workspace;  /* (owned) */
  GSList                *files;      /* (owned) (element-type GFile) */
  GSList                *next;       /* the one that is looked at */
  gboolean               any;        /* a saved report is among them */
  RelaisSegmentsDropped  segments;
  RelaisSendCorrected    send;
} Dropped;

static void
free_dropped (gpointer data)
{
  Dropped *dropped = data;

  g_object_unref (dropped->owner);
  g_object_unref (dropped->workspace);
  g_slist_free_full (dropped->files, g_object_unref);
  g_free (dropped);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Dropped, free_dropped)

/* What is asked about */
typedef struct
{
  RelaisExport        *export;       /* (owned) */
  RelaisCorrections   *corrections;  /* (owned) */
  RelaisSendCorrected  send;
} Question;

static void
free_question (gpointer data)
{
  Question *question = data;

  g_object_unref (question->export);
  relais_corrections_unref (question->corrections);
  g_free (question);
}

static void
responded_cb (AdwMessageDialog *dialog,
              const char       *response,
              gpointer          owner)
{
  const Question *question = g_object_get_data (G_OBJECT (dialog), "question");

  if (g_str_equal (response, "send"))
    question->send (owner, question->export, question->corrections);
}

static void
ask (Dropped             *dropped,
     RelaisExport        *export,
     RelaisCorrectedFile *corrected)
{
  /* Translators: %s is the name of an export. */
  g_autofree char *heading = g_strdup_printf (_("Send the Corrected Rows of “%s”?"), relais_export_get_name (export));
  g_autofree char *counts = relais_corrected_file_describe (corrected);
  g_autofree char *when = relais_format_moment (corrected->run->started_at);
  /* Translators: the first %s is a date with a time, the second one or more sentences about rows. */
  g_autofree char *body = g_strdup_printf (_("These rows were not delivered by the run of %s. %s\n\nOnly corrected rows are sent, with everything else that the export’s file has of them. Nobody is taken off the list."), when, counts);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (dropped->owner)), heading, body);
  Question *question = g_new0 (Question, 1);

  question->export = g_object_ref (export);
  question->corrections = relais_corrections_ref (corrected->corrections);
  question->send = dropped->send;
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "send", _("_Send"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "send", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "send");
  g_object_set_data_full (G_OBJECT (dialog), "question", question, free_question);
  g_signal_connect_object (dialog, "response", G_CALLBACK (responded_cb), dropped->owner, 0);
  relais_question_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Dropped) dropped = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisCorrectedFile) corrected = relais_corrected_file_read_finish (result, &error);
  g_autofree char *counts = corrected != NULL ? relais_corrected_file_describe (corrected) : NULL;
  RelaisExport *export = corrected != NULL ? relais_workspace_find_export (dropped->workspace, corrected->run->export_id) : NULL;

  if (gtk_widget_get_root (dropped->owner) == NULL)
    return;
  if (corrected == NULL)
    relais_problem_show (dropped->owner, _("The Corrected Rows Were Not Sent"), error);
  else if (export == NULL || relais_workspace_is_set_aside (dropped->workspace, export))
    relais_problem_tell (dropped->owner, _("The Corrected Rows Were Not Sent"), _("The export that these rows are of has been removed."));
  else if (relais_corrections_get_n_rows (corrected->corrections) == 0)
    relais_problem_tell (dropped->owner, _("There Is Nothing to Send"), counts);
  else
    ask (dropped, export, corrected);
}

static void look_at_next (Dropped *taken);

static void
recognized_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Dropped) dropped = user_data;

  dropped->any = relais_corrected_file_recognize_finish (result) || dropped->any;
  dropped->next = dropped->next->next;
  look_at_next (g_steal_pointer (&dropped));
}

/* Takes it over. */
static void
look_at_next (Dropped *taken)
{
  g_autoptr (Dropped) dropped = taken;
  GFile *file = dropped->next != NULL ? dropped->next->data : dropped->files->data;
  RelaisJournal *journal = relais_workspace_get_journal (dropped->workspace);

  if (dropped->next != NULL)
    relais_corrected_file_recognize_async (file, NULL, recognized_cb, g_steal_pointer (&dropped));
  else if (gtk_widget_get_root (dropped->owner) == NULL)
    return;
  else if (!dropped->any)
    dropped->segments (dropped->owner, dropped->files);
  else if (dropped->files->next != NULL)
    relais_problem_tell (dropped->owner, _("Drop the Rejected Rows Alone"),
                         _("Among these files is one with rejected rows, which are not a segment. Drop it by itself to send what is corrected in it."));
  else
    relais_corrected_file_read_async (journal, file, NULL, read_cb, g_steal_pointer (&dropped));
}

/**
 * relais_corrected_rows_sort_out:
 * @owner: on which files were dropped
 * @workspace: whose reports they may be of
 * @files: (element-type GFile): at least one
 * @segments: called when all of them are segments, or may be
 * @send: called when one is a saved report, and the person wants to send what is corrected in it
 *
 * Nothing is called when the window is gone meanwhile.
 */
void
relais_corrected_rows_sort_out (GtkWidget             *owner,
                                RelaisWorkspace       *workspace,
                                GSList                *files,
                                RelaisSegmentsDropped  segments,
                                RelaisSendCorrected    send)
{
  Dropped *dropped = g_new0 (Dropped, 1);

  dropped->owner = g_object_ref (owner);
  dropped->workspace = g_object_ref (workspace);
  dropped->files = g_slist_copy_deep (files, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  dropped->next = dropped->files;
  dropped->segments = segments;
  dropped->send = send;
  look_at_next (dropped);
}
