/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-delivery.h"

G_BEGIN_DECLS

#define RELAIS_TYPE_EXPORTS_PAGE (relais_exports_page_get_type ())
G_DECLARE_FINAL_TYPE (RelaisExportsPage, relais_exports_page, RELAIS, EXPORTS_PAGE, AdwBin)

void     relais_exports_page_set_delivery   (RelaisExportsPage *self,
                                             RelaisDelivery    *delivery);
void     relais_exports_page_set_settings   (RelaisExportsPage *self,
                                             GSettings         *settings);
gboolean relais_exports_page_add_with_files (RelaisExportsPage *self,
                                             GSList            *files);
void     relais_exports_page_search         (RelaisExportsPage *self);

G_END_DECLS
