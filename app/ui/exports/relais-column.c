/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-column.h"

struct _RelaisColumn
{
  GObject parent_instance;

  char *name;    /* (owned) */
  char *sample;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (RelaisColumn, relais_column, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
relais_column_finalize (GObject *object)
{
  RelaisColumn *self = RELAIS_COLUMN (object);

  g_free (self->name);
  g_free (self->sample);
  G_OBJECT_CLASS (relais_column_parent_class)->finalize (object);
}

static void
relais_column_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  RelaisColumn *self = RELAIS_COLUMN (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_column_class_init (RelaisColumnClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = relais_column_finalize;
  object_class->get_property = relais_column_get_property;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
relais_column_init (RelaisColumn *self)
{
}

/**
 * relais_column_new:
 * @name: of the column
 * @sample: (nullable): a value out of it
 *
 * Returns: (transfer full): a column
 */
RelaisColumn *
relais_column_new (const char *name,
                   const char *sample)
{
  RelaisColumn *self = g_object_new (RELAIS_TYPE_COLUMN, NULL);

  self->name = g_strdup (name);
  self->sample = g_strdup (sample != NULL ? sample : "");

  return self;
}

/**
 * relais_column_get_name:
 * @self: a column
 *
 * Returns: (transfer none): its name
 */
const char *
relais_column_get_name (RelaisColumn *self)
{
  return self->name;
}

/**
 * relais_column_get_sample:
 * @self: a column
 *
 * Returns: (transfer none): a value out of it, or ""
 */
const char *
relais_column_get_sample (RelaisColumn *self)
{
  return self->sample;
}
