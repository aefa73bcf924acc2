/* SPDX-License-Identifier: GPL-3.0-or-later */

/* By how much an account's clock is ahead of this computer's during a while, from what is told of it time and again. */

#include "relais-lead.h"

/* What keeps a computer's clock right moves it a little at a time. That is not to have been set, and less than anything that moments
 * are compared with here. */
#define STEP G_TIME_SPAN_MINUTE

/**
 * relais_lead_learn:
 * @self: (inout): all zero to begin with
 * @told: whether the account's clock tells it now; once it has and does no more, one of the clocks was set
 * @least: with @told: by how much it is ahead now, at least
 * @most: with @told: the same, at most
 *
 * Narrows it down to what all agree in. What differs a little from before changes nothing, however often it does; what differs by more
 * leaves nothing to be known.
 */
void
relais_lead_learn (RelaisLead *self,
                   gboolean    told,
                   gint64      least,
                   gint64      most)
{
  if (self->state == RELAIS_LEAD_UNKNOWN && told)
    *self = (RelaisLead) { RELAIS_LEAD_KNOWN, least, most };
  if (self->state != RELAIS_LEAD_KNOWN)
    return;
  if (!told || least > self->most + STEP || most < self->least - STEP)
    *self = (RelaisLead) { .state = RELAIS_LEAD_NONE };
  else if (least <= self->most && most >= self->least)
    {
      self->least = MAX (self->least, least);
      self->most = MIN (self->most, most);
    }
}
