/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-destination-group.h"

#include "relais-error.h"
#include "relais-usable-connections.h"

#include <glib/gi18n-lib.h>

struct _RelaisDestinationGroup
{
  AdwPreferencesGroup parent_instance;

  RelaisWorkspace *workspace;    /* (owned) (nullable): until it is set */
  GCancellable    *cancellable;  /* (owned): questions to the account */
  guint32          list_id;      /* as it was before, 0 = none */
  char            *list_name;    /* (owned) (nullable): of that list */
  GPtrArray       *lists;        /* (owned) (nullable) (element-type RelaisList): e-mail lists, as in the drop-down */
  GPtrArray       *fields;       /* (owned) (nullable) (element-type RelaisField) */
  gboolean         filling;      /* the selection changes because it is filled in */

  AdwComboRow *connection_row;
  GtkDropDown *list_button;
  AdwEntryRow *list_id_row;
  GtkWidget   *note_box;
  GtkSpinner  *spinner;
  GtkLabel    *note;
  GtkWidget   *again_button;
};

G_DEFINE_FINAL_TYPE (RelaisDestinationGroup, relais_destination_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  FIELDS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_note (RelaisDestinationGroup *self,
          const char             *sentence,
          gboolean                failed)
{
  gtk_label_set_label (self->note, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->note_box, sentence != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), !failed);
  gtk_widget_set_visible (self->again_button, failed);
}

static void
show_failure (RelaisDestinationGroup *self,
              const GError           *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_note (self, error->message, TRUE);
}

static const RelaisList *
find_list (RelaisDestinationGroup *self,
           guint32                 id,
           guint                  *position)
{
  for (guint i = 0; self->lists != NULL && i < self->lists->len; i++)
    {
      const RelaisList *list = g_ptr_array_index (self->lists, i);

      if (list->id == id)
        {
          *position = i;
          return list;
        }
    }

  return NULL;
}

static guint32
read_list_id (RelaisDestinationGroup *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->list_id_row))));
  guint64 id = 0;

  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &id, NULL) ? (guint32) id : 0;
}

/* What is typed shows in the drop-down, and the other way round. */
static void
list_id_changed_cb (RelaisDestinationGroup *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  gtk_widget_remove_css_class (GTK_WIDGET (self->list_id_row), "error");
  if (self->filling)
    return;

  find_list (self, read_list_id (self), &position);
  self->filling = TRUE;
  gtk_drop_down_set_selected (self->list_button, position);
  self->filling = FALSE;
}

static void
list_chosen_cb (RelaisDestinationGroup *self)
{
  guint selected = gtk_drop_down_get_selected (self->list_button);
  g_autofree char *id = NULL;

  if (self->filling || self->lists == NULL || selected >= self->lists->len)
    return;
  id = g_strdup_printf ("%u", ((const RelaisList *) g_ptr_array_index (self->lists, selected))->id);
  /* The drop-down is left as it is: while it tells of a choice it cannot take another. */
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->list_id_row), id);
  self->filling = FALSE;
}

static void
show_lists (RelaisDestinationGroup *self,
            GPtrArray              *lists)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_clear_pointer (&self->lists, g_ptr_array_unref);
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_list_free);
  for (guint i = 0; i < lists->len; i++)
    {
      RelaisList *list = g_ptr_array_index (lists, i);
      /* Translators: %u is the number of a list. */
      g_autofree char *number = g_strdup_printf (_("List %u"), list->id);

      if (!list->is_email)
        continue;
      gtk_string_list_append (names, list->name[0] != '\0' ? list->name : number);
      list = g_memdup2 (list, sizeof *list);
      list->name = g_strdup (list->name);
      g_ptr_array_add (self->lists, list);
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->list_button, G_LIST_MODEL (names));
  gtk_widget_set_sensitive (GTK_WIDGET (self->list_button), self->lists->len > 0);
  self->filling = FALSE;
  list_id_changed_cb (self);
}

static void
fields_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (RelaisDestinationGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fields = relais_client_list_fields_finish (RELAIS_CLIENT (object), result, &error);

  if (fields == NULL)
    {
      show_failure (self, error);
      return;
    }
  set_note (self, NULL, FALSE);
  self->fields = g_steal_pointer (&fields);
  g_signal_emit (self, signals[FIELDS_CHANGED], 0);
}

static void
lists_listed_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (RelaisDestinationGroup) self = user_data;
  RelaisClient *client = RELAIS_CLIENT (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lists = relais_client_list_lists_finish (client, result, &error);

  if (lists == NULL)
    {
      show_failure (self, error);
      return;
    }
  show_lists (self, lists);
  relais_client_list_fields_async (client, self->cancellable, fields_listed_cb, g_object_ref (self));
}

static void
client_opened_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (RelaisDestinationGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisClient) client = relais_workspace_open_client_finish (RELAIS_WORKSPACE (object), result, &error);

  if (client != NULL)
    relais_client_list_lists_async (client, self->cancellable, lists_listed_cb, g_object_ref (self));
  else
    show_failure (self, error);
}

static void
ask_account (RelaisDestinationGroup *self)
{
  RelaisConnection *connection = adw_combo_row_get_selected_item (self->connection_row);

  if (connection == NULL || self->workspace == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  gtk_widget_set_sensitive (GTK_WIDGET (self->list_button), FALSE);
  if (self->fields != NULL)
    {
      g_clear_pointer (&self->fields, g_ptr_array_unref);
      g_signal_emit (self, signals[FIELDS_CHANGED], 0);
    }
  set_note (self, _("Asking the account for its lists…"), FALSE);
  relais_workspace_open_client_async (self->workspace, connection, self->cancellable, client_opened_cb, g_object_ref (self));
}

static void
again_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ask_account (RELAIS_DESTINATION_GROUP (widget));
}

static void
relais_destination_group_dispose (GObject *object)
{
  RelaisDestinationGroup *self = RELAIS_DESTINATION_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_destination_group_parent_class)->dispose (object);
}

static void
relais_destination_group_finalize (GObject *object)
{
  RelaisDestinationGroup *self = RELAIS_DESTINATION_GROUP (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_free (self->list_name);
  G_OBJECT_CLASS (relais_destination_group_parent_class)->finalize (object);
}

static void
relais_destination_group_class_init (RelaisDestinationGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_destination_group_dispose;
  object_class->finalize = relais_destination_group_finalize;
  signals[FIELDS_CHANGED] = g_signal_new ("fields-changed", RELAIS_TYPE_DESTINATION_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (RELAIS_TYPE_CONNECTION);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-destination-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisDestinationGroup, connection_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisDestinationGroup, list_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisDestinationGroup, list_id_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisDestinationGroup, note_box);
  gtk_widget_class_bind_template_child (widget_class, RelaisDestinationGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, RelaisDestinationGroup, note);
  gtk_widget_class_bind_template_child (widget_class, RelaisDestinationGroup, again_button);
  gtk_widget_class_bind_template_callback (widget_class, ask_account);
  gtk_widget_class_bind_template_callback (widget_class, list_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_id_changed_cb);
  gtk_widget_class_install_action (widget_class, "destination.ask-again", NULL, again_action);
}

static void
relais_destination_group_init (RelaisDestinationGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill_list (RelaisDestinationGroup       *self,
           const RelaisExportDefinition *definition)
{
  g_autofree char *id = g_strdup_printf ("%u", definition->list_id);

  self->list_id = definition->list_id;
  self->list_name = g_strdup (definition->list_name);
  gtk_editable_set_text (GTK_EDITABLE (self->list_id_row), definition->list_id > 0 ? id : "");
}

/**
 * relais_destination_group_view:
 * @self: the group
 * @connection: (nullable): of an export that is only looked at
 * @definition: its list
 *
 * Shows both. The account is not asked anything.
 */
void
relais_destination_group_view (RelaisDestinationGroup       *self,
                               RelaisConnection             *connection,
                               const RelaisExportDefinition *definition)
{
  g_autoptr (GListStore) connections = g_list_store_new (RELAIS_TYPE_CONNECTION);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  if (connection != NULL)
    g_list_store_append (connections, connection);
  adw_combo_row_set_model (self->connection_row, G_LIST_MODEL (connections));
  fill_list (self, definition);
  if (definition->list_name != NULL)
    gtk_string_list_append (names, definition->list_name);
  self->filling = TRUE;
  gtk_drop_down_set_model (self->list_button, G_LIST_MODEL (names));
  self->filling = FALSE;
}

/**
 * relais_destination_group_set_workspace:
 * @self: the group
 * @workspace: whose connections are offered, as far as the person's role allows to use them
 * @definition: the connection and list as they were before
 */
void
relais_destination_group_set_workspace (RelaisDestinationGroup       *self,
                                        RelaisWorkspace              *workspace,
                                        const RelaisExportDefinition *definition)
{
  g_autoptr (GListModel) connections = relais_usable_connections_new (workspace);

  fill_list (self, definition);
  adw_combo_row_set_model (self->connection_row, connections);
  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);

      if (g_strcmp0 (relais_connection_get_name (connection), definition->connection) == 0)
        adw_combo_row_set_selected (self->connection_row, i);
    }
  self->workspace = g_object_ref (workspace);
  ask_account (self);
}

/**
 * relais_destination_group_put:
 * @self: the group
 * @definition: gets the connection and the list that were chosen
 * @error: a sentence that says what is wrong with them
 *
 * Returns: whether the account has that list, as far as it could be asked
 */
gboolean
relais_destination_group_put (RelaisDestinationGroup  *self,
                              RelaisExportDefinition  *definition,
                              GError                 **error)
{
  RelaisConnection *connection = adw_combo_row_get_selected_item (self->connection_row);
  guint32 id = read_list_id (self);
  guint position;
  const RelaisList *list = find_list (self, id, &position);

  if (id == 0 || (self->lists != NULL && list == NULL))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->list_id_row), "error");
      gtk_widget_grab_focus (GTK_WIDGET (self->list_id_row));
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           id == 0 ? _("Choose the ActiveCampaign list for this export.")
                                   : _("The account has no list with this ID. Choose one by its name."));
      return FALSE;
    }
  g_free (definition->connection);
  definition->connection = connection != NULL ? g_strdup (relais_connection_get_name (connection)) : NULL;
  definition->list_id = id;
  g_free (definition->list_name);
  definition->list_name = g_strdup (list != NULL ? list->name : id == self->list_id ? self->list_name : NULL);

  return TRUE;
}

/**
 * relais_destination_group_get_fields:
 * @self: the group
 *
 * Returns: (transfer none) (nullable) (element-type RelaisField): the account's custom fields, %NULL until they are known
 */
GPtrArray *
relais_destination_group_get_fields (RelaisDestinationGroup *self)
{
  return self->fields;
}
