/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

GListModel *relais_usable_connections_new (RelaisWorkspace *workspace);

G_END_DECLS
