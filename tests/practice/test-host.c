/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-host.h"

#include <glib/gstdio.h>

#include "relais-error.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->folder = g_dir_make_tmp ("practice-host-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "practice.sqlite", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static char *
describe (RelaisPracticeHost  *host,
          char               **address)
{
  g_autoptr (RelaisKey) key = NULL;
  g_autofree char *account = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_practice_host_provide (address, &key, &account, host, &error));
  g_assert_no_error (error);

  return g_strdup_printf ("%s %s", relais_key_peek (key), account);
}

static void
test_an_account_starts_when_it_is_needed_and_once (Fixture       *fixture,
                                                   gconstpointer  user_data)
{
  g_autoptr (RelaisPracticeHost) host = relais_practice_host_new (fixture->path);
  g_autofree char *first_address = NULL, *second_address = NULL;
  g_autofree char *first = NULL, *second = NULL;

  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  first = describe (host, &first_address);
  second = describe (host, &second_address);
  g_assert_cmpstr (first_address, ==, second_address);
  g_assert_true (g_str_has_prefix (first_address, "127.0.0.1:"));
  g_assert_cmpstr (first, ==, second);
  g_assert_finalize_object (g_steal_pointer (&host));
}

static void
test_key_and_account_are_those_of_the_last_session (Fixture       *fixture,
                                                    gconstpointer  user_data)
{
  g_autofree char *address = NULL, *again_address = NULL, *fresh_address = NULL;
  g_autofree char *first = NULL, *again = NULL, *fresh = NULL;
  RelaisPracticeHost *host = relais_practice_host_new (fixture->path);

  first = describe (host, &address);
  g_assert_finalize_object (host);
  host = relais_practice_host_new (fixture->path);
  again = describe (host, &again_address);
  g_assert_cmpstr (first, ==, again);
  g_assert_finalize_object (host);

  host = relais_practice_host_new (NULL);
  fresh = describe (host, &fresh_address);
  g_assert_cmpstr (first, !=, fresh);
  g_assert_finalize_object (host);
}

static void
test_an_account_that_is_open_elsewhere_is_busy_until_it_is_not (Fixture       *fixture,
                                                                gconstpointer  user_data)
{
  RelaisPracticeHost *one = relais_practice_host_new (fixture->path);
  g_autoptr (RelaisPracticeHost) other = relais_practice_host_new (fixture->path);
  g_autofree char *one_address = NULL, *other_address = NULL, *account = NULL;
  g_autofree char *first = describe (one, &one_address);
  g_autofree char *second = NULL;
  g_autoptr (RelaisKey) key = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_practice_host_provide (&other_address, &key, &account, other, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  g_assert_finalize_object (one);
  second = describe (other, &other_address);
  g_assert_cmpstr (first, ==, second);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/practice/host/once", Fixture, NULL, set_up, test_an_account_starts_when_it_is_needed_and_once, tear_down);
  g_test_add ("/practice/host/kept", Fixture, NULL, set_up, test_key_and_account_are_those_of_the_last_session, tear_down);
  g_test_add ("/practice/host/busy", Fixture, NULL, set_up, test_an_account_that_is_open_elsewhere_is_busy_until_it_is_not, tear_down);

  return g_test_run ();
}
