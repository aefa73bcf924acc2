/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-export-definition.h"

G_BEGIN_DECLS

guint64  relais_profile_limit_bound     (const RelaisSegment            *segment,
                                         GCancellable                   *cancellable);
gboolean relais_profile_limit_check     (const RelaisExportDefinition  *definition,
                                         GCancellable                  *cancellable,
                                         GError                       **error);
void     relais_profile_limit_set_error (guint64                        n_profiles,
                                         GError                       **error);

G_END_DECLS
