/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who left the segment, and who came back, in the forms that a run and a report can be asked for in. */

#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

static void
append_line (GString    *text,
             guint64     n,
             const char *words)
{
  if (n > 0)
    relais_append_count (text, n, words);
}

/**
 * relais_explain_leavers:
 * @run: of which this is
 *
 * Returns: (transfer full): their counts in plain words, a line each; empty when nobody left and nobody came back
 */
char *
relais_explain_leavers (const RelaisRunRecord *run)
{
  const RelaisLeaversCounts *leavers = &run->leavers;
  guint64 n_gone = relais_run_count_gone (run);
  guint64 n_shared = MIN (leavers->shared, leavers->kept);
  GString *text = g_string_new (NULL);

  if (leavers->departed > 0)
    /* Translators: the number of people stands before it. */
    relais_append_count (text, leavers->departed, ngettext ("person has left the segment", "people have left the segment", leavers->departed));
  /* Translators: the number of people stands before each of these, below the number of those who have left the segment. */
  append_line (text, leavers->taken_off, ngettext ("of them was taken off the list", "of them were taken off the list", leavers->taken_off));
  append_line (text, leavers->in_doubt, ngettext ("of them was to be taken off, and is not seen so yet", "of them were to be taken off, and are not seen so yet", leavers->in_doubt));
  append_line (text, n_gone, ngettext ("of them was off the list already", "of them were off the list already", n_gone));
  append_line (text, n_shared, ngettext ("of them stays on the list, because another export sends them too",
                                         "of them stay on the list, because another export sends them too", n_shared));
  append_line (text, leavers->asked, ngettext ("of them waits on the list for an answer", "of them wait on the list for an answer", leavers->asked));
  append_line (text, leavers->kept - n_shared, n_shared == 0 ? ngettext ("of them stays on the list", "of them stay on the list", leavers->kept)
                                                             : ngettext ("of them stays on the list for another reason",
                                                                         "of them stay on the list for other reasons", leavers->kept - n_shared));
  /* Translators: the number of people stands before it. */
  append_line (text, leavers->put_back, ngettext ("person came back into the segment and was put back on the list",
                                                  "people came back into the segment and were put back on the list", leavers->put_back));
  /* Translators: the number of requests stands before it. */
  append_line (text, leavers->repeated, ngettext ("request to take people off the list or to put somebody back was repeated",
                                                  "requests to take people off the list or to put somebody back were repeated", leavers->repeated));

  return g_string_free (text, FALSE);
}

/**
 * relais_explain_foreseen_leavers:
 * @leavers: of a preview
 *
 * Returns: (transfer full): their counts in plain words, a line each; empty when nobody left
 */
char *
relais_explain_foreseen_leavers (const RelaisLeaversCounts *leavers)
{
  guint64 n_asked = leavers->asked > 0 ? leavers->asked - leavers->kept : 0;
  GString *text = g_string_new (NULL);

  /* Translators: the number of people stands before it. */
  append_line (text, leavers->departed, ngettext ("person has left the segment", "people have left the segment", leavers->departed));
  /* Translators: the number of people stands before each of these, below the number of those who have left the segment. */
  append_line (text, leavers->taken_off, ngettext ("of them would be taken off the list, if they are still on it",
                                                   "of them would be taken off the list, if they are still on it", leavers->taken_off));
  append_line (text, n_asked, ngettext ("of them would be taken off the list only after you have agreed",
                                        "of them would be taken off the list only after you have agreed", n_asked));
  append_line (text, leavers->kept, ngettext ("of them would stay on the list", "of them would stay on the list", leavers->kept));

  return g_string_free (text, FALSE);
}
