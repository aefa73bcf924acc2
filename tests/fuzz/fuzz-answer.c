/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any answer at all of the service: it is judged, and what is a success is read by everything
 * that reads answers. Exactly one of the two comes of it: an object, or an error with a
 * sentence; and no text in either is anything but UTF-8.
 *
 * The first line holds the kind of the request, the status, and the values of
 * Retry-After and RateLimit-Remaining, with a comma between them; the body follows. */

#include "relais-answer.h"
#include "relais-client-answers-private.h"
#include "relais-error.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

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

  g_assert_cmpuint (error->domain, ==, RELAIS_ERROR);
  check_text (error->message);
  g_assert_true (g_str_has_suffix (error->message, ".") || g_str_has_suffix (error->message, "”"));
}

static void
read_collection (JsonNode       *root,
                 const char     *collection,
                 RelaisReadItem  read,
                 GDestroyNotify  free_item)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  RelaisPages pages = { .collection = collection, .read = read, .items = items };
  GError *error = NULL;
  gboolean is_last = FALSE;

  if (!relais_client_read_page (root, &pages, &is_last, &error))
    {
      check_error (error);
      return;
    }
  g_assert_cmpuint (items->len, <=, pages.offset);
  g_assert_true (is_last || pages.offset > 0);
  /* The same page once more, as from a host that does not heed the offset. */
  g_assert_true (relais_client_read_page (root, &pages, &is_last, &error));
}

static void
read_account (JsonNode *root)
{
  GError *error = NULL;
  g_autoptr (RelaisAccount) account = relais_client_read_user (root, &error);

  if (account == NULL)
    {
      check_error (error);
      return;
    }
  relais_client_read_settings (root, account);
  check_text (account->user_name);
  check_text (account->email);
  check_text (account->account_name);
  g_assert_cmpint (account->contacts_limit, >=, -1);
  g_assert_cmpint (account->contacts_total, >=, -1);
}

static void
read_import (JsonNode *root)
{
  g_autoptr (RelaisReceipt) receipt = relais_client_read_receipt (root);
  g_autoptr (RelaisImportInfo) info = relais_client_read_import_info (root);

  check_text (receipt->batch_id);
  for (guint i = 0; info->failures[i] != NULL; i++)
    check_text (info->failures[i]);
}

static void
read_contacts (JsonNode *root)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) contacts = relais_client_read_contacts (root, &error);
  guint64 id;

  for (guint i = 0; contacts != NULL && i < contacts->len; i++)
    {
      RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);

      g_assert_cmpuint (contact->id, >, 0);
      check_text (contact->email);
      check_text (contact->phone);
    }
  if (contacts == NULL)
    check_error (g_steal_pointer (&error));
  if (!relais_client_read_contact_id (root, &id, &error))
    check_error (error);
}

static void
read_all (JsonNode *root)
{
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
  read_collection (root, "lists", relais_client_read_list, (GDestroyNotify) relais_list_free);
  read_collection (root, "fields", relais_client_read_field, (GDestroyNotify) relais_field_free);
  read_collection (root, "tags", relais_client_read_tag, (GDestroyNotify) relais_tag_free);
  read_account (root);
  read_import (root);
  read_contacts (root);
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
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, ",", -1) : NULL;
  guint n_words = words != NULL ? g_strv_length (words) : 0;
  g_autoptr (SoupMessageHeaders) headers = NULL;
  g_autoptr (RelaisAnswer) answer = NULL;
  g_autoptr (GBytes) body = NULL;

  if (n_words < 2)
    return 0;
  headers = make_headers (words, n_words);
  body = g_bytes_new (line_end + 1, data + size - (line_end + 1));
  answer = relais_answer_judge (strtoul (words[1], NULL, 10) % 1000, headers, body, words[0][0] % 3);

  g_assert_true ((answer->root == NULL) != (answer->error == NULL));
  g_assert_cmpint (answer->hint.throttled, ==, g_error_matches (answer->error, RELAIS_ERROR, RELAIS_ERROR_THROTTLED));
  g_assert_cmpint (answer->hint.retry_after, >=, -1);
  g_assert_cmpint (answer->hint.retry_after, <=, 24 * 60 * 60);
  g_assert_cmpint (answer->hint.remaining, >=, -1);
  g_assert_nonnull (answer->bad_contacts);
  if (answer->root != NULL)
    read_all (answer->root);
  else
    check_error (g_steal_pointer (&answer->error));

  return 0;
}
