/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-csv.h"

G_BEGIN_DECLS

char *relais_segment_display_name    (GFile            *file);
gboolean relais_segment_check_file   (GFile            *file,
                                      GCancellable     *cancellable,
                                      GError          **error);
void  relais_segment_set_file_error  (GFile            *file,
                                      const GError     *cause,
                                      GError          **error);
void  relais_segment_set_empty_error (GFile            *file,
                                      GError          **error);
void  relais_segment_set_signs_error (GFile            *file,
                                      GError          **error);
void  relais_segment_set_row_error   (GFile            *file,
                                      RelaisCsvResult   result,
                                      guint64           line,
                                      GError          **error);

G_END_DECLS
