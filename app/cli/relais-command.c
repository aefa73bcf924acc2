/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

/* Makes a command; everything given is referenced. In process, the one who
 * runs the command line leaves what cancels it with @command_line. Without
 * anything it is good for reading words into. */
RelaisCommand *
relais_command_new (GApplicationCommandLine *command_line,
                    RelaisWorkspace         *workspace,
                    RelaisDelivery          *delivery)
{
  RelaisCommand *self = g_rc_box_new0 (RelaisCommand);
  GCancellable *cancellable = command_line ? g_object_get_data (G_OBJECT (command_line), "relais-cancellable") : NULL;

  g_set_object (&self->command_line, command_line);
  g_set_object (&self->workspace, workspace);
  g_set_object (&self->delivery, delivery);
  self->cancellable = cancellable ? g_object_ref (cancellable) : g_cancellable_new ();
  return self;
}

RelaisCommand *
relais_command_ref (RelaisCommand *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_command (gpointer data)
{
  RelaisCommand *self = data;

  if (self->free_state)
    self->free_state (self->state);
  g_strfreev (self->arguments);
  g_free (self->name);
  g_free (self->host);
  g_free (self->access);
  g_free (self->limits);
  g_free (self->keep_days);
  g_free (self->corrected);
  g_object_unref (self->cancellable);
  g_clear_object (&self->delivery);
  g_clear_object (&self->workspace);
  g_clear_object (&self->command_line);
}

void
relais_command_unref (RelaisCommand *self)
{
  g_rc_box_release_full (self, clear_command);
}

/* Prints to the standard output of whoever gave the command. */
void
relais_command_print (RelaisCommand *self,
                      const char    *format,
                      ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  g_application_command_line_print (self->command_line, "%s", text);
}

/* The worst status of those told counts; see relais-cli.h for their meaning. */
void
relais_command_end (RelaisCommand *self,
                    RelaisExit     status)
{
  if ((int) status > g_application_command_line_get_exit_status (self->command_line))
    g_application_command_line_set_exit_status (self->command_line, status);
}

/* Says @sentence on standard error. */
void
relais_command_refuse (RelaisCommand *self,
                       RelaisExit     status,
                       const char    *sentence)
{
  g_autofree char *plain = relais_plain (sentence);

  g_application_command_line_printerr (self->command_line, "%s\n", plain);
  relais_command_end (self, status);
}

void
relais_command_fail (RelaisCommand *self,
                     const GError  *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    relais_command_refuse (self, RELAIS_EXIT_CANCELED, _("Canceled."));
  else
    relais_command_refuse (self, relais_exit_for_error (error), error->message);
  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_MISSING))
    relais_command_refuse (self, RELAIS_EXIT_IN_THE_WAY,
                           _("On the command line, a session bus with an unlocked keyring is needed: see dbus-run-session and gnome-keyring-daemon --unlock."));
}

/* What was typed as a name, in UTF-8. */
static char *
read_name (const char *typed)
{
  char *name = g_utf8_validate (typed, -1, NULL) ? g_strdup (typed) : g_locale_to_utf8 (typed, -1, NULL, NULL, NULL);

  return name ? name : g_utf8_make_valid (typed, -1);
}

/* Whether what is printed can have the form that was asked for; if not, that is said. */
gboolean
relais_command_check_form (RelaisCommand *self)
{
  if (self->json && self->csv)
    relais_command_refuse (self, RELAIS_EXIT_USAGE, _("Choose one of --json and --csv."));

  return !self->json || !self->csv;
}

/* Whether the person's role allows it, as relais_role_check() has it; if not, that is said. */
gboolean
relais_command_may (RelaisCommand    *self,
                    RelaisAction      action,
                    RelaisConnection *connection)
{
  g_autoptr (GError) error = NULL;

  if (relais_workspace_check_right (self->workspace, action, connection, &error))
    return TRUE;
  relais_command_fail (self, error);

  return FALSE;
}

/* Returns (transfer none) (nullable) the connection of that name; without one it is said that there is none. */
RelaisConnection *
relais_command_find_connection (RelaisCommand *self,
                                const char    *typed)
{
  g_autofree char *name = read_name (typed);
  RelaisConnection *connection = relais_workspace_find_connection (self->workspace, name);

  if (!connection)
    {
      /* Translators: %s is what was typed. */
      g_autofree char *sentence = g_strdup_printf (_("There is no connection named “%s”. “relais connection list” shows them all."), name);

      relais_command_refuse (self, RELAIS_EXIT_USAGE, sentence);
    }
  return connection;
}

/* Returns (transfer none) (nullable) the export of that name; without one it is said that there is none. */
RelaisExport *
relais_command_find_export (RelaisCommand *self,
                            const char    *typed)
{
  g_autofree char *name = read_name (typed);
  RelaisExport *export = relais_workspace_find_export (self->workspace, name);

  if (!export)
    {
      /* Translators: %s is what was typed. */
      g_autofree char *sentence = g_strdup_printf (_("There is no export named “%s”. “relais export list” shows them all."), name);

      relais_command_refuse (self, RELAIS_EXIT_USAGE, sentence);
    }
  return export;
}

/* What a script is told about @error. */
RelaisExit
relais_exit_for_error (const GError *error)
{
  static const RelaisError in_the_way[] = {
    RELAIS_ERROR_REFUSED, RELAIS_ERROR_NOT_ALLOWED, RELAIS_ERROR_UNPAID, RELAIS_ERROR_WRONG_HOST,
    RELAIS_ERROR_KEYRING_LOCKED, RELAIS_ERROR_KEYRING_MISSING, RELAIS_ERROR_KEYRING, RELAIS_ERROR_KEY_MISSING,
    RELAIS_ERROR_CONSENT, RELAIS_ERROR_NO_CONNECTION, RELAIS_ERROR_TLS, RELAIS_ERROR_IN_USE,
    RELAIS_ERROR_ROLE,
  };
  static const RelaisError usage[] = {
    RELAIS_ERROR_DEFINITION, RELAIS_ERROR_NAME_TAKEN, RELAIS_ERROR_UNKNOWN, RELAIS_ERROR_FORMAT,
  };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return RELAIS_EXIT_CANCELED;
  for (gsize i = 0; i < G_N_ELEMENTS (in_the_way); i++)
    if (g_error_matches (error, RELAIS_ERROR, in_the_way[i]))
      return RELAIS_EXIT_IN_THE_WAY;
  for (gsize i = 0; i < G_N_ELEMENTS (usage); i++)
    if (g_error_matches (error, RELAIS_ERROR, usage[i]))
      return RELAIS_EXIT_USAGE;
  return RELAIS_EXIT_FAILURE;
}

/* Reads “100/60”, or “none” for no limit at all (G_MAXUINT). Returns whether it is one. */
gboolean
relais_cli_read_limits (const char *text,
                        guint      *requests,
                        guint      *seconds)
{
  char *end = NULL;
  guint64 n, window;

  if (g_str_equal (text, "none"))
    {
      *requests = G_MAXUINT;
      *seconds = 1;
      return TRUE;
    }
  if (!g_ascii_isdigit (*text))
    return FALSE;
  n = g_ascii_strtoull (text, &end, 10);
  if (*end != '/' || !g_ascii_isdigit (end[1]))
    return FALSE;
  window = g_ascii_strtoull (end + 1, &end, 10);
  if (*end || n < 1 || n > 1000000 || window < 1 || window > 86400)
    return FALSE;
  *requests = (guint) n;
  *seconds = (guint) window;
  return TRUE;
}
