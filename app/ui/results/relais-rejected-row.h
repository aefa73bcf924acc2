/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-corrections.h"
#include "relais-row.h"

G_BEGIN_DECLS

/* A row of a report that a person can correct. */
#define RELAIS_TYPE_REJECTED_ROW (relais_rejected_row_get_type ())
G_DECLARE_FINAL_TYPE (RelaisRejectedRow, relais_rejected_row, RELAIS, REJECTED_ROW, AdwExpanderRow)

GtkWidget *relais_rejected_row_new (const RelaisRejection *rejection,
                                    const char            *title,
                                    const char            *column,
                                    RelaisCorrections     *corrections);

G_END_DECLS
