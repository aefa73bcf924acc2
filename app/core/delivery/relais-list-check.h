/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"

G_BEGIN_DECLS

gboolean relais_list_check_finish (RelaisClient  *client,
                                   GAsyncResult  *result,
                                   guint32        list_id,
                                   const char    *export_name,
                                   char         **list_name,
                                   GError       **error);

G_END_DECLS
