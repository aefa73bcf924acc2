/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisLogLine:
 * @number: counts from 1
 * @line: what is said of one attempt of a run: an object of JSON on one line, in ASCII, its members always in the same order
 * @previous: the hash of the line before; of the first one 64 zeros
 * @hash: SHA-256, in lower-case hexadecimal digits, of @previous, a line feed, and @line
 *
 * One line of the accountability log. It holds no customer's address and no secret, and belongs to no export: it
 * stays when export and connection are removed.
 */
typedef struct
{
  guint64  number;
  char    *line;
  char    *previous;
  char    *hash;
} RelaisLogLine;

void relais_log_line_free (RelaisLogLine *line);

/* What is found out about the log. */
typedef enum
{
  RELAIS_LOG_WHOLE,
  RELAIS_LOG_CHANGED,  /* the line is not what was written */
  RELAIS_LOG_MISSING,  /* it is not there */
  RELAIS_LOG_MOVED,    /* it stands elsewhere */
  RELAIS_LOG_ADDED,    /* it was not written by a run */
} RelaisLogState;

/**
 * RelaisLogCheck:
 * @state: what was found first
 * @line: in which line, 0 when the log is whole
 * @n_lines: how many lines there are
 * @hash: of the last line
 * @n_before: runs that ended before the log was kept
 * @n_open: runs whose last attempt has no line yet: under way, or broken off and not seen since
 */
typedef struct
{
  RelaisLogState  state;
  guint64         line;
  guint64         n_lines;
  char           *hash;
  guint           n_before;
  guint           n_open;
} RelaisLogCheck;

void        relais_log_check_free   (RelaisLogCheck *check);
const char *relais_log_state_to_id  (RelaisLogState  state);

void            relais_journal_log_broken_runs_async (RelaisJournal        *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
void            relais_journal_list_log_async        (RelaisJournal        *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
void            relais_journal_list_log_back_async   (RelaisJournal        *self,
                                                      guint64               before,
                                                      guint                 limit,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GPtrArray      *relais_journal_list_log_finish       (RelaisJournal        *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void            relais_journal_check_log_async       (RelaisJournal        *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
RelaisLogCheck *relais_journal_check_log_finish      (RelaisJournal        *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisLogLine, relais_log_line_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisLogCheck, relais_log_check_free)

G_END_DECLS
