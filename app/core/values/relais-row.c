/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-row.h"

static const char * const ids[RELAIS_N_ROW_STATES] = {
  [RELAIS_ROW_DELIVERED] = "delivered",
  [RELAIS_ROW_UNCHANGED] = "unchanged",
  [RELAIS_ROW_DUPLICATE] = "duplicate",
  [RELAIS_ROW_INVALID] = "invalid",
  [RELAIS_ROW_REFUSED] = "refused",
  [RELAIS_ROW_BARRED] = "barred",
  [RELAIS_ROW_NOT_SENT] = "not_sent",
};

/**
 * relais_row_state_to_id:
 * @state: a state
 *
 * Returns: (transfer none): its stable name, as reports print it
 */
const char *
relais_row_state_to_id (RelaisRowState state)
{
  g_return_val_if_fail ((guint) state < RELAIS_N_ROW_STATES, ids[RELAIS_ROW_NOT_SENT]);

  return ids[state];
}

/**
 * relais_row_state_from_id:
 * @id: (nullable): a stable name
 * @state: (out): the state
 *
 * Returns: whether @id names a state
 */
gboolean
relais_row_state_from_id (const char     *id,
                          RelaisRowState *state)
{
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    if (g_strcmp0 (ids[i], id) == 0)
      {
        *state = i;
        return TRUE;
      }

  return FALSE;
}

/**
 * relais_row_counts_sum:
 * @counts: counts of a run or preview
 *
 * Returns: rows in all states together; equal to @counts->read when every row is accounted for
 */
guint64
relais_row_counts_sum (const RelaisRowCounts *counts)
{
  guint64 sum = 0;

  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    sum += counts->by_state[i];

  return sum;
}

/**
 * relais_rejection_new:
 * @row: counted from 1
 * @email: as written
 * @email_length: in bytes, -1 when zero-terminated
 * @state: what became of the row
 * @reason: why
 * @detail: (nullable): column name or the service's own text
 *
 * Returns: (transfer full):
 */
RelaisRejection *
relais_rejection_new (guint64         row,
                      const char     *email,
                      gssize          email_length,
                      RelaisRowState  state,
                      RelaisReason    reason,
                      const char     *detail)
{
  RelaisRejection *rejection = g_new0 (RelaisRejection, 1);

  rejection->row = row;
  rejection->email = email_length < 0 ? g_strdup (email) : g_strndup (email, email_length);
  rejection->state = state;
  rejection->reason = reason;
  rejection->detail = g_strdup (detail);

  return rejection;
}

/**
 * relais_rejection_copy:
 * @rejection: what to copy
 *
 * Returns: (transfer full):
 */
RelaisRejection *
relais_rejection_copy (const RelaisRejection *rejection)
{
  RelaisRejection *copy = relais_rejection_new (rejection->row, rejection->email, -1, rejection->state,
                                                rejection->reason, rejection->detail);

  copy->other_row = rejection->other_row;

  return copy;
}

/**
 * relais_rejection_free:
 * @rejection: (transfer full) (nullable):
 */
void
relais_rejection_free (RelaisRejection *rejection)
{
  if (rejection == NULL)
    return;

  g_free (rejection->email);
  g_free (rejection->detail);
  g_free (rejection);
}
