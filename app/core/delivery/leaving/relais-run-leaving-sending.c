/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People are taken off the list by imports that say nothing else of them, and go the way of those that put people on it. That
 * one is about to leave is on disk before; and once more it is asked whether no other export has put them there meanwhile. */

#include "relais-run-leaving-private.h"

#include "relais-profile.h"
#include "relais-steady-time.h"

#include <string.h>

static RelaisLeaver *
get_leaver (RelaisParcel *parcel,
            guint         index)
{
  RelaisLeaving *self = relais_run_job_get (parcel->task)->leaving;

  return g_ptr_array_index (self->people, relais_prepared_batch_get_contact (parcel->batch, index)->row);
}

/* Making batches */

/* Nothing runs automations: that somebody leaves a segment is none of their occasions. */
static RelaisPreparedBatch *
make_batch (RelaisRunJob *job)
{
  RelaisPayloadSettings settings = { .list_id = job->record->list_id };

  return relais_prepared_batch_new (&settings);
}

/* Returns: whether there was room */
static gboolean
add_leaver (RelaisRunJob        *job,
            RelaisPreparedBatch *batch,
            guint                index)
{
  const RelaisLeaver *leaver = g_ptr_array_index (job->leaving->people, index);
  RelaisFingerprint fingerprint = relais_fingerprint_of (leaver->profile, 0);
  g_autoptr (GString) piece = g_string_new (NULL);

  relais_payload_append_leaver (piece, job->record->list_id, leaver->email);
  if (!relais_prepared_batch_has_room (batch, piece->len))
    return FALSE;
  relais_prepared_batch_add (batch, index, leaver->email, (RelaisText) { piece->str, piece->len }, &fingerprint);

  return TRUE;
}

/* No batch may follow with a single contact. */
static guint
choose_size (guint n_left)
{
  return n_left == RELAIS_PAYLOAD_MAX_CONTACTS + 1 ? n_left / 2 : MIN (n_left, RELAIS_PAYLOAD_MAX_CONTACTS);
}

/**
 * relais_run_job_fill_leaving:
 * @task: of a run
 *
 * Makes the next batch of people who are to be taken off, and puts it where what is to be sent waits.
 *
 * Returns: whether there was one
 */
gboolean
relais_run_job_fill_leaving (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  RelaisPreparedBatch *batch;
  RelaisParcel *parcel;
  guint n;

  if (self == NULL || !self->sending || self->n_active == 0)
    return FALSE;
  batch = make_batch (job);
  n = choose_size (self->n_active);
  while (relais_prepared_batch_get_n_contacts (batch) < n)
    {
      guint index = g_array_index (self->line, guint, self->next);

      if (!add_leaver (job, batch, index))
        break;
      relais_leaver_settle (self, g_ptr_array_index (self->people, index), RELAIS_LEAVER_UNDER_WAY);
      self->n_active--;
      self->next++;
    }
  relais_prepared_batch_close (batch, &job->hash_key);
  parcel = relais_parcel_new (task, batch);
  parcel->leaving = TRUE;
  g_queue_push_tail (&job->again, parcel);

  return TRUE;
}

/* Counting them */

static gboolean
holds_sent_before (RelaisParcel *parcel)
{
  for (guint i = 0; i < relais_prepared_batch_get_n_contacts (parcel->batch); i++)
    if (get_leaver (parcel, i)->sent_before)
      return TRUE;

  return FALSE;
}

/**
 * relais_run_job_count_repetition:
 * @parcel: a parcel of people who are to be taken off, which is about to leave
 *
 * Counts it when it has left before, or somebody of it has in another one: after a failure, and when the run goes on, they are put
 * together anew.
 */
void
relais_run_job_count_repetition (RelaisParcel *parcel)
{
  parcel->repeats = relais_prepared_batch_get_record (parcel->batch)->sendings > 1 || holds_sent_before (parcel);
  relais_run_job_get (parcel->task)->record->leavers.repeated += parcel->repeats;
}

/**
 * relais_run_job_uncount_repetition:
 * @parcel: a parcel that did not leave
 */
void
relais_run_job_uncount_repetition (RelaisParcel *parcel)
{
  relais_run_job_get (parcel->task)->record->leavers.repeated -= parcel->repeats;
  parcel->repeats = FALSE;
}

/* Before one leaves */

/* What may have left before may have taken them off: then that stays written down. */
static void
forget_intent (RelaisParcel *parcel,
               GPtrArray    *dropped)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);

  if (dropped->len == 0 || relais_prepared_batch_get_record (parcel->batch)->sendings > 1)
    return;
  job->n_writing++;
  relais_journal_forget_removals_async (job->journal, job->record->id, relais_run_job_get_lead (job), job->record->connection_id, dropped, NULL, 0, NULL,
                                        relais_run_job_written_cb, g_object_ref (parcel->task));
}

static gboolean
is_departed (const RelaisDeparted *departed,
             const guint32         profile[3])
{
  gsize size;
  const guint8 *profiles = g_bytes_get_data (departed->profiles, &size);

  return departed->obstacle == NULL && size > 0 &&
         bsearch (profile, profiles, size / RELAIS_PROFILE_SIZE, RELAIS_PROFILE_SIZE, relais_profile_compare) != NULL;
}

/* Whoever stays on the list is in the batch no more. */
static void
drop_others (RelaisParcel         *parcel,
             const RelaisDeparted *departed)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  g_autoptr (GPtrArray) dropped = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  RelaisPreparedBatch *left = make_batch (job);
  guint sendings = relais_prepared_batch_get_record (parcel->batch)->sendings;

  for (guint i = 0; i < relais_prepared_batch_get_n_contacts (parcel->batch); i++)
    {
      RelaisLeaver *leaver = get_leaver (parcel, i);

      if (is_departed (departed, leaver->profile))
        {
          add_leaver (job, left, relais_prepared_batch_get_contact (parcel->batch, i)->row);
          continue;
        }
      /* Where an earlier sending may have arrived it is looked whether they are on the list. */
      relais_leaver_settle (job->leaving, leaver, sendings > 1 ? RELAIS_LEAVER_UNSURE : RELAIS_LEAVER_KEPT);
      g_ptr_array_add (dropped, relais_removal_new (job->record->list_id, leaver->profile, RELAIS_REMOVAL_INTENT, NULL));
    }
  if (dropped->len == 0)
    {
      relais_prepared_batch_free (left);
      return;
    }
  forget_intent (parcel, dropped);
  relais_prepared_batch_free (parcel->batch);
  parcel->batch = left;
  relais_prepared_batch_get_record (left)->sendings = sendings;
  if (relais_prepared_batch_get_n_contacts (left) > 0)
    relais_prepared_batch_close (left, &job->hash_key);
}

/* The journal does not work: what is not on disk does not leave. */
static void
give_up (RelaisParcel *parcel,
         const GError *error)
{
  relais_prepared_batch_get_record (parcel->batch)->sendings--;
  relais_run_job_uncount_repetition (parcel);
  relais_run_job_take_back_leaving (parcel);
  relais_run_job_import (parcel, error);
}

static void
departed_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  RelaisLeaving *self = relais_run_job_get (parcel->task)->leaving;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisDeparted) departed = relais_journal_read_departed_finish (RELAIS_JOURNAL (object), result, &error);

  if (departed != NULL)
    drop_others (parcel, departed);
  if (departed != NULL)
    {
      relais_departed_free (self->departed);
      self->departed = g_steal_pointer (&departed);
      if (self->departed->obstacle != NULL && self->obstacle == NULL)
        relais_leaving_note_obstacle (self);
    }
  if (error != NULL)
    give_up (parcel, error);
  else if (relais_prepared_batch_get_n_contacts (parcel->batch) == 0)
    {
      relais_run_job_uncount_repetition (parcel);
      relais_run_job_withdraw (parcel);
    }
  else
    relais_run_job_import (parcel, NULL);
}

static void
intent_written_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  RelaisParcel *parcel = user_data;
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  g_autoptr (GError) error = NULL;

  if (relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    relais_journal_read_departed_async (job->journal, job->record->id, job->leaving->departed, NULL, departed_read_cb, parcel);
  else
    give_up (parcel, error);
}

/**
 * relais_run_job_intend_leaving:
 * @parcel: (transfer full): a parcel of people who are to be taken off
 *
 * Writes down that it may leave, and sends it.
 */
void
relais_run_job_intend_leaving (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);

  for (guint i = 0; i < relais_prepared_batch_get_n_contacts (parcel->batch); i++)
    g_ptr_array_add (removals, relais_removal_new (job->record->list_id, get_leaver (parcel, i)->profile, RELAIS_REMOVAL_INTENT, NULL));
  relais_run_leaving_name_intent (parcel);
  relais_run_job_count_repetition (parcel);
  relais_run_job_count_leavers (job);
  relais_journal_put_removals_async (job->journal, job->record->id, relais_run_job_get_lead (job), job->record->connection_id, removals, NULL,
                                     &job->record->leavers, NULL, 0, NULL, intent_written_cb, parcel);
}

/* Afterwards */

/**
 * relais_run_job_note_leaving:
 * @parcel: a parcel of people who are to be taken off, whose import has an answer or will have none
 *
 * What an import does is done after it has left. Of several that may have arrived the last counts: the first ones may have not, and
 * whoever opted out in between was taken off by none of them then. One that certainly did not arrive counts for nothing.
 */
void
relais_run_job_note_leaving (RelaisParcel *parcel)
{
  gboolean is_first = relais_prepared_batch_get_record (parcel->batch)->sendings == 1;

  for (guint i = 0; i < relais_prepared_batch_get_n_contacts (parcel->batch); i++)
    {
      RelaisLeaver *leaver = get_leaver (parcel, i);

      if (parcel->left_at != 0 || is_first)
        leaver->left_at = parcel->left_at;
    }
}

/* That it was about to leave is on disk. */
static void
forget_overstated (RelaisParcel *parcel)
{
  g_autoptr (GPtrArray) dropped = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);

  for (guint i = 0; i < relais_prepared_batch_get_n_contacts (parcel->batch); i++)
    if (!get_leaver (parcel, i)->sent_before)
      g_ptr_array_add (dropped, relais_removal_new (relais_run_job_get (parcel->task)->record->list_id, get_leaver (parcel, i)->profile,
                                                    RELAIS_REMOVAL_INTENT, NULL));
  forget_intent (parcel, dropped);
}

/**
 * relais_run_job_take_back_leaving:
 * @parcel: a parcel that is not sent any more
 *
 * Whoever certainly was in no import is on the list as before.
 */
void
relais_run_job_take_back_leaving (RelaisParcel *parcel)
{
  if (relais_prepared_batch_get_record (parcel->batch)->sendings > 0)
    return;
  for (guint i = 0; i < relais_prepared_batch_get_n_contacts (parcel->batch); i++)
    relais_leaver_settle (relais_run_job_get (parcel->task)->leaving, get_leaver (parcel, i), RELAIS_LEAVER_ACTIVE);
  if (parcel->overstated)
    forget_overstated (parcel);
}

static RelaisLeaverState
judge (const RelaisLeaving *self,
       RelaisParcel        *parcel,
       RelaisReason         reason)
{
  if (reason == RELAIS_REASON_NONE)
    return RELAIS_LEAVER_SENT;
  /* An earlier sending may have arrived. */
  if (reason == RELAIS_REASON_REFUSED || reason == RELAIS_REASON_REFUSED_BECAUSE)
    return relais_prepared_batch_get_record (parcel->batch)->sendings > 1 ? RELAIS_LEAVER_UNSURE : RELAIS_LEAVER_REFUSED;

  return reason == RELAIS_REASON_IMPORT_FAILED && !self->tried_again ? RELAIS_LEAVER_FAILED : RELAIS_LEAVER_UNSURE;
}

/* @detail: (nullable): the service's own text */
static void
settle_refused (RelaisLeaving *self,
                RelaisLeaver  *leaver,
                const char    *detail)
{
  relais_leaver_settle (self, leaver, RELAIS_LEAVER_REFUSED);
  if (self->refusal == NULL)
    self->refusal = g_strdup (detail);
}

/* When the import was done is not told, but that it is: it was done at any time since it was last told that it was not. Whoever opted
 * out since it was done, and before that was seen, looks as if it had taken them off. Between two looks that is a few seconds;
 * where the computer slept, or nothing got through, it may be hours, and then nobody of it is certain. */
static gint64
tell_done_at (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  gint64 now = relais_steady_time (), done_at = 0, latest;

  if (now <= parcel->known_until)
    relais_account_clock_tell (relais_client_get_clock (job->client), now, &done_at, &latest);

  return done_at;
}

/* @parcel: (transfer full): whose outcomes are known */
static void
take_outcomes (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  RelaisLeaving *self = job->leaving;
  g_autoptr (GPtrArray) refused = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  /* At once: what was learned with the answer itself is the best that is known of its moment. */
  gint64 done_at = tell_done_at (parcel);

  for (guint i = 0; i < parcel->outcomes->len; i++)
    {
      const RelaisOutcome *outcome = &g_array_index (parcel->outcomes, RelaisOutcome, i);
      RelaisLeaver *leaver = get_leaver (parcel, i);
      RelaisLeaverState state = judge (self, parcel, outcome->reason);

      if (state != RELAIS_LEAVER_REFUSED)
        {
          relais_leaver_settle (self, leaver, state);
          leaver->done_at = done_at;
          leaver->sent_before = leaver->sent_before || state == RELAIS_LEAVER_FAILED;
          continue;
        }
      settle_refused (self, leaver, outcome->detail);
      g_ptr_array_add (refused, relais_removal_new (job->record->list_id, leaver->profile, RELAIS_REMOVAL_INTENT, NULL));
    }
  forget_intent (parcel, refused);
  relais_parcel_free (parcel);
}

/**
 * relais_run_job_account_leaving:
 * @parcel: (transfer full): a parcel of people who are to be taken off, whose outcomes are known
 */
void
relais_run_job_account_leaving (RelaisParcel *parcel)
{
  g_autoptr (GTask) task = g_object_ref (parcel->task);

  take_outcomes (parcel);
  relais_run_job_pump (task);
}

/**
 * relais_run_job_give_up_leaving:
 * @task: of a run, one import after the other of which is refused
 * @error: what the service says to it
 *
 * Whoever was to be in another import stays on the list, as if that had been refused too: everybody who was to be put on the
 * list is there, so that the run has not failed.
 */
void
relais_run_job_give_up_leaving (GTask        *task,
                                const GError *error)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;
  RelaisParcel *parcel;

  for (guint i = 0; i < self->people->len; i++)
    {
      RelaisLeaver *leaver = g_ptr_array_index (self->people, i);

      if (leaver->state == RELAIS_LEAVER_ACTIVE)
        settle_refused (self, leaver, error->message);
    }
  self->n_active = 0;
  while ((parcel = g_queue_pop_head (&job->again)) != NULL)
    {
      relais_prepared_batch_get_record (parcel->batch)->sendings++;
      relais_run_job_set_outcomes (parcel, RELAIS_REASON_REFUSED_BECAUSE, error->message);
      take_outcomes (parcel);
    }
  relais_run_job_pump (task);
}

/*
 * relais_run_leaving_sent:
 * @task: of a run whose imports all have an end
 *
 * Those that failed are tried once more, with who is on the list still.
 */
void
relais_run_leaving_sent (GTask *task)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;

  if (!self->tried_again && relais_leaving_count (self, RELAIS_LEAVER_FAILED, RELAIS_LEAVER_FAILED) > 0)
    {
      self->tried_again = TRUE;
      relais_run_leaving_seek (task);
    }
  else
    relais_run_leaving_look (task);
}

static void
line_up (RelaisRunJob *job,
         GPtrArray    *removals,
         GArray       *fingerprints)
{
  RelaisLeaving *self = job->leaving;

  g_clear_pointer (&self->line, g_array_unref);
  self->line = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < self->people->len; i++)
    if (((const RelaisLeaver *) g_ptr_array_index (self->people, i))->state == RELAIS_LEAVER_ACTIVE)
      g_array_append_val (self->line, i);
}

static void
lined_up (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  self->next = 0;
  self->sending = TRUE;
  /* What was refused of the rows says nothing of these. */
  job->n_refused_batches = 0;
  relais_run_job_pump (task);
}

/*
 * relais_run_leaving_send:
 * @task: of a run that knows who is on the list
 *
 * Takes them off.
 */
void
relais_run_leaving_send (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  if (self->n_active == 0)
    {
      relais_run_leaving_sent (task);
      return;
    }
  relais_run_leaving_work (task, line_up, lined_up);
}
