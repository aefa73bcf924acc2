/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection-dialog.h"

#include "relais-connect-group.h"
#include "relais-connection-words.h"
#include "relais-error.h"
#include "relais-host.h"
#include "relais-question.h"
#include "relais-scroll.h"
#include "relais-sign-in-group.h"

#include <glib/gi18n-lib.h>

struct _RelaisConnectionDialog
{
  AdwWindow parent_instance;

  RelaisWorkspace  *workspace;   /* (owned) */
  RelaisConnection *connection;  /* (owned) (nullable): the one that is edited */
  RelaisKey        *key;         /* (owned) (nullable): the one that was asked with, %NULL for the stored one */
  gboolean          has_agreed;  /* a person ticked the box here, and had not agreed before the connection was saved alone */
  gboolean          saving;      /* what is saved now can not be taken back */

  AdwEntryRow        *name_row;
  AdwComboRow        *access_row;
  RelaisSignInGroup  *sign_in_group;
  GtkCheckButton     *agree_button;
  RelaisConnectGroup *connect_group;
  GtkWidget          *save_note_box;
  GtkLabel           *save_note;
  GtkLabel           *missing;
  GtkWidget          *save_button;
};

G_DEFINE_FINAL_TYPE (RelaisConnectionDialog, relais_connection_dialog, ADW_TYPE_WINDOW)

static void
update_actions (RelaisConnectionDialog *self)
{
  gboolean has_name = *gtk_editable_get_text (GTK_EDITABLE (self->name_row)) != '\0';
  gboolean has_agreed = gtk_check_button_get_active (self->agree_button);
  gboolean busy = self->saving || relais_connect_group_is_busy (self->connect_group);
  g_autofree char *missing = relais_describe_missing (has_name, has_agreed, relais_connect_group_is_connected (self->connect_group));

  gtk_label_set_label (self->missing, missing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.connect", !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save", !busy && *missing == '\0');
}

static void
agree_toggled_cb (RelaisConnectionDialog *self)
{
  self->has_agreed = gtk_check_button_get_active (self->agree_button);
  update_actions (self);
}

static void
name_changed_cb (RelaisConnectionDialog *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->name_row), "error");
  gtk_widget_set_visible (self->save_note_box, FALSE);
  update_actions (self);
}

/* Another host or key is another account: it has to be asked, and agreed to, again. A key that is
 * typed once more before the account of a new connection has answered is still meant for that one. */
static void
account_changed_cb (RelaisConnectionDialog *self)
{
  if (self->connection != NULL || relais_connect_group_is_connected (self->connect_group))
    gtk_check_button_set_active (self->agree_button, FALSE);
  relais_connect_group_reset (self->connect_group);
  update_actions (self);
}

static RelaisConnectionRecord *
make_record (RelaisConnectionDialog *self)
{
  RelaisConnectionRecord *record = self->connection != NULL
    ? relais_connection_record_copy (relais_connection_get_record (self->connection)) : relais_connection_record_new ();

  g_free (record->name);
  record->name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
  record->access = adw_combo_row_get_selected (self->access_row) == 1 ? RELAIS_ACCESS_CONTRIBUTORS : RELAIS_ACCESS_ADMINISTRATORS;
  record->kind = relais_sign_in_group_is_practice (self->sign_in_group) ? RELAIS_CONNECTION_PRACTICE : RELAIS_CONNECTION_ACTIVECAMPAIGN;
  g_free (record->host);
  record->host = g_strdup (relais_sign_in_group_get_host (self->sign_in_group));

  return record;
}

static void
begin_connecting (RelaisConnectionDialog *self)
{
  g_autoptr (RelaisConnectionRecord) record = make_record (self);

  g_clear_pointer (&self->key, relais_key_unref);
  self->key = relais_sign_in_group_dup_key (self->sign_in_group);
  if (self->key != NULL)
    relais_connect_group_ask (self->connect_group, self->workspace, record, self->key);
  else
    relais_connect_group_ask_stored (self->connect_group, self->workspace, self->connection);
  update_actions (self);
}

/* The keyboard, and with it the page, goes to what comes next: what is to be mended, or filled in, or pressed. */
static void
answered_cb (RelaisConnectionDialog *self,
             const GError           *error)
{
  update_actions (self);
  if (error == NULL)
    {
      gtk_widget_grab_focus (gtk_check_button_get_active (self->agree_button) ? self->save_button : GTK_WIDGET (self->agree_button));
      relais_scroll_to (GTK_WIDGET (self->agree_button), GTK_WIDGET (self->connect_group));
      return;
    }
  if (relais_sign_in_group_blame (self->sign_in_group, error))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->connect_group));
  relais_scroll_to (GTK_WIDGET (self->connect_group), GTK_WIDGET (self->connect_group));
}

static void
host_answered_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  gpointer          user_data)
{
  if (g_strcmp0 (response, "connect") == 0)
    begin_connecting (RELAIS_CONNECTION_DIALOG (user_data));
}

static void
confirm_host (RelaisConnectionDialog *self)
{
  g_autofree char *body = NULL;
  GtkWidget *dialog;

  /* Translators: %s is a host name. */
  body = g_strdup_printf (_("“%s” is not an address that ActiveCampaign is known to use. The API key and your customers’ data would be sent there."),
                          relais_sign_in_group_get_host (self->sign_in_group));
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Connect to This Host?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "connect", _("C_onnect"), NULL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (host_answered_cb), self, 0);
  relais_question_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
connect_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  RelaisConnectionDialog *self = RELAIS_CONNECTION_DIALOG (widget);
  const char *host;

  if (!relais_sign_in_group_read (self->sign_in_group))
    return;
  host = relais_sign_in_group_get_host (self->sign_in_group);
  if (relais_sign_in_group_is_practice (self->sign_in_group) || relais_host_is_known (host))
    begin_connecting (self);
  else
    confirm_host (self);
}

/* Enter, in the host or the key */
static void
entry_activated_cb (RelaisConnectionDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "dialog.connect", NULL);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (RelaisConnectionDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisConnection) connection = relais_workspace_save_connection_finish (RELAIS_WORKSPACE (object), result, &error);

  self->saving = FALSE;
  update_actions (self);
  if (connection != NULL)
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  gtk_label_set_label (self->save_note, error->message);
  gtk_widget_set_visible (self->save_note_box, TRUE);
  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->name_row), "error");
      gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
    }
}

static void
put_consent (RelaisConnectionRecord *record)
{
  record->consent_version = RELAIS_CONSENT_VERSION;
  record->consent_at = g_get_real_time ();
  g_free (record->consent_by);
  record->consent_by = g_strdup (g_get_user_name ());
  g_free (record->consent_language);
  record->consent_language = g_strdup (g_get_language_names ()[0]);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisConnectionDialog *self = RELAIS_CONNECTION_DIALOG (widget);
  const RelaisAccount *account = relais_connect_group_get_account (self->connect_group);
  g_autoptr (RelaisConnectionRecord) record = make_record (self);

  /* Who agreed stays who agreed, and what the account said last stays that, until they are asked again. */
  if (self->has_agreed)
    put_consent (record);
  if (account != NULL)
    {
      record->check = RELAIS_CHECK_CONNECTED;
      record->checked_at = g_get_real_time ();
      g_free (record->user);
      record->user = g_strdup (account->user_name);
      g_free (record->account);
      record->account = g_strdup (account->account_name);
    }
  self->saving = TRUE;
  update_actions (self);
  relais_workspace_save_connection_async (self->workspace, record, self->key, NULL, saved_cb, g_object_ref (self));
}

/* Cancel leaves nothing behind: it comes too late while the keyring and the journal are written to. */
static gboolean
relais_connection_dialog_close_request (GtkWindow *window)
{
  if (RELAIS_CONNECTION_DIALOG (window)->saving)
    return TRUE;

  return GTK_WINDOW_CLASS (relais_connection_dialog_parent_class)->close_request (window);
}

static void
relais_connection_dialog_dispose (GObject *object)
{
  RelaisConnectionDialog *self = RELAIS_CONNECTION_DIALOG (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->key, relais_key_unref);
  G_OBJECT_CLASS (relais_connection_dialog_parent_class)->dispose (object);
}

static void
relais_connection_dialog_class_init (RelaisConnectionDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_connection_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = relais_connection_dialog_close_request;
  g_type_ensure (RELAIS_TYPE_SIGN_IN_GROUP);
  g_type_ensure (RELAIS_TYPE_CONNECT_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-connection-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, access_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, sign_in_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, connect_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, save_note_box);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, save_note);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, missing);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, agree_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, save_button);
  gtk_widget_class_bind_template_callback (widget_class, account_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, agree_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, answered_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_install_action (widget_class, "dialog.connect", NULL, connect_action);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, save_action);
}

static void
relais_connection_dialog_init (RelaisConnectionDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill (RelaisConnectionDialog *self)
{
  const RelaisConnectionRecord *record = relais_connection_get_record (self->connection);

  gtk_window_set_title (GTK_WINDOW (self), _("Edit Connection"));
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), record->name);
  adw_combo_row_set_selected (self->access_row, record->access == RELAIS_ACCESS_CONTRIBUTORS ? 1 : 0);
  relais_sign_in_group_set_connection (self->sign_in_group, self->connection);
  gtk_check_button_set_active (self->agree_button, record->consent_version == RELAIS_CONSENT_VERSION);
  self->has_agreed = FALSE;
  relais_connect_group_show_saved (self->connect_group, record->check);
}

/**
 * relais_connection_dialog_new:
 * @parent: (nullable): over which it stands
 * @workspace: where the connection is saved
 * @connection: (nullable): the one to edit, %NULL for a new one
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
relais_connection_dialog_new (GtkWindow        *parent,
                              RelaisWorkspace  *workspace,
                              RelaisConnection *connection)
{
  RelaisConnectionDialog *self = g_object_new (RELAIS_TYPE_CONNECTION_DIALOG, "transient-for", parent, NULL);

  self->workspace = g_object_ref (workspace);
  if (connection != NULL)
    {
      self->connection = g_object_ref (connection);
      fill (self);
    }
  update_actions (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));

  return GTK_WIDGET (self);
}
