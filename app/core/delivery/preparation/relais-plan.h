/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-prepared-batch.h"

G_BEGIN_DECLS

/**
 * RelaisPlan:
 *
 * What a run is about to read, and what of it was under way before it was
 * interrupted. It does not change, so that threads may share it.
 */
typedef struct _RelaisPlan RelaisPlan;

RelaisPlan *relais_plan_new        (GPtrArray          *batches,
                                    const char * const *digests);
RelaisPlan *relais_plan_ref        (RelaisPlan         *plan);
void        relais_plan_unref      (RelaisPlan         *plan);
GPtrArray  *relais_plan_get_batches (RelaisPlan        *plan);
const char *relais_plan_get_digest (RelaisPlan         *plan,
                                    guint               segment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisPlan, relais_plan_unref)

/**
 * RelaisPlanPlace:
 * @planned: a batch of the plan whose rows have begun and not ended
 * @batch: (owned) (nullable): the same made again, so far; for whoever walks the plan to fill
 */
typedef struct
{
  const RelaisBatchRecord *planned;
  RelaisPreparedBatch     *batch;

  /*< private >*/
  const char              *at;
  guint64                  first;
  guint64                  last;
} RelaisPlanPlace;

/**
 * RelaisPlanWalk:
 *
 * Goes through a plan with the rows of the segment, which come in their order.
 */
typedef struct
{
  RelaisPlan *plan;    /* (unowned) (nullable) */
  guint       next;    /* index of the first batch whose rows have not begun */
  GArray     *places;  /* (owned) (element-type RelaisPlanPlace) */
} RelaisPlanWalk;

void             relais_plan_walk_init  (RelaisPlanWalk  *walk,
                                         RelaisPlan      *plan);
void             relais_plan_walk_clear (RelaisPlanWalk  *walk);
gboolean         relais_plan_walk_leave (RelaisPlanWalk  *walk,
                                         guint64          row,
                                         RelaisPlanPlace *left);
RelaisPlanPlace *relais_plan_walk_find  (RelaisPlanWalk  *walk,
                                         guint64          row);

G_END_DECLS
