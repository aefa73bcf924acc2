/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People whom Relais took off the list, and who are in the segment again, are put back on it before their batch leaves: an
 * import alone does not subscribe whoever is off a list. Nobody who opted out may ever come back so, nor anybody whom the account
 * excludes. One by one, each is looked up once more; whoever is exactly as Relais left them is written down as returning, put back, and forgotten then as
 * somebody who was taken off. Everybody else leaves the batch.
 *
 * Whatever breaks off in between, somebody who is written down as returning is looked up again the next time. In the order
 * the steps happen, from the bottom up. */

#include "relais-run-returning-private.h"

#include "relais-error.h"
#include "relais-journal-removals.h"
#include "relais-steady-time.h"

/* Of one person, when everything else gets through */
#define MAX_TRIES 8

static void take_next (RelaisParcel *parcel);

static RelaisReturner *
get_returner (RelaisParcel *parcel)
{
  const RelaisPreparedContact *contact = relais_prepared_batch_get_contact (parcel->batch, parcel->returning);

  return relais_returning_find (relais_run_job_get (parcel->task)->returning, contact->fingerprint.profile);
}

/* How it can end for a parcel */

static void
put_off (RelaisParcel *parcel)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);

  relais_run_job_get (task)->n_sending--;
  relais_run_job_put_back (parcel);
  relais_run_job_end_if_done (task);
}

static void
stop (RelaisParcel    *parcel,
      RelaisRunStatus  status,
      const GError    *error)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);

  relais_run_job_get (task)->n_sending--;
  relais_run_job_put_back (parcel);
  relais_run_job_stop (task, status, error);
}

static void
try_later (RelaisParcel *parcel,
           const GError *error)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_sending--;
  g_queue_push_tail (&job->again, parcel);
  relais_run_job_pause (task, error);
}

/* Everyone of it is settled: what is left of it leaves. */
static void
send_rest (RelaisParcel *parcel)
{
  relais_run_job_get (parcel->task)->n_sending--;
  relais_run_job_send (parcel);
}

/* What becomes of a person */

/* They are not sent, as anybody who may not be for this reason. */
static void
leave_out (RelaisParcel *parcel,
           RelaisReason  reason)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);
  RelaisRunJob *job = relais_run_job_get (task);
  guint index = parcel->returning;
  const RelaisPreparedContact *contact = relais_prepared_batch_get_contact (parcel->batch, index);
  g_autoptr (GPtrArray) rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);

  g_ptr_array_add (rejections, relais_rejection_new (contact->row, relais_prepared_batch_get_email (parcel->batch, index), -1,
                                                     RELAIS_ROW_BARRED, reason, NULL));
  relais_returning_remove (job->returning, contact->fingerprint.profile);
  relais_run_job_reject (task, rejections);
  if (relais_prepared_batch_get_n_contacts (parcel->batch) == 1)
    {
      relais_run_job_close_batch (task, relais_prepared_batch_get_record (parcel->batch));
      relais_run_job_withdraw (parcel);
      return;
    }
  parcel->batch = relais_prepared_batch_leave_out (parcel->batch, index, &job->hash_key);
  take_next (parcel);
}

/* Returns: (transfer full): the one removal that a write is about */
static GPtrArray *
make_list (const RelaisRemoval *removal)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);

  g_ptr_array_add (list, relais_removal_copy (removal));

  return list;
}

static void
forget (RelaisParcel        *parcel,
        guint32              content,
        GAsyncReadyCallback  callback)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  const RelaisReturner *returner = get_returner (parcel);
  RelaisFingerprint fingerprint = relais_fingerprint_of (returner->removal->profile, content);
  g_autoptr (GPtrArray) removals = make_list (returner->removal);

  relais_journal_forget_removals_async (job->journal, job->record->id, relais_run_job_get_lead (job), job->record->connection_id, removals, &fingerprint, 1,
                                        NULL, callback, parcel);
}

static void
opted_out_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  g_autoptr (GError) error = NULL;

  if (relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    leave_out (parcel, RELAIS_REASON_UNSUBSCRIBED);
  else
    stop (parcel, RELAIS_RUN_INTERRUPTED, error);
}

/* Nothing is known any more of somebody taken off the list: whatever they come to be like, nothing puts them back. */
static void
note_opted_out (RelaisParcel *parcel)
{
  forget (parcel, 0, opted_out_cb);
}

static void
on_the_list_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  const RelaisReturner *returner = get_returner (parcel);
  g_autoptr (GError) error = NULL;

  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    {
      stop (parcel, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  job->record->leavers.put_back += returner->removal->state == RELAIS_REMOVAL_RETURNING;
  relais_returning_remove (job->returning, returner->removal->profile);
  take_next (parcel);
}

/* Whoever is on the list is not somebody taken off it, and not known to be there as anything that was sent. */
static void
note_on_the_list (RelaisParcel *parcel)
{
  forget (parcel, RELAIS_CONTENT_UNKNOWN, on_the_list_cb);
}

/* Putting back */

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_INVALID) || g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND) ||
         g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_ALLOWED);
}

/* @gap: what could not be told however often it was asked */
static void
give_up (RelaisParcel *parcel,
         RelaisGaps    gap)
{
  relais_barred_add_gaps (relais_run_job_get (parcel->task)->barred, gap);
  leave_out (parcel, RELAIS_REASON_UNSUBSCRIBED);
}

/* @gap: what is not known when it fails again and again */
static void
judge_failure (RelaisParcel *parcel,
               const GError *error,
               RelaisGaps    gap)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    put_off (parcel);
  else if (is_refusal (error))
    leave_out (parcel, RELAIS_REASON_UNSUBSCRIBED);
  else if (get_returner (parcel)->n_tries >= MAX_TRIES)
    give_up (parcel, gap);
  else if (relais_run_job_is_fatal (parcel->task, error, parcel->asked_at))
    stop (parcel, RELAIS_RUN_FAILURE, error);
  else
    try_later (parcel, error);
}

/* They are not put back for now, or certainly were not. */
static void
uncount_repetition (RelaisParcel *parcel)
{
  relais_run_job_get (parcel->task)->record->leavers.repeated -= get_returner (parcel)->asked_before;
}

static void
put_back_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  g_autoptr (GError) error = NULL;

  if (relais_client_resubscribe_finish (RELAIS_CLIENT (object), result, &error))
    {
      relais_run_job_succeeded (parcel->task);
      note_on_the_list (parcel);
      return;
    }
  /* A key that may not do it for one may do it for nobody. */
  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_ALLOWED))
    relais_barred_add_gaps (job->barred, RELAIS_GAP_PUTTING_BACK);
  /* It may have been done: the person is looked up again, and put back only if they are still as they were left. */
  get_returner (parcel)->n_tries++;
  if (relais_error_is_in_doubt (error))
    get_returner (parcel)->asked_before = TRUE;
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    uncount_repetition (parcel);
  judge_failure (parcel, error, RELAIS_GAP_NO_ANSWER);
}

/* An answer that was on its way for long, or waited here, says how somebody was: they may have opted out since. */
static gint64
get_end_of_freshness (RelaisParcel *parcel)
{
  return parcel->looked_at + relais_run_job_get (parcel->task)->times.freshness * G_USEC_PER_SEC;
}

static void
put_back (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  if (job->stopping)
    {
      uncount_repetition (parcel);
      put_off (parcel);
      return;
    }
  if (relais_steady_time () > get_end_of_freshness (parcel))
    {
      uncount_repetition (parcel);
      if (++get_returner (parcel)->n_tries >= MAX_TRIES)
        give_up (parcel, RELAIS_GAP_NO_ANSWER);
      else
        take_next (parcel);
      return;
    }
  parcel->asked_at = g_get_monotonic_time ();
  relais_client_resubscribe_async (job->client, get_returner (parcel)->contact_id, job->definition->list_id,
                                   get_end_of_freshness (parcel), job->abort, put_back_cb, parcel);
}

static void
returning_written_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  g_autoptr (GError) error = NULL;

  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    {
      uncount_repetition (parcel);
      stop (parcel, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  get_returner (parcel)->removal->state = RELAIS_REMOVAL_RETURNING;
  put_back (parcel);
}

static void
write_returning (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  const RelaisReturner *returner = get_returner (parcel);
  RelaisFingerprint fingerprint = relais_fingerprint_of (returner->removal->profile, RELAIS_CONTENT_UNKNOWN);
  g_autoptr (GPtrArray) removals = make_list (returner->removal);

  ((RelaisRemoval *) g_ptr_array_index (removals, 0))->state = RELAIS_REMOVAL_RETURNING;
  job->record->leavers.repeated += returner->asked_before;
  relais_journal_put_removals_async (job->journal, job->record->id, relais_run_job_get_lead (job), job->record->connection_id, removals, NULL,
                                     &job->record->leavers, &fingerprint, 1, NULL, returning_written_cb, parcel);
}

/* Looking somebody up */

static const RelaisRemoteContact *
find_person (RelaisRunJob         *job,
             const RelaisReturner *returner,
             GPtrArray            *contacts)
{
  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);

      if (relais_returning_is_of (job->returning, returner, contact))
        return contact;
    }

  return NULL;
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisReturner *returner = get_returner (parcel);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (RELAIS_CLIENT (object), result, &error);
  const RelaisRemoteContact *contact = page != NULL ? find_person (job, returner, page->contacts) : NULL;

  /* While nothing at all gets through it is nobody's fault. */
  if (page == NULL)
    {
      returner->n_tries += job->n_failures == 0;
      judge_failure (parcel, error, RELAIS_GAP_NO_ANSWER);
    }
  else if (job->stopping)
    put_off (parcel);
  else if (contact == NULL || contact->memberships == NULL)
    leave_out (parcel, RELAIS_REASON_UNSUBSCRIBED);
  else if (contact->list_status == RELAIS_LIST_STATUS_ACTIVE)
    note_on_the_list (parcel);
  else if (!relais_returning_fits (job->returning, returner, contact))
    note_opted_out (parcel);
  else if (returner->removal->state == RELAIS_REMOVAL_RETURNING && !returner->asked_before)
    put_back (parcel);
  else
    write_returning (parcel);
}

static void
look_up (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  parcel->asked_at = g_get_monotonic_time ();
  parcel->looked_at = relais_steady_time ();
  relais_client_find_contact_async (job->client, relais_prepared_batch_get_email (parcel->batch, parcel->returning),
                                    job->definition->list_id, job->abort, looked_up_cb, parcel);
}

/* Returns: whether somebody of the batch is among those who may be put back; @parcel knows whom then */
static gboolean
find_next (RelaisParcel *parcel)
{
  guint n = relais_prepared_batch_get_n_contacts (parcel->batch);

  for (parcel->returning = 0; parcel->returning < n; parcel->returning++)
    if (get_returner (parcel) != NULL)
      return TRUE;

  return FALSE;
}

static void
excluded_told (RelaisParcel *parcel,
               const GError *error)
{
  if (error == NULL)
    {
      take_next (parcel);
      return;
    }
  get_returner (parcel)->n_tries++;
  judge_failure (parcel, error, RELAIS_GAP_HELD_BACK_LATER);
}

static void
look_up_unless_excluded (RelaisParcel *parcel)
{
  RelaisReason reason = relais_run_returning_judge_excluded (parcel);

  if (reason == RELAIS_REASON_NONE)
    look_up (parcel);
  else
    leave_out (parcel, reason);
}

static void
take_next (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  if (job->stopping)
    put_off (parcel);
  else if (!find_next (parcel))
    send_rest (parcel);
  else if (get_returner (parcel)->standing != RELAIS_RETURNER_AS_LEFT)
    note_on_the_list (parcel);   /* whoever is off it, and otherwise, is barred and not in a batch */
  else if (relais_barred_has_gaps (job->barred, RELAIS_GAP_PUTTING_BACK))
    leave_out (parcel, RELAIS_REASON_UNSUBSCRIBED);
  else if (!relais_run_returning_knows_excluded (job))
    relais_run_returning_ask_excluded (parcel, excluded_told);
  else
    look_up_unless_excluded (parcel);
}

/**
 * relais_run_job_return_people:
 * @parcel: (transfer full): a parcel that is to be sent, when it returns %TRUE
 *
 * Puts people of it back on the list, or takes them out of it, and sends it then.
 *
 * Returns: whether there is anybody of whom that is to be done
 */
gboolean
relais_run_job_return_people (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  if (relais_returning_is_empty (job->returning) || !find_next (parcel))
    return FALSE;
  job->n_sending++;
  take_next (parcel);

  return TRUE;
}

/* Who may be */

static void
changed_written_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  job->n_writing--;
  if (!relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
  else if (job->preparation != NULL)
    relais_run_job_pump (task);
  else
    relais_run_job_end_if_done (task);
}

/**
 * relais_run_job_know_returning:
 * @task: of a run that knows who may not be mailed
 *
 * Whoever has left something themselves since Relais took them off the list is not known any more as somebody who was: not even
 * another list that they join again brings them back.
 */
void
relais_run_job_know_returning (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GPtrArray) changed = relais_returning_get_changed (job->returning);
  g_autofree RelaisFingerprint *fingerprints = g_new (RelaisFingerprint, changed->len);

  /* Of people whom nobody may look at nothing is known. */
  if (relais_barred_has_gaps (job->barred, RELAIS_GAP_PEOPLE))
    relais_returning_clear (job->returning);
  if (changed->len == 0)
    return;
  for (guint i = 0; i < changed->len; i++)
    fingerprints[i] = relais_fingerprint_of (((const RelaisRemoval *) g_ptr_array_index (changed, i))->profile, 0);
  job->n_writing++;
  relais_journal_forget_removals_async (job->journal, job->record->id, relais_run_job_get_lead (job), job->record->connection_id, changed, fingerprints, changed->len,
                                        NULL, changed_written_cb, g_object_ref (task));
}

static void
ordered_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisRunStep step = g_steal_pointer (&job->step);

  job->n_asking--;
  job->returning = relais_returning_order_finish (result);
  if (job->stopping)
    relais_run_job_end_if_done (task);
  else
    step (task);
}

static void
removals_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) removals = relais_journal_read_removals_finish (RELAIS_JOURNAL (object), result, &error);

  if (removals == NULL)
    {
      job->n_asking--;
      job->step = NULL;
      relais_run_job_stop (task, RELAIS_RUN_INTERRUPTED, error);
      return;
    }
  relais_returning_order_async (removals, job->definition->list_id, &job->hash_key, ordered_cb, g_steal_pointer (&task));
}

/**
 * relais_run_job_read_removals:
 * @task: of a run that has begun
 * @step: what is done then
 *
 * Reads whom Relais took off lists of the connection.
 */
void
relais_run_job_read_removals (GTask         *task,
                              RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->step = step;
  job->n_asking++;
  relais_journal_read_removals_async (job->journal, job->record->connection_id, 0, job->record->id, NULL, removals_read_cb, g_object_ref (task));
}
