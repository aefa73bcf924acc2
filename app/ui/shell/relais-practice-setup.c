/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-setup.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static RelaisConnection *
find_practice (RelaisWorkspace *workspace)
{
  GListModel *connections = relais_workspace_get_connections (workspace);

  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);

      /* The list keeps it alive. */
      if (relais_connection_is_practice (connection) && relais_connection_get_record (connection)->host == NULL)
        return connection;
    }

  return NULL;
}

/* The French sample is as French Excel writes it, the English one as other programs do. */
static RelaisExportDefinition *
make_definition (RelaisConnection *connection)
{
  RelaisExportDefinition *definition = relais_export_definition_new ();
  /* Translators: "fr" in French: the sample segment is then in French too. Otherwise "en". */
  gboolean french = strcmp (C_("language of the sample segment", "en"), "fr") == 0;
  g_autofree char *path = g_build_filename (RELAIS_SAMPLESDIR, french ? "clients.csv" : "customers.csv", NULL);
  RelaisMatching *matching = definition->matching;

  g_free (definition->name);
  definition->name = g_strdup (_("Sample customers"));
  g_free (definition->connection);
  definition->connection = g_strdup (relais_connection_get_name (connection));
  definition->list_id = 1;
  g_free (definition->list_name);
  definition->list_name = g_strdup ("Newsletter");
  g_ptr_array_add (definition->segments, relais_segment_new (path));
  matching->email = g_strdup (french ? "Adresse électronique" : "EMail");
  matching->first_name = g_strdup (french ? "Prénom" : "FirstName");
  matching->last_name = g_strdup (french ? "Nom" : "LastName");
  matching->phone = g_strdup (french ? "N° de téléphone" : "Telephone");
  g_free (definition->phone_country);
  definition->phone_country = g_strdup (french ? "FR" : "GB");

  return definition;
}

static void
export_saved_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (RelaisExport) export = relais_workspace_save_export_finish (RELAIS_WORKSPACE (object), result, &error);

  if (export != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
save_export (GTask            *task,
             RelaisConnection *connection)
{
  RelaisWorkspace *workspace = g_task_get_source_object (task);
  g_autoptr (RelaisExportDefinition) definition = make_definition (connection);

  if (relais_workspace_find_export (workspace, definition->name) != NULL)
    g_task_return_boolean (task, TRUE);
  else
    relais_workspace_save_export_async (workspace, NULL, definition, NULL, export_saved_cb, g_object_ref (task));
}

static void
connection_checked_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *workspace = RELAIS_WORKSPACE (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisAccount) account = relais_workspace_check_connection_finish (workspace, result, &error);
  RelaisConnection *connection = find_practice (workspace);

  /* How the check ended shows on the connections page. */
  if (account == NULL)
    g_info ("The practice account was not checked");
  if (connection != NULL)
    save_export (task, connection);
  else
    g_task_return_boolean (task, FALSE);
}

static void
connection_saved_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *workspace = RELAIS_WORKSPACE (object);
  GError *error = NULL;
  g_autoptr (RelaisConnection) connection = relais_workspace_save_connection_finish (workspace, result, &error);

  if (connection != NULL)
    relais_workspace_check_connection_async (workspace, connection, g_task_get_cancellable (task), connection_checked_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/**
 * relais_practice_setup_async:
 * @workspace: where it shall be
 * @cancellable: (nullable):
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * Sets up a practice account and an export of the sample segment, unless they are there.
 */
void
relais_practice_setup_async (RelaisWorkspace     *workspace,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (workspace, cancellable, callback, user_data);
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_new ();
  RelaisConnection *connection = find_practice (workspace);

  g_task_set_source_tag (task, relais_practice_setup_async);
  if (connection != NULL)
    {
      save_export (task, connection);
      return;
    }
  record->kind = RELAIS_CONNECTION_PRACTICE;
  record->name = g_strdup (_("Practice account"));
  /* Nothing leaves the computer, so there is nothing to agree to. */
  record->consent_version = RELAIS_CONSENT_VERSION;
  record->consent_at = g_get_real_time ();
  record->consent_by = g_strdup (g_get_user_name ());
  relais_workspace_save_connection_async (workspace, record, NULL, cancellable, connection_saved_cb, g_object_ref (task));
}

/**
 * relais_practice_setup_finish:
 * @workspace: where it shall be
 * @result: of relais_practice_setup_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it is there
 */
gboolean
relais_practice_setup_finish (RelaisWorkspace  *workspace,
                              GAsyncResult     *result,
                              GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
