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

  if (taken != NULL)
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

static gboolean
is_settled (const RelaisBatchRecord *planned)
{
  return planned->state == RELAIS_BATCH_CONFIRMED || planned->state == RELAIS_BATCH_REFUSED ||
         planned->state == RELAIS_BATCH_UNKNOWN;
}

/* Hands on the batches of the plan that have no row from this one on. Nobody may be left in one. */
static void
leave_planned (RelaisPreparation     *self,
               RelaisPreparationWork *work,
               guint64                row)
{
  RelaisPlanPlace left;

  while (relais_plan_walk_leave (&work->walk, row, &left))
    if (!is_settled (left.planned))
      emit_batch (self, left.batch, left.planned);
}

/* Returns: whether it could: a batch that is made again may have grown meanwhile */
static gboolean
add_to_planned (RelaisPreparation       *self,
                RelaisPlanPlace         *place,
                guint32                  number,
                const RelaisMappedRow   *mapped,
                const RelaisFingerprint *fingerprint)
{
  if (place->batch == NULL)
    place->batch = relais_prepared_batch_new (relais_row_mapper_get_settings (self->mapper));
  if (!relais_prepared_batch_has_room (place->batch, mapped->piece.length))
    return FALSE;
  relais_prepared_batch_add (place->batch, number, mapped->address.text, mapped->piece, fingerprint);

  return TRUE;
}

static void
fill_fingerprint (RelaisPreparation     *self,
                  const RelaisMappedRow *mapped,
                  RelaisFingerprint     *fingerprint)
{
  RelaisHash content = relais_hash (&self->hash_key, mapped->piece.data, mapped->piece.length);

  fingerprint->content[0] = (guint32) content.low;
  fingerprint->content[1] = (guint32) (content.low >> 32);
  /* Zero stands for "forgotten", and all bits for "unknown". */
  if ((fingerprint->content[0] | fingerprint->content[1]) == 0 ||
      (fingerprint->content[0] & fingerprint->content[1]) == RELAIS_CONTENT_UNKNOWN)
    fingerprint->content[0] = 1;
}

static void
count_notes (RelaisPreparationWork *work,
             const RelaisMappedRow *mapped)
{
  work->counts.cleaned += mapped->cleaned;
  if (mapped->note == RELAIS_REASON_NONE)
    return;
  work->counts.noted++;
  work->counts.by_reason[mapped->note]++;
}

/* Returns: (transfer full) (nullable): why this row is not sent, whatever it holds */
static RelaisRejection *
judge_row (RelaisPreparation      *self,
           RelaisPreparationWork  *work,
           const RelaisSegmentRow *row,
           guint32                 number,
           const RelaisMappedRow  *mapped,
           RelaisText              folded,
           RelaisFingerprint      *fingerprint,
           guint32                 confirmed[2])
{
  RelaisReason barred;
  guint32 earlier;

  if (mapped->reason != RELAIS_REASON_NONE)
    return make_rejection (self, row, number, RELAIS_ROW_INVALID, mapped->reason, mapped->column);

  earlier = relais_profile_table_see (work->profiles, fingerprint->profile, number, confirmed);
  if (earlier != 0)
    {
      RelaisRejection *rejection = make_rejection (self, row, number, RELAIS_ROW_DUPLICATE, RELAIS_REASON_REPEATED_ADDRESS, NULL);

      rejection->other_row = earlier;
      return rejection;
    }
  count_notes (work, mapped);
  barred = self->barred != NULL ? relais_barred_find (self->barred, fingerprint->profile, folded.data, folded.length)
                                : RELAIS_REASON_NONE;

  return barred != RELAIS_REASON_NONE ? make_rejection (self, row, number, RELAIS_ROW_BARRED, barred, NULL) : NULL;
}

/* Returns: why the cell has no address */
static RelaisReason
note_cell (RelaisPreparation     *self,
           RelaisPreparationWork *work,
           RelaisText             cell)
{
  RelaisAddress address;
  RelaisProfile profile;
  RelaisReason reason = relais_address_read (cell, &address);

  if (reason != RELAIS_REASON_NONE)
    return reason;
  relais_profile_hash (&self->hash_key, address.text, address.length, profile.words);
  g_array_append_val (work->others, profile);

  return RELAIS_REASON_NONE;
}

/* Whoever has a row that is not sent for what it holds is in the segment all the same. Where more cells than columns leave open
 * which one is which, it may be any address in it. It does not count as the first row of its address. Whose row it is when
 * the address cannot be read nobody knows. */
static void
note_other (RelaisPreparation      *self,
            RelaisPreparationWork  *work,
            const RelaisSegmentRow *row,
            RelaisReason            reason)
{
  guint n_before;

  if (work->others == NULL)
    return;
  n_before = work->others->len;
  if (reason == RELAIS_REASON_TOO_MANY_CELLS)
    for (guint i = 0; i < row->n_cells; i++)
      note_cell (self, work, row->cells[i]);
  else
    reason = note_cell (self, work, relais_row_mapper_get_email (self->mapper, row));
  work->n_unreadable += work->others->len == n_before && reason != RELAIS_REASON_EMPTY_ADDRESS;
}

/*
 * relais_preparation_see_others:
 *
 * Everyone is in the table then who is in the segments. No more rows may follow.
 */
void
relais_preparation_see_others (RelaisPreparationWork *work)
{
  guint32 confirmed[2];

  for (guint i = 0; i < work->others->len; i++)
    relais_profile_table_see (work->profiles, g_array_index (work->others, RelaisProfile, i).words, 1, confirmed);
}

/* One that cannot be sent any more, because the account's fields are others now, is not kept. */
static void
take_delivered (RelaisPreparation      *self,
                const RelaisPlanPlace  *place,
                const RelaisSegmentRow *row,
                guint32                 number)
{
  RelaisMappedRow mapped;

  if (place == NULL || !relais_delivered_wants (self->delivered, number))
    return;
  relais_row_mapper_map (self->mapper, row, &mapped);
  if (mapped.reason == RELAIS_REASON_NONE)
    relais_delivered_take (self->delivered, number, &mapped, relais_row_mapper_get_settings (self->mapper));
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
  RelaisPlanPlace *place;
  RelaisMappedRow mapped;
  RelaisFingerprint fingerprint;
  RelaisRejection *rejection;
  guint32 confirmed[2];
  char address[RELAIS_ADDRESS_SIZE];
  RelaisText folded = { address, 0 };

  work->counts.read++;
  leave_planned (self, work, number);
  place = relais_plan_walk_find (&work->walk, number);
  if (self->delivered != NULL)
    {
      take_delivered (self, place, row, number);
      return;
    }
  relais_row_mapper_map (self->mapper, row, &mapped);
  if (mapped.reason != RELAIS_REASON_NONE)
    note_other (self, work, row, mapped.reason);
  if (work->others != NULL && self->corrected != NULL)
    relais_preparation_note_corrected (self, work, relais_row_mapper_get_email (self->mapper, row));
  if (mapped.has_address)
    {
      folded.length = relais_address_fold (mapped.address.text, mapped.address.length, address);
      relais_profile_hash_folded (&self->hash_key, folded.data, folded.length, fingerprint.profile);
    }
  if (place != NULL && is_settled (place->planned))
    {
      /* Accounted for there, whatever would become of it today. Its address is taken all the same. */
      if (mapped.has_address)
        relais_profile_table_see (work->profiles, fingerprint.profile, number, confirmed);
      count_notes (work, &mapped);
      return;
    }
  rejection = judge_row (self, work, row, number, &mapped, folded, &fingerprint, confirmed);
  if (rejection != NULL)
    {
      reject (self, work, rejection);
      return;
    }

  fill_fingerprint (self, &mapped, &fingerprint);
  work->n_new += (confirmed[0] | confirmed[1]) == 0;
  if (confirmed[0] == fingerprint.content[0] && confirmed[1] == fingerprint.content[1])
    work->counts.by_state[RELAIS_ROW_UNCHANGED]++;
  else if (self->dry)
    {
      work->counts.by_state[RELAIS_ROW_DELIVERED]++;
      if (self->returning != NULL)
        relais_returning_count (self->returning, fingerprint.profile);
    }
  else if (place == NULL || !add_to_planned (self, place, number, &mapped, &fingerprint))
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
  leave_planned (self, work, G_MAXUINT64);
  if (self->delivered != NULL)
    relais_delivered_close (self->delivered);
  emit_rest (self, work);
}
