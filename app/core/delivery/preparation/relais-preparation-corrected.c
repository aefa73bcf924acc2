/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows as a person has corrected them, in the preparation's thread. The segments are read to their end first, because whoever has the
 * address of another row has been sent with that one: it must not be overwritten. And, for runs of the whole segment, who was sent in
 * place of an address that stands there. */

#include "relais-preparation-private.h"

#include <string.h>

/* A segment with corrected rows */
typedef struct
{
  char      **columns;  /* (owned) */
  char       *file;     /* (owned): its name */
  GPtrArray  *rows;     /* (owned) (element-type KeptRow) */
} KeptSegment;

/* A row of which something was corrected, as the file has it */
typedef struct
{
  RelaisSegmentRow  row;     /* its cells are below */
  guint32           number;  /* of the row through all segments */
  RelaisText       *cells;   /* (owned) */
  char             *text;    /* (owned): of all cells */
} KeptRow;

static void
free_row (gpointer data)
{
  KeptRow *kept = data;

  g_free (kept->cells);
  g_free (kept->text);
  g_free (kept);
}

static void
free_segment (gpointer data)
{
  KeptSegment *segment = data;

  g_strfreev (segment->columns);
  g_free (segment->file);
  g_ptr_array_unref (segment->rows);
  g_free (segment);
}

/*
 * relais_preparation_keep_columns:
 * @columns: of the segment whose rows come next
 * @file: its name
 */
void
relais_preparation_keep_columns (RelaisPreparation      *self,
                                 RelaisPreparationWork  *work,
                                 const char * const     *columns,
                                 const char             *file)
{
  KeptSegment *segment = g_new0 (KeptSegment, 1);

  segment->columns = g_strdupv ((char **) columns);
  segment->file = g_strdup (file);
  segment->rows = g_ptr_array_new_with_free_func (free_row);
  if (work->kept == NULL)
    work->kept = g_ptr_array_new_with_free_func (free_segment);
  g_ptr_array_add (work->kept, segment);
}

static KeptRow *
keep_row (const RelaisSegmentRow *row,
          guint32                 number)
{
  KeptRow *kept = g_new0 (KeptRow, 1);
  gsize size = 0, at = 0;

  for (guint i = 0; i < row->n_cells; i++)
    size += row->cells[i].length;
  kept->row = *row;
  kept->number = number;
  kept->cells = g_new0 (RelaisText, row->n_cells);
  kept->text = g_malloc (size + 1);
  for (guint i = 0; i < row->n_cells; i++)
    {
      kept->cells[i] = (RelaisText) { kept->text + at, row->cells[i].length };
      if (row->cells[i].length > 0)
        memcpy (kept->text + at, row->cells[i].data, row->cells[i].length);
      at += row->cells[i].length;
    }
  kept->row.cells = kept->cells;

  return kept;
}

/*
 * relais_preparation_pass_row:
 * @row: the next one
 * @number: of it, through all segments
 *
 * Keeps a row that was corrected. Of every other only the address counts, where it can be sent.
 */
void
relais_preparation_pass_row (RelaisPreparation      *self,
                             RelaisPreparationWork  *work,
                             const RelaisSegmentRow *row,
                             guint32                 number)
{
  RelaisMappedRow mapped;
  guint32 profile[3], confirmed[2];

  if (relais_corrections_has_row (self->corrections, number))
    {
      KeptSegment *segment = g_ptr_array_index (work->kept, work->kept->len - 1);

      g_ptr_array_add (segment->rows, keep_row (row, number));
      return;
    }
  if (self->delivered != NULL)
    return;
  relais_row_mapper_map (self->mapper, row, &mapped);
  if (mapped.reason != RELAIS_REASON_NONE)
    return;
  relais_profile_hash (&self->hash_key, mapped.address.text, mapped.address.length, profile);
  relais_profile_table_see (work->profiles, profile, number, confirmed);
}

/* What stands for an address as a segment has it, which may be none */
static void
hash_written (const RelaisHashKey *key,
              RelaisText           text,
              guint32              written[3])
{
  RelaisAddress address;
  RelaisText trimmed = relais_text_trim (text);

  if (relais_address_read (text, &address) == RELAIS_REASON_NONE)
    relais_profile_hash (key, address.text, address.length, written);
  else
    relais_profile_hash_folded (key, trimmed.length > 0 ? trimmed.data : "", trimmed.length, written);
}

static void
add_person (RelaisPreparation *self,
            GArray            *people,
            RelaisText         written,
            const char        *corrected)
{
  RelaisCorrectedPerson person;
  RelaisAddress address;

  if (relais_address_read ((RelaisText) { corrected, strlen (corrected) }, &address) != RELAIS_REASON_NONE)
    return;
  hash_written (&self->hash_key, written, person.written);
  relais_profile_hash (&self->hash_key, address.text, address.length, person.profile);
  if (memcmp (person.written, person.profile, sizeof person.written) != 0)
    g_array_append_val (people, person);
}

static void
correct_cell (const KeptSegment *segment,
              KeptRow           *kept,
              const char        *column,
              const char        *value)
{
  for (guint i = 0; segment->columns[i] != NULL && i < kept->row.n_cells; i++)
    if (strcmp (segment->columns[i], column) == 0)
      {
        kept->cells[i] = (RelaisText) { value, strlen (value) };
        return;
      }
}

/* Corrections and kept rows are in the same order. */
static void
correct_row (RelaisPreparation *self,
             const KeptSegment *segment,
             KeptRow           *kept,
             GArray            *people)
{
  const RelaisMatching *matching = self->definition->matching;
  GPtrArray *all = relais_corrections_get_all (self->corrections);
  const char *address = relais_corrections_find (self->corrections, kept->number, "");

  if (address != NULL)
    {
      add_person (self, people, relais_row_mapper_get_email (self->mapper, &kept->row), address);
      correct_cell (segment, kept, matching->email, address);
    }
  for (guint i = relais_corrections_find_row (self->corrections, kept->number); i < all->len; i++)
    {
      const RelaisCorrection *correction = g_ptr_array_index (all, i);

      if (correction->row != kept->number)
        break;
      if (*correction->column != '\0')
        correct_cell (segment, kept, correction->column, correction->value);
    }
}

/* Before anybody is sent it is told whom they take the place of. */
static void
tell_corrected (RelaisPreparation *self,
                GArray            *people)
{
  RelaisPreparedItem *item;

  if (people->len == 0)
    return;
  item = g_new0 (RelaisPreparedItem, 1);
  item->corrected = g_array_ref (people);
  relais_preparation_push (self, item);
}

static gboolean
correct_segment (RelaisPreparation  *self,
                 const KeptSegment  *segment,
                 GArray             *people,
                 GError            **error)
{
  if (!relais_row_mapper_set_columns (self->mapper, (const char * const *) segment->columns, segment->file, error))
    return FALSE;
  for (guint i = 0; i < segment->rows->len; i++)
    correct_row (self, segment, g_ptr_array_index (segment->rows, i), people);

  return TRUE;
}

/*
 * relais_preparation_take_kept:
 * @error: when a matched column is not there
 *
 * All segments are read: takes the rows that were corrected, as they are then.
 *
 * Returns: whether it could
 */
gboolean
relais_preparation_take_kept (RelaisPreparation      *self,
                              RelaisPreparationWork  *work,
                              GError                **error)
{
  g_autoptr (GArray) people = g_array_new (FALSE, FALSE, sizeof (RelaisCorrectedPerson));

  for (guint i = 0; i < work->kept->len; i++)
    if (!correct_segment (self, g_ptr_array_index (work->kept, i), people, error))
      return FALSE;
  if (self->delivered == NULL && !self->dry)
    tell_corrected (self, people);

  for (guint i = 0; i < work->kept->len; i++)
    {
      const KeptSegment *segment = g_ptr_array_index (work->kept, i);

      if (!relais_row_mapper_set_columns (self->mapper, (const char * const *) segment->columns, segment->file, error))
        return FALSE;
      for (guint j = 0; j < segment->rows->len; j++)
        {
          const KeptRow *kept = g_ptr_array_index (segment->rows, j);

          relais_preparation_take_row (self, work, &kept->row, kept->number);
        }
    }

  return TRUE;
}

/* Whoever was sent in place of an address */

static gsize
find_first (const RelaisCorrectedPerson *people,
            gsize                        n_people,
            const guint32                written[3])
{
  gsize low = 0, high = n_people;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (memcmp (people[middle].written, written, sizeof people[middle].written) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/*
 * relais_preparation_note_corrected:
 * @written: what a row has as its address
 *
 * Everybody who was sent in its place is in the segments too.
 */
void
relais_preparation_note_corrected (RelaisPreparation     *self,
                                   RelaisPreparationWork *work,
                                   RelaisText             written)
{
  gsize size;
  const RelaisCorrectedPerson *people = g_bytes_get_data (self->corrected, &size);
  gsize n_people = size / sizeof *people;
  guint32 hash[3];

  if (n_people == 0)
    return;
  hash_written (&self->hash_key, written, hash);
  for (gsize i = find_first (people, n_people, hash); i < n_people && memcmp (people[i].written, hash, sizeof hash) == 0; i++)
    {
      RelaisProfile profile;

      memcpy (profile.words, people[i].profile, sizeof profile.words);
      g_array_append_val (work->others, profile);
    }
}
