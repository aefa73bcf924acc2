/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The limits are those of developers.activecampaign.com/reference/rate-limits
 * and /reference/bulk-import-contacts: 5 requests a second for the account, 100 imports a
 * minute, 20 of a single contact. Nothing says what kind of window they are counted
 * in. Of what was tried against a sliding window, a fixed window and token
 * buckets, only an even gap together with a window in which a request stops
 * counting a whole window after its answer never met a refusal. */

#include "relais-pace.h"

#define IMPORTS_A_MINUTE     100
#define MINUTE               60
#define ORDINARY_A_SECOND    5
#define LEFT_FOR_OTHERS      1
#define MAX_WANTED           16
#define WANTED_FREELY        8
#define LONGEST_PAUSE        (5 * 60 * G_USEC_PER_SEC)

/* One limit: so many requests in a window, evenly spaced if they have a gap. */
typedef struct
{
  guint   most;
  gint64  window;    /* microseconds */
  gint64  gap;       /* microseconds, 0 = none */
  gint64  next;      /* planned, by the gap */
  GArray *counting;  /* (owned) (element-type gint64): when each stops counting; G_MAXINT64 while it is unanswered */
  GArray *tickets;   /* (owned) (element-type guint): of the same requests */
} Lane;

typedef struct
{
  guint             ticket;
  RelaisRequestKind kind;
  gint64            begun;
} UnderWay;

struct _RelaisPace
{
  gboolean  unlimited;
  Lane      ordinary;
  Lane      imports;
  Lane      singles;
  GArray   *under_way;      /* (owned) (element-type UnderWay) */
  guint     next_ticket;
  gint64    paused_until;   /* by the service */
  gint64    imports_paused_until;
  guint     n_throttled;    /* in a row */
  double    answer_time;    /* of imports, lately, microseconds */
};

static void
lane_init (Lane   *lane,
           guint   most,
           gint64  window,
           gboolean even)
{
  lane->most = MAX (1, most);
  lane->window = window;
  lane->gap = even ? window / lane->most : 0;
  lane->next = G_MININT64;
  lane->counting = g_array_new (FALSE, FALSE, sizeof (gint64));
  lane->tickets = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
lane_clear (Lane *lane)
{
  g_array_unref (lane->counting);
  g_array_unref (lane->tickets);
}

static void
lane_forget (Lane   *lane,
             gint64  now)
{
  for (guint i = lane->counting->len; i > 0; i--)
    if (g_array_index (lane->counting, gint64, i - 1) <= now)
      {
        g_array_remove_index_fast (lane->counting, i - 1);
        g_array_remove_index_fast (lane->tickets, i - 1);
      }
}

/* Returns: when the window has room, G_MAXINT64 when that depends on an answer */
static gint64
lane_get_room (Lane   *lane,
               gint64  now)
{
  gint64 first = G_MAXINT64;

  lane_forget (lane, now);
  if (lane->counting->len < lane->most)
    return now;
  for (guint i = 0; i < lane->counting->len; i++)
    first = MIN (first, g_array_index (lane->counting, gint64, i));

  return first;
}

static gint64
lane_get_next (Lane   *lane,
               gint64  now)
{
  return MAX (lane_get_room (lane, now), lane->gap > 0 ? MAX (lane->next, now) : now);
}

static void
lane_begin (Lane   *lane,
            guint   ticket,
            gint64  now)
{
  gint64 unanswered = G_MAXINT64;

  /* The plan goes on from the plan, not from the clock: else each delay would
   * be added to all that follow. What was not used for long is not made up for. */
  lane->next = MAX (lane->next, now - lane->gap) + lane->gap;
  g_array_append_val (lane->counting, unanswered);
  g_array_append_val (lane->tickets, ticket);
}

static void
lane_end (Lane   *lane,
          guint   ticket,
          gint64  now)
{
  for (guint i = 0; i < lane->tickets->len; i++)
    if (g_array_index (lane->tickets, guint, i) == ticket)
      g_array_index (lane->counting, gint64, i) = now + lane->window;
}

/**
 * relais_pace_new:
 * @limit_requests: imports per @limit_seconds; 0 = the service's own, G_MAXUINT = no limit at all
 * @limit_seconds: the window they are counted in
 *
 * For a practice account with a limit of its own, the other limits change in proportion.
 *
 * Returns: (transfer full): the pace of an account that nothing was asked of yet
 */
RelaisPace *
relais_pace_new (guint limit_requests,
                 guint limit_seconds)
{
  RelaisPace *pace = g_new0 (RelaisPace, 1);
  guint requests = limit_requests > 0 && limit_seconds > 0 ? limit_requests : IMPORTS_A_MINUTE;
  guint seconds = limit_requests > 0 && limit_seconds > 0 ? limit_seconds : MINUTE;
  double factor = ((double) requests / seconds) / ((double) IMPORTS_A_MINUTE / MINUTE);

  pace->unlimited = limit_requests == G_MAXUINT;
  lane_init (&pace->imports, requests, (gint64) seconds * G_USEC_PER_SEC, TRUE);
  lane_init (&pace->singles, requests / 5, (gint64) seconds * G_USEC_PER_SEC, TRUE);
  lane_init (&pace->ordinary, MAX (ORDINARY_A_SECOND, (guint) (ORDINARY_A_SECOND * MIN (factor, 1e6))) - LEFT_FOR_OTHERS,
             G_USEC_PER_SEC, FALSE);
  pace->under_way = g_array_new (FALSE, FALSE, sizeof (UnderWay));
  pace->next_ticket = 1;

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

  lane_clear (&pace->ordinary);
  lane_clear (&pace->imports);
  lane_clear (&pace->singles);
  g_array_unref (pace->under_way);
  g_free (pace);
}

/**
 * relais_pace_get_next:
 * @pace: the pace
 * @kind: of the request that waits
 * @now: the time
 *
 * Returns: when it may leave: @now or later; G_MAXINT64 when that depends on
 *   the answer to another one
 */
gint64
relais_pace_get_next (RelaisPace        *pace,
                      RelaisRequestKind  kind,
                      gint64             now)
{
  gint64 next = MAX (now, pace->paused_until);

  if (kind != RELAIS_REQUEST_ORDINARY)
    next = MAX (next, pace->imports_paused_until);
  if (pace->unlimited)
    return next;

  next = MAX (next, lane_get_next (&pace->ordinary, now));
  if (kind != RELAIS_REQUEST_ORDINARY)
    next = MAX (next, lane_get_next (&pace->imports, now));
  if (kind == RELAIS_REQUEST_IMPORT_SINGLE)
    next = MAX (next, lane_get_next (&pace->singles, now));

  return next;
}

/**
 * relais_pace_begin:
 * @pace: the pace
 * @kind: of a request that leaves
 * @now: the time
 *
 * Returns: a ticket for relais_pace_end()
 */
guint
relais_pace_begin (RelaisPace        *pace,
                   RelaisRequestKind  kind,
                   gint64             now)
{
  UnderWay request = { pace->next_ticket++, kind, now };

  g_array_append_val (pace->under_way, request);
  if (pace->unlimited)
    return request.ticket;

  lane_begin (&pace->ordinary, request.ticket, now);
  if (kind != RELAIS_REQUEST_ORDINARY)
    lane_begin (&pace->imports, request.ticket, now);
  if (kind == RELAIS_REQUEST_IMPORT_SINGLE)
    lane_begin (&pace->singles, request.ticket, now);

  return request.ticket;
}

static void
learn_answer_time (RelaisPace *pace,
                   gint64      time)
{
  if (pace->answer_time == 0)
    pace->answer_time = time;
  else
    pace->answer_time += ((double) time - pace->answer_time) / 8;
}

static void
throttle (RelaisPace           *pace,
          RelaisRequestKind     kind,
          gint64                now,
          const RelaisPaceHint *hint)
{
  gint64 window = kind == RELAIS_REQUEST_ORDINARY ? pace->ordinary.window : pace->imports.window;
  gint64 pause = hint->retry_after >= 0 ? MAX (1, hint->retry_after) * G_USEC_PER_SEC : window;

  /* Refused again after having waited as told: the word is not enough. */
  pause = MIN (pause << MIN (pace->n_throttled, 8), LONGEST_PAUSE);
  pace->n_throttled++;
  if (kind != RELAIS_REQUEST_ORDINARY)
    pace->imports_paused_until = MAX (pace->imports_paused_until, now + pause);
  if (kind == RELAIS_REQUEST_ORDINARY || hint->retry_after >= 0)
    pace->paused_until = MAX (pace->paused_until, now + pause);
}

/**
 * relais_pace_end:
 * @pace: the pace
 * @ticket: of relais_pace_begin()
 * @now: the time of the answer, or of the failure
 * @hint: (nullable): what the answer said about the pace
 */
void
relais_pace_end (RelaisPace           *pace,
                 guint                 ticket,
                 gint64                now,
                 const RelaisPaceHint *hint)
{
  RelaisRequestKind kind = RELAIS_REQUEST_ORDINARY;

  for (guint i = 0; i < pace->under_way->len; i++)
    {
      UnderWay *request = &g_array_index (pace->under_way, UnderWay, i);

      if (request->ticket != ticket)
        continue;
      kind = request->kind;
      if (kind != RELAIS_REQUEST_ORDINARY)
        learn_answer_time (pace, now - request->begun);
      g_array_remove_index_fast (pace->under_way, i);
      break;
    }
  lane_end (&pace->ordinary, ticket, now);
  lane_end (&pace->imports, ticket, now);
  lane_end (&pace->singles, ticket, now);
  if (hint == NULL)
    return;

  if (hint->throttled)
    {
      throttle (pace, kind, now, hint);
      return;
    }
  pace->n_throttled = 0;
  /* Others use the account too: when nothing is left, this second is theirs. */
  if (hint->remaining == 0 && !pace->unlimited)
    pace->paused_until = MAX (pace->paused_until, now + pace->ordinary.window);
}

/**
 * relais_pace_skip:
 * @pace: the pace
 *
 * Ends a pause that the service asked for: somebody wants to try now.
 */
void
relais_pace_skip (RelaisPace *pace)
{
  pace->paused_until = 0;
  pace->imports_paused_until = 0;
}

/**
 * relais_pace_get_paused_until:
 * @pace: the pace
 * @now: the time
 *
 * Returns: the end of a pause that the service asked for, 0 when there is none
 */
gint64
relais_pace_get_paused_until (RelaisPace *pace,
                              gint64      now)
{
  gint64 until = MAX (pace->paused_until, pace->imports_paused_until);

  /* A pause of a second or less is just the pace. */
  return until > now + G_USEC_PER_SEC ? until : 0;
}

/**
 * relais_pace_get_wanted:
 * @pace: the pace
 *
 * Returns: how many imports have to be under way at once to keep up the rate
 */
guint
relais_pace_get_wanted (RelaisPace *pace)
{
  if (pace->unlimited)
    return WANTED_FREELY;

  /* One more than what is on its way, so that the next one is ready when its time comes. */
  return CLAMP ((guint) (pace->answer_time / MAX (1, pace->imports.gap)) + 2, 2, MAX_WANTED);
}
