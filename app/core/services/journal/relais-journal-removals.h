/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"
#include "relais-removal.h"

G_BEGIN_DECLS

/**
 * RelaisDeparted:
 * @profiles: (owned): of the people whom the export has put on the list, and whom no other export holds there: 12 bytes each,
 *   sorted by memcmp(). Whoever of them is not in the segment any more has departed.
 * @shared: (owned): of the people whom the export has put on the list, and another export that takes people off holds there too: that
 *   one answers for them from now on. In no order. Whom only exports hold that keep everybody is in neither: once these have gone
 *   to another list, it is for this one to take them off
 * @n_delivered: how many people the export has put on the list, whether others hold them too or not
 * @obstacle: (owned) (nullable): name of another export to the same list of the account, of which it is not known whom it holds
 * @through_another: whether that export sends to the account through another connection; otherwise it is until it
 *   has come to its end once more
 * @read_from: (owned): tells what the others held when it was read from anything else
 *
 * Whom an export answers for on its list. Where there is an obstacle nobody may be taken off.
 */
typedef struct
{
  GBytes   *profiles;
  GBytes   *shared;
  guint64   n_delivered;
  char     *obstacle;
  gboolean  through_another;
  char     *read_from;
} RelaisDeparted;

void            relais_departed_free                    (RelaisDeparted           *departed);

void            relais_journal_read_departed_async      (RelaisJournal            *self,
                                                         const char               *run_id,
                                                         const RelaisDeparted     *before,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
void            relais_journal_foresee_departed_async   (RelaisJournal            *self,
                                                         const char               *export_id,
                                                         const char               *connection_id,
                                                         const char               *host,
                                                         guint32                   list_id,
                                                         guint64                   key_check,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
RelaisDeparted *relais_journal_read_departed_finish     (RelaisJournal            *self,
                                                         GAsyncResult             *result,
                                                         GError                  **error);
void            relais_journal_read_removals_async      (RelaisJournal            *self,
                                                         const char               *connection_id,
                                                         guint32                   list_id,
                                                         const char               *run_id,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
GPtrArray      *relais_journal_read_removals_finish     (RelaisJournal            *self,
                                                         GAsyncResult             *result,
                                                         GError                  **error);
void            relais_journal_put_removals_async       (RelaisJournal            *self,
                                                         const char               *run_id,
                                                         const RelaisLead         *lead,
                                                         const char               *connection_id,
                                                         GPtrArray                *removals,
                                                         GPtrArray                *leavers,
                                                         const RelaisLeaversCounts *counts,
                                                         const RelaisFingerprint  *fingerprints,
                                                         gsize                     n_fingerprints,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
void            relais_journal_forget_removals_async    (RelaisJournal            *self,
                                                         const char               *run_id,
                                                         const RelaisLead         *lead,
                                                         const char               *connection_id,
                                                         GPtrArray                *removals,
                                                         const RelaisFingerprint  *fingerprints,
                                                         gsize                     n_fingerprints,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisDeparted, relais_departed_free)

G_END_DECLS
