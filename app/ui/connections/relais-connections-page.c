/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connections-page.h"

#include "relais-account-status.h"
#include "relais-button.h"
#include "relais-connection-dialog.h"
#include "relais-connection-row.h"
#include "relais-connection-use.h"
#include "relais-connections-order.h"
#include "relais-practice-setup.h"
#include "relais-problem.h"
#include "relais-undo.h"
#include "relais-uses-dialog.h"

#include <glib/gi18n-lib.h>

struct _RelaisConnectionsPage
{
  AdwBin parent_instance;

  RelaisWorkspace *workspace;    /* (owned) (nullable): until it is open */
  GCancellable    *cancellable;  /* (owned): work that ends with the page */
  GHashTable      *outcomes;     /* (owned) (element-type RelaisConnection int): how the keyring answered the last check */
  GtkFilter       *filter;       /* (owned): what is searched for */
  GtkSorter       *sorter;       /* (owned) */
  RelaisConnectionsOrder order;

  AdwToastOverlay *toasts;
  GtkStack        *states;
  GtkSearchBar    *search_bar;
  GtkEditable     *search_entry;
  GtkWidget       *keyring_box;
  GtkLabel        *keyring_label;
  GtkListBox      *list;
  GtkButton       *add_button;
  GtkButton       *practice_button;
};

G_DEFINE_FINAL_TYPE (RelaisConnectionsPage, relais_connections_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_ORDER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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

/* Nothing, when the connection is not shown at the moment */
static RelaisConnectionRow *
find_row (RelaisConnectionsPage *self,
          RelaisConnection      *connection)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (relais_connection_row_get_connection (RELAIS_CONNECTION_ROW (row)) == connection)
      return RELAIS_CONNECTION_ROW (row);

  return NULL;
}

static int
get_outcome (RelaisConnectionsPage *self,
             gpointer               connection)
{
  gpointer outcome;

  return g_hash_table_lookup_extended (self->outcomes, connection, NULL, &outcome) ? GPOINTER_TO_INT (outcome) : -1;
}

/* Kept here, because rows come and go with what is searched for. */
static void
set_outcome (RelaisConnectionsPage *self,
             RelaisConnection      *connection,
             const GError          *error)
{
  RelaisConnectionRow *row = find_row (self, connection);

  if (error != NULL && relais_check_from_error (error) == RELAIS_CHECK_KEYRING)
    g_hash_table_insert (self->outcomes, g_object_ref (connection), GINT_TO_POINTER (error->code));
  else
    g_hash_table_remove (self->outcomes, connection);
  if (row != NULL)
    relais_connection_row_set_keyring_error (row, get_outcome (self, connection));
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

  set_outcome (self, checking->connection, error);
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
set_access (RelaisConnectionsPage *self,
            GVariant              *parameter,
            RelaisAccess           access)
{
  RelaisConnection *connection = find (self, parameter);

  if (connection != NULL)
    relais_connection_share (GTK_WIDGET (self), self->workspace, connection, access);
}

static void
share_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  set_access (RELAIS_CONNECTIONS_PAGE (widget), parameter, RELAIS_ACCESS_CONTRIBUTORS);
}

static void
stop_sharing_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  set_access (RELAIS_CONNECTIONS_PAGE (widget), parameter, RELAIS_ACCESS_ADMINISTRATORS);
}

static void
disconnect_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);
  RelaisConnection *connection = find (self, parameter);

  if (connection != NULL)
    relais_connection_ask_to_disconnect (widget, self->workspace, connection);
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);
  RelaisConnection *connection = find (self, parameter);

  if (connection == NULL)
    return;
  if (relais_connection_count_exports (connection) > 0)
    gtk_window_present (GTK_WINDOW (relais_uses_dialog_new (get_window (self), self->workspace, connection, self->toasts)));
  else
    relais_undo_remove (self->toasts, self->workspace, connection);
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
  GtkWidget *row = relais_connection_row_new (item);

  relais_connection_row_set_keyring_error (RELAIS_CONNECTION_ROW (row), get_outcome (user_data, item));

  return row;
}

static gboolean
has_both_kinds (RelaisConnectionsPage *self)
{
  GListModel *connections = relais_workspace_get_connections (self->workspace);
  guint n = g_list_model_get_n_items (connections);
  guint n_practice = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);

      n_practice += relais_connection_is_practice (connection);
    }

  return n_practice > 0 && n_practice < n;
}

/* Where there are both kinds, each has its heading. */
static void
put_heading (GtkListBoxRow *row,
             GtkListBoxRow *before,
             gpointer       user_data)
{
  RelaisConnection *connection = relais_connection_row_get_connection (RELAIS_CONNECTION_ROW (row));
  gboolean practice = relais_connection_is_practice (connection);
  gboolean begins = before == NULL ||
                    relais_connection_is_practice (relais_connection_row_get_connection (RELAIS_CONNECTION_ROW (before))) != practice;
  GtkWidget *label;

  if (!begins || !has_both_kinds (user_data))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  if (gtk_list_box_row_get_header (row) != NULL)
    return;
  label = gtk_label_new (practice ? _("Practice accounts") : _("ActiveCampaign"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_box_row_set_header (row, label);
}

/* Searching and sorting */

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  return relais_connection_matches (item, gtk_editable_get_text (RELAIS_CONNECTIONS_PAGE (user_data)->search_entry));
}

static int
compare (gconstpointer item,
         gconstpointer other,
         gpointer      user_data)
{
  return relais_connection_compare ((RelaisConnection *) item, (RelaisConnection *) other, RELAIS_CONNECTIONS_PAGE (user_data)->order);
}

static void
search_changed_cb (RelaisConnectionsPage *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* With the bar goes what was searched for. */
static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->states), "list") != 0)
    return;
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
connection_changed_cb (RelaisConnectionsPage *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
  update_keyring_box (self);
}

static void
watch (RelaisConnectionsPage *self,
       guint                  position,
       guint                  n)
{
  GListModel *connections = relais_workspace_get_connections (self->workspace);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, position + i);

      /* One that only moved is watched already. */
      g_signal_handlers_disconnect_by_func (connection, connection_changed_cb, self);
      g_signal_connect_object (connection, "notify", G_CALLBACK (connection_changed_cb), self, G_CONNECT_SWAPPED);
    }
}

static void
update_state (RelaisConnectionsPage *self)
{
  gboolean any = g_list_model_get_n_items (relais_workspace_get_connections (self->workspace)) > 0;

  if (!any)
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_stack_set_visible_child_name (self->states, any ? "list" : "empty");
  update_keyring_box (self);
}

static void
connections_changed_cb (RelaisConnectionsPage *self,
                        guint                  position,
                        guint                  removed,
                        guint                  added)
{
  watch (self, position, added);
  gtk_list_box_invalidate_headers (self->list);
  update_state (self);
}

static void
relais_connections_page_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ORDER:
      g_value_set_enum (value, RELAIS_CONNECTIONS_PAGE (object)->order);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_connections_page_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (object);

  switch (prop_id)
    {
    case PROP_ORDER:
      if (self->order == (RelaisConnectionsOrder) g_value_get_enum (value))
        break;
      self->order = g_value_get_enum (value);
      gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
      g_object_notify_by_pspec (object, pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_connections_page_dispose (GObject *object)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_connections_page_parent_class)->dispose (object);
}

static void
relais_connections_page_finalize (GObject *object)
{
  RelaisConnectionsPage *self = RELAIS_CONNECTIONS_PAGE (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->filter);
  g_object_unref (self->sorter);
  g_hash_table_unref (self->outcomes);
  G_OBJECT_CLASS (relais_connections_page_parent_class)->finalize (object);
}

static void
relais_connections_page_class_init (RelaisConnectionsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_connections_page_dispose;
  object_class->finalize = relais_connections_page_finalize;
  object_class->get_property = relais_connections_page_get_property;
  object_class->set_property = relais_connections_page_set_property;
  properties[PROP_ORDER] = g_param_spec_enum ("order", NULL, NULL, RELAIS_TYPE_CONNECTIONS_ORDER, RELAIS_CONNECTIONS_BY_NAME,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/connections/relais-connections-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, states);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, RelaisConnectionsPage, search_entry);
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
  gtk_widget_class_install_action (widget_class, "connections.share", "s", share_action);
  gtk_widget_class_install_action (widget_class, "connections.stop-sharing", "s", stop_sharing_action);
  gtk_widget_class_install_action (widget_class, "connections.disconnect", "s", disconnect_action);
  gtk_widget_class_install_action (widget_class, "connections.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "connections.search", NULL, search_action);
  gtk_widget_class_install_property_action (widget_class, "connections.order", "order");
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
}

static void
relais_connections_page_init (RelaisConnectionsPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->outcomes = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, self, NULL));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self->list));
  gtk_list_box_set_header_func (self->list, put_heading, self, NULL);
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
  GListModel *connections = relais_workspace_get_connections (workspace);
  g_autoptr (GtkFilterListModel) found = NULL;
  g_autoptr (GtkSortListModel) sorted = NULL;

  if (!g_set_object (&self->workspace, workspace))
    return;

  found = gtk_filter_list_model_new (g_object_ref (connections), g_object_ref (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (found)), g_object_ref (self->sorter));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (sorted), make_row, self, NULL);
  g_signal_connect_object (connections, "items-changed", G_CALLBACK (connections_changed_cb), self, G_CONNECT_SWAPPED);
  watch (self, 0, g_list_model_get_n_items (connections));
  update_state (self);
}
