/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-row.h"

#include "relais-closures.h"

#include <glib/gi18n-lib.h>

struct _RelaisExportRow
{
  GtkListBoxRow parent_instance;

  RelaisExport  *export;  /* (owned) */
  GtkButton     *run_button;
  GtkButton     *cancel_button;
  GtkMenuButton *menu;
};

G_DEFINE_FINAL_TYPE (RelaisExportRow, relais_export_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  PROP_0,
  PROP_EXPORT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
relais_export_row_dispose (GObject *object)
{
  g_clear_object (&RELAIS_EXPORT_ROW (object)->export);
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
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RELAIS_TYPE_RUN);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-export-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisExportRow, run_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportRow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportRow, menu);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_status);
  gtk_widget_class_bind_template_callback (widget_class, relais_status_icon);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_target);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_refreshed);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_progress);
  gtk_widget_class_bind_template_callback (widget_class, relais_progress_fraction);
  gtk_widget_class_bind_template_callback (widget_class, relais_describe_run_action);
}

static void
relais_export_row_init (RelaisExportRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_export_row_new:
 * @export: what it shows
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
relais_export_row_new (RelaisExport *export)
{
  RelaisExportRow *self = g_object_new (RELAIS_TYPE_EXPORT_ROW, "export", export, NULL);
  const char *id = relais_export_get_id (export);
  g_autoptr (GMenu) menu = g_menu_new ();
  static const struct
  {
    const char *label;
    const char *action;
  } items[] = {
    { N_("_Edit…"), "exports.edit" },
    { N_("_Result of the Last Run"), "exports.result" },
    { N_("_Remove…"), "exports.remove" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_(items[i].label), NULL);

      g_menu_item_set_action_and_target (item, items[i].action, "s", id);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (self->menu, G_MENU_MODEL (menu));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->run_button), "s", id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->cancel_button), "s", id);

  return GTK_WIDGET (self);
}
