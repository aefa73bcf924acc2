/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows whose address cannot be read, and of which it is known all the same whose they are not: the very same text stood, as often, in
 * rows of the last run to the same place after which they were told apart from those whom the export holds, and in those of each
 * run since that came to its end. When rows of that one have been deleted, there are none. A run asks that of its own rows, and a
 * preview of those that a run would have. */

#include "relais-journal-unreadable.h"

#include "relais-journal-private.h"

#include <string.h>

#define MAX_SIZE (16 * 1024 * 1024)
#define OVERHEAD 64  /* of one text in a table */

/* Why an address cannot be read; an empty one is nobody's. */
static const RelaisReason unreadable[] = {
  RELAIS_REASON_NO_AT, RELAIS_REASON_SEVERAL_AT, RELAIS_REASON_BAD_LOCAL_PART, RELAIS_REASON_BAD_DOMAIN,
  RELAIS_REASON_ADDRESS_TOO_LONG, RELAIS_REASON_BAD_CHARACTERS,
};

/* Texts */

struct _RelaisUnreadableTexts
{
  GHashTable *counts;  /* (owned) (element-type utf8 guint) */
  gsize       size;    /* of what they take, about */
};

/**
 * relais_unreadable_texts_new:
 *
 * Returns: (transfer full): none
 */
RelaisUnreadableTexts *
relais_unreadable_texts_new (void)
{
  RelaisUnreadableTexts *self = g_new0 (RelaisUnreadableTexts, 1);

  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/**
 * relais_unreadable_texts_free:
 * @self: (transfer full): texts
 */
void
relais_unreadable_texts_free (RelaisUnreadableTexts *self)
{
  g_hash_table_unref (self->counts);
  g_free (self);
}

static gboolean
is_unreadable (const RelaisRejection *rejection)
{
  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++)
    if (rejection->state == RELAIS_ROW_INVALID && rejection->reason == unreadable[i])
      return TRUE;

  return FALSE;
}

/**
 * relais_unreadable_texts_add:
 * @self: texts
 * @rejection: any row that is not sent
 *
 * Counts the row's text, if it is why the row is not sent. Those for which there is no room, after some hundred thousand others, are
 * left out: nothing is known of their rows, and nobody is taken off the list because of that.
 */
void
relais_unreadable_texts_add (RelaisUnreadableTexts *self,
                             const RelaisRejection *rejection)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, rejection->email));
  gsize size = strlen (rejection->email) + OVERHEAD;

  if (!is_unreadable (rejection) || (n == 0 && size > MAX_SIZE - self->size))
    return;
  if (n == 0)
    self->size += size;
  g_hash_table_insert (self->counts, g_strdup (rejection->email), GUINT_TO_POINTER (n + 1));
}

/* Which are known */

/* Returns: (transfer full): the condition on rows, as SQL has it */
static char *
write_condition (void)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "state = '%s' AND reason IN (", relais_row_state_to_id (RELAIS_ROW_INVALID));
  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++)
    g_string_append_printf (text, "%s'%s'", i > 0 ? ", " : "", relais_reason_to_code (unreadable[i]));
  g_string_append_c (text, ')');

  return g_string_free (text, FALSE);
}

/* The runs since are those of the whole segment that came to their end: their rows are all there.
 *
 * @place: selects export_id, connection_id, list_id and key_check, and the number that these runs are below
 *
 * Returns: (transfer full): what makes a table of the texts that are known there, each with how often: known (email, n) */
static char *
write_known (const char *place)
{
  g_autofree char *condition = write_condition ();

  return g_strdup_printf (
    "WITH place AS (%s),"
    " alike AS (SELECT runs.id, runs.number, instr (' ' || runs.leavers || ' ', ' told-apart=1 ') > 0 AS told_apart FROM runs, place"
    " WHERE runs.export_id = place.export_id AND runs.number < place.number AND runs.status IN (%d, %d) AND runs.corrects IS NULL"
    " AND runs.connection_id IS place.connection_id AND runs.list_id = place.list_id AND runs.key_check = place.key_check),"
    " since AS (SELECT id FROM alike WHERE number >= (SELECT max (number) FROM alike WHERE told_apart)),"
    " cells AS (SELECT run_id, email, count (*) AS n FROM rejections WHERE %s AND run_id IN (SELECT id FROM since) GROUP BY run_id, email),"
    " known AS (SELECT email, min (n) AS n FROM cells GROUP BY email HAVING count (*) = (SELECT count (*) FROM since))",
    place, RELAIS_RUN_SUCCESSFUL, RELAIS_RUN_COMPLETED_WITH_ERRORS, condition);
}

static gboolean
count_unreadable (sqlite3   *db,
                  gpointer   data,
                  gpointer  *result,
                  GError   **error)
{
  g_autofree char *known = write_known ("SELECT * FROM runs WHERE id = ?1");
  g_autofree char *condition = write_condition ();
  g_autofree char *sql = g_strdup_printf (
    "%s, own AS (SELECT email, count (*) AS n FROM rejections WHERE %s AND run_id = ?1 GROUP BY email)"
    " SELECT coalesce (sum (min (own.n, known.n)), 0) FROM own JOIN known ON known.email = own.email", known, condition);
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  gint64 n;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);
  if (!relais_sql_number (db, statement, &n, error))
    return FALSE;
  *result = g_memdup2 (&n, sizeof n);

  return TRUE;
}

/**
 * relais_journal_count_unreadable_async:
 * @self: the journal
 * @run_id: of a run whose rows are all read
 * @cancellable: (nullable):
 * @callback: called with the number
 * @user_data: for @callback
 *
 * Counts its rows whose address cannot be read, and of which it is known whose they are not.
 */
void
relais_journal_count_unreadable_async (RelaisJournal       *self,
                                       const char          *run_id,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_count_unreadable_async, FALSE, count_unreadable, g_strdup (run_id), g_free, g_free,
                      cancellable, callback, user_data);
}

/* What a call brings with it */
typedef struct
{
  char                  *export_id;      /* (owned) */
  char                  *connection_id;  /* (owned) */
  guint32                list_id;
  gint64                 key_check;
  RelaisUnreadableTexts *texts;          /* (owned) */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->export_id);
  g_free (call->connection_id);
  relais_unreadable_texts_free (call->texts);
  g_free (call);
}

static gboolean
foresee_unreadable (sqlite3   *db,
                    gpointer   data,
                    gpointer  *result,
                    GError   **error)
{
  const Call *call = data;
  g_autofree char *known = write_known ("SELECT ?1 AS export_id, ?2 AS connection_id, ?3 AS list_id, ?4 AS key_check, ?5 AS number");
  g_autofree char *sql = g_strconcat (known, " SELECT email, n FROM known", NULL);
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);
  g_autoptr (GError) reading = NULL;
  gint64 n = 0;

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, call->export_id);
  relais_sql_bind_text (statement, 2, call->connection_id);
  sqlite3_bind_int64 (statement, 3, call->list_id);
  sqlite3_bind_int64 (statement, 4, call->key_check);
  sqlite3_bind_int64 (statement, 5, G_MAXINT64);
  while (relais_sql_step (db, statement, &reading))
    {
      const char *text = (const char *) sqlite3_column_text (statement, 0);
      guint own = GPOINTER_TO_UINT (g_hash_table_lookup (call->texts->counts, text != NULL ? text : ""));

      n += MIN (own, sqlite3_column_int64 (statement, 1));
    }
  sqlite3_finalize (statement);
  if (reading != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reading));
      return FALSE;
    }
  *result = g_memdup2 (&n, sizeof n);

  return TRUE;
}

/**
 * relais_journal_foresee_unreadable_async:
 * @self: the journal
 * @export_id: of an export
 * @connection_id: the connection that it would send through
 * @list_id: the list that it would send to
 * @key_check: of the key that people would be hashed with
 * @taken_texts: (transfer full): of all rows of its segment
 * @cancellable: (nullable):
 * @callback: for relais_journal_count_unreadable_finish()
 * @user_data: for @callback
 *
 * Counts what relais_journal_count_unreadable_async() would, if a run of the export began now.
 */
void
relais_journal_foresee_unreadable_async (RelaisJournal         *self,
                                         const char            *export_id,
                                         const char            *connection_id,
                                         guint32                list_id,
                                         guint64                key_check,
                                         RelaisUnreadableTexts *taken_texts,
                                         GCancellable          *cancellable,
                                         GAsyncReadyCallback    callback,
                                         gpointer               user_data)
{
  Call *call = g_new0 (Call, 1);

  call->export_id = g_strdup (export_id);
  call->connection_id = g_strdup (connection_id);
  call->list_id = list_id;
  call->key_check = (gint64) key_check;
  call->texts = taken_texts;
  relais_journal_ask (self, relais_journal_foresee_unreadable_async, FALSE, foresee_unreadable, call, call_free, g_free,
                      cancellable, callback, user_data);
}

/**
 * relais_journal_count_unreadable_finish:
 * @self: the journal
 * @result: of relais_journal_count_unreadable_async() or relais_journal_foresee_unreadable_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: how many they are, 0 on error
 */
guint64
relais_journal_count_unreadable_finish (RelaisJournal  *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  g_autofree gint64 *n = relais_journal_answer (self, result, error);

  return n != NULL ? (guint64) *n : 0;
}
