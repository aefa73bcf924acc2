/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an account has besides contacts: its user, settings, lists, exclusions, custom
 * fields and tags, after developers.activecampaign.com/reference (the page of each
 * resource) and answers recorded from real accounts. */

#include "relais-practice-private.h"

#include <string.h>

static void
write_texts (GString            *into,
             const char * const *pairs)
{
  for (guint i = 0; pairs[i] != NULL; i += 2)
    relais_write_string (into, pairs[i], pairs[i + 1]);
}

static void
forbid (RelaisCall *call,
        const char *what)
{
  call->status = 403;
  call->type = "text/plain";
  g_string_printf (call->answer, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view %s.\"}]}", what);
}

/* User and settings */

static void
tell_user (RelaisCall *call)
{
  static const char * const pairs[] = {
    "username", "practice", "firstName", "Camille", "lastName", "Exemple", "email", "camille@example.com", "phone", "",
    "signature", NULL, "lang", "english", "localZoneid", "Europe/Paris", "cdate", "2024-01-08T09:00:00+01:00",
    "udate", "2024-01-08T09:00:00+01:00", "mfaEnabled", "0", "password_updated_utc_timestamp", "2024-01-08 08:00:00", NULL
  };

  relais_write_raw (call->answer, "{\"user\":{");
  write_texts (call->answer, pairs);
  relais_write_raw (call->answer, "\"links\":{\"lists\":\"https:\\/\\/practice.example\\/api\\/3\\/users\\/1\\/lists\","
                                  "\"userGroup\":\"https:\\/\\/practice.example\\/api\\/3\\/users\\/1\\/userGroup\","
                                  "\"dealGroupTotals\":\"https:\\/\\/practice.example\\/api\\/3\\/users\\/1\\/dealGroupTotals\","
                                  "\"dealGroupUsers\":\"https:\\/\\/practice.example\\/api\\/3\\/users\\/1\\/dealGroupUsers\","
                                  "\"configs\":\"https:\\/\\/practice.example\\/api\\/3\\/users\\/1\\/configs\"}");
  relais_call_id (call, "id", 1);
  g_string_append (call->answer, "}}");
}

static void
tell_settings (RelaisCall *call)
{
  RelaisPractice *self = call->practice;

  if (self->faults.on[RELAIS_FAULT_SETTINGS_403])
    {
      forbid (call, "account settings");
      return;
    }
  relais_write_raw (call->answer, "{\"account\":\"practice\",\"email\":\"camille@example.com\",\"first_name\":\"Camille\",\"last_name\":\"Exemple\","
                                  "\"cname\":\"\",\"status\":\"active\"");
  relais_write_number (call->answer, "subscriber_limit",
                       self->faults.on[RELAIS_FAULT_CONTACT_LIMIT] ? self->faults.number[RELAIS_FAULT_CONTACT_LIMIT] : 2500000);
  relais_write_number (call->answer, "subscriber_total", self->n_active);
  relais_write_raw (call->answer, "\"trial\":false,\"credits\":null,\"branding\":true}");
}

/* Lists */

static void
write_list (RelaisCall   *call,
            sqlite3_stmt *row)
{
  static const char * const pairs[] = {
    "userid", "1", "user", "1", "private", "0", "deletestamp", NULL, "send_last_broadcast", "0", "subscription_notify", NULL,
    "unsubscription_notify", NULL, "carboncopy", NULL, "require_name", "0", "get_unsubscribe_reason", "0", "to_name", "Recipient",
    "optinoptout", "1", "optinmessageid", "0", "optoutconf", "0", "sender_name", "", "sender_addr1", "", "sender_addr2", "",
    "sender_city", "", "sender_state", "", "sender_zip", "", "sender_country", "", "sender_phone", "", "fulladdress", "",
    "p_use_tracking", "1", "p_use_analytics_read", "0", "p_use_analytics_link", "0", "p_use_twitter", "0", "p_embed_image", "1",
    "p_use_captcha", "1", "analytics_domains", NULL, "analytics_source", "", "analytics_ua", "", "twitter_token", "",
    "twitter_token_secret", "", "facebook_session", NULL, "description", NULL, "created_by", NULL, "updated_by", NULL, NULL
  };
  RelaisStore *store = call->practice->store;
  gint64 id = sqlite3_column_int64 (row, 0);
  g_autofree char *created = relais_practice_date (sqlite3_column_int64 (row, 6));

  relais_write_raw (call->answer, "{");
  relais_write_string (call->answer, "stringid", relais_store_text (row, 2));
  relais_write_string (call->answer, "name", relais_store_text (row, 1));
  relais_write_string (call->answer, "channel", relais_store_text (row, 3));
  relais_write_string (call->answer, "sender_url", relais_store_text (row, 4));
  relais_write_string (call->answer, "sender_reminder", relais_store_text (row, 5));
  write_texts (call->answer, pairs);
  relais_write_string (call->answer, "cdate", created);
  relais_write_string (call->answer, "udate", created);
  relais_write_string (call->answer, "created_timestamp", created);
  relais_write_string (call->answer, "updated_timestamp", created);
  relais_write_id (call->answer, "active_subscribers",
                   relais_store_number (store, "SELECT count (*) FROM memberships WHERE list = ? AND status = 1", "i", id));
  relais_write_id (call->answer, "non_deleted_subscribers",
                   relais_store_number (store, "SELECT count (*) FROM memberships WHERE list = ?", "i", id));
  relais_write_raw (call->answer, "\"links\":{\"contactGoalLists\":\"\",\"user\":\"\",\"addressLists\":\"\"}");
  relais_call_id (call, "id", id);
  g_string_append_c (call->answer, '}');
}

static void
list_lists (RelaisCall *call)
{
  const char *name = relais_call_query (call, "filters[name]");
  const char *equal = relais_call_query (call, "filters[name][eq]");
  const char *contains = relais_call_query (call, "filters[name][contains]");
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->practice->store,
    "SELECT id, name, stringid, channel, url, reminder, created FROM lists WHERE (?1 IS NULL OR name = ?1) AND (?2 IS NULL OR instr (lower (name), lower (?2)) > 0)"
    " ORDER BY id LIMIT ?3 OFFSET ?4", "ssii", equal, name != NULL ? name : contains, limit, offset);
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "lists", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    write_list (call, row);
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, relais_store_number (call->practice->store,
    "SELECT count (*) FROM lists WHERE (?1 IS NULL OR name = ?1) AND (?2 IS NULL OR instr (lower (name), lower (?2)) > 0)", "ss",
    equal, name != NULL ? name : contains));
  g_string_append (call->answer, "}}");
}

static void
get_list (RelaisCall *call)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store,
    "SELECT id, name, stringid, channel, url, reminder, created FROM lists WHERE id = ?", "i", g_ascii_strtoll (call->parts[1], NULL, 10));

  if (sqlite3_step (row) == SQLITE_ROW)
    {
      relais_write_raw (call->answer, "{");
      relais_write_key (call->answer, "list");
      write_list (call, row);
      g_string_append_c (call->answer, '}');
    }
  else
    relais_call_missing (call, "_List", call->parts[1]);
  sqlite3_reset (row);
}

static void
add_list (RelaisCall *call)
{
  const RelaisNode *list = relais_node_member (call->root, "list");
  const char *name = relais_node_member_text (list, "name");
  const char *stringid = relais_node_member_text (list, "stringid");
  const char *url = relais_node_member_text (list, "sender_url");
  const char *reminder = relais_node_member_text (list, "sender_reminder");
  const char *channel = relais_node_member_text (list, "channel");
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *created = relais_practice_date (now);
  gint64 id;

  if (name == NULL || stringid == NULL || url == NULL || reminder == NULL)
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":422,\"title\":\"Missing attribute\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/list\"}}]}");
      return;
    }
  id = relais_store_execute (call->practice->store, "INSERT INTO lists VALUES (NULL, ?, ?, ?, ?, ?, ?)", "sssssi", name, stringid,
                             channel != NULL ? channel : "email", url, reminder, now);
  call->status = 201;
  relais_write_raw (call->answer, "{\"list\":{");
  relais_write_string (call->answer, "name", name);
  relais_write_string (call->answer, "stringid", stringid);
  relais_write_string (call->answer, "sender_url", url);
  relais_write_string (call->answer, "sender_reminder", reminder);
  relais_write_string (call->answer, "cdate", created);
  relais_write_string (call->answer, "udate", created);
  relais_write_member (call->answer, "links", "{}");
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

static void
delete_list (RelaisCall *call)
{
  gint64 id = g_ascii_strtoll (call->parts[1], NULL, 10);

  if (relais_store_number (call->practice->store, "SELECT 1 FROM lists WHERE id = ?", "i", id) == 0)
    {
      relais_call_missing (call, "_List", call->parts[1]);
      return;
    }
  relais_store_execute (call->practice->store, "DELETE FROM memberships WHERE list = ?", "i", id);
  relais_store_execute (call->practice->store, "DELETE FROM lists WHERE id = ?", "i", id);
  g_string_assign (call->answer, "{}");
}

static void
add_list_group (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "listGroup");
  gint64 list = (gint64) relais_node_to_id (relais_node_member (given, "listid"));
  gint64 group = (gint64) relais_node_to_id (relais_node_member (given, "groupid"));
  gint64 id = relais_store_execute (call->practice->store, "INSERT INTO list_groups VALUES (NULL, ?, ?)", "ii", list, group);

  call->status = 201;
  relais_write_raw (call->answer, "{\"listGroup\":{");
  relais_write_number (call->answer, "listid", list);
  relais_write_number (call->answer, "groupid", group);
  relais_write_member (call->answer, "links", "{}");
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

/* Exclusions. Their total is a number, unlike all others. */

static void
list_exclusions (RelaisCall *call)
{
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->practice->store, "SELECT id, phrase, type FROM exclusions ORDER BY id LIMIT ? OFFSET ?", "ii", limit, offset);
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "exclusions", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    {
      relais_write_raw (call->answer, "{");
      relais_call_id (call, "id", sqlite3_column_int64 (row, 0));
      relais_write_string (call->answer, "matchPhrase", relais_store_text (row, 1));
      relais_write_string (call->answer, "matchType", relais_store_text (row, 2));
      relais_write_raw (call->answer, "\"channel\":\"all\",\"hidden\":false,\"lists\":[]}");
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
  relais_write_member (call->answer, "meta", "{");
  relais_write_number (call->answer, "total", relais_store_number (call->practice->store, "SELECT count (*) FROM exclusions", ""));
  g_string_append (call->answer, "}}");
}

/* Custom fields */

#define FIELD_COLUMNS "id, title, type, perstag, descript, created"

static void
write_option_ids (RelaisCall *call,
                  const char *name,
                  const char *sql,
                  gint64      field)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store, sql, "i", field);

  relais_write_member (call->answer, name, "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    relais_write_value (call->answer, relais_store_text (row, 0));
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

static void
write_field (RelaisCall   *call,
             sqlite3_stmt *row)
{
  static const char * const pairs[] = {
    "isrequired", "0", "defval", NULL, "show_in_list", "0", "rows", "0", "cols", "0", "visible", "1", "service", NULL, "created_by", NULL,
    "updated_by", NULL, NULL
  };
  gint64 id = sqlite3_column_int64 (row, 0);
  g_autofree char *created = relais_practice_date (sqlite3_column_int64 (row, 5));

  relais_write_raw (call->answer, "{");
  relais_write_string (call->answer, "title", relais_store_text (row, 1));
  relais_write_string (call->answer, "descript", relais_store_text (row, 4));
  relais_write_string (call->answer, "type", relais_store_text (row, 2));
  relais_write_string (call->answer, "perstag", relais_store_text (row, 3));
  write_texts (call->answer, pairs);
  relais_call_id (call, "ordernum", id);
  relais_write_string (call->answer, "cdate", created);
  relais_write_string (call->answer, "udate", created);
  relais_write_string (call->answer, "created_timestamp", created);
  relais_write_string (call->answer, "updated_timestamp", created);
  write_option_ids (call, "options", "SELECT id FROM options WHERE field = ? ORDER BY position", id);
  write_option_ids (call, "relations", "SELECT id FROM relations WHERE field = ?", id);
  relais_write_raw (call->answer, "\"links\":{\"options\":\"\",\"relations\":\"\"}");
  relais_call_id (call, "id", id);
  g_string_append_c (call->answer, '}');
}

static void
write_options (RelaisCall *call,
               gint64      field)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store,
    "SELECT id, field, position, value, label, isdefault, created FROM options WHERE ?1 = 0 OR field = ?1 ORDER BY field, position", "i", field);

  relais_write_member (call->answer, "fieldOptions", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    {
      g_autofree char *created = relais_practice_date (sqlite3_column_int64 (row, 6));

      relais_write_raw (call->answer, "{");
      relais_call_id (call, "field", sqlite3_column_int64 (row, 1));
      relais_write_id (call->answer, "orderid", sqlite3_column_int64 (row, 2));
      relais_write_string (call->answer, "value", relais_store_text (row, 3));
      relais_write_string (call->answer, "label", relais_store_text (row, 4));
      relais_write_id (call->answer, "isdefault", sqlite3_column_int64 (row, 5));
      relais_write_string (call->answer, "cdate", created);
      relais_write_string (call->answer, "udate", created);
      relais_write_raw (call->answer, "\"links\":{\"field\":\"\"}");
      relais_call_id (call, "id", sqlite3_column_int64 (row, 0));
      g_string_append_c (call->answer, '}');
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

static void
write_relations (RelaisCall *call)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store, "SELECT id, field, list FROM relations", "");

  relais_write_member (call->answer, "fieldRels", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    {
      relais_write_raw (call->answer, "{");
      relais_call_id (call, "field", sqlite3_column_int64 (row, 1));
      relais_call_id (call, "relid", sqlite3_column_int64 (row, 2));
      relais_write_raw (call->answer, "\"dorder\":\"0\",\"cdate\":null,\"links\":[]");
      relais_call_id (call, "id", sqlite3_column_int64 (row, 0));
      g_string_append_c (call->answer, '}');
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

static void
list_fields (RelaisCall *call)
{
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->practice->store,
    "SELECT " FIELD_COLUMNS " FROM fields WHERE ?3 IS NULL OR perstag = ?3 COLLATE NOCASE ORDER BY id LIMIT ?1 OFFSET ?2", "iis", limit, offset,
    relais_call_query (call, "filters[perstag]"));
  relais_write_raw (call->answer, "{");
  write_options (call, 0);
  write_relations (call);
  relais_write_member (call->answer, "fields", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    write_field (call, row);
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, relais_store_number (call->practice->store, "SELECT count (*) FROM fields", ""));
  relais_write_string (call->answer, "selected", NULL);
  g_string_append (call->answer, "}}");
}

static void
get_field (RelaisCall *call)
{
  gint64 id = g_ascii_strtoll (call->parts[1], NULL, 10);
  sqlite3_stmt *row = relais_store_query (call->practice->store, "SELECT " FIELD_COLUMNS " FROM fields WHERE id = ?", "i", id);

  if (sqlite3_step (row) == SQLITE_ROW)
    {
      relais_write_raw (call->answer, "{");
      write_options (call, id);
      relais_write_key (call->answer, "field");
      write_field (call, row);
      g_string_append_c (call->answer, '}');
    }
  else
    relais_call_missing (call, "Field", call->parts[1]);
  sqlite3_reset (row);
}

static void
add_field (RelaisCall *call)
{
  const RelaisNode *field = relais_node_member (call->root, "field");
  const char *title = relais_node_member_text (field, "title");
  const char *type = relais_node_member_text (field, "type");
  const char *given = relais_node_member_text (field, "perstag");
  g_autofree char *perstag = g_ascii_strup (given != NULL ? given : title != NULL ? title : "", -1);
  sqlite3_stmt *row;
  gint64 id;

  if (title == NULL || type == NULL)
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":422,\"title\":\"Missing attribute\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/field\"}}]}");
      return;
    }
  if (relais_store_number (call->practice->store, "SELECT 1 FROM fields WHERE title = ?", "s", title) != 0)
    {
      g_autofree char *detail = g_strdup_printf ("There is already a field named '%s' -- choose another name", title);

      call->status = 422;
      relais_write_raw (call->answer, "{\"errors\":[{\"title\":\"There is already a field with this title\"");
      relais_write_string (call->answer, "detail", detail);
      relais_write_raw (call->answer, "\"code\":\"duplicate\"}]}");
      return;
    }
  g_strdelimit (perstag, " -'", '_');
  id = relais_store_execute (call->practice->store, "INSERT INTO fields VALUES (NULL, ?, ?, ?, '', ?)", "sssi", title, type, perstag,
                             g_get_real_time () / G_USEC_PER_SEC);
  call->status = 201;
  row = relais_store_query (call->practice->store, "SELECT " FIELD_COLUMNS " FROM fields WHERE id = ?", "i", id);
  relais_write_raw (call->answer, "{");
  relais_write_key (call->answer, "field");
  if (sqlite3_step (row) == SQLITE_ROW)
    write_field (call, row);
  sqlite3_reset (row);
  g_string_append_c (call->answer, '}');
}

static void
add_options (RelaisCall *call)
{
  const RelaisNode *options = relais_node_member (call->root, "fieldOptions");
  const RelaisNode *option = options != NULL ? options + 1 : NULL;
  gint64 field = 0;

  if (options == NULL || options->type != RELAIS_NODE_ARRAY)
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":\"Bulk operation failed. Request must contain an array of fieldOption objects.\"}");
      return;
    }
  for (guint i = 0; i < options->count; i++, option += option->span)
    {
      const char *value = relais_node_member_text (option, "value");
      const char *label = relais_node_member_text (option, "label");

      field = (gint64) relais_node_to_id (relais_node_member (option, "field"));
      relais_store_execute (call->practice->store, "INSERT INTO options VALUES (NULL, ?, ?, ?, ?, ?, ?)", "iissii", field,
                            (gint64) relais_node_to_id (relais_node_member (option, "orderid")), value, label != NULL ? label : value,
                            (gint64) relais_node_is_true (relais_node_member (option, "isdefault")), g_get_real_time () / G_USEC_PER_SEC);
    }
  call->status = 201;
  relais_write_raw (call->answer, "{");
  write_options (call, field);
  g_string_append_c (call->answer, '}');
}

static void
add_relation (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "fieldRel");
  gint64 field = (gint64) relais_node_to_id (relais_node_member (given, "field"));
  gint64 list = (gint64) relais_node_to_id (relais_node_member (given, "relid"));
  gint64 id = relais_store_execute (call->practice->store, "INSERT INTO relations VALUES (NULL, ?, ?, ?)", "iii", field, list,
                                    g_get_real_time () / G_USEC_PER_SEC);

  call->status = 201;
  relais_write_raw (call->answer, "{\"fieldRel\":{");
  relais_call_id (call, "field", field);
  relais_call_id (call, "relid", list);
  relais_write_member (call->answer, "links", "[]");
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

/* Tags */

static void
write_tag (RelaisCall   *call,
           sqlite3_stmt *row)
{
  gint64 id = sqlite3_column_int64 (row, 0);
  g_autofree char *created = relais_practice_date (sqlite3_column_int64 (row, 4));
  g_autofree char *mark = g_strdup_printf (",%" G_GINT64_FORMAT ",", id);

  relais_write_raw (call->answer, "{");
  relais_write_string (call->answer, "tagType", relais_store_text (row, 2));
  relais_write_string (call->answer, "tag", relais_store_text (row, 1));
  relais_write_string (call->answer, "description", relais_store_text (row, 3));
  relais_write_string (call->answer, "cdate", created);
  relais_write_id (call->answer, "subscriber_count",
                   relais_store_number (call->practice->store, "SELECT count (*) FROM contacts WHERE instr (tags, ?) > 0", "s", mark));
  relais_write_string (call->answer, "created_timestamp", created);
  relais_write_string (call->answer, "updated_timestamp", created);
  relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null,\"deleted\":\"0\",\"links\":{\"contactGoalTags\":\"\",\"templateTags\":\"\"}");
  relais_call_id (call, "id", id);
  g_string_append_c (call->answer, '}');
}

static void
list_tags (RelaisCall *call)
{
  const char *search = relais_call_query (call, "search");
  const char *equal = relais_call_query (call, "filters[search][eq]");
  const char *contains = relais_call_query (call, "filters[search][contains]");
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->practice->store,
    "SELECT id, tag, type, description, created FROM tags WHERE (?1 IS NULL OR instr (lower (tag), lower (?1)) > 0) AND (?2 IS NULL OR tag = ?2)"
    " ORDER BY id LIMIT ?3 OFFSET ?4", "ssii", search != NULL ? search : contains, equal, limit, offset);
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "tags", "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    write_tag (call, row);
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, relais_store_number (call->practice->store,
    "SELECT count (*) FROM tags WHERE (?1 IS NULL OR instr (lower (tag), lower (?1)) > 0) AND (?2 IS NULL OR tag = ?2)", "ss",
    search != NULL ? search : contains, equal));
  g_string_append (call->answer, "}}");
}

static void
add_tag (RelaisCall *call)
{
  const RelaisNode *tag = relais_node_member (call->root, "tag");
  const char *name = relais_node_member_text (tag, "tag");
  const char *type = relais_node_member_text (tag, "tagType");
  const char *description = relais_node_member_text (tag, "description");
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *created = relais_practice_date (now);
  gint64 id;

  if (name == NULL || *name == '\0')
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":[{\"status\":422,\"title\":\"Missing attribute\",\"source\":{\"pointer\":\"\\/data\\/attributes\\/tag\"}}]}");
      return;
    }
  if (relais_store_number (call->practice->store, "SELECT 1 FROM tags WHERE tag = ?", "s", name) != 0)
    {
      relais_call_invalid (call, "The tag already exists in the system", "duplicate", "/data/attributes/tag");
      return;
    }
  id = relais_store_execute (call->practice->store, "INSERT INTO tags VALUES (NULL, ?, ?, ?, ?)", "sssi", name,
                             type != NULL ? type : "contact", description != NULL ? description : "", now);
  call->status = 201;
  relais_write_raw (call->answer, "{\"tag\":{");
  relais_write_string (call->answer, "tag", name);
  relais_write_string (call->answer, "description", description != NULL ? description : "");
  relais_write_string (call->answer, "tagType", type != NULL ? type : "contact");
  relais_write_string (call->answer, "cdate", created);
  relais_write_member (call->answer, "links", "{}");
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

/**
 * relais_practice_answer_things:
 * @call: a request
 *
 * Returns: whether it was about something an account has besides contacts
 */
gboolean
relais_practice_answer_things (RelaisCall *call)
{
  static const struct
  {
    const char *method;
    const char *pattern;
    void     (* answer) (RelaisCall *call);
  } routes[] = {
    { "GET", "users/me", tell_user },         { "GET", "settings/account", tell_settings },
    { "GET", "lists", list_lists },           { "POST", "lists", add_list },
    { "GET", "lists/exclusions", list_exclusions },
    { "GET", "lists/*", get_list },           { "DELETE", "lists/*", delete_list },
    { "POST", "listGroups", add_list_group }, { "GET", "fields", list_fields },
    { "POST", "fields", add_field },          { "GET", "fields/*", get_field },
    { "POST", "fieldOption/bulk", add_options }, { "POST", "fieldRels", add_relation },
    { "GET", "tags", list_tags },             { "POST", "tags", add_tag },
  };

  if (relais_call_is (call, "GET", "fields/*/options"))
    {
      relais_write_raw (call->answer, "{");
      write_options (call, MAX (1, g_ascii_strtoll (call->parts[1], NULL, 10)));
      g_string_append_c (call->answer, '}');
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (relais_call_is (call, routes[i].method, routes[i].pattern))
      {
        routes[i].answer (call);
        return TRUE;
      }

  return FALSE;
}
