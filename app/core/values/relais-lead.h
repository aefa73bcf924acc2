/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RELAIS_LEAD_UNKNOWN,  /* not yet, or nothing tells it */
  RELAIS_LEAD_KNOWN,
  RELAIS_LEAD_NONE,     /* one of the clocks was set meanwhile: there is no one lead, and never will be */
} RelaisLeadState;

/**
 * RelaisLead:
 * @state: whether the rest is known
 * @least: by how much the account's clock is ahead of this computer's, microseconds, at least; negative when it is behind
 * @most: the same, at most; not less than @least
 *
 * What turns moments of this computer's clock into those of an account's, as long as nobody sets either of them.
 */
typedef struct
{
  RelaisLeadState state;
  gint64          least;
  gint64          most;
} RelaisLead;

void relais_lead_learn (RelaisLead *self,
                        gboolean    told,
                        gint64      least,
                        gint64      most);

G_END_DECLS
