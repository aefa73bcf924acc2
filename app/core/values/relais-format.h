/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers and times, as the person's country writes them. */
char *relais_format_count  (guint64 n);
char *relais_format_share  (guint64 part,
                            guint64 whole);
char *relais_format_day    (gint64  time);
char *relais_format_moment (gint64  time);

G_END_DECLS
