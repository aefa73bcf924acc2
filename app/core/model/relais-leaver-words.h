/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-leaver-record.h"
#include "relais-records.h"

G_BEGIN_DECLS

const char *relais_leaver_record_explain (const RelaisLeaverRecord  *leaver);
char       *relais_leavers_explain_rest  (const RelaisRunRecord     *run,
                                          guint64                    n_named);

G_END_DECLS
