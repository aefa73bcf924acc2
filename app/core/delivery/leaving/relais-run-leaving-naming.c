/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who left the segment is named in the report of the run: the address as the list has it, and what became of them. Nobody is
 * named whom the run has not seen on the list. */

#include "relais-run-leaving-private.h"

#include "relais-journal-leavers.h"

#define MANY 5000  /* people in memory once more, on their way into the journal */

static RelaisFate
find_fate_of_kept (const RelaisLeaving *self,
                   const RelaisLeaver  *leaver)
{
  if (leaver->shared)
    return RELAIS_FATE_SHARED;
  if (leaver->joined)
    return RELAIS_FATE_JOINED;
  if (leaver->untimed)
    return RELAIS_FATE_UNTIMED;
  if (self->as_asked)
    return RELAIS_FATE_ASKED;

  return leaver->email != NULL && leaver->since == 0 ? RELAIS_FATE_UNDATED : RELAIS_FATE_KEPT;
}

static RelaisFate
find_fate (const RelaisLeaving *self,
           const RelaisLeaver  *leaver)
{
  switch (leaver->state)
    {
    case RELAIS_LEAVER_OFF:
      return leaver->left_as != NULL ? RELAIS_FATE_TAKEN_OFF : RELAIS_FATE_TAKEN_OFF_FOR_GOOD;
    case RELAIS_LEAVER_OWN_WILL:
      return RELAIS_FATE_LEFT_THEMSELVES;
    case RELAIS_LEAVER_GONE:
      return RELAIS_FATE_OFF_UNCLEAR;
    case RELAIS_LEAVER_REFUSED:
      return RELAIS_FATE_REFUSED;
    case RELAIS_LEAVER_UNDER_WAY:
    case RELAIS_LEAVER_FAILED:
    case RELAIS_LEAVER_SENT:
    case RELAIS_LEAVER_UNSURE:
    case RELAIS_LEAVER_DOUBTED:
    case RELAIS_LEAVER_UNSHOWN:
      return RELAIS_FATE_IN_DOUBT;
    case RELAIS_LEAVER_SOUGHT:
    case RELAIS_LEAVER_ACTIVE:
    case RELAIS_LEAVER_KEPT:
    case RELAIS_N_LEAVER_STATES:
    default:
      return find_fate_of_kept (self, leaver);
    }
}

/*
 * relais_run_leaving_name_intent:
 * @parcel: a parcel of people who are to be taken off
 *
 * Names them before their import leaves: should the run be killed, somebody else may find them off the list.
 */
void
relais_run_leaving_name_intent (RelaisParcel *parcel)
{
  RelaisRunJob *job = relais_run_job_get (parcel->task);
  g_autoptr (GPtrArray) leavers = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_leaver_record_free);

  for (guint i = 0; i < relais_prepared_batch_get_n_contacts (parcel->batch); i++)
    {
      const RelaisLeaver *leaver = g_ptr_array_index (job->leaving->people, relais_prepared_batch_get_contact (parcel->batch, i)->row);

      g_ptr_array_add (leavers, relais_leaver_record_new (leaver->profile, leaver->email, RELAIS_FATE_IN_DOUBT));
    }
  job->n_writing++;
  relais_journal_name_leavers_async (job->journal, job->record->id, leavers, NULL, relais_run_job_written_cb, g_object_ref (parcel->task));
}

/*
 * relais_run_leaving_make_name:
 * @leaver: somebody who left the segment
 *
 * Returns: (transfer full) (nullable): how the report names them, with what has become of them by now; nothing when the run does not
 *   know who they are. An earlier attempt may have named somebody whom this one did not see
 */
RelaisLeaverRecord *
relais_run_leaving_make_name (RelaisRunJob       *job,
                              const RelaisLeaver *leaver)
{
  if (leaver->email == NULL && !(job->goes_on && (leaver->state == RELAIS_LEAVER_GONE || job->leaving->as_asked)))
    return NULL;

  return relais_leaver_record_new (leaver->profile, leaver->email, find_fate (job->leaving, leaver));
}

/* At the end */

typedef struct
{
  GTask               *task;    /* (unowned): of the run, which ends after this */
  RelaisRunStep        step;
  GAsyncReadyCallback  failed;
  guint                next;    /* of the people: the first who may not be named yet */
} Naming;

static void name_next (Naming *naming);

static void
named_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Naming *naming = user_data;

  if (!g_task_had_error (G_TASK (result)))
    {
      relais_journal_write_finish (RELAIS_JOURNAL (object), result, NULL);
      name_next (naming);
      return;
    }
  naming->failed (object, result, naming->task);
  g_free (naming);
}

static void
name_next (Naming *naming)
{
  RelaisRunJob *job = relais_run_job_get (naming->task);
  const GPtrArray *people = job->leaving->people;
  g_autoptr (GPtrArray) leavers = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_leaver_record_free);

  for (; naming->next < people->len && leavers->len < MANY; naming->next++)
    {
      RelaisLeaverRecord *leaver = relais_run_leaving_make_name (job, g_ptr_array_index (people, naming->next));

      if (leaver != NULL)
        g_ptr_array_add (leavers, leaver);
    }
  if (leavers->len > 0)
    {
      relais_journal_name_leavers_async (job->journal, job->record->id, leavers, NULL, named_cb, naming);
      return;
    }
  naming->step (naming->task);
  g_free (naming);
}

/**
 * relais_run_job_name_leavers:
 * @task: of a run that ends, and of which nothing is under way
 * @step: what comes when they are named
 * @failed: what comes instead when the journal does not take them; takes its answer as relais_journal_write_finish() does, and @task
 *
 * Names everybody of whom it is known who they are, with what became of them.
 */
void
relais_run_job_name_leavers (GTask               *task,
                             RelaisRunStep        step,
                             GAsyncReadyCallback  failed)
{
  RelaisLeaving *self = relais_run_job_get (task)->leaving;
  Naming *naming;

  if (self == NULL || self->people == NULL)
    {
      step (task);
      return;
    }
  naming = g_new0 (Naming, 1);
  naming->task = task;
  naming->step = step;
  naming->failed = failed;
  name_next (naming);
}
