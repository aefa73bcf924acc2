/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-governor-private.h"

#define N_KINDS (RELAIS_REQUEST_IMPORT_SINGLE + 1)

/* Answers take a second or two: whoever looks on begins to wonder. */
#define PATIENCE (10 * G_TIME_SPAN_SECOND)

struct _RelaisGovernor
{
  GObject     parent_instance;

  RelaisPace *pace;              /* (owned) */
  guint       limit_requests;
  guint       limit_seconds;
  GQueue      waiting[N_KINDS];  /* of (unowned) Entry */
  GSource    *timer;             /* (owned) (nullable) */
  gint64      waiting_until;
  guint       n_open;            /* requests that left and are not answered */
  gint64      heard_at;          /* of the last answer, or when the first of those left */
  gint64      patience;
  gboolean    silent;
};

G_DEFINE_FINAL_TYPE (RelaisGovernor, relais_governor, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAITING_UNTIL,
  PROP_SILENT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* Someone who waits; the task owns it, and holds the governor. */
typedef struct
{
  RelaisRequestKind  kind;
  GList             *link;       /* (unowned) (nullable): in the queue, NULL once out of it */
  GSource           *cancelled;  /* (owned) (nullable) */
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->cancelled, g_source_unref);
  g_free (entry);
}

static void
leave_queue (RelaisGovernor *self,
             Entry          *entry)
{
  g_queue_delete_link (&self->waiting[entry->kind], entry->link);
  entry->link = NULL;
  if (entry->cancelled != NULL)
    g_source_destroy (entry->cancelled);
}

static void
update_waiting_until (RelaisGovernor *self,
                      gint64          now)
{
  gint64 until = 0;

  for (guint kind = 0; kind < N_KINDS; kind++)
    if (!g_queue_is_empty (&self->waiting[kind]))
      until = MAX (until, relais_pace_get_pause (self->pace, kind, now));
  if (until == self->waiting_until)
    return;

  self->waiting_until = until;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING_UNTIL]);
}

/* Returns when it has to be looked at again. */
static gint64
update_silent (RelaisGovernor *self,
               gint64          now)
{
  gboolean silent = self->n_open > 0 && now - self->heard_at >= self->patience;

  if (silent != self->silent)
    {
      self->silent = silent;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SILENT]);
    }

  return self->n_open > 0 && !silent ? self->heard_at + self->patience : G_MAXINT64;
}

/* A request that may leave, with the ticket it is given. */
typedef struct
{
  GTask *task;   /* (owned) */
  guint  ticket;
} Released;

/* Takes whoever may leave out of the queues, and returns when the next one may. */
static gint64
release (RelaisGovernor *self,
         gint64          now,
         GArray         *released)
{
  /* A run lasts as long as its imports; they need few of the seats. */
  static const RelaisRequestKind order[N_KINDS] = {
    RELAIS_REQUEST_IMPORT, RELAIS_REQUEST_IMPORT_SINGLE, RELAIS_REQUEST_ORDINARY,
  };
  gint64 soonest = G_MAXINT64;

  for (guint i = 0; i < N_KINDS; i++)
    {
      GQueue *queue = &self->waiting[order[i]];
      gint64 next = now;

      while (!g_queue_is_empty (queue) && (next = relais_pace_get_next (self->pace, order[i], now)) <= now)
        {
          Released one = { queue->head->data, relais_pace_begin (self->pace, order[i], now) };

          leave_queue (self, g_task_get_task_data (one.task));
          if (self->n_open++ == 0)
            self->heard_at = now;
          g_array_append_val (released, one);
        }
      if (!g_queue_is_empty (queue))
        soonest = MIN (soonest, next);
    }

  return soonest;
}

/* Those who are let go may come back here at once, so they are told last. */
static void
pump (RelaisGovernor *self)
{
  g_autoptr (RelaisGovernor) held = g_object_ref (self);
  g_autoptr (GArray) released = g_array_new (FALSE, FALSE, sizeof (Released));
  gint64 now = g_get_monotonic_time ();
  gint64 soonest = release (self, now, released);

  soonest = MIN (soonest, update_silent (self, now));
  g_source_set_ready_time (self->timer, soonest == G_MAXINT64 ? -1 : soonest);
  update_waiting_until (self, now);
  for (guint i = 0; i < released->len; i++)
    {
      Released *one = &g_array_index (released, Released, i);

      g_task_return_int (one->task, one->ticket);
      g_object_unref (one->task);
    }
}

static gboolean
timer_cb (gpointer user_data)
{
  pump (user_data);

  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static GSourceFuncs timer_functions = { .dispatch = dispatch_timer };

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelaisGovernor *self = g_task_get_source_object (task);
  g_autoptr (RelaisGovernor) held = g_object_ref (self);

  leave_queue (self, g_task_get_task_data (task));
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  pump (self);

  return G_SOURCE_REMOVE;
}

static void
relais_governor_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  RelaisGovernor *self = RELAIS_GOVERNOR (object);

  switch (property_id)
    {
    case PROP_WAITING_UNTIL:
      g_value_set_int64 (value, self->waiting_until);
      break;

    case PROP_SILENT:
      g_value_set_boolean (value, self->silent);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
relais_governor_finalize (GObject *object)
{
  RelaisGovernor *self = RELAIS_GOVERNOR (object);

  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  relais_pace_free (self->pace);

  G_OBJECT_CLASS (relais_governor_parent_class)->finalize (object);
}

static void
relais_governor_class_init (RelaisGovernorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = relais_governor_get_property;
  object_class->finalize = relais_governor_finalize;

  properties[PROP_WAITING_UNTIL] =
    g_param_spec_int64 ("waiting-until", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SILENT] =
    g_param_spec_boolean ("silent", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
relais_governor_init (RelaisGovernor *self)
{
  self->patience = PATIENCE;
  for (guint i = 0; i < N_KINDS; i++)
    g_queue_init (&self->waiting[i]);
}

/**
 * relais_governor_new:
 * @limit_requests: 0: the service's own limits; %G_MAXUINT: none; else so many
 *   imports in
 * @limit_seconds: that time, and the other limits in proportion
 *
 * Returns: (transfer full): the pace of an account that nothing was asked yet.
 *   It runs on the thread-default main context of the caller.
 */
RelaisGovernor *
relais_governor_new (guint limit_requests,
                     guint limit_seconds)
{
  RelaisGovernor *self = g_object_new (RELAIS_TYPE_GOVERNOR, NULL);

  self->limit_requests = limit_requests;
  self->limit_seconds = limit_seconds;
  self->pace = relais_pace_new (limit_requests, limit_seconds);
  self->timer = g_source_new (&timer_functions, sizeof (GSource));
  g_source_set_static_name (self->timer, "relais-governor");
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());

  return self;
}

/*
 * relais_governor_set_limits:
 * @self: a governor
 * @limit_requests: as for relais_governor_new()
 * @limit_seconds: as for relais_governor_new()
 *
 * Changes the limits of an account that is in use. Nothing happens when they are the same.
 */
void
relais_governor_set_limits (RelaisGovernor *self,
                            guint           limit_requests,
                            guint           limit_seconds)
{
  if (self->limit_requests == limit_requests && self->limit_seconds == limit_seconds)
    return;

  self->limit_requests = limit_requests;
  self->limit_seconds = limit_seconds;
  relais_pace_set_limits (self->pace, limit_requests, limit_seconds);
  pump (self);
}

/**
 * relais_governor_enter_async:
 * @self: a governor
 * @kind: of the request
 * @cancellable: (nullable): ends the waiting
 * @callback: called when the request may leave
 * @user_data: for @callback
 *
 * Waits for a request's turn.
 */
void
relais_governor_enter_async (RelaisGovernor      *self,
                             RelaisRequestKind    kind,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Entry *entry = g_new0 (Entry, 1);

  g_return_if_fail (RELAIS_IS_GOVERNOR (self));

  entry->kind = kind;
  g_task_set_source_tag (task, relais_governor_enter_async);
  g_task_set_task_data (task, entry, entry_free);
  if (g_task_return_error_if_cancelled (task))
    return;

  /* A ticket that was given must be given back, so it always arrives. */
  g_task_set_check_cancellable (task, FALSE);
  if (cancellable != NULL)
    {
      entry->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (entry->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
      g_source_attach (entry->cancelled, g_task_get_context (task));
    }
  g_queue_push_tail (&self->waiting[kind], g_object_ref (task));
  entry->link = self->waiting[kind].tail;
  pump (self);
}

/**
 * relais_governor_enter_finish:
 * @self: a governor
 * @result: of relais_governor_enter_async()
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: a ticket, to be handed to relais_governor_leave() exactly once; 0 on error
 */
guint
relais_governor_enter_finish (RelaisGovernor  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  gssize ticket;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  ticket = g_task_propagate_int (G_TASK (result), error);

  return ticket > 0 ? ticket : 0;
}

/**
 * relais_governor_leave:
 * @self: a governor
 * @ticket: of relais_governor_enter_finish()
 * @hint: (nullable): what the answer said about the pace; %NULL when none came
 *
 * Says that a request is answered, or given up.
 */
void
relais_governor_leave (RelaisGovernor       *self,
                       guint                 ticket,
                       const RelaisPaceHint *hint)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (RELAIS_IS_GOVERNOR (self));

  self->n_open--;
  if (hint != NULL)
    self->heard_at = now;
  relais_pace_end (self->pace, ticket, now, hint);
  pump (self);
}

/**
 * relais_governor_count_repeat:
 * @self: a governor
 * @kind: of a request
 *
 * Says that a request that is under way left once more, on its own.
 */
void
relais_governor_count_repeat (RelaisGovernor    *self,
                              RelaisRequestKind  kind)
{
  g_return_if_fail (RELAIS_IS_GOVERNOR (self));

  relais_pace_repeat (self->pace, kind, g_get_monotonic_time ());
}

/**
 * relais_governor_get_waiting_until:
 * @self: a governor
 *
 * Returns: in monotonic microseconds, until when those that wait do so because the service
 *   asked for a pause; 0 when nobody does
 */
gint64
relais_governor_get_waiting_until (RelaisGovernor *self)
{
  g_return_val_if_fail (RELAIS_IS_GOVERNOR (self), 0);

  return self->waiting_until;
}

/**
 * relais_governor_is_silent:
 * @self: a governor
 *
 * Returns: whether requests are under way, and none was answered for so long that a person
 *   is told that they are waited for
 */
gboolean
relais_governor_is_silent (RelaisGovernor *self)
{
  g_return_val_if_fail (RELAIS_IS_GOVERNOR (self), FALSE);

  return self->silent;
}

/*
 * relais_governor_set_patience:
 * @self: a governor
 * @milliseconds: how long answers may take until it is silence
 */
void
relais_governor_set_patience (RelaisGovernor *self,
                              guint           milliseconds)
{
  self->patience = milliseconds * G_TIME_SPAN_MILLISECOND;
}

/**
 * relais_governor_skip_wait:
 * @self: a governor
 *
 * Lets one request try in spite of a pause that the service asked for: see
 * relais_pace_skip_pause(). The pace itself is never skipped.
 */
void
relais_governor_skip_wait (RelaisGovernor *self)
{
  g_return_if_fail (RELAIS_IS_GOVERNOR (self));

  relais_pace_skip_pause (self->pace, g_get_monotonic_time ());
  pump (self);
}

/**
 * relais_governor_get_wanted:
 * @self: a governor
 *
 * Returns: how many imports to have under way so that the rate is kept, those
 *   included that wait for their turn here
 */
guint
relais_governor_get_wanted (RelaisGovernor *self)
{
  g_return_val_if_fail (RELAIS_IS_GOVERNOR (self), 1);

  return relais_pace_get_wanted (self->pace);
}
