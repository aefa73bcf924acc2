/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-barred.h"
#include "relais-client.h"
#include "relais-hash.h"
#include "relais-removal.h"

G_BEGIN_DECLS

/**
 * RelaisReturning:
 *
 * People whom Relais took off a list, and who may be put back on it when they are in the segment again: those whom the
 * account names as exactly as Relais left them.
 */
typedef struct _RelaisReturning RelaisReturning;

typedef enum
{
  RELAIS_RETURNER_UNSEEN,    /* the account does not name them among those who left the list */
  RELAIS_RETURNER_AS_LEFT,   /* off the list, exactly as Relais left them */
  RELAIS_RETURNER_CHANGED,   /* off the list, or another one, otherwise than Relais left them */
  RELAIS_RETURNER_UNTOLD,    /* off the list, and how is not told */
} RelaisReturnerStanding;

/**
 * RelaisReturner:
 * @removal: from the list that is sent to
 * @standing: how they are now
 * @contact_id: the service's number of them, 0 while it is not known
 * @asked_before: whether this run may have put them back already
 * @n_tries: how often they could not be put back, for a reason that may be over
 *
 * One of them. Whoever puts them back changes it.
 */
typedef struct
{
  RelaisRemoval          *removal;
  RelaisReturnerStanding  standing;
  guint64                 contact_id;
  gboolean                asked_before;
  guint                   n_tries;
} RelaisReturner;

RelaisReturning *relais_returning_new         (GPtrArray                 *removals,
                                               guint32                    list_id,
                                               const RelaisHashKey       *key);
void             relais_returning_order_async (GPtrArray                 *removals,
                                               guint32                    list_id,
                                               const RelaisHashKey       *key,
                                               GAsyncReadyCallback        callback,
                                               gpointer                   user_data);
RelaisReturning *relais_returning_order_finish (GAsyncResult             *result);
RelaisReturning *relais_returning_ref         (RelaisReturning           *self);
void             relais_returning_unref       (RelaisReturning           *self);
gboolean         relais_returning_is_empty    (RelaisReturning           *self);
gboolean         relais_returning_take        (RelaisReturning           *self,
                                               const RelaisRemoteContact *contact);
gboolean         relais_returning_has_untold  (RelaisReturning           *self);
GPtrArray       *relais_returning_get_changed (RelaisReturning           *self);
gboolean         relais_returning_hold_back   (RelaisReturning           *self,
                                               RelaisBarred              *barred);
RelaisReturner  *relais_returning_find        (RelaisReturning           *self,
                                               const guint32              profile[3]);
gboolean         relais_returning_is_of       (RelaisReturning           *self,
                                               const RelaisReturner      *returner,
                                               const RelaisRemoteContact *contact);
gboolean         relais_returning_fits        (RelaisReturning           *self,
                                               const RelaisReturner      *returner,
                                               const RelaisRemoteContact *contact);
void             relais_returning_remove      (RelaisReturning           *self,
                                               const guint32              profile[3]);
void             relais_returning_clear       (RelaisReturning           *self);
void             relais_returning_count       (RelaisReturning           *self,
                                               const guint32              profile[3]);
guint64          relais_returning_get_n_counted (RelaisReturning         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisReturning, relais_returning_unref)

G_END_DECLS
