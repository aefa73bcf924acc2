/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "relais-membership.h"

G_BEGIN_DECLS

/* How people are on lists, as an answer tells it beside them. */
typedef struct _RelaisMemberships RelaisMemberships;

RelaisMemberships *relais_memberships_read        (JsonObject        *answer);
void               relais_memberships_free        (RelaisMemberships *memberships);
int                relais_memberships_find_status (RelaisMemberships *memberships,
                                                   guint64            contact_id,
                                                   guint32            list_id);
GPtrArray         *relais_memberships_ref_of      (RelaisMemberships *memberships,
                                                   guint64            contact_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisMemberships, relais_memberships_free)

G_END_DECLS
