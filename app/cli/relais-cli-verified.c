/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What reading back from the account came to, in the forms that a run and a report can be asked for in. */

#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

#include "relais-format.h"
#include "relais-verification-words.h"

/* Of more people than these it is not known what differs. */
static void
print_unlisted (RelaisCommand            *self,
                const RelaisVerification *verification,
                GPtrArray                *differences)
{
  guint64 n_listed = 0, row = 0, n_more;
  g_autofree char *figure = NULL;

  for (guint i = 0; i < differences->len; i++)
    {
      const RelaisDifference *difference = g_ptr_array_index (differences, i);

      n_listed += difference->row != row;
      row = difference->row;
    }
  if (n_listed >= verification->different)
    return;
  n_more = verification->different - n_listed;
  figure = relais_format_count (n_more);
  /* Translators: %s is a number of people. */
  relais_command_print (self, ngettext ("… and %s more person who is not listed here.\n", "… and %s more people who are not listed here.\n", n_more), figure);
}

/**
 * relais_command_print_verified:
 * @self: a command
 * @verification: of a run
 * @differences: (nullable) (element-type RelaisDifference): what differs, by row; %NULL to leave it out
 *
 * Prints what reading back came to, for people.
 */
void
relais_command_print_verified (RelaisCommand            *self,
                               const RelaisVerification *verification,
                               GPtrArray                *differences)
{
  g_autofree char *sentence = relais_verification_explain (verification);

  if (sentence == NULL)
    return;
  relais_command_print (self, "%s\n", sentence);
  if (differences == NULL || verification->different == 0)
    return;
  relais_command_print (self, "%s\n", _("What ActiveCampaign does not show as it was sent:"));
  for (guint i = 0; i < differences->len; i++)
    {
      const RelaisDifference *difference = g_ptr_array_index (differences, i);
      g_autofree char *email = relais_plain (difference->email);
      g_autofree char *reason = relais_difference_explain (difference);
      g_autofree char *plain = relais_plain (reason);

      relais_command_print (self, "%8" G_GUINT64_FORMAT "  %s  %s\n", difference->row, email, plain);
    }
  print_unlisted (self, verification, differences);
}
