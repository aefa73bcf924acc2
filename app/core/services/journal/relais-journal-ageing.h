/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/* How long rows that were not delivered are kept after the end of a run, in days, until somebody says otherwise. */
#define RELAIS_KEEP_DAYS 90
#define RELAIS_MOST_KEEP_DAYS 36500

/* How long people who were taken off a list may be put back on it: three years */
#define RELAIS_REMOVAL_DAYS G_GINT64_CONSTANT (1095)

void     relais_journal_set_keep_days_async  (RelaisJournal        *self,
                                              guint                 days,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
void     relais_journal_get_keep_days_async  (RelaisJournal        *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean relais_journal_get_keep_days_finish (RelaisJournal        *self,
                                              GAsyncResult         *result,
                                              guint                *days,
                                              GError              **error);
void     relais_journal_age_async            (RelaisJournal        *self,
                                              gint64                now,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean relais_journal_age_finish           (RelaisJournal        *self,
                                              GAsyncResult         *result,
                                              guint                *n_runs,
                                              GError              **error);
void     relais_journal_erase_export_async   (RelaisJournal        *self,
                                              const char           *id,
                                              gboolean              elsewhere,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);

G_END_DECLS
