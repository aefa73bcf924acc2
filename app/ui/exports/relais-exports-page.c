/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-exports-page.h"

#include "relais-button.h"
#include "relais-corrected-rows.h"
#include "relais-error.h"
#include "relais-export-copy.h"
#include "relais-export-dialog.h"
#include "relais-export-words.h"
#include "relais-exports-list.h"
#include "relais-format.h"
#include "relais-go-on-bar.h"
#include "relais-history-dialog.h"
#include "relais-leavers-words.h"
#include "relais-problem.h"
#include "relais-question.h"
#include "relais-result-dialog.h"
#include "relais-run-questions.h"
#include "relais-run-several.h"
#include "relais-running-dialog.h"
#include "relais-settings.h"
#include "relais-undo.h"
#include "relais-usable-connections.h"

#include <glib/gi18n-lib.h>

struct _RelaisExportsPage
{
  AdwBin parent_instance;

  RelaisDelivery  *delivery;   /* (owned) (nullable): until the workspace is open */
  RelaisWorkspace *workspace;  /* (owned) (nullable) */
  RelaisClock     *clock;      /* (owned): of the rows */

  AdwToastOverlay   *toasts;
  GtkStack          *states;
  AdwStatusPage     *waiting;
  RelaisGoOnBar     *go_on_bar;
  RelaisExportsList *list;
  GtkButton         *add_button;
  GtkButton         *practice_button;
};

G_DEFINE_FINAL_TYPE (RelaisExportsPage, relais_exports_page, ADW_TYPE_BIN)

/* How a run ended, with a way to what became of every row */
static void
add_toast (RelaisExportsPage *self,
           const char        *sentence,
           RelaisExport      *export)
{
  AdwToast *toast = adw_toast_new (sentence);

  adw_toast_set_button_label (toast, _("Res_ult"));
  adw_toast_set_action_name (toast, "exports.result");
  adw_toast_set_action_target (toast, "s", relais_export_get_id (export));
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static GtkWindow *
get_window (RelaisExportsPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static RelaisExport *
find (RelaisExportsPage *self,
      GVariant          *parameter)
{
  return self->workspace != NULL ? relais_workspace_find_export (self->workspace, g_variant_get_string (parameter, NULL)) : NULL;
}

/* Whether there is a connection that the person may use */
static gboolean
has_connection (RelaisExportsPage *self)
{
  g_autoptr (GListModel) usable = relais_usable_connections_new (self->workspace);

  return g_list_model_get_n_items (usable) > 0;
}

/* Who cannot set an export up is not told how. */
static const char *
describe_waiting (RelaisExportsPage *self)
{
  if (relais_workspace_check_right (self->workspace, RELAIS_ACTION_USE_CONNECTION, NULL, NULL))
    return _("No connection is shared with contributors yet. As soon as an administrator shares one, a segment can be sent to a list from here.");

  return _("As soon as an export has been set up, it can be looked at here.");
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);

  if (self->workspace == NULL)
    return;
  /* The page itself says what comes first. */
  if (has_connection (self))
    gtk_window_present (GTK_WINDOW (relais_export_dialog_new (get_window (self), self->workspace, NULL)));
  else if (!relais_workspace_check_right (self->workspace, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL, NULL))
    relais_problem_tell (GTK_WIDGET (self), _("There Is No Connection to Use"), describe_waiting (self));
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);

  if (export != NULL)
    gtk_window_present (GTK_WINDOW (relais_export_dialog_new (get_window (self), self->workspace, export)));
}

static void
duplicate_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);
  g_autoptr (RelaisExportDefinition) definition = NULL;

  if (export == NULL)
    return;
  definition = relais_export_copy_definition (export, self->workspace);
  gtk_window_present (GTK_WINDOW (relais_export_dialog_new_from (get_window (self), self->workspace, definition)));
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (RelaisExportsPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_disconnect_export_finish (RELAIS_WORKSPACE (object), result, &error))
    relais_problem_show (GTK_WIDGET (self), _("The Export Was Not Disconnected"), error);
}

/* It is not asked about: its row says so, and a connection can be chosen again. */
static void
disconnect_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);

  if (export != NULL && relais_export_get_connection (export) != NULL)
    relais_workspace_disconnect_export_async (self->workspace, export, NULL, disconnected_cb, g_object_ref (self));
}

/* What one run of the page needs when it ends; the run goes on without the window. */
typedef struct
{
  GWeakRef          page;
  RelaisExport     *export;   /* (owned) */
  RelaisRun        *run;      /* (owned) (nullable): of which an error may say why it did not come about */
  RelaisRunOptions  options;
  RelaisCorrections *corrections;  /* (owned) (nullable): of @options */
} Running;

static void
free_running (Running *running)
{
  g_weak_ref_clear (&running->page);
  g_object_unref (running->export);
  g_clear_object (&running->run);
  g_clear_pointer (&running->corrections, relais_corrections_unref);
  g_free (running);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Running, free_running)

static void
notify_end (RelaisExport *export,
            const char   *body)
{
  GApplication *application = g_application_get_default ();
  g_autoptr (GNotification) notification = g_notification_new (relais_export_get_name (export));

  g_notification_set_body (notification, body);
  if (application != NULL)
    g_application_send_notification (application, relais_export_get_id (export), notification);
}

/* A result, or the view of a run, stands over the window. */
static gboolean
is_looked_at (void)
{
  g_autoptr (GList) tops = gtk_window_list_toplevels ();

  for (GList *top = tops; top != NULL; top = top->next)
    if (gtk_window_is_active (top->data))
      return TRUE;

  return FALSE;
}

static void start_run (RelaisExportsPage      *self,
                       RelaisExport           *export,
                       const RelaisRunOptions *options);

/* The export may have been removed while it was asked about. */
static void
question_answered (gpointer                owner,
                   RelaisExport           *export,
                   const RelaisRunOptions *options)
{
  RelaisExportsPage *self = owner;

  if (relais_workspace_find_export (self->workspace, relais_export_get_id (export)) == export)
    start_run (self, export, options);
}

/* A toast has room for a few words in a narrow window. Of which export, and why it did
 * not go well, is told by its row. */
static char *
describe_end (RelaisExport *export,
              RelaisRun    *run)
{
  const RelaisRunRecord *record = relais_run_get_record (run);
  guint64 n = record->counts.by_state[RELAIS_ROW_DELIVERED];
  g_autofree char *count = relais_format_count (n);
  g_autofree char *taken_off = relais_format_count (record->leavers.taken_off);
  g_autofree char *told = relais_describe_message (NULL, run, record->message);

  if (told != NULL)
    return relais_describe_status (NULL, relais_export_get_status (export));
  if (record->leavers.taken_off > 0)
    /* Translators: how many contacts were delivered, and how many were taken off the list. */
    return g_strdup_printf (_("%s delivered, %s taken off"), count, taken_off);

  /* Translators: %s counts contacts. */
  return g_strdup_printf (ngettext ("%s contact delivered", "%s contacts delivered", n), count);
}

static void
run_ended_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Running) running = user_data;
  g_autoptr (RelaisExportsPage) self = g_weak_ref_get (&running->page);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisRun) run = relais_delivery_run_finish (RELAIS_DELIVERY (object), result, &error);
  g_autofree char *sentence = run != NULL ? describe_end (running->export, run) : NULL;
  gboolean may_not_repeat = g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);
  guint n_in_doubt = running->run != NULL ? relais_run_get_n_in_doubt (running->run) : 0;
  gboolean asks = run != NULL && relais_export_get_status (running->export) == RELAIS_EXPORT_ASKING;
  g_autofree char *why = run != NULL ? relais_describe_message (NULL, run, relais_run_get_record (run)->message)
                       : may_not_repeat ? relais_describe_repeats_question (n_in_doubt)
                                        : g_strdup (error->message);
  GtkWindow *window = self != NULL ? get_window (self) : NULL;

  if (window != NULL && may_not_repeat)
    relais_ask_about_repeats (window, running->export, n_in_doubt, &running->options, question_answered, self);
  else if (window != NULL && asks)
    relais_ask_about_leavers (window, running->export, &running->options, question_answered, self);
  else if (window != NULL && run != NULL)
    add_toast (self, sentence, running->export);
  else if (window != NULL)
    relais_problem_show (GTK_WIDGET (self), running->corrections != NULL ? _("The Corrected Rows Were Not Sent") : _("The Export Did Not Run"), error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && (window == NULL || !is_looked_at ()))
    notify_end (running->export, why != NULL ? why : sentence);
  if (g_application_get_default () != NULL)
    g_application_release (g_application_get_default ());
}

static void
start_run (RelaisExportsPage      *self,
           RelaisExport           *export,
           const RelaisRunOptions *options)
{
  Running *running = g_new0 (Running, 1);

  g_weak_ref_init (&running->page, self);
  running->export = g_object_ref (export);
  running->options = *options;
  running->corrections = options->corrections != NULL ? relais_corrections_ref (options->corrections) : NULL;
  /* The window can be closed meanwhile. */
  if (g_application_get_default () != NULL)
    g_application_hold (g_application_get_default ());
  running->run = relais_delivery_run_async (self->delivery, export, options, NULL, run_ended_cb, running);
}

static void
send_corrected (gpointer           owner,
                RelaisExport      *export,
                RelaisCorrections *corrections)
{
  RelaisExportsPage *self = owner;
  const RelaisRunOptions options = { .trigger = RELAIS_TRIGGER_ON_DEMAND, .corrections = corrections };

  question_answered (self, export, &options);
}

/* Whether the person may run it, which is what sending corrected rows of it is */
static gboolean
may_correct (RelaisExportsPage *self,
             RelaisExport      *export)
{
  return relais_export_get_connection (export) != NULL &&
         relais_workspace_check_right (self->workspace, RELAIS_ACTION_RUN_EXPORTS, relais_export_get_connection (export), NULL);
}

static void
run_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  const RelaisRunOptions options = { .trigger = RELAIS_TRIGGER_ON_DEMAND };
  RelaisExport *export = find (self, parameter);

  if (export == NULL)
    return;
  if (relais_export_get_status (export) == RELAIS_EXPORT_ASKING)
    relais_ask_about_leavers (get_window (self), export, &options, question_answered, self);
  else
    start_run (self, export, &options);
}

/* They run side by side, as far as the engine and their accounts allow. */
static void
run_several (RelaisExportsPage *self,
             GPtrArray         *exports)
{
  const RelaisRunOptions options = { .trigger = RELAIS_TRIGGER_ON_DEMAND };
  g_autoptr (GPtrArray) left_out = g_ptr_array_new ();
  guint n_begun = 0;

  for (guint i = 0; i < exports->len; i++)
    if (relais_run_several_leaves_out (self->workspace, g_ptr_array_index (exports, i)) != RELAIS_LEFT_OUT_NOT)
      g_ptr_array_add (left_out, g_ptr_array_index (exports, i));
    else
      {
        start_run (self, g_ptr_array_index (exports, i), &options);
        n_begun++;
      }
  relais_run_several_tell (GTK_WIDGET (self), self->toasts, self->workspace, n_begun, left_out);
}

static void
run_all_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  GListModel *model = self->workspace != NULL ? relais_workspace_get_exports (self->workspace) : NULL;
  g_autoptr (GPtrArray) exports = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (exports, g_list_model_get_item (model, i));
  run_several (self, exports);
}

static void
run_several_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  g_autofree const char **ids = g_variant_get_strv (parameter, NULL);
  g_autoptr (GPtrArray) exports = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; ids[i] != NULL && self->workspace != NULL; i++)
    {
      RelaisExport *export = relais_workspace_find_export (self->workspace, ids[i]);

      if (export != NULL)
        g_ptr_array_add (exports, g_object_ref (export));
    }
  run_several (self, exports);
}

static void
progress_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);

  if (export != NULL && relais_export_get_last_run (export) != NULL)
    relais_running_dialog_present (get_window (self), self->workspace, export);
}

static void
result_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);

  GtkWidget *dialog;

  if (export == NULL || relais_export_get_last_run (export) == NULL)
    return;
  dialog = relais_result_dialog_new (get_window (self), relais_workspace_get_journal (self->workspace), export, NULL);
  if (may_correct (self, export))
    relais_result_dialog_let_correct (RELAIS_RESULT_DIALOG (dialog), send_corrected, self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
history_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);
  GtkWidget *dialog;

  if (export == NULL)
    return;
  dialog = relais_history_dialog_new (get_window (self), relais_workspace_get_journal (self->workspace), export);
  if (may_correct (self, export))
    relais_history_dialog_let_correct (RELAIS_HISTORY_DIALOG (dialog), send_corrected, self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
erased_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (RelaisExportsPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (relais_workspace_erase_export_finish (RELAIS_WORKSPACE (object), result, &error))
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("History erased")));
  else
    relais_problem_show (GTK_WIDGET (self), _("The History Was Not Erased"), error);
}

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  RelaisExportsPage *self = user_data;
  RelaisExport *export = relais_workspace_find_export (self->workspace, g_object_get_data (G_OBJECT (dialog), "id"));

  if (export != NULL && g_strcmp0 (response, "erase") == 0)
    relais_workspace_erase_export_async (self->workspace, export, NULL, erased_cb, g_object_ref (self));
}

/* Asks before something is gone for good. */
static void
ask_about (RelaisExportsPage *self,
           RelaisExport      *export,
           const char        *heading,
           const char        *body,
           const char        *response,
           const char        *label)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (self), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), response, label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), response, ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "id", g_strdup (relais_export_get_id (export)), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  relais_question_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);

  if (export != NULL)
    relais_undo_remove (self->toasts, self->workspace, export);
}

static void
erase_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (widget);
  RelaisExport *export = find (self, parameter);
  g_autofree char *heading = NULL;

  if (export == NULL)
    return;
  /* Translators: %s is the name of an export. */
  heading = g_strdup_printf (_("Erase the History of “%s”?"), relais_export_get_name (export));
  ask_about (self, export, heading,
             _("Its runs, the rows that were not delivered and what Relais remembers of the people who arrived are erased, and cannot be brought back. The export stays, and its next run sends everybody again, which can start automations twice. Whoever Relais took off the list stays off it. Nothing changes in the account."),
             "erase", _("_Erase"));
}

static void
update_state (RelaisExportsPage *self)
{
  gboolean any = g_list_model_get_n_items (relais_workspace_get_exports (self->workspace)) > 0;
  gboolean connects = relais_workspace_check_right (self->workspace, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL, NULL);
  gboolean works = relais_workspace_check_right (self->workspace, RELAIS_ACTION_USE_CONNECTION, NULL, NULL);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exports.run-all", works);
  adw_status_page_set_description (self->waiting, describe_waiting (self));
  gtk_stack_set_visible_child_name (self->states, any ? "list" : has_connection (self) ? "empty" : connects ? "unconnected" : "waiting");
}

static void
relais_exports_page_dispose (GObject *object)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (object);

  g_clear_object (&self->delivery);
  g_clear_object (&self->workspace);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (relais_exports_page_parent_class)->dispose (object);
}

static void
relais_exports_page_class_init (RelaisExportsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relais_exports_page_dispose;
  g_type_ensure (RELAIS_TYPE_EXPORTS_LIST);
  g_type_ensure (RELAIS_TYPE_GO_ON_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-exports-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsPage, states);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsPage, go_on_bar);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsPage, list);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsPage, practice_button);
  gtk_widget_class_install_action (widget_class, "exports.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "exports.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "exports.view", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "exports.duplicate", "s", duplicate_action);
  gtk_widget_class_install_action (widget_class, "exports.disconnect", "s", disconnect_action);
  gtk_widget_class_install_action (widget_class, "exports.run", "s", run_action);
  gtk_widget_class_install_action (widget_class, "exports.run-all", NULL, run_all_action);
  gtk_widget_class_install_action (widget_class, "exports.run-several", "as", run_several_action);
  gtk_widget_class_install_action (widget_class, "exports.progress", "s", progress_action);
  gtk_widget_class_install_action (widget_class, "exports.result", "s", result_action);
  gtk_widget_class_install_action (widget_class, "exports.history", "s", history_action);
  gtk_widget_class_install_action (widget_class, "exports.erase", "s", erase_action);
  gtk_widget_class_install_action (widget_class, "exports.remove", "s", remove_action);
}

static void
relais_exports_page_init (RelaisExportsPage *self)
{
  self->clock = relais_clock_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  relais_button_let_wrap (self->add_button);
  relais_button_let_wrap (self->practice_button);
}

/**
 * relais_exports_page_set_delivery:
 * @self: the page
 * @delivery: the engine, with the workspace whose exports it shows
 */
void
relais_exports_page_set_delivery (RelaisExportsPage *self,
                                  RelaisDelivery    *delivery)
{
  if (!g_set_object (&self->delivery, delivery))
    return;

  g_set_object (&self->workspace, relais_delivery_get_workspace (delivery));
  relais_exports_list_set_workspace (self->list, self->workspace, self->clock);
  relais_go_on_bar_set_workspace (self->go_on_bar, self->workspace);
  g_signal_connect_object (relais_workspace_get_exports (self->workspace), "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (relais_workspace_get_connections (self->workspace), "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workspace, "notify::role", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  update_state (self);
}

static void
add_segments (GtkWidget *owner,
              GSList    *files)
{
  RelaisExportsPage *self = RELAIS_EXPORTS_PAGE (owner);
  GtkWidget *dialog = relais_export_dialog_new (get_window (self), self->workspace, NULL);

  gtk_window_present (GTK_WINDOW (dialog));
  relais_export_dialog_add_files (RELAIS_EXPORT_DIALOG (dialog), files);
}

/**
 * relais_exports_page_add_with_files:
 * @self: the page
 * @files: (element-type GFile): that were dropped on the window
 *
 * Opens the editor for a new export of them, or, when it is a report that was saved and corrected, asks whether to send its rows.
 *
 * Returns: whether they were taken; else the page says what comes first
 */
gboolean
relais_exports_page_add_with_files (RelaisExportsPage *self,
                                    GSList            *files)
{
  g_autoptr (GError) error = NULL;

  if (self->workspace == NULL)
    return FALSE;
  if (!relais_workspace_check_right (self->workspace, RELAIS_ACTION_USE_CONNECTION, NULL, &error))
    {
      relais_problem_show (GTK_WIDGET (self), _("No Export Was Set Up"), error);
      return FALSE;
    }
  if (!has_connection (self))
    {
      if (relais_workspace_check_right (self->workspace, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL, NULL))
        relais_problem_tell (GTK_WIDGET (self), _("First Add a Connection"),
                             _("A segment is sent through a connection. Connect an ActiveCampaign account, or try a practice account; then drop the segment once more."));
      else
        relais_problem_tell (GTK_WIDGET (self), _("There Is No Connection to Use"), describe_waiting (self));
      return FALSE;
    }
  relais_corrected_rows_sort_out (GTK_WIDGET (self), self->workspace, files, add_segments, send_corrected);

  return TRUE;
}

/**
 * relais_exports_page_set_settings:
 * @self: the page
 * @settings: where the order of the exports is kept
 */
void
relais_exports_page_set_settings (RelaisExportsPage *self,
                                  GSettings         *settings)
{
  g_settings_bind (settings, RELAIS_SETTING_EXPORTS_ORDER, self->list, "order", G_SETTINGS_BIND_DEFAULT);
}

/**
 * relais_exports_page_search:
 * @self: the page
 *
 * Lets exports be searched for, where there are some.
 */
void
relais_exports_page_search (RelaisExportsPage *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->states), "list") == 0)
    relais_exports_list_search (self->list);
}
