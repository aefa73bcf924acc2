/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-connection.h"

G_BEGIN_DECLS

/* By what the connections can be sorted. Nicknames are targets of the page's action. */
typedef enum
{
  RELAIS_CONNECTIONS_BY_NAME,
  RELAIS_CONNECTIONS_BY_STATE,     /* what needs a person comes first */
  RELAIS_CONNECTIONS_BY_CHECKED,   /* the last one first */
  RELAIS_CONNECTIONS_BY_EXPORTS,   /* the most first */
} RelaisConnectionsOrder;

#define RELAIS_TYPE_CONNECTIONS_ORDER (relais_connections_order_get_type ())
GType    relais_connections_order_get_type (void);

gboolean relais_connection_matches (RelaisConnection       *connection,
                                    const char             *search);
int      relais_connection_compare (RelaisConnection       *connection,
                                    RelaisConnection       *other,
                                    RelaisConnectionsOrder  order);

G_END_DECLS
