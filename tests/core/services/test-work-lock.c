/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two processes and one lock. The other process is this program again, with the
 * lock's path as its argument. */

#include "relais-work-lock.h"

#include "relais-error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *program;

typedef struct
{
  char           *folder;  /* (owned) */
  char           *path;    /* (owned) */
  RelaisWorkLock *lock;    /* (owned) */
  int             asks;    /* (atomic) */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->folder = g_dir_make_tmp ("relais-lock-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "work.lock", NULL);
  fixture->lock = relais_work_lock_new (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->lock);
  g_remove (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

/* The other process: takes the lock, says so, and waits for the end of its input. */
static int
be_the_other (const char *path)
{
  g_autoptr (RelaisWorkLock) lock = relais_work_lock_new (path);
  gboolean taken = relais_work_lock_take (lock, NULL);
  char byte;

  if (write (STDOUT_FILENO, taken ? "t" : "n", 1) != 1)
    return 1;
  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  if (taken)
    relais_work_lock_release (lock);

  return 0;
}

static GSubprocess *
start_other (Fixture  *fixture,
             gboolean *taken)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *other = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                         program, "--take", fixture->path, NULL);
  char said = 0;

  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (other), &said, 1, NULL, NULL), ==, 1);
  *taken = said == 't';

  return other;
}

static void
end_other (GSubprocess *other,
           int          signal_number)
{
  if (signal_number != 0)
    g_subprocess_send_signal (other, signal_number);
  else
    g_output_stream_close (g_subprocess_get_stdin_pipe (other), NULL, NULL);
  g_assert_true (g_subprocess_wait (other, NULL, NULL));
}

static void
test_one_process_has_it_at_a_time (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  int signal_number = GPOINTER_TO_INT (user_data);
  gboolean taken;
  g_autoptr (GSubprocess) other = start_other (fixture, &taken);
  g_autoptr (GError) error = NULL;

  g_assert_true (taken);
  g_assert_true (relais_work_lock_is_taken_elsewhere (fixture->lock));
  g_assert_false (relais_work_lock_take (fixture->lock, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_clear_error (&error);
  end_other (other, signal_number);

  /* However it ended, it is free; the file stays and does no harm. */
  g_assert_false (relais_work_lock_is_taken_elsewhere (fixture->lock));
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (relais_work_lock_take (fixture->lock, &error));
  g_assert_no_error (error);
  relais_work_lock_release (fixture->lock);
}

/* Who only asks never stands in the way of who takes it. */
static gpointer
ask_all_the_time (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (RelaisWorkLock) lock = relais_work_lock_new (fixture->path);
  guint n_taken = 0;

  while (g_atomic_int_get (&fixture->asks))
    n_taken += relais_work_lock_is_taken_elsewhere (lock);

  return GUINT_TO_POINTER (n_taken);
}

static void
test_asking_takes_nothing (Fixture       *fixture,
                           gconstpointer  user_data)
{
  GThread *thread;
  guint n_taken;

  g_assert_false (relais_work_lock_is_taken_elsewhere (fixture->lock));
  g_atomic_int_set (&fixture->asks, TRUE);
  thread = g_thread_new ("asks", ask_all_the_time, fixture);
  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (relais_work_lock_take (fixture->lock, &error));
      g_assert_no_error (error);
      g_assert_false (relais_work_lock_is_taken_elsewhere (fixture->lock));
      relais_work_lock_release (fixture->lock);
    }
  g_atomic_int_set (&fixture->asks, FALSE);
  n_taken = GPOINTER_TO_UINT (g_thread_join (thread));
  g_test_message ("seen taken %u times", n_taken);
}

static void
test_the_other_finds_it_taken (Fixture       *fixture,
                               gconstpointer  user_data)
{
  gboolean taken;

  g_assert_true (relais_work_lock_take (fixture->lock, NULL));
  {
    g_autoptr (GSubprocess) other = start_other (fixture, &taken);

    g_assert_false (taken);
    end_other (other, 0);
  }
  relais_work_lock_release (fixture->lock);
  {
    g_autoptr (GSubprocess) other = start_other (fixture, &taken);

    g_assert_true (taken);
    end_other (other, 0);
  }
}

/* Two runs of one process have it together, until the last is done. */
static void
test_it_is_free_when_the_last_run_is_done (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  gboolean taken;

  g_assert_true (relais_work_lock_take (fixture->lock, NULL));
  g_assert_true (relais_work_lock_take (fixture->lock, NULL));
  relais_work_lock_release (fixture->lock);
  {
    g_autoptr (GSubprocess) other = start_other (fixture, &taken);

    g_assert_false (taken);
    end_other (other, 0);
  }
  relais_work_lock_release (fixture->lock);
  {
    g_autoptr (GSubprocess) other = start_other (fixture, &taken);

    g_assert_true (taken);
    end_other (other, 0);
  }
}

static void
test_one_that_goes_away_lets_go (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  gboolean taken;

  g_assert_true (relais_work_lock_take (fixture->lock, NULL));
  g_assert_finalize_object (fixture->lock);
  fixture->lock = relais_work_lock_new (fixture->path);
  {
    g_autoptr (GSubprocess) other = start_other (fixture, &taken);

    g_assert_true (taken);
    end_other (other, 0);
  }
}

/* A program that a run starts does not keep it. */
static void
test_children_do_not_inherit_it (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_autoptr (GSubprocess) child = NULL;
  gboolean taken;

  g_assert_true (relais_work_lock_take (fixture->lock, NULL));
  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_INHERIT_FDS, NULL, "cat", NULL);
  relais_work_lock_release (fixture->lock);
  {
    g_autoptr (GSubprocess) other = start_other (fixture, &taken);

    g_assert_true (taken);
    end_other (other, 0);
  }
  end_other (child, SIGKILL);
}

static void
test_a_file_from_before_does_no_harm (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "left over", -1, NULL));
  g_assert_true (relais_work_lock_take (fixture->lock, NULL));
  relais_work_lock_release (fixture->lock);
  g_assert_true (g_file_get_contents (fixture->path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "left over");
}

static void
test_its_file_is_its_owners_alone (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  mode_t before = umask (0);
  GStatBuf status;

  g_assert_true (relais_work_lock_take (fixture->lock, NULL));
  umask (before);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 07777, ==, 0600);
  relais_work_lock_release (fixture->lock);
}

static void
test_a_place_that_cannot_be_written_is_named (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  const char *end = user_data;
  g_autofree char *path = g_build_filename (fixture->folder, end, NULL);
  g_autoptr (RelaisWorkLock) lock = relais_work_lock_new (path);
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_work_lock_take (lock, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

#define ADD(name, data, function) g_test_add ("/work-lock/" name, Fixture, data, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--take"))
    return be_the_other (argv[2]);

  g_test_init (&argc, &argv, NULL);
  ADD ("one-process-has-it-at-a-time", GINT_TO_POINTER (0), test_one_process_has_it_at_a_time);
  ADD ("a-killed-process-has-it-no-more", GINT_TO_POINTER (SIGKILL), test_one_process_has_it_at_a_time);
  ADD ("asking-takes-nothing", NULL, test_asking_takes_nothing);
  ADD ("the-other-finds-it-taken", NULL, test_the_other_finds_it_taken);
  ADD ("it-is-free-when-the-last-run-is-done", NULL, test_it_is_free_when_the_last_run_is_done);
  ADD ("one-that-goes-away-lets-go", NULL, test_one_that_goes_away_lets_go);
  ADD ("children-do-not-inherit-it", NULL, test_children_do_not_inherit_it);
  ADD ("a-file-from-before-does-no-harm", NULL, test_a_file_from_before_does_no_harm);
  ADD ("its-file-is-its-owners-alone", NULL, test_its_file_is_its_owners_alone);
  ADD ("a-folder-that-is-not-there-is-named", "gone/work.lock", test_a_place_that_cannot_be_written_is_named);
  ADD ("a-folder-in-its-place-is-named", ".", test_a_place_that_cannot_be_written_is_named);
  ADD ("odd-bytes-are-named", "caf\351/work.lock", test_a_place_that_cannot_be_written_is_named);

  return g_test_run ();
}
