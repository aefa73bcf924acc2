/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-corrections.h"

#include <string.h>

struct _RelaisCorrections
{
  gatomicrefcount  ref_count;
  char            *run_id;   /* (owned) */
  GPtrArray       *all;      /* (owned) (element-type RelaisCorrection): by row, then by column */
};

static void
free_correction (gpointer data)
{
  RelaisCorrection *correction = data;

  g_free (correction->column);
  g_free (correction->value);
  g_free (correction);
}

/**
 * relais_corrections_new:
 * @run_id: of the run that did not deliver the rows
 *
 * Returns: (transfer full): none so far
 */
RelaisCorrections *
relais_corrections_new (const char *run_id)
{
  RelaisCorrections *self = g_new0 (RelaisCorrections, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->run_id = g_strdup (run_id);
  self->all = g_ptr_array_new_with_free_func (free_correction);

  return self;
}

/**
 * relais_corrections_ref:
 * @self: corrections
 *
 * Returns: (transfer full): @self
 */
RelaisCorrections *
relais_corrections_ref (RelaisCorrections *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * relais_corrections_unref:
 * @self: (transfer full): corrections
 */
void
relais_corrections_unref (RelaisCorrections *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->all);
  g_free (self->run_id);
  g_free (self);
}

/**
 * relais_corrections_get_run_id:
 * @self: corrections
 *
 * Returns: (transfer none): id of the run that did not deliver the rows
 */
const char *
relais_corrections_get_run_id (RelaisCorrections *self)
{
  return self->run_id;
}

/* Returns: where the cell stands, or would */
static guint
find_place (RelaisCorrections *self,
            guint64            row,
            const char        *column)
{
  guint low = 0, high = self->all->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const RelaisCorrection *correction = g_ptr_array_index (self->all, middle);

      if (correction->row < row || (correction->row == row && strcmp (correction->column, column) < 0))
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static RelaisCorrection *
get_at (RelaisCorrections *self,
        guint              place,
        guint64            row,
        const char        *column)
{
  RelaisCorrection *correction = place < self->all->len ? g_ptr_array_index (self->all, place) : NULL;

  return correction != NULL && correction->row == row && strcmp (correction->column, column) == 0 ? correction : NULL;
}

/**
 * relais_corrections_set:
 * @self: corrections that no run has yet
 * @row: of the segment
 * @column: whose cell is meant; empty for the one with the address
 * @value: what stands there instead of what the file has
 */
void
relais_corrections_set (RelaisCorrections *self,
                        guint64            row,
                        const char        *column,
                        const char        *value)
{
  guint place = find_place (self, row, column);
  RelaisCorrection *correction = get_at (self, place, row, column);

  if (correction == NULL)
    {
      correction = g_new0 (RelaisCorrection, 1);
      correction->row = row;
      correction->column = g_strdup (column);
      g_ptr_array_insert (self->all, (int) place, correction);
    }
  g_free (correction->value);
  correction->value = g_strdup (value);
}

/**
 * relais_corrections_drop:
 * @self: corrections that no run has yet
 * @row: of the segment
 * @column: whose cell is as the file has it after all
 */
void
relais_corrections_drop (RelaisCorrections *self,
                         guint64            row,
                         const char        *column)
{
  guint place = find_place (self, row, column);

  if (get_at (self, place, row, column) != NULL)
    g_ptr_array_remove_index (self->all, place);
}

/**
 * relais_corrections_find:
 * @self: corrections
 * @row: of the segment
 * @column: whose cell is meant; empty for the one with the address
 *
 * Returns: (transfer none) (nullable): what stands there instead of what the file has
 */
const char *
relais_corrections_find (RelaisCorrections *self,
                         guint64            row,
                         const char        *column)
{
  RelaisCorrection *correction = get_at (self, find_place (self, row, column), row, column);

  return correction != NULL ? correction->value : NULL;
}

/**
 * relais_corrections_find_row:
 * @self: corrections
 * @row: of the segment
 *
 * Returns: index of its first cell that is corrected; of a later row's when none is
 */
guint
relais_corrections_find_row (RelaisCorrections *self,
                             guint64            row)
{
  return find_place (self, row, "");
}

/**
 * relais_corrections_has_row:
 * @self: corrections
 * @row: of the segment
 *
 * Returns: whether a cell of it is corrected
 */
gboolean
relais_corrections_has_row (RelaisCorrections *self,
                            guint64            row)
{
  guint place = relais_corrections_find_row (self, row);

  return place < self->all->len && ((const RelaisCorrection *) g_ptr_array_index (self->all, place))->row == row;
}

/**
 * relais_corrections_get_n_rows:
 * @self: corrections
 *
 * Returns: in how many rows a cell is corrected
 */
guint
relais_corrections_get_n_rows (RelaisCorrections *self)
{
  guint64 last = 0;
  guint n = 0;

  for (guint i = 0; i < self->all->len; i++)
    {
      const RelaisCorrection *correction = g_ptr_array_index (self->all, i);

      n += i == 0 || correction->row != last;
      last = correction->row;
    }

  return n;
}

/**
 * relais_corrections_get_all:
 * @self: corrections
 *
 * Returns: (transfer none) (element-type RelaisCorrection): by row, then by column
 */
GPtrArray *
relais_corrections_get_all (RelaisCorrections *self)
{
  return self->all;
}
