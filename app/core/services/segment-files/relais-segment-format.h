/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RELAIS_HEADER_AUTO,
  RELAIS_HEADER_YES,
  RELAIS_HEADER_NO,
} RelaisHeader;

/**
 * RelaisSegmentFormat:
 * @encoding: IANA name ("UTF-8", "windows-1252", "UTF-16LE" …), or %NULL to find it
 * @delimiter: ',', ';', '\t', '|' or another ASCII character; 0 to find it
 * @quote: '"', '\'' or another ASCII character; 0 to find it; '\xff' for none
 * @header: whether the first row names the columns
 *
 * How a segment file is written: what was asked for, or what was found.
 */
typedef struct
{
  char         *encoding;   /* (owned) (nullable) */
  char          delimiter;
  char          quote;
  RelaisHeader  header;
} RelaisSegmentFormat;

#define RELAIS_QUOTE_NONE '\xff'

RelaisSegmentFormat *relais_segment_format_new  (void);
RelaisSegmentFormat *relais_segment_format_copy (const RelaisSegmentFormat *format);
void                 relais_segment_format_free (RelaisSegmentFormat       *format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisSegmentFormat, relais_segment_format_free)

G_END_DECLS
