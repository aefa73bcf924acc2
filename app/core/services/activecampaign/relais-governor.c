/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-governor.h"

#define N_KINDS (RELAIS_REQUEST_IMPORT_SINGLE + 1)

struct _RelaisGovernor
{
  GObject parent_instance;

  RelaisPace *pace;              /* (owned) */
  guint       limit_requests;
  guint       limit_seconds;
  GQueue      waiting[N_KINDS];  /* (element-type GTask): first come, first served within a kind */
  guint       source;
  gint64      waiting_until;
};

G_DEFINE_FINAL_TYPE (RelaisGovernor, relais_governor, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAITING_UNTIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void let_through (RelaisGovernor *self);

static void
relais_governor_finalize (GObject *object)
{
  RelaisGovernor *self = RELAIS_GOVERNOR (object);

  g_clear_handle_id (&self->source, g_source_remove);
  relais_pace_free (self->pace);
  G_OBJECT_CLASS (relais_governor_parent_class)->finalize (object);
}

static void
relais_governor_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  RelaisGovernor *self = RELAIS_GOVERNOR (object);

  switch (prop_id)
    {
    case PROP_WAITING_UNTIL:
      g_value_set_int64 (value, self->waiting_until);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_governor_class_init (RelaisGovernorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = relais_governor_finalize;
  object_class->get_property = relais_governor_get_property;

  properties[PROP_WAITING_UNTIL] =
    g_param_spec_int64 ("waiting-until", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
relais_governor_init (RelaisGovernor *self)
{
}

/**
 * relais_governor_new:
 * @limit_requests: see relais_pace_new()
 * @limit_seconds: see relais_pace_new()
 *
 * Returns: (transfer full):
 */
RelaisGovernor *
relais_governor_new (guint limit_requests,
                     guint limit_seconds)
{
  RelaisGovernor *self = g_object_new (RELAIS_TYPE_GOVERNOR, NULL);

  self->limit_requests = limit_requests;
  self->limit_seconds = limit_seconds;
  self->pace = relais_pace_new (limit_requests, limit_seconds);

  return self;
}

static void
update_waiting_until (RelaisGovernor *self)
{
  gint64 until = relais_pace_get_paused_until (self->pace, g_get_monotonic_time ());

  if (self->waiting_until == until)
    return;

  self->waiting_until = until;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING_UNTIL]);
}

static void
due_cb (gpointer user_data)
{
  g_autoptr (RelaisGovernor) self = g_object_ref (user_data);

  self->source = 0;
  update_waiting_until (self);
  let_through (self);
}

static void
drop_cancelled (GQueue *queue)
{
  for (GList *link = queue->head; link != NULL; )
    {
      GList *next = link->next;
      GTask *task = link->data;

      if (g_task_return_error_if_cancelled (task))
        {
          g_queue_delete_link (queue, link);
          g_object_unref (task);
        }
      link = next;
    }
}

/* Lets everybody through whose time has come, and sees when the next one's comes. */
static void
let_through (RelaisGovernor *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = G_MAXINT64;

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      GQueue *queue = &self->waiting[kind];

      drop_cancelled (queue);
      while (queue->length > 0)
        {
          gint64 due = relais_pace_get_next (self->pace, kind, now);
          GTask *task;

          if (due > now)
            {
              next = MIN (next, due);
              break;
            }
          task = g_queue_pop_head (queue);
          g_task_return_int (task, relais_pace_begin (self->pace, kind, now));
          g_object_unref (task);
        }
    }
  g_clear_handle_id (&self->source, g_source_remove);
  if (next != G_MAXINT64)
    self->source = g_timeout_add_once ((next - now + 999) / 1000, due_cb, self);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  g_autoptr (RelaisGovernor) self = g_object_ref (g_task_get_source_object (task));

  for (guint kind = 0; kind < N_KINDS; kind++)
    drop_cancelled (&self->waiting[kind]);
}

/**
 * relais_governor_enter_async:
 * @self: the governor of an account
 * @kind: of the request that wants to leave
 * @cancellable: (nullable): gives up waiting
 * @callback: called when it may leave: at once, then
 * @user_data: for @callback
 */
void
relais_governor_enter_async (RelaisGovernor      *self,
                             RelaisRequestKind    kind,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, relais_governor_enter_async);
  /* A ticket that was given out is told, so that it is given back. */
  g_task_set_check_cancellable (task, FALSE);
  g_queue_push_tail (&self->waiting[kind], task);
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task, 0);
  let_through (self);
}

/**
 * relais_governor_enter_finish:
 * @self: the governor
 * @result: of relais_governor_enter_async()
 * @error: G_IO_ERROR_CANCELLED
 *
 * Returns: a ticket for relais_governor_leave(), 0 with an error
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
 * @self: the governor
 * @ticket: of relais_governor_enter_finish()
 * @hint: (nullable): what the answer said about the pace
 *
 * Tells that a request was answered, or failed.
 */
void
relais_governor_leave (RelaisGovernor       *self,
                       guint                 ticket,
                       const RelaisPaceHint *hint)
{
  relais_pace_end (self->pace, ticket, g_get_monotonic_time (), hint);
  update_waiting_until (self);
  let_through (self);
}

/**
 * relais_governor_get_waiting_until:
 * @self: the governor
 *
 * Returns: monotonic microseconds: the end of a pause that the service asked for, 0 when there is none
 */
gint64
relais_governor_get_waiting_until (RelaisGovernor *self)
{
  return self->waiting_until;
}

/**
 * relais_governor_skip_wait:
 * @self: the governor
 *
 * Tries at once, although the service asked for a pause. The limits that it documents are kept.
 */
void
relais_governor_skip_wait (RelaisGovernor *self)
{
  relais_pace_skip (self->pace);
  update_waiting_until (self);
  let_through (self);
}

/**
 * relais_governor_get_wanted:
 * @self: the governor
 *
 * Returns: how many imports have to be under way at once to keep up the rate
 */
guint
relais_governor_get_wanted (RelaisGovernor *self)
{
  return relais_pace_get_wanted (self->pace);
}

/* The governors of the program */

struct _RelaisGovernors
{
  GObject parent_instance;

  GHashTable *by_host;  /* (owned) (element-type utf8 RelaisGovernor) */
};

G_DEFINE_FINAL_TYPE (RelaisGovernors, relais_governors, G_TYPE_OBJECT)

static void
relais_governors_finalize (GObject *object)
{
  RelaisGovernors *self = RELAIS_GOVERNORS (object);

  g_hash_table_unref (self->by_host);
  G_OBJECT_CLASS (relais_governors_parent_class)->finalize (object);
}

static void
relais_governors_class_init (RelaisGovernorsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_governors_finalize;
}

static void
relais_governors_init (RelaisGovernors *self)
{
  self->by_host = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * relais_governors_new:
 *
 * Returns: (transfer full):
 */
RelaisGovernors *
relais_governors_new (void)
{
  return g_object_new (RELAIS_TYPE_GOVERNORS, NULL);
}

/**
 * relais_governors_get:
 * @self: the governors
 * @host: of the account
 * @limit_requests: see relais_pace_new()
 * @limit_seconds: see relais_pace_new()
 *
 * Returns: (transfer none): the one governor of that account; another one from
 *   when its limits are told to be others
 */
RelaisGovernor *
relais_governors_get (RelaisGovernors *self,
                      const char      *host,
                      guint            limit_requests,
                      guint            limit_seconds)
{
  g_autofree char *folded = g_ascii_strdown (host, -1);
  RelaisGovernor *governor = g_hash_table_lookup (self->by_host, folded);

  if (governor == NULL || governor->limit_requests != limit_requests || governor->limit_seconds != limit_seconds)
    {
      governor = relais_governor_new (limit_requests, limit_seconds);
      g_hash_table_insert (self->by_host, g_steal_pointer (&folded), governor);
    }

  return governor;
}
