/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"
#include "relais-hash.h"
#include "relais-reason.h"

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

/* What the account did not tell. */
typedef enum
{
  RELAIS_GAP_NONE = 0,
  RELAIS_GAP_PEOPLE = 1 << 0,           /* who has left the list or bounced there */
  RELAIS_GAP_EXCLUSIONS = 1 << 1,       /* whom it excludes */
  RELAIS_GAP_SOME_EXCLUSIONS = 1 << 2,  /* all of them, or of a kind that is known */
  RELAIS_GAP_RETURNING = 1 << 3,        /* how people are on lists whom Relais took off */
  RELAIS_GAP_PUTTING_BACK = 1 << 4,     /* nothing: the key may not put anybody back */
  RELAIS_GAP_HELD_BACK = 1 << 5,        /* whether it excludes people whom Relais took off */
  RELAIS_GAP_HELD_BACK_LATER = 1 << 6,  /* the same, once some of them may have been put back */
  RELAIS_GAP_NO_ANSWER = 1 << 7,        /* in time, how somebody is whom Relais took off, however often it was asked */
} RelaisGaps;

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
char         *relais_barred_describe_gaps (RelaisBarred          *barred);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisBarred, relais_barred_unref)

G_END_DECLS
