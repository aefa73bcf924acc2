/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-settings.h"

static void
test_the_settings_are_there_with_their_defaults (void)
{
  g_autoptr (GSettings) settings = relais_settings_new ();
  g_autofree char *role = NULL;
  g_autofree char *page = NULL;
  g_autofree char *exports_order = NULL;
  g_autofree char *connections_order = NULL;

  g_assert_nonnull (settings);
  role = g_settings_get_string (settings, RELAIS_SETTING_ROLE);
  page = g_settings_get_string (settings, RELAIS_SETTING_PAGE);
  exports_order = g_settings_get_string (settings, RELAIS_SETTING_EXPORTS_ORDER);
  connections_order = g_settings_get_string (settings, RELAIS_SETTING_CONNECTIONS_ORDER);
  g_assert_cmpstr (role, ==, "administrator");
  g_assert_cmpstr (page, ==, "exports");
  g_assert_cmpstr (exports_order, ==, "name");
  g_assert_cmpstr (connections_order, ==, "name");
  g_assert_cmpint (g_settings_get_int (settings, RELAIS_SETTING_WIDTH), ==, 900);
  g_assert_cmpint (g_settings_get_int (settings, RELAIS_SETTING_HEIGHT), ==, 640);
  g_assert_false (g_settings_get_boolean (settings, RELAIS_SETTING_MAXIMIZED));
}

static void
test_every_key_is_described (void)
{
  g_autoptr (GSettings) settings = relais_settings_new ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  g_assert_cmpuint (g_strv_length (keys), >=, 7);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (GSettingsSchemaKey) key = g_settings_schema_get_key (schema, keys[i]);

      g_test_message ("%s", keys[i]);
      g_assert_nonnull (g_settings_schema_key_get_summary (key));
      g_assert_nonnull (g_settings_schema_key_get_description (key));
    }
}

/* This file is built twice: with the schemas of the build folder for those of an installed Relais, and with none. */
static void
test_what_the_session_lacks_is_looked_for_where_relais_is (void)
{
  gboolean installed = g_file_test (RELAIS_SCHEMASDIR "/gschemas.compiled", G_FILE_TEST_EXISTS);
  g_autoptr (GSettings) settings = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  settings = relais_settings_new ();
  g_assert_cmpint (settings != NULL, ==, installed);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    {
      g_unsetenv ("GSETTINGS_SCHEMA_DIR");
      g_setenv ("XDG_DATA_DIRS", "/nonexistent", TRUE);
    }

  g_test_add_func ("/settings/they-are-there-with-their-defaults", test_the_settings_are_there_with_their_defaults);
  g_test_add_func ("/settings/every-key-is-described", test_every_key_is_described);
  g_test_add_func ("/settings/what-the-session-lacks-is-looked-for-where-relais-is", test_what_the_session_lacks_is_looked_for_where_relais_is);

  return g_test_run ();
}
