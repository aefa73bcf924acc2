/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why no library: libcsv, the one that Debian has, hands out each cell by a call and copies it,
 * counts no lines, and takes 3.6 times the processor time of reading as a whole, decoding
 * included (1,000,000 rows of 12 cells, 175 MB). */

#include "relais-csv.h"

#include <string.h>

#define ONES  G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGHS G_GUINT64_CONSTANT (0x8080808080808080)

/**
 * relais_csv_init:
 * @csv: (out): a splitter
 * @delimiter: between cells
 * @quote: around cells, or RELAIS_QUOTE_NONE
 */
void
relais_csv_init (RelaisCsv *csv,
                 char       delimiter,
                 char       quote)
{
  *csv = (RelaisCsv) { .delimiter = delimiter, .quote = quote, .n_allocated = 64 };
  csv->cells = g_new (RelaisText, csv->n_allocated);
  csv->doubled = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * relais_csv_clear:
 * @csv: a splitter
 */
void
relais_csv_clear (RelaisCsv *csv)
{
  g_clear_pointer (&csv->cells, g_free);
  g_clear_pointer (&csv->doubled, g_array_unref);
}

static void
grow (RelaisCsv *csv)
{
  csv->n_allocated *= 2;
  csv->cells = g_renew (RelaisText, csv->cells, csv->n_allocated);
}

static inline void
add_cell (RelaisCsv  *csv,
          const char *from,
          const char *to)
{
  if (G_UNLIKELY (csv->n_cells == csv->n_allocated))
    grow (csv);
  csv->cells[csv->n_cells++] = (RelaisText) { from, to - from };
}

/* Returns: the high bit of each byte of @word that is zero; above the first
 *   of them it may lie (a borrow), below it never does */
static inline guint64
find_zeros (guint64 word)
{
  return (word - ONES) & ~word & HIGHS;
}

/* A cell without quotes ends at the next delimiter or line break. Cells are
 * a dozen bytes long, so eight at a time are worth it, and more are not. */
static inline char *
skip_plain (const RelaisCsv *csv,
            char            *at,
            const char      *end)
{
  char delimiter = csv->delimiter;
  guint64 delimiters = ONES * (guchar) delimiter;

  for (; end - at >= 8; at += 8)
    {
      guint64 word, found;

      memcpy (&word, at, sizeof word);
      word = GUINT64_FROM_LE (word);
      found = find_zeros (word ^ delimiters) | find_zeros (word ^ (ONES * '\n')) | find_zeros (word ^ (ONES * '\r'));
      if (found != 0)
        return at + __builtin_ctzll (found) / 8;
    }
  while (at < end && *at != delimiter && *at != '\n' && *at != '\r')
    at++;

  return at;
}

/* Returns: (nullable): what follows the closing quote; %NULL when there is none */
static char *
skip_quoted (const RelaisCsv *csv,
             char            *at,
             const char      *end,
             gboolean        *doubled)
{
  while ((at = memchr (at, csv->quote, end - at)) != NULL)
    {
      if (at + 1 == end || at[1] != csv->quote)
        return at + 1;
      *doubled = TRUE;
      at += 2;
    }

  return NULL;
}

static guint
count_lines (const char *from,
             const char *to)
{
  guint n_lines = 0;

  for (; from < to; from++)
    n_lines += *from == '\n' || (*from == '\r' && (from + 1 == to || from[1] != '\n'));

  return n_lines;
}

static gboolean
is_blank (const char *from,
          const char *to)
{
  while (from < to && (*from == ' ' || *from == '\t'))
    from++;

  return from == to;
}

/* Undoubles quotes; what stands after the closing quote belongs to the cell. */
static void
undouble (const RelaisCsv *csv,
          RelaisText      *cell)
{
  char *from = (char *) cell->data;
  const char *end = from + cell->length;
  char *to = from;
  gboolean inside = TRUE;

  while (from < end)
    {
      if (*from != csv->quote || !inside)
        *to++ = *from++;
      else if (from + 1 < end && from[1] == csv->quote)
        {
          *to++ = csv->quote;
          from += 2;
        }
      else
        {
          inside = FALSE;
          from++;
        }
    }
  cell->length = to - cell->data;
}

/* Splits a cell whose opening quote is at *@at, and puts @at behind it. */
static RelaisCsvResult
split_quoted (RelaisCsv   *csv,
              char       **at,
              const char  *end,
              gboolean     is_end)
{
  char *start = *at + 1;
  gboolean doubled = FALSE;
  char *after = skip_quoted (csv, start, end, &doubled);
  char *stop;
  guint n_lines;

  csv->in_quotes = after == NULL;
  if (after == NULL)
    return is_end ? RELAIS_CSV_OPEN : RELAIS_CSV_MORE;

  /* A quote at the very end may be the first of two. */
  stop = skip_plain (csv, after, end);
  if (stop == end && !is_end)
    return RELAIS_CSV_MORE;

  /* A quote that someone forgot to close is closed by the one that opens a
   * cell rows later, and those rows would be lost without a word. */
  n_lines = count_lines (start, after);
  if (n_lines > 0 && !is_blank (after, stop))
    return RELAIS_CSV_LOOSE;

  csv->n_lines += n_lines;
  csv->n_rests += stop > after;
  if (doubled || stop > after)
    g_array_append_val (csv->doubled, csv->n_cells);
  add_cell (csv, start, stop > after ? stop : after - 1);
  *at = stop;

  return RELAIS_CSV_ROW;
}

/* What follows the last cell of a row.
 *
 * Returns: whether that much of the text is there */
static inline gboolean
skip_line_break (char       **at,
                 const char  *end,
                 gboolean     is_end)
{
  if (*at == end)
    return is_end;
  if (**at == '\n')
    {
      (*at)++;
      return TRUE;
    }
  if (*at + 1 == end)
    {
      (*at)++;
      return is_end;
    }
  *at += (*at)[1] == '\n' ? 2 : 1;

  return TRUE;
}

/**
 * relais_csv_split:
 * @csv: a splitter
 * @text: (array length=length): UTF-8 that begins with a row; changed where a whole row has doubled quotes
 * @length: in bytes
 * @is_end: whether nothing follows
 * @used: (out): the length of the row, its line break included
 *
 * Splits the first row.
 *
 * Returns: RELAIS_CSV_ROW, or what is wrong with it or missing
 */
RelaisCsvResult
relais_csv_split (RelaisCsv *csv,
                  char      *text,
                  gsize      length,
                  gboolean   is_end,
                  gsize     *used)
{
  const char *end = text + length;
  char *at = text;

  csv->n_cells = 0;
  csv->n_lines = 1;
  csv->n_rests = 0;
  csv->in_quotes = FALSE;
  if (csv->doubled->len > 0)
    g_array_set_size (csv->doubled, 0);

  for (;; at++)
    {
      if (at < end && *at == csv->quote && csv->quote != RELAIS_QUOTE_NONE)
        {
          RelaisCsvResult result = split_quoted (csv, &at, end, is_end);

          if (result != RELAIS_CSV_ROW)
            return result;
        }
      else
        {
          char *stop = skip_plain (csv, at, end);

          add_cell (csv, at, stop);
          at = stop;
        }
      if (at == end || *at != csv->delimiter)
        break;
      if (csv->n_cells == RELAIS_CSV_MAX_CELLS)
        return RELAIS_CSV_WIDE;
    }
  if (!skip_line_break (&at, end, is_end))
    return RELAIS_CSV_MORE;

  for (guint i = 0; i < csv->doubled->len; i++)
    undouble (csv, &csv->cells[g_array_index (csv->doubled, guint, i)]);
  *used = at - text;

  return RELAIS_CSV_ROW;
}

/**
 * relais_csv_fill:
 * @csv: a splitter
 * @n_cells: how many there should be
 *
 * Gives a row that is too short empty cells.
 */
void
relais_csv_fill (RelaisCsv *csv,
                 guint      n_cells)
{
  static const char nothing[] = "";

  while (csv->n_cells < n_cells)
    add_cell (csv, nothing, nothing);
}
