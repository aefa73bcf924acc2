/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "relais-corrections.h"
#include "relais-row.h"
#include "relais-run-notes.h"
#include "relais-verification.h"

G_BEGIN_DECLS

/* What the journal keeps and the model shows, as plain values. Every pointer
 * is owned by its struct; times are microseconds since 1970 in UTC, 0 = never. */

typedef enum
{
  RELAIS_CONNECTION_ACTIVECAMPAIGN,
  RELAIS_CONNECTION_PRACTICE,        /* the stand-in account: built in, or on loopback when host is set */
} RelaisConnectionKind;

typedef enum
{
  RELAIS_ACCESS_ADMINISTRATORS,
  RELAIS_ACCESS_CONTRIBUTORS,        /* administrators and contributors */
} RelaisAccess;

/* How the last check ended; the values are stored. */
typedef enum
{
  RELAIS_CHECK_NEVER,
  RELAIS_CHECK_CONNECTED,
  RELAIS_CHECK_KEY_REFUSED,
  RELAIS_CHECK_NOT_ALLOWED,
  RELAIS_CHECK_UNREACHABLE,
  RELAIS_CHECK_CERTIFICATE,
  RELAIS_CHECK_WRONG_HOST,
  RELAIS_CHECK_UNPAID,
  RELAIS_CHECK_TROUBLE,              /* rate limit or a fault on the service's side */
  RELAIS_CHECK_KEYRING,              /* the key could not be had from the keyring */
} RelaisCheck;

/**
 * RelaisConnectionRecord:
 * @host: (nullable): host name of the account; host:port of a practice account
 *   started elsewhere; %NULL for the built-in practice account
 * @limit_requests: of a practice account: its bulk requests per @limit_seconds,
 *   0 = the service's own (100 in 60 s), G_MAXUINT = none
 * @account: (nullable): account name seen at Connect
 * @user: (nullable): user name seen at Connect
 * @consent_version: version of the text that was agreed to, 0 = none
 */
typedef struct
{
  char                 *id;
  RelaisConnectionKind  kind;
  char                 *name;
  char                 *host;
  RelaisAccess          access;
  guint                 limit_requests;
  guint                 limit_seconds;
  char                 *account;
  char                 *user;
  guint                 consent_version;
  char                 *consent_language;
  char                 *consent_by;
  gint64                consent_at;
  gint64                created_at;
  gint64                checked_at;
  RelaisCheck           check;
} RelaisConnectionRecord;

/**
 * RelaisExportRecord:
 * @connection_id: (nullable): %NULL when disconnected
 * @definition: JSON, without name and connection, which are kept beside it
 */
typedef struct
{
  char   *id;
  char   *name;
  char   *connection_id;
  char   *definition;
  gint64  created_at;
  gint64  changed_at;
} RelaisExportRecord;

typedef enum
{
  RELAIS_TRIGGER_ON_DEMAND,
  RELAIS_TRIGGER_COMMAND_LINE,
  RELAIS_TRIGGER_SCHEDULED,
} RelaisTrigger;

/* How a run stands; the values are stored. "Interrupted" is a run without an
 * end that no process is working on. */
typedef enum
{
  RELAIS_RUN_PROCESSING,
  RELAIS_RUN_SUCCESSFUL,
  RELAIS_RUN_COMPLETED_WITH_ERRORS,
  RELAIS_RUN_FAILURE,                /* ended for good */
  RELAIS_RUN_CANCELED,               /* by the person; can go on */
  RELAIS_RUN_SKIPPED,
  RELAIS_RUN_INTERRUPTED,            /* stopped by a fault, a quit or a kill; can go on */
} RelaisRunStatus;

/* What is to become of people who left the segment, when they are so many that it is asked about; the values are stored. */
typedef enum
{
  RELAIS_ANSWER_ASK,       /* the run stops, as one that can go on, with RELAIS_ERROR_QUESTION */
  RELAIS_ANSWER_TAKE_OFF,  /* they are taken off the list, however many they are */
  RELAIS_ANSWER_KEEP,      /* nobody is taken off by this run; the next one finds them again */
} RelaisLeaversAnswer;

/**
 * RelaisLeaversCounts:
 * @departed: people whom the export had put on the list, and who are not in the segment any more
 * @taken_off: of them, those who were taken off the list, and are seen so
 * @in_doubt: of them, those of whom it is not known
 * @kept: of them, those who stay on the list: another export has put them there too, a person said so, or it could not be
 *   found out
 * @put_back: people who came back into the segment and were put back on the list
 * @repeated: how often the service was asked once more to take people off the list, or to put somebody back on it, because it
 *   is not known whether it was the time before, or because it did not do it then
 * @asked: of the departed, those of whom a person is to say whether they are taken off; they are on the list until then
 * @delivered: how many people the export had put on the list when the run began, those who departed among them; 0 = not known
 * @share: the percent from which on it was asked about them
 * @number: the people from which on it was
 * @answered: people of whom a person said what is to become of them; 0 = nobody was told
 * @shared: of the kept, those whom another export has put on the list too, and answers for from now on
 * @joined: of the kept, those who joined the list without Relais
 * @undated: of the kept, those of whom it is not told when they joined it
 * @untimed: of the kept, those of whom clocks do not say whether they joined the list without Relais
 * @unshown: of those in doubt, people who are shown neither on the list nor off it, shortly after the export's last run
 * @no_way_back: people who are off the list, without certainty that nothing but Relais took them off
 * @unreadable: rows whose address cannot be read, where that is new: because of them those who are kept are
 * @settled: of the departed, those whom the run does not find among them any more when it goes on
 * @settled_off: of these, those who were taken off
 * @settled_shared: the same, for @shared
 * @settled_joined: the same, for @joined
 * @settled_no_way_back: the same, for @no_way_back
 * @answer: what was said of those
 * @told_apart: whether everybody departed was told from the rows whose address cannot be read: these are nobody's of those whom
 *   the export holds
 *
 * Whoever departed and is in none of the others had left the list already, or, where the run was stopped before, may be on it.
 */
typedef struct
{
  guint64 departed;
  guint64 taken_off;
  guint64 in_doubt;
  guint64 kept;
  guint64 put_back;
  guint64 repeated;
  guint64 asked;
  guint64 delivered;
  guint64 share;
  guint64 number;
  guint64 answered;
  guint64 shared;
  guint64 joined;
  guint64 undated;
  guint64 untimed;
  guint64 unshown;
  guint64 no_way_back;
  guint64 unreadable;
  guint64 settled;
  guint64 settled_off;
  guint64 settled_shared;
  guint64 settled_joined;
  guint64 settled_no_way_back;
  RelaisLeaversAnswer answer;
  gboolean told_apart;
} RelaisLeaversCounts;

/**
 * RelaisRunRecord:
 * @number: rises with every run; orders the history
 * @segment_digest: (nullable): what the segment's files were when the run
 *   began: it can go on only from the same bytes
 * @again: everything is sent, changed or not
 * @counts: final once @ended_at is set; until then what is in the journal
 * @leavers: people who left the segment, and who came back; as final as @counts
 * @batches_accepted: batches the service accepted, each counted once
 * @batches_repeated: batches sent more than once, because the answer to the
 *   first sending never came
 * @error_code: a #RelaisError, or -1
 * @message: (nullable): why it was stopped, or could not begin, in a sentence of whoever ran it
 * @notes: what else there is to know of it
 * @begun_at: when the last attempt began: a run that goes on has several
 * @who: (nullable): the desktop user's name, of the last attempt as all that follows; %NULL for a run of an older version
 * @connection_id: (nullable): of the connection; it may be gone
 * @connection_name: (nullable): how the connection was called
 * @host: (nullable): of the account, %NULL for the built-in practice account
 * @list_name: (nullable): how the list was called
 * @consent_version: version of the text that was agreed to for the connection
 * @consent_language: (nullable): in which language
 * @key_check: tells the key of the fingerprints from any other, 0 = not known
 * @takes_off: whether it is to take people off the list who left the segment
 * @is_open: whether the last attempt has no line in the log yet: it is under way, or broke off; only read
 * @rows_deleted_at: when rows that were not delivered were deleted because of their age, 0 = never; only read
 * @verified: what reading back from the account came to; written by relais_journal_put_verification_async() alone
 * @corrects: (nullable): id of the run whose rejected rows it sends again as they were corrected; then it reads no others
 * @corrections: (nullable): what was corrected; only written, when such a run begins
 */
typedef struct
{
  char            *id;
  gint64           number;
  char            *export_id;
  char            *export_name;
  RelaisTrigger    trigger;
  RelaisRunStatus  status;
  gint64           started_at;
  gint64           ended_at;
  char            *segment_digest;
  gboolean         again;
  RelaisRowCounts  counts;
  RelaisLeaversCounts leavers;
  guint            batches_accepted;
  guint            batches_repeated;
  int              error_code;
  char            *message;
  RelaisRunNotes   notes;
  gint64           begun_at;
  char            *who;
  char            *connection_id;
  char            *connection_name;
  char            *host;
  guint            list_id;
  char            *list_name;
  guint            consent_version;
  char            *consent_language;
  guint64          key_check;
  gboolean         takes_off;
  gboolean         is_open;
  gint64           rows_deleted_at;
  RelaisVerification verified;
  char            *corrects;
  RelaisCorrections *corrections;
} RelaisRunRecord;

/* The order is the order a batch goes through; the values are stored. */
typedef enum
{
  RELAIS_BATCH_INTENT,     /* on disk before it leaves; after a crash: in doubt */
  RELAIS_BATCH_ACCEPTED,   /* the service queued it and gave an id */
  RELAIS_BATCH_CONFIRMED,  /* its result is known and accounted for */
  RELAIS_BATCH_REFUSED,    /* the service refused it whole; nothing of it was queued */
  RELAIS_BATCH_UNKNOWN,    /* accepted, but its result was never told */
} RelaisBatchState;

/**
 * RelaisBatchRecord:
 * @number: rises within the run
 * @first_row: the first row of the segment that it holds
 * @last_row: the last one
 * @rows: (nullable): all of them, see relais_row_ranges_next(); %NULL for one that an older version wrote
 * @contacts: how many contacts it holds
 * @hash: of its payload
 * @remote_id: (nullable): the service's id
 * @queued: how many contacts the service said it queued, -1 = it did not say
 * @sendings: how often it left (the first included)
 * @delivered: contacts confirmed
 * @refused: contacts refused
 *
 * A row is in one batch of a run at the most.
 */
typedef struct
{
  guint             number;
  RelaisBatchState  state;
  guint64           first_row;
  guint64           last_row;
  char             *rows;
  guint             contacts;
  guint64           hash;
  char             *remote_id;
  int               queued;
  guint             sendings;
  guint             delivered;
  guint             refused;
} RelaisBatchRecord;

/* In both halves of a fingerprint's content: the person is or may be on the list, but not as anything that is known to
 * have been sent. It is nobody's hash, so they are sent again, and they are still the export's own. */
#define RELAIS_CONTENT_UNKNOWN G_MAXUINT32

/**
 * RelaisFingerprint:
 * @profile: 96 bits of the keyed hash of the folded address
 * @content: keyed hash of what was confirmed for it; zero for somebody whom the export does not answer for any more
 */
typedef struct
{
  guint32 profile[3];
  guint32 content[2];
} RelaisFingerprint;

G_STATIC_ASSERT (sizeof (RelaisFingerprint) == 20);

RelaisConnectionRecord *relais_connection_record_new   (void);
RelaisConnectionRecord *relais_connection_record_copy  (const RelaisConnectionRecord *record);
void                    relais_connection_record_free  (RelaisConnectionRecord       *record);
RelaisExportRecord     *relais_export_record_new       (void);
RelaisExportRecord     *relais_export_record_copy      (const RelaisExportRecord     *record);
void                    relais_export_record_free      (RelaisExportRecord           *record);
RelaisRunRecord        *relais_run_record_new          (void);
RelaisRunRecord        *relais_run_record_copy         (const RelaisRunRecord        *record);
void                    relais_run_record_free         (RelaisRunRecord              *record);
RelaisBatchRecord      *relais_batch_record_new        (void);
RelaisBatchRecord      *relais_batch_record_copy       (const RelaisBatchRecord      *record);
void                    relais_batch_record_free       (RelaisBatchRecord            *record);
RelaisFingerprint       relais_fingerprint_of          (const guint32                 profile[3],
                                                        guint32                       content);
gboolean                relais_fingerprint_is_held     (const RelaisFingerprint      *fingerprint);
const char             *relais_run_status_to_id        (RelaisRunStatus               status);
const char             *relais_trigger_to_id           (RelaisTrigger                 trigger);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisConnectionRecord, relais_connection_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisExportRecord, relais_export_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisRunRecord, relais_run_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisBatchRecord, relais_batch_record_free)

G_END_DECLS
