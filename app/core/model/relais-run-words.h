/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"

G_BEGIN_DECLS

/* What a run asks before it goes on */
typedef enum
{
  RELAIS_QUESTION_NONE,
  RELAIS_QUESTION_OPEN,      /* it waits for an answer */
  RELAIS_QUESTION_ANSWERED,  /* and came to its end with it, or was stopped after it */
  RELAIS_QUESTION_OVER,      /* nobody answered, and no answer is waited for any more */
} RelaisQuestionState;

gboolean             relais_run_asks         (const RelaisRunRecord *run);
RelaisQuestionState  relais_run_get_question (const RelaisRunRecord *run,
                                              RelaisExport          *export);
const char          *relais_trigger_describe (RelaisTrigger          trigger);
RelaisRunStatus      relais_run_find_status  (const RelaisRunRecord *run,
                                              RelaisExport          *export);
guint64              relais_run_count_gone   (const RelaisRunRecord *run);
char                *relais_leavers_describe_brake (guint64         share,
                                              guint64                number);
char                *relais_run_explain      (const RelaisRunRecord *run,
                                              RelaisQuestionState    question);
char                *relais_repeats_describe_question (guint        n,
                                              gboolean               own);
char                *relais_run_explain_rest (const RelaisRunRecord *run);
const char          *relais_run_explain_corrected (const RelaisRunRecord *run);
char                *relais_run_tell_answer  (const RelaisRunRecord *run);
char                *relais_run_explain_unreadable (guint64         n);

G_END_DECLS
