/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-description.h"

#include "relais-segment-reader-private.h"

/* Enough to find values in columns that are often empty, and read in milliseconds. */
#define MAX_ROWS         1000
#define MAX_BYTES        (1024 * 1024)

/* What is shown of a value. */
#define MAX_SAMPLE_BYTES 256

/**
 * relais_segment_description_ref:
 * @description: a description
 *
 * Returns: (transfer full): @description
 */
RelaisSegmentDescription *
relais_segment_description_ref (RelaisSegmentDescription *description)
{
  return g_atomic_rc_box_acquire (description);
}

static void
clear_description (gpointer data)
{
  RelaisSegmentDescription *description = data;

  relais_segment_format_free (description->format);
  g_strfreev (description->columns);
  g_clear_pointer (&description->samples, g_ptr_array_unref);
}

/**
 * relais_segment_description_unref:
 * @description: (transfer full) (nullable):
 */
void
relais_segment_description_unref (RelaisSegmentDescription *description)
{
  if (description != NULL)
    g_atomic_rc_box_release_full (description, clear_description);
}

static char *
copy_sample (RelaisText cell)
{
  g_autoptr (GString) sample = g_string_new (NULL);

  if (cell.length > MAX_SAMPLE_BYTES)
    cell.length = g_utf8_find_prev_char (cell.data, cell.data + MAX_SAMPLE_BYTES) - cell.data;
  relais_text_clean (cell, sample);

  return g_string_free (g_steal_pointer (&sample), FALSE);
}

/* Returns: how many bytes the row has */
static gsize
collect_samples (const RelaisSegmentRow *row,
                 GPtrArray              *lists)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < lists->len; i++)
    {
      GPtrArray *list = g_ptr_array_index (lists, i);
      RelaisText cell = relais_text_trim (row->cells[i]);

      n_bytes += row->cells[i].length;
      if (cell.length > 0 && list->len < RELAIS_SEGMENT_SAMPLES)
        g_ptr_array_add (list, copy_sample (cell));
    }

  return n_bytes;
}

static GPtrArray *
read_samples (RelaisSegmentReader  *reader,
              GCancellable         *cancellable,
              GError              **error)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  GPtrArray *samples;
  const RelaisSegmentRow *row;
  gsize n_bytes = 0;
  g_autoptr (GError) local_error = NULL;

  for (guint i = 0; i < relais_segment_reader_get_n_columns (reader); i++)
    g_ptr_array_add (lists, g_ptr_array_new_with_free_func (g_free));
  while (n_bytes < MAX_BYTES && (row = relais_segment_reader_next (reader, cancellable, &local_error)) != NULL &&
         row->number <= MAX_ROWS)
    n_bytes += collect_samples (row, lists);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  samples = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = 0; i < lists->len; i++)
    {
      GPtrArray *list = g_ptr_array_index (lists, i);

      g_ptr_array_add (list, NULL);
      g_ptr_array_set_free_func (list, NULL);
      g_ptr_array_add (samples, g_ptr_array_steal (list, NULL));
    }

  return samples;
}

typedef struct
{
  GFile               *file;   /* (owned) */
  RelaisSegmentFormat *asked;  /* (owned) */
} Question;

static void
free_question (gpointer data)
{
  Question *question = data;

  g_object_unref (question->file);
  relais_segment_format_free (question->asked);
  g_free (question);
}

static void
describe_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Question *question = task_data;
  g_autoptr (RelaisSegmentReader) reader = NULL;
  RelaisSegmentDescription *description;
  GPtrArray *samples = NULL;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  reader = relais_segment_reader_new (question->file, question->asked);
  relais_segment_reader_set_look_at_tail (reader, TRUE);
  if (!relais_segment_reader_open (reader, cancellable, &error) ||
      (samples = read_samples (reader, cancellable, &error)) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  description = g_atomic_rc_box_new0 (RelaisSegmentDescription);
  description->format = relais_segment_format_copy (relais_segment_reader_get_format (reader));
  description->columns = g_strdupv ((char **) relais_segment_reader_get_columns (reader));
  description->samples = samples;
  description->size = relais_segment_reader_get_size (reader);
  g_task_return_pointer (task, description, (GDestroyNotify) relais_segment_description_unref);
}

/**
 * relais_segment_describe_async:
 * @file: the file
 * @asked: (nullable): what is known of how it is written
 * @cancellable: (nullable):
 * @callback: called with the description
 * @user_data: for @callback
 *
 * Reads the head of a segment file, in a thread.
 */
void
relais_segment_describe_async (GFile                     *file,
                               const RelaisSegmentFormat *asked,
                               GCancellable              *cancellable,
                               GAsyncReadyCallback        callback,
                               gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  g_task_set_source_tag (task, relais_segment_describe_async);
  question->file = g_object_ref (file);
  question->asked = asked != NULL ? relais_segment_format_copy (asked) : relais_segment_format_new ();
  g_task_set_task_data (task, question, free_question);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, describe_thread);
}

/**
 * relais_segment_describe_finish:
 * @result: of relais_segment_describe_async()
 * @error: RELAIS_ERROR_FILE, RELAIS_ERROR_FORMAT or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the description
 */
RelaisSegmentDescription *
relais_segment_describe_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
