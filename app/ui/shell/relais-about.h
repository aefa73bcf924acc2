/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

GtkWidget *relais_about_new      (GtkWindow       *parent,
                                  RelaisWorkspace *workspace);
char      *relais_about_describe (RelaisWorkspace *workspace);

G_END_DECLS
