/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Large files, and files that are not what they should be. */

#include "relais-error.h"
#include "relais-segment-reader-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024 * 1024)

typedef struct
{
  char  *folder;
  GFile *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("relais-XXXXXX", NULL);
  path = g_build_filename (fixture->folder, "segment.csv", NULL);
  fixture->file = g_file_new_for_path (path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_file_delete (fixture->file, NULL, NULL);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_assert_finalize_object (fixture->file);
  g_free (fixture->folder);
}

static void
save (Fixture    *fixture,
      const char *data,
      gssize      length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (g_file_peek_path (fixture->file), data, length, &error);
  g_assert_no_error (error);
}

static RelaisSegmentReader *
open_reader (Fixture *fixture)
{
  RelaisSegmentReader *reader = relais_segment_reader_new (fixture->file, NULL);
  g_autoptr (GError) error = NULL;

  relais_segment_reader_open (reader, NULL, &error);
  g_assert_no_error (error);

  return reader;
}

/* The beginning given, and then a gigabyte of zeros that takes no room. */
static void
save_endless (Fixture    *fixture,
              const char *beginning)
{
  save (fixture, beginning, -1);
  g_assert_cmpint (truncate (g_file_peek_path (fixture->file), 1024 * (goffset) MIB), ==, 0);
}

static void
assert_stops_early (Fixture    *fixture,
                    const char *message)
{
  g_autoptr (RelaisSegmentReader) reader = open_reader (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  while (relais_segment_reader_next (reader, NULL, &error) != NULL)
    ;
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
  g_assert_cmpstr (error->message, ==, message);
  /* What comes behind it is not taken for rows. */
  g_assert_null (relais_segment_reader_next (reader, NULL, &again));
  g_assert_cmpstr (again->message, ==, message);
  g_assert_cmpint (relais_segment_reader_get_position (reader), <, 5 * MIB);
}

static void
test_a_quote_that_is_never_closed_is_given_up (Fixture       *fixture,
                                               gconstpointer  user_data)
{
  save_endless (fixture, "EMail,Name\nzoe@example.com,\"Zoe\"\nmax@example.com,\"Max\neve@example.com,Eve\n");
  assert_stops_early (fixture, "In the file “segment.csv”, a quotation mark that opens in the row at line 3 is never closed. "
                               "Close it there, or choose “no quotes” for this file.");
}

static void
test_a_line_that_does_not_end_is_given_up (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  save_endless (fixture, "EMail,Name\nzoe@example.com,Zoe\nmax@example.com,Max");
  assert_stops_early (fixture, "In the file “segment.csv”, the row at line 3 is longer than 4 MB, but a row of one contact is expected there. "
                               "Check that it is a CSV file with one contact on each line.");
}

static void
test_a_row_of_nearly_four_megabytes_is_read (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autoptr (GString) text = g_string_new ("EMail,Name\nzoe@example.com,\"");
  g_autoptr (RelaisSegmentReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  const RelaisSegmentRow *row;

  while (text->len < 4 * MIB - 64)
    g_string_append (text, "Zoé \"\"\r\n");
  g_string_append (text, "\"\nmax@example.com,Max\n");
  save (fixture, text->str, text->len);
  reader = open_reader (fixture);
  row = relais_segment_reader_next (reader, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (row->cells[1].length, >, 3 * MIB);
  row = relais_segment_reader_next (reader, NULL, &error);
  g_assert_cmpmem (row->cells[1].data, row->cells[1].length, "Max", 3);
}

static void
test_too_many_columns_are_no_table (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  g_autofree char *commas = g_strnfill (5 * MIB, ',');
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (fixture->file, NULL);
  g_autoptr (GError) error = NULL;

  save (fixture, commas, -1);
  g_assert_false (relais_segment_reader_open (reader, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
  g_assert_cmpstr (error->message, ==, "In the file “segment.csv”, the row at line 1 has more than 16,384 columns. "
                             "Check that it is a CSV file, or choose another delimiter for it.");
}

/* It says how wide the others are, and where it is cut says nothing. */
static void
test_a_separator_line_may_be_wide (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  RelaisSegmentFormat asked = { (char *) "UTF-8", ';', '"', RELAIS_HEADER_YES };

  save (fixture, "sep=;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;\r\nEMail;Name\r\nzoe@example.com;Zoe\r\n", -1);
  for (gsize piece = 0; piece < 80; piece++)
    {
      g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (fixture->file, &asked);
      const RelaisSegmentRow *row;

      relais_segment_reader_set_piece (reader, piece);
      g_assert_true (relais_segment_reader_open (reader, NULL, NULL));
      g_assert_cmpstr (relais_segment_reader_get_columns (reader)[0], ==, "EMail");
      row = relais_segment_reader_next (reader, NULL, NULL);
      g_assert_cmpuint (row->line, ==, 3);
    }
}

static void
test_sixteen_thousand_equal_names_are_told_apart_at_once (Fixture       *fixture,
                                                          gconstpointer  user_data)
{
  g_autoptr (GString) text = g_string_new ("x");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (RelaisSegmentReader) reader = NULL;
  const char * const *columns;

  for (guint i = 1; i < 16384; i++)
    g_string_append (text, i % 3 == 0 ? ",x (2)" : ",x");
  save (fixture, text->str, text->len);
  reader = open_reader (fixture);
  columns = relais_segment_reader_get_columns (reader);
  g_assert_cmpuint (relais_segment_reader_get_n_columns (reader), ==, 16384);
  for (guint i = 0; i < 16384; i++)
    g_assert_true (g_hash_table_add (seen, (char *) columns[i]));
}

static void
test_signs_that_cannot_be_told_apart_are_refused (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  static const RelaisSegmentFormat formats[] = {
    { .delimiter = ';', .quote = ';' }, { .delimiter = '"' },  { .delimiter = '\n' },
    { .delimiter = '\r' },              { .quote = '\n' },    { .delimiter = '\xa7' },
  };

  save (fixture, "EMail;\"Name\"\nzoe@example.com;Zoe\n", -1);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (fixture->file, &formats[i]);
      g_autoptr (GError) error = NULL;

      g_assert_false (relais_segment_reader_open (reader, NULL, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
      g_assert_cmpstr (error->message, ==, "The delimiter or the quotation mark chosen for the file “segment.csv” cannot be one. "
                                           "Choose two different signs, or let them be found.");
    }
}

/* Rows of ASCII, and one more row somewhere. */
static GString *
make_rows (guint       n_rows,
           guint       where,
           const char *row)
{
  GString *text = g_string_new ("EMail;Name\n");

  for (guint i = 0; i < n_rows; i++)
    if (i == where)
      g_string_append (text, row);
    else
      g_string_append_printf (text, "person%u@example.com;Person\n", i);

  return text;
}

static void
test_the_first_accent_decides_wherever_it_is (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  static const guint places[] = { 0, 1, 2000, 5000, 9998, 9999 };
  static const struct
  {
    const char *row;
    const char *encoding;
  } ways[] = {
    { "zoe@example.com;Zo\xe9\n", "windows-1252" },
    { "zoe@example.com;Zo\xc3\xa9\n", "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint k = 0; k < G_N_ELEMENTS (ways); k++)
      {
        g_autoptr (GString) text = make_rows (10000, places[i], ways[k].row);
        g_autoptr (RelaisSegmentReader) reader = NULL;
        const RelaisSegmentRow *row;

        save (fixture, text->str, text->len);
        reader = open_reader (fixture);
        while ((row = relais_segment_reader_next (reader, NULL, NULL)) != NULL)
          {
            g_assert_false (row->bad_text);
            if (row->number == places[i] + 1)
              g_assert_cmpmem (row->cells[1].data, row->cells[1].length, "Zoé", 4);
          }
        g_assert_cmpstr (relais_segment_reader_get_format (reader)->encoding, ==, ways[k].encoding);
      }
}

static void
test_one_wrong_byte_spoils_one_row (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  g_autoptr (GString) text = make_rows (20000, 3, "zoe@example.com;Zo\xc3\xa9\n");
  g_autoptr (RelaisSegmentReader) reader = NULL;
  const RelaisSegmentRow *row;
  guint n_bad = 0;

  g_string_append (text, "max@example.com;Ma\xebl\nzoe@example.com;Zo\xc3\xa9\n");
  save (fixture, text->str, text->len);
  reader = open_reader (fixture);
  while ((row = relais_segment_reader_next (reader, NULL, NULL)) != NULL)
    {
      n_bad += row->bad_text;
      if (row->number == 20001)
        g_assert_true (row->bad_text);
      if (row->number == 4 || row->number == 20002)
        g_assert_cmpmem (row->cells[1].data, row->cells[1].length, "Zoé", 4);
    }
  g_assert_cmpuint (n_bad, ==, 1);
}

static void
test_the_position_grows_to_the_size (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  g_autoptr (GString) text = make_rows (50000, 0, "zoe@example.com;Zoe\n");
  g_autoptr (RelaisSegmentReader) reader = NULL;
  const RelaisSegmentRow *row;
  goffset before = 0;

  save (fixture, text->str, text->len);
  reader = open_reader (fixture);
  g_assert_cmpint (relais_segment_reader_get_size (reader), ==, text->len);
  while ((row = relais_segment_reader_next (reader, NULL, NULL)) != NULL)
    if (row->number % 1000 == 0)
      {
        goffset position = relais_segment_reader_get_position (reader);

        g_assert_cmpint (position, >=, before);
        g_assert_cmpint (position, >=, (goffset) row->number * 20);
        before = position;
      }
  g_assert_cmpint (relais_segment_reader_get_position (reader), ==, text->len);
}

static char *
digest (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *text = relais_segment_file_digest (fixture->file, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (text), ==, 64);

  return text;
}

static void
set_time (Fixture *fixture,
          guint64  time)
{
  g_assert_true (g_file_set_attribute_uint64 (fixture->file, G_FILE_ATTRIBUTE_TIME_MODIFIED, time, G_FILE_QUERY_INFO_NONE, NULL, NULL));
}

/* Within its pieces too: the first of them is a good part of a file like this. */
static void
test_the_position_is_that_of_the_row (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  const guint n_rows = 16000;
  g_autoptr (GString) text = g_string_new ("email,name\n");
  g_autoptr (RelaisSegmentReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  const RelaisSegmentRow *row;

  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (text, "person%05u@example.com,Person %05u\n", i, i);
  save (fixture, text->str, text->len);
  reader = open_reader (fixture);
  while ((row = relais_segment_reader_next (reader, NULL, &error)) != NULL)
    {
      double expected = (double) row->number / n_rows * (double) relais_segment_reader_get_size (reader);

      g_assert_cmpfloat_with_epsilon ((double) relais_segment_reader_get_position (reader), expected, 200);
    }
  g_assert_no_error (error);
}

static void
test_the_digest_tells_versions_apart (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autofree char *text = g_strnfill (300000, 'x');
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;

  save (fixture, text, -1);
  set_time (fixture, 1700000000);
  first = digest (fixture);
  g_hash_table_add (seen, g_strdup (first));
  again = digest (fixture);
  g_assert_cmpstr (again, ==, first);

  set_time (fixture, 1700000001);
  g_assert_true (g_hash_table_add (seen, digest (fixture)));
  /* The same time and size, another beginning or end */
  text[0] = 'y';
  save (fixture, text, -1);
  set_time (fixture, 1700000000);
  g_assert_true (g_hash_table_add (seen, digest (fixture)));
  text[0] = 'x';
  text[299999] = 'y';
  save (fixture, text, -1);
  set_time (fixture, 1700000000);
  g_assert_true (g_hash_table_add (seen, digest (fixture)));
  text[299999] = '\0';
  save (fixture, text, -1);
  set_time (fixture, 1700000000);
  g_assert_true (g_hash_table_add (seen, digest (fixture)));
  save (fixture, "", -1);
  set_time (fixture, 1700000000);
  g_assert_true (g_hash_table_add (seen, digest (fixture)));
}

static void
test_no_digest_without_a_file (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (relais_segment_file_digest (fixture->file, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE);
  g_assert_cmpstr (error->message, ==, "The file “segment.csv” is not there any more. Put it back, or choose another file for this export.");
}

static void
assert_is_refused (GFile      *file,
                   const char *message)
{
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, NULL);
  g_autofree char *digest = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) digest_error = NULL;

  g_assert_false (relais_segment_reader_open (reader, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE);
  g_assert_cmpstr (error->message, ==, message);
  digest = relais_segment_file_digest (file, NULL, &digest_error);
  g_assert_null (digest);
  g_assert_cmpstr (digest_error->message, ==, message);
}

/* Each of these would be waited for, or read, for ever. */
static void
test_pipes_devices_and_folders_are_refused (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  g_autoptr (GFile) zeros = g_file_new_for_path ("/dev/zero");
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autofree char *name = g_path_get_basename (fixture->folder);
  g_autofree char *is_a_folder = g_strdup_printf ("“%s” is a folder. Choose a file in it.", name);

  g_assert_cmpint (mkfifo (g_file_peek_path (fixture->file), 0600), ==, 0);
  assert_is_refused (fixture->file, "“segment.csv” is a pipe or a device, not a file. Save the segment as a file, and choose that.");
  assert_is_refused (zeros, "“zero” is a pipe or a device, not a file. Save the segment as a file, and choose that.");
  assert_is_refused (folder, is_a_folder);
}

static void
test_what_is_no_table_is_told_from_its_first_bytes (Fixture       *fixture,
                                                    gconstpointer  user_data)
{
  static const char * const others[] = {
    "BZh91AY&SY", "\xfd" "7zXZ", "7z\xbc\xaf'\x1c", "Rar!\x1a", "\x28\xb5\x2f\xfd\x24", "<html><table>", "<!DOCTYPE html>", "<table>",
    "\xef\xbb\xbf<table>", "<?xml version=\"1.0\"?>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (fixture->file, NULL);
      g_autoptr (GError) error = NULL;

      save (fixture, others[i], -1);
      g_assert_false (relais_segment_reader_open (reader, NULL, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
      g_assert_true (g_str_has_prefix (error->message, "The file “segment.csv” is a workbook or an archive, not a CSV file."));
    }
}

#define ADD(path, function) g_test_add ("/segment-limits/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pipes-devices-and-folders-are-refused", test_pipes_devices_and_folders_are_refused);
  ADD ("what-is-no-table-is-told-from-its-first-bytes", test_what_is_no_table_is_told_from_its_first_bytes);
  ADD ("a-quote-that-is-never-closed-is-given-up", test_a_quote_that_is_never_closed_is_given_up);
  ADD ("a-line-that-does-not-end-is-given-up", test_a_line_that_does_not_end_is_given_up);
  ADD ("a-row-of-nearly-four-megabytes-is-read", test_a_row_of_nearly_four_megabytes_is_read);
  ADD ("too-many-columns-are-no-table", test_too_many_columns_are_no_table);
  ADD ("a-separator-line-may-be-wide", test_a_separator_line_may_be_wide);
  ADD ("sixteen-thousand-equal-names-are-told-apart-at-once", test_sixteen_thousand_equal_names_are_told_apart_at_once);
  ADD ("signs-that-cannot-be-told-apart-are-refused", test_signs_that_cannot_be_told_apart_are_refused);
  ADD ("the-first-accent-decides-wherever-it-is", test_the_first_accent_decides_wherever_it_is);
  ADD ("one-wrong-byte-spoils-one-row", test_one_wrong_byte_spoils_one_row);
  ADD ("the-position-grows-to-the-size", test_the_position_grows_to_the_size);
  ADD ("the-position-is-that-of-the-row", test_the_position_is_that_of_the_row);
  ADD ("the-digest-tells-versions-apart", test_the_digest_tells_versions_apart);
  ADD ("no-digest-without-a-file", test_no_digest_without_a_file);

  return g_test_run ();
}
