/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Before anything is sent, the account is asked whether the list is there, who
 * may not be mailed, and what its fields are. In the order the steps happen, from the
 * bottom up. */

#include "relais-run-job-private.h"

#include "relais-error.h"
#include "relais-list-check.h"

/* Questions about exclusions: with the pauses between them, that is two minutes. */
#define MAX_UNANSWERED 8

static void list_barred (GTask *task);
static void list_fields (GTask *task);

static void
ready_cb (RelaisPreparation *preparation,
          gpointer           user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  relais_run_job_pump (task);
}

static void
start_preparation (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisPreparationSettings settings = {
    .definition = job->definition,
    .fields = job->fields,
    .hash_key = job->hash_key,
    .fingerprints = job->fingerprints,
    .barred = job->barred,
    .plan = job->plan,
    /* From some rows nobody can tell who left. */
    .tells_profiles = job->definition->leavers == RELAIS_LEAVERS_REMOVE && job->corrections == NULL,
    .corrections = job->corrections,
    .corrected = job->corrected,
  };

  relais_run_set_phase (job->run, RELAIS_PHASE_SENDING);
  job->preparation = relais_preparation_new (&settings);
  g_clear_pointer (&job->fingerprints, g_bytes_unref);
  relais_preparation_start (job->preparation, ready_cb, task);
}

static void
forgotten_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  job->n_writing--;
  relais_verification_clear (&job->record->verified);
  if (!relais_journal_write_finish (job->journal, result, &error))
    relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
  else if (job->stopping)
    relais_run_job_end_if_done (task);
  else
    start_preparation (task);
}

/* A run that goes on reads every row again, and it may fare otherwise than before. What the report has of
 * them is forgotten only now: until then the run is as it was left. */
static void
read_anew (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (!job->goes_on)
    {
      start_preparation (task);
      return;
    }
  job->n_writing++;
  relais_journal_forget_rejections_async (job->journal, job->record->id, NULL, forgotten_cb, g_object_ref (task));
}

/* Returns: whether the run goes on to the next step */
static gboolean
take_answer (GTask         *task,
             const GError  *error,
             RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_asking--;
  if (job->stopping)
    relais_run_job_end_if_done (task);
  else if (error != NULL)
    relais_run_job_try_later (task, error, step);
  else
    relais_run_job_succeeded (task);

  return !job->stopping && error == NULL;
}

static void
fields_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  job->fields = relais_client_list_fields_finish (RELAIS_CLIENT (object), result, &error);
  if (take_answer (task, error, list_fields))
    read_anew (task);
}

static void
list_fields (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->definition->matching->fields->len == 0)
    {
      read_anew (task);
      return;
    }
  job->n_asking++;
  relais_client_list_fields_async (job->client, job->abort, fields_listed_cb, g_object_ref (task));
}

static void
barred_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  job->barred = relais_guard_ask_finish (job->guard, result, &error);
  job->n_unanswered = error != NULL && relais_guard_lacks_exclusions (job->guard) ? job->n_unanswered + 1 : 0;
  /* When something else is still answered, they can be done without. */
  if (job->n_unanswered == MAX_UNANSWERED && !job->stopping)
    {
      job->n_asking--;
      relais_run_job_ask (task);
    }
  else if (take_answer (task, error, list_barred))
    {
      relais_run_job_know_returning (task);
      relais_run_set_phase (job->run, RELAIS_PHASE_PREPARING);
      list_fields (task);
    }
}

/* There may be many, and each answer that gets through is one. */
static void
guard_read_cb (RelaisGuard *guard,
               GParamSpec  *pspec,
               gpointer     user_data)
{
  RelaisRunJob *job = relais_run_job_get (user_data);

  relais_run_job_succeeded (user_data);
  relais_run_set_progress (job->run, relais_guard_get_n_read (guard), relais_guard_get_n_expected (guard));
  /* Nothing has been sent that would have to come to its end. */
  if (job->stopping)
    g_cancellable_cancel (job->abort);
}

static void
list_barred (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->returning == NULL)
    {
      relais_run_job_read_removals (task, list_barred);
      return;
    }
  if (job->guard == NULL)
    {
      job->guard = relais_guard_new (job->client, job->definition->list_id, &job->hash_key);
      relais_guard_set_returning (job->guard, job->returning);
      g_signal_connect (job->guard, "notify::n-read", G_CALLBACK (guard_read_cb), task);
    }
  relais_run_set_phase (job->run, RELAIS_PHASE_GUARDING);
  job->n_asking++;
  relais_guard_ask_async (job->guard, job->abort, barred_listed_cb, g_object_ref (task));
}

static void
lists_listed_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  relais_list_check_finish (RELAIS_CLIENT (object), result, job->definition->list_id, relais_export_get_name (job->export),
                            &job->record->list_name, &error);
  if (error != NULL)
    job->n_unanswered = 0;
  if (!take_answer (task, error, relais_run_job_ask))
    return;
  if (job->n_unanswered == MAX_UNANSWERED)
    relais_guard_leave_exclusions (job->guard);
  list_barred (task);
}

/**
 * relais_run_job_ask:
 * @task: of a run that has begun
 *
 * Asks the account, and starts the preparation then. The list comes first.
 */
void
relais_run_job_ask (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_asking++;
  relais_client_list_lists_async (job->client, job->abort, lists_listed_cb, g_object_ref (task));
}
