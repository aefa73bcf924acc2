/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-secret-store.h"

G_DEFINE_INTERFACE (RelaisSecretStore, relais_secret_store, G_TYPE_OBJECT)

static void
relais_secret_store_default_init (RelaisSecretStoreInterface *iface)
{
}

/**
 * relais_secret_store_lookup_async:
 * @self: the store
 * @kind: what the secret is for
 * @connection_id: whose it is
 * @cancellable: (nullable): the call ends at once when it is cancelled
 * @callback: called with the secret
 * @user_data: for @callback
 *
 * May ask the person to unlock the keyring.
 */
void
relais_secret_store_lookup_async (RelaisSecretStore   *self,
                                  RelaisSecretKind     kind,
                                  const char          *connection_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (RELAIS_IS_SECRET_STORE (self));
  g_return_if_fail (connection_id != NULL);

  RELAIS_SECRET_STORE_GET_IFACE (self)->lookup_async (self, kind, connection_id, cancellable, callback, user_data);
}

/**
 * relais_secret_store_lookup_finish:
 * @self: the store
 * @result: of relais_secret_store_lookup_async()
 * @error: RELAIS_ERROR_KEY_MISSING when the keyring is open and nothing is
 *   stored, RELAIS_ERROR_KEYRING_LOCKED, _MISSING or RELAIS_ERROR_KEYRING
 *
 * Returns: (transfer full) (nullable): the secret
 */
RelaisKey *
relais_secret_store_lookup_finish (RelaisSecretStore  *self,
                                   GAsyncResult       *result,
                                   GError            **error)
{
  return RELAIS_SECRET_STORE_GET_IFACE (self)->lookup_finish (self, result, error);
}

/**
 * relais_secret_store_store_async:
 * @self: the store
 * @kind: what the secret is for
 * @connection_id: whose it is
 * @label: what the keyring's own window shows for it, translated
 * @key: the secret; takes the place of what was stored
 * @cancellable: (nullable): the call ends at once when it is cancelled; the
 *   secret may have been stored all the same
 * @callback: for relais_secret_store_store_finish()
 * @user_data: for @callback
 *
 * May ask the person to unlock the keyring, or to make one.
 */
void
relais_secret_store_store_async (RelaisSecretStore   *self,
                                 RelaisSecretKind     kind,
                                 const char          *connection_id,
                                 const char          *label,
                                 RelaisKey           *key,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (RELAIS_IS_SECRET_STORE (self));
  g_return_if_fail (connection_id != NULL && label != NULL && key != NULL);

  RELAIS_SECRET_STORE_GET_IFACE (self)->store_async (self, kind, connection_id, label, key, cancellable, callback, user_data);
}

/**
 * relais_secret_store_store_finish:
 * @self: the store
 * @result: of relais_secret_store_store_async()
 * @error: RELAIS_ERROR_KEYRING_LOCKED, _MISSING or RELAIS_ERROR_KEYRING
 *
 * Returns: whether the secret is stored
 */
gboolean
relais_secret_store_store_finish (RelaisSecretStore  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  return RELAIS_SECRET_STORE_GET_IFACE (self)->store_finish (self, result, error);
}

/**
 * relais_secret_store_remove_async:
 * @self: the store
 * @kind: what the secret is for
 * @connection_id: whose it is
 * @cancellable: (nullable): the call ends at once when it is cancelled; the
 *   secret may have been removed all the same
 * @callback: for relais_secret_store_remove_finish()
 * @user_data: for @callback
 *
 * Removing what is not there succeeds. May ask the person to unlock the keyring.
 */
void
relais_secret_store_remove_async (RelaisSecretStore   *self,
                                  RelaisSecretKind     kind,
                                  const char          *connection_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (RELAIS_IS_SECRET_STORE (self));
  g_return_if_fail (connection_id != NULL);

  RELAIS_SECRET_STORE_GET_IFACE (self)->remove_async (self, kind, connection_id, cancellable, callback, user_data);
}

/**
 * relais_secret_store_remove_finish:
 * @self: the store
 * @result: of relais_secret_store_remove_async()
 * @error: RELAIS_ERROR_KEYRING_LOCKED, _MISSING or RELAIS_ERROR_KEYRING
 *
 * Returns: whether nothing is stored any more
 */
gboolean
relais_secret_store_remove_finish (RelaisSecretStore  *self,
                                   GAsyncResult       *result,
                                   GError            **error)
{
  return RELAIS_SECRET_STORE_GET_IFACE (self)->remove_finish (self, result, error);
}
