/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may use a connection, and that nothing uses it any more. */

#include "relais-connection-use.h"

#include "relais-problem.h"
#include "relais-question.h"

#include <glib/gi18n-lib.h>

/**
 * relais_connection_count_exports:
 * @connection: a connection
 *
 * Returns: how many exports send through it
 */
guint
relais_connection_count_exports (RelaisConnection *connection)
{
  guint n;

  g_object_get (connection, "n-exports", &n, NULL);

  return n;
}

static void
shared_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GtkWidget) owner = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisConnection) connection = relais_workspace_save_connection_finish (RELAIS_WORKSPACE (object), result, &error);

  if (connection == NULL)
    relais_problem_show (owner, _("The Connection Was Not Changed"), error);
}

/**
 * relais_connection_share:
 * @owner: over which it is told when it cannot be done
 * @workspace: that has the connection
 * @connection: of which @access is changed
 * @access: who may use it from now on
 */
void
relais_connection_share (GtkWidget        *owner,
                         RelaisWorkspace  *workspace,
                         RelaisConnection *connection,
                         RelaisAccess      access)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_copy (relais_connection_get_record (connection));

  record->access = access;
  relais_workspace_save_connection_async (workspace, record, NULL, NULL, shared_cb, g_object_ref (owner));
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GtkWidget) owner = user_data;
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_disconnect_exports_finish (RELAIS_WORKSPACE (object), result, &error))
    relais_problem_show (owner, _("Not All Exports Were Disconnected"), error);
}

/* The connection may have been removed while it was asked about. */
static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  RelaisWorkspace *workspace = g_object_get_data (G_OBJECT (dialog), "workspace");
  RelaisConnection *connection = relais_workspace_find_connection (workspace, g_object_get_data (G_OBJECT (dialog), "id"));

  if (g_strcmp0 (response, "disconnect") == 0 && connection != NULL)
    relais_workspace_disconnect_exports_async (workspace, connection, disconnected_cb, g_object_ref (user_data));
}

/**
 * relais_connection_ask_to_disconnect:
 * @owner: over which it is asked
 * @workspace: that has the connection
 * @connection: whose exports are disconnected, if that is the answer; nothing is asked when there are none
 *
 * To put several back one by one is work: so it is asked.
 */
void
relais_connection_ask_to_disconnect (GtkWidget        *owner,
                                     RelaisWorkspace  *workspace,
                                     RelaisConnection *connection)
{
  guint n = relais_connection_count_exports (connection);
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  if (n == 0)
    return;
  heading = g_strdup_printf (ngettext ("Disconnect %u Export?", "Disconnect %u Exports?", n), n);
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (owner)), heading,
                                   _("Exports without a connection keep their settings and do not run until one is chosen for them. A run that is under way is stopped first. Nothing changes in the account."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "disconnect", _("_Disconnect"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "disconnect", ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "id", g_strdup (relais_connection_get_id (connection)), g_free);
  g_object_set_data_full (G_OBJECT (dialog), "workspace", g_object_ref (workspace), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), owner, 0);
  relais_question_present (ADW_MESSAGE_DIALOG (dialog));
}
