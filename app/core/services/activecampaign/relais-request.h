/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "relais-client.h"

G_BEGIN_DECLS

/* One question to the account and its judged answer: the only place in the
 * program where a request is made. */
void      relais_client_ask_async  (RelaisClient         *self,
                                    const char           *method,
                                    const char           *path,
                                    GBytes               *body,
                                    RelaisRequestKind     kind,
                                    gboolean              may_repeat,
                                    gint64                until,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
JsonNode *relais_client_ask_finish (RelaisClient         *self,
                                    GAsyncResult         *result,
                                    gboolean             *repeated,
                                    GError              **error);
gboolean  relais_client_ask_has_left (GAsyncResult       *result);
gint64    relais_client_ask_get_sent_at (GAsyncResult    *result);
void      relais_client_return_not_understood (GTask     *task);

G_END_DECLS
