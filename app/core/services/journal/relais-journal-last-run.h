/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

void     relais_journal_read_last_run_async  (RelaisJournal        *self,
                                              const char           *run_id,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean relais_journal_read_last_run_finish (RelaisJournal        *self,
                                              GAsyncResult         *result,
                                              gint64               *ended_at,
                                              GError              **error);

G_END_DECLS
