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

RelaisSegmentSource *relais_segment_source_open          (GFile                *file,
                                                          const char           *encoding,
                                                          gboolean              look_at_all,
                                                          GCancellable         *cancellable,
                                                          GError              **error);
void                 relais_segment_source_close         (RelaisSegmentSource  *source);
gboolean             relais_segment_source_read          (RelaisSegmentSource  *source,
                                                          GString              *into,
                                                          gboolean             *is_end,
                                                          GCancellable         *cancellable,
                                                          GError              **error);
const char          *relais_segment_source_get_encoding  (RelaisSegmentSource  *source);
goffset              relais_segment_source_get_size      (RelaisSegmentSource  *source);
goffset              relais_segment_source_get_position  (RelaisSegmentSource  *source);
gboolean             relais_segment_source_has_bad_text  (RelaisSegmentSource  *source);
void                 relais_segment_source_set_pieces    (gsize                 head,
                                                          gsize                 chunk);
char                *relais_segment_display_name         (GFile                *file);
void                 relais_segment_set_file_error       (GFile                *file,
                                                          const GError         *cause,
                                                          GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisSegmentSource, relais_segment_source_close)

G_END_DECLS
