/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Standard input, output and error of a process that does a command. */

#include "relais-cli-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

static struct termios terminal;
static gboolean terminal_changed;
static int output_error;   /* errno of the first failure to write a result, or 0 */

/* Results are UTF-8 in every locale: a timer runs in none, and a file that
 * one makes is not to differ from a file made by hand. */
static void
print_cb (const char *text)
{
  if (output_error == 0 && (fputs (text, stdout) == EOF || fflush (stdout) == EOF))
    output_error = errno;
}

static void
printerr_cb (const char *text)
{
  fputs (text, stderr);
  fflush (stderr);
}

/**
 * relais_terminal_set_up:
 *
 * Sets the three standard files up. One that is closed is opened, so that no
 * database and no connection gets its number, and with it what is printed.
 */
void
relais_terminal_set_up (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF)
      {
        /* Open the wrong way round: nothing can be read or written there. */
        int opened = open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);

        g_warn_if_fail (opened == fd);
      }

  /* Whoever read the results may have gone: the work goes on all the same. */
  signal (SIGPIPE, SIG_IGN);
  /* Nothing but results is on standard output. */
  g_log_writer_default_set_use_stderr (TRUE);
  g_set_print_handler (print_cb);
  g_set_printerr_handler (printerr_cb);
}

/**
 * relais_terminal_check:
 *
 * Says on standard error what went wrong with the results, if it was more than
 * a reader who had enough.
 *
 * Returns: whether all results were written
 */
gboolean
relais_terminal_check (void)
{
  if (output_error == 0)
    return TRUE;
  if (output_error != EPIPE)
    {
      /* Translators: %s says why, in the person's language. */
      g_autofree char *sentence = g_strdup_printf (_("The results could not be written to standard output (%s)."), g_strerror (output_error));

      g_printerr ("%s\n", sentence);
    }

  return FALSE;
}

/**
 * relais_terminal_hide_typing:
 *
 * Asks for the API key, if there is a terminal to ask on.
 */
void
relais_terminal_hide_typing (void)
{
  struct termios quiet;

  if (!isatty (STDIN_FILENO) || tcgetattr (STDIN_FILENO, &terminal) != 0)
    return;
  quiet = terminal;
  quiet.c_lflag &= ~ECHO;
  /* The line ends where the person ends it. */
  quiet.c_lflag |= ECHONL;
  terminal_changed = tcsetattr (STDIN_FILENO, TCSANOW, &quiet) == 0;
  g_printerr ("%s ", _("API key (it is not shown):"));
}

/**
 * relais_terminal_restore:
 *
 * What is typed is shown again.
 */
void
relais_terminal_restore (void)
{
  if (terminal_changed)
    tcsetattr (STDIN_FILENO, TCSANOW, &terminal);
  terminal_changed = FALSE;
}
