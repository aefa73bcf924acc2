/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-store.h"

G_BEGIN_DECLS

void  relais_content_fill       (RelaisStore *store);
void  relais_content_add_lists  (RelaisStore *store,
                                 guint        n_lists);
void  relais_content_add_person (RelaisStore *store,
                                 const char  *email,
                                 gint64       list,
                                 int          status);
char *relais_content_account_id (RelaisStore *store);
char *relais_content_key        (RelaisStore *store,
                                 const char  *key);

G_END_DECLS
