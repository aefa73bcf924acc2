/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-call.h"

/* Who must not be written to, after developers.activecampaign.com/reference/list-all-exclusions.
 * Unlike all others their total is a number, and a single one stands without a name around it. */

#define EXCLUSION_COLUMNS "id, phrase, type, channel, lists"

static void
write_exclusion (RelaisCall   *call,
                 sqlite3_stmt *row)
{
  relais_write_raw (call->answer, "{");
  relais_call_id (call, "id", sqlite3_column_int64 (row, 0));
  relais_write_string (call->answer, "matchPhrase", relais_store_text (row, 1));
  relais_write_string (call->answer, "matchType", relais_store_text (row, 2));
  relais_write_string (call->answer, "channel", relais_store_text (row, 3));
  relais_write_member (call->answer, "hidden", "false");
  relais_write_member (call->answer, "lists", relais_store_text (row, 4));
  g_string_append_c (call->answer, '}');
}

static gboolean
refuse_order (RelaisCall *call,
              const char *direction)
{
  g_autofree char *detail = NULL;

  if (direction == NULL || g_ascii_strcasecmp (direction, "asc") == 0 || g_ascii_strcasecmp (direction, "desc") == 0)
    return FALSE;
  detail = g_strdup_printf ("Invalid order direction: \"%s\". Allowed values are: \"ASC\", \"DESC\"", direction);
  call->status = 422;
  relais_write_raw (call->answer, "{\"errors\":[{\"status\":422,\"title\":\"Invalid attribute\"");
  relais_write_string (call->answer, "detail", detail);
  relais_write_raw (call->answer, "\"source\":{\"pointer\":\"\\/data\\/attributes\\/orders[matchPhrase]\"}}]}");

  return TRUE;
}

static void
list_exclusions (RelaisCall *call)
{
  const char *direction = relais_call_query (call, "orders[matchPhrase]");
  const char *phrase = relais_call_query (call, "filters[matchPhrase]");
  static const char where[] = " FROM exclusions WHERE ?1 IS NULL OR instr (lower (phrase), lower (?1)) > 0";
  g_autofree char *page = g_strconcat ("SELECT " EXCLUSION_COLUMNS, where, relais_call_order (call, "orders[matchPhrase]", "phrase"),
                                       " LIMIT ?2 OFFSET ?3", NULL);
  g_autofree char *all = g_strconcat ("SELECT count (*)", where, NULL);
  gint64 limit, offset;
  sqlite3_stmt *row;

  if (refuse_order (call, direction))
    return;
  relais_call_page (call, &limit, &offset);
  row = relais_store_query (call->account->store, g_intern_string (page), "sii", phrase, limit, offset);
  relais_write_raw (call->answer, "{");
  relais_call_rows (call, "exclusions", row, write_exclusion);
  relais_write_member (call->answer, "meta", "{");
  if (!call->account->faults.at[RELAIS_FAULT_NO_TOTALS].on)
    relais_write_number (call->answer, "total", relais_store_number (call->account->store, g_intern_string (all), "s", phrase));
  g_string_append (call->answer, "}}");
}

static void
get_exclusion (RelaisCall *call)
{
  sqlite3_stmt *row = relais_store_query (call->account->store, "SELECT " EXCLUSION_COLUMNS " FROM exclusions WHERE id = ?", "i",
                                          relais_call_path_id (call, 2));

  if (sqlite3_step (row) == SQLITE_ROW)
    write_exclusion (call, row);
  else
    {
      g_autofree char *message = g_strdup_printf ("Exclusion not found [id=%s]", call->parts[2]);

      call->status = 404;
      relais_write_raw (call->answer, "{");
      relais_write_string (call->answer, "message", message);
      g_string_append_c (call->answer, '}');
    }
  sqlite3_reset (row);
}

/**
 * relais_practice_answer_exclusions:
 * @call: a request
 *
 * Returns: whether it was about exclusions
 */
gboolean
relais_practice_answer_exclusions (RelaisCall *call)
{
  static const RelaisRoute routes[] = { { "GET", "lists/exclusions", list_exclusions }, { "GET", "lists/exclusions/*", get_exclusion } };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
