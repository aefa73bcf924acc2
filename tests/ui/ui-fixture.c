/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-fixture.h"

#include "relais-client.h"
#include "relais-practice-host.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <locale.h>

/* Nothing here depends on how fast the machine is; a test that hangs has failed. */
#define PATIENCE_S 60

/**
 * ui_test_init:
 *
 * In place of gtk_test_init(): with libadwaita, and sentences in English, or in
 * LANGUAGE when RELAIS_TEST_LOCALEDIR says where they are.
 */
void
ui_test_init (int    *argc,
              char ***argv)
{
  const char *locale_folder = g_getenv ("RELAIS_TEST_LOCALEDIR");

  gtk_test_init (argc, argv, NULL);
  if (locale_folder != NULL)
    {
      setlocale (LC_ALL, "");
      bindtextdomain (GETTEXT_PACKAGE, locale_folder);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
    }
  adw_init ();
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  UiFixture *fixture = user_data;

  fixture->workspace = relais_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

void
ui_fixture_set_up (UiFixture     *fixture,
                   gconstpointer  data)
{
  g_autoptr (SoupSession) session = relais_client_session_new ();
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("relais-ui.XXXXXX", &error);
  g_assert_no_error (error);
  fixture->secrets = relais_memory_secrets_new ();
  relais_workspace_open_async (fixture->folder, RELAIS_SECRET_STORE (fixture->secrets), session, NULL, opened_cb, fixture);
  ui_wait ("the workspace", is_set, &fixture->workspace);
  relais_workspace_set_practice_provider (fixture->workspace, relais_practice_host_provide, relais_practice_host_new (NULL), g_object_unref);
  fixture->delivery = relais_delivery_new (fixture->workspace);
  fixture->practice = relais_practice_new (UI_KEY, NULL);
  g_assert_true (relais_practice_start (fixture->practice, 0, &error));
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

void
ui_fixture_tear_down (UiFixture     *fixture,
                      gconstpointer  data)
{
  gpointer left = fixture->workspace;

  /* What was under way comes to its end, and then nothing holds on to anything. */
  g_object_add_weak_pointer (G_OBJECT (fixture->workspace), &left);
  g_assert_finalize_object (fixture->delivery);
  relais_workspace_close (fixture->workspace);
  g_object_unref (fixture->workspace);
  ui_wait ("the workspace to be finalized", is_gone, &left);
  g_assert_finalize_object (fixture->secrets);
  relais_practice_stop (fixture->practice);
  g_object_unref (fixture->practice);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * ui_wait:
 * @what: is waited for
 * @condition: whether it has come
 * @data: for @condition
 *
 * Runs the main loop until it has.
 */
void
ui_wait (const char  *what,
         UiCondition  condition,
         gpointer     data)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  guint source = g_timeout_add (20, tick_cb, NULL);

  while (!condition (data))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("Waited in vain for %s", what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

/* What is ready is done, without waiting for anything. */
void
ui_settle (void)
{
  for (guint i = 0; i < 200 && g_main_context_iteration (NULL, FALSE); i++)
    ;
}

/**
 * ui_child:
 * @widget: made from a template
 * @id: of a child that its class binds
 *
 * Returns: (transfer none): that child
 */
GtkWidget *
ui_child (GtkWidget  *widget,
          const char *id)
{
  GObject *child = gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), id);

  g_assert_nonnull (child);

  return GTK_WIDGET (child);
}

static gboolean
matches (GtkWidget  *widget,
         GType       type,
         const char *action)
{
  if (!g_type_is_a (G_OBJECT_TYPE (widget), type))
    return FALSE;

  return action == NULL || (GTK_IS_ACTIONABLE (widget) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0);
}

/**
 * ui_find:
 * @root: in which to look
 * @type: of the widget
 * @action: (nullable): that it activates
 *
 * Returns: (transfer none) (nullable): the first such widget
 */
GtkWidget *
ui_find (GtkWidget  *root,
         GType       type,
         const char *action)
{
  if (matches (root, type, action))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ui_find (child, type, action);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * ui_find_label:
 * @root: in which to look
 * @text: of the label
 *
 * Returns: (transfer none) (nullable): the first such label
 */
GtkWidget *
ui_find_label (GtkWidget  *root,
               const char *text)
{
  if (GTK_IS_LABEL (root) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (root)), text) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ui_find_label (child, text);

      if (found != NULL)
        return found;
    }

  return NULL;
}

void
ui_write (GtkWidget  *widget,
          const char *id,
          const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (ui_child (widget, id)), text);
}

/**
 * ui_may:
 * @root: in which to look
 * @action: an action
 *
 * Returns: whether the button for it can be pressed
 */
gboolean
ui_may (GtkWidget  *root,
        const char *action)
{
  GtkWidget *button = ui_find (root, GTK_TYPE_BUTTON, action);

  g_assert_nonnull (button);

  return gtk_widget_is_sensitive (button);
}

/**
 * ui_drop:
 * @widget: which takes files
 * @files: (array length=n_files): that are let go over it
 *
 * Returns: whether they were taken
 */
gboolean
ui_drop (GtkWidget  *widget,
         GFile     **files,
         gsize       n_files)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  GdkFileList *list = gdk_file_list_new_from_array (files, n_files);
  GtkEventController *target = NULL;
  GValue value = G_VALUE_INIT;
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && target == NULL; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        target = controller;
    }
  g_assert_nonnull (target);
  g_assert_true (gdk_content_formats_contain_gtype (gtk_drop_target_get_formats (GTK_DROP_TARGET (target)), GDK_TYPE_FILE_LIST));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, list);
  g_signal_emit_by_name (target, "drop", &value, 10.0, 10.0, &taken);
  g_value_unset (&value);

  return taken;
}

/* A page stands in a window. */
GtkWidget *
ui_show (GtkWidget *content)
{
  GtkWidget *window = adw_window_new ();

  adw_window_set_content (ADW_WINDOW (window), content);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 600);
  gtk_window_present (GTK_WINDOW (window));
  ui_settle ();

  return window;
}

/* Closing leaves nothing of a window behind, not even while work is going on in it. */
void
ui_destroy (GtkWidget *window)
{
  gpointer left = window;

  g_object_add_weak_pointer (G_OBJECT (window), &left);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait ("the window to be finalized", is_gone, &left);
}

typedef struct
{
  gpointer  object;
  GError   *error;
  gboolean  done;
} Saved;

static gboolean
is_done (gpointer data)
{
  return ((Saved *) data)->done;
}

static void
connection_saved_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Saved *saved = user_data;

  saved->object = relais_workspace_save_connection_finish (RELAIS_WORKSPACE (object), result, &saved->error);
  saved->done = TRUE;
}

/**
 * ui_add_connection:
 * @fixture: with a practice account
 * @name: of the connection
 *
 * Returns: (transfer none): a connection to the fixture's practice account
 */
RelaisConnection *
ui_add_connection (UiFixture  *fixture,
                   const char *name)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_new ();
  g_autoptr (RelaisKey) key = relais_key_new_copy (UI_KEY, -1);
  Saved saved = { NULL, NULL, FALSE };

  record->kind = RELAIS_CONNECTION_PRACTICE;
  record->name = g_strdup (name);
  record->host = g_strdup (relais_practice_get_address (fixture->practice));
  record->consent_version = RELAIS_CONSENT_VERSION;
  record->consent_at = 1;
  relais_workspace_save_connection_async (fixture->workspace, record, key, NULL, connection_saved_cb, &saved);
  ui_wait ("the connection to be saved", is_done, &saved);
  g_assert_no_error (saved.error);
  g_object_unref (saved.object);

  return saved.object;
}

/**
 * ui_write_segment:
 * @fixture: with a folder
 * @text: content of the file
 *
 * Returns: (transfer full): the path of a file
 */
char *
ui_write_segment (UiFixture  *fixture,
                  const char *text)
{
  char *path = g_build_filename (fixture->folder, "customers.csv", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
export_saved_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Saved *saved = user_data;

  saved->object = relais_workspace_save_export_finish (RELAIS_WORKSPACE (object), result, &saved->error);
  saved->done = TRUE;
}

/**
 * ui_add_export:
 * @fixture: with a connection
 * @name: of the export
 * @path: of a file with a column called "EMail"
 *
 * Returns: (transfer none): an export of it to list 1 of the first connection
 */
RelaisExport *
ui_add_export (UiFixture  *fixture,
               const char *name,
               const char *path)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();
  g_autoptr (RelaisConnection) connection = g_list_model_get_item (relais_workspace_get_connections (fixture->workspace), 0);
  Saved saved = { NULL, NULL, FALSE };

  definition->name = g_strdup (name);
  definition->connection = g_strdup (relais_connection_get_name (connection));
  definition->list_id = 1;
  g_ptr_array_add (definition->segments, relais_segment_new (path));
  definition->matching->email = g_strdup ("EMail");
  relais_workspace_save_export_async (fixture->workspace, NULL, definition, NULL, export_saved_cb, &saved);
  ui_wait ("the export to be saved", is_done, &saved);
  g_assert_no_error (saved.error);
  g_object_unref (saved.object);

  return saved.object;
}
