/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-export-definition.h"
#include "relais-segment-description.h"

G_BEGIN_DECLS

/* The files of an export's segments, and what they were taken to be.
 *
 * Signals: "described", when another description of a file is there, or a file is gone. */
#define RELAIS_TYPE_SEGMENT_GROUP (relais_segment_group_get_type ())
G_DECLARE_FINAL_TYPE (RelaisSegmentGroup, relais_segment_group, RELAIS, SEGMENT_GROUP, AdwPreferencesGroup)

void                      relais_segment_group_add_segment     (RelaisSegmentGroup    *self,
                                                                const RelaisSegment   *segment);
void                      relais_segment_group_add_path        (RelaisSegmentGroup    *self,
                                                                const char            *path);
gboolean                  relais_segment_group_add_files       (RelaisSegmentGroup    *self,
                                                                GSList                *files);
GPtrArray                *relais_segment_group_dup_segments    (RelaisSegmentGroup    *self);
RelaisSegmentDescription *relais_segment_group_get_description (RelaisSegmentGroup    *self);
gboolean                  relais_segment_group_check           (RelaisSegmentGroup    *self,
                                                                const RelaisMatching  *matching,
                                                                GError               **error);

G_END_DECLS
