/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/* What reading back from the account came to, after a run. Its counts are in the run's record. */
void       relais_journal_put_verification_async  (RelaisJournal            *self,
                                                   const char               *run_id,
                                                   const RelaisVerification *verification,
                                                   GPtrArray                *differences,
                                                   const RelaisFingerprint  *forgotten,
                                                   gsize                     n_forgotten,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
void       relais_journal_list_differences_async  (RelaisJournal            *self,
                                                   const char               *run_id,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
GPtrArray *relais_journal_list_differences_finish (RelaisJournal            *self,
                                                   GAsyncResult             *result,
                                                   GError                  **error);

G_END_DECLS
