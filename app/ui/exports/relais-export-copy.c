/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-copy.h"

#include <glib/gi18n-lib.h>

static char *
find_free_name (const char      *name,
                RelaisWorkspace *workspace)
{
  /* Translators: %s is the name of the export that is copied. */
  char *free_name = g_strdup_printf (_("%s (copy)"), name);

  for (guint i = 2; relais_workspace_find_export (workspace, free_name) != NULL; i++)
    {
      g_free (free_name);
      /* Translators: %s is the name of the export that is copied, %u counts its copies. */
      free_name = g_strdup_printf (_("%s (copy %u)"), name, i);
    }

  return free_name;
}

/**
 * relais_export_copy_definition:
 * @export: what is copied
 * @workspace: whose exports have other names
 *
 * Returns: (transfer full): the same settings for a new export, under a name that is free
 */
RelaisExportDefinition *
relais_export_copy_definition (RelaisExport    *export,
                               RelaisWorkspace *workspace)
{
  RelaisExportDefinition *definition = relais_export_definition_copy (relais_export_get_definition (export));

  g_free (definition->name);
  definition->name = find_free_name (relais_export_get_name (export), workspace);

  return definition;
}
