/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-segment-reader.h"

G_BEGIN_DECLS

void relais_segment_reader_set_look_at_tail (RelaisSegmentReader *self,
                                             gboolean             look_at_tail);
void relais_segment_reader_set_piece        (RelaisSegmentReader *self,
                                             gsize                bytes);

G_END_DECLS
