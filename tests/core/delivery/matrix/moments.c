/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moments.h"

#include <string.h>

/* Five batches where imports are in question; else few people, so that each can be asked about. */
#define MANY 1005
#define FEW  12

static const RelaisMatrixMoment moments[] = {
  { "lists", RELAIS_ASKED_LISTS, 1, FEW, "off", FALSE },
  { "guard", RELAIS_ASKED_PAGES, 1, FEW, "off", FALSE },
  { "first", RELAIS_ASKED_IMPORT, 1, MANY, "off", FALSE },
  { "middle", RELAIS_ASKED_IMPORT, 3, MANY, "off", FALSE },
  { "last", RELAIS_ASKED_IMPORT, 5, MANY, "off", FALSE },
  { "polling", RELAIS_ASKED_INFO, 2, MANY, "off", FALSE },
  { "why", RELAIS_ASKED_SYNC, 1, FEW, "off", TRUE },
  { "checking", RELAIS_ASKED_PEOPLE, 2, FEW, "sample", TRUE },
};

/*
 * relais_matrix_moment_at:
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): a moment; %NULL after the last
 */
const RelaisMatrixMoment *
relais_matrix_moment_at (guint index)
{
  return index < G_N_ELEMENTS (moments) ? &moments[index] : NULL;
}

/*
 * relais_matrix_moment_find:
 *
 * Returns: (transfer none) (nullable): the moment of this name
 */
const RelaisMatrixMoment *
relais_matrix_moment_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    if (strcmp (moments[i].name, name) == 0)
      return &moments[i];

  return NULL;
}
