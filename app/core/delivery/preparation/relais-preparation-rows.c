/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of each row, in the preparation's thread: it is rejected, or
 * unchanged, or goes into a batch, one of the plan or a new one. */

#include "relais-preparation-private.h"

#define REJECTIONS_A_TIME 500

/*
 * relais_preparation_flush:
 *
 * Hands on the rows that will not be sent, as many as there are.
 */
void
relais_preparation_flush (RelaisPreparation     *self,
                          RelaisPreparationWork *work)
{
  RelaisPreparedItem *item;

  if (work->rejections->len == 0)
    return;

  item = g_new0 (RelaisPreparedItem, 1);
  item->rejections = g_steal_pointer (&work->rejections);
  work->rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  relais_preparation_push (self, item);
}

static RelaisRejection *
make_rejection (RelaisPreparation      *self,
                const RelaisSegmentRow *row,
                guint32                 number,
                RelaisRowState          state,
                RelaisReason            reason,
                const char             *column)
{
  RelaisText email = relais_row_mapper_get_email (self->mapper, row);

  return relais_rejection_new (number, email.length > 0 ? email.data : "", email.length, state, reason, column);
}

static void
reject (RelaisPreparation     *self,
        RelaisPreparationWork *work,
        RelaisRejection       *taken)
{
  work->counts.by_state[taken->state]++;
  work->counts.by_reason[taken->reason]++;
  g_ptr_array_add (work->rejections, taken);
  if (work->rejections->len >= REJECTIONS_A_TIME)
    relais_preparation_flush (self, work);
}

static void
emit_batch (RelaisPreparation       *self,
            RelaisPreparedBatch     *taken,
            const RelaisBatchRecord *planned)
{
  RelaisPreparedItem *item = g_new0 (RelaisPreparedItem, 1);

  relais_prepared_batch_close (taken, &self->hash_key);
  item->batch = taken;
  item->planned = planned != NULL ? relais_batch_record_copy (planned) : NULL;
  relais_preparation_push (self, item);
}

/* No batch may follow with a single contact: the last two share theirs. */
static void
emit_rest (RelaisPreparation     *self,
           RelaisPreparationWork *work)
{
  if (work->held != NULL && work->filling != NULL && relais_prepared_batch_get_n_contacts (work->filling) == 1)
    relais_prepared_batch_share (work->held, work->filling);
  if (work->held != NULL)
    emit_batch (self, g_steal_pointer (&work->held), NULL);
  if (work->filling != NULL)
    emit_batch (self, g_steal_pointer (&work->filling), NULL);
}

static void
add_to_batch (RelaisPreparation       *self,
              RelaisPreparationWork   *work,
              guint32                  number,
              const RelaisMappedRow   *mapped,
              const RelaisFingerprint *fingerprint)
{
  if (work->filling != NULL && !relais_prepared_batch_has_room (work->filling, mapped->piece.length))
    {
      if (work->held != NULL)
        emit_batch (self, g_steal_pointer (&work->held), NULL);
      work->held = g_steal_pointer (&work->filling);
    }
  if (work->filling == NULL)
    work->filling = relais_prepared_batch_new (relais_row_mapper_get_settings (self->mapper));

  relais_prepared_batch_add (work->filling, number, mapped->address.text, mapped->piece, fingerprint);
}

static const RelaisBatchRecord *
get_planned (RelaisPreparation     *self,
             RelaisPreparationWork *work)
{
  if (self->plan == NULL || work->at_plan >= self->plan->len)
    return NULL;

  return g_ptr_array_index (self->plan, work->at_plan);
}

static gboolean
is_settled (const RelaisBatchRecord *planned)
{
  return planned->state == RELAIS_BATCH_CONFIRMED || planned->state == RELAIS_BATCH_REFUSED ||
         planned->state == RELAIS_BATCH_UNKNOWN;
}

/* Rows of a settled batch that could be sent but were not in it were barred,
 * or had been there unchanged, when it was made. */
static void
count_left_out (RelaisPreparation       *self,
                RelaisPreparationWork   *work,
                const RelaisBatchRecord *planned)
{
  guint64 n_left_out = work->in_plan > planned->contacts ? work->in_plan - planned->contacts : 0;

  /* Someone barred since then was in it, and is accounted for there. */
  for (; n_left_out > 0 && work->barred->len > 0; n_left_out--)
    reject (self, work, g_ptr_array_steal_index (work->barred, 0));
  work->counts.by_state[RELAIS_ROW_UNCHANGED] += n_left_out;
  g_ptr_array_set_size (work->barred, 0);
}

static void
leave_planned (RelaisPreparation     *self,
               RelaisPreparationWork *work)
{
  const RelaisBatchRecord *planned = get_planned (self, work);

  if (is_settled (planned))
    count_left_out (self, work, planned);
  else if (work->filling != NULL)
    emit_batch (self, g_steal_pointer (&work->filling), planned);
  work->in_plan = 0;
  work->at_plan++;
}

/* Returns: (nullable): the batch of the plan that answers for this row */
static const RelaisBatchRecord *
enter_planned (RelaisPreparation     *self,
               RelaisPreparationWork *work,
               guint32                number)
{
  const RelaisBatchRecord *planned;

  while ((planned = get_planned (self, work)) != NULL && number > planned->last_row)
    leave_planned (self, work);
  if (planned == NULL || number < planned->first_row)
    return NULL;
  if (work->in_plan == 0)
    emit_rest (self, work);
  work->in_plan++;

  return planned;
}

static void
fill_fingerprint (RelaisPreparation     *self,
                  const RelaisMappedRow *mapped,
                  RelaisFingerprint     *fingerprint)
{
  RelaisHash content = relais_hash (&self->hash_key, mapped->piece.data, mapped->piece.length);

  fingerprint->content[0] = (guint32) content.low;
  fingerprint->content[1] = (guint32) (content.low >> 32);
  if ((fingerprint->content[0] | fingerprint->content[1]) == 0)
    fingerprint->content[0] = 1;   /* zero stands for "forgotten" */
}

/*
 * relais_preparation_take_row:
 * @row: the next one
 * @number: of it, through all segments
 */
void
relais_preparation_take_row (RelaisPreparation      *self,
                             RelaisPreparationWork  *work,
                             const RelaisSegmentRow *row,
                             guint32                 number)
{
  const RelaisBatchRecord *planned;
  RelaisMappedRow mapped;
  RelaisFingerprint fingerprint;
  RelaisReason barred;
  guint32 confirmed[2];
  guint32 earlier;

  work->counts.read++;
  relais_row_mapper_map (self->mapper, row, &mapped);
  if (mapped.reason != RELAIS_REASON_NONE)
    {
      reject (self, work, make_rejection (self, row, number, RELAIS_ROW_INVALID, mapped.reason, mapped.column));
      return;
    }

  relais_profile_hash (&self->hash_key, mapped.address.text, mapped.address.length, fingerprint.profile);
  earlier = relais_profile_table_see (work->profiles, fingerprint.profile, number, confirmed);
  if (earlier != 0)
    {
      RelaisRejection *rejection = make_rejection (self, row, number, RELAIS_ROW_DUPLICATE, RELAIS_REASON_REPEATED_ADDRESS, NULL);

      rejection->other_row = earlier;
      reject (self, work, rejection);
      return;
    }
  work->counts.cleaned += mapped.cleaned;
  work->counts.noted += mapped.noted;
  if (mapped.noted)
    work->counts.by_reason[RELAIS_REASON_PHONE_AS_WRITTEN]++;

  planned = enter_planned (self, work, number);
  barred = self->barred != NULL ? relais_barred_find (self->barred, fingerprint.profile, mapped.address.text, mapped.address.length)
                                : RELAIS_REASON_NONE;
  if (barred != RELAIS_REASON_NONE)
    {
      RelaisRejection *rejection = make_rejection (self, row, number, RELAIS_ROW_BARRED, barred, NULL);

      if (planned != NULL && is_settled (planned))
        g_ptr_array_add (work->barred, rejection);
      else
        reject (self, work, rejection);
      return;
    }
  if (planned != NULL && is_settled (planned))
    return;

  fill_fingerprint (self, &mapped, &fingerprint);
  if (confirmed[0] == fingerprint.content[0] && confirmed[1] == fingerprint.content[1])
    work->counts.by_state[RELAIS_ROW_UNCHANGED]++;
  else if (self->dry)
    work->counts.by_state[RELAIS_ROW_DELIVERED]++;
  else if (planned != NULL)
    {
      if (work->filling == NULL)
        work->filling = relais_prepared_batch_new (relais_row_mapper_get_settings (self->mapper));
      relais_prepared_batch_add (work->filling, number, mapped.address.text, mapped.piece, &fingerprint);
    }
  else
    add_to_batch (self, work, number, &mapped, &fingerprint);
}

/*
 * relais_preparation_end_rows:
 *
 * There are no more: hands on the last batches.
 */
void
relais_preparation_end_rows (RelaisPreparation     *self,
                             RelaisPreparationWork *work)
{
  while (get_planned (self, work) != NULL)
    leave_planned (self, work);
  emit_rest (self, work);
}
