/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-row-ranges.h"

/**
 * relais_row_ranges_append:
 * @ranges: what the rows are added to
 * @first: a row beyond all that are there
 * @last: the last row of the range
 */
void
relais_row_ranges_append (GString *ranges,
                          guint64  first,
                          guint64  last)
{
  if (ranges->len > 0)
    g_string_append_c (ranges, ' ');
  g_string_append_printf (ranges, "%" G_GUINT64_FORMAT, first);
  if (last > first)
    g_string_append_printf (ranges, "-%" G_GUINT64_FORMAT, last);
}

static gboolean
read_row (const char **at,
          guint64     *row)
{
  char *end;

  if (!g_ascii_isdigit (**at))
    return FALSE;
  *row = g_ascii_strtoull (*at, &end, 10);
  *at = end;

  return TRUE;
}

/**
 * relais_row_ranges_next:
 * @at: (inout): where the next range stands; moves behind it
 * @first: (out): its first row
 * @last: (out): its last row
 *
 * Returns: whether there is one; not where the text is no range
 */
gboolean
relais_row_ranges_next (const char **at,
                        guint64     *first,
                        guint64     *last)
{
  if (**at == ' ')
    (*at)++;
  if (!read_row (at, first))
    return FALSE;
  *last = *first;
  if (**at != '-')
    return TRUE;
  (*at)++;

  return read_row (at, last) && *last >= *first;
}
