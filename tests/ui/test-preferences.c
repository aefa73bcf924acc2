/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-preferences.h"

#include "relais-connections-order.h"
#include "relais-journal-ageing.h"
#include "relais-settings.h"
#include "relais-window.h"
#include "ui-fixture.h"

typedef struct
{
  gboolean done;
  guint    days;
} Days;

static void
got_days_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  Days *days = user_data;

  g_assert_true (relais_journal_get_keep_days_finish (RELAIS_JOURNAL (object), result, &days->days, &error));
  g_assert_no_error (error);
  days->done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Days *) data)->done;
}

static guint
get_days (UiFixture *fixture)
{
  Days days = { FALSE, 0 };

  relais_journal_get_keep_days_async (relais_workspace_get_journal (fixture->workspace), NULL, got_days_cb, &days);
  ui_wait ("the number of days", is_done, &days);

  return days.days;
}

static gboolean
shows_days (gpointer window)
{
  return *gtk_editable_get_text (GTK_EDITABLE (ui_child (window, "days_row"))) != '\0';
}

static GtkWidget *
show_preferences (UiFixture *fixture)
{
  GtkWidget *window = relais_preferences_new (NULL, fixture->workspace);

  gtk_window_present (GTK_WINDOW (window));
  ui_wait ("the number of days", shows_days, window);

  return window;
}

static void
apply (GtkWidget  *window,
       const char *text)
{
  ui_write (window, "days_row", text);
  g_signal_emit_by_name (ui_child (window, "days_row"), "apply");
  ui_settle ();
}

static GtkWidget *
find_question (void)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (tops, i);

      if (ADW_IS_MESSAGE_DIALOG (top))
        return top;
    }

  return NULL;
}

static void
answer (const char *response)
{
  GtkWidget *question = find_question ();

  g_assert_nonnull (question);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), response);
  ui_settle ();
}

static void
test_more_days_are_kept_at_once (UiFixture     *fixture,
                                 gconstpointer  data)
{
  GtkWidget *window = show_preferences (fixture);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_child (window, "days_row"))), ==, "90");
  apply (window, " 365 ");
  g_assert_null (find_question ());
  g_assert_cmpuint (get_days (fixture), ==, 365);
  ui_destroy (window);
}

static void
test_fewer_days_are_asked_about (UiFixture     *fixture,
                                 gconstpointer  data)
{
  GtkWidget *window = show_preferences (fixture);

  apply (window, "9");
  g_assert_cmpuint (get_days (fixture), ==, 90);
  answer ("cancel");
  g_assert_cmpuint (get_days (fixture), ==, 90);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_child (window, "days_row"))), ==, "90");

  apply (window, "9");
  answer ("delete");
  g_assert_cmpuint (get_days (fixture), ==, 9);
  ui_destroy (window);
}

static void
test_what_is_no_number_is_marked (UiFixture     *fixture,
                                  gconstpointer  data)
{
  static const char * const wrong[] = { "", "-1", "soon", "36501", "1.5" };
  GtkWidget *window = show_preferences (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      apply (window, wrong[i]);
      g_assert_true (gtk_widget_has_css_class (ui_child (window, "days_row"), "error"));
      g_assert_null (find_question ());
    }
  g_assert_cmpuint (get_days (fixture), ==, 90);
  ui_write (window, "days_row", "91");
  g_assert_false (gtk_widget_has_css_class (ui_child (window, "days_row"), "error"));
  ui_destroy (window);
}

static void
test_only_an_administrator_changes_anything (UiFixture     *fixture,
                                             gconstpointer  data)
{
  GtkWidget *window = show_preferences (fixture);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (ui_child (window, "history_group"));
  g_autofree char *before = g_strdup (adw_preferences_group_get_description (group));

  g_assert_true (gtk_widget_is_sensitive (ui_child (window, "days_row")));
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_CONTRIBUTOR);
  g_assert_false (gtk_widget_is_sensitive (ui_child (window, "days_row")));
  g_assert_cmpstr (adw_preferences_group_get_description (group), !=, before);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (ui_child (window, "role_name"))), ==, "Contributor");
  apply (window, "365");
  g_assert_cmpuint (get_days (fixture), ==, 90);
  ui_destroy (window);
}

/* The window as it was */

/* A frame may be drawn inside of what was asked for. */
#define FRAME 20

static GtkWidget *
show_window (UiFixture *fixture,
             GSettings *settings)
{
  GtkWidget *window = GTK_WIDGET (relais_window_new (NULL));

  relais_window_set_settings (RELAIS_WINDOW (window), settings);
  relais_window_set_delivery (RELAIS_WINDOW (window), fixture->delivery);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

static gboolean
is_700_wide (gpointer window)
{
  int width = gtk_widget_get_width (window);

  return width > 700 - FRAME && width <= 700;
}

static const char *
get_page (GtkWidget *window)
{
  return adw_view_stack_get_visible_child_name (ADW_VIEW_STACK (ui_child (window, "pages")));
}

static void
test_a_window_opens_as_it_was (UiFixture     *fixture,
                               gconstpointer  data)
{
  g_autoptr (GSettings) settings = relais_settings_new ();
  GtkWidget *window = show_window (fixture, settings);

  g_assert_cmpstr (get_page (window), ==, "exports");
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 500);
  gtk_widget_activate_action (window, "win.show-connections", NULL);
  ui_wait ("another width", is_700_wide, window);
  ui_destroy (window);
  g_assert_cmpint (g_settings_get_int (settings, RELAIS_SETTING_WIDTH), ==, 700);
  g_assert_cmpint (g_settings_get_int (settings, RELAIS_SETTING_HEIGHT), ==, 500);

  window = show_window (fixture, settings);
  g_assert_cmpstr (get_page (window), ==, "connections");
  ui_wait ("the width as it was", is_700_wide, window);
  ui_destroy (window);
  g_settings_reset (settings, RELAIS_SETTING_WIDTH);
  g_settings_reset (settings, RELAIS_SETTING_HEIGHT);
  g_settings_reset (settings, RELAIS_SETTING_PAGE);
}

static void
assert_order (GSettings  *settings,
              const char *key,
              const char *order)
{
  g_autofree char *kept = g_settings_get_string (settings, key);

  g_assert_cmpstr (kept, ==, order);
}

/* Each order that a menu offers is one that the settings take, and the pages are sorted by it the next time. */
static void
test_pages_are_sorted_as_they_were (UiFixture     *fixture,
                                    gconstpointer  data)
{
  static const char * const exports_orders[] = { "name", "status", "connection", "list", "refreshed" };
  static const char * const connections_orders[] = { "name", "state", "checked", "exports" };
  g_autoptr (GSettings) settings = relais_settings_new ();
  GtkWidget *window = show_window (fixture, settings);
  g_autofree char *exports_order = NULL;
  RelaisConnectionsOrder connections_order;

  for (guint i = 0; i < G_N_ELEMENTS (exports_orders); i++)
    {
      gtk_widget_activate_action (ui_child (ui_child (window, "exports_page"), "list"), "list.order", "s", exports_orders[i]);
      assert_order (settings, RELAIS_SETTING_EXPORTS_ORDER, exports_orders[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (connections_orders); i++)
    {
      gtk_widget_activate_action (ui_child (window, "connections_page"), "connections.order", "s", connections_orders[i]);
      assert_order (settings, RELAIS_SETTING_CONNECTIONS_ORDER, connections_orders[i]);
    }
  ui_destroy (window);

  window = show_window (fixture, settings);
  g_object_get (ui_child (ui_child (window, "exports_page"), "list"), "order", &exports_order, NULL);
  g_assert_cmpstr (exports_order, ==, "refreshed");
  g_object_get (ui_child (window, "connections_page"), "order", &connections_order, NULL);
  g_assert_cmpint (connections_order, ==, RELAIS_CONNECTIONS_BY_EXPORTS);
  ui_destroy (window);
  g_settings_reset (settings, RELAIS_SETTING_EXPORTS_ORDER);
  g_settings_reset (settings, RELAIS_SETTING_CONNECTIONS_ORDER);
}

static gboolean
is_maximized (gpointer window)
{
  return gtk_window_is_maximized (window);
}

static void
test_a_maximized_window_opens_maximized (UiFixture     *fixture,
                                         gconstpointer  data)
{
  g_autoptr (GSettings) settings = relais_settings_new ();
  GtkWidget *window = show_window (fixture, settings);

  gtk_window_maximize (GTK_WINDOW (window));
  ui_wait ("a maximized window", is_maximized, window);
  ui_destroy (window);
  g_assert_true (g_settings_get_boolean (settings, RELAIS_SETTING_MAXIMIZED));
  g_assert_cmpint (g_settings_get_int (settings, RELAIS_SETTING_WIDTH), ==, 900);
  window = show_window (fixture, settings);
  ui_wait ("a maximized window", is_maximized, window);
  ui_destroy (window);
  g_settings_reset (settings, RELAIS_SETTING_MAXIMIZED);
}

/* A desktop that tiles makes windows smaller than they ask for. */
static void
test_no_window_is_kept_smaller_than_it_fits (UiFixture     *fixture,
                                             gconstpointer  data)
{
  g_autoptr (GSettings) settings = relais_settings_new ();
  GtkWidget *window = show_window (fixture, settings);

  gtk_window_set_default_size (GTK_WINDOW (window), 200, 100);
  g_assert_cmpint (g_settings_get_int (settings, RELAIS_SETTING_WIDTH), ==, 360);
  g_assert_cmpint (g_settings_get_int (settings, RELAIS_SETTING_HEIGHT), ==, 294);
  ui_destroy (window);
  g_settings_reset (settings, RELAIS_SETTING_WIDTH);
  g_settings_reset (settings, RELAIS_SETTING_HEIGHT);
}

/* A page that the role hides stays away although it was the last one. */
static void
test_a_hidden_page_is_not_opened (UiFixture     *fixture,
                                  gconstpointer  data)
{
  g_autoptr (GSettings) settings = relais_settings_new ();
  GtkWidget *window;

  g_settings_set_string (settings, RELAIS_SETTING_PAGE, "connections");
  relais_workspace_set_role (fixture->workspace, RELAIS_ROLE_VIEWER);
  window = show_window (fixture, settings);
  g_assert_cmpstr (get_page (window), ==, "exports");
  ui_destroy (window);
  g_settings_reset (settings, RELAIS_SETTING_PAGE);
}

/* What IT says in the settings counts while Relais runs. */
static void
test_the_role_follows_the_settings (UiFixture     *fixture,
                                    gconstpointer  data)
{
  g_autoptr (GSettings) settings = relais_settings_new ();

  g_settings_bind (settings, RELAIS_SETTING_ROLE, fixture->workspace, "role", G_SETTINGS_BIND_GET);
  g_assert_cmpint (relais_workspace_get_role (fixture->workspace), ==, RELAIS_ROLE_ADMINISTRATOR);
  g_settings_set_string (settings, RELAIS_SETTING_ROLE, "viewer");
  ui_settle ();
  g_assert_cmpint (relais_workspace_get_role (fixture->workspace), ==, RELAIS_ROLE_VIEWER);
  g_settings_set_string (settings, RELAIS_SETTING_ROLE, "contributor");
  ui_settle ();
  g_assert_cmpint (relais_workspace_get_role (fixture->workspace), ==, RELAIS_ROLE_CONTRIBUTOR);
  g_settings_reset (settings, RELAIS_SETTING_ROLE);
}

#define ADD(name, function) g_test_add ("/preferences/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("more-days-are-kept-at-once", test_more_days_are_kept_at_once);
  ADD ("fewer-days-are-asked-about", test_fewer_days_are_asked_about);
  ADD ("what-is-no-number-is-marked", test_what_is_no_number_is_marked);
  ADD ("only-an-administrator-changes-anything", test_only_an_administrator_changes_anything);
  ADD ("a-window-opens-as-it-was", test_a_window_opens_as_it_was);
  ADD ("pages-are-sorted-as-they-were", test_pages_are_sorted_as_they_were);
  ADD ("a-maximized-window-opens-maximized", test_a_maximized_window_opens_maximized);
  ADD ("no-window-is-kept-smaller-than-it-fits", test_no_window_is_kept_smaller_than_it_fits);
  ADD ("a-hidden-page-is-not-opened", test_a_hidden_page_is_not_opened);
  ADD ("the-role-follows-the-settings", test_the_role_follows_the_settings);

  return g_test_run ();
}
