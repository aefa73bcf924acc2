/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-log-dialog.h"

#include "relais-format.h"
#include "relais-history-words.h"
#include "relais-journal-log.h"
#include "relais-log-words.h"

#include <glib/gi18n-lib.h>

/* Lines that come at a time */
#define PAGE 100

struct _RelaisLogDialog
{
  AdwWindow parent_instance;

  RelaisJournal *journal;      /* (owned) */
  guint64        last_number;  /* of the lines shown so far, 0 = none */
  GCancellable  *cancellable;  /* (owned) */

  GtkStack      *states;
  AdwStatusPage *failure;
  GtkWidget     *finding;
  GtkImage      *finding_icon;
  GtkLabel      *finding_label;
  GtkListBox    *list;
  GtkWidget     *more_button;
};

G_DEFINE_FINAL_TYPE (RelaisLogDialog, relais_log_dialog, ADW_TYPE_WINDOW)

/* Returns: (transfer full): what a line says; as it stands there when it is none that Relais wrote */
static char *
describe_line (const RelaisLogLine *line)
{
  g_autoptr (RelaisRunRecord) run = relais_log_line_read (line);
  g_autofree char *what = run != NULL ? relais_history_describe_run (run, NULL) : NULL;
  GString *text = g_string_new (NULL);

  if (run == NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (line->line, -1);

      g_string_append (text, valid);
    }
  else
    {
      const char *parts[] = { run->who, run->connection_name, run->list_name };

      for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        if (parts[i] != NULL && *parts[i] != '\0')
          g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", parts[i]);
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", what);
    }
  g_string_append_printf (text, "\n%s", line->hash != NULL ? line->hash : "");

  return g_string_free (text, FALSE);
}

static void
add_line (RelaisLogDialog     *self,
          const RelaisLogLine *line)
{
  g_autoptr (RelaisRunRecord) run = relais_log_line_read (line);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, line->number);
  g_autofree char *when = run != NULL && run->begun_at > 0 ? relais_format_moment (run->begun_at) : NULL;
  /* Translators: %s is the number of a line in a log. */
  g_autofree char *place = g_strdup_printf (_("Line %s"), number);
  g_autofree char *title = when != NULL ? g_strdup_printf ("%s · %s", place, when) : g_strdup (place);
  g_autofree char *what = describe_line (line);
  GtkWidget *row = adw_action_row_new ();

  /* Names come from the account, and lines may have been changed: they are text, never markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), what);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_append (self->list, row);
}

static void
show_failure (RelaisLogDialog *self,
              const GError    *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->failure, escaped);
  gtk_stack_set_visible_child_name (self->states, "failure");
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (RelaisLogDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_log_finish (RELAIS_JOURNAL (object), result, &error);

  if (page == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_failure (self, error);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisLogLine *line = g_ptr_array_index (page, i);

      add_line (self, line);
      self->last_number = line->number;
    }
  gtk_widget_set_visible (self->more_button, page->len == PAGE);
  gtk_stack_set_visible_child_name (self->states, self->last_number > 0 ? "lines" : "empty");
}

static void
load_more (RelaisLogDialog *self)
{
  gtk_widget_set_visible (self->more_button, FALSE);
  relais_journal_list_log_back_async (self->journal, self->last_number, PAGE, self->cancellable, listed_cb, g_object_ref (self));
}

static void
show_finding (RelaisLogDialog *self,
              const char      *icon,
              const char      *style,
              const char      *sentence)
{
  const char *classes[] = { style, NULL };

  gtk_image_set_from_icon_name (self->finding_icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->finding_icon), classes);
  gtk_label_set_label (self->finding_label, sentence);
  gtk_widget_set_visible (self->finding, TRUE);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelaisLogDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisLogCheck) check = relais_journal_check_log_finish (RELAIS_JOURNAL (object), result, &error);
  g_autofree char *sentence = check != NULL ? relais_log_check_explain (check) : NULL;
  g_autofree char *rest = check != NULL ? relais_log_check_explain_rest (check) : NULL;
  g_autofree char *all = rest != NULL ? g_strconcat (sentence, "\n", rest, NULL) : g_strdup (sentence);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.check", TRUE);
  if (check == NULL)
    show_finding (self, "dialog-error-symbolic", "error", error->message);
  else if (check->state == RELAIS_LOG_WHOLE)
    show_finding (self, "emblem-ok-symbolic", "success", all);
  else
    show_finding (self, "dialog-error-symbolic", "error", all);
}

static void
check_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  RelaisLogDialog *self = RELAIS_LOG_DIALOG (widget);

  gtk_widget_action_set_enabled (widget, "log.check", FALSE);
  relais_journal_check_log_async (self->journal, self->cancellable, checked_cb, g_object_ref (self));
}

static void
relais_log_dialog_dispose (GObject *object)
{
  RelaisLogDialog *self = RELAIS_LOG_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->journal);
  G_OBJECT_CLASS (relais_log_dialog_parent_class)->dispose (object);
}

static void
relais_log_dialog_finalize (GObject *object)
{
  g_object_unref (RELAIS_LOG_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (relais_log_dialog_parent_class)->finalize (object);
}

static void
relais_log_dialog_class_init (RelaisLogDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_log_dialog_dispose;
  object_class->finalize = relais_log_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/results/relais-log-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisLogDialog, states);
  gtk_widget_class_bind_template_child (widget_class, RelaisLogDialog, failure);
  gtk_widget_class_bind_template_child (widget_class, RelaisLogDialog, finding);
  gtk_widget_class_bind_template_child (widget_class, RelaisLogDialog, finding_icon);
  gtk_widget_class_bind_template_child (widget_class, RelaisLogDialog, finding_label);
  gtk_widget_class_bind_template_child (widget_class, RelaisLogDialog, list);
  gtk_widget_class_bind_template_child (widget_class, RelaisLogDialog, more_button);
  gtk_widget_class_bind_template_callback (widget_class, load_more);
  gtk_widget_class_install_action (widget_class, "log.check", NULL, check_action);
}

static void
relais_log_dialog_init (RelaisLogDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_log_dialog_new:
 * @parent: (nullable): over which it stands
 * @journal: where the log is
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
relais_log_dialog_new (GtkWindow     *parent,
                       RelaisJournal *journal)
{
  RelaisLogDialog *self = g_object_new (RELAIS_TYPE_LOG_DIALOG, "transient-for", parent, NULL);

  self->journal = g_object_ref (journal);
  load_more (self);

  return GTK_WIDGET (self);
}
