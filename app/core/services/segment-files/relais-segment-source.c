/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the encoding is found: a byte-order mark tells it; else zeros tell
 * UTF-16; else the file is UTF-8 or Windows-1252. These two agree as long as
 * there is nothing but ASCII, so nothing is decided, and rows are handed out,
 * until the first piece that has more: there the better evidence wins, be it
 * in the last row. One wrong byte in a UTF-8 file thus spoils one row, and not
 * every accent of the file, and nothing is read twice.
 *
 * A description, which reads the head alone, may look at the tail as well. */

#include "relais-segment-source.h"

#include "relais-decoder.h"
#include "relais-encoding.h"
#include "relais-error.h"
#include "relais-gunzip.h"
#include "relais-segment-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PIECE_BYTES (128 * 1024)
#define HEAD_BYTES  (64 * 1024)
#define TAIL_BYTES  (64 * 1024)

struct _RelaisSegmentSource
{
  GFile          *file;      /* (owned) */
  GInputStream   *raw;       /* (owned): the file as it lies on the disk */
  GInputStream   *stream;    /* (owned): the same, or unpacked */
  gboolean        packed;
  gboolean        ended;     /* the stream has no more */
  char           *encoding;  /* (owned) */
  gboolean        undecided; /* nothing but ASCII so far, which is called UTF-8 */
  RelaisDecoder  *decoder;   /* (owned) */
  GByteArray     *bytes;     /* (owned): read, not decoded yet */
  gsize           n_pending; /* of them, a character whose end is still to come */
  gsize           piece;     /* how many bytes are decoded at a time */
  goffset         size;
};

/* Workbooks old and new, what packers other than gzip write, and the pages that web applications
 * call workbooks. */
static gboolean
is_no_table (const guchar *head,
             gsize         length)
{
  static const struct
  {
    const char *beginning;
    gsize       length;
  } others[] = {
    { "PK\3\4", 4 }, { "\xd0\xcf\x11\xe0", 4 }, { "BZh", 3 }, { "\xfd" "7zXZ", 5 }, { "7z\xbc\xaf", 4 }, { "Rar!", 4 },
    { "\x28\xb5\x2f\xfd", 4 }, { "<html", 5 }, { "<HTML", 5 }, { "<!DOCTYPE", 9 }, { "<!doctype", 9 }, { "<table", 6 }, { "<?xml", 5 },
  };

  if (length >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0)
    {
      head += 3;
      length -= 3;
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (length >= others[i].length && memcmp (head, others[i].beginning, others[i].length) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
check_kind (GFile         *file,
            const guchar  *head,
            gsize          length,
            GError       **error)
{
  g_autofree char *name = NULL;

  if (!is_no_table (head, length))
    return TRUE;

  name = relais_segment_display_name (file);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT,
               /* Translators: %s is the name of a file. “CSV UTF-8” is what Excel calls this kind of file. */
               _("The file “%s” is a workbook or an archive, not a CSV file. Open it in Excel or LibreOffice, save it as “CSV UTF-8”, and choose the new file."),
               name);

  return FALSE;
}

static gboolean
open_stream (RelaisSegmentSource  *source,
             GCancellable         *cancellable,
             GError              **error)
{
  guchar head[12];
  gsize n_read;

  if (!relais_segment_check_file (source->file, cancellable, error))
    return FALSE;
  source->raw = G_INPUT_STREAM (g_file_read (source->file, cancellable, error));
  if (source->raw == NULL ||
      !g_input_stream_read_all (source->raw, head, sizeof head, &n_read, cancellable, error) ||
      !check_kind (source->file, head, n_read, error) ||
      !g_seekable_seek (G_SEEKABLE (source->raw), 0, G_SEEK_SET, cancellable, error))
    return FALSE;

  source->packed = n_read >= 2 && head[0] == 0x1f && head[1] == 0x8b;
  if (source->packed)
    {
      g_autoptr (GConverter) unpacker = relais_gunzip_new ();

      source->stream = g_converter_input_stream_new (source->raw, unpacker);
    }
  else
    source->stream = g_object_ref (source->raw);

  return TRUE;
}

/* Whole pieces, so that what is decided from one does not depend on how the disk delivers it. */
static gboolean
read_bytes (RelaisSegmentSource  *source,
            gsize                 wanted,
            GCancellable         *cancellable,
            GError              **error)
{
  while (!source->ended && source->bytes->len < wanted)
    {
      guint before = source->bytes->len;
      gssize n_read;

      g_byte_array_set_size (source->bytes, wanted);
      n_read = g_input_stream_read (source->stream, source->bytes->data + before, wanted - before, cancellable, error);
      g_byte_array_set_size (source->bytes, before + MAX (n_read, 0));
      if (n_read < 0)
        return FALSE;
      source->ended = n_read == 0;
    }

  return TRUE;
}

static void
set_encoding (RelaisSegmentSource *source,
              const char          *encoding)
{
  g_free (source->encoding);
  source->encoding = g_strdup (encoding);
  g_clear_pointer (&source->decoder, relais_decoder_free);
  source->decoder = relais_decoder_new (encoding);
}

static void
weigh (RelaisSegmentSource *source,
       const guchar        *data,
       gsize                length,
       gboolean             is_end)
{
  RelaisTextEvidence evidence = relais_utf8_weigh (data, length, is_end);

  if (evidence.n_utf8 + evidence.n_other == 0)
    return;
  source->undecided = FALSE;
  if (evidence.n_other > evidence.n_utf8)
    set_encoding (source, "windows-1252");
}

/* "UTF-16" says nothing of the order of its bytes. */
static gboolean
is_just_wide (const char *encoding)
{
  return g_ascii_strcasecmp (encoding, "UTF-16") == 0 || g_ascii_strcasecmp (encoding, "UTF16") == 0;
}

static gboolean
choose_encoding (RelaisSegmentSource  *source,
                 const char           *asked,
                 GError              **error)
{
  g_autofree char *name = NULL;
  gsize mark_length;
  const char *marked = relais_encoding_from_mark (source->bytes->data, source->bytes->len, &mark_length);
  const char *guessed = marked != NULL ? marked : relais_encoding_guess_wide (source->bytes->data, source->bytes->len);

  if (asked == NULL)
    {
      source->undecided = guessed == NULL;
      set_encoding (source, guessed != NULL ? guessed : "UTF-8");
    }
  else if (is_just_wide (asked))
    set_encoding (source, guessed != NULL && g_str_has_prefix (guessed, "UTF-16") ? guessed : "UTF-16LE");
  else
    set_encoding (source, asked);

  if (marked != NULL && g_ascii_strcasecmp (source->encoding, marked) == 0)
    g_byte_array_remove_range (source->bytes, 0, mark_length);
  if (source->decoder != NULL)
    return TRUE;

  name = relais_segment_display_name (source->file);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT,
               /* Translators: the first %s is the name of an encoding, the second the name of a file. */
               _("The encoding “%s” chosen for the file “%s” is not known. Choose another one, or let it be found."),
               asked, name);

  return FALSE;
}

static gboolean
begin (RelaisSegmentSource  *source,
       const char           *encoding,
       GCancellable         *cancellable,
       GError              **error)
{
  g_autoptr (GFileInfo) info = NULL;

  if (!open_stream (source, cancellable, error))
    return FALSE;
  info = g_file_input_stream_query_info (G_FILE_INPUT_STREAM (source->raw), G_FILE_ATTRIBUTE_STANDARD_SIZE, cancellable, error);
  if (info == NULL)
    return FALSE;
  source->size = g_file_info_get_size (info);

  return read_bytes (source, HEAD_BYTES, cancellable, error) && choose_encoding (source, encoding, error);
}

static gboolean
explain (RelaisSegmentSource  *source,
         GError               *cause,
         GError              **error)
{
  if (cause->domain == RELAIS_ERROR)
    g_propagate_error (error, cause);
  else
    {
      relais_segment_set_file_error (source->file, cause, error);
      g_error_free (cause);
    }

  return FALSE;
}

/**
 * relais_segment_source_open:
 * @file: the file
 * @encoding: (nullable): IANA name, %NULL to find it
 * @cancellable: (nullable):
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the file, at its beginning
 */
RelaisSegmentSource *
relais_segment_source_open (GFile         *file,
                            const char    *encoding,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr (RelaisSegmentSource) source = g_new0 (RelaisSegmentSource, 1);
  GError *cause = NULL;

  source->file = g_object_ref (file);
  source->bytes = g_byte_array_new ();
  source->piece = PIECE_BYTES;
  if (begin (source, encoding, cancellable, &cause))
    return g_steal_pointer (&source);
  explain (source, cause, error);

  return NULL;
}

/**
 * relais_segment_source_close:
 * @source: (transfer full) (nullable):
 */
void
relais_segment_source_close (RelaisSegmentSource *source)
{
  if (source == NULL)
    return;

  g_clear_object (&source->stream);
  g_clear_object (&source->raw);
  g_object_unref (source->file);
  g_byte_array_unref (source->bytes);
  g_clear_pointer (&source->decoder, relais_decoder_free);
  g_free (source->encoding);
  g_free (source);
}

/**
 * relais_segment_source_set_piece:
 * @source: a source of which nothing was read
 * @bytes: how many bytes are decoded at a time, for tests of what falls on an edge
 */
void
relais_segment_source_set_piece (RelaisSegmentSource *source,
                                 gsize                bytes)
{
  source->piece = bytes;
}

static gboolean
read_tail (RelaisSegmentSource  *source,
           guchar               *tail,
           gsize                *n_read,
           GCancellable         *cancellable,
           GError              **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (source->file, cancellable, error);

  return stream != NULL &&
         g_seekable_seek (G_SEEKABLE (stream), MAX (0, source->size - TAIL_BYTES), G_SEEK_SET, cancellable, error) &&
         g_input_stream_read_all (G_INPUT_STREAM (stream), tail, TAIL_BYTES, n_read, cancellable, error);
}

/**
 * relais_segment_source_look_at_tail:
 * @source: a source of which nothing was read
 * @cancellable: (nullable):
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Lets the end of the file decide its encoding where its beginning is ASCII.
 *
 * Returns: whether it could be read
 */
gboolean
relais_segment_source_look_at_tail (RelaisSegmentSource  *source,
                                    GCancellable         *cancellable,
                                    GError              **error)
{
  g_autofree guchar *tail = NULL;
  GError *cause = NULL;
  gsize start = 0, n_read;

  if (!source->undecided || source->packed || source->size <= source->bytes->len)
    return TRUE;
  weigh (source, source->bytes->data, source->bytes->len, source->ended);
  if (!source->undecided)
    return TRUE;

  tail = g_malloc (TAIL_BYTES);
  if (!read_tail (source, tail, &n_read, cancellable, &cause))
    return explain (source, cause, error);
  /* It may begin within a character. */
  while (start < n_read && start < 3 && (tail[start] & 0xc0) == 0x80)
    start++;
  weigh (source, tail + start, n_read - start, TRUE);

  return TRUE;
}

/**
 * relais_segment_source_read:
 * @source: a source
 * @into: the next piece is appended here, in UTF-8
 * @bad: (element-type gsize): where in @into a U+FFFD stands for something that was no text
 * @is_end: (out): whether it was the last
 * @cancellable: (nullable):
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: whether it could be read
 */
gboolean
relais_segment_source_read (RelaisSegmentSource  *source,
                            GString              *into,
                            GArray               *bad,
                            gboolean             *is_end,
                            GCancellable         *cancellable,
                            GError              **error)
{
  gsize wanted = source->n_pending + source->piece;
  GError *cause = NULL;
  gsize length, used;

  if (!read_bytes (source, wanted, cancellable, &cause))
    return explain (source, cause, error);

  length = MIN (wanted, source->bytes->len);
  *is_end = source->ended && length == source->bytes->len;
  if (source->undecided)
    weigh (source, source->bytes->data, length, *is_end);
  used = relais_decoder_write (source->decoder, source->bytes->data, length, *is_end, into, bad);
  source->n_pending = length - used;
  g_byte_array_remove_range (source->bytes, 0, used);

  return TRUE;
}

/**
 * relais_segment_source_get_encoding:
 * @source: a source
 *
 * Returns: (transfer none): what was asked for, or found
 */
const char *
relais_segment_source_get_encoding (RelaisSegmentSource *source)
{
  return source->encoding;
}

/**
 * relais_segment_source_get_size:
 * @source: a source
 *
 * Returns: bytes of the file on the disk
 */
goffset
relais_segment_source_get_size (RelaisSegmentSource *source)
{
  return source->size;
}

/**
 * relais_segment_source_get_position:
 * @source: a source
 *
 * Returns: bytes of the file on the disk that have been read
 */
goffset
relais_segment_source_get_position (RelaisSegmentSource *source)
{
  return g_seekable_tell (G_SEEKABLE (source->raw));
}
