/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a disk can be asked and fail at */
typedef enum
{
  RELAIS_DISK_WRITE    = 1 << 0,
  RELAIS_DISK_SYNC     = 1 << 1,
  RELAIS_DISK_READ     = 1 << 2,
  RELAIS_DISK_OPEN     = 1 << 3,
  RELAIS_DISK_TRUNCATE = 1 << 4,
  RELAIS_DISK_DELETE   = 1 << 5,
} RelaisDiskWork;

/* What a fault does to the process besides */
typedef enum
{
  RELAIS_DISK_LIVES,
  RELAIS_DISK_DIES_BEFORE,  /* SIGKILL before the work is begun */
  RELAIS_DISK_DIES_AFTER,   /* SIGKILL when it is done, and before SQLite is told */
} RelaisDiskDeath;

/**
 * RelaisDiskFault:
 * @work: what is counted and fails
 * @after: how much of it goes well first
 * @times: how often it fails then; G_MAXUINT for ever
 * @status: what SQLite is told, SQLITE_FULL for one
 * @cause: what the system says of it, 0 for EIO
 * @torn: a write that fails, or before which the process dies, has written half of it
 * @death: whether the process dies of it
 */
typedef struct
{
  guint           work;
  guint           after;
  guint           times;
  int             status;
  int             cause;
  gboolean        torn;
  RelaisDiskDeath death;
} RelaisDiskFault;

/**
 * relais_fault_disk_install:
 *
 * From now on SQLite reaches its files through a layer that counts and can be
 * told to fail; all else goes to the real disk.
 */
void  relais_fault_disk_install  (void);
void  relais_fault_disk_set      (const RelaisDiskFault *fault);
guint relais_fault_disk_count    (RelaisDiskWork         work);
guint relais_fault_disk_failures (void);

/* How much of what the fault is about was asked for, failed or not */
guint relais_fault_disk_seen     (void);

/* How much was written and not yet waited for, of all files */
guint relais_fault_disk_unsynced (void);

/* How much was done in the thread that installed it */
guint relais_fault_disk_here     (void);

G_END_DECLS
