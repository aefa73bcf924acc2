/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-text.h"

G_BEGIN_DECLS

gboolean   relais_segment_looks_like_header (const RelaisText *cells,
                                             guint             n_cells);
char     **relais_segment_name_columns      (const RelaisText *cells,
                                             guint             n_cells,
                                             gboolean          header);

G_END_DECLS
