/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem */
#include "relais-test-journal.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Opening and closing */

static void
remove_below (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        {
          g_chmod (path, 0700);
          remove_below (path);
        }
      g_remove (path);
    }
}

void
relais_test_journal_keep_result_cb (GObject      *object,
                                    GAsyncResult *result,
                                    gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

GAsyncResult *
relais_test_journal_wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

RelaisJournal *
relais_test_journal_open (const char  *path,
                          GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_open_async (path, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_open_finish (relais_test_journal_wait_for (&result), error);
}

void
relais_test_journal_set_up_closed (RelaisTestJournal *self,
                                   gconstpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* In memory, where there is some: to wait for a real disk tells a test nothing. */
  if (!g_test_slow () && g_access ("/dev/shm", W_OK) == 0)
    self->folder = g_mkdtemp (g_strdup ("/dev/shm/relais-journal-XXXXXX"));
  else
    self->folder = g_dir_make_tmp ("relais-journal-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->folder);
  self->path = g_build_filename (self->folder, "data", "relais", "journal.sqlite", NULL);
}

void
relais_test_journal_set_up (RelaisTestJournal *self,
                            gconstpointer      user_data)
{
  relais_test_journal_set_up_closed (self, user_data);
  relais_test_journal_reopen (self);
}

/* Lets go of what the loop still holds before the last reference is looked for. */
void
relais_test_journal_close (RelaisTestJournal *self)
{
  if (self->journal == NULL)
    return;
  relais_journal_close (self->journal);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&self->journal));
}

void
relais_test_journal_reopen (RelaisTestJournal *self)
{
  g_autoptr (GError) error = NULL;

  relais_test_journal_close (self);
  self->journal = relais_test_journal_open (self->path, &error);
  g_assert_no_error (error);
}

void
relais_test_journal_tear_down (RelaisTestJournal *self,
                               gconstpointer      user_data)
{
  relais_test_journal_close (self);
  remove_below (self->folder);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

/* Calls */

gboolean
relais_test_journal_put_connection (RelaisTestJournal             *self,
                                    const RelaisConnectionRecord  *record,
                                    GError                       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_put_connection_async (self->journal, record, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_remove_connection (RelaisTestJournal  *self,
                                       const char         *id,
                                       GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_remove_connection_async (self->journal, id, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

GPtrArray *
relais_test_journal_list_connections (RelaisTestJournal  *self,
                                      GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_connections_async (self->journal, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_connections_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_put_export (RelaisTestJournal         *self,
                                const RelaisExportRecord  *record,
                                GError                   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_put_export_async (self->journal, record, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_remove_export (RelaisTestJournal  *self,
                                   const char         *id,
                                   GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_remove_export_async (self->journal, id, FALSE, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

GPtrArray *
relais_test_journal_list_exports (RelaisTestJournal  *self,
                                  GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_exports_async (self->journal, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_exports_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_put_run (RelaisTestJournal  *self,
                             RelaisRunRecord    *run,
                             GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_put_run_async (self->journal, run, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_put_run_finish (self->journal, relais_test_journal_wait_for (&result), run, error);
}

gboolean
relais_test_journal_finish_run (RelaisTestJournal      *self,
                                const RelaisRunRecord  *run,
                                GError                **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_finish_run_async (self->journal, run, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

GPtrArray *
relais_test_journal_list_runs (RelaisTestJournal  *self,
                               const char         *export_id,
                               GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_runs_async (self->journal, export_id, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_runs_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

RelaisRunRecord *
relais_test_journal_get_run (RelaisTestJournal *self,
                             const char        *id)
{
  g_autoptr (GPtrArray) runs = relais_test_journal_list_runs (self, NULL, NULL);

  for (guint i = 0; i < runs->len; i++)
    if (g_str_equal (((RelaisRunRecord *) g_ptr_array_index (runs, i))->id, id))
      return relais_run_record_copy (g_ptr_array_index (runs, i));

  g_assert_not_reached ();
}

gboolean
relais_test_journal_put_batch (RelaisTestJournal        *self,
                               const char               *run_id,
                               const RelaisBatchRecord  *batch,
                               GError                  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_put_batch_async (self->journal, run_id, &(RelaisLead) { 0 }, batch, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_replace_batch (RelaisTestJournal  *self,
                                   const char         *run_id,
                                   guint               number,
                                   GPtrArray          *parts,
                                   GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_replace_batch_async (self->journal, run_id, number, parts, NULL,
                                      relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_settle_batch (RelaisTestJournal        *self,
                                  const char               *run_id,
                                  const RelaisBatchRecord  *batch,
                                  GPtrArray                *rejections,
                                  const RelaisFingerprint  *fingerprints,
                                  gsize                     n_fingerprints,
                                  GError                  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_settle_batch_async (self->journal, run_id, &(RelaisLead) { 0 }, batch, rejections, fingerprints, n_fingerprints, NULL,
                                     relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

GPtrArray *
relais_test_journal_list_batches (RelaisTestJournal  *self,
                                  const char         *run_id,
                                  GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_batches_async (self->journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_batches_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_add_rejections (RelaisTestJournal  *self,
                                    const char         *run_id,
                                    GPtrArray          *rejections,
                                    GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_add_rejections_async (self->journal, run_id, rejections, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

gboolean
relais_test_journal_forget_rejections (RelaisTestJournal  *self,
                                       const char         *run_id,
                                       GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_forget_rejections_async (self->journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_write_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

GPtrArray *
relais_test_journal_list_rejections (RelaisTestJournal  *self,
                                     const char         *run_id,
                                     guint64             after_row,
                                     guint               limit,
                                     GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_list_rejections_async (self->journal, run_id, after_row, limit, NULL,
                                        relais_test_journal_keep_result_cb, &result);

  return relais_journal_list_rejections_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

GBytes *
relais_test_journal_read_fingerprints (RelaisTestJournal  *self,
                                       const char         *export_id,
                                       GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_read_fingerprints_async (self->journal, export_id, NULL, relais_test_journal_keep_result_cb, &result);

  return relais_journal_read_fingerprints_finish (self->journal, relais_test_journal_wait_for (&result), error);
}

/* Records */

RelaisConnectionRecord *
relais_test_connection (const char *id,
                        const char *name)
{
  RelaisConnectionRecord *record = relais_connection_record_new ();

  record->id = g_strdup (id);
  record->name = g_strdup (name);
  record->host = g_strdup ("account.api-us1.com");

  return record;
}

RelaisExportRecord *
relais_test_export (const char *id,
                    const char *name,
                    const char *connection_id)
{
  RelaisExportRecord *record = relais_export_record_new ();

  record->id = g_strdup (id);
  record->name = g_strdup (name);
  record->connection_id = g_strdup (connection_id);
  record->definition = g_strdup ("{}");

  return record;
}

RelaisRunRecord *
relais_test_run (const char *id,
                 const char *export_id)
{
  RelaisRunRecord *run = relais_run_record_new ();

  run->id = g_strdup (id);
  run->export_id = g_strdup (export_id);
  run->export_name = g_strdup ("Newsletter");
  run->status = RELAIS_RUN_PROCESSING;
  run->started_at = 1700000000000000;
  run->segment_digest = g_strdup ("digest");

  return run;
}

RelaisBatchRecord *
relais_test_batch (guint            number,
                   RelaisBatchState state)
{
  RelaisBatchRecord *batch = relais_batch_record_new ();

  batch->number = number;
  batch->state = state;
  batch->first_row = number * 250 + 1;
  batch->last_row = number * 250 + 250;
  batch->rows = g_strdup_printf ("%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, batch->first_row, batch->last_row);
  batch->contacts = 250;
  batch->hash = G_GUINT64_CONSTANT (0xfedcba9876543210) + number;
  batch->sendings = 1;
  if (state != RELAIS_BATCH_INTENT)
    {
      batch->remote_id = g_strdup_printf ("import-%u", number);
      batch->queued = 250;
    }

  return batch;
}

GPtrArray *
relais_test_rejections (guint64     first_row,
                        guint       n_rows,
                        const char *email)
{
  GPtrArray *rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);

  for (guint i = 0; i < n_rows; i++)
    g_ptr_array_add (rejections, relais_rejection_new (first_row + i, email, -1, RELAIS_ROW_REFUSED,
                                                       RELAIS_REASON_REFUSED, NULL));

  return rejections;
}

RelaisFingerprint
relais_test_fingerprint (guint32 profile,
                         guint32 content)
{
  return (RelaisFingerprint) { { profile * 2654435761u, profile, ~profile }, { content, content } };
}

void
relais_test_journal_fill (RelaisTestJournal *self)
{
  g_autoptr (RelaisConnectionRecord) connection = relais_test_connection ("c", "Main account");
  g_autoptr (RelaisExportRecord) record = relais_test_export ("e", "Newsletter", "c");
  g_autoptr (RelaisRunRecord) run = relais_test_run ("r", "e");
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_test_journal_put_connection (self, connection, &error));
  g_assert_true (relais_test_journal_put_export (self, record, &error));
  g_assert_true (relais_test_journal_put_run (self, run, &error));
  g_assert_no_error (error);
}

/* The files */

GBytes *
relais_test_journal_read_files (RelaisTestJournal *self)
{
  static const char * const ends[] = { "", "-wal", "-shm", "-journal" };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (self->path, ends[i], NULL);
      g_autofree char *content = NULL;
      gsize length;

      if (g_file_get_contents (path, &content, &length, NULL))
        g_byte_array_append (bytes, (const guint8 *) content, length);
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

gboolean
relais_test_journal_files_hold (RelaisTestJournal *self,
                                const char        *text)
{
  g_autoptr (GBytes) bytes = relais_test_journal_read_files (self);

  return memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text)) != NULL;
}
