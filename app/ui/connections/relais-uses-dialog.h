/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/**
 * RelaisUsesDialog:
 *
 * Why a connection cannot be removed: the exports that use it, each of which can be removed or disconnected. Then it can be.
 */
#define RELAIS_TYPE_USES_DIALOG (relais_uses_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RelaisUsesDialog, relais_uses_dialog, RELAIS, USES_DIALOG, AdwWindow)

GtkWidget *relais_uses_dialog_new (GtkWindow        *parent,
                                   RelaisWorkspace  *workspace,
                                   RelaisConnection *connection,
                                   AdwToastOverlay  *page_toasts);

G_END_DECLS
