/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-exports-sorting.h"

#include <glib/gi18n-lib.h>

/* What a person has to do something about comes first. */
static int
get_urgency (RelaisExport *export)
{
  switch (relais_export_get_status (export))
    {
    case RELAIS_EXPORT_ASKING: return 0;
    case RELAIS_EXPORT_FAILURE: return 1;
    case RELAIS_EXPORT_INTERRUPTED: return 2;
    case RELAIS_EXPORT_COMPLETED_WITH_ERRORS: return 3;
    case RELAIS_EXPORT_NO_CONNECTION: return 4;
    case RELAIS_EXPORT_CANCELED: return 5;
    case RELAIS_EXPORT_SKIPPED: return 6;
    case RELAIS_EXPORT_PROCESSING: return 7;
    case RELAIS_EXPORT_QUEUED: return 8;
    case RELAIS_EXPORT_NOT_STARTED: return 9;
    case RELAIS_EXPORT_SUCCESSFUL:
    default: return 10;
    }
}

static gint64
get_refreshed_at (RelaisExport *export)
{
  gint64 refreshed_at;

  g_object_get (export, "refreshed-at", &refreshed_at, NULL);

  return refreshed_at;
}

static const char *
get_connection_name (RelaisExport *export)
{
  RelaisConnection *connection = relais_export_get_connection (export);

  return connection != NULL ? relais_connection_get_name (connection) : NULL;
}

/* As a dictionary of the person's language has it; what has no name comes last. */
static int
compare_names (const char *a,
               const char *b)
{
  g_autofree char *folded_a = NULL;
  g_autofree char *folded_b = NULL;

  if (a == NULL || b == NULL)
    return (a == NULL) - (b == NULL);
  folded_a = g_utf8_casefold (a, -1);
  folded_b = g_utf8_casefold (b, -1);

  return g_utf8_collate (folded_a, folded_b);
}

static int
compare_lists (RelaisExport *a,
               RelaisExport *b)
{
  const RelaisExportDefinition *one = relais_export_get_definition (a);
  const RelaisExportDefinition *other = relais_export_get_definition (b);
  int order = compare_names (one->list_name, other->list_name);

  return order != 0 ? order : (one->list_id > other->list_id) - (one->list_id < other->list_id);
}

/**
 * relais_exports_compare:
 * @a: an export
 * @b: another
 * @order: "name", "status" (what needs somebody first), "refreshed" (the latest first), "connection" or "list"
 *
 * Returns: less than 0 when @a stands before @b; what is equal is in the order of names
 */
int
relais_exports_compare (RelaisExport *a,
                        RelaisExport *b,
                        const char   *order)
{
  int result = 0;

  if (g_str_equal (order, "status"))
    result = get_urgency (a) - get_urgency (b);
  else if (g_str_equal (order, "refreshed"))
    result = (get_refreshed_at (a) < get_refreshed_at (b)) - (get_refreshed_at (a) > get_refreshed_at (b));
  else if (g_str_equal (order, "connection"))
    result = compare_names (get_connection_name (a), get_connection_name (b));
  else if (g_str_equal (order, "list"))
    result = compare_lists (a, b);

  return result != 0 ? result : compare_names (relais_export_get_name (a), relais_export_get_name (b));
}

static gboolean
holds (const char *text,
       const char *words)
{
  return text != NULL && g_str_match_string (words, text, TRUE);
}

/**
 * relais_export_is_meant:
 * @export: an export
 * @words: what was written into the search; the beginnings of words, with or without accents
 *
 * Returns: whether its name, its list, its connection or the kind of that holds each of @words, or nothing was written
 */
gboolean
relais_export_is_meant (RelaisExport *export,
                        const char   *words)
{
  RelaisConnection *connection = relais_export_get_connection (export);
  const RelaisExportDefinition *definition = relais_export_get_definition (export);
  g_autofree char *number = g_strdup_printf ("%u", definition->list_id);
  const char *kind = connection == NULL ? _("No connection") : relais_connection_is_practice (connection) ? _("Practice") : "ActiveCampaign";
  g_auto (GStrv) parts = g_strsplit_set (words, " \t", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0' && !holds (relais_export_get_name (export), parts[i]) && !holds (definition->list_name, parts[i]) &&
        !holds (get_connection_name (export), parts[i]) && !holds (kind, parts[i]) && g_strcmp0 (number, parts[i]) != 0)
      return FALSE;

  return TRUE;
}
