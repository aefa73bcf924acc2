/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "relais-pace.h"

G_BEGIN_DECLS

/**
 * RelaisAnswer:
 * @status: HTTP status
 * @root: (nullable): the JSON object of the body when the answer is a success
 * @hint: what it says about the pace
 * @error: (nullable): in #RELAIS_ERROR, when it is no success
 *
 * What an answer of the service means. Every answer passes through
 * relais_answer_judge(); nothing else in the program reads a status.
 */
typedef struct
{
  guint           status;
  JsonNode       *root;
  RelaisPaceHint  hint;
  GError         *error;
} RelaisAnswer;

RelaisAnswer *relais_answer_judge     (guint               status,
                                       SoupMessageHeaders *headers,
                                       GBytes             *body,
                                       RelaisRequestKind   kind);
RelaisAnswer *relais_answer_transport (const GError       *transport,
                                       GTlsCertificateFlags tls_errors,
                                       gboolean             was_sent);
char         *relais_answer_get_batch_id (JsonNode           *root);
void          relais_answer_free      (RelaisAnswer       *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisAnswer, relais_answer_free)

G_END_DECLS
