/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/* Asks an account whether it knows a key, and shows what it came to. Its button is
 * for the "dialog.connect" of what it stands in.
 *
 * Signals: "answered", when asking has ended, however it did; its argument says what
 * was wrong, or is NULL. */
#define RELAIS_TYPE_CONNECT_GROUP (relais_connect_group_get_type ())
G_DECLARE_FINAL_TYPE (RelaisConnectGroup, relais_connect_group, RELAIS, CONNECT_GROUP, AdwPreferencesGroup)

void                 relais_connect_group_ask          (RelaisConnectGroup           *self,
                                                        RelaisWorkspace              *workspace,
                                                        const RelaisConnectionRecord *record,
                                                        RelaisKey                    *key);
void                 relais_connect_group_ask_stored   (RelaisConnectGroup           *self,
                                                        RelaisWorkspace              *workspace,
                                                        RelaisConnection             *connection);
void                 relais_connect_group_show_saved   (RelaisConnectGroup           *self,
                                                        RelaisCheck                   check);
void                 relais_connect_group_reset        (RelaisConnectGroup           *self);
gboolean             relais_connect_group_is_busy      (RelaisConnectGroup           *self);
gboolean             relais_connect_group_is_connected (RelaisConnectGroup           *self);
const RelaisAccount *relais_connect_group_get_account  (RelaisConnectGroup           *self);

G_END_DECLS
