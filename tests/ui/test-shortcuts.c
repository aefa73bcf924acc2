/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-window.h"

#include "ui-fixture.h"

static GtkApplication *
start_application (void)
{
  g_autoptr (GError) error = NULL;
  AdwApplication *application = adw_application_new ("io.github.relais.Relais.Test", G_APPLICATION_NON_UNIQUE);

  g_application_set_resource_base_path (G_APPLICATION (application), RELAIS_RESOURCE_PATH);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "win.add", (const char *[]) { "<Control>n", NULL });

  return GTK_APPLICATION (application);
}

static GtkWindow *
find_shortcuts (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (GTK_IS_SHORTCUTS_WINDOW (window))
        return window;
    }

  return NULL;
}

static gboolean
no_shortcuts (gpointer data)
{
  return find_shortcuts () == NULL;
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

/* GTK 4.8 ends the program when a screen reader comes upon one. */
static void
assert_no_hidden_window (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      g_assert_true (gtk_widget_get_visible (window));
    }
}

static void
test_they_are_there_while_they_are_seen (UiFixture     *fixture,
                                         gconstpointer  data)
{
  g_autoptr (GtkApplication) application = start_application ();
  RelaisWindow *window = relais_window_new (application);

  relais_window_set_delivery (window, fixture->delivery);
  gtk_window_present (GTK_WINDOW (window));
  assert_no_hidden_window ();
  for (guint i = 0; i < 2; i++)
    {
      GtkWindow *shortcuts;

      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.show-shortcuts", NULL));
      shortcuts = find_shortcuts ();
      g_assert_nonnull (shortcuts);
      ui_wait ("the shortcuts", is_mapped, shortcuts);
      g_assert_cmpstr (gtk_window_get_title (shortcuts), ==, "Keyboard Shortcuts");
      g_assert_true (gtk_window_get_transient_for (shortcuts) == GTK_WINDOW (window));
      gtk_window_close (shortcuts);
      ui_wait ("the shortcuts to close", no_shortcuts, NULL);
      assert_no_hidden_window ();
    }
  gtk_window_destroy (GTK_WINDOW (window));
  ui_settle ();
}

int
main (int   argc,
      char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add ("/shortcuts/they-are-there-while-they-are-seen", UiFixture, NULL, ui_fixture_set_up,
              test_they_are_there_while_they_are_seen, ui_fixture_tear_down);

  return g_test_run ();
}
