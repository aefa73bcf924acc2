/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The limits are those of the service's pages on rate limits and on bulk imports:
 * 5 requests a second for the whole account, 100 imports a minute, 20 of them
 * with a single contact. How the service counts (a window that slides or stands, a bucket) is
 * not told, and neither is when on its way a request is counted. */

#include "relais-pace.h"

#include "relais-window-limit-private.h"

#define SERVICE_REQUESTS   100
#define SERVICE_SECONDS    60
#define SINGLES_SHARE      5      /* one import of five may have a single contact */
#define ORDINARY_A_SECOND  4      /* of 5: one is left to the account's other programs */

/* A practice account with a higher limit has none. */
#define MAX_IMPORTS_A_SECOND 500

#define MAX_PAUSE          (5 * 60 * G_TIME_SPAN_SECOND)
#define WANTED_AT_MOST     16
#define WANTED_UNLIMITED   8

/* How long answers take: mean and mean deviation, as TCP keeps them (RFC 6298) */
typedef struct
{
  gint64   mean;
  gint64   deviation;
  gboolean known;
} Duration;

typedef struct
{
  guint             ticket;
  RelaisRequestKind kind;
  gint64            begun;
} Open;

/* A pause that an answer asked for, and how often in a row */
typedef struct
{
  gint64   until;
  gint64   since;
  guint    n_repeats;
  gboolean skipped;  /* one request may leave in spite of it */
  guint    probe;    /* ticket of that request once it left, else 0 */
} Pause;

struct _RelaisPace
{
  gboolean           unlimited;
  RelaisWindowLimit  imports;
  RelaisWindowLimit  singles;
  RelaisRing         begun;              /* requests of all kinds */
  guint              a_second;           /* of them, in second */
  gint64             second;
  gint64             last_ordinary;
  gint64             last_import;
  gint64             crowded_until;      /* the account's seats of this second are taken */
  double             stretch;            /* of the gap, when others use the same limit */
  guint              n_good;
  Pause              pauses[2];          /* of everything, of imports */
  Duration           durations[2];       /* of ordinary requests, of imports */
  GArray            *open;               /* (owned) (element-type Open) */
  guint              last_ticket;
};

enum { ALL, IMPORTS };

static gboolean
is_import (RelaisRequestKind kind)
{
  return kind != RELAIS_REQUEST_ORDINARY;
}

/* Durations */

static void
duration_add (Duration *duration,
              gint64    value)
{
  if (!duration->known)
    {
      *duration = (Duration) { value, 0, TRUE };
      return;
    }
  duration->deviation += (ABS (value - duration->mean) - duration->deviation) / 8;
  duration->mean += (value - duration->mean) / 8;
}

/* Pauses */

static gboolean
pause_is_on (const Pause *pause,
             gint64       now)
{
  return pause->until > now && !pause->skipped;
}

/* What was under way when the pause began belongs to the same refusal. But where answers say how long to wait, each says it for
 * itself. */
static gboolean
pause_is_new (const Pause *pause,
              gint64       begun)
{
  return begun >= pause->since;
}

static void
pause_begin (Pause    *pause,
             gint64    now,
             gint64    begun,
             gint64    length,
             gboolean  grows)
{
  if (!pause_is_new (pause, begun))
    {
      if (!grows)
        pause->until = MAX (pause->until, now + length);
      return;
    }

  if (grows)
    length = MAX (length, MIN (length << MIN (pause->n_repeats, 8), MAX_PAUSE));
  pause->n_repeats++;
  pause->since = now;
  pause->until = MAX (pause->until, now + length);
}

/**
 * relais_pace_set_limits:
 * @pace: a pace
 * @limit_requests: 0: the service's own limits; %G_MAXUINT: none; else so many
 *   imports in
 * @limit_seconds: that time, and the other limits in proportion
 *
 * Sets the limits. What was counted so far is forgotten when they change.
 */
void
relais_pace_set_limits (RelaisPace *pace,
                        guint       limit_requests,
                        guint       limit_seconds)
{
  guint requests = limit_requests != 0 ? limit_requests : SERVICE_REQUESTS;
  guint seconds = limit_requests != 0 && limit_seconds != 0 ? limit_seconds : SERVICE_SECONDS;
  gint64 span;
  double a_second;

  pace->unlimited = limit_requests == G_MAXUINT || requests / seconds >= MAX_IMPORTS_A_SECOND;
  if (pace->unlimited)
    requests = seconds = 1;
  span = seconds * G_TIME_SPAN_SECOND;
  a_second = ORDINARY_A_SECOND * ((double) requests / seconds) / ((double) SERVICE_REQUESTS / SERVICE_SECONDS);
  relais_window_limit_set (&pace->imports, requests, span);
  relais_window_limit_set (&pace->singles, requests / SINGLES_SHARE, requests >= SINGLES_SHARE ? span : span * SINGLES_SHARE / requests);
  pace->a_second = MAX (a_second, 1);
  pace->second = MAX (G_TIME_SPAN_SECOND, (gint64) (G_TIME_SPAN_SECOND / a_second));
  relais_ring_set_size (&pace->begun, pace->a_second);
}

/**
 * relais_pace_new:
 * @limit_requests: as for relais_pace_set_limits()
 * @limit_seconds: as for relais_pace_set_limits()
 *
 * Returns: (transfer full): a pace at which nothing was sent yet
 */
RelaisPace *
relais_pace_new (guint limit_requests,
                 guint limit_seconds)
{
  RelaisPace *pace = g_new0 (RelaisPace, 1);

  pace->open = g_array_new (FALSE, FALSE, sizeof (Open));
  pace->stretch = 1;
  pace->last_ordinary = pace->last_import = pace->crowded_until = G_MININT64 / 2;
  pace->pauses[ALL].until = pace->pauses[IMPORTS].until = G_MININT64;
  pace->pauses[ALL].since = pace->pauses[IMPORTS].since = G_MININT64;
  relais_pace_set_limits (pace, limit_requests, limit_seconds);

  return pace;
}

/**
 * relais_pace_free:
 * @pace: (transfer full) (nullable):
 */
void
relais_pace_free (RelaisPace *pace)
{
  if (pace == NULL)
    return;

  g_free (pace->imports.answered.times);
  g_free (pace->singles.answered.times);
  g_free (pace->begun.times);
  g_array_unref (pace->open);
  g_free (pace);
}

static gint64
get_import_next (RelaisPace        *pace,
                 RelaisRequestKind  kind)
{
  gint64 next = relais_window_limit_get_next (&pace->imports);
  gint64 lane = relais_ring_peek (&pace->begun, pace->a_second);

  if (kind == RELAIS_REQUEST_IMPORT_SINGLE)
    next = MAX (next, relais_window_limit_get_next (&pace->singles));

  return MAX (next, lane == G_MININT64 ? lane : lane + pace->second + RELAIS_CLOCK_SLACK);
}

/* An ordinary request keeps clear of the others by as much as answer times vary: so
 * far two requests can be moved together on their way. But mostly it is the service
 * that takes its time, and asking has to keep up with importing: a gap after the last one it
 * looks at nothing but the second itself. While imports go out, one seat in the second is theirs. */
static gint64
get_ordinary_next (RelaisPace *pace,
                   gint64      now)
{
  gboolean importing = now - pace->last_import < 2 * pace->second;
  guint seats = importing && pace->a_second > 1 ? pace->a_second - 1 : pace->a_second;
  gint64 spread = 4 * MAX (pace->durations[ALL].deviation, pace->durations[IMPORTS].deviation);
  gint64 careful = relais_ring_peek (&pace->begun, seats);
  gint64 bold = relais_ring_peek (&pace->begun, pace->a_second);

  if (careful != G_MININT64)
    careful += pace->second + RELAIS_CLOCK_SLACK + spread;
  if (bold != G_MININT64)
    bold += pace->second + RELAIS_CLOCK_SLACK;
  bold = MAX (bold, pace->last_ordinary + pace->imports.gap);

  return MIN (careful, bold);
}

/**
 * relais_pace_get_next:
 * @pace: a pace
 * @kind: of a request
 * @now: the time
 *
 * Returns: when such a request may leave, not before @now; %G_MAXINT64 when
 *   another one has to be answered first
 */
gint64
relais_pace_get_next (RelaisPace        *pace,
                      RelaisRequestKind  kind,
                      gint64             now)
{
  gint64 next = now;

  for (guint i = ALL; i <= (is_import (kind) ? IMPORTS : ALL); i++)
    if (pause_is_on (&pace->pauses[i], now))
      next = MAX (next, pace->pauses[i].until);
    else if (pace->pauses[i].probe != 0)
      return G_MAXINT64;
  if (pace->unlimited)
    return next;
  next = MAX (next, pace->crowded_until);

  return MAX (next, is_import (kind) ? get_import_next (pace, kind) : get_ordinary_next (pace, now));
}

static void
take_seat (RelaisPace        *pace,
           RelaisRequestKind  kind,
           gint64             now)
{
  relais_ring_push (&pace->begun, now);
  if (!is_import (kind))
    {
      pace->last_ordinary = now;
      return;
    }
  pace->last_import = now;
  relais_window_limit_begin (&pace->imports, now, pace->stretch);
  if (kind == RELAIS_REQUEST_IMPORT_SINGLE)
    relais_window_limit_begin (&pace->singles, now, pace->stretch);
}

/**
 * relais_pace_begin:
 * @pace: a pace
 * @kind: of a request
 * @now: the time
 *
 * Notes that a request leaves.
 *
 * Returns: its ticket, never 0, for relais_pace_end()
 */
guint
relais_pace_begin (RelaisPace        *pace,
                   RelaisRequestKind  kind,
                   gint64             now)
{
  Open open = { ++pace->last_ticket, kind, now };

  if (open.ticket == 0)
    open.ticket = ++pace->last_ticket;
  g_array_append_val (pace->open, open);
  for (guint i = ALL; i <= (is_import (kind) ? IMPORTS : ALL); i++)
    if (pace->pauses[i].skipped)
      pace->pauses[i].probe = open.ticket;

  take_seat (pace, kind, now);

  return open.ticket;
}

static void
free_seat (RelaisPace        *pace,
           RelaisRequestKind  kind,
           gint64             now)
{
  if (is_import (kind))
    relais_window_limit_end (&pace->imports, now);
  if (kind == RELAIS_REQUEST_IMPORT_SINGLE)
    relais_window_limit_end (&pace->singles, now);
}

/**
 * relais_pace_repeat:
 * @pace: a pace
 * @kind: of a request
 * @now: the time
 *
 * Notes that a request which is under way had to leave once more. The first
 * one counts as answered now: if it arrived, the service counted it before.
 */
void
relais_pace_repeat (RelaisPace        *pace,
                    RelaisRequestKind  kind,
                    gint64             now)
{
  take_seat (pace, kind, now);
  free_seat (pace, kind, now);
}

static gboolean
take_open (RelaisPace *pace,
           guint       ticket,
           Open       *open)
{
  for (guint i = 0; i < pace->open->len; i++)
    if (g_array_index (pace->open, Open, i).ticket == ticket)
      {
        *open = g_array_index (pace->open, Open, i);
        g_array_remove_index (pace->open, i);
        return TRUE;
      }

  return FALSE;
}

/* Refused for the rate. The general limit says how long to wait, a second or so, and
 * concerns everything; the importer says to come back in a minute. */
static void
slow_down (RelaisPace           *pace,
           const Open           *open,
           gint64                now,
           const RelaisPaceHint *hint)
{
  if (hint->retry_after >= 0)
    pause_begin (&pace->pauses[ALL], now, open->begun, MAX (hint->retry_after, 1) * G_TIME_SPAN_SECOND, FALSE);
  else if (is_import (open->kind))
    {
      if (pause_is_new (&pace->pauses[IMPORTS], open->begun))
        pace->stretch = MIN (pace->stretch * 1.25, 4);
      pace->n_good = 0;
      pause_begin (&pace->pauses[IMPORTS], now, open->begun,
                   pace->unlimited ? G_TIME_SPAN_SECOND : pace->imports.span, TRUE);
    }
  else
    pause_begin (&pace->pauses[ALL], now, open->begun, G_TIME_SPAN_SECOND, TRUE);
}

/* It went through. */
static void
go_on (RelaisPace           *pace,
       const Open           *open,
       gint64                now,
       const RelaisPaceHint *hint)
{
  duration_add (&pace->durations[is_import (open->kind) ? IMPORTS : ALL], now - open->begun);
  for (guint i = ALL; i <= (is_import (open->kind) ? IMPORTS : ALL); i++)
    if (open->begun >= pace->pauses[i].until)
      pace->pauses[i].n_repeats = 0;
  if (is_import (open->kind) && ++pace->n_good >= pace->imports.limit)
    {
      pace->n_good = 0;
      pace->stretch = MAX (pace->stretch / 1.25, 1);
    }
  /* Someone else uses the account too. */
  if (hint->remaining == 0)
    pace->crowded_until = MAX (pace->crowded_until, now + pace->second);
}

/* The request that left in spite of a pause is back. */
static void
take_probe (RelaisPace           *pace,
            guint                 ticket,
            gint64                now,
            const RelaisPaceHint *hint)
{
  for (guint i = 0; i < G_N_ELEMENTS (pace->pauses); i++)
    {
      Pause *pause = &pace->pauses[i];

      if (pause->probe != ticket)
        continue;
      pause->probe = 0;
      pause->skipped = FALSE;
      if (hint != NULL && !hint->throttled)
        pause->until = now;
    }
}

/**
 * relais_pace_end:
 * @pace: a pace
 * @ticket: of relais_pace_begin()
 * @now: the time
 * @hint: (nullable): what the answer said; %NULL when none came
 *
 * Notes that a request is answered, or given up.
 */
void
relais_pace_end (RelaisPace           *pace,
                 guint                 ticket,
                 gint64                now,
                 const RelaisPaceHint *hint)
{
  Open open;

  if (!take_open (pace, ticket, &open))
    return;

  free_seat (pace, open.kind, now);
  take_probe (pace, ticket, now, hint);
  if (hint == NULL)
    return;
  if (hint->throttled)
    slow_down (pace, &open, now, hint);
  else
    go_on (pace, &open, now, hint);
}

/**
 * relais_pace_get_pause:
 * @pace: a pace
 * @kind: of a request
 * @now: the time
 *
 * Returns: until when the service asked such requests to pause, 0 when it did not
 */
gint64
relais_pace_get_pause (RelaisPace        *pace,
                       RelaisRequestKind  kind,
                       gint64             now)
{
  gint64 until = 0;

  for (guint i = ALL; i <= (is_import (kind) ? IMPORTS : ALL); i++)
    if (pause_is_on (&pace->pauses[i], now))
      until = MAX (until, pace->pauses[i].until);

  return until;
}

/**
 * relais_pace_skip_pause:
 * @pace: a pace
 * @now: the time
 *
 * Lets one request leave in spite of a pause that the service asked for. When
 * it goes through the pause is over, when it is refused the pause begins
 * anew; until its answer the others wait. The pace itself cannot be skipped.
 */
void
relais_pace_skip_pause (RelaisPace *pace,
                        gint64      now)
{
  for (guint i = 0; i < G_N_ELEMENTS (pace->pauses); i++)
    if (pause_is_on (&pace->pauses[i], now))
      pace->pauses[i].skipped = TRUE;
}

/**
 * relais_pace_get_wanted:
 * @pace: a pace
 *
 * Returns: how many imports to have under way so that the rate is kept:
 *   those that wait for an answer, and one that waits for its turn
 */
guint
relais_pace_get_wanted (RelaisPace *pace)
{
  const Duration *duration = &pace->durations[IMPORTS];
  gint64 gap = MAX (pace->imports.gap, 1);

  if (pace->unlimited)
    return WANTED_UNLIMITED;

  return CLAMP ((duration->mean + 2 * duration->deviation + gap - 1) / gap + 1, 1, WANTED_AT_MOST);
}
