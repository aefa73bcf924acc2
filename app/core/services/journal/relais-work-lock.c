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
  int    fd;       /* -1 while it is not taken */
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
 * @path: of the lock's file; made when it is taken first
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

/* The lock belongs to the open file, as flock()'s does, but can also be asked about. */
static int
open_and_lock (RelaisWorkLock *self)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int reason;

  if (fd < 0 || fcntl (fd, F_OFD_SETLK, &whole) == 0)
    return fd;
  reason = errno == EACCES || errno == EAGAIN ? EWOULDBLOCK : errno;
  close (fd);
  errno = reason;

  return -1;
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

  if (self->n_taken == 0)
    self->fd = open_and_lock (self);
  if (self->fd >= 0)
    {
      self->n_taken++;
      return TRUE;
    }

  if (errno == EWOULDBLOCK)
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

  if (--self->n_taken > 0)
    return;

  close (self->fd);
  self->fd = -1;
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
  gboolean taken;
  int fd;

  if (self->n_taken > 0)
    return FALSE;
  fd = g_open (self->path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;
  taken = fcntl (fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
  close (fd);

  return taken;
}
