/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-contact.h"

#include <string.h>

/* Pages of contacts, after developers.activecampaign.com/reference/list-all-contacts. The
 * texts of queries are interned: their statements are kept, and there are few of them.
 *
 * Who asks for a list's people walks along the list and not along all contacts, so that the
 * last page of a million costs what the first does. */

typedef struct
{
  const char *from;     /* table, or tables */
  const char *id;       /* the column that has the contact's id */
  GString    *where;    /* (owned) */
  gint64      after;    /* the id that it goes on after, 0 = from the first */
} Selection;

static void
add_status (RelaisCall *call,
            Selection  *selection)
{
  gint64 status = relais_call_number (call, "status", -1);

  if (status < 0 || status > 3 || call->account->faults.at[RELAIS_FAULT_STATUS_UNHEEDED].on)
    return;
  /* Said in so many words, the index of those who left fits. */
  g_string_append_printf (selection->where, " AND memberships.status = %d%s", (int) status, status != 1 ? " AND memberships.status <> 1" : "");
}

static void
add_list (RelaisCall *call,
          Selection  *selection)
{
  gint64 status = relais_call_number (call, "status", -1);

  if (relais_call_number (call, "listid", 0) > 0)
    {
      selection->from = "memberships CROSS JOIN contacts ON contacts.id = memberships.contact";
      selection->id = "memberships.contact";
      g_string_append (selection->where, " AND memberships.list = ?1");
      add_status (call, selection);
    }
  else if (status >= 0)
    {
      g_string_append (selection->where, " AND EXISTS (SELECT 1 FROM memberships WHERE memberships.contact = contacts.id"
                                         " AND memberships.list IN (SELECT id FROM lists)");
      add_status (call, selection);
      g_string_append_c (selection->where, ')');
    }
}

static void
add_filters (RelaisCall *call,
             Selection  *selection)
{
  static const struct
  {
    const char *name;
    const char *condition;
  } filters[] = {
    { "email", " AND email = ?2" },
    { "email_like", " AND instr (lower (email), lower (?3)) > 0" },
    { "search", " AND (email LIKE '%' || ?4 || '%' OR first LIKE '%' || ?4 || '%' OR last LIKE '%' || ?4 || '%'"
                " OR first || ' ' || last LIKE '%' || ?4 || '%' OR phone LIKE '%' || ?4 || '%' OR account LIKE '%' || ?4 || '%')" },
    { "tagid", " AND instr (tags, ',' || ?5 || ',') > 0" },
    { "phone", " AND instr (phone, ?6) = 1" },
    { "exclude", " AND contacts.id <> ?7" },
    { "ids[]", " AND contacts.id IN (SELECT value FROM json_each (?8))" },
    { "filters[created_before]", " AND contacts.created < ?9" },
    { "filters[created_after]", " AND contacts.created > ?10" },
    { "filters[updated_before]", " AND contacts.updated < ?11" },
    { "filters[updated_after]", " AND contacts.updated > ?12" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (relais_call_query (call, filters[i].name) != NULL)
      g_string_append (selection->where, filters[i].condition);
  if (call->account->faults.at[RELAIS_FAULT_LAG].on)
    g_string_append_printf (selection->where, " AND contacts.updated <= %" G_GINT64_FORMAT,
                            relais_faults_now (&call->account->faults) - (call->account->faults.at[RELAIS_FAULT_LAG].number + 999) / 1000);
  if (relais_call_query (call, "id_less") != NULL)
    g_string_append_printf (selection->where, " AND %s < ?14", selection->id);
}

static char *
choose_order (RelaisCall      *call,
              const Selection *selection)
{
  static const struct
  {
    const char *name;
    const char *column;
  } orders[] = {
    { "orders[id]", NULL }, { "orders[email]", "email COLLATE NOCASE" }, { "orders[cdate]", "contacts.created" },
    { "orders[first_name]", "first" }, { "orders[last_name]", "last" }, { "orders[name]", "first || ' ' || last" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      const char *direction = relais_call_query (call, orders[i].name);

      if (direction != NULL)
        return g_strdup_printf (" ORDER BY %s %s", orders[i].column != NULL ? orders[i].column : selection->id,
                                g_ascii_strcasecmp (direction, "desc") == 0 ? "DESC" : "ASC");
    }

  return g_strdup_printf (" ORDER BY %s ASC", selection->id);
}

/* A date with or without a time of day. */
static gint64
read_date (RelaisCall *call,
           const char *name)
{
  const char *text = relais_call_query (call, name);
  g_autofree char *whole = text != NULL && strlen (text) == strlen ("2026-01-31") ? g_strconcat (text, "T00:00:00", NULL) : g_strdup (text);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) date = whole != NULL ? g_date_time_new_from_iso8601 (whole, zone) : NULL;

  return date != NULL ? g_date_time_to_unix (date) : 0;
}

static char *
read_ids (RelaisCall *call)
{
  g_autoptr (GPtrArray) values = relais_call_values (call, "ids[]");
  g_autoptr (GString) ids = g_string_new ("[");

  for (guint i = 0; i < values->len; i++)
    g_string_append_printf (ids, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_ascii_strtoll (values->pdata[i], NULL, 10));
  g_string_append_c (ids, ']');

  return g_string_free (g_steal_pointer (&ids), FALSE);
}

static sqlite3_stmt *
ask (RelaisCall      *call,
     const Selection *selection,
     const char      *columns,
     const char      *tail,
     gint64           limit,
     gint64           offset)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s WHERE %s > ?13%s%s", columns, selection->from, selection->id,
                                          selection->where->str, tail);
  g_autofree char *ids = read_ids (call);

  return relais_store_query (call->account->store, g_intern_string (sql), "isssssisiiiiiiii", relais_call_number (call, "listid", 0),
                             relais_call_query (call, "email"), relais_call_query (call, "email_like"), relais_call_query (call, "search"),
                             relais_call_query (call, "tagid"), relais_call_query (call, "phone"), relais_call_number (call, "exclude", 0),
                             ids, read_date (call, "filters[created_before]"), read_date (call, "filters[created_after]"),
                             read_date (call, "filters[updated_before]"), read_date (call, "filters[updated_after]"),
                             selection->after, relais_call_number (call, "id_less", 0), limit, offset);
}

/* What was asked, but for where the page begins. */
static char *
describe_filter (RelaisCall *call)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (call->message));
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; pairs[i] != NULL; i++)
    if (!g_str_has_prefix (pairs[i], "id_greater=") && !g_str_has_prefix (pairs[i], "limit="))
      g_string_append_printf (text, "%s&", pairs[i]);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Counting a large account costs as much as reading it. Who reads it page after page, each
 * after the last id of the one before, is told what is left by subtraction. */
static gint64
count (RelaisCall      *call,
       const Selection *selection,
       gint64           last,
       guint            n_rows)
{
  RelaisPracticeAccount *account = call->account;
  g_autofree char *filter = describe_filter (call);
  int changes = relais_store_changes (account->store);
  gint64 total;

  if (account->pages.changes == changes && account->pages.after == selection->after &&
      g_strcmp0 (account->pages.filter, filter) == 0)
    total = account->pages.n_left;
  else
    {
      sqlite3_stmt *row = ask (call, selection, "count (*)", "", 0, 0);

      total = sqlite3_step (row) == SQLITE_ROW ? sqlite3_column_int64 (row, 0) : 0;
      sqlite3_reset (row);
    }
  g_free (account->pages.filter);
  account->pages.filter = g_steal_pointer (&filter);
  account->pages.after = last;
  account->pages.n_left = total - n_rows;
  account->pages.changes = changes;

  return total;
}

static void
write_meta (RelaisCall *call,
            gint64      total,
            gint64      limit,
            gint64      offset)
{
  static const char *const numbers[] = { "segmentid", "formid", "listid", "tagid", NULL };

  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, total);
  relais_write_member (call->answer, "sortable", "true");
  relais_write_member (call->answer, "page_input", "{");
  for (guint i = 0; numbers[i] != NULL; i++)
    relais_write_number (call->answer, numbers[i], relais_call_number (call, numbers[i], 0));
  relais_write_number (call->answer, "limit", limit);
  relais_write_number (call->answer, "offset", offset);
  relais_write_string (call->answer, "search", relais_call_query (call, "search"));
  relais_write_string (call->answer, "sort", NULL);
  relais_write_number (call->answer, "seriesid", relais_call_number (call, "seriesid", 0));
  relais_write_number (call->answer, "waitid", relais_call_number (call, "waitid", 0));
  relais_write_number (call->answer, "status", relais_call_number (call, "status", -1));
  relais_write_number (call->answer, "forceQuery", relais_call_number (call, "forceQuery", 0));
  relais_write_string (call->answer, "cacheid", "d41d8cd98f00b204e9800998ecf8427e");
  g_string_append (call->answer, "}}}");
}

static gboolean
includes (RelaisCall *call,
          const char *name)
{
  const char *include = relais_call_query (call, "include");
  g_auto (GStrv) names = g_strsplit (include != NULL ? include : "", ",", -1);

  return g_strv_contains ((const char * const *) names, name) && !call->account->faults.at[RELAIS_FAULT_BARE_PAGES].on;
}

static void
write_sideload (RelaisCall *call,
                const char *name,
                GArray     *ids,
                void     (* write) (RelaisCall *call,
                                    gint64      contact))
{
  if (!includes (call, name))
    return;
  relais_write_member (call->answer, name, "[");
  for (guint i = 0; i < ids->len; i++)
    write (call, g_array_index (ids, gint64, i));
  g_string_append_c (call->answer, ']');
}

static void
write_page (RelaisCall *call,
            Selection  *selection)
{
  g_autofree char *order = choose_order (call, selection);
  g_autofree char *tail = g_strconcat (order, " LIMIT ?15 OFFSET ?16", NULL);
  gboolean with_lists = includes (call, "contactLists");
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 limit, offset, total;
  sqlite3_stmt *row;

  relais_call_page (call, &limit, &offset);
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "scoreValues", "[]");
  relais_write_member (call->answer, "contacts", "[");
  row = ask (call, selection, RELAIS_CONTACT_COLUMNS, tail, limit, offset);
  while (sqlite3_step (row) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (row, 0);

      relais_contact_write (call, row, with_lists ? RELAIS_CONTACT_SIDELOADED : RELAIS_CONTACT_LISTED);
      g_array_append_val (ids, id);
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
  write_sideload (call, "contactLists", ids, relais_contact_write_membership_rows);
  write_sideload (call, "fieldValues", ids, relais_contact_write_field_value_rows);
  total = count (call, selection, ids->len > 0 ? g_array_index (ids, gint64, ids->len - 1) : -1, ids->len);
  write_meta (call, total, limit, offset);
}

static void
list_contacts (RelaisCall *call)
{
  Selection selection = { .from = "contacts", .id = "contacts.id", .where = g_string_new (NULL) };

  if (!relais_faults_strike (&call->account->faults, RELAIS_FAULT_PAGES_REPEAT))
    selection.after = relais_call_number (call, "id_greater", 0);
  add_list (call, &selection);
  add_filters (call, &selection);
  write_page (call, &selection);
  g_string_free (selection.where, TRUE);
}

/**
 * relais_practice_answer_pages:
 * @call: a request
 *
 * Returns: whether it was for a page of contacts
 */
gboolean
relais_practice_answer_pages (RelaisCall *call)
{
  static const RelaisRoute routes[] = { { "GET", "contacts", list_contacts } };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
