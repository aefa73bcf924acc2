/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accountability log, for people. */

#include "relais-log-words.h"

#include "relais-format.h"
#include "relais-run-words.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

/* The check */

/**
 * relais_log_check_explain:
 * @check: what was found out
 *
 * Returns: (transfer full): whether the log is whole, or which line is the first that is not as it was written
 */
char *
relais_log_check_explain (const RelaisLogCheck *check)
{
  g_autofree char *number = check->state == RELAIS_LOG_WHOLE ? relais_format_count (check->n_lines)
                                                             : g_strdup_printf ("%" G_GUINT64_FORMAT, check->line);

  switch (check->state)
    {
    case RELAIS_LOG_CHANGED:
      /* Translators: %s is the number of a line. */
      return g_strdup_printf (_("The accountability log is not whole: line %s has been changed."), number);
    case RELAIS_LOG_MISSING:
      /* Translators: %s is the number of a line. */
      return g_strdup_printf (_("The accountability log is not whole: line %s is missing."), number);
    case RELAIS_LOG_MOVED:
      /* Translators: %s is the number of a line. */
      return g_strdup_printf (_("The accountability log is not whole: where line %s belongs stands another one."), number);
    case RELAIS_LOG_ADDED:
      /* Translators: %s is the number of a line. */
      return g_strdup_printf (_("The accountability log is not whole: line %s was not written by a run."), number);
    case RELAIS_LOG_WHOLE:
    default:
      if (check->n_lines == 0)
        return g_strdup (_("The accountability log is whole: it has no line yet."));
      /* Translators: the first %s is a number, the second a hash of 64 digits. */
      return g_strdup_printf (ngettext ("The accountability log is whole: %s line; its hash is %s.",
                                        "The accountability log is whole: %s lines; the hash of the last one is %s.", check->n_lines),
                              number, check->hash);
    }
}

static void
append_line (GString *text,
             char    *taken_sentence)
{
  g_autofree char *sentence = taken_sentence;

  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", sentence);
}

/**
 * relais_log_check_explain_rest:
 * @check: what was found out
 *
 * Returns: (transfer full) (nullable): which runs are not in the log, a line for each reason; %NULL when all are
 */
char *
relais_log_check_explain_rest (const RelaisLogCheck *check)
{
  GString *text = g_string_new (NULL);

  if (check->n_before > 0)
    /* Translators: %s counts runs of an export. */
    append_line (text, relais_format_count_into (ngettext ("%s run is from before the log was kept and is not in it.",
                                 "%s runs are from before the log was kept and are not in it.", check->n_before), check->n_before));
  if (check->n_open > 0)
    /* Translators: %s counts runs of an export. */
    append_line (text, relais_format_count_into (ngettext ("%s run is under way or has just broken off, and gets its line later.",
                                 "%s runs are under way or have just broken off, and get their lines later.", check->n_open), check->n_open));

  return g_string_free (text, text->len == 0);
}

/* A line */

static gint64
read_time (JsonObject *object,
           const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, NULL);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}

static void
read_counts (JsonObject      *object,
             RelaisRowCounts *counts)
{
  JsonNode *node = json_object_get_member (object, "rows");
  JsonObject *rows = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (rows == NULL)
    return;
  counts->read = MAX (0, json_object_get_int_member_with_default (rows, "read", 0));
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    counts->by_state[i] = MAX (0, json_object_get_int_member_with_default (rows, relais_row_state_to_id (i), 0));
}

static RelaisRunStatus
read_status (JsonObject *object)
{
  const char *outcome = json_object_get_string_member_with_default (object, "outcome", NULL);

  for (RelaisRunStatus status = RELAIS_RUN_PROCESSING; status < RELAIS_RUN_INTERRUPTED; status++)
    if (g_strcmp0 (outcome, relais_run_status_to_id (status)) == 0)
      return status;

  return RELAIS_RUN_INTERRUPTED;
}

static RelaisTrigger
read_trigger (JsonObject *object)
{
  const char *how = json_object_get_string_member_with_default (object, "how", NULL);

  for (RelaisTrigger trigger = RELAIS_TRIGGER_ON_DEMAND; trigger < RELAIS_TRIGGER_SCHEDULED; trigger++)
    if (g_strcmp0 (how, relais_trigger_to_id (trigger)) == 0)
      return trigger;

  return RELAIS_TRIGGER_SCHEDULED;
}

/**
 * relais_log_line_read:
 * @line: a line of the log
 *
 * Returns: (transfer full) (nullable): what it says of an attempt of a run: who, how, when, which connection and list, counts and
 *   outcome; %NULL when it is no such line, as nothing that Relais wrote is
 */
RelaisRunRecord *
relais_log_line_read (const RelaisLogLine *line)
{
  g_autoptr (JsonNode) node = json_from_string (line->line, NULL);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  RelaisRunRecord *run;
  const char *list;

  if (object == NULL || !json_object_has_member (object, "run"))
    return NULL;
  run = relais_run_record_new ();
  run->id = g_strdup (json_object_get_string_member_with_default (object, "run", NULL));
  run->who = g_strdup (json_object_get_string_member_with_default (object, "who", NULL));
  run->trigger = read_trigger (object);
  run->begun_at = read_time (object, "attempt_started");
  run->ended_at = read_time (object, "ended");
  run->connection_name = g_strdup (json_object_get_string_member_with_default (object, "connection", NULL));
  run->list_name = g_strdup (json_object_get_string_member_with_default (object, "list_name", NULL));
  list = json_object_get_string_member_with_default (object, "list", NULL);
  run->list_id = list != NULL ? (guint) g_ascii_strtoull (list, NULL, 10) : 0;
  run->status = read_status (object);
  read_counts (object, &run->counts);

  return run;
}
