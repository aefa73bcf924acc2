/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-clock.h"

/* Sentences count minutes: half of one is how late they may be. */
#define INTERVAL_S 30

struct _RelaisClock
{
  GObject parent_instance;

  guint source;
};

G_DEFINE_FINAL_TYPE (RelaisClock, relais_clock, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NOW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
tick_cb (gpointer user_data)
{
  g_object_notify_by_pspec (user_data, properties[PROP_NOW]);

  return G_SOURCE_CONTINUE;
}

static void
relais_clock_finalize (GObject *object)
{
  g_source_remove (RELAIS_CLOCK (object)->source);
  G_OBJECT_CLASS (relais_clock_parent_class)->finalize (object);
}

static void
relais_clock_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NOW:
      g_value_set_int64 (value, g_get_real_time ());
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_clock_class_init (RelaisClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = relais_clock_finalize;
  object_class->get_property = relais_clock_get_property;
  properties[PROP_NOW] = g_param_spec_int64 ("now", NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
relais_clock_init (RelaisClock *self)
{
  self->source = g_timeout_add_seconds (INTERVAL_S, tick_cb, self);
}

/**
 * relais_clock_new:
 *
 * Returns: (transfer full): a clock; its time is real time in microseconds
 */
RelaisClock *
relais_clock_new (void)
{
  return g_object_new (RELAIS_TYPE_CLOCK, NULL);
}
