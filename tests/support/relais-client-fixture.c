/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-client-fixture.h"

#include <string.h>

/* Someone has to wait: it is noted, and one may try in spite of it. */
static void
waiting_cb (RelaisGovernor *governor,
            GParamSpec     *pspec,
            gpointer        user_data)
{
  RelaisClientFixture *self = user_data;
  gint64 until = relais_governor_get_waiting_until (governor);

  if (until == 0)
    return;
  self->n_waits++;
  self->wait = (double) (until - g_get_monotonic_time ()) / G_USEC_PER_SEC;
  if (!self->waits)
    relais_governor_skip_wait (governor);
}

static void
clear_client (RelaisClientFixture *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->client);
  g_signal_handlers_disconnect_by_data (self->governor, self);
  g_assert_finalize_object (self->governor);
}

static void
make_client (RelaisClientFixture *self,
             RelaisGovernor      *governor,
             const char          *host,
             gboolean             practice)
{
  RelaisKey *key = relais_key_new_copy (RELAIS_TEST_KEY, -1);

  self->governor = governor;
  self->client = relais_client_new (self->session, governor, host, practice, key);
  relais_key_unref (key);
  g_signal_connect (governor, "notify::waiting-until", G_CALLBACK (waiting_cb), self);
}

/*
 * relais_client_fixture_set_client:
 * @governor: (transfer full): instead of one without limits
 * @host: of the account, instead of the server's
 * @practice: whether it is a practice account
 */
void
relais_client_fixture_set_client (RelaisClientFixture *self,
                                  RelaisGovernor      *governor,
                                  const char          *host,
                                  gboolean             practice)
{
  clear_client (self);
  make_client (self, governor, host, practice);
}

void
relais_client_fixture_set_up (RelaisClientFixture *self,
                              gconstpointer        user_data)
{
  self->server = relais_test_server_new (NULL);
  self->session = relais_client_session_new ();
  self->cancellable = g_cancellable_new ();
  make_client (self, relais_governor_new (G_MAXUINT, 1), self->server->address, TRUE);
}

/* Nothing that was begun keeps anything alive. */
void
relais_client_fixture_tear_down (RelaisClientFixture *self,
                                 gconstpointer        user_data)
{
  g_assert_null (self->result);
  clear_client (self);
  soup_session_abort (self->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->session);
  g_assert_finalize_object (self->cancellable);
  relais_test_server_free (self->server);
}

void
relais_client_fixture_done_cb (GObject      *object,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  RelaisClientFixture *self = user_data;

  g_assert_null (self->result);
  self->result = g_object_ref (result);
}

/*
 * relais_client_fixture_wait:
 *
 * Returns: (transfer full): the result of the call under way
 */
GAsyncResult *
relais_client_fixture_wait (RelaisClientFixture *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&self->result);
}

GPtrArray *
relais_client_fixture_lists (RelaisClientFixture  *self,
                             GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_list_lists_async (self->client, self->cancellable, relais_client_fixture_done_cb, self);
  result = relais_client_fixture_wait (self);

  return relais_client_list_lists_finish (self->client, result, error);
}

RelaisReceipt *
relais_client_fixture_import (RelaisClientFixture  *self,
                              const char           *payload,
                              guint                 n_contacts,
                              gboolean              may_repeat,
                              GError              **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (payload, strlen (payload));
  g_autoptr (GAsyncResult) result = NULL;

  relais_client_import_async (self->client, bytes, n_contacts, may_repeat, self->cancellable, relais_client_fixture_done_cb, self);
  result = relais_client_fixture_wait (self);

  return relais_client_import_finish (self->client, result, NULL, error);
}
