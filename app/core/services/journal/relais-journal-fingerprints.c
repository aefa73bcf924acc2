/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an export remembers of the profiles that arrived: pages of entries of
 * 20 bytes, appended as batches are confirmed. A later entry of a profile
 * supersedes an earlier one. */

#include "relais-journal-private.h"

#include <string.h>

#define ENTRIES_A_PAGE 4096

/* Where a run sends to: of the places that its export has sent to, or a new one. The key of a place of before is not known, and
 * taken to be this one. */
#define AT(connection_id, list_id, key_check) \
  "places.connection_id = " connection_id " AND places.list_id = " list_id " AND places.key_check IN (0, " key_check ")"
#define OF_RUN AT ("runs.connection_id", "runs.list_id", "runs.key_check")

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

/**
 * relais_journal_find_place:
 * @db: the database
 * @run_id: of a run that has begun
 * @place: (out): which of its export's places it sends to, 0 when nothing was confirmed there yet
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it was looked up
 */
gboolean
relais_journal_find_place (sqlite3     *db,
                           const char  *run_id,
                           gint64      *place,
                           GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT place FROM runs JOIN places ON places.export_id = runs.export_id AND " OF_RUN " WHERE runs.id = ?1", error);

  *place = 0;
  if (statement != NULL)
    relais_sql_bind_text (statement, 1, run_id);

  return relais_sql_number (db, statement, place, error);
}

/**
 * relais_journal_foresee_place:
 * @db: the database
 * @export_id: of an export
 * @connection_id: (nullable): the connection that a run of it would send through
 * @list_id: the list that it would send to
 * @key_check: of the key that people would be hashed with
 * @place: (out): which of its places that is, 0 when nothing was confirmed there yet
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it was looked up
 */
gboolean
relais_journal_foresee_place (sqlite3     *db,
                              const char  *export_id,
                              const char  *connection_id,
                              guint32      list_id,
                              gint64       key_check,
                              gint64      *place,
                              GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT place FROM places WHERE places.export_id = ?1 AND " AT ("?2", "?3", "?4"), error);

  *place = 0;
  if (statement != NULL)
    {
      relais_sql_bind_text (statement, 1, export_id);
      relais_sql_bind_text (statement, 2, connection_id);
      sqlite3_bind_int64 (statement, 3, list_id);
      sqlite3_bind_int64 (statement, 4, key_check);
    }

  return relais_sql_number (db, statement, place, error);
}

/* A run of before says of no connection where it sends to: what it confirms is of an unknown place. */
static gboolean
make_place (sqlite3     *db,
            const char  *run_id,
            gint64      *place,
            GError     **error)
{
  if (!carry_out_for_run (db,
        "UPDATE places SET key_check = runs.key_check FROM runs WHERE runs.id = ?1 AND places.export_id = runs.export_id AND " OF_RUN,
        run_id, error) ||
      !relais_journal_find_place (db, run_id, place, error))
    return FALSE;
  if (*place != 0)
    return TRUE;

  return carry_out_for_run (db,
    "INSERT INTO places SELECT export_id, coalesce ((SELECT max (place) FROM places WHERE places.export_id = runs.export_id), 0) + 1,"
    " connection_id, host, list_id, key_check FROM runs WHERE id = ?1 AND connection_id IS NOT NULL", run_id, error) &&
         relais_journal_find_place (db, run_id, place, error);
}

/**
 * relais_journal_append_fingerprints:
 * @db: the database
 * @run_id: of a run of the export
 * @fingerprints: (array length=n_fingerprints): what was confirmed
 * @n_fingerprints: how many
 * @error: in RELAIS_ERROR
 *
 * They are of the place that the run sends to.
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
  gint64 place;

  if (n_fingerprints == 0)
    return TRUE;
  if (!make_place (db, run_id, &place, error))
    return FALSE;
  statement = relais_sql_prepare (db, "INSERT INTO fingerprint_pages (export_id, place, entries) SELECT export_id, ?2, ?3 FROM runs WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;

  relais_sql_bind_text (statement, 1, run_id);
  sqlite3_bind_int64 (statement, 2, place);
  sqlite3_bind_blob64 (statement, 3, fingerprints, n_fingerprints * sizeof *fingerprints, SQLITE_STATIC);

  return relais_sql_run (db, statement, error);
}

/* @place: one of the export's, -1 for all of them */
static gboolean
count_entries (sqlite3     *db,
               const char  *export_id,
               gint64       place,
               gsize       *n_entries,
               gsize       *n_pages,
               GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT coalesce (sum (length (entries)), 0), count (*) FROM fingerprint_pages WHERE export_id = ?1 AND (?2 < 0 OR place = ?2)", error);
  gboolean counted;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, export_id);
  sqlite3_bind_int64 (statement, 2, place);
  counted = relais_sql_step (db, statement, error);
  if (counted)
    {
      *n_entries = sqlite3_column_int64 (statement, 0) / sizeof (RelaisFingerprint);
      *n_pages = sqlite3_column_int64 (statement, 1);
    }
  sqlite3_finalize (statement);

  return counted;
}

/* @place: one of the export's, -1 for all of them
 * @n_entries: how many there are at the most, and then how many were read
 * @places: (nullable) (element-type guint32): is given the place of each */
static RelaisFingerprint *
read_entries (sqlite3     *db,
              const char  *export_id,
              gint64       place,
              gsize       *n_entries,
              GArray      *places,
              GError     **error)
{
  g_autofree RelaisFingerprint *entries = g_new (RelaisFingerprint, *n_entries + 1);
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT entries, place FROM fingerprint_pages WHERE export_id = ?1 AND (?2 < 0 OR place = ?2) ORDER BY seq", error);
  g_autoptr (GError) local_error = NULL;
  gsize n = 0;

  if (statement == NULL)
    return NULL;
  relais_sql_bind_text (statement, 1, export_id);
  sqlite3_bind_int64 (statement, 2, place);
  while (relais_sql_step (db, statement, &local_error))
    {
      gsize more = sqlite3_column_bytes (statement, 0) / sizeof *entries;
      guint32 of = (guint32) sqlite3_column_int64 (statement, 1);

      if (more == 0 || more > *n_entries - n)
        continue;
      memcpy (entries + n, sqlite3_column_blob (statement, 0), more * sizeof *entries);
      n += more;
      for (gsize i = 0; places != NULL && i < more; i++)
        g_array_append_val (places, of);
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

  if (!count_entries (db, data, -1, &n_entries, &n_pages, error))
    return FALSE;
  entries = read_entries (db, data, -1, &n_entries, NULL, error);
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

/* What is compared */
typedef struct
{
  const RelaisFingerprint *entries;
  const guint32           *places;  /* (nullable): when all are of one */
} Comparing;

static guint32
get_place (const Comparing *comparing,
           guint32          index)
{
  return comparing->places != NULL ? comparing->places[index] : 0;
}

/* Those of one profile and one place stand beside each other then, the last of them first. */
static int
compare_entries (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const Comparing *comparing = user_data;
  guint32 one = *(const guint32 *) a, other = *(const guint32 *) b;
  int order = memcmp (comparing->entries[one].profile, comparing->entries[other].profile, sizeof comparing->entries[one].profile);

  if (order == 0 && get_place (comparing, one) != get_place (comparing, other))
    order = get_place (comparing, one) < get_place (comparing, other) ? -1 : 1;
  if (order != 0)
    return order;

  return one > other ? -1 : one < other;
}

/* An unknown place may be any of those that were known later: whatever was confirmed or forgotten since is of there too.
 * @first: of an unknown place; the others of its profile stand behind it, those of its place as well
 * Returns: whether it was superseded at another place */
static gboolean
is_superseded_elsewhere (const Comparing *comparing,
                         const guint32   *order,
                         gsize            n_entries,
                         gsize            first)
{
  const RelaisFingerprint *entry = &comparing->entries[order[first]];

  for (gsize i = first + 1; i < n_entries; i++)
    {
      if (memcmp (comparing->entries[order[i]].profile, entry->profile, sizeof entry->profile) != 0)
        return FALSE;
      if (get_place (comparing, order[i]) != 0 && order[i] > order[first])
        return TRUE;
    }

  return FALSE;
}

/* @places: (nullable): of the entries; follows them
 * Returns: how many are left, in their order: the last of each at each place; what was forgotten is not among them */
static gsize
keep_the_last_of_each (RelaisFingerprint *entries,
                       guint32           *places,
                       gsize              n_entries)
{
  g_autofree guint32 *order = g_new (guint32, n_entries);
  Comparing comparing = { entries, places };
  gsize n_kept = 0;

  for (gsize i = 0; i < n_entries; i++)
    order[i] = i;
  g_qsort_with_data (order, n_entries, sizeof *order, compare_entries, &comparing);

  /* What is superseded counts as forgotten. */
  for (gsize i = 0; i < n_entries; i++)
    {
      RelaisFingerprint *entry = &entries[order[i]];
      gboolean again = i > 0 && memcmp (entry->profile, entries[order[i - 1]].profile, sizeof entry->profile) == 0 &&
                       get_place (&comparing, order[i]) == get_place (&comparing, order[i - 1]);

      if (again || (places != NULL && places[order[i]] == 0 && is_superseded_elsewhere (&comparing, order, n_entries, i)))
        memset (entry->content, 0, sizeof entry->content);
    }
  for (gsize i = 0; i < n_entries; i++)
    {
      if (!relais_fingerprint_is_held (&entries[i]))
        continue;
      if (places != NULL)
        places[n_kept] = places[i];
      entries[n_kept++] = entries[i];
    }

  return n_kept;
}

/* See relais_journal_read_held_fingerprints(), of the unknown place. */
static RelaisFingerprint *
read_held_somewhere (sqlite3     *db,
                     const char  *export_id,
                     gsize       *n_held,
                     GError     **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint32));
  RelaisFingerprint *entries;
  gsize n_entries, n_pages, n = 0;

  if (!count_entries (db, export_id, -1, &n_entries, &n_pages, error))
    return NULL;
  entries = read_entries (db, export_id, -1, &n_entries, places, error);
  if (entries == NULL)
    return NULL;
  n_entries = keep_the_last_of_each (entries, (guint32 *) (gpointer) places->data, n_entries);
  for (gsize i = 0; i < n_entries; i++)
    if (g_array_index (places, guint32, i) == 0)
      entries[n++] = entries[i];
  *n_held = n;

  return entries;
}

/**
 * relais_journal_read_held_fingerprints:
 * @db: the database
 * @export_id: of the export
 * @place: one of its places, 0 for what is of an unknown one and was not confirmed or forgotten anywhere since
 * @n_held: (out): how many there are
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): the last fingerprint of everyone whom the export holds there, in no order; %NULL on error
 */
RelaisFingerprint *
relais_journal_read_held_fingerprints (sqlite3     *db,
                                       const char  *export_id,
                                       gint64       place,
                                       gsize       *n_held,
                                       GError     **error)
{
  RelaisFingerprint *entries;
  gsize n_pages;

  if (place == 0)
    return read_held_somewhere (db, export_id, n_held, error);
  if (!count_entries (db, export_id, place, n_held, &n_pages, error))
    return NULL;
  entries = read_entries (db, export_id, place, n_held, NULL, error);
  if (entries != NULL)
    *n_held = keep_the_last_of_each (entries, NULL, *n_held);

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

/* Returns: where the page ends that begins at @at */
static gsize
find_end_of_page (GArray *places,
                  gsize   at,
                  gsize   n_entries)
{
  gsize end = at + 1;

  while (end < n_entries && end - at < ENTRIES_A_PAGE && g_array_index (places, guint32, end) == g_array_index (places, guint32, at))
    end++;

  return end;
}

static gboolean
write_pages (sqlite3                  *db,
             const char               *export_id,
             const RelaisFingerprint  *entries,
             GArray                   *places,
             gsize                     n_entries,
             GError                  **error)
{
  gsize end;

  if (!remove_pages (db, export_id, error))
    return FALSE;

  for (gsize at = 0; at < n_entries; at = end)
    {
      sqlite3_stmt *statement = relais_sql_prepare (db, "INSERT INTO fingerprint_pages (export_id, place, entries) VALUES (?1, ?2, ?3)", error);

      if (statement == NULL)
        return FALSE;
      end = find_end_of_page (places, at, n_entries);
      relais_sql_bind_text (statement, 1, export_id);
      sqlite3_bind_int64 (statement, 2, g_array_index (places, guint32, at));
      sqlite3_bind_blob64 (statement, 3, entries + at, (end - at) * sizeof *entries, SQLITE_STATIC);
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
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize n_entries, n_pages, n_kept;

  if (!count_entries (db, export_id, -1, &n_entries, &n_pages, error))
    return FALSE;
  if (n_pages < 2 || n_entries == 0)
    return TRUE;
  entries = read_entries (db, export_id, -1, &n_entries, places, error);
  if (entries == NULL)
    return FALSE;
  n_kept = keep_the_last_of_each (entries, (guint32 *) (gpointer) places->data, n_entries);
  if (n_kept * 5 >= n_entries * 4)
    return TRUE;

  return write_pages (db, export_id, entries, places, n_kept, error);
}
