/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be over after a while is waited out, and the waiting is shown. */

#include "relais-run-job-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

#define MAX_KEY_REFUSALS 3   /* authentication is refused now and then although nothing is wrong */

/**
 * relais_run_job_succeeded:
 * @task: of the run
 *
 * Something got through: whatever trouble there was is over.
 */
void
relais_run_job_succeeded (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->trouble_since = 0;
  job->n_failures = 0;
  job->n_refusals = 0;
}

/**
 * relais_run_job_is_fatal:
 * @task: of the run
 * @error: of a request
 * @asked_at: when it began
 *
 * Returns: whether waiting does not help
 */
gboolean
relais_run_job_is_fatal (GTask        *task,
                         const GError *error,
                         gint64        asked_at)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (relais_error_is_temporary (error) || relais_error_is_in_doubt (error))
    return FALSE;
  if (!g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REFUSED))
    return TRUE;
  /* What was under way together is refused together: that counts once, until it
   * has been tried again after a pause. */
  if (asked_at >= job->resumed_at && job->refused_at <= job->resumed_at)
    {
      job->n_refusals++;
      job->refused_at = g_get_monotonic_time ();
    }

  return job->n_refusals >= MAX_KEY_REFUSALS;
}

/* A pause that the account asked for, or an answer that does not come. */
static void
show_waiting (RelaisRunJob *job)
{
  RelaisGovernor *governor = relais_client_get_governor (job->client);
  gint64 until = relais_governor_get_waiting_until (governor);
  const char *sentence = NULL;

  if (until > 0)
    sentence = _("ActiveCampaign asked for a pause, because the account receives too many requests at the moment.");
  else if (relais_governor_is_silent (governor))
    sentence = _("No answer from ActiveCampaign for a while: the network or the service is slow or interrupted. Relais waits and goes on by itself.");
  relais_run_set_waiting (job->run, until, sentence);
}

static void
end_pause (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  g_clear_handle_id (&job->pause_source, g_source_remove);
  job->paused_until = 0;
  job->resumed_at = g_get_monotonic_time ();
  show_waiting (job);
  if (job->step != NULL)
    {
      RelaisRunStep step = g_steal_pointer (&job->step);

      step (task);
      return;
    }
  relais_run_job_pump (task);
  relais_run_job_look (task);
}

static void
pause_over_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  relais_run_job_get (task)->pause_source = 0;
  end_pause (task);
}

static void
skip_wait_cb (RelaisRun *run,
              gpointer   user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  relais_governor_skip_wait (relais_client_get_governor (job->client));
  if (job->pause_source != 0)
    end_pause (task);
}

static void
begin_pause (GTask      *task,
             double      seconds,
             const char *sentence)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->paused_until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  job->pause_source = g_timeout_add_once ((guint) (seconds * 1000), pause_over_cb, task);
  relais_run_set_waiting (job->run, job->paused_until, sentence);
}

/**
 * relais_run_job_wait:
 * @task: of the run
 * @seconds: how long
 * @sentence: what for
 * @step: what is done then, or when the person does not want to wait
 */
void
relais_run_job_wait (GTask         *task,
                     double         seconds,
                     const char    *sentence,
                     RelaisRunStep  step)
{
  relais_run_job_get (task)->step = step;
  begin_pause (task, seconds, sentence);
}

/**
 * relais_run_job_pause:
 * @task: of the run
 * @error: a failure that may be over after a while
 *
 * Waits, longer with every failure in a row, before anything more is sent or
 * asked; stops the run when nothing got through for too long.
 */
void
relais_run_job_pause (GTask        *task,
                      const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);
  gint64 now = g_get_monotonic_time ();
  double pause;

  if (job->trouble_since == 0)
    job->trouble_since = now;
  if (job->stopping)
    {
      relais_run_job_end_if_done (task);
      return;
    }
  if (now - job->trouble_since > job->times.patience * G_USEC_PER_SEC)
    {
      relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  if (job->pause_source != 0)
    return;

  pause = MIN (job->times.first_pause * (1u << MIN (job->n_failures, 10)), job->times.longest_pause);
  job->n_failures++;
  begin_pause (task, pause, error->message);
}

/**
 * relais_run_job_try_later:
 * @task: of the run
 * @error: why a step before the sending failed
 * @step: the step
 *
 * Tries it again after a pause, or stops the run when waiting does not help.
 */
void
relais_run_job_try_later (GTask         *task,
                          const GError  *error,
                          RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (relais_run_job_is_fatal (task, error, g_get_monotonic_time ()))
    {
      relais_run_job_stop (task, RELAIS_RUN_FAILURE, error);
      return;
    }
  job->step = step;
  relais_run_job_pause (task, error);
}

static void
governor_waits_cb (RelaisGovernor *governor,
                   GParamSpec     *pspec,
                   gpointer        user_data)
{
  RelaisRunJob *job = relais_run_job_get (user_data);

  if (job->pause_source == 0)
    show_waiting (job);
}

/**
 * relais_run_job_watch_waiting:
 * @task: of a run that has its client
 *
 * Shows from now on when the account asks for a pause or does not answer, and lets the person skip a pause.
 */
void
relais_run_job_watch_waiting (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->governor_handler = g_signal_connect (relais_client_get_governor (job->client), "notify",
                                            G_CALLBACK (governor_waits_cb), task);
  job->skip_handler = g_signal_connect (job->run, "skip-wait", G_CALLBACK (skip_wait_cb), task);
}
