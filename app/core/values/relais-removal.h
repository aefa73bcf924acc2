/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How somebody stands whom Relais took off a list; the values are stored. */
typedef enum
{
  RELAIS_REMOVAL_INTENT,     /* the import that takes them off may have left */
  RELAIS_REMOVAL_DONE,       /* taken off, and seen so: left_as says how Relais left them */
  RELAIS_REMOVAL_DOUBT,      /* whether it was Relais or they themselves is not known: never put back */
  RELAIS_REMOVAL_RETURNING,  /* what puts them back on the list may have left */
} RelaisRemovalState;

/**
 * RelaisRemoval:
 * @list_id: of the list that they were on
 * @profile: what stands for the address in fingerprints
 * @state: how they stand
 * @left_as: (owned) (nullable): the person's memberships that were not active when they were seen as taken off; set for
 *   %RELAIS_REMOVAL_DONE and %RELAIS_REMOVAL_RETURNING
 * @own: whether the run that reads it has written it; only read
 *
 * Somebody whom Relais took off a list, because they left the segment that had put them there.
 */
typedef struct
{
  guint32             list_id;
  guint32             profile[3];
  RelaisRemovalState  state;
  char               *left_as;
  gboolean            own;
} RelaisRemoval;

RelaisRemoval *relais_removal_new  (guint32              list_id,
                                    const guint32        profile[3],
                                    RelaisRemovalState   state,
                                    const char          *left_as);
RelaisRemoval *relais_removal_copy (const RelaisRemoval *removal);
void           relais_removal_free (RelaisRemoval       *removal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisRemoval, relais_removal_free)

G_END_DECLS
