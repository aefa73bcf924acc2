/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A key is typed or piped into standard input: an argument could be read by every program of this computer. */

#include "relais-cli-private.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/**
 * relais_cli_take_key:
 * @typed: what was read so far, at most RELAIS_CLI_MAX_TYPED bytes. The caller overwrites it.
 * @length: of it
 *
 * Takes the key out of what was read: its first line, without the blanks that come
 * along when it is copied.
 *
 * Returns: (transfer full) (nullable): the key, when it can be one
 */
RelaisKey *
relais_cli_take_key (const char *typed,
                     gsize       length)
{
  const char *start = typed;
  const char *end = memchr (start, '\n', length);

  if (!end)
    end = start + length;
  while (start < end && g_ascii_isspace (*start))
    start++;
  while (start < end && g_ascii_isspace (end[-1]))
    end--;
  for (const char *c = start; c < end; c++)
    if (!g_ascii_isgraph (*c))
      return NULL;
  if (start == end || end - start == RELAIS_CLI_MAX_TYPED)
    return NULL;

  return relais_key_new_copy (start, end - start);
}

/* Who is interrupted leaves the terminal as it was. Both calls are safe in a signal's handler. */
static void
interrupted_cb (int number)
{
  relais_terminal_restore ();
  signal (number, SIG_DFL);
  raise (number);
}

/**
 * relais_cli_read_key:
 *
 * Reads a key from standard input, and waits for it; on a terminal it is asked for and not shown.
 *
 * Returns: (transfer full) (nullable): the key, if there was one
 */
RelaisKey *
relais_cli_read_key (void)
{
  char typed[RELAIS_CLI_MAX_TYPED];
  gsize length = 0;
  gssize n;
  RelaisKey *key;

  signal (SIGINT, interrupted_cb);
  signal (SIGTERM, interrupted_cb);
  relais_terminal_hide_typing ();
  do
    {
      n = read (STDIN_FILENO, typed + length, sizeof typed - length);
      length += MAX (n, 0);
    }
  while (n > 0 && length < sizeof typed && !memchr (typed, '\n', length));
  relais_terminal_restore ();
  signal (SIGINT, SIG_DFL);
  signal (SIGTERM, SIG_DFL);
  key = n >= 0 ? relais_cli_take_key (typed, length) : NULL;
  explicit_bzero (typed, sizeof typed);

  return key;
}
