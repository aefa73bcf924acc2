/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-store.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "relais-error.h"
#include "relais-practice-content.h"

/* One row a contact and one a membership. Field values are a JSON object by
 * field id, tags are ",1,7,": a million people fit, and what is asked often
 * (who opted out of a list) has an index that leaves the others out. */

struct _RelaisStore
{
  sqlite3    *database;    /* (owned) */
  GHashTable *statements;  /* (owned): by the address of their text */
  int         lock;        /* -1 = none */
};

/* Another form of the tables has another number. */
#define FORM "4"

/* The log makes every step whole, whenever the process or the machine ends. */
static const char settings[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;";

/* Ids are never given twice, as with the service: who reads on after an id relies on it. */
static const char schema[] =
  "CREATE TABLE account (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
  "CREATE TABLE lists (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, stringid TEXT, channel TEXT, url TEXT,"
  " reminder TEXT, created INTEGER, broadcast INTEGER DEFAULT 0, carboncopy TEXT, subscribed TEXT, unsubscribed TEXT);"
  "CREATE TABLE list_groups (id INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER, grp INTEGER);"
  "CREATE TABLE fields (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT UNIQUE COLLATE NOCASE, type TEXT, perstag TEXT,"
  " descript TEXT, created INTEGER, updated INTEGER, defval TEXT, isrequired INTEGER DEFAULT 0, visible INTEGER DEFAULT 1,"
  " position INTEGER);"
  "CREATE TABLE options (id INTEGER PRIMARY KEY AUTOINCREMENT, field INTEGER, position INTEGER, value TEXT, label TEXT,"
  " isdefault INTEGER, created INTEGER);"
  "CREATE TABLE relations (id INTEGER PRIMARY KEY AUTOINCREMENT, field INTEGER, list INTEGER, created INTEGER);"
  "CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, tag TEXT UNIQUE COLLATE NOCASE, type TEXT, description TEXT,"
  " created INTEGER, people INTEGER DEFAULT 0);"
  "CREATE TABLE exclusions (id INTEGER PRIMARY KEY AUTOINCREMENT, phrase TEXT, type TEXT, channel TEXT, lists TEXT);"
  "CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE COLLATE NOCASE, first TEXT, last TEXT,"
  " phone TEXT, fields TEXT, tags TEXT, account TEXT, bounced INTEGER, created INTEGER, updated INTEGER);"
  "CREATE TABLE memberships (list INTEGER, contact INTEGER, status INTEGER, source INTEGER, since INTEGER, updated INTEGER,"
  " reason TEXT, form INTEGER, PRIMARY KEY (list, contact)) WITHOUT ROWID;"
  "CREATE INDEX leavers ON memberships (list, status, contact) WHERE status <> 1;"
  "CREATE TABLE imports (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, submitted INTEGER, ended INTEGER DEFAULT 0,"
  " state TEXT, ending INTEGER, contacts INTEGER, body TEXT, success TEXT, failure TEXT);"
  "CREATE INDEX outstanding ON imports (number) WHERE ended = 0;"
  "PRAGMA user_version=" FORM;

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static gboolean
take_lock (RelaisStore  *store,
           const char   *path,
           GError      **error)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);

  store->lock = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (store->lock < 0)
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is a file name. */
                 _("The practice account cannot keep its content in “%s”. Check that the folder exists and may be written to."),
                 path);
  else if (flock (store->lock, LOCK_EX | LOCK_NB) != 0)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_BUSY,
                         _("The practice account is already in use by another Relais. Close that one and try again."));
  else
    return TRUE;

  return FALSE;
}

/* Whoever exports to a practice account may do so with real people: they are for one's own eyes. */
static gboolean
open_file (RelaisStore *store,
           const char  *path)
{
  int file = strcmp (path, ":memory:") != 0 ? open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

  if (file >= 0)
    close (file);

  return sqlite3_open (path, &store->database) == SQLITE_OK;
}

static gboolean
run (RelaisStore *store,
     const char  *sql)
{
  return sqlite3_exec (store->database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static int
read_number (RelaisStore *store,
             const char  *sql)
{
  sqlite3_stmt *statement = NULL;
  int number = -1;

  if (sqlite3_prepare_v2 (store->database, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);

  return number;
}

static gboolean
begin_fresh (RelaisStore *store)
{
  return run (store, "BEGIN") && run (store, schema) && run (store, "COMMIT");
}

/* What another version of the program kept is kept too, beside a fresh account. */
static gboolean
put_aside (RelaisStore *store,
           const char  *path)
{
  g_autofree char *old = g_strconcat (path, ".old", NULL);

  if (!run (store, "PRAGMA journal_mode=DELETE"))
    return FALSE;
  sqlite3_close (g_steal_pointer (&store->database));

  return g_rename (path, old) == 0 && open_file (store, path) && run (store, settings) && begin_fresh (store);
}

static gboolean
open_database (RelaisStore  *store,
               const char   *path,
               GError      **error)
{
  gboolean good = open_file (store, path) && run (store, settings);
  int n_tables = good ? read_number (store, "SELECT count (*) FROM sqlite_schema") : -1;

  if (n_tables == 0)
    good = begin_fresh (store);
  else if (good && read_number (store, "PRAGMA user_version") != atoi (FORM))
    good = n_tables > 0 && put_aside (store, path);
  if (good)
    return TRUE;

  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
               /* Translators: %s is a file name. */
               _("The content of the practice account in “%s” cannot be read. Move that file away to begin with a fresh practice account."),
               path);

  return FALSE;
}

/**
 * relais_store_open:
 * @path: (nullable): the file that keeps the account; %NULL for memory
 * @error: RELAIS_ERROR_BUSY when another process has @path open, RELAIS_ERROR_FILE
 *
 * A fresh account is filled with the content every practice account begins with.
 *
 * Returns: (transfer full):
 */
RelaisStore *
relais_store_open (const char  *path,
                   GError     **error)
{
  g_autoptr (RelaisStore) store = g_new0 (RelaisStore, 1);

  store->lock = -1;
  store->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
  if (path != NULL && !take_lock (store, path, error))
    return NULL;
  if (!open_database (store, path != NULL ? path : ":memory:", error))
    return NULL;
  relais_content_fill (store);

  return g_steal_pointer (&store);
}

/**
 * relais_store_close:
 * @store: (transfer full): an open store
 */
void
relais_store_close (RelaisStore *store)
{
  g_clear_pointer (&store->statements, g_hash_table_unref);
  sqlite3_close (store->database);
  if (store->lock >= 0)
    close (store->lock);
  g_free (store);
}

static sqlite3_stmt *
prepare (RelaisStore *store,
         const char  *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (store->statements, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        g_error ("%s: %s", sqlite3_errmsg (store->database), sql);
      g_hash_table_insert (store->statements, (gpointer) sql, statement);
    }
  sqlite3_reset (statement);

  return statement;
}

static sqlite3_stmt *
bind (RelaisStore *store,
      const char  *sql,
      const char  *types,
      va_list      values)
{
  sqlite3_stmt *statement = prepare (store, sql);

  for (int i = 0; types[i] != '\0'; i++)
    if (types[i] == 'i')
      sqlite3_bind_int64 (statement, i + 1, va_arg (values, gint64));
    else
      sqlite3_bind_text (statement, i + 1, va_arg (values, const char *), -1, SQLITE_TRANSIENT);

  return statement;
}

/**
 * relais_store_query:
 * @store: an open store
 * @sql: a text that stays where it is (a literal or an interned string): its
 *   statement is kept
 * @types: for each parameter 'i' (a gint64) or 's' (a nullable string)
 *
 * Returns: (transfer none): to be stepped; valid until @sql is asked again
 */
sqlite3_stmt *
relais_store_query (RelaisStore *store,
                    const char  *sql,
                    const char  *types,
                    ...)
{
  sqlite3_stmt *statement;
  va_list values;

  va_start (values, types);
  statement = bind (store, sql, types, values);
  va_end (values);

  return statement;
}

/**
 * relais_store_execute:
 * @store: an open store
 * @sql: as of relais_store_query()
 * @types: as of relais_store_query()
 *
 * Returns: the id of the row inserted last
 */
gint64
relais_store_execute (RelaisStore *store,
                      const char  *sql,
                      const char  *types,
                      ...)
{
  sqlite3_stmt *statement;
  va_list values;
  int status;

  va_start (values, types);
  statement = bind (store, sql, types, values);
  va_end (values);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    ;
  if (status != SQLITE_DONE)
    g_warning ("The practice account could not write: %s", sqlite3_errmsg (store->database));
  sqlite3_reset (statement);

  return sqlite3_last_insert_rowid (store->database);
}

/**
 * relais_store_number:
 * @store: an open store
 * @sql: as of relais_store_query()
 * @types: as of relais_store_query()
 *
 * Returns: the first column of the first row, 0 when there is none
 */
gint64
relais_store_number (RelaisStore *store,
                     const char  *sql,
                     const char  *types,
                     ...)
{
  sqlite3_stmt *statement;
  va_list values;
  gint64 number = 0;

  va_start (values, types);
  statement = bind (store, sql, types, values);
  va_end (values);
  if (sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  return number;
}

/**
 * relais_store_changes:
 * @store: an open store
 *
 * Returns: a number that is another one after anything was written
 */
int
relais_store_changes (RelaisStore *store)
{
  return sqlite3_total_changes (store->database);
}

/**
 * relais_store_text:
 * @row: a statement that stands on a row
 * @column: counted from 0
 *
 * Returns: (nullable): its text, until the next step
 */
const char *
relais_store_text (sqlite3_stmt *row,
                   int           column)
{
  return (const char *) sqlite3_column_text (row, column);
}
