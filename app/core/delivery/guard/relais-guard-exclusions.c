/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom the account excludes. The service refuses them itself, so a run can do without: it goes
 * on when this key may not look at them, the service tells of them in a way that is not known, or
 * they alone have no answer for too long. */

#include "relais-guard-private.h"

#include "relais-error.h"

#define MAX_REFUSALS 3   /* authentication is refused now and then although nothing is wrong */
#define FULL_PAGE    100

static gboolean
is_last_page (RelaisGuard *self,
              guint        n,
              gboolean     any_new)
{
  /* Nothing new: the end, or the offset is not heeded. */
  return !any_new || (n < FULL_PAGE && self->n_exclusions >= 0 && g_hash_table_size (self->exclusions) >= self->n_exclusions);
}

static void
take_page (RelaisGuard         *self,
           RelaisExclusionPage *page)
{
  guint n_new = 0;

  for (guint i = 0; i < page->exclusions->len; i++)
    {
      const RelaisExclusion *exclusion = g_ptr_array_index (page->exclusions, i);

      if (exclusion->id != 0 && !g_hash_table_add (self->exclusions, g_memdup2 (&exclusion->id, sizeof exclusion->id)))
        continue;
      n_new += exclusion->id != 0;
      relais_barred_add_exclusion (self->barred, exclusion, self->list_id);
    }
  self->offset += page->exclusions->len;
  /* Where one is deleted meanwhile those behind it move up, and the first of the next page is on none: there may be as many as were told. */
  self->n_exclusions = MAX (self->n_exclusions, page->total);
  self->knows_exclusions = is_last_page (self, page->exclusions->len, n_new > 0);
  if (self->knows_exclusions && (gint64) g_hash_table_size (self->exclusions) < self->n_exclusions)
    relais_barred_add_gaps (self->barred, RELAIS_GAP_SOME_EXCLUSIONS);
  relais_guard_add_read (self, n_new);
}

/* Returns: whether they can be done without, so that nobody waits for them */
static gboolean
is_out_of_reach (RelaisGuard  *self,
                 const GError *error)
{
  if (error->domain != RELAIS_ERROR)
    return FALSE;
  switch (error->code)
    {
    case RELAIS_ERROR_NOT_ALLOWED:
    case RELAIS_ERROR_NOT_FOUND:
    case RELAIS_ERROR_INVALID:
    case RELAIS_ERROR_WRONG_HOST:
      return TRUE;

    /* A key that is not accepted at all is not accepted for people either. */
    case RELAIS_ERROR_REFUSED:
    case RELAIS_ERROR_REPLY:
      return ++self->n_refusals >= MAX_REFUSALS;

    default:
      return FALSE;
    }
}

static void
do_without (RelaisGuard *self)
{
  self->knows_exclusions = TRUE;
  relais_barred_add_gaps (self->barred, self->offset == 0 ? RELAIS_GAP_EXCLUSIONS : RELAIS_GAP_SOME_EXCLUSIONS);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisGuard *self = user_data;
  GError *error = NULL;
  g_autoptr (RelaisExclusionPage) page = relais_client_list_exclusions_finish (self->client, result, &error);

  if (page != NULL)
    {
      self->n_refusals = 0;
      take_page (self, page);
    }
  else if (is_out_of_reach (self, error))
    {
      do_without (self);
      g_error_free (error);
    }
  else if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REFUSED) || g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REPLY))
    g_error_free (error);
  /* Whoever may not be mailed can still be told. */
  else if (relais_error_is_temporary (error))
    self->exclusions_error = error;
  else
    relais_guard_fail (self, error);
  relais_guard_ask_exclusions (self);
  relais_guard_end_question (self);
}

/*
 * relais_guard_ask_exclusions:
 *
 * Asks for all that have not been told.
 */
void
relais_guard_ask_exclusions (RelaisGuard *self)
{
  if (!self->knows_exclusions && self->error == NULL && self->exclusions_error == NULL)
    relais_client_list_exclusions_async (self->client, self->offset, relais_guard_begin_question (self), answered_cb, self);
}

/**
 * relais_guard_lacks_exclusions:
 * @self: a guard that was asked, and could not tell everyone
 *
 * Returns: whether the account had an answer to everything but what it excludes
 */
gboolean
relais_guard_lacks_exclusions (RelaisGuard *self)
{
  return self->lacks_exclusions;
}

/**
 * relais_guard_leave_exclusions:
 * @self: a guard that is not being asked
 *
 * Does without the exclusions that were not told so far, and says so where it says who may not be mailed.
 */
void
relais_guard_leave_exclusions (RelaisGuard *self)
{
  if (!self->knows_exclusions)
    do_without (self);
}
