/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal-log.h"

G_BEGIN_DECLS

char            *relais_log_check_explain      (const RelaisLogCheck *check);
char            *relais_log_check_explain_rest (const RelaisLogCheck *check);
RelaisRunRecord *relais_log_line_read          (const RelaisLogLine  *line);

G_END_DECLS
