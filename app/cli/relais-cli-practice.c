/* SPDX-License-Identifier: GPL-3.0-or-later */

/* relais practice: the stand-in account, alone on loopback. */

#include "relais-cli-private.h"

#include "relais-practice.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  char     *port;       /* (owned) (nullable) */
  char     *key;        /* (owned) (nullable) */
  char     *limits;     /* (owned) (nullable) */
  gboolean  no_limits;
  char    **faults;     /* (owned) (nullable) */
  char     *state;      /* (owned) (nullable) */
} Options;

static void
clear_options (Options *options)
{
  g_free (options->port);
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

  g_string_append (text, "\n\n");
  g_string_append (text, _("What stands before a slash says for which requests a fault is: lists/html-502. With a\n"
                           "number import:2/html-502 is for the second import, import:2-4/html-502 for the second\n"
                           "to the fourth, import:2+/html-502 for all from the second on, and import:2++/html-502\n"
                           "from then on for whatever is asked. Requests are import, info (about an import), lists,\n"
                           "exclusions, fields, pages (of contacts), people (one contact), sync, other, and any."));
  g_string_append_c (text, '\n');
  for (guint i = 0; (name = relais_practice_describe_fault (i, &value, &description)) != NULL; i++)
    g_string_append_printf (text, "\n  %s%s\n      %s", name, value, description);
  g_string_append (text, "\n\n");
  g_string_append (text, _("While it runs, GET /practice/state tells what it counted, and GET and POST\n"
                           "/practice/faults tell and change the faults: a JSON object of names and values,\n"
                           "false for none, with the key as Api-Token."));

  return g_string_free (text, FALSE);
}

#define PLACE(member) G_STRUCT_OFFSET (Options, member)

const RelaisOption relais_cli_practice_options[] = {
  /* Translators: stands for a number in the help of a command. */
  { "port", RELAIS_OPTION_TEXT, PLACE (port), N_("N"), N_("Port to listen on; any that is free without it") },
  /* Translators: stands for an API key in the help of a command. */
  { "key", RELAIS_OPTION_TEXT, PLACE (key), N_("KEY"), N_("API key it accepts, - for the line on standard input; one is made and printed without it") },
  { "limits", RELAIS_OPTION_TEXT, PLACE (limits), N_("REQUESTS/SECONDS"), N_("Bulk limit; 100/60 without it, as the service has") },
  { "no-limits", RELAIS_OPTION_FLAG, PLACE (no_limits), NULL, N_("No limits at all") },
  /* Translators: stands for the name of a fault, perhaps with a value, in the help of a command. */
  { "fault", RELAIS_OPTION_TEXTS, PLACE (faults), N_("NAME[=VALUE]"), N_("A fault, see below; can be given several times") },
  { "state", RELAIS_OPTION_FILE, PLACE (state), N_("FILE"), N_("File that keeps what the account holds") },
  { NULL }
};

static gboolean
read_numbers (const Options *options,
              guint         *port,
              guint         *requests,
              guint         *seconds)
{
  guint64 number = 0;

  if (options->port && !g_ascii_string_to_unsigned (options->port, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;
  *port = (guint) number;
  if (options->no_limits)
    {
      *requests = G_MAXUINT;
      *seconds = 1;
      return !options->limits;
    }

  return !options->limits || relais_cli_read_limits (options->limits, requests, seconds);
}

static gboolean
apply_faults (RelaisPractice  *practice,
              char           **faults,
              GError         **error)
{
  for (guint i = 0; faults != NULL && faults[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (faults[i], "=", 2);

      /* Of nothing there are no parts. */
      if (!relais_practice_add_fault (practice, parts[0] != NULL ? parts[0] : "", parts[0] != NULL ? parts[1] : NULL, error))
        return FALSE;
    }

  return TRUE;
}

static RelaisPractice *
make_account (const Options  *options,
              GError        **error)
{
  g_autoptr (RelaisKey) key = NULL;

  if (g_strcmp0 (options->key, "-") != 0)
    return relais_practice_new (options->key, options->state);
  key = relais_cli_read_key ();
  if (key != NULL)
    return relais_practice_new (relais_key_peek (key), options->state);
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                       _("No API key was read. Give the key alone, on one line, on standard input."));

  return NULL;
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

static void
print_help (void)
{
  g_autofree char *help = relais_cli_help_of ("practice");
  g_autofree char *faults = describe_faults ();

  g_print ("%s\n%s\n", help, faults);
}

/**
 * relais_cli_practice:
 * @words: (array zero-terminated=1): what was typed after "practice"
 *
 * Runs the account until SIGINT or SIGTERM.
 *
 * Returns: a RelaisExit
 */
int
relais_cli_practice (const char * const *words)
{
  Options options = { 0 };
  g_autoptr (RelaisPractice) practice = NULL;
  g_auto (GStrv) arguments = NULL;
  gboolean wants_help = FALSE;
  guint port = 0, requests = 0, seconds = 0;
  GError *error = NULL;

  if (!relais_options_read (relais_cli_practice_options, words, &options, &arguments, &wants_help, &error))
    return fail (&options, RELAIS_EXIT_USAGE, error);
  if (wants_help)
    {
      print_help ();
      clear_options (&options);
      return RELAIS_EXIT_SUCCESS;
    }
  if (*arguments || !read_numbers (&options, &port, &requests, &seconds))
    return fail (&options, RELAIS_EXIT_USAGE,
                 g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("These are not options of the practice account. See relais practice --help.")));

  practice = make_account (&options, &error);
  if (practice == NULL)
    return fail (&options, RELAIS_EXIT_USAGE, error);
  if (requests > 0)
    relais_practice_set_limits (practice, requests, seconds);
  if (!apply_faults (practice, options.faults, &error))
    return fail (&options, RELAIS_EXIT_USAGE, error);
  if (!relais_practice_start (practice, port, &error))
    return fail (&options, RELAIS_EXIT_FAILURE, error);
  serve (practice, options.key == NULL);
  relais_practice_stop (practice);
  clear_options (&options);

  return RELAIS_EXIT_SUCCESS;
}
