/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-csv.h"

#include <string.h>

/* Rows end with "/", cells with "|". */
static char *
split_all (const char *written,
           char        delimiter,
           char        quote)
{
  gsize length = strlen (written), at = 0, used;
  /* No zero at the end, so that reading past it is seen. */
  g_autofree char *text = g_memdup2 (written, length);
  GString *result = g_string_new (NULL);
  RelaisCsv csv;

  relais_csv_init (&csv, delimiter, quote);
  while (at < length)
    {
      if (relais_csv_split (&csv, text + at, length - at, TRUE, &used) != RELAIS_CSV_ROW)
        {
          g_string_append (result, "open");
          break;
        }
      for (guint i = 0; i < csv.n_cells; i++)
        {
          RelaisText cell = csv.cells[i];

          g_string_append_len (result, cell.data, cell.length);
          g_string_append_c (result, '|');
        }
      g_string_append_printf (result, "%u/", csv.n_lines);
      at += used;
    }
  relais_csv_clear (&csv);

  return g_string_free (result, FALSE);
}

static void
test_rows_are_split_as_the_table_says (void)
{
  static const struct
  {
    const char *written;
    const char *split;
    char        delimiter;
    char        quote;
  } rows[] = {
    { "a,b\nc,d\n", "a|b|1/c|d|1/", ',', '"' },
    { "a,b", "a|b|1/", ',', '"' },
    { "a,", "a||1/", ',', '"' },
    { ",", "||1/", ',', '"' },
    { "\n", "|1/", ',', '"' },
    { "\r\n\r\r\n", "|1/|1/|1/", ',', '"' },
    { "a\rb\r\nc\nd", "a|1/b|1/c|1/d|1/", ',', '"' },
    { "a;b,c", "a|b,c|1/", ';', '"' },
    { "\"a,b\",c", "a,b|c|1/", ',', '"' },
    { "\"a\nb\r\nc\rd\",e\nf", "a\nb\r\nc\rd|e|4/f|1/", ',', '"' },
    { "\"\"", "|1/", ',', '"' },
    { "\"\",\"\"", "||1/", ',', '"' },
    { "\"\"\"\"", "\"|1/", ',', '"' },
    { "\"a\"\"b\"", "a\"b|1/", ',', '"' },
    { "\"\"\"a\"\"\"", "\"a\"|1/", ',', '"' },
    { "a\"b\"c", "a\"b\"c|1/", ',', '"' },
    { "\"a\"b,c", "ab|c|1/", ',', '"' },
    { "\"a\" ,c", "a |c|1/", ',', '"' },
    { "\"a\"\"b\"c\"d\",e", "a\"bc\"d\"|e|1/", ',', '"' },
    { " \"a,b\"", " \"a|b\"|1/", ',', '"' },
    { "\"a", "open", ',', '"' },
    { "a\n\"", "a|1/open", ',', '"' },
    { "\"a\"\"", "open", ',', '"' },
    { "'a,b',c''d", "a,b|c''d|1/", ',', '\'' },
    { "\"a,b\"", "\"a|b\"|1/", ',', '\'' },
    { "\"a,b\"", "\"a|b\"|1/", ',', '\xff' },
    { "é|ü", "é|ü|1/", '|', '"' },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *split = split_all (rows[i].written, rows[i].delimiter, rows[i].quote);

      g_test_message ("row %u", i);
      g_assert_cmpstr (split, ==, rows[i].split);
    }
}

/* Cut anywhere, a row either waits for more and leaves the text as it was, or is the same row. */
static void
test_a_row_that_is_cut_waits_for_the_rest (void)
{
  static const char whole[] = "\"a\"\"b\",\"c\r\nd\" ,e\"f\"\r\ng";
  const gsize row_length = strlen (whole) - 1;

  for (gsize length = 0; length <= strlen (whole); length++)
    {
      g_autofree char *text = g_memdup2 (whole, length);
      RelaisCsv csv;
      gsize used = 0;

      relais_csv_init (&csv, ',', '"');
      if (length < row_length)
        {
          g_assert_cmpint (relais_csv_split (&csv, text, length, FALSE, &used), ==, RELAIS_CSV_MORE);
          g_assert_cmpmem (text, length, whole, length);
        }
      else
        {
          g_assert_cmpint (relais_csv_split (&csv, text, length, FALSE, &used), ==, RELAIS_CSV_ROW);
          g_assert_cmpuint (used, ==, row_length);
          g_assert_cmpuint (csv.n_cells, ==, 3);
          g_assert_cmpuint (csv.n_lines, ==, 2);
        }
      relais_csv_clear (&csv);
    }
}

/* The splitter against one that looks at a letter at a time. */

typedef struct
{
  RelaisCsvResult  result;
  GPtrArray       *cells;
  gsize            used;
  guint            n_lines;
} Expected;

static gboolean
is_break (char c)
{
  return c == '\n' || c == '\r';
}

/* Returns: whether the quoted part was closed; @at is behind it then */
static gboolean
expect_quoted (const char *text,
               gsize       length,
               char        quote,
               gsize      *at,
               GString    *cell)
{
  for ((*at)++; *at < length; (*at)++)
    if (text[*at] != quote)
      g_string_append_c (cell, text[*at]);
    else if (*at + 1 < length && text[*at + 1] == quote)
      {
        g_string_append_c (cell, quote);
        (*at)++;
      }
    else
      {
        (*at)++;
        return TRUE;
      }

  return FALSE;
}

static guint
count_breaks (const char *text,
              gsize       from,
              gsize       to)
{
  guint n = 0;

  for (gsize i = from; i < to; i++)
    if (text[i] == '\n' ? i == from || text[i - 1] != '\r' : text[i] == '\r')
      n++;

  return n;
}

static Expected
expect (const char *text,
        gsize       length,
        gboolean    is_end,
        char        delimiter,
        char        quote)
{
  Expected expected = { RELAIS_CSV_ROW, g_ptr_array_new_with_free_func (g_free), 0, 1 };
  gsize at = 0;

  for (;;)
    {
      g_autoptr (GString) cell = g_string_new (NULL);
      gsize start = at, behind;
      guint n_breaks = 0;

      if (quote != RELAIS_QUOTE_NONE && at < length && text[at] == quote)
        {
          if (!expect_quoted (text, length, quote, &at, cell))
            {
              expected.result = is_end ? RELAIS_CSV_OPEN : RELAIS_CSV_MORE;
              return expected;
            }
          n_breaks = count_breaks (text, start, at);
        }
      behind = at;
      while (at < length && text[at] != delimiter && !is_break (text[at]))
        g_string_append_c (cell, text[at++]);
      if (at == length && !is_end)
        {
          expected.result = RELAIS_CSV_MORE;
          return expected;
        }
      if (n_breaks > 0 && strspn (text + behind, " \t") < at - behind)
        {
          expected.result = RELAIS_CSV_LOOSE;
          return expected;
        }
      expected.n_lines += n_breaks;
      g_ptr_array_add (expected.cells, g_strdup (cell->str));
      if (at == length || text[at] != delimiter)
        break;
      at++;
    }
  if (at < length && text[at] == '\r' && at + 1 == length && !is_end)
    {
      expected.result = RELAIS_CSV_MORE;
      return expected;
    }
  if (at < length)
    at += text[at] == '\r' && at + 1 < length && text[at + 1] == '\n' ? 2 : 1;
  expected.used = at;

  return expected;
}

static void
compare (RelaisCsv  *csv,
         const char *text,
         gboolean    is_end)
{
  gsize length = strlen (text);
  g_autofree char *exact = g_memdup2 (text, length);
  Expected expected = expect (text, length, is_end, csv->delimiter, csv->quote);
  gsize used = 0;

  g_assert_cmpint (relais_csv_split (csv, exact, length, is_end, &used), ==, expected.result);
  if (expected.result == RELAIS_CSV_ROW)
    {
      g_assert_cmpuint (used, ==, expected.used);
      g_assert_cmpuint (csv->n_lines, ==, expected.n_lines);
      g_assert_cmpuint (csv->n_cells, ==, expected.cells->len);
      for (guint i = 0; i < csv->n_cells; i++)
        {
          const char *cell = g_ptr_array_index (expected.cells, i);

          g_assert_cmpmem (csv->cells[i].data, csv->cells[i].length, cell, strlen (cell));
        }
    }
  else
    g_assert_cmpmem (exact, length, text, length);
  g_ptr_array_unref (expected.cells);
}

static void
test_every_short_text (void)
{
  static const char letters[] = "a,\"\n\r ";
  guint longest = g_test_thorough () ? 8 : 6;
  RelaisCsv csv, plain;

  relais_csv_init (&csv, ',', '"');
  relais_csv_init (&plain, ',', RELAIS_QUOTE_NONE);
  for (guint length = 0; length <= longest; length++)
    {
      guint n_texts = 1;

      for (guint i = 0; i < length; i++)
        n_texts *= strlen (letters);
      for (guint n = 0; n < n_texts; n++)
        {
          char text[16] = { 0 };
          guint rest = n;

          for (guint i = 0; i < length; i++, rest /= strlen (letters))
            text[i] = letters[rest % strlen (letters)];
          compare (&csv, text, TRUE);
          compare (&csv, text, FALSE);
          compare (&plain, text, TRUE);
        }
    }
  relais_csv_clear (&csv);
  relais_csv_clear (&plain);
}

static void
test_long_random_texts (void)
{
  static const char letters[] = "abcdefghijklm\xc3\xa9\x01\x7f\x0b\x0c\x0e;|.,,\"\"\n\r\t ";
  static const char delimiters[] = ",;|\t";
  static const char quotes[] = { '"', '"', 'a', RELAIS_QUOTE_NONE };

  for (guint n = 0; n < 20000; n++)
    {
      char text[80];
      gsize length = g_test_rand_int_range (0, sizeof text - 1);
      RelaisCsv csv;

      relais_csv_init (&csv, delimiters[n % 4], quotes[n / 4 % 4]);
      for (gsize i = 0; i < length; i++)
        text[i] = letters[g_test_rand_int_range (0, sizeof letters - 1)];
      text[length] = '\0';
      compare (&csv, text, TRUE);
      compare (&csv, text, FALSE);
      relais_csv_clear (&csv);
    }
}

/* Words of eight: a delimiter at each place, beside bytes that differ from it by one. */
static void
test_neighbours_of_a_delimiter_are_none (void)
{
  RelaisCsv csv;

  relais_csv_init (&csv, ',', '"');
  for (guint c = 1; c < 256; c++)
    for (guint at = 0; at < 24; at++)
      {
        char text[32];

        memset (text, c, sizeof text);
        text[at] = ',';
        text[24] = '\0';
        compare (&csv, text, TRUE);
        text[at] = '\n';
        compare (&csv, text, TRUE);
      }
  relais_csv_clear (&csv);
}

static void
test_rows_have_an_end_of_cells (void)
{
  g_autofree char *text = g_strnfill (RELAIS_CSV_MAX_CELLS, ',');
  RelaisCsv csv;
  gsize used;

  relais_csv_init (&csv, ',', '"');
  g_assert_cmpint (relais_csv_split (&csv, text, RELAIS_CSV_MAX_CELLS - 1, TRUE, &used), ==, RELAIS_CSV_ROW);
  g_assert_cmpuint (csv.n_cells, ==, RELAIS_CSV_MAX_CELLS);
  g_assert_cmpint (relais_csv_split (&csv, text, RELAIS_CSV_MAX_CELLS, TRUE, &used), ==, RELAIS_CSV_WIDE);
  relais_csv_clear (&csv);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/rows-are-split-as-the-table-says", test_rows_are_split_as_the_table_says);
  g_test_add_func ("/csv/a-row-that-is-cut-waits-for-the-rest", test_a_row_that_is_cut_waits_for_the_rest);

  g_test_add_func ("/csv/every-short-text", test_every_short_text);
  g_test_add_func ("/csv/long-random-texts", test_long_random_texts);
  g_test_add_func ("/csv/neighbours-of-a-delimiter-are-none", test_neighbours_of_a_delimiter_are_none);
  g_test_add_func ("/csv/rows-have-an-end-of-cells", test_rows_have_an_end_of_cells);

  return g_test_run ();
}
