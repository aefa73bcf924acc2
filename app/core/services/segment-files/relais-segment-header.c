/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the first row names the columns, and what they are called. */

#include "relais-segment-header.h"

#include <string.h>

/* From here on digits are a telephone, a date or a number of a customer. */
#define MANY_DIGITS 6

typedef enum
{
  CELL_NAME,   /* may name a column, or be a value */
  CELL_SHORT,  /* a short number, rather a value */
  CELL_VALUE,  /* an address, a telephone, a date: names no column */
} Cell;

static Cell
judge_cell (RelaisText cell)
{
  const char *end = cell.data + cell.length;
  const char *at = memchr (cell.data, '@', cell.length);
  guint n_digits = 0, n_letters = 0;

  if (at != NULL && memchr (at, '.', end - at) != NULL)
    return CELL_VALUE;
  for (const char *c = cell.data; c < end; c++)
    {
      n_digits += g_ascii_isdigit (*c);
      n_letters += g_ascii_isalpha (*c) || (guchar) *c >= 0x80;
    }
  if (n_digits >= MANY_DIGITS && n_letters == 0)
    return CELL_VALUE;

  /* Q1, Q2, Q3 are what questionnaires call their columns. */
  if (n_letters == 1 && g_ascii_isalpha (*cell.data))
    return CELL_NAME;

  return n_digits > 0 && n_letters <= 1 ? CELL_SHORT : CELL_NAME;
}

/**
 * relais_segment_looks_like_header:
 * @cells: (array length=n_cells): the first row
 * @n_cells: how many
 *
 * A header that is taken for a contact is rejected with a reason, and columns
 * are not found; a contact that is taken for a header is lost. So what could
 * be a contact is one.
 *
 * Returns: whether it names columns: nothing in it is an address, a date or a
 *   telephone, and hardly anything a number
 */
gboolean
relais_segment_looks_like_header (const RelaisText *cells,
                                  guint             n_cells)
{
  guint n_short = 0, n_filled = 0;

  for (guint i = 0; i < n_cells; i++)
    {
      RelaisText cell = relais_text_trim (cells[i]);
      Cell kind = judge_cell (cell);

      if (kind == CELL_VALUE)
        return FALSE;
      n_filled += cell.length > 0;
      n_short += kind == CELL_SHORT;
    }

  return n_short * 3 <= n_filled;
}

static char *
name_column (GHashTable *taken,
             RelaisText  cell,
             guint       number)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *first = NULL;

  relais_text_clean (cell, name);
  if (name->len == 0)
    g_string_printf (name, "%u", number);

  /* How often a name was there already is remembered, so that a row of ten
   * thousand equal cells is no quarter of a minute's work. */
  first = g_strdup (name->str);
  for (guint n = GPOINTER_TO_UINT (g_hash_table_lookup (taken, first)); g_hash_table_contains (taken, name->str); )
    {
      g_string_printf (name, "%s (%u)", first, ++n);
      g_hash_table_insert (taken, g_strdup (first), GUINT_TO_POINTER (n));
    }
  g_hash_table_insert (taken, g_strdup (name->str), GUINT_TO_POINTER (1));

  return g_string_free (g_steal_pointer (&name), FALSE);
}

/**
 * relais_segment_name_columns:
 * @cells: (array length=n_cells): the first row
 * @n_cells: how many
 * @header: whether it names the columns
 *
 * Returns: (transfer full) (array zero-terminated=1): a name for each, all different; columns
 *   without one are called by their number from 1
 */
char **
relais_segment_name_columns (const RelaisText *cells,
                             guint             n_cells,
                             gboolean          header)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char **names = g_new0 (char *, n_cells + 1);

  for (guint i = 0; i < n_cells; i++)
    names[i] = name_column (taken, header ? cells[i] : (RelaisText) { "", 0 }, i + 1);

  return names;
}
