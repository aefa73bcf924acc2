/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *relais_host_read          (const char  *written,
                                     gboolean    *reduced,
                                     GError     **error);
gboolean  relais_host_is_known      (const char  *host);
char     *relais_host_read_practice (const char  *written,
                                     GError     **error);

G_END_DECLS
