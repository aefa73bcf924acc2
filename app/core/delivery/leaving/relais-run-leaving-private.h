/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal-removals.h"
#include "relais-leaver-record.h"
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
  RELAIS_LEAVER_UNSHOWN,   /* is seen neither on the list nor off it, for now */
  RELAIS_N_LEAVER_STATES,
} RelaisLeaverState;

/**
 * RelaisLeaver:
 * @profile: what stands for the address
 * @state: how far it is
 * @email: (owned) (nullable): as the list has it
 * @since: when they joined the list, in seconds since 1970; 0 = not told
 * @before: (owned) (nullable): what they had left before the import: see relais_memberships_settle()
 * @left_at: before when the last import that may have arrived had not left yet, of relais_steady_time(); 0 = not yet
 * @done_at: the earliest that it can have been for the account when it was seen to be done, in microseconds since 1970; 0 = not yet,
 *   not known, or seen only long after
 * @left_as: (owned) (nullable): how Relais left them, until that is written down
 * @shared: whether another export has put them on the list too: then they stay, and are its own from now on
 * @joined: whether they joined the list without Relais: then they stay, and are nobody's from now on
 * @untimed: whether clocks do not say if they did: then they stay for now
 * @no_way_back: whether they are off the list, and it is not known how they were left
 * @sent_before: whether they were in another import of this run, which may have been done, or was not done to its end
 * @settled: whether they are none of the export's any more
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
  gboolean           untimed;
  gboolean           no_way_back;
  gboolean           sent_before;
  gboolean           settled;
} RelaisLeaver;

/**
 * RelaisLeaving:
 *
 * A run that takes people off the list. Part of its job, on the main loop; while @working is set a thread has it.
 */
struct _RelaisLeaving
{
  RelaisListTurn     *turn;          /* (owned) (nullable): alone with the list; not while the other one is waited for */
  RelaisListTurn     *account_turn;  /* (owned) (nullable): the only one to take people off lists of the account */
  RelaisProfileTable *seen;          /* (owned) (nullable): who is in the segment, until it is decided who left it */
  RelaisDeparted     *departed;      /* (owned) (nullable): whom the export answers for, as it was read last */
  GPtrArray          *people;        /* (owned) (nullable) (element-type RelaisLeaver): sorted by profile, once they are known */
  GPtrArray          *removals;      /* (owned) (nullable) (element-type RelaisRemoval): of this list, from before, sorted by profile */
  GPtrArray          *spans;         /* (owned) (nullable) (element-type RelaisSpan): when attempts at runs were sending to this list */
  GArray             *line;          /* (owned) (nullable) (element-type guint): of the people: who is to be taken off by imports */
  guint               n_in[RELAIS_N_LEAVER_STATES]; /* people in each state */
  GPtrArray          *fresh;         /* (owned) (element-type RelaisLeaver): seen as off the list, and not written down yet; not owned by the array */
  RelaisListWalk     *walk;          /* (owned) (nullable) */
  RelaisListPage      take_page;     /* (nullable): what is done with answers about one person */
  RelaisRunStep       walked;        /* what comes after the walk */
  GError             *error;         /* (owned) (nullable): of a question about one person */
  guint               n_singly;      /* of these under way */
  GError             *trouble;       /* (owned) (nullable): why it could not be gone to its end */
  char               *refusal;       /* (owned) (nullable): the service's own text about somebody whom it did not take off */
  char               *obstacle;      /* (owned) (nullable): name of another export because of which people stay on the list for now */
  gboolean            through_another; /* that one sends through another connection */
  guint               n_postponed;   /* people who stay because they could not be looked for */
  RelaisLeaversCounts before;        /* as earlier attempts of this run left them: whoever these settled is none of the people */
  gint64              sought_at;     /* of relais_steady_time(): when it was begun to look who is on the list */
  guint               n_sought;      /* people whom the walk is for */
  guint               n_found;       /* of them */
  guint               n_not_understood; /* answers, since the last one that was */
  guint               n_found_before; /* until this round of questions about one person each */
  guint               n_answered;    /* of them */
  guint               n_uneven;      /* rounds in a row that failed although some were answered, and that found nobody */
  guint               n_active;      /* people who are on the list, and in no import yet */
  guint               n_shared;      /* people whom another export has put on the list too */
  guint               n_joined;      /* people who joined the list without Relais */
  guint               n_undated;     /* people of whom it is not told when they joined it */
  guint               n_untimed;     /* people of whom clocks do not say whether they joined it without Relais */
  guint               n_no_way_back; /* people who were taken off, and of whom it is not known how they were left */
  guint               n_rounds;      /* of looking who is seen as taken off */
  guint               next;          /* of the line: the first who is in no import yet; or of the people: who is asked about next */
  gboolean            working;       /* something is done with all of the people */
  gboolean            sending;       /* imports are under way */
  gboolean            tried_again;   /* those whose import failed */
  gboolean            by_pages;      /* answers about one person tell too little */
  gboolean            as_asked;      /* somebody said that they all stay */
  gboolean            over;
};

/**
 * RelaisLeavingWork:
 * @job: of the run, which waits
 * @removals: (element-type RelaisRemoval): is given what is to be written of people of the list
 * @fingerprints: (element-type RelaisFingerprint): is given for whom the export answers otherwise from now on
 *
 * Something that is done with all of the people at once, in a thread.
 */
typedef void (* RelaisLeavingWork) (RelaisRunJob *job,
                                    GPtrArray    *removals,
                                    GArray       *fingerprints);

/* What is done with @leaver, who is @contact on the list */
typedef void (* RelaisTakeLeaver) (RelaisRunJob              *job,
                                   RelaisLeaver              *leaver,
                                   const RelaisRemoteContact *contact);

/* relais-run-leaving.c */
void          relais_run_leaving_take_turn    (GTask               *task);
void          relais_run_leaving_end          (GTask               *task);
void          relais_run_leaving_postpone     (GTask               *task);
void          relais_leaving_note_obstacle    (RelaisLeaving       *self);
gboolean      relais_run_leaving_take_answer  (GTask               *task,
                                               const GError        *error);
void          relais_run_leaving_write        (GTask               *task,
                                               GPtrArray           *removals,
                                               GArray              *fingerprints,
                                               RelaisRunStep        step);

/* relais-run-leaving-work.c */
void          relais_run_leaving_work         (GTask               *task,
                                               RelaisLeavingWork    work,
                                               RelaisRunStep        step);
void          relais_leaving_sort_out         (RelaisRunJob        *job,
                                               GPtrArray           *removals,
                                               GArray              *fingerprints);
void          relais_leaving_free_array       (GPtrArray           *taken);
RelaisLeaver *relais_leaving_find             (RelaisLeaving       *self,
                                               RelaisRunJob        *job,
                                               const char          *email);
RelaisLeaver *relais_leaving_find_profile     (RelaisLeaving       *self,
                                               const guint32        profile[3]);
void          relais_leaver_settle            (RelaisLeaving       *self,
                                               RelaisLeaver        *leaver,
                                               RelaisLeaverState    state);
guint         relais_leaving_count            (const RelaisLeaving *self,
                                               RelaisLeaverState    first,
                                               RelaisLeaverState    last);

/* relais-run-leaving-deciding.c */
void          relais_run_leaving_decide       (GTask               *task);

/* relais-run-leaving-own.c */
gboolean      relais_leaving_take_joined      (RelaisLeaving       *self,
                                               RelaisRunJob        *job,
                                               RelaisLeaver        *leaver,
                                               const RelaisRemoteContact *contact);
void          relais_run_leaving_learn        (GTask               *task);

/* relais-run-leaving-people.c */
void          relais_run_leaving_seek         (GTask               *task);

/* relais-run-leaving-walking.c */
gboolean      relais_run_leaving_take_page    (GTask               *task,
                                               GPtrArray           *contacts,
                                               RelaisTakeLeaver     take);
void          relais_run_leaving_walk         (GTask               *task,
                                               RelaisListStatus     status,
                                               RelaisListPage       take_page,
                                               RelaisRunStep        walked);
void          relais_run_leaving_look_for     (GTask               *task,
                                               RelaisListPage       take_page,
                                               RelaisRunStep        walked);

/* relais-run-leaving-sending.c */
void          relais_run_leaving_send         (GTask               *task);
void          relais_run_leaving_sent         (GTask               *task);

/* relais-run-leaving-naming.c */
void          relais_run_leaving_name_intent  (RelaisParcel        *parcel);
RelaisLeaverRecord *relais_run_leaving_make_name (RelaisRunJob      *job,
                                                const RelaisLeaver *leaver);

/* relais-run-leaving-looking.c */
gboolean      relais_leaver_is_looked_for     (const RelaisLeaver  *leaver);
void          relais_run_leaving_look         (GTask               *task);
void          relais_run_leaving_keep_fresh   (GTask               *task);

G_END_DECLS
