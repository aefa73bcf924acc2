/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connect-group.h"

#include "relais-account-status.h"
#include "relais-connection-words.h"

#include <glib/gi18n-lib.h>

struct _RelaisConnectGroup
{
  AdwPreferencesGroup parent_instance;

  GCancellable  *cancellable;   /* (owned): a question under way */
  RelaisAccount *account;       /* (owned) (nullable): who we were there, when it was asked last */
  gboolean       is_connected;  /* as it stands in the fields */

  GtkStack     *stack;
  AdwActionRow *row;
  GtkImage     *icon;
  GtkWidget    *button;
};

G_DEFINE_FINAL_TYPE (RelaisConnectGroup, relais_connect_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What Connect came to, or that it did not yet */
static void
show (RelaisConnectGroup *self,
      const char         *icon,
      const char         *style,
      const char         *sentence)
{
  const char *classes[] = { style, NULL };

  adw_action_row_set_subtitle (self->row, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon != NULL);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
}

static void
show_connected (RelaisConnectGroup *self,
                const char         *sentence)
{
  self->is_connected = TRUE;
  show (self, "emblem-ok-symbolic", "success", sentence);
}

static void
show_account (RelaisConnectGroup *self)
{
  const RelaisAccount *account = self->account;
  g_autofree char *sentence = NULL;
  g_autofree char *warning = relais_account_status_warn (account->status);

  if (account->account_name != NULL && *account->account_name != '\0')
    /* Translators: the first %s is the name of an account, the second of a person. */
    sentence = g_strdup_printf (_("Connected to %s, as %s"), account->account_name, account->user_name);
  else
    /* Translators: %s is the name of a person. */
    sentence = g_strdup_printf (_("Connected, as %s"), account->user_name);
  show_connected (self, sentence);
  if (warning != NULL)
    {
      g_autofree char *lines = g_strdup_printf ("%s\n%s", sentence, warning);

      show (self, "dialog-warning-symbolic", "warning", lines);
    }
}

static void
end (RelaisConnectGroup *self,
     const GError       *error)
{
  if (error == NULL)
    show_account (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    relais_connect_group_reset (self);
  else
    show (self, "dialog-warning-symbolic", "warning", error->message);
  gtk_stack_set_visible_child_name (self->stack, "ready");
  g_signal_emit (self, signals[ANSWERED], 0, error);
}

static void
account_got_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (RelaisConnectGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  RelaisAccount *account = relais_client_get_account_finish (RELAIS_CLIENT (object), result, &error);

  if (account != NULL)
    {
      g_clear_pointer (&self->account, relais_account_free);
      self->account = account;
    }
  end (self, error);
}

static void
ask_client (RelaisConnectGroup *self,
            RelaisClient       *client)
{
  relais_client_get_account_async (client, self->cancellable, account_got_cb, g_object_ref (self));
}

static void
stored_client_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (RelaisConnectGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisClient) client = relais_workspace_open_client_finish (RELAIS_WORKSPACE (object), result, &error);

  if (client != NULL)
    ask_client (self, client);
  else
    end (self, error);
}

static void
begin (RelaisConnectGroup *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_connected = FALSE;
  show (self, NULL, NULL, _("Asking the account…"));
  gtk_stack_set_visible_child_name (self->stack, "busy");
}

static void
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_cancellable_cancel (RELAIS_CONNECT_GROUP (widget)->cancellable);
}

static gboolean
relais_connect_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (RELAIS_CONNECT_GROUP (widget)->button);
}

static void
relais_connect_group_dispose (GObject *object)
{
  g_cancellable_cancel (RELAIS_CONNECT_GROUP (object)->cancellable);
  G_OBJECT_CLASS (relais_connect_group_parent_class)->dispose (object);
}

static void
relais_connect_group_finalize (GObject *object)
{
  RelaisConnectGroup *self = RELAIS_CONNECT_GROUP (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->account, relais_account_free);
  G_OBJECT_CLASS (relais_connect_group_parent_class)->finalize (object);
}

static void
relais_connect_group_class_init (RelaisConnectGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_connect_group_dispose;
  object_class->finalize = relais_connect_group_finalize;
  widget_class->grab_focus = relais_connect_group_grab_focus;
  signals[ANSWERED] = g_signal_new ("answered", RELAIS_TYPE_CONNECT_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);

  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-connect-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectGroup, stack);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectGroup, row);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectGroup, icon);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectGroup, button);
  gtk_widget_class_install_action (widget_class, "connect.stop", NULL, stop_action);
}

static void
relais_connect_group_init (RelaisConnectGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_connect_group_ask:
 * @self: the group
 * @workspace: that makes the client
 * @record: where the account is
 * @key: with which it is asked
 */
void
relais_connect_group_ask (RelaisConnectGroup           *self,
                          RelaisWorkspace              *workspace,
                          const RelaisConnectionRecord *record,
                          RelaisKey                    *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisClient) client = relais_workspace_make_client (workspace, record, key, &error);

  begin (self);
  if (client != NULL)
    ask_client (self, client);
  else
    end (self, error);
}

/**
 * relais_connect_group_ask_stored:
 * @self: the group
 * @workspace: that opens the client
 * @connection: whose account is asked, with the key that the keyring has
 */
void
relais_connect_group_ask_stored (RelaisConnectGroup *self,
                                 RelaisWorkspace    *workspace,
                                 RelaisConnection   *connection)
{
  begin (self);
  relais_workspace_open_client_async (workspace, connection, self->cancellable, stored_client_cb, g_object_ref (self));
}

/**
 * relais_connect_group_show_saved:
 * @self: the group
 * @check: what came of asking the account last
 *
 * The account was asked before the connection was saved. What it said since is told, and keeps nobody from another name.
 */
void
relais_connect_group_show_saved (RelaisConnectGroup *self,
                                 RelaisCheck         check)
{
  g_autofree char *state = relais_describe_check (NULL, check, -1);

  if (check == RELAIS_CHECK_CONNECTED || check == RELAIS_CHECK_NEVER)
    show_connected (self, _("As it was when it was saved"));
  else
    {
      self->is_connected = TRUE;
      show (self, "dialog-warning-symbolic", "warning", state);
    }
}

/**
 * relais_connect_group_reset:
 * @self: the group
 *
 * What it came to before, or is being asked, is about another account.
 */
void
relais_connect_group_reset (RelaisConnectGroup *self)
{
  g_cancellable_cancel (self->cancellable);
  self->is_connected = FALSE;
  show (self, NULL, NULL, _("Not connected yet"));
}

/**
 * relais_connect_group_is_busy:
 * @self: the group
 *
 * Returns: whether an account is being asked
 */
gboolean
relais_connect_group_is_busy (RelaisConnectGroup *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "busy") == 0;
}

/**
 * relais_connect_group_is_connected:
 * @self: the group
 *
 * Returns: whether the account knows the key, as they stand in the fields
 */
gboolean
relais_connect_group_is_connected (RelaisConnectGroup *self)
{
  return self->is_connected;
}

/**
 * relais_connect_group_get_account:
 * @self: the group
 *
 * Returns: (transfer none) (nullable): who we were when the account was asked last, %NULL when it was not
 */
const RelaisAccount *
relais_connect_group_get_account (RelaisConnectGroup *self)
{
  return self->account;
}
