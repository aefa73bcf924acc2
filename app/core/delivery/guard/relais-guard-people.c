/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who has left the list, and who has bounced there: the two statuses are listed side by
 * side, each by the contacts' numbers, and where there are many in several parts. */

#include "relais-guard-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

#define MANY    2000  /* people with one status */
#define N_PARTS 4     /* answers that take a second still fill the pace then */

static void ask_track (RelaisTrack *track);

static RelaisTrack *
add_track (RelaisGuard       *self,
           const RelaisTrack *like)
{
  RelaisTrack *track = g_memdup2 (like, sizeof *like);

  track->guard = self;
  g_ptr_array_add (self->tracks, track);

  return track;
}

/*
 * relais_guard_add_people:
 *
 * Makes a track for everyone who may not be mailed for their status.
 */
void
relais_guard_add_people (RelaisGuard *self)
{
  static const RelaisTrack tracks[] = {
    { .status = RELAIS_LIST_STATUS_UNSUBSCRIBED, .reason = RELAIS_REASON_UNSUBSCRIBED, .total = -1 },
    { .status = RELAIS_LIST_STATUS_BOUNCED, .reason = RELAIS_REASON_BOUNCED, .total = -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
    add_track (self, &tracks[i]);
}

/* Is the status heeded? */

static void
fail_not_understood (RelaisGuard *self)
{
  relais_guard_fail (self, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_REPLY,
                                                _("ActiveCampaign answered something that Relais does not understand.")));
}

/* Something between here and the service takes the status out of the question, or the
 * service does not heed it any more: then everybody would be barred. */
static void
fail_unheeded (RelaisGuard *self)
{
  relais_guard_fail (self, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_INVALID,
                                                _("ActiveCampaign was asked who has unsubscribed from the list or bounced there, and named other people too. Relais cannot tell who has to be left out, so nothing was sent. If a proxy or a gateway stands between this computer and ActiveCampaign, have it checked.")));
}

/* Each contact of the first page tells how it is on the list; where that is left out, two are asked for it. */
static void
hear_page (RelaisTrack *track,
           GPtrArray   *contacts)
{
  const RelaisRemoteContact *first = g_ptr_array_index (contacts, 0);
  const RelaisRemoteContact *last = g_ptr_array_index (contacts, contacts->len - 1);

  track->n_heard = 0;
  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);

      if (contact->list_status >= 0 && contact->list_status != (int) track->status)
        {
          fail_unheeded (track->guard);
          return;
        }
      track->n_heard += contact->list_status >= 0;
    }
  if (track->n_heard > 0)
    return;
  track->witnesses[track->n_witnesses++] = first->id;
  if (last != first)
    track->witnesses[track->n_witnesses++] = last->id;
}

static void
decide_next (RelaisTrack *track)
{
  if (track->n_witnesses > 0)
    track->step = RELAIS_TRACK_WITNESSES;
  else if (track->total > MANY && track->step != RELAIS_TRACK_LAST)
    track->step = RELAIS_TRACK_LAST;
  else
    track->step = RELAIS_TRACK_REST;
}

static void
take_witness (RelaisTrack  *track,
              GAsyncResult *result,
              GError      **error)
{
  g_autoptr (GError) own = NULL;
  int status;
  gboolean heard = relais_client_get_list_status_finish (track->guard->client, result, &status, &own);

  /* Whoever is gone by now says nothing. */
  if (!heard && !g_error_matches (own, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return;
    }
  track->n_witnesses--;
  if (heard && status != (int) track->status)
    {
      fail_unheeded (track->guard);
      return;
    }
  track->n_heard += heard;
  if (track->n_witnesses > 0)
    return;
  if (track->n_heard == 0)
    {
      track->step = RELAIS_TRACK_FIRST;
      track->after_id = 0;
      fail_not_understood (track->guard);
      return;
    }
  decide_next (track);
  relais_guard_add_read (track->guard, track->n_first);
}

/* Pages */

/* People whom Relais took off the list are told from those who left it by how they are on every list. */
static gboolean
is_looking_for_returning (const RelaisTrack *track)
{
  return track->status == RELAIS_LIST_STATUS_UNSUBSCRIBED && track->guard->returning != NULL;
}

static gboolean
may_return (RelaisTrack               *track,
            const RelaisRemoteContact *contact)
{
  return is_looking_for_returning (track) && relais_returning_take (track->guard->returning, contact);
}

/* Who has a number from another track's part is told there. Returns: whether the page goes on
 * where the last one ended: someone who is not told could not be left out */
static gboolean
take_people (RelaisTrack *track,
             GPtrArray   *contacts)
{
  for (guint i = 0; i < contacts->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (contacts, i);

      if (contact->id <= track->after_id)
        return FALSE;
      if (track->before_id != 0 && contact->id >= track->before_id)
        {
          track->step = RELAIS_TRACK_DONE;
          return TRUE;
        }
      track->after_id = contact->id;
      if (!may_return (track, contact))
        relais_barred_add_person (track->guard->barred, contact->email, track->reason);
    }

  return TRUE;
}

static void
take_page (RelaisTrack  *track,
           GAsyncResult *result,
           GError      **error)
{
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (track->guard->client, result, error);
  guint n = page != NULL ? page->contacts->len : 0;

  if (page == NULL)
    return;
  track->guard->n_pages++;
  if (!take_people (track, page->contacts))
    {
      fail_not_understood (track->guard);
      return;
    }
  if (track->step == RELAIS_TRACK_FIRST)
    {
      track->total = page->total;
      if (n > 0)
        hear_page (track, page->contacts);
      decide_next (track);
    }
  if (n == 0)
    track->step = RELAIS_TRACK_DONE;
  /* What has to be read again when nobody bears witness is not progress. */
  if (track->step == RELAIS_TRACK_WITNESSES)
    track->n_first = n;
  else
    relais_guard_add_read (track->guard, n);
}

/* Cuts what is left into parts of the same length. */
static void
take_last (RelaisTrack  *track,
           GAsyncResult *result,
           GError      **error)
{
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (track->guard->client, result, error);
  guint64 last, length;

  if (page == NULL)
    return;
  last = page->contacts->len > 0 ? ((RelaisRemoteContact *) g_ptr_array_index (page->contacts, 0))->id : 0;
  decide_next (track);
  if (last < track->after_id + N_PARTS)
    return;
  length = (last - track->after_id) / N_PARTS;
  for (guint i = 1; i < N_PARTS; i++)
    {
      RelaisTrack part = { .status = track->status, .reason = track->reason, .step = RELAIS_TRACK_REST };

      part.after_id = track->after_id + i * length;
      part.before_id = i < N_PARTS - 1 ? part.after_id + length + 1 : 0;
      ask_track (add_track (track->guard, &part));
    }
  track->before_id = track->after_id + length + 1;
}

/* Questions */

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisTrack *track = user_data;
  RelaisGuard *self = track->guard;
  GError *error = NULL;

  if (track->step == RELAIS_TRACK_WITNESSES)
    take_witness (track, result, &error);
  else if (track->step == RELAIS_TRACK_LAST)
    take_last (track, result, &error);
  else
    take_page (track, result, &error);

  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_ALLOWED))
    {
      g_clear_error (&self->denial);
      self->denial = error;
    }
  else if (error != NULL)
    relais_guard_fail (self, error);
  else
    ask_track (track);
  relais_guard_end_question (self);
}

static void
ask_track (RelaisTrack *track)
{
  RelaisGuard *self = track->guard;
  RelaisContactQuery query = {
    .list_id = self->list_id, .status = track->status, .after_id = track->after_id, .before_id = track->before_id,
    .with_status = track->step == RELAIS_TRACK_FIRST || (is_looking_for_returning (track) && track->step != RELAIS_TRACK_LAST), .last = track->step == RELAIS_TRACK_LAST,
  };

  if (track->step == RELAIS_TRACK_DONE || self->error != NULL)
    return;
  if (track->step == RELAIS_TRACK_WITNESSES)
    relais_client_get_list_status_async (self->client, track->witnesses[track->n_witnesses - 1], self->list_id,
                                         relais_guard_begin_question (self), answered_cb, track);
  else
    relais_client_list_contacts_async (self->client, &query, relais_guard_begin_question (self), answered_cb, track);
}

/*
 * relais_guard_ask_people:
 *
 * Asks for everyone who has not been told.
 */
void
relais_guard_ask_people (RelaisGuard *self)
{
  guint n = self->tracks->len;

  for (guint i = 0; i < n; i++)
    ask_track (g_ptr_array_index (self->tracks, i));
}
