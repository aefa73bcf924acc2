/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal-removals.h"
#include "relais-test-journal.h"

G_BEGIN_DECLS

/* The list of exports, and the key they are hashed with */
#define RELAIS_REMOVALS_LIST 12
#define RELAIS_REMOVALS_KEY  77

void            relais_removals_begin_at      (RelaisTestJournal    *fixture,
                                               const char           *run_id,
                                               const char           *export_id,
                                               const char           *connection_id,
                                               const char           *host,
                                               guint                 list_id,
                                               guint64               key_check,
                                               gboolean              takes_off);
void            relais_removals_begin         (RelaisTestJournal    *fixture,
                                               const char           *run_id,
                                               const char           *export_id,
                                               const char           *connection_id,
                                               guint                 list_id,
                                               guint64               key_check);
void            relais_removals_end           (RelaisTestJournal    *fixture,
                                               const char           *run_id);
void            relais_removals_add_export    (RelaisTestJournal    *fixture,
                                               const char           *id,
                                               const char           *connection_id);
void            relais_removals_confirm       (RelaisTestJournal    *fixture,
                                               const char           *run_id,
                                               guint                 number,
                                               guint32               first,
                                               guint                 n,
                                               guint32               content);
RelaisDeparted *relais_removals_read_again    (RelaisTestJournal    *fixture,
                                               const char           *run_id,
                                               const RelaisDeparted *before);
RelaisDeparted *relais_removals_read_departed (RelaisTestJournal    *fixture,
                                               const char           *run_id);
void            relais_removals_assert_held   (RelaisTestJournal    *fixture,
                                               const char           *run_id,
                                               guint64               n_delivered,
                                               guint32               first,
                                               guint                 n);
void            relais_removals_set_up        (RelaisTestJournal    *fixture,
                                               gconstpointer         user_data);

G_END_DECLS
