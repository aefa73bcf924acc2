/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "relais-export.h"

G_BEGIN_DECLS

/* No more runs are in the plot, the newest ones. */
#define RELAIS_RUN_PLOT_MOST 30

/**
 * RelaisRunPlot:
 *
 * Runs as bars, the oldest where reading begins. Tab goes to one of them, arrow keys, Home and End from one to the
 * other, and pressing one activates `history.open` with its run's id.
 */
#define RELAIS_TYPE_RUN_PLOT (relais_run_plot_get_type ())
G_DECLARE_FINAL_TYPE (RelaisRunPlot, relais_run_plot, RELAIS, RUN_PLOT, GtkWidget)

guint64 relais_run_plot_set_runs (RelaisRunPlot *self,
                                  GPtrArray     *runs,
                                  RelaisExport  *export);

G_END_DECLS
