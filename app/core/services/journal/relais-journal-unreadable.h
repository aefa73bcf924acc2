/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisUnreadableTexts:
 *
 * What stands in the rows of a segment instead of an address, and how often.
 */
typedef struct _RelaisUnreadableTexts RelaisUnreadableTexts;

RelaisUnreadableTexts *relais_unreadable_texts_new  (void);
void                   relais_unreadable_texts_free (RelaisUnreadableTexts *self);
void                   relais_unreadable_texts_add  (RelaisUnreadableTexts *self,
                                                     const RelaisRejection *rejection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisUnreadableTexts, relais_unreadable_texts_free)

void    relais_journal_count_unreadable_async   (RelaisJournal          *self,
                                                 const char             *run_id,
                                                 GCancellable           *cancellable,
                                                 GAsyncReadyCallback     callback,
                                                 gpointer                user_data);
void    relais_journal_foresee_unreadable_async (RelaisJournal          *self,
                                                 const char             *export_id,
                                                 const char             *connection_id,
                                                 guint32                 list_id,
                                                 guint64                 key_check,
                                                 RelaisUnreadableTexts  *taken_texts,
                                                 GCancellable           *cancellable,
                                                 GAsyncReadyCallback     callback,
                                                 gpointer                user_data);
guint64 relais_journal_count_unreadable_finish  (RelaisJournal          *self,
                                                 GAsyncResult           *result,
                                                 GError                **error);

G_END_DECLS
