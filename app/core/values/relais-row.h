/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-reason.h"

G_BEGIN_DECLS

/**
 * RelaisRowState:
 *
 * The one state every row of a segment ends in.
 */
typedef enum
{
  RELAIS_ROW_DELIVERED,  /* the service confirmed it (in a preview: would be sent) */
  RELAIS_ROW_UNCHANGED,  /* already there from an earlier run */
  RELAIS_ROW_DUPLICATE,  /* its address stands in an earlier row */
  RELAIS_ROW_INVALID,    /* can not be sent, with a reason */
  RELAIS_ROW_REFUSED,    /* the service did not take it */
  RELAIS_ROW_BARRED,     /* the person may not be mailed */
  RELAIS_ROW_NOT_SENT,   /* the run was cancelled or stopped first */
} RelaisRowState;

#define RELAIS_N_ROW_STATES (RELAIS_ROW_NOT_SENT + 1)

/**
 * RelaisRowCounts:
 * @read: data rows read, the header not counted
 * @by_state: rows by #RelaisRowState; they add up to @read once a run has ended
 * @cleaned: rows among them whose address had to be cleaned
 * @noted: rows among them that carry a note (RELAIS_FIRST_NOTE and those behind it)
 * @by_reason: rows by #RelaisReason, for those that carry one; of refused ones only those whose outcome is unknown
 */
typedef struct
{
  guint64 read;
  guint64 by_state[RELAIS_N_ROW_STATES];
  guint64 cleaned;
  guint64 noted;
  guint64 by_reason[RELAIS_N_REASONS];
} RelaisRowCounts;

/**
 * RelaisRejection:
 * @row: counted from 1, the header not counted
 * @email: (owned): as written in the file
 * @state: duplicate, invalid, refused or barred
 * @reason: why
 * @detail: (owned) (nullable): column name or the service's own text
 * @other_row: of a duplicate: the row it repeats, else 0
 *
 * One row that was not delivered.
 */
typedef struct
{
  guint64         row;
  char           *email;
  RelaisRowState  state;
  RelaisReason    reason;
  char           *detail;
  guint64         other_row;
} RelaisRejection;

const char      *relais_row_state_to_id   (RelaisRowState         state);
gboolean         relais_row_state_from_id (const char            *id,
                                           RelaisRowState        *state);
guint64          relais_row_counts_sum    (const RelaisRowCounts *counts);
RelaisRejection *relais_rejection_new     (guint64                row,
                                           const char            *email,
                                           gssize                 email_length,
                                           RelaisRowState         state,
                                           RelaisReason           reason,
                                           const char            *detail);
RelaisRejection *relais_rejection_copy    (const RelaisRejection *rejection);
void             relais_rejection_free    (RelaisRejection       *rejection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisRejection, relais_rejection_free)

G_END_DECLS
