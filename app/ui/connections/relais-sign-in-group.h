/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-connection.h"
#include "relais-key.h"

G_BEGIN_DECLS

/* Where an account is, and the key to it, as they are typed.
 *
 * Signals: "changed", when it may be another account; "activated", when Enter was
 * pressed in a field. */
#define RELAIS_TYPE_SIGN_IN_GROUP (relais_sign_in_group_get_type ())
G_DECLARE_FINAL_TYPE (RelaisSignInGroup, relais_sign_in_group, RELAIS, SIGN_IN_GROUP, AdwPreferencesGroup)

void        relais_sign_in_group_set_connection (RelaisSignInGroup *self,
                                                 RelaisConnection  *connection);
gboolean    relais_sign_in_group_read           (RelaisSignInGroup *self);
gboolean    relais_sign_in_group_blame          (RelaisSignInGroup *self,
                                                 const GError      *error);
const char *relais_sign_in_group_get_host       (RelaisSignInGroup *self);
gboolean    relais_sign_in_group_is_practice    (RelaisSignInGroup *self);
RelaisKey  *relais_sign_in_group_dup_key        (RelaisSignInGroup *self);

G_END_DECLS
