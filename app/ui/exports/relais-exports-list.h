/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-clock.h"
#include "relais-workspace.h"

G_BEGIN_DECLS

/* The exports as rows that can be searched, sorted and selected. What is done to them is done by the
 * page around the list: "exports.run-several" with the ids of the selected ones, and "exports.disconnect"
 * and "exports.remove" with the id of each. What the person's role does not allow cannot be pressed.
 *
 * Properties: `order` (string, see relais_exports_compare()), `selecting` (boolean). */
#define RELAIS_TYPE_EXPORTS_LIST (relais_exports_list_get_type ())
G_DECLARE_FINAL_TYPE (RelaisExportsList, relais_exports_list, RELAIS, EXPORTS_LIST, AdwBin)

void relais_exports_list_set_workspace (RelaisExportsList *self,
                                        RelaisWorkspace   *workspace,
                                        RelaisClock       *clock);
void relais_exports_list_search        (RelaisExportsList *self);

G_END_DECLS
