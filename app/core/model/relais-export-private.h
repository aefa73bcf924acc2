/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"

G_BEGIN_DECLS

void relais_export_take_refresh        (RelaisExport          *self,
                                        const RelaisRunRecord *run);
void relais_export_forget_runs         (RelaisExport          *self);
void relais_export_set_unreadable      (RelaisExport          *self);
void relais_export_set_connection_name (RelaisExport          *self,
                                        const char            *name);

G_END_DECLS
