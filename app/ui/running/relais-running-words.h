/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"

G_BEGIN_DECLS

/* What is said of runs under way, and of those that were interrupted: pure functions. */
char       *relais_running_describe_stage     (RelaisPhase phase,
                                               guint64     done,
                                               guint64     total);
const char *relais_running_explain_phase      (RelaisPhase phase);
char       *relais_running_describe_done      (RelaisPhase phase,
                                               guint64     done,
                                               guint64     total);
char       *relais_running_describe_rate      (RelaisPhase phase,
                                               double      rate);
char       *relais_running_describe_remaining (gint64      remaining);
char       *relais_running_describe_countdown (gint64      left);
char       *relais_running_describe_interrupted (GPtrArray *exports);
char       *relais_running_describe_quitting  (GListModel *exports);

G_END_DECLS
