/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People whom Relais took off a list. No address is among it: a row is of a profile, as fingerprints are, and goes
 * when these go. It holds for one list of one connection, wherever its export sends to later. */

#include "relais-journal-removals.h"

#include "relais-journal-ageing.h"
#include "relais-journal-private.h"

#include <string.h>

/* What a call brings with it */
typedef struct
{
  char              *run_id;         /* (owned) (nullable) */
  RelaisLead         lead;
  char              *connection_id;  /* (owned) */
  guint32            list_id;
  GPtrArray         *removals;       /* (owned) (nullable) */
  GPtrArray         *leavers;        /* (owned) (nullable) */
  RelaisLeaversCounts *counts;       /* (owned) (nullable) */
  RelaisFingerprint *fingerprints;   /* (owned) (nullable) */
  gsize              n_fingerprints;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->run_id);
  g_free (call->connection_id);
  g_clear_pointer (&call->removals, g_ptr_array_unref);
  g_clear_pointer (&call->leavers, g_ptr_array_unref);
  g_free (call->counts);
  g_free (call->fingerprints);
  g_free (call);
}

/* Reading */

static gpointer
read_removal (sqlite3_stmt *statement)
{
  guint32 profile[3] = { 0 };
  int length = sqlite3_column_bytes (statement, 1);
  RelaisRemoval *removal;

  if (length > 0)
    memcpy (profile, sqlite3_column_blob (statement, 1), MIN ((gsize) length, sizeof profile));

  removal = relais_removal_new ((guint32) sqlite3_column_int64 (statement, 0), profile,
                                (RelaisRemovalState) sqlite3_column_int (statement, 2), (const char *) sqlite3_column_text (statement, 3));
  removal->own = sqlite3_column_int (statement, 4);

  return removal;
}

static gboolean
read_removals (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Call *call = data;
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT list_id, profile, state, left_as, run_id IS ?3 FROM removals WHERE connection_id = ?1 AND (?2 = 0 OR list_id = ?2)"
    " ORDER BY list_id, profile", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, call->connection_id);
  sqlite3_bind_int64 (statement, 2, call->list_id);
  relais_sql_bind_text (statement, 3, call->run_id);

  return relais_sql_list (db, statement, read_removal, (GDestroyNotify) relais_removal_free, result, error);
}

/**
 * relais_journal_read_removals_async:
 * @self: the journal
 * @connection_id: of a connection
 * @list_id: of one of its lists, 0 for all of them
 * @run_id: (nullable): of the run that reads them: it is told which of them it has written itself
 * @cancellable: (nullable):
 * @callback: called with the people who were taken off
 * @user_data: for @callback
 */
void
relais_journal_read_removals_async (RelaisJournal       *self,
                                    const char          *connection_id,
                                    guint32              list_id,
                                    const char          *run_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  Call *call = g_new0 (Call, 1);

  call->connection_id = g_strdup (connection_id);
  call->list_id = list_id;
  call->run_id = g_strdup (run_id);
  relais_journal_ask (self, relais_journal_read_removals_async, FALSE, read_removals, call, call_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_read_removals_finish:
 * @self: the journal
 * @result: of relais_journal_read_removals_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisRemoval) (nullable): by list, then by profile as memcmp() sorts
 */
GPtrArray *
relais_journal_read_removals_finish (RelaisJournal  *self,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  return relais_journal_answer (self, result, error);
}

/* Writing */

/* Carries out @sql for each removal: ?1 to ?3 say which one it is. */
static gboolean
write_each (sqlite3     *db,
            const Call  *call,
            const char  *sql,
            gboolean     whole,
            GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  gboolean written = TRUE;

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; written && i < call->removals->len; i++)
    {
      const RelaisRemoval *removal = g_ptr_array_index (call->removals, i);

      sqlite3_reset (statement);
      relais_sql_bind_text (statement, 1, call->connection_id);
      sqlite3_bind_int64 (statement, 2, removal->list_id);
      sqlite3_bind_blob (statement, 3, removal->profile, sizeof removal->profile, SQLITE_STATIC);
      if (whole)
        {
          relais_sql_bind_text (statement, 4, call->run_id);
          sqlite3_bind_int (statement, 5, removal->state);
          relais_sql_bind_text (statement, 6, removal->left_as);
          sqlite3_bind_int64 (statement, 7, g_get_real_time ());
        }
      written = sqlite3_step (statement) == SQLITE_DONE;
      if (!written)
        relais_sql_set_error (db, sqlite3_extended_errcode (db), error);
    }
  sqlite3_finalize (statement);

  return written;
}

static guint
count_returning (const Call *call)
{
  guint n = 0;

  for (guint i = 0; i < call->removals->len; i++)
    n += ((const RelaisRemoval *) g_ptr_array_index (call->removals, i))->state == RELAIS_REMOVAL_RETURNING;

  return n;
}

/* Putting somebody back puts them on the list as an import does. */
static gboolean
put_removals (sqlite3   *db,
              gpointer   data,
              gpointer  *result,
              GError   **error)
{
  const Call *call = data;

  return write_each (db, call,
                     "INSERT INTO removals (connection_id, list_id, profile, export_id, run_id, key_check, state, left_as, at)"
                     " SELECT ?1, ?2, ?3, export_id, id, key_check, ?5, ?6, ?7 FROM runs WHERE id = ?4"
                     " ON CONFLICT (connection_id, list_id, profile) DO UPDATE SET export_id = excluded.export_id,"
                     " run_id = excluded.run_id, key_check = excluded.key_check, state = excluded.state, left_as = excluded.left_as, at = excluded.at", TRUE, error) &&
         (call->leavers == NULL || relais_journal_write_names (db, call->run_id, call->leavers, error)) &&
         (call->counts == NULL || relais_journal_write_run_leavers (db, call->run_id, call->counts, error)) &&
         (count_returning (call) == 0 || relais_journal_note_sending (db, call->run_id, &call->lead, TRUE, error)) &&
         relais_journal_append_fingerprints (db, call->run_id, call->fingerprints, call->n_fingerprints, error);
}

/* Whoever was returning, and is on the list, was put back. */
static gboolean
note_put_back (sqlite3     *db,
               const Call  *call,
               GError     **error)
{
  guint n = call->fingerprints != NULL && relais_fingerprint_is_held (call->fingerprints) ? count_returning (call) : 0;
  sqlite3_stmt *statement;

  if (n == 0)
    return TRUE;
  statement = relais_sql_prepare (db, "UPDATE runs SET put_back = put_back + ?2 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, call->run_id);
  sqlite3_bind_int64 (statement, 2, n);

  return relais_sql_run (db, statement, error) && relais_journal_note_sending (db, call->run_id, &call->lead, TRUE, error);
}

static gboolean
forget_removals (sqlite3   *db,
                 gpointer   data,
                 gpointer  *result,
                 GError   **error)
{
  const Call *call = data;

  return write_each (db, call, "DELETE FROM removals WHERE connection_id = ?1 AND list_id = ?2 AND profile = ?3", FALSE, error) &&
         note_put_back (db, call, error) &&
         relais_journal_append_fingerprints (db, call->run_id, call->fingerprints, call->n_fingerprints, error);
}

static Call *
call_new (const char              *run_id,
          const RelaisLead        *lead,
          const char              *connection_id,
          GPtrArray               *removals,
          const RelaisFingerprint *fingerprints,
          gsize                    n_fingerprints)
{
  Call *call = g_new0 (Call, 1);

  call->run_id = g_strdup (run_id);
  call->lead = *lead;
  call->connection_id = g_strdup (connection_id);
  call->removals = g_ptr_array_ref (removals);
  call->fingerprints = g_memdup2 (fingerprints, n_fingerprints * sizeof *fingerprints);
  call->n_fingerprints = n_fingerprints;

  return call;
}

/**
 * relais_journal_put_removals_async:
 * @self: the journal
 * @run_id: of the run that takes them off, or puts them back
 * @lead: as far as the run's attempt knows it by now; copied
 * @connection_id: of the connection whose lists these are
 * @removals: (element-type RelaisRemoval): inserted, or updated where the person is known to have been taken off the
 *   list; referenced until they are written, and not to be changed meanwhile
 * @leavers: (element-type RelaisLeaverRecord) (nullable): people whom the run names, as for relais_journal_name_leavers_async(): what
 *   becomes of somebody is told of them as soon as nothing is to be done with them any more
 * @counts: (nullable): how many they are by now; copied
 * @fingerprints: (array length=n_fingerprints) (nullable): of people for whom the run's export answers otherwise from
 *   now on, see relais_fingerprint_of(); copied
 * @n_fingerprints: how many
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Writes all of it or nothing.
 */
void
relais_journal_put_removals_async (RelaisJournal           *self,
                                   const char              *run_id,
                                   const RelaisLead        *lead,
                                   const char              *connection_id,
                                   GPtrArray               *removals,
                                   GPtrArray               *leavers,
                                   const RelaisLeaversCounts *counts,
                                   const RelaisFingerprint *fingerprints,
                                   gsize                    n_fingerprints,
                                   GCancellable            *cancellable,
                                   GAsyncReadyCallback      callback,
                                   gpointer                 user_data)
{
  Call *call = call_new (run_id, lead, connection_id, removals, fingerprints, n_fingerprints);

  call->leavers = leavers != NULL ? g_ptr_array_ref (leavers) : NULL;
  call->counts = counts != NULL ? g_memdup2 (counts, sizeof *counts) : NULL;
  relais_journal_ask (self, relais_journal_put_removals_async, TRUE, put_removals, call, call_free, NULL,
                      cancellable, callback, user_data);
}

/**
 * relais_journal_forget_removals_async:
 * @self: the journal
 * @run_id: of the run that puts them back
 * @lead: as far as the run's attempt knows it by now; copied
 * @connection_id: of the connection whose lists these are
 * @removals: (element-type RelaisRemoval): deleted, whatever their state; referenced until then, and not to be changed meanwhile
 * @fingerprints: (array length=n_fingerprints) (nullable): as for relais_journal_put_removals_async(); all of people who are on the
 *   list, or none: then those who were RELAIS_REMOVAL_RETURNING are counted as put back by the run
 * @n_fingerprints: how many
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 *
 * Writes all of it or nothing.
 */
void
relais_journal_forget_removals_async (RelaisJournal           *self,
                                      const char              *run_id,
                                      const RelaisLead        *lead,
                                      const char              *connection_id,
                                      GPtrArray               *removals,
                                      const RelaisFingerprint *fingerprints,
                                      gsize                    n_fingerprints,
                                      GCancellable            *cancellable,
                                      GAsyncReadyCallback      callback,
                                      gpointer                 user_data)
{
  relais_journal_ask (self, relais_journal_forget_removals_async, TRUE, forget_removals,
                      call_new (run_id, lead, connection_id, removals, fingerprints, n_fingerprints), call_free, NULL,
                      cancellable, callback, user_data);
}

/* Ageing */

/* Those of whom nothing is to come any more: taken off too long ago, seen through another key than the connection has now, which names
 * nobody, or left in doubt by a run after which another one, of the whole segment, has come to its end. */
#define AGED \
  " FROM removals WHERE at <= ?1 OR (state IN (?2, ?3) AND EXISTS (SELECT 1 FROM runs own JOIN runs later ON later.export_id = own.export_id" \
  " AND later.number > own.number AND later.status IN (?4, ?5) AND later.corrects IS NULL WHERE own.id = removals.run_id))" \
  " OR (key_check != 0 AND (connection_id, key_check) NOT IN (SELECT connection_id, key_check FROM (SELECT connection_id, key_check," \
  " max (number) FROM runs WHERE key_check != 0 AND connection_id IS NOT NULL GROUP BY connection_id)))"

static sqlite3_stmt *
prepare_aged (sqlite3     *db,
              const char  *sql,
              gint64       now,
              GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, now - RELAIS_REMOVAL_DAYS * 24 * 60 * 60 * G_USEC_PER_SEC);
  sqlite3_bind_int (statement, 2, RELAIS_REMOVAL_INTENT);
  sqlite3_bind_int (statement, 3, RELAIS_REMOVAL_DOUBT);
  sqlite3_bind_int (statement, 4, RELAIS_RUN_SUCCESSFUL);
  sqlite3_bind_int (statement, 5, RELAIS_RUN_COMPLETED_WITH_ERRORS);

  return statement;
}

/**
 * relais_journal_count_aged_removals:
 * @db: the database
 * @now: the time, in microseconds since 1970
 * @n: (out): how many people relais_journal_delete_aged_removals() would delete
 * @error: in RELAIS_ERROR
 *
 * Returns: whether they were counted
 */
gboolean
relais_journal_count_aged_removals (sqlite3  *db,
                                    gint64    now,
                                    gint64   *n,
                                    GError  **error)
{
  return relais_sql_number (db, prepare_aged (db, "SELECT count (*)" AGED, now, error), n, error);
}

/**
 * relais_journal_delete_aged_removals:
 * @db: the database
 * @now: the time, in microseconds since 1970
 * @error: in RELAIS_ERROR
 *
 * Deletes people who were taken off %RELAIS_REMOVAL_DAYS ago or before, and those of whom nothing is to come any more. Whoever is not
 * there is not put back.
 *
 * Returns: whether they are gone
 */
gboolean
relais_journal_delete_aged_removals (sqlite3  *db,
                                     gint64    now,
                                     GError  **error)
{
  return relais_sql_run (db, prepare_aged (db, "DELETE" AGED, now, error), error);
}
