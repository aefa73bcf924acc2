/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-application.h"

#include "relais-about.h"
#include "relais-client.h"
#include "relais-keyring.h"
#include "relais-practice-host.h"
#include "relais-practice-setup.h"
#include "relais-preferences.h"
#include "relais-problem.h"
#include "relais-question.h"
#include "relais-running-words.h"
#include "relais-settings.h"
#include "relais-window.h"

#include <glib/gi18n-lib.h>

/* The command line's exit status for what failed and can be tried again */
#define EXIT_FAILED 3

struct _RelaisApplication
{
  AdwApplication parent_instance;

  RelaisCommandHandler  command_handler;
  GSettings            *settings;         /* (owned) (nullable) */
  RelaisWorkspace      *workspace;        /* (owned) (nullable): once it is open */
  RelaisDelivery       *delivery;         /* (owned) (nullable) */
  GError               *failure;          /* (owned) (nullable): why it could not be opened */
  GQueue                waiting;          /* (element-type GApplicationCommandLine): until it is open */
  gboolean              wants_practice;
  GCancellable         *cancellable;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (RelaisApplication, relais_application, ADW_TYPE_APPLICATION)

static RelaisWindow *
get_window (RelaisApplication *self)
{
  return RELAIS_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (self)));
}

static void
present (RelaisApplication *self)
{
  RelaisWindow *window = get_window (self);

  if (window == NULL)
    {
      window = relais_window_new (GTK_APPLICATION (self));
      if (self->settings != NULL)
        relais_window_set_settings (window, self->settings);
    }
  if (self->delivery != NULL)
    relais_window_set_delivery (window, self->delivery);
  else if (self->failure != NULL)
    relais_window_show_failure (window, self->failure);
  gtk_window_present (GTK_WINDOW (window));
}

static void
practice_ready_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (RelaisApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ready = relais_practice_setup_finish (RELAIS_WORKSPACE (object), result, &error);
  RelaisWindow *window = get_window (self);

  if (window == NULL)
    return;
  if (ready)
    relais_window_show_exports (window);
  else if (error != NULL)
    relais_problem_show (GTK_WIDGET (window), _("The Practice Account Was Not Set Up"), error);
}

static void
set_up_practice (RelaisApplication *self)
{
  self->wants_practice = FALSE;
  relais_practice_setup_async (self->workspace, self->cancellable, practice_ready_cb, g_object_ref (self));
}

/* A command that another process handed over; without what the person has it can only say so. */
static void
handle_command (RelaisApplication       *self,
                GApplicationCommandLine *command_line)
{
  if (self->workspace != NULL)
    self->command_handler (command_line, self->workspace, self->delivery);
  else if (self->failure != NULL)
    {
      g_application_command_line_printerr (command_line, "%s\n", self->failure->message);
      g_application_command_line_set_exit_status (command_line, EXIT_FAILED);
    }
  else
    g_queue_push_tail (&self->waiting, g_object_ref (command_line));
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (RelaisApplication) self = user_data;
  g_autofree char *state = g_build_filename (g_get_user_data_dir (), "relais", "practice.sqlite", NULL);
  GApplicationCommandLine *command_line;

  self->workspace = relais_workspace_open_finish (result, &self->failure);
  if (self->workspace != NULL)
    {
      if (self->settings != NULL)
        g_settings_bind (self->settings, RELAIS_SETTING_ROLE, self->workspace, "role", G_SETTINGS_BIND_GET);
      relais_workspace_set_practice_provider (self->workspace, relais_practice_host_provide,
                                              relais_practice_host_new (state), g_object_unref);
      self->delivery = relais_delivery_new (self->workspace);
      if (self->wants_practice)
        set_up_practice (self);
    }
  if (get_window (self) != NULL)
    present (self);
  while ((command_line = g_queue_pop_head (&self->waiting)) != NULL)
    {
      handle_command (self, command_line);
      g_object_unref (command_line);
    }
}

static void
open_workspace (RelaisApplication *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "relais", NULL);
  g_autoptr (RelaisSecretStore) secrets = relais_keyring_new ();
  g_autoptr (SoupSession) session = relais_client_session_new ();

  relais_workspace_open_async (folder, secrets, session, self->cancellable, opened_cb, g_object_ref (self));
}

static void
set_accels (RelaisApplication *self)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } keys[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "window.close", { "<Control>w" } },
    { "win.add", { "<Control>n" } },
    { "win.search", { "<Control>f" } },
    { "win.show-exports", { "<Alt>1" } },
    { "win.show-connections", { "<Alt>2" } },
    { "win.show-shortcuts", { "F1", "<Control>question" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), keys[i].action, keys[i].accels);
}

static void
relais_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (relais_application_parent_class)->startup (application);
  set_accels (RELAIS_APPLICATION (application));
  open_workspace (RELAIS_APPLICATION (application));
}

static void
relais_application_activate (GApplication *application)
{
  present (RELAIS_APPLICATION (application));
}

static int
relais_application_command_line (GApplication            *application,
                                 GApplicationCommandLine *command_line)
{
  RelaisApplication *self = RELAIS_APPLICATION (application);
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  gboolean practice = arguments[0] != NULL && g_strcmp0 (arguments[1], "--practice") == 0;

  if (arguments[0] != NULL && arguments[1] != NULL && !practice)
    {
      handle_command (self, command_line);
      return g_application_command_line_get_exit_status (command_line);
    }
  self->wants_practice = practice;
  if (practice && self->workspace != NULL)
    set_up_practice (self);
  g_application_activate (application);

  return 0;
}

static void
relais_application_shutdown (GApplication *application)
{
  RelaisApplication *self = RELAIS_APPLICATION (application);

  g_cancellable_cancel (self->cancellable);
  if (self->workspace != NULL)
    relais_workspace_close (self->workspace);
  g_clear_object (&self->delivery);
  g_clear_object (&self->workspace);
  G_APPLICATION_CLASS (relais_application_parent_class)->shutdown (application);
}

static void
relais_application_finalize (GObject *object)
{
  RelaisApplication *self = RELAIS_APPLICATION (object);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_error (&self->failure);
  g_clear_object (&self->settings);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (relais_application_parent_class)->finalize (object);
}

static void
relais_application_class_init (RelaisApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = relais_application_finalize;
  application_class->startup = relais_application_startup;
  application_class->activate = relais_application_activate;
  application_class->command_line = relais_application_command_line;
  application_class->shutdown = relais_application_shutdown;
}

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelaisApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  RelaisWindow *window = get_window (self);

  /* What could not be removed is there again, and a person is to know. */
  if (!relais_workspace_clear_finish (RELAIS_WORKSPACE (object), result, &error) && window != NULL)
    relais_problem_show (GTK_WIDGET (window), _("Something Was Not Removed"), error);
  else
    g_application_quit (G_APPLICATION (self));
}

/* What was removed is gone for good before the program ends. */
static void
quit (RelaisApplication *self)
{
  if (self->workspace != NULL)
    relais_workspace_clear_async (self->workspace, NULL, removed_cb, g_object_ref (self));
  else
    g_application_quit (G_APPLICATION (self));
}

static gboolean
quit_when_stopped_cb (gpointer user_data)
{
  RelaisApplication *self = RELAIS_APPLICATION (user_data);

  if (self->delivery != NULL && relais_delivery_get_n_running (self->delivery) > 0)
    return G_SOURCE_CONTINUE;
  quit (self);

  return G_SOURCE_REMOVE;
}

static void
quit_answered_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  gpointer          user_data)
{
  RelaisApplication *self = RELAIS_APPLICATION (user_data);

  if (g_strcmp0 (response, "quit") != 0)
    return;
  relais_delivery_interrupt (self->delivery);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 50, quit_when_stopped_cb, g_object_ref (self), g_object_unref);
}

static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  RelaisApplication *self = user_data;
  g_autofree char *body = NULL;
  GtkWidget *dialog;
  guint n;

  if (self->delivery == NULL || relais_delivery_get_n_running (self->delivery) == 0)
    {
      quit (self);
      return;
    }
  n = relais_delivery_get_n_running (self->delivery);
  body = relais_running_describe_quitting (relais_workspace_get_exports (self->workspace));
  dialog = adw_message_dialog_new (gtk_application_get_active_window (GTK_APPLICATION (self)),
                                   ngettext ("Stop the Run and Quit?", "Stop the Runs and Quit?", n), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Keep Running"), "quit", _("_Stop and Quit"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "quit", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (quit_answered_cb), self, 0);
  relais_question_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  RelaisApplication *self = user_data;

  gtk_window_present (GTK_WINDOW (relais_about_new (gtk_application_get_active_window (GTK_APPLICATION (self)), self->workspace)));
}

static void
preferences_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  RelaisApplication *self = user_data;

  if (self->workspace != NULL)
    gtk_window_present (GTK_WINDOW (relais_preferences_new (gtk_application_get_active_window (GTK_APPLICATION (self)), self->workspace)));
}

/* After what was in the way has been put right */
static void
open_again_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  RelaisApplication *self = user_data;

  if (self->failure == NULL)
    return;
  g_clear_error (&self->failure);
  if (get_window (self) != NULL)
    relais_window_show_opening (get_window (self));
  open_workspace (self);
}

static void
relais_application_init (RelaisApplication *self)
{
  static const GActionEntry actions[] = {
    { "quit", quit_action },
    { "about", about_action },
    { "preferences", preferences_action },
    { "open-again", open_again_action },
  };

  self->cancellable = g_cancellable_new ();
  self->settings = relais_settings_new ();
  g_queue_init (&self->waiting);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

/**
 * relais_application_new:
 * @command_handler: answers commands that another process hands over
 *
 * Returns: (transfer full):
 */
RelaisApplication *
relais_application_new (RelaisCommandHandler command_handler)
{
  RelaisApplication *self = g_object_new (RELAIS_TYPE_APPLICATION,
                                          "application-id", RELAIS_APPLICATION_ID,
                                          "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                                          "resource-base-path", RELAIS_RESOURCE_PATH,
                                          NULL);

  self->command_handler = command_handler;

  return self;
}
