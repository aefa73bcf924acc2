/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-delivery.h"

#include "relais-run-job-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

struct _RelaisDelivery
{
  GObject parent_instance;

  RelaisWorkspace *workspace;  /* (owned) */
  RelaisRunTimes   times;
  RelaisListTurns *turns;      /* (owned) */
  GPtrArray       *tasks;      /* (owned): of the runs under way; not owned by the array */
};

G_DEFINE_FINAL_TYPE (RelaisDelivery, relais_delivery, G_TYPE_OBJECT)

static const RelaisRunTimes ordinary_times = {
  .first_pause = 1,
  .longest_pause = 60,
  .patience = 60 * 60,
  .first_look = 1,
  .longest_look = 30,
  .import_deadline = 30 * 60,
  .grace = 2,
  .most_questions = 50,
  .first_recheck = 2,
  .freshness = 5,
  .unshown = 15 * 60,
  .verify_patience = 5 * 60,
};

static void
relais_delivery_finalize (GObject *object)
{
  RelaisDelivery *self = RELAIS_DELIVERY (object);

  relais_list_turns_free (self->turns);
  g_ptr_array_unref (self->tasks);
  g_object_unref (self->workspace);
  G_OBJECT_CLASS (relais_delivery_parent_class)->finalize (object);
}

static void
relais_delivery_class_init (RelaisDeliveryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_delivery_finalize;
}

static void
relais_delivery_init (RelaisDelivery *self)
{
  self->times = ordinary_times;
  self->turns = relais_list_turns_new ();
  self->tasks = g_ptr_array_new ();
}

/**
 * relais_delivery_new:
 * @workspace: where connections, exports and the journal are
 *
 * Returns: (transfer full):
 */
RelaisDelivery *
relais_delivery_new (RelaisWorkspace *workspace)
{
  RelaisDelivery *self = g_object_new (RELAIS_TYPE_DELIVERY, NULL);

  self->workspace = g_object_ref (workspace);

  return self;
}

/**
 * relais_delivery_get_workspace:
 * @self: the engine
 *
 * Returns: (transfer none): where connections, exports and the journal are
 */
RelaisWorkspace *
relais_delivery_get_workspace (RelaisDelivery *self)
{
  return self->workspace;
}

/**
 * relais_delivery_set_times:
 * @self: the engine
 * @times: how patient runs that begin from now on are
 */
void
relais_delivery_set_times (RelaisDelivery       *self,
                           const RelaisRunTimes *times)
{
  self->times = *times;
}

/**
 * relais_delivery_get_n_running:
 * @self: the engine
 *
 * Returns: how many runs are under way
 */
guint
relais_delivery_get_n_running (RelaisDelivery *self)
{
  return self->tasks->len;
}

/**
 * relais_delivery_interrupt:
 * @self: the engine
 *
 * Stops every run within seconds, as one that can go on: before the program ends.
 */
void
relais_delivery_interrupt (RelaisDelivery *self)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_copy (self->tasks, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);

  g_ptr_array_set_free_func (tasks, g_object_unref);
  for (guint i = 0; i < tasks->len; i++)
    relais_run_job_interrupt (g_ptr_array_index (tasks, i));
}

/* A run of the caller's waits for the job's end. */
typedef struct
{
  RelaisRun    *run;          /* (owned) */
  GTask        *job;          /* of the run; alive until its callback */
  GCancellable *cancellable;  /* (owned) (nullable) */
  gulong        handler;
} Waiting;

static void
free_waiting (gpointer data)
{
  Waiting *waiting = data;

  g_clear_object (&waiting->run);
  g_clear_object (&waiting->cancellable);
  g_free (waiting);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  relais_run_cancel (RELAIS_RUN (user_data));
}

static void
job_ended_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  RelaisDelivery *self = RELAIS_DELIVERY (object);
  g_autoptr (GTask) task = user_data;
  Waiting *waiting = g_task_get_task_data (task);
  GError *error = NULL;
  RelaisRun *run = relais_run_job_finish (self, result, &error);

  g_ptr_array_remove_fast (self->tasks, waiting->job);
  if (waiting->cancellable != NULL)
    g_clear_signal_handler (&waiting->handler, waiting->cancellable);
  if (run != NULL)
    g_task_return_pointer (task, run, g_object_unref);
  else
    g_task_return_error (task, error);
}

static RelaisRun *
make_run (RelaisExport           *export,
          const RelaisRunOptions *options)
{
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();

  record->id = g_uuid_string_random ();
  record->export_id = g_strdup (relais_export_get_id (export));
  record->export_name = g_strdup (relais_export_get_name (export));
  record->trigger = options->trigger;
  record->started_at = g_get_real_time ();

  return relais_run_new (record);
}

static gboolean
refuse_second_run (GTask        *task,
                   RelaisExport *export)
{
  RelaisRun *last = relais_export_get_last_run (export);

  if (last == NULL || !relais_run_is_live (last))
    return FALSE;

  g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_BUSY,
                           /* Translators: %s is the name of an export. */
                           _("“%s” is running already."), relais_export_get_name (export));

  return TRUE;
}

/**
 * relais_delivery_run_async:
 * @self: the engine
 * @export: what to run
 * @options: of the run
 * @cancellable: (nullable): stops the run at a batch edge
 * @callback: called when the run has ended
 * @user_data: for @callback
 *
 * Starts a run of @export, or goes on with its last one when that can go on
 * (and nothing else was asked for). Corrected rows are sent by a run of their own.
 *
 * Returns: (transfer full) (nullable): the run, live already; %NULL when the export
 *   is running already, has been removed or cannot be read, or the person's role does not allow it, which the task tells too
 */
RelaisRun *
relais_delivery_run_async (RelaisDelivery         *self,
                           RelaisExport           *export,
                           const RelaisRunOptions *options,
                           GCancellable           *cancellable,
                           GAsyncReadyCallback     callback,
                           gpointer                user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  RelaisRun *previous = relais_export_get_last_run (export);
  Waiting *waiting = g_new0 (Waiting, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, relais_delivery_run_async);
  g_task_set_task_data (task, waiting, free_waiting);
  if (!relais_workspace_check_there (self->workspace, export, &error) ||
      !relais_workspace_check_right (self->workspace, RELAIS_ACTION_RUN_EXPORTS, relais_export_get_connection (export), &error) ||
      !relais_export_check_readable (export, &error))
    {
      g_task_return_error (task, error);
      return NULL;
    }
  if (refuse_second_run (task, export))
    return NULL;

  if (previous != NULL)
    g_object_ref (previous);
  if (previous != NULL && relais_run_can_go_on (previous) && !options->again && options->corrections == NULL)
    waiting->run = g_object_ref (previous);
  else
    waiting->run = make_run (export, options);
  if (cancellable != NULL)
    {
      waiting->cancellable = g_object_ref (cancellable);
      waiting->handler = g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), waiting->run, 0);
    }
  relais_run_set_live (waiting->run, TRUE);
  if (cancellable != NULL && g_cancellable_is_cancelled (cancellable))
    relais_run_cancel (waiting->run);
  relais_export_set_last_run (export, waiting->run);
  waiting->job = relais_run_job_async (self, self->workspace, export, waiting->run, previous, options, &self->times, self->turns,
                                       job_ended_cb, g_object_ref (task));
  g_ptr_array_add (self->tasks, waiting->job);
  g_clear_object (&previous);

  return g_object_ref (waiting->run);
}

/**
 * relais_delivery_run_finish:
 * @self: the engine
 * @result: of relais_delivery_run_async()
 * @error: when no run came about: nothing was sent. Why is the message of the export's last run, unless it was cancelled or
 *   a person is to answer a question first
 *
 * Returns: (transfer full) (nullable): the run, which has ended; see its status
 */
RelaisRun *
relais_delivery_run_finish (RelaisDelivery  *self,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
