/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"

G_BEGIN_DECLS

/* What a run of the past says of itself */
RelaisExportStatus  relais_history_find_status      (const RelaisRunRecord *run,
                                                     RelaisExport          *export);
guint64             relais_history_count_rejected   (const RelaisRowCounts *counts);
char               *relais_history_describe_counts  (const RelaisRowCounts *counts);
char               *relais_history_describe_run     (const RelaisRunRecord *run,
                                                     RelaisExport          *export);
char               *relais_history_describe_bar     (const RelaisRunRecord *run,
                                                     RelaisExport          *export);
char               *relais_history_describe_message (const RelaisRunRecord *run,
                                                     RelaisExport          *export);

G_END_DECLS
