/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *relais_answer_parse      (GBytes     *body);
gboolean  relais_answer_is_page    (GBytes     *body);
char     *relais_answer_get_words  (JsonNode   *root);

JsonNode *relais_answer_get_member (JsonObject *object,
                                    const char *name);
gboolean  relais_answer_is_zero    (JsonNode   *node);

const char *relais_answer_get_string         (JsonNode *node);
/* A whole sentence, for the two ways in which a proxy shows itself. */
const char *relais_answer_get_proxy_sentence (void);

G_END_DECLS
