/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-clock.h"
#include "relais-export.h"
#include "relais-role.h"

G_BEGIN_DECLS

/* One export in the list. Its buttons act on its page, with its id.
 *
 * Properties: `export`, `clock`, `selecting` and `selected` (boolean), `role` (RelaisRole: the person's, which says
 * what can be done). */
#define RELAIS_TYPE_EXPORT_ROW (relais_export_row_get_type ())
G_DECLARE_FINAL_TYPE (RelaisExportRow, relais_export_row, RELAIS, EXPORT_ROW, GtkListBoxRow)

GtkWidget    *relais_export_row_new           (RelaisExport    *export,
                                               RelaisClock     *clock);
RelaisExport *relais_export_row_get_export    (RelaisExportRow *self);
gboolean      relais_export_row_is_selected   (RelaisExportRow *self);
void          relais_export_row_set_selected  (RelaisExportRow *self,
                                               gboolean         selected);
void          relais_export_row_set_selecting (RelaisExportRow *self,
                                               gboolean         selecting);

G_END_DECLS
