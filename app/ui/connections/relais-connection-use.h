/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

guint relais_connection_count_exports     (RelaisConnection *connection);
void  relais_connection_share             (GtkWidget        *owner,
                                           RelaisWorkspace  *workspace,
                                           RelaisConnection *connection,
                                           RelaisAccess      access);
void  relais_connection_ask_to_disconnect (GtkWidget        *owner,
                                           RelaisWorkspace  *workspace,
                                           RelaisConnection *connection);

G_END_DECLS
