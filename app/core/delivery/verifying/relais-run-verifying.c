/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When everything is settled the run reads back from the account what it has delivered. What it finds is
 * reported and changes no row's state: the service did confirm those rows. Whoever the account does not show as they were
 * sent makes the run one with errors, and is sent again the next time.
 *
 * What was sent is not kept, and a run that goes on after a crash has sent part of it long ago, so the
 * segments are read once more, with what the journal has of the batches: they must be what they were. In the order the steps
 * happen, from the bottom up. */

#include "relais-run-verifying-private.h"

#include "relais-error.h"
#include "relais-journal-verifications.h"
#include "relais-row-ranges.h"

#include <glib/gi18n-lib.h>

#define REJECTIONS_A_TIME 5000

static void list_refused (GTask *task);

static RelaisVerifying *
verifying_new (void)
{
  RelaisVerifying *self = g_new0 (RelaisVerifying, 1);

  self->differences = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_difference_free);
  self->forgotten = g_array_new (FALSE, FALSE, sizeof (RelaisFingerprint));
  self->cancellable = g_cancellable_new ();
  self->refused = g_array_new (FALSE, FALSE, sizeof (guint64));

  return self;
}

/*
 * relais_verifying_free:
 * @self: (transfer full): nothing of it is under way
 */
void
relais_verifying_free (RelaisVerifying *self)
{
  relais_verification_clear (&self->result);
  g_ptr_array_unref (self->differences);
  g_array_unref (self->forgotten);
  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->batches, g_ptr_array_unref);
  g_array_unref (self->refused);
  g_clear_pointer (&self->plan, relais_plan_unref);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_clear_pointer (&self->stretches, g_ptr_array_unref);
  g_clear_pointer (&self->delivered, relais_delivered_unref);
  g_clear_pointer (&self->marks, relais_delivered_unref);
  g_free (self->seen);
  g_free (self);
}

/* The end */

static void
leave (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  relais_run_set_phase (job->run, RELAIS_PHASE_CONFIRMING);
  relais_run_job_report (task);
  job->n_asking--;
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  gboolean written = relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error);

  leave (task);
  if (written)
    relais_verification_copy (&job->record->verified, &job->verifying->result);
  else
    relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
  relais_run_job_end_if_done (task);
}

static void
write_down (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  self->over = TRUE;
  self->written = TRUE;
  relais_verification_clear (&job->record->verified);
  relais_journal_put_verification_async (job->journal, job->record->id, &self->result, self->differences,
                                         (const RelaisFingerprint *) self->forgotten->data, self->forgotten->len, NULL,
                                         written_cb, g_object_ref (task));
}

/*
 * relais_run_job_end_verifying:
 * @task: of a run that verifies
 *
 * Nothing more is asked: writes down what it came to, once nothing is under way.
 */
void
relais_run_job_end_verifying (GTask *task)
{
  RelaisVerifying *self = relais_run_job_get (task)->verifying;

  if (self->written || self->n_asking > 0)
    return;
  if (!self->over)
    self->result.state = RELAIS_VERIFICATION_DONE;
  write_down (task);
}

/*
 * relais_run_job_stop_verifying:
 * @task: of a run that is to be stopped
 * @error: (nullable): why
 *
 * Stops it there if it is verifying: what it has delivered it has delivered, and it ends as it would have otherwise.
 *
 * Returns: whether it was verifying
 */
gboolean
relais_run_job_stop_verifying (GTask        *task,
                               const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  if (self == NULL)
    return FALSE;
  /* Once it is being written down only the journal's own failure can stop the run. */
  if (self->written)
    return error == NULL;
  if (self->over)
    return TRUE;
  self->over = TRUE;
  self->result.state = error != NULL ? RELAIS_VERIFICATION_FAILED : RELAIS_VERIFICATION_STOPPED;
  self->result.message = error != NULL ? g_strdup (error->message) : NULL;
  g_clear_handle_id (&job->pause_source, g_source_remove);
  job->paused_until = 0;
  job->step = NULL;
  relais_run_set_waiting (job->run, 0, NULL);
  g_cancellable_cancel (self->cancellable);
  if (self->reading != NULL)
    {
      relais_preparation_stop (self->reading);
      self->n_asking -= self->read_step != NULL;
      self->read_step = NULL;
    }
  relais_run_job_end_verifying (task);

  return TRUE;
}

/*
 * relais_run_job_fail_question:
 * @task: of a run that verifies, nothing of which is under way
 * @step: what had no answer
 *
 * Tries it again after a pause, or gives verifying up: the run is no worse for it.
 */
void
relais_run_job_fail_question (GTask         *task,
                              RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = g_steal_pointer (&job->verifying->error);

  if (job->trouble_since != 0 && g_get_monotonic_time () - job->trouble_since > job->times.verify_patience * G_USEC_PER_SEC)
    relais_run_job_stop_verifying (task, error);
  else
    relais_run_job_try_later (task, error, step);
}

/*
 * relais_run_job_forget:
 * @profile: of somebody who is to be sent again the next time
 * @held: whether they are or may be on the list: then the export answers for them still, and takes them off when they leave
 *   the segment before
 */
void
relais_run_job_forget (RelaisRunJob  *job,
                       const guint32  profile[3],
                       gboolean       held)
{
  RelaisFingerprint fingerprint = relais_fingerprint_of (profile, held ? RELAIS_CONTENT_UNKNOWN : 0);

  g_array_append_val (job->verifying->forgotten, fingerprint);
}

/* The segments */

static void
reading_ready_cb (RelaisPreparation *preparation,
                  gpointer           user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisVerifying *self = relais_run_job_get (task)->verifying;
  RelaisVerifyStep step = self->read_step;
  g_autoptr (RelaisPreparedItem) item = relais_preparation_pop (preparation);

  /* It hands on nothing but its end. */
  if (item == NULL || step == NULL)
    return;
  self->read_step = NULL;
  self->n_asking--;
  if (item->error != NULL)
    relais_run_job_stop_verifying (task, item->error);
  else
    step (task);
}

/*
 * relais_run_job_read_delivered:
 * @task: of a run that verifies
 * @taken: (transfer full): what is to be kept of its people
 * @step: what is done when they have been read
 */
void
relais_run_job_read_delivered (GTask            *task,
                               RelaisDelivered  *taken,
                               RelaisVerifyStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;
  RelaisPreparationSettings settings = {
    .definition = job->definition,
    .fields = job->fields,
    .hash_key = job->hash_key,
    .plan = self->plan,
    .dry = TRUE,
    .delivered = taken,
    .corrections = job->corrections,
  };

  for (guint i = 0; i < self->refused->len; i++)
    relais_delivered_leave_out (taken, g_array_index (self->refused, guint64, i));
  g_clear_pointer (&self->delivered, relais_delivered_unref);
  self->delivered = taken;
  self->read_step = step;
  self->n_asking++;
  g_clear_object (&self->reading);
  self->reading = relais_preparation_new (&settings);
  relais_preparation_start (self->reading, reading_ready_cb, task);
}

static void
sample_read (GTask *task)
{
  RelaisVerifying *self = relais_run_job_get (task)->verifying;

  self->result.asked = relais_delivered_get_people (self->delivered)->len;
  relais_run_job_ask_people (task);
}

static void
choose_people (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisDelivered *sample;

  if (job->verifying->result.all)
    {
      relais_run_job_ask_pages (task);
      return;
    }
  sample = relais_delivered_new (job->definition, job->fields, &job->hash_key);
  relais_delivered_keep_sample (sample, RELAIS_VERIFY_SAMPLE_SIZE);
  relais_run_job_read_delivered (task, sample, sample_read);
}

/* The journal */

/* Returns: how many of the sorted @rows come before @row */
static guint
count_before (GArray  *rows,
              guint64  row)
{
  guint low = 0;
  guint high = rows->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (rows, guint64, middle) < row)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* What the journal has of a batch's rows must add up: those that were not delivered may have been deleted since, because of
 * their age, and then nobody knows who of the others arrived. */
static gboolean
adds_up (const RelaisBatchRecord *batch,
         GArray                  *refused)
{
  const char *at = batch->rows != NULL ? batch->rows : "";
  guint64 first, last, n = 0;

  while (relais_row_ranges_next (&at, &first, &last))
    n += last - first + 1 - (count_before (refused, last + 1) - count_before (refused, first));

  return n == batch->delivered;
}

static void
make_plan (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self = job->verifying;

  for (guint i = self->batches->len; i > 0; i--)
    if (!adds_up (g_ptr_array_index (self->batches, i - 1), self->refused))
      g_ptr_array_remove_index (self->batches, i - 1);
  if (self->batches->len == 0)
    {
      g_autoptr (GError) error =
        g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_FILE,
                             _("The rows that were refused in an earlier attempt have been deleted because of their age, so it is not certain any more who was delivered."));

      relais_run_job_stop_verifying (task, error);
      return;
    }
  self->plan = relais_plan_new (self->batches, (const char * const *) job->digests);
  choose_people (task);
}

static void
refused_listed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisVerifying *self = relais_run_job_get (task)->verifying;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_rejections_finish (RELAIS_JOURNAL (object), result, &error);

  self->n_asking--;
  if (self->over || page == NULL)
    {
      if (!self->over)
        relais_run_job_stop_verifying (task, error);
      else
        relais_run_job_end_verifying (task);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (page, i);

      if (rejection->state == RELAIS_ROW_REFUSED)
        g_array_append_val (self->refused, rejection->row);
      self->after_row = rejection->row;
    }
  if (page->len == REJECTIONS_A_TIME)
    list_refused (task);
  else
    make_plan (task);
}

static void
list_refused (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->verifying->n_asking++;
  relais_journal_list_rejections_async (job->journal, job->record->id, job->verifying->after_row, REJECTIONS_A_TIME, NULL,
                                        refused_listed_cb, g_object_ref (task));
}

static void
batches_listed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisVerifying *self = relais_run_job_get (task)->verifying;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = relais_journal_list_batches_finish (RELAIS_JOURNAL (object), result, &error);

  self->n_asking--;
  if (self->over)
    {
      relais_run_job_end_verifying (task);
      return;
    }
  if (batches == NULL)
    {
      relais_run_job_stop_verifying (task, error);
      return;
    }
  for (guint i = batches->len; i > 0; i--)
    if (((RelaisBatchRecord *) g_ptr_array_index (batches, i - 1))->delivered == 0)
      g_ptr_array_remove_index (batches, i - 1);
  self->batches = g_steal_pointer (&batches);
  list_refused (task);
}

static gboolean
is_to_be_verified (RelaisRunJob *job)
{
  return !job->stopping && job->stop_error == NULL && job->verifying == NULL && job->definition->verify != RELAIS_VERIFY_OFF;
}

/**
 * relais_run_job_verify:
 * @task: of a run of which nothing is left to do
 *
 * Reads back what it has delivered, if it is to, and ends the run then.
 */
void
relais_run_job_verify (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisVerifying *self;

  if (!is_to_be_verified (job))
    {
      relais_run_job_end (task);
      return;
    }
  self = job->verifying = verifying_new ();
  self->result.all = job->definition->verify == RELAIS_VERIFY_ALL;
  self->result.delivered = job->n_delivered;
  job->n_asking++;
  if (job->n_delivered == 0)
    {
      self->result.state = RELAIS_VERIFICATION_NOTHING;
      write_down (task);
      return;
    }
  relais_run_set_phase (job->run, RELAIS_PHASE_VERIFYING);
  relais_run_set_progress (job->run, 0, 0);
  self->n_asking++;
  relais_journal_list_batches_async (job->journal, job->record->id, NULL, batches_listed_cb, g_object_ref (task));
}
