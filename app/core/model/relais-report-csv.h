/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-leaver-record.h"
#include "relais-row.h"

G_BEGIN_DECLS

/* What stands above the rows */
#define RELAIS_CSV_HEAD "row,email,state,code,reason\r\n"

void relais_csv_cell      (GString                  *csv,
                           const char               *text);
void relais_csv_address   (GString                  *csv,
                           const char               *text);
void relais_csv_rejection (GString                  *csv,
                           const RelaisRejection    *rejection);
void relais_csv_leaver    (GString                  *csv,
                           const RelaisLeaverRecord *leaver);

G_END_DECLS
