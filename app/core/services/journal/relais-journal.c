/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-journal-private.h"

#include "relais-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS  10000
#define PAUSE_US         10000
#define MOST_AT_A_TIME   256

/* What stands last in the queue */
#define THE_END(journal) ((gpointer) (journal))

struct _RelaisJournal
{
  GObject parent_instance;

  sqlite3     *db;      /* (owned): touched by the thread only, once it runs */
  GThread     *thread;  /* (owned) (nullable) */
  GAsyncQueue *queue;   /* (owned) (element-type GTask) */
};

G_DEFINE_FINAL_TYPE (RelaisJournal, relais_journal, G_TYPE_OBJECT)

/* One call, as the data of its task */
typedef struct
{
  gboolean           writes;
  gboolean           alone;        /* makes its own transactions */
  RelaisJournalWork  work;
  gpointer           data;
  GDestroyNotify     free_data;
  GDestroyNotify     free_result;
  gpointer           result;
  GError            *error;
} Request;

static void
free_request (gpointer data)
{
  Request *request = data;

  if (request->free_data != NULL && request->data != NULL)
    request->free_data (request->data);
  if (request->free_result != NULL && request->result != NULL)
    request->free_result (request->result);
  g_clear_error (&request->error);
  g_free (request);
}

/* In the thread */

static gboolean
carry_out (sqlite3  *db,
           GTask    *task,
           GError  **group_error)
{
  Request *request = g_task_get_task_data (task);

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &request->error))
    return TRUE;
  if (!request->writes)
    {
      request->work (db, request->data, &request->result, &request->error);
      return TRUE;
    }
  /* A savepoint each, so that one that fails does not take the others with it. */
  if (relais_sql_execute (db, "SAVEPOINT one", &request->error) &&
      (request->work (db, request->data, &request->result, &request->error) ||
       relais_sql_execute (db, "ROLLBACK TO one", NULL)) &&
      relais_sql_execute (db, "RELEASE one", request->error == NULL ? &request->error : NULL))
    return TRUE;

  /* A full or broken disk ends the whole transaction: nothing of it is written. */
  g_propagate_error (group_error, g_error_copy (request->error));

  return FALSE;
}

static gboolean
return_cb (gpointer user_data)
{
  GTask *task = user_data;
  Request *request = g_task_get_task_data (task);

  if (request->error != NULL)
    g_task_return_error (task, g_steal_pointer (&request->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&request->result), request->free_result);

  return G_SOURCE_REMOVE;
}

/* The task goes back to where it came from with its last reference: were the
 * journal let go of here, the thread would wait for itself. It may have ended there before
 * this returns, so its context is held: letting go of the source takes the context's lock. */
static void
give_back (GTask        *taken,
           const GError *group_error)
{
  g_autoptr (GMainContext) context = g_main_context_ref (g_task_get_context (taken));
  g_autoptr (GSource) source = g_idle_source_new ();
  Request *request = g_task_get_task_data (taken);

  /* One that was cancelled before its turn stays so. */
  if (group_error != NULL && !g_error_matches (request->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&request->error);
      request->error = g_error_copy (group_error);
    }
  g_source_set_priority (source, g_task_get_priority (taken));
  g_source_set_callback (source, return_cb, taken, g_object_unref);
  g_source_attach (source, context);
}

static gboolean
is_write (RelaisJournal *self,
          gpointer       queued)
{
  const Request *request = queued != THE_END (self) ? g_task_get_task_data (queued) : NULL;

  return request != NULL && request->writes;
}

/* What is to be done in one transaction: writes that wait, or one read, which
 * is not told what may yet be taken back. An empty answer ends the work. */
static GPtrArray *
collect_requests (RelaisJournal *self)
{
  GPtrArray *tasks = g_ptr_array_new ();
  gpointer queued = g_async_queue_pop (self->queue);

  if (queued == THE_END (self))
    return tasks;

  g_ptr_array_add (tasks, queued);
  if (!is_write (self, queued))
    return tasks;

  while (tasks->len < MOST_AT_A_TIME && (queued = g_async_queue_try_pop (self->queue)) != NULL)
    {
      if (!is_write (self, queued))
        {
          g_async_queue_push_front (self->queue, queued);
          break;
        }
      g_ptr_array_add (tasks, queued);
    }

  return tasks;
}

static gboolean
is_alone (GPtrArray *tasks)
{
  const Request *request = g_task_get_task_data (g_ptr_array_index (tasks, 0));

  return request->alone;
}

/* Returns: (transfer full) (nullable): why nothing of it was written */
static GError *
carry_out_together (RelaisJournal *self,
                    GPtrArray     *tasks)
{
  sqlite3 *db = self->db;
  GError *error = NULL;

  if (is_alone (tasks))
    carry_out (db, g_ptr_array_index (tasks, 0), &error);
  else if (relais_sql_execute (db, is_write (self, g_ptr_array_index (tasks, 0)) ? "BEGIN IMMEDIATE" : "BEGIN", &error))
    {
      for (guint i = 0; i < tasks->len && error == NULL; i++)
        carry_out (db, g_ptr_array_index (tasks, i), &error);
      /* A read that met a broken disk has ended its transaction, and says why itself. */
      if (error == NULL && !sqlite3_get_autocommit (db))
        relais_sql_execute (db, "COMMIT", &error);
    }
  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return error;
}

/* What waits is written together: one wait for the disk serves all of it. */
static gpointer
work_thread (gpointer data)
{
  RelaisJournal *self = data;

  while (TRUE)
    {
      g_autoptr (GPtrArray) tasks = collect_requests (self);
      g_autoptr (GError) error = NULL;

      if (tasks->len == 0)
        return NULL;
      error = carry_out_together (self, tasks);
      for (guint i = 0; i < tasks->len; i++)
        give_back (g_ptr_array_index (tasks, i), error);
    }
}

static void
ask (RelaisJournal       *self,
     gpointer             tag,
     Request             *request,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  /* What has been written is told, also when nobody waits for it any more. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, request, free_request);
  if (self->thread == NULL)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE,
                             _("Relais is closing, so nothing more can be written down."));
  else
    g_async_queue_push (self->queue, g_steal_pointer (&task));
}

static Request *
request_new (RelaisJournalWork work,
             gpointer          data,
             GDestroyNotify    free_data,
             GDestroyNotify    free_result)
{
  Request *request = g_new0 (Request, 1);

  request->work = work;
  request->data = data;
  request->free_data = free_data;
  request->free_result = free_result;

  return request;
}

/**
 * relais_journal_ask:
 * @self: the journal
 * @tag: of the task
 * @writes: whether @work changes anything
 * @work: what to do in the thread
 * @data: (transfer full) (nullable): for @work
 * @free_data: (nullable): frees @data
 * @free_result: (nullable): frees what @work returns
 * @cancellable: (nullable): before it begins
 * @callback: called when it is done, and on disk if it writes
 * @user_data: for @callback
 */
void
relais_journal_ask (RelaisJournal       *self,
                    gpointer             tag,
                    gboolean             writes,
                    RelaisJournalWork    work,
                    gpointer             data,
                    GDestroyNotify       free_data,
                    GDestroyNotify       free_result,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  Request *request = request_new (work, data, free_data, free_result);

  request->writes = writes;
  ask (self, tag, request, cancellable, callback, user_data);
}

/**
 * relais_journal_ask_alone:
 * @self: the journal
 * @tag: of the task
 * @work: what to do in the thread, with transactions of its own
 * @data: (transfer full) (nullable): for @work
 * @free_data: (nullable): frees @data
 * @free_result: (nullable): frees what @work returns
 * @cancellable: (nullable): before it begins
 * @callback: called when it is done
 * @user_data: for @callback
 */
void
relais_journal_ask_alone (RelaisJournal       *self,
                          gpointer             tag,
                          RelaisJournalWork    work,
                          gpointer             data,
                          GDestroyNotify       free_data,
                          GDestroyNotify       free_result,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Request *request = request_new (work, data, free_data, free_result);

  request->alone = TRUE;
  ask (self, tag, request, cancellable, callback, user_data);
}

/**
 * relais_journal_answer:
 * @self: the journal
 * @result: of a call
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what the call returned
 */
gpointer
relais_journal_answer (RelaisJournal  *self,
                       GAsyncResult   *result,
                       GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * relais_journal_write_finish:
 * @self: the journal
 * @result: of a call that writes
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: whether what was to be written is on disk
 */
gboolean
relais_journal_write_finish (RelaisJournal  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_autoptr (GError) local_error = NULL;

  relais_journal_answer (self, result, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * relais_journal_close:
 * @self: the journal
 *
 * Finishes what was asked for and lets go of the file. Blocks for as long.
 */
void
relais_journal_close (RelaisJournal *self)
{
  if (self->thread == NULL)
    return;

  g_async_queue_push (self->queue, THE_END (self));
  g_thread_join (g_steal_pointer (&self->thread));
  sqlite3_close (g_steal_pointer (&self->db));
}

static void
relais_journal_finalize (GObject *object)
{
  RelaisJournal *self = RELAIS_JOURNAL (object);

  relais_journal_close (self);
  g_async_queue_unref (self->queue);
  G_OBJECT_CLASS (relais_journal_parent_class)->finalize (object);
}

static void
relais_journal_class_init (RelaisJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_journal_finalize;
}

static void
relais_journal_init (RelaisJournal *self)
{
  self->queue = g_async_queue_new_full (g_object_unref);
}

/* Opening */

static gboolean
make_private_file (const char  *path,
                   GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_filename_display_name (path);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) == 0 &&
      (fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) >= 0)
    {
      int failed = fchmod (fd, 0600);

      close (fd);
      if (failed == 0)
        return TRUE;
    }
  if (errno == ENOSPC || errno == EDQUOT)
    {
      relais_sql_set_full (path, error);
      return FALSE;
    }
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE,
               /* Translators: the first %s is the path of a file, the second says why, in the person's language. */
               _("“%s” cannot be opened (%s). Check that the file and its folder belong to you and are not read-only."),
               name, g_strerror (errno));

  return FALSE;
}

/* SQLite does not wait for the others by itself here: whoever reads already and would write
 * might wait for one that waits for it. */
static gboolean
write_ahead (sqlite3  *db,
             GError  **error)
{
  gint64 end = g_get_monotonic_time () + BUSY_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;
  int status;

  while (((status = sqlite3_exec (db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL)) & 0xff) == SQLITE_BUSY &&
         g_get_monotonic_time () < end)
    g_usleep (PAUSE_US);
  if (status == SQLITE_OK)
    return TRUE;
  relais_sql_set_error (db, status, error);

  return FALSE;
}

static sqlite3 *
open_database (const char  *path,
               GError     **error)
{
  sqlite3 *db = NULL;
  int status;

  if (!make_private_file (path, error))
    return NULL;

  /* SQLITE_OPEN_NOFOLLOW would refuse a home that is reached through a link. */
  status = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL);
  if (status == SQLITE_OK)
    {
      sqlite3_extended_result_codes (db, 1);
      sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
      /* Whose file it is comes first: nothing is written to someone else's. */
      if (relais_journal_migrate (db, path, error) && write_ahead (db, error) &&
          relais_sql_execute (db,
                              "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON;"
                              "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;",
                              error))
        return db;
    }
  else
    relais_sql_set_error (db, status, error);
  sqlite3_close (db);

  return NULL;
}

static void
open_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  sqlite3 *db = open_database (task_data, &error);
  RelaisJournal *self;

  if (db == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self = g_object_new (RELAIS_TYPE_JOURNAL, NULL);
  self->db = db;
  self->thread = g_thread_new ("journal", work_thread, self);
  g_task_return_pointer (task, self, g_object_unref);
}

/**
 * relais_journal_open_async:
 * @path: of the file; it and its folder are made, readable by their owner only, when they are not there
 * @cancellable: (nullable):
 * @callback: called when it is open
 * @user_data: for @callback
 */
void
relais_journal_open_async (const char          *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_journal_open_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, open_thread);
}

/**
 * relais_journal_open_finish:
 * @result: of relais_journal_open_async()
 * @error: RELAIS_ERROR_JOURNAL_NEWER, _DAMAGED or _UNWRITABLE; nothing was overwritten
 *
 * Returns: (transfer full) (nullable): the journal
 */
RelaisJournal *
relais_journal_open_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
