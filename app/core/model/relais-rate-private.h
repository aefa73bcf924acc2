/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisRate:
 *
 * How fast something goes on, over the last minute. It knows no clock: whoever
 * tells it how far things are says when that was.
 */
typedef struct _RelaisRate RelaisRate;

RelaisRate *relais_rate_new   (void);
void        relais_rate_free  (RelaisRate       *self);
void        relais_rate_reset (RelaisRate       *self);
void        relais_rate_add   (RelaisRate       *self,
                               gint64            now,
                               guint64           done);
double      relais_rate_get   (const RelaisRate *self);
gint64      relais_rate_get_remaining (const RelaisRate *self,
                               gint64            now,
                               guint64           total);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisRate, relais_rate_free)

G_END_DECLS
