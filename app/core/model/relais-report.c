/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The report of a run, on its way into a file. Very many rows are never all in memory: they come from the journal in pages, and each
 * is on its way to the file before the next one is asked for. Nothing waits on the main loop. */

#include "relais-report.h"

#include "relais-journal-leavers.h"
#include "relais-journal-verifications.h"
#include "relais-report-csv.h"
#include "relais-report-json.h"

/* Rows that are in memory at a time */
#define PAGE 1000

/* What is written next */
typedef enum
{
  STEP_ROWS,
  STEP_LEAVERS,
  STEP_END,
} Step;

typedef struct
{
  RelaisJournal    *journal;       /* (owned) */
  RelaisRunRecord  *run;           /* (owned) */
  RelaisExport     *export;        /* (owned) (nullable) */
  RelaisReportForm  form;
  GFile            *file;          /* (owned) */
  GOutputStream    *stream;        /* (owned) (nullable): until the file is open */
  gboolean          is_new;        /* there was no such file */
  GString          *text;          /* (owned): on its way into the file */
  Step              step;
  guint64           after;         /* the row that was read last */
  char             *after_leaver;  /* (owned) (nullable): address that was read last */
  gboolean          any;           /* something stands in the list that is written */
  GError           *error;         /* (owned) (nullable): why it is given up */
} Save;

static void
free_save (gpointer data)
{
  Save *save = data;

  g_object_unref (save->journal);
  relais_run_record_free (save->run);
  g_clear_object (&save->export);
  g_object_unref (save->file);
  g_clear_object (&save->stream);
  g_string_free (save->text, TRUE);
  g_free (save->after_leaver);
  g_clear_error (&save->error);
  g_free (save);
}

/**
 * relais_report_append_json_head:
 * @json: to which it is appended
 * @run: of which the report is
 * @export: (nullable): its export, when there still is one
 * @differences: (element-type RelaisDifference): what reading back found
 *
 * Appends everything but the lists of rows and people.
 */
void
relais_report_append_json_head (GString               *json,
                                const RelaisRunRecord *run,
                                RelaisExport          *export,
                                GPtrArray             *differences)
{
  RelaisQuestionState question = relais_run_get_question (run, export);
  g_autofree char *message = relais_run_explain (run, question);

  relais_json_run (json, export != NULL ? relais_export_get_name (export) : NULL, &run->counts, run, relais_run_find_status (run, export),
                   question, message);
  relais_json_verified (json, &run->verified, differences);
  g_string_append (json, ", \"rejected_deleted_at\": ");
  relais_json_time (json, run->rows_deleted_at);
  g_string_append (json, ", \"rejected\": [");
}

/* Half a report is none: what stood there before stays, and where nothing did nothing is left. */

static void
deleted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);

  /* It was not there before, and why it cannot be written is told. */
  g_file_delete_finish (G_FILE (object), result, NULL);
  g_task_return_error (task, g_steal_pointer (&save->error));
}

static void
given_up_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);

  g_output_stream_close_finish (G_OUTPUT_STREAM (object), result, NULL);
  if (save->is_new)
    g_file_delete_async (save->file, G_PRIORITY_DEFAULT, NULL, deleted_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&save->error));
}

/* Takes task and error over. */
static void
fail (GTask  *taken,
      GError *taken_error)
{
  g_autoptr (GTask) task = taken;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  Save *save = g_task_get_task_data (task);

  if (save->stream == NULL)
    {
      g_task_return_error (task, taken_error);
      return;
    }
  save->error = taken_error;
  /* A file that is closed so does not take the place of the one before. */
  g_cancellable_cancel (cancelled);
  g_output_stream_close_async (save->stream, G_PRIORITY_DEFAULT, cancelled, given_up_cb, g_steal_pointer (&task));
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_close_finish (G_OUTPUT_STREAM (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    fail (g_steal_pointer (&task), error);
}

static void read_next (GTask *taken);

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    fail (g_steal_pointer (&task), error);
  else if (save->step == STEP_END)
    g_output_stream_close_async (save->stream, G_PRIORITY_DEFAULT, cancellable, closed_cb, g_steal_pointer (&task));
  else
    {
      g_string_truncate (save->text, 0);
      read_next (g_steal_pointer (&task));
    }
}

static void
write_text (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Save *save = g_task_get_task_data (task);

  g_output_stream_write_all_async (save->stream, save->text->str, save->text->len, G_PRIORITY_DEFAULT, cancellable, written_cb,
                                   g_steal_pointer (&task));
}

static void
end (Save *save)
{
  save->step = STEP_END;
  if (save->form == RELAIS_REPORT_JSON)
    g_string_append (save->text, RELAIS_REPORT_JSON_END);
}

static void
leavers_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_leavers_finish (save->journal, result, &error);

  if (page == NULL)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisLeaverRecord *leaver = g_ptr_array_index (page, i);

      if (save->form == RELAIS_REPORT_JSON)
        relais_json_leaver (save->text, leaver, !save->any);
      else
        relais_csv_leaver (save->text, leaver);
      save->any = TRUE;
      g_free (save->after_leaver);
      save->after_leaver = g_strdup (leaver->email);
    }
  if (page->len < PAGE)
    end (save);
  write_text (g_steal_pointer (&task));
}

static void
end_rows (Save *save)
{
  save->step = STEP_LEAVERS;
  save->any = FALSE;
  if (save->form == RELAIS_REPORT_JSON)
    g_string_append (save->text, RELAIS_REPORT_JSON_LEFT);
  if (save->form == RELAIS_REPORT_ROWS)
    end (save);
}

static void
rows_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_rejections_finish (save->journal, result, &error);

  if (page == NULL)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (page, i);

      if (save->form == RELAIS_REPORT_JSON)
        relais_json_rejection (save->text, rejection, !save->any);
      else
        relais_csv_rejection (save->text, rejection, save->run->id);
      save->any = TRUE;
      save->after = rejection->row;
    }
  if (page->len < PAGE)
    end_rows (save);
  write_text (g_steal_pointer (&task));
}

/* Takes the task over. */
static void
read_next (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Save *save = g_task_get_task_data (task);

  if (save->step == STEP_ROWS)
    relais_journal_list_rejections_async (save->journal, save->run->id, save->after, PAGE, cancellable, rows_cb, g_steal_pointer (&task));
  else
    relais_journal_list_leavers_async (save->journal, save->run->id, save->after_leaver, PAGE, cancellable, leavers_cb,
                                       g_steal_pointer (&task));
}

static void
differences_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) differences = relais_journal_list_differences_finish (save->journal, result, &error);

  if (differences == NULL)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }
  relais_report_append_json_head (save->text, save->run, save->export, differences);
  write_text (g_steal_pointer (&task));
}

/* Takes the task over. */
static void
begin (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Save *save = g_task_get_task_data (task);

  if (save->form == RELAIS_REPORT_JSON)
    {
      relais_journal_list_differences_async (save->journal, save->run->id, cancellable, differences_cb, g_steal_pointer (&task));
      return;
    }
  g_string_append (save->text, RELAIS_CSV_HEAD);
  write_text (g_steal_pointer (&task));
}

static void
replaced_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  GError *error = NULL;
  GFileOutputStream *stream = g_file_replace_finish (save->file, result, &error);

  if (stream == NULL)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }
  save->stream = G_OUTPUT_STREAM (stream);
  begin (g_steal_pointer (&task));
}

static void
created_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Save *save = g_task_get_task_data (task);
  GFileOutputStream *stream = g_file_create_finish (save->file, result, &error);

  if (stream != NULL)
    {
      save->is_new = TRUE;
      save->stream = G_OUTPUT_STREAM (stream);
      begin (g_steal_pointer (&task));
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    g_file_replace_async (save->file, NULL, FALSE, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT, cancellable, replaced_cb,
                          g_steal_pointer (&task));
  else
    fail (g_steal_pointer (&task), g_steal_pointer (&error));
}

/**
 * relais_report_save_async:
 * @journal: where its rows are
 * @run: of which the report is
 * @export: (nullable): its export, when there still is one
 * @form: what is saved
 * @file: where to; what is there is replaced, once everything is written
 * @cancellable: (nullable):
 * @callback: for relais_report_save_finish()
 * @user_data: for @callback
 */
void
relais_report_save_async (RelaisJournal         *journal,
                          const RelaisRunRecord *run,
                          RelaisExport          *export,
                          RelaisReportForm       form,
                          GFile                 *file,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Save *save = g_new0 (Save, 1);

  save->journal = g_object_ref (journal);
  save->run = relais_run_record_copy (run);
  g_set_object (&save->export, export);
  save->form = form;
  save->file = g_object_ref (file);
  save->text = g_string_new (NULL);
  g_task_set_source_tag (task, relais_report_save_async);
  g_task_set_task_data (task, save, free_save);
  g_file_create_async (file, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT, cancellable, created_cb, task);
}

/**
 * relais_report_save_finish:
 * @result: of relais_report_save_async()
 * @error: in G_IO_ERROR or RELAIS_ERROR
 *
 * Returns: whether it is saved; if not, nothing has changed
 */
gboolean
relais_report_save_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
