/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-contact.h"

#include <string.h>

/* Values of custom fields, after developers.activecampaign.com/reference (create-fieldvalue and
 * what follows it) and recorded answers: a new value is 201, one that was there 200. */

#define VALUE_COLUMNS "contacts.id, CAST (key AS INTEGER), value, contacts.created, contacts.updated"
#define VALUE_TABLES  " FROM contacts, json_each (nullif (contacts.fields, ''))"

static const char *const links[] = { "owner", "field", NULL };

/* Returns: (transfer full) (nullable): what is kept, in the form in which it is told */
static char *
dress_value (RelaisCall *call,
             gint64      field,
             const char *value)
{
  if (value == NULL || *value == '\0' || g_str_has_prefix (value, "||") || !call->account->faults.at[RELAIS_FAULT_CHOICES_IN_BARS].on ||
      relais_store_number (call->account->store, "SELECT 1 FROM fields WHERE id = ? AND type IN ('dropdown', 'radio')", "i", field) == 0)
    return g_strdup (value);

  return g_strconcat ("||", value, "||", NULL);
}

static void
write_value (RelaisCall   *call,
             sqlite3_stmt *row)
{
  gint64 contact = sqlite3_column_int64 (row, 0), field = sqlite3_column_int64 (row, 1);
  gint64 id = contact * RELAIS_PAIR_FACTOR + field;
  g_autofree char *value = dress_value (call, field, relais_store_text (row, 2));

  relais_write_raw (call->answer, "{");
  relais_call_id (call, "contact", contact);
  relais_call_id (call, "field", field);
  relais_write_string (call->answer, "value", value);
  relais_call_date (call, "cdate", sqlite3_column_int64 (row, 3));
  relais_call_date (call, "udate", sqlite3_column_int64 (row, 4));
  relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null");
  relais_call_links (call, "fieldValues", id, links);
  relais_call_id (call, "id", id);
  relais_call_id (call, "owner", contact);
  g_string_append_c (call->answer, '}');
}

static sqlite3_stmt *
ask_values (RelaisCall *call,
            gint64      contact)
{
  return relais_store_query (call->account->store, "SELECT " VALUE_COLUMNS VALUE_TABLES " WHERE contacts.id = ?", "i", contact);
}

/**
 * relais_contact_write_field_value_rows:
 * @call: a request whose answer is in an array
 * @contact: a contact's id
 */
void
relais_contact_write_field_value_rows (RelaisCall *call,
                                       gint64      contact)
{
  sqlite3_stmt *row = ask_values (call, contact);

  while (sqlite3_step (row) == SQLITE_ROW)
    write_value (call, row);
  sqlite3_reset (row);
}

/**
 * relais_contact_write_field_values:
 * @call: a request whose answer is in an object
 * @contact: a contact's id
 */
void
relais_contact_write_field_values (RelaisCall *call,
                                   gint64      contact)
{
  relais_call_rows (call, "fieldValues", ask_values (call, contact), write_value);
}

/* The answer to a write has ids of the kind that was posted. */
static void
write_saved (RelaisCall       *call,
             const RelaisNode *given,
             gint64            contact,
             gint64            field,
             gboolean          existed)
{
  gint64 now = relais_faults_now (&call->account->faults);
  gint64 id = contact * RELAIS_PAIR_FACTOR + field;
  g_autofree char *value = relais_node_to_text (relais_node_member (given, "value"));

  relais_contact_write_aside (call, contact);
  relais_write_member (call->answer, "fieldValue", "{");
  relais_call_echo (call, "contact", relais_node_member (given, "contact"));
  relais_call_echo (call, "field", relais_node_member (given, "field"));
  relais_write_string (call->answer, "value", value);
  relais_call_date (call, "cdate", now);
  relais_call_date (call, "udate", now);
  if (existed)
    relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null");
  relais_call_links (call, "fieldValues", id, links);
  relais_call_echo (call, "owner", relais_node_member (given, "contact"));
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

static void
save_value (RelaisCall       *call,
            const RelaisNode *given)
{
  g_autofree char *contact_text = relais_node_to_text (relais_node_member (given, "contact"));
  gint64 contact = (gint64) relais_node_to_id (relais_node_member (given, "contact"));
  gint64 field = (gint64) relais_node_to_id (relais_node_member (given, "field"));
  g_autofree char *value = relais_node_to_text (relais_node_member (given, "value"));
  gboolean existed;

  if (field == 0 || relais_store_number (call->account->store, "SELECT 1 FROM fields WHERE id = ?", "i", field) == 0)
    {
      relais_call_invalid (call, "Field id not valid", "field_invalid", "/data/attributes/field");
      return;
    }
  if (relais_contact_find (call, contact_text != NULL ? contact_text : "") == 0)
    return;
  existed = relais_contact_set_field (call->account, contact, field, value);
  call->status = existed || call->account->faults.at[RELAIS_FAULT_DOCUMENTED_STATUSES].on ? 200 : 201;
  write_saved (call, given, contact, field, existed);
}

static void
post_value (RelaisCall *call)
{
  if (!relais_call_malformed (call))
    save_value (call, relais_node_member (call->root, "fieldValue"));
}

static sqlite3_stmt *
ask_value (RelaisCall *call)
{
  gint64 id = relais_call_path_id (call, 1);

  return relais_store_query (call->account->store, "SELECT " VALUE_COLUMNS VALUE_TABLES " WHERE contacts.id = ? AND CAST (key AS INTEGER) = ?", "ii",
                             id / RELAIS_PAIR_FACTOR, id % RELAIS_PAIR_FACTOR);
}

static gboolean
find_value (RelaisCall *call)
{
  sqlite3_stmt *row = ask_value (call);
  gboolean found = sqlite3_step (row) == SQLITE_ROW;

  sqlite3_reset (row);
  if (!found)
    relais_call_missing (call, "FieldValue", call->parts[1]);

  return found;
}

static void
get_value (RelaisCall *call)
{
  if (!relais_call_row (call, "fieldValue", ask_value (call), write_value))
    relais_call_missing (call, "FieldValue", call->parts[1]);
}

static void
put_value (RelaisCall *call)
{
  if (find_value (call))
    post_value (call);
}

static void
delete_value (RelaisCall *call)
{
  gint64 id = relais_call_path_id (call, 1);

  if (!find_value (call))
    return;
  relais_contact_set_field (call->account, id / RELAIS_PAIR_FACTOR, id % RELAIS_PAIR_FACTOR, NULL);
  g_string_assign (call->answer, "{}");
}

static void
list_values (RelaisCall *call)
{
  static const char where[] = VALUE_TABLES " WHERE (?1 = 0 OR CAST (key AS INTEGER) = ?1) AND (?2 IS NULL OR value = ?2)";
  g_autofree char *page = g_strconcat ("SELECT " VALUE_COLUMNS, where, " LIMIT ?3 OFFSET ?4", NULL);
  g_autofree char *all = g_strconcat ("SELECT count (*)", where, NULL);
  gint64 field = relais_call_number (call, "filters[fieldid]", 0);
  const char *value = relais_call_query (call, "filters[val]");
  gint64 limit, offset;

  relais_call_page (call, &limit, &offset);
  relais_write_raw (call->answer, "{");
  relais_call_rows (call, "fieldValues",
                    relais_store_query (call->account->store, g_intern_string (page), "isii", field, value, limit, offset), write_value);
  relais_call_meta (call, relais_store_number (call->account->store, g_intern_string (all), "is", field, value));
}

static void
list_of_contact (RelaisCall *call)
{
  relais_contact_answer_part (call, relais_contact_write_field_values);
}

/**
 * relais_practice_answer_field_values:
 * @call: a request
 *
 * Returns: whether it was about values of custom fields
 */
gboolean
relais_practice_answer_field_values (RelaisCall *call)
{
  static const RelaisRoute routes[] = {
    { "POST", "fieldValues", post_value },  { "GET", "fieldValues", list_values },       { "GET", "fieldValues/*", get_value },
    { "PUT", "fieldValues/*", put_value },  { "DELETE", "fieldValues/*", delete_value }, { "GET", "contacts/*/fieldValues", list_of_contact },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
