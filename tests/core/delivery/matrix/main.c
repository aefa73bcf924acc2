/* SPDX-License-Identifier: GPL-3.0-or-later */

/* matrix-cell: one cell of the fault matrix.
 *
 *   matrix-cell                  lists the cells, a line each: switch, moment, whether the one can come at the other;
 *                                and the faults of the stand-in that no switch has
 *   matrix-cell SWITCH MOMENT    tries one, and prints what is wrong, a line each; ends with 1 when anything is */

#include "cell.h"

#include <stdio.h>

static void
list_cells (void)
{
  const RelaisMatrixSwitch *fault;
  const RelaisMatrixMoment *moment;

  for (guint i = 0; (fault = relais_matrix_switch_at (i)) != NULL; i++)
    for (guint j = 0; (moment = relais_matrix_moment_at (j)) != NULL; j++)
      printf ("%s\t%s\t%s\n", fault->name, moment->name, relais_matrix_switch_suits (fault, moment) ? "suits" : "does not");
}

static gboolean
is_in_a_switch (const char *name)
{
  const RelaisMatrixSwitch *fault;

  for (guint i = 0; (fault = relais_matrix_switch_at (i)) != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit_set (fault->faults, "* =/", -1);

      if (g_strv_contains ((const char * const *) words, name))
        return TRUE;
    }

  return FALSE;
}

static void
list_left_out (void)
{
  const char *name, *value, *description;

  for (guint i = 0; (name = relais_practice_describe_fault (i, &value, &description)) != NULL; i++)
    if (!is_in_a_switch (name))
      printf ("%s\tin no switch\n", name);
}

int
main (int    argc,
      char **argv)
{
  const RelaisMatrixSwitch *fault = argc == 3 ? relais_matrix_switch_find (argv[1]) : NULL;
  const RelaisMatrixMoment *moment = argc == 3 ? relais_matrix_moment_find (argv[2]) : NULL;
  g_autoptr (GPtrArray) complaints = NULL;

  if (argc == 1)
    {
      list_cells ();
      list_left_out ();
      return 0;
    }
  if (fault == NULL || moment == NULL)
    {
      fprintf (stderr, "usage: %s [SWITCH MOMENT]\n", argv[0]);
      return 2;
    }
  complaints = relais_matrix_cell_try (fault, moment);
  for (guint i = 0; i < complaints->len; i++)
    printf ("%s\n", (const char *) g_ptr_array_index (complaints, i));

  return complaints->len > 0;
}
