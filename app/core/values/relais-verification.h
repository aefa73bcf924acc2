/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far the reading back after a run came; the codes are stored. */
typedef enum
{
  RELAIS_VERIFICATION_NONE,     /* "none": not asked for, or the run did not come to it */
  RELAIS_VERIFICATION_NOTHING,  /* "nothing": nothing was delivered */
  RELAIS_VERIFICATION_DONE,     /* "done" */
  RELAIS_VERIFICATION_STOPPED,  /* "stopped": by the person; some were not asked about */
  RELAIS_VERIFICATION_FAILED,   /* "failed": the message says why; some were not asked about */
} RelaisVerificationState;

#define RELAIS_N_VERIFICATION_STATES (RELAIS_VERIFICATION_FAILED + 1)

/**
 * RelaisVerification:
 * @state: how far it came
 * @all: whether everybody was to be asked about, and not a sample
 * @delivered: rows that the run delivered, in all its attempts
 * @asked: people who were to be asked about
 * @same: of them, those whom the account shows as they were sent
 * @different: of them, those whom it does not
 * @values_untold: whether the account did not tell the values of custom fields: they were not compared then
 * @message: (owned) (nullable): why it failed
 *
 * What reading back from the account came to, after a run.
 */
typedef struct
{
  RelaisVerificationState  state;
  gboolean                 all;
  guint64                  delivered;
  guint64                  asked;
  guint64                  same;
  guint64                  different;
  gboolean                 values_untold;
  char                    *message;
} RelaisVerification;

/* In what way somebody differs; the codes are stored and printed. */
typedef enum
{
  RELAIS_DIFFERENCE_NOT_FOUND,     /* "not-found": the account does not have this contact */
  RELAIS_DIFFERENCE_NOT_ON_LIST,   /* "not-on-list" */
  RELAIS_DIFFERENCE_UNCONFIRMED,   /* "unconfirmed" on the list */
  RELAIS_DIFFERENCE_UNSUBSCRIBED,  /* "unsubscribed" from the list */
  RELAIS_DIFFERENCE_BOUNCED,       /* "bounced" on the list */
  RELAIS_DIFFERENCE_STATUS,        /* "other-status": on the list in a way that is not documented */
  RELAIS_DIFFERENCE_VALUE,         /* "other-value": one of the values */
} RelaisDifferenceKind;

#define RELAIS_N_DIFFERENCE_KINDS (RELAIS_DIFFERENCE_VALUE + 1)

/**
 * RelaisDifference:
 * @row: counted from 1, the header not counted
 * @email: (owned): as it was sent
 * @kind: in what way
 * @field: (owned) (nullable): of a value: first_name, last_name, phone, or the number of a custom field
 * @title: (owned) (nullable): how the account calls that custom field
 * @sent: (owned) (nullable): the value that was sent
 * @held: (owned) (nullable): the value that the account holds
 *
 * One thing in which the account does not show what was sent.
 */
typedef struct
{
  guint64               row;
  char                 *email;
  RelaisDifferenceKind  kind;
  char                 *field;
  char                 *title;
  char                 *sent;
  char                 *held;
} RelaisDifference;

void                  relais_verification_copy          (RelaisVerification       *into,
                                                         const RelaisVerification *from);
void                  relais_verification_clear         (RelaisVerification       *verification);
const char           *relais_verification_state_to_code (RelaisVerificationState   state);
char                 *relais_verification_to_text       (const RelaisVerification *verification);
void                  relais_verification_from_text     (const char               *text,
                                                         RelaisVerification       *verification);
RelaisDifference     *relais_difference_new             (guint64                   row,
                                                         const char               *email,
                                                         RelaisDifferenceKind      kind);
void                  relais_difference_free            (RelaisDifference         *difference);
const char           *relais_difference_kind_to_code    (RelaisDifferenceKind      kind);
RelaisDifferenceKind  relais_difference_kind_from_code  (const char               *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisDifference, relais_difference_free)

G_END_DECLS
