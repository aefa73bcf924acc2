/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the account holds of people: how they are on a list, and their values. Whether an answer tells of lists
 * and of the values of custom fields depends on how it is asked, and for pages on the account, so it says which it did. */

#include "relais-client.h"

#include "relais-json-private.h"
#include "relais-request.h"

#define PAGE  100  /* the most that the service gives at once */
#define ASIDE "&include=contactLists,fieldValues"

static void
held_value_free (gpointer data)
{
  RelaisHeldValue *value = data;

  g_free (value->text);
  g_free (value);
}

/* Returns: (transfer full): a value as a text, whatever it was written as */
static char *
dup_value (JsonObject *item)
{
  JsonNode *node = json_object_has_member (item, "value") ? json_object_get_member (item, "value") : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return g_strdup ("");
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));

  return json_to_string (node, FALSE);
}

static RelaisHeldContact *
read_contact (JsonObject *item)
{
  RelaisHeldContact *contact = g_new0 (RelaisHeldContact, 1);

  contact->id = relais_json_get_id (item, "id");
  contact->email = g_strdup (relais_json_get_text (item, "email"));
  contact->first_name = g_strdup (relais_json_get_text (item, "firstName"));
  contact->last_name = g_strdup (relais_json_get_text (item, "lastName"));
  contact->phone = g_strdup (relais_json_get_text (item, "phone"));
  contact->list_status = -1;
  contact->values = g_ptr_array_new_with_free_func (held_value_free);

  return contact;
}

/* Returns: (transfer none) (nullable): the contact that @item belongs to */
static RelaisHeldContact *
find_owner (GHashTable *by_id,
            JsonObject *item)
{
  guint64 id = relais_json_get_id (item, "contact");

  if (id == 0)
    id = relais_json_get_id (item, "owner");

  return g_hash_table_lookup (by_id, &id);
}

static void
take_membership (RelaisHeldContact *contact,
                 JsonObject        *item,
                 guint32            list_id)
{
  if (relais_json_get_id (item, "list") == list_id)
    contact->list_status = relais_json_get_status (item, "status");
}

static void
take_value (RelaisHeldContact *contact,
            JsonObject        *item,
            guint32            list_id)
{
  RelaisHeldValue *value = g_new0 (RelaisHeldValue, 1);

  value->field_id = relais_json_get_id (item, "field");
  value->text = dup_value (item);
  g_ptr_array_add (contact->values, value);
}

/* Returns: whether the answer has such members at all */
static gboolean
read_aside (JsonObject *answer,
            const char *name,
            GHashTable *by_id,
            guint32     list_id,
            void     (* take) (RelaisHeldContact *contact,
                               JsonObject        *item,
                               guint32            list_id))
{
  JsonArray *array = relais_json_get_array (answer, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      RelaisHeldContact *contact = item != NULL ? find_owner (by_id, item) : NULL;

      if (contact != NULL)
        take (contact, item, list_id);
    }

  return array != NULL;
}

/* Returns: whether it can be told who this is */
static gboolean
add_contact (RelaisHeldPage *page,
             JsonNode       *node,
             GHashTable     *by_id)
{
  RelaisHeldContact *contact;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  contact = read_contact (json_node_get_object (node));
  g_ptr_array_add (page->contacts, contact);
  g_hash_table_insert (by_id, &contact->id, contact);

  return contact->id != 0;
}

static gboolean
add_contacts (RelaisHeldPage *page,
              JsonObject     *answer,
              GHashTable     *by_id)
{
  JsonArray *array = relais_json_get_array (answer, "contacts");

  if (array == NULL)
    return json_object_has_member (answer, "contact") && add_contact (page, json_object_get_member (answer, "contact"), by_id);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!add_contact (page, json_array_get_element (array, i), by_id))
      return FALSE;

  return TRUE;
}

static void
held_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  guint32 list_id = GPOINTER_TO_UINT (g_task_get_task_data (task));
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (RelaisHeldPage) page = g_new0 (RelaisHeldPage, 1);
  JsonObject *answer, *meta;

  page->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_held_contact_free);
  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  answer = json_node_get_object (root);
  meta = relais_json_get_object (answer, "meta");
  page->total = meta != NULL ? relais_json_get_count (meta, "total") : -1;
  if (!add_contacts (page, answer, by_id))
    {
      relais_client_return_not_understood (task);
      return;
    }
  page->tells_lists = read_aside (answer, "contactLists", by_id, list_id, take_membership);
  page->tells_values = read_aside (answer, "fieldValues", by_id, list_id, take_value);
  g_task_return_pointer (task, g_steal_pointer (&page), (GDestroyNotify) relais_held_page_free);
}

static void
ask (RelaisClient        *self,
     const char          *path,
     guint32              list_id,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_client_held_finish);
  g_task_set_task_data (task, GUINT_TO_POINTER (list_id), NULL);
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, held_got_cb, task);
}

/**
 * relais_client_find_held_async:
 * @self: the client
 * @email: an address
 * @list_id: of a list
 * @cancellable: (nullable):
 * @callback: for relais_client_held_finish()
 * @user_data: for @callback
 *
 * Asks for whoever has an address: nobody, or one contact, unless the address is not heeded.
 */
void
relais_client_find_held_async (RelaisClient        *self,
                               const char          *email,
                               guint32              list_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autofree char *escaped = g_uri_escape_string (email, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("contacts?email=%s&status=-1&limit=%d" ASIDE, escaped, PAGE);

  ask (self, path, list_id, cancellable, callback, user_data);
}

/**
 * relais_client_get_held_async:
 * @self: the client
 * @contact_id: of a contact
 * @list_id: of a list
 * @cancellable: (nullable):
 * @callback: for relais_client_held_finish()
 * @user_data: for @callback
 *
 * Asks for one contact by its number. Such an answer is documented to tell both of lists and of values.
 */
void
relais_client_get_held_async (RelaisClient        *self,
                              guint64              contact_id,
                              guint32              list_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autofree char *path = g_strdup_printf ("contacts/%" G_GUINT64_FORMAT, contact_id);

  ask (self, path, list_id, cancellable, callback, user_data);
}

/**
 * relais_client_list_held_async:
 * @self: the client
 * @list_id: of a list
 * @after_id: only contacts with a higher number
 * @cancellable: (nullable):
 * @callback: for relais_client_held_finish()
 * @user_data: for @callback
 *
 * Asks for a page of those who are active on a list, by the contacts' numbers.
 */
void
relais_client_list_held_async (RelaisClient        *self,
                               guint32              list_id,
                               guint64              after_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autofree char *path = g_strdup_printf ("contacts?listid=%u&status=%d&limit=%d&orders%%5Bid%%5D=ASC&id_greater=%" G_GUINT64_FORMAT ASIDE,
                                           list_id, RELAIS_LIST_STATUS_ACTIVE, PAGE, after_id);

  ask (self, path, list_id, cancellable, callback, user_data);
}

/**
 * relais_client_held_finish:
 * @self: the client
 * @result: of one of these questions
 * @error: in RELAIS_ERROR; RELAIS_ERROR_NOT_FOUND when there is no contact with that number
 *
 * Returns: (transfer full) (nullable): whom the answer tells of
 */
RelaisHeldPage *
relais_client_held_finish (RelaisClient  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * relais_held_contact_free:
 * @contact: (transfer full) (nullable):
 */
void
relais_held_contact_free (RelaisHeldContact *contact)
{
  if (contact == NULL)
    return;

  g_free (contact->email);
  g_free (contact->first_name);
  g_free (contact->last_name);
  g_free (contact->phone);
  g_ptr_array_unref (contact->values);
  g_free (contact);
}

/**
 * relais_held_page_free:
 * @page: (transfer full) (nullable):
 */
void
relais_held_page_free (RelaisHeldPage *page)
{
  if (page == NULL)
    return;

  g_ptr_array_unref (page->contacts);
  g_free (page);
}
