/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-history-dialog.h"

#include "relais-export-words.h"
#include "relais-format.h"
#include "relais-history-words.h"
#include "relais-result-dialog.h"
#include "relais-run-plot.h"
#include "relais-run-swatch.h"

#include <glib/gi18n-lib.h>

/* Runs that come at a time; the plot shows of the first ones. */
#define PAGE 50

struct _RelaisHistoryDialog
{
  AdwWindow parent_instance;

  RelaisJournal *journal;      /* (owned) */
  RelaisExport  *export;       /* (owned) */
  GPtrArray     *runs;         /* (owned) (element-type RelaisRunRecord): shown so far, the newest first */
  GCancellable  *cancellable;  /* (owned): of the page that is on its way */
  RelaisSendCorrected send;    /* (nullable): who sends corrected rows */
  GWeakRef       owner;        /* for @send */

  GtkStack      *states;
  AdwStatusPage *failure;
  GtkLabel      *scale;
  RelaisRunPlot *plot;
  GtkLabel      *oldest;
  GtkLabel      *newest;
  GtkListBox    *list;
  GtkWidget     *more_button;
};

G_DEFINE_FINAL_TYPE (RelaisHistoryDialog, relais_history_dialog, ADW_TYPE_WINDOW)

G_STATIC_ASSERT (PAGE >= RELAIS_RUN_PLOT_MOST);

static void
add_row (RelaisHistoryDialog   *self,
         const RelaisRunRecord *run)
{
  RelaisExportStatus status = relais_history_find_status (run, self->export);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autofree char *when = relais_format_moment (run->started_at);
  g_autofree char *what = relais_history_describe_run (run, self->export);
  g_autofree char *icon = relais_status_icon (NULL, status);
  g_auto (GStrv) classes = relais_status_classes (NULL, status);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                   "css-classes", classes, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), when);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), what);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", run->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "history.open");
  gtk_list_box_append (self->list, row);
}

static void
fill_plot (RelaisHistoryDialog *self)
{
  guint n = MIN (self->runs->len, RELAIS_RUN_PLOT_MOST);
  const RelaisRunRecord *first = g_ptr_array_index (self->runs, n - 1);
  const RelaisRunRecord *last = g_ptr_array_index (self->runs, 0);
  guint64 most = relais_run_plot_set_runs (self->plot, self->runs, self->export);
  g_autofree char *figure = relais_format_count (most);
  /* Translators: what the tallest bar of a plot stands for; %s is a number of rows. */
  g_autofree char *scale = g_strdup_printf (ngettext ("Up to %s row", "Up to %s rows", most), figure);
  g_autofree char *oldest = relais_format_day (first->started_at);
  g_autofree char *newest = relais_format_day (last->started_at);

  gtk_label_set_label (self->scale, scale);
  gtk_label_set_label (self->oldest, oldest);
  gtk_label_set_label (self->newest, newest);
  gtk_widget_set_visible (GTK_WIDGET (self->oldest), g_strcmp0 (oldest, newest) != 0);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (RelaisHistoryDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, &error);
  g_autofree char *escaped = NULL;

  if (page == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (page == NULL)
    {
      escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->failure, escaped);
      gtk_stack_set_visible_child_name (self->states, "failure");
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      add_row (self, g_ptr_array_index (page, i));
      g_ptr_array_add (self->runs, relais_run_record_copy (g_ptr_array_index (page, i)));
    }
  if (self->runs->len == page->len && page->len > 0)
    fill_plot (self);
  gtk_widget_set_visible (self->more_button, page->len == PAGE);
  gtk_stack_set_visible_child_name (self->states, self->runs->len > 0 ? "runs" : "empty");
}

static void
load_more (RelaisHistoryDialog *self)
{
  const RelaisRunRecord *last = self->runs->len > 0 ? g_ptr_array_index (self->runs, self->runs->len - 1) : NULL;

  gtk_widget_set_visible (self->more_button, FALSE);
  relais_journal_list_runs_back_async (self->journal, relais_export_get_id (self->export), last != NULL ? last->number : 0, PAGE,
                                       self->cancellable, listed_cb, g_object_ref (self));
}

/* A run has begun, or ended. */
static void
load_again (RelaisHistoryDialog *self)
{
  GtkListBoxRow *row;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_ptr_array_set_size (self->runs, 0);
  load_more (self);
}

static void
open_result (RelaisHistoryDialog   *self,
             const RelaisRunRecord *run)
{
  GtkWidget *dialog = relais_result_dialog_new (GTK_WINDOW (self), self->journal, self->export, run);
  g_autoptr (GObject) owner = g_weak_ref_get (&self->owner);

  if (owner != NULL)
    relais_result_dialog_let_correct (RELAIS_RESULT_DIALOG (dialog), self->send, owner);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
open_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisHistoryDialog *self = RELAIS_HISTORY_DIALOG (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < self->runs->len; i++)
    {
      const RelaisRunRecord *run = g_ptr_array_index (self->runs, i);

      if (g_str_equal (run->id, id))
        open_result (self, run);
    }
}

static void
relais_history_dialog_dispose (GObject *object)
{
  RelaisHistoryDialog *self = RELAIS_HISTORY_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->journal);
  g_clear_object (&self->export);
  G_OBJECT_CLASS (relais_history_dialog_parent_class)->dispose (object);
}

static void
relais_history_dialog_finalize (GObject *object)
{
  RelaisHistoryDialog *self = RELAIS_HISTORY_DIALOG (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->runs);
  g_weak_ref_clear (&self->owner);
  G_OBJECT_CLASS (relais_history_dialog_parent_class)->finalize (object);
}

static void
relais_history_dialog_class_init (RelaisHistoryDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_history_dialog_dispose;
  object_class->finalize = relais_history_dialog_finalize;
  g_type_ensure (RELAIS_TYPE_RUN_PLOT);
  g_type_ensure (RELAIS_TYPE_RUN_SWATCH);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/results/relais-history-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, states);
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, failure);
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, scale);
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, plot);
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, oldest);
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, newest);
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, list);
  gtk_widget_class_bind_template_child (widget_class, RelaisHistoryDialog, more_button);
  gtk_widget_class_bind_template_callback (widget_class, load_more);
  gtk_widget_class_install_action (widget_class, "history.open", "s", open_action);
}

static void
relais_history_dialog_init (RelaisHistoryDialog *self)
{
  g_weak_ref_init (&self->owner, NULL);
  self->cancellable = g_cancellable_new ();
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_run_record_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_history_dialog_new:
 * @parent: (nullable): over which it stands
 * @journal: where the runs are
 * @export: whose runs are shown
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
relais_history_dialog_new (GtkWindow     *parent,
                           RelaisJournal *journal,
                           RelaisExport  *export)
{
  RelaisHistoryDialog *self = g_object_new (RELAIS_TYPE_HISTORY_DIALOG, "transient-for", parent, NULL);
  /* Translators: %s is the name of an export. */
  g_autofree char *title = g_strdup_printf (_("History of “%s”"), relais_export_get_name (export));

  self->journal = g_object_ref (journal);
  self->export = g_object_ref (export);
  gtk_window_set_title (GTK_WINDOW (self), title);
  g_signal_connect_object (export, "notify::status", G_CALLBACK (load_again), self, G_CONNECT_SWAPPED);
  load_more (self);

  return GTK_WIDGET (self);
}

/**
 * relais_history_dialog_let_correct:
 * @self: a dialog
 * @send: called with what the person has corrected in the result of a run, once that is to be sent
 * @owner: a GObject, for @send; when it is gone nothing is called
 */
void
relais_history_dialog_let_correct (RelaisHistoryDialog *self,
                                   RelaisSendCorrected  send,
                                   gpointer             owner)
{
  self->send = send;
  g_weak_ref_set (&self->owner, owner);
}
