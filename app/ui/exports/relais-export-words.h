/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"

G_BEGIN_DECLS

/* What an export and its run say of themselves: pure functions, for the .ui files to bind. */
char    *relais_describe_status     (GObject       *object,
                                     int            status);
char    *relais_status_icon         (GObject       *object,
                                     int            status);
char   **relais_status_classes      (GObject       *object,
                                     int            status);
char    *relais_describe_target     (GObject       *object,
                                     guint          list_id,
                                     const char    *list_name,
                                     const char    *connection,
                                     gboolean       practice);
char    *relais_describe_refreshed  (GObject       *object,
                                     int            status,
                                     gint64         refreshed_at,
                                     gint64         now);
char    *relais_describe_time       (GObject       *object,
                                     gint64         time);
gboolean relais_shows_message       (GObject       *object,
                                     gboolean       live,
                                     const char    *message);
gboolean relais_is_waiting          (GObject       *object,
                                     gint64         waiting_until);
char    *relais_describe_progress   (GObject       *object,
                                     int            phase,
                                     guint64        done,
                                     guint64        total,
                                     double         rate,
                                     gint64         remaining,
                                     const char    *waiting_for);
double   relais_progress_fraction   (GObject       *object,
                                     guint64        done,
                                     guint64        total);
char    *relais_describe_run_action (GObject       *object,
                                     int            status);
char    *relais_describe_state      (RelaisRowState state);
char    *relais_explain_state       (RelaisRowState state);
const char *relais_describe_note    (RelaisReason   note);
const char *relais_explain_note     (RelaisReason   note);

G_END_DECLS
