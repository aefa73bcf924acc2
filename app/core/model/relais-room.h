/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"

G_BEGIN_DECLS

gboolean  relais_room_is_known (const RelaisAccountSettings *settings);
gint64    relais_room_get_left (const RelaisAccountSettings *settings);
char     *relais_room_foresee  (const RelaisAccountSettings *settings,
                                guint64                      n_new);
char     *relais_room_explain  (const RelaisAccountSettings *settings,
                                guint64                      n_new);

G_END_DECLS
