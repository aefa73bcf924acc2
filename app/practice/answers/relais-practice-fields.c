/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-field.h"

#include <string.h>

/* Custom fields, after
 * developers.activecampaign.com/reference (retrieve-fields, create-a-contact-custom-field, …) and
 * recorded answers. What is created is told as it was posted; a page tells the options of its own fields. */

#define FIELD_COLUMNS "id, title, type, perstag, descript, created, updated, defval, isrequired, visible, position"

static const char *const field_links[] = { "options", "relations", NULL };

static void
write_ids (RelaisCall *call,
           const char *name,
           const char *sql,
           gint64      field)
{
  sqlite3_stmt *row = relais_store_query (call->account->store, sql, "i", field);

  relais_write_member (call->answer, name, "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    relais_call_id_value (call, sqlite3_column_int64 (row, 0));
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

static void
write_field (RelaisCall   *call,
             sqlite3_stmt *row,
             gboolean      with_ids)
{
  gint64 id = sqlite3_column_int64 (row, 0), created = sqlite3_column_int64 (row, 5), updated = sqlite3_column_int64 (row, 6);

  relais_write_raw (call->answer, "{");
  relais_write_string (call->answer, "title", relais_store_text (row, 1));
  relais_write_string (call->answer, "descript", relais_store_text (row, 4));
  relais_write_string (call->answer, "type", relais_store_text (row, 2));
  relais_write_string (call->answer, "isrequired", sqlite3_column_int64 (row, 8) != 0 ? "1" : "0");
  relais_write_string (call->answer, "perstag", relais_store_text (row, 3));
  relais_write_string (call->answer, "defval", relais_store_text (row, 7));
  relais_write_raw (call->answer, "\"show_in_list\":\"0\",\"rows\":\"0\",\"cols\":\"0\"");
  relais_write_string (call->answer, "visible", sqlite3_column_int64 (row, 9) != 0 ? "1" : "0");
  relais_write_string (call->answer, "service", "");
  relais_call_id (call, "ordernum", sqlite3_column_int64 (row, 10));
  relais_call_date (call, "cdate", created);
  relais_call_date (call, "udate", updated);
  relais_call_timestamp (call, "created_timestamp", created);
  relais_call_timestamp (call, "updated_timestamp", updated);
  relais_write_raw (call->answer, "\"created_by\":null,\"updated_by\":null");
  if (with_ids)
    {
      write_ids (call, "options", "SELECT id FROM options WHERE field = ? ORDER BY position, id", id);
      write_ids (call, "relations", "SELECT id FROM relations WHERE field = ? ORDER BY id", id);
    }
  relais_call_links (call, "fields", id, field_links);
  relais_call_id (call, "id", id);
  g_string_append_c (call->answer, '}');
}

static void
write_whole_field (RelaisCall   *call,
                   sqlite3_stmt *row)
{
  write_field (call, row, TRUE);
}

static void
list_fields (RelaisCall *call)
{
  RelaisStore *store = call->account->store;
  const char *perstag = relais_call_query (call, "filters[perstag]");
  sqlite3_stmt *row;
  gint64 limit, offset;
  g_autoptr (GString) ids = g_string_new ("[");

  relais_call_page (call, &limit, &offset);
  if (call->account->faults.at[RELAIS_FAULT_FIELDS_BY_100].on && relais_call_query (call, "limit") == NULL)
    limit = 100;
  row = relais_store_query (store, "SELECT id FROM fields WHERE ?3 IS NULL OR perstag = ?3 COLLATE NOCASE ORDER BY id LIMIT ?1 OFFSET ?2",
                            "iis", limit, offset, perstag);
  while (sqlite3_step (row) == SQLITE_ROW)
    g_string_append_printf (ids, "%s%s", ids->len > 1 ? "," : "", relais_store_text (row, 0));
  sqlite3_reset (row);
  g_string_append_c (ids, ']');

  relais_write_raw (call->answer, "{");
  relais_field_write_options (call, ids->str);
  relais_field_write_relations (call, ids->str);
  relais_call_rows (call, "fields",
                    relais_store_query (store, "SELECT " FIELD_COLUMNS " FROM fields WHERE id IN (SELECT value FROM json_each (?)) ORDER BY id",
                                        "s", ids->str), write_whole_field);
  relais_write_member (call->answer, "meta", "{");
  relais_call_total (call, relais_store_number (store, "SELECT count (*) FROM fields WHERE ?1 IS NULL OR perstag = ?1 COLLATE NOCASE", "s", perstag));
  relais_write_string (call->answer, "selected", NULL);
  g_string_append (call->answer, "}}");
}

static sqlite3_stmt *
find_field (RelaisCall *call)
{
  sqlite3_stmt *row = relais_store_query (call->account->store, "SELECT " FIELD_COLUMNS " FROM fields WHERE id = ?", "i",
                                          relais_call_path_id (call, 1));

  if (sqlite3_step (row) == SQLITE_ROW)
    return row;
  sqlite3_reset (row);
  relais_call_missing (call, "Field", call->parts[1]);

  return NULL;
}

static void
get_field (RelaisCall *call)
{
  sqlite3_stmt *row = find_field (call);
  g_autofree char *ids = g_strdup_printf ("[%" G_GINT64_FORMAT "]", relais_call_path_id (call, 1));

  if (row == NULL)
    return;
  relais_write_raw (call->answer, "{");
  relais_field_write_options (call, ids);
  relais_field_write_relations (call, ids);
  relais_write_key (call->answer, "field");
  write_field (call, row, TRUE);
  g_string_append_c (call->answer, '}');
  sqlite3_reset (row);
}

static gboolean
refuse_title (RelaisCall *call,
              const char *title,
              gint64      but)
{
  g_autofree char *detail = NULL;

  if (relais_store_number (call->account->store, "SELECT 1 FROM fields WHERE title = ? AND id <> ?", "si", title, but) == 0)
    return FALSE;
  detail = g_strdup_printf ("There is already a field named '%s' -- choose another name", title);
  call->status = 422;
  relais_write_raw (call->answer, "{\"errors\":[{\"title\":\"There is already a field with this title\"");
  relais_write_string (call->answer, "detail", detail);
  relais_write_raw (call->answer, "\"code\":\"duplicate\"}]}");

  return TRUE;
}

static void
refuse_missing (RelaisCall *call,
                const char *what)
{
  g_autofree char *title = g_strdup_printf ("The field %s was not provided.", what);

  call->status = 422;
  relais_write_raw (call->answer, "{\"errors\":[{");
  relais_write_string (call->answer, "title", title);
  relais_write_raw (call->answer, "\"detail\":\"\",\"code\":\"field_missing\"}]}");
}

static char *
make_perstag (const char *given,
              const char *title)
{
  char *perstag = g_ascii_strup (given != NULL && *given != '\0' ? given : title, -1);

  return g_strdelimit (perstag, " -'", '_');
}

static void
write_created (RelaisCall       *call,
               const RelaisNode *field,
               const char       *perstag,
               gint64            id,
               gint64            now)
{
  static const char *const posted[] = { "type", "title", "descript", "isrequired", NULL };
  static const char *const after[] = { "defval", "visible", NULL };

  call->status = 201;
  relais_write_raw (call->answer, "{\"field\":{");
  for (guint i = 0; posted[i] != NULL; i++)
    if (relais_node_member (field, posted[i]) != NULL)
      relais_call_echo (call, posted[i], relais_node_member (field, posted[i]));
  relais_write_string (call->answer, "perstag", perstag);
  for (guint i = 0; after[i] != NULL; i++)
    if (relais_node_member (field, after[i]) != NULL)
      relais_call_echo (call, after[i], relais_node_member (field, after[i]));
  relais_write_number (call->answer, "ordernum", relais_store_number (call->account->store, "SELECT position FROM fields WHERE id = ?", "i", id));
  relais_call_date (call, "cdate", now);
  relais_call_date (call, "udate", now);
  relais_call_links (call, "fields", id, field_links);
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

static void
add_field (RelaisCall *call)
{
  const RelaisNode *field = relais_node_member (call->root, "field");
  const char *title = relais_node_member_text (field, "title");
  const char *type = relais_node_member_text (field, "type");
  const char *descript = relais_node_member_text (field, "descript");
  const RelaisNode *visible = relais_node_member (field, "visible");
  g_autofree char *perstag = NULL;
  gint64 now = relais_faults_now (&call->account->faults);
  gint64 id;

  if (relais_call_malformed (call))
    return;
  if (title == NULL || *title == '\0' || type == NULL)
    {
      refuse_missing (call, type == NULL && title != NULL && *title != '\0' ? "type" : "title");
      return;
    }
  if (refuse_title (call, title, 0))
    return;
  perstag = make_perstag (relais_node_member_text (field, "perstag"), title);
  id = relais_store_execute (call->account->store,
    "INSERT INTO fields VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, (SELECT count (*) + 1 FROM fields))", "ssssisii", title, type, perstag,
    descript, now, relais_node_member_text (field, "defval"), (gint64) relais_node_is_true (relais_node_member (field, "isrequired")),
    (gint64) (visible == NULL || relais_node_is_true (visible)));
  write_created (call, field, perstag, id, now);
}

static void
update_field (RelaisCall *call)
{
  const RelaisNode *field = relais_node_member (call->root, "field");
  const char *title = relais_node_member_text (field, "title");
  const RelaisNode *required = relais_node_member (field, "isrequired");
  const RelaisNode *visible = relais_node_member (field, "visible");
  sqlite3_stmt *row = find_field (call);
  gint64 id = relais_call_path_id (call, 1);

  if (row == NULL)
    return;
  sqlite3_reset (row);
  if (relais_call_malformed (call) || (title != NULL && refuse_title (call, title, id)))
    return;
  relais_store_execute (call->account->store,
    "UPDATE fields SET title = coalesce (?2, title), type = coalesce (?3, type), descript = coalesce (?4, descript), defval = coalesce (?5, defval),"
    " isrequired = CASE WHEN ?6 < 0 THEN isrequired ELSE ?6 END, visible = CASE WHEN ?7 < 0 THEN visible ELSE ?7 END, updated = ?8 WHERE id = ?1",
    "issssiii", id, title, relais_node_member_text (field, "type"), relais_node_member_text (field, "descript"),
    relais_node_member_text (field, "defval"), required != NULL ? (gint64) relais_node_is_true (required) : (gint64) -1,
    visible != NULL ? (gint64) relais_node_is_true (visible) : (gint64) -1, relais_faults_now (&call->account->faults));
  row = find_field (call);
  relais_write_raw (call->answer, "{");
  relais_write_key (call->answer, "field");
  write_field (call, row, FALSE);
  sqlite3_reset (row);
  g_string_append_c (call->answer, '}');
}

/* What contacts had in it is not asked for any more. */
static void
delete_field (RelaisCall *call)
{
  RelaisStore *store = call->account->store;
  gint64 id = relais_call_path_id (call, 1);
  sqlite3_stmt *row = find_field (call);

  if (row == NULL)
    return;
  sqlite3_reset (row);
  relais_store_execute (store, "BEGIN", "");
  relais_store_execute (store, "UPDATE contacts SET fields = CASE WHEN json_remove (fields, '$.\"' || ?1 || '\"') = '{}' THEN ''"
                               " ELSE json_remove (fields, '$.\"' || ?1 || '\"') END WHERE fields <> ''", "i", id);
  relais_store_execute (store, "DELETE FROM options WHERE field = ?", "i", id);
  relais_store_execute (store, "DELETE FROM relations WHERE field = ?", "i", id);
  relais_store_execute (store, "DELETE FROM fields WHERE id = ?", "i", id);
  relais_store_execute (store, "COMMIT", "");
  g_string_assign (call->answer, "{}");
}

/**
 * relais_practice_answer_fields:
 * @call: a request
 *
 * Returns: whether it was about custom fields
 */
gboolean
relais_practice_answer_fields (RelaisCall *call)
{
  static const RelaisRoute routes[] = {
    { "GET", "fields", list_fields },        { "POST", "fields", add_field },           { "GET", "fields/*", get_field },
    { "PUT", "fields/*", update_field },     { "DELETE", "fields/*", delete_field },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
