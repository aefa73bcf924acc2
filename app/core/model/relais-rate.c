/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-rate-private.h"

#define WINDOW      (60 * G_USEC_PER_SEC)
#define LEAST_SPAN  G_USEC_PER_SEC  /* what is measured for less is chance */
#define MAX_SAMPLES 64

/* How far it was, when it went on */
typedef struct
{
  gint64  time;
  guint64 done;
} Sample;

struct _RelaisRate
{
  GArray   *samples;  /* (owned) (element-type Sample): at most one a second, the oldest first */
  gboolean  moved;    /* the first of them is not from before anything was done */
  gint64    last;     /* when it was looked at last, whether or not it had gone on */
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
  self->moved = FALSE;
}

static const Sample *
get_first (const RelaisRate *self)
{
  return &g_array_index (self->samples, Sample, 0);
}

static Sample *
get_last (const RelaisRate *self)
{
  return &g_array_index (self->samples, Sample, self->samples->len - 1);
}

static void
add_sample (RelaisRate   *self,
            const Sample *sample)
{
  guint n = self->samples->len;

  if (n > 1 && sample->time - g_array_index (self->samples, Sample, n - 2).time < G_USEC_PER_SEC)
    *get_last (self) = *sample;
  else
    g_array_append_val (self->samples, *sample);

  while (self->samples->len > MAX_SAMPLES ||
         (self->samples->len > 2 && sample->time - get_first (self)->time > WINDOW))
    g_array_remove_index (self->samples, 0);
}

/**
 * relais_rate_add:
 * @self: a rate
 * @now: monotonic microseconds
 * @done: how much is done at that time
 *
 * At most one sample a second is kept, for a minute. It is measured from the first time that something was done:
 * what is sent first takes a while to be confirmed, and that while comes once.
 */
void
relais_rate_add (RelaisRate *self,
                 gint64      now,
                 guint64     done)
{
  const Sample sample = { now, done };

  self->last = now;
  if (self->samples->len == 0 || done < get_last (self)->done)
    {
      relais_rate_reset (self);
      g_array_append_val (self->samples, sample);
      return;
    }
  if (done == get_last (self)->done)
    return;
  if (self->moved)
    add_sample (self, &sample);
  else
    *get_last (self) = sample;
  self->moved = TRUE;
}

static gint64
get_span (const RelaisRate *self)
{
  return self->samples->len < 2 ? 0 : get_last (self)->time - get_first (self)->time;
}

/* What is done comes in batches: how far apart they usually are */
static gint64
get_gap (const RelaisRate *self)
{
  return get_span (self) / MAX (1, (gint64) self->samples->len - 1);
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
  gint64 span = get_span (self);
  gint64 still;

  if (span < LEAST_SPAN)
    return 0;
  /* Between two batches nothing is done, and that is as it should be. */
  still = self->last - get_last (self)->time - 2 * get_gap (self);

  return (double) (get_last (self)->done - get_first (self)->done) * G_USEC_PER_SEC / (double) (span + MAX (still, 0));
}

/**
 * relais_rate_get_remaining:
 * @self: a rate
 * @now: monotonic microseconds
 * @total: how much there is to do
 *
 * Returns: how long the rest will take, in microseconds, -1 when that is not known yet. It goes down while the next batch is under
 *   way, and waits when that does not come
 */
gint64
relais_rate_get_remaining (const RelaisRate *self,
                           gint64            now,
                           guint64           total)
{
  double rate = relais_rate_get (self);
  gint64 rest;

  if (rate <= 0)
    return -1;
  if (get_last (self)->done >= total)
    return 0;
  rest = (gint64) ((double) (total - get_last (self)->done) / rate * G_USEC_PER_SEC);

  return MAX (0, rest - MIN (now - get_last (self)->time, get_gap (self)));
}
