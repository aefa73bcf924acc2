/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RelaisColumn:
 *
 * A column of a segment as a drop-down offers it: its name, and a value out of it.
 */
#define RELAIS_TYPE_COLUMN (relais_column_get_type ())
G_DECLARE_FINAL_TYPE (RelaisColumn, relais_column, RELAIS, COLUMN, GObject)

RelaisColumn *relais_column_new        (const char   *name,
                                        const char   *sample);
const char   *relais_column_get_name   (RelaisColumn *self);
const char   *relais_column_get_sample (RelaisColumn *self);

G_END_DECLS
