/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connections-page.h"

#include "relais-account-status.h"
#include "relais-button.h"
#include "relais-connection-dialog.h"
#include "relais-connection-row.h"
#include "relais-practice-setup.h"
#include "relais-problem.h"
#include "relais-question.h"

#include <glib/gi18n-lib.h>

struct _RelaisConnectionsPage
{
  AdwBin parent_instance;

  RelaisWorkspace *workspace;    /* (owned) (nullable): until it is open */
  GCancellable    *cancellable;  /* (owned): work that ends with the page */

  GtkStack        *states;
  GtkWidget       *keyring_box;
  GtkLabel        *keyring_label;
  GtkListBox      *list;
  GtkButton       *add_button;
  GtkButton       *practice_button;
};

G_DEFINE_FINAL_TYPE (RelaisConnectionsPage, relais_connections_page, ADW_TYPE_BIN)

static GtkWindow *
get_window (RelaisConnectionsPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static RelaisConnection *
find (RelaisConnectionsPage *self,
      GVariant              *parameter)
{
  return self->workspace != NULL ? relais_workspace_find_connection (self->workspace, g_variant_get_string (parameter, NULL)) : NULL;
}

static void
open_dialog (RelaisConnectionsPage *self,
             RelaisConnection      *connection)
{
  if (self->workspace != NULL)
    gtk_window_present (GTK_WINDOW (relais_connection_dialog_new (get_window (self), self->workspace, connection)));
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  open_dialog (RELAIS_CONNECTIONS_PAGE (widget), NULL);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);
  RelaisConnection *connection = find (self, parameter);

  if (connection != NULL)
    open_dialog (self, connection);
}

/* Gone, when the connection was removed or the page closed meanwhile */
static RelaisConnectionRow *
find_row (RelaisConnectionsPage *self,
          RelaisConnection      *connection)
{
  GListModel *connections = self->workspace != NULL ? relais_workspace_get_connections (self->workspace) : NULL;

  for (guint i = 0; connections != NULL && i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) item = g_list_model_get_item (connections, i);

      if (item == connection)
        return RELAIS_CONNECTION_ROW (gtk_list_box_get_row_at_index (self->list, (int) i));
    }

  return NULL;
}

/* One connection that is checked */
typedef struct
{
  RelaisConnectionsPage *page;        /* (owned) */
  RelaisConnection      *connection;  /* (owned) */
} Checking;

static void
free_checking (Checking *checking)
{
  g_object_unref (checking->page);
  g_object_unref (checking->connection);
  g_free (checking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Checking, free_checking)

/* An account that is told to be suspended, or the like, may answer all the same. */
static void
tell_status (RelaisConnectionsPage *self,
             const RelaisAccount   *account)
{
  g_autofree char *warning = relais_account_status_warn (account->status);

  if (warning != NULL)
    relais_problem_tell (GTK_WIDGET (self), _("Connected, but the Account May Be Suspended"), warning);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Checking) checking = user_data;
  RelaisConnectionsPage *self = checking->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisAccount) account = relais_workspace_check_connection_finish (RELAIS_WORKSPACE (object), result, &error);
  RelaisConnectionRow *row = find_row (self, checking->connection);

  if (row != NULL)
    relais_connection_row_set_outcome (row, error);
  if (account != NULL)
    {
      tell_status (self, account);
      return;
    }
  if (relais_check_from_error (error) == RELAIS_CHECK_KEYRING)
    gtk_label_set_label (self->keyring_label, error->message);
  else
    relais_problem_show (GTK_WIDGET (self), _("The Connection Does Not Work"), error);
}

static void
check (RelaisConnectionsPage *self,
       RelaisConnection      *connection)
{
  Checking *checking = g_new0 (Checking, 1);

  checking->page = g_object_ref (self);
  checking->connection = g_object_ref (connection);
  relais_workspace_check_connection_async (self->workspace, connection, self->cancellable, checked_cb, checking);
}

static void
check_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);
  RelaisConnection *connection = find (self, parameter);

  if (connection != NULL)
    check (self, connection);
}

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelaisConnectionsPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_remove_connection_finish (RELAIS_WORKSPACE (object), result, &error))
    relais_problem_show (GTK_WIDGET (self), _("The Connection Was Not Removed"), error);
}

static void
remove_answered_cb (AdwMessageDialog *dialog,
                    const char       *response,
                    gpointer          user_data)
{
  RelaisConnectionsPage *self = user_data;
  RelaisConnection *connection = relais_workspace_find_connection (self->workspace, g_object_get_data (G_OBJECT (dialog), "id"));

  if (g_strcmp0 (response, "remove") == 0 && connection != NULL)
    relais_workspace_remove_connection_async (self->workspace, connection, NULL, removed_cb, g_object_ref (self));
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);
  RelaisConnection *connection = find (self, parameter);
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  if (connection == NULL)
    return;
  /* Translators: %s is the name of a connection. */
  heading = g_strdup_printf (_("Remove “%s”?"), relais_connection_get_name (connection));
  dialog = adw_message_dialog_new (get_window (self), heading, _("Its API key is removed from the keyring. Nothing changes in the account."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "id", g_strdup (relais_connection_get_id (connection)), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_answered_cb), self, 0);
  relais_question_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
practice_ready_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (RelaisConnectionsPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (relais_practice_setup_finish (RELAIS_WORKSPACE (object), result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-exports", NULL);
  else if (error != NULL)
    relais_problem_show (GTK_WIDGET (self), _("The Practice Account Was Not Set Up"), error);
}

static void
practice_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);

  if (self->workspace != NULL)
    relais_practice_setup_async (self->workspace, self->cancellable, practice_ready_cb, g_object_ref (self));
}

static gboolean
has_keyring_trouble (RelaisConnection *connection)
{
  return relais_connection_get_record (connection)->check == RELAIS_CHECK_KEYRING;
}

/* Every connection whose key could not be had is asked again, and the keyring with it. */
static void
try_again_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);
  GListModel *connections = self->workspace != NULL ? relais_workspace_get_connections (self->workspace) : NULL;

  for (guint i = 0; connections != NULL && i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);

      if (has_keyring_trouble (connection))
        check (self, connection);
    }
}

static void
update_keyring_box (RelaisConnectionsPage *self)
{
  GListModel *connections = relais_workspace_get_connections (self->workspace);
  gboolean trouble = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (connections) && !trouble; i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);

      trouble = has_keyring_trouble (connection);
    }
  gtk_widget_set_visible (self->keyring_box, trouble);
}

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  g_signal_connect_object (item, "notify::check", G_CALLBACK (update_keyring_box), user_data, G_CONNECT_SWAPPED);

  return relais_connection_row_new (item);
}

static void
update_state (RelaisConnectionsPage *self)
{
  GListModel *connections = relais_workspace_get_connections (self->workspace);

  gtk_stack_set_visible_child_name (self->states, g_list_model_get_n_items (connections) > 0 ? "list" : "empty");
  update_keyring_box (self);
}

static void
relais_connections_page_dispose (GObject *object)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_connections_page_parent_class)->dispose (object);
}

static void
relais_connections_page_finalize (GObject *object)
{
  g_object_unref (RELAIS_CONNECTIONS_PAGE (object)->cancellable);
  G_OBJECT_CLASS (relais_connections_page_parent_class)->finalize (object);
}

static void
relais_connections_page_class_init (RelaisConnectionsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_connections_page_dispose;
  object_class->finalize = relais_connections_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-connections-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, states);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, keyring_box);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, keyring_label);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, list);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, practice_button);
  gtk_widget_class_install_action (widget_class, "connections.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "connections.practice", NULL, practice_action);
  gtk_widget_class_install_action (widget_class, "connections.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "connections.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "connections.check", "s", check_action);
  gtk_widget_class_install_action (widget_class, "connections.remove", "s", remove_action);
}

static void
relais_connections_page_init (RelaisConnectionsPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  relais_button_let_wrap (self->add_button);
  relais_button_let_wrap (self->practice_button);
}

/**
 * relais_connections_page_set_workspace:
 * @self: the page
 * @workspace: whose connections it shows
 */
void
relais_connections_page_set_workspace (RelaisConnectionsPage *self,
                                       RelaisWorkspace       *workspace)
{
  if (!g_set_object (&self->workspace, workspace))
    return;

  gtk_list_box_bind_model (self->list, relais_workspace_get_connections (workspace), make_row, self, NULL);
  g_signal_connect_object (relais_workspace_get_connections (workspace), "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  update_state (self);
}
