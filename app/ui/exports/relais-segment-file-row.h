/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-export-definition.h"
#include "relais-segment-description.h"

G_BEGIN_DECLS

/* One file of an export's segments: how large it is, what it was taken to be, and drop-downs to correct that.
 *
 * Signals: "described", when its description is another one; "counted", when its rows are counted;
 * "removed", when a person does not want it. */
#define RELAIS_TYPE_SEGMENT_FILE_ROW (relais_segment_file_row_get_type ())
G_DECLARE_FINAL_TYPE (RelaisSegmentFileRow, relais_segment_file_row, RELAIS, SEGMENT_FILE_ROW, AdwExpanderRow)

GtkWidget                *relais_segment_file_row_new             (const RelaisSegment   *segment);
const char               *relais_segment_file_row_get_path        (RelaisSegmentFileRow  *self);
void                      relais_segment_file_row_read            (RelaisSegmentFileRow  *self);
RelaisSegment            *relais_segment_file_row_dup_segment     (RelaisSegmentFileRow  *self);
RelaisSegmentDescription *relais_segment_file_row_get_description (RelaisSegmentFileRow  *self);
guint64                   relais_segment_file_row_get_n_rows      (RelaisSegmentFileRow  *self);

G_END_DECLS
