/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The second half of a run's beginning: is this the segment that an earlier
 * attempt was about? Then its plan is taken up; otherwise a new run begins. In the order
 * the steps happen, from the bottom up. */

#include "relais-run-job-private.h"

#include "relais-error.h"
#include "relais-run-words.h"
#include "relais-segment-reader.h"

#include <string.h>

/* Nobody is taken off the list while people are sent to it: who they will be is decided from here on. */
static void
turn_came_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->stopping || job->ended)
    return;
  relais_run_set_phase (job->run, RELAIS_PHASE_PREPARING);
  relais_run_job_ask (task);
}

static void
begun_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  if (!relais_journal_put_run_finish (job->journal, result, job->record, &error))
    {
      relais_run_job_give_up (task, error);
      return;
    }
  job->begun = TRUE;
  g_clear_pointer (&job->record->corrections, relais_corrections_unref);
  relais_run_set_record (job->run, job->record);
  if (g_cancellable_is_cancelled (relais_run_get_cancellable (job->run)))
    {
      relais_run_job_stop (task, RELAIS_RUN_CANCELED, NULL);
      return;
    }
  job->turn = relais_list_turns_take (job->turns, job->record->host, job->record->list_id, FALSE, turn_came_cb, task);
  if (relais_list_turn_has_come (job->turn))
    relais_run_job_ask (task);
  else
    relais_run_set_phase (job->run, RELAIS_PHASE_WAITING_FOR_TURN);
}

/* Who answers for this attempt, and for what: it stands in the log when the attempt has ended, however that is. */
static void
describe_attempt (RelaisRunJob *job)
{
  const RelaisConnectionRecord *connection = relais_connection_get_record (job->connection);
  RelaisRunRecord *record = job->record;

  record->begun_at = g_get_real_time ();
  record->trigger = job->options.trigger;
  g_free (record->who);
  record->who = g_strdup (g_get_user_name ());
  g_free (record->connection_id);
  record->connection_id = g_strdup (connection->id);
  g_free (record->connection_name);
  record->connection_name = g_strdup (connection->name);
  g_free (record->host);
  record->host = g_strdup (connection->host);
  record->list_id = job->definition->list_id;
  g_free (record->list_name);
  record->list_name = g_strdup (job->definition->list_name);
  record->consent_version = connection->consent_version;
  g_free (record->consent_language);
  record->consent_language = g_strdup (connection->consent_language);
  record->takes_off = job->definition->leavers == RELAIS_LEAVERS_REMOVE;
  record->key_check = relais_hash_key_check (&job->hash_key);
}

static void
begin (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  describe_attempt (job);
  job->record->status = RELAIS_RUN_PROCESSING;
  job->record->ended_at = 0;
  job->record->error_code = -1;
  /* What it asks, it asks anew. */
  job->record->leavers.asked = 0;
  job->record->leavers.unreadable = 0;
  job->record->leavers.told_apart = FALSE;
  g_clear_pointer (&job->record->message, g_free);
  relais_run_notes_begin (&job->record->notes);
  relais_journal_put_run_async (job->journal, job->record, NULL, begun_cb, task);
}

static void
know_corrected (GTask *task)
{
  relais_run_job_know_corrected (task, begin);
}

static void
fingerprints_read_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  job->fingerprints = relais_journal_read_fingerprints_finish (job->journal, result, &error);
  if (error != NULL)
    relais_run_job_give_up (task, error);
  else
    know_corrected (task);
}

static void
read_fingerprints (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->record->again)
    know_corrected (task);
  else
    relais_journal_read_fingerprints_async (job->journal, relais_export_get_id (job->export), NULL,
                                            fingerprints_read_cb, task);
}

/* Whether its people may be in the account although nothing is remembered of them. */
static gboolean
is_in_doubt (const RelaisBatchRecord *batch)
{
  switch (batch->state)
    {
    case RELAIS_BATCH_INTENT:
      return batch->sendings > 0;
    case RELAIS_BATCH_ACCEPTED:
    case RELAIS_BATCH_UNKNOWN:
      return TRUE;
    case RELAIS_BATCH_REFUSED:
      /* Refused at once it has no number; with one the service took it, and failed somewhere on its way. What left
       * before the time it was refused may have arrived then. */
      return batch->remote_id != NULL || batch->sendings > 1;
    case RELAIS_BATCH_CONFIRMED:
    default:
      return FALSE;
    }
}

/* Batches in doubt. A run that goes on asks the service about those it took, and
 * leaves those alone that are settled. */
static guint
count_in_doubt (GPtrArray *batches,
                gboolean   goes_on)
{
  guint n = 0;

  for (guint i = 0; i < batches->len; i++)
    {
      const RelaisBatchRecord *batch = g_ptr_array_index (batches, i);

      n += is_in_doubt (batch) && (!goes_on || batch->state == RELAIS_BATCH_INTENT);
    }

  return n;
}

/* What starts automations is not sent twice before somebody has said so. That they did is kept with the run.
 *
 * @own: whether they are of the run that goes on, and not of the one before it */
static gboolean
may_repeat (RelaisRunJob  *job,
            guint          n_in_doubt,
            gboolean       own,
            GError       **error)
{
  g_autofree char *question = NULL;

  if (n_in_doubt == 0 || !job->definition->automations)
    return TRUE;
  if (job->options.allow_repeats)
    {
      job->record->notes.repeats_allowed += n_in_doubt;
      return TRUE;
    }
  job->n_repeats_asked = n_in_doubt;
  relais_run_set_n_in_doubt (job->run, n_in_doubt);
  job->repeats_own = own;
  question = relais_repeats_describe_question (n_in_doubt, own);
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_QUESTION, question);

  return FALSE;
}

/* Whatever earlier runs left behind is sent once more, by a new run and by one that goes on. */
static gboolean
leave_behind (RelaisRunJob  *job,
              GPtrArray     *batches,
              GError       **error)
{
  return may_repeat (job, count_in_doubt (batches, FALSE), FALSE, error);
}

static gboolean
take_plan (RelaisRunJob  *job,
           GPtrArray     *batches,
           GError       **error)
{
  guint n_in_doubt = count_in_doubt (batches, TRUE);

  job->record->batches_accepted = 0;
  job->record->batches_repeated = 0;
  job->n_unknown = job->record->counts.by_reason[RELAIS_REASON_UNKNOWN_OUTCOME];
  for (guint i = 0; i < batches->len; i++)
    {
      const RelaisBatchRecord *batch = g_ptr_array_index (batches, i);

      job->next_number = MAX (job->next_number, batch->number + 1);
      job->record->batches_accepted += batch->remote_id != NULL;
      job->record->batches_repeated += batch->sendings > 1;
      job->n_delivered += batch->delivered;
      job->n_refused += batch->refused;
    }
  if (!may_repeat (job, n_in_doubt, TRUE, error))
    return FALSE;
  job->plan = relais_plan_new (batches, (const char * const *) job->digests);
  job->goes_on = TRUE;

  return TRUE;
}

/**
 * relais_run_job_make_record:
 * @job: a run that does not go on from an earlier one
 *
 * Makes it a run of its own.
 */
void
relais_run_job_make_record (RelaisRunJob *job)
{
  RelaisRunRecord *record = relais_run_record_new ();

  record->id = g_uuid_string_random ();
  record->export_id = g_strdup (relais_export_get_id (job->export));
  record->export_name = g_strdup (relais_export_get_name (job->export));
  record->trigger = job->options.trigger;
  record->started_at = g_get_real_time ();
  record->segment_digest = g_strdup (job->digest);
  record->again = job->options.again;
  g_clear_pointer (&job->record, relais_run_record_free);
  job->record = record;
}

static void
start_anew (RelaisRunJob *job)
{
  g_clear_pointer (&job->corrections, relais_corrections_unref);
  relais_run_job_make_record (job);
  job->plan = relais_plan_new (NULL, (const char * const *) job->digests);
}

/**
 * relais_run_job_start_corrected:
 * @task: of a run whose corrections are known to be of rows that its segment still has
 * @run_id: of the run that did not deliver them
 *
 * Begins with these rows alone.
 */
void
relais_run_job_start_corrected (GTask      *task,
                                const char *run_id)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisCorrections *corrections = g_steal_pointer (&job->corrections);

  start_anew (job);
  job->corrections = corrections;
  job->record->corrections = relais_corrections_ref (corrections);
  job->record->corrects = g_strdup (run_id);
  read_fingerprints (task);
}

/* Those of an older version do not say. */
static gboolean
have_rows (GPtrArray *batches)
{
  for (guint i = 0; i < batches->len; i++)
    if (((const RelaisBatchRecord *) g_ptr_array_index (batches, i))->rows == NULL)
      return FALSE;

  return TRUE;
}

static void
left_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) batches = relais_journal_list_batches_finish (job->journal, result, &error);

  if (batches == NULL || !leave_behind (job, batches, &error))
    relais_run_job_give_up (task, error);
  else
    read_fingerprints (task);
}

static void
batches_listed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) batches = relais_journal_list_batches_finish (job->journal, result, &error);
  /* A run goes on only with the very same segment and settings. Otherwise a new
   * one begins, and fingerprints keep it from sending anything twice. */
  gboolean goes_on = job->run == job->previous && g_strcmp0 (job->record->segment_digest, job->digest) == 0 &&
                     batches != NULL && have_rows (batches) && (job->record->corrects == NULL || job->corrections != NULL);

  if (batches == NULL || (goes_on && !take_plan (job, batches, &error)))
    {
      relais_run_job_give_up (task, error);
      return;
    }
  if (!goes_on)
    start_anew (job);
  /* Whoever an earlier run left behind is in other rows. */
  if (job->corrections != NULL)
    {
      read_fingerprints (task);
      return;
    }
  relais_journal_list_left_batches_async (job->journal, relais_export_get_id (job->export),
                                          goes_on ? job->record->id : NULL, NULL, left_listed_cb, task);
}

/* Runs that could not begin have left nothing behind: what counts is the last that did. */
static void
runs_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (job->journal, result, &error);

  if (runs == NULL)
    {
      relais_run_job_give_up (task, error);
      return;
    }
  for (guint i = 0; i < runs->len; i++)
    {
      const RelaisRunRecord *run = g_ptr_array_index (runs, i);

      if (run->segment_digest == NULL)
        continue;
      relais_journal_list_batches_async (job->journal, run->id, NULL, batches_listed_cb, task);
      return;
    }
  start_anew (job);
  read_fingerprints (task);
}

static void
digest_thread (GTask        *thread_task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  const RelaisExportDefinition *definition = task_data;
  g_autoptr (GStrvBuilder) digests = g_strv_builder_new ();
  GError *error = NULL;

  for (guint i = 0; i < definition->segments->len; i++)
    {
      const RelaisSegment *segment = g_ptr_array_index (definition->segments, i);
      g_autoptr (GFile) file = g_file_new_for_path (segment->path);
      g_autofree char *digest = relais_segment_file_digest (file, cancellable, &error);

      if (digest == NULL)
        {
          g_task_return_error (thread_task, error);
          return;
        }
      g_strv_builder_add (digests, digest);
    }
  g_task_return_pointer (thread_task, g_strv_builder_end (digests), (GDestroyNotify) g_strfreev);
}

/* The key of fingerprints stands for the account: a run goes on only in the one it began in. */
static char *
digest_all (RelaisRunJob *job)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *json = relais_export_definition_to_json (job->definition);
  RelaisHash account = relais_hash (&job->hash_key, json, strlen (json));

  g_checksum_update (checksum, (const guchar *) &account, sizeof account);
  g_checksum_update (checksum, (const guchar *) json, -1);
  for (guint i = 0; job->digests[i] != NULL; i++)
    g_checksum_update (checksum, (const guchar *) job->digests[i], -1);

  return g_strdup (g_checksum_get_string (checksum));
}

static void
take_up (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->previous == NULL)
    {
      start_anew (job);
      read_fingerprints (task);
    }
  else if (relais_run_get_record (job->previous)->segment_digest != NULL)
    relais_journal_list_batches_async (job->journal, relais_run_get_id (job->previous), NULL, batches_listed_cb, task);
  else
    relais_journal_list_runs_async (job->journal, relais_export_get_id (job->export), NULL, runs_listed_cb, task);
}

static void
digested_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  job->digests = g_task_propagate_pointer (G_TASK (result), &error);
  if (job->digests == NULL)
    {
      relais_run_job_give_up (task, error);
      return;
    }
  job->digest = digest_all (job);
  if (job->corrections != NULL)
    relais_run_job_correct (task);
  else if (job->run == job->previous && job->record->corrects != NULL)
    relais_run_job_recall_corrections (task, take_up);
  else
    take_up (task);
}

/**
 * relais_run_job_plan:
 * @task: of a run that has all it needs
 *
 * Finds out what is left to do, and begins.
 */
void
relais_run_job_plan (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GTask) thread_task = g_task_new (NULL, relais_run_get_cancellable (job->run), digested_cb, task);

  g_task_set_source_tag (thread_task, relais_run_job_plan);
  g_task_set_task_data (thread_task, relais_export_definition_copy (job->definition),
                        (GDestroyNotify) relais_export_definition_free);
  g_task_run_in_thread (thread_task, digest_thread);
}
