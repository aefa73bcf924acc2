/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any answer at all of the service: it is judged, and read by everything in the client that reads
 * answers. Exactly one of two things comes of it, something that was read or an error with a
 * sentence; and no text in either is anything but UTF-8.
 *
 * The first line holds the kind of the request, the status, and the values of Retry-After and
 * RateLimit-Remaining, with a bar between them; the body follows. No request is made: the
 * linker puts the functions below in place of those that make one. */

#include "relais-answer.h"
#include "relais-client.h"
#include "relais-error.h"
#include "relais-request.h"

#include <stdint.h>
#include <string.h>

/* Pages of a collection before the account is gone. */
#define MAX_ASKED 3

static struct
{
  guint               status;
  SoupMessageHeaders *headers;
  GBytes             *body;
  RelaisRequestKind   kind;
  guint               n_asked;
} given;

int       LLVMFuzzerTestOneInput          (const uint8_t        *data,
                                           size_t                size);
void      __wrap_relais_client_ask_async  (RelaisClient         *self,
                                           const char           *method,
                                           const char           *path,
                                           GBytes               *body,
                                           RelaisRequestKind     kind,
                                           gboolean              may_repeat,
                                           gint64                until,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
JsonNode *__wrap_relais_client_ask_finish (RelaisClient         *self,
                                           GAsyncResult         *result,
                                           gboolean             *repeated,
                                           GError              **error);
gboolean  __wrap_relais_client_ask_has_left (GAsyncResult       *result);
gint64    __wrap_relais_client_ask_get_sent_at (GAsyncResult     *result);

void
__wrap_relais_client_ask_async (RelaisClient        *self,
                                const char          *method,
                                const char          *path,
                                GBytes              *body,
                                RelaisRequestKind    kind,
                                gboolean             may_repeat,
                                gint64               until,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (RelaisAnswer) answer = relais_answer_judge (given.status, given.headers, given.body, kind);

  if (++given.n_asked > MAX_ASKED)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_UNREACHABLE, "Gone.");
  else if (answer->error != NULL)
    g_task_return_error (task, g_steal_pointer (&answer->error));
  else
    g_task_return_pointer (task, json_node_ref (answer->root), (GDestroyNotify) json_node_unref);
}

JsonNode *
__wrap_relais_client_ask_finish (RelaisClient  *self,
                                 GAsyncResult  *result,
                                 gboolean      *repeated,
                                 GError       **error)
{
  if (repeated != NULL)
    *repeated = FALSE;

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
__wrap_relais_client_ask_has_left (GAsyncResult *result)
{
  return TRUE;
}

gint64
__wrap_relais_client_ask_get_sent_at (GAsyncResult *result)
{
  return 1;
}

static void
check_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
check_error (GError *taken)
{
  g_autoptr (GError) error = taken;

  g_assert_nonnull (error);
  g_assert_cmpuint (error->domain, ==, RELAIS_ERROR);
  check_text (error->message);
  g_assert_true (g_str_has_suffix (error->message, ".") || g_str_has_suffix (error->message, "”"));
}

static RelaisClient *
get_client (void)
{
  static RelaisClient *client = NULL;

  if (client == NULL)
    {
      g_autoptr (SoupSession) session = soup_session_new ();
      g_autoptr (RelaisGovernor) governor = relais_governor_new (100, 60);
      g_autoptr (RelaisKey) key = relais_key_new_copy ("key", -1);

      client = relais_client_new (session, governor, "account.example.com", FALSE, key);
    }

  return client;
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  given.n_asked = 0;

  return *result;
}

static void
read_collections (RelaisClient *client)
{
  static const struct
  {
    void        (* ask)  (RelaisClient *, GCancellable *, GAsyncReadyCallback, gpointer);
    GPtrArray * (* read) (RelaisClient *, GAsyncResult *, GError **);
  } collections[] = {
    { relais_client_list_lists_async, relais_client_list_lists_finish },
    { relais_client_list_fields_async, relais_client_list_fields_finish },
    { relais_client_list_tags_async, relais_client_list_tags_finish },
  };

  for (guint i = 0; i < G_N_ELEMENTS (collections); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) items = NULL;
      GError *error = NULL;

      collections[i].ask (client, NULL, answered_cb, &result);
      items = collections[i].read (client, wait_for (&result), &error);
      if (items == NULL)
        check_error (error);
    }
}

static void
read_account (RelaisClient *client)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisAccount) account = NULL;
  GError *error = NULL;

  relais_client_get_account_async (client, NULL, answered_cb, &result);
  account = relais_client_get_account_finish (client, wait_for (&result), &error);
  if (account == NULL)
    {
      check_error (error);
      return;
    }
  check_text (account->user_name);
  check_text (account->email);
  check_text (account->account_name);
  check_text (account->status);
  g_assert_cmpint (account->contacts_limit, >=, -1);
  g_assert_cmpint (account->contacts_total, >=, -1);
}

static void
read_import (RelaisClient *client)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisReceipt) receipt = NULL;
  g_autoptr (GBytes) payload = g_bytes_new_static ("{}", 2);
  GError *error = NULL;

  relais_client_import_async (client, payload, given.kind == RELAIS_REQUEST_IMPORT_SINGLE ? 1 : 2, TRUE, NULL, answered_cb, &result);
  receipt = relais_client_import_finish (client, wait_for (&result), NULL, &error);
  if (receipt == NULL)
    check_error (error);
  else
    check_text (receipt->batch_id);
}

static void
read_import_info (RelaisClient *client)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisImportInfo) info = NULL;
  GError *error = NULL;

  relais_client_import_info_async (client, "1", NULL, answered_cb, &result);
  info = relais_client_import_info_finish (client, wait_for (&result), &error);
  if (info == NULL)
    check_error (error);
  for (guint i = 0; info != NULL && info->failures[i] != NULL; i++)
    check_text (info->failures[i]);
}

/* What is written down of them stays the same however often it is written, and never fits what is not certain. */
static void
check_memberships (GPtrArray *memberships)
{
  g_autofree char *settled = memberships != NULL ? relais_memberships_settle (memberships) : NULL;
  g_autofree char *again = memberships != NULL ? relais_memberships_settle (memberships) : NULL;
  gboolean is_off = FALSE;

  for (guint i = 0; memberships != NULL && i < memberships->len; i++)
    {
      const RelaisMembership *membership = g_ptr_array_index (memberships, i);

      g_assert_cmpint (membership->status, >=, -1);
      is_off |= membership->list_id == 1 && membership->status != RELAIS_LIST_STATUS_ACTIVE;
    }
  g_assert_cmpstr (settled, ==, again);
  if (settled != NULL)
    check_text (settled);
  g_assert_cmpint (relais_left_as_still_holds (settled != NULL ? settled : "", 1, settled, NULL, 0), ==, settled != NULL && is_off);
}

static void
read_resubscribed (RelaisClient *client)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  relais_client_resubscribe_async (client, 1, 1, G_MAXINT64, NULL, answered_cb, &result);
  if (!relais_client_resubscribe_finish (client, wait_for (&result), &error))
    check_error (error);
}

static void
read_contacts (RelaisClient *client)
{
  g_autoptr (GAsyncResult) synced = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GAsyncResult) asked = NULL;
  g_autoptr (GAsyncResult) excluded = NULL;
  g_autoptr (RelaisContactPage) page = NULL;
  g_autoptr (RelaisContactPage) one = NULL;
  g_autoptr (RelaisExclusionPage) exclusions = NULL;
  RelaisContactQuery query = { .list_id = 1, .status = RELAIS_LIST_STATUS_ACTIVE, .with_status = TRUE };
  GError *error = NULL;
  int status;

  relais_client_sync_contact_async (client, "x@example.com", NULL, answered_cb, &synced);
  if (!relais_client_sync_contact_finish (client, wait_for (&synced), NULL, &error))
    check_error (g_steal_pointer (&error));

  relais_client_list_contacts_async (client, &query, NULL, answered_cb, &listed);
  page = relais_client_list_contacts_finish (client, wait_for (&listed), &error);
  if (page == NULL)
    check_error (g_steal_pointer (&error));
  for (guint i = 0; page != NULL && i < page->contacts->len; i++)
    {
      RelaisRemoteContact *contact = g_ptr_array_index (page->contacts, i);

      g_assert_cmpuint (contact->id, >, 0);
      check_text (contact->email);
      check_text (contact->phone);
      g_assert_cmpint (contact->list_status, >=, -1);
      check_memberships (contact->memberships);
    }

  relais_client_find_contact_async (client, "x+1@example.com", 1, NULL, answered_cb, &found);
  one = relais_client_list_contacts_finish (client, wait_for (&found), &error);
  g_assert_cmpint (one != NULL, ==, page != NULL);
  if (one == NULL)
    check_error (g_steal_pointer (&error));

  relais_client_get_list_status_async (client, 1, 1, NULL, answered_cb, &asked);
  if (!relais_client_get_list_status_finish (client, wait_for (&asked), &status, &error))
    check_error (g_steal_pointer (&error));

  relais_client_list_exclusions_async (client, 0, NULL, answered_cb, &excluded);
  exclusions = relais_client_list_exclusions_finish (client, wait_for (&excluded), &error);
  if (exclusions == NULL)
    check_error (g_steal_pointer (&error));
  for (guint i = 0; exclusions != NULL && i < exclusions->exclusions->len; i++)
    {
      RelaisExclusion *exclusion = g_ptr_array_index (exclusions->exclusions, i);

      check_text (exclusion->phrase);
      g_assert_true (*exclusion->phrase != '\0' || exclusion->match == RELAIS_EXCLUSION_OTHER);
    }
}

static void
check_held (const RelaisHeldContact *contact)
{
  g_assert_cmpint (contact->id, >, 0);
  g_assert_cmpint (contact->list_status, >=, -1);
  check_text (contact->email);
  check_text (contact->first_name);
  check_text (contact->last_name);
  check_text (contact->phone);
  for (guint i = 0; i < contact->values->len; i++)
    check_text (((const RelaisHeldValue *) g_ptr_array_index (contact->values, i))->text);
}

static void
read_held (RelaisClient *client)
{
  for (guint question = 0; question < 3; question++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (RelaisHeldPage) page = NULL;
      GError *error = NULL;

      if (question == 0)
        relais_client_find_held_async (client, "x+1@example.com", 1, NULL, answered_cb, &result);
      else if (question == 1)
        relais_client_get_held_async (client, 1, 1, NULL, answered_cb, &result);
      else
        relais_client_list_held_async (client, 1, 0, NULL, answered_cb, &result);
      page = relais_client_held_finish (client, wait_for (&result), &error);
      if (page == NULL)
        check_error (g_steal_pointer (&error));
      for (guint i = 0; page != NULL && i < page->contacts->len; i++)
        check_held (g_ptr_array_index (page->contacts, i));
    }
}

static void
judge (void)
{
  g_autoptr (RelaisAnswer) answer = relais_answer_judge (given.status, given.headers, given.body, given.kind);

  g_assert_true ((answer->root == NULL) != (answer->error == NULL));
  /* An import that is met by 503 with a time may have been taken all the same: it is in doubt, and the pace waits. */
  g_assert_cmpint (answer->hint.throttled, ==, g_error_matches (answer->error, RELAIS_ERROR, RELAIS_ERROR_THROTTLED) ||
                                               (given.status == 503 && answer->hint.retry_after >= 0));
  g_assert_cmpint (answer->hint.retry_after, >=, -1);
  g_assert_cmpint (answer->hint.retry_after, <=, 24 * 60 * 60);
  g_assert_cmpint (answer->hint.remaining, >=, -1);
  if (answer->error != NULL)
    check_error (g_steal_pointer (&answer->error));
}

static SoupMessageHeaders *
make_headers (char **words,
              guint  n_words)
{
  static const char * const names[] = { "Retry-After", "RateLimit-Remaining" };
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  for (guint i = 0; i < G_N_ELEMENTS (names) && i + 2 < n_words; i++)
    if (words[i + 2][0] != '\0' && strpbrk (words[i + 2], "\r\n") == NULL)
      soup_message_headers_append (headers, names[i], words[i + 2]);

  return headers;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const uint8_t *line_end = memchr (data, '\n', size);
  g_autofree char *line = line_end != NULL ? g_strndup ((const char *) data, line_end - data) : NULL;
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, "|", 4) : NULL;
  g_autoptr (SoupMessageHeaders) headers = NULL;
  g_autoptr (GBytes) body = NULL;
  RelaisClient *client = get_client ();

  if (words == NULL || g_strv_length (words) < 2)
    return 0;
  given.headers = headers = make_headers (words, g_strv_length (words));
  given.body = body = g_bytes_new (line_end + 1, data + size - (line_end + 1));
  given.status = strtoul (words[1], NULL, 10) % 1000;
  given.kind = words[0][0] % 3;

  judge ();
  read_collections (client);
  read_account (client);
  read_import (client);
  read_import_info (client);
  read_contacts (client);
  read_resubscribed (client);
  read_held (client);

  return 0;
}
