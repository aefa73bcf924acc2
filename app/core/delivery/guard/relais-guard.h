/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-barred.h"
#include "relais-returning.h"

G_BEGIN_DECLS

/**
 * RelaisGuard:
 *
 * Asks an account who may not be mailed on a list, and what its plan has room for. What it has been told it keeps: asked
 * again after a failure, it goes on where it was.
 *
 * Properties (notifying, read-only): `n-read` (uint64: people and exclusions that were told so far).
 */
#define RELAIS_TYPE_GUARD (relais_guard_get_type ())
G_DECLARE_FINAL_TYPE (RelaisGuard, relais_guard, RELAIS, GUARD, GObject)

RelaisGuard  *relais_guard_new            (RelaisClient         *client,
                                           guint32               list_id,
                                           const RelaisHashKey  *key);
RelaisGuard  *relais_guard_new_of_exclusions (RelaisClient      *client,
                                           guint32               list_id,
                                           const RelaisHashKey  *key);
void          relais_guard_set_returning  (RelaisGuard          *self,
                                           RelaisReturning      *returning);
void          relais_guard_ask_async      (RelaisGuard          *self,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
RelaisBarred *relais_guard_ask_finish     (RelaisGuard          *self,
                                           GAsyncResult         *result,
                                           GError              **error);
gboolean      relais_guard_lacks_exclusions (RelaisGuard        *self);
void          relais_guard_leave_exclusions (RelaisGuard        *self);
char         *relais_guard_foresee        (RelaisGuard          *self,
                                           guint64               n_new);
void          relais_guard_note           (RelaisGuard          *self,
                                           guint64               n_new,
                                           gboolean              some_missing,
                                           RelaisRunNotes       *notes);
gint64        relais_guard_get_room_left  (RelaisGuard          *self);
gint64        relais_guard_get_n_unsubscribed (RelaisGuard      *self);
guint64       relais_guard_get_n_read     (RelaisGuard          *self);
guint64       relais_guard_get_n_expected (RelaisGuard          *self);

G_END_DECLS
