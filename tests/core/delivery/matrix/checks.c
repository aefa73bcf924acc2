/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checks.h"

#include "relais-error.h"
#include "relais-row-ranges.h"

#include <string.h>

static const RelaisRunRecord *
get_record (RelaisMatrixCell *self)
{
  return relais_run_get_record (self->run.run);
}

static RelaisMatrixFate *
get_fate (RelaisMatrixCell *self,
          guint             row)
{
  return &g_array_index (self->fates, RelaisMatrixFate, row);
}

static gboolean
has_come_to_its_end (RelaisMatrixCell *self)
{
  RelaisRunStatus status = relais_run_get_status (self->run.run);

  return status == RELAIS_RUN_SUCCESSFUL || status == RELAIS_RUN_COMPLETED_WITH_ERRORS;
}

/* States add up */

static void
take_rejections (RelaisMatrixCell *self)
{
  g_autoptr (GPtrArray) rejections = relais_run_fixture_rejections (&self->run);

  for (guint i = 0; i < rejections->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (rejections, i);
      RelaisMatrixFate *fate;

      if (rejection->row == 0 || rejection->row > self->rows->len)
        {
          relais_matrix_cell_complain (self, "the report lists row %" G_GUINT64_FORMAT ", which is none", rejection->row);
          continue;
        }
      fate = get_fate (self, rejection->row - 1);
      /* A note stands beside the row's state. */
      if (rejection->reason >= RELAIS_FIRST_NOTE)
        continue;
      if (fate->state != RELAIS_N_ROW_STATES)
        relais_matrix_cell_complain (self, "the report lists row %" G_GUINT64_FORMAT " twice", rejection->row);
      fate->state = rejection->state;
      fate->reason = rejection->reason;
    }
}

static void
take_batch (RelaisMatrixCell        *self,
            const RelaisBatchRecord *batch)
{
  gboolean settled = batch->state > RELAIS_BATCH_ACCEPTED;
  const char *at = batch->rows != NULL ? batch->rows : "";
  guint64 first, last;
  guint n_delivered = 0;

  while (relais_row_ranges_next (&at, &first, &last))
    for (guint64 row = first; row <= last; row++)
      {
        RelaisMatrixFate *fate = get_fate (self, row - 1);

        fate->sendings = batch->sendings;
        fate->settled = settled;
        if (settled && fate->state == RELAIS_N_ROW_STATES)
          {
            fate->state = RELAIS_ROW_DELIVERED;
            n_delivered++;
          }
      }
  if (n_delivered != batch->delivered)
    relais_matrix_cell_complain (self, "batch %u says %u delivered, its rows say %u", batch->number, batch->delivered, n_delivered);
}

/*
 * relais_matrix_check_states:
 *
 * Every row is in one state, and the counts of the report are those of its rows.
 */
void
relais_matrix_check_states (RelaisMatrixCell *self)
{
  const RelaisRowCounts *counts = &get_record (self)->counts;
  g_autoptr (GPtrArray) batches = relais_run_fixture_batches (&self->run, relais_run_get_id (self->run.run));
  guint64 by_state[RELAIS_N_ROW_STATES + 1] = { 0 };
  guint64 n_silent;

  g_array_set_size (self->fates, 0);
  g_array_set_size (self->fates, self->rows->len);
  for (guint i = 0; i < self->rows->len; i++)
    get_fate (self, i)->state = RELAIS_N_ROW_STATES;
  take_rejections (self);
  for (guint i = 0; i < batches->len; i++)
    take_batch (self, g_ptr_array_index (batches, i));

  for (guint i = 0; i < self->rows->len; i++)
    by_state[get_fate (self, i)->state]++;
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    if (i != RELAIS_ROW_UNCHANGED && i != RELAIS_ROW_NOT_SENT && by_state[i] != counts->by_state[i])
      relais_matrix_cell_complain (self, "%" G_GUINT64_FORMAT " rows are counted as %s, the report lists %" G_GUINT64_FORMAT,
                                   counts->by_state[i], relais_row_state_to_id (i), by_state[i]);
  n_silent = counts->by_state[RELAIS_ROW_UNCHANGED] + counts->by_state[RELAIS_ROW_NOT_SENT] + self->rows->len - counts->read;
  if (by_state[RELAIS_N_ROW_STATES] != n_silent)
    relais_matrix_cell_complain (self, "%" G_GUINT64_FORMAT " rows are unchanged or not sent, of %" G_GUINT64_FORMAT " nothing is known",
                                 n_silent, by_state[RELAIS_N_ROW_STATES]);
  if (relais_row_counts_sum (counts) != counts->read)
    relais_matrix_cell_complain (self, "the states do not add up to the rows read");
  if (has_come_to_its_end (self) && (counts->read != self->rows->len || counts->by_state[RELAIS_ROW_NOT_SENT] != 0))
    relais_matrix_cell_complain (self, "the run has come to its end without every row");
}

/* The end is the one that the fault allows */

static guint
count_kind (RelaisMatrixCell    *self,
            RelaisMatrixRowKind  kind)
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n += ((const RelaisMatrixRow *) g_ptr_array_index (self->rows, i))->kind == kind;

  return n;
}

/*
 * relais_matrix_all_arrived:
 *
 * Returns: whether everybody has been delivered who is to be
 */
gboolean
relais_matrix_all_arrived (RelaisMatrixCell *self)
{
  const RelaisRowCounts *counts = &get_record (self)->counts;
  guint64 n = counts->by_state[RELAIS_ROW_DELIVERED] + counts->by_state[RELAIS_ROW_UNCHANGED];

  return has_come_to_its_end (self) && n >= count_kind (self, RELAIS_MATRIX_ROW_GOOD);
}

static void
check_status (RelaisMatrixCell *self)
{
  const RelaisRunRecord *record = get_record (self);
  gboolean has_errors = record->counts.by_state[RELAIS_ROW_REFUSED] > 0 || record->counts.by_state[RELAIS_ROW_INVALID] > 0 ||
                        record->verified.different > 0;

  if (has_come_to_its_end (self) && has_errors != (record->status == RELAIS_RUN_COMPLETED_WITH_ERRORS))
    relais_matrix_cell_complain (self, "the run is %s with %" G_GUINT64_FORMAT " refused, %" G_GUINT64_FORMAT " different",
                                 relais_run_status_to_id (record->status), record->counts.by_state[RELAIS_ROW_REFUSED],
                                 record->verified.different);
  if (!has_come_to_its_end (self) && record->message == NULL)
    relais_matrix_cell_complain (self, "the run is %s and does not say why", relais_run_status_to_id (record->status));
}

static void
check_stopped (RelaisMatrixCell *self)
{
  const RelaisRunRecord *record = get_record (self);

  if (has_come_to_its_end (self))
    {
      if (self->fault->end == RELAIS_END_STOPPED && !self->moment->ends_anyway)
        relais_matrix_cell_complain (self, "the run is %s in spite of it", relais_run_status_to_id (record->status));
      return;
    }
  if (self->fault->code >= 0 && record->error_code != self->fault->code)
    relais_matrix_cell_complain (self, "it says error %d, not %d: %s", record->error_code, self->fault->code, record->message);
  if (!relais_run_can_go_on (self->run.run))
    relais_matrix_cell_complain (self, "the run cannot go on");
}

static void
check_unknown (RelaisMatrixCell *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const RelaisMatrixRow *row = g_ptr_array_index (self->rows, i);
      const RelaisMatrixFate *fate = get_fate (self, i);

      if (row->kind == RELAIS_MATRIX_ROW_GOOD && fate->state == RELAIS_ROW_REFUSED && fate->reason != RELAIS_REASON_UNKNOWN_OUTCOME &&
          fate->reason != RELAIS_REASON_IMPORT_FAILED)
        {
          relais_matrix_cell_complain (self, "row %u is said to be refused: %s", i + 1, relais_reason_to_code (fate->reason));
          return;
        }
    }
}

/*
 * relais_matrix_check_end:
 *
 * The run that met the fault ended as it may.
 */
void
relais_matrix_check_end (RelaisMatrixCell *self)
{
  const RelaisRunRecord *record = get_record (self);
  guint64 n_refused = record->counts.by_state[RELAIS_ROW_REFUSED];
  guint n_good = count_kind (self, RELAIS_MATRIX_ROW_GOOD);

  check_status (self);
  switch (self->fault->end)
    {
    case RELAIS_END_WELL:
      if (!has_come_to_its_end (self))
        relais_matrix_cell_complain (self, "the run is %s: %s", relais_run_status_to_id (record->status), record->message);
      else if (record->counts.by_state[RELAIS_ROW_DELIVERED] + self->fault->n_refused < n_good ||
               n_refused > count_kind (self, RELAIS_MATRIX_ROW_DOUBTFUL) + count_kind (self, RELAIS_MATRIX_ROW_LEAVER) + self->fault->n_refused)
        relais_matrix_cell_complain (self, "%" G_GUINT64_FORMAT " of %u are delivered, %" G_GUINT64_FORMAT " refused",
                                     record->counts.by_state[RELAIS_ROW_DELIVERED], n_good, n_refused);
      break;

    case RELAIS_END_UNKNOWN:
      if (!has_come_to_its_end (self))
        relais_matrix_cell_complain (self, "the run is %s: %s", relais_run_status_to_id (record->status), record->message);
      check_unknown (self);
      break;

    case RELAIS_END_STOPPED:
    case RELAIS_END_EITHER:
    default:
      check_stopped (self);
    }
}

/* The account holds what the report says */

typedef struct
{
  gboolean is_there;    /* the account has the contact */
  gboolean as_sent;     /* with what the segment says */
  gint64   status;      /* on the list, -1 = none */
  guint    n_queued;    /* in imports that the account has taken */
} Holding;

static Holding
look_up (RelaisMatrixCell      *self,
         const RelaisMatrixRow *row)
{
  RelaisStore *store = self->run.practice->account.store;
  Holding holding = { .status = -1 };
  sqlite3_stmt *found = relais_store_query (store,
    "SELECT first = ?2 AND json_extract (CASE fields WHEN '' THEN '{}' ELSE fields END, '$.\"4\"') = ?3,"
    " (SELECT status FROM memberships WHERE list = 1 AND contact = id) FROM contacts WHERE email = ?1", "sss", row->email, row->first, row->city);

  if (sqlite3_step (found) == SQLITE_ROW)
    {
      holding.is_there = TRUE;
      holding.as_sent = sqlite3_column_int (found, 0) == 1;
      holding.status = sqlite3_column_type (found, 1) == SQLITE_NULL ? -1 : sqlite3_column_int64 (found, 1);
    }
  sqlite3_reset (found);
  holding.n_queued = (guint) relais_store_number (store, "SELECT count (*) FROM queued WHERE email = ?", "s", row->email);

  return holding;
}

/* Whether somebody of whom the report does not say so may be in the account all the same. */
static gboolean
may_be_there (RelaisMatrixCell       *self,
              const RelaisMatrixFate *fate)
{
  if (fate->state == RELAIS_ROW_REFUSED)
    return fate->reason == RELAIS_REASON_UNKNOWN_OUTCOME || fate->reason == RELAIS_REASON_IMPORT_FAILED;

  /* In doubt, or from an earlier run. */
  return self->n_runs > 1 || (fate->sendings > 0 && !fate->settled);
}

static void
check_row (RelaisMatrixCell       *self,
           guint                   number,
           const RelaisMatrixRow  *row,
           const RelaisMatrixFate *fate,
           const Holding          *holding,
           guint                  *n_missing)
{
  gboolean on_list = holding->status == 1;
  gboolean was_there = g_str_has_prefix (row->email, "camille");

  if ((row->kind == RELAIS_MATRIX_ROW_BARRED || row->kind == RELAIS_MATRIX_ROW_LEAVER) && on_list)
    relais_matrix_cell_complain (self, "row %u has left the list and is on it now", number);
  if ((row->kind == RELAIS_MATRIX_ROW_INVALID || (row->kind == RELAIS_MATRIX_ROW_BARRED && (self->fault->flags & RELAIS_MATRIX_UNGUARDED) == 0)) &&
      holding->n_queued > 0)
    relais_matrix_cell_complain (self, "row %u was sent and should not have been", number);
  if (fate->state == RELAIS_ROW_DELIVERED && (!holding->as_sent || !(on_list || row->kind == RELAIS_MATRIX_ROW_BARRED)))
    {
      if ((self->fault->flags & RELAIS_MATRIX_LIES) == 0)
        relais_matrix_cell_complain (self, "row %u is said to be delivered, and the account %s", number,
                                     !holding->is_there ? "does not have it" : !on_list ? "does not have it on the list" : "has something else");
      (*n_missing)++;
    }
  else if (fate->state != RELAIS_ROW_DELIVERED && fate->state != RELAIS_ROW_DUPLICATE && on_list && !was_there && !may_be_there (self, fate))
    relais_matrix_cell_complain (self, "row %u is on the list, and the report does not say so", number);
}

/* Whoever is not there as they were sent was found by reading back. */
static void
check_verified (RelaisMatrixCell *self,
                guint             n_missing)
{
  const RelaisVerification *verified = &get_record (self)->verified;

  if (verified->state == RELAIS_VERIFICATION_DONE && verified->asked == verified->delivered && verified->different < n_missing)
    relais_matrix_cell_complain (self, "%u are not there as they were sent, reading back found %" G_GUINT64_FORMAT, n_missing, verified->different);
  if (verified->state == RELAIS_VERIFICATION_DONE && verified->different > n_missing &&
      (self->fault->flags & (RELAIS_MATRIX_LIES | RELAIS_MATRIX_LATE)) == 0)
    relais_matrix_cell_complain (self, "reading back found %" G_GUINT64_FORMAT " people who are there as they were sent", verified->different);
  if (n_missing > 0 && has_come_to_its_end (self) && verified->state != RELAIS_VERIFICATION_DONE)
    relais_matrix_cell_complain (self, "%u are not there as they were sent, and nothing was read back", n_missing);
}

/*
 * relais_matrix_check_holdings:
 *
 * The account holds exactly what the report of the run that ended last says.
 */
void
relais_matrix_check_holdings (RelaisMatrixCell *self)
{
  RelaisPracticeAccount *account = &self->run.practice->account;
  guint n_missing = 0;
  guint n_on_list = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const RelaisMatrixRow *row = g_ptr_array_index (self->rows, i);
      Holding holding = look_up (self, row);

      check_row (self, i + 1, row, get_fate (self, i), &holding, &n_missing);
      n_on_list += holding.status == 1 && row->kind != RELAIS_MATRIX_ROW_DUPLICATE;
    }
  check_verified (self, n_missing);
  if (relais_store_number (account->store, "SELECT count (*) FROM memberships WHERE list = 1 AND status = 1", "") != n_on_list)
    relais_matrix_cell_complain (self, "there are people on the list who are not in the segment");
  if (account->n_automations > 0 && (self->fault->flags & RELAIS_MATRIX_AUTOMATIONS) == 0)
    relais_matrix_cell_complain (self, "automations were started");
}

/*
 * relais_matrix_check_repeats:
 *
 * Nobody was queued more often than the report of the first run says.
 */
void
relais_matrix_check_repeats (RelaisMatrixCell *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const RelaisMatrixRow *row = g_ptr_array_index (self->rows, i);
      const RelaisMatrixFate *fate = get_fate (self, i);
      Holding holding;

      if (row->kind == RELAIS_MATRIX_ROW_DUPLICATE)
        continue;
      holding = look_up (self, row);
      if (holding.n_queued <= fate->sendings || (self->fault->flags & RELAIS_MATRIX_TWICE) != 0)
        continue;
      relais_matrix_cell_complain (self, "row %u was queued %u times, the report says %u", i + 1, holding.n_queued, fate->sendings);
      return;
    }
}
