/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisJournalWork:
 * @db: the open database
 * @data: what the call gave
 * @result: (out) (optional): what the call returns
 * @error: in RELAIS_ERROR, when it failed
 *
 * One request, carried out in the journal's thread.
 *
 * Returns: whether it succeeded
 */
typedef gboolean (* RelaisJournalWork) (sqlite3   *db,
                                        gpointer   data,
                                        gpointer  *result,
                                        GError   **error);

void     relais_journal_ask        (RelaisJournal        *self,
                                    gpointer              tag,
                                    gboolean              writes,
                                    RelaisJournalWork     work,
                                    gpointer              data,
                                    GDestroyNotify        free_data,
                                    GDestroyNotify        free_result,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void     relais_journal_ask_alone  (RelaisJournal        *self,
                                    gpointer              tag,
                                    RelaisJournalWork     work,
                                    gpointer              data,
                                    GDestroyNotify        free_data,
                                    GDestroyNotify        free_result,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gpointer relais_journal_answer     (RelaisJournal        *self,
                                    GAsyncResult         *result,
                                    GError              **error);

/* relais-journal-report.c */

/**
 * RelaisReportCall:
 * @run_id: (owned): of the run
 * @items: (owned) (nullable): to write
 * @after: (owned) (nullable): of a page to read: only what comes after this, %NULL for the first one
 * @after_row: the same, of rows
 * @limit: how many at the most
 *
 * What a call about a run's report brings with it.
 */
typedef struct
{
  char      *run_id;
  GPtrArray *items;
  char      *after;
  guint64    after_row;
  guint      limit;
} RelaisReportCall;

void     relais_journal_write_report (RelaisJournal       *self,
                                    gpointer              tag,
                                    RelaisJournalWork     work,
                                    const char           *run_id,
                                    GPtrArray            *items,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void     relais_journal_list_report (RelaisJournal        *self,
                                    gpointer              tag,
                                    RelaisJournalWork     work,
                                    const RelaisReportCall *page,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);

/* relais-journal-sql.c */

/* Makes an item of the row that the statement is on; %NULL when no Relais can have written it. */
typedef gpointer (* RelaisSqlRead) (sqlite3_stmt *statement);

sqlite3_stmt *relais_sql_prepare     (sqlite3       *db,
                                      const char    *sql,
                                      GError       **error);
gboolean      relais_sql_step        (sqlite3       *db,
                                      sqlite3_stmt  *statement,
                                      GError       **error);
gboolean      relais_sql_run         (sqlite3       *db,
                                      sqlite3_stmt  *taken,
                                      GError       **error);
gboolean      relais_sql_number      (sqlite3       *db,
                                      sqlite3_stmt  *taken,
                                      gint64        *number,
                                      GError       **error);
gboolean      relais_sql_run_named   (sqlite3       *db,
                                      sqlite3_stmt  *taken,
                                      const char    *name,
                                      GError       **error);
gboolean      relais_sql_list        (sqlite3       *db,
                                      sqlite3_stmt  *taken,
                                      RelaisSqlRead  read,
                                      GDestroyNotify free_item,
                                      gpointer      *list,
                                      GError       **error);
gboolean      relais_sql_execute     (sqlite3       *db,
                                      const char    *sql,
                                      GError       **error);
void          relais_sql_bind_text   (sqlite3_stmt  *statement,
                                      int            index,
                                      const char    *text);
char         *relais_sql_dup_text    (sqlite3_stmt  *statement,
                                      int            column);
gboolean      relais_sql_is_among    (sqlite3_stmt  *statement,
                                      int            column,
                                      int            last);
char         *relais_sql_fold_name   (const char    *name);
void          relais_sql_set_full    (const char    *path,
                                      GError       **error);
void          relais_sql_set_error   (sqlite3       *db,
                                      int            status,
                                      GError       **error);

/* relais-journal-schema.c */
gboolean      relais_journal_migrate         (sqlite3             *db,
                                              const char          *path,
                                              GError             **error);
gboolean      relais_journal_migrate_through (sqlite3             *db,
                                              const char          *path,
                                              const char * const  *through,
                                              guint                n_steps,
                                              GError             **error);

/* relais-journal-counts.c */
char         *relais_journal_write_counts         (const RelaisRowCounts      *counts);
void          relais_journal_read_counts          (const char                 *text,
                                                   RelaisRowCounts            *counts);
char         *relais_journal_write_leavers        (const RelaisLeaversCounts  *leavers);
void          relais_journal_read_leavers         (const char                 *text,
                                                   RelaisLeaversCounts        *leavers);

/* relais-journal-runs.c */
gboolean      relais_journal_list_open_runs       (sqlite3                  *db,
                                                   const char               *export_id,
                                                   GPtrArray               **runs,
                                                   GError                  **error);

gboolean      relais_journal_count_removed        (sqlite3                  *db,
                                                   RelaisRunRecord          *run,
                                                   GError                  **error);

/* relais-journal-log.c */
char         *relais_log_hash                     (const char               *previous,
                                                   const char               *line);
gboolean      relais_journal_write_corrections    (sqlite3                  *db,
                                                   const RelaisRunRecord    *run,
                                                   GError                  **error);
gboolean      relais_journal_forget_corrections   (sqlite3                  *db,
                                                   const RelaisRunRecord    *run,
                                                   GError                  **error);
gboolean      relais_journal_log_run              (sqlite3                  *db,
                                                   const RelaisRunRecord    *run,
                                                   GError                  **error);
gboolean      relais_journal_log_broken           (sqlite3                  *db,
                                                   const char               *export_id,
                                                   GError                  **error);

/* relais-journal-exports.c */
gboolean      relais_journal_find_unfinished      (sqlite3                  *db,
                                                   const char               *export_id,
                                                   char                    **name,
                                                   GError                  **error);

/* relais-journal-ageing.c */
gboolean      relais_journal_delete_for_good      (sqlite3                  *db,
                                                   RelaisJournalWork         work,
                                                   gpointer                  data,
                                                   gpointer                 *result,
                                                   GError                  **error);
gboolean      relais_journal_wipe                 (sqlite3                  *db,
                                                   GError                  **error);

/* relais-journal-rejections.c */
gboolean      relais_journal_write_rejections     (sqlite3                  *db,
                                                   const char               *run_id,
                                                   GPtrArray                *rejections,
                                                   GError                  **error);

/* relais-journal-spans.c */
gboolean      relais_journal_note_sending         (sqlite3                  *db,
                                                   const char               *run_id,
                                                   const RelaisLead         *lead,
                                                   gboolean                  leaves,
                                                   GError                  **error);

/* relais-journal-verifications.c */
gboolean      relais_journal_forget_verification  (sqlite3                  *db,
                                                   const char               *run_id,
                                                   GError                  **error);

/* relais-journal-fingerprints.c */
gboolean      relais_journal_write_run_leavers    (sqlite3                  *db,
                                                   const char               *run_id,
                                                   const RelaisLeaversCounts *leavers,
                                                   GError                  **error);
gboolean      relais_journal_write_names          (sqlite3                  *db,
                                                   const char               *run_id,
                                                   GPtrArray                *leavers,
                                                   GError                  **error);
gboolean      relais_journal_append_fingerprints  (sqlite3                  *db,
                                                   const char               *run_id,
                                                   const RelaisFingerprint  *fingerprints,
                                                   gsize                     n_fingerprints,
                                                   GError                  **error);
gboolean      relais_journal_find_place           (sqlite3                  *db,
                                                   const char               *run_id,
                                                   gint64                   *place,
                                                   GError                  **error);
gboolean      relais_journal_foresee_place        (sqlite3                  *db,
                                                   const char               *export_id,
                                                   const char               *connection_id,
                                                   guint32                   list_id,
                                                   gint64                    key_check,
                                                   gint64                   *place,
                                                   GError                  **error);
RelaisFingerprint *relais_journal_read_held_fingerprints (sqlite3         *db,
                                                   const char               *export_id,
                                                   gint64                    place,
                                                   gsize                    *n_held,
                                                   GError                  **error);
gboolean      relais_journal_count_aged_removals  (sqlite3                  *db,
                                                   gint64                    now,
                                                   gint64                   *n,
                                                   GError                  **error);
gboolean      relais_journal_delete_aged_removals (sqlite3                  *db,
                                                   gint64                    now,
                                                   GError                  **error);
gboolean      relais_journal_compact_fingerprints (sqlite3                  *db,
                                                   const char               *export_id,
                                                   GError                  **error);

G_END_DECLS
