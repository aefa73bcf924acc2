/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What reading back from the account came to, in the journal. It holds addresses and values, and is deleted
 * with the rows that were not delivered. */

#include "relais-journal-verifications.h"

#include "relais-journal-private.h"

/* What a call brings with it */
typedef struct
{
  char              *run_id;       /* (owned) */
  char              *verified;     /* (owned) */
  GPtrArray         *differences;  /* (owned) */
  RelaisFingerprint *forgotten;    /* (owned) */
  gsize              n_forgotten;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->run_id);
  g_free (call->verified);
  g_clear_pointer (&call->differences, g_ptr_array_unref);
  g_free (call->forgotten);
  g_free (call);
}

/**
 * relais_journal_forget_verification:
 * @db: the database
 * @run_id: of a run
 * @error: in RELAIS_ERROR
 *
 * Returns: whether the run is as if it had not been verified
 */
gboolean
relais_journal_forget_verification (sqlite3     *db,
                                    const char  *run_id,
                                    GError     **error)
{
  static const char * const statements[] = {
    "UPDATE runs SET verified = NULL WHERE id = ?1",
    "DELETE FROM differences WHERE run_id = ?1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      sqlite3_stmt *statement = relais_sql_prepare (db, statements[i], error);

      if (statement != NULL)
        relais_sql_bind_text (statement, 1, run_id);
      if (!relais_sql_run (db, statement, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_summary (sqlite3     *db,
               const Call  *call,
               GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "UPDATE runs SET verified = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, call->run_id);
  relais_sql_bind_text (statement, 2, call->verified);

  return relais_sql_run (db, statement, error);
}

static gboolean
write_difference (sqlite3                 *db,
                  const char              *run_id,
                  const RelaisDifference  *difference,
                  GError                 **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "INSERT OR REPLACE INTO differences (run_id, row, field, code, title, email, sent, held) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, run_id);
  sqlite3_bind_int64 (statement, 2, difference->row);
  relais_sql_bind_text (statement, 3, difference->field != NULL ? difference->field : "");
  relais_sql_bind_text (statement, 4, relais_difference_kind_to_code (difference->kind));
  relais_sql_bind_text (statement, 5, difference->title);
  relais_sql_bind_text (statement, 6, difference->email);
  relais_sql_bind_text (statement, 7, difference->sent);
  relais_sql_bind_text (statement, 8, difference->held);

  return relais_sql_run (db, statement, error);
}

static gboolean
put_verification (sqlite3   *db,
                  gpointer   data,
                  gpointer  *result,
                  GError   **error)
{
  const Call *call = data;

  if (!relais_journal_forget_verification (db, call->run_id, error) || !write_summary (db, call, error))
    return FALSE;
  for (guint i = 0; i < call->differences->len; i++)
    if (!write_difference (db, call->run_id, g_ptr_array_index (call->differences, i), error))
      return FALSE;

  return relais_journal_append_fingerprints (db, call->run_id, call->forgotten, call->n_forgotten, error);
}

/**
 * relais_journal_put_verification_async:
 * @self: the journal
 * @run_id: of the run
 * @verification: what it came to; what the run had of it before is replaced
 * @differences: (element-type RelaisDifference): referenced until they are written, and not to be changed meanwhile
 * @forgotten: (array length=n_forgotten): of people who are to be sent again, see relais_fingerprint_of(); copied
 * @n_forgotten: how many
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Writes all of it or nothing.
 */
void
relais_journal_put_verification_async (RelaisJournal            *self,
                                       const char               *run_id,
                                       const RelaisVerification *verification,
                                       GPtrArray                *differences,
                                       const RelaisFingerprint  *forgotten,
                                       gsize                     n_forgotten,
                                       GCancellable             *cancellable,
                                       GAsyncReadyCallback       callback,
                                       gpointer                  user_data)
{
  Call *call = g_new0 (Call, 1);

  call->run_id = g_strdup (run_id);
  call->verified = relais_verification_to_text (verification);
  call->differences = g_ptr_array_ref (differences);
  call->forgotten = g_memdup2 (forgotten, n_forgotten * sizeof *forgotten);
  call->n_forgotten = n_forgotten;
  relais_journal_ask (self, relais_journal_put_verification_async, TRUE, put_verification, call, call_free, NULL,
                      cancellable, callback, user_data);
}

static gpointer
read_difference (sqlite3_stmt *statement)
{
  g_autofree char *email = relais_sql_dup_text (statement, 4);
  RelaisDifference *difference = relais_difference_new (sqlite3_column_int64 (statement, 0), email,
                                                        relais_difference_kind_from_code ((const char *) sqlite3_column_text (statement, 2)));

  difference->field = relais_sql_dup_text (statement, 1);
  if (difference->field != NULL && *difference->field == '\0')
    g_clear_pointer (&difference->field, g_free);
  difference->title = relais_sql_dup_text (statement, 3);
  difference->sent = relais_sql_dup_text (statement, 5);
  difference->held = relais_sql_dup_text (statement, 6);

  return difference;
}

static gboolean
list_differences (sqlite3   *db,
                  gpointer   data,
                  gpointer  *result,
                  GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT row, field, code, title, email, sent, held FROM differences WHERE run_id = ?1 ORDER BY row, field", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);

  return relais_sql_list (db, statement, read_difference, (GDestroyNotify) relais_difference_free, result, error);
}

/**
 * relais_journal_list_differences_async:
 * @self: the journal
 * @run_id: of a run
 * @cancellable: (nullable):
 * @callback: called with them
 * @user_data: for @callback
 */
void
relais_journal_list_differences_async (RelaisJournal       *self,
                                       const char          *run_id,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_list_differences_async, FALSE, list_differences, g_strdup (run_id), g_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_list_differences_finish:
 * @self: the journal
 * @result: of relais_journal_list_differences_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisDifference) (nullable): by row
 */
GPtrArray *
relais_journal_list_differences_finish (RelaisJournal  *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  return relais_journal_answer (self, result, error);
}
