/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-connection.h"

G_BEGIN_DECLS

/**
 * RelaisRole:
 *
 * Whose hands Relais is in, as whoever looks after the computer has said it: the settings name the three
 * with the same words and numbers. This guards against mistakes; the keyring belongs to the owner of
 * the desktop account all the same.
 */
typedef enum
{
  RELAIS_ROLE_ADMINISTRATOR,
  RELAIS_ROLE_CONTRIBUTOR,
  RELAIS_ROLE_VIEWER,
} RelaisRole;

/**
 * RelaisAction:
 *
 * What a role may allow. Exports, their results and their history are looked at by everybody.
 */
typedef enum
{
  RELAIS_ACTION_SEE_CONNECTIONS,     /* with host, account and state, not by name and kind alone */
  RELAIS_ACTION_CHANGE_CONNECTIONS,  /* add, edit, share, check, remove */
  RELAIS_ACTION_USE_CONNECTION,      /* name it for an export, ask its account for lists and fields, preview with it */
  RELAIS_ACTION_CHANGE_EXPORTS,      /* set up, edit, erase, remove */
  RELAIS_ACTION_RUN_EXPORTS,         /* run, cancel, answer what a run asks */
  RELAIS_ACTION_DISCONNECT_EXPORTS,  /* take their connection away */
  RELAIS_ACTION_SEE_LOG,             /* the lines of the accountability log, with hosts and names */
  RELAIS_ACTION_CHANGE_HISTORY,      /* how long rows that were not delivered are kept */
} RelaisAction;

#define RELAIS_TYPE_ROLE (relais_role_get_type ())
GType       relais_role_get_type (void);

gboolean    relais_role_check    (RelaisRole         role,
                                  RelaisAction       action,
                                  RelaisConnection  *connection,
                                  GError           **error);
const char *relais_role_name     (RelaisRole         role);
const char *relais_role_explain  (RelaisRole         role);

G_END_DECLS
