/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-connection.h"

G_BEGIN_DECLS

/* One connection in the list. Its menu acts on its page, with its id. */
#define RELAIS_TYPE_CONNECTION_ROW (relais_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (RelaisConnectionRow, relais_connection_row, RELAIS, CONNECTION_ROW, GtkListBoxRow)

GtkWidget        *relais_connection_row_new               (RelaisConnection    *connection);
RelaisConnection *relais_connection_row_get_connection    (RelaisConnectionRow *self);
void              relais_connection_row_set_keyring_error (RelaisConnectionRow *self,
                                                           int                  keyring_error);

G_END_DECLS
