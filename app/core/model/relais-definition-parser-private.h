/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean relais_definition_parse (JsonParser  *parser,
                                  const char  *json,
                                  gsize        length,
                                  GError     **error);

G_END_DECLS
