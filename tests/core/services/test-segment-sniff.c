/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-header.h"
#include "relais-segment-sniff.h"

#include <string.h>

static void
test_delimiter_and_quote_are_found (void)
{
  static const struct
  {
    const char *head;
    char        delimiter;
    char        quote;
  } rows[] = {
    { "", ',', '"' },
    { "email\na@b.fr\n", ',', '"' },
    { "email,name\na@b.fr,Ann\n", ',', '"' },
    { "email;name\na@b.fr;Ann\n", ';', '"' },
    { "email\tname\na@b.fr\tAnn\n", '\t', '"' },
    { "email|name\na@b.fr|Ann\n", '|', '"' },
    { "email;amount\na@b.fr;1,50\nc@d.fr;2,50\n", ';', '"' },
    { "email;1,5;2,5\na@b.fr;1,5;2,5\nc@d.fr;1,5;2,5\n", ';', '"' },
    { "email,list\na@b.fr,x;y;z\nc@d.fr,x\n", ',', '"' },
    { "email;name, first\na@b.fr;Ann\nc@d.fr;Carl\n", ';', '"' },
    { "\"a;b\",\"c;d\"\n\"e;f\",\"g;h\"\n", ',', '"' },
    { "\"a\nb;c\",d\n\"e\",f\n", ',', '"' },
    { "'a','b'\n'c;1','d;2'\n'e','f'\n", ',', '\'' },
    { "a,b\nO'Brien,L'Isle\n't Hooft,x\n", ',', '"' },
    { "\n\nemail;name\na@b.fr;Ann\n", ';', '"' },
    { "Roy, Ann;a@b.fr;x, y, z\nLot, Carl;c@d.fr;x, y, z\n", ';', '"' },
    { "a@b.fr,Ann,x;y;z;w\nc@d.fr,Carl,x;y;z;w\n", ',', '"' },
    { "a@b.fr;Ann", ';', '"' },
    { "a\t\"b\nc\t\"d\ne\t\"f\n", '\t', RELAIS_QUOTE_NONE },
    { "email\tname, first\ttown\na@b.fr\tAnn\tx, y\n", '\t', '"' },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisSegmentFormat) format = relais_segment_format_new ();
      g_autofree char *exact = g_memdup2 (rows[i].head, strlen (rows[i].head));

      g_test_message ("row %u", i);
      relais_segment_sniff (exact != NULL ? exact : "", strlen (rows[i].head), TRUE, format);
      g_assert_cmpint (format->delimiter, ==, rows[i].delimiter);
      g_assert_cmpint (format->quote, ==, rows[i].quote);
    }
}

static void
test_what_is_known_is_left_alone (void)
{
  static const char head[] = "a;b\nc;d\n";
  RelaisSegmentFormat format = { NULL, ',', RELAIS_QUOTE_NONE, RELAIS_HEADER_NO };

  relais_segment_sniff (head, strlen (head), TRUE, &format);
  g_assert_cmpint (format.delimiter, ==, ',');
  g_assert_cmpint (format.quote, ==, RELAIS_QUOTE_NONE);
  g_assert_cmpint (format.header, ==, RELAIS_HEADER_NO);
}

static void
test_a_separator_line_names_the_delimiter (void)
{
  static const struct
  {
    const char *head;
    gsize       length;
    char        delimiter;
  } rows[] = {
    { "sep=;\nx", 6, ';' },     { "sep=;\r\nx", 7, ';' },  { "SEP=,\rx", 6, ',' },   { "sep=\t\nx", 6, '\t' },
    { "\"sep=;\"\r\nx", 9, ';' }, { "sep=|", 5, '|' },       { "sep=;x\n", 0, 0 },     { "sep=\n\n", 0, 0 },
    { "sep=", 0, 0 },           { "sep=a\n", 0, 0 },       { "sep=\"\n", 0, 0 },     { "sep=\xc3\xa9\n", 0, 0 },
    { "separator;x\n", 0, 0 },  { "", 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *exact = g_memdup2 (rows[i].head, strlen (rows[i].head));
      char delimiter = 0;

      g_test_message ("row %u", i);
      g_assert_cmpuint (relais_segment_sniff_separator_line (exact, strlen (rows[i].head), &delimiter), ==, rows[i].length);
      if (rows[i].length > 0)
        g_assert_cmpint (delimiter, ==, rows[i].delimiter);
    }
}

static gboolean
looks_like_header (const char *row)
{
  g_auto (GStrv) words = g_strsplit (row, "|", -1);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (RelaisText));

  for (guint i = 0; words[i] != NULL; i++)
    {
      RelaisText cell = { words[i], strlen (words[i]) };

      g_array_append_val (cells, cell);
    }

  return relais_segment_looks_like_header (&g_array_index (cells, RelaisText, 0), cells->len);
}

static void
test_a_header_names_columns (void)
{
  static const char * const headers[] = { "email", "email|name", "E-mail|Téléphone 1|Téléphone 2", "email|2023|2024|Ville|Nom|Pays", "||email", "id",
                                           "EMail|Q1|Q2|Q3|Q4|Q5" };
  static const char * const data[] = { "a@b.fr", "Ann|a@b.fr", "1|2020-01-01|Ann", "Ann|x@exemple.fr|", "0612345678|12",
                                        "12|3a|Ann", "Q1|a@b.fr|Q2" };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_test_message ("%s", headers[i]);
      g_assert_true (looks_like_header (headers[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    {
      g_test_message ("%s", data[i]);
      g_assert_false (looks_like_header (data[i]));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segment-sniff/delimiter-and-quote-are-found", test_delimiter_and_quote_are_found);
  g_test_add_func ("/segment-sniff/what-is-known-is-left-alone", test_what_is_known_is_left_alone);
  g_test_add_func ("/segment-sniff/a-separator-line-names-the-delimiter", test_a_separator_line_names_the_delimiter);
  g_test_add_func ("/segment-sniff/a-header-names-columns", test_a_header_names_columns);

  return g_test_run ();
}
