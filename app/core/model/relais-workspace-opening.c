/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A workspace is opened: everything in the journal is listed, and what another
 * process is busy with is watched until it has ended. */

#include "relais-workspace-private.h"

#include "relais-export-private.h"
#include "relais-journal-ageing.h"
#include "relais-journal-log.h"
#include "relais-run-private.h"

#define WATCH_INTERVAL_MS 1000

/* Housekeeping. Nobody waits for it: the journal does it before anything that is asked of it later. */

static void
broken_runs_logged_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (RelaisWorkLock) lock = user_data;
  g_autoptr (GError) error = NULL;

  relais_work_lock_release (lock);
  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    g_info ("Runs that broke off are not in the log yet: %s", error->message);
}

static void
aged_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  guint n_runs;

  if (!relais_journal_age_finish (RELAIS_JOURNAL (object), result, &n_runs, &error))
    g_info ("Rows of older runs cannot be deleted yet: %s", error->message);
}

/* A run without an end, which nobody is working on while we have the lock, broke off. */
static void
log_broken_runs (RelaisWorkspace *self,
                 GPtrArray       *runs)
{
  gboolean has_open = FALSE;

  for (guint i = 0; i < runs->len; i++)
    has_open |= ((const RelaisRunRecord *) g_ptr_array_index (runs, i))->is_open;
  if (has_open && relais_work_lock_take (self->lock, NULL))
    relais_journal_log_broken_runs_async (self->journal, NULL, broken_runs_logged_cb, g_object_ref (self->lock));
}

/* The lists are read again: a run that another process was busy with has ended, or broke off. */
static void
runs_listed_again_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (RelaisWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, &error);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const RelaisRunRecord *record = g_ptr_array_index (runs, i);
      RelaisExport *export = relais_workspace_find_export (self, record->export_id);
      RelaisRun *run = export != NULL ? relais_export_get_last_run (export) : NULL;

      if (run == NULL || !relais_run_is_elsewhere (run) || g_strcmp0 (relais_run_get_id (run), record->id) != 0)
        continue;
      /* This process may have taken it up in the meantime, and knows more. */
      if (!relais_run_is_live (run))
        relais_run_set_record (run, record);
      relais_run_set_elsewhere (run, FALSE);
    }
}

static gboolean
watch_cb (gpointer user_data)
{
  RelaisWorkspace *self = user_data;

  if (relais_work_lock_is_taken_elsewhere (self->lock))
    return G_SOURCE_CONTINUE;

  self->watch = 0;
  relais_journal_list_runs_async (self->journal, NULL, NULL, runs_listed_again_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

/* Takes the runs of all exports, the newest first: the first of an export is its last. */
static void
take_runs (RelaisWorkspace *self,
           GPtrArray       *runs)
{
  g_autoptr (GHashTable) exports = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean elsewhere = relais_work_lock_is_taken_elsewhere (self->lock);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->exports)); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (G_LIST_MODEL (self->exports), i);

      g_hash_table_insert (exports, (gpointer) relais_export_get_id (export), export);
    }

  for (guint i = 0; i < runs->len; i++)
    {
      const RelaisRunRecord *record = g_ptr_array_index (runs, i);
      RelaisExport *export = g_hash_table_lookup (exports, record->export_id);

      if (export == NULL)
        continue;
      if (relais_export_get_last_run (export) == NULL)
        {
          g_autoptr (RelaisRun) run = relais_run_new (record);

          relais_run_set_elsewhere (run, elsewhere && record->status == RELAIS_RUN_PROCESSING);
          if (relais_run_is_elsewhere (run) && self->watch == 0)
            self->watch = g_timeout_add (WATCH_INTERVAL_MS, watch_cb, self);
          relais_export_set_last_run (export, run);
        }
      relais_export_take_refresh (export, record);
    }
}

static void
runs_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (self->journal, result, &error);

  if (runs == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_runs (self, runs);
  log_broken_runs (self, runs);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static RelaisExport *
make_export (RelaisWorkspace          *self,
             const RelaisExportRecord *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_from_json (record->definition, -1, "/", &error);
  RelaisConnection *connection = record->connection_id != NULL ? relais_workspace_find_connection (self, record->connection_id) : NULL;
  gboolean readable = definition != NULL;
  RelaisExport *export;

  /* Written by another version: it is listed, so that it can be seen and removed, and nothing else. */
  if (!readable)
    {
      g_info ("The definition of export %s cannot be read", record->id);
      definition = relais_export_definition_new ();
    }
  g_free (definition->name);
  definition->name = g_strdup (record->name);
  g_free (definition->connection);
  definition->connection = connection != NULL ? g_strdup (relais_connection_get_name (connection)) : NULL;
  export = relais_export_new (record->id, definition, connection);
  if (!readable)
    relais_export_set_unreadable (export);

  return export;
}

static void
exports_listed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) records = relais_journal_list_exports_finish (self->journal, result, &error);

  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < records->len; i++)
    {
      g_autoptr (RelaisExport) export = make_export (self, g_ptr_array_index (records, i));

      relais_workspace_place_export (self, export);
    }
  relais_workspace_count_exports (self);
  relais_journal_list_runs_async (self->journal, NULL, g_task_get_cancellable (task), runs_listed_cb, g_object_ref (task));
}

static void
connections_listed_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) records = relais_journal_list_connections_finish (self->journal, result, &error);

  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < records->len; i++)
    {
      g_autoptr (RelaisConnection) connection = relais_connection_new (g_ptr_array_index (records, i));

      relais_workspace_place_connection (self, connection);
    }
  relais_journal_list_exports_async (self->journal, g_task_get_cancellable (task), exports_listed_cb, g_object_ref (task));
}

/* In a thread of its own. */
static void
open_lock (GTask        *task,
           gpointer      source,
           gpointer      task_data,
           GCancellable *cancellable)
{
  g_task_return_boolean (task, relais_work_lock_open (task_data));
}

static void
lock_opened_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_task_data (task);

  relais_journal_list_connections_async (self->journal, g_task_get_cancellable (task), connections_listed_cb, g_object_ref (task));
}

static void
journal_opened_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_task_data (task);
  g_autoptr (GTask) opening = NULL;
  GError *error = NULL;

  self->journal = relais_journal_open_finish (result, &error);
  if (self->journal == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* First, so that the runs that are listed know of it. */
  relais_journal_age_async (self->journal, g_get_real_time (), NULL, aged_cb, NULL);
  opening = g_task_new (NULL, NULL, lock_opened_cb, g_object_ref (task));
  g_task_set_task_data (opening, g_object_ref (self->lock), g_object_unref);
  g_task_run_in_thread (opening, open_lock);
}

/**
 * relais_workspace_open_async:
 * @folder: where the journal is; made when it is not there
 * @secrets: where API keys are
 * @session: for all requests
 * @cancellable: (nullable):
 * @callback: called when everything is loaded
 * @user_data: for @callback
 */
void
relais_workspace_open_async (const char          *folder,
                             RelaisSecretStore   *secrets,
                             SoupSession         *session,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  RelaisWorkspace *self = g_object_new (RELAIS_TYPE_WORKSPACE, NULL);
  g_autofree char *path = g_build_filename (folder, "journal.sqlite", NULL);
  g_autofree char *lock = g_build_filename (folder, "work.lock", NULL);

  self->folder = g_strdup (folder);
  self->secrets = g_object_ref (secrets);
  self->session = g_object_ref (session);
  self->lock = relais_work_lock_new (lock);
  g_task_set_source_tag (task, relais_workspace_open_async);
  g_task_set_task_data (task, self, g_object_unref);
  relais_journal_open_async (path, cancellable, journal_opened_cb, task);
}

/**
 * relais_workspace_open_finish:
 * @result: of relais_workspace_open_async()
 * @error: RELAIS_ERROR_JOURNAL_*; nothing was overwritten
 *
 * Returns: (transfer full) (nullable): the workspace
 */
RelaisWorkspace *
relais_workspace_open_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
