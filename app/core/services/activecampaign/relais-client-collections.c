/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists, fields and tags of an account, page by page. */

#include "relais-client.h"

#include "relais-json-private.h"
#include "relais-request.h"

#include <string.h>

#define PAGE       100    /* the most that the service gives at once */
#define MAX_PAGES  1000

typedef gpointer (* ReadItem) (JsonObject *item,
                               JsonObject *page);

typedef struct
{
  const char *path;      /* also the name of the array in the answers */
  ReadItem    read;
  GPtrArray  *items;     /* (owned) */
  GHashTable *ids;       /* (owned) (element-type guint64): of the items */
  guint       offset;
  guint       n_pages;
} Paging;

static void ask_for_page (GTask *taken);

static void
free_paging (gpointer data)
{
  Paging *paging = data;

  g_ptr_array_unref (paging->items);
  g_hash_table_unref (paging->ids);
  g_free (paging);
}

/* What is made or removed while the pages are read moves the others about, so
 * that one can come twice. Returns: whether it is new */
static gboolean
take_item (Paging     *paging,
           JsonObject *item,
           JsonObject *page)
{
  guint64 id = relais_json_get_id (item, "id");
  gpointer read;

  if (id == 0 || g_hash_table_contains (paging->ids, &id))
    return FALSE;
  g_hash_table_add (paging->ids, g_memdup2 (&id, sizeof id));
  read = paging->read (item, page);
  if (read != NULL)
    g_ptr_array_add (paging->items, read);

  return TRUE;
}

/* Returns: whether this was the last page */
static gboolean
take_page (Paging     *paging,
           JsonObject *page,
           JsonArray  *array)
{
  JsonObject *meta = relais_json_get_object (page, "meta");
  gint64 total = meta != NULL ? relais_json_get_count (meta, "total") : -1;
  guint n = json_array_get_length (array);
  gboolean any_new = FALSE;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node) && take_item (paging, json_node_get_object (node), page))
        any_new = TRUE;
    }
  paging->offset += n;
  paging->n_pages++;

  /* Nothing new: the end, or the offset is not heeded there. Totals are sometimes absent, and
   * sometimes wrong: a full page is never the last one for sure. */
  return !any_new || (n < PAGE && total >= 0 && paging->offset >= total);
}

static void
page_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Paging *paging = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  JsonArray *array;

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  array = relais_json_get_array (json_node_get_object (root), paging->path);
  if (array == NULL || paging->n_pages == MAX_PAGES)
    relais_client_return_not_understood (task);
  else if (take_page (paging, json_node_get_object (root), array))
    g_task_return_pointer (task, g_ptr_array_ref (paging->items), (GDestroyNotify) g_ptr_array_unref);
  else
    ask_for_page (g_steal_pointer (&task));
}

static void
ask_for_page (GTask *taken)
{
  RelaisClient *self = g_task_get_source_object (taken);
  Paging *paging = g_task_get_task_data (taken);
  g_autofree char *path = g_strdup_printf ("%s?limit=%d&offset=%u", paging->path, PAGE, paging->offset);

  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, g_task_get_cancellable (taken), page_got_cb, taken);
}

static void
list_async (RelaisClient        *self,
            gpointer             tag,
            const char          *path,
            ReadItem             read,
            GDestroyNotify       free_item,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Paging *paging = g_new0 (Paging, 1);

  g_task_set_source_tag (task, tag);
  paging->path = path;
  paging->read = read;
  paging->items = g_ptr_array_new_with_free_func (free_item);
  paging->ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_task_set_task_data (task, paging, free_paging);
  ask_for_page (task);
}

static GPtrArray *
list_finish (RelaisClient  *self,
             GAsyncResult  *result,
             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_list (JsonObject *item,
           JsonObject *page)
{
  guint64 id = relais_json_get_id (item, "id");
  RelaisList *list;

  if (id == 0 || id > G_MAXUINT32)
    return NULL;
  list = g_new0 (RelaisList, 1);
  list->id = (guint32) id;
  list->name = g_strdup (relais_json_get_text (item, "name"));
  list->is_email = strcmp (relais_json_get_text (item, "channel"), "sms") != 0;
  list->active = relais_json_get_count (item, "active_subscribers");

  return list;
}

/**
 * relais_client_list_lists_async:
 * @self: the client
 * @cancellable: (nullable):
 * @callback: called with the lists
 * @user_data: for @callback
 */
void
relais_client_list_lists_async (RelaisClient        *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  list_async (self, relais_client_list_lists_async, "lists", read_list, (GDestroyNotify) relais_list_free,
              cancellable, callback, user_data);
}

/**
 * relais_client_list_lists_finish:
 * @self: the client
 * @result: of relais_client_list_lists_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisList) (nullable): all lists of the account
 */
GPtrArray *
relais_client_list_lists_finish (RelaisClient  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return list_finish (self, result, error);
}

/* A field's options come beside the fields, for all fields together. */
static char **
collect_options (JsonObject *page,
                 guint64     field_id)
{
  JsonArray *array = relais_json_get_array (page, "fieldOptions");
  g_autoptr (GPtrArray) options = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node) && relais_json_get_id (json_node_get_object (node), "field") == field_id)
        g_ptr_array_add (options, g_strdup (relais_json_get_text (json_node_get_object (node), "value")));
    }
  if (options->len == 0)
    return NULL;
  g_ptr_array_add (options, NULL);

  return (char **) g_ptr_array_steal (options, NULL);
}

static gpointer
read_field (JsonObject *item,
            JsonObject *page)
{
  guint64 id = relais_json_get_id (item, "id");
  RelaisField *field;

  if (id == 0 || id > G_MAXUINT32)
    return NULL;
  field = relais_field_new ((guint32) id, relais_json_get_text (item, "title"), relais_json_get_text (item, "type"));
  if (field->type == RELAIS_FIELD_CHOICE || field->type == RELAIS_FIELD_CHOICES)
    field->options = collect_options (page, id);

  return field;
}

/**
 * relais_client_list_fields_async:
 * @self: the client
 * @cancellable: (nullable):
 * @callback: called with the fields
 * @user_data: for @callback
 */
void
relais_client_list_fields_async (RelaisClient        *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  list_async (self, relais_client_list_fields_async, "fields", read_field, (GDestroyNotify) relais_field_free,
              cancellable, callback, user_data);
}

/**
 * relais_client_list_fields_finish:
 * @self: the client
 * @result: of relais_client_list_fields_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisField) (nullable): all custom fields of the account
 */
GPtrArray *
relais_client_list_fields_finish (RelaisClient  *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return list_finish (self, result, error);
}

static gpointer
read_tag (JsonObject *item,
          JsonObject *page)
{
  guint64 id = relais_json_get_id (item, "id");
  RelaisTag *tag;

  if (id == 0 || id > G_MAXUINT32)
    return NULL;
  tag = g_new0 (RelaisTag, 1);
  tag->id = (guint32) id;
  tag->name = g_strdup (relais_json_get_text (item, "tag"));

  return tag;
}

/**
 * relais_client_list_tags_async:
 * @self: the client
 * @cancellable: (nullable):
 * @callback: called with the tags
 * @user_data: for @callback
 */
void
relais_client_list_tags_async (RelaisClient        *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  list_async (self, relais_client_list_tags_async, "tags", read_tag, (GDestroyNotify) relais_tag_free,
              cancellable, callback, user_data);
}

/**
 * relais_client_list_tags_finish:
 * @self: the client
 * @result: of relais_client_list_tags_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer container) (element-type RelaisTag) (nullable): all tags of the account
 */
GPtrArray *
relais_client_list_tags_finish (RelaisClient  *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return list_finish (self, result, error);
}
