/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run.h"

G_BEGIN_DECLS

/* What a run says of people who left the segment. */
char *relais_leavers_describe_question (const RelaisLeaversCounts *leavers);
char *relais_leavers_explain_question  (const RelaisLeaversCounts *leavers);
char *relais_leavers_title_question    (const RelaisLeaversCounts *leavers);
char *relais_leavers_describe_answer   (const RelaisLeaversCounts *leavers);
char *relais_describe_message          (GObject                   *object,
                                        RelaisRun                 *run,
                                        const char                *message);

G_END_DECLS
