/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"
#include "relais-segment-description.h"
#include "relais-segment-reader-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>
#include <sys/resource.h>
#include <unistd.h>

/* How many bytes are decoded at a time; 0 for the usual. */
static gsize piece_bytes = 0;

/* What a file holds, on one line per row: its number of line, "!" when it has bad text, and its cells. */

static void
dump_cells (GString          *into,
            const RelaisText *cells,
            guint             n_cells)
{
  for (guint i = 0; i < n_cells; i++)
    {
      for (gsize k = 0; k < cells[i].length; k++)
        {
          char c = cells[i].data[k];

          if (c == '\n' || c == '\r' || c == '\0')
            g_string_append (into, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\0");
          else
            g_string_append_c (into, c);
        }
      g_string_append (into, i + 1 < n_cells ? " ¦ " : "\n");
    }
}

static void
dump_format (GString             *into,
             RelaisSegmentReader *reader)
{
  const RelaisSegmentFormat *format = relais_segment_reader_get_format (reader);
  g_autofree char *columns = g_strjoinv (" ¦ ", (char **) relais_segment_reader_get_columns (reader));

  g_string_append_printf (into, "%s %s %s %s\n%s\n", format->encoding,
                          format->delimiter == '\t' ? "tab" : (char[]) { format->delimiter, '\0' },
                          format->quote == RELAIS_QUOTE_NONE ? "none" : (char[]) { format->quote, '\0' },
                          format->header == RELAIS_HEADER_YES ? "header" : "no header", columns);
}

static char *
dump_file (GFile                     *file,
           const RelaisSegmentFormat *asked)
{
  g_autoptr (RelaisSegmentFormat) nothing = relais_segment_format_new ();
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, asked != NULL ? asked : nothing);
  g_autoptr (GString) dump = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const RelaisSegmentRow *row;
  guint64 number = 0;

  relais_segment_reader_set_piece (reader, piece_bytes);
  if (relais_segment_reader_open (reader, NULL, &error))
    {
      dump_format (dump, reader);
      while ((row = relais_segment_reader_next (reader, NULL, &error)) != NULL)
        {
          g_assert_cmpuint (row->number, ==, ++number);
          g_string_append_printf (dump, "%" G_GUINT64_FORMAT "%s: ", row->line, row->bad_text ? "!" : "");
          dump_cells (dump, row->cells, row->n_cells);
        }
    }
  if (error != NULL)
    {
      g_assert_cmpuint (error->domain, ==, RELAIS_ERROR);
      g_string_append_printf (dump, "%s: %s\n", error->code == RELAIS_ERROR_FILE ? "file" : error->code == RELAIS_ERROR_FORMAT ? "format" : "?",
                              error->message);
    }

  return g_string_free (g_steal_pointer (&dump), FALSE);
}

static GFile *
find_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "segments", name, NULL);

  return g_file_new_for_path (path);
}

static GFile *
write_file (const char *name,
            const char *content,
            gsize       length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

static void
remove_file (GFile *file)
{
  g_file_delete (file, NULL, NULL);
  g_object_unref (file);
}

static const struct
{
  const char *name;
  const char *dump;
} fixtures[] = {
  { "apostrophe-quotes.csv",
    "UTF-8 , ' header\n"
    "email ¦ name ¦ city\n"
    "2: a@b.fr ¦ O'Brien ¦ Nice, south\n"
    "3: c@d.fr ¦ Carl ¦ Pau\n" },
  { "apostrophes-in-names.csv",
    "UTF-8 , \" header\n"
    "email ¦ name ¦ city\n"
    "2: a@b.fr ¦ O'Brien ¦ L'Isle\n"
    "3: c@d.fr ¦ 't Hooft ¦ L'Hay\n" },
  { "blank-lines-only.csv",
    "format: The file “blank-lines-only.csv” is empty. Export the segment again, or choose another file.\n" },
  { "blank-lines.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n"
    "5: a@b.fr ¦ Ann\n"
    "8: c@d.fr ¦ Carl\n" },
  { "commas-decimal-points.csv",
    "UTF-8 , \" header\n"
    "email ¦ amount\n"
    "2: a@b.fr ¦ 1.5\n"
    "3: c@d.fr ¦ 2.5\n" },
  { "cp1252-undefined-byte.csv",
    "windows-1252 ; \" header\n"
    "email ¦ nom\n"
    "2: a@b.fr ¦ Zoé\n"
    "3!: c@d.fr ¦ x�y\n" },
  { "cr-only.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ Ann\n"
    "3: c@d.fr ¦ Carl\n" },
  { "delimiters-at-the-end.csv",
    "UTF-8 ; \" header\n"
    "email ¦ name ¦ 3\n"
    "2: a@b.fr ¦ Ann ¦ \n"
    "3: c@d.fr ¦ Carl ¦ \n" },
  { "doubled-quotes.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ the \"best\"\n"
    "3: c@d.fr ¦ \"\n"
    "4: e@f.fr ¦ \"\"\n"
    "5: g@h.fr ¦ \n" },
  { "empty.csv",
    "format: The file “empty.csv” is empty. Export the segment again, or choose another file.\n" },
  { "french-excel-cp1252.csv",
    "windows-1252 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "header-only-no-line-end.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n" },
  { "header-only.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n" },
  { "inch-marks-no-quotes.tsv",
    "UTF-8 tab none header\n"
    "EMail ¦ Screen ¦ Name\n"
    "2: zoe@example.com ¦ 15\" ¦ \"Zou\n"
    "3: max@example.com ¦ \"17 ¦ Max\n"
    "4: eve@example.com ¦ \"flat\" 19 ¦ Eve\n" },
  { "mark-only.csv",
    "format: The file “mark-only.csv” is empty. Export the segment again, or choose another file.\n" },
  { "mixed-line-ends.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ Ann\n"
    "3: c@d.fr ¦ Carl\n"
    "4: e@f.fr ¦ Eve\n" },
  { "no-header-commas-in-cells.csv",
    "UTF-8 ; \" no header\n"
    "1 ¦ 2 ¦ 3 ¦ 4\n"
    "1: Martin, Zoe ¦ zoe@example.com ¦ Aix, en Provence ¦ a, b\n"
    "2: Petit, Max ¦ max@example.com ¦ Paris, France ¦ c, d\n" },
  { "no-header-numbers.csv",
    "UTF-8 , \" no header\n"
    "1 ¦ 2 ¦ 3\n"
    "1: 1 ¦ 2020-01-01 ¦ Ann\n"
    "2: 2 ¦ 2020-01-02 ¦ Carl\n" },
  { "no-header-telephone.csv",
    "UTF-8 ; \" no header\n"
    "1 ¦ 2 ¦ 3 ¦ 4\n"
    "1: Zoe ¦ Martin ¦  ¦ +33 6 39 98 00 01\n"
    "2: Max ¦ Petit ¦ max@example.com ¦ +33 6 39 98 00 02\n" },
  { "no-header.csv",
    "UTF-8 , \" no header\n"
    "1 ¦ 2 ¦ 3\n"
    "1: a@b.fr ¦ Ann ¦ 1980\n"
    "2: c@d.fr ¦ Carl ¦ 1990\n" },
  { "nul-bytes.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ A\\0nn\n"
    "3: \\0c@d.fr ¦ Carl\n" },
  { "one-column.csv",
    "UTF-8 , \" header\n"
    "email\n"
    "2: a@b.fr\n"
    "4: c@d.fr\n" },
  { "one-row-no-line-end.csv",
    "UTF-8 ; \" no header\n"
    "1 ¦ 2\n"
    "1: zoe@example.com ¦ Zoe\n" },
  { "packed-cut-in-trailer.csv.gz",
    "file: The packed file “packed-cut-in-trailer.csv.gz” is damaged or cut short. Export or download it again.\n" },
  { "packed-cut.csv.gz",
    "file: The packed file “packed-cut.csv.gz” is damaged or cut short. Export or download it again.\n" },
  { "packed-damaged.csv.gz",
    "file: The packed file “packed-damaged.csv.gz” is damaged or cut short. Export or download it again.\n" },
  { "packed-empty.csv.gz",
    "format: The file “packed-empty.csv.gz” is empty. Export the segment again, or choose another file.\n" },
  { "packed-in-two-members.csv.gz",
    "UTF-8 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "packed-not-named-so.csv",
    "UTF-8 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "packed-padded-with-zeros.csv.gz",
    "UTF-8 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "packed-utf-16.csv.gz",
    "UTF-16LE ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "packed.csv.gz",
    "UTF-8 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "pipes.txt",
    "UTF-8 | \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ Ann, the first\n" },
  { "quote-closed-rows-later.csv",
    "UTF-8 , \" header\n"
    "EMail ¦ Name ¦ City\n"
    "2: zoe@example.com ¦ Zoe ¦ Paris\n"
    "3: max@example.com ¦ Max,Paris\" ¦ \n"
    "4: eve@example.com ¦ Eve ¦ Nantes\n"
    "format: In the file “quote-closed-rows-later.csv”, a quotation mark that opens in the row at line 5 is closed only lines later, "
    "in the middle of another cell. Close it in its own cell, or choose “no quotes” for this file.\n" },
  { "quoted-line-breaks.csv",
    "UTF-8 , \" header\n"
    "email ¦ address\n"
    "2: a@b.fr ¦ 1 rue A\\r\\n75000 Paris\\rFrance\n"
    "5: c@d.fr ¦ x\\n\\ny\n"
    "8: e@f.fr ¦ z\n" },
  { "quotes-inside-cells.csv",
    "UTF-8 ; \" header\n"
    "email ¦ size\n"
    "2: a@b.fr ¦ 12\" wide\n"
    "3: c@d.fr ¦ 5\" high\n" },
  { "repeated-and-empty-headers.csv",
    "UTF-8 , \" header\n"
    "email ¦ name ¦ 3 ¦ name (2) ¦ 5 ¦ name (2) (2) ¦ 2\n"
    "2: a@b.fr ¦ 1 ¦ 2 ¦ 3 ¦ 4 ¦ 5 ¦ 6\n" },
  { "rows-too-short-and-long.csv",
    "UTF-8 , \" header\n"
    "email ¦ name ¦ city\n"
    "2: a@b.fr ¦  ¦ \n"
    "3: c@d.fr ¦ Carl ¦ Nice ¦ extra ¦ more\n"
    "4:  ¦  ¦ \n" },
  { "sep-line-quoted.csv",
    "UTF-8 | \" header\n"
    "a ¦ b;c\n"
    "3: 1 ¦ 2;3\n" },
  { "sep-line-senseless.csv",
    "UTF-8 ; \" header\n"
    "sep=a\n"
    "2: banana ¦ email\n"
    "3: 1 ¦ a@b.fr\n" },
  { "sep-line-utf-8-mark.csv",
    "UTF-8 | \" header\n"
    "a ¦ b;c\n"
    "3: 1 ¦ 2;3\n" },
  { "sep-line.csv",
    "UTF-8 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "3: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "4: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "spaces-in-headers.csv",
    "UTF-8 , \" header\n"
    "email ¦ prénom ¦ two lines\n"
    "3: a@b.fr ¦ Zoé ¦ x\n" },
  { "tabs.tsv",
    "UTF-8 tab \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ Ann, the first\n" },
  { "text-after-closing-quote.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ Ann the first\n"
    "3: c@d.fr ¦ C \"x\" dee\"f ¦ \n"
    "4: e@f.fr ¦ x\"y\"z\n" },
  { "unterminated-quote.csv",
    "UTF-8 , \" header\n"
    "email ¦ name\n"
    "2: a@b.fr ¦ Ann\n"
    "format: In the file “unterminated-quote.csv”, a quotation mark that opens in the row at line 3 is never closed. Close it there, or choose “no quotes” for this file.\n" },
  { "utf-16be-mark.csv",
    "UTF-16BE ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "utf-16be-no-mark.csv",
    "UTF-16BE ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "utf-16le-cyrillic.csv",
    "UTF-16LE ; \" header\n"
    "Почта ¦ Имя ¦ Фамилия\n"
    "2: zoe@example.com ¦ Зоя ¦ Иванова\n"
    "3: max@example.com ¦ Максим ¦ Петров\n" },
  { "utf-16le-lone-surrogate.csv",
    "UTF-16LE ; \" header\n"
    "email ¦ nom\n"
    "2!: a@b.fr ¦ x�y\n"
    "3: c@d.fr ¦ 😀\n" },
  { "utf-16le-mark.csv",
    "UTF-16LE ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "utf-16le-no-mark.csv",
    "UTF-16LE ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "utf-16le-odd-byte.csv",
    "UTF-16LE ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n"
    "4!: � ¦  ¦  ¦ \n" },
  { "utf-32le-mark.csv",
    "UTF-32LE ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "utf-8-mark.csv",
    "UTF-8 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "utf-8-one-wrong-byte.csv",
    "UTF-8 , \" header\n"
    "EMail ¦ Prénom\n"
    "2: zoe@example.com ¦ Zoé\n"
    "3!: max@example.com ¦ Ma\ufffdl\n"
    "4: eve@example.com ¦ Ève\n" },
  { "utf-8-plain.csv",
    "UTF-8 ; \" header\n"
    "email ¦ prénom ¦ ville ¦ montant\n"
    "2: zoe@exemple.fr ¦ Zoé ¦ Nîmes ¦ 1,50\n"
    "3: luc@exemple.fr ¦ Luc ¦ Besançon ¦ 12,00\n" },
  { "utf-8-two-marks.csv",
    "UTF-8 , \" header\n"
    "EMail ¦ Prénom\n"
    "2: zoe@example.com ¦ Zoé\n" },
  { "windows-1258-no-line-end.csv",
    "UTF-8 ; \" header\n"
    "email ¦ nom\n"
    "2: a@b.fr ¦ Nam\n" },
  { "workbook.xls",
    "format: The file “workbook.xls” is a workbook or an archive, not a CSV file. Open it in Excel or LibreOffice, save it as “CSV UTF-8”, and choose the new file.\n" },
  { "workbook.xlsx",
    "format: The file “workbook.xlsx” is a workbook or an archive, not a CSV file. Open it in Excel or LibreOffice, save it as “CSV UTF-8”, and choose the new file.\n" },
};

static void
assert_dump (guint                      i,
             const RelaisSegmentFormat *asked)
{
  g_autoptr (GFile) file = find_fixture (fixtures[i].name);
  g_autofree char *dump = dump_file (file, asked);

  if (!g_str_equal (dump, fixtures[i].dump))
    {
      g_test_message ("%s is read as:\n%s", fixtures[i].name, dump);
      g_test_fail ();
    }
}

static void
test_odd_files_are_read_as_the_table_says (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    assert_dump (i, NULL);
}

/* The format is found in large pieces first, and the separator line with it. */
static void
test_odd_files_are_read_alike_in_small_pieces (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      g_autoptr (GFile) file = find_fixture (fixtures[i].name);
      g_autoptr (RelaisSegmentFormat) nothing = relais_segment_format_new ();
      g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, nothing);

      if (g_str_has_prefix (fixtures[i].name, "sep-line") || !relais_segment_reader_open (reader, NULL, NULL))
        continue;
      for (guint piece = 1; piece <= 40; piece++)
        {
          piece_bytes = piece;
          assert_dump (i, relais_segment_reader_get_format (reader));
        }
      piece_bytes = 0;
    }
}

/* Random tables, written in a random way, read back in pieces of every length */

typedef struct
{
  char        delimiter;
  char        quote;
  const char *line_end;
  const char *encoding;
  gboolean    mark;
} Way;

static Way
choose_way (void)
{
  static const char * const line_ends[] = { "\n", "\r\n", "\r" };
  static const char * const encodings[] = { "UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE", "UTF-32LE", "GB18030" };

  return (Way) {
    .delimiter = ",;\t|"[g_test_rand_int_range (0, 4)],
    .quote = "\"'"[g_test_rand_bit ()],
    .line_end = line_ends[g_test_rand_int_range (0, 3)],
    .encoding = encodings[g_test_rand_int_range (0, G_N_ELEMENTS (encodings))],
    .mark = g_test_rand_bit (),
  };
}

static char *
make_cell (gboolean is_first)
{
  static const char * const bits[] = { "a", "b", "é", "œ", "€", " ", ",", ";", "\t", "|", "\"", "'", "\"\"", "\n", "\r\n", "\r", "Zoé", "@" };
  GString *cell = g_string_new (is_first ? "x" : NULL);   /* a line with nothing on it is no row */

  for (int n = g_test_rand_int_range (0, 6); n > 0; n--)
    g_string_append (cell, bits[g_test_rand_int_range (0, G_N_ELEMENTS (bits))]);

  return g_string_free (cell, FALSE);
}

static void
write_cell (GString    *text,
            const char *cell,
            const Way  *way)
{
  const char special[] = { way->delimiter, way->quote, '\r', '\n', '\0' };

  if (strpbrk (cell, special) == NULL && g_test_rand_int_range (0, 4) > 0)
    {
      g_string_append (text, cell);
      return;
    }
  g_string_append_c (text, way->quote);
  for (; *cell != '\0'; cell++)
    {
      if (*cell == way->quote)
        g_string_append_c (text, *cell);
      g_string_append_c (text, *cell);
    }
  g_string_append_c (text, way->quote);
}

static GPtrArray *
make_table (GString   *text,
            const Way *way,
            guint     *n_columns)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);
  guint n_rows = g_test_rand_int_range (1, 8);

  *n_columns = g_test_rand_int_range (1, 5);
  for (guint i = 0; i < n_rows * *n_columns; i++)
    {
      char *cell = make_cell (i % *n_columns == 0);

      g_ptr_array_add (cells, cell);
      write_cell (text, cell, way);
      if ((i + 1) % *n_columns != 0)
        g_string_append_c (text, way->delimiter);
      else if (i + 1 < n_rows * *n_columns || g_test_rand_bit ())
        g_string_append (text, way->line_end);
    }

  return cells;
}

static GFile *
write_encoded (const GString *text,
               const Way     *way)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *marked = g_strconcat (way->mark && !g_str_has_prefix (way->encoding, "windows") ? "\xef\xbb\xbf" : "", text->str, NULL);
  g_autofree char *encoded = NULL;
  gsize length;

  encoded = g_convert (marked, -1, way->encoding, "UTF-8", NULL, &length, &error);
  g_assert_no_error (error);

  return write_file ("relais-random-table.csv", encoded, length);
}

static void
assert_reads_back (GFile     *file,
                   const Way *way,
                   GPtrArray *cells,
                   guint      n_columns)
{
  RelaisSegmentFormat asked = { (char *) way->encoding, way->delimiter, way->quote, RELAIS_HEADER_NO };
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, &asked);
  g_autoptr (GError) error = NULL;
  const RelaisSegmentRow *row;
  guint i = 0;

  relais_segment_reader_set_piece (reader, piece_bytes);
  g_assert_true (relais_segment_reader_open (reader, NULL, &error));
  while ((row = relais_segment_reader_next (reader, NULL, &error)) != NULL)
    {
      g_assert_cmpuint (row->n_cells, ==, n_columns);
      g_assert_false (row->bad_text);
      g_assert_cmpuint (i + n_columns, <=, cells->len);
      for (guint k = 0; k < n_columns; k++, i++)
        g_assert_cmpmem (row->cells[k].data, row->cells[k].length, g_ptr_array_index (cells, i), strlen (g_ptr_array_index (cells, i)));
    }
  g_assert_no_error (error);
  g_assert_cmpuint (i, ==, cells->len);
}

static void
test_random_tables_are_read_back_whatever_the_pieces (void)
{
  for (guint n = 0; n < (g_test_quick () ? 60 : 2000); n++)
    {
      Way way = choose_way ();
      g_autoptr (GString) text = g_string_new (NULL);
      guint n_columns;
      g_autoptr (GPtrArray) cells = make_table (text, &way, &n_columns);
      GFile *file = write_encoded (text, &way);

      for (guint piece = 1; piece <= 40; piece++)
        {
          piece_bytes = piece;
          assert_reads_back (file, &way, cells, n_columns);
        }
      piece_bytes = 0;
      assert_reads_back (file, &way, cells, n_columns);
      remove_file (file);
    }
}

/* Large files */

static GString *
make_large (gsize length)
{
  GString *text = g_string_new ("email,name\n");

  for (guint i = 0; text->len < length; i++)
    g_string_append_printf (text, "person%u@example.com,Person %u\n", i, i);

  return text;
}

/* What is found from both ends of the file, or from all of it. */
static void
assert_encoding (GFile      *file,
                 gboolean    look_at_all,
                 const char *expected)
{
  g_autoptr (RelaisSegmentFormat) asked = relais_segment_format_new ();
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, asked);
  g_autoptr (GError) error = NULL;

  relais_segment_reader_set_look_at_tail (reader, !look_at_all);
  g_assert_true (relais_segment_reader_open (reader, NULL, &error));
  while (look_at_all && relais_segment_reader_next (reader, NULL, &error) != NULL)
    ;
  g_assert_no_error (error);
  g_assert_cmpstr (relais_segment_reader_get_format (reader)->encoding, ==, expected);
}

static void
test_the_first_accent_may_stand_far_down (void)
{
  g_autoptr (GString) text = make_large (300 * 1024);
  GFile *file;

  g_string_append (text, "zoe@example.com,Zo\xe9\n");
  file = write_file ("relais-late-accent.csv", text->str, text->len);
  assert_encoding (file, TRUE, "windows-1252");
  assert_encoding (file, FALSE, "windows-1252");
  remove_file (file);

  /* In the middle of a large file a look at both ends cannot find it: reading does. */
  for (guint i = 0; i < 20000; i++)
    g_string_append (text, "later@example.com,Later\n");
  file = write_file ("relais-late-accent.csv", text->str, text->len);
  assert_encoding (file, TRUE, "windows-1252");
  assert_encoding (file, FALSE, "UTF-8");
  remove_file (file);
}

static void
test_an_accent_on_the_edge_of_two_pieces_is_utf_8 (void)
{
  for (guint shift = 0; shift < 4; shift++)
    {
      g_autoptr (GString) text = make_large (600 * 1024);
      GFile *file;

      memcpy (text->str + 256 * 1024 - shift, "\xf0\x9f\x98\x80", 4);
      memcpy (text->str + 512 * 1024 - shift, "\xf0\x9f\x98\x80", 4);
      memcpy (text->str + text->len - 64 * 1024 - shift, "\xf0\x9f\x98\x80", 4);
      file = write_file ("relais-edge.csv", text->str, text->len);
      assert_encoding (file, TRUE, "UTF-8");
      assert_encoding (file, FALSE, "UTF-8");
      remove_file (file);
    }
}

static glong
get_peak_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return usage.ru_maxrss;
}

static void
test_a_quote_that_is_never_closed_names_its_line_and_stays_small (void)
{
  const gsize length = 48 * 1024 * 1024;
  g_autoptr (GString) text = make_large (length);
  g_autoptr (RelaisSegmentFormat) asked = relais_segment_format_new ();
  g_autoptr (RelaisSegmentReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  GFile *file;
  glong before;

  g_string_insert (text, strlen ("email,name\n"), "a@example.com,\"open\n");
  file = write_file ("relais-open-quote.csv", text->str, text->len);
  before = get_peak_kib ();
  reader = relais_segment_reader_new (file, asked);
  g_assert_true (relais_segment_reader_open (reader, NULL, &error));
  g_assert_null (relais_segment_reader_next (reader, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "line 2 "));
  g_assert_cmpint (relais_segment_reader_get_position (reader), <, 8 * 1024 * 1024);
  g_assert_cmpint (get_peak_kib () - before, <, 16 * 1024);
  remove_file (file);
}

/* What cannot be opened */

static void
assert_refused (GFile      *file,
                const char *encoding,
                const char *sentence)
{
  RelaisSegmentFormat asked = { (char *) encoding, 0, 0, RELAIS_HEADER_AUTO };
  g_autofree char *dump = dump_file (file, &asked);

  g_assert_cmpstr (dump, ==, sentence);
}

static void
test_what_cannot_be_opened_is_told_in_a_sentence (void)
{
  g_autofree char *folder = g_dir_make_tmp ("relais-folder-XXXXXX", NULL);
  g_autofree char *base = g_path_get_basename (folder);
  g_autofree char *is_folder = g_strdup_printf ("file: “%s” is a folder. Choose a file in it.\n", base);
  g_autoptr (GFile) directory = g_file_new_for_path (folder);
  g_autoptr (GFile) missing = g_file_get_child (directory, "été.csv");
  g_autoptr (GFile) plain = find_fixture ("utf-8-plain.csv");

  assert_refused (directory, NULL, is_folder);
  assert_refused (missing, NULL, "file: The file “été.csv” is not there any more. Put it back, or choose another file for this export.\n");
  assert_refused (plain, "klingon", "format: The encoding “klingon” chosen for the file “utf-8-plain.csv” is not known. "
                                    "Choose another one, or let it be found.\n");
  if (geteuid () != 0)
    {
      GFile *file = write_file ("relais-locked.csv", "a,b\n", 4);

      g_assert_cmpint (g_chmod (g_file_peek_path (file), 0), ==, 0);
      assert_refused (file, NULL, "file: You may not read the file “relais-locked.csv”. Ask its owner for access, or choose another file.\n");
      remove_file (file);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_reading_can_be_cancelled (void)
{
  g_autoptr (GString) text = make_large (2 * 1024 * 1024);
  g_autoptr (RelaisSegmentFormat) asked = relais_segment_format_new ();
  g_autoptr (RelaisSegmentReader) reader = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GFile *file = write_file ("relais-cancel.csv", text->str, text->len);

  reader = relais_segment_reader_new (file, asked);
  g_assert_true (relais_segment_reader_open (reader, cancellable, &error));
  g_cancellable_cancel (cancellable);
  while (relais_segment_reader_next (reader, cancellable, &error) != NULL)
    ;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  remove_file (file);
}

static void
test_what_is_asked_for_wins_over_what_would_be_found (void)
{
  g_autoptr (GFile) plain = find_fixture ("utf-8-plain.csv");
  g_autoptr (GFile) marked = find_fixture ("utf-8-mark.csv");
  g_autoptr (GFile) open = find_fixture ("unterminated-quote.csv");
  g_autoptr (GFile) late = find_fixture ("windows-1258-no-line-end.csv");
  RelaisSegmentFormat latin = { (char *) "windows-1252", ',', '\'', RELAIS_HEADER_NO };
  RelaisSegmentFormat utf8 = { (char *) "utf8", 0, 0, RELAIS_HEADER_AUTO };
  RelaisSegmentFormat bare = { NULL, 0, RELAIS_QUOTE_NONE, RELAIS_HEADER_YES };
  RelaisSegmentFormat viet = { (char *) "windows-1258", 0, 0, RELAIS_HEADER_AUTO };
  g_autofree char *as_latin = dump_file (plain, &latin);
  g_autofree char *as_utf8 = dump_file (marked, &utf8);
  g_autofree char *as_bare = dump_file (open, &bare);
  g_autofree char *as_viet = dump_file (late, &viet);

  g_assert_cmpstr (as_latin, ==,
                   "windows-1252 , ' no header\n1\n1: email;prÃ©nom;ville;montant\n"
                   "2: zoe@exemple.fr;ZoÃ©;NÃ®mes;1 ¦ 50\n3: luc@exemple.fr;Luc;BesanÃ§on;12 ¦ 00\n");
  g_assert_true (g_str_has_prefix (as_utf8, "utf8 ; \" header\nemail ¦ prénom ¦"));
  g_assert_nonnull (strstr (as_bare, "\n3: c@d.fr ¦ \"Carl\n4: e@f.fr ¦ Eve\n"));
  g_assert_true (g_str_has_suffix (as_viet, "2: a@b.fr ¦ Nam\n"));
}

/* Returns: processor time for naming @n columns, all but one of which have the same two names */
static clock_t
name_columns (guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (RelaisSegmentFormat) asked = relais_segment_format_new ();
  g_autofree char *last = g_strdup_printf ("name (%u)", n / 2);
  clock_t best = G_MAXLONG;
  GFile *file;

  for (guint i = 1; i < n; i++)
    g_string_append (text, i % 2 == 0 ? "," : "name,");
  file = write_file ("relais-wide.csv", text->str, text->len);
  asked->delimiter = ',';
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, asked);
      clock_t before = clock ();

      g_assert_true (relais_segment_reader_open (reader, NULL, NULL));
      best = MIN (best, clock () - before);
      g_assert_cmpuint (relais_segment_reader_get_n_columns (reader), ==, n);
      g_assert_cmpstr (relais_segment_reader_get_columns (reader)[n - 2], ==, last);
    }
  remove_file (file);

  return best;
}

/* Eight times as many take eight times as long, not sixty-four times. */
static void
test_a_row_of_very_many_columns_is_named_quickly (void)
{
  clock_t some = name_columns (2048);

  g_assert_cmpint (name_columns (16384), <, 24 * some);
}

/* Descriptions */

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static RelaisSegmentDescription *
describe (GFile   *file,
          GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_segment_describe_async (file, NULL, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return relais_segment_describe_finish (result, error);
}

static void
test_a_description_shows_columns_and_their_first_values (void)
{
  g_autoptr (GString) text = g_string_new ("email;ville;vide\n");
  g_autoptr (RelaisSegmentDescription) description = NULL;
  g_autoptr (GError) error = NULL;
  char **emails, **towns;
  GFile *file;

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (text, "p%u@exemple.fr;%s;\n", i, i % 10 == 9 ? " Nîmes " : "");
  file = write_file ("relais-described.csv", text->str, text->len);
  description = describe (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (description->columns), ==, 3);
  g_assert_cmpint (description->size, ==, text->len);
  g_assert_cmpint (description->format->delimiter, ==, ';');
  g_assert_cmpuint (description->samples->len, ==, 3);
  emails = g_ptr_array_index (description->samples, 0);
  towns = g_ptr_array_index (description->samples, 1);
  g_assert_cmpuint (g_strv_length (emails), ==, RELAIS_SEGMENT_SAMPLES);
  g_assert_cmpstr (emails[49], ==, "p49@exemple.fr");
  g_assert_cmpuint (g_strv_length (towns), ==, 20);
  g_assert_cmpstr (towns[0], ==, "Nîmes");
  g_assert_null (*(char **) g_ptr_array_index (description->samples, 2));
  remove_file (file);
}

static void
test_a_description_does_not_wait_for_a_large_file (void)
{
  g_autoptr (GString) text = make_large (64 * 1024 * 1024);
  GFile *file = write_file ("relais-large.csv", text->str, text->len);
  gint64 before = g_get_monotonic_time ();
  g_autoptr (RelaisSegmentDescription) description = describe (file, NULL);

  g_test_message ("64 MiB described in %.1f ms", (g_get_monotonic_time () - before) / 1000.0);
  g_assert_nonnull (description);
  g_assert_cmpint (description->size, ==, text->len);
  remove_file (file);
}

static void
test_what_cannot_be_described_says_why (void)
{
  g_autoptr (GFile) empty = find_fixture ("empty.csv");
  g_autoptr (GFile) open = find_fixture ("unterminated-quote.csv");
  g_autoptr (GError) empty_error = NULL;
  g_autoptr (GError) open_error = NULL;

  g_assert_null (describe (empty, &empty_error));
  g_assert_error (empty_error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
  g_assert_null (describe (open, &open_error));
  g_assert_error (open_error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
}

static void
test_a_digest_changes_with_the_ends_of_a_file (void)
{
  g_autoptr (GString) text = make_large (300 * 1024);
  GFile *file = write_file ("relais-digest.csv", text->str, text->len);
  g_autofree char *first = relais_segment_file_digest (file, NULL, NULL);
  g_autofree char *again = relais_segment_file_digest (file, NULL, NULL);
  g_autofree char *changed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (first, ==, again);
  text->str[text->len - 2] = 'x';
  g_object_unref (file);
  file = write_file ("relais-digest.csv", text->str, text->len);
  changed = relais_segment_file_digest (file, NULL, NULL);
  g_assert_cmpstr (first, !=, changed);
  g_assert_true (g_file_delete (file, NULL, NULL));
  g_assert_null (relais_segment_file_digest (file, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE);
  g_object_unref (file);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/segment-reader/" name, function)
  ADD ("odd-files-are-read-as-the-table-says", test_odd_files_are_read_as_the_table_says);
  ADD ("odd-files-are-read-alike-in-small-pieces", test_odd_files_are_read_alike_in_small_pieces);
  ADD ("random-tables-are-read-back-whatever-the-pieces", test_random_tables_are_read_back_whatever_the_pieces);
  ADD ("the-first-accent-may-stand-far-down", test_the_first_accent_may_stand_far_down);
  ADD ("an-accent-on-the-edge-of-two-pieces-is-utf-8", test_an_accent_on_the_edge_of_two_pieces_is_utf_8);
  ADD ("a-quote-that-is-never-closed-names-its-line-and-stays-small", test_a_quote_that_is_never_closed_names_its_line_and_stays_small);
  ADD ("what-cannot-be-opened-is-told-in-a-sentence", test_what_cannot_be_opened_is_told_in_a_sentence);
  ADD ("reading-can-be-cancelled", test_reading_can_be_cancelled);
  ADD ("what-is-asked-for-wins-over-what-would-be-found", test_what_is_asked_for_wins_over_what_would_be_found);
  ADD ("a-row-of-very-many-columns-is-named-quickly", test_a_row_of_very_many_columns_is_named_quickly);
  ADD ("a-description-shows-columns-and-their-first-values", test_a_description_shows_columns_and_their_first_values);
  ADD ("a-description-does-not-wait-for-a-large-file", test_a_description_does_not_wait_for_a_large_file);
  ADD ("what-cannot-be-described-says-why", test_what_cannot_be_described_says_why);
  ADD ("a-digest-changes-with-the-ends-of-a-file", test_a_digest_changes_with_the_ends_of_a_file);
#undef ADD

  return g_test_run ();
}
