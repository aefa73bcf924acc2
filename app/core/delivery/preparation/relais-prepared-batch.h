/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-hash.h"
#include "relais-payload.h"
#include "relais-records.h"

G_BEGIN_DECLS

/**
 * RelaisPreparedContact:
 * @row: of the segment
 * @piece: where its part of the payload begins
 * @piece_length: in bytes
 * @email: where its address begins in the batch's addresses; zero-terminated there
 * @fingerprint: what is remembered once it is confirmed
 */
typedef struct
{
  guint32           row;
  guint32           piece;
  guint32           piece_length;
  guint32           email;
  RelaisFingerprint fingerprint;
} RelaisPreparedContact;

/**
 * RelaisPreparedBatch:
 *
 * Contacts on their way into one request: filled by the preparation, closed,
 * sent, and kept until their result is known.
 */
typedef struct _RelaisPreparedBatch RelaisPreparedBatch;

RelaisPreparedBatch         *relais_prepared_batch_new           (const RelaisPayloadSettings *settings);
void                         relais_prepared_batch_free          (RelaisPreparedBatch         *batch);
gboolean                     relais_prepared_batch_has_room      (RelaisPreparedBatch         *batch,
                                                                  gsize                        piece_length);
void                         relais_prepared_batch_add           (RelaisPreparedBatch         *batch,
                                                                  guint32                      row,
                                                                  const char                  *email,
                                                                  RelaisText                   piece,
                                                                  const RelaisFingerprint     *fingerprint);
void                         relais_prepared_batch_share         (RelaisPreparedBatch         *batch,
                                                                  RelaisPreparedBatch         *last);
RelaisPreparedBatch         *relais_prepared_batch_take_part     (RelaisPreparedBatch         *batch,
                                                                  guint                        from,
                                                                  guint                        to);
RelaisPreparedBatch         *relais_prepared_batch_leave_out     (RelaisPreparedBatch         *batch,
                                                                  guint                        index,
                                                                  const RelaisHashKey         *key);
GBytes                      *relais_prepared_batch_close         (RelaisPreparedBatch         *batch,
                                                                  const RelaisHashKey         *key);
GBytes                      *relais_prepared_batch_get_payload   (RelaisPreparedBatch         *batch);
RelaisBatchRecord           *relais_prepared_batch_get_record    (RelaisPreparedBatch         *batch);
guint                        relais_prepared_batch_get_n_contacts (RelaisPreparedBatch        *batch);
const RelaisPreparedContact *relais_prepared_batch_get_contact   (RelaisPreparedBatch         *batch,
                                                                  guint                        index);
const char                  *relais_prepared_batch_get_email     (RelaisPreparedBatch         *batch,
                                                                  guint                        index);
gsize                        relais_prepared_batch_get_memory    (RelaisPreparedBatch         *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisPreparedBatch, relais_prepared_batch_free)

G_END_DECLS
