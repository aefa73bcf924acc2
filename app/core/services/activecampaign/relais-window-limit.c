/* SPDX-License-Identifier: GPL-3.0-or-later */

/* So many requests in a time, evenly spread, whichever way the service counts. */

#include "relais-window-limit-private.h"

/* How many gaps a delay may be made up for: a bucket of 10 has to bear these
 * and what the way moves together. */
#define MAX_LATE_GAPS 3

/* Rings */

void
relais_ring_set_size (RelaisRing *ring,
                      guint       size)
{
  g_free (ring->times);
  *ring = (RelaisRing) { g_new0 (gint64, size), size, 0, 0 };
}

void
relais_ring_push (RelaisRing *ring,
                  gint64      time)
{
  ring->times[ring->next] = time;
  ring->next = (ring->next + 1) % ring->size;
  ring->n = MIN (ring->n + 1, ring->size);
}

/* @back 1 is the newest. Returns G_MININT64 where there is none. */
gint64
relais_ring_peek (const RelaisRing *ring,
                  guint             back)
{
  if (back == 0 || back > ring->n)
    return G_MININT64;

  return ring->times[(ring->next + ring->size - back) % ring->size];
}

/* Windows */

void
relais_window_limit_set (RelaisWindowLimit *window,
                         guint              limit,
                         gint64             span)
{
  window->limit = MAX (limit, 1);
  window->span = span;
  window->gap = span / window->limit;
  window->plan = G_MININT64;
  relais_ring_set_size (&window->answered, window->limit);
}

/* When a seat is free: G_MAXINT64 as long as that takes an answer first. */
gint64
relais_window_limit_get_next (const RelaisWindowLimit *window)
{
  gint64 seat;

  if (window->n_open >= window->limit)
    return G_MAXINT64;
  seat = relais_ring_peek (&window->answered, window->limit - window->n_open);

  return MAX (window->plan, seat == G_MININT64 ? seat : seat + window->span + RELAIS_CLOCK_SLACK);
}

/* The next one is planned from this one's plan, not from now: small delays do
 * not add up. After a long one the even gap begins anew, without a burst. */
void
relais_window_limit_begin (RelaisWindowLimit *window,
                           gint64             now,
                           double             stretch)
{
  gint64 gap = window->gap * stretch;

  window->plan = gap + (window->plan < now - MAX_LATE_GAPS * gap ? now : window->plan);
  window->n_open++;
}

void
relais_window_limit_end (RelaisWindowLimit *window,
                         gint64             now)
{
  if (window->n_open > 0)
    window->n_open--;
  relais_ring_push (&window->answered, now);
}
