/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-core-dumps.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process that dies the hard way, in a folder where a core may be put. */
static int
die (const char *folder,
     gboolean    forbid)
{
  struct rlimit all;
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      getrlimit (RLIMIT_CORE, &all);
      all.rlim_cur = all.rlim_max;
      setrlimit (RLIMIT_CORE, &all);
      if (chdir (folder) != 0)
        _exit (1);
      if (forbid)
        relais_core_dumps_forbid ();
      signal (SIGABRT, SIG_DFL);
      abort ();
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));

  return status;
}

static guint
empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
      n++;
    }

  return n;
}

static void
test_a_crash_leaves_no_core (void)
{
  g_autofree char *folder = g_dir_make_tmp ("relais-core-XXXXXX", NULL);
  int without = die (folder, FALSE);
  int status;

  empty (folder);
  status = die (folder, TRUE);
  g_assert_false (WCOREDUMP (status));
  g_assert_cmpuint (empty (folder), ==, 0);
  g_rmdir (folder);
  if (!WCOREDUMP (without))
    g_test_skip ("this system writes no cores at all");
}

/* Not nothing, which a crash collector is not bound by. */
static void
test_the_limit_is_one_that_collectors_keep (void)
{
  struct rlimit before, after;

  g_assert_cmpint (getrlimit (RLIMIT_CORE, &before), ==, 0);
  relais_core_dumps_forbid ();
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &after), ==, 0);
  g_assert_cmpuint (after.rlim_cur, ==, MIN (before.rlim_max, 1));
  g_assert_cmpuint (after.rlim_max, ==, before.rlim_max);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core-dumps/a-crash-leaves-no-core", test_a_crash_leaves_no_core);
  g_test_add_func ("/core-dumps/the-limit-is-one-that-collectors-keep", test_the_limit_is_one_that_collectors_keep);

  return g_test_run ();
}
