/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-workspace.h"

#include "relais-workspace-private.h"

#include "relais-error.h"

G_DEFINE_FINAL_TYPE (RelaisWorkspace, relais_workspace, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CONNECTIONS,
  PROP_EXPORTS,
  PROP_ROLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  REMOVAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
relais_workspace_dispose (GObject *object)
{
  RelaisWorkspace *self = RELAIS_WORKSPACE (object);

  relais_workspace_close (self);
  relais_workspace_set_practice_provider (self, NULL, NULL, NULL);
  G_OBJECT_CLASS (relais_workspace_parent_class)->dispose (object);
}

static void
relais_workspace_finalize (GObject *object)
{
  RelaisWorkspace *self = RELAIS_WORKSPACE (object);

  g_hash_table_unref (self->leaving);
  relais_workspace_end_set_aside (self);
  g_clear_object (&self->exports);
  g_clear_object (&self->connections);
  g_clear_object (&self->journal);
  g_clear_object (&self->lock);
  g_clear_object (&self->governors);
  g_clear_object (&self->session);
  g_clear_object (&self->secrets);
  g_free (self->folder);
  G_OBJECT_CLASS (relais_workspace_parent_class)->finalize (object);
}

static void
relais_workspace_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  RelaisWorkspace *self = RELAIS_WORKSPACE (object);

  switch (prop_id)
    {
    case PROP_CONNECTIONS:
      g_value_set_object (value, self->connections);
      break;

    case PROP_EXPORTS:
      g_value_set_object (value, self->exports);
      break;

    case PROP_ROLE:
      g_value_set_enum (value, self->role);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_workspace_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ROLE:
      relais_workspace_set_role (RELAIS_WORKSPACE (object), g_value_get_enum (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_workspace_class_init (RelaisWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = relais_workspace_dispose;
  object_class->finalize = relais_workspace_finalize;
  object_class->get_property = relais_workspace_get_property;
  object_class->set_property = relais_workspace_set_property;

  properties[PROP_CONNECTIONS] = g_param_spec_object ("connections", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_EXPORTS] = g_param_spec_object ("exports", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_ROLE] = g_param_spec_enum ("role", NULL, NULL, RELAIS_TYPE_ROLE, RELAIS_ROLE_ADMINISTRATOR,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[REMOVAL_ENDED] = g_signal_new ("removal-ended", RELAIS_TYPE_WORKSPACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
}

static void
relais_workspace_init (RelaisWorkspace *self)
{
  self->connections = g_list_store_new (RELAIS_TYPE_CONNECTION);
  self->exports = g_list_store_new (RELAIS_TYPE_EXPORT);
  self->leaving = g_hash_table_new (NULL, NULL);
  relais_workspace_begin_set_aside (self);
  self->governors = relais_governors_new ();
}

/* Order and names */

static char *
fold (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name != NULL ? name : "", -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : "", -1);
}

static int
compare_names (const char *a,
               const char *b)
{
  g_autofree char *one = fold (a);
  g_autofree char *other = fold (b);

  return g_utf8_collate (one, other);
}

/**
 * relais_workspace_has_same_name:
 * @name: what something is called
 * @other: what something else is called
 *
 * Returns: whether that is one name, in whatever case
 */
gboolean
relais_workspace_has_same_name (const char *name,
                                const char *other)
{
  g_autofree char *folded = fold (name);
  g_autofree char *folded_other = fold (other);

  return g_str_equal (folded, folded_other);
}

/**
 * relais_workspace_tell_removal_ended:
 * @self: the workspace
 * @thing: a connection or an export that was set aside, and is back or gone for good
 *
 * Tells whoever offers to bring it back.
 */
void
relais_workspace_tell_removal_ended (RelaisWorkspace *self,
                                     gpointer         thing)
{
  g_signal_emit (self, signals[REMOVAL_ENDED], 0, thing);
}

static int
compare_connections (gconstpointer a,
                     gconstpointer b,
                     gpointer      user_data)
{
  return compare_names (relais_connection_get_name ((RelaisConnection *) a), relais_connection_get_name ((RelaisConnection *) b));
}

static int
compare_exports (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  return compare_names (relais_export_get_name ((RelaisExport *) a), relais_export_get_name ((RelaisExport *) b));
}

/* Puts @item where it belongs. What stands there already is left alone, so
 * that no list forgets what is selected or shown of it. */
static void
place (GListStore       *store,
       gpointer          item,
       GCompareDataFunc  compare)
{
  GListModel *model = G_LIST_MODEL (store);
  g_autoptr (GObject) kept = g_object_ref (item);
  guint position;

  if (g_list_store_find (store, item, &position))
    {
      g_autoptr (GObject) before = position > 0 ? g_list_model_get_item (model, position - 1) : NULL;
      g_autoptr (GObject) after = g_list_model_get_item (model, position + 1);

      if ((before == NULL || compare (before, item, NULL) <= 0) && (after == NULL || compare (item, after, NULL) <= 0))
        return;
      g_list_store_remove (store, position);
    }
  g_list_store_insert_sorted (store, item, compare, NULL);
}

/**
 * relais_workspace_place_connection:
 * @self: the workspace
 * @connection: new, or with another name
 *
 * Puts it where its name belongs.
 */
void
relais_workspace_place_connection (RelaisWorkspace  *self,
                                   RelaisConnection *connection)
{
  place (self->connections, connection, compare_connections);
}

/**
 * relais_workspace_place_export:
 * @self: the workspace
 * @export: new, or with another name
 *
 * Puts it where its name belongs.
 */
void
relais_workspace_place_export (RelaisWorkspace *self,
                               RelaisExport    *export)
{
  place (self->exports, export, compare_exports);
}

/**
 * relais_workspace_count_exports:
 * @self: the workspace
 *
 * Tells every connection how many exports use it.
 */
void
relais_workspace_count_exports (RelaisWorkspace *self)
{
  GListModel *connections = G_LIST_MODEL (self->connections);
  GListModel *exports = G_LIST_MODEL (self->exports);

  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);
      guint n = 0;

      for (guint j = 0; j < g_list_model_get_n_items (exports); j++)
        {
          g_autoptr (RelaisExport) export = g_list_model_get_item (exports, j);

          n += relais_export_get_connection (export) == connection;
        }
      relais_connection_set_n_exports (connection, n);
    }
}

/**
 * relais_workspace_find_connection:
 * @self: the workspace
 * @name_or_id: a display name in any case, or an id
 *
 * Returns: (transfer none) (nullable): the connection
 */
RelaisConnection *
relais_workspace_find_connection (RelaisWorkspace *self,
                                  const char      *name_or_id)
{
  GListModel *connections = G_LIST_MODEL (self->connections);
  g_autofree char *folded = fold (name_or_id);

  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);
      g_autofree char *name = fold (relais_connection_get_name (connection));

      /* The list keeps it alive. */
      if (g_strcmp0 (name, folded) == 0 || g_strcmp0 (relais_connection_get_id (connection), name_or_id) == 0)
        return connection;
    }

  return NULL;
}

/**
 * relais_workspace_find_export:
 * @self: the workspace
 * @name_or_id: a display name in any case, or an id
 *
 * Returns: (transfer none) (nullable): the export
 */
RelaisExport *
relais_workspace_find_export (RelaisWorkspace *self,
                              const char      *name_or_id)
{
  GListModel *exports = G_LIST_MODEL (self->exports);
  g_autofree char *folded = fold (name_or_id);

  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);
      g_autofree char *name = fold (relais_export_get_name (export));

      if (g_strcmp0 (name, folded) == 0 || g_strcmp0 (relais_export_get_id (export), name_or_id) == 0)
        return export;
    }

  return NULL;
}

/**
 * relais_workspace_check_name:
 * @name: (nullable): what something shall be called, without blanks around it
 * @is_taken: whether something else of its kind is called so
 * @missing: what is said when there is no name
 * @taken: what is said when it is taken
 * @error: RELAIS_ERROR_DEFINITION or RELAIS_ERROR_NAME_TAKEN
 *
 * Returns: whether it can be called so
 */
gboolean
relais_workspace_check_name (const char  *name,
                             gboolean     is_taken,
                             const char  *missing,
                             const char  *taken,
                             GError     **error)
{
  if (name == NULL || *name == '\0')
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, missing);
  else if (is_taken)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN, taken);
  else
    return TRUE;

  return FALSE;
}

/**
 * relais_workspace_close:
 * @self: the workspace
 *
 * Writes down what is still to be written and lets go of the files.
 */
void
relais_workspace_close (RelaisWorkspace *self)
{
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->journal != NULL)
    relais_journal_close (self->journal);
}

/**
 * relais_workspace_get_role:
 * @self: the workspace
 *
 * Returns: the person's role
 */
RelaisRole
relais_workspace_get_role (RelaisWorkspace *self)
{
  return self->role;
}

/**
 * relais_workspace_set_role:
 * @self: the workspace
 * @role: of the person
 *
 * What is under way goes on: it was allowed when it began.
 */
void
relais_workspace_set_role (RelaisWorkspace *self,
                           RelaisRole       role)
{
  if (self->role == role)
    return;

  self->role = role;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
}

/**
 * relais_workspace_check_right:
 * @self: the workspace
 * @action: what is to be done
 * @connection: (nullable): as for relais_role_check()
 * @error: RELAIS_ERROR_ROLE
 *
 * Returns: whether the person's role allows it
 */
gboolean
relais_workspace_check_right (RelaisWorkspace   *self,
                              RelaisAction       action,
                              RelaisConnection  *connection,
                              GError           **error)
{
  return relais_role_check (self->role, action, connection, error);
}

/**
 * relais_workspace_get_journal:
 * @self: the workspace
 *
 * Returns: (transfer none): where runs are written down
 */
RelaisJournal *
relais_workspace_get_journal (RelaisWorkspace *self)
{
  return self->journal;
}

/**
 * relais_workspace_get_work_lock:
 * @self: the workspace
 *
 * Returns: (transfer none): what a run takes before it sends
 */
RelaisWorkLock *
relais_workspace_get_work_lock (RelaisWorkspace *self)
{
  return self->lock;
}

/**
 * relais_workspace_get_connections:
 * @self: the workspace
 *
 * Returns: (transfer none): RelaisConnection objects by name
 */
GListModel *
relais_workspace_get_connections (RelaisWorkspace *self)
{
  return G_LIST_MODEL (self->connections);
}

/**
 * relais_workspace_get_exports:
 * @self: the workspace
 *
 * Returns: (transfer none): RelaisExport objects by name
 */
GListModel *
relais_workspace_get_exports (RelaisWorkspace *self)
{
  return G_LIST_MODEL (self->exports);
}

/**
 * relais_workspace_set_practice_provider:
 * @self: the workspace
 * @provider: (nullable): starts the built-in practice account
 * @user_data: for @provider
 * @destroy: (nullable): frees @user_data
 */
void
relais_workspace_set_practice_provider (RelaisWorkspace        *self,
                                        RelaisPracticeProvider  provider,
                                        gpointer                user_data,
                                        GDestroyNotify          destroy)
{
  if (self->practice_destroy != NULL)
    self->practice_destroy (self->practice_data);
  self->practice = provider;
  self->practice_data = user_data;
  self->practice_destroy = destroy;
}
