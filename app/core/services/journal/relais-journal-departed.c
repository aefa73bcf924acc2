/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom an export answers for on its list: those whom it has put there, and nobody else did. Fingerprints are of one place, a
 * list of a connection seen through one key: what they say of people says nothing elsewhere. */

#include "relais-journal-removals.h"

#include "relais-journal-private.h"

#include <string.h>

#define PROFILE_SIZE (3 * sizeof (guint32))

/**
 * relais_departed_free:
 * @departed: (transfer full) (nullable):
 */
void
relais_departed_free (RelaisDeparted *departed)
{
  if (departed == NULL)
    return;

  g_clear_pointer (&departed->profiles, g_bytes_unref);
  g_clear_pointer (&departed->shared, g_bytes_unref);
  g_free (departed->obstacle);
  g_free (departed);
}

static int
compare_profiles (gconstpointer a,
                  gconstpointer b)
{
  return memcmp (a, b, PROFILE_SIZE);
}

/* Returns: (transfer full) (nullable): the profiles that an export holds at one of its places, sorted */
static GByteArray *
read_held (sqlite3     *db,
           const char  *export_id,
           gint64       place,
           GError     **error)
{
  g_autofree RelaisFingerprint *entries = NULL;
  GByteArray *held;
  gsize n;

  entries = relais_journal_read_held_fingerprints (db, export_id, place, &n, error);
  if (entries == NULL)
    return NULL;
  held = g_byte_array_sized_new ((guint) (n * PROFILE_SIZE));
  for (gsize i = 0; i < n; i++)
    g_byte_array_append (held, (const guint8 *) entries[i].profile, PROFILE_SIZE);
  if (n > 0)
    qsort (held->data, n, PROFILE_SIZE, compare_profiles);

  return held;
}

/* Moves those who are among @others, which are sorted as @held are, to @shared. */
static void
subtract (GByteArray       *held,
          const GByteArray *others,
          GByteArray       *shared)
{
  guint n_kept = 0;
  guint at = 0;

  for (guint i = 0; i < held->len; i += PROFILE_SIZE)
    {
      while (at < others->len && compare_profiles (others->data + at, held->data + i) < 0)
        at += PROFILE_SIZE;
      if (at < others->len && compare_profiles (others->data + at, held->data + i) == 0)
        {
          g_byte_array_append (shared, held->data + i, PROFILE_SIZE);
          continue;
        }
      memmove (held->data + n_kept, held->data + i, PROFILE_SIZE);
      n_kept += PROFILE_SIZE;
    }
  g_byte_array_set_size (held, n_kept);
}

static gboolean
find_name (sqlite3     *db,
           const char  *sql,
           const char  *run_id,
           char       **name,
           GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, run_id);
  if (relais_sql_step (db, statement, &local_error))
    *name = relais_sql_dup_text (statement, 0);
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Whom an export holds is not known while it has sent something whose fate is open, nor when it sends through another
 * connection: profiles of two connections cannot be compared. Batches of runs that were followed by one that came to its
 * end do not count: that one sent everything. */
static gboolean
find_obstacle (sqlite3         *db,
               const char      *run_id,
               RelaisDeparted  *departed,
               GError         **error)
{
  g_autofree char *in_doubt = g_strdup_printf (
    "SELECT exports.name FROM runs JOIN runs other ON other.export_id != runs.export_id AND other.connection_id = runs.connection_id"
    " AND other.list_id = runs.list_id JOIN exports ON exports.id = other.export_id JOIN batches ON batches.run_id = other.id"
    " WHERE runs.id = ?1 AND (batches.state IN (%d, %d) OR (batches.state = %d AND batches.sendings > 0)) AND other.number >="
    " coalesce ((SELECT max (number) FROM runs ended WHERE ended.export_id = other.export_id AND ended.status IN (%d, %d)), 0) LIMIT 1",
    RELAIS_BATCH_ACCEPTED, RELAIS_BATCH_UNKNOWN, RELAIS_BATCH_INTENT, RELAIS_RUN_SUCCESSFUL, RELAIS_RUN_COMPLETED_WITH_ERRORS);

  if (!find_name (db, in_doubt, run_id, &departed->obstacle, error))
    return FALSE;
  if (departed->obstacle != NULL)
    return TRUE;
  departed->through_another = TRUE;

  return find_name (db,
    "SELECT exports.name FROM runs JOIN connections own ON own.id = runs.connection_id"
    " JOIN places ON places.export_id != runs.export_id AND places.list_id = runs.list_id"
    " JOIN connections other ON other.id = places.connection_id AND other.id != own.id AND other.kind = own.kind AND other.host IS own.host"
    " JOIN exports ON exports.id = places.export_id WHERE runs.id = ?1 AND EXISTS (SELECT 1 FROM fingerprint_pages"
    " WHERE fingerprint_pages.export_id = places.export_id AND fingerprint_pages.place = places.place) LIMIT 1",
    run_id, &departed->obstacle, error);
}

/* A place of another export, where the run sends to too */
typedef struct
{
  char   *export_id;  /* (owned) */
  gint64  place;
} Other;

static void
free_other (gpointer data)
{
  Other *other = data;

  g_free (other->export_id);
  g_free (other);
}

static gpointer
read_other (sqlite3_stmt *statement)
{
  Other *other = g_new0 (Other, 1);

  other->export_id = relais_sql_dup_text (statement, 0);
  other->place = sqlite3_column_int64 (statement, 1);

  return other;
}

static GPtrArray *
list_others (sqlite3     *db,
             const char  *run_id,
             GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT places.export_id, place FROM runs JOIN places ON places.export_id != runs.export_id AND places.connection_id = runs.connection_id"
    " AND places.list_id = runs.list_id AND places.key_check IN (0, runs.key_check) WHERE runs.id = ?1", error);
  gpointer others = NULL;

  if (statement == NULL)
    return NULL;
  relais_sql_bind_text (statement, 1, run_id);

  return relais_sql_list (db, statement, read_other, free_other, &others, error) ? others : NULL;
}

static gboolean
subtract_others (sqlite3     *db,
                 const char  *run_id,
                 GByteArray  *held,
                 GByteArray  *shared,
                 GError     **error)
{
  g_autoptr (GPtrArray) others = list_others (db, run_id, error);

  if (others == NULL)
    return FALSE;
  for (guint i = 0; i < others->len; i++)
    {
      const Other *other = g_ptr_array_index (others, i);
      g_autoptr (GByteArray) theirs = read_held (db, other->export_id, other->place, error);

      if (theirs == NULL)
        return FALSE;
      subtract (held, theirs, shared);
    }

  return TRUE;
}

/* Returns: (transfer full) (nullable): the profiles that the run's export holds where it sends to */
static GByteArray *
read_own (sqlite3     *db,
          const char  *run_id,
          GError     **error)
{
  g_autofree char *export_id = NULL;
  gint64 place;

  if (!find_name (db, "SELECT export_id FROM runs WHERE id = ?1", run_id, &export_id, error) ||
      !relais_journal_find_place (db, run_id, &place, error))
    return NULL;

  return place != 0 && export_id != NULL ? read_held (db, export_id, place, error) : g_byte_array_new ();
}

static gboolean
read_departed (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  g_autoptr (RelaisDeparted) departed = g_new0 (RelaisDeparted, 1);
  g_autoptr (GByteArray) held = read_own (db, data, error);
  g_autoptr (GByteArray) shared = g_byte_array_new ();

  if (held == NULL)
    return FALSE;
  departed->n_delivered = held->len / PROFILE_SIZE;
  if (!subtract_others (db, data, held, shared, error) || !find_obstacle (db, data, departed, error))
    return FALSE;
  departed->profiles = g_byte_array_free_to_bytes (g_steal_pointer (&held));
  departed->shared = g_byte_array_free_to_bytes (g_steal_pointer (&shared));
  *result = g_steal_pointer (&departed);

  return TRUE;
}

/**
 * relais_journal_read_departed_async:
 * @self: the journal
 * @run_id: of a run that has begun: it says which export this is about, and which list of which connection
 * @cancellable: (nullable):
 * @callback: called with the people
 * @user_data: for @callback
 */
void
relais_journal_read_departed_async (RelaisJournal       *self,
                                    const char          *run_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_read_departed_async, FALSE, read_departed, g_strdup (run_id), g_free,
                      (GDestroyNotify) relais_departed_free, cancellable, callback, user_data);
}

/**
 * relais_journal_read_departed_finish:
 * @self: the journal
 * @result: of relais_journal_read_departed_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): whom the export answers for
 */
RelaisDeparted *
relais_journal_read_departed_finish (RelaisJournal  *self,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  return relais_journal_answer (self, result, error);
}
