/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-command-private.h"

G_BEGIN_DECLS

char     *relais_cli_help      (void);
gboolean  relais_cli_reads_key (char **words);
int       relais_cli_practice  (int    argc,
                                char **argv);

G_END_DECLS
