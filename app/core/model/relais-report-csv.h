/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-leaver-record.h"
#include "relais-row.h"
#include "relais-text.h"

G_BEGIN_DECLS

/* What stands above the rows. A person corrects email, or writes beside column, in value, what should stand in it; the run says of which
 * report the rows are when they come back. */
#define RELAIS_CSV_HEAD "row,email,state,code,reason,column,value,run\r\n"

void relais_csv_cell      (GString                  *csv,
                           const char               *text);
void relais_csv_address   (GString                  *csv,
                           const char               *text);
char *relais_csv_read_cell (RelaisText               text);
void relais_csv_rejection (GString                  *csv,
                           const RelaisRejection    *rejection,
                           const char               *run_id);
void relais_csv_leaver    (GString                  *csv,
                           const RelaisLeaverRecord *leaver);

G_END_DECLS
