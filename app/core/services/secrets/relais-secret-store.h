/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-key.h"

G_BEGIN_DECLS

typedef enum
{
  RELAIS_SECRET_API_KEY,
  RELAIS_SECRET_FINGERPRINT_KEY,   /* RelaisHashKey, as 32 hexadecimal digits */
} RelaisSecretKind;

/**
 * RelaisSecretStore:
 *
 * Where secrets are kept: the session's keyring (RelaisKeyring), or memory in
 * tests. Nothing is ever written anywhere else instead. Errors are
 * RELAIS_ERROR_KEYRING_LOCKED, _MISSING, KEYRING, and KEY_MISSING from a lookup that
 * found the keyring open and nothing in it.
 */
#define RELAIS_TYPE_SECRET_STORE (relais_secret_store_get_type ())
G_DECLARE_INTERFACE (RelaisSecretStore, relais_secret_store, RELAIS, SECRET_STORE, GObject)

struct _RelaisSecretStoreInterface
{
  GTypeInterface parent;

  void       (* lookup_async)  (RelaisSecretStore    *self,
                                RelaisSecretKind      kind,
                                const char           *connection_id,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
  RelaisKey *(* lookup_finish) (RelaisSecretStore    *self,
                                GAsyncResult         *result,
                                GError              **error);
  void       (* store_async)   (RelaisSecretStore    *self,
                                RelaisSecretKind      kind,
                                const char           *connection_id,
                                const char           *label,
                                RelaisKey            *key,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
  gboolean   (* store_finish)  (RelaisSecretStore    *self,
                                GAsyncResult         *result,
                                GError              **error);
  void       (* remove_async)  (RelaisSecretStore    *self,
                                RelaisSecretKind      kind,
                                const char           *connection_id,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
  gboolean   (* remove_finish) (RelaisSecretStore    *self,
                                GAsyncResult         *result,
                                GError              **error);
};

void       relais_secret_store_lookup_async  (RelaisSecretStore    *self,
                                              RelaisSecretKind      kind,
                                              const char           *connection_id,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
RelaisKey *relais_secret_store_lookup_finish (RelaisSecretStore    *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void       relais_secret_store_store_async   (RelaisSecretStore    *self,
                                              RelaisSecretKind      kind,
                                              const char           *connection_id,
                                              const char           *label,
                                              RelaisKey            *key,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean   relais_secret_store_store_finish  (RelaisSecretStore    *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void       relais_secret_store_remove_async  (RelaisSecretStore    *self,
                                              RelaisSecretKind      kind,
                                              const char           *connection_id,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean   relais_secret_store_remove_finish (RelaisSecretStore    *self,
                                              GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
