/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-guard.h"

G_BEGIN_DECLS

/* What is to be asked next for a track */
typedef enum
{
  RELAIS_TRACK_FIRST,      /* its first page, which says how each contact is on the list */
  RELAIS_TRACK_WITNESSES,  /* contacts of that page, one by one, because it did not say so */
  RELAIS_TRACK_LAST,       /* the contact with the highest number, because they are many */
  RELAIS_TRACK_REST,       /* page after page */
  RELAIS_TRACK_DONE,
} RelaisTrackStep;

/**
 * RelaisTrack:
 *
 * People of one status on the list, by number, or a part of them.
 */
typedef struct
{
  RelaisGuard     *guard;         /* (unowned): owns it */
  RelaisListStatus status;
  RelaisReason     reason;
  RelaisTrackStep  step;
  guint64          after_id;      /* the last one that was told */
  guint64          before_id;     /* the first one that is another track's, 0 = none */
  gint64           total;         /* of all with this status, -1 = not told */
  guint64          witnesses[2];
  guint            n_witnesses;   /* still to be asked */
  guint            n_heard;
  guint            n_first;       /* people on the first page, until they have been asked */
} RelaisTrack;

struct _RelaisGuard
{
  GObject       parent_instance;

  RelaisClient *client;         /* (owned) */
  guint32       list_id;
  RelaisBarred *barred;         /* (owned): not closed yet */
  RelaisReturning *returning;   /* (owned) (nullable): who may be put back on the list */
  guint64       n_read;

  /* People */
  GPtrArray    *tracks;         /* (owned) (element-type RelaisTrack) */
  guint         n_pages;
  GError       *denial;         /* (owned) (nullable): the key may not look at them */

  /* Exclusions */
  gboolean      knows_exclusions;
  GHashTable   *exclusions;     /* (owned) (element-type guint64): numbers of those that were told */
  guint         offset;
  gint64        n_exclusions;   /* how many there are, or were while they were told, -1 = not told */
  guint         n_refusals;     /* in a row */
  GError       *exclusions_error; /* (owned) (nullable): why they alone cannot be told now, though maybe later */
  gboolean      lacks_exclusions; /* nothing else was missing the last time */

  /* The account's plan */
  RelaisAccountSettings *settings; /* (owned) (nullable) */
  guint         n_room_failures;

  /* While it is asked */
  GTask        *task;           /* (owned) (nullable) */
  guint         n_asking;
  GError       *error;          /* (owned) (nullable): what keeps it from going on */
};

/* relais-guard.c */
GCancellable *relais_guard_begin_question (RelaisGuard *self);
void          relais_guard_end_question   (RelaisGuard *self);
void          relais_guard_add_read       (RelaisGuard *self,
                                           guint        n);
void          relais_guard_fail           (RelaisGuard *self,
                                           GError      *error);

/* relais-guard-people.c */
void          relais_guard_add_people     (RelaisGuard *self);
void          relais_guard_ask_people     (RelaisGuard *self);

/* relais-guard-exclusions.c */
void          relais_guard_ask_exclusions (RelaisGuard *self);

/* relais-guard-room.c */
void          relais_guard_ask_room       (RelaisGuard *self);
gboolean      relais_guard_ask_room_again (RelaisGuard *self);

G_END_DECLS
