/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who left the segment, by name, in the three forms that a report can be asked for in. */

#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

#include "relais-leaver-words.h"

static void
append_plain (GString                  *text,
              const RelaisLeaverRecord *leaver)
{
  g_autofree char *email = relais_plain (leaver->email);

  g_string_append_printf (text, "  %s  %s\n", email, relais_leaver_record_explain (leaver));
}

/**
 * relais_command_print_leaver:
 * @self: a command, which says in which form
 * @leaver: somebody who left the segment
 * @first: whether nobody was printed before
 *
 * Prints one person with what became of them.
 */
void
relais_command_print_leaver (RelaisCommand            *self,
                             const RelaisLeaverRecord *leaver,
                             gboolean                  first)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->json)
    relais_json_leaver (text, leaver, first);
  else if (self->csv)
    relais_csv_leaver (text, leaver);
  else
    append_plain (text, leaver);
  if (first && !self->json && !self->csv)
    relais_command_print (self, "%s\n", _("People who left the segment, and what became of them:"));
  relais_command_print (self, "%s", text->str);
}

/**
 * relais_command_print_unnamed_leavers:
 * @self: a command
 * @run: of which the report is
 * @n_named: how many people were printed
 *
 * Says that others left too. In CSV, which is for another program, beside the rows.
 */
void
relais_command_print_unnamed_leavers (RelaisCommand         *self,
                                      const RelaisRunRecord *run,
                                      guint64                n_named)
{
  g_autofree char *sentence = self->json ? NULL : relais_leavers_explain_rest (run, n_named);

  if (sentence != NULL && self->csv)
    relais_command_refuse (self, RELAIS_EXIT_SUCCESS, sentence);
  else if (sentence != NULL)
    relais_command_print (self, "%s\n", sentence);
}
