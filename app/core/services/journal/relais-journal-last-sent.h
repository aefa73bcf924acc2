/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisLastSent:
 * @at: when the last run that sent anything was heard of last, in microseconds since 1970; 0 = there was none
 * @put_back_at: the same of the last one that put somebody back on the list
 *
 * What runs of an export did to their list before another one of them, by the clock of this computer as it was then.
 */
typedef struct
{
  gint64 at;
  gint64 put_back_at;
} RelaisLastSent;

void     relais_journal_read_last_sent_async  (RelaisJournal        *self,
                                               const char           *run_id,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean relais_journal_read_last_sent_finish (RelaisJournal        *self,
                                               GAsyncResult         *result,
                                               RelaisLastSent       *last_sent,
                                               GError              **error);

G_END_DECLS
