/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a row of the segment is, apart from what the account makes of it */
typedef enum
{
  RELAIS_MATRIX_ROW_GOOD,       /* is to arrive */
  RELAIS_MATRIX_ROW_DUPLICATE,
  RELAIS_MATRIX_ROW_INVALID,
  RELAIS_MATRIX_ROW_BARRED,
  RELAIS_MATRIX_ROW_LEAVER,     /* leaves the list while the run is under way */
  RELAIS_MATRIX_ROW_DOUBTFUL,   /* this program takes it for good, the account's importer does not */
} RelaisMatrixRowKind;

/**
 * RelaisMatrixRow:
 * @kind: what it is
 * @email: (owned): address
 * @first: (owned): first name
 * @city: (owned): the value of a field
 */
typedef struct
{
  RelaisMatrixRowKind  kind;
  char                *email;
  char                *first;
  char                *city;
} RelaisMatrixRow;

GPtrArray *relais_matrix_segment_new  (guint      n_people,
                                       gboolean   has_leaver);
char      *relais_matrix_segment_text (GPtrArray *rows);

G_END_DECLS
