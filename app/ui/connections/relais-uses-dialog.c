/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-uses-dialog.h"

#include "relais-connection-words.h"
#include "relais-problem.h"
#include "relais-undo.h"

#include <glib/gi18n-lib.h>

struct _RelaisUsesDialog
{
  AdwWindow parent_instance;

  RelaisWorkspace  *workspace;    /* (owned) */
  RelaisConnection *connection;   /* (owned) */
  AdwToastOverlay  *page_toasts;  /* (owned): where it is offered to bring the connection back */
  GtkFilter        *filter;       /* (owned): the exports that use it */

  AdwToastOverlay  *toasts;
  GtkLabel         *sentence;
  GtkListBox       *list;
};

G_DEFINE_FINAL_TYPE (RelaisUsesDialog, relais_uses_dialog, ADW_TYPE_WINDOW)

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisUsesDialog *self = RELAIS_USES_DIALOG (widget);
  RelaisExport *export = relais_workspace_find_export (self->workspace, g_variant_get_string (parameter, NULL));

  if (export != NULL)
    relais_undo_remove (self->toasts, self->workspace, export);
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (RelaisUsesDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_disconnect_export_finish (RELAIS_WORKSPACE (object), result, &error))
    relais_problem_show (GTK_WIDGET (self), _("The Export Was Not Disconnected"), error);
}

static void
disconnect_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  RelaisUsesDialog *self = RELAIS_USES_DIALOG (widget);
  RelaisExport *export = relais_workspace_find_export (self->workspace, g_variant_get_string (parameter, NULL));

  if (export != NULL)
    relais_workspace_disconnect_export_async (self->workspace, export, NULL, disconnected_cb, g_object_ref (self));
}

static void
remove_connection_action (GtkWidget  *widget,
                          const char *name,
                          GVariant   *parameter)
{
  RelaisUsesDialog *self = RELAIS_USES_DIALOG (widget);

  relais_undo_remove (self->page_toasts, self->workspace, self->connection);
  gtk_window_destroy (GTK_WINDOW (self));
}

static GtkWidget *
make_button (const char   *label,
             const char   *description,
             const char   *action,
             RelaisExport *export)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", relais_export_get_id (export));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);

  return button;
}

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *name = gtk_label_new (relais_export_get_name (item));
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  /* Translators: %s is the name of an export. */
  g_autofree char *disconnects = g_strdup_printf (_("Disconnect “%s”"), relais_export_get_name (item));
  /* Translators: %s is the name of an export. */
  g_autofree char *removes = g_strdup_printf (_("Remove “%s”"), relais_export_get_name (item));

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_wrap (GTK_LABEL (name), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (name), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (buttons), make_button (_("_Disconnect"), disconnects, "uses.disconnect", item));
  gtk_box_append (GTK_BOX (buttons), make_button (_("_Remove"), removes, "uses.remove", item));
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);

  return row;
}

static gboolean
uses_it (gpointer item,
         gpointer user_data)
{
  return relais_export_get_connection (item) == RELAIS_USES_DIALOG (user_data)->connection;
}

static void
update (RelaisUsesDialog *self)
{
  guint n;
  g_autofree char *sentence = NULL;

  g_object_get (self->connection, "n-exports", &n, NULL);
  sentence = relais_describe_uses (n);
  gtk_label_set_label (self->sentence, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "uses.remove-connection", n == 0);
}

static void
relais_uses_dialog_dispose (GObject *object)
{
  RelaisUsesDialog *self = RELAIS_USES_DIALOG (object);

  g_clear_object (&self->filter);
  g_clear_object (&self->page_toasts);
  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_uses_dialog_parent_class)->dispose (object);
}

static void
relais_uses_dialog_class_init (RelaisUsesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relais_uses_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-uses-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisUsesDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, RelaisUsesDialog, sentence);
  gtk_widget_class_bind_template_child (widget_class, RelaisUsesDialog, list);
  gtk_widget_class_install_action (widget_class, "uses.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "uses.disconnect", "s", disconnect_action);
  gtk_widget_class_install_action (widget_class, "uses.remove-connection", NULL, remove_connection_action);
}

static void
relais_uses_dialog_init (RelaisUsesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An export changes its connection without leaving the list of all. */
static void
uses_changed_cb (RelaisUsesDialog *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

/**
 * relais_uses_dialog_new:
 * @parent: over which it stands
 * @workspace: whose exports they are
 * @connection: that is to be removed
 * @page_toasts: where it is offered to bring the connection back
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
relais_uses_dialog_new (GtkWindow        *parent,
                        RelaisWorkspace  *workspace,
                        RelaisConnection *connection,
                        AdwToastOverlay  *page_toasts)
{
  RelaisUsesDialog *self = g_object_new (RELAIS_TYPE_USES_DIALOG, "transient-for", parent, NULL);
  g_autoptr (GtkFilterListModel) uses = NULL;
  /* Translators: %s is the name of a connection. */
  g_autofree char *title = g_strdup_printf (_("“%s” Is in Use"), relais_connection_get_name (connection));

  self->workspace = g_object_ref (workspace);
  self->connection = g_object_ref (connection);
  self->page_toasts = g_object_ref (page_toasts);
  gtk_window_set_title (GTK_WINDOW (self), title);
  self->filter = GTK_FILTER (gtk_custom_filter_new (uses_it, self, NULL));
  uses = gtk_filter_list_model_new (g_object_ref (relais_workspace_get_exports (workspace)), g_object_ref (self->filter));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (uses), make_row, self, NULL);
  g_signal_connect_object (connection, "notify::n-exports", G_CALLBACK (uses_changed_cb), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
