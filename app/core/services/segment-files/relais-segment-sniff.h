/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-segment-format.h"

G_BEGIN_DECLS

/* What is looked at of a file to find how it is written. */
#define RELAIS_SEGMENT_SNIFF_BYTES (64 * 1024)

gsize relais_segment_sniff_separator_line (const char          *head,
                                           gsize                length,
                                           char                *delimiter);
void  relais_segment_sniff                (const char          *head,
                                           gsize                length,
                                           gboolean             is_end,
                                           RelaisSegmentFormat *format);

G_END_DECLS
