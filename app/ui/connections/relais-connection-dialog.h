/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/* Sets up a connection: who, where, agreed, connected, saved. Cancel leaves nothing behind. */
#define RELAIS_TYPE_CONNECTION_DIALOG (relais_connection_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RelaisConnectionDialog, relais_connection_dialog, RELAIS, CONNECTION_DIALOG, AdwWindow)

GtkWidget *relais_connection_dialog_new (GtkWindow        *parent,
                                         RelaisWorkspace  *workspace,
                                         RelaisConnection *connection);

G_END_DECLS
