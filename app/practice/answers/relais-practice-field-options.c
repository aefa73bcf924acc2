/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-field.h"

/* What can be chosen in a field, and the lists it is for. Without such a relation nobody sees a
 * field in the service. What is created is told as it was posted. */

#define OPTION_COLUMNS "id, field, position, value, label, isdefault, created"

static const char *const option_links[] = { "field", NULL };

static void
write_option (RelaisCall   *call,
              sqlite3_stmt *row)
{
  relais_write_raw (call->answer, "{");
  relais_call_id (call, "field", sqlite3_column_int64 (row, 1));
  relais_call_id (call, "orderid", sqlite3_column_int64 (row, 2));
  relais_write_string (call->answer, "value", relais_store_text (row, 3));
  relais_write_string (call->answer, "label", relais_store_text (row, 4));
  relais_write_string (call->answer, "isdefault", sqlite3_column_int64 (row, 5) != 0 ? "1" : "0");
  relais_call_date (call, "cdate", sqlite3_column_int64 (row, 6));
  relais_call_date (call, "udate", sqlite3_column_int64 (row, 6));
  relais_call_links (call, "fieldOptions", sqlite3_column_int64 (row, 0), option_links);
  relais_call_id (call, "id", sqlite3_column_int64 (row, 0));
  g_string_append_c (call->answer, '}');
}

static void
write_relation (RelaisCall   *call,
                sqlite3_stmt *row)
{
  relais_write_raw (call->answer, "{");
  relais_call_id (call, "field", sqlite3_column_int64 (row, 1));
  relais_call_id (call, "relid", sqlite3_column_int64 (row, 2));
  relais_write_string (call->answer, "dorder", "0");
  relais_call_date (call, "cdate", sqlite3_column_int64 (row, 3));
  relais_write_member (call->answer, "links", "[]");
  relais_call_id (call, "id", sqlite3_column_int64 (row, 0));
  g_string_append_c (call->answer, '}');
}

/**
 * relais_field_write_options:
 * @call: a request whose answer is in an object
 * @fields: a JSON array of ids of fields
 */
void
relais_field_write_options (RelaisCall *call,
                            const char *fields)
{
  relais_call_rows (call, "fieldOptions",
                    relais_store_query (call->account->store, "SELECT " OPTION_COLUMNS " FROM options"
                                        " WHERE field IN (SELECT value FROM json_each (?)) ORDER BY field, position, id", "s", fields),
                    write_option);
}

/**
 * relais_field_write_relations:
 * @call: a request whose answer is in an object
 * @fields: a JSON array of ids of fields
 */
void
relais_field_write_relations (RelaisCall *call,
                              const char *fields)
{
  relais_call_rows (call, "fieldRels",
                    relais_store_query (call->account->store, "SELECT id, field, list, created FROM relations"
                                        " WHERE field IN (SELECT value FROM json_each (?)) ORDER BY id", "s", fields),
                    write_relation);
}

static void
get_options (RelaisCall *call)
{
  g_autofree char *ids = g_strdup_printf ("[%" G_GINT64_FORMAT "]", relais_call_path_id (call, 1));

  if (relais_store_number (call->account->store, "SELECT 1 FROM fields WHERE id = ?", "i", relais_call_path_id (call, 1)) == 0)
    {
      relais_call_missing (call, "Field", call->parts[1]);
      return;
    }
  relais_write_raw (call->answer, "{");
  relais_field_write_options (call, ids);
  g_string_append_c (call->answer, '}');
}

static gboolean
are_options (RelaisCall       *call,
             const RelaisNode *options)
{
  const RelaisNode *option = options != NULL ? options + 1 : NULL;

  if (options == NULL || options->type != RELAIS_NODE_ARRAY || options->count == 0)
    return FALSE;
  for (guint i = 0; i < options->count; i++, option += option->span)
    if (relais_node_member_text (option, "value") == NULL ||
        relais_store_number (call->account->store, "SELECT 1 FROM fields WHERE id = ?", "i",
                             (gint64) relais_node_to_id (relais_node_member (option, "field"))) == 0)
      return FALSE;

  return TRUE;
}

static void
add_option (RelaisCall       *call,
            const RelaisNode *option)
{
  const char *value = relais_node_member_text (option, "value");
  const char *label = relais_node_member_text (option, "label");
  const RelaisNode *is_default = relais_node_member (option, "isdefault");
  gint64 now = relais_faults_now (&call->account->faults);
  gint64 id = relais_store_execute (call->account->store, "INSERT INTO options VALUES (NULL, ?, ?, ?, ?, ?, ?)", "iissii",
                                    (gint64) relais_node_to_id (relais_node_member (option, "field")),
                                    (gint64) relais_node_to_id (relais_node_member (option, "orderid")), value, label != NULL ? label : value,
                                    (gint64) relais_node_is_true (is_default), now);

  relais_write_raw (call->answer, "{");
  if (relais_node_member (option, "orderid") != NULL)
    relais_call_echo (call, "orderid", relais_node_member (option, "orderid"));
  relais_write_string (call->answer, "value", value);
  relais_write_string (call->answer, "label", label != NULL ? label : value);
  if (is_default != NULL)
    relais_write_number (call->answer, "isdefault", relais_node_is_true (is_default));
  relais_call_echo (call, "field", relais_node_member (option, "field"));
  relais_call_date (call, "cdate", now);
  relais_call_date (call, "udate", now);
  relais_call_links (call, "fieldOptions", id, option_links);
  relais_call_id (call, "id", id);
  g_string_append_c (call->answer, '}');
}

static void
add_options (RelaisCall *call)
{
  const RelaisNode *options = relais_node_member (call->root, "fieldOptions");
  const RelaisNode *option = options != NULL ? options + 1 : NULL;

  if (!are_options (call, options))
    {
      call->status = 422;
      g_string_assign (call->answer, "{\"errors\":\"Bulk operation failed. Request must contain an array of fieldOption objects.\"}");
      return;
    }
  call->status = 201;
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "fieldOptions", "[");
  for (guint i = 0; i < options->count; i++, option += option->span)
    add_option (call, option);
  g_string_append (call->answer, "]}");
}

static void
add_relation (RelaisCall *call)
{
  const RelaisNode *given = relais_node_member (call->root, "fieldRel");
  const RelaisNode *field = relais_node_member (given, "field");
  const RelaisNode *list = relais_node_member (given, "relid");
  g_autofree char *field_id = relais_node_to_text (field);
  gint64 now = relais_faults_now (&call->account->faults);
  gint64 id;

  if (relais_call_malformed (call))
    return;
  if (field == NULL || list == NULL)
    {
      relais_call_lacks (call, field == NULL ? "field" : "relid");
      return;
    }
  if (relais_store_number (call->account->store, "SELECT 1 FROM fields WHERE id = ?", "i", (gint64) relais_node_to_id (field)) == 0)
    {
      relais_call_missing (call, "Field", field_id != NULL ? field_id : "");
      return;
    }
  id = relais_store_execute (call->account->store, "INSERT INTO relations VALUES (NULL, ?, ?, ?)", "iii", (gint64) relais_node_to_id (field),
                             (gint64) relais_node_to_id (list), now);
  call->status = 201;
  relais_write_raw (call->answer, "{\"fieldRel\":{");
  relais_call_echo (call, "relid", list);
  relais_call_echo (call, "field", field);
  relais_call_date (call, "cdate", now);
  relais_write_member (call->answer, "links", "[]");
  relais_call_id (call, "id", id);
  g_string_append (call->answer, "}}");
}

/**
 * relais_practice_answer_field_options:
 * @call: a request
 *
 * Returns: whether it was about options of fields, or about their lists
 */
gboolean
relais_practice_answer_field_options (RelaisCall *call)
{
  static const RelaisRoute routes[] = {
    { "GET", "fields/*/options", get_options }, { "POST", "fieldOption/bulk", add_options }, { "POST", "fieldRels", add_relation },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
