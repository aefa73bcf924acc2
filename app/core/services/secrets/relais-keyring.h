/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-secret-store.h"

G_BEGIN_DECLS

/**
 * RelaisKeyring:
 *
 * The Secret Service of the session, through libsecret. The schema is named
 * after the application ID; looked-up keys stay in libsecret's non-pageable memory.
 */
#define RELAIS_TYPE_KEYRING (relais_keyring_get_type ())
G_DECLARE_FINAL_TYPE (RelaisKeyring, relais_keyring, RELAIS, KEYRING, GObject)

RelaisSecretStore *relais_keyring_new (void);

G_END_DECLS
