/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-run.h"

#include "relais-rate-private.h"
#include "relais-run-private.h"
#include "relais-run-words.h"

#define NOTIFY_INTERVAL_MS 100

typedef struct
{
  guint64 done;
  guint64 total;
  double  rate;
  gint64  remaining;
} Progress;

struct _RelaisRun
{
  GObject parent_instance;

  RelaisRunRecord *record;          /* (owned) */
  RelaisPhase      phase;
  gboolean         live;
  gboolean         elsewhere;
  guint64          done;
  guint64          total;
  RelaisRowCounts  counts;          /* so far, while it is live */
  guint            n_in_doubt;
  gint64           waiting_until;
  char            *waiting_for;     /* (owned) (nullable) */
  GCancellable    *cancellable;     /* (owned) */
  RelaisRate      *rate;            /* (owned): of this time that it is live */
  guint            notify_source;
  Progress         told;            /* what listeners know */
};

G_DEFINE_FINAL_TYPE (RelaisRun, relais_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NUMBER,
  PROP_STATUS,
  PROP_PHASE,
  PROP_LIVE,
  PROP_DONE,
  PROP_TOTAL,
  PROP_RATE,
  PROP_REMAINING,
  PROP_WAITING_UNTIL,
  PROP_WAITING_FOR,
  PROP_MESSAGE,
  PROP_STARTED_AT,
  PROP_ENDED_AT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint skip_wait_signal;

static void
relais_run_finalize (GObject *object)
{
  RelaisRun *self = RELAIS_RUN (object);

  g_clear_handle_id (&self->notify_source, g_source_remove);
  relais_rate_free (self->rate);
  g_object_unref (self->cancellable);
  g_free (self->waiting_for);
  relais_run_record_free (self->record);
  G_OBJECT_CLASS (relais_run_parent_class)->finalize (object);
}

static void
relais_run_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  RelaisRun *self = RELAIS_RUN (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->record->id);
      break;

    case PROP_NUMBER:
      g_value_set_int64 (value, self->record->number);
      break;

    case PROP_STATUS:
      g_value_set_int (value, relais_run_get_status (self));
      break;

    case PROP_PHASE:
      g_value_set_int (value, self->phase);
      break;

    case PROP_LIVE:
      g_value_set_boolean (value, self->live);
      break;

    case PROP_DONE:
      g_value_set_uint64 (value, self->done);
      break;

    case PROP_TOTAL:
      g_value_set_uint64 (value, self->total);
      break;

    case PROP_RATE:
      g_value_set_double (value, relais_run_get_rate (self));
      break;

    case PROP_REMAINING:
      g_value_set_int64 (value, relais_run_get_remaining (self));
      break;

    case PROP_WAITING_UNTIL:
      g_value_set_int64 (value, self->waiting_until);
      break;

    case PROP_WAITING_FOR:
      g_value_set_string (value, self->waiting_for);
      break;

    case PROP_MESSAGE:
      g_value_take_string (value, relais_run_explain (self->record, RELAIS_QUESTION_OPEN));
      break;

    case PROP_STARTED_AT:
      g_value_set_int64 (value, self->record->started_at);
      break;

    case PROP_ENDED_AT:
      g_value_set_int64 (value, self->record->ended_at);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_run_class_init (RelaisRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = relais_run_finalize;
  object_class->get_property = relais_run_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NUMBER] = g_param_spec_int64 ("number", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATUS] = g_param_spec_int ("status", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_PHASE] = g_param_spec_int ("phase", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, flags);
  properties[PROP_DONE] = g_param_spec_uint64 ("done", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_REMAINING] = g_param_spec_int64 ("remaining", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_WAITING_UNTIL] = g_param_spec_int64 ("waiting-until", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_WAITING_FOR] = g_param_spec_string ("waiting-for", NULL, NULL, NULL, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_STARTED_AT] = g_param_spec_int64 ("started-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ENDED_AT] = g_param_spec_int64 ("ended-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * RelaisRun::skip-wait:
   *
   * Somebody does not want to wait any longer: what the run waits for is tried now.
   */
  skip_wait_signal = g_signal_new ("skip-wait", RELAIS_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
relais_run_init (RelaisRun *self)
{
  self->phase = RELAIS_PHASE_ENDED;
  self->told.remaining = -1;
  self->cancellable = g_cancellable_new ();
  self->rate = relais_rate_new ();
}

/**
 * relais_run_new:
 * @record: what the journal keeps of it; copied
 *
 * Returns: (transfer full): a run that nobody works on
 */
RelaisRun *
relais_run_new (const RelaisRunRecord *record)
{
  RelaisRun *self = g_object_new (RELAIS_TYPE_RUN, NULL);

  self->record = relais_run_record_copy (record);

  return self;
}

/**
 * relais_run_get_record:
 * @self: a run
 *
 * Returns: (transfer none): what the journal keeps of it
 */
const RelaisRunRecord *
relais_run_get_record (RelaisRun *self)
{
  return self->record;
}

/**
 * relais_run_get_id:
 * @self: a run
 *
 * Returns: (transfer none): its id
 */
const char *
relais_run_get_id (RelaisRun *self)
{
  return self->record->id;
}

/**
 * relais_run_get_status:
 * @self: a run
 *
 * Returns: how it stands; one that was never finished and that no process works on is
 *   interrupted
 */
RelaisRunStatus
relais_run_get_status (RelaisRun *self)
{
  if (self->live)
    return RELAIS_RUN_PROCESSING;
  if (self->record->status == RELAIS_RUN_PROCESSING && !self->elsewhere)
    return RELAIS_RUN_INTERRUPTED;

  return self->record->status;
}

/**
 * relais_run_get_phase:
 * @self: a run
 *
 * Returns: what it is busy with
 */
RelaisPhase
relais_run_get_phase (RelaisRun *self)
{
  return self->phase;
}

/**
 * relais_run_is_live:
 * @self: a run
 *
 * Returns: whether this process works on it
 */
gboolean
relais_run_is_live (RelaisRun *self)
{
  return self->live;
}

/**
 * relais_run_can_go_on:
 * @self: a run
 *
 * Returns: whether it ended before everything was done, so that it can be taken up again.
 *   One that another process works on can too: whoever takes it up waits for its turn,
 *   and finds in the journal what is left to do by then.
 */
gboolean
relais_run_can_go_on (RelaisRun *self)
{
  switch (self->record->status)
    {
    case RELAIS_RUN_PROCESSING:
    case RELAIS_RUN_INTERRUPTED:
    case RELAIS_RUN_CANCELED:
    case RELAIS_RUN_FAILURE:
      return !self->live;

    case RELAIS_RUN_SUCCESSFUL:
    case RELAIS_RUN_COMPLETED_WITH_ERRORS:
    case RELAIS_RUN_SKIPPED:
    default:
      return FALSE;
    }
}

/**
 * relais_run_get_done:
 * @self: a run
 *
 * Returns: rows that are in a final state
 */
guint64
relais_run_get_done (RelaisRun *self)
{
  return self->done;
}

/**
 * relais_run_get_total:
 * @self: a run
 *
 * Returns: rows expected in all, 0 when it is not known yet
 */
guint64
relais_run_get_total (RelaisRun *self)
{
  return self->total;
}

/**
 * relais_run_get_rate:
 * @self: a run
 *
 * Returns: rows a second over the last minute, 0 when it is not known yet
 */
double
relais_run_get_rate (RelaisRun *self)
{
  return self->live ? relais_rate_get (self->rate) : 0;
}

/**
 * relais_run_get_remaining:
 * @self: a run
 *
 * Returns: how long it will probably take, in microseconds, -1 when that is not known
 */
gint64
relais_run_get_remaining (RelaisRun *self)
{
  if (!self->live || self->total == 0)
    return -1;

  return relais_rate_get_remaining (self->rate, g_get_monotonic_time (), self->total);
}

/**
 * relais_run_get_counts:
 * @self: a run
 *
 * Returns: (transfer none): what became of its rows, so far while it is live; `done` is notified when it may be different
 */
const RelaisRowCounts *
relais_run_get_counts (RelaisRun *self)
{
  return self->live ? &self->counts : &self->record->counts;
}

/**
 * relais_run_get_n_in_doubt:
 * @self: a run that did not come about because of %RELAIS_ERROR_QUESTION
 *
 * Returns: how many batches it may not send again without an answer
 */
guint
relais_run_get_n_in_doubt (RelaisRun *self)
{
  return self->n_in_doubt;
}

/**
 * relais_run_cancel:
 * @self: a run
 *
 * Stops it at a batch edge, if it is live.
 */
void
relais_run_cancel (RelaisRun *self)
{
  if (self->live)
    g_cancellable_cancel (self->cancellable);
}

/**
 * relais_run_skip_wait:
 * @self: a run
 *
 * Tries now what it waits for.
 */
void
relais_run_skip_wait (RelaisRun *self)
{
  if (self->live)
    g_signal_emit (self, skip_wait_signal, 0);
}

/**
 * relais_run_get_cancellable:
 * @self: a run
 *
 * Returns: (transfer none): what relais_run_cancel() cancels; another one each time the run goes on
 */
GCancellable *
relais_run_get_cancellable (RelaisRun *self)
{
  return self->cancellable;
}

static void
notify_progress (RelaisRun *self)
{
  GObject *object = G_OBJECT (self);
  Progress told = self->told;
  Progress now = { self->done, self->total, relais_run_get_rate (self), relais_run_get_remaining (self) };

  self->told = now;
  g_object_freeze_notify (object);
  if (told.done != now.done)
    g_object_notify_by_pspec (object, properties[PROP_DONE]);
  if (told.total != now.total)
    g_object_notify_by_pspec (object, properties[PROP_TOTAL]);
  if (told.rate < now.rate || told.rate > now.rate)
    g_object_notify_by_pspec (object, properties[PROP_RATE]);
  if (told.remaining != now.remaining)
    g_object_notify_by_pspec (object, properties[PROP_REMAINING]);
  g_object_thaw_notify (object);
}

static void
notify_cb (gpointer user_data)
{
  RelaisRun *self = user_data;

  self->notify_source = 0;
  notify_progress (self);
}

/**
 * relais_run_set_live:
 * @self: a run
 * @live: whether this process works on it
 */
void
relais_run_set_live (RelaisRun *self,
                     gboolean   live)
{
  GObject *object = G_OBJECT (self);
  RelaisRunStatus status = relais_run_get_status (self);

  if (self->live == live)
    return;

  self->live = live;
  self->counts = self->record->counts;
  relais_rate_reset (self->rate);
  if (live)
    {
      g_object_unref (self->cancellable);
      self->cancellable = g_cancellable_new ();
    }
  g_clear_handle_id (&self->notify_source, g_source_remove);
  g_object_freeze_notify (object);
  g_object_notify_by_pspec (object, properties[PROP_LIVE]);
  if (relais_run_get_status (self) != status)
    g_object_notify_by_pspec (object, properties[PROP_STATUS]);
  notify_progress (self);
  g_object_thaw_notify (object);
}

/**
 * relais_run_set_elsewhere:
 * @self: a run
 * @elsewhere: whether another process may be working on it
 *
 * Only a run without an end shows it.
 */
void
relais_run_set_elsewhere (RelaisRun *self,
                          gboolean   elsewhere)
{
  RelaisRunStatus status = relais_run_get_status (self);

  self->elsewhere = elsewhere;
  if (relais_run_get_status (self) != status)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

/**
 * relais_run_is_elsewhere:
 * @self: a run
 *
 * Returns: whether another process may be working on it
 */
gboolean
relais_run_is_elsewhere (RelaisRun *self)
{
  return self->elsewhere;
}

/* What is counted is something else now. */
static void
restart_progress (RelaisRun *self)
{
  g_clear_handle_id (&self->notify_source, g_source_remove);
  relais_rate_reset (self->rate);
  self->done = 0;
  self->total = 0;
  notify_progress (self);
}

static gboolean
counts_people (RelaisPhase phase)
{
  return phase == RELAIS_PHASE_GUARDING || phase == RELAIS_PHASE_TAKING_OFF || phase == RELAIS_PHASE_VERIFYING;
}

/**
 * relais_run_set_phase:
 * @self: a run
 * @phase: what it is busy with
 *
 * Progress begins anew when something else is counted than before: rows, or other people.
 */
void
relais_run_set_phase (RelaisRun   *self,
                      RelaisPhase  phase)
{
  gboolean counts_anew = counts_people (self->phase) || counts_people (phase);

  if (self->phase == phase)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  self->phase = phase;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PHASE]);
  if (counts_anew)
    restart_progress (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * relais_run_set_progress:
 * @self: a live run
 * @done: rows in a final state, or, while the account is asked who may not be mailed or what it holds, people that it told
 * @total: of them expected in all, 0 when it is not known yet
 *
 * Listeners hear of it at most ten times a second.
 */
void
relais_run_set_progress (RelaisRun *self,
                         guint64    done,
                         guint64    total)
{
  relais_rate_add (self->rate, g_get_monotonic_time (), done);
  if (self->done == done && self->total == total)
    return;

  self->done = done;
  self->total = total;
  if (self->notify_source == 0)
    self->notify_source = g_timeout_add_once (NOTIFY_INTERVAL_MS, notify_cb, self);
}

/**
 * relais_run_set_counts:
 * @self: a live run
 * @counts: what became of its rows so far; copied
 */
void
relais_run_set_counts (RelaisRun             *self,
                       const RelaisRowCounts *counts)
{
  self->counts = *counts;
}

/**
 * relais_run_set_waiting:
 * @self: a run
 * @until: monotonic microseconds, 0 when it does not wait
 * @what_for: (nullable): a whole sentence
 */
void
relais_run_set_waiting (RelaisRun  *self,
                        gint64      until,
                        const char *what_for)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);
  if (self->waiting_until != until)
    {
      self->waiting_until = until;
      g_object_notify_by_pspec (object, properties[PROP_WAITING_UNTIL]);
    }
  if (g_strcmp0 (self->waiting_for, what_for) != 0)
    {
      g_free (self->waiting_for);
      self->waiting_for = g_strdup (what_for);
      g_object_notify_by_pspec (object, properties[PROP_WAITING_FOR]);
    }
  g_object_thaw_notify (object);
}

static gboolean
is_told_otherwise (const RelaisRunRecord *old,
                   const RelaisRunRecord *record)
{
  g_autofree char *before = relais_run_explain (old, RELAIS_QUESTION_OPEN);
  g_autofree char *now = relais_run_explain (record, RELAIS_QUESTION_OPEN);

  return g_strcmp0 (before, now) != 0;
}

/**
 * relais_run_set_record:
 * @self: a run
 * @record: what the journal keeps of it now; copied
 */
void
relais_run_set_record (RelaisRun             *self,
                       const RelaisRunRecord *record)
{
  g_autoptr (RelaisRunRecord) old = self->record;
  RelaisRunStatus status = relais_run_get_status (self);
  GObject *object = G_OBJECT (self);

  self->record = relais_run_record_copy (record);
  g_object_freeze_notify (object);
  if (g_strcmp0 (old->id, self->record->id) != 0)
    g_object_notify_by_pspec (object, properties[PROP_ID]);
  if (old->number != self->record->number)
    g_object_notify_by_pspec (object, properties[PROP_NUMBER]);
  if (relais_run_get_status (self) != status)
    g_object_notify_by_pspec (object, properties[PROP_STATUS]);
  if (is_told_otherwise (old, self->record))
    g_object_notify_by_pspec (object, properties[PROP_MESSAGE]);
  if (old->started_at != self->record->started_at)
    g_object_notify_by_pspec (object, properties[PROP_STARTED_AT]);
  if (old->ended_at != self->record->ended_at)
    g_object_notify_by_pspec (object, properties[PROP_ENDED_AT]);
  g_object_thaw_notify (object);
}

/**
 * relais_run_set_n_in_doubt:
 * @self: a live run
 * @n: batches that it may not send again without an answer
 */
void
relais_run_set_n_in_doubt (RelaisRun *self,
                           guint      n)
{
  self->n_in_doubt = n;
}
