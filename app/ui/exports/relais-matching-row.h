/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What one field of a contact is filled from: a column, of which a value is shown. */
#define RELAIS_TYPE_MATCHING_ROW (relais_matching_row_get_type ())
G_DECLARE_FINAL_TYPE (RelaisMatchingRow, relais_matching_row, RELAIS, MATCHING_ROW, AdwComboRow)

GtkWidget  *relais_matching_row_new        (const char        *title);
const char *relais_matching_row_get_column (RelaisMatchingRow *self);
void        relais_matching_row_set_column (RelaisMatchingRow *self,
                                            const char        *column);

G_END_DECLS
