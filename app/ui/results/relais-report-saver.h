/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-report.h"

G_BEGIN_DECLS

void relais_report_saver_ask (GtkWindow             *window,
                              AdwToastOverlay       *toasts,
                              RelaisJournal         *journal,
                              const RelaisRunRecord *run,
                              RelaisExport          *export,
                              RelaisReportForm       form);

G_END_DECLS
