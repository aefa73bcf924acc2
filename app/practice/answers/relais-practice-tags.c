/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-contact.h"

/* Tags and who has them, after developers.activecampaign.com/reference (retrieve-all-tags,
 * create-a-new-tag, create-contact-tag, …) and recorded answers. */

#define TAG_COLUMNS "id, tag, type, description, created, people"
#define MARKS       " FROM contacts, json_each ('[' || trim (tags, ',') || ']') WHERE tags <> ''"

static const char *const tag_links[] = { "contactGoalTags", NULL };
static const char *const mark_links[] = { "tag", "contact", NULL };

static void
write_tag (RelaisCall   *call,
           sqlite3_stmt *row)
{
  gint64 id = sqlite3_column_int64 (row, 0), created = sqlite3_column_int64 (row, 4);

  relais_write_raw (call->answer, "{");
  relais_write_string (call->answer, "tagType", relais_store_text (row, 2));
  relais_write_string (call->answer, "tag", relais_store_text (row, 1));
  relais_write_string (call->answer, "description", relais_store_text (row, 3));
  relais_call_id (call, "subscriber_count", sqlite3_column_int64 (row, 5));
  relais_call_date (call, "cdate", created);
  relais_call_timestamp (call, "created_timestamp", created);
  relais_call_timestamp (call, "updated_timestamp", created);
  relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null,\"deleted\":\"0\"");
  relais_call_links (call, "tags", id, tag_links);
  relais_call_id (call, "id", id);
  g_string_append_c (call->answer, '}');
}

static void
list_tags (RelaisCall *call)
{
  const char *operand;
  const char *where = relais_call_filter (call, "search", "filters[search]", "tag", &operand);
  g_autofree char *page = g_strconcat ("SELECT " TAG_COLUMNS " FROM tags WHERE 1", where, relais_call_order (call, "orders[search]", "tag"),
                                       " LIMIT ?2 OFFSET ?3", NULL);
  g_autofree char *all = g_strconcat ("SELECT count (*) FROM tags WHERE 1", where, NULL);
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->account->store, g_intern_string (page), "sii", operand, limit, offset);
  relais_write_raw (call->answer, "{");
  relais_call_rows (call, "tags", row, write_tag);
  relais_call_meta (call, relais_store_number (call->account->store, g_intern_string (all), "s", operand));
}

static gboolean
find_tag (RelaisCall *call)
{
  if (relais_store_number (call->account->store, "SELECT 1 FROM tags WHERE id = ?", "i", relais_call_path_id (call, 1)) != 0)
    return TRUE;
  relais_call_missing (call, "Tag", call->parts[1]);

  return FALSE;
}

static void
get_tag (RelaisCall *call)
{
  sqlite3_stmt *row = relais_store_query (call->account->store, "SELECT " TAG_COLUMNS " FROM tags WHERE id = ?", "i",
                                          relais_call_path_id (call, 1));

  if (!relais_call_row (call, "tag", row, write_tag))
    relais_call_missing (call, "Tag", call->parts[1]);
}

/* What is answered to a tag that is there already is not documented. */
static gboolean
refuse_double (RelaisCall *call,
               const char *name,
               gint64      but)
{
  if (relais_store_number (call->account->store, "SELECT 1 FROM tags WHERE tag = ? AND id <> ?", "si", name, but) == 0)
    return FALSE;
  relais_call_invalid (call, "The tag already exists in the system", "duplicate", "/data/attributes/tag");

  return TRUE;
}

static void
add_tag (RelaisCall *call)
{
  const RelaisNode *tag = relais_node_member (call->root, "tag");
  const char *name = relais_node_member_text (tag, "tag");
  const char *type = relais_node_member_text (tag, "tagType");
  const char *description = relais_node_member_text (tag, "description");
  gint64 now = relais_faults_now (&call->account->faults);
  gint64 id;

  if (relais_call_malformed (call))
    return;
  if (name == NULL || *name == '\0')
    {
      relais_call_lacks (call, "tag");
      return;
    }
  if (refuse_double (call, name, 0))
    return;
  id = relais_store_execute (call->account->store, "INSERT INTO tags VALUES (NULL, ?, ?, ?, ?, 0)", "sssi", name,
                             type != NULL ? type : "contact", description != NULL ? description : "", now);
  call->status = 201;
  relais_write_raw (call->answer, "{\"tag\":{");
  relais_write_string (call->answer, "tag", name);
  relais_write_string (call->answer, "description", description != NULL ? description : "");
  relais_write_string (call->answer, "tagType", type != NULL ? type : "contact");
  relais_call_date (call, "cdate", now);
  relais_call_links (call, "tags", id, tag_links);
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

static void
update_tag (RelaisCall *call)
{
  const RelaisNode *tag = relais_node_member (call->root, "tag");
  const char *name = relais_node_member_text (tag, "tag");
  gint64 id = relais_call_path_id (call, 1);

  if (!find_tag (call) || relais_call_malformed (call) || (name != NULL && refuse_double (call, name, id)))
    return;
  relais_store_execute (call->account->store,
    "UPDATE tags SET tag = coalesce (?2, tag), type = coalesce (?3, type), description = coalesce (?4, description) WHERE id = ?1", "isss", id, name,
    relais_node_member_text (tag, "tagType"), relais_node_member_text (tag, "description"));
  get_tag (call);
}

static void
delete_tag (RelaisCall *call)
{
  RelaisStore *store = call->account->store;
  gint64 id = relais_call_path_id (call, 1);

  if (!find_tag (call))
    return;
  relais_store_execute (store, "BEGIN", "");
  relais_store_execute (store, "UPDATE contacts SET tags = replace (tags, ',' || ?1 || ',', ',') WHERE instr (tags, ',' || ?1 || ',') > 0", "i", id);
  relais_store_execute (store, "DELETE FROM tags WHERE id = ?", "i", id);
  relais_store_execute (store, "COMMIT", "");
  g_string_assign (call->answer, "{}");
}

/* Who has them. A row has the contact, the tag, and when the contact was written last. */

static void
write_mark (RelaisCall   *call,
            sqlite3_stmt *row)
{
  gint64 contact = sqlite3_column_int64 (row, 0), tag = sqlite3_column_int64 (row, 1), since = sqlite3_column_int64 (row, 2);
  gint64 id = contact * RELAIS_PAIR_FACTOR + tag;

  relais_write_raw (call->answer, "{");
  relais_call_id (call, "contact", contact);
  relais_call_id (call, "tag", tag);
  relais_call_date (call, "cdate", since);
  relais_call_timestamp (call, "created_timestamp", since);
  relais_call_timestamp (call, "updated_timestamp", since);
  relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null");
  relais_call_links (call, "contactTags", id, mark_links);
  relais_call_id (call, "id", id);
  g_string_append_c (call->answer, '}');
}

static void
write_marks (RelaisCall   *call,
             sqlite3_stmt *row)
{
  relais_write_raw (call->answer, "{");
  relais_call_rows (call, "contactTags", row, write_mark);
}

static void
list_marks (RelaisCall *call)
{
  gint64 limit, offset;

  relais_call_page (call, &limit, &offset);
  write_marks (call, relais_store_query (call->account->store, "SELECT contacts.id, value, updated" MARKS " LIMIT ? OFFSET ?", "ii", limit, offset));
  relais_call_meta (call, relais_store_number (call->account->store, "SELECT count (*)" MARKS, ""));
}

static void
list_of_contact (RelaisCall *call)
{
  gint64 contact = relais_contact_find (call, call->parts[1]);

  if (contact == 0)
    return;
  write_marks (call, relais_store_query (call->account->store, "SELECT contacts.id, value, updated" MARKS " AND contacts.id = ?", "i", contact));
  g_string_append_c (call->answer, '}');
}

static sqlite3_stmt *
ask_mark (RelaisCall *call)
{
  gint64 id = relais_call_path_id (call, 1);

  return relais_store_query (call->account->store, "SELECT contacts.id, value, updated" MARKS " AND contacts.id = ? AND value = ?", "ii",
                             id / RELAIS_PAIR_FACTOR, id % RELAIS_PAIR_FACTOR);
}

static void
get_mark (RelaisCall *call)
{
  if (!relais_call_row (call, "contactTag", ask_mark (call), write_mark))
    relais_call_missing (call, "SubscriberTag", call->parts[1]);
}

static gboolean
refuse_mark (RelaisCall       *call,
             const RelaisNode *given)
{
  g_autofree char *tag = relais_node_to_text (relais_node_member (given, "tag"));
  gint64 contact = (gint64) relais_node_to_id (relais_node_member (given, "contact"));

  if (contact == 0 || tag == NULL)
    relais_call_lacks (call, contact == 0 ? "contact" : "tag");
  else if (relais_store_number (call->account->store, "SELECT 1 FROM contacts WHERE id = ?", "i", contact) == 0)
    relais_call_not_found (call, "Contact not found");
  else if (relais_store_number (call->account->store, "SELECT 1 FROM tags WHERE id = ?", "i", g_ascii_strtoll (tag, NULL, 10)) == 0)
    relais_call_missing (call, "Tag", tag);
  else
    return FALSE;

  return TRUE;
}

static void
add_mark (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "contactTag");
  gint64 contact = (gint64) relais_node_to_id (relais_node_member (given, "contact"));
  gint64 tag = (gint64) relais_node_to_id (relais_node_member (given, "tag"));
  g_autofree char *mark = g_strdup_printf (",%" G_GINT64_FORMAT ",", tag);
  gint64 now = relais_faults_now (&call->account->faults);

  if (relais_call_malformed (call) || refuse_mark (call, given))
    return;
  if (relais_store_number (call->account->store, "SELECT instr (tags, ?2) FROM contacts WHERE id = ?1", "is", contact, mark) == 0)
    {
      relais_store_execute (call->account->store, "UPDATE tags SET people = people + 1 WHERE id = ?", "i", tag);
      relais_store_execute (call->account->store,
        "UPDATE contacts SET tags = CASE WHEN tags = '' THEN ?2 ELSE tags || substr (?2, 2) END, updated = ?3 WHERE id = ?1", "isi", contact, mark, now);
    }
  call->status = 201;
  relais_contact_write_aside (call, contact);
  relais_write_member (call->answer, "contactTag", "{");
  relais_call_echo (call, "contact", relais_node_member (given, "contact"));
  relais_call_echo (call, "tag", relais_node_member (given, "tag"));
  relais_call_date (call, "cdate", now);
  relais_call_links (call, "contactTags", contact * RELAIS_PAIR_FACTOR + tag, mark_links);
  relais_call_id (call, "id", contact * RELAIS_PAIR_FACTOR + tag);
  g_string_append (call->answer, "}}");
}

static void
delete_mark (RelaisCall *call)
{
  gint64 id = relais_call_path_id (call, 1);
  sqlite3_stmt *row = ask_mark (call);
  gboolean found = sqlite3_step (row) == SQLITE_ROW;

  sqlite3_reset (row);
  if (!found)
    {
      relais_call_missing (call, "SubscriberTag", call->parts[1]);
      return;
    }
  relais_store_execute (call->account->store, "UPDATE contacts SET tags = replace (tags, ',' || ?2 || ',', ',') WHERE id = ?1", "ii",
                        id / RELAIS_PAIR_FACTOR, id % RELAIS_PAIR_FACTOR);
  relais_store_execute (call->account->store, "UPDATE tags SET people = people - 1 WHERE id = ?", "i", id % RELAIS_PAIR_FACTOR);
  g_string_assign (call->answer, "{}");
}

/**
 * relais_practice_answer_tags:
 * @call: a request
 *
 * Returns: whether it was about tags
 */
gboolean
relais_practice_answer_tags (RelaisCall *call)
{
  static const RelaisRoute routes[] = {
    { "GET", "tags", list_tags },          { "POST", "tags", add_tag },          { "GET", "tags/*", get_tag },
    { "PUT", "tags/*", update_tag },       { "DELETE", "tags/*", delete_tag },   { "POST", "contactTags", add_mark },
    { "GET", "contactTags", list_marks },  { "GET", "contactTags/*", get_mark }, { "DELETE", "contactTags/*", delete_mark },
    { "GET", "contacts/*/contactTags", list_of_contact },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
