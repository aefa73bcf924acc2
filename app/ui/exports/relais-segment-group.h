/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-export-definition.h"
#include "relais-segment-description.h"

G_BEGIN_DECLS

/* The file of a segment, and what it was taken to be.
 *
 * Signals: "described", when another description of the file is there. */
#define RELAIS_TYPE_SEGMENT_GROUP (relais_segment_group_get_type ())
G_DECLARE_FINAL_TYPE (RelaisSegmentGroup, relais_segment_group, RELAIS, SEGMENT_GROUP, AdwPreferencesGroup)

void                      relais_segment_group_set_segment     (RelaisSegmentGroup  *self,
                                                                const RelaisSegment *segment);
void                      relais_segment_group_set_path        (RelaisSegmentGroup  *self,
                                                                const char          *path);
gboolean                  relais_segment_group_set_file        (RelaisSegmentGroup  *self,
                                                                GFile               *file);
RelaisSegment            *relais_segment_group_dup_segment     (RelaisSegmentGroup  *self);
RelaisSegmentDescription *relais_segment_group_get_description (RelaisSegmentGroup  *self);

G_END_DECLS
