/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-host.h"

#include "relais-practice.h"

struct _RelaisPracticeHost
{
  GObject parent_instance;

  char         *state_path;  /* (owned) (nullable) */
  GThread      *thread;      /* (owned) (nullable) */
  GMainContext *context;     /* (owned) (nullable): of the thread */
  GMainLoop    *loop;        /* (owned) (nullable): of the thread */
  char         *address;     /* (owned) (nullable): once it has started */
  char         *key;         /* (owned) (nullable) */
  char         *account_id;  /* (owned) (nullable) */

  /* While it starts */
  GMutex        mutex;
  GCond         started;
  gboolean      has_started;
  GError       *error;       /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (RelaisPracticeHost, relais_practice_host, G_TYPE_OBJECT)

static gpointer
run (gpointer data)
{
  RelaisPracticeHost *self = data;
  g_autoptr (RelaisPractice) practice = relais_practice_new (NULL, self->state_path);
  gboolean started;

  g_main_context_push_thread_default (self->context);
  g_mutex_lock (&self->mutex);
  started = relais_practice_start (practice, 0, &self->error);
  if (started)
    {
      self->address = g_strdup (relais_practice_get_address (practice));
      self->key = g_strdup (relais_practice_get_key (practice));
      self->account_id = g_strdup (relais_practice_get_account_id (practice));
    }
  self->has_started = TRUE;
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->mutex);

  if (started)
    g_main_loop_run (self->loop);
  relais_practice_stop (practice);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
stop (RelaisPracticeHost *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  if (self->thread == NULL)
    return;
  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (g_steal_pointer (&self->thread));
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->account_id, g_free);
  self->has_started = FALSE;
}

static void
relais_practice_host_finalize (GObject *object)
{
  RelaisPracticeHost *self = RELAIS_PRACTICE_HOST (object);

  stop (self);
  g_free (self->state_path);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->started);
  G_OBJECT_CLASS (relais_practice_host_parent_class)->finalize (object);
}

static void
relais_practice_host_class_init (RelaisPracticeHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_practice_host_finalize;
}

static void
relais_practice_host_init (RelaisPracticeHost *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->started);
}

/**
 * relais_practice_host_new:
 * @state_path: (nullable): the file that keeps the account's state; %NULL for memory
 *
 * Returns: (transfer full): an account that starts when it is needed
 */
RelaisPracticeHost *
relais_practice_host_new (const char *state_path)
{
  RelaisPracticeHost *self = g_object_new (RELAIS_TYPE_PRACTICE_HOST, NULL);

  self->state_path = g_strdup (state_path);

  return self;
}

static gboolean
start (RelaisPracticeHost  *self,
       GError             **error)
{
  if (self->thread != NULL)
    return TRUE;

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("practice", run, self);
  g_mutex_lock (&self->mutex);
  while (!self->has_started)
    g_cond_wait (&self->started, &self->mutex);
  g_mutex_unlock (&self->mutex);
  if (self->error == NULL)
    return TRUE;
  stop (self);
  g_propagate_error (error, g_steal_pointer (&self->error));

  return FALSE;
}

/**
 * relais_practice_host_provide:
 * @address: (out) (transfer full): host:port
 * @key: (out) (transfer full): its API key
 * @fingerprint_key: (out) (transfer full): 32 hexadecimal digits; a fresh account has others
 * @host: a RelaisPracticeHost
 * @error: RELAIS_ERROR_BUSY when another Relais has it open
 *
 * Starts the account if it does not run yet: a matter of milliseconds.
 *
 * Returns: whether it runs
 */
gboolean
relais_practice_host_provide (char      **address,
                              RelaisKey **key,
                              char      **fingerprint_key,
                              gpointer    host,
                              GError    **error)
{
  RelaisPracticeHost *self = RELAIS_PRACTICE_HOST (host);

  if (!start (self, error))
    return FALSE;
  *address = g_strdup (self->address);
  *key = relais_key_new_copy (self->key, -1);
  *fingerprint_key = g_strdup (self->account_id);

  return TRUE;
}
