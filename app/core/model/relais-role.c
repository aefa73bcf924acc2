/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may do what. Everything that asks, asks here. */

#include "relais-role.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

G_DEFINE_ENUM_TYPE (RelaisRole, relais_role,
                    G_DEFINE_ENUM_VALUE (RELAIS_ROLE_ADMINISTRATOR, "administrator"),
                    G_DEFINE_ENUM_VALUE (RELAIS_ROLE_CONTRIBUTOR, "contributor"),
                    G_DEFINE_ENUM_VALUE (RELAIS_ROLE_VIEWER, "viewer"))

/* Whether a contributor may do it, on a connection that is shared */
static gboolean
is_for_contributors (RelaisAction action)
{
  return action == RELAIS_ACTION_USE_CONNECTION || action == RELAIS_ACTION_CHANGE_EXPORTS || action == RELAIS_ACTION_RUN_EXPORTS;
}

static gboolean
refuse (GError     **error,
        const char  *sentence)
{
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_ROLE, sentence);

  return FALSE;
}

/* What is not for the person's hands at all */
static gboolean
refuse_action (RelaisAction   action,
               GError       **error)
{
  switch (action)
    {
    case RELAIS_ACTION_SEE_CONNECTIONS:
    case RELAIS_ACTION_CHANGE_CONNECTIONS:
      return refuse (error, _("Connections are an administrator’s to see and to change. An administrator of this computer can change your role."));

    case RELAIS_ACTION_DISCONNECT_EXPORTS:
      return refuse (error, _("Only an administrator can disconnect exports. An administrator of this computer can change your role."));

    case RELAIS_ACTION_SEE_LOG:
      return refuse (error, _("Only an administrator can read the accountability log: it names hosts and people. Everybody can have it checked."));

    case RELAIS_ACTION_CHANGE_HISTORY:
      return refuse (error, _("Only an administrator can say how long rows that were not delivered are kept."));

    case RELAIS_ACTION_USE_CONNECTION:
    case RELAIS_ACTION_CHANGE_EXPORTS:
    case RELAIS_ACTION_RUN_EXPORTS:
    default:
      return refuse (error, _("Your role is viewer: exports can be looked at, and neither changed nor run. An administrator of this computer can change your role."));
    }
}

/**
 * relais_role_check:
 * @role: the person's
 * @action: what is to be done
 * @connection: (nullable): with which it is to be done, which for an export is the one that it has; it
 *   counts for the three actions that a contributor may do at all. An export without one is for
 *   administrators; to use %NULL is to use whichever will be chosen
 * @error: RELAIS_ERROR_ROLE, with a sentence that says who can do it
 *
 * The rights are those of Customer Insights, where contributors work with the connections that are shared
 * with them, and keep what they set up as something to look at when sharing ends.
 *
 * Returns: whether the role allows it
 */
gboolean
relais_role_check (RelaisRole         role,
                   RelaisAction       action,
                   RelaisConnection  *connection,
                   GError           **error)
{
  if (role == RELAIS_ROLE_ADMINISTRATOR)
    return TRUE;
  if (role != RELAIS_ROLE_CONTRIBUTOR || !is_for_contributors (action))
    return refuse_action (action, error);
  if (connection == NULL && action == RELAIS_ACTION_USE_CONNECTION)
    return TRUE;
  if (connection == NULL)
    return refuse (error, _("Without a connection, an export can only be looked at. An administrator can give it one."));
  if (relais_connection_get_record (connection)->access == RELAIS_ACCESS_CONTRIBUTORS)
    return TRUE;

  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_ROLE,
               /* Translators: %s is the name of a connection. */
               _("The connection “%s” is not shared with contributors: its exports can only be looked at. An administrator can share it."),
               relais_connection_get_name (connection));

  return FALSE;
}

/**
 * relais_role_name:
 * @role: a role
 *
 * Returns: (transfer none): what it is called, in the person's language
 */
const char *
relais_role_name (RelaisRole role)
{
  switch (role)
    {
    case RELAIS_ROLE_CONTRIBUTOR:
      /* Translators: a role of a person. */
      return _("Contributor");

    case RELAIS_ROLE_VIEWER:
      /* Translators: a role of a person. */
      return _("Viewer");

    case RELAIS_ROLE_ADMINISTRATOR:
    default:
      /* Translators: a role of a person. */
      return _("Administrator");
    }
}

/**
 * relais_role_explain:
 * @role: a role
 *
 * Returns: (transfer none): what it allows, in sentences
 */
const char *
relais_role_explain (RelaisRole role)
{
  switch (role)
    {
    case RELAIS_ROLE_CONTRIBUTOR:
      return _("You can set up and run exports where a connection is shared with contributors, and look at all others. An administrator of this computer can change that.");

    case RELAIS_ROLE_VIEWER:
      return _("You can look at exports and their results. An administrator of this computer can change that.");

    case RELAIS_ROLE_ADMINISTRATOR:
    default:
      return _("You can do everything in Relais.");
    }
}
