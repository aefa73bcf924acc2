/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-keyring.h"

#include "relais-error.h"
#include "relais-keyring-watch-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
/* The header is installed, but secret.h of 0.20 forgets to include it, and it
 * refuses to be included from elsewhere. */
#define SECRET_COMPILATION
#include <libsecret/secret-backend.h>
#undef SECRET_COMPILATION

/* Every call goes the same way: which back end → (Secret Service only) the
 * default collection → unlocked? → what was asked for. The collection is looked
 * at first because libsecret answers a look-up in a locked keyring as it
 * answers one that finds nothing: with NULL and no error. */

#define PATIENCE 5000 /* ms */

struct _RelaisKeyring
{
  GObject parent_instance;

  guint patience;
};

static void secret_store_iface_init (RelaisSecretStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelaisKeyring, relais_keyring, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAIS_TYPE_SECRET_STORE, secret_store_iface_init))

typedef enum
{
  CALL_LOOKUP,
  CALL_STORE,
  CALL_REMOVE,
} CallKind;

/* One call, as the data of its task */
typedef struct
{
  CallKind    kind;
  GHashTable *attributes;     /* (owned) */
  char       *label;          /* (owned) (nullable) */
  RelaisKey  *key;            /* (owned) (nullable) */
  GSource    *cancelled;      /* (owned) (nullable): while the call may be cancelled */
  gboolean    is_service;     /* and no file back end */
  gboolean    answered;       /* a late answer of the keyring is dropped */
  gboolean    begun_anew;     /* after the service had gone */
  gboolean    no_collection;  /* the service has no default collection */

  RelaisKeyringWatch *watch;  /* (owned) (nullable): while it has no answer */
} Call;

static void open_backend     (GTask        *taken);
static void carry_out        (GTask        *taken);
static void backend_ready_cb (GObject      *object,
                              GAsyncResult *result,
                              gpointer      user_data);

static const SecretSchema *
get_schema (void)
{
  static const SecretSchema schema = {
    RELAIS_APPLICATION_ID, SECRET_SCHEMA_NONE,
    {
      { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "connection", SECRET_SCHEMA_ATTRIBUTE_STRING },
    },
  };

  return &schema;
}

static void
stop_watching (Call *call)
{
  g_clear_pointer (&call->watch, relais_keyring_watch_free);
  if (call->cancelled == NULL)
    return;
  g_source_destroy (call->cancelled);
  g_clear_pointer (&call->cancelled, g_source_unref);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  stop_watching (call);
  g_hash_table_unref (call->attributes);
  g_free (call->label);
  g_clear_pointer (&call->key, relais_key_unref);
  g_free (call);
}

/* Answering */

static void
answer_error (GTask  *task,
              GError *taken)
{
  Call *call = g_task_get_task_data (task);

  call->answered = TRUE;
  stop_watching (call);
  g_task_return_error (task, taken);
}

static void
answer_key (GTask     *task,
            RelaisKey *taken)
{
  Call *call = g_task_get_task_data (task);

  call->answered = TRUE;
  stop_watching (call);
  g_task_return_pointer (task, taken, (GDestroyNotify) relais_key_unref);
}

static void
answer_done (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  call->answered = TRUE;
  stop_watching (call);
  g_task_return_boolean (task, TRUE);
}

static void
answer_locked (GTask *task)
{
  answer_error (task, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_KEYRING_LOCKED,
    /* Translators: the keyring is where the desktop keeps passwords. */
    _("The keyring that holds your API keys is locked. Unlock it, for example in “Passwords and Keys”, and try again.")));
}

static void
answer_missing (GTask *task)
{
  answer_error (task, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_KEYRING_MISSING,
    /* Translators: the keyring is where the desktop keeps passwords. */
    _("This session has no keyring, and Relais keeps API keys nowhere else. Start or create one, for example with “Passwords and Keys”, and try again.")));
}

static void
answer_silent (GTask *task)
{
  answer_error (task, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_KEYRING,
    /* Translators: the keyring is where the desktop keeps passwords. */
    _("The keyring does not answer. Try again; if it stays so, log out of your session and in again.")));
}

static gboolean
is_service_gone (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_EXEC_FAILED) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_CHILD_EXITED) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_CHILD_SIGNALED) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_SERVER) ||
         (error->domain == G_IO_ERROR && (error->code == G_IO_ERROR_NOT_FOUND || error->code == G_IO_ERROR_CONNECTION_REFUSED));
}

/* Where none can even be named, GLib's error has no code of its own. */
static gboolean
has_session_bus (void)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  return address != NULL;
}

/* libsecret's own words are English and may quote what was looked for: they
 * are not shown. */
static void
answer_failure (GTask        *task,
                const GError *cause)
{
  Call *call = g_task_get_task_data (task);

  if (g_error_matches (cause, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    answer_locked (task);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    answer_silent (task);
  else if (is_service_gone (cause) || call->no_collection || !has_session_bus ())
    answer_missing (task);
  else
    answer_error (task, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_KEYRING,
      /* Translators: the keyring is where the desktop keeps passwords. */
      _("The keyring did not do what was asked. Try again; if it stays so, log out of your session and in again.")));
}

/* libsecret never comes back from a prompt whose service has gone, and from a
 * service that hangs only after minutes. Its late answer finds the call answered. */
static void
not_well_cb (gboolean is_gone,
             gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);

  if (!is_gone)
    answer_silent (task);
  else if (call->is_service)
    answer_missing (task);
}

static void
watch (GTask *task)
{
  RelaisKeyring *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  g_clear_pointer (&call->watch, relais_keyring_watch_free);
  call->watch = relais_keyring_watch_new (self->patience, not_well_cb, task);
}

/* A service that went away, or came back with other sessions, is asked once
 * more from the start: all three calls can be repeated without harm. */
static void
begin_anew_or_fail (GTask        *taken,
                    const GError *cause)
{
  g_autoptr (GTask) task = taken;
  Call *call = g_task_get_task_data (task);

  if (call->begun_anew || g_error_matches (cause, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    {
      answer_failure (task, cause);
      return;
    }
  call->begun_anew = TRUE;
  watch (task);
  secret_service_disconnect ();
  open_backend (g_steal_pointer (&task));
}

/* The steps */

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);

  if (!call->answered)
    answer_error (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, g_strerror (ECANCELED)));

  return G_SOURCE_REMOVE;
}

/* Takes the task over, as each step does. libsecret is never given the
 * caller's GCancellable: cancelling while a prompt is open brings the daemon
 * down. */
static void
open_backend (GTask *taken)
{
  secret_backend_get (SECRET_BACKEND_OPEN_SESSION, NULL, backend_ready_cb, taken);
}

static void
unlocked_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autolist (GObject) unlocked = NULL;
  Call *call = g_task_get_task_data (task);
  int n_unlocked = secret_service_unlock_finish (SECRET_SERVICE (object), result, &unlocked, &error);

  if (call->answered)
    return;
  if (error != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    answer_locked (task);
  else if (error != NULL)
    begin_anew_or_fail (g_steal_pointer (&task), error);
  else if (n_unlocked <= 0)
    answer_locked (task);
  else
    carry_out (g_steal_pointer (&task));
}

static void
collection_ready_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_finish (result, &error);
  Call *call = g_task_get_task_data (task);

  if (call->answered)
    return;
  if (error != NULL)
    {
      begin_anew_or_fail (g_steal_pointer (&task), error);
      return;
    }

  call->no_collection = collection == NULL;
  if (collection != NULL && secret_collection_get_locked (collection))
    {
      g_autoptr (GList) collections = g_list_append (NULL, collection);

      secret_service_unlock (secret_collection_get_service (collection), collections, NULL, unlocked_cb,
                             g_steal_pointer (&task));
    }
  else
    carry_out (g_steal_pointer (&task));
}

static void
backend_ready_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  /* Not unreferenced: libsecret 0.20 keeps this instance and would be left with a freed one. */
  SecretBackend *backend = secret_backend_get_finish (result, &error);
  Call *call = g_task_get_task_data (task);

  if (call->answered)
    return;
  call->is_service = backend != NULL && SECRET_IS_SERVICE (backend);
  if (backend == NULL)
    begin_anew_or_fail (g_steal_pointer (&task), error);
  else if (call->is_service)
    secret_collection_for_alias (SECRET_SERVICE (backend), SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL,
                                 collection_ready_cb, g_steal_pointer (&task));
  else
    carry_out (g_steal_pointer (&task));
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *password = secret_password_lookup_nonpageable_finish (result, &error);
  g_autoptr (RelaisKey) key = NULL;
  Call *call = g_task_get_task_data (task);

  if (password != NULL)
    key = relais_key_new_copy (password, -1);
  secret_password_free (password);
  if (call->answered)
    return;
  if (error != NULL)
    begin_anew_or_fail (g_steal_pointer (&task), error);
  else if (key != NULL)
    answer_key (task, g_steal_pointer (&key));
  else
    answer_error (task, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING,
      _("The keyring holds no API key for this connection. Enter the key again in the connection’s settings.")));
}

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Call *call = g_task_get_task_data (task);
  gboolean stored = secret_password_store_finish (result, &error);

  if (call->answered)
    return;
  if (stored)
    answer_done (task);
  else if (error == NULL)
    /* The prompt was dismissed. */
    answer_locked (task);
  else
    begin_anew_or_fail (g_steal_pointer (&task), error);
}

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Call *call = g_task_get_task_data (task);

  /* FALSE without an error: there was nothing to remove. */
  secret_password_clear_finish (result, &error);
  if (call->answered)
    return;
  if (error == NULL)
    answer_done (task);
  else
    begin_anew_or_fail (g_steal_pointer (&task), error);
}

static void
carry_out (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  Call *call = g_task_get_task_data (task);

  switch (call->kind)
    {
    case CALL_LOOKUP:
      secret_password_lookupv (get_schema (), call->attributes, NULL, looked_up_cb, g_steal_pointer (&task));
      break;

    case CALL_STORE:
      secret_password_storev (get_schema (), call->attributes, SECRET_COLLECTION_DEFAULT, call->label,
                              relais_key_peek (call->key), NULL, stored_cb, g_steal_pointer (&task));
      break;

    case CALL_REMOVE:
      secret_password_clearv (get_schema (), call->attributes, NULL, removed_cb, g_steal_pointer (&task));
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
begin (RelaisSecretStore   *store,
       CallKind             call_kind,
       RelaisSecretKind     kind,
       const char          *connection_id,
       const char          *label,
       RelaisKey           *key,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, begin);
  call->kind = call_kind;
  call->label = g_strdup (label);
  call->key = key != NULL ? relais_key_ref (key) : NULL;
  call->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_hash_table_insert (call->attributes, (gpointer) "kind",
                       g_strdup (kind == RELAIS_SECRET_API_KEY ? "api-key" : "fingerprint-key"));
  g_hash_table_insert (call->attributes, (gpointer) "connection", g_strdup (connection_id));
  g_task_set_task_data (task, call, call_free);
  if (g_task_return_error_if_cancelled (task))
    return;

  watch (task);
  if (cancellable != NULL)
    {
      call->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (call->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
      g_source_attach (call->cancelled, g_task_get_context (task));
    }
  open_backend (g_steal_pointer (&task));
}

/* The interface */

static void
relais_keyring_lookup_async (RelaisSecretStore   *store,
                             RelaisSecretKind     kind,
                             const char          *connection_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  begin (store, CALL_LOOKUP, kind, connection_id, NULL, NULL, cancellable, callback, user_data);
}

static RelaisKey *
relais_keyring_lookup_finish (RelaisSecretStore  *store,
                              GAsyncResult       *result,
                              GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
relais_keyring_store_async (RelaisSecretStore   *store,
                            RelaisSecretKind     kind,
                            const char          *connection_id,
                            const char          *label,
                            RelaisKey           *key,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  begin (store, CALL_STORE, kind, connection_id, label, key, cancellable, callback, user_data);
}

static void
relais_keyring_remove_async (RelaisSecretStore   *store,
                             RelaisSecretKind     kind,
                             const char          *connection_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  begin (store, CALL_REMOVE, kind, connection_id, NULL, NULL, cancellable, callback, user_data);
}

static gboolean
finish_boolean (RelaisSecretStore  *store,
                GAsyncResult       *result,
                GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
secret_store_iface_init (RelaisSecretStoreInterface *iface)
{
  iface->lookup_async = relais_keyring_lookup_async;
  iface->lookup_finish = relais_keyring_lookup_finish;
  iface->store_async = relais_keyring_store_async;
  iface->store_finish = finish_boolean;
  iface->remove_async = relais_keyring_remove_async;
  iface->remove_finish = finish_boolean;
}

static void
relais_keyring_class_init (RelaisKeyringClass *klass)
{
}

static void
relais_keyring_init (RelaisKeyring *self)
{
  self->patience = PATIENCE;
}

/**
 * relais_keyring_new:
 *
 * Returns: (transfer full): the session's keyring; it is not asked anything yet
 */
RelaisSecretStore *
relais_keyring_new (void)
{
  return g_object_new (RELAIS_TYPE_KEYRING, NULL);
}

/**
 * relais_keyring_set_patience:
 * @self: a keyring
 * @milliseconds: how long a call waits before it looks whether the service is well, and
 *   how long the answer to that may take
 */
void
relais_keyring_set_patience (RelaisKeyring *self,
                             guint          milliseconds)
{
  self->patience = milliseconds;
}
