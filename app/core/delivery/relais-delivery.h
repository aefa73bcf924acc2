/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-workspace.h"

G_BEGIN_DECLS

/**
 * RelaisDelivery:
 *
 * The engine: prepare → guard → send → confirm → account → take off → verify. Several runs can be under way at
 * once; runs to one account share its pace.
 */
#define RELAIS_TYPE_DELIVERY (relais_delivery_get_type ())
G_DECLARE_FINAL_TYPE (RelaisDelivery, relais_delivery, RELAIS, DELIVERY, GObject)

/**
 * RelaisRunOptions:
 * @trigger: what started it
 * @again: send everything, changed or not
 * @allow_repeats: with automations on, batches in doubt may be sent again without asking
 * @leavers: the answer to how many people left the segment
 * @leavers_told: how many people the one who answered was told of, so that it is an answer for a run that goes on, and
 *   for no more people than these; 0: for any run and any number
 * @corrections: (nullable): of rows that a run did not deliver: the run sends these rows alone, as they are corrected; the engine
 *   references them
 */
typedef struct
{
  RelaisTrigger trigger;
  gboolean      again;
  gboolean      allow_repeats;
  RelaisLeaversAnswer leavers;
  guint64       leavers_told;
  RelaisCorrections *corrections;
} RelaisRunOptions;

RelaisDelivery *relais_delivery_new            (RelaisWorkspace         *workspace);

RelaisWorkspace *relais_delivery_get_workspace (RelaisDelivery         *self);

/* Starts a run, or goes on with the export's last one when that can go on. The
 * run is live, and the export's last run, before this returns. The task ends when the run
 * has ended; its outcome, failure included, is in the run and in the journal. An
 * error is returned only when no run came about (no connection, keyring locked,
 * definition wrong, a question), and written down as the end of it, unless it was to send corrected rows, which leaves
 * the export as it was. Cancelling stops at a batch edge. */
RelaisRun      *relais_delivery_run_async      (RelaisDelivery          *self,
                                                RelaisExport            *export,
                                                const RelaisRunOptions  *options,
                                                GCancellable            *cancellable,
                                                GAsyncReadyCallback      callback,
                                                gpointer                 user_data);
RelaisRun      *relais_delivery_run_finish     (RelaisDelivery          *self,
                                                GAsyncResult            *result,
                                                GError                 **error);
guint           relais_delivery_get_n_running  (RelaisDelivery          *self);
/* Before the program ends: every run stops at once and can go on another day. */
void            relais_delivery_interrupt      (RelaisDelivery          *self);

/* How many people and exclusions were told so far, and how many there are, 0 while that is not known. */
typedef void (* RelaisPreviewProgress) (guint64  done,
                                        guint64  total,
                                        gpointer user_data);

/* What a run would do. Nothing is sent. With @offline the account is not asked
 * anything: fingerprints are consulted for people who left the segment alone, where they
 * are to be taken off the list, and the keyring is asked for nothing else. */
void            relais_delivery_preview_async  (RelaisDelivery          *self,
                                                RelaisExport            *export,
                                                gboolean                 offline,
                                                GCancellable            *cancellable,
                                                RelaisPreviewProgress    progress,
                                                gpointer                 progress_data,
                                                GAsyncReadyCallback      callback,
                                                gpointer                 user_data);
gboolean        relais_delivery_preview_finish (RelaisDelivery          *self,
                                                GAsyncResult            *result,
                                                RelaisRowCounts         *counts,
                                                GPtrArray              **rejections,
                                                char                   **message,
                                                GError                 **error);
gboolean        relais_delivery_preview_get_leavers (RelaisDelivery     *self,
                                                GAsyncResult            *result,
                                                RelaisLeaversCounts     *leavers);

G_END_DECLS
