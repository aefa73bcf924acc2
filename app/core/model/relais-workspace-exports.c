/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Exports are saved and removed, and what is remembered of them is erased. */

#include "relais-workspace-private.h"

#include "relais-error.h"
#include "relais-export-private.h"
#include "relais-journal-ageing.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RelaisExport           *existing;    /* (owned) (nullable) */
  RelaisExportDefinition *definition;  /* (owned) */
  RelaisConnection       *connection;  /* (owned) (nullable) */
  char                   *id;          /* (owned) */
} Saving;

static void
free_saving (gpointer data)
{
  Saving *saving = data;

  g_clear_object (&saving->existing);
  g_clear_object (&saving->connection);
  relais_export_definition_free (saving->definition);
  g_free (saving->id);
  g_free (saving);
}

static gboolean
check_name (RelaisWorkspace  *self,
            Saving           *saving,
            GError          **error)
{
  char *name = saving->definition->name;
  RelaisExport *other = name != NULL ? relais_workspace_find_export (self, g_strstrip (name)) : NULL;
  /* Translators: %s is the name of an export. */
  g_autofree char *taken = g_strdup_printf (_("Another export is called “%s”. Choose another name."), name != NULL ? name : "");

  return relais_workspace_check_name (name, other != NULL && other != saving->existing,
                                      _("The export needs a display name."), taken, error);
}

/* What cannot be read is not overwritten, and what is gone does not come back. */
static gboolean
check_is_there (RelaisWorkspace  *self,
                const Saving     *saving,
                GError          **error)
{
  if (saving->existing == NULL)
    return TRUE;

  return relais_workspace_check_there (self, saving->existing, error) && relais_export_check_readable (saving->existing, error);
}

static gboolean
find_connection (RelaisWorkspace  *self,
                 Saving           *saving,
                 GError          **error)
{
  const char *name = saving->definition->connection;
  RelaisConnection *connection = name != NULL ? relais_workspace_find_connection (self, name) : NULL;

  if (connection != NULL && !g_hash_table_contains (self->leaving, connection))
    {
      saving->connection = g_object_ref (connection);
      g_free (saving->definition->connection);
      saving->definition->connection = g_strdup (relais_connection_get_name (connection));
      return TRUE;
    }
  if (name == NULL)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("Choose the connection for this export."));
  else
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN,
                 /* Translators: %s is the name of a connection. */
                 _("There is no connection called “%s”."), name);

  return FALSE;
}

/* An export is changed by whoever may use the connection it has and the one that it gets. */
static gboolean
check_rights (RelaisWorkspace  *self,
              const Saving     *saving,
              GError          **error)
{
  return (saving->existing == NULL ||
          relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_EXPORTS, relais_export_get_connection (saving->existing), error)) &&
         relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_EXPORTS, saving->connection, error);
}

static gboolean
check_content (const RelaisExportDefinition  *definition,
               GError                       **error)
{
  if (definition->list_id == 0)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("Choose the ActiveCampaign list for this export."));
  else if (definition->segments->len == 0)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("Choose at least one segment for this export."));
  else if (definition->matching->email == NULL)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("Choose the column that holds the e-mail address."));
  else
    return TRUE;

  return FALSE;
}

static void
record_written_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  GError *error = NULL;

  if (!relais_journal_write_finish (self->journal, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (saving->existing != NULL)
    relais_export_set_definition (saving->existing, saving->definition, saving->connection);
  else
    saving->existing = relais_export_new (saving->id, saving->definition, saving->connection);
  relais_workspace_place_export (self, saving->existing);
  relais_workspace_count_exports (self);
  g_task_return_pointer (task, g_object_ref (saving->existing), g_object_unref);
}

/* Name and connection are kept beside the definition: they change without it. */
static char *
write_definition (const RelaisExportDefinition *definition)
{
  g_autoptr (RelaisExportDefinition) stored = relais_export_definition_copy (definition);

  g_clear_pointer (&stored->name, g_free);
  g_clear_pointer (&stored->connection, g_free);

  return relais_export_definition_to_json (stored);
}

static void
write_record (GTask *task)
{
  RelaisWorkspace *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  g_autoptr (RelaisExportRecord) record = relais_export_record_new ();

  record->id = g_strdup (saving->id);
  record->name = g_strdup (saving->definition->name);
  record->connection_id = g_strdup (relais_connection_get_id (saving->connection));
  record->definition = write_definition (saving->definition);
  record->created_at = record->changed_at = g_get_real_time ();
  relais_journal_put_export_async (self->journal, record, g_task_get_cancellable (task), record_written_cb, g_object_ref (task));
}

static void
name_cleared_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (relais_workspace_clear_finish (RELAIS_WORKSPACE (object), result, &error))
    write_record (task);
  else
    g_task_return_error (task, error);
}

/**
 * relais_workspace_save_export_async:
 * @self: the workspace
 * @existing: (nullable): the export that is changed, %NULL for a new one
 * @definition: what it shall do
 * @cancellable: (nullable): until it is written
 * @callback: called when it is saved
 * @user_data: for @callback
 *
 * Saving an export does not run it. One of that name that could still be brought back is gone for good before.
 */
void
relais_workspace_save_export_async (RelaisWorkspace              *self,
                                    RelaisExport                 *existing,
                                    const RelaisExportDefinition *definition,
                                    GCancellable                 *cancellable,
                                    GAsyncReadyCallback           callback,
                                    gpointer                      user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Saving *saving = g_new0 (Saving, 1);
  gpointer namesake;
  GError *error = NULL;

  g_task_set_source_tag (task, relais_workspace_save_export_async);
  /* What has been saved is told as saved. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, saving, free_saving);
  saving->existing = existing != NULL ? g_object_ref (existing) : NULL;
  saving->definition = relais_export_definition_copy (definition);
  saving->id = existing != NULL ? g_strdup (relais_export_get_id (existing)) : g_uuid_string_random ();
  if (!check_is_there (self, saving, &error) || !check_name (self, saving, &error) || !find_connection (self, saving, &error) ||
      !check_rights (self, saving, &error) || !check_content (definition, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  /* Whoever gives away the name of what was removed does not want that back. */
  namesake = relais_workspace_find_set_aside (self, RELAIS_TYPE_EXPORT, saving->definition->name);
  if (namesake != NULL)
    relais_workspace_clear_async (self, namesake, name_cleared_cb, g_object_ref (task));
  else
    write_record (task);
}

/**
 * relais_workspace_save_export_finish:
 * @self: the workspace
 * @result: of relais_workspace_save_export_async()
 * @error: RELAIS_ERROR_ROLE, _DEFINITION, _NAME_TAKEN, _UNKNOWN or _JOURNAL_*: nothing was saved
 *
 * Returns: (transfer full) (nullable): the export
 */
RelaisExport *
relais_workspace_save_export_finish (RelaisWorkspace  *self,
                                     GAsyncResult     *result,
                                     GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * relais_workspace_check_there:
 * @self: the workspace
 * @export: an export that is to be changed or run
 * @error: RELAIS_ERROR_UNKNOWN when it has been removed, even if it can be brought back
 *
 * Returns: whether it is there
 */
gboolean
relais_workspace_check_there (RelaisWorkspace  *self,
                              RelaisExport     *export,
                              GError          **error)
{
  if (g_list_store_find (self->exports, export, NULL))
    return TRUE;
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("This export has been removed in the meantime."));

  return FALSE;
}

/**
 * relais_workspace_check_idle:
 * @self: the workspace
 * @export: an export that is to be changed
 * @error: RELAIS_ERROR_IN_USE while this process or another runs it
 *
 * Returns: whether nobody runs it
 */
gboolean
relais_workspace_check_idle (RelaisWorkspace  *self,
                             RelaisExport     *export,
                             GError          **error)
{
  RelaisRun *run = relais_export_get_last_run (export);
  gboolean elsewhere = run != NULL && relais_run_get_record (run)->status == RELAIS_RUN_PROCESSING &&
                       relais_work_lock_is_taken_elsewhere (self->lock);

  if (run == NULL || (!relais_run_is_live (run) && !elsewhere))
    return TRUE;
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE,
               /* Translators: %s is the name of an export. */
               _("“%s” is running. Wait until it has ended, or cancel it, before changing it."), relais_export_get_name (export));

  return FALSE;
}

/* Removing */

typedef struct
{
  RelaisExport *export;  /* (owned) */
  gboolean      locked;  /* no other process can begin a run */
} Removing;

static void
free_removing (gpointer data)
{
  Removing *removing = data;

  g_object_unref (removing->export);
  g_free (removing);
}

static void
record_removed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);
  GError *error = NULL;
  guint position;

  if (removing->locked)
    relais_work_lock_release (self->lock);
  if (!relais_journal_write_finish (self->journal, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_list_store_find (self->exports, removing->export, &position))
    g_list_store_remove (self->exports, position);
  relais_workspace_count_exports (self);
  g_task_return_boolean (task, TRUE);
}

/* With the lock no other process can begin to run it. Whoever has the lock may be
 * running it: then the journal knows. */
static gboolean
keep_others_away (RelaisWorkspace  *self,
                  Removing         *removing,
                  GError          **error)
{
  g_autoptr (GError) local_error = NULL;

  removing->locked = relais_work_lock_take (self->lock, &local_error);
  if (removing->locked || g_error_matches (local_error, RELAIS_ERROR, RELAIS_ERROR_BUSY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* What removes or erases. @running is what is said when this process runs it.
 * Returns: (transfer full) (nullable): the task, when it can begin; otherwise it has returned why not */
static GTask *
begin_removing (RelaisWorkspace     *self,
                gpointer             tag,
                RelaisExport        *export,
                const char          *running,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Removing *removing = g_new0 (Removing, 1);
  RelaisRun *run = relais_export_get_last_run (export);
  GError *error = NULL;

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, removing, free_removing);
  removing->export = g_object_ref (export);
  if (!relais_workspace_check_right (self, RELAIS_ACTION_CHANGE_EXPORTS, relais_export_get_connection (export), &error))
    g_task_return_error (task, error);
  else if (run != NULL && relais_run_is_live (run))
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_IN_USE, "%s", running);
  else if (!keep_others_away (self, removing, &error))
    g_task_return_error (task, error);
  else
    return g_steal_pointer (&task);

  return NULL;
}

/**
 * relais_workspace_remove_export_async:
 * @self: the workspace
 * @export: what to remove, with its history and what it remembers; nothing changes in the account
 * @cancellable: (nullable): until it is removed
 * @callback: called when it is gone
 * @user_data: for @callback
 */
void
relais_workspace_remove_export_async (RelaisWorkspace     *self,
                                      RelaisExport        *export,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  /* Translators: %s is the name of an export. */
  g_autofree char *running = g_strdup_printf (_("“%s” is running. Cancel it before removing it."), relais_export_get_name (export));
  GTask *task = begin_removing (self, relais_workspace_remove_export_async, export, running, callback, user_data);

  if (task != NULL)
    relais_journal_remove_export_async (self->journal, relais_export_get_id (export), !((Removing *) g_task_get_task_data (task))->locked,
                                        cancellable, record_removed_cb, task);
}

/**
 * relais_workspace_remove_export_finish:
 * @self: the workspace
 * @result: of relais_workspace_remove_export_async()
 * @error: RELAIS_ERROR_ROLE, RELAIS_ERROR_IN_USE while this process or another runs it, or RELAIS_ERROR_JOURNAL_*
 *
 * Returns: whether it is gone
 */
gboolean
relais_workspace_remove_export_finish (RelaisWorkspace  *self,
                                       GAsyncResult     *result,
                                       GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Erasing */

static void
erased_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisWorkspace *self = g_task_get_source_object (task);
  Removing *removing = g_task_get_task_data (task);
  GError *error = NULL;

  if (removing->locked)
    relais_work_lock_release (self->lock);
  if (!relais_journal_write_finish (self->journal, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  relais_export_forget_runs (removing->export);
  g_task_return_boolean (task, TRUE);
}

/**
 * relais_workspace_erase_export_async:
 * @self: the workspace
 * @export: what was exported
 * @cancellable: (nullable): until it is erased
 * @callback: called when it is erased
 * @user_data: for @callback
 *
 * Erases all that is remembered of an export: its runs with their batches and rows that were not delivered, and what
 * arrived earlier, so that its next run sends everybody. The export itself stays, and so do the lines of the log,
 * which hold no customer. Nothing changes in the account.
 */
void
relais_workspace_erase_export_async (RelaisWorkspace     *self,
                                     RelaisExport        *export,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  /* Translators: %s is the name of an export. */
  g_autofree char *running = g_strdup_printf (_("“%s” is running. Cancel it before erasing what is remembered of it."), relais_export_get_name (export));
  GTask *task = begin_removing (self, relais_workspace_erase_export_async, export, running, callback, user_data);

  if (task != NULL)
    relais_journal_erase_export_async (self->journal, relais_export_get_id (export), !((Removing *) g_task_get_task_data (task))->locked,
                                       cancellable, erased_cb, task);
}

/**
 * relais_workspace_erase_export_finish:
 * @self: the workspace
 * @result: of relais_workspace_erase_export_async()
 * @error: RELAIS_ERROR_ROLE, RELAIS_ERROR_IN_USE while this process or another runs it, RELAIS_ERROR_JOURNAL_* or _BUSY: then something may be
 *   left in the file, and it can be erased again
 *
 * Returns: whether nothing is left
 */
gboolean
relais_workspace_erase_export_finish (RelaisWorkspace  *self,
                                      GAsyncResult     *result,
                                      GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
