/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-test-workspace.h"

#include <glib/gstdio.h>

/*
 * relais_test_keep_result:
 * @user_data: (out): place for the result, %NULL until then
 */
void
relais_test_keep_result (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/*
 * relais_test_wait:
 * @result: the place that was passed with relais_test_keep_result()
 *
 * Returns: (transfer none): what is there once it is
 */
GAsyncResult *
relais_test_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/*
 * relais_test_workspace_set_up:
 *
 * Opens a workspace in which there is nothing.
 */
void
relais_test_workspace_set_up (RelaisTestWorkspace *self,
                              gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("relais-workspace.XXXXXX", &error);
  g_assert_no_error (error);
  self->secrets = relais_memory_secrets_new ();
  self->session = relais_client_session_new ();
  relais_test_workspace_open (self, &error);
  g_assert_no_error (error);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_remove (inner) != 0)
        remove_folder (inner);
    }
  g_rmdir (path);
}

/*
 * relais_test_workspace_tear_down:
 *
 * Proves that nothing holds on to the workspace, and takes its folder away.
 */
void
relais_test_workspace_tear_down (RelaisTestWorkspace *self,
                                 gconstpointer        user_data)
{
  relais_test_workspace_close (self);
  g_assert_finalize_object (self->secrets);
  g_clear_object (&self->session);
  remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

/*
 * relais_test_workspace_open:
 *
 * Returns: whether there is a workspace now
 */
gboolean
relais_test_workspace_open (RelaisTestWorkspace  *self,
                            GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_null (self->workspace);
  relais_workspace_open_async (self->folder, RELAIS_SECRET_STORE (self->secrets), self->session, NULL,
                               relais_test_keep_result, &result);
  self->workspace = relais_workspace_open_finish (relais_test_wait (&result), error);

  return self->workspace != NULL;
}

/*
 * relais_test_workspace_close:
 *
 * Proves that nothing holds on to the workspace, if there is one.
 */
void
relais_test_workspace_close (RelaisTestWorkspace *self)
{
  if (self->workspace == NULL)
    return;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&self->workspace));
}

/*
 * relais_test_workspace_reopen:
 *
 * As the next start of the program.
 */
void
relais_test_workspace_reopen (RelaisTestWorkspace *self)
{
  g_autoptr (GError) error = NULL;

  relais_test_workspace_close (self);
  relais_test_workspace_open (self, &error);
  g_assert_no_error (error);
}

/*
 * relais_test_workspace_break_journal:
 *
 * From now on nothing can be written down.
 */
void
relais_test_workspace_break_journal (RelaisTestWorkspace *self)
{
  relais_journal_close (relais_workspace_get_journal (self->workspace));
}

/*
 * relais_test_connection_record:
 * @host: (nullable): loopback and port make it a practice account, as does %NULL
 *
 * Returns: (transfer full): a connection that could be saved
 */
RelaisConnectionRecord *
relais_test_connection_record (const char *name,
                               const char *host)
{
  RelaisConnectionRecord *record = relais_connection_record_new ();

  record->kind = host == NULL || g_str_has_prefix (host, "127.0.0.1") ? RELAIS_CONNECTION_PRACTICE : RELAIS_CONNECTION_ACTIVECAMPAIGN;
  record->name = g_strdup (name);
  record->host = g_strdup (host);
  record->consent_version = RELAIS_CONSENT_VERSION;
  record->consent_language = g_strdup ("fr");
  record->consent_by = g_strdup ("zoe");
  record->consent_at = 1000;

  return record;
}

/*
 * relais_test_workspace_save:
 * @key: (nullable):
 *
 * Returns: (transfer full) (nullable): the connection
 */
RelaisConnection *
relais_test_workspace_save (RelaisTestWorkspace           *self,
                            const RelaisConnectionRecord  *record,
                            const char                    *key,
                            GError                       **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisKey) secret = key != NULL ? relais_key_new_copy (key, -1) : NULL;

  relais_workspace_save_connection_async (self->workspace, record, secret, NULL, relais_test_keep_result, &result);

  return relais_workspace_save_connection_finish (self->workspace, relais_test_wait (&result), error);
}

/*
 * relais_test_workspace_add:
 *
 * Returns: (transfer none): a new connection, which the workspace keeps alive
 */
RelaisConnection *
relais_test_workspace_add (RelaisTestWorkspace *self,
                           const char          *name,
                           const char          *host,
                           const char          *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisConnectionRecord) record = relais_test_connection_record (name, host);
  g_autoptr (RelaisConnection) connection = relais_test_workspace_save (self, record, key, &error);

  g_assert_no_error (error);

  return connection;
}

/*
 * relais_test_workspace_remove:
 *
 * Returns: whether the connection is gone
 */
gboolean
relais_test_workspace_remove (RelaisTestWorkspace  *self,
                              RelaisConnection     *connection,
                              GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_remove_connection_async (self->workspace, connection, NULL, relais_test_keep_result, &result);

  return relais_workspace_remove_connection_finish (self->workspace, relais_test_wait (&result), error);
}

/*
 * relais_test_export_definition:
 *
 * Returns: (transfer full): a definition that could be saved
 */
RelaisExportDefinition *
relais_test_export_definition (const char *name,
                               const char *connection)
{
  RelaisExportDefinition *definition = relais_export_definition_new ();

  definition->name = g_strdup (name);
  definition->connection = g_strdup (connection);
  definition->list_id = 12;
  definition->matching->email = g_strdup ("EMail");
  g_ptr_array_add (definition->segments, relais_segment_new ("/srv/clients.csv"));

  return definition;
}

/*
 * relais_test_workspace_save_export:
 *
 * Returns: (transfer full) (nullable): the export
 */
RelaisExport *
relais_test_workspace_save_export (RelaisTestWorkspace           *self,
                                   RelaisExport                  *existing,
                                   const RelaisExportDefinition  *definition,
                                   GError                       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_save_export_async (self->workspace, existing, definition, NULL, relais_test_keep_result, &result);

  return relais_workspace_save_export_finish (self->workspace, relais_test_wait (&result), error);
}

/*
 * relais_test_workspace_add_export:
 *
 * Returns: (transfer none): a new export, which the workspace keeps alive
 */
RelaisExport *
relais_test_workspace_add_export (RelaisTestWorkspace *self,
                                  const char          *name,
                                  const char          *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisExportDefinition) definition = relais_test_export_definition (name, connection);
  g_autoptr (RelaisExport) export = relais_test_workspace_save_export (self, NULL, definition, &error);

  g_assert_no_error (error);

  return export;
}

/*
 * relais_test_workspace_remove_export:
 *
 * Returns: whether the export is gone
 */
gboolean
relais_test_workspace_remove_export (RelaisTestWorkspace  *self,
                                     RelaisExport         *export,
                                     GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_workspace_remove_export_async (self->workspace, export, NULL, relais_test_keep_result, &result);

  return relais_workspace_remove_export_finish (self->workspace, relais_test_wait (&result), error);
}

/*
 * relais_test_workspace_put_run:
 * @status: RELAIS_RUN_PROCESSING leaves it without an end
 *
 * Writes a run into the journal as the engine does. The workspace learns of it when it is reopened.
 */
void
relais_test_workspace_put_run (RelaisTestWorkspace *self,
                               const char          *id,
                               RelaisExport        *export,
                               RelaisRunStatus      status,
                               guint64              delivered,
                               gint64               ended_at)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (GAsyncResult) put = NULL;
  g_autoptr (GAsyncResult) finished = NULL;
  g_autoptr (GError) error = NULL;

  record->id = g_strdup (id);
  record->export_id = g_strdup (relais_export_get_id (export));
  record->export_name = g_strdup (relais_export_get_name (export));
  record->status = RELAIS_RUN_PROCESSING;
  record->started_at = 1;
  record->error_code = -1;
  relais_journal_put_run_async (journal, record, NULL, relais_test_keep_result, &put);
  relais_journal_put_run_finish (journal, relais_test_wait (&put), record, &error);
  g_assert_no_error (error);
  if (status == RELAIS_RUN_PROCESSING)
    return;

  record->status = status;
  record->ended_at = ended_at;
  record->counts.read = delivered;
  record->counts.by_state[RELAIS_ROW_DELIVERED] = delivered;
  relais_journal_finish_run_async (journal, record, NULL, relais_test_keep_result, &finished);
  relais_journal_write_finish (journal, relais_test_wait (&finished), &error);
  g_assert_no_error (error);
}
