/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-memory-secrets.h"

#include "relais-error.h"

struct _RelaisMemorySecrets
{
  GObject parent_instance;

  GHashTable *keys;       /* (owned) (element-type utf8 RelaisKey) */
  GHashTable *labels;     /* (owned) (element-type utf8 utf8): of those that were stored with a call */
  GError     *error;      /* (owned) (nullable): what every call fails with */
  gboolean    is_locked;
  gboolean    is_heedless;
  guint       delay;      /* in milliseconds */
  guint       n_calls;
};

static void secret_store_iface_init (RelaisSecretStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelaisMemorySecrets, relais_memory_secrets, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAIS_TYPE_SECRET_STORE, secret_store_iface_init))

/* One call, as the data of its task. It takes effect when it is answered. */
typedef struct
{
  char      *name;    /* (owned): under which the key is kept */
  char      *label;   /* (owned) (nullable) */
  RelaisKey *stores;  /* (owned) (nullable) */
  gboolean   removes;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->name);
  g_free (call->label);
  g_clear_pointer (&call->stores, relais_key_unref);
  g_free (call);
}

static char *
make_name (RelaisSecretKind  kind,
           const char       *connection_id)
{
  return g_strdup_printf ("%d %s", kind, connection_id);
}

static gboolean
answer_cb (gpointer user_data)
{
  GTask *task = user_data;
  RelaisMemorySecrets *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  RelaisKey *key;

  if (!self->is_heedless && g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (self->error != NULL || self->is_locked)
    {
      g_task_return_error (task, self->error != NULL ? g_error_copy (self->error) :
                           g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_KEYRING_LOCKED, "The keyring is locked."));
      return G_SOURCE_REMOVE;
    }

  if (call->stores != NULL)
    {
      g_hash_table_replace (self->keys, g_strdup (call->name), relais_key_ref (call->stores));
      g_hash_table_replace (self->labels, g_strdup (call->name), g_strdup (call->label));
    }
  if (call->removes)
    g_hash_table_remove (self->keys, call->name);

  key = g_hash_table_lookup (self->keys, call->name);
  if (key == NULL && !call->removes)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING, "Nothing is stored for this connection.");
  else
    g_task_return_pointer (task, key != NULL ? relais_key_ref (key) : NULL, (GDestroyNotify) relais_key_unref);

  return G_SOURCE_REMOVE;
}

/* Answers after the delay, or as soon as the call is cancelled. */
static void
begin (RelaisSecretStore   *store,
       RelaisSecretKind     kind,
       const char          *connection_id,
       const char          *label,
       RelaisKey           *stores,
       gboolean             removes,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  RelaisMemorySecrets *self = RELAIS_MEMORY_SECRETS (store);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GSource) timer = g_timeout_source_new (self->delay);
  Call *call = g_new0 (Call, 1);

  self->n_calls++;
  call->name = make_name (kind, connection_id);
  call->label = g_strdup (label);
  call->stores = stores != NULL ? relais_key_ref (stores) : NULL;
  call->removes = removes;
  g_task_set_task_data (task, call, call_free);
  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (timer, cancelled);
    }
  g_task_attach_source (task, timer, answer_cb);
}

static void
memory_lookup_async (RelaisSecretStore   *store,
                     RelaisSecretKind     kind,
                     const char          *connection_id,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  begin (store, kind, connection_id, NULL, NULL, FALSE, cancellable, callback, user_data);
}

static RelaisKey *
memory_lookup_finish (RelaisSecretStore  *store,
                      GAsyncResult       *result,
                      GError            **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
memory_store_async (RelaisSecretStore   *store,
                    RelaisSecretKind     kind,
                    const char          *connection_id,
                    const char          *label,
                    RelaisKey           *key,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  begin (store, kind, connection_id, label, key, FALSE, cancellable, callback, user_data);
}

static void
memory_remove_async (RelaisSecretStore   *store,
                     RelaisSecretKind     kind,
                     const char          *connection_id,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  begin (store, kind, connection_id, NULL, NULL, TRUE, cancellable, callback, user_data);
}

static gboolean
finish_change (RelaisSecretStore  *store,
               GAsyncResult       *result,
               GError            **error)
{
  g_autoptr (GError) local_error = NULL;
  RelaisKey *key = g_task_propagate_pointer (G_TASK (result), &local_error);

  g_clear_pointer (&key, relais_key_unref);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
relais_memory_secrets_finalize (GObject *object)
{
  RelaisMemorySecrets *self = RELAIS_MEMORY_SECRETS (object);

  g_hash_table_unref (self->keys);
  g_hash_table_unref (self->labels);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (relais_memory_secrets_parent_class)->finalize (object);
}

static void
secret_store_iface_init (RelaisSecretStoreInterface *iface)
{
  iface->lookup_async = memory_lookup_async;
  iface->lookup_finish = memory_lookup_finish;
  iface->store_async = memory_store_async;
  iface->store_finish = finish_change;
  iface->remove_async = memory_remove_async;
  iface->remove_finish = finish_change;
}

static void
relais_memory_secrets_class_init (RelaisMemorySecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_memory_secrets_finalize;
}

static void
relais_memory_secrets_init (RelaisMemorySecrets *self)
{
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) relais_key_unref);
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * relais_memory_secrets_new:
 *
 * Returns: (transfer full): an empty, open store that answers at once
 */
RelaisMemorySecrets *
relais_memory_secrets_new (void)
{
  return g_object_new (RELAIS_TYPE_MEMORY_SECRETS, NULL);
}

/**
 * relais_memory_secrets_set:
 * @self: the store
 * @kind: what the secret is for
 * @connection_id: whose it is
 * @secret: (nullable): %NULL removes it
 *
 * Changes what is stored without a call.
 */
void
relais_memory_secrets_set (RelaisMemorySecrets *self,
                           RelaisSecretKind     kind,
                           const char          *connection_id,
                           const char          *secret)
{
  g_autofree char *name = make_name (kind, connection_id);

  if (secret != NULL)
    g_hash_table_replace (self->keys, g_steal_pointer (&name), relais_key_new_copy (secret, -1));
  else
    g_hash_table_remove (self->keys, name);
}

/**
 * relais_memory_secrets_peek:
 * @self: the store
 * @kind: what the secret is for
 * @connection_id: whose it is
 *
 * Returns: (transfer none) (nullable): what is stored
 */
const char *
relais_memory_secrets_peek (RelaisMemorySecrets *self,
                            RelaisSecretKind     kind,
                            const char          *connection_id)
{
  g_autofree char *name = make_name (kind, connection_id);
  RelaisKey *key = g_hash_table_lookup (self->keys, name);

  return key != NULL ? relais_key_peek (key) : NULL;
}

/**
 * relais_memory_secrets_peek_label:
 * @self: the store
 * @kind: what the secret is for
 * @connection_id: whose it is
 *
 * Returns: (transfer none) (nullable): what it was called when it was stored last
 */
const char *
relais_memory_secrets_peek_label (RelaisMemorySecrets *self,
                                  RelaisSecretKind     kind,
                                  const char          *connection_id)
{
  g_autofree char *name = make_name (kind, connection_id);

  return g_hash_table_lookup (self->labels, name);
}

/**
 * relais_memory_secrets_get_n_secrets:
 * @self: the store
 *
 * Returns: how many secrets there are in all
 */
guint
relais_memory_secrets_get_n_secrets (RelaisMemorySecrets *self)
{
  return g_hash_table_size (self->keys);
}

/**
 * relais_memory_secrets_fail:
 * @self: the store
 * @error: (nullable): what every call fails with from now on; %NULL: they succeed again
 */
void
relais_memory_secrets_fail (RelaisMemorySecrets *self,
                            const GError        *error)
{
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

/**
 * relais_memory_secrets_set_locked:
 * @self: the store
 * @is_locked: whether every call fails with RELAIS_ERROR_KEYRING_LOCKED
 */
void
relais_memory_secrets_set_locked (RelaisMemorySecrets *self,
                                  gboolean             is_locked)
{
  self->is_locked = is_locked;
}

/**
 * relais_memory_secrets_set_heedless:
 * @self: the store
 * @is_heedless: whether what was asked for is done although it was cancelled, as by a
 *   keyring that had the message already
 */
void
relais_memory_secrets_set_heedless (RelaisMemorySecrets *self,
                                    gboolean             is_heedless)
{
  self->is_heedless = is_heedless;
}

/**
 * relais_memory_secrets_set_delay:
 * @self: the store
 * @milliseconds: how long the calls that begin from now on take
 */
void
relais_memory_secrets_set_delay (RelaisMemorySecrets *self,
                                 guint                milliseconds)
{
  self->delay = milliseconds;
}

/**
 * relais_memory_secrets_get_calls:
 * @self: the store
 *
 * Returns: how often it was asked for anything
 */
guint
relais_memory_secrets_get_calls (RelaisMemorySecrets *self)
{
  return self->n_calls;
}
