/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-cli.h"
#include "relais-error.h"
#include "relais-json-text.h"
#include "relais-key.h"
#include "relais-leaver-record.h"
#include "relais-report-csv.h"
#include "relais-report-json.h"
#include "relais-run-words.h"

G_BEGIN_DECLS

#define RELAIS_CLI_MAX_TYPED (4096 + 1)   /* a key, and what shows that it has ended */

/**
 * RelaisCommand:
 *
 * One command under way: what was asked, what it works on, and what its
 * options said. Reference-counted; the command ends when the last reference goes.
 */
typedef struct
{
  GApplicationCommandLine  *command_line;  /* (owned) */
  RelaisWorkspace          *workspace;     /* (owned) */
  RelaisDelivery           *delivery;      /* (owned) */
  GCancellable             *cancellable;   /* (owned) */
  GStrv                     arguments;     /* (owned): what is left after the options */
  /* options */
  gboolean  json, csv, all, again, allow_repeats, allow_leavers, keep_leavers, offline, agree, practice, unknown_host_ok, log, verify;
  char     *name, *host, *access, *limits, *keep_days, *corrected; /* (owned) (nullable) */
  gpointer        state;                   /* (owned) (nullable): of the command's own */
  GDestroyNotify  free_state;
} RelaisCommand;

RelaisCommand *relais_command_new    (GApplicationCommandLine *command_line,
                                      RelaisWorkspace         *workspace,
                                      RelaisDelivery          *delivery);
RelaisCommand *relais_command_ref    (RelaisCommand           *self);
void           relais_command_unref  (RelaisCommand           *self);
void           relais_command_print  (RelaisCommand           *self,
                                      const char              *format,
                                      ...) G_GNUC_PRINTF (2, 3);
void           relais_command_end    (RelaisCommand           *self,
                                      RelaisExit               status);
void           relais_command_refuse (RelaisCommand           *self,
                                      RelaisExit               status,
                                      const char              *sentence);
void           relais_command_fail   (RelaisCommand           *self,
                                      const GError            *error);
gboolean       relais_command_check_form (RelaisCommand        *self);
gboolean       relais_command_may    (RelaisCommand           *self,
                                      RelaisAction             action,
                                      RelaisConnection        *connection);
RelaisConnection *relais_command_find_connection (RelaisCommand *self,
                                                 const char    *typed);
RelaisExport  *relais_command_find_export (RelaisCommand      *self,
                                      const char              *typed);
RelaisExit     relais_exit_for_error (const GError            *error);
gboolean       relais_cli_read_limits (const char             *text,
                                       guint                   *requests,
                                       guint                   *seconds);
RelaisKey     *relais_cli_take_key   (const char              *typed,
                                      gsize                    length);
char          *relais_plain          (const char              *text);
char          *relais_plain_time     (gint64                   microseconds);
char          *relais_explain_leavers (const RelaisRunRecord  *run);
RelaisQuestionState relais_command_find_question (RelaisCommand *self,
                                      const RelaisRunRecord   *run);
char          *relais_plain_question (const RelaisRunRecord   *run,
                                      RelaisQuestionState      question);
void           relais_append_count   (GString                 *text,
                                      guint64                  n,
                                      const char              *words);
char          *relais_explain_foreseen_leavers (const RelaisLeaversCounts *leavers);
void           relais_command_print_verified (RelaisCommand   *self,
                                      const RelaisVerification *verification,
                                      GPtrArray               *differences);
void           relais_command_print_row (RelaisCommand        *self,
                                      const RelaisRejection   *rejection,
                                      const char              *run_id,
                                      gboolean                 first);
void           relais_command_print_csv_head (RelaisCommand   *self);
void           relais_command_print_leaver (RelaisCommand     *self,
                                      const RelaisLeaverRecord *leaver,
                                      gboolean                 first);
void           relais_command_print_unnamed_leavers (RelaisCommand *self,
                                      const RelaisRunRecord   *run,
                                      guint64                  n_named);
void           relais_command_print_preview_rows (RelaisCommand *self,
                                      const char              *export_name,
                                      const RelaisRowCounts   *counts,
                                      GPtrArray               *rejections);
const char    *relais_plain_run_status (RelaisRunStatus        status);
const char    *relais_export_status_to_id (RelaisExportStatus  status);
const char    *relais_plain_export_status (RelaisExportStatus  status);
char          *relais_explain_counts (const RelaisRowCounts   *counts,
                                      gboolean                 preview,
                                      gboolean                 cut_short);
gboolean       relais_was_cut_short  (RelaisRunStatus          status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisCommand, relais_command_unref)

/* Whether the command "connection add" will read a key, as far as its options tell */
gboolean relais_command_reads_key     (RelaisCommand *self);

/* The commands */
void relais_command_connection_add    (RelaisCommand *self);
void relais_command_connection_list   (RelaisCommand *self);
void relais_command_connection_check  (RelaisCommand *self);
void relais_command_connection_remove (RelaisCommand *self);
void relais_command_lists             (RelaisCommand *self);
void relais_command_fields            (RelaisCommand *self);
void relais_command_export_add        (RelaisCommand *self);
void relais_command_export_change       (RelaisCommand *self);
void relais_command_export_list       (RelaisCommand *self);
void relais_command_export_show       (RelaisCommand *self);
void relais_command_export_erase      (RelaisCommand *self);
void relais_command_export_remove     (RelaisCommand *self);
void relais_command_preview           (RelaisCommand *self);
void relais_command_run               (RelaisCommand *self);
void relais_command_history           (RelaisCommand *self);
void relais_command_report            (RelaisCommand *self);

/* What "history" does with its options */
void relais_command_print_log         (RelaisCommand *self);
void relais_command_verify_log        (RelaisCommand *self);
void relais_command_keep_days         (RelaisCommand *self);

G_END_DECLS
