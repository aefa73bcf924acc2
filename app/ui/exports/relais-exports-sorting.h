/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"

G_BEGIN_DECLS

/* In which order exports stand, and which of them are looked for. */
int      relais_exports_compare     (RelaisExport *a,
                                     RelaisExport *b,
                                     const char   *order);
gboolean relais_export_is_meant     (RelaisExport *export,
                                     const char   *words);

G_END_DECLS
