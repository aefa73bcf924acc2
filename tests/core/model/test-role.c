/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-role.h"

#include "relais-error.h"

typedef enum
{
  NO_CONNECTION,
  UNSHARED,
  SHARED,
  N_CONNECTIONS
} Connection;

/* For each role and action: with no connection, with one for administrators, with one that is shared */
static const struct
{
  RelaisRole   role;
  RelaisAction action;
  gboolean     allowed[N_CONNECTIONS];
} rights[] = {
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_SEE_CONNECTIONS, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_CHANGE_CONNECTIONS, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_USE_CONNECTION, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_CHANGE_EXPORTS, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_RUN_EXPORTS, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_DISCONNECT_EXPORTS, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_SEE_LOG, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_ADMINISTRATOR, RELAIS_ACTION_CHANGE_HISTORY, { TRUE, TRUE, TRUE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_SEE_CONNECTIONS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_CHANGE_CONNECTIONS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_USE_CONNECTION, { TRUE, FALSE, TRUE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_CHANGE_EXPORTS, { FALSE, FALSE, TRUE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_RUN_EXPORTS, { FALSE, FALSE, TRUE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_DISCONNECT_EXPORTS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_SEE_LOG, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_CHANGE_HISTORY, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_SEE_CONNECTIONS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_CHANGE_CONNECTIONS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_USE_CONNECTION, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_CHANGE_EXPORTS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_RUN_EXPORTS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_DISCONNECT_EXPORTS, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_SEE_LOG, { FALSE, FALSE, FALSE } },
  { RELAIS_ROLE_VIEWER, RELAIS_ACTION_CHANGE_HISTORY, { FALSE, FALSE, FALSE } },
};

static RelaisConnection *
make_connection (Connection which)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_new ();

  if (which == NO_CONNECTION)
    return NULL;
  record->id = g_strdup ("c1");
  record->name = g_strdup ("Boutique");
  record->access = which == SHARED ? RELAIS_ACCESS_CONTRIBUTORS : RELAIS_ACCESS_ADMINISTRATORS;

  return relais_connection_new (record);
}

static void
test_every_right_is_as_the_table_has_it (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    for (Connection which = NO_CONNECTION; which < N_CONNECTIONS; which++)
      {
        RelaisConnection *connection = make_connection (which);
        g_autoptr (GError) error = NULL;
        gboolean allowed = relais_role_check (rights[i].role, rights[i].action, connection, &error);

        g_test_message ("role %d, action %d, connection %d", rights[i].role, rights[i].action, which);
        g_assert_cmpint (allowed, ==, rights[i].allowed[which]);
        g_assert_cmpint (relais_role_check (rights[i].role, rights[i].action, connection, NULL), ==, allowed);
        if (allowed)
          g_assert_no_error (error);
        else
          {
            g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE);
            g_assert_nonnull (g_strstr_len (error->message, -1, "dministrator"));
          }
        if (connection != NULL)
          g_assert_finalize_object (connection);
      }
}

static void
test_every_role_and_action_stands_in_the_table (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (rights), ==, 3 * (RELAIS_ACTION_CHANGE_HISTORY + 1));
  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    {
      g_assert_cmpuint (rights[i].role, ==, i / (RELAIS_ACTION_CHANGE_HISTORY + 1));
      g_assert_cmpuint (rights[i].action, ==, i % (RELAIS_ACTION_CHANGE_HISTORY + 1));
    }
}

static void
test_a_connection_that_is_not_shared_is_named (void)
{
  g_autoptr (RelaisConnection) connection = make_connection (UNSHARED);
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_role_check (RELAIS_ROLE_CONTRIBUTOR, RELAIS_ACTION_RUN_EXPORTS, connection, &error));
  g_assert_nonnull (g_strstr_len (error->message, -1, "“Boutique”"));
}

static void
test_what_is_no_role_may_nothing (void)
{
  g_autoptr (RelaisConnection) connection = make_connection (SHARED);
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_role_check ((RelaisRole) 7, RELAIS_ACTION_CHANGE_EXPORTS, connection, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE);
}

/* The settings give words; the schema has the same. */
static void
test_roles_have_the_names_of_the_settings (void)
{
  static const char * const nicks[] = { "administrator", "contributor", "viewer" };
  g_autoptr (GEnumClass) roles = g_type_class_ref (RELAIS_TYPE_ROLE);

  g_assert_cmpuint (roles->n_values, ==, G_N_ELEMENTS (nicks));
  for (guint i = 0; i < G_N_ELEMENTS (nicks); i++)
    {
      g_assert_cmpstr (g_enum_get_value (roles, i)->value_nick, ==, nicks[i]);
      g_assert_cmpint (*relais_role_name (i), !=, 0);
      g_assert_cmpint (*relais_role_explain (i), !=, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/role/every-right-is-as-the-table-has-it", test_every_right_is_as_the_table_has_it);
  g_test_add_func ("/role/every-role-and-action-stands-in-the-table", test_every_role_and_action_stands_in_the_table);
  g_test_add_func ("/role/a-connection-that-is-not-shared-is-named", test_a_connection_that_is_not_shared_is_named);
  g_test_add_func ("/role/what-is-no-role-may-nothing", test_what_is_no_role_may_nothing);
  g_test_add_func ("/role/roles-have-the-names-of-the-settings", test_roles_have_the_names_of_the_settings);

  return g_test_run ();
}
