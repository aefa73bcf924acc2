/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cell.h"

G_BEGIN_DECLS

void     relais_matrix_check_states   (RelaisMatrixCell *self);
void     relais_matrix_check_end      (RelaisMatrixCell *self);
void     relais_matrix_check_holdings (RelaisMatrixCell *self);
void     relais_matrix_check_repeats  (RelaisMatrixCell *self);
void     relais_matrix_check_limits   (RelaisMatrixCell *self);
void     relais_matrix_check_secrets  (RelaisMatrixCell *self);
gboolean relais_matrix_all_arrived    (RelaisMatrixCell *self);

G_END_DECLS
