/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-rate-private.h"

#define WINDOW      (60 * G_USEC_PER_SEC)
#define MAX_SAMPLES 64

/* How far it was, when */
typedef struct
{
  gint64  time;
  guint64 done;
} Sample;

struct _RelaisRate
{
  GArray *samples;  /* (owned) (element-type Sample): at most one a second, the oldest first */
};

/**
 * relais_rate_new:
 *
 * Returns: (transfer full): a rate that knows nothing yet
 */
RelaisRate *
relais_rate_new (void)
{
  RelaisRate *self = g_new0 (RelaisRate, 1);

  self->samples = g_array_new (FALSE, FALSE, sizeof (Sample));

  return self;
}

/**
 * relais_rate_free:
 * @self: (transfer full): a rate
 */
void
relais_rate_free (RelaisRate *self)
{
  g_array_unref (self->samples);
  g_free (self);
}

/**
 * relais_rate_reset:
 * @self: a rate
 *
 * Forgets what was, because it begins anew.
 */
void
relais_rate_reset (RelaisRate *self)
{
  g_array_set_size (self->samples, 0);
}

/**
 * relais_rate_add:
 * @self: a rate
 * @now: monotonic microseconds
 * @done: how much is done at that time
 *
 * At most one sample a second is kept, for a minute.
 */
void
relais_rate_add (RelaisRate *self,
                 gint64      now,
                 guint64     done)
{
  Sample sample = { now, done };
  guint n = self->samples->len;

  if (n > 1 && now - g_array_index (self->samples, Sample, n - 2).time < G_USEC_PER_SEC)
    g_array_index (self->samples, Sample, n - 1) = sample;
  else
    g_array_append_val (self->samples, sample);

  while (self->samples->len > MAX_SAMPLES ||
         (self->samples->len > 2 && now - g_array_index (self->samples, Sample, 0).time > WINDOW))
    g_array_remove_index (self->samples, 0);
}

/**
 * relais_rate_get:
 * @self: a rate
 *
 * Returns: how much is done a second, 0 when that is not known yet
 */
double
relais_rate_get (const RelaisRate *self)
{
  const Sample *first, *last;

  if (self->samples->len < 2)
    return 0;
  first = &g_array_index (self->samples, Sample, 0);
  last = &g_array_index (self->samples, Sample, self->samples->len - 1);
  if (last->time <= first->time || last->done <= first->done)
    return 0;

  return (double) (last->done - first->done) * G_USEC_PER_SEC / (double) (last->time - first->time);
}
