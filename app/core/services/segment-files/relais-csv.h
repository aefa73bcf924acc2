/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "relais-text.h"

G_BEGIN_DECLS

typedef enum
{
  RELAIS_CSV_ROW,    /* a row was split */
  RELAIS_CSV_MORE,   /* the text ends in the middle of a row */
  RELAIS_CSV_OPEN,   /* it ends within quotes, and nothing follows */
} RelaisCsvResult;

/**
 * RelaisCsv:
 * @delimiter: between cells
 * @quote: around cells, or '\xff' for none
 * @cells: (element-type RelaisText): of the row that was split last
 * @n_lines: line breaks in it, its own included
 * @n_rests: cells in it that go on after their closing quote
 *
 * Splits text into rows and cells. Cells lie in the text itself; doubled quotes
 * are undoubled there, once the row is whole.
 */
typedef struct
{
  char    delimiter;
  char    quote;
  guint8  stops[256];   /* which bytes end a cell without quotes */
  GArray *cells;
  guint   n_cells;      /* while a row is split: how many of @cells are written */
  GArray *doubled;      /* (element-type guint): cells that need their quotes undoubled */
  guint   n_lines;
  guint   n_rests;
} RelaisCsv;

void            relais_csv_init  (RelaisCsv  *csv,
                                  char        delimiter,
                                  char        quote);
void            relais_csv_clear (RelaisCsv  *csv);
RelaisCsvResult relais_csv_split (RelaisCsv  *csv,
                                  char       *text,
                                  gsize       length,
                                  gboolean    is_end,
                                  gsize      *used);

G_END_DECLS
