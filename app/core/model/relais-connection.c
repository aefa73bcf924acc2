/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection.h"

struct _RelaisConnection
{
  GObject parent_instance;

  RelaisConnectionRecord *record;     /* (owned) */
  guint                   n_exports;
};

G_DEFINE_FINAL_TYPE (RelaisConnection, relais_connection, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_KIND,
  PROP_HOST,
  PROP_ACCESS,
  PROP_ACCOUNT,
  PROP_CHECK,
  PROP_CHECKED_AT,
  PROP_N_EXPORTS,
  PROP_PRACTICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
relais_connection_finalize (GObject *object)
{
  RelaisConnection *self = RELAIS_CONNECTION (object);

  relais_connection_record_free (self->record);
  G_OBJECT_CLASS (relais_connection_parent_class)->finalize (object);
}

static void
relais_connection_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  RelaisConnection *self = RELAIS_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->record->id);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->record->name);
      break;

    case PROP_KIND:
      g_value_set_int (value, self->record->kind);
      break;

    case PROP_HOST:
      g_value_set_string (value, self->record->host);
      break;

    case PROP_ACCESS:
      g_value_set_int (value, self->record->access);
      break;

    case PROP_ACCOUNT:
      g_value_set_string (value, self->record->account);
      break;

    case PROP_CHECK:
      g_value_set_int (value, self->record->check);
      break;

    case PROP_CHECKED_AT:
      g_value_set_int64 (value, self->record->checked_at);
      break;

    case PROP_N_EXPORTS:
      g_value_set_uint (value, self->n_exports);
      break;

    case PROP_PRACTICE:
      g_value_set_boolean (value, relais_connection_is_practice (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_connection_class_init (RelaisConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = relais_connection_finalize;
  object_class->get_property = relais_connection_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, flags);
  properties[PROP_ACCESS] = g_param_spec_int ("access", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  properties[PROP_CHECK] = g_param_spec_int ("check", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_CHECKED_AT] = g_param_spec_int64 ("checked-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_N_EXPORTS] = g_param_spec_uint ("n-exports", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_PRACTICE] = g_param_spec_boolean ("practice", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
relais_connection_init (RelaisConnection *self)
{
}

/**
 * relais_connection_new:
 * @record: what the journal keeps of it; copied
 *
 * Returns: (transfer full):
 */
RelaisConnection *
relais_connection_new (const RelaisConnectionRecord *record)
{
  RelaisConnection *self = g_object_new (RELAIS_TYPE_CONNECTION, NULL);

  self->record = relais_connection_record_copy (record);

  return self;
}

/**
 * relais_connection_get_record:
 * @self: a connection
 *
 * Returns: (transfer none): what the journal keeps of it
 */
const RelaisConnectionRecord *
relais_connection_get_record (RelaisConnection *self)
{
  return self->record;
}

/**
 * relais_connection_set_record:
 * @self: a connection
 * @record: what the journal keeps of it now; copied
 */
void
relais_connection_set_record (RelaisConnection             *self,
                              const RelaisConnectionRecord *record)
{
  g_autoptr (RelaisConnectionRecord) old = self->record;
  GObject *object = G_OBJECT (self);

  self->record = relais_connection_record_copy (record);

  g_object_freeze_notify (object);
  if (g_strcmp0 (old->id, self->record->id) != 0)
    g_object_notify_by_pspec (object, properties[PROP_ID]);
  if (g_strcmp0 (old->name, self->record->name) != 0)
    g_object_notify_by_pspec (object, properties[PROP_NAME]);
  if (old->kind != self->record->kind)
    {
      g_object_notify_by_pspec (object, properties[PROP_KIND]);
      g_object_notify_by_pspec (object, properties[PROP_PRACTICE]);
    }
  if (g_strcmp0 (old->host, self->record->host) != 0)
    g_object_notify_by_pspec (object, properties[PROP_HOST]);
  if (old->access != self->record->access)
    g_object_notify_by_pspec (object, properties[PROP_ACCESS]);
  if (g_strcmp0 (old->account, self->record->account) != 0)
    g_object_notify_by_pspec (object, properties[PROP_ACCOUNT]);
  if (old->check != self->record->check)
    g_object_notify_by_pspec (object, properties[PROP_CHECK]);
  if (old->checked_at != self->record->checked_at)
    g_object_notify_by_pspec (object, properties[PROP_CHECKED_AT]);
  g_object_thaw_notify (object);
}

/**
 * relais_connection_set_n_exports:
 * @self: a connection
 * @n_exports: how many exports use it
 */
void
relais_connection_set_n_exports (RelaisConnection *self,
                                 guint             n_exports)
{
  if (self->n_exports == n_exports)
    return;

  self->n_exports = n_exports;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_EXPORTS]);
}

/**
 * relais_connection_get_id:
 * @self: a connection
 *
 * Returns: (transfer none): its id
 */
const char *
relais_connection_get_id (RelaisConnection *self)
{
  return self->record->id;
}

/**
 * relais_connection_get_name:
 * @self: a connection
 *
 * Returns: (transfer none): its display name
 */
const char *
relais_connection_get_name (RelaisConnection *self)
{
  return self->record->name;
}

/**
 * relais_connection_is_practice:
 * @self: a connection
 *
 * Returns: whether it leads to a practice account
 */
gboolean
relais_connection_is_practice (RelaisConnection *self)
{
  return self->record->kind == RELAIS_CONNECTION_PRACTICE;
}
