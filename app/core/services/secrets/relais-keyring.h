/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-secret-store.h"

G_BEGIN_DECLS

/**
 * RelaisKeyring:
 *
 * The Secret Service of the session, through libsecret. The schema is named
 * after the application ID; a key goes from libsecret's non-pageable memory straight into its
 * own. A service that hangs, or goes away with its prompt open, does not hold a call.
 */
#define RELAIS_TYPE_KEYRING (relais_keyring_get_type ())
G_DECLARE_FINAL_TYPE (RelaisKeyring, relais_keyring, RELAIS, KEYRING, GObject)

RelaisSecretStore *relais_keyring_new          (void);
void               relais_keyring_set_patience (RelaisKeyring *self,
                                                guint          milliseconds);

G_END_DECLS
