/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connections-page.h"

#include "relais-connection-row.h"
#include "relais-error.h"
#include "relais-uses-dialog.h"
#include "ui-fixture.h"

#include <string.h>

static GtkWidget *
show_page (UiFixture  *fixture,
           GtkWidget **page)
{
  *page = g_object_new (RELAIS_TYPE_CONNECTIONS_PAGE, NULL);
  relais_connections_page_set_workspace (RELAIS_CONNECTIONS_PAGE (*page), fixture->workspace);

  return ui_show (*page);
}

static const char *
get_state (GtkWidget *page)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_child (page, "states")));
}

static void
test_an_empty_page_offers_two_ways_on (UiFixture     *fixture,
                                       gconstpointer  data)
{
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);

  g_assert_cmpstr (get_state (page), ==, "empty");
  g_assert_true (ui_may (page, "connections.add"));
  g_assert_true (ui_may (page, "connections.practice"));
  ui_add_connection (fixture, "Shop");
  g_assert_cmpstr (get_state (page), ==, "list");
  g_assert_nonnull (ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL));
  ui_destroy (window);
}

static gboolean
has_practice (gpointer workspace)
{
  return g_list_model_get_n_items (relais_workspace_get_exports (workspace)) == 1;
}

static void
test_practice_sets_up_a_connection_and_an_export (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  g_autoptr (RelaisConnection) connection = NULL;

  gtk_widget_activate_action (page, "connections.practice", NULL);
  ui_wait ("the practice account", has_practice, fixture->workspace);
  connection = g_list_model_get_item (relais_workspace_get_connections (fixture->workspace), 0);
  g_assert_true (relais_connection_is_practice (connection));
  g_assert_cmpint (relais_connection_get_record (connection)->check, ==, RELAIS_CHECK_CONNECTED);
  ui_destroy (window);
}

static int
get_check (gpointer connection)
{
  return relais_connection_get_record (connection)->check;
}

static gboolean
has_keyring_trouble (gpointer connection)
{
  return get_check (connection) == RELAIS_CHECK_KEYRING;
}

static gboolean
is_connected (gpointer connection)
{
  return get_check (connection) == RELAIS_CHECK_CONNECTED;
}

static void
test_a_locked_keyring_shows_and_can_be_tried_again (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row = ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL);

  g_assert_false (gtk_widget_get_visible (ui_child (page, "keyring_box")));
  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  gtk_widget_activate_action (row, "row.check", NULL);
  ui_wait ("the check to fail", has_keyring_trouble, connection);
  g_assert_true (gtk_widget_get_visible (ui_child (page, "keyring_box")));

  relais_memory_secrets_set_locked (fixture->secrets, FALSE);
  gtk_widget_activate_action (page, "connections.try-again", NULL);
  ui_wait ("the connection", is_connected, connection);
  g_assert_false (gtk_widget_get_visible (ui_child (page, "keyring_box")));
  ui_destroy (window);
}

typedef struct
{
  GtkWidget  *row;
  const char *words;
} Said;

static gboolean
is_said (gpointer data)
{
  const Said *said = data;

  return ui_find_label (said->row, said->words) != NULL;
}

static void
check_and_expect (GtkWidget  *row,
                  const char *words)
{
  Said said = { row, words };

  g_assert_false (is_said (&said));
  gtk_widget_activate_action (row, "row.check", NULL);
  ui_wait (words, is_said, &said);
}

static void
test_a_locked_keyring_and_none_are_told_apart (UiFixture     *fixture,
                                               gconstpointer  data)
{
  g_autoptr (GError) missing = g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_KEYRING_MISSING, "This session has no keyring.");
  GtkWidget *page;
  GtkWidget *window;
  GtkWidget *row;

  ui_add_connection (fixture, "Another shop");
  ui_add_connection (fixture, "Shop");
  window = show_page (fixture, &page);
  row = GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (page, "list")), 1));
  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  check_and_expect (row, "Keyring locked");
  relais_memory_secrets_set_locked (fixture->secrets, FALSE);
  relais_memory_secrets_fail (fixture->secrets, missing);
  check_and_expect (row, "No keyring");
  g_assert_nonnull (ui_find_label (page, "This session has no keyring."));
  relais_memory_secrets_fail (fixture->secrets, NULL);
  check_and_expect (row, "Connected");
  ui_destroy (window);
}

static void
test_closing_while_it_checks_leaves_nothing_behind (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  GtkWidget *page;
  GtkWidget *window;

  ui_add_connection (fixture, "Shop");
  window = show_page (fixture, &page);
  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL), "row.check", NULL);
  ui_destroy (window);
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
test_an_account_that_is_held_up_is_told_and_connected (UiFixture     *fixture,
                                                       gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  g_autoptr (GError) error = NULL;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);

  relais_practice_add_fault (fixture->practice, "account-status", "suspended", &error);
  g_assert_no_error (error);
  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL), "row.check", NULL);
  ui_wait ("the warning", has_message, NULL);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_message ())), "“suspended”"));
  g_assert_cmpint (get_check (connection), ==, RELAIS_CHECK_CONNECTED);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_message ()), "close");
  ui_settle ();
  ui_destroy (window);
}

static gboolean
is_empty (gpointer workspace)
{
  return g_list_model_get_n_items (relais_workspace_get_connections (workspace)) == 0;
}

static gboolean
has_undo (gpointer page)
{
  return ui_find_label (page, "Undo") != NULL || ui_find_label (page, "_Undo") != NULL;
}

static void
test_removing_asks_nothing_and_can_be_undone (UiFixture     *fixture,
                                              gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop & <b>Co</b>");
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);

  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL), "row.remove", NULL);
  ui_wait ("the offer", has_undo, page);
  g_assert_true (is_empty (fixture->workspace));
  g_assert_null (find_message ());
  g_assert_cmpstr (get_state (page), ==, "empty");
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection)), ==, UI_KEY);
  g_assert_true (relais_workspace_bring_back (fixture->workspace, connection));
  g_assert_cmpstr (get_state (page), ==, "list");
  ui_settle ();
  ui_destroy (window);
  g_assert_false (is_empty (fixture->workspace));
}

static guint
count_rows (GtkWidget *page)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (page, "list")), n) != NULL)
    n++;

  return n;
}

static const char *
name_row (GtkWidget *page,
          int        position)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (page, "list")), position);

  return relais_connection_get_name (relais_connection_row_get_connection (RELAIS_CONNECTION_ROW (row)));
}

static gboolean
has_no_row (gpointer page)
{
  return count_rows (page) == 0;
}

static gboolean
has_one_row (gpointer page)
{
  return count_rows (page) == 1;
}

static gboolean
has_two_rows (gpointer page)
{
  return count_rows (page) == 2;
}

static void
test_what_is_searched_for_is_shown (UiFixture     *fixture,
                                    gconstpointer  data)
{
  GtkWidget *page;
  GtkWidget *window;

  ui_add_connection (fixture, "Café");
  ui_add_connection (fixture, "Shop");
  window = show_page (fixture, &page);
  gtk_widget_activate_action (page, "connections.search", NULL);
  g_assert_true (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (ui_child (page, "search_bar"))));
  ui_write (page, "search_entry", "cafe");
  ui_wait ("what was found", has_one_row, page);
  g_assert_cmpstr (name_row (page, 0), ==, "Café");
  ui_write (page, "search_entry", "nowhere");
  ui_wait ("nothing", has_no_row, page);
  g_assert_true (gtk_widget_get_mapped (ui_find_label (page, "Nothing Found")));
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (ui_child (page, "search_bar")), FALSE);
  ui_wait ("all of them", has_two_rows, page);
  ui_destroy (window);
}

static void
test_the_order_is_chosen (UiFixture     *fixture,
                          gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  RelaisConnection *shop;
  GtkWidget *page;
  GtkWidget *window;

  ui_add_connection (fixture, "Boutique");
  ui_add_export (fixture, "Spring", path);
  shop = ui_add_connection (fixture, "Shop");
  ui_add_connection (fixture, "Atelier");
  window = show_page (fixture, &page);
  g_assert_cmpstr (name_row (page, 0), ==, "Atelier");
  gtk_widget_activate_action (page, "connections.order", "s", "exports");
  g_assert_cmpstr (name_row (page, 0), ==, "Boutique");
  g_assert_cmpstr (name_row (page, 1), ==, "Atelier");
  gtk_widget_activate_action (page, "connections.order", "s", "checked");
  gtk_widget_activate_action (GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_child (page, "list")), 2)), "row.check", NULL);
  ui_wait ("the connection", is_connected, shop);
  g_assert_cmpstr (name_row (page, 0), ==, "Shop");
  gtk_widget_activate_action (page, "connections.order", "s", "state");
  g_assert_cmpstr (name_row (page, 2), ==, "Shop");
  ui_destroy (window);
}

static gboolean
has_headings (GtkWidget *page)
{
  return ui_find_label (page, "ActiveCampaign") != NULL && ui_find_label (page, "Practice accounts") != NULL;
}

static void
test_kinds_have_headings_where_there_are_both (UiFixture     *fixture,
                                               gconstpointer  data)
{
  g_autoptr (RelaisConnectionRecord) record = NULL;
  RelaisConnection *connection;
  GtkWidget *page;
  GtkWidget *window;

  ui_add_connection (fixture, "Atelier");
  connection = ui_add_connection (fixture, "Shop");
  window = show_page (fixture, &page);
  g_assert_false (has_headings (page));
  ui_destroy (window);
  record = relais_connection_record_copy (relais_connection_get_record (connection));
  record->kind = RELAIS_CONNECTION_ACTIVECAMPAIGN;
  relais_connection_set_record (connection, record);
  window = show_page (fixture, &page);
  ui_settle ();
  g_assert_true (has_headings (page));
  g_assert_cmpstr (name_row (page, 0), ==, "Shop");
  ui_destroy (window);
}

static gboolean
is_shared (gpointer connection)
{
  return relais_connection_get_record (connection)->access == RELAIS_ACCESS_CONTRIBUTORS;
}

static gboolean
is_not_shared (gpointer connection)
{
  return !is_shared (connection);
}

static void
test_it_is_shared_and_shared_no_more (UiFixture     *fixture,
                                      gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row = ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL);

  gtk_widget_activate_action (row, "row.stop-sharing", NULL);
  ui_settle ();
  g_assert_true (is_not_shared (connection));
  gtk_widget_activate_action (row, "row.share", NULL);
  ui_wait ("contributors", is_shared, connection);
  g_assert_nonnull (ui_find_label (page, "Practice account · 0 exports · Administrators and contributors"));
  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL), "row.stop-sharing", NULL);
  ui_wait ("administrators alone", is_not_shared, connection);
  ui_destroy (window);
}

static gboolean
is_disconnected (gpointer export)
{
  return relais_export_get_status (export) == RELAIS_EXPORT_NO_CONNECTION;
}

static void
test_its_exports_are_disconnected_when_a_person_says_so (UiFixture     *fixture,
                                                         gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  RelaisExport *export;
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *row;

  ui_add_connection (fixture, "Shop");
  row = ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL);
  gtk_widget_activate_action (row, "row.disconnect", NULL);
  g_assert_null (find_message ());
  export = ui_add_export (fixture, "Spring", path);
  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL), "row.disconnect", NULL);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (find_message ())), ==, "Disconnect 1 Export?");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_message ()), "disconnect");
  ui_wait ("no connection", is_disconnected, export);
  g_assert_nonnull (ui_find_label (page, "Practice account · 0 exports · Administrators"));
  ui_destroy (window);
}

static GtkWidget *
find_uses (void)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (tops, i);

      if (RELAIS_IS_USES_DIALOG (top))
        return top;
    }

  return NULL;
}

static gboolean
has_no_use (gpointer dialog)
{
  return ui_may (dialog, "uses.remove-connection");
}

static void
test_one_in_use_names_its_exports_and_can_go_when_none_is_left (UiFixture     *fixture,
                                                                gconstpointer  data)
{
  g_autofree char *path = ui_write_segment (fixture, "EMail\nzoe@example.com\n");
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  RelaisExport *spring = ui_add_export (fixture, "Spring", path);
  RelaisExport *summer = ui_add_export (fixture, "Summer", path);
  GtkWidget *page;
  GtkWidget *window = show_page (fixture, &page);
  GtkWidget *dialog;

  gtk_widget_activate_action (ui_find (page, RELAIS_TYPE_CONNECTION_ROW, NULL), "row.remove", NULL);
  dialog = find_uses ();
  g_assert_nonnull (dialog);
  ui_settle ();
  g_assert_nonnull (ui_find_label (dialog, "Spring"));
  g_assert_nonnull (ui_find_label (dialog, "Summer"));
  g_assert_false (has_no_use (dialog));
  gtk_widget_activate_action (dialog, "uses.disconnect", "s", relais_export_get_id (spring));
  ui_wait ("no connection", is_disconnected, spring);
  g_assert_null (ui_find_label (dialog, "Spring"));
  g_assert_false (has_no_use (dialog));
  gtk_widget_activate_action (dialog, "uses.remove", "s", relais_export_get_id (summer));
  ui_wait ("no use", has_no_use, dialog);
  g_assert_true (relais_workspace_is_set_aside (fixture->workspace, summer));
  gtk_widget_activate_action (dialog, "uses.remove-connection", NULL);
  ui_wait ("the offer", has_undo, page);
  g_assert_true (relais_workspace_is_set_aside (fixture->workspace, connection));
  ui_destroy (window);
}

#define ADD(name, function) g_test_add ("/connections-page/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("an-empty-page-offers-two-ways-on", test_an_empty_page_offers_two_ways_on);
  ADD ("practice-sets-up-a-connection-and-an-export", test_practice_sets_up_a_connection_and_an_export);
  ADD ("a-locked-keyring-shows-and-can-be-tried-again", test_a_locked_keyring_shows_and_can_be_tried_again);
  ADD ("a-locked-keyring-and-none-are-told-apart", test_a_locked_keyring_and_none_are_told_apart);
  ADD ("an-account-that-is-held-up-is-told-and-connected", test_an_account_that_is_held_up_is_told_and_connected);
  ADD ("closing-while-it-checks-leaves-nothing-behind", test_closing_while_it_checks_leaves_nothing_behind);
  ADD ("removing-asks-nothing-and-can-be-undone", test_removing_asks_nothing_and_can_be_undone);
  ADD ("what-is-searched-for-is-shown", test_what_is_searched_for_is_shown);
  ADD ("the-order-is-chosen", test_the_order_is_chosen);
  ADD ("kinds-have-headings-where-there-are-both", test_kinds_have_headings_where_there_are_both);
  ADD ("it-is-shared-and-shared-no-more", test_it_is_shared_and_shared_no_more);
  ADD ("its-exports-are-disconnected-when-a-person-says-so", test_its_exports_are_disconnected_when_a_person_says_so);
  ADD ("one-in-use-names-its-exports-and-can-go-when-none-is-left", test_one_in_use_names_its_exports_and_can_go_when_none_is_left);

  return g_test_run ();
}
