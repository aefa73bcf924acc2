/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an account says of itself. */

#include "relais-client.h"

#include "relais-json-private.h"
#include "relais-request.h"

static void
settings_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  RelaisAccountSettings *settings;
  JsonObject *told;

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  told = json_node_get_object (root);
  settings = g_new0 (RelaisAccountSettings, 1);
  settings->name = g_strdup (relais_json_get_text (told, "account"));
  settings->status = g_strdup (relais_json_get_text (told, "status"));
  settings->contacts_limit = relais_json_get_count (told, "subscriber_limit");
  settings->contacts_total = relais_json_get_count (told, "subscriber_total");
  g_task_return_pointer (task, settings, (GDestroyNotify) relais_account_settings_free);
}

/**
 * relais_client_get_settings_async:
 * @self: the client
 * @cancellable: (nullable):
 * @callback: called with the settings
 * @user_data: for @callback
 *
 * Asks how the account stands. Only keys of administrators may.
 */
void
relais_client_get_settings_async (RelaisClient        *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_client_get_settings_async);
  relais_client_ask_async (self, "GET", "settings/account", NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, settings_got_cb, task);
}

/**
 * relais_client_get_settings_finish:
 * @self: the client
 * @result: of relais_client_get_settings_async()
 * @error: in RELAIS_ERROR; RELAIS_ERROR_NOT_ALLOWED or RELAIS_ERROR_REFUSED where the key's user is no administrator
 *
 * Returns: (transfer full) (nullable): how the account stands
 */
RelaisAccountSettings *
relais_client_get_settings_finish (RelaisClient  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
