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
  GPtrArray              *set_aside;    /* (owned): what has been removed and can be brought back */
  GPtrArray              *clearers;     /* (owned) (element-type GTask): wait until what is due is gone for good */
  gboolean                is_clearing;
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

gboolean relais_workspace_has_same_name (const char *name,
                                         const char *other);
GError  *relais_workspace_new_in_use_error (GPtrArray *names);

/* A run of this process ends at the edge of a batch, before what it uses goes */
void     relais_workspace_stop_run_async  (RelaisWorkspace      *self,
                                           RelaisExport         *export,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean relais_workspace_stop_run_finish (RelaisWorkspace      *self,
                                           GAsyncResult         *result,
                                           GError              **error);

/* What was removed and can be brought back */
void     relais_workspace_begin_set_aside (RelaisWorkspace      *self);
void     relais_workspace_end_set_aside   (RelaisWorkspace      *self);
void     relais_workspace_tell_removal_ended (RelaisWorkspace   *self,
                                              gpointer           thing);
gpointer relais_workspace_find_set_aside  (RelaisWorkspace      *self,
                                           GType                 type,
                                           const char           *name);

/* How a connection's secrets are called in the keyring */
char *relais_connection_record_label_key          (const RelaisConnectionRecord *record);
char *relais_connection_record_label_fingerprints (const RelaisConnectionRecord *record);

G_END_DECLS
