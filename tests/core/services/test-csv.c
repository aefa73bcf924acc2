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
      for (guint i = 0; i < csv.cells->len; i++)
        {
          RelaisText cell = g_array_index (csv.cells, RelaisText, i);

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
  static const char whole[] = "\"a\"\"b\",\"c\r\nd\"x,e\"f\"\r\ng";
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
          g_assert_cmpuint (csv.cells->len, ==, 3);
          g_assert_cmpuint (csv.n_lines, ==, 2);
        }
      relais_csv_clear (&csv);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/rows-are-split-as-the-table-says", test_rows_are_split_as_the_table_says);
  g_test_add_func ("/csv/a-row-that-is-cut-waits-for-the-rest", test_a_row_that_is_cut_waits_for_the_rest);

  return g_test_run ();
}
