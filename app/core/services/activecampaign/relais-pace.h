/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The kinds of requests that the service counts apart (API.md section 4). */
typedef enum
{
  RELAIS_REQUEST_ORDINARY,       /* 5 a second for the account, one of them left to others */
  RELAIS_REQUEST_IMPORT,         /* 100 a minute, and it is an ordinary request too */
  RELAIS_REQUEST_IMPORT_SINGLE,  /* an import of exactly one contact: 20 a minute */
} RelaisRequestKind;

/* What an answer said about the pace. */
typedef struct
{
  gboolean throttled;          /* asked to come back later: 429, the importer's 400, 503 with a time */
  int      retry_after;        /* seconds, -1 = not said */
  int      remaining;          /* RateLimit-Remaining, -1 = not said */
} RelaisPaceHint;

/**
 * RelaisPace:
 *
 * When the next request to one account may leave. Plain arithmetic on times
 * that are handed in (microseconds on any clock that never goes back), so
 * that it can be tried on a virtual clock; RelaisGovernor runs it on the real one.
 *
 * An even gap of 0.600 s between imports together with a window in which a
 * request stops counting 60 s after its answer never meets a refusal
 * under a sliding window, a fixed window or a token bucket.
 */
typedef struct _RelaisPace RelaisPace;

RelaisPace *relais_pace_new            (guint                 limit_requests,
                                        guint                 limit_seconds);
void        relais_pace_free           (RelaisPace           *pace);
void        relais_pace_set_limits     (RelaisPace           *pace,
                                        guint                 limit_requests,
                                        guint                 limit_seconds);
gint64      relais_pace_get_next       (RelaisPace           *pace,
                                        RelaisRequestKind     kind,
                                        gint64                now);
guint       relais_pace_begin          (RelaisPace           *pace,
                                        RelaisRequestKind     kind,
                                        gint64                now);
void        relais_pace_end            (RelaisPace           *pace,
                                        guint                 ticket,
                                        gint64                now,
                                        const RelaisPaceHint *hint);
void        relais_pace_repeat         (RelaisPace           *pace,
                                        RelaisRequestKind     kind,
                                        gint64                now);
gint64      relais_pace_get_pause      (RelaisPace           *pace,
                                        RelaisRequestKind     kind,
                                        gint64                now);
void        relais_pace_skip_pause     (RelaisPace           *pace,
                                        gint64                now);
guint       relais_pace_get_wanted     (RelaisPace           *pace);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisPace, relais_pace_free)

G_END_DECLS
