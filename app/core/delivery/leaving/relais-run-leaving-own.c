/* SPDX-License-Identifier: GPL-3.0-or-later */

/* That somebody was sent says nothing of who put them on the list: whoever was there already stays as they were, and that
 * import changed nothing. What tells is when they joined it: only while an attempt at a run was sending there can it have been
 * Relais, and not where a form is named by which they came. */

#include "relais-run-leaving-private.h"

#include "relais-journal-spans.h"
#include "relais-steady-time.h"

#define MARGIN (10 * G_TIME_SPAN_MINUTE)  /* imports end late, and no clock stays right by itself */
#define EVERY_LIST 0  /* no list has this number: the turn to take people off any of them */

typedef enum
{
  JOINED_BY_RELAIS,
  JOINED_OTHERWISE,
  JOINED_UNTIMED,   /* by the one or the other: that depends on clocks of which nothing is certain */
} Joining;

/* @moment: of the account's clock */
static gboolean
is_in_span (const RelaisSpan *span,
            gint64            moment)
{
  return moment >= span->from + span->lead.least - MARGIN && moment <= span->until + span->lead.most + MARGIN;
}

/* When runs were sending is written down by this computer's clock, and when people joined is stated by the account's. What the one
 * says for the other was written down with each attempt, so that it does not matter whether a clock has been set since. Whoever joined
 * while an attempt was sending is taken off. Of anybody else nothing is concluded while there is an attempt of which that is not known:
 * it may have been then. They stay on the list for now, and so does everybody as long as the account does not tell the time, since
 * it could not be said afterwards that nothing but Relais took them off. Whoever is left joined without Relais, and is let go for good. */
static Joining
judge_joining (const RelaisLeaving      *self,
               const RelaisAccountClock *clock,
               gint64                    since)
{
  Joining joining = JOINED_OTHERWISE;
  gint64 earliest, latest;

  if (!relais_account_clock_tell (clock, relais_steady_time (), &earliest, &latest))
    return JOINED_UNTIMED;
  for (guint i = 0; i < self->spans->len; i++)
    {
      const RelaisSpan *span = g_ptr_array_index (self->spans, i);

      if (span->lead.state != RELAIS_LEAD_KNOWN)
        joining = JOINED_UNTIMED;
      else if (is_in_span (span, since * G_USEC_PER_SEC))
        return JOINED_BY_RELAIS;
    }

  return joining;
}

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
                            RelaisRunJob              *job,
                            RelaisLeaver              *leaver,
                            const RelaisRemoteContact *contact)
{
  gboolean by_form = contact->memberships != NULL && relais_memberships_name_form (contact->memberships, job->record->list_id);
  Joining joining;
  gint64 changed;

  leaver->since = 0;
  leaver->untimed = FALSE;
  g_clear_pointer (&leaver->before, g_free);
  if (contact->memberships != NULL)
    {
      relais_memberships_read_moments (contact->memberships, job->record->list_id, &leaver->since, &changed);
      leaver->before = relais_memberships_settle (contact->memberships);
    }
  if (leaver->since == 0 && !by_form)
    {
      self->n_undated++;
      relais_leaver_settle (self, leaver, RELAIS_LEAVER_KEPT);
      return FALSE;
    }
  joining = by_form ? JOINED_OTHERWISE : judge_joining (self, relais_client_get_clock (job->client), leaver->since);
  if (joining == JOINED_BY_RELAIS)
    return TRUE;
  leaver->joined = joining == JOINED_OTHERWISE;
  self->n_joined += leaver->joined;
  leaver->untimed = !leaver->joined;
  self->n_untimed += leaver->untimed;
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
  relais_journal_read_removals_async (job->journal, job->record->connection_id, job->record->list_id, job->record->id, NULL,
                                      removals_read_cb, g_object_ref (task));
}

static void
account_turn_came_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  RelaisRunJob *job = relais_run_job_get (task);

  if (!job->stopping && !job->ended)
    relais_run_leaving_take_turn (task);
}

/*
 * relais_run_leaving_learn:
 * @task: of a run that takes people off
 *
 * Reads what is known of the list from before, and then looks for them there. One run at a time does so in an account: of
 * somebody who is taken off two lists at once each would see that the other list had changed, and neither could tell that
 * from an opt-out. Where another one is at it, this one gives the list up until then, for those who only send there, and decides
 * once more who left; so nobody waits for the account who has the list, and no two runs for each other.
 */
void
relais_run_leaving_learn (GTask *task)
{
  RelaisRunJob *job = relais_run_job_get (task);
  RelaisLeaving *self = job->leaving;

  if (self->account_turn == NULL)
    self->account_turn = relais_list_turns_take (job->turns, job->record->host, EVERY_LIST, TRUE, account_turn_came_cb, task);
  if (!relais_list_turn_has_come (self->account_turn))
    {
      g_clear_pointer (&self->turn, relais_list_turn_leave);
      relais_run_set_phase (job->run, RELAIS_PHASE_WAITING_FOR_TURN);
      return;
    }
  g_clear_pointer (&self->seen, relais_profile_table_free);
  relais_run_set_phase (job->run, RELAIS_PHASE_TAKING_OFF);
  read_removals (task);
}
