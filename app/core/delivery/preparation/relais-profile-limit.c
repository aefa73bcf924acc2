/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Too many profiles are refused before the first of them leaves, so they have
 * to be counted first. Most files are plainly too small, or have too few line ends; only
 * what may be too much is read row by row. */

#include "relais-profile-limit.h"

#include "relais-error.h"
#include "relais-format.h"
#include "relais-segment-count.h"
#include "relais-segment-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define READ_BYTES (256 * 1024)

/**
 * relais_profile_limit_set_error:
 * @n_profiles: too many
 * @error: (out): RELAIS_ERROR_TOO_MANY
 */
void
relais_profile_limit_set_error (guint64   n_profiles,
                                GError  **error)
{
  g_autofree char *found = relais_format_count (n_profiles);
  g_autofree char *most = relais_format_count (RELAIS_MAX_PROFILES);

  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_TOO_MANY,
               /* Translators: the first %s is how many profiles there are, the second how many there may be; both in figures. */
               _("These segments hold %s profiles, and one export takes %s at the most. Split them over several exports; nothing was sent."),
               found, most);
}

/* Lines of any kind: LF, CR LF and CR. In UTF-16 a line end has one of these bytes too. */
typedef struct
{
  guint64 n_ends;
  char    last;    /* byte; a CR is not counted before it is known whether an LF follows */
} Lines;

static void
add_lines (Lines      *lines,
           const char *bytes,
           gsize       length)
{
  const char *end = bytes + length;

  if (length == 0)
    return;
  lines->n_ends += lines->last == '\r' && bytes[0] != '\n';
  for (const char *at = bytes; (at = memchr (at, '\n', end - at)) != NULL; at++)
    lines->n_ends++;
  for (const char *at = bytes; (at = memchr (at, '\r', end - at)) != NULL; at++)
    lines->n_ends += at + 1 < end && at[1] != '\n';
  lines->last = end[-1];
}

static gboolean
is_packed (const char *bytes,
           gsize       length)
{
  return length >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

/* Returns: whether all of it was read, and is not packed */
static gboolean
read_lines (GFile        *file,
            Lines        *lines,
            GCancellable *cancellable)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, NULL);
  g_autofree char *buffer = NULL;
  gboolean first = TRUE;
  gsize n_read;

  if (stream == NULL)
    return FALSE;
  buffer = g_malloc (READ_BYTES);
  do
    {
      if (!g_input_stream_read_all (G_INPUT_STREAM (stream), buffer, READ_BYTES, &n_read, cancellable, NULL) ||
          (first && is_packed (buffer, n_read)))
        return FALSE;
      first = FALSE;
      add_lines (lines, buffer, n_read);
    }
  while (n_read == READ_BYTES);

  return TRUE;
}

/**
 * relais_profile_limit_bound:
 * @segment: one of an export
 * @cancellable: (nullable):
 *
 * Blocks. It is exact where every line is a row, so that a full million is known for one without
 * being split into rows.
 *
 * Returns: the most rows the segment can have, told from its line ends; G_MAXUINT64 when that
 *   takes a closer look, or an error, which whoever reads the file meets too
 */
guint64
relais_profile_limit_bound (const RelaisSegment *segment,
                            GCancellable        *cancellable)
{
  g_autoptr (GFile) file = g_file_new_for_path (segment->path);
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, segment->format);
  Lines lines = { 0, '\n' };
  guint64 n;

  /* The head alone tells whether its first row is one of names. */
  if (!relais_segment_reader_open (reader, cancellable, NULL) || !read_lines (file, &lines, cancellable))
    return G_MAXUINT64;
  n = lines.n_ends + (lines.last != '\n');

  return relais_segment_reader_get_format (reader)->header == RELAIS_HEADER_YES && n > 0 ? n - 1 : n;
}

static gboolean
may_be_too_many (GPtrArray    *segments,
                 GCancellable *cancellable)
{
  guint64 most = 0;

  for (guint i = 0; i < segments->len; i++)
    {
      guint64 rows = relais_profile_limit_bound (g_ptr_array_index (segments, i), cancellable);

      if (rows == G_MAXUINT64)
        return TRUE;
      most += rows;
    }

  return most > RELAIS_MAX_PROFILES;
}

/**
 * relais_profile_limit_check:
 * @definition: an export
 * @cancellable: (nullable):
 * @error: RELAIS_ERROR_TOO_MANY with the count, or why a file cannot be read
 *
 * Blocks.
 *
 * Returns: whether its segments hold no more than one export takes
 */
gboolean
relais_profile_limit_check (const RelaisExportDefinition  *definition,
                            GCancellable                  *cancellable,
                            GError                       **error)
{
  guint64 n_rows = 0;

  if (!may_be_too_many (definition->segments, cancellable))
    return TRUE;
  for (guint i = 0; i < definition->segments->len; i++)
    {
      const RelaisSegment *segment = g_ptr_array_index (definition->segments, i);
      g_autoptr (GFile) file = g_file_new_for_path (segment->path);

      if (!relais_segment_count (file, segment->format, &n_rows, cancellable, error))
        return FALSE;
    }
  if (n_rows <= RELAIS_MAX_PROFILES)
    return TRUE;
  relais_profile_limit_set_error (n_rows, error);

  return FALSE;
}
