/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-server-private.h"

#include <string.h>

#include "relais-practice-contact.h"
#include "relais-practice-content.h"
#include "relais-practice-json.h"

/* What a test wants to know or to change while it runs, and the real service does not have.
 *
 *   GET  /practice/state   what was counted
 *   GET  /practice/faults  the switches that are on, as a JSON object: {"cut-answer":"3","unpaid":true}
 *   POST /practice/faults  the same object; false puts one off. It wants the account's key.
 *   POST /practice/leave   {"email":"x@example.com","list":"1","reason":"Too many"}: this person leaves a list by themselves, as by
 *                          the link in a mail; without a list every one that they are on. It wants the account's key. */

static void
respond (SoupServerMessage *message,
         guint              status,
         const char        *json)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, json, strlen (json));
}

static void
state_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  RelaisPracticeAccount *account = &RELAIS_PRACTICE (user_data)->account;
  g_autoptr (GString) answer = g_string_new ("{");

  relais_write_number (answer, "requests", (gint64) account->n_requests);
  relais_write_number (answer, "bulk_requests", (gint64) account->n_imports);
  relais_write_number (answer, "throttled", (gint64) account->n_throttled);
  relais_write_number (answer, "automations", (gint64) account->n_automations);
  relais_write_number (answer, "waiting_imports", account->imports.length);
  relais_write_number (answer, "active_contacts", account->n_active);
  relais_write_number (answer, "contacts", relais_store_number (account->store, "SELECT count (*) FROM contacts", ""));
  g_string_append_c (answer, '}');
  respond (message, 200, answer->str);
}

static void
tell_faults (RelaisPractice    *self,
             SoupServerMessage *message)
{
  g_autoptr (GString) answer = g_string_new ("{");

  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    {
      const RelaisSwitch *at = &self->account.faults.at[i];
      g_autofree char *name = relais_faults_tell (&self->account.faults, i);

      if (at->set && at->text != NULL)
        relais_write_string (answer, name, at->text);
      else if (at->set)
        relais_write_member (answer, name, "true");
    }
  g_string_append_c (answer, '}');
  respond (message, 200, answer->str);
}

static gboolean
set_fault (RelaisPractice   *self,
           const RelaisNode *name,
           GError          **error)
{
  const RelaisNode *value = name + 1;
  g_autofree char *fault = g_strndup (name->text, name->length);
  g_autofree char *text = value->type == RELAIS_NODE_FALSE || value->type == RELAIS_NODE_NULL ? g_strdup ("off") : relais_node_to_text (value);

  return relais_practice_add_fault (self, fault, text, error);
}

static void
set_faults (RelaisPractice    *self,
            SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (RelaisTree) tree = body->length > 0 ? relais_tree_parse (body->data, body->length) : NULL;
  const RelaisNode *root = tree != NULL ? relais_tree_root (tree) : NULL;
  const RelaisNode *at = root != NULL ? root + 1 : NULL;
  g_autoptr (GError) error = NULL;

  if (!relais_practice_has_key (self, message))
    {
      respond (message, 403, "{}");
      return;
    }
  for (guint i = 0; root != NULL && root->type == RELAIS_NODE_OBJECT && i < root->count && error == NULL; i++, at += 1 + at[1].span)
    set_fault (self, at, &error);
  if (root == NULL || root->type != RELAIS_NODE_OBJECT || error != NULL)
    {
      g_autoptr (GString) answer = g_string_new ("{");

      relais_write_string (answer, "message", error != NULL ? error->message : NULL);
      g_string_append_c (answer, '}');
      respond (message, 400, answer->str);
    }
  else
    tell_faults (self, message);
}

static void
faults_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  const char *method = soup_server_message_get_method (message);

  if (strcmp (method, "GET") == 0)
    tell_faults (user_data, message);
  else if (strcmp (method, "POST") == 0)
    set_faults (user_data, message);
  else
    respond (message, 405, "{}");
}

static void
leave_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  RelaisPracticeAccount *account = &RELAIS_PRACTICE (user_data)->account;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (RelaisTree) tree = body->length > 0 ? relais_tree_parse (body->data, body->length) : NULL;
  const RelaisNode *root = tree != NULL ? relais_tree_root (tree) : NULL;
  const char *email = root != NULL ? relais_node_member_text (root, "email") : NULL;
  gint64 contact = email != NULL ? relais_store_number (account->store, "SELECT id FROM contacts WHERE email = ?", "s", email) : 0;

  if (!relais_practice_has_key (user_data, message))
    respond (message, 403, "{}");
  else if (contact == 0)
    respond (message, 404, "{}");
  else
    {
      relais_contact_leave (account, contact, (gint64) relais_node_to_id (relais_node_member (root, "list")), relais_node_member_text (root, "reason"));
      respond (message, 200, "{}");
    }
}

/**
 * relais_practice_add_control:
 * @self: an account whose server begins
 *
 * Adds what the service has not.
 */
void
relais_practice_add_control (RelaisPractice *self)
{
  soup_server_add_handler (self->server, "/practice/state", state_cb, self, NULL);
  soup_server_add_handler (self->server, "/practice/faults", faults_cb, self, NULL);
  soup_server_add_handler (self->server, "/practice/leave", leave_cb, self, NULL);
}
