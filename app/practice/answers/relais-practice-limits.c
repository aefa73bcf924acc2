/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "relais-practice-limits.h"

/* The limits of developers.activecampaign.com/reference/rate-limits and
 * /reference/bulk-import-contacts, over a sliding window. */

/**
 * relais_limits_init:
 * @limits: (out): the service's own
 */
void
relais_limits_init (RelaisLimits *limits)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits->times); i++)
    limits->times[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  relais_limits_set (limits, 100, 60);
}

/**
 * relais_limits_clear:
 * @limits: limits
 */
void
relais_limits_clear (RelaisLimits *limits)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits->times); i++)
    g_array_unref (limits->times[i]);
}

/**
 * relais_limits_set:
 * @limits: limits
 * @requests: imports in @seconds; 0 or G_MAXUINT: no limit at all
 * @seconds: the window
 *
 * The other limits change in proportion.
 */
void
relais_limits_set (RelaisLimits *limits,
                   guint         requests,
                   guint         seconds)
{
  double factor;

  limits->unlimited = requests == 0 || requests == G_MAXUINT || seconds == 0;
  if (limits->unlimited)
    return;

  factor = ((double) requests / seconds) / (100.0 / 60.0);
  limits->most[RELAIS_LIMIT_ORDINARY] = MAX (5, (guint) (5 * factor));
  limits->window[RELAIS_LIMIT_ORDINARY] = G_USEC_PER_SEC;
  limits->most[RELAIS_LIMIT_IMPORTS] = requests;
  limits->window[RELAIS_LIMIT_IMPORTS] = (gint64) seconds * G_USEC_PER_SEC;
  limits->most[RELAIS_LIMIT_SINGLES] = MAX (1, requests / 5);
  limits->window[RELAIS_LIMIT_SINGLES] = (gint64) seconds * G_USEC_PER_SEC;
}

static void
forget (RelaisLimits *limits,
        guint         which,
        gint64        now)
{
  GArray *times = limits->times[which];
  guint n_old = 0;

  while (n_old < times->len && g_array_index (times, gint64, n_old) + limits->window[which] <= now)
    n_old++;
  g_array_remove_range (times, 0, n_old);
}

/**
 * relais_limits_take:
 * @limits: limits
 * @which: one of them
 *
 * Returns: whether one more request is within it; then it counts
 */
gboolean
relais_limits_take (RelaisLimits *limits,
                    guint         which)
{
  gint64 now = g_get_monotonic_time ();

  if (limits->unlimited)
    return TRUE;
  forget (limits, which, now);
  if (limits->times[which]->len >= limits->most[which])
    return FALSE;
  g_array_append_val (limits->times[which], now);

  return TRUE;
}

/**
 * relais_limits_left:
 * @limits: limits
 * @which: one of them
 *
 * Returns: how many more requests are within it at this moment, G_MAXUINT without limits
 */
guint
relais_limits_left (RelaisLimits *limits,
                    guint         which)
{
  if (limits->unlimited)
    return G_MAXUINT;
  forget (limits, which, g_get_monotonic_time ());

  return limits->most[which] - limits->times[which]->len;
}

/**
 * relais_limits_wait:
 * @limits: limits
 * @which: one of them
 *
 * Returns: in how many whole seconds one more request is within it, 1 at the least
 */
guint
relais_limits_wait (RelaisLimits *limits,
                    guint         which)
{
  gint64 wait = 0;

  if (!limits->unlimited && limits->times[which]->len >= limits->most[which])
    wait = g_array_index (limits->times[which], gint64, 0) + limits->window[which] - g_get_monotonic_time ();

  return (guint) MAX (1, (wait + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}
