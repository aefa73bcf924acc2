/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-secret-store.h"

G_BEGIN_DECLS

/**
 * RelaisMemorySecrets:
 *
 * A secret store for tests that need no keyring: it keeps secrets in memory, and
 * fails, is locked or is slow when it is told to.
 */
#define RELAIS_TYPE_MEMORY_SECRETS (relais_memory_secrets_get_type ())
G_DECLARE_FINAL_TYPE (RelaisMemorySecrets, relais_memory_secrets, RELAIS, MEMORY_SECRETS, GObject)

RelaisMemorySecrets *relais_memory_secrets_new        (void);
void                 relais_memory_secrets_set        (RelaisMemorySecrets *self,
                                                       RelaisSecretKind     kind,
                                                       const char          *connection_id,
                                                       const char          *secret);
const char          *relais_memory_secrets_peek       (RelaisMemorySecrets *self,
                                                       RelaisSecretKind     kind,
                                                       const char          *connection_id);
const char          *relais_memory_secrets_peek_label (RelaisMemorySecrets *self,
                                                       RelaisSecretKind     kind,
                                                       const char          *connection_id);
guint                relais_memory_secrets_get_n_secrets (RelaisMemorySecrets *self);
void                 relais_memory_secrets_fail       (RelaisMemorySecrets *self,
                                                       const GError        *error);
void                 relais_memory_secrets_set_locked (RelaisMemorySecrets *self,
                                                       gboolean             is_locked);
void                 relais_memory_secrets_set_heedless (RelaisMemorySecrets *self,
                                                       gboolean             is_heedless);
void                 relais_memory_secrets_set_delay  (RelaisMemorySecrets *self,
                                                       guint                milliseconds);
guint                relais_memory_secrets_get_calls  (RelaisMemorySecrets *self);

G_END_DECLS
