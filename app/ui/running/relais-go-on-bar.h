/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/**
 * RelaisGoOnBar:
 *
 * Names the exports whose run was interrupted before the window came, by a crash or by quitting, and offers to go on with them. It acts
 * on the page it is in, with their ids. It goes when nothing is left to offer, or when a person does not want it.
 */
#define RELAIS_TYPE_GO_ON_BAR (relais_go_on_bar_get_type ())
G_DECLARE_FINAL_TYPE (RelaisGoOnBar, relais_go_on_bar, RELAIS, GO_ON_BAR, AdwBin)

void relais_go_on_bar_set_workspace (RelaisGoOnBar   *self,
                                     RelaisWorkspace *workspace);

G_END_DECLS
