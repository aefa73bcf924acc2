/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/* They are written with the run that they are for: see relais_journal_put_run_async(). */
void               relais_journal_list_corrections_async  (RelaisJournal       *self,
                                                           const char          *run_id,
                                                           GCancellable        *cancellable,
                                                           GAsyncReadyCallback  callback,
                                                           gpointer             user_data);
RelaisCorrections *relais_journal_list_corrections_finish (RelaisJournal       *self,
                                                           GAsyncResult        *result,
                                                           GError             **error);
void               relais_journal_add_corrected_async     (RelaisJournal       *self,
                                                           const char          *export_id,
                                                           guint64              key_check,
                                                           GArray              *people,
                                                           GCancellable        *cancellable,
                                                           GAsyncReadyCallback  callback,
                                                           gpointer             user_data);
void               relais_journal_read_corrected_async    (RelaisJournal       *self,
                                                           const char          *export_id,
                                                           guint64              key_check,
                                                           GCancellable        *cancellable,
                                                           GAsyncReadyCallback  callback,
                                                           gpointer             user_data);
GBytes            *relais_journal_read_corrected_finish   (RelaisJournal       *self,
                                                           GAsyncResult        *result,
                                                           GError             **error);

G_END_DECLS
