/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-leaver-record.h"
#include "relais-run-words.h"

G_BEGIN_DECLS

void relais_json_time             (GString                   *json,
                                   gint64                     microseconds);
void relais_json_leavers          (GString                   *json,
                                   const RelaisRunRecord     *run);
void relais_json_foreseen_leavers (GString                   *json,
                                   const RelaisLeaversCounts *leavers);
void relais_json_question         (GString                   *json,
                                   const RelaisRunRecord     *run,
                                   RelaisQuestionState        question);
void relais_json_run              (GString                   *json,
                                   const char                *export_name,
                                   const RelaisRowCounts     *counts,
                                   const RelaisRunRecord     *run,
                                   RelaisRunStatus            status,
                                   RelaisQuestionState        question,
                                   const char                *message);
void relais_json_verified         (GString                   *json,
                                   const RelaisVerification  *verification,
                                   GPtrArray                 *differences);
void relais_json_rejection        (GString                   *json,
                                   const RelaisRejection     *rejection,
                                   gboolean                   first);
void relais_json_leaver           (GString                   *json,
                                   const RelaisLeaverRecord  *leaver,
                                   gboolean                   first);

G_END_DECLS
