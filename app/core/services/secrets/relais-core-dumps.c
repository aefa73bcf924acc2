/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-core-dumps.h"

#include <errno.h>
#include <sys/resource.h>

/**
 * relais_core_dumps_forbid:
 *
 * From now on this process leaves no core behind, neither as a file nor with
 * the desktop's crash collector: a key is kept out of cores where it is ours, but not
 * in the entry it was typed into, nor in the request it is sent with.
 *
 * A limit of one byte is what Linux takes as "none at all"; with a limit of
 * nothing it still hands the core to a collector. The process stays one that its
 * owner may look at (PR_SET_DUMPABLE): portals look at it to know whom they serve.
 */
void
relais_core_dumps_forbid (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_CORE, &limit) != 0)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, 1);
  if (setrlimit (RLIMIT_CORE, &limit) != 0)
    g_warning ("Core dumps could not be forbidden: %s", g_strerror (errno));
}
