/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-contact.h"

#include <string.h>

/* Who is on which list, and how: after developers.activecampaign.com/reference
 * (update-list-status-for-contact, retrieve-a-contacts-list-memberships). Whoever
 * unsubscribed and is posted with status 1 is subscribed again: the service warns of it and does it. */

#define MEMBERSHIP_COLUMNS "contact, list, status, source, since, memberships.updated, first, last, reason, form"

static const char *const links[] = { "automation", "list", "contact", "form", "autosyncLog", "campaign", "unsubscribeAutomation", "message", NULL };

/**
 * relais_contact_is_active:
 * @account: the account
 * @contact: a contact's id
 *
 * Returns: whether it counts against the plan: it is subscribed to a list
 */
gboolean
relais_contact_is_active (RelaisPracticeAccount *account,
                          gint64                 contact)
{
  return relais_store_number (account->store,
    "SELECT 1 FROM memberships WHERE contact = ? AND list IN (SELECT id FROM lists) AND status = 1 LIMIT 1", "i", contact) != 0;
}

/**
 * relais_contact_set_membership:
 * @account: the account
 * @contact: a contact's id
 * @list: a list's id
 * @status: 0 unconfirmed, 1 active, 2 unsubscribed, 3 bounced
 * @source: what the service calls sourceid
 *
 * Who is subscribed again has been since then; who is as they were before stays as they were, with the moment and
 * the reason of it. A form by which they joined once stays named.
 */
void
relais_contact_set_membership (RelaisPracticeAccount *account,
                               gint64                 contact,
                               gint64                 list,
                               gint64                 status,
                               gint64                 source)
{
  gboolean was_active = relais_contact_is_active (account, contact);

  relais_store_execute (account->store,
    "INSERT INTO memberships VALUES (?1, ?2, ?3, ?4, ?5, ?5, NULL, NULL)"
    " ON CONFLICT (list, contact) DO UPDATE SET since = CASE WHEN ?3 = 1 AND status <> 1 THEN ?5 ELSE since END,"
    " updated = CASE WHEN ?3 <> status THEN ?5 ELSE updated END, reason = CASE WHEN ?3 <> status THEN NULL ELSE reason END,"
    " status = ?3, source = ?4",
    "iiiii", list, contact, status, source, relais_faults_now (&account->faults));
  if (status == 1)
    account->n_active += !was_active;
  else if (was_active)
    account->n_active -= !relais_contact_is_active (account, contact);
}

/**
 * relais_contact_leave:
 * @account: the account
 * @contact: a contact's id
 * @list: a list's id, 0 = every list that they are on
 * @reason: (nullable): theirs
 *
 * Somebody leaves by themselves, as by the link in a mail: also when they are off the list already.
 */
void
relais_contact_leave (RelaisPracticeAccount *account,
                      gint64                 contact,
                      gint64                 list,
                      const char            *reason)
{
  gboolean was_active = relais_contact_is_active (account, contact);

  relais_store_execute (account->store,
    "UPDATE memberships SET status = 2, updated = ?3, reason = ?4 WHERE contact = ?1 AND (list = ?2 OR (?2 = 0 AND status = 1))",
    "iiis", contact, list, relais_faults_now (&account->faults), reason);
  if (was_active)
    account->n_active -= !relais_contact_is_active (account, contact);
}

static void
write_ids (RelaisCall       *call,
           sqlite3_stmt     *row,
           const RelaisNode *posted)
{
  if (posted == NULL)
    {
      relais_call_id (call, "contact", sqlite3_column_int64 (row, 0));
      relais_call_id (call, "list", sqlite3_column_int64 (row, 1));
      return;
    }
  relais_call_echo (call, "contact", relais_node_member (posted, "contact"));
  relais_call_echo (call, "list", relais_node_member (posted, "list"));
}

/* @posted: (nullable): what ids are written after; its answer has the status as a number */
static void
write_membership (RelaisCall       *call,
                  sqlite3_stmt     *row,
                  const RelaisNode *posted)
{
  gint64 contact = sqlite3_column_int64 (row, 0), list = sqlite3_column_int64 (row, 1), status = sqlite3_column_int64 (row, 2);
  gint64 id = contact * RELAIS_PAIR_FACTOR + list;

  relais_write_raw (call->answer, "{");
  write_ids (call, row, posted);
  if (sqlite3_column_type (row, 9) == SQLITE_NULL)
    relais_write_raw (call->answer, "\"form\":null");
  else
    relais_call_id (call, "form", sqlite3_column_int64 (row, 9));
  relais_write_raw (call->answer, "\"seriesid\":\"0\"");
  relais_call_date (call, "sdate", sqlite3_column_int64 (row, 4));
  relais_call_date (call, "udate", status == 2 ? sqlite3_column_int64 (row, 5) : 0);
  if (posted != NULL)
    relais_write_number (call->answer, "status", status);
  else
    relais_call_id (call, "status", status);
  relais_write_raw (call->answer, "\"responder\":\"1\",\"sync\":\"0\"");
  relais_write_string (call->answer, "unsubreason", sqlite3_column_type (row, 8) != SQLITE_NULL ? relais_store_text (row, 8) : NULL);
  relais_write_raw (call->answer, "\"campaign\":null,\"message\":null");
  relais_write_string (call->answer, "first_name", relais_store_text (row, 6));
  relais_write_string (call->answer, "last_name", relais_store_text (row, 7));
  relais_write_string (call->answer, "ip4Sub", "0");
  if (posted != NULL && relais_node_member (posted, "sourceid") != NULL)
    relais_call_echo (call, "sourceid", relais_node_member (posted, "sourceid"));
  else
    relais_call_id (call, "sourceid", sqlite3_column_int64 (row, 3));
  relais_write_raw (call->answer, "\"autosyncLog\":null,\"ip4_last\":\"0\",\"ip4Unsub\":\"0\"");
  relais_call_timestamp (call, "created_timestamp", sqlite3_column_int64 (row, 4));
  relais_call_timestamp (call, "updated_timestamp", sqlite3_column_int64 (row, 5));
  relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null,\"unsubscribeAutomation\":null");
  relais_call_links (call, "contactLists", id, links);
  relais_call_id (call, "id", id);
  relais_write_raw (call->answer, "\"automation\":null}");
}

static void
write_row (RelaisCall   *call,
           sqlite3_stmt *row)
{
  write_membership (call, row, NULL);
}

/**
 * relais_contact_write_membership_rows:
 * @call: a request whose answer is in an array
 * @contact: a contact's id
 */
void
relais_contact_write_membership_rows (RelaisCall *call,
                                      gint64      contact)
{
  sqlite3_stmt *row = relais_store_query (call->account->store,
    "SELECT " MEMBERSHIP_COLUMNS " FROM memberships JOIN contacts ON contacts.id = contact"
    " WHERE contact = ?1 AND list IN (SELECT id FROM lists) ORDER BY list", "i", contact);

  while (sqlite3_step (row) == SQLITE_ROW)
    write_row (call, row);
  sqlite3_reset (row);
}

/**
 * relais_contact_write_memberships:
 * @call: a request whose answer is in an object
 * @contact: a contact's id
 */
void
relais_contact_write_memberships (RelaisCall *call,
                                  gint64      contact)
{
  relais_write_member (call->answer, "contactLists", "[");
  relais_contact_write_membership_rows (call, contact);
  g_string_append_c (call->answer, ']');
}

/**
 * relais_contact_write_pair_ids:
 * @call: a request whose answer is in an object
 * @name: of the member
 * @sql: asks for ids of what the contact ?1 has
 * @contact: a contact's id
 */
void
relais_contact_write_pair_ids (RelaisCall *call,
                               const char *name,
                               const char *sql,
                               gint64      contact)
{
  sqlite3_stmt *row = relais_store_query (call->account->store, sql, "i", contact);

  relais_write_member (call->answer, name, "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    relais_call_id_value (call, contact * RELAIS_PAIR_FACTOR + sqlite3_column_int64 (row, 0));
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

static gboolean
read_status (const RelaisNode *node,
             gint64           *status)
{
  g_autofree char *text = relais_node_to_text (node);

  return text != NULL && g_ascii_string_to_signed (text, 10, 0, 3, status, NULL);
}

static gboolean
refuse_membership (RelaisCall       *call,
                   const RelaisNode *given)
{
  static const char *const needed[] = { "contact", "list", "status" };
  g_autofree char *list = relais_node_to_text (relais_node_member (given, "list"));
  g_autofree char *contact = relais_node_to_text (relais_node_member (given, "contact"));
  gint64 status;

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (relais_node_member (given, needed[i]) == NULL)
      {
        relais_call_lacks (call, needed[i]);
        return TRUE;
      }
  if (!read_status (relais_node_member (given, "status"), &status))
    {
      relais_call_invalid (call, "The value you selected is not a valid choice.", "field_invalid", "/data/attributes/status");
      return TRUE;
    }
  if (relais_contact_find (call, contact != NULL ? contact : "") == 0)
    return TRUE;
  if (list != NULL && relais_store_number (call->account->store, "SELECT 1 FROM lists WHERE id = ?", "i", g_ascii_strtoll (list, NULL, 10)) != 0)
    return FALSE;
  relais_call_missing (call, "_List", list != NULL ? list : "");

  return TRUE;
}

static void
set_membership (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "contactList");
  gint64 contact = (gint64) relais_node_to_id (relais_node_member (given, "contact"));
  gint64 list = (gint64) relais_node_to_id (relais_node_member (given, "list"));
  gint64 status;
  sqlite3_stmt *row;

  if (relais_call_malformed (call) || refuse_membership (call, given))
    return;
  read_status (relais_node_member (given, "status"), &status);
  relais_contact_set_membership (call->account, contact, list, status, (gint64) relais_node_to_id (relais_node_member (given, "sourceid")));
  relais_contact_write_aside (call, contact);
  relais_write_key (call->answer, "contactList");
  row = relais_store_query (call->account->store,
    "SELECT " MEMBERSHIP_COLUMNS " FROM memberships JOIN contacts ON contacts.id = contact WHERE contact = ? AND list = ?", "ii", contact, list);
  if (sqlite3_step (row) == SQLITE_ROW)
    write_membership (call, row, given);
  sqlite3_reset (row);
  g_string_append_c (call->answer, '}');
}

static void
list_memberships (RelaisCall *call)
{
  static const char where[] = " FROM memberships JOIN contacts ON contacts.id = contact WHERE (?1 = 0 OR list = ?1) AND (?2 < 0 OR status = ?2)"
                              " AND (?3 = 0 OR contact = ?3)";
  g_autofree char *page = g_strconcat ("SELECT " MEMBERSHIP_COLUMNS, where, " LIMIT ?4 OFFSET ?5", NULL);
  g_autofree char *all = g_strconcat ("SELECT count (*)", where, NULL);
  gint64 list = relais_call_number (call, "filters[list]", 0), status = relais_call_number (call, "filters[status]", -1);
  gint64 contact = relais_call_number (call, "filters[contact]", 0);
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->account->store, g_intern_string (page), "iiiii", list, status, contact, limit, offset);
  relais_write_raw (call->answer, "{");
  relais_call_rows (call, "contactLists", row, write_row);
  relais_call_meta (call, relais_store_number (call->account->store, g_intern_string (all), "iii", list, status, contact));
}

static void
list_of_contact (RelaisCall *call)
{
  relais_contact_answer_part (call, relais_contact_write_memberships);
}

/**
 * relais_practice_answer_memberships:
 * @call: a request
 *
 * Returns: whether it was about who is on which list
 */
gboolean
relais_practice_answer_memberships (RelaisCall *call)
{
  static const RelaisRoute routes[] = {
    { "POST", "contactLists", set_membership },
    { "GET", "contactLists", list_memberships },
    { "GET", "contacts/*/contactLists", list_of_contact },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
