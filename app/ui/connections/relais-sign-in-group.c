/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-sign-in-group.h"

#include "relais-error.h"
#include "relais-host.h"
#include "relais-scroll.h"

#include <glib/gi18n-lib.h>

struct _RelaisSignInGroup
{
  AdwPreferencesGroup parent_instance;

  RelaisConnection *connection;   /* (owned) (nullable): the one that is edited */
  char             *host;         /* (owned) (nullable): as it was read last */
  gboolean          is_practice;  /* that host is a practice account on this computer */

  AdwPasswordEntryRow *key_row;
  AdwEntryRow         *host_row;
  GtkLabel            *note;
};

G_DEFINE_FINAL_TYPE (RelaisSignInGroup, relais_sign_in_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_note (RelaisSignInGroup *self,
          const char        *sentence)
{
  gtk_label_set_label (self->note, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), sentence != NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->note), "error");
}

static void
text_changed_cb (RelaisSignInGroup *self)
{
  set_note (self, NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->host_row), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->key_row), "error");
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Enter, in the host or the key */
static void
entry_activated_cb (RelaisSignInGroup *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static gboolean
refuse (RelaisSignInGroup *self,
        GtkWidget         *row,
        const char        *sentence)
{
  set_note (self, sentence);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "error");
  gtk_widget_add_css_class (row, "error");
  gtk_widget_grab_focus (row);
  relais_scroll_to (row, GTK_WIDGET (self->note));

  return FALSE;
}

static gboolean
read_host (RelaisSignInGroup *self)
{
  const char *written = gtk_editable_get_text (GTK_EDITABLE (self->host_row));
  g_autoptr (GError) error = NULL;
  gboolean reduced = FALSE;
  g_autofree char *host = relais_host_read_practice (written, NULL);

  self->is_practice = host != NULL;
  if (self->is_practice)
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
is_built_in (RelaisSignInGroup *self)
{
  return self->connection != NULL && relais_connection_is_practice (self->connection) &&
         relais_connection_get_record (self->connection)->host == NULL;
}

/* The stored key is for the stored host, and goes to no other. */
static gboolean
keeps_key (RelaisSignInGroup *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->key_row)) == '\0' && self->connection != NULL &&
         g_strcmp0 (self->host, relais_connection_get_record (self->connection)->host) == 0;
}

static gboolean
read_key (RelaisSignInGroup *self)
{
  if (keeps_key (self) || *gtk_editable_get_text (GTK_EDITABLE (self->key_row)) != '\0')
    return TRUE;

  return refuse (self, GTK_WIDGET (self->key_row), _("Enter the API key of the account."));
}

/* The field that a person would look at, %NULL when it is neither's fault */
static GtkWidget *
find_culprit (RelaisSignInGroup *self,
              const GError      *error)
{
  if (error->domain != RELAIS_ERROR)
    return NULL;

  switch ((int) error->code)
    {
    case RELAIS_ERROR_REFUSED:
    case RELAIS_ERROR_NOT_ALLOWED:
    case RELAIS_ERROR_KEY_MISSING:
      return GTK_WIDGET (self->key_row);

    case RELAIS_ERROR_WRONG_HOST:
    case RELAIS_ERROR_REPLY:
    case RELAIS_ERROR_NOT_FOUND:
    case RELAIS_ERROR_NAME_NOT_FOUND:
    case RELAIS_ERROR_UNREACHABLE:
    case RELAIS_ERROR_TLS:
      return GTK_WIDGET (self->host_row);

    default:
      return NULL;
    }
}

static void
relais_sign_in_group_dispose (GObject *object)
{
  g_clear_object (&RELAIS_SIGN_IN_GROUP (object)->connection);
  G_OBJECT_CLASS (relais_sign_in_group_parent_class)->dispose (object);
}

static void
relais_sign_in_group_finalize (GObject *object)
{
  g_free (RELAIS_SIGN_IN_GROUP (object)->host);
  G_OBJECT_CLASS (relais_sign_in_group_parent_class)->finalize (object);
}

static void
relais_sign_in_group_class_init (RelaisSignInGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_sign_in_group_dispose;
  object_class->finalize = relais_sign_in_group_finalize;
  signals[CHANGED] = g_signal_new ("changed", RELAIS_TYPE_SIGN_IN_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", RELAIS_TYPE_SIGN_IN_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-sign-in-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisSignInGroup, key_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSignInGroup, host_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSignInGroup, note);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
}

static void
relais_sign_in_group_init (RelaisSignInGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_sign_in_group_set_connection:
 * @self: the group
 * @connection: the one that is edited; its key is never shown
 */
void
relais_sign_in_group_set_connection (RelaisSignInGroup *self,
                                     RelaisConnection  *connection)
{
  const char *host = relais_connection_get_record (connection)->host;

  gtk_editable_set_text (GTK_EDITABLE (self->host_row), host != NULL ? host : "");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->key_row), _("API key, kept if left empty"));
  self->connection = g_object_ref (connection);
  self->host = g_strdup (host);
  self->is_practice = relais_connection_is_practice (connection);
  gtk_widget_set_visible (GTK_WIDGET (self), !is_built_in (self));
}

/**
 * relais_sign_in_group_read:
 * @self: the group
 *
 * Takes up what stands in the fields. What is wrong with it is told beside the field.
 *
 * Returns: whether an account can be asked with it
 */
gboolean
relais_sign_in_group_read (RelaisSignInGroup *self)
{
  return is_built_in (self) || (read_host (self) && read_key (self));
}

/**
 * relais_sign_in_group_blame:
 * @self: the group
 * @error: why the account could not be asked, or what it answered
 *
 * Tells it beside the field that is to blame, and goes there.
 *
 * Returns: whether one of the fields is
 */
gboolean
relais_sign_in_group_blame (RelaisSignInGroup *self,
                            const GError      *error)
{
  GtkWidget *row = is_built_in (self) ? NULL : find_culprit (self, error);

  if (row != NULL)
    refuse (self, row, error->message);

  return row != NULL;
}

/**
 * relais_sign_in_group_get_host:
 * @self: the group
 *
 * Returns: (transfer none) (nullable): the host, as it was read last; %NULL for the practice account inside the program
 */
const char *
relais_sign_in_group_get_host (RelaisSignInGroup *self)
{
  return self->host;
}

/**
 * relais_sign_in_group_is_practice:
 * @self: the group
 *
 * Returns: whether what was read last is a practice account
 */
gboolean
relais_sign_in_group_is_practice (RelaisSignInGroup *self)
{
  return self->is_practice;
}

/**
 * relais_sign_in_group_dup_key:
 * @self: the group, read
 *
 * Returns: (transfer full) (nullable): the key that was typed, %NULL when the stored one is kept
 */
RelaisKey *
relais_sign_in_group_dup_key (RelaisSignInGroup *self)
{
  return keeps_key (self) ? NULL : relais_key_new_copy (gtk_editable_get_text (GTK_EDITABLE (self->key_row)), -1);
}
