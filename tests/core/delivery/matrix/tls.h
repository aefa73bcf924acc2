/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run-fixture.h"
#include "witness.h"

G_BEGIN_DECLS

/**
 * RelaisMatrixTls:
 *
 * An account that is asked over TLS, and its certificates: a good one, and one that is wrong.
 */
typedef struct _RelaisMatrixTls RelaisMatrixTls;

RelaisMatrixTls *relais_matrix_tls_new        (RelaisRunFixture    *run,
                                               const char          *wrong);
void             relais_matrix_tls_free       (RelaisMatrixTls     *self);
void             relais_matrix_tls_set_wrong  (RelaisMatrixTls     *self,
                                               RelaisMatrixWitness *witness,
                                               gboolean             wrong);
void             relais_matrix_tls_connect    (RelaisMatrixTls     *self);

G_END_DECLS
