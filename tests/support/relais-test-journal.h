/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisTestJournal:
 * @folder: (owned): a folder of the test's own
 * @path: (owned): of the journal's file, in a folder of the journal's own below @folder
 * @journal: (owned) (nullable): the journal, when it is open
 *
 * A journal of a test, with calls that wait for their end.
 */
typedef struct
{
  char          *folder;
  char          *path;
  RelaisJournal *journal;
} RelaisTestJournal;

void           relais_test_journal_set_up            (RelaisTestJournal            *self,
                                                      gconstpointer                 user_data);
void           relais_test_journal_set_up_closed     (RelaisTestJournal            *self,
                                                      gconstpointer                 user_data);
void           relais_test_journal_tear_down         (RelaisTestJournal            *self,
                                                      gconstpointer                 user_data);
RelaisJournal *relais_test_journal_open              (const char                   *path,
                                                      GError                      **error);
void           relais_test_journal_close             (RelaisTestJournal            *self);
void           relais_test_journal_reopen            (RelaisTestJournal            *self);

/* Waiting */
void           relais_test_journal_keep_result_cb    (GObject                      *object,
                                                      GAsyncResult                 *result,
                                                      gpointer                      user_data);
GAsyncResult  *relais_test_journal_wait_for          (GAsyncResult                **result);

/* Calls, waited for */
gboolean       relais_test_journal_put_connection    (RelaisTestJournal            *self,
                                                      const RelaisConnectionRecord *record,
                                                      GError                      **error);
gboolean       relais_test_journal_remove_connection (RelaisTestJournal            *self,
                                                      const char                   *id,
                                                      GError                      **error);
GPtrArray     *relais_test_journal_list_connections  (RelaisTestJournal            *self,
                                                      GError                      **error);
gboolean       relais_test_journal_put_export        (RelaisTestJournal            *self,
                                                      const RelaisExportRecord     *record,
                                                      GError                      **error);
gboolean       relais_test_journal_remove_export     (RelaisTestJournal            *self,
                                                      const char                   *id,
                                                      GError                      **error);
GPtrArray     *relais_test_journal_list_exports      (RelaisTestJournal            *self,
                                                      GError                      **error);
gboolean       relais_test_journal_put_run           (RelaisTestJournal            *self,
                                                      RelaisRunRecord              *run,
                                                      GError                      **error);
gboolean       relais_test_journal_finish_run        (RelaisTestJournal            *self,
                                                      const RelaisRunRecord        *run,
                                                      GError                      **error);
RelaisRunRecord *relais_test_journal_get_run         (RelaisTestJournal            *self,
                                                      const char                   *id);
GPtrArray     *relais_test_journal_list_runs         (RelaisTestJournal            *self,
                                                      const char                   *export_id,
                                                      GError                      **error);
gboolean       relais_test_journal_put_batch         (RelaisTestJournal            *self,
                                                      const char                   *run_id,
                                                      const RelaisBatchRecord      *batch,
                                                      GError                      **error);
gboolean       relais_test_journal_replace_batch     (RelaisTestJournal            *self,
                                                      const char                   *run_id,
                                                      guint                         number,
                                                      GPtrArray                    *parts,
                                                      GError                      **error);
gboolean       relais_test_journal_settle_batch      (RelaisTestJournal            *self,
                                                      const char                   *run_id,
                                                      const RelaisBatchRecord      *batch,
                                                      GPtrArray                    *rejections,
                                                      const RelaisFingerprint      *fingerprints,
                                                      gsize                         n_fingerprints,
                                                      GError                      **error);
GPtrArray     *relais_test_journal_list_batches      (RelaisTestJournal            *self,
                                                      const char                   *run_id,
                                                      GError                      **error);
gboolean       relais_test_journal_add_rejections    (RelaisTestJournal            *self,
                                                      const char                   *run_id,
                                                      GPtrArray                    *rejections,
                                                      GError                      **error);
gboolean       relais_test_journal_forget_rejections (RelaisTestJournal           *self,
                                                      const char                   *run_id,
                                                      GError                      **error);
GPtrArray     *relais_test_journal_list_rejections   (RelaisTestJournal            *self,
                                                      const char                   *run_id,
                                                      guint64                       after_row,
                                                      guint                         limit,
                                                      GError                      **error);
GBytes        *relais_test_journal_read_fingerprints (RelaisTestJournal            *self,
                                                      const char                   *export_id,
                                                      GError                      **error);

/* What is in a journal that is in use: connection "c", export "e" and its run "r" */
void           relais_test_journal_fill              (RelaisTestJournal            *self);

/* Records */
RelaisConnectionRecord *relais_test_connection       (const char                   *id,
                                                      const char                   *name);
RelaisExportRecord     *relais_test_export           (const char                   *id,
                                                      const char                   *name,
                                                      const char                   *connection_id);
RelaisRunRecord        *relais_test_run              (const char                   *id,
                                                      const char                   *export_id);
RelaisBatchRecord      *relais_test_batch            (guint                         number,
                                                      RelaisBatchState              state);
GPtrArray              *relais_test_rejections       (guint64                       first_row,
                                                      guint                         n_rows,
                                                      const char                   *email);
RelaisFingerprint       relais_test_fingerprint      (guint32                       profile,
                                                      guint32                       content);

/* The bytes of the file and of what stands beside it */
GBytes        *relais_test_journal_read_files        (RelaisTestJournal            *self);
gboolean       relais_test_journal_files_hold        (RelaisTestJournal            *self,
                                                      const char                   *text);

G_END_DECLS
