/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-barred.h"
#include "relais-delivered.h"
#include "relais-export-definition.h"
#include "relais-hash.h"
#include "relais-plan.h"
#include "relais-profile-table.h"
#include "relais-returning.h"
#include "relais-row.h"

G_BEGIN_DECLS

/**
 * RelaisPreparation:
 *
 * Reads the segments of an export in a thread of its own and makes them into
 * batches, ahead of what is sent by a few batches only: the thread waits
 * while its queue is full.
 */
#define RELAIS_TYPE_PREPARATION (relais_preparation_get_type ())
G_DECLARE_FINAL_TYPE (RelaisPreparation, relais_preparation, RELAIS, PREPARATION, GObject)

/**
 * RelaisPreparationSettings:
 * @definition: the export
 * @fields: (nullable) (element-type RelaisField): the account's custom fields
 * @hash_key: of the connection's fingerprints
 * @fingerprints: (nullable): of earlier runs; with them a profile that was
 *   confirmed as it is now is unchanged
 * @barred: (nullable): who is not sent
 * @plan: (nullable): what is to be read, and batches of this run from before it was interrupted
 * @dry: nothing is made to be sent; rows that would be are counted as delivered
 * @returning: (nullable): with @dry: those of them who would be put back on the list are counted there
 * @delivered: (nullable): is filled with people from the batches of @plan, and nothing else is done
 * @tells_profiles: whether the last item tells who is in the segments
 * @corrections: (nullable): only the rows that they are for are read, as they were corrected; whoever has the address of another row
 *   that can be sent is a duplicate of it, wherever that stands
 * @corrected: (nullable): with @tells_profiles: an array of RelaisCorrectedPerson, sorted: they are in the segments too
 */
typedef struct
{
  const RelaisExportDefinition *definition;
  GPtrArray                    *fields;
  RelaisHashKey                 hash_key;
  GBytes                       *fingerprints;
  RelaisBarred                 *barred;
  RelaisPlan                   *plan;
  gboolean                      dry;
  RelaisReturning              *returning;
  RelaisDelivered              *delivered;
  gboolean                      tells_profiles;
  RelaisCorrections            *corrections;
  GBytes                       *corrected;
} RelaisPreparationSettings;

/**
 * RelaisPreparedItem:
 * @batch: (nullable): a batch to send
 * @planned: (nullable): for a batch of the plan made again: what the journal has of it; without
 *   a @batch none of its rows is sent any more
 * @rejections: (nullable) (element-type RelaisRejection): rows that will not be sent
 * @end: whether this was the last
 * @error: (nullable): at the end: what went wrong
 * @profiles: (nullable): at the end, when the segments were read to theirs: everyone who is in them, see
 *   relais_profile_table_has_row(), whatever becomes of the row
 * @n_unreadable: with @profiles: how many rows have an address that cannot be read, so that somebody of them may be anybody
 * @corrected: (nullable) (element-type RelaisCorrectedPerson): who is sent in place of which address, before anybody is
 */
typedef struct
{
  RelaisPreparedBatch *batch;
  RelaisBatchRecord   *planned;
  GPtrArray           *rejections;
  gboolean             end;
  GError              *error;
  RelaisProfileTable  *profiles;
  guint                n_unreadable;
  GArray              *corrected;
} RelaisPreparedItem;

typedef void (* RelaisPreparationReady) (RelaisPreparation *preparation,
                                         gpointer           user_data);

RelaisPreparation  *relais_preparation_new          (const RelaisPreparationSettings *settings);
void                relais_preparation_start        (RelaisPreparation               *self,
                                                     RelaisPreparationReady           ready,
                                                     gpointer                         user_data);
void                relais_preparation_cut_short    (RelaisPreparation               *self);
void                relais_preparation_stop         (RelaisPreparation               *self);
RelaisPreparedItem *relais_preparation_pop          (RelaisPreparation               *self);
void                relais_preparation_get_progress (RelaisPreparation               *self,
                                                     RelaisRowCounts                 *counts,
                                                     guint64                         *expected);
guint64             relais_preparation_get_n_new    (RelaisPreparation               *self);
void                relais_prepared_item_free       (RelaisPreparedItem              *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisPreparedItem, relais_prepared_item_free)

G_END_DECLS
