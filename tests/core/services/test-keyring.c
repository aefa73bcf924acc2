/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Against a real gnome-keyring-daemon, on the bus that with-keyring.sh gave. */

#define _GNU_SOURCE /* memmem */
#include "relais-keyring.h"

#include "relais-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <string.h>

#define KEY "sk_5e0c7aa6d3f14d0f_not_a_real_key"

typedef struct
{
  RelaisSecretStore *store;   /* (owned) */
  GSubprocess       *daemon;  /* (owned) (nullable) */
} Fixture;

static gboolean
is_service_owned (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                                            "NameHasOwner", g_variant_new ("(s)", "org.freedesktop.secrets"),
                                                            NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  gboolean is_owned;

  g_variant_get (reply, "(b)", &is_owned);

  return is_owned;
}

static void
wait_for_service (gboolean is_owned)
{
  for (guint i = 0; i < 1000 && is_service_owned () != is_owned; i++)
    g_usleep (10000);
  g_assert_cmpint (is_service_owned (), ==, is_owned);
}

/* Without a password an existing keyring stays locked. */
static void
start_daemon (Fixture    *fixture,
              const char *password)
{
  g_autoptr (GError) error = NULL;
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);

  /* The daemon's own warnings are not to end it. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  fixture->daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground",
                                                 "--components=secrets", password != NULL ? "--unlock" : NULL, NULL);
  g_assert_no_error (error);
  if (password != NULL)
    g_output_stream_write_all (g_subprocess_get_stdin_pipe (fixture->daemon), password, strlen (password), NULL, NULL, NULL);
  g_output_stream_close (g_subprocess_get_stdin_pipe (fixture->daemon), NULL, NULL);
  wait_for_service (TRUE);
}

static void
stop_daemon (Fixture *fixture,
             int      signal_number)
{
  g_subprocess_send_signal (fixture->daemon, signal_number);
  g_subprocess_wait (fixture->daemon, NULL, NULL);
  g_clear_object (&fixture->daemon);
  wait_for_service (FALSE);
}

static void
lock_keyring (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  const char * const collections[] = { "/org/freedesktop/secrets/collection/login", NULL };

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                                       "org.freedesktop.Secret.Service", "Lock", g_variant_new ("(^ao)", collections),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
forget_keyrings (void)
{
  g_autofree char *folder = g_build_filename (g_get_home_dir (), ".local", "share", "keyrings", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  forget_keyrings ();
  fixture->store = relais_keyring_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  if (fixture->daemon != NULL)
    stop_daemon (fixture, SIGKILL);
  g_assert_finalize_object (fixture->store);
  secret_service_disconnect ();
}

/* Calls, waited for */

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static RelaisKey *
look_up (Fixture     *fixture,
         const char  *connection,
         GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_secret_store_lookup_async (fixture->store, RELAIS_SECRET_API_KEY, connection, NULL, keep_result_cb, &result);

  return relais_secret_store_lookup_finish (fixture->store, wait_for (&result), error);
}

static gboolean
store (Fixture     *fixture,
       const char  *connection,
       const char  *secret,
       GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisKey) key = relais_key_new_copy (secret, -1);

  relais_secret_store_store_async (fixture->store, RELAIS_SECRET_API_KEY, connection, "Relais: Été", key, NULL,
                                   keep_result_cb, &result);

  return relais_secret_store_store_finish (fixture->store, wait_for (&result), error);
}

static gboolean
remove_key (Fixture     *fixture,
            const char  *connection,
            GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_secret_store_remove_async (fixture->store, RELAIS_SECRET_API_KEY, connection, NULL, keep_result_cb, &result);

  return relais_secret_store_remove_finish (fixture->store, wait_for (&result), error);
}

static void
assert_stored (Fixture    *fixture,
               const char *connection,
               const char *secret)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisKey) key = look_up (fixture, connection, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (relais_key_peek (key), ==, secret);
}

static void
assert_all_fail (Fixture     *fixture,
                 RelaisError  code)
{
  g_autoptr (GError) lookup_error = NULL;
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) remove_error = NULL;

  g_assert_null (look_up (fixture, "one", &lookup_error));
  g_assert_error (lookup_error, RELAIS_ERROR, (int) code);
  g_assert_false (store (fixture, "one", "other", &store_error));
  g_assert_error (store_error, RELAIS_ERROR, (int) code);
  g_assert_false (remove_key (fixture, "one", &remove_error));
  g_assert_error (remove_error, RELAIS_ERROR, (int) code);
}

/* Tests */

static void
test_a_key_is_stored_replaced_and_removed (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", "first", &error));
  g_assert_true (store (fixture, "one", KEY, &error));
  g_assert_true (store (fixture, "two", "second", &error));
  g_assert_no_error (error);
  assert_stored (fixture, "one", KEY);
  assert_stored (fixture, "two", "second");

  g_assert_true (remove_key (fixture, "one", &error));
  g_assert_true (remove_key (fixture, "one", &error));
  g_assert_no_error (error);
  g_assert_null (look_up (fixture, "one", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING);
  assert_stored (fixture, "two", "second");
}

static void
test_a_keyring_locked_meanwhile_is_not_an_empty_one (Fixture       *fixture,
                                                     gconstpointer  user_data)
{
  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  lock_keyring ();
  assert_all_fail (fixture, RELAIS_ERROR_KEYRING_LOCKED);
}

static void
test_a_keyring_locked_from_the_start_is_not_an_empty_one (Fixture       *fixture,
                                                          gconstpointer  user_data)
{
  const char *password = user_data;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  stop_daemon (fixture, SIGTERM);
  start_daemon (fixture, password);
  assert_all_fail (fixture, RELAIS_ERROR_KEYRING_LOCKED);
  stop_daemon (fixture, SIGTERM);
  start_daemon (fixture, "pass");
  assert_stored (fixture, "one", KEY);
}

static void
test_without_a_keyring_nothing_can_be_stored (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  g_autoptr (GError) lookup_error = NULL;
  g_autoptr (GError) store_error = NULL;

  start_daemon (fixture, NULL);
  g_assert_null (look_up (fixture, "one", &lookup_error));
  g_assert_error (lookup_error, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING);
  g_assert_false (store (fixture, "one", KEY, &store_error));
  g_assert_error (store_error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_MISSING);
  g_assert_null (strstr (store_error->message, "Object"));
}

static void
test_without_a_service_every_call_says_so (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  assert_all_fail (fixture, RELAIS_ERROR_KEYRING_MISSING);
}

static void
test_a_frozen_daemon_does_not_hold_a_cancelled_call (Fixture       *fixture,
                                                     gconstpointer  user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  g_subprocess_send_signal (fixture->daemon, SIGSTOP);
  relais_secret_store_lookup_async (fixture->store, RELAIS_SECRET_API_KEY, "one", cancellable, keep_result_cb, &result);
  for (before = g_get_monotonic_time (); g_get_monotonic_time () < before + 100 * G_TIME_SPAN_MILLISECOND; )
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (result);

  before = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_assert_null (relais_secret_store_lookup_finish (fixture->store, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - before, <, G_TIME_SPAN_SECOND);

  /* The late answer comes, is dropped, and the next call is served. */
  g_subprocess_send_signal (fixture->daemon, SIGCONT);
  g_clear_object (&result);
  assert_stored (fixture, "one", KEY);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_a_killed_daemon_is_missed_and_its_successor_found (Fixture       *fixture,
                                                        gconstpointer  user_data)
{
  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  stop_daemon (fixture, SIGKILL);
  assert_all_fail (fixture, RELAIS_ERROR_KEYRING_MISSING);
  start_daemon (fixture, "pass");
  assert_stored (fixture, "one", KEY);
}

static void
assert_not_in_file (const char *path)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  if (g_file_get_contents (path, &content, &length, NULL))
    g_assert_null (memmem (content, length, KEY, strlen (KEY)));
}

static void
assert_not_below (const char *folder,
                  guint      *n_files)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        assert_not_below (path, n_files);
      else if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        {
          assert_not_in_file (path);
          (*n_files)++;
        }
    }
}

static void
test_a_key_is_readable_nowhere (Fixture       *fixture,
                                gconstpointer  user_data)
{
  guint n_files = 0;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  assert_stored (fixture, "one", KEY);
  assert_not_below (g_get_home_dir (), &n_files);
  g_assert_cmpuint (n_files, >, 0);
  assert_not_in_file ("/proc/self/cmdline");
  assert_not_in_file ("/proc/self/environ");
}

#define ADD(name, data, function) g_test_add ("/keyring/" name, Fixture, data, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-key-is-stored-replaced-and-removed", NULL, test_a_key_is_stored_replaced_and_removed);
  ADD ("a-keyring-locked-meanwhile-is-not-an-empty-one", NULL, test_a_keyring_locked_meanwhile_is_not_an_empty_one);
  ADD ("a-keyring-locked-from-the-start-is-not-an-empty-one", NULL, test_a_keyring_locked_from_the_start_is_not_an_empty_one);
  ADD ("a-keyring-stays-locked-after-a-wrong-password", "wrong", test_a_keyring_locked_from_the_start_is_not_an_empty_one);
  ADD ("without-a-keyring-nothing-can-be-stored", NULL, test_without_a_keyring_nothing_can_be_stored);
  ADD ("without-a-service-every-call-says-so", NULL, test_without_a_service_every_call_says_so);
  ADD ("a-frozen-daemon-does-not-hold-a-cancelled-call", NULL, test_a_frozen_daemon_does_not_hold_a_cancelled_call);
  ADD ("a-killed-daemon-is-missed-and-its-successor-found", NULL, test_a_killed_daemon_is_missed_and_its_successor_found);
  ADD ("a-key-is-readable-nowhere", NULL, test_a_key_is_readable_nowhere);

  return g_test_run ();
}
