/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People who left the segment, and who came back, in the forms that a run and a report can be asked for in. */

#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

/**
 * relais_json_leavers:
 * @json: an object that is open
 * @leavers: of a run
 *
 * Appends a member with their counts. They are people, and none of the rows.
 */
void
relais_json_leavers (GString                   *json,
                     const RelaisLeaversCounts *leavers)
{
  g_string_append_printf (json, ", \"leavers\": {\"departed\": %" G_GUINT64_FORMAT ", \"taken_off\": %" G_GUINT64_FORMAT
                          ", \"in_doubt\": %" G_GUINT64_FORMAT ", \"kept\": %" G_GUINT64_FORMAT ", \"put_back\": %" G_GUINT64_FORMAT "}",
                          leavers->departed, leavers->taken_off, leavers->in_doubt, leavers->kept, leavers->put_back);
}

static void
append_line (GString    *text,
             guint64     n,
             const char *words)
{
  if (n > 0)
    g_string_append_printf (text, "%'12" G_GUINT64_FORMAT "  %s\n", n, words);
}

/**
 * relais_explain_leavers:
 * @leavers: of a run
 *
 * Returns: (transfer full): their counts in plain words, a line each; empty when nobody left and nobody came back
 */
char *
relais_explain_leavers (const RelaisLeaversCounts *leavers)
{
  GString *text = g_string_new (NULL);

  if (leavers->departed > 0)
    g_string_append_printf (text, "%'12" G_GUINT64_FORMAT "  %s\n", leavers->departed,
                            /* Translators: the number of people stands before it. */
                            ngettext ("person has left the segment", "people have left the segment", leavers->departed));
  /* Translators: the number of people stands before each of these, below the number of those who have left the segment. */
  append_line (text, leavers->taken_off, ngettext ("of them was taken off the list", "of them were taken off the list", leavers->taken_off));
  append_line (text, leavers->in_doubt, ngettext ("of them was to be taken off, and is not seen so yet", "of them were to be taken off, and are not seen so yet", leavers->in_doubt));
  append_line (text, leavers->kept, ngettext ("of them stays on the list", "of them stay on the list", leavers->kept));
  /* Translators: the number of people stands before it. */
  append_line (text, leavers->put_back, ngettext ("person came back into the segment and was put back on the list",
                                                  "people came back into the segment and were put back on the list", leavers->put_back));

  return g_string_free (text, FALSE);
}

/**
 * relais_json_foreseen_leavers:
 * @json: an object that is open
 * @leavers: (nullable): of a preview; %NULL when it could not be told
 *
 * Appends the member that a run has, with what would become of them, and what a run would ask about.
 */
void
relais_json_foreseen_leavers (GString                   *json,
                              const RelaisLeaversCounts *leavers)
{
  if (leavers == NULL)
    {
      g_string_append (json, ", \"leavers\": null");
      return;
    }
  relais_json_leavers (json, leavers);
  g_string_truncate (json, json->len - 1);
  g_string_append_printf (json, ", \"asks\": %s, \"put_on\": %" G_GUINT64_FORMAT "}", leavers->asked > 0 ? "true" : "false", leavers->delivered);
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
