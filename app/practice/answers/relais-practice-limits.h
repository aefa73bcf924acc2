/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum
{
  RELAIS_LIMIT_ORDINARY,
  RELAIS_LIMIT_IMPORTS,
  RELAIS_LIMIT_SINGLES,
  RELAIS_N_LIMITS
};

/**
 * RelaisLimits:
 * @unlimited: whether there are none
 * @most: requests in a window
 * @window: in microseconds
 * @times: (owned) (element-type gint64): when those were that count
 */
typedef struct
{
  gboolean  unlimited;
  guint     most[RELAIS_N_LIMITS];
  gint64    window[RELAIS_N_LIMITS];
  GArray   *times[RELAIS_N_LIMITS];
} RelaisLimits;

void     relais_limits_init  (RelaisLimits *limits);
void     relais_limits_clear (RelaisLimits *limits);
void     relais_limits_set   (RelaisLimits *limits,
                              guint         requests,
                              guint         seconds);
gboolean relais_limits_take  (RelaisLimits *limits,
                              guint         which);
guint    relais_limits_left  (RelaisLimits *limits,
                              guint         which);
guint    relais_limits_wait  (RelaisLimits *limits,
                              guint         which);

G_END_DECLS
