/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"
#include "relais-leaver-record.h"

G_BEGIN_DECLS

void       relais_journal_name_leavers_async  (RelaisJournal        *self,
                                               const char           *run_id,
                                               GPtrArray            *leavers,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
void       relais_journal_list_leavers_async  (RelaisJournal        *self,
                                               const char           *run_id,
                                               const char           *after,
                                               guint                 limit,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
GPtrArray *relais_journal_list_leavers_finish (RelaisJournal        *self,
                                               GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
