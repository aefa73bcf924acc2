/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-command-private.h"
#include "relais-options-private.h"

G_BEGIN_DECLS

typedef void (* RelaisCommandWork) (RelaisCommand *self);

extern const RelaisOption relais_cli_practice_options[];

char *relais_cli_help       (void);
char *relais_cli_help_of    (const char          *command);
int   relais_cli_read_words (RelaisCommand       *self,
                             const char * const  *words,
                             RelaisCommandWork   *work,
                             char               **message);
int   relais_cli_practice   (const char * const  *words);

RelaisKey *relais_cli_read_key (void);

/* Standard input, output and error of a process that does a command */
void     relais_terminal_set_up      (void);
void     relais_terminal_hide_typing (void);
void     relais_terminal_restore     (void);
gboolean relais_terminal_check       (void);

G_END_DECLS
