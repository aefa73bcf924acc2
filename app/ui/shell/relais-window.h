/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-delivery.h"

G_BEGIN_DECLS

#define RELAIS_TYPE_WINDOW (relais_window_get_type ())
G_DECLARE_FINAL_TYPE (RelaisWindow, relais_window, RELAIS, WINDOW, AdwApplicationWindow)

RelaisWindow *relais_window_new          (GtkApplication  *application);
void          relais_window_set_delivery (RelaisWindow    *self,
                                          RelaisDelivery  *delivery);
void          relais_window_set_settings (RelaisWindow    *self,
                                          GSettings       *settings);
void          relais_window_show_failure (RelaisWindow    *self,
                                          const GError    *error);
void          relais_window_show_opening (RelaisWindow    *self);
void          relais_window_show_exports (RelaisWindow    *self);

G_END_DECLS
