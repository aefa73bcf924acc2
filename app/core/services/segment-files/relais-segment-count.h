/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-segment-format.h"

G_BEGIN_DECLS

/* How many rows a segment file has: all of it is read. */
gboolean relais_segment_count        (GFile                      *file,
                                      const RelaisSegmentFormat  *asked,
                                      guint64                    *n_rows,
                                      GCancellable               *cancellable,
                                      GError                    **error);
void     relais_segment_count_async  (GFile                      *file,
                                      const RelaisSegmentFormat  *asked,
                                      GCancellable               *cancellable,
                                      GAsyncReadyCallback         callback,
                                      gpointer                    user_data);
gboolean relais_segment_count_finish (GAsyncResult               *result,
                                      guint64                    *n_rows,
                                      GError                    **error);

G_END_DECLS
