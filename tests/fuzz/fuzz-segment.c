/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes at all as a segment file: it is read to its end or refused with a
 * sentence, every cell is UTF-8, and every cell can be judged as an address.
 *
 * The first bytes choose the format that is asked for and where pieces of the file
 * end; the others are the file. It lies in memory. */

#include "relais-address.h"
#include "relais-error.h"
#include "relais-segment-reader-private.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Enough for everything that has a limit but the longest row. */
#define MAX_ROWS 2000

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static GFile *
write_file (const uint8_t *data,
            size_t         size)
{
  static int fd = -1;
  static GFile *file = NULL;

  if (fd < 0)
    {
      g_autofree char *path = NULL;

      fd = memfd_create ("segment", 0);
      g_assert_cmpint (fd, >=, 0);
      path = g_strdup_printf ("/proc/self/fd/%d", fd);
      file = g_file_new_for_path (path);
    }
  g_assert_cmpint (ftruncate (fd, 0), ==, 0);
  g_assert_cmpint (pwrite (fd, data, size, 0), ==, size);

  return file;
}

/* Zeros are text; GLib thinks otherwise. */
static gboolean
is_utf8 (RelaisText text)
{
  const char *at = text.data, *end = text.data + text.length;

  while (!g_utf8_validate_len (at, end - at, &at))
    if (*at++ != '\0')
      return FALSE;

  return TRUE;
}

static void
check_cell (RelaisText text)
{
  RelaisAddress address;
  char folded[RELAIS_ADDRESS_SIZE];

  g_assert_true (is_utf8 (text));
  if (relais_address_read (text, &address) == RELAIS_REASON_NONE)
    {
      g_assert_cmpuint (address.length, <=, 254);
      g_assert_cmpuint (address.length, ==, strlen (address.text));
      g_assert_true (g_str_is_ascii (address.text));
      g_assert_nonnull (strchr (address.text, '@'));
      g_assert_true (strchr (address.text, '@') == strrchr (address.text, '@'));
      g_assert_cmpuint (relais_address_fold (address.text, address.length, folded), ==, address.length);
    }
}

static void
check_format (RelaisSegmentReader *reader)
{
  const RelaisSegmentFormat *format = relais_segment_reader_get_format (reader);
  const char * const *columns = relais_segment_reader_get_columns (reader);
  guint n_columns = relais_segment_reader_get_n_columns (reader);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_nonnull (format->encoding);
  g_assert_cmpint (format->delimiter, !=, 0);
  g_assert_cmpint (format->quote, !=, 0);
  g_assert_cmpint (format->quote, !=, format->delimiter);
  g_assert_cmpint (format->header, !=, RELAIS_HEADER_AUTO);
  g_assert_cmpuint (n_columns, ==, g_strv_length ((char **) columns));
  for (guint i = 0; i < n_columns; i++)
    g_assert_true (g_hash_table_add (seen, (char *) columns[i]));
}

static void
check_error (const GError *error)
{
  g_assert_cmpuint (error->domain, ==, RELAIS_ERROR);
  g_assert_true (error->code == RELAIS_ERROR_FILE || error->code == RELAIS_ERROR_FORMAT);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

/* Returns: a number that depends on everything that was read */
static guint
read_rows (RelaisSegmentReader *reader)
{
  g_autoptr (GError) error = NULL;
  const RelaisSegmentRow *row;
  guint64 number = 0, line = 0;
  guint sum = 0;

  while (number < MAX_ROWS && (row = relais_segment_reader_next (reader, NULL, &error)) != NULL)
    {
      g_assert_cmpuint (row->number, ==, ++number);
      g_assert_cmpuint (row->line, >, line);
      g_assert_cmpuint (row->n_cells, >=, relais_segment_reader_get_n_columns (reader));
      line = row->line;
      sum = sum * 31 + row->line * 2 + row->bad_text;
      for (guint i = 0; i < row->n_cells; i++)
        {
          check_cell (row->cells[i]);
          for (gsize k = 0; k < row->cells[i].length; k++)
            sum = sum * 33 + (guchar) row->cells[i].data[k];
          sum = sum * 33 + 256;
        }
    }
  if (error != NULL)
    check_error (error);

  return error != NULL ? ~sum : sum;
}

/* Returns: the same of a whole file, 0 when it was refused at once */
static guint
read_file (GFile                     *file,
           const RelaisSegmentFormat *asked,
           gboolean                   look_at_tail,
           gsize                      piece)
{
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, asked);
  g_autoptr (GError) error = NULL;

  relais_segment_reader_set_look_at_tail (reader, look_at_tail);
  relais_segment_reader_set_piece (reader, piece);
  if (!relais_segment_reader_open (reader, NULL, &error))
    {
      check_error (error);
      return 0;
    }
  check_format (reader);

  return read_rows (reader);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char * const encodings[] = { NULL, NULL, NULL, NULL, "UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE",
                                            "UTF-32LE", "UTF-16", "Shift_JIS", "windows-1258", "GBK", "ISO-2022-JP", "GB18030", "none" };
  static const char delimiters[] = { 0, 0, 0, 0, ',', ';', '\t', '|' };
  static const char quotes[] = { 0, 0, '"', RELAIS_QUOTE_NONE };
  g_autoptr (RelaisSegmentFormat) asked = relais_segment_format_new ();
  GFile *file;
  guint sum;

  if (size < 3)
    return 0;
  asked->encoding = g_strdup (encodings[data[0] & 15]);
  asked->delimiter = delimiters[(data[0] >> 4) & 7];
  asked->quote = quotes[data[1] & 3];
  asked->header = ((data[1] >> 2) & 3) % 3;
  file = write_file (data + 3, size - 3);
  sum = read_file (file, asked, (data[0] & 0x80) != 0, (data[2] & 1) != 0 ? 1 + (data[2] >> 1) : 4096);

  /* Where pieces end must not be seen; but an encoding is judged by a piece. */
  if (asked->encoding != NULL)
    g_assert_cmpuint (sum, ==, read_file (file, asked, FALSE, 0));

  return 0;
}
