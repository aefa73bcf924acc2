/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A report that was saved for a spreadsheet comes back corrected. The spreadsheet may have changed the delimiter, the encoding and the
 * order of the rows; of the columns only those are heeded that a person corrects, and the numbers. */

#include "relais-corrected-file.h"

#include "relais-error.h"
#include "relais-format.h"
#include "relais-rejections.h"
#include "relais-report-csv.h"
#include "relais-segment-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGE 5000

/* More than this many rows nobody corrects by hand; what was changed nowhere is among them. */
#define MAX_ROWS 1000000

typedef enum
{
  COLUMN_ROW,
  COLUMN_EMAIL,
  COLUMN_VALUE,
  COLUMN_RUN,
} Column;

static const char * const column_names[] = { "row", "email", "value", "run" };

/* One line of the file */
typedef struct
{
  char *email;   /* (owned): as it stands there */
  char *value;   /* (owned) */
} Line;

static void
free_line (gpointer data)
{
  Line *line = data;

  g_free (line->email);
  g_free (line->value);
  g_free (line);
}

/* What the file holds */
typedef struct
{
  char       *run_id;  /* (owned) (nullable): until a line names it */
  GHashTable *lines;   /* (owned) (element-type guint64 Line): by row */
} Content;

static void
free_content (gpointer data)
{
  Content *content = data;

  g_free (content->run_id);
  g_hash_table_unref (content->lines);
  g_free (content);
}

/* Reading the file, in a thread */

static int
find_column (const char * const *columns,
             Column              column)
{
  for (int i = 0; columns[i] != NULL; i++)
    if (g_ascii_strcasecmp (columns[i], column_names[column]) == 0)
      return i;

  return -1;
}

/* Every column of a report is there: what else has them all is none by chance. */
static gboolean
has_columns (const char * const *columns)
{
  g_auto (GStrv) names = g_strsplit (RELAIS_CSV_HEAD, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean found = FALSE;

      g_strchomp (names[i]);
      for (guint j = 0; columns[j] != NULL && !found; j++)
        found = g_ascii_strcasecmp (columns[j], names[i]) == 0;
      if (!found)
        return FALSE;
    }

  return TRUE;
}

static RelaisSegmentReader *
open_reader (GFile         *file,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (RelaisSegmentFormat) format = relais_segment_format_new ();
  g_autoptr (RelaisSegmentReader) reader = NULL;

  format->quote = '"';
  format->header = RELAIS_HEADER_YES;
  reader = relais_segment_reader_new (file, format);
  if (!relais_segment_reader_open (reader, cancellable, error))
    return NULL;
  if (!has_columns (relais_segment_reader_get_columns (reader)))
    {
      g_autofree char *path = g_file_get_path (file);
      g_autofree char *name = g_filename_display_basename (path != NULL ? path : "");

      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT,
                   /* Translators: %s is the name of a file. */
                   _("“%s” is not a file of rejected rows as Relais saves them: its columns are others."), name);
      return NULL;
    }

  return g_steal_pointer (&reader);
}

static RelaisText
get_cell (const RelaisSegmentRow *row,
          const int               places[],
          Column                  column)
{
  return row->cells[places[column]];
}

static gboolean
refuse_mixed (GError **error)
{
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT,
                       _("The rows of this file are of several runs, or it is not said of which. Correct the rows of one run at a time."));

  return FALSE;
}

/* People who left the segment are in no row. */
static gboolean
take_line (Content                 *content,
           const RelaisSegmentRow  *row,
           const int                places[],
           GError                 **error)
{
  RelaisText number = relais_text_trim (get_cell (row, places, COLUMN_ROW));
  RelaisText run = relais_text_trim (get_cell (row, places, COLUMN_RUN));
  g_autofree char *digits = g_strndup (number.length > 0 ? number.data : "", number.length);
  g_autofree char *run_id = g_strndup (run.length > 0 ? run.data : "", run.length);
  RelaisText email = get_cell (row, places, COLUMN_EMAIL), value = get_cell (row, places, COLUMN_VALUE);
  guint64 key;
  Line *line;

  if (*digits == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT32, &key, NULL))
    {
      g_autofree char *place = relais_format_count (row->line);

      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT,
                   /* Translators: the first %s is the number of a line in a file, the second what stands in it. */
                   _("In line %s of the file, “%s” is not the number of a row. Correct the addresses and the values, and leave the numbers as they are."),
                   place, digits);
      return FALSE;
    }
  if (*run_id == '\0' || (content->run_id != NULL && strcmp (content->run_id, run_id) != 0) ||
      g_hash_table_size (content->lines) >= MAX_ROWS)
    return refuse_mixed (error);
  if (content->run_id == NULL)
    content->run_id = g_steal_pointer (&run_id);

  line = g_new0 (Line, 1);
  line->email = g_strndup (email.length > 0 ? email.data : "", email.length);
  line->value = relais_csv_read_cell (relais_text_trim (value));
  g_hash_table_insert (content->lines, g_memdup2 (&key, sizeof key), line);

  return TRUE;
}

static Content *
read_content (GFile         *file,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr (RelaisSegmentReader) reader = open_reader (file, cancellable, error);
  Content *content;
  const RelaisSegmentRow *row;
  int places[G_N_ELEMENTS (column_names)];
  GError *reading = NULL;

  if (reader == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (column_names); i++)
    places[i] = find_column (relais_segment_reader_get_columns (reader), i);
  content = g_new0 (Content, 1);
  content->lines = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_line);
  while ((row = relais_segment_reader_next (reader, cancellable, &reading)) != NULL)
    if (!take_line (content, row, places, &reading))
      break;
  if (reading == NULL && content->run_id == NULL)
    g_set_error_literal (&reading, RELAIS_ERROR, RELAIS_ERROR_FORMAT, _("There are no rows in this file."));
  if (reading == NULL)
    return content;
  free_content (content);
  g_propagate_error (error, reading);

  return NULL;
}

static void
recognize_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  g_autoptr (RelaisSegmentReader) reader = open_reader (task_data, cancellable, NULL);

  g_task_return_boolean (task, reader != NULL);
}

/**
 * relais_corrected_file_recognize_async:
 * @file: any file
 * @cancellable: (nullable):
 * @callback: for relais_corrected_file_recognize_finish()
 * @user_data: for @callback
 *
 * Finds out whether it is a saved report, or something else, such as a segment.
 */
void
relais_corrected_file_recognize_async (GFile               *file,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_corrected_file_recognize_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, recognize_thread);
}

/**
 * relais_corrected_file_recognize_finish:
 * @result: of relais_corrected_file_recognize_async()
 *
 * Returns: whether it is a saved report
 */
gboolean
relais_corrected_file_recognize_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

/* Comparing it with the report */

typedef struct
{
  RelaisJournal       *journal;    /* (owned) */
  GFile               *file;       /* (owned) */
  Content             *content;    /* (owned) (nullable) */
  RelaisCorrectedFile *corrected;  /* (owned) (nullable) */
  guint64              after;      /* row of the report that was compared last */
  guint                n_found;    /* rows of the file that are in the report */
} Reading;

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->journal);
  g_object_unref (reading->file);
  g_clear_pointer (&reading->content, free_content);
  g_clear_pointer (&reading->corrected, relais_corrected_file_free);
  g_free (reading);
}

static gboolean
is_same_address (const Line            *line,
                 const RelaisRejection *rejection,
                 char                 **corrected)
{
  *corrected = relais_csv_read_cell ((RelaisText) { line->email, strlen (line->email) });

  return strcmp (line->email, rejection->email) == 0 || strcmp (*corrected, rejection->email) == 0;
}

static void
compare (Reading               *reading,
         const Line            *line,
         const RelaisRejection *rejection)
{
  RelaisCorrectedFile *corrected = reading->corrected;
  g_autofree char *address = NULL;
  gboolean same = is_same_address (line, rejection, &address);
  const char *column;
  gboolean correctable = relais_rejection_find_correctable (rejection, &column);
  gboolean valued = *line->value != '\0' && *column != '\0';

  reading->n_found++;
  if (rejection->state == RELAIS_ROW_BARRED)
    corrected->n_barred++;
  else if (same && !valued)
    corrected->n_same++;
  else if (!correctable)
    corrected->n_others++;
  else
    {
      if (!same)
        relais_corrections_set (corrected->corrections, rejection->row, "", address);
      if (valued)
        relais_corrections_set (corrected->corrections, rejection->row, column, line->value);
    }
}

static void list_rejections (GTask *taken);

static void
rejections_listed_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_rejections_finish (RELAIS_JOURNAL (object), result, &error);

  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (page, i);
      const Line *line = g_hash_table_lookup (reading->content->lines, &rejection->row);

      if (line != NULL)
        compare (reading, line, rejection);
      reading->after = rejection->row;
    }
  if (page->len == PAGE)
    {
      list_rejections (g_steal_pointer (&task));
      return;
    }
  reading->corrected->n_unknown = g_hash_table_size (reading->content->lines) - reading->n_found;
  g_task_return_pointer (task, g_steal_pointer (&reading->corrected), (GDestroyNotify) relais_corrected_file_free);
}

/* Takes the task over. */
static void
list_rejections (GTask *taken)
{
  g_autoptr (GTask) task = taken;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Reading *reading = g_task_get_task_data (task);

  relais_journal_list_rejections_async (reading->journal, reading->corrected->run->id, reading->after, PAGE, cancellable,
                                        rejections_listed_cb, g_steal_pointer (&task));
}

static void
runs_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, &error);
  const RelaisRunRecord *run = NULL;
  g_autofree char *deletion = NULL;

  for (guint i = 0; runs != NULL && i < runs->len && run == NULL; i++)
    if (strcmp (((const RelaisRunRecord *) g_ptr_array_index (runs, i))->id, reading->content->run_id) == 0)
      run = g_ptr_array_index (runs, i);
  deletion = run != NULL ? relais_rejections_explain_deletion (run) : NULL;
  if (runs == NULL)
    g_task_return_error (task, error);
  else if (run == NULL)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN,
                             _("Relais does not know the run that these rows are of. Its export was removed, its history was erased, or it ran on another computer. Nothing was sent."));
  else if (deletion != NULL)
    g_task_return_new_error (task, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN, "%s", deletion);
  else
    {
      reading->corrected = g_new0 (RelaisCorrectedFile, 1);
      reading->corrected->run = relais_run_record_copy (run);
      reading->corrected->corrections = relais_corrections_new (run->id);
      list_rejections (g_steal_pointer (&task));
    }
}

static void
content_read_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;

  reading->content = g_task_propagate_pointer (G_TASK (result), &error);
  if (reading->content == NULL)
    g_task_return_error (task, error);
  else
    relais_journal_list_runs_async (reading->journal, NULL, cancellable, runs_listed_cb, g_steal_pointer (&task));
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  Content *content = read_content (task_data, cancellable, &error);

  if (content != NULL)
    g_task_return_pointer (task, content, free_content);
  else
    g_task_return_error (task, error);
}

/**
 * relais_corrected_file_read_async:
 * @journal: where the reports are
 * @file: a saved report
 * @cancellable: (nullable):
 * @callback: for relais_corrected_file_read_finish()
 * @user_data: for @callback
 *
 * Finds out of which run its rows are, and what in them is different from what that run found.
 */
void
relais_corrected_file_read_async (RelaisJournal       *journal,
                                  GFile               *file,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (file, cancellable, callback, user_data);
  g_autoptr (GTask) thread_task = g_task_new (file, cancellable, content_read_cb, task);
  Reading *reading = g_new0 (Reading, 1);

  reading->journal = g_object_ref (journal);
  reading->file = g_object_ref (file);
  g_task_set_source_tag (task, relais_corrected_file_read_async);
  g_task_set_task_data (task, reading, free_reading);
  g_task_set_source_tag (thread_task, relais_corrected_file_read_async);
  g_task_set_task_data (thread_task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (thread_task, read_thread);
}

/**
 * relais_corrected_file_read_finish:
 * @result: of relais_corrected_file_read_async()
 * @error: RELAIS_ERROR_FORMAT when it is no saved report, RELAIS_ERROR_UNKNOWN when its run or its rows are not known any more
 *
 * Returns: (transfer full) (nullable): what it holds
 */
RelaisCorrectedFile *
relais_corrected_file_read_finish (GAsyncResult  *result,
                                   GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * relais_corrected_file_free:
 * @self: (transfer full) (nullable):
 */
void
relais_corrected_file_free (RelaisCorrectedFile *self)
{
  if (self == NULL)
    return;

  relais_run_record_free (self->run);
  relais_corrections_unref (self->corrections);
  g_free (self);
}

/* @taken: (transfer full): a whole sentence */
static void
add_sentence (GString *text,
              char    *taken)
{
  g_autofree char *sentence = taken;

  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
}

/**
 * relais_corrected_file_describe:
 * @self: what a saved report holds
 *
 * Returns: (transfer full): how many rows of it are sent, and how many are not, and why: in whole sentences
 */
char *
relais_corrected_file_describe (RelaisCorrectedFile *self)
{
  guint n = relais_corrections_get_n_rows (self->corrections);
  g_autofree char *corrected = relais_format_count (n);
  g_autofree char *same = relais_format_count (self->n_same);
  g_autofree char *barred = relais_format_count (self->n_barred);
  g_autofree char *others = relais_format_count (self->n_others);
  g_autofree char *unknown = relais_format_count (self->n_unknown);
  g_autoptr (GString) text = g_string_new (NULL);

  if (n > 0)
    /* Translators: %s counts rows that a person has corrected in a file. */
    add_sentence (text, g_strdup_printf (ngettext ("%s row has been corrected.", "%s rows have been corrected.", n), corrected));
  else
    add_sentence (text, g_strdup (_("Nothing has been corrected in this file.")));
  if (self->n_same > 0)
    /* Translators: %s counts rows. */
    add_sentence (text, g_strdup_printf (ngettext ("%s row is as it was, and stays out.", "%s rows are as they were, and stay out.", self->n_same), same));
  if (self->n_barred > 0)
    /* Translators: %s counts rows. */
    add_sentence (text, g_strdup_printf (ngettext ("%s row is of somebody who may not be mailed, and stays out.",
                                                   "%s rows are of people who may not be mailed, and stay out.", self->n_barred), barred));
  if (self->n_others > 0)
    /* Translators: %s counts rows. */
    add_sentence (text, g_strdup_printf (ngettext ("%s row was not refused for what stands in it, or cannot be corrected here, and stays out.",
                                                   "%s rows were not refused for what stands in them, or cannot be corrected here, and stay out.", self->n_others), others));
  if (self->n_unknown > 0)
    /* Translators: %s counts rows. */
    add_sentence (text, g_strdup_printf (ngettext ("%s row is not among those that the run did not deliver, and stays out.",
                                                   "%s rows are not among those that the run did not deliver, and stay out.", self->n_unknown), unknown));

  return g_string_free (g_steal_pointer (&text), FALSE);
}
