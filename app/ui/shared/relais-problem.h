/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void relais_problem_tell (GtkWidget    *widget,
                          const char   *heading,
                          const char   *sentences);
void relais_problem_show (GtkWidget    *widget,
                          const char   *heading,
                          const GError *error);

G_END_DECLS
