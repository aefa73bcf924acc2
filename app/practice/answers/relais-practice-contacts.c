/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-contact.h"

#include <string.h>

/* Contacts one by one, after developers.activecampaign.com/reference (sync-a-contacts-data,
 * create-a-contact-new, get-contact, update-a-contact-new, delete-contact) and answers recorded from
 * real accounts: a sync says 201 to who is new and 200 to who is not. */

/**
 * relais_contact_find:
 * @call: a request
 * @id: of a contact
 *
 * Returns: the id; 0 when there is none, and then that was answered
 */
gint64
relais_contact_find (RelaisCall *call,
                     const char *id)
{
  gint64 found = relais_store_number (call->account->store, "SELECT id FROM contacts WHERE id = ?", "i", g_ascii_strtoll (id, NULL, 10));

  if (found == 0)
    relais_call_missing (call, "Subscriber", id);

  return found;
}

/**
 * relais_contact_answer_part:
 * @call: a request for what a contact has, whose id is the second part of the path
 * @write: writes that
 */
void
relais_contact_answer_part (RelaisCall *call,
                            void     (* write) (RelaisCall *call,
                                                gint64      contact))
{
  gint64 id = relais_contact_find (call, call->parts[1]);

  if (id == 0)
    return;
  relais_write_raw (call->answer, "{");
  write (call, id);
  g_string_append_c (call->answer, '}');
}

static void
get_contact (RelaisCall *call)
{
  gint64 id = relais_contact_find (call, call->parts[1]);

  if (id == 0)
    return;
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "contactAutomations", "[]");
  relais_contact_write_memberships (call, id);
  relais_write_member (call->answer, "deals", "[]");
  relais_contact_write_field_values (call, id);
  relais_write_member (call->answer, "geoIps", "[]");
  relais_write_member (call->answer, "accountContacts", "[]");
  relais_contact_write_one (call, id, RELAIS_CONTACT_WHOLE);
  g_string_append_c (call->answer, '}');
}

static gboolean
is_plausible (const char *email)
{
  const char *at = strchr (email, '@');

  return at != NULL && at > email && strchr (at, '.') != NULL && strpbrk (email, " \t\r\n,;<>()") == NULL;
}

static gboolean
refuse_address (RelaisCall *call,
                const char *email)
{
  if (email != NULL && is_plausible (email))
    return FALSE;
  call->status = 422;
  g_string_assign (call->answer, "{\"errors\":[{\"title\":\"Contact Email Address is not valid.\",\"detail\":\"\",\"code\":\"email_invalid\","
                                 "\"error\":\"must_be_valid_email_address\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/email\"}}]}");

  return TRUE;
}

static gboolean
refuse_double (RelaisCall *call,
               const char *email,
               gint64      but)
{
  if (relais_store_number (call->account->store, "SELECT 1 FROM contacts WHERE email = ? AND id <> ?", "si", email, but) == 0)
    return FALSE;
  relais_call_invalid (call, "Email address already exists in the system", "duplicate", "/data/attributes/email");

  return TRUE;
}

static RelaisUpsert
read_contact (const RelaisNode *contact,
              const char       *email)
{
  return (RelaisUpsert) {
    .email = email,
    .first_name = relais_node_member (contact, "firstName"),
    .last_name = relais_node_member (contact, "lastName"),
    .phone = relais_node_member (contact, "phone"),
    .fields = relais_node_member (contact, "fieldValues"),
    .field_key = "field",
  };
}

static void
write_saved (RelaisCall       *call,
             gint64            id,
             const RelaisNode *contact,
             gboolean          created)
{
  relais_write_raw (call->answer, "{");
  if (relais_node_member (contact, "fieldValues") != NULL)
    relais_contact_write_field_values (call, id);
  relais_contact_write_one (call, id, created ? RELAIS_CONTACT_CREATED : RELAIS_CONTACT_UPDATED);
  g_string_append_c (call->answer, '}');
}

static void
save_contact (RelaisCall *call,
              gboolean    sync)
{
  const RelaisNode *contact = relais_node_member (call->root, "contact");
  const char *email = relais_node_member_text (contact, "email");
  RelaisUpsert upsert = read_contact (contact, email);
  gboolean created;
  gint64 id;

  if (relais_call_malformed (call))
    return;
  if (sync && (email == NULL || *email == '\0'))
    {
      call->status = 400;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"Contact email must be provided for sync\"}]}");
      return;
    }
  if (refuse_address (call, email) || (!sync && refuse_double (call, email, 0)))
    return;
  id = relais_contact_upsert (call->account, &upsert, &created);
  call->status = created || call->account->faults.at[RELAIS_FAULT_DOCUMENTED_STATUSES].on ? 201 : 200;
  write_saved (call, id, contact, created);
}

static void
sync_contact (RelaisCall *call)
{
  save_contact (call, TRUE);
}

static void
create_contact (RelaisCall *call)
{
  save_contact (call, FALSE);
}

static void
update_contact (RelaisCall *call)
{
  gint64 id = relais_contact_find (call, call->parts[1]);
  const RelaisNode *contact = relais_node_member (call->root, "contact");
  g_autofree char *email = g_strdup (relais_node_member_text (contact, "email"));
  RelaisUpsert upsert;
  sqlite3_stmt *row;
  gboolean created;

  if (id == 0 || relais_call_malformed (call))
    return;
  if (email != NULL && (refuse_address (call, email) || refuse_double (call, email, id)))
    return;
  if (email != NULL)
    relais_store_execute (call->account->store, "UPDATE contacts SET email = ? WHERE id = ?", "si", email, id);
  else
    {
      row = relais_store_query (call->account->store, "SELECT email FROM contacts WHERE id = ?", "i", id);
      email = sqlite3_step (row) == SQLITE_ROW ? g_strdup (relais_store_text (row, 0)) : NULL;
      sqlite3_reset (row);
    }
  upsert = read_contact (contact, email);
  relais_contact_upsert (call->account, &upsert, &created);
  write_saved (call, id, contact, FALSE);
}

static void
delete_contact (RelaisCall *call)
{
  RelaisStore *store = call->account->store;
  gint64 id = relais_contact_find (call, call->parts[1]);

  if (id == 0)
    return;
  relais_store_execute (store, "BEGIN", "");
  if (relais_contact_is_active (call->account, id))
    call->account->n_active--;
  relais_store_execute (store, "UPDATE tags SET people = people - 1"
                               " WHERE (SELECT instr (contacts.tags, ',' || tags.id || ',') FROM contacts WHERE contacts.id = ?) > 0", "i", id);
  relais_store_execute (store, "DELETE FROM memberships WHERE contact = ?1 AND list IN (SELECT id FROM lists)", "i", id);
  relais_store_execute (store, "DELETE FROM contacts WHERE id = ?", "i", id);
  relais_store_execute (store, "COMMIT", "");
  g_string_assign (call->answer, "{}");
}

/**
 * relais_practice_answer_contacts:
 * @call: a request
 *
 * Returns: whether it was about one contact
 */
gboolean
relais_practice_answer_contacts (RelaisCall *call)
{
  /* With an s too many, a sync is a plain creation. */
  static const RelaisRoute routes[] = {
    { "POST", "contact/sync", sync_contact }, { "POST", "contacts", create_contact }, { "POST", "contacts/sync", create_contact },
    { "GET", "contacts/*", get_contact },     { "PUT", "contacts/*", update_contact }, { "DELETE", "contacts/*", delete_contact },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
