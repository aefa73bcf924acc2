/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first half of a run's beginning: it waits for its turn, and opens what
 * it needs. In the order the steps happen, from the bottom up. */

#include "relais-run-job-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

#define TURN_INTERVAL_MS 500

static void
hash_key_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  if (!relais_workspace_get_hash_key_finish (job->workspace, result, &job->hash_key, &error))
    relais_run_job_give_up (task, error);
  else
    relais_run_job_plan (task);
}

static void
client_opened_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  job->client = relais_workspace_open_client_finish (job->workspace, result, &error);
  if (job->client == NULL)
    {
      relais_run_job_give_up (task, error);
      return;
    }
  relais_run_job_watch_waiting (task);
  job->unlimited = relais_connection_get_record (job->connection)->limit_requests == G_MAXUINT;
  relais_workspace_get_hash_key_async (job->workspace, job->connection, job->client, relais_run_get_cancellable (job->run),
                                       hash_key_got_cb, task);
}

/* Settings and connection are taken together, and only now: the numbers of lists and fields mean
 * something in the account they were chosen in, and either may be changed while the run waits for its turn. */
static void
open_what_is_needed (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  relais_run_set_phase (job->run, RELAIS_PHASE_PREPARING);
  job->definition = relais_export_definition_copy (relais_export_get_definition (job->export));
  g_set_object (&job->connection, relais_export_get_connection (job->export));
  if (job->connection == NULL)
    {
      relais_run_job_give_up (task, g_error_new (RELAIS_ERROR, RELAIS_ERROR_NO_CONNECTION,
                                                 /* Translators: %s is the name of an export. */
                                                 _("“%s” has no connection. Choose one in its settings before running it."),
                                                 relais_export_get_name (job->export)));
      return;
    }
  relais_workspace_open_client_async (job->workspace, job->connection, relais_run_get_cancellable (job->run),
                                      client_opened_cb, task);
}

static gboolean
take_turn_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (relais_run_get_cancellable (job->run), &error))
    {
      job->turn_source = 0;
      relais_run_job_give_up (task, error);
      return G_SOURCE_REMOVE;
    }
  job->locked = relais_work_lock_take (relais_workspace_get_work_lock (job->workspace), &error);
  if (!job->locked && g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_BUSY))
    {
      g_error_free (error);
      relais_run_set_phase (job->run, RELAIS_PHASE_WAITING_FOR_TURN);
      return G_SOURCE_CONTINUE;
    }

  job->turn_source = 0;
  if (job->locked)
    open_what_is_needed (task);
  else
    relais_run_job_give_up (task, error);

  return G_SOURCE_REMOVE;
}

static gboolean
take_first_turn_cb (gpointer user_data)
{
  RelaisRunJob *job = relais_run_job_get (user_data);

  job->turn_source = 0;
  if (take_turn_cb (user_data) == G_SOURCE_CONTINUE)
    job->turn_source = g_timeout_add (TURN_INTERVAL_MS, take_turn_cb, user_data);

  return G_SOURCE_REMOVE;
}

/**
 * relais_run_job_begin:
 * @task: of a run
 *
 * Begins it as soon as no other process of this person is sending.
 */
void
relais_run_job_begin (GTask *task)
{
  relais_run_job_get (task)->turn_source = g_idle_add_full (G_PRIORITY_DEFAULT, take_first_turn_cb, task, NULL);
}
