/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-field-value.h"

G_BEGIN_DECLS

/**
 * RelaisMoment:
 * @has_offset: whether @offset_minutes was written; else the time is a local one
 *
 * A date, and the time written after it (midnight when none is).
 */
typedef struct
{
  guint    year;
  guint    month;
  guint    day;
  guint    hour;
  guint    minute;
  guint    second;
  gboolean has_offset;
  int      offset_minutes;
} RelaisMoment;

RelaisReason relais_moment_read             (const char         *text,
                                             RelaisDateOrder     order,
                                             RelaisMoment       *moment);
int          relais_moment_get_local_offset (const RelaisMoment *moment);

G_END_DECLS
