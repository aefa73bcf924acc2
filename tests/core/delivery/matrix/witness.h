/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-server-private.h"

G_BEGIN_DECLS

/**
 * RelaisMatrixRequest:
 * @what: it asks for
 * @time: monotonic: when its headers had come
 * @n_contacts: of an import, once it has been read
 * @answered: whether an answer was given
 *
 * A request that reached the account.
 */
typedef struct
{
  RelaisAsked what;
  gint64      time;
  guint       n_contacts;
  gboolean    answered;
} RelaisMatrixRequest;

/**
 * RelaisMatrixPause:
 * @from: monotonic: when it was asked for
 * @until: when it is over
 * @imports: whether imports alone have to wait
 *
 * A pause that the account asked for.
 */
typedef struct
{
  gint64   from;
  gint64   until;
  gboolean imports;
} RelaisMatrixPause;

/* Called when the headers of a request have come, after all that the account does then. */
typedef void (* RelaisMatrixHook) (SoupServerMessage *message,
                                   RelaisAsked        what,
                                   guint              nth,
                                   gpointer           user_data);

/**
 * RelaisMatrixWitness:
 * @requests: (element-type RelaisMatrixRequest): in the order they came
 * @pauses: (element-type RelaisMatrixPause): in the order they were asked for
 * @leaked: what left that should not have: (nullable): the first body it was seen in
 * @elsewhere: what the other host was sent
 * @n_elsewhere: how many connections the other host had
 * @distrusts: whether the account shows a certificate that nobody should trust
 * @n_distrusted: requests on connections that were opened all the same
 * @hook: (nullable): called for each request
 * @longest_lag: by how much the process came too late at most, in microseconds: other programs had the processor
 *
 * Who sees all that reaches the account, and all that reaches another host, and keeps it apart from what the account
 * itself counts.
 */
typedef struct
{
  GPtrArray      *requests;
  GArray         *pauses;
  char           *leaked;
  GString        *elsewhere;
  guint           n_elsewhere;
  gboolean        distrusts;
  guint           n_distrusted;
  RelaisMatrixHook hook;
  gpointer        hook_data;
  guint           n_asked[RELAIS_N_ASKED];
  gint64          longest_lag;
  gint64          beat_due;
  guint           beat;
  GHashTable     *ports;       /* (owned): of the other ends of connections */
  char           *address;     /* (owned): of the other host */
  GSocketService *other_host;  /* (owned) */
  GPtrArray      *connections; /* (owned): of the other host */
} RelaisMatrixWitness;

RelaisMatrixWitness *relais_matrix_witness_new   (void);
void                 relais_matrix_witness_free  (RelaisMatrixWitness *self);
void                 relais_matrix_witness_watch (RelaisMatrixWitness *self,
                                                  SoupServer          *server);

G_END_DECLS
