/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-settings.h"

/* GSettings ends the program when a schema is not there. So it is looked for: where the session has its
 * schemas, and else where Relais was installed to, which need not be among those places. */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *session = g_settings_schema_source_get_default ();
  GSettingsSchema *schema = session != NULL ? g_settings_schema_source_lookup (session, RELAIS_APPLICATION_ID, TRUE) : NULL;
  g_autoptr (GSettingsSchemaSource) own = NULL;

  if (schema != NULL)
    return schema;
  own = g_settings_schema_source_new_from_directory (RELAIS_SCHEMASDIR, session, TRUE, NULL);

  return own != NULL ? g_settings_schema_source_lookup (own, RELAIS_APPLICATION_ID, FALSE) : NULL;
}

/**
 * relais_settings_new:
 *
 * Returns: (transfer full) (nullable): the settings; %NULL where Relais runs without having been
 *   installed, and everything is as it is by default
 */
GSettings *
relais_settings_new (void)
{
  g_autoptr (GSettingsSchema) schema = find_schema ();

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
