/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-matching.h"
#include "relais-segment-description.h"

G_BEGIN_DECLS

/* Data matching: which column fills which field of a contact. */
#define RELAIS_TYPE_MATCHING_GROUP (relais_matching_group_get_type ())
G_DECLARE_FINAL_TYPE (RelaisMatchingGroup, relais_matching_group, RELAIS, MATCHING_GROUP, AdwPreferencesGroup)

void            relais_matching_group_set_matching    (RelaisMatchingGroup      *self,
                                                       const RelaisMatching     *matching);
void            relais_matching_group_set_description (RelaisMatchingGroup      *self,
                                                       RelaisSegmentDescription *description);
void            relais_matching_group_set_fields      (RelaisMatchingGroup      *self,
                                                       GPtrArray                *fields);
RelaisMatching *relais_matching_group_dup_matching    (RelaisMatchingGroup      *self);
gboolean        relais_matching_group_check           (RelaisMatchingGroup      *self,
                                                       GError                  **error);

G_END_DECLS
