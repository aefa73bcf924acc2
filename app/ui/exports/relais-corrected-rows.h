/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-send-corrected.h"
#include "relais-workspace.h"

G_BEGIN_DECLS

/* Files that are no saved report: they are segments. */
typedef void (* RelaisSegmentsDropped) (GtkWidget *owner,
                                        GSList    *files);

void relais_corrected_rows_sort_out (GtkWidget             *owner,
                                     RelaisWorkspace       *workspace,
                                     GSList                *files,
                                     RelaisSegmentsDropped  segments,
                                     RelaisSendCorrected    send);

G_END_DECLS
