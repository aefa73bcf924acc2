/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal-removals.h"
#include "relais-list-walk.h"
#include "relais-run-job-private.h"

G_BEGIN_DECLS

/* How far it is with somebody who left the segment. The order is the one it goes through. */
typedef enum
{
  RELAIS_LEAVER_SOUGHT,    /* on the list or not */
  RELAIS_LEAVER_ACTIVE,    /* on the list */
  RELAIS_LEAVER_UNDER_WAY, /* in an import, or about to be */
  RELAIS_LEAVER_FAILED,    /* the import failed: it is tried once more */
  RELAIS_LEAVER_SENT,      /* the import was done, and names nobody else */
  RELAIS_LEAVER_UNSURE,    /* what became of the import is not known, or it was not done to its end */
  RELAIS_LEAVER_KEPT,      /* stays on the list: another export has put them there too, or somebody said so */
  RELAIS_LEAVER_REFUSED,   /* stays on the list: the service did not take them off */
  RELAIS_LEAVER_GONE,      /* was off the list already */
  RELAIS_LEAVER_OFF,       /* is seen as taken off */
  RELAIS_LEAVER_OWN_WILL,  /* is seen as off the list, for a reason of their own */
  RELAIS_LEAVER_DOUBTED,   /* is not seen as taken off */
} RelaisLeaverState;

/**
 * RelaisLeaver:
 * @profile: what stands for the address
 * @state: how far it is
 * @email: (owned) (nullable): as the list has it
 * @since: when they joined the list, in seconds since 1970; 0 = not told
 * @before: (owned) (nullable): what they had left before the import: see relais_memberships_settle()
 * @left_at: before when the import that may have arrived had not left yet, in seconds since 1970; 0 = not yet
 * @done_at: when it was seen to be done; 0 = not yet
 * @left_as: (owned) (nullable): how Relais left them, until that is written down
 * @shared: whether another export has put them on the list too: then they stay, and are its own from now on
 * @joined: whether they joined the list without Relais: then they stay, and are nobody's from now on
 *
 * Somebody whom the export has put on the list, and who is not in the segment any more.
 */
typedef struct
{
  guint32            profile[3];
  RelaisLeaverState  state;
  char              *email;
  gint64             since;
  char              *before;
  gint64             left_at;
  gint64             done_at;
  char              *left_as;
  gboolean           shared;
  gboolean           joined;
} RelaisLeaver;

/**
 * RelaisLeaving:
 *
 * A run that takes people off the list. Part of its job, on the main loop.
 */
struct _RelaisLeaving
{
  RelaisListTurn     *turn;          /* (owned) (nullable): alone with the list */
  RelaisProfileTable *seen;          /* (owned) (nullable): who is in the segment */
  RelaisDeparted     *departed;      /* (owned) (nullable): whom the export answers for, as it was read last */
  GPtrArray          *people;        /* (owned) (nullable) (element-type RelaisLeaver): sorted by profile, once they are known */
  GPtrArray          *removals;      /* (owned) (nullable) (element-type RelaisRemoval): of this list, from before, sorted by profile */
  GPtrArray          *spans;         /* (owned) (nullable) (element-type RelaisSpan): when runs were sending to this list */
  GPtrArray          *fresh;         /* (owned) (element-type RelaisLeaver): seen as off the list, and not written down yet; not owned by the array */
  RelaisListWalk     *walk;          /* (owned) (nullable) */
  RelaisRunStep       walked;        /* what comes after the walk */
  char               *trouble;       /* (owned) (nullable): why it could not be gone to its end, in a sentence */
  char               *refusal;       /* (owned) (nullable): the service's own text about somebody whom it did not take off */
  char               *postponed;     /* (owned) (nullable): why people stay on the list for now, in a sentence */
  guint64             n_before;      /* taken off in earlier attempts of this run */
  guint               n_sought;      /* people whom the walk is for */
  guint               n_found;       /* of them */
  guint               n_not_understood; /* answers, since the last one that was */
  guint               n_active;      /* people who are on the list, and in no import yet */
  guint               n_settled;     /* people of whom it is known what became of them */
  guint               n_joined;      /* people who joined the list without Relais */
  guint               n_undated;     /* people of whom it is not told when they joined it */
  guint               n_no_way_back; /* people who were taken off, and of whom it is not known how they were left */
  guint               n_rounds;      /* of looking who is seen as taken off */
  guint               next;          /* of the people: the first who may be in no import yet */
  gboolean            sending;       /* imports are under way */
  gboolean            tried_again;   /* those whose import failed */
  gboolean            over;
};

/* relais-run-leaving.c */
void          relais_run_leaving_end          (GTask               *task);
void          relais_run_leaving_postpone     (GTask               *task,
                                               char                *taken_reason);
gboolean      relais_run_leaving_take_answer  (GTask               *task,
                                               const GError        *error);
void          relais_run_leaving_write        (GTask               *task,
                                               GPtrArray           *removals,
                                               GArray              *fingerprints,
                                               RelaisRunStep        step);
RelaisLeaver *relais_leaving_find             (RelaisLeaving       *self,
                                               RelaisRunJob        *job,
                                               const char          *email);
void          relais_leaver_settle            (RelaisLeaving       *self,
                                               RelaisLeaver        *leaver,
                                               RelaisLeaverState    state);
guint         relais_leaving_count            (const RelaisLeaving *self,
                                               RelaisLeaverState    first,
                                               RelaisLeaverState    last);

/* relais-run-leaving-own.c */
gboolean      relais_leaving_take_joined      (RelaisLeaving       *self,
                                               guint32              list_id,
                                               RelaisLeaver        *leaver,
                                               const RelaisRemoteContact *contact);
void          relais_run_leaving_learn        (GTask               *task);

/* relais-run-leaving-people.c */
void          relais_run_leaving_seek         (GTask               *task);
void          relais_run_leaving_walk         (GTask               *task,
                                               RelaisListStatus     status,
                                               RelaisListPage       take_page,
                                               RelaisRunStep        walked);

/* relais-run-leaving-sending.c */
void          relais_run_leaving_send         (GTask               *task);
void          relais_run_leaving_sent         (GTask               *task);

/* relais-run-leaving-naming.c */
void          relais_run_leaving_name_intent  (RelaisParcel        *parcel);

/* relais-run-leaving-looking.c */
void          relais_run_leaving_look         (GTask               *task);
void          relais_run_leaving_keep_fresh   (GTask               *task);

/* relais-run-leaving-words.c */
GError       *relais_leaving_make_question    (const RelaisExportDefinition *definition,
                                               guint64              n_departed,
                                               guint64              n_held);
char         *relais_leaving_describe_obstacle (const RelaisDeparted *departed);
char         *relais_leaving_describe_unreadable (guint              n);
char         *relais_leaving_describe_answer  (guint                n);
char         *relais_leaving_describe_kept    (guint                n);
char         *relais_leaving_describe         (const RelaisLeaving *self,
                                               const RelaisLeaversCounts *counts);

G_END_DECLS
