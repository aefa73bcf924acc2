/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one request that subscribes somebody again who is off a list. The service does so for whoever is named,
 * also when they left by themselves, and warns of it (developers.activecampaign.com/reference/update-list-status-for-contact).
 * So it is made for nobody but whom Relais itself took off, and a check in the suite knows who may make it. */

#include "relais-client.h"

#include "relais-json-private.h"
#include "relais-request.h"

#include <string.h>

typedef struct
{
  guint64 contact_id;
  guint32 list_id;
} Pair;

static void
resubscribed_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const Pair *pair = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  JsonObject *membership = root != NULL ? relais_json_get_object (json_node_get_object (root), "contactList") : NULL;

  if (root == NULL)
    g_task_return_error (task, error);
  else if (membership == NULL || relais_json_get_id (membership, "contact") != pair->contact_id ||
           relais_json_get_id (membership, "list") != pair->list_id ||
           relais_json_get_status (membership, "status") != RELAIS_LIST_STATUS_ACTIVE)
    relais_client_return_not_understood (task);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * relais_client_resubscribe_async:
 * @self: the client
 * @contact_id: of a contact that Relais took off the list, and that is exactly as it left them
 * @list_id: of the list
 * @until: how long it is right to do so, of relais_steady_time()
 * @cancellable: (nullable): one that is under way may be carried out all the same
 * @callback: called when the contact is on the list again
 * @user_data: for @callback
 *
 * It is never sent twice by itself, not even after a refusal for its rate, and not at all when it had to wait longer than that for
 * its turn, or for a connection: whoever asks makes sure once more that the person has not left since.
 */
void
relais_client_resubscribe_async (RelaisClient        *self,
                                 guint64              contact_id,
                                 guint32              list_id,
                                 gint64               until,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Pair pair = { contact_id, list_id };
  g_autofree char *text = g_strdup_printf ("{\"contactList\":{\"list\":%u,\"contact\":%" G_GUINT64_FORMAT ",\"status\":%d,\"sourceid\":4}}",
                                           list_id, contact_id, RELAIS_LIST_STATUS_ACTIVE);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  g_task_set_source_tag (task, relais_client_resubscribe_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_memdup2 (&pair, sizeof pair), g_free);
  relais_client_ask_async (self, "POST", "contactLists", body, RELAIS_REQUEST_ORDINARY, FALSE, until, cancellable, resubscribed_cb, task);
}

/**
 * relais_client_resubscribe_finish:
 * @self: the client
 * @result: of relais_client_resubscribe_async()
 * @error: in RELAIS_ERROR: after one that says that nothing certain is known it may have been carried out
 *
 * Returns: whether the service says that the contact is on the list
 */
gboolean
relais_client_resubscribe_finish (RelaisClient  *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
