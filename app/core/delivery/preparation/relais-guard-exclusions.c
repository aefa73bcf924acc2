/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom the account excludes. The service refuses them itself, so a run can do without: it goes
 * on when this key may not look at them, or the service tells of them in a way that is not known. */

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
  self->n_exclusions = page->total;
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
      self->knows_exclusions = TRUE;
      relais_barred_add_gaps (self->barred, self->offset == 0 ? RELAIS_GAP_EXCLUSIONS : RELAIS_GAP_SOME_EXCLUSIONS);
      g_error_free (error);
    }
  else if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REFUSED) || g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REPLY))
    g_error_free (error);
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
  if (!self->knows_exclusions && self->error == NULL)
    relais_client_list_exclusions_async (self->client, self->offset, relais_guard_begin_question (self), answered_cb, self);
}
