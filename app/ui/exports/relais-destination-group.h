/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/* Where an export goes: a connection, and a list of its account.
 *
 * Signals: "fields-changed", when the account's custom fields are known, or not any longer. */
#define RELAIS_TYPE_DESTINATION_GROUP (relais_destination_group_get_type ())
G_DECLARE_FINAL_TYPE (RelaisDestinationGroup, relais_destination_group, RELAIS, DESTINATION_GROUP, AdwPreferencesGroup)

void       relais_destination_group_set_workspace  (RelaisDestinationGroup       *self,
                                                    RelaisWorkspace              *workspace,
                                                    const RelaisExportDefinition *definition);
void       relais_destination_group_view           (RelaisDestinationGroup       *self,
                                                    RelaisConnection             *connection,
                                                    const RelaisExportDefinition *definition);
gboolean   relais_destination_group_put            (RelaisDestinationGroup       *self,
                                                    RelaisExportDefinition       *definition,
                                                    GError                      **error);
GPtrArray *relais_destination_group_get_fields     (RelaisDestinationGroup       *self);

G_END_DECLS
