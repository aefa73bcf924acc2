/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-removal.h"

#include <string.h>

/**
 * relais_removal_new:
 * @list_id: of the list
 * @profile: what stands for the address in fingerprints
 * @state: how the person stands
 * @left_as: (nullable): how Relais left them; copied
 *
 * Returns: (transfer full):
 */
RelaisRemoval *
relais_removal_new (guint32             list_id,
                    const guint32       profile[3],
                    RelaisRemovalState  state,
                    const char         *left_as)
{
  RelaisRemoval *removal = g_new0 (RelaisRemoval, 1);

  removal->list_id = list_id;
  memcpy (removal->profile, profile, sizeof removal->profile);
  removal->state = state;
  removal->left_as = g_strdup (left_as);

  return removal;
}

/**
 * relais_removal_copy:
 * @removal: what to copy
 *
 * Returns: (transfer full):
 */
RelaisRemoval *
relais_removal_copy (const RelaisRemoval *removal)
{
  RelaisRemoval *copy = relais_removal_new (removal->list_id, removal->profile, removal->state, removal->left_as);

  copy->own = removal->own;

  return copy;
}

/**
 * relais_removal_free:
 * @removal: (transfer full) (nullable):
 */
void
relais_removal_free (RelaisRemoval *removal)
{
  if (removal == NULL)
    return;

  g_free (removal->left_as);
  g_free (removal);
}
