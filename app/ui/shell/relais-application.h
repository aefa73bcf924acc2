/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-delivery.h"

G_BEGIN_DECLS

#define RELAIS_TYPE_APPLICATION (relais_application_get_type ())
G_DECLARE_FINAL_TYPE (RelaisApplication, relais_application, RELAIS, APPLICATION, AdwApplication)

/* What answers a command that another process hands to the running window
 * (app/cli, set by main.c: the window does not know the commands). It holds on to
 * @command_line until the command has ended. */
typedef void (* RelaisCommandHandler) (GApplicationCommandLine *command_line,
                                       RelaisWorkspace         *workspace,
                                       RelaisDelivery          *delivery);

RelaisApplication *relais_application_new                 (RelaisCommandHandler  command_handler);

G_END_DECLS
