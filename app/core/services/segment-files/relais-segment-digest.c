/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-reader.h"

#include "relais-segment-error.h"

#define DIGEST_BYTES (64 * 1024)

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

  if (!relais_segment_check_file (file, cancellable, error))
    return NULL;
  if (digest_file (file, checksum, cancellable, &cause))
    return g_strdup (g_checksum_get_string (checksum));
  relais_segment_set_file_error (file, cause, error);

  return NULL;
}
