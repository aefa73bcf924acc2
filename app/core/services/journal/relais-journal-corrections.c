/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person has corrected in rows that were not delivered. While the run that sends them is under way, or can go on, all of it
 * is kept; once it has come to its end, that of rows which were not delivered this time either, as long as these are. Who was
 * sent in place of which address is remembered as long as fingerprints are, and as unreadably. */

#include "relais-journal-corrections.h"

#include "relais-journal-private.h"

#include <string.h>

/*
 * relais_journal_write_corrections:
 * @db: the database
 * @run: one that begins, with corrections
 * @error: in RELAIS_ERROR
 *
 * Returns: whether they are written
 */
gboolean
relais_journal_write_corrections (sqlite3                *db,
                                  const RelaisRunRecord  *run,
                                  GError                **error)
{
  GPtrArray *all = relais_corrections_get_all (run->corrections);
  sqlite3_stmt *statement = relais_sql_prepare (db, "INSERT OR REPLACE INTO corrections (run_id, row, column_name, value) VALUES (?1, ?2, ?3, ?4)", error);
  gboolean written = statement != NULL;

  for (guint i = 0; written && i < all->len; i++)
    {
      const RelaisCorrection *correction = g_ptr_array_index (all, i);

      sqlite3_reset (statement);
      relais_sql_bind_text (statement, 1, run->id);
      sqlite3_bind_int64 (statement, 2, correction->row);
      relais_sql_bind_text (statement, 3, correction->column);
      relais_sql_bind_text (statement, 4, correction->value);
      written = sqlite3_step (statement) == SQLITE_DONE;
      if (!written)
        relais_sql_set_error (db, sqlite3_extended_errcode (db), error);
    }
  sqlite3_finalize (statement);

  return written;
}

/*
 * relais_journal_forget_corrections:
 * @db: the database
 * @run: as it ended
 * @error: in RELAIS_ERROR
 *
 * Of a run that came to its end, what was corrected in rows that it delivered is not kept.
 *
 * Returns: whether nothing went wrong
 */
gboolean
relais_journal_forget_corrections (sqlite3                *db,
                                   const RelaisRunRecord  *run,
                                   GError                **error)
{
  sqlite3_stmt *statement;

  if (run->corrects == NULL || (run->status != RELAIS_RUN_SUCCESSFUL && run->status != RELAIS_RUN_COMPLETED_WITH_ERRORS))
    return TRUE;
  statement = relais_sql_prepare (db,
    "DELETE FROM corrections WHERE run_id = ?1 AND row NOT IN (SELECT row FROM rejections WHERE run_id = ?1)", error);
  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, run->id);

  return relais_sql_run (db, statement, error);
}

static gboolean
list_corrections (sqlite3   *db,
                  gpointer   data,
                  gpointer  *result,
                  GError   **error)
{
  g_autoptr (RelaisCorrections) corrections = relais_corrections_new (data);
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT row, column_name, value FROM corrections WHERE run_id = ?1", error);
  g_autoptr (GError) reading = NULL;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);
  while (relais_sql_step (db, statement, &reading))
    {
      g_autofree char *column = relais_sql_dup_text (statement, 1);
      g_autofree char *value = relais_sql_dup_text (statement, 2);

      relais_corrections_set (corrections, sqlite3_column_int64 (statement, 0), column != NULL ? column : "", value != NULL ? value : "");
    }
  sqlite3_finalize (statement);
  if (reading != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reading));
      return FALSE;
    }
  *result = g_steal_pointer (&corrections);

  return TRUE;
}

/**
 * relais_journal_list_corrections_async:
 * @self: the journal
 * @run_id: of a run that sends corrected rows
 * @cancellable: (nullable):
 * @callback: called with them
 * @user_data: for @callback
 */
void
relais_journal_list_corrections_async (RelaisJournal       *self,
                                       const char          *run_id,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_list_corrections_async, FALSE, list_corrections, g_strdup (run_id), g_free,
                      (GDestroyNotify) relais_corrections_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_list_corrections_finish:
 * @self: the journal
 * @result: of relais_journal_list_corrections_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): what is kept of what was corrected for that run; none is no error
 */
RelaisCorrections *
relais_journal_list_corrections_finish (RelaisJournal  *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  return relais_journal_answer (self, result, error);
}

/* Who was sent in place of which address */

typedef struct
{
  char   *export_id;  /* (owned) */
  gint64  key_check;
  GArray *people;     /* (owned) (nullable) (element-type RelaisCorrectedPerson): to write */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->export_id);
  g_clear_pointer (&call->people, g_array_unref);
  g_free (call);
}

static Call *
call_new (const char *export_id,
          guint64     key_check,
          GArray     *people)
{
  Call *call = g_new0 (Call, 1);

  call->export_id = g_strdup (export_id);
  call->key_check = (gint64) key_check;
  call->people = people != NULL ? g_array_ref (people) : NULL;

  return call;
}

static gboolean
add_corrected (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Call *call = data;
  sqlite3_stmt *statement = relais_sql_prepare (db, "INSERT OR IGNORE INTO corrected (export_id, key_check, written, profile) VALUES (?1, ?2, ?3, ?4)", error);
  gboolean written = statement != NULL;

  for (guint i = 0; written && i < call->people->len; i++)
    {
      const RelaisCorrectedPerson *person = &g_array_index (call->people, RelaisCorrectedPerson, i);

      sqlite3_reset (statement);
      relais_sql_bind_text (statement, 1, call->export_id);
      sqlite3_bind_int64 (statement, 2, call->key_check);
      sqlite3_bind_blob (statement, 3, person->written, sizeof person->written, SQLITE_STATIC);
      sqlite3_bind_blob (statement, 4, person->profile, sizeof person->profile, SQLITE_STATIC);
      written = sqlite3_step (statement) == SQLITE_DONE;
      if (!written)
        relais_sql_set_error (db, sqlite3_extended_errcode (db), error);
    }
  sqlite3_finalize (statement);

  return written;
}

/**
 * relais_journal_add_corrected_async:
 * @self: the journal
 * @export_id: of an export
 * @key_check: of the key that people are hashed with
 * @people: (element-type RelaisCorrectedPerson): who is sent in place of which address; referenced until they are written, and not to be
 *   changed meanwhile
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 */
void
relais_journal_add_corrected_async (RelaisJournal       *self,
                                    const char          *export_id,
                                    guint64              key_check,
                                    GArray              *people,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_add_corrected_async, TRUE, add_corrected, call_new (export_id, key_check, people), call_free, NULL,
                      cancellable, callback, user_data);
}

static gboolean
read_corrected (sqlite3   *db,
                gpointer   data,
                gpointer  *result,
                GError   **error)
{
  const Call *call = data;
  g_autoptr (GByteArray) people = g_byte_array_new ();
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT written, profile FROM corrected WHERE export_id = ?1 AND key_check = ?2 ORDER BY written", error);
  g_autoptr (GError) reading = NULL;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, call->export_id);
  sqlite3_bind_int64 (statement, 2, call->key_check);
  while (relais_sql_step (db, statement, &reading))
    {
      RelaisCorrectedPerson person;

      /* What is not of that size nobody of this program wrote. */
      if (sqlite3_column_bytes (statement, 0) != sizeof person.written || sqlite3_column_bytes (statement, 1) != sizeof person.profile)
        continue;
      memcpy (person.written, sqlite3_column_blob (statement, 0), sizeof person.written);
      memcpy (person.profile, sqlite3_column_blob (statement, 1), sizeof person.profile);
      g_byte_array_append (people, (const guint8 *) &person, sizeof person);
    }
  sqlite3_finalize (statement);
  if (reading != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reading));
      return FALSE;
    }
  *result = g_byte_array_free_to_bytes (g_steal_pointer (&people));

  return TRUE;
}

/**
 * relais_journal_read_corrected_async:
 * @self: the journal
 * @export_id: of an export
 * @key_check: of the key that people are hashed with
 * @cancellable: (nullable):
 * @callback: called with them
 * @user_data: for @callback
 */
void
relais_journal_read_corrected_async (RelaisJournal       *self,
                                     const char          *export_id,
                                     guint64              key_check,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_read_corrected_async, FALSE, read_corrected, call_new (export_id, key_check, NULL), call_free,
                      (GDestroyNotify) g_bytes_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_read_corrected_finish:
 * @self: the journal
 * @result: of relais_journal_read_corrected_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): an array of RelaisCorrectedPerson, by what stands for the address that the segment has, byte by byte
 */
GBytes *
relais_journal_read_corrected_finish (RelaisJournal  *self,
                                      GAsyncResult   *result,
                                      GError        **error)
{
  return relais_journal_answer (self, result, error);
}
