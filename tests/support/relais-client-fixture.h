/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"
#include "relais-test-server.h"

G_BEGIN_DECLS

#define RELAIS_TEST_KEY "52c2943d3b02a8a2ed0f4f4f9a2d1c6a7b8e9f00"

/**
 * RelaisClientFixture:
 * @n_waits: how often the service asked for a pause
 * @wait: how long the last one was to be, in seconds
 *
 * A client of a scripted account. Pauses that the service asks for are noted and skipped, so that
 * nothing in the tests waits for a clock.
 */
typedef struct
{
  RelaisTestServer *server;       /* (owned) */
  SoupSession      *session;      /* (owned) */
  RelaisGovernor   *governor;     /* (owned) */
  RelaisClient     *client;       /* (owned) */
  GCancellable     *cancellable;  /* (owned) */
  GAsyncResult     *result;       /* (owned) (nullable): of the call that ended last */
  guint             n_waits;
  double            wait;
  gboolean          waits;        /* pauses are not skipped */
} RelaisClientFixture;

void          relais_client_fixture_set_up     (RelaisClientFixture  *self,
                                                gconstpointer         user_data);
void          relais_client_fixture_tear_down  (RelaisClientFixture  *self,
                                                gconstpointer         user_data);
void          relais_client_fixture_set_client (RelaisClientFixture  *self,
                                                RelaisGovernor       *governor,
                                                const char           *host,
                                                gboolean              practice);

/* For any call: hand both on as callback and its data, then wait for the result. */
void          relais_client_fixture_done_cb    (GObject              *object,
                                                GAsyncResult         *result,
                                                gpointer              user_data);
GAsyncResult *relais_client_fixture_wait       (RelaisClientFixture  *self);

/* The whole of a call */
GPtrArray     *relais_client_fixture_lists     (RelaisClientFixture  *self,
                                                GError              **error);
RelaisReceipt *relais_client_fixture_import    (RelaisClientFixture  *self,
                                                const char           *payload,
                                                guint                 n_contacts,
                                                gboolean              may_repeat,
                                                GError              **error);

G_END_DECLS
