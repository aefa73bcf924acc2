/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-count.h"

#include "relais-segment-reader.h"

#define ROWS_A_LOOK 4096  /* between two looks whether somebody cancelled */

/**
 * relais_segment_count:
 * @file: the file
 * @asked: what is known of how it is written
 * @n_rows: (inout): its rows are added to this
 * @cancellable: (nullable):
 * @error: RELAIS_ERROR_FILE, RELAIS_ERROR_FORMAT or G_IO_ERROR_CANCELLED
 *
 * Blocks.
 *
 * Returns: whether all of it was read
 */
gboolean
relais_segment_count (GFile                      *file,
                      const RelaisSegmentFormat  *asked,
                      guint64                    *n_rows,
                      GCancellable               *cancellable,
                      GError                    **error)
{
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, asked);
  g_autoptr (GError) local_error = NULL;

  if (!relais_segment_reader_open (reader, cancellable, error))
    return FALSE;
  while (relais_segment_reader_next (reader, cancellable, &local_error) != NULL)
    if (++*n_rows % ROWS_A_LOOK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

typedef struct
{
  GFile               *file;    /* (owned) */
  RelaisSegmentFormat *asked;   /* (owned) */
  guint64              n_rows;
} Counting;

static void
free_counting (gpointer data)
{
  Counting *counting = data;

  g_object_unref (counting->file);
  relais_segment_format_free (counting->asked);
  g_free (counting);
}

static void
count_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Counting *counting = task_data;
  GError *error = NULL;

  if (relais_segment_count (counting->file, counting->asked, &counting->n_rows, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * relais_segment_count_async:
 * @file: the file
 * @asked: what is known of how it is written
 * @cancellable: (nullable): a large file takes a while
 * @callback: called with the number
 * @user_data: for @callback
 *
 * Counts in a thread.
 */
void
relais_segment_count_async (GFile                     *file,
                            const RelaisSegmentFormat *asked,
                            GCancellable              *cancellable,
                            GAsyncReadyCallback        callback,
                            gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Counting *counting = g_new0 (Counting, 1);

  g_task_set_source_tag (task, relais_segment_count_async);
  counting->file = g_object_ref (file);
  counting->asked = relais_segment_format_copy (asked);
  g_task_set_task_data (task, counting, free_counting);
  g_task_run_in_thread (task, count_thread);
}

/**
 * relais_segment_count_finish:
 * @result: of relais_segment_count_async()
 * @n_rows: (out): how many rows it has
 * @error: as of relais_segment_count()
 *
 * Returns: whether all of it was read
 */
gboolean
relais_segment_count_finish (GAsyncResult  *result,
                             guint64       *n_rows,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  *n_rows = ((Counting *) g_task_get_task_data (G_TASK (result)))->n_rows;

  return g_task_propagate_boolean (G_TASK (result), error);
}
