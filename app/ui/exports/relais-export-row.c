/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-row.h"

#include "relais-export-words.h"
#include "relais-leavers-words.h"

#include <string.h>

struct _RelaisExportRow
{
  GtkListBoxRow parent_instance;

  RelaisExport *export;  /* (owned) */
  RelaisClock  *clock;   /* (owned) */
  RelaisRole    role;    /* of the person */

  GtkWidget *run_button;
  GtkWidget *cancel_button;
  GtkWidget *check;
  gboolean   follows_focus;  /* one of the two had it last */
  gboolean   selecting;      /* several are being selected */
  gboolean   selected;
};

G_DEFINE_FINAL_TYPE (RelaisExportRow, relais_export_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  PROP_0,
  PROP_EXPORT,
  PROP_CLOCK,
  PROP_SELECTING,
  PROP_SELECTED,
  PROP_ROLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
can_have_focus (GtkWidget *widget)
{
  return widget != NULL && gtk_widget_get_visible (widget) && gtk_widget_is_sensitive (widget);
}

static void
focus_entered (RelaisExportRow *self)
{
  self->follows_focus = TRUE;
}

/* The button that takes the other's place takes its focus too. */
static void
hand_over_focus (RelaisExportRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *button = gtk_widget_get_visible (self->cancel_button) ? self->cancel_button : self->run_button;

  if (!self->follows_focus || root == NULL)
    return;
  if (can_have_focus (focus))
    self->follows_focus = focus == self->run_button || focus == self->cancel_button;
  else if (can_have_focus (button))
    gtk_widget_grab_focus (button);
}

/* What may be done now */
static void
update_actions (RelaisExportRow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  RelaisExportStatus status = relais_export_get_status (self->export);
  RelaisRun *run = relais_export_get_last_run (self->export);
  gboolean live = run != NULL && relais_run_is_live (run);
  gboolean runs = status == RELAIS_EXPORT_QUEUED || status == RELAIS_EXPORT_PROCESSING;
  RelaisConnection *connection = relais_export_get_connection (self->export);
  g_autoptr (GError) error = NULL;
  gboolean may_run = relais_role_check (self->role, RELAIS_ACTION_RUN_EXPORTS, connection, &error);
  gboolean may_change = relais_role_check (self->role, RELAIS_ACTION_CHANGE_EXPORTS, connection, NULL);
  gboolean may_disconnect = relais_role_check (self->role, RELAIS_ACTION_DISCONNECT_EXPORTS, connection, NULL);

  gtk_widget_action_set_enabled (widget, "row.run", may_run && !runs && status != RELAIS_EXPORT_NO_CONNECTION);
  gtk_widget_action_set_enabled (widget, "row.edit", may_change);
  gtk_widget_action_set_enabled (widget, "row.view", !may_change);
  gtk_widget_action_set_enabled (widget, "row.duplicate", may_change && relais_export_check_readable (self->export, NULL));
  gtk_widget_action_set_enabled (widget, "row.disconnect", may_disconnect && (!runs || live) && connection != NULL);
  gtk_widget_action_set_enabled (widget, "row.cancel", may_run && live);
  gtk_widget_action_set_enabled (widget, "row.skip-wait", may_run);
  gtk_widget_action_set_enabled (widget, "row.progress", live);
  gtk_widget_action_set_enabled (widget, "row.result", run != NULL && !runs);
  gtk_widget_action_set_enabled (widget, "row.erase", may_change && run != NULL && !runs);
  /* A run of this process is stopped first. */
  gtk_widget_action_set_enabled (widget, "row.remove", may_change && (!runs || live));
  gtk_widget_set_tooltip_text (self->run_button, may_run ? NULL : error->message);
  /* There is more to see of a run under way. */
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), self->selecting || live);
  hand_over_focus (self);
}

static void
set_role (RelaisExportRow *self,
          RelaisRole       role)
{
  if (self->role == role)
    return;

  self->role = role;
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
}

/* What is done to an export is done by its page. */
static void
forward_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  g_autofree char *page_action = g_strconcat ("exports.", name + strlen ("row."), NULL);

  gtk_widget_activate_action (widget, page_action, "s", relais_export_get_id (RELAIS_EXPORT_ROW (widget)->export));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  /* It ends at the edge of a batch: until then there is nothing more to press. */
  gtk_widget_action_set_enabled (widget, "row.cancel", FALSE);
  relais_run_cancel (relais_export_get_last_run (RELAIS_EXPORT_ROW (widget)->export));
}

static void
skip_wait_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  RelaisRun *run = relais_export_get_last_run (RELAIS_EXPORT_ROW (widget)->export);

  if (run != NULL)
    relais_run_skip_wait (run);
}

static void
relais_export_row_dispose (GObject *object)
{
  RelaisExportRow *self = RELAIS_EXPORT_ROW (object);

  g_clear_object (&self->export);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (relais_export_row_parent_class)->dispose (object);
}

static void
relais_export_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_EXPORT:
      g_value_set_object (value, RELAIS_EXPORT_ROW (object)->export);
      break;

    case PROP_CLOCK:
      g_value_set_object (value, RELAIS_EXPORT_ROW (object)->clock);
      break;

    case PROP_SELECTING:
      g_value_set_boolean (value, RELAIS_EXPORT_ROW (object)->selecting);
      break;

    case PROP_SELECTED:
      g_value_set_boolean (value, RELAIS_EXPORT_ROW (object)->selected);
      break;

    case PROP_ROLE:
      g_value_set_enum (value, RELAIS_EXPORT_ROW (object)->role);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_export_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_EXPORT:
      RELAIS_EXPORT_ROW (object)->export = g_value_dup_object (value);
      break;

    case PROP_CLOCK:
      RELAIS_EXPORT_ROW (object)->clock = g_value_dup_object (value);
      break;

    case PROP_SELECTING:
      relais_export_row_set_selecting (RELAIS_EXPORT_ROW (object), g_value_get_boolean (value));
      break;

    case PROP_SELECTED:
      relais_export_row_set_selected (RELAIS_EXPORT_ROW (object), g_value_get_boolean (value));
      break;

    case PROP_ROLE:
      set_role (RELAIS_EXPORT_ROW (object), g_value_get_enum (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_export_row_class_init (RelaisExportRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_export_row_dispose;
  object_class->get_property = relais_export_row_get_property;
  object_class->set_property = relais_export_row_set_property;
  properties[PROP_EXPORT] = g_param_spec_object ("export", NULL, NULL, RELAIS_TYPE_EXPORT,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, RELAIS_TYPE_CLOCK,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTING] = g_param_spec_boolean ("selecting", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SELECTED] = g_param_spec_boolean ("selected", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_ROLE] = g_param_spec_enum ("role", NULL, NULL, RELAIS_TYPE_ROLE, RELAIS_ROLE_ADMINISTRATOR,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RELAIS_TYPE_RUN);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-export-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisExportRow, run_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportRow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportRow, check);
  gtk_widget_class_bind_template_callback (widget_class, focus_entered);
  gtk_widget_class_bind_template_callback (widget_class, relais_status_icon);
  gtk_widget_class_bind_template_callback (widget_class, relais_status_classes);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_target);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_refreshed);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_time);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_message);
  gtk_widget_class_bind_template_callback (widget_class, relais_shows_message);
  gtk_widget_class_bind_template_callback (widget_class, relais_is_waiting);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_progress);
  gtk_widget_class_bind_template_callback (widget_class, relais_progress_fraction);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_run_action);
  gtk_widget_class_install_action (widget_class, "row.run", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.edit", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.view", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.duplicate", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.disconnect", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.progress", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.result", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.history", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.erase", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.remove", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "row.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "row.skip-wait", NULL, skip_wait_action);
}

static void
relais_export_row_init (RelaisExportRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* After the one that shows the other button */
  g_signal_connect_object (self->cancel_button, "notify::visible", G_CALLBACK (hand_over_focus), self, G_CONNECT_SWAPPED);
}

/**
 * relais_export_row_new:
 * @export: what it shows
 * @clock: what time it is
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
relais_export_row_new (RelaisExport *export,
                       RelaisClock  *clock)
{
  RelaisExportRow *self = g_object_new (RELAIS_TYPE_EXPORT_ROW, "export", export, "clock", clock, NULL);

  g_signal_connect_object (export, "notify::status", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (export, "notify::connection", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (export, "notify::last-run", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  update_actions (self);

  return GTK_WIDGET (self);
}

/**
 * relais_export_row_get_export:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
RelaisExport *
relais_export_row_get_export (RelaisExportRow *self)
{
  return self->export;
}

/**
 * relais_export_row_is_selected:
 * @self: a row
 *
 * Returns: whether it is one of the selected
 */
gboolean
relais_export_row_is_selected (RelaisExportRow *self)
{
  return self->selected;
}

/**
 * relais_export_row_set_selected:
 * @self: a row
 * @selected: whether it is one of the selected; none is while nothing is being selected
 */
void
relais_export_row_set_selected (RelaisExportRow *self,
                                gboolean         selected)
{
  selected = selected && self->selecting;
  if (self->selected == selected)
    return;

  self->selected = selected;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/**
 * relais_export_row_set_selecting:
 * @self: a row
 * @selecting: whether exports are being selected: it has a mark to set then, in place of its buttons
 */
void
relais_export_row_set_selecting (RelaisExportRow *self,
                                 gboolean         selecting)
{
  if (self->selecting == selecting)
    return;

  self->selecting = selecting;
  update_actions (self);
  relais_export_row_set_selected (self, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTING]);
}
