/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-pace.h"

G_BEGIN_DECLS

/**
 * RelaisGovernor:
 *
 * The pace of one ActiveCampaign account on the real clock. Everything that
 * asks that account something, in all runs of the program, asks the same
 * governor first; first come, first served within a kind, and ordinary requests are
 * not held up by imports that wait.
 *
 * Properties: `waiting-until` (gint64, monotonic microseconds, 0 = nobody waits
 * longer than the ordinary gap): set while the service asked for a pause; `silent` (gboolean): requests
 * are under way and no answer has come for a while.
 */
#define RELAIS_TYPE_GOVERNOR (relais_governor_get_type ())
G_DECLARE_FINAL_TYPE (RelaisGovernor, relais_governor, RELAIS, GOVERNOR, GObject)

RelaisGovernor *relais_governor_new            (guint                 limit_requests,
                                                guint                 limit_seconds);
void            relais_governor_enter_async    (RelaisGovernor       *self,
                                                RelaisRequestKind     kind,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
guint           relais_governor_enter_finish   (RelaisGovernor       *self,
                                                GAsyncResult         *result,
                                                GError              **error);
void            relais_governor_leave          (RelaisGovernor       *self,
                                                guint                 ticket,
                                                const RelaisPaceHint *hint);
void            relais_governor_count_repeat   (RelaisGovernor       *self,
                                                RelaisRequestKind     kind);
gint64          relais_governor_get_waiting_until (RelaisGovernor    *self);
gboolean        relais_governor_is_silent      (RelaisGovernor       *self);
void            relais_governor_skip_wait      (RelaisGovernor       *self);
guint           relais_governor_get_wanted     (RelaisGovernor       *self);

/**
 * RelaisGovernors:
 *
 * The governors of the program, one a host. Made once and handed down.
 */
#define RELAIS_TYPE_GOVERNORS (relais_governors_get_type ())
G_DECLARE_FINAL_TYPE (RelaisGovernors, relais_governors, RELAIS, GOVERNORS, GObject)

RelaisGovernors *relais_governors_new  (void);
RelaisGovernor  *relais_governors_get  (RelaisGovernors *self,
                                        const char      *host,
                                        guint            limit_requests,
                                        guint            limit_seconds);

G_END_DECLS
