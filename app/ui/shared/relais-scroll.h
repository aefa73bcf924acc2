/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void relais_scroll_to (GtkWidget *first,
                       GtkWidget *last);

G_END_DECLS
