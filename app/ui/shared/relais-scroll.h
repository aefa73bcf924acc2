/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void relais_scroll_to        (GtkWidget *first,
                              GtkWidget *last);
void relais_scroll_pass_over (GtkWidget *widget);

G_END_DECLS
