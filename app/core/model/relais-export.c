/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export.h"

#include "relais-export-private.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

struct _RelaisExport
{
  GObject parent_instance;

  char                   *id;          /* (owned) */
  RelaisExportDefinition *definition;  /* (owned) */
  RelaisConnection       *connection;  /* (owned) (nullable) */
  RelaisRun              *last_run;    /* (owned) (nullable) */
  gint64                  refreshed_at;
  RelaisExportStatus      told_status; /* what listeners know */
  gboolean                unreadable;
};

G_DEFINE_FINAL_TYPE (RelaisExport, relais_export, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_CONNECTION,
  PROP_LIST_ID,
  PROP_LIST_NAME,
  PROP_LAST_RUN,
  PROP_STATUS,
  PROP_REFRESHED_AT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
relais_export_dispose (GObject *object)
{
  RelaisExport *self = RELAIS_EXPORT (object);

  if (self->last_run != NULL)
    g_signal_handlers_disconnect_by_data (self->last_run, self);
  g_clear_object (&self->last_run);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (relais_export_parent_class)->dispose (object);
}

static void
relais_export_finalize (GObject *object)
{
  RelaisExport *self = RELAIS_EXPORT (object);

  g_free (self->id);
  relais_export_definition_free (self->definition);
  G_OBJECT_CLASS (relais_export_parent_class)->finalize (object);
}

static void
relais_export_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  RelaisExport *self = RELAIS_EXPORT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->definition->name);
      break;

    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    case PROP_LIST_ID:
      g_value_set_uint (value, self->definition->list_id);
      break;

    case PROP_LIST_NAME:
      g_value_set_string (value, self->definition->list_name);
      break;

    case PROP_LAST_RUN:
      g_value_set_object (value, self->last_run);
      break;

    case PROP_STATUS:
      g_value_set_int (value, relais_export_get_status (self));
      break;

    case PROP_REFRESHED_AT:
      g_value_set_int64 (value, self->refreshed_at);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_export_class_init (RelaisExportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = relais_export_dispose;
  object_class->finalize = relais_export_finalize;
  object_class->get_property = relais_export_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, RELAIS_TYPE_CONNECTION, flags);
  properties[PROP_LIST_ID] = g_param_spec_uint ("list-id", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LIST_NAME] = g_param_spec_string ("list-name", NULL, NULL, NULL, flags);
  properties[PROP_LAST_RUN] = g_param_spec_object ("last-run", NULL, NULL, RELAIS_TYPE_RUN, flags);
  properties[PROP_STATUS] = g_param_spec_int ("status", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_REFRESHED_AT] = g_param_spec_int64 ("refreshed-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
relais_export_init (RelaisExport *self)
{
}

/**
 * relais_export_new:
 * @id: of the export
 * @definition: what it does; copied
 * @connection: (nullable): through which
 *
 * Returns: (transfer full): an export that was never run
 */
RelaisExport *
relais_export_new (const char                   *id,
                   const RelaisExportDefinition *definition,
                   RelaisConnection             *connection)
{
  RelaisExport *self = g_object_new (RELAIS_TYPE_EXPORT, NULL);

  self->id = g_strdup (id);
  self->definition = relais_export_definition_copy (definition);
  g_set_object (&self->connection, connection);
  self->told_status = relais_export_get_status (self);

  return self;
}

/**
 * relais_export_get_id:
 * @self: an export
 *
 * Returns: (transfer none): its id
 */
const char *
relais_export_get_id (RelaisExport *self)
{
  return self->id;
}

/**
 * relais_export_get_name:
 * @self: an export
 *
 * Returns: (transfer none): its display name
 */
const char *
relais_export_get_name (RelaisExport *self)
{
  return self->definition->name;
}

/**
 * relais_export_get_connection:
 * @self: an export
 *
 * Returns: (transfer none) (nullable): its connection, %NULL when it is disconnected
 */
RelaisConnection *
relais_export_get_connection (RelaisExport *self)
{
  return self->connection;
}

/**
 * relais_export_get_definition:
 * @self: an export
 *
 * Returns: (transfer none): what it does
 */
const RelaisExportDefinition *
relais_export_get_definition (RelaisExport *self)
{
  return self->definition;
}

/* A person is asked what becomes of those who left the segment, unless the definition has settled that meanwhile. */
static gboolean
is_asking (RelaisExport *self)
{
  const RelaisLeaversCounts *leavers = &relais_run_get_record (self->last_run)->leavers;

  return relais_export_definition_brakes (self->definition, leavers->asked, leavers->delivered);
}

/**
 * relais_export_get_status:
 * @self: an export
 *
 * Returns: what its connection and its last run amount to
 */
RelaisExportStatus
relais_export_get_status (RelaisExport *self)
{
  if (self->last_run != NULL && relais_run_is_live (self->last_run))
    return relais_run_get_phase (self->last_run) == RELAIS_PHASE_WAITING_FOR_TURN ? RELAIS_EXPORT_QUEUED : RELAIS_EXPORT_PROCESSING;
  if (self->connection == NULL)
    return RELAIS_EXPORT_NO_CONNECTION;
  if (self->last_run == NULL)
    return RELAIS_EXPORT_NOT_STARTED;

  switch (relais_run_get_status (self->last_run))
    {
    case RELAIS_RUN_PROCESSING: return RELAIS_EXPORT_PROCESSING;
    case RELAIS_RUN_SUCCESSFUL: return RELAIS_EXPORT_SUCCESSFUL;
    case RELAIS_RUN_COMPLETED_WITH_ERRORS: return RELAIS_EXPORT_COMPLETED_WITH_ERRORS;
    case RELAIS_RUN_FAILURE: return RELAIS_EXPORT_FAILURE;
    case RELAIS_RUN_CANCELED: return RELAIS_EXPORT_CANCELED;
    case RELAIS_RUN_SKIPPED: return RELAIS_EXPORT_SKIPPED;
    case RELAIS_RUN_INTERRUPTED: return is_asking (self) ? RELAIS_EXPORT_ASKING : RELAIS_EXPORT_INTERRUPTED;
    default: g_return_val_if_reached (RELAIS_EXPORT_INTERRUPTED);
    }
}

/**
 * relais_export_get_last_run:
 * @self: an export
 *
 * Returns: (transfer none) (nullable): its last run
 */
RelaisRun *
relais_export_get_last_run (RelaisExport *self)
{
  return self->last_run;
}

static void
notify_status (RelaisExport *self)
{
  RelaisExportStatus status = relais_export_get_status (self);

  if (self->told_status == status)
    return;

  self->told_status = status;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
run_changed_cb (RelaisExport *self)
{
  relais_export_take_refresh (self, relais_run_get_record (self->last_run));
  notify_status (self);
}

/**
 * relais_export_take_refresh:
 * @self: an export
 * @run: one of its runs
 *
 * Moves `refreshed-at` on when @run ended later and delivered something or found
 * nothing to do. A run that failed leaves it where it was.
 */
void
relais_export_take_refresh (RelaisExport          *self,
                            const RelaisRunRecord *run)
{
  gboolean refreshed = run->status == RELAIS_RUN_SUCCESSFUL || run->counts.by_state[RELAIS_ROW_DELIVERED] > 0;

  if (run->status == RELAIS_RUN_PROCESSING || !refreshed || run->ended_at <= self->refreshed_at)
    return;

  self->refreshed_at = run->ended_at;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFRESHED_AT]);
}

/**
 * relais_export_set_connection_name:
 * @self: an export
 * @name: what its connection is called now
 */
void
relais_export_set_connection_name (RelaisExport *self,
                                   const char   *name)
{
  g_free (self->definition->connection);
  self->definition->connection = g_strdup (name);
}

/**
 * relais_export_set_unreadable:
 * @self: an export with an empty definition
 *
 * Marks one whose definition is in the journal but cannot be read by this version.
 */
void
relais_export_set_unreadable (RelaisExport *self)
{
  self->unreadable = TRUE;
}

/**
 * relais_export_check_readable:
 * @self: an export
 * @error: RELAIS_ERROR_DEFINITION
 *
 * To be asked before an export is run, shown as a definition or changed.
 *
 * Returns: whether its definition is what was stored. If not, it is empty, and what
 *   was stored stays as it is
 */
gboolean
relais_export_check_readable (RelaisExport  *self,
                              GError       **error)
{
  if (!self->unreadable)
    return TRUE;

  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: %s is the name of an export. */
               _("This version of Relais cannot read the settings of “%s”. Update Relais, or set the export up anew under another name."),
               relais_export_get_name (self));

  return FALSE;
}

/**
 * relais_export_set_last_run:
 * @self: an export
 * @run: (nullable): its last run
 */
void
relais_export_set_last_run (RelaisExport *self,
                            RelaisRun    *run)
{
  static const char * const signals[] = { "notify::status", "notify::phase", "notify::live", "notify::ended-at" };

  if (self->last_run == run)
    return;

  if (self->last_run != NULL)
    g_signal_handlers_disconnect_by_data (self->last_run, self);
  g_set_object (&self->last_run, run);
  for (guint i = 0; run != NULL && i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (run, signals[i], G_CALLBACK (run_changed_cb), self, G_CONNECT_SWAPPED);

  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_RUN]);
  if (run != NULL)
    relais_export_take_refresh (self, relais_run_get_record (run));
  notify_status (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * relais_export_forget_runs:
 * @self: an export
 *
 * It stands there as if it had never run.
 */
void
relais_export_forget_runs (RelaisExport *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->refreshed_at != 0)
    {
      self->refreshed_at = 0;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFRESHED_AT]);
    }
  relais_export_set_last_run (self, NULL);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * relais_export_set_definition:
 * @self: an export
 * @definition: what it does now; copied
 * @connection: (nullable): through which
 */
void
relais_export_set_definition (RelaisExport                 *self,
                              const RelaisExportDefinition *definition,
                              RelaisConnection             *connection)
{
  g_autoptr (RelaisExportDefinition) old = self->definition;
  GObject *object = G_OBJECT (self);

  self->definition = relais_export_definition_copy (definition);
  g_object_freeze_notify (object);
  if (g_strcmp0 (old->name, self->definition->name) != 0)
    g_object_notify_by_pspec (object, properties[PROP_NAME]);
  if (old->list_id != self->definition->list_id)
    g_object_notify_by_pspec (object, properties[PROP_LIST_ID]);
  if (g_strcmp0 (old->list_name, self->definition->list_name) != 0)
    g_object_notify_by_pspec (object, properties[PROP_LIST_NAME]);
  if (g_set_object (&self->connection, connection))
    g_object_notify_by_pspec (object, properties[PROP_CONNECTION]);
  notify_status (self);
  g_object_thaw_notify (object);
}
