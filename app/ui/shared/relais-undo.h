/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

void relais_undo_remove  (AdwToastOverlay *overlay,
                          RelaisWorkspace *workspace,
                          gpointer         thing);
void relais_undo_end_all (RelaisWorkspace *workspace);

G_END_DECLS
