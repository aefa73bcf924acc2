/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-scripted-account.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define JSON "application/json"

static void
answer (SoupServerMessage *message,
        guint              status,
        const char        *type,
        const char        *body)
{
  soup_server_message_set_status (message, status, NULL);
  if (type != NULL)
    soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

static void
end_connection (SoupServerMessage *message,
                const char        *last_words,
                gboolean           reset)
{
  g_autoptr (GSocket) socket = g_object_ref (soup_server_message_get_socket (message));
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  struct linger at_once = { 1, 0 };

  if (last_words != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), last_words, strlen (last_words), NULL, NULL, NULL);
  if (reset)
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  g_io_stream_close (stream, NULL, NULL);
}

/* Returns: whether the word is a fault that any request can meet, which is the answer now */
static gboolean
misbehave (RelaisScriptedAccount *self,
           SoupServerMessage     *message,
           const char            *word)
{
  guint status = (guint) atoi (word);

  if (g_str_equal (word, "html"))
    answer (message, 200, "text/html", "<!DOCTYPE html><html><body>Log in</body></html>");
  else if (g_str_equal (word, "no-right"))
    answer (message, 403, JSON, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to do this.\"}]}");
  else if (g_str_equal (word, "404"))
    answer (message, 404, JSON, "{\"message\":\"No Result found\"}");
  else if (g_str_equal (word, "limit"))
    answer (message, 400, JSON, "{\"success\":0,\"message\":\"Rate limit exceeded.\",\"failureReasons\":[\"Up to 100 imports may be requested per minute.\"]}");
  else if (g_str_equal (word, "busy"))
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", "0");
      answer (message, 503, NULL, NULL);
    }
  else if (g_str_equal (word, "unreadable"))
    answer (message, 200, JSON, "{\"success\":1,\"queued_con");
  else if (g_str_equal (word, "cut"))
    end_connection (message, "HTTP/1.1 200 OK\r\nContent-Type: " JSON "\r\nContent-Length: 100\r\n\r\n{\"succ", FALSE);
  else if (g_str_equal (word, "reset"))
    end_connection (message, NULL, TRUE);
  else if (g_str_equal (word, "hang"))
    {
      soup_server_message_pause (message);
      g_ptr_array_add (self->hanging, g_object_ref (message));
    }
  else if (status >= 400)
    {
      if (status == 429)
        soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", "0");
      answer (message, status, NULL, NULL);
    }
  else
    return FALSE;

  return TRUE;
}

/* Imports */

/*
 * relais_scripted_emails:
 * @body: of an import
 *
 * Returns: (transfer full): its addresses, in order
 */
char **
relais_scripted_emails (const char *body)
{
  static const char key[] = "\"email\":\"";
  g_autoptr (GPtrArray) emails = g_ptr_array_new ();

  for (const char *at = strstr (body, key); at != NULL; at = strstr (at, key))
    {
      at += strlen (key);
      g_ptr_array_add (emails, g_strndup (at, strcspn (at, "\"")));
    }
  g_ptr_array_add (emails, NULL);

  return (char **) g_ptr_array_steal (emails, NULL);
}

/* Returns: how many contacts were */
static guint
queue (RelaisScriptedAccount *self,
       GBytes                *bytes,
       const char            *body)
{
  g_auto (GStrv) emails = relais_scripted_emails (body);
  g_autoptr (GStrvBuilder) queued = g_strv_builder_new ();
  guint n = 0;

  for (guint i = 0; emails[i] != NULL; i++)
    {
      if (g_hash_table_contains (self->left_out, emails[i]))
        continue;
      g_strv_builder_add (queued, emails[i]);
      g_hash_table_insert (self->people, g_strdup (emails[i]),
                           GUINT_TO_POINTER (relais_scripted_account_times (self, emails[i]) + 1));
      n++;
    }
  g_ptr_array_add (self->batches, g_strv_builder_end (queued));
  g_ptr_array_add (self->accepted, g_bytes_ref (bytes));

  return n;
}

static void
answer_import (RelaisScriptedAccount *self,
               SoupServerMessage     *message,
               const char            *word)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *receipt = NULL;
  guint n_queued;

  g_ptr_array_add (self->bodies, g_bytes_ref (bytes));
  if (g_str_equal (word, "refuse") || (self->refused_text != NULL && strstr (body, self->refused_text) != NULL))
    {
      answer (message, 400, JSON, "{\"success\":0,\"message\":\"JSON payload did not pass validation.\","
                                  "\"failureReasons\":[{\"contact\":1,\"failureReason\":\"Field 'email' incorrect format\"}]}");
      return;
    }
  if (!g_str_has_prefix (word, "accept"))
    {
      g_assert_true (misbehave (self, message, word));
      return;
    }
  n_queued = queue (self, bytes, body);
  if (g_str_has_prefix (word, "accept-"))
    {
      g_assert_true (misbehave (self, message, word + strlen ("accept-")));
      return;
    }
  receipt = g_strdup_printf ("{\"success\":1,\"queued_contacts\":%u,\"batchId\":\"batch-%u\",\"message\":\"Contact import queued\"}",
                             self->always_queued > 0 ? self->always_queued : n_queued, self->batches->len);
  answer (message, 200, JSON, receipt);
}

/* What became of them */

static void
append_result (RelaisScriptedAccount *self,
               GString               *into,
               char                 **emails,
               gboolean               failures)
{
  gboolean any = FALSE;

  for (guint i = 0; emails[i] != NULL; i++)
    {
      gboolean failed = g_hash_table_contains (self->failing, emails[i]);

      if (failed != failures || g_hash_table_contains (self->silent, emails[i]) ||
          (!failed && self->created_only && relais_scripted_account_times (self, emails[i]) > 1))
        continue;
      if (failed)
        g_string_append_printf (into, "%s\"%s\"", any ? "," : "", emails[i]);
      else
        g_string_append_printf (into, "%s\"%u\"", any ? "," : "", g_str_hash (emails[i]));
      any = TRUE;
    }
}

static void
answer_info (RelaisScriptedAccount *self,
             SoupServerMessage     *message,
             const char            *query,
             const char            *word)
{
  const char *id = query != NULL ? strstr (query, "batch-") : NULL;
  guint number = id != NULL ? (guint) atoi (id + strlen ("batch-")) : 0;
  g_autoptr (GString) body = g_string_new (NULL);

  if (misbehave (self, message, word))
    return;
  if (number == 0 || number > self->batches->len)
    {
      answer (message, 404, JSON, "{\"message\":\"No Result found\"}");
      return;
    }
  if (g_str_equal (word, "false"))
    g_string_append (body, "{\"status\":false,\"success\":[");
  else
    g_string_append_printf (body, "{\"status\":\"%s\",\"success\":[", word);
  if (g_str_equal (word, "completed"))
    append_result (self, body, g_ptr_array_index (self->batches, number - 1), FALSE);
  g_string_append (body, "],\"failure\":[");
  if (g_str_equal (word, "completed"))
    append_result (self, body, g_ptr_array_index (self->batches, number - 1), TRUE);
  g_string_append (body, "]}");
  answer (message, 200, JSON, body->str);
}

/* People */

static int
get_status (RelaisScriptedAccount *self,
            const char            *email)
{
  if (g_hash_table_contains (self->unsubscribed, email))
    return 2;
  if (g_hash_table_contains (self->bounced, email))
    return 3;

  return g_hash_table_contains (self->active, email) ? 1 : -1;
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* Whoever has none yet gets a number. */
static void
number_people (RelaisScriptedAccount *self)
{
  GHashTable *all[] = { self->unsubscribed, self->bounced, self->active };
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      GHashTableIter iter;
      gpointer email;

      g_hash_table_iter_init (&iter, all[i]);
      while (g_hash_table_iter_next (&iter, &email, NULL))
        if (g_hash_table_add (self->numbered, g_strdup (email)))
          g_ptr_array_add (fresh, email);
    }
  g_ptr_array_sort (fresh, compare_texts);
  for (guint i = 0; i < fresh->len; i++)
    g_ptr_array_add (self->ids, g_strdup (g_ptr_array_index (fresh, i)));
}

static guint
get_number (GHashTable *query,
            const char *name,
            guint       missing)
{
  const char *text = query != NULL ? g_hash_table_lookup (query, name) : NULL;

  return text != NULL ? (guint) atoi (text) : missing;
}

static void
answer_contacts (RelaisScriptedAccount *self,
                 SoupServerMessage     *message,
                 GHashTable            *query)
{
  guint after = self->same_page ? 0 : get_number (query, "id_greater", 0);
  guint before = self->no_bounds ? G_MAXUINT : get_number (query, "id_less", G_MAXUINT);
  guint limit = get_number (query, "limit", 20);
  gboolean down = g_strcmp0 (query != NULL ? g_hash_table_lookup (query, "orders[id]") : NULL, "DESC") == 0;
  g_autoptr (GString) body = g_string_new ("{\"contacts\":[");
  g_autoptr (GString) lists = g_string_new (",\"contactLists\":[");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *since = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  guint n = 0, total = 0;

  number_people (self);
  for (guint i = 0; i < self->ids->len; i++)
    {
      guint id = down ? self->ids->len - i : i + 1;
      const char *email = g_ptr_array_index (self->ids, id - 1);
      int status = get_status (self, email);

      if (status < 0 || (!self->any_status && status != (int) get_number (query, "status", 0)) || id <= after || id >= before)
        continue;
      total++;
      if (n == limit)
        continue;
      g_string_append_printf (body, "%s{\"id\":\"%u\",\"email\":\"%s\"}", n > 0 ? "," : "", id, email);
      g_string_append_printf (lists, "%s{\"contact\":\"%u\",\"list\":\"2\",\"status\":\"1\"},"
                              "{\"contact\":\"%u\",\"list\":\"1\",\"status\":\"%d\",\"sdate\":\"%s\"}",
                              n > 0 ? "," : "", id, id, status, since);
      n++;
    }
  if (query != NULL && g_strcmp0 (g_hash_table_lookup (query, "include"), "contactLists") == 0 && !self->no_sideload)
    g_string_append_printf (body, "]%s", lists->str);
  g_string_append_printf (body, "],\"meta\":{\"total\":\"%u\"}}", total);
  answer (message, 200, JSON, self->contacts_answer != NULL ? self->contacts_answer : body->str);
}

static void
answer_memberships (RelaisScriptedAccount *self,
                    SoupServerMessage     *message,
                    const char            *path)
{
  guint id = (guint) atoi (strstr (path, "/contacts/") + strlen ("/contacts/"));
  g_autofree char *body = NULL;

  if (id == 0 || id > self->ids->len)
    {
      answer (message, 404, JSON, "{\"message\":\"No Result found for Subscriber\"}");
      return;
    }
  body = g_strdup_printf ("{\"contactLists\":[{\"contact\":\"%u\",\"list\":\"1\",\"status\":\"%d\"}]}", id,
                          get_status (self, g_ptr_array_index (self->ids, id - 1)));
  answer (message, 200, JSON, body);
}

static void
answer_exclusions (RelaisScriptedAccount *self,
                   SoupServerMessage     *message,
                   GHashTable            *query)
{
  guint offset = get_number (query, "offset", 0);
  guint limit = get_number (query, "limit", 20);
  g_autoptr (GString) body = g_string_new ("{\"exclusions\":[");

  if (self->every_exclusions != NULL && misbehave (self, message, self->every_exclusions))
    return;
  for (guint i = offset; i < self->exclusions->len && i < offset + limit; i++)
    g_string_append_printf (body, "%s%s", i > offset ? "," : "", (char *) g_ptr_array_index (self->exclusions, i));
  g_string_append_printf (body, "],\"meta\":{\"total\":%u}}", self->exclusions->len);
  answer (message, 200, JSON, body->str);
}

/* Everything else */

static void
answer_other (RelaisScriptedAccount *self,
              SoupServerMessage     *message,
              const char            *path,
              GHashTable            *query)
{
  if (g_str_has_suffix (path, "/fields"))
    answer (message, 200, JSON, "{\"fieldOptions\":[],\"fields\":[{\"id\":\"7\",\"title\":\"City\",\"type\":\"text\",\"perstag\":\"CITY\"}],\"meta\":{\"total\":\"1\"}}");
  else if (g_str_has_suffix (path, "/lists"))
    answer (message, 200, JSON, "{\"lists\":[{\"id\":\"1\",\"name\":\"Newsletter\",\"channel\":\"email\"},"
                                  "{\"id\":\"2\",\"name\":\"Partners\",\"channel\":\"email\"}],\"meta\":{\"total\":\"2\"}}");
  else if (g_str_has_suffix (path, "/contacts"))
    answer_contacts (self, message, query);
  else if (g_str_has_suffix (path, "/contactLists") && strstr (path, "/contacts/") != NULL)
    answer_memberships (self, message, path);
  else if (g_str_has_suffix (path, "/lists/exclusions"))
    answer_exclusions (self, message, query);
  else if (g_str_has_suffix (path, "/settings/account") && self->every_settings != NULL && misbehave (self, message, self->every_settings))
    return;
  else if (g_str_has_suffix (path, "/settings/account") && self->settings != NULL)
    answer (message, 200, JSON, self->settings);
  else
    answer (message, 404, JSON, "{\"message\":\"No matching route\"}");
}

/* Somebody on their own */
static void
answer_sync (RelaisScriptedAccount *self,
             SoupServerMessage     *message)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) emails = relais_scripted_emails (body);

  /* The address and nothing else: least of all a list. */
  g_assert_cmpuint (g_strv_length (emails), ==, 1);
  g_assert_true (g_str_has_prefix (body, "{\"contact\":{\"email\":\""));
  g_assert_cmpuint (strlen (body), ==, strlen ("{\"contact\":{\"email\":\"\"}}") + strlen (emails[0]));
  g_ptr_array_add (self->synced, g_strdup (emails[0]));
  if (self->every_sync != NULL && misbehave (self, message, self->every_sync))
    return;
  if (g_hash_table_contains (self->unfit, emails[0]))
    answer (message, 422, JSON, "{\"errors\":[{\"title\":\"Contact Email Address is not valid.\",\"detail\":\"\",\"code\":\"email_invalid\"}]}");
  else
    answer (message, 200, JSON, "{\"fieldValues\":[],\"contact\":{\"id\":\"7\"}}");
}

static char *
next_word (GQueue     *words,
           const char *every,
           const char *otherwise)
{
  char *word = g_queue_pop_head (words);

  return word != NULL ? word : g_strdup (every != NULL ? every : otherwise);
}

static void
call_hook (RelaisScriptedAccount *self,
           const char            *what,
           guint                  nth)
{
  if (self->hook != NULL)
    self->hook (self, what, nth, self->hook_data);
}

static void
write_down (RelaisScriptedAccount *self,
            SoupServerMessage     *message,
            const char            *path)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_ptr_array_add (self->written, g_strdup_printf ("%s\n%s\n%s", soup_server_message_get_method (message), path, body));
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *values,
            gpointer           user_data)
{
  RelaisScriptedAccount *self = user_data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  g_ptr_array_add (self->targets, g_strconcat (path, query != NULL ? "?" : NULL, query, NULL));
  if (!g_str_equal (soup_server_message_get_method (message), "GET"))
    write_down (self, message, path);
  if (g_str_has_suffix (path, "/import/bulk_import"))
    {
      g_autofree char *word = next_word (&self->imports, self->every_import, "accept");

      call_hook (self, "import", ++self->n_imports);
      answer_import (self, message, word);
    }
  else if (g_str_has_suffix (path, "/import/info"))
    {
      g_autofree char *word = next_word (&self->infos, self->every_info, "completed");

      call_hook (self, "info", ++self->n_infos);
      answer_info (self, message, query, word);
    }
  else if (g_str_has_suffix (path, "/contact/sync"))
    {
      call_hook (self, "sync", self->synced->len + 1);
      answer_sync (self, message);
    }
  else
    {
      call_hook (self, "other", ++self->n_others);
      if (self->every_other == NULL || !misbehave (self, message, self->every_other))
        answer_other (self, message, path, values);
    }
}

/*
 * relais_scripted_account_new:
 *
 * Returns: (transfer full): an account on a free port of the loopback interface
 */
RelaisScriptedAccount *
relais_scripted_account_new (void)
{
  RelaisScriptedAccount *self = g_new0 (RelaisScriptedAccount, 1);

  g_queue_init (&self->imports);
  g_queue_init (&self->infos);
  self->bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->accepted = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->targets = g_ptr_array_new_with_free_func (g_free);
  self->batches = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  self->texts = g_string_chunk_new (4096);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->failing = g_hash_table_new (g_str_hash, g_str_equal);
  self->silent = g_hash_table_new (g_str_hash, g_str_equal);
  self->left_out = g_hash_table_new (g_str_hash, g_str_equal);
  self->unfit = g_hash_table_new (g_str_hash, g_str_equal);
  self->synced = g_ptr_array_new_with_free_func (g_free);
  self->unsubscribed = g_hash_table_new (g_str_hash, g_str_equal);
  self->bounced = g_hash_table_new (g_str_hash, g_str_equal);
  self->active = g_hash_table_new (g_str_hash, g_str_equal);
  self->numbered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->exclusions = g_ptr_array_new_with_free_func (g_free);
  self->written = g_ptr_array_new_with_free_func (g_free);
  relais_scripted_account_come_back (self);
  self->address = g_strdup_printf ("127.0.0.1:%u", self->port);

  return self;
}

/*
 * relais_scripted_account_put_people:
 * @into: one of the account's tables of addresses
 * @first: number of the first person
 * @last: and of the last
 */
void
relais_scripted_account_put_people (RelaisScriptedAccount *self,
                                    GHashTable            *into,
                                    guint                  first,
                                    guint                  last)
{
  for (guint i = first; i <= last; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      g_hash_table_add (into, g_string_chunk_insert (self->texts, email));
    }
}

/*
 * relais_scripted_account_go_away:
 *
 * Nobody listens any more.
 */
void
relais_scripted_account_go_away (RelaisScriptedAccount *self)
{
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

/*
 * relais_scripted_account_come_back:
 *
 * Listens, where it did before if it did.
 */
void
relais_scripted_account_come_back (RelaisScriptedAccount *self)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, self->port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->port = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

/*
 * relais_scripted_account_let_go:
 *
 * Closes the connections that got no answer.
 */
void
relais_scripted_account_let_go (RelaisScriptedAccount *self)
{
  for (guint i = 0; i < self->hanging->len; i++)
    {
      SoupServerMessage *message = g_ptr_array_index (self->hanging, i);

      answer (message, 500, NULL, NULL);
      soup_server_message_unpause (message);
    }
  g_ptr_array_set_size (self->hanging, 0);
}

/*
 * relais_scripted_account_free:
 * @self: (transfer full): an account
 */
void
relais_scripted_account_free (RelaisScriptedAccount *self)
{
  relais_scripted_account_let_go (self);
  relais_scripted_account_go_away (self);
  g_queue_clear_full (&self->imports, g_free);
  g_queue_clear_full (&self->infos, g_free);
  g_ptr_array_unref (self->bodies);
  g_ptr_array_unref (self->accepted);
  g_ptr_array_unref (self->targets);
  g_ptr_array_unref (self->batches);
  g_ptr_array_unref (self->hanging);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->failing);
  g_hash_table_unref (self->silent);
  g_hash_table_unref (self->left_out);
  g_hash_table_unref (self->unfit);
  g_ptr_array_unref (self->synced);
  g_hash_table_unref (self->unsubscribed);
  g_hash_table_unref (self->bounced);
  g_hash_table_unref (self->active);
  g_hash_table_unref (self->numbered);
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->exclusions);
  g_ptr_array_unref (self->written);
  g_free (self->address);
  g_string_chunk_free (self->texts);
  g_free (self);
}

static void
say (GQueue     *queue_of_words,
     const char *words)
{
  g_auto (GStrv) split = g_strsplit (words, " ", -1);

  for (guint i = 0; split[i] != NULL; i++)
    g_queue_push_tail (queue_of_words, g_strdup (split[i]));
}

/*
 * relais_scripted_account_imports:
 * @words: what the next imports meet, separated by blanks
 *
 * accept, or accept-reset, accept-cut, accept-unreadable, accept-busy, accept-hang when the answer does
 * not arrive; refuse, limit, busy (503 with a time), html, no-right, unreadable, cut, reset, hang, or a status.
 */
void
relais_scripted_account_imports (RelaisScriptedAccount *self,
                                 const char            *words)
{
  say (&self->imports, words);
}

/*
 * relais_scripted_account_infos:
 * @words: what the next questions about imports meet, separated by blanks
 *
 * The state of the import, or false; html, unreadable, cut, reset, hang, or a status.
 */
void
relais_scripted_account_infos (RelaisScriptedAccount *self,
                               const char            *words)
{
  say (&self->infos, words);
}

/*
 * relais_scripted_account_times:
 *
 * Returns: how often an address was queued
 */
guint
relais_scripted_account_times (RelaisScriptedAccount *self,
                               const char            *email)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->people, email));
}

/*
 * relais_scripted_account_repeated:
 *
 * Returns: how many different bodies were queued more often than once
 */
guint
relais_scripted_account_repeated (RelaisScriptedAccount *self)
{
  g_autoptr (GHashTable) times = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  guint n = 0;

  for (guint i = 0; i < self->accepted->len; i++)
    {
      GBytes *body = g_ptr_array_index (self->accepted, i);
      guint before = GPOINTER_TO_UINT (g_hash_table_lookup (times, body));

      n += before == 1;
      g_hash_table_insert (times, body, GUINT_TO_POINTER (before + 1));
    }

  return n;
}
