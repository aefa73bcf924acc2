/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"
#include "relais-hash.h"
#include "relais-reason.h"

G_BEGIN_DECLS

/**
 * RelaisBarred:
 *
 * Who may not be mailed: those who have left a list, or whose mail bounced
 * there. They are never sent. Only keyed hashes of their addresses are kept, in memory. It
 * does not change once it is made, and may be read in any thread.
 */
typedef struct _RelaisBarred RelaisBarred;

void          relais_barred_list_async  (RelaisClient         *client,
                                         guint32               list_id,
                                         const RelaisHashKey  *key,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
RelaisBarred *relais_barred_list_finish (GAsyncResult         *result,
                                         GError              **error);
RelaisBarred *relais_barred_ref         (RelaisBarred         *barred);
void          relais_barred_unref       (RelaisBarred         *barred);
RelaisReason  relais_barred_find        (RelaisBarred         *barred,
                                         const guint32         profile[3]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisBarred, relais_barred_unref)

G_END_DECLS
