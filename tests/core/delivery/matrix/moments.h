/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-aim.h"

G_BEGIN_DECLS

/**
 * RelaisMatrixMoment:
 * @name: of its column
 * @what: is asked for then
 * @nth: such request it is
 * @n_people: in the segment
 * @verify: what the export says of reading back
 * @ends_anyway: whether a run that is stopped here has nothing left to do that could fail
 *
 * When a fault comes.
 */
typedef struct
{
  const char  *name;
  RelaisAsked  what;
  guint        nth;
  guint        n_people;
  const char  *verify;
  gboolean     ends_anyway;
} RelaisMatrixMoment;

const RelaisMatrixMoment *relais_matrix_moment_at   (guint       index);
const RelaisMatrixMoment *relais_matrix_moment_find (const char *name);

G_END_DECLS
