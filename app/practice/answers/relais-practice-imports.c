/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-imports.h"

#include <string.h>

#include "relais-practice-contact.h"

/* What happens to an import after it was accepted, after
 * developers.activecampaign.com/reference/bulk-import-contacts. They are carried out one after the
 * other, each in one step: whenever the process ends, an import was done whole or not at all,
 * and one that was not is done when the account starts again. */

typedef struct
{
  char         *id;      /* (owned) */
  RelaisTree   *tree;    /* (owned) */
  gint64        due;     /* monotonic */
  RelaisEnding  ending;
  RelaisPlace   place;   /* of its request */
} Import;

static void
free_import (Import *import)
{
  g_free (import->id);
  relais_tree_free (import->tree);
  g_free (import);
}

static gboolean
is_label_mark (char letter)
{
  return g_ascii_isalnum (letter) || letter == '-' || (guchar) letter >= 0x80;
}

/* Dots between parts that are not empty; after the last one at least two letters. */
static gboolean
is_domain (const char *domain)
{
  const char *dot = strrchr (domain, '.');

  if (dot == NULL || *domain == '.' || strstr (domain, "..") != NULL || strlen (dot + 1) < 2)
    return FALSE;
  for (const char *at = domain; *at != '\0'; at++)
    if (*at != '.' && !is_label_mark (*at))
      return FALSE;

  return !g_ascii_isdigit (dot[1]);
}

/**
 * relais_imports_is_address:
 * @account: the account
 * @email: (nullable): a text
 *
 * Returns: whether an import takes it for an address
 */
gboolean
relais_imports_is_address (RelaisPracticeAccount *account,
                           const char            *email)
{
  const char *at = email != NULL ? strchr (email, '@') : NULL;

  return at != NULL && at > email && strpbrk (email, "\"(),:;<>[\\] \t\r\n") == NULL && strchr (at + 1, '@') == NULL && is_domain (at + 1) &&
         (account->faults.at[RELAIS_FAULT_APOSTROPHES_PASS].on || strchr (email, '\'') == NULL);
}

/**
 * relais_imports_is_excluded:
 * @account: the account
 * @contact: a contact of an import
 *
 * Returns: whether it must not be written to by mail, at all or on a list it would be put on
 */
gboolean
relais_imports_is_excluded (RelaisPracticeAccount *account,
                            const RelaisNode      *contact)
{
  const RelaisNode *subscribe = relais_node_member (contact, "subscribe");
  const RelaisNode *item = subscribe != NULL ? subscribe + 1 : NULL;
  g_autoptr (GString) lists = g_string_new ("[");

  for (guint i = 0; subscribe != NULL && subscribe->type == RELAIS_NODE_ARRAY && i < subscribe->count; i++, item += item->span)
    g_string_append_printf (lists, "%s\"%" G_GUINT64_FORMAT "\"", i > 0 ? "," : "", relais_node_to_id (relais_node_member (item, "listid")));
  g_string_append_c (lists, ']');

  return relais_store_number (account->store,
    "SELECT 1 FROM exclusions WHERE ((type = 'exact' AND phrase = ?1 COLLATE NOCASE)"
    " OR (type = 'begin' AND lower (substr (?1, 1, length (phrase))) = lower (phrase))"
    " OR (type = 'end' AND lower (substr (?1, -length (phrase))) = lower (phrase)))"
    " AND (channel IN ('all', 'allEmail', 'email') OR (channel = 'several' AND EXISTS"
    " (SELECT 1 FROM json_each (lists) WHERE value IN (SELECT value FROM json_each (?2))))) LIMIT 1", "ss",
    relais_node_member_text (contact, "email"), lists->str) != 0;
}

/**
 * relais_imports_is_left_out:
 * @account: the account
 * @contact: a contact of an import
 *
 * Returns: whether it is not imported, and nothing says so
 */
gboolean
relais_imports_is_left_out (RelaisPracticeAccount *account,
                            const RelaisNode      *contact)
{
  const RelaisSwitch *left_out = &account->faults.at[RELAIS_FAULT_LEAVE_OUT];
  const char *email = relais_node_member_text (contact, "email");

  return left_out->on && email != NULL && strstr (email, left_out->text) != NULL;
}

/* Carrying out */

static gint64
find_contact (RelaisPracticeAccount *account,
              const char            *email)
{
  return relais_store_number (account->store, "SELECT id FROM contacts WHERE email = ?", "s", email);
}

static gint64
find_status (RelaisPracticeAccount *account,
             gint64                 contact,
             gint64                 list)
{
  return contact == 0 ? -1 : relais_store_number (account->store, "SELECT coalesce ((SELECT status FROM memberships WHERE contact = ? AND list = ?), -1)",
                                                  "ii", contact, list);
}

/* Returns: whether it unsubscribed from, or bounced on, a list that it would be put on */
static gboolean
has_left (RelaisPracticeAccount *account,
          gint64                 id,
          const RelaisNode      *contact)
{
  const RelaisNode *subscribe = relais_node_member (contact, "subscribe");
  const RelaisNode *item = subscribe != NULL ? subscribe + 1 : NULL;
  gint64 last = account->faults.at[RELAIS_FAULT_THREE_UNCONFIRMED].on ? 2 : 3;

  for (guint i = 0; id != 0 && subscribe != NULL && subscribe->type == RELAIS_NODE_ARRAY && i < subscribe->count; i++, item += item->span)
    {
      gint64 status = find_status (account, id, (gint64) relais_node_to_id (relais_node_member (item, "listid")));

      if (status >= 2 && status <= last)
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_bounced (RelaisPracticeAccount *account,
             gint64                 id)
{
  return id != 0 && !account->faults.at[RELAIS_FAULT_THREE_UNCONFIRMED].on &&
         relais_store_number (account->store, "SELECT bounced FROM contacts WHERE id = ?", "i", id) != 0;
}

/* A contact counts against the plan while it is on a list. */
static gboolean
has_room (RelaisPracticeAccount *account,
          gint64                 id,
          const RelaisNode      *contact)
{
  const RelaisSwitch *limit = &account->faults.at[RELAIS_FAULT_CONTACT_LIMIT];
  const RelaisNode *subscribe = relais_node_member (contact, "subscribe");

  return !limit->on || account->n_active < limit->number || subscribe == NULL || subscribe->count == 0 ||
         (id != 0 && relais_contact_is_active (account, id));
}

/* A list that the account does not have is ignored. */
static void
set_lists (RelaisPracticeAccount *account,
           gint64                 id,
           const RelaisNode      *lists,
           gint64                 status)
{
  const RelaisNode *item = lists != NULL ? lists + 1 : NULL;

  for (guint i = 0; lists != NULL && lists->type == RELAIS_NODE_ARRAY && i < lists->count; i++, item += item->span)
    {
      gint64 list = (gint64) relais_node_to_id (relais_node_member (item, "listid"));

      if (relais_store_number (account->store, "SELECT 1 FROM lists WHERE id = ?", "i", list) != 0 &&
          (status != 1 || find_status (account, id, list) < 2))
        relais_contact_set_membership (account, id, list, status, 0);
    }
}

/* Returns: the id of somebody who is said to be written, and is not */
static gint64
lose_contact (RelaisPracticeAccount *account,
              gint64                 known)
{
  return known != 0 ? known : relais_store_number (account->store, "SELECT coalesce (max (id), 0) + 1 FROM contacts", "");
}

/* Takes the first letter off a name that is there. */
static const RelaisNode *
change_name (const RelaisNode *name,
             RelaisNode       *changed)
{
  const char *rest;

  if (name == NULL || name->type != RELAIS_NODE_STRING || name->length == 0)
    return name;
  *changed = *name;
  rest = g_utf8_next_char (name->text);
  changed->length -= rest - name->text;
  changed->text = rest;

  return changed;
}

/* Returns: its id, 0 when it fails */
static gint64
import_contact (RelaisPracticeAccount *account,
                const RelaisNode      *contact,
                gboolean              *created)
{
  const char *email = relais_node_member_text (contact, "email");
  gint64 known = email != NULL ? find_contact (account, email) : 0;
  RelaisUpsert upsert = {
    .email = email,
    .first_name = relais_node_member (contact, "first_name"),
    .last_name = relais_node_member (contact, "last_name"),
    .phone = relais_node_member (contact, "phone"),
    .organization = relais_node_member (contact, "customer_acct_name"),
    .fields = relais_node_member (contact, "fields"),
    .field_key = "id",
    .tags = relais_node_member (contact, "tags"),
    .keeps_empty = account->faults.at[RELAIS_FAULT_IMPORT_KEEPS_EMPTY].on,
  };
  RelaisNode changed;
  gint64 id;

  if (!relais_imports_is_address (account, email) || relais_imports_is_excluded (account, contact) || has_bounced (account, known) ||
      (has_left (account, known, contact) && !account->faults.at[RELAIS_FAULT_UNSUBSCRIBED_UPDATED].on) || !has_room (account, known, contact))
    return 0;
  if (relais_faults_strike (&account->faults, RELAIS_FAULT_LOSE))
    {
      *created = known == 0;
      return lose_contact (account, known);
    }
  if (relais_faults_strike (&account->faults, RELAIS_FAULT_CHANGE))
    upsert.first_name = change_name (upsert.first_name, &changed);
  id = relais_contact_upsert (account, &upsert, created);
  set_lists (account, id, relais_node_member (contact, "subscribe"), 1);
  set_lists (account, id, relais_node_member (contact, "unsubscribe"), 2);

  return id;
}

static gboolean
runs_automations (RelaisPracticeAccount *account,
                  const RelaisNode      *root,
                  const RelaisNode      *contact)
{
  const RelaisNode *where = account->faults.at[RELAIS_FAULT_AUTOMATIONS_INSIDE].on ? contact : root;

  return !relais_node_is_true (relais_node_member (where, "exclude_automations"));
}

static void
import_contacts (RelaisPracticeAccount *account,
                 Import                *import,
                 GString               *success,
                 GString               *failure)
{
  const RelaisNode *root = relais_tree_root (import->tree);
  const RelaisNode *contacts = relais_node_member (root, "contacts");
  const RelaisNode *contact = contacts + 1;
  guint n = import->ending == RELAIS_ENDING_WELL ? contacts->count : import->ending == RELAIS_ENDING_INTERRUPTED ? contacts->count / 2 : 0;

  for (guint i = 0; i < n; i++, contact += contact->span)
    {
      gboolean created = FALSE;
      gint64 id = 0;
      char number[32];

      if (relais_imports_is_left_out (account, contact))
        continue;
      id = import_contact (account, contact, &created);
      if (id == 0)
        {
          relais_write_value (failure, relais_node_member_text (contact, "email"));
          continue;
        }
      g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, id);
      if (created || !account->faults.at[RELAIS_FAULT_SUCCESS_CREATED_ONLY].on)
        relais_write_value (success, number);
      account->n_automations += runs_automations (account, root, contact);
    }
}

static void
carry_out (RelaisPracticeAccount *account,
           Import                *import)
{
  static const char *const states[] = { "completed", "failed", "interrupted", "active" };
  g_autoptr (GString) success = g_string_new ("[");
  g_autoptr (GString) failure = g_string_new ("[");

  relais_faults_turn_to (&account->faults, import->place);
  relais_store_execute (account->store, "BEGIN", "");
  import_contacts (account, import, success, failure);
  g_string_append_c (success, ']');
  g_string_append_c (failure, ']');
  relais_store_execute (account->store, "UPDATE imports SET state = ?, success = ?, failure = ?, body = NULL, ended = ? WHERE id = ?", "sssis",
                        states[import->ending], success->str, failure->str, g_get_real_time (), import->id);
  relais_store_execute (account->store, "COMMIT", "");
}

/* Waiting */

static void schedule (RelaisPracticeAccount *account);

static gboolean
import_due_cb (gpointer user_data)
{
  RelaisPracticeAccount *account = user_data;
  Import *import = g_queue_pop_head (&account->imports);

  g_clear_pointer (&account->import_source, g_source_unref);
  carry_out (account, import);
  free_import (import);
  schedule (account);

  return G_SOURCE_REMOVE;
}

/* One import a turn of the loop, so that answers stay quick. */
static void
schedule (RelaisPracticeAccount *account)
{
  Import *next = g_queue_peek_head (&account->imports);
  gint64 wait;

  if (next == NULL || account->import_source != NULL)
    return;
  wait = MAX (0, next->due - g_get_monotonic_time ());
  account->import_source = g_timeout_source_new ((guint) ((wait + 999) / 1000));
  g_source_set_callback (account->import_source, import_due_cb, account, NULL);
  g_source_attach (account->import_source, g_main_context_get_thread_default ());
}

static void
queue (RelaisPracticeAccount *account,
       const char            *id,
       RelaisTree            *tree,
       RelaisEnding           ending,
       RelaisPlace            place,
       gint64                 due)
{
  Import *import = g_new0 (Import, 1);

  import->id = g_strdup (id);
  import->tree = tree;
  import->ending = ending;
  import->place = place;
  import->due = due;
  g_queue_push_tail (&account->imports, import);
}

/**
 * relais_imports_queue:
 * @account: the account
 * @id: of an import that was accepted
 * @tree: (transfer full): what was posted
 * @ending: how it shall end
 */
void
relais_imports_queue (RelaisPracticeAccount *account,
                      const char            *id,
                      RelaisTree            *tree,
                      RelaisEnding           ending)
{
  if (ending == RELAIS_ENDING_NEVER)
    {
      relais_tree_free (tree);
      return;
    }
  queue (account, id, tree, ending, account->faults.place, g_get_monotonic_time () + account->import_delay);
  schedule (account);
}

/**
 * relais_practice_resume_imports:
 * @account: an account that starts
 *
 * Goes on with what was accepted and not done when it ended.
 */
void
relais_practice_resume_imports (RelaisPracticeAccount *account)
{
  sqlite3_stmt *row = relais_store_query (account->store,
    "SELECT id, body, ending FROM imports WHERE ended = 0 AND body IS NOT NULL AND ending <> ? ORDER BY number", "i", (gint64) RELAIS_ENDING_NEVER);

  while (sqlite3_step (row) == SQLITE_ROW)
    {
      const char *body = relais_store_text (row, 1);
      RelaisTree *tree = relais_tree_parse (body, strlen (body));

      if (tree != NULL)
        queue (account, relais_store_text (row, 0), tree, (RelaisEnding) sqlite3_column_int64 (row, 2), (RelaisPlace) { 0 }, 0);
    }
  sqlite3_reset (row);
  schedule (account);
}

/**
 * relais_practice_stop_imports:
 * @account: an account that stops
 *
 * What is not done yet waits for the next start, if what the account holds is kept.
 */
void
relais_practice_stop_imports (RelaisPracticeAccount *account)
{
  Import *import;

  if (account->import_source != NULL)
    g_source_destroy (account->import_source);
  g_clear_pointer (&account->import_source, g_source_unref);
  while ((import = g_queue_pop_head (&account->imports)) != NULL)
    free_import (import);
}
