/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"
#include "relais-hash.h"
#include "relais-reason.h"
#include "relais-run-notes.h"

G_BEGIN_DECLS

/**
 * RelaisBarred:
 *
 * Who may not be mailed: those who have left a list, whose mail bounced there, and
 * whom the account excludes. They are never sent. Only keyed hashes of their addresses are
 * kept, in memory. It does not change once it is closed, and may be read in any
 * thread then.
 */
typedef struct _RelaisBarred RelaisBarred;

RelaisBarred *relais_barred_new           (const RelaisHashKey   *key);
void          relais_barred_add_person    (RelaisBarred          *barred,
                                           const char            *email,
                                           RelaisReason           reason);
void          relais_barred_add_profile   (RelaisBarred          *barred,
                                           const guint32          profile[3],
                                           RelaisReason           reason);
void          relais_barred_add_exclusion (RelaisBarred          *barred,
                                           const RelaisExclusion *exclusion,
                                           guint32                list_id);
void          relais_barred_add_gaps      (RelaisBarred          *barred,
                                           RelaisGaps             gaps);
gboolean      relais_barred_has_gaps      (RelaisBarred          *barred,
                                           RelaisGaps             gaps);
void          relais_barred_close         (RelaisBarred          *barred);
RelaisBarred *relais_barred_ref           (RelaisBarred          *barred);
void          relais_barred_unref         (RelaisBarred          *barred);
RelaisReason  relais_barred_find          (RelaisBarred          *barred,
                                           const guint32          profile[3],
                                           const char            *folded,
                                           gsize                  length);
RelaisGaps    relais_barred_get_gaps      (RelaisBarred          *barred);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisBarred, relais_barred_unref)

G_END_DECLS
