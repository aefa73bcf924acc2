/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-steady-time.h"

#include <time.h>

/**
 * relais_steady_time:
 *
 * A clock that nobody sets, for what has to be told from one moment to another: unlike the real time it does not jump, and
 * unlike g_get_monotonic_time() it goes on while the computer sleeps.
 *
 * Returns: microseconds since the computer started
 */
gint64
relais_steady_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}
