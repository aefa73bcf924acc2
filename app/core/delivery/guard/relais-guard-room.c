/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the account stands, and what its plan has room for. A run can do without, so nothing waits for it longer than for
 * one more answer: keys of those who are no administrators never get one. */

#include "relais-guard-private.h"

#include "relais-account-status.h"
#include "relais-error.h"
#include "relais-format.h"
#include "relais-room.h"
#include "relais-run-notes-words.h"

#define MAX_FAILURES 2   /* authentication is refused now and then although nothing is wrong */

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisGuard *self = user_data;
  g_autoptr (GError) error = NULL;

  self->settings = relais_client_get_settings_finish (self->client, result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    relais_guard_fail (self, g_steal_pointer (&error));
  /* Those who may not, or are told that there is no such thing, get no other answer. */
  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_ALLOWED) || g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_FOUND))
    self->n_room_failures = MAX_FAILURES;
  relais_guard_end_question (self);
}

static gboolean
wants_room (RelaisGuard *self)
{
  return self->tracks->len > 0 && self->settings == NULL && self->n_room_failures < MAX_FAILURES;
}

static void
ask (RelaisGuard *self)
{
  relais_client_get_settings_async (self->client, relais_guard_begin_question (self), answered_cb, self);
}

/*
 * relais_guard_ask_room:
 *
 * Asks how the account stands, unless that is known.
 */
void
relais_guard_ask_room (RelaisGuard *self)
{
  if (wants_room (self))
    ask (self);
}

/*
 * relais_guard_ask_room_again:
 *
 * To be called when everything else has its answer: a failure counts only then, because all questions
 * fail together when the account cannot be reached, and are asked once more together.
 *
 * Returns: whether it is asked, so that the guard does not conclude yet
 */
gboolean
relais_guard_ask_room_again (RelaisGuard *self)
{
  if (!wants_room (self) || ++self->n_room_failures == MAX_FAILURES)
    return FALSE;
  ask (self);

  return TRUE;
}

/**
 * relais_guard_foresee:
 * @self: a guard that has told everyone
 * @n_new: how many people that are to be sent are not known to be in the account
 *
 * Returns: (transfer full) (nullable): what a person should know before anybody is sent, in whole sentences: how the
 *   account stands, that its plan may lack room, and who is not among those that may not be mailed
 */
char *
relais_guard_foresee (RelaisGuard *self,
                      guint64      n_new)
{
  GString *text = g_string_new (NULL);

  relais_append_sentence (text, self->settings != NULL ? relais_account_status_warn (self->settings->status) : NULL);
  relais_append_sentence (text, relais_room_foresee (self->settings, n_new));
  relais_append_sentence (text, relais_gaps_describe (relais_barred_get_gaps (self->barred)));

  return g_string_free (text, text->len == 0);
}

/**
 * relais_guard_note:
 * @self: a guard that has told everyone
 * @n_new: how many people that were sent were not known to be in the account
 * @some_missing: whether not everybody arrived: where everybody did there was room
 * @notes: is given the same for when the run has ended
 */
void
relais_guard_note (RelaisGuard    *self,
                   guint64         n_new,
                   gboolean        some_missing,
                   RelaisRunNotes *notes)
{
  g_autofree char *warning = self->settings != NULL ? relais_account_status_warn (self->settings->status) : NULL;

  notes->gaps = relais_barred_get_gaps (self->barred);
  g_free (notes->account_status);
  notes->account_status = warning != NULL ? g_strdup (self->settings->status) : NULL;
  if (!some_missing || n_new <= (guint64) relais_room_get_left (self->settings))
    return;
  notes->contacts_limit = self->settings->contacts_limit;
  notes->contacts_total = self->settings->contacts_total;
  notes->n_new = n_new;
}

/**
 * relais_guard_get_room_left:
 * @self: a guard that has told everyone
 *
 * Returns: for how many more contacts the account's plan had room, G_MAXINT64 when that is not known
 */
gint64
relais_guard_get_room_left (RelaisGuard *self)
{
  return relais_room_get_left (self->settings);
}
