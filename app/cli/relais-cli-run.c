/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "relais-corrected-file.h"
#include "relais-format.h"
#include "relais-journal-verifications.h"
#include "relais-phase-words.h"

/* The exports still to be run, one after the other. */
typedef struct
{
  GPtrArray *exports;    /* (owned) (element-type RelaisExport) */
  guint      next;
  guint      progress;   /* source of the progress line, or 0 */
  RelaisRun *run;        /* (owned) (nullable): under way */
  RelaisRun *ended;      /* (owned) (nullable): to be printed */
  RelaisCorrections *corrections; /* (owned) (nullable): of the rows that are sent, when not the whole segment is */
} Running;

static void run_next (RelaisCommand *self);

static void
free_running (gpointer data)
{
  Running *running = data;

  g_clear_handle_id (&running->progress, g_source_remove);
  g_clear_object (&running->run);
  g_clear_object (&running->ended);
  g_clear_pointer (&running->corrections, relais_corrections_unref);
  g_ptr_array_unref (running->exports);
  g_free (running);
}

static gboolean
shows_progress (RelaisCommand *self)
{
  return !g_application_command_line_get_is_remote (self->command_line) && isatty (STDERR_FILENO);
}

/* How far it is; without a total, how many are done already. */
static void
draw_count (RelaisPhase phase,
            guint64     n_done,
            guint64     n_total)
{
  g_autofree char *done = relais_format_count (n_done);
  g_autofree char *total = relais_format_count (n_total);

  if (n_total > 0)
    /* Translators: a phase, rows done, rows in all. */
    g_printerr (_("%s: %s of %s"), relais_phase_describe (phase), done, total);
  else if (n_done > 0)
    /* Translators: a phase, and how many are done; how many there are is not known. */
    g_printerr (_("%s: %s"), relais_phase_describe (phase), done);
  else
    g_printerr ("%s", relais_phase_describe (phase));
}

static gboolean
draw_progress (gpointer data)
{
  RelaisCommand *self = data;
  Running *running = self->state;
  RelaisPhase phase = relais_run_get_phase (running->run);
  g_autofree char *waiting = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *done = relais_format_count (relais_run_get_done (running->run));
  g_autofree char *total = relais_format_count (relais_run_get_total (running->run));
  double rate = relais_run_get_rate (running->run);
  gint64 remaining = relais_run_get_remaining (running->run);

  g_object_get (running->run, "waiting-for", &waiting, NULL);
  plain = relais_plain (waiting);
  g_printerr ("\r\033[K");
  if (*plain)
    g_printerr ("%s", plain);
  else if (remaining >= 0)
    /* Translators: a phase, how many rows or people are done, how many there are, how many a second, and the seconds that are left. */
    g_printerr (_("%s: %s of %s, %.0f a second, %d s left"), relais_phase_describe (phase), done, total, rate,
                (int) MIN (remaining / G_USEC_PER_SEC, G_MAXINT));
  else
    draw_count (phase, relais_run_get_done (running->run), relais_run_get_total (running->run));
  return G_SOURCE_CONTINUE;
}

static RelaisExit
exit_for_run (const RelaisRunRecord *run)
{
  switch (run->status)
    {
    case RELAIS_RUN_SUCCESSFUL:
    case RELAIS_RUN_SKIPPED:
      return RELAIS_EXIT_SUCCESS;
    case RELAIS_RUN_COMPLETED_WITH_ERRORS:
      return RELAIS_EXIT_WITH_ERRORS;
    case RELAIS_RUN_CANCELED:
      return RELAIS_EXIT_CANCELED;
    case RELAIS_RUN_PROCESSING:
    case RELAIS_RUN_INTERRUPTED:
    case RELAIS_RUN_FAILURE:
    default:
      break;
    }
  if (run->error_code >= 0)
    {
      g_autoptr (GError) error = g_error_new_literal (RELAIS_ERROR, run->error_code, "");

      return relais_exit_for_error (error);
    }
  return RELAIS_EXIT_FAILURE;
}

/* What made a run fail is an error; whatever else there is to say belongs to its result. */
static void
print_message (RelaisCommand         *self,
               const RelaisRunRecord *record,
               RelaisQuestionState    question)
{
  g_autofree char *told = relais_run_explain (record, question);
  g_autofree char *message = relais_plain (told);

  if (*message == '\0')
    return;
  if (record->status == RELAIS_RUN_FAILURE || record->status == RELAIS_RUN_INTERRUPTED)
    g_application_command_line_printerr (self->command_line, "%s\n", message);
  else
    relais_command_print (self, "%s\n", message);
}

static void
print_way_on (RelaisCommand *self,
              RelaisExport  *export)
{
  g_autofree char *name = relais_plain (relais_export_get_name (export));
  g_autofree char *quoted = g_shell_quote (name);

  /* Translators: %s is the name of an export as a shell takes it. */
  relais_command_print (self, _("To go on from there: relais run %s\n"), quoted);
}

/* @differences: (element-type RelaisDifference): what reading back has found */
static void
print_run (RelaisCommand         *self,
           RelaisExport          *export,
           const RelaisRunRecord *record,
           GPtrArray             *differences)
{
  const RelaisRowCounts *counts = &record->counts;
  /* What it was just told is what there is to answer, also where nothing of it was written down. */
  RelaisQuestionState question = relais_run_asks (record) ? RELAIS_QUESTION_OPEN : relais_command_find_question (self, record);

  if (self->json)
    {
      g_autofree char *message = relais_run_explain (record, question);
      g_autoptr (GString) json = g_string_new (NULL);

      relais_json_run (json, relais_export_get_name (export), counts, record, record->status, question, message);
      relais_json_verified (json, &record->verified, differences);
      relais_command_print (self, "%s}\n", json->str);
    }
  else
    {
      g_autofree char *name = relais_plain (relais_export_get_name (export));
      g_autofree char *text = relais_explain_counts (counts, FALSE, relais_was_cut_short (record->status));
      g_autofree char *leavers = relais_explain_leavers (record);
      g_autofree char *answer = relais_run_tell_answer (record);

      relais_command_print (self, "%s · %s\n%s%s", name, relais_plain_run_status (record->status), text, leavers);
      if (record->corrects)
        relais_command_print (self, "%s\n", relais_run_explain_corrected (record));
      if (answer)
        relais_command_print (self, "%s\n", answer);
      print_message (self, record, question);
      relais_command_print_verified (self, &record->verified, NULL);
      /* A question names the two ways on. */
      if (relais_was_cut_short (record->status) && record->id != NULL && record->error_code != RELAIS_ERROR_QUESTION)
        print_way_on (self, export);
      if (record->verified.different > 0)
        /* Translators: %.8s is the beginning of a run's number. */
        relais_command_print (self, _("Each of them, and what differs: relais report %.8s\n"), record->id);
      if (counts->by_state[RELAIS_ROW_DELIVERED] + counts->by_state[RELAIS_ROW_UNCHANGED] < counts->read)
        /* Translators: %.8s is the beginning of a run's number. */
        relais_command_print (self, _("Each row that was not delivered, with its reason: relais report %.8s\n"), record->id);
    }
  relais_command_end (self, exit_for_run (record));
}

/* A run that could not begin is told like any other: whoever asked for several learns what became of each. */
static void
print_refusal (RelaisCommand *self,
               RelaisExport  *export,
               const GError  *error)
{
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  record->status = cancelled ? RELAIS_RUN_CANCELED : RELAIS_RUN_FAILURE;
  record->error_code = error->domain == RELAIS_ERROR ? error->code : -1;
  record->message = cancelled ? NULL : g_strdup (error->message);
  if (relais_run_asks (record) && relais_export_get_last_run (export) != NULL)
    relais_run_notes_copy (&record->notes, &relais_run_get_record (relais_export_get_last_run (export))->notes);
  print_run (self, export, record, none);
}

/* What differs is told with the run; where the journal cannot tell it any more, the counts are. */
static void
differences_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) differences = relais_journal_list_differences_finish (RELAIS_JOURNAL (object), result, NULL);
  Running *running = self->state;
  g_autoptr (RelaisRun) ended = g_steal_pointer (&running->ended);

  print_run (self, running->exports->pdata[running->next - 1], relais_run_get_record (ended), differences ? differences : none);
  run_next (self);
}

static void
ran_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  Running *running = self->state;

  if (running->progress != 0)
    g_printerr ("\r\033[K");
  g_clear_handle_id (&running->progress, g_source_remove);
  g_clear_object (&running->run);
  running->ended = relais_delivery_run_finish (RELAIS_DELIVERY (object), result, &error);
  if (running->ended)
    {
      relais_journal_list_differences_async (relais_workspace_get_journal (self->workspace), relais_run_get_id (running->ended),
                                             NULL, differences_cb, relais_command_ref (self));
      return;
    }
  print_refusal (self, running->exports->pdata[running->next - 1], error);
  run_next (self);
}

static void
run_next (RelaisCommand *self)
{
  Running *running = self->state;
  RelaisRunOptions options = {
    .trigger = RELAIS_TRIGGER_COMMAND_LINE, .again = self->again, .allow_repeats = self->allow_repeats,
    .leavers = self->allow_leavers ? RELAIS_ANSWER_TAKE_OFF : self->keep_leavers ? RELAIS_ANSWER_KEEP : RELAIS_ANSWER_ASK,
    .corrections = running->corrections,
  };
  g_autoptr (RelaisRun) run = NULL;

  if (running->next == running->exports->len || g_cancellable_is_cancelled (self->cancellable))
    return;
  run = relais_delivery_run_async (self->delivery, running->exports->pdata[running->next++], &options,
                                   self->cancellable, ran_cb, relais_command_ref (self));
  if (run && shows_progress (self))
    {
      running->run = g_object_ref (run);
      running->progress = g_timeout_add (200, draw_progress, self);
    }
}

/* With --all, what the person's role does not allow is left out, and that is said. */
static void
add_all (RelaisCommand *self,
         GPtrArray     *exports)
{
  GListModel *model = relais_workspace_get_exports (self->workspace);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (model, i);
      g_autoptr (GError) error = NULL;
      g_autofree char *sentence = NULL;

      if (relais_workspace_check_right (self->workspace, RELAIS_ACTION_RUN_EXPORTS, relais_export_get_connection (export), &error))
        {
          g_ptr_array_add (exports, g_steal_pointer (&export));
          continue;
        }
      /* Translators: the first %s is the name of an export, the second a sentence that says why it does not run. */
      sentence = g_strdup_printf (_("“%s” is left out. %s"), relais_export_get_name (export), error->message);
      relais_command_refuse (self, RELAIS_EXIT_SUCCESS, sentence);
    }
  if (n > 0 && exports->len == 0)
    relais_command_end (self, RELAIS_EXIT_IN_THE_WAY);
}

static void
corrected_read_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  Running *running = self->state;
  RelaisExport *export = running->exports->pdata[0];
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisCorrectedFile) corrected = relais_corrected_file_read_finish (result, &error);
  g_autofree char *sentence = corrected ? relais_corrected_file_describe (corrected) : NULL;

  if (!corrected)
    {
      relais_command_fail (self, error);
      return;
    }
  if (!g_str_equal (corrected->run->export_id, relais_export_get_id (export)))
    {
      /* Translators: both %s are names of exports. */
      g_autofree char *refusal = g_strdup_printf (_("These rows are of a run of “%s”, not of “%s”. Nothing was sent."),
                                                  corrected->run->export_name, relais_export_get_name (export));

      relais_command_refuse (self, RELAIS_EXIT_USAGE, refusal);
      return;
    }
  /* Beside the summary, which may be for another program */
  relais_command_refuse (self, RELAIS_EXIT_SUCCESS, sentence);
  if (relais_corrections_get_n_rows (corrected->corrections) == 0)
    return;
  running->corrections = relais_corrections_ref (corrected->corrections);
  run_next (self);
}

static void
read_corrected (RelaisCommand *self)
{
  Running *running = self->state;
  g_autoptr (GFile) file = NULL;

  if (running->exports->len != 1 || self->all || self->again)
    {
      relais_command_refuse (self, RELAIS_EXIT_USAGE, _("Give --corrected with one NAME, and without --all and --again: the file is of one run of one export."));
      return;
    }
  file = g_application_command_line_create_file_for_arg (self->command_line, self->corrected);
  relais_corrected_file_read_async (relais_workspace_get_journal (self->workspace), file, self->cancellable, corrected_read_cb,
                                    relais_command_ref (self));
}

/* relais run NAME… | --all: every name is looked up before the first run begins. */
void
relais_command_run (RelaisCommand *self)
{
  Running *running = self->state = g_new0 (Running, 1);

  self->free_state = free_running;
  running->exports = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->all == (self->arguments[0] != NULL))
    {
      relais_command_refuse (self, RELAIS_EXIT_USAGE, _("Name the exports to run, or give --all alone."));
      return;
    }
  if (self->allow_leavers && self->keep_leavers)
    {
      relais_command_refuse (self, RELAIS_EXIT_USAGE, _("Give one of --allow-leavers and --keep-leavers: people who left the segment are taken off the list, or stay on it."));
      return;
    }
  if (self->all)
    add_all (self, running->exports);
  for (guint i = 0; self->arguments[i]; i++)
    {
      RelaisExport *export = relais_command_find_export (self, self->arguments[i]);

      if (!export)
        return;
      g_ptr_array_add (running->exports, g_object_ref (export));
    }
  if (self->corrected != NULL)
    read_corrected (self);
  else
    run_next (self);
}

static void
previewed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rejections = NULL;
  g_autofree char *message = NULL;
  RelaisRowCounts counts = { 0 };
  RelaisLeaversCounts leavers;
  gboolean leavers_known;

  if (shows_progress (self))
    g_printerr ("\r\033[K");
  if (!relais_delivery_preview_finish (RELAIS_DELIVERY (object), result, &counts, &rejections, &message, &error))
    {
      relais_command_fail (self, error);
      return;
    }
  leavers_known = relais_delivery_preview_get_leavers (RELAIS_DELIVERY (object), result, &leavers);
  if (self->json)
    {
      g_autoptr (GString) json = g_string_new (NULL);

      relais_json_run (json, relais_export_get_name (self->state), &counts, NULL, 0, RELAIS_QUESTION_NONE, message);
      relais_json_foreseen_leavers (json, leavers_known ? &leavers : NULL);
      relais_command_print (self, "%s}\n", json->str);
    }
  else if (self->csv)
    {
      /* Beside the rows, which are for another program */
      if (message != NULL)
        relais_command_refuse (self, RELAIS_EXIT_SUCCESS, message);
      relais_command_print_preview_rows (self, relais_export_get_name (self->state), &counts, rejections);
    }
  else
    {
      g_autofree char *text = relais_explain_counts (&counts, TRUE, FALSE);
      g_autofree char *people = relais_explain_foreseen_leavers (&leavers);
      g_autofree char *plain = relais_plain (message);

      relais_command_print (self, "%s%s", text, people);
      relais_command_print_preview_rows (self, relais_export_get_name (self->state), &counts, rejections);
      relais_command_print (self, "%s%s%s\n", plain, *plain ? "\n" : "", _("Nothing has been sent."));
    }
}

static void
draw_preview_progress (guint64  done,
                       guint64  total,
                       gpointer user_data)
{
  g_printerr ("\r\033[K");
  draw_count (RELAIS_PHASE_GUARDING, done, total);
}

/* relais preview NAME */
void
relais_command_preview (RelaisCommand *self)
{
  RelaisExport *export = relais_command_find_export (self, self->arguments[0]);

  if (!export || !relais_command_check_form (self))
    return;
  self->state = g_object_ref (export);
  self->free_state = g_object_unref;
  relais_delivery_preview_async (self->delivery, export, self->offline, self->cancellable,
                                 shows_progress (self) ? draw_preview_progress : NULL, NULL, previewed_cb,
                                 relais_command_ref (self));
}
