/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-client.h"

#include "relais-client-private.h"
#include "relais-error.h"
#include "relais-host.h"
#include "relais-request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGE       100    /* the most that the service gives at once */
#define MAX_PAGES  10000

G_DEFINE_FINAL_TYPE (RelaisClient, relais_client, G_TYPE_OBJECT)

static void
relais_client_finalize (GObject *object)
{
  RelaisClient *self = RELAIS_CLIENT (object);

  g_object_unref (self->session);
  g_object_unref (self->governor);
  g_free (self->host);
  relais_key_unref (self->key);
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
 * Returns: (transfer full): the session for all requests of the program. It keeps no cookies and
 *   does not answer challenges; certificates are verified, and nothing turns that off
 */
SoupSession *
relais_client_session_new (void)
{
  SoupSession *session = soup_session_new_with_options ("timeout", 60,
                                                        "idle-timeout", 60,
                                                        "max-conns", 64,
                                                        "max-conns-per-host", 16,
                                                        "user-agent", "Relais/" RELAIS_VERSION,
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
  self->host = g_strdup (host);
  /* Nothing in the clear ever leaves this computer, whoever asks for it. */
  self->practice = local != NULL;
  self->key = relais_key_ref (key);

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

/* The account */

static void
settings_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisAccount *account = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);

  /* Only administrators' keys may see this; without it the account still works. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      relais_account_free (account);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (root != NULL)
    {
      JsonObject *settings = json_node_get_object (root);

      account->account_name = g_strdup (relais_json_get_text (settings, "account"));
      account->contacts_limit = relais_json_get_count (settings, "subscriber_limit");
      account->contacts_total = relais_json_get_count (settings, "subscriber_total");
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

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  account = read_user (root);
  if (account == NULL)
    {
      g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_WRONG_HOST,
                               _("This host is not an ActiveCampaign account. Check the host name under Settings, Developer in the account."));
      return;
    }
  /* Handed on by the task, so not freed with it. */
  g_task_set_task_data (task, account, NULL);
  relais_client_ask_async (self, "GET", "settings/account", NULL, RELAIS_REQUEST_ORDINARY, g_task_get_cancellable (task),
                           settings_got_cb, g_object_ref (task));
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
  relais_client_ask_async (self, "GET", "users/me", NULL, RELAIS_REQUEST_ORDINARY, cancellable, user_got_cb, task);
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

/* Collections, page by page */

typedef gpointer (* ReadItem) (JsonObject *item,
                               JsonObject *page);

typedef struct
{
  const char *path;
  const char *collection;
  ReadItem    read;
  GPtrArray  *items;     /* (owned) */
  guint       offset;
  guint       n_pages;
  guint64     first_id;  /* of the page before */
} Paging;

static void ask_for_page (GTask *taken);

static void
free_paging (gpointer data)
{
  Paging *paging = data;

  g_ptr_array_unref (paging->items);
  g_free (paging);
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
  guint64 first_id = 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gpointer item;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      if (i == 0)
        {
          first_id = relais_json_get_id (json_node_get_object (node), "id");
          /* The same page again: the offset is not heeded there. */
          if (first_id != 0 && first_id == paging->first_id)
            return TRUE;
        }
      item = paging->read (json_node_get_object (node), page);
      if (item != NULL)
        g_ptr_array_add (paging->items, item);
    }
  paging->first_id = first_id;
  paging->offset += n;

  /* Totals are sometimes absent, so that only an empty page is sure to be the end. */
  return n == 0 || ++paging->n_pages >= MAX_PAGES || (total >= 0 && paging->offset >= total);
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
  array = relais_json_get_array (json_node_get_object (root), paging->collection);
  if (array == NULL)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_REPLY, _("ActiveCampaign answered something that Relais does not understand."));
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

  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, g_task_get_cancellable (taken), page_got_cb, taken);
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
  paging->collection = path;
  paging->read = read;
  paging->items = g_ptr_array_new_with_free_func (free_item);
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

/* Imports */

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean repeated;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, &repeated, &error);
  RelaisReceipt *receipt;

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  receipt = g_new0 (RelaisReceipt, 1);
  receipt->batch_id = g_strdup (relais_json_get_text (json_node_get_object (root), "batchId"));
  receipt->queued = (guint) MAX (0, relais_json_get_count (json_node_get_object (root), "queued_contacts"));
  receipt->repeated = repeated;
  g_task_return_pointer (task, receipt, (GDestroyNotify) relais_receipt_free);
}

/**
 * relais_client_import_async:
 * @self: the client
 * @payload: written with relais_payload_open() and its companions
 * @n_contacts: in it: one alone is counted apart by the service
 * @cancellable: (nullable): an import that is under way may be accepted all the same
 * @callback: called with the receipt
 * @user_data: for @callback
 */
void
relais_client_import_async (RelaisClient        *self,
                            GBytes              *payload,
                            guint                n_contacts,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_client_import_async);
  g_task_set_check_cancellable (task, FALSE);
  relais_client_ask_async (self, "POST", "import/bulk_import", payload,
                           n_contacts == 1 ? RELAIS_REQUEST_IMPORT_SINGLE : RELAIS_REQUEST_IMPORT,
                           cancellable, imported_cb, task);
}

/**
 * relais_client_import_finish:
 * @self: the client
 * @result: of relais_client_import_async()
 * @error: RELAIS_ERROR_INVALID when nothing of it was queued because of its content; see
 *   relais_error_is_in_doubt() for those after which it may have been queued
 *
 * Returns: (transfer full) (nullable): the receipt of an import that is queued, not done
 */
RelaisReceipt *
relais_client_import_finish (RelaisClient  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static RelaisImportState
read_state (const char *status)
{
  if (strcmp (status, "completed") == 0)
    return RELAIS_IMPORT_COMPLETED;
  if (strcmp (status, "failed") == 0)
    return RELAIS_IMPORT_FAILED;
  if (strcmp (status, "interrupted") == 0)
    return RELAIS_IMPORT_INTERRUPTED;

  return RELAIS_IMPORT_PENDING;
}

static void
info_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) root = relais_client_ask_finish (RELAIS_CLIENT (object), result, NULL, &error);
  g_autoptr (GPtrArray) failures = g_ptr_array_new_with_free_func (g_free);
  RelaisImportInfo *info;
  JsonArray *array;

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  info = g_new0 (RelaisImportInfo, 1);
  info->state = read_state (relais_json_get_text (json_node_get_object (root), "status"));
  array = relais_json_get_array (json_node_get_object (root), "success");
  info->n_success = array != NULL ? json_array_get_length (array) : 0;
  array = relais_json_get_array (json_node_get_object (root), "failure");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (failures, g_strdup (json_node_get_string (node)));
    }
  g_ptr_array_add (failures, NULL);
  info->failures = (char **) g_ptr_array_steal (failures, NULL);
  g_task_return_pointer (task, info, (GDestroyNotify) relais_import_info_free);
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
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, cancellable, info_got_cb, task);
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

/* Single contacts */

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
  if (contact == NULL)
    {
      g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_REPLY, _("ActiveCampaign answered something that Relais does not understand."));
      return;
    }
  id = g_new (guint64, 1);
  *id = relais_json_get_id (contact, "id");
  g_task_return_pointer (task, id, g_free);
}

/**
 * relais_client_sync_contact_async:
 * @self: the client
 * @contact_json: a JSON object: the value of `contact`
 * @cancellable: (nullable):
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * Creates or updates one contact. Does not touch what lists it is on.
 */
void
relais_client_sync_contact_async (RelaisClient        *self,
                                  const char          *contact_json,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  char *text = g_strdup_printf ("{\"contact\":%s}", contact_json);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  g_task_set_source_tag (task, relais_client_sync_contact_async);
  relais_client_ask_async (self, "POST", "contact/sync", body, RELAIS_REQUEST_ORDINARY, cancellable, synced_cb, task);
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
      g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_REPLY, _("ActiveCampaign answered something that Relais does not understand."));
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
  relais_client_ask_async (self, "GET", path, NULL, RELAIS_REQUEST_ORDINARY, cancellable, contacts_got_cb, task);
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
