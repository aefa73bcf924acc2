/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Batches in the journal: what is about to leave, what left, and what became of it. */

#include "relais-journal-private.h"

/* What a call brings with it */
typedef struct
{
  char              *run_id;        /* (owned) */
  RelaisLead         lead;
  RelaisBatchRecord *batch;         /* (owned) (nullable) */
  guint              number;
  GPtrArray         *parts;         /* (owned) (nullable) */
  GPtrArray         *rejections;    /* (owned) (nullable) */
  RelaisFingerprint *fingerprints;  /* (owned) (nullable) */
  gsize              n_fingerprints;
} Call;

static Call *
call_new (const char *run_id)
{
  Call *call = g_new0 (Call, 1);

  call->run_id = g_strdup (run_id);

  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->run_id);
  relais_batch_record_free (call->batch);
  g_clear_pointer (&call->parts, g_ptr_array_unref);
  g_clear_pointer (&call->rejections, g_ptr_array_unref);
  g_free (call->fingerprints);
  g_free (call);
}

#define BATCH_COLUMNS "number, state, first_row, last_row, contacts, hash, remote_id, sendings, delivered, refused, rows, queued"

static gpointer
read_batch (sqlite3_stmt *statement)
{
  RelaisBatchRecord *batch;

  if (!relais_sql_is_among (statement, 1, RELAIS_BATCH_UNKNOWN))
    return NULL;

  batch = relais_batch_record_new ();
  batch->number = sqlite3_column_int64 (statement, 0);
  batch->state = sqlite3_column_int (statement, 1);
  batch->first_row = sqlite3_column_int64 (statement, 2);
  batch->last_row = sqlite3_column_int64 (statement, 3);
  batch->contacts = sqlite3_column_int64 (statement, 4);
  batch->hash = (guint64) sqlite3_column_int64 (statement, 5);
  batch->remote_id = relais_sql_dup_text (statement, 6);
  batch->sendings = sqlite3_column_int64 (statement, 7);
  batch->delivered = sqlite3_column_int64 (statement, 8);
  batch->refused = sqlite3_column_int64 (statement, 9);
  batch->rows = relais_sql_dup_text (statement, 10);
  batch->queued = sqlite3_column_int (statement, 11);

  return batch;
}

static gboolean
list_batches (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT " BATCH_COLUMNS " FROM batches WHERE run_id = ?1 ORDER BY number", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, data);

  return relais_sql_list (db, statement, read_batch, (GDestroyNotify) relais_batch_record_free, result, error);
}

/**
 * relais_journal_list_batches_async:
 * @self: the journal
 * @run_id: of the run
 * @cancellable: (nullable):
 * @callback: called with the batches
 * @user_data: for @callback
 */
void
relais_journal_list_batches_async (RelaisJournal       *self,
                                   const char          *run_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_list_batches_async, FALSE, list_batches, g_strdup (run_id), g_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

static gboolean
list_left_batches (sqlite3   *db,
                   gpointer   data,
                   gpointer  *result,
                   GError   **error)
{
  const char * const *ids = data;
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT " BATCH_COLUMNS " FROM batches WHERE run_id IN"
    " (SELECT id FROM runs WHERE export_id = ?1 AND id != ?2 AND number >="
    "  coalesce ((SELECT max (number) FROM runs WHERE export_id = ?1 AND status IN (?3, ?4) AND corrects IS NULL), 0))", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, ids[0]);
  relais_sql_bind_text (statement, 2, ids[1]);
  sqlite3_bind_int (statement, 3, RELAIS_RUN_SUCCESSFUL);
  sqlite3_bind_int (statement, 4, RELAIS_RUN_COMPLETED_WITH_ERRORS);

  return relais_sql_list (db, statement, read_batch, (GDestroyNotify) relais_batch_record_free, result, error);
}

/**
 * relais_journal_list_left_batches_async:
 * @self: the journal
 * @export_id: of the export
 * @except: (nullable): id of a run whose batches are not asked for
 * @cancellable: (nullable):
 * @callback: called with the batches, for relais_journal_list_batches_finish()
 * @user_data: for @callback
 *
 * Lists the batches of the export's last run that came to its end, other than of corrected rows, and of all that began after it:
 * those before were followed by one that sent everything.
 */
void
relais_journal_list_left_batches_async (RelaisJournal       *self,
                                        const char          *export_id,
                                        const char          *except,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  const char *ids[] = { export_id, except != NULL ? except : "", NULL };

  relais_journal_ask (self, relais_journal_list_left_batches_async, FALSE, list_left_batches, g_strdupv ((char **) ids),
                      (GDestroyNotify) g_strfreev, (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_list_batches_finish:
 * @self: the journal
 * @result: of relais_journal_list_batches_async() or relais_journal_list_left_batches_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisBatchRecord) (nullable): those of one run by number
 */
GPtrArray *
relais_journal_list_batches_finish (RelaisJournal  *self,
                                    GAsyncResult   *result,
                                    GError        **error)
{
  return relais_journal_answer (self, result, error);
}

static gboolean
write_batch (sqlite3                  *db,
             const char               *run_id,
             const RelaisBatchRecord  *batch,
             GError                  **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "INSERT OR REPLACE INTO batches (run_id, number, state, first_row, last_row, contacts, hash, remote_id, sendings, delivered, refused,"
    " rows, queued) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, run_id);
  sqlite3_bind_int64 (statement, 2, batch->number);
  sqlite3_bind_int (statement, 3, batch->state);
  sqlite3_bind_int64 (statement, 4, batch->first_row);
  sqlite3_bind_int64 (statement, 5, batch->last_row);
  sqlite3_bind_int64 (statement, 6, batch->contacts);
  sqlite3_bind_int64 (statement, 7, (gint64) batch->hash);
  relais_sql_bind_text (statement, 8, batch->remote_id);
  sqlite3_bind_int64 (statement, 9, batch->sendings);
  sqlite3_bind_int64 (statement, 10, batch->delivered);
  sqlite3_bind_int64 (statement, 11, batch->refused);
  relais_sql_bind_text (statement, 12, batch->rows);
  sqlite3_bind_int (statement, 13, batch->queued);

  return relais_sql_run (db, statement, error);
}

static gboolean
put_batch (sqlite3   *db,
           gpointer   data,
           gpointer  *result,
           GError   **error)
{
  const Call *call = data;
  gboolean leaves = call->batch->state == RELAIS_BATCH_INTENT;

  if (!write_batch (db, call->run_id, call->batch, error))
    return FALSE;

  /* What was about to leave and did not, for sure, is nothing. */
  return (leaves && call->batch->sendings == 0) || relais_journal_note_sending (db, call->run_id, &call->lead, leaves, error);
}

/**
 * relais_journal_put_batch_async:
 * @self: the journal
 * @run_id: of the run
 * @lead: as far as the run's attempt knows it by now; copied
 * @batch: what to write; inserted, or updated when the run has a batch of this number. One of RELAIS_BATCH_INTENT that counts
 *   a sending is about to leave
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 */
void
relais_journal_put_batch_async (RelaisJournal           *self,
                                const char              *run_id,
                                const RelaisLead        *lead,
                                const RelaisBatchRecord *batch,
                                GCancellable            *cancellable,
                                GAsyncReadyCallback      callback,
                                gpointer                 user_data)
{
  Call *call = call_new (run_id);

  call->lead = *lead;
  call->batch = relais_batch_record_copy (batch);
  relais_journal_ask (self, relais_journal_put_batch_async, TRUE, put_batch, call, call_free, NULL,
                      cancellable, callback, user_data);
}

static gboolean
replace_batch (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Call *call = data;
  sqlite3_stmt *statement = relais_sql_prepare (db, "DELETE FROM batches WHERE run_id = ?1 AND number = ?2", error);

  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, call->run_id);
  sqlite3_bind_int64 (statement, 2, call->number);
  if (!relais_sql_run (db, statement, error))
    return FALSE;
  for (guint i = 0; i < call->parts->len; i++)
    if (!write_batch (db, call->run_id, g_ptr_array_index (call->parts, i), error))
      return FALSE;

  return TRUE;
}

/**
 * relais_journal_replace_batch_async:
 * @self: the journal
 * @run_id: of the run
 * @number: of a batch that the service refused whole
 * @parts: (element-type RelaisBatchRecord): what is tried in its place; copied
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 */
void
relais_journal_replace_batch_async (RelaisJournal       *self,
                                    const char          *run_id,
                                    guint                number,
                                    GPtrArray           *parts,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  Call *call = call_new (run_id);

  call->number = number;
  call->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_batch_record_free);
  for (guint i = 0; i < parts->len; i++)
    g_ptr_array_add (call->parts, relais_batch_record_copy (g_ptr_array_index (parts, i)));
  relais_journal_ask (self, relais_journal_replace_batch_async, TRUE, replace_batch, call, call_free, NULL,
                      cancellable, callback, user_data);
}

static gboolean
settle_batch (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  const Call *call = data;

  return write_batch (db, call->run_id, call->batch, error) &&
         relais_journal_note_sending (db, call->run_id, &call->lead, FALSE, error) &&
         relais_journal_write_rejections (db, call->run_id, call->rejections, error) &&
         relais_journal_append_fingerprints (db, call->run_id, call->fingerprints, call->n_fingerprints, error);
}

/**
 * relais_journal_settle_batch_async:
 * @self: the journal
 * @run_id: of the run
 * @lead: as far as the run's attempt knows it by now; copied
 * @batch: as it stands now
 * @rejections: (element-type RelaisRejection): its contacts that were not delivered; referenced
 * @fingerprints: (array length=n_fingerprints): of those that were, and of those that may have been; copied
 * @n_fingerprints: how many
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Writes all of it or nothing.
 */
void
relais_journal_settle_batch_async (RelaisJournal           *self,
                                   const char              *run_id,
                                   const RelaisLead        *lead,
                                   const RelaisBatchRecord *batch,
                                   GPtrArray               *rejections,
                                   const RelaisFingerprint *fingerprints,
                                   gsize                    n_fingerprints,
                                   GCancellable            *cancellable,
                                   GAsyncReadyCallback      callback,
                                   gpointer                 user_data)
{
  Call *call = call_new (run_id);

  call->lead = *lead;
  call->batch = relais_batch_record_copy (batch);
  call->rejections = g_ptr_array_ref (rejections);
  call->fingerprints = g_memdup2 (fingerprints, n_fingerprints * sizeof *fingerprints);
  call->n_fingerprints = n_fingerprints;
  relais_journal_ask (self, relais_journal_settle_batch_async, TRUE, settle_batch, call, call_free, NULL,
                      cancellable, callback, user_data);
}
