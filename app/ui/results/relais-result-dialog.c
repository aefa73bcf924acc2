/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-result-dialog.h"

#include "relais-button.h"
#include "relais-export-words.h"
#include "relais-format.h"
#include "relais-history-words.h"
#include "relais-journal-leavers.h"
#include "relais-journal-verifications.h"
#include "relais-leaver-words.h"
#include "relais-rejected-row.h"
#include "relais-rejections.h"
#include "relais-report-saver.h"
#include "relais-run-words.h"
#include "relais-verification-words.h"

#include <glib/gi18n-lib.h>

#define PAGE 100

struct _RelaisResultDialog
{
  AdwWindow parent_instance;

  RelaisJournal *journal;      /* (owned) */
  RelaisExport    *export;     /* (owned) */
  RelaisRunRecord *run;        /* (owned) */
  guint64        last_row;     /* of the rows shown so far */
  char          *last_left;    /* (owned) (nullable): address of whom was shown last of those who left the segment */
  GPtrArray     *differences;  /* (owned) (nullable) (element-type RelaisDifference) */
  guint          n_shown;      /* of them */
  RelaisCorrections *corrections;  /* (owned): of rows that are shown */
  RelaisSendCorrected send;    /* (nullable): who sends them */
  GWeakRef       owner;        /* for @send */
  GCancellable  *cancellable;  /* (owned) */

  AdwToastOverlay     *toasts;
  AdwPreferencesGroup *outcome_group;
  GtkListBox          *counts;
  GtkLabel            *message;
  GtkWidget           *leavers_group;
  GtkListBox          *leavers;
  GtkWidget           *left_group;
  GtkListBox          *left;
  GtkWidget           *more_left_button;
  AdwPreferencesGroup *different_group;
  GtkListBox          *different;
  GtkButton           *more_different_button;
  AdwPreferencesGroup *rejected_group;
  GtkListBox          *rejected;
  GtkButton           *save_rows_button;
  GtkActionBar        *send_bar;
  GtkButton           *send_button;
  GtkButton           *more_button;
};

G_DEFINE_FINAL_TYPE (RelaisResultDialog, relais_result_dialog, ADW_TYPE_WINDOW)

static void load_more (RelaisResultDialog *self);

static void
show_message (RelaisResultDialog *self,
              const char         *sentence)
{
  gtk_label_set_label (self->message, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), sentence != NULL);
}

static void
add_count (GtkListBox *list,
           const char *name,
           const char *explanation,
           guint64     count)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *number = relais_format_count (count);
  GtkWidget *label = gtk_label_new (number);

  gtk_widget_add_css_class (label, "numeric");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), explanation);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_append (list, row);
}

static void
add_text (GtkListBox *list,
          const char *title,
          const char *reason)
{
  GtkWidget *row = adw_action_row_new ();

  /* Addresses come from files: they are text, never markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), reason);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_append (list, row);
}

/* Returns: (transfer full): which row it is */
static char *
name_row (guint64     row_number,
          const char *email)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, row_number);
  /* Translators: %s is the number of a row in a file. */
  g_autofree char *place = g_strdup_printf (_("Row %s"), number);

  return *email == '\0' ? g_steal_pointer (&place) : g_strdup_printf ("%s · %s", place, email);
}

static void
add_row (GtkListBox *list,
         guint64     row_number,
         const char *email,
         const char *reason)
{
  g_autofree char *title = name_row (row_number, email);

  add_text (list, title, reason);
}

/* How many are sent stands on the button. */
static void
show_corrected (RelaisResultDialog *self)
{
  guint n = relais_corrections_get_n_rows (self->corrections);
  g_autofree char *count = relais_format_count (n);
  /* Translators: a verb: what a person has corrected is sent; %s counts rows. */
  g_autofree char *label = g_strdup_printf (ngettext ("_Send %s Corrected Row", "_Send %s Corrected Rows", n), count);

  gtk_button_set_label (self->send_button, n > 0 ? label : _("_Send Corrected Rows"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.send-corrected", n > 0);
}

/* Corrected rows of a run that has not come to its end come after it. */
static gboolean
can_correct (RelaisResultDialog *self)
{
  return self->send != NULL && (self->run->status == RELAIS_RUN_SUCCESSFUL || self->run->status == RELAIS_RUN_COMPLETED_WITH_ERRORS);
}

static void
add_rejection (RelaisResultDialog    *self,
               const RelaisRejection *rejection)
{
  g_autofree char *reason = NULL;
  g_autofree char *title = NULL;
  const char *column;
  GtkWidget *row;

  if (can_correct (self) && relais_rejection_find_correctable (rejection, &column))
    {
      title = name_row (rejection->row, rejection->email);
      row = relais_rejected_row_new (rejection, title, column, self->corrections);
      g_signal_connect_object (row, "corrected", G_CALLBACK (show_corrected), self, G_CONNECT_SWAPPED);
      gtk_list_box_append (self->rejected, row);
      gtk_action_bar_set_revealed (self->send_bar, TRUE);
      return;
    }
  reason = relais_rejection_explain (rejection);
  add_row (self->rejected, rejection->row, rejection->email, reason);
}

static void
show_more_different (RelaisResultDialog *self)
{
  guint until = MIN (self->n_shown + PAGE, self->differences->len);

  for (; self->n_shown < until; self->n_shown++)
    {
      const RelaisDifference *difference = g_ptr_array_index (self->differences, self->n_shown);
      g_autofree char *reason = relais_difference_explain (difference);

      add_row (self->different, difference->row, difference->email, reason);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->different_group), self->n_shown > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->more_different_button), self->n_shown < self->differences->len);
}

static void
differences_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (RelaisResultDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  self->differences = relais_journal_list_differences_finish (RELAIS_JOURNAL (object), result, &error);
  if (self->differences != NULL)
    show_more_different (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_message (self, error->message);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (RelaisResultDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_rejections_finish (RELAIS_JOURNAL (object), result, &error);

  if (page == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_message (self, error->message);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (page, i);

      add_rejection (self, rejection);
      self->last_row = rejection->row;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->rejected_group), self->last_row > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.save-rows", self->last_row > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), page->len == PAGE);
}

static void
load_more (RelaisResultDialog *self)
{
  relais_journal_list_rejections_async (self->journal, self->run->id, self->last_row, PAGE, self->cancellable, listed_cb, g_object_ref (self));
}

static void
left_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (RelaisResultDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_leavers_finish (RELAIS_JOURNAL (object), result, &error);

  if (page == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_message (self, error->message);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisLeaverRecord *leaver = g_ptr_array_index (page, i);

      add_text (self->left, leaver->email, relais_leaver_record_explain (leaver));
      g_free (self->last_left);
      self->last_left = g_strdup (leaver->email);
    }
  gtk_widget_set_visible (self->left_group, self->last_left != NULL);
  gtk_widget_set_visible (self->more_left_button, page->len == PAGE);
}

static void
load_more_left (RelaisResultDialog *self)
{
  relais_journal_list_leavers_async (self->journal, self->run->id, self->last_left, PAGE, self->cancellable, left_listed_cb, g_object_ref (self));
}

/* Saving */

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisResultDialog *self = RELAIS_RESULT_DIALOG (widget);
  RelaisReportForm form = g_str_equal (name, "result.save-rows") ? RELAIS_REPORT_ROWS
                          : g_str_equal (name, "result.save-csv") ? RELAIS_REPORT_CSV
                                                                  : RELAIS_REPORT_JSON;

  relais_report_saver_ask (GTK_WINDOW (self), self->toasts, self->journal, self->run, self->export, form);
}

/* The engine says what stands in the way, over the window that shows how far it is. */
static void
send_corrected_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  RelaisResultDialog *self = RELAIS_RESULT_DIALOG (widget);
  g_autoptr (GObject) owner = g_weak_ref_get (&self->owner);
  g_autoptr (RelaisCorrections) corrections = relais_corrections_ref (self->corrections);
  g_autoptr (RelaisExport) export = g_object_ref (self->export);
  RelaisSendCorrected send = self->send;

  gtk_window_destroy (GTK_WINDOW (self));
  if (owner != NULL)
    send (owner, export, corrections);
}

static void
relais_result_dialog_dispose (GObject *object)
{
  RelaisResultDialog *self = RELAIS_RESULT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->journal);
  g_clear_object (&self->export);
  G_OBJECT_CLASS (relais_result_dialog_parent_class)->dispose (object);
}

static void
relais_result_dialog_finalize (GObject *object)
{
  RelaisResultDialog *self = RELAIS_RESULT_DIALOG (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->differences, g_ptr_array_unref);
  g_clear_pointer (&self->run, relais_run_record_free);
  g_clear_pointer (&self->corrections, relais_corrections_unref);
  g_weak_ref_clear (&self->owner);
  g_free (self->last_left);
  G_OBJECT_CLASS (relais_result_dialog_parent_class)->finalize (object);
}

static void
relais_result_dialog_class_init (RelaisResultDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_result_dialog_dispose;
  object_class->finalize = relais_result_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/results/relais-result-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, outcome_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, counts);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, message);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, leavers_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, leavers);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, left_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, left);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, more_left_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, different_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, different);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, more_different_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, rejected_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, rejected);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, save_rows_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, send_bar);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, send_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisResultDialog, more_button);
  gtk_widget_class_bind_template_callback (widget_class, load_more);
  gtk_widget_class_bind_template_callback (widget_class, load_more_left);
  gtk_widget_class_bind_template_callback (widget_class, show_more_different);
  gtk_widget_class_install_action (widget_class, "result.save-rows", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "result.send-corrected", NULL, send_corrected_action);
  gtk_widget_class_install_action (widget_class, "result.save-csv", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "result.save-json", NULL, save_action);
}

static void
relais_result_dialog_init (RelaisResultDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  relais_button_let_wrap (self->save_rows_button);
  relais_button_let_wrap (self->send_button);
  g_weak_ref_init (&self->owner, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.send-corrected", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.save-rows", FALSE);
}

/* How the run ended, what looking up showed, and what became of its rows since. */
static void
say (RelaisResultDialog    *self,
     const RelaisRunRecord *record)
{
  g_autofree char *message = relais_history_describe_message (record, self->export);
  g_autofree char *answer = relais_run_tell_answer (record);
  g_autofree char *verified = relais_verification_explain (&record->verified);
  g_autofree char *deletion = relais_rejections_explain_deletion (record);
  const char *sentences[] = { relais_run_explain_corrected (record), answer, message, verified, deletion };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (sentences[i] != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", sentences[i]);
  show_message (self, text->len > 0 ? text->str : NULL);
}

/* Of whom the service never said what became of them was refused by nobody. */
static void
fill_state (RelaisResultDialog    *self,
            const RelaisRowCounts *counts,
            RelaisRowState         state)
{
  g_autofree char *name = relais_describe_state (state);
  g_autofree char *explanation = relais_explain_state (state);
  guint64 n_unknown = state == RELAIS_ROW_REFUSED ? MIN (counts->by_reason[RELAIS_REASON_UNKNOWN_OUTCOME], counts->by_state[state]) : 0;

  if (counts->by_state[state] > n_unknown || state == RELAIS_ROW_DELIVERED)
    add_count (self->counts, name, explanation, counts->by_state[state] - n_unknown);
  if (n_unknown > 0)
    /* Translators: rows that were sent, and of which nobody knows whether they arrived; a number stands beside it. */
    add_count (self->counts, C_("rows", "Unknown"), _("Sent, but ActiveCampaign never said what became of them"), n_unknown);
}

static void
add_leavers (RelaisResultDialog *self,
             const char         *name,
             const char         *explanation,
             guint64             count)
{
  if (count > 0)
    add_count (self->leavers, name, explanation, count);
}

/* They are in no row of the segment. */
static void
fill_leavers (RelaisResultDialog    *self,
              const RelaisRunRecord *record)
{
  const RelaisLeaversCounts *leavers = &record->leavers;
  guint64 n_shared = MIN (leavers->shared, leavers->kept);

  add_leavers (self, _("Taken off the list"), _("They come back when they are in the segment again, unless a message above says otherwise"), leavers->taken_off);
  add_leavers (self, _("In doubt"), _("ActiveCampaign does not show yet that they are off the list. The next run tries again."), leavers->in_doubt);
  add_leavers (self, _("Kept on the list"), _("Another export sends them too"), n_shared);
  add_leavers (self, _("Kept on the list"), _("The message above says why"), leavers->kept - n_shared);
  add_leavers (self, _("Waiting for your answer"), _("Nobody of them has been taken off yet"), leavers->asked);
  /* Translators: people who are off a list; a number stands beside it. */
  add_leavers (self, _("Off the list already"), _("It was not this run that took them off"), relais_run_count_gone (record));
  gtk_widget_set_visible (self->leavers_group, leavers->departed > 0);
}

static void
fill (RelaisResultDialog    *self,
      const RelaisRunRecord *record)
{
  for (guint state = 0; state < RELAIS_N_ROW_STATES; state++)
    fill_state (self, &record->counts, state);
  add_count (self->counts, _("Rows read"), "", record->counts.read);
  for (RelaisReason note = RELAIS_FIRST_NOTE; note < RELAIS_N_REASONS; note++)
    if (record->counts.by_reason[note] > 0)
      add_count (self->counts, relais_describe_note (note), relais_explain_note (note), record->counts.by_reason[note]);
  if (record->leavers.put_back > 0)
    add_count (self->counts, _("Put back on the list"), _("An earlier run had taken them off, and they are in the segment again"), record->leavers.put_back);
  if (record->batches_repeated > 0)
    add_count (self->counts, _("Batches sent more than once"), "", record->batches_repeated);
  if (record->leavers.repeated > 0)
    add_count (self->counts, _("Repeated requests about people who left or came back"),
               _("To take them off the list, or to put them back on it, once more"), record->leavers.repeated);
}

/**
 * relais_result_dialog_new:
 * @parent: (nullable): over which it stands
 * @journal: where the rejected rows are
 * @export: an export
 * @run: (nullable): one of its runs, %NULL for the last one
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
relais_result_dialog_new (GtkWindow             *parent,
                          RelaisJournal         *journal,
                          RelaisExport          *export,
                          const RelaisRunRecord *run)
{
  RelaisResultDialog *self = g_object_new (RELAIS_TYPE_RESULT_DIALOG, "transient-for", parent, NULL);
  const RelaisRunRecord *record = run != NULL ? run : relais_run_get_record (relais_export_get_last_run (export));
  g_autofree char *status = relais_describe_status (NULL, relais_history_find_status (record, export));
  g_autofree char *when = relais_describe_time (NULL, record->started_at);

  self->journal = g_object_ref (journal);
  self->export = g_object_ref (export);
  self->run = relais_run_record_copy (record);
  self->corrections = relais_corrections_new (record->id);
  gtk_window_set_title (GTK_WINDOW (self), record->export_name);
  adw_preferences_group_set_title (self->outcome_group, status);
  adw_preferences_group_set_description (self->outcome_group, when);
  fill (self, record);
  fill_leavers (self, record);
  say (self, record);
  relais_journal_list_differences_async (self->journal, self->run->id, self->cancellable, differences_cb, g_object_ref (self));
  load_more_left (self);
  load_more (self);

  return GTK_WIDGET (self);
}

/**
 * relais_result_dialog_let_correct:
 * @self: a dialog that was just made
 * @send: called with what the person has corrected, once that is to be sent
 * @owner: a GObject, for @send; when it is gone nothing is called
 *
 * Lets rows that were not delivered be corrected where they stand.
 */
void
relais_result_dialog_let_correct (RelaisResultDialog  *self,
                                  RelaisSendCorrected  send,
                                  gpointer             owner)
{
  self->send = send;
  g_weak_ref_set (&self->owner, owner);
}
