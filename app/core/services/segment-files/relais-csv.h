/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-segment-format.h"
#include "relais-text.h"

G_BEGIN_DECLS

/* As many columns as a spreadsheet can have; more are no table. */
#define RELAIS_CSV_MAX_CELLS 16384

typedef enum
{
  RELAIS_CSV_ROW,    /* a row was split */
  RELAIS_CSV_MORE,   /* the text ends in the middle of a row */
  RELAIS_CSV_OPEN,   /* it ends within quotes, and nothing follows */
  RELAIS_CSV_LOOSE,  /* quotes that began on an earlier line end in the middle of a cell */
  RELAIS_CSV_WIDE,   /* more cells than RELAIS_CSV_MAX_CELLS */
} RelaisCsvResult;

/**
 * RelaisCsv:
 * @delimiter: between cells
 * @quote: around cells, or RELAIS_QUOTE_NONE
 * @cells: (array length=n_cells): of the row that was split last
 * @n_cells: how many
 * @n_lines: line breaks in it, its own included
 * @n_rests: cells in it that go on behind their closing quote
 * @in_quotes: whether RELAIS_CSV_MORE came from within quotes
 *
 * Splits text into rows and cells. Cells lie in the text itself; doubled quotes
 * are undoubled there, once the row is whole.
 */
typedef struct
{
  char        delimiter;
  char        quote;
  RelaisText *cells;        /* (owned) */
  guint       n_cells;
  guint       n_allocated;
  guint       n_lines;
  guint       n_rests;
  gboolean    in_quotes;
  GArray     *doubled;      /* (owned) (element-type guint): cells whose quotes are to be undoubled */
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
void            relais_csv_fill  (RelaisCsv  *csv,
                                  guint       n_cells);

G_END_DECLS
