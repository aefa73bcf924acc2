/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-delivery.h"

G_BEGIN_DECLS

/* Pure functions between models and labels, bound in .ui files. */
char *relais_describe_check      (GObject    *object,
                                  int         check);
char *relais_check_icon          (GObject    *object,
                                  int         check);
char *relais_describe_account    (GObject    *object,
                                  gboolean    practice,
                                  const char *host,
                                  guint       n_exports);
char *relais_describe_status     (GObject    *object,
                                  int         status);
char *relais_status_icon         (GObject    *object,
                                  int         status);
char *relais_describe_target     (GObject    *object,
                                  guint       list_id,
                                  const char *list_name,
                                  const char *connection);
char *relais_describe_refreshed  (GObject    *object,
                                  gint64      refreshed_at);
char *relais_describe_progress   (GObject    *object,
                                  int         phase,
                                  guint64     done,
                                  guint64     total,
                                  double      rate,
                                  gint64      remaining,
                                  const char *waiting_for);
double relais_progress_fraction  (GObject    *object,
                                  guint64     done,
                                  guint64     total);
char *relais_describe_run_action (GObject    *object,
                                  int         status);
char *relais_describe_state      (RelaisRowState state);

G_END_DECLS
