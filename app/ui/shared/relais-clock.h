/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RelaisClock:
 *
 * What time it is, as a property that moves on by itself: "3 minutes ago" is
 * bound to it, and does not stay when it has become four.
 */
#define RELAIS_TYPE_CLOCK (relais_clock_get_type ())
G_DECLARE_FINAL_TYPE (RelaisClock, relais_clock, RELAIS, CLOCK, GObject)

RelaisClock *relais_clock_new (void);

G_END_DECLS
