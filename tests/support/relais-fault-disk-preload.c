/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded into the program as it is: its journal lies on a disk that fails, or at which it dies.
 *
 * RELAIS_FAULT_DISK says how: WHAT:N, where N pieces of work go well first. WHAT is one of those
 * below, or "count". Writes, syncs and truncations count, and whatever is opened and deleted; for a
 * disk that only fails, what it can fail at so. At the end of the process the number of them stands in the file that
 * RELAIS_FAULT_DISK_COUNT names. */

#include "relais-fault-disk.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define CHANGES (RELAIS_DISK_WRITE | RELAIS_DISK_SYNC | RELAIS_DISK_TRUNCATE)
#define ALL     (CHANGES | RELAIS_DISK_OPEN | RELAIS_DISK_DELETE)

static const struct
{
  const char      *name;
  RelaisDiskFault  fault;
} faults[] = {
  { "count", { .work = ALL } },
  { "die-before", { .work = ALL, .times = 1, .death = RELAIS_DISK_DIES_BEFORE } },
  { "die-halfway", { .work = ALL, .times = 1, .status = SQLITE_IOERR, .death = RELAIS_DISK_DIES_BEFORE, .torn = TRUE } },
  { "die-after", { .work = ALL, .times = 1, .death = RELAIS_DISK_DIES_AFTER } },
  { "full", { .work = RELAIS_DISK_WRITE | RELAIS_DISK_TRUNCATE, .times = G_MAXUINT, .status = SQLITE_FULL, .torn = TRUE } },
  { "broken", { .work = CHANGES, .times = G_MAXUINT, .status = SQLITE_IOERR } },
  { "full-once", { .work = RELAIS_DISK_WRITE | RELAIS_DISK_TRUNCATE, .times = 1, .status = SQLITE_FULL, .torn = TRUE } },
  { "broken-once", { .work = CHANGES, .times = 1, .status = SQLITE_IOERR } },
  { "read-only", { .work = CHANGES, .times = G_MAXUINT, .status = SQLITE_IOERR, .cause = EROFS } },
};

static void __attribute__ ((constructor))
begin (void)
{
  g_auto (GStrv) words = g_strsplit (g_getenv ("RELAIS_FAULT_DISK") != NULL ? g_getenv ("RELAIS_FAULT_DISK") : "", ":", 2);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    if (g_strv_length (words) == 2 && strcmp (words[0], faults[i].name) == 0)
      {
        RelaisDiskFault fault = faults[i].fault;

        fault.after = atoi (words[1]);
        relais_fault_disk_install ();
        relais_fault_disk_set (&fault);
        return;
      }
  g_error ("RELAIS_FAULT_DISK names no fault");
}

static void __attribute__ ((destructor))
end (void)
{
  const char *path = g_getenv ("RELAIS_FAULT_DISK_COUNT");
  g_autofree char *count = g_strdup_printf ("%u", relais_fault_disk_seen ());

  if (path != NULL)
    g_file_set_contents (path, count, -1, NULL);
}
