/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-delivery.h"
#include "relais-memory-secrets.h"
#include "relais-practice.h"
#include "relais-run-job-private.h"
#include "relais-scripted-account.h"

G_BEGIN_DECLS

/**
 * RelaisRunFixture:
 *
 * Everything a run needs: a workspace with its journal in a folder of its own,
 * a keyring in memory, an account on loopback that is scripted or the practice
 * account, a segment, an export, and an engine in a hurry.
 */
typedef struct
{
  char                  *folder;
  char                  *segment;      /* path of its file */
  RelaisMemorySecrets   *secrets;
  SoupSession           *session;
  RelaisScriptedAccount *account;      /* (nullable) */
  RelaisPractice        *practice;     /* (nullable) */
  RelaisWorkspace       *workspace;    /* (nullable) */
  RelaisDelivery        *delivery;     /* (nullable) */
  RelaisExport          *export;       /* (nullable) */
  RelaisRunTimes         times;
  RelaisRunOptions       options;
  guint                  limit_requests;  /* of the connection; no limit unless told */
  guint                  limit_seconds;
  guint                  list_id;
  const char            *export_name;
  const char            *connection_name;

  /* Of the run under way, or of the last one */
  GCancellable          *cancellable;
  RelaisRun             *run;          /* (nullable) */
  RelaisRun             *live;         /* (nullable): as relais_delivery_run_async() returned it */
  GError                *error;        /* (nullable) */
  gboolean               ended;
  guint                  n_pauses;     /* for tests that count them */
  char                  *message;      /* (nullable): of the last preview */
  RelaisLeaversCounts    leavers;      /* of the last preview */
  gboolean               leavers_known;
} RelaisRunFixture;

/* What a test does in the middle of a run */
typedef void (* RelaisSurprise) (RelaisRunFixture *self);

void             relais_run_fixture_set_up        (RelaisRunFixture *self,
                                                   gconstpointer     user_data);
void             relais_run_fixture_set_up_practice (RelaisRunFixture *self,
                                                   gconstpointer     user_data);
void             relais_run_fixture_tear_down     (RelaisRunFixture *self,
                                                   gconstpointer     user_data);
void             relais_run_fixture_open          (RelaisRunFixture *self);
void             relais_run_fixture_close         (RelaisRunFixture *self);
void             relais_run_fixture_reopen        (RelaisRunFixture *self);
void             relais_run_fixture_write_people  (RelaisRunFixture *self,
                                                   guint             n);
void             relais_run_fixture_write         (RelaisRunFixture *self,
                                                   const char       *text);
void             relais_run_fixture_define        (RelaisRunFixture *self,
                                                   const char       *options);
void             relais_run_fixture_start         (RelaisRunFixture *self);
void             relais_run_fixture_wait          (RelaisRunFixture *self);
void             relais_run_fixture_wait_accepted (RelaisRunFixture *self,
                                                   guint             n_batches);
RelaisRunStatus  relais_run_fixture_run           (RelaisRunFixture *self);
RelaisRunStatus  relais_run_fixture_run_surprised (RelaisRunFixture *self,
                                                   RelaisPhase       phase,
                                                   RelaisSurprise    surprise);
void             relais_run_fixture_misbehave     (RelaisRunFixture *self,
                                                   const char       *fault,
                                                   const char       *value);
guint64          relais_run_fixture_count         (RelaisRunFixture *self,
                                                   RelaisRowState    state);
const char      *relais_run_fixture_get_told (RelaisRunFixture *self);
void             relais_run_fixture_assert_counts (RelaisRunFixture *self,
                                                   const char       *expected);
GPtrArray       *relais_run_fixture_rejections    (RelaisRunFixture *self);
GPtrArray       *relais_run_fixture_batches       (RelaisRunFixture *self,
                                                   const char       *run_id);
GPtrArray       *relais_run_fixture_history       (RelaisRunFixture *self);
gboolean         relais_run_fixture_preview       (RelaisRunFixture *self,
                                                   gboolean          offline,
                                                   RelaisRowCounts  *counts,
                                                   GPtrArray       **rejections,
                                                   GError          **error);

G_END_DECLS
