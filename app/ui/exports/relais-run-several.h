/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/* Why an export does not run with the others */
typedef enum
{
  RELAIS_LEFT_OUT_NOT,
  RELAIS_LEFT_OUT_UNREADABLE,
  RELAIS_LEFT_OUT_RUNS,
  RELAIS_LEFT_OUT_NO_CONNECTION,
  RELAIS_LEFT_OUT_ASKING,
  RELAIS_LEFT_OUT_ROLE,
} RelaisLeftOut;

RelaisLeftOut  relais_run_several_leaves_out (RelaisWorkspace *workspace,
                                              RelaisExport    *export);
char          *relais_run_several_describe   (RelaisWorkspace *workspace,
                                              guint            n_begun,
                                              GPtrArray       *left_out);
void           relais_run_several_tell       (GtkWidget       *widget,
                                              AdwToastOverlay *toasts,
                                              RelaisWorkspace *workspace,
                                              guint            n_begun,
                                              GPtrArray       *left_out);

G_END_DECLS
