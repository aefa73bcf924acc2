/* SPDX-License-Identifier: GPL-3.0-or-later */

/* That somebody was sent says nothing of who put them on the list: whoever was there already stays as they were, and that
 * import changed nothing. What tells is when they joined it: only while a run was sending there can it have been Relais. */

#include "relais-run-leaving-private.h"

#include "relais-journal-spans.h"

#define MARGIN (10 * G_TIME_SPAN_MINUTE)  /* clocks differ, and imports end late */
#define EVERY_LIST 0  /* no list has this number: the turn to take people off any of them */

/*
 * relais_leaving_take_joined:
 * @leaver: (inout): somebody who is on the list
 * @contact: how they are there
 *
 * Keeps how they are on the list, for comparison afterwards, and settles them when it was not Relais that put them there.
 *
 * Returns: whether it was
 */
gboolean
relais_leaving_take_joined (RelaisLeaving             *self,
                            guint32                    list_id,
                            RelaisLeaver              *leaver,
                            const RelaisRemoteContact *contact)
{
  gint64 changed;

  leaver->since = 0;
  g_clear_pointer (&leaver->before, g_free);
  if (contact->memberships != NULL)
    {
      relais_memberships_read_moments (contact->memberships, list_id, &leaver->since, &changed);
      leaver->before = relais_memberships_settle (contact->memberships);
    }
  if (leaver->since == 0)
    {
      self->n_undated++;
      relais_leaver_settle (self, leaver, RELAIS_LEAVER_KEPT);
      return FALSE;
    }
  for (guint i = 0; i < self->spans->len; i++)
    {
      const RelaisSpan *span = g_ptr_array_index (self->spans, i);
      gint64 since = leaver->since * G_USEC_PER_SEC;

      if (since >= span->from - MARGIN && since <= span->until + MARGIN)
        return TRUE;
    }
  self->n_joined++;
  leaver->joined = TRUE;
  relais_leaver_settle (self, leaver, RELAIS_LEAVER_KEPT);

  return FALSE;
}

static void
spans_read_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  job->leaving->spans = relais_journal_read_spans_finish (RELAIS_JOURNAL (object), result, &error);
  if (relais_run_leaving_take_answer (task, error))
    relais_run_leaving_seek (task);
}

static void
removals_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;

  job->leaving->removals = relais_journal_read_removals_finish (RELAIS_JOURNAL (object), result, &error);
  if (!relais_run_leaving_take_answer (task, error))
    return;
  job->n_asking++;
  relais_journal_read_spans_async (job->journal, job->record->id, NULL, spans_read_cb, g_object_ref (task));
}

static void
read_removals (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  job->n_asking++;
  relais_journal_read_removals_async (job->journal, job->record->connection_id, job->record->list_id, NULL,
                                      removals_read_cb, g_object_ref (task));
}

static void
account_turn_came_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->stopping || job->ended)
    return;
  relais_run_set_phase (job->run, RELAIS_PHASE_TAKING_OFF);
  read_removals (task);
}

/*
 * relais_run_leaving_learn:
 * @task: of a run that takes people off
 *
 * Reads what is known of the list from before, and then looks for them there. One run at a time does so in an account: of
 * somebody who is taken off two lists at once each would see that the other list had changed, and neither could tell that
 * from an opt-out. The turn of the list has come before, so that nobody waits for each other.
 */
void
relais_run_leaving_learn (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  self->account_turn = relais_list_turns_take (job->turns, job->record->host, EVERY_LIST, TRUE, account_turn_came_cb, task);
  if (relais_list_turn_has_come (self->account_turn))
    read_removals (task);
  else
    relais_run_set_phase (job->run, RELAIS_PHASE_WAITING_FOR_TURN);
}

/* Whom it had put there */

static void
held_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisRunJob *job = relais_run_job_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisDeparted) departed = relais_journal_read_departed_finish (RELAIS_JOURNAL (object), result, &error);

  if (departed != NULL)
    job->record->leavers.delivered = departed->n_delivered;
  if (relais_run_leaving_take_answer (task, error))
    relais_run_job_ask (task);
}

/**
 * relais_run_job_count_held:
 * @task: of a run that has begun, and may send to its list
 *
 * Counts, once in a run, whom its export has put on the list before: how many of these leave is what tells a wrong file. When
 * the first attempt broke off that is not known any more. Then begins asking.
 */
void
relais_run_job_count_held (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);

  if (job->definition->leavers == RELAIS_LEAVERS_KEEP || job->goes_on)
    {
      relais_run_job_ask (task);
      return;
    }
  job->n_asking++;
  relais_journal_read_departed_async (job->journal, job->record->id, NULL, NULL, held_read_cb, g_object_ref (task));
}
