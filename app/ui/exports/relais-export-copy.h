/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-workspace.h"

G_BEGIN_DECLS

RelaisExportDefinition *relais_export_copy_definition (RelaisExport    *export,
                                                       RelaisWorkspace *workspace);

G_END_DECLS
