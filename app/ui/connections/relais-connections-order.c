/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connections-order.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (RelaisConnectionsOrder, relais_connections_order,
                    G_DEFINE_ENUM_VALUE (RELAIS_CONNECTIONS_BY_NAME, "name"),
                    G_DEFINE_ENUM_VALUE (RELAIS_CONNECTIONS_BY_STATE, "state"),
                    G_DEFINE_ENUM_VALUE (RELAIS_CONNECTIONS_BY_CHECKED, "checked"),
                    G_DEFINE_ENUM_VALUE (RELAIS_CONNECTIONS_BY_EXPORTS, "exports"))

/* Without case and accents: who searches types neither. */
static char *
fold (const char *text)
{
  g_autofree char *apart = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_ALL);
  g_autofree char *folded = g_utf8_casefold (apart != NULL ? apart : "", -1);
  GString *bare = g_string_new (NULL);

  for (const char *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_ismark (c))
        g_string_append_unichar (bare, c);
    }

  return g_string_free (bare, FALSE);
}

/**
 * relais_connection_matches:
 * @connection: a connection
 * @search: what a person typed
 *
 * Returns: whether each of its words is in the name, the host or the account
 */
gboolean
relais_connection_matches (RelaisConnection *connection,
                           const char       *search)
{
  const RelaisConnectionRecord *record = relais_connection_get_record (connection);
  g_autofree char *all = g_strjoin ("\n", record->name, record->host != NULL ? record->host : "",
                                    record->account != NULL ? record->account : "", NULL);
  g_autofree char *folded = fold (all);
  g_autofree char *folded_search = fold (search);
  g_auto (GStrv) words = g_strsplit_set (folded_search, " \t\n", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;

  return TRUE;
}

static int
get_urgency (RelaisCheck check)
{
  return check == RELAIS_CHECK_CONNECTED ? 2 : check == RELAIS_CHECK_NEVER ? 1 : 0;
}

static int
compare_numbers (gint64 one,
                 gint64 other)
{
  return (one > other) - (one < other);
}

static guint
count_exports (RelaisConnection *connection)
{
  guint n;

  g_object_get (connection, "n-exports", &n, NULL);

  return n;
}

static int
compare_names (const char *one,
               const char *other)
{
  g_autofree char *folded = g_utf8_casefold (one, -1);
  g_autofree char *folded_other = g_utf8_casefold (other, -1);

  return g_utf8_collate (folded, folded_other);
}

/**
 * relais_connection_compare:
 * @connection: a connection
 * @other: another
 * @order: by what
 *
 * Practice accounts come after the others, and what is equal is in the order of names.
 *
 * Returns: less than 0 when @connection comes first
 */
int
relais_connection_compare (RelaisConnection       *connection,
                           RelaisConnection       *other,
                           RelaisConnectionsOrder  order)
{
  const RelaisConnectionRecord *one = relais_connection_get_record (connection);
  const RelaisConnectionRecord *two = relais_connection_get_record (other);
  int before = compare_numbers (relais_connection_is_practice (connection), relais_connection_is_practice (other));

  if (before == 0 && order == RELAIS_CONNECTIONS_BY_STATE)
    before = compare_numbers (get_urgency (one->check), get_urgency (two->check));
  if (before == 0 && order == RELAIS_CONNECTIONS_BY_STATE)
    before = compare_numbers (one->check, two->check);
  if (before == 0 && order == RELAIS_CONNECTIONS_BY_CHECKED)
    before = compare_numbers (two->checked_at, one->checked_at);
  if (before == 0 && order == RELAIS_CONNECTIONS_BY_EXPORTS)
    before = compare_numbers (count_exports (other), count_exports (connection));

  return before != 0 ? before : compare_names (one->name, two->name);
}
