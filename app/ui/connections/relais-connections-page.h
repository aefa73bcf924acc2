/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

#define RELAIS_TYPE_CONNECTIONS_PAGE (relais_connections_page_get_type ())
G_DECLARE_FINAL_TYPE (RelaisConnectionsPage, relais_connections_page, RELAIS, CONNECTIONS_PAGE, AdwBin)

void relais_connections_page_set_workspace (RelaisConnectionsPage *self,
                                            RelaisWorkspace       *workspace);

G_END_DECLS
