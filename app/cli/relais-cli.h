/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-delivery.h"

G_BEGIN_DECLS

/* Exit statuses (DESIGN 11). */
typedef enum
{
  RELAIS_EXIT_SUCCESS = 0,        /* successful, or nothing to do */
  RELAIS_EXIT_WITH_ERRORS = 1,    /* completed with errors */
  RELAIS_EXIT_USAGE = 2,          /* wrong usage or definition */
  RELAIS_EXIT_FAILURE = 3,        /* failed or interrupted; can be run again */
  RELAIS_EXIT_IN_THE_WAY = 4,     /* connection, key, role or consent in the way */
  RELAIS_EXIT_CANCELED = 130,
} RelaisExit;

gboolean relais_cli_is_command (int                      argc,
                                char                   **argv);
int      relais_cli_main       (int                      argc,
                                char                   **argv);
void     relais_cli_handle     (GApplicationCommandLine *command_line,
                                RelaisWorkspace         *workspace,
                                RelaisDelivery          *delivery);

G_END_DECLS
