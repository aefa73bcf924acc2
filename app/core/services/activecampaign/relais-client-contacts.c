/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Single contacts, and who is on a list. */

#include "relais-client.h"

#include "relais-json-private.h"
#include "relais-payload.h"
#include "relais-request.h"

#include <string.h>

#define PAGE 100  /* the most that the service gives at once */

static void
synced_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  JsonObject *contact;
  guint64 *id;

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  contact = relais_json_get_object (json_node_get_object (root), "contact");
  if (contact == NULL || relais_json_get_id (contact, "id") == 0)
    {
      relais_client_return_not_understood (task);
      return;
    }
  id = g_new (guint64, 1);
  *id = relais_json_get_id (contact, "id");
  g_task_return_pointer (task, id, g_free);
}

/**
 * relais_client_sync_contact_async:
 * @self: the client
 * @email: an address
 * @cancellable: (nullable):
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * Sees to it that the account has a contact with this address, and finds out why it may not. A contact that is
 * there is not changed. Nothing but the address can be said here, and what lists
 * someone is on least of all.
 */
void
relais_client_sync_contact_async (RelaisClient        *self,
                                  const char          *email,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GString *text = g_string_new ("{\"contact\":{\"email\":");
  g_autoptr (GBytes) body = NULL;

  relais_json_append_string (text, (RelaisText) { email, strlen (email) });
  g_string_append (text, "}}");
  body = g_string_free_to_bytes (text);
  g_task_set_source_tag (task, relais_client_sync_contact_async);
  relais_client_ask_async (self, "POST", "contact/sync", body, RELAIS_REQUEST_ORDINARY, TRUE, cancellable, synced_cb, task);
}

/**
 * relais_client_sync_contact_finish:
 * @self: the client
 * @result: of relais_client_sync_contact_async()
 * @contact_id: (out) (optional): the service's number of the contact
 * @error: RELAIS_ERROR_INVALID says in the service's words why it is refused
 *
 * Returns: whether the contact is there
 */
gboolean
relais_client_sync_contact_finish (RelaisClient  *self,
                                   GAsyncResult  *result,
                                   guint64       *contact_id,
                                   GError       **error)
{
  g_autofree guint64 *id = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  id = g_task_propagate_pointer (G_TASK (result), error);
  if (id == NULL)
    return FALSE;
  if (contact_id != NULL)
    *contact_id = *id;

  return TRUE;
}

static void
contacts_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  GPtrArray *contacts;
  JsonArray *array;

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  array = relais_json_get_array (json_node_get_object (root), "contacts");
  if (array == NULL)
    {
      relais_client_return_not_understood (task);
      return;
    }
  contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_remote_contact_free);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      RelaisRemoteContact *contact;

      if (item == NULL || relais_json_get_id (item, "id") == 0)
        continue;
      contact = g_new0 (RelaisRemoteContact, 1);
      contact->id = relais_json_get_id (item, "id");
      contact->email = g_strdup (relais_json_get_text (item, "email"));
      contact->first_name = g_strdup (relais_json_get_text (item, "firstName"));
      contact->last_name = g_strdup (relais_json_get_text (item, "lastName"));
      contact->phone = g_strdup (relais_json_get_text (item, "phone"));
      g_ptr_array_add (contacts, contact);
    }
  g_task_return_pointer (task, contacts, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * relais_client_list_contacts_async:
 * @self: the client
 * @list_id: of a list
 * @status: a RelaisListStatus on that list, or -1 for any
 * @after_id: only contacts with a higher number, 0 for the first page
 * @cancellable: (nullable):
 * @callback: called with a page of up to 100 contacts
 * @user_data: for @callback
 */
void
relais_client_list_contacts_async (RelaisClient        *self,
                                   guint32              list_id,
                                   int                  status,
                                   guint64              after_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path =
    g_strdup_printf ("contacts?listid=%u&status=%d&limit=%d&orders%%5Bid%%5D=ASC&id_greater=%" G_GUINT64_FORMAT,
                     list_id, status, PAGE, after_id);

  g_task_set_source_tag (task, relais_client_list_contacts_async);
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, cancellable, contacts_got_cb, task);
}

/**
 * relais_client_list_contacts_finish:
 * @self: the client
 * @result: of relais_client_list_contacts_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisRemoteContact) (nullable): by number; empty after the last
 */
GPtrArray *
relais_client_list_contacts_finish (RelaisClient  *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
