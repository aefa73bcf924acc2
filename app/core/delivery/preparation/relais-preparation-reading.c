/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preparation's thread: it reads the segments one after the other and tells
 * how far it is. */

#include "relais-preparation-private.h"

#include "relais-error.h"
#include "relais-profile-limit.h"
#include "relais-segment-error.h"

#include <glib/gi18n-lib.h>

#define ROWS_A_NEWS       1024  /* between two looks at the clock of progress */
#define ROWS_TO_ESTIMATE  32768 /* enough to tell how long the others are, although bytes are read ahead; a multiple of ROWS_A_NEWS */

static void
publish_progress (RelaisPreparation     *self,
                  RelaisPreparationWork *work,
                  goffset                position)
{
  goffset read = work->bytes_before + position;

  g_mutex_lock (&self->mutex);
  self->counts = work->counts;
  self->n_new = work->n_new;
  if (self->corrections != NULL)
    self->expected = relais_corrections_get_n_rows (self->corrections);
  else if (read > 0)
    self->expected = MAX (work->counts.read, (guint64) ((double) work->counts.read * work->bytes_in_all / read));
  g_mutex_unlock (&self->mutex);
}

/* Rows are not profiles: some repeat an address, and nearly all of a segment that was sent
 * before are known already. Growing for those would hold the table twice for a moment. */
static void
make_room (RelaisPreparation     *self,
           RelaisPreparationWork *work)
{
  gsize size = relais_profile_table_get_size (work->profiles);
  guint64 fresh = (guint64) ((double) (size - work->n_known) * self->expected / work->counts.read);

  relais_profile_table_expect (work->profiles, work->n_known + fresh + fresh / 16);
}

static gboolean
check_cancelled (RelaisPreparation  *self,
                 GError            **error)
{
  return g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

#define STATE_ATTRIBUTES \
  G_FILE_ATTRIBUTE_UNIX_DEVICE "," G_FILE_ATTRIBUTE_UNIX_INODE "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," \
  G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC

/* Returns: (nullable): what is different when it is another file, or somebody has written to it */
static char *
describe_state (GFileInfo *info)
{
  if (info == NULL)
    return NULL;

  return g_strdup_printf ("%u %" G_GUINT64_FORMAT " %" G_GOFFSET_FORMAT " %" G_GUINT64_FORMAT " %u",
                          g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_DEVICE),
                          g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE),
                          g_file_info_get_size (info),
                          g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED),
                          g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC));
}

static char *
describe_held (GFileInputStream *held)
{
  g_autoptr (GFileInfo) info = held != NULL ? g_file_input_stream_query_info (held, STATE_ATTRIBUTES, NULL, NULL) : NULL;

  return describe_state (info);
}

/* Of whatever has the name now. */
static char *
describe_named (GFile *file)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, STATE_ATTRIBUTES, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return describe_state (info);
}

static gboolean
check_same (GFile       *file,
            const char  *before,
            const char  *now,
            GError     **error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *name = g_filename_display_basename (path);

  if (before != NULL && g_strcmp0 (before, now) == 0)
    return TRUE;
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
               /* Translators: %s is the name of a file. */
               _("The file “%s” was changed while it was read, so what follows is not certain. Run the export again when the file is complete."),
               name);

  return FALSE;
}

/* The plan is about one version of the file: with another, rows would be taken for those that were sent. */
static gboolean
check_planned (RelaisPreparation  *self,
               guint               segment,
               GFile              *file,
               GError            **error)
{
  const char *planned = self->plan != NULL ? relais_plan_get_digest (self->plan, segment) : NULL;
  g_autofree char *digest = NULL;

  if (planned == NULL)
    return TRUE;
  digest = relais_segment_file_digest (file, self->cancellable, error);

  return digest != NULL && check_same (file, planned, digest, error);
}

static gboolean
read_rows (RelaisPreparation      *self,
           RelaisPreparationWork  *work,
           RelaisSegmentReader    *reader,
           GError                **error)
{
  const RelaisSegmentRow *row;
  g_autoptr (GError) local_error = NULL;

  while ((row = relais_segment_reader_next (reader, self->cancellable, &local_error)) != NULL)
    {
      work->n_rows = work->rows_before + row->number;
      if (self->corrections != NULL)
        relais_preparation_pass_row (self, work, row, work->n_rows);
      else
        relais_preparation_take_row (self, work, row, work->n_rows);
      if (work->n_rows % ROWS_A_NEWS == 0)
        {
          publish_progress (self, work, relais_segment_reader_get_position (reader));
          if (check_cancelled (self, error))
            return FALSE;
        }
      if (work->n_rows == ROWS_TO_ESTIMATE && self->corrections == NULL)
        make_room (self, work);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* What has the file's name may be exchanged at any moment, and what it holds be cut, which looks like
 * its end. So it is held open: what the plan is about, what the reader opened and what
 * is there at the end must all be the one that is held. One put in its place meanwhile does no harm. */
static gboolean
read_segment (RelaisPreparation      *self,
              RelaisPreparationWork  *work,
              guint                   index,
              GError                **error)
{
  const RelaisSegment *segment = g_ptr_array_index (self->definition->segments, index);
  g_autoptr (GFile) file = g_file_new_for_path (segment->path);
  g_autoptr (GFileInputStream) held = g_file_read (file, self->cancellable, NULL);
  g_autofree char *name = g_filename_display_basename (segment->path);
  g_autofree char *before = describe_held (held);
  g_autofree char *opened = NULL;
  g_autofree char *after = NULL;
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, segment->format);

  if (!check_planned (self, index, file, error) || !relais_segment_reader_open (reader, self->cancellable, error))
    return FALSE;
  opened = describe_named (file);
  if (!check_same (file, before, opened, error) ||
      !relais_row_mapper_set_columns (self->mapper, relais_segment_reader_get_columns (reader), name, error))
    return FALSE;
  if (self->corrections != NULL)
    relais_preparation_keep_columns (self, work, relais_segment_reader_get_columns (reader), name);
  if (!read_rows (self, work, reader, error))
    return FALSE;
  after = describe_held (held);
  if (!check_same (file, before, after, error))
    return FALSE;
  work->rows_before = work->n_rows;
  work->bytes_before += relais_segment_reader_get_size (reader);
  publish_progress (self, work, 0);

  return TRUE;
}

static goffset
get_file_size (const RelaisSegment *segment)
{
  g_autoptr (GFile) file = g_file_new_for_path (segment->path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  /* What cannot be asked about cannot be opened either, and says so there. */
  return info != NULL ? g_file_info_get_size (info) : 0;
}

static gboolean
check_files (RelaisPreparation  *self,
             GError            **error)
{
  GPtrArray *segments = self->definition->segments;

  for (guint i = 0; i < segments->len; i++)
    {
      const RelaisSegment *segment = g_ptr_array_index (segments, i);
      g_autoptr (GFile) file = g_file_new_for_path (segment->path);

      if (!relais_segment_check_file (file, self->cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_segments (RelaisPreparation      *self,
               RelaisPreparationWork  *work,
               GError                **error)
{
  GPtrArray *segments = self->definition->segments;

  if (!check_files (self, error))
    return FALSE;
  if (!self->dry && !relais_profile_limit_check (self->definition, self->cancellable, error))
    return FALSE;
  for (guint i = 0; i < segments->len; i++)
    work->bytes_in_all += get_file_size (g_ptr_array_index (segments, i));
  for (guint i = 0; i < segments->len; i++)
    if (!read_segment (self, work, i, error))
      return FALSE;

  if (work->counts.read > RELAIS_MAX_PROFILES)
    {
      relais_profile_limit_set_error (work->counts.read, error);
      return FALSE;
    }
  if (self->corrections != NULL && !relais_preparation_take_kept (self, work, error))
    return FALSE;
  relais_preparation_end_rows (self, work);

  return TRUE;
}

/*
 * relais_preparation_thread:
 * @data: (transfer full): the preparation
 */
gpointer
relais_preparation_thread (gpointer data)
{
  g_autoptr (RelaisPreparation) self = data;
  RelaisPreparedItem *end = g_new0 (RelaisPreparedItem, 1);
  RelaisPreparationWork work = { 0 };

  work.profiles = relais_profile_table_new ();
  work.rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  if (self->tells_profiles)
    work.others = g_array_new (FALSE, FALSE, sizeof (RelaisProfile));
  relais_plan_walk_init (&work.walk, self->plan);
  if (self->fingerprints != NULL)
    {
      gsize size;
      const RelaisFingerprint *fingerprints = g_bytes_get_data (self->fingerprints, &size);

      relais_profile_table_add_fingerprints (work.profiles, fingerprints, size / sizeof *fingerprints);
      work.n_known = relais_profile_table_get_size (work.profiles);
      g_clear_pointer (&self->fingerprints, g_bytes_unref);
    }

  if (read_segments (self, &work, &end->error) && self->tells_profiles)
    {
      relais_preparation_see_others (&work);
      end->profiles = g_steal_pointer (&work.profiles);
      end->n_unreadable = work.n_unreadable;
    }
  relais_preparation_flush (self, &work);
  publish_progress (self, &work, 0);
  end->end = TRUE;
  relais_preparation_push (self, end);

  g_clear_pointer (&work.profiles, relais_profile_table_free);
  g_clear_pointer (&work.others, g_array_unref);
  g_clear_pointer (&work.kept, g_ptr_array_unref);
  g_ptr_array_unref (work.rejections);
  relais_plan_walk_clear (&work.walk);
  g_clear_pointer (&work.held, relais_prepared_batch_free);
  g_clear_pointer (&work.filling, relais_prepared_batch_free);

  return NULL;
}
