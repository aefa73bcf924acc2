/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the encoding is found: a byte-order mark tells it; else zeros tell
 * UTF-16; else the file is UTF-8 when all of it is valid UTF-8, and Windows-1252
 * when it is not. The whole file is looked at before its first row is read
 * (a fast pass: about a tenth of what reading costs), because the first accent can
 * stand in the last row. A description looks at the head and the tail alone. */

#include "relais-segment-source.h"

#include "relais-encoding.h"
#include "relais-error.h"
#include "relais-gunzip.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TAIL_BYTES (64 * 1024)
#define MARK       "\xef\xbb\xbf" /* the byte-order mark of any encoding, once it is UTF-8 */

static goffset head_bytes = 256 * 1024;
static gsize chunk_bytes = 256 * 1024;

struct _RelaisSegmentSource
{
  GFile          *file;      /* (owned) */
  GInputStream   *raw;       /* (owned): the file as it lies on the disk */
  GInputStream   *stream;    /* (owned): the same, or unpacked */
  gboolean        packed;
  char           *encoding;  /* (owned) */
  RelaisDecoder  *decoder;   /* (owned) (nullable): %NULL for UTF-8 that was found valid */
  GByteArray     *bytes;     /* (owned): read, not decoded yet */
  goffset         size;
  gboolean        has_begun; /* whether something was decoded */
  gboolean        bad_text;
};

/**
 * relais_segment_display_name:
 * @file: a file
 *
 * Returns: (transfer full): its name for sentences
 */
char *
relais_segment_display_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return g_filename_display_name (name != NULL ? name : "?");
}

/**
 * relais_segment_set_file_error:
 * @file: a file
 * @cause: what GIO said
 * @error: (out): the same as a whole sentence
 */
void
relais_segment_set_file_error (GFile         *file,
                               const GError  *cause,
                               GError       **error)
{
  g_autofree char *name = relais_segment_display_name (file);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a file. */
                 _("The file “%s” is not there any more. Put it back, or choose another file for this export."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a file. */
                 _("You may not read the file “%s”. Ask its owner for access, or choose another file."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a folder. */
                 _("“%s” is a folder. Choose a file in it."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a file. */
                 _("The packed file “%s” is damaged or cut short. Export or download it again."), name);
  else
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: the first %s is the name of a file, the second says why, in the person’s language. */
                 _("The file “%s” cannot be read (%s)."), name, cause->message);
}

static GInputStream *
open_stream (GFile         *file,
             GInputStream **raw,
             gboolean      *packed,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (GFileInputStream) opened = g_file_read (file, cancellable, error);
  guchar magic[2];
  gsize n_read;

  if (opened == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (opened), magic, sizeof magic, &n_read, cancellable, error) ||
      !g_seekable_seek (G_SEEKABLE (opened), 0, G_SEEK_SET, cancellable, error))
    return NULL;

  *packed = n_read == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  *raw = g_object_ref (G_INPUT_STREAM (opened));
  if (*packed)
    {
      g_autoptr (GConverter) unpacker = relais_gunzip_new ();

      return g_converter_input_stream_new (G_INPUT_STREAM (opened), unpacker);
    }

  return G_INPUT_STREAM (g_steal_pointer (&opened));
}

static gssize
read_more (RelaisSegmentSource  *source,
           GByteArray           *into,
           gsize                 most,
           GCancellable         *cancellable,
           GError              **error)
{
  guint before = into->len;
  gssize n_read;

  g_byte_array_set_size (into, before + most);
  n_read = g_input_stream_read (source->stream, into->data + before, most, cancellable, error);
  g_byte_array_set_size (into, before + MAX (n_read, 0));

  return n_read;
}

static gboolean
read_head (RelaisSegmentSource  *source,
           GCancellable         *cancellable,
           GError              **error)
{
  gssize n_read = 1;

  while (source->bytes->len < head_bytes && n_read > 0)
    n_read = read_more (source, source->bytes, head_bytes - source->bytes->len, cancellable, error);

  return n_read >= 0;
}

/* Looks at what follows the head: all of it. */
static gboolean
check_all (GFile         *file,
           gboolean      *valid,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr (GInputStream) raw = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree guchar *buffer = g_malloc (head_bytes);
  gboolean packed;
  gsize kept = 0;
  gssize n_read;

  stream = open_stream (file, &raw, &packed, cancellable, error);
  if (stream == NULL)
    return FALSE;
  *valid = TRUE;
  while (*valid)
    {
      gsize used;

      n_read = g_input_stream_read (stream, buffer + kept, head_bytes - kept, cancellable, error);
      if (n_read < 0)
        return FALSE;
      used = relais_utf8_check (buffer, kept + n_read, n_read == 0, valid);
      if (n_read == 0)
        break;
      kept = kept + n_read - used;
      memmove (buffer, buffer + used, kept);
    }

  return TRUE;
}

/* Looks at the last piece of a file that is not packed. */
static gboolean
check_tail (RelaisSegmentSource  *source,
            gboolean             *valid,
            GCancellable         *cancellable,
            GError              **error)
{
  g_autofree guchar *buffer = g_malloc (TAIL_BYTES);
  goffset position;
  gsize n_read, start = 0;

  *valid = TRUE;
  if (source->packed || source->size <= head_bytes)
    return TRUE;

  position = g_seekable_tell (G_SEEKABLE (source->raw));
  if (!g_seekable_seek (G_SEEKABLE (source->raw), MAX (head_bytes, source->size - TAIL_BYTES), G_SEEK_SET, cancellable, error) ||
      !g_input_stream_read_all (source->raw, buffer, TAIL_BYTES, &n_read, cancellable, error) ||
      !g_seekable_seek (G_SEEKABLE (source->raw), position, G_SEEK_SET, cancellable, error))
    return FALSE;
  while (start < n_read && start < 3 && (buffer[start] & 0xc0) == 0x80)
    start++;
  relais_utf8_check (buffer + start, n_read - start, TRUE, valid);

  return TRUE;
}

static gboolean
find_encoding (RelaisSegmentSource  *source,
               gboolean              look_at_all,
               GCancellable         *cancellable,
               GError              **error)
{
  const char *wide = relais_encoding_guess_wide (source->bytes->data, source->bytes->len);
  gboolean valid;

  if (wide != NULL)
    {
      source->encoding = g_strdup (wide);
      return TRUE;
    }
  relais_utf8_check (source->bytes->data, source->bytes->len, source->bytes->len < head_bytes, &valid);
  if (valid && source->bytes->len == head_bytes &&
      !(look_at_all ? check_all (source->file, &valid, cancellable, error)
                    : check_tail (source, &valid, cancellable, error)))
    return FALSE;
  source->encoding = g_strdup (valid ? "UTF-8" : "windows-1252");

  return TRUE;
}

/* Workbooks are chosen by mistake. They have rows, but not as text. */
static gboolean
is_workbook (const GByteArray *bytes)
{
  static const char * const magic[] = { "PK\003\004", "\xd0\xcf\x11\xe0" };

  return bytes->len >= 4 && (memcmp (bytes->data, magic[0], 4) == 0 || memcmp (bytes->data, magic[1], 4) == 0);
}

static gboolean
refuse_workbook (RelaisSegmentSource  *source,
                 GError              **error)
{
  g_autofree char *name = relais_segment_display_name (source->file);

  if (!is_workbook (source->bytes))
    return TRUE;
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT,
               /* Translators: %s is the name of a file. “CSV UTF-8” is what Excel calls this kind of file. */
               _("The file “%s” is a workbook or an archive, not a CSV file. Open it in Excel or LibreOffice, save it as “CSV UTF-8”, and choose the new file."),
               name);

  return FALSE;
}

static gboolean
choose_decoder (RelaisSegmentSource  *source,
                const char           *asked,
                gboolean              look_at_all,
                GCancellable         *cancellable,
                GError              **error)
{
  gsize mark_length;
  const char *marked = relais_encoding_from_mark (source->bytes->data, source->bytes->len, &mark_length);

  if (asked != NULL)
    source->encoding = g_strdup (asked);
  else if (marked != NULL)
    source->encoding = g_strdup (marked);
  else if (!find_encoding (source, look_at_all, cancellable, error))
    return FALSE;

  source->decoder = relais_decoder_new (source->encoding);
  if (source->decoder == NULL)
    {
      g_autofree char *name = relais_segment_display_name (source->file);

      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT,
                   /* Translators: the first %s is the name of an encoding, the second the name of a file. */
                   _("The encoding “%s” chosen for the file “%s” is not known. Choose another one, or let it be found."),
                   source->encoding, name);
    }

  return source->decoder != NULL;
}

static gboolean
begin (RelaisSegmentSource  *source,
       const char           *encoding,
       gboolean              look_at_all,
       GCancellable         *cancellable,
       GError              **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (source->file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, cancellable, error);

  if (info == NULL)
    return FALSE;
  source->size = g_file_info_get_size (info);
  source->stream = open_stream (source->file, &source->raw, &source->packed, cancellable, error);

  return source->stream != NULL && read_head (source, cancellable, error) && refuse_workbook (source, error) &&
         choose_decoder (source, encoding, look_at_all, cancellable, error);
}

/**
 * relais_segment_source_open:
 * @file: the file
 * @encoding: (nullable): IANA name, %NULL to find it
 * @look_at_all: whether the whole file is looked at to find it
 * @cancellable: (nullable):
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the file, at its beginning
 */
RelaisSegmentSource *
relais_segment_source_open (GFile         *file,
                            const char    *encoding,
                            gboolean       look_at_all,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr (RelaisSegmentSource) source = g_new0 (RelaisSegmentSource, 1);
  g_autoptr (GError) cause = NULL;

  source->file = g_object_ref (file);
  source->bytes = g_byte_array_new ();
  if (begin (source, encoding, look_at_all, cancellable, &cause))
    return g_steal_pointer (&source);

  if (cause->domain == RELAIS_ERROR)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    relais_segment_set_file_error (file, cause, error);

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
 * relais_segment_source_read:
 * @source: a source
 * @into: the next piece is appended here
 * @is_end: (out): whether it was the last
 * @cancellable: (nullable):
 * @error: in RELAIS_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: whether it could be read
 */
gboolean
relais_segment_source_read (RelaisSegmentSource  *source,
                            GString              *into,
                            gboolean             *is_end,
                            GCancellable         *cancellable,
                            GError              **error)
{
  g_autoptr (GError) cause = NULL;
  gssize n_read = 1;
  gsize used, before = into->len;

  /* What was read to find the encoding comes first. */
  if (source->bytes->len < 16)
    n_read = read_more (source, source->bytes, chunk_bytes, cancellable, &cause);
  if (n_read < 0)
    {
      relais_segment_set_file_error (source->file, cause, error);
      return FALSE;
    }
  *is_end = n_read == 0;
  used = relais_decoder_write (source->decoder, source->bytes->data, source->bytes->len, *is_end, into, &source->bad_text);
  g_byte_array_remove_range (source->bytes, 0, used);
  if (!source->has_begun && into->len > before)
    {
      source->has_begun = TRUE;
      if (g_str_has_prefix (into->str + before, MARK))
        g_string_erase (into, before, strlen (MARK));
    }

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

/**
 * relais_segment_source_has_bad_text:
 * @source: a source
 *
 * Returns: whether something that was read so far was no text in its encoding
 */
gboolean
relais_segment_source_has_bad_text (RelaisSegmentSource *source)
{
  return source->bad_text;
}

/**
 * relais_segment_source_set_pieces:
 * @head: how many bytes are looked at before the first row; at least 4, for the longest byte-order mark
 * @chunk: how many are read at a time from there on
 *
 * For tests of what falls on an edge.
 */
void
relais_segment_source_set_pieces (gsize head,
                                  gsize chunk)
{
  g_return_if_fail (head >= 4 && chunk > 0);

  head_bytes = head;
  chunk_bytes = chunk;
}
