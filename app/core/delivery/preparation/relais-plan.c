/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which batch answers for a row is written down with the batch, and not worked
 * out from what could be sent between its first row and its last: that may have changed
 * since. So the rows of two batches may lie among each other. */

#include "relais-plan.h"

#include "relais-row-ranges.h"

struct _RelaisPlan
{
  gatomicrefcount   ref_count;
  GPtrArray        *batches;   /* (owned) (element-type RelaisBatchRecord): by first row */
  char            **digests;   /* (owned) (nullable): of the segments' files */
};

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const RelaisBatchRecord *one = *(RelaisBatchRecord * const *) a;
  const RelaisBatchRecord *other = *(RelaisBatchRecord * const *) b;

  return one->first_row < other->first_row ? -1 : one->first_row > other->first_row;
}

/**
 * relais_plan_new:
 * @batches: (nullable) (element-type RelaisBatchRecord): from before the interruption; copied
 * @digests: (nullable) (array zero-terminated=1): one for each segment: what its file was when the plan was made
 *
 * Returns: (transfer full):
 */
RelaisPlan *
relais_plan_new (GPtrArray          *batches,
                 const char * const *digests)
{
  RelaisPlan *plan = g_new0 (RelaisPlan, 1);

  g_atomic_ref_count_init (&plan->ref_count);
  plan->batches = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_batch_record_free);
  for (guint i = 0; batches != NULL && i < batches->len; i++)
    g_ptr_array_add (plan->batches, relais_batch_record_copy (g_ptr_array_index (batches, i)));
  g_ptr_array_sort (plan->batches, compare_rows);
  plan->digests = g_strdupv ((char **) digests);

  return plan;
}

/**
 * relais_plan_ref:
 * @plan: a plan
 *
 * Returns: (transfer full): @plan
 */
RelaisPlan *
relais_plan_ref (RelaisPlan *plan)
{
  g_atomic_ref_count_inc (&plan->ref_count);

  return plan;
}

/**
 * relais_plan_unref:
 * @plan: (transfer full): a plan
 */
void
relais_plan_unref (RelaisPlan *plan)
{
  if (!g_atomic_ref_count_dec (&plan->ref_count))
    return;

  g_ptr_array_unref (plan->batches);
  g_strfreev (plan->digests);
  g_free (plan);
}

/**
 * relais_plan_get_batches:
 * @plan: a plan
 *
 * Returns: (transfer none) (element-type RelaisBatchRecord): by their first rows
 */
GPtrArray *
relais_plan_get_batches (RelaisPlan *plan)
{
  return plan->batches;
}

/**
 * relais_plan_get_digest:
 * @plan: a plan
 * @segment: index of a segment
 *
 * Returns: (transfer none) (nullable): what its file was when the plan was made
 */
const char *
relais_plan_get_digest (RelaisPlan *plan,
                        guint       segment)
{
  return plan->digests != NULL && segment < g_strv_length (plan->digests) ? plan->digests[segment] : NULL;
}

/* Walking */

/*
 * relais_plan_walk_init:
 * @plan: (nullable): outlives the walk
 */
void
relais_plan_walk_init (RelaisPlanWalk *walk,
                       RelaisPlan     *plan)
{
  walk->plan = plan;
  walk->next = 0;
  walk->places = g_array_new (FALSE, FALSE, sizeof (RelaisPlanPlace));
}

/*
 * relais_plan_walk_clear:
 *
 * Lets go of the walk, and of what its places still hold.
 */
void
relais_plan_walk_clear (RelaisPlanWalk *walk)
{
  for (guint i = 0; i < walk->places->len; i++)
    relais_prepared_batch_free (g_array_index (walk->places, RelaisPlanPlace, i).batch);
  g_clear_pointer (&walk->places, g_array_unref);
}

/*
 * relais_plan_walk_leave:
 * @row: the next one, or %G_MAXUINT64 when there is none
 * @left: (out): a place that lies behind; what it holds is the caller's now
 *
 * Returns: whether there is one; to be called until there is none
 */
gboolean
relais_plan_walk_leave (RelaisPlanWalk  *walk,
                        guint64          row,
                        RelaisPlanPlace *left)
{
  for (guint i = 0; i < walk->places->len; i++)
    {
      *left = g_array_index (walk->places, RelaisPlanPlace, i);
      if (left->planned->last_row >= row)
        continue;
      g_array_remove_index (walk->places, i);
      return TRUE;
    }

  return FALSE;
}

static void
enter_places (RelaisPlanWalk *walk,
              guint64         row)
{
  GPtrArray *batches = walk->plan->batches;

  for (; walk->next < batches->len; walk->next++)
    {
      const RelaisBatchRecord *planned = g_ptr_array_index (batches, walk->next);
      RelaisPlanPlace place = { .planned = planned, .at = planned->rows != NULL ? planned->rows : "" };

      if (planned->first_row > row)
        return;
      g_array_append_val (walk->places, place);
    }
}

/*
 * relais_plan_walk_find:
 * @row: the next one
 *
 * Returns: (transfer none) (nullable): the place of the batch that answers for it; valid until the
 *   next call
 */
RelaisPlanPlace *
relais_plan_walk_find (RelaisPlanWalk *walk,
                       guint64         row)
{
  if (walk->plan == NULL)
    return NULL;

  enter_places (walk, row);
  for (guint i = 0; i < walk->places->len; i++)
    {
      RelaisPlanPlace *place = &g_array_index (walk->places, RelaisPlanPlace, i);

      while (place->last < row && relais_row_ranges_next (&place->at, &place->first, &place->last))
        ;
      if (place->first <= row && row <= place->last)
        return place;
    }

  return NULL;
}
