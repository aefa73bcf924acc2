/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-records.h"

G_BEGIN_DECLS

/* What a run is busy with. */
typedef enum
{
  RELAIS_PHASE_WAITING_FOR_TURN,  /* another Relais process is sending */
  RELAIS_PHASE_PREPARING,         /* opening what is needed; confirming what an earlier attempt left */
  RELAIS_PHASE_GUARDING,          /* asking who may not be mailed: progress counts people then, not rows */
  RELAIS_PHASE_SENDING,           /* rows are read and sent */
  RELAIS_PHASE_CONFIRMING,        /* everything left, results are awaited */
  RELAIS_PHASE_TAKING_OFF,        /* people who left the segment are taken off the list: progress counts people then, not rows */
  RELAIS_PHASE_VERIFYING,         /* everything is settled, and read back: progress counts people then, not rows */
  RELAIS_PHASE_ENDED,
} RelaisPhase;

/**
 * RelaisRun:
 *
 * One run, live or past, as window and terminal show it. The delivery room
 * changes it, on the main loop; everyone else listens.
 *
 * Properties (notifying, read-only): `id`, `number` (int64), `status` (int), `phase` (int), `live` (boolean:
 * being worked on by this process), `done` (uint64: rows in a final state), `total` (uint64: rows expected, an
 * estimate until the segment is read through, 0 = not known yet), `rate` (double: rows a second, over
 * the last minute), `remaining` (int64: microseconds, -1 = not known yet), `waiting-until` (int64: monotonic
 * microseconds while the run waits longer than its pace, else 0), `waiting-for` (nullable string: the
 * sentence that says what for), `message` (nullable string), `started-at`, `ended-at` (int64).
 * `done`, `total`, `rate` and `remaining` are notified at most ten times a second while it is live.
 * What stands for an enum is an int, so that a closure in a .ui file takes it as its C function does.
 */
#define RELAIS_TYPE_RUN (relais_run_get_type ())
G_DECLARE_FINAL_TYPE (RelaisRun, relais_run, RELAIS, RUN, GObject)

RelaisRun             *relais_run_new           (const RelaisRunRecord *record);
const RelaisRunRecord *relais_run_get_record    (RelaisRun             *self);
const char            *relais_run_get_id        (RelaisRun             *self);
RelaisRunStatus        relais_run_get_status    (RelaisRun             *self);
RelaisPhase            relais_run_get_phase     (RelaisRun             *self);
gboolean               relais_run_is_live       (RelaisRun             *self);
gboolean               relais_run_can_go_on     (RelaisRun             *self);
guint64                relais_run_get_done      (RelaisRun             *self);
guint64                relais_run_get_total     (RelaisRun             *self);
double                 relais_run_get_rate      (RelaisRun             *self);
gint64                 relais_run_get_remaining (RelaisRun             *self);
const RelaisRowCounts *relais_run_get_counts    (RelaisRun             *self);
guint                  relais_run_get_n_in_doubt (RelaisRun            *self);
void                   relais_run_cancel        (RelaisRun             *self);
void                   relais_run_skip_wait     (RelaisRun             *self);

/* For the delivery room */
GCancellable          *relais_run_get_cancellable (RelaisRun             *self);
void                   relais_run_set_live        (RelaisRun             *self,
                                                   gboolean               live);
void                   relais_run_set_phase       (RelaisRun             *self,
                                                   RelaisPhase            phase);
void                   relais_run_set_progress    (RelaisRun             *self,
                                                   guint64                done,
                                                   guint64                total);
void                   relais_run_set_counts       (RelaisRun             *self,
                                                    const RelaisRowCounts *counts);
void                   relais_run_set_n_in_doubt   (RelaisRun             *self,
                                                    guint                  n);
void                   relais_run_set_waiting     (RelaisRun             *self,
                                                   gint64                 until,
                                                   const char            *what_for);
void                   relais_run_set_record      (RelaisRun             *self,
                                                   const RelaisRunRecord *record);

G_END_DECLS
