/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-segment-format.h"
#include "relais-text.h"

G_BEGIN_DECLS

gsize    relais_segment_sniff_separator_line (const char          *head,
                                              gsize                length,
                                              char                *delimiter);
void     relais_segment_sniff                (const char          *head,
                                              gsize                length,
                                              gboolean             is_end,
                                              RelaisSegmentFormat *format);
gboolean relais_segment_looks_like_header    (const RelaisText    *cells,
                                              guint                n_cells);

G_END_DECLS
