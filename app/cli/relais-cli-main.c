/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-cli-private.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "relais-keyring.h"
#include "relais-practice-host.h"
#include "relais-settings.h"

/* The process that does a command itself. */
typedef struct
{
  GApplication            *application;
  GApplicationCommandLine *command_line;  /* (owned) (nullable): until the workspace is open */
  GCancellable            *cancellable;   /* (owned) */
  RelaisWorkspace         *workspace;     /* (owned) (nullable) */
  int                      status;        /* of the command, once it has ended */
  char                    *practice_path; /* (owned) (nullable): where the built-in practice account is kept */
} Process;

/* The first signal stops at a batch edge, the second at once. */
static gboolean
signal_cb (gpointer data)
{
  Process *process = data;

  if (!process->cancellable || g_cancellable_is_cancelled (process->cancellable))
    {
      relais_terminal_restore ();
      _exit (RELAIS_EXIT_CANCELED);
    }
  g_cancellable_cancel (process->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  Process *process = data;
  g_autoptr (GApplicationCommandLine) command_line = g_steal_pointer (&process->command_line);
  g_autoptr (GSettings) settings = relais_settings_new ();
  g_autoptr (RelaisDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  process->workspace = relais_workspace_open_finish (result, &error);
  if (!process->workspace)
    {
      gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      g_application_command_line_printerr (command_line, "%s\n", cancelled ? _("Canceled.") : error->message);
      g_application_command_line_set_exit_status (command_line, relais_exit_for_error (error));
      return;
    }
  if (settings)
    g_settings_bind (settings, RELAIS_SETTING_ROLE, process->workspace, "role", G_SETTINGS_BIND_GET);
  relais_workspace_set_practice_provider (process->workspace, relais_practice_host_provide,
                                          relais_practice_host_new (process->practice_path), g_object_unref);
  delivery = relais_delivery_new (process->workspace);
  relais_cli_handle (command_line, process->workspace, delivery);
}

/* The command has ended: the last who held on to its line let go. */
static void
ended_cb (gpointer  data,
          GObject  *command_line)
{
  Process *process = data;

  process->status = g_application_command_line_get_exit_status (G_APPLICATION_COMMAND_LINE (command_line));
  g_application_release (process->application);
}

static int
command_line_cb (GApplication            *application,
                 GApplicationCommandLine *command_line,
                 gpointer                 data)
{
  Process *process = data;
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "relais", NULL);
  g_autoptr (RelaisSecretStore) secrets = relais_keyring_new ();
  g_autoptr (SoupSession) session = relais_client_session_new ();

  /* GApplication forgets what a command of its own process ends with when that takes a while. */
  g_application_hold (application);
  g_object_weak_ref (G_OBJECT (command_line), ended_cb, process);
  process->command_line = g_object_ref (command_line);
  process->practice_path = g_build_filename (folder, "practice.sqlite", NULL);
  g_object_set_data (G_OBJECT (command_line), "relais-cancellable", process->cancellable);
  relais_workspace_open_async (folder, secrets, session, process->cancellable, opened_cb, process);
  return 0;
}

/* Whether the window's process runs in this session. No bus is started for the question. */
static gboolean
window_is_running (void)
{
  g_autofree char *socket = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) answer = NULL;
  gboolean owned = FALSE;

  if (!g_getenv ("DBUS_SESSION_BUS_ADDRESS") && !g_file_test (socket, G_FILE_TEST_EXISTS))
    return FALSE;
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (!bus)
    return FALSE;
  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "NameHasOwner", g_variant_new ("(s)", RELAIS_APPLICATION_ID),
                                        G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL);
  if (answer)
    g_variant_get (answer, "(b)", &owned);
  return owned;
}

/* Answers what needs no workspace: help, the version, and what is no command. Returns
 * the exit status, or -1 when there is a command to do. */
static int
answer_at_once (char     **words,
                gboolean  *asks_for_key)
{
  g_autoptr (RelaisCommand) command = relais_command_new (NULL, NULL, NULL);
  g_autofree char *message = NULL;
  RelaisCommandWork work = NULL;
  int status;

  if (g_str_equal (words[0], "--version"))
    {
      g_print ("Relais %s\n", RELAIS_VERSION);
      return RELAIS_EXIT_SUCCESS;
    }
  if (g_str_equal (words[0], "--help") || g_str_equal (words[0], "-h"))
    {
      message = relais_cli_help ();
      g_print ("%s", message);
      return RELAIS_EXIT_SUCCESS;
    }
  if (g_str_equal (words[0], "practice"))
    return relais_cli_practice ((const char * const *) words + 1);

  status = relais_cli_read_words (command, (const char * const *) words, &work, &message);
  if (status == RELAIS_EXIT_SUCCESS)
    g_print ("%s", message);
  else if (status > 0)
    g_printerr ("%s\n", message);
  *asks_for_key = work == relais_command_connection_add && relais_command_reads_key (command);
  return status;
}

static int
run_application (char **argv)
{
  g_autoptr (GApplication) application = NULL;
  Process process = { 0 };
  gboolean remote = window_is_running ();
  guint interrupt, terminate;
  int status;

  application = g_application_new (RELAIS_APPLICATION_ID, G_APPLICATION_HANDLES_COMMAND_LINE |
                                   (remote ? G_APPLICATION_IS_LAUNCHER : G_APPLICATION_NON_UNIQUE));
  process.application = application;
  process.cancellable = remote ? NULL : g_cancellable_new ();
  g_signal_connect (application, "command-line", G_CALLBACK (command_line_cb), &process);
  interrupt = g_unix_signal_add (SIGINT, signal_cb, &process);
  terminate = g_unix_signal_add (SIGTERM, signal_cb, &process);

  status = g_application_run (application, g_strv_length (argv), argv);
  if (!remote)
    status = process.status;

  g_source_remove (interrupt);
  g_source_remove (terminate);
  if (process.workspace)
    relais_workspace_close (process.workspace);
  g_clear_object (&process.workspace);
  g_clear_object (&process.cancellable);
  g_clear_pointer (&process.practice_path, g_free);
  return status;
}

/* Does the command in @argv, here or in the window's process. Returns a #RelaisExit. */
int
relais_cli_main (int    argc,
                 char **argv)
{
  gboolean asks_for_key = FALSE;
  int status;

  relais_terminal_set_up ();
  status = answer_at_once (argv + 1, &asks_for_key);
  if (status < 0)
    {
      if (asks_for_key)
        relais_terminal_hide_typing ();
      status = run_application (argv);
      relais_terminal_restore ();
    }
  if (!relais_terminal_check ())
    status = MAX (status, RELAIS_EXIT_FAILURE);
  return status;
}
