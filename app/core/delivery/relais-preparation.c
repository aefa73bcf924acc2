/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-preparation.h"

#include "relais-error.h"
#include "relais-profile-limit.h"
#include "relais-profile-table.h"
#include "relais-row-mapper.h"

#include <glib/gi18n-lib.h>

#define MAX_QUEUED        6
#define REJECTIONS_A_TIME 500
#define ROWS_A_NEWS       1024  /* between two looks at the clock of progress */
#define ROWS_TO_ESTIMATE  8192  /* enough to tell how long the others are; a multiple of ROWS_A_NEWS */

/* What only the thread touches. */
typedef struct
{
  RelaisProfileTable  *profiles;      /* (owned) */
  RelaisPreparedBatch *held;          /* (owned) (nullable): full, until it is known that more than one contact follows */
  RelaisPreparedBatch *filling;       /* (owned) (nullable) */
  guint                at_plan;       /* index of the first planned batch that does not lie behind us */
  guint64              in_plan;       /* rows of that batch so far that could be sent */
  GPtrArray           *barred;        /* (owned) (element-type RelaisRejection): rows among them that are barred, when it is settled */
  GPtrArray           *rejections;    /* (owned) */
  RelaisRowCounts      counts;
  guint64              rows_before;   /* in the segments before this one */
  goffset              bytes_before;
  goffset              bytes_in_all;
} Work;

struct _RelaisPreparation
{
  GObject parent_instance;

  /* Set before the thread starts */
  RelaisExportDefinition *definition;    /* (owned) */
  RelaisRowMapper        *mapper;        /* (owned) */
  RelaisHashKey           hash_key;
  GBytes                 *fingerprints;  /* (owned) (nullable): given up once it is read */
  RelaisBarred           *barred;        /* (owned) (nullable) */
  GPtrArray              *plan;          /* (owned) (nullable) */
  gboolean                dry;
  GMainContext           *context;       /* (owned) */
  RelaisPreparationReady  ready;
  gpointer                user_data;
  GCancellable           *cancellable;   /* (owned) */

  /* Shared */
  GMutex                  mutex;
  GCond                   room;
  GQueue                  queue;
  gboolean                told;          /* a call of ready is on its way */
  gboolean                stopped;
  RelaisRowCounts         counts;
  guint64                 expected;
};

G_DEFINE_FINAL_TYPE (RelaisPreparation, relais_preparation, G_TYPE_OBJECT)

static gboolean
tell_ready_cb (gpointer user_data)
{
  RelaisPreparation *self = user_data;
  RelaisPreparationReady ready;

  g_mutex_lock (&self->mutex);
  self->told = FALSE;
  ready = self->stopped ? NULL : self->ready;
  g_mutex_unlock (&self->mutex);
  if (ready != NULL)
    ready (self, self->user_data);

  return G_SOURCE_REMOVE;
}

static void
tell_ready (RelaisPreparation *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_ready_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

static void
push (RelaisPreparation  *self,
      RelaisPreparedItem *taken)
{
  gboolean tell;

  g_mutex_lock (&self->mutex);
  while (!self->stopped && !taken->end && self->queue.length >= MAX_QUEUED)
    g_cond_wait (&self->room, &self->mutex);
  g_queue_push_tail (&self->queue, taken);
  tell = !self->told && !self->stopped;
  self->told = self->told || tell;
  g_mutex_unlock (&self->mutex);

  if (tell)
    tell_ready (self);
}

static void
flush_rejections (RelaisPreparation *self,
                  Work              *work)
{
  RelaisPreparedItem *item;

  if (work->rejections->len == 0)
    return;

  item = g_new0 (RelaisPreparedItem, 1);
  item->rejections = g_steal_pointer (&work->rejections);
  work->rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  push (self, item);
}

static RelaisRejection *
make_rejection (RelaisPreparation      *self,
                const RelaisSegmentRow *row,
                guint32                 number,
                RelaisRowState          state,
                RelaisReason            reason,
                const char             *column)
{
  RelaisText email = relais_row_mapper_get_email (self->mapper, row);

  return relais_rejection_new (number, email.length > 0 ? email.data : "", email.length, state, reason, column);
}

static void
reject (RelaisPreparation *self,
        Work              *work,
        RelaisRejection   *taken)
{
  work->counts.by_state[taken->state]++;
  work->counts.by_reason[taken->reason]++;
  g_ptr_array_add (work->rejections, taken);
  if (work->rejections->len >= REJECTIONS_A_TIME)
    flush_rejections (self, work);
}

static void
emit_batch (RelaisPreparation       *self,
            RelaisPreparedBatch     *taken,
            const RelaisBatchRecord *planned)
{
  RelaisPreparedItem *item = g_new0 (RelaisPreparedItem, 1);

  relais_prepared_batch_close (taken, &self->hash_key);
  item->batch = taken;
  item->planned = planned != NULL ? relais_batch_record_copy (planned) : NULL;
  push (self, item);
}

/* No batch may follow with a single contact: the last two share theirs. */
static void
emit_rest (RelaisPreparation *self,
           Work              *work)
{
  if (work->held != NULL && work->filling != NULL && relais_prepared_batch_get_n_contacts (work->filling) == 1)
    relais_prepared_batch_share (work->held, work->filling);
  if (work->held != NULL)
    emit_batch (self, g_steal_pointer (&work->held), NULL);
  if (work->filling != NULL)
    emit_batch (self, g_steal_pointer (&work->filling), NULL);
}

static void
add_to_batch (RelaisPreparation       *self,
              Work                    *work,
              guint32                  number,
              const RelaisMappedRow   *mapped,
              const RelaisFingerprint *fingerprint)
{
  if (work->filling != NULL && !relais_prepared_batch_has_room (work->filling, mapped->piece.length))
    {
      if (work->held != NULL)
        emit_batch (self, g_steal_pointer (&work->held), NULL);
      work->held = g_steal_pointer (&work->filling);
    }
  if (work->filling == NULL)
    work->filling = relais_prepared_batch_new (relais_row_mapper_get_settings (self->mapper));

  relais_prepared_batch_add (work->filling, number, mapped->address.text, mapped->piece, fingerprint);
}

static const RelaisBatchRecord *
get_planned (RelaisPreparation *self,
             Work              *work)
{
  if (self->plan == NULL || work->at_plan >= self->plan->len)
    return NULL;

  return g_ptr_array_index (self->plan, work->at_plan);
}

static gboolean
is_settled (const RelaisBatchRecord *planned)
{
  return planned->state == RELAIS_BATCH_CONFIRMED || planned->state == RELAIS_BATCH_REFUSED ||
         planned->state == RELAIS_BATCH_UNKNOWN;
}

/* Rows of a settled batch that could be sent but were not in it were barred,
 * or had been there unchanged, when it was made. */
static void
count_left_out (RelaisPreparation       *self,
                Work                    *work,
                const RelaisBatchRecord *planned)
{
  guint64 n_left_out = work->in_plan > planned->contacts ? work->in_plan - planned->contacts : 0;

  /* Someone barred since then was in it, and is accounted for there. */
  for (; n_left_out > 0 && work->barred->len > 0; n_left_out--)
    reject (self, work, g_ptr_array_steal_index (work->barred, 0));
  work->counts.by_state[RELAIS_ROW_UNCHANGED] += n_left_out;
  g_ptr_array_set_size (work->barred, 0);
}

static void
leave_planned (RelaisPreparation *self,
               Work              *work)
{
  const RelaisBatchRecord *planned = get_planned (self, work);

  if (is_settled (planned))
    count_left_out (self, work, planned);
  else if (work->filling != NULL)
    emit_batch (self, g_steal_pointer (&work->filling), planned);
  work->in_plan = 0;
  work->at_plan++;
}

/* Returns: (nullable): the batch of the plan that answers for this row */
static const RelaisBatchRecord *
enter_planned (RelaisPreparation *self,
               Work              *work,
               guint32            number)
{
  const RelaisBatchRecord *planned;

  while ((planned = get_planned (self, work)) != NULL && number > planned->last_row)
    leave_planned (self, work);
  if (planned == NULL || number < planned->first_row)
    return NULL;
  if (work->in_plan == 0)
    emit_rest (self, work);
  work->in_plan++;

  return planned;
}

static void
fill_fingerprint (RelaisPreparation     *self,
                  const RelaisMappedRow *mapped,
                  RelaisFingerprint     *fingerprint)
{
  RelaisHash content = relais_hash (&self->hash_key, mapped->piece.data, mapped->piece.length);

  fingerprint->content[0] = (guint32) content.low;
  fingerprint->content[1] = (guint32) (content.low >> 32);
  if ((fingerprint->content[0] | fingerprint->content[1]) == 0)
    fingerprint->content[0] = 1;   /* zero stands for "forgotten" */
}

static void
prepare_row (RelaisPreparation      *self,
             Work                   *work,
             const RelaisSegmentRow *row,
             guint32                 number)
{
  const RelaisBatchRecord *planned;
  RelaisMappedRow mapped;
  RelaisFingerprint fingerprint;
  RelaisReason barred;
  guint32 confirmed[2];
  guint32 earlier;

  work->counts.read++;
  relais_row_mapper_map (self->mapper, row, &mapped);
  if (mapped.reason != RELAIS_REASON_NONE)
    {
      reject (self, work, make_rejection (self, row, number, RELAIS_ROW_INVALID, mapped.reason, mapped.column));
      return;
    }

  relais_profile_hash (&self->hash_key, mapped.address.text, mapped.address.length, fingerprint.profile);
  earlier = relais_profile_table_see (work->profiles, fingerprint.profile, number, confirmed);
  if (earlier != 0)
    {
      RelaisRejection *rejection = make_rejection (self, row, number, RELAIS_ROW_DUPLICATE, RELAIS_REASON_REPEATED_ADDRESS, NULL);

      rejection->other_row = earlier;
      reject (self, work, rejection);
      return;
    }
  work->counts.cleaned += mapped.cleaned;
  work->counts.noted += mapped.noted;
  if (mapped.noted)
    work->counts.by_reason[RELAIS_REASON_PHONE_AS_WRITTEN]++;

  planned = enter_planned (self, work, number);
  barred = self->barred != NULL ? relais_barred_find (self->barred, fingerprint.profile) : RELAIS_REASON_NONE;
  if (barred != RELAIS_REASON_NONE)
    {
      RelaisRejection *rejection = make_rejection (self, row, number, RELAIS_ROW_BARRED, barred, NULL);

      if (planned != NULL && is_settled (planned))
        g_ptr_array_add (work->barred, rejection);
      else
        reject (self, work, rejection);
      return;
    }
  if (planned != NULL && is_settled (planned))
    return;

  fill_fingerprint (self, &mapped, &fingerprint);
  if (confirmed[0] == fingerprint.content[0] && confirmed[1] == fingerprint.content[1])
    work->counts.by_state[RELAIS_ROW_UNCHANGED]++;
  else if (self->dry)
    work->counts.by_state[RELAIS_ROW_DELIVERED]++;
  else if (planned != NULL)
    {
      if (work->filling == NULL)
        work->filling = relais_prepared_batch_new (relais_row_mapper_get_settings (self->mapper));
      relais_prepared_batch_add (work->filling, number, mapped.address.text, mapped.piece, &fingerprint);
    }
  else
    add_to_batch (self, work, number, &mapped, &fingerprint);
}

static void
publish_progress (RelaisPreparation *self,
                  Work              *work,
                  goffset            position)
{
  goffset read = work->bytes_before + position;

  g_mutex_lock (&self->mutex);
  self->counts = work->counts;
  if (read > 0)
    self->expected = MAX (work->counts.read, (guint64) ((double) work->counts.read * work->bytes_in_all / read));
  g_mutex_unlock (&self->mutex);
}

static gboolean
check_cancelled (RelaisPreparation  *self,
                 GError            **error)
{
  return g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Returns: (nullable): what is different when somebody has written to the file meanwhile */
static char *
describe_state (GFileInputStream *held)
{
  g_autoptr (GFileInfo) info = g_file_input_stream_query_info (held, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_TIME_MODIFIED ","
                                                               G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC, NULL, NULL);

  if (info == NULL)
    return NULL;

  return g_strdup_printf ("%" G_GOFFSET_FORMAT " %" G_GUINT64_FORMAT " %u", g_file_info_get_size (info),
                          g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED),
                          g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC));
}

/* A file that is cut looks like one that ends. It is held open, so that one put in its place does no harm. */
static gboolean
check_same (GFile             *file,
            GFileInputStream  *held,
            const char        *before,
            GError           **error)
{
  g_autofree char *now = held != NULL ? describe_state (held) : NULL;
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

static gboolean
read_segment (RelaisPreparation    *self,
              Work                 *work,
              const RelaisSegment  *segment,
              GError              **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (segment->path);
  g_autoptr (GFileInputStream) held = g_file_read (file, self->cancellable, NULL);
  g_autofree char *before = held != NULL ? describe_state (held) : NULL;
  g_autoptr (RelaisSegmentReader) reader = relais_segment_reader_new (file, segment->format);
  const RelaisSegmentRow *row;
  g_autoptr (GError) local_error = NULL;

  if (!relais_segment_reader_open (reader, self->cancellable, error) ||
      !relais_row_mapper_set_columns (self->mapper, relais_segment_reader_get_columns (reader), error))
    return FALSE;

  while ((row = relais_segment_reader_next (reader, self->cancellable, &local_error)) != NULL)
    {
      prepare_row (self, work, row, work->rows_before + row->number);
      if (work->counts.read % ROWS_A_NEWS == 0)
        {
          publish_progress (self, work, relais_segment_reader_get_position (reader));
          if (check_cancelled (self, error))
            return FALSE;
        }
      if (work->counts.read == ROWS_TO_ESTIMATE)
        relais_profile_table_expect (work->profiles, self->expected + self->expected / 32);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!check_same (file, held, before, error))
    return FALSE;
  work->rows_before = work->counts.read;
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
read_segments (RelaisPreparation  *self,
               Work               *work,
               GError            **error)
{
  GPtrArray *segments = self->definition->segments;

  if (!self->dry && !relais_profile_limit_check (self->definition, self->cancellable, error))
    return FALSE;
  for (guint i = 0; i < segments->len; i++)
    work->bytes_in_all += get_file_size (g_ptr_array_index (segments, i));
  for (guint i = 0; i < segments->len; i++)
    if (!read_segment (self, work, g_ptr_array_index (segments, i), error))
      return FALSE;

  if (work->counts.read > RELAIS_MAX_PROFILES)
    {
      relais_profile_limit_set_error (work->counts.read, error);
      return FALSE;
    }
  while (get_planned (self, work) != NULL)
    leave_planned (self, work);
  emit_rest (self, work);

  return TRUE;
}

static gpointer
prepare (gpointer data)
{
  g_autoptr (RelaisPreparation) self = data;
  RelaisPreparedItem *end = g_new0 (RelaisPreparedItem, 1);
  Work work = { 0 };

  work.profiles = relais_profile_table_new ();
  work.rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  work.barred = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  if (self->fingerprints != NULL)
    {
      gsize size;
      const RelaisFingerprint *fingerprints = g_bytes_get_data (self->fingerprints, &size);

      relais_profile_table_add_fingerprints (work.profiles, fingerprints, size / sizeof *fingerprints);
      g_clear_pointer (&self->fingerprints, g_bytes_unref);
    }

  read_segments (self, &work, &end->error);
  flush_rejections (self, &work);
  publish_progress (self, &work, 0);
  end->end = TRUE;
  push (self, end);

  relais_profile_table_free (work.profiles);
  g_ptr_array_unref (work.rejections);
  g_ptr_array_unref (work.barred);
  g_clear_pointer (&work.held, relais_prepared_batch_free);
  g_clear_pointer (&work.filling, relais_prepared_batch_free);

  return NULL;
}

static void
relais_preparation_finalize (GObject *object)
{
  RelaisPreparation *self = RELAIS_PREPARATION (object);

  g_queue_clear_full (&self->queue, (GDestroyNotify) relais_prepared_item_free);
  relais_row_mapper_free (self->mapper);
  relais_export_definition_free (self->definition);
  g_clear_pointer (&self->fingerprints, g_bytes_unref);
  g_clear_pointer (&self->barred, relais_barred_unref);
  g_clear_pointer (&self->plan, g_ptr_array_unref);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->room);
  G_OBJECT_CLASS (relais_preparation_parent_class)->finalize (object);
}

static void
relais_preparation_class_init (RelaisPreparationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_preparation_finalize;
}

static void
relais_preparation_init (RelaisPreparation *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->room);
  g_queue_init (&self->queue);
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
}

static GPtrArray *
copy_plan (GPtrArray *plan)
{
  GPtrArray *copy;

  if (plan == NULL)
    return NULL;

  copy = g_ptr_array_new_full (plan->len, (GDestroyNotify) relais_batch_record_free);
  for (guint i = 0; i < plan->len; i++)
    g_ptr_array_add (copy, relais_batch_record_copy (g_ptr_array_index (plan, i)));

  return copy;
}

/**
 * relais_preparation_new:
 * @settings: what to prepare; all of it is copied or referenced
 *
 * Returns: (transfer full): a preparation that has not started
 */
RelaisPreparation *
relais_preparation_new (const RelaisPreparationSettings *settings)
{
  RelaisPreparation *self = g_object_new (RELAIS_TYPE_PREPARATION, NULL);

  self->definition = relais_export_definition_copy (settings->definition);
  self->mapper = relais_row_mapper_new (settings->definition, settings->fields);
  self->hash_key = settings->hash_key;
  self->fingerprints = settings->fingerprints != NULL ? g_bytes_ref (settings->fingerprints) : NULL;
  self->barred = settings->barred != NULL ? relais_barred_ref (settings->barred) : NULL;
  self->plan = copy_plan (settings->plan);
  self->dry = settings->dry;

  return self;
}

/**
 * relais_preparation_start:
 * @self: a preparation
 * @ready: called on the main context of the caller when something can be
 *   popped; not after relais_preparation_stop()
 * @user_data: for @ready
 */
void
relais_preparation_start (RelaisPreparation      *self,
                          RelaisPreparationReady  ready,
                          gpointer                user_data)
{
  self->ready = ready;
  self->user_data = user_data;
  g_thread_unref (g_thread_new ("preparation", prepare, g_object_ref (self)));
}

/**
 * relais_preparation_stop:
 * @self: a preparation
 *
 * Ends the thread soon, wherever it is. Batches that were popped stay usable
 * while @self lives.
 */
void
relais_preparation_stop (RelaisPreparation *self)
{
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->mutex);
  self->stopped = TRUE;
  g_cond_broadcast (&self->room);
  g_mutex_unlock (&self->mutex);
}

/**
 * relais_preparation_pop:
 * @self: a preparation
 *
 * Returns: (transfer full) (nullable): what comes next, or %NULL when nothing is ready yet
 */
RelaisPreparedItem *
relais_preparation_pop (RelaisPreparation *self)
{
  RelaisPreparedItem *item;

  g_mutex_lock (&self->mutex);
  item = g_queue_pop_head (&self->queue);
  g_cond_signal (&self->room);
  g_mutex_unlock (&self->mutex);

  return item;
}

/**
 * relais_preparation_get_progress:
 * @self: a preparation
 * @counts: (out): what became of the rows so far
 * @expected: (out): how many rows there will probably be in all
 */
void
relais_preparation_get_progress (RelaisPreparation *self,
                                 RelaisRowCounts   *counts,
                                 guint64           *expected)
{
  g_mutex_lock (&self->mutex);
  *counts = self->counts;
  *expected = self->expected;
  g_mutex_unlock (&self->mutex);
}

/**
 * relais_prepared_item_free:
 * @item: (transfer full) (nullable):
 */
void
relais_prepared_item_free (RelaisPreparedItem *item)
{
  if (item == NULL)
    return;

  g_clear_pointer (&item->batch, relais_prepared_batch_free);
  g_clear_pointer (&item->planned, relais_batch_record_free);
  g_clear_pointer (&item->rejections, g_ptr_array_unref);
  g_clear_error (&item->error);
  g_free (item);
}
