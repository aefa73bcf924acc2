/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-keyring-watch-private.h"

#define SERVICE "org.freedesktop.secrets"

struct _RelaisKeyringWatch
{
  guint                   patience;     /* in milliseconds */
  RelaisKeyringWatchFunc  func;
  gpointer                user_data;
  guint                   name_watch;
  gboolean                seen;         /* the service is on the bus */
  gboolean                gone;         /* and has left it since */
  guint                   source;       /* 0 while a question is under way */
  GCancellable           *cancellable;  /* (owned): of the question */
};

static void wait_for_answer (RelaisKeyringWatch *watch);

static void
appeared_cb (GDBusConnection *bus,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  RelaisKeyringWatch *watch = user_data;

  watch->seen = TRUE;
}

static void
vanished_cb (GDBusConnection *bus,
             const char      *name,
             gpointer         user_data)
{
  RelaisKeyringWatch *watch = user_data;

  watch->gone = watch->gone || watch->seen;
}

static gboolean
is_silent (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelaisKeyringWatch *watch = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  /* Then the watch is no more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  wait_for_answer (watch);
  if (is_silent (error))
    watch->func (FALSE, watch->user_data);
}

static void
bus_ready_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  RelaisKeyringWatch *watch = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      wait_for_answer (watch);
      return;
    }
  g_dbus_connection_call (bus, SERVICE, "/", "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, watch->patience, watch->cancellable, answered_cb, watch);
}

static void
ask_cb (gpointer user_data)
{
  RelaisKeyringWatch *watch = user_data;

  watch->source = 0;
  if (!watch->gone)
    {
      g_bus_get (G_BUS_TYPE_SESSION, watch->cancellable, bus_ready_cb, watch);
      return;
    }
  wait_for_answer (watch);
  watch->func (TRUE, watch->user_data);
}

static void
wait_for_answer (RelaisKeyringWatch *watch)
{
  watch->source = g_timeout_add_once (watch->patience, ask_cb, watch);
}

/**
 * relais_keyring_watch_new:
 * @patience: in milliseconds: how long nothing is asked, and how long an answer may take
 * @func: called when the service is not well
 * @user_data: for @func
 *
 * A service that waits for a person at a prompt answers, and is well. One that left and
 * came back is not the one that was asked.
 *
 * Returns: (transfer full):
 */
RelaisKeyringWatch *
relais_keyring_watch_new (guint                   patience,
                          RelaisKeyringWatchFunc  func,
                          gpointer                user_data)
{
  RelaisKeyringWatch *watch = g_new0 (RelaisKeyringWatch, 1);

  watch->patience = patience;
  watch->func = func;
  watch->user_data = user_data;
  watch->cancellable = g_cancellable_new ();
  watch->name_watch = g_bus_watch_name (G_BUS_TYPE_SESSION, SERVICE, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                        appeared_cb, vanished_cb, watch, NULL);
  wait_for_answer (watch);

  return watch;
}

/**
 * relais_keyring_watch_free:
 * @watch: (transfer full):
 */
void
relais_keyring_watch_free (RelaisKeyringWatch *watch)
{
  g_bus_unwatch_name (watch->name_watch);
  g_clear_handle_id (&watch->source, g_source_remove);
  g_cancellable_cancel (watch->cancellable);
  g_object_unref (watch->cancellable);
  g_free (watch);
}
