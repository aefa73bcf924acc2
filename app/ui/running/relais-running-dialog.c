/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-running-dialog.h"

#include "relais-export-words.h"
#include "relais-format.h"
#include "relais-leavers-words.h"
#include "relais-result-dialog.h"
#include "relais-running-words.h"

#include <glib/gi18n-lib.h>

/* What remains, and until when it waits, is told in seconds. */
#define TICK_S 1

struct _RelaisRunningDialog
{
  AdwWindow parent_instance;

  RelaisWorkspace *workspace;  /* (owned) */
  RelaisExport    *export;     /* (owned) */
  RelaisRun       *run;        /* (owned) */
  guint            tick;       /* 0 = it has ended */
  GtkWidget       *states[RELAIS_N_ROW_STATES];  /* rows of @counts */
  GtkLabel        *numbers[RELAIS_N_ROW_STATES];

  GtkLabel       *stage;
  GtkLabel       *explanation;
  GtkWidget      *progress_box;
  GtkProgressBar *progress;
  GtkLabel       *done;
  GtkWidget      *waiting_group;
  GtkLabel       *waiting_for;
  GtkLabel       *countdown;
  GtkWidget      *skip_button;
  GtkWidget      *facts_group;
  GtkLabel       *rate;
  GtkLabel       *remaining;
  AdwPreferencesGroup *counts_group;
  GtkListBox     *counts;
  GtkWidget      *cancel_button;
  GtkWidget      *result_button;
};

G_DEFINE_FINAL_TYPE (RelaisRunningDialog, relais_running_dialog, ADW_TYPE_WINDOW)

static gboolean
is_stopping (RelaisRunningDialog *self)
{
  return g_cancellable_is_cancelled (relais_run_get_cancellable (self->run));
}

static gboolean
may_run (RelaisRunningDialog *self)
{
  return relais_workspace_check_right (self->workspace, RELAIS_ACTION_RUN_EXPORTS, relais_export_get_connection (self->export), NULL);
}

static void
update_actions (RelaisRunningDialog *self)
{
  gboolean live = relais_run_is_live (self->run);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "running.cancel", live && may_run (self) && !is_stopping (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "running.skip-wait", live && may_run (self));
}

static void
update_counts (RelaisRunningDialog *self)
{
  const RelaisRowCounts *counts = relais_run_get_counts (self->run);

  for (guint state = 0; state < RELAIS_N_ROW_STATES; state++)
    {
      /* Before the end, nobody can say of a row that it was not sent. */
      gboolean told = counts->by_state[state] > 0 && (state != RELAIS_ROW_NOT_SENT || !relais_run_is_live (self->run));
      g_autofree char *number = relais_format_count (counts->by_state[state]);

      gtk_label_set_label (self->numbers[state], number);
      gtk_widget_set_visible (self->states[state], told || state == RELAIS_ROW_DELIVERED);
    }
}

static void
update_waiting (RelaisRunningDialog *self)
{
  g_autofree char *sentence = NULL;
  g_autofree char *countdown = NULL;
  gint64 until;

  g_object_get (self->run, "waiting-until", &until, "waiting-for", &sentence, NULL);
  countdown = relais_running_describe_countdown (until - g_get_monotonic_time ());
  gtk_label_set_label (self->waiting_for, sentence != NULL ? sentence : "");
  gtk_label_set_label (self->countdown, until > 0 ? countdown : "");
  gtk_widget_set_visible (GTK_WIDGET (self->countdown), until > 0);
  gtk_widget_set_visible (self->skip_button, until > 0);
  gtk_widget_set_visible (self->waiting_group, sentence != NULL);
}

static gboolean
waits (RelaisRunningDialog *self)
{
  g_autofree char *sentence = NULL;

  g_object_get (self->run, "waiting-for", &sentence, NULL);

  return sentence != NULL;
}

static void
update_progress (RelaisRunningDialog *self)
{
  RelaisPhase phase = relais_run_get_phase (self->run);
  guint64 n_done = relais_run_get_done (self->run);
  guint64 total = relais_run_get_total (self->run);
  g_autofree char *stage = relais_running_describe_stage (phase, n_done, total);
  g_autofree char *done = relais_running_describe_done (phase, n_done, total);
  g_autofree char *rate = relais_running_describe_rate (phase, relais_run_get_rate (self->run));
  g_autofree char *remaining = relais_running_describe_remaining (relais_run_get_remaining (self->run));

  gtk_label_set_label (self->stage, is_stopping (self) ? _("Stopping") : stage);
  gtk_label_set_label (self->explanation, is_stopping (self) ? _("What is under way comes to its end first. That takes a few seconds.") : relais_running_explain_phase (phase));
  gtk_progress_bar_set_fraction (self->progress, relais_progress_fraction (NULL, n_done, total));
  gtk_label_set_label (self->done, done);
  gtk_label_set_label (self->rate, rate);
  /* Nobody knows how long an account, or a network, is away. */
  gtk_label_set_label (self->remaining, waits (self) ? _("Not known while it waits") : remaining);
}

/* What comes next takes the focus of what is gone. */
static void
offer_result (RelaisRunningDialog *self)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  gboolean offers = relais_export_get_last_run (self->export) == self->run &&
                    relais_workspace_find_export (self->workspace, relais_export_get_id (self->export)) == self->export;

  gtk_widget_set_visible (self->result_button, offers);
  if (offers && (focus == NULL || !gtk_widget_get_mapped (focus) || !gtk_widget_is_sensitive (focus)))
    gtk_widget_grab_focus (self->result_button);
}

static void
show_end (RelaisRunningDialog *self)
{
  g_autofree char *status = relais_describe_status (NULL, relais_export_get_status (self->export));
  g_autofree char *message = relais_describe_message (NULL, self->run, NULL);

  g_clear_handle_id (&self->tick, g_source_remove);
  gtk_label_set_label (self->stage, status);
  gtk_label_set_label (self->explanation, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), message != NULL);
  adw_preferences_group_set_title (self->counts_group, _("What Became of Every Row"));
  gtk_widget_set_visible (self->progress_box, FALSE);
  gtk_widget_set_visible (self->facts_group, FALSE);
  gtk_widget_set_visible (self->waiting_group, FALSE);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  offer_result (self);
}

static void
update (RelaisRunningDialog *self)
{
  update_actions (self);
  update_counts (self);
  if (!relais_run_is_live (self->run))
    {
      show_end (self);
      return;
    }
  update_progress (self);
  update_waiting (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  update (user_data);

  return G_SOURCE_CONTINUE;
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisRunningDialog *self = RELAIS_RUNNING_DIALOG (widget);

  relais_run_cancel (self->run);
  update (self);
}

static void
skip_wait_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  relais_run_skip_wait (RELAIS_RUNNING_DIALOG (widget)->run);
}

static void
result_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisRunningDialog *self = RELAIS_RUNNING_DIALOG (widget);

  gtk_window_present (GTK_WINDOW (relais_result_dialog_new (gtk_window_get_transient_for (GTK_WINDOW (self)),
                                                            relais_workspace_get_journal (self->workspace), self->export, NULL)));
  gtk_window_close (GTK_WINDOW (self));
}

static void
relais_running_dialog_dispose (GObject *object)
{
  RelaisRunningDialog *self = RELAIS_RUNNING_DIALOG (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->run);
  g_clear_object (&self->export);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_running_dialog_parent_class)->dispose (object);
}

static void
relais_running_dialog_class_init (RelaisRunningDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relais_running_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/running/relais-running-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, stage);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, explanation);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, progress_box);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, done);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, waiting_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, waiting_for);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, countdown);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, skip_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, facts_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, rate);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, remaining);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, counts_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, counts);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisRunningDialog, result_button);
  gtk_widget_class_install_action (widget_class, "running.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "running.skip-wait", NULL, skip_wait_action);
  gtk_widget_class_install_action (widget_class, "running.result", NULL, result_action);
}

static void
add_state (RelaisRunningDialog *self,
           RelaisRowState       state)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *number = gtk_label_new (NULL);
  g_autofree char *name = relais_describe_state (state);
  g_autofree char *explanation = relais_explain_state (state);

  gtk_widget_add_css_class (number, "numeric");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), explanation);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), number);
  gtk_list_box_append (self->counts, row);
  self->states[state] = row;
  self->numbers[state] = GTK_LABEL (number);
}

static void
relais_running_dialog_init (RelaisRunningDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint state = 0; state < RELAIS_N_ROW_STATES; state++)
    add_state (self, state);
}

/**
 * relais_running_dialog_new:
 * @parent: over which it stands
 * @workspace: whose export it is, and whose person's role says what can be done
 * @export: one whose last run is under way
 *
 * Returns: (transfer none): the view of that run
 */
GtkWidget *
relais_running_dialog_new (GtkWindow       *parent,
                           RelaisWorkspace *workspace,
                           RelaisExport    *export)
{
  RelaisRunningDialog *self = g_object_new (RELAIS_TYPE_RUNNING_DIALOG, "transient-for", parent, NULL);

  self->workspace = g_object_ref (workspace);
  self->export = g_object_ref (export);
  self->run = g_object_ref (relais_export_get_last_run (export));
  self->tick = g_timeout_add_seconds (TICK_S, tick_cb, self);
  gtk_window_set_title (GTK_WINDOW (self), relais_export_get_name (export));
  /* The export's status follows its run's, and is told here when that has ended. */
  g_signal_connect_object (self->run, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (export, "notify::status", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::role", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * relais_running_dialog_present:
 * @parent: over which it stands
 * @workspace: as for relais_running_dialog_new()
 * @export: as for relais_running_dialog_new()
 *
 * Shows the view of the run, which there is once.
 */
void
relais_running_dialog_present (GtkWindow       *parent,
                               RelaisWorkspace *workspace,
                               RelaisExport    *export)
{
  g_autoptr (GList) tops = gtk_window_list_toplevels ();

  for (GList *top = tops; top != NULL; top = top->next)
    if (RELAIS_IS_RUNNING_DIALOG (top->data) && RELAIS_RUNNING_DIALOG (top->data)->run == relais_export_get_last_run (export))
      {
        gtk_window_present (top->data);
        return;
      }
  gtk_window_present (GTK_WINDOW (relais_running_dialog_new (parent, workspace, export)));
}
