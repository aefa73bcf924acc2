/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-fault-disk.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* An open file: SQLite's own, with the real one right behind it. */
typedef struct
{
  sqlite3_file  base;
  sqlite3_file *real;
  guint         unsynced;  /* writes since the last sync */
} File;

static sqlite3_vfs *real_vfs;
static GMutex lock;
static RelaisDiskFault fault;
static guint counts[8];
static guint seen;       /* of what the fault is about */
static guint n_failures;
static guint n_unsynced;
static GThread *here;
static guint n_here;
static __thread gboolean dying;  /* once the work under way is done */

static guint
index_of (RelaisDiskWork work)
{
  return g_bit_nth_lsf (work, -1);
}

/* The last of this process: nothing of it is told to anyone. */
static void
die (void)
{
  kill (getpid (), SIGKILL);
  while (TRUE)
    pause ();
}

/* Returns: SQLITE_OK, or what this piece of work is to fail with */
static int
begin (RelaisDiskWork work)
{
  int status = SQLITE_OK;

  g_mutex_lock (&lock);
  counts[index_of (work)]++;
  n_here += g_thread_self () == here;
  if (fault.work & work)
    {
      if (seen >= fault.after && seen - fault.after < fault.times)
        {
          status = fault.status;
          errno = fault.cause != 0 ? fault.cause : EIO;
          n_failures++;
          dying = fault.death == RELAIS_DISK_DIES_AFTER;
          /* A write that is to be torn is torn first. */
          if (fault.death == RELAIS_DISK_DIES_BEFORE && !(fault.torn && work == RELAIS_DISK_WRITE))
            die ();
        }
      seen++;
    }
  g_mutex_unlock (&lock);

  return status;
}

/* Returns: what SQLite is told, if it still can be told anything */
static int
end (int status)
{
  if (dying)
    die ();

  return status;
}

static void
note_unsynced (File *file,
               guint unsynced)
{
  g_mutex_lock (&lock);
  n_unsynced = n_unsynced - file->unsynced + unsynced;
  file->unsynced = unsynced;
  g_mutex_unlock (&lock);
}

/* Files */

static sqlite3_file *
real (sqlite3_file *file)
{
  return ((File *) file)->real;
}

static int
close_file (sqlite3_file *file)
{
  note_unsynced ((File *) file, 0);

  return real (file)->pMethods->xClose (real (file));
}

static int
read_file (sqlite3_file *file, void *into, int length, sqlite3_int64 at)
{
  int status = begin (RELAIS_DISK_READ);

  return status != SQLITE_OK ? status : real (file)->pMethods->xRead (real (file), into, length, at);
}

static int
write_file (sqlite3_file *file, const void *from, int length, sqlite3_int64 at)
{
  int status = begin (RELAIS_DISK_WRITE);

  if (status != SQLITE_OK)
    {
      if (fault.torn)
        real (file)->pMethods->xWrite (real (file), from, length / 2, at);
      if (fault.death == RELAIS_DISK_DIES_BEFORE)
        die ();
      return status;
    }
  note_unsynced ((File *) file, ((File *) file)->unsynced + 1);

  return end (real (file)->pMethods->xWrite (real (file), from, length, at));
}

static int
truncate_file (sqlite3_file *file, sqlite3_int64 size)
{
  int status = begin (RELAIS_DISK_TRUNCATE);

  return status != SQLITE_OK ? status : end (real (file)->pMethods->xTruncate (real (file), size));
}

static int
sync_file (sqlite3_file *file, int flags)
{
  int status = begin (RELAIS_DISK_SYNC);

  if (status != SQLITE_OK)
    return status;
  note_unsynced ((File *) file, 0);

  return end (real (file)->pMethods->xSync (real (file), flags));
}

static int
get_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return real (file)->pMethods->xFileSize (real (file), size);
}

static int
lock_file (sqlite3_file *file, int level)
{
  return real (file)->pMethods->xLock (real (file), level);
}

static int
unlock_file (sqlite3_file *file, int level)
{
  return real (file)->pMethods->xUnlock (real (file), level);
}

static int
check_reserved_lock (sqlite3_file *file, int *is_reserved)
{
  return real (file)->pMethods->xCheckReservedLock (real (file), is_reserved);
}

static int
control_file (sqlite3_file *file, int what, void *data)
{
  return real (file)->pMethods->xFileControl (real (file), what, data);
}

static int
get_sector_size (sqlite3_file *file)
{
  return real (file)->pMethods->xSectorSize (real (file));
}

static int
get_characteristics (sqlite3_file *file)
{
  return real (file)->pMethods->xDeviceCharacteristics (real (file));
}

static int
map_shared (sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
  return real (file)->pMethods->xShmMap (real (file), page, size, extend, memory);
}

static int
lock_shared (sqlite3_file *file, int offset, int n, int flags)
{
  return real (file)->pMethods->xShmLock (real (file), offset, n, flags);
}

static void
bar_shared (sqlite3_file *file)
{
  real (file)->pMethods->xShmBarrier (real (file));
}

static int
unmap_shared (sqlite3_file *file, int remove)
{
  return real (file)->pMethods->xShmUnmap (real (file), remove);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = close_file,
  .xRead = read_file,
  .xWrite = write_file,
  .xTruncate = truncate_file,
  .xSync = sync_file,
  .xFileSize = get_size,
  .xLock = lock_file,
  .xUnlock = unlock_file,
  .xCheckReservedLock = check_reserved_lock,
  .xFileControl = control_file,
  .xSectorSize = get_sector_size,
  .xDeviceCharacteristics = get_characteristics,
  .xShmMap = map_shared,
  .xShmLock = lock_shared,
  .xShmBarrier = bar_shared,
  .xShmUnmap = unmap_shared,
};

/* The disk */

static int
open_file (sqlite3_vfs *vfs, const char *path, sqlite3_file *opened, int flags, int *out_flags)
{
  File *file = (File *) opened;
  int status = begin (RELAIS_DISK_OPEN);

  memset (file, 0, sizeof *file);
  file->real = (sqlite3_file *) (file + 1);
  if (status == SQLITE_OK)
    status = real_vfs->xOpen (real_vfs, path, file->real, flags, out_flags);
  if (status == SQLITE_OK)
    file->base.pMethods = &methods;

  return end (status);
}

static int
delete_file (sqlite3_vfs *vfs, const char *path, int sync_folder)
{
  int status = begin (RELAIS_DISK_DELETE);

  return status != SQLITE_OK ? status : end (real_vfs->xDelete (real_vfs, path, sync_folder));
}

void
relais_fault_disk_install (void)
{
  static sqlite3_vfs vfs;

  if (real_vfs != NULL)
    return;
  here = g_thread_self ();
  real_vfs = sqlite3_vfs_find (NULL);
  vfs = *real_vfs;
  vfs.zName = "relais-fault-disk";
  vfs.szOsFile = sizeof (File) + real_vfs->szOsFile;
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}

void
relais_fault_disk_set (const RelaisDiskFault *wanted)
{
  g_mutex_lock (&lock);
  memset (&fault, 0, sizeof fault);
  if (wanted != NULL)
    fault = *wanted;
  memset (counts, 0, sizeof counts);
  seen = 0;
  n_failures = 0;
  n_here = 0;
  g_mutex_unlock (&lock);
}

static guint
read_locked (const guint *number)
{
  guint value;

  g_mutex_lock (&lock);
  value = *number;
  g_mutex_unlock (&lock);

  return value;
}

guint
relais_fault_disk_count (RelaisDiskWork work)
{
  return read_locked (&counts[index_of (work)]);
}

guint
relais_fault_disk_failures (void)
{
  return read_locked (&n_failures);
}

guint
relais_fault_disk_seen (void)
{
  return read_locked (&seen);
}

guint
relais_fault_disk_unsynced (void)
{
  return read_locked (&n_unsynced);
}

guint
relais_fault_disk_here (void)
{
  return read_locked (&n_here);
}
