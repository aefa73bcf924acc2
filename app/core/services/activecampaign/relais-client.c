/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-client.h"

#include "relais-client-private.h"
#include "relais-error.h"
#include "relais-host.h"
#include "relais-json-private.h"
#include "relais-proxy-private.h"
#include "relais-request.h"

#include <glib/gi18n-lib.h>

/* For a whole request: libsoup's own time-out is for each wait. */
#define DEADLINE_MS (120 * 1000)

G_DEFINE_FINAL_TYPE (RelaisClient, relais_client, G_TYPE_OBJECT)

static void
relais_client_finalize (GObject *object)
{
  RelaisClient *self = RELAIS_CLIENT (object);

  g_object_unref (self->session);
  g_object_unref (self->governor);
  g_free (self->host);
  relais_key_unref (self->key);
  relais_account_clock_free (self->clock);
  G_OBJECT_CLASS (relais_client_parent_class)->finalize (object);
}

static void
relais_client_class_init (RelaisClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_client_finalize;
}

static void
relais_client_init (RelaisClient *self)
{
}

/**
 * relais_client_session_new:
 *
 * Returns: (transfer full): the session for all requests of the program. It keeps no cookies,
 *   answers no challenges and logs nothing; certificates are verified, and nothing turns that off
 */
SoupSession *
relais_client_session_new (void)
{
  g_autoptr (GProxyResolver) proxies = relais_proxy_resolver_new (g_proxy_resolver_get_default ());
  SoupSession *session = soup_session_new_with_options ("timeout", 60,
                                                        "idle-timeout", 60,
                                                        "max-conns", 64,
                                                        "max-conns-per-host", 16,
                                                        "user-agent", "Relais/" RELAIS_VERSION,
                                                        "proxy-resolver", proxies,
                                                        NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);

  return session;
}

/**
 * relais_client_new:
 * @session: for the requests
 * @governor: of the account
 * @host: of the account; host:port of a practice account
 * @practice: whether it is a practice account: then plain HTTP is used, on this computer only
 * @key: API key
 *
 * Returns: (transfer full):
 */
RelaisClient *
relais_client_new (SoupSession    *session,
                   RelaisGovernor *governor,
                   const char     *host,
                   gboolean        practice,
                   RelaisKey      *key)
{
  RelaisClient *self = g_object_new (RELAIS_TYPE_CLIENT, NULL);
  g_autofree char *local = practice ? relais_host_read_practice (host, NULL) : NULL;

  self->session = g_object_ref (session);
  self->governor = g_object_ref (governor);
  /* Nothing in the clear ever leaves this computer, whoever asks for it. */
  self->practice = local != NULL;
  self->host = g_strdup (local != NULL ? local : host);
  self->key = relais_key_ref (key);
  self->clock = relais_account_clock_new ();
  self->deadline = DEADLINE_MS;

  return self;
}

/**
 * relais_client_get_host:
 * @self: the client
 *
 * Returns: (transfer none): of the account
 */
const char *
relais_client_get_host (RelaisClient *self)
{
  return self->host;
}

/**
 * relais_client_get_governor:
 * @self: the client
 *
 * Returns: (transfer none): of the account
 */
RelaisGovernor *
relais_client_get_governor (RelaisClient *self)
{
  return self->governor;
}

/**
 * relais_client_get_clock:
 * @self: the client
 *
 * Returns: (transfer none): of the account, as far as its answers to this client tell
 */
const RelaisAccountClock *
relais_client_get_clock (RelaisClient *self)
{
  return self->clock;
}

/* The account */

static void
settings_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisAccount *account = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisAccountSettings) settings = relais_client_get_settings_finish (RELAIS_CLIENT (object), result, &error);

  /* Only administrators' keys may see this; without it the account still works. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      relais_account_free (account);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (settings != NULL)
    {
      account->account_name = g_steal_pointer (&settings->name);
      account->status = g_steal_pointer (&settings->status);
      account->contacts_limit = settings->contacts_limit;
      account->contacts_total = settings->contacts_total;
    }
  g_task_return_pointer (task, account, (GDestroyNotify) relais_account_free);
}

static RelaisAccount *
read_user (JsonNode *root)
{
  JsonObject *user = relais_json_get_object (json_node_get_object (root), "user");
  RelaisAccount *account;

  if (user == NULL || relais_json_get_id (user, "id") == 0)
    return NULL;

  account = g_new0 (RelaisAccount, 1);
  account->user_name = g_strstrip (g_strdup_printf ("%s %s", relais_json_get_text (user, "firstName"),
                                                    relais_json_get_text (user, "lastName")));
  if (account->user_name[0] == '\0')
    {
      g_free (account->user_name);
      account->user_name = g_strdup (relais_json_get_text (user, "username"));
    }
  account->email = g_strdup (relais_json_get_text (user, "email"));
  account->contacts_limit = -1;
  account->contacts_total = -1;

  return account;
}

static void
user_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisClient *self = RELAIS_CLIENT (object);
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (self, result, NULL, &error);
  RelaisAccount *account;

  if (root == NULL && !g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, error);
      return;
    }
  /* Every account has someone behind its key. */
  account = root != NULL ? read_user (root) : NULL;
  if (account == NULL)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_WRONG_HOST,
                               _("This host is not an ActiveCampaign account. Check the host name under Settings, Developer in the account."));
      return;
    }
  /* Handed on by the task, so not freed with it. */
  g_task_set_task_data (task, account, NULL);
  relais_client_get_settings_async (self, g_task_get_cancellable (task), settings_got_cb, g_object_ref (task));
}

/**
 * relais_client_get_account_async:
 * @self: the client
 * @cancellable: (nullable):
 * @callback: called with the account
 * @user_data: for @callback
 *
 * Asks who we are there. Changes nothing.
 */
void
relais_client_get_account_async (RelaisClient        *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_client_get_account_async);
  relais_client_ask_async (self, "GET", "users/me", NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, user_got_cb, task);
}

/**
 * relais_client_get_account_finish:
 * @self: the client
 * @result: of relais_client_get_account_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): the account behind the key
 */
RelaisAccount *
relais_client_get_account_finish (RelaisClient  *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
