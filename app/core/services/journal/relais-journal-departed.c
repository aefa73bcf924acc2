/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom an export answers for on its list: those whom it has put there, and nobody else did. Fingerprints are of one place, a
 * list of a connection seen through one key: what they say of people says nothing elsewhere. */

#include "relais-journal-removals.h"

#include "relais-account.h"
#include "relais-journal-private.h"
#include "relais-profile.h"

#include <string.h>

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
  g_free (departed->read_from);
  g_free (departed->obstacle);
  g_free (departed);
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
  held = g_byte_array_sized_new ((guint) (n * RELAIS_PROFILE_SIZE));
  for (gsize i = 0; i < n; i++)
    g_byte_array_append (held, (const guint8 *) entries[i].profile, RELAIS_PROFILE_SIZE);
  if (n > 0)
    qsort (held->data, n, RELAIS_PROFILE_SIZE, relais_profile_compare);

  return held;
}

/* Takes out those who are among @others, which are sorted as @held are.
 * @shared: (nullable): is given them */
static void
subtract (GByteArray       *held,
          const GByteArray *others,
          GByteArray       *shared)
{
  guint n_kept = 0;
  guint at = 0;

  for (guint i = 0; i < held->len; i += RELAIS_PROFILE_SIZE)
    {
      while (at < others->len && relais_profile_compare (others->data + at, held->data + i) < 0)
        at += RELAIS_PROFILE_SIZE;
      if (at < others->len && relais_profile_compare (others->data + at, held->data + i) == 0)
        {
          if (shared != NULL)
            g_byte_array_append (shared, held->data + i, RELAIS_PROFILE_SIZE);
          continue;
        }
      memmove (held->data + n_kept, held->data + i, RELAIS_PROFILE_SIZE);
      n_kept += RELAIS_PROFILE_SIZE;
    }
  g_byte_array_set_size (held, n_kept);
}

/* Where a run sends to, or would */
typedef struct
{
  char    *export_id;      /* (owned) */
  char    *connection_id;  /* (owned) (nullable) */
  char    *host;           /* (owned) (nullable) */
  guint32  list_id;
  gint64   key_check;
} Here;

static void
here_free (Here *here)
{
  g_free (here->export_id);
  g_free (here->connection_id);
  g_free (here->host);
  g_free (here);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Here, here_free)

static gpointer
read_here (sqlite3_stmt *statement)
{
  Here *here = g_new0 (Here, 1);

  here->export_id = relais_sql_dup_text (statement, 0);
  here->connection_id = relais_sql_dup_text (statement, 1);
  here->host = relais_sql_dup_text (statement, 2);
  here->list_id = (guint32) sqlite3_column_int64 (statement, 3);
  here->key_check = sqlite3_column_int64 (statement, 4);

  return here;
}

/* Returns: (transfer full) (nullable): an empty one when there is no such run */
static Here *
find_here (sqlite3     *db,
           const char  *run_id,
           GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, "SELECT export_id, connection_id, host, list_id, key_check FROM runs WHERE id = ?1", error);
  gpointer found = NULL;
  g_autoptr (GPtrArray) all = NULL;

  if (statement == NULL)
    return NULL;
  relais_sql_bind_text (statement, 1, run_id);
  if (!relais_sql_list (db, statement, read_here, NULL, &found, error))
    return NULL;
  all = found;

  return all->len > 0 ? g_ptr_array_index (all, 0) : g_new0 (Here, 1);
}

/* What another export has to do with the list */
typedef struct
{
  char     *export_id;      /* (owned) */
  char     *name;           /* (owned): of the export */
  gint64    place;          /* 0 = not known */
  char     *connection_id;  /* (owned) (nullable) */
  char     *host;           /* (owned) (nullable) */
  gint64    key_check;      /* 0 = not known */
  gboolean  takes_off;      /* whether whoever left its segment will be taken off by it */
  gint64    n_pages;        /* of the export's fingerprints */
  gint64    last_page;
  gint64    n_attempts;     /* at running the export: pages are written anew at the end of one */
} Other;

static void
free_other (gpointer data)
{
  Other *other = data;

  g_free (other->export_id);
  g_free (other->name);
  g_free (other->connection_id);
  g_free (other->host);
  g_free (other);
}

static gpointer
read_other (sqlite3_stmt *statement)
{
  Other *other = g_new0 (Other, 1);

  other->export_id = relais_sql_dup_text (statement, 0);
  other->name = relais_sql_dup_text (statement, 1);
  other->place = sqlite3_column_int64 (statement, 2);
  other->connection_id = relais_sql_dup_text (statement, 3);
  other->host = relais_sql_dup_text (statement, 4);
  other->key_check = sqlite3_column_int64 (statement, 5);
  other->takes_off = sqlite3_column_int (statement, 6);
  other->n_pages = sqlite3_column_int64 (statement, 7);
  other->last_page = sqlite3_column_int64 (statement, 8);
  other->n_attempts = sqlite3_column_int64 (statement, 9);

  return other;
}

static GPtrArray *
list_others (sqlite3     *db,
             const char  *sql,
             const Here  *here,
             GError     **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  gpointer others = NULL;

  if (statement == NULL)
    return NULL;
  relais_sql_bind_text (statement, 1, here->export_id);
  sqlite3_bind_int64 (statement, 2, here->list_id);

  return relais_sql_list (db, statement, read_other, free_other, &others, error) ? others : NULL;
}

static gboolean
is_through_here (const Other *other,
                 const Here  *here)
{
  return g_strcmp0 (other->connection_id, here->connection_id) == 0;
}

/* Whatever connection leads there: it may be gone. */
static gboolean
is_in_account (const Other *other,
               const Here  *here)
{
  return is_through_here (other, here) || relais_account_is_same (other->host, here->host);
}

/* The number of the last run of an export that came to its end, other than of corrected rows: it sent everything, so that whatever was before is nothing any more. */
#define LAST_COMPLETE(export) \
  "coalesce ((SELECT ended.number FROM runs ended WHERE ended.export_id = " export " AND ended.status IN (%d, %d) AND ended.corrects IS NULL" \
  " ORDER BY ended.number DESC LIMIT 1), 0)"

/* Returns: (transfer full) (nullable): runs of others to lists of that number that have batches in doubt: those that have no end, which
 * going on with the run gives them. Whoever may have been put there by one that has is held; only runs of before this was
 * noted, whose key is not known, have a doubt that the export's next run ends. */
static GPtrArray *
list_in_doubt (sqlite3     *db,
               const Here  *here,
               GError     **error)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT other.export_id, exports.name, 0, other.connection_id, other.host, 0, 0, 0, 0, 0 FROM runs other JOIN exports ON exports.id = other.export_id"
    " WHERE other.export_id != ?1 AND other.list_id IN (0, ?2) AND other.number >= " LAST_COMPLETE ("other.export_id")
    " AND EXISTS (SELECT 1 FROM batches WHERE batches.run_id = other.id AND (batches.state = %d OR (batches.state = %d AND batches.sendings > 0)"
    " OR (other.key_check = 0 AND (batches.state = %d OR (batches.state = %d AND (batches.remote_id IS NOT NULL OR batches.sendings > 1))))))"
    " ORDER BY other.number",
    RELAIS_RUN_SUCCESSFUL, RELAIS_RUN_COMPLETED_WITH_ERRORS, RELAIS_BATCH_ACCEPTED, RELAIS_BATCH_INTENT, RELAIS_BATCH_UNKNOWN,
    RELAIS_BATCH_REFUSED);

  return list_others (db, sql, here, error);
}

/* An export holds people where its last run that came to its end sent to, and where it has sent to since: not where it was moved away
 * from. Whom it was known to hold without a place it may hold anywhere, and will not take off.
 *
 * Returns: (transfer full) (nullable): places of others on lists of that number, as far as somebody is held there */
static GPtrArray *
list_places (sqlite3     *db,
             const Here  *here,
             GError     **error)
{
#define PAGES(export) "(SELECT count (*) FROM fingerprint_pages pages WHERE pages.export_id = " export ")," \
                      " (SELECT max (pages.seq) FROM fingerprint_pages pages WHERE pages.export_id = " export ")," \
                      " (SELECT sum (runs.attempts) FROM runs WHERE runs.export_id = " export ")"
#define OF_PLACE "FROM runs there WHERE there.export_id = places.export_id AND there.connection_id = places.connection_id" \
                 " AND there.list_id = places.list_id AND (places.key_check = 0 OR there.key_check IN (0, places.key_check))"
  g_autofree char *sql = g_strdup_printf (
    "SELECT places.export_id, exports.name, places.place, places.connection_id, places.host, places.key_check,"
    " coalesce ((SELECT there.takes_off " OF_PLACE " ORDER BY there.number DESC LIMIT 1), 0),"
    " " PAGES ("places.export_id")
    " FROM places JOIN exports ON exports.id = places.export_id WHERE places.export_id != ?1 AND places.list_id = ?2"
    " AND EXISTS (SELECT 1 FROM fingerprint_pages pages WHERE pages.export_id = places.export_id AND pages.place = places.place)"
    " AND coalesce ((SELECT max (there.number) " OF_PLACE "), 0) >= " LAST_COMPLETE ("places.export_id")
    " UNION ALL SELECT exports.id, exports.name, 0, NULL, NULL, 0, 0, " PAGES ("exports.id")
    " FROM exports WHERE exports.id != ?1"
    " AND EXISTS (SELECT 1 FROM fingerprint_pages pages WHERE pages.export_id = exports.id AND pages.place = 0)",
    RELAIS_RUN_SUCCESSFUL, RELAIS_RUN_COMPLETED_WITH_ERRORS);
#undef OF_PLACE
#undef PAGES

  return list_others (db, sql, here, error);
}

/* Whom an export holds is not known while it has sent something whose fate is open, nor when it sends through another connection, or did
 * with another key: profiles of two keys cannot be compared. */
static void
find_obstacle (GPtrArray      *in_doubt,
               GPtrArray      *places,
               const Here     *here,
               RelaisDeparted *departed)
{
  for (guint i = 0; i < in_doubt->len && departed->obstacle == NULL; i++)
    {
      const Other *other = g_ptr_array_index (in_doubt, i);

      if (is_in_account (other, here))
        departed->obstacle = g_strdup (other->name);
    }
  for (guint i = 0; i < places->len && departed->obstacle == NULL; i++)
    {
      const Other *other = g_ptr_array_index (places, i);

      if (other->place == 0 || !is_in_account (other, here) ||
          (is_through_here (other, here) && (other->key_check == 0 || other->key_check == here->key_check)))
        continue;
      departed->obstacle = g_strdup (other->name);
      departed->through_another = !is_through_here (other, here);
    }
}

static int
compare_takes_off (gconstpointer a,
                   gconstpointer b)
{
  const Other *one = *(const Other * const *) a, *other = *(const Other * const *) b;

  return (other->takes_off != FALSE) - (one->takes_off != FALSE);
}

/* Whoever is held by an export that takes nobody off is of no concern to this one, unless another one answers for them: these come first. */
static gboolean
subtract_others (sqlite3     *db,
                 GPtrArray   *places,
                 const Here  *here,
                 GByteArray  *held,
                 GByteArray  *shared,
                 GError     **error)
{
  g_ptr_array_sort (places, compare_takes_off);
  for (guint i = 0; i < places->len; i++)
    {
      const Other *other = g_ptr_array_index (places, i);
      g_autoptr (GByteArray) theirs = NULL;

      if (other->place != 0 && (!is_through_here (other, here) || (other->key_check != 0 && other->key_check != here->key_check)))
        continue;
      theirs = read_held (db, other->export_id, other->place, error);
      if (theirs == NULL)
        return FALSE;
      subtract (held, theirs, other->takes_off ? shared : NULL);
    }

  return TRUE;
}

/* Returns: (transfer full) (nullable): the profiles that the export holds where it sends to */
static GByteArray *
read_own (sqlite3     *db,
          const Here  *here,
          GError     **error)
{
  gint64 place;

  if (!relais_journal_foresee_place (db, here->export_id, here->connection_id, here->list_id, here->key_check, &place, error))
    return NULL;

  return place != 0 ? read_held (db, here->export_id, place, error) : g_byte_array_new ();
}

/* Returns: (transfer full): what whoever is held by others was read from: as long as it is the same, they are. Their pages are only added to,
 * or written anew. */
static char *
describe_places (GPtrArray *places)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < places->len; i++)
    {
      const Other *other = g_ptr_array_index (places, i);

      g_string_append_printf (text, "%s %" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                              other->export_id, other->place, other->takes_off, other->n_pages, other->last_page, other->n_attempts);
    }

  return g_string_free (text, FALSE);
}

/* What a call brings with it */
typedef struct
{
  char   *run_id;     /* (owned) (nullable): of a run that has begun */
  Here   *here;       /* (owned) (nullable): where one would send to; one of the two is given */
  GBytes *profiles;   /* (owned) (nullable): as they were read before */
  GBytes *shared;     /* (owned) (nullable) */
  guint64 n_delivered;
  char   *read_from;  /* (owned) (nullable) */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->run_id);
  g_clear_pointer (&call->here, here_free);
  g_clear_pointer (&call->profiles, g_bytes_unref);
  g_clear_pointer (&call->shared, g_bytes_unref);
  g_free (call->read_from);
  g_free (call);
}

static gboolean
read_people (sqlite3         *db,
             const Here      *here,
             GPtrArray       *places,
             RelaisDeparted  *departed,
             GError         **error)
{
  g_autoptr (GByteArray) held = read_own (db, here, error);
  g_autoptr (GByteArray) shared = g_byte_array_new ();

  if (held == NULL)
    return FALSE;
  departed->n_delivered = held->len / RELAIS_PROFILE_SIZE;
  if (!subtract_others (db, places, here, held, shared, error))
    return FALSE;
  departed->profiles = g_byte_array_free_to_bytes (g_steal_pointer (&held));
  departed->shared = g_byte_array_free_to_bytes (g_steal_pointer (&shared));

  return TRUE;
}

static gboolean
read_departed (sqlite3   *db,
               gpointer   data,
               gpointer  *result,
               GError   **error)
{
  const Call *call = data;
  g_autoptr (RelaisDeparted) departed = g_new0 (RelaisDeparted, 1);
  g_autoptr (Here) found = call->here == NULL ? find_here (db, call->run_id, error) : NULL;
  const Here *here = call->here != NULL ? call->here : found;
  g_autoptr (GPtrArray) in_doubt = here != NULL ? list_in_doubt (db, here, error) : NULL;
  g_autoptr (GPtrArray) places = in_doubt != NULL ? list_places (db, here, error) : NULL;

  if (places == NULL)
    return FALSE;
  find_obstacle (in_doubt, places, here, departed);
  departed->read_from = describe_places (places);
  if (g_strcmp0 (call->read_from, departed->read_from) != 0 && !read_people (db, here, places, departed, error))
    return FALSE;
  if (departed->profiles == NULL)
    {
      departed->profiles = g_bytes_ref (call->profiles);
      departed->shared = g_bytes_ref (call->shared);
      departed->n_delivered = call->n_delivered;
    }
  *result = g_steal_pointer (&departed);

  return TRUE;
}

/**
 * relais_journal_read_departed_async:
 * @self: the journal
 * @run_id: of a run that has begun: it says which export this is about, and which list of which connection
 * @before: (nullable): what was read of the run before: whom it holds itself has not changed since except by what the caller wrote, and is
 *   read again only if whom others hold has. A million people are read and sorted otherwise
 * @cancellable: (nullable):
 * @callback: called with the people
 * @user_data: for @callback
 */
void
relais_journal_read_departed_async (RelaisJournal        *self,
                                    const char           *run_id,
                                    const RelaisDeparted *before,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data)
{
  Call *call = g_new0 (Call, 1);

  call->run_id = g_strdup (run_id);
  if (before != NULL)
    {
      call->profiles = g_bytes_ref (before->profiles);
      call->shared = g_bytes_ref (before->shared);
      call->n_delivered = before->n_delivered;
      call->read_from = g_strdup (before->read_from);
    }
  relais_journal_ask (self, relais_journal_read_departed_async, FALSE, read_departed, call, call_free,
                      (GDestroyNotify) relais_departed_free, cancellable, callback, user_data);
}

/**
 * relais_journal_foresee_departed_async:
 * @self: the journal
 * @export_id: of an export
 * @connection_id: the connection that it would send through
 * @host: (nullable): of the account there
 * @list_id: the list that it would send to
 * @key_check: of the key that people would be hashed with
 * @cancellable: (nullable):
 * @callback: for relais_journal_read_departed_finish()
 * @user_data: for @callback
 *
 * Reads what relais_journal_read_departed_async() would, if a run of the export began now.
 */
void
relais_journal_foresee_departed_async (RelaisJournal       *self,
                                       const char          *export_id,
                                       const char          *connection_id,
                                       const char          *host,
                                       guint32              list_id,
                                       guint64              key_check,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  Call *call = g_new0 (Call, 1);

  call->here = g_new0 (Here, 1);
  call->here->export_id = g_strdup (export_id);
  call->here->connection_id = g_strdup (connection_id);
  call->here->host = g_strdup (host);
  call->here->list_id = list_id;
  call->here->key_check = (gint64) key_check;
  relais_journal_ask (self, relais_journal_foresee_departed_async, FALSE, read_departed, call, call_free,
                      (GDestroyNotify) relais_departed_free, cancellable, callback, user_data);
}

/**
 * relais_journal_read_departed_finish:
 * @self: the journal
 * @result: of relais_journal_read_departed_async() or relais_journal_foresee_departed_async()
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
