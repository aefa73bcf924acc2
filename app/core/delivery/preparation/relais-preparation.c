/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-preparation-private.h"

#define MAX_QUEUED 6

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

/*
 * relais_preparation_push:
 * @taken: (transfer full): what is ready; waits while too much is
 */
void
relais_preparation_push (RelaisPreparation  *self,
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
relais_preparation_finalize (GObject *object)
{
  RelaisPreparation *self = RELAIS_PREPARATION (object);

  g_queue_clear_full (&self->queue, (GDestroyNotify) relais_prepared_item_free);
  relais_row_mapper_free (self->mapper);
  relais_export_definition_free (self->definition);
  g_clear_pointer (&self->fingerprints, g_bytes_unref);
  g_clear_pointer (&self->barred, relais_barred_unref);
  g_clear_pointer (&self->returning, relais_returning_unref);
  g_clear_pointer (&self->plan, relais_plan_unref);
  g_clear_pointer (&self->delivered, relais_delivered_unref);
  g_clear_pointer (&self->corrections, relais_corrections_unref);
  g_clear_pointer (&self->corrected, g_bytes_unref);
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
  self->returning = settings->returning != NULL ? relais_returning_ref (settings->returning) : NULL;
  self->plan = settings->plan != NULL ? relais_plan_ref (settings->plan) : NULL;
  self->dry = settings->dry;
  self->tells_profiles = settings->tells_profiles;
  self->delivered = settings->delivered != NULL ? relais_delivered_ref (settings->delivered) : NULL;
  self->corrections = settings->corrections != NULL ? relais_corrections_ref (settings->corrections) : NULL;
  self->corrected = settings->corrected != NULL ? g_bytes_ref (settings->corrected) : NULL;

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
  g_thread_unref (g_thread_new ("preparation", relais_preparation_thread, g_object_ref (self)));
}

/**
 * relais_preparation_cut_short:
 * @self: a preparation
 *
 * No more rows are read. What became of those that were is still handed on, to the item that is the last.
 */
void
relais_preparation_cut_short (RelaisPreparation *self)
{
  g_cancellable_cancel (self->cancellable);
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
 * relais_preparation_get_n_new:
 * @self: a preparation
 *
 * Returns: how many of the people that are to be sent, so far, the export is not known to have delivered
 */
guint64
relais_preparation_get_n_new (RelaisPreparation *self)
{
  guint64 n_new;

  g_mutex_lock (&self->mutex);
  n_new = self->n_new;
  g_mutex_unlock (&self->mutex);

  return n_new;
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
  g_clear_pointer (&item->profiles, relais_profile_table_free);
  g_clear_pointer (&item->corrected, g_array_unref);
  g_free (item);
}
