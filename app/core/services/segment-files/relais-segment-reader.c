/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-reader-private.h"

#include "relais-csv.h"
#include "relais-segment-error.h"
#include "relais-segment-header.h"
#include "relais-segment-sniff.h"
#include "relais-segment-source.h"

#include <string.h>

/* A row that is longer than this is a quote that was never closed: no
 * contact with that much fits into a request. */
#define MAX_ROW_BYTES (4 * 1024 * 1024)

/* Enough for a separator line. */
#define LEAST_HEAD    16

struct _RelaisSegmentReader
{
  GObject parent_instance;

  GFile               *file;         /* (owned) */
  RelaisSegmentFormat *format;       /* (owned): asked for, then found */
  gboolean             look_at_tail;
  gsize                piece;        /* bytes that are decoded at a time; 0 for the usual */
  RelaisSegmentSource *source;       /* (owned) (nullable): once it is open */
  GString             *text;         /* (owned): decoded, from @at on not split yet */
  gsize                at;
  GArray              *bad;          /* (owned) (element-type gsize): where in @text something was no text */
  gboolean             is_end;
  goffset              piece_begin;  /* bytes of the file that were read before what is in @text now */
  gsize                piece_length; /* of @text when it was read */
  RelaisCsv            csv;
  gboolean             splits;       /* whether csv is set up */
  char               **columns;      /* (owned) */
  guint                n_columns;
  gboolean             first_is_row; /* the row split last is data that was not handed out */
  guint64              line;         /* where the row that is split next begins */
  RelaisSegmentRow     row;
  GError              *failure;      /* (owned) (nullable): why there are no more rows */
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
  g_array_unref (self->bad);
  g_clear_pointer (&self->columns, g_strfreev);
  g_clear_error (&self->failure);
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
  self->bad = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->line = 1;
}

/**
 * relais_segment_reader_new:
 * @file: the file
 * @asked: (nullable): what is known of how it is written; the rest is found when it is opened
 *
 * Returns: (transfer full): a reader that is not open
 */
RelaisSegmentReader *
relais_segment_reader_new (GFile                     *file,
                           const RelaisSegmentFormat *asked)
{
  RelaisSegmentReader *self = g_object_new (RELAIS_TYPE_SEGMENT_READER, NULL);

  self->file = g_object_ref (file);
  self->format = asked != NULL ? relais_segment_format_copy (asked) : relais_segment_format_new ();

  return self;
}

/**
 * relais_segment_reader_set_look_at_tail:
 * @self: a reader that is not open
 * @look_at_tail: whether the end of the file decides its encoding where its beginning is ASCII
 */
void
relais_segment_reader_set_look_at_tail (RelaisSegmentReader *self,
                                        gboolean             look_at_tail)
{
  self->look_at_tail = look_at_tail;
}

/**
 * relais_segment_reader_set_piece:
 * @self: a reader that is not open
 * @bytes: how many bytes of the file are decoded at a time, for tests of what falls on an edge
 */
void
relais_segment_reader_set_piece (RelaisSegmentReader *self,
                                 gsize                bytes)
{
  self->piece = bytes;
}

/* Forgets the first bytes of the text. */
static void
drop (RelaisSegmentReader *self,
      gsize                n_bytes)
{
  guint kept = 0;

  for (guint i = 0; i < self->bad->len; i++)
    {
      gsize where = g_array_index (self->bad, gsize, i);

      if (where >= n_bytes)
        g_array_index (self->bad, gsize, kept++) = where - n_bytes;
    }
  g_array_set_size (self->bad, kept);
  g_string_erase (self->text, 0, n_bytes);
}

static gboolean
read_piece (RelaisSegmentReader  *self,
            GCancellable         *cancellable,
            GError              **error)
{
  const char *encoding;

  self->piece_begin = self->piece_length > 0 ? relais_segment_reader_get_position (self) : 0;
  drop (self, self->at);
  self->at = 0;
  if (!relais_segment_source_read (self->source, self->text, self->bad, &self->is_end, cancellable, error))
    return FALSE;
  self->piece_length = self->text->len;

  /* The first accent may have decided it. */
  encoding = relais_segment_source_get_encoding (self->source);
  if (g_strcmp0 (encoding, self->format->encoding) != 0)
    {
      g_free (self->format->encoding);
      self->format->encoding = g_strdup (encoding);
    }

  return TRUE;
}

static gboolean
has_bad_text (RelaisSegmentReader *self,
              gsize                end)
{
  guint n = 0;

  while (n < self->bad->len && g_array_index (self->bad, gsize, n) < end)
    n++;
  if (n > 0)
    g_array_remove_range (self->bad, 0, n);

  return n > 0;
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
          self->row.bad_text = self->bad->len > 0 && has_bad_text (self, self->at);
          if (self->csv.n_cells > 1 || self->csv.cells[0].length > 0)
            return TRUE;
          continue;
        }
      if (result != RELAIS_CSV_MORE || self->text->len - self->at > MAX_ROW_BYTES)
        {
          if (result == RELAIS_CSV_MORE && self->csv.in_quotes)
            result = RELAIS_CSV_OPEN;
          relais_segment_set_row_error (self->file, result, self->line, error);
          return FALSE;
        }
      if (!read_piece (self, cancellable, error))
        return FALSE;
    }
}

static void
drop_marks (RelaisSegmentReader *self)
{
  while (g_str_has_prefix (self->text->str, "\xef\xbb\xbf"))
    drop (self, 3);
}

static gboolean
has_whole_head (RelaisSegmentReader *self)
{
  gboolean complete = self->format->delimiter != 0 && self->format->quote != 0;
  char named;

  if (self->is_end || self->text->len > MAX_ROW_BYTES)
    return TRUE;

  return self->text->len >= (complete ? LEAST_HEAD : RELAIS_SEGMENT_SNIFF_BYTES) &&
         relais_segment_sniff_separator_line (self->text->str, self->text->len, &named) < self->text->len;
}

static gboolean
read_head (RelaisSegmentReader  *self,
           GCancellable         *cancellable,
           GError              **error)
{
  do
    {
      if (!read_piece (self, cancellable, error))
        return FALSE;
      /* Programs that join files leave the marks of each; behind one, quotes would not be seen. */
      drop_marks (self);
    }
  while (!has_whole_head (self));

  return TRUE;
}

static void
find_format (RelaisSegmentReader *self)
{
  char named = 0;
  gsize skipped;

  skipped = relais_segment_sniff_separator_line (self->text->str, self->text->len, &named);
  if (skipped > 0)
    {
      drop (self, skipped);
      drop_marks (self);
      self->line++;
      if (self->format->delimiter == 0)
        self->format->delimiter = named;
    }
  relais_segment_sniff (self->text->str, self->text->len, self->is_end, self->format);
}

static gboolean
open_source (RelaisSegmentReader  *self,
             GCancellable         *cancellable,
             GError              **error)
{
  self->source = relais_segment_source_open (self->file, self->format->encoding, cancellable, error);
  if (self->source == NULL)
    return FALSE;
  if (self->piece > 0)
    relais_segment_source_set_piece (self->source, self->piece);

  return !self->look_at_tail || relais_segment_source_look_at_tail (self->source, cancellable, error);
}

static gboolean
is_delimiter (char c)
{
  return c > 0 && c != '\n' && c != '\r';
}

static gboolean
check_format (RelaisSegmentReader  *self,
              GError              **error)
{
  const RelaisSegmentFormat *format = self->format;

  if (is_delimiter (format->delimiter) && format->delimiter != format->quote &&
      (is_delimiter (format->quote) || format->quote == RELAIS_QUOTE_NONE))
    return TRUE;
  relais_segment_set_signs_error (self->file, error);

  return FALSE;
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

  if (!open_source (self, cancellable, error) || !read_head (self, cancellable, error))
    return FALSE;
  find_format (self);
  if (!check_format (self, error))
    return FALSE;

  relais_csv_init (&self->csv, self->format->delimiter, self->format->quote);
  self->splits = TRUE;
  if (!split_row (self, cancellable, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        relais_segment_set_empty_error (self->file, error);
      return FALSE;
    }
  header = self->format->header == RELAIS_HEADER_YES ||
           (self->format->header == RELAIS_HEADER_AUTO && relais_segment_looks_like_header (self->csv.cells, self->csv.n_cells));
  self->format->header = header ? RELAIS_HEADER_YES : RELAIS_HEADER_NO;
  self->first_is_row = !header;
  self->n_columns = self->csv.n_cells;
  self->columns = relais_segment_name_columns (self->csv.cells, self->n_columns, header);

  return TRUE;
}

/**
 * relais_segment_reader_get_format:
 * @self: an open reader
 *
 * Returns: (transfer none): how the file is written; nothing is left to be found, but a file that
 *   has been ASCII so far is called UTF-8 until its first accent
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
 * The file is read in pieces, and so is what is compressed in it: how far the rows are within the last piece is told by its text.
 *
 * Returns: bytes of the file on the disk in which the rows so far are, about
 */
goffset
relais_segment_reader_get_position (RelaisSegmentReader *self)
{
  goffset read = relais_segment_source_get_position (self->source);
  double rest = self->piece_length > 0 ? (double) (self->text->len - self->at) / (double) self->piece_length : 0;

  return read - (goffset) (rest * (double) (read - self->piece_begin));
}

/**
 * relais_segment_reader_next:
 * @self: an open reader
 * @cancellable: (nullable):
 * @error: RELAIS_ERROR_FILE, RELAIS_ERROR_FORMAT or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer none) (nullable): the next row, valid until the next call; %NULL without an
 *   error at the end, and with the same error again after one
 */
const RelaisSegmentRow *
relais_segment_reader_next (RelaisSegmentReader  *self,
                            GCancellable         *cancellable,
                            GError              **error)
{
  if (self->first_is_row)
    self->first_is_row = FALSE;
  else if (self->failure != NULL || !split_row (self, cancellable, &self->failure))
    {
      if (self->failure != NULL)
        g_propagate_error (error, g_error_copy (self->failure));
      return NULL;
    }

  if (self->csv.n_cells < self->n_columns)
    relais_csv_fill (&self->csv, self->n_columns);
  self->row.number++;
  self->row.cells = self->csv.cells;
  self->row.n_cells = self->csv.n_cells;

  return &self->row;
}
