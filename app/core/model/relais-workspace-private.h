/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-workspace.h"

G_BEGIN_DECLS

struct _RelaisWorkspace
{
  GObject parent_instance;

  char                   *folder;       /* (owned) */
  RelaisSecretStore      *secrets;      /* (owned) */
  SoupSession            *session;      /* (owned) */
  RelaisGovernors        *governors;    /* (owned) */
  RelaisJournal          *journal;      /* (owned) (nullable): until it is open */
  RelaisWorkLock         *lock;         /* (owned) */
  GListStore             *connections;  /* (owned) (element-type RelaisConnection): by name */
  GListStore             *exports;      /* (owned) (element-type RelaisExport): by name */
  GHashTable             *leaving;      /* (owned) (element-type RelaisConnection): connections that are being removed */
  RelaisRole              role;         /* of the person */
  guint                   watch;        /* source: another process is busy with a run */
  RelaisPracticeProvider  practice;     /* (nullable) */
  gpointer                practice_data;
  GDestroyNotify          practice_destroy;
};

void relais_workspace_place_connection (RelaisWorkspace  *self,
                                        RelaisConnection *connection);
void relais_workspace_place_export     (RelaisWorkspace  *self,
                                        RelaisExport     *export);
void relais_workspace_count_exports    (RelaisWorkspace  *self);

gboolean relais_workspace_check_name (const char  *name,
                                      gboolean     is_taken,
                                      const char  *missing,
                                      const char  *taken,
                                      GError     **error);

/* How a connection's secrets are called in the keyring */
char *relais_connection_record_label_key          (const RelaisConnectionRecord *record);
char *relais_connection_record_label_fingerprints (const RelaisConnectionRecord *record);

G_END_DECLS
