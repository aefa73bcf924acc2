/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-prepared-batch.h"

#include "relais-row-ranges.h"

struct _RelaisPreparedBatch
{
  RelaisPayloadSettings  settings;   /* its texts belong to the run */
  RelaisBatchRecord     *record;     /* (owned) */
  GString               *body;       /* (owned) (nullable): while it is filled */
  GBytes                *payload;    /* (owned) (nullable): once it is closed */
  GArray                *contacts;   /* (owned) (element-type RelaisPreparedContact) */
  GString               *emails;     /* (owned): zero-terminated, one after the other */
};

/**
 * relais_prepared_batch_new:
 * @settings: what is the same for every contact; its texts must outlive the batch
 *
 * Returns: (transfer full): a batch without contacts
 */
RelaisPreparedBatch *
relais_prepared_batch_new (const RelaisPayloadSettings *settings)
{
  RelaisPreparedBatch *batch = g_new0 (RelaisPreparedBatch, 1);

  batch->settings = *settings;
  batch->record = relais_batch_record_new ();
  batch->contacts = g_array_new (FALSE, FALSE, sizeof (RelaisPreparedContact));
  batch->emails = g_string_new (NULL);
  batch->body = g_string_new (NULL);
  relais_payload_open (batch->body, settings);

  return batch;
}

/**
 * relais_prepared_batch_free:
 * @batch: (transfer full) (nullable):
 */
void
relais_prepared_batch_free (RelaisPreparedBatch *batch)
{
  if (batch == NULL)
    return;

  relais_batch_record_free (batch->record);
  g_clear_pointer (&batch->payload, g_bytes_unref);
  if (batch->body != NULL)
    g_string_free (batch->body, TRUE);
  g_array_unref (batch->contacts);
  g_string_free (batch->emails, TRUE);
  g_free (batch);
}

static gsize
get_closed_size (RelaisPreparedBatch *batch)
{
  /* The envelope counts opening and closing; the body already has the first. */
  GString *body = batch->body;
  gsize open = batch->contacts->len > 0 ? g_array_index (batch->contacts, RelaisPreparedContact, 0).piece : body->len;

  return relais_payload_envelope_size (&batch->settings) + body->len - open;
}

/**
 * relais_prepared_batch_has_room:
 * @batch: a batch that is not closed
 * @piece_length: of one more contact, in bytes
 *
 * Returns: whether it fits within what the service takes in one request
 */
gboolean
relais_prepared_batch_has_room (RelaisPreparedBatch *batch,
                                gsize                piece_length)
{
  return batch->contacts->len < RELAIS_PAYLOAD_MAX_CONTACTS &&
         get_closed_size (batch) + 1 + piece_length <= RELAIS_PAYLOAD_MAX_BYTES;
}

/**
 * relais_prepared_batch_add:
 * @batch: a batch that has room
 * @row: of the segment
 * @email: its address
 * @piece: the contact as JSON
 * @fingerprint: what is remembered once it is confirmed
 */
void
relais_prepared_batch_add (RelaisPreparedBatch     *batch,
                           guint32                  row,
                           const char              *email,
                           RelaisText               piece,
                           const RelaisFingerprint *fingerprint)
{
  RelaisPreparedContact contact = { .row = row, .piece_length = piece.length, .fingerprint = *fingerprint };

  if (batch->contacts->len > 0)
    g_string_append_c (batch->body, ',');
  contact.piece = batch->body->len;
  contact.email = batch->emails->len;
  g_string_append_len (batch->body, piece.data, piece.length);
  g_string_append (batch->emails, email);
  g_string_append_c (batch->emails, '\0');
  g_array_append_val (batch->contacts, contact);
}

static void
add_from (RelaisPreparedBatch *batch,
          RelaisPreparedBatch *other,
          const char          *other_body,
          guint                from,
          guint                to)
{
  for (guint i = from; i < to; i++)
    {
      const RelaisPreparedContact *contact = relais_prepared_batch_get_contact (other, i);

      relais_prepared_batch_add (batch, contact->row, other->emails->str + contact->email,
                                 (RelaisText) { other_body + contact->piece, contact->piece_length },
                                 &contact->fingerprint);
    }
}

static void
swap_contents (RelaisPreparedBatch *a,
               RelaisPreparedBatch *b)
{
  RelaisPreparedBatch kept = *a;

  *a = *b;
  *b = kept;
}

/**
 * relais_prepared_batch_share:
 * @batch: a batch that is not closed
 * @last: the one after it, which holds a single contact
 *
 * Moves contacts from the end of @batch to the front of @last, so that none of them
 * holds one alone: the service takes five times fewer requests of one
 * contact than of several.
 */
void
relais_prepared_batch_share (RelaisPreparedBatch *batch,
                             RelaisPreparedBatch *last)
{
  guint n_moved = (batch->contacts->len + last->contacts->len) / 2;
  gsize bytes = get_closed_size (last);
  guint n = batch->contacts->len;
  guint from = n;

  while (n_moved > 0 && from > 2)
    {
      gsize next = bytes + 1 + relais_prepared_batch_get_contact (batch, from - 1)->piece_length;

      if (n - from == n_moved || next > RELAIS_PAYLOAD_MAX_BYTES)
        break;
      bytes = next;
      from--;
    }
  if (from < n)
    {
      g_autoptr (RelaisPreparedBatch) front = relais_prepared_batch_new (&batch->settings);
      g_autoptr (RelaisPreparedBatch) back = relais_prepared_batch_new (&batch->settings);

      add_from (front, batch, batch->body->str, 0, from);
      add_from (back, batch, batch->body->str, from, n);
      add_from (back, last, last->body->str, 0, last->contacts->len);
      swap_contents (front, batch);
      swap_contents (back, last);
    }
}

/**
 * relais_prepared_batch_take_part:
 * @batch: a closed batch
 * @from: index of the first contact
 * @to: index after the last contact
 *
 * Returns: (transfer full): a batch, not closed, of those contacts
 */
RelaisPreparedBatch *
relais_prepared_batch_take_part (RelaisPreparedBatch *batch,
                                 guint                from,
                                 guint                to)
{
  RelaisPreparedBatch *part = relais_prepared_batch_new (&batch->settings);

  add_from (part, batch, g_bytes_get_data (batch->payload, NULL), from, to);

  return part;
}

static char *
write_rows (RelaisPreparedBatch *batch)
{
  GString *rows = g_string_new (NULL);
  guint n = batch->contacts->len;

  for (guint from = 0, to; from < n; from = to)
    {
      guint first = relais_prepared_batch_get_contact (batch, from)->row;

      for (to = from + 1; to < n && relais_prepared_batch_get_contact (batch, to)->row == first + (to - from); to++)
        ;
      relais_row_ranges_append (rows, first, first + (to - from) - 1);
    }

  return g_string_free (rows, FALSE);
}

/**
 * relais_prepared_batch_close:
 * @batch: a batch with at least one contact
 * @key: for the hash of the payload
 *
 * Nothing can be added afterwards. Rows, contacts and hash are now in the record.
 *
 * Returns: (transfer none): the body of the request
 */
GBytes *
relais_prepared_batch_close (RelaisPreparedBatch *batch,
                             const RelaisHashKey *key)
{
  guint n = batch->contacts->len;

  g_return_val_if_fail (batch->body != NULL && n > 0, NULL);

  relais_payload_close (batch->body, &batch->settings);
  batch->record->first_row = relais_prepared_batch_get_contact (batch, 0)->row;
  batch->record->last_row = relais_prepared_batch_get_contact (batch, n - 1)->row;
  batch->record->rows = write_rows (batch);
  batch->record->contacts = n;
  batch->record->hash = relais_hash (key, batch->body->str, batch->body->len).low;
  batch->payload = g_string_free_to_bytes (g_steal_pointer (&batch->body));

  return batch->payload;
}

/**
 * relais_prepared_batch_leave_out:
 * @batch: (transfer full): a closed batch of several contacts
 * @index: of one of them
 * @key: for the hash of the payload
 *
 * Returns: (transfer full): the same batch, closed, without that contact: what the journal knows of it is kept
 */
RelaisPreparedBatch *
relais_prepared_batch_leave_out (RelaisPreparedBatch *batch,
                                 guint                index,
                                 const RelaisHashKey *key)
{
  g_autoptr (RelaisPreparedBatch) whole = batch;
  RelaisPreparedBatch *rest = relais_prepared_batch_take_part (whole, 0, index);

  add_from (rest, whole, g_bytes_get_data (whole->payload, NULL), index + 1, whole->contacts->len);
  rest->record->number = whole->record->number;
  rest->record->state = whole->record->state;
  rest->record->remote_id = g_strdup (whole->record->remote_id);
  rest->record->queued = whole->record->queued;
  rest->record->sendings = whole->record->sendings;
  relais_prepared_batch_close (rest, key);

  return rest;
}

/**
 * relais_prepared_batch_get_payload:
 * @batch: a closed batch
 *
 * Returns: (transfer none): the body of the request
 */
GBytes *
relais_prepared_batch_get_payload (RelaisPreparedBatch *batch)
{
  return batch->payload;
}

/**
 * relais_prepared_batch_get_record:
 * @batch: a batch
 *
 * Returns: (transfer none): what the journal keeps of it; the run changes it as the batch goes on
 */
RelaisBatchRecord *
relais_prepared_batch_get_record (RelaisPreparedBatch *batch)
{
  return batch->record;
}

/**
 * relais_prepared_batch_get_n_contacts:
 * @batch: a batch
 *
 * Returns: how many contacts it holds
 */
guint
relais_prepared_batch_get_n_contacts (RelaisPreparedBatch *batch)
{
  return batch->contacts->len;
}

/**
 * relais_prepared_batch_get_contact:
 * @batch: a batch
 * @index: below the number of contacts
 *
 * Returns: (transfer none):
 */
const RelaisPreparedContact *
relais_prepared_batch_get_contact (RelaisPreparedBatch *batch,
                                   guint                index)
{
  return &g_array_index (batch->contacts, RelaisPreparedContact, index);
}

/**
 * relais_prepared_batch_get_email:
 * @batch: a batch
 * @index: below the number of contacts
 *
 * Returns: (transfer none): its address, as it is sent
 */
const char *
relais_prepared_batch_get_email (RelaisPreparedBatch *batch,
                                 guint                index)
{
  return batch->emails->str + relais_prepared_batch_get_contact (batch, index)->email;
}

/**
 * relais_prepared_batch_get_memory:
 * @batch: a closed batch
 *
 * Returns: about how many bytes it holds
 */
gsize
relais_prepared_batch_get_memory (RelaisPreparedBatch *batch)
{
  return g_bytes_get_size (batch->payload) + batch->emails->len + batch->contacts->len * sizeof (RelaisPreparedContact);
}
