/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom the account does not take, after developers.activecampaign.com/reference/list-all-exclusions. */

#include "relais-client.h"

#include "relais-json-private.h"
#include "relais-request.h"

#include <string.h>

#define PAGE 100  /* the most that the service gives at once */

static RelaisExclusionMatch
read_match (const char *type)
{
  if (strcmp (type, "exact") == 0)
    return RELAIS_EXCLUSION_EXACT;
  if (strcmp (type, "begin") == 0)
    return RELAIS_EXCLUSION_BEGIN;
  if (strcmp (type, "end") == 0)
    return RELAIS_EXCLUSION_END;

  return RELAIS_EXCLUSION_OTHER;
}

/* Lists are numbers here, or texts. */
static GArray *
read_lists (JsonArray *array)
{
  GArray *lists = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      guint64 id = 0;

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
        id = (guint64) MAX (0, json_node_get_int (node));
      else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_ascii_string_to_unsigned (json_node_get_string (node), 10, 1, G_MAXUINT64, &id, NULL);
      g_array_append_val (lists, id);
    }

  return lists;
}

/* What cannot be read is an exclusion all the same, of a kind that is not known. */
static RelaisExclusion *
read_exclusion (JsonNode *node)
{
  RelaisExclusion *exclusion = g_new0 (RelaisExclusion, 1);
  JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  exclusion->id = item != NULL ? relais_json_get_id (item, "id") : 0;
  exclusion->phrase = g_strdup (item != NULL ? relais_json_get_text (item, "matchPhrase") : "");
  exclusion->channel = g_strdup (item != NULL ? relais_json_get_text (item, "channel") : "");
  exclusion->lists = read_lists (item != NULL ? relais_json_get_array (item, "lists") : NULL);
  /* A phrase without text would be the beginning of every address. */
  exclusion->match = *exclusion->phrase != '\0' ? read_match (relais_json_get_text (item, "matchType")) : RELAIS_EXCLUSION_OTHER;

  return exclusion;
}

static void
exclusions_got_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  JsonArray *array = root != NULL ? relais_json_get_array (json_node_get_object (root), "exclusions") : NULL;
  JsonObject *meta = root != NULL ? relais_json_get_object (json_node_get_object (root), "meta") : NULL;
  RelaisExclusionPage *page;

  if (array == NULL)
    {
      if (root == NULL)
        g_task_return_error (task, error);
      else
        relais_client_return_not_understood (task);
      return;
    }
  page = g_new0 (RelaisExclusionPage, 1);
  page->exclusions = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_exclusion_free);
  page->total = meta != NULL ? relais_json_get_count (meta, "total") : -1;
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (page->exclusions, read_exclusion (json_array_get_element (array, i)));
  g_task_return_pointer (task, page, (GDestroyNotify) relais_exclusion_page_free);
}

/**
 * relais_client_list_exclusions_async:
 * @self: the client
 * @offset: how many to pass over
 * @cancellable: (nullable):
 * @callback: called with a page of up to 100 exclusions
 * @user_data: for @callback
 */
void
relais_client_list_exclusions_async (RelaisClient        *self,
                                     guint                offset,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = g_strdup_printf ("lists/exclusions?limit=%d&offset=%u", PAGE, offset);

  g_task_set_source_tag (task, relais_client_list_exclusions_async);
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, exclusions_got_cb, task);
}

/**
 * relais_client_list_exclusions_finish:
 * @self: the client
 * @result: of relais_client_list_exclusions_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): a page; whether the offset is heeded is not documented
 */
RelaisExclusionPage *
relais_client_list_exclusions_finish (RelaisClient  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
