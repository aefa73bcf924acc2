/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite in the terms of the journal: errors in words, texts that may be missing. */

#include "relais-journal-private.h"

#include "relais-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

/**
 * relais_sql_fold_name:
 * @name: (nullable): what the person called something
 *
 * Returns: (transfer full): by what names are compared and sorted: case, and how accents are put together, do not count
 */
char *
relais_sql_fold_name (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name != NULL ? name : "", -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : "", -1);
}

/**
 * relais_sql_set_full:
 * @path: (type filename): of a file for which there is no room
 * @error: (out): the same as a whole sentence, RELAIS_ERROR_JOURNAL_UNWRITABLE
 */
void
relais_sql_set_full (const char  *path,
                     GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE,
               /* Translators: %s is the path of a file. */
               _("The disk is full, so nothing can be written down in “%s”. Make room and try again; nothing is lost."), name);
}

/* SQLite calls it an error of the disk when there is no room for what it keeps beside the file, when a quota is
 * used up, and when the system has made a disk read-only that began to fail. The system's own word for it says
 * more: sqlite3_system_errno() has none for a COMMIT, but what was set last stands in errno still.
 *
 * Returns: the primary code of what it is for a person */
static int
judge (int status,
       int cause)
{
  int primary = status & 0xff;

  if (primary != SQLITE_IOERR && primary != SQLITE_CANTOPEN)
    return primary;
  if (cause == ENOSPC || cause == EDQUOT)
    return SQLITE_FULL;

  return cause == EROFS ? SQLITE_READONLY : primary;
}

/**
 * relais_sql_set_error:
 * @db: (nullable): the database
 * @status: what SQLite returned
 * @error: (out): a whole sentence, with a code that says what can be done
 */
void
relais_sql_set_error (sqlite3  *db,
                      int       status,
                      GError  **error)
{
  int cause = errno;
  const char *opened = db != NULL ? sqlite3_db_filename (db, "main") : NULL;
  const char *path = opened != NULL ? opened : "journal.sqlite";
  g_autofree char *name = g_filename_display_name (path);

  if (status == SQLITE_CONSTRAINT_FOREIGNKEY)
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("What this belongs to has been removed meanwhile."));
      return;
    }

  switch (judge (status, cause))
    {
    case SQLITE_FULL:
      relais_sql_set_full (path, error);
      break;

    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE,
                   /* Translators: %s is the path of a file. */
                   _("“%s” cannot be written. Check that the file and its folder belong to you and are not read-only."), name);
      break;

    case SQLITE_IOERR:
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE,
                   /* Translators: %s is the path of a file. */
                   _("The disk reported an error while “%s” was in use. Check the disk and try again."), name);
      break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_DAMAGED,
                   /* Translators: %s is the path of a file. */
                   _("“%s” is damaged or is not a file of Relais. It was left as it is: move it elsewhere to begin anew, or put back a copy."), name);
      break;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY,
                   /* Translators: %s is the path of a file. */
                   _("“%s” is in use by another Relais. Try again in a moment."), name);
      break;

    default:
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_DAMAGED,
                   /* Translators: the first %s is the path of a file, the second is technical detail in English. */
                   _("“%s” cannot be used (%s)."), name, sqlite3_errstr (status));
      break;
    }
}

/**
 * relais_sql_prepare:
 * @db: the database
 * @sql: one statement
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): the statement
 */
sqlite3_stmt *
relais_sql_prepare (sqlite3     *db,
                    const char  *sql,
                    GError     **error)
{
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (status != SQLITE_OK)
    relais_sql_set_error (db, status, error);

  return statement;
}

/**
 * relais_sql_step:
 * @db: the database
 * @statement: a bound statement
 * @error: in RELAIS_ERROR
 *
 * Returns: whether there is a row; without one and without an error it is done
 */
gboolean
relais_sql_step (sqlite3       *db,
                 sqlite3_stmt  *statement,
                 GError       **error)
{
  int status = sqlite3_step (statement);

  if (status == SQLITE_ROW)
    return TRUE;
  if (status != SQLITE_DONE)
    relais_sql_set_error (db, sqlite3_extended_errcode (db), error);

  return FALSE;
}

/**
 * relais_sql_run:
 * @db: the database
 * @taken: (transfer full) (nullable): a bound statement that returns no rows; %NULL when it could not be prepared
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it was carried out
 */
gboolean
relais_sql_run (sqlite3       *db,
                sqlite3_stmt  *taken,
                GError       **error)
{
  int status;

  if (taken == NULL)
    return FALSE;

  status = sqlite3_step (taken);
  if (status != SQLITE_DONE && status != SQLITE_ROW)
    relais_sql_set_error (db, sqlite3_extended_errcode (db), error);
  sqlite3_finalize (taken);

  return status == SQLITE_DONE || status == SQLITE_ROW;
}

/**
 * relais_sql_number:
 * @db: the database
 * @taken: (transfer full) (nullable): a bound statement whose first column is a number; %NULL when it could not be prepared
 * @number: (inout): what its first row says; left alone when there is no row
 * @error: in RELAIS_ERROR
 *
 * Returns: whether it was carried out
 */
gboolean
relais_sql_number (sqlite3       *db,
                   sqlite3_stmt  *taken,
                   gint64        *number,
                   GError       **error)
{
  int status;

  if (taken == NULL)
    return FALSE;

  status = sqlite3_step (taken);
  if (status == SQLITE_ROW)
    *number = sqlite3_column_int64 (taken, 0);
  else if (status != SQLITE_DONE)
    relais_sql_set_error (db, sqlite3_extended_errcode (db), error);
  sqlite3_finalize (taken);

  return status == SQLITE_ROW || status == SQLITE_DONE;
}

/**
 * relais_sql_run_named:
 * @db: the database
 * @taken: (transfer full) (nullable): as for relais_sql_run(), of something that has a name and may belong to a connection
 * @name: what the person called it
 * @error: RELAIS_ERROR_NAME_TAKEN, RELAIS_ERROR_UNKNOWN when the connection is not there, or as the others
 *
 * Returns: whether it was carried out
 */
gboolean
relais_sql_run_named (sqlite3       *db,
                      sqlite3_stmt  *taken,
                      const char    *name,
                      GError       **error)
{
  int status;

  if (taken == NULL)
    return FALSE;

  status = sqlite3_step (taken);
  sqlite3_finalize (taken);
  if (status == SQLITE_DONE)
    return TRUE;

  if (sqlite3_extended_errcode (db) == SQLITE_CONSTRAINT_UNIQUE)
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN,
                 /* Translators: %s is the name of a connection or an export. */
                 _("The name “%s” is taken. Choose another one."), name);
  else if (sqlite3_extended_errcode (db) == SQLITE_CONSTRAINT_FOREIGNKEY)
    g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, _("This connection is not there any more. Choose another one."));
  else
    relais_sql_set_error (db, sqlite3_extended_errcode (db), error);

  return FALSE;
}

/**
 * relais_sql_list:
 * @db: the database
 * @taken: (transfer full): a bound statement that returns rows
 * @read: makes an item of a row, or returns %NULL for one that is damaged
 * @free_item: frees an item
 * @list: (out) (transfer full): a #GPtrArray of the items, when it succeeds
 * @error: in RELAIS_ERROR
 *
 * Returns: whether all rows were read
 */
gboolean
relais_sql_list (sqlite3         *db,
                 sqlite3_stmt    *taken,
                 RelaisSqlRead    read,
                 GDestroyNotify   free_item,
                 gpointer        *list,
                 GError         **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (GError) local_error = NULL;

  while (local_error == NULL && relais_sql_step (db, taken, &local_error))
    {
      gpointer item = read (taken);

      if (item != NULL)
        g_ptr_array_add (items, item);
      else
        relais_sql_set_error (db, SQLITE_CORRUPT, &local_error);
    }
  sqlite3_finalize (taken);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *list = g_steal_pointer (&items);

  return TRUE;
}

/**
 * relais_sql_execute:
 * @db: the database
 * @sql: statements without parameters
 * @error: in RELAIS_ERROR
 *
 * Returns: whether they were carried out
 */
gboolean
relais_sql_execute (sqlite3     *db,
                    const char  *sql,
                    GError     **error)
{
  int status = sqlite3_exec (db, sql, NULL, NULL, NULL);

  if (status != SQLITE_OK)
    relais_sql_set_error (db, sqlite3_extended_errcode (db), error);

  return status == SQLITE_OK;
}

/**
 * relais_sql_bind_text:
 * @statement: a statement
 * @index: of the parameter, from 1
 * @text: (nullable): %NULL binds NULL; copied
 */
void
relais_sql_bind_text (sqlite3_stmt *statement,
                      int           index,
                      const char   *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

/**
 * relais_sql_dup_text:
 * @statement: a statement on a row
 * @column: from 0
 *
 * Returns: (transfer full) (nullable): the text, %NULL for NULL; always UTF-8, whatever has become of the file
 */
char *
relais_sql_dup_text (sqlite3_stmt *statement,
                     int           column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

/**
 * relais_sql_is_among:
 * @statement: a statement on a row
 * @column: from 0, of values that are stored by their numbers
 * @last: the last of them
 *
 * Returns: whether it is one; anything else was not written by Relais, of whatever version
 */
gboolean
relais_sql_is_among (sqlite3_stmt *statement,
                     int           column,
                     int           last)
{
  gint64 value = sqlite3_column_int64 (statement, column);

  return value >= 0 && value <= last;
}
