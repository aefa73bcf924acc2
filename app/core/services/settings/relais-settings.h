/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The settings' keys; data/ describes each of them. */
#define RELAIS_SETTING_ROLE              "role"
#define RELAIS_SETTING_WIDTH             "window-width"
#define RELAIS_SETTING_HEIGHT            "window-height"
#define RELAIS_SETTING_MAXIMIZED         "window-maximized"
#define RELAIS_SETTING_PAGE              "page"
#define RELAIS_SETTING_EXPORTS_ORDER     "exports-order"
#define RELAIS_SETTING_CONNECTIONS_ORDER "connections-order"

GSettings *relais_settings_new (void);

G_END_DECLS
