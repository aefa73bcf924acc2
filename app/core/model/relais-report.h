/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"
#include "relais-journal.h"

G_BEGIN_DECLS

/* What of a report is saved */
typedef enum
{
  RELAIS_REPORT_ROWS,  /* the rows that were not delivered, as CSV */
  RELAIS_REPORT_CSV,   /* what `relais report --csv` prints: these, and whoever left the segment */
  RELAIS_REPORT_JSON,  /* what `relais report --json` prints: everything */
} RelaisReportForm;

void     relais_report_save_async  (RelaisJournal          *journal,
                                    const RelaisRunRecord  *run,
                                    RelaisExport           *export,
                                    RelaisReportForm        form,
                                    GFile                  *file,
                                    GCancellable           *cancellable,
                                    GAsyncReadyCallback     callback,
                                    gpointer                user_data);
gboolean relais_report_save_finish (GAsyncResult           *result,
                                    GError                **error);

/* A head as `relais report --json` prints it, whose last list is left open for rows */
void     relais_report_append_json_head (GString                *json,
                                         const RelaisRunRecord  *run,
                                         RelaisExport           *export,
                                         GPtrArray              *differences);

#define RELAIS_REPORT_JSON_LEFT "], \"left\": ["
#define RELAIS_REPORT_JSON_END "]}\n"

G_END_DECLS
