/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-delivery.h"
#include "relais-guard.h"
#include "relais-list-turns.h"
#include "relais-preparation.h"

G_BEGIN_DECLS

/* How long a run puts up with things, in seconds, and how much it asks; tests are less patient. */
typedef struct
{
  double first_pause;      /* after a temporary failure; doubles with each further one */
  double longest_pause;
  double patience;         /* how long nothing may get through before the run is interrupted */
  double first_look;       /* until an import's result is asked for first */
  double longest_look;     /* between two questions about one import */
  double import_deadline;  /* after which an import without a result counts as unknown */
  double grace;            /* for requests under way when the run is stopped */
  guint  most_questions;   /* why single contacts were refused, in one run */
  double first_recheck;    /* until somebody is asked about again who is not seen as they were sent; grows with each time */
  double freshness;        /* how long what the account said counts for now: of somebody who is put back, of whom it excludes, or of an import */
  double unshown;          /* how long the account may not show yet what was sent to it */
  double verify_patience;  /* how long nothing may get through before verifying is given up, or looking who is on the list */
} RelaisRunTimes;

/**
 * RelaisOutcome:
 * @reason: why the contact did not arrive, RELAIS_REASON_NONE when it did
 * @detail: (owned) (nullable): the service's own text
 */
typedef struct
{
  RelaisReason  reason;
  char         *detail;
} RelaisOutcome;

/**
 * RelaisParcel:
 *
 * A batch on its way through a run, and the task it keeps alive.
 */
typedef struct
{
  GTask               *task;         /* (owned): of the run */
  RelaisPreparedBatch *batch;        /* (owned) */
  gint64               asked_at;     /* monotonic: when the request about it that is under way began */
  gint64               accepted_at;  /* monotonic */
  gint64               look_at;      /* monotonic: when its result is asked for next */
  gint64               look_gap;     /* microseconds */
  guint                n_not_found;  /* how often the service did not know it */
  GArray              *outcomes;     /* (owned) (nullable) (element-type RelaisOutcome): one for each contact, once they are known */
  guint                asking_about; /* index of the contact that the service is asked about */
  gboolean             overstated;   /* the journal says that it left once more than it did */
  gboolean             was_failed;   /* the service accepted it once and failed */
  gboolean             looking;
  guint                returning;    /* index of the contact that may be put back on the list */
  gint64               looked_at;    /* of relais_steady_time(): when that one was asked about, or the import */
  gint64               left_at;      /* the same: when the import left last; 0 = it has not */
  gint64               known_until;  /* the same: so long it counts as seen when the import is done */
  gboolean             leaving;      /* of people who are taken off the list: no rows of the segment, and not in the journal as a batch */
  gboolean             repeats;      /* of those: that it leaves now is counted as a repetition */
} RelaisParcel;

/**
 * RelaisRunJob:
 *
 * One run under way: the data of its task. It lives in the task, so that two
 * runs of one engine cannot disturb each other. Everything here is touched on the main
 * loop only.
 */
typedef void (* RelaisRunStep) (GTask *task);

typedef struct _RelaisVerifying RelaisVerifying;
typedef struct _RelaisLeaving RelaisLeaving;
typedef struct _RelaisExcluded RelaisExcluded;

typedef struct
{
  /* What it works with */
  RelaisWorkspace        *workspace;      /* (owned) */
  RelaisJournal          *journal;        /* (owned) */
  RelaisExport           *export;         /* (owned) */
  RelaisExportDefinition *definition;     /* (owned) (nullable): as it was when the run's turn came */
  RelaisConnection       *connection;     /* (owned) (nullable): of the same moment */
  RelaisRun              *run;            /* (owned) */
  RelaisRun              *previous;       /* (owned) (nullable): the export's last run before */
  RelaisRunOptions        options;
  RelaisRunTimes          times;
  RelaisListTurns        *turns;          /* (unowned): of the engine */
  RelaisClient           *client;         /* (owned) (nullable) */
  gboolean                unlimited;      /* a practice account without limits */
  RelaisHashKey           hash_key;
  GPtrArray              *fields;         /* (owned) (nullable) */
  RelaisGuard            *guard;          /* (owned) (nullable) */
  RelaisBarred           *barred;         /* (owned) (nullable) */
  RelaisReturning        *returning;      /* (owned) (nullable): once it is known who may be put back on the list */
  RelaisExcluded         *excluded;       /* (owned) (nullable): once somebody is to be put back */
  RelaisPlan             *plan;           /* (owned) (nullable) */
  GBytes                 *fingerprints;   /* (owned) (nullable) */
  RelaisCorrections      *corrections;    /* (owned) (nullable): of the rows that it sends, when it does not send the whole segment */
  GBytes                 *corrected;      /* (owned) (nullable): who was sent in place of which address */
  RelaisRunStep           recalled;       /* (nullable): what is done once that is known */
  RelaisPreparation      *preparation;    /* (owned) (nullable) */
  char                  **digests;        /* (owned) (nullable): of the segments' files, one each */
  char                   *digest;         /* (owned) (nullable): of all of them and the settings */

  /* Where it is */
  RelaisRunRecord        *record;         /* (owned) */
  RelaisLead              lead;           /* of the account's clock, as this attempt knows it by now */
  gboolean                locked;         /* the work lock is ours */
  RelaisListTurn         *turn;           /* (owned) (nullable): to send to the list */
  gboolean                goes_on;        /* with the export's last run, from where that was */
  gboolean                begun;          /* the run is in the journal */
  gboolean                prepared;       /* nothing more comes from the preparation */
  RelaisProfileTable     *in_segment;     /* (owned) (nullable): who is in the segment, once it is read to its end */
  guint                   n_unreadable;   /* rows of it of which it is not known whose they are */
  gboolean                stopping;
  gboolean                ended;
  RelaisRunStatus         stop_status;
  GError                 *stop_error;     /* (owned) (nullable) */
  GCancellable           *abort;          /* (owned): ends requests under way */
  guint                   n_repeats_asked; /* batches in doubt that somebody is asked about */
  gboolean                repeats_own;    /* of the run that was to go on, and not of the one before it */
  guint                   next_number;    /* of a batch */
  GQueue                  again;          /* (element-type RelaisParcel): to be sent once more */
  guint                   n_asking;       /* questions before the sending */
  guint                   n_sending;      /* parcels between intent and acceptance */
  GPtrArray              *awaiting;       /* (element-type RelaisParcel): accepted, not confirmed; not owned by the array */
  gsize                   awaiting_bytes;
  guint                   n_looking;
  guint                   n_settling;
  guint                   n_inquiring;    /* questions about single contacts under way */
  guint                   n_questions;    /* of those so far */
  guint64                 n_arrived;      /* people, since the account was asked what its plan has room for */
  guint                   n_splits;       /* batches halved because some of them were not queued */
  guint                   n_writing;      /* other writes to the journal under way */
  gint64                  look_latency;   /* how long imports take lately, microseconds */

  /* Trouble */
  RelaisRunStep           step;           /* (nullable): before the sending, to be tried again after the pause */
  gint64                  trouble_since;  /* monotonic, 0 = none */
  gint64                  paused_until;   /* monotonic, 0 = not paused */
  guint                   n_failures;     /* in a row */
  guint                   n_refusals;     /* of the key, in a row */
  gint64                  refused_at;     /* monotonic: the last of them */
  gint64                  resumed_at;     /* monotonic: end of the last pause */
  guint                   n_refused_batches; /* because of their content, in a row */
  guint                   n_unanswered;   /* questions about exclusions, in a row, while all others were answered */

  /* Sources */
  guint                   turn_source;
  guint                   pause_source;
  guint                   look_source;
  guint                   grace_source;
  gulong                  cancelled_handler;
  gulong                  skip_handler;
  gulong                  governor_handler;

  RelaisLeaving          *leaving;        /* (owned) (nullable): once everything is sent and settled */
  RelaisVerifying        *verifying;      /* (owned) (nullable): once nothing else is left to do */

  /* Sums of what is settled */
  guint64                 n_delivered;
  guint64                 n_refused;
  guint64                 n_unknown;      /* of those: the service never said what became of them */
  RelaisRowCounts         rejected;       /* rows that were not sent, as the report has them */
} RelaisRunJob;

RelaisRunJob     *relais_run_job_get      (GTask            *task);
const RelaisLead *relais_run_job_get_lead (RelaisRunJob     *job);
void              relais_run_job_pump     (GTask            *task);

RelaisParcel *relais_parcel_new         (GTask               *task,
                                         RelaisPreparedBatch *batch);
void          relais_parcel_free        (RelaisParcel        *parcel);
gboolean      relais_parcel_may_repeat  (RelaisParcel        *parcel);

/* relais-run-beginning.c */
void          relais_run_job_begin      (GTask            *task);

/* relais-run-planning.c */
void          relais_run_job_plan       (GTask            *task);
void          relais_run_job_make_record (RelaisRunJob    *job);
void          relais_run_job_start_corrected (GTask       *task,
                                         const char       *run_id);

/* relais-run-correcting.c */
void          relais_run_job_correct    (GTask            *task);
void          relais_run_job_recall_corrections (GTask    *task,
                                         RelaisRunStep     step);
void          relais_run_job_know_corrected (GTask        *task,
                                         RelaisRunStep     step);
void          relais_run_job_note_corrected (GTask        *task,
                                         GArray           *people);

/* relais-run-asking.c */
void          relais_run_job_ask        (GTask            *task);

/* relais-run-returning.c */
void          relais_run_job_read_removals (GTask         *task,
                                         RelaisRunStep     step);
void          relais_run_job_know_returning (GTask        *task);
gboolean      relais_run_job_return_people (RelaisParcel  *parcel);

/* relais-run-returning-excluded.c */
void          relais_excluded_free      (RelaisExcluded   *self);

/* relais-run-sending.c */
void          relais_run_job_send       (RelaisParcel     *parcel);
void          relais_run_job_written_cb (GObject          *object,
                                         GAsyncResult     *result,
                                         gpointer          user_data);
void          relais_run_job_import     (RelaisParcel     *parcel,
                                         const GError     *error);
void          relais_run_job_withdraw   (RelaisParcel     *parcel);
void          relais_run_job_put_back   (RelaisParcel     *parcel);
void          relais_run_job_halve      (RelaisParcel     *parcel);

/* relais-run-taking.c */
void          relais_run_job_reject     (GTask            *task,
                                         GPtrArray        *rejections);
void          relais_run_job_close_batch (GTask           *task,
                                         RelaisBatchRecord *record);
void          relais_run_job_take_item  (GTask              *task,
                                         RelaisPreparedItem *item);

/* relais-run-confirming.c */
void          relais_run_job_await      (RelaisParcel     *parcel);
void          relais_run_job_look       (GTask            *task);

/* relais-run-settling.c */
void          relais_run_job_set_outcomes (RelaisParcel   *parcel,
                                         RelaisReason      reason,
                                         const char       *detail);
void          relais_run_job_account    (RelaisParcel     *parcel);
void          relais_run_job_settle     (RelaisParcel     *parcel,
                                         RelaisBatchState  state,
                                         RelaisReason      reason,
                                         const char       *detail);
void          relais_run_job_conclude   (RelaisParcel     *parcel,
                                         const RelaisImportInfo *info);

/* relais-run-reasons.c */
void          relais_run_job_ask_why    (RelaisParcel     *parcel);

/* relais-run-trouble.c */
void          relais_run_job_succeeded  (GTask            *task);
gboolean      relais_run_job_is_fatal   (GTask            *task,
                                         const GError     *error,
                                         gint64            asked_at);
void          relais_run_job_pause      (GTask            *task,
                                         const GError     *error);
void          relais_run_job_try_later  (GTask            *task,
                                         const GError     *error,
                                         RelaisRunStep     step);
void          relais_run_job_wait       (GTask            *task,
                                         double            seconds,
                                         const char       *sentence,
                                         RelaisRunStep     step);
void          relais_run_job_watch_waiting (GTask         *task);

/* relais-run-leaving.c */
gboolean      relais_run_job_leave      (GTask            *task);
gboolean      relais_run_job_is_leaving (RelaisRunJob     *job);
void          relais_run_job_report_leaving (GTask        *task);
void          relais_run_job_count_leavers (RelaisRunJob  *job);
gboolean      relais_run_job_failed_leavers (RelaisRunJob  *job);
void          relais_run_job_note_leavers (RelaisRunJob   *job);
void          relais_run_job_leave_list (RelaisRunJob     *job);
void          relais_leaving_free       (RelaisLeaving    *self);

/* relais-run-leaving-naming.c */
void          relais_run_job_name_leavers (GTask          *task,
                                         RelaisRunStep     step,
                                         GAsyncReadyCallback failed);

/* relais-run-leaving-sending.c */
gboolean      relais_run_job_fill_leaving (GTask          *task);
void          relais_run_job_intend_leaving (RelaisParcel *parcel);
void          relais_run_job_note_leaving (RelaisParcel   *parcel);
void          relais_run_job_count_repetition (RelaisParcel *parcel);
void          relais_run_job_uncount_repetition (RelaisParcel *parcel);
void          relais_run_job_take_back_leaving (RelaisParcel *parcel);
void          relais_run_job_account_leaving (RelaisParcel *parcel);
void          relais_run_job_give_up_leaving (GTask          *task,
                                         const GError     *error);

/* relais-run-verifying.c */
void          relais_run_job_verify     (GTask            *task);
gboolean      relais_run_job_stop_verifying (GTask        *task,
                                         const GError     *error);
void          relais_verifying_free     (RelaisVerifying  *self);

/* relais-run-ending.c */
void          relais_run_job_report     (GTask            *task);
void          relais_run_job_end_if_done (GTask           *task);
void          relais_run_job_end        (GTask            *task);
void          relais_run_job_stop       (GTask            *task,
                                         RelaisRunStatus   status,
                                         const GError     *error);
void          relais_run_job_give_up    (GTask            *task,
                                         GError           *error);

/* relais-run-job.c, for relais-delivery.c */
GTask        *relais_run_job_async      (RelaisDelivery         *delivery,
                                         RelaisWorkspace        *workspace,
                                         RelaisExport           *export,
                                         RelaisRun              *run,
                                         RelaisRun              *previous,
                                         const RelaisRunOptions *options,
                                         const RelaisRunTimes   *times,
                                         RelaisListTurns        *turns,
                                         GAsyncReadyCallback     callback,
                                         gpointer                user_data);
void          relais_run_job_interrupt  (GTask                  *task);
RelaisRun    *relais_run_job_finish     (RelaisDelivery         *delivery,
                                         GAsyncResult           *result,
                                         GError                **error);

/* relais-delivery.c, for tests */
void          relais_delivery_set_times (RelaisDelivery         *self,
                                         const RelaisRunTimes   *times);

G_END_DECLS
