/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-format.h"

/**
 * relais_segment_format_new:
 *
 * Returns: (transfer full): a format in which everything is left to be found
 */
RelaisSegmentFormat *
relais_segment_format_new (void)
{
  return g_new0 (RelaisSegmentFormat, 1);
}

/**
 * relais_segment_format_copy:
 * @format: what to copy
 *
 * Returns: (transfer full):
 */
RelaisSegmentFormat *
relais_segment_format_copy (const RelaisSegmentFormat *format)
{
  RelaisSegmentFormat *copy = g_memdup2 (format, sizeof *format);

  copy->encoding = g_strdup (format->encoding);

  return copy;
}

/**
 * relais_segment_format_free:
 * @format: (transfer full) (nullable):
 */
void
relais_segment_format_free (RelaisSegmentFormat *format)
{
  if (format == NULL)
    return;

  g_free (format->encoding);
  g_free (format);
}
