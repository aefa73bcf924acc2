/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-aim.h"

G_BEGIN_DECLS

typedef enum
{
  /* What a wrong key gets */
  RELAIS_FAULT_KEY_HTML,
  RELAIS_FAULT_KEY_MESSAGE,
  RELAIS_FAULT_KEY_PERMISSION,
  RELAIS_FAULT_KEY_ERRORS,
  RELAIS_FAULT_KEY_TEXT,
  RELAIS_FAULT_KEY_401,
  RELAIS_FAULT_KEY_REDIRECT,
  /* What a right key gets */
  RELAIS_FAULT_KEY_REVOKED,
  RELAIS_FAULT_SPURIOUS_403,
  RELAIS_FAULT_SPURIOUS_401,
  RELAIS_FAULT_UNPAID,
  RELAIS_FAULT_NOT_ALLOWED,
  RELAIS_FAULT_SETTINGS_403,
  RELAIS_FAULT_REDIRECT,
  RELAIS_FAULT_REDIRECT_308,
  RELAIS_FAULT_LOGIN_AT,
  RELAIS_FAULT_MISSING_404,
  RELAIS_FAULT_INVALID_422,
  RELAIS_FAULT_BAD_REQUEST_400,
  RELAIS_FAULT_TEXT_422,
  RELAIS_FAULT_REFUSALS_AS_TEXT,
  /* Limits */
  RELAIS_FAULT_THROTTLE_429,
  RELAIS_FAULT_THROTTLE_BARE,
  RELAIS_FAULT_THROTTLE_400,
  RELAIS_FAULT_THROTTLE_503,
  RELAIS_FAULT_RETRY_AFTER,
  RELAIS_FAULT_RETRY_AFTER_DATE,
  RELAIS_FAULT_IMPORTS_COUNT,
  RELAIS_FAULT_IMPORTS_429,
  RELAIS_FAULT_NO_RATE_HEADERS,
  /* On the way */
  RELAIS_FAULT_HTML_200,
  RELAIS_FAULT_EMPTY_200,
  RELAIS_FAULT_HTML_500,
  RELAIS_FAULT_HTML_502,
  RELAIS_FAULT_HTML_503,
  RELAIS_FAULT_HTML_504,
  RELAIS_FAULT_EMPTY_502,
  RELAIS_FAULT_WRONG_JSON,
  RELAIS_FAULT_LIST_JSON,
  RELAIS_FAULT_BARE_JSON,
  RELAIS_FAULT_MARKED_JSON,
  RELAIS_FAULT_TYPE,
  RELAIS_FAULT_CUT_ANSWER,
  RELAIS_FAULT_CUT_HEAD,
  RELAIS_FAULT_RESET_EARLY,
  RELAIS_FAULT_RESET_BEFORE,
  RELAIS_FAULT_RESET_AFTER,
  RELAIS_FAULT_SILENT_BEFORE,
  RELAIS_FAULT_SILENT_AFTER,
  RELAIS_FAULT_TWICE,
  RELAIS_FAULT_SLOW,
  RELAIS_FAULT_DRIP,
  RELAIS_FAULT_GZIP,
  RELAIS_FAULT_CHUNKED,
  RELAIS_FAULT_NO_DATE,
  /* What an import says, and what it takes */
  RELAIS_FAULT_SUCCESS_CAPITAL,
  RELAIS_FAULT_PARTIAL_SUCCESS,
  RELAIS_FAULT_NO_BATCH_ID,
  RELAIS_FAULT_LEAVE_OUT,
  RELAIS_FAULT_REASONS_FROM_ZERO,
  RELAIS_FAULT_REFUSE_WHOLE,
  RELAIS_FAULT_REFUSE,
  RELAIS_FAULT_BAD_ADDRESSES_REFUSE,
  RELAIS_FAULT_BAD_ADDRESSES_FAIL,
  RELAIS_FAULT_APOSTROPHES_PASS,
  RELAIS_FAULT_AUTOMATIONS_INSIDE,
  RELAIS_FAULT_IMPORT_KEEPS_EMPTY,
  RELAIS_FAULT_UNSUBSCRIBED_UPDATED,
  RELAIS_FAULT_SUCCESS_CREATED_ONLY,
  RELAIS_FAULT_LOSE,
  RELAIS_FAULT_CHANGE,
  /* How an import goes on */
  RELAIS_FAULT_IMPORT_DELAY,
  RELAIS_FAULT_IMPORT_NEVER_ENDS,
  RELAIS_FAULT_IMPORT_FAILED,
  RELAIS_FAULT_IMPORT_INTERRUPTED,
  RELAIS_FAULT_IMPORT_UNKNOWN_STATE,
  RELAIS_FAULT_ENDS_WITHOUT_RESULTS,
  RELAIS_FAULT_FAILURES_NUMBERED,
  RELAIS_FAULT_INFO_FALSE,
  RELAIS_FAULT_INFO_STATUS,
  RELAIS_FAULT_INFO_WITHOUT_STATUS,
  RELAIS_FAULT_INFO_FORGETS,
  RELAIS_FAULT_INFO_400,
  /* Forms of answers */
  RELAIS_FAULT_IDS_AS_NUMBERS,
  RELAIS_FAULT_NO_TOTALS,
  RELAIS_FAULT_FIELDS_BY_100,
  RELAIS_FAULT_ANY_LIMIT,
  RELAIS_FAULT_PAGES_REPEAT,
  RELAIS_FAULT_DOCUMENTED_STATUSES,
  RELAIS_FAULT_CHOICES_IN_BARS,
  /* What the account has */
  RELAIS_FAULT_STATUS_UNHEEDED,
  RELAIS_FAULT_BARE_PAGES,
  RELAIS_FAULT_THREE_UNCONFIRMED,
  RELAIS_FAULT_LAG,
  RELAIS_FAULT_CLOCK,
  RELAIS_FAULT_LISTS,
  RELAIS_FAULT_CONTACT_LIMIT,
  RELAIS_FAULT_ACCOUNT_STATUS,
  RELAIS_FAULT_LIMIT_REFUSES,
  RELAIS_N_FAULTS
} RelaisFault;

typedef enum
{
  RELAIS_RHYTHM_EVERY,  /* every Nth time */
  RELAIS_RHYTHM_ONCE,   /* the Nth time alone */
  RELAIS_RHYTHM_SHARE,  /* N in a hundred, evenly spread */
} RelaisRhythm;

/**
 * RelaisSwitch:
 * @set: whether the fault was put on
 * @on: whether it can happen now: with the request that is being answered
 * @aim: which requests it happens with
 * @aimed: (owned) (nullable): the same as it was given
 * @text: (owned) (nullable): the value as it was given
 * @number: the value, when it is one; milliseconds when it is a time
 * @rhythm: which times it happens
 * @counter: how often it could have
 */
typedef struct
{
  gboolean      set;
  gboolean      on;
  RelaisAim     aim;
  char         *aimed;
  char         *text;
  gint64        number;
  RelaisRhythm  rhythm;
  guint         counter;
} RelaisSwitch;

/**
 * RelaisFaults:
 * @at: by RelaisFault
 * @n_asked: how many requests there were of each kind
 * @place: of the request that is being answered
 */
typedef struct
{
  RelaisSwitch at[RELAIS_N_FAULTS];
  guint        n_asked[RELAIS_N_ASKED];
  RelaisPlace  place;
} RelaisFaults;

void        relais_faults_clear    (RelaisFaults  *faults);
gboolean    relais_faults_set      (RelaisFaults  *faults,
                                    const char    *name,
                                    const char    *value,
                                    GError       **error);
RelaisPlace relais_faults_count    (RelaisFaults  *faults,
                                    RelaisAsked    what);
void        relais_faults_turn_to  (RelaisFaults  *faults,
                                    RelaisPlace    place);
gboolean    relais_faults_strike   (RelaisFaults  *faults,
                                    RelaisFault    fault);
char       *relais_faults_tell     (RelaisFaults  *faults,
                                    RelaisFault    fault);
gint64      relais_faults_now      (const RelaisFaults *faults);
const char *relais_faults_name     (RelaisFault    fault);
const char *relais_faults_describe (RelaisFault    fault,
                                    const char   **value);

G_END_DECLS
