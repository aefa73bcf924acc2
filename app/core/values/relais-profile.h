/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define RELAIS_PROFILE_SIZE (3 * sizeof (guint32))  /* what relais_profile_hash() puts in the place of an address */

/**
 * relais_profile_compare:
 * @a: a profile, or something that begins with one
 * @b: another one
 *
 * Returns: which comes first, as for qsort()
 */
static inline int
relais_profile_compare (gconstpointer a,
                        gconstpointer b)
{
  return memcmp (a, b, RELAIS_PROFILE_SIZE);
}

G_END_DECLS
