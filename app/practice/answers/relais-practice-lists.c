/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-call.h"

/* Lists, after developers.activecampaign.com/reference (retrieve-all-lists, create-new-list, …)
 * and recorded answers: a creation is 201 and tells what was posted, not the whole list. */

#define LIST_COLUMNS "id, name, stringid, channel, url, reminder, created, broadcast, carboncopy, subscribed, unsubscribed"

static const char *const links[] = { "contactGoalLists", "user", "addressLists", NULL };

static void
write_options (RelaisCall   *call,
               sqlite3_stmt *row)
{
  static const char *const before[] = {
    "p_use_tracking", "1", "p_use_analytics_read", "0", "p_use_analytics_link", "0", "p_use_twitter", "0", "p_use_facebook", "0",
    "p_embed_image", "1", "p_use_captcha", "1", NULL
  };
  static const char *const middle[] = {
    "private", "0", "analytics_domains", NULL, "analytics_source", "", "analytics_ua", "", "twitter_token", "", "twitter_token_secret", "",
    "facebook_session", NULL, NULL
  };
  static const char *const after[] = {
    "require_name", "0", "get_unsubscribe_reason", "0", "to_name", "Subscriber", "optinoptout", "1", "sender_name", "", "sender_addr1", "",
    "sender_addr2", "", "sender_city", "", "sender_state", "", "sender_zip", "", "sender_country", "", "sender_phone", "", NULL
  };

  relais_write_texts (call->answer, before);
  relais_write_string (call->answer, "send_last_broadcast", sqlite3_column_int64 (row, 7) != 0 ? "1" : "0");
  relais_write_texts (call->answer, middle);
  relais_write_string (call->answer, "carboncopy", relais_store_text (row, 8));
  relais_write_string (call->answer, "subscription_notify", relais_store_text (row, 9));
  relais_write_string (call->answer, "unsubscription_notify", relais_store_text (row, 10));
  relais_write_texts (call->answer, after);
}

static void
write_list (RelaisCall   *call,
            sqlite3_stmt *row)
{
  RelaisStore *store = call->account->store;
  gint64 id = sqlite3_column_int64 (row, 0), created = sqlite3_column_int64 (row, 6);
  gint64 n_active = relais_store_number (store, "SELECT count (*) FROM memberships WHERE list = ? AND status = 1", "i", id);
  gint64 n_others = relais_store_number (store, "SELECT count (*) FROM memberships WHERE list = ? AND status <> 1", "i", id);

  relais_write_raw (call->answer, "{");
  relais_write_string (call->answer, "stringid", relais_store_text (row, 2));
  relais_write_string (call->answer, "userid", "1");
  relais_write_string (call->answer, "name", relais_store_text (row, 1));
  relais_call_date (call, "cdate", created);
  write_options (call, row);
  relais_write_string (call->answer, "sender_url", relais_store_text (row, 4));
  relais_write_string (call->answer, "sender_reminder", relais_store_text (row, 5));
  relais_write_raw (call->answer, "\"fulladdress\":\"\",\"optinmessageid\":\"0\",\"optoutconf\":\"0\",\"deletestamp\":null");
  relais_call_date (call, "udate", created);
  relais_call_timestamp (call, "created_timestamp", created);
  relais_call_timestamp (call, "updated_timestamp", created);
  relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null");
  relais_write_string (call->answer, "channel", relais_store_text (row, 3));
  relais_write_string (call->answer, "description", NULL);
  relais_call_id (call, "active_subscribers", n_active);
  relais_call_id (call, "non_deleted_subscribers", n_active + n_others);
  relais_call_links (call, "lists", id, links);
  relais_call_id (call, "id", id);
  relais_write_string (call->answer, "user", "1");
  g_string_append_c (call->answer, '}');
}

static void
list_lists (RelaisCall *call)
{
  const char *operand;
  const char *where = relais_call_filter (call, "filters[name]", "filters[name]", "name", &operand);
  g_autofree char *page = g_strconcat ("SELECT " LIST_COLUMNS " FROM lists WHERE 1", where, relais_call_order (call, "orders[name]", "name"),
                                       " LIMIT ?2 OFFSET ?3", NULL);
  g_autofree char *all = g_strconcat ("SELECT count (*) FROM lists WHERE 1", where, NULL);
  gint64 limit, offset;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->account->store, g_intern_string (page), "sii", operand, limit, offset);
  relais_write_raw (call->answer, "{");
  relais_call_rows (call, "lists", row, write_list);
  relais_call_meta (call, relais_store_number (call->account->store, g_intern_string (all), "s", operand));
}

static void
get_list (RelaisCall *call)
{
  sqlite3_stmt *row = relais_store_query (call->account->store, "SELECT " LIST_COLUMNS " FROM lists WHERE id = ?", "i",
                                          relais_call_path_id (call, 1));

  if (!relais_call_row (call, "list", row, write_list))
    relais_call_missing (call, "_List", call->parts[1]);
}

static void
write_created (RelaisCall       *call,
               const RelaisNode *list,
               gint64            id,
               gint64            now)
{
  static const char *const told[] = { "name", "stringid", "sender_url", "sender_reminder", NULL };

  call->status = call->account->faults.at[RELAIS_FAULT_DOCUMENTED_STATUSES].on ? 200 : 201;
  relais_write_raw (call->answer, "{\"list\":{");
  for (guint i = 0; told[i] != NULL; i++)
    relais_write_string (call->answer, told[i], relais_node_member_text (list, told[i]));
  relais_call_date (call, "cdate", now);
  relais_call_date (call, "udate", now);
  relais_call_links (call, "lists", id, links);
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

static void
add_list (RelaisCall *call)
{
  static const char *const needed[] = { "name", "stringid", "sender_url", "sender_reminder" };
  const RelaisNode *list = relais_node_member (call->root, "list");
  const char *channel = relais_node_member_text (list, "channel");
  gint64 now = relais_faults_now (&call->account->faults);
  gint64 id;

  if (relais_call_malformed (call))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (relais_node_member_text (list, needed[i]) == NULL)
      {
        relais_call_lacks (call, needed[i]);
        return;
      }
  id = relais_store_execute (call->account->store,
    "INSERT INTO lists VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, nullif (?, ''), nullif (?, ''), nullif (?, ''))", "sssssiisss",
    relais_node_member_text (list, "name"), relais_node_member_text (list, "stringid"), channel != NULL ? channel : "email",
    relais_node_member_text (list, "sender_url"), relais_node_member_text (list, "sender_reminder"), now,
    (gint64) relais_node_is_true (relais_node_member (list, "send_last_broadcast")), relais_node_member_text (list, "carboncopy"),
    relais_node_member_text (list, "subscription_notify"), relais_node_member_text (list, "unsubscription_notify"));
  write_created (call, list, id, now);
}

static void
delete_list (RelaisCall *call)
{
  RelaisStore *store = call->account->store;
  gint64 id = relais_call_path_id (call, 1);

  if (relais_store_number (store, "SELECT 1 FROM lists WHERE id = ?", "i", id) == 0)
    {
      relais_call_missing (call, "_List", call->parts[1]);
      return;
    }
  relais_store_execute (store, "BEGIN", "");
  relais_store_execute (store, "DELETE FROM memberships WHERE list = ?", "i", id);
  relais_store_execute (store, "DELETE FROM lists WHERE id = ?", "i", id);
  relais_store_execute (store, "COMMIT", "");
  call->account->n_active = relais_store_number (store, "SELECT count (DISTINCT contact) FROM memberships WHERE status = 1", "");
  g_string_assign (call->answer, "{}");
}

/* Until a group of users is given a list that was made so, none of them sees it. */
static void
add_list_group (RelaisCall *call)
{
  static const char *const group_links[] = { "list", "group", NULL };
  const RelaisNode *given = relais_node_member (call->root, "listGroup");
  const RelaisNode *list = relais_node_member (given, "listid");
  const RelaisNode *group = relais_node_member (given, "groupid");
  g_autofree char *list_id = relais_node_to_text (list);
  gint64 id;

  if (relais_call_malformed (call))
    return;
  if (list == NULL || group == NULL)
    {
      relais_call_lacks (call, list == NULL ? "listid" : "groupid");
      return;
    }
  if (relais_store_number (call->account->store, "SELECT 1 FROM lists WHERE id = ?", "i", (gint64) relais_node_to_id (list)) == 0)
    {
      relais_call_missing (call, "_List", list_id != NULL ? list_id : "");
      return;
    }
  id = relais_store_execute (call->account->store, "INSERT INTO list_groups VALUES (NULL, ?, ?)", "ii", (gint64) relais_node_to_id (list),
                             (gint64) relais_node_to_id (group));
  call->status = 201;
  relais_write_raw (call->answer, "{\"listGroup\":{");
  relais_call_echo (call, "list", list);
  relais_call_echo (call, "group", group);
  relais_call_links (call, "listGroups", id, group_links);
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

/**
 * relais_practice_answer_lists:
 * @call: a request
 *
 * Returns: whether it was about lists
 */
gboolean
relais_practice_answer_lists (RelaisCall *call)
{
  static const RelaisRoute routes[] = {
    { "GET", "lists", list_lists },           { "POST", "lists", add_list }, { "GET", "lists/*", get_list },
    { "DELETE", "lists/*", delete_list },     { "POST", "listGroups", add_list_group },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
