/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Single contacts, and who is on a list. */

#include "relais-client.h"

#include "relais-json-private.h"
#include "relais-memberships-private.h"
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
  relais_client_ask_async (self, "POST", "contact/sync", body, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, synced_cb, task);
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

/* Pages of contacts */

static RelaisContactQuery *
get_query (GTask *task)
{
  return g_task_get_task_data (task);
}

/* Returns: whether an address is told, be it that there is none: people can be known by telephone alone */
static gboolean
tells_address (JsonObject *item)
{
  JsonNode *node = json_object_has_member (item, "email") ? json_object_get_member (item, "email") : NULL;

  return node != NULL && (JSON_NODE_HOLDS_NULL (node) || (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING));
}

/* Returns: (transfer full) (nullable): NULL when it is not certain who this is */
static RelaisRemoteContact *
read_contact (JsonNode          *node,
              RelaisMemberships *memberships,
              guint32            list_id)
{
  JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  guint64 id = item != NULL ? relais_json_get_id (item, "id") : 0;
  RelaisRemoteContact *contact;

  if (id == 0 || !tells_address (item))
    return NULL;
  contact = g_new0 (RelaisRemoteContact, 1);
  contact->id = id;
  contact->email = g_strdup (relais_json_get_text (item, "email"));
  contact->first_name = g_strdup (relais_json_get_text (item, "firstName"));
  contact->last_name = g_strdup (relais_json_get_text (item, "lastName"));
  contact->phone = g_strdup (relais_json_get_text (item, "phone"));
  contact->list_status = relais_memberships_find_status (memberships, id, list_id);
  contact->memberships = relais_memberships_ref_of (memberships, id);

  return contact;
}

static void
contacts_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  JsonArray *array = root != NULL ? relais_json_get_array (json_node_get_object (root), "contacts") : NULL;
  JsonObject *meta = root != NULL ? relais_json_get_object (json_node_get_object (root), "meta") : NULL;
  g_autoptr (RelaisMemberships) memberships = NULL;
  g_autoptr (RelaisContactPage) page = NULL;

  if (array == NULL)
    {
      if (root == NULL)
        g_task_return_error (task, error);
      else
        relais_client_return_not_understood (task);
      return;
    }
  memberships = relais_memberships_read (json_node_get_object (root));
  page = g_new0 (RelaisContactPage, 1);
  page->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_remote_contact_free);
  page->total = meta != NULL ? relais_json_get_count (meta, "total") : -1;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      RelaisRemoteContact *contact = read_contact (json_array_get_element (array, i), memberships, get_query (task)->list_id);

      /* Somebody is on this page who cannot be told: it is not all of it that could be read. */
      if (contact == NULL)
        {
          relais_client_return_not_understood (task);
          return;
        }
      g_ptr_array_add (page->contacts, contact);
    }
  g_task_return_pointer (task, g_steal_pointer (&page), (GDestroyNotify) relais_contact_page_free);
}

static char *
make_path (const RelaisContactQuery *query)
{
  GString *path = g_string_new (NULL);

  g_string_printf (path, "contacts?listid=%u&status=%d&limit=%d&orders%%5Bid%%5D=%s&id_greater=%" G_GUINT64_FORMAT,
                   query->list_id, query->status, query->last ? 1 : PAGE, query->last ? "DESC" : "ASC", query->after_id);
  if (query->before_id != 0)
    g_string_append_printf (path, "&id_less=%" G_GUINT64_FORMAT, query->before_id);
  if (query->with_status)
    g_string_append (path, "&include=contactLists");

  return g_string_free (path, FALSE);
}

/**
 * relais_client_list_contacts_async:
 * @self: the client
 * @query: whom to list; copied
 * @cancellable: (nullable):
 * @callback: called with a page of up to 100 contacts
 * @user_data: for @callback
 */
void
relais_client_list_contacts_async (RelaisClient             *self,
                                   const RelaisContactQuery *query,
                                   GCancellable             *cancellable,
                                   GAsyncReadyCallback       callback,
                                   gpointer                  user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = make_path (query);

  g_task_set_source_tag (task, relais_client_list_contacts_async);
  g_task_set_task_data (task, g_memdup2 (query, sizeof *query), g_free);
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, contacts_got_cb, task);
}

/**
 * relais_client_find_contact_async:
 * @self: the client
 * @email: an address
 * @list_id: of a list
 * @cancellable: (nullable):
 * @callback: called with a page, see relais_client_list_contacts_finish()
 * @user_data: for @callback
 *
 * Asks for whoever has an address and how they are on lists: nobody, or one contact, unless the address is not heeded. The
 * answer is of the same kind as relais_client_list_contacts_async() has with statuses.
 */
void
relais_client_find_contact_async (RelaisClient        *self,
                                  const char          *email,
                                  guint32              list_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *escaped = g_uri_escape_string (email, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("contacts?email=%s&status=-1&limit=%d&include=contactLists", escaped, PAGE);
  RelaisContactQuery query = { .list_id = list_id };

  g_task_set_source_tag (task, relais_client_find_contact_async);
  g_task_set_task_data (task, g_memdup2 (&query, sizeof query), g_free);
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, contacts_got_cb, task);
}

/**
 * relais_client_list_contacts_finish:
 * @self: the client
 * @result: of relais_client_list_contacts_async() or relais_client_find_contact_async()
 * @error: in RELAIS_ERROR; RELAIS_ERROR_REPLY also when it is not certain of one of them who it is
 *
 * Returns: (transfer full) (nullable): everyone on the page
 */
RelaisContactPage *
relais_client_list_contacts_finish (RelaisClient  *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* One contact's lists */

static void
memberships_got_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  const RelaisContactQuery *query = get_query (task);
  g_autoptr (RelaisMemberships) memberships = root != NULL ? relais_memberships_read (json_node_get_object (root)) : NULL;

  if (root == NULL)
    g_task_return_error (task, error);
  else if (memberships == NULL)
    relais_client_return_not_understood (task);
  else
    g_task_return_int (task, relais_memberships_find_status (memberships, query->after_id, query->list_id));
}

/**
 * relais_client_get_list_status_async:
 * @self: the client
 * @contact_id: of a contact
 * @list_id: of a list
 * @cancellable: (nullable):
 * @callback: called when it is known
 * @user_data: for @callback
 */
void
relais_client_get_list_status_async (RelaisClient        *self,
                                     guint64              contact_id,
                                     guint32              list_id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = g_strdup_printf ("contacts/%" G_GUINT64_FORMAT "/contactLists", contact_id);
  RelaisContactQuery query = { .list_id = list_id, .after_id = contact_id };

  g_task_set_source_tag (task, relais_client_get_list_status_async);
  g_task_set_task_data (task, g_memdup2 (&query, sizeof query), g_free);
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, memberships_got_cb, task);
}

/**
 * relais_client_get_list_status_finish:
 * @self: the client
 * @result: of relais_client_get_list_status_async()
 * @status: (out): a RelaisListStatus, -1 when the contact was never on the list
 * @error: RELAIS_ERROR_NOT_FOUND when there is no such contact
 *
 * Returns: whether @status was set
 */
gboolean
relais_client_get_list_status_finish (RelaisClient  *self,
                                      GAsyncResult  *result,
                                      int           *status,
                                      GError       **error)
{
  g_autoptr (GError) own = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *status = (int) g_task_propagate_int (G_TASK (result), &own);
  if (own == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own));

  return FALSE;
}
