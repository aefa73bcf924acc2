/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _RelaisStore RelaisStore;

RelaisStore  *relais_store_open    (const char   *path,
                                    GError      **error);
void          relais_store_close   (RelaisStore  *store);
sqlite3_stmt *relais_store_query   (RelaisStore  *store,
                                    const char   *sql,
                                    const char   *types,
                                    ...);
gint64        relais_store_execute (RelaisStore  *store,
                                    const char   *sql,
                                    const char   *types,
                                    ...);
gint64        relais_store_number  (RelaisStore  *store,
                                    const char   *sql,
                                    const char   *types,
                                    ...);
int           relais_store_changes (RelaisStore  *store);
const char   *relais_store_text    (sqlite3_stmt *row,
                                    int           column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisStore, relais_store_close)

G_END_DECLS
