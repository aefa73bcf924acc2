/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection-dialog.h"

#include "relais-connection-words.h"
#include "relais-error.h"
#include "relais-host.h"

#include <glib/gi18n-lib.h>

struct _RelaisConnectionDialog
{
  AdwWindow parent_instance;

  RelaisWorkspace  *workspace;    /* (owned) */
  RelaisConnection *connection;   /* (owned) (nullable): the one that is edited */
  GCancellable     *cancellable;  /* (owned): a check under way */
  RelaisKey        *key;          /* (owned) (nullable): the one that was accepted */
  char             *host;         /* (owned) (nullable): the one that was accepted */
  char             *account;      /* (owned) (nullable) */
  char             *user;         /* (owned) (nullable) */
  gboolean          practice;     /* the host is a practice account on this computer */
  gboolean          connected;    /* as it stands in the fields */
  gboolean          saving;       /* what is saved now can not be taken back */

  AdwEntryRow         *name_row;
  AdwComboRow         *access_row;
  GtkWidget           *account_group;
  AdwPasswordEntryRow *key_row;
  AdwEntryRow         *host_row;
  GtkLabel            *note;
  GtkWidget           *save_note_box;
  GtkLabel            *save_note;
  GtkLabel            *missing;
  GtkCheckButton      *agree_button;
  GtkStack            *connect_stack;
  GtkWidget           *connect_button;
  AdwActionRow        *connect_row;
  GtkImage            *connected_icon;
  GtkWidget           *save_button;
};

G_DEFINE_FINAL_TYPE (RelaisConnectionDialog, relais_connection_dialog, ADW_TYPE_WINDOW)

static void
set_note (RelaisConnectionDialog *self,
          const char             *sentence)
{
  gtk_label_set_label (self->note, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), sentence != NULL);
}

/* What Connect came to, or that it did not yet */
static void
set_connected (RelaisConnectionDialog *self,
               const char             *icon,
               const char             *sentence)
{
  self->connected = g_strcmp0 (icon, "emblem-ok-symbolic") == 0;
  adw_action_row_set_subtitle (self->connect_row, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->connected_icon), icon != NULL);
  gtk_image_set_from_icon_name (self->connected_icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->connected_icon), (const char *[]) { self->connected ? "success" : "warning", NULL });
}

static void
set_failed (RelaisConnectionDialog *self,
            const GError           *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_connected (self, NULL, _("Not connected yet"));
  else
    set_connected (self, "dialog-warning-symbolic", error->message);
}

static void
update_actions (RelaisConnectionDialog *self)
{
  gboolean has_name = *gtk_editable_get_text (GTK_EDITABLE (self->name_row)) != '\0';
  gboolean has_agreed = gtk_check_button_get_active (self->agree_button);
  gboolean busy = self->saving || g_strcmp0 (gtk_stack_get_visible_child_name (self->connect_stack), "busy") == 0;
  g_autofree char *missing = relais_describe_missing (has_name, has_agreed, self->connected);

  gtk_label_set_label (self->missing, missing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save", !busy && *missing == '\0');
}

static void
name_changed_cb (RelaisConnectionDialog *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->name_row), "error");
  gtk_widget_set_visible (self->save_note_box, FALSE);
  update_actions (self);
}

/* Another host or key is another account: it has to be asked, and agreed to, again. */
static void
account_changed_cb (RelaisConnectionDialog *self)
{
  set_note (self, NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->host_row), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->key_row), "error");
  if (self->connected)
    gtk_check_button_set_active (self->agree_button, FALSE);
  set_connected (self, NULL, _("Not connected yet"));
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
  record->kind = self->practice ? RELAIS_CONNECTION_PRACTICE : RELAIS_CONNECTION_ACTIVECAMPAIGN;
  g_free (record->host);
  record->host = g_strdup (self->host);

  return record;
}

/* The keyboard, and with it the page, goes to what comes next. */
static void
end_connecting (RelaisConnectionDialog *self)
{
  GtkWidget *next = self->connect_button;

  gtk_stack_set_visible_child_name (self->connect_stack, "ready");
  update_actions (self);
  if (self->connected)
    next = gtk_check_button_get_active (self->agree_button) ? self->save_button : GTK_WIDGET (self->agree_button);
  gtk_widget_grab_focus (next);
}

static void
account_got_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (RelaisConnectionDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisAccount) account = relais_client_get_account_finish (RELAIS_CLIENT (object), result, &error);
  g_autofree char *sentence = NULL;

  if (account != NULL)
    {
      g_free (self->user);
      self->user = g_strdup (account->user_name);
      g_free (self->account);
      self->account = g_strdup (account->account_name);
      if (account->account_name != NULL && *account->account_name != '\0')
        /* Translators: the first %s is the name of an account, the second of a person. */
        sentence = g_strdup_printf (_("Connected to %s, as %s"), account->account_name, account->user_name);
      else
        /* Translators: %s is the name of a person. */
        sentence = g_strdup_printf (_("Connected, as %s"), account->user_name);
      set_connected (self, "emblem-ok-symbolic", sentence);
    }
  else
    set_failed (self, error);
  end_connecting (self);
}

static void
ask_account (RelaisConnectionDialog *self,
             RelaisClient           *client)
{
  relais_client_get_account_async (client, self->cancellable, account_got_cb, g_object_ref (self));
}

static void
stored_client_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (RelaisConnectionDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisClient) client = relais_workspace_open_client_finish (RELAIS_WORKSPACE (object), result, &error);

  if (client != NULL)
    ask_account (self, client);
  else
    {
      set_failed (self, error);
      end_connecting (self);
    }
}

static void
begin_connecting (RelaisConnectionDialog *self)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->key_row));
  g_autoptr (RelaisConnectionRecord) record = make_record (self);
  g_autoptr (RelaisClient) client = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->connect_stack, "busy");
  set_connected (self, NULL, _("Asking the account…"));
  update_actions (self);
  g_clear_pointer (&self->key, relais_key_unref);
  if (*typed == '\0' && self->connection != NULL && g_strcmp0 (self->host, relais_connection_get_record (self->connection)->host) == 0)
    {
      relais_workspace_open_client_async (self->workspace, self->connection, self->cancellable, stored_client_cb, g_object_ref (self));
      return;
    }
  self->key = relais_key_new_copy (typed, -1);
  client = relais_workspace_make_client (self->workspace, record, self->key, &error);
  if (client != NULL)
    ask_account (self, client);
  else
    {
      set_failed (self, error);
      end_connecting (self);
    }
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
  body = g_strdup_printf (_("“%s” is not an address that ActiveCampaign is known to use. The API key and your customers’ data would be sent there."), self->host);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Connect to This Host?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "connect", _("C_onnect"), NULL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (host_answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
refuse (RelaisConnectionDialog *self,
        GtkWidget              *row,
        const char             *sentence)
{
  set_note (self, sentence);
  gtk_widget_add_css_class (row, "error");
  gtk_widget_grab_focus (row);

  return FALSE;
}

static gboolean
read_host (RelaisConnectionDialog *self)
{
  const char *written = gtk_editable_get_text (GTK_EDITABLE (self->host_row));
  g_autoptr (GError) error = NULL;
  gboolean reduced = FALSE;
  g_autofree char *host = relais_host_read_practice (written, NULL);

  self->practice = host != NULL;
  if (self->practice)
    set_note (self, _("This is a practice account: it runs on this computer, and nothing leaves it."));
  else
    host = relais_host_read (written, &reduced, &error);
  if (host == NULL)
    return refuse (self, GTK_WIDGET (self->host_row), error->message);
  if (reduced)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->host_row), host);
      set_note (self, _("Only the host name was kept of what you pasted."));
    }
  g_free (self->host);
  self->host = g_steal_pointer (&host);

  return TRUE;
}

/* A practice account inside the program has neither host nor key. */
static gboolean
is_built_in (RelaisConnectionDialog *self)
{
  return self->connection != NULL && relais_connection_is_practice (self->connection) &&
         relais_connection_get_record (self->connection)->host == NULL;
}

static gboolean
read_key (RelaisConnectionDialog *self)
{
  gboolean keeps = self->connection != NULL && g_strcmp0 (self->host, relais_connection_get_record (self->connection)->host) == 0;

  if (keeps || *gtk_editable_get_text (GTK_EDITABLE (self->key_row)) != '\0')
    return TRUE;

  return refuse (self, GTK_WIDGET (self->key_row), _("Enter the API key of the account."));
}

static void
connect_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  RelaisConnectionDialog *self = RELAIS_CONNECTION_DIALOG (widget);

  if (is_built_in (self))
    {
      begin_connecting (self);
      return;
    }
  if (!read_host (self) || !read_key (self))
    return;
  if (self->practice || relais_host_is_known (self->host))
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
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_cancellable_cancel (RELAIS_CONNECTION_DIALOG (widget)->cancellable);
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
  g_autoptr (RelaisConnectionRecord) record = make_record (self);

  put_consent (record);
  record->check = RELAIS_CHECK_CONNECTED;
  record->checked_at = g_get_real_time ();
  if (self->user != NULL)
    {
      g_free (record->user);
      record->user = g_strdup (self->user);
      g_free (record->account);
      record->account = g_strdup (self->account);
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

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->key, relais_key_unref);
  G_OBJECT_CLASS (relais_connection_dialog_parent_class)->dispose (object);
}

static void
relais_connection_dialog_finalize (GObject *object)
{
  RelaisConnectionDialog *self = RELAIS_CONNECTION_DIALOG (object);

  g_object_unref (self->cancellable);
  g_free (self->host);
  g_free (self->account);
  g_free (self->user);
  G_OBJECT_CLASS (relais_connection_dialog_parent_class)->finalize (object);
}

static void
relais_connection_dialog_class_init (RelaisConnectionDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_connection_dialog_dispose;
  object_class->finalize = relais_connection_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = relais_connection_dialog_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-connection-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, access_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, key_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, account_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, host_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, note);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, save_note_box);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, save_note);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, missing);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, agree_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, connect_stack);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, connect_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, connected_icon);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionDialog, save_button);
  gtk_widget_class_bind_template_callback (widget_class, account_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_install_action (widget_class, "dialog.connect", NULL, connect_action);
  gtk_widget_class_install_action (widget_class, "dialog.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, save_action);
}

static void
relais_connection_dialog_init (RelaisConnectionDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill (RelaisConnectionDialog *self)
{
  const RelaisConnectionRecord *record = relais_connection_get_record (self->connection);

  gtk_window_set_title (GTK_WINDOW (self), _("Edit Connection"));
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), record->name);
  adw_combo_row_set_selected (self->access_row, record->access == RELAIS_ACCESS_CONTRIBUTORS ? 1 : 0);
  gtk_editable_set_text (GTK_EDITABLE (self->host_row), record->host != NULL ? record->host : "");
  gtk_widget_set_visible (self->account_group, !is_built_in (self));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->key_row), _("API key: hidden, kept unless you type another"));
  gtk_check_button_set_active (self->agree_button, TRUE);
  g_free (self->host);
  self->host = g_strdup (record->host);
  self->practice = relais_connection_is_practice (self->connection);
  set_connected (self, "emblem-ok-symbolic", _("As it was when it was saved"));
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
