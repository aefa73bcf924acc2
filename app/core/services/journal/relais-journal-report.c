/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run's report lists, rows and people: written some at a time, and read page by page. */

#include "relais-journal-private.h"

static void
report_call_free (gpointer data)
{
  RelaisReportCall *call = data;

  g_free (call->run_id);
  g_clear_pointer (&call->items, g_ptr_array_unref);
  g_free (call->after);
  g_free (call);
}

/*
 * relais_journal_write_report:
 * @self: the journal
 * @tag: of the call
 * @work: writes the items; is given a #RelaisReportCall
 * @run_id: of the run
 * @items: referenced until they are written, and not to be changed meanwhile
 * @cancellable: (nullable):
 * @callback: for relais_journal_write_finish()
 * @user_data: for @callback
 */
void
relais_journal_write_report (RelaisJournal       *self,
                             gpointer             tag,
                             RelaisJournalWork    work,
                             const char          *run_id,
                             GPtrArray           *items,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  RelaisReportCall *call = g_new0 (RelaisReportCall, 1);

  call->run_id = g_strdup (run_id);
  call->items = g_ptr_array_ref (items);
  relais_journal_ask (self, tag, TRUE, work, call, report_call_free, NULL, cancellable, callback, user_data);
}

/*
 * relais_journal_list_report:
 * @self: the journal
 * @tag: of the call
 * @work: lists the page in an array; is given a #RelaisReportCall
 * @page: which one; copied
 * @cancellable: (nullable):
 * @callback: called with the page
 * @user_data: for @callback
 */
void
relais_journal_list_report (RelaisJournal          *self,
                            gpointer                tag,
                            RelaisJournalWork       work,
                            const RelaisReportCall *page,
                            GCancellable           *cancellable,
                            GAsyncReadyCallback     callback,
                            gpointer                user_data)
{
  RelaisReportCall *call = g_memdup2 (page, sizeof *page);

  call->run_id = g_strdup (page->run_id);
  call->after = g_strdup (page->after);
  relais_journal_ask (self, tag, FALSE, work, call, report_call_free, (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}
