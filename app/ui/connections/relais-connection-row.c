/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection-row.h"

#include "relais-connection-words.h"

#include <string.h>

struct _RelaisConnectionRow
{
  GtkListBoxRow parent_instance;

  RelaisConnection *connection;     /* (owned) */
  int               keyring_error;  /* the RelaisError of the last check, -1 = not known */
};

G_DEFINE_FINAL_TYPE (RelaisConnectionRow, relais_connection_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  PROP_0,
  PROP_CONNECTION,
  PROP_KEYRING_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* What is done to a connection is done by its page. */
static void
forward_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  g_autofree char *page_action = g_strconcat ("connections.", name + strlen ("row."), NULL);

  gtk_widget_activate_action (widget, page_action, "s", relais_connection_get_id (RELAIS_CONNECTION_ROW (widget)->connection));
}

/* What may be done now */
static void
update_actions (RelaisConnectionRow *self)
{
  gboolean shared = relais_connection_get_record (self->connection)->access == RELAIS_ACCESS_CONTRIBUTORS;
  guint n_exports;

  g_object_get (self->connection, "n-exports", &n_exports, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "row.share", !shared);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "row.stop-sharing", shared);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "row.disconnect", n_exports > 0);
}

static void
relais_connection_row_dispose (GObject *object)
{
  g_clear_object (&RELAIS_CONNECTION_ROW (object)->connection);
  G_OBJECT_CLASS (relais_connection_row_parent_class)->dispose (object);
}

static void
relais_connection_row_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, RELAIS_CONNECTION_ROW (object)->connection);
      break;

    case PROP_KEYRING_ERROR:
      g_value_set_int (value, RELAIS_CONNECTION_ROW (object)->keyring_error);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_connection_row_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      RELAIS_CONNECTION_ROW (object)->connection = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_connection_row_class_init (RelaisConnectionRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_connection_row_dispose;
  object_class->get_property = relais_connection_row_get_property;
  object_class->set_property = relais_connection_row_set_property;
  properties[PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, RELAIS_TYPE_CONNECTION,
                                                     G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_KEYRING_ERROR] = g_param_spec_int ("keyring-error", NULL, NULL, -1, G_MAXINT, -1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-connection-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_check);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_checked);
  gtk_widget_class_bind_template_callback (widget_class, relais_shows_checked);
  gtk_widget_class_bind_template_callback (widget_class, relais_check_icon);
  gtk_widget_class_bind_template_callback (widget_class, relais_check_classes);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_account);
  gtk_widget_class_install_action (widget_class, "row.edit", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.check", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.share", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.stop-sharing", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.disconnect", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.remove", NULL, forward_action);
}

static void
relais_connection_row_init (RelaisConnectionRow *self)
{
  self->keyring_error = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_connection_row_new:
 * @connection: what it shows
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
relais_connection_row_new (RelaisConnection *connection)
{
  RelaisConnectionRow *self = g_object_new (RELAIS_TYPE_CONNECTION_ROW, "connection", connection, NULL);

  g_signal_connect_object (connection, "notify::access", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "notify::n-exports", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  update_actions (self);

  return GTK_WIDGET (self);
}

/**
 * relais_connection_row_get_connection:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
RelaisConnection *
relais_connection_row_get_connection (RelaisConnectionRow *self)
{
  return self->connection;
}

/**
 * relais_connection_row_set_keyring_error:
 * @self: a row
 * @keyring_error: the RelaisError with which the keyring answered the last check, -1 = it was not in the way, or is not known
 *
 * The connection keeps that the keyring was in the way, and not how.
 */
void
relais_connection_row_set_keyring_error (RelaisConnectionRow *self,
                                         int                  keyring_error)
{
  if (self->keyring_error == keyring_error)
    return;

  self->keyring_error = keyring_error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEYRING_ERROR]);
}
