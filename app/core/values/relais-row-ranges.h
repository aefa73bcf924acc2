/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which rows of a segment belong together, as text: "1-250 252 254-300", in rising order. */
void     relais_row_ranges_append (GString     *ranges,
                                   guint64      first,
                                   guint64      last);
gboolean relais_row_ranges_next   (const char **at,
                                   guint64     *first,
                                   guint64     *last);

G_END_DECLS
