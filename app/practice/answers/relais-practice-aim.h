/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a request asks for, as far as faults tell requests apart */
typedef enum
{
  RELAIS_ASKED_ANY,         /* "any": whatever it is */
  RELAIS_ASKED_IMPORT,      /* "import": an import to be taken */
  RELAIS_ASKED_INFO,        /* "info": what became of one */
  RELAIS_ASKED_LISTS,       /* "lists" */
  RELAIS_ASKED_EXCLUSIONS,  /* "exclusions" */
  RELAIS_ASKED_FIELDS,      /* "fields" */
  RELAIS_ASKED_PAGES,       /* "pages": contacts of a list */
  RELAIS_ASKED_PEOPLE,      /* "people": one contact, by address or by number */
  RELAIS_ASKED_SYNC,        /* "sync": one contact to be written */
  RELAIS_ASKED_OTHER,       /* "other": all else */
  RELAIS_N_ASKED
} RelaisAsked;

/**
 * RelaisPlace:
 * @what: it asks for
 * @nth: of that kind, from 1; 0 for no request at all
 * @of_all: its number among all requests
 *
 * Where a request stands among those that came.
 */
typedef struct
{
  RelaisAsked what;
  guint       nth;
  guint       of_all;
} RelaisPlace;

/**
 * RelaisAim:
 * @what: which requests
 * @first: the first of them
 * @last: the last of them
 * @lasts: whether all that comes after the first is meant too, whatever it asks for
 * @since: number among all of the first one, 0 before it came
 *
 * The requests that a fault is for.
 */
typedef struct
{
  RelaisAsked what;
  guint       first;
  guint       last;
  gboolean    lasts;
  guint       since;
} RelaisAim;

RelaisAsked relais_asked_of   (const char        *method,
                               const char        *path,
                               GHashTable        *query);
const char *relais_asked_name (RelaisAsked        what);
void        relais_aim_at_all (RelaisAim         *aim);
gboolean    relais_aim_read   (RelaisAim         *aim,
                               const char        *text);
gboolean    relais_aim_meets  (RelaisAim         *aim,
                               const RelaisPlace *place);

G_END_DECLS
