/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a file looks like, from its beginning. */

#include "relais-segment-sniff.h"

#include "relais-csv.h"

#include <string.h>

#define MAX_ROWS    100
#define MAX_BYTES   (64 * 1024)

/**
 * relais_segment_sniff_separator_line:
 * @head: (array length=length): the beginning of a file
 * @length: in bytes
 * @delimiter: (out): what it names
 *
 * Excel writes and honours a first line like `sep=;`. A letter, a digit or
 * a quote there delimits nothing.
 *
 * Returns: the length of that line, 0 when there is none
 */
gsize
relais_segment_sniff_separator_line (const char *head,
                                     gsize       length,
                                     char       *delimiter)
{
  gsize quoted = length > 0 && head[0] == '"';
  gsize at = quoted;

  if (length < at + 5 || g_ascii_strncasecmp (head + at, "sep=", 4) != 0)
    return 0;
  *delimiter = head[at + 4];
  if (*delimiter != '\t' && (!g_ascii_ispunct (*delimiter) || *delimiter == '"' || *delimiter == '\''))
    return 0;
  at += 5;
  if (quoted && at < length && head[at] == '"')
    at++;
  if (at < length && head[at] == '\r')
    at++;
  if (at < length && head[at] == '\n')
    at++;
  else if (at < length && head[at - 1] != '\r')
    return 0;

  return at;
}

/* How well a delimiter fits: rows that have as many cells as the first one, and
 * nothing between a closing quote and the next delimiter, in per cent; and how many cells that is. */
typedef struct
{
  guint share;
  guint n_cells;
} Fit;

static Fit
try_delimiter (const char *head,
               gsize       length,
               gboolean    is_end,
               char        delimiter,
               char        quote)
{
  g_autofree char *text = g_memdup2 (head, length);
  RelaisCsv csv;
  gsize at = 0, used;
  guint n_rows = 0, n_same = 0;
  Fit fit = { 0, 0 };

  relais_csv_init (&csv, delimiter, quote);
  while (n_rows < MAX_ROWS && at < length && relais_csv_split (&csv, text + at, length - at, is_end, &used) == RELAIS_CSV_ROW)
    {
      at += used;
      if (csv.cells->len == 1 && g_array_index (csv.cells, RelaisText, 0).length == 0)
        continue;
      if (n_rows == 0)
        fit.n_cells = csv.cells->len;
      n_rows++;
      n_same += csv.cells->len == fit.n_cells && csv.n_rests == 0;
    }
  if (n_rows > 0)
    fit.share = n_same * 100 / n_rows;
  relais_csv_clear (&csv);

  return fit;
}

static gboolean
is_better (Fit one,
           Fit other)
{
  if ((one.n_cells > 1) != (other.n_cells > 1))
    return one.n_cells > 1;
  /* A few rows with a cell too many do not make a delimiter wrong. */
  if (one.share + 10 < other.share || other.share + 10 < one.share)
    return one.share > other.share;

  return one.n_cells > other.n_cells;
}

static char
find_delimiter (const char *head,
                gsize       length,
                gboolean    is_end,
                char        quote)
{
  static const char candidates[] = { ';', '\t', ',', '|' };
  char best = ',';
  Fit best_fit = { 0, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      Fit fit = try_delimiter (head, length, is_end, candidates[i], quote);

      if (fit.n_cells > 1 && is_better (fit, best_fit))
        {
          best = candidates[i];
          best_fit = fit;
        }
    }

  return best;
}

/* Apostrophes stand in names everywhere; around nearly every cell they are quotes. */
static char
find_quote (const char *head,
            gsize       length,
            char        delimiter)
{
  guint n_cells = 0, n_opened = 0, n_closed = 0;
  const char *end = head + length;

  if (memchr (head, '"', length) != NULL)
    return '"';
  for (const char *at = head; at < end; )
    {
      const char *stop = at;

      while (stop < end && *stop != '\n' && *stop != '\r' && (delimiter == 0 ? strchr (",;\t|", *stop) == NULL : *stop != delimiter))
        stop++;
      n_cells += stop > at;
      n_opened += stop - at >= 2 && *at == '\'';
      n_closed += stop - at >= 2 && stop[-1] == '\'';
      at = stop + 1;
    }

  return n_cells > 3 && MIN (n_opened, n_closed) * 10 >= n_cells * 6 ? '\'' : '"';
}

/**
 * relais_segment_sniff:
 * @head: (array length=length): the beginning of the file in UTF-8, without a separator line
 * @length: in bytes
 * @is_end: whether that is all of it
 * @format: (inout): delimiter and quote are found where they are left to be found
 */
void
relais_segment_sniff (const char          *head,
                      gsize                length,
                      gboolean             is_end,
                      RelaisSegmentFormat *format)
{
  if (length > MAX_BYTES)
    {
      length = MAX_BYTES;
      is_end = FALSE;
    }
  if (format->quote == 0)
    format->quote = find_quote (head, length, format->delimiter);
  if (format->delimiter == 0)
    format->delimiter = find_delimiter (head, length, is_end, format->quote);
}

static gboolean
is_data (RelaisText cell)
{
  guint n_digits = 0, n_letters = 0;

  for (gsize i = 0; i < cell.length; i++)
    {
      n_digits += g_ascii_isdigit (cell.data[i]);
      n_letters += g_ascii_isalpha (cell.data[i]) || (guchar) cell.data[i] >= 0x80;
    }

  return n_digits > 0 && n_letters <= 1;
}

/**
 * relais_segment_looks_like_header:
 * @cells: (array length=n_cells): the first row
 * @n_cells: how many
 *
 * Returns: whether it names columns: nothing in it is an address, and hardly anything a number or a date
 */
gboolean
relais_segment_looks_like_header (const RelaisText *cells,
                                  guint             n_cells)
{
  guint n_data = 0, n_filled = 0;

  for (guint i = 0; i < n_cells; i++)
    {
      RelaisText cell = relais_text_trim (cells[i]);
      const char *at = memchr (cell.data, '@', cell.length);

      if (at != NULL && memchr (at, '.', cell.data + cell.length - at) != NULL)
        return FALSE;
      n_filled += cell.length > 0;
      n_data += is_data (cell);
    }

  return n_data * 3 <= n_filled;
}
