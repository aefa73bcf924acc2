/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which delimiter and which quotes a file has, from its beginning: the ones
 * that split it into rows of the same number of cells, with addresses alone
 * in theirs. */

#include "relais-segment-sniff.h"

#include "relais-csv.h"

#include <string.h>

#define MAX_ROWS 100

static gboolean
is_delimiter (char c)
{
  return c == '\t' || (g_ascii_ispunct (c) && c != '"' && c != '\'');
}

/**
 * relais_segment_sniff_separator_line:
 * @head: (array length=length): the beginning of a file
 * @length: in bytes
 * @delimiter: (out): what it names
 *
 * Excel honours a first line like `sep=;`, and so do those who write for it.
 *
 * Returns: the length of that line, 0 when there is none
 */
gsize
relais_segment_sniff_separator_line (const char *head,
                                     gsize       length,
                                     char       *delimiter)
{
  gsize quoted = length > 0 && head[0] == '"';
  gsize at = quoted + 4;

  if (length <= at || g_ascii_strncasecmp (head + quoted, "sep=", 4) != 0 || !is_delimiter (head[at]))
    return 0;

  *delimiter = head[at++];
  if (quoted && at < length && head[at] == '"')
    at++;
  /* A spreadsheet that saved the file again made it as wide as the others. */
  while (at < length && head[at] == *delimiter)
    at++;
  if (at < length && head[at] != '\r' && head[at] != '\n')
    return 0;
  if (at < length && head[at] == '\r')
    at++;
  if (at < length && head[at] == '\n')
    at++;

  return at;
}

/* How well a delimiter and a quote fit. */
typedef struct
{
  char  delimiter;
  char  quote;
  guint n_rows;
  guint n_cells;      /* that most rows have */
  guint share;        /* of the rows that have so many, and nothing behind a closing quote, in per cent */
  guint n_addresses;  /* rows with a cell that is an address and nothing else */
  guint n_paired;     /* cells that begin and end with a quotation mark that was not taken for one */
  guint n_single;     /* cells that begin with one, and have no other */
} Fit;

static gboolean
is_address (RelaisText cell)
{
  const char *at = memchr (cell.data, '@', cell.length);
  const char *end = cell.data + cell.length;

  if (at == NULL || at == cell.data || memchr (at, '.', end - at) == NULL)
    return FALSE;
  for (const char *c = cell.data; c < end; c++)
    if ((*c == '@' && c != at) || strchr ("\t \",;|<>", *c) != NULL)
      return FALSE;

  return TRUE;
}

static void
count_cells (Fit             *fit,
             const RelaisCsv *csv)
{
  gboolean has_address = FALSE;

  for (guint i = 0; i < csv->n_cells; i++)
    {
      RelaisText cell = csv->cells[i];

      if (!has_address)
        has_address = is_address (cell);
      if (cell.length == 0 || cell.data[0] != '"')
        continue;
      if (cell.length > 1 && cell.data[cell.length - 1] == '"')
        fit->n_paired++;
      else if (memchr (cell.data + 1, '"', cell.length - 1) == NULL)
        fit->n_single++;
    }
  fit->n_addresses += has_address;
}

static void
find_usual_width (Fit         *fit,
                  const guint *widths)
{
  guint most = 0;

  for (guint i = 0; i < fit->n_rows; i++)
    {
      guint n = 0;

      for (guint k = 0; k < fit->n_rows; k++)
        n += widths[k] == widths[i] && widths[i] > 0;
      if (n > most || (n == most && widths[i] > fit->n_cells))
        {
          most = n;
          fit->n_cells = widths[i];
        }
    }
  fit->share = fit->n_rows > 0 ? most * 100 / fit->n_rows : 0;
}

static Fit
try (const char *head,
     gsize       length,
     gboolean    is_end,
     char        delimiter,
     char        quote)
{
  g_autofree char *text = g_memdup2 (head, length);
  Fit fit = { .delimiter = delimiter, .quote = quote };
  RelaisCsvResult result = RELAIS_CSV_ROW;
  guint widths[MAX_ROWS];
  RelaisCsv csv;
  gsize used;

  relais_csv_init (&csv, delimiter, quote);
  for (gsize at = 0; fit.n_rows < MAX_ROWS && at < length; at += used)
    {
      result = relais_csv_split (&csv, text + at, length - at, is_end, &used);
      if (result != RELAIS_CSV_ROW)
        break;
      if (csv.n_cells == 1 && csv.cells[0].length == 0)
        continue;
      count_cells (&fit, &csv);
      widths[fit.n_rows++] = csv.n_rests == 0 ? csv.n_cells : 0;
    }
  find_usual_width (&fit, widths);
  /* Quotes that do not close are no quotes. */
  if (result != RELAIS_CSV_ROW && result != RELAIS_CSV_MORE)
    fit.share = 0;
  relais_csv_clear (&csv);

  return fit;
}

static gboolean
is_clearly_more (guint one,
                 guint other,
                 guint all)
{
  return one > other && (one - other) * 10 > all;
}

static gboolean
is_better (const Fit *one,
           const Fit *other)
{
  guint n_rows = MAX (one->n_rows, other->n_rows);

  if ((one->n_cells > 1) != (other->n_cells > 1))
    return one->n_cells > 1;
  if (is_clearly_more (one->n_addresses, other->n_addresses, n_rows))
    return TRUE;
  if (is_clearly_more (other->n_addresses, one->n_addresses, n_rows))
    return FALSE;
  /* A few rows with a cell too many do not make a delimiter wrong. */
  if (is_clearly_more (one->share, other->share, 100))
    return TRUE;
  if (is_clearly_more (other->share, one->share, 100))
    return FALSE;

  return one->n_cells > other->n_cells;
}

static Fit
find_delimiter (const char *head,
                gsize       length,
                gboolean    is_end,
                char        asked,
                char        quote)
{
  static const char candidates[] = { ',', ';', '\t', '|' };
  Fit best;

  if (asked != 0)
    return try (head, length, is_end, asked, quote);

  best = try (head, length, is_end, ';', quote);
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      Fit fit = try (head, length, is_end, candidates[i], quote);

      if (is_better (&fit, &best))
        best = fit;
    }
  if (best.n_cells <= 1)
    best.delimiter = ',';

  return best;
}

/* Apostrophes stand in names everywhere; around most cells they are quotes. */
static gboolean
has_apostrophes_for_quotes (const char *head,
                            gsize       length,
                            char        delimiter)
{
  guint n_cells = 0, n_quoted = 0;
  const char *end = head + length;

  for (const char *at = head; at < end; )
    {
      const char *stop = at;

      while (stop < end && *stop != '\n' && *stop != '\r' && *stop != delimiter)
        stop++;
      n_cells += stop > at;
      n_quoted += stop - at >= 2 && *at == '\'' && stop[-1] == '\'';
      at = stop + 1;
    }

  return n_cells > 3 && n_quoted * 10 >= n_cells * 6;
}

/* Both are to be found. Marks are quotes where cells begin and end with them; where they only
 * begin some, the rows have to come out clearly better without. A single one was forgotten. */
static Fit
find_both (const char *head,
           gsize       length,
           gboolean    is_end,
           char        delimiter)
{
  Fit plain, quoted;

  if (memchr (head, '"', length) == NULL)
    {
      quoted = find_delimiter (head, length, is_end, delimiter, '\'');
      if (has_apostrophes_for_quotes (head, length, quoted.delimiter))
        return quoted;
    }
  quoted = find_delimiter (head, length, is_end, delimiter, '"');
  if (memchr (head, '"', length) == NULL)
    return quoted;

  plain = find_delimiter (head, length, is_end, delimiter, RELAIS_QUOTE_NONE);
  if (plain.n_single <= MAX (1, plain.n_paired) || plain.n_cells <= 1)
    return quoted;

  return quoted.n_cells <= 1 || is_clearly_more (plain.share, quoted.share, 100) ? plain : quoted;
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
  Fit fit;

  if (length > RELAIS_SEGMENT_SNIFF_BYTES)
    {
      length = RELAIS_SEGMENT_SNIFF_BYTES;
      is_end = FALSE;
    }
  if (format->quote == 0)
    fit = find_both (head, length, is_end, format->delimiter);
  else if (format->delimiter == 0)
    fit = find_delimiter (head, length, is_end, 0, format->quote);
  else
    return;

  format->delimiter = fit.delimiter;
  format->quote = fit.quote;
}
