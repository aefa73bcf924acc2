/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Clocks do not agree to the last millisecond. */
#define RELAIS_CLOCK_SLACK (2 * G_TIME_SPAN_MILLISECOND)

/* The times of the last requests, oldest first */
typedef struct
{
  gint64 *times;   /* (owned) (array length=size) */
  guint   size;
  guint   next;
  guint   n;
} RelaisRing;

/* A limit of requests in a time, where a request counts until that time has passed
 * since its answer: whenever the service counted it, it does not any more. */
typedef struct
{
  RelaisRing answered;
  guint      limit;
  guint      n_open;
  gint64     span;
  gint64     gap;
  gint64     plan;    /* before it the next one does not leave */
} RelaisWindowLimit;

void   relais_ring_set_size         (RelaisRing              *ring,
                                     guint                    size);
void   relais_ring_push             (RelaisRing              *ring,
                                     gint64                   time);
gint64 relais_ring_peek             (const RelaisRing        *ring,
                                     guint                    back);
void   relais_window_limit_set      (RelaisWindowLimit       *window,
                                     guint                    limit,
                                     gint64                   span);
gint64 relais_window_limit_get_next (const RelaisWindowLimit *window);
void   relais_window_limit_begin    (RelaisWindowLimit       *window,
                                     gint64                   now,
                                     double                   stretch);
void   relais_window_limit_end      (RelaisWindowLimit       *window,
                                     gint64                   now);

G_END_DECLS
