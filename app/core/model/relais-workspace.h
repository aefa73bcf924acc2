/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-client.h"
#include "relais-export.h"
#include "relais-hash.h"
#include "relais-journal.h"
#include "relais-role.h"
#include "relais-secret-store.h"
#include "relais-work-lock.h"

G_BEGIN_DECLS

/**
 * RelaisWorkspace:
 *
 * What one person has: connections and exports, with the services they are kept
 * and reached by. Made once by window or command line and handed down.
 *
 * Properties: `connections` (GListModel of RelaisConnection, sorted by name),
 * `exports` (GListModel of RelaisExport, sorted by name), `role` (RelaisRole, notifying, writable: bound to the settings
 * by whoever opens it). What that role does not allow is refused with RELAIS_ERROR_ROLE, whoever asks for it.
 *
 * Signal `removal-ended` (GObject): a connection or an export that was set aside has been brought back, or is
 * gone for good.
 */
#define RELAIS_TYPE_WORKSPACE (relais_workspace_get_type ())
G_DECLARE_FINAL_TYPE (RelaisWorkspace, relais_workspace, RELAIS, WORKSPACE, GObject)

/* The text of "Data privacy and compliance" in force; a change of its meaning counts up. */
#define RELAIS_CONSENT_VERSION 1

/* Opening: the journal is <folder>/journal.sqlite, the lock <folder>/work.lock. */
void              relais_workspace_open_async               (const char                    *folder,
                                                             RelaisSecretStore             *secrets,
                                                             SoupSession                   *session,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
RelaisWorkspace  *relais_workspace_open_finish              (GAsyncResult                  *result,
                                                             GError                       **error);
void              relais_workspace_close                    (RelaisWorkspace               *self);

RelaisRole        relais_workspace_get_role                 (RelaisWorkspace               *self);
void              relais_workspace_set_role                 (RelaisWorkspace               *self,
                                                             RelaisRole                     role);
gboolean          relais_workspace_check_right              (RelaisWorkspace               *self,
                                                             RelaisAction                   action,
                                                             RelaisConnection              *connection,
                                                             GError                       **error);

RelaisJournal    *relais_workspace_get_journal              (RelaisWorkspace               *self);
RelaisWorkLock   *relais_workspace_get_work_lock            (RelaisWorkspace               *self);
GListModel       *relais_workspace_get_connections          (RelaisWorkspace               *self);
GListModel       *relais_workspace_get_exports              (RelaisWorkspace               *self);
RelaisConnection *relais_workspace_find_connection          (RelaisWorkspace               *self,
                                                             const char                    *name_or_id);
RelaisExport     *relais_workspace_find_export              (RelaisWorkspace               *self,
                                                             const char                    *name_or_id);

/**
 * RelaisPracticeProvider:
 * @address: (out): host:port, owned by the caller
 * @key: (out): owned by the caller
 * @fingerprint_key: (out): 32 hexadecimal digits, owned by the caller; belongs to
 *   what the practice account holds, so that a fresh practice account is sent everything
 *
 * Starts the built-in practice account when it does not run yet and says where
 * it is. The room practice/ is outside core; whoever makes the workspace knows it.
 */
typedef gboolean (* RelaisPracticeProvider) (char      **address,
                                             RelaisKey **key,
                                             char      **fingerprint_key,
                                             gpointer    user_data,
                                             GError    **error);

void              relais_workspace_set_practice_provider    (RelaisWorkspace               *self,
                                                             RelaisPracticeProvider         provider,
                                                             gpointer                       user_data,
                                                             GDestroyNotify                 destroy);

/* A client for host and key that are not stored yet: Connect */
RelaisClient     *relais_workspace_make_client              (RelaisWorkspace               *self,
                                                             const RelaisConnectionRecord  *record,
                                                             RelaisKey                     *key,
                                                             GError                       **error);
/* A client for a stored connection, its key read from the keyring */
void              relais_workspace_open_client_async        (RelaisWorkspace               *self,
                                                             RelaisConnection              *connection,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
RelaisClient     *relais_workspace_open_client_finish       (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
/* The key of a connection's fingerprints; made and stored when there is none yet */
void              relais_workspace_get_hash_key_async       (RelaisWorkspace               *self,
                                                             RelaisConnection              *connection,
                                                             RelaisClient                  *client,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
void              relais_workspace_find_hash_key_async      (RelaisWorkspace               *self,
                                                             RelaisConnection              *connection,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_get_hash_key_finish      (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             RelaisHashKey                 *hash_key,
                                                             GError                       **error);

/* Connections. @key %NULL keeps the stored one. The record's id is %NULL for a new one. */
void              relais_workspace_save_connection_async    (RelaisWorkspace               *self,
                                                             const RelaisConnectionRecord  *record,
                                                             RelaisKey                     *key,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
RelaisConnection *relais_workspace_save_connection_finish   (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
void              relais_workspace_remove_connection_async  (RelaisWorkspace               *self,
                                                             RelaisConnection              *connection,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_remove_connection_finish (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
/* Asks the account who we are and stores the outcome (also a failure) with the connection */
void              relais_workspace_check_connection_async   (RelaisWorkspace               *self,
                                                             RelaisConnection              *connection,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
RelaisAccount    *relais_workspace_check_connection_finish  (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
RelaisCheck       relais_check_from_error                   (const GError                  *error);

/* Exports. @export %NULL makes a new one. */
void              relais_workspace_save_export_async        (RelaisWorkspace               *self,
                                                             RelaisExport                  *existing,
                                                             const RelaisExportDefinition  *definition,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
RelaisExport     *relais_workspace_save_export_finish       (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
/* It keeps its settings and does not run */
void              relais_workspace_disconnect_export_async  (RelaisWorkspace               *self,
                                                             RelaisExport                  *export,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_disconnect_export_finish (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
gboolean          relais_workspace_check_idle               (RelaisWorkspace               *self,
                                                             RelaisExport                  *export,
                                                             GError                       **error);
void              relais_workspace_remove_export_async      (RelaisWorkspace               *self,
                                                             RelaisExport                  *export,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_remove_export_finish     (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
gboolean          relais_workspace_check_there              (RelaisWorkspace               *self,
                                                             RelaisExport                  *export,
                                                             GError                       **error);
/* All exports of a connection */
void              relais_workspace_disconnect_exports_async (RelaisWorkspace               *self,
                                                             RelaisConnection              *connection,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_disconnect_exports_finish (RelaisWorkspace              *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);

/* Removing what can be brought back: a connection or an export is set aside, and gone for good when it is asked for */
void              relais_workspace_set_aside_async          (RelaisWorkspace               *self,
                                                             gpointer                       thing,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_set_aside_finish         (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);
gboolean          relais_workspace_is_set_aside             (RelaisWorkspace               *self,
                                                             gpointer                       thing);
gboolean          relais_workspace_bring_back               (RelaisWorkspace               *self,
                                                             gpointer                       thing);
void              relais_workspace_clear_async              (RelaisWorkspace               *self,
                                                             gpointer                       thing,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_clear_finish             (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);

/* What is remembered of an export; the export stays, and so does the log */
void              relais_workspace_erase_export_async       (RelaisWorkspace               *self,
                                                             RelaisExport                  *export,
                                                             GCancellable                  *cancellable,
                                                             GAsyncReadyCallback            callback,
                                                             gpointer                       user_data);
gboolean          relais_workspace_erase_export_finish      (RelaisWorkspace               *self,
                                                             GAsyncResult                  *result,
                                                             GError                       **error);

G_END_DECLS
