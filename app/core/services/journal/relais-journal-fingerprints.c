/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an export remembers of the profiles that arrived: pages of entries of
 * 20 bytes, appended as batches are confirmed. A later entry of a profile
 * supersedes an earlier one. */

#include "relais-journal-private.h"

#include <string.h>

#define ENTRIES_A_PAGE 4096

static gboolean
carry_out_for_run (sqlite3     *db,
                   const char  *sql,
                   const char  *run_id,
                   GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);

  if (statement != NULL)
    relais_sql_bind_text (statement, 1, run_id);

  return relais_sql_run (db, statement, error);
}

#define ELSEWHERE \
  "exports.id = runs.export_id AND NOT (exports.fed_connection_id IS runs.connection_id" \
  " AND exports.fed_list_id = runs.list_id AND exports.fed_key_check = runs.key_check)"

/* What an export remembers is of one place. In another list, or another account, it would say of people that they were put
 * there who were not: it goes with the first that is confirmed elsewhere. Until then it counts when the export comes back. */
static gboolean
move_to_place (sqlite3     *db,
               const char  *run_id,
               GError     **error)
{
  return carry_out_for_run (db,
    "DELETE FROM fingerprint_pages WHERE export_id IN (SELECT exports.id FROM exports JOIN runs ON " ELSEWHERE " WHERE runs.id = ?1)",
    run_id, error) &&
         carry_out_for_run (db,
    "UPDATE exports SET fed_connection_id = runs.connection_id, fed_list_id = runs.list_id, fed_key_check = runs.key_check"
    " FROM runs WHERE runs.id = ?1 AND " ELSEWHERE, run_id, error);
}

/**
 * relais_journal_append_fingerprints:
 * @db: the database
 * @run_id: of a run of the export
 * @fingerprints: (array length=n_fingerprints): what was confirmed
 * @n_fingerprints: how many
 * @error: in RELAIS_ERROR
 *
 * What was confirmed elsewhere than the run sends to is deleted before.
 *
 * Returns: whether they were appended
 */
gboolean
relais_journal_append_fingerprints (sqlite3                  *db,
                                    const char               *run_id,
                                    const RelaisFingerprint  *fingerprints,
                                    gsize                     n_fingerprints,
                                    GError                  **error)
{
  sqlite3_stmt *statement;

  if (n_fingerprints == 0)
    return TRUE;
  if (!move_to_place (db, run_id, error))
    return FALSE;
  statement = relais_sql_prepare (db, "INSERT INTO fingerprint_pages (export_id, entries) SELECT export_id, ?2 FROM runs WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, run_id);
  sqlite3_bind_blob64 (statement, 2, fingerprints, n_fingerprints * sizeof *fingerprints, SQLITE_STATIC);

  return relais_sql_run (db, statement, error);
}

static gboolean
count_entries (sqlite3     *db,
               const char  *export_id,
               gsize       *n_entries,
               gsize       *n_pages,
               GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT coalesce (sum (length (entries)), 0), count (*) FROM fingerprint_pages WHERE export_id = ?1", error);
  gboolean counted;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, export_id);
  counted = relais_sql_step (db, statement, error);
  if (counted)
    {
      *n_entries = sqlite3_column_int64 (statement, 0) / sizeof (RelaisFingerprint);
      *n_pages = sqlite3_column_int64 (statement, 1);
    }
  sqlite3_finalize (statement);

  return counted;
}

/* @n_entries: how many there are at the most, and then how many were read */
static RelaisFingerprint *
read_entries (sqlite3     *db,
              const char  *export_id,
              gsize       *n_entries,
              GError     **error)
{
  g_autofree RelaisFingerprint *entries = g_new (RelaisFingerprint, *n_entries + 1);
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT entries FROM fingerprint_pages WHERE export_id = ?1 ORDER BY seq", error);
  g_autoptr (GError) local_error = NULL;
  gsize n = 0;

  if (statement == NULL)
    return NULL;
  relais_sql_bind_text (statement, 1, export_id);
  while (relais_sql_step (db, statement, &local_error))
    {
      gsize more = sqlite3_column_bytes (statement, 0) / sizeof *entries;

      if (more == 0 || more > *n_entries - n)
        continue;
      memcpy (entries + n, sqlite3_column_blob (statement, 0), more * sizeof *entries);
      n += more;
    }
  sqlite3_finalize (statement);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  *n_entries = n;

  return g_steal_pointer (&entries);
}

static gboolean
read_fingerprints (sqlite3   *db,
                   gpointer   data,
                   gpointer  *result,
                   GError   **error)
{
  gsize n_entries, n_pages;
  RelaisFingerprint *entries;

  if (!count_entries (db, data, &n_entries, &n_pages, error))
    return FALSE;
  entries = read_entries (db, data, &n_entries, error);
  if (entries == NULL)
    return FALSE;
  *result = g_bytes_new_take (entries, n_entries * sizeof *entries);

  return TRUE;
}

/**
 * relais_journal_read_fingerprints_async:
 * @self: the journal
 * @export_id: of the export
 * @cancellable: (nullable):
 * @callback: called with the fingerprints
 * @user_data: for @callback
 */
void
relais_journal_read_fingerprints_async (RelaisJournal       *self,
                                        const char          *export_id,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_read_fingerprints_async, FALSE, read_fingerprints, g_strdup (export_id), g_free,
                      (GDestroyNotify) g_bytes_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_read_fingerprints_finish:
 * @self: the journal
 * @result: of relais_journal_read_fingerprints_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): an array of RelaisFingerprint in the order they
 *   were written: a later one of the same profile supersedes an earlier one
 */
GBytes *
relais_journal_read_fingerprints_finish (RelaisJournal  *self,
                                         GAsyncResult   *result,
                                         GError        **error)
{
  return relais_journal_answer (self, result, error);
}

/* Tidying up */

static int
compare_profiles (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  const RelaisFingerprint *entries = user_data;
  const guint32 *one = a;
  const guint32 *other = b;
  int order = memcmp (entries[*one].profile, entries[*other].profile, sizeof entries[*one].profile);

  /* Of one profile, the last comes first. */
  if (order != 0)
    return order;

  return *one > *other ? -1 : *one < *other;
}

/* Returns: how many are left; what was forgotten is not among them */
static gsize
keep_the_last_of_each (RelaisFingerprint *entries,
                       gsize              n_entries)
{
  g_autofree guint32 *order = g_new (guint32, n_entries);
  gsize n_kept = 0;

  for (gsize i = 0; i < n_entries; i++)
    order[i] = i;
  g_qsort_with_data (order, n_entries, sizeof *order, compare_profiles, entries);

  /* What is superseded counts as forgotten. */
  for (gsize i = 1; i < n_entries; i++)
    {
      RelaisFingerprint *entry = &entries[order[i]];

      if (memcmp (entry->profile, entries[order[i - 1]].profile, sizeof entry->profile) == 0)
        memset (entry->content, 0, sizeof entry->content);
    }
  for (gsize i = 0; i < n_entries; i++)
    if (relais_fingerprint_is_held (&entries[i]))
      entries[n_kept++] = entries[i];

  return n_kept;
}

/**
 * relais_journal_read_held_fingerprints:
 * @db: the database
 * @export_id: of the export
 * @n_held: (out): how many there are
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): the last fingerprint of everyone whom the export holds, in no order; %NULL on error
 */
RelaisFingerprint *
relais_journal_read_held_fingerprints (sqlite3     *db,
                                       const char  *export_id,
                                       gsize       *n_held,
                                       GError     **error)
{
  RelaisFingerprint *entries;
  gsize n_pages;

  if (!count_entries (db, export_id, n_held, &n_pages, error))
    return NULL;
  entries = read_entries (db, export_id, n_held, error);
  if (entries != NULL)
    *n_held = keep_the_last_of_each (entries, *n_held);

  return entries;
}

static gboolean
remove_pages (sqlite3     *db,
              const char  *export_id,
              GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "DELETE FROM fingerprint_pages WHERE export_id = ?1", error);

  if (statement != NULL)
    relais_sql_bind_text (statement, 1, export_id);

  return relais_sql_run (db, statement, error);
}

static gboolean
write_pages (sqlite3                  *db,
             const char               *export_id,
             const RelaisFingerprint  *entries,
             gsize                     n_entries,
             GError                  **error)
{
  if (!remove_pages (db, export_id, error))
    return FALSE;

  for (gsize at = 0; at < n_entries; at += ENTRIES_A_PAGE)
    {
      sqlite3_stmt *statement = relais_sql_prepare (db, "INSERT INTO fingerprint_pages (export_id, entries) VALUES (?1, ?2)", error);

      if (statement == NULL)
        return FALSE;
      relais_sql_bind_text (statement, 1, export_id);
      sqlite3_bind_blob64 (statement, 2, entries + at, MIN (ENTRIES_A_PAGE, n_entries - at) * sizeof *entries, SQLITE_STATIC);
      if (!relais_sql_run (db, statement, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * relais_journal_compact_fingerprints:
 * @db: the database
 * @export_id: of the export
 * @error: in RELAIS_ERROR
 *
 * Rewrites the pages when more than a fifth of their entries have been superseded:
 * a run that then supersedes all of them still ends with fewer than 48 bytes a profile.
 *
 * Returns: whether nothing went wrong
 */
gboolean
relais_journal_compact_fingerprints (sqlite3     *db,
                                     const char  *export_id,
                                     GError     **error)
{
  g_autofree RelaisFingerprint *entries = NULL;
  gsize n_entries, n_pages, n_kept;

  if (!count_entries (db, export_id, &n_entries, &n_pages, error))
    return FALSE;
  if (n_pages < 2 || n_entries == 0)
    return TRUE;
  entries = read_entries (db, export_id, &n_entries, error);
  if (entries == NULL)
    return FALSE;
  n_kept = keep_the_last_of_each (entries, n_entries);
  if (n_kept * 5 >= n_entries * 4)
    return TRUE;

  return write_pages (db, export_id, entries, n_kept, error);
}
