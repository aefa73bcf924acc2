/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"

G_BEGIN_DECLS

/**
 * RelaisListWalk:
 *
 * Everyone who is on a list in one way, page after page, by the contacts' numbers; where they are many, several parts of the
 * list at a time. Pages are asked for with memberships. Whoever these say is not so on the list is left out; where an account
 * does not tell them, one or two people are asked about singly: whether the status is heeded at all.
 */
typedef struct _RelaisListWalk RelaisListWalk;

/* @contacts: (element-type RelaisRemoteContact): those of a page. Returns: whether more of them are worth asking for */
typedef gboolean (* RelaisListPage) (GPtrArray *contacts,
                                     gpointer   user_data);

RelaisListWalk *relais_list_walk_new       (RelaisClient        *client,
                                            guint32              list_id,
                                            RelaisListStatus     status,
                                            RelaisListPage       take_page,
                                            gpointer             user_data);
void            relais_list_walk_free      (RelaisListWalk      *self);
void            relais_list_walk_async     (RelaisListWalk      *self,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
gboolean        relais_list_walk_finish    (GAsyncResult        *result,
                                            GError             **error);
guint64         relais_list_walk_get_n_read (RelaisListWalk     *self);
gint64          relais_list_walk_get_total (RelaisListWalk      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisListWalk, relais_list_walk_free)

G_END_DECLS
