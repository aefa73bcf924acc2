/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisSpan:
 * @from: microseconds since 1970, as g_get_real_time() tells them: before the first of it left
 * @until: not before @from: when something of what it sent was last heard of
 * @lead: what turns both into moments of the account's clock, of the time in between: none is ever RELAIS_LEAD_NONE
 *
 * When an attempt at a run was sending. A run that goes on is another attempt, and whatever was between the two is in neither.
 */
typedef struct
{
  gint64     from;
  gint64     until;
  RelaisLead lead;
} RelaisSpan;

void       relais_journal_read_spans_async  (RelaisJournal        *self,
                                             const char           *run_id,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
GPtrArray *relais_journal_read_spans_finish (RelaisJournal        *self,
                                             GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
