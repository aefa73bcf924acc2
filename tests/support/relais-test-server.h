/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What goes wrong with an answer. */
typedef enum
{
  RELAIS_TEST_FAULT_NONE,
  RELAIS_TEST_FAULT_HANG_UP,    /* closed without a word, after the request was read */
  RELAIS_TEST_FAULT_CUT_HEAD,   /* closed in the middle of the headers */
  RELAIS_TEST_FAULT_CUT_BODY,   /* closed in the middle of the body */
  RELAIS_TEST_FAULT_RESET,      /* reset, after the request was read */
  RELAIS_TEST_FAULT_SILENCE,    /* no answer at all */
  RELAIS_TEST_FAULT_DRIP,       /* a byte of the body every 100 ms, without an end */
  RELAIS_TEST_FAULT_GARBAGE,    /* not HTTP */
  RELAIS_TEST_FAULT_ENDLESS,    /* a body without an end, as fast as it is taken */
} RelaisTestFault;

typedef struct
{
  const char *method;   /* (owned) */
  char       *target;   /* (owned): path and query */
  char       *token;    /* (owned) (nullable): of the Api-Token header */
  char       *cookie;   /* (owned) (nullable) */
  char       *agent;    /* (owned) (nullable) */
  char       *type;     /* (owned) (nullable): of the body */
  GBytes     *body;     /* (owned) */
  gint64      time;     /* monotonic */
} RelaisTestRequest;

/* Returns: (transfer full) (nullable): the JSON to answer with; NULL: 500 */
typedef char * (* RelaisTestHandler) (RelaisTestRequest *request,
                                      gpointer           user_data);

/**
 * RelaisTestServer:
 * @requests: (element-type RelaisTestRequest): what was asked, in order
 * @n_connections: connections on which something was asked
 * @address: host and port
 *
 * A server that answers what it was told to, in order, and what its handler says or
 * 500 after that. It runs on the test's own main context.
 */
typedef struct
{
  SoupServer *server;         /* (owned) */
  GPtrArray  *requests;       /* (owned) */
  GHashTable *connections;    /* (owned) */
  GQueue      answers;
  RelaisTestHandler handler;  /* (nullable) */
  gpointer    handler_data;
  guint       delay;          /* of every answer, in ms */
  gsize       n_endless;      /* bytes of endless bodies that were taken */
  gboolean    endless_ended;  /* by the one who asked */
  guint       n_open;         /* requests read and not answered yet */
  guint       max_open;
  GPtrArray  *stolen;         /* (owned): connections that are kept silent */
  guint       n_connections;
  char       *address;        /* (owned) */
} RelaisTestServer;

RelaisTestServer  *relais_test_server_new     (GTlsCertificate  *certificate);
void               relais_test_server_free    (RelaisTestServer *self);
void               relais_test_server_answer  (RelaisTestServer *self,
                                               guint             status,
                                               const char       *headers,
                                               const char       *body);
void               relais_test_server_answer_bytes (RelaisTestServer *self,
                                               guint             status,
                                               const char       *headers,
                                               GBytes           *body);
void               relais_test_server_fault   (RelaisTestServer *self,
                                               RelaisTestFault   fault);
void               relais_test_server_set_handler (RelaisTestServer *self,
                                               RelaisTestHandler handler,
                                               gpointer          user_data);
RelaisTestRequest *relais_test_server_get     (RelaisTestServer *self,
                                               guint             at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisTestServer, relais_test_server_free)

G_END_DECLS
