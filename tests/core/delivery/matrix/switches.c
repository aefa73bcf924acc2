/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "switches.h"

#include "relais-error.h"

#include <string.h>

#define ANY -1
#define IMPORTS "first middle last"

static const RelaisMatrixSwitch switches[] = {
  /* On the way */
  { "html-200", "*html-200", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "html-502", "*html-502", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "html-502 thrice", "*html-502", RELAIS_REACH_THRICE, RELAIS_END_WELL, ANY },
  { "html-502 for ever", "*html-502", RELAIS_REACH_LASTING, RELAIS_END_STOPPED, RELAIS_ERROR_UNAVAILABLE },
  { "wrong-json", "*wrong-json", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "cut-answer", "*cut-answer", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "reset-early", "*reset-early", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "reset-before", "*reset-before", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "reset-after", "*reset-after", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "unpaid", "*unpaid", RELAIS_REACH_LASTING, RELAIS_END_STOPPED, RELAIS_ERROR_UNPAID },
  { "throttle-429", "*throttle-429", RELAIS_REACH_ONCE, RELAIS_END_WELL, ANY },
  { "gzip", "*gzip", RELAIS_REACH_LASTING, RELAIS_END_WELL, ANY },
};

/*
 * relais_matrix_switch_at:
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): a switch; %NULL after the last
 */
const RelaisMatrixSwitch *
relais_matrix_switch_at (guint index)
{
  return index < G_N_ELEMENTS (switches) ? &switches[index] : NULL;
}

/*
 * relais_matrix_switch_find:
 *
 * Returns: (transfer none) (nullable): the switch of this name
 */
const RelaisMatrixSwitch *
relais_matrix_switch_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    if (strcmp (switches[i].name, name) == 0)
      return &switches[i];

  return NULL;
}

/*
 * relais_matrix_switch_suits:
 *
 * Returns: whether it can come at @moment
 */
gboolean
relais_matrix_switch_suits (const RelaisMatrixSwitch *self,
                            const RelaisMatrixMoment *moment)
{
  g_auto (GStrv) names = g_strsplit (self->moments != NULL ? self->moments : moment->name, " ", -1);

  return g_strv_contains ((const char * const *) names, moment->name);
}
