/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-segment-format.h"

G_BEGIN_DECLS

/**
 * RelaisSegmentDescription:
 * @format: what the file was taken to be; nothing in it is left to be found
 * @columns: (array zero-terminated=1): names; columns of a file without a
 *   header are named by their number from 1
 * @samples: (element-type GStrv): per column, its first non-empty values, at most
 *   RELAIS_SEGMENT_SAMPLES
 * @size: of the file in bytes
 *
 * What a person needs to see of a segment file to match its columns: the head
 * of the file, not the whole. Reference-counted, immutable.
 */
typedef struct
{
  RelaisSegmentFormat  *format;
  char                **columns;
  GPtrArray            *samples;
  goffset               size;
} RelaisSegmentDescription;

#define RELAIS_SEGMENT_SAMPLES 50

RelaisSegmentDescription *relais_segment_description_ref    (RelaisSegmentDescription   *description);
void                      relais_segment_description_unref  (RelaisSegmentDescription   *description);
void                      relais_segment_describe_async     (GFile                      *file,
                                                             const RelaisSegmentFormat  *asked,
                                                             GCancellable               *cancellable,
                                                             GAsyncReadyCallback         callback,
                                                             gpointer                    user_data);
RelaisSegmentDescription *relais_segment_describe_finish    (GAsyncResult               *result,
                                                             GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisSegmentDescription, relais_segment_description_unref)

G_END_DECLS
