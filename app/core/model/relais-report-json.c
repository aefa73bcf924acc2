/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A report as another program reads it. */

#include "relais-report-json.h"

#include "relais-json-text.h"
#include "relais-leaver-words.h"
#include "relais-rejections.h"
#include "relais-verification-words.h"

/**
 * relais_json_time:
 * @json: to which it is appended
 * @microseconds: since 1970
 *
 * Appends a time in UTC, or null for 0.
 */
void
relais_json_time (GString *json,
                  gint64   microseconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);
  g_autofree char *text = utc && microseconds > 0 ? g_date_time_format (utc, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  relais_json_string (json, text);
}

/* People who left the segment */

static void
append_counts (GString                   *json,
               const RelaisLeaversCounts *leavers,
               guint64                    n_gone)
{
  g_string_append_printf (json, ", \"leavers\": {\"departed\": %" G_GUINT64_FORMAT ", \"taken_off\": %" G_GUINT64_FORMAT
                          ", \"in_doubt\": %" G_GUINT64_FORMAT ", \"already_off\": %" G_GUINT64_FORMAT ", \"kept\": %" G_GUINT64_FORMAT
                          ", \"shared\": %" G_GUINT64_FORMAT ", \"unreadable\": %" G_GUINT64_FORMAT ", \"put_back\": %" G_GUINT64_FORMAT
                          ", \"repeated\": %" G_GUINT64_FORMAT,
                          leavers->departed, leavers->taken_off, leavers->in_doubt, n_gone, leavers->kept,
                          leavers->shared, leavers->unreadable, leavers->put_back, leavers->repeated);
}

/**
 * relais_json_leavers:
 * @json: an object that is open
 * @run: of which this is
 *
 * Appends a member with their counts. They are people, and none of the rows; but unreadable are rows.
 */
void
relais_json_leavers (GString               *json,
                     const RelaisRunRecord *run)
{
  append_counts (json, &run->leavers, relais_run_count_gone (run));
  g_string_append_c (json, '}');
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
  append_counts (json, leavers, 0);
  g_string_append_printf (json, ", \"asks\": %s, \"put_on\": %" G_GUINT64_FORMAT "}", leavers->asked > 0 ? "true" : "false", leavers->delivered);
}

/* Questions */

static const char *
get_state (RelaisQuestionState question)
{
  switch (question)
    {
    case RELAIS_QUESTION_OPEN: return "open";
    case RELAIS_QUESTION_ANSWERED: return "answered";
    case RELAIS_QUESTION_OVER:
    case RELAIS_QUESTION_NONE:
    default: return "over";
    }
}

/* An older version has not kept how many they were. */
static void
append_batches (GString *json,
                guint    n)
{
  g_string_append (json, ", \"people\": null, \"of\": null, \"batches\": ");
  if (n > 0)
    g_string_append_printf (json, "%u}", n);
  else
    g_string_append (json, "null}");
}

/**
 * relais_json_question:
 * @json: an object that is open
 * @run: of which this is
 * @question: what relais_run_get_question() says of it
 *
 * Appends a member with what it asks, null where it never asked and was never told.
 */
void
relais_json_question (GString               *json,
                      const RelaisRunRecord *run,
                      RelaisQuestionState    question)
{
  const RelaisLeaversCounts *leavers = &run->leavers;
  gboolean about_leavers = leavers->asked + leavers->answered > 0;
  gboolean is_answered = question == RELAIS_QUESTION_ANSWERED;

  g_string_append (json, ", \"question\": ");
  if (question == RELAIS_QUESTION_NONE)
    {
      g_string_append (json, "null");
      return;
    }
  g_string_append_printf (json, "{\"about\": \"%s\", \"state\": \"%s\", \"answer\": ",
                          about_leavers ? "leavers" : "repeats", get_state (question));
  if (is_answered)
    g_string_append (json, !about_leavers ? "\"repeat\"" : leavers->answer == RELAIS_ANSWER_KEEP ? "\"keep\"" : "\"take-off\"");
  else
    g_string_append (json, "null");
  if (about_leavers)
    g_string_append_printf (json, ", \"people\": %" G_GUINT64_FORMAT ", \"of\": %" G_GUINT64_FORMAT ", \"batches\": null}",
                            is_answered ? leavers->answered : leavers->asked, leavers->delivered);
  else
    append_batches (json, is_answered ? run->notes.repeats_allowed : run->notes.repeats_asked);
}

/* Runs */

/* Why people are barred, in the order in which that is told. */
static const RelaisReason barring[] = { RELAIS_REASON_UNSUBSCRIBED, RELAIS_REASON_BOUNCED, RELAIS_REASON_EXCLUDED };

/**
 * relais_json_run:
 * @json: to which it is appended
 * @export_name: (nullable): of the export, as it is called now
 * @counts: its rows
 * @run: (nullable): the run; without one it is a preview
 * @status: how the run stands
 * @question: whether it asks something
 * @message: (nullable): what is to be said of it
 *
 * Appends an object, left open before its last brace.
 */
void
relais_json_run (GString               *json,
                 const char            *export_name,
                 const RelaisRowCounts *counts,
                 const RelaisRunRecord *run,
                 RelaisRunStatus        status,
                 RelaisQuestionState    question,
                 const char            *message)
{
  g_string_append_c (json, '{');
  if (run)
    {
      g_string_append (json, "\"run\": ");
      relais_json_string (json, run->id);
      g_string_append (json, ", \"corrects\": ");
      relais_json_string (json, run->corrects);
      g_string_append (json, ", ");
    }
  g_string_append (json, "\"export\": ");
  relais_json_string (json, export_name);
  if (run)
    g_string_append_printf (json, ", \"status\": \"%s\"", relais_run_status_to_id (status));
  g_string_append_printf (json, ", \"rows\": {\"read\": %" G_GUINT64_FORMAT, counts->read);
  for (int i = 0; i < RELAIS_N_ROW_STATES; i++)
    g_string_append_printf (json, ", \"%s\": %" G_GUINT64_FORMAT, relais_row_state_to_id (i), counts->by_state[i]);
  g_string_append (json, "}, \"barred\": {");
  for (guint i = 0; i < G_N_ELEMENTS (barring); i++)
    g_string_append_printf (json, "%s\"%s\": %" G_GUINT64_FORMAT, i > 0 ? ", " : "", relais_reason_to_code (barring[i]),
                            counts->by_reason[barring[i]]);
  g_string_append (json, "}, \"noted\": {");
  for (RelaisReason note = RELAIS_FIRST_NOTE; note < RELAIS_N_REASONS; note++)
    g_string_append_printf (json, "%s\"%s\": %" G_GUINT64_FORMAT, note > RELAIS_FIRST_NOTE ? ", " : "", relais_reason_to_code (note),
                            counts->by_reason[note]);
  g_string_append_c (json, '}');
  if (run)
    g_string_append_printf (json, ", \"unknown\": %" G_GUINT64_FORMAT, counts->by_reason[RELAIS_REASON_UNKNOWN_OUTCOME]);
  if (run)
    g_string_append_printf (json, ", \"batches\": {\"accepted\": %u, \"repeated\": %u, \"allowed\": %u}",
                            run->batches_accepted, run->batches_repeated, run->notes.repeats_allowed);
  if (run)
    relais_json_leavers (json, run);
  if (run)
    relais_json_question (json, run, question);
  g_string_append (json, ", \"message\": ");
  relais_json_string (json, message);
}

/* What reading back came to */

static void
append_difference (GString                *json,
                   const RelaisDifference *difference)
{
  g_autofree char *reason = relais_difference_explain (difference);

  g_string_append_printf (json, "{\"row\": %" G_GUINT64_FORMAT ", \"email\": ", difference->row);
  relais_json_string (json, difference->email);
  g_string_append_printf (json, ", \"code\": \"%s\", \"field\": ", relais_difference_kind_to_code (difference->kind));
  relais_json_string (json, difference->field);
  g_string_append (json, ", \"title\": ");
  relais_json_string (json, difference->title);
  g_string_append (json, ", \"sent\": ");
  relais_json_string (json, difference->sent);
  g_string_append (json, ", \"held\": ");
  relais_json_string (json, difference->held);
  g_string_append (json, ", \"reason\": ");
  relais_json_string (json, reason);
  g_string_append_c (json, '}');
}

/**
 * relais_json_verified:
 * @json: an object that is open
 * @verification: of a run
 * @differences: (element-type RelaisDifference): what differs
 *
 * Appends a member that says what reading back came to.
 */
void
relais_json_verified (GString                  *json,
                      const RelaisVerification *verification,
                      GPtrArray                *differences)
{
  g_string_append_printf (json, ", \"verified\": {\"state\": \"%s\", \"mode\": \"%s\", \"delivered\": %" G_GUINT64_FORMAT
                          ", \"asked\": %" G_GUINT64_FORMAT ", \"same\": %" G_GUINT64_FORMAT ", \"different\": %" G_GUINT64_FORMAT
                          ", \"values_untold\": %s, \"message\": ",
                          relais_verification_state_to_code (verification->state), verification->all ? "all" : "sample",
                          verification->delivered, verification->asked, verification->same, verification->different,
                          verification->values_untold ? "true" : "false");
  relais_json_string (json, verification->message);
  g_string_append (json, ", \"rows\": [");
  for (guint i = 0; i < differences->len; i++)
    {
      if (i > 0)
        g_string_append (json, ", ");
      append_difference (json, g_ptr_array_index (differences, i));
    }
  g_string_append (json, "]}");
}

/* Rows and people */

/**
 * relais_json_rejection:
 * @json: to which it is appended
 * @rejection: a row that was not delivered
 * @first: whether none stands before it
 *
 * Appends an object, with the reason.
 */
void
relais_json_rejection (GString               *json,
                       const RelaisRejection *rejection,
                       gboolean               first)
{
  g_autofree char *reason = relais_rejection_explain (rejection);

  g_string_append_printf (json, "%s{\"row\": %" G_GUINT64_FORMAT ", \"email\": ", first ? "" : ", ", rejection->row);
  relais_json_string (json, rejection->email);
  g_string_append_printf (json, ", \"state\": \"%s\", \"code\": \"%s\", \"reason\": ",
                          relais_row_state_to_id (rejection->state), relais_reason_to_code (rejection->reason));
  relais_json_string (json, reason);
  g_string_append_c (json, '}');
}

/**
 * relais_json_leaver:
 * @json: to which it is appended
 * @leaver: somebody who left the segment
 * @first: whether nobody stands before them
 *
 * Appends an object, with what became of them.
 */
void
relais_json_leaver (GString                  *json,
                    const RelaisLeaverRecord *leaver,
                    gboolean                  first)
{
  g_string_append (json, first ? "{\"email\": " : ", {\"email\": ");
  relais_json_string (json, leaver->email);
  g_string_append_printf (json, ", \"state\": \"%s\", \"code\": \"%s\", \"reason\": ",
                          relais_fate_to_state (leaver->fate), relais_fate_to_code (leaver->fate));
  relais_json_string (json, relais_leaver_record_explain (leaver));
  g_string_append_c (json, '}');
}
