/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "relais-records.h"

G_BEGIN_DECLS

/**
 * RelaisConnection:
 *
 * A connection as the window shows it. Read-only from outside: RelaisWorkspace
 * changes it. Its key is not here, see relais_workspace_open_client_async().
 *
 * Properties (all read-only, notifying): `id`, `name`, `kind` (int), `host`
 * (nullable), `access` (int), `account` (nullable), `check` (int), `checked-at`
 * (int64), `n-exports` (uint), `practice` (boolean). What stands for an enum is an int, so that a
 * closure in a .ui file takes it as its C function does.
 */
#define RELAIS_TYPE_CONNECTION (relais_connection_get_type ())
G_DECLARE_FINAL_TYPE (RelaisConnection, relais_connection, RELAIS, CONNECTION, GObject)

RelaisConnection             *relais_connection_new           (const RelaisConnectionRecord *record);
const RelaisConnectionRecord *relais_connection_get_record    (RelaisConnection             *self);
void                          relais_connection_set_record    (RelaisConnection             *self,
                                                               const RelaisConnectionRecord *record);
void                          relais_connection_set_n_exports (RelaisConnection             *self,
                                                               guint                         n_exports);
const char                   *relais_connection_get_id        (RelaisConnection             *self);
const char                   *relais_connection_get_name      (RelaisConnection             *self);
gboolean                      relais_connection_is_practice   (RelaisConnection             *self);

G_END_DECLS
