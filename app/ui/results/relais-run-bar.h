/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run-swatch.h"

G_BEGIN_DECLS

/* One run in the plot: a button that is a bar, as tall as its rows are many. */
#define RELAIS_TYPE_RUN_BAR (relais_run_bar_get_type ())
G_DECLARE_FINAL_TYPE (RelaisRunBar, relais_run_bar, RELAIS, RUN_BAR, GtkButton)

GtkWidget *relais_run_bar_new        (const guint64  parts[RELAIS_N_RUN_PARTS],
                                      guint64        scale,
                                      const char    *description);
void       relais_run_bar_get_heights (RelaisRunBar *self,
                                      float          height,
                                      float          heights[RELAIS_N_RUN_PARTS]);

G_END_DECLS
