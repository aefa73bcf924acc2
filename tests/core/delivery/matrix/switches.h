/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "moments.h"

G_BEGIN_DECLS

/* With how many requests a fault comes */
typedef enum
{
  RELAIS_REACH_ONCE,     /* the one of the moment */
  RELAIS_REACH_THRICE,   /* that one and two more of its kind */
  RELAIS_REACH_LASTING,  /* that one and all that follow, whatever they ask for */
  RELAIS_REACH_ACCOUNT,  /* the account is so from the beginning */
} RelaisMatrixReach;

/* How a run ends that meets it */
typedef enum
{
  RELAIS_END_WELL,     /* everybody who can be has been delivered */
  RELAIS_END_STOPPED,  /* it stops, says why, and can go on */
  RELAIS_END_UNKNOWN,  /* it comes to its end, and of some nobody knows */
  RELAIS_END_EITHER,   /* one of these */
} RelaisMatrixEnd;

enum
{
  RELAIS_MATRIX_UNPACED = 1 << 0,      /* many requests more: the connection has a higher limit */
  RELAIS_MATRIX_CROWDED = 1 << 1,      /* others use the account: it has less room than the connection knows */
  RELAIS_MATRIX_LIES = 1 << 2,         /* it says that it has somebody whom it has not as sent: reading back tells */
  RELAIS_MATRIX_UNGUARDED = 1 << 3,    /* nobody says who has left the list */
  RELAIS_MATRIX_AUTOMATIONS = 1 << 4,  /* it starts automations though it was told not to */
  RELAIS_MATRIX_TWICE = 1 << 5,        /* it does everything twice, and nobody can know */
  RELAIS_MATRIX_LATE = 1 << 6,         /* it has everybody as sent, and shows them later */
  RELAIS_MATRIX_LEAVER = 1 << 7,       /* somebody leaves the list when the first import has come */
  RELAIS_MATRIX_TLS = 1 << 8,          /* from the moment on the account shows the certificate that the faults name */
  RELAIS_MATRIX_GONE = 1 << 9,         /* from the moment on nobody listens */
};

/**
 * RelaisMatrixSwitch:
 * @name: of its row
 * @faults: of the stand-in, with blanks between them; one that begins with a star comes at the moment, with as many
 *   requests as @reach says. With RELAIS_MATRIX_TLS what is wrong with a certificate
 * @reach: with how many requests it comes
 * @end: how a run ends that meets it
 * @code: the RelaisError that it says then, -1 = any
 * @flags: what else is different
 * @moments: (nullable): the only ones that it can come at; %NULL: all
 * @n_refused: rows besides that are refused for it
 *
 * What the account does wrong.
 */
typedef struct
{
  const char        *name;
  const char        *faults;
  RelaisMatrixReach  reach;
  RelaisMatrixEnd    end;
  int                code;
  guint              flags;
  const char        *moments;
  guint              n_refused;
} RelaisMatrixSwitch;

const RelaisMatrixSwitch *relais_matrix_switch_at    (guint                     index);
const RelaisMatrixSwitch *relais_matrix_switch_find  (const char               *name);
gboolean                  relais_matrix_switch_suits (const RelaisMatrixSwitch *self,
                                                      const RelaisMatrixMoment *moment);

G_END_DECLS
