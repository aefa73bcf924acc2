/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When attempts at runs were sending to a list: whoever joined it at another time was not put there by Relais.
 *
 * It is written down with what is written anyway: an attempt begins with the intent of the first that leaves, and goes on as long
 * as anything of what left is heard of. So one that was killed ends with the last thing that is known of it. An import that
 * was accepted then may have been carried out later, and nobody can know when. Nothing is added for it: whoever is taken for
 * somebody who joined without Relais stays on the list, while an attempt that is said to have been longer than it was
 * would have people taken off who came by themselves. When nothing is heard for half an hour, as while the computer sleeps, what leaves
 * then begins another stretch of the attempt.
 *
 * Its moments are this computer's, and those that the account states of people are the account's. By the time these are compared
 * this computer's clock may have been set: by how much the two differed is written down with the attempt, once it is known. */

#include "relais-journal-spans.h"

#include "relais-journal-private.h"

#define MAX_MOMENT  (G_MAXINT64 / 4)  /* what are added do not overflow */
#define MAX_SILENCE "1800000000"      /* microseconds */

/* @changed: (out): whether that changed anything */
static gboolean
note (sqlite3           *db,
      const char        *run_id,
      const RelaisLead  *lead,
      const char        *sql,
      gboolean          *changed,
      GError           **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, run_id);
  sqlite3_bind_int64 (statement, 2, g_get_real_time ());
  if (lead->state == RELAIS_LEAD_KNOWN)
    {
      sqlite3_bind_int64 (statement, 3, lead->least);
      sqlite3_bind_int64 (statement, 4, lead->most);
    }
  if (!relais_sql_run (db, statement, error))
    return FALSE;
  *changed = sqlite3_changes (db) > 0;

  return TRUE;
}

/**
 * relais_journal_note_sending:
 * @db: the database, in a transaction
 * @run_id: of a run
 * @lead: as far as the run's attempt knows it by now
 * @leaves: whether something is about to leave; otherwise it is heard of something, which says nothing of an attempt that has sent nothing itself
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it is noted that the run's attempt is sending now
 */
gboolean
relais_journal_note_sending (sqlite3           *db,
                             const char        *run_id,
                             const RelaisLead  *lead,
                             gboolean           leaves,
                             GError           **error)
{
  gboolean goes_on;

  if (!note (db, run_id, lead, "UPDATE attempts SET last_at = max (last_at, ?2), lead_least = ?3, lead_most = ?4"
                               " WHERE run_id = ?1 AND number = (SELECT attempts FROM runs WHERE id = ?1)"
                               " AND last_at BETWEEN ?2 - " MAX_SILENCE " AND ?2 + " MAX_SILENCE
                               " AND first_at = (SELECT max (first_at) FROM attempts latest WHERE latest.run_id = attempts.run_id"
                               " AND latest.number = attempts.number)", &goes_on, error))
    return FALSE;

  return goes_on || !leaves ||
         note (db, run_id, lead, "INSERT INTO attempts (run_id, number, first_at, last_at, lead_least, lead_most)"
                                 " SELECT id, attempts, ?2, ?2, ?3, ?4 FROM runs WHERE id = ?1 ON CONFLICT DO NOTHING", &goes_on, error);
}

/* Returns: whether it can be one */
static gboolean
read_lead (sqlite3_stmt *statement,
           RelaisLead   *lead)
{
  gboolean is_known = sqlite3_column_type (statement, 2) != SQLITE_NULL;

  lead->state = is_known ? RELAIS_LEAD_KNOWN : RELAIS_LEAD_UNKNOWN;
  lead->least = sqlite3_column_int64 (statement, 2);
  lead->most = sqlite3_column_int64 (statement, 3);

  return is_known == (sqlite3_column_type (statement, 3) != SQLITE_NULL) &&
         lead->least >= -MAX_MOMENT && lead->least <= lead->most && lead->most <= MAX_MOMENT;
}

static gpointer
read_span (sqlite3_stmt *statement)
{
  RelaisSpan span = { .from = sqlite3_column_int64 (statement, 0), .until = sqlite3_column_int64 (statement, 1) };

  if (span.from < 0 || span.until < span.from || span.until > MAX_MOMENT || !read_lead (statement, &span.lead))
    return NULL;

  return g_memdup2 (&span, sizeof span);
}

static gboolean
read_spans (sqlite3   *db,
            gpointer   data,
            gpointer  *result,
            GError   **error)
{
  sqlite3_stmt *statement = relais_sql_prepare (db,
    "SELECT first_at, last_at, lead_least, lead_most FROM runs JOIN runs other ON other.connection_id = runs.connection_id AND other.list_id = runs.list_id"
    " JOIN attempts ON attempts.run_id = other.id WHERE runs.id = ?1 ORDER BY first_at", error);

  if (statement == NULL)
    return FALSE;
  relais_sql_bind_text (statement, 1, data);

  return relais_sql_list (db, statement, read_span, g_free, result, error);
}

/**
 * relais_journal_read_spans_async:
 * @self: the journal
 * @run_id: of a run that has begun: it says which list of which connection this is about
 * @cancellable: (nullable):
 * @callback: called with the spans
 * @user_data: for @callback
 */
void
relais_journal_read_spans_async (RelaisJournal       *self,
                                 const char          *run_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  relais_journal_ask (self, relais_journal_read_spans_async, FALSE, read_spans, g_strdup (run_id), g_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * relais_journal_read_spans_finish:
 * @self: the journal
 * @result: of relais_journal_read_spans_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (element-type RelaisSpan) (nullable): when attempts at runs of any export were sending to that list,
 *   by when they began
 */
GPtrArray *
relais_journal_read_spans_finish (RelaisJournal  *self,
                                  GAsyncResult   *result,
                                  GError        **error)
{
  return relais_journal_answer (self, result, error);
}
