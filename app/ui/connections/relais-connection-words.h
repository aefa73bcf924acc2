/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-connection.h"

G_BEGIN_DECLS

/* What a connection says of itself: pure functions, for the .ui files to bind. */
char  *relais_describe_check   (GObject    *object,
                                int         check,
                                int         keyring_error);
char  *relais_check_icon       (GObject    *object,
                                int         check);
char **relais_check_classes    (GObject    *object,
                                int         check);
char  *relais_describe_account (GObject    *object,
                                gboolean    practice,
                                const char *host,
                                guint       n_exports,
                                int         access);
char  *relais_describe_missing (gboolean    has_name,
                                gboolean    has_agreed,
                                gboolean    is_connected);
char  *relais_describe_checked (GObject    *object,
                                gint64      checked_at);
gboolean relais_shows_checked  (GObject    *object,
                                gint64      checked_at);
char  *relais_describe_uses    (guint       n_exports);

G_END_DECLS
