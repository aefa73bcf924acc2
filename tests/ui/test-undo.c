/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-undo.h"

#include "relais-window.h"
#include "ui-fixture.h"

#include <string.h>

typedef struct
{
  RelaisWorkspace *workspace;
  gpointer         thing;
} Thing;

static gboolean
is_set_aside (gpointer data)
{
  const Thing *one = data;

  return relais_workspace_is_set_aside (one->workspace, one->thing);
}

static gboolean
is_settled (gpointer data)
{
  return !is_set_aside (data);
}

static GtkWidget *
find_button (GtkWidget *root)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = GTK_IS_BUTTON (child) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (child)), "_Undo") == 0 ? child : find_button (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
has_button (gpointer overlay)
{
  return find_button (overlay) != NULL;
}

static const char *
peek_key (UiFixture        *fixture,
          RelaisConnection *connection)
{
  return relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection));
}

static GtkWidget *
show_overlay (GtkWidget **overlay)
{
  *overlay = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (*overlay), gtk_label_new ("Page"));

  return ui_show (*overlay);
}

static void
remove_it (UiFixture *fixture,
           GtkWidget *overlay,
           gpointer   thing)
{
  Thing one = { fixture->workspace, thing };

  relais_undo_remove (ADW_TOAST_OVERLAY (overlay), fixture->workspace, thing);
  ui_wait ("it to go", is_set_aside, &one);
  ui_wait ("the offer", has_button, overlay);
}

static void
test_the_button_brings_it_back (UiFixture     *fixture,
                                gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "A & <b>B</b>, with a name that is too long for a toast");
  GtkWidget *overlay;
  GtkWidget *window = show_overlay (&overlay);

  remove_it (fixture, overlay, connection);
  g_assert_nonnull (ui_find_label (overlay, "“A &amp; &lt;b&gt;B&lt;/b&gt;, w…” removed"));
  g_signal_emit_by_name (find_button (overlay), "clicked");
  g_assert_true (relais_workspace_find_connection (fixture->workspace, relais_connection_get_id (connection)) == connection);
  ui_settle ();
  ui_destroy (window);
  g_assert_cmpstr (peek_key (fixture, connection), ==, UI_KEY);
}

static void
test_with_the_page_the_offer_ends (UiFixture     *fixture,
                                   gconstpointer  data)
{
  g_autoptr (RelaisConnection) connection = g_object_ref (ui_add_connection (fixture, "Shop"));
  Thing one = { fixture->workspace, connection };
  GtkWidget *overlay;
  GtkWidget *window = show_overlay (&overlay);

  remove_it (fixture, overlay, connection);
  ui_destroy (window);
  ui_wait ("it to be gone for good", is_settled, &one);
  g_assert_null (peek_key (fixture, connection));
  g_assert_null (relais_workspace_find_connection (fixture->workspace, "Shop"));
}

/* It is closed within the toast. */
static void
test_with_the_window_it_is_gone_for_good (UiFixture     *fixture,
                                          gconstpointer  data)
{
  g_autoptr (RelaisConnection) connection = g_object_ref (ui_add_connection (fixture, "Shop"));
  RelaisWindow *window = g_object_new (RELAIS_TYPE_WINDOW, NULL);
  Thing one = { fixture->workspace, connection };
  GtkWidget *page;

  relais_window_set_delivery (window, fixture->delivery);
  gtk_window_present (GTK_WINDOW (window));
  page = ui_child (GTK_WIDGET (window), "connections_page");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-connections", NULL);
  gtk_widget_activate_action (page, "connections.remove", "s", relais_connection_get_id (connection));
  ui_wait ("it to go", is_set_aside, &one);
  ui_settle ();
  gtk_window_close (GTK_WINDOW (window));
  ui_wait ("it to be gone for good", is_settled, &one);
  g_assert_null (peek_key (fixture, connection));
  ui_settle ();
}

static GtkWidget *
find_message (void)
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

static gboolean
has_message (gpointer unused)
{
  return find_message () != NULL;
}

static void
dismiss (GtkWidget *overlay)
{
  GtkWidget *close = find_button (overlay);

  /* The other button of the toast */
  while (close != NULL && !gtk_widget_has_css_class (close, "circular"))
    close = gtk_widget_get_next_sibling (close);
  g_assert_nonnull (close);
  g_signal_emit_by_name (close, "clicked");
}

static void
test_a_locked_keyring_is_told_and_nothing_is_half_gone (UiFixture     *fixture,
                                                        gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *overlay;
  GtkWidget *window = show_overlay (&overlay);

  remove_it (fixture, overlay, connection);
  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  dismiss (overlay);
  ui_wait ("why it is back", has_message, NULL);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (find_message ())), ==, "The Connection Was Not Removed");
  g_assert_true (relais_workspace_find_connection (fixture->workspace, "Shop") == connection);
  relais_memory_secrets_set_locked (fixture->secrets, FALSE);
  g_assert_cmpstr (peek_key (fixture, connection), ==, UI_KEY);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_message ()), "close");
  ui_settle ();
  ui_destroy (window);
}

static gboolean
has_no_button (gpointer overlay)
{
  return !has_button (overlay);
}

/* Undo must not give two of one name. */
static void
test_a_name_that_is_given_away_ends_the_offer (UiFixture     *fixture,
                                               gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  g_autoptr (RelaisExport) export = NULL;
  GtkWidget *overlay;
  GtkWidget *window = show_overlay (&overlay);

  ui_add_connection (fixture, "Shop");
  export = g_object_ref (ui_add_export (fixture, "Spring", path));
  remove_it (fixture, overlay, export);
  ui_add_export (fixture, "SPRING", path);
  ui_wait ("no offer", has_no_button, overlay);
  g_assert_cmpuint (g_list_model_get_n_items (relais_workspace_get_exports (fixture->workspace)), ==, 1);
  ui_destroy (window);
}

static gboolean
is_live (gpointer export)
{
  RelaisRun *run = relais_export_get_last_run (export);

  return run != NULL && relais_run_is_live (run);
}

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisRun) run = relais_delivery_run_finish (RELAIS_DELIVERY (object), result, &error);

  *(char **) user_data = g_strdup (run != NULL ? "ran" : error->message);
}

static gboolean
has_ended (gpointer data)
{
  return *(char **) data != NULL;
}

static void
test_a_run_is_stopped_and_none_begins (UiFixture     *fixture,
                                       gconstpointer  data)
{
  const RelaisRunOptions options = { .trigger = RELAIS_TRIGGER_ON_DEMAND };
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (RelaisExport) export = NULL;
  g_autoptr (RelaisRun) run = NULL;
  GtkWidget *overlay;
  GtkWidget *window = show_overlay (&overlay);

  ui_add_connection (fixture, "Shop");
  export = g_object_ref (ui_add_export (fixture, "Spring", path));
  run = relais_delivery_run_async (fixture->delivery, export, &options, NULL, ended_cb, &first);
  g_assert_true (is_live (export));
  remove_it (fixture, overlay, export);
  g_assert_false (is_live (export));
  ui_wait ("the run", has_ended, &first);
  g_assert_null (relais_delivery_run_async (fixture->delivery, export, &options, NULL, ended_cb, &second));
  ui_wait ("no run", has_ended, &second);
  g_assert_nonnull (strstr (second, "removed in the meantime"));
  ui_destroy (window);
}

#define ADD(name, function) g_test_add ("/undo/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("the-button-brings-it-back", test_the_button_brings_it_back);
  ADD ("with-the-page-the-offer-ends", test_with_the_page_the_offer_ends);
  ADD ("with-the-window-it-is-gone-for-good", test_with_the_window_it_is_gone_for_good);
  ADD ("a-locked-keyring-is-told-and-nothing-is-half-gone", test_a_locked_keyring_is_told_and_nothing_is_half_gone);
  ADD ("a-name-that-is-given-away-ends-the-offer", test_a_name_that_is_given_away_ends_the_offer);
  ADD ("a-run-is-stopped-and-none-begins", test_a_run_is_stopped_and_none_begins);

  return g_test_run ();
}
