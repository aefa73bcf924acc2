/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-exports-list.h"

#include "relais-button.h"
#include "relais-export-row.h"
#include "relais-exports-sorting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _RelaisExportsList
{
  AdwBin parent_instance;

  RelaisWorkspace *workspace;  /* (owned) (nullable): until it is open */
  RelaisClock     *clock;      /* (owned) (nullable): of the rows */
  char            *order;      /* (owned) */
  gboolean         selecting;

  GtkSearchBar    *search_bar;
  GtkSearchEntry  *search_entry;
  GtkStack        *states;
  GtkListBox      *rows;
  GtkLabel        *count;
  GtkToggleButton *select_button;
  GtkButton       *run_all_button;
};

G_DEFINE_FINAL_TYPE (RelaisExportsList, relais_exports_list, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_ORDER,
  PROP_SELECTING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static RelaisExportRow *
get_row (RelaisExportsList *self,
         guint              index)
{
  return (RelaisExportRow *) gtk_list_box_get_row_at_index (self->rows, (int) index);
}

static gboolean
is_shown (RelaisExportRow *row)
{
  return gtk_widget_get_child_visible (GTK_WIDGET (row));
}

/* The selection */

static gboolean
is_for_looking (RelaisExportsList *self,
                RelaisExport      *export)
{
  return !relais_workspace_check_right (self->workspace, RELAIS_ACTION_CHANGE_EXPORTS, relais_export_get_connection (export), NULL);
}

static char *
describe_selection (guint n,
                    guint n_for_looking)
{
  if (n == 0)
    return g_strdup (_("None selected"));
  if (n_for_looking > 0)
    /* Translators: the first %u counts exports, the second those among them that the person's role does not let change. */
    return g_strdup_printf (ngettext ("%u selected, %u of them only to look at", "%u selected, %u of them only to look at", n_for_looking), n, n_for_looking);

  /* Translators: %u counts exports. */
  return g_strdup_printf (ngettext ("%u selected", "%u selected", n), n);
}

/* What would not happen to each of them cannot be pressed; of a run is told which the role leaves out. */
static void
update_selection (RelaisExportsList *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean works = self->workspace != NULL && relais_workspace_check_right (self->workspace, RELAIS_ACTION_USE_CONNECTION, NULL, NULL);
  gboolean disconnects = self->workspace != NULL && relais_workspace_check_right (self->workspace, RELAIS_ACTION_DISCONNECT_EXPORTS, NULL, NULL);
  g_autofree char *text = NULL;
  RelaisExportRow *row;
  guint n_for_looking = 0;
  guint n = 0;

  for (guint i = 0; (row = get_row (self, i)) != NULL; i++)
    if (relais_export_row_is_selected (row))
      {
        n++;
        n_for_looking += is_for_looking (self, relais_export_row_get_export (row));
      }
  text = describe_selection (n, n_for_looking);
  gtk_label_set_label (self->count, text);
  gtk_widget_action_set_enabled (widget, "list.run", n > 0 && works);
  gtk_widget_action_set_enabled (widget, "list.disconnect", n > 0 && disconnects);
  gtk_widget_action_set_enabled (widget, "list.remove", n > 0 && n_for_looking == 0);
}

static void
select_all (RelaisExportsList *self)
{
  RelaisExportRow *row;

  g_object_set (self, "selecting", TRUE, NULL);
  for (guint i = 0; (row = get_row (self, i)) != NULL; i++)
    relais_export_row_set_selected (row, is_shown (row));
}

static void
row_activated_cb (RelaisExportsList *self,
                  RelaisExportRow   *row)
{
  if (self->selecting)
    relais_export_row_set_selected (row, !relais_export_row_is_selected (row));
  else
    gtk_widget_activate_action (GTK_WIDGET (row), "row.progress", NULL);
}

/* Who was in a row that looks different now is still there, and who leaves is at the button that they came by. */
static void
set_selecting (RelaisExportsList *self,
               gboolean           selecting)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean inside = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self));
  GtkWidget *row_of_focus = inside ? gtk_widget_get_ancestor (focus, RELAIS_TYPE_EXPORT_ROW) : NULL;
  RelaisExportRow *row;

  if (self->selecting == selecting)
    return;
  self->selecting = selecting;
  for (guint i = 0; (row = get_row (self, i)) != NULL; i++)
    relais_export_row_set_selecting (row, selecting);
  update_selection (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTING]);
  if (row_of_focus != NULL && selecting)
    gtk_widget_grab_focus (row_of_focus);
  else if (inside && !selecting)
    gtk_widget_grab_focus (GTK_WIDGET (self->select_button));
}

/* Returns: (transfer full) (element-type utf8): ids of the selected exports, in the order of the rows */
static GPtrArray *
collect_selected (RelaisExportsList *self)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  RelaisExportRow *row;

  for (guint i = 0; (row = get_row (self, i)) != NULL; i++)
    if (relais_export_row_is_selected (row))
      g_ptr_array_add (ids, g_strdup (relais_export_get_id (relais_export_row_get_export (row))));

  return ids;
}

static void
run_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  RelaisExportsList *self = RELAIS_EXPORTS_LIST (widget);
  g_autoptr (GPtrArray) ids = collect_selected (self);
  /* The action does not take it over. */
  g_autoptr (GVariant) target = g_variant_ref_sink (g_variant_new_strv ((const char * const *) ids->pdata, ids->len));

  set_selecting (self, FALSE);
  gtk_widget_activate_action_variant (widget, "exports.run-several", target);
}

/* What the page does with one, with each */
static void
each_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisExportsList *self = RELAIS_EXPORTS_LIST (widget);
  g_autoptr (GPtrArray) ids = collect_selected (self);
  g_autofree char *page_action = g_strconcat ("exports.", name + strlen ("list."), NULL);

  set_selecting (self, FALSE);
  for (guint i = 0; i < ids->len; i++)
    gtk_widget_activate_action (widget, page_action, "s", g_ptr_array_index (ids, i));
}

/* Searching and sorting */

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  RelaisExportsList *self = user_data;
  const char *words = gtk_search_bar_get_search_mode (self->search_bar) ? gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) : "";

  return relais_export_is_meant (relais_export_row_get_export (RELAIS_EXPORT_ROW (row)), words);
}

static int
sort_cb (GtkListBoxRow *a,
         GtkListBoxRow *b,
         gpointer       user_data)
{
  return relais_exports_compare (relais_export_row_get_export (RELAIS_EXPORT_ROW (a)), relais_export_row_get_export (RELAIS_EXPORT_ROW (b)),
                                 RELAIS_EXPORTS_LIST (user_data)->order);
}

/* What is not seen is not selected either: nothing happens to it unseen. */
static void
update_found (RelaisExportsList *self)
{
  RelaisExportRow *row;
  guint n_shown = 0;
  guint n = 0;

  for (; (row = get_row (self, n)) != NULL; n++)
    {
      n_shown += is_shown (row);
      if (!is_shown (row))
        relais_export_row_set_selected (row, FALSE);
    }
  gtk_stack_set_visible_child_name (self->states, n_shown > 0 || n == 0 ? "rows" : "nothing");
}

static void
search_changed_cb (RelaisExportsList *self)
{
  gtk_list_box_invalidate_filter (self->rows);
  update_found (self);
}

static void
row_changed_cb (GtkListBoxRow *row)
{
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (row), RELAIS_TYPE_EXPORTS_LIST);

  gtk_list_box_row_changed (row);
  if (list != NULL)
    update_found (RELAIS_EXPORTS_LIST (list));
}

/* A connection may have another name since the page was last seen. */
static void
mapped_cb (RelaisExportsList *self)
{
  gtk_list_box_invalidate_sort (self->rows);
  search_changed_cb (self);
}

static gboolean
select_all_shortcut_cb (GtkWidget *widget,
                        GVariant  *arguments,
                        gpointer   user_data)
{
  select_all (RELAIS_EXPORTS_LIST (widget));

  return TRUE;
}

static gboolean
escape_shortcut_cb (GtkWidget *widget,
                    GVariant  *arguments,
                    gpointer   user_data)
{
  RelaisExportsList *self = RELAIS_EXPORTS_LIST (widget);

  if (!self->selecting)
    return FALSE;
  set_selecting (self, FALSE);

  return TRUE;
}

/* The rows */

static GHashTable *
collect_exports (RelaisExportsList *self)
{
  GListModel *model = relais_workspace_get_exports (self->workspace);
  GHashTable *exports = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_hash_table_add (exports, g_list_model_get_item (model, i));

  return exports;
}

static void
add_row (RelaisExportsList *self,
         RelaisExport      *export)
{
  GtkWidget *row = relais_export_row_new (export, self->clock);

  g_object_bind_property (self->workspace, "role", row, "role", G_BINDING_SYNC_CREATE);
  relais_export_row_set_selecting (RELAIS_EXPORT_ROW (row), self->selecting);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (update_selection), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (export, "notify", G_CALLBACK (row_changed_cb), row, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->rows, row);
}

/* The rows have an order of their own: those that stay keep selection and focus. */
static void
exports_changed_cb (RelaisExportsList *self)
{
  g_autoptr (GHashTable) missing = collect_exports (self);
  RelaisExportRow *row;
  GHashTableIter iter;
  gpointer export;
  guint i = 0;

  while ((row = get_row (self, i)) != NULL)
    if (g_hash_table_remove (missing, relais_export_row_get_export (row)))
      i++;
    else
      gtk_list_box_remove (self->rows, GTK_WIDGET (row));
  g_hash_table_iter_init (&iter, missing);
  while (g_hash_table_iter_next (&iter, &export, NULL))
    add_row (self, export);
  update_selection (self);
  update_found (self);
}

static void
relais_exports_list_dispose (GObject *object)
{
  RelaisExportsList *self = RELAIS_EXPORTS_LIST (object);

  g_clear_object (&self->workspace);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (relais_exports_list_parent_class)->dispose (object);
}

static void
relais_exports_list_finalize (GObject *object)
{
  g_free (RELAIS_EXPORTS_LIST (object)->order);
  G_OBJECT_CLASS (relais_exports_list_parent_class)->finalize (object);
}

static void
relais_exports_list_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ORDER:
      g_value_set_string (value, RELAIS_EXPORTS_LIST (object)->order);
      break;

    case PROP_SELECTING:
      g_value_set_boolean (value, RELAIS_EXPORTS_LIST (object)->selecting);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_order (RelaisExportsList *self,
           const char        *order)
{
  if (order == NULL || g_strcmp0 (self->order, order) == 0)
    return;
  g_free (self->order);
  self->order = g_strdup (order);
  gtk_list_box_invalidate_sort (self->rows);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORDER]);
}

static void
relais_exports_list_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ORDER:
      set_order (RELAIS_EXPORTS_LIST (object), g_value_get_string (value));
      break;

    case PROP_SELECTING:
      set_selecting (RELAIS_EXPORTS_LIST (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_exports_list_class_init (RelaisExportsListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_exports_list_dispose;
  object_class->finalize = relais_exports_list_finalize;
  object_class->get_property = relais_exports_list_get_property;
  object_class->set_property = relais_exports_list_set_property;
  properties[PROP_ORDER] = g_param_spec_string ("order", NULL, NULL, "name", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SELECTING] = g_param_spec_boolean ("selecting", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-exports-list.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsList, search_bar);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsList, states);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsList, rows);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsList, count);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsList, select_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportsList, run_all_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, select_all);
  gtk_widget_class_install_property_action (widget_class, "list.order", "order");
  gtk_widget_class_install_property_action (widget_class, "list.selecting", "selecting");
  gtk_widget_class_install_action (widget_class, "list.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "list.disconnect", NULL, each_action);
  gtk_widget_class_install_action (widget_class, "list.remove", NULL, each_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, select_all_shortcut_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_shortcut_cb, NULL);
}

static void
relais_exports_list_init (RelaisExportsList *self)
{
  self->order = g_strdup ("name");
  gtk_widget_init_template (GTK_WIDGET (self));
  relais_button_let_wrap (self->run_all_button);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self));
  gtk_list_box_set_sort_func (self->rows, sort_cb, self, NULL);
  gtk_list_box_set_filter_func (self->rows, filter_cb, self, NULL);
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
  update_selection (self);
}

/**
 * relais_exports_list_set_workspace:
 * @self: the list
 * @workspace: whose exports it shows, and whose person's role says what can be done
 * @clock: what time it is, for the rows
 */
void
relais_exports_list_set_workspace (RelaisExportsList *self,
                                   RelaisWorkspace   *workspace,
                                   RelaisClock       *clock)
{
  if (!g_set_object (&self->workspace, workspace))
    return;
  g_set_object (&self->clock, clock);
  g_signal_connect_object (relais_workspace_get_exports (workspace), "items-changed", G_CALLBACK (exports_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::role", G_CALLBACK (update_selection), self, G_CONNECT_SWAPPED);
  exports_changed_cb (self);
}

/**
 * relais_exports_list_search:
 * @self: the list
 *
 * What is searched for can be typed from now on.
 */
void
relais_exports_list_search (RelaisExportsList *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
