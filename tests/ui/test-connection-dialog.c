/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection-dialog.h"

#include "relais-connect-group.h"
#include "ui-fixture.h"

#include <string.h>

static GtkWidget *
open_dialog (UiFixture        *fixture,
             RelaisConnection *connection)
{
  GtkWidget *dialog = relais_connection_dialog_new (NULL, fixture->workspace, connection);

  gtk_window_present (GTK_WINDOW (dialog));
  ui_settle ();

  return dialog;
}

static void
agree (GtkWidget *dialog)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (ui_child (dialog, "agree_button")), TRUE);
}

static GtkWidget *
in_sign_in (GtkWidget  *dialog,
            const char *id)
{
  return ui_child (ui_child (dialog, "sign_in_group"), id);
}

static GtkWidget *
in_connect (GtkWidget  *dialog,
            const char *id)
{
  return ui_child (ui_child (dialog, "connect_group"), id);
}

static void
write_key (GtkWidget  *dialog,
           const char *key)
{
  ui_write (ui_child (dialog, "sign_in_group"), "key_row", key);
}

static void
write_host (GtkWidget  *dialog,
            const char *host)
{
  ui_write (ui_child (dialog, "sign_in_group"), "host_row", host);
}

static const char *
get_subtitle (GtkWidget *dialog)
{
  return adw_action_row_get_subtitle (ADW_ACTION_ROW (in_connect (dialog, "row")));
}

static gboolean
is_answered (gpointer dialog)
{
  return !relais_connect_group_is_busy (RELAIS_CONNECT_GROUP (ui_child (dialog, "connect_group")));
}

static void
press_connect (GtkWidget *dialog)
{
  gtk_widget_activate_action (dialog, "dialog.connect", NULL);
  ui_wait ("the account's answer", is_answered, dialog);
}

static gboolean
has_connection (gpointer workspace)
{
  return g_list_model_get_n_items (relais_workspace_get_connections (workspace)) == 1;
}

static void
fill (UiFixture  *fixture,
      GtkWidget  *dialog,
      const char *key)
{
  ui_write (dialog, "name_row", "Shop");
  write_key (dialog, key);
  write_host (dialog, relais_practice_get_address (fixture->practice));
}

static void
test_save_is_allowed_when_everything_is_there (UiFixture     *fixture,
                                               gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);
  g_autoptr (RelaisConnection) connection = NULL;
  gpointer left = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &left);
  g_assert_false (ui_may (dialog, "dialog.save"));
  fill (fixture, dialog, UI_KEY);
  g_assert_false (ui_may (dialog, "dialog.save"));
  press_connect (dialog);
  g_assert_true (g_str_has_prefix (get_subtitle (dialog), "Connected"));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == ui_child (dialog, "agree_button"));
  g_assert_false (ui_may (dialog, "dialog.save"));
  agree (dialog);
  g_assert_true (ui_may (dialog, "dialog.save"));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (ui_child (dialog, "missing"))), ==, "");

  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the connection", has_connection, fixture->workspace);
  connection = g_list_model_get_item (relais_workspace_get_connections (fixture->workspace), 0);
  g_assert_cmpstr (relais_connection_get_name (connection), ==, "Shop");
  g_assert_true (relais_connection_is_practice (connection));
  g_assert_cmpint (relais_connection_get_record (connection)->check, ==, RELAIS_CHECK_CONNECTED);
  g_assert_cmpint (relais_connection_get_record (connection)->consent_version, ==, RELAIS_CONSENT_VERSION);
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection)), ==, UI_KEY);
  ui_settle ();
  g_assert_null (left);
}

static void
test_an_account_that_is_held_up_is_told_and_can_be_saved (UiFixture     *fixture,
                                                          gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);
  g_autoptr (GError) error = NULL;

  relais_practice_add_fault (fixture->practice, "account-status", "under review", &error);
  g_assert_no_error (error);
  fill (fixture, dialog, UI_KEY);
  agree (dialog);
  press_connect (dialog);
  g_assert_true (g_str_has_prefix (get_subtitle (dialog), "Connected"));
  g_assert_nonnull (strstr (get_subtitle (dialog), "“under review”"));
  g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (in_connect (dialog, "icon"))), ==, "dialog-warning-symbolic");
  g_assert_true (ui_may (dialog, "dialog.save"));
  ui_destroy (dialog);
}

/* So small that not all of the dialog can be seen at once */
/* The window manager has shown it, so that its size stays. */
static gboolean
is_active (gpointer window)
{
  return gtk_window_is_active (window);
}

static GtkWidget *
open_small_dialog (UiFixture        *fixture,
                   RelaisConnection *connection)
{
  GtkWidget *dialog = relais_connection_dialog_new (NULL, fixture->workspace, connection);

  gtk_window_set_default_size (GTK_WINDOW (dialog), 360, 400);
  gtk_window_present (GTK_WINDOW (dialog));
  ui_wait ("the dialog", is_active, dialog);
  ui_settle ();

  return dialog;
}

static gboolean
can_be_seen (gpointer widget)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (widget, viewport, &bounds) && bounds.size.height > 0 && bounds.origin.y >= 0 &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (viewport);
}

static gboolean
has_focus (GtkWidget *dialog,
           GtkWidget *widget)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (dialog));

  return focus == widget || gtk_widget_is_ancestor (focus, widget);
}

static void
test_a_wrong_key_is_told_beside_the_key (UiFixture     *fixture,
                                         gconstpointer  data)
{
  GtkWidget *dialog = open_small_dialog (fixture, NULL);
  GtkWidget *row = in_sign_in (dialog, "key_row");

  fill (fixture, dialog, "not the key");
  agree (dialog);
  gtk_widget_grab_focus (in_connect (dialog, "button"));
  press_connect (dialog);
  g_assert_nonnull (strstr (get_subtitle (dialog), "API key"));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (in_sign_in (dialog, "note"))), ==, get_subtitle (dialog));
  g_assert_true (gtk_widget_has_css_class (row, "error"));
  g_assert_false (gtk_widget_has_css_class (in_sign_in (dialog, "host_row"), "error"));
  g_assert_true (has_focus (dialog, row));
  ui_wait ("the key in sight", can_be_seen, row);
  ui_wait ("the answer in sight", can_be_seen, in_sign_in (dialog, "note"));
  g_assert_false (ui_may (dialog, "dialog.save"));

  write_key (dialog, UI_KEY);
  g_assert_cmpstr (get_subtitle (dialog), ==, "Not connected yet");
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_assert_false (gtk_widget_get_visible (in_sign_in (dialog, "note")));
  press_connect (dialog);
  g_assert_true (ui_may (dialog, "dialog.save"));
  ui_wait ("the answer in sight", can_be_seen, in_connect (dialog, "row"));
  ui_destroy (dialog);
}

/* Then the answer is beside the button. */
static void
test_what_is_no_field_s_fault_is_told_beside_the_button (UiFixture     *fixture,
                                                         gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *dialog = open_small_dialog (fixture, connection);

  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  press_connect (dialog);
  g_assert_nonnull (strstr (get_subtitle (dialog), "locked"));
  g_assert_false (gtk_widget_has_css_class (in_sign_in (dialog, "key_row"), "error"));
  g_assert_false (gtk_widget_has_css_class (in_sign_in (dialog, "host_row"), "error"));
  g_assert_true (has_focus (dialog, in_connect (dialog, "button")));
  ui_wait ("the answer in sight", can_be_seen, in_connect (dialog, "row"));
  ui_destroy (dialog);
}

static void
test_a_host_that_does_not_answer_is_told_in_plain_words (UiFixture     *fixture,
                                                         gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);

  fill (fixture, dialog, UI_KEY);
  relais_practice_stop (fixture->practice);
  press_connect (dialog);
  g_assert_true (gtk_widget_get_visible (in_connect (dialog, "icon")));
  g_assert_true (gtk_widget_has_css_class (in_connect (dialog, "icon"), "warning"));
  g_assert_cmpstr (get_subtitle (dialog), !=, "Not connected yet");
  g_assert_true (g_str_has_suffix (get_subtitle (dialog), "."));
  g_assert_true (gtk_widget_has_css_class (in_sign_in (dialog, "host_row"), "error"));
  g_assert_false (gtk_widget_has_css_class (in_sign_in (dialog, "key_row"), "error"));
  ui_destroy (dialog);
}

static void
test_what_is_no_host_is_refused_beside_its_field (UiFixture     *fixture,
                                                  gconstpointer  data)
{
  static const char * const wrong[] = { "", "192.168.1.5", "shop", "https://user@shop.api-us1.com", "shop.api-us1.com/lists/4", "my shop.api-us1.com", "10.0.0.1:8080" };
  GtkWidget *dialog = open_dialog (fixture, NULL);

  write_key (dialog, UI_KEY);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      write_host (dialog, wrong[i]);
      gtk_widget_activate_action (dialog, "dialog.connect", NULL);
      g_assert_true (gtk_widget_has_css_class (in_sign_in (dialog, "host_row"), "error"));
      g_assert_true (gtk_widget_get_visible (in_sign_in (dialog, "note")));
      g_assert_true (is_answered (dialog));
    }
  write_host (dialog, "shop.api-us1.com");
  g_assert_false (gtk_widget_has_css_class (in_sign_in (dialog, "host_row"), "error"));
  g_assert_false (gtk_widget_get_visible (in_sign_in (dialog, "note")));
  ui_destroy (dialog);
}

static void
test_the_key_is_asked_for (UiFixture     *fixture,
                           gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);

  fill (fixture, dialog, "");
  gtk_widget_activate_action (dialog, "dialog.connect", NULL);
  g_assert_true (gtk_widget_has_css_class (in_sign_in (dialog, "key_row"), "error"));
  g_assert_true (is_answered (dialog));
  ui_destroy (dialog);
}

static void
test_a_host_of_nobody_known_has_to_be_confirmed (UiFixture     *fixture,
                                                 gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);
  GListModel *tops = gtk_window_get_toplevels ();
  GtkWidget *question = NULL;

  fill (fixture, dialog, UI_KEY);
  write_host (dialog, "https://mail.example.org/");
  gtk_widget_activate_action (dialog, "dialog.connect", NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (in_sign_in (dialog, "host_row"))), ==, "mail.example.org");
  g_assert_true (is_answered (dialog));
  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (tops, i);

      if (ADW_IS_MESSAGE_DIALOG (top))
        question = top;
    }
  g_assert_nonnull (question);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (question)), "mail.example.org"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), "cancel");
  ui_settle ();
  g_assert_true (is_answered (dialog));
  ui_destroy (dialog);
}

static void
test_closing_while_connecting_leaves_nothing_behind (UiFixture     *fixture,
                                                     gconstpointer  data)
{
  guint calls = relais_memory_secrets_get_calls (fixture->secrets);
  GtkWidget *dialog = open_dialog (fixture, NULL);

  fill (fixture, dialog, UI_KEY);
  agree (dialog);
  gtk_widget_activate_action (dialog, "dialog.connect", NULL);
  g_assert_false (is_answered (dialog));
  ui_destroy (dialog);
  g_assert_cmpuint (g_list_model_get_n_items (relais_workspace_get_connections (fixture->workspace)), ==, 0);
  g_assert_cmpuint (relais_memory_secrets_get_calls (fixture->secrets), ==, calls);
}

static void
test_stop_gives_connecting_up (UiFixture     *fixture,
                               gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);

  fill (fixture, dialog, UI_KEY);
  gtk_widget_activate_action (dialog, "dialog.connect", NULL);
  gtk_widget_activate_action (ui_child (dialog, "connect_group"), "connect.stop", NULL);
  ui_wait ("connecting to stop", is_answered, dialog);
  g_assert_cmpstr (get_subtitle (dialog), ==, "Not connected yet");
  ui_destroy (dialog);
}

/* Save may keep only what the account was asked about. */
static void
test_another_key_while_connecting_has_to_be_asked_about (UiFixture     *fixture,
                                                         gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);

  fill (fixture, dialog, UI_KEY);
  agree (dialog);
  gtk_widget_activate_action (dialog, "dialog.connect", NULL);
  g_assert_false (ui_may (dialog, "dialog.connect"));
  write_key (dialog, "not the key");
  ui_wait ("connecting to end", is_answered, dialog);
  g_assert_cmpstr (get_subtitle (dialog), ==, "Not connected yet");
  g_assert_false (ui_may (dialog, "dialog.save"));
  ui_destroy (dialog);
}

static gboolean
has_save_note (gpointer dialog)
{
  return gtk_widget_get_visible (ui_child (dialog, "save_note_box"));
}

static void
test_a_locked_keyring_is_told_and_can_be_tried_again (UiFixture     *fixture,
                                                      gconstpointer  data)
{
  GtkWidget *dialog = open_dialog (fixture, NULL);

  fill (fixture, dialog, UI_KEY);
  press_connect (dialog);
  agree (dialog);
  relais_memory_secrets_set_locked (fixture->secrets, TRUE);
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("what is wrong", has_save_note, dialog);
  g_assert_cmpuint (g_list_model_get_n_items (relais_workspace_get_connections (fixture->workspace)), ==, 0);
  g_assert_true (ui_may (dialog, "dialog.save"));

  relais_memory_secrets_set_locked (fixture->secrets, FALSE);
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the connection", has_connection, fixture->workspace);
}

static void
test_a_name_that_is_taken_is_told_beside_its_field (UiFixture     *fixture,
                                                    gconstpointer  data)
{
  GtkWidget *dialog;

  ui_add_connection (fixture, "Shop");
  dialog = open_dialog (fixture, NULL);
  fill (fixture, dialog, UI_KEY);
  press_connect (dialog);
  agree (dialog);
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("what is wrong", has_save_note, dialog);
  g_assert_true (gtk_widget_has_css_class (ui_child (dialog, "name_row"), "error"));
  ui_write (dialog, "name_row", "Other shop");
  g_assert_false (has_save_note (dialog));
  g_assert_false (gtk_widget_has_css_class (ui_child (dialog, "name_row"), "error"));
  g_assert_true (ui_may (dialog, "dialog.save"));
  ui_destroy (dialog);
}

static gboolean
is_renamed (gpointer connection)
{
  return g_strcmp0 (relais_connection_get_name (connection), "Shop in Nîmes") == 0;
}

static void
test_editing_keeps_the_key_and_never_shows_it (UiFixture     *fixture,
                                               gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *dialog = open_dialog (fixture, connection);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (in_sign_in (dialog, "key_row"))), ==, "");
  g_assert_true (ui_may (dialog, "dialog.save"));
  ui_write (dialog, "name_row", "Shop in Nîmes");
  press_connect (dialog);
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the new name", is_renamed, connection);
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection)), ==, UI_KEY);
  g_assert_cmpstr (relais_connection_get_record (connection)->host, ==, relais_practice_get_address (fixture->practice));
}

static void
test_a_key_that_was_tried_and_taken_back_is_not_saved (UiFixture     *fixture,
                                                       gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *dialog = open_dialog (fixture, connection);

  write_key (dialog, "not the key");
  press_connect (dialog);
  g_assert_false (ui_may (dialog, "dialog.save"));
  write_key (dialog, "");
  press_connect (dialog);
  agree (dialog);
  ui_write (dialog, "name_row", "Shop in Nîmes");
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the new name", is_renamed, connection);
  g_assert_cmpstr (relais_memory_secrets_peek (fixture->secrets, RELAIS_SECRET_API_KEY, relais_connection_get_id (connection)), ==, UI_KEY);
}

/* Another name is no new agreement, and no word of the account's. */
static void
test_another_name_changes_nothing_else (UiFixture     *fixture,
                                        gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  g_autoptr (RelaisConnectionRecord) refused = relais_connection_record_copy (relais_connection_get_record (connection));
  GtkWidget *dialog;

  refused->check = RELAIS_CHECK_KEY_REFUSED;
  refused->checked_at = 2;
  relais_connection_set_record (connection, refused);
  dialog = open_dialog (fixture, connection);
  g_assert_cmpstr (get_subtitle (dialog), ==, "Key refused");
  ui_write (dialog, "name_row", "Shop in Nîmes");
  gtk_widget_activate_action (dialog, "dialog.save", NULL);
  ui_wait ("the new name", is_renamed, connection);
  g_assert_cmpint (relais_connection_get_record (connection)->consent_at, ==, 1);
  g_assert_cmpint (relais_connection_get_record (connection)->check, ==, RELAIS_CHECK_KEY_REFUSED);
  g_assert_cmpint (relais_connection_get_record (connection)->checked_at, ==, 2);
}

static void
test_another_account_has_to_be_agreed_to_again (UiFixture     *fixture,
                                                gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *dialog = open_dialog (fixture, connection);

  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (ui_child (dialog, "agree_button"))));
  write_host (dialog, "shop.api-us1.com");
  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (ui_child (dialog, "agree_button"))));
  g_assert_false (ui_may (dialog, "dialog.save"));
  ui_destroy (dialog);
}

/* What the account came to has nothing to do with what was agreed to. */
static void
test_a_failed_connect_keeps_no_agreement_for_another_account (UiFixture     *fixture,
                                                              gconstpointer  data)
{
  RelaisConnection *connection = ui_add_connection (fixture, "Shop");
  GtkWidget *dialog = open_dialog (fixture, connection);

  write_key (dialog, "not the key");
  agree (dialog);
  press_connect (dialog);
  g_assert_false (ui_may (dialog, "dialog.save"));
  write_host (dialog, "shop.api-us1.com");
  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (ui_child (dialog, "agree_button"))));
  ui_destroy (dialog);
}

#define ADD(name, function) g_test_add ("/connection-dialog/" name, UiFixture, NULL, ui_fixture_set_up, function, ui_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  ADD ("save-is-allowed-when-everything-is-there", test_save_is_allowed_when_everything_is_there);
  ADD ("an-account-that-is-held-up-is-told-and-can-be-saved", test_an_account_that_is_held_up_is_told_and_can_be_saved);
  ADD ("a-wrong-key-is-told-beside-the-key", test_a_wrong_key_is_told_beside_the_key);
  ADD ("what-is-no-field-s-fault-is-told-beside-the-button", test_what_is_no_field_s_fault_is_told_beside_the_button);
  ADD ("a-host-that-does-not-answer-is-told-in-plain-words", test_a_host_that_does_not_answer_is_told_in_plain_words);
  ADD ("what-is-no-host-is-refused-beside-its-field", test_what_is_no_host_is_refused_beside_its_field);
  ADD ("the-key-is-asked-for", test_the_key_is_asked_for);
  ADD ("a-host-of-nobody-known-has-to-be-confirmed", test_a_host_of_nobody_known_has_to_be_confirmed);
  ADD ("closing-while-connecting-leaves-nothing-behind", test_closing_while_connecting_leaves_nothing_behind);
  ADD ("stop-gives-connecting-up", test_stop_gives_connecting_up);
  ADD ("another-key-while-connecting-has-to-be-asked-about", test_another_key_while_connecting_has_to_be_asked_about);
  ADD ("a-locked-keyring-is-told-and-can-be-tried-again", test_a_locked_keyring_is_told_and_can_be_tried_again);
  ADD ("a-name-that-is-taken-is-told-beside-its-field", test_a_name_that_is_taken_is_told_beside_its_field);
  ADD ("editing-keeps-the-key-and-never-shows-it", test_editing_keeps_the_key_and_never_shows_it);
  ADD ("a-key-that-was-tried-and-taken-back-is-not-saved", test_a_key_that_was_tried_and_taken_back_is_not_saved);
  ADD ("another-name-changes-nothing-else", test_another_name_changes_nothing_else);
  ADD ("another-account-has-to-be-agreed-to-again", test_another_account_has_to_be_agreed_to_again);
  ADD ("a-failed-connect-keeps-no-agreement-for-another-account", test_a_failed_connect_keeps_no_agreement_for_another_account);

  return g_test_run ();
}
