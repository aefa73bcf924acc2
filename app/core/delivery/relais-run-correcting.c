/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run that sends rejected rows once more, as a person has corrected them, and no others. The numbers of these rows mean something
 * in the very file that they were read from, with the very settings: whatever else has changed, nothing is sent. In the order the steps
 * happen, from the bottom up. */

#include "relais-run-job-private.h"

#include "relais-error.h"
#include "relais-journal-corrections.h"
#include "relais-rejections.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REJECTIONS_A_TIME 5000

/* What is looked for in the report */
typedef struct
{
  RelaisRunRecord *corrected;  /* (owned): the run whose rows they are */
  guint            n_found;    /* of the rows */
  guint64          after_row;
} Looking;

static void
free_looking (gpointer data)
{
  Looking *looking = data;

  relais_run_record_free (looking->corrected);
  g_free (looking);
}

static Looking *
get_looking (GTask *task)
{
  return g_object_get_data (G_OBJECT (task), "looking");
}

/* Cells that were corrected before in a row that still was not delivered, and are not corrected again */
static void
merge (RelaisRunJob      *job,
       RelaisCorrections *before)
{
  GPtrArray *all = relais_corrections_get_all (before);
  g_autoptr (RelaisCorrections) given = g_steal_pointer (&job->corrections);
  GPtrArray *wanted = relais_corrections_get_all (given);

  job->corrections = relais_corrections_new (relais_corrections_get_run_id (given));
  for (guint i = 0; i < all->len; i++)
    {
      const RelaisCorrection *correction = g_ptr_array_index (all, i);

      if (relais_corrections_has_row (given, correction->row))
        relais_corrections_set (job->corrections, correction->row, correction->column, correction->value);
    }
  for (guint i = 0; i < wanted->len; i++)
    {
      const RelaisCorrection *correction = g_ptr_array_index (wanted, i);

      relais_corrections_set (job->corrections, correction->row, correction->column, correction->value);
    }
}

static void
before_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (RelaisCorrections) before = relais_journal_list_corrections_finish (RELAIS_JOURNAL (object), result, &error);

  if (before == NULL)
    {
      relais_run_job_give_up (task, error);
      return;
    }
  merge (relais_run_job_get (task), before);
  relais_run_job_start_corrected (task, get_looking (task)->corrected->id);
}

static void list_rejections (GTask *task);

/* Returns: whether nothing else is corrected than what was the reason, or the address */
static gboolean
is_correctable (RelaisCorrections     *corrections,
                const RelaisRejection *rejection)
{
  GPtrArray *all = relais_corrections_get_all (corrections);
  const char *column;

  if (!relais_rejection_find_correctable (rejection, &column))
    return FALSE;
  for (guint i = relais_corrections_find_row (corrections, rejection->row); i < all->len; i++)
    {
      const RelaisCorrection *correction = g_ptr_array_index (all, i);

      if (correction->row != rejection->row)
        break;
      if (*correction->column != '\0' && strcmp (correction->column, column) != 0)
        return FALSE;
    }

  return TRUE;
}

static void
rejections_listed_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  Looking *looking = get_looking (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) page = relais_journal_list_rejections_finish (RELAIS_JOURNAL (object), result, &error);

  for (guint i = 0; page != NULL && i < page->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (page, i);

      looking->n_found += relais_corrections_has_row (job->corrections, rejection->row) && is_correctable (job->corrections, rejection);
      looking->after_row = rejection->row;
    }
  if (page == NULL)
    relais_run_job_give_up (task, error);
  else if (page->len == REJECTIONS_A_TIME)
    list_rejections (task);
  else if (looking->n_found < relais_corrections_get_n_rows (job->corrections))
    relais_run_job_give_up (task, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_UNKNOWN,
                                                       _("Some of these rows are not among those of the report that can be corrected, or the report is not kept any more. Nothing was sent.")));
  else
    relais_journal_list_corrections_async (job->journal, looking->corrected->id, NULL, before_listed_cb, task);
}

static void
list_rejections (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  const Looking *looking = get_looking (task);

  relais_journal_list_rejections_async (job->journal, looking->corrected->id, looking->after_row, REJECTIONS_A_TIME, NULL,
                                        rejections_listed_cb, task);
}

static gboolean
came_to_its_end (const RelaisRunRecord *run)
{
  return run->status == RELAIS_RUN_SUCCESSFUL || run->status == RELAIS_RUN_COMPLETED_WITH_ERRORS;
}

/* Returns: (transfer none) (nullable): the run whose rows were corrected, when they can be sent */
static const RelaisRunRecord *
find_corrected (RelaisRunJob  *job,
                GPtrArray     *runs,
                GError       **error)
{
  const char *id = relais_corrections_get_run_id (job->corrections);
  const RelaisRunRecord *found = NULL, *last = NULL;

  for (guint i = 0; i < runs->len; i++)
    {
      const RelaisRunRecord *run = g_ptr_array_index (runs, i);

      if (last == NULL && run->segment_digest != NULL)
        last = run;
      if (strcmp (run->id, id) == 0)
        found = run;
    }
  if (found == NULL)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN,
                   /* Translators: %s is the name of an export. */
                   _("Relais knows of no run of “%s” that these rows are of: its history may have been erased. Nothing was sent."),
                   relais_export_get_name (job->export));
      return NULL;
    }
  if (!came_to_its_end (last != NULL ? last : found) || !came_to_its_end (found))
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY,
                   /* Translators: %s is the name of an export. */
                   _("The last run of “%s” has not come to its end. Run it first: corrected rows can be sent then."),
                   relais_export_get_name (job->export));
      return NULL;
    }
  if (g_strcmp0 (found->segment_digest, job->digest) != 0)
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                   /* Translators: %s is the name of an export. */
                   _("The file of “%s” or its settings have changed since the run whose rows were corrected, so these rows may be other people’s now. Nothing was sent. Correct the rows in the file itself, and run the export."),
                   relais_export_get_name (job->export));
      return NULL;
    }

  return found;
}

static void
runs_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, &error);
  const RelaisRunRecord *corrected = runs != NULL ? find_corrected (relais_run_job_get (task), runs, &error) : NULL;
  Looking *looking;

  if (corrected == NULL)
    {
      relais_run_job_give_up (task, error);
      return;
    }
  looking = g_new0 (Looking, 1);
  looking->corrected = relais_run_record_copy (corrected);
  g_object_set_data_full (G_OBJECT (task), "looking", looking, free_looking);
  list_rejections (task);
}

/**
 * relais_run_job_correct:
 * @task: of a run that is to send corrected rows, and knows what its segment is
 *
 * Finds out whether these are still the rows that were corrected, and begins.
 */
void
relais_run_job_correct (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  relais_journal_list_runs_async (job->journal, relais_export_get_id (job->export), NULL, runs_listed_cb, task);
}

/* A run that goes on */

static void
recalled_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;
  g_autoptr (RelaisCorrections) corrections = relais_journal_list_corrections_finish (RELAIS_JOURNAL (object), result, &error);

  /* They are kept for a limited time: without them the whole segment is sent. */
  if (corrections != NULL && relais_corrections_get_n_rows (corrections) > 0)
    job->corrections = g_steal_pointer (&corrections);
  if (error != NULL)
    relais_run_job_give_up (task, error);
  else
    job->recalled (task);
}

/**
 * relais_run_job_recall_corrections:
 * @task: of a run that goes on, and sent corrected rows
 * @step: what is done then
 */
void
relais_run_job_recall_corrections (GTask         *task,
                                   RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->recalled = step;
  relais_journal_list_corrections_async (job->journal, job->record->id, NULL, recalled_cb, task);
}

/* Other runs of the export */

static void
corrected_read_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  GError *error = NULL;

  job->corrected = relais_journal_read_corrected_finish (RELAIS_JOURNAL (object), result, &error);
  if (error != NULL)
    relais_run_job_give_up (task, error);
  else
    job->recalled (task);
}

/**
 * relais_run_job_know_corrected:
 * @task: of a run
 * @step: what is done then
 *
 * Finds out who was sent in place of an address of the segment, where somebody may be taken off the list for not being in it.
 */
void
relais_run_job_know_corrected (GTask         *task,
                               RelaisRunStep  step)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->definition->leavers != RELAIS_LEAVERS_REMOVE || job->corrections != NULL)
    {
      step (task);
      return;
    }
  job->recalled = step;
  relais_journal_read_corrected_async (job->journal, relais_export_get_id (job->export), relais_hash_key_check (&job->hash_key), NULL,
                                       corrected_read_cb, task);
}

/**
 * relais_run_job_note_corrected:
 * @task: of a run that sends corrected rows
 * @people: (element-type RelaisCorrectedPerson): who is sent in place of which address
 *
 * It is on disk before any of them leaves: the journal does what it is asked in that order.
 */
void
relais_run_job_note_corrected (GTask  *task,
                               GArray *people)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_writing++;
  relais_journal_add_corrected_async (job->journal, relais_export_get_id (job->export), relais_hash_key_check (&job->hash_key), people, NULL,
                                      relais_run_job_written_cb, g_object_ref (task));
}
