/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export.h"

G_BEGIN_DECLS

/* Whoever runs exports sends rows of one that a person has corrected. */
typedef void (* RelaisSendCorrected) (gpointer           owner,
                                      RelaisExport      *export,
                                      RelaisCorrections *corrections);

G_END_DECLS
