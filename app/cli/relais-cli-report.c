/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

#include "relais-format.h"
#include "relais-journal-leavers.h"
#include "relais-journal-verifications.h"
#include "relais-rejections.h"
#include "relais-report.h"
#include "relais-verification-words.h"

/* Rows of a report that are in memory at a time. */
#define PAGE 1000

/* A report on its way. */
typedef struct
{
  RelaisRunRecord *run;           /* (owned) */
  guint64          after;         /* last row printed */
  char            *after_leaver; /* (owned) (nullable): address printed last */
  guint64          n_leavers;     /* printed */
} Report;

static void
free_report (gpointer data)
{
  Report *report = data;

  relais_run_record_free (report->run);
  g_free (report->after_leaver);
  g_free (report);
}

static RelaisExport *
find_export (RelaisCommand         *self,
             const RelaisRunRecord *run)
{
  return run->export_id ? relais_workspace_find_export (self->workspace, run->export_id) : NULL;
}

/* Returns (transfer full) how many people were taken off the list, and put back on it, in a few words behind those about rows; empty
 * for nobody. */
static char *
describe_leavers (const RelaisLeaversCounts *leavers)
{
  g_autofree char *taken_off = relais_format_count (leavers->taken_off);
  g_autofree char *put_back = relais_format_count (leavers->put_back);
  GString *text = g_string_new (NULL);

  if (leavers->taken_off > 0)
    /* Translators: %s is a number of people who left the segment. Two spaces stand before it. */
    g_string_append_printf (text, _("  taken off the list: %s"), taken_off);
  if (leavers->put_back > 0)
    /* Translators: %s is a number of people who came back into the segment. Two spaces stand before it. */
    g_string_append_printf (text, _("  put back on the list: %s"), put_back);

  return g_string_free (text, FALSE);
}

/* Returns (transfer full) what became of the rows of a run, in a few words. */
static char *
describe_rows (const RelaisRowCounts *counts,
               RelaisRunStatus        status)
{
  g_autofree char *read = relais_format_count (counts->read);
  g_autofree char *delivered = relais_format_count (counts->by_state[RELAIS_ROW_DELIVERED]);
  g_autofree char *unchanged = relais_format_count (counts->by_state[RELAIS_ROW_UNCHANGED]);

  if (relais_was_cut_short (status))
    /* Translators: %s is a number of rows. How many the file has is not known. */
    return g_strdup_printf (_("rows delivered so far: %s"), delivered);
  if (counts->by_state[RELAIS_ROW_UNCHANGED] == 0)
    /* Translators: numbers of rows: those delivered, and all of them. */
    return g_strdup_printf (_("rows delivered: %s of %s"), delivered, read);
  /* Translators: numbers of rows: those delivered, all of them, and those that had not changed and were not sent again. */
  return g_strdup_printf (_("rows delivered: %s of %s, unchanged: %s"), delivered, read, unchanged);
}

static void
history_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, &error);

  if (!runs)
    {
      relais_command_fail (self, error);
      return;
    }
  if (self->json)
    relais_command_print (self, "[");
  for (guint i = 0; i < runs->len; i++)
    {
      RelaisRunRecord *run = runs->pdata[i];
      RelaisExport *export = find_export (self, run);
      const char *export_name = export ? relais_export_get_name (export) : NULL;
      g_autofree char *name = relais_plain (export_name);
      g_autofree char *started = relais_plain_time (run->started_at);
      RelaisRunStatus status = relais_run_find_status (run, export);
      g_autofree char *rows = describe_rows (&run->counts, status);
      g_autofree char *leavers = describe_leavers (&run->leavers);
      RelaisQuestionState question = relais_command_find_question (self, run);
      g_autofree char *asks = relais_plain_question (run, question);
      g_autofree char *message = relais_run_explain (run, question);
      g_autoptr (GString) json = g_string_new (NULL);

      relais_json_run (json, export_name, &run->counts, run, status, question, message);
      if (self->json)
        relais_command_print (self, "%s%s}", i > 0 ? ",\n " : "", json->str);
      else
        relais_command_print (self, "%.8s  %s  %s  %s  %s%s%s\n", run->id, started, name, relais_plain_run_status (status), rows, leavers, asks);
    }
  if (self->json)
    relais_command_print (self, "]\n");
  else if (runs->len == 0)
    relais_command_refuse (self, RELAIS_EXIT_SUCCESS, _("There is no run to show. An export is run in the window, or with: relais run NAME"));
}

/* Whether @self asks for one thing alone; if not, that is said. */
static gboolean
check_wish (RelaisCommand *self)
{
  guint n_wishes = (self->arguments[0] != NULL) + self->log + self->verify + (self->keep_days != NULL);

  if (n_wishes > 1)
    relais_command_refuse (self, RELAIS_EXIT_USAGE, _("Give one of a NAME, --log, --verify and --keep-days."));

  return n_wishes <= 1;
}

/* relais history [NAME | --log | --verify | --keep-days DAYS] */
void
relais_command_history (RelaisCommand *self)
{
  RelaisExport *export = NULL;

  if (!check_wish (self))
    return;
  if (self->log || self->verify || self->keep_days)
    {
      if (self->log)
        relais_command_print_log (self);
      else if (self->verify)
        relais_command_verify_log (self);
      else
        relais_command_keep_days (self);
      return;
    }
  if (self->arguments[0] && !(export = relais_command_find_export (self, self->arguments[0])))
    return;
  relais_journal_list_runs_async (relais_workspace_get_journal (self->workspace),
                                  export ? relais_export_get_id (export) : NULL, self->cancellable,
                                  history_cb, relais_command_ref (self));
}

static void
leavers_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_leavers_finish (RELAIS_JOURNAL (object), result, &error);
  Report *report = self->state;

  if (!page)
    {
      relais_command_fail (self, error);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisLeaverRecord *leaver = page->pdata[i];

      relais_command_print_leaver (self, leaver, report->n_leavers++ == 0);
      g_free (report->after_leaver);
      report->after_leaver = g_strdup (leaver->email);
    }
  if (page->len == PAGE)
    relais_journal_list_leavers_async (RELAIS_JOURNAL (object), report->run->id, report->after_leaver, PAGE,
                                       self->cancellable, leavers_cb, relais_command_ref (self));
  else if (self->json)
    relais_command_print (self, "%s", RELAIS_REPORT_JSON_END);
  else
    relais_command_print_unnamed_leavers (self, report->run, report->n_leavers);
}

static void
start_leavers (RelaisCommand *self,
               RelaisJournal *journal)
{
  if (self->json)
    relais_command_print (self, "%s", RELAIS_REPORT_JSON_LEFT);
  relais_journal_list_leavers_async (journal, ((Report *) self->state)->run->id, NULL, PAGE, self->cancellable, leavers_cb,
                                     relais_command_ref (self));
}

static void
page_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_rejections_finish (RELAIS_JOURNAL (object), result, &error);
  Report *report = self->state;

  if (!page)
    {
      relais_command_fail (self, error);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisRejection *rejection = page->pdata[i];

      if (report->after == 0 && !self->json && !self->csv)
        relais_command_print (self, "%s\n%s\n", _("Rows that were not delivered, and why:"),
                              _("Row numbers do not count the header line: below a header, row 4 is line 5 in a spreadsheet."));
      relais_command_print_row (self, rejection, report->run->id, report->after == 0);
      report->after = rejection->row;
    }
  if (page->len == PAGE)
    relais_journal_list_rejections_async (RELAIS_JOURNAL (object), report->run->id, report->after, PAGE,
                                          self->cancellable, page_cb, relais_command_ref (self));
  else
    start_leavers (self, RELAIS_JOURNAL (object));
}

static void
print_json_head (RelaisCommand *self,
                 GPtrArray     *differences)
{
  const RelaisRunRecord *run = ((Report *) self->state)->run;
  g_autoptr (GString) json = g_string_new (NULL);

  relais_report_append_json_head (json, run, find_export (self, run), differences);
  relais_command_print (self, "%s", json->str);
}

/* Beside the rows, which are for another program */
static void
print_csv_notes (RelaisCommand *self,
                 const char    *deletion)
{
  g_autofree char *verified = relais_verification_explain (&((Report *) self->state)->run->verified);

  relais_command_print_csv_head (self);
  if (verified)
    relais_command_refuse (self, RELAIS_EXIT_SUCCESS, verified);
  if (deletion)
    relais_command_refuse (self, RELAIS_EXIT_SUCCESS, deletion);
}

static void
print_plain_head (RelaisCommand *self,
                  GPtrArray     *differences,
                  const char    *deletion)
{
  const RelaisRunRecord *run = ((Report *) self->state)->run;
  g_autofree char *name = relais_plain (run->export_name);
  RelaisRunStatus status = relais_run_find_status (run, find_export (self, run));
  g_autofree char *text = relais_explain_counts (&run->counts, FALSE, relais_was_cut_short (status));
  g_autofree char *leavers = relais_explain_leavers (run);
  g_autofree char *answer = relais_run_tell_answer (run);
  g_autofree char *told = relais_run_explain (run, relais_command_find_question (self, run));
  g_autofree char *message = relais_plain (told);

  relais_command_print (self, "%s · %s\n%s%s", name, relais_plain_run_status (status), text, leavers);
  if (run->corrects)
    relais_command_print (self, "%s\n", relais_run_explain_corrected (run));
  if (answer)
    relais_command_print (self, "%s\n", answer);
  if (*message)
    relais_command_print (self, "%s\n", message);
  relais_command_print_verified (self, &run->verified, differences);
  if (deletion)
    relais_command_print (self, "%s\n", deletion);
}

static void
differences_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) differences = relais_journal_list_differences_finish (RELAIS_JOURNAL (object), result, &error);
  Report *report = self->state;
  g_autofree char *deletion = relais_rejections_explain_deletion (report->run);

  if (!differences)
    {
      relais_command_fail (self, error);
      return;
    }
  if (self->json)
    print_json_head (self, differences);
  else if (self->csv)
    print_csv_notes (self, deletion);
  else
    print_plain_head (self, differences, deletion);
  relais_journal_list_rejections_async (RELAIS_JOURNAL (object), report->run->id, 0, PAGE, self->cancellable, page_cb,
                                        relais_command_ref (self));
}

static void
start_report (RelaisCommand   *self,
              RelaisRunRecord *run)
{
  Report *report = self->state = g_new0 (Report, 1);

  self->free_state = free_report;
  report->run = relais_run_record_copy (run);
  relais_journal_list_differences_async (relais_workspace_get_journal (self->workspace), run->id, self->cancellable,
                                         differences_cb, relais_command_ref (self));
}

static void
runs_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, &error);
  RelaisExport *export = relais_workspace_find_export (self->workspace, self->arguments[0]);
  RelaisRunRecord *found = NULL;
  guint n_found = 0;

  if (!runs)
    {
      relais_command_fail (self, error);
      return;
    }
  /* The newest comes first: an export's name means its last run. */
  for (guint i = 0; i < runs->len; i++)
    {
      RelaisRunRecord *run = runs->pdata[i];

      if (export ? n_found == 0 && g_strcmp0 (run->export_id, relais_export_get_id (export)) == 0
                 : *self->arguments[0] && g_str_has_prefix (run->id, self->arguments[0]))
        {
          found = run;
          n_found++;
        }
    }
  if (n_found == 1)
    start_report (self, found);
  else
    relais_command_refuse (self, RELAIS_EXIT_USAGE,
                           n_found == 0 ? _("No run begins like that, and no export of that name has run. “relais history” shows all runs.")
                                        : _("Several runs begin like that. Give more of the run’s number."));
}

/* relais report RUN|NAME */
void
relais_command_report (RelaisCommand *self)
{
  if (relais_command_check_form (self))
    relais_journal_list_runs_async (relais_workspace_get_journal (self->workspace), NULL, self->cancellable,
                                    runs_cb, relais_command_ref (self));
}
