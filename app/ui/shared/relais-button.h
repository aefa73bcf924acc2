/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void relais_button_let_wrap (GtkButton *button);

G_END_DECLS
