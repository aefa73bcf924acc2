/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RELAIS_LIST_STATUS_UNCONFIRMED = 0,
  RELAIS_LIST_STATUS_ACTIVE = 1,
  RELAIS_LIST_STATUS_UNSUBSCRIBED = 2,
  RELAIS_LIST_STATUS_BOUNCED = 3,
} RelaisListStatus;

/**
 * RelaisMembership:
 * @list_id: of the list, 0 = not told
 * @status: a #RelaisListStatus, or another number that the service has for it; -1 = not told
 * @since: (owned) (nullable): when it began, as the account writes it
 * @changed: (owned) (nullable): when it ended
 * @tells_why: whether a reason, a campaign, a message, an automation or a computer is named for the end: then
 *   it was not Relais that ended it
 * @by_form: whether a form is named: then it was not Relais that began it, or not Relais that began it first
 *
 * How somebody is on a list.
 */
typedef struct
{
  guint32  list_id;
  int      status;
  char    *since;
  char    *changed;
  gboolean tells_why;
  gboolean by_form;
} RelaisMembership;

/**
 * RelaisLeft:
 * @list_id: of a list that Relais took somebody off
 * @left_as: (transfer none): see relais_memberships_settle(), seen then
 */
typedef struct
{
  guint32     list_id;
  const char *left_as;
} RelaisLeft;

void      relais_membership_free       (RelaisMembership *membership);
char     *relais_memberships_settle    (GPtrArray        *memberships);
int       relais_memberships_status    (GPtrArray        *memberships,
                                        guint32           list_id);
gboolean  relais_memberships_tell_why  (GPtrArray        *memberships,
                                        guint32           list_id);
gboolean  relais_memberships_name_form (GPtrArray        *memberships,
                                        guint32           list_id);
void      relais_memberships_read_moments (GPtrArray     *memberships,
                                        guint32           list_id,
                                        gint64           *since,
                                        gint64           *changed);
gboolean  relais_left_as_adds_none     (const char       *now,
                                        guint32           list_id,
                                        const char       *before);
gboolean  relais_left_as_still_holds   (const char       *left_as,
                                        guint32           list_id,
                                        const char       *now,
                                        const RelaisLeft *others,
                                        guint             n_others);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisMembership, relais_membership_free)

G_END_DECLS
