/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelaisSegmentSource:
 *
 * A segment file as a stream of UTF-8, whatever its encoding and compression.
 */
typedef struct _RelaisSegmentSource RelaisSegmentSource;

RelaisSegmentSource *relais_segment_source_open         (GFile                *file,
                                                         const char           *encoding,
                                                         GCancellable         *cancellable,
                                                         GError              **error);
void                 relais_segment_source_close        (RelaisSegmentSource  *source);
void                 relais_segment_source_set_piece    (RelaisSegmentSource  *source,
                                                         gsize                 bytes);
gboolean             relais_segment_source_look_at_tail (RelaisSegmentSource  *source,
                                                         GCancellable         *cancellable,
                                                         GError              **error);
gboolean             relais_segment_source_read         (RelaisSegmentSource  *source,
                                                         GString              *into,
                                                         GArray               *bad,
                                                         gboolean             *is_end,
                                                         GCancellable         *cancellable,
                                                         GError              **error);
const char          *relais_segment_source_get_encoding (RelaisSegmentSource  *source);
goffset              relais_segment_source_get_size     (RelaisSegmentSource  *source);
goffset              relais_segment_source_get_position (RelaisSegmentSource  *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisSegmentSource, relais_segment_source_close)

G_END_DECLS
