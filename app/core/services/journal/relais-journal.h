/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-lead.h"
#include "relais-records.h"

G_BEGIN_DECLS

/**
 * RelaisJournal:
 *
 * What Relais remembers, in one SQLite file. All work is done in a thread of
 * its own, in the order it was asked for; what is asked for while a write is under
 * way is committed together with what waits beside it, and a call finishes only when what
 * it wrote is on disk. Errors are RELAIS_ERROR_JOURNAL_*, _NAME_TAKEN, _UNKNOWN and _IN_USE.
 */
#define RELAIS_TYPE_JOURNAL (relais_journal_get_type ())
G_DECLARE_FINAL_TYPE (RelaisJournal, relais_journal, RELAIS, JOURNAL, GObject)

void           relais_journal_open_async    (const char           *path,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
RelaisJournal *relais_journal_open_finish   (GAsyncResult         *result,
                                             GError              **error);
void           relais_journal_close         (RelaisJournal        *self);

/* Writes that only succeed or fail end with relais_journal_write_finish(). */
gboolean       relais_journal_write_finish  (RelaisJournal        *self,
                                             GAsyncResult         *result,
                                             GError              **error);

/* Connections */
void       relais_journal_list_connections_async  (RelaisJournal                *self,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
GPtrArray *relais_journal_list_connections_finish (RelaisJournal                *self,
                                                   GAsyncResult                 *result,
                                                   GError                      **error);
void       relais_journal_put_connection_async    (RelaisJournal                *self,
                                                   const RelaisConnectionRecord *connection,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void       relais_journal_remove_connection_async (RelaisJournal                *self,
                                                   const char                   *id,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);

/* Exports */
void       relais_journal_list_exports_async      (RelaisJournal                *self,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
GPtrArray *relais_journal_list_exports_finish     (RelaisJournal                *self,
                                                   GAsyncResult                 *result,
                                                   GError                      **error);
void       relais_journal_put_export_async        (RelaisJournal                *self,
                                                   const RelaisExportRecord     *record,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void       relais_journal_remove_export_async     (RelaisJournal                *self,
                                                   const char                   *id,
                                                   gboolean                      elsewhere,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);

/* Runs */
void             relais_journal_list_runs_async   (RelaisJournal                *self,
                                                   const char                   *export_id,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
GPtrArray       *relais_journal_list_runs_finish  (RelaisJournal                *self,
                                                   GAsyncResult                 *result,
                                                   GError                      **error);
void             relais_journal_put_run_async     (RelaisJournal                *self,
                                                   const RelaisRunRecord        *run,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
gboolean         relais_journal_put_run_finish    (RelaisJournal                *self,
                                                   GAsyncResult                 *result,
                                                   RelaisRunRecord              *run,
                                                   GError                      **error);
void             relais_journal_list_batches_async  (RelaisJournal              *self,
                                                   const char                   *run_id,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void             relais_journal_list_left_batches_async (RelaisJournal          *self,
                                                   const char                   *export_id,
                                                   const char                   *except,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
GPtrArray       *relais_journal_list_batches_finish (RelaisJournal              *self,
                                                   GAsyncResult                 *result,
                                                   GError                      **error);
void             relais_journal_put_batch_async   (RelaisJournal                *self,
                                                   const char                   *run_id,
                                                   const RelaisLead             *lead,
                                                   const RelaisBatchRecord      *batch,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void             relais_journal_replace_batch_async (RelaisJournal              *self,
                                                   const char                   *run_id,
                                                   guint                         number,
                                                   GPtrArray                    *parts,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void             relais_journal_settle_batch_async (RelaisJournal               *self,
                                                   const char                   *run_id,
                                                   const RelaisLead             *lead,
                                                   const RelaisBatchRecord      *batch,
                                                   GPtrArray                    *rejections,
                                                   const RelaisFingerprint      *fingerprints,
                                                   gsize                         n_fingerprints,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void             relais_journal_finish_run_async  (RelaisJournal                *self,
                                                   const RelaisRunRecord        *run,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);

/* Rows that were not delivered */
void             relais_journal_add_rejections_async   (RelaisJournal           *self,
                                                   const char                   *run_id,
                                                   GPtrArray                    *rejections,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void             relais_journal_forget_rejections_async (RelaisJournal          *self,
                                                   const char                   *run_id,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
void             relais_journal_list_rejections_async  (RelaisJournal           *self,
                                                   const char                   *run_id,
                                                   guint64                       after_row,
                                                   guint                         limit,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
GPtrArray       *relais_journal_list_rejections_finish (RelaisJournal           *self,
                                                   GAsyncResult                 *result,
                                                   GError                      **error);

/* Fingerprints */
void             relais_journal_read_fingerprints_async  (RelaisJournal         *self,
                                                   const char                   *export_id,
                                                   GCancellable                 *cancellable,
                                                   GAsyncReadyCallback           callback,
                                                   gpointer                      user_data);
GBytes          *relais_journal_read_fingerprints_finish (RelaisJournal         *self,
                                                   GAsyncResult                 *result,
                                                   GError                      **error);

G_END_DECLS
