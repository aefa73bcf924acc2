/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Imports, and what became of them. */

#include "relais-client.h"

#include "relais-answer.h"
#include "relais-json-private.h"
#include "relais-request.h"

/* How one left, to be told whatever came of it */
typedef struct
{
  gboolean has_left;
  gint64   sent_at;
} Leaving;

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean repeated;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, &repeated, &error);
  Leaving *leaving = g_task_get_task_data (task);
  RelaisReceipt *receipt;

  leaving->has_left = relais_client_ask_has_left (result);
  leaving->sent_at = relais_client_ask_get_sent_at (result);
  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  receipt = g_new0 (RelaisReceipt, 1);
  receipt->batch_id = relais_answer_get_batch_id (root);
  receipt->queued = (int) MIN (relais_json_get_count (json_node_get_object (root), "queued_contacts"), G_MAXINT);
  receipt->repeated = repeated;
  g_task_return_pointer (task, receipt, (GDestroyNotify) relais_receipt_free);
}

/**
 * relais_client_import_async:
 * @self: the client
 * @payload: written with relais_payload_open() and its companions
 * @n_contacts: in it: one alone is counted apart by the service
 * @may_repeat: whether it may be sent once more by itself when a kept connection turns out
 *   dead; else each import opens a connection
 * @cancellable: (nullable): an import that is under way may be accepted all the same
 * @callback: called with the receipt
 * @user_data: for @callback
 */
void
relais_client_import_async (RelaisClient        *self,
                            GBytes              *payload,
                            guint                n_contacts,
                            gboolean             may_repeat,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_client_import_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_new0 (Leaving, 1), g_free);
  relais_client_ask_async (self, "POST", "import/bulk_import", payload,
                           n_contacts == 1 ? RELAIS_REQUEST_IMPORT_SINGLE : RELAIS_REQUEST_IMPORT, may_repeat, 0,
                           cancellable, imported_cb, task);
}

/**
 * relais_client_import_finish:
 * @self: the client
 * @result: of relais_client_import_async()
 * @has_left: (out) (optional): on error: whether anything of it left this computer. One that was
 *   cancelled may have been queued only if it had.
 * @error: RELAIS_ERROR_INVALID when nothing of it was queued because of its content; see
 *   relais_error_is_in_doubt() for those after which it may have been queued
 *
 * Returns: (transfer full) (nullable): the receipt of an import that is queued, not done
 */
RelaisReceipt *
relais_client_import_finish (RelaisClient  *self,
                             GAsyncResult  *result,
                             gboolean      *has_left,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (has_left != NULL)
    *has_left = ((const Leaving *) g_task_get_task_data (G_TASK (result)))->has_left;

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * relais_client_import_get_sent_at:
 * @result: of relais_client_import_async(), whatever came of it
 *
 * Returns: a moment of relais_steady_time() before which nothing of the import had left when it was sent last, 0 when it has not
 *   left: what was refused for its rate, or lost with its connection, and sent again by itself, does not count
 */
gint64
relais_client_import_get_sent_at (GAsyncResult *result)
{
  return ((const Leaving *) g_task_get_task_data (G_TASK (result)))->sent_at;
}

static RelaisImportState
read_state (const char *status)
{
  if (g_ascii_strcasecmp (status, "completed") == 0)
    return RELAIS_IMPORT_COMPLETED;
  if (g_ascii_strcasecmp (status, "failed") == 0)
    return RELAIS_IMPORT_FAILED;
  if (g_ascii_strcasecmp (status, "interrupted") == 0)
    return RELAIS_IMPORT_INTERRUPTED;

  return RELAIS_IMPORT_PENDING;
}

/* An array, or what PHP makes of one that has gaps: an object.
 * Returns: (transfer container) (element-type JsonNode) (nullable): the elements; none when it is absent */
static GList *
get_elements (JsonObject *object,
              const char *name)
{
  JsonObject *numbered = relais_json_get_object (object, name);
  JsonArray *array = relais_json_get_array (object, name);

  if (numbered != NULL)
    return json_object_get_values (numbered);

  return array != NULL ? json_array_get_elements (array) : NULL;
}

/* PHP writes null or false where there is none. */
static gboolean
may_have_elements (JsonObject *object,
                   const char *name)
{
  JsonNode *node = json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return TRUE;

  return json_node_get_value_type (node) == G_TYPE_BOOLEAN && !json_node_get_boolean (node);
}

/* Returns: (nullable): the address of one that was not imported */
static const char *
read_failure (JsonNode *node)
{
  const char *email;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  email = relais_json_get_text (json_node_get_object (node), "email");

  return *email != '\0' ? email : NULL;
}

/* Returns: (nullable): what the answer says; nothing when it names a failure that
 * cannot be read: the others would be taken for delivered, and that one with them */
static RelaisImportInfo *
read_info (JsonObject *root)
{
  g_autoptr (GList) success = get_elements (root, "success");
  g_autoptr (GList) failure = get_elements (root, "failure");
  g_autoptr (GPtrArray) failures = g_ptr_array_new_with_free_func (g_free);
  RelaisImportInfo *info;

  if (!may_have_elements (root, "failure"))
    return NULL;
  for (GList *at = failure; at != NULL; at = at->next)
    {
      const char *email = read_failure (at->data);

      if (email == NULL)
        return NULL;
      g_ptr_array_add (failures, g_strdup (email));
    }
  g_ptr_array_add (failures, NULL);
  info = g_new0 (RelaisImportInfo, 1);
  info->state = read_state (relais_json_get_text (root, "status"));
  info->n_success = g_list_length (success);
  info->failures = (char **) g_ptr_array_steal (failures, NULL);

  return info;
}

static void
info_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  RelaisImportInfo *info = root != NULL ? read_info (json_node_get_object (root)) : NULL;

  if (info != NULL)
    g_task_return_pointer (task, info, (GDestroyNotify) relais_import_info_free);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    relais_client_return_not_understood (task);
}

/**
 * relais_client_import_info_async:
 * @self: the client
 * @batch_id: of a receipt
 * @cancellable: (nullable):
 * @callback: called with what became of the import
 * @user_data: for @callback
 */
void
relais_client_import_info_async (RelaisClient        *self,
                                 const char          *batch_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *escaped = g_uri_escape_string (batch_id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("import/info?batchId=%s", escaped);

  g_task_set_source_tag (task, relais_client_import_info_async);
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, TRUE, 0, cancellable, info_got_cb, task);
}

/**
 * relais_client_import_info_finish:
 * @self: the client
 * @result: of relais_client_import_info_async()
 * @error: in RELAIS_ERROR
 *
 * Returns: (transfer full) (nullable): how the import stands
 */
RelaisImportInfo *
relais_client_import_info_finish (RelaisClient  *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
