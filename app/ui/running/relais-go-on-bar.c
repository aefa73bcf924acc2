/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-go-on-bar.h"

#include "relais-running-words.h"

struct _RelaisGoOnBar
{
  AdwBin parent_instance;

  RelaisWorkspace *workspace;  /* (owned) (nullable): until it is open */
  GPtrArray       *exports;    /* (owned) (element-type RelaisExport): that were interrupted then */

  GtkWidget       *offer;
  GtkLabel        *sentence;
};

G_DEFINE_FINAL_TYPE (RelaisGoOnBar, relais_go_on_bar, ADW_TYPE_BIN)

/* Whether it can still go on, and this person may let it */
static gboolean
is_offered (RelaisGoOnBar *self,
            RelaisExport  *export)
{
  return relais_export_get_status (export) == RELAIS_EXPORT_INTERRUPTED &&
         relais_workspace_find_export (self->workspace, relais_export_get_id (export)) == export &&
         relais_workspace_check_right (self->workspace, RELAIS_ACTION_RUN_EXPORTS, relais_export_get_connection (export), NULL);
}

/* Returns: (transfer container) (element-type RelaisExport): those that are offered now */
static GPtrArray *
collect (RelaisGoOnBar *self)
{
  GPtrArray *offered = g_ptr_array_new ();

  for (guint i = 0; i < self->exports->len; i++)
    if (is_offered (self, g_ptr_array_index (self->exports, i)))
      g_ptr_array_add (offered, g_ptr_array_index (self->exports, i));

  return offered;
}

static void
update (RelaisGoOnBar *self)
{
  g_autoptr (GPtrArray) offered = collect (self);
  g_autofree char *text = relais_running_describe_interrupted (offered);

  if (offered->len > 0)
    gtk_label_set_label (self->sentence, text);
  gtk_widget_set_visible (self->offer, offered->len > 0);
}

static void
go_on_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  g_autoptr (GPtrArray) offered = collect (RELAIS_GO_ON_BAR (widget));
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;
  g_autoptr (GVariant) target = NULL;

  for (guint i = 0; i < offered->len; i++)
    g_strv_builder_add (ids, relais_export_get_id (g_ptr_array_index (offered, i)));
  all = g_strv_builder_end (ids);
  /* The action does not take it over. */
  target = g_variant_ref_sink (g_variant_new_strv ((const char * const *) all, -1));
  gtk_widget_activate_action_variant (widget, "exports.run-several", target);
}

static void
dismiss_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  RelaisGoOnBar *self = RELAIS_GO_ON_BAR (widget);

  g_ptr_array_set_size (self->exports, 0);
  update (self);
}

static void
relais_go_on_bar_dispose (GObject *object)
{
  RelaisGoOnBar *self = RELAIS_GO_ON_BAR (object);

  g_ptr_array_set_size (self->exports, 0);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_go_on_bar_parent_class)->dispose (object);
}

static void
relais_go_on_bar_finalize (GObject *object)
{
  g_ptr_array_unref (RELAIS_GO_ON_BAR (object)->exports);
  G_OBJECT_CLASS (relais_go_on_bar_parent_class)->finalize (object);
}

static void
relais_go_on_bar_class_init (RelaisGoOnBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relais_go_on_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = relais_go_on_bar_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/running/relais-go-on-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisGoOnBar, offer);
  gtk_widget_class_bind_template_child (widget_class, RelaisGoOnBar, sentence);
  gtk_widget_class_install_action (widget_class, "bar.go-on", NULL, go_on_action);
  gtk_widget_class_install_action (widget_class, "bar.dismiss", NULL, dismiss_action);
}

static void
relais_go_on_bar_init (RelaisGoOnBar *self)
{
  self->exports = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_go_on_bar_set_workspace:
 * @self: the bar
 * @workspace: whose exports it looks at: those that are interrupted now
 */
void
relais_go_on_bar_set_workspace (RelaisGoOnBar   *self,
                                RelaisWorkspace *workspace)
{
  GListModel *exports = relais_workspace_get_exports (workspace);

  if (!g_set_object (&self->workspace, workspace))
    return;
  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);

      if (relais_export_get_status (export) != RELAIS_EXPORT_INTERRUPTED)
        continue;
      g_signal_connect_object (export, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_ptr_array_add (self->exports, g_steal_pointer (&export));
    }
  g_signal_connect_object (exports, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::role", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
