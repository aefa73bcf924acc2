/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisSpan:
 * @from: microseconds since 1970, as g_get_real_time() tells them
 * @until: not before @from
 *
 * When a run was under way, from its first attempt to its last.
 */
typedef struct
{
  gint64 from;
  gint64 until;
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
