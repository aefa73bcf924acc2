/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Against a real gnome-keyring-daemon, on the bus that with-keyring.sh gave. */

#define _GNU_SOURCE /* memmem */
#include "relais-keyring.h"

#include "relais-error.h"
#include "relais-test-memory.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

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
freeze_daemon (Fixture *fixture)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", g_subprocess_get_identifier (fixture->daemon));
  g_autofree char *stat = NULL;

  g_subprocess_send_signal (fixture->daemon, SIGSTOP);
  do
    {
      g_usleep (1000);
      g_clear_pointer (&stat, g_free);
      g_assert_true (g_file_get_contents (path, &stat, NULL, NULL));
    }
  while (strstr (stat, ") T ") == NULL);
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
assert_all_say (Fixture     *fixture,
                RelaisError  code,
                const char  *words)
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
  g_assert_nonnull (strstr (lookup_error->message, words));
  g_assert_cmpstr (store_error->message, ==, lookup_error->message);
  g_assert_cmpstr (remove_error->message, ==, lookup_error->message);
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
  assert_all_say (fixture, RELAIS_ERROR_KEYRING_LOCKED, "is locked");
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
  assert_all_say (fixture, RELAIS_ERROR_KEYRING_LOCKED, "is locked");
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
  g_assert_nonnull (strstr (lookup_error->message, "holds no API key"));
  g_assert_nonnull (strstr (store_error->message, "has no keyring"));
}

static void
test_without_a_service_every_call_says_so (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  assert_all_say (fixture, RELAIS_ERROR_KEYRING_MISSING, "has no keyring");
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
  freeze_daemon (fixture);
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

/* Nobody cancels: the call ends by itself, and the keyring is well again later. */
static void
wait_for_a_frozen_daemon (Fixture *fixture)
{
  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  relais_keyring_set_patience (RELAIS_KEYRING (fixture->store), 200);
  freeze_daemon (fixture);
  assert_all_say (fixture, RELAIS_ERROR_KEYRING, "does not answer");
  relais_keyring_set_patience (RELAIS_KEYRING (fixture->store), 30000);
  g_subprocess_send_signal (fixture->daemon, SIGCONT);
  g_assert_true (store (fixture, "one", KEY, NULL));
  assert_stored (fixture, "one", KEY);
  stop_daemon (fixture, SIGKILL);
}

/* Someone who is shown a prompt, and neither enters the password nor dismisses it */
static void
begin_prompting_cb (GDBusConnection       *bus,
                    const char            *sender,
                    const char            *path,
                    const char            *interface,
                    const char            *method,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation,
                    gpointer               user_data)
{
  guint *n_prompts = user_data;

  (*n_prompts)++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static guint
offer_prompts (guint *n_prompts)
{
  static const GDBusInterfaceVTable table = { .method_call = begin_prompting_cb };
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
    "<node><interface name='org.gnome.keyring.internal.Prompter'>"
    "<method name='BeginPrompting'><arg type='o' direction='in'/></method>"
    "<method name='StopPrompting'><arg type='o' direction='in'/></method>"
    "</interface></node>", NULL);
  g_autoptr (GVariant) reply = NULL;
  guint object = g_dbus_connection_register_object (bus, "/org/gnome/keyring/Prompter", node->interfaces[0], &table,
                                                    n_prompts, NULL, NULL);

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.gnome.keyring.SystemPrompter", 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (reply);

  return object;
}

static void
withdraw_prompts (guint object)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) reply = NULL;

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ReleaseName",
                                       g_variant_new ("(s)", "org.gnome.keyring.SystemPrompter"), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_dbus_connection_unregister_object (bus, object);
}

static void
wait_at_a_prompt (Fixture  *fixture,
                  gboolean  comes_back)
{
  guint n_prompts = 0;
  guint object;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  lock_keyring ();
  relais_keyring_set_patience (RELAIS_KEYRING (fixture->store), 100);
  object = offer_prompts (&n_prompts);
  relais_secret_store_lookup_async (fixture->store, RELAIS_SECRET_API_KEY, "one", NULL, keep_result_cb, &result);
  while (n_prompts == 0)
    g_main_context_iteration (NULL, TRUE);

  /* Much longer than the patience: a person may take the time they need. */
  for (before = g_get_monotonic_time (); g_get_monotonic_time () < before + G_TIME_SPAN_SECOND; )
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_null (result);

  /* The service dies with its prompt open; libsecret does not come back from that. */
  g_test_expect_message ("GLib-GIO", G_LOG_LEVEL_CRITICAL, "*error != NULL*");
  stop_daemon (fixture, SIGKILL);
  if (comes_back)
    start_daemon (fixture, "pass");
  g_assert_null (relais_secret_store_lookup_finish (fixture->store, wait_for (&result), &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_MISSING);
  withdraw_prompts (object);
  g_test_assert_expected_messages ();
  if (comes_back)
    stop_daemon (fixture, SIGKILL);
}

/* In a process of its own: what libsecret does not come back with it does not let go of either. */
static void
test_a_daemon_that_is_not_well (Fixture       *fixture,
                                gconstpointer  user_data)
{
  if (g_test_subprocess ())
    {
      const char *ill = user_data;

      if (g_str_equal (ill, "frozen"))
        wait_for_a_frozen_daemon (fixture);
      else
        wait_at_a_prompt (fixture, g_str_equal (ill, "came back"));
      _exit (0);
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_a_killed_daemon_is_missed_and_its_successor_found (Fixture       *fixture,
                                                        gconstpointer  user_data)
{
  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  stop_daemon (fixture, SIGKILL);
  assert_all_say (fixture, RELAIS_ERROR_KEYRING_MISSING, "has no keyring");
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

/* In a sandbox libsecret keeps keys in an encrypted file of its own. No service is asked then. */
static void
test_a_keyring_file_is_used_in_a_sandbox (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "sandbox.keyring", NULL);

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      assert_not_in_file (path);
      g_remove (path);
      return;
    }
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  if (user_data != NULL)
    {
      g_assert_true (g_file_set_contents (path, user_data, -1, NULL));
      assert_all_say (fixture, RELAIS_ERROR_KEYRING, "did not do what was asked");
      _exit (0);
    }
  g_assert_true (store (fixture, "one", KEY, NULL));
  assert_stored (fixture, "one", KEY);
  g_assert_true (remove_key (fixture, "one", NULL));
  g_assert_true (store (fixture, "one", KEY, NULL));
  _exit (0);
}

/* What another program, "Passwords and Keys" for one, can see of a stored key */
static void
test_a_key_is_filed_under_the_programs_name (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) attributes = NULL;
  g_autofree char *label = NULL;
  g_autoptr (GError) error = NULL;
  GList *items;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  g_hash_table_insert (wanted, (gpointer) "xdg:schema", (gpointer) RELAIS_APPLICATION_ID);
  items = secret_service_search_sync (NULL, NULL, wanted, SECRET_SEARCH_ALL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (items), ==, 1);
  attributes = secret_item_get_attributes (items->data);
  label = secret_item_get_label (items->data);
  g_assert_cmpstr (label, ==, "Relais: Été");
  g_assert_cmpuint (g_hash_table_size (attributes), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (attributes, "kind"), ==, "api-key");
  g_assert_cmpstr (g_hash_table_lookup (attributes, "connection"), ==, "one");
  g_list_free_full (items, g_object_unref);
}

/* The two kinds of one connection do not meet. */
static void
test_each_kind_is_kept_by_itself (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autoptr (RelaisKey) key = relais_key_new_copy ("0123456789abcdef0123456789abcdef", -1);
  g_autoptr (RelaisKey) got = NULL;
  g_autoptr (GAsyncResult) stored = NULL;
  g_autoptr (GAsyncResult) looked_up = NULL;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", KEY, NULL));
  relais_secret_store_store_async (fixture->store, RELAIS_SECRET_FINGERPRINT_KEY, "one", "Relais", key, NULL, keep_result_cb, &stored);
  g_assert_true (relais_secret_store_store_finish (fixture->store, wait_for (&stored), NULL));
  g_assert_true (remove_key (fixture, "one", NULL));
  relais_secret_store_lookup_async (fixture->store, RELAIS_SECRET_FINGERPRINT_KEY, "one", NULL, keep_result_cb, &looked_up);
  got = relais_secret_store_lookup_finish (fixture->store, wait_for (&looked_up), NULL);
  g_assert_cmpstr (relais_key_peek (got), ==, relais_key_peek (key));
}

static void
test_nothing_of_a_key_stays_in_memory (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  g_autofree char *secret = g_strdup_printf ("planted-%08x-%08x", g_test_rand_int (), g_test_rand_int ());
  g_autofree char *reversed = g_strreverse (g_strdup (secret));
  RelaisKey *key;

  start_daemon (fixture, "pass");
  g_assert_true (store (fixture, "one", secret, NULL));
  explicit_bzero (secret, strlen (secret));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (relais_test_memory_count (reversed), ==, 0);
  key = look_up (fixture, "one", NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (relais_test_memory_count (reversed), ==, 1);
  relais_key_unref (key);
  g_assert_cmpuint (relais_test_memory_count (reversed), ==, 0);
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

/* libsecret 0.20 looks at the list of a service's keyrings when one is made, also when a
 * service has just come back and the list has not: it says so, and goes on. */
static gboolean
is_fatal (const char     *domain,
          GLogLevelFlags  level,
          const char     *message,
          gpointer        user_data)
{
  return strstr (message, "g_variant_unref: assertion 'value != NULL' failed") == NULL;
}

#define ADD(name, data, function) g_test_add ("/keyring/" name, Fixture, data, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_log_set_fatal_handler (is_fatal, NULL);
  ADD ("a-key-is-stored-replaced-and-removed", NULL, test_a_key_is_stored_replaced_and_removed);
  ADD ("a-keyring-locked-meanwhile-is-not-an-empty-one", NULL, test_a_keyring_locked_meanwhile_is_not_an_empty_one);
  ADD ("a-keyring-locked-from-the-start-is-not-an-empty-one", NULL, test_a_keyring_locked_from_the_start_is_not_an_empty_one);
  ADD ("a-keyring-stays-locked-after-a-wrong-password", "wrong", test_a_keyring_locked_from_the_start_is_not_an_empty_one);
  ADD ("without-a-keyring-nothing-can-be-stored", NULL, test_without_a_keyring_nothing_can_be_stored);
  ADD ("without-a-service-every-call-says-so", NULL, test_without_a_service_every_call_says_so);
  ADD ("a-frozen-daemon-does-not-hold-a-cancelled-call", NULL, test_a_frozen_daemon_does_not_hold_a_cancelled_call);
  ADD ("a-frozen-daemon-is-said-not-to-answer", "frozen", test_a_daemon_that_is_not_well);
  ADD ("a-killed-daemon-is-missed-and-its-successor-found", NULL, test_a_killed_daemon_is_missed_and_its_successor_found);
  ADD ("a-key-is-filed-under-the-programs-name", NULL, test_a_key_is_filed_under_the_programs_name);
  ADD ("each-kind-is-kept-by-itself", NULL, test_each_kind_is_kept_by_itself);
  ADD ("nothing-of-a-key-stays-in-memory", NULL, test_nothing_of_a_key_stays_in_memory);
  ADD ("a-keyring-file-is-used-in-a-sandbox", NULL, test_a_keyring_file_is_used_in_a_sandbox);
  ADD ("a-damaged-keyring-file-is-not-an-empty-one", "this is no keyring", test_a_keyring_file_is_used_in_a_sandbox);
  ADD ("a-key-is-readable-nowhere", NULL, test_a_key_is_readable_nowhere);
  ADD ("an-open-prompt-is-waited-for", "gone", test_a_daemon_that_is_not_well);
  ADD ("a-prompt-of-a-daemon-that-came-back-is-not", "came back", test_a_daemon_that_is_not_well);

  return g_test_run ();
}
