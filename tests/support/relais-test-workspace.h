/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-memory-secrets.h"
#include "relais-workspace.h"

G_BEGIN_DECLS

/**
 * RelaisTestWorkspace:
 *
 * A workspace with its journal in a folder of its own and its secrets in memory.
 * The calls here wait for what they asked for.
 */
typedef struct
{
  char                *folder;     /* (owned) */
  RelaisMemorySecrets *secrets;    /* (owned) */
  SoupSession         *session;    /* (owned) */
  RelaisWorkspace     *workspace;  /* (owned) (nullable): once it is open */
} RelaisTestWorkspace;

void              relais_test_workspace_set_up            (RelaisTestWorkspace           *self,
                                                           gconstpointer                  user_data);
void              relais_test_workspace_tear_down         (RelaisTestWorkspace           *self,
                                                           gconstpointer                  user_data);
gboolean          relais_test_workspace_open              (RelaisTestWorkspace           *self,
                                                           GError                       **error);
void              relais_test_workspace_close             (RelaisTestWorkspace           *self);
void              relais_test_workspace_reopen            (RelaisTestWorkspace           *self);
void              relais_test_workspace_break_journal     (RelaisTestWorkspace           *self);

RelaisConnectionRecord *relais_test_connection_record     (const char                    *name,
                                                           const char                    *host);
RelaisConnection *relais_test_workspace_save              (RelaisTestWorkspace           *self,
                                                           const RelaisConnectionRecord  *record,
                                                           const char                    *key,
                                                           GError                       **error);
RelaisConnection *relais_test_workspace_add               (RelaisTestWorkspace           *self,
                                                           const char                    *name,
                                                           const char                    *host,
                                                           const char                    *key);
gboolean          relais_test_workspace_remove            (RelaisTestWorkspace           *self,
                                                           RelaisConnection              *connection,
                                                           GError                       **error);

RelaisExportDefinition *relais_test_export_definition     (const char                    *name,
                                                           const char                    *connection);
RelaisExport     *relais_test_workspace_save_export       (RelaisTestWorkspace           *self,
                                                           RelaisExport                  *existing,
                                                           const RelaisExportDefinition  *definition,
                                                           GError                       **error);
RelaisExport     *relais_test_workspace_add_export        (RelaisTestWorkspace           *self,
                                                           const char                    *name,
                                                           const char                    *connection);
gboolean          relais_test_workspace_remove_export     (RelaisTestWorkspace           *self,
                                                           RelaisExport                  *export,
                                                           GError                       **error);
void              relais_test_workspace_put_run           (RelaisTestWorkspace           *self,
                                                           const char                    *id,
                                                           RelaisExport                  *export,
                                                           RelaisRunStatus                status,
                                                           guint64                        delivered,
                                                           gint64                         ended_at);

/* Pass a place for the result as user data, then wait for it. */
void              relais_test_keep_result                 (GObject                       *object,
                                                           GAsyncResult                  *result,
                                                           gpointer                       user_data);
GAsyncResult     *relais_test_wait                        (GAsyncResult                 **result);

G_END_DECLS
