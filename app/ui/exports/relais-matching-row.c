/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-matching-row.h"

#include "relais-column.h"

struct _RelaisMatchingRow
{
  AdwComboRow parent_instance;
};

G_DEFINE_FINAL_TYPE (RelaisMatchingRow, relais_matching_row, ADW_TYPE_COMBO_ROW)

/* Not a binding in the .ui: GTK 4.8 warns when one between two properties of the
 * same object goes with it. */
static void
show_sample (RelaisMatchingRow *self)
{
  RelaisColumn *column = adw_combo_row_get_selected_item (ADW_COMBO_ROW (self));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), column != NULL ? relais_column_get_sample (column) : "");
}

static void
relais_matching_row_class_init (RelaisMatchingRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (RELAIS_TYPE_COLUMN);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-matching-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, show_sample);
}

static void
relais_matching_row_init (RelaisMatchingRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_matching_row_new:
 * @title: of the field
 *
 * Returns: (transfer floating): a row that waits for its columns
 */
GtkWidget *
relais_matching_row_new (const char *title)
{
  return g_object_new (RELAIS_TYPE_MATCHING_ROW, "title", title, NULL);
}

/**
 * relais_matching_row_get_column:
 * @self: a row; the first item of its model stands for no column
 *
 * Returns: (transfer none) (nullable): the column that was chosen
 */
const char *
relais_matching_row_get_column (RelaisMatchingRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return NULL;

  return relais_column_get_name (adw_combo_row_get_selected_item (ADW_COMBO_ROW (self)));
}

/**
 * relais_matching_row_set_column:
 * @self: a row; the first item of its model stands for no column
 * @column: (nullable): chooses this one, or none when there is no such column
 */
void
relais_matching_row_set_column (RelaisMatchingRow *self,
                                const char        *column)
{
  GListModel *columns = adw_combo_row_get_model (ADW_COMBO_ROW (self));
  guint n = columns != NULL ? g_list_model_get_n_items (columns) : 0;

  for (guint i = 1; i < n; i++)
    {
      g_autoptr (RelaisColumn) item = g_list_model_get_item (columns, i);

      if (g_strcmp0 (relais_column_get_name (item), column) == 0)
        {
          adw_combo_row_set_selected (ADW_COMBO_ROW (self), i);
          return;
        }
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), 0);
}
