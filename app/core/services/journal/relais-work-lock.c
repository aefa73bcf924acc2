/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "relais-work-lock.h"

#include "relais-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

struct _RelaisWorkLock
{
  GObject parent_instance;

  char  *path;     /* (owned) */
  int    fd;       /* -1 until the file is open */
  guint  n_taken;  /* by runs of this process */
};

G_DEFINE_FINAL_TYPE (RelaisWorkLock, relais_work_lock, G_TYPE_OBJECT)

static void
relais_work_lock_finalize (GObject *object)
{
  RelaisWorkLock *self = RELAIS_WORK_LOCK (object);

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  G_OBJECT_CLASS (relais_work_lock_parent_class)->finalize (object);
}

static void
relais_work_lock_class_init (RelaisWorkLockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_work_lock_finalize;
}

static void
relais_work_lock_init (RelaisWorkLock *self)
{
  self->fd = -1;
}

/**
 * relais_work_lock_new:
 * @path: of the lock's file; made when it is opened
 *
 * Returns: (transfer full): a lock that is not taken
 */
RelaisWorkLock *
relais_work_lock_new (const char *path)
{
  RelaisWorkLock *self = g_object_new (RELAIS_TYPE_WORK_LOCK, NULL);

  self->path = g_strdup (path);

  return self;
}

/**
 * relais_work_lock_open:
 * @self: the lock
 *
 * Opens its file, so that whoever takes it later need not wait for a disk. For a thread, before anything else is done
 * with it. A file that cannot be opened is tried again when the lock is taken.
 *
 * Returns: whether it is open
 */
gboolean
relais_work_lock_open (RelaisWorkLock *self)
{
  if (self->fd < 0)
    self->fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  return self->fd >= 0;
}

/* The lock belongs to the open file, as flock()'s does, but can also be asked about. */
static gboolean
lock_whole (RelaisWorkLock *self,
            short           type)
{
  struct flock whole = { .l_type = type, .l_whence = SEEK_SET };

  return fcntl (self->fd, F_OFD_SETLK, &whole) == 0;
}

/**
 * relais_work_lock_take:
 * @self: the lock
 * @error: RELAIS_ERROR_BUSY when another process has it, RELAIS_ERROR_JOURNAL_UNWRITABLE
 *   when its file cannot be made
 *
 * Takes the lock for this process, once more if it has it. Does not wait.
 *
 * Returns: whether it is taken
 */
gboolean
relais_work_lock_take (RelaisWorkLock  *self,
                       GError         **error)
{
  g_autofree char *name = NULL;

  if (self->n_taken > 0 || (relais_work_lock_open (self) && lock_whole (self, F_WRLCK)))
    {
      self->n_taken++;
      return TRUE;
    }

  if (self->fd >= 0 && (errno == EACCES || errno == EAGAIN))
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_BUSY, _("Another Relais is sending at the moment."));
      return FALSE;
    }
  name = g_filename_display_name (self->path);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE,
               /* Translators: %s is the path of a file. */
               _("“%s” cannot be written. Check that the file and its folder belong to you and are not read-only."), name);

  return FALSE;
}

/**
 * relais_work_lock_release:
 * @self: a lock that was taken
 *
 * Gives it back when it has been released as often as it was taken.
 */
void
relais_work_lock_release (RelaisWorkLock *self)
{
  g_return_if_fail (self->n_taken > 0);

  if (--self->n_taken == 0)
    lock_whole (self, F_UNLCK);
}

/**
 * relais_work_lock_is_taken_elsewhere:
 * @self: the lock
 *
 * Returns: whether another process has it at this moment. Asking takes nothing from anyone.
 */
gboolean
relais_work_lock_is_taken_elsewhere (RelaisWorkLock *self)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  return self->n_taken == 0 && relais_work_lock_open (self) && fcntl (self->fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}
