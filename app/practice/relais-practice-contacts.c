/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Contacts, one by one and by pages, after developers.activecampaign.com/reference
 * (list-all-contacts, sync-a-contacts-data, update-list-status-for-contact, contact custom fields)
 * and answers recorded from real accounts. */

#include "relais-practice-private.h"

#include <string.h>

/* Field values are a JSON object {"7":"Gold"}; what is new goes over what is there. */
static char *
merge_fields (const char       *stored,
              const RelaisNode *fields,
              const char       *key)
{
  g_autoptr (RelaisTree) tree = stored != NULL && *stored != '\0' ? relais_tree_parse (stored, strlen (stored)) : NULL;
  const RelaisNode *old = tree != NULL ? relais_tree_root (tree) : NULL;
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GString) merged = g_string_new ("{");
  GHashTableIter iter;
  gpointer name, value;

  if (old != NULL && old->type == RELAIS_NODE_OBJECT)
    {
      const RelaisNode *at = old + 1;

      for (guint i = 0; i < old->count; i++, at += 1 + at[1].span)
        g_hash_table_insert (values, g_strndup (at->text, at->length), relais_node_to_text (at + 1));
    }
  if (fields != NULL && fields->type == RELAIS_NODE_ARRAY)
    {
      const RelaisNode *item = fields + 1;

      for (guint i = 0; i < fields->count; i++, item += item->span)
        {
          guint64 id = relais_node_to_id (relais_node_member (item, key));
          char *text = relais_node_to_text (relais_node_member (item, "value"));

          if (id > 0 && text != NULL)
            g_hash_table_insert (values, g_strdup_printf ("%" G_GUINT64_FORMAT, id), text);
          else
            g_free (text);
        }
    }
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (value != NULL && *(char *) value != '\0')
      relais_write_string (merged, name, value);
  g_string_append_c (merged, '}');

  return g_string_free (g_steal_pointer (&merged), FALSE);
}

static gint64
find_tag (RelaisPractice *self,
          const char     *name)
{
  gint64 id = relais_store_number (self->store, "SELECT id FROM tags WHERE tag = ?", "s", name);

  if (id == 0)
    id = relais_store_execute (self->store, "INSERT INTO tags VALUES (NULL, ?, 'contact', '', ?)", "si", name,
                               g_get_real_time () / G_USEC_PER_SEC);

  return id;
}

static char *
merge_tags (RelaisPractice   *self,
            const char       *stored,
            const RelaisNode *tags)
{
  g_autoptr (GString) merged = g_string_new (stored != NULL && *stored != '\0' ? stored : ",");
  const RelaisNode *item = tags != NULL ? tags + 1 : NULL;

  for (guint i = 0; tags != NULL && tags->type == RELAIS_NODE_ARRAY && i < tags->count; i++, item += item->span)
    {
      g_autofree char *mark = NULL;

      if (item->type != RELAIS_NODE_STRING || item->length == 0)
        continue;
      mark = g_strdup_printf (",%" G_GINT64_FORMAT ",", find_tag (self, item->text));
      if (strstr (merged->str, mark) == NULL)
        g_string_append (merged, mark + 1);
    }

  return g_string_free (g_steal_pointer (&merged), FALSE);
}

static char *
choose_text (const RelaisNode *given,
             const char       *stored)
{
  char *text = relais_node_to_text (given);

  return text != NULL ? text : g_strdup (stored != NULL ? stored : "");
}

/**
 * relais_practice_upsert:
 * @self: the account
 * @upsert: a contact by its address; what is missing is left alone
 * @created: (out): whether it is new
 *
 * Returns: its id
 */
gint64
relais_practice_upsert (RelaisPractice     *self,
                        const RelaisUpsert *upsert,
                        gboolean           *created)
{
  sqlite3_stmt *row = relais_store_query (self->store, "SELECT id, first, last, phone, fields, tags FROM contacts WHERE email = ?", "s", upsert->email);
  gboolean exists = sqlite3_step (row) == SQLITE_ROW;
  gint64 id = exists ? sqlite3_column_int64 (row, 0) : 0;
  g_autofree char *first = choose_text (upsert->first_name, exists ? relais_store_text (row, 1) : NULL);
  g_autofree char *last = choose_text (upsert->last_name, exists ? relais_store_text (row, 2) : NULL);
  g_autofree char *phone = choose_text (upsert->phone, exists ? relais_store_text (row, 3) : NULL);
  g_autofree char *fields = merge_fields (exists ? relais_store_text (row, 4) : NULL, upsert->fields, upsert->field_key);
  g_autofree char *tags = merge_tags (self, exists ? relais_store_text (row, 5) : NULL, upsert->tags);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  sqlite3_reset (row);
  *created = !exists;
  if (!exists)
    return relais_store_execute (self->store, "INSERT INTO contacts VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7)", "ssssssi",
                                 upsert->email, first, last, phone, fields, tags, now);
  relais_store_execute (self->store, "UPDATE contacts SET first = ?, last = ?, phone = ?, fields = ?, tags = ?, updated = ? WHERE id = ?",
                        "sssssii", first, last, phone, fields, tags, now, id);

  return id;
}

/* Writing */

#define CONTACT_COLUMNS "contacts.id, email, first, last, phone, fields, tags, bounced, created, contacts.updated"

static void
write_nulls (GString            *into,
             const char * const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    relais_write_string (into, names[i], NULL);
}

static void
write_links (GString *into,
             gint64   id)
{
  static const char * const names[] = {
    "bounceLogs", "contactAutomations", "contactData", "contactGoals", "contactLists", "contactLogs", "contactTags", "contactDeals",
    "deals", "fieldValues", "geoIps", "notes", "organization", "plusAppend", "trackingLogs", "scoreValues", "accountContacts",
    "automationEntryCounts",
  };

  relais_write_member (into, "links", "{");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *link = g_strdup_printf ("https://practice.example/api/3/contacts/%" G_GINT64_FORMAT "/%s", id, names[i]);

      relais_write_string (into, names[i], link);
    }
  g_string_append_c (into, '}');
}

/* Calls @each for every value of a contact's custom fields. */
static void
write_field_ids (GString    *into,
                 gint64      contact,
                 const char *fields)
{
  g_autoptr (RelaisTree) tree = fields != NULL && *fields != '\0' ? relais_tree_parse (fields, strlen (fields)) : NULL;
  const RelaisNode *root = tree != NULL ? relais_tree_root (tree) : NULL;
  const RelaisNode *at = root != NULL ? root + 1 : NULL;

  relais_write_member (into, "fieldValues", "[");
  for (guint i = 0; root != NULL && i < root->count; i++, at += 1 + at[1].span)
    {
      g_autofree char *field = g_strndup (at->text, at->length);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, contact * 1000 + g_ascii_strtoll (field, NULL, 10));

      relais_write_value (into, id);
    }
  g_string_append_c (into, ']');
}

static void
write_contact (RelaisCall   *call,
               sqlite3_stmt *row)
{
  static const char * const nothing[] = {
    "adate", "edate", "deleted_at", "bounced_date", "created_by", "updated_by", "mpp_tracking", "last_click_date", "last_open_date",
    "last_mpp_open_date", "best_send_hour", NULL
  };
  GString *into = call->answer;
  gint64 id = sqlite3_column_int64 (row, 0);
  g_autofree char *created = relais_practice_date (sqlite3_column_int64 (row, 8));
  g_autofree char *updated = relais_practice_date (sqlite3_column_int64 (row, 9));
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_MD5, relais_store_text (row, 1), -1);

  relais_write_raw (into, "{");
  relais_write_string (into, "cdate", created);
  relais_write_string (into, "email", relais_store_text (row, 1));
  relais_write_string (into, "phone", relais_store_text (row, 4));
  relais_write_string (into, "firstName", relais_store_text (row, 2));
  relais_write_string (into, "lastName", relais_store_text (row, 3));
  relais_write_string (into, "orgid", "0");
  relais_write_string (into, "orgname", "");
  relais_write_string (into, "segmentio_id", "");
  relais_write_string (into, "bounced_hard", sqlite3_column_int64 (row, 7) != 0 ? "1" : "0");
  relais_write_string (into, "bounced_soft", "0");
  relais_write_string (into, "ip", "0");
  relais_write_string (into, "ua", "");
  relais_write_string (into, "hash", hash);
  relais_write_string (into, "socialdata_lastcheck", "");
  relais_write_member (into, "email_local", "\"\"");
  relais_write_member (into, "email_domain", "\"\"");
  relais_write_string (into, "sentcnt", "0");
  relais_write_string (into, "rating_tstamp", "");
  relais_write_string (into, "gravatar", "0");
  relais_write_string (into, "deleted", "0");
  relais_write_string (into, "anonymized", "0");
  relais_write_string (into, "udate", updated);
  write_nulls (into, nothing);
  relais_write_string (into, "created_utc_timestamp", created);
  relais_write_string (into, "updated_utc_timestamp", updated);
  relais_write_string (into, "created_timestamp", created);
  relais_write_string (into, "updated_timestamp", updated);
  relais_write_member (into, "email_empty", "false");
  relais_write_string (into, "sms_consent", "0");
  write_field_ids (into, id, relais_store_text (row, 5));
  write_links (into, id);
  relais_call_id (call, "id", id);
  relais_write_string (into, "organization", NULL);
  g_string_append_c (into, '}');
}

static void
write_field_values (RelaisCall *call,
                    gint64      contact)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store, "SELECT fields, created, updated FROM contacts WHERE id = ?", "i", contact);
  g_autoptr (RelaisTree) tree = NULL;
  const RelaisNode *root = NULL, *at;

  relais_write_member (call->answer, "fieldValues", "[");
  if (sqlite3_step (row) == SQLITE_ROW && relais_store_text (row, 0) != NULL && *relais_store_text (row, 0) != '\0')
    tree = relais_tree_parse (relais_store_text (row, 0), strlen (relais_store_text (row, 0)));
  root = tree != NULL ? relais_tree_root (tree) : NULL;
  at = root != NULL ? root + 1 : NULL;
  for (guint i = 0; root != NULL && i < root->count; i++, at += 1 + at[1].span)
    {
      g_autofree char *field = g_strndup (at->text, at->length);
      g_autofree char *created = relais_practice_date (sqlite3_column_int64 (row, 1));
      g_autofree char *updated = relais_practice_date (sqlite3_column_int64 (row, 2));
      gint64 id = contact * 1000 + g_ascii_strtoll (field, NULL, 10);
      g_autofree char *owner = g_strdup_printf ("https://practice.example/api/3/fieldValues/%" G_GINT64_FORMAT "/owner", id);
      g_autofree char *link = g_strdup_printf ("https://practice.example/api/3/fieldValues/%" G_GINT64_FORMAT "/field", id);

      relais_write_raw (call->answer, "{");
      relais_call_id (call, "contact", contact);
      relais_write_string (call->answer, "field", field);
      relais_write_string (call->answer, "value", at[1].text);
      relais_write_string (call->answer, "cdate", created);
      relais_write_string (call->answer, "udate", updated);
      relais_write_string (call->answer, "created_by", NULL);
      relais_write_string (call->answer, "updated_by", NULL);
      relais_write_member (call->answer, "links", "{");
      relais_write_string (call->answer, "owner", owner);
      relais_write_string (call->answer, "field", link);
      g_string_append_c (call->answer, '}');
      relais_call_id (call, "id", id);
      relais_call_id (call, "owner", contact);
      g_string_append_c (call->answer, '}');
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

static void
write_membership (RelaisCall *call,
                  gint64      contact,
                  gint64      list,
                  gint64      status,
                  gint64      since,
                  gint64      updated)
{
  static const char * const nothing[] = { "form", "seriesid", "responder", "sync", "unsubreason", "campaign", "message", "automation",
                                          "ip4Sub", "ip4Unsub", "ip4Last", "ip6Sub", "ip6Unsub", "ip6Last", NULL };
  g_autofree char *sdate = relais_practice_date (since);
  g_autofree char *udate = relais_practice_date (updated);

  relais_write_raw (call->answer, "{");
  relais_call_id (call, "contact", contact);
  relais_call_id (call, "list", list);
  write_nulls (call->answer, nothing);
  relais_write_string (call->answer, "sdate", sdate);
  relais_write_string (call->answer, "udate", status == 2 ? udate : NULL);
  relais_call_id (call, "status", status);
  relais_write_string (call->answer, "first_name", "");
  relais_write_string (call->answer, "last_name", "");
  relais_write_string (call->answer, "sourceid", "4");
  relais_write_string (call->answer, "autosyncLog", NULL);
  relais_write_string (call->answer, "unsubscribeAutomation", NULL);
  relais_write_member (call->answer, "links", "{}");
  relais_call_id (call, "id", contact * 1000 + list);
  g_string_append_c (call->answer, '}');
}

static void
write_memberships (RelaisCall *call,
                   gint64      contact)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store,
    "SELECT list, status, since, updated FROM memberships WHERE contact = ?1 AND list IN (SELECT id FROM lists)", "i", contact);

  relais_write_member (call->answer, "contactLists", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    write_membership (call, contact, sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1),
                      sqlite3_column_int64 (row, 2), sqlite3_column_int64 (row, 3));
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

/* Pages of contacts. The texts of queries are interned: their statements are kept. */

static void
add_filters (RelaisCall *call,
             GString    *where)
{
  gint64 list = relais_call_number (call, "listid", 0);
  gint64 status = relais_call_number (call, "status", -1);

  if (list > 0)
    {
      g_string_append (where, " AND EXISTS (SELECT 1 FROM memberships WHERE list = ?1 AND contact = contacts.id");
      if (status >= 0)
        g_string_append (where, " AND status = ?2");
      g_string_append_c (where, ')');
    }
  else if (status >= 0)
    g_string_append (where, " AND EXISTS (SELECT 1 FROM memberships WHERE contact = contacts.id AND status = ?2)");
  if (relais_call_query (call, "email") != NULL)
    g_string_append (where, " AND email = ?3");
  if (relais_call_query (call, "email_like") != NULL || relais_call_query (call, "search") != NULL)
    g_string_append (where, " AND (email LIKE '%' || ?4 || '%' OR first LIKE '%' || ?4 || '%' OR last LIKE '%' || ?4 || '%')");
  if (relais_call_query (call, "id_greater") != NULL)
    g_string_append (where, " AND contacts.id > ?5");
  if (relais_call_query (call, "id_less") != NULL)
    g_string_append (where, " AND contacts.id < ?6");
  if (relais_call_query (call, "tagid") != NULL)
    g_string_append (where, " AND instr (tags, ',' || ?7 || ',') > 0");
}

static const char *
choose_order (RelaisCall *call)
{
  static const struct
  {
    const char *name;
    const char *column;
  } orders[] = {
    { "orders[id]", "contacts.id" }, { "orders[email]", "email" }, { "orders[cdate]", "created" },
    { "orders[first_name]", "first" }, { "orders[last_name]", "last" }, { "orders[name]", "last" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      const char *direction = relais_call_query (call, orders[i].name);

      if (direction != NULL)
        {
          g_autofree char *order = g_strdup_printf (" ORDER BY %s %s", orders[i].column, g_ascii_strcasecmp (direction, "desc") == 0 ? "DESC" : "ASC");

          return g_intern_string (order);
        }
    }

  return " ORDER BY contacts.id ASC";
}

static sqlite3_stmt *
ask_contacts (RelaisCall *call,
              const char *columns,
              const char *where,
              const char *tail,
              gint64      limit,
              gint64      offset)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM contacts WHERE 1%s%s", columns, where, tail);
  const char *like = relais_call_query (call, "email_like");

  return relais_store_query (call->practice->store, g_intern_string (sql), "iissiisii", relais_call_number (call, "listid", 0),
                             relais_call_number (call, "status", -1), relais_call_query (call, "email"),
                             like != NULL ? like : relais_call_query (call, "search"), relais_call_number (call, "id_greater", 0),
                             relais_call_number (call, "id_less", 0), relais_call_query (call, "tagid"), limit, offset);
}

static void
list_contacts (RelaisCall *call)
{
  g_autoptr (GString) where = g_string_new (NULL);
  g_autofree char *tail = g_strconcat (choose_order (call), " LIMIT ?8 OFFSET ?9", NULL);
  gboolean with_lists = g_strcmp0 (relais_call_query (call, "include"), "contactLists") == 0;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 limit, offset, total = -1;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  add_filters (call, where);
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "scoreValues", "[]");
  relais_write_member (call->answer, "contacts", "[");
  row = ask_contacts (call, CONTACT_COLUMNS, where->str, tail, limit, offset);
  while (sqlite3_step (row) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (row, 0);

      write_contact (call, row);
      g_array_append_val (ids, id);
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
  if (with_lists)
    for (guint i = 0; i < ids->len; i++)
      write_memberships (call, g_array_index (ids, gint64, i));

  /* Counting all of a large account costs as much as reading it: by keyset it is told of the first page only. */
  if (relais_call_query (call, "id_greater") == NULL || relais_call_number (call, "id_greater", 0) == 0)
    {
      row = ask_contacts (call, "count (*)", where->str, "", 0, 0);
      total = sqlite3_step (row) == SQLITE_ROW ? sqlite3_column_int64 (row, 0) : 0;
      sqlite3_reset (row);
    }
  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, total >= 0 ? total : (gint64) ids->len);
  relais_write_member (call->answer, "sortable", "true");
  relais_write_member (call->answer, "page_input", "{");
  relais_write_number (call->answer, "segmentid", 0);
  relais_write_number (call->answer, "formid", 0);
  relais_write_number (call->answer, "listid", relais_call_number (call, "listid", 0));
  relais_write_number (call->answer, "tagid", 0);
  relais_write_number (call->answer, "limit", limit);
  relais_write_number (call->answer, "offset", offset);
  relais_write_string (call->answer, "search", relais_call_query (call, "search"));
  relais_write_string (call->answer, "sort", NULL);
  relais_write_number (call->answer, "seriesid", 0);
  relais_write_number (call->answer, "waitid", 0);
  relais_write_number (call->answer, "status", relais_call_number (call, "status", -1));
  relais_write_number (call->answer, "forceQuery", 0);
  relais_write_string (call->answer, "cacheid", "d41d8cd98f00b204e9800998ecf8427e");
  g_string_append (call->answer, "}}}");
}

static gint64
find_contact (RelaisCall *call,
              const char *id)
{
  gint64 found = relais_store_number (call->practice->store, "SELECT id FROM contacts WHERE id = ?", "i", g_ascii_strtoll (id, NULL, 10));

  if (found == 0)
    relais_call_missing (call, "Subscriber", id);

  return found;
}

static void
write_one (RelaisCall *call,
           gint64      id)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store, "SELECT " CONTACT_COLUMNS " FROM contacts WHERE id = ?", "i", id);

  relais_write_key (call->answer, "contact");
  if (sqlite3_step (row) == SQLITE_ROW)
    write_contact (call, row);
  sqlite3_reset (row);
}

static void
get_contact (RelaisCall *call)
{
  gint64 id = find_contact (call, call->parts[1]);

  if (id == 0)
    return;
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "contactAutomations", "[]");
  write_memberships (call, id);
  relais_write_member (call->answer, "deals", "[]");
  write_field_values (call, id);
  relais_write_member (call->answer, "geoIps", "[]");
  relais_write_member (call->answer, "accountContacts", "[]");
  write_one (call, id);
  g_string_append_c (call->answer, '}');
}

static gboolean
is_plausible (const char *email)
{
  const char *at = strchr (email, '@');

  return at != NULL && at > email && strchr (at, '.') != NULL && strpbrk (email, " \t\r\n,;<>()") == NULL;
}

static void
save_contact (RelaisCall *call,
              gboolean    sync)
{
  const RelaisNode *contact = relais_node_member (call->root, "contact");
  RelaisUpsert upsert = {
    .email = relais_node_member_text (contact, "email"),
    .first_name = relais_node_member (contact, "firstName"),
    .last_name = relais_node_member (contact, "lastName"),
    .phone = relais_node_member (contact, "phone"),
    .fields = relais_node_member (contact, "fieldValues"),
    .field_key = "field",
  };
  gboolean created;
  gint64 id;

  if (upsert.email == NULL || *upsert.email == '\0')
    {
      call->status = 400;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"Contact email must be provided for sync\"}]}");
      return;
    }
  if (!is_plausible (upsert.email))
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":[{\"title\":\"Contact Email Address is not valid.\",\"detail\":\"\",\"code\":\"email_invalid\","
                                     "\"error\":\"must_be_valid_email_address\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/email\"}}]}");
      return;
    }
  if (!sync && relais_store_number (call->practice->store, "SELECT 1 FROM contacts WHERE email = ?", "s", upsert.email) != 0)
    {
      relais_call_invalid (call, "Email address already exists in the system", "duplicate", "/data/attributes/email");
      return;
    }
  id = relais_practice_upsert (call->practice, &upsert, &created);
  call->status = created ? 201 : 200;
  relais_write_raw (call->answer, "{");
  write_field_values (call, id);
  write_one (call, id);
  g_string_append_c (call->answer, '}');
}

static void
update_contact (RelaisCall *call)
{
  gint64 id = find_contact (call, call->parts[1]);
  const RelaisNode *contact = relais_node_member (call->root, "contact");
  g_autofree char *email = NULL;
  RelaisUpsert upsert = {
    .first_name = relais_node_member (contact, "firstName"),
    .last_name = relais_node_member (contact, "lastName"),
    .phone = relais_node_member (contact, "phone"),
    .fields = relais_node_member (contact, "fieldValues"),
    .field_key = "field",
  };
  sqlite3_stmt *row;
  gboolean created;

  if (id == 0)
    return;
  row = relais_store_query (call->practice->store, "SELECT email FROM contacts WHERE id = ?", "i", id);
  if (sqlite3_step (row) == SQLITE_ROW)
    email = g_strdup (relais_store_text (row, 0));
  sqlite3_reset (row);
  upsert.email = email;
  relais_practice_upsert (call->practice, &upsert, &created);
  relais_write_raw (call->answer, "{");
  write_field_values (call, id);
  write_one (call, id);
  g_string_append_c (call->answer, '}');
}

static void
delete_contact (RelaisCall *call)
{
  gint64 id = find_contact (call, call->parts[1]);

  if (id == 0)
    return;
  relais_store_execute (call->practice->store, "DELETE FROM memberships WHERE contact = ?", "i", id);
  relais_store_execute (call->practice->store, "DELETE FROM contacts WHERE id = ?", "i", id);
  g_string_assign (call->answer, "{}");
}

/* Memberships */

static void
set_membership (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "contactList");
  gint64 contact = (gint64) relais_node_to_id (relais_node_member (given, "contact"));
  gint64 list = (gint64) relais_node_to_id (relais_node_member (given, "list"));
  const RelaisNode *wanted = relais_node_member (given, "status");
  gint64 status = (gint64) relais_node_to_id (wanted);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (given == NULL || contact == 0 || list == 0 || wanted == NULL)
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":422,\"title\":\"Missing attribute\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/contactList\"}}]}");
      return;
    }
  if (status > 3)
    {
      relais_call_invalid (call, "The value you selected is not a valid choice.", "field_invalid", "/data/attributes/status");
      return;
    }
  if (relais_store_number (call->practice->store, "SELECT 1 FROM contacts WHERE id = ?", "i", contact) == 0)
    {
      relais_call_missing (call, "Subscriber", "");
      return;
    }
  relais_store_execute (call->practice->store,
    "INSERT INTO memberships VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (list, contact) DO UPDATE SET status = ?3, updated = ?4",
    "iiii", list, contact, status, now);
  relais_practice_count_active (call->practice);
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "contacts", "[]");
  relais_write_key (call->answer, "contactList");
  write_membership (call, contact, list, status, now, now);
  g_string_append_c (call->answer, '}');
}

static void
list_memberships (RelaisCall *call)
{
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->practice->store,
    "SELECT contact, list, status, since, updated FROM memberships WHERE (?1 = 0 OR list = ?1) AND (?2 < 0 OR status = ?2) LIMIT ?3 OFFSET ?4",
    "iiii", relais_call_number (call, "filters[list]", 0), relais_call_number (call, "filters[status]", -1), limit, offset);
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "contactLists", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    write_membership (call, sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1), sqlite3_column_int64 (row, 2),
                      sqlite3_column_int64 (row, 3), sqlite3_column_int64 (row, 4));
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, relais_store_number (call->practice->store,
    "SELECT count (*) FROM memberships WHERE (?1 = 0 OR list = ?1) AND (?2 < 0 OR status = ?2)", "ii",
    relais_call_number (call, "filters[list]", 0), relais_call_number (call, "filters[status]", -1)));
  g_string_append (call->answer, "}}");
}

static void
set_field_value (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "fieldValue");
  gint64 contact = (gint64) relais_node_to_id (relais_node_member (given, "contact"));
  guint64 field = relais_node_to_id (relais_node_member (given, "field"));
  g_autofree char *value = relais_node_to_text (relais_node_member (given, "value"));
  g_autoptr (GString) array = g_string_new ("[");
  g_autoptr (RelaisTree) tree = NULL;
  g_autofree char *stored = NULL;
  g_autofree char *merged = NULL;
  sqlite3_stmt *row;

  if (field == 0 || relais_store_number (call->practice->store, "SELECT 1 FROM fields WHERE id = ?", "i", (gint64) field) == 0)
    {
      relais_call_invalid (call, "Field id not valid", "field_invalid", "/data/attributes/field");
      return;
    }
  row = relais_store_query (call->practice->store, "SELECT fields FROM contacts WHERE id = ?", "i", contact);
  if (sqlite3_step (row) == SQLITE_ROW)
    stored = g_strdup (relais_store_text (row, 0));
  sqlite3_reset (row);
  if (stored == NULL)
    {
      relais_call_missing (call, "Subscriber", "");
      return;
    }
  relais_write_raw (array, "{");
  relais_write_id (array, "field", field);
  relais_write_string (array, "value", value);
  g_string_append (array, "}]");
  tree = relais_tree_parse (array->str, array->len);
  merged = merge_fields (stored, relais_tree_root (tree), "field");
  relais_store_execute (call->practice->store, "UPDATE contacts SET fields = ? WHERE id = ?", "si", merged, contact);
  call->status = 201;
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "contacts", "[]");
  relais_write_member (call->answer, "fieldValue", "{");
  relais_call_id (call, "contact", contact);
  relais_call_id (call, "field", field);
  relais_write_string (call->answer, "value", value);
  relais_write_member (call->answer, "links", "{}");
  relais_call_id (call, "id", contact * 1000 + field);
  g_string_append (call->answer, "}}");
}

static void
add_contact_tag (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "contactTag");
  gint64 contact = (gint64) relais_node_to_id (relais_node_member (given, "contact"));
  gint64 tag = (gint64) relais_node_to_id (relais_node_member (given, "tag"));
  g_autofree char *mark = g_strdup_printf (",%" G_GINT64_FORMAT ",", tag);

  if (contact == 0 || tag == 0)
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":422,\"title\":\"Missing attribute\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/contact\"}}]}");
      return;
    }
  if (relais_store_number (call->practice->store, "SELECT 1 FROM contacts WHERE id = ?", "i", contact) == 0)
    {
      call->status = 404;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":404,\"title\":\"Not Found\",\"detail\":\"Contact not found\"}]}");
      return;
    }
  relais_store_execute (call->practice->store,
    "UPDATE contacts SET tags = CASE WHEN tags = '' THEN ?2 ELSE tags || substr (?2, 2) END WHERE id = ?1 AND instr (tags, ?2) = 0", "is",
    contact, mark);
  call->status = 201;
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "contacts", "[]");
  relais_write_member (call->answer, "contactTag", "{");
  relais_call_id (call, "contact", contact);
  relais_call_id (call, "tag", tag);
  relais_write_member (call->answer, "links", "{}");
  relais_call_id (call, "id", contact * 10000 + tag);
  g_string_append (call->answer, "}}");
}

static void
remove_contact_tag (RelaisCall *call)
{
  gint64 id = g_ascii_strtoll (call->parts[1], NULL, 10);
  g_autofree char *mark = g_strdup_printf (",%" G_GINT64_FORMAT ",", id % 10000);

  if (relais_store_number (call->practice->store, "SELECT 1 FROM contacts WHERE id = ? AND instr (tags, ?) > 0", "is", id / 10000, mark) == 0)
    {
      relais_call_missing (call, "SubscriberTag", call->parts[1]);
      return;
    }
  relais_store_execute (call->practice->store, "UPDATE contacts SET tags = replace (tags, ?2, ',') WHERE id = ?1", "is", id / 10000, mark);
  g_string_assign (call->answer, "{}");
}

static void
answer_part (RelaisCall *call,
             void     (* write) (RelaisCall *, gint64))
{
  gint64 id = find_contact (call, call->parts[1]);

  if (id == 0)
    return;
  relais_write_raw (call->answer, "{");
  write (call, id);
  g_string_append_c (call->answer, '}');
}

/**
 * relais_practice_answer_contacts:
 * @call: a request
 *
 * Returns: whether it was about contacts
 */
gboolean
relais_practice_answer_contacts (RelaisCall *call)
{
  if (relais_call_is (call, "GET", "contacts"))
    list_contacts (call);
  else if (relais_call_is (call, "POST", "contact/sync"))
    save_contact (call, TRUE);
  else if (relais_call_is (call, "POST", "contacts") || relais_call_is (call, "POST", "contacts/sync"))
    save_contact (call, FALSE);
  else if (relais_call_is (call, "GET", "contacts/*"))
    get_contact (call);
  else if (relais_call_is (call, "PUT", "contacts/*"))
    update_contact (call);
  else if (relais_call_is (call, "DELETE", "contacts/*"))
    delete_contact (call);
  else if (relais_call_is (call, "GET", "contacts/*/contactLists"))
    answer_part (call, write_memberships);
  else if (relais_call_is (call, "GET", "contacts/*/fieldValues"))
    answer_part (call, write_field_values);
  else if (relais_call_is (call, "POST", "contactLists"))
    set_membership (call);
  else if (relais_call_is (call, "GET", "contactLists"))
    list_memberships (call);
  else if (relais_call_is (call, "POST", "fieldValues"))
    set_field_value (call);
  else if (relais_call_is (call, "POST", "contactTags"))
    add_contact_tag (call);
  else if (relais_call_is (call, "DELETE", "contactTags/*"))
    remove_contact_tag (call);
  else
    return FALSE;

  return TRUE;
}
