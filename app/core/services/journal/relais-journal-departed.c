/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom an export answers for on its list: those whom it has put there, and nobody else did. An export's fingerprints are
 * of one place, a list of a connection seen through one key: what they say of people says nothing elsewhere. */

#include "relais-journal-removals.h"

#include "relais-journal-private.h"

#include <string.h>

#define PROFILE_SIZE (3 * sizeof (guint32))

/* Where a run sends to, and so what fingerprints have to be of */
#define OF_THE_SAME_PLACE \
  "fed.fed_connection_id = runs.connection_id AND fed.fed_list_id = runs.list_id AND fed.fed_key_check = runs.key_check"

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

/* Returns: (transfer full) (nullable): the profiles that an export holds, sorted */
static GByteArray *
read_held (sqlite3     *db,
           const char  *export_id,
           GError     **error)
{
  g_autofree RelaisFingerprint *entries = NULL;
  GByteArray *held;
  gsize n;

  entries = relais_journal_read_held_fingerprints (db, export_id, &n, error);
  if (entries == NULL)
    return NULL;
  held = g_byte_array_sized_new ((guint) (n * PROFILE_SIZE));
  for (gsize i = 0; i < n; i++)
    g_byte_array_append (held, (const guint8 *) entries[i].profile, PROFILE_SIZE);
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

/* Lists what the one column of @sql says, for the run that is ?1. */
static GPtrArray *
list_texts (sqlite3     *db,
            const char  *sql,
            const char  *run_id,
            GError     **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  relais_sql_bind_text (statement, 1, run_id);
  while (relais_sql_step (db, statement, &local_error))
    g_ptr_array_add (texts, relais_sql_dup_text (statement, 0));
  sqlite3_finalize (statement);
  if (local_error == NULL)
    return g_steal_pointer (&texts);
  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static gboolean
find_name (sqlite3     *db,
           const char  *sql,
           const char  *run_id,
           char       **name,
           GError     **error)
{
  g_autoptr (GPtrArray) names = list_texts (db, sql, run_id, error);

  if (names == NULL)
    return FALSE;
  if (names->len > 0)
    *name = g_strdup (g_ptr_array_index (names, 0));

  return TRUE;
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
    "SELECT fed.name FROM runs JOIN connections own ON own.id = runs.connection_id"
    " JOIN exports fed ON fed.id != runs.export_id AND fed.fed_list_id = runs.list_id"
    " JOIN connections other ON other.id = fed.fed_connection_id AND other.id != own.id AND other.kind = own.kind AND other.host IS own.host"
    " WHERE runs.id = ?1 AND EXISTS (SELECT 1 FROM fingerprint_pages WHERE export_id = fed.id) LIMIT 1",
    run_id, &departed->obstacle, error);
}

static gboolean
subtract_others (sqlite3     *db,
                 const char  *run_id,
                 GByteArray  *held,
                 GByteArray  *shared,
                 GError     **error)
{
  g_autoptr (GPtrArray) others = list_texts (db,
    "SELECT fed.id FROM runs JOIN exports fed ON fed.id != runs.export_id AND " OF_THE_SAME_PLACE " WHERE runs.id = ?1", run_id, error);

  if (others == NULL)
    return FALSE;
  for (guint i = 0; i < others->len; i++)
    {
      g_autoptr (GByteArray) theirs = read_held (db, g_ptr_array_index (others, i), error);

      if (theirs == NULL)
        return FALSE;
      subtract (held, theirs, shared);
    }

  return TRUE;
}

static gboolean
read_departed (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  g_autoptr (RelaisDeparted) departed = g_new0 (RelaisDeparted, 1);
  g_autoptr (GByteArray) held = NULL;
  g_autoptr (GByteArray) shared = g_byte_array_new ();
  g_autoptr (GPtrArray) own = list_texts (db,
    "SELECT fed.id FROM runs JOIN exports fed ON fed.id = runs.export_id AND " OF_THE_SAME_PLACE " WHERE runs.id = ?1", data, error);

  if (own == NULL)
    return FALSE;
  held = own->len > 0 ? read_held (db, g_ptr_array_index (own, 0), error) : g_byte_array_new ();
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
