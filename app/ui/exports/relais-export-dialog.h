/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/* Sets up an export. Saving does not run it. */
#define RELAIS_TYPE_EXPORT_DIALOG (relais_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RelaisExportDialog, relais_export_dialog, RELAIS, EXPORT_DIALOG, AdwWindow)

GtkWidget *relais_export_dialog_new       (GtkWindow                    *parent,
                                           RelaisWorkspace              *workspace,
                                           RelaisExport                 *export);
GtkWidget *relais_export_dialog_new_from  (GtkWindow                    *parent,
                                           RelaisWorkspace              *workspace,
                                           const RelaisExportDefinition *definition);
gboolean   relais_export_dialog_add_files (RelaisExportDialog           *self,
                                           GSList                       *files);

G_END_DECLS
