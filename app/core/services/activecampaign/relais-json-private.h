/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

guint64     relais_json_get_id     (JsonObject *object,
                                    const char *name);
gint64      relais_json_get_count  (JsonObject *object,
                                    const char *name);
int         relais_json_get_status (JsonObject *object,
                                    const char *name);
char       *relais_json_dup_value  (JsonObject *object,
                                    const char *name);
const char *relais_json_get_text   (JsonObject *object,
                                    const char *name);
JsonArray  *relais_json_get_array  (JsonObject *object,
                                    const char *name);
JsonObject *relais_json_get_object (JsonObject *object,
                                    const char *name);

G_END_DECLS
