/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run-fixture.h"
#include "segment.h"
#include "switches.h"
#include "tls.h"
#include "witness.h"

G_BEGIN_DECLS

/**
 * RelaisMatrixFate:
 * @state: that the report says, RELAIS_N_ROW_STATES when it says nothing of this row
 * @reason: as the report says
 * @sendings: how often its batch left, 0 = it is in none
 * @settled: whether the run knows what became of its batch
 *
 * What the report of a run says of a row, as far as it does.
 */
typedef struct
{
  RelaisRowState state;
  RelaisReason   reason;
  guint          sendings;
  gboolean       settled;
} RelaisMatrixFate;

/**
 * RelaisMatrixCell:
 *
 * One fault at one moment of one run, and the runs after it until everybody has arrived.
 */
typedef struct
{
  RelaisRunFixture          run;
  const RelaisMatrixSwitch *fault;
  const RelaisMatrixMoment *moment;
  RelaisMatrixWitness      *witness;
  GPtrArray                *rows;        /* (owned) (element-type RelaisMatrixRow): of the segment */
  GArray                   *fates;       /* (owned) (element-type RelaisMatrixFate): of each row, in the run that ended last */
  guint                     n_runs;      /* that have ended */
  gboolean                  has_struck;  /* of faults that are none of the stand-in's: whether the moment came */
  RelaisMatrixTls          *tls;         /* (owned) (nullable): of an account with a certificate */
  GPtrArray                *complaints;  /* (owned) (element-type utf8): what is wrong */
} RelaisMatrixCell;

GPtrArray *relais_matrix_cell_try      (const RelaisMatrixSwitch *fault,
                                        const RelaisMatrixMoment *moment);
void       relais_matrix_cell_complain (RelaisMatrixCell         *self,
                                        const char               *format,
                                        ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
