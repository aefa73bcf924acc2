/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the account was asked, and what anybody else was: limits, pauses, secrets. */

#include "checks.h"

#include <string.h>

/* Which requests a limit is for */
static gboolean
counts_for (const RelaisMatrixRequest *request,
            guint                      limit)
{
  switch (limit)
    {
    case RELAIS_LIMIT_ORDINARY:
      return request->what != RELAIS_ASKED_IMPORT;
    case RELAIS_LIMIT_IMPORTS:
      return request->what == RELAIS_ASKED_IMPORT && request->n_contacts != 1;
    case RELAIS_LIMIT_SINGLES:
    default:
      return request->what == RELAIS_ASKED_IMPORT && request->n_contacts == 1;
    }
}

/* A request that has had no answer on a connection that was kept may have left twice by itself: that is counted, and cannot
 * be held back. */
static void
check_window (RelaisMatrixCell *self,
              guint             limit,
              const char       *name)
{
  const RelaisLimits *limits = &self->run.practice->account.limits;
  GPtrArray *requests = self->witness->requests;

  for (guint i = 0; i < requests->len; i++)
    {
      const RelaisMatrixRequest *first = g_ptr_array_index (requests, i);
      guint n = 0, n_unanswered = 0;

      if (!counts_for (first, limit))
        continue;
      for (guint j = i; j < requests->len; j++)
        {
          const RelaisMatrixRequest *next = g_ptr_array_index (requests, j);

          if (next->time - first->time >= limits->window[limit])
            break;
          n += counts_for (next, limit);
          n_unanswered += counts_for (next, limit) && !next->answered;
        }
      if (n <= limits->most[limit] + n_unanswered)
        continue;
      relais_matrix_cell_complain (self, "%u %s within %g s, %u are allowed", n, name, (double) limits->window[limit] / G_USEC_PER_SEC,
                                   limits->most[limit]);
      return;
    }
}

/* What was on its way when the pause was asked for cannot be called back; on a busy machine that takes a while. */
static void
check_pauses (RelaisMatrixCell *self)
{
  gint64 slack = G_USEC_PER_SEC / 5 + 3 * self->witness->longest_lag;

  for (guint i = 0; i < self->witness->pauses->len; i++)
    {
      const RelaisMatrixPause *pause = &g_array_index (self->witness->pauses, RelaisMatrixPause, i);

      for (guint j = 0; j < self->witness->requests->len; j++)
        {
          const RelaisMatrixRequest *request = g_ptr_array_index (self->witness->requests, j);

          if (request->time < pause->from + slack || request->time > pause->until - G_USEC_PER_SEC / 10 ||
              (pause->imports && request->what != RELAIS_ASKED_IMPORT))
            continue;
          relais_matrix_cell_complain (self, "a request came %.2f s after a pause of %.2f s was asked for",
                                       (double) (request->time - pause->from) / G_USEC_PER_SEC,
                                       (double) (pause->until - pause->from) / G_USEC_PER_SEC);
          return;
        }
    }
}

/*
 * relais_matrix_check_limits:
 *
 * No more was asked than the account allows, and pauses that it asked for were kept.
 */
void
relais_matrix_check_limits (RelaisMatrixCell *self)
{
  if ((self->fault->flags & RELAIS_MATRIX_CROWDED) == 0)
    {
      check_window (self, RELAIS_LIMIT_ORDINARY, "requests");
      check_window (self, RELAIS_LIMIT_IMPORTS, "imports");
      check_window (self, RELAIS_LIMIT_SINGLES, "imports of one");
    }
  check_pauses (self);
}

/* Secrets */

/*
 * relais_matrix_check_secrets:
 *
 * Nothing went to another host, least of all the key, and nothing to this one that is not matched.
 */
void
relais_matrix_check_secrets (RelaisMatrixCell *self)
{
  if (strstr (self->witness->elsewhere->str, relais_practice_get_key (self->run.practice)) != NULL)
    relais_matrix_cell_complain (self, "another host has got the key");
  if (self->witness->n_elsewhere > 0)
    relais_matrix_cell_complain (self, "another host was connected to: %.60s", self->witness->elsewhere->str);
  if (self->witness->n_distrusted > 0)
    relais_matrix_cell_complain (self, "%u requests went where the certificate is wrong", self->witness->n_distrusted);
  if (self->witness->leaked != NULL)
    relais_matrix_cell_complain (self, "a column that is not matched was sent");
}
