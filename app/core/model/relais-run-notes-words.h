/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run-notes.h"

G_BEGIN_DECLS

char *relais_gaps_describe             (RelaisGaps            gaps);
char *relais_leavers_describe_obstacle (const char           *export_name,
                                        gboolean              through_another);
char *relais_run_notes_explain         (const RelaisRunNotes *notes);

G_END_DECLS
