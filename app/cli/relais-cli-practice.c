/* SPDX-License-Identifier: GPL-3.0-or-later */

/* relais practice: the stand-in account, alone on loopback. */

#include "relais-cli-private.h"

#include "relais-practice.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

typedef struct
{
  int       port;
  char     *key;        /* (owned) (nullable) */
  char     *limits;     /* (owned) (nullable) */
  gboolean  no_limits;
  char    **faults;     /* (owned) (nullable) */
  char     *state;      /* (owned) (nullable) */
} Options;

static void
clear_options (Options *options)
{
  g_free (options->key);
  g_free (options->limits);
  g_strfreev (options->faults);
  g_free (options->state);
}

static char *
describe_faults (void)
{
  GString *text = g_string_new (_("Faults, each given as --fault NAME or --fault NAME=VALUE. Those that come at times\n"
                                  "come each time, or every Nth (=N), the Nth time alone (=@N), or in that share of\n"
                                  "cases (=N%). A TIME is in milliseconds, or in seconds with s (=2s). Where nobody is\n"
                                  "sure what the service does, the text says what the account does without the fault."));
  const char *value;
  const char *description;
  const char *name;

  for (guint i = 0; (name = relais_practice_describe_fault (i, &value, &description)) != NULL; i++)
    g_string_append_printf (text, "\n  %s%s\n      %s", name, value, description);
  g_string_append (text, "\n\n");
  g_string_append (text, _("While it runs, GET /practice/state tells what it counted, and GET and POST\n"
                           "/practice/faults tell and change the faults: a JSON object of names and values,\n"
                           "false for none, with the key as Api-Token."));

  return g_string_free (text, FALSE);
}

static gboolean
read_options (Options  *options,
              int      *argc,
              char   ***argv,
              GError  **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *faults = describe_faults ();
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &options->port, N_("Port to listen on; any that is free without it"), "N" },
    { "key", 0, 0, G_OPTION_ARG_STRING, &options->key, N_("API key it accepts; one is made and printed without it"), "KEY" },
    { "limits", 0, 0, G_OPTION_ARG_STRING, &options->limits, N_("Bulk limit; 100/60 without it, as the service has"), "REQUESTS/SECONDS" },
    { "no-limits", 0, 0, G_OPTION_ARG_NONE, &options->no_limits, N_("No limits at all"), NULL },
    { "fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->faults, N_("Misbehave; can be given several times"), "NAME[=VALUE]" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &options->state, N_("File that keeps what the account holds"), "FILE" },
    { NULL }
  };

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, "Run a practice account on this computer until it is interrupted");
  g_option_context_set_description (context, faults);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
apply_faults (RelaisPractice  *practice,
              char           **faults,
              GError         **error)
{
  for (guint i = 0; faults != NULL && faults[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (faults[i], "=", 2);

      if (parts[0] == NULL || !relais_practice_add_fault (practice, parts[0], parts[1], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

static void
serve (RelaisPractice *practice,
       gboolean        tell_key)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint interrupt = g_unix_signal_add (SIGINT, quit_cb, loop);
  guint terminate = g_unix_signal_add (SIGTERM, quit_cb, loop);

  /* Translators: %s is host and port. */
  g_print (_("The practice account answers at %s"), relais_practice_get_address (practice));
  g_print ("\n");
  if (tell_key)
    {
      /* Translators: %s is an API key of the practice account. */
      g_print (_("API key: %s"), relais_practice_get_key (practice));
      g_print ("\n");
    }
  fflush (stdout);
  g_main_loop_run (loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);
}

static int
fail (Options *options,
      int      status,
      GError  *error)
{
  g_autofree char *plain = relais_plain (error->message);

  g_printerr ("%s\n", plain);
  g_error_free (error);
  clear_options (options);

  return status;
}

/**
 * relais_cli_practice:
 * @argc: arguments, from the word "practice" on
 * @argv: (array length=argc): the arguments
 *
 * Runs the account until SIGINT or SIGTERM.
 *
 * Returns: a RelaisExit
 */
int
relais_cli_practice (int    argc,
                     char **argv)
{
  Options options = { 0 };
  g_autoptr (RelaisPractice) practice = NULL;
  guint requests = 0, seconds = 0;
  GError *error = NULL;

  if (!read_options (&options, &argc, &argv, &error))
    return fail (&options, RELAIS_EXIT_USAGE, error);
  if (argc > 1 || (options.limits != NULL && !relais_cli_read_limits (options.limits, &requests, &seconds)) ||
      options.port < 0 || options.port > G_MAXUINT16)
    return fail (&options, RELAIS_EXIT_USAGE,
                 g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("These are not options of the practice account. See relais practice --help.")));

  practice = relais_practice_new (options.key, options.state);
  if (options.no_limits)
    relais_practice_set_limits (practice, G_MAXUINT, 1);
  else if (options.limits != NULL)
    relais_practice_set_limits (practice, requests, seconds);
  if (!apply_faults (practice, options.faults, &error))
    return fail (&options, RELAIS_EXIT_USAGE, error);
  if (!relais_practice_start (practice, options.port, &error))
    return fail (&options, RELAIS_EXIT_FAILURE, error);
  serve (practice, options.key == NULL);
  relais_practice_stop (practice);
  clear_options (&options);

  return RELAIS_EXIT_SUCCESS;
}
