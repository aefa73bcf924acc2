/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-history-words.h"

#include "relais-export-words.h"
#include "relais-format.h"
#include "relais-leavers-words.h"
#include "relais-run-words.h"

#include <glib/gi18n-lib.h>

/**
 * relais_history_find_status:
 * @run: a run
 * @export: (nullable): its export
 *
 * Returns: how it stands, as an export does whose last run it is
 */
RelaisExportStatus
relais_history_find_status (const RelaisRunRecord *run,
                            RelaisExport          *export)
{
  switch (relais_run_find_status (run, export))
    {
    case RELAIS_RUN_PROCESSING: return RELAIS_EXPORT_PROCESSING;
    case RELAIS_RUN_SUCCESSFUL: return RELAIS_EXPORT_SUCCESSFUL;
    case RELAIS_RUN_COMPLETED_WITH_ERRORS: return RELAIS_EXPORT_COMPLETED_WITH_ERRORS;
    case RELAIS_RUN_FAILURE: return RELAIS_EXPORT_FAILURE;
    case RELAIS_RUN_CANCELED: return RELAIS_EXPORT_CANCELED;
    case RELAIS_RUN_SKIPPED: return RELAIS_EXPORT_SKIPPED;
    case RELAIS_RUN_INTERRUPTED:
    default:
      return run->leavers.asked > 0 && relais_run_get_question (run, export) == RELAIS_QUESTION_OPEN ? RELAIS_EXPORT_ASKING
                                                                                                     : RELAIS_EXPORT_INTERRUPTED;
    }
}

/**
 * relais_history_count_rejected:
 * @counts: of a run
 *
 * Returns: how many rows were neither delivered nor there already
 */
guint64
relais_history_count_rejected (const RelaisRowCounts *counts)
{
  guint64 n = 0;

  for (guint state = 0; state < RELAIS_N_ROW_STATES; state++)
    if (state != RELAIS_ROW_DELIVERED && state != RELAIS_ROW_UNCHANGED)
      n += counts->by_state[state];

  return n;
}

/**
 * relais_history_describe_counts:
 * @counts: of a run
 *
 * Returns: (transfer full): what became of its rows, in one line
 */
char *
relais_history_describe_counts (const RelaisRowCounts *counts)
{
  g_autofree char *delivered = relais_format_count (counts->by_state[RELAIS_ROW_DELIVERED]);
  g_autofree char *unchanged = relais_format_count (counts->by_state[RELAIS_ROW_UNCHANGED]);
  g_autofree char *rejected = relais_format_count (relais_history_count_rejected (counts));

  /* Translators: numbers of rows of one run. */
  return g_strdup_printf (_("Delivered: %s · Unchanged: %s · Not delivered: %s"), delivered, unchanged, rejected);
}

/* Returns: (transfer full) (nullable): what it asked and what it was told, where its status does not say so */
static char *
describe_question (const RelaisRunRecord *run,
                   RelaisExport          *export)
{
  g_autofree char *answered = relais_format_count (run->leavers.answered);

  switch (relais_run_get_question (run, export))
    {
    case RELAIS_QUESTION_OVER:
      return g_strdup (_("It asked something, and nobody answered"));
    case RELAIS_QUESTION_ANSWERED:
      if (run->leavers.answered == 0)
        return g_strdup (_("You had sent again what was never answered"));
      if (run->leavers.answer == RELAIS_ANSWER_KEEP)
        /* Translators: what a run was told; %s counts people who left the segment. */
        return g_strdup_printf (ngettext ("You had %s person kept on the list", "You had %s people kept on the list", run->leavers.answered), answered);
      /* Translators: what a run was told; %s counts people who left the segment. */
      return g_strdup_printf (ngettext ("You had %s person taken off the list", "You had %s people taken off the list", run->leavers.answered), answered);
    case RELAIS_QUESTION_OPEN:
      return run->leavers.asked > 0 ? NULL : g_strdup (_("It asks whether to send again"));
    case RELAIS_QUESTION_NONE:
    default:
      return NULL;
    }
}

/**
 * relais_history_describe_run:
 * @run: a run
 * @export: (nullable): its export
 *
 * Returns: (transfer full): how it ended, what began it, what became of its rows, and what it asked: a line each
 */
char *
relais_history_describe_run (const RelaisRunRecord *run,
                             RelaisExport          *export)
{
  g_autofree char *status = relais_describe_status (NULL, relais_history_find_status (run, export));
  g_autofree char *counts = relais_history_describe_counts (&run->counts);
  g_autofree char *question = describe_question (run, export);
  gboolean corrects = run->corrects != NULL;

  return g_strdup_printf ("%s · %s%s%s\n%s%s%s", status, relais_trigger_describe (run->trigger), corrects ? " · " : "",
                          corrects ? _("Corrected rows only") : "", counts,
                          question != NULL ? "\n" : "", question != NULL ? question : "");
}

/**
 * relais_history_describe_bar:
 * @run: a run
 * @export: (nullable): its export
 *
 * Returns: (transfer full): all that its bar shows, for who cannot see it well
 */
char *
relais_history_describe_bar (const RelaisRunRecord *run,
                             RelaisExport          *export)
{
  g_autofree char *when = relais_format_moment (run->started_at);
  g_autofree char *status = relais_describe_status (NULL, relais_history_find_status (run, export));
  g_autofree char *counts = relais_history_describe_counts (&run->counts);

  return g_strdup_printf ("%s · %s\n%s", when, status, counts);
}

/**
 * relais_history_describe_message:
 * @run: a run
 * @export: (nullable): its export
 *
 * As relais_describe_message() for any run: what can be answered has buttons for that, elsewhere.
 *
 * Returns: (transfer full) (nullable): what there is to know besides its counts
 */
char *
relais_history_describe_message (const RelaisRunRecord *run,
                                 RelaisExport          *export)
{
  RelaisQuestionState question = relais_run_get_question (run, export);
  g_autofree char *asks = NULL;
  g_autofree char *rest = NULL;

  if (question != RELAIS_QUESTION_OPEN || run->leavers.asked == 0)
    return relais_run_explain (run, question);
  asks = relais_leavers_describe_question (&run->leavers);
  rest = relais_run_explain_rest (run);

  return rest != NULL ? g_strconcat (asks, " ", rest, NULL) : g_steal_pointer (&asks);
}
