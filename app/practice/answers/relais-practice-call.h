/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "relais-practice-account.h"
#include "relais-practice-json.h"

G_BEGIN_DECLS

/**
 * RelaisCall:
 *
 * One request and its answer. Who answers appends to @answer; nothing else is needed for 200.
 */
typedef struct
{
  RelaisPracticeAccount *account;
  SoupServerMessage     *message;
  const char            *method;
  char                 **parts;       /* (owned): the path below /api/3, split at slashes */
  GHashTable            *query;       /* (nullable): the last value of each name */
  RelaisTree            *body;        /* (owned) (nullable) */
  const RelaisNode      *root;        /* (nullable): of the body */
  guint                  status;
  GString               *answer;      /* (owned) */
  const char            *type;        /* of the answer, %NULL for none */
  gboolean               is_private;  /* cached by nobody but the client */
} RelaisCall;

/**
 * RelaisRoute:
 * @method: HTTP method
 * @pattern: a path below /api/3; a star stands for any one part
 * @answer: who answers it
 */
typedef struct
{
  const char *method;
  const char *pattern;
  void     (* answer) (RelaisCall *call);
} RelaisRoute;

/* What was asked */
gboolean    relais_call_route     (RelaisCall        *call,
                                   const RelaisRoute *routes,
                                   guint              n_routes);
gboolean    relais_call_is        (RelaisCall        *call,
                                   const char        *method,
                                   const char        *pattern);
const char *relais_call_query     (RelaisCall        *call,
                                   const char        *name);
gint64      relais_call_number    (RelaisCall        *call,
                                   const char        *name,
                                   gint64             missing);
GPtrArray  *relais_call_values    (RelaisCall        *call,
                                   const char        *name);
gint64      relais_call_path_id   (RelaisCall        *call,
                                   guint              part);
void        relais_call_page      (RelaisCall        *call,
                                   gint64            *limit,
                                   gint64            *offset);
const char *relais_call_filter    (RelaisCall        *call,
                                   const char        *bare,
                                   const char        *operators,
                                   const char        *column,
                                   const char       **operand);
const char *relais_call_order     (RelaisCall        *call,
                                   const char        *name,
                                   const char        *column);

/* What is answered */
void        relais_call_total     (RelaisCall        *call,
                                   gint64             total);
void        relais_call_meta      (RelaisCall        *call,
                                   gint64             total);
void        relais_call_id        (RelaisCall        *call,
                                   const char        *name,
                                   guint64            id);
void        relais_call_id_value  (RelaisCall        *call,
                                   guint64            id);
void        relais_call_echo      (RelaisCall        *call,
                                   const char        *name,
                                   const RelaisNode  *posted);
void        relais_call_date      (RelaisCall        *call,
                                   const char        *name,
                                   gint64             seconds);
void        relais_call_timestamp (RelaisCall        *call,
                                   const char        *name,
                                   gint64             seconds);
char       *relais_call_write_http_date (RelaisCall   *call,
                                   gint64             seconds);
void        relais_call_links     (RelaisCall        *call,
                                   const char        *resource,
                                   gint64             id,
                                   const char *const *names);

/* Rows of the store, each written by the same hand */
typedef void (* RelaisRowWriter)  (RelaisCall        *call,
                                   sqlite3_stmt      *row);

void        relais_call_rows      (RelaisCall        *call,
                                   const char        *name,
                                   sqlite3_stmt      *row,
                                   RelaisRowWriter    write);
gboolean    relais_call_row       (RelaisCall        *call,
                                   const char        *name,
                                   sqlite3_stmt      *row,
                                   RelaisRowWriter    write);

/* Refusals */
void        relais_call_missing   (RelaisCall        *call,
                                   const char        *what,
                                   const char        *id);
void        relais_call_not_found (RelaisCall        *call,
                                   const char        *detail);
void        relais_call_invalid   (RelaisCall        *call,
                                   const char        *title,
                                   const char        *code,
                                   const char        *pointer);
void        relais_call_lacks     (RelaisCall        *call,
                                   const char        *attribute);
void        relais_call_forbid    (RelaisCall        *call);
void        relais_call_throttle  (RelaisCall        *call,
                                   guint              status,
                                   guint              seconds);
gboolean    relais_call_malformed (RelaisCall        *call);

/* Each answers what is its own, and says whether it was. */
gboolean    relais_practice_answer_users         (RelaisCall *call);
gboolean    relais_practice_answer_lists         (RelaisCall *call);
gboolean    relais_practice_answer_exclusions    (RelaisCall *call);
gboolean    relais_practice_answer_fields        (RelaisCall *call);
gboolean    relais_practice_answer_field_options (RelaisCall *call);
gboolean    relais_practice_answer_field_values  (RelaisCall *call);
gboolean    relais_practice_answer_tags          (RelaisCall *call);
gboolean    relais_practice_answer_contacts      (RelaisCall *call);
gboolean    relais_practice_answer_pages         (RelaisCall *call);
gboolean    relais_practice_answer_memberships   (RelaisCall *call);
gboolean    relais_practice_answer_imports       (RelaisCall *call);

G_END_DECLS
