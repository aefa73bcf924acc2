/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelaisGunzip:
 *
 * Unpacks gzip to its end: all the members of a file, not the first alone.
 */
#define RELAIS_TYPE_GUNZIP (relais_gunzip_get_type ())
G_DECLARE_FINAL_TYPE (RelaisGunzip, relais_gunzip, RELAIS, GUNZIP, GObject)

GConverter *relais_gunzip_new (void);

G_END_DECLS
