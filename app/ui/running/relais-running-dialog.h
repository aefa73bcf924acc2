/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/**
 * RelaisRunningDialog:
 *
 * A run under way: what it is busy with, how far it is, how fast, how long it will take, what became of its rows so far, and what it
 * waits for. When it has ended it says how, with the way to its result. Closing it changes nothing for the run.
 */
#define RELAIS_TYPE_RUNNING_DIALOG (relais_running_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RelaisRunningDialog, relais_running_dialog, RELAIS, RUNNING_DIALOG, AdwWindow)

GtkWidget *relais_running_dialog_new     (GtkWindow       *parent,
                                          RelaisWorkspace *workspace,
                                          RelaisExport    *export);
void       relais_running_dialog_present (GtkWindow       *parent,
                                          RelaisWorkspace *workspace,
                                          RelaisExport    *export);

G_END_DECLS
