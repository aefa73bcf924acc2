/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-window.h"

#include "relais-connections-page.h"
#include "relais-exports-page.h"
#include "relais-files-drop.h"
#include "relais-log-dialog.h"
#include "relais-settings.h"
#include "relais-shortcuts.h"
#include "relais-undo.h"

#include <string.h>

struct _RelaisWindow
{
  AdwApplicationWindow parent_instance;

  RelaisWorkspace       *workspace;      /* (owned) (nullable): once it is open */

  GtkStack              *states;
  AdwViewStack          *pages;
  AdwStatusPage         *failure;
  RelaisConnectionsPage *connections_page;
  RelaisExportsPage     *exports_page;
  AdwViewSwitcherTitle  *switcher_title;
  AdwViewSwitcherBar    *switcher_bar;
  GtkWidget             *role_box;
  GtkLabel              *role_label;
  guint                  reveal_source;  /* 0 = the bar is as the title wants it */
};

G_DEFINE_FINAL_TYPE (RelaisWindow, relais_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
shows_pages (RelaisWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->states), "pages") == 0;
}

/* The connections may not be the person's to see. */
static gboolean
has_two_pages (RelaisWindow *self)
{
  return shows_pages (self) && self->workspace != NULL &&
         relais_workspace_check_right (self->workspace, RELAIS_ACTION_SEE_CONNECTIONS, NULL, NULL);
}

static gboolean
reveal_cb (gpointer user_data)
{
  RelaisWindow *self = user_data;

  self->reveal_source = 0;
  adw_view_switcher_bar_set_reveal (self->switcher_bar,
                                    has_two_pages (self) && adw_view_switcher_title_get_title_visible (self->switcher_title));

  return G_SOURCE_REMOVE;
}

/* The title learns that it has no room while sizes are given out. What asks for
 * another size then is not heard by GTK 4.8: without animations, which ask again,
 * the bar would stay away until something else moves. So it is asked for afterwards. */
static void
title_visible_changed_cb (RelaisWindow *self)
{
  if (self->reveal_source == 0)
    self->reveal_source = g_idle_add (reveal_cb, self);
}

/* Without two pages, there is nothing to switch. */
static void
state_changed_cb (RelaisWindow *self)
{
  adw_view_switcher_title_set_view_switcher_enabled (self->switcher_title, has_two_pages (self));
  title_visible_changed_cb (self);
}

static void
show_page_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  adw_view_stack_set_visible_child_name (RELAIS_WINDOW (widget)->pages, name + strlen ("win.show-"));
}

static void
add_connection_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (RELAIS_WINDOW (widget)->connections_page), "connections.add", NULL);
}

static void
practice_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (RELAIS_WINDOW (widget)->connections_page), "connections.practice", NULL);
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  RelaisWindow *self = RELAIS_WINDOW (widget);

  if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "connections") == 0)
    add_connection_action (widget, name, NULL);
  else
    gtk_widget_activate_action (GTK_WIDGET (self->exports_page), "exports.add", NULL);
}

/* Each page has a search of its own. */
static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisWindow *self = RELAIS_WINDOW (widget);

  if (!shows_pages (self))
    return;
  if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "connections") == 0)
    gtk_widget_activate_action (GTK_WIDGET (self->connections_page), "connections.search", NULL);
  else
    relais_exports_page_search (self->exports_page);
}

static void
show_shortcuts_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  relais_shortcuts_show (GTK_APPLICATION_WINDOW (widget));
}

static void
show_log_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  gtk_window_present (GTK_WINDOW (relais_log_dialog_new (GTK_WINDOW (widget), relais_workspace_get_journal (RELAIS_WINDOW (widget)->workspace))));
}

/* A segment can be dropped on either page. */
static gboolean
files_dropped_cb (GtkWidget *widget,
                  GSList    *files)
{
  RelaisWindow *self = RELAIS_WINDOW (widget);

  if (!shows_pages (self))
    return FALSE;
  relais_window_show_exports (self);

  return relais_exports_page_add_with_files (self->exports_page, files);
}

/* What was removed here cannot be brought back any more. */
static gboolean
relais_window_close_request (GtkWindow *window)
{
  RelaisWindow *self = RELAIS_WINDOW (window);

  if (self->workspace != NULL)
    relais_undo_end_all (self->workspace);

  return GTK_WINDOW_CLASS (relais_window_parent_class)->close_request (window);
}

static gboolean
may (RelaisWindow *self,
     RelaisAction  action)
{
  return self->workspace != NULL && relais_workspace_check_right (self->workspace, action, NULL, NULL);
}

/* What the person has may not be there yet, and their role may not allow everything. */
static void
update_rights (RelaisWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean sees = self->workspace == NULL || may (self, RELAIS_ACTION_SEE_CONNECTIONS);

  gtk_widget_action_set_enabled (widget, "win.add", may (self, RELAIS_ACTION_USE_CONNECTION));
  gtk_widget_action_set_enabled (widget, "win.add-connection", may (self, RELAIS_ACTION_CHANGE_CONNECTIONS));
  gtk_widget_action_set_enabled (widget, "win.practice", may (self, RELAIS_ACTION_CHANGE_CONNECTIONS));
  gtk_widget_action_set_enabled (widget, "win.show-connections", sees);
  gtk_widget_action_set_enabled (widget, "win.show-log", may (self, RELAIS_ACTION_SEE_LOG));
  if (!sees)
    relais_window_show_exports (self);
  adw_view_stack_page_set_visible (adw_view_stack_get_page (self->pages, GTK_WIDGET (self->connections_page)), sees);
  gtk_widget_set_visible (self->role_box, !sees);
  gtk_label_set_label (self->role_label, sees ? "" : relais_role_explain (relais_workspace_get_role (self->workspace)));
  state_changed_cb (self);
}

static void
relais_window_dispose (GObject *object)
{
  g_clear_object (&RELAIS_WINDOW (object)->workspace);
  G_OBJECT_CLASS (relais_window_parent_class)->dispose (object);
}

static void
relais_window_finalize (GObject *object)
{
  g_clear_handle_id (&RELAIS_WINDOW (object)->reveal_source, g_source_remove);
  G_OBJECT_CLASS (relais_window_parent_class)->finalize (object);
}

static void
relais_window_class_init (RelaisWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relais_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = relais_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = relais_window_close_request;
  g_type_ensure (RELAIS_TYPE_CONNECTIONS_PAGE);
  g_type_ensure (RELAIS_TYPE_EXPORTS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/shell/relais-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, states);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, failure);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, connections_page);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, exports_page);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, role_box);
  gtk_widget_class_bind_template_child (widget_class, RelaisWindow, role_label);
  gtk_widget_class_bind_template_callback (widget_class, state_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, title_visible_changed_cb);
  gtk_widget_class_install_action (widget_class, "win.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "win.add-connection", NULL, add_connection_action);
  gtk_widget_class_install_action (widget_class, "win.practice", NULL, practice_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.show-exports", NULL, show_page_action);
  gtk_widget_class_install_action (widget_class, "win.show-connections", NULL, show_page_action);
  gtk_widget_class_install_action (widget_class, "win.show-shortcuts", NULL, show_shortcuts_action);
  gtk_widget_class_install_action (widget_class, "win.show-log", NULL, show_log_action);
}

static void
relais_window_init (RelaisWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  if (g_str_equal (RELAIS_PROFILE, "development"))
    gtk_widget_add_css_class (GTK_WIDGET (self), "devel");
  relais_files_drop_take (GTK_WIDGET (self), files_dropped_cb);
  update_rights (self);
}

/**
 * relais_window_new:
 * @application: whose window it is
 *
 * Returns: (transfer none): a window that waits for its content
 */
RelaisWindow *
relais_window_new (GtkApplication *application)
{
  return g_object_new (RELAIS_TYPE_WINDOW, "application", application, NULL);
}

/**
 * relais_window_set_delivery:
 * @self: the window
 * @delivery: the engine, with the workspace that is shown
 */
void
relais_window_set_delivery (RelaisWindow   *self,
                            RelaisDelivery *delivery)
{
  RelaisWorkspace *workspace = relais_delivery_get_workspace (delivery);

  relais_connections_page_set_workspace (self->connections_page, workspace);
  relais_exports_page_set_delivery (self->exports_page, delivery);
  if (g_set_object (&self->workspace, workspace))
    g_signal_connect_object (workspace, "notify::role", G_CALLBACK (update_rights), self, G_CONNECT_SWAPPED);
  gtk_stack_set_visible_child_name (self->states, "pages");
  update_rights (self);
}

/* A desktop that tiles makes windows smaller than any that opens by itself. */
static GVariant *
keep_fitting (const GValue       *value,
              const GVariantType *type,
              gpointer            least)
{
  return g_variant_new_int32 (MAX (g_value_get_int (value), GPOINTER_TO_INT (least)));
}

/**
 * relais_window_set_settings:
 * @self: the window, not shown yet
 * @settings: where its size and page are kept, and how its pages are sorted
 *
 * Makes it as it was when it was last there, and keeps how it becomes.
 */
void
relais_window_set_settings (RelaisWindow *self,
                            GSettings    *settings)
{
  int width, height;

  gtk_widget_get_size_request (GTK_WIDGET (self), &width, &height);
  g_settings_bind_with_mapping (settings, RELAIS_SETTING_WIDTH, self, "default-width", G_SETTINGS_BIND_DEFAULT,
                                NULL, keep_fitting, GINT_TO_POINTER (width), NULL);
  g_settings_bind_with_mapping (settings, RELAIS_SETTING_HEIGHT, self, "default-height", G_SETTINGS_BIND_DEFAULT,
                                NULL, keep_fitting, GINT_TO_POINTER (height), NULL);
  g_settings_bind (settings, RELAIS_SETTING_MAXIMIZED, self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, RELAIS_SETTING_PAGE, self->pages, "visible-child-name", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, RELAIS_SETTING_CONNECTIONS_ORDER, self->connections_page, "order", G_SETTINGS_BIND_DEFAULT);
  relais_exports_page_set_settings (self->exports_page, settings);
}

/**
 * relais_window_show_failure:
 * @self: the window
 * @error: why what the person has could not be opened
 */
void
relais_window_show_failure (RelaisWindow *self,
                            const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  /* A status page reads its description as markup. */
  adw_status_page_set_description (self->failure, escaped);
  gtk_stack_set_visible_child_name (self->states, "failure");
}

/**
 * relais_window_show_opening:
 * @self: the window
 *
 * What the person has is being opened, once more.
 */
void
relais_window_show_opening (RelaisWindow *self)
{
  gtk_stack_set_visible_child_name (self->states, "opening");
}

/**
 * relais_window_show_exports:
 * @self: the window
 */
void
relais_window_show_exports (RelaisWindow *self)
{
  adw_view_stack_set_visible_child_name (self->pages, "exports");
}
