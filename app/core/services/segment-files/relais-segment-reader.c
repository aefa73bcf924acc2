/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-reader.h"

#include "relais-csv.h"
#include "relais-error.h"
#include "relais-segment-sniff.h"
#include "relais-segment-source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A row that is longer than this is a quote that was never closed: no
 * contact with that much fits into a request. */
#define MAX_ROW_BYTES (4 * 1024 * 1024)

#define DIGEST_BYTES  (64 * 1024)

struct _RelaisSegmentReader
{
  GObject parent_instance;

  GFile               *file;        /* (owned) */
  RelaisSegmentFormat *format;      /* (owned): asked for, then found */
  gboolean             look_at_all;
  RelaisSegmentSource *source;      /* (owned) (nullable): once it is open */
  GString             *text;        /* (owned): decoded, from @at on not split yet */
  gsize                at;
  gboolean             is_end;
  RelaisCsv            csv;
  gboolean             splits;      /* whether csv is set up */
  char               **columns;     /* (owned) */
  guint                n_columns;
  gboolean             first_is_row; /* the row split last is data that was not handed out */
  guint64              line;        /* where the row that is split next begins */
  RelaisSegmentRow     row;
};

G_DEFINE_FINAL_TYPE (RelaisSegmentReader, relais_segment_reader, G_TYPE_OBJECT)

static void
relais_segment_reader_finalize (GObject *object)
{
  RelaisSegmentReader *self = RELAIS_SEGMENT_READER (object);

  g_clear_pointer (&self->source, relais_segment_source_close);
  if (self->splits)
    relais_csv_clear (&self->csv);
  g_string_free (self->text, TRUE);
  g_clear_pointer (&self->columns, g_strfreev);
  relais_segment_format_free (self->format);
  g_object_unref (self->file);
  G_OBJECT_CLASS (relais_segment_reader_parent_class)->finalize (object);
}

static void
relais_segment_reader_class_init (RelaisSegmentReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_segment_reader_finalize;
}

static void
relais_segment_reader_init (RelaisSegmentReader *self)
{
  self->text = g_string_new (NULL);
  self->look_at_all = TRUE;
  self->line = 1;
}

/**
 * relais_segment_reader_new:
 * @file: the file
 * @asked: what is known of how it is written; the rest is found when it is opened
 *
 * Returns: (transfer full): a reader that is not open
 */
RelaisSegmentReader *
relais_segment_reader_new (GFile                     *file,
                           const RelaisSegmentFormat *asked)
{
  RelaisSegmentReader *self = g_object_new (RELAIS_TYPE_SEGMENT_READER, NULL);

  self->file = g_object_ref (file);
  self->format = relais_segment_format_copy (asked);

  return self;
}

static gboolean
fail (RelaisSegmentReader  *self,
      const char           *sentence,
      GError              **error)
{
  g_autofree char *name = relais_segment_display_name (self->file);
  g_autofree char *line = g_strdup_printf ("%" G_GUINT64_FORMAT, self->line);
  g_autoptr (GString) message = g_string_new (sentence);

  g_string_replace (message, "{file}", name, 0);
  g_string_replace (message, "{line}", line, 0);
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT, message->str);

  return FALSE;
}

static gboolean
read_piece (RelaisSegmentReader  *self,
            GCancellable         *cancellable,
            GError              **error)
{
  g_string_erase (self->text, 0, self->at);
  self->at = 0;

  return relais_segment_source_read (self->source, self->text, &self->is_end, cancellable, error);
}

/* Splits one row that is not empty. Without one and without an error, the file has ended. */
static gboolean
split_row (RelaisSegmentReader  *self,
           GCancellable         *cancellable,
           GError              **error)
{
  for (;;)
    {
      gsize used = 0;
      RelaisCsvResult result;

      if (self->at == self->text->len && self->is_end)
        return FALSE;
      result = relais_csv_split (&self->csv, self->text->str + self->at, self->text->len - self->at, self->is_end, &used);
      if (result == RELAIS_CSV_ROW)
        {
          self->row.line = self->line;
          self->line += self->csv.n_lines;
          self->at += used;
          if (self->csv.cells->len > 1 || g_array_index (self->csv.cells, RelaisText, 0).length > 0)
            return TRUE;
          continue;
        }
      if (result == RELAIS_CSV_OPEN || self->text->len - self->at > MAX_ROW_BYTES)
        return fail (self,
                     /* Translators: {file} is the name of a file and {line} a line number; both stay as they are. */
                     _("In the file “{file}”, a quotation mark that opens in the row at line {line} is never closed. Close it there, or choose “no quotes” for this file."),
                     error);
      if (!read_piece (self, cancellable, error))
        return FALSE;
    }
}

static char *
name_column (GHashTable *taken,
             RelaisText  cell,
             guint       number)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *first = NULL;
  guint n;

  relais_text_clean (cell, name);
  if (name->len == 0)
    g_string_printf (name, "%u", number);
  first = g_strdup (name->str);
  /* How often each name was met is kept, for a row of thousands of equal cells. */
  n = GPOINTER_TO_UINT (g_hash_table_lookup (taken, first));
  while (g_hash_table_contains (taken, name->str))
    g_string_printf (name, "%s (%u)", first, ++n);
  g_hash_table_insert (taken, g_strdup (first), GUINT_TO_POINTER (MAX (n, 1)));
  if (!g_str_equal (first, name->str))
    g_hash_table_insert (taken, g_strdup (name->str), GUINT_TO_POINTER (1));

  return g_string_free (g_steal_pointer (&name), FALSE);
}

static void
name_columns (RelaisSegmentReader *self,
              gboolean             header)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  self->n_columns = self->csv.cells->len;
  for (guint i = 0; i < self->n_columns; i++)
    {
      RelaisText cell = header ? g_array_index (self->csv.cells, RelaisText, i) : (RelaisText) { "", 0 };

      g_ptr_array_add (names, name_column (taken, cell, i + 1));
    }
  g_ptr_array_add (names, NULL);
  self->columns = (char **) g_ptr_array_steal (names, NULL);
}

static void
find_format (RelaisSegmentReader *self)
{
  char named = 0;
  gsize skipped;

  g_free (self->format->encoding);
  self->format->encoding = g_strdup (relais_segment_source_get_encoding (self->source));
  skipped = relais_segment_sniff_separator_line (self->text->str, self->text->len, &named);
  if (skipped > 0)
    {
      g_string_erase (self->text, 0, skipped);
      self->line++;
      if (self->format->delimiter == 0)
        self->format->delimiter = named;
    }
  relais_segment_sniff (self->text->str, self->text->len, self->is_end, self->format);
}

/**
 * relais_segment_reader_open:
 * @self: a reader
 * @cancellable: (nullable):
 * @error: RELAIS_ERROR_FILE, RELAIS_ERROR_FORMAT or G_IO_ERROR_CANCELLED
 *
 * Opens the file, finds what was left to be found and reads its header.
 *
 * Returns: whether it can be read
 */
gboolean
relais_segment_reader_open (RelaisSegmentReader  *self,
                            GCancellable         *cancellable,
                            GError              **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean header;

  self->source = relais_segment_source_open (self->file, self->format->encoding, self->look_at_all, cancellable, error);
  if (self->source == NULL || !read_piece (self, cancellable, error))
    return FALSE;

  find_format (self);
  relais_csv_init (&self->csv, self->format->delimiter, self->format->quote);
  self->splits = TRUE;
  if (!split_row (self, cancellable, &local_error))
    {
      if (local_error == NULL)
        return fail (self,
                     /* Translators: {file} is the name of a file; it stays as it is. */
                     _("The file “{file}” is empty. Export the segment again, or choose another file."), error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  header = self->format->header == RELAIS_HEADER_YES ||
           (self->format->header == RELAIS_HEADER_AUTO &&
            relais_segment_looks_like_header (&g_array_index (self->csv.cells, RelaisText, 0), self->csv.cells->len));
  self->format->header = header ? RELAIS_HEADER_YES : RELAIS_HEADER_NO;
  self->first_is_row = !header;
  name_columns (self, header);

  return TRUE;
}

/**
 * relais_segment_reader_get_format:
 * @self: an open reader
 *
 * Returns: (transfer none): how the file is written; nothing is left to be found
 */
const RelaisSegmentFormat *
relais_segment_reader_get_format (RelaisSegmentReader *self)
{
  return self->format;
}

/**
 * relais_segment_reader_get_columns:
 * @self: an open reader
 *
 * Returns: (transfer none) (array zero-terminated=1): names, all different; columns without a
 *   name are called by their number from 1
 */
const char * const *
relais_segment_reader_get_columns (RelaisSegmentReader *self)
{
  return (const char * const *) self->columns;
}

/**
 * relais_segment_reader_get_n_columns:
 * @self: an open reader
 *
 * Returns: how many columns there are
 */
guint
relais_segment_reader_get_n_columns (RelaisSegmentReader *self)
{
  return self->n_columns;
}

/**
 * relais_segment_reader_get_size:
 * @self: an open reader
 *
 * Returns: bytes of the file on the disk
 */
goffset
relais_segment_reader_get_size (RelaisSegmentReader *self)
{
  return relais_segment_source_get_size (self->source);
}

/**
 * relais_segment_reader_get_position:
 * @self: an open reader
 *
 * Returns: bytes of the file on the disk that have been read
 */
goffset
relais_segment_reader_get_position (RelaisSegmentReader *self)
{
  return relais_segment_source_get_position (self->source);
}

/**
 * relais_segment_reader_set_look_at_all:
 * @self: a reader that is not open
 * @look_at_all: whether the whole file is looked at to find its encoding; else its head and its tail
 */
void
relais_segment_reader_set_look_at_all (RelaisSegmentReader *self,
                                       gboolean             look_at_all)
{
  self->look_at_all = look_at_all;
}

static gboolean
has_replacement (RelaisSegmentReader *self)
{
  for (guint i = 0; i < self->csv.cells->len; i++)
    {
      RelaisText cell = g_array_index (self->csv.cells, RelaisText, i);

      if (cell.length >= 3 && g_strstr_len (cell.data, cell.length, "\xef\xbf\xbd") != NULL)
        return TRUE;
    }

  return FALSE;
}

/**
 * relais_segment_reader_next:
 * @self: an open reader
 * @cancellable: (nullable):
 * @error: RELAIS_ERROR_FILE, RELAIS_ERROR_FORMAT or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer none) (nullable): the next row, valid until the next call; %NULL without an error at the end
 */
const RelaisSegmentRow *
relais_segment_reader_next (RelaisSegmentReader  *self,
                            GCancellable         *cancellable,
                            GError              **error)
{
  static const RelaisText empty = { "", 0 };

  if (self->first_is_row)
    self->first_is_row = FALSE;
  else if (!split_row (self, cancellable, error))
    return NULL;

  while (self->csv.cells->len < self->n_columns)
    g_array_append_val (self->csv.cells, empty);
  self->row.number++;
  self->row.cells = &g_array_index (self->csv.cells, RelaisText, 0);
  self->row.n_cells = self->csv.cells->len;
  self->row.bad_text = relais_segment_source_has_bad_text (self->source) && has_replacement (self);

  return &self->row;
}

static gboolean
digest_bytes (GInputStream  *stream,
              GChecksum     *checksum,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree guchar *buffer = g_malloc (DIGEST_BYTES);
  gsize n_read;

  if (!g_input_stream_read_all (stream, buffer, DIGEST_BYTES, &n_read, cancellable, error))
    return FALSE;
  g_checksum_update (checksum, buffer, n_read);

  return TRUE;
}

static gboolean
digest_file (GFile         *file,
             GChecksum     *checksum,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *attributes = NULL;
  goffset size;

  if (stream == NULL)
    return FALSE;
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_TIME_MODIFIED ","
                                         G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC, cancellable, error);
  if (info == NULL)
    return FALSE;
  size = g_file_info_get_size (info);
  attributes = g_strdup_printf ("%" G_GOFFSET_FORMAT " %" G_GUINT64_FORMAT " %u", size,
                                g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED),
                                g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC));
  g_checksum_update (checksum, (const guchar *) attributes, -1);

  return digest_bytes (G_INPUT_STREAM (stream), checksum, cancellable, error) &&
         g_seekable_seek (G_SEEKABLE (stream), MAX (0, size - DIGEST_BYTES), G_SEEK_SET, cancellable, error) &&
         digest_bytes (G_INPUT_STREAM (stream), checksum, cancellable, error);
}

/**
 * relais_segment_file_digest:
 * @file: a file
 * @cancellable: (nullable):
 * @error: RELAIS_ERROR_FILE or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what tells this file from its next version: a digest of its
 *   size, its time of change and its first and last 64 KiB
 */
char *
relais_segment_file_digest (GFile         *file,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GError) cause = NULL;

  if (digest_file (file, checksum, cancellable, &cause))
    return g_strdup (g_checksum_get_string (checksum));
  relais_segment_set_file_error (file, cause, error);

  return NULL;
}
