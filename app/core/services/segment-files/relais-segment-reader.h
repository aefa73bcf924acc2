/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-segment-format.h"
#include "relais-text.h"

G_BEGIN_DECLS

/**
 * RelaisSegmentReader:
 *
 * Reads one segment file as a stream of rows, whatever its encoding,
 * delimiter and compression (.gz). It blocks, and belongs to one thread.
 * Memory does not grow with the file.
 */
#define RELAIS_TYPE_SEGMENT_READER (relais_segment_reader_get_type ())
G_DECLARE_FINAL_TYPE (RelaisSegmentReader, relais_segment_reader, RELAIS, SEGMENT_READER, GObject)

/* One row. Valid until the next call on the reader. */
typedef struct
{
  guint64           number;   /* counted from 1, the header not counted */
  guint64           line;     /* of the file, counted from 1, where the row begins */
  const RelaisText *cells;    /* (array length=n_cells): UTF-8, as written; a row
                               * that is too short is filled up with empty cells */
  guint             n_cells;  /* at least the number of columns */
  gboolean          bad_text; /* bytes that are no text in this encoding were replaced by U+FFFD */
} RelaisSegmentRow;

RelaisSegmentReader       *relais_segment_reader_new          (GFile                      *file,
                                                               const RelaisSegmentFormat  *asked);
gboolean                   relais_segment_reader_open         (RelaisSegmentReader        *self,
                                                               GCancellable               *cancellable,
                                                               GError                    **error);
const RelaisSegmentFormat *relais_segment_reader_get_format   (RelaisSegmentReader        *self);
const char * const        *relais_segment_reader_get_columns  (RelaisSegmentReader        *self);
guint                      relais_segment_reader_get_n_columns (RelaisSegmentReader       *self);
goffset                    relais_segment_reader_get_size     (RelaisSegmentReader        *self);
goffset                    relais_segment_reader_get_position (RelaisSegmentReader        *self);
const RelaisSegmentRow    *relais_segment_reader_next         (RelaisSegmentReader        *self,
                                                               GCancellable               *cancellable,
                                                               GError                    **error);

/* What tells a file from its next version without reading all of it: a digest of
 * its size, its time of change and its first and last 64 KiB. Blocks. */
char                      *relais_segment_file_digest         (GFile                      *file,
                                                               GCancellable               *cancellable,
                                                               GError                    **error);

G_END_DECLS
